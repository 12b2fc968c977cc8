//! Delegation: an officer lends a post of his to another for some days, because he is away
//! (substitution) or because the law lets him (authorisation).

use super::{PeopleFault, Post, Role, Sensitivity};
use crate::code::ProcedureCode;
use crate::id::{AgencyId, DelegationId, OfficerId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A post lent for some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    pub id: DelegationId,
    /// Whose post it is.
    pub from: OfficerId,
    pub to: OfficerId,
    pub agency: AgencyId,
    pub role: Role,
    /// None is every procedure of the post.
    pub procedures: Option<Vec<ProcedureCode>>,
    pub valid_from: Date,
    /// The last day.
    pub valid_to: Date,
    pub kind: DelegationKind,
    /// Number and day of the paper that gives it.
    pub decision: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelegationKind {
    /// Thay khi vắng mặt.
    Substitution,
    /// Ủy quyền, e.g. to settle the procedures named whole at the counter.
    // law: TT01-2018-VPCP/6
    Authorisation,
}

/// A post of somebody else's in the hands of an actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lent {
    pub delegation: Delegation,
    /// The post as far as it is lent.
    pub post: Post,
}

impl Delegation {
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from <= day && day <= self.valid_to
    }

    /// What it lends of `post` on a day. Nothing when its giver no longer has the post; and never the
    /// sight of secret papers, which is given to a person by name.
    pub fn lends(&self, post: &Post, day: Date) -> Option<Post> {
        let same = post.agency == self.agency && post.role == self.role;
        if !(same && self.role.may_be_lent() && self.is_valid_on(day) && post.is_valid_on(day)) {
            return None;
        }
        Some(Post { ceiling: Sensitivity::Personal, ..post.narrowed_to(self.procedures.as_deref()) })
    }

    /// The posts of the giver as far as they are lent on a day.
    pub fn lent(&self, posts_of_giver: &[Post], day: Date) -> Vec<Lent> {
        posts_of_giver
            .iter()
            .filter_map(|post| self.lends(post, day))
            .map(|post| Lent { delegation: self.clone(), post })
            .collect()
    }

    /// Why it may not be given, all reasons together. `posts` are the giver's own: what was lent to him
    /// he cannot lend on.
    pub fn faults(&self, posts: &[Post], today: Date) -> Vec<PeopleFault> {
        let mut faults = Vec::new();
        if self.from == self.to {
            faults.push(PeopleFault::ToHimself);
        }
        if !self.role.may_be_lent() {
            faults.push(PeopleFault::NeverLent(self.role));
        } else if !posts.iter().any(|post| self.is_within(post)) {
            faults.push(PeopleFault::NotHisPost(self.role));
        }
        if self.valid_to < self.valid_from {
            faults.push(PeopleFault::DatesReversed);
        } else if self.valid_to < today {
            faults.push(PeopleFault::Past(self.valid_to));
        }
        // law: TT01-2018-VPCP/6
        let names_some = self.procedures.as_ref().is_some_and(|named| !named.is_empty());
        if self.kind == DelegationKind::Authorisation && !names_some {
            faults.push(PeopleFault::ProceduresNotNamed);
        }
        if self.decision.trim().is_empty() {
            faults.push(PeopleFault::DecisionMissing);
        }
        faults
    }

    /// Is every day and every procedure of it within this post?
    fn is_within(&self, post: &Post) -> bool {
        let days = post.is_valid_on(self.valid_from) && post.is_valid_on(self.valid_to);
        let procedures = match (&post.procedures, &self.procedures) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(lent)) => lent.iter().all(|procedure| own.contains(procedure)),
        };
        post.agency == self.agency && post.role == self.role && days && procedures
    }

    /// Those of `others` that lend the same role of the same agency, for a common day and procedure.
    /// They are allowed: each officer acts by his own. Whoever gives one is told of them.
    pub fn overlapping<'d>(&self, others: &'d [Self]) -> Vec<&'d Self> {
        others
            .iter()
            .filter(|other| {
                let days = self.valid_from <= other.valid_to && other.valid_from <= self.valid_to;
                let both = narrowed(self.procedures.as_deref(), other.procedures.as_deref());
                let procedures = both.is_none_or(|both| !both.is_empty());
                let same = (self.agency, self.role) == (other.agency, other.role);
                self.id != other.id && same && days && procedures
            })
            .collect()
    }
}

impl Post {
    /// The post for these procedures only, as far as it has them; none is no further limit.
    #[must_use]
    pub fn narrowed_to(&self, procedures: Option<&[ProcedureCode]>) -> Self {
        Self { procedures: narrowed(self.procedures.as_deref(), procedures), ..self.clone() }
    }
}

/// What two limits leave together; none is no limit.
fn narrowed(one: Option<&[ProcedureCode]>, other: Option<&[ProcedureCode]>) -> Option<Vec<ProcedureCode>> {
    match (one, other) {
        (None, limit) | (limit, None) => limit.map(<[ProcedureCode]>::to_vec),
        (Some(one), Some(other)) => {
            Some(one.iter().filter(|procedure| other.contains(procedure)).cloned().collect())
        }
    }
}

#[cfg(test)]
mod tests;
