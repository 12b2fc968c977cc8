//! The files of the repository as git sees them: tracked, and new ones that git does not ignore.
//!
//! Rules read a `Tree`, never the disk, so that their tests plant faults in memory.

use std::process::Command;

use anyhow::{Context, ensure};

/// One text file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// From the root of the repository, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The text files of the repository; what is not UTF-8 is listed apart.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<File>,
    /// Paths of files that are not UTF-8 text.
    pub(crate) binary: Vec<String>,
}

impl Tree {
    pub(crate) fn of_repository() -> anyhow::Result<Self> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .output()
            .context("git ls-files")?;
        ensure!(listed.status.success(), "git ls-files: {}", listed.status);
        let mut paths: Vec<&str> = std::str::from_utf8(&listed.stdout)
            .context("a file name is not UTF-8")?
            .split('\0')
            .filter(|path| !path.is_empty())
            .collect();
        paths.sort_unstable();
        paths.dedup();

        let mut tree = Self::default();
        for path in paths {
            // A file deleted but not yet committed is still listed.
            let Ok(bytes) = std::fs::read(path) else { continue };
            match String::from_utf8(bytes) {
                Ok(text) if !text.contains('\0') => {
                    tree.files.push(File { path: path.to_owned(), text });
                }
                _ => tree.binary.push(path.to_owned()),
            }
        }
        Ok(tree)
    }

    pub(crate) fn get(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    pub(crate) fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.is("rs"))
    }
}

impl File {
    pub(crate) fn is(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
    }

    /// The crate whose code this is: `rules` for `crates/rules/…`, `xtask` for `xtask/…`.
    pub(crate) fn of_crate(&self) -> Option<&str> {
        let mut parts = self.path.split('/');
        match parts.next()? {
            "crates" => parts.next(),
            top @ ("xtask" | "stories") => Some(top),
            _ => None,
        }
    }

    /// Whole files that hold nothing but tests.
    pub(crate) fn is_test(&self) -> bool {
        let under_tests = self.path.contains("/tests/") || self.path.starts_with("stories/");
        under_tests || self.path.ends_with("/tests.rs") || self.path.ends_with("_tests.rs")
    }
}

#[cfg(test)]
impl Tree {
    /// A tree of the files given, for planting faults.
    pub(crate) fn planted(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| File { path: (*path).to_owned(), text: (*text).to_owned() })
            .collect();
        Self { files, binary: Vec::new() }
    }
}
