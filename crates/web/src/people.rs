//! Signing in, in one step or two, and out. The officer's own page is in [`account`], what he sets up beside
//! his password in [`second_factor`] and [`passkeys`], the identity server in [`identity`], what programs act by for him in [`api_keys`].

pub(crate) mod account;
pub(crate) mod api_keys;
pub(crate) mod identity;
pub(crate) mod mail;
pub(crate) mod passkeys;
pub(crate) mod second_factor;

use crate::Web;
use crate::device::FromDevice;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, encoded, query_value};
use crate::page::{first_place, html};
use crate::session::{Visitor, no_session, not_waiting, session_cookie, waiting, waiting_cookie};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use identity::{LEFT, Left, ServerOffer};
use office::people::SignedIn;
use office::people::password::Opens;
use office::people::sign_in::Begun;
use office::{Error, Refusal};
use passkeys::{Offer, SCRIPT_NEEDED, question};

#[derive(Debug, Template)]
#[template(path = "people/sign_in.html")]
struct SignIn {
    form: FormState,
    back: String,
    passkeys: Offer,
    /// The identity server, if there is one.
    server: Option<ServerOffer>,
    /// Whether passwords open everybody's account.
    passwords: bool,
    /// Said to who has just left: where else he is signed in.
    left: Option<Left>,
}

#[derive(Debug, Template)]
#[template(path = "people/code.html")]
struct Code {
    form: FormState,
    back: String,
}

impl SignIn {
    fn new(web: &Web, headers: &HeaderMap, form: FormState, back: String) -> Self {
        let server = ServerOffer::of(web, &back);
        let passwords = web.office.settings.passwords == Opens::Everyones;
        Self { form, back, passkeys: Offer::of(web, headers, "/dang-nhap"), server, passwords, left: None }
    }
}

pub(crate) async fn sign_in_page(
    State(web): State<Web>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let back = own_path(&query_value(query.as_deref(), "ve"));
    let page = SignIn::new(&web, &headers, FormState::default(), back);
    let left = if query_value(query.as_deref(), LEFT).is_empty() { None } else { Left::of(&web) };
    html(StatusCode::OK, &SignIn { left, ..page })
}

/// The forms of a sign-in have no session yet, hence no token: the check on where a request comes from and
/// the cookie's SameSite stand for it.
pub(crate) async fn sign_in(
    State(web): State<Web>,
    FromDevice(device): FromDevice,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let posted = Posted::parse(&body);
    let login = posted.get("ten-dang-nhap");
    let back = own_path(posted.get("ve"));
    match web.office.begin_sign_in(login, posted.get("mat-khau"), &device).await {
        Ok(Begun::SignedIn(signed_in)) => Ok(go_on(&web, &signed_in, &back)),
        Ok(Begun::NeedsCode(waiting)) => {
            let mut response = Redirect::to(&with_back("/dang-nhap/ma", &back)).into_response();
            let cookie = waiting_cookie(&waiting.token, web.settings.entrance);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(error) => {
            let mut form = FormState::default().with("ten-dang-nhap", login);
            form.refuse("mat-khau", &refused(error)?);
            Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &SignIn::new(&web, &headers, form, back)))
        }
    }
}

/// The second step: for the browser the password was typed in, and no longer than five minutes.
pub(crate) async fn code_page(
    State(web): State<Web>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let back = own_path(&query_value(query.as_deref(), "ve"));
    if web.office.waits_for_code(&waiting(&headers)).await? {
        Ok(html(StatusCode::OK, &Code { form: FormState::default(), back }))
    } else {
        Ok(Redirect::to(&with_back("/dang-nhap", &back)).into_response())
    }
}

pub(crate) async fn enter_code(
    State(web): State<Web>,
    FromDevice(device): FromDevice,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let posted = Posted::parse(&body);
    let back = own_path(posted.get("ve"));
    match web.office.enter_code(&waiting(&headers), posted.get("ma"), &device).await {
        Ok(signed_in) => Ok(go_on(&web, &signed_in, &back)),
        Err(Error::Refused(expired @ Refusal::SignInExpired)) => {
            Ok(from_the_start(&web, &headers, &expired, back))
        }
        Err(error) => {
            let mut form = FormState::default();
            form.refuse("ma", &refused(error)?);
            Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &Code { form, back }))
        }
    }
}

