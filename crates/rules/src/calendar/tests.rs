//! The clock against the vectors of the office, against the faults seen in a real system, and
//! against a slow model that walks minute by minute.

use super::{
    Basis, CalendarError, Counted, Counting, DayKind, Due, HoursPeriod, Limit, Part, Span, Sure, TableDay,
    WeekHours, Why, WorkingCalendar, YearTable, instant, legal_time, lunar,
};
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Weekday, date, time};
use proptest::prelude::{Strategy, prop_assert_eq, proptest};
use std::sync::OnceLock;

#[derive(serde::Deserialize)]
struct HoursFile {
    hours: Vec<HoursPeriod>,
}

fn table(year: i16) -> YearTable {
    let text = match year {
        2023 => include_str!("../../../../calendars/vn-2023.toml"),
        2024 => include_str!("../../../../calendars/vn-2024.toml"),
        2025 => include_str!("../../../../calendars/vn-2025.toml"),
        2026 => include_str!("../../../../calendars/vn-2026.toml"),
        _ => include_str!("../../../../calendars/vn-2027.toml"),
    };
    toml::from_str(text).expect("the table of the year")
}

fn hours() -> Vec<HoursPeriod> {
    let file: HoursFile =
        toml::from_str(include_str!("../../../../calendars/hours.toml")).expect("the hours");
    file.hours
}

fn calendar() -> WorkingCalendar {
    static CALENDAR: OnceLock<WorkingCalendar> = OnceLock::new();
    let build = || WorkingCalendar::new(hours(), (2023..=2027).map(table).collect());
    CALENDAR.get_or_init(|| build().expect("the calendars fit together")).clone()
}

fn at(text: &str) -> DateTime {
    text.parse().expect("a time of the test")
}

fn due(received: &str, limit: Limit, counting: Counting) -> Due {
    calendar().due(at(received), limit, counting).expect("a due date")
}

#[test]
fn the_offices_vectors_hold_in_both_countings() {
    use Limit::{WorkingDays, WorkingHours};
    for (received, limit, by_hours, by_days) in [
        ("2026-02-11T16:00", WorkingDays(3), "2026-02-23T16:00", Some("2026-02-23")),
        ("2026-04-24T10:00", WorkingDays(1), "2026-04-28T10:00", Some("2026-04-28")),
        ("2025-12-31T15:30", WorkingDays(2), "2026-01-06T15:30", Some("2026-01-06")),
        ("2026-01-09T16:30", WorkingDays(1), "2026-01-10T16:30", Some("2026-01-10")),
        ("2026-08-21T16:00", WorkingDays(1), "2026-08-22T16:00", Some("2026-08-22")),
        ("2026-08-28T09:00", WorkingDays(2), "2026-09-04T09:00", Some("2026-09-04")),
        ("2026-11-23T14:00", WorkingDays(1), "2026-11-25T14:00", Some("2026-11-25")),
        ("2025-04-25T08:00", WorkingDays(2), "2025-04-28T08:00", Some("2025-04-28")),
        ("2026-03-03T12:15", WorkingHours(4), "2026-03-04T07:30", None),
        ("2026-03-07T23:00", WorkingHours(8), "2026-03-09T17:00", None),
        ("2026-03-06T16:30", WorkingHours(8), "2026-03-09T16:30", None),
        ("2026-02-13T17:01", WorkingHours(8), "2026-02-23T17:00", None),
    ] {
        assert_eq!(due(received, limit, Counting::Hours).at, at(by_hours), "{received} {limit:?}");
        let counted = due(received, limit, Counting::Days);
        match by_days {
            Some(day) => {
                assert_eq!(counted.on, day.parse::<Date>().expect("a day"), "{received} {limit:?}");
                assert_eq!(counted.at.time(), time(17, 0, 0, 0), "the day's end");
            }
            None => assert_eq!(counted.at, at(by_hours), "hours are hours in either counting"),
        }
    }
}

