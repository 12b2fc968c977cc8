//! A dry run: the dossiers of a past time, settled once more under a draft or another calendar. Each
//! step takes the working time it really took, each wait the time it really lasted; who would have been
//! late, by how much, and what of all that is new makes the difference.
//!
//! Late is counted in working time: a result sealed in the evening of its due day is not late here.

mod timeline;

use self::timeline::{Piece, pieces};
use super::{ClockEffect, Procedure, Process, StepTask, WaitKind, duration};
use crate::calendar::{CalendarError, Limit, WorkingCalendar, instant, legal_time};
use crate::dossier::DueMoment;
use crate::dossier::clock::{Clock, Stop, StopCause};
use crate::event::Event;
use crate::procedure::timing::most_minutes;
use crate::procedure::{Channel, Step};
use crate::words;
use crate::words::procedure as said;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt;

/// A dossier as it really went.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    pub case: &'a str,
    pub channel: Channel,
    pub received_at: Timestamp,
    pub clock: &'a Clock,
    pub events: &'a [Event],
    /// The process of the revision it was received under.
    pub process: &'a Process,
}

/// What is tried.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'a> {
    pub draft: &'a Procedure,
    /// The calendar that held then.
    pub then: &'a WorkingCalendar,
    /// The calendar to try; the same one, where only the procedure changes.
    pub calendar: &'a WorkingCalendar,
    pub pace: Pace,
}

/// How long a step takes that the draft gives another allowance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// As long as it took.
    #[default]
    AsBefore,
    /// As long as it took, but no longer than the draft allows.
    WithinAllowance,
}

/// A dossier settled twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    pub before: Verdict,
    pub after: Verdict,
    /// What makes it late after; empty where it is not.
    pub causes: Vec<Cause>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub due: DueMoment,
    pub finished_at: Timestamp,
    /// Working minutes past the due moment; 0 is in time.
    pub late_minutes: u32,
}

impl Verdict {
    pub fn is_late(&self) -> bool {
        self.late_minutes > 0
    }
}

/// What makes a dossier late. A rule is named when it would have been in time without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The draft promises another limit.
    Limit { was: Limit, is: Limit },
    /// The other calendar.
    Calendar,
    /// A step that there was not; taken to last as long as it may.
    NewStep { step: String, minutes: u32 },
    /// The clock does something else while it waits.
    Wait { what: WaitKind, is: ClockEffect },
    /// The step that went furthest over what the draft allows it.
    Step { step: String, took_minutes: u32, allowed_minutes: u32 },
    /// It was late as it really went, and nothing of what is new changes that.
    LateBefore,
    /// No single thing: all that is new together.
    Together,
}

/// Why a dossier is not settled once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// Nothing was sealed: it is still open, or it was withdrawn or stopped.
    NotSettled,
    /// The draft does not offer its case, or not through its channel.
    NotOffered,
    Calendar(CalendarError),
}

impl From<CalendarError> for Skipped {
    fn from(error: CalendarError) -> Self {
        Self::Calendar(error)
    }
}

/// Settles one dossier once more.
pub fn replay(past: &Past<'_>, trial: &Trial<'_>) -> Result<Replayed, Skipped> {
    let case = trial.draft.case(past.case).ok_or(Skipped::NotOffered)?;
    let limit = case.terms(past.channel).ok_or(Skipped::NotOffered)?.limit;
    let finished_at = past.clock.finished_at.ok_or(Skipped::NotSettled)?;
    let pieces = pieces(past, finished_at, trial.then)?.ok_or(Skipped::NotSettled)?;
    let due = past.clock.due(trial.then)?.ok_or(Skipped::NotSettled)?;
    let before = verdict(due, finished_at, trial.then)?;
    let course = Course { past, trial, pieces: &pieces, limit, added: added(past.process, trial.draft) };
    let all = Changed::everything();
    let after = course.run(all)?;
    let causes = if after.is_late() { course.causes(before, after)? } else { Vec::new() };
    Ok(Replayed { before, after, causes })
}

