//! `motcua bench`: measures what the program does, in figures a person can hold against another
//! program's. Asserts nothing; seconds belong here and not in tests.

mod audit;
mod cpu;
mod office;
mod table;
mod truth;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use ::office::Clock;
use anyhow::{Context, Result, ensure};
use scan::intake::Limits;
use scan::measure::{character_error_rate, words_found};
use scan::worker::Bounds;

use crate::digitise::paper::{Digitiser, Timings};
use crate::parallel::{self, processors};
use crate::speak::{complain, say};
use crate::{input, worker};
use table::{Cell, Table};

/// Đo tốc độ và độ đúng
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Số hóa mọi ảnh, PDF trong một thư mục; so với `<tên>.gt.txt` nếu có
    Digitise(DigitiseArgs),
    /// Độ đúng của chữ và của trường bóc tách, trên một thư mục có lời giải
    Truth(truth::Args),
    /// Cả triệu hồ sơ: việc mỗi giây và thời gian chờ, so với trình điều khiển cơ sở dữ liệu trần
    Office(office::Args),
    /// Niêm phong và kiểm tra dấu vết của một triệu sự kiện
    Audit(audit::Args),
}

#[derive(Debug, clap::Args)]
struct DigitiseArgs {
    /// Thư mục, kể cả thư mục con. `TÊN__NHÓM.jpg` hoặc tên thư mục con chia nhóm trong bảng
    folder: PathBuf,
    /// Số trang đọc cùng lúc; mặc định bằng số lõi
    #[arg(long, value_name = "SỐ", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Chỉ đo ngần này tệp đầu tiên
    #[arg(long, value_name = "SỐ")]
    limit: Option<usize>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    match &args.what {
        What::Digitise(args) => digitise(args),
        What::Truth(args) => truth::run(args),
        What::Office(args) => office::run(args),
        What::Audit(args) => audit::run(args),
    }
}

/// What one file gave.
#[derive(Debug)]
struct Measured {
    group: String,
    n_pages: usize,
    n_characters: usize,
    timings: Timings,
    /// Against the truth, where it lies beside the file.
    rates: Option<Rates>,
}

#[derive(Clone, Copy, Debug)]
struct Rates {
    character_error: f64,
    words_found: f64,
}

fn digitise(args: &DigitiseArgs) -> Result<ExitCode> {
    let mut files = papers(&args.folder)?;
    files.truncate(args.limit.unwrap_or(usize::MAX));
    ensure!(!files.is_empty(), "`{}` không có ảnh hay PDF nào", args.folder.display());
    let n_at_a_time = args.jobs.map_or_else(processors, usize::from);
    let pool = worker::pool(n_at_a_time, Bounds::default())?;
    let digitiser = Digitiser { pool, limits: Limits::default(), n_at_a_time, key: None };
    let (begun, cpu_before) = (Instant::now(), cpu::seconds()?);
    let measured: Vec<Option<Measured>> =
        parallel::map(&files, n_at_a_time, |_, file| match measure(&digitiser, &args.folder, file) {
            Ok(measured) => Some(measured),
            Err(error) => {
                complain(format_args!("✗ {}: {error:#}", file.display()));
                None
            }
        });
    // Children count only once they were waited for.
    drop(digitiser);
    let (wall, cpu) = (begun.elapsed().as_secs_f64(), cpu::seconds()? - cpu_before);
    let measured: Vec<Measured> = measured.into_iter().flatten().collect();
    ensure!(!measured.is_empty(), "không tệp nào đọc được");
    print(&measured, wall, cpu, n_at_a_time);
    Ok(if measured.len() == files.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn measure(digitiser: &Digitiser, folder: &Path, path: &Path) -> Result<Measured> {
    let file = input::read(path, digitiser.limits.file_bytes)?;
    let digitised = digitiser.digitise(file, "", Clock::System.now())?;
    let texts: Vec<String> = digitised.texts.iter().map(scan::recognise::PageText::text).collect();
    let read = texts.join("\n");
    let truth = std::fs::read_to_string(path.with_extension("gt.txt")).ok();
    Ok(Measured {
        group: group(folder, path),
        n_pages: digitised.texts.len(),
        n_characters: read.chars().filter(|c| !c.is_whitespace()).count(),
        timings: digitised.timings,
        rates: truth.map(|truth| Rates {
            character_error: character_error_rate(&truth, &read),
            words_found: words_found(&truth, &read),
        }),
    })
}

/// The end of the name after `__`, else the folder below the one measured.
fn group(folder: &Path, path: &Path) -> String {
    let stem = path.file_stem().map(OsStr::to_string_lossy).unwrap_or_default();
    if let Some((_, condition)) = stem.rsplit_once("__") {
        return condition.to_owned();
    }
    match path.strip_prefix(folder).ok().and_then(Path::parent) {
        Some(below) if !below.as_os_str().is_empty() => below.to_string_lossy().into_owned(),
        _ => "-".to_owned(),
    }
}

/// Pictures and PDFs in the folder and below it, in the order of their paths.
fn papers(folder: &Path) -> Result<Vec<PathBuf>> {
    const ENDINGS: [&str; 6] = ["jpg", "jpeg", "png", "tif", "tiff", "pdf"];
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("không mở được thư mục `{}`", folder.display()))?;
    let mut papers = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            papers.extend(self::papers(&path)?);
        } else if path
            .extension()
            .is_some_and(|end| ENDINGS.iter().any(|known| end.eq_ignore_ascii_case(known)))
        {
            papers.push(path);
        }
    }
    papers.sort();
    Ok(papers)
}

