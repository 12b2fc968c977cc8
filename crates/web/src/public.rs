//! What needs no sign-in: health and measurements of the machine.

use crate::Web;
use crate::error::Failure;
use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Instant;
use store::engine::count::counted;

/// Says whether the database answers.
pub(crate) async fn health(State(web): State<Web>) -> Response {
    let answer = async {
        let mut reader = web.office.db.read().await?;
        store::people::n_officers(&mut reader).await
    };
    match answer.await {
        Ok(_) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "database\n").into_response()
        }
    }
}

/// For Prometheus; routes and counts only, never who or what.
pub(crate) async fn metrics(State(web): State<Web>) -> Result<String, Failure> {
    let mut reader = web.office.db.read().await?;
    for count in store::queue::lines::counts(&mut reader).await? {
        let (kind, state) = (count.kind, format!("{:?}", count.state).to_lowercase());
        metrics::gauge!("motcua_jobs", "kind" => kind, "state" => state).set(count.n_jobs as f64);
    }
    let (ended, ending) = web.office.certificates_ending().await?;
    for (state, n) in [("ended", ended), ("ending", ending)] {
        metrics::gauge!("motcua_certificates", "state" => state).set(n as f64);
    }
    Ok(web.metrics.render())
}

/// Counts requests by route and answer, and what they ask of the database.
pub(crate) async fn count(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let started = Instant::now();
    let (response, n_statements) = counted(next.run(request)).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("motcua_requests_total", "route" => route.clone(), "status" => status).increment(1);
    metrics::counter!("motcua_request_statements_total", "route" => route.clone()).increment(n_statements);
    metrics::histogram!("motcua_request_seconds", "route" => route).record(started.elapsed().as_secs_f64());
    response
}
