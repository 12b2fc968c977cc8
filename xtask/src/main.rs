//! The commands a developer runs beside cargo: `cargo xtask tidy`, `law`, `testdata`.
//!
//! What checks or makes the repository stands here; what runs an office is in `server`.
#![expect(clippy::print_stdout, reason = "a command line speaks on standard output")]

mod law;
mod source;
mod testdata;
mod tidy;
mod tree;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Commands for those who work on Một Cửa.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the architecture, the words and the templates; says how to mend what it finds
    Tidy,
    /// Check that every law cited in the code is in docs/law, and list clauses without code
    Law {
        /// Write at the end of each act which code obeys it
        #[arg(long)]
        write: bool,
    },
    Testdata(testdata::Args),
}

fn main() -> anyhow::Result<ExitCode> {
    match Cli::parse().command {
        Command::Tidy => {
            let tree = tree::Tree::of_repository()?;
            let graph = tidy::graph::Graph::of_repository()?;
            let faults = tidy::check(&tree, &graph)?;
            for fault in &faults {
                println!("{fault}");
            }
            println!("tidy: {} files, {} rules, {} faults", tree.files.len(), tidy::RULES, faults.len());
            Ok(exit(faults.is_empty()))
        }
        Command::Law { write } => {
            let tree = tree::Tree::of_repository()?;
            let mut report = law::check(&tree)?;
            if write {
                for (path, text) in std::mem::take(&mut report.rewritten) {
                    std::fs::write(&path, text)?;
                    println!("wrote {path}");
                }
            }
            print!("{}", report.summary());
            Ok(exit(report.faults.is_empty() && report.rewritten.is_empty()))
        }
        Command::Testdata(args) => {
            testdata::run(args)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn exit(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
