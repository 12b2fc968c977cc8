//! Everything a page shows of one dossier, read as of one moment.

use crate::dossier::{revision_of, step_of};
use crate::{Error, Office};
use jiff::Timestamp;
use rules::counter::{DossierComponent, Supply};
use rules::dossier::{Dossier, ReturnWay, Standing};
use rules::event::{Body, Event};
use rules::id::{AgencyId, DossierId, EntryId, OfficerId};
use rules::people::{Actor, Role};
use rules::procedure::{Case, Procedure, Step};
use rules::repository::Entry;
use rules::scanning::{FieldKey, Record};
use rules::signing::ResultPaper;
use rules::words;
use rules::words::sentence::{Names, Sentence, sentence};
use rules::words::way_out::registered_at;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Reader;
use store::counter::Upload;
use store::people::{KeptUnit, Party};

/// A dossier with all that belongs to it.
#[derive(Debug)]
pub struct DossierView {
    pub dossier: Dossier,
    pub procedure: Arc<Procedure>,
    pub holder: Party,
    pub receiving: KeptUnit,
    pub competent: KeptUnit,
    pub holding: KeptUnit,
    pub components: Vec<DossierComponent>,
    pub uploads: Vec<Upload>,
    pub records: Vec<Record>,
    pub results: Vec<ResultPaper>,
    /// Every paper in the holder's repository.
    pub papers: Vec<Entry>,
    /// What happened to it; what colleagues alone are told, only for one of them.
    pub events: Vec<Event>,
    pub officers: BTreeMap<OfficerId, String>,
    /// The names of the agencies there are.
    pub agencies: BTreeMap<AgencyId, String>,
    /// Who must act next.
    pub standing: Option<Standing>,
    /// May the actor do the step it is at?
    pub may_do_step: bool,
}

impl Office {
    /// Reads a dossier for somebody who may see it. What is shown to him goes through
    /// [`Office::open_dossier`], which leaves an event.
    pub async fn dossier_view(&self, actor: &Actor, id: DossierId) -> Result<DossierView, Error> {
        let mut reader = self.db.read().await?;
        let dossier = store::dossier::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        match crate::dossier::may_see(actor, &dossier) {
            // What is closed is seen by those who took over from its agencies, too.
            Err(_) if !dossier.state.is_open() => {
                crate::unit::may_see_through(&mut reader, actor, (&dossier).into()).await?;
            }
            seen => seen?,
        }
        self.view_of(&mut reader, actor, dossier).await
    }

    /// Reads all that belongs to a dossier. That the actor may see it has been made sure of.
    pub(crate) async fn view_of(
        &self,
        reader: &mut Reader,
        actor: &Actor,
        dossier: Dossier,
    ) -> Result<DossierView, Error> {
        let id = dossier.id;
        let procedure = revision_of(reader, &dossier).await?;
        let holder = store::people::party(reader, dossier.people.holder).await?.ok_or(Error::NotFound)?;
        let scope = dossier.scope;
        let units =
            store::people::units_by_ids(reader, &[scope.receiving, scope.competent, scope.holding]).await?;
        let unit = |id| units.iter().find(|kept| kept.id == id).cloned().ok_or(Error::NotFound);
        let is_colleague = Role::AT_STEPS.into_iter().any(|role| actor.has_role(role));
        let mut events = store::event::of_dossier(reader, id).await?;
        events.retain(|event| is_colleague || !event.body.is_internal());
        let mut officers: Vec<uuid::Uuid> = events
            .iter()
            .flat_map(|event| {
                [event.actor, event.on_behalf_of].into_iter().flatten().chain(named(&event.body))
            })
            .chain(dossier.state.officer())
            .map(|officer| officer.0)
            .collect();
        officers.sort_unstable();
        officers.dedup();
        let may_do_step = step_of(&dossier, &procedure).is_some_and(|step| {
            let agency = match step.agency {
                rules::procedure::AgencyRule::Receiving => dossier.scope.receiving,
                rules::procedure::AgencyRule::Competent => dossier.scope.competent,
                _ => dossier.scope.holding,
            };
            actor.may_do_step(step, agency, &dossier, dossier.state.officer()).is_ok()
        });
        Ok(DossierView {
            holder,
            receiving: unit(dossier.scope.receiving)?,
            competent: unit(dossier.scope.competent)?,
            holding: unit(dossier.scope.holding)?,
            components: store::counter::components(reader, id)
                .await?
                .into_iter()
                .map(|kept| kept.component)
                .collect(),
            uploads: store::counter::uploads(reader, id).await?,
            records: store::scanning::of_dossier(reader, id).await?,
            results: store::signing::results_of_dossier(reader, id).await?,
            papers: store::repository::of_owner(reader, dossier.people.holder).await?,
            agencies: store::people::unit_names(reader).await?,
            officers: store::people::officer_names(reader, &officers).await?,
            events,
            may_do_step,
            standing: self.standing_of(&dossier, &procedure)?,
            dossier,
            procedure,
        })
    }
}

