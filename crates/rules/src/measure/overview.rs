//! What a leader sees of the work below him: every open dossier that has a date is in exactly one group by
//! that date, and what is over is told by how long it took and whether it was in time. Numbers of any
//! part (a unit, an officer, a procedure) are sums of the same rows, so they add up.

use crate::dossier::DueMoment;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Where an open dossier stands against its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DueGroup {
    Overdue,
    Today,
    /// Within the next three working days.
    Near,
    Later,
    /// The clock stands.
    Stopped,
}

impl DueGroup {
    pub const ALL: [Self; 5] = [Self::Overdue, Self::Today, Self::Near, Self::Later, Self::Stopped];
}

/// The moment of looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    pub now: Timestamp,
    pub today: Date,
    /// The last day of what is near.
    pub near: Date,
}

impl Look {
    /// The group of an open dossier with this due moment.
    pub fn group(&self, due: Option<DueMoment>) -> DueGroup {
        match due {
            None => DueGroup::Stopped,
            Some(due) if due.at < self.now => DueGroup::Overdue,
            Some(due) if due.on <= self.today => DueGroup::Today,
            Some(due) if due.on <= self.near => DueGroup::Near,
            Some(_) => DueGroup::Later,
        }
    }
}

/// What is open and what was settled lately in one part of the work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    open: BTreeMap<DueGroup, u64>,
    /// How many were settled by how many hours they took.
    took: BTreeMap<u32, u64>,
    in_time: u64,
}

impl Tally {
    pub fn add_open(&mut self, group: DueGroup, n: u64) {
        *self.open.entry(group).or_default() += n;
    }

    /// So many were settled after this many hours, so many of them in time.
    pub fn add_settled(&mut self, hours: u32, n: u64, in_time: u64) {
        *self.took.entry(hours).or_default() += n;
        self.in_time += in_time;
    }

    pub fn n(&self, group: DueGroup) -> u64 {
        self.open.get(&group).copied().unwrap_or_default()
    }

    /// All that is open.
    pub fn n_open(&self) -> u64 {
        self.open.values().sum()
    }

    pub fn n_settled(&self) -> u64 {
        self.took.values().sum()
    }

    pub fn n_late(&self) -> u64 {
        self.n_settled() - self.in_time
    }

    /// The hours that half of what was settled took at most; none where nothing was.
    pub fn median_hours(&self) -> Option<u32> {
        let half = self.n_settled().div_ceil(2);
        let mut passed = 0;
        self.took.iter().find_map(|(hours, n)| {
            passed += n;
            (passed >= half && half > 0).then_some(*hours)
        })
    }

    /// What was settled in time, in whole percent rounded down, so that 100 means all of it.
    pub fn percent_in_time(&self) -> Option<u64> {
        (self.in_time * 100).checked_div(self.n_settled())
    }
}

#[cfg(test)]
mod tests {
    use super::{DueGroup, Look, Tally};
    use crate::dossier::DueMoment;
    use jiff::civil::date;

    #[test]
    fn every_date_is_in_one_group() {
        let now = "2026-11-23T01:00:00Z".parse().expect("an instant");
        let look = Look { now, today: date(2026, 11, 23), near: date(2026, 11, 26) };
        let due = |at: &str, on| Some(DueMoment { at: at.parse().expect("an instant"), on });
        let group = |at, on| look.group(due(at, on));
        assert_eq!(group("2026-11-23T00:59:59Z", date(2026, 11, 23)), DueGroup::Overdue);
        assert_eq!(group("2026-11-23T01:00:00Z", date(2026, 11, 23)), DueGroup::Today);
        assert_eq!(group("2026-11-26T10:00:00Z", date(2026, 11, 26)), DueGroup::Near);
        assert_eq!(group("2026-11-27T01:00:00Z", date(2026, 11, 27)), DueGroup::Later);
        assert_eq!(look.group(None), DueGroup::Stopped);
    }

    #[test]
    fn what_was_settled_has_a_middle_and_a_share() {
        let mut tally = Tally::default();
        assert_eq!((tally.median_hours(), tally.percent_in_time()), (None, None));
        tally.add_settled(10, 1, 1);
        assert_eq!(tally.median_hours(), Some(10));
        tally.add_settled(30, 1, 0);
        assert_eq!(tally.median_hours(), Some(10), "of two the shorter");
        tally.add_settled(30, 1, 1);
        assert_eq!((tally.median_hours(), tally.percent_in_time()), (Some(30), Some(66)));
        tally.add_open(DueGroup::Near, 2);
        tally.add_open(DueGroup::Near, 1);
        tally.add_open(DueGroup::Stopped, 4);
        assert_eq!((tally.n(DueGroup::Near), tally.n(DueGroup::Today), tally.n_open()), (3, 0, 7));
    }
}
