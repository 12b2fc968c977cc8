//! Rust text cut into code, strings and comments, line by line: enough to ask "does this word
//! stand in the code?" without being misled by a comment or a message.
//!
//! It is a scanner, not a parser: it knows string, raw string, character and nested comment.

/// One line of a Rust file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// The line with comments, and the insides of strings and characters, blanked out.
    pub(crate) code: String,
    /// The text of comments that stand on this line, without their slashes.
    pub(crate) comment: String,
    /// Whether the line is inside a `#[cfg(test)] mod`, or the whole file is tests.
    pub(crate) test: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Code,
    LineComment,
    BlockComment { depth: usize },
    Str,
    RawStr { hashes: usize },
}

/// Cuts `text` into lines; `all_test` marks every line as test code.
pub(crate) fn scan(text: &str, all_test: bool) -> Vec<Line> {
    let chars: Vec<char> = text.chars().collect();
    let mut lines = vec![Line::default()];
    let mut inside = Inside::Code;
    let mut at = 0;
    while at < chars.len() {
        let now = chars[at];
        if now == '\n' {
            if inside == Inside::LineComment {
                inside = Inside::Code;
            }
            lines.push(Line::default());
            at += 1;
            continue;
        }
        let line = lines.last_mut().expect("starts with one line and only grows");
        let (next_inside, used) = step(&chars[at..], inside, previous(&chars, at), line);
        inside = next_inside;
        at += used;
    }
    mark_tests(&mut lines, all_test);
    lines
}

fn previous(chars: &[char], at: usize) -> Option<char> {
    at.checked_sub(1).map(|before| chars[before])
}

/// Reads one token from the front of `rest`: what it is inside of afterwards, and how many
/// characters it used. Never uses up a line end.
fn step(rest: &[char], inside: Inside, before: Option<char>, line: &mut Line) -> (Inside, usize) {
    let second = rest.get(1).copied();
    match inside {
        Inside::LineComment => {
            line.comment.push(rest[0]);
            (inside, 1)
        }
        Inside::BlockComment { depth } => match (rest[0], second) {
            ('*', Some('/')) if depth == 1 => (Inside::Code, 2),
            ('*', Some('/')) => (Inside::BlockComment { depth: depth - 1 }, 2),
            ('/', Some('*')) => (Inside::BlockComment { depth: depth + 1 }, 2),
            (other, _) => {
                line.comment.push(other);
                (inside, 1)
            }
        },
        Inside::Str => match (rest[0], second) {
            ('\\', Some('\n')) => (inside, 1),
            ('\\', Some(_)) => (inside, 2),
            ('"', _) => {
                line.code.push('"');
                (Inside::Code, 1)
            }
            _ => (inside, 1),
        },
        Inside::RawStr { hashes } => {
            let closes =
                rest[0] == '"' && rest.len() > hashes && rest[1..=hashes].iter().all(|mark| *mark == '#');
            if closes {
                line.code.push('"');
                (Inside::Code, 1 + hashes)
            } else {
                (inside, 1)
            }
        }
        Inside::Code => code(rest, before, line),
    }
}

fn code(rest: &[char], before: Option<char>, line: &mut Line) -> (Inside, usize) {
    let second = rest.get(1).copied();
    let word_before = before.is_some_and(|found| found.is_alphanumeric() || found == '_');
    match (rest[0], second) {
        ('/', Some('/')) => (Inside::LineComment, 2),
        ('/', Some('*')) => (Inside::BlockComment { depth: 1 }, 2),
        ('"', _) => {
            line.code.push('"');
            (Inside::Str, 1)
        }
        ('r', Some('"' | '#')) if !word_before || before == Some('b') => {
            let hashes = rest[1..].iter().take_while(|mark| **mark == '#').count();
            if rest.get(1 + hashes) == Some(&'"') {
                line.code.push('"');
                (Inside::RawStr { hashes }, hashes + 2)
            } else {
                line.code.push('r');
                (Inside::Code, 1)
            }
        }
        ('\'', Some('\\')) => {
            // An escaped character: up to the quote that ends it.
            let length = rest.get(3..).unwrap_or_default().iter().position(|mark| *mark == '\'').unwrap_or(0);
            line.code.push_str("' '");
            (Inside::Code, length + 4)
        }
        ('\'', Some(_)) if rest.get(2) == Some(&'\'') => {
            line.code.push_str("' '");
            (Inside::Code, 3)
        }
        (other, _) => {
            line.code.push(other);
            (Inside::Code, 1)
        }
    }
}

