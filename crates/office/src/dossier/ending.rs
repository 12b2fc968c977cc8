//! Endings: withdrawn, handed over; a result corrected or annulled afterwards.

use super::giving::Giving;
use super::{Loaded, load_for, typed};
use crate::act::By;
use crate::{Error, Office};
use jiff::Timestamp;
use rules::counter::DossierComponent;
use rules::dossier::{Custodian, Fault, Presented, Refused, ReturnWay};
use rules::event::{Body, HandOverWay};
use rules::id::{DossierId, ReceiptId};
use rules::people::Role;
use rules::procedure::StepTask;
use rules::repository::Origin;
use store::signing::receipts::{self, ResultReceipt};
use store::time::new_id;
use store::{Reader, Tx, repository as entries};

/// What was brought and did not go back yet: with a correction a result is handed over twice, the papers
/// once.
pub(super) async fn brought(reader: &mut Reader, id: DossierId) -> Result<Vec<DossierComponent>, Error> {
    let kept = store::counter::components(reader, id).await?;
    let events = store::event::of_dossier(reader, id).await?;
    let went_back = |component: &str| {
        events.iter().any(|event| match &event.body {
            Body::ResultHandedOver { returned, .. } => returned.iter().any(|id| id == component),
            _ => false,
        })
    };
    Ok(kept.into_iter().map(|kept| kept.component).filter(|part| !went_back(&part.id)).collect())
}

impl Office {
    /// The applicant asks, from afar, to take the dossier back.
    pub async fn ask_withdrawal(&self, by: &By, id: DossierId, reason: &str) -> Result<(), Error> {
        let reason = &typed(reason);
        self.at_counter(by, "dossier.ask_withdrawal", id, &Role::FOR_APPLICANT, |dossier, _, _, now| {
            dossier.ask_withdrawal(reason.clone(), now)
        })
        .await
    }

    /// The applicant says how he wants the result, or says it otherwise.
    // law: ND61-2018/20
    pub async fn choose_return_way(
        &self,
        by: &By,
        id: DossierId,
        return_way: ReturnWay,
    ) -> Result<(), Error> {
        let return_way = &match return_way {
            ReturnWay::Post { address } => ReturnWay::Post { address: typed(&address) },
            return_way => return_way,
        };
        self.at_counter(by, "dossier.choose_return_way", id, &Role::FOR_APPLICANT, |dossier, _, _, _| {
            dossier.choose_return_way(return_way.clone())
        })
        .await
    }

