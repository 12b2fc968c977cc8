//! Calendars of one's own: what an office decides over the national calendar, and the years that the
//! notices decide. A decision replaces the one before it whole; inside, every row has its days, so what
//! held last year still holds for last year.

use super::{CalendarError, HoursPeriod, TableDay, WorkingCalendar, Year, YearTable, table};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An office's own hours and days, as in `calendars/units/<unit>.toml`. What it does not say is as in
/// the office above it, and at last as in the national calendar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitCalendar {
    /// The unit's key in `units/`.
    pub unit: String,
    /// The decision this rests on, in Vietnamese.
    pub decision: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hours: Vec<HoursPeriod>,
    #[serde(default, rename = "day", skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<TableDay>,
}

/// What can be decided of a calendar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum CalendarDecision {
    /// A national year: its notice came, or was corrected.
    Year(YearTable),
    Unit(UnitCalendar),
}

impl CalendarDecision {
    /// What it rests on, for the timeline of a dossier it moves.
    pub fn rests_on(&self) -> String {
        match self {
            Self::Year(table) => {
                let by = table.decision.as_ref().map(|by| format!(" theo {by}")).unwrap_or_default();
                format!("lịch nghỉ năm {}{by}", table.year)
            }
            Self::Unit(own) => own.decision.clone(),
        }
    }

    /// The first and the last day it speaks of; none where it has no end. A calendar that says nothing
    /// gives up an office's own, on all its days.
    pub fn validity(&self) -> (Date, Option<Date>) {
        match self {
            Self::Year(table) => {
                let first = Date::constant(table.year, 1, 1);
                (first, Some(Date::constant(table.year, 12, 31)))
            }
            Self::Unit(own) => {
                let days = || own.days.iter().map(|day| day.on);
                let first = own.hours.iter().map(|hours| hours.from).chain(days()).min();
                let open = own.hours.iter().any(|hours| hours.until.is_none());
                let last = own.hours.iter().filter_map(|hours| hours.until).chain(days()).max();
                (first.unwrap_or(Date::constant(1, 1, 1)), if open { None } else { last })
            }
        }
    }
}

impl WorkingCalendar {
    /// The same calendar with an office's own laid over it.
    pub fn with_unit(self, own: &UnitCalendar) -> Result<Self, CalendarError> {
        table::check_hours(&own.hours)?;
        let Self { mut hours, years } = self;
        for period in &own.hours {
            hours = hours.into_iter().flat_map(|under| around(under, period)).collect();
            hours.push(period.clone());
        }
        let days = own.days.iter().filter(|day| years.contains_key(&day.on.year())).cloned().collect();
        Self { hours, years }.with_days(days)
    }

    /// The same calendar with a year as it was decided.
    pub fn with_year(mut self, table: &YearTable) -> Result<Self, CalendarError> {
        let days = table::index_days(table)?;
        self.years.insert(table.year, Year { basis: table.basis, days });
        Ok(self)
    }
}

/// What is left of `under` before and after `over`.
fn around(under: HoursPeriod, over: &HoursPeriod) -> Vec<HoursPeriod> {
    let before = over.from.yesterday().ok().filter(|last| under.from <= *last);
    let after = over.until.and_then(|last| last.tomorrow().ok());
    let after = after.filter(|first| under.until.is_none_or(|until| *first <= until));
    let mut left = Vec::new();
    if let Some(last) = before {
        let until = Some(under.until.map_or(last, |until| until.min(last)));
        left.push(HoursPeriod { until, ..under.clone() });
    }
    if let Some(first) = after {
        left.push(HoursPeriod { from: under.from.max(first), ..under });
    }
    left
}

#[cfg(test)]
mod tests;
