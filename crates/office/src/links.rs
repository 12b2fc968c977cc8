//! The links of this installation to other systems: how each stands after its last attempts, and an attempt that
//! somebody asks for to see.

use crate::act::By;
use crate::audit::{Stamping, trust};
use crate::mail::{TO_ASK, test_letter};
use crate::webhook::sign;
use crate::{Error, Office};
use bytes::Bytes;
use jiff::Timestamp;
use pdf::timestamp;
use rules::id::WebhookId;
use rules::link::{Cause, Failure, LinkState, p95};
use rules::people::Actor;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Instant;
use store::Db;
use store::link::{self, Attempt, Past};
use store::queue::lines::State as Standing;
use store::webhook::Webhook;
use uuid::Uuid;

/// Attempts shown of one link.
const SHOWN: i64 = 50;

/// What a link leads to.
#[derive(Clone, Debug)]
pub enum Link {
    /// The time stamp authority, at its host.
    Timestamp(String),
    /// The mail server, at its host.
    Mail(String),
    /// An address that is told what happens, with the name of its agency.
    Webhook(Box<Webhook>, String),
    Database,
    Files,
}

impl Link {
    /// As its attempts are kept, and as it stands in addresses.
    pub fn key(&self) -> String {
        match self {
            Self::Timestamp(_) => link::TIMESTAMP.to_owned(),
            Self::Mail(_) => link::MAIL.to_owned(),
            Self::Webhook(webhook, _) => link::of_webhook(webhook.id.0),
            Self::Database => link::DATABASE.to_owned(),
            Self::Files => link::FILES.to_owned(),
        }
    }

    fn is_off(&self) -> bool {
        match self {
            Self::Timestamp(host) | Self::Mail(host) => host.is_empty(),
            Self::Webhook(webhook, _) => webhook.stopped_at.is_some(),
            Self::Database | Self::Files => false,
        }
    }
}

/// A link with how it stands.
#[derive(Clone, Debug)]
pub struct LinkLine {
    pub link: Link,
    pub state: LinkState,
    pub last_ok: Option<Timestamp>,
    pub last_failed: Option<(Timestamp, Failure)>,
    pub p95_ms: Option<u32>,
    pub n_kept: usize,
    pub n_failed: usize,
    /// What waits to be sent; none where nothing ever waits for it.
    pub n_waiting: Option<i64>,
}

/// Notes what came of an attempt that began then.
pub(crate) async fn note(
    db: &Db,
    key: &str,
    (at, begun): (Timestamp, Instant),
    failure: Option<Failure>,
    is_test: bool,
) -> Result<Attempt, Error> {
    let took_ms = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    let attempt = Attempt { at, took_ms, failure, is_test };
    let noted = &attempt;
    db.act(|mut tx| async move { link::note(&mut tx, key, noted).await }).await?;
    Ok(attempt)
}

impl Stamping {
    /// A token over these bytes from the authority, judged.
    async fn ask(&self, data: &[u8]) -> Result<Vec<u8>, (Failure, String)> {
        let reply = self.authority.ask(timestamp::query(data)).await;
        let reply = reply.map_err(|error| (error.failure(), error.to_string()))?;
        let token =
            timestamp::token(&reply).map_err(|error| (Failure::from(Cause::Malformed), error.to_string()))?;
        timestamp::judge(&token, data, trust(&self.roots)).map_err(|problem| {
            (Failure::from(Cause::Untrusted), format!("the token does not hold: {problem:?}"))
        })?;
        Ok(token)
    }

    /// The same, noted as an attempt; or the reason in words of the log.
    pub(crate) async fn stamp(&self, db: &Db, at: Timestamp, data: &[u8]) -> Result<Vec<u8>, String> {
        let begun = Instant::now();
        let asked = self.ask(data).await;
        let failure = asked.as_ref().err().map(|(failure, _)| *failure);
        // What was got is of more worth than the note about it.
        if let Err(error) = note(db, link::TIMESTAMP, (at, begun), failure, false).await {
            tracing::warn!(%error, "cannot note an attempt");
        }
        asked.map_err(|(_, said)| said)
    }
}

impl Office {
    /// The links an administrator sees: those of the installation, and those of the agencies he keeps.
    pub async fn links(&self, actor: &Actor) -> Result<Vec<LinkLine>, Error> {
        let links = self.links_kept(actor).await?;
        let keys: Vec<String> = links.iter().map(Link::key).collect();
        let webhooks: Vec<WebhookId> = links
            .iter()
            .filter_map(|link| if let Link::Webhook(webhook, _) = link { Some(webhook.id) } else { None })
            .collect();
        let mut reader = self.db.read().await?;
        let mut pasts = link::pasts(&mut reader, &keys).await?;
        let untaken: BTreeMap<WebhookId, i64> =
            store::webhook::n_untaken(&mut reader, &webhooks).await?.into_iter().collect();
        let counts = store::queue::lines::counts(&mut reader).await?;
        let letters = counts.iter().filter(|count| {
            TO_ASK.contains(&count.kind.as_str())
                && matches!(count.state, Standing::Waiting | Standing::Running)
        });
        let n_letters = letters.map(|count| i64::try_from(count.n_jobs).unwrap_or(i64::MAX)).sum();
        Ok(links
            .into_iter()
            .map(|link| {
                let past = pasts.remove(&link.key()).unwrap_or_default();
                let n_waiting = match &link {
                    Link::Webhook(webhook, _) => Some(untaken.get(&webhook.id).copied().unwrap_or(0)),
                    Link::Mail(_) => Some(n_letters),
                    Link::Timestamp(_) | Link::Database | Link::Files => None,
                };
                line(link, past, n_waiting)
            })
            .collect())
    }

