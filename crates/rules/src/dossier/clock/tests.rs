//! The ledger of stops against tables by hand and against a model that walks minute by minute.

mod explaining;
mod faults;
mod many;
mod model;

use super::{Clock, CountEnd, EarlierCount, Extension, Stop, StopCause};
use crate::calendar::{Counting, Limit, instant, legal_time};
use crate::dossier::DueMoment;
use crate::sample::{HOA, at, calendar};
use jiff::civil::{Date, DateTime, date};
use jiff::{Span, Timestamp};
use proptest::prelude::{Strategy, prop_assert_eq, proptest};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Wednesday; the 24th, a Tuesday, is a day off.
const START: &str = "2026-11-18T09:00";

fn clock(limit: Limit, counting: Counting) -> Clock {
    Clock::start(limit, counting, at(START))
}

fn adding(from: &str, until: &str) -> Stop {
    Stop { until: Some(at(until)), ..Stop::pausing(StopCause::Opinion, at(from)) }
}

fn due(clock: &Clock) -> DueMoment {
    clock.due(calendar()).expect("the tables reach so far").expect("the clock goes")
}

#[test]
fn stops_that_add_time_move_the_date_by_the_working_time_they_took() {
    use Limit::{CalendarDays, WorkingDays};
    for (limit, counting, stops, expected) in [
        (WorkingDays(3), Counting::Hours, vec![], "2026-11-23T09:00"),
        (WorkingDays(3), Counting::Hours, vec![("2026-11-18T14:00", "2026-11-18T15:30")], "2026-11-23T10:30"),
        (WorkingDays(3), Counting::Hours, vec![("2026-11-19T09:00", "2026-11-20T09:00")], "2026-11-25T09:00"),
        (WorkingDays(3), Counting::Days, vec![("2026-11-19T09:00", "2026-11-20T09:00")], "2026-11-25T17:00"),
        (CalendarDays(5), Counting::Days, vec![("2026-11-19T09:00", "2026-11-20T09:00")], "2026-11-25T17:00"),
        // A stop over a week-end, a night, or no time at all takes no working time.
        (WorkingDays(3), Counting::Hours, vec![("2026-11-20T17:00", "2026-11-23T07:00")], "2026-11-23T09:00"),
        (WorkingDays(3), Counting::Days, vec![("2026-11-20T17:00", "2026-11-23T07:00")], "2026-11-23T17:00"),
        (WorkingDays(3), Counting::Days, vec![("2026-11-19T09:00", "2026-11-19T09:00")], "2026-11-23T17:00"),
        // Two stops, one after the other, and two that overlap.
        (
            WorkingDays(3),
            Counting::Hours,
            vec![("2026-11-18T10:00", "2026-11-18T11:00"), ("2026-11-19T10:00", "2026-11-19T11:00")],
            "2026-11-23T11:00",
        ),
        (
            WorkingDays(3),
            Counting::Hours,
            vec![("2026-11-18T10:00", "2026-11-18T11:00"), ("2026-11-18T10:30", "2026-11-18T11:30")],
            "2026-11-23T10:30",
        ),
        (
            WorkingDays(3),
            Counting::Hours,
            vec![("2026-11-18T10:00", "2026-11-18T11:30"), ("2026-11-18T10:30", "2026-11-18T11:00")],
            "2026-11-23T10:30",
        ),
    ] {
        let clock =
            stops.iter().fold(clock(limit, counting), |clock, (from, until)| clock.stop(adding(from, until)));
        let expected = at(expected);
        let due = due(&clock);
        assert_eq!(legal_time(due.at), legal_time(expected), "{limit:?} {counting:?} {stops:?}");
        assert_eq!(due.on, legal_time(expected).date(), "the day is the day of the moment");
    }
}

#[test]
fn a_stop_that_restarts_forgets_what_was_used_and_what_stood_before() {
    let open = Stop::restarting(StopCause::Supplement, at("2026-11-19T15:00"));
    let clock = clock(Limit::WorkingDays(3), Counting::Hours)
        .stop(adding("2026-11-18T10:00", "2026-11-18T11:00"))
        .stop(open);
    assert!(clock.is_stopped());
    assert_eq!(clock.due(calendar()), Ok(None));
    let clock = clock.resume(at("2026-11-23T14:00"));
    assert!(!clock.is_stopped());
    assert_eq!(clock.started_at, at("2026-11-23T14:00"));
    assert_eq!(legal_time(due(&clock).at), legal_time(at("2026-11-27T14:00")));
    assert_eq!(clock.stops.len(), 2, "the ledger keeps what happened");
    let first = EarlierCount { started_at: at(START), ended_at: at("2026-11-19T15:00"), extension: None };
    assert_eq!(clock.earlier, [first]);
}

