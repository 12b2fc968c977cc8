//! "Vì sao?": why the date is this day, told day by day, and why the officer sees this dossier.

use crate::Web;
use crate::error::Failure;
use crate::page::{Place, Shell, shell, show};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use office::dossier::view::DossierView;
use rules::dossier::clock::Explanation;
use rules::id::DossierId;
use rules::words;
use rules::words::explanation::{Begun, explanation_since, without_clock};
use rules::words::sentence::Names;

#[derive(Debug, Template)]
#[template(path = "dossier/why.html")]
struct Why {
    shell: Shell,
    id: String,
    code: String,
    holder: String,
    due: String,
    days: Vec<String>,
    sees: Vec<String>,
    way_out: String,
}

pub(crate) async fn show_why(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id: DossierId = place.id("id")?;
    let actor = &visitor.present.actor;
    let (view, _) = web.office.open_page(actor, id).await?;
    let explained = web.office.explain(actor, id).await?;
    let page = Why {
        shell: shell(&web, &visitor, "/viec").await?,
        id: id.to_string(),
        code: view.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        holder: view.holder.name.clone(),
        due: view.dossier.due.map(|due| words::moment(due.at)).unwrap_or_default(),
        days: date_told(&web, &view)?.0,
        sees: explained.why,
        way_out: explained.way_out.unwrap_or_default(),
    };
    Ok(show(&web, &page))
}

/// The date of a dossier in sentences, with the data behind them where there is a clock.
pub(crate) fn date_told(
    web: &Web,
    view: &DossierView,
) -> Result<(Vec<String>, Option<Explanation>), office::Error> {
    let dossier = &view.dossier;
    let Some(clock) = &dossier.clock else { return Ok((vec![without_clock(&dossier.state)], None)) };
    let calendar = web.office.calendars.of(dossier.scope.competent);
    let told = clock.explain(calendar, web.office.clock.now()).map_err(office::Error::broken)?;
    let first = told.counts.first().map(|count| count.started_at);
    let begun = if first == dossier.received_at { Begun::Acceptance } else { Begun::Correction };
    Ok((explanation_since(begun, &told, |id| view.officer(id)), Some(told)))
}
