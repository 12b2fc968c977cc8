//! The five marks at their borders.

use super::{DueMark, due_mark};
use crate::calendar::{Counting, Limit, legal_time};
use crate::dossier::clock::Clock;
use crate::dossier::{AtStep, Dossier, DueMoment, PaymentNotice, State};
use crate::event::HandOverWay;
use crate::sample::{RESULT, at, intake, procedure, refusal};

fn in_process() -> State {
    State::InProcess(AtStep { step: "ngo".to_owned(), officer: None, result: None })
}

/// Begun on Monday the 2nd at 07:00 and due at `due`.
fn dossier(due: &str, state: State) -> Dossier {
    let at_due = at(due);
    Dossier {
        clock: Some(Clock::start(Limit::WorkingDays(10), Counting::Hours, at("2026-11-02T07:00"))),
        due: Some(DueMoment { at: at_due, on: legal_time(at_due).date() }),
        state,
        ..intake(&procedure())
    }
}

fn mark(due: &str, now: &str) -> Option<DueMark> {
    let today = legal_time(at(now)).date();
    due_mark(&dossier(due, in_process()), at(now), today)
}

#[test]
fn each_mark_begins_where_the_one_before_ends() {
    // Ten days from begin to end, to the minute: a fifth are two.
    let due = "2026-11-12T07:00";
    for (now, expected) in [
        ("2026-11-02T07:00", DueMark::InTime),
        ("2026-11-10T06:59", DueMark::InTime),
        ("2026-11-10T07:00", DueMark::Soon),
        ("2026-11-11T23:59", DueMark::Soon),
        ("2026-11-12T00:00", DueMark::Today),
        ("2026-11-12T07:00", DueMark::Today),
        ("2026-11-12T07:01", DueMark::Overdue { days: 0 }),
        ("2026-11-12T23:59", DueMark::Overdue { days: 0 }),
        ("2026-11-13T00:00", DueMark::Overdue { days: 1 }),
        ("2026-12-12T12:00", DueMark::Overdue { days: 30 }),
        ("2027-11-12T12:00", DueMark::Overdue { days: 365 }),
    ] {
        assert_eq!(mark(due, now), Some(expected), "{now}");
    }
}

#[test]
fn the_day_before_is_soon_however_short_the_limit() {
    // Half of the time is left, but it is due tomorrow.
    let short = Dossier {
        clock: Some(Clock::start(Limit::WorkingDays(1), Counting::Hours, at("2026-11-11T08:00"))),
        ..dossier("2026-11-12T08:00", in_process())
    };
    let now = at("2026-11-11T09:00");
    assert_eq!(due_mark(&short, now, legal_time(now).date()), Some(DueMark::Soon));
}

#[test]
fn the_legal_day_is_vietnams() {
    // 23:30 on the 11th here is still the 11th at 16:30 in London; at 00:30 it is the 12th only here.
    assert_eq!(mark("2026-11-12T17:00", "2026-11-11T23:30"), Some(DueMark::Soon));
    assert_eq!(mark("2026-11-12T17:00", "2026-11-12T00:30"), Some(DueMark::Today));
}

#[test]
fn only_what_is_being_settled_has_a_mark() {
    let (due, now) = ("2026-11-12T07:00", at("2026-12-01T08:00"));
    let today = legal_time(now).date();
    let late = Some(DueMark::Overdue { days: 19 });
    let awaiting = State::AwaitingSupplement {
        at_step: AtStep { step: "ngo".to_owned(), officer: None, result: None },
        items: Vec::new(),
        until: None,
    };
    for (state, expected) in [
        (State::Preparing, None),
        (State::Received { step: "ngo".to_owned() }, late),
        (State::NotReceived { refusal: refusal() }, None),
        (in_process(), late),
        (awaiting, late),
        (State::Withdrawn { reason: "thôi".to_owned() }, None),
        (State::Done { step: "dua".to_owned(), result: RESULT }, None),
        (State::HandedOver { result: RESULT, way: HandOverWay::Counter }, None),
    ] {
        let kind = state.kind();
        assert_eq!(due_mark(&dossier(due, state), now, today), expected, "{kind}");
    }
}

#[test]
fn what_has_no_date_stands_and_a_wait_with_one_is_no_excuse() {
    let (due, now) = ("2026-11-12T07:00", at("2026-12-01T08:00"));
    let today = legal_time(now).date();
    let at_step = || AtStep { step: "ngo".to_owned(), officer: None, result: None };
    let until = DueMoment { at: now, on: today };
    let notice = PaymentNotice { number: "TB-01".to_owned(), amount: 1 };
    let payment = State::AwaitingPayment { at_step: at_step(), notice, until };
    let halted = State::Halted { at_step: at_step(), reason: "chờ".to_owned(), until };
    for state in [in_process(), payment, halted] {
        let runs = dossier(due, state);
        let stands = Dossier { due: None, ..runs.clone() };
        assert_eq!(due_mark(&stands, now, today), Some(DueMark::Stopped), "{:?}", stands.state);
        assert_eq!(due_mark(&runs, now, today), Some(DueMark::Overdue { days: 19 }), "{:?}", runs.state);
    }
}
