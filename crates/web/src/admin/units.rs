//! The trees of units: as they stood on a day, found by old and new names, and one unit with all it was.

use super::HERE;
use crate::Web;
use crate::error::Failure;
use crate::form::{FormState, query_value, sought};
use crate::page::{self, Place, Shell, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use office::unit::{FoundUnit, TreeLine};
use rules::id::AgencyId;
use rules::words;

#[derive(Debug, Template)]
#[template(path = "admin/units.html")]
struct Units {
    shell: Shell,
    form: FormState,
    day: String,
    searched: bool,
    found: Vec<(String, String)>,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    href: String,
    name: String,
    /// From 0 to 5: how far it stands in.
    depth: usize,
    code: String,
    days: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/unit.html")]
struct UnitPage {
    shell: Shell,
    name: String,
    days: String,
    has_ended: bool,
    code: String,
    above: Vec<(String, String)>,
    below: Vec<(String, String)>,
    faces: Vec<(String, String, String)>,
    predecessors: Vec<(String, String)>,
    heirs: Vec<(String, String)>,
    decisions: Vec<(String, String)>,
}

fn path(id: AgencyId) -> String {
    format!("/quan-tri/don-vi/{id}")
}

/// `từ 01/07/2025`, `từ 01/01/1994 đến hết 30/06/2025`
fn days(from: Date, to: Option<Date>) -> String {
    match to {
        Some(to) => words::people::span(from, to),
        None => format!("từ {}", words::date(from)),
    }
}

fn row(line: TreeLine) -> Row {
    Row {
        href: path(line.id),
        name: line.name,
        depth: line.depth.min(5),
        code: line.code,
        days: days(line.from, line.to),
    }
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let value = |name: &str| sought(&query_value(query.as_deref(), name));
    let (words, typed) = (value("tim"), value("ngay"));
    let today = web.office.clock.today();
    let day = rules::scanning::day(&typed);
    let mut form = FormState::default().with("tim", &words).with("ngay", &typed);
    if day.is_err() {
        form.fault("ngay", "Ghi ngày như 30/6/2025");
    }
    let status = if day.is_err() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let day = day.unwrap_or_default().unwrap_or(today);
    let actor = &visitor.present.actor;
    let found = if words.is_empty() { Vec::new() } else { web.office.find_units(&words).await? };
    let link = |found: FoundUnit| (path(found.id), found.said);
    let tree = web.office.unit_tree(actor, day).await?;
    let page = Units {
        shell: shell(&web, &visitor, HERE).await?,
        form,
        day: words::date(day),
        searched: !words.is_empty(),
        found: found.into_iter().map(link).collect(),
        rows: tree.into_iter().map(row).collect(),
    };
    Ok(show_as(&web, status, &page))
}

pub(crate) async fn unit(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let sheet = web.office.unit_sheet(&visitor.present.actor, place.id("id")?).await?;
    let links =
        |units: Vec<(AgencyId, String)>| units.into_iter().map(|(id, name)| (path(id), name)).collect();
    let unit = sheet.unit;
    let formers = unit.formers.iter().map(|former| (words::date(former.until), former.decision.clone()));
    let split = unit.succession.iter().map(|split| {
        let last = unit.valid_to.map(words::date).unwrap_or_default();
        (last, split.decision.clone())
    });
    let page = UnitPage {
        shell: shell(&web, &visitor, HERE).await?,
        days: days(unit.valid_from, unit.valid_to),
        has_ended: unit.valid_to.is_some_and(|last| last < web.office.clock.today()),
        code: unit.code.to_string(),
        above: links(sheet.above),
        below: links(sheet.below),
        faces: sheet.faces.into_iter().map(|face| (face.name, face.code, days(face.from, face.to))).collect(),
        predecessors: links(sheet.predecessors),
        heirs: links(sheet.heirs),
        decisions: formers.chain(split).collect(),
        name: unit.name,
    };
    Ok(page::show(&web, &page))
}
