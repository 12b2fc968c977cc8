//! Deciding a calendar: who is moved is shown first, and the decision is kept only for the list that was
//! shown. The dates are then counted again, a few dossiers in each act, each with its event; what was
//! counted is noted, so that an interrupted recount goes on where it was.

use super::Edition;
use crate::act::{By, Hand};
use crate::dossier::load;
use crate::jobs::Job;
use crate::{Error, Office, Refusal};
use rules::calendar::{CalendarDecision, impact};
use rules::dossier::DueMoment;
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, CalendarId, DossierId};
use rules::people::{Actor, NotYours, Role};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use store::calendar::{self, Decided, OpenClock, Recount};
use store::people::KeptUnit;
use store::queue::Claimed;
use store::time::new_id;
use store::{Reader, Tx};
use uuid::Uuid;

/// Clocks read at once when the list is made.
const PAGE: i64 = 1_000;
/// Dossiers whose date is counted again in one act.
const AT_ONCE: i64 = 50;
const NONE_YET: DossierId = DossierId(Uuid::nil());

/// A dossier that a change would move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedLine {
    pub dossier: DossierId,
    pub code: Option<String>,
    pub old_due: DueMoment,
    pub new_due: DueMoment,
}

/// What a change would move, all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    pub n_moved: u32,
    /// Of the decision, the version it comes after, and every dossier moved with both its dates: what was
    /// looked at has this digest and nothing else has.
    pub digest: String,
    /// The decisions on this calendar when the list was made.
    version: i64,
}

/// A decision looked at with what is in force.
pub(super) struct Draft {
    pub(super) before: Edition,
    pub(super) after: Edition,
    /// Of the calendar that is decided, as it is in force.
    version: i64,
    /// The agencies whose calendar it can touch; all where it is the nation's.
    agencies: Option<BTreeSet<AgencyId>>,
}

impl Office {
    /// Tells each dossier that a decision would move, and gives the whole. Nothing is changed.
    pub async fn calendar_impact(
        &self,
        decision: &CalendarDecision,
        tell: impl FnMut(MovedLine),
    ) -> Result<Impact, Error> {
        let mut reader = self.db.read().await?;
        let draft = self.draft(&mut reader, decision).await?;
        impact_of(&mut reader, &draft, decision, tell).await
    }

    /// Keeps a decision for which the list with this digest was shown. The dates follow by a job.
    ///
    /// The list is made again just before: a dossier that changes between that and the commit was moved
    /// by its own act or is moved by the recount, which looks at every open dossier.
    pub async fn decide_calendar(
        &self,
        by: &By,
        decision: &CalendarDecision,
        shown: &str,
    ) -> Result<CalendarId, Error> {
        let now_moved = self.calendar_impact(decision, |_| ()).await?;
        let decided = self
            .act(by, "calendar.decide", |mut tx, now| {
                let now_moved = &now_moved;
                async move {
                    let tx = &mut tx;
                    let decided_by = by.actor.officer().ok_or(NotYours::NeedsRole(Role::Admin))?;
                    let units = store::people::units(tx).await?;
                    let unit = unit_of(&units, decision)?;
                    may_decide(&by.actor, &units, unit)?;
                    let version = calendar::version(tx, &calendar::scope(decision)).await?;
                    if now_moved.digest != shown || now_moved.version != version {
                        return Err(Error::Refused(Refusal::ImpactChanged));
                    }
                    let version = version + 1;
                    let decided = Decided {
                        id: CalendarId(new_id(now)),
                        version,
                        unit: unit.map(|unit| unit.id),
                        decided_by,
                        decided_at: now,
                        n_moved: now_moved.n_moved,
                        impact: now_moved.digest.clone(),
                        decision: decision.clone(),
                    };
                    calendar::add(tx, &decided).await?;
                    let (decision, moved) = (decision.rests_on(), now_moved.n_moved);
                    let body = Body::CalendarDecided { decision, version, moved };
                    let subject = Subject::Officer(decided_by);
                    let event = NewEvent::new(subject, None, &by.actor, now, body);
                    store::event::append(tx, &event, now).await?;
                    Job::RecountDues(decided.id).push(tx, decided.id.0, &by.actor, now).await?;
                    Ok(decided.id)
                }
            })
            .await?;
        self.refresh_calendars().await?;
        Ok(decided)
    }

    /// Counts the dates of open dossiers again after a decision. A dossier that has its new date is left
    /// alone, so doing it twice does nothing.
    pub(crate) async fn recount_dues(&self, job: &Claimed, id: CalendarId) -> Result<(), Error> {
        self.refresh_calendars().await?;
        let mut reader = self.db.read().await?;
        let (decided, recount) = calendar::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        let draft = self.draft(&mut reader, &decided.decision).await?;
        drop(reader);
        let agencies = draft.agencies();
        let mut after = recount.through;
        while recount.finished_at.is_none() {
            let mut reader = self.db.read().await?;
            let page = calendar::open_clocks(&mut reader, agencies.as_deref(), after, AT_ONCE).await?;
            drop(reader);
            let Some(last) = page.last().map(|clock| clock.dossier) else { break };
            let (page, decided) = (&page, &decided);
            let agency = decided.unit.unwrap_or(page[0].competent);
            let by = &By::new(Actor::System { on_behalf_of: Some(decided.decided_by), agency });
            self.act(by, "calendar.recount", |mut tx, now| async move {
                let tx = &mut tx;
                for clock in page {
                    let agency = clock.competent;
                    let actor = Actor::System { on_behalf_of: Some(decided.decided_by), agency };
                    self.move_due(tx, &actor, clock.dossier, &decided.decision, now).await?;
                }
                calendar::note_recount(tx, id, Recount { through: last, finished_at: None }).await?;
                Ok(())
            })
            .await?;
            after = last;
        }
        self.act_for_job(job, |mut tx, now| async move {
            let done = Recount { through: after, finished_at: Some(now) };
            calendar::note_recount(&mut tx, id, done).await.map_err(Error::from)
        })
        .await
    }

