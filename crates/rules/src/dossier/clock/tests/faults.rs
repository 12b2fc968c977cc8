//! Faults seen in a system in use, made again on purpose: each gives another date than the law, and
//! than ours, on the papers named here.

use super::{adding, by, due};
use crate::calendar::{Counting, Limit, legal_time};
use crate::dossier::clock::{Clock, Kept, Stop, StopCause};
use crate::sample::{at, calendar};
use jiff::civil::{DateTime, Time};
use jiff::{SignedDuration, ToSpan};

fn moment(text: &str) -> DateTime {
    legal_time(at(text))
}

/// The law's date, ours, and the fault's.
fn told(clock: &Clock, law: &str, fault: DateTime) {
    assert_eq!(legal_time(due(clock).at), moment(law));
    assert_ne!(fault, moment(law), "the fault would go unseen here");
}

/// Fault: a day off is no start, but the hour of the arrival is kept.
fn from_the_raw_start(received: DateTime, days: u32) -> DateTime {
    let mut date = received.date();
    for _ in 0..days {
        date = calendar().next_working_day(date).expect("a day of the tables");
    }
    date.to_datetime(received.time())
}

#[test]
fn a_start_on_a_day_off_that_is_not_moved_would_be_seen() {
    for (received, law) in [
        ("2026-03-07T10:00", "2026-03-09T17:00"), // Saturday
        ("2026-02-17T08:00", "2026-02-23T17:00"), // Tết
        ("2026-11-24T09:00", "2026-11-25T17:00"), // the new holiday
    ] {
        let clock = Clock::start(Limit::WorkingDays(1), Counting::Hours, at(received));
        told(&clock, law, from_the_raw_start(moment(received), 1));
    }
}

/// Fault: whatever comes outside a span waits for the next morning, also at lunch.
fn lunch_waits_for_the_morning(received: DateTime, hours: u32) -> DateTime {
    let calendar = calendar();
    let at_lunch =
        received.time() >= Time::constant(11, 30, 0, 0) && received.time() < Time::constant(13, 30, 0, 0);
    let start = if at_lunch {
        let next = calendar.next_working_day(received.date()).expect("a day of the tables");
        calendar.opening(next).expect("a day of the tables").expect("a working day")
    } else {
        received
    };
    calendar.add_working_time(start, hours * 60).expect("the tables reach so far")
}

#[test]
fn a_wrong_branch_at_lunch_would_be_seen() {
    for (received, hours, law) in [
        ("2026-03-03T12:15", 4, "2026-03-04T07:30"),
        ("2026-03-03T11:30", 1, "2026-03-03T14:30"),
        ("2026-03-03T13:29", 3, "2026-03-03T16:30"),
    ] {
        let clock = Clock::start(Limit::WorkingHours(hours), Counting::Hours, at(received));
        told(&clock, law, lunch_waits_for_the_morning(moment(received), hours));
    }
}

#[test]
fn adding_the_elapsed_time_instead_of_counting_again_would_be_seen() {
    for (received, asked, brought, law) in [
        ("2026-03-02T09:00", "2026-03-03T10:00", "2026-03-10T14:00", "2026-03-13T14:00"),
        ("2026-03-02T09:00", "2026-03-04T16:00", "2026-03-05T07:30", "2026-03-10T07:30"),
        ("2026-02-10T08:00", "2026-02-11T08:00", "2026-02-24T08:00", "2026-02-27T08:00"),
    ] {
        let first = Clock::start(Limit::WorkingDays(3), Counting::Hours, at(received));
        // Fault: the old date, the days that passed less one, and eight hours.
        let elapsed = moment(asked).duration_until(moment(brought));
        let fault = legal_time(due(&first).at) + elapsed - SignedDuration::from_hours(24 - 8);
        let again = first.stop(Stop::restarting(StopCause::Supplement, at(asked))).resume(at(brought));
        told(&again, law, fault);
    }
}

#[test]
fn an_extension_that_begins_the_next_morning_would_be_seen() {
    let clock = Clock::start(Limit::WorkingDays(3), Counting::Days, at("2026-03-02T09:00"));
    let end = legal_time(due(&clock).at);
    let fault = calendar().due(end, Limit::WorkingDays(2), Counting::Days).expect("a due date").at;
    told(&clock.extend(by(Limit::WorkingDays(2))), "2026-03-09T17:00", fault);
}

#[test]
fn counting_a_minute_twice_for_two_causes_would_be_seen() {
    let stops = [("2026-03-02T10:00", "2026-03-02T11:00"), ("2026-03-02T10:30", "2026-03-02T11:30")];
    let clock = Clock::start(Limit::WorkingHours(8), Counting::Hours, at("2026-03-02T09:00"));
    let sum = calendar().add_working_time(moment("2026-03-03T09:00"), 120).expect("within the tables");
    let clock = stops.iter().fold(clock, |clock, (from, until)| clock.stop(adding(from, until)));
    told(&clock, "2026-03-03T10:30", sum);
}

#[test]
fn a_date_is_kept_by_the_day_or_by_the_minute_as_the_applicant_was_told() {
    use Kept::{Early, InTime, Late};
    for (limit, counting, finished, kept) in [
        // Due on Thursday the 5th at 09:00.
        (Limit::WorkingDays(3), Counting::Hours, "2026-03-04T16:59", Early),
        (Limit::WorkingDays(3), Counting::Hours, "2026-03-05T08:00", InTime),
        (Limit::WorkingDays(3), Counting::Hours, "2026-03-05T09:00", InTime),
        // A comparison of dates alone would call this in time.
        (Limit::WorkingDays(3), Counting::Hours, "2026-03-05T09:01", Late),
        // Due at the end of Thursday: closing time is not the end of the day.
        (Limit::WorkingDays(3), Counting::Days, "2026-03-04T17:00", Early),
        (Limit::WorkingDays(3), Counting::Days, "2026-03-05T17:30", InTime),
        (Limit::WorkingDays(3), Counting::Days, "2026-03-06T07:00", Late),
        (Limit::CalendarDays(3), Counting::Hours, "2026-03-05T18:00", InTime),
        (Limit::SameDay, Counting::Hours, "2026-03-02T19:00", InTime),
        (Limit::WorkingHours(8), Counting::Days, "2026-03-03T09:01", Late),
    ] {
        let clock = Clock::start(limit, counting, at("2026-03-02T09:00"));
        let due = due(&clock);
        assert_eq!(clock.kept(&due), None, "not finished yet");
        assert_eq!(clock.finish(at(finished)).kept(&due), Some(kept), "{limit:?} {counting:?} {finished}");
    }
}

#[test]
fn the_swapped_saturdays_of_the_tables_are_worked() {
    // Fault: weekends skipped by the weekday alone.
    for (received, law) in
        [("2026-01-09T16:30", "2026-01-10T16:30"), ("2026-08-21T16:00", "2026-08-22T16:00")]
    {
        let mut fault = moment(received);
        loop {
            fault = fault.checked_add(1.day()).expect("our time");
            if fault.weekday().to_monday_zero_offset() < 5 {
                break;
            }
        }
        told(&Clock::start(Limit::WorkingDays(1), Counting::Hours, at(received)), law, fault);
    }
}
