//! What acts said, said again by the bare driver: no rules, no rows turned into values, no errors turned
//! into ours. This is the bound acts are held against, so it gets every help the acts had: the same
//! statements with the same values, prepared and cached as theirs; the same commits, each with as many
//! acts as shared it, and the savepoints around them; the same durability; as many connections; reads as
//! well as writes. It starts on a copy of the database taken before the acts, after the same acts as a
//! warm-up.

use super::cell::failed;
use crate::engine::record::{Ask, Said, SaidAct, Values};
use crate::engine::{postgres_options, sqlite_options};
use crate::error::{Fault, fault_of};
use crate::{Config, Error};
use sqlx::postgres::PgPoolOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool, SqliteConnection};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What the replay came to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Replayed {
    pub n_acts: usize,
    pub n_commits: usize,
    pub n_statements: u64,
    pub n_rows: u64,
    pub took: Duration,
}

impl SaidAct {
    pub fn n_statements(&self) -> u64 {
        self.said.len() as u64
    }

    /// Rows touched and given.
    pub fn n_rows(&self) -> u64 {
        self.said.iter().map(|said| said.n_rows).sum()
    }

    /// Acts of one commit have the same.
    pub fn commit(&self) -> u64 {
        self.place.commit
    }
}

/// Says `warm` again, and then `acts` against the clock.
pub async fn replay(config: &Config, warm: Vec<SaidAct>, acts: Vec<SaidAct>) -> Result<Replayed, Error> {
    match config {
        Config::Sqlite { path, .. } => {
            let mut connection = sqlite_options(path).connect().await.map_err(failed)?;
            by_one_pen(&mut connection, &warm).await.map_err(failed)?;
            let begun = Instant::now();
            let replayed = by_one_pen(&mut connection, &acts).await.map_err(failed)?;
            let took = begun.elapsed();
            connection.close().await.map_err(failed)?;
            Ok(Replayed { took, ..replayed })
        }
        Config::Postgres { url, n_connections } => {
            let options = PgPoolOptions::new().max_connections(*n_connections);
            let pool = options.connect_with(postgres_options(url)?).await.map_err(failed)?;
            side_by_side(&pool, warm).await?;
            let begun = Instant::now();
            let replayed = side_by_side(&pool, acts).await?;
            let took = begun.elapsed();
            pool.close().await;
            Ok(Replayed { took, ..replayed })
        }
    }
}

/// One commit after the other, the acts of each in its savepoints.
async fn by_one_pen(connection: &mut SqliteConnection, acts: &[SaidAct]) -> Result<Replayed, sqlx::Error> {
    let mut replayed = Replayed::default();
    for group in acts.chunk_by(|one, next| one.commit() == next.commit()) {
        let mut tx = connection.begin_with("begin immediate").await?;
        for act in group {
            sqlx::query("savepoint act").execute(&mut *tx).await?;
            for said in &act.said {
                replayed.n_rows += say_on_sqlite(&mut tx, said).await?;
            }
            sqlx::raw_sql("release act").execute(&mut *tx).await?;
            replayed.n_acts += 1;
            replayed.n_statements += act.n_statements();
        }
        tx.commit().await?;
        replayed.n_commits += 1;
    }
    Ok(replayed)
}

async fn say_on_sqlite(connection: &mut SqliteConnection, said: &Said) -> Result<u64, sqlx::Error> {
    let Values::Sqlite(values) = &said.values else { unreachable!("it was said to SQLite") };
    let query = sqlx::query_with(said.sql, values.clone());
    Ok(match said.ask {
        Ask::Execute => query.execute(connection).await?.rows_affected(),
        Ask::One => query.fetch_one(connection).await.map(|_| 1)?,
        Ask::Optional => query.fetch_optional(connection).await?.map_or(0, |_| 1),
        Ask::All => query.fetch_all(connection).await?.len() as u64,
    })
}

/// What one officer did, one act after the other; the officers at once.
async fn side_by_side(pool: &PgPool, acts: Vec<SaidAct>) -> Result<Replayed, Error> {
    let mut lanes: BTreeMap<String, Vec<SaidAct>> = BTreeMap::new();
    for act in acts {
        let lane = act.lane.map(|lane| lane.to_string()).unwrap_or_default();
        lanes.entry(lane).or_default().push(act);
    }
    let lanes = lanes.into_values().map(|acts| tokio::spawn(one_lane(pool.clone(), acts)));
    let mut all = Replayed::default();
    for lane in futures::future::join_all(lanes).await {
        let lane = lane.expect("a lane does not panic").map_err(failed)?;
        all.n_acts += lane.n_acts;
        all.n_commits += lane.n_commits;
        all.n_statements += lane.n_statements;
        all.n_rows += lane.n_rows;
    }
    Ok(all)
}

async fn one_lane(pool: PgPool, acts: Vec<SaidAct>) -> Result<Replayed, sqlx::Error> {
    let mut replayed = Replayed::default();
    for act in &acts {
        replayed.n_rows += loop {
            match one_act(&pool, act).await {
                Err(error) if fault_of(&error) == Fault::Conflict => {}
                done => break done?,
            }
        };
        replayed.n_acts += 1;
        replayed.n_commits += 1;
        replayed.n_statements += act.n_statements();
    }
    Ok(replayed)
}

async fn one_act(pool: &PgPool, act: &SaidAct) -> Result<u64, sqlx::Error> {
    let mut tx = pool.begin_with("begin isolation level serializable").await?;
    let mut n_rows = 0;
    for said in &act.said {
        n_rows += say_on_postgres(&mut tx, said).await?;
    }
    tx.commit().await?;
    Ok(n_rows)
}

async fn say_on_postgres(connection: &mut PgConnection, said: &Said) -> Result<u64, sqlx::Error> {
    let Values::Postgres(values) = &said.values else { unreachable!("it was said to PostgreSQL") };
    let query = sqlx::query_with(said.sql, values.clone());
    Ok(match said.ask {
        Ask::Execute => query.execute(connection).await?.rows_affected(),
        Ask::One => query.fetch_one(connection).await.map(|_| 1)?,
        Ask::Optional => query.fetch_optional(connection).await?.map_or(0, |_| 1),
        Ask::All => query.fetch_all(connection).await?.len() as u64,
    })
}
