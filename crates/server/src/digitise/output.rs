//! Names and places of what comes out: `<stem>.pdf` with `<stem>.json` beside it, never over a file
//! that is there.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

/// Tries before giving up on finding a free name.
const MOST_NAMES: u32 = 10_000;

/// A pair of names that nobody else has.
#[derive(Debug)]
pub(crate) struct Reserved {
    pub(crate) pdf: PathBuf,
    pub(crate) report: PathBuf,
}

/// The part of a file's name that its output keeps, in NFC; a name that has none becomes `giay-to`.
pub(crate) fn stem(input: &Path) -> String {
    let stem = input.file_stem().map(OsStr::to_string_lossy).unwrap_or_default();
    let stem: String = stem.nfc().filter(|c| !c.is_control() && !matches!(c, '/' | '\\')).collect();
    let stem = stem.trim().trim_start_matches('.');
    if stem.is_empty() { "giay-to".to_owned() } else { stem.to_owned() }
}

/// Takes the first of `stem`, `stem-2`, `stem-3` … of which neither file is there. Empty files hold the
/// names until [`Reserved::fill`].
pub(crate) fn reserve(folder: &Path, stem: &str) -> io::Result<Reserved> {
    for n in 1..=MOST_NAMES {
        let name = if n == 1 { stem.to_owned() } else { format!("{stem}-{n}") };
        let reserved =
            Reserved { pdf: folder.join(format!("{name}.pdf")), report: folder.join(format!("{name}.json")) };
        match File::create_new(&reserved.pdf) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(error),
        }
        match File::create_new(&reserved.report) {
            Ok(_) => return Ok(reserved),
            Err(error) => {
                fs::remove_file(&reserved.pdf)?;
                if error.kind() != io::ErrorKind::AlreadyExists {
                    return Err(error);
                }
            }
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "too many files of this name"))
}

impl Reserved {
    /// Puts both files in their places, each whole or not at all.
    pub(crate) fn fill(&self, pdf: &[u8], report: &[u8]) -> io::Result<()> {
        let filled = put(&self.pdf, pdf).and_then(|()| put(&self.report, report));
        if filled.is_err() {
            self.give_back();
        }
        filled
    }

    fn give_back(&self) {
        for path in [&self.pdf, &self.report] {
            drop(fs::remove_file(path));
        }
    }
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".part");
    let draft = PathBuf::from(draft);
    let written = File::create(&draft).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let placed = written.and_then(|()| fs::rename(&draft, path));
    if placed.is_err() {
        drop(fs::remove_file(&draft));
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::{reserve, stem};
    use std::path::Path;

    #[test]
    fn a_name_comes_from_the_stem_alone() {
        assert_eq!(stem(Path::new("/quét/giấy khai sinh.v2.JPG")), "giấy khai sinh.v2");
        assert_eq!(stem(Path::new("gia\u{302}\u{301}y.pdf")), "giấy", "names are NFC");
        assert_eq!(stem(Path::new("..hidden.png")), "hidden");
        assert_eq!(stem(Path::new("..")), "giay-to");
        assert_eq!(stem(Path::new("a\u{7}b\n.png")), "ab");
    }

    #[test]
    fn nothing_that_is_there_is_written_over() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let write = |name: &str| std::fs::write(folder.path().join(name), name).expect("it can be written");
        write("giay.pdf");
        write("giay-2.json");
        let first = reserve(folder.path(), "giay").expect("a name is free");
        assert_eq!(first.pdf, folder.path().join("giay-3.pdf"));
        assert_eq!(first.report, folder.path().join("giay-3.json"));
        let second = reserve(folder.path(), "giay").expect("a name is free");
        assert_eq!(second.pdf, folder.path().join("giay-4.pdf"));
        first.fill(b"pdf", b"{}").expect("it can be written");
        assert_eq!(std::fs::read(&first.pdf).expect("it is there"), b"pdf");
        assert_eq!(std::fs::read(folder.path().join("giay.pdf")).expect("it is there"), b"giay.pdf");
        assert!(!folder.path().join("giay-2.pdf").exists(), "a name not taken is given back");
        assert!(!folder.path().join("giay-3.pdf.part").exists());
    }

    #[test]
    fn two_at_once_get_two_names() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let taken =
            crate::parallel::map(&[(); 40], 8, |_, ()| reserve(folder.path(), "a").expect("free").pdf);
        let different: std::collections::BTreeSet<_> = taken.iter().collect();
        assert_eq!(different.len(), 40);
    }
}
