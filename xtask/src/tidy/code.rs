//! What every Rust file of the house has in common.

use std::collections::BTreeSet;

use super::Fault;
use crate::source::{Line, identifiers, scan};
use crate::tree::{File, Tree};

/// Over this many lines outside tests a file must say which single idea holds it together.
const LONG: usize = 600;

const MODULE_NAMES_THAT_SAY_NOTHING: &[&str] =
    &["utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "types"];

fn lines(file: &File) -> Vec<Line> {
    scan(&file.text, file.is_test())
}

fn fault(file: &File, line: usize, rule: &'static str, message: impl Into<String>) -> Fault {
    Fault { path: file.path.clone(), line, rule, message: message.into() }
}

/// The faults of the lines for which `wrong` gives a message.
fn by_line(tree: &Tree, rule: &'static str, wrong: impl Fn(&File, &Line) -> Option<String>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.rust() {
        for (index, line) in lines(file).iter().enumerate() {
            if let Some(message) = wrong(file, line) {
                faults.push(fault(file, index + 1, rule, message));
            }
        }
    }
    faults
}

pub(super) fn opens_with_its_purpose(tree: &Tree) -> Vec<Fault> {
    let message = "the file must open with `//!`: what it is for, what it leaves to others (1 to 5 lines)";
    tree.rust()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| fault(file, 1, "purpose", message))
        .collect()
}

pub(super) fn is_not_too_long(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in tree.rust() {
        let length = lines(file).iter().filter(|line| !line.test).count();
        let doc: String = file.text.lines().take_while(|line| line.starts_with("//!")).collect();
        if length > LONG && !doc.to_lowercase().contains("one idea:") {
            let message = format!(
                "{length} lines outside tests: split at a decision, or say in the module doc which \
                 `one idea: …` holds it together (STYLE.md, Length)"
            );
            faults.push(fault(file, 0, "length", message));
        }
    }
    faults
}

pub(super) fn has_no_mod_rs(tree: &Tree) -> Vec<Fault> {
    tree.rust()
        .filter(|file| file.path.ends_with("/mod.rs"))
        .map(|file| {
            let better = file.path.replace("/mod.rs", ".rs");
            fault(file, 0, "mod-rs", format!("move it to {better}, so that the tab in the editor has a name"))
        })
        .collect()
}

pub(super) fn has_a_name_that_says_what_it_knows(tree: &Tree) -> Vec<Fault> {
    tree.rust()
        .filter_map(|file| {
            let stem = file.path.rsplit('/').next()?.strip_suffix(".rs")?;
            MODULE_NAMES_THAT_SAY_NOTHING.contains(&stem).then(|| {
                fault(
                    file,
                    0,
                    "module-name",
                    format!("`{stem}` says nothing: name the module by what it knows"),
                )
            })
        })
        .collect()
}

/// `unsafe` is for one module of `scan`, which talks to Tesseract: a file and its own folder.
pub(super) fn keeps_unsafe_in_one_module(tree: &Tree) -> Vec<Fault> {
    let uses: Vec<(&File, usize)> = tree
        .rust()
        .flat_map(|file| {
            let lines = lines(file);
            let found: Vec<_> = lines
                .iter()
                .enumerate()
                .filter(|(_, line)| identifiers(&line.code).any(|word| word == "unsafe"))
                .map(|(index, _)| (file, index + 1))
                .collect();
            found
        })
        .collect();
    let mut homes: BTreeSet<&str> = uses
        .iter()
        .map(|(file, _)| file.path.as_str())
        .filter(|path| path.starts_with("crates/scan/src/"))
        .collect();
    let first = homes.pop_first().map(|path| path.trim_end_matches(".rs").to_owned());
    uses.iter()
        .filter(|(file, _)| {
            first.as_ref().is_none_or(|home| {
                let rest = file.path.strip_prefix(home.as_str());
                !rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
            })
        })
        .map(|(file, line)| {
            let message = "`unsafe` belongs to one module of `scan` alone: use a safe crate, or that module";
            fault(file, *line, "unsafe", message)
        })
        .collect()
}

pub(super) fn expects_and_does_not_allow(tree: &Tree) -> Vec<Fault> {
    by_line(tree, "allow", |_, line| {
        let code = line.code.replace(' ', "");
        ["#[allow(", "#![allow("].iter().any(|wrong| code.contains(wrong)).then(|| {
            "write `#[expect(lint, reason = \"…\")]`: it says why, and goes away when it is no longer needed"
                .to_owned()
        })
    })
}

