//! What an officer may do with a dossier beside the work of its step. The rule of each act is tried on the
//! dossier as it stands, with words and amounts that any rule takes: an act is offered where it would be
//! accepted, and what it needs is written in one place.

use super::consult::SPEAKERS;
use super::view::DossierView;
use crate::counter::alone;
use crate::{Error, Office};
use jiff::Timestamp;
use rules::calendar::Limit;
use rules::dossier::{Custodian, Dossier, Fault, PaymentNotice, Refused, State, Terms};
use rules::event::{Body, SupplementItem};
use rules::id::{AgencyId, ConsultationId, DossierId, OfficerId};
use rules::people::{Actor, Matter, Role};
use rules::procedure::Procedure;
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
    /// What the law lets be asked once, or in time, asked again or late by the leader.
    SupplementAgain,
    AskPayment,
    PaymentReceived,
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

/// A question that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub consultation: ConsultationId,
    pub agency: AgencyId,
    pub question: String,
}

/// Words and an amount that no rule refuses for themselves.
const WORDS: &str = "…";
const SHORT: Limit = Limit::WorkingDays(1);

/// A dossier on which acts are tried, and who would do them.
struct Trial<'t> {
    actor: &'t Actor,
    dossier: &'t Dossier,
    procedure: &'t Procedure,
    may_do_step: bool,
    terms: Terms<'t>,
    now: Timestamp,
}

type Tried = Result<(Dossier, Body), Refused>;

impl Trial<'_> {
    fn allows(&self, act: impl FnOnce(Dossier, &Self) -> Tried) -> bool {
        act(self.dossier.clone(), self).is_ok()
    }

    fn is(&self, roles: &[Role], agency: AgencyId) -> bool {
        self.actor.right_for_any(roles, agency, self.dossier).is_ok()
    }

    fn is_leader(&self) -> bool {
        self.is(&[Role::Leader], self.dossier.scope.competent)
    }

    fn at_counter(&self) -> Vec<Offer> {
        let receiving = self.dossier.scope.receiving;
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
                dossier.withdraw(at.procedure, &[], WORDS.to_owned(), custodian, at.now)
            }) {
                let asked = self.dossier.life.withdrawal_asked.as_ref();
                offers.push(Offer::Withdraw(asked.map(|asked| asked.reason.clone()).unwrap_or_default()));
            }
            let owed = self.dossier.life.fee.due - self.dossier.life.fee.paid;
            if self.allows(|dossier, _| dossier.collect_fee(owed, WORDS.to_owned())) {
                offers.push(Offer::CollectFee(owed));
            }
        }
        if self.is(&Role::FOR_APPLICANT, receiving) {
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
        if !self.may_do_step {
            return Vec::new();
        }
        let mut offers = Vec::new();
        let step = self.dossier.working_step(self.procedure).ok().map(|(step, _)| step);
        let n_wanted = step.map_or(0, |step| self.dossier.consults_wanted(step).count());
        if n_wanted > 0 {
            offers.push(Offer::ConsultAll(n_wanted));
        }
        if step.is_some() {
            offers.push(Offer::Consult);
        }
        let notice = PaymentNotice { number: WORDS.to_owned(), amount: 1 };
        if self.allows(|dossier, at| dossier.ask_payment(at.procedure, notice, at.terms, at.now)) {
            offers.push(Offer::AskPayment);
        }
        if self.allows(|dossier, at| dossier.halt(at.procedure, WORDS.to_owned(), at.terms, at.now)) {
            offers.push(Offer::Halt);
        }
        if self.allows(|dossier, at| dossier.resume(at.terms, at.now)) {
            offers.push(Offer::Resume);
        }
        let late = self
            .open_questions()
            .filter(|asked| self.allows(|dossier, at| dossier.lapse(asked.consultation, at.terms, at.now)));
        offers.extend(late.map(Offer::Lapse));
        offers
    }

    fn by_leader(&self) -> Vec<Offer> {
        if !self.is_leader() {
            return Vec::new();
        }
        let mut offers = Vec::new();
        if self.allows(|dossier, at| dossier.ask_papers(words(), Some(WORDS), at.terms, at.now)) {
            offers.push(Offer::AskPapers { by_leader: true });
        }
        let ask = |dossier: Dossier, at: &Self, exception| {
            dossier.ask_supplement(at.procedure, words(), exception, at.terms, at.now)
        };
        if self.allows(|dossier, at| ask(dossier, at, Some(WORDS)))
            && !self.allows(|dossier, at| ask(dossier, at, None))
        {
            offers.push(Offer::SupplementAgain);
        }
        if self.allows(|dossier, at| dossier.extend(SHORT, WORDS.to_owned(), at.terms, at.now)) {
            offers.push(Offer::Extend);
        }
        if self.allows(|dossier, at| dossier.stop(WORDS.to_owned(), at.now)) {
            offers.push(Offer::Stop);
        }
        let holding = self.dossier.scope.holding;
        if self.allows(|dossier, at| {
            dossier.correct(at.procedure, WORDS.to_owned(), Fault::Agency, holding, at.terms, at.now)
        }) {
            offers.push(Offer::Correct);
        }
        if self.allows(|dossier, _| dossier.annul(WORDS.to_owned(), WORDS.to_owned())) {
            offers.push(Offer::Annul);
        }
        for (part, _) in self.dossier.blocked_parts(self.procedure) {
            let known = self.dossier.life.parts.iter().find(|known| known.dossier == part);
            offers.push(Offer::DecidePart(part, known.map(|known| known.part.clone()).unwrap_or_default()));
        }
        offers
    }

    /// Questions that have no answer yet, of those the actor's agencies were asked.
    fn to_answer(&self) -> impl Iterator<Item = Offer> {
        self.dossier
            .life
            .consultations
            .iter()
            .filter(|asked| asked.answer.is_none() && (asked.is_open() || asked.lapsed_at.is_some()))
            .filter(|asked| {
                let mine = alone(asked.agency);
                let matter = Matter::of_paper(&mine, self.dossier);
                self.actor.right_for_any(&SPEAKERS, asked.agency, matter).is_ok()
            })
            .map(|asked| {
                Offer::Answer(Asked {
                    consultation: asked.id,
                    agency: asked.agency,
                    question: asked.question.clone(),
                })
            })
    }

    fn open_questions(&self) -> impl Iterator<Item = Asked> {
        self.dossier.life.consultations.iter().filter(|asked| asked.is_open()).map(|asked| Asked {
            consultation: asked.id,
            agency: asked.agency,
            question: asked.question.clone(),
        })
    }
}