    /// One link with its last attempts.
    pub async fn link(&self, actor: &Actor, key: &str) -> Result<(LinkLine, Vec<Attempt>), Error> {
        let line = self.links(actor).await?.into_iter().find(|line| line.link.key() == key);
        let line = line.ok_or(Error::NotFound)?;
        let attempts = link::attempts(&mut self.db.read().await?, key, SHOWN).await?;
        Ok((line, attempts))
    }

    /// Really asks the other side once; nobody else sees it.
    pub async fn try_link(&self, by: &By, key: &str) -> Result<Attempt, Error> {
        let links = self.links_kept(&by.actor).await?;
        let link = links.into_iter().find(|link| link.key() == key).ok_or(Error::NotFound)?;
        let (at, begun) = (self.clock.now(), Instant::now());
        let failure = match &link {
            Link::Timestamp(_) => {
                let stamping = self.settings.stamping.as_ref().ok_or(Error::NotFound)?;
                // Bytes nobody has asked for before: an old token proves nothing of them.
                let nonce = Uuid::new_v4();
                stamping.ask(nonce.as_bytes()).await.err().map(|(failure, _)| failure)
            }
            Link::Mail(_) => {
                let letter = test_letter(self, &by.actor).await?;
                let mailer = self.settings.mail.as_ref().ok_or(Error::NotFound)?;
                mailer.send(&letter).await.err().map(|error| error.failure())
            }
            Link::Webhook(webhook, _) => self.greet(webhook, at).await?,
            Link::Database => {
                let mut reader = self.db.read().await?;
                store::people::n_officers(&mut reader).await.err().map(|_| Cause::Broken.into())
            }
            Link::Files => (!self.probe_files(at).await).then(|| Cause::Broken.into()),
        };
        note(&self.db, key, (at, begun), failure, true).await
    }

    async fn links_kept(&self, actor: &Actor) -> Result<Vec<Link>, Error> {
        let settings = &self.settings;
        let mut links = vec![
            Link::Timestamp(settings.stamping.as_ref().map(Stamping::host).unwrap_or_default()),
            Link::Mail(settings.mail.as_ref().map(|mail| mail.host().to_owned()).unwrap_or_default()),
        ];
        // Whoever administers nothing finds no link at all.
        let webhooks = self.webhooks(actor).await?;
        links.extend(webhooks.into_iter().map(|(webhook, agency)| Link::Webhook(Box::new(webhook), agency)));
        links.extend([Link::Database, Link::Files]);
        Ok(links)
    }

    /// Sends an address a notice of nothing, signed like any other.
    async fn greet(&self, webhook: &Webhook, at: Timestamp) -> Result<Option<Failure>, Error> {
        let secret = self.blobs.unseal(&webhook.secret).map_err(Error::broken)?;
        let secret = String::from_utf8(secret).map_err(Error::broken)?;
        let id = Uuid::new_v4();
        let body = json!({ "id": id, "kind": "test", "at": at.to_string() }).to_string();
        let headers =
            [("motcua-signature", sign(&secret, at.as_second(), &body)), ("motcua-notice", id.to_string())];
        let sent = self.settings.notices.send(&webhook.address, &headers, body).await;
        Ok(sent.err().map(|error| error.failure()))
    }

    /// Writes a few bytes as a paper would be, reads them back and takes them away; whether all of it went well.
    async fn probe_files(&self, at: Timestamp) -> bool {
        let probe = Bytes::from(format!("motcua {at} {}", Uuid::new_v4()));
        let Ok(address) = self.blobs.put(probe.clone()).await else { return false };
        let read = self.blobs.get(address).await;
        let is_gone = self.blobs.delete(address, Timestamp::MAX).await.is_ok();
        is_gone && read.is_ok_and(|read| read == probe)
    }
}

fn line(link: Link, past: Past, n_waiting: Option<i64>) -> LinkLine {
    let Past { last_ok, last_failed, took_ms, n_kept, n_failed } = past;
    LinkLine {
        state: if link.is_off() { LinkState::Off } else { LinkState::of(last_ok, last_failed) },
        last_ok,
        last_failed,
        p95_ms: p95(took_ms),
        n_kept,
        n_failed,
        n_waiting,
        link,
    }
}
