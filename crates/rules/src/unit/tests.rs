//! Faults of the trees of units, each where it is planted.

use super::{Level, Predecessor, Share, Unit, UnitFault, UnitKind, faults};
use jiff::civil::date;

fn unit(key: &str, parent: Option<&str>) -> Unit {
    Unit {
        key: key.to_owned(),
        name: key.to_owned(),
        heading: ["ỦY BAN NHÂN DÂN".to_owned(), "PHƯỜNG".to_owned()],
        level: Level::Commune,
        parent: parent.map(str::to_owned),
        kind: UnitKind::PeoplesCommittee,
        code: "H56.15".parse().expect("a code"),
        old_code: None,
        valid_from: date(2025, 7, 1),
        valid_to: None,
        predecessors: Vec::new(),
        place: "An Cựu".to_owned(),
        address: String::new(),
        phone: String::new(),
    }
}

fn from(key: &str, predecessor: &str) -> Unit {
    let predecessor = Predecessor { unit: predecessor.to_owned(), share: Share::Part };
    Unit { predecessors: vec![predecessor], ..unit(key, None) }
}

#[test]
fn each_fault_is_found_where_it_is_planted() {
    let text = |text: &str| text.to_owned();
    for (what, units, expected) in [
        ("a tree", vec![unit("tinh", None), unit("phuong", Some("tinh"))], vec![]),
        (
            "two of one key",
            vec![unit("tinh", None), unit("tinh", None)],
            vec![UnitFault::DuplicateKey(text("tinh"))],
        ),
        (
            "an unknown parent",
            vec![unit("phuong", Some("tinh"))],
            vec![UnitFault::UnknownParent { unit: text("phuong"), parent: text("tinh") }],
        ),
        (
            "an unknown predecessor",
            vec![from("phuong", "xa")],
            vec![UnitFault::UnknownPredecessor { unit: text("phuong"), predecessor: text("xa") }],
        ),
        ("a known predecessor", vec![unit("xa", None), from("phuong", "xa")], vec![]),
        (
            "ends before it begins",
            vec![Unit { valid_to: Some(date(2025, 6, 30)), ..unit("phuong", None) }],
            vec![UnitFault::ValidToBeforeFrom(text("phuong"))],
        ),
        ("its own parent", vec![unit("a", Some("a"))], vec![UnitFault::Cycle(text("a"))]),
        (
            "a ring, and one who hangs on it",
            vec![unit("a", Some("b")), unit("b", Some("a")), unit("c", Some("a"))],
            vec![UnitFault::Cycle(text("a")), UnitFault::Cycle(text("b")), UnitFault::Cycle(text("c"))],
        ),
    ] {
        assert_eq!(faults(&units), expected, "{what}");
    }
}

#[test]
fn all_faults_come_back_together() {
    let wrong = Unit { valid_to: Some(date(2020, 1, 1)), ..unit("a", Some("mat")) };
    assert_eq!(faults(&[wrong.clone(), wrong]).len(), 5);
}

#[test]
fn a_unit_is_valid_from_its_first_day_to_its_last() {
    let unit = Unit { valid_to: Some(date(2026, 12, 31)), ..unit("phuong", None) };
    for (day, valid) in [
        (date(2025, 6, 30), false),
        (date(2025, 7, 1), true),
        (date(2026, 12, 31), true),
        (date(2027, 1, 1), false),
    ] {
        assert_eq!(unit.is_valid_on(day), valid, "{day}");
    }
}
