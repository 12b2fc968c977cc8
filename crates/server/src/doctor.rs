//! `motcua doctor`: looks at everything an installation stands on and says, for each thing that is not
//! well, what to do. It repairs nothing.

mod machine;
mod mail;
mod papers;
mod stores;

use std::process::ExitCode;

use anyhow::Result;
use office::Clock;

use crate::config::Place;
use crate::installation;
use crate::speak::say;

/// Kiểm tra mọi thứ hệ thống cần, và nói phải làm gì
#[derive(Debug, clap::Args)]
#[command(after_help = "Mã thoát: 0 dùng được (có thể có điều cần lưu ý), 1 có chỗ hỏng.")]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
}

/// One thing that was looked at.
#[derive(Debug)]
struct Finding {
    health: Health,
    what: String,
    /// What to do; empty where nothing is to be done.
    advice: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Health {
    Well,
    /// Works, but somebody should know.
    Note,
    Broken,
}

impl Finding {
    fn well(what: impl Into<String>) -> Self {
        Self { health: Health::Well, what: what.into(), advice: String::new() }
    }

    fn note(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { health: Health::Note, what: what.into(), advice: advice.into() }
    }

    fn broken(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { health: Health::Broken, what: what.into(), advice: advice.into() }
    }

    fn tell(&self) {
        let sign = match self.health {
            Health::Well => "✓",
            Health::Note => "!",
            Health::Broken => "✗",
        };
        say(format_args!("{sign} {}", self.what));
        if !self.advice.is_empty() {
            say(format_args!("    → {}", self.advice));
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let config = match args.place.load() {
        Ok(config) => config,
        Err(error) => {
            let advice = "Sửa tệp cấu hình; `motcua config` in mọi mục với giải thích.";
            Finding::broken(format!("Cấu hình sai: {error:#}."), advice).tell();
            return Ok(ExitCode::FAILURE);
        }
    };
    let now = Clock::System.now();
    let mut findings = machine::look(&config, now);
    findings.extend(installation::runtime()?.block_on(stores::look(&config, now)));
    findings.extend(installation::runtime()?.block_on(mail::look(&config)));
    findings.extend(papers::look(&config, now));
    for finding in &findings {
        finding.tell();
    }
    let n_broken = findings.iter().filter(|finding| finding.health == Health::Broken).count();
    let n_notes = findings.iter().filter(|finding| finding.health == Health::Note).count();
    say(match (n_broken, n_notes) {
        (0, 0) => "Mọi thứ đều tốt.".to_owned(),
        (0, notes) => format!("Dùng được; {notes} điều cần lưu ý."),
        (broken, _) => format!("Có {broken} chỗ hỏng, xem các dòng ✗ ở trên."),
    });
    Ok(if n_broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
