//! The one client: bounded in time and size, following no redirect, its errors without the content of
//! what was sent.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{RequestBuilder, Response};
use rules::link::{Cause, Failure};
use std::error::Error as _;
use std::time::Duration;

/// How long a whole exchange may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most bytes of an answer that are read.
const LARGEST_ANSWER: usize = 1 << 20;

/// Why a counterpart gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("`{counterpart}` cannot be reached")]
    Unreachable { counterpart: String, source: reqwest::Error },
    #[error("`{counterpart}` answered with {status}")]
    Refused { counterpart: String, status: u16 },
    #[error("`{counterpart}` answered nonsense: {what}")]
    Malformed { counterpart: String, what: &'static str },
}

impl Error {
    /// Is it worth trying again later?
    pub fn retry(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { status, .. } => *status == 429 || *status >= 500,
            Self::Malformed { .. } => false,
        }
    }
}

impl Error {
    /// What whoever keeps the installation can do about it.
    pub fn failure(&self) -> Failure {
        match self {
            Self::Unreachable { source, .. } => unreached(source).into(),
            Self::Refused { status, .. } => refused(*status),
            Self::Malformed { .. } => Cause::Malformed.into(),
        }
    }
}

/// Why nobody answered.
pub(crate) fn unreached(error: &reqwest::Error) -> Cause {
    if error.is_timeout() {
        return Cause::TooSlow;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        // The library that makes a connection safe is known by its words alone here.
        let said = cause.to_string().to_ascii_lowercase();
        if said.contains("certificate") || said.contains("tls") || said.contains("handshake") {
            return Cause::Tls;
        }
        source = cause.source();
    }
    Cause::Unreachable
}

/// A number that means no.
pub(crate) fn refused(status: u16) -> Failure {
    let cause = if matches!(status, 401 | 403 | 407) { Cause::SignIn } else { Cause::Refused };
    Failure { cause, status: Some(status) }
}

/// A client for one counterpart.
#[derive(Clone, Debug)]
pub struct Client {
    counterpart: String,
    client: reqwest::Client,
}

impl Client {
    /// `counterpart` is the name that errors carry.
    pub fn new(counterpart: &str) -> Result<Self, Error> {
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("motcua/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|source| Error::Unreachable { counterpart: counterpart.to_owned(), source })?;
        Ok(Self { counterpart: counterpart.to_owned(), client })
    }

    /// Gets a text, if the answer is a success and not too long.
    pub async fn get_text(&self, url: &str) -> Result<String, Error> {
        let response = self.answer(self.client.get(url)).await?;
        String::from_utf8(self.bytes(response).await?).map_err(|_| self.malformed("not UTF-8"))
    }

    /// Posts bytes of one kind and gives the answer, if it is a success, not too long, and of the other
    /// kind. The kinds are media types.
    pub async fn post_bytes(
        &self,
        url: &str,
        (sent, wanted): (&str, &str),
        body: Vec<u8>,
    ) -> Result<Vec<u8>, Error> {
        self.wanted(self.client.post(url).header(CONTENT_TYPE, sent).body(body), wanted).await
    }

    /// Posts the fields of a form for an answer in JSON; `authorization` says who asks, where something does.
    pub async fn post_form(
        &self,
        url: &str,
        authorization: Option<&str>,
        fields: String,
    ) -> Result<Vec<u8>, Error> {
        let mut request = self.client.post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        self.wanted(request.body(fields), "application/json").await
    }

    /// What answers a request, if it is of this kind.
    async fn wanted(&self, request: RequestBuilder, wanted: &str) -> Result<Vec<u8>, Error> {
        let response = self.answer(request).await?;
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let is_wanted = kind
            .and_then(|kind| kind.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted));
        if is_wanted { self.bytes(response).await } else { Err(self.malformed("another kind of answer")) }
    }

    /// The head of a successful answer.
    async fn answer(&self, request: RequestBuilder) -> Result<Response, Error> {
        let response = request.send().await.map_err(|source| self.unreachable(source))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        Err(Error::Refused { counterpart: self.counterpart.clone(), status })
    }

    async fn bytes(&self, mut response: Response) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|source| self.unreachable(source))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LARGEST_ANSWER {
                return Err(self.malformed("too long"));
            }
        }
        Ok(bytes)
    }

    fn unreachable(&self, source: reqwest::Error) -> Error {
        // An address may carry what it asks for.
        Error::Unreachable { counterpart: self.counterpart.clone(), source: source.without_url() }
    }

    fn malformed(&self, what: &'static str) -> Error {
        Error::Malformed { counterpart: self.counterpart.clone(), what }
    }
}
