//! Each fault is found where it is planted, and alone.

use super::{
    About, Advice, AgencyRule, Case, ClockEffect, LinkedPart, Move, Paper, Place, Procedure, ProcedureFault,
    Step, StepTask, Validity, Verdict, WaitKind, Way,
};
use crate::calendar::Limit;
use crate::people::Role;
use crate::sample::shipped;
use crate::unit::Level;
use jiff::civil::date;
use std::collections::BTreeSet;

/// A sound procedure that is nobody's.
pub(super) fn kite() -> Procedure {
    toml::from_str(include_str!("tests/kite.toml")).expect("the procedure of the tests")
}

fn step(id: &str, task: StepTask, next: &[&str], back_to: &[&str]) -> Step {
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    Step {
        id: id.to_owned(),
        name: format!("Bước {id}"),
        role: Role::Specialist,
        agency: AgencyRule::Competent,
        allowance: Limit::WorkingHours(1),
        task,
        next: ids(next),
        back_to: ids(back_to),
        consults: Vec::new(),
    }
}

fn with_steps(steps: Vec<Step>) -> Procedure {
    with(|procedure| {
        procedure.process.steps = steps;
        procedure.process.waits.truncate(1);
    })
}

fn with(change: impl FnOnce(&mut Procedure)) -> Procedure {
    let mut procedure = kite();
    change(&mut procedure);
    procedure
}

fn place(procedure: &Procedure, id: &str) -> Place {
    procedure.process.step(id).expect("a step").place()
}

/// A way forward over these steps.
fn way(procedure: &Procedure, ids: &[&str]) -> Way {
    Way(ids.iter().map(|id| (Move::Forward, place(procedure, id))).collect())
}

#[test]
fn a_sound_procedure_has_no_faults() {
    assert_eq!(kite().faults(), []);
    assert_eq!(kite().advice(), []);
    assert_eq!(shipped().faults(), []);
}

#[test]
fn each_fault_of_the_terms_is_found_where_it_is_planted() {
    use ProcedureFault as Fault;
    let text = |text: &str| text.to_owned();
    let twice =
        |what: &str, id: &str, about| Fault::DuplicateId { what: what.to_owned(), id: id.to_owned(), about };
    for (what, procedure, expected) in [
        (
            "ends before it begins",
            with(|procedure| procedure.valid_to = Some(date(2025, 6, 30))),
            Fault::ValidToBeforeFrom,
        ),
        ("no case", with(|procedure| procedure.cases.clear()), Fault::NoCase),
        (
            "no channel",
            with(|procedure| procedure.cases[1].channels.clear()),
            Fault::NoChannel { case: text("Diều to") },
        ),
        (
            "one channel twice",
            with(|procedure| {
                let again = procedure.cases[1].channels[0].clone();
                procedure.cases[1].channels.push(again);
            }),
            Fault::ChannelTwice { case: text("Diều to"), channel: super::Channel::Post },
        ),
        (
            "a result nobody defines",
            with(|procedure| procedure.cases[0].result = text("bang-khen")),
            Fault::UnknownResult { case: text("Diều nhỏ"), result: text("bang-khen") },
        ),
        (
            "a refusal is promised",
            with(|procedure| procedure.cases[0].result = text("tu-choi")),
            Fault::PromisesRefusal { case: text("Diều nhỏ") },
        ),
        (
            "nothing to refuse with",
            with(|procedure| procedure.results[1].verdict = Verdict::Grants),
            Fault::NoRefusingResult,
        ),
        (
            "a fee below nothing",
            with(|procedure| procedure.cases[0].channels[0].fees[0].amount = -1),
            Fault::NegativeFee { case: text("Diều nhỏ"), fee: text("Lệ phí") },
        ),
        (
            "two cases of one id",
            with(|procedure| procedure.cases[1].id = text("dieu-nho")),
            twice("trường hợp", "dieu-nho", About::Facts),
        ),
        (
            "two results of one id",
            with(|procedure| procedure.results.push(procedure.results[0].clone())),
            twice("loại kết quả", "phep", About::Results),
        ),
        (
            "two components of one id",
            with(|procedure| {
                let again = procedure.cases[0].components[0].clone();
                procedure.cases[0].components.push(again);
            }),
            twice("thành phần của trường hợp “Diều nhỏ”", "don", About::Case(text("Diều nhỏ"))),
        ),
        (
            "no time to supplement in",
            with(|procedure| procedure.supplement_within = Some(Limit::WorkingDays(0))),
            Fault::NoTime { what: text("hạn yêu cầu bổ sung"), about: About::Facts },
        ),
        (
            "no time for a step",
            with(|procedure| procedure.process.steps[2].allowance = Limit::WorkingHours(0)),
            Fault::NoTime { what: text("bước “Viết phép”"), about: About::Step(text("viet")) },
        ),
        (
            "papers that cannot be asked for again",
            with(|procedure| {
                procedure.process.waits.remove(0);
            }),
            Fault::NoSupplementWait,
        ),
        (
            "the applicant's time is the office's",
            with(|procedure| procedure.process.waits[0].clock = ClockEffect::Runs),
            Fault::SupplementRuns,
        ),
        (
            "a stop that gives the limit anew",
            with(|procedure| procedure.process.waits[1].clock = ClockEffect::Restarts),
            Fault::RestartsFor { what: WaitKind::Halt },
        ),
        (
            "somebody without work here",
            with(|procedure| procedure.process.steps[0].role = Role::Admin),
            Fault::NoSuchWork { step: place(&kite(), "ngo"), role: Role::Admin },
        ),
        (
            "a step at any commune",
            with(|procedure| procedure.process.steps[0].agency = AgencyRule::OfLevel(Level::Commune)),
            Fault::LevelOnlyForCompetent {
                what: text("bước “Ngó qua”"), about: About::Step(text("ngo"))
            },
        ),
    ] {
        assert_eq!(procedure.faults(), [expected], "{what}");
    }
}

