//! The proof held against a plain simulation that tries everything a dossier could do, over thousands
//! of small random processes: both find the same faults, and every way the proof gives can be walked.

use crate::calendar::Limit;
use crate::people::Role;
use crate::procedure::testing::Dice;
use crate::procedure::{
    AgencyRule, ClockEffect, Move, ProcedureFault, Process, Step, StepTask, Wait, WaitExit, WaitKind, Way,
};
use std::collections::BTreeSet;

fn step(id: String, task: StepTask) -> Step {
    Step {
        name: format!("Bước {id}"),
        id,
        role: Role::Specialist,
        agency: AgencyRule::Competent,
        allowance: Limit::WorkingHours(1),
        task,
        next: Vec::new(),
        back_to: Vec::new(),
        consults: Vec::new(),
    }
}

/// Up to six steps. Half of them begin as a lawful chain, or hardly any would be sound.
fn small_process(dice: &mut Dice) -> Process {
    let lawful = [StepTask::Draft, StepTask::Sign, StepTask::Seal, StepTask::HandOver];
    let tasks: Vec<StepTask> = if dice.once_in(2) {
        let mut tasks: Vec<StepTask> = lawful.into();
        for _ in 0..dice.below(3) {
            tasks.insert(dice.below(4), *dice.one_of(&StepTask::ALL[..5]));
        }
        tasks
    } else {
        (0..=dice.below(6)).map(|_| *dice.one_of(&StepTask::ALL)).collect()
    };
    let n_steps = tasks.len();
    let mut steps: Vec<Step> =
        tasks.into_iter().enumerate().map(|(nth, task)| step(nth.to_string(), task)).collect();
    for (nth, step) in steps.iter_mut().enumerate() {
        if nth + 1 < n_steps && !dice.once_in(12) {
            step.next.push((nth + 1).to_string());
        }
        if dice.once_in(6) {
            step.next.push(dice.below(n_steps).to_string());
        }
        if step.task != StepTask::HandOver && (dice.once_in(3) || step.task == StepTask::Sign) && nth > 0 {
            step.back_to.push(dice.below(nth).to_string());
        }
        if dice.once_in(40) {
            step.back_to.push(dice.below(n_steps).to_string());
        }
        step.next.sort();
        step.next.dedup();
        step.back_to.sort();
        step.back_to.dedup();
    }
    let waits = (0..dice.below(3)).map(|_| Wait {
        what: *dice.one_of(&[WaitKind::Supplement, WaitKind::Payment, WaitKind::Halt]),
        steps: (0..dice.below(3)).map(|_| dice.below(n_steps + 1).to_string()).collect(),
        limit: Limit::WorkingDays(1),
        exit: *dice.one_of(&[WaitExit::Close, WaitExit::Resume]),
        clock: ClockEffect::Pauses,
    });
    Process { decision: String::new(), waits: waits.collect(), steps }
}

/// A dossier as the simulation moves it: where it is, and what has been done to its paper.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Toy {
    at: String,
    drafted: bool,
    signed: bool,
    sealed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Trouble {
    TooEarly,
    TooLate,
}

impl Toy {
    fn new(process: &Process) -> Self {
        Self { at: process.steps[0].id.clone(), drafted: false, signed: false, sealed: false }
    }

    fn step<'p>(&self, process: &'p Process) -> &'p Step {
        process.steps.iter().find(|step| step.id == self.at).expect("it is at a step")
    }

    /// Why the task of the step cannot be done now.
    fn trouble(&self, process: &Process) -> Option<Trouble> {
        let task = self.step(process).task;
        if self.sealed {
            return (task != StepTask::HandOver).then_some(Trouble::TooLate);
        }
        match task {
            StepTask::HandOver => Some(Trouble::TooEarly),
            StepTask::Seal if !self.signed => Some(Trouble::TooEarly),
            StepTask::Draft | StepTask::Approve | StepTask::Sign if self.signed => Some(Trouble::TooLate),
            StepTask::Approve | StepTask::Sign if !self.drafted => Some(Trouble::TooEarly),
            _ => None,
        }
    }

    fn is_over(&self, process: &Process) -> bool {
        self.sealed && self.step(process).task == StepTask::HandOver
    }

    fn everything_it_can_do(&self, process: &Process) -> Vec<(Move, Self)> {
        let step = self.step(process);
        let mut moves = Vec::new();
        if self.trouble(process).is_none() && step.task != StepTask::HandOver {
            for next in &step.next {
                let mut after = Self { at: next.clone(), ..self.clone() };
                match step.task {
                    StepTask::Draft => after.drafted = true,
                    StepTask::Sign => after.signed = true,
                    StepTask::Seal => after.sealed = true,
                    _ => {}
                }
                moves.push((Move::Forward, after));
            }
        }
        if !self.sealed {
            for earlier in &step.back_to {
                // Whoever signed has signed another draft than the one that comes back.
                moves.push((Move::Back, Self { at: earlier.clone(), signed: false, ..self.clone() }));
            }
        }
        moves
    }

    /// Everything it may ever become.
    fn futures(self, process: &Process) -> BTreeSet<Self> {
        let mut known = BTreeSet::new();
        let mut open = vec![self];
        while let Some(toy) = open.pop() {
            if known.insert(toy.clone()) {
                open.extend(toy.everything_it_can_do(process).into_iter().map(|(_, after)| after));
            }
        }
        known
    }
}

