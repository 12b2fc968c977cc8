//! What a form sees while it is typeset: its own text, our library, its data, its QR code, and
//! four faces of Liberation Serif. Everything is in memory; there is no disk and no network here.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// The templates' interface, the same for every form.
const INTERFACE: &str = include_str!("motcua.typ");

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

// One family only: metrically Times New Roman, as the decree asks, and free to embed.
// law: ND30-2020/PL1
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let faces: [&'static [u8]; 4] = [
        include_bytes!("../../../../assets/fonts/LiberationSerif-Regular.ttf"),
        include_bytes!("../../../../assets/fonts/LiberationSerif-Bold.ttf"),
        include_bytes!("../../../../assets/fonts/LiberationSerif-Italic.ttf"),
        include_bytes!("../../../../assets/fonts/LiberationSerif-BoldItalic.ttf"),
    ];
    faces.into_iter().flat_map(|face| Font::iter(Bytes::new(face))).collect()
});

static BOOK: LazyLock<LazyHash<FontBook>> =
    LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

/// Whether every face has a letter.
pub(crate) fn has_letter(letter: char) -> bool {
    FONTS.iter().all(|font| font.info().coverage.contains(u32::from(letter)))
}

/// One form with one set of data, ready to be typeset.
pub(crate) struct Desk {
    form: Source,
    interface: Source,
    files: [(FileId, Bytes); 3],
    today: Datetime,
}

impl Desk {
    /// `about` and `data` are JSON texts, `qr` an SVG drawing, `today` the local day.
    pub(crate) fn new(form: String, about: String, data: String, qr: String, today: Datetime) -> Self {
        Self {
            form: Source::new(id("/form.typ"), form),
            interface: Source::new(id("/motcua.typ"), INTERFACE.to_owned()),
            files: [
                (id("/form.json"), Bytes::from_string(about)),
                (id("/data.json"), Bytes::from_string(data)),
                (id("/qr.svg"), Bytes::from_string(qr)),
            ],
            today,
        }
    }
}

/// The interned id of a virtual path; only the fixed names above are ever asked for here.
fn id(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("a constant absolute path without `..`");
    FileId::new(RootedPath::new(VirtualRoot::Project, path))
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.form.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.form, &self.interface]
            .into_iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files
            .iter()
            .find(|(known, _)| *known == id)
            .map(|(_, bytes)| bytes.clone())
            .ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        Some(self.today)
    }
}
