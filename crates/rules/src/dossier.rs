//! The dossier: its states with their data, and the transitions between them.
//!
//! A transition takes the dossier, the facts and the time, and gives back the dossier after it with the
//! body of the one event it writes, or says in data why the law does not let it happen. Which step
//! comes next is read from the procedure revision; no step is named here.

use crate::calendar::{CalendarError, Counting, Limit, WorkingCalendar, instant, legal_time};
use crate::code::{DossierCode, ProcedureCode};
use crate::counter::Refusal;
use crate::counter::provisional::FromSlip;
use crate::dossier::clock::Clock;
use crate::event::{HandOverWay, SupplementItem};
use crate::id::{DossierId, OfficerId, PartyId, ResultId};
use crate::limits::Limits;
use crate::people::AgencyScope;
use crate::procedure::{Channel, ChannelTerms, Procedure, Step, StepTask, SystemOfRecord, WaitKind};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub mod clock;
mod consult;
mod ending;
mod mirror;
mod parts;
mod reassign;
mod receipt;
mod receive;
mod receiver;
mod referral;
mod return_way;
mod standing;
mod steps;
pub mod testing;
mod wait;
pub mod writing;

pub use consult::{ConsultAnswer, Consultation, OpinionVerdict, Question};
pub use ending::{BeforeCorrection, Custodian, Fault};
pub use mirror::MirrorNews;
pub use parts::{PartEnd, PartOfWhole};
pub use receipt::Receipt;
pub use receive::Acceptance;
pub use receiver::{NotTheReceiver, Presented, Receiver};
pub use referral::{Referral, Unasked, Wish};
pub use return_way::ReturnWay;
pub use standing::{AlarmKind, NextAct, Owner, Standing};
pub use steps::Onward;
pub use wait::PaymentNotice;

/// A dossier (hồ sơ giải quyết TTHC).
#[derive(Clone, Debug, PartialEq)]
pub struct Dossier {
    pub id: DossierId,
    /// Counts the saves; a save with an old version is refused.
    pub version: i64,
    /// Given at acceptance, never before.
    pub code: Option<DossierCode>,
    pub procedure: ProcedureCode,
    pub revision: u32,
    pub case: String,
    pub channel: Channel,
    pub people: DossierPeople,
    pub scope: AgencyScope,
    pub opened_at: Timestamp,
    pub opened_by: OfficerId,
    pub received_at: Option<Timestamp>,
    pub clock: Option<Clock>,
    /// Recomputed from the clock inside every act that touches it; none while the clock stands.
    pub due: Option<DueMoment>,
    pub outcome: Option<Outcome>,
    pub state: State,
    /// The dossier this one is a part of (liên thông); it is counted with that one.
    pub part_of: Option<DossierId>,
    pub life: Life,
}

/// What a dossier carries with it through its states.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Life {
    /// When it came to the step it is at.
    pub at_step_since: Option<Timestamp>,
    /// When the last wait ended; what is left to do at the step is measured from there.
    pub wait_ended_at: Option<Timestamp>,
    /// How often the applicant was asked to complete what was not accepted yet.
    pub n_papers_asked: u32,
    /// How often the applicant was asked for supplements after acceptance.
    pub n_supplements: u32,
    /// How often the date was put off with an apology.
    pub n_extensions: u32,
    pub consultations: Vec<Consultation>,
    pub fee: Fees,
    /// The applicant has asked to take it back; the counter confirms.
    pub withdrawal_asked: Option<Asked>,
    /// What the leader was asked for; [`Dossier::referral`] says whether it still waits for him.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
    /// The result that is being corrected.
    pub correcting: Option<ResultId>,
    /// What each correction took the place of, the first first; the last is the one that goes on.
    pub corrections: Vec<BeforeCorrection>,
    /// The parts of this dossier, where it is a whole.
    pub parts: Vec<PartOfWhole>,
    /// When the whole is due of which this is an open part: what it is held to while it waits for it.
    pub whole_due: Option<DueMoment>,
    /// Its code in the system of record, where that is not ours.
    pub foreign_code: Option<String>,
    /// The provisional slip it began with, written while the counter could not reach the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slip: Option<FromSlip>,
    /// How the applicant wants the result; none where he was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_way: Option<ReturnWay>,
}

/// A request of the applicant that waits for an officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub at: Timestamp,
    pub reason: String,
}

