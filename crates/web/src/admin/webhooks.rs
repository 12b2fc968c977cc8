//! Addresses that are told what happens: which there are, adding one, and what one was told last.

use super::HERE;
use super::people::agency_choices;
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key};
use crate::page::{self, Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::Error;
use office::webhook::Added;
use rules::event::trail::Group;
use rules::id::{NoticeId, WebhookId};
use rules::webhook::{GROUPS, TypedWebhook, host};
use rules::words;
use store::webhook::{Notice, Webhook};

const PATH: &str = "/quan-tri/thong-bao";

#[derive(Debug, Template)]
#[template(path = "admin/webhooks.html")]
struct List {
    shell: Shell,
    form: FormState,
    idem: String,
    rows: Vec<Row>,
    agencies: Vec<Choice>,
    groups: Vec<Choice>,
}

/// An address in the list and at the head of its own page.
#[derive(Debug)]
struct Row {
    href: String,
    name: String,
    agency: String,
    host: String,
    groups: String,
    tone: &'static str,
    icon: &'static str,
    state: String,
}

impl Row {
    fn of(webhook: &Webhook, agency: String) -> Self {
        let (tone, icon, state) = match (webhook.stopped_at, webhook.failing_since) {
            (Some(at), _) => ("bad", "circle-pause", format!("Ngừng gửi từ {}", words::moment(at))),
            (None, Some(at)) => ("warn", "triangle-alert", format!("Không nhận từ {}", words::moment(at))),
            (None, None) => ("ok", "circle-check", "Đang gửi".to_owned()),
        };
        let groups: Vec<&str> = webhook.groups.iter().map(|group| words::trail::group(*group)).collect();
        Self {
            href: format!("{PATH}/{}", webhook.id),
            name: webhook.name.clone(),
            agency,
            host: host(&webhook.address).unwrap_or_default().to_owned(),
            groups: groups.join("; "),
            tone,
            icon,
            state,
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "admin/webhook.html")]
struct One {
    shell: Shell,
    idem: String,
    row: Row,
    address: String,
    is_stopped: bool,
    notices: Vec<Line>,
}

/// What was told once.
#[derive(Debug)]
struct Line {
    happened: String,
    what: String,
    code: String,
    dossier: String,
    tone: &'static str,
    icon: &'static str,
    state: String,
    attempts: u32,
    again: String,
}

impl Line {
    fn of(notice: Notice) -> Self {
        let (tone, icon, state) = match (notice.taken_at, &notice.last_error) {
            (Some(at), _) => ("ok", "circle-check", format!("Đã nhận {}", words::moment(at))),
            (None, None) => ("pause", "clock", "Chờ gửi".to_owned()),
            (None, Some(_)) => ("warn", "triangle-alert", why(notice.last_status)),
        };
        Self {
            happened: words::moment(notice.happened_at),
            what: Group::of(&notice.kind)
                .map_or_else(|| notice.kind.clone(), |of| words::trail::group(of).to_owned()),
            code: notice.dossier_code.unwrap_or_else(|| "chưa có mã".to_owned()),
            dossier: format!("/ho-so/{}", notice.dossier),
            tone,
            icon,
            state,
            attempts: notice.n_attempts,
            again: format!("{PATH}/{}/gui-lai/{}", notice.webhook, notice.id),
        }
    }
}

fn why(status: Option<u16>) -> String {
    match status {
        Some(status) => format!("Nơi nhận trả lời mã {status}"),
        None => "Không gửi tới được; xem lại địa chỉ và mạng".to_owned(),
    }
}

/// The secret, on the one page that shows it.
#[derive(Debug, Template)]
#[template(path = "admin/webhook_added.html")]
struct Shown {
    shell: Shell,
    secret: String,
    back: String,
}

pub(crate) async fn list(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let form = FormState::default().with("co-quan", visitor.present.officer.agency.to_string());
    Ok(page::show(&web, &list_page(&web, &visitor, form).await?))
}

async fn list_page(web: &Web, visitor: &Visitor, form: FormState) -> Result<List, Failure> {
    let actor = &visitor.present.actor;
    let webhooks = web.office.webhooks(actor).await?;
    Ok(List {
        shell: shell(web, visitor, HERE).await?,
        form,
        idem: new_key(),
        rows: webhooks.into_iter().map(|(webhook, agency)| Row::of(&webhook, agency)).collect(),
        agencies: agency_choices(&web.office.agencies_kept(actor).await?),
        groups: GROUPS.into_iter().map(|of| Choice::new(of.code(), words::trail::group(of))).collect(),
    })
}

pub(crate) async fn add(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let groups: Vec<Group> = posted.all("loai").filter_map(Group::parse).collect();
    let typed = TypedWebhook { name: posted.get("ten"), address: posted.get("dia-chi"), groups: &groups };
    let agency = posted.sent("co-quan")?;
    match web.office.add_webhook(&posted.by(&visitor), agency, typed).await {
        Ok(Added { id, secret: Some(secret) }) => {
            let (shell, back) = (shell(&web, &visitor, HERE).await?, format!("{PATH}/{id}"));
            Ok(page::show(&web, &Shown { shell, secret, back }))
        }
        Ok(Added { id, secret: None }) => {
            let said = "Khóa ký đã hiện một lần. Lỡ mất thì bỏ nơi nhận này rồi thêm lại";
            Ok(on_to(&web, &format!("{PATH}/{id}"), said))
        }
        Err(error) => {
            let mut form = posted.state();
            form.refuse("", &refused(error)?);
            let page = list_page(&web, &visitor, form).await?;
            Ok(show_as(&web, StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let view = web.office.webhook(&visitor.present.actor, place.id("id")?).await?;
    let page = One {
        shell: shell(&web, &visitor, HERE).await?,
        idem: new_key(),
        address: view.webhook.address.clone(),
        is_stopped: view.webhook.stopped_at.is_some(),
        row: Row::of(&view.webhook, view.agency),
        notices: view.told.into_iter().map(Line::of).collect(),
    };
    Ok(page::show(&web, &page))
}

fn done(web: &Web, id: WebhookId, done: Result<(), Error>, said: &str) -> Result<Response, Failure> {
    done?;
    Ok(on_to(web, &format!("{PATH}/{id}"), said))
}

pub(crate) async fn stop(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let stopped = web.office.stop_webhook(&posted.by(&visitor), id).await;
    done(&web, id, stopped, "Đã ngừng gửi. Việc xảy ra từ bây giờ không được báo cho nơi này")
}

pub(crate) async fn resume(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let resumed = web.office.resume_webhook(&posted.by(&visitor), id).await;
    done(&web, id, resumed, "Đã gửi tiếp. Việc xảy ra trong lúc ngừng không được báo lại")
}

pub(crate) async fn send_again(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let (id, notice): (WebhookId, NoticeId) = (place.id("id")?, place.id("notice")?);
    let sent = web.office.send_notice_again(&posted.by(&visitor), id, notice).await;
    done(&web, id, sent, "Đang gửi lại. Tải lại trang để xem kết quả")
}

pub(crate) async fn remove(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    web.office.remove_webhook(&posted.by(&visitor), place.id("id")?).await?;
    Ok(on_to(&web, PATH, "Đã bỏ nơi nhận cùng danh sách đã gửi"))
}