/// Marks the lines of every `#[cfg(test)]` item, by counting its braces.
fn mark_tests(lines: &mut [Line], all_test: bool) {
    let mut waiting = false;
    let mut depth = 0_usize;
    for line in lines {
        if all_test {
            line.test = true;
            continue;
        }
        if depth == 0 && line.code.contains("#[cfg(test)]") {
            waiting = true;
        }
        line.test = waiting || depth > 0;
        if !line.test {
            continue;
        }
        for mark in line.code.chars() {
            match mark {
                '{' => {
                    depth += 1;
                    waiting = false;
                }
                '}' => depth = depth.saturating_sub(1),
                // `#[cfg(test)] mod tests;` has no braces.
                ';' if depth == 0 => waiting = false,
                _ => {}
            }
        }
    }
}

/// The identifiers of a line of code, in order.
pub(crate) fn identifiers(code: &str) -> impl Iterator<Item = &str> {
    code.split(|mark: char| !(mark.is_alphanumeric() || mark == '_'))
        .filter(|word| word.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_'))
}

/// The words an identifier is made of, in lower case: `DossierCode` and `dossier_code` alike.
pub(crate) fn words(identifier: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_lower = false;
    for mark in identifier.chars() {
        let starts = mark == '_' || (mark.is_uppercase() && before_lower);
        if starts {
            words.push(String::new());
        }
        if mark != '_' {
            let word = words.last_mut().expect("starts with one word and only grows");
            word.extend(mark.to_lowercase());
        }
        before_lower = mark.is_lowercase() || mark.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(text: &str) -> Vec<String> {
        scan(text, false).into_iter().map(|line| line.code).collect()
    }

    #[test]
    fn strings_and_comments_are_not_code() {
        assert_eq!(code_of("let a = \"unsafe // \\\" x\"; // unsafe"), ["let a = \"\"; "]);
        assert_eq!(code_of("a /* b /* c */ d */ e"), ["a  e"]);
        assert_eq!(code_of("r#\"unsafe \" mod\"# + br\"x\" + r\"y\""), ["\"\" + b\"\" + \"\""]);
        assert_eq!(code_of("let r#type = 1;"), ["let r#type = 1;"]);
        assert_eq!(code_of("'\"' '\\'' '\\u{301}' &'a str"), ["' ' ' ' ' ' &'a str"]);
    }

    #[test]
    fn a_string_over_two_lines_keeps_the_count_of_lines() {
        let lines = code_of("let a = \"one \\\n  two\";\nlet b = 1;");
        assert_eq!(lines, ["let a = \"", "\";", "let b = 1;"]);
    }

    #[test]
    fn comments_are_kept_with_their_line() {
        let lines = scan("//! doc\nfn a() {} // law: X/1", false);
        assert_eq!(lines[0].comment, "! doc");
        assert_eq!(lines[1].comment, " law: X/1");
    }

    #[test]
    fn test_modules_are_told_from_the_rest() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() { }\n}\nfn c() {}\n#[cfg(test)]\nmod more;\nfn d() {}";
        let tests: Vec<bool> = scan(text, false).iter().map(|line| line.test).collect();
        assert_eq!(tests, [false, true, true, true, true, false, true, true, false]);
    }

    #[test]
    fn an_identifier_falls_into_words() {
        assert_eq!(words("DossierCode"), ["dossier", "code"]);
        assert_eq!(words("find_by_CCCD"), ["find", "by", "cccd"]);
        assert_eq!(words("HTTPServer2Org"), ["httpserver2", "org"]);
        assert_eq!(words("MAX_KPI"), ["max", "kpi"]);
    }
}
