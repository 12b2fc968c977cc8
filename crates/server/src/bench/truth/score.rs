//! The figures: means over pages for letters and words, counts over papers for fields.

use std::collections::BTreeMap;
use std::fmt;

use super::fields::Fate;
use crate::bench::table::{Cell, Table};
use scan::extract::FieldKey;
use scan::measure::{character_error_rate, without_diacritics, word_error_rate, words_found};
use scan::recognise::syllable;
use serde::Serialize;

/// Rates of one page, 0 where nothing is wrong.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Letters {
    character_error: f64,
    /// The same where tone and other marks are left out of both.
    error_without_marks: f64,
    word_error: f64,
    /// Words of the truth that were read nowhere, whatever the order.
    words_lost: f64,
    /// Words read that cannot be Vietnamese.
    strange: f64,
}

impl Letters {
    pub(super) fn of(truth: &str, read: &str) -> Self {
        Self {
            character_error: character_error_rate(truth, read),
            error_without_marks: character_error_rate(&without_diacritics(truth), &without_diacritics(read)),
            word_error: word_error_rate(truth, read),
            words_lost: 1.0 - words_found(truth, read),
            strange: f64::from(syllable::non_syllable_share(read.split_whitespace()).0),
        }
    }
}

/// Means over the pages of a group, in percent.
#[derive(Debug, Serialize)]
struct LettersTold {
    n_pages: usize,
    cer: f64,
    cer_without_marks: f64,
    wer: f64,
    words_lost: f64,
    non_syllables: f64,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Tally {
    right: usize,
    missed: usize,
    wrong_flagged: usize,
    /// Wrong, and nothing says so.
    wrong_silent: usize,
}

impl Tally {
    fn add(&mut self, fate: &Fate) {
        match fate {
            Fate::Right => self.right += 1,
            Fate::Missed => self.missed += 1,
            Fate::Wrong { is_flagged: true, .. } => self.wrong_flagged += 1,
            Fate::Wrong { is_flagged: false, .. } => self.wrong_silent += 1,
        }
    }

    fn sum(tallies: impl IntoIterator<Item = Self>) -> Self {
        tallies.into_iter().fold(Self::default(), |sum, one| Self {
            right: sum.right + one.right,
            missed: sum.missed + one.missed,
            wrong_flagged: sum.wrong_flagged + one.wrong_flagged,
            wrong_silent: sum.wrong_silent + one.wrong_silent,
        })
    }

    fn n_wrong(&self) -> usize {
        self.wrong_flagged + self.wrong_silent
    }

    fn told(&self) -> TallyTold {
        let share = |part: usize, of: usize| if of == 0 { 0.0 } else { part as f64 / of as f64 * 100.0 };
        let n_given = self.right + self.n_wrong();
        // A wrong value is a wrong one given and a true one missed; where the paper says nothing it is only the first.
        TallyTold {
            counts: *self,
            precision: share(self.right, n_given),
            recall: share(self.right, self.right + self.missed + self.n_wrong()),
            f1: share(2 * self.right, 2 * self.right + self.missed + 2 * self.n_wrong()),
            silent: share(self.wrong_silent, n_given),
        }
    }
}

/// In percent.
#[derive(Debug, Serialize)]
struct TallyTold {
    #[serde(flatten)]
    counts: Tally,
    precision: f64,
    recall: f64,
    f1: f64,
    /// Of the values given, those that are wrong without a warning.
    silent: f64,
}

/// A field that was not read right.
#[derive(Debug, Serialize)]
struct Wrong {
    paper: String,
    field: FieldKey,
    truth: Option<String>,
    value: Option<String>,
    is_flagged: bool,
}

#[derive(Debug, Default)]
pub(super) struct Score {
    letters: BTreeMap<String, Vec<Letters>>,
    fields: BTreeMap<String, BTreeMap<FieldKey, Tally>>,
    wrong: Vec<Wrong>,
}

const ALL: &str = "tất cả";

impl Score {
    pub(super) fn letters(&mut self, group: &str, letters: Letters) {
        self.letters.entry(group.to_owned()).or_default().push(letters);
    }

    pub(super) fn fields(&mut self, group: &str, paper: &str, judged: Vec<(FieldKey, Fate)>) {
        let of_group = self.fields.entry(group.to_owned()).or_default();
        for (field, fate) in judged {
            of_group.entry(field).or_default().add(&fate);
            let (truth, value, is_flagged) = match fate {
                Fate::Right => continue,
                Fate::Missed => (None, None, false),
                Fate::Wrong { value, truth, is_flagged } => (truth, Some(value), is_flagged),
            };
            let paper = format!("{group}/{paper}");
            self.wrong.push(Wrong { paper, field, truth, value, is_flagged });
        }
    }

