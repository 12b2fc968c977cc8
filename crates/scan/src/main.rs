//! Reading papers from the command line: `motcua-scan read FILE…`, `motcua-scan codes FILE…`;
//! `motcua-scan worker` is the limited child the others start.

use std::process::ExitCode;

use scan::extract;
use scan::intake::Limits;
use scan::worker::{Bounds, Pool, Program, serve};

const USAGE: &str = "motcua-scan read FILE…    text and fields of scans, as JSON, one line a file
motcua-scan codes FILE…   QR codes of scans, as JSON, one line a file";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, files) = match arguments.split_first() {
        Some((command, files)) => (command.as_str(), files),
        None => ("", &[][..]),
    };
    match command {
        "worker" => match serve(std::io::stdin().lock(), std::io::stdout().lock()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        "read" | "codes" if !files.is_empty() => {
            let program = Program {
                path: std::env::current_exe().expect("the kernel knows where this program lies"),
                arguments: vec!["worker".into()],
                environment: Vec::new(),
            };
            let pool = Pool::new(program, 1, Bounds::default());
            let is_whole = files.iter().all(|file| match told(&pool, command, file) {
                Ok(line) => say(&line),
                Err(fault) => complain(file, &*fault),
            });
            if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        _ => {
            complain("usage", &USAGE);
            ExitCode::from(2)
        }
    }
}

fn told(pool: &Pool, command: &str, file: &str) -> Result<String, Box<dyn std::error::Error>> {
    let opened = pool.open(std::fs::read(file)?, &Limits::default())?;
    if command == "codes" {
        let mut codes = Vec::new();
        for opened in &opened {
            codes.push(pool.codes(&opened.page.image, opened.page.turn)?);
        }
        return Ok(serde_json::json!({ "file": file, "codes": codes }).to_string());
    }
    let mut texts = Vec::new();
    for opened in &opened {
        texts.push(pool.read(&opened.page.image, opened.page.turn, opened.page.dpi)?);
    }
    let fields = extract::fields(&texts, today());
    Ok(serde_json::json!({ "file": file, "pages": texts, "extracted": fields }).to_string())
}

#[expect(clippy::disallowed_methods, reason = "this program is its own clock")]
fn today() -> jiff::civil::Date {
    jiff::Zoned::now().date()
}

#[expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]
fn say(line: &str) -> bool {
    println!("{line}");
    true
}

#[expect(clippy::print_stderr, reason = "a command-line tool complains on stderr")]
fn complain(about: &str, what: &dyn std::fmt::Display) -> bool {
    eprintln!("{about}: {what}");
    false
}
