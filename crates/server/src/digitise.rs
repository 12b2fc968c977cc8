//! `motcua digitise`: page images and PDFs become searchable, signed PDF/A with a report beside them,
//! without a server. The stages are `paper`'s, the names `output`'s, the words `report`'s.

pub(crate) mod output;
pub(crate) mod paper;
pub(crate) mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use jiff::Timestamp;
use office::Clock;
use pdf::key::Key;
use scan::intake::Limits;
use scan::worker::Bounds;
use serde::Serialize;

use crate::config::secret_text;
use crate::input;
use crate::parallel::{self, processors};
use crate::speak::{complain, say, say_json};
use crate::worker;
use paper::{Digitiser, Refused};
use report::{FileReport, RefusedReport, Report};

/// The bound of a PKCS#12 file.
const LARGEST_KEY: u64 = 1 << 20;

/// Số hóa ảnh, PDF thành PDF/A tìm kiếm được (và ký số), kèm báo cáo JSON
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Ảnh (JPEG, PNG, TIFF) hoặc PDF
    #[arg(required = true, value_name = "TỆP")]
    files: Vec<PathBuf>,
    /// Thư mục nhận kết quả; tệp đã có không bị ghi đè
    #[arg(long, value_name = "THƯ MỤC")]
    out: PathBuf,
    /// Khóa của người số hóa (PKCS#12) để ký
    #[arg(long, value_name = "TỆP", requires = "p12_password_file")]
    p12: Option<PathBuf>,
    /// Tệp chứa mật khẩu của khóa
    #[arg(long, value_name = "TỆP", requires = "p12")]
    p12_password_file: Option<PathBuf>,
    /// In một tài liệu JSON thay cho lời
    #[arg(long)]
    json: bool,
    /// Số trang đọc cùng lúc; mặc định bằng số lõi
    #[arg(long, value_name = "SỐ", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

/// The one document of `--json`.
#[derive(Debug, Serialize)]
struct Answer {
    n_done: usize,
    n_refused: usize,
    wall_ms: u64,
    files: Vec<FileAnswer>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum FileAnswer {
    Done(Box<Report>),
    Refused(RefusedReport),
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let begun = Instant::now();
    let (digitiser, n_at_a_time) = match prepare(args) {
        Ok(prepared) => prepared,
        // Nothing was begun: what was asked for cannot be done as asked.
        Err(error) => {
            complain(format_args!("{error:#}"));
            return Ok(ExitCode::from(2));
        }
    };
    let now = Clock::System.now();
    let files = parallel::map(&args.files, n_at_a_time, |_, file| {
        let answer = match one(&digitiser, file, &args.out, now) {
            Ok(report) => FileAnswer::Done(Box::new(report)),
            Err(refused) => FileAnswer::Refused(RefusedReport::new(file, &refused)),
        };
        if !args.json {
            answer.tell();
        }
        answer
    });
    let n_done = files.iter().filter(|answer| matches!(answer, FileAnswer::Done(_))).count();
    let n_refused = files.len() - n_done;
    if args.json {
        let wall_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        say_json(&Answer { n_done, n_refused, wall_ms, files })?;
    } else {
        say(summary(n_done, n_refused));
    }
    Ok(if n_refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn prepare(args: &Args) -> Result<(Digitiser, usize)> {
    if args.files.iter().all(|file| !file.exists()) {
        anyhow::bail!("không có tệp nào trong các tệp đã nêu");
    }
    let key = match args.p12.as_deref().zip(args.p12_password_file.as_deref()) {
        Some((p12, password)) => Some(open_key(p12, password)?),
        None => None,
    };
    std::fs::create_dir_all(&args.out)
        .with_context(|| format!("không tạo được thư mục `{}`", args.out.display()))?;
    let n_at_a_time = args.jobs.map_or_else(processors, usize::from);
    let pool = worker::pool(n_at_a_time, Bounds::default())?;
    Ok((Digitiser { pool, limits: Limits::default(), n_at_a_time, key }, n_at_a_time))
}

fn open_key(p12: &Path, password_file: &Path) -> Result<Key> {
    let bytes =
        input::read(p12, LARGEST_KEY).with_context(|| format!("không mở được khóa `{}`", p12.display()))?;
    let password = secret_text(password_file)?;
    Key::from_p12(&bytes, &password)
        .with_context(|| format!("không mở được khóa `{}`: sai mật khẩu hoặc tệp hỏng", p12.display()))
}

/// One file from reading it to having its output in place.
fn one(digitiser: &Digitiser, path: &Path, out: &Path, now: Timestamp) -> Result<Report, Refused> {
    let file = input::read(path, digitiser.limits.file_bytes)?;
    let about = FileReport::new(path, &file);
    let stem = output::stem(path);
    let digitised = digitiser.digitise(file, &stem, now)?;
    let place = output::reserve(out, &stem).map_err(Refused::Output)?;
    let report = Report::new(about, &place.pdf, &digitised);
    let text =
        serde_json::to_vec_pretty(&report).map_err(|error| Refused::Output(std::io::Error::other(error)))?;
    place.fill(&digitised.pdf, &text).map_err(Refused::Output)?;
    Ok(report)
}

impl FileAnswer {
    fn tell(&self) {
        match self {
            // One write, so that the sentences of files read at once do not mix.
            Self::Done(report) => say(report.sentences().join("\n")),
            Self::Refused(refused) => say(refused.sentence()),
        }
    }
}

fn summary(n_done: usize, n_refused: usize) -> String {
    match n_refused {
        0 => format!("Xong {n_done} tệp."),
        _ => format!("Xong {n_done} tệp, không nhận {n_refused} tệp (lý do ở trên)."),
    }
}
