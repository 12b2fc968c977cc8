//! One act done to many dossiers: each is an act of its own, with its right looked up anew, so that one that
//! is refused keeps back none of the others. Some twenty are done while one waits; more are jobs, and what
//! became of each is written beside it.

use super::act::Act;
use super::may_see;
use super::offer::Offer;
use crate::act::By;
use crate::jobs::Job;
use crate::{Error, Office};
use rules::dossier::{Dossier, State};
use rules::id::{AgencyId, BulkId, BulkRowId, DossierId, OfficerId};
use rules::people::{Actor, Role};
use rules::words;
use serde::{Deserialize, Serialize};
use store::dossier::bulk::{self as rows, Bulk, BulkRow, Progress};
use store::queue::Claimed;
use store::time::new_id;
use uuid::Uuid;

/// Dossiers that are done while whoever asked for it waits.
pub const AT_ONCE: usize = 20;
/// The most dossiers at a time.
pub const MOST: usize = 200;
const CHANGED: &str = "Hồ sơ vừa được người khác xử lý. Mở lại danh sách để xem";
const ELSEWHERE: &str = "Hồ sơ không còn ở chỗ bạn";
const FAILED: &str =
    "Máy chủ chưa làm được hồ sơ này, hồ sơ không đổi. Làm lại, nếu vẫn lỗi thì báo quản trị";

/// What is done to each. Nothing is written for one dossier that another would not want, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Deed {
    Take,
    Give { officer: OfficerId, reason: String },
    Transfer,
    PapersBrought,
    Resume,
    ConsultAll,
}

/// One dossier and why it was not done; none where it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub dossier: DossierId,
    pub code: String,
    pub why_not: Option<String>,
}

/// What became of a wish for many dossiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done(Vec<Done>),
    /// Jobs do it.
    Begun(BulkId),
}

/// May this actor give a dossier to somebody, as far as a list can tell? What lies at the counter yet goes
/// to where it is settled; the act judges by the very step.
pub fn may_give(actor: &Actor, dossier: &Dossier) -> bool {
    let gives: &[Role] =
        if dossier.state.officer().is_some() { &[Role::Head, Role::Leader] } else { &[Role::Head] };
    let place = giving_place(dossier);
    actor.may_see(dossier).is_ok()
        && place.is_some_and(|place| actor.right_for_any(gives, place, dossier).is_ok())
}

/// Whose officers a dossier is given to; none where it is at no step.
pub fn giving_place(dossier: &Dossier) -> Option<AgencyId> {
    match dossier.state {
        State::Received { .. } => Some(dossier.scope.competent),
        State::InProcess(_) => Some(dossier.scope.holding),
        _ => None,
    }
}

impl Office {
    /// Does to each of the dossiers what is wanted, at once or by jobs. What the actor may not see is left
    /// out, as if it were not there.
    pub async fn do_to_many(&self, by: &By, deed: &Deed, wanted: &[DossierId]) -> Result<Outcome, Error> {
        let mut ids: Vec<Uuid> = Vec::new();
        for id in wanted.iter().take(MOST) {
            if !ids.contains(&id.0) {
                ids.push(id.0);
            }
        }
        let mut reader = self.db.read().await?;
        let mut lines = store::dossier::lines_by_ids(&mut reader, &ids).await?;
        drop(reader);
        lines.retain(|line| may_see(&by.actor, &line.dossier).is_ok());
        lines.sort_by_key(|line| ids.iter().position(|id| *id == line.dossier.id.0));
        if lines.len() > AT_ONCE {
            let ids: Vec<DossierId> = lines.iter().map(|line| line.dossier.id).collect();
            return Ok(Outcome::Begun(self.begin_bulk(by, deed, &ids).await?));
        }
        let mut all = Vec::new();
        for line in lines {
            let dossier = line.dossier.id;
            // One key a dossier: the form sent twice does each once.
            let key = by.key.as_ref().map(|key| format!("{key}-{dossier}"));
            let done = Box::pin(self.do_one(&By { key, ..by.clone() }, deed, dossier)).await;
            let why_not = done.err().map(|error| {
                told(&error).unwrap_or_else(|| {
                    tracing::error!(error = ?error, "one of many dossiers was not done");
                    FAILED.to_owned()
                })
            });
            let code = line.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default();
            all.push(Done { dossier, code, why_not });
        }
        Ok(Outcome::Done(all))
    }

    async fn begin_bulk(&self, by: &By, deed: &Deed, ids: &[DossierId]) -> Result<BulkId, Error> {
        let officer = by.actor.officer().ok_or(Error::NotFound)?;
        let deed = &serde_json::to_value(deed).map_err(Error::broken)?;
        self.act(by, "dossier.bulk", |mut tx, now| async move {
            let tx = &mut tx;
            let bulk = Bulk { id: BulkId(new_id(now)), officer, deed: deed.clone(), begun_at: now };
            let all: Vec<(BulkRowId, DossierId)> =
                ids.iter().map(|id| (BulkRowId(new_id(now)), *id)).collect();
            rows::add(tx, &bulk, &all).await?;
            for (row, dossier) in all {
                Job::DoInBulk(row).push(tx, dossier.0, &by.actor, now).await?;
            }
            Ok(bulk.id)
        })
        .await
    }

