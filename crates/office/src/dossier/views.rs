//! Lists kept under a name. Keeping one changes nobody's papers, so it leaves no event; what it shows is
//! looked up anew for whoever opens it.

use crate::{Error, Office, Refusal};
use rules::id::{AgencyId, OfficerId, ViewId};
use rules::measure::narrowing::Narrowing;
use rules::people::{Actor, NotYours, Role};
use rules::text::nfc;
use store::dossier::view::{self as rows, View};
use store::time::new_id;

/// The most letters of a name.
const MOST_NAME: usize = 60;

/// The most letters of what a view seeks.
const MOST_SOUGHT: usize = 200;

/// The most views one officer makes.
const MOST_VIEWS: usize = 50;

/// Who heads a place may share a view with it.
const SHARES: [Role; 3] = [Role::Head, Role::Leader, Role::CentreHead];

impl Office {
    /// The views an officer has: his own, and those shared with the agencies he has posts in.
    pub async fn views(&self, actor: &Actor) -> Result<Vec<View>, Error> {
        let Some(officer) = actor.officer() else { return Ok(Vec::new()) };
        let agencies: Vec<AgencyId> = actor.held().map(|(post, _)| post.agency).collect();
        Ok(rows::views_of(&mut self.db.read().await?, officer, &agencies).await?)
    }

    /// Keeps a list under a name, in place of one that had this name; shared with an agency where one is
    /// named.
    pub async fn keep_view(
        &self,
        actor: &Actor,
        name: &str,
        narrowing: &Narrowing,
        share_with: Option<AgencyId>,
    ) -> Result<(), Error> {
        let owner = actor.officer().ok_or(Error::NotFound)?;
        let name = nfc(name.trim());
        let fault = |why: String| Error::Refused(Refusal::Form(vec![("ten".to_owned(), why)]));
        if name.is_empty() {
            return Err(fault("Đặt tên cho bộ lọc, ví dụ Quá hạn của tôi".to_owned()));
        }
        if name.chars().count() > MOST_NAME {
            return Err(fault(format!("Tên dài quá {MOST_NAME} chữ. Rút ngắn lại")));
        }
        let words = [&narrowing.sought, &narrowing.state].into_iter().flatten();
        if words.into_iter().any(|words| words.chars().count() > MOST_SOUGHT) {
            return Err(fault(format!("Chữ cần tìm dài quá {MOST_SOUGHT} chữ. Rút ngắn lại")));
        }
        if let Some(agency) = share_with {
            may_share(actor, agency)?;
        }
        let now = self.clock.now();
        let view = View {
            id: ViewId(new_id(now)),
            owner,
            name,
            shared_with: share_with,
            narrowing: narrowing.clone(),
            is_first: false,
        };
        let view = &view;
        let n_views = self
            .db
            .act(|mut tx| async move {
                let n_views = rows::n_views(&mut tx, owner).await?;
                if n_views < MOST_VIEWS {
                    rows::keep_view(&mut tx, view, now).await?;
                }
                Ok::<_, store::Error>(n_views)
            })
            .await?;
        if n_views < MOST_VIEWS {
            Ok(())
        } else {
            Err(fault(format!("Bạn đã giữ {MOST_VIEWS} bộ lọc. Bỏ bớt một bộ lọc rồi lưu lại")))
        }
    }

    /// Forgets a view: one's own, or one that is shared with a place one heads.
    pub async fn forget_view(&self, actor: &Actor, id: ViewId) -> Result<(), Error> {
        let view = self.view(actor, id).await?;
        if Some(view.owner) != actor.officer() {
            may_share(actor, view.shared_with.ok_or(Error::NotFound)?)?;
        }
        Ok(self.db.act(|mut tx| async move { rows::forget_view(&mut tx, id).await }).await?)
    }

    /// Lets the inbox open with a view; with everything where none is named.
    pub async fn open_with(&self, actor: &Actor, id: Option<ViewId>) -> Result<(), Error> {
        let officer: OfficerId = actor.officer().ok_or(Error::NotFound)?;
        if let Some(id) = id {
            self.view(actor, id).await?;
        }
        Ok(self.db.act(|mut tx| async move { rows::set_first(&mut tx, officer, id).await }).await?)
    }

    /// A view the actor has.
    pub async fn view(&self, actor: &Actor, id: ViewId) -> Result<View, Error> {
        let found = rows::find_view(&mut self.db.read().await?, id).await?.ok_or(Error::NotFound)?;
        let is_shared = |agency| actor.held().any(|(post, _)| post.agency == agency);
        let has = Some(found.owner) == actor.officer() || found.shared_with.is_some_and(is_shared);
        if has { Ok(found) } else { Err(Error::NotFound) }
    }
}

/// Where an actor may share a view.
pub fn shares_in(actor: &Actor) -> Option<AgencyId> {
    let heads = |role: Role| SHARES.contains(&role);
    actor.held().find(|(post, lent)| lent.is_none() && heads(post.role)).map(|(post, _)| post.agency)
}

fn may_share(actor: &Actor, agency: AgencyId) -> Result<(), NotYours> {
    let heads = |role: Role| SHARES.contains(&role);
    let own = actor.held().any(|(post, lent)| lent.is_none() && post.agency == agency && heads(post.role));
    if own { Ok(()) } else { Err(NotYours::NeedsRole(Role::Head)) }
}
