//! What every text file of the repository has in common.

use unicode_normalization::is_nfc;

use super::Fault;
use crate::tree::{File, Tree};

/// Files that others wrote, kept as they came.
fn vendored(file: &File) -> bool {
    file.path.contains("/vendor/") || file.path.ends_with(".min.js") || file.path == "Cargo.lock"
}

fn by_line(tree: &Tree, rule: &'static str, wrong: impl Fn(&str) -> Option<String>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.files.iter().filter(|file| !vendored(file)) {
        for (index, line) in file.text.lines().enumerate() {
            if let Some(message) = wrong(line) {
                faults.push(Fault { path: file.path.clone(), line: index + 1, rule, message });
            }
        }
    }
    faults
}

/// Vietnamese is written composed (NFC), so that a search finds it.
pub(super) fn is_composed(tree: &Tree) -> Vec<Fault> {
    by_line(tree, "nfc", |line| {
        (!is_nfc(line)).then(|| {
            "letters with loose marks: write the composed letters (NFC), or `\\u{…}` where a test means the \
             mark"
                .to_owned()
        })
    })
}

/// Folders that only one person's machine has.
const MACHINE_PATHS: &[&str] = &[
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("C:\\", "Users"),
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
];

pub(super) fn names_no_machine(tree: &Tree) -> Vec<Fault> {
    by_line(tree, "machine", |line| {
        MACHINE_PATHS
            .iter()
            .find(|path| {
                line.match_indices(*path).any(|(at, _)| {
                    // Inside a longer path or an address it is no folder of a machine.
                    !line[..at].ends_with(|before: char| before.is_alphanumeric() || "._-}".contains(before))
                })
            })
            .map(|path| {
                format!("`{path}` is a folder of one machine: take it as an argument, or use a relative path")
            })
    })
}

pub(super) fn ends_cleanly(tree: &Tree) -> Vec<Fault> {
    let ours = |file: &&File| {
        !vendored(file) && ["rs", "toml", "sql", "html", "css", "md", "mjs"].iter().any(|kind| file.is(kind))
    };
    tree.files
        .iter()
        .filter(ours)
        .filter(|file| file.text.contains('\r') || !(file.text.is_empty() || file.text.ends_with('\n')))
        .map(|file| Fault {
            path: file.path.clone(),
            line: 0,
            rule: "line-ends",
            message: "lines end with `\\n` alone, the last one too".to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rule: fn(&Tree) -> Vec<Fault>, path: &str, text: &str) -> Vec<usize> {
        rule(&Tree::planted(&[(path, text)])).into_iter().map(|fault| fault.line).collect()
    }

    #[test]
    fn loose_marks_are_found() {
        assert_eq!(found(is_composed, "a.html", "hồ sơ\nho\u{302}\u{300} sơ\n"), [2]);
    }

    #[test]
    fn folders_of_one_machine_are_found() {
        let home = MACHINE_PATHS[0];
        assert_eq!(found(names_no_machine, "a.md", &format!("see {home}an/motcua\n")), [1]);
        assert_eq!(found(names_no_machine, "a.md", &format!("https://example.vn{home}x\n./{home}\n")), [2]);
    }

    #[test]
    fn line_ends_are_plain() {
        assert_eq!(found(ends_cleanly, "a.rs", "//! A.\r\n"), [0]);
        assert_eq!(found(ends_cleanly, "a.rs", "//! A."), [0]);
        assert_eq!(found(ends_cleanly, "a.rs", "//! A.\n"), [0; 0]);
        assert_eq!(found(ends_cleanly, "a.txt", "x"), [0; 0]);
    }
}
