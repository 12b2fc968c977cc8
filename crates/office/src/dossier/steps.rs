//! At the desks: taken, assigned, passed on, sent back.

use super::writing::sent;
use super::{Loaded, check_post, load_for, typed};
use crate::act::By;
use crate::{Error, Office};
use rules::dossier::Refused;
use rules::dossier::writing::WritingForm;
use rules::id::{DossierId, OfficerId};
use rules::people::{NotYours, Role};

impl Office {
    /// An officer takes the dossier that waits at a step of his.
    pub async fn take(&self, by: &By, id: DossierId) -> Result<(), Error> {
        self.act(by, "dossier.take", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            let step = loaded.step_for(tx, &by.actor, now).await?;
            let holding = loaded.agency_of(tx, &step, now).await?;
            // Who stands in for somebody takes it into that officer's hand, where it stays afterwards.
            let officer = loaded.right.on_behalf_of.or(by.actor.officer()).ok_or(Error::NotFound)?;
            let Loaded { dossier, procedure, right } = loaded;
            let (dossier, body) = dossier.take(officer, holding, now)?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }

    /// The head gives the dossier, which nobody has in hand, to an officer of the agency.
    // law: ND61-2018/19.1
    pub async fn assign(&self, by: &By, id: DossierId, officer: OfficerId) -> Result<(), Error> {
        self.act(by, "dossier.assign", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            let step = super::step_of(&loaded.dossier, &loaded.procedure)
                .ok_or(Error::from(Refused::NotInThisState(loaded.dossier.state.kind())))?
                .clone();
            let agency = loaded.agency_of(tx, &step, now).await?;
            loaded.as_role(&by.actor, Role::Head, agency)?;
            // Whose it is by now was not seen; to take it from him needs a reason.
            if let Some(holder) = loaded.dossier.state.officer() {
                return Err(NotYours::HeldBy(holder).into());
            }
            check_post(tx, officer, agency, &step, now).await?;
            let Loaded { dossier, procedure, right } = loaded;
            let (dossier, body) = dossier.assign(officer, agency, now)?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }

    /// The work of a step is done; the dossier goes on, to `officer` where one is named.
    pub async fn finish_step(
        &self,
        by: &By,
        id: DossierId,
        to: &str,
        opinion: &str,
        officer: Option<OfficerId>,
    ) -> Result<(), Error> {
        self.act(by, "dossier.finish_step", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.step_for(tx, &by.actor, now).await?;
            let onward = loaded.onward(tx, to, officer, now).await?;
            let Loaded { dossier, procedure, right } = loaded;
            let (dossier, body) = dossier.finish_step(&procedure, onward, typed(opinion))?;
            sent(tx, &by.actor, WritingForm::Opinion, id).await?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }

    /// Sends the dossier back to an earlier step, with the reason. What was signed must be signed again.
    pub async fn send_back(&self, by: &By, id: DossierId, to: &str, reason: &str) -> Result<(), Error> {
        self.act(by, "dossier.send_back", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.step_for(tx, &by.actor, now).await?;
            let onward = loaded.onward(tx, to, None, now).await?;
            let Loaded { dossier, procedure, right } = loaded;
            let (mut dossier, body) = dossier.send_back(&procedure, onward, typed(reason))?;
            if let Some(draft) = crate::signing::draft_of_signed(tx, &dossier, now).await?
                && let Some(at_step) = dossier.state.at_step_mut()
            {
                at_step.result = Some(draft);
            }
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }
}
