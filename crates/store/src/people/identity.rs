//! Who officers are at an identity server: one there for one here.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::id::OfficerId;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    pub officer: OfficerId,
    pub issuer: String,
    pub subject: String,
    pub tied_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Row {
    officer: Uuid,
    issuer: String,
    subject: String,
    tied_at: i64,
    used_at: Option<i64>,
}

impl TryFrom<Row> for Tie {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let instant =
            |micros| from_micros(micros).map_err(|_| Error::corrupt("officer_identity", "at", row.officer));
        Ok(Self {
            officer: OfficerId(row.officer),
            tied_at: instant(row.tied_at)?,
            used_at: row.used_at.map(instant).transpose()?,
            issuer: row.issuer,
            subject: row.subject,
        })
    }
}

/// Ties an officer; [`Error::Taken`] when he is somebody at this server already, or somebody else is this one.
pub async fn tie(tx: &mut Tx, tie: &Tie) -> Result<(), Error> {
    execute!(
        tx,
        "officer_identity.tie",
        "insert into officer_identity (officer, issuer, subject, tied_at) values ($1, $2, $3, $4)",
        tie.officer.0,
        tie.issuer.as_str(),
        tie.subject.as_str(),
        to_micros(tie.tied_at),
    )
    .map(drop)
}

/// Who an officer is at a server.
pub async fn of_officer(reader: &mut Reader, officer: OfficerId, issuer: &str) -> Result<Option<Tie>, Error> {
    let row: Option<Row> = fetch_optional!(
        reader,
        "officer_identity.of_officer",
        "select officer, issuer, subject, tied_at, used_at from officer_identity
         where officer = $1 and issuer = $2",
        officer.0,
        issuer,
    )?;
    row.map(Tie::try_from).transpose()
}

/// Whose account somebody at a server is tied to.
pub async fn by_subject(reader: &mut Reader, issuer: &str, subject: &str) -> Result<Option<Tie>, Error> {
    let row: Option<Row> = fetch_optional!(
        reader,
        "officer_identity.by_subject",
        "select officer, issuer, subject, tied_at, used_at from officer_identity
         where issuer = $1 and subject = $2",
        issuer,
        subject,
    )?;
    row.map(Tie::try_from).transpose()
}

/// He signed in through it; `false` when it was untied meanwhile.
pub async fn note_use(tx: &mut Tx, tie: &Tie, now: Timestamp) -> Result<bool, Error> {
    let saved = execute!(
        tx,
        "officer_identity.note_use",
        "update officer_identity set used_at = $4 where officer = $1 and issuer = $2 and subject = $3",
        tie.officer.0,
        tie.issuer.as_str(),
        tie.subject.as_str(),
        to_micros(now),
    )?;
    Ok(saved == 1)
}

/// Unties an officer; `false` when he was not tied.
pub async fn untie(tx: &mut Tx, officer: OfficerId, issuer: &str) -> Result<bool, Error> {
    let gone = execute!(
        tx,
        "officer_identity.untie",
        "delete from officer_identity where officer = $1 and issuer = $2",
        officer.0,
        issuer,
    )?;
    Ok(gone == 1)
}

#[cfg(test)]
mod tests {
    use super::{Tie, by_subject, note_use, of_officer, tie, untie};
    use crate::sample::{after, now, office};
    use crate::testing::Scratch;
    use crate::{Error, on_both};

    const SERVER: &str = "https://dinhdanh.tinh.gov.vn";

    async fn somebody_at_a_server_is_one_officer_here(db: Scratch) {
        let house = office(&db).await;
        let of = |officer, issuer: &str, subject: &str| Tie {
            officer,
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            tied_at: now(),
            used_at: None,
        };
        let add = async |one: Tie| {
            let one = &one;
            db.act(|mut tx| async move { tie(&mut tx, one).await }).await
        };
        let his = of(house.counter, SERVER, "cb-0012");
        add(his.clone()).await.expect("tied");
        add(of(house.counter, "https://bo.gov.vn", "cb-0012")).await.expect("at another server");
        for taken in [of(house.specialist, SERVER, "cb-0012"), of(house.counter, SERVER, "cb-0013")] {
            assert!(matches!(add(taken).await, Err(Error::Taken(_))));
        }
        let used = &his;
        let noted = async || {
            db.act(|mut tx| async move { note_use(&mut tx, used, after(5)).await }).await.expect("done")
        };
        assert!(noted().await);
        let kept = Tie { used_at: Some(after(5)), ..his.clone() };
        let mut reader = db.read().await.expect("a snapshot");
        assert_eq!(by_subject(&mut reader, SERVER, "cb-0012").await.expect("read"), Some(kept.clone()));
        assert_eq!(by_subject(&mut reader, SERVER, "CB-0012").await.expect("read"), None, "to the letter");
        assert_eq!(of_officer(&mut reader, house.counter, SERVER).await.expect("read"), Some(kept));
        assert_eq!(of_officer(&mut reader, house.specialist, SERVER).await.expect("read"), None);
        drop(reader);
        let gone = async || {
            db.act(|mut tx| async move { untie(&mut tx, house.counter, SERVER).await }).await.expect("done")
        };
        assert!(gone().await);
        assert!(!gone().await && !noted().await, "it is untied");
    }

    on_both!(somebody_at_a_server_is_one_officer_here);
}