#[test]
fn each_fault_of_an_opinion_is_found_where_it_is_planted() {
    use ProcedureFault as Fault;
    let asking = |change: fn(&mut super::Consult)| {
        with(|procedure| change(&mut procedure.process.steps[1].consults[0]))
    };
    let (step, consult) = (place(&kite(), "hoi"), "Gió cấp mấy?".to_owned());
    for (procedure, expected) in [
        (
            asking(|asked| asked.agency = AgencyRule::LevelAbove),
            Fault::ConsultsItself { step: step.clone(), consult: consult.clone() },
        ),
        (
            asking(|asked| asked.clock = ClockEffect::Restarts),
            Fault::ConsultRestarts { step: step.clone(), consult: consult.clone() },
        ),
        (
            asking(|asked| asked.allowance = Limit::WorkingDays(1)),
            Fault::ConsultTooLong { step: step.clone(), consult: consult.clone() },
        ),
        (
            asking(|asked| asked.agency = AgencyRule::OfLevel(Level::Province)),
            Fault::LevelOnlyForCompetent {
                what: "bước “Hỏi hàng xóm”, ý kiến “Gió cấp mấy?”".to_owned(),
                about: About::Step("hoi".to_owned()),
            },
        ),
        (
            with(|procedure| {
                let asked = procedure.process.steps[1].consults[0].clone();
                procedure.process.steps[5]
                    .consults
                    .push(super::Consult { allowance: Limit::WorkingHours(1), ..asked });
            }),
            Fault::ConsultAfterSeal { step: place(&kite(), "dua"), consult: consult.clone() },
        ),
    ] {
        assert_eq!(procedure.faults(), [expected]);
    }
    let longer_while_the_clock_stands = asking(|asked| {
        asked.allowance = Limit::WorkingDays(5);
        asked.clock = ClockEffect::Pauses;
    });
    assert_eq!(longer_while_the_clock_stands.faults(), []);
}

