//! The one client: bounded in time and size, following no redirect, its errors without the content of
//! what was sent.

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
        let counterpart = || self.counterpart.clone();
        let unreachable = |source: reqwest::Error| Error::Unreachable {
            counterpart: counterpart(),
            // An address may carry what it asks for.
            source: source.without_url(),
        };
        let mut response = self.client.get(url).send().await.map_err(unreachable)?;
        if !response.status().is_success() {
            let status = response.status().as_u16();
            return Err(Error::Refused { counterpart: counterpart(), status });
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LARGEST_ANSWER {
                return Err(Error::Malformed { counterpart: counterpart(), what: "too long" });
            }
        }
        String::from_utf8(bytes)
            .map_err(|_| Error::Malformed { counterpart: counterpart(), what: "not UTF-8" })
    }
}
