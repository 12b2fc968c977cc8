//! The trail through the API, for whoever controls an office with a program of his own. Only a person who
//! signed in reads it, and that he did is an event itself.

use super::acts::Opened;
use super::paging::{Page, Paging};
use super::{Body, Caller, Refusal};
use crate::Web;
use crate::audit::asked::asked_for;
use crate::error::Failure;
use crate::page::{Place, attachment};
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use rules::event::trail::Filter;
use rules::id::{AuditExportId, EventId};
use serde::Serialize;
use uuid::Uuid;

/// An event in one sentence.
#[derive(Debug, Serialize)]
pub(crate) struct Event {
    id: EventId,
    recorded_at: Timestamp,
    happened_at: Timestamp,
    who: String,
    what: String,
    agency: String,
    purpose: Option<String>,
    group: Option<&'static str>,
}

/// Ids grow with time and the newest stands first: its place is what is missing to the largest id.
fn place_of(id: EventId) -> String {
    format!("{:032x}", u128::MAX - id.0.as_u128())
}

fn event_at(place: &str) -> Option<EventId> {
    u128::from_str_radix(place, 16).ok().map(|rest| EventId(Uuid::from_u128(u128::MAX - rest)))
}

/// The events that are asked for, the newest first.
pub(crate) async fn events(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
    RawQuery(query): RawQuery,
) -> Result<Page<Event>, Refusal> {
    let filter = asked_for(query.as_deref())?;
    let mut after = paging.place().and_then(event_at);
    let mut told = Vec::new();
    let wanted = usize::try_from(paging.n_wanted()).unwrap_or(usize::MAX);
    loop {
        let trail = web.office.read_trail(&caller.by(), &filter, after).await?;
        told.extend(trail.lines.into_iter().map(|line| {
            let event = Event {
                id: line.id,
                recorded_at: line.recorded_at,
                happened_at: line.happened_at,
                who: line.who,
                what: line.what,
                agency: line.agency,
                purpose: line.purpose,
                group: line.group.map(rules::event::trail::Group::code),
            };
            (place_of(event.id), event)
        }));
        after = trail.more_after;
        if after.is_none() || told.len() >= wanted {
            return Ok(paging.page(told));
        }
    }
}

/// Has the whole chain checked again.
pub(crate) async fn check(State(web): State<Web>, caller: Caller) -> Result<StatusCode, Refusal> {
    web.office.ask_audit_check(&caller.by()).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Has a signed file of the events made.
pub(crate) async fn export(
    State(web): State<Web>,
    caller: Caller,
    Body(filter): Body<Filter>,
) -> Result<(StatusCode, Json<Opened<AuditExportId>>), Refusal> {
    let id = web.office.ask_audit_export(&caller.by(), &filter).await?;
    Ok((StatusCode::ACCEPTED, Json(Opened { id })))
}

/// A file that was asked for.
#[derive(Debug, Serialize)]
pub(crate) struct Export {
    id: AuditExportId,
    asked_at: Timestamp,
    filter: Filter,
    /// None while it is being made.
    made_at: Option<Timestamp>,
    /// Its time is over, and the file was let go.
    is_dropped: bool,
}

pub(crate) async fn exports(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<Export>, Refusal> {
    let asked = web.office.audit_exports(&caller.by()).await?;
    Ok(paging.page(asked.into_iter().map(|line| {
        let export = Export {
            id: line.export.id,
            asked_at: line.export.asked_at,
            filter: line.export.filter,
            made_at: line.export.made.as_ref().map(|made| made.at),
            is_dropped: line.export.is_dropped,
        };
        (export.id.to_string(), export)
    })))
}

pub(crate) async fn export_file(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Response, Refusal> {
    let id: AuditExportId = place.id("id")?;
    let served = web.office.audit_export_file(&caller.by(), id).await.map_err(Failure::from)?;
    Ok(attachment(served.bytes, "application/jsonl", &format!("nhat-ky-{id}.jsonl")))
}
