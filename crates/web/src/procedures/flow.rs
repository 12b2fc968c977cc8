//! The sheet of a draft's process: its steps with their ways and opinions, and what it may wait for.

use super::sheet::{Edit, FindingLine, Row, move_row};
use super::typed::{Typed, Unread, agencies, choices, units, with_agency, with_limit, word};
use crate::form::{Choice, FormState, Posted};
use rules::calendar::Limit;
use rules::people::Role;
use rules::procedure::editing::{fresh_id, shift};
use rules::procedure::{
    About, AgencyRule, ClockEffect, Consult, Finding, Procedure, Process, Step, StepTask, Wait, WaitExit,
    WaitKind,
};
use rules::words;
use rules::words::procedure as said;

/// Who may do a step; those who settle no dossier are not offered, but shown where a file names them.
const ROLES: [Role; 5] = [Role::Specialist, Role::Head, Role::Leader, Role::Clerk, Role::Counter];

#[derive(Debug)]
pub(super) struct Flow {
    pub(super) steps: Vec<StepRow>,
    pub(super) waits: Vec<WaitRow>,
    pub(super) step_names: Vec<Choice>,
    pub(super) roles: Vec<Choice>,
    pub(super) agencies: Vec<Choice>,
    pub(super) units: Vec<Choice>,
    pub(super) tasks: Vec<Choice>,
    pub(super) wait_kinds: Vec<Choice>,
    pub(super) exits: Vec<Choice>,
    pub(super) effects: Vec<Choice>,
}

#[derive(Debug)]
pub(super) struct StepRow {
    pub(super) row: Row,
    /// Who, how long, where to, in a line.
    pub(super) detail: String,
    pub(super) is_open: bool,
    pub(super) findings: Vec<FindingLine>,
    /// The names of the selects for the ways on and back; the last of each is empty.
    pub(super) next: Vec<String>,
    pub(super) back: Vec<String>,
    pub(super) consults: Vec<ConsultRow>,
    /// How the clock may stop here.
    pub(super) stops: String,
    /// Nothing branches off where the way ends.
    pub(super) may_branch: bool,
}

#[derive(Debug)]
pub(super) struct ConsultRow {
    pub(super) at: String,
    pub(super) remove: String,
}

impl ConsultRow {
    pub(super) fn f(&self, field: &str) -> String {
        format!("{}{field}", self.at)
    }
}

#[derive(Debug)]
pub(super) struct WaitRow {
    pub(super) row: Row,
    pub(super) findings: Vec<FindingLine>,
    /// Where it begins is unfolded: something is wrong with the steps that are ticked.
    pub(super) is_open: bool,
}

/// What the sheet shows; `open` is the step whose fields are unfolded, besides those with a fault.
pub(super) fn flow(
    draft: &Procedure,
    findings: &[(Finding, FindingLine)],
    open: Option<usize>,
    form: &FormState,
) -> Flow {
    let process = &draft.process;
    let about = |about: About| -> Vec<FindingLine> {
        findings.iter().filter(|(found, _)| found.about == about).map(|(_, line)| line.clone()).collect()
    };
    let rows = Row::of("buoc", process.steps.iter().map(|step| step.name.clone()));
    let steps = rows.into_iter().zip(&process.steps).map(|(row, step)| {
        let findings = about(About::Step(step.id.clone()));
        StepRow {
            detail: format!("{} · {}", who(step), words::limit(step.allowance)),
            is_open: open == Some(row.nth)
                || form.errs_in(&row.at)
                || findings.iter().any(|line| line.is_fault),
            findings,
            next: (0..=step.next.len()).map(|nth| row.f(&format!("tiep{nth}"))).collect(),
            back: (0..=step.back_to.len()).map(|nth| row.f(&format!("lui{nth}"))).collect(),
            consults: (0..step.consults.len())
                .map(|nth| ConsultRow {
                    at: row.f(&format!("yk{nth}-")),
                    remove: format!("bo:y-kien:{}:{nth}", row.nth),
                })
                .collect(),
            stops: stops(process, step),
            may_branch: step.task != StepTask::HandOver,
            row,
        }
    });
    let rows = Row::of("cho", process.waits.iter().map(|wait| said::wait(wait.what).to_owned()));
    let waits = rows.into_iter().zip(&process.waits).map(|(row, wait)| {
        let findings = about(About::Wait(wait.what));
        let is_open = form.errs_in(&row.f("buoc")) || findings.iter().any(|line| line.is_fault);
        WaitRow { row, findings, is_open }
    });
    let known = process.steps.iter().map(|step| Choice::new(&step.id, &step.name));
    Flow {
        steps: steps.collect(),
        waits: waits.collect(),
        step_names: known.chain(unknown(process)).collect(),
        roles: roles(process),
        agencies: agencies(),
        units: units(),
        tasks: choices(&StepTask::ALL, |task| words::step_task(*task).to_owned()),
        wait_kinds: choices(&WaitKind::ALL, |what| said::wait(*what).to_owned()),
        exits: choices(&[WaitExit::Close, WaitExit::Resume], |exit| said::wait_exit(*exit).to_owned()),
        effects: choices(&ClockEffect::ALL, |effect| said::clock_effect(*effect).to_owned()),
    }
}

