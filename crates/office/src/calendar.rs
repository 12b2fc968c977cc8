//! The calendars of all offices: what ships, the years and the units that were decided since, laid over
//! one another down the tree. Deciding one is in `change`.

mod change;
mod preview;
mod year;

pub use change::{Impact, MovedLine};
pub use preview::{DueToday, Preview};
pub use year::{CalendarYear, Decision, NotACalendar, Scope, faults_of, parse, propose};

use crate::{Error, Office};
use rules::calendar::{CalendarDecision, CalendarError, UnitCalendar, WorkingCalendar};
use rules::id::AgencyId;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use store::calendar::Decided;
use store::people::KeptUnit;

/// The calendar of every agency, read without asking the store.
///
/// An act holds on to the calendar it counts by, so a decision does not take the old one away: it adds
/// an edition behind it. Decisions are few in a year, and an edition holds only what differs.
#[derive(Debug)]
pub struct Calendars {
    shipped: WorkingCalendar,
    shipped_units: Vec<UnitCalendar>,
    first: Edition,
}

#[derive(Debug)]
struct Edition {
    /// As [`store::calendar::edition`] counts.
    number: i64,
    national: Arc<WorkingCalendar>,
    /// The agencies that have another calendar than the nation.
    own: BTreeMap<AgencyId, Arc<WorkingCalendar>>,
    next: OnceLock<Box<Edition>>,
}

impl Calendars {
    /// The calendars before any decision is read. The units' own hold from the first
    /// [`Office::refresh_calendars`] on.
    pub fn new(national: WorkingCalendar, units: Vec<UnitCalendar>) -> Self {
        let first = Edition {
            number: -1,
            national: Arc::new(national.clone()),
            own: BTreeMap::new(),
            next: OnceLock::new(),
        };
        Self { shipped: national, shipped_units: units, first }
    }

    /// The calendar by which this agency works.
    pub fn of(&self, agency: AgencyId) -> &WorkingCalendar {
        self.newest().of(agency)
    }

    /// The calendar of an office that has none of its own.
    pub fn national(&self) -> &WorkingCalendar {
        &self.newest().national
    }

    fn newest(&self) -> &Edition {
        let mut edition = &self.first;
        while let Some(next) = edition.next.get() {
            edition = next;
        }
        edition
    }

    /// Adds an edition, unless another thread has just added one that knows as much.
    fn add(&self, mut new: Box<Edition>) {
        while self.newest().number < new.number {
            match self.newest().next.set(new) {
                Ok(()) => return,
                Err(refused) => new = refused,
            }
        }
    }

    /// The calendars after these decisions.
    fn edition(
        &self,
        number: i64,
        decided: &[CalendarDecision],
        units: &[KeptUnit],
    ) -> Result<Edition, CalendarError> {
        let mut national = self.shipped.clone();
        let mut layers: BTreeMap<&str, &UnitCalendar> =
            self.shipped_units.iter().map(|own| (own.unit.as_str(), own)).collect();
        for decision in decided {
            match decision {
                CalendarDecision::Year(table) => national = national.with_year(table)?,
                CalendarDecision::Unit(own) => {
                    layers.insert(&own.unit, own);
                }
            }
        }
        let national = Arc::new(national);
        let mut own = BTreeMap::new();
        for unit in units {
            let mut calendar: Option<WorkingCalendar> = None;
            for above in way_down(units, unit) {
                if let Some(layer) = layers.get(above.unit.key.as_str()) {
                    let under = calendar.unwrap_or_else(|| (*national).clone());
                    calendar = Some(under.with_unit(layer)?);
                }
            }
            own.extend(calendar.map(|calendar| (unit.id, Arc::new(calendar))));
        }
        Ok(Edition { number, national, own, next: OnceLock::new() })
    }
}

impl Edition {
    fn of(&self, agency: AgencyId) -> &WorkingCalendar {
        self.own.get(&agency).unwrap_or(&self.national)
    }
}

/// From the top of the tree down to the unit.
fn way_down<'a>(units: &'a [KeptUnit], unit: &'a KeptUnit) -> Vec<&'a KeptUnit> {
    let mut way = vec![unit];
    while let Some(parent) = way[way.len() - 1].parent
        && let Some(above) = units.iter().find(|unit| unit.id == parent)
        && way.len() <= units.len()
    {
        way.push(above);
    }
    way.reverse();
    way
}

impl Office {
    /// Reads what was decided since the last time, here or on another node. Cheap when nothing was.
    pub async fn refresh_calendars(&self) -> Result<(), Error> {
        let mut reader = self.db.read().await?;
        let number = store::calendar::edition(&mut reader).await?;
        if number <= self.calendars.newest().number {
            return Ok(());
        }
        let decided = store::calendar::all_in_force(&mut reader).await?;
        let units = store::people::units(&mut reader).await?;
        drop(reader);
        let decisions: Vec<CalendarDecision> = decided.into_iter().map(Decided::into_decision).collect();
        let edition = self.calendars.edition(number, &decisions, &units).map_err(Error::broken)?;
        self.calendars.add(Box::new(edition));
        Ok(())
    }
}
