//! `motcua procedure`: carries procedures in and out as files, says what is wrong with one and what a new
//! one changes, tries it on the past, publishes it, brings an older one back, retires it. What each means
//! is `office::procedure`'s.

mod acts;
mod file;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use office::Office;
use office::procedure::dry_run::DryRunOf;
use rules::calendar::{TableDay, YearTable};
use rules::code::ProcedureCode;
use rules::procedure::dry_run::{DryRun, Pace};
use rules::procedure::{Procedure, bpmn, diff, portable};
use rules::words;
use store::Db;
use store::procedure::publishing::{draft, revisions};

use crate::acting::refused;
use crate::config::Place;
use crate::input;
use crate::installation::{self, existing};
use crate::speak::say;

/// Thủ tục và quy trình: kiểm tra, so sánh, chạy thử, công bố
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Kiểm tra tệp thủ tục, nói mọi lỗi một lần
    #[command(after_help = "Mã thoát: 0 công bố được, 1 có lỗi.")]
    Check {
        /// Tệp thủ tục TOML
        #[arg(value_name = "TỆP")]
        file: PathBuf,
    },
    /// Ghi thủ tục ra tệp để mang đi nơi khác, hoặc bản vẽ quy trình BPMN
    Export(ExportArgs),
    /// Liệt kê các phiên bản của một thủ tục, mới nhất trước
    History(OfCode),
    /// Nói nội dung thay đổi giữa hai bản; mỗi bản là số phiên bản, `nhap`, hoặc một tệp
    Diff {
        #[command(flatten)]
        of: OfCode,
        #[arg(value_name = "BẢN CŨ")]
        before: String,
        #[arg(value_name = "BẢN MỚI")]
        after: String,
    },
    /// Chạy thử: giải quyết lại các hồ sơ đã qua theo bản nháp, nói hồ sơ nào sẽ trễ và vì sao
    DryRun(DryRunArgs),
    /// Nạp tệp thủ tục, hoặc bản vẽ BPMN của quy trình, vào bản nháp
    Import(acts::ImportArgs),
    /// Công bố bản nháp thành phiên bản mới theo một quyết định
    Publish(acts::PublishArgs),
    /// Công bố lại nội dung của một phiên bản cũ
    Rollback(acts::RollbackArgs),
    /// Bãi bỏ thủ tục từ sau một ngày
    Retire(acts::RetireArgs),
}

#[derive(Debug, clap::Args)]
struct OfCode {
    /// Mã thủ tục
    #[arg(value_name = "MÃ")]
    code: ProcedureCode,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
struct ExportArgs {
    #[command(flatten)]
    of: OfCode,
    /// Phiên bản; không ghi là phiên bản đang có hiệu lực
    #[arg(long, value_name = "SỐ")]
    revision: Option<u32>,
    /// Ghi ra tệp này thay vì ra màn hình
    #[arg(long, value_name = "TỆP")]
    out: Option<PathBuf>,
    /// Bản vẽ quy trình BPMN 2.0 thay vì cả thủ tục
    #[arg(long)]
    bpmn: bool,
}

#[derive(Debug, clap::Args)]
struct DryRunArgs {
    /// Tệp thủ tục TOML, hoặc bản vẽ BPMN thay cho quy trình đang có hiệu lực
    #[arg(value_name = "TỆP")]
    file: PathBuf,
    /// Mã thủ tục, khi tệp là bản vẽ BPMN
    #[arg(long, value_name = "MÃ")]
    code: Option<ProcedureCode>,
    /// Hồ sơ tiếp nhận từ ngày
    #[arg(long, value_name = "NGÀY")]
    from: Date,
    /// đến hết ngày
    #[arg(long, value_name = "NGÀY")]
    to: Date,
    /// Lịch năm chạy thử: các ngày trong tệp thay cho ngày ấy của lịch đang dùng
    #[arg(long, value_name = "TỆP")]
    calendar: Option<PathBuf>,
    /// Coi như mỗi bước không vượt thời gian bản nháp giao cho
    #[arg(long)]
    within_allowance: bool,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    match &args.what {
        What::Check { file } => Ok(check(&file::procedure(file)?)),
        What::Export(args) => export(args),
        What::History(of) => history(of),
        What::Diff { of, before, after } => compare(of, before, after),
        What::DryRun(args) => dry_run(args),
        What::Import(args) => acts::import(args),
        What::Publish(args) => acts::publish(args),
        What::Rollback(args) => acts::roll_back(args),
        What::Retire(args) => acts::retire(args),
    }
}

/// Says everything that is wrong with a procedure, and what should be looked at once more.
fn check(procedure: &Procedure) -> ExitCode {
    let faults = procedure.faults();
    for fault in &faults {
        say(format_args!("✗ {fault}"));
    }
    for advice in procedure.advice() {
        say(format_args!("! {advice}"));
    }
    if faults.is_empty() {
        say(format_args!(
            "✓ {} {}: {} trường hợp, {} bước, công bố được.",
            procedure.code,
            procedure.name,
            procedure.cases.len(),
            procedure.process.steps.len()
        ));
        return ExitCode::SUCCESS;
    }
    ExitCode::FAILURE
}

fn today() -> Date {
    office::Clock::System.today()
}

async fn in_force(db: &Db, code: &ProcedureCode) -> Result<Procedure> {
    let found = store::procedure::in_force(&mut db.read().await?, code, today()).await?;
    found
        .map(Arc::unwrap_or_clone)
        .with_context(|| format!("hôm nay không có phiên bản nào của thủ tục {code} có hiệu lực"))
}

async fn of_revision(db: &Db, code: &ProcedureCode, revision: u32) -> Result<Procedure> {
    let found = store::procedure::find(&mut db.read().await?, code, revision).await?;
    found.map(Arc::unwrap_or_clone).with_context(|| format!("thủ tục {code} không có phiên bản {revision}"))
}

fn export(args: &ExportArgs) -> Result<ExitCode> {
    let config = existing(&args.of.place)?;
    let procedure = installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let found = match args.revision {
            Some(revision) => of_revision(&db, &args.of.code, revision).await,
            None => in_force(&db, &args.of.code).await,
        };
        db.close().await;
        found
    })?;
    let text = if args.bpmn {
        bpmn::write(&procedure.name, &procedure.process)
    } else {
        portable::write(&procedure)
    };
    let Some(out) = &args.out else {
        say(text.trim_end());
        return Ok(ExitCode::SUCCESS);
    };
    std::fs::write(out, text).with_context(|| format!("không ghi được tệp `{}`", out.display()))?;
    say(format_args!(
        "✓ Đã ghi thủ tục {}, phiên bản {}, ra `{}`.",
        procedure.code,
        procedure.revision,
        out.display()
    ));
    Ok(ExitCode::SUCCESS)
}

