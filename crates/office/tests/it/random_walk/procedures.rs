//! Random sound procedures, made a little more like life: papers that go back, other agencies that settle,
//! steps done above, parts that go together, limits of one day. Whatever is changed stays sound.

use rules::calendar::Limit;
use rules::procedure::testing::{Dice, random_sound_procedure};
use rules::procedure::{
    AdmissibleForm, AgencyRule, Case, Channel, Component, Custody, DigitisationClass, LinkedPart, Procedure,
    Required, StepTask, SystemOfRecord, WaitKind,
};
use rules::unit::Level;

const N_PROCEDURES: usize = 28;
/// The first so many are wholes with parts.
const N_WHOLES: usize = 6;
/// So many after them are settled within the day.
const N_SAME_DAY: usize = 3;
/// What the results of the drawn procedures are filed as.
pub(super) const RESULT_PAPER: &str = "TNCAP";

/// The procedures of a walk. The last one is a ministry's, of which only mirrors are kept.
pub(super) fn drawn(dice: &mut Dice, department: &str) -> Vec<Procedure> {
    let mut all: Vec<Procedure> = Vec::new();
    while all.len() < N_PROCEDURES {
        let drawn = random_sound_procedure(dice.below(1_000_000) as u64);
        if fits(&drawn, all.len()) && all.iter().all(|known| known.code != drawn.code) {
            let is_part = all.len() >= N_WHOLES + N_SAME_DAY;
            let livelier = livelier(drawn, dice, department, is_part);
            let quick = (N_WHOLES..N_WHOLES + N_SAME_DAY).contains(&all.len());
            all.push(if quick { in_one_day(livelier) } else { livelier });
        }
    }
    for whole in 0..N_WHOLES {
        all[whole].linked = parts_for(&all, whole, dice, department);
    }
    all.push(ministrys());
    for procedure in &all {
        assert_eq!(procedure.faults(), [], "{} is sound", procedure.name);
    }
    all
}

/// What a procedure must know, so that every transition has its places: all may be halted and paid for by
/// turns, and some ask for opinions.
fn fits(procedure: &Procedure, nth: usize) -> bool {
    let knows = |what| procedure.process.waits.iter().any(|wait| wait.what == what);
    let asks = procedure.process.steps.iter().any(|step| !step.consults.is_empty());
    match nth % 4 {
        0 => knows(WaitKind::Halt),
        1 => knows(WaitKind::Payment),
        2 => asks,
        _ => true,
    }
}

fn livelier(mut procedure: Procedure, dice: &mut Dice, department: &str, is_part: bool) -> Procedure {
    for case in &mut procedure.cases {
        case.components = case.components.drain(..).map(|component| on_paper(component, dice)).collect();
    }
    procedure.competent = match dice.below(5) {
        0 => AgencyRule::OfLevel(Level::Commune),
        1 if !is_part => AgencyRule::Named(department.parse().expect("a code")),
        _ => AgencyRule::Receiving,
    };
    let above =
        procedure.process.steps.iter_mut().skip(1).find(|step| {
            matches!(step.task, StepTask::Examine | StepTask::Verify) && step.consults.is_empty()
        });
    if let Some(step) = above.filter(|_| dice.once_in(2)) {
        step.agency = AgencyRule::LevelAbove;
    }
    // Shorter, so that many run out in the time of a walk.
    for wait in &mut procedure.process.waits {
        wait.limit = match wait.limit {
            Limit::WorkingDays(days) => Limit::WorkingDays(2 + days / 5),
            Limit::CalendarDays(days) => Limit::CalendarDays(2 + days / 5),
            limit => limit,
        };
    }
    procedure
}

/// Nothing here is scanned: what would be is taken on paper, or is a paper the state has already.
fn on_paper(component: Component, dice: &mut Dice) -> Component {
    let custody = *dice.one_of(&Custody::ALL);
    match component.form {
        AdmissibleForm::Original if dice.once_in(3) => {
            Component { required: Required::IfAny, replaced_by: vec![RESULT_PAPER.to_owned()], ..component }
        }
        AdmissibleForm::Original => Component { digitise: DigitisationClass::Secret, custody, ..component },
        _ => component,
    }
}

fn in_one_day(mut procedure: Procedure) -> Procedure {
    for step in &mut procedure.process.steps {
        step.allowance = Limit::WorkingHours(1);
        for asked in &mut step.consults {
            asked.allowance = Limit::WorkingHours(1);
        }
    }
    for terms in procedure.cases.iter_mut().flat_map(|case| &mut case.channels) {
        terms.limit = Limit::SameDay;
    }
    procedure
}

/// Two or three parts: one begins at once, one needs the first.
fn parts_for(all: &[Procedure], whole: usize, dice: &mut Dice, department: &str) -> Vec<LinkedPart> {
    let channels = all[whole].cases.iter().flat_map(|case| &case.channels).map(|terms| terms.channel);
    let channels: Vec<Channel> = channels.collect();
    let has_all = |case: &&Case| channels.iter().all(|channel| case.terms(*channel).is_some());
    let fitting: Vec<(&Procedure, &Case)> = all[N_WHOLES + N_SAME_DAY..]
        .iter()
        .filter_map(|procedure| Some((procedure, procedure.cases.iter().find(has_all)?)))
        .collect();
    let n_parts = 2 + dice.below(2);
    let mut parts: Vec<LinkedPart> = Vec::new();
    for nth in 0..n_parts {
        let (procedure, case) = *dice.one_of(&fitting);
        let agency = match dice.below(3) {
            0 => AgencyRule::Named(department.parse().expect("a code")),
            1 => AgencyRule::Receiving,
            _ => AgencyRule::Competent,
        };
        parts.push(LinkedPart {
            id: format!("phan-{nth}"),
            procedure: procedure.code.clone(),
            case: case.id.clone(),
            agency,
            after: if nth == 1 { vec!["phan-0".to_owned()] } else { Vec::new() },
        });
    }
    parts
}

fn ministrys() -> Procedure {
    Procedure {
        code: "3.999999".parse().expect("a code"),
        name: "Thủ tục của bộ".to_owned(),
        system: SystemOfRecord::Ministry("Bộ Tư pháp".to_owned()),
        ..random_sound_procedure(1)
    }
}
