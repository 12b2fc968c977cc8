//! The dossier: its states with their data, and the transitions between them.
//!
//! A transition takes the dossier, the facts and the time, and gives back the dossier after it with the
//! body of the one event it writes, or says in data why the law does not let it happen. Which step
//! comes next is read from the procedure revision; no step is named here.

use crate::calendar::{CalendarError, Counting, WorkingCalendar};
use crate::code::{DossierCode, ProcedureCode};
use crate::counter::Refusal;
use crate::dossier::clock::{Clock, Stop, StopCause};
use crate::event::{Body, HandOverWay, SupplementItem};
use crate::id::{AgencyId, DossierId, OfficerId, PartyId, ResultId};
use crate::people::AgencyScope;
use crate::procedure::{Channel, Procedure, Step, StepTask};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub mod clock;
mod reassign;

/// A dossier (hồ sơ giải quyết TTHC).
#[derive(Clone, Debug, PartialEq)]
pub struct Dossier {
    pub id: DossierId,
    /// Counts the saves; a save with an old version is refused.
    pub version: i64,
    /// Given at acceptance, never before.
    pub code: Option<DossierCode>,
    pub procedure: ProcedureCode,
    pub revision: u32,
    pub case: String,
    pub channel: Channel,
    pub people: DossierPeople,
    pub scope: AgencyScope,
    pub opened_at: Timestamp,
    pub opened_by: OfficerId,
    pub received_at: Option<Timestamp>,
    pub clock: Option<Clock>,
    /// Recomputed from the clock inside every act that touches it; none while the clock stands.
    pub due: Option<DueMoment>,
    pub outcome: Option<Outcome>,
    pub state: State,
}

/// Three different identities in one dossier.
// law: ND61-2018/6
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DossierPeople {
    /// Người nộp.
    pub submitter: PartyId,
    /// Chủ hồ sơ, whose papers these are.
    pub holder: PartyId,
    /// Người được ủy quyền.
    pub authorised: Option<PartyId>,
}

/// When the result is due: the moment, and the legal day it falls on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueMoment {
    pub at: Timestamp,
    pub on: Date,
}

/// Where a dossier stands; the numbers of the national synchronisation are [`State::number`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Being put together at the counter; not a dossier yet for the law or any count.
    Preparing,
    /// 2: received, waiting for the first step's officer.
    Received { step: String },
    /// 3: refused at the counter.
    NotReceived { refusal: Refusal },
    /// 4: at a step; an officer has taken it, or it waits for one.
    InProcess { step: String, officer: Option<OfficerId>, result: Option<ResultId> },
    /// 5: the applicant was asked for what is missing; the clock stands.
    AwaitingSupplement {
        back_to: String,
        officer: Option<OfficerId>,
        result: Option<ResultId>,
        items: Vec<SupplementItem>,
    },
    /// 7
    Withdrawn { reason: String },
    /// 9: signed, sealed, waiting to be handed over.
    Done { step: String, result: ResultId },
    /// 10
    HandedOver { result: ResultId, way: HandOverWay },
}

/// How it ended, which is not where it stands.
// law: ND61-2018/19.8
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Granted,
    Refused,
    Withdrawn,
}

/// Why a transition does not happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// The state does not allow it; carries the state's word.
    NotInThisState(&'static str),
    /// The step does something else.
    NotThisStep {
        step: String,
        task: StepTask,
    },
    /// The process of this revision has no such step, or no such way.
    NoSuchWay {
        from: String,
        to: String,
    },
    /// The step has not produced what it must.
    StepNotDone {
        step: String,
        task: StepTask,
    },
    ReasonMissing,
    /// Supplements may be asked for once.
    // law: ND61-2018/11.2.c
    SupplementAskedBefore,
    /// The revision or case is not the one the dossier was opened under.
    WrongRevision,
    /// The case is not offered on this channel.
    ChannelNotOffered,
    Calendar(CalendarError),
}

/// What acceptance fixes.
#[derive(Clone, Debug)]
pub struct Acceptance<'a> {
    pub code: DossierCode,
    pub calendar: &'a WorkingCalendar,
    pub counting: Counting,
}

