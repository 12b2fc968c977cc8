//! The outside systems: one file a counterpart, each with a fake counterpart server in its tests that
//! can be slow, refuse, and answer nonsense. The only crate that opens an outgoing connection.
//!
//! Nothing of a counterpart's vocabulary goes further in than its file.

pub mod http;
pub mod mail;
pub mod openid;
pub mod own_address;
pub mod timestamp;
pub mod webhook;
