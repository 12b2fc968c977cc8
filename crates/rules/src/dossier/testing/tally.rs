//! The transitions the law knows, and how often each was taken.

use super::Act;
use std::collections::BTreeMap;
use std::fmt;

/// An act, the word of the state it was done in, and of the state after it.
pub type Transition = (Act, &'static str, &'static str);

const fn of(act: Act, from: &'static str, to: &'static str) -> Transition {
    (act, from, to)
}

/// The law's own table of transitions, by state: what moves a dossier from one number of the national
/// synchronisation to another, with what the program adds to it: a correction, an annulment, a mirror.
pub const TRANSITIONS: &[Transition] = &[
    of(Act::Submit, "preparing", "submitted"),
    of(Act::Receive, "preparing", "received"),
    of(Act::Receive, "submitted", "received"),
    of(Act::Receive, "awaiting_papers", "received"),
    of(Act::Refuse, "preparing", "not_received"),
    of(Act::Refuse, "submitted", "not_received"),
    of(Act::AskPapers, "submitted", "awaiting_papers"),
    of(Act::PapersBrought, "awaiting_papers", "submitted"),
    of(Act::Expire, "awaiting_papers", "not_received"),
    of(Act::Withdraw, "submitted", "withdrawn"),
    of(Act::Withdraw, "awaiting_papers", "withdrawn"),
    of(Act::Withdraw, "received", "withdrawn"),
    of(Act::Withdraw, "in_process", "withdrawn"),
    of(Act::Withdraw, "awaiting_supplement", "withdrawn"),
    of(Act::Withdraw, "awaiting_payment", "withdrawn"),
    of(Act::Withdraw, "halted", "withdrawn"),
    of(Act::Transfer, "received", "in_process"),
    of(Act::Take, "received", "in_process"),
    of(Act::AskSupplement, "in_process", "awaiting_supplement"),
    of(Act::SupplementReceived, "awaiting_supplement", "in_process"),
    of(Act::Expire, "awaiting_supplement", "stopped"),
    of(Act::Expire, "awaiting_supplement", "in_process"),
    of(Act::AskPayment, "in_process", "awaiting_payment"),
    of(Act::PaymentReceived, "awaiting_payment", "in_process"),
    of(Act::Expire, "awaiting_payment", "stopped"),
    of(Act::Expire, "awaiting_payment", "in_process"),
    of(Act::Halt, "in_process", "halted"),
    of(Act::Resume, "halted", "in_process"),
    of(Act::Expire, "halted", "stopped"),
    of(Act::Expire, "halted", "in_process"),
    of(Act::Stop, "received", "stopped"),
    of(Act::Stop, "in_process", "stopped"),
    of(Act::Stop, "halted", "stopped"),
    of(Act::Seal, "in_process", "done"),
    of(Act::HandOver, "done", "handed_over"),
    of(Act::Correct, "handed_over", "in_process"),
    of(Act::Annul, "handed_over", "handed_over"),
    of(Act::Mirror, "preparing", "mirrored"),
    of(Act::Mirror, "mirrored", "mirrored"),
];

