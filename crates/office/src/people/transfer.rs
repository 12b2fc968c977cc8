//! The transfer of an officer: his posts end on a day, others begin, and every dossier he has in hand
//! is given to somebody by name or back to its inbox.

use super::administering::Reach;
use super::delegation::{Granted, apply, note};
use super::leave::taker;
use super::moves::{Move, Passing};
use super::{sound, working};
use crate::act::By;
use crate::{Error, Office};
use jiff::civil::Date;
use rules::event::Body;
use rules::id::{AgencyId, OfficerId, ProposalId};
use rules::people::proposal::Change;
use rules::people::{Actor, PeopleFault, Post, Right};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::people::reading::{InHand, in_hand};
use store::people::{rights, set_agency};

/// A transfer as its decision says it.
#[derive(Clone, Debug)]
pub struct Transfer {
    pub officer: OfficerId,
    /// The first day in his new place.
    pub on: Date,
    /// Where he works from then on.
    pub agency: AgencyId,
    /// His new posts; their first day is [`Self::on`].
    pub posts: Vec<Post>,
    /// What becomes of everything he has in hand, now.
    pub moves: Vec<Move>,
    pub decision: String,
}

impl Transfer {
    /// What is wrong with it for an officer who has this in hand, all together.
    fn faults(&self, held: &[InHand], today: Date) -> Vec<PeopleFault> {
        let mut faults = Vec::new();
        if self.on < today {
            faults.push(PeopleFault::Past(self.on));
        }
        if self.decision.trim().is_empty() {
            faults.push(PeopleFault::DecisionMissing);
        }
        let named: BTreeSet<_> = self.moves.iter().map(|moved| moved.dossier).collect();
        let left: Vec<String> =
            held.iter().filter(|held| !named.contains(&held.id)).map(|held| held.code.clone()).collect();
        if !left.is_empty() {
            faults.push(PeopleFault::NotMoved(left));
        }
        if named.iter().any(|named| held.iter().all(|held| held.id != *named)) {
            faults.push(PeopleFault::NotInHand);
        }
        faults
    }
}

/// A transfer that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transferred {
    /// New posts of high roles: they wait for a second person.
    pub waiting: Vec<ProposalId>,
    /// Each dossier he had in hand.
    pub moved: Vec<Passed>,
}

/// A dossier that was passed on. Its taker is named here, since the answer is given again to a form that is
/// sent again, when the officer has nothing in hand any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    pub code: String,
    /// The id and the name of who has it now; none is the common inbox.
    pub to: Option<(OfficerId, String)>,
}

impl Office {
    /// Transfers an officer, with all he has in hand.
    pub async fn transfer_officer(&self, by: &By, transfer: &Transfer) -> Result<Transferred, Error> {
        let today = self.clock.today();
        self.act(by, "people.transfer", |mut tx, now| async move {
            let tx = &mut tx;
            let reach = Reach::of(tx, &by.actor).await?;
            let officer = working(tx, transfer.officer).await?;
            reach.must_keep(&officer, today)?;
            reach.must_give(transfer.posts.iter().map(|post| post.agency).chain([transfer.agency]))?;
            let held = in_hand(tx, officer.id).await?;
            sound(transfer.faults(&held, today))?;
            let decision = rules::text::nfc(transfer.decision.trim());
            let mut moved_to = BTreeMap::new();
            for moved in &transfer.moves {
                let to = match moved.to {
                    Some(to) => Some(taker(tx, to, today).await?),
                    None => None,
                };
                if let Some(Actor::Officer { id, name, .. }) = &to {
                    moved_to.insert(moved.dossier, (*id, name.clone()));
                }
                let passing =
                    Passing { dossier: moved.dossier, from: officer.id, to: to.as_ref(), reason: &decision };
                self.pass_on(tx, by, Right::default(), passing, now).await?;
            }
            let goes_on = |post: &Post| post.valid_to.is_none_or(|last| transfer.on <= last);
            let ended: Vec<Post> = officer.posts.into_iter().filter(goes_on).collect();
            for post in &ended {
                rights::end_post(tx, officer.id, post, transfer.on).await?;
            }
            let (mut given, mut waiting) = (Vec::new(), Vec::new());
            for post in &transfer.posts {
                let post = Post { valid_from: Some(transfer.on), ..post.clone() };
                let change =
                    Change::Post { officer: officer.id, post: post.clone(), decision: decision.clone() };
                if !change.needs_second_person() {
                    apply(tx, &change).await?;
                    given.push(post);
                } else if let Granted::Waits(proposal) = self.grant(tx, by, change, today, now).await? {
                    waiting.push(proposal);
                }
            }
            set_agency(tx, officer.id, transfer.agency).await?;
            let body = Body::OfficerTransferred { on: transfer.on, ended, given, decision };
            note(tx, by, officer.id, body, now).await?;
            let passed = |held: InHand| Passed { to: moved_to.remove(&held.id), code: held.code };
            let moved = held.into_iter().map(passed).collect();
            Ok(Transferred { waiting, moved })
        })
        .await
    }
}
