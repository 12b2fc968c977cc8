//! The ledger of stops against tables by hand and against a model that walks minute by minute.

use super::{Clock, Stop, StopCause};
use crate::calendar::{Counting, Limit, instant, legal_time};
use crate::dossier::DueMoment;
use crate::sample::{at, calendar};
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
    Stop { from: at(from), until: Some(at(until)), cause: StopCause::Opinion, by_restart: false }
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
    let open =
        Stop { from: at("2026-11-19T15:00"), until: None, cause: StopCause::Supplement, by_restart: true };
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
}

#[test]
fn a_stop_that_adds_time_ends_without_a_new_start() {
    let open =
        Stop { from: at("2026-11-18T10:00"), until: None, cause: StopCause::Payment, by_restart: false };
    let stopped = clock(Limit::WorkingDays(3), Counting::Hours).stop(open);
    assert_eq!(stopped.due(calendar()), Ok(None));
    let resumed = stopped.clone().resume(at("2026-11-18T11:00"));
    assert_eq!(resumed.started_at, at(START));
    assert_eq!(legal_time(due(&resumed).at), legal_time(at("2026-11-23T10:00")));
    // What ends the dossier ends the stop, and the count is not begun again.
    let finished = stopped.finish(at("2026-11-18T11:00"));
    assert_eq!(finished.finished_at, Some(at("2026-11-18T11:00")));
    assert_eq!((finished.stops, finished.started_at), (resumed.stops, at(START)));
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
            from: instant(*from).expect("our time"),
            until: instant(*until),
            cause: StopCause::Opinion,
            by_restart: false,
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
            clock = clock.stop(Stop {
                from: minute(from),
                until: Some(minute(from + length)),
                cause: StopCause::Payment,
                by_restart: false,
            });
            causes.insert(from + length);
        }
        let asked = causes.last().copied().unwrap_or_default();
        let open = Stop { from: minute(asked), until: None, cause: StopCause::Supplement, by_restart: true };
        let restarted = clock.stop(open).resume(minute(asked + 777));
        let fresh = Clock::start(Limit::WorkingDays(days), Counting::Hours, minute(asked + 777));
        prop_assert_eq!(restarted.due(calendar()), fresh.due(calendar()));
    }
}
