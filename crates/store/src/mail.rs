//! The addresses at which officers get their mail: proven by a code, and whom a digest goes to when.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::id::OfficerId;
use uuid::Uuid;

/// An officer's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailBox {
    pub officer: OfficerId,
    pub address: String,
    /// SHA-256 of the code that was sent there last.
    pub code: Option<Vec<u8>>,
    pub code_sent_at: Option<Timestamp>,
    pub n_tries: u32,
    /// None before that code was typed.
    pub confirmed_at: Option<Timestamp>,
    /// Whether he wants a digest each morning.
    pub digest: bool,
    /// The last day for which one was asked for.
    pub digest_on: Option<Date>,
}

#[derive(sqlx::FromRow)]
struct MailRow {
    officer: Uuid,
    address: String,
    code: Option<Vec<u8>>,
    code_sent_at: Option<i64>,
    tries: i64,
    confirmed_at: Option<i64>,
    digest: bool,
    digest_on: Option<String>,
}

impl TryFrom<MailRow> for MailBox {
    type Error = Error;

    fn try_from(row: MailRow) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("officer_mail", column, row.officer);
        let instant = |micros, column| from_micros(micros).map_err(|_| corrupt(column));
        Ok(Self {
            officer: OfficerId(row.officer),
            address: row.address,
            code: row.code,
            code_sent_at: row.code_sent_at.map(|at| instant(at, "code_sent_at")).transpose()?,
            n_tries: u32::try_from(row.tries).map_err(|_| corrupt("tries"))?,
            confirmed_at: row.confirmed_at.map(|at| instant(at, "confirmed_at")).transpose()?,
            digest: row.digest,
            digest_on: row
                .digest_on
                .map(|day| day.parse())
                .transpose()
                .map_err(|_: jiff::Error| corrupt("digest_on"))?,
        })
    }
}

pub async fn of_officer(reader: &mut Reader, officer: OfficerId) -> Result<Option<MailBox>, Error> {
    let row: Option<MailRow> = fetch_optional!(
        reader,
        "officer_mail.find",
        "select officer, address, code, code_sent_at, tries, confirmed_at, digest, digest_on
         from officer_mail where officer = $1",
        officer.0,
    )?;
    row.map(MailBox::try_from).transpose()
}

/// Keeps an address that is to be proven; what was known of another is gone.
pub async fn put(tx: &mut Tx, officer: OfficerId, address: &str) -> Result<(), Error> {
    execute!(
        tx,
        "officer_mail.put",
        "insert into officer_mail (officer, address, tries, digest) values ($1, $2, 0, $3)
         on conflict (officer) do update set address = excluded.address, code = null, code_sent_at = null,
            tries = 0, confirmed_at = null, digest = excluded.digest, digest_on = null",
        officer.0,
        address,
        false,
    )
    .map(drop)
}

/// A new code goes to the address; the one before it is worth nothing. `false` where he has another address by
/// now: a code proves the one it went to.
pub async fn note_code(
    tx: &mut Tx,
    officer: OfficerId,
    address: &str,
    digest: &[u8],
    now: Timestamp,
) -> Result<bool, Error> {
    let n = execute!(
        tx,
        "officer_mail.note_code",
        "update officer_mail set code = $2, code_sent_at = $3, tries = 0 where officer = $1 and address = $4",
        officer.0,
        digest,
        to_micros(now),
        address,
    )?;
    Ok(n == 1)
}

/// Another wrong code was typed.
pub async fn note_try(tx: &mut Tx, officer: OfficerId) -> Result<(), Error> {
    execute!(
        tx,
        "officer_mail.note_try",
        "update officer_mail set tries = tries + 1 where officer = $1",
        officer.0,
    )
    .map(drop)
}

/// The code was typed: mail may go there, and the digest he asked for it with.
pub async fn confirm(tx: &mut Tx, officer: OfficerId, now: Timestamp) -> Result<(), Error> {
    execute!(
        tx,
        "officer_mail.confirm",
        "update officer_mail set confirmed_at = $2, code = null, tries = 0, digest = $3 where officer = $1",
        officer.0,
        to_micros(now),
        true,
    )
    .map(drop)
}

/// Whether he wants the digest.
pub async fn set_digest(tx: &mut Tx, officer: OfficerId, digest: bool) -> Result<(), Error> {
    execute!(
        tx,
        "officer_mail.set_digest",
        "update officer_mail set digest = $2 where officer = $1",
        officer.0,
        digest,
    )
    .map(drop)
}

