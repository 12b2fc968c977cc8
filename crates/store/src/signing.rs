//! Results on their way to the seal, and the keys held in software.

pub mod book;
pub mod keys;
pub mod post;
pub mod receipts;
pub mod round;
pub mod wording;

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::error::{JsonText, open};
use crate::time::to_micros;
use jiff::Timestamp;
use rules::id::{AgencyId, DossierId, PartyId, ResultId};
use rules::people::AgencyScope;
use rules::signing::ResultPaper;
use sqlx::types::Json;
use std::fmt;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct ResultRow {
    id: Uuid,
    version: i64,
    dossier: Uuid,
    owner: Uuid,
    receiving: Uuid,
    competent: Uuid,
    holding: Uuid,
    result_type: String,
    body: JsonText,
}

impl TryFrom<ResultRow> for ResultPaper {
    type Error = Error;

    fn try_from(row: ResultRow) -> Result<Self, Error> {
        Ok(Self {
            id: ResultId(row.id),
            version: row.version,
            dossier: DossierId(row.dossier),
            owner: PartyId(row.owner),
            scope: AgencyScope {
                receiving: AgencyId(row.receiving),
                competent: AgencyId(row.competent),
                holding: AgencyId(row.holding),
            },
            result_type: row.result_type,
            state: open(row.body, "result", "body", row.id)?,
        })
    }
}

/// Adds a draft at version 1.
pub async fn add_result(tx: &mut Tx, result: &ResultPaper, now: Timestamp) -> Result<(), Error> {
    execute!(
        tx,
        "result.add",
        "insert into result (id, version, dossier, owner, receiving, competent, holding, result_type,
            state, created_at, body)
         values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        result.id.0,
        result.dossier.0,
        result.owner.0,
        result.scope.receiving.0,
        result.scope.competent.0,
        result.scope.holding.0,
        result.result_type.as_str(),
        result.state.kind(),
        to_micros(now),
        Json(&result.state),
    )?;
    Ok(())
}

/// Saves a result read at `result.version`.
pub async fn save_result(tx: &mut Tx, result: &ResultPaper) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "result.save",
        "update result set version = version + 1, state = $3, body = $4 where id = $1 and version = $2",
        result.id.0,
        result.version,
        result.state.kind(),
        Json(&result.state),
    )?;
    if saved == 0 {
        return Err(Error::Stale { table: "result", row: result.id.to_string() });
    }
    Ok(())
}

pub async fn result(reader: &mut Reader, id: ResultId) -> Result<Option<ResultPaper>, Error> {
    let row: Option<ResultRow> = fetch_optional!(
        reader,
        "result.find",
        "select id, version, dossier, owner, receiving, competent, holding, result_type, body
         from result where id = $1",
        id.0,
    )?;
    row.map(ResultPaper::try_from).transpose()
}

/// Every draft and result of a dossier, the oldest first.
pub async fn results_of_dossier(reader: &mut Reader, dossier: DossierId) -> Result<Vec<ResultPaper>, Error> {
    let rows: Vec<ResultRow> = fetch_all!(
        reader,
        "result.of_dossier",
        "select id, version, dossier, owner, receiving, competent, holding, result_type, body
         from result where dossier = $1 order by created_at, id limit 100",
        dossier.0,
    )?;
    rows.into_iter().map(ResultPaper::try_from).collect()
}

/// The drafts and results with these ids, in no order.
pub async fn results_by_ids(reader: &mut Reader, ids: &[ResultId]) -> Result<Vec<ResultPaper>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<ResultRow> = fetch_all!(
        reader,
        "result.by_ids",
        "select id, version, dossier, owner, receiving, competent, holding, result_type, body
         from result where id in IDS($1)",
        Json(&ids),
    )?;
    rows.into_iter().map(ResultPaper::try_from).collect()
}

/// A key held in software, of an officer or of an agency.
#[derive(Clone)]
pub struct SoftwareKey {
    /// The id of the officer or the agency; one of its own for the installation.
    pub holder: Uuid,
    pub holder_kind: KeyHolder,
    /// The certificate's subject, to show.
    pub label: String,
    pub pkcs12: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHolder {
    Officer,
    Agency,
    /// The installation itself, which signs what it writes down.
    Installation,
}

impl KeyHolder {
    const ALL: [Self; 3] = [Self::Officer, Self::Agency, Self::Installation];

    fn word(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Agency => "agency",
            Self::Installation => "installation",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SoftwareKey").field("holder", &self.holder).finish_non_exhaustive()
    }
}

/// Keeps a key; a holder has one, and a new one takes the place of the old with all that was noted of it.
pub async fn put_key(tx: &mut Tx, key: &SoftwareKey) -> Result<(), Error> {
    execute!(
        tx,
        "signing_key.put",
        "insert into signing_key (holder, holder_kind, label, pkcs12) values ($1, $2, $3, $4)
         on conflict (holder) do update set label = excluded.label, pkcs12 = excluded.pkcs12, certificate_number = null,
            issuer = null, not_before = null, not_after = null, origin = 'given', put_at = null, put_by = null,
            ends_on = null",
        key.holder,
        key.holder_kind.word(),
        key.label.as_str(),
        key.pkcs12.as_slice(),
    )?;
    Ok(())
}

/// The key of an officer or an agency.
pub async fn key(reader: &mut Reader, holder: Uuid) -> Result<Option<SoftwareKey>, Error> {
    let row: Option<(Uuid, String, String, Vec<u8>)> = fetch_optional!(
        reader,
        "signing_key.find",
        "select holder, holder_kind, label, pkcs12 from signing_key where holder = $1",
        holder,
    )?;
    row.map(|(holder, kind, label, pkcs12)| {
        let holder_kind =
            KeyHolder::parse(&kind).ok_or_else(|| Error::corrupt("signing_key", "holder_kind", holder))?;
        Ok(SoftwareKey { holder, holder_kind, label, pkcs12 })
    })
    .transpose()
}

#[cfg(test)]
mod tests;
