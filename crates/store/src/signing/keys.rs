//! The keys held in software as whoever keeps them sees them: what their certificates say, how they came,
//! when they end, and those that wait for a second person.

use super::{KeyHolder, SoftwareKey, put_key};
use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_one, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::event::KeyOrigin;
use rules::id::{KeyProposalId, OfficerId};
use rules::signing::keys::Validity;
use sqlx::types::Json;
use std::fmt;
use uuid::Uuid;

/// Signatures of one key that are counted.
pub const MOST_COUNTED: i64 = 10_000;

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certified {
    /// Its subject.
    pub label: String,
    pub serial: String,
    pub issuer: String,
    pub first: Timestamp,
    pub last: Timestamp,
}

/// A key without the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLine {
    pub holder: Uuid,
    pub holder_kind: KeyHolder,
    pub label: String,
    /// None where nobody could open it yet.
    pub certified: Option<Certified>,
    pub origin: KeyOrigin,
    /// When it was put in; none where that was before anybody noted it.
    pub put_at: Option<Timestamp>,
    pub put_by: Option<OfficerId>,
    pub ends_on: Option<Date>,
}

impl KeyLine {
    /// Within which bounds it signs.
    pub fn validity(&self) -> Option<Validity> {
        let certified = self.certified.as_ref()?;
        Some(Validity { first: certified.first, last: certified.last, ends_on: self.ends_on })
    }
}

#[derive(sqlx::FromRow)]
struct LineRow {
    holder: Uuid,
    holder_kind: String,
    label: String,
    certificate_number: Option<String>,
    issuer: Option<String>,
    not_before: Option<i64>,
    not_after: Option<i64>,
    origin: String,
    put_at: Option<i64>,
    put_by: Option<Uuid>,
    ends_on: Option<String>,
}

impl TryFrom<LineRow> for KeyLine {
    type Error = Error;

    fn try_from(row: LineRow) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("signing_key", column, row.holder);
        let instant = |micros, column| from_micros(micros).map_err(|_| corrupt(column));
        let certified = match (row.certificate_number, row.issuer, row.not_before, row.not_after) {
            (Some(serial), Some(issuer), Some(first), Some(last)) => Some(Certified {
                label: row.label.clone(),
                serial,
                issuer,
                first: instant(first, "not_before")?,
                last: instant(last, "not_after")?,
            }),
            _ => None,
        };
        Ok(Self {
            holder: row.holder,
            holder_kind: KeyHolder::parse(&row.holder_kind).ok_or_else(|| corrupt("holder_kind"))?,
            label: row.label,
            certified,
            origin: origin(&row.origin).ok_or_else(|| corrupt("origin"))?,
            put_at: row.put_at.map(|at| instant(at, "put_at")).transpose()?,
            put_by: row.put_by.map(OfficerId),
            ends_on: row
                .ends_on
                .map(|day| day.parse())
                .transpose()
                .map_err(|_: jiff::Error| corrupt("ends_on"))?,
        })
    }
}

fn origin(word: &str) -> Option<KeyOrigin> {
    [KeyOrigin::Given, KeyOrigin::File, KeyOrigin::Trial]
        .into_iter()
        .find(|origin| origin_word(*origin) == word)
}

fn origin_word(origin: KeyOrigin) -> &'static str {
    match origin {
        KeyOrigin::Given => "given",
        KeyOrigin::File => "file",
        KeyOrigin::Trial => "trial",
    }
}

/// The keys of these holders, in no order.
pub async fn lines(reader: &mut Reader, holders: &[Uuid]) -> Result<Vec<KeyLine>, Error> {
    let rows: Vec<LineRow> = fetch_all!(
        reader,
        "signing_key.lines",
        "select holder, holder_kind, label, certificate_number, issuer, not_before, not_after, origin, put_at, put_by, ends_on
         from signing_key where holder in IDS($1)",
        Json(holders),
    )?;
    rows.into_iter().map(KeyLine::try_from).collect()
}

