//! The papers of an intake: one card a component, with everything that can be done to it.

use super::intake::{self, Way};
use crate::Web;
use crate::deed::Deed;
use crate::error::{Failure, refused};
use crate::form::{check_token, new_key};
use crate::page::{Place, html, on_to};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use office::counter::{SentFile, offers_of};
use office::dossier::view::DossierView;
use office::{By, Error};
use rules::counter::{Mark, Supply};
use rules::id::{DossierId, EntryId, PageId, UploadId};
use rules::procedure::{Component, Required, Treatment};
use rules::repository::Entry;
use rules::scanning::Edit;
use rules::words;
use rules::words::sentence::size;
use std::time::Duration;
use store::counter::{Page, Upload, UploadState};

/// How long an upload waits for its pages before the page is shown without them.
const OPENING_PATIENCE: Duration = Duration::from_secs(8);

/// A component's card; also the fragment that is refreshed while a file is being opened.
#[derive(Debug, Template)]
#[template(path = "counter/_component.html")]
pub(crate) struct Card {
    pub(crate) base: String,
    pub(crate) csrf: String,
    pub(crate) id: String,
    pub(crate) number: usize,
    pub(crate) name: String,
    pub(crate) detail: String,
    pub(crate) treatment: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) state: String,
    pub(crate) open: bool,
    pub(crate) opening: bool,
    /// The other cards that got pages of a stack sent here, with how many: they are refreshed with this one.
    pub(crate) also: String,
    pub(crate) takes_pages: bool,
    /// A key marks it: nothing was brought for it yet, and it is only shown or stays on paper.
    pub(crate) is_by_hand: bool,
    pub(crate) marks: Vec<(&'static str, &'static str)>,
    pub(crate) offers: Vec<Offer>,
    pub(crate) reused: Option<Offer>,
    pub(crate) pages: Vec<PageCard>,
    pub(crate) sides: String,
    pub(crate) n_pages: u32,
    pub(crate) may_undo: bool,
    pub(crate) files: Vec<FileLine>,
    pub(crate) message: String,
    /// Fresh keys for the forms of this card.
    pub(crate) keys: Vec<String>,
    /// The key that takes the first offer: `Alt+1` for the first component that has one.
    pub(crate) hotkey: String,
}

/// A stored paper that can be used.
#[derive(Debug)]
pub(crate) struct Offer {
    pub(crate) entry: String,
    pub(crate) title: String,
    pub(crate) detail: String,
    pub(crate) href: String,
}

#[derive(Debug)]
pub(crate) struct PageCard {
    pub(crate) id: String,
    pub(crate) number: usize,
    pub(crate) href: String,
    pub(crate) thumb_href: String,
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) state: String,
    pub(crate) current: bool,
    pub(crate) hidden: bool,
}

#[derive(Debug)]
pub(crate) struct FileLine {
    pub(crate) name: String,
    pub(crate) detail: String,
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) state: String,
}

/// The card of a component of `view`.
pub(crate) fn of_component(
    view: &DossierView,
    component: &Component,
    pages: &[Page],
    csrf: &str,
    today: jiff::civil::Date,
    number: usize,
) -> Card {
    let supply = view.supply(&component.id);
    let dossier = view.dossier.id.to_string();
    let open = Way::of(&view.dossier.state).is_some();
    let uploads: Vec<&Upload> =
        view.uploads.iter().filter(|upload| upload.component == component.id).collect();
    let opening = uploads.iter().any(|upload| upload.state == UploadState::Opening);
    let offers: Vec<Offer> = match supply {
        Supply::Missing => offers_of(&view.papers, component, &view.dossier, today)
            .into_iter()
            .map(|entry| offer(&dossier, entry))
            .collect(),
        _ => Vec::new(),
    };
    let reused = match supply {
        Supply::Reused { entry } => view.entry(*entry).map(|entry| offer(&dossier, entry)),
        _ => None,
    };
    let (tone, icon, state) = standing(component, supply, opening, offers.is_empty());
    let (cards, sides, n_pages, may_undo) = match supply {
        Supply::Pages { arrangement } => (
            page_cards(arrangement, pages),
            arrangement.sides.map(|sides| sides.to_string()).unwrap_or_default(),
            arrangement.n_pages(),
            !arrangement.edits.is_empty(),
        ),
        _ => (Vec::new(), String::new(), 0, false),
    };
    let takes_pages = open
        && matches!(component.treatment(), Treatment::Digitise(_))
        && matches!(supply, Supply::Missing | Supply::Pages { .. } | Supply::NotApplicable);
    Card {
        base: format!("/quay/{dossier}/giay/{}", component.id),
        csrf: csrf.to_owned(),
        id: component.id.clone(),
        number,
        name: component.name.clone(),
        detail: format!(
            "{} · {}",
            words::admissible_form(component.form),
            words::required(component.required)
        ),
        treatment: words::treatment(component),
        tone,
        icon,
        state,
        open,
        opening,
        also: filled_from(view, &component.id, &uploads, pages),
        takes_pages,
        is_by_hand: matches!(supply, Supply::Missing)
            && !matches!(component.treatment(), Treatment::Digitise(_)),
        marks: if open { marks(component, supply) } else { Vec::new() },
        offers: if open { offers } else { Vec::new() },
        reused,
        pages: cards,
        sides,
        n_pages,
        may_undo,
        files: uploads.into_iter().map(file_line).collect(),
        message: String::new(),
        keys: (0..8).map(|_| new_key()).collect(),
        hotkey: String::new(),
    }
}