#[test]
fn each_fault_of_the_ways_is_found_with_the_way_that_shows_it() {
    use ProcedureFault as Fault;
    use StepTask::{Draft, Examine, HandOver, Seal, Sign};
    let text = |text: &str| text.to_owned();
    let misplaced = |procedure: &Procedure, ids: &[&str], task, paper| Fault::Misplaced {
        way: way(procedure, ids),
        task,
        paper,
    };
    let known = |id: &str| place(&kite(), id);
    let lost = with(|procedure| procedure.process.steps.push(step("lac", Examine, &["viet"], &[])));
    let round = with(|procedure| {
        procedure.process.steps[0].next.push(text("quanh"));
        procedure.process.steps.push(step("quanh", Examine, &["quanh"], &[]));
    });
    let short = with(|procedure| {
        procedure.process.steps[0].next.push(text("cut"));
        procedure.process.steps.push(step("cut", Examine, &[], &[]));
    });
    let no_draft = with_steps(vec![
        step("ngo", Examine, &["duyet"], &[]),
        step("duyet", Sign, &["dau"], &["ngo"]),
        step("dau", Seal, &["dua"], &[]),
        step("dua", HandOver, &[], &[]),
    ]);
    let no_signature = with_steps(vec![
        step("viet", Draft, &["dau"], &[]),
        step("dau", Seal, &["dua"], &[]),
        step("dua", HandOver, &[], &[]),
    ]);
    let no_seal = with_steps(vec![
        step("viet", Draft, &["duyet"], &[]),
        step("duyet", Sign, &["dua"], &["viet"]),
        step("dua", HandOver, &[], &[]),
    ]);
    let seal_then_examine = with_steps(vec![
        step("viet", Draft, &["duyet"], &[]),
        step("duyet", Sign, &["dau"], &["viet"]),
        step("dau", Seal, &["xem"], &[]),
        step("xem", Examine, &["dua"], &[]),
        step("dua", HandOver, &[], &[]),
    ]);
    let one_leaves_it_out = with(|procedure| procedure.process.steps[0].next.push(text("duyet")));
    // Sent back from the seal past the signature, and on without signing again.
    let unsigned_again = with_steps(vec![
        step("viet", Draft, &["duyet"], &[]),
        step("duyet", Sign, &["xem"], &["viet"]),
        step("xem", Examine, &["dau"], &[]),
        step("dau", Seal, &["dua"], &["xem"]),
        step("dua", HandOver, &[], &[]),
    ]);
    let mut back = way(&unsigned_again, &["viet", "duyet", "xem", "dau", "xem", "dau"]);
    back.0[4].0 = Move::Back;
    for (what, procedure, expected) in [
        (
            "no step",
            with_steps(Vec::new()),
            vec![Fault::NoStep, Fault::WaitNowhere { what: WaitKind::Supplement }],
        ),
        (
            "a way to nowhere",
            with(|procedure| procedure.process.steps[0].next.push(text("mat"))),
            vec![Fault::UnknownStep { step: known("ngo"), to: text("mat") }],
        ),
        (
            "a way back to nowhere",
            with(|procedure| procedure.process.steps[2].back_to.push(text("mat"))),
            vec![Fault::UnknownStep { step: known("viet"), to: text("mat") }],
        ),
        (
            "one way twice",
            with(|procedure| procedure.process.steps[0].next.push(text("viet"))),
            vec![Fault::DuplicateId {
                what: text("đường đi tiếp của bước “Ngó qua”"),
                id: text("viet"),
                about: About::Step(text("ngo")),
            }],
        ),
        (
            "back to itself",
            with(|procedure| procedure.process.steps[2].back_to.push(text("viet"))),
            vec![Fault::NotEarlier { step: known("viet"), to: known("viet") }],
        ),
        (
            "a signer who can only sign",
            with(|procedure| procedure.process.steps[3].back_to.clear()),
            vec![Fault::CannotDecline { step: known("duyet") }],
        ),
        (
            "a hand-over that is not the end",
            with(|procedure| procedure.process.steps[5].next.push(text("ngo"))),
            vec![Fault::NotTheEnd { step: known("dua") }],
        ),
        (
            "back from the hand-over",
            with(|procedure| procedure.process.steps[5].back_to.push(text("viet"))),
            vec![Fault::BackAfterSeal { step: known("dua") }],
        ),
        ("nobody comes here", lost.clone(), vec![Fault::Unreachable { step: place(&lost, "lac") }]),
        (
            "round and round for ever",
            round.clone(),
            vec![
                Fault::Circle { way: way(&round, &["ngo", "quanh", "quanh"]) },
                Fault::DeadEnd { way: way(&round, &["ngo", "quanh"]) },
            ],
        ),
        (
            "an end without a hand-over",
            short.clone(),
            vec![Fault::DeadEnd { way: way(&short, &["ngo", "cut"]) }],
        ),
        (
            "a signature without a draft",
            no_draft.clone(),
            vec![misplaced(&no_draft, &["ngo", "duyet"], Sign, Paper::Blank)],
        ),
        (
            "a seal without a signature",
            no_signature.clone(),
            vec![misplaced(&no_signature, &["viet", "dau"], Seal, Paper::Drafted)],
        ),
        (
            "a hand-over without a seal",
            no_seal.clone(),
            vec![misplaced(&no_seal, &["viet", "duyet", "dua"], HandOver, Paper::Signed)],
        ),
        (
            "seal, then examine",
            seal_then_examine.clone(),
            vec![misplaced(&seal_then_examine, &["viet", "duyet", "dau", "xem"], Examine, Paper::Sealed)],
        ),
        (
            "one of two ways leaves the draft out",
            one_leaves_it_out.clone(),
            vec![misplaced(&one_leaves_it_out, &["ngo", "duyet"], Sign, Paper::Blank)],
        ),
        (
            "back past the signature",
            unsigned_again.clone(),
            vec![Fault::Misplaced { way: back, task: Seal, paper: Paper::Drafted }],
        ),
    ] {
        assert_eq!(procedure.faults(), expected, "{what}");
    }
}