#[test]
fn a_start_on_a_day_off_moves_to_the_next_working_morning() {
    for (start, from) in [
        ("2026-03-07T10:00", "2026-03-09T07:00"), // Saturday
        ("2026-02-17T08:00", "2026-02-23T07:00"), // Tết
        ("2026-11-24T09:00", "2026-11-25T07:00"), // the new holiday
        ("2026-01-10T06:00", "2026-01-10T07:00"), // a worked Saturday
    ] {
        assert_eq!(calendar().normalise(at(start)), Ok(at(from)), "{start}");
    }
    let due = due("2026-03-07T10:00", Limit::WorkingDays(1), Counting::Hours);
    assert_eq!(due.at, at("2026-03-09T17:00"));
}

#[test]
fn lunch_moves_to_the_afternoon_and_closing_to_the_next_morning() {
    for (start, from) in [
        ("2026-03-03T06:59:59", "2026-03-03T07:00"),
        ("2026-03-03T11:29", "2026-03-03T11:29"),
        ("2026-03-03T11:30", "2026-03-03T13:30"),
        ("2026-03-03T13:29", "2026-03-03T13:30"),
        ("2026-03-03T13:30", "2026-03-03T13:30"),
        ("2026-03-03T16:59:59", "2026-03-03T16:59"),
        ("2026-03-03T17:00", "2026-03-04T07:00"),
        ("2026-03-03T23:59:59", "2026-03-04T07:00"),
    ] {
        assert_eq!(calendar().normalise(at(start)), Ok(at(from)), "{start}");
    }
    // Over lunch and over night, to the minute.
    let calendar = calendar();
    assert_eq!(calendar.add_working_time(at("2026-03-03T11:00"), 30), Ok(at("2026-03-03T11:30")));
    assert_eq!(calendar.add_working_time(at("2026-03-03T11:00"), 31), Ok(at("2026-03-03T13:31")));
    assert_eq!(calendar.add_working_time(at("2026-03-03T16:00"), 60), Ok(at("2026-03-03T17:00")));
    assert_eq!(calendar.add_working_time(at("2026-03-03T16:00"), 61), Ok(at("2026-03-04T07:01")));
}

#[test]
fn a_limit_restarts_whole_after_a_supplement() {
    // The system this was seen in added the elapsed time less a day; the law counts again from the
    // start, so the second count depends on nothing but its own start.
    let first = due("2026-03-02T09:00", Limit::WorkingDays(3), Counting::Hours);
    let again = due("2026-03-10T14:00", Limit::WorkingDays(3), Counting::Hours);
    assert_eq!((first.at, again.at), (at("2026-03-05T09:00"), at("2026-03-13T14:00")));
}

#[test]
fn same_day_procedures_go_over_to_the_next_day_after_fifteen_hours() {
    for (received, is_due) in [
        ("2026-03-03T08:00", "2026-03-03T17:00"),
        ("2026-03-03T12:00", "2026-03-03T17:00"),
        ("2026-03-03T15:00", "2026-03-03T17:00"),
        ("2026-03-03T15:01", "2026-03-04T17:00"),
        ("2026-03-03T17:30", "2026-03-04T17:00"),
        ("2026-03-06T15:30", "2026-03-09T17:00"),
        ("2026-02-13T16:00", "2026-02-23T17:00"),
        ("2026-03-07T09:00", "2026-03-09T17:00"),
    ] {
        assert_eq!(due(received, Limit::SameDay, Counting::Hours).at, at(is_due), "{received}");
        assert_eq!(due(received, Limit::SameDay, Counting::Days).at, at(is_due), "{received}");
    }
}

#[test]
fn papers_go_to_the_competent_agency_the_same_day_or_first_thing_next_morning() {
    let calendar = calendar();
    for (received, by) in [
        ("2026-03-03T08:00", "2026-03-03T17:00"),
        ("2026-03-03T15:00", "2026-03-03T17:00"),
        ("2026-03-03T15:01", "2026-03-04T07:00"),
        ("2026-03-06T16:00", "2026-03-09T07:00"),
        ("2026-03-07T10:00", "2026-03-09T17:00"),
    ] {
        assert_eq!(calendar.transfer_due(at(received)), Ok(at(by)), "{received}");
    }
}

