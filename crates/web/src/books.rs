//! The books of an agency: the numbers of its documents in [`numbers`], what it received in [`register`].

pub(crate) mod numbers;
pub(crate) mod register;

use crate::Web;
use crate::error::Failure;
use crate::form::{FormState, encoded, query_value};
use crate::page::{Shell, shell, show};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use jiff::civil::Date;
use office::dossier::register::reads_register_of;
use office::signing::book::{BookView, keeps_books_of};
use rules::id::AgencyId;
use rules::scanning;

/// The fields of a time from one day to another.
const FROM: &str = "tu";
const TO: &str = "den";
/// Years that can be chosen, this one among them.
const N_YEARS: i16 = 4;

#[derive(Debug, Template)]
#[template(path = "books/list.html")]
struct List {
    shell: Shell,
    registers: Vec<Link>,
    years: Vec<YearChip>,
    year: i16,
    books: Vec<BookRow>,
    unopened: Vec<Link>,
}

#[derive(Debug)]
struct Link {
    href: String,
    label: String,
}

/// As `ui::chips` shows it.
#[derive(Debug)]
struct YearChip {
    href: String,
    label: String,
    current: bool,
    count: u32,
}

#[derive(Debug)]
struct BookRow {
    href: String,
    symbol: String,
    agency: String,
    last: String,
    is_keeper: bool,
}

fn book_href(agency: AgencyId, year: i16, symbol: &str) -> String {
    format!("/so/van-ban/{agency}/{year}?{}={}", numbers::SYMBOL, encoded(symbol))
}

impl BookRow {
    fn of(view: BookView) -> Self {
        let BookView { book, agency, is_keeper } = view;
        Self {
            href: book_href(book.agency, book.year, &book.symbol),
            last: book.written(book.last),
            symbol: book.symbol,
            agency,
            is_keeper,
        }
    }
}

pub(crate) async fn list(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let this_year = web.office.clock.today().year();
    let years = (this_year - N_YEARS + 1..=this_year).rev();
    let asked = query_value(query.as_deref(), "nam").parse().ok();
    let year = asked.filter(|asked| years.clone().any(|year| year == *asked)).unwrap_or(this_year);
    let found = web.office.number_books(actor, year).await?;
    let mut reader = web.office.db.read().await?;
    let names = store::people::unit_names(&mut reader).await?;
    drop(reader);
    let register = |agency: AgencyId| Link {
        href: format!("/so/ho-so/{agency}"),
        label: names.get(&agency).cloned().unwrap_or_default(),
    };
    let keeps_many = keeps_books_of(actor).len() > 1;
    let unopened = found.unopened.into_iter().filter(|_| year == this_year).map(|(agency, symbol)| Link {
        href: book_href(agency, year, &symbol),
        label: match names.get(&agency) {
            Some(name) if keeps_many => format!("{symbol}, {name}"),
            _ => symbol,
        },
    });
    let page = List {
        shell: shell(&web, &visitor, "/so").await?,
        registers: reads_register_of(actor).into_iter().map(register).collect(),
        years: years
            .map(|shown| YearChip {
                href: format!("/so?nam={shown}"),
                label: format!("Năm {shown}"),
                current: shown == year,
                count: 0,
            })
            .collect(),
        year,
        books: found.books.into_iter().map(BookRow::of).collect(),
        unopened: unopened.collect(),
    };
    Ok(show(&web, &page))
}

/// The days of a form as they were typed, this month up to today where nothing was; none with what is wrong
/// with them in the form.
fn days(query: Option<&str>, today: Date) -> (FormState, Option<(Date, Date)>) {
    days_from(query, (today.first_of_month(), today))
}

/// The same for the book of a year: the whole of one that is over.
fn days_of_year(query: Option<&str>, year: i16, today: Date) -> (FormState, Option<(Date, Date)>) {
    if year >= today.year() {
        return days(query, today);
    }
    days_from(query, (Date::constant(year, 1, 1), Date::constant(year, 12, 31)))
}

fn days_from(query: Option<&str>, (first, last): (Date, Date)) -> (FormState, Option<(Date, Date)>) {
    let typed = |name, default: Date| match query_value(query, name) {
        text if text.is_empty() => rules::words::date(default),
        text => text,
    };
    let (from, to) = (typed(FROM, first), typed(TO, last));
    let mut form = FormState::default().with(FROM, from.as_str()).with(TO, to.as_str());
    let mut day = |name: &'static str, text: &str| match scanning::day(text) {
        Ok(Some(day)) => Some(day),
        _ => {
            form.fault(name, format!("Không đọc được ngày “{text}”. Gõ ngày theo mẫu 27/3/2026"));
            None
        }
    };
    let (Some(from), Some(to)) = (day(FROM, &from), day(TO, &to)) else { return (form, None) };
    if to < from {
        form.fault(TO, "Ngày cuối phải bằng hoặc sau ngày đầu");
        return (form, None);
    }
    (form, Some((from, to)))
}

#[cfg(test)]
mod tests {
    use super::{days, days_of_year};
    use jiff::civil::date;

    const TODAY: jiff::civil::Date = date(2026, 11, 23);

    #[test]
    fn where_no_days_are_typed_it_is_this_month() {
        let (form, found) = days(None, TODAY);
        assert_eq!(found, Some((date(2026, 11, 1), TODAY)));
        assert_eq!((form.value("tu"), form.value("den")), ("01/11/2026", "23/11/2026"));
    }

    #[test]
    fn a_book_that_is_closed_is_printed_whole() {
        let (_, found) = days_of_year(None, 2025, TODAY);
        assert_eq!(found, Some((date(2025, 1, 1), date(2025, 12, 31))));
        assert_eq!(days_of_year(None, 2026, TODAY).1, Some((date(2026, 11, 1), TODAY)));
    }

    #[test]
    fn days_are_read_as_people_type_them() {
        let (_, found) = days(Some("tu=1%2F3%2F2026&den=15.3.2026"), TODAY);
        assert_eq!(found, Some((date(2026, 3, 1), date(2026, 3, 15))));
    }

    #[test]
    fn what_is_no_day_or_the_wrong_way_round_is_said_and_kept() {
        let (form, found) = days(Some("tu=h%C3%B4m%20qua&den=32%2F13%2F2026"), TODAY);
        assert_eq!(found, None);
        assert_eq!(form.value("tu"), "hôm qua");
        assert_eq!(form.errors().len(), 2);
        let (form, found) = days(Some("tu=2%2F3%2F2026&den=1%2F3%2F2026"), TODAY);
        assert_eq!((found, form.errors().len()), (None, 1));
    }
}
