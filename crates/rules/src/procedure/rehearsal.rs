//! A rehearsal: a sample dossier goes through a process that is being drafted, each step taking all the
//! time it may. Who holds it when, what becomes of its due date where it waits, and whether the result is
//! ready in time. A dry run settles what really happened once more; this asks what would happen.

use super::soundness::MOST_STEPS;
use super::{Channel, ClockEffect, Procedure, Step, StepTask, Wait, WaitExit, WaitKind};
use crate::calendar::{CalendarError, Counting, Limit, WorkingCalendar, instant, legal_time};
use crate::dossier::DueMoment;
use crate::dossier::clock::{Clock, Stop, StopCause};
use crate::words;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The sample dossier, and what is tried with it.
#[derive(Clone, Debug)]
pub struct Sample<'a> {
    pub case: &'a str,
    pub channel: Channel,
    pub received_at: Timestamp,
    /// Where a step has several ways, the one that is taken: the step it leads to by the step it leaves.
    /// A step that is not here takes the proposed way.
    pub ways: BTreeMap<String, String>,
    /// For how many working days each wait lasts, by its place in the process; what is not here does not
    /// happen.
    pub waits: BTreeMap<usize, u32>,
}

/// Who holds the dossier, or for what it waits, from when to when.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg<'p> {
    pub step: &'p Step,
    pub doing: Doing,
    pub from: Timestamp,
    pub until: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    Works,
    Waits(WaitKind),
    /// Opinions are awaited, and the clock stands.
    AwaitsOpinions,
}

/// How it went.
#[derive(Clone, Debug, PartialEq)]
pub struct Rehearsed<'p> {
    pub legs: Vec<Leg<'p>>,
    /// What the applicant is told at reception.
    pub promised: DueMoment,
    /// What it becomes by the waits that were tried.
    pub due: DueMoment,
    pub end: End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The result is sealed; so many working minutes past the due moment, 0 is in time.
    Ready { at: Timestamp, late_minutes: u32 },
    /// A wait lasted longer than it may, and the dossier was closed.
    Closed { at: Timestamp, what: WaitKind },
    /// The way does not come to a seal.
    NoResult,
}

/// Why there is nothing to rehearse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unrehearsed {
    /// The case, or the case through this channel, is not offered.
    NotOffered,
    NoStep,
    /// The ways taken come back to this step.
    Circle {
        step: String,
    },
    Calendar(CalendarError),
}

impl From<CalendarError> for Unrehearsed {
    fn from(error: CalendarError) -> Self {
        Self::Calendar(error)
    }
}

impl fmt::Display for Unrehearsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOffered => write!(f, "Trường hợp này không nhận qua kênh đã chọn. Chọn kênh khác"),
            Self::NoStep => write!(f, "Quy trình chưa có bước nào. Thêm bước rồi chạy thử"),
            Self::Circle { step } => {
                write!(f, "Các đường đã chọn quay lại bước “{step}”. Chọn đường khác hoặc sửa quy trình")
            }
            Self::Calendar(error) => write!(f, "{}", words::calendar_error(error)),
        }
    }
}

/// Sends the sample dossier through the process.
pub fn rehearse<'p>(
    procedure: &'p Procedure,
    sample: &Sample<'_>,
    calendar: &WorkingCalendar,
    counting: Counting,
) -> Result<Rehearsed<'p>, Unrehearsed> {
    let case = procedure.case(sample.case).ok_or(Unrehearsed::NotOffered)?;
    let limit = case.terms(sample.channel).ok_or(Unrehearsed::NotOffered)?.limit;
    let clock = Clock::start(limit, counting, sample.received_at);
    let promised = due(&clock, calendar)?;
    let mut course = Course { calendar, clock, now: sample.received_at, legs: Vec::new() };
    let mut tried = sample.waits.clone();
    let mut passed = BTreeSet::new();
    let mut at = procedure.process.first().ok_or(Unrehearsed::NoStep)?;
    let end = loop {
        if !passed.insert(at.id.as_str()) || passed.len() > MOST_STEPS {
            return Err(Unrehearsed::Circle { step: at.name.clone() });
        }
        if let Some(what) = course.wait_at(at, &procedure.process.waits, &mut tried)? {
            break End::Closed { at: course.now, what };
        }
        course.await_opinions(at)?;
        course.work(at)?;
        if at.task == StepTask::Seal {
            break End::Ready { at: course.now, late_minutes: 0 };
        }
        let taken = sample.ways.get(&at.id).filter(|to| at.next.contains(to));
        match taken.or(at.next.first()).and_then(|to| procedure.process.step(to)) {
            Some(next) => at = next,
            None => break End::NoResult,
        }
    };
    let due = due(&course.clock, calendar)?;
    let end = match end {
        End::Ready { at, .. } if at > due.at => {
            let late_minutes = calendar.working_minutes_between(legal_time(due.at), legal_time(at))?;
            End::Ready { at, late_minutes }
        }
        end => end,
    };
    Ok(Rehearsed { legs: course.legs, promised, due, end })
}