#[test]
fn calendar_days_leave_out_the_first_and_end_with_a_working_day() {
    for (received, days, is_due) in [
        ("2026-03-03T08:00", 10, "2026-03-13T17:00"),
        ("2026-03-04T08:00", 10, "2026-03-16T17:00"), // the 14th is a Saturday
        ("2026-02-06T08:00", 10, "2026-02-23T17:00"), // the 16th is in Tết
        ("2025-12-31T08:00", 10, "2026-01-10T17:00"), // a worked Saturday is a working day
        ("2026-03-07T08:00", 1, "2026-03-10T17:00"),  // counts as received on Monday
    ] {
        assert_eq!(due(received, Limit::CalendarDays(days), Counting::Days).at, at(is_due), "{received}");
    }
}

#[test]
fn a_due_date_explains_itself_day_by_day() {
    let due = due("2026-02-12T16:00", Limit::WorkingDays(2), Counting::Days);
    let told: Vec<String> = due
        .steps
        .iter()
        .map(|step| {
            let counted = match step.counted {
                Some(Counted::Day(nth)) => format!("ngày {nth}"),
                Some(Counted::Minutes(minutes)) => format!("{minutes} phút"),
                None => "-".to_owned(),
            };
            format!("{:02}/{:02}: {counted}: {}", step.date.day(), step.date.month(), step.why)
        })
        .collect();
    assert_eq!(
        told[..3],
        [
            "12/02: -: ngày tiếp nhận, không tính",
            "13/02: ngày 1: ngày làm việc",
            "14/02: -: ngày nghỉ hằng tuần",
        ]
    );
    assert!(told[4].starts_with("16/02: -: nghỉ: "), "{}", told[4]);
    assert_eq!(told.last().map(String::as_str), Some("23/02: ngày 2: ngày làm việc"));
    assert_eq!(told.len(), 12, "every date is told");
    assert!(!due.provisional);
}

#[test]
fn counting_by_hours_tells_the_minutes_of_every_day() {
    let due = due("2026-01-09T16:30", Limit::WorkingDays(1), Counting::Hours);
    let told: Vec<_> = due.steps.iter().map(|step| (step.date, step.counted)).collect();
    assert_eq!(
        told,
        [(date(2026, 1, 9), Some(Counted::Minutes(30))), (date(2026, 1, 10), Some(Counted::Minutes(450))),]
    );
    assert!(matches!(&due.steps[1].why, Why::Worked(reason) if reason.contains("02/01")));
    let late = super::tests::due("2026-03-06T18:00", Limit::WorkingHours(1), Counting::Hours);
    assert_eq!(late.steps[0].why, Why::AfterHours);
    assert_eq!(late.steps.iter().filter(|step| step.counted.is_some()).count(), 1);
}

#[test]
fn a_year_without_a_table_is_named_and_never_guessed() {
    let calendar = calendar();
    let missing = Err(CalendarError::NoTable { year: 2028 });
    assert_eq!(calendar.due(at("2027-12-31T16:00"), Limit::WorkingDays(1), Counting::Hours), missing.clone());
    assert_eq!(calendar.due(at("2027-12-31T16:00"), Limit::WorkingDays(1), Counting::Days), missing.clone());
    assert_eq!(calendar.due(at("2027-12-25T16:00"), Limit::CalendarDays(10), Counting::Days), missing);
    assert_eq!(calendar.is_working(date(2022, 12, 30)), Err(CalendarError::NoTable { year: 2022 }));
    let before_hours = WorkingCalendar::new(
        vec![HoursPeriod { from: date(2026, 6, 1), ..hours()[0].clone() }],
        vec![table(2026)],
    );
    let before_hours = before_hours.expect("fits together");
    assert_eq!(
        before_hours.is_working(date(2026, 5, 29)),
        Err(CalendarError::NoHours { on: date(2026, 5, 29) })
    );
}

