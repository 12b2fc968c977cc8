//! The office's own public address, asked from outside as a citizen's browser would: `motcua doctor`
//! finds out whether the proxy in front of the server does its work.

use crate::http::{Client, Error};

/// Asks `<public_url>/healthz` and says whether it is this product that answers, in good health.
pub async fn check(public_url: &str) -> Result<(), Error> {
    let client = Client::new("public address")?;
    let answer = client.get_text(&format!("{}/healthz", public_url.trim_end_matches('/'))).await?;
    if answer.trim() == "ok" {
        Ok(())
    } else {
        Err(Error::Malformed { counterpart: "public address".to_owned(), what: "another program" })
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::http::Error;
    use axum::Router;
    use axum::http::StatusCode;
    use axum::routing::get;

    /// A counterpart on a loopback port that answers as told.
    async fn fake(status: StatusCode, answer: &'static str) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/healthz", get(async move || (status, answer)));
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/")
    }

    #[tokio::test]
    async fn a_healthy_server_is_recognised() {
        check(&fake(StatusCode::OK, "ok\n").await).await.expect("a healthy server");
    }

    #[tokio::test]
    async fn a_refusal_says_whether_to_try_again() {
        let error = check(&fake(StatusCode::BAD_GATEWAY, "").await).await.expect_err("a refusal");
        assert!(matches!(error, Error::Refused { status: 502, .. }) && error.retry());
        let error = check(&fake(StatusCode::NOT_FOUND, "").await).await.expect_err("a refusal");
        assert!(!error.retry());
    }

    #[tokio::test]
    async fn another_program_is_not_taken_for_ours() {
        let error = check(&fake(StatusCode::OK, "<html>").await).await.expect_err("nonsense");
        assert!(matches!(error, Error::Malformed { .. }));
    }

    #[tokio::test]
    async fn nobody_there_is_said_so() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        let error = check(&format!("http://{address}")).await.expect_err("nobody");
        assert!(matches!(error, Error::Unreachable { .. }) && error.retry());
    }
}
