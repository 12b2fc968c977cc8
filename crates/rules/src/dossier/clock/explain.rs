//! "Vì sao là ngày này?": a due date told day by day. What each date counted for, what stood and for
//! whom, which row of which table says so, and how much was counted by then. The words are in
//! `words::explanation`; here every day is kept, and folding them is left to who reads them.

use super::kept::counts_minutes;
use super::{Clock, Course, Extension, Leg, Pause, StopCause};
use crate::calendar::{
    Basis, CalendarError, Counted, Counting, DayCounted, Limit, Why, WorkingCalendar, legal_time, next_day,
};
use crate::dossier::DueMoment;
use crate::id::OfficerId;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

/// Why a dossier is due when it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    pub limit: Limit,
    pub counting: Counting,
    /// Every count there was, the present one last.
    pub counts: Vec<CountTold>,
    /// None while the clock stands.
    pub due: Option<DueMoment>,
    /// Years on the way whose notices are not out: the date may still move.
    pub provisional: Vec<i16>,
}

/// One count of the limit.
#[derive(Clone, Debug, PartialEq)]
pub struct CountTold {
    pub started_at: Timestamp,
    pub extension: Option<Extension>,
    pub end: CountEnd,
    /// Every date on the way, in order; a date on which the limit ends and the extension begins stands
    /// once in each part.
    pub days: Vec<DayTold>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountEnd {
    Due(DueMoment),
    /// The clock stands since then, and nothing is due.
    Standing {
        since: Timestamp,
    },
    /// The clock has stood since then, and the dossier has ended.
    NeverDue {
        since: Timestamp,
    },
    /// The clock stood since then until the limit was counted anew.
    // law: ND61-2018/19.4
    Restarted {
        since: Timestamp,
        at: Timestamp,
    },
}

/// What one date gave to a count.
#[derive(Clone, Debug, PartialEq)]
pub struct DayTold {
    pub date: Date,
    pub part: CountPart,
    pub counted: Option<Counted>,
    /// What had been counted of this part by the end of the date.
    pub total: Tally,
    pub why: Why,
    /// The clause or notice that makes the date what it is; none for a plain working day.
    pub law: Option<String>,
    /// The working minutes of the date for which the clock stood.
    pub stood: Vec<Stood>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountPart {
    Limit,
    /// A limit in days gets the time back for which the clock stood while it was counted.
    GivenBack,
    // law: ND61-2018/19.9
    Extension,
    ExtensionGivenBack,
}

/// `done` of `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tally {
    Minutes { done: u32, of: u32 },
    Days { done: u32, of: u32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stood {
    pub minutes: u32,
    pub cause: StopCause,
    pub by: Option<OfficerId>,
}

impl Clock {
    /// Tells the due date from the day the clock began, or, while the clock stands, the days up to `now`
    /// or the end.
    pub fn explain(&self, calendar: &WorkingCalendar, now: Timestamp) -> Result<Explanation, CalendarError> {
        let mut counts = Vec::new();
        for (nth, earlier) in self.earlier.iter().enumerate() {
            let at = self.earlier.get(nth + 1).map_or(self.started_at, |next| next.started_at);
            let stands = Stands { since: earlier.ended_at, until: at };
            let days = self.days(calendar, earlier.started_at, earlier.extension, Some(stands))?;
            let end = CountEnd::Restarted { since: earlier.ended_at, at };
            let (started_at, extension) = (earlier.started_at, earlier.extension);
            counts.push(CountTold { started_at, extension, end, days });
        }
        let due = self.due(calendar)?;
        let (started_at, extension) = (self.started_at, self.extension);
        let open = self.stops.iter().filter(|stop| stop.until.is_none());
        let since = open.map(|stop| stop.from.max(started_at)).min();
        let until = self.finished_at.unwrap_or(now);
        let stands = since.map(|since| Stands { since, until: until.max(since) });
        let days = self.days(calendar, started_at, extension, stands)?;
        let end = match (since, due) {
            (None, Some(due)) => CountEnd::Due(due),
            (Some(since), _) if self.finished_at.is_some() => CountEnd::NeverDue { since },
            (since, _) => CountEnd::Standing { since: since.unwrap_or(started_at) },
        };
        counts.push(CountTold { started_at, extension, end, days });
        let provisional = provisional_years(calendar, &counts);
        Ok(Explanation { limit: self.limit, counting: self.counting, counts, due, provisional })
    }

    /// The days of one count: to its end, or to the stop that holds it and on while it stands.
    fn days(
        &self,
        calendar: &WorkingCalendar,
        started_at: Timestamp,
        extension: Option<Extension>,
        stands: Option<Stands>,
    ) -> Result<Vec<DayTold>, CalendarError> {
        let pausing = self.stops.iter().filter(|stop| !stop.by_restart && stop.until.is_some());
        let pauses = Pause::of(pausing, started_at, stands.map(|stands| stands.since));
        let course = Course::new(self, calendar, started_at, extension, &pauses)?;
        let cut = stands.map(|stands| legal_time(stands.since));
        let mut teller = Teller { calendar, counting: self.counting, pauses: &pauses, cut, days: Vec::new() };
        let start = legal_time(started_at);
        let steps = if counts_minutes(self.limit, self.counting) {
            Vec::new()
        } else {
            calendar.due(start, self.limit, self.counting)?.steps
        };
        teller.leg([CountPart::Limit, CountPart::GivenBack], self.limit, &steps, start, &course.limit)?;
        if let (Some(extension), Some(leg)) = (extension, &course.extension) {
            let steps = calendar.extend(course.limit.ended, extension.by, self.counting)?.steps;
            // The day from which the extension counts was told as the last of the limit.
            let from_next = usize::from(steps.first().is_some_and(|step| step.why == Why::Received));
            let parts = [CountPart::Extension, CountPart::ExtensionGivenBack];
            teller.leg(parts, extension.by, &steps[from_next..], course.limit.ended, leg)?;
        }
        if let Some(stands) = stands {
            let pauses = Pause::of(self.stops.iter(), stands.since, Some(stands.until));
            teller.stand(&pauses, legal_time(stands.since), legal_time(stands.until))?;
        }
        Ok(teller.days)
    }
}

/// From when on the count stands, and until when that is told.
#[derive(Clone, Copy)]
struct Stands {
    since: Timestamp,
    until: Timestamp,
}

/// Tells the days of one count, one after the other.
struct Teller<'a> {
    calendar: &'a WorkingCalendar,
    counting: Counting,
    pauses: &'a [Pause],
    /// Where a stop cut the count off.
    cut: Option<DateTime>,
    days: Vec<DayTold>,
}

impl Teller<'_> {
    /// A leg of the course: by the minute all the way, or by days and then the minutes given back.
    fn leg(
        &mut self,
        [counted, given_back]: [CountPart; 2],
        limit: Limit,
        steps: &[DayCounted],
        from: DateTime,
        leg: &Leg,
    ) -> Result<(), CalendarError> {
        if counts_minutes(limit, self.counting) {
            return self.minutes(counted, from, leg.ended);
        }
        self.nth_days(counted, limit, steps, from, leg.counted)?;
        if leg.counted < leg.ended { self.minutes(given_back, leg.counted, leg.ended) } else { Ok(()) }
    }

