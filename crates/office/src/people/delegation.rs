//! Lending a post for some days, and taking it back.

use super::administering::Reach;
use super::{sound, working};
use crate::act::{By, Writing};
use crate::{Error, Office};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::code::ProcedureCode;
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, DelegationId, OfficerId, ProposalId};
use rules::people::delegation::{Delegation, DelegationKind};
use rules::people::proposal::{Change, Proposal};
use rules::people::{PeopleFault, Role};
use serde::{Deserialize, Serialize};
use store::time::new_id;
use store::{Tx, event, people::rights};

/// What is to be lent.
#[derive(Clone, Debug)]
pub struct Lending {
    /// Whose post it is.
    pub from: OfficerId,
    pub to: OfficerId,
    pub agency: AgencyId,
    pub role: Role,
    /// None is every procedure of the post.
    pub procedures: Option<Vec<ProcedureCode>>,
    pub valid_from: Date,
    /// The last day.
    pub valid_to: Date,
    pub kind: DelegationKind,
    pub decision: String,
}

/// What became of a right that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Granted {
    Now,
    /// It is a high role: a second person has to confirm it.
    Waits(ProposalId),
}

/// A delegation that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lent {
    pub delegation: DelegationId,
    pub granted: Granted,
    /// Others that lend the same for some of these days: allowed, and told.
    pub overlaps: Vec<DelegationId>,
}

impl Office {
    /// An officer lends a post of his, or who keeps the accounts enters the decision by which he does.
    // law: ND61-2018/17.5
    pub async fn delegate(&self, by: &By, lending: &Lending) -> Result<Lent, Error> {
        let today = self.clock.today();
        self.act(by, "people.delegate", |mut tx, now| async move {
            if by.actor.officer() != Some(lending.from) {
                Reach::of(&mut tx, &by.actor).await?.must_give([lending.agency])?;
            }
            let lending = lending.clone();
            let delegation = Delegation {
                id: DelegationId(new_id(now)),
                from: lending.from,
                to: lending.to,
                agency: lending.agency,
                role: lending.role,
                procedures: lending.procedures,
                valid_from: lending.valid_from,
                valid_to: lending.valid_to,
                kind: lending.kind,
                decision: rules::text::nfc(lending.decision.trim()),
            };
            self.lend(&mut tx, by, delegation, today, now).await
        })
        .await
    }

    /// Takes a delegation back, from today on: its giver, its taker, or who keeps the accounts.
    pub async fn end_delegation(&self, by: &By, id: DelegationId, reason: &str) -> Result<(), Error> {
        let today = self.clock.today();
        self.act(by, "people.end_delegation", |mut tx, now| async move {
            let tx = &mut tx;
            let delegation = rights::delegation(tx, id).await?.ok_or(Error::NotFound)?;
            let actor = by.actor.officer();
            if actor != Some(delegation.from) && actor != Some(delegation.to) {
                Reach::of(tx, &by.actor).await?.must_show(delegation.agency)?;
            }
            if delegation.valid_to < today {
                return Err(vec![PeopleFault::Settled].into());
            }
            if reason.trim().is_empty() {
                return Err(vec![PeopleFault::ReasonMissing].into());
            }
            take_back(tx, by, &delegation, reason, today, now).await
        })
        .await
    }
}

impl Office {
    /// Gives a delegation, or proposes it where the role is high; one event.
    pub(super) async fn lend(
        &self,
        tx: &mut Writing,
        by: &By,
        delegation: Delegation,
        today: Date,
        now: Timestamp,
    ) -> Result<Lent, Error> {
        let giver = working(tx, delegation.from).await?;
        working(tx, delegation.to).await?;
        sound(delegation.faults(&giver.posts, today))?;
        let known = rights::delegations_by(tx, delegation.from, today).await?;
        let overlaps = delegation.overlapping(&known).into_iter().map(|other| other.id).collect();
        let id = delegation.id;
        let change = Change::Delegation { delegation };
        Ok(Lent { delegation: id, granted: self.grant(tx, by, change, today, now).await?, overlaps })
    }

    /// Gives a right at once, or leaves it to wait for its second person; one event.
    pub(super) async fn grant(
        &self,
        tx: &mut Tx,
        by: &By,
        change: Change,
        today: Date,
        now: Timestamp,
    ) -> Result<Granted, Error> {
        if !change.needs_second_person() {
            let body = match &change {
                Change::Post { officer, post, decision } => {
                    Body::PostGiven { officer: *officer, post: post.clone(), decision: decision.clone() }
                }
                Change::Delegation { delegation } => Body::Delegated { delegation: delegation.clone() },
            };
            apply(tx, &change).await?;
            note(tx, by, change.officer(), body, now).await?;
            return Ok(Granted::Now);
        }
        let proposer = by.actor.officer().ok_or(Error::NotFound)?;
        let n_days = self.settings.days_to_confirm;
        let proposal = Proposal::new(ProposalId(new_id(now)), proposer, change, today, n_days);
        rights::add_proposal(tx, &proposal, now).await?;
        let officer = proposal.change.officer();
        let body = Body::RightProposed {
            proposal: proposal.id,
            change: proposal.change,
            lapses_on: proposal.lapses_on,
        };
        note(tx, by, officer, body, now).await?;
        Ok(Granted::Waits(proposal.id))
    }
}

/// Writes the right a change is about.
pub(super) async fn apply(tx: &mut Tx, change: &Change) -> Result<(), Error> {
    match change {
        Change::Post { officer, post, .. } => rights::add_post(tx, *officer, post).await?,
        Change::Delegation { delegation } => rights::add_delegation(tx, delegation).await?,
    }
    Ok(())
}

/// Ends a delegation from today on; one event.
pub(super) async fn take_back(
    tx: &mut Tx,
    by: &By,
    delegation: &Delegation,
    reason: &str,
    today: Date,
    now: Timestamp,
) -> Result<(), Error> {
    rights::end_delegation(tx, delegation, today).await?;
    let body = Body::DelegationEnded {
        delegation: delegation.id,
        to: delegation.to,
        role: delegation.role,
        reason: rules::text::nfc(reason.trim()),
    };
    note(tx, by, delegation.to, body, now).await
}

/// An event about an officer.
pub(crate) async fn note(
    tx: &mut Tx,
    by: &By,
    officer: OfficerId,
    body: Body,
    now: Timestamp,
) -> Result<(), Error> {
    let event = NewEvent::new(Subject::Officer(officer), None, &by.actor, now, body);
    event::append(tx, &event, now).await?;
    Ok(())
}
