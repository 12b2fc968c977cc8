//! By what an officer acts, and what he sees in lists: the same answers, once for a row and once as the
//! values a `where` clause is bound with.

use super::{Actor, Matter, NotYours, Reach, Role};
use crate::code::ProcedureCode;
use crate::event::NewEvent;
use crate::id::{AgencyId, DelegationId, OfficerId};
use crate::procedure::Step;
use std::collections::BTreeSet;

/// The right an act is done by. Through a delegation, the event says for whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Right {
    pub on_behalf_of: Option<OfficerId>,
    pub through: Option<DelegationId>,
}

impl Right {
    /// The event, with the officer it was done for.
    #[must_use]
    pub fn mark(self, event: NewEvent) -> NewEvent {
        NewEvent { on_behalf_of: self.on_behalf_of.or(event.on_behalf_of), ..event }
    }
}

/// The rows an actor sees. Agencies with every procedure stand apart from those with some, so that an
/// ordinary officer's lists go through the plain indexes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Agencies whose dossiers are seen whatever the agency has to do with them.
    pub concerned: BTreeSet<AgencyId>,
    /// Agencies whose dossiers are seen where they were received; holds all of `concerned`.
    pub received: BTreeSet<AgencyId>,
    /// As `concerned`, for one procedure.
    pub concerned_in: BTreeSet<(AgencyId, ProcedureCode)>,
    /// As `received`, for one procedure; holds all of `concerned_in`.
    pub received_in: BTreeSet<(AgencyId, ProcedureCode)>,
}

impl Actor {
    /// The right by which this actor acts in `role` for `agency` on this row: his own where he has it,
    /// else the first that was lent to him.
    pub fn right_for<'m>(
        &self,
        role: Role,
        agency: AgencyId,
        matter: impl Into<Matter<'m>>,
    ) -> Result<Right, NotYours> {
        self.rights_for(role, agency, &matter.into()).map(|rights| rights[0])
    }

    /// The same for the first of several roles that may do it.
    pub fn right_for_any<'m>(
        &self,
        roles: &[Role],
        agency: AgencyId,
        matter: impl Into<Matter<'m>>,
    ) -> Result<Right, NotYours> {
        let matter = matter.into();
        let mut refused = NotYours::OutOfScope;
        // The first role is the usual one, so its refusal is the one to be told.
        for &role in roles.iter().rev() {
            match self.right_for(role, agency, matter) {
                Ok(right) => return Ok(right),
                Err(why) => refused = why,
            }
        }
        Err(refused)
    }

    /// The right to a step of a dossier that one officer may have in hand: he himself, or whoever was
    /// lent his post.
    pub fn right_for_step<'m>(
        &self,
        step: &Step,
        agency: AgencyId,
        matter: impl Into<Matter<'m>>,
        holder: Option<OfficerId>,
    ) -> Result<Right, NotYours> {
        let rights = self.rights_for(step.role, agency, &matter.into())?;
        match (self, holder) {
            (Self::Officer { id, .. }, Some(holder)) if *id != holder => rights
                .into_iter()
                .find(|right| right.on_behalf_of == Some(holder))
                .ok_or(NotYours::HeldBy(holder)),
            _ => Ok(rights[0]),
        }
    }

    /// Every right to it, at least one, his own first.
    fn rights_for(&self, role: Role, agency: AgencyId, matter: &Matter<'_>) -> Result<Vec<Right>, NotYours> {
        if let Self::System { on_behalf_of, .. } = self {
            return Ok(vec![Right { on_behalf_of: *on_behalf_of, through: None }]);
        }
        self.may_see(*matter)?;
        // A post elsewhere gives no right here, even to somebody who may see the row.
        if !matter.agencies.includes(agency) {
            return Err(NotYours::OutOfScope);
        }
        let rights: Vec<Right> = self
            .held()
            .filter(|(post, _)| post.agency == agency && post.role == role && post.sees(matter).is_some())
            .map(|(_, lent)| Right {
                on_behalf_of: lent.map(|lent| lent.delegation.from),
                through: lent.map(|lent| lent.delegation.id),
            })
            .collect();
        if rights.is_empty() { Err(NotYours::NeedsRole(role)) } else { Ok(rights) }
    }

    /// The agencies whose rows this actor sees whole, for lists that know no procedures. Who is limited
    /// to some procedures, or to what an agency received, sees his rows through [`Self::sight`].
    pub fn scope(&self) -> Vec<AgencyId> {
        match self {
            Self::Officer { .. } => self.sight().concerned.into_iter().collect(),
            Self::System { agency, .. } => vec![*agency],
        }
    }

    /// The rows this actor sees, for a `where` clause. It says of each dossier what [`Self::may_see`]
    /// says.
    pub fn sight(&self) -> Scope {
        let mut scope = Scope::default();
        if let Self::System { agency, .. } = self {
            scope.concerned.insert(*agency);
            scope.received.insert(*agency);
        }
        for (post, _) in self.held() {
            let reach = post.role.reach();
            if reach == Reach::Nothing {
                continue;
            }
            match &post.procedures {
                None => {
                    scope.received.insert(post.agency);
                    if reach == Reach::Concerned {
                        scope.concerned.insert(post.agency);
                    }
                }
                Some(procedures) => {
                    let pairs = procedures.iter().map(|procedure| (post.agency, procedure.clone()));
                    if reach == Reach::Concerned {
                        scope.concerned_in.extend(pairs.clone());
                    }
                    scope.received_in.extend(pairs);
                }
            }
        }
        scope
    }
}
