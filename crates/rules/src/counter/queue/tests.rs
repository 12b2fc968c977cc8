//! Nobody starves, the order is one and total, and nothing is said about waiting that is not known.

use super::setup::{Figure, QueueRules, in_force};
use super::{Call, Lane, PriorityReason, QueueRefused, Ticket, TicketNumber, TicketState, estimate, order};
use crate::id::TicketId;
use crate::sample::{BINH, COUNTER, HOA, at};
use crate::words;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};
use uuid::Uuid;

#[derive(serde::Deserialize)]
struct Shipped {
    queues: Vec<QueueRules>,
}

pub(crate) fn shipped() -> Vec<QueueRules> {
    let file: Shipped =
        toml::from_str(include_str!("../../../../../queues/national.toml")).expect("the rules that ship");
    file.queues
}

fn three_in_a_row() -> QueueRules {
    QueueRules { priority_run: 3, most_absences: 2, ..shipped()[0].clone() }
}

fn ticket(lane: Lane, ordinal: u32, taken_at: Timestamp) -> Ticket {
    let number = TicketNumber { lane, ordinal };
    Ticket {
        id: TicketId(Uuid::from_u128(u128::from(ordinal) * 10 + lane as u128)),
        version: 1,
        agency: COUNTER,
        on: jiff::civil::date(2026, 11, 23),
        number,
        reason: (lane == Lane::Priority).then_some(PriorityReason::Elderly),
        subject: None,
        taken_at,
        place_at: taken_at,
        slot_from: (lane == Lane::Appointment).then_some(taken_at),
        absences: 0,
        first_called_at: None,
        state: TicketState::Waiting,
    }
}

fn minute(n: u32) -> Timestamp {
    at("2026-11-23T07:30") + SignedDuration::from_mins(i64::from(n))
}

fn numbers(order: &[&Ticket]) -> Vec<String> {
    order.iter().map(|ticket| ticket.number.to_string()).collect()
}

#[test]
fn three_with_a_reason_then_one_of_the_others() {
    let line: Vec<Ticket> = (1..=3)
        .map(|n| ticket(Lane::Ordinary, n, minute(n)))
        .chain((1..=5).map(|n| ticket(Lane::Priority, n, minute(10 + n))))
        .collect();
    let rules = three_in_a_row();
    let called = |run| numbers(&order(&line, run, &rules, minute(30)));
    let expected = ["U-001", "U-002", "U-003", "A-001", "U-004", "U-005", "A-002", "A-003"];
    assert_eq!(called(0), expected);
    // Two had gone before: one more, then it is the turn of the others.
    assert_eq!(called(2)[..2], ["U-001", "A-001"]);
    assert_eq!(called(3)[..2], ["A-001", "U-001"]);
    assert_eq!(called(u32::MAX)[..2], ["A-001", "U-001"]);
}

#[test]
fn whoever_has_an_appointment_is_called_in_its_slot() {
    let early = Ticket { slot_from: Some(minute(60)), ..ticket(Lane::Appointment, 1, minute(5)) };
    let line = [
        ticket(Lane::Priority, 1, minute(1)),
        ticket(Lane::Ordinary, 1, minute(0)),
        early,
        ticket(Lane::Appointment, 2, minute(20)),
    ];
    let rules = three_in_a_row();
    assert_eq!(numbers(&order(&line, 0, &rules, minute(30))), ["H-002", "U-001", "A-001", "H-001"]);
    assert_eq!(numbers(&order(&line, 0, &rules, minute(60))), ["H-001", "H-002", "U-001", "A-001"]);
}

#[test]
fn whoever_is_absent_goes_to_the_end_and_is_called_again_so_often() {
    let rules = three_in_a_row();
    let call = |at| Call { by: HOA, counter: "2".to_owned(), at };
    let mut waits = ticket(Lane::Ordinary, 1, minute(0));
    let other = ticket(Lane::Ordinary, 2, minute(1));
    for absence in 1..=2 {
        waits = waits
            .called(call(minute(absence * 10)))
            .absent(HOA, &rules, minute(absence * 10 + 1))
            .expect("absent");
        assert_eq!((waits.absences, &waits.state), (absence, &TicketState::Waiting));
        let line = [waits.clone(), other.clone()];
        assert_eq!(numbers(&order(&line, 0, &rules, minute(40))), ["A-002", "A-001"]);
    }
    let missed = waits.called(call(minute(50))).absent(HOA, &rules, minute(51)).expect("absent");
    assert_eq!(missed.state, TicketState::Missed(call(minute(50))));
    assert_eq!(missed.first_called_at, Some(minute(10)), "his waiting ended when he was first called");
}

#[test]
fn a_ticket_is_in_the_hand_of_who_called_it() {
    let call = Call { by: HOA, counter: "2".to_owned(), at: minute(5) };
    let waiting = ticket(Lane::Ordinary, 1, minute(0));
    let called = waiting.clone().called(call.clone());
    for refused in [
        waiting.served(HOA),
        called.clone().served(BINH),
        called.clone().called_again(BINH, minute(6)),
        called.clone().absent(BINH, &three_in_a_row(), minute(6)),
        called.clone().served(HOA).expect("served").served(HOA),
    ] {
        assert_eq!(refused, Err(QueueRefused::NotAtYourCounter));
    }
    let again = called.called_again(HOA, minute(6)).expect("called again");
    assert_eq!(again.state, TicketState::Called(Call { at: minute(6), ..call }));
    assert_eq!(again.first_called_at, Some(minute(5)));
}

