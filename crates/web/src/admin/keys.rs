//! Keys and certificates: whose there are, how long they hold, and one holder's key with what can be done to it.

use super::HERE;
use super::read::Reading;
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, bounded, check_token, new_key, query_value};
use crate::page::{Place, Shell, on_to, shell, show, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use office::keys::{HolderLine, KeyFile, KeyRing, KeySheet, ON_A_PAGE, Put, Wanted, may_confirm};
use office::{Error, Refusal};
use rules::event::KeyOrigin;
use rules::id::KeyProposalId;
use rules::signing::keys::KeyState;
use rules::words;
use store::signing::KeyHolder;
use store::signing::keys::{Certified, MOST_COUNTED};
use uuid::Uuid;

const LIST: &str = "/quan-tri/khoa";
/// The most bytes of the whole form. A file that is larger than a key can be is refused in words, and one that
/// is larger than this with the form.
const LARGEST: usize = 4 * 1024 * 1024;
/// The names of what can be asked for in addresses, with those on the page.
const WANTED: [(Wanted, &str, &str); 4] = [
    (Wanted::All, "", "Tất cả"),
    (Wanted::Ending, "sap-het", "Hết hạn, sắp hết hạn"),
    (Wanted::Missing, "chua-co", "Chưa có"),
    (Wanted::Waiting, "cho", "Chờ xác nhận"),
];

#[derive(Debug, Template)]
#[template(path = "admin/keys.html")]
struct Ring {
    shell: Shell,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    audit: Option<Sealing>,
    authority: String,
    /// When it last gave a stamp; nothing where it never did.
    stamped: String,
    roots: Vec<Root>,
    pager: String,
    previous: String,
    next: String,
}

#[derive(Debug)]
struct Chip {
    href: String,
    label: &'static str,
    current: bool,
    count: usize,
}

/// One holder in the list.
#[derive(Debug)]
struct Row {
    href: String,
    name: String,
    about: String,
    certificate: String,
    serial: String,
    issuer: String,
    from: String,
    to: String,
    mark: Mark,
    short: Mark,
    origin: &'static str,
    waits: bool,
}

/// How a key stands, as a tag.
#[derive(Debug)]
struct Mark {
    tone: &'static str,
    icon: &'static str,
    said: String,
}

/// The key that seals the events.
#[derive(Debug)]
struct Sealing {
    serial: String,
    from: String,
    to: String,
    mark: Mark,
}

/// A certificate that time stamps must lead to.
#[derive(Debug)]
struct Root {
    name: String,
    issuer: String,
    serial: String,
    to: String,
}

#[derive(Debug, Template)]
#[template(path = "admin/key.html")]
struct Sheet {
    shell: Shell,
    form: FormState,
    keys: [String; 5],
    action: String,
    name: String,
    about: String,
    is_agency: bool,
    row: Row,
    put: String,
    n_signatures: String,
    proposal: Option<Waiting>,
    may_try: bool,
    may_end: bool,
    needs_second: bool,
}

/// A key that waits for its second person.
#[derive(Debug)]
struct Waiting {
    action: String,
    certificate: String,
    serial: String,
    issuer: String,
    to: String,
    who: String,
    name_reason: String,
    until: String,
    /// Why the visitor cannot be the second person; empty where he can.
    why_not: String,
}

fn mark(state: KeyState) -> Mark {
    let (tone, icon) = match state {
        KeyState::Valid(_) => ("ok", "circle-check"),
        KeyState::Ending(_) => ("warn", "clock-alert"),
        KeyState::Missing | KeyState::NotYet(_) => ("plain", "minus"),
        KeyState::Expired(_) | KeyState::Ended(_) | KeyState::Unread => ("bad", "circle-slash"),
    };
    Mark { tone, icon, said: words::keys::state(state) }
}

/// The same where the days stand beside it.
fn short(state: KeyState) -> Mark {
    let said = match state {
        KeyState::Valid(_) => "Còn hạn",
        KeyState::Ending(_) => "Sắp hết hạn",
        KeyState::Expired(_) => "Hết hạn",
        KeyState::NotYet(_) => "Chưa đến ngày",
        KeyState::Ended(_) => "Ngừng dùng",
        KeyState::Missing | KeyState::Unread => return mark(state),
    };
    Mark { said: said.to_owned(), ..mark(state) }
}

fn day(at: jiff::Timestamp) -> String {
    words::date(rules::calendar::legal_time(at).date())
}

fn origin(origin: KeyOrigin) -> &'static str {
    match origin {
        KeyOrigin::Given => "",
        KeyOrigin::File => "Gắn từ tệp",
        KeyOrigin::Trial => "Tự ký, chỉ để thử",
    }
}

