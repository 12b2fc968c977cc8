//! Turns at SQLite's only pen. One task begins a transaction, lends it to the acts that wait, one
//! after the other, each in a savepoint, commits them together and only then answers them.
//!
//! The act runs in its caller's task, so it may borrow what it likes; when the caller goes away or
//! panics, dropping the loan brings the transaction home and the savepoint is undone. When the
//! common commit fails, the members come back one by one and each learns its own fate.

use crate::error::Error;
use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};
use std::ops::{Deref, DerefMut};
use tokio::sync::{mpsc, oneshot};

/// Acts in one commit: enough to share the cost of the disk, few enough to lose together.
const N_IN_GROUP: usize = 256;
/// Acts that may wait; more wait to be let in.
const N_WAITING: usize = 1024;

/// Whether an act may share its commit with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Company {
    Welcome,
    Alone,
}

/// What an act wants done with what it wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Keep,
    Undo,
}

/// What became of an act.
#[derive(Debug)]
pub(super) enum Outcome {
    /// As its verdict said, durably.
    Settled,
    /// The common commit failed: ask again, alone.
    GroupLost,
    /// Its own commit failed.
    Failed(Error),
}

/// Where an act stood at the pen: the commit it shared, and its place among all acts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) commit: u64,
    pub(crate) turn: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Writer {
    asks: mpsc::Sender<Ask>,
}

#[derive(Debug)]
struct Ask {
    company: Company,
    lend: oneshot::Sender<Result<Lent, Error>>,
}

#[derive(Debug)]
struct Return {
    tx: Transaction<'static, Sqlite>,
    verdict: Verdict,
    /// None when the caller has gone.
    answer: Option<oneshot::Sender<Outcome>>,
}

/// A transaction on loan from the writer, or one of a reader's own.
#[derive(Debug)]
pub(crate) struct Lent {
    tx: Option<Transaction<'static, Sqlite>>,
    home: Option<oneshot::Sender<Return>>,
    place: Place,
}

const HELD: &str = "the transaction is held until it is given back, which ends the loan";

impl Lent {
    pub(super) fn own(tx: Transaction<'static, Sqlite>) -> Self {
        Self { tx: Some(tx), home: None, place: Place::default() }
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// Ends the loan and waits for the common commit.
    pub(super) async fn give_back(mut self, verdict: Verdict) -> Outcome {
        let (answer, outcome) = oneshot::channel();
        let (Some(tx), Some(home)) = (self.tx.take(), self.home.take()) else {
            unreachable!("only the writer's loans are given back, once")
        };
        let brought = home.send(Return { tx, verdict, answer: Some(answer) });
        let stopped = || Outcome::Failed(Error::Busy);
        if brought.is_err() {
            return stopped();
        }
        outcome.await.unwrap_or_else(|_| stopped())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let (Some(tx), Some(home)) = (self.tx.take(), self.home.take()) {
            // When the writer has stopped, the transaction is dropped with the message: rolled back.
            drop(home.send(Return { tx, verdict: Verdict::Undo, answer: None }));
        }
    }
}

impl Deref for Lent {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        self.tx.as_ref().expect(HELD)
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.tx.as_mut().expect(HELD)
    }
}

impl Writer {
    /// Starts the task; it ends when the last clone of this is gone.
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (asks, waiting) = mpsc::channel(N_WAITING);
        tokio::spawn(serve(pool, waiting));
        Self { asks }
    }

    pub(super) async fn turn(&self, company: Company) -> Result<Lent, Error> {
        let (lend, lent) = oneshot::channel();
        self.asks.send(Ask { company, lend }).await.map_err(|_| Error::Busy)?;
        lent.await.map_err(|_| Error::Busy)?
    }
}

async fn serve(pool: SqlitePool, mut waiting: mpsc::Receiver<Ask>) {
    // An act that wants to be alone may turn up while a group is open: it opens the next one.
    let mut first = waiting.recv().await;
    let mut place = Place::default();
    while let Some(ask) = first {
        place.commit += 1;
        first = match pool.begin_with("begin immediate").await {
            Ok(tx) => serve_group(tx, ask, &mut waiting, &mut place).await,
            Err(error) => {
                drop(ask.lend.send(Err(Error::engine("begin", error))));
                None
            }
        };
        if first.is_none() {
            first = waiting.recv().await;
        }
    }
}

/// Lends `tx` to `first` and to those that wait, commits, answers. Gives back the act that wanted
/// to be alone, if one was met.
async fn serve_group(
    mut tx: Transaction<'static, Sqlite>,
    first: Ask,
    waiting: &mut mpsc::Receiver<Ask>,
    place: &mut Place,
) -> Option<Ask> {
    let alone = first.company == Company::Alone;
    let mut answers = Vec::new();
    let mut keep = false;
    let mut next = Some(first);
    let mut left_over = None;
    let mut lost = None;

    while let Some(ask) = next {
        place.turn += 1;
        match lend(tx, ask.lend, *place).await {
            Ok(returned) => {
                keep |= returned.verdict == Verdict::Keep;
                answers.extend(returned.answer);
                tx = returned.tx;
            }
            Err((answer, error)) => {
                answers.extend(answer);
                lost = Some(error);
                break_group(&mut answers, alone, lost.take());
                return None;
            }
        }
        let full = alone || answers.len() >= N_IN_GROUP;
        next = if full { None } else { waiting.try_recv().ok() };
        if next.as_ref().is_some_and(|ask| ask.company == Company::Alone) {
            left_over = next.take();
        }
    }

    // Where nothing is kept there is nothing to make durable.
    let committed = if keep { tx.commit().await } else { tx.rollback().await };
    match committed {
        Ok(()) => answers.into_iter().for_each(|answer| drop(answer.send(Outcome::Settled))),
        Err(error) => break_group(&mut answers, alone, lost.or(Some(error))),
    }
    left_over
}

type Broken = (Option<oneshot::Sender<Outcome>>, sqlx::Error);

/// One act in its savepoint. Fails only when the savepoint itself cannot be made or ended, which
/// means that SQLite gave up the whole transaction (disk full, I/O error).
async fn lend(
    mut tx: Transaction<'static, Sqlite>,
    lend: oneshot::Sender<Result<Lent, Error>>,
    place: Place,
) -> Result<Return, Broken> {
    if lend.is_closed() {
        return Ok(Return { tx, verdict: Verdict::Undo, answer: None });
    }
    if let Err(error) = sqlx::query("savepoint act").execute(&mut *tx).await {
        drop(lend.send(Err(Error::Busy)));
        return Err((None, error));
    }
    let (home, returning) = oneshot::channel();
    drop(lend.send(Ok(Lent { tx: Some(tx), home: Some(home), place })));
    let mut returned = returning.await.map_err(|_| (None, sqlx::Error::WorkerCrashed))?;
    let end = match returned.verdict {
        Verdict::Keep => "release act",
        Verdict::Undo => "rollback to act; release act",
    };
    match sqlx::raw_sql(end).execute(&mut *returned.tx).await {
        Ok(_) => Ok(returned),
        Err(error) => Err((returned.answer, error)),
    }
}

fn break_group(answers: &mut Vec<oneshot::Sender<Outcome>>, alone: bool, error: Option<sqlx::Error>) {
    let mut error = error;
    for answer in answers.drain(..) {
        let outcome = match error.take() {
            Some(error) if alone => Outcome::Failed(Error::engine("commit", error)),
            _ => Outcome::GroupLost,
        };
        drop(answer.send(outcome));
    }
}
