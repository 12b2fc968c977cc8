//! Leave: it begins only when it is said who goes on with the work.

use super::administering::{Reach, is_over};
use super::delegation::{Lent, note, take_back};
use super::moves::Passing;
use super::{actor_on, sound, working};
use crate::act::By;
use crate::{Error, Office};
use jiff::civil::Date;
use rules::event::Body;
use rules::id::{AbsenceId, AgencyId, DelegationId, DossierId, OfficerId};
use rules::people::delegation::DelegationKind;
use rules::people::leave::{Absence, Cover};
use rules::people::{Actor, PeopleFault, Right, Role};
use serde::{Deserialize, Serialize};
use store::Reader;
use store::people::reading::{InHand, in_hand};
use store::people::{Officer, rights};
use store::time::new_id;

/// A leave that is to begin.
#[derive(Clone, Debug)]
pub struct Leave {
    pub officer: OfficerId,
    pub valid_from: Date,
    /// The last day.
    pub valid_to: Date,
    /// Who goes on; without it the leave is refused, naming what he has in hand.
    pub cover: Option<Cover>,
}

/// A leave that has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveBegun {
    pub absence: AbsenceId,
    /// What was lent to the substitute; what is high waits for its second person.
    pub lent: Vec<Lent>,
    /// What went back to the common inbox.
    pub returned: Vec<DossierId>,
}

/// Codes shown of what somebody has in hand.
const CODES_SHOWN: usize = 10;

fn codes(held: &[InHand]) -> Vec<String> {
    held.iter().take(CODES_SHOWN).map(|held| held.code.clone()).collect()
}

/// His leave is arranged by himself, by a head or leader of every agency he works for, since it lends his
/// posts there and empties his hands, or by who keeps the accounts.
async fn may_arrange(
    reader: &mut Reader,
    actor: &Actor,
    officer: &Officer,
    today: Date,
) -> Result<(), Error> {
    let leads = |agency: AgencyId| {
        let at_head = [Role::Head, Role::Leader];
        actor.held().any(|(post, _)| post.agency == agency && at_head.contains(&post.role))
    };
    let posts = officer.posts.iter().filter(|post| !is_over(post, today));
    let led = leads(officer.agency) && posts.map(|post| post.agency).all(leads);
    if led || actor.officer() == Some(officer.id) {
        return Ok(());
    }
    Reach::of(reader, actor).await?.must_keep(officer, today)
}

impl Office {
    /// An officer will be away. His substitute acts in his posts and finds his dossiers where they are;
    /// without one they go back to the inbox, each with its event.
    pub async fn begin_leave(&self, by: &By, leave: &Leave) -> Result<LeaveBegun, Error> {
        let today = self.clock.today();
        self.act(by, "people.begin_leave", |mut tx, now| async move {
            let tx = &mut tx;
            let officer = working(tx, leave.officer).await?;
            may_arrange(tx, &by.actor, &officer, today).await?;
            let held = in_hand(tx, officer.id).await?;
            let Some(cover) = leave.cover.clone() else {
                let fault = PeopleFault::NobodyTakesOver { held: held.len(), codes: codes(&held) };
                return Err(vec![fault].into());
            };
            let absence = Absence {
                id: AbsenceId(new_id(now)),
                officer: officer.id,
                valid_from: leave.valid_from,
                valid_to: leave.valid_to,
                cover,
            };
            let concerned: Vec<OfficerId> =
                [Some(officer.id), absence.substitute()].into_iter().flatten().collect();
            let others = rights::absences_of(tx, &concerned, leave.valid_from.min(today)).await?;
            sound(absence.faults(&others, today))?;
            rights::add_absence(tx, &absence).await?;
            note(tx, by, officer.id, Body::LeaveBegun { absence: absence.clone() }, now).await?;
            let mut begun = LeaveBegun { absence: absence.id, lent: Vec::new(), returned: Vec::new() };
            for delegation in absence.substitutions(&officer.posts, || DelegationId(new_id(now))) {
                begun.lent.push(self.lend(tx, by, delegation, today, now).await?);
            }
            if let Cover::Inbox { reason } = &absence.cover {
                for InHand { id: dossier, .. } in held {
                    let passing = Passing { dossier, from: officer.id, to: None, reason };
                    self.pass_on(tx, by, Right::default(), passing, now).await?;
                    begun.returned.push(dossier);
                }
            }
            Ok(begun)
        })
        .await
    }

    /// He is there again from today on; what was lent for his leave ends with it.
    pub async fn end_leave(&self, by: &By, id: AbsenceId) -> Result<(), Error> {
        let today = self.clock.today();
        self.act(by, "people.end_leave", |mut tx, now| async move {
            let tx = &mut tx;
            let absence = rights::absence(tx, id).await?.ok_or(Error::NotFound)?;
            let officer = working(tx, absence.officer).await?;
            may_arrange(tx, &by.actor, &officer, today).await?;
            if absence.valid_to < today {
                return Err(vec![PeopleFault::Settled].into());
            }
            rights::end_absence(tx, &absence, today).await?;
            note(tx, by, officer.id, Body::LeaveEnded { absence: id, on: today }, now).await?;
            if let Cover::Substitute { officer: substitute, decision } = &absence.cover {
                for delegation in rights::delegations_by(tx, officer.id, today).await? {
                    let of_leave = delegation.kind == DelegationKind::Substitution
                        && delegation.to == *substitute
                        && delegation.decision == *decision;
                    if of_leave {
                        take_back(tx, by, &delegation, "đã đi làm lại", today, now).await?;
                    }
                }
            }
            Ok(())
        })
        .await
    }

    /// What an officer has in hand, so that it can be said who goes on with each.
    pub async fn in_hand_of(&self, actor: &Actor, officer: OfficerId) -> Result<Vec<InHand>, Error> {
        let mut reader = self.db.read().await?;
        let officer = store::people::officer(&mut reader, officer).await?.ok_or(Error::NotFound)?;
        may_arrange(&mut reader, actor, &officer, self.clock.today()).await?;
        in_hand(&mut reader, officer.id).await.map_err(Error::from)
    }
}

/// The actor somebody will be on a day, if his account is open.
pub(super) async fn taker(reader: &mut Reader, id: OfficerId, day: Date) -> Result<Actor, Error> {
    let officer = working(reader, id).await?;
    actor_on(reader, &officer, day).await
}
