//! A reorganisation (sắp xếp đơn vị hành chính) as data: one decision, one day, a list of changes. Applying
//! it gives the trees as they are from that day on, or every reason why it cannot be.

use super::{
    Allotment, Competence, Former, Matter, Predecessor, Share, Succession, Unit, UnitFault, next_day,
};
use crate::code::{AgencyCode, ProcedureCode};
use crate::words::date;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A decision on units, as it is written in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reorganisation {
    /// Chosen by whoever writes the file, unique in an installation: `yen-son-2025-07`.
    pub id: String,
    pub decision: String,
    /// The first day of what it makes.
    pub effective_on: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Units it founds; those that are known already stand in their tree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<Unit>,
    pub changes: Vec<Change>,
    /// Units whose officers go along in their roles. All others get no post by themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub officers: Vec<Follow>,
}

/// The officers of `from` have the same roles in `to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Follow {
    pub from: String,
    pub to: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// `from` end; `into` has all their work, whether it is new or was there before.
    Merge {
        from: Vec<String>,
        into: String,
    },
    /// `from` is divided. Where it is itself among `into`, it stays and gives away what is allotted.
    Split {
        from: String,
        into: Vec<String>,
        #[serde(default)]
        by: Vec<Allotment>,
        /// Who takes all that is not allotted.
        #[serde(default)]
        rest: Option<String>,
    },
    Rename {
        unit: String,
        name: String,
        heading: [String; 2],
        #[serde(default)]
        place: Option<String>,
    },
    Recode {
        unit: String,
        code: AgencyCode,
        #[serde(default)]
        old_code: Option<AgencyCode>,
    },
    MoveUnder {
        unit: String,
        parent: String,
    },
    /// `unit` ends; what is open goes to `successor`.
    Dissolve {
        unit: String,
        successor: String,
    },
    /// `from` stays, and settles these matters no longer.
    PassCompetence {
        matters: Vec<Matter>,
        from: String,
        to: String,
    },
}

/// Why a reorganisation cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReorganisationFault {
    NoDecision,
    NoChange,
    UnknownUnit(String),
    /// A unit it founds is there already, and another.
    KeyTaken(String),
    /// A unit it founds begins on another day.
    FoundedOnAnotherDay(String),
    /// It was not there on the eve.
    NotThereBefore(String),
    /// It is not there from the day on.
    NotThereAfter(String),
    EndedTwice(String),
    IntoItself(String),
    /// A split into less than two.
    NotSplit(String),
    /// A split that does not say who takes the rest.
    RestUndecided(String),
    /// A split gives something to a unit it does not name.
    NotAmong {
        unit: String,
        heir: String,
    },
    /// A split by fields that does not say who takes a procedure the unit was given by itself.
    ProcedureUndecided {
        unit: String,
        procedure: ProcedureCode,
    },
    /// The trees would be wrong afterwards.
    Tree(UnitFault),
    /// Its day has not come.
    NotYet(Date),
    /// Another of this name, that is not the same, was applied.
    AppliedDifferently(String),
}

impl fmt::Display for ReorganisationFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDecision => write!(f, "chưa ghi văn bản quyết định"),
            Self::NoChange => write!(f, "chưa có thay đổi nào"),
            Self::UnknownUnit(unit) => write!(f, "không có đơn vị “{unit}”"),
            Self::KeyTaken(unit) => write!(f, "khóa “{unit}” đã là của một đơn vị khác"),
            Self::FoundedOnAnotherDay(unit) => {
                write!(f, "đơn vị thành lập “{unit}” phải có hiệu lực từ đúng ngày sắp xếp")
            }
            Self::NotThereBefore(unit) => {
                write!(f, "đơn vị “{unit}” không hoạt động vào ngày trước khi sắp xếp")
            }
            Self::NotThereAfter(unit) => {
                write!(f, "đơn vị “{unit}” không hoạt động từ ngày sắp xếp")
            }
            Self::EndedTwice(unit) => write!(f, "đơn vị “{unit}” kết thúc hai lần"),
            Self::IntoItself(unit) => write!(f, "đơn vị “{unit}” nhập vào chính nó"),
            Self::NotSplit(unit) => write!(f, "chia đơn vị “{unit}” phải thành ít nhất hai đơn vị"),
            Self::RestUndecided(unit) => {
                write!(f, "chia đơn vị “{unit}” mà chưa ghi đơn vị nào nhận phần việc còn lại")
            }
            Self::NotAmong { unit, heir } => {
                write!(
                    f,
                    "chia đơn vị “{unit}” mà giao việc cho “{heir}”, không nằm trong các đơn vị được chia"
                )
            }
            Self::ProcedureUndecided { unit, procedure } => {
                write!(
                    f,
                    "chia đơn vị “{unit}” theo lĩnh vực mà chưa ghi đơn vị nào nhận thủ tục {procedure}"
                )
            }
            Self::Tree(fault) => write!(f, "sau khi sắp xếp, {fault}"),
            Self::NotYet(day) => {
                write!(f, "chưa đến ngày có hiệu lực {}; xem trước được, chưa áp dụng được", date(*day))
            }
            Self::AppliedDifferently(id) => {
                write!(f, "đợt sắp xếp “{id}” đã áp dụng với nội dung khác; đặt mã khác cho đợt này")
            }
        }
    }
}

