//! A year as twelve months of days, each with what it is in a mark and a word.

use jiff::civil::Date;
use rules::calendar::{DayLook, DayStanding, Part, Sure};
use rules::words;
use rules::words::calendar::{day_look, sure};

#[derive(Debug)]
pub(super) struct Month {
    pub(super) name: String,
    pub(super) weeks: Vec<Vec<Cell>>,
}

/// A day, or an empty place before the first and behind the last.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) number: String,
    pub(super) class: &'static str,
    /// What stands beside the number for those who see no colour; empty for ordinary days.
    pub(super) mark: &'static str,
    /// What is said aloud; empty for ordinary days.
    pub(super) word: String,
    pub(super) is_today: bool,
}

#[derive(Debug)]
pub(super) struct Legend {
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) word: &'static str,
}

/// A day that is not what its weekday makes it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) on: String,
    pub(super) weekday: &'static str,
    pub(super) look: &'static str,
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) reason: String,
    pub(super) law: String,
    pub(super) sure: &'static str,
    pub(super) is_sure: bool,
}

const LOOKS: [DayLook; 7] = [
    DayLook::Working,
    DayLook::Rest,
    DayLook::Off,
    DayLook::MadeUp,
    DayLook::Half(Part::Morning),
    DayLook::Half(Part::Afternoon),
    DayLook::Extra,
];

fn class(look: DayLook) -> &'static str {
    match look {
        DayLook::Working => "lich-lam",
        DayLook::Rest => "lich-tuan",
        DayLook::Off => "lich-nghi",
        DayLook::MadeUp => "lich-bu",
        DayLook::Half(_) => "lich-nua",
        DayLook::Extra => "lich-them",
    }
}

fn mark(look: DayLook) -> &'static str {
    match look {
        DayLook::Working | DayLook::Rest => "",
        DayLook::Off => "N",
        DayLook::MadeUp => "B",
        DayLook::Half(Part::Morning) => "S",
        DayLook::Half(Part::Afternoon) => "C",
        DayLook::Extra => "M",
    }
}

pub(super) fn legend() -> Vec<Legend> {
    let one = |look| Legend { class: class(look), mark: mark(look), word: day_look(look) };
    LOOKS.into_iter().map(one).collect()
}

pub(super) fn months(days: &[DayStanding<'_>], today: Date) -> Vec<Month> {
    days.chunk_by(|a, b| a.date.month() == b.date.month()).map(|month| of_month(month, today)).collect()
}

fn of_month(days: &[DayStanding<'_>], today: Date) -> Month {
    let Some(first) = days.first() else { return Month { name: String::new(), weeks: Vec::new() } };
    let before = usize::from(first.date.weekday().to_monday_zero_offset().unsigned_abs());
    let mut cells: Vec<Cell> = (0..before).map(|_| empty()).collect();
    cells.extend(days.iter().map(|day| cell(day, today)));
    while !cells.len().is_multiple_of(7) {
        cells.push(empty());
    }
    let mut weeks = Vec::new();
    let mut cells = cells.into_iter().peekable();
    while cells.peek().is_some() {
        weeks.push(cells.by_ref().take(7).collect());
    }
    Month { name: format!("Tháng {}", first.date.month()), weeks }
}

fn empty() -> Cell {
    Cell { number: String::new(), class: "", mark: "", word: String::new(), is_today: false }
}

fn cell(day: &DayStanding<'_>, today: Date) -> Cell {
    let look = day.look();
    let word = match (look, day.row) {
        (DayLook::Working | DayLook::Rest, _) => String::new(),
        (_, Some(row)) => format!("{}: {}", day_look(look), row.reason),
        (_, None) => day_look(look).to_owned(),
    };
    Cell {
        number: day.date.day().to_string(),
        class: class(look),
        mark: mark(look),
        word,
        is_today: day.date == today,
    }
}

pub(super) fn rows(days: &[DayStanding<'_>]) -> Vec<Row> {
    let row = |day: &DayStanding<'_>| {
        let row = day.row?;
        let look = day.look();
        Some(Row {
            on: words::date(day.date),
            weekday: words::explanation::weekday(day.date.weekday()),
            look: day_look(look),
            class: class(look),
            mark: mark(look),
            reason: row.reason.clone(),
            law: words::explanation::law_reference(&row.law),
            sure: sure(row.sure),
            is_sure: row.sure <= Sure::Derived,
        })
    };
    days.iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::{legend, months, rows};
    use jiff::civil::date;
    use rules::calendar::{HoursPeriod, WorkingCalendar, YearTable};

    #[derive(serde::Deserialize)]
    struct Hours {
        hours: Vec<HoursPeriod>,
    }

    fn calendar() -> WorkingCalendar {
        let hours: Hours =
            toml::from_str(include_str!("../../../../calendars/hours.toml")).expect("working hours");
        let year: YearTable =
            toml::from_str(include_str!("../../../../calendars/vn-2026.toml")).expect("the year 2026");
        WorkingCalendar::new(hours.hours, vec![year]).expect("a calendar")
    }

    #[test]
    fn a_year_is_twelve_months_of_whole_weeks() {
        let calendar = calendar();
        let days = calendar.days_of(2026).expect("the year is there");
        let year = months(&days, date(2026, 11, 23));
        assert_eq!(year.len(), 12);
        assert!(year.iter().flat_map(|month| &month.weeks).all(|week| week.len() == 7));
        let n_days = |n: usize| year[n].weeks.iter().flatten().filter(|cell| !cell.number.is_empty()).count();
        assert_eq!((n_days(0), n_days(1), n_days(10)), (31, 28, 30));
        // The first of November 2026 is a Sunday.
        assert_eq!(year[10].weeks[0][6].number, "1");
        let today = year.iter().flat_map(|month| month.weeks.iter().flatten()).filter(|cell| cell.is_today);
        assert_eq!(today.map(|cell| cell.number.as_str()).collect::<Vec<_>>(), ["23"]);
        let culture = year[10].weeks.iter().flatten().find(|cell| cell.number == "24").expect("a day");
        assert_eq!((culture.class, culture.mark), ("lich-nghi", "N"));
        assert_eq!(culture.word, "Nghỉ lễ, nghỉ bù: Ngày Văn hóa Việt Nam");
    }

    #[test]
    fn each_day_of_the_table_names_its_law() {
        let calendar = calendar();
        let days = calendar.days_of(2026).expect("the year is there");
        let rows = rows(&days);
        assert_eq!(rows[0].on, "01/01/2026");
        assert_eq!(rows[0].law, "Bộ luật Lao động 2019, Điều 112");
        assert!(rows[0].is_sure && !rows[1].is_sure, "a swap known by memory is to be compared");
        assert!(rows.iter().all(|row| !row.law.is_empty()));
    }

    #[test]
    fn each_kind_of_day_but_the_ordinary_has_a_mark_of_its_own() {
        let marks: Vec<&str> = legend().iter().map(|one| one.mark).filter(|mark| !mark.is_empty()).collect();
        assert_eq!(marks, ["N", "B", "S", "C", "M"]);
    }
}
