//! An identity server of the province or a ministry (OpenID Connect): officers are sent to it and come back
//! with a code, which is exchanged for a signed token that says who they are. Only the answers of the one
//! configured server count, and only to the question that was asked ([`token`]).

mod token;

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;

use crate::http::{self, Client};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use rules::people::openid::AnswerFault;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
pub use token::Identity;
use token::KeySet;

/// The most letters of what comes back in an address, or of a token.
const LONGEST: usize = 16 * 1024;

/// So long what the server said of itself is not asked again, whoever presses the button how often.
const FRESH: SignedDuration = SignedDuration::from_secs(3);
/// So long its keys count, so that one it has withdrawn does not sign for ever.
const KEYS_LAST: SignedDuration = SignedDuration::from_hours(12);

/// What an installation decides about its identity server.
#[derive(Clone)]
pub struct Setup {
    /// Exactly as the server writes it in its tokens.
    pub issuer: String,
    pub client: String,
    pub secret: String,
    /// What people call the server.
    pub name: String,
    /// The claim that says who somebody is.
    pub claim: String,
    /// `amr:otp`, `acr:…`: what the server says where it asked for a second factor itself.
    pub two_factors: Vec<String>,
    /// Where browsers come back to.
    pub redirect: String,
}

/// The secret is never printed.
impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("issuer", &self.issuer)
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

/// What a browser is sent with, and its answer must fit.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    pub state: &'q str,
    pub nonce: &'q str,
    /// What the code is worth nothing without (PKCE).
    pub verifier: &'q str,
}

/// What a browser came back with.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub code: String,
    pub state: String,
    /// Who answers, where the server says so.
    pub issuer: String,
    /// Why not, where it says no.
    pub error: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the identity server cannot be reached")]
    Down(Timestamp, #[source] http::Error),
    #[error("the answer proves nobody: {0:?}")]
    Answer(AnswerFault),
}

impl From<AnswerFault> for Error {
    fn from(fault: AnswerFault) -> Self {
        Self::Answer(fault)
    }
}

/// Why a setup is none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSetup(pub &'static str);

/// The server, and what it said of itself. Cloning shares that.
#[derive(Clone, Debug)]
pub struct Server {
    setup: Arc<Setup>,
    client: Client,
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    description: Option<Said<Description>>,
    keys: Option<Said<KeySet>>,
    down_since: Option<Timestamp>,
}

/// What a server said, and when.
#[derive(Clone, Debug)]
struct Said<T> {
    at: Timestamp,
    what: T,
}

impl<T: Clone> Said<T> {
    /// Unless it was said longer ago than this.
    fn within(&self, longest: SignedDuration, now: Timestamp) -> Option<T> {
        (now.duration_since(self.at) < longest).then(|| self.what.clone())
    }
}

/// What a server publishes of itself.
#[derive(Clone, Debug, Deserialize)]
struct Description {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

#[derive(Deserialize)]
struct Exchanged {
    id_token: String,
}

impl Server {
    pub fn new(setup: Setup) -> Result<Self, BadSetup> {
        if !is_safe(&setup.issuer) {
            return Err(BadSetup("địa chỉ phải bắt đầu bằng https://"));
        }
        if setup.two_factors.iter().any(|word| !word.starts_with("amr:") && !word.starts_with("acr:")) {
            return Err(BadSetup("cách xác thực hai lớp phải viết là amr:… hoặc acr:…"));
        }
        let client =
            Client::new("identity server").map_err(|_| BadSetup("không lập được kết nối ra ngoài"))?;
        Ok(Self { setup: Arc::new(setup), client, known: Arc::default() })
    }

    pub fn name(&self) -> &str {
        &self.setup.name
    }

    pub fn issuer(&self) -> &str {
        &self.setup.issuer
    }

    /// Since when it has not answered; none where it answered last.
    pub fn down_since(&self) -> Option<Timestamp> {
        self.known().down_since
    }

    /// Where one signs out at the server itself, where it says so.
    pub fn sign_out_address(&self) -> Option<String> {
        self.known().description.as_ref()?.what.end_session_endpoint.clone()
    }