    /// The applicant takes the dossier back, with its parts and the originals.
    pub async fn withdraw(
        &self,
        by: &By,
        id: DossierId,
        reason: &str,
        custodian: Custodian,
    ) -> Result<(), Error> {
        let reason = &typed(reason);
        self.act(by, "dossier.withdraw", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.as_any(&by.actor, &Role::AT_COUNTER, loaded.dossier.scope.receiving)?;
            let Loaded { dossier, procedure, right } = loaded;
            let parts = dossier.life.parts.clone();
            let papers = brought(tx, id).await?;
            let (dossier, body) = dossier.withdraw(&procedure, &papers, reason.clone(), custodian, now)?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
            for part in parts.iter().filter(|part| !part.has_ended) {
                self.change_part(tx, by.hand(right), part.dossier, now, |part| {
                    part.withdraw_part(reason.clone(), now)
                })
                .await?;
            }
            Ok(())
        })
        .await
    }

    /// Hands the result over, with those of the parts and the papers that were lent.
    // law: ND61-2018/20
    pub async fn hand_over(
        &self,
        by: &By,
        id: DossierId,
        way: HandOverWay,
        custodian: Custodian,
    ) -> Result<(), Error> {
        self.give_out(by, id, way, &Giving::Untold(custodian)).await
    }

    /// The same over the counter, into the hands of whoever showed who he is. `returned` are the components
    /// whose papers he has again.
    // law: ND61-2018/20
    pub async fn hand_over_to(
        &self,
        by: &By,
        id: DossierId,
        presented: Presented,
        returned: Vec<String>,
    ) -> Result<(), Error> {
        self.give_out(by, id, HandOverWay::Counter, &Giving::ByHand { presented, returned }).await
    }

    async fn give_out(&self, by: &By, id: DossierId, way: HandOverWay, giving: &Giving) -> Result<(), Error> {
        self.act(by, "dossier.hand_over", |mut tx, now| async move {
            self.give_in(&mut tx, by, id, way, giving, now).await
        })
        .await
    }

    /// The same within an act.
    pub(super) async fn give_in(
        &self,
        tx: &mut Tx,
        by: &By,
        id: DossierId,
        way: HandOverWay,
        giving: &Giving,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut loaded = load_for(tx, &by.actor, id).await?;
        let step = loaded.step_for(tx, &by.actor, now).await?;
        if step.task != StepTask::HandOver {
            return Err(Refused::NotThisStep { step: step.id, task: step.task }.into());
        }
        let Loaded { dossier, procedure, right } = loaded;
        let parts = dossier.life.parts.clone();
        let papers = brought(tx, id).await?;
        let given = giving.to_whom(tx, &dossier, &procedure, &dossier.lent(&procedure, &papers)).await?;
        let (dossier, body) = if self.outlives_its_whole(tx, &dossier).await? {
            dossier.hand_over_part(way)?
        } else {
            dossier.hand_over(&procedure, &papers, way, given.custodian)?
        };
        if let (Some(signs), Some(result)) = (&given.signs, dossier.state.result()) {
            let receipt = ResultReceipt {
                id: ReceiptId(new_id(now)),
                dossier: id,
                result,
                name: signs.name.clone(),
                number: signs.number.clone(),
                authorisation: signs.authorisation.clone(),
                given_by: by.actor.officer().ok_or(Error::NotFound)?,
                given_at: now,
                sheet: None,
            };
            receipts::add(tx, &receipt).await?;
        }
        self.save_dossier(tx, by.hand(right), &procedure, &dossier, given.told(body), now).await?;
        for part in parts {
            // A part that ended without a result has none to hand over.
            let is_done = store::dossier::find(tx, part.dossier)
                .await?
                .is_some_and(|part| matches!(part.state, rules::dossier::State::Done { .. }));
            if is_done {
                self.change_part(tx, by.hand(right), part.dossier, now, |part| {
                    part.hand_over_part(way).map(|(part, body)| (part, given.told(body)))
                })
                .await?;
            }
        }
        Ok(())
    }

    /// A result that went out is wrong: it is drafted, signed and sealed anew.
    // law: ND61-2018/21
    pub async fn correct(&self, by: &By, id: DossierId, reason: &str, fault: Fault) -> Result<(), Error> {
        let reason = &typed(reason);
        self.act(by, "dossier.correct", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.as_role(&by.actor, Role::Leader, loaded.dossier.scope.competent)?;
            let drafts = loaded.procedure.process.steps.iter().find(|step| step.task == StepTask::Draft);
            let drafts = drafts.ok_or(Error::from(Refused::WrongRevision))?.clone();
            let holding = loaded.agency_of(tx, &drafts, now).await?;
            let Loaded { dossier, procedure, right } = loaded;
            let terms = self.terms(dossier.scope.competent, now)?;
            let (mut dossier, body) =
                dossier.correct(&procedure, reason.clone(), fault, holding, terms, now)?;
            dossier.life.whole_due = self.whole_due(tx, &dossier).await?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }

    /// A decision takes back a result that went out. The paper stays readable and is offered to nobody.
    // law: ND61-2018/21
    pub async fn annul(&self, by: &By, id: DossierId, decision: &str, reason: &str) -> Result<(), Error> {
        let (decision, reason) = (&typed(decision), &typed(reason));
        let today = self.clock.today();
        self.act(by, "dossier.annul", |mut tx, now| async move {
            let tx = &mut tx;
            let mut loaded = load_for(tx, &by.actor, id).await?;
            loaded.as_role(&by.actor, Role::Leader, loaded.dossier.scope.competent)?;
            let Loaded { dossier, procedure, right } = loaded;
            let (dossier, body) = dossier.annul(decision.clone(), reason.clone())?;
            let Body::ResultAnnulled { result, .. } = body else { return Err(Error::NotFound) };
            for entry in entries::of_dossier(tx, id).await? {
                if entry.origin == (Origin::Result { result }) {
                    entries::annul(tx, entry.id, today).await?;
                }
            }
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }
}
