//! What may happen to a dossier and what may not, in every state; a whole life day by day; and the
//! states kept by earlier versions of the program.

use super::{Acceptance, Dossier, DueMoment, Outcome, Refused, State};
use crate::calendar::{CalendarError, Counting, Limit};
use crate::code::DossierCode;
use crate::counter::Refusal;
use crate::dossier::clock::{Clock, Stop, StopCause};
use crate::event::{Body, HandOverWay, NewEvent, SupplementItem};
use crate::people::AgencyScope;
use crate::procedure::{Channel, Procedure, StepTask};
use crate::sample::{
    BINH, COMMITTEE, COUNTER, ELSEWHERE, HOA, RESULT, SCOPE, at, calendar, intake, procedure, refusal,
    shipped,
};
use jiff::Timestamp;
use jiff::civil::date;
use std::fmt::Write as _;

mod life;
mod walks;

const NOW: &str = "2026-11-18T09:00";

fn code() -> DossierCode {
    "H56.15.3-261118-0012".parse().expect("a code")
}

fn acceptance() -> Acceptance<'static> {
    Acceptance { code: code(), calendar: calendar(), counting: Counting::Hours }
}

fn items() -> Vec<SupplementItem> {
    vec![SupplementItem { component: "don".to_owned(), what: "ghi rõ cỡ diều".to_owned() }]
}

fn received() -> Dossier {
    let (dossier, _) = intake(&procedure()).receive(&procedure(), acceptance(), at(NOW)).expect("complete");
    dossier
}

/// At a step, in Bình's hands.
fn working(step: &str, drafted: Drafted) -> Dossier {
    let result = match drafted {
        Drafted::Yes => Some(RESULT),
        Drafted::No => None,
    };
    Dossier { state: State::InProcess { step: step.to_owned(), officer: Some(BINH), result }, ..received() }
}

#[derive(Clone, Copy)]
enum Drafted {
    Yes,
    No,
}

fn awaiting() -> Dossier {
    let asked = working("ngo", Drafted::No).ask_supplement(&procedure(), items(), at("2026-11-18T15:00"));
    asked.expect("asked for the first time").0
}

fn supplemented() -> Dossier {
    awaiting().supplement_received(calendar(), at("2026-11-19T08:00")).expect("it waits").0
}

fn in_state(state: State) -> Dossier {
    Dossier { state, ..received() }
}

/// Every state, and every kind of step a dossier can be worked at.
fn states() -> Vec<(&'static str, Dossier)> {
    let waiting = State::InProcess(Desk { step: "ngo".to_owned(), officer: None, result: None });
    vec![
        ("preparing", intake(&procedure())),
        ("received", received()),
        ("not received", in_state(State::NotReceived { refusal: refusal() })),
        ("nobody has it", in_state(waiting)),
        ("examine", working("ngo", Drafted::No)),
        ("… supplemented", supplemented()),
        ("draft", working("viet", Drafted::No)),
        ("… drafted", working("viet", Drafted::Yes)),
        ("sign", working("duyet", Drafted::Yes)),
        ("… no draft", working("duyet", Drafted::No)),
        ("seal", working("dau", Drafted::Yes)),
        ("hand over", working("dua", Drafted::Yes)),
        ("awaiting", awaiting()),
        ("withdrawn", in_state(State::Withdrawn { reason: "thôi".to_owned() })),
        ("done", in_state(State::Done { step: "dua".to_owned(), result: RESULT })),
        ("handed over", in_state(State::HandedOver { result: RESULT, way: HandOverWay::Post })),
    ]
}

type Act = fn(Dossier, &Procedure) -> Result<(Dossier, Option<Body>), Refused>;

fn with_body(done: Result<(Dossier, Body), Refused>) -> Result<(Dossier, Option<Body>), Refused> {
    done.map(|(dossier, body)| (dossier, Some(body)))
}

