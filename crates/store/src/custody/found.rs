//! Papers that were found and belong to no dossier yet, and the dossier each turned out to belong to.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::id::{AgencyId, DossierId, FoundPaperId, OfficerId};
use sqlx::types::Json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A paper somebody found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPaper {
    pub id: FoundPaperId,
    pub version: i64,
    pub agency: AgencyId,
    pub found_by: OfficerId,
    pub found_at: Timestamp,
    /// What it is, in the finder's words.
    pub what: String,
    /// Where it lay.
    pub place: String,
    pub dossier: Option<DossierId>,
}

#[derive(sqlx::FromRow)]
struct FoundRow {
    id: Uuid,
    version: i64,
    agency: Uuid,
    found_by: Uuid,
    found_at: i64,
    what: String,
    place: String,
    dossier: Option<Uuid>,
}

impl TryFrom<FoundRow> for FoundPaper {
    type Error = Error;

    fn try_from(row: FoundRow) -> Result<Self, Error> {
        let found_at = from_micros(row.found_at);
        Ok(Self {
            id: FoundPaperId(row.id),
            version: row.version,
            agency: AgencyId(row.agency),
            found_by: OfficerId(row.found_by),
            found_at: found_at.map_err(|_| Error::corrupt("found_paper", "found_at", row.id))?,
            what: row.what,
            place: row.place,
            dossier: row.dossier.map(DossierId),
        })
    }
}

/// Writes down a paper at version 1.
pub async fn add(tx: &mut Tx, found: &FoundPaper) -> Result<(), Error> {
    execute!(
        tx,
        "found_paper.add",
        "insert into found_paper (id, version, agency, found_by, found_at, what, place)
         values ($1, 1, $2, $3, $4, $5, $6)",
        found.id.0,
        found.agency.0,
        found.found_by.0,
        to_micros(found.found_at),
        found.what.as_str(),
        found.place.as_str(),
    )?;
    Ok(())
}

pub async fn find(reader: &mut Reader, id: FoundPaperId) -> Result<Option<FoundPaper>, Error> {
    let row: Option<FoundRow> = fetch_optional!(
        reader,
        "found_paper.find",
        "select id, version, agency, found_by, found_at, what, place, dossier from found_paper
         where id = $1",
        id.0,
    )?;
    row.map(FoundPaper::try_from).transpose()
}

/// What waits for its dossier in these agencies, the longest first.
pub async fn untied(
    reader: &mut Reader,
    agencies: &BTreeSet<AgencyId>,
    limit: i64,
) -> Result<Vec<FoundPaper>, Error> {
    let agencies: Vec<Uuid> = agencies.iter().map(|agency| agency.0).collect();
    let rows: Vec<FoundRow> = fetch_all!(
        reader,
        "found_paper.untied",
        "select id, version, agency, found_by, found_at, what, place, dossier from found_paper
         where agency in IDS($1) and dossier is null order by found_at, id limit $2",
        Json(&agencies),
        limit,
    )?;
    rows.into_iter().map(FoundPaper::try_from).collect()
}

/// Ties a paper that was read at `found.version` to its dossier.
pub async fn tie(
    tx: &mut Tx,
    found: &FoundPaper,
    dossier: DossierId,
    by: OfficerId,
    now: Timestamp,
) -> Result<(), Error> {
    let tied = execute!(
        tx,
        "found_paper.tie",
        "update found_paper set version = version + 1, dossier = $3, tied_by = $4, tied_at = $5
         where id = $1 and version = $2 and dossier is null",
        found.id.0,
        found.version,
        dossier.0,
        by.0,
        to_micros(now),
    )?;
    if tied == 0 {
        return Err(Error::Stale { table: "found_paper", row: found.id.to_string() });
    }
    Ok(())
}
