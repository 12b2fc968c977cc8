//! Any acts in any order: what holds of every dossier, wherever the officers' hands have led it.

use super::{Dossier, Procedure, Terms};
use crate::calendar::Counting;
use crate::dossier::testing::{BESIDE, TRANSITIONS, Tally, Walk};
use crate::procedure::testing::{Dice, random_sound_procedure};
use crate::procedure::{ClockEffect, WaitExit};
use crate::sample::{at, intake, procedure, terms, whole};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::{any, prop_assert_eq, proptest};

/// The procedure with its waits and consults as this draw has them.
fn redrawn(mut procedure: Procedure, draw: &mut impl FnMut(usize) -> usize) -> Procedure {
    for wait in &mut procedure.process.waits {
        wait.exit = [WaitExit::Close, WaitExit::Resume][draw(2)];
        wait.clock = [wait.clock, ClockEffect::Pauses, ClockEffect::Runs][draw(3)];
    }
    for consult in procedure.process.steps.iter_mut().flat_map(|step| &mut step.consults) {
        consult.clock = [ClockEffect::Pauses, ClockEffect::Runs][draw(2)];
    }
    procedure
}

fn begun(procedure: &Procedure, draw: &mut impl FnMut(usize) -> usize) -> Dossier {
    let minutes = i64::try_from(draw(300 * 1_440)).expect("a year");
    let offered = &procedure.cases[0].channels;
    let channel = offered[draw(offered.len())].channel;
    let opened_at = at("2025-07-01T07:00") + SignedDuration::from_mins(minutes);
    Dossier { channel, opened_at, ..intake(procedure) }
}

fn last_day() -> Timestamp {
    at("2027-09-01T00:00")
}

/// One life: acts by chance, then home by what is said to come next.
fn live(seed: u64, n_acts: usize, tally: &mut Tally) -> Vec<Dossier> {
    let mut dice = Dice::new(seed);
    let mut draw = |below| dice.below(below);
    let part = redrawn(procedure(), &mut draw);
    let main = match draw(5) {
        0 | 1 => Procedure { process: part.process.clone(), ..whole() },
        2 | 3 => part.clone(),
        _ => random_sound_procedure(seed),
    };
    let counting = [Counting::Hours, Counting::Days][draw(2)];
    let terms = Terms { counting, ..terms() };
    let others = [part];
    let mut walk = Walk::new(begun(&main, &mut draw), &main, &others, terms, tally);
    // Of what has ended nothing more can be done; somebody tries all the same.
    let mut n_tries_left = 4;
    for _ in 0..n_acts {
        n_tries_left -= usize::from(walk.is_over());
        if n_tries_left == 0 || walk.now() > last_day() {
            break;
        }
        if let Err(broken) = walk.step(&mut draw) {
            panic!("seed {seed}: {broken}");
        }
    }
    if let Err(broken) = walk.go_home() {
        panic!("seed {seed}, on the way home: {broken}");
    }
    walk.dossiers().to_vec()
}

#[test]
fn a_hundred_thousand_acts_break_nothing_and_go_every_way_the_law_knows() {
    let mut tally = Tally::default();
    let mut seed = 0;
    while tally.tried < 100_000 {
        live(seed, 120, &mut tally);
        seed += 1;
    }
    assert!(tally.unlawful().is_empty(), "{:?}\n{tally}", tally.unlawful());
    let rare = [tally.rarer_than(100, TRANSITIONS), tally.rarer_than(5, BESIDE)].concat();
    assert!(rare.is_empty(), "{rare:?}\n{tally}");
    assert!(tally.done * 10 >= tally.tried * 3, "{tally}");
}

proptest! {
    /// What a life has come to is kept and opened again as it was.
    #[test]
    fn a_life_is_kept_as_it_was(seed in any::<u64>(), n_acts in 0_usize..60) {
        for dossier in live(seed, n_acts, &mut Tally::default()) {
            let text = serde_json::to_string(&(&dossier.state, &dossier.life, &dossier.clock)).expect("written");
            let opened = serde_json::from_str(&text).expect(&text);
            prop_assert_eq!((dossier.state, dossier.life, dossier.clock), opened);
        }
    }
}
