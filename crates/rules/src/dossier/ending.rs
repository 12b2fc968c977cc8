//! How it ends: handed over, withdrawn; and what may still happen to a result afterwards: corrected or
//! annulled, never deleted.

use super::{Asked, AtStep, Dossier, DueMoment, Life, Outcome, Refused, State, Terms, said};
use crate::counter::{DossierComponent, Supply};
use crate::dossier::clock::Clock;
use crate::event::{Body, FeePaid, HandOverWay};
use crate::id::{AgencyId, ResultId};
use crate::people::AgencyScope;
use crate::procedure::{Case, Channel, Custody, Procedure, StepTask};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Whether the papers that must go back to the applicant went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Custodian {
    /// The applicant has them again.
    Applicant,
    Office,
}

/// Whose fault made a correction needful; the agency's own is corrected at its cost.
// law: ND61-2018/21
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    Agency,
    Applicant,
}

/// How a dossier stood before the correction of its result began. Nothing of it is lost with the next
/// correction.
// law: ND61-2018/21
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BeforeCorrection {
    /// The result that is corrected.
    pub result: ResultId,
    pub way: HandOverWay,
    pub outcome: Option<Outcome>,
    pub clock: Option<Clock>,
    pub due: Option<DueMoment>,
}

/// The components whose paper the office has in its hands. With a result only those go back that were
/// lent for the time of settling; with a withdrawal every original does.
fn held(case: &Case, brought: &[DossierComponent], goes_back: impl Fn(Custody) -> bool) -> Vec<String> {
    let is_paper = |supply: &Supply| matches!(supply, Supply::Pages { .. } | Supply::OnPaper);
    case.components
        .iter()
        .filter(|component| component.originals > 0 && goes_back(component.custody))
        .filter(|component| brought.iter().any(|part| part.id == component.id && is_paper(&part.supply)))
        .map(|component| component.id.clone())
        .collect()
}

fn given_back(held: Vec<String>, custodian: Custodian) -> Result<Vec<String>, Refused> {
    match custodian {
        Custodian::Office if !held.is_empty() => Err(Refused::OriginalsHeld { components: held }),
        Custodian::Office | Custodian::Applicant => Ok(held),
    }
}

impl Dossier {
    /// The result goes to the applicant, with the papers that were lent. A whole goes when its parts are
    /// ready, and takes them with it.
    // law: ND61-2018/20
    pub fn hand_over(
        self,
        procedure: &Procedure,
        brought: &[DossierComponent],
        way: HandOverWay,
        custodian: Custodian,
    ) -> Result<(Self, Body), Refused> {
        let State::Done { result, .. } = self.state else { return Err(self.not_now()) };
        self.check_revision(procedure)?;
        if self.part_of.is_some() {
            return Err(Refused::GoesWithTheWhole);
        }
        let n_open = self.life.parts.iter().filter(|part| !part.has_ended).count();
        if n_open > 0 {
            return Err(Refused::PartsNotReady { n_open });
        }
        procedure.case(&self.case).ok_or(Refused::WrongRevision)?;
        let returned = given_back(self.lent(procedure, brought), custodian)?;
        let body = Body::ResultHandedOver { result, way, returned, receiver: None };
        Ok((self.handed_over(result, way), body))
    }

    /// The components whose papers go back with the result.
    // law: ND61-2018/20
    pub fn lent(&self, procedure: &Procedure, brought: &[DossierComponent]) -> Vec<String> {
        let case = procedure.case(&self.case);
        case.map(|case| held(case, brought, |custody| custody == Custody::ReturnedWithResult))
            .unwrap_or_default()
    }

    /// A part is handed over with its whole, or by itself where the whole is over.
    pub fn hand_over_part(self, way: HandOverWay) -> Result<(Self, Body), Refused> {
        let (State::Done { result, .. }, Some(_)) = (&self.state, self.part_of) else {
            return Err(self.not_now());
        };
        let result = *result;
        let body = Body::ResultHandedOver { result, way, returned: Vec::new(), receiver: None };
        Ok((self.handed_over(result, way), body))
    }

