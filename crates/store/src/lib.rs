//! What the office keeps: the two SQL engines behind one text, the papers' bytes, the job queue
//! and the search index. The only crate that speaks SQL. It decides nothing: the rules do.
//!
//! Reading functions take a [`Reader`], writing functions a [`Tx`]; a `&mut Tx` serves as a
//! `&mut Reader`. Every statement goes through `execute!`, `fetch_one!`, `fetch_optional!` or
//! `fetch_all!`, which name it and put it on the list that a test prepares on both engines.

pub mod audit;
pub mod bench;
pub mod blobs;
pub mod calendar;
pub mod counter;
pub mod custody;
pub mod dossier;
pub mod engine;
mod error;
pub mod event;
pub mod forms;
pub mod idempotency;
pub mod link;
pub mod mail;
pub mod measure;
pub mod numbering;
pub mod people;
pub mod procedure;
pub mod queue;
pub mod repository;
#[cfg(test)]
mod sample;
pub mod scanning;
pub mod schema;
pub mod search;
pub mod session;
pub mod signing;
pub mod testing;
pub mod time;
pub mod training;
pub mod unit;
pub mod webhook;

pub use engine::{Config, Db, Engine, Reader, Tx};
pub use error::Error;
