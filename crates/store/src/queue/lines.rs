//! What the admin page and the metrics see of the job table.

use super::{count, instant};
use crate::engine::{fetch_all, fetch_one, fetch_optional};
use crate::{Error, Reader, time};
use jiff::Timestamp;
use sqlx::FromRow;
use sqlx::types::Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Waiting,
    Running,
    Done,
    Dead,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }

    fn parse(name: &str, row: &str) -> Result<Self, Error> {
        match name {
            "waiting" => Ok(Self::Waiting),
            "running" => Ok(Self::Running),
            "done" => Ok(Self::Done),
            "dead" => Ok(Self::Dead),
            _ => Err(Error::Corrupt { table: "job", column: "state".to_owned(), row: row.to_owned() }),
        }
    }
}

/// A job as the admin page shows it: no payload.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub id: Uuid,
    pub kind: String,
    pub state: State,
    pub subject: Option<Uuid>,
    pub started_by: Option<Uuid>,
    pub attempts: u32,
    pub max_attempts: u32,
    pub run_after: Timestamp,
    pub last_error: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How many jobs of one kind stand where.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    pub kind: String,
    pub state: State,
    pub n_jobs: u64,
    /// The earliest instant one of them was or is to be run.
    pub oldest_run_after: Timestamp,
}

/// Jobs in a state, the latest touched first.
pub async fn lines_in(
    reader: &mut Reader,
    state: State,
    limit: u32,
    offset: u32,
) -> Result<Vec<Line>, Error> {
    let rows: Vec<Row> = fetch_all!(
        reader,
        "queue.lines_in",
        "select id, kind, state, subject, started_by, attempts, max_attempts, run_after, last_error, created_at, updated_at
         from job where state = $1 order by updated_at desc, id desc limit $2 offset $3",
        state.name(),
        i64::from(limit),
        i64::from(offset),
    )?;
    rows.into_iter().map(Row::line).collect()
}

/// Jobs for a dossier, paper or batch, the newest first, at most a hundred.
pub async fn lines_for(reader: &mut Reader, subject: Uuid) -> Result<Vec<Line>, Error> {
    let rows: Vec<Row> = fetch_all!(
        reader,
        "queue.lines_for",
        "select id, kind, state, subject, started_by, attempts, max_attempts, run_after, last_error, created_at, updated_at
         from job where subject = $1 order by created_at desc, id desc limit 100",
        subject,
    )?;
    rows.into_iter().map(Row::line).collect()
}

/// Of each of these subjects where its newest job stands; a subject without a job is left out.
pub async fn newest_for(reader: &mut Reader, subjects: &[Uuid]) -> Result<BTreeMap<Uuid, State>, Error> {
    let rows: Vec<(Uuid, String)> = fetch_all!(
        reader,
        "queue.newest_for",
        "select subject, state from job where subject in IDS($1) order by created_at, id limit 10000",
        Json(subjects),
    )?;
    rows.into_iter()
        .map(|(subject, state)| Ok((subject, State::parse(&state, &subject.to_string())?)))
        .collect()
}

/// One job.
pub async fn find(reader: &mut Reader, id: Uuid) -> Result<Option<Line>, Error> {
    let row: Option<Row> = fetch_optional!(
        reader,
        "queue.find",
        "select id, kind, state, subject, started_by, attempts, max_attempts, run_after, last_error, created_at, updated_at
         from job where id = $1",
        id,
    )?;
    row.map(Row::line).transpose()
}

/// What the metrics show, by kind and state.
pub async fn counts(reader: &mut Reader) -> Result<Vec<Count>, Error> {
    let rows: Vec<(String, String, i64, i64)> = fetch_all!(
        reader,
        "queue.counts",
        "select kind, state, count(*), min(run_after) from job group by kind, state order by kind, state",
    )?;
    rows.into_iter()
        .map(|(kind, state, n_jobs, oldest)| {
            Ok(Count {
                state: State::parse(&state, &kind)?,
                n_jobs: n_jobs.unsigned_abs(),
                oldest_run_after: instant(oldest, "run_after", &kind)?,
                kind,
            })
        })
        .collect()
}

/// How many jobs are due and not yet taken: what an alarm looks at.
pub async fn n_due(reader: &mut Reader, now: Timestamp) -> Result<u64, Error> {
    let (n,): (i64,) = fetch_one!(
        reader,
        "queue.n_due",
        "select count(*) from job where state = 'waiting' and run_after <= $1",
        time::to_micros(now),
    )?;
    Ok(n.unsigned_abs())
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    state: String,
    subject: Option<Uuid>,
    started_by: Option<Uuid>,
    attempts: i64,
    max_attempts: i64,
    run_after: i64,
    last_error: Option<String>,
    created_at: i64,
    updated_at: i64,
}

impl Row {
    fn line(self) -> Result<Line, Error> {
        let row = self.id.to_string();
        Ok(Line {
            id: self.id,
            state: State::parse(&self.state, &row)?,
            kind: self.kind,
            subject: self.subject,
            started_by: self.started_by,
            attempts: count(self.attempts),
            max_attempts: count(self.max_attempts),
            run_after: instant(self.run_after, "run_after", &row)?,
            last_error: self.last_error,
            created_at: instant(self.created_at, "created_at", &row)?,
            updated_at: instant(self.updated_at, "updated_at", &row)?,
        })
    }
}
