//! Signing in through an identity server: there, back, and tying one's account. Browsers go there by a link
//! and never by a form: our pages let no form lead to another site.

use super::{from_the_start, go_on, own_path, with_back};
use crate::Web;
use crate::device::FromDevice;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key, query_value};
use crate::page::{Shell, on_to, shell, show as shown, show_as};
use crate::session::{Visitor, not_waiting, session_of, waiting, waiting_cookie};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use office::Refusal;
use office::people::openid::{Answer, Back, Sent};
use rules::people::PeopleFault;
use rules::people::openid::OpenIdRefused;
use rules::words;

const HERE: &str = "/tai-khoan/dinh-danh";
/// In the address of the sign-in page, where somebody has left who came by the identity server.
pub(super) const LEFT: &str = "da-ra";

/// The identity server on the page of the sign-in.
#[derive(Debug)]
pub(super) struct ServerOffer {
    pub(super) name: String,
    pub(super) href: String,
    /// Since when it does not answer, in words; empty where it does.
    pub(super) down: String,
}

impl ServerOffer {
    pub(super) fn of(web: &Web, back: &str) -> Option<Self> {
        let server = web.office.settings.identity_server.as_ref()?;
        let down = server
            .down_since()
            .map(|since| words::openid::refused(server.name(), OpenIdRefused::Down { since }));
        Some(Self {
            name: server.name().to_owned(),
            href: with_back("/dang-nhap/dinh-danh", back),
            down: down.unwrap_or_default(),
        })
    }
}

/// Where somebody who has left is signed in still.
#[derive(Debug)]
pub(super) struct Left {
    pub(super) name: String,
    /// Where he leaves there, too; empty where the server does not say.
    pub(super) href: String,
}

impl Left {
    pub(super) fn of(web: &Web) -> Option<Self> {
        let server = web.office.settings.identity_server.as_ref()?;
        Some(Self { name: server.name().to_owned(), href: server.sign_out_address().unwrap_or_default() })
    }
}

/// Off to the identity server.
pub(crate) async fn begin(
    State(web): State<Web>,
    FromDevice(device): FromDevice,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let back = own_path(&query_value(query.as_deref(), "ve"));
    match web.office.begin_identity_sign_in(&back, &device).await {
        Ok(Sent { address, waiting }) => {
            let mut response = Redirect::to(&address).into_response();
            let cookie = waiting_cookie(&waiting.token, web.settings.entrance);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
                .headers_mut()
                .append(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Err(error) => Ok(from_the_start(&web, &headers, &refused(error)?, back)),
    }
}

/// Back from it, with what it says in the address.
pub(crate) async fn come_back(
    State(web): State<Web>,
    FromDevice(device): FromDevice,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let field = |name: &str| query_value(query.as_deref(), name);
    let answer =
        Answer { code: field("code"), state: field("state"), issuer: field("iss"), error: field("error") };
    let session = session_of(&headers);
    match web.office.identity_answer(&waiting(&headers), &answer, &session, &device).await {
        Ok(Back::SignedIn { signed_in, back }) => Ok(go_on(&web, &signed_in, &own_path(&back))),
        Ok(Back::NeedsCode { waiting, back }) => {
            let mut response = Redirect::to(&with_back("/dang-nhap/ma", &own_path(&back))).into_response();
            let cookie = waiting_cookie(&waiting.token, web.settings.entrance);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Ok(Back::Tied) => {
            let mut response =
                on_to(&web, HERE, "Đã gắn tài khoản. Từ nay bạn đăng nhập được bằng cả hai cách");
            response.headers_mut().append(header::SET_COOKIE, not_waiting(web.settings.entrance));
            Ok(response)
        }
        Err(error) => Ok(from_the_start(&web, &headers, &refused(error)?, "/".to_owned())),
    }
}

#[derive(Debug, Template)]
#[template(path = "people/identity.html")]
struct Page {
    shell: Shell,
    form: FormState,
    idem: String,
    /// What the server is called; empty where there is none.
    server: String,
    tied: Option<TiedTo>,
    /// Where he goes on to, his password being right.
    onward: String,
}

#[derive(Debug)]
struct TiedTo {
    subject: String,
    since: String,
    used: String,
}

async fn page(web: &Web, visitor: &Visitor, form: FormState, onward: String) -> Result<Page, Failure> {
    let tie = web.office.own_identity(&visitor.by(None)).await?;
    let server = web.office.settings.identity_server.as_ref();
    Ok(Page {
        shell: shell(web, visitor, HERE).await?,
        form,
        idem: new_key(),
        server: server.map_or_else(String::new, |server| server.name().to_owned()),
        tied: tie.map(|tie| TiedTo {
            subject: tie.subject,
            since: words::moment(tie.tied_at),
            used: tie.used_at.map_or_else(|| "Chưa dùng".to_owned(), words::moment),
        }),
        onward,
    })
}

pub(crate) async fn show(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    Ok(shown(&web, &page(&web, &visitor, FormState::default(), String::new()).await?))
}

/// The password is right: shows the way to the server, which this browser is awaited from.
pub(crate) async fn tie(
    State(web): State<Web>,
    visitor: Visitor,
    FromDevice(device): FromDevice,
    posted: Posted,
) -> Result<Response, Failure> {
    match web.office.begin_tie(&visitor.by(None), posted.get("mat-khau"), &device).await {
        Ok(Sent { address, waiting }) => {
            let mut response = shown(&web, &page(&web, &visitor, FormState::default(), address).await?);
            let cookie = waiting_cookie(&waiting.token, web.settings.entrance);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(error) => again(&web, &visitor, posted.state(), "mat-khau", &refused(error)?).await,
    }
}

pub(crate) async fn untie(
    State(web): State<Web>,
    visitor: Visitor,
    FromDevice(device): FromDevice,
    posted: Posted,
) -> Result<Response, Failure> {
    match web.office.untie_own_identity(&posted.by(&visitor), posted.get("mat-khau-go"), &device).await {
        Ok(()) => Ok(on_to(&web, HERE, "Đã gỡ danh tính khỏi tài khoản")),
        Err(error) => again(&web, &visitor, posted.state(), "mat-khau-go", &refused(error)?).await,
    }
}

async fn again(
    web: &Web,
    visitor: &Visitor,
    mut form: FormState,
    password: &str,
    why: &Refusal,
) -> Result<Response, Failure> {
    let is_password = *why == Refusal::People(vec![PeopleFault::PasswordWrong]);
    for sentence in why.sentences(ToOwned::to_owned) {
        form.fault(if is_password { password } else { "" }, sentence);
    }
    let page = page(web, visitor, form, String::new()).await?;
    Ok(show_as(web, StatusCode::UNPROCESSABLE_ENTITY, &page))
}
