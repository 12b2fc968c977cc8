//! The Vietnamese lunar calendar, and the days off it proposes for a year.
//!
//! Months begin on the day of the new moon at UTC+7, and the month with the winter solstice is the
//! eleventh; that is why Tết is not always the Chinese new year's day. What is proposed here has no
//! force: the Prime Minister decides Tết, the second day of National Day and the swapped Saturdays,
//! and a person enters the year's notice.

use std::f64::consts::PI;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::{Basis, DayKind, Sure, TableDay, YearTable};

/// A day of the Vietnamese lunar calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LunarDate {
    /// The Gregorian year in which this lunar year begins.
    pub year: i16,
    pub month: i8,
    pub day: i8,
    pub month_kind: MonthKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthKind {
    Ordinary,
    /// Tháng nhuận, after the ordinary month of the same number.
    Leap,
}

/// The lunar date of a day; good from 1900 to 2199, for which the formulas were checked.
pub fn lunar(date: Date) -> LunarDate {
    let day = day_number(date);
    let start = month_start(day);
    let mut eleventh = eleventh_month(date.year());
    let mut next_eleventh = eleventh_month(date.year() + 1);
    let mut year = date.year() + 1;
    if eleventh > start {
        next_eleventh = eleventh;
        eleventh = eleventh_month(date.year() - 1);
        year = date.year();
    }
    // Twelve months from one eleventh to the next are an ordinary year, thirteen have a leap month.
    let nth = rounded_months(start - eleventh);
    let leap = (next_eleventh - eleventh > 365).then(|| leap_month(eleventh));
    let (month, month_kind) = match leap {
        Some(leap) if nth == leap => (nth + 10, MonthKind::Leap),
        Some(leap) if nth > leap => (nth + 10, MonthKind::Ordinary),
        _ => (nth + 11, MonthKind::Ordinary),
    };
    let month = (month - 1) % 12 + 1;
    if month >= 11 && nth < 4 {
        year -= 1;
    }
    LunarDate { year, month: month as i8, day: (day - start + 1) as i8, month_kind }
}

/// The day on which a lunar date falls; `None` when the month does not exist that year or has no such
/// day.
pub fn gregorian(lunar_date: LunarDate) -> Option<Date> {
    // A lunar year lies between late January of its year and mid-February of the next.
    let mut date = Date::new(lunar_date.year, 1, 15).ok()?;
    let last = Date::new(lunar_date.year + 1, 2, 28).ok()?;
    while date <= last {
        let here = lunar(date);
        if here == lunar_date {
            return Some(date);
        }
        // To the next first of a month at once, then day by day.
        let same_month = here.month == lunar_date.month && here.month_kind == lunar_date.month_kind;
        let step =
            if same_month && here.year == lunar_date.year { 1 } else { (28 - i32::from(here.day)).max(1) };
        date = date.checked_add(step.days()).ok()?;
    }
    None
}

/// Mùng 1 Tết of a year.
pub fn tet(year: i16) -> Option<Date> {
    gregorian(LunarDate { year, month: 1, day: 1, month_kind: MonthKind::Ordinary })
}

/// Giỗ Tổ Hùng Vương, the tenth of the third lunar month.
pub fn hung_kings(year: i16) -> Option<Date> {
    gregorian(LunarDate { year, month: 3, day: 10, month_kind: MonthKind::Ordinary })
}

/// Days since Monday 1 January 4713 BC (Julian), the number of the day at its noon.
fn day_number(date: Date) -> i64 {
    const OF_1970: i64 = 2_440_588;
    let since = Date::constant(1970, 1, 1).until(date).map(|span| i64::from(span.get_days()));
    OF_1970 + since.unwrap_or_default()
}

/// Days of one mean lunation.
const LUNATION: f64 = 29.530_588_68;
/// A new moon from which the others are counted: 1 January 1900, as a day number.
const FIRST_NEW_MOON: f64 = 2_415_021.076_998_695;

fn rounded_months(days: i64) -> i64 {
    (days as f64 / LUNATION).round() as i64
}

/// The first day of the lunar month that `day` lies in.
fn month_start(day: i64) -> i64 {
    let nth = ((day as f64 - FIRST_NEW_MOON) / LUNATION).floor() as i64;
    let candidates = [nth + 1, nth, nth - 1];
    candidates.into_iter().map(new_moon_day).find(|start| *start <= day).unwrap_or(day)
}

