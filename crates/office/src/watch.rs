//! The watch. Waits that have lasted as long as they may take their exit; and no open dossier stays
//! without somebody who must act, an act and a date: whatever does raises an alarm that names who must
//! see to it, within a minute, and the alarm ends when the reason has.

use crate::dossier::{Loaded, load};
use crate::{Error, Office};
use jiff::Timestamp;
use rules::calendar::legal_time;
use rules::dossier::{AlarmKind, Dossier, Standing, State};
use rules::event::{Body, NewEvent};
use rules::id::{AgencyId, DossierId};
use rules::people::{Actor, Role};
use std::time::Duration;
use store::dossier::alarm::{self, Alarm, Charge};
use store::people::rights::{self, Able};
use store::{Reader, Tx, event};
use tokio::sync::watch;
use uuid::Uuid;

/// Looked at twice in the minute within which an alarm must be raised.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// Dossiers read at once.
const PAGE: i64 = 500;

/// What a round of the watch did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    pub n_expired: usize,
    pub n_raised: usize,
    pub n_cleared: usize,
}

impl Office {
    /// Keeps watch until `stop` says so.
    pub async fn watch(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.watch_once().await {
                Ok(watched) if watched == Watched::default() => {}
                Ok(watched) => tracing::info!(?watched, "the watch acted"),
                Err(error) => tracing::error!(%error, "the watch could not finish its round"),
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// One round: exits, alarms, and the end of alarms. Two nodes may do it at the same time.
    pub async fn watch_once(&self) -> Result<Watched, Error> {
        let now = self.clock.now();
        let mut watched = Watched { n_expired: self.expire_waits(now).await?, ..Watched::default() };
        watched.n_cleared = self.clear_alarms(now).await?;
        watched.n_raised += self.find_silent(now).await?;
        watched.n_raised += self.find_unheld(now).await?;
        watched.n_raised += self.find_late(now).await?;
        watched.n_raised += self.find_unconfirmed(now).await?;
        watched.n_raised += self.find_unreviewed(now).await?;
        self.forget_appointments().await?;
        self.describe_keys().await?;
        self.ask_for_digests(now).await?;
        Ok(watched)
    }

    async fn expire_waits(&self, now: Timestamp) -> Result<usize, Error> {
        let mut reader = self.db.read().await?;
        let ended = alarm::expired_waits(&mut reader, now, PAGE).await?;
        drop(reader);
        let mut n_expired = 0;
        for id in ended {
            match self.expire_wait(id).await {
                Ok(()) => n_expired += 1,
                // Somebody brought what was awaited while we looked, or asked to take it back.
                Err(Error::Refused(_) | Error::Stale) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(n_expired)
    }

    async fn find_silent(&self, now: Timestamp) -> Result<usize, Error> {
        let (mut after, mut n_raised) = (DossierId(Uuid::nil()), 0);
        loop {
            let mut reader = self.db.read().await?;
            let found = alarm::without_next(&mut reader, after, PAGE).await?;
            drop(reader);
            let Some(&last) = found.last() else { return Ok(n_raised) };
            after = last;
            for id in found {
                n_raised += usize::from(self.look_at(id, AlarmKind::Silent, now).await?);
            }
        }
    }

    async fn find_unheld(&self, now: Timestamp) -> Result<usize, Error> {
        let mut reader = self.db.read().await?;
        let mut unheld = Vec::new();
        for charge in alarm::charges(&mut reader).await? {
            // A post for some procedures only does not do for all that wait: each is looked at.
            let able = able_for(&mut reader, &charge, now).await?;
            if !able.iter().any(|able| able.post.procedures.is_none()) {
                unheld.push(charge);
            }
        }
        drop(reader);
        let mut n_raised = 0;
        for charge in unheld {
            let mut after = DossierId(Uuid::nil());
            loop {
                let mut reader = self.db.read().await?;
                let waiting = alarm::waiting_for(&mut reader, &charge, after, PAGE).await?;
                drop(reader);
                let Some(&last) = waiting.last() else { break };
                after = last;
                for id in waiting {
                    n_raised += usize::from(self.look_at(id, AlarmKind::Nobody, now).await?);
                }
            }
        }
        Ok(n_raised)
    }

    async fn find_late(&self, now: Timestamp) -> Result<usize, Error> {
        let mut reader = self.db.read().await?;
        let late = alarm::past_next(&mut reader, now, PAGE).await?;
        drop(reader);
        let mut n_raised = 0;
        for id in late {
            n_raised += usize::from(self.look_at(id, AlarmKind::Late, now).await?);
        }
        Ok(n_raised)
    }

    async fn find_unconfirmed(&self, now: Timestamp) -> Result<usize, Error> {
        let mut reader = self.db.read().await?;
        let overdue = store::custody::lists::overdue(&mut reader, now, PAGE).await?;
        drop(reader);
        let mut n_raised = 0;
        for id in overdue {
            n_raised += usize::from(self.look_at(id, AlarmKind::Unconfirmed, now).await?);
        }
        Ok(n_raised)
    }

    async fn find_unreviewed(&self, now: Timestamp) -> Result<usize, Error> {
        let mut reader = self.db.read().await?;
        let overdue = store::people::glass::overdue(&mut reader, now, PAGE).await?;
        drop(reader);
        let mut n_raised = 0;
        for id in overdue {
            n_raised += usize::from(self.look_at(id, AlarmKind::Unreviewed, now).await?);
        }
        Ok(n_raised)
    }

    /// Ends the alarms whose reason is gone.
    async fn clear_alarms(&self, now: Timestamp) -> Result<usize, Error> {
        let mut reader = self.db.read().await?;
        let open = alarm::perhaps_over(&mut reader, now, PAGE).await?;
        drop(reader);
        let mut n_cleared = 0;
        for raised in open {
            let raised = &raised;
            let cleared: bool = self
                .db
                .act(|mut tx| async move {
                    let tx = &mut tx;
                    let Loaded { dossier, procedure, .. } = load(tx, raised.dossier).await?;
                    let standing = self.standing_of(&dossier, &procedure)?;
                    if self.still_holds(tx, raised.kind, &dossier, standing.as_ref(), now).await?
                        || !alarm::clear(tx, raised.dossier, raised.kind, now).await?
                    {
                        return Ok::<_, Error>(false);
                    }
                    let body = Body::AlarmCleared { alarm: raised.kind };
                    self.note_alarm(tx, &dossier, raised.agency, body, now).await?;
                    Ok(true)
                })
                .await?;
            n_cleared += usize::from(cleared);
        }
        Ok(n_cleared)
    }

    /// Looks at one dossier again, under its lock, and raises the alarm if there is reason to.
    async fn look_at(&self, id: DossierId, kind: AlarmKind, now: Timestamp) -> Result<bool, Error> {
        self.db
            .act(|mut tx| async move {
                let tx = &mut tx;
                let Loaded { dossier, procedure, .. } = load(tx, id).await?;
                let standing = self.standing_of(&dossier, &procedure)?;
                if let (AlarmKind::Silent, Some(standing)) = (kind, &standing) {
                    // Only what stands beside it was missing: it was written by an older program.
                    alarm::note_next(tx, id, standing).await?;
                    return Ok(false);
                }
                if !self.still_holds(tx, kind, &dossier, standing.as_ref(), now).await? {
                    return Ok(false);
                }
                let (agency, role) = in_charge(kind, &dossier, standing.as_ref());
                let raised = Alarm { dossier: id, kind, agency, role, raised_at: now };
                if !alarm::raise(tx, &raised).await? {
                    return Ok(false);
                }
                let body = Body::AlarmRaised { alarm: kind, agency };
                self.note_alarm(tx, &dossier, agency, body, now).await?;
                Ok(true)
            })
            .await
    }

    async fn still_holds(
        &self,
        tx: &mut Tx,
        kind: AlarmKind,
        dossier: &Dossier,
        standing: Option<&Standing>,
        now: Timestamp,
    ) -> Result<bool, Error> {
        if kind == AlarmKind::Unconfirmed {
            let folder = store::custody::of_dossier(tx, dossier.id).await?;
            return Ok(folder.and_then(|folder| folder.keeping.due_at()).is_some_and(|due| due < now));
        }
        if kind == AlarmKind::Unreviewed {
            let due = store::people::glass::review_due(tx, dossier.id).await?;
            return Ok(due.is_some_and(|due| due < now));
        }
        let Some(standing) = standing else {
            let begun = !matches!(dossier.state, State::Preparing);
            return Ok(kind == AlarmKind::Silent && dossier.state.is_open() && begun);
        };
        Ok(match kind {
            AlarmKind::Silent | AlarmKind::Unconfirmed | AlarmKind::Unreviewed => false,
            AlarmKind::Late => standing.by.at < now,
            AlarmKind::Nobody => {
                let owner = standing.owner;
                let charge = Charge { agency: owner.agency, role: owner.role, officer: owner.officer };
                let able = able_for(tx, &charge, now).await?;
                !able.iter().any(|able| {
                    let named = able.post.procedures.as_ref();
                    named.is_none_or(|named| named.contains(&dossier.procedure))
                })
            }
        })
    }

    async fn note_alarm(
        &self,
        tx: &mut Tx,
        dossier: &Dossier,
        agency: AgencyId,
        body: Body,
        now: Timestamp,
    ) -> Result<(), Error> {
        let watch = Actor::System { on_behalf_of: None, agency };
        event::append(tx, &NewEvent::of_dossier(dossier.id, &watch, now, body), now).await?;
        Ok(())
    }
}

/// Those who can act for a charge today: whoever has the post and is there, or stands in for somebody;
/// where an officer has the dossier in hand, that officer, or who stands in for him.
async fn able_for(reader: &mut Reader, charge: &Charge, now: Timestamp) -> Result<Vec<Able>, Error> {
    let today = legal_time(now).date();
    let mut able = rights::able(reader, charge.agency, charge.role, today).await?;
    if let Some(officer) = charge.officer {
        able.retain(|able| able.officer == officer || able.right.on_behalf_of == Some(officer));
    }
    Ok(able)
}

/// Who must see to it: whoever is late, else the head of the agency that holds the dossier.
fn in_charge(kind: AlarmKind, dossier: &Dossier, standing: Option<&Standing>) -> (AgencyId, Role) {
    match (kind, standing) {
        (AlarmKind::Late, Some(standing)) => (standing.owner.agency, standing.owner.role),
        (AlarmKind::Unreviewed, _) => (dossier.scope.competent, Role::Head),
        (_, Some(standing)) => (standing.owner.agency, Role::Head),
        (_, None) => (dossier.scope.holding, Role::Head),
    }
}
