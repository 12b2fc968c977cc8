//! Agencies are asked for their opinion, and answer.

use super::{Loaded, load_for, typed};
use crate::act::By;
use crate::counter::alone;
use crate::unit::meant::{about, agency_by, standing_for};
use crate::{Error, Office};
use rules::calendar::{Limit, legal_time};
use rules::dossier::{ConsultAnswer, OpinionVerdict, Question, Refused};
use rules::id::{AgencyId, ConsultationId, DossierId};
use rules::people::{Matter, NotYours, Role};
use rules::procedure::ClockEffect;
use store::time::new_id;

/// A question an officer found needful, beyond those of the process.
#[derive(Clone, Debug)]
pub struct Asking {
    pub agency: AgencyId,
    pub question: String,
    pub within: Limit,
}

/// Who may speak for an agency that was asked.
pub(super) const SPEAKERS: [Role; 3] = [Role::Specialist, Role::Head, Role::Leader];

impl Office {
    /// Asks every agency the process wants at this step, all at once.
    // law: ND61-2018/19.6
    pub async fn consult_all(&self, by: &By, id: DossierId) -> Result<(), Error> {
        self.act(by, "dossier.consult_all", |mut tx, now| async move {
            let (tx, today) = (&mut tx, legal_time(now).date());
            let mut loaded = load_for(tx, &by.actor, id).await?;
            let step = loaded.step_for(tx, &by.actor, now).await?;
            let officer = by.actor.officer().ok_or(Error::NotFound)?;
            let Loaded { mut dossier, procedure, right } = loaded;
            let wanted: Vec<_> = dossier.consults_wanted(&step).cloned().collect();
            if wanted.is_empty() {
                return Err(Refused::NoSuchConsultation.into());
            }
            for consult in wanted {
                let named = agency_by(tx, &consult.agency, &dossier.scope, today)
                    .await?
                    .ok_or(Error::Refused(crate::Refusal::NotOffered))?;
                let agency = standing_for(tx, named, &about(&procedure), today).await?;
                let question = Question {
                    id: ConsultationId(new_id(now)),
                    rule: Some(consult.id.clone()),
                    agency,
                    question: consult.question.clone(),
                    allowance: consult.allowance,
                    clock: consult.clock,
                };
                let terms = self.terms_of(&dossier)?;
                let (asked, body) = dossier.consult(&procedure, question, officer, terms, now)?;
                self.save_dossier(tx, by.hand(right), &procedure, &asked, body, now).await?;
                dossier = rules::dossier::Dossier { version: asked.version + 1, ..asked };
            }
            Ok(())
        })
        .await
    }

    /// Asks one more agency; the clock runs on.
    // law: ND61-2018/19.5
    pub async fn consult(&self, by: &By, id: DossierId, asking: Asking) -> Result<(), Error> {
        let asking = &asking;
        self.act(by, "dossier.consult", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.step_for(tx, &by.actor, now).await?;
            let officer = by.actor.officer().ok_or(Error::NotFound)?;
            let today = legal_time(now).date();
            let agency = standing_for(tx, asking.agency, &about(&loaded.procedure), today).await?;
            self.decided(tx, by, loaded, now, |dossier, procedure, terms, now| {
                let question = Question {
                    id: ConsultationId(new_id(now)),
                    rule: None,
                    agency,
                    question: typed(&asking.question),
                    allowance: asking.within,
                    clock: ClockEffect::Runs,
                };
                dossier.consult(procedure, question, officer, terms, now)
            })
            .await
        })
        .await
    }

    /// The agency that was asked answers.
    // law: ND61-2018/19.5
    pub async fn answer_consult(
        &self,
        by: &By,
        id: DossierId,
        consultation: ConsultationId,
        verdict: OpinionVerdict,
        opinion: &str,
    ) -> Result<(), Error> {
        let opinion = &typed(opinion);
        self.act(by, "dossier.answer", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            let asked = loaded.dossier.life.consultations.iter().find(|asked| asked.id == consultation);
            let agency = asked.ok_or(Error::from(Refused::NoSuchConsultation))?.agency;
            let mine = alone(agency);
            let right = by.actor.right_for_any(&SPEAKERS, agency, Matter::of_paper(&mine, &loaded.dossier));
            loaded.right = right.map_err(|_| NotYours::NeedsRole(Role::Specialist))?;
            let officer = by.actor.officer().ok_or(Error::NotFound)?;
            self.decided(tx, by, loaded, now, |dossier, _, terms, now| {
                let answer = ConsultAnswer { at: now, by: officer, verdict, opinion: opinion.clone() };
                dossier.answer(consultation, answer, terms)
            })
            .await
        })
        .await
    }

    /// The answer is late; the lead agency goes on without it, and the head of the counter is told by
    /// the event.
    // law: ND61-2018/19.5
    pub async fn lapse_consult(
        &self,
        by: &By,
        id: DossierId,
        consultation: ConsultationId,
    ) -> Result<(), Error> {
        self.at_step(by, "dossier.lapse", id, |dossier, _, terms, now| {
            dossier.lapse(consultation, terms, now)
        })
        .await
    }
}
