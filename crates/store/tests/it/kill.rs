//! Workers are killed with `kill -9` in the middle of their jobs; no job is lost and none has its
//! effect twice. The workers are this test binary started again.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use store::queue::lines::{self, State};
use store::queue::{Claimed, NewJob, claim, complete, hand_back, push};
use store::testing::Scratch;
use store::{Config, Db, Error, on_both};
use uuid::Uuid;

const N_JOBS: usize = 900;
const N_WORKERS: usize = 3;
const N_KILLS: usize = 20;
const LEASE: SignedDuration = SignedDuration::from_millis(700);
/// Far more than it takes; the test fails then instead of hanging.
const LIMIT: Duration = Duration::from_mins(1);

async fn killed_workers_lose_and_double_nothing(db: Scratch) {
    let jobs = push_work(&db).await;
    let mut workers: Vec<Worker> = (0..N_WORKERS).map(|_| Worker::start(&db.config)).collect();
    let started = Instant::now();
    for n_kill in 0..N_KILLS {
        // Long enough for a worker to start and be in the middle of something.
        tokio::time::sleep(Duration::from_millis(120 + 37 * (n_kill as u64 % 7))).await;
        workers[n_kill % N_WORKERS] = Worker::start(&db.config);
    }
    while n_unfinished(&db).await > 0 {
        assert!(started.elapsed() < LIMIT, "{} jobs are not done", n_unfinished(&db).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    drop(workers);

    let mut reader = db.read().await.expect("a snapshot");
    let mut n_tries = 0;
    for id in jobs {
        let job = lines::find(&mut reader, id).await.expect("read").expect("no job is lost");
        assert_eq!(job.state, State::Done);
        n_tries += job.attempts as usize;
        let effects = lines::lines_for(&mut reader, id).await.expect("read");
        assert_eq!(effects.len(), 1, "job {id} after {} tries", job.attempts);
    }
    assert!(n_tries > N_JOBS, "the kills met nobody at work: {n_tries} tries");
}

on_both!(killed_workers_lose_and_double_nothing);

async fn push_work(db: &Db) -> Vec<Uuid> {
    let payload = &json!({});
    db.act(|mut tx| async move {
        let mut ids = Vec::new();
        for _ in 0..N_JOBS {
            let job = NewJob { max_attempts: 1000, ..NewJob::new("work", payload, now()) };
            ids.extend(push(&mut tx, &job, now()).await?);
        }
        Ok::<_, Error>(ids)
    })
    .await
    .expect("pushed")
}

async fn n_unfinished(db: &Db) -> u64 {
    let mut reader = db.read().await.expect("a snapshot");
    let counts = lines::counts(&mut reader).await.expect("read");
    counts
        .iter()
        .filter(|count| count.kind == "work" && count.state != State::Done)
        .map(|count| count.n_jobs)
        .sum()
}

/// A worker process; killed when dropped.
struct Worker(Child);

impl Worker {
    fn start(config: &Config) -> Self {
        let place = match config {
            Config::Sqlite { path, .. } => format!("sqlite {}", path.display()),
            Config::Postgres { url, .. } => format!("postgres {url}"),
        };
        let child = Command::new(std::env::current_exe().expect("this binary"))
            .args(["kill::worker_process", "--exact", "--nocapture"])
            .env("MOTCUA_WORKER_OF", place)
            .stdout(Stdio::null())
            .spawn()
            .expect("this binary can be started again");
        Self(child)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // SIGKILL: no handler runs, no lease is given back.
        self.0.kill().expect("it runs until it is killed");
        self.0.wait().expect("it is ours");
    }
}

/// Not a test of its own: the worker, when the test above starts this binary again.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the parent test tells by the environment whose worker this is"
)]
fn worker_process() {
    let Ok(place) = std::env::var("MOTCUA_WORKER_OF") else { return };
    let config = match place.split_once(' ') {
        Some(("sqlite", path)) => Config::sqlite(path),
        Some(("postgres", url)) => Config::Postgres { url: url.to_owned(), n_connections: 4 },
        _ => panic!("`{place}` is no place"),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(work(&config));
}

/// Works until killed.
async fn work(config: &Config) {
    let db = Db::open(config).await.expect("the parent has made it");
    loop {
        let jobs = claim(&db, &["work"], 4, LEASE, now()).await.expect("claimed");
        if jobs.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        for job in jobs {
            run(&db, &job).await;
        }
    }
}

async fn run(db: &Db, job: &Claimed) {
    // The outside call a real job would make.
    tokio::time::sleep(Duration::from_millis(8 + u64::from(job.id.as_bytes()[15] % 16))).await;
    // Now and then as a worker does that is being shut down.
    let done = if now().subsec_millisecond() % 9 == 0 {
        db.act(|mut tx| async move { hand_back(&mut tx, job, now()).await }).await
    } else {
        db.act(|mut tx| async move {
            let effect = NewJob { subject: Some(job.id), ..NewJob::new("effect", &Value::Null, now()) };
            push(&mut tx, &effect, now()).await?;
            complete(&mut tx, job, now()).await
        })
        .await
    };
    match done {
        Ok(()) | Err(Error::Stale { .. }) => {}
        Err(error) => panic!("{error:?}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "leases run between processes: here the clock is the real one")]
fn now() -> Timestamp {
    Timestamp::now()
}
