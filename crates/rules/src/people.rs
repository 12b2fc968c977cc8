//! Who may do what: roles, the actor of an act, and the questions an act asks before it decides.
//! Lists are scoped by the same answers as `where` clauses ([`Actor::scope`]).

use crate::id::{AgencyId, OfficerId};
use crate::procedure::Step;
use serde::{Deserialize, Serialize};

/// A role an officer holds in one agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Công chức tiếp nhận: guides, receives, digitises, hands over.
    Counter,
    /// Chuyên viên thẩm định.
    Specialist,
    /// Lãnh đạo phòng.
    Head,
    /// Người có thẩm quyền ký.
    Leader,
    /// Văn thư: numbers, seals.
    Clerk,
    /// Quản trị hệ thống: accounts and queues, no papers.
    Admin,
    /// Thanh tra, kiểm soát TTHC: reads.
    Auditor,
}

impl Role {
    pub const ALL: [Self; 7] =
        [Self::Counter, Self::Specialist, Self::Head, Self::Leader, Self::Clerk, Self::Admin, Self::Auditor];
}

/// A role in an agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    pub agency: AgencyId,
    pub role: Role,
}

/// Whoever performs an act: an officer in his posts, or the system going on by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Officer {
        id: OfficerId,
        name: String,
        /// The agency the officer is working for now; events carry it.
        agency: AgencyId,
        posts: Vec<Post>,
    },
    /// A job that carries on what `on_behalf_of` began.
    System { on_behalf_of: Option<OfficerId>, agency: AgencyId },
}

/// The agencies of a row that belongs to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgencyScope {
    /// Where it was received.
    pub receiving: AgencyId,
    /// Who settles it.
    pub competent: AgencyId,
    /// Who holds it now.
    pub holding: AgencyId,
}

/// Why an act is not this actor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotYours {
    /// The actor lacks the role, in an agency that has to do with the dossier.
    NeedsRole(Role),
    /// The row belongs to agencies the actor has no post in: it does not exist for him.
    OutOfScope,
    /// Somebody else holds it.
    HeldBy(OfficerId),
}

impl AgencyScope {
    pub fn includes(&self, agency: AgencyId) -> bool {
        [self.receiving, self.competent, self.holding].contains(&agency)
    }
}

impl Actor {
    pub fn agency(&self) -> AgencyId {
        match self {
            Self::Officer { agency, .. } | Self::System { agency, .. } => *agency,
        }
    }

    pub fn officer(&self) -> Option<OfficerId> {
        match self {
            Self::Officer { id, .. } => Some(*id),
            Self::System { .. } => None,
        }
    }

    /// The agencies whose rows this actor may see in lists.
    pub fn scope(&self) -> Vec<AgencyId> {
        match self {
            Self::Officer { posts, .. } => {
                let mut agencies: Vec<AgencyId> = posts.iter().map(|post| post.agency).collect();
                agencies.sort();
                agencies.dedup();
                agencies
            }
            Self::System { agency, .. } => vec![*agency],
        }
    }

    pub fn has_role(&self, role: Role) -> bool {
        match self {
            Self::Officer { posts, .. } => posts.iter().any(|post| post.role == role),
            Self::System { .. } => false,
        }
    }

    /// May this actor see a row of these agencies?
    pub fn may_see(&self, scope: &AgencyScope) -> Result<(), NotYours> {
        match self {
            Self::System { .. } => Ok(()),
            Self::Officer { posts, .. } if posts.iter().any(|post| scope.includes(post.agency)) => Ok(()),
            Self::Officer { .. } => Err(NotYours::OutOfScope),
        }
    }

    /// May this actor act in `role` for `agency`, on a row of these agencies?
    pub fn may_act(&self, role: Role, agency: AgencyId, scope: &AgencyScope) -> Result<(), NotYours> {
        self.may_see(scope)?;
        match self {
            Self::System { .. } => Ok(()),
            // A post elsewhere gives no right here, even to somebody who may see the row.
            Self::Officer { .. } if !scope.includes(agency) => Err(NotYours::OutOfScope),
            Self::Officer { posts, .. } if posts.contains(&Post { agency, role }) => Ok(()),
            Self::Officer { .. } => Err(NotYours::NeedsRole(role)),
        }
    }

    /// May this actor do `step` of a dossier held by `agency` and, perhaps, by one officer?
    pub fn may_do_step(
        &self,
        step: &Step,
        agency: AgencyId,
        scope: &AgencyScope,
        holder: Option<OfficerId>,
    ) -> Result<(), NotYours> {
        self.may_act(step.role, agency, scope)?;
        match (self, holder) {
            (Self::Officer { id, .. }, Some(holder)) if *id != holder => Err(NotYours::HeldBy(holder)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
