//! Faults of the trees, each where it is planted; names, codes, competences and successors as on a day.

mod merger;
mod reorganise;
mod walks;

use super::{
    About, Allotment, Competence, Former, Level, Matter, NoHeir, Predecessor, Share, Succession, Unit,
    UnitFault, UnitKind, Units, faults, parents_first,
};
use crate::code::ProcedureCode;
use jiff::civil::{Date, date};

const REFORM: Date = date(2025, 7, 1);
const EVE: Date = date(2025, 6, 30);

/// A unit with a code of its own, made from its key.
pub(super) fn unit(key: &str, parent: Option<&str>) -> Unit {
    let own = key.to_uppercase().replace('-', "");
    Unit {
        key: key.to_owned(),
        name: format!("Ủy ban nhân dân {key}"),
        heading: ["ỦY BAN NHÂN DÂN".to_owned(), key.to_uppercase()],
        level: Level::Commune,
        parent: parent.map(str::to_owned),
        kind: UnitKind::PeoplesCommittee,
        code: format!("H56.{own}").parse().expect("a code"),
        old_code: None,
        valid_from: REFORM,
        valid_to: None,
        formers: Vec::new(),
        predecessors: Vec::new(),
        succession: None,
        competences: Vec::new(),
        place: "An Cựu".to_owned(),
        address: String::new(),
        phone: String::new(),
    }
}

/// A unit that ended with the eve of the reform.
fn ended(key: &str) -> Unit {
    Unit { valid_from: date(1994, 1, 1), valid_to: Some(EVE), ..unit(key, None) }
}

fn heir(key: &str, share: Share, predecessors: &[&str]) -> Unit {
    let link = |unit: &&str| Predecessor { unit: (*unit).to_owned(), share };
    Unit { predecessors: predecessors.iter().map(link).collect(), ..unit(key, None) }
}

fn former(until: Date, name: &str, code: &str) -> Former {
    Former {
        until,
        name: name.to_owned(),
        heading: ["ỦY BAN NHÂN DÂN".to_owned(), name.to_uppercase()],
        code: code.parse().expect("a code"),
        old_code: None,
        parent: None,
        place: name.to_owned(),
        decision: "Nghị quyết số 5".to_owned(),
    }
}

fn succession(rest: &str, allotted: &[(Matter, &str)]) -> Succession {
    Succession {
        decision: "Nghị quyết số 5".to_owned(),
        allotted: allotted
            .iter()
            .map(|(of, to)| Allotment { of: of.clone(), to: (*to).to_owned() })
            .collect(),
        rest: rest.to_owned(),
    }
}

pub(super) fn procedure(code: &str) -> ProcedureCode {
    code.parse().expect("a procedure code")
}

fn field(name: &str) -> Matter {
    Matter::Field(name.to_owned())
}

fn competence(of: Matter, from: Date, to: Option<Date>, passed_to: Option<&str>) -> Competence {
    let decision = "Quyết định số 7".to_owned();
    Competence { of, from, to, decision, passed_to: passed_to.map(str::to_owned) }
}

