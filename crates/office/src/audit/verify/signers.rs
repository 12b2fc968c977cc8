//! Which key may have signed which checkpoints. Only the present key is believed from the start: it does
//! not open without the password that is not in the database. It has signed which key it came after, that
//! one which key before it, and so back to the first; what no such signature leads to is nobody's.

use super::{CheckpointFault, Fault, Report};
use jiff::Timestamp;
use pdf::certificate::Certificate;
use store::audit::{Checkpoint, KeyChange};

/// What is wrong with a change of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyChangeFault {
    /// It does not lead to the present key, or to one that came before it.
    Astray,
    /// The signature of the new key does not cover what it says.
    Signature,
    /// The signature of the old key does not.
    Voucher,
    /// The checkpoint it came after is gone, or is another.
    Checkpoint,
}

/// A change of key that the old key has not signed: it was said to be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unvouched {
    pub number: i64,
    pub at: Timestamp,
    pub after_checkpoint: i64,
}

/// The keys with the checkpoints they may have signed, and the changes that were found sound.
#[derive(Debug, Default)]
pub(super) struct Signers {
    spans: Vec<Span>,
    changes: Vec<KeyChange>,
}

#[derive(Debug)]
struct Span {
    first: i64,
    last: i64,
    certificate: Certificate,
}

impl Signers {
    /// Goes back from the present key along `changes`, the latest first. A change that does not hold is
    /// named and leads nowhere.
    pub(super) fn follow(
        present: Option<&Certificate>,
        changes: Vec<KeyChange>,
        report: &mut Report,
    ) -> Self {
        let mut signers = Self::default();
        let (mut believed, mut last) = (present.cloned(), i64::MAX);
        for change in changes {
            let (number, at) = (change.number, change.changed_at);
            let before = match led_from(&change, believed.as_ref()) {
                Ok(before) => before,
                Err(fault) => {
                    report.add_all([Fault::KeyChange(number, fault, at)]);
                    continue;
                }
            };
            let statement = change.statement();
            report.n_key_changes += 1;
            match &change.voucher {
                None => {
                    let after_checkpoint = change.after_checkpoint;
                    report.unvouched.push(Unvouched { number, at, after_checkpoint });
                }
                Some(voucher) if before.has_signed(statement.as_bytes(), voucher) => {}
                Some(_) => report.add_all([Fault::KeyChange(number, KeyChangeFault::Voucher, at)]),
            }
            let next = believed.replace(before);
            let first = change.after_checkpoint + 1;
            signers.spans.extend(next.map(|certificate| Span { first, last, certificate }));
            last = last.min(change.after_checkpoint);
            signers.changes.push(change);
        }
        signers.spans.extend(believed.map(|certificate| Span { first: 1, last, certificate }));
        signers
    }

    /// Whether the checkpoint was signed by the key of its time.
    pub(super) fn fault(&self, checkpoint: &Checkpoint) -> Option<CheckpointFault> {
        let of_its_time = |span: &&Span| {
            (span.first..=span.last).contains(&checkpoint.number)
                && span.certificate.der() == checkpoint.certificate
        };
        match self.spans.iter().find(of_its_time) {
            None => Some(CheckpointFault::ForeignKey),
            Some(span) => {
                let statement = checkpoint.statement();
                let holds = span.certificate.has_signed(statement.as_bytes(), &checkpoint.signature);
                (!holds).then_some(CheckpointFault::Signature)
            }
        }
    }

    /// Did it sign checkpoints of any time?
    pub(super) fn knows(&self, certificate: &Certificate) -> bool {
        self.spans.iter().any(|span| span.certificate.der() == certificate.der())
    }

    /// A change that came after another checkpoint than this one of its number.
    pub(super) fn change_fault(&self, checkpoint: &Checkpoint) -> Option<Fault> {
        let digest = checkpoint.digest();
        let differs = |change: &&KeyChange| {
            change.after_checkpoint == checkpoint.number && change.checkpoint_digest != digest
        };
        self.changes.iter().find(differs).map(missed)
    }

    /// The changes that came after checkpoints which are not there any more.
    pub(super) fn ahead_of(&self, reached: i64) -> impl Iterator<Item = Fault> {
        self.changes.iter().filter(move |change| change.after_checkpoint > reached).map(missed)
    }
}

fn missed(change: &KeyChange) -> Fault {
    Fault::KeyChange(change.number, KeyChangeFault::Checkpoint, change.changed_at)
}

/// The key that `believed` says it came after.
fn led_from(change: &KeyChange, believed: Option<&Certificate>) -> Result<Certificate, KeyChangeFault> {
    let believed =
        believed.filter(|known| known.der() == change.to_certificate).ok_or(KeyChangeFault::Astray)?;
    if !believed.has_signed(change.statement().as_bytes(), &change.signature) {
        return Err(KeyChangeFault::Signature);
    }
    Certificate::from_der(&change.from_certificate).map_err(|_| KeyChangeFault::Signature)
}
