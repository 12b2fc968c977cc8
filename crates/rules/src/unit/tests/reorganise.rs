//! Reorganisations applied, refused, and applied again; dossiers rerouted by what they made.

use super::{EVE, REFORM, field, procedure, unit};
use crate::id::AgencyId;
use crate::people::AgencyScope;
use crate::procedure::AgencyRule;
use crate::unit::{
    About, Agencies, Allotment, Change, Follow, Matter, Placed, Reorganisation, ReorganisationFault, Unit,
    UnitFault, Units,
};
use jiff::civil::date;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A unit that has been there for long.
pub(super) fn old(key: &str, parent: Option<&str>) -> Unit {
    Unit { valid_from: date(1994, 1, 1), ..unit(key, parent) }
}

pub(super) fn reorganisation(units: Vec<Unit>, changes: Vec<Change>) -> Reorganisation {
    Reorganisation {
        id: "thu".to_owned(),
        decision: "Nghị quyết số 9".to_owned(),
        effective_on: REFORM,
        note: None,
        units,
        changes,
        officers: Vec::new(),
    }
}

fn merge(from: &[&str], into: &str) -> Change {
    Change::Merge { from: from.iter().map(|key| (*key).to_owned()).collect(), into: into.to_owned() }
}

fn split(from: &str, into: &[&str], by: &[(Matter, &str)], rest: Option<&str>) -> Change {
    Change::Split {
        from: from.to_owned(),
        into: into.iter().map(|key| (*key).to_owned()).collect(),
        by: by.iter().map(|(of, to)| Allotment { of: of.clone(), to: (*to).to_owned() }).collect(),
        rest: rest.map(str::to_owned),
    }
}

fn rename(key: &str, name: &str) -> Change {
    let heading = ["ỦY BAN NHÂN DÂN".to_owned(), name.to_uppercase()];
    Change::Rename { unit: key.to_owned(), name: name.to_owned(), heading, place: Some(name.to_owned()) }
}

fn by_key(units: Vec<Unit>) -> BTreeMap<String, Unit> {
    units.into_iter().map(|unit| (unit.key.clone(), unit)).collect()
}

fn tree() -> Vec<Unit> {
    vec![
        old("tinh", None),
        old("a", Some("tinh")),
        old("b", Some("tinh")),
        old("c", Some("tinh")),
        old("quay-a", Some("a")),
    ]
}

#[test]
fn a_merger_ends_two_and_founds_one() {
    let changes = vec![merge(&["a", "b"], "moi"), merge(&["quay-a"], "quay")];
    let decided = reorganisation(vec![unit("moi", Some("tinh")), unit("quay", Some("moi"))], changes);
    let after = decided.apply(&tree()).expect("it can be");
    let of = by_key(after.clone());
    assert_eq!((of["a"].valid_to, of["b"].valid_to, of["c"].valid_to), (Some(EVE), Some(EVE), None));
    let from: Vec<&str> = of["moi"].predecessors.iter().map(|link| link.unit.as_str()).collect();
    assert_eq!(from, ["a", "b"]);
    assert_eq!(decided.apply(&after), Ok(after.clone()), "again, it changes nothing");
}

#[test]
fn a_unit_that_is_renamed_recoded_and_moved_on_one_day_has_one_former_self() {
    let changes = vec![
        rename("a", "Mới"),
        Change::Recode {
            unit: "a".to_owned(),
            code: "H56.77".parse().expect("a code"),
            old_code: Some("000.00.77.H56".parse().expect("a code")),
        },
        Change::MoveUnder { unit: "a".to_owned(), parent: "c".to_owned() },
    ];
    let decided = reorganisation(Vec::new(), changes);
    let after = decided.apply(&tree()).expect("it can be");
    let a = &by_key(after.clone())["a"];
    assert_eq!(a.formers.len(), 1);
    let (before, now) = (a.on(EVE).expect("there"), a.on(REFORM).expect("there"));
    assert_eq!((before.name, before.parent), ("Ủy ban nhân dân a", Some("tinh")));
    assert_eq!((now.name, now.parent, now.place), ("Mới", Some("c"), "Mới"));
    assert_eq!(now.code.as_str(), "H56.77");
    assert_eq!(decided.apply(&after), Ok(after.clone()));
}

