//! From text to what each engine's index and each engine's query language take.

use super::Fields;
use super::fold::{exact, fold, has_marks, initials, words};
use crate::Engine;
use std::fmt::Write;

/// Words kept of one entry, and bytes of their keys: PostgreSQL takes 1 MiB with the positions.
const N_WORDS: usize = 20_000;
const N_KEY_BYTES: usize = 250_000;
/// Of one word; longer ones are cut, in the index and in the query alike.
const N_WORD_CHARS: usize = 40;
const N_QUERY_CHARS: usize = 500;
const N_QUERY_WORDS: usize = 32;
/// A number this long is a code or a personal id: its beginning finds it wherever it stands.
const N_DIGITS_OF_A_CODE: usize = 6;

/// The keys of an entry, in the order of the text.
pub(crate) struct Keys {
    folded: Vec<String>,
    exact: Vec<String>,
}

impl Keys {
    pub(crate) fn of(fields: &Fields<'_>) -> Self {
        let mut keys = Self { folded: Vec::new(), exact: Vec::new() };
        let mut n_bytes = 0;
        let texts = fields.titles.iter().chain(fields.codes).chain(fields.texts);
        for word in texts.flat_map(|text| words(text)) {
            let (folded, exact) = (cut(&fold(word)), cut(&exact(word)));
            n_bytes += exact.len() + 8;
            if keys.exact.len() == N_WORDS || n_bytes > N_KEY_BYTES {
                break;
            }
            keys.folded.push(folded);
            keys.exact.push(exact);
        }
        // After the words, so that they stand in nobody's phrase.
        for title in fields.titles.iter().take(64) {
            keys.folded.extend(initials(title));
        }
        for code in fields.codes.iter().take(64) {
            let parts: Vec<String> = words(code).map(fold).collect();
            if parts.len() > 1 {
                keys.folded.push(cut(&parts.concat()));
            }
        }
        keys
    }

    /// The keys with all marks, as the index of `engine` takes them.
    pub(crate) fn exact_for(&self, engine: Engine) -> String {
        match engine {
            Engine::Sqlite => self.exact.join(" "),
            Engine::Postgres => vector(&self.exact, "=", 'A'),
        }
    }

    /// The keys without marks.
    pub(crate) fn folded_for(&self, engine: Engine) -> String {
        match engine {
            Engine::Sqlite => self.folded.join(" "),
            Engine::Postgres => vector(&self.folded, "", 'B'),
        }
    }
}

/// A `tsvector` as text. Keys are letters and digits, so nothing needs a backslash.
fn vector(keys: &[String], mark: &str, weight: char) -> String {
    let mut vector = String::with_capacity(keys.len() * 16);
    for (i, key) in keys.iter().enumerate() {
        // Positions end at 16,383; beyond it words are found, but not as a phrase.
        let position = (i + 1).min(16_383);
        write!(vector, "'{mark}{key}':{position}{weight} ").expect("a string takes it");
    }
    vector
}

fn cut(key: &str) -> String {
    key.chars().take(N_WORD_CHARS).collect()
}

/// What was typed: groups of words that stand together (`45/QĐ-UBND` is one), all of which must
/// be found.
pub(super) struct Pattern {
    groups: Vec<Group>,
    /// Typed with Vietnamese marks.
    has_marks: bool,
}

struct Group {
    folded: Vec<String>,
    exact: Vec<String>,
    /// The last word may be a beginning.
    is_open: bool,
}

impl Pattern {
    /// `None` when there is no word in it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().take(N_QUERY_CHARS).collect();
        let mut groups: Vec<Group> = Vec::new();
        let mut n_words = 0;
        for chunk in text.split_whitespace() {
            let typed: Vec<&str> = words(chunk).take(N_QUERY_WORDS - n_words).collect();
            n_words += typed.len();
            if typed.is_empty() {
                continue;
            }
            let is_number = typed.len() == 1 && typed[0].bytes().all(|b| b.is_ascii_digit());
            groups.push(Group {
                folded: typed.iter().map(|word| cut(&fold(word))).collect(),
                exact: typed.iter().map(|word| cut(&exact(word))).collect(),
                is_open: is_number && chunk.len() >= N_DIGITS_OF_A_CODE,
            });
        }
        groups.last_mut()?.is_open = true;
        Some(Self { groups, has_marks: has_marks(&text) })
    }

    /// What names one thing: a code of several parts, with letters, that ends in its number, as one word.
    pub(super) fn code(&self, engine: Engine) -> Option<String> {
        let [Group { folded, .. }] = self.groups.as_slice() else { return None };
        let number = folded.last()?;
        let is_number = |part: &String| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_code = is_number(number) && !folded.iter().all(is_number);
        is_code.then(|| {
            let word = render(&[cut(&folded.concat())], "", false, engine);
            asked_of("folded", &[word], engine)
        })
    }

    /// What is asked of `engine`, one after the other until there are hits enough: with the marks, where
    /// some were typed, then without regard to them; of each, whole words first.
    pub(super) fn questions(&self, engine: Engine) -> Vec<String> {
        let marks = if self.has_marks { &[true, false][..] } else { &[false] };
        let mut questions: Vec<String> = Vec::new();
        for &with_marks in marks {
            for may_begin in [false, true] {
                let question = self.question(with_marks, may_begin, engine);
                if questions.last() != Some(&question) {
                    questions.push(question);
                }
            }
        }
        questions
    }

    fn question(&self, with_marks: bool, may_begin: bool, engine: Engine) -> String {
        let (column, mark) = if with_marks { ("exact", "=") } else { ("folded", "") };
        let groups: Vec<String> = self
            .groups
            .iter()
            .map(|group| {
                let keys = if with_marks { &group.exact } else { &group.folded };
                // A tone stands at the end of the key, so a word typed with its tone is a whole word.
                let is_open = may_begin && group.is_open && keys.last().is_some_and(|key| !ends_in_tone(key));
                render(keys, mark, is_open, engine)
            })
            .collect();
        asked_of(column, &groups, engine)
    }
}

