//! Procedures that go with another one in one dossier of the applicant: which parts wait for which, and
//! whether each can be had at all.

use super::faults::{About, duplicates};
use super::{AgencyRule, LinkedPart, Procedure, ProcedureFault};
use crate::code::ProcedureCode;
use std::collections::BTreeSet;

// law: ND61-2018/19.6
pub(super) fn collect(procedure: &Procedure, faults: &mut Vec<ProcedureFault>) {
    let parts = &procedure.linked;
    duplicates("phần liên thông", &About::Linked, parts.iter().map(|part| &part.id), faults);
    for part in parts {
        for after in part.after.iter().filter(|after| find(parts, after).is_none()) {
            faults.push(ProcedureFault::UnknownPart { part: part.id.clone(), after: after.clone() });
        }
        if part.procedure.is_same_procedure(&procedure.code) {
            faults.push(ProcedureFault::PartOfItself { part: part.id.clone() });
        }
        if matches!(part.agency, AgencyRule::OfLevel(_)) {
            let what = format!("phần liên thông “{}”", part.id);
            faults.push(ProcedureFault::LevelOnlyForCompetent { what, about: About::Linked });
        }
    }
    if let Some(parts) = circle(parts) {
        faults.push(ProcedureFault::PartsInCircle { parts });
    }
}

impl Procedure {
    /// Parts whose procedure or case is not to be had, where `offered` knows what is in force.
    pub fn parts_not_offered<'c>(
        &self,
        offered: impl Fn(&ProcedureCode) -> Option<&'c Procedure>,
    ) -> Vec<ProcedureFault> {
        self.linked
            .iter()
            .filter(|part| offered(&part.procedure).and_then(|other| other.case(&part.case)).is_none())
            .map(|part| ProcedureFault::PartNotOffered { part: part.id.clone() })
            .collect()
    }
}

fn find<'p>(parts: &'p [LinkedPart], id: &str) -> Option<&'p LinkedPart> {
    parts.iter().find(|part| part.id == id)
}

/// Parts that wait for each other: from the first that can never begin, along what it waits for.
fn circle(parts: &[LinkedPart]) -> Option<Vec<String>> {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let may_begin = |part: &LinkedPart, done: &BTreeSet<&str>| {
        part.after.iter().all(|after| done.contains(after.as_str()) || find(parts, after).is_none())
    };
    while let Some(part) =
        parts.iter().find(|part| !done.contains(part.id.as_str()) && may_begin(part, &done))
    {
        done.insert(&part.id);
    }
    let mut at = parts.iter().find(|part| !done.contains(part.id.as_str()))?;
    let mut passed: Vec<String> = Vec::new();
    while !passed.contains(&at.id) {
        passed.push(at.id.clone());
        let waits_for = at.after.iter().find(|after| !done.contains(after.as_str()))?;
        at = find(parts, waits_for)?;
    }
    passed.push(at.id.clone());
    Some(passed)
}