#[test]
fn every_reason_against_it_is_said_at_once() {
    let text = str::to_owned;
    let late = Unit { valid_from: date(2025, 8, 1), ..unit("muon", None) };
    for (what, decided, expected) in [
        ("nothing", reorganisation(Vec::new(), Vec::new()), vec![ReorganisationFault::NoChange]),
        (
            "strangers",
            reorganisation(Vec::new(), vec![merge(&["x"], "y"), rename("z", "Z")]),
            ["y", "z"].map(|key| ReorganisationFault::UnknownUnit(text(key))).to_vec(),
        ),
        (
            "into itself",
            reorganisation(Vec::new(), vec![merge(&["a"], "a")]),
            vec![ReorganisationFault::IntoItself(text("a"))],
        ),
        (
            "ended twice",
            reorganisation(Vec::new(), vec![merge(&["c"], "a"), merge(&["c"], "b")]),
            vec![ReorganisationFault::EndedTwice(text("c"))],
        ),
        (
            "a counter left without its commune",
            reorganisation(Vec::new(), vec![merge(&["a"], "b")]),
            vec![ReorganisationFault::Tree(UnitFault::Orphaned { unit: text("quay-a"), parent: text("a") })],
        ),
        (
            "a split nobody decided",
            reorganisation(Vec::new(), vec![split("c", &["a", "b"], &[], None)]),
            vec![ReorganisationFault::RestUndecided(text("c"))],
        ),
        (
            "a split for a stranger",
            reorganisation(
                Vec::new(),
                vec![split("c", &["a", "b"], &[(field("Hộ tịch"), "tinh")], Some("a"))],
            ),
            vec![ReorganisationFault::NotAmong { unit: text("c"), heir: text("tinh") }],
        ),
        (
            "a split into one",
            reorganisation(Vec::new(), vec![split("c", &["a"], &[], Some("a"))]),
            vec![ReorganisationFault::NotSplit(text("c"))],
        ),
        (
            "founded on another day",
            reorganisation(vec![late.clone()], vec![rename("c", "C")]),
            vec![ReorganisationFault::FoundedOnAnotherDay(text("muon"))],
        ),
        (
            "a key that is another's",
            reorganisation(vec![unit("c", None)], vec![rename("b", "B")]),
            vec![ReorganisationFault::KeyTaken(text("c"))],
        ),
        (
            "a code that is another's",
            reorganisation(
                Vec::new(),
                vec![Change::Recode { unit: text("c"), code: unit("b", None).code, old_code: None }],
            ),
            vec![ReorganisationFault::Tree(UnitFault::CodeTwice {
                code: unit("b", None).code,
                unit: text("b"),
                other: text("c"),
                day: REFORM,
            })],
        ),
        (
            "under one of its own",
            reorganisation(Vec::new(), vec![Change::MoveUnder { unit: text("a"), parent: text("quay-a") }]),
            vec![ReorganisationFault::Tree(UnitFault::Cycle(text("a")))],
        ),
    ] {
        assert_eq!(decided.faults(&tree()), expected, "{what}");
        for fault in expected {
            assert!(!fault.to_string().is_ascii(), "{fault}");
        }
    }
    let unsigned =
        Reorganisation { decision: " ".to_owned(), ..reorganisation(vec![], vec![rename("c", "C")]) };
    assert_eq!(unsigned.faults(&tree()), [ReorganisationFault::NoDecision]);
    let follow = vec![Follow { from: text("x"), to: text("a") }];
    let lost = Reorganisation { officers: follow, ..reorganisation(vec![], vec![rename("c", "C")]) };
    assert_eq!(lost.faults(&tree()), [ReorganisationFault::UnknownUnit(text("x"))]);
}