impl Row {
    fn of(line: HolderLine, about: String) -> Self {
        let HolderLine { holder, line, state, waits } = line;
        let certified = line.as_ref().and_then(|line| line.certified.clone());
        let said = |of: fn(&Certified) -> String| certified.as_ref().map(of).unwrap_or_default();
        Self {
            href: format!("{LIST}/{}", holder.id),
            name: holder.name,
            about,
            certificate: line.as_ref().map(|line| line.label.clone()).unwrap_or_default(),
            serial: said(|certified| certified.serial.clone()),
            issuer: said(|certified| certified.issuer.clone()),
            from: said(|certified| day(certified.first)),
            to: said(|certified| day(certified.last)),
            mark: mark(state),
            short: short(state),
            origin: line.as_ref().map_or("", |line| origin(line.origin)),
            waits,
        }
    }
}

pub(crate) async fn list(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let asked = query_value(query.as_deref(), "loc");
    let page = query_value(query.as_deref(), "trang").parse().unwrap_or(1_usize).clamp(1, 10_000);
    let wanted =
        WANTED.iter().find(|(_, word, _)| *word == asked).map_or(Wanted::All, |(wanted, ..)| *wanted);
    let ring = web.office.key_ring(&visitor.present.actor, wanted, page - 1).await?;
    let href = |word: &str, page: usize| match (word, page) {
        ("", 1) => LIST.to_owned(),
        ("", page) => format!("{LIST}?trang={page}"),
        (word, 1) => format!("{LIST}?loc={word}"),
        (word, page) => format!("{LIST}?loc={word}&trang={page}"),
    };
    let KeyRing { lines, counts, n, page, agencies, audit } = ring;
    let about = |line: &HolderLine| match line.holder.agency {
        None => "Con dấu của cơ quan".to_owned(),
        Some(agency) => agencies.get(&agency).cloned().unwrap_or_default(),
    };
    let (first, last) = (page * ON_A_PAGE + 1, page * ON_A_PAGE + lines.len());
    let settings = &web.office.settings;
    let (stamped, _) = web.office.link(&visitor.present.actor, store::link::TIMESTAMP).await?;
    let shown = Ring {
        shell: shell(&web, &visitor, HERE).await?,
        chips: WANTED
            .iter()
            .zip(counts)
            .map(|((of, word, label), count)| Chip {
                href: href(word, 1),
                label,
                current: *of == wanted,
                count,
            })
            .collect(),
        audit: audit.and_then(|(line, state)| {
            let certified = line.certified?;
            Some(Sealing {
                serial: certified.serial,
                from: day(certified.first),
                to: day(certified.last),
                mark: mark(state),
            })
        }),
        authority: settings.stamping.as_ref().map(|stamping| stamping.host()).unwrap_or_default(),
        stamped: stamped.last_ok.map(words::moment).unwrap_or_default(),
        roots: settings
            .timestamp_roots
            .iter()
            .map(|root| Root {
                name: root.subject_common_name().to_owned(),
                issuer: root.issuer_common_name().to_owned(),
                serial: root.serial().to_owned(),
                to: day(root.not_after()),
            })
            .collect(),
        pager: if n == 0 { String::new() } else { format!("{first}–{last} trong {n} nơi giữ khóa") },
        previous: if page == 0 { String::new() } else { href(&asked, page) },
        next: if last < n { href(&asked, page + 2) } else { String::new() },
        rows: lines
            .into_iter()
            .map(|line| {
                let about = about(&line);
                Row::of(line, about)
            })
            .collect(),
    };
    Ok(show(&web, &shown))
}

pub(crate) async fn sheet(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let form = FormState::default().with("tu", words::date(web.office.clock.today()));
    render(&web, &visitor, StatusCode::OK, place.id("holder")?, form).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    holder: Uuid,
    form: FormState,
) -> Result<Response, Failure> {
    let sheet = web.office.key_sheet(&visitor.present.actor, holder).await?;
    let KeySheet { holder, agency, line, state, put_by, n_signatures, proposal, proposed_by, may_try } =
        sheet;
    let action = format!("{LIST}/{}", holder.id);
    let put = match line.as_ref().and_then(|line| line.put_at) {
        Some(at) => format!("{}, {put_by}", words::moment(at)),
        None => String::new(),
    };
    let n_signatures = match n_signatures {
        n if n >= MOST_COUNTED => format!("{n} lần trở lên"),
        n => format!("{n} lần"),
    };
    let today = web.office.clock.today();
    let proposal = proposal.map(|waiting| Waiting {
        why_not: may_confirm(&waiting, visitor.present.officer.id, today)
            .err()
            .map(|fault| words::keys::fault(&fault))
            .unwrap_or_default(),
        action: format!("{action}/cho/{}", waiting.id),
        who: format!("{} đề nghị lúc {}", proposed_by, words::moment(waiting.proposed_at)),
        until: words::date(waiting.lapses_on),
        to: day(waiting.certified.last),
        certificate: waiting.certified.label,
        serial: waiting.certified.serial,
        issuer: waiting.certified.issuer,
        name_reason: waiting.name_reason.unwrap_or_default(),
    });
    let page = Sheet {
        shell: shell(web, visitor, HERE).await?,
        form,
        keys: std::array::from_fn(|_| new_key()),
        action,
        name: holder.name.clone(),
        is_agency: holder.kind == KeyHolder::Agency,
        needs_second: holder.needs_second_person(),
        may_end: state.signs() || matches!(state, KeyState::NotYet(_)),
        about: if agency.is_empty() { "Con dấu của cơ quan".to_owned() } else { agency },
        row: Row::of(HolderLine { holder, line, state, waits: proposal.is_some() }, String::new()),
        put,
        n_signatures,
        proposal,
        may_try,
    };
    Ok(show_as(web, status, &page))
}

