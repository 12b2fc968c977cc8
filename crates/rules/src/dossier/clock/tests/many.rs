//! The clock against the slow model, a hundred thousand times over: random offices, receptions at any
//! second, every kind of limit, both countings, and ledgers of stops, restarts and extensions.

use super::model::{DAY, Deed, ModelDay, ModelOffice};
use crate::calendar::{
    Basis, Counted, Counting, DayKind, HoursPeriod, Limit, Part, Span, Sure, TableDay, WeekHours,
    WeekdayName, WorkingCalendar, YearTable, instant, legal_time, minutes_of,
};
use crate::dossier::clock::kept::counts_minutes;
use crate::dossier::clock::{
    Clock, CountEnd, CountPart, CountTold, DayTold, Explanation, Extension, Stop, StopCause, Tally,
};
use jiff::civil::{Date, DateTime, Time, date};
use jiff::{SignedDuration, Timestamp, ToSpan};

const OFFICES: u32 = 100;
const LEDGERS: u32 = 300;
const FIRST: Date = date(2027, 1, 1);
const N_DAYS: i32 = 365 + 366;

/// A die with a fixed seed: the same cases every time, on every machine.
struct Die(u64);

impl Die {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((z ^ (z >> 31)) % u64::from(sides)).expect("below the sides")
    }

    fn one_in(&mut self, n: u32) -> bool {
        self.roll(n) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.roll(u32::try_from(choices.len()).expect("a few")) as usize]
    }
}

/// A drawn week: what a weekday (Monday is 0) works, and whether it is only open, not a working day.
struct Week {
    hours: [Vec<(u32, u32)>; 7],
    extra: [bool; 7],
    cutoff: u32,
}

const DAYS: [&[(u32, u32)]; 5] = [
    &[(420, 690), (810, 1020)],
    &[(450, 720), (780, 1020)],
    &[(480, 960)],
    &[(405, 700), (790, 901), (915, 1039)],
    &[(0, 30), (600, 1439)],
];

fn week(die: &mut Die) -> Week {
    let usual = die.of(&DAYS);
    let mut hours: [Vec<(u32, u32)>; 7] = std::array::from_fn(|_| usual.to_vec());
    hours[6].clear();
    let mut extra = [false; 7];
    match die.roll(4) {
        0 => hours[5] = vec![(450, 660)],
        1 => (hours[5], extra[5]) = (vec![(450, 660)], true),
        2 => hours[5].truncate(1),
        _ => hours[5].clear(),
    }
    if die.one_in(4) {
        hours[4] = vec![(480, 690)];
    }
    if die.one_in(6) {
        hours[2].clear();
    }
    Week { hours, extra, cutoff: die.of(&[900, 900, 600, 1020]) }
}

fn longest(week: &Week) -> Vec<(u32, u32)> {
    let total = |day: &[(u32, u32)]| day.iter().map(|(open, close)| close - open).sum::<u32>();
    let mut best = week.hours[0].clone();
    for day in &week.hours {
        if total(day) > total(&best) {
            best.clone_from(day);
        }
    }
    best
}

fn clock_time(minute: u32) -> Time {
    let two = |n: u32| i8::try_from(n).expect("a part of a day");
    Time::constant(two(minute / 60), two(minute % 60), 0, 0)
}

fn spans(day: &[(u32, u32)]) -> Vec<Span> {
    day.iter().map(|(open, close)| Span { open: clock_time(*open), close: clock_time(*close) }).collect()
}

fn period(week: &Week, from: Date, until: Option<Date>) -> HoursPeriod {
    const NAMES: [WeekdayName; 7] = [
        WeekdayName::Monday,
        WeekdayName::Tuesday,
        WeekdayName::Wednesday,
        WeekdayName::Thursday,
        WeekdayName::Friday,
        WeekdayName::Saturday,
        WeekdayName::Sunday,
    ];
    let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] =
        std::array::from_fn(|day| spans(&week.hours[day]));
    let extra = (0..7).filter(|day| week.extra[*day]).map(|day| NAMES[day]).collect();
    let week_hours = WeekHours { monday, tuesday, wednesday, thursday, friday, saturday, sunday, extra };
    HoursPeriod {
        from, until, cutoff: clock_time(week.cutoff), law: "nội quy".to_owned(), week: week_hours
    }
}