impl Dossier {
    /// The applicant's dossier is complete: it gets its code, its clock starts.
    // law: ND61-2018/17.3
    pub fn receive(
        self,
        procedure: &Procedure,
        acceptance: Acceptance<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let State::Preparing = self.state else {
            return Err(Refused::NotInThisState(self.state.kind()));
        };
        self.check_revision(procedure)?;
        let case = procedure.case(&self.case).ok_or(Refused::WrongRevision)?;
        let terms = case.terms(self.channel).ok_or(Refused::ChannelNotOffered)?;
        let first = procedure.process.first().ok_or(Refused::WrongRevision)?;
        let clock = Clock::start(terms.limit, acceptance.counting, now);
        let due = clock.due(acceptance.calendar)?.expect("a clock that has just started is not stopped");
        let body = Body::DossierReceived {
            code: acceptance.code.clone(),
            limit: terms.limit,
            due_at: due.at,
            due_on: due.on,
            fee: terms.fees.iter().map(|fee| fee.amount).sum(),
        };
        let dossier = Self {
            code: Some(acceptance.code),
            received_at: Some(now),
            clock: Some(clock),
            due: Some(due),
            state: State::Received { step: first.id.clone() },
            ..self
        };
        Ok((dossier, body))
    }

    /// Refused at the counter, with the reason in writing.
    // law: ND61-2018/17.2
    pub fn refuse_at_counter(self, refusal: Refusal) -> Result<(Self, Body), Refused> {
        let State::Preparing = self.state else {
            return Err(Refused::NotInThisState(self.state.kind()));
        };
        if refusal.explanation.trim().is_empty() {
            return Err(Refused::ReasonMissing);
        }
        let body = Body::RefusedAtCounter { refusal: refusal.clone() };
        let dossier = Self { outcome: Some(Outcome::Refused), state: State::NotReceived { refusal }, ..self };
        Ok((dossier, body))
    }

    /// Another case of the same procedure, while it is still being put together.
    pub fn choose_case(self, procedure: &Procedure, case: &str) -> Result<(Self, Body), Refused> {
        let State::Preparing = self.state else {
            return Err(Refused::NotInThisState(self.state.kind()));
        };
        self.check_revision(procedure)?;
        procedure.case(case).ok_or(Refused::WrongRevision)?;
        Ok((Self { case: case.to_owned(), ..self }, Body::CaseChosen { case: case.to_owned() }))
    }

    /// An officer takes the dossier at its present step.
    pub fn take(self, officer: OfficerId) -> Result<(Self, Body), Refused> {
        let (step, result) = match &self.state {
            State::Received { step } => (step.clone(), None),
            State::InProcess { step, officer: None, result } => (step.clone(), *result),
            state => return Err(Refused::NotInThisState(state.kind())),
        };
        let body = Body::DossierTaken { step: step.clone() };
        Ok((Self { state: State::InProcess { step, officer: Some(officer), result }, ..self }, body))
    }

    /// The present step is done; the dossier goes to `to`, which `holding` holds.
    pub fn finish_step(
        self,
        procedure: &Procedure,
        to: &str,
        opinion: String,
        holding: AgencyId,
    ) -> Result<(Self, Body), Refused> {
        let (step, result) = self.working_step(procedure)?;
        if !step.next.iter().any(|next| next == to) {
            return Err(Refused::NoSuchWay { from: step.id.clone(), to: to.to_owned() });
        }
        match step.task {
            StepTask::Examine | StepTask::Verify if opinion.trim().is_empty() => {
                return Err(Refused::ReasonMissing);
            }
            StepTask::Draft if result.is_none() => {
                return Err(Refused::StepNotDone { step: step.id.clone(), task: step.task });
            }
            // These go on through the act that does them, so that the paper and the state agree.
            StepTask::Sign | StepTask::Seal | StepTask::HandOver => {
                return Err(Refused::StepNotDone { step: step.id.clone(), task: step.task });
            }
            StepTask::Examine | StepTask::Verify | StepTask::Draft | StepTask::Approve | StepTask::Assign => {
            }
        }
        let body = Body::StepFinished { step: step.id.clone(), next: to.to_owned(), opinion };
        Ok((self.at_step(to, result, holding), body))
    }

    /// Back to an earlier step, with a reason.
    pub fn send_back(
        self,
        procedure: &Procedure,
        to: &str,
        reason: String,
        holding: AgencyId,
    ) -> Result<(Self, Body), Refused> {
        let (step, result) = self.working_step(procedure)?;
        if reason.trim().is_empty() {
            return Err(Refused::ReasonMissing);
        }
        if !step.back_to.iter().any(|earlier| earlier == to) {
            return Err(Refused::NoSuchWay { from: step.id.clone(), to: to.to_owned() });
        }
        let body = Body::SentBack { step: step.id.clone(), to: to.to_owned(), reason };
        Ok((self.at_step(to, result, holding), body))
    }

