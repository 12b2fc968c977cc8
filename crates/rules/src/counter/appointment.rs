//! Appointments at the counter: the slots of a day, and what an appointment is at a moment.

use crate::calendar::{CalendarError, WorkingCalendar, instant, legal_time};
use crate::counter::queue::QueueRefused;
use crate::counter::queue::setup::QueueRules;
use crate::id::{AgencyId, AppointmentId, TicketId};
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, ToSpan};

/// A stretch of working time that takes some appointments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub from: Timestamp,
    pub until: Timestamp,
}

/// An appointment. Name and telephone are forgotten when its day is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    pub id: AppointmentId,
    pub agency: AgencyId,
    pub on: Date,
    pub slot: Slot,
    /// Its place in the slot, from 1: no two have the same.
    pub seat: u32,
    pub name: String,
    pub phone: String,
    /// The code of the procedure he comes for.
    pub procedure: Option<String>,
    pub state: AppointmentState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppointmentState {
    Booked,
    /// He came, and waits or has waited with this ticket.
    Arrived(TicketId),
    Cancelled,
}

/// The slots of a day, in which nothing crosses a pause of the office; what is left of a span and too
/// short for a slot takes none.
pub fn slots(calendar: &WorkingCalendar, rules: &QueueRules, day: Date) -> Result<Vec<Slot>, CalendarError> {
    let length = i64::from(rules.slot_minutes).minutes();
    let mut slots = Vec::new();
    for span in calendar.day(day)?.spans {
        let close = day.to_datetime(span.close);
        let mut from = day.to_datetime(span.open);
        while let Some((slot, until)) = slot_at(from, length).filter(|(_, until)| *until <= close) {
            slots.push(slot);
            from = until;
        }
    }
    Ok(slots)
}

fn slot_at(from: DateTime, length: jiff::Span) -> Option<(Slot, DateTime)> {
    let until = from.checked_add(length).ok().filter(|until| *until > from)?;
    Some((Slot { from: instant(from)?, until: instant(until)? }, until))
}

/// The slot of this day that begins at `from`, if one may still be booked.
pub fn bookable(
    calendar: &WorkingCalendar,
    rules: &QueueRules,
    from: Timestamp,
    now: Timestamp,
) -> Result<Slot, QueueRefused> {
    let (day, today) = (legal_time(from).date(), legal_time(now).date());
    let last = today.checked_add(i64::from(rules.days_ahead).days()).unwrap_or(today);
    if day > last {
        return Err(QueueRefused::NoSuchSlot);
    }
    let slots = slots(calendar, rules, day).map_err(|_| QueueRefused::NoSuchSlot)?;
    let slot = slots.into_iter().find(|slot| slot.from == from).ok_or(QueueRefused::NoSuchSlot)?;
    if slot.until <= now { Err(QueueRefused::SlotOver) } else { Ok(slot) }
}

/// The first free place of a slot, given those that are taken in it or in a slot that overlaps it.
pub fn free_seat(taken: &[u32], rules: &QueueRules) -> Result<u32, QueueRefused> {
    let full = u32::try_from(taken.len()).map_or(true, |n| n >= rules.slot_capacity);
    let free = (1..=rules.slot_capacity).find(|seat| !taken.contains(seat));
    free.filter(|_| !full).ok_or(QueueRefused::SlotFull)
}

impl Appointment {
    /// Nobody came, and the office waits no longer. Computed, never stored.
    pub fn has_lapsed(&self, rules: &QueueRules, now: Timestamp) -> bool {
        let waits = SignedDuration::from_mins(i64::from(rules.grace_minutes));
        self.state == AppointmentState::Booked && now > self.slot.from + waits
    }

    /// He has come: may he have a ticket by which he is called in his slot?
    pub fn may_arrive(&self, rules: &QueueRules, now: Timestamp) -> Result<(), QueueRefused> {
        if self.state != AppointmentState::Booked {
            return Err(QueueRefused::AppointmentSettled);
        }
        if self.on > legal_time(now).date() {
            return Err(QueueRefused::NotToday);
        }
        if self.has_lapsed(rules, now) { Err(QueueRefused::Lapsed) } else { Ok(()) }
    }

    pub fn may_be_cancelled(&self) -> Result<(), QueueRefused> {
        match self.state {
            AppointmentState::Booked => Ok(()),
            AppointmentState::Arrived(_) | AppointmentState::Cancelled => {
                Err(QueueRefused::AppointmentSettled)
            }
        }
    }
}

#[cfg(test)]
mod tests;
