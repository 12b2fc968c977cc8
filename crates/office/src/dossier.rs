//! The dossier at its desks: taken, passed on, sent back, supplemented, withdrawn, handed over.

pub mod view;

use crate::act::By;
use crate::counter::agency_by;
use crate::{Error, Office};
use jiff::Timestamp;
use rules::counter::Supply;
use rules::dossier::{Dossier, Refused, State};
use rules::event::{HandOverWay, NewEvent, SupplementItem};
use rules::id::{AgencyId, DossierId};
use rules::people::{Actor, Role};
use rules::procedure::{Procedure, Step, StepTask};
use store::search::{self, Fields};
use store::{Reader, Tx, dossier as dossiers};

/// A dossier with the procedure revision it was opened under.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub dossier: Dossier,
    pub procedure: Procedure,
}

/// Reads a dossier to change it, if the actor may see it.
pub(crate) async fn load_for(tx: &mut Tx, actor: &Actor, id: DossierId) -> Result<Loaded, Error> {
    let dossier = dossiers::lock(tx, id).await?.ok_or(Error::NotFound)?;
    actor.may_see(&dossier)?;
    let procedure = revision_of(tx, &dossier).await?;
    Ok(Loaded { dossier, procedure })
}

/// The revision a dossier was opened under.
pub async fn revision_of(reader: &mut Reader, dossier: &Dossier) -> Result<Procedure, Error> {
    store::procedure::find(reader, &dossier.procedure, dossier.revision)
        .await?
        .ok_or(Error::Refused(crate::Refusal::Dossier(Refused::WrongRevision)))
}

/// The step a dossier waits at or is worked at.
pub fn step_of<'p>(dossier: &Dossier, procedure: &'p Procedure) -> Option<&'p Step> {
    dossier.state.step().and_then(|id| procedure.process.step(id))
}

impl Loaded {
    /// The step it is at, if this actor may work at it.
    pub(crate) async fn step_for(&self, tx: &mut Tx, actor: &Actor) -> Result<Step, Error> {
        let dossier = &self.dossier;
        let step = step_of(dossier, &self.procedure)
            .ok_or(Error::from(Refused::NotInThisState(dossier.state.kind())))?;
        let agency = self.agency_of(tx, step).await?;
        actor.may_do_step(step, agency, dossier, dossier.state.officer())?;
        Ok(step.clone())
    }

    /// The agency that holds the dossier at `step`.
    pub(crate) async fn agency_of(&self, tx: &mut Tx, step: &Step) -> Result<AgencyId, Error> {
        let scope = &self.dossier.scope;
        agency_by(tx, &step.agency, scope.receiving, scope.competent)
            .await?
            .ok_or(Error::Refused(crate::Refusal::NotOffered))
    }

    /// The step named `to` with the agency that will hold the dossier there.
    pub(crate) async fn destination(&self, tx: &mut Tx, to: &str) -> Result<AgencyId, Error> {
        let step = self.procedure.process.step(to).ok_or_else(|| {
            let from = self.dossier.state.step().unwrap_or_default().to_owned();
            Error::from(Refused::NoSuchWay { from, to: to.to_owned() })
        })?;
        self.agency_of(tx, step).await
    }
}

impl Office {
    /// An officer takes the dossier that waits at a step of his.
    pub async fn take(&self, by: &By, id: DossierId) -> Result<(), Error> {
        self.act(by, "dossier.take", |mut tx, now| async move {
            let tx = &mut tx;
            let loaded = load_for(tx, &by.actor, id).await?;
            loaded.step_for(tx, &by.actor).await?;
            let officer = by.actor.officer().ok_or(Error::NotFound)?;
            let (dossier, body) = loaded.dossier.take(officer)?;
            let event = NewEvent::of_dossier(id, &by.actor, now, body);
            dossiers::save(tx, &dossier, &event, now).await?;
            Ok(())
        })
        .await
    }

    /// The work of a step is done; the dossier goes on.
    pub async fn finish_step(&self, by: &By, id: DossierId, to: &str, opinion: &str) -> Result<(), Error> {
        self.act(by, "dossier.finish_step", |mut tx, now| async move {
            let tx = &mut tx;
            let loaded = load_for(tx, &by.actor, id).await?;
            loaded.step_for(tx, &by.actor).await?;
            let holding = loaded.destination(tx, to).await?;
            let opinion = rules::text::nfc(opinion.trim());
            let (dossier, body) = loaded.dossier.finish_step(&loaded.procedure, to, opinion, holding)?;
            let event = NewEvent::of_dossier(id, &by.actor, now, body);
            dossiers::save(tx, &dossier, &event, now).await?;
            Ok(())
        })
        .await
    }

    /// Sends the dossier back to an earlier step, with the reason.
    pub async fn send_back(&self, by: &By, id: DossierId, to: &str, reason: &str) -> Result<(), Error> {
        self.act(by, "dossier.send_back", |mut tx, now| async move {
            let tx = &mut tx;
            let loaded = load_for(tx, &by.actor, id).await?;
            loaded.step_for(tx, &by.actor).await?;
            let holding = loaded.destination(tx, to).await?;
            let reason = rules::text::nfc(reason.trim());
            let (dossier, body) = loaded.dossier.send_back(&loaded.procedure, to, reason, holding)?;
            let event = NewEvent::of_dossier(id, &by.actor, now, body);
            dossiers::save(tx, &dossier, &event, now).await?;
            Ok(())
        })
        .await
    }

