//! Measures read from a dossier's clock: where it stands against its due date. `overdue` is computed
//! here at the moment of asking and never stored.

use crate::dossier::{Dossier, State};
use jiff::Timestamp;
use jiff::civil::Date;

pub mod narrowing;
pub mod overview;

/// The five marks of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DueMark {
    /// Whole days late, at least 1; 0 when it is late by hours of today.
    Overdue {
        days: i32,
    },
    Today,
    /// At most a fifth of the time, or one day, is left.
    Soon,
    InTime,
    /// The clock stands.
    Stopped,
}

/// The mark of an open dossier at `now`; none where nothing is due any more, or not yet.
pub fn due_mark(dossier: &Dossier, now: Timestamp, today: Date) -> Option<DueMark> {
    match dossier.state {
        State::Received { .. }
        | State::InProcess(_)
        | State::AwaitingParts { .. }
        | State::AwaitingSupplement { .. }
        | State::AwaitingPayment { .. }
        | State::Halted { .. } => {}
        _ => return None,
    }
    // Nothing is due while the clock stands; a wait for which the process lets it run is no excuse.
    let Some(due) = dossier.due else { return Some(DueMark::Stopped) };
    if due.at < now {
        let days = due.on.until(today).map_or(0, |span| span.get_days());
        return Some(DueMark::Overdue { days: days.max(0) });
    }
    if due.on == today {
        return Some(DueMark::Today);
    }
    let left = due.at.duration_since(now).as_secs();
    let whole =
        dossier.clock.as_ref().map_or(left, |clock| due.at.duration_since(clock.started_at).as_secs());
    if left * 5 <= whole || due.on == today.saturating_add(jiff::Span::new().days(1)) {
        return Some(DueMark::Soon);
    }
    Some(DueMark::InTime)
}

#[cfg(test)]
mod tests;
