//! Giving the dossiers of a list to somebody: each by an act of its own, with the right to it looked up
//! anew, and each told by itself.

use super::PLACE;
use super::behind::{PAGE, Wanted, render};
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::Posted;
use crate::page::{Shell, shell, show};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::Error;
use rules::id::{DossierId, OfficerId};
use rules::words;
use store::dossier::{DossierLine, lines_by_ids};

#[derive(Debug, Template)]
#[template(path = "measure/given.html")]
struct GivenPage {
    shell: Shell,
    back: String,
    taker: String,
    n_done: usize,
    rows: Vec<GivenRow>,
}

#[derive(Debug)]
struct GivenRow {
    code: String,
    href: String,
    /// Why it was not given, in words; empty where it was.
    why_not: String,
}

pub(crate) async fn give(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let wanted = Wanted::of(posted.get("ve").strip_prefix('?'))?;
    let ids: Vec<DossierId> = posted.all("ho-so").filter_map(|id| id.parse().ok()).collect();
    let taker = posted.get("can-bo").parse::<OfficerId>().ok();
    let mut form = posted.state();
    if ids.is_empty() {
        form.fault("ho-so", "Chọn ít nhất một hồ sơ trong danh sách");
    }
    if taker.is_none() {
        form.fault("can-bo", "Chọn người nhận");
    }
    if posted.get("ly-do").is_empty() {
        form.fault("ly-do", "Ghi lý do giao lại, ví dụ: cân đối việc trong tuần");
    }
    let Some(taker) = taker.filter(|_| form.errors().is_empty()) else {
        return render(&web, &visitor, &wanted, StatusCode::UNPROCESSABLE_ENTITY, form).await;
    };
    let mut reader = web.office.db.read().await?;
    let chosen: Vec<uuid::Uuid> =
        ids.iter().take(usize::try_from(PAGE).unwrap_or(50)).map(|id| id.0).collect();
    let mut lines = lines_by_ids(&mut reader, &chosen).await?;
    let names = store::people::officer_names(&mut reader, &[taker.0]).await?;
    drop(reader);
    lines.sort_by_key(|line| chosen.iter().position(|id| *id == line.dossier.id.0));
    let mut rows = Vec::new();
    for line in lines.iter().filter(|line| visitor.present.actor.may_see(&line.dossier).is_ok()) {
        let why_not = give_one(&web, &visitor, line, taker, &posted).await?;
        rows.push(GivenRow {
            code: line.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
            href: format!("/ho-so/{}", line.dossier.id),
            why_not,
        });
    }
    let page = GivenPage {
        shell: shell(&web, &visitor, PLACE).await?,
        back: format!("{PLACE}/ho-so{}", wanted.query()),
        taker: names.get(&taker).cloned().unwrap_or_default(),
        n_done: rows.iter().filter(|row| row.why_not.is_empty()).count(),
        rows,
    };
    Ok(show(&web, &page))
}

/// Gives one dossier; why not, where a rule or a right says no.
async fn give_one(
    web: &Web,
    visitor: &Visitor,
    line: &DossierLine,
    taker: OfficerId,
    posted: &Posted,
) -> Result<String, Failure> {
    let id = line.dossier.id;
    // Sent twice, or in his hands already: there is nothing left to do.
    if line.dossier.state.officer() == Some(taker) {
        return Ok(String::new());
    }
    // One key a dossier and taker: the form sent twice gives each once.
    let by = visitor.by(Some(&format!("{}-{id}-{taker}", posted.get("idempotency_key"))));
    let done = match line.dossier.state.officer() {
        Some(_) => web.office.reassign(&by, id, Some(taker), posted.get("ly-do")).await,
        None => web.office.assign(&by, id, taker).await,
    };
    match done {
        Ok(()) => Ok(String::new()),
        Err(Error::NotYours(why)) => Ok(words::not_yours(&why)),
        Err(Error::Stale) => Ok("Hồ sơ vừa được người khác xử lý. Mở lại danh sách để xem".to_owned()),
        Err(Error::NotFound) => Ok("Hồ sơ không còn ở chỗ bạn".to_owned()),
        Err(error) => Ok(refused(error)?.sentences(ToOwned::to_owned).join(". ")),
    }
}
