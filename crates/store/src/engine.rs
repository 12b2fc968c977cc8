//! The two engines behind one face: open, read a snapshot, act. What an act does is the other
//! modules' affair. Which engine runs is known here and beneath, and at these dialect points alone:
//! `schema` (the words of the migrations), `search` and `search::keys` (full text), `testing`, `bench`.
//!
//! An act is run again when another came in between, so it must do nothing outside the database
//! and take its clock from the caller. On SQLite acts queue for one writer, which commits all that
//! wait together. On PostgreSQL each has its own transaction at `serializable`, so that both
//! engines promise the same: an act that reads, decides and writes saw nothing change meanwhile.
//! (At `repeatable read` two acts could both count 9 of 10 allowed and both add the tenth.)

pub mod count;
pub(crate) mod record;
pub(crate) mod statement;
mod taken;
pub(crate) mod turn;

pub(crate) use statement::{execute, fetch, fetch_all, fetch_one, fetch_optional};

use crate::error::{Error, Fault, fault_of};
use record::{Recorder, Run};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Executor, PgPool, Postgres, SqlSafeStr, SqlitePool, Transaction};
use statement::Statement;
use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use taken::UniqueNames;
use tokio::sync::Mutex;
use turn::{Lent, Outcome, Verdict, Writer};

/// How long one run of an act may take before it is undone: it holds the only pen on SQLite.
const ACT_LIMIT: Duration = Duration::from_secs(30);
/// How long to wait for a connection or for the pen.
const TURN_LIMIT: Duration = Duration::from_secs(30);
/// Runs of one act on PostgreSQL before it gives up as [`Error::Busy`].
const N_RUNS: u32 = 20;
/// From this run on, acts that met each other go one at a time within the process.
const N_RUNS_SIDE_BY_SIDE: u32 = 2;

/// Where the database is.
#[derive(Clone)]
pub enum Config {
    /// One file, made when missing; `n_readers` connections for pages.
    Sqlite { path: PathBuf, n_readers: u32 },
    /// A server; `url` may hold a password and is never printed.
    Postgres { url: String, n_connections: u32 },
}

impl Config {
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self::Sqlite { path: path.into(), n_readers: 8 }
    }

    pub fn postgres(url: impl Into<String>) -> Self {
        Self::Postgres { url: url.into(), n_connections: 16 }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path, n_readers } => {
                f.debug_struct("Sqlite").field("path", path).field("n_readers", n_readers).finish()
            }
            Self::Postgres { n_connections, .. } => {
                f.debug_struct("Postgres").field("n_connections", n_connections).finish_non_exhaustive()
            }
        }
    }
}

/// Which engine runs. For `doctor` and tests; nothing else may care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The open database. Cloning is cheap and shares it.
#[derive(Debug, Clone)]
pub enum Db {
    Sqlite(SqliteDb),
    Postgres(PostgresDb),
}

#[derive(Debug, Clone)]
pub struct SqliteDb {
    pub(crate) write: SqlitePool,
    read: SqlitePool,
    writer: Writer,
    names: UniqueNames,
    recorder: Option<Recorder>,
}

#[derive(Debug, Clone)]
pub struct PostgresDb {
    pub(crate) pool: PgPool,
    /// Held by an act that has met others too often.
    lane: Arc<Mutex<()>>,
    recorder: Option<Recorder>,
}

impl Db {
    /// Opens the database; its schema is [`Db::migrate`]'s affair.
    pub async fn open(config: &Config) -> Result<Self, Error> {
        Self::open_with(config, None).await
    }

