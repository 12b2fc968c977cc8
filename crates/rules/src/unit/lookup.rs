//! Questions to the trees "as on a day": by code, who stands above, who came after, who is competent now,
//! and what a unit was ever called.

use super::{About, Face, Unit, next_day};
use crate::code::AgencyCode;
use crate::text::{fold, sort_key};
use crate::words::date;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// All units of an installation, past and present.
#[derive(Clone, Debug, Default)]
pub struct Units {
    by_key: BTreeMap<String, Unit>,
    /// Who took over from whom.
    heirs: BTreeMap<String, Vec<String>>,
}

/// Why nobody can be named who carries on the work of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoHeir {
    Unknown(String),
    /// It has not begun yet.
    NotYet(String),
    /// It ended without a successor, or its successors were not told apart.
    Undecided(String),
}

/// What a unit, or one it came from, was called until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerName {
    pub name: String,
    pub until: Date,
}

impl Units {
    pub fn new(units: impl IntoIterator<Item = Unit>) -> Self {
        let by_key: BTreeMap<String, Unit> = units.into_iter().map(|unit| (unit.key.clone(), unit)).collect();
        let mut heirs: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for unit in by_key.values() {
            for predecessor in &unit.predecessors {
                heirs.entry(predecessor.unit.clone()).or_default().push(unit.key.clone());
            }
        }
        Self { by_key, heirs }
    }

    pub fn get(&self, key: &str) -> Option<&Unit> {
        self.by_key.get(key)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.by_key.values()
    }

    /// The unit that has this code on `day`, in whichever order the code is written.
    // law: QD20-2020-TTg/4
    pub fn by_code(&self, code: &AgencyCode, day: Date) -> Option<&Unit> {
        self.iter().find(|unit| unit.on(day).is_some_and(|face| has_code(&face, code)))
    }

    /// Who is meant on `day` by a code that a procedure names: the unit that has it, else the one that
    /// had it last. Who stands for that unit is another question.
    pub fn named(&self, code: &AgencyCode, day: Date) -> Option<&Unit> {
        let last_day = |unit: &Unit| {
            let faces = unit.faces().into_iter().filter(|face| face.from <= day && has_code(face, code));
            faces.map(|face| face.to.unwrap_or(Date::MAX)).max()
        };
        let last = || self.iter().filter(|unit| last_day(unit).is_some()).max_by_key(|unit| last_day(unit));
        self.by_code(code, day).or_else(last)
    }

    /// The units of `day` that a person means by these words, with or without accents, or by this code:
    /// by a name they or those they came from ever had. Those called so now come first.
    pub fn find(&self, words: &str, day: Date) -> Vec<&Unit> {
        let code: Option<AgencyCode> = words.parse().ok();
        let mut found: Vec<(bool, &Unit)> = self
            .iter()
            .filter(|unit| unit.is_valid_on(day))
            .filter_map(|unit| {
                let now = has_words(&unit.name, words);
                let means = now
                    || self.former_names(&unit.key).iter().any(|former| has_words(&former.name, words))
                    || code.as_ref().is_some_and(|code| self.ever_had(unit, code));
                means.then_some((!now, unit))
            })
            .collect();
        found.sort_by_cached_key(|(former, unit)| (*former, sort_key(&unit.name), unit.key.clone()));
        found.into_iter().map(|(_, unit)| unit).collect()
    }

    fn ever_had(&self, unit: &Unit, code: &AgencyCode) -> bool {
        let mut faces = std::iter::once(unit).chain(self.predecessors(&unit.key)).flat_map(Unit::faces);
        faces.any(|face| has_code(&face, code))
    }

    /// Who stands above a unit on `day`, the nearest first.
    pub fn ancestors(&self, key: &str, day: Date) -> Vec<&Unit> {
        let parent = |unit: &Unit| self.get(unit.on(day)?.parent?);
        let mut above: Vec<&Unit> = Vec::new();
        let mut at = self.get(key).and_then(parent);
        while let Some(unit) = at {
            if unit.key == key || above.iter().any(|known| known.key == unit.key) {
                break;
            }
            above.push(unit);
            at = parent(unit);
        }
        above
    }

    /// Those that stand directly below a unit on `day`, by name.
    pub fn below(&self, key: &str, day: Date) -> Vec<&Unit> {
        let is_below = |unit: &&Unit| unit.on(day).is_some_and(|face| face.parent == Some(key));
        let mut below: Vec<&Unit> = self.iter().filter(is_below).collect();
        below.sort_by_cached_key(|unit| {
            (sort_key(unit.on(day).map_or("", |face| face.name)), unit.key.clone())
        });
        below
    }

