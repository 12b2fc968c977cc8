//! What can go wrong underneath an act, in terms an act can match: not the engine's codes.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use sqlx::types::Json;
use std::error::Error as StdError;
use std::fmt;

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No turn came in time, or other acts kept getting in between. Nothing was written; asking
    /// again is right.
    #[error("the database is busy")]
    Busy,
    /// A row with the same key exists. The name is the constraint's, equal on both engines: the
    /// index's own name, or `<table>_<columns>_key`, or `<table>_pkey`.
    #[error("`{0}` is taken")]
    Taken(String),
    /// The row was changed by somebody else since it was read, or its lease went to another.
    #[error("`{row}` of `{table}` has changed meanwhile")]
    Stale { table: &'static str, row: String },
    /// What the row holds cannot be what was written.
    #[error("`{column}` of `{row}` in `{table}` is corrupt")]
    Corrupt { table: &'static str, column: String, row: String },
    /// A statement failed for a reason the caller can do nothing about.
    #[error("statement `{statement}` failed")]
    Db { statement: &'static str, source: Box<dyn StdError + Send + Sync> },
}

impl Error {
    pub(crate) fn corrupt(table: &'static str, column: &str, row: impl fmt::Display) -> Self {
        Self::Corrupt { table, column: column.to_owned(), row: row.to_string() }
    }

    /// An engine's failure outside a named statement: opening, beginning, committing.
    pub(crate) fn engine(statement: &'static str, source: sqlx::Error) -> Self {
        match fault_of(&source) {
            Fault::Busy | Fault::Conflict => Self::Busy,
            Fault::Taken | Fault::Other => Self::Db { statement, source: Box::new(source) },
        }
    }
}

/// A column of JSON as it was written: checked to be JSON, and not taken apart.
pub(crate) type JsonText = Json<Box<RawValue>>;

/// What a column of JSON holds. Read as JSON first, so that a row whose body does not open is named.
pub(crate) fn open<T: DeserializeOwned>(
    Json(text): JsonText,
    table: &'static str,
    column: &str,
    row: impl fmt::Display,
) -> Result<T, Error> {
    serde_json::from_str(text.get()).map_err(|error| {
        tracing::error!(table, column, %row, %error, "corrupt row");
        Error::corrupt(table, column, row)
    })
}

/// The kinds of failure that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The engine had no connection or no lock to give.
    Busy,
    /// Another act came in between; running this one again is right.
    Conflict,
    /// A unique constraint.
    Taken,
    Other,
}

pub(crate) fn fault_of(error: &sqlx::Error) -> Fault {
    match error {
        sqlx::Error::PoolTimedOut => Fault::Busy,
        sqlx::Error::Database(database) if database.is_unique_violation() => Fault::Taken,
        // PostgreSQL: serialization_failure and deadlock_detected; SQLite: the low byte of the
        // extended code is SQLITE_BUSY (5) or SQLITE_LOCKED (6). PostgreSQL codes have five letters.
        sqlx::Error::Database(database) => match database.code().as_deref() {
            Some("40001" | "40P01") => Fault::Conflict,
            // lock_not_available, too_many_connections, cannot_connect_now
            Some("55P03" | "53300" | "57P03") => Fault::Busy,
            Some(code) if code.len() < 5 && matches!(code.parse::<u32>().map(|n| n & 0xff), Ok(5 | 6)) => {
                Fault::Busy
            }
            _ => Fault::Other,
        },
        _ => Fault::Other,
    }
}