#[test]
fn waiting_is_estimated_by_the_pace_of_the_last_hour() {
    let every = |minutes: u32, n: u32| (0..n).map(|at| minute(at * minutes)).collect::<Vec<_>>();
    let cases = [
        ("four calls say nothing", every(4, 4), 3, minute(16), None),
        ("nobody was called", Vec::new(), 3, minute(16), None),
        ("every four minutes, three before", every(4, 6), 3, minute(20), Some(20)),
        ("next at once", every(4, 6), 0, minute(20), Some(5)),
        ("a pause makes it slower", every(4, 6), 3, minute(40), Some(35)),
        ("what is long ago does not count", every(4, 6), 3, minute(80), None),
        ("all at once", vec![minute(0); 6], 3, minute(0), Some(5)),
    ];
    for (case, calls, n_before, now, expected) in cases {
        assert_eq!(estimate(&calls, n_before, now), expected, "{case}");
    }
}

#[test]
fn words_lead_back_to_what_they_are_of() {
    for reason in PriorityReason::ALL {
        assert_eq!(PriorityReason::of_code(reason.code()), Some(reason));
    }
    for lane in Lane::ALL {
        assert_eq!(Lane::of_code(lane.code()), Some(lane));
    }
    assert_eq!((PriorityReason::of_code("rich"), Lane::of_code("")), (None, None));
    let number = TicketNumber { lane: Lane::Ordinary, ordinal: 12 };
    assert_eq!(number.to_string(), "A-012");
    assert_eq!(TicketNumber { ordinal: 1234, ..number }.to_string(), "A-1234");
}

#[test]
fn the_rules_that_ship_hold_and_are_within_their_ranges() {
    let all = shipped();
    let today = in_force(&all, jiff::civil::date(2026, 11, 23)).expect("rules for today");
    assert_eq!(today.faults(), []);
    assert_eq!(in_force(&all, jiff::civil::date(2018, 6, 20)), None);
    let reason = words::queue::priority_reason(PriorityReason::Elderly, today);
    assert_eq!(reason, "Người từ 60 tuổi");
    let wrong = Figure::ALL.into_iter().fold(today.clone(), |rules, figure| rules.with_figure(figure, 1_000));
    assert_eq!(wrong.faults(), Figure::ALL);
    assert_eq!(
        words::queue::figure_fault(Figure::SlotCapacity),
        "Mỗi khung giờ nhận mấy người hẹn: ghi một số từ 1 đến 20"
    );
}

fn lane() -> impl Strategy<Value = Lane> {
    (0..3_usize).prop_map(|n| Lane::ALL[n])
}

proptest! {
    #[test]
    fn the_order_is_total_and_does_not_hang_on_how_the_rows_came(
        lanes in proptest::collection::vec((lane(), 0..60_u32), 0..40),
        run in 0..6_u32,
    ) {
        let line: Vec<Ticket> = lanes
            .iter()
            .zip(1..)
            .map(|(&(lane, taken), ordinal)| ticket(lane, ordinal, minute(taken)))
            .collect();
        let rules = three_in_a_row();
        let called = numbers(&order(&line, run, &rules, minute(30)));
        let backwards: Vec<Ticket> = line.iter().rev().cloned().collect();
        prop_assert_eq!(&called, &numbers(&order(&backwards, run, &rules, minute(30))));
        let mut each: Vec<String> = line.iter().map(|ticket| ticket.number.to_string()).collect();
        let mut called = called;
        each.sort();
        called.sort();
        prop_assert_eq!(called, each);
    }

    /// However many come with a reason, one without is called after at most `priority_run` calls for
    /// each of the ordinary line that stands before him, and himself.
    #[test]
    fn nobody_of_the_ordinary_line_starves(
        n_ordinary in 1..8_u32,
        comers in proptest::collection::vec(proptest::collection::vec(lane(), 0..4), 60),
        priority_run in 1..5_u32,
    ) {
        let rules = QueueRules { priority_run, ..three_in_a_row() };
        let mut line: Vec<Ticket> = (1..=n_ordinary).map(|n| ticket(Lane::Ordinary, n, minute(0))).collect();
        let last = line.last().expect("somebody waits").id;
        let (mut run, mut ordinal, mut n_calls) = (0, 100, 0);
        for (comers, now) in comers.into_iter().zip(1..) {
            for lane in comers {
                ordinal += 1;
                line.push(ticket(lane, ordinal, minute(now)));
            }
            let called = order(&line, run, &rules, minute(now))[0].clone();
            n_calls += 1;
            run = if called.number.lane == Lane::Ordinary { 0 } else { run + 1 };
            line.retain(|ticket| ticket.id != called.id);
            if called.id == last {
                break;
            }
        }
        prop_assert!(line.iter().all(|ticket| ticket.id != last), "still waits after {} calls", n_calls);
        prop_assert!(n_calls <= n_ordinary * (priority_run + 1));
    }
}
