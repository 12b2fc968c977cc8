//! `cargo xtask tidy`: the architecture, the words and the habits of the house as a test.
//!
//! Each rule is a function from the tree to its faults, and each fault says how to mend it. What
//! the compiler or clippy can check is left to them.

mod code;
pub(crate) mod graph;
mod sql;
mod templates;
mod text;
mod words;

use std::fmt;

use graph::Graph;

use crate::tree::Tree;

/// Something that is not as the house wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) path: String,
    /// From 1; 0 where the whole file is meant.
    pub(crate) line: usize,
    /// The name of the rule, as `tidy-ok` takes it.
    pub(crate) rule: &'static str,
    /// What is wrong, and how to mend it.
    pub(crate) message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, rule, message } = self;
        match line {
            0 => write!(out, "{path}: {message} [{rule}]"),
            line => write!(out, "{path}:{line}: {message} [{rule}]"),
        }
    }
}

type Rule = fn(&Tree) -> Vec<Fault>;

const TREE_RULES: &[Rule] = &[
    code::opens_with_its_purpose,
    code::is_not_too_long,
    code::has_no_mod_rs,
    code::has_a_name_that_says_what_it_knows,
    code::keeps_unsafe_in_one_module,
    code::expects_and_does_not_allow,
    code::runs_every_test,
    code::leaves_no_unnumbered_todo,
    code::keeps_rules_pure,
    code::leaves_files_to_the_store,
    code::leaves_the_engine_to_the_store,
    words::follows_the_glossary,
    sql::names_each_statement_once,
    sql::tests_each_function_of_the_store,
    sql::writes_migrations_in_common_words,
    templates::holds_no_inline_code,
    templates::protects_every_form,
    text::is_composed,
    text::names_no_machine,
    text::ends_cleanly,
];

/// How many rules there are.
pub(crate) const RULES: usize = TREE_RULES.len() + 2;

/// All faults, by path and line.
pub(crate) fn check(tree: &Tree, graph: &Graph) -> anyhow::Result<Vec<Fault>> {
    anyhow::ensure!(!tree.files.is_empty(), "git lists no file: run this inside the repository");
    let mut faults = graph.inner_faults();
    faults.extend(graph.outer_faults());
    for rule in TREE_RULES {
        faults.extend(rule(tree).into_iter().filter(|fault| !excused(tree, fault)));
    }
    faults.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    Ok(faults)
}

/// A line may be excused by `tidy-ok(<rule>): <reason>` on it or on the line above.
fn excused(tree: &Tree, fault: &Fault) -> bool {
    let Some(file) = tree.get(&fault.path) else { return false };
    let marker = format!("tidy-ok({}): ", fault.rule);
    file.text.lines().enumerate().filter(|(index, _)| index + 1 == fault.line || index + 2 == fault.line).any(
        |(_, line)| line.split_once(&marker).is_some_and(|(_, reason)| reason.trim().chars().count() >= 10),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_excused_only_by_its_own_rule_and_with_a_reason() {
        let path = "crates/rules/src/a.rs";
        let with = |excuse: &str| {
            let tree = Tree::planted(&[(path, &format!("//! A.\n// {excuse}\nlet a = 1;\nlet b = 2;"))]);
            let fault = Fault { path: path.to_owned(), line: 3, rule: "words", message: String::new() };
            let next = Fault { line: 4, ..fault.clone() };
            (excused(&tree, &fault), excused(&tree, &next))
        };
        assert_eq!(with("tidy-ok(words): the name is PostgreSQL's own"), (true, false));
        assert_eq!(with("tidy-ok(pure): the name is PostgreSQL's own"), (false, false));
        assert_eq!(with("tidy-ok(words): "), (false, false));
    }

    #[test]
    fn a_fault_reads_as_an_address_a_sentence_and_a_rule() {
        let fault = Fault { path: "a.rs".to_owned(), line: 3, rule: "words", message: "say so".to_owned() };
        assert_eq!(fault.to_string(), "a.rs:3: say so [words]");
    }
}
