//! Paper custody: the folders an officer has, those that wait for him, and finding one by its code. One
//! folder is in [`folder`], giving and receiving in [`passing`], what does not fit together in
//! [`reconcile`], counting in [`stocktaking`].

pub(crate) mod folder;
pub(crate) mod passing;
pub(crate) mod reconcile;
pub(crate) mod stocktaking;

use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key};
use crate::page::{Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use office::Error;
use office::custody::{CustodyNames, FolderSeen, Sees};
use rules::words;
use rules::words::custody as said;

/// The field a reader's text goes to.
pub(super) const CODE: &str = "ma-bia";

#[derive(Debug, Template)]
#[template(path = "custody/show.html")]
struct Folders {
    shell: Shell,
    form: FormState,
    idem: String,
    waiting: Vec<FolderRow>,
    in_hand: Vec<FolderRow>,
    given: Vec<FolderRow>,
}

/// A folder as lists show it.
#[derive(Debug)]
pub(super) struct FolderRow {
    href: String,
    id: String,
    code: String,
    dossier: String,
    /// Empty where only the folder may be seen.
    dossier_href: String,
    procedure: String,
    place: String,
    since: String,
    papers: String,
    tone: &'static str,
    /// What is wrong with it; empty where nothing is.
    fault: String,
}

impl FolderRow {
    pub(super) fn of(seen: &FolderSeen, names: &CustodyNames, now: Timestamp) -> Self {
        let folder = &seen.line.folder;
        let (tone, fault) = match (folder.missed_at, folder.keeping.due_at()) {
            (Some(at), _) => ("bad", format!("Kiểm kê không thấy lúc {}", words::moment(at))),
            (None, Some(due)) if due < now => ("bad", format!("Quá hạn xác nhận từ {}", words::moment(due))),
            (None, Some(due)) => ("warn", format!("Xác nhận trước {}", words::moment(due))),
            (None, None) => ("plain", String::new()),
        };
        let papers: Vec<String> = folder.papers_in().map(said::count).collect();
        Self {
            href: format!("/bia/{}", folder.id),
            id: folder.id.to_string(),
            code: folder.code.to_string(),
            dossier: seen.line.dossier_code.clone(),
            dossier_href: match seen.sees {
                Sees::Dossier => format!("/ho-so/{}", folder.dossier),
                Sees::Line => String::new(),
            },
            procedure: seen.line.procedure_name.clone(),
            place: words::upper_first(&said::keeping(&folder.keeping, names)),
            since: words::moment(folder.since),
            papers: if papers.is_empty() { "không còn giấy".to_owned() } else { papers.join("; ") },
            tone,
            fault,
        }
    }
}

pub(super) fn rows(seen: &[FolderSeen], names: &CustodyNames, now: Timestamp) -> Vec<FolderRow> {
    seen.iter().map(|seen| FolderRow::of(seen, names, now)).collect()
}

/// What the office said no to, at a field of the form. What does not exist for him is no folder here.
pub(super) fn fault_at(form: &mut FormState, field: &str, error: Error) -> Result<(), Failure> {
    match error {
        Error::NotFound => {
            form.fault(field, "Bìa này không thuộc cơ quan của bạn và không được giao cho bạn");
        }
        error => form.refuse(field, &refused(error)?),
    }
    Ok(())
}

pub(crate) async fn show(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    render(&web, &visitor, StatusCode::OK, FormState::default()).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let mine = web.office.my_folders(&visitor.present.actor).await?;
    let now = web.office.clock.now();
    let page = Folders {
        shell: shell(web, visitor, "/bia").await?,
        form,
        idem: new_key(),
        waiting: rows(&mine.waiting, &mine.names, now),
        in_hand: rows(&mine.in_hand, &mine.names, now),
        given: rows(&mine.given, &mine.names, now),
    };
    Ok(show_as(web, status, &page))
}

/// Where is the folder with this code?
pub(crate) async fn find(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    match web.office.find_folder(&visitor.present.actor, posted.get(CODE)).await {
        Ok(seen) => Ok(on_to(&web, &format!("/bia/{}", seen.line.folder.id), "")),
        Err(error) => {
            let mut form = posted.state();
            fault_at(&mut form, CODE, error)?;
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}
