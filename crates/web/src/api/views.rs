//! What is read through the API.

use super::paging::{Page, Paging};
use super::{Caller, Refusal};
use crate::Web;
use crate::page::Place;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use office::dossier::view::DossierView;
use rules::dossier::{Consultation, DueMoment, Outcome, PartOfWhole, Receipt, Referral, ReturnWay};
use rules::id::{AgencyId, DossierId, OfficerId};
use rules::people::Role;
use rules::words;
use serde::Serialize;

/// A dossier as the API tells it.
#[derive(Debug, Serialize)]
pub(crate) struct Dossier {
    id: DossierId,
    version: i64,
    code: Option<String>,
    foreign_code: Option<String>,
    procedure: String,
    revision: u32,
    case: String,
    state: &'static str,
    state_name: &'static str,
    /// Of the national synchronisation.
    number: Option<u8>,
    outcome: Option<Outcome>,
    step: Option<String>,
    officer: Option<OfficerId>,
    receiving: AgencyId,
    competent: AgencyId,
    holding: AgencyId,
    received_at: Option<Timestamp>,
    due: Option<DueMoment>,
    receipt: Option<Receipt>,
    next: Option<Next>,
    /// The result drafted or given, and the digest of its file.
    result: Option<Result_>,
    fee_due: i64,
    fee_paid: i64,
    consultations: Vec<Consultation>,
    /// How the applicant wants the result; null where he was not asked.
    return_way: Option<ReturnWay>,
    /// What waits for the leader's answer.
    referral: Option<Referral>,
    parts: Vec<PartOfWhole>,
    part_of: Option<DossierId>,
    components: Vec<Component>,
}

/// Who must act next.
#[derive(Debug, Serialize)]
struct Next {
    act: &'static str,
    words: String,
    agency: AgencyId,
    role: Role,
    officer: Option<OfficerId>,
    by: DueMoment,
}

#[derive(Debug, Serialize)]
struct Result_ {
    id: String,
    kind: String,
    state: &'static str,
    sha256: String,
}

#[derive(Debug, Serialize)]
struct Component {
    id: String,
    name: String,
    supply: &'static str,
}

/// One dossier.
pub(crate) async fn dossier(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<Dossier>, Refusal> {
    let view = web.office.open_dossier(&caller.0.present.actor, place.id("id")?).await?;
    Ok(Json(told(&view)))
}

fn told(view: &DossierView) -> Dossier {
    let dossier = &view.dossier;
    let result = dossier.state.result().and_then(|id| view.results.iter().find(|result| result.id == id));
    Dossier {
        id: dossier.id,
        version: dossier.version,
        code: dossier.code.as_ref().map(ToString::to_string),
        foreign_code: dossier.life.foreign_code.clone(),
        procedure: dossier.procedure.to_string(),
        revision: dossier.revision,
        case: dossier.case.clone(),
        state: dossier.state.kind(),
        state_name: words::state(&dossier.state),
        number: dossier.state.number(),
        outcome: dossier.outcome,
        step: dossier.state.step().map(ToOwned::to_owned),
        officer: dossier.state.officer(),
        receiving: dossier.scope.receiving,
        competent: dossier.scope.competent,
        holding: dossier.scope.holding,
        received_at: dossier.received_at,
        due: dossier.due,
        receipt: dossier.receipt(),
        next: view.standing.map(|standing| Next {
            act: standing.next.kind(),
            words: words::next_act(standing.next),
            agency: standing.owner.agency,
            role: standing.owner.role,
            officer: standing.owner.officer,
            by: standing.by,
        }),
        result: result.map(|result| Result_ {
            id: result.id.to_string(),
            kind: result.result_type.clone(),
            state: result.state.kind(),
            sha256: result.state.pdf().sha256.clone(),
        }),
        fee_due: dossier.life.fee.due,
        fee_paid: dossier.life.fee.paid,
        consultations: dossier.life.consultations.clone(),
        return_way: dossier.life.return_way.clone(),
        referral: dossier.referral().cloned(),
        parts: dossier.life.parts.clone(),
        part_of: dossier.part_of,
        components: view
            .case()
            .map(|case| {
                case.components
                    .iter()
                    .map(|component| Component {
                        id: component.id.clone(),
                        name: component.name.clone(),
                        supply: view.supply(&component.id).kind(),
                    })
                    .collect()
            })
            .unwrap_or_default(),
    }
}

/// One line of the timeline.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    at: Timestamp,
    kind: String,
    who: String,
    what: String,
}

/// What happened to a dossier, in sentences, the oldest first.
pub(crate) async fn events(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    paging: Paging,
) -> Result<Page<Line>, Refusal> {
    let view = web.office.open_dossier(&caller.0.present.actor, place.id("id")?).await?;
    let lines = view.timeline().into_iter().enumerate().map(|(n, (event, sentence))| {
        let (at, kind) = (event.happened_at, event.body.kind());
        (format!("{n:08}"), Line { at, kind, who: sentence.who, what: sentence.what })
    });
    Ok(paging.page(lines))
}

/// A dossier that needs somebody.
#[derive(Debug, Serialize)]
pub(crate) struct Alarm {
    dossier: DossierId,
    kind: &'static str,
    words: &'static str,
    agency: AgencyId,
    role: Role,
    raised_at: Timestamp,
}

/// The open alarms of the caller's agencies.
pub(crate) async fn alarms(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<Alarm>, Refusal> {
    let sight = caller.0.present.actor.sight();
    let mut reader = web.office.db.read().await?;
    let open = store::dossier::alarm::open(&mut reader, &sight, 1_000).await?;
    let told = open.into_iter().map(|alarm| {
        let kind = alarm.kind.kind();
        let place = format!("{:020}{}{kind}", alarm.raised_at.as_microsecond(), alarm.dossier);
        let told = Alarm {
            dossier: alarm.dossier,
            kind,
            words: words::alarm_kind(alarm.kind),
            agency: alarm.agency,
            role: alarm.role,
            raised_at: alarm.raised_at,
        };
        (place, told)
    });
    Ok(paging.page(told))
}

/// An agency as lists of choice need it.
#[derive(Debug, Serialize)]
pub(crate) struct Agency {
    id: AgencyId,
    key: String,
    name: String,
}

/// The agencies there are today.
pub(crate) async fn agencies(
    State(web): State<Web>,
    _caller: Caller,
    paging: Paging,
) -> Result<Page<Agency>, Refusal> {
    let today = web.office.clock.today();
    let mut reader = web.office.db.read().await?;
    let units = store::people::units(&mut reader).await?;
    let told = units.into_iter().filter(|kept| kept.unit.is_valid_on(today)).map(|kept| {
        let agency = Agency { id: kept.id, key: kept.unit.key, name: kept.unit.name };
        (agency.key.clone(), agency)
    });
    Ok(paging.page(told))
}
