//! One procedure: its revisions with their days and decisions, what two of them differ in, and the
//! beginning of a draft.

use super::editor::code_of;
use super::{PLACE, typed};
use crate::Web;
use crate::admin::HERE;
use crate::error::Failure;
use crate::form::{Choice, FormState, Posted, new_key, query_value};
use crate::page::{Place, Shell, on_to, shell, show};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use jiff::civil::Date;
use office::procedure::catalogue::PastOf;
use rules::code::ProcedureCode;
use rules::procedure::diff::diff;
use rules::procedure::{Case, Procedure};
use rules::words;
use rules::words::procedure as said;
use std::sync::Arc;

#[derive(Debug, Template)]
#[template(path = "procedures/show.html")]
struct ShowPage {
    shell: Shell,
    base: String,
    code: String,
    name: String,
    /// Field, level, common names.
    facts: Vec<(&'static str, String)>,
    cases: Vec<CaseLine>,
    revisions: Vec<RevisionRow>,
    draft: String,
    version: i64,
    comparing: FormState,
    versions: Vec<Choice>,
    /// None where nothing is compared.
    compared: Option<Compared>,
    idem: String,
}

#[derive(Debug)]
struct CaseLine {
    name: String,
    terms: Vec<String>,
    components: Vec<String>,
}

#[derive(Debug)]
struct RevisionRow {
    revision: u32,
    days: String,
    is_in_force: bool,
    decision: String,
    published: String,
    open: String,
}

#[derive(Debug)]
struct Compared {
    title: String,
    sentences: Vec<String>,
}

/// `từ 01/07/2025 đến hết 31/12/2026`
pub(super) fn days(from: Date, last: Option<Date>) -> String {
    let until = last.map(|day| format!(" đến hết {}", words::date(day))).unwrap_or_default();
    format!("từ {}{until}", words::date(from))
}

pub(crate) async fn show_procedure(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let code = code_of(&place)?;
    let past = web.office.procedure_past(&code).await?;
    let chosen = |name: &str| query_value(query.as_deref(), name);
    let (before, after) = (chosen("cu"), chosen("moi"));
    let compared = if before.is_empty() || after.is_empty() {
        None
    } else {
        Some(compared(&web, &code, &past, (&before, &after)).await?)
    };
    let versions = versions(&past);
    let proposed = |given: String, otherwise: usize| {
        let nth = versions.get(otherwise).or(versions.last()).map(|choice| choice.value.clone());
        Some(given).filter(|given| !given.is_empty()).or(nth).unwrap_or_default()
    };
    let today = web.office.clock.today();
    let comparing = FormState::default().with("cu", proposed(before, 1)).with("moi", proposed(after, 0));
    let procedure = &past.newest;
    let page = ShowPage {
        shell: shell(&web, &visitor, HERE).await?,
        base: format!("{PLACE}/{code}"),
        code: code.to_string(),
        name: procedure.name.clone(),
        facts: facts(procedure),
        cases: procedure.cases.iter().map(case_line).collect(),
        revisions: revisions(&past, today),
        draft: match (&past.draft.procedure, past.last_saving()) {
            (Some(_), Some((by, at))) => format!("{by} lưu lúc {}", words::moment(at)),
            (Some(_), None) => format!("lưu lần {}", past.draft.version),
            (None, _) => String::new(),
        },
        version: past.draft.version,
        comparing,
        versions,
        compared,
        idem: new_key(),
    };
    Ok(show(&web, &page))
}

fn facts(procedure: &Procedure) -> Vec<(&'static str, String)> {
    let results: Vec<&str> = procedure.results.iter().map(|result| result.name.as_str()).collect();
    vec![
        ("Lĩnh vực", procedure.field.clone()),
        ("Giải quyết", typed::capital(&said::agency(&procedure.competent))),
        ("Tên thường gọi", procedure.synonyms.join(", ")),
        ("Kết quả", results.join("; ")),
    ]
}

fn case_line(case: &Case) -> CaseLine {
    let terms = case.channels.iter().map(|terms| {
        let fees: Vec<String> =
            terms.fees.iter().map(|fee| format!("{} {}", fee.name, words::money(fee.amount))).collect();
        let fees = if fees.is_empty() { "không thu phí".to_owned() } else { fees.join("; ") };
        format!("{}: {}, {fees}", words::channel(terms.channel), words::limit(terms.limit))
    });
    CaseLine {
        name: case.name.clone(),
        terms: terms.collect(),
        components: case
            .components
            .iter()
            .map(|component| {
                format!(
                    "{} ({}, {})",
                    component.name,
                    words::admissible_form(component.form),
                    words::required(component.required)
                )
            })
            .collect(),
    }
}

fn revisions(past: &PastOf, today: Date) -> Vec<RevisionRow> {
    let holds = |from: Date, last: Option<Date>| from <= today && last.is_none_or(|last| today <= last);
    let mut is_found = false;
    let row = |line: &store::procedure::publishing::RevisionLine| {
        let last = [line.valid_to, line.retired_on].into_iter().flatten().min();
        let is_in_force = !is_found && holds(line.valid_from, last);
        is_found |= is_in_force;
        let (decision, published) = match &line.published {
            None => ("Có sẵn trong chương trình".to_owned(), String::new()),
            Some(by) => {
                let who = past.publishers.get(&by.by).map_or("người đã rời cơ quan", String::as_str);
                let of =
                    by.content_of.map(|of| format!(", lấy lại nội dung phiên bản {of}")).unwrap_or_default();
                (by.decision.clone(), format!("{who}, {}{of}", words::moment(by.at)))
            }
        };
        RevisionRow {
            revision: line.revision,
            days: typed::capital(&days(line.valid_from, last)),
            is_in_force,
            decision,
            published,
            open: past.open.get(&line.revision).map(ToString::to_string).unwrap_or_default(),
        }
    };
    past.revisions.iter().map(row).collect()
}

/// What may be compared: the draft, and every revision from the newest.
fn versions(past: &PastOf) -> Vec<Choice> {
    let draft = past.draft.procedure.as_ref().map(|_| Choice::new("nhap", "Bản nháp"));
    let revisions = past.revisions.iter();
    draft
        .into_iter()
        .chain(
            revisions
                .map(|line| Choice::new(line.revision.to_string(), format!("Phiên bản {}", line.revision))),
        )
        .collect()
}

async fn compared(
    web: &Web,
    code: &ProcedureCode,
    past: &PastOf,
    (before, after): (&str, &str),
) -> Result<Compared, Failure> {
    let (old, new) = (content(web, code, past, before).await?, content(web, code, past, after).await?);
    let said =
        |word: &str| if word == "nhap" { "bản nháp".to_owned() } else { format!("phiên bản {word}") };
    // A draft has no days and no decision of its own yet.
    let sentences = match (before, after) {
        ("nhap", "nhap") => Vec::new(),
        ("nhap", _) => diff(&Procedure::clone(&old).dated_as(&new), &new),
        (_, "nhap") => diff(&old, &Procedure::clone(&new).dated_as(&old)),
        _ => diff(&old, &new),
    };
    Ok(Compared { title: typed::capital(&format!("{} → {}", said(before), said(after))), sentences })
}

/// What a word of the address stands for: a revision, or the draft.
pub(crate) async fn content(
    web: &Web,
    code: &ProcedureCode,
    past: &PastOf,
    word: &str,
) -> Result<Arc<Procedure>, Failure> {
    if word == "nhap" {
        return past.draft.procedure.clone().map(Arc::new).ok_or_else(Failure::not_found);
    }
    let revision = word.parse().map_err(|_| Failure::not_found())?;
    let found = store::procedure::find(&mut web.office.db.read().await?, code, revision).await?;
    found.ok_or_else(Failure::not_found)
}

/// Begins the draft from a revision, over the draft that was seen.
pub(crate) async fn begin(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let code = code_of(&place)?;
    let (revision, seen): (u32, i64) = (posted.sent("phien-ban-goc")?, posted.sent("phien-ban")?);
    // One page has a button for each revision, so its key alone is not what was asked for.
    let key = format!("{}-{revision}", posted.get("idempotency_key"));
    web.office.draft_from_revision(&visitor.by(Some(&key)), &code, revision, seen).await?;
    Ok(on_to(&web, &format!("{PLACE}/{code}/soan"), &format!("Đã chép phiên bản {revision} thành bản nháp")))
}

/// Takes an earlier saving of the draft back.
pub(crate) async fn take_back(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let code = code_of(&place)?;
    let (saving, seen): (i64, i64) = (posted.sent("lan")?, posted.sent("phien-ban")?);
    let key = format!("{}-{saving}", posted.get("idempotency_key"));
    web.office.take_draft_back(&visitor.by(Some(&key)), &code, saving, seen).await?;
    Ok(on_to(&web, &format!("{PLACE}/{code}/soan/cong-bo"), &format!("Đã lấy lại bản nháp lần {saving}")))
}
