//! The second factor of an officer: the sealed secret of his app, and the digests of his recovery codes.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_one, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::id::OfficerId;
use sha2::{Digest, Sha256};
use std::fmt;

/// An officer's app, as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// Sealed under the master key.
    pub secret: Vec<u8>,
    pub begun_at: Timestamp,
    /// None before a code of it was typed.
    pub confirmed_at: Option<Timestamp>,
    pub last_step: Option<i64>,
}

/// Never printed by accident.
impl fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecondFactor").field("confirmed_at", &self.confirmed_at).finish_non_exhaustive()
    }
}

/// SHA-256 of the letters of a recovery code: 80 random bits need no slow hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeDigest([u8; 32]);

impl CodeDigest {
    pub fn of(letters: &str) -> Self {
        Self(Sha256::digest(letters.as_bytes()).into())
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    secret: Vec<u8>,
    begun_at: i64,
    confirmed_at: Option<i64>,
    last_step: Option<i64>,
}

/// The app of an officer, confirmed or not.
pub async fn find(reader: &mut Reader, officer: OfficerId) -> Result<Option<SecondFactor>, Error> {
    let row: Option<Row> = fetch_optional!(
        reader,
        "second_factor.find",
        "select secret, begun_at, confirmed_at, last_step from second_factor where officer = $1",
        officer.0,
    )?;
    let instant = |micros| from_micros(micros).map_err(|_| Error::corrupt("second_factor", "at", officer));
    row.map(|row| {
        Ok(SecondFactor {
            secret: row.secret,
            begun_at: instant(row.begun_at)?,
            confirmed_at: row.confirmed_at.map(instant).transpose()?,
            last_step: row.last_step,
        })
    })
    .transpose()
}

/// Begins anew with a secret that no code was typed of; a secret that was begun with before is forgotten.
pub async fn begin(tx: &mut Tx, officer: OfficerId, secret: &[u8], now: Timestamp) -> Result<(), Error> {
    forget(tx, officer).await?;
    execute!(
        tx,
        "second_factor.begin",
        "insert into second_factor (officer, secret, begun_at) values ($1, $2, $3)",
        officer.0,
        secret,
        to_micros(now),
    )
    .map(drop)
}

/// From now on it counts; `step` is that of its first code.
pub async fn confirm(tx: &mut Tx, officer: OfficerId, step: i64, now: Timestamp) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "second_factor.confirm",
        "update second_factor set confirmed_at = $2, last_step = $3
         where officer = $1 and confirmed_at is null",
        officer.0,
        to_micros(now),
        step,
    )?;
    stale_unless(saved == 1, officer)
}

/// The code of this step has counted.
pub async fn set_last_step(tx: &mut Tx, officer: OfficerId, step: i64) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "second_factor.set_last_step",
        "update second_factor set last_step = $2 where officer = $1 and last_step < $2",
        officer.0,
        step,
    )?;
    stale_unless(saved == 1, officer)
}

fn stale_unless(saved: bool, officer: OfficerId) -> Result<(), Error> {
    if saved { Ok(()) } else { Err(Error::Stale { table: "second_factor", row: officer.to_string() }) }
}

/// Forgets the app of an officer and his recovery codes; `false` when there was no app.
pub async fn forget(tx: &mut Tx, officer: OfficerId) -> Result<bool, Error> {
    execute!(tx, "recovery_code.forget", "delete from recovery_code where officer = $1", officer.0)?;
    let gone =
        execute!(tx, "second_factor.forget", "delete from second_factor where officer = $1", officer.0)?;
    Ok(gone == 1)
}

pub async fn add_recovery_codes(tx: &mut Tx, officer: OfficerId, codes: &[CodeDigest]) -> Result<(), Error> {
    for code in codes {
        execute!(
            tx,
            "recovery_code.add",
            "insert into recovery_code (officer, digest) values ($1, $2)",
            officer.0,
            &code.0[..],
        )?;
    }
    Ok(())
}

