//! Waits: a supplement, a payment, a stop by the agency; how each begins, ends, and ends by itself.

use super::{AtStep, BeforeCorrection, Dossier, DueMoment, Outcome, Refused, State, StoppedFor, Terms, said};
use crate::calendar::{Limit, legal_time};
use crate::counter::{Refusal, RefusalReason};
use crate::dossier::clock::{Extension, Stop, StopCause};
use crate::event::{Body, SupplementItem};
use crate::limits::Limits;
use crate::procedure::{ClockEffect, Procedure, Wait, WaitExit, WaitKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the applicant has to pay to the state before the dossier goes on (thuế, tiền sử dụng đất).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentNotice {
    /// Number of the notice of the tax authority.
    pub number: String,
    /// Whole đồng.
    pub amount: i64,
}

/// Counts one more request to the applicant; beyond what the law allows a leader's reason is needed. What
/// is asked to be received is counted by itself, and so is what is asked after appraisal: the law limits
/// each of the two.
// law: ND61-2018/11.2.c
pub(super) fn once(n_asked: &mut u32, exception: Option<&str>, limits: &Limits) -> Result<(), Refused> {
    if *n_asked >= limits.most_supplements && exception.is_none() {
        return Err(Refused::SupplementAskedBefore);
    }
    *n_asked += 1;
    Ok(())
}

/// The reason of a leader, where one was given in words.
pub(super) fn said_by_leader(exception: Option<&str>) -> Option<&str> {
    exception.filter(|reason| !reason.trim().is_empty())
}

impl Dossier {
    /// Asks the applicant for what is missing, in full; the clock stands until it comes. `exception` is
    /// the reason of a leader who asks again, or asks late.
    // law: ND61-2018/19.4
    pub fn ask_supplement(
        self,
        procedure: &Procedure,
        items: Vec<SupplementItem>,
        exception: Option<&str>,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        if items.is_empty() || items.iter().any(|item| item.what.trim().is_empty()) {
            return Err(Refused::ReasonMissing);
        }
        let wait = self.may_wait(procedure, WaitKind::Supplement)?.clone();
        let within = procedure.supplement_within.unwrap_or(terms.limits.supplement_within);
        let received_at = self.received_at.ok_or_else(|| self.not_now())?;
        let last = terms.end_of(received_at, within)?;
        let mut life = self.life.clone();
        let exception = said_by_leader(exception);
        once(&mut life.n_supplements, exception, terms.limits)?;
        life.referral = None;
        if last.on < legal_time(now).date() && exception.is_none() {
            return Err(Refused::SupplementTooLate { last: last.on });
        }
        let until = terms.end_of(now, wait.limit)?;
        let body = Body::SupplementAsked {
            items: items.clone(),
            until: Some(until.at),
            exception: exception.map(str::to_owned),
        };
        let waiting = |at_step| State::AwaitingSupplement { at_step, items, until: Some(until) };
        Ok((Self { life, ..self.stopped_by(&wait, StopCause::Supplement, now, waiting)? }, body))
    }

    /// The applicant brought everything; the whole time limit is counted again from the start.
    // law: ND61-2018/19.4
    pub fn supplement_received(self, terms: Terms<'_>, now: Timestamp) -> Result<(Self, Body), Refused> {
        let State::AwaitingSupplement { .. } = self.state else { return Err(self.not_now()) };
        let (dossier, due) = self.gone_on(StopCause::Supplement, terms, now)?;
        Ok((dossier, Body::SupplementReceived { due_at: due.at, due_on: due.on }))
    }

    /// The applicant owes the state something before the dossier can go on.
    pub fn ask_payment(
        self,
        procedure: &Procedure,
        notice: PaymentNotice,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        said(&notice.number)?;
        if notice.amount <= 0 {
            return Err(Refused::WrongAmount { due: 0 });
        }
        let wait = self.may_wait(procedure, WaitKind::Payment)?.clone();
        let until = terms.end_of(now, wait.limit)?;
        let body = Body::PaymentAsked { notice: notice.clone(), until: until.at };
        let waiting = |at_step| State::AwaitingPayment { at_step, notice, until };
        Ok((self.stopped_by(&wait, StopCause::Payment, now, waiting)?, body))
    }

    /// It was paid; the dossier goes on.
    pub fn payment_received(
        self,
        receipt: String,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let State::AwaitingPayment { .. } = self.state else { return Err(self.not_now()) };
        said(&receipt)?;
        let (dossier, due) = self.gone_on(StopCause::Payment, terms, now)?;
        Ok((dossier, Body::PaymentReceived { receipt, due_at: due.at, due_on: due.on }))
    }

    /// The agency stops settling it for a while, with a reason in writing.
    pub fn halt(
        self,
        procedure: &Procedure,
        reason: String,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        said(&reason)?;
        let wait = self.may_wait(procedure, WaitKind::Halt)?.clone();
        let until = terms.end_of(now, wait.limit)?;
        let body = Body::Halted { reason: reason.clone(), until: until.at };
        let waiting = |at_step| State::Halted { at_step, reason, until };
        Ok((self.stopped_by(&wait, StopCause::Halt, now, waiting)?, body))
    }

    /// What stopped it is over.
    pub fn resume(self, terms: Terms<'_>, now: Timestamp) -> Result<(Self, Body), Refused> {
        let State::Halted { .. } = self.state else { return Err(self.not_now()) };
        let (dossier, due) = self.gone_on(StopCause::Halt, terms, now)?;
        Ok((dossier, Body::Resumed { due_at: due.at, due_on: due.on }))
    }

    /// The agency stops settling it for good, by a decision with its reason.
    pub fn stop(self, reason: String, now: Timestamp) -> Result<(Self, Body), Refused> {
        let (State::Received { .. } | State::InProcess(_) | State::Halted { .. }) = self.state else {
            return Err(self.not_now());
        };
        said(&reason)?;
        let body = Body::DossierStopped { reason: reason.clone() };
        Ok((self.ended(StoppedFor::Decided(reason), now), body))
    }

    /// A part is stopped with its whole, or because it will never have what it needs. One whose result is
    /// there keeps it.
    pub fn stop_part(self, why: StoppedFor, now: Timestamp) -> Result<(Self, Body), Refused> {
        self.may_end_with_its_whole()?;
        let reason = match &why {
            StoppedFor::Expired(_) => "Hồ sơ chung đã hết thời hạn chờ".to_owned(),
            StoppedFor::Decided(reason) => reason.clone(),
        };
        said(&reason)?;
        Ok((self.ended(why, now), Body::DossierStopped { reason }))
    }

    /// A wait has lasted as long as it may: its exit is taken, by nobody's hand.
    pub fn expire(
        self,
        procedure: &Procedure,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        self.check_revision(procedure)?;
        let Some((what, Some(until))) = self.state.wait() else { return Err(self.not_now()) };
        if now < until.at {
            return Err(Refused::NotExpired);
        }
        let Some(at_step) = self.state.at_step() else {
            let explanation = "Quá thời hạn hoàn thiện hồ sơ mà người nộp chưa bổ sung".to_owned();
            let refusal = Refusal { reason: RefusalReason::Incomplete, explanation };
            let body = Body::WaitExpired { what, exit: WaitExit::Close };
            let state = State::NotReceived { refusal };
            return Ok((Self { outcome: Some(Outcome::Refused), state, ..self }, body));
        };
        let exit = procedure
            .process
            .step(&at_step.step)
            .and_then(|step| procedure.process.wait(what, step))
            .map_or(WaitExit::Close, |wait| wait.exit);
        let body = Body::WaitExpired { what, exit };
        Ok(match exit {
            WaitExit::Close => (self.ended(StoppedFor::Expired(what), now), body),
            WaitExit::Resume => (self.gone_on(cause(what), terms, now)?.0, body),
        })
    }

    /// The wait that may begin at the present step.
    fn may_wait<'p>(&self, procedure: &'p Procedure, what: WaitKind) -> Result<&'p Wait, Refused> {
        let (step, _) = self.working_step(procedure)?;
        let wait = procedure.process.wait(what, step);
        wait.ok_or_else(|| Refused::NoSuchWait { step: step.id.clone(), what })
    }

    fn stopped_by(
        self,
        wait: &Wait,
        cause: StopCause,
        now: Timestamp,
        waiting: impl FnOnce(AtStep) -> State,
    ) -> Result<Self, Refused> {
        let State::InProcess(at_step) = self.state else { return Err(self.not_now()) };
        let clock = Self::running(self.clock)?;
        let stop = match wait.clock {
            ClockEffect::Runs => None,
            ClockEffect::Pauses => Some(Stop::pausing(cause, now)),
            ClockEffect::Restarts => Some(Stop::restarting(cause, now)),
        };
        let (clock, due) = match stop {
            Some(stop) => (clock.stop(Stop { stopped_by: at_step.officer, ..stop }), None),
            None => (clock, self.due),
        };
        Ok(Self { clock: Some(clock), due, state: waiting(at_step), ..self })
    }

    /// The wait is over; what is left of the clock's stops keeps it standing or lets it run.
    fn gone_on(
        self,
        cause: StopCause,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, DueMoment), Refused> {
        let Some(at_step) = self.state.at_step().cloned() else { return Err(self.not_now()) };
        let clock = Self::running(self.clock)?.resume_from(cause, now);
        // An opinion that is still awaited keeps the clock standing: until it comes the date is the one
        // that would hold if it came now.
        let due = clock.due(terms.calendar)?;
        let shown = match due {
            Some(due) => due,
            None => {
                let running = clock.clone().resume(now);
                running.due(terms.calendar)?.expect("a clock that was resumed does not stand")
            }
        };
        let mut life = self.life;
        life.wait_ended_at = Some(now);
        Ok((Self { clock: Some(clock), due, state: State::InProcess(at_step), life, ..self }, shown))
    }

    /// A correction that ends so leaves the result that went out as it was.
    fn ended(self, why: StoppedFor, now: Timestamp) -> Self {
        let mut life = self.life.without_open_questions(now);
        if life.correcting.take().is_some()
            && let Some(before) = life.corrections.pop()
        {
            let BeforeCorrection { result, way, outcome, clock, due } = before;
            return Self { state: State::HandedOver { result, way }, outcome, clock, due, life, ..self };
        }
        Self {
            outcome: Some(Outcome::Stopped),
            clock: self.clock.map(|clock| clock.finish(now)),
            state: State::Stopped { why },
            life,
            ..self
        }
    }

    /// Moves the date once, with an apology, at least a day before it comes.
    // law: ND61-2018/19.9
    pub fn extend(
        self,
        by: Limit,
        reason: String,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let (State::Received { .. } | State::InProcess(_)) = self.state else { return Err(self.not_now()) };
        said(&reason)?;
        if self.life.n_extensions >= terms.limits.most_extensions {
            return Err(Refused::ExtendedBefore);
        }
        let was = self.due.ok_or(Refused::ClockStands)?;
        let last = was.on.saturating_sub(jiff::Span::new().days(i64::from(terms.limits.apology_days)));
        if legal_time(now).date() > last {
            return Err(Refused::TooLateToExtend { last });
        }
        let clock = Self::running(self.clock)?.extend(Extension { granted_at: now, by });
        let due = clock.due(terms.calendar)?.ok_or(Refused::ClockStands)?;
        if due <= was {
            return Err(Refused::NoLaterDate);
        }
        let body = Body::Extended { was: was.at, due_at: due.at, due_on: due.on, reason };
        let mut life = self.life;
        life.n_extensions += 1;
        life.referral = None;
        Ok((Self { clock: Some(clock), due: Some(due), life, ..self }, body))
    }
}

fn cause(what: WaitKind) -> StopCause {
    match what {
        WaitKind::Supplement => StopCause::Supplement,
        WaitKind::Payment => StopCause::Payment,
        WaitKind::Halt => StopCause::Halt,
    }
}
