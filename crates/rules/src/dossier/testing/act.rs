//! Every act on a dossier, done by chance: what it is done with is drawn, and zero is always drawn for
//! the best that can be done.

use crate::calendar::Limit;
use crate::counter::{DossierComponent, Refusal, RefusalReason, Supply};
use crate::dossier::{
    Acceptance, ConsultAnswer, Custodian, Dossier, Fault, MirrorNews, Onward, OpinionVerdict, Outcome,
    PaymentNotice, Question, Refused, ReturnWay, State, StoppedFor, Terms,
};
use crate::event::{Body, HandOverWay, SupplementItem};
use crate::id::{AgencyId, ConsultationId, DossierId, OfficerId, ResultId};
use crate::procedure::{Channel, ClockEffect, Procedure, StepTask, SystemOfRecord, Verdict, WaitKind};
use jiff::Timestamp;
use uuid::Uuid;

/// Draws a number below the one given.
pub type Draw<'d> = &'d mut dyn FnMut(usize) -> usize;

/// Whose rules an act is done by, and when.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    pub procedure: &'a Procedure,
    pub terms: Terms<'a>,
    pub now: Timestamp,
}

/// An act on one dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    ChooseCase,
    ChooseReturnWay,
    Submit,
    Receive,
    Refuse,
    AskPapers,
    PapersBrought,
    Transfer,
    Take,
    Assign,
    Reassign,
    Finish,
    SendBack,
    Draft,
    Sign,
    Seal,
    Consult,
    Answer,
    Lapse,
    AskSupplement,
    SupplementReceived,
    AskPayment,
    PaymentReceived,
    Halt,
    Resume,
    Stop,
    Expire,
    Extend,
    AskWithdrawal,
    Withdraw,
    HandOver,
    Correct,
    Annul,
    CollectFee,
    Mirror,
    LetPartBegin,
    StartPart,
    HandOverPart,
    WithdrawPart,
    StopPart,
}

impl Act {
    pub const ALL: [Self; 40] = [
        Self::ChooseCase,
        Self::ChooseReturnWay,
        Self::Submit,
        Self::Receive,
        Self::Refuse,
        Self::AskPapers,
        Self::PapersBrought,
        Self::Transfer,
        Self::Take,
        Self::Assign,
        Self::Reassign,
        Self::Finish,
        Self::SendBack,
        Self::Draft,
        Self::Sign,
        Self::Seal,
        Self::Consult,
        Self::Answer,
        Self::Lapse,
        Self::AskSupplement,
        Self::SupplementReceived,
        Self::AskPayment,
        Self::PaymentReceived,
        Self::Halt,
        Self::Resume,
        Self::Stop,
        Self::Expire,
        Self::Extend,
        Self::AskWithdrawal,
        Self::Withdraw,
        Self::HandOver,
        Self::Correct,
        Self::Annul,
        Self::CollectFee,
        Self::Mirror,
        Self::LetPartBegin,
        Self::StartPart,
        Self::HandOverPart,
        Self::WithdrawPart,
        Self::StopPart,
    ];

