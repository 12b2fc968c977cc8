//! A time stamp authority (RFC 3161 over HTTP): what it is asked and what it answers are bytes here; their
//! meaning is `pdf::timestamp`'s.

use crate::http::{Client, Error};

/// An authority at its address.
#[derive(Clone, Debug)]
pub struct Authority {
    client: Client,
    url: String,
}

impl Authority {
    pub fn new(url: &str) -> Result<Self, Error> {
        Ok(Self { client: Client::new("time stamp authority")?, url: url.to_owned() })
    }

    /// Its host, and nothing else of its address.
    pub fn host(&self) -> String {
        let rest = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        host.rsplit('@').next().unwrap_or_default().to_owned()
    }

    /// Sends a query and gives the answer as it came.
    pub async fn ask(&self, query: Vec<u8>) -> Result<Vec<u8>, Error> {
        let kinds = ("application/timestamp-query", "application/timestamp-reply");
        self.client.post_bytes(&self.url, kinds, query).await
    }
}

#[cfg(test)]
mod tests {
    use super::Authority;
    use crate::http::Error;
    use axum::Router;
    use axum::body::Bytes;
    use axum::http::{HeaderMap, StatusCode};
    use axum::routing::post;

    /// A counterpart that gives the query back behind its own kind, or answers as told.
    async fn fake(status: StatusCode, kind: &'static str) -> Authority {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let answer = move |headers: HeaderMap, body: Bytes| async move {
            let asked = headers["content-type"].to_str().expect("readable").to_owned();
            (status, [("content-type", kind)], [asked.as_bytes(), &body].concat())
        };
        let router = Router::new().route("/tsr", post(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Authority::new(&format!("http://{address}/tsr")).expect("a client")
    }

    #[tokio::test]
    async fn a_query_goes_out_and_the_answer_comes_back() {
        let authority = fake(StatusCode::OK, "application/timestamp-reply").await;
        let answer = authority.ask(vec![0, 1, 2]).await.expect("an answer");
        assert_eq!(answer, [b"application/timestamp-query".as_slice(), &[0, 1, 2]].concat());
    }

    #[tokio::test]
    async fn another_kind_of_answer_is_no_answer() {
        let error = fake(StatusCode::OK, "text/html").await.ask(Vec::new()).await.expect_err("a page");
        assert!(matches!(error, Error::Malformed { .. }) && !error.retry());
    }

    #[tokio::test]
    async fn a_refusal_is_said() {
        let authority = fake(StatusCode::SERVICE_UNAVAILABLE, "application/timestamp-reply").await;
        let error = authority.ask(Vec::new()).await.expect_err("a refusal");
        assert!(matches!(error, Error::Refused { status: 503, .. }) && error.retry());
    }
}
