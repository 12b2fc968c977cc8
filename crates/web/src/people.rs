//! Signing in and out; the officer's own page is in [`account`].

pub(crate) mod account;

use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, query_value};
use crate::page::{first_place, html};
use crate::session::{FromDevice, Visitor, no_session, session_cookie};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

#[derive(Debug, Template)]
#[template(path = "people/sign_in.html")]
struct SignIn {
    form: FormState,
    back: String,
}

pub(crate) async fn sign_in_page(RawQuery(query): RawQuery) -> Response {
    let back = own_path(&query_value(query.as_deref(), "ve"));
    html(StatusCode::OK, &SignIn { form: FormState::default(), back })
}

/// The sign-in form has no session yet, hence no token: the check on where a request comes from and the
/// cookie's SameSite stand for it.
pub(crate) async fn sign_in(
    State(web): State<Web>,
    FromDevice(device): FromDevice,
    body: Bytes,
) -> Result<Response, Failure> {
    let posted = Posted::parse(&body);
    let login = posted.get("ten-dang-nhap");
    let back = own_path(posted.get("ve"));
    match web.office.sign_in(login, posted.get("mat-khau"), &device).await {
        Ok(signed_in) => {
            let mut response = Redirect::to(&back).into_response();
            let cookie = session_cookie(&signed_in.token, web.settings.secure_cookies);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        Err(error) => {
            let mut form = FormState::default().with("ten-dang-nhap", login);
            for sentence in refused(error)?.sentences(ToOwned::to_owned) {
                form.fault("mat-khau", sentence);
            }
            Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &SignIn { form, back }))
        }
    }
}

/// A path of our own to go to, and nothing else.
fn own_path(path: &str) -> String {
    let own = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.chars().all(|c| !c.is_control());
    if own { path.to_owned() } else { "/".to_owned() }
}

pub(crate) async fn sign_out(
    State(web): State<Web>,
    visitor: Visitor,
    _posted: Posted,
) -> Result<Response, Failure> {
    web.office.sign_out(&visitor.token, &visitor.present).await?;
    let mut response = Redirect::to("/dang-nhap").into_response();
    let cookie = no_session(web.settings.secure_cookies);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// To where the day's work is.
pub(crate) async fn home(visitor: Visitor) -> Redirect {
    Redirect::to(first_place(&visitor.present.actor))
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_own_paths_are_gone_back_to() {
        assert_eq!(own_path("/ho-so/1"), "/ho-so/1");
        for foreign in ["https://a.example", "//a.example", "/\\a.example", "javascript:alert(1)", ""] {
            assert_eq!(own_path(foreign), "/", "{foreign}");
        }
    }
}
