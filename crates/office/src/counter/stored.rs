//! Papers that the repository holds: used for a dossier's components, or asked for anew with a reason.

use super::{component_of, supply_component};
use crate::act::By;
use crate::dossier::Loaded;
use crate::{Error, Office};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::calendar::legal_time;
use rules::counter::Supply;
use rules::dossier::Dossier;
use rules::event::{Body, NewEvent};
use rules::id::{DossierId, EntryId};
use rules::people::{Actor, Role};
use rules::procedure::Component;
use rules::{repository, reuse};
use store::{Tx, event};

impl Office {
    /// Uses a paper the state already holds for a component.
    pub async fn reuse(&self, by: &By, id: DossierId, component: &str, entry: EntryId) -> Result<(), Error> {
        let today = self.clock.today();
        self.act(by, "counter.reuse", |mut tx, now| async move {
            let tx = &mut tx;
            let Loaded { dossier, procedure, .. } =
                self.load_intake(tx, by, id, &Role::FOR_APPLICANT).await?;
            let wanted = component_of(&procedure, &dossier, component)?;
            let paper = store::repository::find(tx, entry).await?.ok_or(Error::NotFound)?;
            reuse::satisfies(&paper, wanted, dossier.people.holder, today)?;
            use_stored(tx, &by.actor, id, component, entry, now).await
        })
        .await
    }

    /// Asks for a paper anyway although the repository holds it; needs a reason and is counted.
    pub async fn decline_reuse(
        &self,
        by: &By,
        id: DossierId,
        component: &str,
        entry: EntryId,
        reason: &str,
    ) -> Result<(), Error> {
        let today = self.clock.today();
        self.act(by, "counter.decline_reuse", |mut tx, now| async move {
            let tx = &mut tx;
            let Loaded { dossier, procedure, .. } = self.load_intake(tx, by, id, &Role::AT_COUNTER).await?;
            let wanted = component_of(&procedure, &dossier, component)?;
            let papers = store::repository::of_owner(tx, dossier.people.holder).await?;
            let offered = reuse::offers(&papers, wanted, dossier.people.holder, today);
            reuse::decline(&offered, entry, reason)?;
            supply_component(tx, id, component, Supply::Missing).await?;
            let body = Body::ReuseDeclined {
                component: component.to_owned(),
                entry,
                reason: rules::text::nfc(reason.trim()),
            };
            event::append(tx, &NewEvent::of_dossier(id, &by.actor, now, body), now).await?;
            Ok(())
        })
        .await
    }
}

/// The papers of the holder that may be used for each component of the dossier's case.
pub fn offers_of<'e>(
    papers: &'e [repository::Entry],
    component: &Component,
    dossier: &Dossier,
    today: Date,
) -> Vec<&'e repository::Entry> {
    reuse::offers(papers, component, dossier.people.holder, today)
}

/// Uses what the repository holds for those of `components` that the dossier must have: nobody is asked to
/// bring it again. The officer sees it ticked, and may take it out. What is "if any" is only offered: whether it
/// applies, the officer knows.
// law: ND61-2018/5.1
pub(super) async fn tick_stored(
    tx: &mut Tx,
    actor: &Actor,
    dossier: &Dossier,
    components: impl Iterator<Item = &Component>,
    now: Timestamp,
) -> Result<(), Error> {
    let papers = store::repository::of_owner(tx, dossier.people.holder).await?;
    let today = legal_time(now).date();
    for (component, entry) in reuse::ticked(&papers, components, dossier.people.holder, today) {
        use_stored(tx, actor, dossier.id, &component.id, entry.id, now).await?;
    }
    Ok(())
}

async fn use_stored(
    tx: &mut Tx,
    actor: &Actor,
    dossier: DossierId,
    component: &str,
    entry: EntryId,
    now: Timestamp,
) -> Result<(), Error> {
    supply_component(tx, dossier, component, Supply::Reused { entry }).await?;
    let body = Body::PaperReused { component: component.to_owned(), entry };
    event::append(tx, &NewEvent::of_dossier(dossier, actor, now, body), now).await?;
    Ok(())
}