pub(super) fn runs_every_test(tree: &Tree) -> Vec<Fault> {
    by_line(tree, "ignore", |_, line| {
        line.code
            .replace(' ', "")
            .contains("#[ignore")
            .then(|| "a test that does not run proves nothing: make it run, or take it out".to_owned())
    })
}

pub(super) fn leaves_no_unnumbered_todo(tree: &Tree) -> Vec<Fault> {
    by_line(tree, "todo", |_, line| {
        let (_, after) = line.comment.split_once("TODO").or_else(|| line.comment.split_once("FIXME"))?;
        let numbered = after.trim_start_matches(['(', ':', ' ']).starts_with('#');
        (!numbered).then(|| "say which issue this waits for (`TODO #12: …`), or do it now".to_owned())
    })
}

/// What a rule may not touch: the world outside its arguments.
const IMPURE: &[(&str, &str)] = &[
    ("async", "a rule is a plain function"),
    ("tokio", "a rule is a plain function"),
    ("fs", "a rule reads no file: the caller passes the text in"),
    ("net", "a rule opens no connection"),
    ("process", "a rule starts no process"),
    ("env", "a rule reads no environment"),
    ("SystemTime", "a rule is told the time"),
    ("Instant", "a rule is told the time"),
    ("println", "a rule prints nothing"),
];

pub(super) fn keeps_rules_pure(tree: &Tree) -> Vec<Fault> {
    by_line(tree, "pure", |file, line| {
        if line.test || file.of_crate() != Some("rules") {
            return None;
        }
        let std_only = ["fs", "net", "process", "env"];
        identifiers(&line.code)
            .find_map(|word| IMPURE.iter().find(|(wrong, _)| *wrong == word))
            .filter(|(wrong, _)| !std_only.contains(wrong) || line.code.contains(&format!("std::{wrong}")))
            .map(|(wrong, reason)| format!("`{wrong}` in `rules`: {reason}"))
    })
}

/// Crates whose code, outside tests, opens no file: papers go through `store::blobs`, and `pdf`
/// turns bytes into bytes.
const OPENS_NO_FILE: &[&str] = &["pdf", "office", "web"];

pub(super) fn leaves_files_to_the_store(tree: &Tree) -> Vec<Fault> {
    by_line(tree, "files", |file, line| {
        if line.test || !file.of_crate().is_some_and(|name| OPENS_NO_FILE.contains(&name)) {
            return None;
        }
        ["std::fs", "tokio::fs", "fs::write", "fs::read", "File::open", "File::create"]
            .iter()
            .find(|call| line.code.contains(*call))
            .map(|call| {
                format!("`{call}`: papers are kept by `store::blobs`; everything else is passed in as bytes")
            })
    })
}

/// The few places that know which engine runs. The list is to stay short: everything else is one
/// text for both.
const DIALECT_POINTS: &[&str] = &["bench", "engine", "schema", "search", "testing"];

