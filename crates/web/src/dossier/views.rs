//! Lists an officer keeps under a name, on his inbox: kept, put first, forgotten.

use super::narrowing::{FOUND, INBOX, href, read};
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::Posted;
use crate::page::{Place, on_to};
use crate::session::Visitor;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::dossier::views::shares_in;

/// Keeps what the inbox is narrowed by; what was typed comes back with what is wrong with it.
pub(crate) async fn keep(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let narrowing = read(|name| posted.get(name).to_owned());
    let share_with = if posted.get("chung").is_empty() { None } else { shares_in(actor) };
    let name = posted.get("ten");
    match web.office.keep_view(actor, name, &narrowing, share_with).await {
        Ok(()) => Ok(on_to(&web, &href(&narrowing), "Đã lưu bộ lọc")),
        Err(error) => {
            let mut form = posted.state();
            form.refuse("ten", &refused(error)?);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            if narrowing.sought.is_some() {
                return crate::repository::seek::render(&web, &visitor, &narrowing, status, form).await;
            }
            super::inbox::render(&web, &visitor, &narrowing, status, form).await
        }
    }
}

/// Opens the inbox with a view from now on; with everything, where it did so already.
pub(crate) async fn put_first(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let is_first = posted.get("thoi").is_empty();
    web.office.open_with(&visitor.present.actor, is_first.then_some(id)).await?;
    let done = if is_first {
        "Từ nay danh sách mở với bộ lọc này"
    } else {
        "Từ nay danh sách mở với mọi hồ sơ"
    };
    Ok(on_to(&web, &format!("{INBOX}?loc={id}"), done))
}

pub(crate) async fn forget(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    _posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let view = web.office.view(&visitor.present.actor, id).await?;
    web.office.forget_view(&visitor.present.actor, id).await?;
    let back = if view.narrowing.sought.is_some() { FOUND.to_owned() } else { format!("{INBOX}?tat-ca=1") };
    Ok(on_to(&web, &back, "Đã bỏ bộ lọc"))
}
