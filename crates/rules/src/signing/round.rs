//! A round: many papers signed or sealed at one sitting, after one proof of who signs. What has something
//! unusual about it is not signed among many.

use crate::dossier::{Dossier, OpinionVerdict};
use crate::id::OfficerId;
use crate::procedure::{Step, StepTask, Verdict};
use crate::signing::{ResultPaper, ResultState};
use jiff::Timestamp;
use jiff::civil::Date;

/// The most papers of one round: as many as one proof answers for.
pub const MOST_PAPERS: usize = 50;

/// Whether the signer must have opened a draft before it goes into a round: the office decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    Required,
    Trusted,
}

/// What can be said of the certificate that would sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateState {
    /// Nobody installed a key.
    Missing,
    NotYet(Date),
    /// The last day it was valid on.
    Expired(Date),
    /// Somebody ended the key, from this day on.
    Ended(Date),
    Valid,
}

impl CertificateState {
    /// The state at a moment of a certificate with these bounds, both included.
    pub fn at(now: Timestamp, first: Timestamp, last: Timestamp) -> Self {
        let day = |at| crate::calendar::legal_time(at).date();
        match now {
            now if now < first => Self::NotYet(day(first)),
            now if now > last => Self::Expired(day(last)),
            _ => Self::Valid,
        }
    }
}

/// Why a paper is opened and signed by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    NoKey,
    CertificateNotYet(Date),
    CertificateExpired(Date),
    KeyEnded(Date),
    /// There is more than one way on, and somebody has to choose.
    Ways,
    /// What the applicant asked for is not granted.
    Refuses,
    /// It takes the place of a result that was wrong.
    Corrects,
    /// An agency that was asked does not agree.
    Disagreement,
    SentBack(u32),
    /// Papers of the dossier that are not read and confirmed yet.
    PapersOpen(u32),
    /// The signer drafted it himself.
    OwnDraft,
    Unread,
}

/// What is known of a paper that waits for its signature or its seal.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'f> {
    pub dossier: &'f Dossier,
    pub step: &'f Step,
    pub paper: &'f ResultPaper,
    pub verdict: Verdict,
    pub signer: OfficerId,
    pub certificate: CertificateState,
    /// How often a later step sent the dossier back.
    pub n_sent_back: u32,
    pub n_papers_open: u32,
    /// Did the signer open this very draft?
    pub was_read: bool,
    pub reading: Reading,
}

/// Everything unusual about a paper, the weightiest first. Only a paper without any goes into a round.
pub fn doubts(facts: &Facts<'_>) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    match facts.certificate {
        CertificateState::Missing => doubts.push(Doubt::NoKey),
        CertificateState::NotYet(day) => doubts.push(Doubt::CertificateNotYet(day)),
        CertificateState::Expired(day) => doubts.push(Doubt::CertificateExpired(day)),
        CertificateState::Ended(day) => doubts.push(Doubt::KeyEnded(day)),
        CertificateState::Valid => {}
    }
    if facts.step.next.len() != 1 {
        doubts.push(Doubt::Ways);
    }
    if facts.dossier.life.correcting.is_some() {
        doubts.push(Doubt::Corrects);
    }
    // The clerk seals what was decided; the rest is the signer's to weigh.
    if facts.step.task == StepTask::Sign {
        weigh(facts, &mut doubts);
    }
    doubts.sort();
    doubts
}

fn weigh(facts: &Facts<'_>, doubts: &mut Vec<Doubt>) {
    let disagrees = |answer: &crate::dossier::ConsultAnswer| answer.verdict == OpinionVerdict::Disagrees;
    if facts.verdict == Verdict::Refuses {
        doubts.push(Doubt::Refuses);
    }
    if facts.dossier.life.consultations.iter().filter_map(|asked| asked.answer.as_ref()).any(disagrees) {
        doubts.push(Doubt::Disagreement);
    }
    if facts.n_sent_back > 0 {
        doubts.push(Doubt::SentBack(facts.n_sent_back));
    }
    if facts.n_papers_open > 0 {
        doubts.push(Doubt::PapersOpen(facts.n_papers_open));
    }
    if let ResultState::Drafted { drafted_by, .. } = &facts.paper.state
        && *drafted_by == facts.signer
    {
        doubts.push(Doubt::OwnDraft);
    }
    if facts.reading == Reading::Required && !facts.was_read {
        doubts.push(Doubt::Unread);
    }
}

/// Why a round cannot begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundRefused {
    /// Nothing was chosen.
    Empty,
    TooMany(usize),
}

/// May a round of so many papers begin?
pub fn check_size(n_papers: usize) -> Result<(), RoundRefused> {
    match n_papers {
        0 => Err(RoundRefused::Empty),
        n if n > MOST_PAPERS => Err(RoundRefused::TooMany(n)),
        _ => Ok(()),
    }
}

/// What became of one paper of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Waiting,
    Signed {
        at: Timestamp,
        /// Whose certificate, and its serial number in hexadecimal digits.
        certificate: String,
        serial: String,
    },
    Refused {
        at: Timestamp,
        /// As it is told to the signer.
        reason: String,
    },
}

#[cfg(test)]
mod tests;