fn asked_of(column: &str, groups: &[String], engine: Engine) -> String {
    match engine {
        Engine::Sqlite => format!("{column} : ({})", groups.join(" AND ")),
        Engine::Postgres => groups.join(" & "),
    }
}

fn ends_in_tone(key: &str) -> bool {
    key.ends_with(['α', 'β', 'γ', 'δ', 'ε'])
}

fn render(keys: &[String], mark: &str, is_open: bool, engine: Engine) -> String {
    match engine {
        Engine::Sqlite => format!("\"{}\"{}", keys.join(" "), if is_open { " *" } else { "" }),
        Engine::Postgres => {
            let words: Vec<String> = keys.iter().map(|key| format!("'{mark}{key}'")).collect();
            format!("({}{})", words.join(" <-> "), if is_open { ":*" } else { "" })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;
    use crate::Engine;

    #[test]
    fn what_is_typed_becomes_each_engines_query() {
        let pattern = Pattern::parse("Giấy  45/QĐ-UB").expect("has words");
        assert_eq!(
            pattern.questions(Engine::Sqlite),
            [
                "exact : (\"giâyβ\" AND \"45 qđ ub\")",
                "exact : (\"giâyβ\" AND \"45 qđ ub\" *)",
                "folded : (\"giay\" AND \"45 qd ub\")",
                "folded : (\"giay\" AND \"45 qd ub\" *)",
            ]
        );
        assert_eq!(
            pattern.questions(Engine::Postgres),
            [
                "('=giâyβ') & ('=45' <-> '=qđ' <-> '=ub')",
                "('=giâyβ') & ('=45' <-> '=qđ' <-> '=ub':*)",
                "('giay') & ('45' <-> 'qd' <-> 'ub')",
                "('giay') & ('45' <-> 'qd' <-> 'ub':*)",
            ]
        );
    }

    #[test]
    fn a_word_with_its_tone_is_whole_and_marks_are_asked_for_where_some_were_typed() {
        let questions = |text| Pattern::parse(text).expect("has words").questions(Engine::Sqlite);
        let whole = "exact : (\"giâyβ\")";
        assert_eq!(questions("giấy"), [whole, "folded : (\"giay\")", "folded : (\"giay\" *)"]);
        assert_eq!(questions("giay"), ["folded : (\"giay\")", "folded : (\"giay\" *)"]);
    }

    #[test]
    fn a_code_of_several_parts_is_one_word() {
        let code = |text| Pattern::parse(text).expect("has words").code(Engine::Sqlite);
        assert_eq!(code("H56.15.3-260310-0012").as_deref(), Some("folded : (\"h561532603100012\")"));
        for other in ["0012", "22/11/2026", "45/QĐ-UBND", "H56.15-260310 Hoa", "giấy"] {
            assert_eq!(code(other), None, "{other}");
        }
    }

    #[test]
    fn text_without_a_word_is_no_query() {
        assert!(Pattern::parse("").is_none());
        assert!(Pattern::parse(" \u{301} ' \" * ( ) -- & | ! <-> ").is_none());
    }

    #[test]
    fn a_query_has_an_end() {
        let long = "a ".repeat(100_000);
        let pattern = Pattern::parse(&long).expect("has words");
        assert_eq!(pattern.groups.len(), 32);
        let glued = "a-".repeat(100_000);
        let pattern = Pattern::parse(&glued).expect("has words");
        assert_eq!(pattern.groups[0].folded.len(), 32);
    }
}
