//! What may happen to a dossier and what may not, in every state; and the states kept by earlier versions
//! of the program.

use super::testing::{Act, Setting, broken};
use super::{
    Acceptance, AtStep, Custodian, Dossier, DueMoment, Fault, Fees, Life, Onward, Outcome, PartOfWhole,
    PaymentNotice, Question, Refused, State, StoppedFor, Terms,
};
use crate::calendar::{CalendarError, Counting, Limit};
use crate::code::DossierCode;
use crate::counter::Refusal;
use crate::dossier::clock::{Clock, Stop, StopCause};
use crate::event::{Body, HandOverWay, NewEvent, SupplementItem};
use crate::people::AgencyScope;
use crate::procedure::{Channel, ClockEffect, Procedure, StepTask, Verdict, WaitKind};
use crate::sample::{
    BINH, COMMITTEE, CONSULTATION, COUNTER, DOSSIER, ELSEWHERE, HOA, PART, RESULT, SCOPE, at, intake,
    procedure, refusal, shipped, terms, whole,
};
use jiff::civil::date;
use std::fmt::Write as _;

mod guard;
mod law;
mod life;
mod walks;

/// Received at nine; what is done is done at four in the afternoon.
const RECEIVED: &str = "2026-11-18T09:00";
const NOW: &str = "2026-11-18T16:00";

fn code() -> DossierCode {
    "H56.15.3-261118-0012".parse().expect("a code")
}

fn acceptance() -> Acceptance<'static> {
    Acceptance { code: Some(code()), terms: terms() }
}

fn items() -> Vec<SupplementItem> {
    vec![SupplementItem { component: "don".to_owned(), what: "ghi rõ cỡ diều".to_owned() }]
}

fn onward(to: &str) -> Onward<'_> {
    Onward { to, holding: COMMITTEE, officer: None, now: at(NOW) }
}

fn online() -> Dossier {
    Dossier { channel: Channel::Online, ..intake(&procedure()) }
}

fn submitted() -> Dossier {
    online().submit(&procedure(), terms(), at(RECEIVED)).expect("it is sent online").0
}

fn received() -> Dossier {
    let received = intake(&procedure()).receive(&procedure(), acceptance(), at(RECEIVED));
    received.expect("complete").0
}

/// At a step, in Bình's hands.
fn working(step: &str, drafted: Drafted) -> Dossier {
    let result = match drafted {
        Drafted::Yes => Some(RESULT),
        Drafted::No => None,
    };
    let at_step = AtStep { step: step.to_owned(), officer: Some(BINH), result };
    let scope = AgencyScope { holding: COMMITTEE, ..SCOPE };
    Dossier { scope, state: State::InProcess(at_step), ..received() }
}

#[derive(Clone, Copy)]
enum Drafted {
    Yes,
    No,
}

fn question(clock: ClockEffect) -> Question {
    Question {
        id: CONSULTATION,
        rule: None,
        agency: ELSEWHERE,
        question: "Chỗ thả có gần sân bay không?".to_owned(),
        allowance: Limit::WorkingHours(4),
        clock,
    }
}

/// At work, an agency has been asked.
fn asked(clock: ClockEffect) -> Dossier {
    let asked = working("ngo", Drafted::No).consult(&procedure(), question(clock), BINH, terms(), at(NOW));
    asked.expect("an officer has it").0
}

fn awaiting() -> Dossier {
    let dossier = working("ngo", Drafted::No);
    let asked = dossier.ask_supplement(&procedure(), items(), None, terms(), at("2026-11-18T15:00"));
    asked.expect("asked for the first time").0
}

fn supplemented() -> Dossier {
    awaiting().supplement_received(terms(), at(NOW)).expect("it waits").0
}

fn notice() -> PaymentNotice {
    PaymentNotice { number: "TB-0113/CCT".to_owned(), amount: 12_500_000 }
}

fn awaiting_payment() -> Dossier {
    let owes = working("viet", Drafted::No).ask_payment(&procedure(), notice(), terms(), at(NOW));
    owes.expect("this step may wait for it").0
}

fn halted() -> Dossier {
    let reason = "chờ kết luận thanh tra".to_owned();
    working("ngo", Drafted::No).halt(&procedure(), reason, terms(), at(NOW)).expect("it may be halted").0
}

fn done() -> Dossier {
    let onward = Onward { holding: COUNTER, ..onward("dua") };
    let sealed = working("dau", Drafted::Yes).sealed(&procedure(), onward, Verdict::Grants);
    sealed.expect("drafted")
}

fn handed_over() -> Dossier {
    let gone = done().hand_over(&procedure(), &[], HandOverWay::Counter, Custodian::Applicant);
    gone.expect("done").0
}

