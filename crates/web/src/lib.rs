//! Pages and forms. A page calls `office` for acts and `store`'s read models for lists; it decides
//! nothing and writes nothing. Every page works without script.

pub mod access;
mod admin;
mod api;
mod assets;
mod audit;
mod books;
mod calendar;
mod camera;
mod counter;
mod custody;
mod deed;
mod device;
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
    pub entrance: Entrance,
    /// The number people call for help, shown on error pages.
    pub helpline: String,
    pub version: &'static str,
}

/// How requests come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entrance {
    /// Over plain HTTP, from this machine.
    Direct,
    /// Through a proxy that speaks TLS: cookies travel over nothing else, and it says who asks.
    TlsProxy,
}

/// The one router.
pub fn router(web: Web) -> Router {
    routes::all(web)
}
