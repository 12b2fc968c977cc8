//! The commands that change the catalogue: each is one act of an officer who keeps it, named by login.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use jiff::civil::Date;
use office::Error;
use rules::code::ProcedureCode;
use rules::procedure::publishing::Publication;
use rules::words;
use store::procedure::publishing::draft;

use super::{check, file};
use crate::acting::{Acting, acting, refused};
use crate::speak::say;

#[derive(Debug, clap::Args)]
struct Decided {
    /// Số, ngày và người ký quyết định
    #[arg(long, value_name = "QUYẾT ĐỊNH")]
    decision: String,
    /// Có hiệu lực từ ngày
    #[arg(long, value_name = "NGÀY")]
    from: Date,
    /// đến hết ngày; không ghi là không định ngày
    #[arg(long, value_name = "NGÀY")]
    to: Option<Date>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// Tệp thủ tục TOML, hoặc bản vẽ BPMN thay cho quy trình
    #[arg(value_name = "TỆP")]
    file: PathBuf,
    /// Mã thủ tục, khi tệp là bản vẽ BPMN
    #[arg(long, value_name = "MÃ")]
    code: Option<ProcedureCode>,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, clap::Args)]
pub(super) struct PublishArgs {
    /// Mã thủ tục
    #[arg(value_name = "MÃ")]
    code: ProcedureCode,
    #[command(flatten)]
    decided: Decided,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, clap::Args)]
pub(super) struct RollbackArgs {
    /// Mã thủ tục
    #[arg(value_name = "MÃ")]
    code: ProcedureCode,
    /// Phiên bản lấy lại nội dung
    #[arg(value_name = "PHIÊN BẢN")]
    revision: u32,
    #[command(flatten)]
    decided: Decided,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, clap::Args)]
pub(super) struct RetireArgs {
    /// Mã thủ tục
    #[arg(value_name = "MÃ")]
    code: ProcedureCode,
    /// Ngày cuối cùng còn hiệu lực
    #[arg(long, value_name = "NGÀY")]
    last_day: Date,
    /// Số, ngày và người ký quyết định bãi bỏ
    #[arg(long, value_name = "QUYẾT ĐỊNH")]
    decision: String,
    #[command(flatten)]
    acting: Acting,
}

impl Decided {
    fn publication(&self) -> Publication {
        Publication { decision: self.decision.clone(), valid_from: self.from, valid_to: self.to }
    }
}

pub(super) fn import(args: &ImportArgs) -> Result<ExitCode> {
    acting(&args.acting, async |office, by| {
        let procedure = file::drafted(&office.db, &args.file, args.code.as_ref()).await?;
        let seen = draft(&mut office.db.read().await?, &procedure.code).await?.version;
        match office.draft_procedure(&by, &procedure, seen).await {
            Ok(version) => {
                // A draft may have faults; they are told now, and refuse it when it is published.
                check(&procedure);
                say(format_args!("✓ Đã nạp bản nháp của thủ tục {}, lần {version}.", procedure.code));
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refused(error),
        }
    })
}

pub(super) fn publish(args: &PublishArgs) -> Result<ExitCode> {
    acting(&args.acting, async |office, by| {
        let seen = draft(&mut office.db.read().await?, &args.code).await?.version;
        let publication = args.decided.publication();
        let published = office.publish_procedure(&by, &args.code, seen, &publication).await;
        in_force_from(&args.code, published, publication.valid_from)
    })
}

pub(super) fn roll_back(args: &RollbackArgs) -> Result<ExitCode> {
    acting(&args.acting, async |office, by| {
        let publication = args.decided.publication();
        let published = office.roll_back_procedure(&by, &args.code, args.revision, &publication).await;
        in_force_from(&args.code, published, publication.valid_from)
    })
}

fn in_force_from(code: &ProcedureCode, published: Result<u32, Error>, from: Date) -> Result<ExitCode> {
    match published {
        Ok(revision) => {
            let from = words::date(from);
            say(format_args!("✓ Đã công bố phiên bản {revision} của thủ tục {code}, có hiệu lực từ {from}."));
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => refused(error),
    }
}

pub(super) fn retire(args: &RetireArgs) -> Result<ExitCode> {
    acting(&args.acting, async |office, by| {
        match office.retire_procedure(&by, &args.code, args.last_day, &args.decision).await {
            Ok(()) => {
                let last = words::date(args.last_day);
                say(format_args!("✓ Thủ tục {} hết hiệu lực sau ngày {last}.", args.code));
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refused(error),
        }
    })
}
