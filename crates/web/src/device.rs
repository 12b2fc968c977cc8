//! What a request came from: its address, which failed sign-ins are counted by and keys are bound to, and
//! what its program calls itself.

use crate::{Entrance, Web};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use office::people::Device;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// The device behind a request.
#[derive(Clone, Debug)]
pub(crate) struct FromDevice(pub(crate) Device);

/// Letters kept of what a program calls itself.
const N_AGENT: usize = 300;

impl FromRequestParts<Web> for FromDevice {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        Ok(Self(device(parts, web.settings.entrance)))
    }
}

pub(crate) fn device(parts: &Parts, entrance: Entrance) -> Device {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let address = match entrance {
        Entrance::Direct => peer,
        Entrance::TlsProxy => said_by_proxy(&parts.headers).or(peer),
    };
    let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Device {
        address: address.map_or_else(|| "unknown".to_owned(), |address| address.to_canonical().to_string()),
        agent: agent.chars().take(N_AGENT).collect(),
    }
}

/// Whom the proxy answers. It adds the address it sees behind those it was told, so only the last one is
/// its own word: whatever stands before it may be made up by whoever asks.
fn said_by_proxy(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    let last = last.rsplit(',').next()?.trim();
    last.parse().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn address(entrance: Entrance, forwarded: &[&str]) -> String {
        let mut request = Request::builder().uri("/");
        for value in forwarded {
            request = request.header("x-forwarded-for", *value);
        }
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        parts.extensions.insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 5_000))));
        device(&parts, entrance).address
    }

    #[test]
    fn behind_a_proxy_the_address_is_the_one_the_proxy_saw() {
        assert_eq!(address(Entrance::TlsProxy, &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(address(Entrance::TlsProxy, &["203.0.113.9:41000"]), "203.0.113.9");
        assert_eq!(address(Entrance::TlsProxy, &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(address(Entrance::TlsProxy, &["::ffff:203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn what_whoever_asks_says_of_his_own_address_is_not_believed() {
        assert_eq!(address(Entrance::TlsProxy, &["10.0.0.1, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(address(Entrance::TlsProxy, &["10.0.0.1", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(address(Entrance::Direct, &["10.0.0.1"]), "127.0.0.1");
    }

    #[test]
    fn without_an_address_from_the_proxy_it_is_the_peers() {
        for forwarded in [&[][..], &[""], &["nobody"], &["203.0.113.9, unknown"]] {
            assert_eq!(address(Entrance::TlsProxy, forwarded), "127.0.0.1");
        }
    }
}
