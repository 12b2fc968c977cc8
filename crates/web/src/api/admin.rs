//! Keeping the system through the API: procedures, calendars and reorganisations as the files they are
//! carried in, and the jobs behind the pages.

use super::acts::Opened;
use super::paging::{Page, Paging};
use super::{Body, Caller, Refusal};
use crate::Web;
use crate::error::Failure;
use crate::form::query_value;
use crate::page::{Place, attachment};
use crate::procedures::show::content;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use rules::calendar::CalendarDecision;
use rules::code::ProcedureCode;
use rules::dossier::DueMoment;
use rules::id::{DossierId, ReorganisationId};
use rules::procedure::portable;
use rules::procedure::publishing::Publication;
use serde::{Deserialize, Serialize};
use store::queue::lines::{self, State as Standing};
use store::unit::Progress;
use uuid::Uuid;

/// A text as it stands in a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    text: String,
}

/// A revision of a procedure, or `nhap`, its draft, as the file that ships.
pub(crate) async fn procedure(
    State(web): State<Web>,
    _caller: Caller,
    place: Place,
) -> Result<Response, Refusal> {
    let code: ProcedureCode = place.id("code")?;
    let past = web.office.procedure_past(&code).await?;
    let word = place.text("revision")?;
    let procedure = content(&web, &code, &past, word).await?;
    let name = format!("{code}-{word}.toml");
    Ok(attachment(portable::write(&procedure), "application/toml; charset=utf-8", &name))
}

/// The draft of a procedure at one of its savings.
#[derive(Debug, Serialize)]
pub(crate) struct Drafted {
    code: ProcedureCode,
    version: i64,
}

/// Takes a file as the draft of the code it names, over the draft that is there.
pub(crate) async fn draft(
    State(web): State<Web>,
    caller: Caller,
    Body(Text { text }): Body<Text>,
) -> Result<Json<Drafted>, Refusal> {
    let unread = |why| Failure::refused(&[format!("Chưa đọc được thủ tục: {why}")]);
    let procedure = portable::read(text.as_bytes()).map_err(unread)?;
    let seen = store::procedure::publishing::draft(&mut web.office.db.read().await?, &procedure.code).await?;
    let version = web.office.draft_procedure(&caller.by(), &procedure, seen.version).await?;
    Ok(Json(Drafted { code: procedure.code, version }))
}

/// What a draft is published by; `seen` is the version of the draft that was looked at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPublication {
    seen: i64,
    decision: String,
    valid_from: Date,
    #[serde(default)]
    valid_to: Option<Date>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Published {
    revision: u32,
}

pub(crate) async fn publish(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(new): Body<NewPublication>,
) -> Result<(StatusCode, Json<Published>), Refusal> {
    let NewPublication { seen, decision, valid_from, valid_to } = new;
    let publication = Publication { decision, valid_from, valid_to };
    let code: ProcedureCode = place.id("code")?;
    let revision = web.office.publish_procedure(&caller.by(), &code, seen, &publication).await?;
    Ok((StatusCode::CREATED, Json(Published { revision })))
}

/// The last day a procedure is offered, and the decision that says so.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Retirement {
    last_day: Date,
    decision: String,
}

