//! Consultation: agencies are asked for their opinion, all at once, each with a clock of its own.

use super::{Dossier, DueMoment, Life, Refused, State, Terms, said};
use crate::calendar::Limit;
use crate::dossier::clock::{Stop, StopCause};
use crate::event::Body;
use crate::id::{AgencyId, ConsultationId, OfficerId};
use crate::procedure::{ClockEffect, Procedure, Step};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One agency that was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Consultation {
    pub id: ConsultationId,
    /// The consult of the process it fulfils; none for one an officer found needful.
    pub rule: Option<String>,
    pub agency: AgencyId,
    pub question: String,
    pub asked_at: Timestamp,
    pub asked_by: OfficerId,
    pub due: DueMoment,
    pub clock: ClockEffect,
    pub answer: Option<ConsultAnswer>,
    /// It was late, and the dossier went on without it; or the dossier ended before it came.
    pub lapsed_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsultAnswer {
    pub at: Timestamp,
    pub by: OfficerId,
    pub verdict: OpinionVerdict,
    pub opinion: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpinionVerdict {
    Agrees,
    Disagrees,
    /// Says something that is neither.
    Notes,
}

impl Consultation {
    pub fn is_open(&self) -> bool {
        self.ended_at().is_none()
    }

    /// When nobody waited for it any more. An answer that came after that changes nothing of it.
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.lapsed_at.or(self.answer.as_ref().map(|answer| answer.at))
    }
}

impl Life {
    /// A dossier that has ended waits for nobody's opinion.
    pub(super) fn without_open_questions(mut self, now: Timestamp) -> Self {
        for asked in self.consultations.iter_mut().filter(|asked| asked.is_open()) {
            asked.lapsed_at = Some(now);
        }
        self
    }
}

/// What an agency is to be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub id: ConsultationId,
    pub rule: Option<String>,
    pub agency: AgencyId,
    pub question: String,
    pub allowance: Limit,
    pub clock: ClockEffect,
}

impl Dossier {
    /// Asks an agency for its opinion; it answers within the time the request states.
    // law: ND61-2018/19.5
    pub fn consult(
        self,
        procedure: &Procedure,
        asked: Question,
        officer: OfficerId,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        self.working_step(procedure)?;
        said(&asked.question)?;
        let due = terms.end_of(now, asked.allowance)?;
        let body = Body::Consulted {
            consultation: asked.id,
            agency: asked.agency,
            question: asked.question.clone(),
            due_at: due.at,
        };
        let mut life = self.life;
        life.consultations.push(Consultation {
            id: asked.id,
            rule: asked.rule,
            agency: asked.agency,
            question: asked.question,
            asked_at: now,
            asked_by: officer,
            due,
            clock: asked.clock,
            answer: None,
            lapsed_at: None,
        });
        let clock = Self::running(self.clock)?;
        let stands = clock.stops.iter().any(|stop| stop.cause == StopCause::Opinion && stop.until.is_none());
        let (clock, due) = match asked.clock {
            ClockEffect::Runs => (clock, self.due),
            _ if stands => (clock, self.due),
            ClockEffect::Pauses | ClockEffect::Restarts => {
                (clock.stop(Stop::pausing(StopCause::Opinion, now).by(officer)), None)
            }
        };
        Ok((Self { clock: Some(clock), due, life, ..self }, body))
    }

    /// The agency answers. What comes after the dossier went on without it, or ended, is kept and shown,
    /// and moves nothing.
    // law: ND61-2018/19.5
    pub fn answer(
        self,
        id: ConsultationId,
        answer: ConsultAnswer,
        terms: Terms<'_>,
    ) -> Result<(Self, Body), Refused> {
        said(&answer.opinion)?;
        let mut life = self.life.clone();
        let late = |asked: &&mut Consultation| asked.id == id && asked.answer.is_none();
        let late = life.consultations.iter_mut().find(late).filter(|asked| asked.lapsed_at.is_some());
        let body = Body::ConsultAnswered {
            consultation: id,
            verdict: answer.verdict,
            opinion: answer.opinion.clone(),
            lapsed_at: late.as_ref().and_then(|asked| asked.lapsed_at),
        };
        if let Some(asked) = late {
            asked.answer = Some(answer);
            return Ok((Self { life, ..self }, body));
        }
        let now = answer.at;
        let dossier = self.end_consult(id, terms, now, |asked| asked.answer = Some(answer))?;
        Ok((dossier, body))
    }