    /// The keys of a unit and of all that stands below it on `day`, each after the one above it.
    pub fn with_all_below(&self, key: &str, day: Date) -> Vec<String> {
        let under = |unit: &Unit| self.below(&unit.key, day);
        let mut keys = Vec::new();
        self.walk(key, |unit| {
            keys.push(unit.key.clone());
            under(unit)
        });
        keys
    }

    /// The whole tree as it stood on `day`: each unit after the one above it with its depth, neighbours by
    /// name. What hangs below nothing that is there stands at the top.
    pub fn tree(&self, day: Date) -> Vec<(usize, &Unit)> {
        let mut under: BTreeMap<Option<&str>, Vec<&Unit>> = BTreeMap::new();
        for unit in self.iter() {
            let Some(face) = unit.on(day) else { continue };
            let above = face.parent.filter(|key| self.get(key).is_some_and(|above| above.is_valid_on(day)));
            under.entry(above).or_default().push(unit);
        }
        for units in under.values_mut() {
            // The last is taken first.
            let name = |unit: &Unit| sort_key(unit.on(day).map_or("", |face| face.name));
            units.sort_by_cached_key(|unit| std::cmp::Reverse((name(unit), unit.key.clone())));
        }
        let mut open: Vec<(usize, &Unit)> = top_down(&under, None, 0);
        let mut tree = Vec::new();
        while let Some((depth, unit)) = open.pop() {
            tree.push((depth, unit));
            open.extend(top_down(&under, Some(&unit.key), depth + 1));
        }
        tree
    }

    /// Whether the way up from `unit` on `day` comes back to where it was.
    pub(super) fn hangs_in_a_ring(&self, unit: &Unit, day: Date) -> bool {
        let mut seen = BTreeSet::from([unit.key.as_str()]);
        let mut at = unit;
        while let Some(above) = at.on(day).and_then(|face| face.parent).and_then(|key| self.get(key)) {
            if !seen.insert(&above.key) {
                return true;
            }
            at = above;
        }
        false
    }

    /// Those that took over from a unit directly.
    pub fn heirs(&self, key: &str) -> Vec<&Unit> {
        self.heirs.get(key).into_iter().flatten().filter_map(|heir| self.get(heir)).collect()
    }

    /// Those that stand on `day` where a unit stood, through however many mergers and splits; itself
    /// while it is there.
    pub fn successors(&self, key: &str, day: Date) -> Vec<&Unit> {
        let mut standing = Vec::new();
        self.walk(key, |unit| {
            if unit.is_valid_on(day) {
                standing.push(unit);
                return Vec::new();
            }
            self.heirs(&unit.key)
        });
        standing
    }

    /// All a unit came from, through however many mergers and splits.
    pub fn predecessors(&self, key: &str) -> Vec<&Unit> {
        let mut from = Vec::new();
        self.walk(key, |unit| {
            from.push(unit);
            unit.predecessors.iter().filter_map(|link| self.get(&link.unit)).collect()
        });
        from.into_iter().skip(1).collect()
    }

    /// Visits each unit that can be reached from `key` once, the nearest first.
    fn walk<'u>(&'u self, key: &str, mut next: impl FnMut(&'u Unit) -> Vec<&'u Unit>) {
        let mut open: VecDeque<&Unit> = self.get(key).into_iter().collect();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        while let Some(unit) = open.pop_front() {
            if seen.insert(&unit.key) {
                open.extend(next(unit));
            }
        }
    }

    /// Who stands on `day` for a unit in this matter: itself while it is there, then the one successor,
    /// or the one that the decision on the split named.
    pub fn heir(&self, key: &str, about: &About<'_>, day: Date) -> Result<&Unit, NoHeir> {
        self.follow(key, day, |unit| self.inheritor(unit, about, day))
    }

    /// Who settles this matter on `day` where `key` did: as [`Self::heir`], and on to those to whom the
    /// competence was passed.
    pub fn competent_heir(&self, key: &str, about: &About<'_>, day: Date) -> Result<&Unit, NoHeir> {
        self.follow(key, day, |unit| unit.passed_on(about, day).or_else(|| self.inheritor(unit, about, day)))
    }

