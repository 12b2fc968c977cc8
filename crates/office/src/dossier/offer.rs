//! What an officer may do with a dossier beside the work of its step. The rule of each act is tried on the
//! dossier as it stands, with words and amounts that any rule takes: an act is offered where it would be
//! accepted, and what it needs is written in one place.

use super::consult::SPEAKERS;
use super::referral;
use super::view::DossierView;
use crate::counter::alone;
use crate::unit::meant::{about, agency_of_step};
use crate::{Error, Office};
use jiff::Timestamp;
use rules::calendar::Limit;
use rules::dossier::{
    ConsultAnswer, Consultation, Custodian, Dossier, Fault, OpinionVerdict, PaymentNotice, Referral, Refused,
    ReturnWay, State, Terms, Wish,
};
use rules::event::{Body, SupplementItem};
use rules::id::{AgencyId, ConsultationId, DossierId, OfficerId};
use rules::people::{Actor, Matter, Role};
use store::people::rights;

/// An act that is offered, with what its form chooses from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    Transfer,
    /// What was sent is to be completed; by the leader where it was asked before.
    AskPapers {
        by_leader: bool,
    },
    PapersBrought,
    /// Those who could do the present step.
    Assign(Vec<(OfficerId, String)>),
    /// The same without him who has it.
    Reassign(Vec<(OfficerId, String)>),
    /// What is missing after acceptance; what the law lets be asked once, or in time, asked again or late by
    /// the leader.
    AskSupplement {
        by_leader: bool,
    },
    /// The same, for the leader to grant: the law does not let it be asked again, or so late, without him.
    ReferSupplement,
    /// To put the date off, for the leader to grant.
    ReferExtension,
    /// What waits for the leader's answer; whether he could still grant it.
    AnswerReferral(Referral, bool),
    /// He who referred it may take it back.
    TakeBackReferral(Referral),
    AskPayment,
    PaymentReceived,
    /// How the applicant wants the result, said otherwise.
    ReturnWay,
    /// The applicant takes it back, for the reason he gave from afar if he did.
    Withdraw(String),
    /// So many đồng are owed.
    CollectFee(i64),
    Halt,
    Resume,
    Stop,
    Extend,
    /// The process wants so many opinions that nobody was asked for.
    ConsultAll(usize),
    Consult,
    Answer(Asked),
    Lapse(Asked),
    Correct,
    Annul,
    /// A part waits for a result that will not come.
    DecidePart(DossierId, String),
}

/// A question to an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub consultation: ConsultationId,
    pub agency: AgencyId,
    pub question: String,
}

impl From<&Consultation> for Asked {
    fn from(asked: &Consultation) -> Self {
        Self { consultation: asked.id, agency: asked.agency, question: asked.question.clone() }
    }
}

/// Words and an amount that no rule refuses for themselves.
const WORDS: &str = "…";
const SHORT: Limit = Limit::WorkingDays(1);

/// A dossier on which acts are tried, and who would do them.
struct Trial<'t> {
    actor: &'t Actor,
    view: &'t DossierView,
    terms: Terms<'t>,
    now: Timestamp,
}

type Tried = Result<(Dossier, Body), Refused>;