/// Uses a recovery code up; `false` when the officer has none such.
pub async fn use_recovery_code(tx: &mut Tx, officer: OfficerId, code: CodeDigest) -> Result<bool, Error> {
    let gone = execute!(
        tx,
        "recovery_code.use",
        "delete from recovery_code where officer = $1 and digest = $2",
        officer.0,
        &code.0[..],
    )?;
    Ok(gone == 1)
}

pub async fn n_recovery_codes(reader: &mut Reader, officer: OfficerId) -> Result<i64, Error> {
    let (n,): (i64,) = fetch_one!(
        reader,
        "recovery_code.count",
        "select count(*) from recovery_code where officer = $1",
        officer.0,
    )?;
    Ok(n)
}

#[cfg(test)]
mod tests {
    use super::{
        CodeDigest, add_recovery_codes, begin, confirm, find, forget, n_recovery_codes, set_last_step,
        use_recovery_code,
    };
    use crate::sample::{after, now, office};
    use crate::testing::Scratch;
    use crate::{Error, on_both};

    async fn it_counts_once_confirmed_and_its_steps_only_go_on(db: Scratch) {
        let officer = office(&db).await.counter;
        db.act(|mut tx| async move { begin(&mut tx, officer, b"first", now()).await }).await.expect("begun");
        db.act(|mut tx| async move { begin(&mut tx, officer, b"second", after(1)).await })
            .await
            .expect("anew");
        let kept = async || {
            let mut reader = db.read().await.expect("a snapshot");
            find(&mut reader, officer).await.expect("read")
        };
        let begun = kept().await.expect("it is there");
        assert_eq!((begun.secret.as_slice(), begun.begun_at), (&b"second"[..], after(1)));
        assert_eq!((begun.confirmed_at, begun.last_step), (None, None));
        assert!(!format!("{begun:?}").contains("115"), "no byte of the secret is printed");

        let confirmed = async |step| {
            db.act(|mut tx| async move { confirm(&mut tx, officer, step, after(2)).await }).await
        };
        confirmed(7).await.expect("confirmed");
        assert!(matches!(confirmed(8).await, Err(Error::Stale { .. })), "once");
        let counted =
            async |step| db.act(|mut tx| async move { set_last_step(&mut tx, officer, step).await }).await;
        counted(8).await.expect("a later one");
        for step in [8, 7] {
            assert!(matches!(counted(step).await, Err(Error::Stale { .. })), "{step}");
        }
        let on = kept().await.expect("it is there");
        assert_eq!((on.confirmed_at, on.last_step), (Some(after(2)), Some(8)));
    }

    async fn a_recovery_code_is_used_up_by_its_officer_once(db: Scratch) {
        let house = office(&db).await;
        let (officer, other) = (house.counter, house.specialist);
        let codes = &["một", "hai", "ba"].map(CodeDigest::of);
        db.act(|mut tx| async move {
            begin(&mut tx, officer, b"secret", now()).await?;
            add_recovery_codes(&mut tx, officer, codes).await
        })
        .await
        .expect("there");
        let used = async |officer, code: &str| {
            let code = CodeDigest::of(code);
            db.act(|mut tx| async move { use_recovery_code(&mut tx, officer, code).await })
                .await
                .expect("done")
        };
        assert!(!used(other, "một").await, "it is not his");
        assert!(used(officer, "một").await);
        assert!(!used(officer, "một").await, "it was used");
        let left = async || {
            let mut reader = db.read().await.expect("a snapshot");
            n_recovery_codes(&mut reader, officer).await.expect("read")
        };
        assert_eq!(left().await, 2);
        assert!(db.act(|mut tx| async move { forget(&mut tx, officer).await }).await.expect("forgotten"));
        assert_eq!(left().await, 0);
        assert!(
            !db.act(|mut tx| async move { forget(&mut tx, officer).await }).await.expect("nothing there")
        );
    }

    on_both!(
        it_counts_once_confirmed_and_its_steps_only_go_on,
        a_recovery_code_is_used_up_by_its_officer_once,
    );
}
