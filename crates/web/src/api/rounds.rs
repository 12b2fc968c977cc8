//! Many papers signed or sealed at one sitting, through the API.

use super::acts::Opened;
use super::paging::{Page, Paging};
use super::{Body, Caller, Refusal};
use crate::Web;
use crate::device::FromDevice;
use crate::error::Failure;
use crate::page::Place;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use office::signing::round::Chosen;
use rules::id::{DossierId, RoundId};
use rules::procedure::StepTask;
use rules::signing::round::Outcome;
use rules::words;
use serde::{Deserialize, Serialize};

/// A paper that waits for the caller.
#[derive(Debug, Serialize)]
pub(crate) struct Waiting {
    dossier: DossierId,
    code: Option<String>,
    holder: String,
    procedure: String,
    title: String,
    task: &'static str,
    drafter: String,
    sha256: String,
    /// Why it is not signed among many.
    doubts: Vec<String>,
}

/// What waits for the caller's signature or seal.
pub(crate) async fn waiting(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<Waiting>, Refusal> {
    let papers = web.office.papers_to_sign(&caller.0.present.actor).await?;
    let told = papers.into_iter().map(|waiting| {
        let told = Waiting {
            dossier: waiting.line.dossier.id,
            code: waiting.line.dossier.code.map(|code| code.to_string()),
            holder: waiting.line.holder_name,
            procedure: waiting.line.procedure_name,
            title: waiting.title,
            task: if waiting.task == StepTask::Seal { "seal" } else { "sign" },
            drafter: waiting.drafter,
            sha256: waiting.paper.state.pdf().sha256.clone(),
            doubts: waiting.doubts.into_iter().map(words::doubt).collect(),
        };
        (told.dossier.to_string(), told)
    });
    Ok(paging.page(told))
}

/// Which papers are to be signed, and the proof of who signs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRound {
    password: String,
    papers: Vec<Shown>,
}

/// A paper as the caller was shown it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    dossier: DossierId,
    sha256: String,
}

/// Begins a round.
pub(crate) async fn begin(
    State(web): State<Web>,
    caller: Caller,
    FromDevice(device): FromDevice,
    Body(new): Body<NewRound>,
) -> Result<(StatusCode, Json<Opened<RoundId>>), Refusal> {
    let chosen: Option<Vec<Chosen>> =
        new.papers.iter().map(|shown| Chosen::new(shown.dossier, &shown.sha256)).collect();
    let chosen = chosen.ok_or_else(|| Failure::not_understood("`sha256` phải có 64 chữ số thập lục phân"))?;
    let begun = web.office.begin_round(&caller.by(), &chosen, &new.password, &device).await?;
    Ok((StatusCode::CREATED, Json(Opened { id: begun.round })))
}

/// A round of the caller's.
#[derive(Debug, Serialize)]
pub(crate) struct Round {
    id: RoundId,
    begun_at: Timestamp,
    papers: Vec<Paper>,
}

#[derive(Debug, Serialize)]
struct Paper {
    number: i64,
    dossier: DossierId,
    code: Option<String>,
    outcome: &'static str,
    at: Option<Timestamp>,
    reason: Option<String>,
    certificate: Option<String>,
    serial: Option<String>,
}

/// What became of each paper of a round.
pub(crate) async fn round(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<Round>, Refusal> {
    let (round, lines) = web.office.round(&caller.0.present.actor, place.id("id")?).await?;
    let papers = lines.into_iter().map(|line| {
        let (outcome, at, reason, certificate, serial) = match line.paper.outcome {
            Outcome::Waiting => ("waiting", None, None, None, None),
            Outcome::Signed { at, certificate, serial } => {
                ("signed", Some(at), None, Some(certificate), Some(serial))
            }
            Outcome::Refused { at, reason } => ("refused", Some(at), Some(reason), None, None),
        };
        let (number, dossier, code) = (line.paper.number, line.paper.dossier, line.dossier_code);
        Paper { number, dossier, code, outcome, at, reason, certificate, serial }
    });
    Ok(Json(Round { id: round.id, begun_at: round.begun_at, papers: papers.collect() }))
}