/// Fees of a dossier, in whole đồng.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fees {
    pub due: i64,
    pub paid: i64,
}

/// What an act is judged by beside the dossier: the working time of the office, the province's way of
/// counting days, and the general limits in force.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    pub calendar: &'a WorkingCalendar,
    pub counting: Counting,
    pub limits: &'a Limits,
}

impl Terms<'_> {
    /// The end of a limit that begins at `from`.
    pub fn end_of(&self, from: Timestamp, limit: Limit) -> Result<DueMoment, CalendarError> {
        DueMoment::of(self.calendar.due(legal_time(from), limit, self.counting)?.at)
    }
}

/// Three different identities in one dossier.
// law: ND61-2018/6
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DossierPeople {
    /// Người nộp.
    pub submitter: PartyId,
    /// Chủ hồ sơ, whose papers these are.
    pub holder: PartyId,
    /// Người được ủy quyền.
    pub authorised: Option<PartyId>,
}

/// When the result is due: the moment, and the legal day it falls on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DueMoment {
    pub at: Timestamp,
    pub on: Date,
}

impl DueMoment {
    /// The moment at which the legal wall clock shows `at`.
    pub fn of(at: jiff::civil::DateTime) -> Result<Self, CalendarError> {
        let on = at.date();
        Ok(Self { at: instant(at).ok_or(CalendarError::EndOfTime { on })?, on })
    }
}

/// Where a dossier lies while it is settled or waits: the step, who has it in hand, the result drafted
/// so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AtStep {
    #[serde(alias = "back_to")]
    pub step: String,
    pub officer: Option<OfficerId>,
    pub result: Option<ResultId>,
}

/// Where a dossier stands; the numbers of the national synchronisation are [`State::number`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Being put together at the counter; not a dossier yet for the law or any count.
    Preparing,
    /// 1: sent online or by post; accepted, refused or asked to be completed by then.
    Submitted { answer_by: DueMoment },
    /// 5, before acceptance: the applicant was asked to complete it.
    AwaitingPapers { items: Vec<SupplementItem>, until: DueMoment },
    /// 2: received, waiting to be handed to the first step's agency.
    Received { step: String },
    /// 3: refused at the counter.
    NotReceived { refusal: Refusal },
    /// 4: a part that needs the results of others first.
    AwaitingParts { step: String },
    /// 4: at a step; an officer has taken it, or it waits for one.
    InProcess(AtStep),
    /// 5: the applicant was asked for what is missing; the clock stands.
    AwaitingSupplement {
        #[serde(flatten)]
        at_step: AtStep,
        items: Vec<SupplementItem>,
        #[serde(default)]
        until: Option<DueMoment>,
    },
    /// 6: the applicant must pay what the state asks before it goes on.
    AwaitingPayment { at_step: AtStep, notice: PaymentNotice, until: DueMoment },
    /// 8, to be resumed: the agency stopped settling it, with a reason in writing.
    Halted { at_step: AtStep, reason: String, until: DueMoment },
    /// 8, for good.
    Stopped { why: StoppedFor },
    /// 7
    Withdrawn { reason: String },
    /// 9: signed, sealed, waiting to be handed over.
    Done { step: String, result: ResultId },
    /// 10
    HandedOver { result: ResultId, way: HandOverWay },
    /// As the system of record says; nothing is done to it here.
    Mirrored { system: String, number: u8, status: String, synced_at: Timestamp },
}

/// Why a dossier was stopped for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoppedFor {
    /// A wait lasted longer than it may.
    Expired(WaitKind),
    /// The agency's decision, with its reason.
    Decided(String),
}

/// How it ended, which is not where it stands.
// law: ND61-2018/19.8
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Granted,
    Refused,
    Withdrawn,
    Stopped,
    /// Granted, and taken back by a later decision.
    Annulled,
}