#[test]
fn each_fault_is_found_where_it_is_planted() {
    let text = |text: &str| text.to_owned();
    let twin = Unit { code: unit("a", None).code, ..unit("b", None) };
    let codes = |other: Unit| vec![unit("a", None), other];
    let land = || competence(field("Đất đai"), REFORM, None, None);
    for (what, units, expected) in [
        ("a tree", vec![unit("tinh", None), unit("phuong", Some("tinh"))], vec![]),
        (
            "an unknown parent",
            vec![unit("phuong", Some("tinh"))],
            vec![UnitFault::UnknownParent { unit: text("phuong"), parent: text("tinh") }],
        ),
        (
            "an unknown predecessor",
            vec![heir("phuong", Share::Whole, &["xa"])],
            vec![UnitFault::UnknownPredecessor { unit: text("phuong"), predecessor: text("xa") }],
        ),
        ("a successor", vec![ended("xa"), heir("phuong", Share::Whole, &["xa"])], vec![]),
        (
            "ends before it begins",
            vec![Unit { valid_to: Some(EVE), ..unit("phuong", None) }],
            vec![UnitFault::ValidToBeforeFrom(text("phuong"))],
        ),
        ("its own parent", vec![unit("a", Some("a"))], vec![UnitFault::Cycle(text("a"))]),
        (
            "a ring, and one who hangs on it",
            vec![unit("a", Some("b")), unit("b", Some("a")), unit("c", Some("a"))],
            vec![UnitFault::Cycle(text("a")), UnitFault::Cycle(text("b")), UnitFault::Cycle(text("c"))],
        ),
        ("vanished", vec![ended("xa")], vec![UnitFault::NoSuccessor(text("xa"))]),
        (
            "divided by nobody's decision",
            vec![ended("xa"), heir("a", Share::Part, &["xa"]), heir("b", Share::Part, &["xa"])],
            vec![UnitFault::Undecided(text("xa"))],
        ),
        (
            "a decision for a stranger",
            vec![
                Unit { succession: Some(succession("a", &[(field("Hộ tịch"), "c")])), ..ended("xa") },
                heir("a", Share::Part, &["xa"]),
                heir("b", Share::Part, &["xa"]),
                unit("c", None),
            ],
            vec![UnitFault::NotAnHeir { unit: text("xa"), heir: text("c") }],
        ),
        (
            "a successor that comes too late",
            vec![ended("xa"), Unit { valid_from: date(2025, 7, 2), ..heir("a", Share::Whole, &["xa"]) }],
            vec![UnitFault::SuccessorAbsent { unit: text("xa"), successor: text("a") }],
        ),
        (
            "below a unit that has ended",
            vec![
                ended("huyen"),
                heir("tinh", Share::Whole, &["huyen"]),
                Unit { valid_from: date(2000, 1, 1), ..unit("xa", Some("huyen")) },
            ],
            vec![UnitFault::Orphaned { unit: text("xa"), parent: text("huyen") }],
        ),
        (
            "one code for two",
            codes(twin.clone()),
            vec![UnitFault::CodeTwice {
                code: twin.code.clone(),
                unit: text("a"),
                other: text("b"),
                day: REFORM,
            }],
        ),
        (
            "one code after the other",
            vec![Unit { code: unit("a", None).code, ..ended("b") }, heir("a", Share::Whole, &["b"])],
            vec![],
        ),
        (
            "former names that run past each other",
            vec![Unit {
                formers: vec![former(date(2026, 3, 1), "Cũ", "H56.1"), former(REFORM, "Cũ hơn", "H56.2")],
                ..unit("a", None)
            }],
            vec![UnitFault::OverlappingNames(text("a"))],
        ),
        (
            "one competence twice at a time",
            vec![Unit { competences: vec![land(), land()], ..unit("a", None) }],
            vec![UnitFault::OverlappingCompetences(text("a"))],
        ),
        (
            "a competence passed to nobody",
            vec![Unit {
                competences: vec![competence(field("Đất đai"), REFORM, Some(REFORM), Some("ai"))],
                ..unit("a", None)
            }],
            vec![UnitFault::NotAnHeir { unit: text("a"), heir: text("ai") }],
        ),
    ] {
        assert_eq!(faults(&units), expected, "{what}");
    }
    let twice = faults(&[unit("tinh", None), unit("tinh", None)]);
    assert_eq!(twice, [UnitFault::DuplicateKey(text("tinh"))]);
}

#[test]
fn all_faults_come_back_together() {
    let wrong = Unit { valid_to: Some(date(2020, 1, 1)), ..unit("a", Some("mat")) };
    assert_eq!(faults(&[wrong.clone(), wrong]).len(), 5);
}

