//! A revision of an administrative procedure: its cases, components, limits, fees, results and the
//! internal process by which it is settled. All of it is data (`procedures/`); a dossier keeps the
//! revision it was received under, and rules read that revision, never the current one.

use crate::calendar::Limit;
use crate::code::ProcedureCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub mod bpmn;
mod component;
pub mod diff;
pub mod dry_run;
pub mod editing;
mod faults;
mod linked;
pub mod portable;
mod process;
pub mod publishing;
pub mod rehearsal;
mod soundness;
pub mod testing;
mod texts;
mod timing;
mod waits;

pub use component::{AdmissibleForm, Component, Custody, DigitisationClass, Required, Treatment};
pub use faults::{About, Advice, Finding, Place, ProcedureFault, Weight};
pub use process::{AgencyRule, ClockEffect, Consult, Process, Step, StepTask, Wait, WaitExit, WaitKind};
pub use soundness::{MOST_STEPS, Move, Paper, Way};
pub use timing::duration;

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
    /// Whose system says what happens to its dossiers.
    #[serde(default)]
    pub system: SystemOfRecord,
    /// Procedures that go with this one in one dossier of the applicant (liên thông).
    #[serde(default)]
    pub linked: Vec<LinkedPart>,
    /// Supplements may be asked for within this time of reception, where sector law sets another than
    /// the general one.
    // law: ND61-2018/19.4
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplement_within: Option<Limit>,
    /// How sure each unsure fact is, for the one who checks it before use.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// Whose system is the one of record for a procedure's dossiers.
// law: ND224-2026/15
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemOfRecord {
    /// This one.
    #[default]
    Own,
    /// A ministry's, named; we keep a mirror to read, count and look up.
    Ministry(String),
}

/// A procedure settled together with another one, by its own agency and under its own clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkedPart {
    pub id: String,
    pub procedure: ProcedureCode,
    pub case: String,
    /// Who settles the part, seen from the agency that settles the whole.
    pub agency: AgencyRule,
    /// Parts whose results it needs; the others begin at once, in parallel.
    // law: ND61-2018/19.6
    #[serde(default)]
    pub after: Vec<String>,
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

impl Channel {
    pub const ALL: [Self; 3] = [Self::Direct, Self::Online, Self::Post];
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
    /// Whether it grants what was asked for. A refusal is a result like any other.
    // law: ND61-2018/19.8
    #[serde(default)]
    pub verdict: Verdict,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    #[default]
    Grants,
    Refuses,
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
}

impl Case {
    pub fn component(&self, id: &str) -> Option<&Component> {
        self.components.iter().find(|component| component.id == id)
    }

    pub fn terms(&self, channel: Channel) -> Option<&ChannelTerms> {
        self.channels.iter().find(|terms| terms.channel == channel)
    }
}

#[cfg(test)]
mod tests;
