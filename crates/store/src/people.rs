//! Officers with their posts, and parties with their numbers. A party's own are in `parties`, what
//! officers may do on a day in [`rights`], lists of accounts in [`roster`], who read whose papers in [`reading`]; how they sign in beside
//! the password in [`second_factor`], [`passkey`] and [`pending`].

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_one, fetch_optional};
use crate::time::to_micros;
use jiff::Timestamp;
use jiff::civil::Date;
use rules::id::{AgencyId, OfficerId};
use rules::people::{Post, Role};
use sqlx::types::Json;
use std::collections::BTreeMap;
use uuid::Uuid;

pub mod api_key;
pub mod glass;
pub mod identity;
mod parties;
pub mod passkey;
pub mod pending;
pub mod reading;
pub mod rights;
pub mod roster;
pub mod second_factor;

pub use crate::unit::{KeptUnit, put_unit, unit, unit_names, units, units_by_ids};
pub use parties::{
    NumberKind, Party, PartyKind, PartyNumber, parties_by_ids, party, party_by_number, save_party,
};

/// An officer as the sign-in needs him.
#[derive(Clone, Debug)]
pub struct Officer {
    pub id: OfficerId,
    pub login: String,
    pub name: String,
    /// Chức danh, printed under a signature.
    pub title: String,
    pub agency: AgencyId,
    pub password_hash: String,
    pub active: bool,
    /// Those he has, had and will have, by agency, role and day.
    pub posts: Vec<Post>,
}

#[derive(sqlx::FromRow)]
struct OfficerRow {
    id: Uuid,
    login: String,
    name: String,
    title: String,
    agency: Uuid,
    password_hash: String,
    active: bool,
}

pub(crate) fn role_text(role: Role) -> &'static str {
    match role {
        Role::Counter => "counter",
        Role::Specialist => "specialist",
        Role::Head => "head",
        Role::Leader => "leader",
        Role::Clerk => "clerk",
        Role::Admin => "admin",
        Role::Auditor => "auditor",
        Role::Gateway => "gateway",
        Role::CentreHead => "centre_head",
        Role::PostOffice => "post_office",
    }
}

/// The role of the word kept in columns.
pub(crate) fn role_of(text: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|&role| role_text(role) == text)
}

fn corrupt(table: &'static str, column: &'static str, row: impl ToString) -> Error {
    Error::Corrupt { table, column: column.into(), row: row.to_string() }
}

/// Adds an officer with his posts; [`Error::Taken`] (`officer_login_key`) when the login is another's.
pub async fn add_officer(tx: &mut Tx, officer: &Officer) -> Result<(), Error> {
    execute!(
        tx,
        "officer.add",
        "insert into officer (id, version, login, name, title, agency, password_hash, active)
         values ($1, 1, $2, $3, $4, $5, $6, $7)",
        officer.id.0,
        officer.login.as_str(),
        officer.name.as_str(),
        officer.title.as_str(),
        officer.agency.0,
        officer.password_hash.as_str(),
        officer.active,
    )?;
    for post in &officer.posts {
        rights::add_post(tx, officer.id, post).await?;
    }
    Ok(())
}

/// The officer with this login, to the letter.
pub async fn officer_by_login(reader: &mut Reader, login: &str) -> Result<Option<Officer>, Error> {
    let row: Option<OfficerRow> = fetch_optional!(
        reader,
        "officer.by_login",
        "select id, login, name, title, agency, password_hash, active from officer where login = $1",
        login,
    )?;
    match row {
        Some(row) => with_posts(reader, row).await.map(Some),
        None => Ok(None),
    }
}

pub async fn officer(reader: &mut Reader, id: OfficerId) -> Result<Option<Officer>, Error> {
    let row: Option<OfficerRow> = fetch_optional!(
        reader,
        "officer.find",
        "select id, login, name, title, agency, password_hash, active from officer where id = $1",
        id.0,
    )?;
    match row {
        Some(row) => with_posts(reader, row).await.map(Some),
        None => Ok(None),
    }
}

async fn with_posts(reader: &mut Reader, row: OfficerRow) -> Result<Officer, Error> {
    let posts = rights::posts(reader, OfficerId(row.id)).await?;
    Ok(Officer {
        id: OfficerId(row.id),
        login: row.login,
        name: row.name,
        title: row.title,
        agency: AgencyId(row.agency),
        password_hash: row.password_hash,
        active: row.active,
        posts,
    })
}