fn verdict(due: DueMoment, finished_at: Timestamp, calendar: &WorkingCalendar) -> Result<Verdict, Skipped> {
    let late_minutes = calendar.working_minutes_between(legal_time(due.at), legal_time(finished_at))?;
    Ok(Verdict { due, finished_at, late_minutes })
}

/// Which of the things that are new count in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Changed {
    limit: bool,
    calendar: bool,
    steps: bool,
    waits: bool,
}

impl Changed {
    fn everything() -> Self {
        Self { limit: true, calendar: true, steps: true, waits: true }
    }
}

/// One dossier and what is tried on it.
struct Course<'a> {
    past: &'a Past<'a>,
    trial: &'a Trial<'a>,
    pieces: &'a [Piece],
    limit: Limit,
    /// The steps the draft adds on its proposed way.
    added: Vec<&'a Step>,
}

impl Course<'_> {
    fn run(&self, changed: Changed) -> Result<Verdict, Skipped> {
        let calendar = if changed.calendar { self.trial.calendar } else { self.trial.then };
        // Where each moment of the past comes to lie.
        let mut moved: BTreeMap<Timestamp, Timestamp> = BTreeMap::new();
        let mut now = self.past.received_at;
        let mut taken: BTreeMap<usize, u32> = BTreeMap::new();
        moved.insert(now, now);
        for piece in self.pieces {
            now = if piece.stood {
                now + piece.until.duration_since(piece.from)
            } else {
                let minutes = self.minutes_of(piece, taken.entry(piece.visit).or_default(), changed);
                after(calendar, now, minutes)?
            };
            // The evening and the seconds of what really happened are kept, where nothing has moved.
            if apart(calendar, now, piece.until)? == 0 {
                now = piece.until;
            }
            moved.insert(piece.until, now);
        }
        if changed.steps {
            now = after(calendar, now, self.added.iter().map(|step| most_minutes(step.allowance)).sum())?;
        }
        let clock = self.clock(changed, &moved, now);
        let due = clock.due(calendar)?.ok_or(Skipped::NotSettled)?;
        verdict(due, now, calendar)
    }

    /// How long the draft's step takes for what was done then; nothing for a step that is gone.
    fn minutes_of(&self, piece: &Piece, taken: &mut u32, changed: Changed) -> u32 {
        if !changed.steps {
            return piece.minutes;
        }
        let Some(step) = counterpart(self.past.process, &piece.step, &self.trial.draft.process) else {
            return 0;
        };
        let minutes = match self.trial.pace {
            Pace::AsBefore => piece.minutes,
            Pace::WithinAllowance => piece.minutes.min(most_minutes(step.allowance).saturating_sub(*taken)),
        };
        *taken += minutes;
        minutes
    }

    /// The ledger as it would be.
    fn clock(&self, changed: Changed, moved: &BTreeMap<Timestamp, Timestamp>, end: Timestamp) -> Clock {
        let place = |at: Timestamp| moved.get(&at).copied().unwrap_or(end);
        let mut started_at = self.past.received_at;
        let mut stops = Vec::new();
        for stop in &self.past.clock.stops {
            let effect = self.effect(stop).filter(|_| changed.waits);
            let by_restart = effect.map_or(stop.by_restart, |effect| effect == ClockEffect::Restarts);
            if effect == Some(ClockEffect::Runs) {
                continue;
            }
            let (from, until) = (place(stop.from), stop.until.map(place));
            if by_restart {
                started_at = until.unwrap_or(started_at).max(started_at);
            }
            stops.push(Stop { from, until, by_restart, ..*stop });
        }
        let limit = if changed.limit { self.limit } else { self.past.clock.limit };
        Clock { limit, started_at, stops, finished_at: Some(end), ..self.past.clock.clone() }
    }

    /// What the draft lets the clock do in a stop of this cause; none where it says nothing.
    fn effect(&self, stop: &Stop) -> Option<ClockEffect> {
        let what = wait_of(stop.cause)?;
        self.trial.draft.process.waits.iter().find(|wait| wait.what == what).map(|wait| wait.clock)
    }

    /// The new things without each of which it would be in time, and the slowest step.
    fn causes(&self, before: Verdict, after: Verdict) -> Result<Vec<Cause>, Skipped> {
        let mut causes = Vec::new();
        let all = Changed::everything();
        let saved = |without: Changed| self.run(without).map(|verdict| !verdict.is_late());
        if self.limit != self.past.clock.limit && saved(Changed { limit: false, ..all })? {
            causes.push(Cause::Limit { was: self.past.clock.limit, is: self.limit });
        }
        if self.trial.calendar != self.trial.then && saved(Changed { calendar: false, ..all })? {
            causes.push(Cause::Calendar);
        }
        if !self.added.is_empty() && saved(Changed { steps: false, ..all })? {
            causes.extend(self.added.iter().map(|step| Cause::NewStep {
                step: step.name.clone(),
                minutes: most_minutes(step.allowance),
            }));
        }
        if saved(Changed { waits: false, ..all })? {
            let waits =
                self.past.clock.stops.iter().filter_map(|stop| {
                    Some(Cause::Wait { what: wait_of(stop.cause)?, is: self.effect(stop)? })
                });
            causes.extend(waits);
        }
        causes.extend(self.slowest());
        if causes.is_empty() || before.is_late() && after.late_minutes <= before.late_minutes {
            causes.insert(0, if before.is_late() { Cause::LateBefore } else { Cause::Together });
        }
        Ok(causes)
    }

    /// The step that went furthest over the draft's allowance.
    fn slowest(&self) -> Option<Cause> {
        let mut took: BTreeMap<&str, u32> = BTreeMap::new();
        for piece in self.pieces.iter().filter(|piece| !piece.stood) {
            *took.entry(&piece.step).or_default() += piece.minutes;
        }
        let over = |(step, took): (&str, u32)| {
            let step = counterpart(self.past.process, step, &self.trial.draft.process)?;
            let allowed = most_minutes(step.allowance);
            (took > allowed).then(|| (took - allowed, step.name.clone(), took, allowed))
        };
        let (_, step, took_minutes, allowed_minutes) = took.into_iter().filter_map(over).max()?;
        Some(Cause::Step { step, took_minutes, allowed_minutes })
    }
}

