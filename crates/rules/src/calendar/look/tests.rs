//! What each day of a year is, and what one more row changes.

use super::{DayChanged, DayLook};
use crate::calendar::{CalendarDecision, CalendarError, DayKind, Part, Sure, TableDay, UnitCalendar};
use crate::sample::calendar;
use jiff::civil::{Date, date};

fn row(on: Date, is: DayKind) -> TableDay {
    let (reason, law) = ("ngày hội của xã".to_owned(), "QĐ 12/QĐ-UBND".to_owned());
    TableDay { on, is, reason, law, sure: Sure::Read, note: None }
}

fn own(days: Vec<TableDay>) -> UnitCalendar {
    let (unit, decision) = ("xa".to_owned(), "QĐ 12/QĐ-UBND".to_owned());
    UnitCalendar { unit, decision, hours: Vec::new(), days }
}

#[test]
fn each_day_of_a_year_is_one_of_six() {
    let half = DayKind::HalfDay { part: Part::Morning, counts: true };
    let days = own(vec![row(date(2026, 11, 23), half), row(date(2026, 11, 28), DayKind::Worked)]);
    let calendar = calendar().clone().with_unit(&days).expect("a calendar");
    let year = calendar.days_of(2026).expect("the year is there");
    assert_eq!(year.len(), 365);
    let look = |on: Date| year.iter().find(|day| day.date == on).map(|day| day.look());
    assert_eq!(look(date(2026, 11, 20)), Some(DayLook::Working));
    assert_eq!(look(date(2026, 11, 22)), Some(DayLook::Rest));
    assert_eq!(look(date(2026, 9, 2)), Some(DayLook::Off));
    assert_eq!(look(date(2026, 11, 23)), Some(DayLook::Half(Part::Morning)));
    assert_eq!(look(date(2026, 11, 28)), Some(DayLook::MadeUp));
    assert_eq!(calendar.days_of(1999), Err(CalendarError::NoTable { year: 1999 }));
}

#[test]
fn only_days_that_are_other_than_before_are_told() {
    let before = calendar();
    let on = date(2026, 11, 23);
    let after = before.clone().with_unit(&own(vec![row(on, DayKind::Off)])).expect("a calendar");
    let changed = DayChanged {
        on,
        was: Some(DayLook::Working),
        becomes: DayLook::Off,
        hours: [Vec::new(), Vec::new()],
        reason: "ngày hội của xã".to_owned(),
    };
    let told = after.changed_in(before, 2026).expect("the year is there");
    let hours = before.day(on).expect("a day").spans;
    assert_eq!(told, [DayChanged { hours: [hours, Vec::new()], ..changed }]);
    assert_eq!(before.changed_in(before, 2026), Ok(vec![]));
}

#[test]
fn a_row_takes_the_place_of_the_one_of_its_day() {
    let (early, late) = (date(2026, 3, 20), date(2026, 11, 23));
    let decision = CalendarDecision::Unit(own(vec![row(late, DayKind::Off)]));
    let both = decision.clone().with_day(row(early, DayKind::Off)).with_day(row(late, DayKind::Worked));
    assert_eq!(both, CalendarDecision::Unit(own(vec![row(early, DayKind::Off), row(late, DayKind::Worked)])));
    assert_eq!(both.without_day(early).without_day(late), CalendarDecision::Unit(own(Vec::new())));
    let year = CalendarDecision::Year(calendar().table(2026).expect("the year is there"));
    assert_eq!(year.clone().with_day(row(late, DayKind::Off)).without_day(late), year);
    assert_eq!(calendar().table(1999), None);
}
