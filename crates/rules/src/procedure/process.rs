//! The internal process (quy trình nội bộ) of a procedure revision: its steps, whom they ask, what
//! they may wait for.

use crate::calendar::Limit;
use crate::code::AgencyCode;
use crate::people::Role;
use crate::unit::Level;
use serde::{Deserialize, Serialize};

/// The internal process (quy trình nội bộ): the steps after reception, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// The decision that approved this process.
    // law: TT01-2018-VPCP/8
    pub decision: String,
    pub steps: Vec<Step>,
    /// What may make a dossier wait, and how each wait ends. What is not named here cannot happen.
    #[serde(default)]
    pub waits: Vec<Wait>,
}

/// One step: who does what, in which agency, within what time, and where it goes next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub id: String,
    pub name: String,
    pub role: Role,
    pub agency: AgencyRule,
    /// The share of the time limit this step may use.
    pub allowance: Limit,
    pub task: StepTask,
    /// Where the dossier may go from here; the first is proposed. Empty only on the last step.
    #[serde(default)]
    pub next: Vec<String>,
    /// Earlier steps it may be sent back to, with a reason.
    #[serde(default)]
    pub back_to: Vec<String>,
    /// Who is asked for an opinion at this step, all at once and each with a clock of its own.
    #[serde(default)]
    pub consults: Vec<Consult>,
}

/// An agency whose opinion a step needs.
// law: ND61-2018/19.5
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consult {
    pub id: String,
    pub agency: AgencyRule,
    pub question: String,
    /// How long the agency has for its answer.
    pub allowance: Limit,
    pub clock: ClockEffect,
}

/// A wait: what for, how long at most, what then, and what the clock of the dossier does meanwhile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    pub what: WaitKind,
    /// The steps at which it may begin; empty means every step that examines, verifies or drafts.
    #[serde(default)]
    pub steps: Vec<String>,
    /// Of each such wait, from its beginning: every one begins with a notice of its own, which tells the
    /// applicant its reason and its end. No text read so far lets several share one limit.
    pub limit: Limit,
    pub exit: WaitExit,
    pub clock: ClockEffect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitKind {
    /// The applicant brings what is missing.
    Supplement,
    /// The applicant pays what the state asks (thuế, tiền sử dụng đất).
    Payment,
    /// The agency itself has stopped settling it, with a reason in writing.
    Halt,
}

impl WaitKind {
    pub const ALL: [Self; 3] = [Self::Supplement, Self::Payment, Self::Halt];
}

/// What happens when a wait has lasted as long as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitExit {
    /// The dossier ends: not received where it had not been accepted, stopped where it had.
    Close,
    /// The dossier goes on from the step it waits at.
    Resume,
}

/// What the clock of the dossier does while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockEffect {
    /// It stands, and the whole limit is counted again from the start afterwards.
    Restarts,
    /// It stands, and goes on afterwards.
    Pauses,
    /// It runs on.
    Runs,
}

impl ClockEffect {
    pub const ALL: [Self; 3] = [Self::Restarts, Self::Pauses, Self::Runs];
}

/// What a step has to produce before the dossier may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepTask {
    /// Assign to an officer.
    Assign,
    /// Appraise; produces an opinion in the timeline.
    Examine,
    /// Verify on the spot or with another body; produces a report in the timeline.
    // law: ND61-2018/19.3
    Verify,
    /// Draft the result from its form.
    Draft,
    /// Agree to the draft before it is signed.
    Approve,
    /// Sign the draft.
    Sign,
    /// Number the result and set the agency's seal.
    Seal,
    /// Hand the result over to the applicant.
    HandOver,
}

impl StepTask {
    pub const ALL: [Self; 8] = [
        Self::Assign,
        Self::Examine,
        Self::Verify,
        Self::Draft,
        Self::Approve,
        Self::Sign,
        Self::Seal,
        Self::HandOver,
    ];
}

/// Which agency does something, named by its relation to the dossier and not by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgencyRule {
    Receiving,
    Competent,
    /// The parent of the competent agency.
    LevelAbove,
    Named(AgencyCode),
    /// Any agency of this level that settles procedures: the place the dossier is about decides, and
    /// the counter names it. Reception does not depend on boundaries.
    OfLevel(Level),
}

impl Process {
    pub fn first(&self) -> Option<&Step> {
        self.steps.first()
    }

    /// The wait of this kind that may begin at `step`; none where the process knows no such wait.
    pub fn wait(&self, what: WaitKind, step: &Step) -> Option<&Wait> {
        self.waits.iter().find(|wait| wait.what == what && wait.begins_at(step))
    }

    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }
}

impl Wait {
    pub fn begins_at(&self, step: &Step) -> bool {
        if self.steps.is_empty() {
            matches!(step.task, StepTask::Examine | StepTask::Verify | StepTask::Draft)
        } else {
            self.steps.contains(&step.id)
        }
    }
}