/// `Chuyên viên, cơ quan giải quyết`
pub(super) fn who(step: &Step) -> String {
    format!("{}, {}", words::role(step.role), said::agency(&step.agency))
}

/// What may stop the clock at a step.
pub(super) fn stops(process: &Process, step: &Step) -> String {
    let waits = process.waits.iter().filter(|wait| wait.clock != ClockEffect::Runs && wait.begins_at(step));
    let waits = waits.map(|wait| said::wait(wait.what));
    let asks = step.consults.iter().any(|asked| asked.clock == ClockEffect::Pauses).then_some("chờ ý kiến");
    waits.chain(asks).collect::<Vec<_>>().join(", ")
}

/// Steps that ways lead to or waits begin at and that are not there: named, so that a save does not lose them unseen.
fn unknown(process: &Process) -> Vec<Choice> {
    let ways = process.steps.iter().flat_map(|step| step.next.iter().chain(&step.back_to));
    let waits = process.waits.iter().flat_map(|wait| &wait.steps);
    let mut ids: Vec<&String> = ways.chain(waits).filter(|id| process.step(id).is_none()).collect();
    ids.sort();
    ids.dedup();
    ids.into_iter().map(|id| Choice::new(id, format!("“{id}” (không có bước này)"))).collect()
}

fn roles(process: &Process) -> Vec<Choice> {
    let mut roles = ROLES.to_vec();
    for step in &process.steps {
        if !roles.contains(&step.role) {
            roles.push(step.role);
        }
    }
    choices(&roles, |role| words::role(*role).to_owned())
}

pub(super) fn fill(draft: &Procedure) -> FormState {
    let process = &draft.process;
    let form = FormState::default().with("quyet-dinh", &process.decision);
    let form = process.steps.iter().enumerate().fold(form, |form, (nth, step)| fill_step(form, nth, step));
    process.waits.iter().enumerate().fold(form, |form, (nth, wait)| {
        let at = format!("cho{nth}-");
        let form = form
            .with("cho", nth.to_string())
            .with(format!("{at}viec"), word(&wait.what))
            .with(format!("{at}het"), word(&wait.exit))
            .with(format!("{at}dong-ho"), word(&wait.clock));
        let form = with_limit(form, &format!("{at}han"), wait.limit);
        wait.steps.iter().fold(form, |form, step| form.with(format!("{at}buoc"), step))
    })
}

fn fill_step(form: FormState, nth: usize, step: &Step) -> FormState {
    let at = format!("buoc{nth}-");
    let form = form
        .with("buoc", nth.to_string())
        .with(format!("{at}id"), &step.id)
        .with(format!("{at}ten"), &step.name)
        .with(format!("{at}vai"), word(&step.role))
        .with(format!("{at}viec"), word(&step.task));
    let form = with_agency(form, &format!("{at}noi"), &step.agency);
    let form = with_limit(form, &format!("{at}han"), step.allowance);
    let way =
        |form: FormState, (nth, to): (usize, &String), name: &str| form.with(format!("{at}{name}{nth}"), to);
    let form = step.next.iter().enumerate().fold(form, |form, to| way(form, to, "tiep"));
    let form = step.back_to.iter().enumerate().fold(form, |form, to| way(form, to, "lui"));
    step.consults.iter().enumerate().fold(form, |form, (nth, asked)| {
        let asked_at = format!("{at}yk{nth}-");
        let form = form
            .with(format!("{at}yk"), nth.to_string())
            .with(format!("{asked_at}id"), &asked.id)
            .with(format!("{asked_at}hoi"), &asked.question)
            .with(format!("{asked_at}dong-ho"), word(&asked.clock));
        let form = with_agency(form, &format!("{asked_at}noi"), &asked.agency);
        with_limit(form, &format!("{asked_at}han"), asked.allowance)
    })
}

