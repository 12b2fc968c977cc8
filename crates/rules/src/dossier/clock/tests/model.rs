//! The clock said as plainly and slowly as can be: a list of days, a list of every open minute, and
//! a finger that goes from one minute to the next. It knows no date, no zone and no clock of ours:
//! a moment is a number of minutes since the first midnight.

use crate::calendar::{Counting, Limit};

/// One day of an office: the minutes in which it works, and whether the law calls it a working day.
pub(super) struct ModelDay {
    pub(super) open: Vec<(u32, u32)>,
    pub(super) is_working_day: bool,
    /// What a full day is in the hours that hold on this day.
    pub(super) full_day: u32,
    pub(super) cutoff: u32,
}

pub(super) struct ModelOffice {
    days: Vec<ModelDay>,
    /// Every open minute there is, in order.
    minutes: Vec<u32>,
}

/// What happens to a clock, in order of time; moments in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    Stop { at: u32, cause: usize, restarts: bool },
    ResumeAll { at: u32 },
    ResumeOne { at: u32, cause: usize },
    Extend { by: Limit },
}

pub(super) const DAY: u32 = 1440;

impl ModelOffice {
    pub(super) fn new(days: Vec<ModelDay>) -> Self {
        let mut minutes = Vec::new();
        for (midnight, day) in (0..).step_by(DAY as usize).zip(&days) {
            for (open, close) in &day.open {
                minutes.extend(midnight + open..midnight + close);
            }
        }
        Self { days, minutes }
    }

    /// Whether a minute is an open one, asked of the list.
    pub(super) fn open_between(&self, from: u32, until: u32) -> u32 {
        let mut count = 0;
        for minute in &self.minutes[self.place(from)..] {
            if *minute >= until {
                break;
            }
            count += 1;
        }
        count
    }

    /// The moment after `n` open minutes from `from` on.
    pub(super) fn after(&self, from: u32, n: u32) -> u32 {
        if n == 0 { self.first_open(from) } else { self.minutes[self.place(from) + n as usize - 1] + 1 }
    }

    /// The first open minute at or after a moment.
    pub(super) fn first_open(&self, minute: u32) -> u32 {
        self.minutes[self.place(minute)]
    }

    /// Plays the deeds and says the minute at which the limit runs out; none while the clock stands.
    pub(super) fn due(&self, received: u32, limit: Limit, counting: Counting, deeds: &[Deed]) -> Option<u32> {
        let (mut start, mut extension) = (received, None);
        let mut open: Vec<(u32, usize, bool)> = Vec::new();
        let mut stood: Vec<(u32, u32)> = Vec::new();
        for deed in deeds {
            let (at, ends): (u32, Vec<_>) = match *deed {
                Deed::Stop { at, cause, restarts } => {
                    open.push((at, cause, restarts));
                    continue;
                }
                Deed::Extend { by } => {
                    extension = Some(by);
                    continue;
                }
                Deed::ResumeAll { at } => (at, open.clone()),
                Deed::ResumeOne { at, cause } => {
                    (at, open.iter().copied().filter(|stop| stop.1 == cause).collect())
                }
            };
            open.retain(|stop| !ends.contains(stop));
            for (from, _, restarts) in ends {
                if restarts {
                    (start, extension) = (at, None);
                } else {
                    stood.push((from / 60, at / 60));
                }
            }
        }
        if !open.is_empty() {
            return None;
        }
        let start_minute = start / 60;
        // What stood before the count began is not its matter.
        stood.retain(|(_, until)| *until > start_minute);
        let first = self.first_open(start_minute);
        let base = self.count(first, limit, counting, &stood, false);
        Some(match extension {
            Some(by) => self.count(base, by, counting, &stood, true),
            None => base,
        })
    }

    fn count(&self, from: u32, limit: Limit, counting: Counting, stood: &[(u32, u32)], on: bool) -> u32 {
        let today = (from / DAY) as usize;
        let on_a_day = match (limit, counting) {
            (Limit::WorkingHours(0) | Limit::WorkingDays(0) | Limit::CalendarDays(0), _) if on => {
                return from;
            }
            (Limit::WorkingHours(hours), _) => return self.count_minutes(from, hours * 60, stood),
            (Limit::WorkingDays(days), Counting::Hours) => {
                return self.count_minutes(from, days * self.days[today].full_day, stood);
            }
            (Limit::WorkingDays(days), Counting::Days) => {
                let (mut day, mut left) = (today, days);
                while left > 0 {
                    day += 1;
                    left -= u32::from(self.days[day].is_working_day);
                }
                day
            }
            (Limit::CalendarDays(days), _) => self.working_day_from(today + days as usize),
            (Limit::SameDay, _) if on => {
                if self.close(today) > from {
                    today
                } else {
                    self.working_day_from(today + 1)
                }
            }
            (Limit::SameDay, _) => {
                let late = from % DAY > self.days[today].cutoff;
                if late { self.working_day_from(today + 1) } else { today }
            }
        };
        self.give_back(from, self.close(on_a_day), stood)
    }

    /// Takes the minutes away one by one, skipping those for which the clock stood.
    fn count_minutes(&self, from: u32, minutes: u32, stood: &[(u32, u32)]) -> u32 {
        let mut left = minutes;
        if left == 0 {
            return from;
        }
        for minute in &self.minutes[self.place(from)..] {
            if !stands(*minute, stood) {
                left -= 1;
                if left == 0 {
                    return minute + 1;
                }
            }
        }
        panic!("the model's minutes are enough for what is drawn");
    }

    /// Goes up to the end, and moves the end by a minute for each minute for which the clock stood.
    fn give_back(&self, from: u32, end: u32, stood: &[(u32, u32)]) -> u32 {
        if stood.is_empty() {
            return end;
        }
        let (mut here, last, mut back) = (self.place(from), self.place(end), 0);
        while here < last + back {
            back += usize::from(stands(self.minutes[here], stood));
            here += 1;
        }
        if back == 0 { end } else { self.minutes[last + back - 1] + 1 }
    }

    /// How many open minutes lie before a moment.
    fn place(&self, minute: u32) -> usize {
        self.minutes.partition_point(|open| *open < minute)
    }

    fn working_day_from(&self, mut day: usize) -> usize {
        while !self.days[day].is_working_day {
            day += 1;
        }
        day
    }

    fn close(&self, day: usize) -> u32 {
        let last = self.days[day].open.last().expect("a day with work");
        u32::try_from(day).expect("two years of days") * DAY + last.1
    }
}

fn stands(minute: u32, stood: &[(u32, u32)]) -> bool {
    stood.iter().any(|(from, until)| *from <= minute && minute < *until)
}
