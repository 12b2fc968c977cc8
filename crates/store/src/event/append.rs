//! Writing events: one, or one about each of many subjects in as many statements.

use super::{Sealed, digest_of_body};
use crate::engine::{Tx, execute, fetch_all, fetch_optional};
use crate::time::{new_id, to_micros};
use crate::{Error, audit, webhook};
use jiff::Timestamp;
use rules::event::{BODY_VERSION, NewEvent};
use rules::id::EventId;
use serde_json::{Value, json};
use sqlx::types::Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Writes an event at the end of its subject's chain; gives its id.
///
/// Two acts at the end of one chain: the later one is run again, and so stands behind the earlier.
pub async fn append(tx: &mut Tx, event: &NewEvent, now: Timestamp) -> Result<EventId, Error> {
    let (subject_kind, subject) = (event.subject.kind(), event.subject.id());
    let last: Option<(i64, Vec<u8>)> = fetch_optional!(
        tx,
        "event.last_of_subject",
        "select number, digest from event where subject_kind = $1 and subject = $2
         order by number desc limit 1",
        subject_kind,
        subject,
    )?;
    let row = NewRow::of(event, last, now)?;
    let written = execute!(
        tx,
        "event.append",
        "insert into event (id, kind, version, subject_kind, subject, number, dossier, agency, actor,
            on_behalf_of, purpose, happened_at, recorded_at, body, salt, body_digest, digest, previous)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        row.id,
        row.kind.as_str(),
        BODY_VERSION,
        subject_kind,
        subject,
        row.number,
        event.dossier.map(|dossier| dossier.0),
        event.agency.0,
        event.actor.map(|officer| officer.0),
        event.on_behalf_of.map(|officer| officer.0),
        event.purpose.as_deref(),
        to_micros(event.happened_at),
        to_micros(now),
        row.body.as_str(),
        row.salt.as_slice(),
        row.body_digest.as_slice(),
        row.digest.as_slice(),
        row.previous.as_deref(),
    );
    placed(tx, written)?;
    audit::queue(tx, row.id).await?;
    webhook::note(tx, row.id, &row.kind, event, now).await?;
    Ok(EventId(row.id))
}

/// What became of writing events at the ends of their chains.
fn placed(tx: &mut Tx, written: Result<u64, Error>) -> Result<(), Error> {
    match written {
        Ok(_) => Ok(()),
        // The number was free when it was read: another act has taken it in between.
        Err(Error::Taken(name)) if name == PLACE => Err(tx.met_another()),
        Err(error) => Err(error),
    }
}

/// What is made of an event when it is written: its place in its chain, and its digests.
struct NewRow {
    id: Uuid,
    kind: String,
    number: i64,
    body: String,
    salt: [u8; 16],
    body_digest: [u8; 32],
    digest: [u8; 32],
    previous: Option<Vec<u8>>,
}

impl NewRow {
    /// Behind the `last` of its chain, which is known by number and digest.
    fn of(event: &NewEvent, last: Option<(i64, Vec<u8>)>, now: Timestamp) -> Result<Self, Error> {
        let (number, previous) = match last {
            Some((number, digest)) => (number + 1, Some(digest)),
            None => (1, None),
        };
        let id = new_id(now);
        let kind = event.body.kind();
        let body = serde_json::to_string(&event.body)
            .map_err(|e| Error::Db { statement: "event.append", source: Box::new(e) })?;
        let salt: [u8; 16] = *Uuid::new_v4().as_bytes();
        let body_digest = digest_of_body(&salt, &body);
        let sealed = Sealed {
            id,
            kind: &kind,
            version: BODY_VERSION,
            subject_kind: event.subject.kind(),
            subject: event.subject.id(),
            number,
            dossier: event.dossier.map(|dossier| dossier.0),
            agency: event.agency.0,
            actor: event.actor.map(|officer| officer.0),
            on_behalf_of: event.on_behalf_of.map(|officer| officer.0),
            purpose: event.purpose.as_deref(),
            happened_at: to_micros(event.happened_at),
            recorded_at: to_micros(now),
            body_digest: &body_digest,
            previous: previous.as_deref(),
        };
        let digest = sealed.digest();
        Ok(Self { id, kind, number, body, salt, body_digest, digest, previous })
    }
}

/// The constraint that gives each place in a chain once.
const PLACE: &str = "event_subject_kind_subject_number_key";

