//! For tests only, here and in the crates above: what must hold of every dossier at every moment, the
//! transitions the law knows, and a random walk over them.

mod act;
mod holds;
mod tally;
mod walk;

pub use act::{Act, Draw, Setting, likely};
pub use holds::broken;
pub use tally::{BESIDE, TRANSITIONS, Tally, Transition};
pub use walk::Walk;