fn after(calendar: &WorkingCalendar, from: Timestamp, minutes: u32) -> Result<Timestamp, CalendarError> {
    if minutes == 0 {
        return Ok(from);
    }
    let at = calendar.add_working_time(legal_time(from), minutes)?;
    instant(at).ok_or(CalendarError::EndOfTime { on: at.date() })
}

/// The working minutes between two moments, whichever comes first.
fn apart(calendar: &WorkingCalendar, a: Timestamp, b: Timestamp) -> Result<u32, CalendarError> {
    calendar.working_minutes_between(legal_time(a.min(b)), legal_time(a.max(b)))
}

fn wait_of(cause: StopCause) -> Option<WaitKind> {
    match cause {
        StopCause::Supplement => Some(WaitKind::Supplement),
        StopCause::Payment => Some(WaitKind::Payment),
        StopCause::Halt => Some(WaitKind::Halt),
        StopCause::Opinion => None,
    }
}

/// The draft's step that does what the old step did: of the same id, or with the same task in the same
/// role, or with the same task.
fn counterpart<'d>(before: &Process, id: &str, draft: &'d Process) -> Option<&'d Step> {
    let same = |old: &Step| {
        let of_task = || draft.steps.iter().filter(|step| step.task == old.task);
        of_task().find(|step| step.role == old.role).or_else(|| of_task().next())
    };
    draft.step(id).or_else(|| same(before.step(id)?))
}

/// The steps of the draft's proposed way, up to the seal, that are no old step's counterpart.
fn added<'d>(before: &Process, draft: &'d Procedure) -> Vec<&'d Step> {
    let process = &draft.process;
    let kept: Vec<&str> = before
        .steps
        .iter()
        .filter_map(|old| counterpart(before, &old.id, process))
        .map(|step| step.id.as_str())
        .collect();
    let way = std::iter::successors(process.first(), |step| process.step(step.next.first()?));
    way.take(process.steps.len())
        .filter(|step| step.task != StepTask::HandOver && !kept.contains(&step.id.as_str()))
        .collect()
}

