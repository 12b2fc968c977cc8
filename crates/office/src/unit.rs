//! Units in time: what a reorganisation would do, doing it, and finding units and their dossiers by old or
//! new names.
//!
//! Beginning a reorganisation changes the trees and the posts in one act. The open dossiers follow in
//! small acts of their own, driven by a job or by the command line, each of which may be repeated.

mod decided;
mod find;
pub(crate) mod meant;
mod plan;
mod rerouting;
mod trees;

pub use find::FoundUnit;
pub(crate) use find::{may_see_through, sight_through};
pub use plan::{Change, EndingPost, Moved, Place, Plan};
pub use rerouting::Turn;
pub use trees::{PastFace, TreeLine, UnitSheet};

use crate::act::By;
use crate::jobs::Job;
use crate::people::administering::Reach;
use crate::{Error, Office, Refusal};
use jiff::Timestamp;
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, ReorganisationId};
use rules::people::Actor;
use rules::unit::{Agencies, Reorganisation, ReorganisationFault, Unit, parents_first};
use std::collections::{BTreeMap, BTreeSet};
use store::event;
use store::time::new_id;
use store::unit::{self as rows, KeptUnit, PostLine, Progress, Reorganising};
use store::{Reader, Tx};

/// All units of the installation, to be asked "as on a day".
pub async fn agencies(reader: &mut Reader) -> Result<Agencies, Error> {
    let kept = rows::units(reader).await?;
    Ok(Agencies::new(kept.into_iter().map(|kept| (kept.id, kept.unit))))
}

impl Office {
    /// Begins a reorganisation: the trees and the posts change now, and the open dossiers follow by
    /// [`Office::reroute_some`]. The same one again begins nothing.
    pub async fn begin_reorganisation(
        &self,
        by: &By,
        decided: &Reorganisation,
    ) -> Result<ReorganisationId, Error> {
        let today = self.clock.today();
        self.act(by, "unit.reorganise", |mut tx, now| async move {
            let tx = &mut tx;
            let reach = Reorganiser::of(tx, &by.actor).await?;
            if let Some(begun) = rows::reorganisation_by_key(tx, &decided.id).await? {
                if begun.reorganisation != *decided {
                    return Err(refused(ReorganisationFault::AppliedDifferently(decided.id.clone())));
                }
                return Ok(begun.id);
            }
            reach.must_cover(tx, decided).await?;
            let kept = rows::units(tx).await?;
            let after = applied(decided, &kept)?;
            if today < decided.effective_on {
                return Err(refused(ReorganisationFault::NotYet(decided.effective_on)));
            }
            let ids = save_units(tx, &by.actor, decided, &kept, after, now).await?;
            end_posts(tx, &by.actor, decided, &kept, &ids, now).await?;
            let touched = touched_by(decided, &kept, &ids);
            let begun = Reorganising {
                id: ReorganisationId(new_id(now)),
                reorganisation: decided.clone(),
                state: Progress::Applying { after: None, n_of_round: 0 },
                n_rerouted: 0,
                started_by: by.actor.officer(),
                agency: by.actor.agency(),
            };
            rows::begin(tx, &begun, &touched, now).await?;
            Job::Reroute(begun.id).push(tx, begun.id.0, &by.actor, now).await?;
            Ok(begun.id)
        })
        .await
    }
}

/// Who decides on units: an administrator on those he keeps, or whoever has the machine and gives commands
/// on it on all.
enum Reorganiser {
    Machine,
    Administrator(Reach),
}

impl Reorganiser {
    async fn of(reader: &mut Reader, actor: &Actor) -> Result<Self, Error> {
        Ok(match actor {
            Actor::System { .. } => Self::Machine,
            Actor::Officer { .. } => Self::Administrator(Reach::of(reader, actor).await?),
        })
    }

    /// Are all units his from which the decision takes, and to which it gives?
    async fn must_cover(&self, reader: &mut Reader, decided: &Reorganisation) -> Result<(), Error> {
        let Self::Administrator(reach) = self else { return Ok(()) };
        let known = agencies(reader).await?;
        reach.must_give(decided.concerns().into_iter().filter_map(|key| known.id(key)))
    }
}

fn refused(fault: ReorganisationFault) -> Error {
    Error::Refused(Refusal::Reorganisation(vec![fault]))
}