/// Every walk forward from `walk`'s last step that passes no step twice; says when one comes round.
fn walks_on(process: &Process, walk: &[String], passed: &mut BTreeSet<String>) -> bool {
    let here = walk.last().expect("a walk begins somewhere");
    passed.insert(here.clone());
    let step = process.steps.iter().find(|step| step.id == *here).expect("it is at a step");
    if step.task == StepTask::HandOver {
        return false;
    }
    let mut comes_round = false;
    for next in &step.next {
        if walk.contains(next) {
            comes_round = true;
        } else {
            comes_round |= walks_on(process, &[walk, std::slice::from_ref(next)].concat(), passed);
        }
    }
    comes_round
}

fn forward_of(process: &Process, from: &str) -> (BTreeSet<String>, bool) {
    let mut passed = BTreeSet::new();
    let comes_round = walks_on(process, &[from.to_owned()], &mut passed);
    (passed, comes_round)
}

/// What the simulation finds, in words that can be compared.
fn simulated(process: &Process) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let (passed, comes_round) = forward_of(process, &process.steps[0].id);
    if comes_round {
        found.insert("circle".to_owned());
    }
    for step in &process.steps {
        if !passed.contains(&step.id) {
            found.insert(format!("unreachable {}", step.id));
        }
        if step.task == StepTask::HandOver && !step.next.is_empty() {
            found.insert(format!("not the end {}", step.id));
        }
        if step.task == StepTask::HandOver && step.next.is_empty() && !step.back_to.is_empty() {
            found.insert(format!("back after seal {}", step.id));
        }
        if matches!(step.task, StepTask::Sign | StepTask::Approve) && step.back_to.is_empty() {
            found.insert(format!("cannot decline {}", step.id));
        }
        for to in &step.back_to {
            if *to == step.id || !forward_of(process, to).0.contains(&step.id) {
                found.insert(format!("not earlier {} {to}", step.id));
            }
        }
    }
    let futures = Toy::new(process).futures(process);
    for toy in &futures {
        if let Some(trouble) = toy.trouble(process) {
            found.insert(format!("{trouble:?} {}", toy.at));
        }
        let futures = toy.clone().futures(process);
        let ends = futures.iter().any(|later| later.is_over(process));
        let troubled = futures.iter().any(|later| later.trouble(process).is_some());
        if !ends && !troubled {
            found.insert("dead end".to_owned());
        }
    }
    found
}

fn proven(process: &Process) -> Vec<ProcedureFault> {
    let mut faults = Vec::new();
    super::collect(process, &mut faults);
    faults
}

/// The same words for a fault of the proof.
fn in_words(process: &Process, fault: &ProcedureFault) -> String {
    use ProcedureFault as Fault;
    match fault {
        Fault::Circle { .. } => "circle".to_owned(),
        Fault::Unreachable { step } => format!("unreachable {}", step.id),
        Fault::NotTheEnd { step } => format!("not the end {}", step.id),
        Fault::BackAfterSeal { step } => format!("back after seal {}", step.id),
        Fault::CannotDecline { step } => format!("cannot decline {}", step.id),
        Fault::NotEarlier { step, to } => format!("not earlier {} {}", step.id, to.id),
        Fault::DeadEnd { .. } => "dead end".to_owned(),
        Fault::Misplaced { way, .. } => {
            let toy = walked(process, way);
            format!("{:?} {}", toy.trouble(process).expect("the way shows trouble"), toy.at)
        }
        other => panic!("no fault of the ways between steps: {other:?}"),
    }
}

