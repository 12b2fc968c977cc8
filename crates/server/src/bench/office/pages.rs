//! What officers wait for: whole pages through the program's router, from the session's look-up to the last
//! byte of HTML, one after the other.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::COOKIE;
use axum::http::{Request, StatusCode};
use metrics_exporter_prometheus::PrometheusBuilder;
use office::Office;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use tower::ServiceExt;
use web::{Entrance, Web};

use super::filling::Sample;
use super::house::{House, PASSWORD, Who};
use super::latency::Latencies;

/// No page is larger.
const LARGEST: usize = 8 << 20;

/// The pages of an office, with the sessions of those who open them.
pub(super) struct Pages {
    router: Router,
    /// The cookies of each commune's specialist and leader.
    sessions: Vec<(String, String)>,
}

impl Pages {
    /// The pages of `office`, its officers signed in.
    pub(super) async fn open(office: Office, house: &House) -> Result<Self> {
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let settings = web::Settings {
            entrance: Entrance::Direct,
            helpline: String::new(),
            version: env!("CARGO_PKG_VERSION"),
        };
        let router =
            web::router(Web { office, rates: Arc::default(), metrics, settings: Arc::new(settings) });
        let mut pages = Self { router, sessions: Vec::new() };
        for commune in &house.communes {
            let specialist = pages.sign_in(commune.login(Who::Specialist)).await?;
            let leader = pages.sign_in(commune.login(Who::Leader)).await?;
            pages.sessions.push((specialist, leader));
        }
        Ok(pages)
    }

    async fn sign_in(&self, login: &str) -> Result<String> {
        let body = json!({ "login": login, "password": PASSWORD }).to_string();
        let answer = self.answer(Request::post("/api/v1/session").body(Body::from(body))?).await?;
        let answer: Value = serde_json::from_str(&answer)?;
        let token = answer["token"].as_str().context("không có phiên")?;
        Ok(format!("motcua_phien={token}"))
    }

    /// Opens each sample's dossier, the lists of its commune, and searches for it.
    pub(super) async fn read(&self, samples: &[Sample]) -> Result<Latencies> {
        let mut latencies = Latencies::default();
        for sample in samples {
            let (specialist, leader) = &self.sessions[sample.commune];
            let dossier = format!("/ho-so/{}", sample.dossier.0);
            let page = latencies.time("trang hồ sơ", self.get(specialist, &dossier)).await?;
            ensure!(page.contains("Diễn biến"), "trang hồ sơ thiếu diễn biến");
            latencies.time("trang việc", self.get(specialist, "/viec")).await?;
            let search = |words: &str| format!("/tim?q={}", utf8_percent_encode(words, NON_ALPHANUMERIC));
            if let Some(code) = &sample.code {
                let found = latencies.time("trang tìm theo mã", self.get(specialist, &search(code))).await?;
                ensure!(found.contains(&dossier), "trang tìm không có {code}");
            }
            let by_name = search(&sample.person.name);
            latencies.time("trang tìm theo tên", self.get(specialist, &by_name)).await?;
            latencies.time("trang ký", self.get(leader, "/ky")).await?;
            latencies.time("trang tổng quan", self.get(leader, "/tong-quan")).await?;
        }
        Ok(latencies)
    }

    async fn get(&self, session: &str, path: &str) -> Result<String> {
        self.answer(Request::get(path).header(COOKIE, session).body(Body::empty())?).await
    }

    /// The whole answer, which must be a good one.
    async fn answer(&self, request: Request<Body>) -> Result<String> {
        let asked = request.uri().to_string();
        let answer = self.router.clone().oneshot(request).await?;
        ensure!(answer.status() == StatusCode::OK, "{asked}: {}", answer.status());
        Ok(String::from_utf8(to_bytes(answer.into_body(), LARGEST).await?.to_vec())?)
    }
}
