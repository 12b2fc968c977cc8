//! Whose people an administrator keeps: those of the agencies he is administrator of, and of all that
//! stands below them. Others do not exist for him.

use super::{must_be_admin, sound};
use crate::unit::agencies;
use crate::{Error, Office};
use jiff::civil::Date;
use rules::id::{AgencyId, OfficerId};
use rules::people::{Actor, PeopleFault, Post, Role};
use std::collections::BTreeSet;
use store::Reader;
use store::people::{self, Officer};

/// The agencies of an administrator.
#[derive(Clone, Debug)]
pub(crate) struct Reach(pub(crate) BTreeSet<AgencyId>);

impl Reach {
    pub(crate) async fn of(reader: &mut Reader, actor: &Actor) -> Result<Self, Error> {
        must_be_admin(actor)?;
        let own = actor.held().filter(|(post, lent)| lent.is_none() && post.role == Role::Admin);
        let own = own.map(|(post, _)| post.agency).collect();
        Ok(Self(agencies(reader).await?.below(own)))
    }

    pub(crate) fn has(&self, agency: AgencyId) -> bool {
        self.0.contains(&agency)
    }

    /// What he does not keep is not there for him.
    pub(crate) fn must_show(&self, agency: AgencyId) -> Result<(), Error> {
        if self.has(agency) { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Rights are given where he keeps them, and nowhere else.
    pub(crate) fn must_give(&self, agencies: impl IntoIterator<Item = AgencyId>) -> Result<(), Error> {
        let inside = agencies.into_iter().all(|agency| self.has(agency));
        sound(if inside { Vec::new() } else { vec![PeopleFault::OutsideReach] })
    }

    /// Who works where he keeps the accounts is there for him; what reaches all of an officer is his to do
    /// only where every post is his to give.
    pub(crate) fn must_keep(&self, officer: &Officer, day: Date) -> Result<(), Error> {
        self.must_show(officer.agency)?;
        self.must_give(officer.posts.iter().filter(|post| !is_over(post, day)).map(|post| post.agency))
    }
}

/// Had this post its last day before `day`?
pub(crate) fn is_over(post: &Post, day: Date) -> bool {
    post.valid_to.is_some_and(|last| last < day)
}

impl Office {
    /// An officer whom this administrator keeps, with all his posts.
    pub(super) async fn kept(
        &self,
        reader: &mut Reader,
        actor: &Actor,
        id: OfficerId,
    ) -> Result<Officer, Error> {
        let reach = Reach::of(reader, actor).await?;
        let officer = people::officer(reader, id).await?.ok_or(Error::NotFound)?;
        reach.must_keep(&officer, self.clock.today())?;
        Ok(officer)
    }
}
