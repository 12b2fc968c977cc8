//! A dossier changes hands: same step, same clock, a reason, and only when it is in somebody's.

use crate::dossier::{Dossier, Refused, State};
use crate::event::{Body, HandOverWay, SupplementItem};
use crate::sample::{BINH, HOA, RESULT, intake, procedure, refusal};

fn with(state: State) -> Dossier {
    Dossier { state, ..intake(&procedure()) }
}

fn in_hand() -> [State; 2] {
    let items = vec![SupplementItem { component: "don".to_owned(), what: "ghi rõ".to_owned() }];
    [
        State::InProcess { step: "xem".to_owned(), officer: Some(HOA), result: Some(RESULT) },
        State::AwaitingSupplement { back_to: "xem".to_owned(), officer: Some(HOA), result: None, items },
    ]
}

#[test]
fn it_goes_to_another_hand_or_to_the_inbox_and_nothing_else_changes() {
    for state in in_hand() {
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
    for state in in_hand() {
        assert_eq!(with(state).reassign(None, " ".to_owned()), Err(Refused::ReasonMissing));
    }
}

#[test]
fn what_is_in_nobodys_hand_is_not_moved() {
    let step = || "xem".to_owned();
    for state in [
        State::Preparing,
        State::Received { step: step() },
        State::NotReceived { refusal: refusal() },
        State::InProcess { step: step(), officer: None, result: None },
        State::AwaitingSupplement { back_to: step(), officer: None, result: None, items: Vec::new() },
        State::Withdrawn { reason: step() },
        State::Done { step: step(), result: RESULT },
        State::HandedOver { result: RESULT, way: HandOverWay::Counter },
    ] {
        let kind = state.kind();
        let moved = with(state).reassign(Some(BINH), "điều chuyển".to_owned());
        assert_eq!(moved, Err(Refused::NotInThisState(kind)));
    }
}
