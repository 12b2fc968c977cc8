//! Who is logged in. A row knows the hash of the cookie's secret, never the secret; what a session
//! may do and how long it lasts is decided above.

use crate::engine::{execute, fetch_all, fetch_optional};
use crate::{Error, Reader, Tx, time};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

/// SHA-256 of the secret in the cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    pub fn of(secret: &[u8]) -> Self {
        Self(Sha256::digest(secret).into())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub holder: Uuid,
    /// What the pages keep: the token of the forms, the machine it was begun on.
    pub body: Value,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Begins a session.
pub async fn start(tx: &mut Tx, secret: SecretHash, session: &Session) -> Result<(), Error> {
    execute!(
        tx,
        "session.start",
        "insert into session (secret_hash, holder, body, created_at, seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        &secret.0[..],
        session.holder,
        Json(&session.body),
        time::to_micros(session.created_at),
        time::to_micros(session.seen_at),
        time::to_micros(session.expires_at),
    )
    .map(drop)
}

/// The session of this secret, unless it has expired.
pub async fn find(reader: &mut Reader, secret: SecretHash, now: Timestamp) -> Result<Option<Session>, Error> {
    let row: Option<Row> = fetch_optional!(
        reader,
        "session.find",
        "select secret_hash, holder, body, created_at, seen_at, expires_at from session
         where secret_hash = $1 and expires_at > $2",
        &secret.0[..],
        time::to_micros(now),
    )?;
    row.map(Row::session).transpose()
}

/// The sessions of a person that have not expired, the last seen first.
pub async fn of_holder(
    reader: &mut Reader,
    holder: Uuid,
    now: Timestamp,
) -> Result<Vec<(SecretHash, Session)>, Error> {
    let rows: Vec<Row> = fetch_all!(
        reader,
        "session.of_holder",
        "select secret_hash, holder, body, created_at, seen_at, expires_at from session
         where holder = $1 and expires_at > $2 order by seen_at desc, secret_hash limit 100",
        holder,
        time::to_micros(now),
    )?;
    rows.into_iter().map(|row| Ok((row.secret_hash()?, row.session()?))).collect()
}

/// Keeps what changed of a session: what the pages keep, when it was seen, when it ends. `false`
/// when it has ended meanwhile.
pub async fn save(tx: &mut Tx, secret: SecretHash, session: &Session) -> Result<bool, Error> {
    let n_rows = execute!(
        tx,
        "session.save",
        "update session set body = $2, seen_at = $3, expires_at = $4 where secret_hash = $1",
        &secret.0[..],
        Json(&session.body),
        time::to_micros(session.seen_at),
        time::to_micros(session.expires_at),
    )?;
    Ok(n_rows == 1)
}

/// Ends a session: logging out.
pub async fn end(tx: &mut Tx, secret: SecretHash) -> Result<(), Error> {
    execute!(tx, "session.end", "delete from session where secret_hash = $1", &secret.0[..]).map(drop)
}

/// Ends all sessions of a person: a new password, a lost card, leaving the office.
pub async fn end_all_of(tx: &mut Tx, holder: Uuid) -> Result<u64, Error> {
    execute!(tx, "session.end_all_of", "delete from session where holder = $1", holder)
}

/// Ends the sessions of a person but this one, and counts them.
pub async fn end_others_of(tx: &mut Tx, holder: Uuid, kept: SecretHash) -> Result<u64, Error> {
    execute!(
        tx,
        "session.end_others_of",
        "delete from session where holder = $1 and secret_hash <> $2",
        holder,
        &kept.0[..],
    )
}

/// Clears away what has expired.
pub async fn forget_expired(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    execute!(tx, "session.forget_expired", "delete from session where expires_at <= $1", time::to_micros(now))
}

#[derive(FromRow)]
struct Row {
    secret_hash: Vec<u8>,
    holder: Uuid,
    body: Json<Value>,
    created_at: i64,
    seen_at: i64,
    expires_at: i64,
}

impl Row {
    fn secret_hash(&self) -> Result<SecretHash, Error> {
        let hash = self.secret_hash.as_slice().try_into();
        hash.map(SecretHash).map_err(|_| Error::corrupt("session", "secret_hash", self.holder))
    }

