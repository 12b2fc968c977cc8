//! Notices to addresses that strangers chose: only to public ones, judged at the moment of connecting, no
//! redirect followed, little read of what comes back.

use crate::http::{refused, unreached};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url};
use rules::link::{Cause, Failure};
use rules::people::api_key::AddressRange;
use std::error::Error as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// How long one notice may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most bytes of an answer that are read.
const MOST_READ: usize = 4 * 1024;

/// Why a notice was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the address is not https")]
    Plain,
    #[error("the address leads into a network that is not open to notices")]
    Forbidden,
    #[error("no answer")]
    Unreachable(#[source] reqwest::Error),
    #[error("answered with {0}")]
    Refused(u16),
}

impl Error {
    /// What whoever keeps the address can do about it.
    pub fn failure(&self) -> Failure {
        match self {
            Self::Plain | Self::Forbidden => Cause::Forbidden.into(),
            Self::Unreachable(source) => unreached(source).into(),
            Self::Refused(status) => refused(*status),
        }
    }
}

/// What sends notices.
#[derive(Clone, Debug)]
pub struct Sender {
    client: Client,
    allowed: Arc<[AddressRange]>,
}

impl Sender {
    /// Besides public addresses only those of `allowed` are reached.
    pub fn new(allowed: &[AddressRange]) -> Result<Self, reqwest::Error> {
        let allowed: Arc<[AddressRange]> = allowed.into();
        let client = Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Guarded { allowed: allowed.clone() }))
            .user_agent(concat!("motcua/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, allowed })
    }

    /// Posts JSON with these headers; gives the status of whoever took it.
    pub async fn send(
        &self,
        address: &str,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<u16, Error> {
        let url = Url::parse(address).map_err(|_| Error::Plain)?;
        self.must_be_open(&url)?;
        let mut request = self.client.post(url).header("content-type", "application/json").body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let mut n_read = 0;
        while n_read < MOST_READ
            && let Ok(Some(chunk)) = response.chunk().await
        {
            n_read += chunk.len();
        }
        if status.is_success() { Ok(status.as_u16()) } else { Err(Error::Refused(status.as_u16())) }
    }

    /// What the resolver never sees: plain connections, and addresses written as numbers.
    fn must_be_open(&self, url: &Url) -> Result<(), Error> {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let number: Option<IpAddr> = host.parse().ok();
        let is_loopback = number.map_or(host == "localhost", |address| address.is_loopback());
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback) {
            return Err(Error::Plain);
        }
        match number {
            Some(address) if !may_reach(address, &self.allowed) => Err(Error::Forbidden),
            _ => Ok(()),
        }
    }
}

fn unreachable(error: reqwest::Error) -> Error {
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.is::<Closed>() {
            return Error::Forbidden;
        }
        source = cause.source();
    }
    // An address may carry a secret.
    Error::Unreachable(error.without_url())
}

/// Gives the client only addresses it may connect to: there is no later answer of a name that could lead
/// elsewhere.
#[derive(Debug)]
struct Guarded {
    allowed: Arc<[AddressRange]>,
}

#[derive(Debug, thiserror::Error)]
#[error("no open address")]
struct Closed;

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.allowed.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let open: Vec<SocketAddr> = found.filter(|at| may_reach(at.ip(), &allowed)).collect();
            if open.is_empty() { Err(Closed.into()) } else { Ok(Box::new(open.into_iter()) as Addrs) }
        })
    }
}

fn may_reach(address: IpAddr, allowed: &[AddressRange]) -> bool {
    is_public(address) || allowed.iter().any(|range| range.contains(address))
}

/// Networks that are nobody's on the open internet: private, local, shared, for examples, translated.
const CLOSED: [&str; 27] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
];

fn is_public(address: IpAddr) -> bool {
    let address = address.to_canonical();
    !CLOSED.iter().any(|range| range.parse::<AddressRange>().is_ok_and(|range| range.contains(address)))
}

#[cfg(test)]
mod tests {
    use super::{CLOSED, Error, Sender, is_public};
    use axum::Router;
    use axum::http::{HeaderMap, StatusCode};
    use axum::response::Redirect;
    use axum::routing::post;
    use rules::people::api_key::AddressRange;
    use std::sync::{Arc, Mutex};

    #[test]
    fn private_and_local_networks_are_closed_in_every_spelling() {
        assert!(CLOSED.iter().all(|range| range.parse::<AddressRange>().is_ok()));
        let closed = [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "::1",
            "::",
            "::ffff:10.0.0.1",
            "fe80::1",
            "fd00::1",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
        ];
        for address in closed {
            assert!(!is_public(address.parse().expect("an address")), "{address}");
        }
        for address in ["8.8.8.8", "172.32.0.1", "203.113.0.1", "2606:4700::1111", "::ffff:8.8.8.8"] {
            assert!(is_public(address.parse().expect("an address")), "{address}");
        }
    }

    type Taken = Arc<Mutex<Vec<(String, String)>>>;

    /// A counterpart on a loopback port that keeps what it is sent at `/take`.
    async fn counterpart(taken: Taken) -> u16 {
        let take = async move |headers: HeaderMap, body: String| {
            let signature = headers.get("motcua-signature").and_then(|value| value.to_str().ok());
            let kept = (signature.unwrap_or_default().to_owned(), body);
            taken.lock().expect("whole").push(kept);
            StatusCode::NO_CONTENT
        };
        let router = Router::new()
            .route("/take", post(take))
            .route("/onward", post(async || Redirect::temporary("/take")))
            .route("/busy", post(async || StatusCode::SERVICE_UNAVAILABLE));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move { axum::serve(listener, router).await });
        port
    }

    #[tokio::test]
    async fn a_notice_arrives_where_it_may_and_follows_no_redirect() {
        let taken = Taken::default();
        let port = counterpart(taken.clone()).await;
        let here: AddressRange = "127.0.0.0/8".parse().expect("a range");
        let open = Sender::new(&[here]).expect("a client");
        let send = async |sender: &Sender, address: String| {
            sender.send(&address, &[("motcua-signature", "t=1".to_owned())], "{}".to_owned()).await
        };
        let at = |host: &str, path: &str| format!("http://{host}:{port}{path}");
        assert_eq!(send(&open, at("127.0.0.1", "/take")).await.expect("taken"), 204);
        assert_eq!(send(&open, at("localhost", "/take")).await.expect("taken by name"), 204);
        assert_eq!(*taken.lock().expect("whole"), vec![("t=1".to_owned(), "{}".to_owned()); 2]);
        let refused = send(&open, at("127.0.0.1", "/onward")).await;
        assert!(matches!(refused, Err(Error::Refused(307))), "{refused:?}");
        let refused = send(&open, at("127.0.0.1", "/busy")).await;
        assert!(matches!(refused, Err(Error::Refused(503))), "{refused:?}");

        // The same place, where nobody allowed it: by number, by name, and spelt another way.
        let guarded = Sender::new(&[]).expect("a client");
        for host in ["127.0.0.1", "localhost", "127.1", "0x7f000001", "[::ffff:127.0.0.1]"] {
            let refused = send(&guarded, at(host, "/take")).await;
            assert!(matches!(refused, Err(Error::Forbidden | Error::Plain)), "{host}: {refused:?}");
        }
        let refused = send(&guarded, format!("https://localhost:{port}/take")).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
        for address in ["http://vi.du/", "ftp://127.0.0.1/", "đâu đó"] {
            let refused = send(&open, address.to_owned()).await;
            assert!(matches!(refused, Err(Error::Plain)), "{address}: {refused:?}");
        }
        assert_eq!(taken.lock().expect("whole").len(), 2);
    }
}