impl Change {
    /// The keys of the units it names.
    pub fn units(&self) -> Vec<&str> {
        match self {
            Self::Merge { from, into } => from.iter().chain([into]).map(String::as_str).collect(),
            Self::Split { from, into, .. } => into.iter().chain([from]).map(String::as_str).collect(),
            Self::Rename { unit, .. } | Self::Recode { unit, .. } | Self::MoveUnder { unit, .. } => {
                vec![unit]
            }
            Self::Dissolve { unit, successor } => vec![unit, successor],
            Self::PassCompetence { from, to, .. } => vec![from, to],
        }
    }

    /// The keys of the units it ends.
    pub fn ends(&self) -> Vec<&str> {
        match self {
            Self::Merge { from, .. } => from.iter().map(String::as_str).collect(),
            Self::Dissolve { unit, .. } => vec![unit],
            Self::Split { from, into, .. } if !into.contains(from) => vec![from],
            _ => Vec::new(),
        }
    }
}

impl Reorganisation {
    /// The keys of every unit it takes anything from or gives anything to: those of the changes, those above
    /// and before what it founds, those that take over, and those officers leave or go to.
    pub fn concerns(&self) -> BTreeSet<&str> {
        let changed = self.changes.iter().flat_map(Change::units);
        let above = self.changes.iter().filter_map(|change| match change {
            Change::MoveUnder { parent, .. } => Some(parent.as_str()),
            _ => None,
        });
        let founded = self.units.iter().flat_map(Unit::linked);
        let officers = self.officers.iter().flat_map(|follow| [follow.from.as_str(), follow.to.as_str()]);
        changed.chain(above).chain(founded).chain(officers).collect()
    }

    /// The last day of what was before.
    pub fn eve(&self) -> Date {
        self.effective_on.yesterday().unwrap_or(self.effective_on)
    }

    /// Every reason why it cannot be applied to these trees, whatever the day is.
    pub fn faults(&self, units: &[Unit]) -> Vec<ReorganisationFault> {
        self.apply(units).err().unwrap_or_default()
    }

    /// The trees afterwards. Applied to what it made, it changes nothing.
    pub fn apply(&self, units: &[Unit]) -> Result<Vec<Unit>, Vec<ReorganisationFault>> {
        let mut work = Work {
            decision: &self.decision,
            eve: self.eve(),
            day: self.effective_on,
            tree: units.iter().map(|unit| (unit.key.clone(), unit.clone())).collect(),
            ended: BTreeSet::new(),
            faults: Vec::new(),
        };
        if self.decision.trim().is_empty() {
            work.faults.push(ReorganisationFault::NoDecision);
        }
        if self.changes.is_empty() {
            work.faults.push(ReorganisationFault::NoChange);
        }
        for unit in &self.units {
            work.found(unit);
        }
        for change in &self.changes {
            work.change(change);
        }
        for Follow { from, to } in &self.officers {
            work.was_there(from);
            work.will_be_there(to);
        }
        let Work { tree, mut faults, .. } = work;
        let after: Vec<Unit> = tree.into_values().collect();
        if faults.is_empty() {
            faults.extend(super::faults(&after).into_iter().map(ReorganisationFault::Tree));
        }
        if faults.is_empty() { Ok(after) } else { Err(faults) }
    }
}

