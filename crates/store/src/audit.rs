//! The order of all events and the checkpoints over it. A chain of `event` runs along one subject; here
//! all chains are laid into one order after their acts, by a sealer, and each stretch of that order is
//! covered by a signed checkpoint that also covers the checkpoint before it.
//!
//! An act leaves its event's id in `event_unsealed`, in its own commit: what commits late is seen late and
//! comes into a later stretch, so nothing is lost and no act waits for another subject's.

mod checkpoint;
mod key_change;
pub mod view;

pub use checkpoint::Checkpoint;
pub use key_change::{KeyChange, add_key_change, key_changes};

use crate::engine::{Reader, Tx, execute, fetch_all, fetch_one, fetch_optional};
use crate::event::cover;
use crate::signing::SoftwareKey;
use crate::{Db, Error};
use checkpoint::CheckpointRow;
use sha2::{Digest, Sha256};
use sqlx::types::Json;
use uuid::Uuid;

/// Lets an event wait for its place; part of the act that writes the event.
pub(crate) async fn queue(tx: &mut Tx, event: Uuid) -> Result<(), Error> {
    execute!(tx, "audit.queue", "insert into event_unsealed (event) values ($1)", event).map(drop)
}

/// The same for all events of an act.
pub(crate) async fn queue_all(tx: &mut Tx, events: &[Uuid]) -> Result<(), Error> {
    execute!(
        tx,
        "audit.queue_all",
        sqlite: "insert into event_unsealed (event) select unhex(replace(value, '-', '')) from json_each($1)",
        postgres: "insert into event_unsealed (event)
         select value::uuid from jsonb_array_elements_text($1) as listed(value)",
        Json(events),
    )
    .map(drop)
}

/// An event's place in the order. The columns are as they stand: a hand may have been at them.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Placed {
    /// 1 for the first event of the installation.
    pub ordinal: i64,
    pub event: Uuid,
    pub subject_kind: String,
    pub subject: Uuid,
    /// Its number in its subject's chain.
    pub number: i64,
    /// What it had when it was sealed.
    pub digest: Vec<u8>,
}

/// The digest over a stretch of the order, taken in one place after the other.
#[derive(Clone, Debug, Default)]
pub struct EventsDigest(Sha256);

impl EventsDigest {
    pub fn take_in(&mut self, placed: &Placed) {
        for part in [
            placed.ordinal.to_be_bytes().as_slice(),
            placed.event.as_bytes(),
            placed.subject_kind.as_bytes(),
            placed.subject.as_bytes(),
            &placed.number.to_be_bytes(),
            &placed.digest,
        ] {
            cover(&mut self.0, Some(part));
        }
    }

    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// The first `limit` events that wait, with the places they would have behind `last_ordinal`. One that a
/// hand put here again is passed over: it stops no sealer, and [`crate::event::read_chain`] names it.
///
/// Along a subject an event is queued after the one before it was committed, so this order keeps the
/// order of every chain.
pub async fn waiting(reader: &mut Reader, last_ordinal: i64, limit: i64) -> Result<Vec<Placed>, Error> {
    let rows: Vec<(Uuid, String, Uuid, i64, Vec<u8>)> = fetch_all!(
        reader,
        "audit.waiting",
        "select e.id, e.subject_kind, e.subject, e.number, e.digest
         from event_unsealed u join event e on e.id = u.event
         where not exists (select 1 from event_order o where o.event = u.event) order by u.place limit $1",
        limit,
    )?;
    let places = (last_ordinal + 1..).zip(rows);
    Ok(places
        .map(|(ordinal, (event, subject_kind, subject, number, digest))| Placed {
            ordinal,
            event,
            subject_kind,
            subject,
            number,
            digest,
        })
        .collect())
}

/// Events that wait although they are gone, at most `limit`.
pub async fn waiting_but_gone(reader: &mut Reader, limit: i64) -> Result<Vec<Uuid>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "audit.waiting_but_gone",
        "select u.event from event_unsealed u
         where not exists (select 1 from event e where e.id = u.event) order by u.place limit $1",
        limit,
    )?;
    Ok(rows.into_iter().map(|(event,)| event).collect())
}

/// What became of fixing a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixed {
    Done,
    /// Another sealer has written this number, or the key was changed: look again.
    MetAnother,
}