/// The cards of other components that hold pages of the uploads of this one, with how many.
fn filled_from(view: &DossierView, component: &str, uploads: &[&Upload], pages: &[Page]) -> String {
    let sent = |id: &PageId| {
        pages.iter().any(|page| page.id == *id && uploads.iter().any(|upload| upload.id == page.upload))
    };
    let others = view.components.iter().filter(|other| other.id != component);
    let filled = others.filter_map(|other| match &other.supply {
        Supply::Pages { arrangement } => {
            let n_sent = arrangement.arrived.iter().filter(|page| sent(page)).count();
            (n_sent > 0).then(|| format!("giay-{}:{n_sent}", other.id))
        }
        _ => None,
    });
    filled.collect::<Vec<_>>().join(" ")
}

fn offer(dossier: &str, entry: &Entry) -> Offer {
    let mut parts = Vec::new();
    if let Some(number) = &entry.fields.number {
        parts.push(format!("số {number}"));
    }
    if let Some(day) = entry.fields.issued_on {
        parts.push(format!("cấp {}", words::date(day)));
    }
    if let Some(issuer) = &entry.fields.issuer {
        parts.push(issuer.clone());
    }
    match entry.fields.valid_to {
        Some(day) => parts.push(format!("hiệu lực đến {}", words::date(day))),
        None => parts.push("không thời hạn".to_owned()),
    }
    Offer {
        entry: entry.id.to_string(),
        title: entry.title.clone(),
        detail: parts.join(" · "),
        href: format!("/ho-so/{dossier}/kho/{}", entry.id),
    }
}

fn standing(
    component: &Component,
    supply: &Supply,
    opening: bool,
    no_offers: bool,
) -> (&'static str, &'static str, String) {
    if opening {
        return ("info", "loader-circle", "Đang mở tệp".to_owned());
    }
    match supply {
        Supply::Missing if !no_offers => ("ok", "archive", "Đã có trong kho".to_owned()),
        Supply::Missing if component.required == Required::IfAny => {
            ("plain", "minus", "Chưa có, không bắt buộc".to_owned())
        }
        Supply::Missing => ("warn", "circle-alert", words::supply(supply).to_owned()),
        Supply::Pages { arrangement } => {
            let n_pages = arrangement.n_pages();
            match arrangement.sides {
                Some(sides) if sides == n_pages && n_pages > 0 => {
                    ("ok", "circle-check", format!("Đủ {n_pages} trang"))
                }
                Some(sides) => ("warn", "files", format!("{n_pages} trang, đếm được {sides} mặt giấy")),
                None => ("warn", "files", format!("{n_pages} trang, chưa đếm mặt giấy")),
            }
        }
        Supply::NotApplicable => ("plain", "minus", words::supply(supply).to_owned()),
        other => ("ok", "circle-check", words::supply(other).to_owned()),
    }
}

fn marks(component: &Component, supply: &Supply) -> Vec<(&'static str, &'static str)> {
    let mut marks = Vec::new();
    if matches!(supply, Supply::Missing) {
        match component.treatment() {
            Treatment::ShowOnly => marks.push(("shown", words::mark(Mark::Shown))),
            Treatment::DoNotDigitise(_) => marks.push(("on_paper", words::mark(Mark::OnPaper))),
            Treatment::Digitise(_) => {}
        }
        if component.required == Required::IfAny {
            marks.push(("not_applicable", words::mark(Mark::NotApplicable)));
        }
    } else {
        marks.push(("missing", "Bỏ, chọn lại"));
    }
    marks
}