    /// The date of one dossier by the calendar of today; its ledger stays as it is.
    async fn move_due(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: DossierId,
        decision: &CalendarDecision,
        now: jiff::Timestamp,
    ) -> Result<(), Error> {
        let loaded = load(tx, id).await?;
        let mut dossier = loaded.dossier;
        let (Some(clock), Some(was)) = (&dossier.clock, dossier.due) else { return Ok(()) };
        if clock.finished_at.is_some() {
            return Ok(());
        }
        let due = clock.due(self.calendars.of(dossier.scope.competent))?;
        let Some(due) = due.filter(|due| *due != was) else { return Ok(()) };
        dossier.due = Some(due);
        let decision = decision.rests_on();
        let body = Body::DueMoved { was: was.at, due_at: due.at, due_on: due.on, decision };
        self.save_dossier(tx, Hand::of(actor), &loaded.procedure, &dossier, body, now).await
    }

    pub(super) async fn draft(
        &self,
        reader: &mut Reader,
        decision: &CalendarDecision,
    ) -> Result<Draft, Error> {
        let units = store::people::units(reader).await?;
        let unit = unit_of(&units, decision)?;
        let decided = calendar::all_in_force(reader).await?;
        let mut decisions: Vec<CalendarDecision> = decided.into_iter().map(Decided::into_decision).collect();
        let before = self.calendars.edition(0, &decisions, &units)?;
        let scope = calendar::scope(decision);
        let version = calendar::version(reader, &scope).await?;
        decisions.retain(|other| calendar::scope(other) != scope);
        decisions.push(decision.clone());
        let after = self.calendars.edition(0, &decisions, &units)?;
        let agencies = unit.map(|top| {
            let below =
                |unit: &&KeptUnit| super::way_down(&units, unit).iter().any(|above| above.id == top.id);
            units.iter().filter(below).map(|unit| unit.id).collect()
        });
        Ok(Draft { before, after, version, agencies })
    }
}

/// Tells each dossier that a draft would move, and gives the whole.
pub(super) async fn impact_of(
    reader: &mut Reader,
    draft: &Draft,
    decision: &CalendarDecision,
    mut tell: impl FnMut(MovedLine),
) -> Result<Impact, Error> {
    let agencies = draft.agencies();
    let (mut n_moved, mut digest, mut after) = (0, Sha256::new(), NONE_YET);
    let decided = serde_json::to_string(decision).map_err(Error::broken)?;
    digest.update(format!("{} {decided}\n", draft.version));
    loop {
        let page = calendar::open_clocks(reader, agencies.as_deref(), after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.dossier;
        for line in draft.moved(page)? {
            n_moved += 1;
            let (old, new) = (line.old_due.at.as_microsecond(), line.new_due.at.as_microsecond());
            digest.update(format!("{} {old} {new}\n", line.dossier));
            tell(line);
        }
    }
    Ok(Impact { n_moved, digest: hex::encode(digest.finalize()), version: draft.version })
}

impl Draft {
    fn agencies(&self) -> Option<Vec<Uuid>> {
        self.agencies.as_ref().map(|agencies| agencies.iter().map(|agency| agency.0).collect())
    }

    /// Those of a page that get another date, in its order.
    fn moved(&self, page: Vec<OpenClock>) -> Result<Vec<MovedLine>, Error> {
        let mut lines = Vec::new();
        for open in page {
            let (old, new) = (self.before.of(open.competent), self.after.of(open.competent));
            let moved = impact(old, new, [(open.dossier, &open.clock)])?;
            lines.extend(moved.into_iter().map(|moved| MovedLine {
                dossier: moved.dossier,
                code: open.code.clone(),
                old_due: moved.old_due,
                new_due: moved.new_due,
            }));
        }
        Ok(lines)
    }
}

pub(super) fn unit_of<'a>(
    units: &'a [KeptUnit],
    decision: &CalendarDecision,
) -> Result<Option<&'a KeptUnit>, Error> {
    match decision {
        CalendarDecision::Year(_) => Ok(None),
        CalendarDecision::Unit(own) => {
            units.iter().find(|unit| unit.unit.key == own.unit).map(Some).ok_or(Error::NotFound)
        }
    }
}

/// An administrator of the unit or of one above it; of a year, one of a unit that has none above it.
pub(super) fn may_decide(actor: &Actor, units: &[KeptUnit], unit: Option<&KeptUnit>) -> Result<(), Error> {
    let Actor::Officer { posts, .. } = actor else { return Err(NotYours::NeedsRole(Role::Admin).into()) };
    let may = |agency: AgencyId| match unit {
        Some(unit) => super::way_down(units, unit).iter().any(|above| above.id == agency),
        None => units.iter().any(|unit| unit.id == agency && unit.parent.is_none()),
    };
    if posts.iter().any(|post| post.role == Role::Admin && may(post.agency)) {
        Ok(())
    } else {
        Err(NotYours::NeedsRole(Role::Admin).into())
    }
}
