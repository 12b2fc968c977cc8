//! The events: append only, chained by digest along their subject, salted so that a body disposed of by
//! law leaves a digest that still holds the chain.

use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::time::{from_micros, new_id, to_micros};
use crate::Error;
use jiff::Timestamp;
use rules::event::{BODY_VERSION, Body, Event, NewEvent, Subject};
use rules::id::{AgencyId, DossierId, EventId, OfficerId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Writes an event at the end of its subject's chain.
pub async fn append(tx: &mut Tx, event: &NewEvent, now: Timestamp) -> Result<EventId, Error> {
    let (kind, subject) = (event.subject.kind(), event.subject.id());
    let last: Option<(i64, Vec<u8>)> = fetch_optional!(
        tx,
        "event.last_of_subject",
        "select number, digest from event where subject_kind = $1 and subject = $2
         order by number desc limit 1",
        kind,
        subject,
    )?;
    let (number, previous) = match last {
        Some((number, digest)) => (number + 1, Some(digest)),
        None => (1, None),
    };
    let id = new_id(now);
    let body = serde_json::to_string(&event.body)
        .map_err(|e| Error::Db { statement: "event.append", source: Box::new(e) })?;
    let salt: [u8; 16] = *Uuid::new_v4().as_bytes();
    let sealed = Sealed { id, number, event, body: &body, now };
    let digest = sealed.digest(&salt, previous.as_deref());
    execute!(
        tx,
        "event.append",
        "insert into event (id, kind, version, subject_kind, subject, number, dossier, agency, actor,
            on_behalf_of, purpose, happened_at, recorded_at, body, salt, digest, previous)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        id,
        event.body.kind(),
        BODY_VERSION,
        kind,
        subject,
        number,
        event.dossier.map(|dossier| dossier.0),
        event.agency.0,
        event.actor.map(|officer| officer.0),
        event.on_behalf_of.map(|officer| officer.0),
        event.purpose.as_deref(),
        to_micros(event.happened_at),
        to_micros(now),
        body.as_str(),
        salt.as_slice(),
        digest.as_slice(),
        previous.as_deref(),
    )?;
    Ok(EventId(id))
}

/// What a digest covers: every column but the salt and the digests, each with its length before it.
struct Sealed<'e> {
    id: Uuid,
    number: i64,
    event: &'e NewEvent,
    body: &'e str,
    now: Timestamp,
}

impl Sealed<'_> {
    fn digest(&self, salt: &[u8], previous: Option<&[u8]>) -> [u8; 32] {
        let event = self.event;
        let mut body = Sha256::new();
        body.update(salt);
        body.update(self.body.as_bytes());
        // The body enters by its own salted digest: when the body is disposed of, that digest is what
        // remains to check the chain with.
        let body: [u8; 32] = body.finalize().into();
        let optional = |id: Option<Uuid>| id.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
        let mut whole = Sha256::new();
        for part in [
            self.id.as_bytes().to_vec(),
            event.body.kind().into_bytes(),
            BODY_VERSION.to_be_bytes().to_vec(),
            event.subject.kind().as_bytes().to_vec(),
            event.subject.id().as_bytes().to_vec(),
            self.number.to_be_bytes().to_vec(),
            optional(event.dossier.map(|id| id.0)),
            event.agency.0.as_bytes().to_vec(),
            optional(event.actor.map(|id| id.0)),
            optional(event.on_behalf_of.map(|id| id.0)),
            event.purpose.clone().unwrap_or_default().into_bytes(),
            to_micros(event.happened_at).to_be_bytes().to_vec(),
            to_micros(self.now).to_be_bytes().to_vec(),
            body.to_vec(),
            previous.unwrap_or_default().to_vec(),
        ] {
            whole.update((part.len() as u64).to_be_bytes());
            whole.update(part);
        }
        whole.finalize().into()
    }
}