    /// Each field that was not read right, in a line.
    pub(super) fn wrong(&self) -> impl Iterator<Item = String> {
        self.wrong.iter().map(|wrong| {
            let Wrong { paper, field, truth, value, is_flagged } = wrong;
            let name = field.in_vietnamese();
            match (value, truth) {
                (None, _) => format!("{paper}: {name}: không tìm thấy"),
                (Some(value), truth) => {
                    let truth = truth.as_deref().unwrap_or("giấy không ghi");
                    let told = if *is_flagged { "có báo ngờ" } else { "KHÔNG báo" };
                    format!("{paper}: {name}: đọc “{value}”, đúng là “{truth}” ({told})")
                }
            }
        })
    }

    fn letters_told(&self) -> Vec<(&str, LettersTold)> {
        let all: Vec<Letters> = self.letters.values().flatten().copied().collect();
        let groups = self.letters.iter().map(|(group, pages)| (group.as_str(), means(pages)));
        let whole = (self.letters.len() > 1).then(|| (ALL, means(&all)));
        groups.chain(whole).collect()
    }

    fn fields_told(&self) -> Vec<(&str, TallyTold)> {
        let of_group = |tallies: &BTreeMap<FieldKey, Tally>| Tally::sum(tallies.values().copied());
        let groups = self.fields.iter().map(|(group, tallies)| (group.as_str(), of_group(tallies).told()));
        let whole =
            (self.fields.len() > 1).then(|| (ALL, Tally::sum(self.fields.values().map(of_group)).told()));
        groups.chain(whole).collect()
    }

    fn by_key(&self) -> Vec<(FieldKey, TallyTold)> {
        let mut keys: BTreeMap<FieldKey, Vec<Tally>> = BTreeMap::new();
        for (key, tally) in self.fields.values().flatten() {
            keys.entry(*key).or_default().push(*tally);
        }
        keys.into_iter().map(|(key, tallies)| (key, Tally::sum(tallies).told())).collect()
    }
}

fn means(pages: &[Letters]) -> LettersTold {
    let mean =
        |of: fn(&Letters) -> f64| pages.iter().map(of).sum::<f64>() / (pages.len().max(1)) as f64 * 100.0;
    LettersTold {
        n_pages: pages.len(),
        cer: mean(|page| page.character_error),
        cer_without_marks: mean(|page| page.error_without_marks),
        wer: mean(|page| page.word_error),
        words_lost: mean(|page| page.words_lost),
        non_syllables: mean(|page| page.strange),
    }
}

impl Serialize for Score {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let of = |rows: Vec<(&str, TallyTold)>| {
            rows.into_iter().map(|(group, told)| (group.to_owned(), told)).collect::<BTreeMap<_, _>>()
        };
        let mut all = serializer.serialize_struct("Score", 4)?;
        all.serialize_field("letters", &self.letters_told().into_iter().collect::<BTreeMap<_, _>>())?;
        all.serialize_field("fields", &of(self.fields_told()))?;
        all.serialize_field("by_field", &self.by_key().into_iter().collect::<BTreeMap<_, _>>())?;
        all.serialize_field("not_right", &self.wrong)?;
        all.end()
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |value| Cell::fraction(Some(value));
        let mut letters = Table::new(&[
            "nhóm",
            "trang",
            "sai ký tự %",
            "bỏ dấu, sai %",
            "sai từ %",
            "mất từ %",
            "không phải tiếng Việt %",
        ]);
        for (group, told) in self.letters_told() {
            letters.row(vec![
                Cell::text(group),
                Cell::whole(told.n_pages),
                percent(told.cer),
                percent(told.cer_without_marks),
                percent(told.wer),
                percent(told.words_lost),
                percent(told.non_syllables),
            ]);
        }
        write!(f, "{letters}")?;
        if self.fields.is_empty() {
            return Ok(());
        }
        let head = ["trường", "đúng", "thiếu", "sai có báo", "sai không báo", "F1 %", "sai không báo %"];
        let mut fields = Table::new(&head);
        let groups = self.fields_told().into_iter().map(|(group, told)| (group.to_owned(), told));
        let keys = self.by_key().into_iter().map(|(key, told)| (key.in_vietnamese().to_owned(), told));
        for (name, told) in groups.chain(keys) {
            fields.row(vec![
                Cell::text(&name),
                Cell::whole(told.counts.right),
                Cell::whole(told.counts.missed),
                Cell::whole(told.counts.wrong_flagged),
                Cell::whole(told.counts.wrong_silent),
                percent(told.f1),
                percent(told.silent),
            ]);
        }
        write!(f, "\n\n{fields}")
    }
}