/// Writes an event at the end of each subject's chain, as a search tells everybody whom it showed. The
/// subjects are of one kind, and each has one event. No other system is told of them.
pub async fn append_to_each(tx: &mut Tx, events: &[NewEvent], now: Timestamp) -> Result<(), Error> {
    let Some(first) = events.first() else { return Ok(()) };
    let subject_kind = first.subject.kind();
    let subjects: Vec<Uuid> = events.iter().map(|event| event.subject.id()).collect();
    let last: Vec<(Uuid, i64, Vec<u8>)> = fetch_all!(
        tx,
        "event.last_of_each",
        "select e.subject, e.number, e.digest from event e
         where e.subject_kind = $1 and e.subject in IDS($2) and e.number =
            (select max(m.number) from event m where m.subject_kind = $1 and m.subject = e.subject)",
        subject_kind,
        Json(&subjects),
    )?;
    let mut last: BTreeMap<Uuid, (i64, Vec<u8>)> =
        last.into_iter().map(|(subject, number, digest)| (subject, (number, digest))).collect();
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let row = NewRow::of(event, last.remove(&event.subject.id()), now)?;
        rows.push((row.id, written(event, &row, now)));
    }
    let (ids, rows): (Vec<Uuid>, Vec<Value>) = rows.into_iter().unzip();
    let inserted = execute!(
        tx,
        "event.append_to_each",
        sqlite: "insert into event (id, kind, version, subject_kind, subject, number, dossier, agency, actor,
            on_behalf_of, purpose, happened_at, recorded_at, body, salt, body_digest, digest, previous)
         select unhex(value ->> 'id'), value ->> 'kind', value ->> 'version', value ->> 'subject_kind',
            unhex(value ->> 'subject'), value ->> 'number', unhex(value ->> 'dossier'),
            unhex(value ->> 'agency'), unhex(value ->> 'actor'), unhex(value ->> 'on_behalf_of'),
            value ->> 'purpose', value ->> 'happened_at', value ->> 'recorded_at', value ->> 'body',
            unhex(value ->> 'salt'), unhex(value ->> 'body_digest'), unhex(value ->> 'digest'),
            unhex(value ->> 'previous') from json_each($1)",
        postgres: "insert into event (id, kind, version, subject_kind, subject, number, dossier, agency, actor,
            on_behalf_of, purpose, happened_at, recorded_at, body, salt, body_digest, digest, previous)
         select (value ->> 'id')::uuid, value ->> 'kind', (value ->> 'version')::bigint,
            value ->> 'subject_kind', (value ->> 'subject')::uuid, (value ->> 'number')::bigint,
            (value ->> 'dossier')::uuid, (value ->> 'agency')::uuid, (value ->> 'actor')::uuid,
            (value ->> 'on_behalf_of')::uuid, value ->> 'purpose', (value ->> 'happened_at')::bigint,
            (value ->> 'recorded_at')::bigint, value ->> 'body', decode(value ->> 'salt', 'hex'),
            decode(value ->> 'body_digest', 'hex'), decode(value ->> 'digest', 'hex'),
            decode(value ->> 'previous', 'hex') from jsonb_array_elements($1) as listed(value)",
        Json(&rows),
    );
    placed(tx, inserted)?;
    audit::queue_all(tx, &ids).await
}

/// A row as both engines read it: ids and bytes in hexadecimal digits.
fn written(event: &NewEvent, row: &NewRow, now: Timestamp) -> Value {
    let id = |id: Uuid| id.simple().to_string();
    json!({
        "id": id(row.id),
        "kind": row.kind,
        "version": BODY_VERSION,
        "subject_kind": event.subject.kind(),
        "subject": id(event.subject.id()),
        "number": row.number,
        "dossier": event.dossier.map(|dossier| id(dossier.0)),
        "agency": id(event.agency.0),
        "actor": event.actor.map(|officer| id(officer.0)),
        "on_behalf_of": event.on_behalf_of.map(|officer| id(officer.0)),
        "purpose": event.purpose,
        "happened_at": to_micros(event.happened_at),
        "recorded_at": to_micros(now),
        "body": row.body,
        "salt": hex::encode(row.salt),
        "body_digest": hex::encode(row.body_digest),
        "digest": hex::encode(row.digest),
        "previous": row.previous.as_deref().map(hex::encode),
    })
}
