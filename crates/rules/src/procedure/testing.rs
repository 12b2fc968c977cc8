//! For tests only, here and in the crates above: random procedures drawn from a seed. What
//! [`random_sound_procedure`] gives is sound by how it is built, which a test holds against the proof.

use super::{
    AdmissibleForm, AgencyRule, Case, Channel, ChannelTerms, ClockEffect, Component, Consult, Custody,
    DigitisationClass, Fee, Procedure, Process, Required, ResultType, Step, StepTask, SystemOfRecord,
    Validity, Verdict, Wait, WaitExit, WaitKind,
};
use crate::calendar::Limit;
use crate::people::Role;
use jiff::civil::date;

/// Numbers that look drawn and come again with the same seed (splitmix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n.max(1) as u64).unwrap_or_default()
    }

    /// True once in `n` times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn one_of<'t, T>(&mut self, among: &'t [T]) -> &'t T {
        &among[self.below(among.len())]
    }

    fn number(&mut self, from: u32, to: u32) -> u32 {
        from + u32::try_from(self.below((to - from + 1) as usize)).unwrap_or_default()
    }
}

/// A sound procedure of one to three cases, settled by the agency that receives it; an opinion, where
/// one is asked for, comes from the level above.
pub fn random_sound_procedure(seed: u64) -> Procedure {
    let mut dice = Dice::new(seed);
    let process = sound_process(&mut dice);
    let minutes: u32 = process.steps.iter().map(|step| super::timing::most_minutes(step.allowance)).sum();
    let cases = (0..=dice.below(3)).map(|nth| case(&mut dice, nth, minutes)).collect();
    Procedure {
        code: format!("9.{:06}", seed % 1_000_000).parse().expect("the shape of a national code"),
        revision: 1,
        name: format!("Thủ tục ngẫu nhiên {seed}"),
        field: "Thử nghiệm".to_owned(),
        valid_from: date(2025, 7, 1),
        valid_to: dice.once_in(4).then(|| date(2099, 12, 31)),
        decision: format!("{seed}/QĐ-TN"),
        competent: AgencyRule::Receiving,
        synonyms: (0..dice.below(3)).map(|nth| format!("tên gọi {nth}")).collect(),
        cases,
        results: results(&mut dice),
        process,
        system: SystemOfRecord::Own,
        linked: Vec::new(),
        supplement_within: dice.once_in(3).then_some(Limit::WorkingDays(3)),
        notes: Vec::new(),
    }
}

fn results(dice: &mut Dice) -> Vec<ResultType> {
    let result = |id: &str, verdict, validity| ResultType {
        id: id.to_owned(),
        code: format!("TN{}", id.to_uppercase().replace('-', "")),
        name: format!("Văn bản {id}"),
        form: "ket-qua-chung".to_owned(),
        symbol: "UBND-TN".to_owned(),
        validity,
        scope: "Toàn quốc".to_owned(),
        verdict,
    };
    let validity = match dice.below(2) {
        0 => Validity::Indefinite,
        _ => Validity::Months(6),
    };
    vec![result("cap", Verdict::Grants, validity), result("tu-choi", Verdict::Refuses, Validity::Indefinite)]
}

fn case(dice: &mut Dice, nth: usize, minutes: u32) -> Case {
    let days = minutes.div_ceil(480).max(1) + dice.number(0, 3);
    let mut channels = Vec::new();
    for channel in Channel::ALL {
        if channel != Channel::Direct && dice.once_in(3) {
            continue;
        }
        let limit = match dice.below(5) {
            0 => Limit::WorkingHours(minutes.div_ceil(60) + dice.number(0, 16)),
            1 => Limit::CalendarDays(days * 2 + 2),
            2 if minutes <= 480 => Limit::SameDay,
            _ => Limit::WorkingDays(days),
        };
        let fee =
            Fee { name: "Lệ phí".to_owned(), amount: i64::from(dice.number(1, 50)) * 1000, note: None };
        let fees = if dice.once_in(2) { vec![fee] } else { Vec::new() };
        channels.push(ChannelTerms { channel, limit, fees });
    }
    let components = (0..dice.below(4)).map(|nth| component(dice, nth)).collect();
    Case {
        id: format!("truong-hop-{nth}"),
        name: format!("Trường hợp {nth}"),
        components,
        channels,
        result: "cap".to_owned(),
    }
}

