//! The register of what an agency received (sổ theo dõi hồ sơ), in the order it came.

use super::{DossierLine, lines_by_ids};
use crate::Error;
use crate::engine::{Reader, fetch_all, fetch_one};
use crate::people::reading::Sight;
use crate::time::from_micros;
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

/// A place in the register: lines after it come next.
pub type Place = (Date, DossierId);

/// Before the first line of a day.
pub fn start_of(day: Date) -> Place {
    (day, DossierId(Uuid::nil()))
}

/// What an agency received up to a day, from a place of the register on: of it, what a scope lets see.
pub async fn lines(
    reader: &mut Reader,
    scope: &Scope,
    agency: AgencyId,
    (after_day, after): Place,
    to: Date,
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
           and (d.received_on > $2 or d.id > $4) and SEEN(d, d.procedure, $5)
         order by d.received_on, d.id limit $6",
        agency.0,
        after_day.to_string(),
        to.to_string(),
        after.0,
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

/// How many the agency received from one day to the day before another: what stands in the register before
/// a page of it.
pub async fn n_between(
    reader: &mut Reader,
    scope: &Scope,
    agency: AgencyId,
    (from, before): (Date, Date),
) -> Result<i64, Error> {
    let (n,): (i64,) = fetch_one!(
        reader,
        "register.n_between",
        "select count(*) from dossier d
         where d.receiving = $1 and d.received_on >= $2 and d.received_on < $3 and SEEN(d, d.procedure, $4)",
        agency.0,
        from.to_string(),
        before.to_string(),
        Json(Sight::from(scope)),
    )?;
    Ok(n)
}

#[cfg(test)]
mod tests;
