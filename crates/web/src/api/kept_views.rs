//! Lists an officer keeps under a name, through the API: kept, opened first, forgotten, and what they show now.

use super::paging::{Page, Paging};
use super::search::{Dossier, dossier};
use super::{Body, Caller, Refusal};
use crate::Web;
use crate::page::Place;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rules::id::{AgencyId, OfficerId, ViewId};
use rules::measure::narrowing::Narrowing;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize)]
pub(crate) struct KeptView {
    id: ViewId,
    owner: OfficerId,
    name: String,
    shared_with: Option<AgencyId>,
    narrowing: Narrowing,
    /// The caller's inbox opens with it.
    is_first: bool,
}

/// The caller's views, and those shared where he has posts.
pub(crate) async fn views(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<KeptView>, Refusal> {
    let views = web.office.views(&caller.0.present.actor).await?;
    Ok(paging.page(views.into_iter().map(|view| {
        let store::dossier::view::View { id, owner, name, shared_with, narrowing, is_first } = view;
        (id.to_string(), KeptView { id, owner, name, shared_with, narrowing, is_first })
    })))
}

/// A list to be kept, in place of one that had this name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewView {
    name: String,
    narrowing: Narrowing,
    #[serde(default)]
    share_with: Option<AgencyId>,
}

pub(crate) async fn keep(
    State(web): State<Web>,
    caller: Caller,
    Body(NewView { name, narrowing, share_with }): Body<NewView>,
) -> Result<StatusCode, Refusal> {
    web.office.keep_view(&caller.0.present.actor, &name, &narrowing, share_with).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is done with a view.
#[derive(Debug, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum ViewAct {
    /// The inbox opens with it from now on.
    PutFirst,
    /// The inbox opens with everything.
    PutBack,
    Forget,
}

pub(crate) async fn act(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(act): Body<ViewAct>,
) -> Result<StatusCode, Refusal> {
    let (office, actor, id) = (&web.office, &caller.0.present.actor, place.id("id")?);
    match act {
        ViewAct::PutFirst => office.open_with(actor, Some(id)).await?,
        ViewAct::PutBack => {
            if office.view(actor, id).await?.is_first {
                office.open_with(actor, None).await?;
            }
        }
        ViewAct::Forget => office.forget_view(actor, id).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What a view shows now.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    dossiers: Vec<Dossier>,
    /// How many there are; the list stops before.
    n_fitting: usize,
}

pub(crate) async fn dossiers(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<Shown>, Refusal> {
    let actor = &caller.0.present.actor;
    let view = web.office.view(actor, place.id("id")?).await?;
    let shown = web.office.find_narrowed(actor, &view.narrowing).await?;
    let dossiers = shown.dossiers.into_iter().map(dossier).collect();
    Ok(Json(Shown { dossiers, n_fitting: shown.n_fitting }))
}
