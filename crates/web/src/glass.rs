//! Opening a dossier in an emergency, and saying afterwards whether it was right.

use crate::Web;
use crate::device::FromDevice;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key};
use crate::page::{Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use office::Refusal;
use office::people::glass::GlassTyped;
use rules::id::GlassId;
use rules::people::glass::{GlassFault, GlassVerdict, answers_for};
use rules::words;
use store::people::glass::{GlassLine, GlassLooks};

const PATH: &str = "/mo-khan-cap";
/// The fields of the form that opens.
const CODE: &str = "ma-ho-so";
const REASON: &str = "ly-do";
const PASSWORD: &str = "mat-khau";
/// The buttons that review, and the version of what was shown.
const VERDICT: &str = "ket-luan";
const VERSION: &str = "phien-ban";
const FITTING: &str = "dung";
const UNFITTING: &str = "khong-dung";

#[derive(Debug, Template)]
#[template(path = "glass/show.html")]
struct GlassPage {
    shell: Shell,
    form: FormState,
    idem: String,
    hours: u16,
    days_to_review: u16,
    n_left: i64,
    /// Where he reads anyway what he asked for; empty where he does not.
    seen_href: String,
    own: Vec<Own>,
    /// Whether he says of openings whether they were right.
    reviews: bool,
    to_review: Vec<Waiting>,
    unfitting: Vec<Unfitting>,
}

/// What the officer has open.
#[derive(Debug)]
struct Own {
    href: String,
    code: String,
    until: String,
    reason: String,
}

/// What waits to be reviewed, with its form.
#[derive(Debug)]
struct Waiting {
    id: String,
    href: String,
    code: String,
    who: String,
    opened: String,
    /// Until when it lasts, or when it ended.
    lasts: String,
    reason: String,
    looked: Vec<String>,
    review_by: String,
    is_late: bool,
    version: i64,
    /// The name of its field.
    words: String,
    idem: String,
}

/// What was not right.
#[derive(Debug)]
struct Unfitting {
    code: String,
    who: String,
    opened: String,
    reason: String,
    words: String,
    reviewer: String,
    reviewed: String,
}

pub(crate) async fn show(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    render(&web, &visitor, StatusCode::OK, FormState::default(), String::new()).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
    seen_href: String,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let now = web.office.clock.now();
    let desk = web.office.glass_desk(actor).await?;
    let terms = &web.office.settings.glass;
    let page = GlassPage {
        shell: shell(web, visitor, PATH).await?,
        form,
        idem: new_key(),
        hours: terms.hours,
        days_to_review: terms.days_to_review,
        n_left: desk.n_left,
        seen_href,
        own: desk.own.into_iter().map(own).collect(),
        reviews: !answers_for(actor).is_empty(),
        to_review: desk.to_review.iter().map(|(line, looks)| waiting(line, looks, now)).collect(),
        unfitting: desk.unfitting.into_iter().map(unfitting).collect(),
    };
    Ok(show_as(web, status, &page))
}

fn own(line: GlassLine) -> Own {
    Own {
        href: format!("/ho-so/{}", line.glass.dossier),
        code: line.code,
        until: words::moment(line.glass.ends_at),
        reason: line.glass.reason,
    }
}

fn who(line: &GlassLine) -> String {
    format!("{}, {}", line.officer_name, line.agency_name)
}

fn waiting(line: &GlassLine, looks: &[GlassLooks], now: Timestamp) -> Waiting {
    let glass = &line.glass;
    let ends = words::moment(glass.ends_at);
    Waiting {
        id: glass.id.to_string(),
        href: format!("/ho-so/{}", glass.dossier),
        code: line.code.clone(),
        who: who(line),
        opened: words::moment(glass.opened_at),
        lasts: if glass.is_open(now) {
            format!("Đang mở, đến {ends}")
        } else {
            format!("Đã đóng {ends}")
        },
        reason: glass.reason.clone(),
        looked: looks.iter().map(looked).collect(),
        review_by: words::moment(glass.review_by),
        is_late: glass.is_late(now),
        version: glass.version,
        words: words_field(&glass.id.to_string()),
        idem: new_key(),
    }
}

/// What was looked at, and how often.
fn looked(looks: &GlassLooks) -> String {
    let what = if looks.kind == "dossier_viewed" { "Trang hồ sơ" } else { "Giấy tờ" };
    format!("{what}: {} lần, lần cuối {}", looks.n_looks, words::moment(looks.last_at))
}

fn unfitting(line: GlassLine) -> Unfitting {
    let review = line.glass.review.as_ref();
    Unfitting {
        who: who(&line),
        opened: words::moment(line.glass.opened_at),
        words: review.map(|review| review.words.clone()).unwrap_or_default(),
        reviewed: review.map(|review| words::moment(review.at)).unwrap_or_default(),
        code: line.code,
        reason: line.glass.reason,
        reviewer: line.reviewer_name,
    }
}

/// The name of the field for what is said of one opening: there are many on the page.
fn words_field(id: &str) -> String {
    format!("nhan-xet-{id}")
}

/// The field a fault belongs to; the words of a review have the field given.
fn field_of(fault: GlassFault, words: &str) -> &str {
    match fault {
        GlassFault::CodeMissing | GlassFault::NothingToOpen | GlassFault::SeenAlready(_) => CODE,
        GlassFault::ReasonShort | GlassFault::ReasonLong => REASON,
        GlassFault::WordsMissing | GlassFault::WordsLong => words,
        GlassFault::TooMany(_)
        | GlassFault::VerdictMissing
        | GlassFault::OwnOpening
        | GlassFault::ReviewedAlready => "",
    }
}

/// What was refused, at the fields; and where the officer reads anyway what he asked for.
fn tell(form: &mut FormState, refusal: &Refusal, words: &str) -> String {
    let mut seen_href = String::new();
    match refusal {
        Refusal::Glass(faults) => {
            for &fault in faults {
                form.fault(field_of(fault, words), words::glass::fault(fault));
                if let GlassFault::SeenAlready(dossier) = fault {
                    seen_href = format!("/ho-so/{dossier}");
                }
            }
        }
        other => form.refuse(PASSWORD, other),
    }
    seen_href
}

/// Opens a dossier to this officer.
pub(crate) async fn open(
    State(web): State<Web>,
    visitor: Visitor,
    FromDevice(device): FromDevice,
    posted: Posted,
) -> Result<Response, Failure> {
    let typed =
        GlassTyped { code: posted.get(CODE), reason: posted.get(REASON), password: posted.get(PASSWORD) };
    match web.office.break_glass(&posted.by(&visitor), typed, &device).await {
        Ok(broken) => {
            let told = format!("Đã mở khẩn cấp. Đọc được đến {}", words::moment(broken.until));
            Ok(on_to(&web, &format!("/ho-so/{}", broken.dossier), &told))
        }
        Err(error) => {
            let mut form = posted.state();
            let seen_href = tell(&mut form, &refused(error)?, "");
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form, seen_href).await
        }
    }
}

/// Says of an opening whether it was right.
pub(crate) async fn review(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: GlassId = place.id("id")?;
    let verdict = match posted.get(VERDICT) {
        FITTING => Some(GlassVerdict::Fitting),
        UNFITTING => Some(GlassVerdict::Unfitting),
        _ => None,
    };
    let field = words_field(&id.to_string());
    let (by, version) = (posted.by(&visitor), posted.sent(VERSION)?);
    match web.office.review_glass(&by, id, version, verdict, posted.get(&field)).await {
        Ok(()) => Ok(on_to(&web, PATH, "Đã ghi kết quả xem xét")),
        Err(error) => {
            let mut form = posted.state();
            tell(&mut form, &refused(error)?, &field);
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form, String::new()).await
        }
    }
}