fn words() -> Vec<SupplementItem> {
    vec![SupplementItem { component: WORDS.to_owned(), what: WORDS.to_owned() }]
}

impl Office {
    /// What the actor may do with the dossier of a view beside the work of its step.
    pub async fn offers(&self, actor: &Actor, view: &DossierView) -> Result<Vec<Offer>, Error> {
        let trial = Trial {
            actor,
            dossier: &view.dossier,
            procedure: &view.procedure,
            may_do_step: view.may_do_step,
            terms: self.terms_of(&view.dossier)?,
            now: self.clock.now(),
        };
        let mut offers: Vec<Offer> = trial.to_answer().collect();
        offers.extend(trial.at_counter());
        offers.extend(trial.at_step());
        offers.extend(self.hands(actor, view).await?);
        offers.extend(trial.by_leader());
        Ok(offers)
    }

    /// Whom the head may give the present step to.
    async fn hands(&self, actor: &Actor, view: &DossierView) -> Result<Option<Offer>, Error> {
        let dossier = &view.dossier;
        let (State::InProcess(at_step), Some(step)) = (&dossier.state, view.present_step()) else {
            return Ok(None);
        };
        let holding = dossier.scope.holding;
        let gives: &[Role] =
            if at_step.officer.is_some() { &[Role::Head, Role::Leader] } else { &[Role::Head] };
        if actor.right_for_any(gives, holding, dossier).is_err() {
            return Ok(None);
        }
        let mut reader = self.db.read().await?;
        let able = rights::able(&mut reader, holding, step.role, self.clock.today()).await?;
        let mut officers: Vec<(OfficerId, String)> = able
            .into_iter()
            .filter(|able| able.right.through.is_none() && able.covers(&dossier.procedure))
            .filter(|able| Some(able.officer) != at_step.officer)
            .map(|able| (able.officer, able.name))
            .collect();
        officers.sort_by(|one, other| one.1.cmp(&other.1));
        officers.dedup();
        Ok(match at_step.officer {
            None if officers.is_empty() => None,
            None => Some(Offer::Assign(officers)),
            Some(_) => Some(Offer::Reassign(officers)),
        })
    }
}