/// The units afterwards.
fn applied(decided: &Reorganisation, kept: &[KeptUnit]) -> Result<Vec<Unit>, Error> {
    let units: Vec<Unit> = kept.iter().map(|kept| kept.unit.clone()).collect();
    decided.apply(&units).map_err(|faults| Error::Refused(Refusal::Reorganisation(faults)))
}

/// Saves what is other than before, with an event on each; gives the ids of all units by their keys.
async fn save_units(
    tx: &mut Tx,
    actor: &Actor,
    decided: &Reorganisation,
    kept: &[KeptUnit],
    after: Vec<Unit>,
    now: Timestamp,
) -> Result<BTreeMap<String, AgencyId>, Error> {
    let known: BTreeMap<&str, &KeptUnit> = kept.iter().map(|kept| (kept.unit.key.as_str(), kept)).collect();
    let mut ids: BTreeMap<String, AgencyId> = BTreeMap::new();
    for unit in parents_first(after) {
        let before = known.get(unit.key.as_str());
        let parent = unit.parent.as_ref().and_then(|key| ids.get(key).copied());
        let id = match before {
            Some(kept) if kept.unit == unit => kept.id,
            _ => {
                let new = before.map_or_else(|| AgencyId(new_id(now)), |kept| kept.id);
                let id = rows::put_unit(tx, new, &unit, parent).await?;
                let body = Body::UnitReorganised { decision: decided.decision.clone() };
                event::append(tx, &NewEvent::new(Subject::Unit(id), None, actor, now, body), now).await?;
                id
            }
        };
        ids.insert(unit.key, id);
    }
    Ok(ids)
}

/// The posts in units that end go along where the decision says so, and end where it does not.
async fn end_posts(
    tx: &mut Tx,
    actor: &Actor,
    decided: &Reorganisation,
    kept: &[KeptUnit],
    ids: &BTreeMap<String, AgencyId>,
    now: Timestamp,
) -> Result<(), Error> {
    let follows = follows(decided, kept, ids);
    for post in ending_posts(tx, decided, kept).await? {
        let to = follows.get(&post.agency).copied();
        rows::follow(tx, &post, to).await?;
        let body = Body::PostsMoved { from: post.agency, to, decision: decided.decision.clone() };
        let event = NewEvent::new(Subject::Officer(post.officer), None, actor, now, body);
        event::append(tx, &event, now).await?;
    }
    Ok(())
}

/// Where the officers of a unit go, where the decision says it.
fn follows(
    decided: &Reorganisation,
    kept: &[KeptUnit],
    ids: &BTreeMap<String, AgencyId>,
) -> BTreeMap<AgencyId, AgencyId> {
    let id = |key: &str| kept.iter().find(|kept| kept.unit.key == key).map(|kept| kept.id);
    decided
        .officers
        .iter()
        .filter_map(|follow| Some((id(&follow.from)?, ids.get(&follow.to).copied()?)))
        .collect()
}

/// The posts in units that the decision ends.
async fn ending_posts(
    reader: &mut Reader,
    decided: &Reorganisation,
    kept: &[KeptUnit],
) -> Result<Vec<PostLine>, Error> {
    let agencies: Vec<uuid::Uuid> = ended(decided, kept).into_iter().map(|agency| agency.0).collect();
    rows::lines_of_posts(reader, &agencies).await.map_err(Error::from)
}

/// The units that the decision ends.
fn ended(decided: &Reorganisation, kept: &[KeptUnit]) -> Vec<AgencyId> {
    let ends: BTreeSet<&str> = decided.changes.iter().flat_map(rules::unit::Change::ends).collect();
    kept.iter().filter(|kept| ends.contains(kept.unit.key.as_str())).map(|kept| kept.id).collect()
}

/// The units it names and founds, once each.
fn touched_by(
    decided: &Reorganisation,
    kept: &[KeptUnit],
    ids: &BTreeMap<String, AgencyId>,
) -> Vec<AgencyId> {
    let before: BTreeMap<&str, AgencyId> =
        kept.iter().map(|kept| (kept.unit.key.as_str(), kept.id)).collect();
    let named = decided.changes.iter().flat_map(rules::unit::Change::units);
    let founded = decided.units.iter().map(|unit| unit.key.as_str());
    let touched: BTreeSet<AgencyId> =
        named.chain(founded).filter_map(|key| before.get(key).or_else(|| ids.get(key)).copied()).collect();
    touched.into_iter().collect()
}