/// Why a transition does not happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// The state does not allow it; carries the state's word.
    NotInThisState(&'static str),
    /// The step does something else.
    NotThisStep {
        step: String,
        task: StepTask,
    },
    /// The process of this revision has no such step, or no such way.
    NoSuchWay {
        from: String,
        to: String,
    },
    /// The step has not produced what it must.
    StepNotDone {
        step: String,
        task: StepTask,
    },
    ReasonMissing,
    /// Supplements may be asked for once; again with a leader's reason.
    // law: ND61-2018/11.2.c
    SupplementAskedBefore,
    /// Supplements may be asked for until this day; later with a leader's reason.
    // law: ND61-2018/19.4
    SupplementTooLate {
        last: Date,
    },
    /// The process of this revision knows no such wait at this step.
    NoSuchWait {
        step: String,
        what: WaitKind,
    },
    /// The wait may still last.
    NotExpired,
    /// The date may be put off once.
    // law: ND61-2018/19.9
    ExtendedBefore,
    /// An apology goes out at least a day before the date; this was the last day.
    // law: ND61-2018/19.9
    TooLateToExtend {
        last: Date,
    },
    /// The date asked for is not later than the one there is.
    NoLaterDate,
    /// The clock stands for an opinion, so there is no date to put off.
    ClockStands,
    /// Agencies have been asked and have not answered.
    ConsultsOpen {
        n_open: usize,
    },
    NoSuchConsultation,
    /// The consulted agency has still time to answer.
    ConsultNotLate,
    /// More was paid than is due, or nothing.
    WrongAmount {
        due: i64,
    },
    /// Papers of the applicant are still with the office.
    OriginalsHeld {
        components: Vec<String>,
    },
    /// Parts that are not finished yet.
    PartsNotReady {
        n_open: usize,
    },
    /// A part is handed over and withdrawn with the whole.
    GoesWithTheWhole,
    /// The leader was asked for something that he has not answered.
    ReferredBefore,
    /// Whoever does the step may do it himself.
    NeedsNoLeader,
    /// It was answered or taken back, another took its place, or it was somebody else's.
    NoSuchReferral,
    /// No part waits for this decision: it has begun, or nothing it needs ended without a result.
    NoPartToDecide,
    /// Nothing is owed; or it has ended, and when it ended nothing was.
    NothingOwed,
    /// The system of record is another one.
    ReadOnly,
    /// A ministry's system settles the procedure: its dossiers are not received here.
    SettledElsewhere {
        system: String,
    },
    /// The procedure is settled here: there is nothing of it to mirror.
    SettledHere,
    /// The revision or case is not the one the dossier was opened under.
    WrongRevision,
    /// The case is not offered on this channel.
    ChannelNotOffered,
    /// The post is to bring the result, and nobody said where; or the address is too long for an envelope.
    AddressUnfit,
    Calendar(CalendarError),
}

impl Dossier {
    /// The step an officer is working at, and the result drafted so far.
    pub fn working_step<'p>(
        &self,
        procedure: &'p Procedure,
    ) -> Result<(&'p Step, Option<ResultId>), Refused> {
        self.check_revision(procedure)?;
        let State::InProcess(AtStep { step, officer: Some(_), result }) = &self.state else {
            return Err(self.not_now());
        };
        let step = procedure.process.step(step).ok_or(Refused::WrongRevision)?;
        Ok((step, *result))
    }

    /// The state does not allow it.
    fn not_now(&self) -> Refused {
        match self.state {
            State::Mirrored { .. } => Refused::ReadOnly,
            _ => Refused::NotInThisState(self.state.kind()),
        }
    }

    fn check_revision(&self, procedure: &Procedure) -> Result<(), Refused> {
        if procedure.code == self.procedure && procedure.revision == self.revision {
            Ok(())
        } else {
            Err(Refused::WrongRevision)
        }
    }

    /// The terms on which a dossier of this case and channel may come to the office.
    // law: ND224-2026/15
    fn offered<'p>(&self, procedure: &'p Procedure) -> Result<&'p ChannelTerms, Refused> {
        self.check_revision(procedure)?;
        if let SystemOfRecord::Ministry(system) = &procedure.system {
            return Err(Refused::SettledElsewhere { system: system.clone() });
        }
        self.channel_terms(procedure)
    }

    fn channel_terms<'p>(&self, procedure: &'p Procedure) -> Result<&'p ChannelTerms, Refused> {
        let case = procedure.case(&self.case).ok_or(Refused::WrongRevision)?;
        case.terms(self.channel).ok_or(Refused::ChannelNotOffered)
    }

    /// The clock of an accepted dossier.
    fn running(clock: Option<Clock>) -> Result<Clock, Refused> {
        clock.ok_or(Refused::NotInThisState("preparing"))
    }
}

