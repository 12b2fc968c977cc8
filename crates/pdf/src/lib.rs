//! Bytes to bytes: scanned pages to PDF/A, printed forms to PDF/A, signatures on and judgements of
//! PDF files. This crate knows no dossier, no clock and no disk; times come as arguments.
//!
//! The map:
//! - `archive` writes scans as PDF/A-2b with invisible text; `icc` makes its colour profiles.
//! - `print` makes born-digital papers from form templates.
//! - `object`, `filter`, `read`, `form` read structure and never repair it.
//! - `update` appends a revision; `stamp` draws what is seen of a signature; `sign` puts both and the
//!   signature in, in two steps.
//! - `asn1`, `cms` read and write the cryptographic message; `key`, `certificate` hold keys and names.
//! - `timestamp` asks an authority for a time stamp over any bytes, and checks its token.
//! - `validate` judges signed files and says so in plain Vietnamese.
//!
//! Invariants:
//! - Original bytes are a verbatim prefix of whatever `sign` gives back.
//! - No input makes this crate panic, recurse without end or allocate without limit.
//! - Equal input gives equal bytes, except for the signature value itself.
//! - Private key material is touched in `key` and `certificate` only.

pub mod archive;
mod asn1;
pub mod certificate;
mod cms;
mod error;
mod filter;
mod form;
mod icc;
pub mod key;
mod object;
pub mod print;
pub mod read;
pub mod sign;
pub mod stamp;
pub mod timestamp;
mod update;
pub mod validate;

pub use error::{Error, Refusal, Result};
