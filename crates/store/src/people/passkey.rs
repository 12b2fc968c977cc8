//! The passkeys of officers: public keys with the names their owners gave them.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::id::OfficerId;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

/// A passkey, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Passkey {
    pub id: Uuid,
    pub officer: OfficerId,
    pub name: String,
    /// The id its authenticator gave it.
    pub credential: Vec<u8>,
    /// Public key and counter, in the words of who checks them.
    pub body: Value,
    pub added_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    officer: Uuid,
    name: String,
    credential: Vec<u8>,
    body: Json<Value>,
    added_at: i64,
    used_at: Option<i64>,
}

impl TryFrom<Row> for Passkey {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let instant = |micros| from_micros(micros).map_err(|_| Error::corrupt("passkey", "at", row.id));
        Ok(Self {
            id: row.id,
            officer: OfficerId(row.officer),
            added_at: instant(row.added_at)?,
            used_at: row.used_at.map(instant).transpose()?,
            name: row.name,
            credential: row.credential,
            body: row.body.0,
        })
    }
}

/// Adds a passkey; [`Error::Taken`] (`passkey_credential_key`) when its credential is known.
pub async fn add(tx: &mut Tx, passkey: &Passkey) -> Result<(), Error> {
    execute!(
        tx,
        "passkey.add",
        "insert into passkey (id, officer, name, credential, body, added_at) values ($1, $2, $3, $4, $5, $6)",
        passkey.id,
        passkey.officer.0,
        passkey.name.as_str(),
        passkey.credential.as_slice(),
        Json(&passkey.body),
        to_micros(passkey.added_at),
    )
    .map(drop)
}

/// The passkeys of an officer, the oldest first.
pub async fn of_officer(reader: &mut Reader, officer: OfficerId) -> Result<Vec<Passkey>, Error> {
    let rows: Vec<Row> = fetch_all!(
        reader,
        "passkey.of_officer",
        "select id, officer, name, credential, body, added_at, used_at from passkey
         where officer = $1 order by added_at, id limit 100",
        officer.0,
    )?;
    rows.into_iter().map(Passkey::try_from).collect()
}

pub async fn by_credential(reader: &mut Reader, credential: &[u8]) -> Result<Option<Passkey>, Error> {
    let row: Option<Row> = fetch_optional!(
        reader,
        "passkey.by_credential",
        "select id, officer, name, credential, body, added_at, used_at from passkey where credential = $1",
        credential,
    )?;
    row.map(Passkey::try_from).transpose()
}

/// Somebody signed in with it, which may have moved its counter; `false` when it was removed meanwhile.
pub async fn note_use(tx: &mut Tx, id: Uuid, body: &Value, now: Timestamp) -> Result<bool, Error> {
    let saved = execute!(
        tx,
        "passkey.note_use",
        "update passkey set body = $2, used_at = $3 where id = $1",
        id,
        Json(body),
        to_micros(now),
    )?;
    Ok(saved == 1)
}

/// Removes a passkey of an officer; `false` when he has none such.
pub async fn remove(tx: &mut Tx, officer: OfficerId, id: Uuid) -> Result<bool, Error> {
    let gone =
        execute!(tx, "passkey.remove", "delete from passkey where officer = $1 and id = $2", officer.0, id)?;
    Ok(gone == 1)
}

/// Removes all of an officer's, and counts them.
pub async fn remove_all_of(tx: &mut Tx, officer: OfficerId) -> Result<u64, Error> {
    execute!(tx, "passkey.remove_all_of", "delete from passkey where officer = $1", officer.0)
}

#[cfg(test)]
mod tests {
    use super::{Passkey, add, by_credential, note_use, of_officer, remove, remove_all_of};
    use crate::sample::{after, now, office};
    use crate::testing::Scratch;
    use crate::{Error, on_both, time};
    use rules::id::OfficerId;
    use serde_json::json;

    fn passkey(officer: OfficerId, name: &str) -> Passkey {
        Passkey {
            id: time::new_id(now()),
            officer,
            name: name.to_owned(),
            credential: name.as_bytes().to_vec(),
            body: json!({ "counter": 0 }),
            added_at: now(),
            used_at: None,
        }
    }

    async fn a_passkey_is_found_used_and_removed_by_its_officer(db: Scratch) {
        let house = office(&db).await;
        let (officer, other) = (house.counter, house.specialist);
        let keys = &[passkey(officer, "điện thoại"), passkey(officer, "máy tính"), passkey(other, "khác")];
        for key in keys {
            db.act(|mut tx| async move { add(&mut tx, key).await }).await.expect("added");
        }
        let twice = &Passkey { id: time::new_id(now()), ..keys[0].clone() };
        let taken = db.act(|mut tx| async move { add(&mut tx, twice).await }).await;
        assert!(matches!(&taken, Err(Error::Taken(name)) if *name == "passkey_credential_key"), "{taken:?}");

        let id = keys[0].id;
        let moved = &json!({ "counter": 1 });
        assert!(
            db.act(|mut tx| async move { note_use(&mut tx, id, moved, after(5)).await }).await.expect("done")
        );
        let mut reader = db.read().await.expect("a snapshot");
        let found = by_credential(&mut reader, &keys[0].credential).await.expect("read");
        assert_eq!(
            found.as_ref(),
            Some(&Passkey { body: moved.clone(), used_at: Some(after(5)), ..keys[0].clone() })
        );
        assert_eq!(by_credential(&mut reader, b"guess").await.expect("read"), None);
        drop(reader);

        let removed = async |whose| {
            db.act(|mut tx| async move { remove(&mut tx, whose, id).await }).await.expect("done")
        };
        assert!(!removed(other).await, "it is not his");
        assert!(removed(officer).await);
        assert!(
            !db.act(|mut tx| async move { note_use(&mut tx, id, moved, now()).await }).await.expect("done")
        );
        let n_gone = db.act(|mut tx| async move { remove_all_of(&mut tx, officer).await }).await;
        assert_eq!(n_gone.expect("done"), 1);
        let mut reader = db.read().await.expect("a snapshot");
        assert!(of_officer(&mut reader, officer).await.expect("read").is_empty());
        assert_eq!(of_officer(&mut reader, other).await.expect("read"), [keys[2].clone()]);
    }

    on_both!(a_passkey_is_found_used_and_removed_by_its_officer);
}
