//! Telling other systems what happens: an administrator names an address and what it is told; a job sends a
//! thin notice of each event, signed, until it is taken or the address is given up.

mod signature;

pub use signature::sign;

use crate::act::By;
use crate::jobs::Job;
use crate::people::administering::Reach;
use crate::{Error, Office, Refusal, links};
use connect::webhook::Error as SendError;
use jiff::{SignedDuration, Timestamp};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, EventId, NoticeId, WebhookId};
use rules::people::Actor;
use rules::webhook::{MOST, NewWebhook, TypedWebhook, host, is_given_up};
use rules::words;
use serde_json::json;
use std::time::Instant;
use store::link;
use store::queue::Claimed;
use store::time::new_id;
use store::webhook::{self, Attempt, Notice, Webhook};
use store::{Reader, Tx, event};
use uuid::Uuid;

const ADD: &str = "webhook.add";
/// Notices shown of an address.
const SHOWN: i64 = 50;
/// How long it stays known that a notice was taken.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// What every secret begins with.
const BEGINS: &str = "mcw_";

/// An address that was added.
#[derive(Debug)]
pub struct Added {
    pub id: WebhookId,
    /// Told now and never again; none where the same request was answered before.
    pub secret: Option<String>,
}

/// An address with what it was told last.
#[derive(Debug)]
pub struct WebhookView {
    pub webhook: Webhook,
    pub agency: String,
    pub told: Vec<Notice>,
}

impl Office {
    /// The addresses of the agencies somebody administers, each with the name of its agency.
    pub async fn webhooks(&self, actor: &Actor) -> Result<Vec<(Webhook, String)>, Error> {
        let mut reader = self.db.read().await?;
        let reach = Reach::of(&mut reader, actor).await?;
        let agencies: Vec<AgencyId> = reach.0.into_iter().collect();
        let found = webhook::of_agencies(&mut reader, &agencies).await?;
        let of: Vec<AgencyId> = found.iter().map(|one| one.agency).collect();
        let units = store::unit::units_by_ids(&mut reader, &of).await?;
        let name = |id| units.iter().find(|kept| kept.id == id).map(|kept| kept.unit.name.clone());
        let named = |one: Webhook| {
            let agency = name(one.agency).unwrap_or_default();
            (one, agency)
        };
        Ok(found.into_iter().map(named).collect())
    }

    /// One address with what it was told last.
    pub async fn webhook(&self, actor: &Actor, id: WebhookId) -> Result<WebhookView, Error> {
        let mut reader = self.db.read().await?;
        let webhook = kept(&mut reader, actor, id).await?;
        let told = webhook::told(&mut reader, id, SHOWN).await?;
        let unit = store::unit::unit(&mut reader, webhook.agency).await?;
        Ok(WebhookView { agency: unit.map(|kept| kept.unit.name).unwrap_or_default(), webhook, told })
    }

