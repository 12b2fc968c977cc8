//! Whether a date was kept, asked of a clock that has finished.

use super::Clock;
use crate::calendar::{Counting, Limit, legal_time};
use crate::dossier::DueMoment;

/// How a settled dossier stands to its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    Early,
    InTime,
    Late,
}

impl Clock {
    /// Early is by the day, as the national figures count it: a result of the same morning is in time.
    /// Late is by the minute where the applicant was told an hour, that is where the limit is counted
    /// in minutes; a limit in days lasts until midnight of its last day, whenever the office closes.
    /// None while the clock has not finished.
    // law: BLDS2015/148.6
    pub fn kept(&self, due: &DueMoment) -> Option<Kept> {
        let finished_at = self.finished_at?;
        let finished_on = legal_time(finished_at).date();
        Some(if finished_on < due.on {
            Kept::Early
        } else if finished_on > due.on || (self.counts_minutes() && finished_at > due.at) {
            Kept::Late
        } else {
            Kept::InTime
        })
    }

    /// Is the limit taken away minute by minute, so that it ends at an hour?
    pub(super) fn counts_minutes(&self) -> bool {
        counts_minutes(self.limit, self.counting)
    }
}

pub(super) fn counts_minutes(limit: Limit, counting: Counting) -> bool {
    match limit {
        Limit::WorkingHours(_) => true,
        Limit::WorkingDays(_) => counting == Counting::Hours,
        Limit::CalendarDays(_) | Limit::SameDay => false,
    }
}