    async fn do_one(&self, by: &By, deed: &Deed, id: DossierId) -> Result<(), Error> {
        let act = match deed {
            Deed::Take => Act::Take,
            Deed::Give { officer, reason } => return self.give(by, id, *officer, reason).await,
            Deed::Transfer => Act::Transfer,
            Deed::PapersBrought => Act::PapersBrought,
            Deed::Resume => Act::Resume,
            Deed::ConsultAll => Act::ConsultAll,
        };
        self.perform(by, id, act).await
    }

    /// Gives a dossier to an officer, whoever has it.
    async fn give(&self, by: &By, id: DossierId, to: OfficerId, reason: &str) -> Result<(), Error> {
        let mut reader = self.db.read().await?;
        let dossier = store::dossier::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        drop(reader);
        match dossier.state.officer() {
            // Sent twice, or in his hands already.
            Some(holder) if holder == to => Ok(()),
            Some(_) => self.reassign(by, id, Some(to), reason).await,
            None => self.assign(by, id, to).await,
        }
    }

    /// One dossier of many, with the rights its officer has by then.
    pub(crate) async fn do_in_bulk(&self, job: &Claimed, id: BulkRowId) -> Result<(), Error> {
        let mut reader = self.db.read().await?;
        let (bulk, dossier) = rows::of_row(&mut reader, id).await?.ok_or(Error::NotFound)?;
        drop(reader);
        let deed: Deed = serde_json::from_value(bulk.deed).map_err(Error::broken)?;
        let done = match self.actor_of(bulk.officer).await {
            Ok(actor) => {
                let by = By { actor, key: Some(format!("bulk-{id}")) };
                Box::pin(self.do_one(&by, &deed, dossier)).await
            }
            Err(error) => Err(error),
        };
        let why_not = match done {
            Ok(()) => None,
            Err(error) => match told(&error) {
                Some(why) => Some(why),
                None if job.attempt >= job.max_attempts => Some(FAILED.to_owned()),
                None => return Err(error),
            },
        };
        let why_not = why_not.map(|why| why.chars().take(1_000).collect::<String>());
        let why_not = why_not.as_deref();
        self.act_for_job(job, |mut tx, now| async move {
            rows::settle(&mut tx, id, why_not, now).await?;
            Ok(())
        })
        .await
    }

    /// What somebody began for many dossiers, for himself.
    pub async fn bulk(&self, actor: &Actor, id: BulkId) -> Result<(Deed, Bulk, Vec<BulkRow>), Error> {
        let mut reader = self.db.read().await?;
        let bulk = rows::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        if actor.officer() != Some(bulk.officer) {
            return Err(Error::NotFound);
        }
        let deed = serde_json::from_value(bulk.deed.clone()).map_err(Error::broken)?;
        Ok((deed, bulk, rows::rows(&mut reader, id).await?))
    }

    /// How far the last one is that somebody began in these twelve hours.
    pub async fn last_bulk(&self, actor: &Actor) -> Result<Option<Progress>, Error> {
        let Some(officer) = actor.officer() else { return Ok(None) };
        let since = self.clock.now() - jiff::SignedDuration::from_hours(12);
        Ok(rows::last_of(&mut self.db.read().await?, officer, since).await?)
    }

    /// What may be done to every one of these dossiers without writing anything: what each is offered.
    pub async fn common_deeds(&self, actor: &Actor, ids: &[DossierId]) -> Result<Vec<Deed>, Error> {
        let mut common: Option<Vec<Deed>> = None;
        for id in ids.iter().take(AT_ONCE) {
            let view = match self.dossier_view(actor, *id).await {
                Ok(view) => view,
                // Moved out of his sight meanwhile.
                Err(Error::NotFound | Error::NotYours(_)) => continue,
                Err(error) => return Err(error),
            };
            let mut offered: Vec<Deed> = self.offers(actor, &view).await?.iter().filter_map(plain).collect();
            let is_at_step = matches!(view.dossier.state, State::Received { .. } | State::InProcess(_));
            if view.may_do_step && is_at_step && view.dossier.state.officer().is_none() {
                offered.insert(0, Deed::Take);
            }
            common = Some(match common {
                None => offered,
                Some(known) => known.into_iter().filter(|deed| offered.contains(deed)).collect(),
            });
        }
        Ok(common.unwrap_or_default())
    }
}

/// An offer that needs nothing written.
fn plain(offer: &Offer) -> Option<Deed> {
    match offer {
        Offer::Transfer => Some(Deed::Transfer),
        Offer::PapersBrought => Some(Deed::PapersBrought),
        Offer::Resume => Some(Deed::Resume),
        Offer::ConsultAll(_) => Some(Deed::ConsultAll),
        _ => None,
    }
}

/// What is told of an answer that will not change by trying again.
fn told(error: &Error) -> Option<String> {
    match error {
        Error::Refused(refusal) => Some(refusal.sentences(ToOwned::to_owned).join(". ")),
        Error::NotYours(why) => Some(words::not_yours(why)),
        Error::Stale => Some(CHANGED.to_owned()),
        Error::NotFound => Some(ELSEWHERE.to_owned()),
        Error::Broken(_) | Error::Busy => None,
    }
}
