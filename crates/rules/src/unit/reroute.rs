//! Where open work goes when the agencies it is with have ended or settle its matter no longer. Closed
//! dossiers and papers keep the agencies they were made by; whoever came after may see them.

use super::{About, NoHeir, Unit, Units};
use crate::code::AgencyCode;
use crate::dossier::{Dossier, State};
use crate::event::Body;
use crate::id::{AgencyId, DossierId};
use crate::people::AgencyScope;
use crate::procedure::AgencyRule;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The units with the ids under which dossiers name them.
#[derive(Clone, Debug, Default)]
pub struct Agencies {
    pub units: Units,
    ids: BTreeMap<String, AgencyId>,
    keys: BTreeMap<AgencyId, String>,
}

/// Where an open dossier is.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    pub scope: AgencyScope,
    /// By which rule of its present step the holding agency holds it; none while the counter does.
    pub held_by: Option<&'a AgencyRule>,
    pub about: About<'a>,
}

impl Agencies {
    pub fn new(kept: impl IntoIterator<Item = (AgencyId, Unit)>) -> Self {
        let mut ids = BTreeMap::new();
        let mut keys = BTreeMap::new();
        let units = kept.into_iter().map(|(id, unit)| {
            ids.insert(unit.key.clone(), id);
            keys.insert(id, unit.key.clone());
            unit
        });
        Self { units: Units::new(units), ids, keys }
    }

    pub fn id(&self, key: &str) -> Option<AgencyId> {
        self.ids.get(key).copied()
    }

    pub fn unit(&self, id: AgencyId) -> Option<&Unit> {
        self.units.get(self.keys.get(&id)?)
    }

    /// The agencies of an open dossier on `day`; none when they are the right ones already.
    ///
    /// Reception stays where it was while that agency is there, whoever is competent now: the applicant
    /// comes back to the counter he knows.
    pub fn reroute(&self, placed: &Placed<'_>, day: Date) -> Result<Option<AgencyScope>, NoHeir> {
        let Placed { scope, held_by, about } = placed;
        let receiving = self.heir(scope.receiving, about, day)?;
        let competent = self.competent_heir(scope.competent, about, day)?;
        let holding = match held_by {
            None | Some(AgencyRule::Receiving) if scope.holding == scope.receiving => receiving,
            // The step asks for whoever stands above the competent agency now.
            Some(AgencyRule::LevelAbove) => match self.above(competent, day) {
                Some(parent) => parent,
                None => self.competent_heir(scope.holding, about, day)?,
            },
            // The same agency that a dossier is given to which comes to the step now.
            Some(AgencyRule::Named(code)) => {
                let named = self.named(code, day).unwrap_or(scope.holding);
                self.competent_heir(named, about, day)?
            }
            _ => self.competent_heir(scope.holding, about, day)?,
        };
        let moved = AgencyScope { receiving, competent, holding };
        Ok((moved != *scope).then_some(moved))
    }

    /// Who stands for an agency on `day`, where it is asked for its opinion or receives.
    pub fn heir(&self, agency: AgencyId, about: &About<'_>, day: Date) -> Result<AgencyId, NoHeir> {
        self.units.heir(self.key(agency)?, about, day).and_then(|unit| self.known(unit))
    }

    /// Who settles a matter on `day` where `agency` did.
    pub fn competent_heir(&self, agency: AgencyId, about: &About<'_>, day: Date) -> Result<AgencyId, NoHeir> {
        self.units.competent_heir(self.key(agency)?, about, day).and_then(|unit| self.known(unit))
    }

    /// The agency that a code in a procedure means on `day`; perhaps one that has ended.
    pub fn named(&self, code: &AgencyCode, day: Date) -> Option<AgencyId> {
        self.id(&self.units.named(code, day)?.key)
    }

    /// Who stands above an agency on `day`.
    pub fn above(&self, agency: AgencyId, day: Date) -> Option<AgencyId> {
        let parent = self.units.ancestors(self.keys.get(&agency)?, day).into_iter().next()?;
        self.id(&parent.key)
    }

