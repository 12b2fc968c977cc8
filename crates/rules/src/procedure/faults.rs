//! What is wrong with a procedure revision. All faults are gathered, each with the way that shows it and
//! each said in Vietnamese; a revision with a fault is not published. Advice refuses nothing.

use super::soundness::{Paper, Way};
use super::{Channel, Procedure, StepTask, Verdict, WaitKind};
use crate::calendar::Limit;
use crate::people::Role;
use std::collections::BTreeSet;

mod about;
mod sentence;

pub use about::{About, Finding, Weight};

/// A step as a fault names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub id: String,
    pub name: String,
}

/// What is wrong with a procedure; all faults are gathered before it is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcedureFault {
    ValidToBeforeFrom,
    NoCase,
    NoChannel {
        case: String,
    },
    ChannelTwice {
        case: String,
        channel: Channel,
    },
    UnknownResult {
        case: String,
        result: String,
    },
    /// A case promises a refusal.
    PromisesRefusal {
        case: String,
    },
    /// A process that examines may refuse, and has no result to do it with.
    // law: ND61-2018/19.8
    NoRefusingResult,
    NegativeFee {
        case: String,
        fee: String,
    },
    /// Two things of one kind have one id; `about` is where both stand.
    DuplicateId {
        what: String,
        id: String,
        about: About,
    },
    /// A text that must say something says nothing.
    Empty {
        what: String,
        about: About,
    },
    /// A limit or an allowance of nothing.
    NoTime {
        what: String,
        about: About,
    },
    NoStep,
    TooManySteps {
        most: usize,
    },
    UnknownStep {
        step: Place,
        to: String,
    },
    Unreachable {
        step: Place,
    },
    /// The way forward comes back to where it was; going back needs a reason, and is `back_to`.
    Circle {
        way: Way,
    },
    /// From here no way leads to the hand-over.
    DeadEnd {
        way: Way,
    },
    /// A task is come to when the paper is not ready for it, or past it.
    Misplaced {
        way: Way,
        task: StepTask,
        paper: Paper,
    },
    /// Something follows the hand-over.
    NotTheEnd {
        step: Place,
    },
    /// A way back from where the result is sealed already.
    BackAfterSeal {
        step: Place,
    },
    /// A way back to a step from which no way leads here.
    NotEarlier {
        step: Place,
        to: Place,
    },
    /// Whoever is asked to sign or approve can do nothing else.
    CannotDecline {
        step: Place,
    },
    /// The steps together take longer than the case promises.
    TooLong {
        case: String,
        channel: Channel,
        limit: Limit,
        way: Way,
        over_minutes: u32,
    },
    WaitAtUnknownStep {
        what: WaitKind,
        step: String,
    },
    /// No step lets it begin.
    WaitNowhere {
        what: WaitKind,
    },
    /// Two waits of one kind at one step: the second would never be used.
    WaitTwice {
        what: WaitKind,
        step: Place,
    },
    /// The clock has stopped for good, so there is nothing to wait for.
    WaitAfterSeal {
        what: WaitKind,
        step: Place,
    },
    /// The time in which the applicant brings papers is not the office's.
    // law: ND61-2018/19.4
    SupplementRuns,
    /// Only a supplement gives the whole limit anew.
    // law: ND61-2018/19.4
    RestartsFor {
        what: WaitKind,
    },
    /// Papers are asked for, and none could be asked for again.
    // law: ND61-2018/19.4
    NoSupplementWait,
    /// A step asks the agency that does it.
    ConsultsItself {
        step: Place,
        consult: String,
    },
    ConsultAfterSeal {
        step: Place,
        consult: String,
    },
    ConsultRestarts {
        step: Place,
        consult: String,
    },
    /// The clock runs on, and the answer may come after the step's own time.
    ConsultTooLong {
        step: Place,
        consult: String,
    },
    /// An agency of a level is named by the counter, so only the competent one can be.
    LevelOnlyForCompetent {
        what: String,
        about: About,
    },
    /// A role that settles no dossier.
    NoSuchWork {
        step: Place,
        role: Role,
    },
    UnknownPart {
        part: String,
        after: String,
    },
    /// Parts that wait for each other, in their order.
    PartsInCircle {
        parts: Vec<String>,
    },
    /// The procedure is a part of itself.
    PartOfItself {
        part: String,
    },
    /// The linked procedure, or its case, is not in force on the day this one begins.
    PartNotOffered {
        part: String,
    },
}

