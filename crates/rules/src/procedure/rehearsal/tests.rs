//! The kite of the tests, received on a Monday morning, by the calendar that ships.

use super::{Doing, End, Rehearsed, Sample, Unrehearsed, rehearse};
use crate::calendar::{Counting, Limit};
use crate::procedure::tests::kite;
use crate::procedure::{Channel, ClockEffect, Procedure, WaitKind};
use crate::sample::{at, calendar, shipped};
use crate::words;
use std::collections::BTreeMap;

fn sample() -> Sample<'static> {
    Sample {
        case: "dieu-nho",
        channel: Channel::Direct,
        received_at: at("2026-11-23T08:00"),
        ways: BTreeMap::new(),
        waits: BTreeMap::new(),
    }
}

fn of<'p>(procedure: &'p Procedure, sample: &Sample<'_>) -> Result<Rehearsed<'p>, Unrehearsed> {
    rehearse(procedure, sample, calendar(), Counting::Hours)
}

fn steps<'p>(rehearsed: &Rehearsed<'p>) -> Vec<&'p str> {
    rehearsed.legs.iter().map(|leg| leg.step.id.as_str()).collect()
}

#[test]
fn each_step_takes_all_it_may_on_the_proposed_way() {
    let kite = kite();
    let rehearsed = of(&kite, &sample()).expect("it is sound");
    assert_eq!(steps(&rehearsed), ["ngo", "viet", "duyet", "dau"]);
    let ends: Vec<String> = rehearsed.legs.iter().map(|leg| words::moment(leg.until)).collect();
    // Between them lie the midday rest, an evening and the day of culture.
    assert_eq!(ends, ["14:00 23/11/2026", "08:00 25/11/2026", "10:00 25/11/2026", "14:00 25/11/2026"]);
    assert!(rehearsed.legs.windows(2).all(|pair| pair[0].until == pair[1].from), "no gap between the legs");
    assert_eq!(rehearsed.due, rehearsed.promised);
    // 4 + 4 + 2 + 2 hours, of three days.
    let End::Ready { at: ready, late_minutes: 0 } = rehearsed.end else { panic!("{:?}", rehearsed.end) };
    assert_eq!(ready, rehearsed.legs[3].until);
    assert!(ready < rehearsed.due.at);
}

#[test]
fn the_other_way_is_taken_where_it_is_chosen() {
    let kite = kite();
    let ways = BTreeMap::from([
        ("ngo".to_owned(), "hoi".to_owned()),
        // Not a way of that step: the proposed one is taken.
        ("hoi".to_owned(), "dua".to_owned()),
    ]);
    let rehearsed = of(&kite, &Sample { ways, ..sample() }).expect("it is sound");
    assert_eq!(steps(&rehearsed), ["ngo", "hoi", "viet", "duyet", "dau"]);
}

#[test]
fn a_supplement_begins_the_limit_anew_and_a_halt_adds_its_time() {
    let kite = kite();
    let waits = |nth: usize, days: u32| Sample { waits: BTreeMap::from([(nth, days)]), ..sample() };
    let supplement = of(&kite, &waits(0, 3)).expect("it is sound");
    assert_eq!(supplement.legs[0].doing, Doing::Waits(WaitKind::Supplement));
    assert_eq!(supplement.legs[0].step.id, "ngo", "where it may begin first");
    let (from, until) = (supplement.legs[0].until, supplement.due.at);
    let fresh = of(&kite, &Sample { received_at: from, ..sample() }).expect("it is sound");
    assert_eq!(until, fresh.promised.at, "as if received when the papers came");
    let halt = of(&kite, &waits(1, 2)).expect("it is sound");
    assert_eq!(halt.legs[2].doing, Doing::Waits(WaitKind::Halt));
    assert_eq!(halt.legs[2].step.id, "duyet");
    let moved = calendar()
        .working_minutes_between(
            crate::calendar::legal_time(halt.promised.at),
            crate::calendar::legal_time(halt.due.at),
        )
        .expect("the calendar knows these days");
    assert_eq!(moved, 2 * 8 * 60);
    assert!(matches!(halt.end, End::Ready { late_minutes: 0, .. }));
}

