//! The public post through the API: what it brings, envelope by envelope, and the bundles of results it takes.

use super::acts::Opened;
use super::paging::{Page, Paging};
use super::{Body, Caller, Refusal};
use crate::Web;
use crate::page::Place;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use office::counter::parcels::{ArrivalView, NewArrival};
use office::dossier::posting::{BundleView, Enclosed, Envelope};
use rules::code::ProcedureCode;
use rules::counter::applicant::TypedApplicant;
use rules::event::PostOutcome;
use rules::id::{AgencyId, ArrivalId, DossierId, ParcelId, PostBundleId};
use serde::{Deserialize, Serialize};
use store::counter::parcels::{ArrivalLine, InParcel};
use store::signing::post::PostBundle;

/// Envelopes as a postman hands them over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Brought {
    post_office: String,
    postman: String,
    /// In the order of the list he signs.
    numbers: Vec<String>,
}

/// A handing over in a list.
#[derive(Debug, Serialize)]
pub(crate) struct Arrival {
    id: ArrivalId,
    agency: AgencyId,
    post_office: String,
    postman: String,
    taken_at: Timestamp,
    n_parcels: i64,
    n_waiting: i64,
}

/// A handing over with its envelopes.
#[derive(Debug, Serialize)]
pub(crate) struct ArrivalSeen {
    id: ArrivalId,
    agency: AgencyId,
    post_office: String,
    postman: String,
    taken_at: Timestamp,
    /// Until when who sent them is to be answered; none while there is no calendar for it.
    answer_by: Option<Timestamp>,
    parcels: Vec<Parcel>,
}

#[derive(Debug, Serialize)]
struct Parcel {
    id: ParcelId,
    tracking: String,
    /// Is it still to be opened?
    waits: bool,
    /// Why no dossier came of it.
    put_aside: Option<String>,
    dossiers: Vec<DossierId>,
}

/// A postman handed envelopes over.
pub(crate) async fn take(
    State(web): State<Web>,
    caller: Caller,
    Body(brought): Body<Brought>,
) -> Result<(StatusCode, Json<Opened<ArrivalId>>), Refusal> {
    let Brought { post_office, postman, numbers } = brought;
    let new = NewArrival { post_office, postman, numbers: numbers.join("\n") };
    let id = web.office.take_parcels(&caller.by(), &new).await?;
    Ok((StatusCode::CREATED, Json(Opened { id })))
}