/// What is lawful and yet seldom meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    UnusualRole { step: Place, role: Role, usual: Role },
    SameName { name: String },
}

impl Procedure {
    /// Every fault of this revision, all together; an empty list may be published.
    pub fn faults(&self) -> Vec<ProcedureFault> {
        let mut faults = Vec::new();
        self.collect_faults_of_terms(&mut faults);
        super::texts::collect(self, &mut faults);
        super::soundness::collect(&self.process, &mut faults);
        super::timing::collect(self, &mut faults);
        super::waits::collect(self, &mut faults);
        super::linked::collect(self, &mut faults);
        faults
    }

    /// What the one who publishes should look at once more.
    pub fn advice(&self) -> Vec<Advice> {
        let mut advice = Vec::new();
        for step in &self.process.steps {
            let usual = match step.task {
                StepTask::Sign => Role::Leader,
                // law: ND30-2020/32
                StepTask::Seal => Role::Clerk,
                StepTask::HandOver => Role::Counter,
                StepTask::Assign
                | StepTask::Examine
                | StepTask::Verify
                | StepTask::Draft
                | StepTask::Approve => continue,
            };
            if step.role != usual {
                advice.push(Advice::UnusualRole { step: step.place(), role: step.role, usual });
            }
        }
        let mut names = BTreeSet::new();
        let same = self.process.steps.iter().filter(|step| !names.insert(&step.name));
        advice.extend(same.map(|step| Advice::SameName { name: step.name.clone() }));
        advice
    }

    /// The dates, cases, results, fees and ids.
    fn collect_faults_of_terms(&self, faults: &mut Vec<ProcedureFault>) {
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            faults.push(ProcedureFault::ValidToBeforeFrom);
        }
        if self.cases.is_empty() {
            faults.push(ProcedureFault::NoCase);
        }
        duplicates("trường hợp", &About::Facts, self.cases.iter().map(|case| &case.id), faults);
        duplicates("loại kết quả", &About::Results, self.results.iter().map(|result| &result.id), faults);
        for case in &self.cases {
            let (of, about) =
                (format!("thành phần của trường hợp “{}”", case.name), About::Case(case.name.clone()));
            duplicates(&of, &about, case.components.iter().map(|part| &part.id), faults);
            if case.channels.is_empty() {
                faults.push(ProcedureFault::NoChannel { case: case.name.clone() });
            }
            let mut channels = BTreeSet::new();
            for terms in &case.channels {
                if !channels.insert(terms.channel) {
                    faults.push(ProcedureFault::ChannelTwice {
                        case: case.name.clone(),
                        channel: terms.channel,
                    });
                }
                faults.extend(terms.fees.iter().filter(|fee| fee.amount < 0).map(|fee| {
                    ProcedureFault::NegativeFee { case: case.name.clone(), fee: fee.name.clone() }
                }));
            }
            match self.result(&case.result).map(|result| result.verdict) {
                None => faults.push(ProcedureFault::UnknownResult {
                    case: case.name.clone(),
                    result: case.result.clone(),
                }),
                Some(Verdict::Refuses) => {
                    faults.push(ProcedureFault::PromisesRefusal { case: case.name.clone() });
                }
                Some(Verdict::Grants) => {}
            }
        }
        let may_refuse = self.process.steps.iter().any(|step| {
            matches!(step.task, StepTask::Examine | StepTask::Verify | StepTask::Approve | StepTask::Sign)
        });
        if may_refuse && !self.results.iter().any(|result| result.verdict == Verdict::Refuses) {
            faults.push(ProcedureFault::NoRefusingResult);
        }
    }
}

impl super::Step {
    pub(super) fn place(&self) -> Place {
        Place { id: self.id.clone(), name: self.name.clone() }
    }
}

pub(super) fn duplicates<'a>(
    what: &str,
    about: &About,
    ids: impl Iterator<Item = &'a String>,
    faults: &mut Vec<ProcedureFault>,
) {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            faults.push(ProcedureFault::DuplicateId {
                what: what.to_owned(),
                id: id.clone(),
                about: about.clone(),
            });
        }
    }
}
