//! Sign-ins that are half done: what the server remembers between two requests. A row is no session; it
//! knows the hash of the cookie's secret, never the secret.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_optional};
use crate::session::SecretHash;
use crate::time::to_micros;
use jiff::Timestamp;
use rules::id::OfficerId;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// None while nobody knows yet whose passkey it will be.
    pub officer: Option<OfficerId>,
    /// What is waited for, decided above.
    pub body: Value,
}

/// Remembers it until then; what was remembered under the same secret is forgotten.
pub async fn put(
    tx: &mut Tx,
    secret: SecretHash,
    pending: &Pending,
    expires_at: Timestamp,
) -> Result<(), Error> {
    take(tx, secret).await?;
    execute!(
        tx,
        "pending_sign_in.put",
        "insert into pending_sign_in (secret_hash, officer, body, expires_at) values ($1, $2, $3, $4)",
        secret.bytes(),
        pending.officer.map(|officer| officer.0),
        Json(&pending.body),
        to_micros(expires_at),
    )
    .map(drop)
}

/// What is remembered under this secret, unless it has expired.
pub async fn find(reader: &mut Reader, secret: SecretHash, now: Timestamp) -> Result<Option<Pending>, Error> {
    let row: Option<(Option<Uuid>, Json<Value>)> = fetch_optional!(
        reader,
        "pending_sign_in.find",
        "select officer, body from pending_sign_in where secret_hash = $1 and expires_at > $2",
        secret.bytes(),
        to_micros(now),
    )?;
    Ok(row.map(|(officer, body)| Pending { officer: officer.map(OfficerId), body: body.0 }))
}

/// Ends it; `false` when somebody else was faster, or there was none.
pub async fn take(tx: &mut Tx, secret: SecretHash) -> Result<bool, Error> {
    let gone = execute!(
        tx,
        "pending_sign_in.take",
        "delete from pending_sign_in where secret_hash = $1",
        secret.bytes(),
    )?;
    Ok(gone == 1)
}

/// Ends all of an officer's: a new password, a lost phone.
pub async fn forget_of(tx: &mut Tx, officer: OfficerId) -> Result<(), Error> {
    execute!(tx, "pending_sign_in.forget_of", "delete from pending_sign_in where officer = $1", officer.0)
        .map(drop)
}

/// Clears away what has expired.
pub async fn forget_expired(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    execute!(
        tx,
        "pending_sign_in.forget_expired",
        "delete from pending_sign_in where expires_at <= $1",
        to_micros(now),
    )
}

#[cfg(test)]
mod tests {
    use super::{Pending, find, forget_expired, forget_of, put, take};
    use crate::on_both;
    use crate::sample::{after, now, office};
    use crate::session::SecretHash;
    use crate::testing::Scratch;
    use serde_json::json;

    async fn what_waits_is_found_until_it_is_taken_or_expires(db: Scratch) {
        let officer = office(&db).await.counter;
        let waits = &Pending { officer: Some(officer), body: json!({ "kind": "code" }) };
        let nobody = &Pending { officer: None, body: json!({ "kind": "passkey" }) };
        let [one, two, three] = [b"one", b"two", b"thr"].map(|secret| SecretHash::of(secret));
        db.act(|mut tx| async move {
            put(&mut tx, one, nobody, after(300)).await?;
            put(&mut tx, one, waits, after(300)).await?;
            put(&mut tx, two, nobody, after(60)).await?;
            put(&mut tx, three, waits, after(300)).await
        })
        .await
        .expect("put");
        let found = async |secret, at| {
            let mut reader = db.read().await.expect("a snapshot");
            find(&mut reader, secret, at).await.expect("read")
        };
        assert_eq!(found(one, after(299)).await.as_ref(), Some(waits), "the later one");
        assert_eq!(found(one, after(300)).await, None);
        assert_eq!(found(two, now()).await.as_ref(), Some(nobody));
        assert_eq!(found(SecretHash::of(b"guess"), now()).await, None);

        let taken =
            async |secret| db.act(|mut tx| async move { take(&mut tx, secret).await }).await.expect("done");
        assert!(taken(one).await);
        assert!(!taken(one).await, "once");
        let n_expired = db.act(|mut tx| async move { forget_expired(&mut tx, after(60)).await }).await;
        assert_eq!(n_expired.expect("done"), 1);
        db.act(|mut tx| async move { forget_of(&mut tx, officer).await }).await.expect("done");
        assert_eq!(found(three, now()).await, None);
    }

    on_both!(what_waits_is_found_until_it_is_taken_or_expires);
}
