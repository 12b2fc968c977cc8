//! At the desks: taken, assigned, passed on, sent back, drafted, signed, sealed.

use super::{AtStep, Dossier, Life, Outcome, Refused, State, said};
use crate::event::Body;
use crate::id::{AgencyId, OfficerId, ResultId};
use crate::people::AgencyScope;
use crate::procedure::{Procedure, StepTask, Verdict};
use jiff::Timestamp;

/// Where the work of a step leads: the next step, the agency that holds the dossier there, and the
/// officer it is given to, if it is given to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Onward<'a> {
    pub to: &'a str,
    pub holding: AgencyId,
    pub officer: Option<OfficerId>,
    pub now: Timestamp,
}

impl Dossier {
    /// An officer takes the dossier at its present step, in the agency that does that step. Taking what
    /// still lies at the counter is its transfer, too.
    pub fn take(
        self,
        officer: OfficerId,
        holding: AgencyId,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let mut life = self.life.clone();
        let at_step = match &self.state {
            State::Received { step } => {
                life.at_step_since = Some(now);
                AtStep { step: step.clone(), officer: Some(officer), result: None }
            }
            State::InProcess(at_step) if at_step.officer.is_none() => {
                AtStep { officer: Some(officer), ..at_step.clone() }
            }
            _ => return Err(self.not_now()),
        };
        let body = Body::DossierTaken { step: at_step.step.clone() };
        let scope = AgencyScope { holding, ..self.scope };
        Ok((Self { scope, state: State::InProcess(at_step), life, ..self }, body))
    }

    /// The head gives the dossier, which nobody has in hand at its present step, to an officer of the agency
    /// that does that step. What still lies at the counter is transferred by that, as by taking it.
    // law: ND61-2018/19.1
    pub fn assign(
        self,
        officer: OfficerId,
        holding: AgencyId,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let mut life = self.life.clone();
        let at_step = match &self.state {
            State::Received { step } => {
                life.at_step_since = Some(now);
                AtStep { step: step.clone(), officer: Some(officer), result: None }
            }
            State::InProcess(at_step) if at_step.officer.is_none() => {
                AtStep { officer: Some(officer), ..at_step.clone() }
            }
            _ => return Err(self.not_now()),
        };
        let body = Body::Assigned { step: at_step.step.clone(), officer };
        let scope = AgencyScope { holding, ..self.scope };
        Ok((Self { scope, state: State::InProcess(at_step), life, ..self }, body))
    }

    /// The present step is done; the dossier goes on.
    pub fn finish_step(
        self,
        procedure: &Procedure,
        onward: Onward<'_>,
        opinion: String,
    ) -> Result<(Self, Body), Refused> {
        let (step, result) = self.working_step(procedure)?;
        if !step.next.iter().any(|next| next == onward.to) {
            return Err(Refused::NoSuchWay { from: step.id.clone(), to: onward.to.to_owned() });
        }
        match step.task {
            StepTask::Examine | StepTask::Verify if opinion.trim().is_empty() => {
                return Err(Refused::ReasonMissing);
            }
            StepTask::Draft | StepTask::Approve if result.is_none() => {
                return Err(Refused::StepNotDone { step: step.id.clone(), task: step.task });
            }
            // These go on through the act that does them, so that the paper and the state agree.
            StepTask::Sign | StepTask::Seal | StepTask::HandOver => {
                return Err(Refused::StepNotDone { step: step.id.clone(), task: step.task });
            }
            StepTask::Examine | StepTask::Verify | StepTask::Draft | StepTask::Approve | StepTask::Assign => {
            }
        }
        self.all_consults_ended(step)?;
        let body = Body::StepFinished {
            step: step.id.clone(),
            next: onward.to.to_owned(),
            opinion,
            officer: onward.officer,
        };
        Ok((self.moved_to(onward, result), body))
    }

    /// Back to an earlier step, with a reason.
    pub fn send_back(
        self,
        procedure: &Procedure,
        onward: Onward<'_>,
        reason: String,
    ) -> Result<(Self, Body), Refused> {
        let (step, result) = self.working_step(procedure)?;
        said(&reason)?;
        if !step.back_to.iter().any(|earlier| earlier == onward.to) {
            return Err(Refused::NoSuchWay { from: step.id.clone(), to: onward.to.to_owned() });
        }
        self.no_consult_open()?;
        let body = Body::SentBack { step: step.id.clone(), to: onward.to.to_owned(), reason };
        Ok((self.moved_to(onward, result), body))
    }

    /// The result was drafted from its form.
    pub fn draft(self, procedure: &Procedure, result: ResultId) -> Result<Self, Refused> {
        let (step, _) = self.working_step(procedure)?;
        if step.task != StepTask::Draft {
            return Err(Refused::NotThisStep { step: step.id.clone(), task: step.task });
        }
        let mut state = self.state;
        if let Some(at_step) = state.at_step_mut() {
            at_step.result = Some(result);
        }
        Ok(Self { state, ..self })
    }

    /// The competent person signed; on to the next step.
    pub fn signed(self, procedure: &Procedure, onward: Onward<'_>) -> Result<Self, Refused> {
        self.after_task(procedure, StepTask::Sign, onward)
    }

    /// The clerk numbered and sealed; the result is ready. The clock stops here. What the result says
    /// is the outcome: a refusal after acceptance is a result like any other.
    // law: ND30-2020/25
    // law: ND61-2018/19.8
    pub fn sealed(
        self,
        procedure: &Procedure,
        onward: Onward<'_>,
        verdict: Verdict,
    ) -> Result<Self, Refused> {
        let mut dossier = self.after_task(procedure, StepTask::Seal, onward)?;
        // There is a result now: it is handed over, and the wish to take the papers back came too late.
        dossier.life.withdrawal_asked = None;
        let State::InProcess(AtStep { step, result: Some(result), .. }) = dossier.state else {
            return Err(dossier.not_now());
        };
        // The result is there: nothing is left to take back.
        let life = Life { withdrawal_asked: None, ..dossier.life };
        Ok(Self {
            state: State::Done { step, result },
            life,
            outcome: Some(match verdict {
                Verdict::Grants => Outcome::Granted,
                Verdict::Refuses => Outcome::Refused,
            }),
            clock: dossier.clock.map(|clock| clock.finish(onward.now)),
            ..dossier
        })
    }

    fn after_task(self, procedure: &Procedure, task: StepTask, onward: Onward<'_>) -> Result<Self, Refused> {
        let (step, result) = self.working_step(procedure)?;
        if step.task != task {
            return Err(Refused::NotThisStep { step: step.id.clone(), task: step.task });
        }
        if result.is_none() {
            return Err(Refused::StepNotDone { step: step.id.clone(), task });
        }
        if !step.next.iter().any(|next| next == onward.to) {
            return Err(Refused::NoSuchWay { from: step.id.clone(), to: onward.to.to_owned() });
        }
        self.all_consults_ended(step)?;
        Ok(self.moved_to(onward, result))
    }

    pub(super) fn moved_to(self, onward: Onward<'_>, result: Option<ResultId>) -> Self {
        let mut life = self.life;
        life.at_step_since = Some(onward.now);
        // It was the wish of the step that has ended.
        life.referral = None;
        let at_step = AtStep { step: onward.to.to_owned(), officer: onward.officer, result };
        Self {
            scope: AgencyScope { holding: onward.holding, ..self.scope },
            state: State::InProcess(at_step),
            life,
            ..self
        }
    }
}
