//! Which dossiers a change of the calendar moves, before it is made.

use super::{CalendarError, WorkingCalendar};
use crate::dossier::DueMoment;
use crate::dossier::clock::Clock;
use crate::id::DossierId;

/// A dossier whose date would be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    pub dossier: DossierId,
    pub old_due: DueMoment,
    pub new_due: DueMoment,
}

/// The dossiers that `new` gives another date than `old`, in the order they come in. A clock that
/// stands has no date to move; one that has finished keeps the date it was measured by.
pub fn impact<'a>(
    old: &WorkingCalendar,
    new: &WorkingCalendar,
    clocks: impl IntoIterator<Item = (DossierId, &'a Clock)>,
) -> Result<Vec<Moved>, CalendarError> {
    let mut moved = Vec::new();
    for (dossier, clock) in clocks.into_iter().filter(|(_, clock)| clock.finished_at.is_none()) {
        if let (Some(old_due), Some(new_due)) = (clock.due(old)?, clock.due(new)?)
            && old_due != new_due
        {
            moved.push(Moved { dossier, old_due, new_due });
        }
    }
    Ok(moved)
}