    /// The post brought the result back: it waits at the counter again, with whatever time it takes. What went
    /// with it, its parts and the papers that were lent, is told of the hand-over and stays so.
    pub fn came_back(self, procedure: &Procedure, now: Timestamp) -> Result<Self, Refused> {
        let State::HandedOver { result, way: HandOverWay::Post } = self.state else {
            return Err(self.not_now());
        };
        self.check_revision(procedure)?;
        let mut steps = procedure.process.steps.iter();
        let step = steps.find(|step| step.task == StepTask::HandOver).ok_or(Refused::WrongRevision)?;
        let life = Life { at_step_since: Some(now), ..self.life };
        Ok(Self { state: State::Done { step: step.id.clone(), result }, life, ..self })
    }

    fn handed_over(self, result: ResultId, way: HandOverWay) -> Self {
        let life = Life { correcting: None, ..self.life };
        Self { state: State::HandedOver { result, way }, life, ..self }
    }

    /// The applicant asks, from afar, to take it back; the counter confirms.
    pub fn ask_withdrawal(self, reason: String, now: Timestamp) -> Result<(Self, Body), Refused> {
        self.may_be_withdrawn()?;
        if self.part_of.is_some() {
            return Err(Refused::GoesWithTheWhole);
        }
        said(&reason)?;
        if self.life.withdrawal_asked.is_some() {
            return Err(self.not_now());
        }
        let body = Body::WithdrawalAsked { reason: reason.clone() };
        let mut life = self.life;
        life.withdrawal_asked = Some(Asked { at: now, reason });
        Ok((Self { life, ..self }, body))
    }

    /// The applicant takes the dossier back, and with it every original the office holds. What is put
    /// together at the counter yet is given up so, too: he leaves, or it was opened by mistake.
    pub fn withdraw(
        self,
        procedure: &Procedure,
        brought: &[DossierComponent],
        reason: String,
        custodian: Custodian,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let is_at_desk = matches!(self.state, State::Preparing) && self.channel == Channel::Direct;
        if !is_at_desk {
            self.may_be_withdrawn()?;
        }
        self.check_revision(procedure)?;
        said(&reason)?;
        let case = procedure.case(&self.case).ok_or(Refused::WrongRevision)?;
        let originals = held(case, brought, |custody| custody != Custody::Returned);
        let returned = given_back(originals, custodian)?;
        let body = Body::Withdrawn { reason: reason.clone(), returned };
        Ok((self.withdrawn(reason, now), body))
    }

    /// A part is withdrawn with its whole. One whose result is there keeps it.
    pub fn withdraw_part(self, reason: String, now: Timestamp) -> Result<(Self, Body), Refused> {
        self.may_end_with_its_whole()?;
        said(&reason)?;
        let body = Body::Withdrawn { reason: reason.clone(), returned: Vec::new() };
        Ok((self.withdrawn(reason, now), body))
    }

    fn withdrawn(self, reason: String, now: Timestamp) -> Self {
        let life = self.life.without_open_questions(now);
        Self {
            life,
            outcome: Some(Outcome::Withdrawn),
            clock: self.clock.map(|clock| clock.finish(now)),
            state: State::Withdrawn { reason },
            ..self
        }
    }

    /// A part goes with its whole. While a result that went out is corrected there is nothing to take
    /// back: the result stays, until it is annulled.
    fn may_be_withdrawn(&self) -> Result<(), Refused> {
        if !self.is_before_its_result() || self.life.correcting.is_some() {
            return Err(self.not_now());
        }
        if self.part_of.is_some() { Err(Refused::GoesWithTheWhole) } else { Ok(()) }
    }

