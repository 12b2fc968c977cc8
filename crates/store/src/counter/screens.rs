//! Links to call screens. A row knows the hash of a link's secret, never the secret.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::session::SecretHash;
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::id::{AgencyId, CallScreenId, OfficerId};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallScreen {
    pub id: CallScreenId,
    pub agency: AgencyId,
    /// Where it hangs.
    pub name: String,
    pub made_by: OfficerId,
    pub made_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct ScreenRow {
    id: Uuid,
    agency: Uuid,
    name: String,
    made_by: Uuid,
    made_at: i64,
    withdrawn_at: Option<i64>,
}

impl TryFrom<ScreenRow> for CallScreen {
    type Error = Error;

    fn try_from(row: ScreenRow) -> Result<Self, Error> {
        let at =
            |micros, column| from_micros(micros).map_err(|_| Error::corrupt("call_screen", column, row.id));
        Ok(Self {
            id: CallScreenId(row.id),
            agency: AgencyId(row.agency),
            name: row.name,
            made_by: OfficerId(row.made_by),
            made_at: at(row.made_at, "made_at")?,
            withdrawn_at: row.withdrawn_at.map(|micros| at(micros, "withdrawn_at")).transpose()?,
        })
    }
}

pub async fn add(tx: &mut Tx, screen: &CallScreen, secret: SecretHash) -> Result<(), Error> {
    execute!(
        tx,
        "call_screen.add",
        "insert into call_screen (id, agency, name, secret_hash, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6)",
        screen.id.0,
        screen.agency.0,
        screen.name.as_str(),
        secret.bytes(),
        screen.made_by.0,
        to_micros(screen.made_at),
    )
    .map(drop)
}

/// The screen whose link has this secret, unless it was withdrawn.
pub async fn by_secret(reader: &mut Reader, secret: SecretHash) -> Result<Option<CallScreen>, Error> {
    let row: Option<ScreenRow> = fetch_optional!(
        reader,
        "call_screen.by_secret",
        "select id, agency, name, made_by, made_at, withdrawn_at from call_screen
         where secret_hash = $1 and withdrawn_at is null",
        secret.bytes(),
    )?;
    row.map(CallScreen::try_from).transpose()
}

/// The screens of an agency, those withdrawn as well, the newest first.
pub async fn of_agency(reader: &mut Reader, agency: AgencyId) -> Result<Vec<CallScreen>, Error> {
    let rows: Vec<ScreenRow> = fetch_all!(
        reader,
        "call_screen.of_agency",
        "select id, agency, name, made_by, made_at, withdrawn_at from call_screen
         where agency = $1 order by made_at desc, id desc limit 100",
        agency.0,
    )?;
    rows.into_iter().map(CallScreen::try_from).collect()
}

/// Makes a link lead nowhere, for good; [`Error::Stale`] when it is not one of this agency that leads
/// somewhere.
pub async fn withdraw(
    tx: &mut Tx,
    id: CallScreenId,
    agency: AgencyId,
    by: OfficerId,
    now: Timestamp,
) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "call_screen.withdraw",
        "update call_screen set withdrawn_by = $3, withdrawn_at = $4
         where id = $1 and agency = $2 and withdrawn_at is null",
        id.0,
        agency.0,
        by.0,
        to_micros(now),
    )?;
    if saved == 0 { Err(Error::Stale { table: "call_screen", row: id.to_string() }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
