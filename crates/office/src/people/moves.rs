//! Dossiers that go from one officer's hand to another's, each with an event of its own.

use super::{actor_on, working};
use crate::act::By;
use crate::dossier::{Loaded, load, step_of};
use crate::{Error, Office};
use jiff::Timestamp;
use rules::id::{DossierId, OfficerId};
use rules::people::{Actor, NotYours, PeopleFault, Right, Role};
use store::{Tx, dossier as dossiers};

/// Who takes a dossier over; none is the common inbox of the agency that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub dossier: DossierId,
    pub to: Option<OfficerId>,
}

impl Office {
    /// A head gives a dossier that one officer has in hand to another, or back to the inbox.
    // law: ND61-2018/19.1
    pub async fn reassign(
        &self,
        by: &By,
        id: DossierId,
        to: Option<OfficerId>,
        reason: &str,
    ) -> Result<(), Error> {
        let today = self.clock.today();
        self.act(by, "people.reassign", |mut tx, now| async move {
            let tx = &mut tx;
            let dossier = dossiers::find(tx, id).await?.ok_or(Error::NotFound)?;
            by.actor.may_see(&dossier)?;
            let heads = [Role::Head, Role::Leader];
            let right = by.actor.right_for_any(&heads, dossier.scope.holding, &dossier)?;
            let from = dossier.state.officer().ok_or(Error::from(vec![PeopleFault::NotInHand]))?;
            let taker = match to {
                Some(to) => {
                    let officer = working(tx, to).await?;
                    Some(actor_on(tx, &officer, today).await?)
                }
                None => None,
            };
            self.pass_on(tx, by, right, Passing { dossier: id, from, to: taker.as_ref(), reason }, now).await
        })
        .await
    }
}

/// One dossier on its way from hand to hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passing<'p> {
    pub(super) dossier: DossierId,
    pub(super) from: OfficerId,
    /// Whoever gets it, as he may act on the day he gets it.
    pub(super) to: Option<&'p Actor>,
    pub(super) reason: &'p str,
}

impl Office {
    /// Passes a dossier on, if it is still in the hand it is passed from and its taker may do its step.
    pub(super) async fn pass_on(
        &self,
        tx: &mut Tx,
        by: &By,
        right: Right,
        passing: Passing<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Loaded { dossier, procedure, .. } = load(tx, passing.dossier).await?;
        let to = passing.to.and_then(Actor::officer);
        if dossier.state.officer() != Some(passing.from) || to == Some(passing.from) {
            return Err(vec![PeopleFault::NotInHand].into());
        }
        if let Some(taker) = passing.to {
            let may = step_of(&dossier, &procedure).map_or(Err(NotYours::OutOfScope), |step| {
                taker.may_do_step(step, dossier.scope.holding, &dossier, None)
            });
            if may.is_err() {
                let code = dossier.code.as_ref().map_or_else(|| dossier.id.to_string(), ToString::to_string);
                return Err(vec![PeopleFault::CannotTake(code)].into());
            }
        }
        let (dossier, body) = dossier.reassign(to, rules::text::nfc(passing.reason.trim()))?;
        self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
    }
}
