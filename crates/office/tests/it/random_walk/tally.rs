//! What happened how often: every transition by the state before, the event and the state after.

use std::collections::BTreeMap;
use std::fmt::Write;

/// From, event, to.
type Transition = (&'static str, String, &'static str);

/// Every row of the table of transitions, and what may happen besides: each must be taken often.
pub(super) const NAMED: &[(&str, &str, &str)] = &[
    ("preparing", "return_way_chosen", "preparing"),
    ("preparing", "submitted", "submitted"),
    ("preparing", "dossier_received", "received"),
    ("preparing", "refused_at_counter", "not_received"),
    ("submitted", "dossier_received", "received"),
    ("submitted", "refused_at_counter", "not_received"),
    ("submitted", "papers_asked", "awaiting_papers"),
    ("submitted", "withdrawn", "withdrawn"),
    ("awaiting_papers", "papers_brought", "submitted"),
    ("awaiting_papers", "dossier_received", "received"),
    ("awaiting_papers", "withdrawn", "withdrawn"),
    ("awaiting_papers", "wait_expired", "not_received"),
    ("received", "transferred", "in_process"),
    ("received", "dossier_taken", "in_process"),
    ("received", "withdrawn", "withdrawn"),
    ("received", "extended", "received"),
    ("in_process", "dossier_taken", "in_process"),
    ("in_process", "assigned", "in_process"),
    ("in_process", "step_finished", "in_process"),
    ("in_process", "sent_back", "in_process"),
    ("in_process", "consulted", "in_process"),
    ("in_process", "consult_answered", "in_process"),
    ("in_process", "consult_lapsed", "in_process"),
    ("in_process", "extended", "in_process"),
    ("in_process", "withdrawal_asked", "in_process"),
    ("in_process", "fee_collected", "in_process"),
    ("in_process", "withdrawn", "withdrawn"),
    ("in_process", "dossier_stopped", "stopped"),
    ("in_process", "supplement_asked", "awaiting_supplement"),
    ("awaiting_supplement", "supplement_received", "in_process"),
    ("awaiting_supplement", "withdrawn", "withdrawn"),
    ("awaiting_supplement", "wait_expired", "stopped"),
    ("in_process", "payment_asked", "awaiting_payment"),
    ("awaiting_payment", "payment_received", "in_process"),
    ("awaiting_payment", "withdrawn", "withdrawn"),
    ("awaiting_payment", "wait_expired", "in_process"),
    ("awaiting_payment", "wait_expired", "stopped"),
    ("in_process", "halted", "halted"),
    ("halted", "resumed", "in_process"),
    ("halted", "withdrawn", "withdrawn"),
    ("halted", "dossier_stopped", "stopped"),
    ("halted", "wait_expired", "in_process"),
    ("halted", "wait_expired", "stopped"),
    ("in_process", "result_drafted", "in_process"),
    ("in_process", "result_signed", "in_process"),
    ("in_process", "result_sealed", "done"),
    ("done", "result_handed_over", "handed_over"),
    ("handed_over", "correction_begun", "in_process"),
    ("handed_over", "result_annulled", "handed_over"),
    ("in_process", "part_ended", "in_process"),
    ("awaiting_parts", "dossier_received", "received"),
    ("awaiting_parts", "dossier_stopped", "stopped"),
    ("awaiting_parts", "whole_moved", "awaiting_parts"),
];

#[derive(Debug, Default)]
pub(super) struct Tally {
    taken: BTreeMap<Transition, u32>,
}

impl Tally {
    pub(super) fn note(&mut self, from: &'static str, event: &str, to: &'static str) {
        *self.taken.entry((from, event.to_owned(), to)).or_default() += 1;
    }

    pub(super) fn n(&self, (from, event, to): (&'static str, &str, &'static str)) -> u32 {
        self.taken.get(&(from, event.to_owned(), to)).copied().unwrap_or_default()
    }

    /// The named transitions that were taken less often than `least` times.
    pub(super) fn rare(&self, least: u32) -> Vec<String> {
        NAMED
            .iter()
            .filter(|named| self.n(**named) < least)
            .map(|named| format!("{} – {} → {}: {}", named.0, named.1, named.2, self.n(*named)))
            .collect()
    }

    pub(super) fn table(&self) -> String {
        self.taken.iter().fold(String::new(), |mut table, ((from, event, to), n)| {
            let _ = writeln!(table, "{n:>7}  {from} – {event} → {to}");
            table
        })
    }
}