/// Keys of which it is not written beside them what their certificates say.
pub async fn undescribed(reader: &mut Reader, limit: i64) -> Result<Vec<SoftwareKey>, Error> {
    let rows: Vec<(Uuid, String, String, Vec<u8>)> = fetch_all!(
        reader,
        "signing_key.undescribed",
        "select holder, holder_kind, label, pkcs12 from signing_key where certificate_number is null order by holder limit $1",
        limit,
    )?;
    rows.into_iter()
        .map(|(holder, kind, label, pkcs12)| {
            let holder_kind = KeyHolder::parse(&kind)
                .ok_or_else(|| Error::corrupt("signing_key", "holder_kind", holder))?;
            Ok(SoftwareKey { holder, holder_kind, label, pkcs12 })
        })
        .collect()
}

/// Writes beside a key what its certificate says, unless it was replaced meanwhile.
pub async fn describe(tx: &mut Tx, key: &SoftwareKey, certified: &Certified) -> Result<(), Error> {
    execute!(
        tx,
        "signing_key.describe",
        "update signing_key set certificate_number = $3, issuer = $4, not_before = $5, not_after = $6
         where holder = $1 and pkcs12 = $2",
        key.holder,
        key.pkcs12.as_slice(),
        certified.serial.as_str(),
        certified.issuer.as_str(),
        to_micros(certified.first),
        to_micros(certified.last),
    )
    .map(drop)
}

/// Puts a key in the place of the old one, with how it came.
pub async fn install(
    tx: &mut Tx,
    key: &SoftwareKey,
    certified: &Certified,
    came: (KeyOrigin, OfficerId),
    now: Timestamp,
) -> Result<(), Error> {
    put_key(tx, key).await?;
    describe(tx, key, certified).await?;
    execute!(
        tx,
        "signing_key.note_origin",
        "update signing_key set origin = $2, put_at = $3, put_by = $4 where holder = $1",
        key.holder,
        origin_word(came.0),
        to_micros(now),
        came.1.0,
    )
    .map(drop)
}

/// Lets a key sign nothing more from this day on.
pub async fn end(tx: &mut Tx, holder: Uuid, on: Date) -> Result<(), Error> {
    execute!(
        tx,
        "signing_key.end",
        "update signing_key set ends_on = $2 where holder = $1",
        holder,
        on.to_string(),
    )
    .map(drop)
}

/// How many certificates have ended, and how many more end before `soon`.
pub async fn counts(reader: &mut Reader, now: Timestamp, soon: Timestamp) -> Result<(i64, i64), Error> {
    let count = |ended: Option<i64>, ending: Option<i64>| (ended.unwrap_or(0), ending.unwrap_or(0));
    let (ended, ending): (Option<i64>, Option<i64>) = fetch_one!(
        reader,
        "signing_key.counts",
        "select cast(sum(case when not_after < $1 then 1 else 0 end) as bigint),
            cast(sum(case when not_after >= $1 then 1 else 0 end) as bigint)
         from signing_key where not_after < $2",
        to_micros(now),
        to_micros(soon),
    )?;
    Ok(count(ended, ending))
}

/// How often an officer has signed since a moment, counted up to [`MOST_COUNTED`].
pub async fn n_signed_by(reader: &mut Reader, officer: Uuid, since: Timestamp) -> Result<i64, Error> {
    let (n,): (i64,) = fetch_one!(
        reader,
        "signing_key.n_signed_by",
        "select count(*) from (
            select id from event where actor = $1 and kind = 'result_signed' and happened_at >= $2
            union all
            select id from event where on_behalf_of = $1 and kind in ('result_signed', 'paper_signed')
                and happened_at >= $2
            limit $3) as signed",
        officer,
        to_micros(since),
        MOST_COUNTED,
    )?;
    Ok(n)
}

/// How often an agency's seal was put since a moment, counted up to [`MOST_COUNTED`].
pub async fn n_sealed_by(reader: &mut Reader, agency: Uuid, since: Timestamp) -> Result<i64, Error> {
    let (n,): (i64,) = fetch_one!(
        reader,
        "signing_key.n_sealed_by",
        "select count(*) from (select id from event
            where agency = $1 and kind = 'result_sealed' and happened_at >= $2 limit $3) as sealed",
        agency,
        to_micros(since),
        MOST_COUNTED,
    )?;
    Ok(n)
}

