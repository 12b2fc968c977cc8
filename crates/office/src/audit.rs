//! The audit chain: a sealer that covers what happened with signed checkpoints every few minutes, the
//! anchor to be kept outside, and the verification of all of it.
//!
//! Sealing is no act: nobody decides anything, and an event of its own would ask to be sealed again.

mod anchor;
pub mod check;
pub mod export;
mod key_change;
pub mod told;
pub mod trail;
mod verify;

pub use anchor::{Anchor, Illegible};
pub use key_change::OldKey;
pub use verify::{
    CheckpointFault, Expected, Fault, KeyChangeFault, Place, Report, Unvouched, Window, verify,
};

use crate::clock::Clock;
use crate::{Error, Keys};
use pdf::certificate::Certificate;
use pdf::key::Key;
use pdf::timestamp::Trust;
use std::time::Duration;
use store::Db;
use store::audit::{self, Checkpoint, EventsDigest, Fixed, Placed};
use store::signing::SoftwareKey;
use tokio::sync::watch;

/// Events under one checkpoint at most: what one commit may hold up on SQLite.
const MOST_EVENTS: i64 = 2_000;

/// Whom to ask for the time.
#[derive(Clone, Debug)]
pub struct Stamping {
    pub authority: connect::timestamp::Authority,
    /// Certificates the authority's must lead to; none believes whoever answers at its address.
    pub roots: Vec<Certificate>,
}

impl Stamping {
    /// Where the authority is, without what an address may carry beside it.
    pub fn host(&self) -> String {
        self.authority.host()
    }
}

/// What covers the events of an installation.
#[derive(Clone, Debug)]
pub struct Sealer {
    pub db: Db,
    pub clock: Clock,
    pub keys: Keys,
    pub stamping: Option<Stamping>,
}

/// What sealing came to.
#[derive(Clone, Debug, Default)]
pub struct Sealed {
    pub n_checkpoints: u64,
    pub n_events: u64,
    /// Why the newest of these checkpoints has no time stamp although one was asked for; a later one
    /// with a stamp covers it.
    pub unstamped: Option<String>,
}

/// Whom to believe, given the certificates that were configured.
pub(crate) fn trust(roots: &[Certificate]) -> Trust<'_> {
    if roots.is_empty() { Trust::Anybody } else { Trust::Roots(roots) }
}

impl Sealer {
    /// Seals at once and then every so often, until `stop` says so; once a day it asks for a verification.
    /// What fails is tried again with the next round: events wait, none is lost.
    pub async fn run(&self, every: Duration, mut stop: watch::Receiver<bool>) {
        let mut checked_on = None;
        loop {
            tokio::select! {
                sealed = self.seal() => match sealed {
                    Ok(sealed) => tell(&sealed),
                    Err(error) => tracing::error!(%error, source = ?error, "cannot seal the audit chain"),
                },
                // A checkpoint is written in one commit: half of one is never there.
                _ = stop.wait_for(|stopping| *stopping) => return,
            }
            let today = self.clock.today();
            if checked_on != Some(today) {
                match check::ask_for_the_day(&self.db, today, self.clock.now()).await {
                    Ok(check::Asked::Yes) => checked_on = Some(today),
                    Ok(check::Asked::NothingSealed) => {}
                    Err(error) => tracing::error!(%error, "cannot ask for the daily verification"),
                }
            }
            tokio::select! {
                () = tokio::time::sleep(every) => {}
                _ = stop.wait_for(|stopping| *stopping) => return,
            }
        }
    }

    /// Covers every event that waits now. Signing and stamping are done before the commit that fixes a
    /// checkpoint; when another sealer was faster, the rest is looked at again.
    pub async fn seal(&self) -> Result<Sealed, Error> {
        let mut sealed = Sealed::default();
        loop {
            let mut reader = self.db.read().await?;
            let last = audit::last(&mut reader).await?;
            let last_ordinal = last.as_ref().map_or(0, |last| last.last_ordinal);
            let events = audit::waiting(&mut reader, last_ordinal, MOST_EVENTS).await?;
            drop(reader);
            let Some(draft) = draft(last.as_ref(), &events, self.clock.now()) else { return Ok(sealed) };
            let (key, kept) = self.key().await?;
            let mut checkpoint = sign(draft, key).await?;
            // More wait behind a full one: the stamp on the last covers them all.
            let is_full = i64::try_from(events.len()).is_ok_and(|n_events| n_events >= MOST_EVENTS);
            let time_stamp = if is_full { Ok(None) } else { self.stamp(&checkpoint).await };
            let unstamped = time_stamp.as_ref().err().cloned();
            checkpoint.time_stamp = time_stamp.ok().flatten();
            if audit::fix(&self.db, &checkpoint, &events, &kept).await? == Fixed::Done {
                sealed.n_checkpoints += 1;
                sealed.n_events += events.len() as u64;
                sealed.unstamped = unstamped;
                // What was written meanwhile is the next round's: else a busy office never came to an end.
                if !is_full {
                    return Ok(sealed);
                }
            }
        }
    }

    async fn key(&self) -> Result<(Key, SoftwareKey), Error> {
        loop {
            let mut reader = self.db.read().await?;
            if let Some(key) = self.keys.kept_of_audit(&mut reader).await? {
                return Ok(key);
            }
            drop(reader);
            self.keys.make_for_audit(&self.db, self.clock.now()).await?;
        }
    }

    /// A token over the statement; none when nobody is to be asked; the reason when none was got.
    async fn stamp(&self, checkpoint: &Checkpoint) -> Result<Option<Vec<u8>>, String> {
        let Some(stamping) = &self.stamping else { return Ok(None) };
        let statement = checkpoint.statement();
        stamping.stamp(&self.db, checkpoint.sealed_at, statement.as_bytes()).await.map(Some)
    }
}

/// The checkpoint behind `last` over `events`, not yet signed; none where there is nothing to cover.
fn draft(last: Option<&Checkpoint>, events: &[Placed], now: jiff::Timestamp) -> Option<Checkpoint> {
    let (first, end) = (events.first()?, events.last()?);
    let mut digest = EventsDigest::default();
    for placed in events {
        digest.take_in(placed);
    }
    Some(Checkpoint {
        number: last.map_or(1, |last| last.number + 1),
        sealed_at: now,
        first_ordinal: first.ordinal,
        last_ordinal: end.ordinal,
        events_digest: digest.finish().into(),
        previous: last.map(|last| last.digest().into()),
        certificate: Vec::new(),
        signature: Vec::new(),
        time_stamp: None,
    })
}

/// Signs beside the runtime's threads.
async fn sign(mut checkpoint: Checkpoint, key: Key) -> Result<Checkpoint, Error> {
    let signed = tokio::task::spawn_blocking(move || {
        checkpoint.certificate = key.certificate().der().to_vec();
        checkpoint.signature = key.sign(checkpoint.statement().as_bytes())?;
        Ok::<_, pdf::Error>(checkpoint)
    });
    signed.await.map_err(Error::broken)?.map_err(Error::broken)
}

fn tell(sealed: &Sealed) {
    if let Some(reason) = &sealed.unstamped {
        tracing::warn!(reason, "the audit chain is sealed without a time stamp");
    }
    if sealed.n_events > 0 {
        tracing::debug!(events = sealed.n_events, checkpoints = sealed.n_checkpoints, "audit chain sealed");
    }
}