/// The day, on the clock of UTC+7, of the `nth` new moon since 1900.
fn new_moon_day(nth: i64) -> i64 {
    (new_moon(nth) + 0.5 + 7.0 / 24.0).floor() as i64
}

/// The moment of the `nth` new moon (Julian date, universal time), from the mean lunation and the
/// greater periodic terms of sun and moon; exact to a few minutes.
fn new_moon(nth: i64) -> f64 {
    let k = nth as f64;
    let t = k / 1236.85;
    let (t2, t3) = (t * t, t * t * t);
    let radians = PI / 180.0;
    let mean = 2_415_020.759_33 + LUNATION * k + 0.000_117_8 * t2 - 0.000_000_155 * t3
        + 0.000_33 * ((166.56 + 132.87 * t - 0.009_173 * t2) * radians).sin();
    let sun = (359.2242 + 29.105_356_08 * k - 0.000_033_3 * t2 - 0.000_003_47 * t3) * radians;
    let moon = (306.0253 + 385.816_918_06 * k + 0.010_730_6 * t2 + 0.000_012_36 * t3) * radians;
    let node = (21.2964 + 390.670_506_46 * k - 0.001_652_8 * t2 - 0.000_002_39 * t3) * radians;
    let terms = (0.1734 - 0.000_393 * t) * sun.sin() + 0.0021 * (2.0 * sun).sin() - 0.4068 * moon.sin()
        + 0.0161 * (2.0 * moon).sin()
        - 0.0004 * (3.0 * moon).sin()
        + 0.0104 * (2.0 * node).sin()
        - 0.0051 * (sun + moon).sin()
        - 0.0074 * (sun - moon).sin()
        + 0.0004 * (2.0 * node + sun).sin()
        - 0.0004 * (2.0 * node - sun).sin()
        - 0.0006 * (2.0 * node + moon).sin()
        + 0.0010 * (2.0 * node - moon).sin()
        + 0.0005 * (2.0 * moon + sun).sin();
    // Dynamical time to universal time.
    let delta = if t < -11.0 {
        0.001 + 0.000_839 * t + 0.000_226_1 * t2 - 0.000_008_45 * t3 - 0.000_000_081 * t * t3
    } else {
        -0.000_278 + 0.000_265 * t + 0.000_262 * t2
    };
    mean + terms - delta
}

/// Which twelfth of the sky the sun stands in at the beginning of `day` (UTC+7), 0 from the spring
/// equinox on. A lunar month in which this does not change is a leap month.
fn sun_sector(day: i64) -> i64 {
    let t = (day as f64 - 0.5 - 7.0 / 24.0 - 2_451_545.0) / 36_525.0;
    let radians = PI / 180.0;
    let mean_anomaly =
        (357.529_10 + 35_999.050_30 * t - 0.000_155_9 * t * t - 0.000_000_48 * t * t * t) * radians;
    let mean_longitude = 280.464_45 + 36_000.769_83 * t + 0.000_303_2 * t * t;
    let centre = (1.914_600 - 0.004_817 * t - 0.000_014 * t * t) * mean_anomaly.sin()
        + (0.019_993 - 0.000_101 * t) * (2.0 * mean_anomaly).sin()
        + 0.000_290 * (3.0 * mean_anomaly).sin();
    ((mean_longitude + centre).rem_euclid(360.0) / 30.0).floor() as i64
}

/// The first day of the eleventh lunar month that begins in `year`: the month of the winter solstice.
fn eleventh_month(year: i16) -> i64 {
    let new_year_eve = day_number(Date::constant(year, 12, 31));
    let start = month_start(new_year_eve);
    if sun_sector(start) >= 9 { month_start(start - 1) } else { start }
}

/// Which month after the eleventh is the leap one: the first in which the sun changes no sector.
fn leap_month(eleventh: i64) -> i64 {
    let first = ((eleventh as f64 - FIRST_NEW_MOON) / LUNATION + 0.5).floor() as i64;
    let sector = |nth: i64| sun_sector(new_moon_day(first + nth));
    (1..14).find(|nth| sector(*nth) == sector(nth + 1)).unwrap_or(13)
}