fn half(day: &[(u32, u32)], part: Part) -> Vec<(u32, u32)> {
    let mut kept = Vec::new();
    for &(open, close) in day {
        let (open, close) = match part {
            Part::Morning => (open, close.min(720)),
            Part::Afternoon => (open.max(720), close),
        };
        if open < close {
            kept.push((open, close));
        }
    }
    kept
}

/// The same random office twice: as a calendar of ours, and as the model's list of days.
fn office(die: &mut Die) -> (WorkingCalendar, ModelOffice) {
    let (winter, summer) = (week(die), week(die));
    let turn = i32::try_from(60 + die.roll(300)).expect("a day of the first year");
    let day_of = |index: i32| FIRST.checked_add(index.days()).expect("a day of our time");
    let (mut days, mut rows, mut to_make_up) = (Vec::new(), Vec::new(), 0);
    for index in 0..N_DAYS {
        let on = day_of(index);
        let week = if index < turn { &winter } else { &summer };
        let weekday = usize::try_from(on.weekday().to_monday_zero_offset()).expect("0 to 6");
        let usual = &week.hours[weekday];
        let full = longest(week);
        let rests = usual.is_empty();
        let counts = !rests && !week.extra[weekday];
        // One day in fifteen is a holiday; on a day of rest it is made up on the next working day.
        // Days of rest are sometimes worked for a day swapped, and some days are half.
        let holiday = die.one_in(15);
        to_make_up += u32::from(holiday && rests);
        let is = if holiday {
            Some(DayKind::Off)
        } else if counts && to_make_up > 0 {
            to_make_up -= 1;
            Some(DayKind::Off)
        } else if rests && die.one_in(12) {
            Some(DayKind::Worked)
        } else if die.one_in(25) {
            let part = die.of(&[Part::Morning, Part::Afternoon]);
            Some(DayKind::HalfDay { part, counts: die.one_in(2) })
        } else {
            None
        };
        let (open, is_working_day) = match is {
            None => (usual.clone(), counts),
            Some(DayKind::Off) => (Vec::new(), false),
            Some(DayKind::Worked) => (full.clone(), true),
            Some(DayKind::HalfDay { part, counts }) => (half(&full, part), counts),
        };
        let is_working_day = is_working_day && !open.is_empty();
        let full_day = full.iter().map(|(open, close)| close - open).sum();
        days.push(ModelDay { open, is_working_day, full_day, cutoff: week.cutoff });
        if let Some(is) = is {
            let (reason, law) = ("ngày của bảng".to_owned(), "thông báo".to_owned());
            rows.push(TableDay { on, is, reason, law, sure: Sure::Read, note: None });
        }
    }
    let hours = vec![period(&winter, FIRST, Some(day_of(turn - 1))), period(&summer, day_of(turn), None)];
    let tables = [2027, 2028].map(|year| {
        let days = rows.iter().filter(|row| row.on.year() == year).cloned().collect();
        YearTable { year, basis: die.of(&[Basis::Issued, Basis::Proposed]), note: None, decision: None, days }
    });
    (WorkingCalendar::new(hours, tables.into()).expect("fits together"), ModelOffice::new(days))
}

const CAUSES: [StopCause; 4] =
    [StopCause::Supplement, StopCause::Payment, StopCause::Opinion, StopCause::Halt];

fn limit(die: &mut Die, most_days: u32) -> Limit {
    match die.roll(7) {
        0 | 1 => Limit::WorkingHours(1 + die.roll(40)),
        2..=4 => Limit::WorkingDays(1 + die.roll(most_days)),
        5 => Limit::CalendarDays(die.roll(most_days * 2)),
        _ => Limit::SameDay,
    }
}

/// A moment drawn with a liking for the edges: midnight, opening, lunch, closing.
fn moment(die: &mut Die, from: u32, within: u32) -> u32 {
    let second = from + die.roll(within);
    match die.roll(4) {
        0 => second / (60 * DAY) * (60 * DAY) + die.of(&[420, 690, 720, 810, 900, 960, 1020, 0]) * 60,
        1 => second / 60 * 60,
        _ => second,
    }
    .max(from)
}

