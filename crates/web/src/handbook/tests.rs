//! The handbook is true: what it shows is there, where it leads is there, and what it calls by name stands
//! on a page by that name.

use super::chapter::{chapters, picture_named};
use super::guide_of;
use crate::page::PLACES;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// All text of files with these endings under a folder.
fn texts_under(folder: &Path, endings: &[&str], out: &mut String) {
    let entries = fs::read_dir(folder).expect("the folder is there");
    for entry in entries.map(|entry| entry.expect("it is listed").path()) {
        if entry.is_dir() {
            texts_under(&entry, endings, out);
        } else if entry.extension().and_then(|kind| kind.to_str()).is_some_and(|kind| endings.contains(&kind))
        {
            out.push_str(&fs::read_to_string(&entry).expect("it is text"));
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("handbook")
}

/// Each chapter's file with its text.
fn written() -> Vec<(String, String)> {
    let entries = fs::read_dir(folder()).expect("the folder is there");
    let files = entries.map(|entry| entry.expect("it is listed").path()).filter(|path| path.is_file());
    files.map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("it is text"))).collect()
}

#[test]
fn every_chapter_is_read_and_every_file_is_a_chapter() {
    assert_eq!(chapters().len(), written().len(), "each file begins with `# ` and a title");
    for chapter in chapters() {
        for place in &chapter.places {
            assert!(PLACES.iter().any(|(href, ..)| href == place), "{}: `{place}`", chapter.slug);
        }
        assert!(!chapter.html.contains("<!--"), "{}", chapter.slug);
    }
}

#[test]
fn pictures_and_chapters_that_are_named_are_there() {
    let mut shown = BTreeSet::new();
    for (file, text) in &written() {
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Image { dest_url, .. }) => {
                    let name = dest_url.strip_prefix("anh/").expect("pictures lie in `anh`").to_owned();
                    assert!(picture_named(&name).is_some(), "{file} shows `{name}`");
                    shown.insert(name);
                }
                Event::Start(Tag::Link { dest_url, .. }) => {
                    let is_there = chapters().iter().any(|other| other.href == *dest_url);
                    assert!(is_there, "{file} leads to `{dest_url}`");
                }
                _ => {}
            }
        }
    }
    let names = fs::read_dir(folder().join("anh"))
        .expect("the folder is there")
        .map(|entry| entry.expect("listed").file_name());
    let kept: BTreeSet<String> = names.map(|name| name.into_string().expect("a plain name")).collect();
    assert_eq!(kept, shown, "every picture is shown somewhere");
}

#[test]
fn what_stands_in_bold_is_a_name_on_a_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = String::new();
    texts_under(&root.join("templates"), &["html"], &mut pages);
    texts_under(&root.join("src"), &["rs"], &mut pages);
    texts_under(&root.join("../rules/src/words"), &["rs"], &mut pages);
    let mut unknown = Vec::new();
    for (file, text) in &written() {
        let mut is_bold = false;
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Strong) => is_bold = true,
                Event::End(TagEnd::Strong) => is_bold = false,
                Event::Text(text) if is_bold => {
                    let name = text.trim_end_matches([':', '.']);
                    if !pages.contains(name) {
                        unknown.push(format!("{file}: {name}"));
                    }
                }
                _ => {}
            }
        }
    }
    assert_eq!(unknown, [] as [String; 0]);
}

#[test]
fn a_place_leads_to_the_first_chapter_about_it() {
    assert_eq!(guide_of("/quay"), "/huong-dan/tiep-nhan");
    assert_eq!(guide_of("/bao-dong"), "/huong-dan/bo-sung");
    assert_eq!(guide_of("/nowhere"), "/huong-dan");
}