    /// The result was drafted from its form.
    pub fn draft(self, procedure: &Procedure, result: ResultId) -> Result<Self, Refused> {
        let (step, _) = self.working_step(procedure)?;
        if step.task != StepTask::Draft {
            return Err(Refused::NotThisStep { step: step.id.clone(), task: step.task });
        }
        let State::InProcess { step, officer, .. } = self.state else {
            return Err(Refused::NotInThisState(self.state.kind()));
        };
        Ok(Self { state: State::InProcess { step, officer, result: Some(result) }, ..self })
    }

    /// The competent person signed; on to `to`.
    pub fn signed(self, procedure: &Procedure, to: &str, holding: AgencyId) -> Result<Self, Refused> {
        self.after_task(procedure, StepTask::Sign, to, holding)
    }

    /// The clerk numbered and sealed; the result is ready. The clock stops here.
    // law: ND30-2020/25
    pub fn sealed(
        self,
        procedure: &Procedure,
        to: &str,
        holding: AgencyId,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        let dossier = self.after_task(procedure, StepTask::Seal, to, holding)?;
        let State::InProcess { step, result: Some(result), .. } = dossier.state else {
            return Err(Refused::NotInThisState(dossier.state.kind()));
        };
        Ok(Self {
            state: State::Done { step, result },
            outcome: Some(Outcome::Granted),
            clock: dossier.clock.map(|clock| clock.finish(now)),
            ..dossier
        })
    }

    /// The result goes to the applicant.
    // law: ND61-2018/20
    pub fn hand_over(self, way: HandOverWay) -> Result<(Self, Body), Refused> {
        let State::Done { result, .. } = self.state else {
            return Err(Refused::NotInThisState(self.state.kind()));
        };
        let body = Body::ResultHandedOver { result, way };
        Ok((Self { state: State::HandedOver { result, way }, ..self }, body))
    }

    /// Asks the applicant for what is missing, once and in full; the clock stands until it comes.
    // law: ND61-2018/19.4
    pub fn ask_supplement(
        self,
        procedure: &Procedure,
        items: Vec<SupplementItem>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let (step, result) = self.working_step(procedure)?;
        if items.is_empty() || items.iter().any(|item| item.what.trim().is_empty()) {
            return Err(Refused::ReasonMissing);
        }
        let back_to = step.id.clone();
        let State::InProcess { officer, .. } = self.state else {
            return Err(Refused::NotInThisState(self.state.kind()));
        };
        let clock = self.clock.ok_or(Refused::NotInThisState("preparing"))?;
        if clock.stops.iter().any(|stop| stop.cause == StopCause::Supplement) {
            return Err(Refused::SupplementAskedBefore);
        }
        let body = Body::SupplementAsked { items: items.clone() };
        let clock =
            clock.stop(Stop { from: now, until: None, cause: StopCause::Supplement, by_restart: true });
        let state = State::AwaitingSupplement { back_to, officer, result, items };
        Ok((Self { clock: Some(clock), due: None, state, ..self }, body))
    }

    /// The applicant brought everything; the whole time limit is counted again from the start.
    // law: ND61-2018/19.4
    pub fn supplement_received(
        self,
        calendar: &WorkingCalendar,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let State::AwaitingSupplement { back_to, officer, result, .. } = self.state else {
            return Err(Refused::NotInThisState(self.state.kind()));
        };
        let clock = self.clock.ok_or(Refused::NotInThisState("preparing"))?.resume(now);
        let due = clock.due(calendar)?.expect("a clock that was just resumed is not stopped");
        let body = Body::SupplementReceived { due_at: due.at, due_on: due.on };
        let state = State::InProcess { step: back_to, officer, result };
        Ok((Self { clock: Some(clock), due: Some(due), state, ..self }, body))
    }