#[derive(sqlx::FromRow)]
struct EventRow {
    id: Uuid,
    subject_kind: String,
    subject: Uuid,
    number: i64,
    dossier: Option<Uuid>,
    agency: Uuid,
    actor: Option<Uuid>,
    on_behalf_of: Option<Uuid>,
    purpose: Option<String>,
    happened_at: i64,
    recorded_at: i64,
    body: String,
    salt: Vec<u8>,
    digest: Vec<u8>,
    previous: Option<Vec<u8>>,
}

fn corrupt(row: &EventRow, column: &'static str) -> Error {
    Error::Corrupt { table: "event", column: column.into(), row: row.id.to_string() }
}

impl TryFrom<EventRow> for Event {
    type Error = Error;

    fn try_from(row: EventRow) -> Result<Self, Error> {
        let instant = |micros, column| from_micros(micros).map_err(|_| corrupt(&row, column));
        let body: Body = serde_json::from_str(&row.body).map_err(|_| corrupt(&row, "body"))?;
        Ok(Self {
            id: EventId(row.id),
            subject: Subject::from_parts(&row.subject_kind, row.subject)
                .ok_or_else(|| corrupt(&row, "subject_kind"))?,
            dossier: row.dossier.map(DossierId),
            agency: AgencyId(row.agency),
            actor: row.actor.map(OfficerId),
            on_behalf_of: row.on_behalf_of.map(OfficerId),
            purpose: row.purpose.clone(),
            happened_at: instant(row.happened_at, "happened_at")?,
            recorded_at: instant(row.recorded_at, "recorded_at")?,
            body,
        })
    }
}

/// The events of a dossier, the oldest first.
pub async fn of_dossier(reader: &mut Reader, dossier: DossierId) -> Result<Vec<Event>, Error> {
    let rows: Vec<EventRow> = fetch_all!(
        reader,
        "event.of_dossier",
        "select id, subject_kind, subject, number, dossier, agency, actor, on_behalf_of, purpose,
            happened_at, recorded_at, body, salt, digest, previous
         from event where dossier = $1 order by happened_at, id limit 5000",
        dossier.0,
    )?;
    rows.into_iter().map(Event::try_from).collect()
}

/// A link of a chain that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    pub event: EventId,
    pub number: i64,
}

/// Recomputes the chain of one subject; the first row that does not hold, if any.
pub async fn check_chain(reader: &mut Reader, subject: Subject) -> Result<Option<Break>, Error> {
    let rows: Vec<EventRow> = fetch_all!(
        reader,
        "event.chain",
        "select id, subject_kind, subject, number, dossier, agency, actor, on_behalf_of, purpose,
            happened_at, recorded_at, body, salt, digest, previous
         from event where subject_kind = $1 and subject = $2 order by number",
        subject.kind(),
        subject.id(),
    )?;
    let mut previous: Option<Vec<u8>> = None;
    for (index, row) in rows.into_iter().enumerate() {
        let broken = Break { event: EventId(row.id), number: row.number };
        let (body, salt, digest, linked) =
            (row.body.clone(), row.salt.clone(), row.digest.clone(), row.previous.clone());
        let number = row.number;
        let Ok(event) = Event::try_from(row) else { return Ok(Some(broken)) };
        let recorded_at = event.recorded_at;
        let id = event.id.0;
        let new = NewEvent {
            subject: event.subject,
            dossier: event.dossier,
            agency: event.agency,
            actor: event.actor,
            on_behalf_of: event.on_behalf_of,
            purpose: event.purpose,
            happened_at: event.happened_at,
            body: event.body,
        };
        let sealed = Sealed { id, number, event: &new, body: &body, now: recorded_at };
        let expected = sealed.digest(&salt, previous.as_deref());
        let in_place = i64::try_from(index).is_ok_and(|index| number == index + 1);
        if !in_place || linked != previous || digest != expected {
            return Ok(Some(broken));
        }
        previous = Some(digest);
    }
    Ok(None)
}