    /// The answer is late; the lead agency goes on without it and says so.
    // law: ND61-2018/19.5
    pub fn lapse(
        self,
        id: ConsultationId,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let asked = self.life.consultations.iter().find(|asked| asked.id == id);
        let asked = asked.ok_or(Refused::NoSuchConsultation)?;
        if now < asked.due.at {
            return Err(Refused::ConsultNotLate);
        }
        let body = Body::ConsultLapsed { consultation: id, agency: asked.agency };
        let dossier = self.end_consult(id, terms, now, |asked| asked.lapsed_at = Some(now))?;
        Ok((dossier, body))
    }

    fn end_consult(
        self,
        id: ConsultationId,
        terms: Terms<'_>,
        now: Timestamp,
        end: impl FnOnce(&mut Consultation),
    ) -> Result<Self, Refused> {
        if !self.state.is_open() {
            return Err(self.not_now());
        }
        let mut life = self.life;
        let asked = life
            .consultations
            .iter_mut()
            .find(|asked| asked.id == id && asked.is_open())
            .ok_or(Refused::NoSuchConsultation)?;
        end(asked);
        let holds = |asked: &Consultation| asked.is_open() && asked.clock != ClockEffect::Runs;
        let clock = Self::running(self.clock)?;
        let clock = if life.consultations.iter().any(holds) {
            clock
        } else {
            clock.resume_from(StopCause::Opinion, now)
        };
        let due = clock.due(terms.calendar)?;
        Ok(Self { clock: Some(clock), due, life, ..self })
    }

    /// The consults the process wants at this step that nobody was asked for since it came here, and
    /// nobody is being asked for.
    pub fn consults_wanted<'p>(
        &'p self,
        step: &'p Step,
    ) -> impl Iterator<Item = &'p crate::procedure::Consult> {
        let since = self.life.at_step_since;
        step.consults.iter().filter(move |wanted| {
            let was_asked = |asked: &Consultation| asked.is_open() || Some(asked.asked_at) >= since;
            let of_rule = |asked: &&Consultation| asked.rule.as_ref() == Some(&wanted.id);
            !self.life.consultations.iter().filter(of_rule).any(was_asked)
        })
    }

    /// No agency is waited for, and none that the process wants was forgotten.
    pub(super) fn all_consults_ended(&self, step: &Step) -> Result<(), Refused> {
        let n_open = self.consults_open() + self.consults_wanted(step).count();
        if n_open == 0 { Ok(()) } else { Err(Refused::ConsultsOpen { n_open }) }
    }

    /// The agencies beside its own three that may see the dossier: those that were asked, and those that
    /// settle its parts.
    pub fn also_seen_by(&self) -> impl Iterator<Item = AgencyId> {
        let asked = self.life.consultations.iter().map(|asked| asked.agency);
        asked.chain(self.life.parts.iter().map(|part| part.agency))
    }

    /// No agency is waited for.
    pub(super) fn no_consult_open(&self) -> Result<(), Refused> {
        let n_open = self.consults_open();
        if n_open == 0 { Ok(()) } else { Err(Refused::ConsultsOpen { n_open }) }
    }

    fn consults_open(&self) -> usize {
        self.life.consultations.iter().filter(|asked| asked.is_open()).count()
    }

    /// When the last of the agencies that are waited for must have answered.
    pub(super) fn open_consult_due(&self) -> Option<DueMoment> {
        let State::InProcess(_) = self.state else { return None };
        self.life.consultations.iter().filter(|asked| asked.is_open()).map(|asked| asked.due).max()
    }
}
