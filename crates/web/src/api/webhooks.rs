//! The addresses that are told what happens, through the API.

use super::acts::Opened;
use super::paging::{Page, Paging};
use super::{Body, Caller, Refusal};
use crate::Web;
use crate::page::Place;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use office::webhook::{Added, WebhookView};
use rules::event::trail::Group;
use rules::id::{AgencyId, DossierId, EventId, NoticeId, OfficerId, WebhookId};
use rules::webhook::TypedWebhook;
use serde::{Deserialize, Serialize};
use store::webhook::{Notice, Webhook};

/// An address; its secret is told once, when it is added.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    id: WebhookId,
    agency: AgencyId,
    name: String,
    address: String,
    groups: Vec<Group>,
    made_by: OfficerId,
    made_at: Timestamp,
    failing_since: Option<Timestamp>,
    stopped_at: Option<Timestamp>,
}

impl From<Webhook> for Told {
    fn from(webhook: Webhook) -> Self {
        let Webhook {
            id, agency, name, address, groups, made_by, made_at, failing_since, stopped_at, ..
        } = webhook;
        Self { id, agency, name, address, groups, made_by, made_at, failing_since, stopped_at }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct ToldSeen {
    #[serde(flatten)]
    webhook: Told,
    /// What it was told last, the newest first.
    notices: Vec<Sent>,
}

#[derive(Debug, Serialize)]
struct Sent {
    id: NoticeId,
    event: EventId,
    kind: String,
    dossier: DossierId,
    happened_at: Timestamp,
    n_attempts: u32,
    last_at: Option<Timestamp>,
    last_status: Option<u16>,
    last_error: Option<String>,
    taken_at: Option<Timestamp>,
}

impl From<Notice> for Sent {
    fn from(notice: Notice) -> Self {
        let Notice { id, event, kind, dossier, happened_at, n_attempts, .. } = notice;
        let Notice { last_at, last_status, last_error, taken_at, .. } = notice;
        Self { id, event, kind, dossier, happened_at, n_attempts, last_at, last_status, last_error, taken_at }
    }
}

/// The addresses of the agencies the caller administers.
pub(crate) async fn webhooks(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<Told>, Refusal> {
    let webhooks = web.office.webhooks(&caller.0.present.actor).await?;
    Ok(paging.page(webhooks.into_iter().map(|(webhook, _)| (webhook.id.to_string(), Told::from(webhook)))))
}

/// One of them with what it was told last.
pub(crate) async fn webhook(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<ToldSeen>, Refusal> {
    let WebhookView { webhook, told, .. } =
        web.office.webhook(&caller.0.present.actor, place.id("id")?).await?;
    Ok(Json(ToldSeen { webhook: webhook.into(), notices: told.into_iter().map(Sent::from).collect() }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWebhook {
    agency: AgencyId,
    name: String,
    address: String,
    groups: Vec<Group>,
}

/// The secret its notices are signed with: told now and never again, and not when the same request comes again.
#[derive(Debug, Serialize)]
pub(crate) struct NowTold {
    #[serde(flatten)]
    id: Opened<WebhookId>,
    secret: Option<String>,
}

/// Adds an address that is told what happens in an agency from now on.
pub(crate) async fn add(
    State(web): State<Web>,
    caller: Caller,
    Body(NewWebhook { agency, name, address, groups }): Body<NewWebhook>,
) -> Result<(StatusCode, Json<NowTold>), Refusal> {
    let typed = TypedWebhook { name: &name, address: &address, groups: &groups };
    let Added { id, secret } = web.office.add_webhook(&caller.by(), agency, typed).await?;
    Ok((StatusCode::CREATED, Json(NowTold { id: Opened { id }, secret })))
}

/// What is done with an address.
#[derive(Debug, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum WebhookAct {
    Stop,
    Resume,
    Remove,
    SendAgain { notice: NoticeId },
}

pub(crate) async fn act(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(act): Body<WebhookAct>,
) -> Result<StatusCode, Refusal> {
    let (office, by, id) = (&web.office, &caller.by(), place.id("id")?);
    match act {
        WebhookAct::Stop => office.stop_webhook(by, id).await?,
        WebhookAct::Resume => office.resume_webhook(by, id).await?,
        WebhookAct::Remove => office.remove_webhook(by, id).await?,
        WebhookAct::SendAgain { notice } => office.send_notice_again(by, id, notice).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}
