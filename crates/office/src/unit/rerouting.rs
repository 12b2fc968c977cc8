//! The open dossiers of units that have ended, taken to those who took over: a few in each act, so that
//! nobody waits for a hundred thousand.

use super::agencies;
use crate::act::Hand;
use crate::jobs::{Job, system_for};
use crate::{Error, Office};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::code::ProcedureCode;
use rules::dossier::Dossier;
use rules::id::{AgencyId, DossierId, OfficerId, ReorganisationId};
use rules::people::{Actor, AgencyScope};
use rules::procedure::Procedure;
use rules::unit::{About, Agencies, InHand, NoHeir, Placed};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::queue::Claimed;
use store::unit::{self as rows, Asks, OpenGroup, Progress, Reorganising};
use store::{Reader, Tx, dossier as dossiers, search};
use uuid::Uuid;

/// Open dossiers looked at in one turn.
const PAGE: i64 = 200;

/// What one turn of rerouting came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// There is more to look at; so many have gone elsewhere by now.
    More {
        n_rerouted: i64,
    },
    Done {
        n_rerouted: i64,
    },
}

/// A page of open dossiers, and those of it that are with the wrong agencies.
struct Page {
    last: Option<DossierId>,
    moving: Vec<DossierId>,
}

impl Office {
    /// Looks at the next open dossiers of a reorganisation and takes those that must to their new
    /// agencies. Two that do this at once do no harm.
    pub async fn reroute_some(&self, id: ReorganisationId) -> Result<Turn, Error> {
        let (begun, agencies, page) = self.next_page(id).await?;
        if begun.state != Progress::Done {
            let by = crate::By::new(actor_for(&begun));
            let (begun, agencies, page) = (&begun, &agencies, &page);
            self.act(&by, "unit.reroute", |mut tx, now| async move {
                self.reroute_page(&mut tx, begun, agencies, page, now).await
            })
            .await?;
        }
        let mut reader = self.db.read().await?;
        let begun = rows::reorganisation(&mut reader, id).await?.ok_or(Error::NotFound)?;
        let n_rerouted = begun.n_rerouted;
        Ok(if begun.state == Progress::Done { Turn::Done { n_rerouted } } else { Turn::More { n_rerouted } })
    }

    /// The same as a job, which leaves the next one behind.
    pub(crate) async fn reroute_by_job(&self, job: &Claimed, id: ReorganisationId) -> Result<(), Error> {
        let (begun, agencies, page) = self.next_page(id).await?;
        let (begun, agencies, page) = (&begun, &agencies, &page);
        self.act_for_job(job, |mut tx, now| async move {
            let tx = &mut tx;
            if begun.state == Progress::Done {
                return Ok(());
            }
            self.reroute_page(tx, begun, agencies, page, now).await?;
            Job::Reroute(id).push_again(tx, id.0, &actor_for(begun), now).await
        })
        .await
    }

    async fn next_page(&self, id: ReorganisationId) -> Result<(Reorganising, Agencies, Page), Error> {
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let begun = rows::reorganisation(&mut reader, id).await?.ok_or(Error::NotFound)?;
        let agencies = agencies(&mut reader).await?;
        let Progress::Applying { after, .. } = begun.state else {
            return Ok((begun, agencies, Page { last: None, moving: Vec::new() }));
        };
        let open = rows::open_page(&mut reader, &moving_from(&agencies, today), after, PAGE).await?;
        let mut page = Page { last: open.last().map(|open| open.id), moving: Vec::new() };
        let mut revisions = Revisions::default();
        for open in open {
            match revisions.reroute(&mut reader, &agencies, &open.group, today).await? {
                Ok(None) if open.asks == Asks::None => {}
                Ok(_) => page.moving.push(open.id),
                Err(why) => tracing::error!(dossier = %open.id, ?why, "nobody takes an open dossier over"),
            }
        }
        Ok((begun, agencies, page))
    }