/// What the browser asks its passkeys, for the script of the sign-in page.
pub(crate) async fn ask_for_passkey(
    State(web): State<Web>,
    FromDevice(device): FromDevice,
) -> Result<Response, Failure> {
    match web.office.begin_passkey_sign_in(&device).await {
        Ok((asked, waiting)) => {
            let mut response = question(Ok(asked))?;
            let cookie = waiting_cookie(&waiting.token, web.settings.entrance);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(error) => question(Err(error)),
    }
}

pub(crate) async fn sign_in_with_passkey(
    State(web): State<Web>,
    FromDevice(device): FromDevice,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let posted = Posted::parse(&body);
    let (answer, back) = (posted.get("khoa"), own_path(posted.get("ve")));
    if answer.is_empty() {
        let mut form = FormState::default();
        form.fault("", SCRIPT_NEEDED);
        return Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &SignIn::new(&web, &headers, form, back)));
    }
    match web.office.sign_in_with_passkey(&waiting(&headers), answer, &device).await {
        Ok(signed_in) => Ok(go_on(&web, &signed_in, &back)),
        Err(error) => Ok(from_the_start(&web, &headers, &refused(error)?, back)),
    }
}

/// In, and on to where he was going: with a session that nobody knew before.
fn go_on(web: &Web, signed_in: &SignedIn, back: &str) -> Response {
    let mut response = Redirect::to(back).into_response();
    let entrance = web.settings.entrance;
    response.headers_mut().append(header::SET_COOKIE, session_cookie(&signed_in.token, entrance));
    response.headers_mut().append(header::SET_COOKIE, not_waiting(entrance));
    response
}

/// Back at the first step, which says why.
fn from_the_start(web: &Web, headers: &HeaderMap, why: &Refusal, back: String) -> Response {
    let mut form = FormState::default();
    form.refuse("", why);
    let page = SignIn::new(web, headers, form, back);
    let mut response = html(StatusCode::UNPROCESSABLE_ENTITY, &page);
    response.headers_mut().append(header::SET_COOKIE, not_waiting(web.settings.entrance));
    response
}

/// A path of our own to go to, and nothing else.
fn own_path(path: &str) -> String {
    let own = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.chars().all(|c| !c.is_control());
    if own { path.to_owned() } else { "/".to_owned() }
}

/// A page of the sign-in that remembers where its visitor was going.
fn with_back(page: &str, back: &str) -> String {
    if back == "/" {
        return page.to_owned();
    }
    format!("{page}?ve={}", encoded(back))
}

pub(crate) async fn sign_out(
    State(web): State<Web>,
    visitor: Visitor,
    _posted: Posted,
) -> Result<Response, Failure> {
    web.office.sign_out(&visitor.token, &visitor.present).await?;
    let by_server = visitor.present.means.is_by_server();
    let after = if by_server { format!("/dang-nhap?{LEFT}=1") } else { "/dang-nhap".to_owned() };
    let mut response = Redirect::to(&after).into_response();
    let cookie = no_session(web.settings.entrance);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// To where the day's work is.
pub(crate) async fn home(visitor: Visitor) -> Redirect {
    Redirect::to(first_place(&visitor.present.actor))
}

#[cfg(test)]
mod tests {
    use super::{own_path, with_back};
    use crate::form::query_value;

    #[test]
    fn only_own_paths_are_gone_back_to() {
        assert_eq!(own_path("/ho-so/1"), "/ho-so/1");
        for foreign in ["https://a.example", "//a.example", "/\\a.example", "javascript:alert(1)", ""] {
            assert_eq!(own_path(foreign), "/", "{foreign}");
        }
    }

    #[test]
    fn the_second_step_remembers_where_one_was_going() {
        assert_eq!(with_back("/dang-nhap/ma", "/"), "/dang-nhap/ma");
        for back in ["/ho-so/1", "/tim?q=Nguyễn Văn&trang=2#cuoi", "/a%20b"] {
            let address = with_back("/dang-nhap/ma", back);
            let (_, query) = address.split_once('?').expect("it has a query");
            assert_eq!(query_value(Some(query), "ve"), back, "{address}");
        }
    }
}