fn due(clock: &Clock, calendar: &WorkingCalendar) -> Result<DueMoment, Unrehearsed> {
    // Every stop of a rehearsal has its end, so there is always a due moment.
    clock.due(calendar)?.ok_or(Unrehearsed::NoStep)
}

/// The dossier so far.
struct Course<'p, 'c> {
    calendar: &'c WorkingCalendar,
    clock: Clock,
    now: Timestamp,
    legs: Vec<Leg<'p>>,
}

impl<'p> Course<'p, '_> {
    fn after(&self, limit: Limit) -> Result<Timestamp, CalendarError> {
        let at = self.calendar.due(legal_time(self.now), limit, Counting::Hours)?.at;
        instant(at).ok_or(CalendarError::EndOfTime { on: at.date() })
    }

    fn leg(&mut self, step: &'p Step, doing: Doing, until: Timestamp) {
        self.legs.push(Leg { step, doing, from: self.now, until });
        self.now = until;
    }

    fn work(&mut self, step: &'p Step) -> Result<(), CalendarError> {
        let until = self.after(step.allowance)?;
        self.leg(step, Doing::Works, until);
        Ok(())
    }

    /// Lets the waits that are tried happen at the first step where each may begin; gives the one that
    /// closed the dossier.
    fn wait_at(
        &mut self,
        step: &'p Step,
        waits: &[Wait],
        tried: &mut BTreeMap<usize, u32>,
    ) -> Result<Option<WaitKind>, CalendarError> {
        for (nth, wait) in waits.iter().enumerate().filter(|(_, wait)| wait.begins_at(step)) {
            let Some(days) = tried.remove(&nth).filter(|days| *days > 0) else { continue };
            let (over, most) = (self.after(Limit::WorkingDays(days))?, self.after(wait.limit)?);
            let until = over.min(most);
            self.stand(cause(wait.what), wait.clock, until);
            self.leg(step, Doing::Waits(wait.what), until);
            if over > most && wait.exit == WaitExit::Close {
                return Ok(Some(wait.what));
            }
        }
        Ok(None)
    }

    /// Opinions for which the clock stands are awaited before the step's own time.
    fn await_opinions(&mut self, step: &'p Step) -> Result<(), CalendarError> {
        let pausing = step.consults.iter().filter(|asked| asked.clock == ClockEffect::Pauses);
        let ends = pausing.map(|asked| self.after(asked.allowance)).collect::<Result<Vec<_>, _>>()?;
        if let Some(until) = ends.into_iter().max() {
            self.stand(StopCause::Opinion, ClockEffect::Pauses, until);
            self.leg(step, Doing::AwaitsOpinions, until);
        }
        Ok(())
    }

    fn stand(&mut self, cause: StopCause, effect: ClockEffect, until: Timestamp) {
        let stop = match effect {
            ClockEffect::Runs => return,
            ClockEffect::Pauses => Stop::pausing(cause, self.now),
            ClockEffect::Restarts => Stop::restarting(cause, self.now),
        };
        self.clock = self.clock.clone().stop(stop).resume(until);
    }
}

fn cause(what: WaitKind) -> StopCause {
    match what {
        WaitKind::Supplement => StopCause::Supplement,
        WaitKind::Payment => StopCause::Payment,
        WaitKind::Halt => StopCause::Halt,
    }
}

#[cfg(test)]
mod tests;
