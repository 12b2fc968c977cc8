//! The foot of a document: at the bottom right, the office that signs, and under the signature the
//! name of who signed.
// law: ND30-2020/PL1

use super::lines::Line;
use super::person::is_name;
use super::{Field, FieldKey};

/// Words the office line begins with (folded).
const OFFICES: [&str; 26] = [
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
];

/// The person who signed: the lowest name under the lowest office on the right.
pub(super) fn signatory(lines: &[Line<'_>]) -> Option<Field> {
    let on_right = |line: &&Line<'_>| line.middle() > 0.5 && line.depth() > 0.12;
    let is_office = |line: &Line<'_>| {
        let folded = line.folded_text();
        let begins =
            OFFICES.iter().any(|office| folded == *office || folded.starts_with(&format!("{office} ")));
        begins && line.words.iter().take(1).all(|word| word.text.chars().any(char::is_uppercase))
    };
    let (at, office) =
        lines.iter().enumerate().filter(|(_, line)| on_right(line)).rfind(|(_, line)| is_office(line))?;
    let mut names = lines[at + 1..]
        .iter()
        .filter(on_right)
        .filter(|line| line.page == office.page && line.rect[1] >= office.rect[3])
        .filter(|line| !is_office(line))
        .filter_map(|line| {
            let mut span = line.whole();
            // Strokes of the signature are read as marks and stray letters beside the name.
            span.words.retain(|word| word.text.chars().filter(|c| c.is_alphabetic()).count() >= 2);
            let value = span.text();
            let value = value.trim_matches(|c: char| !c.is_alphabetic()).to_owned();
            is_name(&value).then(|| span.field_with(FieldKey::Signatory, value))
        });
    names.next()
}
