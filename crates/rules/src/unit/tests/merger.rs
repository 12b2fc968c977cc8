//! Some units become one by a form, and the tree of a day.

use super::{EVE, REFORM, ended, unit};
use crate::unit::{
    Below, Change, Follow, Heir, Merger, Predecessor, ReorganisationFault, Share, Unit, Units,
};
use jiff::civil::date;

const DAY: jiff::civil::Date = date(2026, 12, 1);

fn units() -> Vec<Unit> {
    let from = Predecessor { unit: "xa-cu".to_owned(), share: Share::Whole };
    vec![
        unit("tinh", None),
        Unit { predecessors: vec![from], ..unit("xa-a", Some("tinh")) },
        unit("mot-cua-a", Some("xa-a")),
        unit("to-a", Some("mot-cua-a")),
        unit("xa-b", Some("tinh")),
        unit("mot-cua-b", Some("xa-b")),
        ended("xa-cu"),
    ]
}

fn merger(from: &[&str], into: Heir, below: Below) -> Merger {
    Merger {
        from: from.iter().map(|key| (*key).to_owned()).collect(),
        into,
        below,
        officers_follow: true,
        decision: " Nghị quyết số 05/NQ-HĐND ".to_owned(),
        on: DAY,
    }
}

fn founded() -> Heir {
    Heir::Founded {
        name: "Ủy ban nhân dân phường An Bình".to_owned(),
        code: "H56.ANBINH".parse().expect("a code"),
        place: "An Bình".to_owned(),
    }
}

#[test]
fn two_become_a_third_and_what_stands_below_moves_along() {
    let units = units();
    let written = merger(&["xa-a", "xa-b"], founded(), Below::Moved);
    let written = written.written(&Units::new(units.clone())).expect("written");
    assert_eq!(written.id, "phuong-an-binh-2026-2026-12-01");
    assert_eq!(written.decision, "Nghị quyết số 05/NQ-HĐND");
    assert_eq!(written.units[0].heading, ["ỦY BAN NHÂN DÂN", "PHƯỜNG AN BÌNH"]);
    let after = Units::new(written.apply(&units).expect("it can be"));
    let told: Vec<(usize, &str)> =
        after.tree(DAY).into_iter().map(|(depth, unit)| (depth, unit.key.as_str())).collect();
    let expected = [(0, "tinh"), (1, "phuong-an-binh-2026"), (2, "mot-cua-a"), (3, "to-a"), (2, "mot-cua-b")];
    assert_eq!(told, expected);
}

#[test]
fn one_joins_another_with_all_that_stands_below() {
    let units = units();
    let merger = merger(&["xa-a", "xa-b"], Heir::Known("xa-b".to_owned()), Below::Joined);
    let written = merger.written(&Units::new(units.clone())).expect("written");
    let joined = ["xa-a", "mot-cua-a", "to-a"].map(str::to_owned).to_vec();
    assert_eq!(written.changes, [Change::Merge { from: joined.clone(), into: "xa-b".to_owned() }]);
    let follow = |from: &String| Follow { from: from.clone(), to: "xa-b".to_owned() };
    assert_eq!(written.officers, joined.iter().map(follow).collect::<Vec<_>>());
    let after = Units::new(written.apply(&units).expect("it can be"));
    let told: Vec<&str> = after.tree(DAY).into_iter().map(|(_, unit)| unit.key.as_str()).collect();
    assert_eq!(told, ["tinh", "xa-b", "mot-cua-b"]);
}

#[test]
fn nothing_to_merge_is_said() {
    let units = Units::new(units());
    let refused =
        |from: &[&str]| merger(from, Heir::Known("xa-b".to_owned()), Below::Moved).written(&units).err();
    assert_eq!(refused(&["xa-b"]), Some(vec![ReorganisationFault::NoChange]));
    assert_eq!(refused(&["la"]), Some(vec![ReorganisationFault::UnknownUnit("la".to_owned())]));
}

#[test]
fn a_tree_is_that_of_its_day() {
    let units = Units::new(units());
    let keys = |day| units.tree(day).into_iter().map(|(_, unit)| unit.key.as_str()).collect::<Vec<_>>();
    assert_eq!(keys(EVE), ["xa-cu"]);
    assert_eq!(keys(REFORM), ["tinh", "xa-a", "mot-cua-a", "to-a", "xa-b", "mot-cua-b"]);
}