fn by(limit: Limit) -> Extension {
    Extension { granted_at: at("2026-11-19T10:00"), by: limit }
}

#[test]
fn an_extension_counts_on_from_the_due_moment() {
    use Limit::{CalendarDays, SameDay, WorkingDays, WorkingHours};
    for (limit, counting, more, expected) in [
        (WorkingDays(3), Counting::Hours, WorkingDays(2), "2026-11-26T09:00"),
        // Due at the close of Monday: Tuesday is off, so the first day more is Wednesday.
        (WorkingDays(3), Counting::Days, WorkingDays(1), "2026-11-25T17:00"),
        (WorkingDays(3), Counting::Days, WorkingDays(2), "2026-11-26T17:00"),
        (WorkingDays(3), Counting::Days, WorkingHours(2), "2026-11-25T09:00"),
        (WorkingDays(3), Counting::Days, CalendarDays(1), "2026-11-25T17:00"),
        (CalendarDays(5), Counting::Days, CalendarDays(5), "2026-11-30T17:00"),
        (WorkingDays(3), Counting::Days, SameDay, "2026-11-25T17:00"),
        (WorkingDays(3), Counting::Hours, SameDay, "2026-11-23T17:00"),
        (WorkingDays(3), Counting::Days, WorkingDays(0), "2026-11-23T17:00"),
        (WorkingDays(3), Counting::Days, WorkingHours(0), "2026-11-23T17:00"),
    ] {
        let clock = clock(limit, counting).extend(by(more));
        assert_eq!(legal_time(due(&clock).at), legal_time(at(expected)), "{limit:?} {counting:?} {more:?}");
    }
    let paused = clock(WorkingDays(3), Counting::Hours)
        .stop(adding("2026-11-18T10:00", "2026-11-18T11:00"))
        .extend(by(WorkingDays(1)))
        .stop(adding("2026-11-25T09:00", "2026-11-25T09:30"));
    // To Monday 10:00, a day more to Wednesday 10:00, and half an hour for the stop on Wednesday.
    assert_eq!(legal_time(due(&paused).at), legal_time(at("2026-11-25T10:30")));
}

#[test]
fn a_restart_drops_the_extension_of_the_earlier_count_and_remembers_it() {
    let clock = clock(Limit::WorkingDays(3), Counting::Hours)
        .extend(by(Limit::WorkingDays(2)))
        .stop(Stop::restarting(StopCause::Supplement, at("2026-11-20T09:00")))
        .resume(at("2026-11-25T09:00"));
    assert_eq!(legal_time(due(&clock).at), legal_time(at("2026-11-30T09:00")));
    assert_eq!((clock.extension, clock.was_extended()), (None, true));
    assert_eq!(clock.earlier[0].extension, Some(by(Limit::WorkingDays(2))));
}

#[test]
fn a_clock_that_has_run_out_is_not_stopped_any_more() {
    let due_at_nine = clock(Limit::WorkingDays(3), Counting::Hours);
    let late = due_at_nine.clone().stop(adding("2026-11-23T09:00", "2026-11-25T09:00"));
    assert_eq!(due(&late), due(&due_at_nine));
    let just_in_time = due_at_nine.stop(adding("2026-11-23T08:59", "2026-11-23T09:59"));
    assert_eq!(legal_time(due(&just_in_time).at), legal_time(at("2026-11-23T10:00")));
}

#[test]
fn a_stop_for_two_causes_ends_when_both_have_ended() {
    let stopped = clock(Limit::WorkingDays(3), Counting::Hours)
        .stop(Stop::pausing(StopCause::Opinion, at("2026-11-18T10:00")))
        .stop(Stop::pausing(StopCause::Payment, at("2026-11-18T10:30")));
    let waiting = stopped.resume_from(StopCause::Opinion, at("2026-11-18T11:00"));
    assert!(waiting.is_stopped());
    let going = waiting.resume_from(StopCause::Payment, at("2026-11-18T11:30"));
    assert_eq!(legal_time(due(&going).at), legal_time(at("2026-11-23T10:30")));
}

#[test]
fn a_clock_with_everything_opens_as_it_was_written() {
    let clock = clock(Limit::WorkingDays(3), Counting::Days)
        .extend(by(Limit::WorkingDays(1)))
        .stop(Stop::restarting(StopCause::Supplement, at("2026-11-19T15:00")).by(HOA))
        .resume(at("2026-11-20T09:00"))
        .extend(by(Limit::WorkingHours(4)))
        .stop(Stop::pausing(StopCause::Halt, at("2026-11-20T10:00")));
    let text = serde_json::to_string(&clock).expect("a clock is written");
    assert_eq!(serde_json::from_str::<Clock>(&text).expect("and read"), clock);
}

