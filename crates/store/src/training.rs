//! The exercises that officers have begun, and what they did since.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::id::{DossierId, OfficerId};
use sqlx::types::Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How often an officer did what, by kind of event.
pub type Counts = BTreeMap<String, i64>;

/// An exercise that an officer has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub officer: OfficerId,
    pub exercise: String,
    pub begun_at: Timestamp,
    /// What he had done before.
    pub before: Counts,
    pub dossier: Option<DossierId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    officer: Uuid,
    exercise: String,
    begun_at: i64,
    before: Json<Counts>,
    dossier: Option<Uuid>,
}

impl Row {
    fn run(self) -> Result<Run, Error> {
        Ok(Run {
            officer: OfficerId(self.officer),
            exercise: self.exercise,
            begun_at: from_micros(self.begun_at)
                .map_err(|_| Error::corrupt("training_run", "begun_at", self.officer))?,
            before: self.before.0,
            dossier: self.dossier.map(DossierId),
        })
    }
}

/// Begins an exercise, or begins it anew.
pub async fn begin(tx: &mut Tx, run: &Run) -> Result<(), Error> {
    execute!(
        tx,
        "training_run.begin",
        "insert into training_run (officer, exercise, begun_at, before, dossier)
         values ($1, $2, $3, $4, $5)
         on conflict (officer, exercise) do update set begun_at = excluded.begun_at,
            before = excluded.before, dossier = excluded.dossier",
        run.officer.0,
        &run.exercise,
        to_micros(run.begun_at),
        Json(&run.before),
        run.dossier.map(|dossier| dossier.0),
    )
    .map(drop)
}

/// The exercises an officer has begun.
pub async fn runs_of(reader: &mut Reader, officer: OfficerId) -> Result<Vec<Run>, Error> {
    let rows: Vec<Row> = fetch_all!(
        reader,
        "training_run.of",
        "select officer, exercise, begun_at, before, dossier from training_run
         where officer = $1 order by exercise limit 100",
        officer.0,
    )?;
    rows.into_iter().map(Row::run).collect()
}

/// What an officer did so far, by kind: on one dossier, or on all.
pub async fn counts(
    reader: &mut Reader,
    officer: OfficerId,
    dossier: Option<DossierId>,
) -> Result<Counts, Error> {
    let rows: Vec<(String, i64)> = fetch_all!(
        reader,
        "training_run.counts",
        "select kind, count(*) from event where actor = $1 and dossier = coalesce($2, dossier) group by kind",
        officer.0,
        dossier.map(|dossier| dossier.0),
    )?;
    Ok(rows.into_iter().collect())
}

impl Run {
    /// The kinds of what was done beyond what had been done when it was begun. Events of one instant have no
    /// order, so they are counted.
    pub fn kinds<'k>(&self, now: &'k Counts) -> Vec<&'k str> {
        let is_new = |(kind, n): &(&String, &i64)| **n > self.before.get(*kind).copied().unwrap_or(0);
        now.iter().filter(is_new).map(|(kind, _)| kind.as_str()).collect()
    }
}

#[cfg(test)]
mod tests;