    /// Does it, or says why not. The body is none where the act of `office` writes it.
    pub fn perform(
        self,
        dossier: Dossier,
        at: Setting<'_>,
        draw: Draw<'_>,
    ) -> Result<(Dossier, Option<Body>), Refused> {
        let Setting { procedure, terms, now } = at;
        let competent = dossier.scope.competent;
        let done = match self {
            Self::ChooseCase => {
                let case = &procedure.cases[draw(procedure.cases.len())].id;
                dossier.choose_case(procedure, case)
            }
            Self::ChooseReturnWay => {
                let address = said(draw, "Thôn Đá Chữ, xã Yên Bình");
                let ways = [ReturnWay::Post { address }, ReturnWay::Counter, ReturnWay::Electronic];
                dossier.choose_return_way(ways[draw(3)].clone())
            }
            Self::Submit => dossier.submit(procedure, terms, now),
            Self::Receive => {
                let code = "H56.15.3-261118-0012".parse().expect("a code");
                let code = dossier.part_of.is_none().then_some(code);
                dossier.receive(procedure, Acceptance { code, terms }, now)
            }
            Self::Refuse => {
                let explanation = said(draw, "Nộp tại phường Thủy Xuân, nơi thường trú");
                dossier.refuse_at_counter(Refusal { reason: RefusalReason::NotCompetent, explanation })
            }
            Self::AskPapers => dossier.ask_papers(items(draw), exception(draw), terms, now),
            Self::PapersBrought => dossier.papers_brought(terms, now),
            Self::Transfer => dossier.transfer(competent, now),
            Self::Take => dossier.take(officer(draw), competent, now),
            Self::Assign => dossier.assign(officer(draw), competent, now),
            Self::Reassign => dossier.reassign(given_to(draw), said(draw, "nghỉ ốm")),
            Self::Finish => {
                let (to, officer) = (next(&dossier, procedure, draw), given_to(draw));
                let onward = Onward { to: &to, holding: competent, officer, now };
                dossier.finish_step(procedure, onward, said(draw, "Đủ điều kiện"))
            }
            Self::SendBack => {
                let (to, officer) = (earlier(&dossier, procedure, draw), given_to(draw));
                let onward = Onward { to: &to, holding: competent, officer, now };
                dossier.send_back(procedure, onward, said(draw, "thiếu chữ ký"))
            }
            Self::Draft => {
                let result = ResultId(drawn(0xd1, draw(1_000)));
                return dossier.draft(procedure, result).map(|dossier| (dossier, None));
            }
            Self::Sign => {
                let to = next(&dossier, procedure, draw);
                let onward = Onward { to: &to, holding: competent, officer: None, now };
                return dossier.signed(procedure, onward).map(|dossier| (dossier, None));
            }
            Self::Seal => {
                let (to, holding) = (next(&dossier, procedure, draw), dossier.scope.receiving);
                let verdict = if draw(4) == 3 { Verdict::Refuses } else { Verdict::Grants };
                let onward = Onward { to: &to, holding, officer: None, now };
                return dossier.sealed(procedure, onward, verdict).map(|dossier| (dossier, None));
            }
            Self::Consult => {
                let asked = question(&dossier, procedure, draw);
                dossier.consult(procedure, asked, officer(draw), terms, now)
            }
            Self::Answer => {
                let (id, verdict, opinion) =
                    (asked(&dossier, draw), OpinionVerdict::Agrees, said(draw, "Không có ý kiến khác"));
                dossier.answer(id, ConsultAnswer { at: now, by: officer(draw), verdict, opinion }, terms)
            }
            Self::Lapse => {
                let id = asked(&dossier, draw);
                dossier.lapse(id, terms, now)
            }
            Self::AskSupplement => {
                dossier.ask_supplement(procedure, items(draw), exception(draw), terms, now)
            }
            Self::SupplementReceived => dossier.supplement_received(terms, now),
            Self::AskPayment => {
                let amount = if draw(10) == 9 { 0 } else { 12_500_000 };
                let notice = PaymentNotice { number: said(draw, "TB-0113/CCT"), amount };
                dossier.ask_payment(procedure, notice, terms, now)
            }
            Self::PaymentReceived => dossier.payment_received(said(draw, "BL-7712"), terms, now),
            Self::Halt => dossier.halt(procedure, said(draw, "chờ kết luận thanh tra"), terms, now),
            Self::Resume => dossier.resume(terms, now),
            Self::Stop => dossier.stop(said(draw, "đất đang tranh chấp"), now),
            Self::Expire => dossier.expire(procedure, terms, now),
            Self::Extend => {
                let by = Limit::WorkingDays(if draw(10) == 9 { 0 } else { 2 });
                dossier.extend(by, said(draw, "nhiều hồ sơ cùng lúc"), terms, now)
            }
            Self::AskWithdrawal => dossier.ask_withdrawal(said(draw, "không còn nhu cầu"), now),
            Self::Withdraw => {
                let (brought, custodian) = (brought(&dossier, procedure), custodian(draw));
                dossier.withdraw(procedure, &brought, said(draw, "không còn nhu cầu"), custodian, now)
            }
            Self::HandOver => {
                let (brought, custodian) = (brought(&dossier, procedure), custodian(draw));
                dossier.hand_over(procedure, &brought, way(draw), custodian)
            }
            Self::Correct => {
                let fault = if draw(2) == 1 { Fault::Applicant } else { Fault::Agency };
                dossier.correct(procedure, said(draw, "sai năm sinh"), fault, competent, terms, now)
            }
            Self::Annul => {
                dossier.annul(said(draw, "Quyết định 17/QĐ-UBND"), said(draw, "cấp sai đối tượng"))
            }
            Self::CollectFee => {
                let owed = dossier.life.fee.due - dossier.life.fee.paid;
                let amount = [owed, owed / 2, owed + 1][draw(3)];
                dossier.collect_fee(amount, said(draw, "0001234"), None)
            }
            Self::Mirror => {
                let number = [4, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11][draw(11)];
                let news = MirrorNews { number, status: "Đang xử lý".to_owned(), due: None };
                // As if a ministry's system settled it.
                let system = SystemOfRecord::Ministry("Phần mềm hộ tịch".to_owned());
                dossier.mirror(&Procedure { system, ..procedure.clone() }, news, now)
            }
            Self::LetPartBegin => {
                let blocked = blocked(&dossier, procedure, draw);
                dossier.let_part_begin(procedure, blocked, said(draw, "cha mẹ cam kết"))
            }
            Self::StartPart => dossier.start_part(procedure, terms, now),
            Self::HandOverPart => dossier.hand_over_part(way(draw)),
            Self::WithdrawPart => dossier.withdraw_part(said(draw, "không còn nhu cầu"), now),
            Self::StopPart => {
                dossier.stop_part(StoppedFor::Decided(said(draw, "phần trước bị từ chối")), now)
            }
        };
        done.map(|(dossier, body)| (dossier, Some(body)))
    }
}

