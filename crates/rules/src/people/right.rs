//! By what an officer acts, and what he sees in lists: the same answers, once for a row and once as the
//! values a `where` clause is bound with.

use super::{Actor, Matter, NotYours, Reach, Relation, Role, Sensitivity};
use crate::code::ProcedureCode;
use crate::event::NewEvent;
use crate::id::{AgencyId, DelegationId, OfficerId};
use crate::procedure::{Step, StepTask};
use std::collections::{BTreeMap, BTreeSet};

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

impl Scope {
    /// All that these agencies have anything to do with.
    pub fn whole(agencies: impl IntoIterator<Item = AgencyId>) -> Self {
        let concerned: BTreeSet<AgencyId> = agencies.into_iter().collect();
        Self { received: concerned.clone(), concerned, ..Self::default() }
    }

    /// Is the row among them? Rows that are more guarded than papers of persons are asked of the actor.
    pub fn includes<'m>(&self, matter: impl Into<Matter<'m>>) -> bool {
        let matter = matter.into();
        let seen = |relation| {
            let agency = matter.agency(relation);
            let (whole, some) = match relation {
                Relation::Receives => (&self.received, &self.received_in),
                Relation::Settles | Relation::Holds => (&self.concerned, &self.concerned_in),
            };
            whole.contains(&agency) || has_pair(some, agency, matter.procedure)
        };
        matter.sensitivity == Sensitivity::Personal && Relation::ALL.into_iter().any(seen)
    }

    /// Is a row of this procedure among them for an agency that was asked about it, or settles a part
    /// of it?
    pub fn includes_asked(&self, agency: AgencyId, procedure: &ProcedureCode) -> bool {
        self.concerned.contains(&agency) || has_pair(&self.concerned_in, agency, Some(procedure))
    }

    /// Every agency whose rows, or some of them, are seen.
    pub fn agencies(&self) -> BTreeSet<AgencyId> {
        let limited = self.received_in.iter().map(|(agency, _)| *agency);
        self.received.iter().copied().chain(limited).collect()
    }

    /// Does every row of its agencies belong to it?
    pub fn is_whole(&self) -> bool {
        self.concerned == self.received && self.received_in.is_empty()
    }

    /// The same with the rows of the agencies that each of its own came from, which it may no longer
    /// find under their names.
    #[must_use]
    pub fn with_forebears(self, forebears: &BTreeMap<AgencyId, Vec<AgencyId>>) -> Self {
        let before = |agency: &AgencyId| forebears.get(agency).into_iter().flatten().copied();
        let agencies = |set: BTreeSet<AgencyId>| {
            let inherited: Vec<AgencyId> = set.iter().flat_map(before).collect();
            set.into_iter().chain(inherited).collect()
        };
        let pairs = |set: BTreeSet<(AgencyId, ProcedureCode)>| {
            let inherited: Vec<_> = set
                .iter()
                .flat_map(|(agency, procedure)| before(agency).map(|older| (older, procedure.clone())))
                .collect();
            set.into_iter().chain(inherited).collect()
        };
        Self {
            concerned: agencies(self.concerned),
            received: agencies(self.received),
            concerned_in: pairs(self.concerned_in),
            received_in: pairs(self.received_in),
        }
    }
}

/// The roles that may do a step. What the counter gives out, the post may.
// law: ND107-2021/1
fn roles_of(step: &Step) -> &[Role] {
    match (step.task, step.role) {
        (StepTask::HandOver, Role::Counter) => &Role::AT_COUNTER,
        _ => std::slice::from_ref(&step.role),
    }
}

fn has_pair(
    pairs: &BTreeSet<(AgencyId, ProcedureCode)>,
    agency: AgencyId,
    procedure: Option<&ProcedureCode>,
) -> bool {
    procedure.is_some_and(|procedure| pairs.contains(&(agency, procedure.clone())))
}

impl Actor {
    /// The agencies where the actor holds a post whose role is one of those meant, his own or lent to him.
    pub fn agencies_where(&self, is_meant: impl Fn(Role) -> bool) -> BTreeSet<AgencyId> {
        self.held().filter(|(post, _)| is_meant(post.role)).map(|(post, _)| post.agency).collect()
    }

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
        self.rights_for_any(roles, agency, &matter.into()).map(|rights| rights[0])
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
        let rights = self.rights_for_any(roles_of(step), agency, &matter.into())?;
        match (self, holder) {
            (Self::Officer { id, .. }, Some(holder)) if *id != holder => rights
                .into_iter()
                .find(|right| right.on_behalf_of == Some(holder))
                .ok_or(NotYours::HeldBy(holder)),
            _ => Ok(rights[0]),
        }
    }

    /// Every right to it by the first of the roles that gives one.
    fn rights_for_any(
        &self,
        roles: &[Role],
        agency: AgencyId,
        matter: &Matter<'_>,
    ) -> Result<Vec<Right>, NotYours> {
        let mut refused = None;
        for &role in roles {
            match self.rights_for(role, agency, matter) {
                Ok(rights) => return Ok(rights),
                // The first role is the usual one, so its refusal is the one to be told.
                Err(why) => refused = refused.or(Some(why)),
            }
        }
        Err(refused.unwrap_or(NotYours::OutOfScope))
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

    /// The rows this actor sees, for a `where` clause. It says of each dossier what [`Self::may_see`]
    /// says.
    pub fn sight(&self) -> Scope {
        let mut scope = match self {
            Self::Officer { .. } => Scope::default(),
            Self::System { agency, .. } => Scope::whole([*agency]),
        };
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
