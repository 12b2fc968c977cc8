//! The shape every act has: one transaction, the time as an argument, the answer kept under the
//! caller's idempotency key, the runner woken when it is over.

use crate::{Error, Office};
use jiff::Timestamp;
use rules::event::{Body, NewEvent};
use rules::id::DossierId;
use rules::people::{Actor, Right};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ops::{Deref, DerefMut};
use store::queue::{self, Claimed};
use store::{Tx, idempotency};
use tokio::sync::oneshot;

/// Who acts, and the key under which the same request again is answered the same.
#[derive(Clone, Debug)]
pub struct By {
    pub actor: Actor,
    /// As the form or the partner sent it; none where the caller never repeats itself.
    pub key: Option<String>,
}

impl By {
    pub fn new(actor: Actor) -> Self {
        Self { actor, key: None }
    }

    fn key_of<'b>(&'b self, name: &'b str) -> Option<idempotency::Key<'b>> {
        let (key, officer) = (self.key.as_ref()?, self.actor.officer()?);
        Some(idempotency::Key { key, actor: officer.0, route: name })
    }

    /// The hand that writes, with the right it acts by.
    pub(crate) fn hand(&self, right: Right) -> Hand<'_> {
        Hand { actor: &self.actor, right }
    }
}

/// Whose hand writes an event: the actor, and the right he acts by, which may be lent to him.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hand<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) right: Right,
}

impl<'a> Hand<'a> {
    /// The hand of the system going on by itself.
    pub(crate) fn of(actor: &'a Actor) -> Self {
        Self { actor, right: Right::default() }
    }

    pub(crate) fn event(self, dossier: DossierId, now: Timestamp, body: Body) -> NewEvent {
        self.right.mark(NewEvent::of_dossier(dossier, self.actor, now, body))
    }
}

/// The act's transaction in the hands of the act's own code; goes back when it is dropped, so that what
/// surrounds the act can still write in the same transaction.
#[derive(Debug)]
pub(crate) struct Writing {
    tx: Option<Tx>,
    back: Option<oneshot::Sender<Tx>>,
}

const LENT: &str = "the transaction goes back only when it is dropped";

impl Writing {
    fn lend(tx: Tx) -> (Self, oneshot::Receiver<Tx>) {
        let (back, returned) = oneshot::channel();
        (Self { tx: Some(tx), back: Some(back) }, returned)
    }
}

impl Deref for Writing {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        self.tx.as_ref().expect(LENT)
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut Tx {
        self.tx.as_mut().expect(LENT)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if let (Some(tx), Some(back)) = (self.tx.take(), self.back.take()) {
            // Nobody waits for it when the act was abandoned: then it goes home from here.
            drop(back.send(tx));
        }
    }
}

impl Office {
    /// Does one act for `by`. The same key with the same act and actor gives the first answer again
    /// and does nothing.
    pub(crate) async fn act<T, F>(
        &self,
        by: &By,
        name: &'static str,
        run: impl Fn(Writing, Timestamp) -> F,
    ) -> Result<T, Error>
    where
        T: Serialize + DeserializeOwned,
        F: Future<Output = Result<T, Error>>,
    {
        let now = self.clock.now();
        let key = by.key_of(name);
        let run = &run;
        let done = self
            .db
            .act(|mut tx| async move {
                if let Some(key) = key
                    && let Some(answer) = idempotency::find(&mut tx, key).await?
                {
                    return serde_json::from_value(answer).map_err(Error::broken);
                }
                let (writing, back) = Writing::lend(tx);
                let answer = run(writing, now).await?;
                let mut tx = back.await.map_err(Error::broken)?;
                if let Some(key) = key {
                    let kept = serde_json::to_value(&answer).map_err(Error::broken)?;
                    idempotency::save(&mut tx, key, &kept, now).await?;
                }
                Ok(answer)
            })
            .await;
        self.wake.notify_one();
        done
    }

    /// The answer this very request got before. For acts that look at the dossier before they begin, and
    /// would find it changed by themselves.
    pub(crate) async fn answered<T: DeserializeOwned>(
        &self,
        by: &By,
        name: &'static str,
    ) -> Result<Option<T>, Error> {
        let Some(key) = by.key_of(name) else { return Ok(None) };
        let mut reader = self.db.read().await?;
        let answer = idempotency::find(&mut reader, key).await?;
        answer.map(serde_json::from_value).transpose().map_err(Error::broken)
    }

    /// What a job causes, and its completion, in one transaction guarded by the job's lease: a worker
    /// that was taken for dead changes nothing.
    pub(crate) async fn act_for_job<F>(
        &self,
        job: &Claimed,
        run: impl Fn(Writing, Timestamp) -> F,
    ) -> Result<(), Error>
    where
        F: Future<Output = Result<(), Error>>,
    {
        let now = self.clock.now();
        let run = &run;
        let done = self
            .db
            .act(|tx| async move {
                let (writing, back) = Writing::lend(tx);
                run(writing, now).await?;
                let mut tx = back.await.map_err(Error::broken)?;
                queue::complete(&mut tx, job, now).await.map_err(Error::from)
            })
            .await;
        self.wake.notify_one();
        done
    }
}
