//! What colleagues say to each other about a dossier, through the API.

use super::paging::{Page, Paging};
use super::{Caller, Refusal};
use crate::Web;
use crate::page::Place;
use axum::extract::State;
use jiff::Timestamp;
use rules::id::{NoteId, OfficerId};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct Note {
    id: NoteId,
    author: OfficerId,
    written_at: Timestamp,
    text: String,
    mentioned: Vec<OfficerId>,
    struck_at: Option<Timestamp>,
}

/// The notes on a dossier, the oldest first.
pub(crate) async fn notes(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    paging: Paging,
) -> Result<Page<Note>, Refusal> {
    let actor = &caller.0.present.actor;
    let view = web.office.open_dossier(actor, place.id("id")?).await?;
    let (notes, _) = web.office.notes(actor, &view.dossier).await?;
    Ok(paging.page(notes.into_iter().map(|note| {
        let place = format!("{:020}{}", note.written_at.as_microsecond(), note.id);
        let told = Note {
            id: note.id,
            author: note.author,
            written_at: note.written_at,
            text: note.text,
            mentioned: note.mentioned,
            struck_at: note.struck_at,
        };
        (place, told)
    })))
}
