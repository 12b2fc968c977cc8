//! When a dossier is due, and why: every date passed on the way is kept with what it counted for,
//! so that the counter can explain the date to whoever asks.

use std::fmt;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{Basis, CalendarError, DayKind, DayStanding, Part, WorkingCalendar, next_day};

/// The two lawful ways to count working days; a setting of the province.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// N days are N full days of working minutes from the minute of reception.
    #[default]
    Hours,
    /// The day of reception is not counted; due at the close of the Nth working day.
    Days,
}

/// A time limit, as procedures and the law state it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Always counted by the minute, whatever the setting.
    WorkingHours(u32),
    WorkingDays(u32),
    CalendarDays(u32),
    /// Today; what comes after the cut-off hour (15:00) on the next working day.
    SameDay,
}

/// A due date with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    pub at: DateTime,
    /// The legal day of `at`.
    pub on: Date,
    /// Every date from reception to the due date, in order.
    pub steps: Vec<DayCounted>,
    /// Some year on the way has only a proposed table: the date may move when the notice comes.
    pub provisional: bool,
}

/// One date on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCounted {
    pub date: Date,
    /// None where the date did not count.
    pub counted: Option<Counted>,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Working minutes taken from this date.
    Minutes(u32),
    /// The ordinal of this date in the limit.
    Day(u32),
}

/// What a date was when it was counted or passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Working,
    /// The day of reception, which a limit in days does not count.
    Received,
    /// Received on a working day, but outside its hours: counts as received on the next working minute.
    AfterHours,
    /// Received after the cut-off hour of the day.
    AfterCutoff,
    /// A weekly day of rest.
    Rest,
    /// Off by the table, with the table's reason.
    Off(String),
    /// Worked by the table, with the table's reason.
    Worked(String),
    /// Open half a day.
    Half(Part),
    /// Open for the public, but no working day of the law.
    Extra,
    /// A day of the week or a day off alike: a limit in calendar days counts it.
    Calendar,
    /// The last day fell on a day off, so the limit ends with this working day.
    MovedHere,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Working => write!(f, "ngày làm việc"),
            Self::Received => write!(f, "ngày tiếp nhận, không tính"),
            Self::AfterHours => write!(f, "nhận ngoài giờ làm việc, tính từ giờ làm việc kế tiếp"),
            Self::AfterCutoff => write!(f, "nhận sau giờ chốt trong ngày, chuyển sang ngày làm việc kế tiếp"),
            Self::Rest => write!(f, "ngày nghỉ hằng tuần"),
            Self::Off(reason) => write!(f, "nghỉ: {reason}"),
            Self::Worked(reason) => write!(f, "làm việc: {reason}"),
            Self::Half(Part::Morning) => write!(f, "làm việc buổi sáng"),
            Self::Half(Part::Afternoon) => write!(f, "làm việc buổi chiều"),
            Self::Extra => write!(f, "mở cửa thêm, không tính là ngày làm việc"),
            Self::Calendar => write!(f, "tính theo ngày liên tục"),
            Self::MovedHere => write!(f, "ngày cuối rơi vào ngày nghỉ, lùi đến hết ngày làm việc này"),
        }
    }
}

impl From<&DayStanding<'_>> for Why {
    fn from(day: &DayStanding<'_>) -> Self {
        match day.row.map(|row| (row.is, &row.reason)) {
            Some((DayKind::Off, reason)) => Self::Off(reason.clone()),
            Some((DayKind::Worked, reason)) => Self::Worked(reason.clone()),
            Some((DayKind::HalfDay { part, .. }, _)) => Self::Half(part),
            None if day.spans.is_empty() => Self::Rest,
            None if day.counts => Self::Working,
            None => Self::Extra,
        }
    }
}

