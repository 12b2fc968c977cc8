//! Where an agency's fees are paid to from a day on, and the screens at its counters that ask for them. A row
//! knows the hash of a screen's secret, never the secret.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::session::SecretHash;
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::counter::vietqr::Account;
use rules::id::{AgencyId, DossierId, FeeAccountId, FeeScreenId, OfficerId};
use uuid::Uuid;

/// An account as it was decided; without one fees are paid in cash alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeAccount {
    pub id: FeeAccountId,
    pub agency: AgencyId,
    pub valid_from: Date,
    pub account: Option<Account>,
    pub reason: String,
    pub put_by: OfficerId,
    pub put_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: Uuid,
    agency: Uuid,
    valid_from: String,
    bank: Option<String>,
    bin: Option<String>,
    number: Option<String>,
    holder: Option<String>,
    reason: String,
    put_by: Uuid,
    put_at: i64,
}

impl TryFrom<AccountRow> for FeeAccount {
    type Error = Error;

    fn try_from(row: AccountRow) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("fee_account", column, row.id);
        let account = match (row.bank, row.bin, row.number, row.holder) {
            (Some(bank), Some(bin), Some(number), Some(holder)) => {
                Some(Account { bank, bin, number, holder })
            }
            (None, None, None, None) => None,
            _ => return Err(corrupt("number")),
        };
        Ok(Self {
            id: FeeAccountId(row.id),
            agency: AgencyId(row.agency),
            valid_from: row.valid_from.parse().map_err(|_| corrupt("valid_from"))?,
            account,
            put_at: from_micros(row.put_at).map_err(|_| corrupt("put_at"))?,
            reason: row.reason,
            put_by: OfficerId(row.put_by),
        })
    }
}

pub async fn add_account(tx: &mut Tx, decided: &FeeAccount) -> Result<(), Error> {
    let account = decided.account.as_ref();
    execute!(
        tx,
        "fee_account.add",
        "insert into fee_account (id, agency, valid_from, bank, bin, number, holder, reason, put_by, put_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        decided.id.0,
        decided.agency.0,
        decided.valid_from.to_string(),
        account.map(|account| account.bank.as_str()),
        account.map(|account| account.bin.as_str()),
        account.map(|account| account.number.as_str()),
        account.map(|account| account.holder.as_str()),
        decided.reason.as_str(),
        decided.put_by.0,
        to_micros(decided.put_at),
    )
    .map(drop)
}

/// Every decision of an agency, past and to come: the latest first day first, and of two for one day the later
/// decision.
pub async fn accounts(reader: &mut Reader, agency: AgencyId) -> Result<Vec<FeeAccount>, Error> {
    let rows: Vec<AccountRow> = fetch_all!(
        reader,
        "fee_account.of_agency",
        "select id, agency, valid_from, bank, bin, number, holder, reason, put_by, put_at from fee_account
         where agency = $1 order by valid_from desc, put_at desc, id desc limit 500",
        agency.0,
    )?;
    rows.into_iter().map(FeeAccount::try_from).collect()
}

/// A screen at a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeScreen {
    pub id: FeeScreenId,
    pub agency: AgencyId,
    pub counter: String,
    pub made_by: OfficerId,
    pub made_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
    pub shows: Option<Asking>,
}

/// What a screen asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asking {
    pub dossier: DossierId,
    /// All that was owed when it was put there.
    pub owed: i64,
    pub until: Timestamp,
}

#[derive(sqlx::FromRow)]
struct ScreenRow {
    id: Uuid,
    agency: Uuid,
    counter: String,
    made_by: Uuid,
    made_at: i64,
    withdrawn_at: Option<i64>,
    shown_dossier: Option<Uuid>,
    shown_owed: Option<i64>,
    shown_until: Option<i64>,
}

impl TryFrom<ScreenRow> for FeeScreen {
    type Error = Error;

