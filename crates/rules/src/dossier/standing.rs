//! The silent-dossier guarantee: of every open dossier it can be said who has it, what comes next, and by
//! when. What cannot be said so is an alarm.

use super::{Dossier, DueMoment, Refused, State, Terms};
use crate::calendar::{CalendarError, legal_time};
use crate::id::{AgencyId, OfficerId};
use crate::people::Role;
use crate::procedure::{Procedure, StepTask, WaitKind};
use serde::{Deserialize, Serialize};

/// Who must act next, what, and by when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub owner: Owner,
    pub next: NextAct,
    pub by: DueMoment,
}

/// Who has it: always somebody of an office, for an applicant who is waited for can forget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub agency: AgencyId,
    pub role: Role,
    /// The officer who has it in hand; none while it lies in the common inbox of the role.
    pub officer: Option<OfficerId>,
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextAct {
    /// Accept, refuse or ask to complete what was sent.
    Answer,
    /// Receive what the applicant completes, or let the wait run out.
    TakePapers,
    Transfer,
    /// Take the dossier up at its step.
    Take(StepTask),
    /// Do the step it is at.
    Do(StepTask),
    /// Chase the agencies that were asked.
    AwaitOpinions,
    AwaitParts,
    /// Let a part begin without the result it waits for, stop it, or end the whole.
    DecidePart,
    /// Grant what whoever does the step asked for, or decline it.
    AnswerReferral,
    /// It goes home with its whole.
    AwaitWhole,
    AwaitSupplement,
    AwaitPayment,
    /// Resume it, or stop it for good.
    EndHalt,
    /// Confirm what the applicant asked: to take it back.
    ConfirmWithdrawal,
    HandOver,
}

/// Why a dossier raises an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// It is open, and it cannot be said who acts next, or by when.
    Silent,
    /// Nobody holds the post it waits for, or the officer who has it is gone.
    Nobody,
    /// The next act is late.
    Late,
    /// Its paper folder was given to somebody who has not confirmed in time.
    Unconfirmed,
    /// Somebody opened it in an emergency, and nobody has said in time whether that was right.
    Unreviewed,
}

impl AlarmKind {
    pub const ALL: [Self; 5] = [Self::Silent, Self::Nobody, Self::Late, Self::Unconfirmed, Self::Unreviewed];

    /// The word kept in columns.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Nobody => "nobody",
            Self::Late => "late",
            Self::Unconfirmed => "unconfirmed",
            Self::Unreviewed => "unreviewed",
        }
    }
}

impl NextAct {
    /// The word kept in columns.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::TakePapers => "take_papers",
            Self::Transfer => "transfer",
            Self::Take(_) => "take",
            Self::Do(_) => "do",
            Self::AwaitOpinions => "await_opinions",
            Self::AwaitParts => "await_parts",
            Self::DecidePart => "decide_part",
            Self::AnswerReferral => "answer_referral",
            Self::AwaitWhole => "await_whole",
            Self::AwaitSupplement => "await_supplement",
            Self::AwaitPayment => "await_payment",
            Self::EndHalt => "end_halt",
            Self::ConfirmWithdrawal => "confirm_withdrawal",
            Self::HandOver => "hand_over",
        }
    }
}

impl Dossier {
    /// Who must act next; none where nothing is open here.
    ///
    /// # Errors
    /// [`Refused::WrongRevision`] where the step is not in the process, and [`Refused::NotInThisState`]
    /// where a wait has no end: both are alarms.
    pub fn standing(&self, procedure: &Procedure, terms: Terms<'_>) -> Result<Option<Standing>, Refused> {
        let usual = self.usual_standing(procedure, terms)?;
        if usual.is_none() {
            return Ok(None);
        }
        if let Some(asked) = &self.life.withdrawal_asked {
            let by = terms.end_of(asked.at, terms.limits.withdraw_within)?;
            return Ok(Some(Standing { owner: self.counter(), next: NextAct::ConfirmWithdrawal, by }));
        }
        let blocked = self.blocked_parts(procedure).into_iter().map(|(_, since)| since).min();
        let to_decide = match blocked {
            Some(since) => Some((NextAct::DecidePart, since)),
            None => self.referral().map(|referral| (NextAct::AnswerReferral, referral.at)),
        };
        let Some((next, since)) = to_decide else { return Ok(usual) };
        let owner = Owner { agency: self.scope.competent, role: Role::Leader, officer: None };
        Ok(Some(Standing { owner, next, by: terms.end_of(since, terms.limits.decide_within)? }))
    }

