//! One component of a dossier through the API: its pages, its files, and what the repository has for it.

use super::{Caller, Refusal};
use crate::Web;
use crate::error::Failure;
use crate::page::Place;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use office::counter::offers_of;
use rules::counter::Supply;
use rules::id::{DossierId, EntryId, PageId, RecordId, UploadId};
use serde::Serialize;
use store::counter::UploadState;

#[derive(Debug, Serialize)]
pub(crate) struct Component {
    id: String,
    name: String,
    supply: &'static str,
    /// In their order, after all edits.
    pages: Vec<Page>,
    /// How many sides of paper were fed in, where it was said.
    sides: Option<u32>,
    files: Vec<File>,
    /// Papers of the holder that can be used instead.
    offers: Vec<Offer>,
}

#[derive(Debug, Serialize)]
struct Page {
    id: PageId,
    /// Clockwise, 0 to 3.
    quarter_turns: u8,
}

#[derive(Debug, Serialize)]
struct File {
    upload: UploadId,
    name: String,
    state: &'static str,
    /// Why it cannot be used.
    fault: Option<String>,
}

#[derive(Debug, Serialize)]
struct Offer {
    entry: EntryId,
    title: String,
}

pub(crate) async fn component(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<Component>, Refusal> {
    let (id, named): (DossierId, _) = (place.id("id")?, place.text("component")?);
    let view = web.office.open_with_repository(&caller.0.present.actor, id).await?;
    let found = view.case().and_then(|case| case.components.iter().find(|component| component.id == named));
    let component = found.ok_or_else(Failure::not_found)?;
    let supply = view.supply(named);
    let (pages, sides) = match supply {
        Supply::Pages { arrangement } => (arrangement.pages(), arrangement.sides),
        _ => (Vec::new(), None),
    };
    let pages = pages.into_iter().map(|page| Page { id: page.page, quarter_turns: page.quarter_turns });
    let files = view.uploads.iter().filter(|upload| upload.component == named).map(|upload| {
        let (state, fault) = match &upload.state {
            UploadState::Opening => ("opening", None),
            UploadState::Opened => ("opened", None),
            UploadState::Rejected(why) => ("rejected", Some(why.clone())),
        };
        File { upload: upload.id, name: upload.file_name.clone(), state, fault }
    });
    let offers = match supply {
        Supply::Missing => offers_of(&view.papers, component, &view.dossier, web.office.clock.today()),
        _ => Vec::new(),
    };
    Ok(Json(Component {
        id: component.id.clone(),
        name: component.name.clone(),
        supply: supply.kind(),
        pages: pages.collect(),
        sides,
        files: files.collect(),
        offers: offers.iter().map(|kept| Offer { entry: kept.id, title: kept.title.clone() }).collect(),
    }))
}

/// Has a paper read again that could not be read.
pub(crate) async fn read_again(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<StatusCode, Refusal> {
    let record: RecordId = place.id("id")?;
    web.office.read_again(&caller.by(), record).await?;
    Ok(StatusCode::ACCEPTED)
}
