//! The legal clock of a dossier: a budget, a ledger of stops and at most one extension. The ledger is
//! the truth; the due moment is recomputed from it whenever it changes and is never edited by hand.

mod explain;
mod kept;

pub use explain::{CountEnd, CountPart, CountTold, DayTold, Explanation, Stood, Tally};
pub use kept::Kept;

use crate::calendar::{CalendarError, Counting, Limit, WorkingCalendar, instant, legal_time};
use crate::dossier::DueMoment;
use crate::id::OfficerId;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// The clock as it is kept with the dossier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    pub limit: Limit,
    pub counting: Counting,
    /// The moment the present count began: reception, or the completed supplement.
    pub started_at: Timestamp,
    /// Every stop there was, in the present count and in the earlier ones.
    pub stops: Vec<Stop>,
    pub finished_at: Option<Timestamp>,
    /// The time granted on top of the limit, in the present count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
    /// The counts that were given up for a new one, the first first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<EarlierCount>,
}

/// One stop of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub cause: StopCause,
    /// The limit is counted again from the start when this stop ends; else the stop only adds its time.
    pub by_restart: bool,
    /// Who stopped the clock, where an officer did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_by: Option<OfficerId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopCause {
    Supplement,
    Payment,
    Opinion,
    /// The agency stopped the work, with a notice to the applicant.
    Halt,
}

/// Time granted on top of the limit, with an apology to the applicant.
// law: ND61-2018/19.9
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    pub granted_at: Timestamp,
    pub by: Limit,
}

/// A count that ended when the limit began anew: kept so that the first date can still be explained.
/// The date the applicant was told stands in the events; here is what it was counted from.
// law: ND61-2018/19.4
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierCount {
    pub started_at: Timestamp,
    /// The moment of the stop after which the limit was counted anew.
    pub ended_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
}

impl Stop {
    /// A stop that adds its working time to the due moment.
    pub fn pausing(cause: StopCause, from: Timestamp) -> Self {
        Self { from, until: None, cause, by_restart: false, stopped_by: None }
    }

    /// A stop after which the whole limit is counted again.
    // law: ND61-2018/19.4
    pub fn restarting(cause: StopCause, from: Timestamp) -> Self {
        Self { by_restart: true, ..Self::pausing(cause, from) }
    }

    #[must_use]
    pub fn by(self, officer: OfficerId) -> Self {
        Self { stopped_by: Some(officer), ..self }
    }
}

impl Clock {
    pub fn start(limit: Limit, counting: Counting, at: Timestamp) -> Self {
        Self {
            limit,
            counting,
            started_at: at,
            stops: Vec::new(),
            finished_at: None,
            extension: None,
            earlier: Vec::new(),
        }
    }

    pub fn is_stopped(&self) -> bool {
        self.stops.iter().any(|stop| stop.until.is_none())
    }

    #[must_use]
    pub fn stop(mut self, stop: Stop) -> Self {
        self.stops.push(stop);
        self
    }

    /// Ends every open stop; the count begins again if one of them says so.
    #[must_use]
    pub fn resume(self, now: Timestamp) -> Self {
        self.end_stops(now, |_| true)
    }

    /// Ends the open stops of one cause; the clock still stands while another is open.
    #[must_use]
    pub fn resume_from(self, cause: StopCause, now: Timestamp) -> Self {
        self.end_stops(now, |stop| stop.cause == cause)
    }

    /// A count that begins again begins whole. What stood in the earlier count has nothing to move in
    /// the new one, for the limit gets all its time back; and time granted on top of the earlier count
    /// was granted because that one was too short. Both stay in the history.
    // law: ND61-2018/19.4
    fn end_stops(mut self, now: Timestamp, which: impl Fn(&Stop) -> bool) -> Self {
        let mut restarted_from: Option<Timestamp> = None;
        for stop in self.stops.iter_mut().filter(|stop| stop.until.is_none() && which(stop)) {
            stop.until = Some(now);
            if stop.by_restart {
                let from = stop.from.max(self.started_at);
                restarted_from = Some(restarted_from.map_or(from, |first| first.min(from)));
            }
        }
        if let Some(ended_at) = restarted_from {
            let (started_at, extension) = (self.started_at, self.extension.take());
            self.earlier.push(EarlierCount { started_at, ended_at, extension });
            self.started_at = now;
        }
        self
    }

    #[must_use]
    pub fn extend(self, extension: Extension) -> Self {
        Self { extension: Some(extension), ..self }
    }

