//! Verifying the audit chain: every subject's chain recomputed, every checkpoint checked, and every sealed
//! event looked for at its place. Read page by page, each page in a snapshot of its own: events and
//! checkpoints are only ever added, so what was whole a page ago is still whole.

mod signers;

pub use signers::{KeyChangeFault, Unvouched};

use super::{Anchor, trust};
use crate::Error;
use jiff::Timestamp;
use pdf::certificate::Certificate;
use pdf::timestamp;
use rules::event::Subject;
use signers::Signers;
use store::audit::{self, Checkpoint, EventsDigest, Looked};
use store::event::{self, Break};
use store::{Db, Reader};
use uuid::Uuid;

/// Chains looked up at once.
const N_SUBJECTS: i64 = 500;
/// Places of the order read at once.
const N_PLACES: i64 = 1_000;
const N_CHECKPOINTS: i64 = 50;
/// Faults that are kept; the rest are counted.
const MOST_KEPT: usize = 200;

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A row of a subject's chain.
    Chain(Subject, Break),
    /// A sealed event is gone.
    Removed(Place, Window),
    /// A sealed event has another digest: it was written anew, its chain perhaps with it.
    Rewritten(Place, Window),
    /// An event that waited to be sealed is gone.
    RemovedUnsealed(Uuid),
    Checkpoint(i64, CheckpointFault, Window),
    /// A change of key, by its number and its moment.
    KeyChange(i64, KeyChangeFault, Timestamp),
    /// Places that no checkpoint covers: the newest checkpoints are gone, or a hand put places there.
    Uncovered {
        after_ordinal: i64,
        n_places: i64,
    },
    /// The checkpoint that was kept outside is gone here.
    AnchorGone {
        number: i64,
    },
    /// There is a checkpoint of that number, and it is another.
    AnchorDiffers {
        number: i64,
    },
}

/// An event as the order knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub ordinal: i64,
    pub event: Uuid,
    /// None when what stands there is no subject.
    pub subject: Option<Subject>,
    pub number: i64,
}

/// When something was sealed: after the checkpoint before, and at the latest at this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub after: Option<Timestamp>,
    pub until: Timestamp,
}

/// What is wrong with a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckpointFault {
    /// It does not follow the one before: that one was changed, or some between them are gone.
    Unlinked,
    /// Its signature does not cover what it says.
    Signature,
    /// It was signed by another key than this installation's of that time.
    ForeignKey,
    /// Its time stamp does not hold.
    TimeStamp,
    /// The places it covers are not the ones that were signed.
    Places,
}

/// What verifying found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub n_chains: u64,
    pub n_events: u64,
    /// Events that no checkpoint covers yet.
    pub n_unsealed: u64,
    pub n_sealed: u64,
    pub n_checkpoints: u64,
    pub n_stamped: u64,
    pub n_key_changes: u64,
    /// The changes of key that the old key has not signed.
    pub unvouched: Vec<Unvouched>,
    /// The newest checkpoint with its moment.
    pub last: Option<(i64, Timestamp)>,
    /// The newest time stamp: everything sealed up to its checkpoint existed by then.
    pub last_time_stamp: Option<Timestamp>,
    /// The first faults; `n_faults` counts all.
    pub faults: Vec<Fault>,
    pub n_faults: u64,
}

impl Report {
    fn add_all(&mut self, faults: impl IntoIterator<Item = Fault>) {
        for fault in faults {
            self.n_faults += 1;
            if self.faults.len() < MOST_KEPT {
                self.faults.push(fault);
            }
        }
    }

    fn look_at(&mut self, looked: Looked, window: Window) {
        let Looked { placed, today } = looked;
        let place = || Place {
            ordinal: placed.ordinal,
            event: placed.event,
            subject: Subject::from_parts(&placed.subject_kind, placed.subject),
            number: placed.number,
        };
        self.n_sealed += 1;
        self.add_all(match today {
            None => Some(Fault::Removed(place(), window)),
            Some(today) if today != placed.digest => Some(Fault::Rewritten(place(), window)),
            Some(_) => None,
        });
    }
}

/// What the installation is held against.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'e> {
    /// The certificate of its present audit key; none where it never sealed.
    pub certificate: Option<&'e Certificate>,
    /// Whom to believe about time stamps; none believes any authority that signs soundly.
    pub roots: &'e [Certificate],
    /// A checkpoint that was kept outside.
    pub anchor: Option<&'e Anchor>,
}

/// Verifies everything there is.
pub async fn verify(db: &Db, expected: Expected<'_>) -> Result<Report, Error> {
    let mut report = Report::default();
    let changes = audit::key_changes(&mut db.read().await?).await?;
    let signers = Signers::follow(expected.certificate, changes, &mut report);
    let mut walk = Walk { db, expected, signers, last: None };
    walk.checkpoints(&mut report).await?;
    chains(db, &mut report).await?;
    Ok(report)
}

/// Is this certificate the present key's, or that of a key it came after?
pub(super) async fn is_a_key_of_ours(
    db: &Db,
    present: Option<&Certificate>,
    certificate: &Certificate,
) -> Result<bool, Error> {
    let changes = audit::key_changes(&mut db.read().await?).await?;
    Ok(Signers::follow(present, changes, &mut Report::default()).knows(certificate))
}

