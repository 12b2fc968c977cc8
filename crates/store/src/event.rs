//! The events: append only, chained by digest along their subject, salted so that a body disposed of by
//! law leaves a digest that still holds the chain. What holds the chains together is `audit`.

mod append;
pub mod trail;

pub use append::{append, append_to_each};

use crate::Error;
use crate::engine::{Reader, fetch_all, fetch_one};
use crate::time::from_micros;
use jiff::Timestamp;
use rules::event::{Event, Subject};
use rules::id::{DossierId, EventId};
use sha2::{Digest, Sha256};
use trail::Kept;
use uuid::Uuid;

/// The salt keeps a short body from being guessed from its digest once the body is disposed of.
pub(crate) fn digest_of_body(salt: &[u8], body: &str) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(salt);
    digest.update(body.as_bytes());
    digest.finalize().into()
}

/// What a digest covers: every column as it is stored but the digest itself, the body by its own
/// digest.
pub(crate) struct Sealed<'e> {
    pub(crate) id: Uuid,
    pub(crate) kind: &'e str,
    pub(crate) version: i64,
    pub(crate) subject_kind: &'e str,
    pub(crate) subject: Uuid,
    pub(crate) number: i64,
    pub(crate) dossier: Option<Uuid>,
    pub(crate) agency: Uuid,
    pub(crate) actor: Option<Uuid>,
    pub(crate) on_behalf_of: Option<Uuid>,
    pub(crate) purpose: Option<&'e str>,
    pub(crate) happened_at: i64,
    pub(crate) recorded_at: i64,
    pub(crate) body_digest: &'e [u8],
    pub(crate) previous: Option<&'e [u8]>,
}

impl Sealed<'_> {
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut whole = Sha256::new();
        for part in [
            Some(self.id.as_bytes().as_slice()),
            Some(self.kind.as_bytes()),
            Some(&self.version.to_be_bytes()),
            Some(self.subject_kind.as_bytes()),
            Some(self.subject.as_bytes()),
            Some(&self.number.to_be_bytes()),
            self.dossier.as_ref().map(|id| id.as_bytes().as_slice()),
            Some(self.agency.as_bytes()),
            self.actor.as_ref().map(|id| id.as_bytes().as_slice()),
            self.on_behalf_of.as_ref().map(|id| id.as_bytes().as_slice()),
            self.purpose.map(str::as_bytes),
            Some(&self.happened_at.to_be_bytes()),
            Some(&self.recorded_at.to_be_bytes()),
            Some(self.body_digest),
            self.previous,
        ] {
            cover(&mut whole, part);
        }
        whole.finalize().into()
    }
}

/// Takes one part of a row into its digest. The length goes before, so that no two rows run together to
/// the same bytes; nothing is not the same as empty.
pub(crate) fn cover(whole: &mut Sha256, part: Option<&[u8]>) {
    let n_bytes = part.map_or(u64::MAX, |part| part.len() as u64);
    whole.update(n_bytes.to_be_bytes());
    whole.update(part.unwrap_or_default());
}

#[derive(sqlx::FromRow)]
pub(crate) struct EventRow {
    pub(crate) id: Uuid,
    kind: String,
    version: i64,
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
    body: Option<String>,
    salt: Option<Vec<u8>>,
    pub(crate) body_digest: Vec<u8>,
    pub(crate) digest: Vec<u8>,
    pub(crate) previous: Option<Vec<u8>>,
}

fn corrupt(row: &EventRow, column: &'static str) -> Error {
    Error::corrupt("event", column, row.id)
}

impl TryFrom<EventRow> for Event {
    type Error = Error;

    fn try_from(row: EventRow) -> Result<Self, Error> {
        let gone = corrupt(&row, "body");
        Kept::try_from(row)?.into_event().ok_or(gone)
    }
}

/// What happened to a dossier, the oldest first; events whose body was disposed of are left out. Who only
/// looked at it is told to its holder, as events about him.
pub async fn of_dossier(reader: &mut Reader, dossier: DossierId) -> Result<Vec<Event>, Error> {
    let rows: Vec<EventRow> = fetch_all!(
        reader,
        "event.of_dossier",
        "select id, kind, version, subject_kind, subject, number, dossier, agency, actor, on_behalf_of,
            purpose, happened_at, recorded_at, body, salt, body_digest, digest, previous
         from event where dossier = $1 and subject_kind <> 'party' and body is not null
         order by happened_at, subject_kind, subject, number limit 5000",
        dossier.0,
    )?;
    rows.into_iter().map(Event::try_from).collect()
}

/// The first `limit` events of one subject, in their order; those whose body was disposed of are left out.
pub async fn of_subject(reader: &mut Reader, subject: Subject, limit: i64) -> Result<Vec<Event>, Error> {
    let rows: Vec<EventRow> = fetch_all!(
        reader,
        "event.of_subject",
        "select id, kind, version, subject_kind, subject, number, dossier, agency, actor, on_behalf_of,
            purpose, happened_at, recorded_at, body, salt, body_digest, digest, previous
         from event where subject_kind = $1 and subject = $2 and body is not null order by number limit $3",
        subject.kind(),
        subject.id(),
        limit,
    )?;
    rows.into_iter().map(Event::try_from).collect()
}