impl Trial<'_> {
    fn allows(&self, act: impl FnOnce(Dossier, &Self) -> Tried) -> bool {
        act(self.view.dossier.clone(), self).is_ok()
    }

    fn is(&self, roles: &[Role], agency: AgencyId) -> bool {
        self.actor.right_for_any(roles, agency, &self.view.dossier).is_ok()
    }

    fn asks_supplement(&self, exception: Option<&str>) -> bool {
        self.allows(|dossier, at| {
            dossier.ask_supplement(&at.view.procedure, words(), exception, at.terms, at.now)
        })
    }

    fn at_counter(&self) -> Vec<Offer> {
        let receiving = self.view.dossier.scope.receiving;
        let mut offers = Vec::new();
        if self.is(&Role::AT_COUNTER, receiving) {
            if self.allows(|dossier, at| dossier.transfer(receiving, at.now)) {
                offers.push(Offer::Transfer);
            }
            if self.allows(|dossier, at| dossier.ask_papers(words(), None, at.terms, at.now)) {
                offers.push(Offer::AskPapers { by_leader: false });
            }
            let custodian = Custodian::Applicant;
            if self.allows(|dossier, at| {
                dossier.withdraw(&at.view.procedure, &[], WORDS.to_owned(), custodian, at.now)
            }) {
                let asked = self.view.dossier.life.withdrawal_asked.as_ref();
                offers.push(Offer::Withdraw(asked.map(|asked| asked.reason.clone()).unwrap_or_default()));
            }
            let owed = self.view.dossier.life.fee.due - self.view.dossier.life.fee.paid;
            if self.allows(|dossier, _| dossier.collect_fee(owed, WORDS.to_owned(), None)) {
                offers.push(Offer::CollectFee(owed));
            }
        }
        if self.is(&Role::FOR_APPLICANT, receiving) {
            if self.allows(|dossier, _| dossier.choose_return_way(ReturnWay::Counter)) {
                offers.push(Offer::ReturnWay);
            }
            if self.allows(|dossier, at| dossier.papers_brought(at.terms, at.now)) {
                offers.push(Offer::PapersBrought);
            }
            if self.allows(|dossier, at| dossier.payment_received(WORDS.to_owned(), at.terms, at.now)) {
                offers.push(Offer::PaymentReceived);
            }
        }
        offers
    }

    fn at_step(&self) -> Vec<Offer> {
        if !self.view.may_do_step {
            return Vec::new();
        }
        let mut offers = Vec::new();
        if self.asks_supplement(None) {
            offers.push(Offer::AskSupplement { by_leader: false });
        }
        offers.extend(self.to_refer());
        let step = self.view.dossier.working_step(&self.view.procedure).ok().map(|(step, _)| step);
        let n_wanted = step.map_or(0, |step| self.view.dossier.consults_wanted(step).count());
        if n_wanted > 0 {
            offers.push(Offer::ConsultAll(n_wanted));
        }
        if step.is_some() {
            offers.push(Offer::Consult);
        }
        let notice = PaymentNotice { number: WORDS.to_owned(), amount: 1 };
        if self.allows(|dossier, at| dossier.ask_payment(&at.view.procedure, notice, at.terms, at.now)) {
            offers.push(Offer::AskPayment);
        }
        if self.allows(|dossier, at| dossier.halt(&at.view.procedure, WORDS.to_owned(), at.terms, at.now)) {
            offers.push(Offer::Halt);
        }
        if self.allows(|dossier, at| dossier.resume(at.terms, at.now)) {
            offers.push(Offer::Resume);
        }
        let asked = self.view.dossier.life.consultations.iter();
        let late = asked.filter(|asked| self.allows(|dossier, at| dossier.lapse(asked.id, at.terms, at.now)));
        offers.extend(late.map(|asked| Offer::Lapse(asked.into())));
        offers
    }

    /// What whoever does the step may ask the leader for, or take back.
    fn to_refer(&self) -> Vec<Offer> {
        let Some(by) = self.actor.officer() else { return Vec::new() };
        let leads = self.is(&[Role::Leader], self.view.dossier.scope.competent);
        let refers = |wish| {
            let referral = Referral { by, at: self.now, wish, reason: WORDS.to_owned() };
            // A leader does it himself.
            !leads && self.allows(|dossier, at| dossier.refer(&at.view.procedure, referral, at.terms, at.now))
        };
        let mut offers = Vec::new();
        if refers(Wish::AskAgain { items: words() }) {
            offers.push(Offer::ReferSupplement);
        }
        if refers(Wish::PutOff { by: SHORT }) {
            offers.push(Offer::ReferExtension);
        }
        offers
    }

    /// What was referred: for the leader to answer, for who referred it to take back.
    fn referred(&self) -> Option<Offer> {
        let referral = self.view.dossier.referral()?;
        if referral::leads(self.actor, &self.view.dossier) {
            let is_granted = self.allows(|dossier, at| {
                dossier.grant_referral(&at.view.procedure, referral.at, at.terms, at.now)
            });
            return Some(Offer::AnswerReferral(referral.clone(), is_granted));
        }
        let is_his = self.actor.officer() == Some(referral.by);
        is_his.then(|| Offer::TakeBackReferral(referral.clone()))
    }

    fn by_leader(&self) -> Vec<Offer> {
        if !self.is(&[Role::Leader], self.view.dossier.scope.competent) {
            return Vec::new();
        }
        let mut offers = Vec::new();
        if self.allows(|dossier, at| dossier.ask_papers(words(), Some(WORDS), at.terms, at.now)) {
            offers.push(Offer::AskPapers { by_leader: true });
        }
        if self.asks_supplement(Some(WORDS)) && !self.asks_supplement(None) {
            offers.push(Offer::AskSupplement { by_leader: true });
        }
        if self.allows(|dossier, at| dossier.extend(SHORT, WORDS.to_owned(), at.terms, at.now)) {
            offers.push(Offer::Extend);
        }
        if self.allows(|dossier, at| dossier.stop(WORDS.to_owned(), at.now)) {
            offers.push(Offer::Stop);
        }
        let holding = self.view.dossier.scope.holding;
        if self.allows(|dossier, at| {
            dossier.correct(&at.view.procedure, WORDS.to_owned(), Fault::Agency, holding, at.terms, at.now)
        }) {
            offers.push(Offer::Correct);
        }
        if self.allows(|dossier, _| dossier.annul(WORDS.to_owned(), WORDS.to_owned())) {
            offers.push(Offer::Annul);
        }
        for (part, _) in self.view.dossier.blocked_parts(&self.view.procedure) {
            let known = self.view.dossier.life.parts.iter().find(|known| known.dossier == part);
            offers.push(Offer::DecidePart(part, known.map(|known| known.part.clone()).unwrap_or_default()));
        }
        offers
    }

    /// What the actor's agencies were asked and have not answered, late answers among it.
    fn to_answer(&self) -> Vec<Offer> {
        let (Some(by), dossier) = (self.actor.officer(), &self.view.dossier) else { return Vec::new() };
        let speaks = |asked: &&Consultation| {
            let mine = alone(asked.agency);
            self.actor.right_for_any(&SPEAKERS, asked.agency, Matter::of_paper(&mine, dossier)).is_ok()
        };
        let answer = || {
            let verdict = OpinionVerdict::Notes;
            ConsultAnswer { at: self.now, by, verdict, opinion: WORDS.to_owned() }
        };
        let may_answer =
            |asked: &&Consultation| self.allows(|dossier, at| dossier.answer(asked.id, answer(), at.terms));
        let asked = dossier.life.consultations.iter().filter(speaks).filter(may_answer);
        asked.map(|asked| Offer::Answer(asked.into())).collect()
    }
}

