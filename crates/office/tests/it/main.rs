//! Acts as sentences, each on both engines, every effect asserted: state, events, jobs, files.

mod accounts;
mod administering;
mod afterwards;
mod audit;
mod books;
mod calendar;
mod counter;
mod custody;
mod house;
mod linked;
mod own_account;
mod people;
mod procedure;
mod procedure_drafting;
mod queue;
mod random_walk;
mod reading;
mod roles;
mod rounds;
mod sign_in;
mod steps;
mod trail;
mod unit;
mod writing;
