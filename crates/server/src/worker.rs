//! The limited child that opens and reads papers: this same program, started again.

use std::process::ExitCode;

use anyhow::{Context, Result};
use scan::worker::{Bounds, Pool, Program};

/// Nothing is said of it in the help: people do not call it.
pub(crate) const SUBCOMMAND: &str = "scan-worker";

/// The child's side: answers until its input ends.
pub(crate) fn serve() -> ExitCode {
    match scan::worker::serve(std::io::stdin().lock(), std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Children of this program, started when first needed.
pub(crate) fn pool(n_workers: usize, bounds: Bounds) -> Result<Pool> {
    let program = Program {
        path: std::env::current_exe().context("không biết chương trình này nằm ở đâu")?,
        arguments: vec![SUBCOMMAND.into()],
        // `OMP_THREAD_LIMIT=1` is what the pool always sets.
        environment: Vec::new(),
    };
    Ok(Pool::new(program, n_workers, bounds))
}
