//! Results that go out by post together: bundles of a counter, what is in each, the postman who took it, and
//! what the post said of each envelope.

use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key};
use crate::page::{Place, Shell, file, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use office::Error;
use office::dossier::posting::{BundleView, Enclosed, Envelope, ForPost};
use rules::dossier::{Dossier, ReturnWay};
use rules::event::PostOutcome;
use rules::id::PostBundleId;
use rules::words;
use store::signing::post::PostBundle;

const PATH: &str = "/buu-chinh";

#[derive(Debug, Template)]
#[template(path = "dossier/bundles.html")]
struct BundlesPage {
    shell: Shell,
    form: FormState,
    idem: String,
    bundles: Vec<BundleRow>,
    waiting: Waiting,
}

/// The results that wait for a postman.
#[derive(Debug, Default)]
struct Waiting {
    rows: Vec<WaitingRow>,
    /// How many there are, or that more are not shown.
    told: String,
}

/// A result that waits to be put into a bundle.
#[derive(Debug)]
struct WaitingRow {
    href: String,
    code: String,
    holder: String,
    address: String,
    procedure: String,
    key: String,
}

impl WaitingRow {
    fn of(Envelope { line, address, .. }: Envelope) -> Self {
        Self {
            href: format!("/ho-so/{}", line.dossier.id),
            code: line.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
            holder: line.holder_name,
            address,
            procedure: line.procedure_name,
            key: new_key(),
        }
    }
}

async fn waiting(web: &Web, visitor: &Visitor) -> Result<Waiting, Failure> {
    let ForPost { envelopes, is_cut } = web.office.results_for_post(&visitor.present.actor).await?;
    let of = if is_cut { " của các hồ sơ lâu nhất" } else { "" };
    let told = format!("{} kết quả{of}", envelopes.len());
    Ok(Waiting { rows: envelopes.into_iter().map(WaitingRow::of).collect(), told })
}

#[derive(Debug)]
struct BundleRow {
    href: String,
    post_office: String,
    state: String,
}

#[derive(Debug, Template)]
#[template(path = "dossier/bundle.html")]
struct BundlePage {
    shell: Shell,
    form: FormState,
    keys: [String; 2],
    base: String,
    post_office: String,
    state: String,
    is_open: bool,
    items: Vec<ItemRow>,
    /// What can still be put in; nothing once the postman has it.
    waiting: Waiting,
}

#[derive(Debug)]
struct ItemRow {
    href: String,
    dossier: String,
    code: String,
    holder: String,
    address: String,
    /// How the applicant wants it, where that is not by post; else empty.
    wants: String,
    procedure: String,
    tracking: String,
    said: String,
    may_answer: bool,
    key: String,
}

fn state(bundle: &PostBundle) -> String {
    match &bundle.taken {
        None => format!("Lập lúc {}, chưa giao bưu tá", words::moment(bundle.made_at)),
        Some(taken) => format!("{} nhận lúc {}", taken.postman, words::moment(taken.at)),
    }
}

/// How the applicant wants it, or is supposed to, where that is not by post.
fn otherwise(dossier: &Dossier, address: &str) -> String {
    match dossier.return_way(address) {
        ReturnWay::Post { .. } => String::new(),
        other => words::way_out::wanted(&other),
    }
}

pub(crate) async fn list(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    render_list(&web, &visitor, StatusCode::OK, FormState::default()).await
}

async fn render_list(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let bundles = web.office.post_bundles(&visitor.present.actor).await?;
    let row = |bundle: PostBundle| BundleRow {
        href: format!("{PATH}/{}", bundle.id),
        state: state(&bundle),
        post_office: bundle.post_office,
    };
    let page = BundlesPage {
        shell: shell(web, visitor, "/quay").await?,
        form,
        idem: new_key(),
        bundles: bundles.into_iter().map(row).collect(),
        waiting: waiting(web, visitor).await?,
    };
    Ok(show_as(web, status, &page))
}

pub(crate) async fn begin(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    match web.office.begin_post_bundle(&posted.by(&visitor), posted.get("buu-cuc")).await {
        Ok(id) => Ok(on_to(&web, &format!("{PATH}/{id}"), "")),
        Err(error) => {
            let mut form = posted.state();
            form.refuse("buu-cuc", &refused(error)?);
            render_list(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
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
    id: PostBundleId,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let BundleView { bundle, items, .. } = web.office.post_bundle(&visitor.present.actor, id).await?;
    let is_open = bundle.taken.is_none();
    let row = |Enclosed { item, envelope: Envelope { line, address, .. } }| ItemRow {
        href: format!("/ho-so/{}", item.dossier),
        dossier: item.dossier.to_string(),
        code: line.dossier.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        wants: otherwise(&line.dossier, &address),
        address,
        holder: line.holder_name,
        procedure: line.procedure_name,
        tracking: item.tracking,
        said: match item.outcome {
            Some((outcome, at)) => {
                format!(
                    "{}, ghi lúc {}",
                    words::upper_first(words::way_out::post_outcome(outcome)),
                    words::moment(at)
                )
            }
            None if is_open => "Chờ bưu tá".to_owned(),
            None => "Đang trên đường".to_owned(),
        },
        may_answer: !is_open && item.outcome.is_none(),
        key: new_key(),
    };
    let page = BundlePage {
        shell: shell(web, visitor, "/quay").await?,
        form,
        keys: std::array::from_fn(|_| new_key()),
        base: format!("{PATH}/{id}"),
        state: state(&bundle),
        post_office: bundle.post_office,
        is_open,
        waiting: if is_open { waiting(web, visitor).await? } else { Waiting::default() },
        items: items.into_iter().map(row).collect(),
    };
    Ok(show_as(web, status, &page))
}

/// What an act on a bundle came to: its page again, with what was wrong and what was typed.
async fn after(
    web: &Web,
    visitor: &Visitor,
    id: PostBundleId,
    posted: &Posted,
    done: Result<(), Error>,
    said: &str,
) -> Result<Response, Failure> {
    let Err(error) = done else { return Ok(on_to(web, &format!("{PATH}/{id}"), said)) };
    let mut form = posted.state();
    form.refuse("", &refused(error)?);
    render(web, visitor, id, StatusCode::UNPROCESSABLE_ENTITY, form).await
}

pub(crate) async fn add(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let (id, by) = (place.id("id")?, posted.by(&visitor));
    let done = web.office.post_result(&by, id, posted.get("ma-ho-so"), posted.get("so-hieu")).await;
    after(&web, &visitor, id, &posted, done, "").await
}

pub(crate) async fn remove(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let (id, dossier) = (place.id("id")?, posted.sent("ho-so")?);
    let done = web.office.unpost_result(&posted.by(&visitor), id, dossier).await;
    after(&web, &visitor, id, &posted, done, "Đã bỏ khỏi gói").await
}

pub(crate) async fn send(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let done = web.office.send_post_bundle(&posted.by(&visitor), id, posted.get("buu-ta")).await;
    after(&web, &visitor, id, &posted, done, "Đã giao bưu tá. In bảng kê cho bưu tá ký.").await
}

pub(crate) async fn answer(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let (id, dossier) = (place.id("id")?, posted.sent("ho-so")?);
    let outcome = match posted.get("ket-qua") {
        "da-phat" => PostOutcome::Delivered,
        "chuyen-hoan" => PostOutcome::CameBack,
        _ => return Err(Failure::not_found()),
    };
    let done = web.office.post_answered(&posted.by(&visitor), id, dossier, outcome).await;
    after(&web, &visitor, id, &posted, done, "Đã ghi").await
}

pub(crate) async fn printed(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let pdf = web.office.post_list(&visitor.present.actor, place.id("id")?).await?;
    Ok(file(Bytes::from(pdf), "application/pdf", "bang-ke-buu-chinh.pdf"))
}
