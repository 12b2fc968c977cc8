//! States, lives and clocks that earlier versions of the program have kept still open.

use super::{
    Drafted, NOW, RECEIVED, awaiting, awaiting_payment, halted, items, part, states, submitted, supplemented,
    working,
};
use crate::calendar::{Counting, Limit};
use crate::dossier::clock::{Clock, Stop, StopCause};
use crate::dossier::{AtStep, Dossier, Life, Outcome, Refused, State, StoppedFor};
use crate::event::HandOverWay;
use crate::procedure::WaitKind;
use crate::sample::{BINH, RESULT, at, procedure, refusal, terms};

/// Written by version 1; every later version must open them as what they were.
const STATES_OF_VERSION_1: &str = include_str!("../version-1.jsonl");

fn nobody_has(step: &str) -> AtStep {
    AtStep { step: step.to_owned(), officer: None, result: None }
}

#[test]
fn states_of_the_first_version_still_open() {
    let step = || "ngo".to_owned();
    let in_hand = |result| AtStep { step: step(), officer: Some(BINH), result };
    let states = [
        State::Preparing,
        State::Received { step: step() },
        State::NotReceived { refusal: refusal() },
        State::InProcess(nobody_has("ngo")),
        State::InProcess(in_hand(Some(RESULT))),
        State::AwaitingSupplement { at_step: in_hand(None), items: items(), until: None },
        State::Withdrawn { reason: "thôi".to_owned() },
        State::Done { step: "dua".to_owned(), result: RESULT },
        State::HandedOver { result: RESULT, way: HandOverWay::Electronic },
    ];
    assert_eq!(STATES_OF_VERSION_1.lines().count(), states.len());
    for (line, state) in STATES_OF_VERSION_1.lines().zip(states) {
        let opened: State = serde_json::from_str(line).expect(line);
        assert_eq!(opened, state);
        opens_as_written(&state);
    }
}

/// Today's text of a state opens as the state, and its tag is the word of the column.
fn opens_as_written(state: &State) {
    let text = serde_json::to_string(state).expect("a state is written");
    assert_eq!(serde_json::from_str::<State>(&text).expect(&text), *state);
    let value: serde_json::Value = serde_json::from_str(&text).expect(&text);
    assert_eq!(value["state"], state.kind(), "the column and the tag are one word");
}

#[test]
fn states_of_today_open_as_they_were_written() {
    for (_, dossier) in states() {
        opens_as_written(&dossier.state);
        let life = serde_json::to_string(&dossier.life).expect("a life is written");
        assert_eq!(serde_json::from_str::<Life>(&life).expect(&life), dossier.life);
        let outcome = serde_json::to_string(&dossier.outcome).expect("an outcome is written");
        assert_eq!(serde_json::from_str::<Option<Outcome>>(&outcome).expect(&outcome), dossier.outcome);
    }
    for why in [StoppedFor::Expired(WaitKind::Payment), StoppedFor::Decided("vì".to_owned())] {
        opens_as_written(&State::Stopped { why });
    }
}

/// The fields of a state that has been kept are never renamed: a line of each kind, as it is written now.
#[test]
fn a_state_is_written_in_these_words() {
    let lines: Vec<String> = [submitted(), awaiting(), awaiting_payment(), halted(), part("duoi")]
        .map(|dossier| serde_json::to_string(&dossier.state).expect("a state is written"))
        .into();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"state":"submitted","answer_by":{"at":"2026-11-19T02:00:00Z","on":"2026-11-19"}}
    {"state":"awaiting_supplement","step":"ngo","officer":"00000000-0000-0000-0000-0000000000b2","result":null,"items":[{"component":"don","what":"ghi rõ cỡ diều"}],"until":{"at":"2026-11-26T08:00:00Z","on":"2026-11-26"}}
    {"state":"awaiting_payment","at_step":{"step":"viet","officer":"00000000-0000-0000-0000-0000000000b2","result":null},"notice":{"number":"TB-0113/CCT","amount":12500000},"until":{"at":"2026-11-30T10:00:00Z","on":"2026-11-30"}}
    {"state":"halted","at_step":{"step":"ngo","officer":"00000000-0000-0000-0000-0000000000b2","result":null},"reason":"chờ kết luận thanh tra","until":{"at":"2026-11-26T09:00:00Z","on":"2026-11-26"}}
    {"state":"awaiting_parts","step":"ngo"}
    "#);
    let life = serde_json::to_value(Life::default()).expect("a life is written");
    insta::assert_snapshot!(life, @r#"{"at_step_since":null,"consultations":[],"correcting":null,"corrections":[],"fee":{"due":0,"paid":0},"foreign_code":null,"n_extensions":0,"n_papers_asked":0,"n_supplements":0,"parts":[],"wait_ended_at":null,"whole_due":null,"withdrawal_asked":null}"#);
}

/// What the first version knew nothing of is as if it had never happened.
#[test]
fn a_life_that_was_not_written_down_is_empty() {
    assert_eq!(serde_json::from_str::<Life>("{}").expect("empty"), Life::default());
    let old = r#"{"n_supplements":1,"fee":{"due":20000,"paid":0}}"#;
    let life: Life = serde_json::from_str(old).expect(old);
    assert_eq!((life.n_supplements, life.fee.due, life.corrections), (1, 20_000, Vec::new()));
    // A dossier of that time waits without an end, which the guard must hear of.
    let waits = State::AwaitingSupplement { at_step: nobody_has("ngo"), items: items(), until: None };
    let old = Dossier { state: waits, ..awaiting() };
    assert_eq!(old.standing(&procedure(), terms()), Err(Refused::NotInThisState("awaiting_supplement")));
    assert!(old.supplement_received(terms(), at(NOW)).is_ok(), "and the applicant can still end it");
    let nobody_knows_since_when = Dossier { life: Life::default(), ..working("ngo", Drafted::No) };
    assert_eq!(
        nobody_knows_since_when.standing(&procedure(), terms()),
        Err(Refused::NotInThisState("in_process"))
    );
}

#[test]
fn a_clock_of_the_first_version_still_opens() {
    let text = r#"{"limit":{"working_days":3},"counting":"hours","started_at":"2026-11-18T02:00:00Z",
        "stops":[{"from":"2026-11-18T08:00:00Z","until":null,"cause":"supplement","by_restart":true}],
        "finished_at":null}"#;
    let clock: Clock = serde_json::from_str(text).expect(text);
    let stop = Stop::restarting(StopCause::Supplement, at("2026-11-18T15:00"));
    assert_eq!(clock, Clock::start(Limit::WorkingDays(3), Counting::Hours, at(RECEIVED)).stop(stop));
    let again = serde_json::to_string(&clock).expect("a clock is written");
    assert_eq!(serde_json::from_str::<Clock>(&again).expect("and read"), clock);
    // An old clock goes on under today's rules.
    let old = Dossier { clock: Some(clock), ..awaiting() };
    let (gone_on, _) = old.supplement_received(terms(), at(NOW)).expect("it waits");
    assert_eq!(gone_on.due, supplemented().due);
}
