//! The acts on a dossier as data: what the API takes and whatever plays lives of dossiers sends. Each is
//! one act of the office; forms of pages call those directly.

use super::Asking;
use crate::act::By;
use crate::forms::Answers;
use crate::{Error, Office};
use jiff::Timestamp;
use rules::calendar::Limit;
use rules::counter::{Mark, Refusal, RefusalReason};
use rules::dossier::{Custodian, Fault, OpinionVerdict, PaymentNotice, ReturnWay, Wish};
use rules::event::{FeePaid, HandOverWay, SupplementItem};
use rules::id::{AgencyId, ConsultationId, DossierId, EntryId, NoteId, OfficerId};
use rules::people::api_key::Scope;
use rules::scanning::Edit;
use serde::{Deserialize, Serialize};

/// What is done to a dossier.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    ChooseCase {
        case: String,
        /// Whether stored papers are used at once for what only this case requires.
        #[serde(default)]
        use_stored: bool,
    },
    /// How the applicant wants the result.
    ChooseReturnWay {
        return_way: ReturnWay,
    },
    /// How a component is supplied, where no file is needed for it.
    Mark {
        component: String,
        mark: MarkWord,
    },
    /// How many sides of paper were fed in for a component.
    CountSides {
        component: String,
        sides: u32,
    },
    Reuse {
        component: String,
        entry: EntryId,
    },
    Submit,
    Receive,
    Refuse {
        reason: RefusalReason,
        explanation: String,
    },
    AskPapers {
        items: Vec<SupplementItem>,
        #[serde(default)]
        exception: Option<String>,
    },
    PapersBrought,
    Transfer,
    Take,
    Assign {
        officer: OfficerId,
    },
    FinishStep {
        to: String,
        #[serde(default)]
        opinion: String,
        #[serde(default)]
        officer: Option<OfficerId>,
    },
    SendBack {
        to: String,
        reason: String,
    },
    AskSupplement {
        items: Vec<SupplementItem>,
        #[serde(default)]
        exception: Option<String>,
    },
    SupplementReceived,
    AskPayment {
        number: String,
        amount: i64,
    },
    PaymentReceived {
        receipt: String,
    },
    CollectFee {
        amount: i64,
        receipt: String,
        #[serde(default)]
        paid: Option<FeePaid>,
    },
    Halt {
        reason: String,
    },
    Resume,
    Stop {
        reason: String,
    },
    Extend {
        by: Limit,
        reason: String,
    },
    ConsultAll,
    Consult {
        agency: AgencyId,
        question: String,
        within: Limit,
    },
    Answer {
        consultation: ConsultationId,
        verdict: OpinionVerdict,
        opinion: String,
    },
    Lapse {
        consultation: ConsultationId,
    },
    Draft {
        /// The kind of result; the one the case gives where none is named.
        #[serde(default)]
        kind: Option<String>,
        #[serde(default)]
        answers: Answers,
    },
    Sign {
        /// SHA-256 of the draft the signer has read.
        read_sha256: String,
        to: String,
    },
    Seal {
        to: String,
    },
    AskWithdrawal {
        reason: String,
    },
    Withdraw {
        reason: String,
        #[serde(default)]
        originals_returned: bool,
    },
    HandOver {
        way: HandOverWay,
        #[serde(default)]
        originals_returned: bool,
    },
    Correct {
        reason: String,
        fault: Fault,
    },
    Annul {
        decision: String,
        reason: String,
    },
    /// A part begins without the result it waited for.
    LetPartBegin {
        part: DossierId,
        reason: String,
    },
    /// A part that will never have what it waits for is stopped.
    StopPart {
        part: DossierId,
        reason: String,
    },
    /// A paper of the repository is not used, and a new one asked for.
    DeclineReuse {
        component: String,
        entry: EntryId,
        reason: String,
    },
    /// Turns, moves or takes out a page of a component.
    Arrange {
        component: String,
        edit: Edit,
    },
    UndoArrangement {
        component: String,
    },
    /// Takes it from whoever has it; for somebody else, or for whoever takes it.
    Reassign {
        #[serde(default)]
        officer: Option<OfficerId>,
        reason: String,
    },
    /// Asks the leader for what only he may do.
    Refer {
        wish: Wish,
        reason: String,
    },
    /// Grants what was referred at that time, as it was.
    GrantReferral {
        referred_at: Timestamp,
    },
    DeclineReferral {
        referred_at: Timestamp,
        reason: String,
    },
    TakeBackReferral {
        referred_at: Timestamp,
    },
    WriteNote {
        text: String,
        #[serde(default)]
        mentioned: Vec<OfficerId>,
    },
    StrikeNote {
        note: NoteId,
    },
}

