//! The program `motcua`: the table of its commands and nothing else.

mod acting;
mod audit;
mod bench;
mod calendar;
mod config;
mod demo;
mod digitise;
mod doctor;
mod input;
mod installation;
mod logs;
mod migrate;
mod officer;
mod parallel;
mod procedure;
mod serve;
mod shipped;
mod speak;
mod unit;
mod verify;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Một Cửa: hệ thống một cửa mở cho cơ quan hành chính
#[derive(Debug, Parser)]
#[command(name = "motcua", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Args),
    Serve(serve::Args),
    Work(serve::WorkArgs),
    Migrate(migrate::Args),
    Doctor(doctor::Args),
    Config(config::Args),
    Digitise(digitise::Args),
    Verify(verify::Args),
    Audit(audit::Args),
    Unit(unit::Args),
    Officer(officer::Args),
    Procedure(procedure::Args),
    Calendar(calendar::Args),
    Bench(bench::Args),
    #[command(name = worker::SUBCOMMAND, hide = true)]
    ScanWorker,
    #[command(name = worker::PRINTING, hide = true)]
    PrintWorker,
    #[command(name = worker::OPENING, hide = true)]
    KeyWorker,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Demo(args) => demo::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Work(args) => serve::run_work(&args),
        Command::Migrate(args) => migrate::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Digitise(args) => digitise::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Audit(args) => audit::run(&args),
        Command::Unit(args) => unit::run(&args),
        Command::Officer(args) => officer::run(&args),
        Command::Procedure(args) => procedure::run(&args),
        Command::Calendar(args) => calendar::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::ScanWorker => return worker::serve(),
        Command::PrintWorker => return worker::print(),
        Command::KeyWorker => return worker::open_key(),
    };
    done.unwrap_or_else(|error| {
        speak::complain(format_args!("motcua: {error:#}"));
        ExitCode::FAILURE
    })
}
