//! What acts said to the engine, kept so that it can be said again: every statement with its bound values,
//! act by act, and which acts shared a commit. Only for the bench: a database opened without a [`Recorder`]
//! keeps nothing, and snapshots are never heard.

use super::statement::Statement;
use super::turn::Place;
use crate::search;
use jiff::Timestamp;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Hears the acts of a database. Cloning is cheap and shares it.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    heard: Arc<Mutex<Heard>>,
}

#[derive(Debug, Default)]
struct Heard {
    acts: Vec<SaidAct>,
    found_by: Vec<FoundBy>,
    n_alone: u64,
}

/// One act that was committed.
#[derive(Clone, Debug)]
pub struct SaidAct {
    pub(crate) place: Place,
    /// The task that acted, which does one act after the other.
    pub(crate) lane: Option<tokio::task::Id>,
    pub(crate) said: Vec<Said>,
}

/// One statement with its values and how many rows it touched or gave.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) sql: &'static str,
    pub(crate) values: Values,
    pub(crate) ask: Ask,
    pub(crate) n_rows: u64,
}

#[derive(Clone, Debug)]
pub(crate) enum Values {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

/// By which method of the driver the answer was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    Execute,
    One,
    Optional,
    All,
}

/// What an entry of the search index was to be found by: the index itself keeps only keys.
#[derive(Clone, Debug)]
pub(crate) struct FoundBy {
    pub(crate) kind: String,
    pub(crate) subject: Uuid,
    pub(crate) at: Timestamp,
    pub(crate) titles: Vec<String>,
    pub(crate) codes: Vec<String>,
    pub(crate) texts: Vec<String>,
}

/// What one run of an act has said so far.
#[derive(Debug, Default)]
pub(crate) struct Run {
    said: Vec<Said>,
    found_by: Vec<FoundBy>,
}

type Taken<A> = Result<Option<A>, sqlx::error::BoxDynError>;

const ENCODED: &str = "the values of our statements can be encoded";

impl Run {
    pub(crate) fn hear_sqlite(
        &mut self,
        statement: &'static Statement,
        values: Taken<SqliteArguments>,
    ) -> SqliteArguments {
        let values = values.expect(ENCODED).unwrap_or_default();
        self.hear(statement.sqlite(), Values::Sqlite(values.clone()));
        values
    }

    pub(crate) fn hear_postgres(
        &mut self,
        statement: &'static Statement,
        values: Taken<PgArguments>,
    ) -> PgArguments {
        let values = values.expect(ENCODED).unwrap_or_default();
        self.hear(statement.postgres(), Values::Postgres(values.clone()));
        values
    }

    fn hear(&mut self, sql: &'static str, values: Values) {
        self.said.push(Said { sql, values, ask: Ask::Execute, n_rows: 0 });
    }

    /// How the last statement was answered; what the engine refused was not said.
    pub(crate) fn answered(&mut self, ask: Ask, n_rows: Option<u64>) {
        let last = self.said.pop();
        if let (Some(said), Some(n_rows)) = (last, n_rows) {
            self.said.push(Said { ask, n_rows, ..said });
        }
    }

    pub(crate) fn indexed(&mut self, entry: &search::Entry<'_>) {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        self.found_by.push(FoundBy {
            kind: entry.kind.to_owned(),
            subject: entry.subject,
            at: entry.at,
            titles: owned(entry.fields.titles),
            codes: owned(entry.fields.codes),
            texts: owned(entry.fields.texts),
        });
    }
}

impl Recorder {
    /// An act that shared its commit with those of the same place.
    pub(crate) fn keep(&self, run: Run, place: Place) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.found_by.extend(run.found_by);
        heard.acts.push(SaidAct { place, lane: tokio::task::try_id(), said: run.said });
    }

    /// An act with a commit of its own.
    pub(crate) fn keep_alone(&self, run: Run) {
        let place = {
            let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.n_alone += 1;
            Place { commit: heard.n_alone, turn: heard.n_alone }
        };
        self.keep(run, place);
    }

    /// What was heard since the last call, in the order of the commits.
    pub fn take(&self) -> Vec<SaidAct> {
        let mut acts = mem::take(&mut self.heard.lock().unwrap_or_else(PoisonError::into_inner).acts);
        acts.sort_by_key(|act| act.place);
        acts
    }

    /// What was put into the search index since the last call.
    pub(crate) fn take_found_by(&self) -> Vec<FoundBy> {
        mem::take(&mut self.heard.lock().unwrap_or_else(PoisonError::into_inner).found_by)
    }
}