/// [`Mark`] as the API writes it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkWord {
    Missing,
    Shown,
    OnPaper,
    NotApplicable,
}

impl From<MarkWord> for Mark {
    fn from(word: MarkWord) -> Self {
        match word {
            MarkWord::Missing => Self::Missing,
            MarkWord::Shown => Self::Shown,
            MarkWord::OnPaper => Self::OnPaper,
            MarkWord::NotApplicable => Self::NotApplicable,
        }
    }
}

impl Act {
    /// What a key must be for to do it; none where a person must have signed in: what he signs, seals or
    /// takes back he answers for himself.
    pub fn scope(&self) -> Option<Scope> {
        match self {
            Self::Sign { .. } | Self::Seal { .. } | Self::Annul { .. } => None,
            Self::ChooseCase { .. }
            | Self::ChooseReturnWay { .. }
            | Self::Mark { .. }
            | Self::CountSides { .. }
            | Self::Reuse { .. }
            | Self::Submit
            | Self::Receive
            | Self::Refuse { .. }
            | Self::AskPapers { .. }
            | Self::PapersBrought
            | Self::Transfer
            | Self::SupplementReceived
            | Self::PaymentReceived { .. }
            | Self::CollectFee { .. }
            | Self::AskWithdrawal { .. }
            | Self::Withdraw { .. }
            | Self::HandOver { .. }
            | Self::DeclineReuse { .. }
            | Self::Arrange { .. }
            | Self::UndoArrangement { .. } => Some(Scope::Receive),
            Self::Take
            | Self::Assign { .. }
            | Self::FinishStep { .. }
            | Self::SendBack { .. }
            | Self::AskSupplement { .. }
            | Self::AskPayment { .. }
            | Self::Halt { .. }
            | Self::Resume
            | Self::Stop { .. }
            | Self::Extend { .. }
            | Self::ConsultAll
            | Self::Consult { .. }
            | Self::Answer { .. }
            | Self::Lapse { .. }
            | Self::Draft { .. }
            | Self::Correct { .. }
            | Self::LetPartBegin { .. }
            | Self::StopPart { .. }
            | Self::Reassign { .. }
            | Self::Refer { .. }
            | Self::GrantReferral { .. }
            | Self::DeclineReferral { .. }
            | Self::TakeBackReferral { .. }
            | Self::WriteNote { .. }
            | Self::StrikeNote { .. } => Some(Scope::Work),
        }
    }
}

fn custodian(originals_returned: bool) -> Custodian {
    if originals_returned { Custodian::Applicant } else { Custodian::Office }
}

impl Office {
    /// Does one act on a dossier.
    pub async fn perform(&self, by: &By, id: DossierId, act: Act) -> Result<(), Error> {
        // On the heap: as large as the largest act, and callers hold many.
        Box::pin(self.do_act(by, id, act)).await
    }

