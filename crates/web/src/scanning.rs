//! Digitisation: what is being read, and the screen where fields are compared with the picture,
//! corrected and confirmed.

use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{Posted, new_key, query_value};
use crate::page::{Message, Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use office::scanning::PageSize;
use office::{Error, Refusal};
use rules::id::RecordId;
use rules::scanning::{FieldKey, Proposal, Record, TypedFields};
use rules::words;
use rules::words::sentence::Names;

/// Values below this confidence are looked at by a person.
const SURE: f32 = 0.8;

#[derive(Debug, Template)]
#[template(path = "scanning/list.html")]
struct List {
    shell: Shell,
    rows: Vec<Row>,
    busy: bool,
}

#[derive(Debug)]
struct Row {
    href: String,
    title: String,
    holder: String,
    code: String,
    dossier_href: String,
    tone: &'static str,
    icon: &'static str,
    state: &'static str,
    since: String,
}

pub(crate) async fn list(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let sight = visitor.present.actor.sight();
    let mut reader = web.office.db.read().await?;
    let lines = store::scanning::lines_open(&mut reader, &sight, 200).await?;
    let names = store::procedure::component_names(&mut reader, &lines).await?;
    drop(reader);
    let busy = lines.iter().any(|line| matches!(line.state.as_str(), "reading" | "to_sign"));
    let rows = lines
        .into_iter()
        .map(|line| {
            let (tone, icon) = match line.state.as_str() {
                "to_confirm" => ("warn", "eye"),
                "stuck" => ("bad", "circle-alert"),
                _ => ("info", "loader-circle"),
            };
            Row {
                href: format!("/so-hoa/{}", line.id),
                title: names.get(&(line.dossier, line.component.clone())).cloned().unwrap_or(line.component),
                holder: line.holder_name,
                code: line.dossier_code.unwrap_or_default(),
                dossier_href: format!("/ho-so/{}", line.dossier),
                tone,
                icon,
                state: words::record_state(&line.state),
                since: words::moment(line.created_at),
            }
        })
        .collect();
    let page = List { shell: shell(&web, &visitor, "/so-hoa").await?, rows, busy };
    Ok(show_as(&web, StatusCode::OK, &page))
}

#[derive(Debug, Template)]
#[template(path = "scanning/review.html")]
struct Review {
    shell: Shell,
    id: String,
    title: String,
    holder: String,
    code: String,
    dossier_href: String,
    state: &'static str,
    waiting: bool,
    stuck: String,
    warnings: Vec<String>,
    pages: Vec<ReviewPage>,
    page: ReviewPage,
    fields: Vec<ReviewField>,
    n_fields: usize,
    n_doubts: usize,
    idem: String,
}

#[derive(Clone, Debug, Default)]
struct ReviewPage {
    number: usize,
    href: String,
    image_href: String,
    height: u32,
    alt: String,
    current: bool,
}

#[derive(Debug)]
struct ReviewField {
    id: &'static str,
    number: usize,
    name: &'static str,
    label: &'static str,
    value: String,
    state: &'static str,
    tone: &'static str,
    icon: &'static str,
    state_label: &'static str,
    note: String,
    note_tone: &'static str,
    current: bool,
    confirmed: bool,
    x: u32,
    y: u32,
    w: u32,
    h: u32,
    crop: String,
    suggestions: Vec<String>,
    /// The page the value stands on, for the crop.
    page: ReviewPage,
}

pub(crate) async fn review(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let page = query_value(query.as_deref(), "trang").parse::<usize>().ok();
    let asked = Asked { page: page.and_then(|page| page.checked_sub(1)), ..Asked::default() };
    render(&web, &visitor, place.id("id")?, StatusCode::OK, &asked).await
}

/// What a showing of the screen starts from.
#[derive(Default)]
struct Asked {
    /// From 0.
    page: Option<usize>,
    typed: Option<TypedFields>,
    faults: Vec<(FieldKey, String)>,
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    id: RecordId,
    status: StatusCode,
    asked: &Asked,
) -> Result<Response, Failure> {
    let (record, view) = web.office.open_record(&visitor.present.actor, id).await?;
    let texts = web.office.page_sizes(&record).await?;
    let proposed = record.state.reading().map(|reading| reading.proposed.as_slice()).unwrap_or_default();
    // The page that most of the fields stand on is shown; without one, the first.
    let first = proposed.iter().find_map(|proposal| proposal.place).map_or(0, |(page, _)| page as usize);
    let shown = asked.page.filter(|page| *page < texts.len()).unwrap_or(first);
    let pages: Vec<ReviewPage> = texts
        .iter()
        .enumerate()
        .map(|(index, size)| review_page(&record, index, *size, index == shown))
        .collect();
    let fields = fields(proposed, asked, &texts, &pages, shown);
    let mut shell = shell(web, visitor, "/so-hoa").await?;
    if !asked.faults.is_empty() {
        shell.flash.push(Message::bad("Chưa xác nhận được. Sửa các trường có dấu đỏ."));
    }
    let kind = record.state.kind();
    let stuck = match &record.state {
        rules::scanning::RecordState::Stuck { why } => why.clone(),
        _ => String::new(),
    };
    let page = Review {
        shell,
        id: id.to_string(),
        title: view.component(&record.component),
        holder: view.holder.name.clone(),
        code: view.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        dossier_href: format!("/ho-so/{}", record.dossier),
        state: words::record_state(kind),
        waiting: matches!(kind, "reading" | "to_sign"),
        stuck,
        warnings: record.state.reading().map(|reading| reading.warnings.clone()).unwrap_or_default(),
        page: pages.iter().find(|page| page.current).cloned().unwrap_or_default(),
        pages,
        n_fields: fields.len(),
        n_doubts: fields.iter().filter(|field| field.state != "ok").count(),
        fields,
        idem: new_key(),
    };
    if kind == "filed" {
        return Ok(on_to(web, &page.dossier_href, "Giấy này đã vào kho."));
    }
    Ok(show_as(web, status, &page))
}

fn review_page(record: &Record, index: usize, text: PageSize, current: bool) -> ReviewPage {
    ReviewPage {
        number: index + 1,
        href: format!("/so-hoa/{}?trang={}", record.id, index + 1),
        image_href: format!("/so-hoa/{}/anh/{index}", record.id),
        height: text.height * 1_000 / text.width.max(1),
        alt: format!("Ảnh trang {}", index + 1),
        current,
    }
}

fn fields(
    proposed: &[Proposal],
    asked: &Asked,
    texts: &[PageSize],
    pages: &[ReviewPage],
    shown: usize,
) -> Vec<ReviewField> {
    let mut first_doubt = true;
    FieldKey::ALL
        .into_iter()
        .enumerate()
        .map(|(index, key)| {
            let proposal = proposed.iter().find(|proposal| proposal.key == key);
            let value = match &asked.typed {
                Some(typed) => typed.get(key).to_owned(),
                None => proposal.map(|proposal| shown_value(key, &proposal.value)).unwrap_or_default(),
            };
            let fault = asked.faults.iter().find(|(faulty, _)| *faulty == key).map(|(_, text)| text.clone());
            let doubts = proposal.map(|proposal| proposal.doubts.join(". ")).unwrap_or_default();
            let unsure = proposal.is_some_and(|proposal| proposal.confidence < SURE);
            let (state, tone, icon, state_label) = match (&fault, value.is_empty()) {
                (Some(_), _) => ("missing", "bad", "circle-alert", "Cần sửa"),
                (None, true) if is_optional(key) => ("ok", "plain", "minus", "Không có"),
                (None, true) => ("missing", "bad", "circle-alert", "Thiếu"),
                (None, false) if !doubts.is_empty() || unsure => ("doubt", "warn", "eye", "Cần xem"),
                (None, false) => ("ok", "ok", "circle-check", "Rõ"),
            };
            // After a refusal the officer goes on at what was refused.
            let wanted = if asked.faults.is_empty() { state != "ok" } else { fault.is_some() };
            let current = wanted && std::mem::take(&mut first_doubt);
            let (on_page, [x, y, w, h], crop) = place(proposal, texts, shown);
            let note_tone = if fault.is_some() { "bad" } else { "" };
            ReviewField {
                id: key.name(),
                number: index + 1,
                name: key.name(),
                label: words::field(key),
                value,
                state,
                tone,
                icon,
                state_label,
                note: fault.unwrap_or(doubts),
                note_tone,
                current,
                confirmed: state == "ok",
                x,
                y,
                w,
                h,
                crop,
                suggestions: Vec::new(),
                page: pages.get(on_page).cloned().unwrap_or_default(),
            }
        })
        .collect()
}

/// Papers without them are common.
fn is_optional(key: FieldKey) -> bool {
    matches!(key, FieldKey::Number | FieldKey::IssuedOn | FieldKey::Issuer | FieldKey::ValidTo)
}

/// Days are kept as ISO and shown as people write them.
fn shown_value(key: FieldKey, value: &str) -> String {
    match key {
        FieldKey::IssuedOn | FieldKey::ValidTo => {
            value.parse().map_or_else(|_| value.to_owned(), words::date)
        }
        _ => value.to_owned(),
    }
}

/// The page of a proposal, its box there in units of a page 1000 wide (nothing when another page is
/// shown), and the crop around it.
fn place(proposal: Option<&Proposal>, texts: &[PageSize], shown: usize) -> (usize, [u32; 4], String) {
    let Some((page, rect)) = proposal.and_then(|proposal| proposal.place) else {
        return (0, [0; 4], String::new());
    };
    let page = page as usize;
    let Some(text) = texts.get(page) else { return (0, [0; 4], String::new()) };
    let scale = 1_000.0 / text.width.max(1) as f32;
    let [x0, y0, x1, y1] = rect.map(|side| (side * scale).max(0.0));
    let (x, y, w, h) = (x0 as u32, y0 as u32, (x1 - x0).max(1.0) as u32, (y1 - y0).max(1.0) as u32);
    // A little of the line's neighbours, so that a cut letter shows.
    let crop = format!("{} {} {} {}", x.saturating_sub(12), y.saturating_sub(8), w.max(220) + 24, h + 16);
    let on_show = if page == shown { [x, y, w, h] } else { [0; 4] };
    (page, on_show, crop)
}

pub(crate) async fn confirm(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: RecordId = place.id("id")?;
    let mut typed = TypedFields::default();
    for key in FieldKey::ALL {
        typed.set(key, posted.get(key.name()).to_owned());
    }
    match web.office.confirm_fields(&posted.by(&visitor), id, &typed).await {
        Ok(_) => {
            Ok(on_to(&web, &next(&web, &visitor, id).await?, "Đã xác nhận. Giấy có mã số hóa và đã vào kho."))
        }
        Err(error) => {
            let faults = match refused(error)? {
                Refusal::Fields(faults) => faults
                    .into_iter()
                    .map(|fault| (fault.key, words::field_problem(fault.key, &fault.fault)))
                    .collect(),
                other => vec![(FieldKey::PaperType, other.sentences(ToOwned::to_owned).join(". "))],
            };
            let asked = Asked { page: None, typed: Some(typed), faults };
            render(&web, &visitor, id, StatusCode::UNPROCESSABLE_ENTITY, &asked).await
        }
    }
}

/// The next paper of the same dossier that waits to be confirmed, else the list.
async fn next(web: &Web, visitor: &Visitor, done: RecordId) -> Result<String, Failure> {
    let mut reader = web.office.db.read().await?;
    let record = store::scanning::find(&mut reader, done).await?.ok_or(Error::NotFound)?;
    let dossier = store::dossier::find(&mut reader, record.dossier).await?.ok_or(Error::NotFound)?;
    let others = store::scanning::of_dossier(&mut reader, record.dossier).await?;
    drop(reader);
    visitor.present.actor.may_see(&dossier).map_err(Error::from)?;
    Ok(others
        .iter()
        .find(|other| other.id != done && other.state.kind() == "to_confirm")
        .map_or_else(|| "/so-hoa".to_owned(), |other| format!("/so-hoa/{}", other.id)))
}

pub(crate) async fn read_again(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: RecordId = place.id("id")?;
    web.office.read_again(&posted.by(&visitor), id).await?;
    Ok(on_to(&web, &format!("/so-hoa/{id}"), "Máy đang đọc lại."))
}
