//! Stocktakings: what is counted, what was met so far, and what came of it.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::error::{JsonText, open};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::custody::stocktaking::{Area, Tally};
use rules::id::{AgencyId, FolderId, OfficerId, StocktakingId};
use sqlx::types::Json;
use uuid::Uuid;

/// A stocktaking of one officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stocktaking {
    pub id: StocktakingId,
    pub version: i64,
    pub officer: OfficerId,
    pub agency: AgencyId,
    pub area: Area,
    pub begun_at: Timestamp,
    /// None while it goes on.
    pub ended: Option<(Timestamp, Tally)>,
}

#[derive(sqlx::FromRow)]
struct StocktakingRow {
    id: Uuid,
    version: i64,
    officer: Uuid,
    agency: Uuid,
    area: JsonText,
    begun_at: i64,
    ended_at: Option<i64>,
    tally: Option<JsonText>,
}

impl TryFrom<StocktakingRow> for Stocktaking {
    type Error = Error;

    fn try_from(row: StocktakingRow) -> Result<Self, Error> {
        let id = row.id;
        let instant =
            |micros, column| from_micros(micros).map_err(|_| Error::corrupt("stocktaking", column, id));
        let ended = match (row.ended_at, row.tally) {
            (Some(at), Some(tally)) => {
                Some((instant(at, "ended_at")?, open(tally, "stocktaking", "tally", id)?))
            }
            _ => None,
        };
        Ok(Self {
            id: StocktakingId(id),
            version: row.version,
            officer: OfficerId(row.officer),
            agency: AgencyId(row.agency),
            area: open(row.area, "stocktaking", "area", id)?,
            begun_at: instant(row.begun_at, "begun_at")?,
            ended,
        })
    }
}

/// Begins one at version 1.
pub async fn add(tx: &mut Tx, counted: &Stocktaking) -> Result<(), Error> {
    execute!(
        tx,
        "stocktaking.add",
        "insert into stocktaking (id, version, officer, agency, area, begun_at)
         values ($1, 1, $2, $3, $4, $5)",
        counted.id.0,
        counted.officer.0,
        counted.agency.0,
        Json(&counted.area),
        to_micros(counted.begun_at),
    )?;
    Ok(())
}

pub async fn find(reader: &mut Reader, id: StocktakingId) -> Result<Option<Stocktaking>, Error> {
    let row: Option<StocktakingRow> = fetch_optional!(
        reader,
        "stocktaking.find",
        "select id, version, officer, agency, area, begun_at, ended_at, tally from stocktaking
         where id = $1",
        id.0,
    )?;
    row.map(Stocktaking::try_from).transpose()
}

/// The last ones of an officer.
pub async fn of_officer(
    reader: &mut Reader,
    officer: OfficerId,
    limit: i64,
) -> Result<Vec<Stocktaking>, Error> {
    let rows: Vec<StocktakingRow> = fetch_all!(
        reader,
        "stocktaking.of_officer",
        "select id, version, officer, agency, area, begun_at, ended_at, tally from stocktaking
         where officer = $1 order by begun_at desc, id limit $2",
        officer.0,
        limit,
    )?;
    rows.into_iter().map(Stocktaking::try_from).collect()
}

/// A folder was met; false where it was met before.
pub async fn meet(tx: &mut Tx, id: StocktakingId, folder: FolderId, now: Timestamp) -> Result<bool, Error> {
    let met = execute!(
        tx,
        "stocktaking.meet",
        "insert into stocktaking_folder (stocktaking, folder, met_at) values ($1, $2, $3)
         on conflict (stocktaking, folder) do nothing",
        id.0,
        folder.0,
        to_micros(now),
    )?;
    Ok(met > 0)
}

/// What was met so far, the last first.
pub async fn met(reader: &mut Reader, id: StocktakingId) -> Result<Vec<FolderId>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "stocktaking.met",
        "select folder from stocktaking_folder where stocktaking = $1 order by met_at desc, folder
         limit 10000",
        id.0,
    )?;
    Ok(rows.into_iter().map(|(id,)| FolderId(id)).collect())
}

/// Ends one that was read at `counted.version`.
pub async fn end(tx: &mut Tx, counted: &Stocktaking, tally: &Tally, now: Timestamp) -> Result<(), Error> {
    let ended = execute!(
        tx,
        "stocktaking.end",
        "update stocktaking set version = version + 1, ended_at = $3, tally = $4
         where id = $1 and version = $2 and ended_at is null",
        counted.id.0,
        counted.version,
        to_micros(now),
        Json(tally),
    )?;
    if ended == 0 {
        return Err(Error::Stale { table: "stocktaking", row: counted.id.to_string() });
    }
    Ok(())
}
