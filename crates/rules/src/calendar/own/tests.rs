//! An office's own calendar over the national one, and what a change moves.

use super::{CalendarDecision, UnitCalendar};
use crate::calendar::{
    CalendarError, Counting, HoursPeriod, Limit, Moved, Part, Span, Sure, TableDay, WorkingCalendar,
    YearTable, impact,
};
use crate::calendar::{DayKind, legal_time};
use crate::dossier::clock::{Clock, Stop, StopCause};
use crate::id::DossierId;
use crate::sample::{at, calendar};
use jiff::civil::{Date, date, time};
use uuid::Uuid;

fn day(on: Date, is: DayKind) -> TableDay {
    TableDay {
        on,
        is,
        reason: "ngày của tỉnh".to_owned(),
        law: "QĐ 12/2026".to_owned(),
        sure: Sure::Read,
        note: None,
    }
}

fn summer() -> HoursPeriod {
    let text = r#"
        from = "2026-05-01"
        until = "2026-08-31"
        law = "QĐ 12/2026"
        week.monday = [["06:30", "11:00"], ["13:30", "17:00"]]
        week.tuesday = [["06:30", "11:00"], ["13:30", "17:00"]]
    "#;
    toml::from_str(text).expect("hours")
}

fn own(hours: Vec<HoursPeriod>, days: Vec<TableDay>) -> UnitCalendar {
    UnitCalendar { unit: "xa".to_owned(), decision: "QĐ 12/2026".to_owned(), hours, days }
}

fn opening(calendar: &WorkingCalendar, on: Date) -> Option<Span> {
    calendar.day(on).expect("a day of the tables").spans.first().copied()
}

#[test]
fn own_hours_hold_on_their_days_and_the_others_around_them() {
    let calendar = calendar().clone().with_unit(&own(vec![summer()], Vec::new())).expect("fits");
    for (on, open) in [
        (date(2026, 4, 28), Some(time(7, 0, 0, 0))),
        (date(2026, 5, 4), Some(time(6, 30, 0, 0))),
        (date(2026, 5, 6), None),  // a Wednesday, which the summer does not work
        (date(2026, 8, 31), None), // off in the national table
        (date(2026, 9, 3), Some(time(7, 0, 0, 0))),
    ] {
        assert_eq!(opening(&calendar, on).map(|span| span.open), open, "{on}");
    }
}

#[test]
fn the_office_below_is_laid_over_the_office_above() {
    let province = own(Vec::new(), vec![day(date(2026, 6, 1), DayKind::Off)]);
    let half = DayKind::HalfDay { part: Part::Morning, counts: true };
    let commune = own(vec![summer()], vec![day(date(2026, 6, 2), half)]);
    let calendar = calendar().clone().with_unit(&province).and_then(|calendar| calendar.with_unit(&commune));
    let calendar = calendar.expect("fits");
    assert_eq!(calendar.is_working(date(2026, 6, 1)), Ok(false), "the province's day off");
    let morning = Span { open: time(6, 30, 0, 0), close: time(11, 0, 0, 0) };
    assert_eq!(calendar.day(date(2026, 6, 2)).expect("a day").spans, [morning]);
    let back = own(Vec::new(), vec![day(date(2026, 6, 1), DayKind::Worked)]);
    let calendar = calendar.with_unit(&back).expect("fits");
    assert_eq!(calendar.is_working(date(2026, 6, 1)), Ok(true), "the nearer office decides");
}

#[test]
fn own_hours_with_faults_are_refused() {
    let mut crossed = summer();
    crossed.week.monday.reverse();
    let from = crossed.from;
    let refused = calendar().clone().with_unit(&own(vec![crossed], Vec::new()));
    assert_eq!(refused.expect_err("a fault"), CalendarError::BadHours { from });
}

#[test]
fn a_decided_year_takes_the_place_of_the_shipped_one() {
    let table = YearTable {
        year: 2027,
        basis: crate::calendar::Basis::Issued,
        note: None,
        decision: None,
        days: vec![day(date(2027, 3, 1), DayKind::Off)],
    };
    let calendar = calendar().clone().with_year(&table).expect("fits");
    assert_eq!(calendar.is_working(date(2027, 3, 1)), Ok(false));
    assert_eq!(calendar.is_working(date(2027, 9, 2)), Ok(true), "nothing of the old table is left");
    assert_eq!(calendar.is_provisional(date(2027, 1, 1), date(2027, 12, 31)), Ok(false));
    let mut stray = table;
    stray.year = 2028;
    assert!(calendar.with_year(&stray).is_err());
}

#[test]
fn a_decision_knows_the_days_it_can_touch() {
    let unit = |hours, days| CalendarDecision::Unit(own(hours, days)).validity();
    let off = |on| day(on, DayKind::Off);
    assert_eq!(
        unit(vec![summer()], vec![off(date(2026, 4, 1))]),
        (date(2026, 4, 1), Some(date(2026, 8, 31)))
    );
    let open = HoursPeriod { until: None, ..summer() };
    assert_eq!(unit(vec![open], vec![off(date(2026, 12, 1))]), (date(2026, 5, 1), None));
}

#[test]
fn a_change_lists_the_dossiers_it_moves_with_both_dates() {
    let new = calendar().clone().with_days(vec![day(date(2026, 11, 20), DayKind::Off)]).expect("fits");
    let clock = |from: &str| Clock::start(Limit::WorkingDays(2), Counting::Hours, at(from));
    let id = |n| DossierId(Uuid::from_u128(n));
    let through = clock("2026-11-19T09:00");
    let before = clock("2026-11-16T09:00");
    let standing = clock("2026-11-19T09:00").stop(Stop::pausing(StopCause::Halt, at("2026-11-19T10:00")));
    let finished = clock("2026-11-19T09:00").finish(at("2026-11-19T11:00"));
    let clocks = [(id(1), &before), (id(2), &through), (id(3), &standing), (id(4), &finished)];
    let moved = impact(calendar(), &new, clocks).expect("the tables reach so far");
    let told: Vec<_> = moved
        .iter()
        .map(|Moved { dossier, old_due, new_due }| {
            (*dossier, legal_time(old_due.at).to_string(), legal_time(new_due.at).to_string())
        })
        .collect();
    // The 24th is off in any case.
    assert_eq!(told, [(id(2), "2026-11-23T09:00:00".to_owned(), "2026-11-25T09:00:00".to_owned())]);
    let nothing = impact(calendar(), calendar(), clocks).expect("the tables reach so far");
    assert_eq!(nothing, [], "no change moves nothing");
}
