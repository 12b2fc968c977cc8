//! What a fault or an advice is about: where it is shown to the one who drafts.

use super::{Advice, ProcedureFault};
use crate::procedure::{Procedure, WaitKind, Way};

/// A part of a procedure. A case is told by its name, as the sentence tells it; a step by its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The procedure as a whole.
    Facts,
    Linked,
    Results,
    Case(String),
    /// The process as a whole.
    Process,
    Step(String),
    Wait(WaitKind),
}

impl ProcedureFault {
    pub fn about(&self) -> About {
        match self {
            Self::ValidToBeforeFrom | Self::NoCase => About::Facts,
            Self::NoTime { about, .. }
            | Self::LevelOnlyForCompetent { about, .. }
            | Self::DuplicateId { about, .. }
            | Self::Empty { about, .. } => about.clone(),
            Self::NoChannel { case }
            | Self::ChannelTwice { case, .. }
            | Self::UnknownResult { case, .. }
            | Self::PromisesRefusal { case }
            | Self::NegativeFee { case, .. } => About::Case(case.clone()),
            Self::NoRefusingResult => About::Results,
            // Steps that together take too long are shortened somewhere on the whole way.
            Self::NoStep | Self::TooManySteps { .. } | Self::NoSupplementWait | Self::TooLong { .. } => {
                About::Process
            }
            Self::Circle { way } | Self::DeadEnd { way } | Self::Misplaced { way, .. } => end(way),
            Self::UnknownStep { step, .. }
            | Self::Unreachable { step }
            | Self::NotTheEnd { step }
            | Self::BackAfterSeal { step }
            | Self::NotEarlier { step, .. }
            | Self::CannotDecline { step }
            | Self::ConsultsItself { step, .. }
            | Self::ConsultAfterSeal { step, .. }
            | Self::ConsultRestarts { step, .. }
            | Self::ConsultTooLong { step, .. }
            | Self::NoSuchWork { step, .. } => About::Step(step.id.clone()),
            Self::WaitAtUnknownStep { what, .. }
            | Self::WaitNowhere { what }
            | Self::WaitTwice { what, .. }
            | Self::WaitAfterSeal { what, .. }
            | Self::RestartsFor { what } => About::Wait(*what),
            Self::SupplementRuns => About::Wait(WaitKind::Supplement),
            Self::UnknownPart { .. }
            | Self::PartsInCircle { .. }
            | Self::PartOfItself { .. }
            | Self::PartNotOffered { .. } => About::Linked,
        }
    }
}

/// The step at which a way shows its fault.
fn end(way: &Way) -> About {
    way.0.last().map_or(About::Process, |(_, place)| About::Step(place.id.clone()))
}

impl Advice {
    pub fn about(&self) -> About {
        match self {
            Self::UnusualRole { step, .. } => About::Step(step.id.clone()),
            Self::SameName { .. } => About::Process,
        }
    }
}

/// Something to look at, where it is to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub about: About,
    pub sentence: String,
    pub weight: Weight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Keeps the procedure from being published.
    Fault,
    /// Refuses nothing.
    Advice,
}

impl Procedure {
    /// The faults, then the advice, each with its place.
    pub fn findings(&self) -> Vec<Finding> {
        let found = |about, sentence, weight| Finding { about, sentence, weight };
        let faults = self.faults();
        let faults = faults.iter().map(|fault| found(fault.about(), fault.to_string(), Weight::Fault));
        let advice = self.advice();
        let advice = advice.iter().map(|advice| found(advice.about(), advice.to_string(), Weight::Advice));
        faults.chain(advice).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{About, Finding, Weight};
    use crate::calendar::Limit;
    use crate::people::Role;
    use crate::procedure::tests::kite;
    use crate::procedure::{AgencyRule, ClockEffect, Procedure, WaitKind};

    fn found(change: impl Fn(&mut Procedure)) -> Vec<Finding> {
        let mut procedure = kite();
        assert!(procedure.faults().is_empty());
        change(&mut procedure);
        procedure.findings().into_iter().filter(|found| found.weight == Weight::Fault).collect()
    }

    #[test]
    fn a_fault_stands_where_it_is_mended() {
        type Planted = (fn(&mut Procedure), About);
        let step = |id: &str| About::Step(id.to_owned());
        let places: [Planted; 13] = [
            (|p| p.process.steps[2].name.clear(), step("viet")),
            (|p| p.results[0].form.clear(), About::Results),
            (|p| p.process.steps[0].next.push("viet".to_owned()), step("ngo")),
            (
                |p| {
                    let twice = p.cases[0].components[0].clone();
                    p.cases[0].components.push(twice);
                },
                About::Case("Diều nhỏ".to_owned()),
            ),
            (|p| p.process.steps[0].allowance = Limit::WorkingHours(0), step("ngo")),
            (|p| p.process.steps[3].back_to.clear(), step("duyet")),
            (|p| p.process.steps[4].next.clear(), step("dau")),
            (|p| p.process.steps[1].role = Role::Auditor, step("hoi")),
            (|p| p.process.steps[1].consults[0].agency = AgencyRule::LevelAbove, step("hoi")),
            (
                |p| p.results.retain(|result| result.verdict == crate::procedure::Verdict::Grants),
                About::Results,
            ),
            (|p| p.process.waits[0].clock = ClockEffect::Runs, About::Wait(WaitKind::Supplement)),
            (|p| p.process.steps[0].allowance = Limit::WorkingDays(400), About::Process),
            (|p| p.supplement_within = Some(Limit::WorkingDays(0)), About::Facts),
        ];
        for (change, about) in places {
            let found = found(change);
            assert!(found.iter().any(|found| found.about == about), "{about:?} in {found:?}");
        }
        let of_case = found(|p| p.cases[0].channels.clear());
        assert_eq!(of_case[0].about, About::Case(kite().cases[0].name.clone()));
    }

    #[test]
    fn advice_is_no_fault() {
        let mut procedure = kite();
        procedure.process.steps[3].role = Role::Head;
        let advice = procedure.findings();
        assert_eq!(advice[0].about, About::Step("duyet".to_owned()));
        assert_eq!(advice[0].weight, Weight::Advice);
    }
}
