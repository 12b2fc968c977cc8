//! What is wrong with a procedure revision: all faults are gathered, each said in Vietnamese, before it
//! is refused.

use super::{Process, Step, StepTask};
use std::collections::BTreeSet;
use std::fmt;

/// What is wrong with a procedure; all faults are gathered before it is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcedureFault {
    NoCase,
    NoChannel {
        case: String,
    },
    UnknownResult {
        case: String,
        result: String,
    },
    DuplicateId {
        what: &'static str,
        id: String,
    },
    NoStep,
    UnknownStep {
        step: String,
        to: String,
    },
    Unreachable {
        step: String,
    },
    /// The dossier could stay here for ever.
    NoWayToTheEnd {
        step: String,
    },
    /// A step that ends the process without handing the result over, or the reverse.
    WrongEnd {
        step: String,
    },
    /// A task is reached before the one it needs (a seal before a signature).
    TooEarly {
        step: String,
        task: StepTask,
    },
    ValidToBeforeFrom,
}

impl fmt::Display for ProcedureFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCase => write!(f, "thủ tục chưa có trường hợp nào"),
            Self::NoChannel { case } => write!(f, "trường hợp “{case}” chưa có kênh nộp nào"),
            Self::UnknownResult { case, result } => {
                write!(f, "trường hợp “{case}” trả loại kết quả “{result}” không có trong thủ tục")
            }
            Self::DuplicateId { what, id } => write!(f, "{what} “{id}” có hai lần"),
            Self::NoStep => write!(f, "quy trình chưa có bước nào"),
            Self::UnknownStep { step, to } => write!(f, "bước “{step}” chuyển đến bước “{to}” không có"),
            Self::Unreachable { step } => write!(f, "không có đường nào đến bước “{step}”"),
            Self::NoWayToTheEnd { step } => {
                write!(f, "từ bước “{step}” không có đường nào đến lúc trả kết quả")
            }
            Self::WrongEnd { step } => {
                write!(f, "bước “{step}”: trả kết quả phải là bước cuối, và bước cuối phải là trả kết quả")
            }
            Self::TooEarly { step, .. } => write!(f, "bước “{step}” đến trước việc mà nó cần"),
            Self::ValidToBeforeFrom => write!(f, "ngày hết hiệu lực trước ngày có hiệu lực"),
        }
    }
}

impl Process {
    pub(super) fn collect_faults(&self, faults: &mut Vec<ProcedureFault>) {
        duplicates("bước", self.steps.iter().map(|step| &step.id), faults);
        let Some(first) = self.first() else {
            faults.push(ProcedureFault::NoStep);
            return;
        };
        for step in &self.steps {
            for to in step.next.iter().chain(&step.back_to) {
                if self.step(to).is_none() {
                    faults.push(ProcedureFault::UnknownStep { step: step.id.clone(), to: to.clone() });
                }
            }
            if step.next.is_empty() != (step.task == StepTask::HandOver) {
                faults.push(ProcedureFault::WrongEnd { step: step.id.clone() });
            }
        }
        let reached = self.reachable_from(&first.id);
        for step in &self.steps {
            if !reached.contains(step.id.as_str()) {
                faults.push(ProcedureFault::Unreachable { step: step.id.clone() });
            }
            let ends = self
                .reachable_from(&step.id)
                .into_iter()
                .filter_map(|id| self.step(id))
                .any(|step| step.task == StepTask::HandOver);
            if !ends {
                faults.push(ProcedureFault::NoWayToTheEnd { step: step.id.clone() });
            }
        }
        self.collect_order_faults(first, faults);
    }

    /// Walks every way forward with the set of tasks already done: a signature needs a draft, a seal
    /// a signature, a hand-over a seal.
    fn collect_order_faults(&self, first: &Step, faults: &mut Vec<ProcedureFault>) {
        let mut seen: BTreeSet<(&str, BTreeSet<StepTask>)> = BTreeSet::new();
        let mut open = vec![(first, BTreeSet::new())];
        while let Some((step, mut done)) = open.pop() {
            let needs = match step.task {
                StepTask::Sign => Some(StepTask::Draft),
                StepTask::Seal => Some(StepTask::Sign),
                StepTask::HandOver => Some(StepTask::Seal),
                StepTask::Approve => Some(StepTask::Draft),
                StepTask::Assign | StepTask::Examine | StepTask::Verify | StepTask::Draft => None,
            };
            if needs.is_some_and(|task| !done.contains(&task)) {
                let fault = ProcedureFault::TooEarly { step: step.id.clone(), task: step.task };
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
            }
            done.insert(step.task);
            if seen.insert((step.id.as_str(), done.clone())) {
                open.extend(step.next.iter().filter_map(|id| self.step(id)).map(|next| (next, done.clone())));
            }
        }
    }

    fn reachable_from<'a>(&'a self, start: &'a str) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::from([start]);
        let mut open = vec![start];
        while let Some(id) = open.pop() {
            for next in self.step(id).into_iter().flat_map(|step| &step.next) {
                if reached.insert(next) {
                    open.push(next);
                }
            }
        }
        reached
    }
}

pub(super) fn duplicates<'a>(
    what: &'static str,
    ids: impl Iterator<Item = &'a String>,
    faults: &mut Vec<ProcedureFault>,
) {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            faults.push(ProcedureFault::DuplicateId { what, id: id.clone() });
        }
    }
}
