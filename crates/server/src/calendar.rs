//! `motcua calendar`: proposes a year for a person to decide, looks a calendar's file over, lists the
//! dossiers it would move, and decides it. What it means is `office::calendar`'s.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, ensure};
use office::calendar::{Impact, MovedLine, NotACalendar, faults_of, parse};
use office::{By, Error, Office};
use rules::calendar::CalendarDecision;
use rules::words;

use crate::config::Place;
use crate::speak::{complain, say};
use crate::{input, installation, shipped};

/// A calendar is written by hand.
const LARGEST_FILE: u64 = 1 << 20;
/// The years for which the formulas of the moon were checked.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// Lịch làm việc: đề xuất lịch nghỉ của một năm, kiểm tra, xem hồ sơ nào đổi ngày hẹn trả, quyết định
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// In tệp lịch nghỉ đề xuất của một năm; người có thẩm quyền sửa theo thông báo rồi mới dùng
    Propose(ProposeArgs),
    /// Kiểm tra tệp lịch của một năm hoặc của một đơn vị, không cần cơ sở dữ liệu
    #[command(after_help = "Mã thoát: 0 không có lỗi, 1 có lỗi.")]
    Check(CheckArgs),
    /// Liệt kê hồ sơ sẽ đổi ngày hẹn trả nếu lưu lịch này; không thay đổi gì
    Affected(FileArgs),
    /// Lưu lịch sau khi đã xem danh sách; ngày hẹn trả được tính lại, mỗi hồ sơ một sự kiện
    Decide(DecideArgs),
}

#[derive(Debug, clap::Args)]
struct ProposeArgs {
    #[arg(value_name = "NĂM")]
    year: i16,
}

#[derive(Debug, clap::Args)]
struct CheckArgs {
    #[arg(value_name = "TỆP")]
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
struct FileArgs {
    /// Tệp TOML như trong calendars/
    #[arg(value_name = "TỆP")]
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct DecideArgs {
    #[command(flatten)]
    file: FileArgs,
    /// Mã danh sách mà `motcua calendar affected` đã in
    #[arg(long, value_name = "MÃ")]
    shown: String,
    /// Tên đăng nhập của quản trị quyết định lịch
    #[arg(long, value_name = "TÊN")]
    by: String,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    match &args.what {
        What::Propose(args) => propose(args.year),
        What::Check(args) => check(&args.file),
        What::Affected(args) => with_office(args, async |office, decision| affected(office, decision).await),
        What::Decide(args) => {
            with_office(&args.file, async |office, decision| decide(office, decision, args).await)
        }
    }
}

fn propose(year: i16) -> Result<ExitCode> {
    ensure!(YEARS.contains(&year), "chỉ tính được âm lịch từ năm 1900 đến năm 2199");
    let table = office::calendar::propose(year).context("không ghi được đề xuất")?;
    say(format_args!(
        "# Đề xuất lịch nghỉ năm {year}, tính theo luật và âm lịch Việt Nam; chưa phải quyết định.\n\
         # Đối chiếu thông báo của năm: sửa các dòng `sure = \"proposed\"`, thêm ngày hoán đổi thành cặp,\n\
         # rồi đổi `basis` thành \"issued\"."
    ));
    say(table.trim_end());
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<CalendarDecision> {
    let name = || format!("tệp `{}`", path.display());
    let text = String::from_utf8(input::read(path, LARGEST_FILE).with_context(name)?).with_context(name)?;
    parse(&text).map_err(|NotACalendar { line }| {
        let at = line.map(|line| format!(", dòng {line}")).unwrap_or_default();
        anyhow!("tệp `{}`{at}: không đúng dạng tệp trong calendars/", path.display())
    })
}

fn check(path: &Path) -> Result<ExitCode> {
    let decision = read(path)?;
    let national = shipped::calendar()?;
    let mut faults = Vec::new();
    let fits = match &decision {
        CalendarDecision::Year(table) => {
            faults.extend(faults_of(table));
            national.with_year(table)
        }
        CalendarDecision::Unit(own) => {
            if !shipped::units()?.iter().any(|unit| unit.key == own.unit) {
                complain(format_args!("Chú ý: đơn vị `{}` không có trong các cây đi kèm", own.unit));
            }
            national.with_unit(own)
        }
    };
    faults.extend(fits.err().map(|error| words::calendar_error(&error)));
    for fault in &faults {
        say(format_args!("✗ {fault}"));
    }
    if !faults.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    say(format_args!("✓ {}: không có lỗi.", decision.rests_on()));
    Ok(ExitCode::SUCCESS)
}

fn with_office(
    args: &FileArgs,
    run: impl AsyncFnOnce(&Office, &CalendarDecision) -> Result<ExitCode, Error>,
) -> Result<ExitCode> {
    let decision = read(&args.file)?;
    let config = args.place.load()?;
    ensure!(
        !config.store.url.is_empty() || config.sqlite_file().exists(),
        "chưa có cơ sở dữ liệu ở `{}`; chạy `motcua migrate` trước",
        config.sqlite_file().display()
    );
    installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let office = installation::office(&config, db).await?;
        let done = run(&office, &decision).await;
        office.db.close().await;
        match done {
            Ok(code) => Ok(code),
            Err(error) => refused(error),
        }
    })
}

async fn affected(office: &Office, decision: &CalendarDecision) -> Result<ExitCode, Error> {
    let Impact { n_moved, digest, .. } = office.calendar_impact(decision, |line| show(&line)).await?;
    say(format_args!("{n_moved} hồ sơ đổi ngày hẹn trả. Mã danh sách: {digest}"));
    Ok(ExitCode::SUCCESS)
}

fn show(line: &MovedLine) {
    let code = line.code.clone().unwrap_or_else(|| line.dossier.to_string());
    say(format_args!("{code}: {} → {}", words::moment(line.old_due.at), words::moment(line.new_due.at)));
}

async fn decide(office: &Office, decision: &CalendarDecision, args: &DecideArgs) -> Result<ExitCode, Error> {
    let officer = store::people::officer_by_login(&mut office.db.read().await?, &args.by).await?;
    let officer = officer.ok_or(Error::NotFound)?;
    let by = By::new(office.actor_of(officer.id).await?);
    office.decide_calendar(&by, decision, &args.shown).await?;
    office.run_due_jobs().await?;
    say("✓ Đã lưu lịch và tính lại ngày hẹn trả.");
    Ok(ExitCode::SUCCESS)
}

fn refused(error: Error) -> Result<ExitCode> {
    match error {
        Error::Refused(refusal) => {
            for sentence in refusal.sentences(str::to_owned) {
                complain(format_args!("✗ {sentence}"));
            }
        }
        Error::NotYours(why) => complain(format_args!("✗ {}", words::not_yours(&why))),
        Error::NotFound => complain("✗ Không có đơn vị hoặc tài khoản này trong cơ sở dữ liệu"),
        error => return Err(error.into()),
    }
    Ok(ExitCode::FAILURE)
}