    /// Dates counted by the minute, from one moment to another.
    fn minutes(&mut self, part: CountPart, from: DateTime, to: DateTime) -> Result<(), CalendarError> {
        let stood: u32 = self.stood(from, to)?.iter().map(|stood| stood.minutes).sum();
        let of = self.calendar.working_minutes_between(from, to)? - stood;
        let last = self.cut.map_or(to, |cut| cut.min(to));
        let (mut done, mut date) = (0, from.date());
        while date <= last.date() {
            let next = next_day(date)?;
            let (open, close) =
                (from.max(date.to_datetime(Time::MIN)), last.min(next.to_datetime(Time::MIN)));
            let worked = self.calendar.working_minutes_between(open, close)?;
            let stood = self.stood(open, close)?;
            let minutes = worked - stood.iter().map(|stood| stood.minutes).sum::<u32>();
            done += minutes;
            let day = self.calendar.day(date)?;
            let begins = part == CountPart::Limit && date == from.date();
            // By the whole rest of the day, not by what a stop left of it.
            let too_late =
                begins && self.calendar.working_minutes_between(from, next.to_datetime(Time::MIN))? == 0;
            let why = if too_late && date < to.date() && !day.spans.is_empty() {
                Why::AfterHours
            } else {
                Why::from(&day)
            };
            // What begins at closing time has nothing to tell of that day.
            if part == CountPart::Limit || worked > 0 || date > from.date() {
                let counted = (minutes > 0).then_some(Counted::Minutes(minutes));
                self.tell(date, part, counted, Tally::Minutes { done, of }, why, stood)?;
            }
            date = next;
        }
        Ok(())
    }