/// The days off of a year as the law fixes them, with our proposal where somebody must decide.
// law: BLLD2019/112
// law: BLLD2019/111
pub fn propose(year: i16) -> YearTable {
    let mut days: Vec<TableDay> = Vec::new();
    let holidays = holidays(year);
    for holiday in &holidays {
        days.push(row(holiday.on, holiday.reason.to_owned(), holiday.law, holiday.sure));
    }
    for holiday in holidays.iter().filter(|holiday| holiday.made_up && is_weekend(holiday.on)) {
        let mut on = holiday.on;
        while is_weekend(on) || days.iter().any(|day| day.on == on) {
            let Ok(next) = on.tomorrow() else { break };
            on = next;
        }
        let reason = format!("nghỉ bù {}", holiday.reason);
        let sure = holiday.sure.max(Sure::Derived);
        days.push(row(on, reason, "BLLD2019/111.3", sure));
    }
    days.sort_by_key(|day| day.on);
    YearTable { year, basis: Basis::Proposed, note: None, decision: None, days }
}

/// The law's own days off that a year's table does not have; what somebody must decide is not asked for.
pub fn missing_from(table: &YearTable) -> Vec<TableDay> {
    let fixed = propose(table.year).days.into_iter().filter(|day| day.sure <= Sure::Derived);
    fixed.filter(|day| !table.days.iter().any(|row| row.on == day.on && row.is == DayKind::Off)).collect()
}

struct Holiday {
    on: Date,
    reason: &'static str,
    law: &'static str,
    sure: Sure,
    made_up: bool,
}

fn holidays(year: i16) -> Vec<Holiday> {
    let fixed = |month, day, reason, law| Holiday {
        on: Date::constant(year, month, day),
        reason,
        law,
        sure: Sure::Read,
        made_up: true,
    };
    let mut holidays = vec![
        fixed(1, 1, "Tết Dương lịch", "BLLD2019/112.1.a"),
        fixed(4, 30, "Ngày Chiến thắng", "BLLD2019/112.1.c"),
        fixed(5, 1, "Ngày Quốc tế lao động", "BLLD2019/112.1.d"),
        fixed(9, 2, "Quốc khánh", "BLLD2019/112.1.đ"),
    ];
    let national_day = Date::constant(year, 9, 2);
    // The day that makes the longer rest; the choice is the Prime Minister's.
    let beside = match national_day.weekday() {
        Weekday::Sunday | Weekday::Monday | Weekday::Thursday => 3,
        _ => 1,
    };
    let beside = Holiday { sure: Sure::Proposed, ..fixed(9, beside, "Quốc khánh", "BLLD2019/112.3") };
    holidays.push(beside);
    if let Some(on) = hung_kings(year) {
        let commemoration = fixed(1, 1, "Giỗ Tổ Hùng Vương", "BLLD2019/112.1.e");
        holidays.push(Holiday { on, sure: Sure::Derived, ..commemoration });
    }
    if let Some(first) = tet(year) {
        let from_eve = (-1..4).filter_map(|offset| first.checked_add(i64::from(offset).days()).ok());
        holidays.extend(from_eve.map(|on| Holiday {
            on,
            sure: Sure::Proposed,
            ..fixed(1, 1, "Tết Âm lịch", "BLLD2019/112.1.b")
        }));
    }
    // law: NQ28-2026-QH16/2
    if year >= 2026 {
        let culture = fixed(11, 24, "Ngày Văn hóa Việt Nam", "NQ28-2026-QH16/2");
        holidays.push(Holiday { made_up: false, ..culture });
    }
    holidays.sort_by_key(|holiday| holiday.on);
    holidays
}