pub async fn remove(tx: &mut Tx, officer: OfficerId) -> Result<(), Error> {
    execute!(tx, "officer_mail.remove", "delete from officer_mail where officer = $1", officer.0).map(drop)
}

/// Who wants a digest and none was asked for on `day` or later, behind `after`.
pub async fn without_digest(
    reader: &mut Reader,
    day: Date,
    after: OfficerId,
    limit: i64,
) -> Result<Vec<OfficerId>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "officer_mail.without_digest",
        "select officer from officer_mail
         where officer > $1 and digest = $2 and confirmed_at is not null and (digest_on is null or digest_on < $3)
         order by officer limit $4",
        after.0,
        true,
        day.to_string(),
        limit,
    )?;
    Ok(rows.into_iter().map(|(officer,)| OfficerId(officer)).collect())
}

/// A digest of this day is asked for; `false` where one was already.
pub async fn note_digest(tx: &mut Tx, officer: OfficerId, day: Date) -> Result<bool, Error> {
    let n_rows = execute!(
        tx,
        "officer_mail.note_digest",
        "update officer_mail set digest_on = $2
         where officer = $1 and digest = $3 and (digest_on is null or digest_on < $2)",
        officer.0,
        day.to_string(),
        true,
    )?;
    Ok(n_rows == 1)
}

#[cfg(test)]
mod tests {
    use super::{
        confirm, note_code, note_digest, note_try, of_officer, put, remove, set_digest, without_digest,
    };
    use crate::on_both;
    use crate::sample::{after, now, office};
    use crate::testing::Scratch;
    use jiff::civil::date;
    use rules::id::OfficerId;
    use uuid::Uuid;

    async fn an_address_counts_when_its_code_was_typed(db: Scratch) {
        let office = &office(&db).await;
        let (officer, nobody) = (office.counter, OfficerId(Uuid::nil()));
        let (today, tomorrow) = (date(2026, 11, 23), date(2026, 11, 24));
        let waiting = async |day| {
            let mut reader = db.read().await.expect("a snapshot");
            without_digest(&mut reader, day, nobody, 9).await.expect("read")
        };
        let kept = async || {
            let mut reader = db.read().await.expect("a snapshot");
            of_officer(&mut reader, officer).await.expect("read")
        };
        db.act(|mut tx| async move {
            put(&mut tx, officer, "hoa@x.vn").await?;
            assert!(!note_code(&mut tx, officer, "hoa@y.vn", &[2; 32], now()).await?, "not his address");
            assert!(note_code(&mut tx, officer, "hoa@x.vn", &[1; 32], now()).await?);
            note_try(&mut tx, officer).await
        })
        .await
        .expect("kept");
        let unproven = kept().await.expect("an address");
        assert_eq!((unproven.n_tries, unproven.code_sent_at, unproven.digest), (1, Some(now()), false));
        assert_eq!(unproven.code, Some(vec![1; 32]));
        assert_eq!(waiting(today).await, []);
        db.act(|mut tx| async move { confirm(&mut tx, officer, after(1)).await }).await.expect("confirmed");
        let proven = kept().await.expect("an address");
        assert_eq!((proven.confirmed_at, proven.code, proven.digest), (Some(after(1)), None, true));
        assert_eq!(waiting(today).await, [officer]);
        let note = async || db.act(|mut tx| async move { note_digest(&mut tx, officer, today).await }).await;
        assert!(note().await.expect("noted") && !note().await.expect("noted"), "once a day");
        assert_eq!(waiting(today).await, []);
        assert_eq!(waiting(tomorrow).await, [officer]);
        db.act(|mut tx| async move { set_digest(&mut tx, officer, false).await }).await.expect("set");
        assert_eq!(waiting(tomorrow).await, []);
        // Another address begins from the beginning.
        db.act(|mut tx| async move { put(&mut tx, officer, "hoa@y.vn").await }).await.expect("kept");
        let other = kept().await.expect("an address");
        assert_eq!((other.address.as_str(), other.confirmed_at, other.digest_on), ("hoa@y.vn", None, None));
        db.act(|mut tx| async move { remove(&mut tx, officer).await }).await.expect("removed");
        assert_eq!(kept().await, None);
    }

    on_both!(an_address_counts_when_its_code_was_typed);
}