    /// Takes the dossiers of a page to their agencies, each as it is now.
    async fn reroute_page(
        &self,
        tx: &mut Tx,
        begun: &Reorganising,
        agencies: &Agencies,
        page: &Page,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(last) = page.last else { return Ok(rows::end_round(tx, begun.id, now).await?) };
        let today = rules::calendar::legal_time(now).date();
        let actor = actor_for(begun);
        let mut posts = Posts::default();
        let mut n_rerouted = 0;
        for id in &page.moving {
            let Some(dossier) = dossiers::lock(tx, *id).await?.filter(|dossier| dossier.state.is_open())
            else {
                continue;
            };
            let procedure = crate::dossier::revision_of(tx, &dossier).await?;
            let about = About { procedure: &procedure.code, field: &procedure.field };
            let step = dossier.state.step().and_then(|step| procedure.process.step(step));
            let placed = Placed { scope: dossier.scope, held_by: step.map(|step| &step.agency), about };
            let Ok(moved) = agencies.reroute(&placed, today) else { continue };
            let (dossier, n_asked) = dossier.asked_anew(|asked| agencies.heir(asked, &about, today).ok());
            if moved.is_none() && n_asked == 0 {
                continue;
            }
            let to = moved.unwrap_or(dossier.scope);
            let in_hand = match moved {
                Some(to) => posts.in_hand(tx, dossier.state.officer(), to.holding).await?,
                None => InHand::Kept,
            };
            let (dossier, body) = dossier.rerouted(to, in_hand, &begun.reorganisation.decision);
            self.save_dossier(tx, Hand::of(&actor), &procedure, &dossier, body, now).await?;
            rows::rescope_papers(tx, *id, &to).await?;
            search::rescope(tx, "dossier", id.0, &crate::dossier::agencies(&dossier)).await?;
            if let Some(whole) = dossier.part_of {
                self.tell_whole_of_agency(tx, begun, whole, &dossier, now).await?;
            }
            n_rerouted += 1;
        }
        rows::advance(tx, begun.id, last, n_rerouted).await.map_err(Error::from)
    }

    /// A whole knows who settles its parts, so that they may see it.
    async fn tell_whole_of_agency(
        &self,
        tx: &mut Tx,
        begun: &Reorganising,
        whole: DossierId,
        part: &Dossier,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(whole) = dossiers::lock(tx, whole).await? else { return Ok(()) };
        let decision = &begun.reorganisation.decision;
        let Some((whole, body)) = whole.part_moved(part.id, part.scope.competent, decision) else {
            return Ok(());
        };
        let procedure = crate::dossier::revision_of(tx, &whole).await?;
        self.save_dossier(tx, Hand::of(&actor_for(begun)), &procedure, &whole, body, now).await
    }
}

/// The system going on with what somebody began.
fn actor_for(begun: &Reorganising) -> Actor {
    match begun.started_by {
        Some(officer) => system_for(officer, begun.agency),
        None => Actor::System { on_behalf_of: None, agency: begun.agency },
    }
}

/// The agencies that open dossiers may have to leave: those that have ended by `day`, those that have
/// passed a competence on, those below which the tree has changed, and those that steps named by a code
/// they have no longer.
pub(super) fn moving_from(agencies: &Agencies, day: Date) -> Vec<Uuid> {
    agencies
        .units
        .iter()
        .filter(|unit| {
            unit.valid_to.is_some_and(|last| last < day)
                || unit.competences.iter().any(|known| known.passed_to.is_some())
                || unit.formers.iter().any(|former| former.parent != unit.parent || former.code != unit.code)
        })
        .filter_map(|unit| agencies.id(&unit.key))
        .map(|agency| agency.0)
        .collect()
}

/// The revisions of procedures that were needed so far.
#[derive(Debug, Default)]
pub(super) struct Revisions(BTreeMap<(ProcedureCode, u32), Option<Arc<Procedure>>>);

impl Revisions {
    /// Where dossiers of this kind go on `day`; outside, what the store said.
    pub(super) async fn reroute(
        &mut self,
        reader: &mut Reader,
        agencies: &Agencies,
        group: &OpenGroup,
        day: Date,
    ) -> Result<Result<Option<AgencyScope>, NoHeir>, Error> {
        let key = (group.procedure.clone(), group.revision);
        if !self.0.contains_key(&key) {
            let found = store::procedure::find(reader, &group.procedure, group.revision).await?;
            self.0.insert(key.clone(), found);
        }
        let procedure = self.0.get(&key).and_then(Option::as_ref).ok_or(Error::NotFound)?;
        let step = group.step.as_ref().and_then(|step| procedure.process.step(step));
        let placed = Placed {
            scope: group.scope,
            held_by: step.map(|step| &step.agency),
            about: About { procedure: &procedure.code, field: &procedure.field },
        };
        Ok(agencies.reroute(&placed, day))
    }
}

/// Who has a post where, as far as it was asked.
#[derive(Debug, Default)]
struct Posts(BTreeMap<(OfficerId, AgencyId), InHand>);

impl Posts {
    /// Whether the officer who has a dossier in hand may keep it in the agency it goes to.
    async fn in_hand(
        &mut self,
        tx: &mut Tx,
        officer: Option<OfficerId>,
        agency: AgencyId,
    ) -> Result<InHand, Error> {
        let Some(officer) = officer else { return Ok(InHand::Kept) };
        if let Some(known) = self.0.get(&(officer, agency)) {
            return Ok(*known);
        }
        let officer_there = store::people::officer(tx, officer).await?;
        let has_post =
            officer_there.is_some_and(|officer| officer.posts.iter().any(|post| post.agency == agency));
        let in_hand = if has_post { InHand::Kept } else { InHand::Released };
        self.0.insert((officer, agency), in_hand);
        Ok(in_hand)
    }
}