    async fn do_act(&self, by: &By, id: DossierId, act: Act) -> Result<(), Error> {
        match act {
            Act::ChooseCase { case, use_stored } => self.choose_case(by, id, &case, use_stored).await,
            Act::ChooseReturnWay { return_way } => self.choose_return_way(by, id, return_way).await,
            Act::Mark { component, mark } => self.mark_component(by, id, &component, mark.into()).await,
            Act::CountSides { component, sides } => self.count_sides(by, id, &component, sides).await,
            Act::Reuse { component, entry } => self.reuse(by, id, &component, entry).await,
            Act::Submit => self.submit(by, id).await,
            Act::Receive => self.receive(by, id).await,
            Act::Refuse { reason, explanation } => {
                self.refuse_at_counter(by, id, Refusal { reason, explanation }).await
            }
            Act::AskPapers { items, exception } => self.ask_papers(by, id, items, exception.as_deref()).await,
            Act::PapersBrought => self.papers_brought(by, id).await,
            Act::Transfer => self.transfer(by, id).await,
            Act::Take => self.take(by, id).await,
            Act::Assign { officer } => self.assign(by, id, officer).await,
            Act::FinishStep { to, opinion, officer } => {
                self.finish_step(by, id, &to, &opinion, officer).await
            }
            Act::SendBack { to, reason } => self.send_back(by, id, &to, &reason).await,
            Act::AskSupplement { items, exception } => {
                self.ask_supplement(by, id, items, exception.as_deref()).await
            }
            Act::SupplementReceived => self.supplement_received(by, id).await,
            Act::AskPayment { number, amount } => {
                self.ask_payment(by, id, PaymentNotice { number, amount }).await
            }
            Act::PaymentReceived { receipt } => self.payment_received(by, id, &receipt).await,
            Act::CollectFee { amount, receipt, paid } => {
                self.collect_fee(by, id, amount, &receipt, paid).await
            }
            Act::Halt { reason } => self.halt(by, id, &reason).await,
            Act::Resume => self.resume(by, id).await,
            Act::Stop { reason } => self.stop(by, id, &reason).await,
            Act::Extend { by: limit, reason } => self.extend(by, id, limit, &reason).await,
            Act::ConsultAll => self.consult_all(by, id).await,
            Act::Consult { agency, question, within } => {
                self.consult(by, id, Asking { agency, question, within }).await
            }
            Act::Answer { consultation, verdict, opinion } => {
                self.answer_consult(by, id, consultation, verdict, &opinion).await
            }
            Act::Lapse { consultation } => self.lapse_consult(by, id, consultation).await,
            Act::Draft { kind, answers } => self.draft_result(by, id, kind.as_deref(), answers).await,
            Act::Sign { read_sha256, to } => self.sign_result(by, id, &read_sha256, &to).await.map(drop),
            Act::Seal { to } => self.seal_result(by, id, &to).await.map(drop),
            Act::AskWithdrawal { reason } => self.ask_withdrawal(by, id, &reason).await,
            Act::Withdraw { reason, originals_returned } => {
                self.withdraw(by, id, &reason, custodian(originals_returned)).await
            }
            Act::HandOver { way, originals_returned } => {
                self.hand_over(by, id, way, custodian(originals_returned)).await
            }
            Act::Correct { reason, fault } => self.correct(by, id, &reason, fault).await,
            Act::Annul { decision, reason } => self.annul(by, id, &decision, &reason).await,
            Act::LetPartBegin { part, reason } => self.let_part_begin(by, id, part, &reason).await,
            Act::StopPart { part, reason } => self.stop_waiting_part(by, id, part, &reason).await,
            Act::DeclineReuse { component, entry, reason } => {
                self.decline_reuse(by, id, &component, entry, &reason).await
            }
            Act::Arrange { component, edit } => self.arrange(by, id, &component, edit).await,
            Act::UndoArrangement { component } => self.undo_arrange(by, id, &component).await,
            Act::Reassign { officer, reason } => self.reassign(by, id, officer, &reason).await,
            Act::Refer { wish, reason } => self.refer(by, id, wish, &reason).await,
            Act::GrantReferral { referred_at } => self.grant_referral(by, id, referred_at).await,
            Act::DeclineReferral { referred_at, reason } => {
                self.decline_referral(by, id, referred_at, &reason).await
            }
            Act::TakeBackReferral { referred_at } => self.take_back_referral(by, id, referred_at).await,
            Act::WriteNote { text, mentioned } => self.write_note(by, id, &text, &mentioned).await,
            Act::StrikeNote { note } => self.strike_note(by, id, note).await,
        }
    }
}
