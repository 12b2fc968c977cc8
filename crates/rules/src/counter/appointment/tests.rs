//! Slots come from the calendar, never hold more than they may, and an appointment lapses by itself.

use super::{Appointment, AppointmentState, Slot, bookable, free_seat, slots};
use crate::counter::queue::QueueRefused;
use crate::counter::queue::setup::QueueRules;
use crate::id::{AppointmentId, TicketId};
use crate::sample::{COUNTER, at, calendar};
use crate::words;
use jiff::civil::date;
use uuid::Uuid;

fn rules() -> QueueRules {
    QueueRules {
        slot_minutes: 60,
        slot_capacity: 2,
        days_ahead: 14,
        grace_minutes: 15,
        ..crate::counter::queue::tests::shipped()[0].clone()
    }
}

fn shown(slots: &[Slot]) -> Vec<String> {
    slots.iter().map(|&slot| words::queue::slot(slot)).collect()
}

#[test]
fn slots_fill_the_working_hours_and_cross_no_pause() {
    let day = date(2026, 11, 23);
    let spans = calendar().day(day).expect("a day of the table").spans;
    assert_eq!(spans.len(), 2, "a morning and an afternoon");
    let hourly = slots(calendar(), &rules(), day).expect("slots");
    for slot in &hourly {
        let inside = |span: &crate::calendar::Span| {
            let (from, until) =
                (crate::calendar::legal_time(slot.from), crate::calendar::legal_time(slot.until));
            span.open <= from.time() && until.time() <= span.close
        };
        assert!(spans.iter().any(inside), "{slot:?}");
    }
    assert_eq!(shown(&hourly)[0], "07:00–08:00");
    // Four hours in the morning are one slot of four hours; the afternoon may be shorter.
    let long = QueueRules { slot_minutes: 240, ..rules() };
    assert_eq!(shown(&slots(calendar(), &long, day).expect("slots"))[0], "07:00–11:00");
    let sunday = slots(calendar(), &rules(), date(2026, 11, 22)).expect("slots");
    assert_eq!(sunday, []);
}

#[test]
fn only_a_slot_of_the_days_ahead_that_is_not_over_is_booked() {
    let now = at("2026-11-23T07:50");
    let cases = [
        ("running", "2026-11-23T07:00", None),
        ("later today", "2026-11-23T08:00", None),
        ("not where a slot begins", "2026-11-23T08:45", Some(QueueRefused::NoSuchSlot)),
        ("a Sunday", "2026-11-29T07:00", Some(QueueRefused::NoSuchSlot)),
        ("the last day", "2026-12-07T07:00", None),
        ("the day behind it", "2026-12-08T07:00", Some(QueueRefused::NoSuchSlot)),
        ("last week", "2026-11-20T07:00", Some(QueueRefused::SlotOver)),
        ("a year without a table", "2035-01-01T07:00", Some(QueueRefused::NoSuchSlot)),
    ];
    for (case, from, refused) in cases {
        assert_eq!(bookable(calendar(), &rules(), at(from), now).err(), refused, "{case}");
    }
}

#[test]
fn a_slot_never_takes_more_than_its_capacity() {
    let cases: [(&[u32], _); 5] = [
        (&[], Ok(1)),
        (&[1], Ok(2)),
        (&[2], Ok(1)),
        (&[1, 2], Err(QueueRefused::SlotFull)),
        // The capacity was made smaller after these were booked.
        (&[3, 4], Err(QueueRefused::SlotFull)),
    ];
    for (taken, expected) in cases {
        assert_eq!(free_seat(taken, &rules()), expected, "{taken:?}");
    }
}

#[test]
fn whoever_does_not_come_in_time_has_no_appointment_left() {
    let from = at("2026-11-23T08:30");
    let booked = Appointment {
        id: AppointmentId(Uuid::from_u128(1)),
        agency: COUNTER,
        on: date(2026, 11, 23),
        slot: Slot { from, until: at("2026-11-23T09:30") },
        seat: 1,
        name: String::new(),
        phone: String::new(),
        procedure: None,
        state: AppointmentState::Booked,
    };
    let rules = rules();
    let cases = [
        ("2026-11-22T10:00", Err(QueueRefused::NotToday), "Đã hẹn"),
        ("2026-11-23T07:40", Ok(()), "Đã hẹn"),
        ("2026-11-23T08:45", Ok(()), "Đã hẹn"),
        ("2026-11-23T08:46", Err(QueueRefused::Lapsed), "Không đến"),
    ];
    for (now, may, word) in cases {
        assert_eq!(booked.may_arrive(&rules, at(now)), may, "{now}");
        assert_eq!(words::queue::appointment_state(&booked, &rules, at(now)), word);
    }
    for state in [AppointmentState::Arrived(TicketId(Uuid::from_u128(2))), AppointmentState::Cancelled] {
        let settled = Appointment { state, ..booked.clone() };
        assert!(!settled.has_lapsed(&rules, at("2026-11-24T08:00")));
        assert_eq!(settled.may_arrive(&rules, from), Err(QueueRefused::AppointmentSettled));
        assert_eq!(settled.may_be_cancelled(), Err(QueueRefused::AppointmentSettled));
    }
}
