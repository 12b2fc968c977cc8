//! Where paper and dossiers do not fit together, through the API: papers that were found, folders that are
//! counted on a shelf.

use super::acts::Opened;
use super::custody::{Folder, told};
use super::paging::{Page, Paging};
use super::{Body, Caller, Refusal};
use crate::Web;
use crate::page::Place;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use office::custody::{FolderSeen, Found};
use rules::custody::Shelf;
use rules::custody::stocktaking::Area;
use rules::id::{AgencyId, DossierId, FolderId, FoundPaperId, StocktakingId};
use serde::{Deserialize, Serialize};

fn folders(standing: &'static str, seen: Vec<FolderSeen>) -> Vec<Folder> {
    seen.into_iter().map(told(standing)).map(|(_, folder)| folder).collect()
}

/// What does not fit together.
#[derive(Debug, Serialize)]
pub(crate) struct Loose {
    without_paper: Vec<Folder>,
    without_dossier: Vec<Folder>,
    found: Vec<FoundPaper>,
}

#[derive(Debug, Serialize)]
struct FoundPaper {
    id: FoundPaperId,
    version: i64,
    agency: AgencyId,
    what: String,
    place: String,
    found_at: Timestamp,
}

pub(crate) async fn loose(State(web): State<Web>, caller: Caller) -> Result<Json<Loose>, Refusal> {
    let loose = web.office.loose(&caller.0.present.actor).await?;
    let found = loose.found.into_iter().map(|paper| FoundPaper {
        id: paper.id,
        version: paper.version,
        agency: paper.agency,
        what: paper.what,
        place: paper.place,
        found_at: paper.found_at,
    });
    Ok(Json(Loose {
        found: found.collect(),
        without_paper: folders("missed", loose.without_paper),
        without_dossier: folders("over", loose.without_dossier),
    }))
}

/// A paper somebody found.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFound {
    what: String,
    place: String,
}

pub(crate) async fn note_found(
    State(web): State<Web>,
    caller: Caller,
    Body(new): Body<NewFound>,
) -> Result<(StatusCode, Json<Opened<FoundPaperId>>), Refusal> {
    let found = Found { what: &new.what, place: &new.place };
    let id = web.office.note_found_paper(&caller.by(), found).await?;
    Ok((StatusCode::CREATED, Json(Opened { id })))
}

/// The dossier it belongs to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tie {
    version: i64,
    code: String,
}

pub(crate) async fn tie_found(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(tie): Body<Tie>,
) -> Result<StatusCode, Refusal> {
    web.office.tie_found_paper(&caller.by(), place.id("id")?, tie.version, &tie.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A count of folders.
#[derive(Debug, Serialize)]
pub(crate) struct Stocktaking {
    id: StocktakingId,
    agency: AgencyId,
    /// None where it counts what the officer has in hand.
    shelf: Option<Shelf>,
    begun_at: Timestamp,
    ended_at: Option<Timestamp>,
}

fn of(stocktaking: &store::custody::stocktaking::Stocktaking) -> Stocktaking {
    Stocktaking {
        id: stocktaking.id,
        agency: stocktaking.agency,
        shelf: match &stocktaking.area {
            Area::Shelf { shelf, .. } => Some(shelf.clone()),
            Area::InHand(_) => None,
        },
        begun_at: stocktaking.begun_at,
        ended_at: stocktaking.ended.as_ref().map(|(at, _)| *at),
    }
}

pub(crate) async fn stocktakings(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<Stocktaking>, Refusal> {
    let counts = web.office.stocktakings(&caller.0.present.actor).await?;
    Ok(paging.page(counts.iter().map(|count| (count.id.to_string(), of(count)))))
}

/// A stocktaking with what was met so far, and what came of it when it is over.
#[derive(Debug, Serialize)]
pub(crate) struct Counted {
    #[serde(flatten)]
    stocktaking: Stocktaking,
    met: Vec<Folder>,
    missing: Vec<Folder>,
    surplus: Vec<Folder>,
}

pub(crate) async fn stocktaking(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<Counted>, Refusal> {
    let counted = web.office.stocktaking(&caller.0.present.actor, place.id("id")?).await?;
    Ok(Json(Counted {
        stocktaking: of(&counted.stocktaking),
        met: folders("met", counted.met),
        missing: folders("missing", counted.missing),
        surplus: folders("surplus", counted.surplus),
    }))
}

/// What is counted: a shelf, or what the caller has in hand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewStocktaking {
    #[serde(default)]
    shelf: Option<TypedShelf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedShelf {
    room: String,
    #[serde(default)]
    rack: String,
    boxed: String,
}

pub(crate) async fn begin(
    State(web): State<Web>,
    caller: Caller,
    Body(new): Body<NewStocktaking>,
) -> Result<(StatusCode, Json<Opened<StocktakingId>>), Refusal> {
    let shelf = match &new.shelf {
        Some(typed) => {
            let read = Shelf::read(&typed.room, &typed.rack, &typed.boxed);
            Some(read.map_err(office::Error::from)?)
        }
        None => None,
    };
    let id = web.office.begin_stocktaking(&caller.by(), shelf.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(Opened { id })))
}

/// The code on a folder that was met.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Met {
    code: String,
}

/// Whether the folder was not met before.
#[derive(Debug, Serialize)]
pub(crate) struct IsNew {
    is_new: bool,
}

pub(crate) async fn meet(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(met): Body<Met>,
) -> Result<Json<IsNew>, Refusal> {
    let is_new = web.office.meet_folder(&caller.by(), place.id("id")?, &met.code).await?;
    Ok(Json(IsNew { is_new }))
}

pub(crate) async fn end(State(web): State<Web>, caller: Caller, place: Place) -> Result<StatusCode, Refusal> {
    web.office.end_stocktaking(&caller.by(), place.id("id")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes the folder of a dossier that has none.
pub(crate) async fn open_folder(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<(StatusCode, Json<Opened<FolderId>>), Refusal> {
    let dossier: DossierId = place.id("id")?;
    let id = web.office.open_folder(&caller.by(), dossier).await?;
    Ok((StatusCode::CREATED, Json(Opened { id })))
}
