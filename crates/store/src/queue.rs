//! Work to be done after an act, kept in the act's own commit: the job table.
//!
//! A worker claims a job for the time of a lease and gets a token with it. Whatever the job causes
//! in the database and its completion are one transaction, guarded by the token: a worker that was
//! taken for dead and comes back changes nothing. Outside calls carry the job's id as their
//! idempotency key. Which kinds there are and what they do is the affair of `office`.

pub mod lines;

use crate::engine::{execute, fetch_all, fetch_one};
use crate::{Db, Error, Reader, Tx, time};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

/// Tries before a job is dead, unless it says otherwise.
pub const N_ATTEMPTS: u32 = 12;
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(5);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// What is kept of a failure's text, in characters.
const LONGEST_ERROR: usize = 2000;

/// A job to be pushed.
#[derive(Debug, Clone)]
pub struct NewJob<'a> {
    /// The variant's name in `office`, e.g. `tell_applicant`.
    pub kind: &'a str,
    /// Ids and codes only, never what a paper says.
    pub payload: &'a Value,
    /// A second push under the same key does nothing, for as long as the first is kept.
    pub dedup_key: Option<&'a str>,
    /// The dossier, paper or batch it is for.
    pub subject: Option<Uuid>,
    /// The officer who caused it, or nobody.
    pub started_by: Option<Uuid>,
    /// Not before this instant.
    pub run_after: Timestamp,
    pub max_attempts: u32,
}

impl<'a> NewJob<'a> {
    /// To be run at once, with [`N_ATTEMPTS`] tries.
    pub fn new(kind: &'a str, payload: &'a Value, now: Timestamp) -> Self {
        Self {
            kind,
            payload,
            dedup_key: None,
            subject: None,
            started_by: None,
            run_after: now,
            max_attempts: N_ATTEMPTS,
        }
    }
}

/// A job in a worker's hands.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    pub id: Uuid,
    pub kind: String,
    pub payload: Value,
    pub subject: Option<Uuid>,
    pub started_by: Option<Uuid>,
    /// 1 at the first try.
    pub attempt: u32,
    pub max_attempts: u32,
    pub lease_until: Timestamp,
    token: Uuid,
}

/// What became of a failed job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is tried again then.
    Again(Timestamp),
    /// It is out of tries; a person decides.
    Dead,
}

/// Puts a job into the act's own commit. `None` when one with the same key is there.
pub async fn push(tx: &mut Tx, job: &NewJob<'_>, now: Timestamp) -> Result<Option<Uuid>, Error> {
    let id = time::new_id(now);
    let n_rows = execute!(
        tx,
        "queue.push",
        "insert into job (id, kind, payload, dedup_key, subject, state, attempts, max_attempts, run_after,
                          started_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, 'waiting', 0, $6, $7, $8, $9, $9)
         on conflict (dedup_key) do nothing",
        id,
        job.kind,
        Json(job.payload),
        job.dedup_key,
        job.subject,
        i64::from(job.max_attempts),
        time::to_micros(job.run_after),
        job.started_by,
        time::to_micros(now),
    )?;
    Ok((n_rows == 1).then_some(id))
}

/// Takes up to `n` jobs of the `kinds` that are due, or whose worker's lease has run out.
///
/// A job whose last try never came back (it kills its worker) is dead, not claimed.
pub async fn claim(
    db: &Db,
    kinds: &[&str],
    n: u32,
    lease: SignedDuration,
    now: Timestamp,
) -> Result<Vec<Claimed>, Error> {
    let token = Uuid::new_v4();
    let lease_until = now + lease;
    let mut rows: Vec<ClaimedRow> = db
        .act_on_locked_rows(|mut tx| async move {
            bury_lost(&mut tx, now).await?;
            fetch_all!(
                &mut tx,
                "queue.claim",
                "update job
                 set state = 'running', attempts = attempts + 1, lease_token = $1, lease_until = $2, updated_at = $3
                 where id in (
                     select id from job
                     where (state = 'waiting' and run_after <= $3 or state = 'running' and lease_until <= $3)
                       and kind in TEXTS($4)
                     order by run_after, id limit $5 for update skip locked
                 )
                 returning id, kind, payload, subject, started_by, attempts, max_attempts, run_after",
                token,
                time::to_micros(lease_until),
                time::to_micros(now),
                Json(kinds),
                i64::from(n),
            )
        })
        .await?;
    rows.sort_by_key(|row| (row.run_after, row.id));
    Ok(rows.into_iter().map(|row| row.claimed(token, lease_until)).collect())
}