/// The numbers of a whole dry run, and every dossier that is late before or after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DryRun {
    pub n_replayed: u32,
    pub n_late_before: u32,
    pub n_late_after: u32,
    pub n_newly_late: u32,
    pub n_no_longer_late: u32,
    pub n_not_settled: u32,
    pub n_not_offered: u32,
    /// Those that could not be counted, for want of a calendar.
    pub n_uncounted: u32,
    /// The codes of the dossiers with what became of them.
    pub late: Vec<(String, Replayed)>,
}

impl DryRun {
    pub fn add(&mut self, code: &str, replayed: Result<Replayed, Skipped>) {
        let replayed = match replayed {
            Ok(replayed) => replayed,
            Err(Skipped::NotSettled) => return self.n_not_settled += 1,
            Err(Skipped::NotOffered) => return self.n_not_offered += 1,
            Err(Skipped::Calendar(_)) => return self.n_uncounted += 1,
        };
        let (before, after) = (replayed.before.is_late(), replayed.after.is_late());
        self.n_replayed += 1;
        self.n_late_before += u32::from(before);
        self.n_late_after += u32::from(after);
        self.n_newly_late += u32::from(after && !before);
        self.n_no_longer_late += u32::from(before && !after);
        if before || after {
            self.late.push((code.to_owned(), replayed));
        }
    }

    /// What came out, in sentences.
    pub fn sentences(&self) -> Vec<String> {
        let mut said = vec![
            format!("Đã chạy lại {} hồ sơ đã giải quyết xong.", self.n_replayed),
            format!("Trễ hạn lúc ấy: {}; trễ hạn khi chạy thử: {}.", self.n_late_before, self.n_late_after),
            format!("Thành trễ: {}; hết trễ: {}.", self.n_newly_late, self.n_no_longer_late),
        ];
        for (n, what) in [
            (self.n_not_settled, "chưa có kết quả, đã rút hoặc đã dừng"),
            (self.n_not_offered, "có trường hợp hoặc kênh nộp mà bản chạy thử không nhận"),
            (self.n_uncounted, "chưa tính được vì thiếu lịch làm việc"),
        ] {
            if n > 0 {
                said.push(format!("Không chạy lại: {n} hồ sơ {what}."));
            }
        }
        said
    }
}

impl fmt::Display for Replayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Verdict { due, finished_at, late_minutes } = self.after;
        write!(f, "hẹn {}, xong {}", words::moment(due.at), words::moment(finished_at))?;
        match (self.before.is_late(), late_minutes) {
            (true, 0) => write!(f, ": trước trễ {}, nay đúng hạn", duration(self.before.late_minutes)),
            (_, 0) => write!(f, ": đúng hạn"),
            (_, late) => {
                write!(f, ": trễ {}", duration(late))?;
                let causes: Vec<String> = self.causes.iter().map(ToString::to_string).collect();
                write!(f, ", vì {}", causes.join("; "))
            }
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit { was, is } => {
                write!(f, "thời hạn đổi từ {} thành {}", words::limit(*was), words::limit(*is))
            }
            Self::Calendar => write!(f, "lịch làm việc chạy thử khác lịch lúc ấy"),
            Self::NewStep { step, minutes } => write!(f, "thêm bước “{step}” {}", duration(*minutes)),
            Self::Wait { what, is } => {
                write!(f, "trong lúc {}, {}", said::wait(*what), said::clock_effect(*is))
            }
            Self::Step { step, took_minutes, allowed_minutes } => write!(
                f,
                "bước “{step}” mất {}, được giao {}",
                duration(*took_minutes),
                duration(*allowed_minutes)
            ),
            Self::LateBefore => write!(f, "lúc ấy đã trễ"),
            Self::Together => write!(f, "những thay đổi cộng lại"),
        }
    }
}

#[cfg(test)]
mod tests;