#[test]
fn an_applicant_who_never_comes_back_ends_it() {
    let kite = kite();
    let rehearsed = of(&kite, &Sample { waits: BTreeMap::from([(0, 21)]), ..sample() }).expect("it is sound");
    let End::Closed { at, what: WaitKind::Supplement } = rehearsed.end else { panic!("{:?}", rehearsed.end) };
    assert_eq!((at, rehearsed.legs.len()), (rehearsed.legs[0].until, 1));
    // After its last lawful day a halt goes on by itself.
    let halted = of(&kite, &Sample { waits: BTreeMap::from([(1, 60)]), ..sample() }).expect("it is sound");
    assert!(matches!(halted.end, End::Ready { .. }));
}

#[test]
fn steps_that_take_too_long_are_late_by_so_much() {
    let mut slow = kite();
    slow.process.steps[0].allowance = Limit::WorkingDays(3);
    let rehearsed = of(&slow, &sample()).expect("it goes to the end");
    // 3 days, 4 + 2 + 2 hours, of three days.
    let End::Ready { late_minutes, .. } = rehearsed.end else { panic!("{:?}", rehearsed.end) };
    assert_eq!(late_minutes, 8 * 60);
}

#[test]
fn opinions_for_which_the_clock_stands_are_awaited() {
    let mut asking = kite();
    asking.process.steps.remove(0);
    asking.process.steps[0].consults[0].clock = ClockEffect::Pauses;
    let rehearsed = of(&asking, &sample()).expect("it goes to the end");
    assert_eq!(rehearsed.legs[0].doing, Doing::AwaitsOpinions);
    assert!(rehearsed.due.at > rehearsed.promised.at);
}

#[test]
fn what_cannot_be_rehearsed_is_said() {
    let of_kite = |change: fn(&mut Procedure), sample: Sample<'_>| {
        let mut procedure = kite();
        change(&mut procedure);
        of(&procedure, &sample).expect_err("it cannot be rehearsed")
    };
    let keep = |_: &mut Procedure| {};
    assert_eq!(of_kite(keep, Sample { case: "khac", ..sample() }), Unrehearsed::NotOffered);
    assert_eq!(of_kite(keep, Sample { channel: Channel::Online, ..sample() }), Unrehearsed::NotOffered);
    assert_eq!(of_kite(|p| p.process.steps.clear(), sample()), Unrehearsed::NoStep);
    let circle = of_kite(|p| p.process.steps[2].next = vec!["ngo".to_owned()], sample());
    assert_eq!(circle, Unrehearsed::Circle { step: "Ngó qua".to_owned() });
    let beyond = of_kite(keep, Sample { received_at: at("2035-11-23T08:00"), ..sample() });
    assert!(matches!(beyond, Unrehearsed::Calendar(_)));
    for why in [Unrehearsed::NotOffered, Unrehearsed::NoStep, circle, beyond] {
        assert!(why.to_string().contains(". "), "it says what to do: {why}");
    }
    let mut endless = kite();
    endless.process.steps.truncate(2);
    assert_eq!(of(&endless, &sample()).expect("it goes as far as it goes").end, End::NoResult);
}

#[test]
fn what_ships_is_ready_in_time_in_every_case() {
    let shipped = shipped();
    for case in &shipped.cases {
        for terms in &case.channels {
            let sample = Sample { case: &case.id, channel: terms.channel, ..sample() };
            let rehearsed = of(&shipped, &sample).expect("it is sound");
            assert!(matches!(rehearsed.end, End::Ready { late_minutes: 0, .. }), "{}", case.name);
        }
    }
}
