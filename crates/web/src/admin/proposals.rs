//! Rights that wait for their second person: who proposed what, and who may not confirm it and why.

use super::HERE;
use super::officer::{path, waiting};
use super::people::refuse;
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key};
use crate::page::{Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rules::people::proposal::Proposal;
use rules::words;
use rules::words::people::Directory;

const LIST: &str = "/quan-tri/de-nghi";

#[derive(Debug, Template)]
#[template(path = "admin/proposals.html")]
struct Proposals {
    shell: Shell,
    form: FormState,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    href: String,
    action: String,
    idem: String,
    name: String,
    what: String,
    /// Why the visitor cannot be the second person; empty where he can.
    why_not: String,
}

pub(crate) async fn list(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    render(&web, &visitor, StatusCode::OK, FormState::default()).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let (proposals, named) = web.office.rights_waiting(&visitor.by(None)).await?;
    let why_not = |proposal: &Proposal| {
        let tried = proposal.clone().confirm(visitor.present.officer.id, web.office.clock.today());
        let faults = tried.err().unwrap_or_default();
        faults.iter().map(words::people::fault).collect::<Vec<_>>().join(". ")
    };
    let row = |proposal: &Proposal| Row {
        href: path(proposal.change.officer()),
        action: format!("{LIST}/{}", proposal.id),
        idem: new_key(),
        name: named.officer(proposal.change.officer()),
        what: waiting(proposal, &named),
        why_not: why_not(proposal),
    };
    let rows = proposals.iter().map(row).collect();
    Ok(show_as(web, status, &Proposals { shell: shell(web, visitor, HERE).await?, form, rows }))
}

pub(crate) async fn confirm(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    match web.office.confirm_post(&posted.by(&visitor), place.id("id")?).await {
        Ok(()) => Ok(on_to(&web, LIST, "Đã xác nhận, vai có hiệu lực")),
        Err(error) => {
            let mut form = FormState::default();
            refuse(&mut form, &refused(error)?, |_| "");
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}