    /// The agencies whose rows these may see: their own, and those of all they came from. Papers and
    /// closed dossiers of a unit that has ended are looked after by whoever took over from it.
    pub fn seen_by(&self, agencies: &[AgencyId]) -> Vec<AgencyId> {
        let mut seen: Vec<AgencyId> = agencies.to_vec();
        for key in agencies.iter().filter_map(|agency| self.keys.get(agency)) {
            seen.extend(self.units.predecessors(key).iter().filter_map(|unit| self.id(&unit.key)));
        }
        seen.sort();
        seen.dedup();
        seen
    }

    /// These agencies, all that stands below them, and all of them that came before: whose people are kept
    /// by who administers these.
    pub fn below(&self, tops: BTreeSet<AgencyId>) -> BTreeSet<AgencyId> {
        let mut under: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for unit in self.units.iter() {
            if let Some(parent) = &unit.parent {
                under.entry(parent).or_default().push(&unit.key);
            }
        }
        let mut keys: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> =
            tops.iter().filter_map(|top| self.keys.get(top)).map(String::as_str).collect();
        while let Some(key) = open.pop() {
            if keys.insert(key) {
                open.extend(under.get(key).into_iter().flatten());
            }
        }
        let before = keys.iter().flat_map(|key| self.units.predecessors(key)).map(|unit| unit.key.as_str());
        let all: BTreeSet<&str> = keys.iter().copied().chain(before).collect();
        all.into_iter().filter_map(|key| self.id(key)).chain(tops.iter().copied()).collect()
    }

    fn key(&self, agency: AgencyId) -> Result<&str, NoHeir> {
        self.keys.get(&agency).map(String::as_str).ok_or_else(|| NoHeir::Unknown(agency.to_string()))
    }

    fn known(&self, unit: &Unit) -> Result<AgencyId, NoHeir> {
        self.id(&unit.key).ok_or_else(|| NoHeir::Unknown(unit.key.clone()))
    }
}

/// Whether the officer who has a dossier in hand has a post where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InHand {
    Kept,
    /// It waits for an officer of the new agency.
    Released,
}

impl Dossier {
    /// The dossier with its new agencies. Its state, its clock and its due date are untouched: a
    /// reorganisation is no reason to be late.
    // law: ND61-2018/5.1
    #[must_use]
    pub fn rerouted(self, to: AgencyScope, in_hand: InHand, decision: &str) -> (Self, Body) {
        let body = Body::Rerouted { from: self.scope, to, decision: decision.to_owned() };
        let state = match in_hand {
            InHand::Kept => self.state,
            InHand::Released => released(self.state),
        };
        (Self { scope: to, state, ..self }, body)
    }

    /// The open questions go to those who stand for the agencies that were asked; none when all are
    /// there.
    #[must_use]
    pub fn asked_anew(mut self, heir: impl Fn(AgencyId) -> Option<AgencyId>) -> (Self, usize) {
        let mut n_moved = 0;
        for asked in self.life.consultations.iter_mut().filter(|asked| asked.is_open()) {
            if let Some(heir) = heir(asked.agency).filter(|heir| *heir != asked.agency) {
                asked.agency = heir;
                n_moved += 1;
            }
        }
        (self, n_moved)
    }

    /// A part of this dossier is settled by another agency now; none when it is known already.
    pub fn part_moved(mut self, part: DossierId, agency: AgencyId, decision: &str) -> Option<(Self, Body)> {
        let part =
            self.life.parts.iter_mut().find(|known| known.dossier == part && known.agency != agency)?;
        part.agency = agency;
        let body = Body::Rerouted { from: self.scope, to: self.scope, decision: decision.to_owned() };
        Some((self, body))
    }
}

fn released(mut state: State) -> State {
    if let Some(at_step) = state.at_step_mut() {
        at_step.officer = None;
    }
    state
}
