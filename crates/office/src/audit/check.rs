//! The whole chain verified by a job, once a day and when somebody asks, and what it found kept for the
//! page: a page never verifies by itself.

use super::{Expected, told, verify};
use crate::act::By;
use crate::jobs::Job;
use crate::keys::AUDIT;
use crate::{Error, Office};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::id::{AuditCheckId, OfficerId};
use store::audit::view::{self, Check};
use store::queue::Claimed;
use store::queue::lines::{self, State};
use store::time::new_id;
use store::{Db, Reader};

/// Faults that are told in words; the rest are counted.
const MOST_TOLD: usize = 20;

/// What is known of the chain without looking at it.
#[derive(Clone, Debug)]
pub struct ChainState {
    /// The latest verification; none before the first.
    pub last: Option<Check>,
    /// The moment of the newest checkpoint.
    pub sealed_until: Option<Timestamp>,
    /// How the one asked for last is getting on; none where it is finished.
    pub checking: Option<Checking>,
}

/// A verification that is not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checking {
    UnderWay,
    /// It failed too often: somebody must look at the jobs.
    Stopped,
}

impl Checking {
    fn of(state: State) -> Option<Self> {
        match state {
            State::Waiting | State::Running => Some(Self::UnderWay),
            State::Dead => Some(Self::Stopped),
            State::Done => None,
        }
    }
}

/// Whether the verification of a day was left to the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Yes,
    /// There is no checkpoint yet that could be verified.
    NothingSealed,
}

/// Leaves the verification of a day to the queue, once.
pub(super) async fn ask_for_the_day(db: &Db, today: Date, now: Timestamp) -> Result<Asked, Error> {
    if store::audit::last(&mut db.read().await?).await?.is_none() {
        return Ok(Asked::NothingSealed);
    }
    db.act(|mut tx| async move {
        Job::VerifyAudit(AuditCheckId(new_id(now))).push_for(&mut tx, today, AUDIT, now).await?;
        Ok(Asked::Yes)
    })
    .await
}

pub(super) async fn chain_state(reader: &mut Reader) -> Result<ChainState, Error> {
    let jobs = lines::lines_for(reader, AUDIT).await?;
    Ok(ChainState {
        last: view::last_check(reader).await?,
        sealed_until: store::audit::last(reader).await?.map(|last| last.sealed_at),
        checking: jobs.first().and_then(|newest| Checking::of(newest.state)),
    })
}

impl Office {
    /// Leaves a verification to the queue, unless one is under way.
    pub async fn ask_audit_check(&self, by: &By) -> Result<(), Error> {
        super::trail::may_read(&by.actor)?;
        self.act(by, "audit.check", |mut tx, now| async move {
            if chain_state(&mut tx).await?.checking == Some(Checking::UnderWay) {
                return Ok(());
            }
            Job::VerifyAudit(AuditCheckId(new_id(now))).push(&mut tx, AUDIT, &by.actor, now).await
        })
        .await
    }

    /// Verifies everything there is, and keeps what was found. Once a day, too, files whose time is over
    /// are let go.
    pub(crate) async fn verify_audit(&self, job: &Claimed, id: AuditCheckId) -> Result<(), Error> {
        self.drop_old_exports().await?;
        let key = self.keys.of_audit(&mut self.db.read().await?).await?;
        let certificate = key.as_ref().map(|key| key.certificate());
        let roots = &self.settings.timestamp_roots;
        let report = &verify(&self.db, Expected { certificate, roots, anchor: None }).await?;
        if report.n_faults > 0 {
            tracing::error!(faults = report.n_faults, "the audit chain does not hold");
        }
        self.act_for_job(job, |mut tx, now| async move {
            let check = Check {
                id,
                asked_by: job.started_by.map(OfficerId),
                finished_at: now,
                n_events: report.n_events,
                n_checkpoints: report.n_checkpoints,
                sealed_until: report.last.map(|(_, at)| at),
                n_faults: report.n_faults,
                faults: report.faults.iter().take(MOST_TOLD).map(told::fault).collect(),
            };
            view::add_check(&mut tx, &check).await.map_err(Error::from)
        })
        .await
    }
}
