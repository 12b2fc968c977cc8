//! What needs more than one process.

mod kill;