/// The acts somebody who knows the office would try on this dossier, the likelier ones more than once.
pub fn likely(dossier: &Dossier, procedure: &Procedure) -> Vec<Act> {
    let is_asked = dossier.life.consultations.iter().any(|asked| asked.is_open());
    let (some, more): (&[Act], &[Act]) = match &dossier.state {
        State::Preparing if dossier.channel == Channel::Direct => (
            &[Act::ChooseCase, Act::ChooseReturnWay, Act::Refuse, Act::Mirror, Act::Withdraw],
            &[Act::Receive],
        ),
        State::Preparing => (&[], &[Act::Submit]),
        State::Submitted { .. } => (
            &[Act::Refuse, Act::AskWithdrawal, Act::Withdraw],
            &[Act::Receive, Act::AskPapers, Act::AskPapers],
        ),
        State::AwaitingPapers { .. } => (&CLOSE_AT_HAND, &[Act::PapersBrought, Act::Receive, Act::Expire]),
        State::Received { .. } => (
            &[
                Act::ChooseReturnWay,
                Act::CollectFee,
                Act::Extend,
                Act::AskWithdrawal,
                Act::Withdraw,
                Act::Stop,
                Act::Assign,
            ],
            &[Act::Take, Act::Transfer],
        ),
        State::InProcess(at_step) if at_step.officer.is_none() => (&[Act::Assign], &[Act::Take]),
        State::InProcess(at_step) => in_hand(at_step.result.is_some(), dossier, procedure),
        State::AwaitingSupplement { .. } => {
            (&CLOSE_AT_HAND, &[Act::SupplementReceived, Act::Expire, Act::Withdraw])
        }
        State::AwaitingPayment { .. } => {
            (&CLOSE_AT_HAND, &[Act::PaymentReceived, Act::Expire, Act::Expire, Act::Withdraw])
        }
        State::Halted { .. } => (&CLOSE_AT_HAND, &[Act::Resume, Act::Expire, Act::Stop, Act::Withdraw]),
        State::Done { .. } => (&[Act::CollectFee, Act::ChooseReturnWay], &[Act::HandOver]),
        State::HandedOver { .. } => (&[Act::CollectFee, Act::Annul], &[Act::Correct]),
        State::Mirrored { .. } => (&[Act::Mirror], &[]),
        State::AwaitingParts { .. }
        | State::NotReceived { .. }
        | State::Stopped { .. }
        | State::Withdrawn { .. } => (&[], &[]),
    };
    let answers: &[Act] = if is_asked { &[Act::Answer, Act::Lapse] } else { &[] };
    let is_blocked = !dossier.blocked_parts(procedure).is_empty();
    let decides: &[Act] = if is_blocked { &[Act::LetPartBegin, Act::LetPartBegin] } else { &[] };
    let mut likely = [some, more, more, answers, answers, decides].concat();
    likely.retain(|act| makes_sense(*act, dossier, procedure));
    likely
}

