//! The books of an agency through the API: the register of what it received, and the numbers it gave.

use super::paging::{Page, Paging};
use super::{Body, Caller, Refusal};
use crate::Web;
use crate::books::register::{place_of, place_text};
use crate::error::Failure;
use crate::form::query_value;
use crate::page::Place;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use rules::dossier::DueMoment;
use rules::id::{AgencyId, DossierId};
use rules::signing::book::NumberStanding;
use serde::{Deserialize, Serialize};

/// A line of sổ theo dõi hồ sơ.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    dossier: DossierId,
    code: Option<String>,
    procedure: String,
    holder: String,
    competent: AgencyId,
    received_on: Date,
    due: Option<DueMoment>,
    handed_over_at: Option<Timestamp>,
    state: &'static str,
}

/// What an agency received from `from` to `to`, both of them within; of this month where nothing is said.
pub(crate) async fn register(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    paging: Paging,
    RawQuery(query): RawQuery,
) -> Result<Page<Line>, Refusal> {
    let today = web.office.clock.today();
    let day = |name: &str, usual: Date| match query_value(query.as_deref(), name).as_str() {
        "" => Ok(usual),
        typed => typed
            .parse()
            .map_err(|_| Failure::not_understood(&format!("`{name}` phải là ngày như 2026-11-23"))),
    };
    let (from, to) = (day("from", today.first_of_month())?, day("to", today)?);
    let after = paging.place().and_then(place_of);
    let (actor, agency) = (&caller.0.present.actor, place.id("agency")?);
    let read = web.office.register_page(actor, agency, (from, to), after, paging.n_wanted()).await?;
    let told = read.lines.into_iter().map(|line| {
        let after = place_text(&line).unwrap_or_default();
        let (received_on, dossier) = (line.received_on, line.line.dossier);
        let told = Line {
            dossier: dossier.id,
            code: dossier.code.as_ref().map(ToString::to_string),
            procedure: dossier.procedure.to_string(),
            holder: line.line.holder_name,
            competent: dossier.scope.competent,
            received_on,
            due: dossier.due,
            handed_over_at: line.handed_over_at,
            state: dossier.state.kind(),
        };
        (after, told)
    });
    Ok(paging.page(told))
}

/// A book of numbers of documents.
#[derive(Debug, Serialize)]
pub(crate) struct Book {
    agency: AgencyId,
    year: i16,
    symbol: String,
    /// The last number given, 0 where none is.
    last: i64,
    /// Whether the caller keeps it.
    mine: bool,
}

/// The books of the year that `year` names, of this one where it names none.
pub(crate) async fn number_books(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
    RawQuery(query): RawQuery,
) -> Result<Page<Book>, Refusal> {
    let year = match query_value(query.as_deref(), "year").as_str() {
        "" => web.office.clock.today().year(),
        typed => typed.parse().map_err(|_| Failure::not_understood("`year` phải là năm như 2026"))?,
    };
    let read = web.office.number_books(&caller.0.present.actor, year).await?;
    let told = read.books.into_iter().map(|view| {
        let (mine, book) = (view.is_keeper, view.book);
        let told = Book { agency: book.agency, year: book.year, last: book.last, mine, symbol: book.symbol };
        (format!("{}{}", told.agency, told.symbol), told)
    });
    Ok(paging.page(told))
}

/// A number of a book. What is not the caller's to see is left out; the number stands all the same.
#[derive(Debug, Serialize)]
pub(crate) struct NumberLine {
    number: i64,
    written: String,
    given_on: Date,
    /// `given` until its paper is sealed, then `issued`, or `cancelled`.
    standing: &'static str,
    procedure: String,
    code: Option<String>,
    holder: Option<String>,
    signer: Option<String>,
}

/// The numbers of one book, the last given first.
pub(crate) async fn numbers(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    paging: Paging,
    RawQuery(query): RawQuery,
) -> Result<Page<NumberLine>, Refusal> {
    // Counted from the end, so that the last number stands first.
    let place_of = |number: i64| format!("{:019}", i64::MAX - number);
    let before = match paging.place() {
        None => i64::MAX,
        Some(place) => i64::try_from(place.parse::<u64>().map_err(|_| Failure::not_found())?)
            .map_err(|_| Failure::not_found())
            .map(|place| i64::MAX - place)?,
    };
    let symbol = query_value(query.as_deref(), "symbol");
    let named = (place.id("agency")?, place.id("year")?, symbol.as_str());
    let actor = &caller.0.present.actor;
    let (view, entries) = web.office.book_page(actor, named, before, paging.n_wanted()).await?;
    let told = entries.into_iter().map(|entry| {
        let (line, of) = (entry.line.line, (entry.line.procedure_name, entry.line.dossier_code));
        let number = NumberLine {
            written: view.book.written(line.number),
            number: line.number,
            given_on: line.given_on,
            standing: match line.standing {
                NumberStanding::Given => "given",
                NumberStanding::Issued => "issued",
                NumberStanding::Cancelled { .. } => "cancelled",
            },
            procedure: of.0,
            code: of.1,
            holder: entry.line.holder_name,
            signer: entry.signer,
        };
        (place_of(number.number), number)
    });
    Ok(paging.page(told))
}

/// Numbers up to `last` were given elsewhere; `was` is the last one the caller saw here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoOn {
    symbol: String,
    was: i64,
    last: i64,
}

/// Goes on behind numbers that were given elsewhere this year.
pub(crate) async fn set_book(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(GoOn { symbol, was, last }): Body<GoOn>,
) -> Result<StatusCode, Refusal> {
    let year: i16 = place.id("year")?;
    // The books of other years are closed.
    if year != web.office.clock.today().year() {
        return Err(Refusal(Failure::not_found()));
    }
    web.office.set_book(&caller.by(), place.id("agency")?, &symbol, (was, last)).await?;
    Ok(StatusCode::NO_CONTENT)
}