    /// Was time ever granted on top of the limit? It may be once for a dossier, not once for a count.
    // law: ND61-2018/19.9
    pub fn was_extended(&self) -> bool {
        self.extension.is_some() || self.earlier.iter().any(|count| count.extension.is_some())
    }

    /// The end. A clock that stood then stands for good, and nothing was ever due.
    #[must_use]
    pub fn finish(self, now: Timestamp) -> Self {
        Self { finished_at: Some(now), ..self }
    }

    /// When the result is due; none while the clock stands.
    pub fn due(&self, calendar: &WorkingCalendar) -> Result<Option<DueMoment>, CalendarError> {
        if self.is_stopped() {
            return Ok(None);
        }
        let at = self.runs_out(calendar)?;
        let on = at.date();
        let at = instant(at).ok_or(CalendarError::EndOfTime { on })?;
        Ok(Some(DueMoment { at, on }))
    }

    fn runs_out(&self, calendar: &WorkingCalendar) -> Result<DateTime, CalendarError> {
        let pauses = Pause::of(self.stops.iter().filter(|stop| !stop.by_restart), self.started_at, None);
        let course = Course::new(self, calendar, self.started_at, self.extension, &pauses)?;
        Ok(course.runs_out())
    }
}

/// Time for which the clock stood; where it stood for two causes, for the one that came first.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pause {
    from: Timestamp,
    until: Timestamp,
    stop: Stop,
}

impl Pause {
    /// The time of `stops` after `start`, in order and without overlap: a minute for which the clock
    /// stood for two causes is one minute. An open stop lasts until `now`, where that is given.
    fn of<'a>(stops: impl Iterator<Item = &'a Stop>, start: Timestamp, now: Option<Timestamp>) -> Vec<Self> {
        let until = |stop: &Stop| match (stop.until, now) {
            (Some(until), Some(now)) => Some(until.min(now)),
            (until, now) => until.or(now),
        };
        let mut pauses: Vec<Self> = stops
            .filter_map(|stop| Some(Self { from: stop.from, until: until(stop)?, stop: *stop }))
            .collect();
        pauses.sort_by_key(|pause| (pause.from, pause.until));
        let mut stood_until = start;
        for pause in &mut pauses {
            pause.from = stood_until.max(pause.from);
            stood_until = stood_until.max(pause.until);
        }
        pauses.retain(|pause| pause.from < pause.until);
        pauses
    }
}

/// How one count ran: the limit, moved by what stood in it, then the extension, moved by what stood in
/// that. A stop that begins after the end finds nothing left to stop: a date that has passed does not
/// move.
struct Course {
    limit: Leg,
    extension: Option<Leg>,
}

/// One part of a count: where it would have ended, and where it ended for the time the clock stood.
struct Leg {
    counted: DateTime,
    ended: DateTime,
}

impl Course {
    fn new(
        clock: &Clock,
        calendar: &WorkingCalendar,
        started_at: Timestamp,
        extension: Option<Extension>,
        pauses: &[Pause],
    ) -> Result<Self, CalendarError> {
        let counted = calendar.due(legal_time(started_at), clock.limit, clock.counting)?.at;
        let (limit, later) = Leg::new(calendar, counted, pauses)?;
        let extension = match extension {
            Some(extension) => {
                let counted = calendar.extend(limit.ended, extension.by, clock.counting)?.at;
                Some(Leg::new(calendar, counted, later)?.0)
            }
            None => None,
        };
        Ok(Self { limit, extension })
    }

    fn runs_out(&self) -> DateTime {
        self.extension.as_ref().unwrap_or(&self.limit).ended
    }
}

impl Leg {
    /// Moves `counted` by the working time of the pauses that begin before it is reached; gives back
    /// the later ones.
    fn new<'a>(
        calendar: &WorkingCalendar,
        counted: DateTime,
        pauses: &'a [Pause],
    ) -> Result<(Self, &'a [Pause]), CalendarError> {
        let (mut ended, mut stood, mut later) = (counted, 0, pauses);
        while let [pause, rest @ ..] = later {
            let (from, until) = (legal_time(pause.from), legal_time(pause.until));
            if from >= ended {
                break;
            }
            stood += calendar.working_minutes_between(from, until)?;
            ended = moved(calendar, counted, stood)?;
            later = rest;
        }
        Ok((Self { counted, ended }, later))
    }
}

/// Nothing to add is not the same as adding nothing: counting on from closing time would begin with the
/// next morning.
fn moved(calendar: &WorkingCalendar, at: DateTime, minutes: u32) -> Result<DateTime, CalendarError> {
    if minutes == 0 { Ok(at) } else { calendar.add_working_time(at, minutes) }
}

#[cfg(test)]
mod tests;
