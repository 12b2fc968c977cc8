//! Giving the dossiers of a list to somebody.

use super::PLACE;
use super::behind::{Wanted, render};
use crate::Web;
use crate::dossier::bulk::{answer, giving};
use crate::error::Failure;
use crate::form::Posted;
use crate::session::Visitor;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::id::DossierId;

pub(crate) async fn give(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let wanted = Wanted::of(posted.get("ve").strip_prefix('?'))?;
    let ids: Vec<DossierId> = posted.all("ho-so").filter_map(|id| id.parse().ok()).collect();
    let mut form = posted.state();
    if ids.is_empty() {
        form.fault("ho-so", "Chọn ít nhất một hồ sơ trong danh sách");
    }
    let deed = giving(&posted, &mut form);
    let Some(deed) = deed.filter(|_| form.errors().is_empty()) else {
        return render(&web, &visitor, &wanted, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let done = web.office.do_to_many(&posted.by(&visitor), &deed, &ids).await?;
    answer(&web, &visitor, &deed, done, &format!("{PLACE}/ho-so{}", wanted.query())).await
}