#[test]
fn a_stop_that_adds_time_ends_without_a_new_start() {
    let open = Stop::pausing(StopCause::Payment, at("2026-11-18T10:00"));
    let stopped = clock(Limit::WorkingDays(3), Counting::Hours).stop(open);
    assert_eq!(stopped.due(calendar()), Ok(None));
    let resumed = stopped.clone().resume(at("2026-11-18T11:00"));
    assert_eq!(resumed.started_at, at(START));
    assert_eq!(legal_time(due(&resumed).at), legal_time(at("2026-11-23T10:00")));
    // What ends while the clock stands was never due.
    let finished = stopped.finish(at("2026-11-18T11:00"));
    assert_eq!(finished.due(calendar()), Ok(None));
    let told = finished.explain(calendar(), at("2026-12-18T11:00")).expect("in the calendar");
    assert_eq!(told.counts[0].end, CountEnd::NeverDue { since: at("2026-11-18T10:00") });
    assert_eq!(told.counts[0].days.last().map(|day| day.date), Some(date(2026, 11, 18)));
}

/// Working minutes from the start on, in order, for as long as the model needs.
fn open_minutes() -> &'static [DateTime] {
    static MINUTES: OnceLock<Vec<DateTime>> = OnceLock::new();
    MINUTES.get_or_init(|| {
        let mut minutes = Vec::new();
        let mut day: Date = date(2026, 11, 18);
        while day < date(2027, 4, 1) {
            for span in calendar().day(day).expect("a day of the tables").spans {
                let mut minute = day.to_datetime(span.open);
                while minute < day.to_datetime(span.close) {
                    minutes.push(minute);
                    minute = minute.saturating_add(Span::new().minutes(1));
                }
            }
            day = day.tomorrow().expect("a day of our time");
        }
        minutes
    })
}

/// Takes the limit away minute by minute, skipping those for which the clock stood.
fn recount(limit_minutes: usize, stops: &[(DateTime, DateTime)]) -> DateTime {
    let start = legal_time(at(START));
    let mut left = limit_minutes;
    for &minute in open_minutes().iter().filter(|minute| **minute >= start) {
        if stops.iter().any(|(from, until)| *from <= minute && minute < *until) {
            continue;
        }
        left -= 1;
        if left == 0 {
            return minute.saturating_add(Span::new().minutes(1));
        }
    }
    panic!("the model's minutes are enough for every limit drawn");
}

fn some_stops() -> impl Strategy<Value = Vec<(u32, u32)>> {
    proptest::collection::vec((0..6_000_u32, 0..4_000_u32), 0..5)
}

proptest! {
    #[test]
    fn due_is_what_a_recount_of_the_ledger_says(hours in 1..60_u32, drawn in some_stops()) {
        let start = legal_time(at(START));
        let limit = usize::try_from(hours * 60).expect("small");
        let mut ledger: Vec<(DateTime, DateTime)> = Vec::new();
        let mut drawn = drawn;
        drawn.sort_unstable();
        for (from, length) in drawn {
            let from = start.saturating_add(Span::new().minutes(i64::from(from)));
            // A clock that has run out is not stopped any more.
            if from < recount(limit, &ledger) {
                ledger.push((from, from.saturating_add(Span::new().minutes(i64::from(length)))));
            }
        }
        let stop = |(from, until): &(DateTime, DateTime)| Stop {
            until: instant(*until),
            ..Stop::pausing(StopCause::Opinion, instant(*from).expect("our time"))
        };
        let mut clock = clock(Limit::WorkingHours(hours), Counting::Hours);
        // The ledger's order is the order of writing, not always of time.
        clock.stops = ledger.iter().rev().map(stop).collect();
        let expected = recount(limit, &ledger);
        prop_assert_eq!(legal_time(due(&clock).at), expected);
        prop_assert_eq!(due(&clock).on, expected.date());
    }

    #[test]
    fn after_any_history_a_restart_gives_the_whole_limit(drawn in some_stops(), days in 1..20_u32) {
        let mut clock = clock(Limit::WorkingDays(days), Counting::Hours);
        let minute = |minutes: u32| -> Timestamp {
            at(START) + jiff::SignedDuration::from_mins(i64::from(minutes))
        };
        let mut causes = BTreeSet::new();
        for (from, length) in drawn {
            let stop = Stop::pausing(StopCause::Payment, minute(from));
            clock = clock.stop(Stop { until: Some(minute(from + length)), ..stop });
            causes.insert(from + length);
        }
        let asked = causes.last().copied().unwrap_or_default();
        let open = Stop::restarting(StopCause::Supplement, minute(asked));
        let restarted = clock.stop(open).resume(minute(asked + 777));
        let fresh = Clock::start(Limit::WorkingDays(days), Counting::Hours, minute(asked + 777));
        prop_assert_eq!(restarted.due(calendar()), fresh.due(calendar()));
    }
}
