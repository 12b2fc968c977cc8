//! For tests only, here and in the crates above: a fresh database on either engine, and
//! [`on_both!`](crate::on_both), which makes two tests of one function.
//!
//! PostgreSQL comes from the server at `MOTCUA_TEST_POSTGRES` (`testing/postgres start` makes one);
//! where that is not set, the PostgreSQL half fails and says so. On either engine each test has its own database,
//! cloned from a migrated one.

pub mod columns;
pub mod forger;

use crate::{Config, Db, Engine};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Makes two tests of each function named: `<name>::on_sqlite` and `<name>::on_postgres`. The
/// function is `async fn name(db: store::testing::Scratch)`.
#[macro_export]
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[test]
            fn on_sqlite() {
                $crate::testing::run($crate::Engine::Sqlite, super::$name);
            }

            #[test]
            fn on_postgres() {
                $crate::testing::run($crate::Engine::Postgres, super::$name);
            }
        }
    )+};
}

/// A migrated database of its own, gone when this is dropped. Used as a [`Db`].
#[derive(Debug)]
pub struct Scratch {
    db: Db,
    /// To open the same database again, also from another process.
    pub config: Config,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Server { url: String, database: String },
}

impl Deref for Scratch {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

/// Runs a test with a fresh database.
///
/// # Panics
/// When the test does, and when no database can be made.
pub fn run<F: Future<Output = ()>>(engine: Engine, test: impl FnOnce(Scratch) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a test machine can start threads");
    runtime.block_on(async {
        test(scratch(engine).await).await;
    });
}

/// A fresh, migrated database.
///
/// # Panics
/// When it cannot be made.
pub async fn scratch(engine: Engine) -> Scratch {
    let (config, place) = match engine {
        Engine::Sqlite => {
            let folder = std::env::temp_dir().join(format!("motcua-test-{}", Uuid::new_v4()));
            std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
            let file = folder.join("motcua.db");
            copy_template(&file).await.expect("a test database can be made");
            (Config::sqlite(file), Place::Folder(folder))
        }
        Engine::Postgres => {
            let url = server_url();
            let database = clone_template(&url).await.expect("a test database can be made");
            (Config::postgres(url_of(&url, &database)), Place::Server { url, database })
        }
    };
    let db = Db::open(&config).await.expect("a fresh database opens");
    db.migrate().await.expect("a fresh database takes the schema");
    Scratch { db, config, place }
}

#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where the server is")]
fn server_url() -> String {
    std::env::var("MOTCUA_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "MOTCUA_TEST_POSTGRES is not set: every test of the store runs on PostgreSQL too. \
             Start a server with `export MOTCUA_TEST_POSTGRES=$(testing/postgres start)`."
        )
    })
}

/// `url` with the database replaced.
pub(crate) fn url_of(url: &str, database: &str) -> String {
    let (address, options) = url.split_once('?').map_or((url, None), |(a, o)| (a, Some(o)));
    let server = match address.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.split('/').next().unwrap_or_default()),
        None => address.to_owned(),
    };
    match options {
        Some(options) => format!("{server}/{database}?{options}"),
        None => format!("{server}/{database}"),
    }
}

/// A new file with the schema in it. The first test of a schema makes the template; where two are first, the
/// later one's is kept, and is the same.
async fn copy_template(file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir();
    let template = folder.join(format!("motcua-template-{}.db", crate::schema::fingerprint()));
    if !template.exists() {
        let half_made = folder.join(format!("motcua-template-{}", Uuid::new_v4()));
        let db = Db::open(&Config::sqlite(&half_made)).await?;
        db.migrate().await?;
        // The last one out writes the log into the file.
        db.close().await;
        std::fs::rename(half_made, &template)?;
    }
    std::fs::copy(template, file)?;
    Ok(())
}

/// A new database with the schema in it. The first test of a schema makes the template.
async fn clone_template(url: &str) -> Result<String, Box<dyn std::error::Error>> {
    let mut server = PgConnection::connect(url).await?;
    let template = format!("motcua_template_{}", crate::schema::fingerprint());
    // Tests of many processes meet here; the lock goes with the connection.
    sqlx::query("select pg_advisory_lock(7702)").execute(&mut server).await?;
    let found: Option<(i32,)> = sqlx::query_as("select 1 from pg_database where datname = $1")
        .bind(&template)
        .fetch_optional(&mut server)
        .await?;
    if found.is_none() {
        let half_made = format!("{template}_{}", Uuid::new_v4().simple());
        sqlx::query(AssertSqlSafe(format!("create database {half_made}"))).execute(&mut server).await?;
        let db = Db::open(&Config::postgres(url_of(url, &half_made))).await?;
        db.migrate().await?;
        db.close().await;
        let rename = format!("alter database {half_made} rename to {template}");
        sqlx::query(AssertSqlSafe(rename)).execute(&mut server).await?;
    }
    let database = format!("motcua_test_{}", Uuid::new_v4().simple());
    // The files as they are: half the work of writing all of it into the log, which nobody reads.
    let create = format!("create database {database} template {template} strategy file_copy");
    sqlx::query(AssertSqlSafe(create)).execute(&mut server).await?;
    server.close().await?;
    Ok(database)
}

pub(crate) async fn drop_database(url: &str, database: &str) -> Result<(), sqlx::Error> {
    let mut server = PgConnection::connect(url).await?;
    let sql = format!("drop database if exists {database} with (force)");
    sqlx::query(AssertSqlSafe(sql)).execute(&mut server).await?;
    server.close().await
}

impl Drop for Scratch {
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

#[cfg(test)]
mod tests {
    use super::{Place, Scratch};
    use crate::sample::office;
    use crate::{people, testing};

    async fn each_test_has_a_database_of_its_own(db: Scratch) {
        office(&db).await;
        let other = testing::scratch(db.engine()).await;
        let mut reader = other.read().await.expect("a snapshot");
        assert_eq!(people::n_officers(&mut reader).await.expect("counted"), 0);
        drop(reader);
        if let Place::Folder(folder) = &other.place {
            let folder = folder.clone();
            drop(other);
            assert!(!folder.exists(), "gone with its test");
        }
    }

    on_both!(each_test_has_a_database_of_its_own);
}