fn in_correction() -> Dossier {
    let reason = "sai năm sinh".to_owned();
    let begun = handed_over().correct(&procedure(), reason, Fault::Agency, COMMITTEE, terms(), at(NOW));
    let dossier = begun.expect("it went out").0;
    dossier.assign(BINH).expect("it lies at a step").0
}

/// A part that begins with its whole, and one that waits for another.
fn part(id: &str) -> Dossier {
    let whole_procedure = whole();
    let whole = Dossier { procedure: whole_procedure.code.clone(), ..received() };
    let linked = whole_procedure.linked.iter().find(|linked| linked.id == id).expect("a part of the sample");
    let opened = whole.open_part(linked, PART, &procedure(), COMMITTEE, terms(), at(RECEIVED));
    opened.expect("it is offered").0
}

fn in_parts(dossier: Dossier, has_ended: bool) -> Dossier {
    let part = PartOfWhole { has_ended, ..PartOfWhole::opened("dieu", PART, COMMITTEE) };
    Dossier { life: Life { parts: vec![part], ..dossier.life.clone() }, ..dossier }
}

fn of_a_whole(dossier: Dossier) -> Dossier {
    Dossier { id: PART, code: None, part_of: Some(DOSSIER), ..dossier }
}

/// Every state, and every kind of step a dossier can be worked at.
fn states() -> Vec<(&'static str, Dossier)> {
    let nobody = AtStep { step: "ngo".to_owned(), officer: None, result: None };
    let stopped = working("ngo", Drafted::No).stop("đất tranh chấp".to_owned(), at(NOW)).expect("open").0;
    let papers = Custodian::Applicant;
    let withdrawn = received().withdraw(&procedure(), &[], "thôi".to_owned(), papers, at(NOW));
    let annulled = handed_over().annul("Quyết định 17".to_owned(), "cấp sai".to_owned()).expect("out").0;
    let perform = |act: Act, dossier| act.perform(dossier, setting(&procedure()), &mut |_| 0).expect("so").0;
    vec![
        ("preparing", intake(&procedure())),
        ("… online", online()),
        ("submitted", submitted()),
        ("awaiting papers", perform(Act::AskPapers, submitted())),
        ("not received", perform(Act::Refuse, submitted())),
        ("received", received()),
        ("awaiting parts", part("duoi")),
        ("nobody has it", Dossier { state: State::InProcess(nobody), ..working("ngo", Drafted::No) }),
        ("examine", working("ngo", Drafted::No)),
        ("… supplemented", supplemented()),
        ("… clock stands", asked(ClockEffect::Pauses)),
        ("… asked", asked(ClockEffect::Runs)),
        ("… must ask", working("hoi", Drafted::No)),
        ("draft", working("viet", Drafted::No)),
        ("… drafted", working("viet", Drafted::Yes)),
        ("… correcting", in_correction()),
        ("… of a whole", of_a_whole(working("viet", Drafted::Yes))),
        ("sign", working("duyet", Drafted::Yes)),
        ("… no draft", working("duyet", Drafted::No)),
        ("seal", working("dau", Drafted::Yes)),
        ("awaiting paper", awaiting()),
        ("awaiting money", awaiting_payment()),
        ("halted", halted()),
        ("stopped", stopped),
        ("withdrawn", withdrawn.expect("open").0),
        ("done", done()),
        ("… in parts", in_parts(done(), false)),
        ("… of a whole", of_a_whole(done())),
        ("handed over", handed_over()),
        ("… annulled", annulled),
        ("mirrored", perform(Act::Mirror, intake(&procedure()))),
    ]
}

fn setting(procedure: &Procedure) -> Setting<'_> {
    Setting { procedure, terms: terms(), now: at(NOW) }
}

/// Each act, done as well as it can be done, in each state: the number of the state after it, or in a
/// word why not. `·` is "not in this state".
fn matrix(acts: &[(&str, Act)]) -> String {
    let mut matrix = format!("{:<15}", "");
    for (name, _) in acts {
        write!(matrix, "{name:>9}").expect("a string takes everything");
    }
    for (name, dossier) in states() {
        write!(matrix, "\n{name:<15}").expect("a string takes everything");
        for (act, perform) in acts {
            let cell = match perform.perform(dossier.clone(), setting(&procedure()), &mut |_| 0) {
                Ok((after, _)) => {
                    assert_eq!(broken(&after, &procedure(), terms()), [""; 0], "{act} on {name}");
                    format!("→{}", after.state.number().unwrap_or(0))
                }
                Err(refused) => why_not(&dossier, &refused).to_owned(),
            };
            write!(matrix, "{cell:>9}").expect("a string takes everything");
        }
    }
    matrix
}