/// Writes a signed checkpoint and the places of its events, all or nothing.
///
/// Two sealers read the same end, and the unique number lets one of them in; a change of key and a sealer
/// meet at the row of `signer`. That is all they have to agree on, so this takes no part in the acts'
/// serialisability and makes none of them run again.
pub async fn fix(
    db: &Db,
    checkpoint: &Checkpoint,
    events: &[Placed],
    signer: &SoftwareKey,
) -> Result<Fixed, Error> {
    let ids: Vec<Uuid> = events.iter().map(|placed| placed.event).collect();
    let (ids, n_events) = (ids.as_slice(), events.len() as u64);
    let fixed = db
        .act_on_locked_rows(|mut tx| async move {
            if !is_still_kept(&mut tx, signer).await? {
                return Ok(Fixed::MetAnother);
            }
            checkpoint::add(&mut tx, checkpoint).await?;
            let n_placed = execute!(
                &mut tx,
                "audit.place",
                "insert into event_order (ordinal, event, subject_kind, subject, number, digest)
                 select $1 + row_number() over (order by u.place), e.id, e.subject_kind, e.subject, e.number,
                    e.digest
                 from event_unsealed u join event e on e.id = u.event where u.event in IDS($2)",
                checkpoint.first_ordinal - 1,
                Json(ids),
            )?;
            let n_taken = execute!(
                &mut tx,
                "audit.unqueue",
                "delete from event_unsealed where event in IDS($1)",
                Json(ids),
            )?;
            if n_placed == n_events && n_taken == n_events {
                Ok(Fixed::Done)
            } else {
                Err(Error::Stale { table: "event_unsealed", row: checkpoint.number.to_string() })
            }
        })
        .await;
    match fixed {
        Err(Error::Taken(name)) if name == "audit_checkpoint_pkey" => Ok(Fixed::MetAnother),
        fixed => fixed,
    }
}

/// Whether this key is still its holder's. Whoever puts another in its place waits from now on.
async fn is_still_kept(tx: &mut Tx, key: &SoftwareKey) -> Result<bool, Error> {
    let n_kept = execute!(
        tx,
        "audit.hold_key",
        "update signing_key set label = label where holder = $1 and pkcs12 = $2",
        key.holder,
        key.pkcs12.as_slice(),
    )?;
    Ok(n_kept > 0)
}

/// The newest checkpoint.
pub async fn last(reader: &mut Reader) -> Result<Option<Checkpoint>, Error> {
    let row: Option<CheckpointRow> = fetch_optional!(
        reader,
        "audit.last",
        "select number, sealed_at, first_ordinal, last_ordinal, events_digest, previous, certificate,
            signature, time_stamp
         from audit_checkpoint order by number desc limit 1",
    )?;
    row.map(Checkpoint::try_from).transpose()
}

/// The checkpoints behind a number, at most `limit`, in their order.
pub async fn checkpoints(reader: &mut Reader, after: i64, limit: i64) -> Result<Vec<Checkpoint>, Error> {
    let rows: Vec<CheckpointRow> = fetch_all!(
        reader,
        "audit.checkpoints",
        "select number, sealed_at, first_ordinal, last_ordinal, events_digest, previous, certificate,
            signature, time_stamp
         from audit_checkpoint where number > $1 order by number limit $2",
        after,
        limit,
    )?;
    rows.into_iter().map(Checkpoint::try_from).collect()
}

/// A place in the order, and the event that stands there today.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Looked {
    #[sqlx(flatten)]
    pub placed: Placed,
    /// The digest of the event's row; none when there is no such row.
    pub today: Option<Vec<u8>>,
}

/// The places behind `after` up to `until`, at most `limit`.
pub async fn places(reader: &mut Reader, after: i64, until: i64, limit: i64) -> Result<Vec<Looked>, Error> {
    fetch_all!(
        reader,
        "audit.places",
        "select o.ordinal, o.event, o.subject_kind, o.subject, o.number, o.digest, e.digest as today
         from event_order o left join event e on e.id = o.event
         where o.ordinal > $1 and o.ordinal <= $2 order by o.ordinal limit $3",
        after,
        until,
        limit,
    )
}

/// How many places there are behind `ordinal`: none behind the newest checkpoint's last.
pub async fn n_places_behind(reader: &mut Reader, ordinal: i64) -> Result<i64, Error> {
    let (n,): (i64,) = fetch_one!(
        reader,
        "audit.n_places_behind",
        "select count(*) from event_order where ordinal > $1",
        ordinal,
    )?;
    Ok(n)
}

#[cfg(test)]
mod tests;