    /// Asks the applicant for what is missing; the clock stands. What he is to bring anew is missing
    /// again; what was brought before stays in the dossier.
    // law: ND61-2018/19.4
    pub async fn ask_supplement(
        &self,
        by: &By,
        id: DossierId,
        items: Vec<SupplementItem>,
    ) -> Result<(), Error> {
        let items = &items;
        self.act(by, "dossier.ask_supplement", |mut tx, now| async move {
            let tx = &mut tx;
            let loaded = load_for(tx, &by.actor, id).await?;
            loaded.step_for(tx, &by.actor).await?;
            for item in items {
                crate::counter::component_of(&loaded.procedure, &loaded.dossier, &item.component)?;
                let mut kept = store::counter::component(tx, id, &item.component).await?;
                kept.component.supply = Supply::Missing;
                store::counter::save_component(tx, id, &kept).await?;
            }
            let (dossier, body) = loaded.dossier.ask_supplement(&loaded.procedure, items.clone(), now)?;
            let event = NewEvent::of_dossier(id, &by.actor, now, body);
            dossiers::save(tx, &dossier, &event, now).await?;
            Ok(())
        })
        .await
    }

    /// The applicant brought everything that was asked for; the limit is counted again from the start.
    // law: ND61-2018/19.4
    pub async fn supplement_received(&self, by: &By, id: DossierId) -> Result<(), Error> {
        self.act(by, "dossier.supplement_received", |mut tx, now| async move {
            let tx = &mut tx;
            let Loaded { dossier, procedure } = load_for(tx, &by.actor, id).await?;
            by.actor.may_act(Role::Counter, dossier.scope.receiving, &dossier.scope)?;
            self.check_complete(tx, &dossier, &procedure).await?;
            let (dossier, body) = dossier.supplement_received(&self.calendar, now)?;
            let event = NewEvent::of_dossier(id, &by.actor, now, body);
            dossiers::save(tx, &dossier, &event, now).await?;
            self.begin_records(tx, &by.actor, &dossier, now).await
        })
        .await
    }

    /// The applicant takes the dossier back.
    pub async fn withdraw(&self, by: &By, id: DossierId, reason: &str) -> Result<(), Error> {
        self.act(by, "dossier.withdraw", |mut tx, now| async move {
            let tx = &mut tx;
            let Loaded { dossier, .. } = load_for(tx, &by.actor, id).await?;
            by.actor.may_act(Role::Counter, dossier.scope.receiving, &dossier.scope)?;
            let (dossier, body) = dossier.withdraw(rules::text::nfc(reason.trim()), now)?;
            let event = NewEvent::of_dossier(id, &by.actor, now, body);
            dossiers::save(tx, &dossier, &event, now).await?;
            Ok(())
        })
        .await
    }

    /// Hands the result over.
    // law: ND61-2018/20
    pub async fn hand_over(&self, by: &By, id: DossierId, way: HandOverWay) -> Result<(), Error> {
        self.act(by, "dossier.hand_over", |mut tx, now| async move {
            let tx = &mut tx;
            let loaded = load_for(tx, &by.actor, id).await?;
            let step = loaded.step_for(tx, &by.actor).await?;
            if step.task != StepTask::HandOver {
                return Err(Refused::NotThisStep { step: step.id, task: step.task }.into());
            }
            let (dossier, body) = loaded.dossier.hand_over(way)?;
            let event = NewEvent::of_dossier(id, &by.actor, now, body);
            dossiers::save(tx, &dossier, &event, now).await?;
            Ok(())
        })
        .await
    }

    /// Lets a dossier be found by code, procedure and holder.
    pub(crate) async fn index_dossier(
        &self,
        tx: &mut Tx,
        dossier: &Dossier,
        procedure: &Procedure,
        now: Timestamp,
    ) -> Result<(), Error> {
        let holder = store::people::party(tx, dossier.people.holder).await?.ok_or(Error::NotFound)?;
        let code = dossier.code.as_ref().map(ToString::to_string).unwrap_or_default();
        let numbers: Vec<&str> = holder.numbers.iter().map(|number| number.number.as_str()).collect();
        let codes: Vec<&str> = std::iter::once(code.as_str()).chain(numbers).collect();
        search::index(
            tx,
            &search::Entry {
                kind: "dossier",
                subject: dossier.id.0,
                agencies: &agencies(dossier),
                at: now,
                fields: Fields {
                    titles: &[holder.name.as_str(), procedure.name.as_str()],
                    codes: &codes,
                    texts: &[],
                },
            },
        )
        .await
        .map_err(Error::from)
    }
}

/// The agencies that may find a dossier.
pub(crate) fn agencies(dossier: &Dossier) -> Vec<uuid::Uuid> {
    let scope = &dossier.scope;
    let mut agencies = vec![scope.receiving.0, scope.competent.0, scope.holding.0];
    agencies.sort_unstable();
    agencies.dedup();
    agencies
}

/// May this actor open the papers of a dossier? (Also the purpose its reading is written down with.)
pub fn may_read(actor: &Actor, dossier: &Dossier) -> Result<String, Error> {
    actor.may_see(dossier)?;
    let purpose = match (&dossier.code, &dossier.state) {
        (Some(code), _) => format!("giải quyết hồ sơ {code}"),
        (None, State::Preparing) => "lập hồ sơ tại quầy".to_owned(),
        (None, _) => "xem hồ sơ".to_owned(),
    };
    Ok(purpose)
}
