//! `motcua verify`: says in plain words what a PDF is: its claim, its signatures, what each covers, and
//! whether it was changed afterwards. The judging is `pdf::validate`'s.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use pdf::certificate::Certificate;
use pdf::validate::{Report, Verdict, validate};
use serde::Serialize;

use crate::input::{self, Unread};
use crate::speak::{say, say_json};

/// A signed file that grew with its proof is still smaller than this.
const LARGEST_FILE: u64 = 512 << 20;
const LARGEST_TRUST: u64 = 16 << 20;

/// Xem tệp PDF đã ký có còn nguyên vẹn không, ai ký
#[derive(Debug, clap::Args)]
#[command(after_help = "Mã thoát: 0 nguyên vẹn và tin cậy người ký; 1 bị thay đổi hoặc hỏng chữ ký; \
    2 không đọc được; 3 nguyên vẹn, chưa rõ người ký; 4 chưa ký. Nhiều tệp: mã của tệp xấu nhất.")]
pub(crate) struct Args {
    /// Tệp PDF
    #[arg(required = true, value_name = "TỆP")]
    files: Vec<PathBuf>,
    /// Chứng thư gốc tin cậy (PEM); dùng được nhiều lần
    #[arg(long, value_name = "TỆP")]
    trust: Vec<PathBuf>,
    /// In một tài liệu JSON thay cho lời
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Judged {
    file: String,
    exit_code: u8,
    /// The judgement in Vietnamese.
    sentences: Vec<String>,
    /// None for a file that could not be read from the disk.
    report: Option<Report>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let trust = match trusted(&args.trust) {
        Ok(trust) => trust,
        Err(error) => {
            crate::speak::complain(format_args!("{error:#}"));
            return Ok(ExitCode::from(2));
        }
    };
    let judged: Vec<Judged> = args.files.iter().map(|file| judge(file, &trust)).collect();
    if args.json {
        say_json(&judged)?;
    } else {
        for judged in &judged {
            say(&judged.file);
            for sentence in &judged.sentences {
                say(format_args!("  {sentence}"));
            }
        }
    }
    Ok(ExitCode::from(worst(judged.iter().map(|judged| judged.exit_code))))
}

fn trusted(files: &[PathBuf]) -> Result<Vec<Certificate>> {
    let mut trust = Vec::new();
    for file in files {
        let name = || format!("không đọc được chứng thư tin cậy `{}`", file.display());
        let pem = input::read(file, LARGEST_TRUST).with_context(name)?;
        trust.extend(Certificate::all_from_pem(&pem).with_context(name)?);
    }
    Ok(trust)
}

fn judge(path: &Path, trust: &[Certificate]) -> Judged {
    let file = path.to_string_lossy().into_owned();
    match input::read(path, LARGEST_FILE) {
        Ok(bytes) => {
            let report = validate(&bytes, trust);
            let exit_code = report.verdict.exit_code();
            Judged { file, exit_code, sentences: report.sentences(), report: Some(report) }
        }
        Err(unread) => unreadable(file, &unread),
    }
}

fn unreadable(file: String, why: &Unread) -> Judged {
    let sentences = vec![format!("Không đọc được: {why}.")];
    Judged { file, exit_code: Verdict::Unreadable.exit_code(), sentences, report: None }
}

/// The code of the file that is worst to rely on: changed, unreadable, not signed, signer unknown.
fn worst(codes: impl Iterator<Item = u8>) -> u8 {
    const FROM_WORST: [u8; 5] = [1, 2, 4, 3, 0];
    let rank = |code: &u8| FROM_WORST.iter().position(|known| known == code);
    codes.min_by_key(rank).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::worst;

    #[test]
    fn the_worst_file_decides() {
        assert_eq!(worst([0, 3, 4].into_iter()), 4);
        assert_eq!(worst([4, 2, 0].into_iter()), 2);
        assert_eq!(worst([2, 1, 3].into_iter()), 1);
        assert_eq!(worst([0, 3].into_iter()), 3);
        assert_eq!(worst([0, 0].into_iter()), 0);
    }
}