    /// Opens the database so that `recorder` hears what its acts say.
    pub(crate) async fn open_with(config: &Config, recorder: Option<Recorder>) -> Result<Self, Error> {
        match config {
            Config::Sqlite { path, n_readers } => {
                make_private(path).map_err(|e| Error::engine("open", sqlx::Error::Io(e)))?;
                let options = sqlite_options(path);
                let pool = |n| {
                    SqlitePoolOptions::new()
                        .max_connections(n)
                        .acquire_timeout(TURN_LIMIT)
                        .idle_timeout(None)
                        .max_lifetime(None)
                        .test_before_acquire(false)
                };
                let failed = |e| Error::engine("open", e);
                let write = pool(1).connect_with(options.clone()).await.map_err(failed)?;
                let read = pool((*n_readers).max(1))
                    .connect_with(options.pragma("query_only", "on"))
                    .await
                    .map_err(failed)?;
                let writer = Writer::start(write.clone());
                let names = UniqueNames::default();
                names.learn(&write).await?;
                Ok(Self::Sqlite(SqliteDb { write, read, writer, names, recorder }))
            }
            Config::Postgres { url, n_connections } => {
                let options = postgres_options(url)?;
                let pool = sqlx::postgres::PgPoolOptions::new()
                    .max_connections((*n_connections).max(2))
                    .acquire_timeout(TURN_LIMIT)
                    .connect_with(options)
                    .await
                    .map_err(|e| Error::engine("open", e))?;
                Ok(Self::Postgres(PostgresDb { pool, lane: Arc::default(), recorder }))
            }
        }
    }

    /// Brings the schema up to date; does nothing when it is.
    pub async fn migrate(&self) -> Result<(), Error> {
        let failed = |e| Error::Db { statement: "migrate", source: Box::new(e) };
        match self {
            Self::Sqlite(db) => {
                crate::schema::migrator(Engine::Sqlite).run(&db.write).await.map_err(failed)?;
                db.names.learn(&db.write).await
            }
            Self::Postgres(db) => {
                crate::schema::migrator(Engine::Postgres).run(&db.pool).await.map_err(failed)
            }
        }
    }

    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// A snapshot to read from: everything read through it is as of the moment of its first read.
    pub async fn read(&self) -> Result<Reader, Error> {
        let failed = |e| Error::engine("begin", e);
        match self {
            Self::Sqlite(db) => {
                let tx = db.read.begin().await.map_err(failed)?;
                Ok(Reader::new(Link::Sqlite(Lent::own(tx)), db.names.clone(), None))
            }
            Self::Postgres(db) => {
                let begin = "begin isolation level repeatable read read only";
                let tx = db.pool.begin_with(begin).await.map_err(failed)?;
                Ok(Reader::new(Link::Postgres(tx), UniqueNames::default(), None))
            }
        }
    }

    /// Runs one act: all of what `run` writes is there and durable when this returns `Ok`, and
    /// nothing of it when it returns `Err`.
    ///
    /// `run` may be run again, so it captures references: `let code = &code;` before
    /// `db.act(|mut tx| async move { … })`. When the caller goes away in the middle, the act is
    /// undone; when it goes away while the commit is under way, the act may have been done.
    ///
    /// # Errors
    /// What `run` returned; [`Error::Busy`] when no turn came; [`Error::Db`] when the commit failed
    /// (on PostgreSQL a lost connection at that moment leaves open whether it was done).
    pub async fn act<T, E, F>(&self, run: impl FnMut(Tx) -> F) -> Result<T, E>
    where
        E: From<Error>,
        F: Future<Output = Result<T, E>>,
    {
        match self {
            Self::Sqlite(db) => db.act(run).await,
            Self::Postgres(db) => db.act("begin isolation level serializable", run).await,
        }
    }

    /// Like [`Db::act`], for one statement that locks the rows it touches and decides nothing from
    /// others (claiming a job): `serializable` would only make claimers wait for each other.
    pub(crate) async fn act_on_locked_rows<T, E, F>(&self, run: impl FnMut(Tx) -> F) -> Result<T, E>
    where
        E: From<Error>,
        F: Future<Output = Result<T, E>>,
    {
        match self {
            Self::Sqlite(db) => db.act(run).await,
            Self::Postgres(db) => db.act("begin isolation level read committed", run).await,
        }
    }

    /// Prepares every statement of this crate against the schema as it is, and gives those the
    /// engine does not take, with its reason. For `doctor`, and for the test that none is wrong.
    pub async fn statements_refused(&self) -> Result<Vec<(&'static str, String)>, Error> {
        let mut refused = Vec::new();
        let mut reader = self.read().await?;
        for statement in statement::all() {
            if let Err(error) = reader.prepare(statement).await {
                refused.push((statement.name, error.to_string()));
                // PostgreSQL takes nothing more in a transaction that has failed.
                reader = self.read().await?;
            }
        }
        Ok(refused)
    }

