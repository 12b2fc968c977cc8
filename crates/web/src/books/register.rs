//! Sổ theo dõi hồ sơ of an agency, on screen and on paper.

use super::{FROM, TO, days};
use crate::Web;
use crate::dossier::inbox::mark;
use crate::error::{Failure, refused};
use crate::form::{FormState, query_value};
use crate::page::{Place, Shell, file, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use rules::calendar::legal_time;
use rules::id::{AgencyId, DossierId};
use rules::measure::due_mark;
use rules::words;
use std::collections::BTreeMap;
use store::dossier::register::{self, RegisterLine};

/// Dossiers on a page.
const N_LINES: i64 = 50;

#[derive(Debug, Template)]
#[template(path = "books/register.html")]
struct Register {
    shell: Shell,
    form: FormState,
    base: String,
    agency: String,
    rows: Vec<Row>,
    shown: String,
    first_href: String,
    next_href: String,
}

#[derive(Debug)]
struct Row {
    href: String,
    code: String,
    procedure: String,
    holder: String,
    contact: String,
    settles: String,
    received: String,
    mark: &'static str,
    mark_text: String,
    due: String,
    handed_over: String,
    state: String,
}

impl Row {
    fn of(web: &Web, line: &RegisterLine, agencies: &BTreeMap<AgencyId, String>) -> Self {
        let dossier = &line.line.dossier;
        let (mark, mark_text) = match line.handed_over_at {
            Some(_) => ("ok", String::new()),
            None => mark(due_mark(dossier, web.office.clock.now(), web.office.clock.today())),
        };
        let contact = [line.holder_address.as_str(), line.holder_phone.as_str()];
        Self {
            href: format!("/ho-so/{}", dossier.id),
            code: dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
            procedure: line.line.procedure_name.clone(),
            holder: line.line.holder_name.clone(),
            contact: contact.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "),
            settles: agencies.get(&dossier.scope.competent).cloned().unwrap_or_default(),
            received: words::date(line.received_on),
            mark,
            mark_text,
            due: dossier.due.map(|due| words::date(due.on)).unwrap_or_default(),
            handed_over: line.handed_over_at.map(|at| words::date(legal_time(at).date())).unwrap_or_default(),
            state: words::state(&dossier.state).to_owned(),
        }
    }
}

/// A line as an address says it, for the next page to begin after; none for a line that was never received.
pub(crate) fn place_text(line: &RegisterLine) -> Option<String> {
    let dossier = &line.line.dossier;
    Some(format!("{}_{}", dossier.received_at?.as_microsecond(), dossier.id))
}

/// The line an address says that the next page begins after.
pub(crate) fn place_of(text: &str) -> Option<register::Place> {
    let (at, id) = text.split_once('_')?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse::<DossierId>().ok()?))
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = query.as_deref();
    let agency = place.id("agency")?;
    let (form, found) = days(query, web.office.clock.today());
    let after = place_of(&query_value(query, "sau"));
    let status = if found.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    render(&web, &visitor, status, agency, (form, found, after)).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    agency: AgencyId,
    (form, found, after): (FormState, Option<(Date, Date)>, Option<register::Place>),
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    // Where the days are wrong no line is shown, and the page is still whose it is.
    let today = web.office.clock.today();
    let (from, to) = found.unwrap_or((today, today));
    let limit = if found.is_some() { N_LINES } else { 0 };
    let page = web.office.register_page(actor, agency, (from, to), after, limit).await?;
    let base = format!("/so/ho-so/{agency}");
    let time = format!("{base}?{FROM}={from}&{TO}={to}");
    let is_full = found.is_some() && i64::try_from(page.lines.len()).is_ok_and(|n| n == N_LINES);
    let next = page.lines.last().filter(|_| is_full);
    let view = Register {
        shell: shell(web, visitor, "/so").await?,
        form,
        agency: page.unit.unit.name.clone(),
        rows: page.lines.iter().map(|line| Row::of(web, line, &page.agencies)).collect(),
        shown: format!("{} hồ sơ trên trang này", page.lines.len()),
        first_href: if after.is_some() { time.clone() } else { String::new() },
        next_href: next.and_then(place_text).map(|after| format!("{time}&sau={after}")).unwrap_or_default(),
        base,
    };
    Ok(show_as(web, status, &view))
}

/// Sổ theo dõi hồ sơ, as PDF.
pub(crate) async fn print(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let agency = place.id("agency")?;
    let (mut form, found) = days(query.as_deref(), web.office.clock.today());
    if let Some(found) = found {
        match web.office.print_dossier_register(&visitor.present.actor, agency, found).await {
            Ok(pdf) => return Ok(file(Bytes::from(pdf), "application/pdf", "so-theo-doi-ho-so.pdf")),
            Err(error) => form.refuse(TO, &refused(error)?),
        }
    }
    render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, agency, (form, None, None)).await
}
