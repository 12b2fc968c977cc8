//! `calendars/`: the files make one calendar, and every row says what it rests on.

use jiff::civil::{Weekday, date};
use rules::calendar::{Basis, DayKind, HoursPeriod, Sure, UnitCalendar, WorkingCalendar, YearTable};
use std::path::Path;

use crate::{folder, read, toml_files};

#[derive(serde::Deserialize)]
struct Hours {
    hours: Vec<HoursPeriod>,
}

fn tables() -> Vec<YearTable> {
    let files = toml_files(&folder("calendars"));
    let national =
        |path: &Path| !path.ends_with("hours.toml") && !path.starts_with(folder("calendars/units"));
    files.iter().filter(|(path, _)| national(path)).map(read).collect()
}

#[test]
fn a_unit_names_its_file_and_lies_over_the_national_calendar() {
    let national = WorkingCalendar::new(hours(), tables()).expect("the files fit together");
    for file in toml_files(&folder("calendars/units")) {
        let own: UnitCalendar = read(&file);
        assert!(file.0.ends_with(format!("{}.toml", own.unit)), "{}", file.0.display());
        let calendar = national.clone().with_unit(&own).expect("it fits over the national one");
        for day in &own.days {
            assert_eq!(calendar.day(day.on).expect("a day of the tables").row, Some(day));
        }
    }
}

fn hours() -> Vec<HoursPeriod> {
    let files = toml_files(&folder("calendars"));
    let file = files.iter().find(|(path, _)| path.ends_with("hours.toml")).expect("the hours are there");
    read::<Hours>(file).hours
}

#[test]
fn the_files_make_one_calendar() {
    let calendar = WorkingCalendar::new(hours(), tables()).expect("the files fit together");
    let years: Vec<_> = calendar.years().collect();
    let issued = |year| (year, Basis::Issued);
    assert_eq!(years, [issued(2023), issued(2024), issued(2025), issued(2026), (2027, Basis::Proposed)]);
    assert_eq!(calendar.is_working(date(2026, 11, 24)), Ok(false));
}

#[test]
fn every_row_is_justified_and_tells_something() {
    for table in tables() {
        for day in &table.days {
            assert!(!day.reason.trim().is_empty() && !day.law.trim().is_empty(), "{}", day.on);
            let weekend = matches!(day.on.weekday(), Weekday::Saturday | Weekday::Sunday);
            assert_eq!(day.is == DayKind::Worked, weekend && day.reason.starts_with("làm bù"), "{}", day.on);
            assert!(
                day.sure != Sure::Proposed || table.basis == Basis::Proposed,
                "{} is only proposed",
                day.on
            );
        }
        assert!(table.days.windows(2).all(|pair| pair[0].on < pair[1].on), "{} is in order", table.year);
    }
}

#[test]
fn every_swap_has_both_its_days() {
    for table in tables() {
        let count =
            |is_swap: &dyn Fn(&str) -> bool| table.days.iter().filter(|day| is_swap(&day.reason)).count();
        let off = count(&|reason| reason.starts_with("hoán đổi"));
        let worked = count(&|reason| reason.starts_with("làm bù"));
        assert_eq!(off, worked, "{}", table.year);
    }
}