    /// Closes all connections, after the work under way.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(db) => {
                db.read.close().await;
                db.write.close().await;
            }
            Self::Postgres(db) => db.pool.close().await,
        }
    }
}

impl SqliteDb {
    async fn act<T, E, F>(&self, mut run: impl FnMut(Tx) -> F) -> Result<T, E>
    where
        E: From<Error>,
        F: Future<Output = Result<T, E>>,
    {
        let mut company = turn::Company::Welcome;
        loop {
            let turn = tokio::time::timeout(TURN_LIMIT, self.writer.turn(company));
            let lent = turn.await.map_err(|_| Error::Busy).flatten()?;
            let heard = self.recorder.as_ref().map(|_| Run::default());
            let reader = Reader::new(Link::Sqlite(lent), self.names.clone(), heard);
            let (result, reader) = run_once(&mut run, reader).await;
            let verdict = if result.is_ok() { Verdict::Keep } else { Verdict::Undo };
            let Some(Reader { link: Link::Sqlite(lent), run: heard, .. }) = reader else {
                return Err(E::from(kept()));
            };
            let place = lent.place();
            match lent.give_back(verdict).await {
                Outcome::Settled => {
                    if let (Some(recorder), Some(heard), Ok(_)) = (&self.recorder, heard, &result) {
                        recorder.keep(heard, place);
                    }
                    return result;
                }
                Outcome::GroupLost => company = turn::Company::Alone,
                Outcome::Failed(error) => return Err(E::from(error)),
            }
        }
    }
}

impl PostgresDb {
    async fn act<T, E, F>(&self, begin: &'static str, mut run: impl FnMut(Tx) -> F) -> Result<T, E>
    where
        E: From<Error>,
        F: Future<Output = Result<T, E>>,
    {
        for n_run in 0..N_RUNS {
            let _lane = if n_run > N_RUNS_SIDE_BY_SIDE { Some(self.lane.lock().await) } else { None };
            let begun = self.pool.begin_with(begin).await.map_err(|e| Error::engine("begin", e))?;
            let heard = self.recorder.as_ref().map(|_| Run::default());
            let reader = Reader::new(Link::Postgres(begun), UniqueNames::default(), heard);
            let (result, reader) = run_once(&mut run, reader).await;
            let Some(reader) = reader else { return Err(E::from(kept())) };
            let Reader { link: Link::Postgres(link), conflicted, run: heard, .. } = reader else {
                return Err(E::from(kept()));
            };
            // A statement that met another act has spoilt the transaction, whatever `run` made of it.
            if conflicted {
                drop(link.rollback().await);
            } else {
                match result {
                    Err(error) => {
                        drop(link.rollback().await);
                        return Err(error);
                    }
                    Ok(value) => match link.commit().await {
                        Ok(()) => {
                            if let (Some(recorder), Some(heard)) = (&self.recorder, heard) {
                                recorder.keep_alone(heard);
                            }
                            return Ok(value);
                        }
                        Err(error) if fault_of(&error) == Fault::Conflict => {}
                        Err(error) => return Err(E::from(Error::engine("commit", error))),
                    },
                }
            }
            tokio::time::sleep(pause_before_run(n_run)).await;
        }
        Err(E::from(Error::Busy))
    }
}

/// Runs the act once, and gives back what it was lent; `None` when it kept its [`Tx`].
async fn run_once<T, E, F>(run: &mut impl FnMut(Tx) -> F, reader: Reader) -> (Result<T, E>, Option<Reader>)
where
    E: From<Error>,
    F: Future<Output = Result<T, E>>,
{
    let home = Arc::new(std::sync::Mutex::new(None));
    let tx = Tx { reader: Some(reader), home: Arc::clone(&home) };
    let result = match tokio::time::timeout(ACT_LIMIT, run(tx)).await {
        Ok(result) => result,
        Err(_) => Err(E::from(Error::Busy)),
    };
    let reader = home.lock().unwrap_or_else(PoisonError::into_inner).take();
    (result, reader)
}

/// How the file is opened, whoever writes in it.
pub(crate) fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A stamped receipt must survive a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("trusted_schema", "off")
        // KiB a connection. SQLite's own 2 MiB hold less than one list of a large office takes from its rows.
        .pragma("cache_size", "-32768")
        .statement_cache_capacity(500)
}