/// Nobody tries what was done before and may be done once, or what the process does not have.
fn makes_sense(act: Act, dossier: &Dossier, procedure: &Procedure) -> bool {
    let life = &dossier.life;
    let step = dossier.state.step().and_then(|id| procedure.process.step(id));
    let may_wait = |what| step.is_some_and(|step| procedure.process.wait(what, step).is_some());
    match act {
        Act::AskSupplement => may_wait(WaitKind::Supplement),
        Act::AskPayment => may_wait(WaitKind::Payment),
        Act::Halt => may_wait(WaitKind::Halt),
        Act::SendBack => step.is_some_and(|step| !step.back_to.is_empty()),
        Act::Extend => life.n_extensions == 0 && dossier.due.is_some(),
        Act::AskWithdrawal => life.withdrawal_asked.is_none() && life.correcting.is_none(),
        Act::Withdraw => dossier.part_of.is_none() && life.correcting.is_none(),
        Act::HandOver => dossier.part_of.is_none() && life.parts.iter().all(|part| part.has_ended),
        Act::CollectFee => life.fee.paid < life.fee.due,
        Act::Annul | Act::Correct => dossier.outcome != Some(Outcome::Annulled),
        _ => true,
    }
}

/// What may be done while somebody else is waited for.
const CLOSE_AT_HAND: [Act; 5] =
    [Act::CollectFee, Act::Reassign, Act::AskWithdrawal, Act::AskWithdrawal, Act::Withdraw];

/// What an officer who has the dossier in hand may do beside the work of the step, and that work.
fn in_hand(has_draft: bool, dossier: &Dossier, procedure: &Procedure) -> (&'static [Act], &'static [Act]) {
    const WAITS: [Act; 4] = [Act::AskSupplement, Act::AskPayment, Act::AskPayment, Act::Halt];
    const BESIDE: [Act; 14] = [
        Act::SendBack,
        Act::ChooseReturnWay,
        Act::Consult,
        Act::AskSupplement,
        Act::AskSupplement,
        Act::AskPayment,
        Act::AskPayment,
        Act::AskPayment,
        Act::Halt,
        Act::Extend,
        Act::CollectFee,
        Act::Reassign,
        Act::Stop,
        Act::Withdraw,
    ];
    let step = dossier.state.step().and_then(|id| procedure.process.step(id));
    let asks = step.is_some_and(|step| dossier.consults_wanted(step).next().is_some());
    let is_asked = dossier.life.consultations.iter().any(|asked| asked.is_open());
    match step.map(|step| step.task) {
        Some(StepTask::Sign) => (&[Act::SendBack, Act::AskWithdrawal, Act::Withdraw], &[Act::Sign]),
        Some(StepTask::Seal) => (&[], &[Act::Seal]),
        _ if asks => (&[Act::SendBack], &[Act::Consult]),
        // The step cannot end now, but other things can begin.
        _ if is_asked => (&[Act::CollectFee], &WAITS),
        _ if dossier.life.correcting.is_some() && !has_draft => {
            (&[Act::Draft, Act::Stop, Act::Consult], &WAITS)
        }
        Some(StepTask::Draft) if !has_draft => (&BESIDE, &[Act::Draft, Act::Draft, Act::Draft, Act::Draft]),
        _ => (&BESIDE, &[Act::Finish, Act::Finish, Act::Finish, Act::Finish]),
    }
}