    fn session(self) -> Result<Session, Error> {
        let instant = |micros, column: &str| {
            time::from_micros(micros).map_err(|_| Error::corrupt("session", column, self.holder))
        };
        Ok(Session {
            created_at: instant(self.created_at, "created_at")?,
            seen_at: instant(self.seen_at, "seen_at")?,
            expires_at: instant(self.expires_at, "expires_at")?,
            holder: self.holder,
            body: self.body.0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{
        SecretHash, Session, end, end_all_of, end_others_of, find, forget_expired, of_holder, save, start,
    };
    use crate::on_both;
    use crate::testing::Scratch;
    use jiff::Timestamp;
    use serde_json::json;
    use uuid::Uuid;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_246_200 + seconds).expect("in range")
    }

    async fn a_session_lives_until_it_expires_or_is_ended(db: Scratch) {
        let secrets = [b"one", b"two", b"thr"].map(|secret| SecretHash::of(secret));
        let session = &Session {
            holder: Uuid::new_v4(),
            body: json!({ "counter": 3 }),
            created_at: at(0),
            seen_at: at(0),
            expires_at: at(60),
        };
        db.act(|mut tx| async move {
            for secret in secrets {
                start(&mut tx, secret, session).await?;
            }
            Ok::<_, crate::Error>(())
        })
        .await
        .expect("begun");
        let found = async |secret, now| {
            let mut reader = db.read().await.expect("a snapshot");
            find(&mut reader, secret, now).await.expect("read")
        };
        assert_eq!(found(secrets[0], at(59)).await.as_ref(), Some(session));
        assert_eq!(found(secrets[0], at(60)).await, None);
        assert_eq!(found(SecretHash::of(b"guess"), at(0)).await, None);

        let longer = &Session { seen_at: at(50), expires_at: at(110), body: json!({}), ..session.clone() };
        let [one, two, three] = secrets;
        assert!(db.act(|mut tx| async move { save(&mut tx, one, longer).await }).await.expect("saved"));
        assert_eq!(found(one, at(60)).await.as_ref(), Some(longer));

        db.act(|mut tx| async move { end(&mut tx, two).await }).await.expect("ended");
        assert_eq!(found(two, at(0)).await, None);
        assert!(!db.act(|mut tx| async move { save(&mut tx, two, longer).await }).await.expect("too late"));

        let n_expired = db.act(|mut tx| async move { forget_expired(&mut tx, at(60)).await }).await;
        assert_eq!(n_expired.expect("done"), 1, "the third alone");
        assert_eq!(found(three, at(0)).await, None);
        let holder = session.holder;
        let n_ended = db.act(|mut tx| async move { end_all_of(&mut tx, holder).await }).await;
        assert_eq!(n_ended.expect("done"), 1);
        assert_eq!(found(one, at(60)).await, None);
    }

    async fn a_person_sees_and_ends_his_sessions_elsewhere(db: Scratch) {
        let [here, there, expired, of_another] =
            [b"one", b"two", b"thr", b"fou"].map(|secret| SecretHash::of(secret));
        let holder = Uuid::new_v4();
        let session = |holder, seen: i64, expires: i64| Session {
            holder,
            body: json!({}),
            created_at: at(0),
            seen_at: at(seen),
            expires_at: at(expires),
        };
        let begun = &[
            (here, session(holder, 30, 90)),
            (there, session(holder, 40, 90)),
            (expired, session(holder, 0, 50)),
            (of_another, session(Uuid::new_v4(), 45, 90)),
        ];
        db.act(|mut tx| async move {
            for (secret, session) in begun {
                start(&mut tx, *secret, session).await?;
            }
            Ok::<_, crate::Error>(())
        })
        .await
        .expect("begun");
        let seen = async || {
            let mut reader = db.read().await.expect("a snapshot");
            let kept = of_holder(&mut reader, holder, at(60)).await.expect("read");
            kept.into_iter().map(|(secret, _)| secret).collect::<Vec<_>>()
        };
        assert_eq!(seen().await, [there, here]);
        let n_ended = db.act(|mut tx| async move { end_others_of(&mut tx, holder, here).await }).await;
        assert_eq!(n_ended.expect("ended"), 2, "the expired one too");
        assert_eq!(seen().await, [here]);
        let mut reader = db.read().await.expect("a snapshot");
        assert!(find(&mut reader, of_another, at(60)).await.expect("read").is_some());
    }

    on_both!(a_session_lives_until_it_expires_or_is_ended, a_person_sees_and_ends_his_sessions_elsewhere,);
}