/// The first way forward from the step the dossier is at.
fn next(dossier: &Dossier, procedure: &Procedure) -> String {
    let step = dossier.state.step().and_then(|id| procedure.process.step(id));
    step.and_then(|step| step.next.first()).map_or("nowhere", String::as_str).to_owned()
}

fn earlier(dossier: &Dossier, procedure: &Procedure) -> String {
    let step = dossier.state.step().and_then(|id| procedure.process.step(id));
    step.and_then(|step| step.back_to.first()).map_or("nowhere", String::as_str).to_owned()
}

/// Every act, done as well as it can be done.
const ACTS: [(&str, Act); 13] = [
    ("receive", |dossier, procedure| with_body(dossier.receive(procedure, acceptance(), at(NOW)))),
    ("refuse", |dossier, _| with_body(dossier.refuse_at_counter(refusal()))),
    ("case", |dossier, procedure| with_body(dossier.choose_case(procedure, "dieu-to"))),
    ("take", |dossier, _| with_body(dossier.take(BINH))),
    ("finish", |dossier, procedure| {
        let to = next(&dossier, procedure);
        with_body(dossier.finish_step(procedure, &to, "Đủ điều kiện".to_owned(), COMMITTEE))
    }),
    ("back", |dossier, procedure| {
        let to = earlier(&dossier, procedure);
        with_body(dossier.send_back(procedure, &to, "thiếu chữ ký".to_owned(), COMMITTEE))
    }),
    ("draft", |dossier, procedure| dossier.draft(procedure, RESULT).map(|dossier| (dossier, None))),
    ("sign", |dossier, procedure| {
        let to = next(&dossier, procedure);
        dossier.signed(procedure, &to, COMMITTEE).map(|dossier| (dossier, None))
    }),
    ("seal", |dossier, procedure| {
        let to = next(&dossier, procedure);
        dossier.sealed(procedure, &to, COUNTER, at(NOW)).map(|dossier| (dossier, None))
    }),
    ("hand", |dossier, _| with_body(dossier.hand_over(HandOverWay::Counter))),
    ("ask", |dossier, procedure| with_body(dossier.ask_supplement(procedure, items(), at(NOW)))),
    ("got", |dossier, _| with_body(dossier.supplement_received(calendar(), at(NOW)))),
    ("withdraw", |dossier, _| with_body(dossier.withdraw("thôi".to_owned(), at(NOW)))),
];

