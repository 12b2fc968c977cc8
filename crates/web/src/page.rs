//! What every page of a signed-in officer has around it, and the address extractors.

use crate::access::{
    ADMIN, AUDIT, Access, BOOKS, COUNTER, CUSTODY, GLASS, OVERVIEW, QUEUE_SETUP, SEARCH, SIGNING, WAITING,
};
use crate::error::Failure;
use crate::session::Visitor;
use crate::{Web, handbook, session};
use askama::Template;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use rules::people::{Actor, Role};
use rules::words;
use std::collections::BTreeSet;
use std::str::FromStr;

/// The frame of a page.
#[derive(Debug)]
pub(crate) struct Shell {
    pub(crate) agency: String,
    pub(crate) officer: String,
    pub(crate) officer_role: String,
    pub(crate) csrf: String,
    pub(crate) query: String,
    /// Whether he may look for papers and people.
    pub(crate) may_search: bool,
    pub(crate) version: &'static str,
    pub(crate) nav: Vec<NavItem>,
    pub(crate) flash: Vec<Message>,
    /// Where the handbook tells of this place.
    pub(crate) guide: &'static str,
    /// Whether everything here is only to learn by.
    pub(crate) is_for_training: bool,
}

#[derive(Debug)]
pub(crate) struct NavItem {
    pub(crate) href: &'static str,
    pub(crate) label: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) current: bool,
    pub(crate) count: i64,
}

/// A message at the top of a page.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) tone: &'static str,
    pub(crate) text: String,
}

impl Message {
    pub(crate) fn bad(text: impl Into<String>) -> Self {
        Self { tone: "bad", text: text.into() }
    }
}

/// The places of the navigation with their names and icons, and who may come there: as the table of
/// routes says.
pub(crate) const PLACES: [(&str, &str, &str, Access); 13] = [
    ("/quay", "Quầy tiếp nhận", "inbox", COUNTER),
    ("/viec", "Việc của tôi", "list-checks", WAITING),
    ("/tong-quan", "Tổng quan", "layers", OVERVIEW),
    ("/ky", "Ký số", "signature", SIGNING),
    ("/so-hoa", "Số hóa", "scan-line", COUNTER),
    ("/kho", "Kho giấy tờ", "archive", SEARCH),
    ("/bia", "Bìa giấy", "folder-open", CUSTODY),
    ("/so", "Sổ sách", "book-open", BOOKS),
    ("/bao-dong", "Báo động", "triangle-alert", SEARCH),
    ("/mo-khan-cap", "Mở khẩn cấp", "lock", GLASS),
    ("/quan-tri", "Quản trị", "settings", ADMIN),
    ("/quan-tri/hang-cho", "Hàng chờ", "users", QUEUE_SETUP),
    ("/quan-tri/nhat-ky", "Nhật ký", "history", AUDIT),
];

/// The navigation of an officer with the posts he holds today.
fn nav(actor: &Actor, place: &str) -> Vec<NavItem> {
    PLACES
        .into_iter()
        .filter(|(_, _, _, access)| access.admits(actor))
        .map(|(href, label, icon, _)| NavItem { href, label, icon, current: href == place, count: 0 })
        .collect()
}

/// Where the day's work of an officer is: the first place of his navigation.
pub(crate) fn first_place(actor: &Actor) -> &'static str {
    nav(actor, "").first().map_or("/tai-khoan", |item| item.href)
}

/// What an officer is today: his own roles, and those he acts in for others.
fn roles(actor: &Actor) -> String {
    let held = |is_lent: bool| -> BTreeSet<Role> {
        actor.held().filter(|(_, lent)| lent.is_some() == is_lent).map(|(post, _)| post.role).collect()
    };
    let own = held(false);
    let lent = held(true).into_iter().map(|role| format!("{} (làm thay)", words::role(role)));
    own.iter().map(|&role| words::role(role).to_owned()).chain(lent).collect::<Vec<_>>().join(", ")
}

/// The frame for a visitor at a place of the navigation.
pub(crate) async fn shell(web: &Web, visitor: &Visitor, place: &str) -> Result<Shell, Failure> {
    let mut reader = web.office.db.read().await?;
    let officer = &visitor.present.officer;
    let agency = store::people::unit(&mut reader, officer.agency).await?;
    let flash = visitor.flash.iter().map(|text| Message { tone: "ok", text: text.clone() }).collect();
    Ok(Shell {
        agency: agency.map(|kept| kept.unit.name).unwrap_or_default(),
        officer: officer.name.clone(),
        officer_role: roles(&visitor.present.actor),
        csrf: visitor.present.csrf.clone(),
        query: String::new(),
        may_search: !visitor.is_held_up() && SEARCH.admits(&visitor.present.actor),
        version: web.settings.version,
        // Where every place would lead back here, none is offered.
        nav: if visitor.is_held_up() { Vec::new() } else { nav(&visitor.present.actor, place) },
        flash,
        guide: handbook::guide_of(place),
        is_for_training: web.office.is_for_training(),
    })
}

#[cfg(test)]
impl Shell {
    /// A frame for a page that is rendered by a test.
    pub(crate) fn sample() -> Self {
        Self {
            agency: "UBND xã Yên Bình".to_owned(),
            officer: "Trần Thị Thu".to_owned(),
            officer_role: "Quản trị hệ thống".to_owned(),
            csrf: "dau".to_owned(),
            query: String::new(),
            may_search: false,
            version: "0",
            nav: Vec::new(),
            flash: Vec::new(),
            guide: "/huong-dan",
            is_for_training: false,
        }
    }
}

/// A page as an answer.
pub(crate) fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a template failed");
            (StatusCode::INTERNAL_SERVER_ERROR, "Máy chủ gặp lỗi khi dựng trang.").into_response()
        }
    }
}

/// A page with a message from the request before it, which is shown once.
pub(crate) fn show(web: &Web, page: &impl Template) -> Response {
    show_as(web, StatusCode::OK, page)
}

pub(crate) fn show_as(web: &Web, status: StatusCode, page: &impl Template) -> Response {
    let mut response = html(status, page);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(header::SET_COOKIE, session::no_flash(web.settings.entrance));
    response
}

/// On to another page after an act, with a message for it.
pub(crate) fn on_to(web: &Web, path: &str, message: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    if !message.is_empty() {
        let cookie = session::flash_cookie(message, web.settings.entrance);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The parts of an address. What does not parse does not exist.
#[derive(Debug)]
pub(crate) struct Place(Vec<(String, String)>);

impl Place {
    pub(crate) fn text(&self, name: &str) -> Result<&str, Failure> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .ok_or_else(Failure::not_found)
    }

    pub(crate) fn id<T: FromStr>(&self, name: &str) -> Result<T, Failure> {
        self.text(name)?.parse().map_err(|_| Failure::not_found())
    }
}

impl FromRequestParts<Web> for Place {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        let params = RawPathParams::from_request_parts(parts, web).await.map_err(|_| Failure::not_found())?;
        Ok(Self(params.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()))
    }
}

/// A file for the browser to show; never guessed to be anything else.
pub(crate) fn file(bytes: bytes::Bytes, media_type: &str, name: &str) -> Response {
    served(bytes, media_type, format!("inline; filename=\"{name}\""))
}

/// A file to be kept on the visitor's machine, not shown.
pub(crate) fn attachment(bytes: impl Into<bytes::Bytes>, media_type: &str, name: &str) -> Response {
    served(bytes.into(), media_type, format!("attachment; filename=\"{name}\""))
}

fn served(bytes: bytes::Bytes, media_type: &str, disposition: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

#[cfg(test)]
mod tests;
