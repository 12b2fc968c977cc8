//! What is to be done after an act: each job is one call of an act, written in the transaction that
//! causes it, with ids only. The runner claims, runs, and leaves to the queue when to try again.

use crate::{Error, Office, Refusal};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rules::id::{
    AgencyId, AuditCheckId, AuditExportId, BulkRowId, CalendarId, EventId, OfficerId, RecordId,
    ReorganisationId, RoundPaperId, UploadId,
};
use rules::people::Actor;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Tx;
use store::queue::{self, Claimed, NewJob};
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

/// A piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", content = "id", rename_all = "snake_case")]
pub enum Job {
    /// Open an uploaded file into pages.
    OpenUpload(UploadId),
    /// Read a record's pages and write its PDF/A.
    ReadRecord(RecordId),
    /// Put the digitiser's signature on a record.
    SignRecord(RecordId),
    /// Take the next open dossiers to the agencies that took over.
    Reroute(ReorganisationId),
    /// Count the dates of open dossiers again after a calendar was decided.
    RecountDues(CalendarId),
    /// Sign or seal one paper of a round.
    SignPaper(RoundPaperId),
    /// Verify the whole audit chain.
    VerifyAudit(AuditCheckId),
    /// Write the events of a filter into a signed file.
    ExportAudit(AuditExportId),
    /// Tell other systems of an event.
    Notify(EventId),
    /// Send an officer the code that proves his address.
    MailCode(OfficerId),
    /// Send an officer the digest of this morning.
    MailDigest(OfficerId),
    /// Do to one dossier what somebody does to many.
    DoInBulk(BulkRowId),
}

/// How long a claim lasts before another worker may take the job.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
const RENEW_EVERY: Duration = Duration::from_secs(20);
/// How often to look when nobody woke the runner.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// After this many tries a paper that cannot be read is given to a person.
const TRIES: u32 = 5;

impl Job {
    /// The words of the kinds, for the admin page.
    pub const KINDS: [&'static str; 12] = [
        "open_upload",
        "read_record",
        "sign_record",
        "reroute",
        "recount_dues",
        "sign_paper",
        "verify_audit",
        "export_audit",
        store::webhook::JOB,
        "mail_code",
        "mail_digest",
        "do_in_bulk",
    ];

