//! `motcua audit`: seals what happened and is not sealed yet, writes the newest checkpoint down to be kept
//! outside, and verifies all of it.

mod told;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use office::Keys;
use office::audit::export::check_export;
use office::audit::{Anchor, Expected, OldKey, Report, verify};
use store::Db;

use crate::acting::{Acting, acting, refused};
use crate::config::{Config, Place, secret_text};
use crate::installation::{self, existing};
use crate::speak::say;

/// Faults that are named; the rest are counted.
const MOST_NAMED: usize = 20;

/// Niêm phong và kiểm tra dấu vết
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Kiểm tra mọi sự kiện và mọi điểm niêm phong; nêu từng chỗ bị sửa, xóa, chèn hoặc đổi thứ tự
    #[command(after_help = "Mã thoát: 0 nguyên vẹn, 1 có chỗ bị sửa.")]
    Verify(VerifyArgs),
    /// Niêm phong ngay các sự kiện mới, không chờ đến kỳ
    Seal(SealArgs),
    /// Đổi khóa ký điểm niêm phong; khóa cũ ký nhận khóa mới
    RotateKey(RotateArgs),
    /// Kiểm tra tệp nhật ký đã xuất: chữ ký, và từng sự kiện so với cơ sở dữ liệu
    #[command(after_help = "Mã thoát: 0 khớp, 1 không khớp.")]
    CheckExport(CheckExportArgs),
}

#[derive(Debug, clap::Args)]
struct VerifyArgs {
    #[command(flatten)]
    place: Place,
    /// Tệp điểm niêm phong đã cất bên ngoài (do `motcua audit seal --out` ghi)
    #[arg(long, value_name = "TỆP")]
    checkpoint: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct SealArgs {
    #[command(flatten)]
    place: Place,
    /// Ghi điểm niêm phong mới nhất ra tệp này, để cất ở nơi người quản trị cơ sở dữ liệu không với tới
    #[arg(long, value_name = "TỆP")]
    out: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct RotateArgs {
    /// Lý do đổi, ghi vào dấu vết
    #[arg(long, value_name = "LÝ DO")]
    reason: String,
    /// Khóa cũ đã mất, không ký nhận được; lần kiểm tra nào sau đó cũng nói ra
    #[arg(long)]
    old_key_lost: bool,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, clap::Args)]
struct CheckExportArgs {
    /// Tệp tải về từ trang Nhật ký
    #[arg(value_name = "TỆP")]
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    match &args.what {
        What::Verify(args) => run_verify(args),
        What::Seal(args) => run_seal(args),
        What::RotateKey(args) => rotate_key(args),
        What::CheckExport(args) => run_check_export(args),
    }
}

fn run_verify(args: &VerifyArgs) -> Result<ExitCode> {
    let config = existing(&args.place)?;
    let anchor = args.checkpoint.as_deref().map(kept_outside).transpose()?;
    let report = installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let report = verified(&config, &db, anchor.as_ref()).await?;
        db.close().await;
        anyhow::Ok(report)
    })?;
    for fault in report.faults.iter().take(MOST_NAMED) {
        say(format_args!("✗ {}", office::audit::told::fault(fault)));
    }
    for line in told::summary(&report, anchor.as_ref(), MOST_NAMED) {
        say(line);
    }
    Ok(if report.n_faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn kept_outside(path: &Path) -> Result<Anchor> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("không đọc được tệp điểm niêm phong `{}`", path.display()))?;
    Anchor::parse(&text).with_context(|| format!("tệp `{}` không phải tệp điểm niêm phong", path.display()))
}

async fn verified(config: &Config, db: &Db, anchor: Option<&Anchor>) -> Result<Report> {
    let file = config.p12_password_file();
    // A password drawn anew would open nothing and only hide that the old one is missing.
    let password = if file.exists() { secret_text(&file)? } else { String::new() };
    let mut reader = db.read().await?;
    let key = Keys::new(&password).of_audit(&mut reader).await.with_context(|| {
        format!("không mở được khóa niêm phong bằng mật khẩu ở `{}`; chép lại từ bản sao lưu", file.display())
    })?;
    drop(reader);
    let roots = installation::timestamp_roots(config)?;
    let certificate = key.as_ref().map(|key| key.certificate());
    verify(db, Expected { certificate, roots: &roots, anchor }).await.context("không đọc được dấu vết")
}

fn run_seal(args: &SealArgs) -> Result<ExitCode> {
    let config = existing(&args.place)?;
    let (sealed, last) = installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let sealed = installation::sealer(&config, db.clone())?.seal().await;
        let last = store::audit::last(&mut db.read().await?).await?;
        db.close().await;
        anyhow::Ok((sealed.context("không niêm phong được")?, last))
    })?;
    say(told::sealed(&sealed, last.as_ref()));
    if let Some(reason) = &sealed.unstamped {
        say(told::unstamped(reason));
    }
    let Some(path) = &args.out else { return Ok(ExitCode::SUCCESS) };
    let last = last.context("chưa có sự kiện nào để niêm phong, nên chưa ghi tệp")?;
    std::fs::write(path, Anchor::of(&last).to_string())
        .with_context(|| format!("không ghi được `{}`", path.display()))?;
    say(told::written(path, &last));
    Ok(ExitCode::SUCCESS)
}

fn run_check_export(args: &CheckExportArgs) -> Result<ExitCode> {
    let config = existing(&args.place)?;
    let text = std::fs::read_to_string(&args.file)
        .with_context(|| format!("không đọc được tệp `{}`", args.file.display()))?;
    let checked = installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let keys = Keys::new(&secret_text(&config.p12_password_file())?);
        let checked = check_export(&db, &keys, &text).await;
        db.close().await;
        checked.context("không đọc được dấu vết")
    })?;
    for line in told::export(&checked, MOST_NAMED) {
        say(line);
    }
    let is_same = checked.is_ok_and(|report| report.differing.is_empty());
    Ok(if is_same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn rotate_key(args: &RotateArgs) -> Result<ExitCode> {
    let old = if args.old_key_lost { OldKey::Lost } else { OldKey::Vouches };
    acting(&args.acting, async |office, by| {
        let sealer = installation::sealer(&args.acting.place.load()?, office.db.clone())?;
        if old == OldKey::Vouches {
            sealer.seal().await.context("không niêm phong được bằng khóa cũ")?;
        }
        match office.change_audit_key(&by, &args.reason, old).await {
            Ok(change) => {
                sealer.seal().await.context("đã đổi khóa, nhưng chưa niêm phong được bằng khóa mới")?;
                say(told::key_changed(&change));
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refused(error),
        }
    })
}
