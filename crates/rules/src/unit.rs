//! Administrative units in time: levels, names and codes with validity, and the links between a unit
//! and its predecessors. The three-level tree before 1 July 2025 and the two-level tree since are
//! two data sets of this same shape (`units/`); no rule asks how many levels there are.

use crate::code::AgencyCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One tree of units as it is written in a file of `units/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitTree {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub units: Vec<Unit>,
}

/// A unit (or an agency, which is a unit that settles procedures).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Stable key in the data files, unique over all trees of an installation: `xa-an-cuu-2025`.
    pub key: String,
    pub name: String,
    /// The two heading lines on printed forms, upper line first.
    pub heading: [String; 2],
    pub level: Level,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    pub kind: UnitKind,
    /// Agency code, highest level left (QĐ 20/2020).
    pub code: AgencyCode,
    /// The same agency in the older order, lowest level left (QCVN 102:2016).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_code: Option<AgencyCode>,
    pub valid_from: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
    #[serde(default)]
    pub predecessors: Vec<Predecessor>,
    /// The place written before a date on documents: `An Cựu` in "An Cựu, ngày …".
    pub place: String,
    #[serde(default)]
    pub address: String,
    #[serde(default)]
    pub phone: String,
}

/// Where a unit came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predecessor {
    pub unit: String,
    pub share: Share,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    Whole,
    Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Province,
    District,
    Commune,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// Ủy ban nhân dân of its level: settles procedures, has a seal.
    PeoplesCommittee,
    /// Sở, ngành.
    Department,
    /// Trung tâm Phục vụ hành chính công / Bộ phận Một cửa: receives and hands over.
    Counter,
    /// Phòng, a part of an agency.
    Division,
}

/// What is wrong with a set of trees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitFault {
    DuplicateKey(String),
    UnknownParent { unit: String, parent: String },
    UnknownPredecessor { unit: String, predecessor: String },
    ValidToBeforeFrom(String),
    Cycle(String),
}

impl Unit {
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// Every fault of the trees of one installation, all together.
pub fn faults(units: &[Unit]) -> Vec<UnitFault> {
    let mut faults = Vec::new();
    let mut keys = BTreeSet::new();
    for unit in units {
        if !keys.insert(unit.key.as_str()) {
            faults.push(UnitFault::DuplicateKey(unit.key.clone()));
        }
    }
    for unit in units {
        if let Some(parent) = &unit.parent
            && !keys.contains(parent.as_str())
        {
            faults.push(UnitFault::UnknownParent { unit: unit.key.clone(), parent: parent.clone() });
        }
        for predecessor in &unit.predecessors {
            if !keys.contains(predecessor.unit.as_str()) {
                faults.push(UnitFault::UnknownPredecessor {
                    unit: unit.key.clone(),
                    predecessor: predecessor.unit.clone(),
                });
            }
        }
        if unit.valid_to.is_some_and(|last| last < unit.valid_from) {
            faults.push(UnitFault::ValidToBeforeFrom(unit.key.clone()));
        }
        if has_cycle(units, unit) {
            faults.push(UnitFault::Cycle(unit.key.clone()));
        }
    }
    faults
}

fn has_cycle(units: &[Unit], start: &Unit) -> bool {
    let mut at = start;
    for _ in 0..=units.len() {
        let Some(parent) = at.parent.as_ref().and_then(|key| units.iter().find(|unit| &unit.key == key))
        else {
            return false;
        };
        at = parent;
    }
    true
}

#[cfg(test)]
mod tests;
