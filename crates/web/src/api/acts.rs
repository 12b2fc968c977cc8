//! What is done through the API.

use super::{Body, Caller, Refusal};
use crate::Web;
use crate::error::Failure;
use crate::page::Place;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use office::counter::{Opening, SentFile};
use office::dossier::Mirror;
use office::dossier::act::Act;
use rules::code::ProcedureCode;
use rules::counter::applicant::TypedApplicant;
use rules::dossier::{DueMoment, MirrorNews};
use rules::id::{AgencyId, DossierId, UploadId};
use rules::procedure::Channel;
use serde::{Deserialize, Serialize};

/// A dossier to be opened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDossier {
    applicant: TypedApplicant,
    procedure: ProcedureCode,
    #[serde(default)]
    case: Option<String>,
    #[serde(default = "direct")]
    channel: Channel,
    #[serde(default)]
    competent: Option<AgencyId>,
    #[serde(default)]
    use_stored: bool,
}

fn direct() -> Channel {
    Channel::Direct
}

#[derive(Debug, Serialize)]
pub(crate) struct Opened<Id> {
    pub(crate) id: Id,
}

/// Opens a dossier.
pub(crate) async fn open(
    State(web): State<Web>,
    caller: Caller,
    Body(new): Body<NewDossier>,
) -> Result<(StatusCode, Json<Opened<DossierId>>), Refusal> {
    let opening = Opening {
        procedure: &new.procedure,
        case: new.case.as_deref(),
        channel: new.channel,
        competent: new.competent,
        use_stored: new.use_stored,
    };
    let id = web.office.open_intake(&caller.by(), &new.applicant, opening).await?;
    Ok((StatusCode::CREATED, Json(Opened { id })))
}

/// Does one act on a dossier.
pub(crate) async fn perform(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(act): Body<Act>,
) -> Result<StatusCode, Refusal> {
    caller.must_be_for(act.scope())?;
    let id = place.id("id")?;
    match web.office.perform(&caller.by(), id, act).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(office::Error::Refused(refusal)) => {
            let view = web.office.open_dossier(&caller.0.present.actor, id).await?;
            Err(Refusal(Failure::refused(&refusal.sentences_of(&view))))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Uploaded {
    upload: UploadId,
}

/// Takes a file for a component: the body is the file, its name stands in the query as `ten`.
pub(crate) async fn upload(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    RawQuery(query): RawQuery,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Uploaded>), Refusal> {
    let bytes = bytes.map_err(|_| Refusal(Failure::file_too_large()))?;
    let name = crate::form::query_value(query.as_deref(), "ten");
    let file = SentFile { name, bytes };
    let component = place.text("component")?;
    let upload = web.office.add_file(&caller.by(), place.id("id")?, component, file).await?;
    Ok((StatusCode::ACCEPTED, Json(Uploaded { upload })))
}

/// What a ministry's system tells of a dossier of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToldMirror {
    code: String,
    procedure: ProcedureCode,
    applicant: TypedApplicant,
    channel: Channel,
    number: u8,
    status: String,
    #[serde(default)]
    due_at: Option<Timestamp>,
}

/// Takes over what a system of record says.
pub(crate) async fn mirror(
    State(web): State<Web>,
    caller: Caller,
    Body(told): Body<ToldMirror>,
) -> Result<Json<Opened<DossierId>>, Refusal> {
    let due = told.due_at.map(|at| DueMoment { at, on: rules::calendar::legal_time(at).date() });
    let mirror = Mirror {
        code: told.code,
        procedure: told.procedure,
        applicant: told.applicant,
        channel: told.channel,
        news: MirrorNews { number: told.number, status: told.status, due },
    };
    let id = web.office.mirror(&caller.by(), mirror).await?;
    Ok(Json(Opened { id }))
}

/// To which moment a training office's clock is moved.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Moment {
    to: Timestamp,
}

/// Moves the clock of an office that has one of its own, and keeps one round of the watch. In an office
/// that lives by the world's clock there is no such address.
pub(crate) async fn move_clock(
    State(web): State<Web>,
    _caller: Caller,
    Body(moment): Body<Moment>,
) -> Result<StatusCode, Refusal> {
    if !web.office.clock.move_to(moment.to) {
        return Err(Refusal(Failure::not_found()));
    }
    web.office.watch_once().await?;
    Ok(StatusCode::NO_CONTENT)
}