fn history(of: &OfCode) -> Result<ExitCode> {
    let config = existing(&of.place)?;
    let (lines, drafted) = installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let mut reader = db.read().await?;
        let lines = revisions(&mut reader, &of.code).await?;
        let drafted = draft(&mut reader, &of.code).await?;
        drop(reader);
        db.close().await;
        anyhow::Ok((lines, drafted))
    })?;
    ensure!(!lines.is_empty() || drafted.procedure.is_some(), "không có thủ tục {}", of.code);
    if drafted.procedure.is_some() {
        say(format_args!("Bản nháp, lần {}", drafted.version));
    }
    for line in lines {
        let last = [line.valid_to, line.retired_on].into_iter().flatten().min();
        let until = last.map_or(String::new(), |day| format!(" đến hết {}", words::date(day)));
        let decision = match line.published {
            None => "có sẵn trong chương trình".to_owned(),
            Some(published) => {
                let of = published.content_of.map(|of| format!(", lấy lại nội dung phiên bản {of}"));
                let at = words::moment(published.at);
                format!("{}, công bố lúc {at}{}", published.decision, of.unwrap_or_default())
            }
        };
        let from = words::date(line.valid_from);
        say(format_args!("Phiên bản {}: từ {from}{until}; {decision}", line.revision));
    }
    Ok(ExitCode::SUCCESS)
}

fn compare(of: &OfCode, before: &str, after: &str) -> Result<ExitCode> {
    let config = existing(&of.place)?;
    let (before, after) = installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let both = (content(&db, &of.code, before).await, content(&db, &of.code, after).await);
        db.close().await;
        anyhow::Ok((both.0?, both.1?))
    })?;
    let changes = diff::diff(&before, &after);
    if changes.is_empty() {
        say("Hai bản có cùng nội dung.");
    }
    for change in changes {
        say(format_args!("• {change}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// What a word of the command line stands for: a revision, the draft, or a file.
async fn content(db: &Db, code: &ProcedureCode, word: &str) -> Result<Procedure> {
    if let Ok(revision) = word.parse() {
        return of_revision(db, code, revision).await;
    }
    if word == "nhap" {
        let drafted = draft(&mut db.read().await?, code).await?;
        return drafted.procedure.with_context(|| format!("thủ tục {code} chưa có bản nháp"));
    }
    file::procedure(word.as_ref())
}

fn dry_run(args: &DryRunArgs) -> Result<ExitCode> {
    let config = existing(&args.place)?;
    let days = match &args.calendar {
        None => Vec::new(),
        Some(path) => {
            let name = || format!("tệp lịch `{}`", path.display());
            let bytes = input::read(path, file::LARGEST).with_context(name)?;
            let table: YearTable =
                toml::from_str(&String::from_utf8(bytes).with_context(name)?).with_context(name)?;
            table.days
        }
    };
    let run = installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let office = installation::office(&config, db).await?;
        let run = tried(&office, args, &days).await;
        office.db.close().await;
        run
    })?;
    let run = match run {
        Ok(run) => run,
        Err(error) => return refused(error),
    };
    for sentence in run.sentences() {
        say(sentence);
    }
    for (code, replayed) in &run.late {
        say(format_args!("• {code}: {replayed}"));
    }
    Ok(ExitCode::SUCCESS)
}

async fn tried(
    office: &Office,
    args: &DryRunArgs,
    days: &[TableDay],
) -> Result<Result<DryRun, office::Error>> {
    let draft = file::drafted(&office.db, &args.file, args.code.as_ref()).await?;
    let pace = if args.within_allowance { Pace::WithinAllowance } else { Pace::AsBefore };
    let of = DryRunOf { draft: &draft, period: (args.from, args.to), days, pace };
    Ok(office.dry_run_procedure(of).await)
}
