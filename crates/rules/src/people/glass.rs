//! Opening a dossier in an emergency ("mở khẩn cấp"): who may, with what reason, for how long it lasts, and
//! what may be said of it afterwards. It lets read, never act; secret dossiers are not opened so.

use super::{Actor, NotYours, Post, Right, Role, Scope, Sensitivity};
use crate::code::ProcedureCode;
use crate::event::Body;
use crate::id::{AgencyId, DossierId, GlassId, OfficerId};
use crate::procedure::Case;
use crate::text::nfc;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A reason is a sentence, not a word.
const LEAST_LETTERS: usize = 20;
const LEAST_WORDS: usize = 4;
/// With the code of the dossier it stands in the purpose of every look.
pub const MOST_LETTERS_OF_REASON: usize = 300;
pub const MOST_LETTERS_OF_WORDS: usize = 500;

/// Who says afterwards whether it was right.
const REVIEWERS: [Role; 2] = [Role::Head, Role::Leader];

/// What an installation decides about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlassTerms {
    /// How long an opening lasts.
    pub hours: u16,
    /// How many dossiers an officer opens so on one legal day.
    pub most_a_day: u16,
    /// Working days within which it is reviewed.
    pub days_to_review: u16,
}

impl Default for GlassTerms {
    fn default() -> Self {
        Self { hours: 4, most_a_day: 5, days_to_review: 3 }
    }
}

/// What was said of an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GlassVerdict {
    Fitting,
    Unfitting,
}

impl GlassVerdict {
    pub const ALL: [Self; 2] = [Self::Fitting, Self::Unfitting];

    /// The word kept in columns.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fitting => "fitting",
            Self::Unfitting => "unfitting",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.word() == word)
    }
}

/// An opening as it was reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlassReview {
    pub by: OfficerId,
    pub at: Timestamp,
    pub verdict: GlassVerdict,
    /// Empty where there was nothing to add.
    pub words: String,
}

/// One dossier opened in an emergency by one officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glass {
    pub id: GlassId,
    pub version: i64,
    pub dossier: DossierId,
    pub officer: OfficerId,
    /// For whom he worked.
    pub agency: AgencyId,
    pub reason: String,
    pub opened_at: Timestamp,
    /// It is closed from then on.
    pub ends_at: Timestamp,
    pub review_by: Timestamp,
    pub review: Option<GlassReview>,
}

/// Why a dossier is not opened in an emergency, or an opening not reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlassFault {
    CodeMissing,
    ReasonShort,
    ReasonLong,
    /// No dossier has the code, or it is secret: the answer does not tell which.
    // law: TT01-2023-VPCP/4
    NothingToOpen,
    /// The officer reads it anyway.
    SeenAlready(DossierId),
    /// So many were opened today.
    TooMany(u16),
    VerdictMissing,
    WordsMissing,
    WordsLong,
    /// Nobody reviews himself.
    OwnOpening,
    ReviewedAlready,
}

/// What is asked to be opened, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlassAsked {
    /// As codes are written; whether one is such a code is seen when it is looked up.
    pub code: String,
    pub reason: String,
}

impl GlassAsked {
    /// Reads what was typed; every fault at once.
    pub fn read(code: &str, reason: &str) -> Result<Self, Vec<GlassFault>> {
        let (code, reason) = (one_line(code).to_ascii_uppercase(), one_line(reason));
        let n_letters = reason.chars().count();
        let is_short = n_letters < LEAST_LETTERS || reason.split(' ').count() < LEAST_WORDS;
        let faults: Vec<GlassFault> = [
            (code.is_empty(), GlassFault::CodeMissing),
            (is_short, GlassFault::ReasonShort),
            (n_letters > MOST_LETTERS_OF_REASON, GlassFault::ReasonLong),
        ]
        .into_iter()
        .filter_map(|(is_so, fault)| is_so.then_some(fault))
        .collect();
        if faults.is_empty() { Ok(Self { code, reason }) } else { Err(faults) }
    }
}