    /// Dates counted as the first, the second, the third.
    fn nth_days(
        &mut self,
        part: CountPart,
        limit: Limit,
        steps: &[DayCounted],
        from: DateTime,
        to: DateTime,
    ) -> Result<(), CalendarError> {
        let of = match limit {
            Limit::WorkingDays(days) | Limit::CalendarDays(days) => days,
            Limit::WorkingHours(_) | Limit::SameDay => 1,
        };
        let mut done = 0;
        for step in steps {
            if self.cut.is_some_and(|cut| cut.date() < step.date) {
                break;
            }
            if let Some(Counted::Day(nth)) = step.counted {
                done = nth;
            }
            let open = from.max(step.date.to_datetime(Time::MIN));
            let close = to.min(next_day(step.date)?.to_datetime(Time::MIN));
            let close = self.cut.map_or(close, |cut| cut.min(close));
            let stood = self.stood(open, close)?;
            self.tell(step.date, part, step.counted, Tally::Days { done, of }, step.why.clone(), stood)?;
        }
        Ok(())
    }

    /// The days for which the clock stands: nothing counts until it goes again.
    fn stand(&mut self, pauses: &[Pause], since: DateTime, until: DateTime) -> Result<(), CalendarError> {
        let mut date = since.date();
        while date <= until.date() {
            let next = next_day(date)?;
            let (open, close) =
                (since.max(date.to_datetime(Time::MIN)), until.min(next.to_datetime(Time::MIN)));
            let stood = stood_between(self.calendar, pauses, open, close)?;
            match self.days.last_mut() {
                Some(day) if day.date == date => day.stood.extend(stood),
                last => {
                    let told = last.map(|day| (day.part, day.total));
                    let (part, total) = told.unwrap_or((CountPart::Limit, Tally::Minutes { done: 0, of: 0 }));
                    let why = Why::from(&self.calendar.day(date)?);
                    self.tell(date, part, None, total, why, stood)?;
                }
            }
            date = next;
        }
        Ok(())
    }

    fn stood(&self, from: DateTime, until: DateTime) -> Result<Vec<Stood>, CalendarError> {
        stood_between(self.calendar, self.pauses, from, until)
    }

    fn tell(
        &mut self,
        date: Date,
        part: CountPart,
        counted: Option<Counted>,
        total: Tally,
        why: Why,
        stood: Vec<Stood>,
    ) -> Result<(), CalendarError> {
        let row = self.calendar.day(date)?.row;
        let law = match &why {
            // law: BLDS2015/147.2
            Why::Received => Some("BLDS2015/147.2".to_owned()),
            // law: BLDS2015/148.5
            Why::MovedHere => Some("BLDS2015/148.5".to_owned()),
            // law: ND61-2018/18.3
            Why::AfterCutoff => Some("ND61-2018/18.3".to_owned()),
            // law: BLLD2019/111
            Why::Rest => Some("BLLD2019/111".to_owned()),
            Why::Working | Why::AfterHours | Why::Extra | Why::Calendar => None,
            Why::Off(_) | Why::Worked(_) | Why::Half(_) => row.map(|row| row.law.clone()),
        };
        self.days.push(DayTold { date, part, counted, total, why, law, stood });
        Ok(())
    }
}

fn stood_between(
    calendar: &WorkingCalendar,
    pauses: &[Pause],
    from: DateTime,
    until: DateTime,
) -> Result<Vec<Stood>, CalendarError> {
    let mut told = Vec::new();
    for pause in pauses {
        let (open, close) = (legal_time(pause.from).max(from), legal_time(pause.until).min(until));
        let minutes = calendar.working_minutes_between(open, close)?;
        if minutes > 0 {
            told.push(Stood { minutes, cause: pause.stop.cause, by: pause.stop.stopped_by });
        }
    }
    Ok(told)
}

fn provisional_years(calendar: &WorkingCalendar, counts: &[CountTold]) -> Vec<i16> {
    let dates = || counts.iter().flat_map(|count| &count.days).map(|day| day.date.year());
    let (Some(first), Some(last)) = (dates().min(), dates().max()) else { return Vec::new() };
    let proposed = calendar.years().filter(|(_, basis)| *basis != Basis::Issued);
    proposed.map(|(year, _)| year).filter(|year| (first..=last).contains(year)).collect()
}
