//! The wording of a decision without the person it is about, so that the next one of its kind can be held
//! against it. What is kept is masked before it is stored: nobody can read out of it who the person was.
//!
//! Three steps, each closing what the one before leaves open: the facts of the dossier become their names in
//! braces; any other word with a digit in it, and any other word with a capital that does not begin a
//! sentence and stands in no template, becomes `…`. A name the officer wrote is lost with them, which is
//! what is wanted.

use std::collections::{BTreeMap, BTreeSet};

/// What stands where a word was that could tell of a person.
const MASK: &str = "…";

/// The facts that tell of a person, by the names forms give them.
pub const PERSONAL: [&str; 8] = [
    "holder_name",
    "submitter_name",
    "holder_number",
    "holder_born_on",
    "holder_address",
    "holder_phone",
    "dossier_code",
    "signer_name",
];

/// How the person is addressed, which tells of the sex; masked before the name alone, for the words are
/// everybody's elsewhere.
const TITLE: &str = "holder_title";

/// `text` without the person: `facts` by name, `template` the text the form began with, whose words are
/// nobody's.
// law: LBVDLCN2025/0
pub fn masked(text: &str, facts: &BTreeMap<&str, String>, template: &str) -> String {
    let known: BTreeSet<&str> = template.split_whitespace().map(bare).collect();
    let mut personal: Vec<(&str, &str)> = PERSONAL
        .iter()
        .filter_map(|name| Some((*name, facts.get(name)?.trim())))
        .filter(|(_, value)| value.chars().count() > 1)
        .collect();
    // The longest first: an address may hold what is a fact of its own.
    personal.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
    let mut named = text.to_owned();
    for (name, value) in personal {
        named = named.replace(value, &format!("{{{name}}}"));
    }
    named = match facts.get(TITLE) {
        Some(title) if !title.is_empty() => {
            named.replace(&format!("{title} {{holder_name}}"), &format!("{{{TITLE}}} {{holder_name}}"))
        }
        _ => named,
    };
    named.split('\n').map(|line| masked_line(line, &known)).collect::<Vec<_>>().join("\n")
}

fn masked_line(line: &str, known: &BTreeSet<&str>) -> String {
    let mut begins = true;
    let mut words: Vec<&str> = Vec::new();
    for word in line.split_whitespace() {
        let shown = if tells(word, begins, known) { MASK } else { word };
        begins = word.ends_with(['.', '!', '?', ':']);
        if !(shown == MASK && words.last() == Some(&MASK)) {
            words.push(shown);
        }
    }
    words.join(" ")
}

/// Could this word be a name or a number of somebody?
fn tells(word: &str, begins: bool, known: &BTreeSet<&str>) -> bool {
    let word = bare(word);
    if word.starts_with('{') && word.ends_with('}') || known.contains(word) {
        return false;
    }
    word.chars().any(char::is_numeric)
        || word.contains('@')
        // What is written in capitals throughout may be a name at the beginning of a sentence, too.
        || word.chars().skip(1).any(char::is_uppercase)
        || (!begins && word.starts_with(char::is_uppercase))
}

fn bare(word: &str) -> &str {
    word.trim_matches(|letter: char| letter.is_ascii_punctuation() && !matches!(letter, '{' | '}'))
}

/// A masked text as it would read for another person.
pub fn worded_for(masked: &str, facts: &BTreeMap<&str, String>) -> String {
    PERSONAL.iter().chain([&TITLE]).fold(masked.to_owned(), |text, name| {
        let fact = facts.get(name).map_or(MASK, |fact| fact.as_str());
        text.replace(&format!("{{{name}}}"), fact)
    })
}

#[cfg(test)]
mod tests {
    use super::{masked, worded_for};
    use std::collections::BTreeMap;

    fn facts(name: &str, number: &str, address: &str) -> BTreeMap<&'static str, String> {
        let title = "bà";
        [
            ("holder_title", title),
            ("holder_name", name),
            ("holder_number", number),
            ("holder_address", address),
        ]
        .map(|(key, value)| (key, value.to_owned()))
        .into()
    }

    #[test]
    fn nothing_of_the_person_is_kept() {
        let facts = facts("Nguyễn Thị Ngoãn", "038191004627", "Thôn Đông Hạ, xã Yên Bình");
        let text = "Xác nhận bà Nguyễn Thị Ngoãn, số 038191004627, ở Thôn Đông Hạ, xã Yên Bình, \
                    đã ly hôn ông Trần Văn Bảy theo Quyết định số 12/2023/QĐ ngày 3/4/2023.\n\
                    Điện thoại 0912 345 678, thư ngoan@thu.vn. NGOÃN ký.";
        let kept = masked(text, &facts, "Quyết định về việc xác nhận");
        assert_eq!(
            kept,
            "Xác nhận {holder_title} {holder_name}, số {holder_number}, ở {holder_address}, đã ly hôn ông … theo Quyết \
             định số … ngày …\nĐiện thoại … thư … ký."
        );
        for told in ["Ngoãn", "Bảy", "038191", "0912", "2023", "Đông", "@", "NGOÃN"] {
            assert!(!kept.contains(told), "{told}");
        }
    }

    #[test]
    fn it_reads_for_the_next_person() {
        let next = facts("Lê Thị Na", "038195000001", "Thôn Tây");
        assert_eq!(
            worded_for("Cấp cho {holder_title} {holder_name}, {holder_phone}.", &next),
            "Cấp cho bà Lê Thị Na, …."
        );
    }

    #[test]
    fn the_words_of_the_template_are_nobodys() {
        let template = "TM. Ủy ban nhân dân\nViệt Nam";
        let none = BTreeMap::new();
        assert_eq!(masked("TM. Ủy ban nhân dân", &none, template), "TM. Ủy ban nhân dân");
        assert_eq!(masked("ở Việt Nam từ nhỏ", &none, template), "ở Việt Nam từ nhỏ");
        assert_eq!(masked("ở Lào từ nhỏ", &none, template), "ở … từ nhỏ");
    }
}
