//! Who sends a request: the session cookie, the form token, and where the request comes from.

use crate::device::device;
use crate::error::Failure;
use crate::{Entrance, Web};
use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use office::By;
use office::people::Present;
use office::people::api_key::{BEGINS, ByKey};
use office::people::glass::Eyes;
use office::people::sign_in::WAIT;
use rules::people::second_factor::{Means, Standing};
use std::time::Instant;
use store::people::api_key::ApiKey;

/// Where the addresses of the API begin.
pub(crate) const API: &str = "/api/";

const SESSION: &str = "motcua_phien";
const FLASH: &str = "motcua_nhan";
const WAITING: &str = "motcua_buoc_hai";

/// A signed-in officer behind a request.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) present: Present,
    pub(crate) token: String,
    /// A message left by the request before.
    pub(crate) flash: Option<String>,
    /// The key a program sent instead of a session's token.
    pub(crate) key: Option<ApiKey>,
}

impl Visitor {
    /// The visitor of a request, looked up once and kept with it. The API knows him by the `Authorization`
    /// header, which no other site can make a browser send, and the pages by their cookie; neither opens
    /// the other.
    pub(crate) async fn of(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        if let Some(visitor) = parts.extensions.get::<Self>() {
            return Ok(visitor.clone());
        }
        let is_api = parts.uri.path().starts_with(API);
        let token = if is_api { bearer(&parts.headers) } else { cookie(&parts.headers, SESSION) };
        let token = token.ok_or_else(|| Failure::sign_in_first(parts))?;
        let visitor = if is_api && token.starts_with(BEGINS) {
            Self::with_key(token, parts, web).await?
        } else {
            let present = web.office.present(&token).await?;
            let present = present.ok_or_else(|| Failure::sign_in_first(parts))?;
            let flash = cookie(&parts.headers, FLASH).and_then(|text| decoded(&text));
            Self { present, token, flash, key: None }
        };
        parts.extensions.insert(visitor.clone());
        Ok(visitor)
    }

    /// Whom a program acts for by a key.
    async fn with_key(token: String, parts: &Parts, web: &Web) -> Result<Self, Failure> {
        let ByKey { key, officer, actor } = web
            .office
            .present_by_key(&token, &device(parts, web.settings.entrance))
            .await?
            .map_err(Failure::key_refused)?;
        web.rates.take(key.id, Instant::now()).map_err(Failure::too_often)?;
        // A key was made by somebody who had proved himself, and opens nothing that asks for a person.
        let present =
            Present { actor, officer, csrf: String::new(), means: Means::Password, standing: Standing::Free };
        Ok(Self { present, token, flash: None, key: Some(key) })
    }

    /// Whether he may do nothing but set up a second factor, or sign in again with the one he has.
    pub(crate) fn is_held_up(&self) -> bool {
        self.present.standing != Standing::Free
    }

    /// Whether it is a person who looks.
    pub(crate) fn eyes(&self) -> Eyes {
        if self.key.is_some() { Eyes::Program } else { Eyes::Person }
    }

    /// Who acts, with the key of the form that was sent.
    pub(crate) fn by(&self, key: Option<&str>) -> By {
        By {
            actor: self.present.actor.clone(),
            key: key.filter(|key| (8..=200).contains(&key.len())).map(ToOwned::to_owned),
        }
    }
}

impl FromRequestParts<Web> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        Self::of(parts, web).await
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(|token| token.trim().to_owned())
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// The cookie of a new session; ends with the browser.
pub(crate) fn session_cookie(token: &str, entrance: Entrance) -> HeaderValue {
    set_cookie(SESSION, token, entrance, "")
}

pub(crate) fn no_session(entrance: Entrance) -> HeaderValue {
    set_cookie(SESSION, "", entrance, "; Max-Age=0")
}

/// The cookie of a sign-in that waits for its second step: it opens nothing.
pub(crate) fn waiting_cookie(token: &str, entrance: Entrance) -> HeaderValue {
    set_cookie(WAITING, token, entrance, &format!("; Max-Age={}", WAIT.as_secs()))
}

pub(crate) fn not_waiting(entrance: Entrance) -> HeaderValue {
    set_cookie(WAITING, "", entrance, "; Max-Age=0")
}

/// The token of the sign-in this browser is in the middle of; empty where there is none.
pub(crate) fn waiting(headers: &HeaderMap) -> String {
    cookie(headers, WAITING).unwrap_or_default()
}

/// The token of this browser's session; empty where there is none.
pub(crate) fn session_of(headers: &HeaderMap) -> String {
    cookie(headers, SESSION).unwrap_or_default()
}

/// Leaves a message for the next page.
pub(crate) fn flash_cookie(text: &str, entrance: Entrance) -> HeaderValue {
    set_cookie(FLASH, &hex::encode(text), entrance, "; Max-Age=20")
}

pub(crate) fn no_flash(entrance: Entrance) -> HeaderValue {
    set_cookie(FLASH, "", entrance, "; Max-Age=0")
}

fn decoded(text: &str) -> Option<String> {
    hex::decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

fn set_cookie(name: &str, value: &str, entrance: Entrance, more: &str) -> HeaderValue {
    let secure = match entrance {
        Entrance::TlsProxy => "; Secure",
        Entrance::Direct => "",
    };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}"))
        .expect("names and values are hex, letters and digits")
}

/// A form sent from another site is refused before it is read: browsers say where a request comes from.
pub(crate) fn is_foreign(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return false;
    }
    if let Some(site) = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()) {
        return !matches!(site, "same-origin" | "none");
    }
    let host = headers.get(HOST).and_then(|value| value.to_str().ok());
    match (headers.get(ORIGIN).and_then(|value| value.to_str().ok()), host) {
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_none_or(|(_, origin_host)| origin_host != host)
        }
        // No browser: the form's token still has to be right.
        (None, _) => false,
        (Some(_), None) => true,
    }
}
