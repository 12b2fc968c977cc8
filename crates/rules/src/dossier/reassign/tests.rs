//! A dossier changes hands: same step, same clock, a reason, and only when it is in somebody's.

use crate::dossier::{AtStep, Dossier, DueMoment, Refused, State};
use crate::event::{Body, HandOverWay, SupplementItem};
use crate::id::OfficerId;
use crate::sample::{BINH, HOA, RESULT, at, intake, procedure, refusal};
use jiff::civil::date;

fn with(state: State) -> Dossier {
    Dossier { state, ..intake(&procedure()) }
}

fn at_step(officer: Option<OfficerId>) -> AtStep {
    AtStep { step: "xem".to_owned(), officer, result: Some(RESULT) }
}

/// Every state that lies at a step.
fn on_desk(officer: Option<OfficerId>) -> [State; 3] {
    let items = vec![SupplementItem { component: "don".to_owned(), what: "ghi rõ".to_owned() }];
    let until = DueMoment { at: at("2026-11-30T17:00"), on: date(2026, 11, 30) };
    [
        State::InProcess(at_step(officer)),
        State::AwaitingSupplement { at_step: at_step(officer), items, until: None },
        State::Halted { at_step: at_step(officer), reason: "chờ bản án".to_owned(), until },
    ]
}

#[test]
fn it_goes_to_another_hand_or_to_the_inbox_and_nothing_else_changes() {
    for state in on_desk(Some(HOA)) {
        for to in [Some(BINH), None] {
            let before = with(state.clone());
            let (after, body) = before.clone().reassign(to, "nghỉ ốm".to_owned()).expect("moved");
            assert_eq!(after.state.officer(), to);
            let reason = "nghỉ ốm".to_owned();
            assert_eq!(body, Body::Reassigned { step: "xem".to_owned(), from: HOA, to, reason });
            if to.is_some() {
                let (back, _) = after.reassign(Some(HOA), "đi làm lại".to_owned()).expect("moved back");
                assert_eq!(back, before, "nothing but the hand");
            }
        }
    }
}

#[test]
fn a_reason_is_needed() {
    for state in on_desk(Some(HOA)) {
        assert_eq!(with(state).reassign(None, " ".to_owned()), Err(Refused::ReasonMissing));
    }
}

#[test]
fn what_is_in_nobodys_hand_is_not_moved() {
    let step = || "xem".to_owned();
    let nobodys = [
        State::Preparing,
        State::Received { step: step() },
        State::NotReceived { refusal: refusal() },
        State::Withdrawn { reason: step() },
        State::Done { step: step(), result: RESULT },
        State::HandedOver { result: RESULT, way: HandOverWay::Counter },
    ];
    for state in nobodys.into_iter().chain(on_desk(None)) {
        let kind = state.kind();
        let moved = with(state).reassign(Some(BINH), "điều chuyển".to_owned());
        assert_eq!(moved, Err(Refused::NotInThisState(kind)));
    }
}
