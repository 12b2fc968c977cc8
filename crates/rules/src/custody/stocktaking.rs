//! Stocktaking: every folder of a place is met with the reader, and what was met is held against what
//! should be there.

use super::{Bearer, Folder, Holder, Keeping, Shelf};
use crate::id::{AgencyId, FolderId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "area", rename_all = "snake_case")]
pub enum Area {
    /// Everything an officer has in hand.
    InHand(Bearer),
    /// A room, or one rack or box of it.
    Shelf { agency: AgencyId, shelf: Shelf },
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub seen: Vec<FolderId>,
    /// Should be there, and were not met.
    pub missing: Vec<FolderId>,
    /// Were met, and should be elsewhere.
    pub surplus: Vec<FolderId>,
}

/// Holds what was met against what should be there.
pub fn tally(expected: &[FolderId], met: &[FolderId]) -> Tally {
    let expected: BTreeSet<FolderId> = expected.iter().copied().collect();
    let met: BTreeSet<FolderId> = met.iter().copied().collect();
    Tally {
        seen: expected.intersection(&met).copied().collect(),
        missing: expected.difference(&met).copied().collect(),
        surplus: met.difference(&expected).copied().collect(),
    }
}

impl Area {
    /// Should this folder be met here? What was given and is not confirmed lies with neither.
    pub fn expects(&self, folder: &Folder) -> bool {
        match (self, &folder.keeping) {
            (Self::InHand(bearer), Keeping::With(Holder::Bearer(holder))) => bearer == holder,
            (Self::Shelf { agency, shelf }, Keeping::With(Holder::Shelf { agency: at, shelf: place })) => {
                let within = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
                agency == at
                    && shelf.room == place.room
                    && within(&shelf.rack, &place.rack)
                    && within(&shelf.boxed, &place.boxed)
            }
            _ => false,
        }
    }

    pub fn agency(&self) -> AgencyId {
        match self {
            Self::InHand(bearer) => bearer.agency,
            Self::Shelf { agency, .. } => *agency,
        }
    }
}
