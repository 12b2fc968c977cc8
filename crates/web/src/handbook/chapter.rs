//! The chapters, written in Markdown beside this crate and carried in the binary with their pictures,
//! which the browser tests take (`e2e/huong-dan.test.mjs`).

use include_dir::{Dir, File, include_dir};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};
use std::sync::LazyLock;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/handbook");

/// What stands in a chapter's file before the places it is about.
const PLACES_ARE: &str = "<!-- places: ";

/// One chapter, ready to be shown.
#[derive(Debug)]
pub(crate) struct Chapter {
    pub(crate) slug: &'static str,
    pub(crate) href: String,
    pub(crate) title: &'static str,
    /// The places of the navigation it is about; none where it is for everybody.
    pub(crate) places: Vec<String>,
    pub(crate) html: String,
}

/// All chapters in their order.
pub(super) fn chapters() -> &'static [Chapter] {
    static CHAPTERS: LazyLock<Vec<Chapter>> = LazyLock::new(|| {
        let mut files: Vec<&File<'_>> =
            FILES.files().filter(|file| file.path().extension().is_some_and(|kind| kind == "md")).collect();
        files.sort_by_key(|file| file.path());
        files.into_iter().filter_map(chapter).collect()
    });
    &CHAPTERS
}

/// The address of what the handbook says of a place: the first chapter about it, or its contents.
pub(crate) fn guide_of(place: &str) -> &'static str {
    let about = chapters().iter().find(|chapter| chapter.places.iter().any(|own| own == place));
    about.map_or("/huong-dan", |chapter| &chapter.href)
}

pub(super) fn picture_named(name: &str) -> Option<&'static [u8]> {
    FILES.get_file(format!("anh/{name}")).map(File::contents)
}

/// A chapter of `02-tiep-nhan.md`. What does not begin with a title is none; a test reads all files.
fn chapter(file: &'static File<'static>) -> Option<Chapter> {
    let (_, slug) = file.path().file_stem()?.to_str()?.split_once('-')?;
    let (title, text) = file.contents_utf8()?.strip_prefix("# ")?.split_once('\n')?;
    let (places, text) = match text.strip_prefix(PLACES_ARE) {
        Some(rest) => rest.split_once(" -->")?,
        None => ("", text),
    };
    Some(Chapter {
        slug,
        href: format!("/huong-dan/{slug}"),
        title,
        places: places.split_whitespace().map(ToOwned::to_owned).collect(),
        html: rendered(text),
    })
}

fn rendered(text: &str) -> String {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).map(|event| match event {
        Event::Code(code) if is_key(&code) => Event::InlineHtml(CowStr::from(format!("<kbd>{code}</kbd>"))),
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let dest_url = CowStr::from(format!("/huong-dan/{dest_url}"));
            Event::Start(Tag::Image { link_type, dest_url, title, id })
        }
        event => event,
    });
    let mut page = String::new();
    html::push_html(&mut page, events);
    page.replace("<img ", "<img loading=\"lazy\" class=\"anh-trang\" ")
        .replace("<table>", "<div class=\"table-wrap\"><table class=\"table\">")
        .replace("</table>", "</table></div>")
}

/// Names of keys are shown as keys; anything else between backticks is something that is typed.
fn is_key(code: &str) -> bool {
    let names = ["Ctrl", "Alt", "Enter", "Esc", "Dấu cách", "R", "J", "K"];
    names.iter().any(|name| code == *name || code.starts_with(&format!("{name} ")))
        || code.strip_prefix('F').is_some_and(|number| number.parse::<u8>().is_ok())
}
