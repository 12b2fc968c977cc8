//! The foot of a document: at the bottom right, the office that signs, and under the signature the
//! name of who signed.
// law: ND30-2020/PL1

use super::lines::{Line, opens_with};
use super::person::is_name;
use super::{Doubt, Field, FieldKey};

/// Words the office line begins with (folded).
const OFFICES: [&str; 27] = [
    "tm",
    "kt",
    "tl",
    "tuq",
    "q",
    "chu tich",
    "pho chu tich",
    "giam doc",
    "pho giam doc",
    "bo truong",
    "thu truong",
    "cuc truong",
    "chi cuc truong",
    "truong phong",
    "pho truong phong",
    "truong ban",
    "chanh van phong",
    "nguoi ky",
    "nguoi khai",
    "nguoi lam don",
    "nguoi yeu cau",
    "nguoi de nghi",
    "nguoi uy quyen",
    "cong chuc",
    "truong cong an",
    "hieu truong",
    "tham phan",
];

/// The person who signed: the first name under the lowest office on the right. Where the stamp hides the office,
/// the lowest name on the right is only a guess.
pub(super) fn signatory(lines: &[Line<'_>]) -> Option<Field> {
    let last_page = lines.last()?.page;
    let on_right =
        |line: &&Line<'_>| line.middle() > 0.5 && (line.depth() > 0.12 || !line.is_on_first_page());
    let office =
        lines.iter().enumerate().filter(|(_, line)| on_right(line)).rfind(|(_, line)| is_office(line));
    let under_office = office.and_then(|(at, office)| {
        lines[at + 1..]
            .iter()
            .filter(on_right)
            .filter(|line| line.page == office.page && line.rect[1] >= office.rect[3])
            .find_map(signed)
    });
    under_office.or_else(|| {
        let low = |line: &&Line<'_>| {
            line.page == last_page && line.middle() > 0.58 && (line.depth() > 0.5 || last_page > 0)
        };
        let mut field = lines.iter().rev().filter(low).find_map(signed)?;
        field.doubts.push(Doubt::Unlabelled);
        Some(field)
    })
}

/// `KT. CHỦ TỊCH`: as what somebody signs.
pub(super) fn is_office(line: &Line<'_>) -> bool {
    let begins_large = line.words.first().is_none_or(|word| word.text.contains(char::is_uppercase));
    begins_large && opens_with(&line.folded_text(), &OFFICES)
}

/// A name as it stands under a signature, in small letters.
// law: ND30-2020/PL1
fn signed(line: &Line<'_>) -> Option<Field> {
    let mut span = line.whole();
    // Strokes of the signature are read as marks and stray letters beside the name.
    let is_word = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    let n_words = span.words.len();
    span.words.retain(|word| is_word(&word.text));
    let value = span.text();
    let value = value.trim_matches(|c: char| !c.is_alphabetic()).to_owned();
    let is_small = value.split(' ').all(|word| word.chars().any(char::is_lowercase));
    if !is_small || !is_name(&value) {
        return None;
    }
    let mut field = span.field_with(FieldKey::Signatory, value);
    if span.words.len() < n_words && !field.doubts.contains(&Doubt::Unsure) {
        field.doubts.push(Doubt::Unsure);
    }
    Some(field)
}
