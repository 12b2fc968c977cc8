//! The legal clock: which minutes an office works, and when a dossier is due.
//!
//! All of it is counted from tables (`calendars/`), never guessed: a year without a table is an
//! error naming the year. Reading the files, choosing an office's calendar and stopping the clock
//! for a supplement are left to others.

mod due;
mod impact;
mod look;
pub mod lunar;
mod own;
mod table;

#[cfg(test)]
mod tests;

pub use due::{Counted, Counting, DayCounted, Due, Limit, Why};
pub use impact::{Moved, impact};
pub use look::{DayChanged, DayLook};
pub use own::{CalendarDecision, UnitCalendar};
pub use table::{
    Basis, DayKind, HoursPeriod, Part, Span, Sure, TableDay, WeekHours, WeekdayName, YearTable, minutes_of,
};

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// What a calendar cannot answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    #[error("no table of working days for the year `{year}`")]
    NoTable { year: i16 },
    #[error("no working hours are laid down for `{on}`")]
    NoHours { on: Date },
    #[error("two tables are given for the year `{year}`")]
    TwoTables { year: i16 },
    #[error("the day `{on}` stands in the table of `{year}`")]
    StrayDay { on: Date, year: i16 },
    #[error("the day `{on}` stands twice in the table")]
    TwiceInTable { on: Date },
    #[error("the working hours from `{from}` are not in order, overlap, or are not whole minutes")]
    BadHours { from: Date },
    #[error("two sets of working hours hold on `{on}`")]
    TwoHours { on: Date },
    #[error("the day after `{on}` lies beyond what a calendar can count")]
    EndOfTime { on: Date },
}

/// Việt Nam has kept UTC+7 without summer time since 1975, so the legal zone is a fixed offset
/// and needs no zone database.
const LEGAL_OFFSET: Offset = Offset::constant(7);

/// The wall clock of Asia/Ho_Chi_Minh at an instant. Every legal day and hour is read from it.
pub fn legal_time(at: Timestamp) -> DateTime {
    LEGAL_OFFSET.to_datetime(at)
}

/// The instant at which the legal wall clock shows `at`; `None` outside the years jiff can count.
pub fn instant(at: DateTime) -> Option<Timestamp> {
    TimeZone::fixed(LEGAL_OFFSET).to_timestamp(at).ok()
}

/// The working time of one office: its hours, and the days off and worked of each year.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkingCalendar {
    hours: Vec<HoursPeriod>,
    years: BTreeMap<i16, Year>,
}

#[derive(Debug, Clone, PartialEq)]
struct Year {
    basis: Basis,
    days: BTreeMap<Date, TableDay>,
}

/// What one date is, with the table's row where it has one.
#[derive(Debug, Clone, PartialEq)]
pub struct DayStanding<'a> {
    pub date: Date,
    /// The spans in which the office works; empty on a day off.
    pub spans: Vec<Span>,
    /// Whether the day counts as one working day of a limit in days.
    pub counts: bool,
    /// The row of the table, where the day is not simply what its weekday makes it.
    pub row: Option<&'a TableDay>,
}

impl WorkingCalendar {
    /// Builds a calendar from hours (with validity) and year tables, checking all of them.
    pub fn new(hours: Vec<HoursPeriod>, tables: Vec<YearTable>) -> Result<Self, CalendarError> {
        table::check_hours(&hours)?;
        let mut years = BTreeMap::new();
        for table in tables {
            let year = table.year;
            let days = table::index_days(&table)?;
            if years.insert(year, Year { basis: table.basis, days }).is_some() {
                return Err(CalendarError::TwoTables { year });
            }
        }
        Ok(Self { hours, years })
    }

    /// The same calendar with an office's own days laid over the national ones (a counter open on
    /// Saturday mornings, a province's own day off). A later row for the same date wins.
    pub fn with_days(mut self, own: Vec<TableDay>) -> Result<Self, CalendarError> {
        for day in own {
            let year = day.on.year();
            let table = self.years.get_mut(&year).ok_or(CalendarError::NoTable { year })?;
            table.days.insert(day.on, day);
        }
        Ok(self)
    }

