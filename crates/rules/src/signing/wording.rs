//! The wording of a decision without the person it is about, so that the next one of its kind can be held
//! against it. What is kept is masked before it is stored: nobody can read out of it who the person was.
//!
//! Three steps, each closing what the one before leaves open: the facts of the dossier become their names in
//! braces, whatever the case they are typed in; any other word with a digit in it becomes `…`; and so does
//! any word with a capital that stands in no template, unless it begins a sentence and is one of the few
//! words sentences begin with. A name the officer wrote is lost with them, which is what is wanted.

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

/// Words that begin a sentence and are nobody's name; any other capital could be one.
const OPENERS: [&str; 39] = [
    "Ai", "Bà", "Bản", "Biên", "Bên", "Căn", "Các", "Chưa", "Cấp", "Cùng", "Do", "Giấy", "Hiện", "Khi",
    "Không", "Kể", "Kèm", "Một", "Mọi", "Nay", "Nơi", "Nếu", "Người", "Những", "Nội", "Qua", "Sau", "Số",
    "Theo", "Thời", "Trong", "Trên", "Trước", "Việc", "Xác", "Xét", "Đã", "Được", "Ông",
];

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
        named = replaced(&named, value, &format!("{{{name}}}"));
    }
    named = match facts.get(TITLE) {
        Some(title) if !title.is_empty() => {
            named.replace(&format!("{title} {{holder_name}}"), &format!("{{{TITLE}}} {{holder_name}}"))
        }
        _ => named,
    };
    named.split('\n').map(|line| masked_line(line, &known)).collect::<Vec<_>>().join("\n")
}

/// `text` with a name for each `value` that stands there as words of its own, in whatever case.
fn replaced(text: &str, value: &str, name: &str) -> String {
    let fold = |letter: &char| letter.to_lowercase().next().unwrap_or(*letter);
    let letters: Vec<char> = text.chars().collect();
    let sought: Vec<char> = value.chars().map(|letter| fold(&letter)).collect();
    let is_edge = |at: Option<&char>| at.is_none_or(|letter| !letter.is_alphanumeric());
    let (mut done, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(letter) = letters.get(at) {
        let end = at + sought.len();
        let is_there =
            letters.get(at..end).is_some_and(|there| there.iter().map(fold).eq(sought.iter().copied()));
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        if is_there && is_edge(before) && is_edge(letters.get(end)) {
            done.push_str(name);
            at = end;
        } else {
            done.push(*letter);
            at += 1;
        }
    }
    done
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
    if known.contains(word) || is_fact(word) || (begins && OPENERS.contains(&word)) {
        return false;
    }
    word.contains('@') || word.chars().any(|letter| letter.is_numeric() || letter.is_uppercase())
}

/// Is it a name in braces that was put there, and not an officer's own braces?
fn is_fact(word: &str) -> bool {
    let inside = word.strip_prefix('{').and_then(|word| word.strip_suffix('}'));
    inside.is_some_and(|inside| inside == TITLE || PERSONAL.contains(&inside))
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
             định số … ngày …\n… thoại … thư … ký."
        );
        for told in ["Ngoãn", "Bảy", "038191", "0912", "2023", "Đông", "@", "NGOÃN"] {
            assert!(!kept.contains(told), "{told}");
        }
    }

    #[test]
    fn a_name_is_masked_wherever_it_stands() {
        let none = BTreeMap::new();
        for (text, kept) in [
            ("Người yêu cầu: Nguyễn Văn Bảy.", "Người yêu cầu: …"),
            ("Bảy đã nộp đơn. Ngoãn đồng ý.", "… đã nộp đơn. … đồng ý."),
            ("Từ Văn Bảy chưa nộp", "… chưa nộp"),
            ("gửi {Ngoãn} và {holder_name}/Bảy/{holder_number}", "gửi … và …"),
            ("ông/Bảy, (Bảy), bà-Ngoãn", "…"),
        ] {
            assert_eq!(masked(text, &none, ""), kept, "{text}");
        }
        let facts = facts("An", "038191004627", "Thôn Tây");
        let kept = masked("AN ở thôn tây, anh của bà an", &facts, "");
        assert_eq!(kept, "{holder_name} ở {holder_address}, anh của {holder_title} {holder_name}");
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
