//! The crate from outside: files it writes and signs, looked at by itself and by independent
//! programs (qpdf, poppler), and files that were tampered with.

mod archive;
mod foreign;
mod hostile;
mod keys;
mod samples;
mod signing;
mod tampering;
mod timestamp;