async fn bury_lost(tx: &mut Tx, now: Timestamp) -> Result<(), Error> {
    execute!(
        tx,
        "queue.bury_lost",
        "update job
         set state = 'dead', lease_token = null, lease_until = null, updated_at = $1,
             last_error = 'the worker did not come back from the last try'
         where id in (
             select id from job
             where state = 'running' and lease_until <= $1 and attempts >= max_attempts
             for update skip locked
         )",
        time::to_micros(now),
    )
    .map(drop)
}

/// Ends a job, in the transaction that has its effect.
///
/// # Errors
/// [`Error::Stale`] when the lease went to another worker: undo the act.
pub async fn complete(tx: &mut Tx, job: &Claimed, now: Timestamp) -> Result<(), Error> {
    let n_rows = execute!(
        tx,
        "queue.complete",
        "update job set state = 'done', lease_token = null, lease_until = null, last_error = null, updated_at = $3
         where id = $1 and lease_token = $2 and state = 'running'",
        job.id,
        job.token,
        time::to_micros(now),
    )?;
    held(n_rows, job)
}

/// Puts a job off after a failure: 5 s doubling to an hour, a quarter more or less so that jobs
/// that failed together do not return together. Out of tries, it is dead.
///
/// # Errors
/// [`Error::Stale`] when the lease went to another worker.
pub async fn fail(tx: &mut Tx, job: &Claimed, error: &str, now: Timestamp) -> Result<Fate, Error> {
    if job.attempt >= job.max_attempts {
        give_up(tx, job, error, now).await?;
        return Ok(Fate::Dead);
    }
    let again = now + pause_after(job);
    let n_rows = execute!(
        tx,
        "queue.fail",
        "update job
         set state = 'waiting', lease_token = null, lease_until = null, run_after = $3, last_error = $4, updated_at = $5
         where id = $1 and lease_token = $2 and state = 'running'",
        job.id,
        job.token,
        time::to_micros(again),
        shortened(error),
        time::to_micros(now),
    )?;
    held(n_rows, job)?;
    Ok(Fate::Again(again))
}

/// Declares a job dead: trying again is of no use.
///
/// # Errors
/// [`Error::Stale`] when the lease went to another worker.
pub async fn give_up(tx: &mut Tx, job: &Claimed, error: &str, now: Timestamp) -> Result<(), Error> {
    let n_rows = execute!(
        tx,
        "queue.give_up",
        "update job set state = 'dead', lease_token = null, lease_until = null, last_error = $3, updated_at = $4
         where id = $1 and lease_token = $2 and state = 'running'",
        job.id,
        job.token,
        shortened(error),
        time::to_micros(now),
    )?;
    held(n_rows, job)
}

/// Keeps a job that takes longer than its lease.
///
/// # Errors
/// [`Error::Stale`] when the lease went to another worker: stop working on it.
pub async fn renew(tx: &mut Tx, job: &Claimed, until: Timestamp, now: Timestamp) -> Result<(), Error> {
    let n_rows = execute!(
        tx,
        "queue.renew",
        "update job set lease_until = $3, updated_at = $4
         where id = $1 and lease_token = $2 and state = 'running'",
        job.id,
        job.token,
        time::to_micros(until),
        time::to_micros(now),
    )?;
    held(n_rows, job)
}

