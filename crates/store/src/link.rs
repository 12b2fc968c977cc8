//! What came of asking other systems: the last attempts of each link, by which it is told how the link stands.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all};
use crate::time::{from_micros, new_id, to_micros};
use jiff::Timestamp;
use rules::link::{Cause, Failure, KEPT, MEASURED};
use sqlx::types::Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The link to the time stamp authority.
pub const TIMESTAMP: &str = "timestamp";
/// The link to the mail server.
pub const MAIL: &str = "mail";
/// The links to what this installation stands on.
pub const DATABASE: &str = "database";
pub const FILES: &str = "files";

/// The link to an address that is told what happens.
pub fn of_webhook(id: Uuid) -> String {
    format!("webhook:{id}")
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub at: Timestamp,
    pub took_ms: u32,
    /// None where it did what was asked.
    pub failure: Option<Failure>,
    /// Somebody asked for it, to see whether the link works.
    pub is_test: bool,
}

/// What the kept attempts of a link come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    pub last_ok: Option<Timestamp>,
    pub last_failed: Option<(Timestamp, Failure)>,
    /// The times of the last attempts that did what was asked.
    pub took_ms: Vec<u32>,
    /// How many attempts are kept, and how many of them failed.
    pub n_kept: usize,
    pub n_failed: usize,
}

#[derive(sqlx::FromRow)]
struct AttemptRow {
    id: Uuid,
    link: String,
    at: i64,
    took_ms: i64,
    cause: Option<String>,
    status: Option<i64>,
    is_test: bool,
}

impl AttemptRow {
    fn attempt(&self) -> Result<Attempt, Error> {
        let corrupt = |column| Error::corrupt("link_attempt", column, self.id);
        let failure = match &self.cause {
            Some(code) => Some(Failure {
                cause: Cause::parse(code).ok_or_else(|| corrupt("cause"))?,
                status: self.status.map(u16::try_from).transpose().map_err(|_| corrupt("status"))?,
            }),
            None => None,
        };
        Ok(Attempt {
            at: from_micros(self.at).map_err(|_| corrupt("at"))?,
            took_ms: u32::try_from(self.took_ms).map_err(|_| corrupt("took_ms"))?,
            failure,
            is_test: self.is_test,
        })
    }
}

/// Notes an attempt, and forgets those of the same link that are too many.
pub async fn note(tx: &mut Tx, link: &str, attempt: &Attempt) -> Result<(), Error> {
    execute!(
        tx,
        "link_attempt.add",
        "insert into link_attempt (id, link, at, took_ms, cause, status, is_test)
         values ($1, $2, $3, $4, $5, $6, $7)",
        new_id(attempt.at),
        link,
        to_micros(attempt.at),
        i64::from(attempt.took_ms),
        attempt.failure.map(|failure| failure.cause.code()),
        attempt.failure.and_then(|failure| failure.status).map(i64::from),
        attempt.is_test,
    )?;
    execute!(
        tx,
        "link_attempt.forget",
        "delete from link_attempt where link = $1 and at < (
            select min(kept.at) from (
                select at from link_attempt where link = $1 order by at desc limit $2) as kept)",
        link,
        KEPT,
    )
    .map(drop)
}

/// What the attempts of these links come to; a link that was never tried is left out.
pub async fn pasts(reader: &mut Reader, links: &[String]) -> Result<BTreeMap<String, Past>, Error> {
    let rows: Vec<AttemptRow> = fetch_all!(
        reader,
        "link_attempt.of_links",
        "select id, link, at, took_ms, cause, status, is_test from link_attempt
         where link in TEXTS($1) order by link, at desc, id desc limit 100000",
        Json(links),
    )?;
    let mut pasts: BTreeMap<String, Past> = BTreeMap::new();
    for row in rows {
        let attempt = row.attempt()?;
        let past = pasts.entry(row.link).or_default();
        past.n_kept += 1;
        match attempt.failure {
            None => {
                past.last_ok = past.last_ok.or(Some(attempt.at));
                if past.took_ms.len() < MEASURED {
                    past.took_ms.push(attempt.took_ms);
                }
            }
            Some(failure) => {
                past.last_failed = past.last_failed.or(Some((attempt.at, failure)));
                past.n_failed += 1;
            }
        }
    }
    Ok(pasts)
}

/// The last attempts of one link, the newest first.
pub async fn attempts(reader: &mut Reader, link: &str, limit: i64) -> Result<Vec<Attempt>, Error> {
    let rows: Vec<AttemptRow> = fetch_all!(
        reader,
        "link_attempt.last",
        "select id, link, at, took_ms, cause, status, is_test from link_attempt
         where link = $1 order by at desc, id desc limit $2",
        link,
        limit,
    )?;
    rows.iter().map(AttemptRow::attempt).collect()
}

#[cfg(test)]
mod tests {
    use super::{Attempt, MAIL, Past, TIMESTAMP, attempts, note, of_webhook, pasts};
    use crate::on_both;
    use crate::sample::{after, now};
    use crate::testing::Scratch;
    use jiff::SignedDuration;
    use rules::link::{Cause, Failure, KEPT, MEASURED};
    use uuid::Uuid;

    fn attempt(minutes: i64, failure: Option<Failure>) -> Attempt {
        Attempt { at: after(minutes), took_ms: 40, failure, is_test: failure.is_none() }
    }

    async fn the_last_attempts_of_each_link_are_kept(db: Scratch) {
        let refused = Failure { cause: Cause::Refused, status: Some(503) };
        let webhook = &of_webhook(Uuid::from_u128(7));
        db.act(|mut tx| async move {
            let tx = &mut tx;
            note(tx, MAIL, &attempt(1, None)).await?;
            note(tx, MAIL, &attempt(2, Some(Cause::SignIn.into()))).await?;
            note(tx, webhook, &attempt(3, Some(refused))).await?;
            for second in 0..KEPT + 20 {
                let at = now() + SignedDuration::from_secs(second);
                note(tx, TIMESTAMP, &Attempt { at, took_ms: 5, failure: None, is_test: false }).await?;
            }
            Ok::<_, crate::Error>(())
        })
        .await
        .expect("noted");
        let mut reader = db.read().await.expect("a snapshot");
        let links = [MAIL.to_owned(), webhook.clone(), TIMESTAMP.to_owned(), "none".to_owned()];
        let told = pasts(&mut reader, &links).await.expect("read");
        assert_eq!(told.len(), 3);
        let failed = Some((after(2), Cause::SignIn.into()));
        let mail =
            Past { last_ok: Some(after(1)), last_failed: failed, took_ms: vec![40], n_kept: 2, n_failed: 1 };
        assert_eq!(told[MAIL], mail);
        assert_eq!(told[webhook].last_failed, Some((after(3), refused)));
        let many = &told[TIMESTAMP];
        assert_eq!((many.took_ms.len(), i64::try_from(many.n_kept).expect("few")), (MEASURED, KEPT));
        let last = attempts(&mut reader, MAIL, 9).await.expect("read");
        assert_eq!(last, [attempt(2, Some(Cause::SignIn.into())), attempt(1, None)]);
    }

    on_both!(the_last_attempts_of_each_link_are_kept);
}
