//! Lines and stretches of words to look for labels in. Everything is compared folded (lower case,
//! no diacritics), because tone marks are what recognition gets wrong most.

use unicode_normalization::UnicodeNormalization;

use crate::geometry::{Rect, union};
use crate::recognise::{PageText, Word};

/// A line of a page.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) words: Vec<&'a Word>,
    /// The words folded, without punctuation around them; as many as `words`.
    pub(super) folded: Vec<String>,
    pub(super) rect: Rect,
    pub(super) page: u32,
    pub(super) page_size: (u32, u32),
}

/// Words of one page that make a value.
#[derive(Debug, Clone)]
pub(super) struct Span<'a> {
    pub(super) words: Vec<&'a Word>,
    pub(super) page: u32,
}

pub(super) fn of(pages: &[PageText]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (page, text) in (0..).zip(pages) {
        let mut number = None;
        for word in text.words.iter().filter(|word| !is_stroke(&word.text)) {
            let folded = fold(&word.text);
            match lines.last_mut() {
                Some(line) if number == Some(word.line) => {
                    line.rect = union(line.rect, word.rect);
                    line.words.push(word);
                    line.folded.push(folded);
                }
                _ => lines.push(Line {
                    words: vec![word],
                    folded: vec![folded],
                    rect: word.rect,
                    page,
                    page_size: (text.width, text.height),
                }),
            }
            number = Some(word.line);
        }
    }
    lines
}

/// Whether nothing of a word is a letter, a figure or a mark of print: strokes of a pen and rules are read so.
fn is_stroke(text: &str) -> bool {
    text.chars().all(|c| matches!(c, 'ˆ' | '^' | '~' | '`' | '´' | '_' | '|' | '¦' | '\\' | '⁄' | '¬'))
}

/// Each page as one line of all its words in reading order, for what is broken over two lines.
pub(super) fn run_on<'a>(lines: &[Line<'a>]) -> Vec<Line<'a>> {
    let mut pages: Vec<Line<'a>> = Vec::new();
    for line in lines {
        match pages.last_mut() {
            Some(page) if page.page == line.page => {
                page.rect = union(page.rect, line.rect);
                page.words.extend(&line.words);
                page.folded.extend_from_slice(&line.folded);
            }
            _ => pages.push(Line { words: line.words.clone(), folded: line.folded.clone(), ..*line }),
        }
    }
    pages
}

/// Lower case, no diacritics, no punctuation at the ends.
pub(super) fn fold(text: &str) -> String {
    let plain = text.nfd().filter(|c| !('\u{300}'..='\u{36F}').contains(c)).flat_map(char::to_lowercase);
    let plain: String = plain.map(|c| if c == 'đ' { 'd' } else { c }).collect();
    plain.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

/// `HỒ CẨM TÚ` as `Hồ Cẩm Tú`.
pub(super) fn titled(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters.flat_map(char::to_lowercase)).collect::<String>()
    };
    name.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

/// Whether folded words begin with one of `openings`.
pub(super) fn opens_with(folded: &str, openings: &[&str]) -> bool {
    openings.iter().any(|opening| {
        folded.strip_prefix(opening).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })
}

impl<'a> Line<'a> {
    pub(super) fn text(&self) -> String {
        joined(&self.words)
    }

    /// The folded words with single spaces.
    pub(super) fn folded_text(&self) -> String {
        let words: Vec<&str> =
            self.folded.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
        words.join(" ")
    }

    /// The index of the word behind the first place where `label` (folded words) stands.
    pub(super) fn behind(&self, label: &str) -> Option<usize> {
        self.behind_from(label, 0)
    }

    /// The same from the word `from` on.
    pub(super) fn behind_from(&self, label: &str, from: usize) -> Option<usize> {
        let label: Vec<&str> = label.split(' ').collect();
        let solid: Vec<usize> = (from..self.folded.len()).filter(|&at| !self.folded[at].is_empty()).collect();
        let found = solid
            .windows(label.len())
            .find(|places| places.iter().zip(&label).all(|(&at, wanted)| self.folded[at] == *wanted))?;
        found.last().map(|at| at + 1)
    }

    /// The words from `start` on, without marks that only lead up to a value.
    pub(super) fn rest(&self, start: usize) -> Span<'a> {
        let words = self.words.get(start..).unwrap_or_default();
        let is_leader = |word: &&&Word| !word.text.chars().any(char::is_alphanumeric);
        let skipped = words.iter().take_while(is_leader).count();
        Span { words: words[skipped..].to_vec(), page: self.page }
    }

    pub(super) fn whole(&self) -> Span<'a> {
        Span { words: self.words.clone(), page: self.page }
    }

    /// Middle of the line across the page, 0 left to 1 right.
    pub(super) fn middle(&self) -> f32 {
        self.rect[0].midpoint(self.rect[2]) as f32 / self.page_size.0.max(1) as f32
    }

    /// Top of the line down the page, 0 to 1.
    pub(super) fn depth(&self) -> f32 {
        self.rect[1] as f32 / self.page_size.1.max(1) as f32
    }

    /// Whether the letters are capitals (small slips of the reading allowed).
    pub(super) fn is_upper(&self) -> bool {
        let letters = || self.words.iter().flat_map(|word| word.text.chars()).filter(|c| c.is_alphabetic());
        let (n_letters, n_upper) = (letters().count(), letters().filter(|c| c.is_uppercase()).count());
        n_letters >= 2 && n_upper * 10 >= n_letters * 9
    }

    pub(super) fn is_on_first_page(&self) -> bool {
        self.page == 0
    }
}

impl<'a> Span<'a> {
    pub(super) fn text(&self) -> String {
        joined(&self.words)
    }

    pub(super) fn rect(&self) -> Rect {
        self.words.iter().map(|word| word.rect).reduce(union).unwrap_or_default()
    }

    /// Mean over the words.
    pub(super) fn confidence(&self) -> f32 {
        let sum: f32 = self.words.iter().map(|word| word.confidence).sum();
        sum / self.words.len().max(1) as f32
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Adds the words of another stretch of the same page.
    pub(super) fn join(&mut self, other: Span<'a>) {
        if other.page == self.page {
            self.words.extend(other.words);
        }
    }

    /// The words before the first one whose folded text begins one of `stops`.
    pub(super) fn until(mut self, stops: &[&str]) -> Self {
        let folded: Vec<String> = self.words.iter().map(|word| fold(&word.text)).collect();
        let is_stop = |at: usize| {
            stops.iter().any(|stop| {
                stop.split(' ').enumerate().all(|(n, part)| folded.get(at + n).is_some_and(|f| f == part))
            })
        };
        if let Some(end) = (0..folded.len()).find(|&at| is_stop(at)) {
            self.words.truncate(end);
        }
        self
    }
}

fn joined(words: &[&Word]) -> String {
    let mut out = String::new();
    for word in words {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word.text);
    }
    out
}
