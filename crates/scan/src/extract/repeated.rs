//! A name often stands on a paper more than once. Where the places differ in marks only, they are one name that
//! was misread somewhere, or two people's: what most of them say is taken, and that others differ is told.

use std::collections::BTreeMap;

use super::lines::{Line, fold, titled};
use super::{Doubt, Field};
use crate::geometry::Rect;

/// Names of one word say too little to be found again.
const LEAST_WORDS: usize = 2;

/// Holds the words of a value from the word `from` on against the other places where they stand.
pub(super) fn weigh(field: &mut Field, from: usize, pages: &[Line<'_>]) {
    let words: Vec<&str> = field.value.split_whitespace().collect();
    let Some(own) = words.get(from..).filter(|own| own.len() >= LEAST_WORDS) else { return };
    let said: Vec<String> = own.iter().map(|word| plain(word)).collect();
    let mut others = elsewhere(own, (field.page, field.rect), pages);
    let n_own = 1 + others.remove(&said).unwrap_or(0);
    let Some((other, n_other)) = others.into_iter().max_by_key(|(_, n)| *n) else { return };
    if n_other <= n_own {
        field.doubts.push(Doubt::Another { value: other.join(" ") });
        return;
    }
    let taken = other.iter().zip(own).map(|(other, own)| dressed(other, own));
    let kept = words[..from].iter().map(|word| (*word).to_owned());
    let value = kept.chain(taken).collect::<Vec<_>>().join(" ");
    field.doubts.push(Doubt::Another { value: std::mem::replace(&mut field.value, value) });
}

/// In small letters, without what stands around a word.
fn plain(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// How often other readings of the words, and the same, stand elsewhere.
fn elsewhere(own: &[&str], (page, rect): (u32, Rect), pages: &[Line<'_>]) -> BTreeMap<Vec<String>, usize> {
    let wanted: Vec<String> = own.iter().map(|word| fold(word)).collect();
    let mut found = BTreeMap::new();
    for line in pages {
        for at in 0..line.words.len().saturating_sub(wanted.len() - 1) {
            let is_alike = alike(&wanted, &line.folded[at..at + wanted.len()]);
            let words = &line.words[at..at + wanted.len()];
            let is_itself = line.page == page && words.iter().any(|word| overlaps(word.rect, rect));
            if is_alike && !is_itself {
                *found.entry(words.iter().map(|word| plain(&word.text)).collect()).or_default() += 1;
            }
        }
    }
    found
}

/// The same but for marks; of three words and more, one may differ in a letter.
fn alike(wanted: &[String], read: &[String]) -> bool {
    let mut differing = wanted.iter().zip(read).filter(|(wanted, read)| wanted != read);
    match differing.next() {
        None => true,
        Some((wanted_word, read_word)) => {
            wanted.len() >= 3 && differing.next().is_none() && one_letter_apart(wanted_word, read_word)
        }
    }
}

/// Of two words of the same length, beginning alike.
fn one_letter_apart(a: &str, b: &str) -> bool {
    let n_differing = a.chars().zip(b.chars()).filter(|(a, b)| a != b).count();
    a.len() == b.len() && a.len() >= 2 && a.chars().next() == b.chars().next() && n_differing == 1
}

fn overlaps(a: Rect, b: Rect) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// `word` with the capitals of `like`, and what stands around it.
fn dressed(word: &str, like: &str) -> String {
    let core = like.trim_matches(|c: char| !c.is_alphanumeric());
    let (before, after) = like.split_once(core).filter(|_| !core.is_empty()).unwrap_or(("", ""));
    format!("{before}{}{after}", in_capitals_of(word, core))
}

fn in_capitals_of(word: &str, like: &str) -> String {
    let mut capitals = like.chars().filter(|c| c.is_alphabetic()).map(char::is_uppercase);
    let first = capitals.next().unwrap_or(false);
    let second = capitals.next().unwrap_or(false);
    match (first, second) {
        (true, true) => word.to_uppercase(),
        (true, false) => titled(word),
        (false, _) => word.to_owned(),
    }
}