async fn chains(db: &Db, report: &mut Report) -> Result<(), Error> {
    let mut after = None;
    loop {
        // A snapshot for each page: one for all would hold the database's log from being cleared.
        let mut reader = db.read().await?;
        let subjects = event::subjects(&mut reader, after, N_SUBJECTS).await?;
        let Some(last) = subjects.last() else { break };
        after = Some(*last);
        for subject in subjects {
            let chain = event::read_chain(&mut reader, subject).await?;
            report.n_chains += 1;
            report.n_events += chain.n_events;
            report.n_unsealed += chain.n_unsealed;
            report.add_all(chain.broken.map(|broken| Fault::Chain(subject, broken)));
        }
    }
    let gone = audit::waiting_but_gone(&mut db.read().await?, MOST_KEPT as i64).await?;
    report.add_all(gone.into_iter().map(Fault::RemovedUnsealed));
    Ok(())
}

/// The walk along the checkpoints.
struct Walk<'w> {
    db: &'w Db,
    expected: Expected<'w>,
    signers: Signers,
    last: Option<Checkpoint>,
}

impl Walk<'_> {
    async fn checkpoints(&mut self, report: &mut Report) -> Result<(), Error> {
        loop {
            let after = self.last.as_ref().map_or(0, |last| last.number);
            let mut reader = self.db.read().await?;
            let checkpoints = audit::checkpoints(&mut reader, after, N_CHECKPOINTS).await?;
            if checkpoints.is_empty() {
                // In the snapshot that knows no newer checkpoint.
                return self.end(&mut reader, report).await;
            }
            drop(reader);
            for checkpoint in checkpoints {
                self.checkpoint(&checkpoint, report).await?;
                self.last = Some(checkpoint);
            }
        }
    }

    async fn end(&self, reader: &mut Reader, report: &mut Report) -> Result<(), Error> {
        let last = self.last.as_ref();
        let after_ordinal = last.map_or(0, |last| last.last_ordinal);
        let n_places = audit::n_places_behind(reader, after_ordinal).await?;
        report.add_all((n_places > 0).then_some(Fault::Uncovered { after_ordinal, n_places }));
        report.last = last.map(|last| (last.number, last.sealed_at));
        let reached = last.map_or(0, |last| last.number);
        report.add_all(self.signers.ahead_of(reached));
        let ahead = self.expected.anchor.filter(|anchor| anchor.number > reached);
        report.add_all(ahead.map(|anchor| Fault::AnchorGone { number: anchor.number }));
        Ok(())
    }

    async fn checkpoint(&self, checkpoint: &Checkpoint, report: &mut Report) -> Result<(), Error> {
        let before = self.last.as_ref();
        let window = Window { after: before.map(|last| last.sealed_at), until: checkpoint.sealed_at };
        let number = checkpoint.number;
        report.n_checkpoints += 1;
        report.n_stamped += u64::from(checkpoint.time_stamp.is_some());
        let mut faults = vec![
            (!follows(checkpoint, before)).then_some(CheckpointFault::Unlinked),
            self.signers.fault(checkpoint),
        ];
        match stamped_at(checkpoint, self.expected.roots) {
            Ok(at) => report.last_time_stamp = at.or(report.last_time_stamp),
            Err(fault) => faults.push(Some(fault)),
        }
        if !self.places_hold(checkpoint, window, report).await? {
            faults.push(Some(CheckpointFault::Places));
        }
        let faults = faults.into_iter().flatten();
        report.add_all(faults.map(|fault| Fault::Checkpoint(number, fault, window)));
        report.add_all(self.signers.change_fault(checkpoint));
        report.add_all(self.anchor_fault(before, checkpoint));
        Ok(())
    }

    /// Whether the checkpoint kept outside is this one, or was passed over on the way to it.
    fn anchor_fault(&self, before: Option<&Checkpoint>, checkpoint: &Checkpoint) -> Option<Fault> {
        let Anchor { number, digest, .. } = self.expected.anchor?;
        let number = *number;
        if number == checkpoint.number {
            (*digest != checkpoint.digest()).then_some(Fault::AnchorDiffers { number })
        } else {
            let is_passed = number < checkpoint.number && before.is_none_or(|before| before.number < number);
            is_passed.then_some(Fault::AnchorGone { number })
        }
    }

    /// Names the sealed events that are gone or written anew, and says whether the places themselves are
    /// those that were signed.
    async fn places_hold(
        &self,
        checkpoint: &Checkpoint,
        window: Window,
        report: &mut Report,
    ) -> Result<bool, Error> {
        let mut digest = EventsDigest::default();
        let (mut ordinal, mut in_order) = (checkpoint.first_ordinal - 1, true);
        loop {
            let mut reader = self.db.read().await?;
            let looked = audit::places(&mut reader, ordinal, checkpoint.last_ordinal, N_PLACES).await?;
            drop(reader);
            if looked.is_empty() {
                break;
            }
            for looked in looked {
                in_order &= looked.placed.ordinal == ordinal + 1;
                ordinal = looked.placed.ordinal;
                digest.take_in(&looked.placed);
                report.look_at(looked, window);
            }
        }
        Ok(in_order
            && ordinal == checkpoint.last_ordinal
            && digest.finish().as_slice() == checkpoint.events_digest)
    }
}

fn follows(checkpoint: &Checkpoint, before: Option<&Checkpoint>) -> bool {
    let (number, last_ordinal) = before.map_or((0, 0), |before| (before.number, before.last_ordinal));
    let previous = before.map(|before| before.digest().to_vec());
    checkpoint.number == number + 1
        && checkpoint.first_ordinal == last_ordinal + 1
        && checkpoint.previous == previous
}

fn stamped_at(checkpoint: &Checkpoint, roots: &[Certificate]) -> Result<Option<Timestamp>, CheckpointFault> {
    let Some(token) = &checkpoint.time_stamp else { return Ok(None) };
    match timestamp::judge(token, checkpoint.statement().as_bytes(), trust(roots)) {
        Ok(stamp) => Ok(Some(stamp.at)),
        Err(_) => Err(CheckpointFault::TimeStamp),
    }
}