/// The trees while the changes are made, one after the other.
struct Work<'r> {
    decision: &'r str,
    eve: Date,
    day: Date,
    tree: BTreeMap<String, Unit>,
    ended: BTreeSet<String>,
    faults: Vec<ReorganisationFault>,
}

impl Work<'_> {
    fn found(&mut self, unit: &Unit) {
        if unit.valid_from != self.day {
            self.faults.push(ReorganisationFault::FoundedOnAnotherDay(unit.key.clone()));
        }
        match self.tree.get(&unit.key) {
            None => drop(self.tree.insert(unit.key.clone(), unit.clone())),
            Some(known) if known.valid_from == unit.valid_from && known.name == unit.name => {}
            Some(_) => self.faults.push(ReorganisationFault::KeyTaken(unit.key.clone())),
        }
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::Merge { from, into } => from.iter().for_each(|unit| self.join(unit, into)),
            Change::Dissolve { unit, successor } => self.join(unit, successor),
            Change::Split { from, into, by, rest } => self.split(from, into, by, rest.as_deref()),
            Change::Rename { unit, name, heading, place } => self.remake(unit, |unit| {
                unit.name.clone_from(name);
                unit.heading.clone_from(heading);
                if let Some(place) = place {
                    unit.place.clone_from(place);
                }
            }),
            Change::Recode { unit, code, old_code } => self.remake(unit, |unit| {
                unit.code.clone_from(code);
                unit.old_code.clone_from(old_code);
            }),
            Change::MoveUnder { unit, parent } => {
                self.will_be_there(parent);
                self.remake(unit, |unit| unit.parent = Some(parent.clone()));
            }
            Change::PassCompetence { matters, from, to } => {
                if self.was_there(from) && self.will_be_there(to) {
                    for of in matters {
                        self.pass(of, from, to);
                    }
                }
            }
        }
    }

    /// `from` ends and `into` carries all of it on.
    fn join(&mut self, from: &str, into: &str) {
        if from == into {
            self.faults.push(ReorganisationFault::IntoItself(from.to_owned()));
        } else if self.will_be_there(into) && self.end(from) {
            self.link(into, from, Share::Whole);
            for of in self.matters_of(from) {
                self.give(&of, into);
            }
        }
    }

    /// What decisions gave a unit, and it still has on the eve.
    fn matters_of(&self, key: &str) -> Vec<Matter> {
        let Some(unit) = self.tree.get(key) else { return Vec::new() };
        let known = unit.competences.iter().filter(|known| known.is_valid_on(self.eve));
        known.map(|known| known.of.clone()).collect()
    }

    fn split(&mut self, from: &str, into: &[String], by: &[Allotment], rest: Option<&str>) {
        let n_faults = self.faults.len();
        let unit = || from.to_owned();
        let stays = into.iter().any(|heir| heir == from);
        if into.iter().collect::<BTreeSet<_>>().len() < 2 {
            self.faults.push(ReorganisationFault::NotSplit(unit()));
        }
        let rest = rest.or(stays.then_some(from));
        if rest.is_none() || (stays && rest != Some(from)) {
            self.faults.push(ReorganisationFault::RestUndecided(unit()));
        }
        for heir in by.iter().map(|part| part.to.as_str()).chain(rest) {
            if !into.iter().any(|named| named == heir) {
                self.faults.push(ReorganisationFault::NotAmong { unit: unit(), heir: heir.to_owned() });
            }
        }
        for heir in into {
            self.will_be_there(heir);
        }
        let Some(rest) = rest.filter(|_| self.faults.len() == n_faults) else { return };
        if stays {
            if self.was_there(from) {
                for part in by.iter().filter(|part| part.to != from) {
                    self.pass(&part.of, from, &part.to);
                }
            }
        } else if self.end(from) {
            for heir in into {
                self.link(heir, from, Share::Part);
            }
            self.divide(from, by, rest);
            let succession = Succession {
                decision: self.decision.to_owned(),
                allotted: by.to_vec(),
                rest: rest.to_owned(),
            };
            self.tree.entry(unit()).and_modify(|unit| unit.succession = Some(succession));
        }
    }

    /// Gives what decisions had given `from` to those who take it now.
    fn divide(&mut self, from: &str, by: &[Allotment], rest: &str) {
        let by_field = by.iter().any(|part| matches!(part.of, Matter::Field(_)));
        for of in self.matters_of(from) {
            let to = match (by.iter().find(|part| part.of == of), &of) {
                (Some(part), _) => part.to.as_str(),
                (None, Matter::Procedure(procedure)) if by_field => {
                    let (unit, procedure) = (from.to_owned(), procedure.clone());
                    self.faults.push(ReorganisationFault::ProcedureUndecided { unit, procedure });
                    continue;
                }
                (None, _) => rest,
            };
            self.give(&of, to);
        }
    }

    /// Ends a unit with the eve.
    fn end(&mut self, key: &str) -> bool {
        if !self.was_there(key) {
            return false;
        }
        if !self.ended.insert(key.to_owned()) {
            self.faults.push(ReorganisationFault::EndedTwice(key.to_owned()));
            return false;
        }
        let eve = self.eve;
        self.tree.entry(key.to_owned()).and_modify(|unit| unit.valid_to = Some(eve));
        true
    }

    fn link(&mut self, heir: &str, from: &str, share: Share) {
        self.tree.entry(heir.to_owned()).and_modify(|heir| {
            if !heir.predecessors.iter().any(|link| link.unit == from) {
                heir.predecessors.push(Predecessor { unit: from.to_owned(), share });
            }
        });
    }

    /// Changes what a unit is called or where it stands, and keeps what it was on the eve.
    fn remake(&mut self, key: &str, change: impl FnOnce(&mut Unit)) {
        if !self.will_be_there(key) {
            return;
        }
        let (eve, decision) = (self.eve, self.decision);
        self.tree.entry(key.to_owned()).and_modify(|unit| {
            let was = Former {
                until: eve,
                name: unit.name.clone(),
                heading: unit.heading.clone(),
                code: unit.code.clone(),
                old_code: unit.old_code.clone(),
                parent: unit.parent.clone(),
                place: unit.place.clone(),
                decision: decision.to_owned(),
            };
            // A second change of the same day adds to the first; a unit of this day was nothing before.
            if unit.valid_from <= eve && unit.formers.iter().all(|former| former.until != eve) {
                unit.formers.push(was);
            }
            change(unit);
        });
    }

    /// `from` had the matter until the eve, `to` has it from the day on.
    fn pass(&mut self, of: &Matter, from: &str, to: &str) {
        if from == to {
            self.faults.push(ReorganisationFault::IntoItself(from.to_owned()));
            return;
        }
        let (eve, decision) = (self.eve, self.decision);
        self.tree.entry(from.to_owned()).and_modify(|giver| {
            let last =
                giver.competences.iter_mut().filter(|known| known.of == *of).max_by_key(|known| known.from);
            match last {
                Some(known) if known.is_valid_on(eve) => {
                    known.to = Some(eve);
                    known.passed_to = Some(to.to_owned());
                }
                last => {
                    // It had it by its kind; that was never written down.
                    let from = last.and_then(|known| known.to).map_or(giver.valid_from, next_day);
                    giver.competences.push(Competence {
                        of: of.clone(),
                        from,
                        to: Some(eve),
                        decision: decision.to_owned(),
                        passed_to: Some(to.to_owned()),
                    });
                }
            }
        });
        self.give(of, to);
    }

    /// `to` has the matter from the day on.
    fn give(&mut self, of: &Matter, to: &str) {
        let (day, decision) = (self.day, self.decision);
        self.tree.entry(to.to_owned()).and_modify(|taker| {
            if !taker.competences.iter().any(|known| known.of == *of && known.is_valid_on(day)) {
                let decision = decision.to_owned();
                let given = Competence { of: of.clone(), from: day, to: None, decision, passed_to: None };
                taker.competences.push(given);
            }
        });
    }

    fn was_there(&mut self, key: &str) -> bool {
        self.is_there(key, self.eve, ReorganisationFault::NotThereBefore)
    }

    fn will_be_there(&mut self, key: &str) -> bool {
        self.is_there(key, self.day, ReorganisationFault::NotThereAfter)
    }

    fn is_there(&mut self, key: &str, day: Date, else_: fn(String) -> ReorganisationFault) -> bool {
        let fault = match self.tree.get(key) {
            Some(unit) if unit.is_valid_on(day) => return true,
            Some(_) => else_(key.to_owned()),
            None => ReorganisationFault::UnknownUnit(key.to_owned()),
        };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
        false
    }
}
