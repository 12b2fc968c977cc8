//! A dossier in every state it can be in, and what its acts do and write.

use super::testing::{Act, Setting, broken};
use super::{
    Acceptance, AtStep, Custodian, Dossier, DueMoment, Fault, Fees, Life, Onward, Outcome, PartOfWhole,
    PaymentNotice, Question, Refused, State, Terms,
};
use crate::calendar::{CalendarError, Counting, Limit};
use crate::code::DossierCode;
use crate::counter::Refusal;
use crate::event::{Body, HandOverWay, NewEvent, SupplementItem};
use crate::people::AgencyScope;
use crate::procedure::{Channel, ClockEffect, Procedure, StepTask, Verdict, WaitKind};
use crate::sample::{
    BINH, COMMITTEE, CONSULTATION, COUNTER, DOSSIER, ELSEWHERE, HOA, PART, RESULT, SCOPE, at, intake,
    procedure, refusal, shipped, terms, whole,
};
use jiff::civil::date;

mod guard;
mod kept;
mod law;
mod life;
mod referral;
mod return_way;
mod table;
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
    dossier.assign(BINH, COMMITTEE, at(NOW)).expect("it lies at a step").0
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
    for (act, dossier, expected) in written() {
        let (_, body) = perform(act, dossier, &procedure()).expect("the law allows it");
        assert_eq!(body, Some(expected), "{act:?}");
    }
}

/// Acts, and what each writes of a dossier.
fn written() -> Vec<(Act, Dossier, Body)> {
    let text = |text: &str| text.to_owned();
    let (due_at, due_on) = (at("2026-11-23T16:00"), date(2026, 11, 23));
    let until = at("2026-11-26T16:00");
    vec![
        (
            Act::Receive,
            intake(&procedure()),
            Body::DossierReceived {
                code: Some(code()),
                limit: Limit::WorkingDays(3),
                due_at,
                due_on,
                fee: 20_000,
                as_of: None,
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
                receiver: None,
            },
        ),
    ]
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
        ("fee", received().collect_fee(1_000, blank(), None)),
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
