//! `units/`: the two sample trees stand each alone in their time, and hang together over the reform.

use jiff::civil::{Date, date};
use rules::code::{AgencyCode, AgencyOrder};
use rules::procedure::{AgencyRule, Procedure};
use rules::unit::{Level, Reorganisation, Share, Unit, UnitKind, UnitTree, faults};

use crate::{folder, read, toml_files};

fn trees() -> Vec<UnitTree> {
    let files = toml_files(&folder("units"));
    files.iter().filter(|(path, _)| !path.starts_with(folder("units/reorganisations"))).map(read).collect()
}

fn all() -> Vec<Unit> {
    trees().into_iter().flat_map(|tree| tree.units).collect()
}

fn on(day: Date) -> Vec<Unit> {
    all().into_iter().filter(|unit| unit.is_valid_on(day)).collect()
}

const BEFORE: Date = date(2025, 6, 30);
const AFTER: Date = date(2025, 7, 1);

#[test]
fn the_trees_have_no_faults() {
    assert_eq!(faults(&all()), []);
    let trees = trees();
    assert_eq!(trees.len(), 2);
    assert!(trees.iter().all(|tree| tree.name.contains("minh họa")), "samples say that they are samples");
}

#[test]
fn districts_end_with_june_2025() {
    let has_districts = |day| on(day).iter().any(|unit| unit.level == Level::District);
    assert!(has_districts(BEFORE) && !has_districts(AFTER));
    for day in [BEFORE, AFTER] {
        for kind in [UnitKind::PeoplesCommittee, UnitKind::Department, UnitKind::Counter, UnitKind::Division]
        {
            assert!(on(day).iter().any(|unit| unit.kind == kind), "{kind:?} on {day}");
        }
    }
}

#[test]
fn on_one_day_a_code_is_one_unit() {
    for day in [BEFORE, AFTER] {
        let units = on(day);
        for (at, unit) in units.iter().enumerate() {
            let twin = units[..at].iter().find(|other| other.code == unit.code);
            assert_eq!(twin.map(|twin| &twin.key), None, "{} has the code of {}", unit.key, unit.code);
        }
    }
}

#[test]
fn both_orders_of_a_code_say_the_same() {
    for unit in all() {
        assert_eq!(unit.code.order(), AgencyOrder::HighestLeft, "{}", unit.key);
        match &unit.old_code {
            Some(old) => {
                assert_eq!(old.order(), AgencyOrder::LowestLeft, "{}", unit.key);
                assert!(unit.code.mirrors(old), "{}: {} and {old}", unit.key, unit.code);
            }
            None => assert_eq!(unit.code.lowest_left(), None, "{} could have an older code", unit.key),
        }
    }
}

#[test]
fn a_unit_stands_below_its_parent_while_the_parent_lasts() {
    let units = all();
    for unit in units.iter().filter(|unit| unit.parent.is_some()) {
        let parent = units.iter().find(|other| Some(&other.key) == unit.parent.as_ref()).expect("no faults");
        assert!(parent.code.is_above(&unit.code), "{} is not below {}", unit.key, parent.key);
        assert!(parent.level <= unit.level, "{} is above {}", unit.key, parent.key);
        assert!(parent.valid_from <= unit.valid_from, "{} is older than {}", unit.key, parent.key);
        if let Some(last) = parent.valid_to {
            assert!(unit.valid_to.is_some_and(|mine| mine <= last), "{} outlives {}", unit.key, parent.key);
        }
    }
}

#[test]
fn what_ended_with_the_reform_went_somewhere() {
    let units = all();
    for ended in units.iter().filter(|unit| unit.valid_to.is_some()) {
        let heirs: Vec<(&Unit, Share)> = units
            .iter()
            .flat_map(|unit| unit.predecessors.iter().map(move |from| (unit, from)))
            .filter(|(_, from)| from.unit == ended.key)
            .map(|(unit, from)| (unit, from.share))
            .collect();
        assert!(!heirs.is_empty(), "{} left its dossiers to nobody", ended.key);
        for (heir, share) in &heirs {
            assert!(Some(heir.valid_from) > ended.valid_to, "{} began before {} ended", heir.key, ended.key);
            assert_eq!(*share == Share::Part, heirs.len() > 1, "{} to {}", ended.key, heir.key);
        }
    }
}

fn reform() -> Reorganisation {
    let files = toml_files(&folder("units/reorganisations"));
    let [file] = &files[..] else { panic!("one sample reorganisation, not {}", files.len()) };
    read(file)
}

#[test]
fn the_sample_reorganisation_leads_from_one_tree_to_the_other() {
    let (reform, mut trees) = (reform(), all());
    trees.sort_by(|a, b| a.key.cmp(&b.key));
    assert!(reform.decision.contains("minh họa"), "samples say that they are samples");
    assert_eq!(reform.apply(&trees), Ok(trees.clone()), "it is in the trees already");
    let before: Vec<Unit> = trees
        .iter()
        .cloned()
        .map(|unit| Unit {
            valid_to: unit.valid_to.filter(|last| *last != BEFORE),
            predecessors: Vec::new(),
            succession: None,
            ..unit
        })
        // Units of the new tree have the codes of the old; they are founded by it.
        .filter(|unit| unit.valid_from < AFTER)
        .collect();
    assert_eq!(faults(&before), [], "the tree of three levels stands alone");
    let founded = trees.iter().filter(|unit| unit.valid_from == AFTER).cloned();
    let founded = founded.map(|unit| Unit { predecessors: Vec::new(), ..unit }).collect();
    let mut made = Reorganisation { units: founded, ..reform }.apply(&before).expect("it can be");
    let in_order = |units: &mut Vec<Unit>| {
        for unit in units {
            unit.predecessors.sort_by(|a, b| a.unit.cmp(&b.unit));
        }
    };
    in_order(&mut made);
    in_order(&mut trees);
    assert_eq!(made, trees);
}

#[test]
fn every_agency_named_in_a_procedure_exists_now() {
    let now = on(date(2026, 11, 21));
    let mut named: Vec<AgencyCode> = Vec::new();
    for file in toml_files(&folder("procedures")) {
        let procedure: Procedure = read(&file);
        let rules = procedure.process.steps.iter().map(|step| &step.agency).chain([&procedure.competent]);
        named.extend(rules.filter_map(|rule| match rule {
            AgencyRule::Named(code) => Some(code.clone()),
            _ => None,
        }));
    }
    assert!(!named.is_empty());
    for code in named {
        assert!(now.iter().any(|unit| unit.code == code), "{code} is nobody");
    }
}

#[test]
fn every_committee_of_today_has_a_counter_and_an_address() {
    let now = on(date(2026, 11, 21));
    for committee in now.iter().filter(|unit| unit.kind == UnitKind::PeoplesCommittee) {
        let counter = now.iter().find(|unit| {
            unit.kind == UnitKind::Counter
                && unit.level == committee.level
                && committee.code.is_above(&unit.code)
        });
        let counter = counter.unwrap_or_else(|| panic!("{} has no counter", committee.key));
        assert!(!counter.address.is_empty() && !counter.phone.is_empty(), "{}", counter.key);
    }
}