/// A reason a person must give in words.
fn said(reason: &str) -> Result<(), Refused> {
    if reason.trim().is_empty() { Err(Refused::ReasonMissing) } else { Ok(()) }
}

impl State {
    /// The word kept in columns.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Submitted { .. } => "submitted",
            Self::AwaitingPapers { .. } => "awaiting_papers",
            Self::Received { .. } => "received",
            Self::NotReceived { .. } => "not_received",
            Self::AwaitingParts { .. } => "awaiting_parts",
            Self::InProcess(_) => "in_process",
            Self::AwaitingSupplement { .. } => "awaiting_supplement",
            Self::AwaitingPayment { .. } => "awaiting_payment",
            Self::Halted { .. } => "halted",
            Self::Stopped { .. } => "stopped",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Done { .. } => "done",
            Self::HandedOver { .. } => "handed_over",
            Self::Mirrored { .. } => "mirrored",
        }
    }

    /// The number of the national synchronisation; none before it is a dossier.
    pub fn number(&self) -> Option<u8> {
        match self {
            Self::Preparing => None,
            Self::Submitted { .. } => Some(1),
            Self::Received { .. } => Some(2),
            Self::NotReceived { .. } => Some(3),
            Self::InProcess(_) | Self::AwaitingParts { .. } => Some(4),
            Self::AwaitingPapers { .. } | Self::AwaitingSupplement { .. } => Some(5),
            Self::AwaitingPayment { .. } => Some(6),
            Self::Withdrawn { .. } => Some(7),
            Self::Halted { .. } | Self::Stopped { .. } => Some(8),
            Self::Done { .. } => Some(9),
            Self::HandedOver { .. } => Some(10),
            Self::Mirrored { number, .. } => Some(*number),
        }
    }

    /// Is there still something to do for it here?
    pub fn is_open(&self) -> bool {
        !matches!(
            self,
            Self::NotReceived { .. }
                | Self::Stopped { .. }
                | Self::Withdrawn { .. }
                | Self::HandedOver { .. }
                | Self::Mirrored { .. }
        )
    }

    /// The step it is at, worked on or waiting, with who has it.
    pub fn at_step(&self) -> Option<&AtStep> {
        match self {
            Self::InProcess(at_step)
            | Self::AwaitingSupplement { at_step, .. }
            | Self::AwaitingPayment { at_step, .. }
            | Self::Halted { at_step, .. } => Some(at_step),
            _ => None,
        }
    }

    /// The same, to be changed in place.
    pub fn at_step_mut(&mut self) -> Option<&mut AtStep> {
        match self {
            Self::InProcess(at_step)
            | Self::AwaitingSupplement { at_step, .. }
            | Self::AwaitingPayment { at_step, .. }
            | Self::Halted { at_step, .. } => Some(at_step),
            _ => None,
        }
    }

    /// The step it is at, if it is at one.
    pub fn step(&self) -> Option<&str> {
        match self {
            Self::Received { step } | Self::AwaitingParts { step } | Self::Done { step, .. } => Some(step),
            state => state.at_step().map(|at_step| at_step.step.as_str()),
        }
    }

    /// The officer who has it in hand.
    pub fn officer(&self) -> Option<OfficerId> {
        self.at_step().and_then(|at_step| at_step.officer)
    }

    /// The result drafted or given.
    pub fn result(&self) -> Option<ResultId> {
        match self {
            Self::Done { result, .. } | Self::HandedOver { result, .. } => Some(*result),
            state => state.at_step().and_then(|at_step| at_step.result),
        }
    }

    /// What it waits for, and until when.
    pub fn wait(&self) -> Option<(WaitKind, Option<DueMoment>)> {
        match self {
            Self::AwaitingPapers { until, .. } => Some((WaitKind::Supplement, Some(*until))),
            Self::AwaitingSupplement { until, .. } => Some((WaitKind::Supplement, *until)),
            Self::AwaitingPayment { until, .. } => Some((WaitKind::Payment, Some(*until))),
            Self::Halted { until, .. } => Some((WaitKind::Halt, Some(*until))),
            _ => None,
        }
    }
}

impl From<CalendarError> for Refused {
    fn from(error: CalendarError) -> Self {
        Self::Calendar(error)
    }
}

#[cfg(test)]
mod tests;
