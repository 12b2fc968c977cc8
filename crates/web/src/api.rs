//! The API of the acts: the same acts as the pages, as JSON, for partners, tests and whoever automates.
//! A caller proves himself by a token or a key in the `Authorization` header and never by the browser's
//! cookie, so that no other site can act in an officer's name. A repeated request carries its
//! `Idempotency-Key`; a list is read page by page.

pub(crate) mod acts;
pub(crate) mod admin;
pub(crate) mod audit;
pub(crate) mod books;
pub(crate) mod caller;
pub(crate) mod components;
pub(crate) mod custody;
pub(crate) mod decided;
pub(crate) mod description;
pub(crate) mod due;
pub(crate) mod fees;
pub(crate) mod files;
pub(crate) mod inbox;
pub(crate) mod kept_views;
pub(crate) mod measure;
pub(crate) mod notes;
pub(crate) mod paging;
pub(crate) mod people;
pub(crate) mod post;
pub(crate) mod queue;
pub(crate) mod rate;
pub(crate) mod rounds;
pub(crate) mod search;
pub(crate) mod shelves;
pub(crate) mod views;
pub(crate) mod webhooks;

pub(crate) use caller::Caller;

use crate::Web;
use crate::device::FromDevice;
use crate::error::Failure;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// An answer that is not what was asked for, as JSON with the sentences of the pages.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) Failure);

impl<E: Into<Failure>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.0.into_json()
    }
}

/// Who wants a token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    login: String,
    password: String,
    /// Of an app, or a recovery code; where the account has a second factor on.
    #[serde(default)]
    code: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Token {
    token: String,
}

/// Signs in; the token is good for as long as a session of the pages.
pub(crate) async fn sign_in(
    State(web): State<Web>,
    FromDevice(device): FromDevice,
    Body(credentials): Body<Credentials>,
) -> Result<Response, Refusal> {
    let Credentials { login, password, code } = &credentials;
    let signed_in = match code {
        Some(code) => web.office.sign_in_with_code(login, password, code, &device).await,
        None => web.office.sign_in(login, password, &device).await,
    };
    match signed_in {
        Ok(signed_in) => Ok(Json(Token { token: signed_in.token }).into_response()),
        Err(office::Error::Refused(office::Refusal::CodeNeeded)) => Ok(Failure::code_needed()),
        Err(error) => Err(error.into()),
    }
}

/// Who the caller is, with the posts he holds.
pub(crate) async fn me(caller: Caller) -> Json<serde_json::Value> {
    let officer = &caller.0.present.officer;
    let posts: Vec<_> =
        officer.posts.iter().map(|post| json!({ "agency": post.agency, "role": post.role })).collect();
    Json(json!({ "id": officer.id, "name": officer.name, "agency": officer.agency, "posts": posts }))
}

/// A body of JSON; what is wrong with it is said in words.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

/// Is NUL written in a text of this JSON? PostgreSQL keeps it in none.
fn has_nul(json: &[u8]) -> bool {
    let ends = |at: usize| json[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 0;
    json.windows(6).enumerate().any(|(at, six)| six == b"\\u0000" && ends(at))
}

impl<T: serde::de::DeserializeOwned> axum::extract::FromRequest<Web> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: axum::extract::Request, _web: &Web) -> Result<Self, Refusal> {
        /// The most bytes of a body that is not a file.
        const LARGEST: usize = 512 * 1024;
        let bytes = axum::body::to_bytes(request.into_body(), LARGEST)
            .await
            .map_err(|_| Refusal(Failure::form_too_large()))?;
        if has_nul(&bytes) {
            return Err(Refusal(Failure::not_understood("\\u0000 in a text")));
        }
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| Refusal(Failure::not_understood(&error.to_string())))
    }
}
