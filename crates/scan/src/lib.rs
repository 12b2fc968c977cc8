//! Images → clean pages → text with boxes and confidence → fields, with a verdict on quality.
//! Knows no dossier. A file from outside goes to a [`worker`]; [`extract`] judges what came back.
//!
//! ```text
//! intake::open ─▶ Page ─▶ recognise::Reader ─▶ PageText ─▶ extract::fields ─▶ Extracted
//!      (in the limited child, through worker::Pool)            (pure, anywhere)
//! ```

pub mod code;
pub mod extract;
pub mod geometry;
pub mod intake;
pub mod measure;
pub mod page;
pub mod recognise;
pub mod worker;