fn deeds(die: &mut Die, received: u32) -> Vec<Deed> {
    let (mut deeds, mut now) = (Vec::new(), received);
    for _ in 0..die.of(&[0, 0, 1, 2, 4, 6, 8]) {
        let pause = die.of(&[1, 3_600, 86_400, 86_400, 5 * 86_400]);
        now = moment(die, now, pause);
        let cause = die.roll(4) as usize;
        deeds.push(match die.roll(8) {
            0..=2 => Deed::Stop { at: now, cause, restarts: cause == 0 },
            3 | 4 => Deed::ResumeAll { at: now },
            5 | 6 => Deed::ResumeOne { at: now, cause },
            _ => Deed::Extend { by: limit(die, 6) },
        });
    }
    // Mostly the clock goes at the end.
    if !die.one_in(8) {
        deeds.push(Deed::ResumeAll { at: moment(die, now, 86_400) });
    }
    deeds
}

fn stamp(second: u32) -> Timestamp {
    let midnight = instant(FIRST.to_datetime(Time::MIN)).expect("our time");
    midnight + SignedDuration::from_secs(i64::from(second))
}

fn minute_of(at: DateTime) -> u32 {
    let days = FIRST.until(at.date()).expect("after the first").get_days();
    u32::try_from(days).expect("after the first") * DAY + minutes_of(at.time())
}

fn play(mut clock: Clock, deeds: &[Deed]) -> Clock {
    for deed in deeds {
        clock = match *deed {
            Deed::Stop { at, cause, restarts: true } => {
                clock.stop(Stop::restarting(CAUSES[cause], stamp(at)))
            }
            Deed::Stop { at, cause, .. } => clock.stop(Stop::pausing(CAUSES[cause], stamp(at))),
            Deed::ResumeAll { at } => clock.resume(stamp(at)),
            Deed::ResumeOne { at, cause } => clock.resume_from(CAUSES[cause], stamp(at)),
            Deed::Extend { by } => clock.extend(Extension { granted_at: stamp(0), by }),
        };
    }
    clock
}

/// Every date once and in order, every part complete, and the last day the due day.
fn check_explanation(
    clock: &Clock,
    calendar: &WorkingCalendar,
    explanation: &Explanation,
    now: Timestamp,
    told: impl Fn() -> String,
) {
    assert_eq!(explanation.counts.len(), clock.earlier.len() + 1, "{}", told());
    for count in &explanation.counts {
        let parts = |day: &DayTold| (day.date, day.part);
        assert!(count.days.windows(2).all(|pair| parts(&pair[0]) < parts(&pair[1])), "{count:#?} {}", told());
        let first = count.days.first().expect("a day is told").date;
        assert_eq!(first, legal_time(count.started_at).date(), "{}", told());
        let last = count.days.last().expect("a day is told").date;
        let (since, until) = match count.end {
            CountEnd::Due(due) => {
                assert_eq!(last, due.on, "{count:#?} {}", told());
                check_totals(clock, calendar, count, &told);
                continue;
            }
            CountEnd::Standing { since } => (since, now.max(since)),
            CountEnd::NeverDue { since } => (since, clock.finished_at.expect("it has ended").max(since)),
            CountEnd::Restarted { since, at } => (since, at),
        };
        assert_eq!(last, legal_time(until).date(), "{}", told());
        let idle = count.days.iter().filter(|day| day.date > legal_time(since).date());
        assert!(idle.into_iter().all(|day| day.counted.is_none()), "{count:#?} {}", told());
    }
}

