//! Paper without dossier, dossier without paper: what does not fit together, and papers that were found.

use super::{FolderRow, rows};
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key};
use crate::page::{Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::custody::Found;
use rules::words;
use rules::words::sentence::Names;

#[derive(Debug, Template)]
#[template(path = "custody/reconcile.html")]
struct Reconcile {
    shell: Shell,
    form: FormState,
    idem: String,
    days: u16,
    without_paper: Vec<FolderRow>,
    without_dossier: Vec<FolderRow>,
    found: Vec<FoundRow>,
}

#[derive(Debug)]
struct FoundRow {
    id: String,
    version: String,
    what: String,
    place: String,
    when: String,
    idem: String,
    /// Of the form of this paper, which may have been sent.
    form: FormState,
}

pub(crate) async fn show(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    render(&web, &visitor, StatusCode::OK, FormState::default(), None).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
    tied: Option<(&str, FormState)>,
) -> Result<Response, Failure> {
    let loose = web.office.loose(&visitor.present.actor).await?;
    let now = web.office.clock.now();
    let mut found: Vec<FoundRow> = loose
        .found
        .iter()
        .map(|paper| FoundRow {
            id: paper.id.to_string(),
            version: paper.version.to_string(),
            what: paper.what.clone(),
            place: paper.place.clone(),
            when: format!(
                "{} ghi nhận lúc {}",
                loose.names.officer(paper.found_by),
                words::moment(paper.found_at)
            ),
            idem: new_key(),
            form: FormState::default(),
        })
        .collect();
    if let Some((id, form)) = tied
        && let Some(row) = found.iter_mut().find(|row| row.id == id)
    {
        row.form = form;
    }
    let page = Reconcile {
        shell: shell(web, visitor, "/bia").await?,
        form,
        idem: new_key(),
        days: web.office.settings.days_unseen,
        without_paper: rows(&loose.without_paper, &loose.names, now),
        without_dossier: rows(&loose.without_dossier, &loose.names, now),
        found,
    };
    Ok(show_as(web, status, &page))
}

/// Somebody found a paper.
pub(crate) async fn note(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let found = Found { what: posted.get("giay"), place: posted.get("noi") };
    match web.office.note_found_paper(&posted.by(&visitor), found).await {
        Ok(_) => Ok(on_to(&web, "/bia/doi-chieu", "Đã ghi nhận giấy tìm thấy")),
        Err(error) => {
            let mut form = posted.state();
            form.refuse("giay", &refused(error)?);
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form, None).await
        }
    }
}

/// The paper belongs to this dossier.
pub(crate) async fn tie(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let version = posted.get("phien-ban").parse().map_err(|_| Failure::form_too_old())?;
    let field = format!("ma-ho-so-{id}");
    let by = posted.by(&visitor);
    match web.office.tie_found_paper(&by, id, version, posted.get(&field)).await {
        Ok(()) => Ok(on_to(&web, "/bia/doi-chieu", "Đã ghép giấy vào hồ sơ")),
        Err(error) => {
            let mut form = posted.state();
            // Each paper has its own field, whatever the rule calls it.
            for sentence in refused(error)?.sentences(ToOwned::to_owned) {
                form.fault(field.clone(), sentence);
            }
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            render(&web, &visitor, status, FormState::default(), Some((place.text("id")?, form))).await
        }
    }
}
