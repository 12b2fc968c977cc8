//! Each fault is found where it is planted, and alone.

use super::{AgencyRule, Case, Procedure, ProcedureFault, Step, StepTask, Validity};
use crate::calendar::Limit;
use crate::people::Role;
use crate::sample::{procedure, shipped};
use jiff::civil::date;
use std::collections::BTreeSet;

fn step(id: &str, task: StepTask, next: &[&str]) -> Step {
    Step {
        id: id.to_owned(),
        name: format!("Bước {id}"),
        role: Role::Specialist,
        agency: AgencyRule::Competent,
        allowance: Limit::WorkingHours(1),
        task,
        next: next.iter().map(|id| (*id).to_owned()).collect(),
        back_to: Vec::new(),
        consults: Vec::new(),
    }
}

fn with_steps(steps: Vec<Step>) -> Procedure {
    let mut procedure = procedure();
    procedure.process.steps = steps;
    procedure
}

fn with(change: impl FnOnce(&mut Procedure)) -> Procedure {
    let mut procedure = procedure();
    change(&mut procedure);
    procedure
}

#[test]
fn a_sound_procedure_has_no_faults() {
    assert_eq!(procedure().faults(), []);
    assert_eq!(shipped().faults(), []);
}

#[test]
fn each_fault_is_found_where_it_is_planted() {
    use ProcedureFault as Fault;
    use StepTask::{Draft, Examine, HandOver, Seal, Sign};
    let text = |text: &str| text.to_owned();
    let twice = |what, id: &str| Fault::DuplicateId { what, id: id.to_owned() };
    let too_early = |step: &str, task| Fault::TooEarly { step: step.to_owned(), task };
    for (what, procedure, expected) in [
        (
            "ends before it begins",
            with(|procedure| procedure.valid_to = Some(date(2025, 6, 30))),
            vec![Fault::ValidToBeforeFrom],
        ),
        ("no case", with(|procedure| procedure.cases.clear()), vec![Fault::NoCase]),
        (
            "no channel",
            with(|procedure| procedure.cases[1].channels.clear()),
            vec![Fault::NoChannel { case: text("dieu-to") }],
        ),
        (
            "a result nobody defines",
            with(|procedure| procedure.cases[0].result = text("bang-khen")),
            vec![Fault::UnknownResult { case: text("dieu-nho"), result: text("bang-khen") }],
        ),
        (
            "two cases of one name",
            with(|procedure| procedure.cases[1].id = text("dieu-nho")),
            vec![twice("trường hợp", "dieu-nho")],
        ),
        (
            "two results of one name",
            with(|procedure| procedure.results.push(procedure.results[0].clone())),
            vec![twice("loại kết quả", "phep")],
        ),
        (
            "two components of one name",
            with(|procedure| {
                let again = procedure.cases[0].components[0].clone();
                procedure.cases[0].components.push(again);
            }),
            vec![twice("thành phần", "don")],
        ),
        (
            "two steps of one name",
            with(|procedure| procedure.process.steps.push(step("dua", HandOver, &[]))),
            vec![twice("bước", "dua")],
        ),
        ("no step", with_steps(Vec::new()), vec![Fault::NoStep]),
        (
            "a way to nowhere",
            with(|procedure| procedure.process.steps[0].next.push(text("mat"))),
            vec![Fault::UnknownStep { step: text("ngo"), to: text("mat") }],
        ),
        (
            "a way back to nowhere",
            with(|procedure| procedure.process.steps[2].back_to.push(text("mat"))),
            vec![Fault::UnknownStep { step: text("viet"), to: text("mat") }],
        ),
        (
            "nobody comes here",
            with(|procedure| procedure.process.steps.push(step("lac", Examine, &["viet"]))),
            vec![Fault::Unreachable { step: text("lac") }],
        ),
        (
            "round and round for ever",
            with(|procedure| {
                procedure.process.steps[0].next.push(text("quanh"));
                procedure.process.steps.push(step("quanh", Examine, &["quanh"]));
            }),
            vec![Fault::NoWayToTheEnd { step: text("quanh") }],
        ),
        (
            "an end without a hand-over",
            with(|procedure| {
                procedure.process.steps[0].next.push(text("cut"));
                procedure.process.steps.push(step("cut", Examine, &[]));
            }),
            vec![Fault::WrongEnd { step: text("cut") }, Fault::NoWayToTheEnd { step: text("cut") }],
        ),
        (
            "a hand-over that is not the end",
            with(|procedure| procedure.process.steps[5].next.push(text("ngo"))),
            vec![Fault::WrongEnd { step: text("dua") }],
        ),
        (
            "a signature without a draft",
            with_steps(vec![
                step("duyet", Sign, &["dau"]),
                step("dau", Seal, &["dua"]),
                step("dua", HandOver, &[]),
            ]),
            vec![too_early("duyet", Sign)],
        ),
        (
            "a seal without a signature",
            with_steps(vec![
                step("viet", Draft, &["dau"]),
                step("dau", Seal, &["dua"]),
                step("dua", HandOver, &[]),
            ]),
            vec![too_early("dau", Seal)],
        ),
        (
            "a hand-over without a seal",
            with_steps(vec![
                step("viet", Draft, &["duyet"]),
                step("duyet", Sign, &["dua"]),
                step("dua", HandOver, &[]),
            ]),
            vec![too_early("dua", HandOver)],
        ),
        (
            "one of two ways leaves the draft out",
            with(|procedure| procedure.process.steps[0].next.push(text("duyet"))),
            vec![too_early("duyet", Sign)],
        ),
    ] {
        assert_eq!(procedure.faults(), expected, "{what}");
    }
}

#[test]
fn all_faults_come_back_together() {
    let broken = with(|procedure| {
        procedure.valid_to = Some(date(2025, 6, 30));
        procedure.cases[0].channels.clear();
        procedure.process.steps.clear();
    });
    let kinds: BTreeSet<String> = broken.faults().iter().map(ToString::to_string).collect();
    assert_eq!(kinds.len(), 3, "{kinds:?}");
}

#[test]
fn a_revision_is_valid_from_its_first_day_to_its_last() {
    let procedure = with(|procedure| procedure.valid_to = Some(date(2026, 12, 31)));
    for (day, valid) in [
        (date(2025, 6, 30), false),
        (date(2025, 7, 1), true),
        (date(2026, 12, 31), true),
        (date(2027, 1, 1), false),
    ] {
        assert_eq!(procedure.is_valid_on(day), valid, "{day}");
    }
    assert!(shipped().is_valid_on(date(2100, 1, 1)), "a revision without an end goes on");
}

#[test]
fn validity_in_months_ends_on_the_same_day_or_the_last_of_a_short_month() {
    for (issued_on, months, last) in [
        (date(2026, 5, 18), 6, date(2026, 11, 18)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ] {
        assert_eq!(Validity::Months(months).last_day(issued_on), Some(last), "{issued_on}");
    }
    assert_eq!(Validity::Indefinite.last_day(date(2026, 1, 1)), None);
}

#[test]
fn things_are_found_by_their_ids() {
    let procedure = procedure();
    assert_eq!(procedure.case("dieu-to").map(|case| case.name.as_str()), Some("Diều to"));
    assert!(procedure.case("DIEU-TO").is_none());
    assert!(procedure.result("phep").is_some() && procedure.result("").is_none());
    let case: &Case = &procedure.cases[0];
    assert!(case.component("don").is_some() && case.component("dieu").is_none());
    assert_eq!(procedure.process.first().map(|step| step.id.as_str()), Some("ngo"));
}
