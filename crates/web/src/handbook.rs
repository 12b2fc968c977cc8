//! The handbook for officers: its pages, with those first that are about the reader's own work.

mod chapter;
pub(crate) mod exercises;

use crate::Web;
use crate::error::Failure;
use crate::page::{PLACES, Place, Shell, shell, show};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chapter::{Chapter, chapters, picture_named};
use rules::people::Actor;

pub(crate) use chapter::guide_of;

#[derive(Debug, Template)]
#[template(path = "handbook/list.html")]
struct Contents {
    shell: Shell,
    own: Vec<&'static Chapter>,
    others: Vec<&'static Chapter>,
    is_for_training: bool,
}

/// The chapters: of one's own work, and all others.
pub(crate) async fn contents(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let shell = shell(&web, &visitor, "/huong-dan").await?;
    let (own, others) = chapters().iter().partition(|chapter| is_for(chapter, &visitor.present.actor));
    let is_for_training = web.office.is_for_training();
    Ok(show(&web, &Contents { shell, own, others, is_for_training }))
}

#[derive(Debug, Template)]
#[template(path = "handbook/chapter.html")]
struct Page {
    shell: Shell,
    chapter: &'static Chapter,
    before: Option<&'static Chapter>,
    after: Option<&'static Chapter>,
}

/// One chapter, with those beside it.
pub(crate) async fn read(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let slug = place.text("chapter")?;
    let all = chapters();
    let at = all.iter().position(|chapter| chapter.slug == slug).ok_or_else(Failure::not_found)?;
    let shell = shell(&web, &visitor, "/huong-dan").await?;
    let before = at.checked_sub(1).and_then(|before| all.get(before));
    Ok(show(&web, &Page { shell, chapter: &all[at], before, after: all.get(at + 1) }))
}

/// A picture of a chapter. It is the same for as long as the program is.
pub(crate) async fn picture(place: Place) -> Result<Response, Failure> {
    let bytes = picture_named(place.text("picture")?).ok_or_else(Failure::not_found)?;
    let headers = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "private, max-age=300")];
    Ok((headers, bytes).into_response())
}

/// Whether a chapter is about a place of the navigation that opens for this officer.
fn is_for(chapter: &Chapter, actor: &Actor) -> bool {
    let opens =
        |place: &String| PLACES.iter().any(|(href, _, _, access)| href == place && access.admits(actor));
    chapter.places.is_empty() || chapter.places.iter().any(opens)
}

#[cfg(test)]
mod tests;
