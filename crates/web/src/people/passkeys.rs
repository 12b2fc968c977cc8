//! The officer's passkeys: added with the page's script, listed with their use, removed. A passkey belongs to
//! one address of the installation; opened at another, the pages say which.

use crate::Web;
use crate::device::FromDevice;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key};
use crate::page::{self, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, http};
use office::people::passkey::Question;
use office::{Error, Refusal};
use rules::people::PeopleFault;
use rules::words;
use serde_json::json;
use store::people::passkey::Passkey;

const HERE: &str = "/tai-khoan/khoa-truy-cap";

/// Said when the form came without the browser's answer.
pub(super) const SCRIPT_NEEDED: &str =
    "Khóa truy cập cần trình duyệt bật JavaScript. Bật lên rồi tải lại trang, hoặc dùng mật khẩu";

/// Whether passkeys can be used on the page that is shown.
#[derive(Debug)]
pub(super) enum Offer {
    Here,
    /// At this address of the same page.
    At {
        address: String,
        page: String,
    },
    Nowhere,
}

impl Offer {
    pub(super) fn of(web: &Web, headers: &HeaderMap, path: &str) -> Self {
        let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match web.office.passkey_site() {
            Some(site) if site.is_at(host) => Self::Here,
            Some(site) => Self::At { page: format!("{}{path}", site.address()), address: site.address() },
            None => Self::Nowhere,
        }
    }
}

/// A question for the browser, or why there is none, as the script reads it.
pub(super) fn question(asked: Result<Question, Error>) -> Result<Response, Failure> {
    match asked {
        Ok(question) => Ok(([(http::header::CACHE_CONTROL, "no-store")], Json(question)).into_response()),
        Err(error) => {
            let said = refused(error)?.sentences(ToOwned::to_owned);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "said": said }))).into_response())
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "people/passkeys.html")]
struct Passkeys {
    shell: Shell,
    form: FormState,
    idem: String,
    kept: Vec<Line>,
    /// The same, to be chosen from.
    choices: Vec<Choice>,
    offer: Offer,
}

/// A line of the list.
#[derive(Debug)]
struct Line {
    name: String,
    added: String,
    used: String,
}

impl From<Passkey> for Line {
    fn from(passkey: Passkey) -> Self {
        Self {
            name: passkey.name,
            added: words::moment(passkey.added_at),
            used: passkey.used_at.map_or_else(|| "Chưa dùng".to_owned(), words::moment),
        }
    }
}

async fn page_of(
    web: &Web,
    visitor: &Visitor,
    headers: &HeaderMap,
    form: FormState,
) -> Result<Passkeys, Failure> {
    let passkeys = web.office.passkeys(&visitor.by(None)).await?;
    Ok(Passkeys {
        shell: shell(web, visitor, HERE).await?,
        form,
        idem: new_key(),
        choices: passkeys.iter().map(|kept| Choice::new(kept.id.to_string(), &kept.name)).collect(),
        kept: passkeys.into_iter().map(Line::from).collect(),
        offer: Offer::of(web, headers, HERE),
    })
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    Ok(page::show(&web, &page_of(&web, &visitor, &headers, FormState::default()).await?))
}

/// What the browser asks its authenticator to make a new passkey.
pub(crate) async fn ask(
    State(web): State<Web>,
    visitor: Visitor,
    FromDevice(device): FromDevice,
    posted: Posted,
) -> Result<Response, Failure> {
    // Without the form's key: asking again is a new question.
    let (by, name, password) = (visitor.by(None), posted.get("ten"), posted.get("mat-khau"));
    question(web.office.begin_passkey(&by, &visitor.token, name, password, &device).await)
}

pub(crate) async fn add(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    let answer = posted.get("khoa");
    let added = if answer.is_empty() {
        Err(Error::Refused(Refusal::Unreadable(SCRIPT_NEEDED.to_owned())))
    } else {
        web.office.add_passkey(&posted.by(&visitor), &visitor.token, answer).await
    };
    match added {
        Ok(name) => Ok(on_to(&web, HERE, &format!("Đã thêm khóa truy cập “{name}”"))),
        Err(error) => {
            let mut form = posted.state();
            for sentence in refused(error)?.sentences(ToOwned::to_owned) {
                form.fault("", sentence);
            }
            let page = page_of(&web, &visitor, &headers, form).await?;
            Ok(show_as(&web, StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

pub(crate) async fn remove(
    State(web): State<Web>,
    visitor: Visitor,
    FromDevice(device): FromDevice,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    let password = posted.get("mat-khau-go");
    let removed = match posted.get("khoa-go").parse() {
        Ok(id) => web.office.remove_passkey(&posted.by(&visitor), id, password, &device).await,
        Err(_) => Err(Error::NotFound),
    };
    match removed {
        Ok(()) => Ok(on_to(&web, HERE, "Đã gỡ khóa truy cập")),
        Err(error) => {
            let mut form = posted.state();
            match error {
                // Removed in another window, or none was chosen.
                Error::NotFound => form.fault("khoa-go", "Chọn khóa truy cập cần gỡ"),
                error => {
                    let refusal = refused(error)?;
                    let is_password = refusal == Refusal::People(vec![PeopleFault::PasswordWrong]);
                    for sentence in refusal.sentences(ToOwned::to_owned) {
                        form.fault(if is_password { "mat-khau-go" } else { "" }, sentence);
                    }
                }
            }
            let page = page_of(&web, &visitor, &headers, form).await?;
            Ok(show_as(&web, StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
