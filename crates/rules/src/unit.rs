//! Administrative units in time: names, codes and places in the tree with validity, competences, and the
//! links between a unit and what came after it. The three-level tree before 1 July 2025 and the
//! two-level tree since are two data sets of this same shape (`units/`); no rule asks how many levels
//! there are.
//!
//! A unit that is renamed, recoded or moved stays the same unit: what it was is kept in
//! [`Unit::formers`], so that its dossiers, posts and seals stay its own. Only a merger, a split or a
//! dissolution makes an end and a successor.

use crate::code::{AgencyCode, ProcedureCode};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

mod faults;
mod lookup;
mod merger;
mod reorganise;
mod reroute;

pub use faults::{UnitFault, faults};
pub use lookup::{FormerName, NoHeir, Units, parents_first};
pub use merger::{Below, Heir, Merger};
pub use reorganise::{Change, Follow, Reorganisation, ReorganisationFault};
pub use reroute::{Agencies, InHand, Placed};

/// One tree of units as it is written in a file of `units/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitTree {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub units: Vec<Unit>,
}

/// A unit (or an agency, which is a unit that settles procedures), as it is called today.
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
    /// What it was called, and where it stood, before; the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formers: Vec<Former>,
    #[serde(default)]
    pub predecessors: Vec<Predecessor>,
    /// Who takes what of a unit that was split up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succession: Option<Succession>,
    /// What it settles or settled, where that was written down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub competences: Vec<Competence>,
    /// The place written before a date on documents: `An Cựu` in "An Cựu, ngày …".
    pub place: String,
    #[serde(default)]
    pub address: String,
    #[serde(default)]
    pub phone: String,
}

/// What a unit was called until it was renamed, recoded or moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// The last day of it.
    pub until: Date,
    pub name: String,
    pub heading: [String; 2],
    pub code: AgencyCode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_code: Option<AgencyCode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    pub place: String,
    /// What ended it.
    pub decision: String,
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

/// The decision on the work of a unit that several took over: nothing of it is guessed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Succession {
    pub decision: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allotted: Vec<Allotment>,
    /// Who takes all that is not allotted.
    pub rest: String,
}

/// A matter, and the unit that takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allotment {
    pub of: Matter,
    pub to: String,
}

/// What a unit may be competent for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    Procedure(ProcedureCode),
    /// A whole field of administration (lĩnh vực), as procedures name it.
    Field(String),
}

/// What a dossier is about, to ask who is competent for it.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub procedure: &'a ProcedureCode,
    pub field: &'a str,
}

/// A competence from a day on, by a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Competence {
    pub of: Matter,
    pub from: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    pub decision: String,
    /// Who has it after `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_to: Option<String>,
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

/// A unit as it was on some day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face<'u> {
    pub from: Date,
    /// The last day of it.
    pub to: Option<Date>,
    pub name: &'u str,
    pub heading: &'u [String; 2],
    pub code: &'u AgencyCode,
    pub old_code: Option<&'u AgencyCode>,
    pub parent: Option<&'u str>,
    pub place: &'u str,
}

impl Unit {
    /// The keys of the units it stands under, came from, and passes its work to.
    pub fn linked(&self) -> impl Iterator<Item = &str> {
        let heirs = self.succession.iter().flat_map(|split| {
            split.allotted.iter().map(|part| part.to.as_str()).chain([split.rest.as_str()])
        });
        let passed = self.competences.iter().filter_map(|known| known.passed_to.as_deref());
        let before = self.predecessors.iter().map(|link| link.unit.as_str());
        self.parent.as_deref().into_iter().chain(before).chain(heirs).chain(passed)
    }

    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// As it was called on `day`; none when it was not there.
    pub fn on(&self, day: Date) -> Option<Face<'_>> {
        self.faces().into_iter().find(|face| face.from <= day && face.to.is_none_or(|last| day <= last))
    }

    /// All it was ever called, the oldest first.
    pub fn faces(&self) -> Vec<Face<'_>> {
        let mut from = self.valid_from;
        let mut faces = Vec::with_capacity(self.formers.len() + 1);
        for former in &self.formers {
            faces.push(Face {
                from,
                to: Some(former.until),
                name: &former.name,
                heading: &former.heading,
                code: &former.code,
                old_code: former.old_code.as_ref(),
                parent: former.parent.as_deref(),
                place: &former.place,
            });
            from = next_day(former.until);
        }
        faces.push(Face {
            from,
            to: self.valid_to,
            name: &self.name,
            heading: &self.heading,
            code: &self.code,
            old_code: self.old_code.as_ref(),
            parent: self.parent.as_deref(),
            place: &self.place,
        });
        faces
    }

    /// Whether a decision gave it this matter, and none has taken it away by `day`.
    pub fn is_competent(&self, about: &About<'_>, day: Date) -> bool {
        self.is_valid_on(day) && self.decided(about, day).is_some_and(|last| last.is_valid_on(day))
    }

    /// To whom it has passed this matter by `day`, if it has.
    pub fn passed_on(&self, about: &About<'_>, day: Date) -> Option<&str> {
        let last = self.decided(about, day)?;
        if last.is_valid_on(day) { None } else { last.passed_to.as_deref() }
    }

    /// Whether nobody has to be looked for in its place: it is there, and has not passed this matter on.
    pub fn still_settles(&self, about: &About<'_>, day: Date) -> bool {
        self.is_valid_on(day) && self.passed_on(about, day).is_none()
    }

    /// The competence that the latest decision on this matter gave or ended; of two of one day the one
    /// for the procedure goes before the one for its field.
    fn decided(&self, about: &About<'_>, day: Date) -> Option<&Competence> {
        self.competences
            .iter()
            .filter(|competence| competence.from <= day && competence.of.covers(about))
            .max_by_key(|competence| {
                let changed = competence.to.filter(|last| *last < day).map_or(competence.from, next_day);
                (changed, matches!(competence.of, Matter::Procedure(_)))
            })
    }
}

impl Competence {
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|last| day <= last)
    }
}

impl Matter {
    pub fn covers(&self, about: &About<'_>) -> bool {
        match self {
            Self::Procedure(code) => code == about.procedure,
            Self::Field(field) => field == about.field,
        }
    }
}

impl Succession {
    /// Who takes this matter: who was given the procedure, else its field, else the rest.
    pub fn heir(&self, about: &About<'_>) -> &str {
        let of_kind = |procedure: bool| {
            self.allotted
                .iter()
                .find(|part| matches!(part.of, Matter::Procedure(_)) == procedure && part.of.covers(about))
        };
        of_kind(true).or_else(|| of_kind(false)).map_or(&self.rest, |part| &part.to)
    }
}

/// The day after; the calendar's last day has none and stays.
fn next_day(day: Date) -> Date {
    day.tomorrow().unwrap_or(day)
}

#[cfg(test)]
mod tests;