pub(super) fn read(base: &Procedure, posted: &Posted) -> Result<Procedure, Box<Unread>> {
    let mut typed = Typed::of(posted);
    let decision = typed.text("quyet-dinh");
    let steps = typed.rows("buoc").iter().map(|at| step(&mut typed, at)).collect();
    let rows = typed.rows("cho");
    let waits = rows.iter().enumerate().map(|(nth, at)| {
        let before = base.process.waits.get(nth).map(|wait| wait.steps.as_slice()).unwrap_or_default();
        Wait {
            what: typed.one_of(&format!("{at}viec"), WaitKind::Supplement),
            steps: in_order_of(before, posted.all(&format!("{at}buoc"))),
            limit: typed.limit(&format!("{at}han")),
            exit: typed.one_of(&format!("{at}het"), WaitExit::Close),
            clock: typed.one_of(&format!("{at}dong-ho"), ClockEffect::Pauses),
        }
    });
    let waits = waits.collect();
    typed.done(Procedure { process: Process { decision, steps, waits }, ..base.clone() })
}

/// Boxes are sent in the order of the page; what was ticked before keeps the order it had.
fn in_order_of<'t>(before: &[String], ticked: impl Iterator<Item = &'t str>) -> Vec<String> {
    let ticked: Vec<&str> = ticked.collect();
    let kept = before.iter().filter(|id| ticked.contains(&id.as_str())).cloned();
    let new = ticked.iter().filter(|id| !before.iter().any(|known| known == *id)).map(|id| (*id).to_owned());
    kept.chain(new).collect()
}

fn step(typed: &mut Typed<'_>, at: &str) -> Step {
    let asked = typed.rows(&format!("{at}yk"));
    Step {
        id: typed.text(&format!("{at}id")),
        name: typed.required(&format!("{at}ten"), "Ghi tên bước"),
        role: typed.one_of(&format!("{at}vai"), Role::Specialist),
        agency: typed.agency(&format!("{at}noi")),
        allowance: typed.limit(&format!("{at}han")),
        task: typed.one_of(&format!("{at}viec"), StepTask::Verify),
        next: typed.chosen(&format!("{at}tiep")),
        back_to: typed.chosen(&format!("{at}lui")),
        consults: asked
            .iter()
            .map(|at| Consult {
                id: typed.text(&format!("{at}id")),
                agency: typed.agency(&format!("{at}noi")),
                question: typed.required(&format!("{at}hoi"), "Ghi nội dung xin ý kiến"),
                allowance: typed.limit(&format!("{at}han")),
                clock: typed.one_of(&format!("{at}dong-ho"), ClockEffect::Runs),
            })
            .collect(),
    }
}

pub(super) fn edit(mut draft: Procedure, edit: &Edit) -> Procedure {
    let process = &mut draft.process;
    let new_step = |process: &Process| {
        Step::blank(fresh_id("buoc", process.steps.iter().map(|step| step.id.as_str())), "Bước mới")
    };
    match edit {
        Edit::Add { what, at } if what == "buoc" => process.insert_after(*at, new_step(process)),
        Edit::Branch { at } => process.branch_at(*at, new_step(process)),
        Edit::Shift { what, at, by } if what == "buoc" => shift(&mut process.steps, *at, *by),
        Edit::Remove { what, at, .. } if what == "buoc" => process.remove_step(*at),
        Edit::Add { what, at } if what == "y-kien" => {
            if let Some(step) = process.steps.get_mut(*at) {
                let id = fresh_id("y-kien", step.consults.iter().map(|asked| asked.id.as_str()));
                step.consults.push(Consult {
                    id,
                    agency: AgencyRule::LevelAbove,
                    question: "Nội dung cần hỏi".to_owned(),
                    allowance: Limit::WorkingDays(1),
                    clock: ClockEffect::Pauses,
                });
            }
        }
        Edit::Remove { what, of, at } if what == "y-kien" => {
            let consults = process.steps.get_mut(*of).map(|step| &mut step.consults);
            if let Some(consults) = consults.filter(|consults| *at < consults.len()) {
                consults.remove(*at);
            }
        }
        Edit::Add { what, .. } if what == "cho" => {
            let has = |what: &WaitKind| process.waits.iter().any(|wait| wait.what == *what);
            let what = WaitKind::ALL.into_iter().find(|what| !has(what)).unwrap_or(WaitKind::Halt);
            let clock = match what {
                WaitKind::Supplement => ClockEffect::Restarts,
                WaitKind::Payment | WaitKind::Halt => ClockEffect::Pauses,
            };
            let limit = Limit::WorkingDays(15);
            process.waits.push(Wait { what, steps: Vec::new(), limit, exit: WaitExit::Close, clock });
        }
        edit => move_row(&mut process.waits, "cho", edit),
    }
    draft
}
