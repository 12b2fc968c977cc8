//! Leave: an officer is away for some days, and what he holds is never left to wait for him unseen.

use super::delegation::{Delegation, DelegationKind};
use super::{PeopleFault, Post};
use crate::id::{AbsenceId, DelegationId, OfficerId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The days an officer is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub id: AbsenceId,
    pub officer: OfficerId,
    pub valid_from: Date,
    /// The last day.
    pub valid_to: Date,
    pub cover: Cover,
}

/// Who goes on with his work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cover", rename_all = "snake_case")]
pub enum Cover {
    /// An officer acts in his posts; the dossiers stay in his name.
    Substitute { officer: OfficerId, decision: String },
    /// His dossiers go back to where his colleagues take them.
    Inbox { reason: String },
}

impl Absence {
    pub fn is_on(&self, day: Date) -> bool {
        self.valid_from <= day && day <= self.valid_to
    }

    fn meets(&self, other: &Self) -> bool {
        self.valid_from <= other.valid_to && other.valid_from <= self.valid_to
    }

    pub fn substitute(&self) -> Option<OfficerId> {
        match &self.cover {
            Cover::Substitute { officer, .. } => Some(*officer),
            Cover::Inbox { .. } => None,
        }
    }

    /// Why this leave cannot begin, all reasons together. `others` are the known absences of the officer
    /// and of his substitute.
    pub fn faults(&self, others: &[Self], today: Date) -> Vec<PeopleFault> {
        let mut faults = Vec::new();
        if self.valid_to < self.valid_from {
            faults.push(PeopleFault::DatesReversed);
        } else if self.valid_to < today {
            faults.push(PeopleFault::Past(self.valid_to));
        }
        match &self.cover {
            Cover::Substitute { officer, .. } if *officer == self.officer => {
                faults.push(PeopleFault::ToHimself);
            }
            Cover::Substitute { decision, .. } if decision.trim().is_empty() => {
                faults.push(PeopleFault::DecisionMissing);
            }
            Cover::Inbox { reason } if reason.trim().is_empty() => faults.push(PeopleFault::ReasonMissing),
            Cover::Substitute { .. } | Cover::Inbox { .. } => {}
        }
        for other in others.iter().filter(|other| self.meets(other)) {
            if other.officer == self.officer {
                faults.push(PeopleFault::AwayAlready(other.valid_to));
            } else if Some(other.officer) == self.substitute() {
                faults.push(PeopleFault::AlsoAway(other.valid_to));
            }
        }
        faults
    }

    /// The delegations a substitution consists of: one for each post that may be lent, for the days of
    /// the leave on which the officer has it. `new_id` names each.
    pub fn substitutions(&self, posts: &[Post], mut new_id: impl FnMut() -> DelegationId) -> Vec<Delegation> {
        let Cover::Substitute { officer: to, decision } = &self.cover else { return Vec::new() };
        posts
            .iter()
            .filter(|post| post.role.may_be_lent())
            .filter_map(|post| {
                let valid_from = post.valid_from.map_or(self.valid_from, |first| first.max(self.valid_from));
                let valid_to = post.valid_to.map_or(self.valid_to, |last| last.min(self.valid_to));
                (valid_from <= valid_to).then(|| Delegation {
                    id: new_id(),
                    from: self.officer,
                    to: *to,
                    agency: post.agency,
                    role: post.role,
                    procedures: post.procedures.clone(),
                    valid_from,
                    valid_to,
                    kind: DelegationKind::Substitution,
                    decision: decision.clone(),
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
