//! The one text for two engines: statements with names, functions with tests, migrations in the
//! words both engines are rendered from.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use crate::source::{identifiers, scan};
use crate::tree::{File, Tree};

fn of_store(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.rust().filter(|file| file.of_crate() == Some("store"))
}

/// The macros of `store/src/engine/statement.rs`, whose first string is the name of the statement.
const STATEMENTS: &[&str] = &["execute!", "fetch_one!", "fetch_optional!", "fetch_all!"];

/// Every statement has a name of its own, under which tests prepare it and logs speak of it.
pub(super) fn names_each_statement_once(tree: &Tree) -> Vec<Fault> {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let mut faults = Vec::new();
    for file in of_store(tree).filter(|file| !file.path.ends_with("/statement.rs")) {
        let code = scan(&file.text, file.is_test());
        let mut calls: Vec<usize> =
            STATEMENTS.iter().flat_map(|call| file.text.match_indices(call)).map(|(at, _)| at).collect();
        calls.sort_unstable();
        for at in calls {
            let line = file.text[..at].matches('\n').count();
            // A mention in a comment is no statement.
            let called = STATEMENTS.iter().any(|call| code[line].code.contains(call));
            let name = file.text[at..].split('"').nth(1).filter(|_| called && !code[line].test);
            let Some(name) = name else { continue };
            let place = format!("{}:{}", file.path, line + 1);
            if let Some(other) = first.insert(name.to_owned(), place) {
                let message =
                    format!("the statement `{name}` has a namesake at {other}: give each its own name");
                faults.push(Fault { path: file.path.clone(), line: line + 1, rule: "statement", message });
            }
        }
    }
    faults
}

/// What the compiler cannot check any more (SQL as text) is run by a test, on both engines.
pub(super) fn tests_each_function_of_the_store(tree: &Tree) -> Vec<Fault> {
    // `people::find` anywhere in the tests, or a bare `find` in those of `people`.
    let mut tested: BTreeSet<(String, String)> = BTreeSet::new();
    let mut functions: Vec<(&File, usize, String)> = Vec::new();
    for file in of_store(tree) {
        let module = module(file);
        for (index, line) in scan(&file.text, file.is_test()).into_iter().enumerate() {
            if line.test {
                let mut before = module;
                for name in identifiers(&line.code) {
                    tested.insert((module.to_owned(), name.to_owned()));
                    tested.insert((before.to_owned(), name.to_owned()));
                    before = name;
                }
            } else if let Some(signature) = line.code.trim_start().strip_prefix("pub async fn ")
                && let Some(name) = identifiers(signature).next()
            {
                functions.push((file, index + 1, name.to_owned()));
            }
        }
    }
    functions
        .into_iter()
        .filter(|(file, _, name)| {
            let is_method =
                file.text.lines().any(|line| line.starts_with(&format!("    pub async fn {name}")));
            let by_module = tested.contains(&(module(file).to_owned(), name.clone()));
            // What other crates' tests read is run by those.
            let is_for_tests = file.path.contains("/src/testing/");
            // A method is called on a value, whose type is not seen here.
            !(is_for_tests || by_module || is_method && tested.iter().any(|(_, called)| called == name))
        })
        .map(|(file, line, name)| Fault {
            path: file.path.clone(),
            line,
            rule: "store-test",
            message: format!(
                "`{}::{name}` is in no test of `store`: its SQL has never been run on both engines",
                module(file)
            ),
        })
        .collect()
}

/// `people` for `src/people.rs`, `src/people/tests.rs` and `tests/it/people.rs`.
fn module(file: &File) -> &str {
    let inner = ["crates/store/src/", "crates/store/tests/it/"]
        .iter()
        .find_map(|folder| file.path.strip_prefix(folder))
        .unwrap_or(&file.path);
    inner.split(['/', '.']).next().unwrap_or(inner)
}

