//! Received or not: submitted, accepted, refused, asked to be completed, handed to the agency that
//! settles it.

use super::wait::{once, said_by_leader};
use super::{AtStep, Dossier, Fees, Outcome, Refused, State, Terms, said};
use crate::code::DossierCode;
use crate::counter::Refusal;
use crate::dossier::clock::Clock;
use crate::event::{Body, SupplementItem};
use crate::id::AgencyId;
use crate::people::AgencyScope;
use crate::procedure::{Channel, Procedure};
use jiff::Timestamp;

/// What acceptance fixes.
#[derive(Clone, Debug)]
pub struct Acceptance<'a> {
    /// None for a part, which goes under the code of the whole.
    pub code: Option<DossierCode>,
    pub terms: Terms<'a>,
}

impl Dossier {
    /// Another case of the same procedure, while it is still being put together.
    pub fn choose_case(self, procedure: &Procedure, case: &str) -> Result<(Self, Body), Refused> {
        let State::Preparing = self.state else { return Err(self.not_now()) };
        self.check_revision(procedure)?;
        procedure.case(case).ok_or(Refused::WrongRevision)?;
        Ok((Self { case: case.to_owned(), ..self }, Body::CaseChosen { case: case.to_owned() }))
    }

    /// Sent online or by post: the office has so long to answer. What is handed over at the counter is
    /// answered there and then, and needs no such state.
    // law: TT87-2021-BTC/10
    pub fn submit(
        self,
        procedure: &Procedure,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let State::Preparing = self.state else { return Err(self.not_now()) };
        self.offered(procedure)?;
        let limit = match self.channel {
            Channel::Direct => return Err(Refused::ChannelNotOffered),
            Channel::Online => terms.limits.answer_online,
            Channel::Post => terms.limits.answer_post,
        };
        let answer_by = terms.end_of(now, limit)?;
        let body = Body::Submitted { channel: self.channel, answer_by: answer_by.at };
        Ok((Self { state: State::Submitted { answer_by }, ..self }, body))
    }

    /// The dossier is complete: it gets its code, its clock starts; where it began with a provisional slip
    /// that had all of it, at the time of the slip.
    // law: ND61-2018/17.3
    pub fn receive(
        self,
        procedure: &Procedure,
        acceptance: Acceptance<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let (State::Preparing | State::Submitted { .. } | State::AwaitingPapers { .. }) = self.state else {
            return Err(self.not_now());
        };
        // What did not come over the counter is submitted first, so that its waiting is counted.
        if matches!(self.state, State::Preparing) && self.channel != Channel::Direct {
            return Err(self.not_now());
        }
        let terms = self.offered(procedure)?;
        let first = procedure.process.first().ok_or(Refused::WrongRevision)?;
        let case = procedure.case(&self.case).ok_or(Refused::WrongRevision)?;
        let since = self.life.slip.as_ref().map_or(now, |slip| slip.received_at(case, now));
        let clock = Clock::start(terms.limit, acceptance.terms.counting, since);
        let due =
            clock.due(acceptance.terms.calendar)?.expect("a clock that has just started is not stopped");
        let fee = terms.fees.iter().map(|fee| fee.amount).sum();
        let body = Body::DossierReceived {
            code: acceptance.code.clone(),
            limit: terms.limit,
            due_at: due.at,
            due_on: due.on,
            fee,
            as_of: Some(since).filter(|since| *since != now),
        };
        let mut life = self.life;
        life.at_step_since = Some(now);
        life.fee = Fees { due: fee, paid: 0 };
        let dossier = Self {
            code: acceptance.code,
            received_at: Some(since),
            clock: Some(clock),
            due: Some(due),
            state: State::Received { step: first.id.clone() },
            life,
            ..self
        };
        Ok((dossier, body))
    }

    /// Not received, with the reason in writing. While the applicant completes it he is not refused:
    /// the office has said what is missing and waits until he answers or his time has run out.
    // law: ND61-2018/17.2
    pub fn refuse_at_counter(self, refusal: Refusal) -> Result<(Self, Body), Refused> {
        let (State::Preparing | State::Submitted { .. }) = self.state else { return Err(self.not_now()) };
        said(&refusal.explanation)?;
        let body = Body::RefusedAtCounter { refusal: refusal.clone() };
        let dossier = Self { outcome: Some(Outcome::Refused), state: State::NotReceived { refusal }, ..self };
        Ok((dossier, body))
    }

    /// What was sent is not complete: the applicant is told once, of everything, before acceptance.
    /// `exception` is the reason of a leader who asks again.
    // law: ND61-2018/17.2
    pub fn ask_papers(
        self,
        items: Vec<SupplementItem>,
        exception: Option<&str>,
        terms: Terms<'_>,
        now: Timestamp,
    ) -> Result<(Self, Body), Refused> {
        let State::Submitted { .. } = self.state else { return Err(self.not_now()) };
        if items.is_empty() || items.iter().any(|item| item.what.trim().is_empty()) {
            return Err(Refused::ReasonMissing);
        }
        let mut life = self.life;
        let exception = said_by_leader(exception);
        // law: ND61-2018/15.3
        once(&mut life.n_papers_asked, exception, terms.limits)?;
        let until = terms.end_of(now, terms.limits.complete_within)?;
        let body = Body::PapersAsked {
            items: items.clone(),
            until: until.at,
            exception: exception.map(str::to_owned),
        };
        Ok((Self { state: State::AwaitingPapers { items, until }, life, ..self }, body))
    }

    /// The applicant sent what was asked for; the office answers anew.
    pub fn papers_brought(self, terms: Terms<'_>, now: Timestamp) -> Result<(Self, Body), Refused> {
        let State::AwaitingPapers { .. } = self.state else { return Err(self.not_now()) };
        let limit = match self.channel {
            Channel::Post => terms.limits.answer_post,
            Channel::Online | Channel::Direct => terms.limits.answer_online,
        };
        let answer_by = terms.end_of(now, limit)?;
        let body = Body::PapersBrought { answer_by: answer_by.at };
        Ok((Self { state: State::Submitted { answer_by }, ..self }, body))
    }

    /// From the counter to the agency of the first step.
    // law: ND61-2018/18.2
    pub fn transfer(self, holding: AgencyId, now: Timestamp) -> Result<(Self, Body), Refused> {
        let State::Received { step } = self.state else { return Err(self.not_now()) };
        let body = Body::Transferred { step: step.clone(), agency: holding };
        let mut life = self.life;
        life.at_step_since = Some(now);
        let dossier = Self {
            scope: AgencyScope { holding, ..self.scope },
            state: State::InProcess(AtStep { step, officer: None, result: None }),
            life,
            ..self
        };
        Ok((dossier, body))
    }
}