#[test]
fn counting_by_weekends_alone_must_be_said_in_the_data_and_shows() {
    let bare =
        YearTable { year: 2028, basis: Basis::WeekendsOnly, note: None, decision: None, days: Vec::new() };
    let calendar = WorkingCalendar::new(hours(), vec![bare]).expect("fits together");
    let due =
        calendar.due(at("2028-03-03T10:00"), Limit::WorkingDays(1), Counting::Hours).expect("a due date");
    assert_eq!((due.at, due.provisional), (at("2028-03-06T10:00"), true));
}

#[test]
fn faults_of_the_data_are_found_when_the_calendar_is_built() {
    let build = |hours, tables| WorkingCalendar::new(hours, tables).expect_err("a fault");
    assert_eq!(build(hours(), vec![table(2026), table(2026)]), CalendarError::TwoTables { year: 2026 });
    let mut stray = table(2026);
    stray.days[0].on = date(2025, 1, 1);
    assert_eq!(build(hours(), vec![stray]), CalendarError::StrayDay { on: date(2025, 1, 1), year: 2026 });
    let mut twice = table(2026);
    twice.days.push(twice.days[0].clone());
    assert_eq!(build(hours(), vec![twice]), CalendarError::TwiceInTable { on: date(2026, 1, 1) });
    let mut crossed = hours();
    crossed[0].week.monday.reverse();
    assert_eq!(build(crossed, vec![]), CalendarError::BadHours { from: hours()[0].from });
    let two = [hours(), hours()].concat();
    assert_eq!(build(two, vec![]), CalendarError::TwoHours { on: hours()[0].from });
}

fn own_day(on: Date, is: DayKind) -> TableDay {
    TableDay {
        on, is, reason: "trực".to_owned(), law: "QĐ nội bộ".to_owned(), sure: Sure::Read, note: None
    }
}

#[test]
fn a_half_day_gives_its_minutes_and_counts_as_a_day_only_where_said() {
    let saturday = date(2026, 3, 7);
    let half = |counts| {
        let is = DayKind::HalfDay { part: Part::Morning, counts };
        calendar().with_days(vec![own_day(saturday, is)]).expect("fits")
    };
    let received = at("2026-03-06T16:00");
    let by = |calendar: WorkingCalendar, counting| {
        calendar.due(received, Limit::WorkingDays(1), counting).expect("a due date").at
    };
    // Hours: 60 minutes on Friday, 270 on Saturday morning, 150 on Monday.
    assert_eq!(by(half(false), Counting::Hours), at("2026-03-09T09:30"));
    assert_eq!(by(half(false), Counting::Days), at("2026-03-09T17:00"));
    assert_eq!(by(half(true), Counting::Days), at("2026-03-07T11:30"));
    let missing = calendar().with_days(vec![own_day(date(2030, 1, 1), DayKind::Off)]);
    assert_eq!(missing.expect_err("no table"), CalendarError::NoTable { year: 2030 });
}

#[test]
fn counters_open_on_saturdays_make_no_working_day() {
    let mut hours = hours();
    hours[0].week.saturday = vec![Span { open: time(7, 30, 0, 0), close: time(11, 0, 0, 0) }];
    hours[0].week.extra = vec![super::table::WeekdayName::Saturday];
    let calendar = WorkingCalendar::new(hours, vec![table(2026)]).expect("fits together");
    let received = at("2026-03-06T16:00");
    let days = calendar.due(received, Limit::WorkingDays(1), Counting::Days).expect("a due date");
    assert_eq!(days.on, date(2026, 3, 9));
    assert_eq!(days.steps[1].why, Why::Extra);
    assert_eq!(calendar.is_working(date(2026, 3, 7)), Ok(true));
    // What waits for the next working day does not wait for a Saturday's counter.
    let late = at("2026-03-06T15:30");
    let same_day = calendar.due(late, Limit::SameDay, Counting::Hours).expect("a due date");
    assert_eq!(same_day.at, at("2026-03-09T17:00"));
    assert_eq!(calendar.transfer_due(late), Ok(at("2026-03-09T07:00")));
    // A swapped Saturday works as long as any other day, whatever the Saturdays' usual hours.
    assert_eq!(calendar.closing(date(2026, 1, 10)), Ok(Some(at("2026-01-10T17:00"))));
}

