//! Pages and forms. A page calls `office` for acts and `store`'s read models for lists; it decides
//! nothing and writes nothing. Every page works without script.

pub mod access;
mod admin;
mod api;
mod assets;
mod audit;
mod books;
mod calendar;
mod counter;
mod custody;
mod deed;
mod dossier;
mod error;
mod form;
mod glass;
mod handbook;
mod measure;
mod page;
mod people;
mod picture;
mod procedures;
mod public;
mod repository;
mod routes;
mod scanning;
mod session;
mod signing;

pub use api::rate::Rates;
use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use office::Office;
use std::sync::Arc;

/// What the pages need.
#[derive(Clone, Debug)]
pub struct Web {
    pub office: Office,
    pub rates: Arc<Rates>,
    pub metrics: PrometheusHandle,
    pub settings: Arc<Settings>,
}

/// What an installation decides for its pages.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Cookies are sent back over TLS only. Off where the server itself speaks plain HTTP on loopback.
    pub secure_cookies: Cookies,
    /// The number people call for help, shown on error pages.
    pub helpline: String,
    pub version: &'static str,
}

/// Over which connections cookies travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookies {
    TlsOnly,
    PlainToo,
}

/// The one router.
pub fn router(web: Web) -> Router {
    routes::all(web)
}