/// Words of one engine, with what to write instead.
const ONE_ENGINE: &[(&str, &str)] = &[
    ("serial", "ID, given by Rust"),
    ("bigserial", "ID, given by Rust"),
    ("autoincrement", "ID, given by Rust"),
    ("uuid", "ID"),
    ("timestamp", "INSTANT or DAY"),
    ("timestamptz", "INSTANT"),
    ("datetime", "INSTANT"),
    ("date", "DAY"),
    ("now", "the clock of the act, as an argument"),
    ("current_timestamp", "the clock of the act, as an argument"),
    ("bigint", "INT"),
    ("integer", "INT"),
    ("boolean", "BOOL"),
    ("jsonb", "JSON"),
    ("bytea", "BYTES"),
    ("varchar", "text"),
    ("without", "TABLE"),
    ("strict", "TABLE"),
];

pub(super) fn writes_migrations_in_common_words(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let migrations = tree.files.iter().filter(|file| {
        file.is("sql") && file.path.starts_with("crates/store/") && file.path.contains("migrations/")
    });
    for file in migrations {
        let mut only_one = false;
        for (index, line) in file.text.lines().enumerate() {
            let trimmed = line.trim_start();
            if trimmed.starts_with("--only") {
                only_one = true;
            } else if trimmed.starts_with("--end") {
                only_one = false;
            }
            if only_one {
                continue;
            }
            let code = line.split_once("--").map_or(line, |(code, _)| code);
            let bare: String = code.split('\'').step_by(2).collect::<Vec<_>>().join(" ");
            let wrong =
                identifiers(&bare).find_map(|word| ONE_ENGINE.iter().find(|(wrong, _)| *wrong == word));
            if let Some((wrong, better)) = wrong {
                faults.push(Fault {
                    path: file.path.clone(),
                    line: index + 1,
                    rule: "migration",
                    message: format!(
                        "`{wrong}` is one engine's word: write {better}, or put it between `--only …` and `--end`"
                    ),
                });
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rule: fn(&Tree) -> Vec<Fault>, path: &str, text: &str) -> Vec<usize> {
        rule(&Tree::planted(&[(path, text)])).into_iter().map(|fault| fault.line).collect()
    }

    #[test]
    fn two_statements_of_one_name_are_found() {
        let path = "crates/store/src/people.rs";
        let text = "execute!(tx, \"people.find\", \"x\")?;\n// fetch_one!(tx, \"people.find\")\n\
                    let b = fetch_all!(\n  tx, \"people.find\", \"y\");";
        assert_eq!(found(names_each_statement_once, path, text), [3]);
        let other = "execute!(tx, \"people.find\", \"x\")?;\nfetch_all!(tx, \"people.list\", \"x\")?;";
        assert_eq!(found(names_each_statement_once, path, other), [0; 0]);
    }

    #[test]
    fn a_function_without_a_test_is_found() {
        let path = "crates/store/src/people.rs";
        let text = "pub async fn find() {}\npub async fn lock(\n) {}\n#[cfg(test)]\nmod tests { fn a() { find(); } }\n";
        assert_eq!(found(tests_each_function_of_the_store, path, text), [2]);
        let with = |other, test| {
            tests_each_function_of_the_store(&Tree::planted(&[(path, text), (other, test)])).len()
        };
        assert_eq!(with("crates/store/tests/it/people.rs", "lock(tx)"), 0);
        assert_eq!(with("crates/store/tests/it/life.rs", "store::people::lock(tx)"), 0);
        // Another module's namesake is another function.
        assert_eq!(with("crates/store/tests/it/life.rs", "dossier::lock(tx)"), 1);
    }

    #[test]
    fn words_of_one_engine_are_found_outside_their_block() {
        let path = "crates/store/migrations/0001_first.sql";
        let text = "create TABLE a (at INSTANT, b bigint);\n--only postgres\ncreate index a on b (c jsonb);\n--end\n\
                    check (c in ('date', 'now')) -- a uuid\n";
        assert_eq!(found(writes_migrations_in_common_words, path, text), [1]);
    }
}