fn words() -> Vec<SupplementItem> {
    vec![SupplementItem { component: WORDS.to_owned(), what: WORDS.to_owned() }]
}

impl Office {
    /// What the actor may do with the dossier of a view beside the work of its step.
    pub async fn offers(&self, actor: &Actor, view: &DossierView) -> Result<Vec<Offer>, Error> {
        let trial = Trial { actor, view, terms: self.terms_of(&view.dossier)?, now: self.clock.now() };
        let mut offers = trial.to_answer();
        offers.extend(trial.referred());
        offers.extend(trial.at_counter());
        offers.extend(trial.at_step());
        offers.extend(self.hands(actor, view).await?);
        offers.extend(trial.by_leader());
        Ok(offers)
    }

    /// Whom the head may give the present step to.
    async fn hands(&self, actor: &Actor, view: &DossierView) -> Result<Option<Offer>, Error> {
        let dossier = &view.dossier;
        let Some(step) = view.present_step() else { return Ok(None) };
        let mut reader = self.db.read().await?;
        let holding = match &dossier.state {
            State::InProcess(_) => dossier.scope.holding,
            // It is transferred by that to where its step is done.
            State::Received { .. } => {
                let (about, today) = (about(&view.procedure), self.clock.today());
                match agency_of_step(&mut reader, &step.agency, &dossier.scope, &about, today).await {
                    Ok(Some(agency)) => agency,
                    Ok(None) | Err(Error::Refused(_)) => return Ok(None),
                    Err(error) => return Err(error),
                }
            }
            _ => return Ok(None),
        };
        let held_by = dossier.state.officer();
        let gives: &[Role] = if held_by.is_some() { &[Role::Head, Role::Leader] } else { &[Role::Head] };
        if actor.right_for_any(gives, holding, dossier).is_err() {
            return Ok(None);
        }
        let able = rights::able(&mut reader, holding, step.role, self.clock.today()).await?;
        let mut officers: Vec<(OfficerId, String)> = able
            .into_iter()
            .filter(|able| able.right.through.is_none() && able.covers(&dossier.procedure))
            .filter(|able| Some(able.officer) != held_by)
            .map(|able| (able.officer, able.name))
            .collect();
        officers.sort_by(|one, other| one.1.cmp(&other.1));
        officers.dedup();
        Ok(match held_by {
            None if officers.is_empty() => None,
            None => Some(Offer::Assign(officers)),
            Some(_) => Some(Offer::Reassign(officers)),
        })
    }
}
