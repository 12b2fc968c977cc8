//! What the law lets happen to a paper.
//!
//! The modules follow a paper through the office: [`counter`] → [`dossier`] → [`scanning`] →
//! [`signing`] → [`repository`] → [`reuse`] → [`measure`]; [`people`] (who may) and [`words`] (how it
//! is said) serve all of them; [`calendar`], [`code`], [`procedure`] and [`unit`] are the law's data.
//!
//! Invariants: no input or output, no clock, no random number, no `async`, no SQL. Every function takes
//! the facts and the time as arguments and gives back a new value and an event.

pub mod calendar;
pub mod card;
pub mod code;
pub mod counter;
pub mod custody;
pub mod dossier;
pub mod event;
pub mod id;
pub mod limits;
pub mod link;
pub mod mail;
pub mod measure;
pub mod people;
pub mod procedure;
pub mod repository;
pub mod reuse;
#[cfg(test)]
mod sample;
pub mod scanning;
pub mod signing;
pub mod text;
pub mod training;
pub mod unit;
pub mod webhook;
pub mod words;