fn id(n: u128) -> AgencyId {
    AgencyId(Uuid::from_u128(n))
}

/// The units with ids by their order.
fn agencies(units: Vec<Unit>) -> Agencies {
    Agencies::new(units.into_iter().enumerate().map(|(n, unit)| (id(n as u128), unit)))
}

fn scope(agencies: &Agencies, [receiving, competent, holding]: [&str; 3]) -> AgencyScope {
    let id = |key: &str| agencies.id(key).expect("a unit of the test");
    AgencyScope { receiving: id(receiving), competent: id(competent), holding: id(holding) }
}

#[test]
fn an_open_dossier_goes_where_its_agencies_work_went() {
    let land = procedure("1.012781");
    let changes = vec![
        merge(&["quay-a"], "quay"),
        split("a", &["moi", "b"], &[(field("Đất đai"), "b")], Some("moi")),
        Change::PassCompetence {
            matters: vec![Matter::Procedure(procedure("2.000488"))],
            from: "c".to_owned(),
            to: "tinh".to_owned(),
        },
    ];
    let decided = reorganisation(vec![unit("moi", Some("tinh")), unit("quay", Some("moi"))], changes);
    let agencies = agencies(decided.apply(&tree()).expect("it can be"));
    let competent = AgencyRule::Competent;
    let receiving = AgencyRule::Receiving;
    let named = |key: &str| AgencyRule::Named(unit(key, None).code);
    let (named_a, named_c) = (named("a"), named("c"));
    for (what, code, of, before, held_by, after) in [
        (
            "its counter and its field",
            "1.012781",
            "Đất đai",
            ["quay-a", "a", "a"],
            Some(&competent),
            Some(["quay", "b", "b"]),
        ),
        ("the rest", "1.000001", "Hộ tịch", ["quay-a", "a", "quay-a"], None, Some(["quay", "moi", "quay"])),
        ("nothing of it", "1.000001", "Hộ tịch", ["b", "b", "b"], Some(&competent), None),
        (
            "a competence that passed",
            "2.000488",
            "Tư pháp",
            ["c", "c", "c"],
            Some(&competent),
            Some(["c", "tinh", "tinh"]),
        ),
        (
            "held by its counter",
            "2.000488",
            "Tư pháp",
            ["c", "c", "c"],
            Some(&receiving),
            Some(["c", "tinh", "c"]),
        ),
        ("another procedure", "2.000499", "Tư pháp", ["c", "c", "c"], Some(&competent), None),
        (
            "held above",
            "1.000001",
            "Hộ tịch",
            ["quay-a", "b", "tinh"],
            Some(&AgencyRule::LevelAbove),
            Some(["quay", "b", "tinh"]),
        ),
        (
            "held by one that its step names",
            "1.012781",
            "Đất đai",
            ["b", "b", "a"],
            Some(&named_a),
            Some(["b", "b", "b"]),
        ),
        (
            "named for what it has passed on",
            "2.000488",
            "Tư pháp",
            ["b", "b", "c"],
            Some(&named_c),
            Some(["b", "b", "tinh"]),
        ),
    ] {
        let procedure = procedure(code);
        let about = About { procedure: &procedure, field: of };
        let placed = Placed { scope: scope(&agencies, before), held_by, about };
        let moved = agencies.reroute(&placed, REFORM);
        assert_eq!(moved, Ok(after.map(|after| scope(&agencies, after))), "{what}");
        assert_eq!(agencies.reroute(&placed, EVE), Ok(None), "{what}: not before its day");
        if let Some(after) = after {
            let there = Placed { scope: scope(&agencies, after), ..placed };
            assert_eq!(agencies.reroute(&there, REFORM), Ok(None), "{what}: once is enough");
        }
    }
    // Held above a commune that came under another unit: there the step looks for it now.
    let about = About { procedure: &land, field: "Đất đai" };
    let moved =
        reorganisation(Vec::new(), vec![Change::MoveUnder { unit: "c".to_owned(), parent: "a".to_owned() }]);
    let under_another = self::agencies(moved.apply(&tree()).expect("it can be"));
    let above = scope(&under_another, ["c", "c", "tinh"]);
    let placed = Placed { scope: above, held_by: Some(&AgencyRule::LevelAbove), about };
    let after = scope(&under_another, ["c", "c", "a"]);
    assert_eq!(under_another.reroute(&placed, REFORM), Ok(Some(after)));
    let consulted = agencies.heir(agencies.id("a").expect("there"), &about, REFORM);
    assert_eq!(consulted, Ok(agencies.id("b").expect("there")), "who was asked for its opinion");
}

