//! How true a reading is: letters and words against `NAME.gt.txt`, fields against `NAME.fields.json`, and above
//! all how many wrong values nothing warned of.

mod fields;
mod score;

use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use rules::calendar::legal_time;
use scan::intake::Limits;
use scan::recognise::PageText;
use scan::worker::{Bounds, Pool};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{group, papers};
use crate::parallel::{self, processors};
use crate::speak::{complain, say, say_json};
use crate::{input, worker};
use fields::Facts;
use office::Clock;
use score::{Letters, Score};

/// Đo độ đúng: chữ so với `<tên>.gt.txt`, trường so với `<tên>.fields.json`
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Thư mục, kể cả thư mục con. `TÊN__NHÓM.jpg` hoặc tên thư mục con chia nhóm trong bảng
    folder: PathBuf,
    /// Không đọc gì, chấm chữ của chương trình khác: `<tên>.txt` trong thư mục này
    #[arg(long, value_name = "THƯ MỤC", conflicts_with = "dump")]
    score: Option<PathBuf>,
    /// Ghi chữ đọc được vào thư mục này để so bằng mắt
    #[arg(long, value_name = "THƯ MỤC")]
    dump: Option<PathBuf>,
    /// Kể từng trường sai
    #[arg(long)]
    wrong: bool,
    /// In một tài liệu JSON thay cho bảng
    #[arg(long)]
    json: bool,
    /// Số trang đọc cùng lúc; mặc định bằng số lõi
    #[arg(long, value_name = "SỐ", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

/// One file with its truth.
#[derive(Debug)]
struct Sample {
    path: PathBuf,
    group: String,
    text: String,
    facts: Option<Facts>,
}

/// What a file said.
#[derive(Debug)]
struct Answer {
    text: String,
    /// None of another program's.
    pages: Vec<PageText>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let samples = samples(&args.folder)?;
    ensure!(!samples.is_empty(), "`{}` không có tệp nào có `.gt.txt` bên cạnh", args.folder.display());
    let answers = match &args.score {
        Some(folder) => samples.iter().map(|sample| told(folder, sample)).collect(),
        None => read(args, &samples)?,
    };
    let today = legal_time(Clock::System.now()).date();
    let score = scored(&samples, &answers, today);
    if args.json {
        say_json(&score)?;
    } else {
        say(&score);
    }
    if args.wrong {
        score.wrong().for_each(say);
    }
    let n_read = answers.iter().flatten().count();
    Ok(if n_read == samples.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn samples(folder: &Path) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for path in papers(folder)? {
        let Ok(text) = std::fs::read_to_string(path.with_extension("gt.txt")) else { continue };
        let facts = match std::fs::read(path.with_extension("fields.json")) {
            Ok(json) => Some(
                serde_json::from_slice(&json)
                    .with_context(|| format!("`{}.fields.json` không đọc được", name(&path)))?,
            ),
            Err(_) => None,
        };
        samples.push(Sample { group: group(folder, &path), path, text, facts });
    }
    Ok(samples)
}

fn name(path: &Path) -> String {
    path.file_stem().map(OsStr::to_string_lossy).unwrap_or_default().into_owned()
}

/// What another program read, where it read anything.
fn told(folder: &Path, sample: &Sample) -> Option<Answer> {
    let path = folder.join(format!("{}.txt", name(&sample.path)));
    let text = std::fs::read_to_string(&path)
        .inspect_err(|error| complain(format_args!("✗ {}: {error}", path.display())));
    text.ok().map(|text| Answer { text, pages: Vec::new() })
}

fn read(args: &Args, samples: &[Sample]) -> Result<Vec<Option<Answer>>> {
    let n_at_a_time = args.jobs.map_or_else(processors, usize::from);
    let pool = worker::pool(n_at_a_time, Bounds::default())?;
    if let Some(dump) = &args.dump {
        std::fs::create_dir_all(dump)
            .with_context(|| format!("không tạo được thư mục `{}`", dump.display()))?;
    }
    let answers = parallel::map(samples, n_at_a_time, |_, sample| {
        let answer = answer(&pool, sample).and_then(|answer| {
            if let Some(dump) = &args.dump {
                std::fs::write(dump.join(format!("{}.txt", name(&sample.path))), &answer.text)?;
            }
            Ok(answer)
        });
        answer.inspect_err(|error| complain(format_args!("✗ {}: {error:#}", sample.path.display()))).ok()
    });
    Ok(answers)
}

fn answer(pool: &Pool, sample: &Sample) -> Result<Answer> {
    let limits = Limits::default();
    let file = input::read(&sample.path, limits.file_bytes)?;
    let opened = pool.open(file, &limits)?;
    let read = opened.iter().map(|opened| {
        let page = &opened.page;
        pool.read(&page.image, page.turn, page.dpi)
    });
    let pages = read.collect::<Result<Vec<PageText>, _>>()?;
    let text = pages.iter().map(PageText::text).collect::<Vec<_>>().join("\n");
    Ok(Answer { text, pages })
}

fn scored(samples: &[Sample], answers: &[Option<Answer>], today: Date) -> Score {
    let mut score = Score::default();
    for (sample, answer) in samples.iter().zip(answers) {
        let Some(answer) = answer else { continue };
        score.letters(&sample.group, Letters::of(&sample.text, &answer.text));
    }
    for paper in papers_of(samples) {
        let Some(facts) = &samples[paper[0]].facts else { continue };
        let read: Option<Vec<&Answer>> = paper.iter().map(|&at| answers[at].as_ref()).collect();
        let pages = read.into_iter().flatten().flat_map(|answer| &answer.pages).cloned();
        let pages: Vec<PageText> = pages.collect();
        // A paper some of whose pages are not here says less than its truth.
        if pages.len() != facts.n_pages {
            continue;
        }
        let extracted = scan::extract::fields(&pages, today);
        let at = &samples[paper[0]];
        score.fields(&at.group, &name(&at.path), facts.judge(&extracted));
    }
    score
}

/// The samples that are pages of one paper, each in their order: their names differ in a last number only.
fn papers_of(samples: &[Sample]) -> Vec<Vec<usize>> {
    let paper = |sample: &Sample| {
        let whole = sample.path.with_extension("");
        let whole = whole.to_string_lossy();
        let stem = whole.rsplit_once('-').filter(|(_, page)| page.parse::<u32>().is_ok());
        let is_page = sample.facts.as_ref().is_some_and(|facts| facts.n_pages > 1);
        stem.filter(|_| is_page).map_or_else(|| whole.clone().into_owned(), |(stem, _)| stem.to_owned())
    };
    let all: Vec<usize> = (0..samples.len()).collect();
    all.chunk_by(|&one, &next| paper(&samples[one]) == paper(&samples[next])).map(<[usize]>::to_vec).collect()
}
