//! Databases the bench works on: made, copied while nobody is in them, gone when dropped.

use super::cell::{self, failed};
use crate::engine::{postgres_options, sqlite_options};
use crate::testing::{drop_database, url_of};
use crate::{Config, Db, Error};
use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A database of the bench's own.
#[derive(Debug)]
pub struct Ground {
    config: Config,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Server { url: String, database: String },
}

/// Connections of the bench, and so the acts that are under way at once on PostgreSQL.
const N_CONNECTIONS: u32 = 16;

impl Ground {
    /// An empty SQLite database in a new folder below `folder`.
    pub fn sqlite(folder: &Path) -> Result<Self, Error> {
        let folder = folder.join(format!("bench-{}", Uuid::new_v4().simple()));
        std::fs::create_dir_all(&folder).map_err(|error| failed(error.into()))?;
        Ok(Self { config: Config::sqlite(folder.join("motcua.db")), place: Place::Folder(folder) })
    }

    /// An empty database on the PostgreSQL server at `url`.
    pub async fn postgres(url: &str) -> Result<Self, Error> {
        Self::on_server(url, "template1").await
    }

    async fn on_server(url: &str, template: &str) -> Result<Self, Error> {
        let database = format!("motcua_bench_{}", Uuid::new_v4().simple());
        let mut server = postgres_options(url)?.connect().await.map_err(failed)?;
        let create = format!("create database {database} template {template} strategy file_copy");
        sqlx::query(AssertSqlSafe(create)).execute(&mut server).await.map_err(failed)?;
        let config = Config::Postgres { url: url_of(url, &database), n_connections: N_CONNECTIONS };
        Ok(Self { config, place: Place::Server { url: url.to_owned(), database } })
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The same database once more. Nobody may have it open.
    pub async fn copy(&self) -> Result<Self, Error> {
        match (&self.place, &self.config) {
            (Place::Folder(folder), Config::Sqlite { path, .. }) => {
                let copy = Self::sqlite(folder.parent().unwrap_or(folder))?;
                if let Config::Sqlite { path: to, .. } = &copy.config {
                    let done = std::fs::copy(path, to).and_then(|_| std::fs::File::open(to)?.sync_all());
                    done.map_err(|error| failed(error.into()))?;
                }
                Ok(copy)
            }
            (Place::Server { url, database }, _) => Self::on_server(url, database).await,
            (Place::Folder(_), Config::Postgres { .. }) => unreachable!("a folder holds SQLite"),
        }
    }

    /// Bytes on the disk.
    pub async fn size_bytes(&self) -> Result<u64, Error> {
        match (&self.place, &self.config) {
            (Place::Server { url, database }, _) => {
                let mut server = postgres_options(url)?.connect().await.map_err(failed)?;
                let (size,): (i64,) = sqlx::query_as("select pg_database_size($1)")
                    .bind(database)
                    .fetch_one(&mut server)
                    .await
                    .map_err(failed)?;
                Ok(u64::try_from(size).unwrap_or(0))
            }
            (Place::Folder(_), Config::Sqlite { path, .. }) => {
                let about = std::fs::metadata(path).map_err(|error| failed(error.into()))?;
                Ok(about.len())
            }
            (Place::Folder(_), Config::Postgres { .. }) => unreachable!("a folder holds SQLite"),
        }
    }

    /// What an engine does by itself from time to time: the statistics its plans are made by are renewed,
    /// and what was written is on the disk before anything is measured.
    pub async fn settle(&self) -> Result<(), Error> {
        match &self.config {
            Config::Sqlite { path, .. } => {
                let mut connection = sqlite_options(path).connect().await.map_err(failed)?;
                sqlx::query("pragma wal_checkpoint(truncate)")
                    .fetch_all(&mut connection)
                    .await
                    .map_err(failed)?;
                connection.close().await.map_err(failed)
            }
            Config::Postgres { url, .. } => {
                let mut connection = postgres_options(url)?.connect().await.map_err(failed)?;
                for command in ["vacuum analyze", "checkpoint"] {
                    sqlx::raw_sql(command).execute(&mut connection).await.map_err(failed)?;
                }
                connection.close().await.map_err(failed)
            }
        }
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        match &self.place {
            Place::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Place::Server { url, database } => {
                let (url, database) = (url.clone(), database.clone());
                // A runtime of its own: this one may be ending, and cannot be waited on here.
                let dropping = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                    runtime.map(|runtime| runtime.block_on(drop_database(&url, &database)))
                });
                drop(dropping.join());
            }
        }
    }
}

/// Everything in a database, by table: each row as JSON, and the keys of the search index. To compare
/// what two ways of writing have written.
pub async fn dump(db: &Db) -> Result<BTreeMap<String, Vec<Value>>, Error> {
    match db {
        Db::Sqlite(db) => dump_sqlite(&mut *db.write.acquire().await.map_err(failed)?).await,
        Db::Postgres(db) => dump_postgres(&mut *db.pool.acquire().await.map_err(failed)?).await,
    }
}

async fn dump_sqlite(connection: &mut SqliteConnection) -> Result<BTreeMap<String, Vec<Value>>, Error> {
    let mut dumped = BTreeMap::new();
    for table in cell::tables(connection).await? {
        let columns = cell::columns(connection, &table).await?;
        let rows = cell::rows(connection, &table).await?;
        let rows = rows.iter().map(|row| {
            let shown = columns.iter().cloned().zip(row.iter().map(cell::shown));
            Value::Object(shown.collect::<Map<String, Value>>())
        });
        dumped.insert(table, rows.collect());
    }
    sqlx::raw_sql(
        "create virtual table if not exists temp.search_keys using fts5vocab(main, search_words, instance)",
    )
    .execute(&mut *connection)
    .await
    .map_err(failed)?;
    let keys: Vec<(String, i64, String, i64)> =
        sqlx::query_as("select term, doc, col, offset from temp.search_keys")
            .fetch_all(connection)
            .await
            .map_err(failed)?;
    let keys = keys.into_iter().map(|(term, n, column, at)| serde_json::json!([n, column, at, term]));
    dumped.insert("search_words".to_owned(), keys.collect());
    Ok(dumped)
}

async fn dump_postgres(connection: &mut PgConnection) -> Result<BTreeMap<String, Vec<Value>>, Error> {
    let tables: Vec<(String,)> = sqlx::query_as(
        "select table_name::text from information_schema.tables
         where table_schema = 'public' and table_name not like '\\_sqlx%' order by 1",
    )
    .fetch_all(&mut *connection)
    .await
    .map_err(failed)?;
    let mut dumped = BTreeMap::new();
    for (table,) in tables {
        let select = format!("select to_jsonb(t) from \"{table}\" t");
        let rows: Vec<(Value,)> =
            sqlx::query_as(AssertSqlSafe(select)).fetch_all(&mut *connection).await.map_err(failed)?;
        dumped.insert(table, rows.into_iter().map(|(row,)| row).collect());
    }
    Ok(dumped)
}