pub(crate) async fn retire(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(Retirement { last_day, decision }): Body<Retirement>,
) -> Result<StatusCode, Refusal> {
    let code: ProcedureCode = place.id("code")?;
    web.office.retire_procedure(&caller.by(), &code, last_day, &decision).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a calendar would change.
#[derive(Debug, Serialize)]
pub(crate) struct Impact {
    n_moved: u32,
    /// The first of them.
    moved: Vec<Moved>,
    /// Of all of them; deciding asks for it.
    digest: String,
}

#[derive(Debug, Serialize)]
struct Moved {
    dossier: DossierId,
    code: Option<String>,
    old_due: DueMoment,
    new_due: DueMoment,
}

fn calendar(text: &str) -> Result<CalendarDecision, Failure> {
    office::calendar::parse(text).map_err(|why| {
        let line = why.line.map(|line| format!(" ở dòng {line}")).unwrap_or_default();
        Failure::refused(&[format!("Lịch sai mẫu{line}. Xem mẫu trong thư mục calendars rồi gửi lại")])
    })
}

pub(crate) async fn preview_calendar(
    State(web): State<Web>,
    caller: Caller,
    Body(Text { text }): Body<Text>,
) -> Result<Json<Impact>, Refusal> {
    let shown = web.office.preview_calendar(&caller.0.present.actor, &calendar(&text)?).await?;
    let moved = shown.first.into_iter().map(|line| Moved {
        dossier: line.dossier,
        code: line.code,
        old_due: line.old_due,
        new_due: line.new_due,
    });
    Ok(Json(Impact { n_moved: shown.n_moved, moved: moved.collect(), digest: shown.digest }))
}

/// A calendar with the digest of what it was shown to move.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCalendar {
    text: String,
    digest: String,
}

pub(crate) async fn decide_calendar(
    State(web): State<Web>,
    caller: Caller,
    Body(NewCalendar { text, digest }): Body<NewCalendar>,
) -> Result<StatusCode, Refusal> {
    web.office.decide_calendar(&caller.by(), &calendar(&text)?, &digest).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins what a decision on units says.
pub(crate) async fn reorganise(
    State(web): State<Web>,
    caller: Caller,
    Body(Text { text }): Body<Text>,
) -> Result<(StatusCode, Json<Opened<ReorganisationId>>), Refusal> {
    let decided = web.office.read_decision(&text)?;
    let id = web.office.begin_reorganisation(&caller.by(), &decided).await?;
    Ok((StatusCode::CREATED, Json(Opened { id })))
}

/// How far a reorganisation has got.
#[derive(Debug, Serialize)]
pub(crate) struct Reorganisation {
    id: ReorganisationId,
    effective_on: Date,
    is_done: bool,
    n_rerouted: i64,
}

pub(crate) async fn reorganisation(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<Reorganisation>, Refusal> {
    let begun = web.office.reorganisation(&caller.0.present.actor, place.id("id")?).await?;
    Ok(Json(Reorganisation {
        id: begun.id,
        effective_on: begun.reorganisation.effective_on,
        is_done: matches!(begun.state, Progress::Done),
        n_rerouted: begun.n_rerouted,
    }))
}

/// Work behind the pages.
#[derive(Debug, Serialize)]
pub(crate) struct Job {
    id: Uuid,
    kind: String,
    attempts: u32,
    max_attempts: u32,
    updated_at: Timestamp,
    fault: Option<String>,
}

/// The most of one state that are told.
const MOST_JOBS: u32 = 500;

/// The jobs in the state that `state` names; the dead where it names none.
pub(crate) async fn jobs(
    State(web): State<Web>,
    _caller: Caller,
    paging: Paging,
    RawQuery(query): RawQuery,
) -> Result<Page<Job>, Refusal> {
    let state = match query_value(query.as_deref(), "state").as_str() {
        "" | "dead" => Standing::Dead,
        "running" => Standing::Running,
        "waiting" => Standing::Waiting,
        "done" => Standing::Done,
        _ => {
            let said = "`state` là một trong dead, running, waiting, done";
            return Err(Refusal(Failure::not_understood(said)));
        }
    };
    let kept = lines::lines_in(&mut web.office.db.read().await?, state, MOST_JOBS, 0).await?;
    Ok(paging.page(kept.into_iter().map(|line| {
        let job = Job {
            id: line.id,
            kind: line.kind,
            attempts: line.attempts,
            max_attempts: line.max_attempts,
            updated_at: line.updated_at,
            fault: line.last_error,
        };
        (job.id.to_string(), job)
    })))
}

/// Lets a dead job try again.
pub(crate) async fn retry(
    State(web): State<Web>,
    _caller: Caller,
    place: Place,
) -> Result<StatusCode, Refusal> {
    if web.office.retry_job(place.id("id")?).await? {
        Ok(StatusCode::ACCEPTED)
    } else {
        Err(Refusal(Failure::not_found()))
    }
}