/// Gives a job back untouched, for a worker that is being shut down: the try does not count, and
/// the next worker may have it at once. Without effect when the lease went to another.
pub async fn hand_back(tx: &mut Tx, job: &Claimed, now: Timestamp) -> Result<(), Error> {
    execute!(
        tx,
        "queue.hand_back",
        "update job
         set state = 'waiting', attempts = attempts - 1, lease_token = null, lease_until = null, updated_at = $3
         where id = $1 and lease_token = $2 and state = 'running'",
        job.id,
        job.token,
        time::to_micros(now),
    )
    .map(drop)
}

/// Lets a dead job try from the beginning, because a person said so; also one that only waits for
/// its next try. `false` when it is neither.
pub async fn retry(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool, Error> {
    let n_rows = execute!(
        tx,
        "queue.retry",
        "update job set state = 'waiting', attempts = 0, run_after = $2, updated_at = $2
         where id = $1 and state in ('dead', 'waiting')",
        id,
        time::to_micros(now),
    )?;
    Ok(n_rows == 1)
}

/// Forgets up to `limit` jobs done before `before`; their keys may be used again.
pub async fn forget_done(tx: &mut Tx, before: Timestamp, limit: u32) -> Result<u64, Error> {
    execute!(
        tx,
        "queue.forget_done",
        "delete from job where id in (
             select id from job where state = 'done' and updated_at < $1 order by updated_at limit $2
         )",
        time::to_micros(before),
        i64::from(limit),
    )
}

/// When the next job comes due or the next lease runs out; the worker may sleep until then.
pub async fn next_due(reader: &mut Reader) -> Result<Option<Timestamp>, Error> {
    let (due,): (Option<i64>,) = fetch_one!(
        reader,
        "queue.next_due",
        "select min(due) from (
             select min(run_after) as due from job where state = 'waiting'
             union all
             select min(lease_until) as due from job where state = 'running'
         ) as next",
    )?;
    due.map(|micros| instant(micros, "run_after", "next")).transpose()
}

#[derive(FromRow)]
struct ClaimedRow {
    id: Uuid,
    kind: String,
    payload: Json<Value>,
    subject: Option<Uuid>,
    started_by: Option<Uuid>,
    attempts: i64,
    max_attempts: i64,
    run_after: i64,
}

impl ClaimedRow {
    fn claimed(self, token: Uuid, lease_until: Timestamp) -> Claimed {
        Claimed {
            id: self.id,
            kind: self.kind,
            payload: self.payload.0,
            subject: self.subject,
            started_by: self.started_by,
            attempt: count(self.attempts),
            max_attempts: count(self.max_attempts),
            lease_until,
            token,
        }
    }
}

/// The CHECKs of the table keep these from being negative.
fn count(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn instant(micros: i64, column: &str, row: &str) -> Result<Timestamp, Error> {
    time::from_micros(micros).map_err(|_| Error::Corrupt {
        table: "job",
        column: column.to_owned(),
        row: row.to_owned(),
    })
}

fn held(n_rows: u64, job: &Claimed) -> Result<(), Error> {
    if n_rows == 1 { Ok(()) } else { Err(Error::Stale { table: "job", row: job.id.to_string() }) }
}

fn pause_after(job: &Claimed) -> SignedDuration {
    let doublings = job.attempt.saturating_sub(1).min(16);
    let pause = (FIRST_PAUSE * (1_i32 << doublings)).min(LONGEST_PAUSE);
    // The token is random, which spares a source of chance here.
    let quarter = i64::try_from(pause.as_millis() / 4).unwrap_or(0).max(1);
    let chance = i64::from(job.token.as_bytes()[15]) * 2 - 255;
    pause + SignedDuration::from_millis(quarter * chance / 255)
}

fn shortened(error: &str) -> String {
    error.chars().filter(|c| *c != '\0').take(LONGEST_ERROR).collect()
}

#[cfg(test)]
mod tests;