#[test]
fn a_half_day_of_an_office_that_works_through_noon_is_cut_there() {
    let mut hours = hours();
    hours[0].week.monday = vec![Span { open: time(7, 30, 0, 0), close: time(16, 30, 0, 0) }];
    let calendar = WorkingCalendar::new(hours, vec![table(2026)]).expect("fits together");
    for (part, open, close) in [
        (Part::Morning, "2026-03-07T07:30", "2026-03-07T12:00"),
        (Part::Afternoon, "2026-03-07T12:00", "2026-03-07T16:30"),
    ] {
        let half = own_day(date(2026, 3, 7), DayKind::HalfDay { part, counts: true });
        let calendar = calendar.clone().with_days(vec![half]).expect("fits");
        assert_eq!(calendar.opening(date(2026, 3, 7)), Ok(Some(at(open))));
        assert_eq!(calendar.closing(date(2026, 3, 7)), Ok(Some(at(close))));
    }
}

#[test]
fn new_hours_hold_from_their_first_day() {
    let mut winter = hours()[0].clone();
    let mut summer = HoursPeriod { from: date(2026, 4, 1), ..winter.clone() };
    winter.until = Some(date(2026, 3, 31));
    for day in [&mut summer.week.monday, &mut summer.week.wednesday] {
        *day = vec![Span { open: time(6, 30, 0, 0), close: time(12, 0, 0, 0) }];
    }
    summer.cutoff = time(10, 0, 0, 0);
    let calendar = WorkingCalendar::new(vec![winter, summer], vec![table(2026)]).expect("fits together");
    // Tuesday 31 March 16:00, then Wednesday 1 April from 6:30.
    assert_eq!(calendar.add_working_time(at("2026-03-31T16:00"), 120), Ok(at("2026-04-01T07:30")));
    let due = calendar.due(at("2026-04-01T10:30"), Limit::SameDay, Counting::Hours).expect("a due date");
    assert_eq!(due.at, at("2026-04-02T17:00"), "the cut-off is data, too");
}

#[test]
fn the_legal_clock_is_seven_hours_ahead_all_year() {
    for (utc, local) in
        [("2026-11-21T18:30:00Z", "2026-11-22T01:30"), ("2026-07-01T00:00:00Z", "2026-07-01T07:00")]
    {
        let stamp = utc.parse().expect("an instant");
        assert_eq!(legal_time(stamp), at(local));
        assert_eq!(instant(at(local)), Some(stamp));
    }
}

#[test]
fn the_tables_hold_what_the_law_fixes() {
    for year in 2023..=2027 {
        let table = table(year);
        for proposed in lunar::propose(year).days.iter().filter(|day| day.sure <= Sure::Derived) {
            let row = table.days.iter().find(|day| day.on == proposed.on);
            assert!(row.is_some_and(|row| row.is == DayKind::Off), "{} {}", proposed.on, proposed.reason);
        }
        for row in table.days.iter().filter(|day| day.is == DayKind::Worked) {
            assert!(matches!(row.on.weekday(), Weekday::Saturday | Weekday::Sunday), "{}", row.on);
        }
        let first = lunar::tet(year).expect("within range");
        assert!(
            table.days.iter().any(|day| day.on == first || first.weekday() == Weekday::Sunday),
            "{first}"
        );
    }
}

/// The same law said as plainly and slowly as can be: every minute of 2026, and whether it is worked.
fn minutes_of_2026() -> &'static [bool] {
    static MINUTES: OnceLock<Vec<bool>> = OnceLock::new();
    MINUTES.get_or_init(|| {
        let rows = table(2026).days;
        let mut minutes = Vec::with_capacity(365 * 1440);
        let mut day = date(2026, 1, 1);
        while day.year() == 2026 {
            let works = match rows.iter().find(|row| row.on == day) {
                Some(row) => row.is == DayKind::Worked,
                None => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
            };
            for minute in 0..1440 {
                minutes.push(works && ((420..690).contains(&minute) || (810..1020).contains(&minute)));
            }
            day = day.tomorrow().expect("within range");
        }
        minutes
    })
}