impl WorkingCalendar {
    /// When a paper received at `received` is due.
    ///
    /// What comes outside working hours counts as received in the next working minute, for every
    /// kind of limit.
    pub fn due(&self, received: DateTime, limit: Limit, counting: Counting) -> Result<Due, CalendarError> {
        let start = self.normalise(received)?;
        let mut steps = self.before_start(received.date(), start.date())?;
        let at = match (limit, counting) {
            (Limit::WorkingHours(hours), _) => {
                self.count_minutes(start, hours.saturating_mul(60), &mut steps)?
            }
            (Limit::WorkingDays(days), Counting::Hours) => {
                let day = self.hours_on(start.date())?.week.full_day_minutes();
                self.count_minutes(start, days.saturating_mul(day), &mut steps)?
            }
            (Limit::WorkingDays(days), Counting::Days) => self.count_days(start, days, &mut steps)?,
            (Limit::CalendarDays(days), _) => self.count_calendar_days(start, days, &mut steps)?,
            (Limit::SameDay, _) => self.same_day(start, &mut steps)?,
        };
        let provisional = self.is_provisional(received.date(), at.date())?;
        Ok(Due { at, on: at.date(), steps, provisional })
    }

    /// `from`, itself a due moment, moved on by `limit`. It is not taken for a reception: a due moment
    /// at closing time stays on its day, and the days are counted from the next one.
    // law: ND61-2018/19.9
    pub fn extend(&self, from: DateTime, limit: Limit, counting: Counting) -> Result<Due, CalendarError> {
        let mut steps = Vec::new();
        let at = match (limit, counting) {
            (Limit::WorkingHours(0) | Limit::WorkingDays(0) | Limit::CalendarDays(0), _) => from,
            (Limit::WorkingHours(hours), _) => {
                self.count_minutes(from, hours.saturating_mul(60), &mut steps)?
            }
            (Limit::WorkingDays(days), Counting::Hours) => {
                let day = self.hours_on(from.date())?.week.full_day_minutes();
                self.count_minutes(from, days.saturating_mul(day), &mut steps)?
            }
            (Limit::WorkingDays(days), Counting::Days) => self.count_days(from, days, &mut steps)?,
            (Limit::CalendarDays(days), _) => self.count_calendar_days(from, days, &mut steps)?,
            (Limit::SameDay, _) => self.rest_of_day(from, &mut steps)?,
        };
        Ok(Due { at, on: at.date(), steps, provisional: self.is_provisional(from.date(), at.date())? })
    }

    /// Does a year on the way rest on less than its issued notices?
    pub fn is_provisional(&self, from: Date, until: Date) -> Result<bool, CalendarError> {
        let mut provisional = false;
        for year in from.year()..=until.year() {
            provisional |= self.basis(year)? != Basis::Issued;
        }
        Ok(provisional)
    }

    /// By when the counter must have handed the papers to the agency that settles them: the close
    /// of the same working day, or the opening of the next one for what came after 15:00.
    // law: ND61-2018/18.2
    // law: ND61-2018/18.3
    pub fn transfer_due(&self, received: DateTime) -> Result<DateTime, CalendarError> {
        let start = self.normalise(received)?;
        if self.is_after_cutoff(start)? {
            let next = self.next_working_day(start.date())?;
            Ok(self.opening(next)?.unwrap_or(start))
        } else {
            Ok(self.closing(start.date())?.unwrap_or(start))
        }
    }

    fn is_after_cutoff(&self, start: DateTime) -> Result<bool, CalendarError> {
        Ok(start.time() > self.hours_on(start.date())?.cutoff)
    }

    /// The dates between an arrival outside working hours and the minute it counts from.
    fn before_start(&self, received: Date, start: Date) -> Result<Vec<DayCounted>, CalendarError> {
        let mut steps = Vec::new();
        let mut date = received;
        while date < start {
            let day = self.day(date)?;
            let closed = date == received && !day.spans.is_empty();
            let why = if closed { Why::AfterHours } else { Why::from(&day) };
            steps.push(DayCounted { date, counted: None, why });
            date = next_day(date)?;
        }
        Ok(steps)
    }