/// Moves an officer to another agency, whose paper his events will be from then on.
pub async fn set_agency(tx: &mut Tx, officer: OfficerId, agency: AgencyId) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "officer.set_agency",
        "update officer set agency = $2, version = version + 1 where id = $1",
        officer.0,
        agency.0,
    )?;
    if saved == 0 {
        return Err(Error::Stale { table: "officer", row: officer.to_string() });
    }
    Ok(())
}

/// Every account with its posts, by agency and login.
pub async fn officers(reader: &mut Reader) -> Result<Vec<Officer>, Error> {
    let rows: Vec<OfficerRow> = fetch_all!(
        reader,
        "officer.all",
        "select id, login, name, title, agency, password_hash, active from officer
         order by agency, login limit 100000",
    )?;
    let mut officers = Vec::new();
    for row in rows {
        officers.push(with_posts(reader, row).await?);
    }
    Ok(officers)
}

/// Who has this account comes in no more.
pub async fn lock_account(tx: &mut Tx, officer: OfficerId) -> Result<(), Error> {
    set_active(tx, officer, false).await
}

/// Who has this account comes in again.
pub async fn unlock_account(tx: &mut Tx, officer: OfficerId) -> Result<(), Error> {
    set_active(tx, officer, true).await
}

async fn set_active(tx: &mut Tx, officer: OfficerId, active: bool) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "officer.set_active",
        "update officer set active = $2, version = version + 1 where id = $1",
        officer.0,
        active,
    )?;
    if saved == 0 {
        return Err(Error::Stale { table: "officer", row: officer.to_string() });
    }
    Ok(())
}

/// Gives an account another password.
pub async fn set_password(tx: &mut Tx, officer: OfficerId, hash: &str) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "officer.set_password",
        "update officer set password_hash = $2, version = version + 1 where id = $1",
        officer.0,
        hash,
    )?;
    if saved == 0 {
        return Err(Error::Stale { table: "officer", row: officer.to_string() });
    }
    Ok(())
}

/// The names of officers, for sentences; ids of nobody are left out.
pub async fn officer_names(reader: &mut Reader, ids: &[Uuid]) -> Result<BTreeMap<OfficerId, String>, Error> {
    let rows: Vec<(Uuid, String)> =
        fetch_all!(reader, "officer.names", "select id, name from officer where id in IDS($1)", Json(ids),)?;
    Ok(rows.into_iter().map(|(id, name)| (OfficerId(id), name)).collect())
}

/// Who signs for an agency: name and title of its first leader of the day, to be proposed under a result.
pub async fn leader_of(
    reader: &mut Reader,
    agency: AgencyId,
    day: Date,
) -> Result<Option<(String, String)>, Error> {
    fetch_optional!(
        reader,
        "officer.leader_of",
        "select o.name, o.title from officer o join post p on p.officer = o.id
         where p.agency = $1 and p.role = 'leader' and o.active and p.valid_from <= $2
           and (p.valid_to is null or p.valid_to >= $2)
         order by o.id limit 1",
        agency.0,
        day.to_string(),
    )
}

pub async fn n_officers(reader: &mut Reader) -> Result<i64, Error> {
    let (n,): (i64,) = fetch_one!(reader, "officer.count", "select count(*) from officer")?;
    Ok(n)
}

/// Counts a failure. `login` and `address` have at most 100 letters.
pub async fn add_sign_in_failure(
    tx: &mut Tx,
    login: &str,
    address: &str,
    now: Timestamp,
) -> Result<(), Error> {
    execute!(
        tx,
        "sign_in_failure.add",
        "insert into sign_in_failure (id, login, address, at) values ($1, $2, $3, $4)",
        crate::time::new_id(now),
        login,
        address,
        to_micros(now),
    )?;
    Ok(())
}

/// Failures since `since`: of this login, and from this address.
pub async fn sign_in_failures(
    reader: &mut Reader,
    login: &str,
    address: &str,
    since: Timestamp,
) -> Result<(i64, i64), Error> {
    fetch_one!(
        reader,
        "sign_in_failure.count",
        "select (select count(*) from sign_in_failure where login = $1 and at > $3),
                (select count(*) from sign_in_failure where address = $2 and at > $3)",
        login,
        address,
        to_micros(since),
    )
}

/// Forgets the failures of a login that has just succeeded, and those older than `before`.
pub async fn clear_sign_in_failures(tx: &mut Tx, login: &str, before: Timestamp) -> Result<(), Error> {
    execute!(
        tx,
        "sign_in_failure.clear",
        "delete from sign_in_failure where login = $1 or at < $2",
        login,
        to_micros(before),
    )?;
    Ok(())
}

#[cfg(test)]
mod tests;
