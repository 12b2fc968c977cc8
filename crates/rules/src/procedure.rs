//! A revision of an administrative procedure: its cases, components, limits, fees, results and the
//! internal process by which it is settled. All of it is data (`procedures/`); a dossier keeps the
//! revision it was received under, and rules read that revision, never the current one.

use crate::calendar::Limit;
use crate::code::{AgencyCode, ProcedureCode};
use crate::people::Role;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// One revision of a procedure, valid in an interval of days, bound to the decision that approved it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    pub code: ProcedureCode,
    /// Counts up from 1; the pair (code, revision) never changes once published.
    pub revision: u32,
    pub name: String,
    /// The field of administration (lĩnh vực), as the national catalogue words it.
    pub field: String,
    pub valid_from: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
    /// The decision that published this revision.
    pub decision: String,
    /// Who settles it, seen from the agency that received it.
    pub competent: AgencyRule,
    /// What people call it ("giấy độc thân"), for the search.
    #[serde(default)]
    pub synonyms: Vec<String>,
    pub cases: Vec<Case>,
    pub results: Vec<ResultType>,
    pub process: Process,
    /// How sure each unsure fact is, for the one who checks it before use.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// A case (trường hợp) of a procedure: it has its own components, limits and fees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub id: String,
    pub name: String,
    pub components: Vec<Component>,
    /// One entry a channel; a channel that is missing is not offered for this case.
    pub channels: Vec<ChannelTerms>,
    /// The result type of this case, an id in [`Procedure::results`].
    pub result: String,
}

/// What one channel of a case promises and costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelTerms {
    pub channel: Channel,
    pub limit: Limit,
    /// In whole đồng. An empty list is free of charge.
    #[serde(default)]
    pub fees: Vec<Fee>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    pub name: String,
    /// Whole đồng.
    pub amount: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How a dossier reaches the office; the numbers are those of the national synchronisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Direct,
    Online,
    Post,
}

/// A component (thành phần hồ sơ) a case asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    pub id: String,
    pub name: String,
    /// Code of the kind of paper (mã loại giấy tờ) in the national catalogue, or ours.
    pub paper_type: String,
    #[serde(default)]
    pub originals: u8,
    #[serde(default)]
    pub copies: u8,
    pub form: AdmissibleForm,
    pub digitise: DigitisationClass,
    /// Paper-type or result-type codes that satisfy this component when the repository holds one
    /// (MA_KQ_THAYTHE of the national catalogue): what makes reuse computable.
    #[serde(default)]
    pub replaced_by: Vec<String>,
    #[serde(default)]
    pub required: Required,
    #[serde(default)]
    pub custody: Custody,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The form in which a component is admissible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdmissibleForm {
    /// Bản chính.
    Original,
    /// Bản sao có chứng thực, on paper.
    CertifiedCopy,
    /// Bản sao điện tử có chứng thực or cấp từ sổ gốc.
    ElectronicCopy,
    /// Bản chụp (photo).
    Photocopy,
    /// Xuất trình: looked at, given back.
    Shown,
}

/// Why a component is digitised, or is not.
// law: TT01-2023-VPCP/4
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DigitisationClass {
    /// (a) the result of an earlier procedure.
    EarlierResult,
    /// (b) required by sector law.
    SectorLaw,
    /// (c) required for management, listed by the Minister or the provincial Chairman.
    Management,
    /// (d) on demand of the applicant.
    OnDemand,
    /// Already shared with legal value by a database.
    AlreadyShared,
    /// A secret paper.
    Secret,
    /// Not digitised because of its form (photocopy, paper certified copy, only shown).
    ByForm,
}

/// Whether a component must be there for the dossier to be complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Required {
    #[default]
    Always,
    /// Only where the applicant's situation has such a paper ("nếu có").
    IfAny,
}

/// What happens to the paper itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Custody {
    /// Stays in the dossier.
    #[default]
    Kept,
    /// Given back at once after scanning.
    Returned,
    /// Kept while the dossier is settled, given back with the result.
    ReturnedWithResult,
}

/// What the counter has to do with a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    Digitise(DigitisationClass),
    /// Looked at and given back; nothing is kept.
    ShowOnly,
    /// Taken on paper, not digitised, for the reason given.
    DoNotDigitise(DigitisationClass),
}