fn row(on: Date, reason: String, law: &str, sure: Sure) -> TableDay {
    TableDay { on, is: DayKind::Off, reason, law: law.to_owned(), sure, note: None }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use super::{LunarDate, MonthKind, gregorian, hung_kings, lunar, missing_from, propose, tet};
    use crate::calendar::Sure;
    use jiff::ToSpan;
    use jiff::civil::{Date, date};

    #[test]
    fn tet_falls_where_the_vietnamese_calendar_says() {
        for first in [
            date(1968, 1, 29), // one day before the Chinese new year
            date(1985, 1, 21), // a whole month before
            date(2007, 2, 17),
            date(2023, 1, 22),
            date(2024, 2, 10),
            date(2025, 1, 29),
            date(2026, 2, 17),
            date(2027, 2, 6),
            date(2028, 1, 26),
            date(2029, 2, 13),
            date(2030, 2, 2), // the Chinese one is on the 3rd
        ] {
            assert_eq!(tet(first.year()), Some(first));
        }
    }

    #[test]
    fn tet_is_not_always_the_chinese_new_year() {
        for (ours, theirs) in [
            (date(1985, 1, 21), date(1985, 2, 20)),
            (date(2007, 2, 17), date(2007, 2, 18)),
            (date(2030, 2, 2), date(2030, 2, 3)),
        ] {
            assert_eq!(tet(ours.year()), Some(ours));
            let there = lunar(theirs);
            assert_ne!((there.month, there.day), (1, 1), "{theirs}");
        }
    }

    #[test]
    fn a_table_that_lacks_a_day_of_the_law_is_told_which() {
        let mut table = propose(2027);
        assert_eq!(missing_from(&table), []);
        table.days.retain(|day| day.on != date(2027, 5, 3) && day.on != date(2027, 2, 6));
        let missing: Vec<Date> = missing_from(&table).iter().map(|day| day.on).collect();
        // Tết awaits its decision; the make-up for 1 May, a Saturday, is the law's own arithmetic.
        assert_eq!(missing, [date(2027, 5, 3)]);
    }

    #[test]
    fn the_hung_kings_are_commemorated_on_the_tenth_of_the_third_month() {
        for day in
            [date(2023, 4, 29), date(2024, 4, 18), date(2025, 4, 7), date(2026, 4, 26), date(2027, 4, 16)]
        {
            assert_eq!(hung_kings(day.year()), Some(day));
        }
    }

    #[test]
    fn leap_months_are_where_they_were() {
        for (year, month) in [(2020, 4), (2023, 2), (2025, 6), (2028, 5), (2031, 3), (2033, 11)] {
            let leap = LunarDate { year, month, day: 1, month_kind: MonthKind::Leap };
            assert!(gregorian(leap).is_some(), "leap month {month} of {year}");
            for other in (1..=12).filter(|other| *other != month) {
                assert_eq!(gregorian(LunarDate { month: other, ..leap }), None, "{other} of {year}");
            }
        }
        let none = LunarDate { year: 2026, month: 6, day: 1, month_kind: MonthKind::Leap };
        assert_eq!(gregorian(none), None);
    }

    #[test]
    fn every_day_follows_the_day_before() {
        let mut day = date(1968, 1, 1);
        let mut before = lunar(day);
        while day < date(2068, 1, 1) {
            day = day.checked_add(1.day()).expect("within range");
            let here = lunar(day);
            let same_month =
                (here.year, here.month, here.month_kind) == (before.year, before.month, before.month_kind);
            if same_month {
                assert_eq!(here.day, before.day + 1, "{day}");
            } else {
                assert_eq!(here.day, 1, "{day}");
                assert!(matches!(before.day, 29 | 30), "{day} after {before:?}");
                let follows = match here.month_kind {
                    MonthKind::Leap => (here.year, here.month) == (before.year, before.month),
                    MonthKind::Ordinary if here.month == 1 => {
                        (here.year, 12) == (before.year + 1, before.month)
                    }
                    MonthKind::Ordinary => (here.year, here.month) == (before.year, before.month + 1),
                };
                assert!(follows, "{day}: {here:?} after {before:?}");
            }
            before = here;
        }
    }

    #[test]
    fn a_lunar_date_goes_there_and_back() {
        let mut day = date(2019, 1, 1);
        while day < date(2035, 1, 1) {
            assert_eq!(gregorian(lunar(day)), Some(day));
            day = day.checked_add(7.days()).expect("within range");
        }
    }

    #[test]
    fn a_proposal_holds_the_laws_days_and_makes_up_for_weekends() {
        let off = |year: i16| -> Vec<Date> { propose(year).days.iter().map(|day| day.on).collect() };
        let days = off(2026);
        for on in [
            date(2026, 2, 16),
            date(2026, 2, 20),
            date(2026, 4, 26),
            date(2026, 4, 27),
            date(2026, 9, 1),
            date(2026, 11, 24),
        ] {
            assert!(days.contains(&on), "{on}");
        }
        assert!(off(2023).contains(&date(2023, 9, 4)), "2 September 2023 was a Saturday");
        // 29 and 30 April 2023 were a weekend, 1 May itself a holiday.
        assert!([date(2023, 5, 2), date(2023, 5, 3)].iter().all(|on| off(2023).contains(on)));
        assert!(!off(2025).contains(&date(2025, 11, 24)), "the day of culture began in 2026");
        let table = propose(2027);
        assert!(table.days.iter().any(|day| day.on == date(2027, 2, 6) && day.sure == Sure::Proposed));
        let mut dates = off(2027);
        dates.dedup();
        assert_eq!(dates.len(), table.days.len(), "no day twice");
    }
}