fn page_cards(arrangement: &rules::scanning::Arrangement, pages: &[Page]) -> Vec<PageCard> {
    arrangement
        .pages()
        .into_iter()
        .enumerate()
        .map(|(index, arranged)| {
            let page = pages.iter().find(|page| page.id == arranged.page);
            let (tone, icon, state) = match page.map(|page| &page.picture) {
                Some(picture) if picture.dpi < 200 => {
                    ("warn", "triangle-alert", format!("{} dpi", picture.dpi))
                }
                Some(picture) => ("ok", "circle-check", format!("{} dpi", picture.dpi)),
                None => ("bad", "circle-alert", "Không thấy".to_owned()),
            };
            let turns = arranged.quarter_turns;
            PageCard {
                id: arranged.page.to_string(),
                number: index + 1,
                href: format!("/trang/{}/anh?xoay={turns}", arranged.page),
                thumb_href: format!("/trang/{}/nho?xoay={turns}", arranged.page),
                tone,
                icon,
                state,
                current: false,
                hidden: false,
            }
        })
        .collect()
}

fn file_line(upload: &Upload) -> FileLine {
    let (tone, icon, state) = match &upload.state {
        UploadState::Opening => ("info", "loader-circle", "Đang mở".to_owned()),
        UploadState::Opened if upload.already_signed => {
            ("ok", "shield-check", "Đã ký số, giữ nguyên".to_owned())
        }
        UploadState::Opened => ("ok", "circle-check", "Đã mở".to_owned()),
        UploadState::Rejected(why) => ("bad", "circle-x", why.clone()),
    };
    let bytes = u64::try_from(upload.n_bytes).unwrap_or_default();
    FileLine { name: upload.file_name.clone(), detail: size(bytes), tone, icon, state }
}

/// The card alone, for refreshing.
pub(crate) async fn card(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let (id, component) = (place.id("id")?, place.text("component")?);
    let view = web.office.open_with_repository(&visitor.present.actor, id).await?;
    let cards = intake::cards(&web, &visitor, &view).await?;
    let card = cards.into_iter().find(|card| card.id == component).ok_or_else(Failure::not_found)?;
    Ok(html(StatusCode::OK, &card))
}

/// Takes files for a component. Each is safe before it is answered; one that cannot be used is named
/// and does not keep the others out.
pub(crate) async fn add_files(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    headers: HeaderMap,
    multipart: Multipart,
) -> Result<Response, Failure> {
    let (id, component): (DossierId, _) = (place.id("id")?, place.text("component")?.to_owned());
    let sent = read_files(multipart, &visitor).await?;
    let mut faults = Vec::new();
    let mut n_taken = 0;
    for (number, file) in sent.files.into_iter().enumerate() {
        let by = visitor.by(Some(&format!("{}-{number}", sent.key)));
        match take_file(&web, &by, id, &component, file).await? {
            None => n_taken += 1,
            Some(fault) => faults.push(fault),
        }
    }
    if sent.cut_short {
        faults.push("Có tệp nặng quá 50 MB nên chưa nhận. Quét ở 200 dpi hoặc tách làm hai".to_owned());
    }
    if n_taken == 0 && faults.is_empty() {
        faults.push("Chưa chọn tệp nào. Chọn tệp rồi gửi".to_owned());
    }
    let from_script = headers.contains_key("hx-request");
    match (faults.is_empty(), from_script) {
        (true, true) => Ok(StatusCode::NO_CONTENT.into_response()),
        (true, false) => Ok(on_to(&web, &format!("/quay/{id}#giay-{component}"), "")),
        (false, true) => Ok((StatusCode::UNPROCESSABLE_ENTITY, faults.join(". ")).into_response()),
        (false, false) => intake::show_with(&web, &visitor, id, faults).await,
    }
}

pub(crate) struct Sent {
    pub(crate) key: String,
    pub(crate) files: Vec<SentFile>,
    pub(crate) cut_short: bool,
}

