//! The calendar of one office and year as its page shows it, and the decision that a form or a file makes
//! of it.

use super::change::may_decide;
use crate::{Error, Office};
use rules::calendar::{
    CalendarDecision, CalendarError, DayKind, DayStanding, UnitCalendar, YearTable, lunar,
};
use rules::id::OfficerId;
use rules::people::{Actor, NotYours, Role};
use rules::words;
use std::collections::BTreeMap;
use store::calendar::{self as rows, DecidedLine};
use store::people::KeptUnit;
use store::queue::lines::{self, State};
use uuid::Uuid;

/// Decisions listed under a calendar.
const SHOWN: i64 = 8;

/// Whose calendar is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The days of a year, of everybody.
    Nation(i16),
    /// An office's own, by its key.
    Unit(String),
}

/// A year of an office.
#[derive(Debug)]
pub struct CalendarYear<'o> {
    pub unit: KeptUnit,
    /// Those of today whose calendar he may decide.
    pub units: Vec<KeptUnit>,
    /// May he decide the days of the nation?
    pub decides_nation: bool,
    /// None where the year has no table yet.
    pub days: Option<Vec<DayStanding<'o>>>,
    /// What the unit decided itself.
    pub own: Option<UnitCalendar>,
    pub decisions: Vec<Decision>,
}

/// A decision with what became of counting again.
#[derive(Debug)]
pub struct Decision {
    pub line: DecidedLine,
    pub by: String,
    /// The state of its job, where the dates are not all counted yet.
    pub job: Option<State>,
}

/// The file is none of a calendar: the line where it goes wrong, if one can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACalendar {
    pub line: Option<usize>,
}

/// Reads a file as in `calendars/`: of a year, or of a unit.
pub fn parse(text: &str) -> Result<CalendarDecision, NotACalendar> {
    let astray = |error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        NotACalendar { line: before.map(|before| before.matches('\n').count() + 1) }
    };
    let table: toml::Table = toml::from_str(text).map_err(astray)?;
    Ok(if table.contains_key("year") {
        CalendarDecision::Year(toml::from_str(text).map_err(astray)?)
    } else {
        CalendarDecision::Unit(toml::from_str(text).map_err(astray)?)
    })
}

/// What the law fixes of a year, as a file to be corrected by the notice.
pub fn propose(year: i16) -> Result<String, Error> {
    toml::to_string(&lunar::propose(year)).map_err(Error::broken)
}

/// What a year's table lacks of the law, and swaps with one of their two days only.
pub fn faults_of(table: &YearTable) -> Vec<String> {
    let mut faults: Vec<String> = lunar::missing_from(table)
        .iter()
        .map(|day| {
            let law = words::explanation::law_reference(&day.law);
            format!("thiếu ngày nghỉ {}: {} ({law})", words::date(day.on), day.reason)
        })
        .collect();
    let swapped =
        table.days.iter().filter(|day| day.is == DayKind::Off && day.reason.starts_with("hoán đổi"));
    let (n_off, n_worked) =
        (swapped.count(), table.days.iter().filter(|day| day.is == DayKind::Worked).count());
    if n_off != n_worked {
        faults.push(format!(
            "{n_off} ngày nghỉ hoán đổi nhưng {n_worked} ngày làm bù; hoán đổi phải thành cặp"
        ));
    }
    faults
}

impl Office {
    /// The year of an office, for whoever may decide its calendar; his own office where none is named.
    pub async fn calendar_year(
        &self,
        actor: &Actor,
        key: Option<&str>,
        year: i16,
    ) -> Result<CalendarYear<'_>, Error> {
        self.refresh_calendars().await?;
        let mut reader = self.db.read().await?;
        let units = store::people::units(&mut reader).await?;
        let today = self.clock.today();
        let mine: Vec<KeptUnit> = units
            .iter()
            .filter(|kept| kept.unit.valid_to.is_none_or(|last| today <= last))
            .filter(|kept| may_decide(actor, &units, Some(kept)).is_ok())
            .cloned()
            .collect();
        let is_meant = |unit: &&KeptUnit| match key {
            Some(key) => unit.unit.key == key,
            None => unit.id == actor.agency(),
        };
        let meant = mine.iter().find(is_meant).or_else(|| mine.first().filter(|_| key.is_none()));
        let unit = match meant {
            Some(unit) => unit.clone(),
            None if key.is_some() => return Err(Error::NotFound),
            None => return Err(NotYours::NeedsRole(Role::Admin).into()),
        };
        let scopes = [format!("year:{year}"), format!("unit:{}", unit.unit.key)];
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let decided = rows::decisions(&mut reader, &scopes, SHOWN).await?;
        let deciders: Vec<Uuid> = decided.iter().map(|line| line.decided.decided_by.0).collect();
        let names = store::people::officer_names(&mut reader, &deciders).await?;
        let uncounted = decided.iter().filter(|line| line.counted_at.is_none());
        let uncounted: Vec<Uuid> = uncounted.map(|line| line.decided.id.0).collect();
        let jobs = lines::newest_for(&mut reader, &uncounted).await?;
        let own = self.own_calendar(&mut reader, &unit.unit.key).await?;
        let days = match self.calendars.of(unit.id).days_of(year) {
            Ok(days) => Some(days),
            Err(CalendarError::NoTable { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(CalendarYear {
            decides_nation: may_decide(actor, &units, None).is_ok(),
            units: mine,
            unit,
            days,
            own,
            decisions: with_jobs(decided, &names, &jobs),
        })
    }

    /// What a form's day is put into: the calendar of its scope as it holds now.
    pub async fn calendar_now(&self, scope: &Scope, decision: &str) -> Result<CalendarDecision, Error> {
        self.refresh_calendars().await?;
        match scope {
            Scope::Nation(year) => {
                let table = self.calendars.national().table(*year);
                let table = table.ok_or(CalendarError::NoTable { year: *year })?;
                Ok(CalendarDecision::Year(YearTable { decision: Some(decision.to_owned()), ..table }))
            }
            Scope::Unit(key) => {
                let own = self.own_calendar(&mut self.db.read().await?, key).await?;
                let none = UnitCalendar {
                    unit: key.clone(),
                    decision: String::new(),
                    hours: Vec::new(),
                    days: Vec::new(),
                };
                Ok(CalendarDecision::Unit(UnitCalendar {
                    decision: decision.to_owned(),
                    ..own.unwrap_or(none)
                }))
            }
        }
    }

    /// What an office decided itself: kept here, or shipped.
    async fn own_calendar(
        &self,
        reader: &mut store::Reader,
        key: &str,
    ) -> Result<Option<UnitCalendar>, Error> {
        let scope = format!("unit:{key}");
        let kept = rows::decisions(reader, &[scope.as_str()], 1).await?.pop();
        let kept = kept.and_then(|line| match line.decided.decision {
            CalendarDecision::Unit(own) => Some(own),
            CalendarDecision::Year(_) => None,
        });
        Ok(kept.or_else(|| self.calendars.shipped_units.iter().find(|own| own.unit == key).cloned()))
    }
}

fn with_jobs(
    decided: Vec<DecidedLine>,
    names: &BTreeMap<OfficerId, String>,
    jobs: &BTreeMap<Uuid, State>,
) -> Vec<Decision> {
    let by = |line: &DecidedLine| names.get(&line.decided.decided_by).cloned().unwrap_or_default();
    let job = |line: &DecidedLine| jobs.get(&line.decided.id.0).copied();
    decided.into_iter().map(|line| Decision { by: by(&line), job: job(&line), line }).collect()
}
