//! Folders of paper through the API: whose hands they are in, given on, confirmed, sent back.

use super::acts::Opened;
use super::paging::{Page, Paging};
use super::{Body, Caller, Refusal};
use crate::Web;
use crate::page::Place;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use office::custody::{FolderSeen, Gift};
use rules::custody::{Destination, Receiver};
use rules::id::{AgencyId, DossierId, FolderId, OfficerId, PassingId};
use serde::{Deserialize, Serialize};

/// A folder the caller has to do with.
#[derive(Debug, Serialize)]
pub(crate) struct Folder {
    id: FolderId,
    version: i64,
    code: String,
    dossier: DossierId,
    dossier_code: String,
    /// `waiting` for the caller, `in_hand`, or `given` by him and not confirmed; where folders are counted,
    /// what became of it.
    standing: &'static str,
    since: Timestamp,
}

pub(super) fn told(standing: &'static str) -> impl Fn(FolderSeen) -> (String, Folder) {
    move |seen| {
        let line = seen.line;
        let folder = Folder {
            id: line.folder.id,
            version: line.folder.version,
            code: line.folder.code.to_string(),
            dossier: line.folder.dossier,
            dossier_code: line.dossier_code,
            standing,
            since: line.folder.since,
        };
        (format!("{standing}{}", folder.id), folder)
    }
}

/// The folders of the caller.
pub(crate) async fn folders(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<Folder>, Refusal> {
    let mine = web.office.my_folders(&caller.0.present.actor).await?;
    let waiting = mine.waiting.into_iter().map(told("waiting"));
    let in_hand = mine.in_hand.into_iter().map(told("in_hand"));
    let given = mine.given.into_iter().map(told("given"));
    Ok(paging.page(waiting.chain(in_hand).chain(given)))
}

/// Folders for somebody.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassing {
    folders: Vec<FolderId>,
    agency: AgencyId,
    /// None is whoever of that agency confirms first.
    #[serde(default)]
    officer: Option<OfficerId>,
}

/// Gives folders to somebody, who confirms each.
pub(crate) async fn pass(
    State(web): State<Web>,
    caller: Caller,
    Body(new): Body<NewPassing>,
) -> Result<(StatusCode, Json<Opened<PassingId>>), Refusal> {
    let NewPassing { folders, agency, officer } = new;
    let gift = Gift { folders, to: Receiver { agency, officer } };
    let id = web.office.pass_folders(&caller.by(), &gift).await?;
    Ok((StatusCode::CREATED, Json(Opened { id })))
}

/// What is done with a folder.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum FolderAct {
    Confirm,
    Refuse {
        version: i64,
        reason: String,
    },
    TakeBack {
        version: i64,
    },
    Take {
        version: i64,
    },
    /// Puts it where nobody confirms: on a shelf, into the post.
    Place {
        version: i64,
        to: Destination,
    },
    /// Somebody who heads the office takes it from whoever does not answer.
    Reclaim {
        version: i64,
        reason: String,
    },
}

/// Does one act on a folder.
pub(crate) async fn act(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(act): Body<FolderAct>,
) -> Result<StatusCode, Refusal> {
    let (by, id) = (caller.by(), place.id("id")?);
    match act {
        FolderAct::Confirm => web.office.confirm_folder(&by, id).await?,
        FolderAct::Refuse { version, reason } => web.office.refuse_folder(&by, id, version, &reason).await?,
        FolderAct::TakeBack { version } => web.office.take_back_folder(&by, id, version).await?,
        FolderAct::Take { version } => web.office.take_folder(&by, id, version).await?,
        FolderAct::Place { version, to } => web.office.place_folder(&by, id, version, &to).await?,
        FolderAct::Reclaim { version, reason } => {
            web.office.reclaim_folder(&by, id, version, &reason).await?;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}