    fn count_minutes(
        &self,
        start: DateTime,
        minutes: u32,
        steps: &mut Vec<DayCounted>,
    ) -> Result<DateTime, CalendarError> {
        let mut taken = Vec::new();
        let at = self.walk_minutes(start, minutes, &mut |date, minutes| taken.push((date, minutes)))?;
        if taken.is_empty() {
            taken.push((at.date(), 0));
        }
        for (date, minutes) in taken {
            let counted = (minutes > 0).then_some(Counted::Minutes(minutes));
            steps.push(DayCounted { date, counted, why: Why::from(&self.day(date)?) });
        }
        Ok(at)
    }

    fn count_days(
        &self,
        start: DateTime,
        days: u32,
        steps: &mut Vec<DayCounted>,
    ) -> Result<DateTime, CalendarError> {
        let mut date = start.date();
        steps.push(DayCounted { date, counted: None, why: Why::Received });
        let mut done = 0;
        while done < days {
            date = next_day(date)?;
            let day = self.day(date)?;
            if day.counts {
                done += 1;
            }
            let counted = day.counts.then_some(Counted::Day(done));
            steps.push(DayCounted { date, counted, why: Why::from(&day) });
        }
        Ok(self.closing(date)?.unwrap_or(start))
    }

    /// A period in days: the first day is not counted, and a last day of rest moves the end to the
    /// close of the next working day.
    // law: BLDS2015/147.2
    // law: BLDS2015/148.5
    fn count_calendar_days(
        &self,
        start: DateTime,
        days: u32,
        steps: &mut Vec<DayCounted>,
    ) -> Result<DateTime, CalendarError> {
        let mut date = start.date();
        steps.push(DayCounted { date, counted: None, why: Why::Received });
        for nth in 1..=days {
            date = next_day(date)?;
            self.day(date)?;
            steps.push(DayCounted { date, counted: Some(Counted::Day(nth)), why: Why::Calendar });
        }
        while !self.day(date)?.counts {
            date = next_day(date)?;
            let day = self.day(date)?;
            let why = if day.counts { Why::MovedHere } else { Why::from(&day) };
            steps.push(DayCounted { date, counted: None, why });
        }
        Ok(self.closing(date)?.unwrap_or(start))
    }

    // law: ND23-2015/7
    // law: LHT2014/5.3
    fn same_day(&self, start: DateTime, steps: &mut Vec<DayCounted>) -> Result<DateTime, CalendarError> {
        let mut date = start.date();
        if self.is_after_cutoff(start)? {
            steps.push(DayCounted { date, counted: None, why: Why::AfterCutoff });
            date = self.pass_to_working_day(date, steps)?;
        }
        steps.push(DayCounted { date, counted: Some(Counted::Day(1)), why: Why::from(&self.day(date)?) });
        Ok(self.closing(date)?.unwrap_or(start))
    }

    /// To the close of the day, or of the next working day where nothing is left of this one.
    fn rest_of_day(&self, from: DateTime, steps: &mut Vec<DayCounted>) -> Result<DateTime, CalendarError> {
        let mut date = from.date();
        if self.closing(date)?.is_none_or(|closing| closing <= from) {
            date = self.pass_to_working_day(date, steps)?;
        }
        steps.push(DayCounted { date, counted: Some(Counted::Day(1)), why: Why::from(&self.day(date)?) });
        Ok(self.closing(date)?.unwrap_or(from))
    }

    /// The next working day after `date`, telling the dates in between.
    fn pass_to_working_day(&self, date: Date, steps: &mut Vec<DayCounted>) -> Result<Date, CalendarError> {
        let next = self.next_working_day(date)?;
        let mut date = next_day(date)?;
        while date < next {
            steps.push(DayCounted { date, counted: None, why: Why::from(&self.day(date)?) });
            date = next_day(date)?;
        }
        Ok(next)
    }
}
