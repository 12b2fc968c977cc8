//! What a calendar would do, before it is decided: which days become others, when a dossier received now
//! would be due, and the first of the dossiers whose date would move.

use super::change::{MovedLine, impact_of, may_decide, unit_of};
use crate::{Error, Office};
use jiff::civil::Date;
use rules::calendar::{CalendarDecision, DayChanged, Limit, WorkingCalendar, legal_time};
use rules::people::Actor;

/// Dossiers that are named; the rest are counted.
const NAMED: usize = 20;
/// Limits for which the date of today is told.
const LIMITS: [Limit; 6] = [
    Limit::SameDay,
    Limit::WorkingDays(3),
    Limit::WorkingDays(5),
    Limit::WorkingDays(10),
    Limit::WorkingDays(15),
    Limit::WorkingDays(20),
];

/// What a decision would change.
#[derive(Debug)]
pub struct Preview {
    /// Whose calendar it is: the unit's name, or none for the nation's.
    pub unit: Option<String>,
    /// In the years it speaks of, and in all there are from this year on.
    pub days: Vec<DayChanged>,
    pub today: Vec<DueToday>,
    pub first: Vec<MovedLine>,
    pub n_moved: u32,
    /// Of the whole list: deciding asks for it.
    pub digest: String,
}

/// When a dossier received now would be due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueToday {
    pub limit: Limit,
    /// None where a year on the way has no table.
    pub was: Option<Date>,
    pub becomes: Option<Date>,
}

impl Office {
    /// Looks at a decision for whoever may make it. Nothing is changed.
    pub async fn preview_calendar(
        &self,
        actor: &Actor,
        decision: &CalendarDecision,
    ) -> Result<Preview, Error> {
        self.refresh_calendars().await?;
        let mut reader = self.db.read().await?;
        let units = store::people::units(&mut reader).await?;
        let unit = unit_of(&units, decision)?;
        may_decide(actor, &units, unit)?;
        let draft = self.draft(&mut reader, decision).await?;
        let mut first = Vec::new();
        let name_some = |line| {
            if first.len() < NAMED {
                first.push(line);
            }
        };
        let impact = impact_of(&mut reader, &draft, decision, name_some).await?;
        drop(reader);
        let (before, after) = match unit {
            Some(unit) => (draft.before.of(unit.id), draft.after.of(unit.id)),
            None => (&*draft.before.national, &*draft.after.national),
        };
        Ok(Preview {
            unit: unit.map(|unit| unit.unit.name.clone()),
            days: self.changed(decision, before, after)?,
            today: LIMITS.map(|limit| self.due_today(limit, before, after)).into(),
            first,
            n_moved: impact.n_moved,
            digest: impact.digest,
        })
    }

    /// Of a year the whole, of an office every year there is from this one on, and those of its own days.
    fn changed(
        &self,
        decision: &CalendarDecision,
        before: &WorkingCalendar,
        after: &WorkingCalendar,
    ) -> Result<Vec<DayChanged>, Error> {
        let this_year = self.clock.today().year();
        let years: Vec<i16> = match decision {
            CalendarDecision::Year(table) => vec![table.year],
            CalendarDecision::Unit(own) => {
                let is_told =
                    |year: &i16| *year >= this_year || own.days.iter().any(|day| day.on.year() == *year);
                after.years().map(|(year, _)| year).filter(is_told).collect()
            }
        };
        let mut days = Vec::new();
        for year in years {
            days.extend(after.changed_in(before, year)?);
        }
        Ok(days)
    }

    fn due_today(&self, limit: Limit, before: &WorkingCalendar, after: &WorkingCalendar) -> DueToday {
        let now = legal_time(self.clock.now());
        let due = |calendar: &WorkingCalendar| {
            calendar.due(now, limit, self.settings.counting).ok().map(|due| due.on)
        };
        DueToday { limit, was: due(before), becomes: due(after) }
    }
}