    fn counter(&self) -> Owner {
        Owner { agency: self.scope.receiving, role: Role::Counter, officer: None }
    }

    /// The same, while nobody has to decide something that comes before everything else.
    pub(super) fn usual_standing(
        &self,
        procedure: &Procedure,
        terms: Terms<'_>,
    ) -> Result<Option<Standing>, Refused> {
        if !self.state.is_open() || matches!(self.state, State::Preparing) {
            return Ok(None);
        }
        let counter = self.counter();
        let (owner, next, by) = match &self.state {
            State::Submitted { answer_by } => (counter, NextAct::Answer, *answer_by),
            State::AwaitingPapers { until, .. } => (counter, NextAct::TakePapers, *until),
            State::Received { .. } => (counter, NextAct::Transfer, self.transfer_by(terms)?),
            // No step of it has begun: the counter that received the whole sees that it begins.
            State::AwaitingParts { .. } => {
                (counter, NextAct::AwaitParts, self.due.ok_or_else(|| self.no_end())?)
            }
            State::InProcess(at_step) => {
                let owner = self.owner_at_step(procedure)?;
                let task = self.task(procedure)?;
                let next = match (self.open_consult_due(), at_step.officer) {
                    (Some(_), _) => NextAct::AwaitOpinions,
                    (None, Some(_)) => NextAct::Do(task),
                    (None, None) => NextAct::Take(task),
                };
                (owner, next, self.step_by(procedure, terms)?)
            }
            State::AwaitingSupplement { .. } => (counter, NextAct::AwaitSupplement, self.wait_until()?),
            State::AwaitingPayment { .. } => (counter, NextAct::AwaitPayment, self.wait_until()?),
            State::Halted { .. } => (self.owner_at_step(procedure)?, NextAct::EndHalt, self.wait_until()?),
            State::Done { .. } => {
                let owner = self.owner_at_step(procedure)?;
                let allowed = self.step_by(procedure, terms)?;
                if let Some(whole_due) = self.life.whole_due {
                    (owner, NextAct::AwaitWhole, whole_due)
                } else if self.life.parts.iter().all(|part| part.has_ended) {
                    (owner, NextAct::HandOver, allowed)
                } else {
                    (owner, NextAct::AwaitParts, self.due.map_or(allowed, |due| due.max(allowed)))
                }
            }
            _ => return Ok(None),
        };
        Ok(Some(Standing { owner, next, by }))
    }

    fn owner_at_step(&self, procedure: &Procedure) -> Result<Owner, Refused> {
        let step = self.state.step().and_then(|id| procedure.process.step(id));
        let role = step.ok_or(Refused::WrongRevision)?.role;
        Ok(Owner { agency: self.scope.holding, role, officer: self.state.officer() })
    }

    fn task(&self, procedure: &Procedure) -> Result<StepTask, Refused> {
        let step = self.state.step().and_then(|id| procedure.process.step(id));
        step.map(|step| step.task).ok_or(Refused::WrongRevision)
    }

    /// The end of the step's allowance, or when the last of the agencies asked must have answered; but
    /// not later than the dossier is due.
    fn step_by(&self, procedure: &Procedure, terms: Terms<'_>) -> Result<DueMoment, Refused> {
        let step = self.state.step().and_then(|id| procedure.process.step(id));
        let step = step.ok_or(Refused::WrongRevision)?;
        let since = self.life.at_step_since.ok_or_else(|| self.no_end())?;
        let since = self.life.wait_ended_at.map_or(since, |ended| since.max(ended));
        let allowed = terms.end_of(since, step.allowance)?;
        let allowed = self.open_consult_due().map_or(allowed, |opinions| allowed.max(opinions));
        let running = matches!(self.state, State::InProcess(_));
        Ok(self.due.filter(|_| running).map_or(allowed, |due| due.min(allowed)))
    }

    // law: ND61-2018/18.2
    // law: ND61-2018/18.3
    fn transfer_by(&self, terms: Terms<'_>) -> Result<DueMoment, Refused> {
        let received_at = self.received_at.ok_or_else(|| self.no_end())?;
        let by: Result<DueMoment, CalendarError> =
            terms.calendar.transfer_due(legal_time(received_at)).and_then(DueMoment::of);
        Ok(by?)
    }

    fn wait_until(&self) -> Result<DueMoment, Refused> {
        let until: Option<(WaitKind, Option<DueMoment>)> = self.state.wait();
        until.and_then(|(_, until)| until).ok_or_else(|| self.no_end())
    }

    fn no_end(&self) -> Refused {
        Refused::NotInThisState(self.state.kind())
    }
}
