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
use store::people::reading::{InHand, in_hand};
use store::people::roster::{self, AccountLine};
use store::people::{Officer, rights};

/// What an administrator sees of an officer.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// With the posts he has or will have.
    pub officer: Officer,
    /// Does he work where this administrator keeps the accounts? Else only posts of his are seen here.
    pub is_kept: bool,
    pub signed_in_at: Option<Timestamp>,
    pub has_second_factor: bool,
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
        officer.posts = standing(officer.posts, today);
        let is_kept = reach.has(officer.agency);
        if !is_kept && !officer.posts.iter().any(|post| reach.has(post.agency)) {
            return Err(Error::NotFound);
        }
        let proposals: Vec<Proposal> = rights::open_proposals(reader, today)
            .await?
            .into_iter()
            .filter(|proposal| proposal.change.officer() == id)
            .collect();
        let absences: Vec<Absence> = rights::absences_of(reader, &[id], today).await?;
        let lends = rights::delegations_by(reader, id, today).await?;
        let borrows = rights::delegations_to(reader, id, today).await?;
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
            .map(|(post, lent)| right(post, lent.map(|lent| &lent.delegation), &named))
            .collect();
        let places: BTreeSet<AgencyId> =
            officer.posts.iter().map(|post| post.agency).chain([officer.agency]).collect();
        let mut colleagues = roster::accounts_of(reader, &places, today).await?;
        colleagues.retain(|other| other.id != id && other.active);
        colleagues.sort_by_cached_key(|other| (person_sort_key(&other.name), other.login.clone()));
        let (agencies, _) = agencies_of(reader, &reach.0, today).await?;
        Ok(Sheet {
            is_kept,
            signed_in_at: roster::last_sign_ins(reader, &[id]).await?.remove(&id),
            has_second_factor: !roster::with_second_factor(reader, &[id]).await?.is_empty(),
            proposals,
            absences,
            lends,
            borrows,
            in_hand: in_hand(reader, id).await?,
            rights,
            colleagues,
            agencies,
            named,
            officer,
        })
    }
}