/// The officers an event names beside who did it: to whom it gives the work, whom it calls, from whom it
/// takes.
fn named(body: &Body) -> Vec<OfficerId> {
    match body {
        Body::StepFinished { officer, .. } | Body::Reassigned { to: officer, .. } => {
            officer.iter().copied().collect()
        }
        Body::Assigned { officer, .. }
        | Body::EditingTakenOver { from: officer, .. }
        | Body::GlassReviewed { officer, .. } => vec![*officer],
        Body::NoteWritten { mentioned, .. } => mentioned.clone(),
        _ => Vec::new(),
    }
}

impl DossierView {
    pub fn case(&self) -> Option<&Case> {
        self.procedure.case(&self.dossier.case)
    }

    /// The step it is at.
    pub fn present_step(&self) -> Option<&Step> {
        step_of(&self.dossier, &self.procedure)
    }

    /// How the applicant wants the result: as he said, or as his papers came.
    pub fn return_way(&self) -> ReturnWay {
        self.dossier.return_way(&self.holder.address)
    }

    /// Where he registered to get it, as his receipt says it.
    pub fn registered_at(&self) -> String {
        registered_at(&self.return_way(), &self.receiving.unit.name)
    }

    /// Since when whoever has it in hand has it; none where nobody ever had.
    pub fn held_since(&self) -> Option<Timestamp> {
        let takes = |body: &Body| {
            matches!(
                body,
                Body::DossierTaken { .. }
                    | Body::Assigned { .. }
                    | Body::Reassigned { to: Some(_), .. }
                    | Body::StepFinished { officer: Some(_), .. }
            )
        };
        self.events.iter().rev().find(|event| takes(&event.body)).map(|event| event.happened_at)
    }

    pub fn supply(&self, component: &str) -> &Supply {
        self.components.iter().find(|part| part.id == component).map_or(&Supply::Missing, |part| &part.supply)
    }

    /// The record that stands for a component now: the latest.
    pub fn record(&self, component: &str) -> Option<&Record> {
        self.records.iter().rev().find(|record| record.component == component)
    }

    pub fn entry(&self, id: EntryId) -> Option<&Entry> {
        self.papers.iter().find(|entry| entry.id == id)
    }

    /// The name of a step of its process.
    pub fn named_step(&self, id: &str) -> String {
        self.procedure.process.step(id).map_or_else(|| id.to_owned(), |step| step.name.clone())
    }

    /// Each time a fee was collected, the first first.
    pub fn fees_collected(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(|event| matches!(event.body, Body::FeeCollected { .. }))
    }

    /// The timeline, the oldest first.
    pub fn timeline(&self) -> Vec<(&Event, Sentence)> {
        self.events.iter().map(|event| (event, sentence(event, self))).collect()
    }
}

impl Names for DossierView {
    fn officer(&self, id: OfficerId) -> String {
        self.officers.get(&id).cloned().unwrap_or_else(|| "cán bộ".to_owned())
    }

    fn component(&self, id: &str) -> String {
        self.procedure
            .cases
            .iter()
            .find_map(|case| case.component(id))
            .map_or_else(|| id.to_owned(), |component| component.name.clone())
    }

    fn step(&self, id: &str) -> String {
        self.named_step(id)
    }

    fn agency(&self, id: AgencyId) -> String {
        self.agencies.get(&id).cloned().unwrap_or_else(|| "cơ quan khác".to_owned())
    }

    fn field(&self, name: &str) -> String {
        FieldKey::ALL
            .into_iter()
            .find(|key| key.name() == name)
            .map_or_else(|| name.to_owned(), |key| words::field(key).to_lowercase())
    }
}