/// The toy after it went that way, each move of which it can do.
fn walked(process: &Process, way: &Way) -> Toy {
    let mut toy = Toy::new(process);
    assert_eq!(way.0[0].1.id, toy.at, "a way begins at the first step");
    for (by, place) in &way.0[1..] {
        let moves = toy.everything_it_can_do(process);
        let after = moves.into_iter().find(|(how, after)| how == by && after.at == place.id);
        toy = after.unwrap_or_else(|| panic!("no way {by:?} to {} in {way}: {process:?}", place.id)).1;
    }
    toy
}

/// What a way must show at its end.
fn check_way(process: &Process, fault: &ProcedureFault) {
    match fault {
        ProcedureFault::DeadEnd { way } => {
            let futures = walked(process, way).futures(process);
            assert!(!futures.iter().any(|toy| toy.is_over(process)), "{way}: {process:?}");
        }
        ProcedureFault::Circle { way } => {
            let ids: Vec<&String> = way.0.iter().map(|(_, place)| &place.id).collect();
            let (last, before) = ids.split_last().expect("it passes a step");
            assert!(before.contains(last), "{way} comes round");
            for pair in ids.windows(2) {
                let step = process.step(pair[0]).expect("a step");
                assert!(step.next.contains(pair[1]), "{way}: {process:?}");
            }
        }
        _ => {}
    }
}

#[test]
fn the_proof_finds_what_trying_everything_finds() {
    let mut dice = Dice::new(20_261_121);
    let (mut n_sound, mut kinds) = (0, BTreeSet::new());
    for _ in 0..30_000 {
        let process = small_process(&mut dice);
        let faults = proven(&process);
        let said: BTreeSet<String> = faults.iter().map(|fault| in_words(&process, fault)).collect();
        assert_eq!(said, simulated(&process), "{process:#?}");
        for fault in &faults {
            check_way(&process, fault);
        }
        kinds.extend(
            said.iter().map(|word| word.trim_end_matches(|c: char| c.is_numeric() || c == ' ').to_owned()),
        );
        n_sound += usize::from(faults.is_empty());
    }
    assert!(n_sound > 1_000, "only {n_sound} of the processes are sound");
    assert_eq!(kinds.len(), 9, "every kind is met: {kinds:?}");
}

/// What the simulation says of the waits, each looked at by itself.
fn waits_simulated(process: &Process) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let anywhere = [StepTask::Examine, StepTask::Verify, StepTask::Draft];
    let begins = |wait: &Wait, step: &Step| {
        wait.steps.contains(&step.id) || (wait.steps.is_empty() && anywhere.contains(&step.task))
    };
    for (nth, wait) in process.waits.iter().enumerate() {
        for id in &wait.steps {
            match process.steps.iter().find(|step| step.id == *id) {
                None => found.insert(format!("unknown {:?} {id}", wait.what)),
                Some(step) if step.task == StepTask::HandOver => {
                    found.insert(format!("after seal {:?} {id}", wait.what))
                }
                Some(_) => false,
            };
        }
        if wait.steps.is_empty() && !process.steps.iter().any(|step| begins(wait, step)) {
            found.insert(format!("nowhere {:?}", wait.what));
        }
        for step in &process.steps {
            let earlier =
                process.waits[..nth].iter().any(|other| other.what == wait.what && begins(other, step));
            if earlier && begins(wait, step) {
                found.insert(format!("twice {:?} {}", wait.what, step.id));
            }
        }
    }
    found
}

#[test]
fn waits_that_cannot_begin_or_end_are_found() {
    use ProcedureFault as Fault;
    let mut dice = Dice::new(7);
    let mut kinds = BTreeSet::new();
    for _ in 0..5_000 {
        let mut procedure = crate::sample::procedure();
        procedure.process = small_process(&mut dice);
        let mut faults = Vec::new();
        crate::procedure::waits::collect(&procedure, &mut faults);
        let said: BTreeSet<String> = faults
            .iter()
            .filter_map(|fault| match fault {
                Fault::WaitAtUnknownStep { what, step } => Some(format!("unknown {what:?} {step}")),
                Fault::WaitAfterSeal { what, step } => Some(format!("after seal {what:?} {}", step.id)),
                Fault::WaitNowhere { what } => Some(format!("nowhere {what:?}")),
                Fault::WaitTwice { what, step } => Some(format!("twice {what:?} {}", step.id)),
                _ => None,
            })
            .collect();
        assert_eq!(said, waits_simulated(&procedure.process), "{:#?}", procedure.process);
        kinds.extend(said.into_iter().filter_map(|word| word.split(' ').next().map(str::to_owned)));
    }
    assert_eq!(kinds.len(), 4, "every kind is met: {kinds:?}");
}
