//! The commonest decision on units, filled in as a form: some become one from a day on. It is written out as the
//! [`Reorganisation`] it is, so that nothing of it is known to a form alone.

use super::{Change, Follow, Reorganisation, ReorganisationFault, Unit, Units};
use crate::code::AgencyCode;
use crate::text::{fold, nfc};
use jiff::civil::Date;

/// Units that become one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merger {
    /// The keys of the units that end.
    pub from: Vec<String>,
    pub into: Heir,
    pub below: Below,
    /// Do the officers go along in their roles?
    pub officers_follow: bool,
    pub decision: String,
    pub on: Date,
}

/// Who takes the work over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heir {
    /// A unit that is there; it may be one of those named, and stays then.
    Known(String),
    /// A new one of the kind, the level and the place in the tree of the first that ends.
    Founded { name: String, code: AgencyCode, place: String },
}

/// What becomes of the units below those that end. Which of them do the same work is nowhere written, so
/// that it is decided for all alike; a decision that tells them apart is written as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Below {
    /// They stand below the heir and stay what they are.
    Moved,
    /// They end too, and the heir takes their work.
    Joined,
}

const COMMITTEE: &str = "Ủy ban nhân dân ";

impl Merger {
    /// The decision as it is applied.
    pub fn written(&self, units: &Units) -> Result<Reorganisation, Vec<ReorganisationFault>> {
        let heir = match &self.into {
            Heir::Known(key) => key.clone(),
            Heir::Founded { name, .. } => format!("{}-{}", dashed(name), self.on.year()),
        };
        let from: Vec<String> = self.from.iter().filter(|key| **key != heir).cloned().collect();
        let Some(model) = from.first().and_then(|key| units.get(key)) else {
            let unknown = from.into_iter().map(ReorganisationFault::UnknownUnit);
            let unknown: Vec<_> = unknown.collect();
            return Err(if unknown.is_empty() { vec![ReorganisationFault::NoChange] } else { unknown });
        };
        let founded = match &self.into {
            Heir::Known(_) => Vec::new(),
            Heir::Founded { name, code, place } => vec![self.founded(model, &heir, name, code, place)],
        };
        let ending = match self.below {
            Below::Moved => from.clone(),
            Below::Joined => from.iter().flat_map(|key| units.with_all_below(key, self.eve())).collect(),
        };
        let mut changes = vec![Change::Merge { from: ending.clone(), into: heir.clone() }];
        if self.below == Below::Moved {
            let moved = from.iter().flat_map(|key| units.below(key, self.eve()));
            let moved = moved.filter(|unit| unit.key != heir && !from.contains(&unit.key));
            let moved = moved.map(|unit| Change::MoveUnder { unit: unit.key.clone(), parent: heir.clone() });
            changes.extend(moved);
        }
        let follow = |from: &String| Follow { from: from.clone(), to: heir.clone() };
        let officers = if self.officers_follow { ending.iter().map(follow).collect() } else { Vec::new() };
        Ok(Reorganisation {
            id: format!("{heir}-{}", self.on),
            decision: nfc(self.decision.trim()),
            effective_on: self.on,
            note: None,
            units: founded,
            changes,
            officers,
        })
    }

    fn eve(&self) -> Date {
        self.on.yesterday().unwrap_or(self.on)
    }

    fn founded(&self, model: &Unit, key: &str, name: &str, code: &AgencyCode, place: &str) -> Unit {
        let name = nfc(name.trim());
        let heading = match name.strip_prefix(COMMITTEE) {
            Some(own) => [COMMITTEE.trim().to_uppercase(), own.to_uppercase()],
            None => [model.heading[0].clone(), name.to_uppercase()],
        };
        Unit {
            key: key.to_owned(),
            heading,
            name,
            code: code.clone(),
            old_code: None,
            valid_from: self.on,
            valid_to: None,
            formers: Vec::new(),
            predecessors: Vec::new(),
            succession: None,
            competences: Vec::new(),
            place: nfc(place.trim()),
            ..model.clone()
        }
    }
}

/// `Ủy ban nhân dân xã Yên Bình` → `xa-yen-binh`
fn dashed(name: &str) -> String {
    let name = nfc(name.trim());
    let own = name.strip_prefix(COMMITTEE).unwrap_or(&name);
    let folded = fold(own);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}