    /// Adds an address that is told what happens in an agency from now on.
    pub async fn add_webhook(
        &self,
        by: &By,
        agency: AgencyId,
        typed: TypedWebhook<'_>,
    ) -> Result<Added, Error> {
        if let Some(id) = self.answered(by, ADD).await? {
            return Ok(Added { id, secret: None });
        }
        let new = &typed.check().map_err(|faults| {
            let told = faults.into_iter().map(words::webhook::fault);
            Error::Refused(Refusal::Form(told.map(|(field, said)| (field.to_owned(), said)).collect()))
        })?;
        let secret = format!("{BEGINS}{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let sealed = &self.blobs.seal(secret.as_bytes());
        let id = self
            .act(by, ADD, |mut tx, now| async move {
                let tx = &mut tx;
                let made_by = by.actor.officer().ok_or(Error::NotFound)?;
                Reach::of(tx, &by.actor).await?.must_give([agency])?;
                if webhook::of_agencies(tx, &[agency]).await?.len() >= MOST {
                    let said =
                        format!("Cơ quan đã có {MOST} nơi nhận. Bỏ nơi không dùng nữa rồi thêm nơi mới");
                    return Err(Error::Refused(Refusal::Form(vec![(String::new(), said)])));
                }
                let NewWebhook { name, address, groups } = new.clone();
                let webhook = Webhook {
                    id: WebhookId(new_id(now)),
                    agency,
                    name,
                    address,
                    secret: sealed.clone(),
                    groups,
                    made_by,
                    made_at: now,
                    failing_since: None,
                    stopped_at: None,
                };
                webhook::add(tx, &webhook).await?;
                let host = host(&webhook.address).unwrap_or_default().to_owned();
                note(tx, &by.actor, agency, Body::WebhookAdded { name: webhook.name, host }, now).await?;
                Ok(webhook.id)
            })
            .await?;
        // The same request may have come twice at once: only one of the secrets was kept.
        let kept = webhook::find(&mut self.db.read().await?, id).await?;
        let is_kept = kept.is_some_and(|webhook| webhook.secret == *sealed);
        Ok(Added { id, secret: is_kept.then_some(secret) })
    }

    /// Tells an address nothing more, until somebody lets it be told again.
    pub async fn stop_webhook(&self, by: &By, id: WebhookId) -> Result<(), Error> {
        self.act(by, "webhook.stop", |mut tx, now| async move {
            let tx = &mut tx;
            let Webhook { agency, name, .. } = kept(tx, &by.actor, id).await?;
            if webhook::stop(tx, id, now).await? {
                note(tx, &by.actor, agency, Body::WebhookStopped { name }, now).await?;
            }
            Ok(())
        })
        .await
    }

    pub async fn resume_webhook(&self, by: &By, id: WebhookId) -> Result<(), Error> {
        self.act(by, "webhook.resume", |mut tx, now| async move {
            let tx = &mut tx;
            let webhook = kept(tx, &by.actor, id).await?;
            if webhook.stopped_at.is_some() {
                webhook::resume(tx, &webhook).await?;
                let body = Body::WebhookResumed { name: webhook.name };
                note(tx, &by.actor, webhook.agency, body, now).await?;
            }
            Ok(())
        })
        .await
    }

    /// Forgets an address with what it was told.
    pub async fn remove_webhook(&self, by: &By, id: WebhookId) -> Result<(), Error> {
        self.act(by, "webhook.remove", |mut tx, now| async move {
            let tx = &mut tx;
            let Webhook { agency, name, .. } = kept(tx, &by.actor, id).await?;
            webhook::remove(tx, id).await?;
            note(tx, &by.actor, agency, Body::WebhookRemoved { name }, now).await
        })
        .await
    }

    /// Sends a notice once more.
    pub async fn send_notice_again(&self, by: &By, id: WebhookId, notice: NoticeId) -> Result<(), Error> {
        self.act(by, "webhook.send_again", |mut tx, now| async move {
            let tx = &mut tx;
            kept(tx, &by.actor, id).await?;
            let event = webhook::ask_again(tx, id, notice).await?.ok_or(Error::NotFound)?;
            Job::Notify(event).push_again(tx, event.0, &by.actor, now).await
        })
        .await
    }

    /// Sends the notices of an event that were not taken yet. An address that fails does not hold up the
    /// others: what it missed is tried again with the job.
    pub(crate) async fn notify(&self, job: &Claimed, event: EventId) -> Result<(), Error> {
        let untaken = webhook::untaken(&mut self.db.read().await?, event).await?;
        let mut failed = None;
        for notice in &untaken {
            let webhook = webhook::find(&mut self.db.read().await?, notice.webhook).await?;
            let Some(webhook) = webhook else { continue };
            let attempt = &self.attempt(&webhook, notice).await?;
            self.db
                .act(|mut tx| async move {
                    webhook::note_attempt(&mut tx, notice, attempt, attempt.at - KEPT).await
                })
                .await?;
            if attempt.error.is_some() && !self.gave_up(&webhook, attempt.at).await? {
                failed.clone_from(&attempt.error);
            }
        }
        match failed {
            Some(said) => Err(Error::broken(std::io::Error::other(said))),
            None => self.act_for_job(job, async |_, _| Ok(())).await,
        }
    }

    async fn attempt(&self, webhook: &Webhook, notice: &Notice) -> Result<Attempt, Error> {
        let at = self.clock.now();
        let secret = String::from_utf8(self.blobs.unseal(&webhook.secret).map_err(Error::broken)?)
            .map_err(Error::broken)?;
        // law: LBVDLCN2025/0
        let body = json!({
            "id": notice.event, "kind": notice.kind, "dossier": notice.dossier,
            "code": notice.dossier_code, "at": notice.happened_at.to_string(),
        })
        .to_string();
        let headers = [
            ("motcua-signature", sign(&secret, at.as_second(), &body)),
            ("motcua-notice", notice.id.to_string()),
        ];
        let begun = Instant::now();
        let sent = self.settings.notices.send(&webhook.address, &headers, body).await;
        let failure = sent.as_ref().err().map(SendError::failure);
        // It is told already: a line of the log is no reason to tell it again.
        let link = &link::of_webhook(webhook.id.0);
        if let Err(error) = links::note(&self.db, link, (at, begun), failure, false).await {
            tracing::warn!(%error, "cannot note an attempt");
        }
        Ok(match sent {
            Ok(status) => Attempt { at, status: Some(status), error: None },
            Err(error) => {
                let status = if let SendError::Refused(status) = error { Some(status) } else { None };
                Attempt { at, status, error: Some(error.to_string()) }
            }
        })
    }

    /// Stops an address that has taken nothing for too long; whoever administers it must look after it.
    async fn gave_up(&self, webhook: &Webhook, now: Timestamp) -> Result<bool, Error> {
        let Some(since) = webhook.failing_since.filter(|since| is_given_up(*since, now)) else {
            return Ok(false);
        };
        tracing::error!(webhook = %webhook.id, %since, "an address is told nothing more: it took nothing for days");
        let nobody = &Actor::System { on_behalf_of: Some(webhook.made_by), agency: webhook.agency };
        self.act(&By::new(nobody.clone()), "webhook.give_up", |mut tx, now| async move {
            let tx = &mut tx;
            if webhook::stop(tx, webhook.id, now).await? {
                let body = Body::WebhookStopped { name: webhook.name.clone() };
                note(tx, nobody, webhook.agency, body, now).await?;
            }
            Ok(())
        })
        .await?;
        Ok(true)
    }
}

/// An address of an agency that the actor administers.
async fn kept(reader: &mut Reader, actor: &Actor, id: WebhookId) -> Result<Webhook, Error> {
    let reach = Reach::of(reader, actor).await?;
    let webhook = webhook::find(reader, id).await?.ok_or(Error::NotFound)?;
    reach.must_show(webhook.agency)?;
    Ok(webhook)
}

async fn note(tx: &mut Tx, actor: &Actor, agency: AgencyId, body: Body, now: Timestamp) -> Result<(), Error> {
    event::append(tx, &NewEvent::new(Subject::Unit(agency), None, actor, now, body), now).await?;
    Ok(())
}