/// A word of a person; now and then none.
fn said(draw: Draw<'_>, words: &str) -> String {
    if draw(12) == 11 { " \n".to_owned() } else { words.to_owned() }
}

fn items(draw: Draw<'_>) -> Vec<SupplementItem> {
    vec![SupplementItem { component: "don".to_owned(), what: said(draw, "ghi rõ cỡ diều") }]
}

fn exception(draw: Draw<'_>) -> Option<&'static str> {
    [None, Some(" "), Some("người nộp vừa đổi nơi cư trú")][draw(3)]
}

fn drawn(of: u128, nth: usize) -> Uuid {
    Uuid::from_u128((of << 64) + nth as u128)
}

fn officer(draw: Draw<'_>) -> OfficerId {
    OfficerId(drawn(0xb0, draw(9)))
}

fn given_to(draw: Draw<'_>) -> Option<OfficerId> {
    if draw(3) == 2 { Some(officer(draw)) } else { None }
}

/// A way forward from the step it is at; now and then one the process does not have.
fn next(dossier: &Dossier, procedure: &Procedure, draw: Draw<'_>) -> String {
    let step = dossier.state.step().and_then(|id| procedure.process.step(id));
    one_of(step.map_or(&[], |step| &step.next), draw)
}

fn earlier(dossier: &Dossier, procedure: &Procedure, draw: Draw<'_>) -> String {
    let step = dossier.state.step().and_then(|id| procedure.process.step(id));
    one_of(step.map_or(&[], |step| &step.back_to), draw)
}

fn one_of(ways: &[String], draw: Draw<'_>) -> String {
    if ways.is_empty() || draw(20) == 19 { "khong-co".to_owned() } else { ways[draw(ways.len())].clone() }
}

/// What the process wants asked at this step, or else what comes to an officer's mind.
fn question(dossier: &Dossier, procedure: &Procedure, draw: Draw<'_>) -> Question {
    let step = dossier.state.step().and_then(|id| procedure.process.step(id));
    let wanted = step.and_then(|step| dossier.consults_wanted(step).next());
    let own = [ClockEffect::Pauses, ClockEffect::Runs][draw(2)];
    Question {
        id: ConsultationId(drawn(0xc0, dossier.life.consultations.len())),
        rule: wanted.map(|wanted| wanted.id.clone()),
        agency: AgencyId(drawn(0xa7, draw(3))),
        question: said(draw, "Vướng quy hoạch không?"),
        allowance: wanted.map_or(Limit::WorkingDays(1), |wanted| wanted.allowance),
        clock: wanted.map_or(own, |wanted| wanted.clock),
    }
}

/// One of the agencies that have not answered; the others have nothing left to say.
fn asked(dossier: &Dossier, draw: Draw<'_>) -> ConsultationId {
    let open: Vec<_> = dossier.life.consultations.iter().filter(|asked| asked.answer.is_none()).collect();
    if open.is_empty() { ConsultationId(Uuid::nil()) } else { open[draw(open.len())].id }
}

/// One of the parts that a leader must decide about.
fn blocked(dossier: &Dossier, procedure: &Procedure, draw: Draw<'_>) -> DossierId {
    let blocked = dossier.blocked_parts(procedure);
    if blocked.is_empty() { DossierId(Uuid::nil()) } else { blocked[draw(blocked.len())].0 }
}

/// Every paper of the case, on paper.
fn brought(dossier: &Dossier, procedure: &Procedure) -> Vec<DossierComponent> {
    let components = procedure.case(&dossier.case).into_iter().flat_map(|case| &case.components);
    components
        .map(|component| DossierComponent { id: component.id.clone(), supply: Supply::OnPaper })
        .collect()
}

fn custodian(draw: Draw<'_>) -> Custodian {
    if draw(5) == 4 { Custodian::Office } else { Custodian::Applicant }
}

fn way(draw: Draw<'_>) -> HandOverWay {
    [HandOverWay::Counter, HandOverWay::Post, HandOverWay::Electronic][draw(3)]
}
