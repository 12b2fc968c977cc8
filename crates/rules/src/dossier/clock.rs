//! The legal clock of a dossier: a budget and a ledger of stops. The ledger is the truth; the due moment
//! is recomputed from it whenever it changes and is never edited by hand.

use crate::calendar::{CalendarError, Counting, Limit, WorkingCalendar, instant, legal_time};
use crate::dossier::DueMoment;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The clock as it is kept with the dossier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    pub limit: Limit,
    pub counting: Counting,
    /// The moment the present count began: reception, or the completed supplement.
    pub started_at: Timestamp,
    pub stops: Vec<Stop>,
    pub finished_at: Option<Timestamp>,
}

/// One stop of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub from: Timestamp,
    pub until: Option<Timestamp>,
    pub cause: StopCause,
    /// The limit is counted again from the start when this stop ends; else the stop only adds its time.
    pub by_restart: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopCause {
    Supplement,
    Payment,
    Opinion,
}

impl Clock {
    pub fn start(limit: Limit, counting: Counting, at: Timestamp) -> Self {
        Self { limit, counting, started_at: at, stops: Vec::new(), finished_at: None }
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
    // law: ND61-2018/19.4
    #[must_use]
    pub fn resume(mut self, now: Timestamp) -> Self {
        let mut restarts = false;
        for stop in self.stops.iter_mut().filter(|stop| stop.until.is_none()) {
            stop.until = Some(now);
            restarts |= stop.by_restart;
        }
        if restarts {
            self.started_at = now;
        }
        self
    }

    #[must_use]
    pub fn finish(mut self, now: Timestamp) -> Self {
        for stop in self.stops.iter_mut().filter(|stop| stop.until.is_none()) {
            stop.until = Some(now);
        }
        self.finished_at = Some(now);
        self
    }

    /// When the result is due; none while the clock stands. Stops that do not restart the count move
    /// the due moment by the working time they took; a minute for which the clock stood for two causes
    /// is one minute.
    pub fn due(&self, calendar: &WorkingCalendar) -> Result<Option<DueMoment>, CalendarError> {
        if self.is_stopped() {
            return Ok(None);
        }
        let due = calendar.due(legal_time(self.started_at), self.limit, self.counting)?;
        let mut spans: Vec<(Timestamp, Timestamp)> = self
            .stops
            .iter()
            .filter(|stop| !stop.by_restart)
            .filter_map(|stop| stop.until.map(|until| (stop.from, until)))
            .collect();
        spans.sort_unstable();
        let (mut stood, mut counted_until) = (0, self.started_at);
        for (from, until) in spans {
            let from = from.max(counted_until);
            stood += calendar.working_minutes_between(legal_time(from), legal_time(until))?;
            counted_until = counted_until.max(until);
        }
        // Nothing to add is not the same as adding nothing: counting on from closing time would begin
        // with the next morning.
        let at = if stood == 0 { due.at } else { calendar.add_working_time(due.at, stood)? };
        let on = at.date();
        let at = instant(at).ok_or(CalendarError::EndOfTime { on })?;
        Ok(Some(DueMoment { at, on }))
    }
}

#[cfg(test)]
mod tests;
