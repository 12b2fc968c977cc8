//! The limited children that open and read papers, and that typeset what an agency wrote: this same program,
//! started again.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use pdf::key::strange::{self, Opener};
use pdf::print::limited::{self, Printer};
use scan::worker::{Bounds, Pool, Program};

/// Nothing is said of it in the help: people do not call it.
pub(crate) const SUBCOMMAND: &str = "scan-worker";

/// The same of the child that typesets one form.
pub(crate) const PRINTING: &str = "print-worker";

/// The same of the child that opens one key file.
pub(crate) const OPENING: &str = "key-worker";

/// The opening child's side: one file, one answer.
pub(crate) fn open_key() -> ExitCode {
    match strange::serve(std::io::stdin().lock(), std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Opens key files of strangers in children of this program.
pub(crate) fn opener() -> Result<Opener> {
    Ok(Opener::Child { path: this_program()?, arguments: vec![OPENING.into()], bounds: strange::BOUNDS })
}

/// The printing child's side: one form, one answer.
pub(crate) fn print() -> ExitCode {
    match limited::serve(std::io::stdin().lock(), std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Typesets the templates of agencies in children of this program.
pub(crate) fn printer() -> Result<Printer> {
    Ok(Printer::Child {
        path: this_program()?,
        arguments: vec![PRINTING.into()],
        bounds: limited::Bounds::default(),
    })
}

fn this_program() -> Result<PathBuf> {
    std::env::current_exe().context("không biết chương trình này nằm ở đâu")
}

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
        path: this_program()?,
        arguments: vec![SUBCOMMAND.into()],
        // `OMP_THREAD_LIMIT=1` is what the pool always sets.
        environment: Vec::new(),
    };
    Ok(Pool::new(program, n_workers, bounds))
}