#[test]
fn each_state_allows_these_acts_and_no_others() {
    let mut matrix = format!("{:<15}", "");
    for (name, _) in ACTS {
        write!(matrix, "{name:>9}").expect("a string takes everything");
    }
    for (name, dossier) in states() {
        write!(matrix, "\n{name:<15}").expect("a string takes everything");
        for (act, perform) in ACTS {
            let cell = match perform(dossier.clone(), &procedure()) {
                Ok((after, _)) => format!("→{}", after.state.number().unwrap_or(0)),
                Err(Refused::NotInThisState(kind)) => {
                    assert_eq!(kind, dossier.state.kind(), "{act} says where the dossier stands");
                    "·".to_owned()
                }
                Err(Refused::NotThisStep { .. }) => "step".to_owned(),
                Err(Refused::NoSuchWay { .. }) => "way".to_owned(),
                Err(Refused::StepNotDone { .. }) => "undone".to_owned(),
                Err(Refused::SupplementAskedBefore) => "once".to_owned(),
                Err(other) => panic!("{act} on {name}: {other:?}"),
            };
            write!(matrix, "{cell:>9}").expect("a string takes everything");
        }
    }
    // Numbers are those of the national synchronisation; `·` is "not in this state".
    insta::assert_snapshot!(matrix, @r"
                     receive   refuse     case     take   finish     back    draft     sign     seal     hand      ask      got withdraw
    preparing             →2       →3       →0        ·        ·        ·        ·        ·        ·        ·        ·        ·        ·
    received               ·        ·        ·       →4        ·        ·        ·        ·        ·        ·        ·        ·       →7
    not received           ·        ·        ·        ·        ·        ·        ·        ·        ·        ·        ·        ·        ·
    nobody has it          ·        ·        ·       →4        ·        ·        ·        ·        ·        ·        ·        ·       →7
    examine                ·        ·        ·        ·       →4      way     step     step     step        ·       →5        ·       →7
    … supplemented         ·        ·        ·        ·       →4      way     step     step     step        ·     once        ·       →7
    draft                  ·        ·        ·        ·   undone       →4       →4     step     step        ·       →5        ·       →7
    … drafted              ·        ·        ·        ·       →4       →4       →4     step     step        ·       →5        ·       →7
    sign                   ·        ·        ·        ·   undone       →4     step       →4     step        ·       →5        ·       →7
    … no draft             ·        ·        ·        ·   undone       →4     step   undone     step        ·       →5        ·       →7
    seal                   ·        ·        ·        ·   undone      way     step     step       →9        ·       →5        ·       →7
    hand over              ·        ·        ·        ·      way      way     step     step     step        ·       →5        ·       →7
    awaiting               ·        ·        ·        ·        ·        ·        ·        ·        ·        ·        ·       →4       →7
    withdrawn              ·        ·        ·        ·        ·        ·        ·        ·        ·        ·        ·        ·        ·
    done                   ·        ·        ·        ·        ·        ·        ·        ·        ·      →10        ·        ·        ·
    handed over            ·        ·        ·        ·        ·        ·        ·        ·        ·        ·        ·        ·        ·
    ");
}

#[test]
fn what_happened_is_written_as_it_happened() {
    let text = |text: &str| text.to_owned();
    let (due_at, due_on) = (at("2026-11-23T09:00"), date(2026, 11, 23));
    for (act, dossier, expected) in [
        (
            "receive",
            intake(&procedure()),
            Body::DossierReceived { code: code(), limit: Limit::WorkingDays(3), due_at, due_on, fee: 20_000 },
        ),
        ("refuse", intake(&procedure()), Body::RefusedAtCounter { refusal: refusal() }),
        ("case", intake(&procedure()), Body::CaseChosen { case: text("dieu-to") }),
        ("take", received(), Body::DossierTaken { step: text("ngo") }),
        (
            "finish",
            working("ngo", Drafted::No),
            Body::StepFinished {
                step: text("ngo"), next: text("viet"), opinion: text("Đủ điều kiện")
            },
        ),
        (
            "back",
            working("duyet", Drafted::Yes),
            Body::SentBack { step: text("duyet"), to: text("viet"), reason: text("thiếu chữ ký") },
        ),
        ("ask", working("ngo", Drafted::No), Body::SupplementAsked { items: items() }),
        ("got", awaiting(), Body::SupplementReceived { due_at, due_on }),
        ("withdraw", awaiting(), Body::Withdrawn { reason: text("thôi") }),
        (
            "hand",
            in_state(State::Done { step: text("dua"), result: RESULT }),
            Body::ResultHandedOver { result: RESULT, way: HandOverWay::Counter },
        ),
    ] {
        let (_, perform) = ACTS.into_iter().find(|(name, _)| *name == act).expect("an act of the table");
        let (_, body) = perform(dossier, &procedure()).expect(act);
        assert_eq!(body, Some(expected), "{act}");
    }
}

#[test]
fn an_accepted_dossier_has_a_code_a_first_step_and_a_date() {
    let dossier = received();
    assert_eq!(dossier.code, Some(code()));
    assert_eq!(dossier.received_at, Some(at(NOW)));
    assert_eq!(dossier.state, State::Received { step: "ngo".to_owned() });
    assert_eq!(dossier.due, Some(DueMoment { at: at("2026-11-23T09:00"), on: date(2026, 11, 23) }));
    let by_days = Acceptance { counting: Counting::Days, ..acceptance() };
    let (dossier, _) = intake(&procedure()).receive(&procedure(), by_days, at(NOW)).expect("complete");
    assert_eq!(dossier.due, Some(DueMoment { at: at("2026-11-23T17:00"), on: date(2026, 11, 23) }));
}

#[test]
fn the_limit_and_the_fee_are_those_of_the_case_and_the_channel() {
    let intake = Dossier { case: "dieu-to".to_owned(), channel: Channel::Post, ..intake(&procedure()) };
    let (_, body) = intake.receive(&procedure(), acceptance(), at(NOW)).expect("offered by post");
    let Body::DossierReceived { limit, fee, due_on, .. } = body else {
        panic!("it was received: {body:?}");
    };
    assert_eq!((limit, fee, due_on), (Limit::WorkingHours(4), 0, date(2026, 11, 18)));
}

#[test]
fn a_dossier_is_settled_under_the_revision_it_was_received_under() {
    let newer = Procedure { revision: 4, ..procedure() };
    let other = Procedure { code: "9.000002".parse().expect("a code"), ..procedure() };
    // These read the procedure; the others need no step.
    for (act, dossier) in [
        ("receive", intake(&procedure())),
        ("case", intake(&procedure())),
        ("finish", working("ngo", Drafted::No)),
        ("back", working("viet", Drafted::No)),
        ("draft", working("viet", Drafted::No)),
        ("sign", working("duyet", Drafted::Yes)),
        ("seal", working("dau", Drafted::Yes)),
        ("ask", working("ngo", Drafted::No)),
    ] {
        let (_, perform) = ACTS.into_iter().find(|(name, _)| *name == act).expect("an act of the table");
        for wrong in [&newer, &other] {
            let done = perform(dossier.clone(), wrong).map(|(after, _)| after.state);
            assert_eq!(done, Err(Refused::WrongRevision), "{act}");
        }
        assert!(perform(dossier, &procedure()).is_ok(), "{act}");
    }
}

#[test]
fn what_the_revision_does_not_offer_is_not_received() {
    let dossier = intake(&procedure());
    let receive =
        |dossier: Dossier| dossier.receive(&procedure(), acceptance(), at(NOW)).map(|(_, body)| body);
    let online = Dossier { channel: Channel::Online, ..dossier.clone() };
    assert_eq!(receive(online), Err(Refused::ChannelNotOffered));
    let no_case = Dossier { case: "dieu-sao".to_owned(), ..dossier.clone() };
    assert_eq!(receive(no_case), Err(Refused::WrongRevision));
    assert_eq!(
        dossier.clone().choose_case(&procedure(), "dieu-sao").map(|(_, body)| body),
        Err(Refused::WrongRevision)
    );
    let after_all_tables = dossier.receive(&procedure(), acceptance(), at("2028-01-05T09:00"));
    let no_table = CalendarError::NoTable { year: 2028 };
    assert_eq!(after_all_tables.map(|(_, body)| body), Err(Refused::Calendar(no_table)));
}

#[test]
fn reasons_and_opinions_are_asked_for() {
    let blank = || " \n".to_owned();
    let nothing_to_bring = vec![SupplementItem { component: "don".to_owned(), what: blank() }];
    let silent = Refusal { explanation: blank(), ..refusal() };
    let ask = |items| working("ngo", Drafted::No).ask_supplement(&procedure(), items, at(NOW));
    for (act, done) in [
        ("refuse", intake(&procedure()).refuse_at_counter(silent)),
        ("finish", working("ngo", Drafted::No).finish_step(&procedure(), "viet", blank(), COMMITTEE)),
        ("back", working("viet", Drafted::No).send_back(&procedure(), "ngo", blank(), COMMITTEE)),
        ("ask for nothing", ask(Vec::new())),
        ("ask without words", ask(nothing_to_bring)),
        ("withdraw", received().withdraw(blank(), at(NOW))),
    ] {
        assert_eq!(done.map(|(_, body)| body), Err(Refused::ReasonMissing), "{act}");
    }
    // A draft speaks for itself.
    assert!(working("viet", Drafted::Yes).finish_step(&procedure(), "duyet", blank(), COMMITTEE).is_ok());
}

#[test]
fn ways_are_those_of_the_data() {
    let finish = |from: &str, to: &str| {
        let done = working(from, Drafted::Yes).finish_step(&procedure(), to, "được".to_owned(), ELSEWHERE);
        done.map(|(dossier, _)| dossier)
    };
    let no_way = |from: &str, to: &str| Refused::NoSuchWay { from: from.to_owned(), to: to.to_owned() };
    // Two ways from the first step, and the one taken leads to another agency.
    let asked = finish("ngo", "hoi").expect("the second way");
    assert_eq!(
        asked.state,
        State::InProcess(Desk { step: "hoi".to_owned(), officer: None, result: Some(RESULT) })
    );
    assert_eq!(asked.scope, AgencyScope { holding: ELSEWHERE, ..SCOPE });
    for (from, to) in
        [("ngo", "duyet"), ("ngo", "ngo"), ("hoi", "ngo"), ("ngo", "tham-dinh"), ("viet", "ngo")]
    {
        assert_eq!(finish(from, to).map(|dossier| dossier.state), Err(no_way(from, to)));
    }
    let back = working("hoi", Drafted::No).send_back(&procedure(), "viet", "vì".to_owned(), COMMITTEE);
    assert_eq!(back.map(|(_, body)| body), Err(no_way("hoi", "viet")));
    // A step that a shipped process has is none here, and the reverse.
    let stranger = Dossier { procedure: shipped().code, revision: 1, ..working("ngo", Drafted::No) };
    assert_eq!(stranger.working_step(&shipped()).map(|_| ()), Err(Refused::WrongRevision));
}

#[test]
fn a_paper_in_hand_is_not_skipped() {
    let undone = |step: &str, task| Refused::StepNotDone { step: step.to_owned(), task };
    let finish = |step: &str, to: &str, drafted| {
        working(step, drafted)
            .finish_step(&procedure(), to, "xong".to_owned(), COMMITTEE)
            .map(|(_, body)| body)
    };
    assert_eq!(finish("viet", "duyet", Drafted::No), Err(undone("viet", StepTask::Draft)));
    assert_eq!(finish("duyet", "dau", Drafted::Yes), Err(undone("duyet", StepTask::Sign)));
    assert_eq!(finish("dau", "dua", Drafted::Yes), Err(undone("dau", StepTask::Seal)));
    let unsigned = working("duyet", Drafted::No).signed(&procedure(), "dau", COMMITTEE);
    assert_eq!(unsigned.map(|dossier| dossier.state), Err(undone("duyet", StepTask::Sign)));
}

#[test]
fn sealing_grants_and_stops_the_clock_and_a_supplement_takes_the_date_away() {
    let now = at("2026-11-20T10:00");
    let done = working("dau", Drafted::Yes).sealed(&procedure(), "dua", COUNTER, now).expect("drafted");
    assert_eq!(done.outcome, Some(Outcome::Granted));
    assert_eq!(done.clock.and_then(|clock| clock.finished_at), Some(now));
    assert_eq!(done.due, received().due, "the promise stays, to be compared with");

    let awaiting = awaiting();
    assert_eq!(awaiting.due, None);
    assert_eq!(awaiting.outcome, None);
    let (withdrawn, _) = awaiting.withdraw("thôi".to_owned(), now).expect("open");
    assert_eq!(withdrawn.outcome, Some(Outcome::Withdrawn));
    let clock = withdrawn.clock.expect("it was received");
    assert_eq!((clock.finished_at, clock.is_stopped()), (Some(now), false));
}

#[test]
fn numbers_and_openness_follow_the_state() {
    let facts: Vec<_> = states()
        .into_iter()
        .map(|(_, dossier)| {
            let state = dossier.state;
            (state.kind(), state.number(), state.is_open())
        })
        .collect();
    for expected in [
        ("preparing", None, true),
        ("received", Some(2), true),
        ("not_received", Some(3), false),
        ("in_process", Some(4), true),
        ("awaiting_supplement", Some(5), true),
        ("withdrawn", Some(7), false),
        ("done", Some(9), true),
        ("handed_over", Some(10), false),
    ] {
        assert!(facts.contains(&expected), "{expected:?}");
    }
    let awaiting = awaiting().state;
    assert_eq!((awaiting.step(), awaiting.officer(), awaiting.result()), (Some("ngo"), Some(BINH), None));
    assert_eq!(working("viet", Drafted::Yes).state.result(), Some(RESULT));
    assert_eq!(received().state.officer(), None);
}

/// Written by version 1; every later version must open them as what they were.
const STATES_OF_VERSION_1: &str = include_str!("version-1.jsonl");

#[test]
fn states_of_the_first_version_still_open() {
    let item = || SupplementItem { component: "don".to_owned(), what: "ghi rõ cỡ diều".to_owned() };
    let step = || "ngo".to_owned();
    let states = [
        State::Preparing,
        State::Received { step: step() },
        State::NotReceived { refusal: refusal() },
        State::InProcess(Desk { step: step(), officer: None, result: None }),
        State::InProcess(Desk { step: step(), officer: Some(BINH), result: Some(RESULT) }),
        State::AwaitingSupplement {
            desk: Desk { step: step(), officer: Some(BINH), result: None },
            items: vec![item()],
            until: None,
        },
        State::Withdrawn { reason: "thôi".to_owned() },
        State::Done { step: "dua".to_owned(), result: RESULT },
        State::HandedOver { result: RESULT, way: HandOverWay::Electronic },
    ];
    assert_eq!(STATES_OF_VERSION_1.lines().count(), states.len());
    for (line, state) in STATES_OF_VERSION_1.lines().zip(states) {
        let opened: State = serde_json::from_str(line).expect(line);
        assert_eq!(opened, state);
        let value: serde_json::Value = serde_json::from_str(line).expect(line);
        assert_eq!(serde_json::to_value(&state).expect("a state is written"), value);
        assert_eq!(value["state"], state.kind(), "the column and the tag are one word");
    }
}

#[test]
fn a_clock_of_the_first_version_still_opens() {
    let text = r#"{"limit":{"working_days":3},"counting":"hours","started_at":"2026-11-18T02:00:00Z",
        "stops":[{"from":"2026-11-18T08:00:00Z","until":null,"cause":"supplement","by_restart":true}],
        "finished_at":null}"#;
    let clock: Clock = serde_json::from_str(text).expect(text);
    let from: Timestamp = at("2026-11-18T15:00");
    let stop = Stop::restarting(StopCause::Supplement, from);
    assert_eq!(clock, Clock::start(Limit::WorkingDays(3), Counting::Hours, at(NOW)).stop(stop));
    let again = serde_json::to_string(&clock).expect("a clock is written");
    assert_eq!(serde_json::from_str::<Clock>(&again).expect("and read"), clock);
}

#[test]
fn an_event_says_who_did_it_and_for_whom() {
    let body = || Body::DossierTaken { step: "ngo".to_owned() };
    let officer = crate::people::Actor::Officer {
        id: HOA,
        name: "Trần Thị Hoa".to_owned(),
        agency: COUNTER,
        posts: Vec::new(),
        lent: Vec::new(),
    };
    let event = NewEvent::of_dossier(crate::sample::DOSSIER, &officer, at(NOW), body());
    assert_eq!((event.actor, event.on_behalf_of, event.agency), (Some(HOA), None, COUNTER));
    assert_eq!(event.dossier, Some(crate::sample::DOSSIER));
    let job = crate::people::Actor::System { on_behalf_of: Some(HOA), agency: COUNTER };
    let event = NewEvent::of_dossier(crate::sample::DOSSIER, &job, at(NOW), body()).for_purpose("tra cứu");
    assert_eq!((event.actor, event.on_behalf_of), (None, Some(HOA)));
    assert_eq!(event.purpose.as_deref(), Some("tra cứu"));
}