/// What was typed, in one form of Unicode, on one line.
fn one_line(typed: &str) -> String {
    nfc(&typed.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// May this actor open dossiers in an emergency? Who works on dossiers: neither who keeps the system, nor
/// who controls it, nor a program.
pub fn may_break(actor: &Actor) -> Result<(), NotYours> {
    let works = Role::AT_STEPS.into_iter().any(|role| actor.has_role(role));
    if works { Ok(()) } else { Err(NotYours::NeedsRole(Role::Specialist)) }
}

/// May a dossier of this case be opened so? Never one with secret papers.
// law: TT01-2023-VPCP/4
pub fn may_be_opened(case: Option<&Case>) -> bool {
    case.is_some_and(|case| case.sensitivity() == Sensitivity::Personal)
}

fn reviews(post: &Post) -> bool {
    REVIEWERS.contains(&post.role)
}

/// The dossiers whose openings this actor reviews: those his agencies settle, as far as his posts cover them.
pub fn reviewed_by(actor: &Actor) -> Scope {
    let mut scope = Scope::default();
    for (post, _) in actor.held().filter(|(post, _)| reviews(post)) {
        match &post.procedures {
            None => {
                scope.concerned.insert(post.agency);
            }
            Some(named) => scope.concerned_in.extend(named.iter().map(|code| (post.agency, code.clone()))),
        }
    }
    Scope { received: scope.concerned.clone(), received_in: scope.concerned_in.clone(), ..scope }
}

/// The agencies whose officers this actor answers for.
pub fn answers_for(actor: &Actor) -> BTreeSet<AgencyId> {
    actor.held().filter(|(post, _)| reviews(post)).map(|(post, _)| post.agency).collect()
}

/// The right by which this actor reviews what `opened_by` opened. `settling` are the agency that settles the
/// dossier and those that took over from it. Nobody does it for him who opened.
pub fn right_to_review(
    actor: &Actor,
    settling: &BTreeSet<AgencyId>,
    procedure: &ProcedureCode,
    opened_by: OfficerId,
) -> Result<Right, NotYours> {
    let covers = |post: &Post| post.procedures.as_ref().is_none_or(|named| named.contains(procedure));
    let found = actor.held().find(|(post, lent)| {
        let is_for_him = lent.is_some_and(|lent| lent.delegation.from == opened_by);
        reviews(post) && settling.contains(&post.agency) && covers(post) && !is_for_him
    });
    let (_, lent) = found.ok_or(NotYours::OutOfScope)?;
    Ok(Right {
        on_behalf_of: lent.map(|lent| lent.delegation.from),
        through: lent.map(|lent| lent.delegation.id),
    })
}

impl GlassTerms {
    /// The end of an opening that begins now.
    pub fn ends_at(&self, now: Timestamp) -> Timestamp {
        now.saturating_add(SignedDuration::from_hours(i64::from(self.hours))).unwrap_or(now)
    }
}

impl Glass {
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.opened_at <= now && now < self.ends_at
    }

    /// Should it have been reviewed before now?
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.review.is_none() && self.review_by < now
    }

    /// What is said of it. What was not right ends at once.
    pub fn review(
        self,
        by: OfficerId,
        verdict: GlassVerdict,
        words: &str,
        now: Timestamp,
    ) -> Result<(Self, Body), Vec<GlassFault>> {
        let words = one_line(words);
        let faults: Vec<GlassFault> = [
            (by == self.officer, GlassFault::OwnOpening),
            (self.review.is_some(), GlassFault::ReviewedAlready),
            (verdict == GlassVerdict::Unfitting && words.is_empty(), GlassFault::WordsMissing),
            (words.chars().count() > MOST_LETTERS_OF_WORDS, GlassFault::WordsLong),
        ]
        .into_iter()
        .filter_map(|(is_so, fault)| is_so.then_some(fault))
        .collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let body =
            Body::GlassReviewed { glass: self.id, officer: self.officer, verdict, words: words.clone() };
        let ends_at = match verdict {
            GlassVerdict::Fitting => self.ends_at,
            GlassVerdict::Unfitting => self.ends_at.min(now),
        };
        let review = Some(GlassReview { by, at: now, verdict, words });
        Ok((Self { ends_at, review, ..self }, body))
    }
}

#[cfg(test)]
mod tests;