#[test]
fn a_unit_is_valid_from_its_first_day_to_its_last() {
    let unit = Unit { valid_to: Some(date(2026, 12, 31)), ..unit("phuong", None) };
    for (day, valid) in [(EVE, false), (REFORM, true), (date(2026, 12, 31), true), (date(2027, 1, 1), false)]
    {
        assert_eq!(unit.is_valid_on(day), valid, "{day}");
        assert_eq!(unit.on(day).is_some(), valid, "{day}");
    }
}

#[test]
fn a_unit_is_found_by_the_code_it_had_on_the_day_in_either_order() {
    let recoded = Unit {
        code: "H56.31.12".parse().expect("a code"),
        old_code: Some("000.12.31.H56".parse().expect("a code")),
        formers: vec![former(date(2026, 3, 31), "Cũ", "H56.15.3")],
        ..unit("a", None)
    };
    let units = Units::new([recoded]);
    let found =
        |code: &str, day| units.by_code(&code.parse().expect("a code"), day).map(|unit| unit.key.as_str());
    let (before, after) = (date(2026, 3, 31), date(2026, 4, 1));
    for (code, on_the_eve, on_the_day) in [
        ("H56.15.3", Some("a"), None),
        ("000.03.15.H56", Some("a"), None),
        ("H56.31.12", None, Some("a")),
        ("000.12.31.H56", None, Some("a")),
        ("H56.31", None, None),
    ] {
        assert_eq!((found(code, before), found(code, after)), (on_the_eve, on_the_day), "{code}");
    }
}

#[test]
fn a_unit_that_moved_stood_below_another_before() {
    let moved = Unit {
        formers: vec![Former { parent: Some("huyen".to_owned()), ..former(date(2026, 3, 31), "X", "H56.1") }],
        ..unit("xa", Some("tinh"))
    };
    let units = Units::new([unit("tinh", None), unit("huyen", Some("tinh")), moved]);
    let above = |day| units.ancestors("xa", day).iter().map(|unit| unit.key.clone()).collect::<Vec<_>>();
    assert_eq!(above(date(2026, 3, 31)), ["huyen", "tinh"]);
    assert_eq!(above(date(2026, 4, 1)), ["tinh"]);
    assert!(above(EVE).is_empty(), "it was not there");
}

/// 2025: a and b become c, x is split into c and d; 2027: c and d become e.
fn chain() -> Units {
    let end = date(2026, 12, 31);
    let ends = |unit: Unit| Unit { valid_to: Some(end), ..unit };
    let split = succession("c", &[(field("Đất đai"), "d"), (Matter::Procedure(procedure("1.000001")), "c")]);
    let mut c = heir("c", Share::Whole, &["a", "b"]);
    c.predecessors.push(Predecessor { unit: "x".to_owned(), share: Share::Part });
    let e = Unit { valid_from: date(2027, 1, 1), ..heir("e", Share::Whole, &["c", "d"]) };
    let x = Unit { succession: Some(split), ..ended("x") };
    let units = [ended("a"), ended("b"), x, ends(c), ends(heir("d", Share::Part, &["x"])), e];
    assert_eq!(faults(&units), []);
    Units::new(units)
}

#[test]
fn successors_are_followed_through_mergers_and_splits() {
    let units = chain();
    let after = |key: &str, day| {
        units.successors(key, day).iter().map(|unit| unit.key.clone()).collect::<Vec<_>>().join(" ")
    };
    for (key, on_the_eve, then, now) in [("a", "a", "c", "e"), ("x", "x", "c d", "e"), ("c", "", "c", "e")] {
        let days = [EVE, REFORM, date(2027, 1, 1)].map(|day| after(key, day));
        assert_eq!(days, [on_the_eve, then, now], "{key}");
    }
    let from: Vec<&str> = units.predecessors("e").iter().map(|unit| unit.key.as_str()).collect();
    assert_eq!(from, ["c", "d", "a", "b", "x"]);
}

