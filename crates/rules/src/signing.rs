//! Results: drafted from a form, signed by the competent person, numbered and sealed by the clerk, in
//! that order. A signed file is never rewritten: number and date are drawn by the seal's own increment.

pub mod book;
pub mod keys;
pub mod round;
pub mod wording;

use crate::code::DocumentNumber;
use crate::id::{AgencyId, DossierId, EntryId, OfficerId, PartyId, ResultId};
use crate::people::AgencyScope;
use crate::scanning::Blob;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A result of a dossier on its way from draft to seal.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultPaper {
    pub id: ResultId,
    pub version: i64,
    pub dossier: DossierId,
    pub owner: PartyId,
    pub scope: AgencyScope,
    /// The id of the result type in the procedure revision.
    pub result_type: String,
    pub state: ResultState,
}

/// Where on the page signatures and late text go, as the form placed them: points, from the lower left
/// corner of the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    pub name: String,
    /// From 1.
    pub page: u32,
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ResultState {
    Drafted {
        pdf: Blob,
        slots: Vec<Slot>,
        answers: BTreeMap<String, String>,
        drafted_by: OfficerId,
    },
    Signed {
        pdf: Blob,
        slots: Vec<Slot>,
        answers: BTreeMap<String, String>,
        signed_by: OfficerId,
        signed_at: Timestamp,
        /// Given by the clerk before the seal is computed, so that a seal that fails keeps its number.
        number: Option<DocumentNumber>,
        /// What was signed; it comes into force again where the signed paper is sent back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        draft: Option<Draft>,
    },
    Sealed {
        pdf: Blob,
        number: String,
        issued_on: Date,
        signed_by: OfficerId,
        sealed_by: OfficerId,
        seal_of: AgencyId,
        entry: EntryId,
    },
}

/// A draft as it was signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub pdf: Blob,
    pub drafted_by: OfficerId,
}

/// Why a result cannot be drafted, signed or sealed now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResultRefused {
    /// The word of the state it is in.
    NotNow(&'static str),
    /// The draft was changed since the signer opened it.
    ChangedSinceRead,
    /// It has its number already, and another one was given.
    HasItsNumber,
}

impl ResultState {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Drafted { .. } => "drafted",
            Self::Signed { .. } => "signed",
            Self::Sealed { .. } => "sealed",
        }
    }

    pub fn pdf(&self) -> &Blob {
        match self {
            Self::Drafted { pdf, .. } | Self::Signed { pdf, .. } | Self::Sealed { pdf, .. } => pdf,
        }
    }
}

impl ResultPaper {
    /// A new draft in place of the old; a signed one is not drafted again.
    pub fn redraft(
        self,
        pdf: Blob,
        slots: Vec<Slot>,
        answers: BTreeMap<String, String>,
        by: OfficerId,
    ) -> Result<Self, ResultRefused> {
        match &self.state {
            ResultState::Drafted { .. } => {
                let state = ResultState::Drafted { pdf, slots, answers, drafted_by: by };
                Ok(Self { state, ..self })
            }
            state => Err(ResultRefused::NotNow(state.kind())),
        }
    }

    /// The competent person's signature is on the draft whose digest is `read`.
    // law: ND30-2020/25
    pub fn sign(self, read: &str, signed: Blob, by: OfficerId, at: Timestamp) -> Result<Self, ResultRefused> {
        match self.state {
            ResultState::Drafted { pdf, .. } if pdf.sha256 != read => Err(ResultRefused::ChangedSinceRead),
            ResultState::Drafted { pdf, slots, answers, drafted_by } => {
                let state = ResultState::Signed {
                    pdf: signed,
                    slots,
                    answers,
                    signed_by: by,
                    signed_at: at,
                    number: None,
                    draft: Some(Draft { pdf, drafted_by }),
                };
                Ok(Self { state, ..self })
            }
            state => Err(ResultRefused::NotNow(state.kind())),
        }
    }

    /// What goes on as `id` when the paper is sent back from a later step: the draft, to be signed anew.
    /// The signed paper stays as it is, and counts for nothing. None where nothing was signed.
    pub fn sent_back(&self, id: ResultId) -> Option<Self> {
        let ResultState::Signed { draft: Some(draft), slots, answers, .. } = &self.state else { return None };
        let Draft { pdf, drafted_by } = draft.clone();
        let (slots, answers) = (slots.clone(), answers.clone());
        let state = ResultState::Drafted { pdf, slots, answers, drafted_by };
        Some(Self { id, version: 1, state, ..self.clone() })
    }

    /// The clerk gives the number; a paper has one and keeps it.
    pub fn number(self, given: DocumentNumber) -> Result<Self, ResultRefused> {
        match self.state {
            ResultState::Signed { pdf, slots, answers, signed_by, signed_at, number: None, draft } => {
                let number = Some(given);
                let state = ResultState::Signed { pdf, slots, answers, signed_by, signed_at, number, draft };
                Ok(Self { state, ..self })
            }
            ResultState::Signed { .. } => Err(ResultRefused::HasItsNumber),
            state => Err(ResultRefused::NotNow(state.kind())),
        }
    }

    /// Who drafted what is signed or waits for it; unknown once it is sealed.
    pub fn drafter(&self) -> Option<OfficerId> {
        match &self.state {
            ResultState::Drafted { drafted_by, .. } => Some(*drafted_by),
            ResultState::Signed { draft, .. } => draft.as_ref().map(|draft| draft.drafted_by),
            ResultState::Sealed { .. } => None,
        }
    }

    /// The number it has in the book, while it has no seal yet.
    pub fn given_number(&self) -> Option<&DocumentNumber> {
        match &self.state {
            ResultState::Signed { number, .. } => number.as_ref(),
            ResultState::Drafted { .. } | ResultState::Sealed { .. } => None,
        }
    }

    /// Numbered, dated and sealed by the clerk, on top of the person's signature.
    // law: ND30-2020/25
    pub fn seal(self, sealing: Sealing) -> Result<Self, ResultRefused> {
        match self.state {
            ResultState::Signed { number: Some(given), .. } if given != sealing.number => {
                Err(ResultRefused::HasItsNumber)
            }
            ResultState::Signed { signed_by, .. } => {
                let state = ResultState::Sealed {
                    pdf: sealing.pdf,
                    number: sealing.number.to_string(),
                    issued_on: sealing.issued_on,
                    signed_by,
                    sealed_by: sealing.by,
                    seal_of: sealing.agency,
                    entry: sealing.entry,
                };
                Ok(Self { state, ..self })
            }
            state => Err(ResultRefused::NotNow(state.kind())),
        }
    }
}

/// What the clerk's act fixes.
#[derive(Clone, Debug)]
pub struct Sealing {
    pub pdf: Blob,
    pub number: DocumentNumber,
    pub issued_on: Date,
    pub by: OfficerId,
    pub agency: AgencyId,
    pub entry: EntryId,
}

#[cfg(test)]
mod tests;
