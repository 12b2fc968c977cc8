//! The rows of `calendars/`: working hours with validity, and what each date of a year is.
//! Every row says which law or notice it rests on and how sure that is.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

use super::CalendarError;

/// One year's table, as in `calendars/vn-<year>.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearTable {
    pub year: i16,
    pub basis: Basis,
    /// What a person should know of the table as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The notice or decision that changed it last, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    #[serde(default, rename = "day")]
    pub days: Vec<TableDay>,
}

/// What a year's table rests on. Counting through a table that is not `Issued` is allowed only
/// because the data says so, and every due date that used it says so too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The year's notices are out.
    Issued,
    /// The law's fixed days, and our proposal where the Prime Minister has yet to decide.
    Proposed,
    /// Nothing is known but the weekly days of rest.
    WeekendsOnly,
}

/// One date that is not what its weekday makes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableDay {
    pub on: Date,
    pub is: DayKind,
    /// In Vietnamese, for the explanation of a due date.
    pub reason: String,
    /// The clause or notice.
    pub law: String,
    pub sure: Sure,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayKind {
    Off,
    /// Worked as a full day, mostly a Saturday swapped for a day off.
    Worked,
    /// Open half a day. Its minutes count in a limit of hours; as a day only when `counts`.
    HalfDay {
        part: Part,
        counts: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    Morning,
    Afternoon,
}

impl Part {
    /// The part of a full day that belongs to this half; noon is the border, also where the office
    /// works through it.
    pub(super) fn of(self, full: &[Span]) -> Vec<Span> {
        let noon = Time::constant(12, 0, 0, 0);
        let cut = |span: &Span| match self {
            Self::Morning => Span { open: span.open, close: span.close.min(noon) },
            Self::Afternoon => Span { open: span.open.max(noon), close: span.close },
        };
        full.iter().map(cut).filter(|span| span.open < span.close).collect()
    }
}

/// How far a row of data can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sure {
    /// Read in the law, in the notice, or in a text that quotes it.
    Read,
    /// Follows from the law by arithmetic.
    Derived,
    /// Known, but the text was not at hand.
    High,
    Medium,
    Low,
    /// Not decided yet by whoever decides it.
    Proposed,
}

/// A stretch of work, from `open` up to and not including `close`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(Time, Time)", into = "(Time, Time)")]
pub struct Span {
    pub open: Time,
    pub close: Time,
}

impl From<(Time, Time)> for Span {
    fn from((open, close): (Time, Time)) -> Self {
        Self { open, close }
    }
}

impl From<Span> for (Time, Time) {
    fn from(span: Span) -> Self {
        (span.open, span.close)
    }
}

/// Working hours that hold from a day on, up to and including `until` where there is one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursPeriod {
    pub from: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// A paper received after this hour goes over to the next working day.
    // law: ND61-2018/18.3
    #[serde(default = "fifteen")]
    pub cutoff: Time,
    pub law: String,
    pub week: WeekHours,
}

impl HoursPeriod {
    pub(super) fn holds_on(&self, date: Date) -> bool {
        self.from <= date && self.until.is_none_or(|until| date <= until)
    }
}

fn fifteen() -> Time {
    Time::constant(15, 0, 0, 0)
}

/// The hours of each weekday; an absent weekday is a day of rest.
///
/// Days named in `extra` are open but are no working days of the law (a counter open on Saturday
/// mornings): their minutes count in limits of hours, they never count as a day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WeekHours {
    pub monday: Vec<Span>,
    pub tuesday: Vec<Span>,
    pub wednesday: Vec<Span>,
    pub thursday: Vec<Span>,
    pub friday: Vec<Span>,
    pub saturday: Vec<Span>,
    pub sunday: Vec<Span>,
    pub extra: Vec<WeekdayName>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WeekdayName {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl WeekdayName {
    fn is(self, weekday: Weekday) -> bool {
        weekday
            == [
                Weekday::Monday,
                Weekday::Tuesday,
                Weekday::Wednesday,
                Weekday::Thursday,
                Weekday::Friday,
                Weekday::Saturday,
                Weekday::Sunday,
            ][self as usize]
    }
}

impl WeekHours {
    pub fn on(&self, weekday: Weekday) -> &[Span] {
        match weekday {
            Weekday::Monday => &self.monday,
            Weekday::Tuesday => &self.tuesday,
            Weekday::Wednesday => &self.wednesday,
            Weekday::Thursday => &self.thursday,
            Weekday::Friday => &self.friday,
            Weekday::Saturday => &self.saturday,
            Weekday::Sunday => &self.sunday,
        }
    }

    /// The hours of the longest day of the week: what a swapped Saturday works, and what one
    /// "day" is when days are counted in hours.
    pub fn full_day(&self) -> &[Span] {
        [
            &self.monday,
            &self.tuesday,
            &self.wednesday,
            &self.thursday,
            &self.friday,
            &self.saturday,
            &self.sunday,
        ]
        .into_iter()
        .fold(&self.monday, |longest, day| if total(day) > total(longest) { day } else { longest })
    }

    /// Minutes of a full working day.
    pub fn full_day_minutes(&self) -> u32 {
        total(self.full_day())
    }

    pub(super) fn is_extra(&self, weekday: Weekday) -> bool {
        self.extra.iter().any(|extra| extra.is(weekday))
    }
}

fn total(spans: &[Span]) -> u32 {
    spans.iter().map(|span| minutes_of(span.close).saturating_sub(minutes_of(span.open))).sum()
}

/// Minutes since midnight; seconds are dropped.
pub fn minutes_of(time: Time) -> u32 {
    let minutes = i32::from(time.hour()) * 60 + i32::from(time.minute());
    u32::try_from(minutes).unwrap_or_default()
}

pub(super) fn check_hours(hours: &[HoursPeriod]) -> Result<(), CalendarError> {
    for (at, period) in hours.iter().enumerate() {
        let every = [
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
            Weekday::Saturday,
            Weekday::Sunday,
        ];
        let whole = |time: Time| time.second() == 0 && time.subsec_nanosecond() == 0;
        let in_order = every.iter().all(|weekday| {
            let spans = period.week.on(*weekday);
            spans.iter().all(|span| span.open < span.close && whole(span.open) && whole(span.close))
                && spans.windows(2).all(|pair| pair[0].close <= pair[1].open)
        });
        if !in_order || period.until.is_some_and(|until| until < period.from) {
            return Err(CalendarError::BadHours { from: period.from });
        }
        for other in &hours[..at] {
            let later = period.from.max(other.from);
            if period.holds_on(later) && other.holds_on(later) {
                return Err(CalendarError::TwoHours { on: later });
            }
        }
    }
    Ok(())
}

pub(super) fn index_days(table: &YearTable) -> Result<BTreeMap<Date, TableDay>, CalendarError> {
    let mut days = BTreeMap::new();
    for day in &table.days {
        if day.on.year() != table.year {
            return Err(CalendarError::StrayDay { on: day.on, year: table.year });
        }
        if days.insert(day.on, day.clone()).is_some() {
            return Err(CalendarError::TwiceInTable { on: day.on });
        }
    }
    Ok(days)
}