/// Every other transition there is: the state stays, an intake or a correction is given up, or a part goes with its
/// whole. What stands in no list does not happen.
pub const BESIDE: &[Transition] = &[
    of(Act::ChooseCase, "preparing", "preparing"),
    of(Act::ChooseReturnWay, "preparing", "preparing"),
    of(Act::ChooseReturnWay, "received", "received"),
    of(Act::ChooseReturnWay, "in_process", "in_process"),
    of(Act::ChooseReturnWay, "done", "done"),
    of(Act::Withdraw, "preparing", "withdrawn"),
    of(Act::Take, "in_process", "in_process"),
    of(Act::Assign, "received", "in_process"),
    of(Act::Assign, "in_process", "in_process"),
    of(Act::Reassign, "in_process", "in_process"),
    of(Act::Reassign, "awaiting_supplement", "awaiting_supplement"),
    of(Act::Reassign, "awaiting_payment", "awaiting_payment"),
    of(Act::Reassign, "halted", "halted"),
    of(Act::Finish, "in_process", "in_process"),
    of(Act::SendBack, "in_process", "in_process"),
    of(Act::Draft, "in_process", "in_process"),
    of(Act::Sign, "in_process", "in_process"),
    of(Act::Consult, "in_process", "in_process"),
    of(Act::Answer, "in_process", "in_process"),
    of(Act::Answer, "awaiting_supplement", "awaiting_supplement"),
    of(Act::Answer, "awaiting_payment", "awaiting_payment"),
    of(Act::Answer, "halted", "halted"),
    of(Act::Lapse, "in_process", "in_process"),
    of(Act::Lapse, "awaiting_supplement", "awaiting_supplement"),
    of(Act::Lapse, "awaiting_payment", "awaiting_payment"),
    of(Act::Lapse, "halted", "halted"),
    of(Act::Extend, "received", "received"),
    of(Act::Extend, "in_process", "in_process"),
    of(Act::AskWithdrawal, "submitted", "submitted"),
    of(Act::AskWithdrawal, "awaiting_papers", "awaiting_papers"),
    of(Act::AskWithdrawal, "received", "received"),
    of(Act::AskWithdrawal, "in_process", "in_process"),
    of(Act::AskWithdrawal, "awaiting_supplement", "awaiting_supplement"),
    of(Act::AskWithdrawal, "awaiting_payment", "awaiting_payment"),
    of(Act::AskWithdrawal, "halted", "halted"),
    of(Act::CollectFee, "received", "received"),
    of(Act::CollectFee, "in_process", "in_process"),
    of(Act::CollectFee, "awaiting_supplement", "awaiting_supplement"),
    of(Act::CollectFee, "awaiting_payment", "awaiting_payment"),
    of(Act::CollectFee, "halted", "halted"),
    of(Act::CollectFee, "done", "done"),
    of(Act::CollectFee, "handed_over", "handed_over"),
    of(Act::Stop, "in_process", "handed_over"),
    of(Act::Stop, "halted", "handed_over"),
    of(Act::Expire, "awaiting_supplement", "handed_over"),
    of(Act::Expire, "awaiting_payment", "handed_over"),
    of(Act::Expire, "halted", "handed_over"),
    of(Act::LetPartBegin, "in_process", "in_process"),
    of(Act::LetPartBegin, "done", "done"),
    of(Act::StartPart, "awaiting_parts", "received"),
    of(Act::HandOverPart, "done", "handed_over"),
    of(Act::WithdrawPart, "awaiting_parts", "withdrawn"),
    of(Act::WithdrawPart, "received", "withdrawn"),
    of(Act::WithdrawPart, "in_process", "withdrawn"),
    of(Act::WithdrawPart, "awaiting_supplement", "withdrawn"),
    of(Act::WithdrawPart, "awaiting_payment", "withdrawn"),
    of(Act::WithdrawPart, "halted", "withdrawn"),
    of(Act::StopPart, "awaiting_parts", "stopped"),
    of(Act::StopPart, "received", "stopped"),
    of(Act::StopPart, "in_process", "stopped"),
    of(Act::StopPart, "awaiting_supplement", "stopped"),
    of(Act::StopPart, "awaiting_payment", "stopped"),
    of(Act::StopPart, "halted", "stopped"),
];

/// What happens too seldom to be counted on: a leader decides about a part while the whole has not been
/// taken up, or waits for somebody; an opinion comes after everything is over.
const SELDOM: &[Transition] = &[
    of(Act::ChooseReturnWay, "submitted", "submitted"),
    of(Act::ChooseReturnWay, "awaiting_papers", "awaiting_papers"),
    of(Act::ChooseReturnWay, "awaiting_supplement", "awaiting_supplement"),
    of(Act::ChooseReturnWay, "awaiting_payment", "awaiting_payment"),
    of(Act::ChooseReturnWay, "halted", "halted"),
    of(Act::LetPartBegin, "received", "received"),
    of(Act::LetPartBegin, "awaiting_supplement", "awaiting_supplement"),
    of(Act::LetPartBegin, "awaiting_payment", "awaiting_payment"),
    of(Act::LetPartBegin, "halted", "halted"),
    of(Act::Answer, "done", "done"),
    of(Act::Answer, "handed_over", "handed_over"),
    of(Act::Answer, "stopped", "stopped"),
    of(Act::Answer, "withdrawn", "withdrawn"),
];

/// How often acts were tried and done, and which way they led.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub tried: u64,
    pub done: u64,
    taken: BTreeMap<Transition, u64>,
}

impl Tally {
    pub fn count(&mut self, transition: Transition) {
        self.done += 1;
        *self.taken.entry(transition).or_default() += 1;
    }

    /// Those of `among` that were taken fewer times than this.
    pub fn rarer_than(&self, times: u64, among: &[Transition]) -> Vec<Transition> {
        let taken = |transition| self.taken.get(transition).copied().unwrap_or_default();
        among.iter().filter(|transition| taken(transition) < times).copied().collect()
    }

    /// Transitions that were taken and stand in no list.
    pub fn unlawful(&self) -> Vec<Transition> {
        let is_known = |transition: &Transition| {
            TRANSITIONS.iter().chain(BESIDE).chain(SELDOM).any(|known| known == transition)
        };
        self.taken.keys().filter(|transition| !is_known(transition)).copied().collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} of {} acts done", self.done, self.tried)?;
        for (act, from, to) in TRANSITIONS.iter().chain(BESIDE).chain(SELDOM).chain(&self.unlawful()) {
            let times = self.taken.get(&(*act, *from, *to)).copied().unwrap_or_default();
            writeln!(f, "{times:>8} {act:?}: {from} → {to}")?;
        }
        Ok(())
    }
}
