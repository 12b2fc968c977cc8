//! The keys by which programs act for officers. A row knows the digest of the secret, never the secret.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::error::{JsonText, open};
use crate::session::SecretHash;
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::id::{ApiKeyId, OfficerId};
use rules::people::api_key::{AddressRange, Scope};
use sqlx::types::Json;
use uuid::Uuid;

/// A key, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    /// For whom a program acts by it.
    pub officer: OfficerId,
    pub name: String,
    /// The first letters of its secret.
    pub prefix: String,
    pub scopes: Vec<Scope>,
    pub ranges: Vec<AddressRange>,
    pub last_day: Date,
    pub made_by: OfficerId,
    pub made_at: Timestamp,
    /// The end of its last day.
    pub expires_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    officer: Uuid,
    name: String,
    prefix: String,
    scopes: JsonText,
    ranges: JsonText,
    last_day: String,
    made_by: Uuid,
    made_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TryFrom<Row> for ApiKey {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("api_key", column, row.id);
        let instant = |micros, column| from_micros(micros).map_err(|_| corrupt(column));
        Ok(Self {
            id: ApiKeyId(row.id),
            officer: OfficerId(row.officer),
            last_day: row.last_day.parse().map_err(|_| corrupt("last_day"))?,
            made_by: OfficerId(row.made_by),
            made_at: instant(row.made_at, "made_at")?,
            expires_at: instant(row.expires_at, "expires_at")?,
            last_used_at: row.last_used_at.map(|at| instant(at, "last_used_at")).transpose()?,
            revoked_at: row.revoked_at.map(|at| instant(at, "revoked_at")).transpose()?,
            scopes: open(row.scopes, "api_key", "scopes", row.id)?,
            ranges: open(row.ranges, "api_key", "ranges", row.id)?,
            name: row.name,
            prefix: row.prefix,
        })
    }
}

/// Keeps a new key under the digest of its secret.
pub async fn add(tx: &mut Tx, key: &ApiKey, secret: SecretHash) -> Result<(), Error> {
    execute!(
        tx,
        "api_key.add",
        "insert into api_key (id, officer, name, prefix, secret_hash, scopes, ranges, last_day, made_by,
            made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        key.id.0,
        key.officer.0,
        key.name.as_str(),
        key.prefix.as_str(),
        secret.bytes(),
        Json(&key.scopes),
        Json(&key.ranges),
        key.last_day.to_string(),
        key.made_by.0,
        to_micros(key.made_at),
        to_micros(key.expires_at),
    )
    .map(drop)
}

/// The keys of an officer, the newest first; those that are over too.
pub async fn of_officer(reader: &mut Reader, officer: OfficerId) -> Result<Vec<ApiKey>, Error> {
    let rows: Vec<Row> = fetch_all!(
        reader,
        "api_key.of_officer",
        "select id, officer, name, prefix, scopes, ranges, last_day, made_by, made_at, expires_at,
            last_used_at, revoked_at
         from api_key where officer = $1 order by made_at desc, id desc limit 100",
        officer.0,
    )?;
    rows.into_iter().map(ApiKey::try_from).collect()
}

/// The key of this secret, also where it is over.
pub async fn by_secret(reader: &mut Reader, secret: SecretHash) -> Result<Option<ApiKey>, Error> {
    let row: Option<Row> = fetch_optional!(
        reader,
        "api_key.by_secret",
        "select id, officer, name, prefix, scopes, ranges, last_day, made_by, made_at, expires_at,
            last_used_at, revoked_at
         from api_key where secret_hash = $1",
        secret.bytes(),
    )?;
    row.map(ApiKey::try_from).transpose()
}

pub async fn note_use(tx: &mut Tx, id: ApiKeyId, now: Timestamp) -> Result<(), Error> {
    execute!(
        tx,
        "api_key.note_use",
        "update api_key set last_used_at = $2 where id = $1",
        id.0,
        to_micros(now)
    )
    .map(drop)
}

/// Ends a key of an officer; `false` when he has none such that is not ended already.
pub async fn revoke(
    tx: &mut Tx,
    officer: OfficerId,
    id: ApiKeyId,
    by: OfficerId,
    now: Timestamp,
) -> Result<bool, Error> {
    let n_rows = execute!(
        tx,
        "api_key.revoke",
        "update api_key set revoked_by = $3, revoked_at = $4
         where id = $2 and officer = $1 and revoked_at is null",
        officer.0,
        id.0,
        by.0,
        to_micros(now),
    )?;
    Ok(n_rows == 1)
}

#[cfg(test)]
mod tests {
    use super::{ApiKey, add, by_secret, note_use, of_officer, revoke};
    use crate::sample::{after, now, office};
    use crate::session::SecretHash;
    use crate::testing::Scratch;
    use crate::time::new_id;
    use crate::{Error, on_both};
    use jiff::civil::date;
    use rules::id::ApiKeyId;
    use rules::people::api_key::Scope;

    async fn a_key_is_found_by_its_secret_used_and_revoked_once(db: Scratch) {
        let house = office(&db).await;
        let (officer, other) = (house.counter, house.specialist);
        let key = &ApiKey {
            id: ApiKeyId(new_id(now())),
            officer,
            name: "cổng tra cứu".to_owned(),
            prefix: "mc_01234567".to_owned(),
            scopes: vec![Scope::Read, Scope::Books],
            ranges: vec!["10.0.0.0/8".parse().expect("a range")],
            last_day: date(2026, 12, 31),
            made_by: officer,
            made_at: now(),
            expires_at: after(60),
            last_used_at: None,
            revoked_at: None,
        };
        let secret = SecretHash::of(b"secret");
        db.act(|mut tx| async move { add(&mut tx, key, secret).await }).await.expect("added");
        let twice = &ApiKey { id: ApiKeyId(new_id(now())), ..key.clone() };
        let taken = db.act(|mut tx| async move { add(&mut tx, twice, secret).await }).await;
        assert!(matches!(&taken, Err(Error::Taken(name)) if *name == "api_key_secret_key"), "{taken:?}");
        let mut reader = db.read().await.expect("a snapshot");
        assert_eq!(by_secret(&mut reader, secret).await.expect("read").as_ref(), Some(key));
        assert_eq!(by_secret(&mut reader, SecretHash::of(b"guess")).await.expect("read"), None);
        assert_eq!(of_officer(&mut reader, other).await.expect("read"), []);
        drop(reader);
        db.act(|mut tx| async move { note_use(&mut tx, key.id, after(5)).await }).await.expect("noted");
        let ended = async |whose| {
            let revoked =
                db.act(|mut tx| async move { revoke(&mut tx, whose, key.id, other, after(6)).await });
            revoked.await.expect("done")
        };
        assert_eq!((ended(other).await, ended(officer).await, ended(officer).await), (false, true, false));
        let over = ApiKey { last_used_at: Some(after(5)), revoked_at: Some(after(6)), ..key.clone() };
        let mut reader = db.read().await.expect("a snapshot");
        assert_eq!(of_officer(&mut reader, officer).await.expect("read"), [over]);
    }

    on_both!(a_key_is_found_by_its_secret_used_and_revoked_once);
}
