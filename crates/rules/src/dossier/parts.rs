//! Linked procedures: one dossier of the applicant, settled in parts by several agencies, each part
//! under its own process and clock. The whole is counted, the parts are not.

use super::{Dossier, DueMoment, Life, Outcome, Refused, State, Terms, said};
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
    /// None also where it ended before this was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<PartEnd>,
    /// Why it begins without the results it needs, where a leader decided so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins_anyway: Option<String>,
}

/// How a part ended, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartEnd {
    pub at: Timestamp,
    pub outcome: Outcome,
}

impl PartOfWhole {
    /// A part that was just opened.
    pub fn opened(part: &str, dossier: DossierId, agency: AgencyId) -> Self {
        let part = part.to_owned();
        Self { part, dossier, agency, has_ended: false, end: None, begins_anyway: None }
    }

    /// When it ended without the result that others wait for; a refusal gives them nothing either.
    fn ended_without(&self) -> Option<Timestamp> {
        self.end.filter(|end| end.outcome != Outcome::Granted).map(|end| end.at)
    }
}

impl Life {
    fn part(&self, id: &str) -> Option<&PartOfWhole> {
        self.parts.iter().find(|known| known.part == id)
    }

    /// Since when this part cannot have what it needs; none where it can, or need not.
    fn blocked_since(&self, linked: &LinkedPart) -> Option<Timestamp> {
        let known = self.part(&linked.id)?;
        let waits = !known.has_ended && known.begins_anyway.is_none();
        let needed = linked.after.iter().filter_map(|id| self.part(id));
        needed.filter_map(PartOfWhole::ended_without).min().filter(|_| waits)
    }

    /// Has everything ended that this part waits for, and is it known what it begins with?
    fn may_begin(&self, linked: &LinkedPart) -> bool {
        let has_ended = |id: &String| self.part(id).is_some_and(|known| known.has_ended);
        linked.after.iter().all(has_ended) && self.blocked_since(linked).is_none()
    }
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
            life: Life { whole_due: self.due, ..Life::default() },
            ..self.clone()
        };
        part.offered(procedure)?;
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

    /// Takes note that a part has ended.
    #[must_use]
    pub fn part_ended(self, part: DossierId, end: PartEnd) -> Self {
        let mut life = self.life;
        for known in life.parts.iter_mut().filter(|known| known.dossier == part && !known.has_ended) {
            known.has_ended = true;
            known.end = Some(end);
        }
        Self { life, ..self }
    }

    /// The parts for which everything has ended that they waited for; some may have begun already. A part
    /// that needs the result of one which ended without it is not among them: a leader decides.
    pub fn parts_that_may_begin(&self, procedure: &Procedure) -> Vec<DossierId> {
        let waits = procedure.linked.iter().filter(|linked| !linked.after.is_empty());
        let may_begin = waits.filter(|linked| self.life.may_begin(linked));
        let known = may_begin.filter_map(|linked| self.life.part(&linked.id));
        known.filter(|known| !known.has_ended).map(|known| known.dossier).collect()
    }

    /// Parts that wait for a result which will not come, since when: a leader lets each begin without it,
    /// stops it, or ends the whole.
    pub fn blocked_parts(&self, procedure: &Procedure) -> Vec<(DossierId, Timestamp)> {
        let blocked = |linked: &LinkedPart| {
            Some((self.life.part(&linked.id)?.dossier, self.life.blocked_since(linked)?))
        };
        let open = procedure.linked.iter().filter(|_| self.state.is_open());
        open.filter_map(blocked).collect()
    }

    /// The decision that a part begins though what it waited for gave no result; it still waits for what
    /// has not ended.
    pub fn let_part_begin(
        self,
        procedure: &Procedure,
        part: DossierId,
        reason: String,
    ) -> Result<(Self, Body), Refused> {
        self.check_part_to_decide(procedure, part)?;
        said(&reason)?;
        let mut life = self.life;
        for known in life.parts.iter_mut().filter(|known| known.dossier == part) {
            known.begins_anyway = Some(reason.clone());
        }
        Ok((Self { life, ..self }, Body::PartMayBegin { dossier: part, reason }))
    }

    /// A part waits for the decision of the whole's leader.
    pub fn check_part_to_decide(&self, procedure: &Procedure, part: DossierId) -> Result<(), Refused> {
        let waits = self.blocked_parts(procedure).iter().any(|(blocked, _)| *blocked == part);
        if waits { Ok(()) } else { Err(Refused::NoPartToDecide) }
    }

    /// What the open parts of this dossier are held to: its date, or while its clock stands the moment at
    /// which something must happen to it. None where it is over.
    pub fn due_for_parts(
        &self,
        procedure: &Procedure,
        terms: Terms<'_>,
    ) -> Result<Option<DueMoment>, Refused> {
        let Some(standing) = self.usual_standing(procedure, terms)? else { return Ok(None) };
        Ok(Some(match (&self.state, self.due) {
            (State::Done { .. }, due) => due.map_or(standing.by, |due| due.max(standing.by)),
            (_, due) => due.unwrap_or(standing.by),
        }))
    }

    /// The whole has another date now, and with it this part; none where nothing changes for it. A part
    /// whose whole is over goes out by itself, from now on.
    pub fn whole_moved(self, whole_due: Option<DueMoment>, now: Timestamp) -> Option<(Self, Body)> {
        if !self.state.is_open() || self.life.whole_due == whole_due {
            return None;
        }
        let due = if matches!(self.state, State::AwaitingParts { .. }) { whole_due } else { self.due };
        let mut life = self.life;
        life.whole_due = whole_due;
        if whole_due.is_none() {
            life.wait_ended_at = Some(now);
        }
        Some((Self { due, life, ..self }, Body::WholeMoved { due: whole_due }))
    }
}