    /// The applicant takes the dossier back.
    pub fn withdraw(self, reason: String, now: Timestamp) -> Result<(Self, Body), Refused> {
        match self.state {
            State::Received { .. } | State::InProcess { .. } | State::AwaitingSupplement { .. } => {}
            state => return Err(Refused::NotInThisState(state.kind())),
        }
        if reason.trim().is_empty() {
            return Err(Refused::ReasonMissing);
        }
        let body = Body::Withdrawn { reason: reason.clone() };
        let dossier = Self {
            outcome: Some(Outcome::Withdrawn),
            clock: self.clock.map(|clock| clock.finish(now)),
            state: State::Withdrawn { reason },
            ..self
        };
        Ok((dossier, body))
    }

    /// The step an officer is working at, and the result drafted so far.
    pub fn working_step<'p>(
        &self,
        procedure: &'p Procedure,
    ) -> Result<(&'p Step, Option<ResultId>), Refused> {
        self.check_revision(procedure)?;
        let State::InProcess { step, officer: Some(_), result } = &self.state else {
            return Err(Refused::NotInThisState(self.state.kind()));
        };
        let step = procedure.process.step(step).ok_or(Refused::WrongRevision)?;
        Ok((step, *result))
    }

    fn after_task(
        self,
        procedure: &Procedure,
        task: StepTask,
        to: &str,
        holding: AgencyId,
    ) -> Result<Self, Refused> {
        let (step, result) = self.working_step(procedure)?;
        if step.task != task {
            return Err(Refused::NotThisStep { step: step.id.clone(), task: step.task });
        }
        if result.is_none() {
            return Err(Refused::StepNotDone { step: step.id.clone(), task });
        }
        if !step.next.iter().any(|next| next == to) {
            return Err(Refused::NoSuchWay { from: step.id.clone(), to: to.to_owned() });
        }
        Ok(self.at_step(to, result, holding))
    }

    fn at_step(self, step: &str, result: Option<ResultId>, holding: AgencyId) -> Self {
        Self {
            scope: AgencyScope { holding, ..self.scope },
            state: State::InProcess { step: step.to_owned(), officer: None, result },
            ..self
        }
    }

    fn check_revision(&self, procedure: &Procedure) -> Result<(), Refused> {
        if procedure.code == self.procedure && procedure.revision == self.revision {
            Ok(())
        } else {
            Err(Refused::WrongRevision)
        }
    }
}

impl State {
    /// The word kept in columns.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Received { .. } => "received",
            Self::NotReceived { .. } => "not_received",
            Self::InProcess { .. } => "in_process",
            Self::AwaitingSupplement { .. } => "awaiting_supplement",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Done { .. } => "done",
            Self::HandedOver { .. } => "handed_over",
        }
    }

    /// The number of the national synchronisation; none before it is a dossier.
    pub fn number(&self) -> Option<u8> {
        match self {
            Self::Preparing => None,
            Self::Received { .. } => Some(2),
            Self::NotReceived { .. } => Some(3),
            Self::InProcess { .. } => Some(4),
            Self::AwaitingSupplement { .. } => Some(5),
            Self::Withdrawn { .. } => Some(7),
            Self::Done { .. } => Some(9),
            Self::HandedOver { .. } => Some(10),
        }
    }

    /// Is there still something to do for it?
    pub fn is_open(&self) -> bool {
        !matches!(self, Self::NotReceived { .. } | Self::Withdrawn { .. } | Self::HandedOver { .. })
    }

    /// The step it is at, if it is at one.
    pub fn step(&self) -> Option<&str> {
        match self {
            Self::Received { step } | Self::InProcess { step, .. } | Self::Done { step, .. } => Some(step),
            Self::AwaitingSupplement { back_to, .. } => Some(back_to),
            Self::Preparing | Self::NotReceived { .. } | Self::Withdrawn { .. } | Self::HandedOver { .. } => {
                None
            }
        }
    }

    /// The officer who has it in hand.
    pub fn officer(&self) -> Option<OfficerId> {
        match self {
            Self::InProcess { officer, .. } | Self::AwaitingSupplement { officer, .. } => *officer,
            _ => None,
        }
    }

    /// The result drafted or given.
    pub fn result(&self) -> Option<ResultId> {
        match self {
            Self::InProcess { result, .. } | Self::AwaitingSupplement { result, .. } => *result,
            Self::Done { result, .. } | Self::HandedOver { result, .. } => Some(*result),
            _ => None,
        }
    }
}

impl From<CalendarError> for Refused {
    fn from(error: CalendarError) -> Self {
        Self::Calendar(error)
    }
}

#[cfg(test)]
mod tests;