impl Component {
    /// What the law wants done with this component at the counter.
    // law: TT01-2023-VPCP/4
    pub fn treatment(&self) -> Treatment {
        match (self.form, self.digitise) {
            (AdmissibleForm::Shown, _) => Treatment::ShowOnly,
            (AdmissibleForm::Photocopy | AdmissibleForm::CertifiedCopy, _) => {
                Treatment::DoNotDigitise(DigitisationClass::ByForm)
            }
            (
                _,
                class @ (DigitisationClass::AlreadyShared
                | DigitisationClass::Secret
                | DigitisationClass::ByForm),
            ) => Treatment::DoNotDigitise(class),
            (_, class) => Treatment::Digitise(class),
        }
    }

    /// The codes of stored papers that satisfy this component.
    pub fn satisfied_by(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.paper_type.as_str()).chain(self.replaced_by.iter().map(String::as_str))
    }
}

/// A kind of result a procedure gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultType {
    pub id: String,
    /// Code of the result type (mã kết quả); also a paper type for later dossiers.
    pub code: String,
    pub name: String,
    /// The printed form (folder in `forms/`) it is drafted from.
    pub form: String,
    /// The symbol after the number: `UBND-XNTTHN` in `12/UBND-XNTTHN`.
    pub symbol: String,
    pub validity: Validity,
    /// Scope of validity printed in the QR and kept with the entry.
    pub scope: String,
}

/// How long a result is valid when nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    Indefinite,
    Months(u16),
}

impl Validity {
    /// The last day of validity for a paper issued on `issued_on`; none means without end.
    pub fn last_day(self, issued_on: Date) -> Option<Date> {
        match self {
            Self::Indefinite => None,
            Self::Months(months) => {
                Some(issued_on.saturating_add(jiff::Span::new().months(i64::from(months))))
            }
        }
    }
}

/// The internal process (quy trình nội bộ): the steps after reception, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// The decision that approved this process.
    // law: TT01-2018-VPCP/8
    pub decision: String,
    pub steps: Vec<Step>,
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
}

/// What a step has to produce before the dossier may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepTask {
    /// Assign to an officer.
    Assign,
    /// Appraise; produces an opinion in the timeline.
    Examine,
    /// Draft the result from its form.
    Draft,
    /// Approve and sign the draft.
    Sign,
    /// Number the result and set the agency's seal.
    Seal,
    /// Hand the result over to the applicant.
    HandOver,
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
}

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

impl Procedure {
    pub fn case(&self, id: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.id == id)
    }

    pub fn result(&self, id: &str) -> Option<&ResultType> {
        self.results.iter().find(|result| result.id == id)
    }

    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// Every fault of this revision, all together; an empty list may be published.
    pub fn faults(&self) -> Vec<ProcedureFault> {
        let mut faults = Vec::new();
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            faults.push(ProcedureFault::ValidToBeforeFrom);
        }
        if self.cases.is_empty() {
            faults.push(ProcedureFault::NoCase);
        }
        duplicates("trường hợp", self.cases.iter().map(|case| &case.id), &mut faults);
        duplicates("loại kết quả", self.results.iter().map(|result| &result.id), &mut faults);
        for case in &self.cases {
            duplicates("thành phần", case.components.iter().map(|part| &part.id), &mut faults);
            if case.channels.is_empty() {
                faults.push(ProcedureFault::NoChannel { case: case.id.clone() });
            }
            if self.result(&case.result).is_none() {
                faults.push(ProcedureFault::UnknownResult {
                    case: case.id.clone(),
                    result: case.result.clone(),
                });
            }
        }
        self.process.collect_faults(&mut faults);
        faults
    }
}

impl Case {
    pub fn component(&self, id: &str) -> Option<&Component> {
        self.components.iter().find(|component| component.id == id)
    }

    pub fn terms(&self, channel: Channel) -> Option<&ChannelTerms> {
        self.channels.iter().find(|terms| terms.channel == channel)
    }
}

impl Process {
    pub fn first(&self) -> Option<&Step> {
        self.steps.first()
    }

    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    fn collect_faults(&self, faults: &mut Vec<ProcedureFault>) {
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
                StepTask::Assign | StepTask::Examine | StepTask::Draft => None,
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

fn duplicates<'a>(
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

#[cfg(test)]
mod tests;