#[test]
fn a_split_gives_each_matter_to_whom_the_decision_names() {
    let units = chain();
    for (code, of, expected) in [
        ("1.000001", "Đất đai", "c"), // the procedure goes before its field
        ("1.000002", "Đất đai", "d"),
        ("1.000003", "Hộ tịch", "c"),
    ] {
        let procedure = procedure(code);
        let about = About { procedure: &procedure, field: of };
        let heir = |day| units.heir("x", &about, day).map(|unit| unit.key.as_str());
        assert_eq!((heir(EVE), heir(REFORM)), (Ok("x"), Ok(expected)), "{code}");
        assert_eq!(heir(date(2027, 1, 1)), Ok("e"), "{code}");
        assert_eq!(heir(date(1990, 1, 1)), Err(NoHeir::NotYet("x".to_owned())));
    }
}

#[test]
fn without_a_decision_no_heir_is_guessed() {
    let procedure = procedure("1.000001");
    let about = About { procedure: &procedure, field: "Hộ tịch" };
    let units =
        Units::new([ended("x"), heir("a", Share::Part, &["x"]), heir("b", Share::Part, &["x"]), ended("y")]);
    for lost in ["x", "y"] {
        assert_eq!(units.heir(lost, &about, REFORM).err(), Some(NoHeir::Undecided(lost.to_owned())));
    }
    assert_eq!(units.heir("?", &about, REFORM).err(), Some(NoHeir::Unknown("?".to_owned())));
}

#[test]
fn a_competence_that_passed_is_found_where_it_is_now() {
    let (first, back) = (date(2025, 12, 31), date(2026, 6, 30));
    let code = procedure("2.000488");
    let of = || Matter::Procedure(code.clone());
    let justice = Unit {
        competences: vec![
            competence(field("Tư pháp"), REFORM, None, None),
            competence(of(), REFORM, Some(first), Some("cong-an")),
            competence(of(), date(2026, 7, 1), None, None),
        ],
        ..unit("so-tu-phap", None)
    };
    let police = Unit {
        competences: vec![competence(of(), date(2026, 1, 1), Some(back), Some("so-tu-phap"))],
        ..unit("cong-an", None)
    };
    let units = Units::new([justice, police]);
    let about = About { procedure: &code, field: "Tư pháp" };
    for (day, now) in [
        (first, "so-tu-phap"),
        (date(2026, 1, 1), "cong-an"),
        (back, "cong-an"),
        (date(2026, 7, 1), "so-tu-phap"),
    ] {
        for start in ["so-tu-phap", "cong-an"].into_iter().filter(|start| day > first || *start == now) {
            assert_eq!(units.competent_heir(start, &about, day).map(|unit| unit.key.as_str()), Ok(now));
        }
        let competent: Vec<&str> =
            units.competent(&about, day).iter().map(|unit| unit.key.as_str()).collect();
        assert_eq!(competent, [now], "{day}");
    }
    let other = procedure("2.000999");
    let about = About { procedure: &other, field: "Tư pháp" };
    assert_eq!(units.competent(&about, back).len(), 1, "the field stayed");
}

#[test]
fn a_unit_is_found_by_every_name_it_had() {
    let new = Unit {
        name: "Ủy ban nhân dân phường Mới".to_owned(),
        formers: vec![former(date(2026, 3, 31), "Ủy ban nhân dân phường Tạm", "H56.1")],
        ..heir("moi", Share::Whole, &["cu"])
    };
    let old = Unit { name: "Ủy ban nhân dân xã Cũ".to_owned(), ..ended("cu") };
    let units = Units::new([new, old]);
    let names: Vec<String> = units.former_names("moi").into_iter().map(|former| former.name).collect();
    assert_eq!(names, ["Ủy ban nhân dân phường Tạm", "Ủy ban nhân dân xã Cũ"]);
    for (words, said) in [
        ("xã Cũ", "Ủy ban nhân dân phường Mới (trước 01/07/2025: Ủy ban nhân dân xã Cũ)"),
        ("xa cu", "Ủy ban nhân dân phường Mới (trước 01/07/2025: Ủy ban nhân dân xã Cũ)"),
        ("phường Tạm", "Ủy ban nhân dân phường Mới (trước 01/04/2026: Ủy ban nhân dân phường Tạm)"),
        ("phường Mới", "Ủy ban nhân dân phường Mới"),
    ] {
        assert_eq!(units.said("moi", words).as_deref(), Some(said), "{words}");
    }
}