/// What the dates gave is what the limit and the extension are, and with what stood it is all the
/// working time there was.
fn check_totals(clock: &Clock, calendar: &WorkingCalendar, count: &CountTold, told: &impl Fn() -> String) {
    let mut date = count.days[0].date;
    for day in &count.days {
        assert!(day.date == date || day.date == date.tomorrow().expect("our time"), "a gap: {}", told());
        date = day.date;
    }
    let (mut minutes, mut days) = (0, 0);
    for day in count.days.iter().filter(|day| day.part == CountPart::Limit) {
        match day.counted {
            Some(Counted::Minutes(taken)) => minutes += taken,
            Some(Counted::Day(_)) => days += 1,
            None => {}
        }
        match day.total {
            Tally::Minutes { done, .. } => assert_eq!(done, minutes, "{}", told()),
            Tally::Days { done, .. } => assert_eq!(done, days, "{}", told()),
        }
    }
    let mut lasts = count.days.iter().rev().collect::<Vec<_>>();
    lasts.dedup_by_key(|day| day.part);
    for last in lasts {
        let (Tally::Minutes { done, of } | Tally::Days { done, of }) = last.total;
        assert_eq!(done, of, "{last:?} {}", told());
    }
    match (clock.limit, clock.counting) {
        (Limit::WorkingHours(hours), _) => assert_eq!(minutes, hours * 60, "{}", told()),
        (Limit::WorkingDays(_), Counting::Hours) | (Limit::SameDay, _) => {}
        (Limit::WorkingDays(n) | Limit::CalendarDays(n), _) => assert_eq!(days, n, "{}", told()),
    }
    let extension_by_days = count.extension.is_some_and(|by| !counts_minutes(by.by, clock.counting));
    if let CountEnd::Due(due) = count.end
        && clock.counts_minutes()
        && !extension_by_days
    {
        let given = |day: &DayTold| match day.counted {
            Some(Counted::Minutes(minutes)) => minutes,
            _ => 0,
        };
        let stood = |day: &DayTold| day.stood.iter().map(|stood| stood.minutes).sum::<u32>();
        let all: u32 = count.days.iter().map(|day| given(day) + stood(day)).sum();
        let (start, end) = (legal_time(count.started_at), legal_time(due.at));
        assert_eq!(Ok(all), calendar.working_minutes_between(start, end), "{count:#?} {}", told());
    }
}

/// Thirty thousand cases from one seed.
fn check(seed: u64) {
    let mut die = Die(seed);
    for _ in 0..OFFICES {
        let (calendar, model) = office(&mut die);
        for _ in 0..LEDGERS {
            let received = moment(&mut die, 0, 380 * 86_400);
            let limit = limit(&mut die, 20);
            let counting = die.of(&[Counting::Hours, Counting::Days]);
            let deeds = deeds(&mut die, received);
            let clock = play(Clock::start(limit, counting, stamp(received)), &deeds);
            let due = clock.due(&calendar).expect("the tables reach so far");
            let by_clock = due.map(|due| minute_of(legal_time(due.at)));
            let by_model = model.due(received, limit, counting, &deeds);
            let told = || format!("{limit:?} {counting:?} from {} {clock:#?}", legal_time(stamp(received)));
            assert_eq!(by_clock, by_model, "{}", told());
            assert_eq!(due.map(|due| due.on), due.map(|due| legal_time(due.at).date()), "{}", told());

            if die.one_in(5) {
                let now = stamp(received + 40 * 86_400);
                let explanation = clock.explain(&calendar, now).expect("the tables reach so far");
                assert_eq!(explanation.due, due, "{}", told());
                check_explanation(&clock, &calendar, &explanation, now, told);
            }

            let minutes = die.roll(3_000);
            let from = legal_time(stamp(received));
            let end = calendar.add_working_time(from, minutes).expect("the tables reach so far");
            assert_eq!(minute_of(end), model.after(received / 60, minutes), "{minutes} from {from}");
            let between = calendar.working_minutes_between(from, end).expect("the tables reach so far");
            assert_eq!(between, minutes, "from {from} to {end}");
            assert_eq!(between, model.open_between(received / 60, minute_of(end)), "from {from} to {end}");
        }
    }
}

#[test]
fn thirty_thousand_clocks_agree_with_the_model() {
    check(0x00d0_551e);
}

#[test]
fn thirty_thousand_other_clocks_agree_with_the_model() {
    check(0x1975_0430);
}

#[test]
fn another_thirty_thousand_clocks_agree_with_the_model() {
    check(0x1945_0902);
}

#[test]
fn the_last_thirty_thousand_clocks_agree_with_the_model() {
    check(0x1954_0507);
}