    /// Goes from unit to unit as `next` says, until one that stays.
    fn follow<'u>(
        &'u self,
        key: &str,
        day: Date,
        next: impl Fn(&'u Unit) -> Option<&'u str>,
    ) -> Result<&'u Unit, NoHeir> {
        let mut at = self.get(key).ok_or_else(|| NoHeir::Unknown(key.to_owned()))?;
        // Without faults no way comes back to where it was.
        for _ in 0..=self.by_key.len() {
            match next(at) {
                Some(to) => at = self.get(to).ok_or_else(|| NoHeir::Unknown(to.to_owned()))?,
                None if at.is_valid_on(day) => return Ok(at),
                None if at.valid_from > day => return Err(NoHeir::NotYet(at.key.clone())),
                None => break,
            }
        }
        Err(NoHeir::Undecided(at.key.clone()))
    }

    /// Who took this matter over from a unit that has ended by `day`.
    fn inheritor<'u>(&'u self, unit: &'u Unit, about: &About<'_>, day: Date) -> Option<&'u str> {
        unit.valid_to.filter(|last| *last < day)?;
        match (&unit.succession, self.heirs.get(&unit.key).map(Vec::as_slice)) {
            (Some(succession), _) => Some(succession.heir(about)),
            (None, Some([only])) => Some(only),
            (None, _) => None,
        }
    }

    /// The units to which decisions gave this matter, on `day`.
    pub fn competent(&self, about: &About<'_>, day: Date) -> Vec<&Unit> {
        self.iter().filter(|unit| unit.is_competent(about, day)).collect()
    }

    /// All names a unit can be found by besides its present one: its own former names and those of all
    /// it came from, the latest first.
    pub fn former_names(&self, key: &str) -> Vec<FormerName> {
        let Some(unit) = self.get(key) else { return Vec::new() };
        let mut names: Vec<FormerName> = std::iter::once(unit)
            .chain(self.predecessors(key))
            .flat_map(Unit::faces)
            .filter_map(|face| Some(FormerName { name: face.name.to_owned(), until: face.to? }))
            .filter(|former| former.name != unit.name)
            .collect();
        names.sort_by(|a, b| b.until.cmp(&a.until).then_with(|| a.name.cmp(&b.name)));
        let mut seen = BTreeSet::new();
        names.retain(|former| seen.insert(former.name.clone()));
        names
    }

    /// The unit's name, and behind it the former names that the words looked for were meant for:
    /// `phường Mới (trước 01/07/2025: xã Cũ)`.
    pub fn said(&self, key: &str, words: &str) -> Option<String> {
        let unit = self.get(key)?;
        let meant: Vec<String> = self
            .former_names(key)
            .into_iter()
            .filter(|former| has_words(&former.name, words) && !has_words(&unit.name, words))
            .map(|former| format!("trước {}: {}", date(next_day(former.until)), former.name))
            .collect();
        Some(if meant.is_empty() {
            unit.name.clone()
        } else {
            format!("{} ({})", unit.name, meant.join("; "))
        })
    }
}

/// What stands below one unit of a tree, with its depth.
fn top_down<'u>(
    under: &BTreeMap<Option<&str>, Vec<&'u Unit>>,
    above: Option<&str>,
    depth: usize,
) -> Vec<(usize, &'u Unit)> {
    under.get(&above).into_iter().flatten().map(|unit| (depth, *unit)).collect()
}

fn has_code(face: &Face<'_>, code: &AgencyCode) -> bool {
    face.code.mirrors(code) || face.old_code.is_some_and(|old| old.mirrors(code))
}

/// Whether all words are in the name, accents aside.
fn has_words(name: &str, words: &str) -> bool {
    let name = fold(name);
    let in_name = |word: &str| name.split(|c: char| !c.is_alphanumeric()).any(|part| part.starts_with(word));
    let words = fold(words);
    let mut words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(in_name)
}

/// The same units, each after the one above it; those that hang in a ring come last.
pub fn parents_first(units: Vec<Unit>) -> Vec<Unit> {
    let mut placed: Vec<Unit> = Vec::with_capacity(units.len());
    let mut keys: BTreeSet<String> = BTreeSet::new();
    let mut waiting = units;
    while !waiting.is_empty() {
        let known: BTreeSet<String> = waiting.iter().map(|unit| unit.key.clone()).collect();
        let (ready, rest): (Vec<Unit>, Vec<Unit>) = waiting.into_iter().partition(|unit| {
            unit.parent.as_ref().is_none_or(|parent| keys.contains(parent) || !known.contains(parent))
        });
        if ready.is_empty() {
            placed.extend(rest);
            return placed;
        }
        keys.extend(ready.iter().map(|unit| unit.key.clone()));
        placed.extend(ready);
        waiting = rest;
    }
    placed
}