    fn try_from(row: ScreenRow) -> Result<Self, Error> {
        let at =
            |micros, column| from_micros(micros).map_err(|_| Error::corrupt("fee_screen", column, row.id));
        let shows = match (row.shown_dossier, row.shown_owed, row.shown_until) {
            (Some(dossier), Some(owed), Some(until)) => {
                Some(Asking { dossier: DossierId(dossier), owed, until: at(until, "shown_until")? })
            }
            _ => None,
        };
        Ok(Self {
            id: FeeScreenId(row.id),
            agency: AgencyId(row.agency),
            counter: row.counter,
            made_by: OfficerId(row.made_by),
            made_at: at(row.made_at, "made_at")?,
            withdrawn_at: row.withdrawn_at.map(|micros| at(micros, "withdrawn_at")).transpose()?,
            shows,
        })
    }
}

pub async fn add_screen(tx: &mut Tx, screen: &FeeScreen, secret: SecretHash) -> Result<(), Error> {
    execute!(
        tx,
        "fee_screen.add",
        "insert into fee_screen (id, agency, counter, secret_hash, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6)",
        screen.id.0,
        screen.agency.0,
        screen.counter.as_str(),
        secret.bytes(),
        screen.made_by.0,
        to_micros(screen.made_at),
    )
    .map(drop)
}

/// The screen whose link has this secret, unless it was withdrawn.
pub async fn screen_by_secret(reader: &mut Reader, secret: SecretHash) -> Result<Option<FeeScreen>, Error> {
    let row: Option<ScreenRow> = fetch_optional!(
        reader,
        "fee_screen.by_secret",
        "select id, agency, counter, made_by, made_at, withdrawn_at, shown_dossier, shown_owed, shown_until
         from fee_screen where secret_hash = $1 and withdrawn_at is null",
        secret.bytes(),
    )?;
    row.map(FeeScreen::try_from).transpose()
}

/// The screen at a counter.
pub async fn screen_at(
    reader: &mut Reader,
    agency: AgencyId,
    counter: &str,
) -> Result<Option<FeeScreen>, Error> {
    let row: Option<ScreenRow> = fetch_optional!(
        reader,
        "fee_screen.at",
        "select id, agency, counter, made_by, made_at, withdrawn_at, shown_dossier, shown_owed, shown_until
         from fee_screen where agency = $1 and counter = $2 and withdrawn_at is null",
        agency.0,
        counter,
    )?;
    row.map(FeeScreen::try_from).transpose()
}

/// The screens of an agency, those withdrawn as well, the newest first.
pub async fn screens(reader: &mut Reader, agency: AgencyId) -> Result<Vec<FeeScreen>, Error> {
    let rows: Vec<ScreenRow> = fetch_all!(
        reader,
        "fee_screen.of_agency",
        "select id, agency, counter, made_by, made_at, withdrawn_at, shown_dossier, shown_owed, shown_until
         from fee_screen where agency = $1 order by made_at desc, id desc limit 100",
        agency.0,
    )?;
    rows.into_iter().map(FeeScreen::try_from).collect()
}

/// What a screen asks for from now on; nothing for nothing. [`Error::Stale`] when it was withdrawn.
pub async fn ask(tx: &mut Tx, id: FeeScreenId, asking: Option<Asking>) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "fee_screen.ask",
        "update fee_screen set shown_dossier = $2, shown_owed = $3, shown_until = $4
         where id = $1 and withdrawn_at is null",
        id.0,
        asking.map(|asking| asking.dossier.0),
        asking.map(|asking| asking.owed),
        asking.map(|asking| to_micros(asking.until)),
    )?;
    if saved == 0 { Err(Error::Stale { table: "fee_screen", row: id.to_string() }) } else { Ok(()) }
}

/// Makes a link lead nowhere, for good; [`Error::Stale`] when it is not one of this agency that leads
/// somewhere.
pub async fn withdraw_screen(
    tx: &mut Tx,
    id: FeeScreenId,
    agency: AgencyId,
    by: OfficerId,
    now: Timestamp,
) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "fee_screen.withdraw",
        "update fee_screen set withdrawn_by = $3, withdrawn_at = $4
         where id = $1 and agency = $2 and withdrawn_at is null",
        id.0,
        agency.0,
        by.0,
        to_micros(now),
    )?;
    if saved == 0 { Err(Error::Stale { table: "fee_screen", row: id.to_string() }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
