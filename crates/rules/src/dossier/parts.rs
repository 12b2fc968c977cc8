//! Linked procedures: one dossier of the applicant, settled in parts by several agencies, each part
//! under its own process and clock. The whole is counted, the parts are not.

use super::{Dossier, Refused, State, Terms};
use crate::dossier::Acceptance;
use crate::event::Body;
use crate::id::{AgencyId, DossierId};
use crate::people::AgencyScope;
use crate::procedure::{LinkedPart, Procedure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A part as the whole knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOfWhole {
    /// The id in the procedure of the whole.
    pub part: String,
    pub dossier: DossierId,
    /// Who settles it.
    pub agency: AgencyId,
    /// Its result is there, or it ended without one.
    pub has_ended: bool,
}

impl Dossier {
    /// A part of this dossier, which has just been received. It begins at once, or waits for the parts
    /// whose results it needs.
    // law: ND61-2018/19.6
    pub fn open_part(
        &self,
        linked: &LinkedPart,
        id: DossierId,
        procedure: &Procedure,
        competent: AgencyId,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let first = procedure.process.first().ok_or(Refused::WrongRevision)?;
        let part = Self {
            id,
            version: 1,
            code: None,
            procedure: procedure.code.clone(),
            revision: procedure.revision,
            case: linked.case.clone(),
            scope: AgencyScope { competent, holding: self.scope.receiving, ..self.scope },
            opened_at: now,
            received_at: None,
            clock: None,
            due: None,
            outcome: None,
            state: State::Submitted { answer_by: terms.end_of(now, terms.limits.answer_online)? },
            part_of: Some(self.id),
            life: super::Life::default(),
            ..self.clone()
        };
        if linked.after.is_empty() {
            let (part, body) = part.receive(procedure, Acceptance { code: None, terms }, now)?;
            return Ok((part, body));
        }
        let body = Body::PartAwaits { part: linked.id.clone() };
        let mut part = part;
        part.life.at_step_since = Some(now);
        part.received_at = Some(now);
        part.due = self.due;
        Ok((Self { state: State::AwaitingParts { step: first.id.clone() }, ..part }, body))
    }

    /// The results it waited for are there: its own clock starts.
    pub fn start_part(
        self,
        procedure: &Procedure,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let State::AwaitingParts { .. } = self.state else { return Err(self.not_now()) };
        let answer_by = terms.end_of(now, terms.limits.answer_online)?;
        let waiting = Self { state: State::Submitted { answer_by }, due: None, ..self };
        waiting.receive(procedure, Acceptance { code: None, terms }, now)
    }

    /// Takes note that a part has ended; gives the parts that may begin now.
    pub fn part_ended(self, procedure: &Procedure, part: DossierId) -> (Self, Vec<DossierId>) {
        let mut life = self.life;
        let known = life.parts.iter_mut().find(|known| known.dossier == part && !known.has_ended);
        let Some(known) = known else { return (Self { life, ..self }, Vec::new()) };
        known.has_ended = true;
        let just_ended = known.part.clone();
        let ended = |id: &String| life.parts.iter().any(|known| known.part == *id && known.has_ended);
        let may_begin = procedure
            .linked
            .iter()
            .filter(|linked| linked.after.contains(&just_ended) && linked.after.iter().all(ended))
            .filter_map(|linked| life.parts.iter().find(|known| known.part == linked.id))
            .filter(|known| !known.has_ended)
            .map(|known| known.dossier)
            .collect();
        (Self { life, ..self }, may_begin)
    }
}