pub(super) fn leaves_the_engine_to_the_store(tree: &Tree) -> Vec<Fault> {
    let branches: Vec<String> = ["Tx", "Db", "Link", "Engine"]
        .iter()
        .flat_map(|of| ["Sqlite", "Postgres"].map(|kind| format!("{of}::{kind}")))
        .collect();
    let mut faults = by_line(tree, "engine", |file, line| {
        let module =
            file.path.strip_prefix("crates/store/src/").and_then(|path| path.split(['/', '.']).next());
        if line.test || module.is_some_and(|name| DIALECT_POINTS.contains(&name)) {
            return None;
        }
        branches.iter().find(|branch| line.code.contains(*branch)).map(|branch| {
            format!(
                "`{branch}`: only {} of `store` know which engine runs; write one text for both",
                DIALECT_POINTS.join(", ")
            )
        })
    });
    // The first of a file is enough to be told.
    faults.dedup_by(|later, earlier| later.path == earlier.path);
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rule: fn(&Tree) -> Vec<Fault>, path: &str, text: &str) -> Vec<usize> {
        rule(&Tree::planted(&[(path, text)])).into_iter().map(|fault| fault.line).collect()
    }

    #[test]
    fn a_file_without_its_purpose_is_found() {
        assert_eq!(found(opens_with_its_purpose, "crates/a/src/b.rs", "use std;\n"), [1]);
        assert_eq!(found(opens_with_its_purpose, "crates/a/src/b.rs", "//! What for.\n"), [0; 0]);
    }

    #[test]
    fn a_long_file_must_name_its_one_idea_and_tests_do_not_count() {
        let body = "let a = 1;\n".repeat(700);
        let path = "crates/a/src/b.rs";
        assert_eq!(found(is_not_too_long, path, &format!("//! B.\n{body}")), [0]);
        assert_eq!(found(is_not_too_long, path, &format!("//! B; one idea: a table.\n{body}")), [0; 0]);
        let tests = format!("//! B.\n#[cfg(test)]\nmod tests {{\n{body}}}\n");
        assert_eq!(found(is_not_too_long, path, &tests), [0; 0]);
    }

    #[test]
    fn empty_names_are_found() {
        assert_eq!(found(has_no_mod_rs, "crates/a/src/b/mod.rs", "//! B."), [0]);
        assert_eq!(found(has_a_name_that_says_what_it_knows, "crates/a/src/utils.rs", "//! B."), [0]);
        assert_eq!(found(has_a_name_that_says_what_it_knows, "crates/a/src/page.rs", "//! B."), [0; 0]);
    }

    #[test]
    fn unsafe_has_one_home() {
        let line = "//! A.\nunsafe { call() }";
        let tree = Tree::planted(&[
            ("crates/scan/src/tesseract.rs", line),
            ("crates/scan/src/tesseract/raw.rs", line),
            ("crates/scan/src/worker.rs", line),
            ("crates/pdf/src/key.rs", line),
            ("crates/pdf/src/note.rs", "//! Nothing unsafe here: \"unsafe\"."),
        ]);
        let paths: Vec<_> = keeps_unsafe_in_one_module(&tree).into_iter().map(|fault| fault.path).collect();
        assert_eq!(paths, ["crates/scan/src/worker.rs", "crates/pdf/src/key.rs"]);
        assert_eq!(found(keeps_unsafe_in_one_module, "crates/pdf/src/key.rs", line), [2]);
    }

    #[test]
    fn habits_are_kept() {
        let path = "crates/a/src/b.rs";
        assert_eq!(found(expects_and_does_not_allow, path, "//! A.\n#![allow(dead_code)]"), [2]);
        assert_eq!(found(expects_and_does_not_allow, path, "// #[allow(x)]\n#[expect(x)]"), [0; 0]);
        assert_eq!(found(runs_every_test, path, "#[ignore = \"slow\"]"), [1]);
        assert_eq!(found(leaves_no_unnumbered_todo, path, "// TODO later\n// TODO #12: more"), [1]);
    }

    #[test]
    fn a_rule_that_looks_outside_is_found() {
        let path = "crates/rules/src/b.rs";
        let text =
            "async fn a() {}\nuse std::fs::read;\nlet env = 1;\n#[cfg(test)]\nmod tests { use std::env; }";
        assert_eq!(found(keeps_rules_pure, path, text), [1, 2]);
        assert_eq!(found(keeps_rules_pure, "crates/office/src/b.rs", text), [0; 0]);
    }

    #[test]
    fn files_are_opened_by_the_store() {
        let text = "let a = std::fs::read(path)?;\n#[cfg(test)]\nmod tests { use std::fs; }";
        assert_eq!(found(leaves_files_to_the_store, "crates/web/src/b.rs", text), [1]);
        assert_eq!(found(leaves_files_to_the_store, "crates/store/src/blobs.rs", text), [0; 0]);
    }

    #[test]
    fn branches_on_the_engine_are_named() {
        let line = "match tx { Tx::Sqlite(tx) => 1 }\nmatch db { Db::Postgres(db) => 1 }";
        let tree = Tree::planted(&[
            ("crates/store/src/engine/turn.rs", line),
            ("crates/store/src/schema.rs", line),
            ("crates/store/src/people.rs", line),
            ("crates/office/src/search.rs", line),
        ]);
        let paths: Vec<_> = leaves_the_engine_to_the_store(&tree).into_iter().map(|f| f.path).collect();
        assert_eq!(paths, ["crates/store/src/people.rs", "crates/office/src/search.rs"]);
    }
}
