//! The program itself, run as a person runs it: what it says, what it leaves behind, how it ends.

mod audit;
mod calendar;
mod demo;
mod digitise;
mod officer;
mod print;
mod procedure;
mod program;
mod truth;
mod unit;
mod verify;