#[test]
fn words_and_codes_find_the_units_of_today() {
    let old = Unit {
        name: "Ủy ban nhân dân xã Cũ".to_owned(),
        code: "H56.15.3".parse().expect("a code"),
        ..ended("cu")
    };
    let new =
        Unit { name: "Ủy ban nhân dân phường Mới".to_owned(), ..heir("moi", Share::Whole, &["cu"]) };
    let other = Unit { name: "Ủy ban nhân dân xã Cũ Hạ".to_owned(), ..unit("cu-ha", None) };
    let units = Units::new([old, new, other]);
    for (words, found) in [
        ("xã Cũ", "cu-ha moi"),
        ("XA CU", "cu-ha moi"),
        ("cũ hạ", "cu-ha"),
        ("phuong moi", "moi"),
        ("000.03.15.H56", "moi"),
        ("h56.15.3", "moi"),
        ("", ""),
        ("?!", ""),
        ("xã Cũ phường Mới", ""),
    ] {
        let keys: Vec<&str> = units.find(words, REFORM).iter().map(|unit| unit.key.as_str()).collect();
        assert_eq!(keys.join(" "), found, "{words}");
    }
    let on_the_eve: Vec<&str> = units.find("xã Cũ", EVE).iter().map(|unit| unit.key.as_str()).collect();
    assert_eq!(on_the_eve, ["cu"]);
}

#[test]
fn a_code_in_a_procedure_means_who_has_it_else_who_had_it_last() {
    let code = |text: &str| text.parse().expect("a code");
    let first = Unit { code: code("H56.15.3"), ..ended("dau") };
    let recoded = Unit {
        valid_from: date(2000, 1, 1),
        formers: vec![former(date(2010, 12, 31), "Cũ", "H56.7")],
        ..unit("doi-ma", None)
    };
    let after = Unit { valid_from: date(2011, 1, 1), code: code("H56.7"), ..ended("sau") };
    let founded = Unit { valid_from: date(2030, 1, 1), code: code("H56.7"), ..unit("moi", None) };
    let units = Units::new([first, recoded, after, founded]);
    for (named, day, meant) in [
        ("H56.15.3", EVE, Some("dau")),
        ("000.03.15.H56", REFORM, Some("dau")),
        ("H56.7", date(2010, 12, 31), Some("doi-ma")),
        ("H56.7", EVE, Some("sau")),
        ("H56.7", REFORM, Some("sau")),
        ("H56.7", date(2030, 1, 1), Some("moi")),
        ("H56.7", date(1999, 12, 31), None),
        ("H56.8", REFORM, None),
    ] {
        let found = units.named(&code(named), day).map(|unit| unit.key.as_str());
        assert_eq!(found, meant, "{named} on {day}");
    }
}

#[test]
fn parents_come_first_and_a_ring_is_not_lost() {
    let keys = |units: Vec<Unit>| {
        parents_first(units).into_iter().map(|unit| unit.key).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(keys(vec![unit("c", Some("b")), unit("b", Some("a")), unit("a", None)]), "a b c");
    assert_eq!(keys(vec![unit("b", Some("elsewhere"))]), "b");
    assert_eq!(keys(vec![unit("a", Some("b")), unit("b", Some("a"))]), "a b");
}
