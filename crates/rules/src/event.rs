//! What has happened. Every act writes one event in its own transaction; the timeline, the inboxes, the
//! audit chain and every number anybody sees are readings of these.
//!
//! A body carries ids, codes and the decision's own data, never a name or a personal number: those are
//! looked up when the event is read, so that a body can be shown to whoever may see the ids. `store`
//! gives the id, the salt and the digests.

mod body;
mod part;
pub mod trail;

pub use body::{BODY_VERSION, Body};
pub use part::{FeePaid, HandOverWay, KeyOrigin, PostOutcome, Signedness, SupplementItem, Voucher};

use crate::id::{AgencyId, DossierId, EntryId, EventId, OfficerId, PartyId, ProcedureId};
use crate::people::Actor;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an event is about; the digest chain runs along one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Dossier(DossierId),
    Entry(EntryId),
    Officer(OfficerId),
    Party(PartyId),
    Unit(AgencyId),
    Procedure(ProcedureId),
}

/// An event as an act hands it to `store`.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    pub subject: Subject,
    pub dossier: Option<DossierId>,
    pub agency: AgencyId,
    pub actor: Option<OfficerId>,
    /// Who the actor acted for (a job going on after an officer's act).
    pub on_behalf_of: Option<OfficerId>,
    /// Why a person's papers were looked at.
    pub purpose: Option<String>,
    pub happened_at: Timestamp,
    pub body: Body,
}

/// An event as it is read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub id: EventId,
    pub subject: Subject,
    pub dossier: Option<DossierId>,
    pub agency: AgencyId,
    pub actor: Option<OfficerId>,
    pub on_behalf_of: Option<OfficerId>,
    pub purpose: Option<String>,
    pub happened_at: Timestamp,
    pub recorded_at: Timestamp,
    pub body: Body,
}

impl Subject {
    /// The `subject_kind` column.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Dossier(_) => "dossier",
            Self::Entry(_) => "entry",
            Self::Officer(_) => "officer",
            Self::Party(_) => "party",
            Self::Unit(_) => "unit",
            Self::Procedure(_) => "procedure",
        }
    }

    pub fn id(&self) -> Uuid {
        match self {
            Self::Dossier(id) => id.0,
            Self::Entry(id) => id.0,
            Self::Officer(id) => id.0,
            Self::Party(id) => id.0,
            Self::Unit(id) => id.0,
            Self::Procedure(id) => id.0,
        }
    }

    /// The reverse of [`Self::kind`] and [`Self::id`].
    pub fn from_parts(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "dossier" => Some(Self::Dossier(DossierId(id))),
            "entry" => Some(Self::Entry(EntryId(id))),
            "officer" => Some(Self::Officer(OfficerId(id))),
            "party" => Some(Self::Party(PartyId(id))),
            "unit" => Some(Self::Unit(AgencyId(id))),
            "procedure" => Some(Self::Procedure(ProcedureId(id))),
            _ => None,
        }
    }
}

impl NewEvent {
    /// An event of a dossier, by this actor.
    pub fn of_dossier(dossier: DossierId, actor: &Actor, at: Timestamp, body: Body) -> Self {
        Self::new(Subject::Dossier(dossier), Some(dossier), actor, at, body)
    }

    pub fn new(
        subject: Subject,
        dossier: Option<DossierId>,
        actor: &Actor,
        at: Timestamp,
        body: Body,
    ) -> Self {
        let on_behalf_of = match actor {
            Actor::System { on_behalf_of, .. } => *on_behalf_of,
            Actor::Officer { .. } => None,
        };
        Self {
            subject,
            dossier,
            agency: actor.agency(),
            actor: actor.officer(),
            on_behalf_of,
            purpose: None,
            happened_at: at,
            body,
        }
    }

    #[must_use]
    pub fn for_purpose(self, purpose: impl Into<String>) -> Self {
        Self { purpose: Some(purpose.into()), ..self }
    }
}

#[cfg(test)]
mod tests;