fn print(measured: &[Measured], wall: f64, cpu: f64, n_at_a_time: usize) {
    let mut groups: BTreeMap<&str, Vec<&Measured>> = BTreeMap::new();
    for one in measured {
        groups.entry(&one.group).or_default().push(one);
    }
    let mut table = Table::new(&["nhóm", "trang", "ký tự", "sai ký tự %", "đúng từ %", "đọc s/trang"]);
    for (group, members) in &groups {
        table.row(row(group, members));
    }
    if groups.len() > 1 {
        table.row(row("tất cả", &measured.iter().collect::<Vec<_>>()));
    }
    say(table);
    let n_pages: usize = measured.iter().map(|one| one.n_pages).sum();
    let pages = n_pages as f64;
    say("");
    say(format_args!(
        "{n_pages} trang, {n_at_a_time} tiến trình: {wall:.1} s đồng hồ, {cpu:.1} s CPU (cả tiến trình con)"
    ));
    say(format_args!(
        "{:.2} trang mỗi giây CPU, {:.2} trang mỗi giây đồng hồ, {:.2} s CPU mỗi trang",
        pages / cpu.max(1e-9),
        pages / wall.max(1e-9),
        cpu / pages.max(1.0)
    ));
    say(stages(measured, pages));
}

fn row(group: &str, members: &[&Measured]) -> Vec<Cell> {
    let n_pages: usize = members.iter().map(|one| one.n_pages).sum();
    let n_characters: usize = members.iter().map(|one| one.n_characters).sum();
    let rates: Vec<Rates> = members.iter().filter_map(|one| one.rates).collect();
    let mean = |of: fn(&Rates) -> f64| {
        let sum: f64 = rates.iter().map(of).sum();
        (!rates.is_empty()).then(|| sum / rates.len() as f64 * 100.0)
    };
    let read_ms: u64 = members.iter().map(|one| one.timings.read_ms).sum();
    vec![
        Cell::text(group),
        Cell::whole(n_pages),
        Cell::whole(n_characters),
        Cell::fraction(mean(|rates| rates.character_error)),
        Cell::fraction(mean(|rates| rates.words_found)),
        Cell::fraction(Some(read_ms as f64 / 1_000.0 / n_pages.max(1) as f64)),
    ]
}

/// Seconds of wall clock each stage takes a page.
fn stages(measured: &[Measured], pages: f64) -> String {
    type Stage = (&'static str, fn(&Timings) -> u64);
    let stages: [Stage; 6] = [
        ("mở tệp", |t| t.open_ms),
        ("giải nén", |t| t.decode_ms),
        ("làm sạch", |t| t.prepare_ms),
        ("đọc chữ", |t| t.read_ms),
        ("tìm trường", |t| t.fields_ms),
        ("viết PDF/A", |t| t.write_ms),
    ];
    let told: Vec<String> = stages
        .iter()
        .map(|(name, of)| {
            let ms: u64 = measured.iter().map(|one| of(&one.timings)).sum();
            format!("{name} {:.3}", ms as f64 / 1_000.0 / pages.max(1.0))
        })
        .collect();
    format!("Từng bước, s/trang (đồng hồ): {}", told.join(", "))
}

#[cfg(test)]
mod tests {
    use super::group;
    use std::path::Path;

    #[test]
    fn a_group_is_the_end_of_the_name_or_the_folder() {
        let of = |path: &str| group(Path::new("/b"), Path::new(path));
        assert_eq!(of("/b/001-giay__fax200.jpg"), "fax200");
        assert_eq!(of("/b/medium/001-giay.jpg"), "medium");
        assert_eq!(of("/b/001-giay.jpg"), "-");
    }
}
