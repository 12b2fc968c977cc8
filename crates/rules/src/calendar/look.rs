//! A year as it is looked at: what each day is, which days a decision would make another, and a table with
//! one day put in or taken out.

use super::{
    CalendarDecision, CalendarError, DayKind, DayStanding, Part, Span, TableDay, WorkingCalendar, YearTable,
};
use jiff::civil::Date;

/// What a day is for whoever looks at the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayLook {
    Working,
    /// A weekly day of rest.
    Rest,
    /// Off by the table.
    Off,
    /// Worked by the table, mostly for a day off elsewhere.
    MadeUp,
    Half(Part),
    /// Open for the public, but no working day of the law.
    Extra,
}

impl DayStanding<'_> {
    pub fn look(&self) -> DayLook {
        match self.row.map(|row| row.is) {
            Some(DayKind::Off) => DayLook::Off,
            Some(DayKind::Worked) => DayLook::MadeUp,
            Some(DayKind::HalfDay { part, .. }) => DayLook::Half(part),
            None if self.spans.is_empty() => DayLook::Rest,
            None if self.counts => DayLook::Working,
            None => DayLook::Extra,
        }
    }
}

/// A day that is another after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayChanged {
    pub on: Date,
    /// None where the year had no table.
    pub was: Option<DayLook>,
    pub becomes: DayLook,
    /// The hours before and after; equal where only the kind of day is another.
    pub hours: [Vec<Span>; 2],
    pub reason: String,
}

impl WorkingCalendar {
    /// Every day of a year, in order.
    pub fn days_of(&self, year: i16) -> Result<Vec<DayStanding<'_>>, CalendarError> {
        let first = Date::new(year, 1, 1).map_err(|_| CalendarError::NoTable { year })?;
        first
            .series(jiff::ToSpan::day(1))
            .take_while(|day| day.year() == year)
            .map(|day| self.day(day))
            .collect()
    }

    /// The days of a year that are off, worked or open otherwise than before; of one that had no table,
    /// those of the new one.
    pub fn changed_in(&self, before: &Self, year: i16) -> Result<Vec<DayChanged>, CalendarError> {
        let mut changed = Vec::new();
        for now in self.days_of(year)? {
            let was = before.day(now.date);
            let is_same = was.as_ref().is_ok_and(|was| {
                (was.look(), &was.spans, was.counts) == (now.look(), &now.spans, now.counts)
            });
            // Of a year that is new, the days that are not as their weekday makes them.
            let is_told = was.is_ok() || now.row.is_some();
            if !is_same && is_told {
                let spans_before = was.as_ref().map(|was| was.spans.clone()).unwrap_or_default();
                changed.push(DayChanged {
                    on: now.date,
                    was: was.ok().map(|was| was.look()),
                    becomes: now.look(),
                    hours: [spans_before, now.spans.clone()],
                    reason: now.row.map(|row| row.reason.clone()).unwrap_or_default(),
                });
            }
        }
        Ok(changed)
    }

    /// The table of a year, without the note it was written with and what it was decided by.
    pub fn table(&self, year: i16) -> Option<YearTable> {
        let kept = self.years.get(&year)?;
        let days = kept.days.values().cloned().collect();
        Some(YearTable { year, basis: kept.basis, note: None, decision: None, days })
    }
}

impl CalendarDecision {
    /// The same with this row for its day, in place of the one it had.
    #[must_use]
    pub fn with_day(self, day: TableDay) -> Self {
        let mut decision = self.without_day(day.on);
        let days = decision.days_mut();
        days.push(day);
        days.sort_by_key(|day| day.on);
        decision
    }

    /// The same where this day is again what its weekday makes it, or the calendar above.
    #[must_use]
    pub fn without_day(mut self, on: Date) -> Self {
        self.days_mut().retain(|day| day.on != on);
        self
    }

    fn days_mut(&mut self) -> &mut Vec<TableDay> {
        match self {
            Self::Year(table) => &mut table.days,
            Self::Unit(own) => &mut own.days,
        }
    }
}

#[cfg(test)]
mod tests;
