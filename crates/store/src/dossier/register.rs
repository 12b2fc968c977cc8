//! The register of what an agency received (sổ theo dõi hồ sơ), in the order it came.

use super::{DossierLine, lines_by_ids};
use crate::Error;
use crate::engine::{Reader, fetch_all};
use crate::people::reading::Sight;
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::id::{AgencyId, DossierId};
use rules::people::Scope;
use sqlx::types::Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A line of the register.
#[derive(Clone, Debug)]
pub struct RegisterLine {
    pub line: DossierLine,
    pub received_on: Date,
    pub holder_address: String,
    pub holder_phone: String,
    /// When its result left the office, the last time where it was corrected.
    pub handed_over_at: Option<Timestamp>,
}

/// A place in the register, when a dossier came and which: lines after it come next.
pub type Place = (Timestamp, DossierId);

/// What an agency received from one day to another, behind a place of the register where one is named: of
/// it, what a scope lets see.
pub async fn lines(
    reader: &mut Reader,
    scope: &Scope,
    agency: AgencyId,
    (from, to): (Date, Date),
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<RegisterLine>, Error> {
    let rows: Vec<(Uuid, String, String, String, Option<i64>)> = fetch_all!(
        reader,
        "register.lines",
        "select d.id, d.received_on, h.address, h.phone,
            (select max(e.happened_at) from event e
             where e.dossier = d.id and e.kind = 'result_handed_over') as handed_over_at
         from dossier d join party h on h.id = d.holder
         where d.receiving = $1 and d.received_on >= $2 and d.received_on <= $3
           and (d.received_at > $4 or (d.received_at = $4 and d.id > $5)) and SEEN(d, d.procedure, $6)
         order by d.received_at, d.id limit $7",
        agency.0,
        from.to_string(),
        to.to_string(),
        after.map_or(i64::MIN, |(at, _)| to_micros(at)),
        after.map_or(Uuid::nil(), |(_, id)| id.0),
        Json(Sight::from(scope)),
        limit,
    )?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.0).collect();
    let mut known: BTreeMap<Uuid, DossierLine> =
        lines_by_ids(reader, &ids).await?.into_iter().map(|line| (line.dossier.id.0, line)).collect();
    rows.into_iter()
        .filter_map(|(id, received_on, holder_address, holder_phone, handed_over_at)| {
            let line = known.remove(&id)?;
            let corrupt = |column| Error::corrupt("dossier", column, id);
            let read = || {
                Ok(RegisterLine {
                    line,
                    received_on: received_on.parse().map_err(|_| corrupt("received_on"))?,
                    holder_address,
                    holder_phone,
                    handed_over_at: handed_over_at
                        .map(|at| from_micros(at).map_err(|_| corrupt("handed_over_at")))
                        .transpose()?,
                })
            };
            Some(read())
        })
        .collect()
}

/// The ordinals of some dossiers among all the agency received since the first day of a year: what somebody
/// may not see is counted all the same.
pub async fn ordinals(
    reader: &mut Reader,
    agency: AgencyId,
    (new_year, to): (Date, Date),
    dossiers: &[DossierId],
) -> Result<BTreeMap<DossierId, i64>, Error> {
    let ids: Vec<Uuid> = dossiers.iter().map(|id| id.0).collect();
    let rows: Vec<(Uuid, i64)> = fetch_all!(
        reader,
        "register.ordinals",
        "select id, ordinal from (
            select id, row_number() over (order by received_at, id) as ordinal from dossier
            where receiving = $1 and received_on >= $2 and received_on <= $3) counted
         where id in IDS($4)",
        agency.0,
        new_year.to_string(),
        to.to_string(),
        Json(ids),
    )?;
    Ok(rows.into_iter().map(|(id, ordinal)| (DossierId(id), ordinal)).collect())
}

#[cfg(test)]
mod tests;