/// What was sent to put a key in; the password goes no further than the act.
#[derive(Default)]
struct Sent {
    key: String,
    file: Vec<u8>,
    password: String,
    name_reason: String,
}

pub(crate) async fn put(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    request: Request,
) -> Result<Response, Failure> {
    let holder: Uuid = place.id("holder")?;
    let sent = read(request, &visitor).await?;
    let file = KeyFile { bytes: &sent.file, password: &sent.password, name_reason: &sent.name_reason };
    let done = web.office.put_key_file(&visitor.by(Some(&sent.key)), holder, file).await;
    let form = FormState::default().with("ly-do-ten", sent.name_reason.clone());
    let said = done.map(|put| match put {
        Put::Now => "Đã gắn khóa. Từ bây giờ ký bằng khóa này",
        Put::Waits => "Đã ghi đề nghị. Khóa được dùng khi một quản trị khác xác nhận",
    });
    answer(&web, &visitor, holder, form, said).await
}

/// Reads no more of a request than a key file can be long. A larger one is known by its size alone.
async fn read(request: Request, visitor: &Visitor) -> Result<Sent, Failure> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST).await.map_err(|_| Failure::form_too_large())?;
    let request = Request::from_parts(parts, Body::from(body));
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| Failure::form_too_old())?;
    let mut sent = Sent::default();
    let mut is_checked = false;
    while let Some(part) = multipart.next_field().await.map_err(|_| Failure::form_too_large())? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = bounded(part, LARGEST).await?;
        let text = || String::from_utf8_lossy(&bytes).into_owned();
        match name.as_str() {
            "csrf" => {
                check_token(text().trim(), visitor)?;
                is_checked = true;
            }
            "idempotency_key" => text().trim().clone_into(&mut sent.key),
            "mat-khau" => sent.password = text(),
            "ly-do-ten" => text().trim().clone_into(&mut sent.name_reason),
            "tep" => sent.file = bytes,
            _ => {}
        }
    }
    if is_checked { Ok(sent) } else { Err(Failure::form_too_old()) }
}

async fn answer(
    web: &Web,
    visitor: &Visitor,
    holder: Uuid,
    mut form: FormState,
    done: Result<&str, Error>,
) -> Result<Response, Failure> {
    match done {
        Ok(said) => Ok(on_to(web, &format!("{LIST}/{holder}"), said)),
        Err(error) => {
            form.refuse("", &refused(error)?);
            if !form.holds("tu") {
                form = form.with("tu", words::date(web.office.clock.today()));
            }
            render(web, visitor, StatusCode::UNPROCESSABLE_ENTITY, holder, form).await
        }
    }
}

pub(crate) async fn make_trial(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let holder: Uuid = place.id("holder")?;
    let done = web.office.make_trial_key(&posted.by(&visitor), holder).await;
    let said = done.map(|()| "Đã tạo khóa tự ký để thử. Chữ ký bằng khóa này không có giá trị pháp lý");
    answer(&web, &visitor, holder, posted.state(), said).await
}

pub(crate) async fn end(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let holder: Uuid = place.id("holder")?;
    let mut reading = Reading::of(&posted);
    let on = reading.needed_day("tu");
    let done = if reading.is_sound() {
        web.office.end_key(&posted.by(&visitor), holder, on, posted.get("ly-do")).await
    } else {
        Err(Error::Refused(Refusal::Form(Vec::new())))
    };
    let said = format!("Đã ghi. Từ {} khóa này không ký được nữa", words::date(on));
    answer(&web, &visitor, holder, reading.form, done.map(|()| said.as_str())).await
}

pub(crate) async fn confirm(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let (holder, proposal): (Uuid, KeyProposalId) = (place.id("holder")?, place.id("proposal")?);
    let done = web.office.confirm_key(&posted.by(&visitor), holder, proposal).await;
    let said = done.map(|()| "Đã xác nhận. Từ bây giờ ký bằng khóa này");
    answer(&web, &visitor, holder, posted.state(), said).await
}

pub(crate) async fn decline(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let (holder, proposal): (Uuid, KeyProposalId) = (place.id("holder")?, place.id("proposal")?);
    let reason = posted.get("khong-ly-do");
    let done = web.office.decline_key(&posted.by(&visitor), holder, proposal, reason).await;
    let said = done.map(|()| "Đã bỏ đề nghị. Tệp khóa đã được xóa khỏi hệ thống");
    answer(&web, &visitor, holder, posted.state(), said).await
}
