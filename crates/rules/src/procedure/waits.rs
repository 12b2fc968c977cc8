//! What a process may wait for and whom it asks: every wait can begin, has an end, and does with the
//! clock what the law lets it do.

use super::faults::About;
use super::timing::most_minutes;
use super::{AgencyRule, ClockEffect, Consult, Procedure, ProcedureFault, Step, StepTask, Wait, WaitKind};
use crate::people::Role;

pub(super) fn collect(procedure: &Procedure, faults: &mut Vec<ProcedureFault>) {
    let process = &procedure.process;
    for (nth, wait) in process.waits.iter().enumerate() {
        collect_of_wait(procedure, wait, faults);
        for step in process.steps.iter().filter(|step| wait.begins_at(step)) {
            let before = process.waits[..nth].iter();
            if before.clone().any(|other| other.what == wait.what && other.begins_at(step)) {
                faults.push(ProcedureFault::WaitTwice { what: wait.what, step: step.place() });
            }
        }
    }
    let asks_for_papers = procedure.cases.iter().any(|case| !case.components.is_empty());
    if asks_for_papers && !process.waits.iter().any(|wait| wait.what == WaitKind::Supplement) {
        faults.push(ProcedureFault::NoSupplementWait);
    }
    for step in &process.steps {
        if matches!(step.role, Role::Admin | Role::Auditor) {
            faults.push(ProcedureFault::NoSuchWork { step: step.place(), role: step.role });
        }
        if matches!(step.agency, AgencyRule::OfLevel(_)) {
            let what = format!("bước “{}”", step.name);
            let about = About::Step(step.id.clone());
            faults.push(ProcedureFault::LevelOnlyForCompetent { what, about });
        }
        let (asked, about) = (step.consults.iter().map(|asked| &asked.id), About::Step(step.id.clone()));
        super::faults::duplicates(&format!("ý kiến ở bước “{}”", step.name), &about, asked, faults);
        for asked in &step.consults {
            collect_of_consult(step, asked, faults);
        }
    }
}

fn collect_of_wait(procedure: &Procedure, wait: &Wait, faults: &mut Vec<ProcedureFault>) {
    let (what, process) = (wait.what, &procedure.process);
    for id in &wait.steps {
        match process.step(id) {
            None => faults.push(ProcedureFault::WaitAtUnknownStep { what, step: id.clone() }),
            Some(step) if step.task == StepTask::HandOver => {
                faults.push(ProcedureFault::WaitAfterSeal { what, step: step.place() });
            }
            Some(_) => {}
        }
    }
    let begins = format!("bước bắt đầu lượt {}", crate::words::procedure::wait(what));
    super::faults::duplicates(&begins, &About::Wait(what), wait.steps.iter(), faults);
    if wait.steps.is_empty() && !process.steps.iter().any(|step| wait.begins_at(step)) {
        faults.push(ProcedureFault::WaitNowhere { what });
    }
    match (what, wait.clock) {
        (WaitKind::Supplement, ClockEffect::Runs) => faults.push(ProcedureFault::SupplementRuns),
        (WaitKind::Payment | WaitKind::Halt, ClockEffect::Restarts) => {
            faults.push(ProcedureFault::RestartsFor { what });
        }
        _ => {}
    }
}

// law: ND61-2018/19.5
fn collect_of_consult(step: &Step, asked: &Consult, faults: &mut Vec<ProcedureFault>) {
    let (place, consult) = (step.place(), asked.question.clone());
    if step.task == StepTask::HandOver {
        faults.push(ProcedureFault::ConsultAfterSeal { step: place.clone(), consult: consult.clone() });
    }
    if asked.agency == step.agency {
        faults.push(ProcedureFault::ConsultsItself { step: place.clone(), consult: consult.clone() });
    }
    if matches!(asked.agency, AgencyRule::OfLevel(_)) {
        let what = format!("bước “{}”, ý kiến “{consult}”", step.name);
        faults.push(ProcedureFault::LevelOnlyForCompetent { what, about: About::Step(step.id.clone()) });
    }
    match asked.clock {
        ClockEffect::Restarts => {
            faults.push(ProcedureFault::ConsultRestarts { step: place, consult });
        }
        ClockEffect::Runs if most_minutes(asked.allowance) > most_minutes(step.allowance) => {
            faults.push(ProcedureFault::ConsultTooLong { step: place, consult });
        }
        ClockEffect::Runs | ClockEffect::Pauses => {}
    }
}
