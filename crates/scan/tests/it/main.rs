//! Papers drawn here, given to the real child process and read by the real engine: what comes
//! back is held against what was drawn. Hostile files get their refusal, and the pool goes on.

mod fields;
mod hostile;
mod paper;
mod reading;
mod workers;

use std::sync::LazyLock;

use scan::worker::{Bounds, Pool, Program};

/// The children all tests share, as the server does.
static POOL: LazyLock<Pool> = LazyLock::new(|| Pool::new(program(), 2, Bounds::default()));

fn program() -> Program {
    Program {
        path: env!("CARGO_BIN_EXE_motcua-scan").into(),
        arguments: vec!["worker".into()],
        environment: Vec::new(),
    }
}