/// The files of a form, read once its token was good.
pub(crate) async fn read_files(mut multipart: Multipart, visitor: &Visitor) -> Result<Sent, Failure> {
    let mut sent = Sent { key: new_key(), files: Vec::new(), cut_short: false };
    let mut checked = false;
    while let Some(part) = next_part(&mut multipart).await? {
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "csrf" => {
                check_token(part.text().await.unwrap_or_default().trim(), visitor)?;
                checked = true;
            }
            "idempotency_key" => {
                part.text().await.unwrap_or_default().trim().clone_into(&mut sent.key);
            }
            // The token stands before the files in the form; a file without it is not read.
            "file" if checked => {
                let name = part.file_name().unwrap_or_default().to_owned();
                match part.bytes().await {
                    Ok(bytes) if name.is_empty() && bytes.is_empty() => {}
                    Ok(bytes) => sent.files.push(SentFile { name, bytes }),
                    Err(_) => {
                        sent.cut_short = true;
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    if checked { Ok(sent) } else { Err(Failure::form_too_old()) }
}

async fn next_part(
    multipart: &mut Multipart,
) -> Result<Option<axum::extract::multipart::Field<'_>>, Failure> {
    multipart.next_field().await.map_err(|_: MultipartError| Failure::form_too_large())
}

/// Stores one file and waits a little for its pages; a fault in words if it cannot be used.
async fn take_file(
    web: &Web,
    by: &By,
    id: DossierId,
    component: &str,
    file: SentFile,
) -> Result<Option<String>, Failure> {
    let name = file.name.clone();
    match web.office.add_file(by, id, component, file).await {
        Ok(upload) => Ok(settled(web, upload).await?),
        Err(error) => {
            let sentences = refused(error)?.sentences(ToOwned::to_owned);
            Ok(Some(format!("“{name}”: {}", sentences.join(". "))))
        }
    }
}

/// Waits for a job to open an upload; gives up waiting, not the upload, after a while.
async fn settled(web: &Web, id: UploadId) -> Result<Option<String>, Failure> {
    let until = tokio::time::Instant::now() + OPENING_PATIENCE;
    loop {
        let mut reader = web.office.db.read().await?;
        let upload = store::counter::upload(&mut reader, id).await?.ok_or(Error::NotFound)?;
        drop(reader);
        match upload.state {
            UploadState::Rejected(why) => return Ok(Some(why)),
            UploadState::Opened => return Ok(None),
            UploadState::Opening if tokio::time::Instant::now() >= until => return Ok(None),
            UploadState::Opening => tokio::time::sleep(Duration::from_millis(60)).await,
        }
    }
}

/// Rotates, moves or removes one page: `act=rotate:<page>`.
pub(crate) async fn arrange(deed: Deed) -> Result<Response, Failure> {
    let component = deed.place.text("component")?;
    let (act, page) = deed.get("act").split_once(':').ok_or_else(Failure::not_found)?;
    let page: PageId = page.parse().map_err(|_| Failure::not_found())?;
    let edit = match act {
        "rotate" => Edit::Rotate { page },
        "up" => Edit::MoveUp { page },
        "down" => Edit::MoveDown { page },
        "remove" => Edit::Remove { page },
        _ => return Err(Failure::not_found()),
    };
    let done = deed.office().arrange(&deed.by(), deed.id, component, edit).await;
    after(&deed, component, done).await
}

pub(crate) async fn undo(deed: Deed) -> Result<Response, Failure> {
    let component = deed.place.text("component")?;
    let done = deed.office().undo_arrange(&deed.by(), deed.id, component).await;
    after(&deed, component, done).await
}

pub(crate) async fn count_sides(deed: Deed) -> Result<Response, Failure> {
    let component = deed.place.text("component")?;
    let Ok(sides) = deed.get("so-mat").parse() else {
        let fault = "Số mặt giấy là một số, ví dụ 2".to_owned();
        return intake::show_with(&deed.web, &deed.visitor, deed.id, vec![fault]).await;
    };
    let done = deed.office().count_sides(&deed.by(), deed.id, component, sides).await;
    after(&deed, component, done).await
}

pub(crate) async fn mark(deed: Deed) -> Result<Response, Failure> {
    let component = deed.place.text("component")?;
    let mark = match deed.get("danh-dau") {
        "shown" => Mark::Shown,
        "on_paper" => Mark::OnPaper,
        "not_applicable" => Mark::NotApplicable,
        "missing" => Mark::Missing,
        _ => return Err(Failure::not_found()),
    };
    let done = deed.office().mark_component(&deed.by(), deed.id, component, mark).await;
    after(&deed, component, done).await
}

pub(crate) async fn reuse(deed: Deed) -> Result<Response, Failure> {
    let component = deed.place.text("component")?;
    let entry: EntryId = deed.get("giay").parse().map_err(|_| Failure::not_found())?;
    let done = deed.office().reuse(&deed.by(), deed.id, component, entry).await;
    after(&deed, component, done).await
}

pub(crate) async fn decline(deed: Deed) -> Result<Response, Failure> {
    let component = deed.place.text("component")?;
    let entry: EntryId = deed.get("giay").parse().map_err(|_| Failure::not_found())?;
    let done = deed.office().decline_reuse(&deed.by(), deed.id, component, entry, deed.get("ly-do")).await;
    after(&deed, component, done).await
}

/// Back to the card after an act; what a rule refused is said on the page.
async fn after(deed: &Deed, component: &str, done: Result<(), Error>) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(on_to(&deed.web, &format!("/quay/{}#giay-{component}", deed.id), "")),
        Err(error) => {
            let sentences = refused(error)?.sentences(ToOwned::to_owned);
            intake::show_with(&deed.web, &deed.visitor, deed.id, sentences).await
        }
    }
}
