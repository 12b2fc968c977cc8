//! The procedures an officer takes most: those he chose, and those his counter received.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::time::to_micros;
use jiff::Timestamp;
use jiff::civil::Date;
use rules::id::{AgencyId, OfficerId};
use sqlx::types::Json;

/// The codes an officer chose, in the order of their keys, with the version of the list; 0 and none before
/// he has chosen.
pub async fn chosen(reader: &mut Reader, officer: OfficerId) -> Result<(i64, Vec<String>), Error> {
    let row: Option<(i64, Json<Vec<String>>)> = fetch_optional!(
        reader,
        "favourite.chosen",
        "select version, procedures from favourite where officer = $1",
        officer.0,
    )?;
    Ok(row.map_or((0, Vec::new()), |(version, Json(codes))| (version, codes)))
}

/// Saves a list that was read at `version`.
pub async fn save(
    tx: &mut Tx,
    officer: OfficerId,
    version: i64,
    codes: &[String],
    now: Timestamp,
) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "favourite.save",
        "insert into favourite (officer, version, procedures, changed_at)
         values ($1, cast($2 as bigint) + 1, $3, $4)
         on conflict (officer) do update set version = favourite.version + 1,
            procedures = excluded.procedures, changed_at = excluded.changed_at
         where favourite.version = $2",
        officer.0,
        version,
        Json(codes),
        to_micros(now),
    )?;
    if saved == 0 { Err(Error::Stale { table: "favourite", row: officer.to_string() }) } else { Ok(()) }
}

/// The procedures an agency received most from `since` on, the most received first.
pub async fn most_received(
    reader: &mut Reader,
    agency: AgencyId,
    since: Date,
    limit: u32,
) -> Result<Vec<String>, Error> {
    let rows: Vec<(String,)> = fetch_all!(
        reader,
        "favourite.most_received",
        "select procedure from dossier where receiving = $1 and received_on >= $2
         group by procedure order by count(*) desc, procedure limit $3",
        agency.0,
        since.to_string(),
        i64::from(limit),
    )?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

#[cfg(test)]
mod tests;
