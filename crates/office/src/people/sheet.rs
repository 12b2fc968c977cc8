//! One officer before his administrator: posts and rights, leave, what he lends and was lent, what waits, what
//! he has in hand, and the colleagues who could go on with it.

use super::actor_on;
use super::administering::Reach;
use super::reading::Named;
use super::roster::{agencies_of, standing};
use crate::{Error, Office};
use jiff::Timestamp;
use rules::id::{AgencyId, OfficerId};
use rules::people::Actor;
use rules::people::delegation::Delegation;
use rules::people::leave::Absence;
use rules::people::proposal::Proposal;
use rules::text::person_sort_key;
use rules::words::people::right;
use std::collections::BTreeSet;
use store::Reader;
use store::people::reading::{InHand, in_hand};
use store::people::roster::{self, AccountLine};
use store::people::{Officer, rights};

/// How an officer signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningIn {
    pub last_at: Option<Timestamp>,
    pub has_second_factor: bool,
}

/// What an administrator sees of an officer: all where he keeps the account, else only what belongs to the
/// agencies he keeps.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// With the posts he has or will have.
    pub officer: Officer,
    /// Does he work where this administrator keeps the accounts? Else only posts of his are seen here.
    pub is_kept: bool,
    /// How he signs in; nothing where his account is kept elsewhere.
    pub signing_in: Option<SigningIn>,
    /// Who he is at the identity server, where his account is kept here.
    pub identity: Option<String>,
    /// Rights that wait for their second person.
    pub proposals: Vec<Proposal>,
    /// His own leaves, from today on.
    pub absences: Vec<Absence>,
    pub lends: Vec<Delegation>,
    pub borrows: Vec<Delegation>,
    pub in_hand: Vec<InHand>,
    /// What he may do today, one sentence a post.
    pub rights: Vec<String>,
    /// Who works or has a post where he has one, with the agency, by given name.
    pub colleagues: Vec<AccountLine>,
    /// The agencies in which this administrator gives posts, by name.
    pub agencies: Vec<(AgencyId, String)>,
    /// The names of everybody and every agency that is told of.
    pub named: Named,
}

impl Office {
    pub async fn officer_sheet(&self, actor: &Actor, id: OfficerId) -> Result<Sheet, Error> {
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let reader = &mut reader;
        let reach = Reach::of(reader, actor).await?;
        let mut officer = store::people::officer(reader, id).await?.ok_or(Error::NotFound)?;
        let is_kept = reach.has(officer.agency);
        let shows = |agency: AgencyId| is_kept || reach.has(agency);
        officer.posts = standing(officer.posts, today);
        officer.posts.retain(|post| shows(post.agency));
        if !is_kept && officer.posts.is_empty() {
            return Err(Error::NotFound);
        }
        let proposals: Vec<Proposal> = rights::open_proposals(reader, today)
            .await?
            .into_iter()
            .filter(|proposal| proposal.change.officer() == id && shows(proposal.change.agency()))
            .collect();
        let mut absences: Vec<Absence> = rights::absences_of(reader, &[id], today).await?;
        absences.retain(|_| is_kept);
        let mut lends = rights::delegations_by(reader, id, today).await?;
        let mut borrows = rights::delegations_to(reader, id, today).await?;
        for lent in [&mut lends, &mut borrows] {
            lent.retain(|lent| shows(lent.agency));
        }
        let mut in_hand = in_hand(reader, id).await?;
        in_hand.retain(|held| shows(held.holding));
        let concerned: Vec<OfficerId> = lends
            .iter()
            .chain(&borrows)
            .flat_map(|lent| [lent.from, lent.to])
            .chain(absences.iter().filter_map(Absence::substitute))
            .chain(proposals.iter().map(|proposal| proposal.by))
            .collect();
        let named = Named::of(reader, concerned).await?;
        let acting = actor_on(reader, &officer, today).await?;
        let rights = acting
            .held()
            .filter(|(post, _)| shows(post.agency))
            .map(|(post, lent)| right(post, lent.map(|lent| &lent.delegation), &named))
            .collect();
        let places: BTreeSet<AgencyId> =
            officer.posts.iter().map(|post| post.agency).chain(is_kept.then_some(officer.agency)).collect();
        let mut colleagues = roster::accounts_of(reader, &places, today).await?;
        colleagues.retain(|other| other.id != id && other.active);
        colleagues.sort_by_cached_key(|other| (person_sort_key(&other.name), other.login.clone()));
        let (agencies, _) = agencies_of(reader, &reach.0, today).await?;
        Ok(Sheet {
            is_kept,
            identity: if is_kept { self.subject_of(reader, id).await? } else { None },
            signing_in: if is_kept { Some(signing_in(reader, id).await?) } else { None },
            proposals,
            absences,
            lends,
            borrows,
            in_hand,
            rights,
            colleagues,
            agencies,
            named,
            officer,
        })
    }
}

async fn signing_in(reader: &mut Reader, id: OfficerId) -> Result<SigningIn, Error> {
    Ok(SigningIn {
        last_at: roster::last_sign_ins(reader, &[id]).await?.remove(&id),
        has_second_factor: !roster::with_second_factor(reader, &[id]).await?.is_empty(),
    })
}
