//! Pictures of pages: thumbnails, whole pages, pages of a record as they were turned.

use crate::Web;
use crate::error::Failure;
use crate::form::query_value;
use crate::page::{Place, file};
use crate::session::Visitor;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use bytes::Bytes;
use office::repository::PictureSize;
use rules::id::{PageId, RecordId};

pub(crate) async fn thumbnail(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    of_page(&web, &visitor, &place, query.as_deref(), PictureSize::Thumbnail).await
}

pub(crate) async fn whole(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    of_page(&web, &visitor, &place, query.as_deref(), PictureSize::Whole).await
}

async fn of_page(
    web: &Web,
    visitor: &Visitor,
    place: &Place,
    query: Option<&str>,
    size: PictureSize,
) -> Result<Response, Failure> {
    let id: PageId = place.id("id")?;
    let turns = query_value(query, "xoay").parse().unwrap_or(0_u8) % 4;
    let served = web.office.page_picture(&visitor.present.actor, id, size, turns, visitor.eyes()).await?;
    Ok(kept(file(served.bytes, &served.media_type, "trang")))
}

pub(crate) async fn of_record(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let (id, number): (RecordId, usize) = (place.id("id")?, place.id("number")?);
    let picture = web.office.record_page(&visitor.present.actor, id, number, visitor.eyes()).await?;
    Ok(kept(file(Bytes::from(picture), "image/jpeg", "trang")))
}

/// Pages never change under their address: the browser of the one who may see them keeps them a while.
fn kept(mut response: Response) -> Response {
    let value = HeaderValue::from_static("private, max-age=600");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    response
}
