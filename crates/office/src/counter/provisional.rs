//! Provisional slips when the server is there again: each is kept as it came, becomes a dossier, and is
//! received where nothing is missing. One that cannot become a dossier holds up no other.

use super::{Opening, at_counter, component_of, rows};
use crate::act::By;
use crate::{Error, Office, Refusal};
use jiff::SignedDuration;
use rules::counter::applicant::TypedApplicant;
use rules::counter::provisional::{FromSlip, Slip};
use rules::counter::{self, Mark, Supply};
use rules::event::{Body, NewEvent};
use rules::id::{DossierId, SlipId};
use rules::people::{Actor, NotYours, Role};
use store::Tx;
use store::counter::provisional::{self as slips, KeptSlip, SlipLine};
use store::event;

/// How long slips that came are listed, and how many.
const DAYS_LISTED: i64 = 30;
const MOST_LISTED: i64 = 200;

/// What became of a slip.
#[derive(Debug)]
pub enum Arrived {
    /// It is kept, and what is typed in it must be mended first.
    Kept(Refusal),
    /// A dossier, and what keeps it from being received.
    Opened(DossierId, Refusal),
    Received(DossierId),
}

impl Office {
    /// A slip comes from a machine of the counter, perhaps not for the first time.
    pub async fn slip_arrives(&self, by: &By, slip: Slip) -> Result<Arrived, Error> {
        at_counter(&by.actor)?;
        if !slip.is_sound() {
            return Err(Error::NotFound);
        }
        let officer = by.actor.officer().ok_or(NotYours::NeedsRole(Role::Counter))?;
        let arrived_at = self.clock.now();
        let kept = &KeptSlip { slip, agency: by.actor.agency(), officer, arrived_at, dossier: None };
        self.db.act(|mut tx| async move { slips::add(&mut tx, kept).await }).await.map_err(Error::from)?;
        let slip = &kept.slip;
        self.open_slip(by, slip.id, &slip.applicant, &slip.procedure, Some(&slip.case)).await
    }

    /// Makes a dossier of a slip that is kept, of what is typed now; of one that is a dossier already, that.
    pub async fn open_slip(
        &self,
        by: &By,
        id: SlipId,
        typed: &TypedApplicant,
        procedure: &str,
        case: Option<&str>,
    ) -> Result<Arrived, Error> {
        at_counter(&by.actor)?;
        let dossier = match self.dossier_of_slip(by, id, typed, procedure, case).await {
            Ok(dossier) => dossier,
            Err(Error::Refused(refusal)) => return Ok(Arrived::Kept(refusal)),
            Err(error) => return Err(error),
        };
        // A key of its own: the first answer is given again however often the slip is sent.
        let receiving = By { key: Some(format!("phieu-tam-{id}")), ..by.clone() };
        match self.receive(&receiving, dossier).await {
            Ok(()) => Ok(Arrived::Received(dossier)),
            Err(Error::Refused(refusal)) => {
                let mut reader = self.db.read().await?;
                let now = store::dossier::find(&mut reader, dossier).await?.ok_or(Error::NotFound)?;
                Ok(match now.code {
                    Some(_) => Arrived::Received(dossier),
                    None => Arrived::Opened(dossier, refusal),
                })
            }
            Err(error) => Err(error),
        }
    }

    async fn dossier_of_slip(
        &self,
        by: &By,
        id: SlipId,
        typed: &TypedApplicant,
        procedure: &str,
        case: Option<&str>,
    ) -> Result<DossierId, Error> {
        let applicant = typed.check(self.clock.today());
        let procedure = procedure.parse();
        let (applicant, procedure) = (&applicant, &procedure);
        let unkeyed = &By { key: None, ..by.clone() };
        self.act(unkeyed, "counter.slip", |mut tx, now| async move {
            let tx = &mut tx;
            let kept = slips::lock(tx, id).await?.filter(|kept| kept.agency == by.actor.agency());
            let kept = kept.ok_or(Error::NotFound)?;
            if let Some(dossier) = kept.dossier {
                return Ok(dossier);
            }
            let applicant =
                applicant.as_ref().map_err(|faults| Error::Refused(Refusal::Applicant(faults.clone())))?;
            let procedure = procedure.as_ref().map_err(|_| Error::Refused(Refusal::NotOffered))?;
            let case = case.filter(|case| !case.is_empty());
            // Nobody sits before it when it comes: what was not handed over is offered, not used.
            let opening = Opening { use_stored: false, ..Opening::at_counter(procedure, case) };
            let from = kept.slip.judged(kept.arrived_at);
            let (dossier, _) = self.opened(tx, by, applicant, opening, Some(from.clone()), now).await?;
            self.mark_handed_over(tx, by, dossier.id, &from).await?;
            slips::becomes(tx, id, dossier.id).await?;
            let FromSlip { number, taken_at, components, doubt, .. } = from;
            let body = Body::SlipTaken { number, taken_at, components, doubt };
            event::append(tx, &NewEvent::of_dossier(dossier.id, &by.actor, now, body), now).await?;
            Ok(dossier.id)
        })
        .await
    }

    /// What was handed over and needs no pages is there; what must be digitised waits for its scan.
    async fn mark_handed_over(
        &self,
        tx: &mut Tx,
        by: &By,
        id: DossierId,
        from: &FromSlip,
    ) -> Result<(), Error> {
        let loaded = self.load_intake(tx, by, id, &Role::AT_COUNTER).await?;
        for component in &from.components {
            let Ok(wanted) = component_of(&loaded.procedure, &loaded.dossier, component) else { continue };
            let mut marked = [Mark::OnPaper, Mark::Shown].into_iter();
            let supply: Option<Supply> = marked.find_map(|mark| counter::mark(wanted, mark).ok());
            if let Some(supply) = supply {
                let mut kept = rows::component(tx, id, component).await?;
                kept.component.supply = supply;
                rows::save_component(tx, id, &kept).await?;
            }
        }
        Ok(())
    }

    /// The slips that came to the actor's agency of late, the newest first.
    pub async fn slips(&self, actor: &Actor) -> Result<Vec<SlipLine>, Error> {
        at_counter(actor)?;
        let since = self.clock.now() - SignedDuration::from_hours(24 * DAYS_LISTED);
        let mut reader = self.db.read().await?;
        Ok(slips::since(&mut reader, actor.agency(), since, MOST_LISTED).await?)
    }
}
