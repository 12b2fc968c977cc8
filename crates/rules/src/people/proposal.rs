//! Two persons for high roles: one proposes, another confirms, and neither is the one who gains.

use super::delegation::Delegation;
use super::{PeopleFault, Post, Role};
use crate::id::{AgencyId, OfficerId, ProposalId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A right that waits for its second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub id: ProposalId,
    /// Counts the saves; a save with an old version is refused.
    pub version: i64,
    pub by: OfficerId,
    pub change: Change,
    /// The last day on which it may be confirmed.
    pub lapses_on: Date,
    pub confirmed_by: Option<OfficerId>,
}

/// What somebody gains by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    Post {
        officer: OfficerId,
        post: Post,
        /// Number and day of the paper that says so; empty where none was entered.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        decision: String,
    },
    Delegation {
        delegation: Delegation,
    },
}

impl Change {
    pub fn role(&self) -> Role {
        match self {
            Self::Post { post, .. } => post.role,
            Self::Delegation { delegation } => delegation.role,
        }
    }

    /// Where the right is to be used.
    pub fn agency(&self) -> AgencyId {
        match self {
            Self::Post { post, .. } => post.agency,
            Self::Delegation { delegation } => delegation.agency,
        }
    }

    /// Who gains.
    pub fn officer(&self) -> OfficerId {
        match self {
            Self::Post { officer, .. } => *officer,
            Self::Delegation { delegation } => delegation.to,
        }
    }

    pub fn needs_second_person(&self) -> bool {
        self.role().is_high()
    }

    /// Who may not confirm it, besides whoever proposed it: he who gains, and he whose post it is.
    fn concerns(&self, officer: OfficerId) -> bool {
        match self {
            Self::Post { officer: gains, .. } => *gains == officer,
            Self::Delegation { delegation } => delegation.to == officer || delegation.from == officer,
        }
    }
}

impl Proposal {
    /// A proposal that waits `n_days` for its second person. No law says how many: an office decides it.
    pub fn new(id: ProposalId, by: OfficerId, change: Change, today: Date, n_days: u16) -> Self {
        let lapses_on = today.saturating_add(jiff::Span::new().days(i64::from(n_days)));
        Self { id, version: 1, by, change, lapses_on, confirmed_by: None }
    }

    /// A second person confirms it.
    pub fn confirm(self, by: OfficerId, today: Date) -> Result<Self, Vec<PeopleFault>> {
        let mut faults = Vec::new();
        if self.confirmed_by.is_some() {
            faults.push(PeopleFault::Settled);
        }
        if self.by == by {
            faults.push(PeopleFault::SamePerson);
        }
        if self.change.concerns(by) {
            faults.push(PeopleFault::GainsHimself);
        }
        if self.lapses_on < today {
            faults.push(PeopleFault::Lapsed(self.lapses_on));
        }
        if faults.is_empty() { Ok(Self { confirmed_by: Some(by), ..self }) } else { Err(faults) }
    }
}

#[cfg(test)]
mod tests;