    /// A part ends with its whole while it has no result.
    pub(super) fn may_end_with_its_whole(&self) -> Result<(), Refused> {
        let awaits = matches!(self.state, State::AwaitingParts { .. });
        let ends = self.part_of.is_some() && (awaits || self.is_before_its_result());
        if ends { Ok(()) } else { Err(self.not_now()) }
    }

    fn is_before_its_result(&self) -> bool {
        matches!(
            self.state,
            State::Submitted { .. }
                | State::AwaitingPapers { .. }
                | State::Received { .. }
                | State::InProcess(_)
                | State::AwaitingSupplement { .. }
                | State::AwaitingPayment { .. }
                | State::Halted { .. }
        )
    }

    /// A result that went out is wrong: it is drafted, signed and sealed anew under a new clock, and the
    /// new one takes the place of the old.
    // law: ND61-2018/21
    pub fn correct(
        self,
        procedure: &Procedure,
        reason: String,
        fault: Fault,
        holding: AgencyId,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let State::HandedOver { result, way } = self.state else { return Err(self.not_now()) };
        self.check_revision(procedure)?;
        said(&reason)?;
        if self.outcome == Some(Outcome::Annulled) {
            return Err(self.not_now());
        }
        let drafts = |step: &&crate::procedure::Step| step.task == StepTask::Draft;
        let step = procedure.process.steps.iter().find(drafts).ok_or(Refused::WrongRevision)?;
        let clock = Clock::start(self.channel_terms(procedure)?.limit, terms.counting, now);
        let due = clock.due(terms.calendar)?;
        let body = Body::CorrectionBegun { result, reason, fault };
        let mut life = self.life;
        life.correcting = Some(result);
        let before =
            BeforeCorrection { result, way, outcome: self.outcome, clock: self.clock, due: self.due };
        life.corrections.push(before);
        life.at_step_since = Some(now);
        life.whole_due = None;
        let at_step = AtStep { step: step.id.clone(), officer: None, result: None };
        let dossier = Self {
            scope: AgencyScope { holding, ..self.scope },
            clock: Some(clock),
            due,
            outcome: None,
            state: State::InProcess(at_step),
            life,
            ..self
        };
        Ok((dossier, body))
    }

    /// A result that went out is taken back by a decision. It stays readable and is no longer valid.
    // law: ND61-2018/21
    pub fn annul(self, decision: String, reason: String) -> Result<(Self, Body), Refused> {
        let State::HandedOver { result, .. } = self.state else { return Err(self.not_now()) };
        if self.outcome == Some(Outcome::Annulled) {
            return Err(self.not_now());
        }
        said(&decision)?;
        said(&reason)?;
        let body = Body::ResultAnnulled { result, decision, reason };
        Ok((Self { outcome: Some(Outcome::Annulled), ..self }, body))
    }

    /// A fee was collected. The fee is fixed when the dossier is received and never grows: of what went
    /// out only that is collected which was owed then, and of what ended without a result nothing.
    // law: ND61-2018/6
    pub fn collect_fee(
        self,
        amount: i64,
        receipt: String,
        paid: Option<FeePaid>,
    ) -> Result<(Self, Body), Refused> {
        if self.received_at.is_none() || matches!(self.state, State::Mirrored { .. }) {
            return Err(self.not_now());
        }
        let due = self.life.fee.due - self.life.fee.paid;
        let owes = match self.state {
            State::HandedOver { .. } => due > 0,
            _ => self.state.is_open(),
        };
        if !owes {
            return Err(Refused::NothingOwed);
        }
        said(&receipt)?;
        if let Some(FeePaid::Transfer { transaction }) = &paid {
            said(transaction)?;
        }
        if amount <= 0 || amount > due {
            return Err(Refused::WrongAmount { due });
        }
        let mut life = self.life;
        life.fee.paid += amount;
        Ok((Self { life, ..self }, Body::FeeCollected { amount, receipt, paid }))
    }
}
