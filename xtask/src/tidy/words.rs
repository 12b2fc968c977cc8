//! The glossary is law: its bold words never stand in an identifier of the code that knows dossiers.

use std::collections::BTreeMap;

use super::Fault;
use crate::source::{identifiers, scan, words};
use crate::tree::Tree;

const GLOSSARY: &str = "docs/glossary.md";

/// Crates that speak of dossiers. `pdf` and `scan` have their own trade's words, and `connect` has
/// those of its counterparts at its edge.
const SPEAK_OF_DOSSIERS: &[&str] = &["rules", "store", "office", "web", "server"];

/// Names that belong to what we use.
const NOT_OURS: &[&str] = &["application_name"];

/// Each forbidden word with the word to use.
fn forbidden(glossary: &str) -> BTreeMap<String, String> {
    let mut forbidden = BTreeMap::new();
    for row in glossary.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [identifier, .., never] = cells.as_slice() else { continue };
        let better = identifier.replace('`', "");
        // Every second piece between the double stars is bold.
        for word in never.split("**").skip(1).step_by(2) {
            forbidden.insert(word.trim_matches('`').to_owned(), better.clone());
        }
    }
    forbidden
}

pub(super) fn follows_the_glossary(tree: &Tree) -> Vec<Fault> {
    let Some(glossary) = tree.get(GLOSSARY) else {
        let message = "the glossary is gone".to_owned();
        return vec![Fault { path: GLOSSARY.to_owned(), line: 0, rule: "words", message }];
    };
    let forbidden = forbidden(&glossary.text);
    let mut faults = Vec::new();
    for file in tree.rust() {
        if !file.of_crate().is_some_and(|name| SPEAK_OF_DOSSIERS.contains(&name)) {
            continue;
        }
        for (index, line) in scan(&file.text, false).iter().enumerate() {
            // The words of attributes are those of the macro they are for.
            if line.code.trim_start().starts_with("#[") {
                continue;
            }
            for identifier in identifiers(&line.code).filter(|name| !NOT_OURS.contains(name)) {
                let parts = words(identifier);
                let Some((wrong, better)) = parts
                    .iter()
                    .find_map(|word| forbidden.get_key_value(word).or_else(|| plural(&forbidden, word)))
                else {
                    continue;
                };
                faults.push(Fault {
                    path: file.path.clone(),
                    line: index + 1,
                    rule: "words",
                    message: format!("`{identifier}`: never `{wrong}`, say `{better}` ({GLOSSARY})"),
                });
            }
        }
    }
    faults
}

fn plural<'a>(forbidden: &'a BTreeMap<String, String>, word: &str) -> Option<(&'a String, &'a String)> {
    forbidden.get_key_value(word.strip_suffix('s')?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "| identifier | term | clause | never |\n|---|---|---|---|\n\
        | `dossier` | hồ sơ | – | **application**, file |\n\
        | `agency` / `agency_code` | cơ quan | – | **org**, **department** |\n";

    fn found(path: &str, text: &str) -> Vec<String> {
        let tree = Tree::planted(&[(GLOSSARY, TABLE), (path, text)]);
        follows_the_glossary(&tree).into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn a_forbidden_word_is_found_in_every_spelling() {
        let text = "struct ApplicationCode;\nlet orgs = 1;\nfn by_department() {}";
        let messages = found("crates/rules/src/a.rs", text);
        assert_eq!(messages.len(), 3);
        assert_eq!(messages[0], "`ApplicationCode`: never `application`, say `dossier` (docs/glossary.md)");
    }

    #[test]
    fn words_that_are_not_bold_strings_and_other_crates_are_left_alone() {
        assert_eq!(found("crates/rules/src/a.rs", "let file = \"application/pdf\"; // org"), [""; 0]);
        assert_eq!(found("crates/rules/src/a.rs", "let organised = 1;"), [""; 0]);
        assert_eq!(found("crates/rules/src/a.rs", "    #[serde(application)]"), [""; 0]);
        assert_eq!(found("crates/pdf/src/a.rs", "struct Application;"), [""; 0]);
    }

    #[test]
    fn a_glossary_that_is_gone_is_a_fault() {
        assert_eq!(follows_the_glossary(&Tree::planted(&[])).len(), 1);
    }
}
