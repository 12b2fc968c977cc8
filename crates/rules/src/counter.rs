//! At the counter: what each component of an intake has, whether the dossier is complete, and the refusal.

use crate::id::{EntryId, UploadId};
use crate::procedure::{Case, Component, Required, Treatment};
use crate::scanning::Arrangement;
use serde::{Deserialize, Serialize};

pub mod applicant;
pub mod appointment;
pub mod favourite;
pub mod provisional;
pub mod queue;
pub mod vietqr;

/// A component of one dossier: what was brought for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DossierComponent {
    /// The id of the component in the procedure's case.
    pub id: String,
    pub supply: Supply,
}

/// How a component is supplied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "supply", rename_all = "snake_case")]
pub enum Supply {
    /// Nothing yet.
    Missing,
    /// Pages to be digitised.
    Pages { arrangement: Arrangement },
    /// A file that was already signed: used as it is, byte for byte.
    SignedFile { upload: UploadId },
    /// A paper the state already holds.
    Reused { entry: EntryId },
    /// Shown at the counter and given back.
    Shown,
    /// Taken on paper; the law does not let it be digitised.
    OnPaper,
    /// "Nếu có", and the applicant has none.
    NotApplicable,
}

impl Supply {
    /// The word of [`Supply`] kept in columns and events.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Pages { .. } => "pages",
            Self::SignedFile { .. } => "signed_file",
            Self::Reused { .. } => "reused",
            Self::Shown => "shown",
            Self::OnPaper => "on_paper",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// A simple mark an officer puts on a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Missing,
    Shown,
    OnPaper,
    NotApplicable,
}

/// Why a mark cannot be put, or a dossier cannot be received. Gathered, so that the applicant does not
/// learn of the missing papers one visit at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Incomplete {
    Missing {
        component: String,
    },
    /// Pages were brought, but every one of them was taken out again.
    NoPages {
        component: String,
    },
    /// The officer counted another number of sides than there are pages.
    // law: TT01-2023-VPCP/8.2
    SidesDiffer {
        component: String,
        counted: u32,
        pages: u32,
    },
    SidesNotCounted {
        component: String,
    },
    /// A file of this component is still being opened.
    StillOpening {
        component: String,
    },
}

/// A refusal at the counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub reason: RefusalReason,
    pub explanation: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    NotCompetent,
    NotEntitled,
    Incomplete,
    Forged,
    Other,
}

impl RefusalReason {
    pub const ALL: [Self; 5] =
        [Self::NotCompetent, Self::NotEntitled, Self::Incomplete, Self::Forged, Self::Other];
}

/// The supply a mark stands for, if the component may be marked so.
// law: TT01-2023-VPCP/4
pub fn mark(component: &Component, mark: Mark) -> Result<Supply, NotAllowed> {
    match (mark, component.treatment()) {
        (Mark::Missing, _) => Ok(Supply::Missing),
        (Mark::NotApplicable, _) if component.required == Required::IfAny => Ok(Supply::NotApplicable),
        (Mark::NotApplicable, _) => Err(NotAllowed::IsRequired),
        (Mark::Shown, Treatment::ShowOnly) => Ok(Supply::Shown),
        (Mark::OnPaper, Treatment::DoNotDigitise(_)) => Ok(Supply::OnPaper),
        (Mark::Shown | Mark::OnPaper, Treatment::Digitise(_)) => Err(NotAllowed::MustBeDigitised),
        (Mark::Shown, Treatment::DoNotDigitise(_)) => Err(NotAllowed::IsKeptOnPaper),
        (Mark::OnPaper, Treatment::ShowOnly) => Err(NotAllowed::IsOnlyShown),
    }
}

/// May pages be put on this component?
// law: TT01-2023-VPCP/4
pub fn may_take_pages(component: &Component) -> Result<(), NotAllowed> {
    match component.treatment() {
        Treatment::Digitise(_) => Ok(()),
        Treatment::ShowOnly => Err(NotAllowed::IsOnlyShown),
        Treatment::DoNotDigitise(_) => Err(NotAllowed::IsKeptOnPaper),
    }
}

/// Why a component cannot be supplied in a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAllowed {
    IsRequired,
    MustBeDigitised,
    IsOnlyShown,
    IsKeptOnPaper,
}

/// Everything that keeps an intake of `case` from being received, together.
///
/// `opening` tells whether a file of that component is still being opened by a job.
pub fn shortcomings(
    case: &Case,
    brought: &[DossierComponent],
    opening: impl Fn(&str) -> bool,
) -> Vec<Incomplete> {
    let mut faults = Vec::new();
    for component in &case.components {
        let id = component.id.clone();
        if opening(&id) {
            faults.push(Incomplete::StillOpening { component: id });
            continue;
        }
        let supply = brought.iter().find(|part| part.id == id).map(|part| &part.supply);
        match supply {
            None | Some(Supply::Missing) => match component.required {
                Required::Always => faults.push(Incomplete::Missing { component: id }),
                Required::IfAny => {}
            },
            Some(Supply::Pages { arrangement }) => {
                let pages = arrangement.n_pages();
                match arrangement.sides {
                    _ if pages == 0 => faults.push(Incomplete::NoPages { component: id }),
                    None => faults.push(Incomplete::SidesNotCounted { component: id }),
                    Some(counted) if counted != pages => {
                        faults.push(Incomplete::SidesDiffer { component: id, counted, pages });
                    }
                    Some(_) => {}
                }
            }
            Some(
                Supply::SignedFile { .. }
                | Supply::Reused { .. }
                | Supply::Shown
                | Supply::OnPaper
                | Supply::NotApplicable,
            ) => {}
        }
    }
    faults
}

#[cfg(test)]
mod tests;