#[test]
fn what_a_unit_was_given_goes_to_its_heir() {
    let code = procedure("2.000488");
    let given = |from: &str, to: &str| Change::PassCompetence {
        matters: vec![Matter::Procedure(code.clone())],
        from: from.to_owned(),
        to: to.to_owned(),
    };
    let first = reorganisation(Vec::new(), vec![given("b", "c")]).apply(&tree()).expect("it can be");
    let later = |change| Reorganisation {
        effective_on: date(2026, 1, 1),
        ..reorganisation(Vec::new(), vec![change])
    };
    // c ends and b, which had given it away, has it again.
    let back = Units::new(later(merge(&["c"], "b")).apply(&first).expect("it can be"));
    let about = About { procedure: &code, field: "Tư pháp" };
    for start in ["b", "c"] {
        let now = |day| back.competent_heir(start, &about, day).map(|unit| unit.key.as_str());
        assert_eq!((now(REFORM), now(date(2026, 1, 1))), (Ok("c"), Ok("b")), "{start}");
    }
    // Divided by fields alone, nobody has said who has this one procedure.
    let by_field = [(field("Tư pháp"), "a")];
    let unclear = later(split("c", &["a", "b"], &by_field, Some("b"))).faults(&first);
    let fault = ReorganisationFault::ProcedureUndecided { unit: "c".to_owned(), procedure: code.clone() };
    assert_eq!(unclear, [fault]);
    let by_both = [(field("Tư pháp"), "a"), (Matter::Procedure(code.clone()), "b")];
    let clear = later(split("c", &["a", "b"], &by_both, Some("b"))).apply(&first).expect("it can be");
    let now = Units::new(clear);
    assert_eq!(now.competent_heir("c", &about, date(2026, 1, 1)).map(|unit| unit.key.as_str()), Ok("b"));
}

#[test]
fn whoever_came_after_sees_what_was_before() {
    let decided = reorganisation(vec![unit("moi", Some("tinh"))], vec![merge(&["b", "c"], "moi")]);
    let agencies = agencies(decided.apply(&tree()).expect("it can be"));
    let id = |key: &str| agencies.id(key).expect("a unit of the test");
    let mut expected = vec![id("moi"), id("b"), id("c")];
    expected.sort();
    assert_eq!(agencies.seen_by(&[id("moi")]), expected);
    assert_eq!(agencies.seen_by(&[id("a")]), [id("a")], "and nobody else");
}

#[test]
fn the_file_shape_is_read() {
    let text = r#"
        id = "thu-2026"
        decision = "Nghị quyết số 9"
        effective_on = "2026-04-01"
        [[changes]]
        change = "pass_competence"
        matters = [{ procedure = "2.000488" }, { field = "Hộ tịch" }]
        from = "a"
        to = "b"
        [[changes]]
        change = "rename"
        unit = "a"
        name = "Mới"
        heading = ["ỦY BAN NHÂN DÂN", "MỚI"]
        [[officers]]
        from = "a"
        to = "b"
    "#;
    let read: Reorganisation = toml::from_str(text).expect("it is read");
    assert_eq!((read.changes.len(), read.eve()), (2, date(2026, 3, 31)));
    let wrong = text.replace("change = \"rename\"", "change = \"rename\"\nkhac = 1");
    assert!(toml::from_str::<Reorganisation>(&wrong).is_err(), "a misspelt word is no word");
}