fn component(dice: &mut Dice, nth: usize) -> Component {
    let (form, digitise) = match dice.below(3) {
        0 => (AdmissibleForm::Original, DigitisationClass::Management),
        1 => (AdmissibleForm::Photocopy, DigitisationClass::ByForm),
        _ => (AdmissibleForm::Shown, DigitisationClass::ByForm),
    };
    Component {
        id: format!("giay-{nth}"),
        name: format!("Giấy số {nth}"),
        paper_type: "GIAYTN".to_owned(),
        originals: u8::from(form == AdmissibleForm::Original),
        copies: u8::from(form == AdmissibleForm::Photocopy),
        form,
        digitise,
        replaced_by: Vec::new(),
        anew: false,
        required: if dice.once_in(3) { Required::IfAny } else { Required::Always },
        custody: Custody::Kept,
        note: None,
    }
}

/// Steps in layers: each step of a layer leads to steps of the next. The layers of draft, signature,
/// seal and hand-over are never passed by.
fn sound_process(dice: &mut Dice) -> Process {
    use StepTask::{Approve, Assign, Draft, Examine, HandOver, Seal, Sign, Verify};
    let mut layers: Vec<Vec<StepTask>> = Vec::new();
    if dice.once_in(2) {
        layers.push(vec![Assign]);
    }
    for _ in 0..dice.below(3) {
        layers.push((0..=dice.below(2)).map(|_| *dice.one_of(&[Examine, Verify])).collect());
    }
    layers.push(vec![Draft; 1 + dice.below(2)]);
    if dice.once_in(2) {
        layers.push((0..=dice.below(2)).map(|_| *dice.one_of(&[Approve, Examine])).collect());
    }
    layers.push(vec![Sign; 1 + dice.below(2)]);
    let n_before_seal = layers.len();
    layers.push(vec![Seal]);
    layers.push(vec![HandOver; 1 + usize::from(dice.once_in(4))]);
    let mut steps: Vec<Vec<Step>> = Vec::new();
    for tasks in layers {
        let n_before: usize = steps.iter().map(Vec::len).sum();
        steps.push(
            tasks.into_iter().enumerate().map(|(nth, task)| step(dice, n_before + nth, task)).collect(),
        );
    }
    // A dossier has one beginning.
    steps[0].truncate(1);
    join(dice, &mut steps);
    send_back(dice, &mut steps, n_before_seal);
    let steps: Vec<Step> = steps.into_iter().flatten().collect();
    let waits = waits(dice, &steps);
    Process { decision: "Quy trình ngẫu nhiên".to_owned(), steps, waits }
}

fn step(dice: &mut Dice, nth: usize, task: StepTask) -> Step {
    let role = match task {
        StepTask::Assign | StepTask::Approve => Role::Head,
        StepTask::Examine | StepTask::Verify | StepTask::Draft => Role::Specialist,
        StepTask::Sign => Role::Leader,
        StepTask::Seal => Role::Clerk,
        StepTask::HandOver => Role::Counter,
    };
    let agency = if task == StepTask::HandOver { AgencyRule::Receiving } else { AgencyRule::Competent };
    let hours = dice.number(1, 8);
    let asks = matches!(task, StepTask::Examine | StepTask::Verify) && dice.once_in(3);
    let consults = (0..if asks { 1 + dice.below(2) } else { 0 }).map(|nth| Consult {
        id: format!("y-kien-{nth}"),
        agency: AgencyRule::LevelAbove,
        question: format!("Ý kiến {nth}"),
        allowance: Limit::WorkingHours(dice.number(1, hours)),
        clock: *dice.one_of(&[ClockEffect::Runs, ClockEffect::Pauses]),
    });
    Step {
        id: format!("buoc-{nth}"),
        name: format!("Bước {nth}"),
        role,
        agency,
        consults: consults.collect(),
        allowance: Limit::WorkingHours(hours),
        task,
        next: Vec::new(),
        back_to: Vec::new(),
    }
}

