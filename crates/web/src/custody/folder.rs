//! One folder: where it is, what is in it, what happened to it, and what may be done.

use super::{FolderRow, fault_at};
use crate::Web;
use crate::error::Failure;
use crate::form::{FormState, Posted, new_key};
use crate::page::{Place, Shell, file, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use office::Error;
use office::custody::headed;
use rules::custody::offer::FolderAct;
use rules::custody::{Destination, Holder, Keeping, Shelf};
use rules::id::{DossierId, FolderId};
use rules::words;
use rules::words::custody as said;

#[derive(Debug, Template)]
#[template(path = "custody/folder.html")]
struct FolderPage {
    shell: Shell,
    id: String,
    version: String,
    folder: FolderRow,
    seen: String,
    papers: Vec<PaperLine>,
    history: Vec<Told>,
    may_confirm: bool,
    may_refuse: bool,
    may_take_back: bool,
    may_take: bool,
    may_pass: bool,
    /// The hand-over slip it is given by.
    slip: String,
    may_reclaim: bool,
    places: Vec<PlaceForm>,
    form: FormState,
    keys: Vec<String>,
}

#[derive(Debug)]
struct PaperLine {
    name: String,
    count: String,
    returned: String,
}

#[derive(Debug)]
struct Told {
    at: String,
    who: String,
    what: String,
}

/// A place a folder may be put at: the word of it in the form, and what is asked.
#[derive(Debug)]
struct PlaceForm {
    to: &'static str,
    title: &'static str,
    field: &'static str,
    label: &'static str,
    hint: &'static str,
    button: &'static str,
    tone: &'static str,
}

impl PlaceForm {
    fn of(act: FolderAct) -> Option<Self> {
        let (to, title, field, label, hint, button, tone) = match act {
            FolderAct::Shelve => ("kho", "Cất vào kho lưu trữ", "kho", "Kho", "", "Cất vào kho", ""),
            FolderAct::SendByPost => (
                "buu-chinh",
                "Gửi bưu chính công ích",
                "so-buu-gui",
                "Số bưu gửi",
                "Ví dụ RB118VN",
                "Ghi đã gửi",
                "",
            ),
            FolderAct::GiveOutside => (
                "ngoai",
                "Giao cơ quan ngoài hệ thống",
                "co-quan-ngoai",
                "Tên cơ quan nhận",
                "Cơ quan dùng hệ thống này thì giao ở “Bàn giao bìa” để bên nhận xác nhận",
                "Ghi đã giao",
                "",
            ),
            FolderAct::GiveToApplicant => {
                ("nguoi-nop", "Trả hết giấy cho người nộp", "", "", "", "Ghi đã trả hết", "")
            }
            FolderAct::Destroy => (
                "huy",
                "Hủy theo quyết định",
                "bien-ban",
                "Quyết định hoặc biên bản hủy",
                "Số, ngày, cơ quan ban hành",
                "Ghi đã hủy",
                "danger",
            ),
            _ => return None,
        };
        Some(Self { to, title, field, label, hint, button, tone })
    }
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    render(&web, &visitor, place.id("id")?, StatusCode::OK, FormState::default()).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    id: FolderId,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let view = web.office.folder_view(actor, id).await?;
    let folder = &view.seen.line.folder;
    let may = |act| view.acts.contains(&act);
    let headed = headed(actor);
    let from_another = folder
        .keeping
        .bearer()
        .is_some_and(|bearer| Some(bearer.officer) != actor.officer() && headed.contains(&bearer.agency));
    let page = FolderPage {
        shell: shell(web, visitor, "/bia").await?,
        id: id.to_string(),
        version: folder.version.to_string(),
        folder: FolderRow::of(&view.seen, &view.names, web.office.clock.now()),
        seen: words::moment(folder.seen_at),
        papers: view
            .papers
            .iter()
            .map(|(name, paper)| PaperLine {
                name: name.clone(),
                count: said::count(paper),
                returned: paper.returned_at.map(words::moment).unwrap_or_default(),
            })
            .collect(),
        history: view
            .history
            .iter()
            .map(|(event, sentence)| Told {
                at: words::moment(event.happened_at),
                who: sentence.who.clone(),
                what: words::upper_first(&sentence.what),
            })
            .collect(),
        may_confirm: may(FolderAct::Confirm),
        may_refuse: may(FolderAct::Refuse),
        may_take_back: may(FolderAct::TakeBack),
        may_take: may(FolderAct::Take),
        may_pass: may(FolderAct::Pass),
        slip: match &folder.keeping {
            Keeping::Passing { passing, .. } => passing.to_string(),
            Keeping::With(_) => String::new(),
        },
        may_reclaim: from_another,
        places: view.acts.iter().filter_map(|&act| PlaceForm::of(act)).collect(),
        form,
        keys: (0..6).map(|_| new_key()).collect(),
    };
    Ok(show_as(web, status, &page))
}

/// Bìa hồ sơ, as PDF.
pub(crate) async fn cover(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let view = web.office.folder_view(actor, place.id("id")?).await?;
    let pdf = web.office.folder_cover(actor, &view).await?;
    Ok(file(Bytes::from(pdf), "application/pdf", "bia-ho-so.pdf"))
}

/// The folder of a dossier that was received before there were folders.
pub(crate) async fn open(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: DossierId = place.id("id")?;
    let folder = web.office.open_folder(&posted.by(&visitor), id).await?;
    Ok(on_to(&web, &format!("/bia/{folder}"), "Đã lập bìa. In tờ bìa, dán lên hồ sơ giấy"))
}

/// Whatever the officer does with the folder he looks at.
pub(crate) async fn act(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: FolderId = place.id("id")?;
    let by = &posted.by(&visitor);
    let version = posted.get("phien-ban").parse().map_err(|_| Failure::form_too_old())?;
    let office = &web.office;
    let (field, done, said) = match place.text("act")? {
        "nhan" => ("", office.confirm_folder(by, id).await, "Đã nhận bìa"),
        "khong-nhan" => {
            let done = office.refuse_folder(by, id, version, posted.get("ly-do")).await;
            ("ly-do", done, "Đã ghi không nhận; bìa trở về người giao")
        }
        "lay-lai" => ("", office.take_back_folder(by, id, version).await, "Đã lấy lại bìa"),
        "lay" => ("", office.take_folder(by, id, version).await, "Bìa đang ở chỗ bạn"),
        "thu-lai" => {
            let done = office.reclaim_folder(by, id, version, posted.get("ly-do-thu")).await;
            ("ly-do-thu", done, "Đã thu lại bìa; bìa đang ở chỗ bạn")
        }
        "cat" => {
            let (field, done) = put_away(&web, &visitor, &posted, id, version).await?;
            (field, done, "Đã ghi nơi để bìa")
        }
        _ => return Err(Failure::not_found()),
    };
    match done {
        Ok(()) => {
            // Whoever gave it away, or back, may not see it any more.
            let seen = office.folder_view(&visitor.present.actor, id).await.is_ok();
            let next = if seen { format!("/bia/{id}") } else { "/bia".to_owned() };
            Ok(on_to(&web, &next, said))
        }
        Err(error @ (Error::NotFound | Error::Stale | Error::NotYours(_))) => Err(error.into()),
        Err(error) => {
            let mut form = posted.state();
            fault_at(&mut form, field, error)?;
            render(&web, &visitor, id, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

/// Puts it where the form says; gives the field that is to be mended where it may not.
async fn put_away(
    web: &Web,
    visitor: &Visitor,
    posted: &Posted,
    id: FolderId,
    version: i64,
) -> Result<(&'static str, Result<(), Error>), Failure> {
    let text = |name| posted.get(name).to_owned();
    let (field, to) = match posted.get("den") {
        "kho" => {
            let shelf = Shelf::read(posted.get("kho"), posted.get("gia"), posted.get("hop"));
            ("kho", shelf.map(Destination::Shelf))
        }
        "buu-chinh" => ("so-buu-gui", Ok(Destination::Post { consignment: text("so-buu-gui") })),
        "ngoai" => ("co-quan-ngoai", Ok(Destination::Outside { name: text("co-quan-ngoai") })),
        "nguoi-nop" => ("", Ok(Destination::Applicant)),
        "huy" => ("bien-ban", Ok(Destination::Destroyed { record: text("bien-ban") })),
        _ => return Err(Failure::not_found()),
    };
    let done = match to {
        Ok(to) => web.office.place_folder(&posted.by(visitor), id, version, &to).await,
        Err(why) => Err(why.into()),
    };
    Ok((field, done))
}

/// Where a folder is, in one sentence for the dossier's page: the sentence, since when, its address.
#[derive(Debug)]
pub(crate) struct Whereabouts {
    pub(crate) href: String,
    pub(crate) code: String,
    pub(crate) place: String,
    pub(crate) since: String,
    pub(crate) went_back: usize,
    pub(crate) stays: usize,
    pub(crate) is_with_applicant: bool,
}

/// Where the folder of a dossier is; none where it has none.
pub(crate) async fn whereabouts(web: &Web, id: DossierId) -> Result<Option<Whereabouts>, Failure> {
    let Some(folder) = web.office.folder_of(id).await? else { return Ok(None) };
    let names = web.office.names_of(std::slice::from_ref(&folder)).await?;
    let stays = folder.papers_in().count();
    Ok(Some(Whereabouts {
        href: format!("/bia/{}", folder.id),
        code: folder.code.to_string(),
        place: said::keeping(&folder.keeping, &names),
        since: words::moment(folder.since),
        went_back: folder.papers.len() - stays,
        stays,
        is_with_applicant: folder.keeping == Keeping::With(Holder::Applicant),
    }))
}