/// Every subject that has events, page by page: those behind `after`, at most `limit`, in an order of
/// their own. The last of a page is the next page's `after`.
pub async fn subjects(
    reader: &mut Reader,
    after: Option<Subject>,
    limit: i64,
) -> Result<Vec<Subject>, Error> {
    // Before every subject.
    let (kind, id) = after.map_or(("", Uuid::nil()), |subject| (subject.kind(), subject.id()));
    let rows: Vec<(String, Uuid)> = fetch_all!(
        reader,
        "event.subjects",
        "select distinct subject_kind, subject from event where (subject_kind, subject) > ($1, $2)
         order by subject_kind, subject limit $3",
        kind,
        id,
        limit,
    )?;
    rows.into_iter()
        .map(|(kind, id)| {
            Subject::from_parts(&kind, id).ok_or_else(|| Error::corrupt("event", "subject_kind", id))
        })
        .collect()
}

/// How many events there are.
pub async fn count(reader: &mut Reader) -> Result<i64, Error> {
    let (n,): (i64,) = fetch_one!(reader, "event.count", "select count(*) from event")?;
    Ok(n)
}

/// A link of a chain that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    pub event: EventId,
    pub number: i64,
    pub recorded_at: Timestamp,
    pub why: Why,
}

/// What is wrong with an event that stands in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It does not follow the row before it, or is not what its digest was made of.
    Unchained,
    /// It neither has a place in the order nor waits for one: no act wrote it.
    Unplaced,
    /// It waits for a place and has one.
    PlacedTwice,
}

/// The chain of one subject, recomputed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// Rows up to the break, if any.
    pub n_events: u64,
    /// Those of them that no checkpoint covers yet.
    pub n_unsealed: u64,
    /// The first row that does not hold.
    pub broken: Option<Break>,
}

#[derive(sqlx::FromRow)]
struct ChainRow {
    #[sqlx(flatten)]
    event: EventRow,
    is_placed: i64,
    is_waiting: i64,
}

/// Recomputes the chain of one subject; the first row that does not hold, if any.
pub async fn check_chain(reader: &mut Reader, subject: Subject) -> Result<Option<Break>, Error> {
    read_chain(reader, subject).await.map(|chain| chain.broken)
}

/// Recomputes the chain of one subject.
///
/// Found are a body or a column that was edited, a row that was put in, taken out or moved: at that row
/// or at the one behind it. What a chain alone cannot show is that its last rows are missing, or that
/// somebody wrote the row and all behind it anew: that is what the checkpoints of `audit` are for.
/// A body disposed of by law, with its salt, breaks nothing.
pub async fn read_chain(reader: &mut Reader, subject: Subject) -> Result<Chain, Error> {
    let mut chain = Chain::default();
    let (mut number, mut previous) = (0, None);
    loop {
        let rows: Vec<ChainRow> = fetch_all!(
            reader,
            "event.chain",
            "select id, kind, version, subject_kind, subject, number, dossier, agency, actor, on_behalf_of,
                purpose, happened_at, recorded_at, body, salt, body_digest, digest, previous,
                (select count(*) from event_order o where o.event = event.id) as is_placed,
                (select count(*) from event_unsealed u where u.event = event.id) as is_waiting
             from event where subject_kind = $1 and subject = $2 and number > $3 order by number limit $4",
            subject.kind(),
            subject.id(),
            number,
            CHAIN_PAGE,
        )?;
        let whole_page = i64::try_from(rows.len()).is_ok_and(|n_rows| n_rows == CHAIN_PAGE);
        for row in rows {
            if let Some(why) = row.fault(number, previous.as_deref()) {
                let ChainRow { event: row, .. } = row;
                let recorded_at = from_micros(row.recorded_at).map_err(|_| corrupt(&row, "recorded_at"))?;
                let (event, number) = (EventId(row.id), row.number);
                chain.broken = Some(Break { event, number, recorded_at, why });
                return Ok(chain);
            }
            chain.n_events += 1;
            chain.n_unsealed += u64::from(row.is_placed == 0);
            (number, previous) = (row.event.number, Some(row.event.digest));
        }
        if !whole_page {
            return Ok(chain);
        }
    }
}

/// Rows of a chain read at once: an officer's chain grows with every signing in.
const CHAIN_PAGE: i64 = 500;

impl ChainRow {
    /// What is wrong with this row behind the one of that number and digest.
    fn fault(&self, number: i64, previous: Option<&[u8]>) -> Option<Why> {
        let row = &self.event;
        if row.number != number + 1 || row.previous.as_deref() != previous || !row.holds() {
            return Some(Why::Unchained);
        }
        match (self.is_placed, self.is_waiting) {
            (0, 0) => Some(Why::Unplaced),
            (0, _) | (_, 0) => None,
            _ => Some(Why::PlacedTwice),
        }
    }
}

impl EventRow {
    /// Do the digests of this row fit what it holds?
    fn holds(&self) -> bool {
        let body_holds = match self.body_digest() {
            Some(digest) => digest.as_slice() == self.body_digest,
            None => self.body.is_none() && self.salt.is_none(),
        };
        body_holds && self.digest().as_slice() == self.digest
    }

    /// Computed anew; none where the body was disposed of.
    pub(crate) fn body_digest(&self) -> Option<[u8; 32]> {
        Some(digest_of_body(self.salt.as_ref()?, self.body.as_ref()?))
    }

    /// Computed anew from all columns but itself.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let sealed = Sealed {
            id: self.id,
            kind: &self.kind,
            version: self.version,
            subject_kind: &self.subject_kind,
            subject: self.subject,
            number: self.number,
            dossier: self.dossier,
            agency: self.agency,
            actor: self.actor,
            on_behalf_of: self.on_behalf_of,
            purpose: self.purpose.as_deref(),
            happened_at: self.happened_at,
            recorded_at: self.recorded_at,
            body_digest: &self.body_digest,
            previous: self.previous.as_deref(),
        };
        sealed.digest()
    }
}

#[cfg(test)]
mod tests;
