//! What officers write before an act is done, and beside it: prose that is kept unsent, who holds a form
//! that one alone should fill in, the sentences of a request for papers, and notes among colleagues.

use crate::event::Body;
use crate::id::{DossierId, NoteId, OfficerId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A form whose prose is kept while it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WritingForm {
    /// The draft of the result.
    Draft,
    /// What the applicant is to bring.
    Supplement,
    /// The opinion at a step.
    Opinion,
    Note,
}

impl WritingForm {
    pub const ALL: [Self; 4] = [Self::Draft, Self::Supplement, Self::Opinion, Self::Note];

    /// The word kept in columns.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Supplement => "supplement",
            Self::Opinion => "opinion",
            Self::Note => "note",
        }
    }
}

/// Why something written is not kept, or not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WritingRefused {
    /// More than is kept of one form.
    TooLong,
    NoteEmpty,
    NoteTooLong,
    /// A note is struck out by who wrote it.
    NotItsAuthor,
    StruckBefore,
    /// Another is taken the form from only with a reason.
    ReasonMissing,
}

/// Letters kept of one form; the longest form of an office has some twenty fields of 4,000 letters.
const MOST_LETTERS: usize = 100_000;
/// Letters of what a form was begun on: a digest.
const BASE_LETTERS: usize = 64;
/// Letters of a note.
const NOTE_LETTERS: usize = 2_000;
/// Letters of what an officer adds to a reason.
const DETAIL_LETTERS: usize = 1_000;

/// What an officer typed into a form and has not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Counts the savings, from 1.
    pub version: i64,
    /// What the form showed when he began; another value there means that it was changed meanwhile.
    pub base: String,
    /// In the order of the form; boxes have one name more than once.
    pub fields: Vec<(String, String)>,
    pub saved_at: Timestamp,
}

impl Unsent {
    /// What is kept after this saving. `seen` is the version the window holds, 0 where it began afresh.
    ///
    /// # Errors
    /// What is kept, where another window saved meanwhile: neither text is lost.
    pub fn kept(
        kept: Option<Self>,
        seen: i64,
        base: String,
        fields: Vec<(String, String)>,
        now: Timestamp,
    ) -> Result<Self, Self> {
        match kept {
            // The answer of the first try was lost on the way.
            Some(kept) if kept.fields == fields && kept.base == base => Ok(kept),
            Some(kept) if kept.version != seen => Err(kept),
            kept => {
                let version = kept.map_or(0, |kept| kept.version) + 1;
                Ok(Self { version, base, fields, saved_at: now })
            }
        }
    }
}

/// Whether so much may be kept.
pub fn check_length(base: &str, fields: &[(String, String)]) -> Result<(), WritingRefused> {
    let n_letters: usize = fields.iter().map(|(name, value)| name.len() + value.chars().count()).sum();
    if n_letters > MOST_LETTERS || base.len() > BASE_LETTERS { Err(WritingRefused::TooLong) } else { Ok(()) }
}

/// Who fills in a form. It ends by itself; what was typed is never lost by it, for each has what he typed
/// kept apart and the row's version has the last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    pub officer: OfficerId,
    pub since: Timestamp,
    pub until: Timestamp,
}

impl Hold {
    fn new(officer: OfficerId, now: Timestamp, lease: SignedDuration) -> Self {
        Self { officer, since: now, until: now + lease }
    }

    /// Begins a hold or makes one's own last longer.
    ///
    /// # Errors
    /// The hold of another that has not ended.
    pub fn claim(
        current: Option<Self>,
        officer: OfficerId,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<Self, Self> {
        match current.filter(|hold| hold.until > now) {
            Some(hold) if hold.officer == officer => Ok(Self { until: now + lease, ..hold }),
            Some(hold) => Err(hold),
            None => Ok(Self::new(officer, now, lease)),
        }
    }

    /// A head lets `officer` go on with what another still holds, and says why.
    pub fn take_over(
        current: Option<Self>,
        form: WritingForm,
        officer: OfficerId,
        reason: &str,
        now: Timestamp,
        lease: SignedDuration,
    ) -> Result<(Self, Option<Body>), WritingRefused> {
        match Self::claim(current, officer, now, lease) {
            Ok(hold) => Ok((hold, None)),
            Err(_) if reason.trim().is_empty() => Err(WritingRefused::ReasonMissing),
            Err(held) => {
                let body =
                    Body::EditingTakenOver { form, from: held.officer, reason: reason.trim().to_owned() };
                Ok((Self::new(officer, now, lease), Some(body)))
            }
        }
    }
}

/// Stands in the sentence of a reason for the name of the paper.
const PAPER: &str = "{giay}";

/// What the applicant reads of one paper: the sentence of the reason with the paper's name, and what the
/// officer adds. None where there is neither, or too much.
// law: ND61-2018/19.4
pub fn request(sentence: &str, paper: &str, detail: &str) -> Option<String> {
    let (sentence, detail) = (sentence.replace(PAPER, paper), ended(detail));
    if detail.chars().count() > DETAIL_LETTERS {
        return None;
    }
    let parts: Vec<&str> = [sentence.trim(), &detail].into_iter().filter(|part| !part.is_empty()).collect();
    Some(parts.join(" ")).filter(|said| !said.is_empty())
}

/// With a capital and a full stop, as a sentence.
fn ended(text: &str) -> String {
    let text = crate::words::upper_first(&crate::text::nfc(text.trim()));
    let stop = if text.is_empty() || text.ends_with(['.', '!', '?', ':', ';']) { "" } else { "." };
    text + stop
}

/// A note on a dossier, for colleagues; the applicant never sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub id: NoteId,
    pub dossier: DossierId,
    pub author: OfficerId,
    pub text: String,
    /// The colleagues it is meant for.
    pub mentioned: Vec<OfficerId>,
    pub written_at: Timestamp,
    pub struck_at: Option<Timestamp>,
}

impl Note {
    /// Checks what is written before it is written.
    pub fn write(self) -> Result<(Self, Body), WritingRefused> {
        let text = crate::text::nfc(self.text.trim());
        if text.is_empty() {
            return Err(WritingRefused::NoteEmpty);
        }
        if text.chars().count() > NOTE_LETTERS {
            return Err(WritingRefused::NoteTooLong);
        }
        let mut mentioned = self.mentioned;
        mentioned.sort_unstable();
        mentioned.dedup();
        mentioned.retain(|officer| *officer != self.author);
        let body = Body::NoteWritten { note: self.id, mentioned: mentioned.clone() };
        Ok((Self { text, mentioned, ..self }, body))
    }

    /// Its author takes it back: it stays, struck through.
    pub fn strike(self, by: OfficerId, now: Timestamp) -> Result<(Self, Body), WritingRefused> {
        if self.author != by {
            return Err(WritingRefused::NotItsAuthor);
        }
        if self.struck_at.is_some() {
            return Err(WritingRefused::StruckBefore);
        }
        let body = Body::NoteStruck { note: self.id };
        Ok((Self { struck_at: Some(now), ..self }, body))
    }
}

#[cfg(test)]
mod tests;