#[test]
fn steps_that_take_longer_than_the_case_promises_are_told_by_how_much() {
    let procedure = with(|procedure| {
        procedure.process.steps[1].allowance = Limit::WorkingHours(6);
        procedure.cases[0].channels[0].limit = Limit::WorkingDays(2);
    });
    let said: Vec<String> = procedure.faults().iter().map(ToString::to_string).collect();
    let steps = "Ngó qua → Hỏi hàng xóm → Viết phép → Duyệt → Vào sổ, đóng dấu → Đưa cho người dân";
    assert_eq!(
        said,
        [
            format!(
                "trường hợp “Diều nhỏ”, kênh trực tiếp: các bước {steps} cộng lại vượt thời hạn 02 ngày làm việc là 4 giờ làm việc"
            ),
            format!(
                "trường hợp “Diều to”, kênh bưu chính công ích: các bước {steps} cộng lại vượt thời hạn 18 giờ làm việc là 2 giờ làm việc"
            ),
        ]
    );
}

#[test]
fn counter_examples_are_said_as_a_way() {
    let short = with(|procedure| {
        procedure.process.steps[2].next.push("cut".to_owned());
        procedure.process.steps.push(step("cut", StepTask::Examine, &[], &[]));
    });
    let said: Vec<String> = short.faults().iter().map(ToString::to_string).collect();
    assert_eq!(said, ["Ngó qua → Viết phép → Bước cut: từ đây không còn đường nào đến bước trả kết quả"]);
}

#[test]
fn parts_of_a_linked_procedure_are_known_begin_and_are_offered() {
    use ProcedureFault as Fault;
    let part = |id: &str, after: &[&str]| LinkedPart {
        id: id.to_owned(),
        procedure: "1.004873".parse().expect("a code"),
        case: "da-ly-hon".to_owned(),
        agency: AgencyRule::LevelAbove,
        after: after.iter().map(|id| (*id).to_owned()).collect(),
    };
    let linked = |parts: Vec<LinkedPart>| with(|procedure| procedure.linked = parts);
    let text = |text: &str| text.to_owned();
    assert_eq!(linked(vec![part("a", &[]), part("b", &["a"]), part("c", &["a", "b"])]).faults(), []);
    assert_eq!(
        linked(vec![part("a", &["x"])]).faults(),
        [Fault::UnknownPart { part: text("a"), after: text("x") }]
    );
    assert_eq!(
        linked(vec![part("z", &[]), part("a", &["z", "b"]), part("b", &["c"]), part("c", &["b"])]).faults(),
        [Fault::PartsInCircle { parts: vec![text("a"), text("b"), text("c"), text("b")] }]
    );
    let itself = LinkedPart { procedure: kite().code, ..part("a", &[]) };
    assert_eq!(linked(vec![itself]).faults(), [Fault::PartOfItself { part: text("a") }]);
    let anywhere = LinkedPart { agency: AgencyRule::OfLevel(Level::Commune), ..part("a", &[]) };
    assert_eq!(
        linked(vec![anywhere]).faults(),
        [Fault::LevelOnlyForCompetent { what: text("phần liên thông “a”"), about: About::Linked }]
    );
    let shipped = shipped();
    let catalogue = |code: &crate::code::ProcedureCode| Some(&shipped).filter(|found| found.code == *code);
    let procedure = linked(vec![part("a", &[]), LinkedPart { case: text("khac"), ..part("b", &[]) }]);
    assert_eq!(procedure.parts_not_offered(catalogue), [Fault::PartNotOffered { part: text("b") }]);
    assert_eq!(procedure.parts_not_offered(|_| None).len(), 2);
}

#[test]
fn what_is_seldom_meant_is_advised_against_and_refuses_nothing() {
    let procedure = with(|procedure| {
        procedure.process.steps[4].role = Role::Specialist;
        procedure.process.steps[1].name = procedure.process.steps[0].name.clone();
    });
    assert_eq!(procedure.faults(), []);
    assert_eq!(
        procedure.advice(),
        [
            Advice::UnusualRole {
                step: place(&procedure, "dau"),
                role: Role::Specialist,
                usual: Role::Clerk
            },
            Advice::SameName { name: "Ngó qua".to_owned() },
        ]
    );
}

#[test]
fn all_faults_come_back_together() {
    let broken = with(|procedure| {
        procedure.valid_to = Some(date(2025, 6, 30));
        procedure.cases[0].channels.clear();
        procedure.process.steps.clear();
        procedure.process.waits.truncate(1);
    });
    let kinds: BTreeSet<String> = broken.faults().iter().map(ToString::to_string).collect();
    assert_eq!(kinds.len(), 4, "{kinds:?}");
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
    let procedure = kite();
    assert_eq!(procedure.case("dieu-to").map(|case| case.name.as_str()), Some("Diều to"));
    assert!(procedure.case("DIEU-TO").is_none());
    assert!(procedure.result("phep").is_some() && procedure.result("").is_none());
    let case: &Case = &procedure.cases[0];
    assert!(case.component("don").is_some() && case.component("dieu").is_none());
    assert_eq!(procedure.process.first().map(|step| step.id.as_str()), Some("ngo"));
}
