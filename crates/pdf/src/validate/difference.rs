//! What changed between revisions: a white list by purpose. Revisions are compared one after the
//! other, object by object, never by what the last view shows; freed or reused objects, and
//! whatever has no named purpose here, count as change.

mod policy;

use super::{Changes, Warning};
use crate::error::{Error, Result};
use crate::object::{Object, Ref};
use crate::read::{self, Document, Place};
use std::collections::{BTreeMap, BTreeSet};

/// Revisions after the first signature that are looked at; more count as change.
const MAX_STEPS: usize = 64;
/// Bytes parsed and decoded for all comparisons together; what comes later counts as change.
const MAX_WORK: usize = 1 << 30;

/// Steps between the revisions of a file, oldest first.
pub(super) struct History {
    /// Step `i` leads from revision `i + 1` to revision `i + 2`, revisions counted in sections.
    steps: Vec<Step>,
}

/// What one revision changed of the one before.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) changes: Changes,
    pub(super) warnings: BTreeSet<Warning>,
}

impl Step {
    pub(super) fn harmless() -> Self {
        Self { changes: Changes::Nothing, warnings: BTreeSet::new() }
    }

    pub(super) fn other() -> Self {
        Self { changes: Changes::Other, warnings: BTreeSet::new() }
    }

    pub(super) fn raise(&mut self, changes: Changes) {
        self.changes = self.changes.max(changes);
    }
}

impl History {
    /// Compares all revisions from `first` on; earlier ones were never signed.
    pub(super) fn of(document: &Document<'_>, first: usize) -> Self {
        let count = document.sections.len();
        let mut steps = vec![Step::other(); count.saturating_sub(1)];
        if count - first.min(count) > MAX_STEPS {
            return Self { steps };
        }
        let mut spent = 0;
        let mut old = revision(document, first);
        for newer in first + 1..=count {
            let new = revision(document, newer);
            if let (Some(old), Some(new)) = (&old, &new) {
                if let Ok(step) = compare(old, new) {
                    steps[newer - 2] = step;
                }
                spent += old.spent();
            }
            if spent > MAX_WORK {
                break;
            }
            old = new;
        }
        Self { steps }
    }

    /// All that came after the given revision.
    pub(super) fn after(&self, revision: usize) -> Step {
        let mut all = Step::harmless();
        for step in self.steps.iter().skip(revision.saturating_sub(1)) {
            all.raise(step.changes);
            all.warnings.extend(&step.warnings);
        }
        all
    }
}

/// The document as it was with its oldest `count` sections.
fn revision<'a>(document: &Document<'a>, count: usize) -> Option<Document<'a>> {
    let section = document.sections.get(document.sections.len().checked_sub(count)?)?;
    let end = section.revision_end(document.bytes)?;
    let old = read::open(&document.bytes[..end]).ok()?;
    (old.sections.len() == count && old.sections[0].offset == section.offset).then_some(old)
}

/// Objects that differ between two revisions, each with old and new content.
pub(super) struct Changed {
    pub(super) number: u32,
    pub(super) old: Object,
    pub(super) new: Object,
}

fn compare(old: &Document<'_>, new: &Document<'_>) -> Result<Step> {
    if old.root_ref() != new.root_ref() || new.is_encrypted() || new.is_hybrid() {
        return Ok(Step::other());
    }
    let referrers = referrers(old)?;
    let mut changed = Vec::new();
    for (number, place) in &new.sections[0].entries {
        match difference(old, new, *number, *place, &referrers)? {
            Difference::None => {}
            Difference::Changed(object) => changed.push(object),
            Difference::Forbidden => return Ok(Step::other()),
        }
    }
    policy::judge(old, new, &changed, &referrers)
}

enum Difference {
    None,
    Changed(Changed),
    Forbidden,
}

fn difference(
    old: &Document<'_>,
    new: &Document<'_>,
    number: u32,
    place: Place,
    referrers: &Referrers,
) -> Result<Difference> {
    let before = old.table.get(&number).copied().filter(|place| *place != Place::Free);
    let Some(generation) = generation(place) else {
        // A freed object may still be drawn by one reader and be missing for another.
        return Ok(if before.is_some() { Difference::Forbidden } else { Difference::None });
    };
    let reference = Ref { number, generation };
    let Some(before) = before else {
        let reused = old
            .sections
            .iter()
            .any(|section| section.entries.get(&number).is_some_and(|place| *place != Place::Free));
        // An object that was missing but referred to would appear on pages already signed.
        let awaited = referrers.contains_key(&number);
        return Ok(if reused || awaited { Difference::Forbidden } else { Difference::None });
    };
    if before == place {
        return Ok(Difference::None);
    }
    if self::generation(before) != Some(generation) {
        return Ok(Difference::Forbidden);
    }
    let (before, after) = (old.fetch(reference)?.object, new.fetch(reference)?.object);
    if old.same(&before, new, &after) {
        return Ok(Difference::None);
    }
    Ok(Difference::Changed(Changed { number, old: before, new: after }))
}

fn generation(place: Place) -> Option<u16> {
    match place {
        Place::Free => None,
        Place::At { generation, .. } => Some(generation),
        Place::InStream { .. } => Some(0),
    }
}

/// Which objects refer to an object; 0 stands for the trailer.
pub(super) type Referrers = BTreeMap<u32, BTreeSet<u32>>;

fn referrers(document: &Document<'_>) -> Result<Referrers> {
    let mut out = Referrers::new();
    for entry in
        document.trailer().entries.iter().filter(|entry| entry.key == b"Root" || entry.key == b"Info")
    {
        entry.value.each_ref(&mut |to| {
            out.entry(to.number).or_default().insert(0);
        });
    }
    for (number, place) in &document.table {
        let Some(generation) = generation(*place) else { continue };
        let fetched = match document.fetch(Ref { number: *number, generation }) {
            Ok(fetched) => fetched,
            Err(Error::Limit(what)) => return Err(Error::Limit(what)),
            // An object that cannot be read shows nothing and refers to nothing.
            Err(_) => continue,
        };
        fetched.object.each_ref(&mut |to| {
            out.entry(to.number).or_default().insert(*number);
        });
    }
    Ok(out)
}
