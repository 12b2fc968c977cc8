//! Rows of any table as values, read from SQLite: what the loader copies does not depend on which columns
//! there are.

use crate::Error;
use serde_json::Value;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Column, Row, SqliteConnection, TypeInfo, ValueRef};
use uuid::Uuid;

/// What stands in one column of one row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Text(String),
    /// Sixteen bytes that are no salt.
    Id(Uuid),
    Bytes(Vec<u8>),
}

pub(super) type Cells = Vec<Cell>;

/// The tables of a database, in the order of their names; those of the search index's own and of the
/// migrations are left out.
pub(super) async fn tables(connection: &mut SqliteConnection) -> Result<Vec<String>, Error> {
    let names: Vec<(String,)> = sqlx::query_as(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'
            and name not like 'search_words%' and name not like '_sqlx_%' order by name",
    )
    .fetch_all(connection)
    .await
    .map_err(failed)?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

/// The columns of a table in their order.
pub(super) async fn columns(connection: &mut SqliteConnection, table: &str) -> Result<Vec<String>, Error> {
    let names: Vec<(String,)> = sqlx::query_as("select name from pragma_table_info($1) order by cid")
        .bind(table)
        .fetch_all(connection)
        .await
        .map_err(failed)?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

/// Every row of a table.
pub(super) async fn rows(connection: &mut SqliteConnection, table: &str) -> Result<Vec<Cells>, Error> {
    let select = format!("select * from \"{table}\"");
    let rows = sqlx::query(AssertSqlSafe(select)).fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(|row| (0..row.len()).map(|at| cell(row, at)).collect()).collect()
}

fn cell(row: &SqliteRow, at: usize) -> Result<Cell, Error> {
    let kind = row.try_get_raw(at).map_err(failed)?;
    let kind = if kind.is_null() { "NULL".to_owned() } else { kind.type_info().name().to_owned() };
    Ok(match kind.as_str() {
        "NULL" => Cell::Null,
        "TEXT" => Cell::Text(row.try_get(at).map_err(failed)?),
        "BLOB" => {
            let bytes: Vec<u8> = row.try_get(at).map_err(failed)?;
            match Uuid::from_slice(&bytes) {
                Ok(id) if row.column(at).name() != "salt" => Cell::Id(id),
                _ => Cell::Bytes(bytes),
            }
        }
        _ => Cell::Int(row.try_get(at).map_err(failed)?),
    })
}

/// As PostgreSQL's `to_jsonb` would show it.
pub(super) fn shown(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Int(number) => (*number).into(),
        Cell::Text(text) => text.clone().into(),
        Cell::Id(id) => id.to_string().into(),
        Cell::Bytes(bytes) => format!("\\x{}", hex::encode(bytes)).into(),
    }
}

pub(super) fn failed(error: sqlx::Error) -> Error {
    Error::engine("bench", error)
}
