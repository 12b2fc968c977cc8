//! What a reorganisation would do, counted before anything is done.

use super::{Reorganiser, agencies, applied, ended, ending_posts, follows};
use crate::unit::rerouting::{Revisions, moving_from};
use crate::{Error, Office};
use jiff::civil::Date;
use rules::id::AgencyId;
use rules::people::{Actor, Role};
use rules::unit::{Agencies, Matter, Reorganisation, Unit};
use std::collections::{BTreeMap, BTreeSet};
use store::unit as rows;

/// What would change, in names.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub decision: String,
    pub effective_on: Date,
    pub units: Vec<Change>,
    /// Open dossiers that would go elsewhere.
    pub n_dossiers: i64,
    /// Open dossiers whose agencies nobody took over, now or in earlier days.
    pub n_lost: i64,
    /// Folders of paper that lie with the units that end.
    pub n_folders: i64,
    pub moved: Vec<Moved>,
    pub posts: Vec<EndingPost>,
}

/// What becomes of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Founded(String),
    Ended {
        name: String,
        heirs: Vec<String>,
    },
    /// It stays, under another name, code or place in the tree.
    Changed {
        before: String,
        after: String,
    },
    /// It settles these procedures and fields from the day on.
    Given {
        name: String,
        matters: Vec<String>,
    },
}

/// Open dossiers whose agency of one kind would be another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub place: Place,
    pub from: String,
    pub to: String,
    pub n: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Receiving,
    Competent,
    Holding,
}

/// A post in a unit that ends, and where it would go along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndingPost {
    pub officer: String,
    pub role: Role,
    pub agency: String,
    /// None: somebody must give him a new post.
    pub to: Option<String>,
}

impl Office {
    /// Shows what a reorganisation would do, whether or not its day has come.
    pub async fn plan_reorganisation(&self, actor: &Actor, decided: &Reorganisation) -> Result<Plan, Error> {
        let mut reader = self.db.read().await?;
        Reorganiser::of(&mut reader, actor).await?.must_cover(&mut reader, decided).await?;
        let kept = rows::units(&mut reader).await?;
        let after = applied(decided, &kept)?;
        // What it would found has no ids yet.
        let now = self.clock.now();
        let mut ids: BTreeMap<String, AgencyId> =
            kept.iter().map(|kept| (kept.unit.key.clone(), kept.id)).collect();
        for unit in &after {
            ids.entry(unit.key.clone()).or_insert_with(|| AgencyId(store::time::new_id(now)));
        }
        let before = agencies(&mut reader).await?;
        let after = Agencies::new(after.into_iter().map(|unit| (ids[&unit.key], unit)));
        let day = decided.effective_on;
        let from = moving_from(&after, day);
        let mut revisions = Revisions::default();
        let (mut n_dossiers, mut n_lost) = (0, 0);
        let mut moved: BTreeMap<(Place, AgencyId, AgencyId), i64> = BTreeMap::new();
        for (group, n) in rows::groups_open(&mut reader, &from).await? {
            match revisions.reroute(&mut reader, &after, &group, day).await? {
                Ok(None) => {}
                Err(_) => n_lost += n,
                Ok(Some(to)) => {
                    n_dossiers += n;
                    let scope = group.scope;
                    for (place, was, is) in [
                        (Place::Receiving, scope.receiving, to.receiving),
                        (Place::Competent, scope.competent, to.competent),
                        (Place::Holding, scope.holding, to.holding),
                    ] {
                        if was != is {
                            *moved.entry((place, was, is)).or_default() += n;
                        }
                    }
                }
            }
        }
        let name = |id: AgencyId| after.unit(id).map(|unit| unit.name.clone()).unwrap_or_default();
        let follows = follows(decided, &kept, &ids);
        let posts = ending_posts(&mut reader, decided, &kept).await?;
        let ending: Vec<AgencyId> = ended(decided, &kept);
        let n_folders = rows::n_folders(&mut reader, &ending).await?;
        Ok(Plan {
            n_folders,
            decision: decided.decision.clone(),
            effective_on: day,
            units: changes(&before, &after, decided),
            n_dossiers,
            n_lost,
            moved: moved
                .into_iter()
                .map(|((place, from, to), n)| Moved { place, from: name(from), to: name(to), n })
                .collect(),
            posts: posts
                .into_iter()
                .map(|post| EndingPost {
                    officer: post.name,
                    role: post.role,
                    agency: name(post.agency),
                    to: follows.get(&post.agency).map(|to| name(*to)),
                })
                .collect(),
        })
    }
}

fn changes(before: &Agencies, after: &Agencies, decided: &Reorganisation) -> Vec<Change> {
    let named: BTreeSet<&str> = decided.changes.iter().flat_map(rules::unit::Change::units).collect();
    let founded: BTreeSet<&str> = decided.units.iter().map(|unit| unit.key.as_str()).collect();
    let mut changes: Vec<Change> = Vec::new();
    for key in named.union(&founded) {
        let Some(unit) = after.units.get(key) else { continue };
        if unit.valid_from == decided.effective_on {
            changes.push(Change::Founded(unit.name.clone()));
        } else if unit.valid_to == Some(decided.eve()) {
            let heirs = after.units.heirs(key).into_iter().map(|heir| heir.name.clone()).collect();
            changes.push(Change::Ended { name: unit.name.clone(), heirs });
        } else {
            changes.extend(before.units.get(key).and_then(|was| changed(was, unit)));
        }
        changes.extend(given(unit, decided.effective_on));
    }
    changes
}

fn changed(was: &Unit, unit: &Unit) -> Option<Change> {
    let face = |unit: &Unit| (unit.name.clone(), unit.code.clone(), unit.parent.clone());
    let said = |unit: &Unit| format!("{} ({})", unit.name, unit.code);
    (face(was) != face(unit)).then(|| Change::Changed { before: said(was), after: said(unit) })
}

fn given(unit: &Unit, day: Date) -> Option<Change> {
    let given = unit.competences.iter().filter(|known| known.from == day);
    let matters: Vec<String> = given
        .map(|known| match &known.of {
            Matter::Procedure(code) => code.to_string(),
            Matter::Field(field) => field.clone(),
        })
        .collect();
    (!matters.is_empty()).then(|| Change::Given { name: unit.name.clone(), matters })
}