    /// The address a browser is sent to.
    pub async fn address(&self, question: Question<'_>, now: Timestamp) -> Result<String, Error> {
        // Asked anew: whoever presses the button learns at once that nobody is there.
        let fresh = self.known().description.as_ref().and_then(|said| said.within(FRESH, now));
        let description = match fresh {
            Some(description) => description,
            None => self.describe(now).await?,
        };
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(question.verifier));
        let asked = [
            ("response_type", "code"),
            ("scope", "openid"),
            ("client_id", &self.setup.client),
            ("redirect_uri", &self.setup.redirect),
            ("state", question.state),
            ("nonce", question.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let mut url = Url::parse(&description.authorization_endpoint).map_err(|_| AnswerFault::Malformed)?;
        url.query_pairs_mut().extend_pairs(asked);
        Ok(url.into())
    }

    /// Who came back with an answer to this question.
    pub async fn identify(
        &self,
        answer: &Answer,
        question: Question<'_>,
        now: Timestamp,
    ) -> Result<Identity, Error> {
        let known = self.known().description.clone();
        let description = match known {
            Some(said) => said.what,
            None => self.describe(now).await?,
        };
        // Another server's answer must not lead its code to this one, nor this one's to it.
        let is_named = !answer.issuer.is_empty();
        if (is_named && answer.issuer != self.setup.issuer)
            || (!is_named && description.authorization_response_iss_parameter_supported)
        {
            return Err(AnswerFault::Issuer.into());
        }
        if !answer.error.is_empty() {
            return Err(AnswerFault::Denied.into());
        }
        if answer.code.is_empty() || answer.code.len() > LONGEST {
            return Err(AnswerFault::Malformed.into());
        }
        let token = self.exchange(&description, &answer.code, question.verifier, now).await?;
        let signed = token::read(&token)?;
        let claims = match self.keys(&description, now).await?.verify(&signed) {
            // A server takes up new keys, some under the old name: once more with those of now.
            Err(AnswerFault::Key | AnswerFault::Signature) => {
                self.fetch_keys(&description, now).await?.verify(&signed)?
            }
            verified => verified?,
        };
        Ok(claims.judge(&self.setup, question.nonce, now)?)
    }

    /// Exchanges a code for the token that says who somebody is.
    async fn exchange(
        &self,
        description: &Description,
        code: &str,
        verifier: &str,
        now: Timestamp,
    ) -> Result<String, Error> {
        let Setup { client, secret, redirect, .. } = &*self.setup;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ];
        let ways = &description.token_endpoint_auth_methods_supported;
        let knows = |way: &str| ways.iter().any(|known| known == way);
        // Where nothing is said, the way is this one.
        let basic = (ways.is_empty() || knows("client_secret_basic")).then(|| {
            format!("Basic {}", STANDARD.encode(format!("{}:{}", encoded(client), encoded(secret))))
        });
        if basic.is_none() {
            fields.extend([("client_id", client.as_str()), ("client_secret", secret)]);
        }
        let exchanged =
            self.client.post_form(&description.token_endpoint, basic.as_deref(), form(&fields)).await;
        let exchanged = self.reached(exchanged, now).map_err(|error| match error {
            Error::Answer(_) => AnswerFault::CodeRefused.into(),
            down @ Error::Down(..) => down,
        })?;
        let exchanged: Exchanged = serde_json::from_slice(&exchanged).map_err(|_| AnswerFault::Malformed)?;
        Ok(exchanged.id_token)
    }

    /// What the server says of itself now.
    async fn describe(&self, now: Timestamp) -> Result<Description, Error> {
        let address = format!("{}/.well-known/openid-configuration", self.setup.issuer.trim_end_matches('/'));
        let text = self.reached(self.client.get_text(&address).await, now)?;
        let description: Description = serde_json::from_str(&text).map_err(|_| AnswerFault::Malformed)?;
        if description.issuer != self.setup.issuer {
            return Err(AnswerFault::Issuer.into());
        }
        let Description { authorization_endpoint, token_endpoint, jwks_uri, .. } = &description;
        if ![authorization_endpoint, token_endpoint, jwks_uri].into_iter().all(|address| is_safe(address)) {
            return Err(AnswerFault::Malformed.into());
        }
        let end_session_endpoint =
            description.end_session_endpoint.clone().filter(|address| is_safe(address));
        let description = Description { end_session_endpoint, ..description };
        self.known().description = Some(Said { at: now, what: description.clone() });
        Ok(description)
    }

    async fn keys(&self, description: &Description, now: Timestamp) -> Result<KeySet, Error> {
        let known = self.known().keys.as_ref().and_then(|said| said.within(KEYS_LAST, now));
        match known {
            Some(keys) => Ok(keys),
            None => self.fetch_keys(description, now).await,
        }
    }

    async fn fetch_keys(&self, description: &Description, now: Timestamp) -> Result<KeySet, Error> {
        let text = self.reached(self.client.get_text(&description.jwks_uri).await, now)?;
        let keys: KeySet = serde_json::from_str(&text).map_err(|_| AnswerFault::Malformed)?;
        self.known().keys = Some(Said { at: now, what: keys.clone() });
        Ok(keys)
    }

    /// Notes whether the server answered; one that answers nonsense is there.
    fn reached<T>(&self, done: Result<T, http::Error>, now: Timestamp) -> Result<T, Error> {
        match done {
            Ok(answer) => {
                self.known().down_since = None;
                Ok(answer)
            }
            Err(error) if error.retry() => {
                tracing::warn!(%error, "the identity server is down");
                let since = *self.known().down_since.get_or_insert(now);
                Err(Error::Down(since, error))
            }
            Err(error) => {
                tracing::warn!(%error, "the identity server refused us");
                Err(AnswerFault::Malformed.into())
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Over TLS, or without leaving this machine.
fn is_safe(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_loopback =
        host.parse::<std::net::IpAddr>().map_or(host == "localhost", |address| address.is_loopback());
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback)
}

/// Fields as forms write them.
fn form(fields: &[(&str, &str)]) -> String {
    let url = Url::parse_with_params("http://localhost/", fields).expect("an address with any query");
    url.query().unwrap_or_default().to_owned()
}

fn encoded(text: &str) -> String {
    form(&[("", text)]).trim_start_matches('=').to_owned()
}