/// Each step leads to one or all of the next layer, and no step of a layer is left without a way to it.
fn join(dice: &mut Dice, layers: &mut [Vec<Step>]) {
    for nth in 1..layers.len() {
        let (before, after) = layers.split_at_mut(nth);
        let (before, after) = (before.last_mut().expect("`nth` is not the first"), &after[0]);
        for (place, step) in before.iter_mut().enumerate() {
            step.next.push(after[place % after.len()].id.clone());
            for other in after {
                if !step.next.contains(&other.id) && (place == 0 || dice.once_in(2)) {
                    step.next.push(other.id.clone());
                }
            }
        }
    }
}

/// Ways back to steps of the layers before; those who sign and approve always have one. Nothing is sent
/// back past the signature it needs, nor out of the hand-over.
fn send_back(dice: &mut Dice, layers: &mut [Vec<Step>], n_before_seal: usize) {
    for nth in 1..=n_before_seal {
        let (before, rest) = layers.split_at_mut(nth);
        for step in &mut rest[0] {
            let must = matches!(step.task, StepTask::Sign | StepTask::Approve);
            if !must && dice.once_in(2) {
                continue;
            }
            for earlier in before.iter().rev().flatten() {
                // One way there is enough to be earlier.
                let leads_here = leads_to(before, earlier, &step.id);
                if leads_here && (step.back_to.is_empty() || dice.once_in(3)) {
                    step.back_to.push(earlier.id.clone());
                }
            }
        }
    }
}

fn leads_to(layers: &[Vec<Step>], from: &Step, to: &str) -> bool {
    from.next.iter().any(|next| {
        next == to
            || layers
                .iter()
                .flatten()
                .find(|step| step.id == *next)
                .is_some_and(|step| leads_to(layers, step, to))
    })
}

fn waits(dice: &mut Dice, steps: &[Step]) -> Vec<Wait> {
    let mut waits = vec![Wait {
        what: WaitKind::Supplement,
        steps: Vec::new(),
        limit: Limit::WorkingDays(dice.number(5, 30)),
        exit: WaitExit::Close,
        clock: *dice.one_of(&[ClockEffect::Restarts, ClockEffect::Pauses]),
    }];
    for what in [WaitKind::Payment, WaitKind::Halt] {
        if dice.once_in(3) {
            continue;
        }
        let before_seal: Vec<&Step> = steps.iter().filter(|step| step.task < StepTask::Seal).collect();
        let chosen = match dice.below(2) {
            0 => Vec::new(),
            _ => vec![dice.one_of(&before_seal).id.clone()],
        };
        waits.push(Wait {
            what,
            steps: chosen,
            limit: Limit::CalendarDays(dice.number(5, 60)),
            exit: *dice.one_of(&[WaitExit::Close, WaitExit::Resume]),
            clock: *dice.one_of(&[ClockEffect::Pauses, ClockEffect::Runs]),
        });
    }
    waits
}

#[cfg(test)]
mod tests {
    use super::random_sound_procedure;
    use std::collections::BTreeSet;

    #[test]
    fn every_procedure_drawn_is_sound() {
        let (mut shapes, mut n_branches) = (BTreeSet::new(), 0);
        for seed in 0..20_000 {
            let procedure = random_sound_procedure(seed);
            assert_eq!(procedure.faults(), [], "seed {seed}");
            assert_eq!(procedure.advice(), [], "seed {seed}");
            n_branches += usize::from(procedure.process.steps.iter().any(|step| step.next.len() > 1));
            shapes.insert(procedure.process.steps.iter().map(|step| step.task).collect::<Vec<_>>());
        }
        assert!(shapes.len() > 100 && n_branches > 2_000, "{} shapes, {n_branches} branch", shapes.len());
        assert_eq!(random_sound_procedure(7), random_sound_procedure(7));
    }
}