/// A key that waits for its second person.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyProposal {
    pub id: KeyProposalId,
    pub holder: Uuid,
    pub holder_kind: KeyHolder,
    pub certified: Certified,
    pub pkcs12: Vec<u8>,
    /// Why the certificate names its holder otherwise.
    pub name_reason: Option<String>,
    pub proposed_by: OfficerId,
    pub proposed_at: Timestamp,
    /// The last day on which it may be confirmed.
    pub lapses_on: Date,
}

impl fmt::Debug for KeyProposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyProposal")
            .field("id", &self.id)
            .field("holder", &self.holder)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct ProposalRow {
    id: Uuid,
    holder: Uuid,
    holder_kind: String,
    label: String,
    certificate_number: String,
    issuer: String,
    not_before: i64,
    not_after: i64,
    pkcs12: Vec<u8>,
    name_reason: Option<String>,
    proposed_by: Uuid,
    proposed_at: i64,
    lapses_on: String,
}

impl TryFrom<ProposalRow> for KeyProposal {
    type Error = Error;

    fn try_from(row: ProposalRow) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("signing_key_proposal", column, row.id);
        let instant = |micros, column| from_micros(micros).map_err(|_| corrupt(column));
        Ok(Self {
            id: KeyProposalId(row.id),
            holder: row.holder,
            holder_kind: KeyHolder::parse(&row.holder_kind).ok_or_else(|| corrupt("holder_kind"))?,
            certified: Certified {
                label: row.label,
                serial: row.certificate_number,
                issuer: row.issuer,
                first: instant(row.not_before, "not_before")?,
                last: instant(row.not_after, "not_after")?,
            },
            pkcs12: row.pkcs12,
            name_reason: row.name_reason,
            proposed_by: OfficerId(row.proposed_by),
            proposed_at: instant(row.proposed_at, "proposed_at")?,
            lapses_on: row.lapses_on.parse().map_err(|_: jiff::Error| corrupt("lapses_on"))?,
        })
    }
}

/// Keeps a key for its second person; one that waited for the same holder is gone.
pub async fn propose(tx: &mut Tx, proposal: &KeyProposal) -> Result<(), Error> {
    execute!(
        tx,
        "signing_key_proposal.replace",
        "delete from signing_key_proposal where holder = $1",
        proposal.holder,
    )?;
    execute!(
        tx,
        "signing_key_proposal.add",
        "insert into signing_key_proposal (id, holder, holder_kind, label, certificate_number, issuer, not_before, not_after,
            pkcs12, name_reason, proposed_by, proposed_at, lapses_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        proposal.id.0,
        proposal.holder,
        proposal.holder_kind.word(),
        proposal.certified.label.as_str(),
        proposal.certified.serial.as_str(),
        proposal.certified.issuer.as_str(),
        to_micros(proposal.certified.first),
        to_micros(proposal.certified.last),
        proposal.pkcs12.as_slice(),
        proposal.name_reason.as_deref(),
        proposal.proposed_by.0,
        to_micros(proposal.proposed_at),
        proposal.lapses_on.to_string(),
    )
    .map(drop)
}

/// The key that waits for a holder.
pub async fn proposal_for(reader: &mut Reader, holder: Uuid) -> Result<Option<KeyProposal>, Error> {
    let row: Option<ProposalRow> = fetch_optional!(
        reader,
        "signing_key_proposal.of_holder",
        "select id, holder, holder_kind, label, certificate_number, issuer, not_before, not_after, pkcs12, name_reason,
            proposed_by, proposed_at, lapses_on
         from signing_key_proposal where holder = $1",
        holder,
    )?;
    row.map(KeyProposal::try_from).transpose()
}

/// Which of these holders have a key that waits.
pub async fn proposed_for(reader: &mut Reader, holders: &[Uuid]) -> Result<Vec<Uuid>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "signing_key_proposal.of_holders",
        "select holder from signing_key_proposal where holder in IDS($1)",
        Json(holders),
    )?;
    Ok(rows.into_iter().map(|(holder,)| holder).collect())
}

/// Forgets a key that waited, with its file.
pub async fn forget_proposal(tx: &mut Tx, id: KeyProposalId) -> Result<(), Error> {
    execute!(tx, "signing_key_proposal.forget", "delete from signing_key_proposal where id = $1", id.0,)
        .map(drop)
}

#[cfg(test)]
mod tests;