fn minute_to_time(minute: usize) -> DateTime {
    date(2026, 1, 1).at(0, 0, 0, 0) + SignedDuration::from_mins(i64::try_from(minute).expect("small"))
}

fn some_minute() -> impl Strategy<Value = usize> {
    0..(340 * 1440_usize)
}

proptest! {
    #[test]
    fn the_clock_agrees_with_the_minute_by_minute_model(start in some_minute(), minutes in 0..6_000_u32) {
        let calendar = calendar();
        let open = minutes_of_2026();
        let first = (start..open.len()).find(|minute| open[*minute]).expect("a working minute follows");
        prop_assert_eq!(calendar.normalise(minute_to_time(start)), Ok(minute_to_time(first)));

        let mut left = minutes;
        let mut here = first;
        while left > 0 && here < open.len() {
            left -= u32::from(open[here]);
            here += 1;
        }
        if left == 0 {
            let end = calendar.add_working_time(minute_to_time(start), minutes);
            prop_assert_eq!(&end, &Ok(minute_to_time(here)));
            let back = calendar.working_minutes_between(minute_to_time(start), minute_to_time(here));
            prop_assert_eq!(back, Ok(minutes));
        }
    }

    #[test]
    fn minutes_between_agree_with_the_model(a in some_minute(), length in 0..20_000_usize) {
        let open = minutes_of_2026();
        let b = (a + length).min(open.len() - 1);
        let counted = open[a..b].iter().filter(|open| **open).count();
        let between = calendar().working_minutes_between(minute_to_time(a), minute_to_time(b));
        prop_assert_eq!(between, Ok(u32::try_from(counted).expect("small")));
        let backwards = calendar().working_minutes_between(minute_to_time(b), minute_to_time(a));
        prop_assert_eq!(backwards, Ok(0));
    }

    #[test]
    fn what_is_received_later_is_never_due_earlier(
        a in some_minute(),
        later in 0..3_000_usize,
        days in 0..15_u32,
        way in 0..5_usize,
    ) {
        let (limit, counting) = [
            (Limit::WorkingDays(days), Counting::Hours),
            (Limit::WorkingDays(days), Counting::Days),
            (Limit::WorkingHours(days), Counting::Hours),
            (Limit::CalendarDays(days), Counting::Days),
            (Limit::SameDay, Counting::Days),
        ][way];
        let calendar = calendar();
        let first = calendar.due(minute_to_time(a), limit, counting).expect("a due date");
        let second = calendar.due(minute_to_time(a + later), limit, counting).expect("a due date");
        assert!(first.at <= second.at, "{first:?} {second:?}");
        let last = first.steps.last().map(|step| step.date);
        prop_assert_eq!(last, Some(first.on));
        assert!(first.steps.windows(2).all(|pair| pair[0].date < pair[1].date), "every date once: {first:?}");
        let counted: u32 = first.steps.iter().filter_map(|step| match step.counted {
            Some(Counted::Minutes(minutes)) => Some(minutes),
            _ => None,
        }).sum();
        match (limit, counting) {
            (Limit::WorkingDays(days), Counting::Hours) => prop_assert_eq!(counted, days * 480),
            (Limit::WorkingHours(hours), _) => prop_assert_eq!(counted, hours * 60),
            _ => prop_assert_eq!(counted, 0),
        }
    }
}

#[test]
fn a_week_without_hours_has_no_working_minute() {
    let empty = vec![HoursPeriod { week: WeekHours::default(), ..hours()[0].clone() }];
    let calendar = WorkingCalendar::new(empty, vec![table(2026)]).expect("fits together");
    assert_eq!(calendar.normalise(at("2026-03-03T08:00")), Err(CalendarError::NoTable { year: 2027 }));
}