fn why_not(dossier: &Dossier, refused: &Refused) -> &'static str {
    match refused {
        Refused::NotInThisState(kind) => {
            assert_eq!(*kind, dossier.state.kind(), "it says where the dossier stands");
            "·"
        }
        Refused::ReadOnly => "read",
        Refused::NotThisStep { .. } => "step",
        Refused::NoSuchWay { .. } => "way",
        Refused::StepNotDone { .. } => "undone",
        Refused::SupplementAskedBefore => "once",
        Refused::NoSuchWait { .. } => "no wait",
        Refused::NotExpired | Refused::ConsultNotLate => "early",
        Refused::ClockStands => "stands",
        Refused::ConsultsOpen { .. } => "opinion",
        Refused::NoSuchConsultation | Refused::NothingOwed | Refused::NoPartToDecide => "none",
        Refused::WrongAmount { .. } => "paid",
        Refused::PartsNotReady { .. } => "parts",
        Refused::GoesWithTheWhole => "whole",
        Refused::ChannelNotOffered => "counter",
        other => panic!("{other:?}"),
    }
}

const RECEIVING: [(&str, Act); 10] = [
    ("case", Act::ChooseCase),
    ("submit", Act::Submit),
    ("receive", Act::Receive),
    ("refuse", Act::Refuse),
    ("papers", Act::AskPapers),
    ("brought", Act::PapersBrought),
    ("transfer", Act::Transfer),
    ("begin", Act::StartPart),
    ("fee", Act::CollectFee),
    ("mirror", Act::Mirror),
];

const WORKING: [(&str, Act); 11] = [
    ("take", Act::Take),
    ("assign", Act::Assign),
    ("hand on", Act::Reassign),
    ("finish", Act::Finish),
    ("back", Act::SendBack),
    ("draft", Act::Draft),
    ("sign", Act::Sign),
    ("seal", Act::Seal),
    ("consult", Act::Consult),
    ("answer", Act::Answer),
    ("lapse", Act::Lapse),
];

const WAITING: [(&str, Act); 9] = [
    ("ask", Act::AskSupplement),
    ("got", Act::SupplementReceived),
    ("owe", Act::AskPayment),
    ("paid", Act::PaymentReceived),
    ("halt", Act::Halt),
    ("resume", Act::Resume),
    ("expire", Act::Expire),
    ("extend", Act::Extend),
    ("stop", Act::Stop),
];

const ENDING: [(&str, Act); 9] = [
    ("wish", Act::AskWithdrawal),
    ("withdraw", Act::Withdraw),
    ("… part", Act::WithdrawPart),
    ("hand", Act::HandOver),
    ("… part", Act::HandOverPart),
    ("correct", Act::Correct),
    ("annul", Act::Annul),
    ("let part", Act::LetPartBegin),
    ("stop it", Act::StopPart),
];