    /// The years that have a table, with what each table rests on.
    pub fn years(&self) -> impl Iterator<Item = (i16, Basis)> + '_ {
        self.years.iter().map(|(year, table)| (*year, table.basis))
    }

    /// Whether the office works at all on `date`.
    pub fn is_working(&self, date: Date) -> Result<bool, CalendarError> {
        Ok(!self.day(date)?.spans.is_empty())
    }

    /// What `date` is: its spans, whether it counts, and the row that says so.
    pub fn day(&self, date: Date) -> Result<DayStanding<'_>, CalendarError> {
        let year = date.year();
        let table = self.years.get(&year).ok_or(CalendarError::NoTable { year })?;
        let week = &self.hours_on(date)?.week;
        let usual = week.on(date.weekday());
        let row = table.days.get(&date);
        let (spans, counts) = match row.map(|row| &row.is) {
            None => (usual.to_vec(), !usual.is_empty() && !week.is_extra(date.weekday())),
            Some(DayKind::Off) => (Vec::new(), false),
            Some(DayKind::Worked) => (week.full_day().to_vec(), true),
            Some(DayKind::HalfDay { part, counts }) => (part.of(week.full_day()), *counts),
        };
        let counts = counts && !spans.is_empty();
        Ok(DayStanding { date, spans, counts, row })
    }

    /// The first working minute at or after `start`: closing time moves to the next working
    /// morning, lunch to the afternoon's opening, a day off to the next working morning.
    ///
    /// Seconds are dropped first: a dossier is received in a minute, and the part of a minute goes
    /// in the applicant's favour.
    pub fn normalise(&self, start: DateTime) -> Result<DateTime, CalendarError> {
        let mut date = start.date();
        let mut from = to_minute(start.time());
        loop {
            for span in &self.day(date)?.spans {
                if from < span.close {
                    return Ok(date.to_datetime(from.max(span.open)));
                }
            }
            date = next_day(date)?;
            from = Time::MIN;
        }
    }

    /// The instant at which `minutes` working minutes have passed since `start`.
    ///
    /// A limit that ends with the working day ends at closing time, not at the next opening.
    pub fn add_working_time(&self, start: DateTime, minutes: u32) -> Result<DateTime, CalendarError> {
        self.walk_minutes(start, minutes, &mut |_, _| ())
    }

    /// As `add_working_time`, telling each date passed and the minutes taken from it.
    fn walk_minutes(
        &self,
        start: DateTime,
        minutes: u32,
        tell: &mut dyn FnMut(Date, u32),
    ) -> Result<DateTime, CalendarError> {
        let start = self.normalise(start)?;
        if minutes == 0 {
            return Ok(start);
        }
        let (mut date, mut from, mut left) = (start.date(), start.time(), minutes);
        loop {
            let mut taken = 0;
            for span in &self.day(date)?.spans {
                let open = from.max(span.open);
                if open >= span.close {
                    continue;
                }
                let room = minutes_between(open, span.close);
                if left <= room {
                    tell(date, taken + left);
                    return Ok(date.to_datetime(after(open, left)));
                }
                left -= room;
                taken += room;
            }
            tell(date, taken);
            date = next_day(date)?;
            from = Time::MIN;
        }
    }

    /// Working minutes in `a..b`, 0 when `b` is not later than `a`. Seconds are dropped.
    pub fn working_minutes_between(&self, a: DateTime, b: DateTime) -> Result<u32, CalendarError> {
        if b <= a {
            return Ok(0);
        }
        let (mut date, mut total) = (a.date(), 0);
        loop {
            let from = if date == a.date() { to_minute(a.time()) } else { Time::MIN };
            let until = if date == b.date() { to_minute(b.time()) } else { Time::MAX };
            for span in &self.day(date)?.spans {
                let (open, close) = (from.max(span.open), until.min(span.close));
                if open < close {
                    total += minutes_between(open, close);
                }
            }
            if date == b.date() {
                return Ok(total);
            }
            date = next_day(date)?;
        }
    }

    /// The first day after `date` that is a working day of the law; a counter that opens on a Saturday
    /// morning does not make one.
    pub fn next_working_day(&self, date: Date) -> Result<Date, CalendarError> {
        let mut date = next_day(date)?;
        while !self.day(date)?.counts {
            date = next_day(date)?;
        }
        Ok(date)
    }

    /// Opening time of a working day, `None` on a day off.
    pub fn opening(&self, date: Date) -> Result<Option<DateTime>, CalendarError> {
        Ok(self.day(date)?.spans.first().map(|span| date.to_datetime(span.open)))
    }

    /// Closing time of a working day, `None` on a day off.
    pub fn closing(&self, date: Date) -> Result<Option<DateTime>, CalendarError> {
        Ok(self.day(date)?.spans.last().map(|span| date.to_datetime(span.close)))
    }

    fn hours_on(&self, date: Date) -> Result<&HoursPeriod, CalendarError> {
        self.hours.iter().find(|period| period.holds_on(date)).ok_or(CalendarError::NoHours { on: date })
    }

    fn basis(&self, year: i16) -> Result<Basis, CalendarError> {
        self.years.get(&year).map(|table| table.basis).ok_or(CalendarError::NoTable { year })
    }
}

fn to_minute(time: Time) -> Time {
    Time::constant(time.hour(), time.minute(), 0, 0)
}

fn minutes_between(a: Time, b: Time) -> u32 {
    minutes_of(b).saturating_sub(minutes_of(a))
}

/// `minutes` after `open`; the caller has made sure that the span reaches so far.
fn after(open: Time, minutes: u32) -> Time {
    let total = minutes_of(open) + minutes;
    Time::constant((total / 60) as i8, (total % 60) as i8, 0, 0)
}

pub(crate) fn next_day(date: Date) -> Result<Date, CalendarError> {
    date.tomorrow().map_err(|_| CalendarError::EndOfTime { on: date })
}
