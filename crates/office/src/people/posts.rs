//! Posts: given by one person, or by two where the role is high; ended by one, since taking a right
//! away must not wait.

use super::administering::Reach;
use super::delegation::{Granted, apply, note};
use super::reading::Named;
use super::{sound, working};
use crate::act::By;
use crate::dossier::typed;
use crate::{Error, Office};
use rules::event::Body;
use rules::id::{AgencyId, OfficerId, ProposalId};
use rules::people::proposal::{Change, Proposal};
use rules::people::{PeopleFault, Post, Role};
use store::people::reading::in_hand;
use store::people::rights;

impl Office {
    /// Gives an officer a post by a decision. A high role waits for its second person.
    pub async fn propose_post(
        &self,
        by: &By,
        officer: OfficerId,
        post: &Post,
        decision: &str,
    ) -> Result<Granted, Error> {
        let (today, decision) = (self.clock.today(), &typed(decision));
        self.act(by, "people.propose_post", |mut tx, now| async move {
            let tx = &mut tx;
            let reach = Reach::of(tx, &by.actor).await?;
            let known = working(tx, officer).await?;
            reach.must_show(known.agency)?;
            reach.must_give([post.agency])?;
            sound(faults_of(post, &known.posts))?;
            let post = Post { valid_from: Some(post.valid_from.unwrap_or(today)), ..post.clone() };
            let change = Change::Post { officer, post, decision: decision.clone() };
            self.grant(tx, by, change, today, now).await
        })
        .await
    }

    /// The second person confirms a high role, proposed as a post or as a delegation.
    pub async fn confirm_post(&self, by: &By, id: ProposalId) -> Result<(), Error> {
        let today = self.clock.today();
        self.act(by, "people.confirm_post", |mut tx, now| async move {
            let tx = &mut tx;
            let reach = Reach::of(tx, &by.actor).await?;
            let proposal = rights::proposal(tx, id).await?.ok_or(Error::NotFound)?;
            reach.must_show(proposal.change.agency())?;
            let second = by.actor.officer().ok_or(Error::NotFound)?;
            let proposal = proposal.confirm(second, today)?;
            // Things may have changed since it was proposed.
            let gains = working(tx, proposal.change.officer()).await?;
            sound(match &proposal.change {
                Change::Post { post, .. } => faults_of(post, &gains.posts),
                Change::Delegation { delegation } => {
                    delegation.faults(&working(tx, delegation.from).await?.posts, today)
                }
            })?;
            apply(tx, &proposal.change).await?;
            rights::save_proposal(tx, &proposal).await?;
            let body = Body::RightConfirmed { proposal: id, change: proposal.change };
            note(tx, by, gains.id, body, now).await
        })
        .await
    }

    /// Ends an officer's post from today on. What he has in hand there is given to others first.
    pub async fn end_post(
        &self,
        by: &By,
        officer: OfficerId,
        agency: AgencyId,
        role: Role,
        decision: &str,
    ) -> Result<(), Error> {
        let (today, decision) = (self.clock.today(), &typed(decision));
        self.act(by, "people.end_post", |mut tx, now| async move {
            let tx = &mut tx;
            Reach::of(tx, &by.actor).await?.must_show(agency)?;
            let known = store::people::officer(tx, officer).await?.ok_or(Error::NotFound)?;
            let same = |post: &Post| post.agency == agency && post.role == role;
            let (ending, staying): (Vec<Post>, Vec<Post>) =
                known.posts.into_iter().filter(|post| post.is_valid_on(today)).partition(same);
            if ending.is_empty() {
                return Err(vec![PeopleFault::HasNot(role)].into());
            }
            if !staying.iter().any(|post| post.agency == agency) {
                let held = in_hand(tx, officer).await?.into_iter().filter(|held| held.holding == agency);
                let codes: Vec<String> = held.map(|held| held.code).collect();
                sound(if codes.is_empty() { Vec::new() } else { vec![PeopleFault::NotMoved(codes)] })?;
            }
            for post in ending {
                rights::end_post(tx, officer, &post, today).await?;
                let body = Body::PostEnded { officer, post, on: today, decision: decision.clone() };
                note(tx, by, officer, body, now).await?;
            }
            Ok(())
        })
        .await
    }

    /// What waits for a second person, for those who may be it.
    pub async fn open_proposals(&self, by: &By) -> Result<Vec<Proposal>, Error> {
        let mut reader = self.db.read().await?;
        let reach = Reach::of(&mut reader, &by.actor).await?;
        let open = rights::open_proposals(&mut reader, self.clock.today()).await?;
        Ok(open.into_iter().filter(|proposal| reach.has(proposal.change.agency())).collect())
    }
}

impl Office {
    /// What waits for a second person, with the names of everybody and every agency it tells of.
    pub async fn rights_waiting(&self, by: &By) -> Result<(Vec<Proposal>, Named), Error> {
        let waiting = self.open_proposals(by).await?;
        let concerned: Vec<OfficerId> = waiting
            .iter()
            .flat_map(|proposal| match &proposal.change {
                Change::Post { officer, .. } => [proposal.by, *officer, *officer],
                Change::Delegation { delegation } => [proposal.by, delegation.from, delegation.to],
            })
            .collect();
        let mut reader = self.db.read().await?;
        Ok((waiting, Named::of(&mut reader, concerned).await?))
    }
}

/// Why an officer with these posts is not given this one.
fn faults_of(post: &Post, known: &[Post]) -> Vec<PeopleFault> {
    let first = |post: &Post| post.valid_from.unwrap_or(jiff::civil::Date::MIN);
    let last = |post: &Post| post.valid_to.unwrap_or(jiff::civil::Date::MAX);
    let mut faults = Vec::new();
    if last(post) < first(post) {
        faults.push(PeopleFault::DatesReversed);
    }
    let has_it = known.iter().any(|other| {
        (other.agency, other.role) == (post.agency, post.role)
            && first(post) <= last(other)
            && first(other) <= last(post)
    });
    if has_it {
        faults.push(PeopleFault::HasIt(post.role));
    }
    faults
}