    fn kind(self) -> &'static str {
        match self {
            Self::OpenUpload(_) => "open_upload",
            Self::ReadRecord(_) => "read_record",
            Self::SignRecord(_) => "sign_record",
            Self::Reroute(_) => "reroute",
            Self::RecountDues(_) => "recount_dues",
            Self::SignPaper(_) => "sign_paper",
            Self::VerifyAudit(_) => "verify_audit",
            Self::ExportAudit(_) => "export_audit",
            Self::Notify(_) => store::webhook::JOB,
            Self::MailCode(_) => "mail_code",
            Self::MailDigest(_) => "mail_digest",
            Self::DoInBulk(_) => "do_in_bulk",
        }
    }

    fn id(self) -> Uuid {
        match self {
            Self::OpenUpload(id) => id.0,
            Self::ReadRecord(id) | Self::SignRecord(id) => id.0,
            Self::Reroute(id) => id.0,
            Self::RecountDues(id) => id.0,
            Self::SignPaper(id) => id.0,
            Self::VerifyAudit(id) => id.0,
            Self::ExportAudit(id) => id.0,
            Self::Notify(id) => id.0,
            Self::MailCode(id) | Self::MailDigest(id) => id.0,
            Self::DoInBulk(id) => id.0,
        }
    }

    /// Leaves the job to be done after this act's commit; a second push of the same does nothing.
    pub(crate) async fn push(
        self,
        tx: &mut Tx,
        subject: Uuid,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Error> {
        let key = format!("{}:{}", self.kind(), self.id());
        self.push_as(tx, key, subject, actor, now).await
    }

    /// The same work once more, after a person asked for it.
    pub(crate) async fn push_again(
        self,
        tx: &mut Tx,
        subject: Uuid,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Error> {
        let key = format!("{}:{}:{}", self.kind(), self.id(), now.as_microsecond());
        self.push_as(tx, key, subject, actor, now).await
    }

    /// Leaves a job that is done once a day by itself.
    pub(crate) async fn push_for(
        self,
        tx: &mut Tx,
        day: Date,
        subject: Uuid,
        now: Timestamp,
    ) -> Result<(), Error> {
        let nobody = Actor::System { on_behalf_of: None, agency: AgencyId(Uuid::nil()) };
        self.push_as(tx, format!("{}:{day}", self.kind()), subject, &nobody, now).await
    }

    /// Leaves a job that is done once a day for this subject.
    pub(crate) async fn push_on(
        self,
        tx: &mut Tx,
        day: Date,
        subject: Uuid,
        now: Timestamp,
    ) -> Result<(), Error> {
        let nobody = Actor::System { on_behalf_of: None, agency: AgencyId(Uuid::nil()) };
        self.push_as(tx, format!("{}:{}:{day}", self.kind(), self.id()), subject, &nobody, now).await
    }

    async fn push_as(
        self,
        tx: &mut Tx,
        key: String,
        subject: Uuid,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Error> {
        let payload = serde_json::to_value(self).map_err(Error::broken)?;
        let started_by = match actor {
            Actor::Officer { id, .. } => Some(id.0),
            Actor::System { on_behalf_of, .. } => on_behalf_of.map(|officer| officer.0),
        };
        let job = NewJob {
            dedup_key: Some(&key),
            subject: Some(subject),
            started_by,
            max_attempts: TRIES,
            ..NewJob::new(self.kind(), &payload, now)
        };
        queue::push(tx, &job, now).await?;
        Ok(())
    }
}

/// What became of one try.
enum Tried {
    Done,
    /// The lease went to another worker, who does it.
    Lost,
    Again(Error),
    /// It can never succeed.
    Hopeless(Error),
}

impl Office {
    /// Runs jobs until `stop` says so; then hands back what it holds and returns.
    ///
    /// # Panics
    /// Never: a job that panics is tried again like one that failed.
    pub async fn run_jobs(&self, n_at_a_time: usize, mut stop: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        loop {
            // Another node may have decided a calendar.
            if let Err(error) = self.refresh_calendars().await {
                tracing::error!(%error, "cannot read the calendars");
            }
            while running.len() < n_at_a_time && !*stop.borrow() {
                match self.claim().await {
                    Ok(Some(job)) => {
                        let (office, stop) = (self.clone(), stop.clone());
                        running.spawn(async move { office.run_claimed(job, stop).await });
                    }
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "cannot claim a job");
                        break;
                    }
                }
            }
            if *stop.borrow() {
                while running.join_next().await.is_some() {}
                return;
            }
            tokio::select! {
                () = self.wake.notified() => {}
                Some(_) = running.join_next(), if !running.is_empty() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Runs every job that is due, one after the other, until none is; gives their number. For the
    /// command line and tests.
    pub async fn run_due_jobs(&self) -> Result<usize, Error> {
        let (_keep, stop) = watch::channel(false);
        let mut n_run = 0;
        while let Some(job) = self.claim().await? {
            self.run_claimed(job, stop.clone()).await;
            n_run += 1;
        }
        Ok(n_run)
    }

    async fn claim(&self) -> Result<Option<Claimed>, Error> {
        let now = self.clock.now();
        let claimed = queue::claim(&self.db, &Job::KINDS, 1, LEASE, now).await?;
        Ok(claimed.into_iter().next())
    }

    async fn run_claimed(&self, claimed: Claimed, mut stop: watch::Receiver<bool>) {
        let office = self.clone();
        let job = claimed.clone();
        let work = tokio::spawn(async move { Box::pin(office.perform_job(&job)).await });
        let abort = work.abort_handle();
        tokio::pin!(work);
        let tried = loop {
            tokio::select! {
                done = &mut work => break match done {
                    Ok(tried) => tried,
                    Err(panicked) => Tried::Again(Error::broken(panicked)),
                },
                () = tokio::time::sleep(RENEW_EVERY) => self.renew(&claimed).await,
                _ = stop.changed() => {
                    // Nothing of it is committed yet, or all of it is: handing back loses nothing.
                    abort.abort();
                    self.hand_back(&claimed).await;
                    return;
                }
            }
        };
        self.settle(&claimed, tried).await;
    }

    async fn perform_job(&self, claimed: &Claimed) -> Tried {
        let Ok(job) = serde_json::from_value::<Job>(claimed.payload.clone()) else {
            return Tried::Hopeless(Error::broken(std::io::Error::other("job of an unknown form")));
        };
        let done = match job {
            Job::OpenUpload(id) => self.open_upload(claimed, id).await,
            Job::ReadRecord(id) => self.read_record(claimed, id).await,
            Job::SignRecord(id) => self.sign_record(claimed, id).await,
            Job::Reroute(id) => self.reroute_by_job(claimed, id).await,
            Job::RecountDues(id) => self.recount_dues(claimed, id).await,
            Job::SignPaper(id) => Box::pin(self.sign_paper_of_round(claimed, id)).await,
            Job::VerifyAudit(id) => self.verify_audit(claimed, id).await,
            Job::ExportAudit(id) => self.export_audit(claimed, id).await,
            Job::Notify(id) => self.notify(claimed, id).await,
            Job::MailCode(id) => self.mail_code(claimed, id).await,
            Job::MailDigest(id) => Box::pin(self.mail_digest(claimed, id)).await,
            Job::DoInBulk(id) => Box::pin(self.do_in_bulk(claimed, id)).await,
        };
        match done {
            Ok(()) => Tried::Done,
            // Somebody else changed the row, or took the lease: look again with fresh eyes.
            Err(Error::Stale) if claimed.attempt < claimed.max_attempts => Tried::Lost,
            // A key may be installed tomorrow.
            Err(error @ Error::Refused(Refusal::NoKey | Refusal::Certificate(_))) => Tried::Again(error),
            Err(error @ (Error::NotFound | Error::NotYours(_) | Error::Refused(_))) => Tried::Hopeless(error),
            Err(error) => Tried::Again(error),
        }
    }

    async fn settle(&self, claimed: &Claimed, tried: Tried) {
        let now = self.clock.now();
        let outcome = match tried {
            Tried::Done => return,
            Tried::Lost => {
                tracing::info!(job = %claimed.id, kind = claimed.kind, "changed meanwhile; again");
                return self.hand_back(claimed).await;
            }
            Tried::Again(error) => {
                let text = chain(&error);
                tracing::warn!(job = %claimed.id, kind = claimed.kind, attempt = claimed.attempt, error = text, "job failed");
                let text = &text;
                self.db
                    .act(|mut tx| async move { queue::fail(&mut tx, claimed, text, now).await.map(drop) })
                    .await
            }
            Tried::Hopeless(error) => {
                let text = chain(&error);
                tracing::error!(job = %claimed.id, kind = claimed.kind, error = text, "job given up");
                let text = &text;
                self.db.act(|mut tx| async move { queue::give_up(&mut tx, claimed, text, now).await }).await
            }
        };
        let outcome: Result<(), store::Error> = outcome;
        if let Err(error) = outcome {
            // The lease runs out by itself and the job is tried again.
            tracing::warn!(job = %claimed.id, %error, "cannot settle a job");
        }
    }

    async fn renew(&self, claimed: &Claimed) {
        let now = self.clock.now();
        let until = now + LEASE;
        let renewed: Result<(), store::Error> =
            self.db.act(|mut tx| async move { queue::renew(&mut tx, claimed, until, now).await }).await;
        if let Err(error) = renewed {
            tracing::warn!(job = %claimed.id, %error, "cannot renew a lease");
        }
    }

    async fn hand_back(&self, claimed: &Claimed) {
        let now = self.clock.now();
        let back: Result<(), store::Error> =
            self.db.act(|mut tx| async move { queue::hand_back(&mut tx, claimed, now).await }).await;
        if let Err(error) = back {
            tracing::warn!(job = %claimed.id, %error, "cannot hand a job back");
        }
    }

    /// Tries a dead job again, from the admin page.
    pub async fn retry_job(&self, id: Uuid) -> Result<bool, Error> {
        let now = self.clock.now();
        let again: Result<bool, store::Error> =
            self.db.act(|mut tx| async move { queue::retry(&mut tx, id, now).await }).await;
        self.wake.notify_one();
        again.map_err(Error::from)
    }
}

/// The error and its sources on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// The system going on with what an officer began.
pub(crate) fn system_for(officer: OfficerId, agency: AgencyId) -> Actor {
    Actor::System { on_behalf_of: Some(officer), agency }
}