#[test]
fn each_state_allows_these_acts_and_no_others() {
    insta::assert_snapshot!(matrix(&RECEIVING), @r"
                        case   submit  receive   refuse   papers  brought transfer    begin      fee   mirror
    preparing             →0  counter       →2       →3        ·        ·        ·        ·        ·       →4
    … online              →0       →1        ·       →3        ·        ·        ·        ·        ·       →4
    submitted              ·        ·       →2       →3       →5        ·        ·        ·        ·        ·
    awaiting papers        ·        ·       →2        ·        ·       →1        ·        ·        ·        ·
    not received           ·        ·        ·        ·        ·        ·        ·        ·        ·        ·
    received               ·        ·        ·        ·        ·        ·       →4        ·       →2        ·
    awaiting parts         ·        ·        ·        ·        ·        ·        ·       →2     paid        ·
    nobody has it          ·        ·        ·        ·        ·        ·        ·        ·       →4        ·
    examine                ·        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … supplemented         ·        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … clock stands         ·        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … asked                ·        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … must ask             ·        ·        ·        ·        ·        ·        ·        ·       →4        ·
    draft                  ·        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … drafted              ·        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … correcting           ·        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … of a whole           ·        ·        ·        ·        ·        ·        ·        ·       →4        ·
    sign                   ·        ·        ·        ·        ·        ·        ·        ·       →4        ·
    … no draft             ·        ·        ·        ·        ·        ·        ·        ·       →4        ·
    seal                   ·        ·        ·        ·        ·        ·        ·        ·       →4        ·
    awaiting paper         ·        ·        ·        ·        ·        ·        ·        ·       →5        ·
    awaiting money         ·        ·        ·        ·        ·        ·        ·        ·       →6        ·
    halted                 ·        ·        ·        ·        ·        ·        ·        ·       →8        ·
    stopped                ·        ·        ·        ·        ·        ·        ·        ·     none        ·
    withdrawn              ·        ·        ·        ·        ·        ·        ·        ·     none        ·
    done                   ·        ·        ·        ·        ·        ·        ·        ·       →9        ·
    … in parts             ·        ·        ·        ·        ·        ·        ·        ·       →9        ·
    … of a whole           ·        ·        ·        ·        ·        ·        ·        ·       →9        ·
    handed over            ·        ·        ·        ·        ·        ·        ·        ·      →10        ·
    … annulled             ·        ·        ·        ·        ·        ·        ·        ·      →10        ·
    mirrored            read     read     read     read     read     read     read     read     read       →4
    ");
    insta::assert_snapshot!(matrix(&WORKING), @r"
                        take   assign  hand on   finish     back    draft     sign     seal  consult   answer    lapse
    preparing              ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    … online               ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    submitted              ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    awaiting papers        ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    not received           ·        ·        ·        ·        ·        ·        ·        ·        ·        ·     none
    received              →4        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    awaiting parts         ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    nobody has it         →4       →4        ·        ·        ·        ·        ·        ·        ·     none     none
    examine                ·       →4       →4       →4      way     step     step     step       →4     none     none
    … supplemented         ·       →4       →4       →4      way     step     step     step       →4     none     none
    … clock stands         ·       →4       →4  opinion      way     step     step     step       →4       →4    early
    … asked                ·       →4       →4  opinion      way     step     step     step       →4       →4    early
    … must ask             ·       →4       →4  opinion       →4     step     step     step       →4     none     none
    draft                  ·       →4       →4   undone       →4       →4     step     step       →4     none     none
    … drafted              ·       →4       →4       →4       →4       →4     step     step       →4     none     none
    … correcting           ·       →4       →4   undone       →4       →4     step     step       →4     none     none
    … of a whole           ·       →4       →4       →4       →4       →4     step     step       →4     none     none
    sign                   ·       →4       →4   undone       →4     step       →4     step       →4     none     none
    … no draft             ·       →4       →4   undone       →4     step   undone     step       →4     none     none
    seal                   ·       →4       →4   undone      way     step     step       →9       →4     none     none
    awaiting paper         ·        ·       →5        ·        ·        ·        ·        ·        ·     none     none
    awaiting money         ·        ·       →6        ·        ·        ·        ·        ·        ·     none     none
    halted                 ·        ·       →8        ·        ·        ·        ·        ·        ·     none     none
    stopped                ·        ·        ·        ·        ·        ·        ·        ·        ·        ·     none
    withdrawn              ·        ·        ·        ·        ·        ·        ·        ·        ·        ·     none
    done                   ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    … in parts             ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    … of a whole           ·        ·        ·        ·        ·        ·        ·        ·        ·     none     none
    handed over            ·        ·        ·        ·        ·        ·        ·        ·        ·        ·     none
    … annulled             ·        ·        ·        ·        ·        ·        ·        ·        ·        ·     none
    mirrored            read     read     read     read     read     read     read     read     read     read     none
    ");
    insta::assert_snapshot!(matrix(&WAITING), @r"
                         ask      got      owe     paid     halt   resume   expire   extend     stop
    preparing              ·        ·        ·        ·        ·        ·        ·        ·        ·
    … online               ·        ·        ·        ·        ·        ·        ·        ·        ·
    submitted              ·        ·        ·        ·        ·        ·        ·        ·        ·
    awaiting papers        ·        ·        ·        ·        ·        ·    early        ·        ·
    not received           ·        ·        ·        ·        ·        ·        ·        ·        ·
    received               ·        ·        ·        ·        ·        ·        ·       →2       →8
    awaiting parts         ·        ·        ·        ·        ·        ·        ·        ·        ·
    nobody has it          ·        ·        ·        ·        ·        ·        ·       →4       →8
    examine               →5        ·  no wait        ·       →8        ·        ·       →4       →8
    … supplemented      once        ·  no wait        ·       →8        ·        ·       →4       →8
    … clock stands        →5        ·  no wait        ·       →8        ·        ·   stands       →8
    … asked               →5        ·  no wait        ·       →8        ·        ·       →4       →8
    … must ask            →5        ·  no wait        ·       →8        ·        ·       →4       →8
    draft                 →5        ·       →6        ·       →8        ·        ·       →4       →8
    … drafted             →5        ·       →6        ·       →8        ·        ·       →4       →8
    … correcting          →5        ·       →6        ·       →8        ·        ·       →4      →10
    … of a whole          →5        ·       →6        ·       →8        ·        ·       →4       →8
    sign             no wait        ·  no wait        ·  no wait        ·        ·       →4       →8
    … no draft       no wait        ·  no wait        ·  no wait        ·        ·       →4       →8
    seal             no wait        ·  no wait        ·  no wait        ·        ·       →4       →8
    awaiting paper         ·       →4        ·        ·        ·        ·    early        ·        ·
    awaiting money         ·        ·        ·       →4        ·        ·    early        ·        ·
    halted                 ·        ·        ·        ·        ·       →4    early        ·       →8
    stopped                ·        ·        ·        ·        ·        ·        ·        ·        ·
    withdrawn              ·        ·        ·        ·        ·        ·        ·        ·        ·
    done                   ·        ·        ·        ·        ·        ·        ·        ·        ·
    … in parts             ·        ·        ·        ·        ·        ·        ·        ·        ·
    … of a whole           ·        ·        ·        ·        ·        ·        ·        ·        ·
    handed over            ·        ·        ·        ·        ·        ·        ·        ·        ·
    … annulled             ·        ·        ·        ·        ·        ·        ·        ·        ·
    mirrored            read     read     read     read     read     read     read     read     read
    ");
    insta::assert_snapshot!(matrix(&ENDING), @r"
                        wish withdraw   … part     hand   … part  correct    annul let part  stop it
    preparing              ·        ·        ·        ·        ·        ·        ·     none        ·
    … online               ·        ·        ·        ·        ·        ·        ·     none        ·
    submitted             →1       →7        ·        ·        ·        ·        ·     none        ·
    awaiting papers       →5       →7        ·        ·        ·        ·        ·     none        ·
    not received           ·        ·        ·        ·        ·        ·        ·     none        ·
    received              →2       →7        ·        ·        ·        ·        ·     none        ·
    awaiting parts         ·        ·       →7        ·        ·        ·        ·     none       →8
    nobody has it         →4       →7        ·        ·        ·        ·        ·     none        ·
    examine               →4       →7        ·        ·        ·        ·        ·     none        ·
    … supplemented        →4       →7        ·        ·        ·        ·        ·     none        ·
    … clock stands        →4       →7        ·        ·        ·        ·        ·     none        ·
    … asked               →4       →7        ·        ·        ·        ·        ·     none        ·
    … must ask            →4       →7        ·        ·        ·        ·        ·     none        ·
    draft                 →4       →7        ·        ·        ·        ·        ·     none        ·
    … drafted             →4       →7        ·        ·        ·        ·        ·     none        ·
    … correcting           ·        ·        ·        ·        ·        ·        ·     none        ·
    … of a whole       whole    whole       →7        ·        ·        ·        ·     none       →8
    sign                  →4       →7        ·        ·        ·        ·        ·     none        ·
    … no draft            →4       →7        ·        ·        ·        ·        ·     none        ·
    seal                  →4       →7        ·        ·        ·        ·        ·     none        ·
    awaiting paper        →5       →7        ·        ·        ·        ·        ·     none        ·
    awaiting money        →6       →7        ·        ·        ·        ·        ·     none        ·
    halted                →8       →7        ·        ·        ·        ·        ·     none        ·
    stopped                ·        ·        ·        ·        ·        ·        ·     none        ·
    withdrawn              ·        ·        ·        ·        ·        ·        ·     none        ·
    done                   ·        ·        ·      →10        ·        ·        ·     none        ·
    … in parts             ·        ·        ·    parts        ·        ·        ·     none        ·
    … of a whole           ·        ·        ·    whole      →10        ·        ·     none        ·
    handed over            ·        ·        ·        ·        ·       →4      →10     none        ·
    … annulled             ·        ·        ·        ·        ·        ·        ·     none        ·
    mirrored            read     read     read     read     read     read     read     none     read
    ");
    let mut shown: Vec<Act> =
        [&RECEIVING[..], &WORKING, &WAITING, &ENDING].concat().into_iter().map(|(_, act)| act).collect();
    shown.sort_unstable();
    assert_eq!(shown, Act::ALL, "every act stands in one of the tables");
    let kinds: std::collections::BTreeSet<_> =
        states().into_iter().map(|(_, dossier)| dossier.state.kind()).collect();
    assert_eq!(kinds.len(), 15, "every state is there: {kinds:?}");
}

#[test]
fn what_must_always_hold_holds_in_every_state() {
    for (name, dossier) in states() {
        assert_eq!(broken(&dossier, &procedure(), terms()), [""; 0], "{name}");
    }
}

fn perform(act: Act, dossier: Dossier, procedure: &Procedure) -> Result<(Dossier, Option<Body>), Refused> {
    act.perform(dossier, setting(procedure), &mut |_| 0)
}

#[test]
fn what_happened_is_written_as_it_happened() {
    let text = |text: &str| text.to_owned();
    let (due_at, due_on) = (at("2026-11-23T16:00"), date(2026, 11, 23));
    let until = at("2026-11-26T16:00");
    for (act, dossier, expected) in [
        (
            Act::Receive,
            intake(&procedure()),
            Body::DossierReceived {
                code: Some(code()),
                limit: Limit::WorkingDays(3),
                due_at,
                due_on,
                fee: 20_000,
            },
        ),
        (
            Act::Submit,
            online(),
            Body::Submitted { channel: Channel::Online, answer_by: at("2026-11-19T16:00") },
        ),
        (Act::ChooseCase, intake(&procedure()), Body::CaseChosen { case: text("dieu-nho") }),
        (Act::Transfer, received(), Body::Transferred { step: text("ngo"), agency: COMMITTEE }),
        (Act::Take, received(), Body::DossierTaken { step: text("ngo") }),
        (
            Act::Finish,
            working("ngo", Drafted::No),
            Body::StepFinished {
                step: text("ngo"),
                next: text("viet"),
                opinion: text("Đủ điều kiện"),
                officer: None,
            },
        ),
        (
            Act::SendBack,
            working("duyet", Drafted::Yes),
            Body::SentBack { step: text("duyet"), to: text("viet"), reason: text("thiếu chữ ký") },
        ),
        (
            Act::AskSupplement,
            working("ngo", Drafted::No),
            Body::SupplementAsked { items: items(), until: Some(at("2026-11-26T16:00")), exception: None },
        ),
        (Act::SupplementReceived, awaiting(), Body::SupplementReceived { due_at, due_on }),
        (
            Act::AskPayment,
            working("viet", Drafted::No),
            Body::PaymentAsked { notice: notice(), until: at("2026-11-30T17:00") },
        ),
        (
            Act::Halt,
            working("ngo", Drafted::No),
            Body::Halted { reason: text("chờ kết luận thanh tra"), until },
        ),
        (Act::AskWithdrawal, received(), Body::WithdrawalAsked { reason: text("không còn nhu cầu") }),
        (
            Act::Withdraw,
            awaiting(),
            Body::Withdrawn {
                reason: text("không còn nhu cầu"),
                returned: vec![text("don"), text("ban-ve")],
            },
        ),
        (
            Act::HandOver,
            done(),
            Body::ResultHandedOver {
                result: RESULT,
                way: HandOverWay::Counter,
                returned: vec![text("ban-ve")],
            },
        ),
    ] {
        let (_, body) = perform(act, dossier, &procedure()).expect("the law allows it");
        assert_eq!(body, Some(expected), "{act:?}");
    }
}

#[test]
fn an_accepted_dossier_has_a_code_a_first_step_and_a_date() {
    let dossier = received();
    assert_eq!(dossier.code, Some(code()));
    assert_eq!(dossier.received_at, Some(at(RECEIVED)));
    assert_eq!(dossier.state, State::Received { step: "ngo".to_owned() });
    assert_eq!(dossier.due, Some(DueMoment { at: at("2026-11-23T09:00"), on: date(2026, 11, 23) }));
    assert_eq!(dossier.life.fee, Fees { due: 20_000, paid: 0 });
    let by_days = Acceptance { terms: Terms { counting: Counting::Days, ..terms() }, ..acceptance() };
    let (dossier, _) = intake(&procedure()).receive(&procedure(), by_days, at(RECEIVED)).expect("complete");
    assert_eq!(dossier.due, Some(DueMoment { at: at("2026-11-23T17:00"), on: date(2026, 11, 23) }));
}

#[test]
fn the_limit_and_the_fee_are_those_of_the_case_and_the_channel() {
    let by_post = Dossier { case: "dieu-to".to_owned(), channel: Channel::Post, ..intake(&procedure()) };
    let (came, _) = by_post.submit(&procedure(), terms(), at(RECEIVED)).expect("it came by post");
    let answer_by = DueMoment { at: at("2026-11-19T09:00"), on: date(2026, 11, 19) };
    assert_eq!(came.state, State::Submitted { answer_by }, "one working day for what comes by post");
    let (_, body) = came.receive(&procedure(), acceptance(), at(RECEIVED)).expect("offered by post");
    let Body::DossierReceived { limit, fee, due_on, .. } = body else {
        panic!("it was received: {body:?}");
    };
    assert_eq!((limit, fee, due_on), (Limit::WorkingHours(4), 0, date(2026, 11, 18)));
}

#[test]
fn a_dossier_is_settled_under_the_revision_it_was_received_under() {
    let newer = Procedure { revision: 4, ..procedure() };
    let other = Procedure { code: "9.000002".parse().expect("a code"), ..procedure() };
    // These read the procedure; the others need none.
    for (act, dossier) in [
        (Act::Receive, intake(&procedure())),
        (Act::ChooseCase, intake(&procedure())),
        (Act::StartPart, part("duoi")),
        (Act::Finish, working("ngo", Drafted::No)),
        (Act::SendBack, working("viet", Drafted::No)),
        (Act::Draft, working("viet", Drafted::No)),
        (Act::Sign, working("duyet", Drafted::Yes)),
        (Act::Seal, working("dau", Drafted::Yes)),
        (Act::Consult, working("ngo", Drafted::No)),
        (Act::AskSupplement, working("ngo", Drafted::No)),
        (Act::AskPayment, working("viet", Drafted::No)),
        (Act::Halt, working("ngo", Drafted::No)),
        (Act::Withdraw, received()),
        (Act::HandOver, done()),
        (Act::Correct, handed_over()),
    ] {
        for wrong in [&newer, &other] {
            let done = perform(act, dossier.clone(), wrong).map(|(after, _)| after.state);
            assert_eq!(done, Err(Refused::WrongRevision), "{act:?}");
        }
        assert!(perform(act, dossier, &procedure()).is_ok(), "{act:?}");
    }
    let expire = halted().expire(&newer, terms(), at("2026-12-18T09:00"));
    assert_eq!(expire.map(|(_, body)| body), Err(Refused::WrongRevision));
}

#[test]
fn what_the_revision_does_not_offer_is_not_received() {
    let receive =
        |dossier: Dossier| dossier.receive(&procedure(), acceptance(), at(NOW)).map(|(_, body)| body);
    let not_by_post = Dossier { channel: Channel::Post, ..submitted() };
    assert_eq!(receive(not_by_post), Err(Refused::ChannelNotOffered));
    let no_case = Dossier { case: "dieu-sao".to_owned(), ..intake(&procedure()) };
    assert_eq!(receive(no_case), Err(Refused::WrongRevision));
    assert_eq!(
        intake(&procedure()).choose_case(&procedure(), "dieu-sao").map(|(_, body)| body),
        Err(Refused::WrongRevision)
    );
    let after_all_tables = intake(&procedure()).receive(&procedure(), acceptance(), at("2028-01-05T09:00"));
    let no_table = CalendarError::NoTable { year: 2028 };
    assert_eq!(after_all_tables.map(|(_, body)| body), Err(Refused::Calendar(no_table)));
}

#[test]
fn reasons_and_opinions_are_asked_for() {
    let blank = || " \n".to_owned();
    let nothing_to_bring = vec![SupplementItem { component: "don".to_owned(), what: blank() }];
    let silent = Refusal { explanation: blank(), ..refusal() };
    let ask = |items| working("ngo", Drafted::No).ask_supplement(&procedure(), items, None, terms(), at(NOW));
    let correct =
        |reason| handed_over().correct(&procedure(), reason, Fault::Agency, COMMITTEE, terms(), at(NOW));
    let nobody = PaymentNotice { number: blank(), ..notice() };
    let silence = Question { question: blank(), ..question(ClockEffect::Runs) };
    for (act, done) in vec![
        ("refuse", intake(&procedure()).refuse_at_counter(silent)),
        ("papers", submitted().ask_papers(nothing_to_bring.clone(), None, terms(), at(NOW))),
        ("finish", working("ngo", Drafted::No).finish_step(&procedure(), onward("viet"), blank())),
        ("back", working("viet", Drafted::No).send_back(&procedure(), onward("ngo"), blank())),
        ("ask for nothing", ask(Vec::new())),
        ("ask without words", ask(nothing_to_bring)),
        ("consult", working("ngo", Drafted::No).consult(&procedure(), silence, BINH, terms(), at(NOW))),
        ("owe", working("viet", Drafted::No).ask_payment(&procedure(), nobody, terms(), at(NOW))),
        ("paid", awaiting_payment().payment_received(blank(), terms(), at(NOW))),
        ("halt", working("ngo", Drafted::No).halt(&procedure(), blank(), terms(), at(NOW))),
        ("stop", received().stop(blank(), at(NOW))),
        ("extend", received().extend(Limit::WorkingDays(1), blank(), terms(), at(NOW))),
        ("wish", received().ask_withdrawal(blank(), at(NOW))),
        ("withdraw", received().withdraw(&procedure(), &[], blank(), Custodian::Applicant, at(NOW))),
        ("withdraw a part", part("day").withdraw_part(blank(), at(NOW))),
        ("correct", correct(blank())),
        ("annul", handed_over().annul(blank(), "cấp sai".to_owned())),
        ("annul without a word", handed_over().annul("Quyết định 17".to_owned(), blank())),
        ("fee", received().collect_fee(1_000, blank())),
    ] {
        assert_eq!(done.map(|(_, body)| body), Err(Refused::ReasonMissing), "{act}");
    }
    // A draft speaks for itself.
    let drafted = working("viet", Drafted::Yes).finish_step(&procedure(), onward("duyet"), blank());
    assert!(drafted.is_ok());
}

#[test]
fn ways_are_those_of_the_data() {
    let finish = |from: &str, to: &str| {
        let onward = Onward { holding: ELSEWHERE, ..onward(to) };
        working(from, Drafted::Yes).finish_step(&procedure(), onward, "được".to_owned())
    };
    let no_way = |from: &str, to: &str| Refused::NoSuchWay { from: from.to_owned(), to: to.to_owned() };
    // Two ways from the first step, and the one taken leads to another agency.
    let (asked, _) = finish("ngo", "hoi").expect("the second way");
    assert_eq!(
        asked.state,
        State::InProcess(AtStep { step: "hoi".to_owned(), officer: None, result: Some(RESULT) })
    );
    assert_eq!(asked.scope, AgencyScope { holding: ELSEWHERE, ..SCOPE });
    for (from, to) in
        [("ngo", "duyet"), ("ngo", "ngo"), ("hoi", "ngo"), ("ngo", "tham-dinh"), ("viet", "ngo")]
    {
        assert_eq!(finish(from, to).map(|(_, body)| body), Err(no_way(from, to)));
    }
    let back = working("hoi", Drafted::No).send_back(&procedure(), onward("viet"), "vì".to_owned());
    assert_eq!(back.map(|(_, body)| body), Err(no_way("hoi", "viet")));
    // A step that a shipped process has is none here, and the reverse.
    let stranger = Dossier { procedure: shipped().code, revision: 1, ..working("ngo", Drafted::No) };
    assert_eq!(stranger.working_step(&shipped()).map(|_| ()), Err(Refused::WrongRevision));
}

#[test]
fn a_paper_in_hand_is_not_skipped() {
    let undone = |step: &str, task| Refused::StepNotDone { step: step.to_owned(), task };
    let finish = |step: &str, to: &str, drafted| {
        let done = working(step, drafted).finish_step(&procedure(), onward(to), "xong".to_owned());
        done.map(|(_, body)| body)
    };
    assert_eq!(finish("viet", "duyet", Drafted::No), Err(undone("viet", StepTask::Draft)));
    assert_eq!(finish("duyet", "dau", Drafted::Yes), Err(undone("duyet", StepTask::Sign)));
    assert_eq!(finish("dau", "dua", Drafted::Yes), Err(undone("dau", StepTask::Seal)));
    let unsigned = working("duyet", Drafted::No).signed(&procedure(), onward("dau"));
    assert_eq!(unsigned.map(|dossier| dossier.state), Err(undone("duyet", StepTask::Sign)));
}

#[test]
fn what_the_step_knows_follows_the_state() {
    let awaiting = awaiting().state;
    assert_eq!((awaiting.step(), awaiting.officer(), awaiting.result()), (Some("ngo"), Some(BINH), None));
    assert_eq!(working("viet", Drafted::Yes).state.result(), Some(RESULT));
    assert_eq!(received().state.officer(), None);
    assert_eq!(part("duoi").state.step(), Some("ngo"));
    let until = Some(DueMoment { at: at("2026-11-26T15:00"), on: date(2026, 11, 26) });
    assert_eq!(awaiting.wait(), Some((WaitKind::Supplement, until)));
    assert_eq!(awaiting_payment().state.wait().map(|(what, _)| what), Some(WaitKind::Payment));
    assert_eq!(halted().state.wait().map(|(what, _)| what), Some(WaitKind::Halt));
    assert_eq!(done().state.wait(), None);
}

/// Written by version 1; every later version must open them as what they were.
const STATES_OF_VERSION_1: &str = include_str!("version-1.jsonl");

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
    let event = NewEvent::of_dossier(DOSSIER, &officer, at(NOW), body());
    assert_eq!((event.actor, event.on_behalf_of, event.agency), (Some(HOA), None, COUNTER));
    assert_eq!(event.dossier, Some(DOSSIER));
    let job = crate::people::Actor::System { on_behalf_of: Some(HOA), agency: COUNTER };
    let event = NewEvent::of_dossier(DOSSIER, &job, at(NOW), body()).for_purpose("tra cứu");
    assert_eq!((event.actor, event.on_behalf_of), (None, Some(HOA)));
    assert_eq!(event.purpose.as_deref(), Some("tra cứu"));
}