pub(crate) fn postgres_options(url: &str) -> Result<PgConnectOptions, Error> {
    Ok(PgConnectOptions::from_str(url)
        .map_err(|e| Error::engine("open", e))?
        .application_name("motcua")
        .statement_cache_capacity(500))
}

fn kept() -> Error {
    Error::Db { statement: "commit", source: "the act kept its transaction".into() }
}

/// Makes the file when it is missing, for its owner alone: it holds everybody's papers. SQLite gives
/// the files beside it the same mode.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// 1 ms doubling to 64 ms, the later half of it by chance, so that two acts do not meet again.
fn pause_before_run(n_run: u32) -> Duration {
    let most_us = 1000_u64 << n_run.min(6);
    let chance = RandomState::new().build_hasher().finish();
    Duration::from_micros(most_us / 2 + chance % (most_us / 2))
}

/// The connection beneath a [`Reader`].
#[derive(Debug)]
pub(crate) enum Link {
    Sqlite(Lent),
    Postgres(Transaction<'static, Postgres>),
}

/// A snapshot that can be read, or the reading half of a [`Tx`].
#[derive(Debug)]
pub struct Reader {
    pub(crate) link: Link,
    /// A statement met another act: the run is void, whatever it returns.
    conflicted: bool,
    n_statements: u32,
    names: UniqueNames,
    /// What an act has said so far, where somebody wants to know.
    pub(crate) run: Option<Run>,
}

impl Reader {
    fn new(link: Link, names: UniqueNames, run: Option<Run>) -> Self {
        Self { link, conflicted: false, n_statements: 0, names, run }
    }

    pub(crate) fn engine(&self) -> Engine {
        match self.link {
            Link::Sqlite(_) => Engine::Sqlite,
            Link::Postgres(_) => Engine::Postgres,
        }
    }

    /// How many statements have run through this: a list asks the same number, however long it is.
    pub fn n_statements(&self) -> u32 {
        self.n_statements
    }

    /// What to return when a row is taken that only an act in between can have written: this run is
    /// void and the act is run again. Nothing comes in between on SQLite, so there it ends as busy.
    pub(crate) fn met_another(&mut self) -> Error {
        self.conflicted = true;
        Error::Busy
    }

    /// Turns an engine's answer into ours; the macros call it.
    pub(crate) fn judge<T>(
        &mut self,
        statement: &'static Statement,
        answer: Result<T, sqlx::Error>,
    ) -> Result<T, Error> {
        self.n_statements = self.n_statements.saturating_add(1);
        count::said();
        let error = match answer {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        match fault_of(&error) {
            Fault::Busy => Err(Error::Busy),
            Fault::Conflict => {
                self.conflicted = true;
                Err(Error::Busy)
            }
            Fault::Taken => Err(Error::Taken(self.names.of(&error))),
            Fault::Other => Err(match error {
                sqlx::Error::ColumnDecode { index, source } => {
                    tracing::error!(statement = statement.name, column = index, %source, "corrupt row");
                    Error::Corrupt { table: statement.name, column: index, row: "?".into() }
                }
                error => Error::Db { statement: statement.name, source: Box::new(error) },
            }),
        }
    }

    /// Prepares a statement without running it.
    async fn prepare(&mut self, statement: &'static Statement) -> Result<(), sqlx::Error> {
        match &mut self.link {
            Link::Sqlite(link) => (**link).prepare(statement.sqlite().into_sql_str()).await.map(drop),
            Link::Postgres(link) => (**link).prepare(statement.postgres().into_sql_str()).await.map(drop),
        }
    }
}

/// An act under way. Reads as a [`Reader`] does. Goes home by being dropped at the end of the act.
#[derive(Debug)]
pub struct Tx {
    reader: Option<Reader>,
    home: Arc<std::sync::Mutex<Option<Reader>>>,
}

const HELD: &str = "the reader goes home only when the act's `Tx` is dropped";

impl Drop for Tx {
    fn drop(&mut self) {
        *self.home.lock().unwrap_or_else(PoisonError::into_inner) = self.reader.take();
    }
}

impl Deref for Tx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        self.reader.as_ref().expect(HELD)
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        self.reader.as_mut().expect(HELD)
    }
}

#[cfg(test)]
mod tests;