/// What was handed over to the caller's counter.
pub(crate) async fn arrivals(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<Arrival>, Refusal> {
    let lines = web.office.arrivals(&caller.0.present.actor).await?;
    Ok(paging.page(lines.into_iter().map(|ArrivalLine { arrival, n_parcels, n_waiting }| {
        let told = Arrival {
            id: arrival.id,
            agency: arrival.agency,
            post_office: arrival.post_office,
            postman: arrival.postman,
            taken_at: arrival.taken_at,
            n_parcels,
            n_waiting,
        };
        (told.id.to_string(), told)
    })))
}

/// One handing over, and what became of its envelopes.
pub(crate) async fn arrival(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<ArrivalSeen>, Refusal> {
    let ArrivalView { arrival, answer_by, parcels, dossiers, .. } =
        web.office.arrival(&caller.0.present.actor, place.id("id")?).await?;
    let of = |id| {
        let inside = dossiers.iter().filter(move |inside: &&InParcel| inside.parcel == id);
        inside.map(|inside| inside.dossier).collect()
    };
    let parcels = parcels.into_iter().map(|parcel| Parcel {
        dossiers: of(parcel.id),
        id: parcel.id,
        tracking: parcel.tracking,
        waits: parcel.waits,
        put_aside: parcel.put_aside.map(|aside| aside.why),
    });
    Ok(Json(ArrivalSeen {
        parcels: parcels.collect(),
        id: arrival.id,
        agency: arrival.agency,
        post_office: arrival.post_office,
        postman: arrival.postman,
        taken_at: arrival.taken_at,
        answer_by: answer_by.map(|by| by.at),
    }))
}

/// What lay in an envelope.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InEnvelope {
    applicant: TypedApplicant,
    procedure: ProcedureCode,
    #[serde(default)]
    case: Option<String>,
}

/// Makes a dossier of what lay in an envelope.
pub(crate) async fn open(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(new): Body<InEnvelope>,
) -> Result<(StatusCode, Json<Opened<DossierId>>), Refusal> {
    let InEnvelope { applicant, procedure, case } = new;
    let parcel = place.id("id")?;
    let id =
        web.office.open_parcel(&caller.by(), parcel, &applicant, procedure.as_str(), case.as_deref()).await?;
    Ok((StatusCode::CREATED, Json(Opened { id })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutAside {
    reason: String,
}

/// Nothing for a dossier lay in an envelope.
pub(crate) async fn put_aside(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(PutAside { reason }): Body<PutAside>,
) -> Result<StatusCode, Refusal> {
    web.office.put_parcel_aside(&caller.by(), place.id("id")?, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Results that go out by post together.
#[derive(Debug, Serialize)]
pub(crate) struct Bundle {
    id: PostBundleId,
    agency: AgencyId,
    post_office: String,
    made_at: Timestamp,
    /// None while it is put together.
    postman: Option<String>,
    taken_at: Option<Timestamp>,
}

impl From<PostBundle> for Bundle {
    fn from(bundle: PostBundle) -> Self {
        let (postman, taken_at) = bundle.taken.map(|taken| (taken.postman, taken.at)).unzip();
        Self {
            id: bundle.id,
            agency: bundle.agency,
            post_office: bundle.post_office,
            made_at: bundle.made_at,
            postman,
            taken_at,
        }
    }
}

/// A bundle with what is in it.
#[derive(Debug, Serialize)]
pub(crate) struct BundleSeen {
    #[serde(flatten)]
    bundle: Bundle,
    items: Vec<Item>,
}

#[derive(Debug, Serialize)]
struct Item {
    dossier: DossierId,
    code: String,
    tracking: String,
    /// Where its envelope goes.
    address: String,
    /// What the post said of it.
    outcome: Option<PostOutcome>,
}

pub(crate) async fn bundles(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<Bundle>, Refusal> {
    let bundles = web.office.post_bundles(&caller.0.present.actor).await?;
    Ok(paging.page(bundles.into_iter().map(|bundle| (bundle.id.to_string(), Bundle::from(bundle)))))
}

pub(crate) async fn bundle(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<BundleSeen>, Refusal> {
    let BundleView { bundle, items, .. } =
        web.office.post_bundle(&caller.0.present.actor, place.id("id")?).await?;
    let items = items.into_iter().map(|Enclosed { item, envelope: Envelope { line, address, .. } }| Item {
        dossier: item.dossier,
        code: line.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        tracking: item.tracking,
        address,
        outcome: item.outcome.map(|(outcome, _)| outcome),
    });
    Ok(Json(BundleSeen { items: items.collect(), bundle: Bundle::from(bundle) }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBundle {
    post_office: String,
}

/// Begins a bundle for a post office.
pub(crate) async fn begin(
    State(web): State<Web>,
    caller: Caller,
    Body(NewBundle { post_office }): Body<NewBundle>,
) -> Result<(StatusCode, Json<Opened<PostBundleId>>), Refusal> {
    let id = web.office.begin_post_bundle(&caller.by(), &post_office).await?;
    Ok((StatusCode::CREATED, Json(Opened { id })))
}

/// A result that waits for a postman.
#[derive(Debug, Serialize)]
pub(crate) struct ForPost {
    dossier: DossierId,
    code: String,
    receiver: String,
    address: String,
    phone: String,
}

/// What goes by post and is in no bundle yet.
pub(crate) async fn waiting(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<ForPost>, Refusal> {
    let waiting = web.office.results_for_post(&caller.0.present.actor).await?;
    Ok(paging.page(waiting.envelopes.into_iter().map(|Envelope { line, address, phone }| {
        let code = line.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default();
        let (dossier, receiver) = (line.dossier.id, line.holder_name);
        (dossier.to_string(), ForPost { dossier, code, receiver, address, phone })
    })))
}

/// What is done with a bundle.
#[derive(Debug, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum BundleAct {
    /// The result of the dossier with this code, under the number of its envelope.
    Add {
        code: String,
        tracking: String,
    },
    Remove {
        dossier: DossierId,
    },
    /// A postman took it: every result in it is handed over.
    Send {
        postman: String,
    },
    /// What the post said of one of them.
    Answer {
        dossier: DossierId,
        outcome: PostOutcome,
    },
}

/// Does one act on a bundle.
pub(crate) async fn act(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(act): Body<BundleAct>,
) -> Result<StatusCode, Refusal> {
    let (by, id) = (caller.by(), place.id("id")?);
    match act {
        BundleAct::Add { code, tracking } => web.office.post_result(&by, id, &code, &tracking).await?,
        BundleAct::Remove { dossier } => web.office.unpost_result(&by, id, dossier).await?,
        BundleAct::Send { postman } => web.office.send_post_bundle(&by, id, &postman).await?,
        BundleAct::Answer { dossier, outcome } => {
            web.office.post_answered(&by, id, dossier, outcome).await?;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
