//! Posts: given by one person or two, withdrawn, lent for some days and taken back.

use std::process::ExitCode;

use anyhow::Result;
use jiff::civil::Date;
use office::people::delegation::{Granted, Lending};
use rules::code::ProcedureCode;
use rules::id::{DelegationId, ProposalId};
use rules::people::delegation::DelegationKind;
use rules::people::{Post, Role, Sensitivity};
use rules::words;

use super::{agency, officer, role};
use crate::acting::{Acting, acting, refused};
use crate::speak::say;

/// Whose post, and which.
#[derive(Debug, clap::Args)]
struct Which {
    /// Tên đăng nhập của cán bộ
    #[arg(value_name = "TÊN ĐĂNG NHẬP")]
    login: String,
    /// Vai: tiep-nhan, chuyen-vien, lanh-dao-phong, lanh-dao-ky, van-thu, quan-tri, kiem-soat, ket-noi, dung-dau-mot-cua, buu-chinh
    #[arg(value_name = "VAI", value_parser = role)]
    role: Role,
    /// Cơ quan có vai này (khóa trong cây đơn vị)
    #[arg(long, value_name = "KHÓA")]
    agency: String,
    /// Số, ngày của quyết định
    #[arg(long, value_name = "QUYẾT ĐỊNH")]
    decision: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct GiveArgs {
    #[command(flatten)]
    which: Which,
    /// Từ ngày; không ghi là từ hôm nay
    #[arg(long, value_name = "NGÀY")]
    from: Option<Date>,
    /// đến hết ngày; không ghi là không định ngày
    #[arg(long, value_name = "NGÀY")]
    to: Option<Date>,
    /// Chỉ với thủ tục này; ghi nhiều lần cho nhiều thủ tục
    #[arg(long = "procedure", value_name = "MÃ")]
    procedures: Vec<ProcedureCode>,
    /// Được xem cả giấy tờ mật
    #[arg(long)]
    secret: bool,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, clap::Args)]
pub(super) struct ProposalsArgs {
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, clap::Args)]
pub(super) struct ConfirmArgs {
    /// Mã đề xuất, xem bằng `motcua officer proposals`
    #[arg(value_name = "MÃ")]
    proposal: ProposalId,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, clap::Args)]
pub(super) struct WithdrawArgs {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, clap::Args)]
pub(super) struct LendArgs {
    #[command(flatten)]
    which: Which,
    /// Tên đăng nhập của người làm thay
    #[arg(long = "to-officer", value_name = "TÊN ĐĂNG NHẬP")]
    taker: String,
    /// Từ ngày
    #[arg(long, value_name = "NGÀY")]
    from: Date,
    /// đến hết ngày
    #[arg(long, value_name = "NGÀY")]
    to: Date,
    /// Chỉ với thủ tục này; ghi nhiều lần cho nhiều thủ tục
    #[arg(long = "procedure", value_name = "MÃ")]
    procedures: Vec<ProcedureCode>,
    /// Ủy quyền giải quyết các thủ tục đã nêu, không phải làm thay khi vắng mặt
    #[arg(long)]
    authorise: bool,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, clap::Args)]
pub(super) struct TakeBackArgs {
    /// Mã việc làm thay, xem bằng `motcua officer list`
    #[arg(value_name = "MÃ")]
    delegation: DelegationId,
    /// Lý do
    #[arg(long, value_name = "LÝ DO")]
    reason: String,
    #[command(flatten)]
    acting: Acting,
}

fn only(procedures: &[ProcedureCode]) -> Option<Vec<ProcedureCode>> {
    (!procedures.is_empty()).then(|| procedures.to_vec())
}

/// What became of a right: given, or waiting for another administrator.
fn told(granted: Granted, done: &str) -> ExitCode {
    match granted {
        Granted::Now => say(format_args!("✓ {done}.")),
        Granted::Waits(proposal) => {
            say("… Vai này cần hai người. Quản trị khác xác nhận bằng:");
            say(format_args!("  motcua officer confirm {proposal} --by TÊN"));
        }
    }
    ExitCode::SUCCESS
}

pub(super) fn give(args: &GiveArgs) -> Result<ExitCode> {
    acting(&args.acting, async |office, by| {
        let which = &args.which;
        let (agency, place) = agency(office, &which.agency).await?;
        let of = officer(office, &which.login).await?;
        let ceiling = if args.secret { Sensitivity::Secret } else { Sensitivity::Personal };
        let post = Post {
            procedures: only(&args.procedures),
            ceiling,
            valid_from: args.from,
            valid_to: args.to,
            ..Post::new(agency, which.role)
        };
        match office.propose_post(&by, of.id, &post, &which.decision).await {
            Ok(granted) => {
                let role = words::role(which.role);
                Ok(told(granted, &format!("Đã giao vai “{role}” tại {place} cho {}", of.name)))
            }
            Err(error) => refused(error),
        }
    })
}

pub(super) fn proposals(args: &ProposalsArgs) -> Result<ExitCode> {
    acting(&args.acting, async |office, by| {
        let open = match office.open_proposals(&by).await {
            Ok(open) => open,
            Err(error) => return refused(error),
        };
        let concerned: Vec<_> =
            open.iter().flat_map(|proposal| [proposal.change.officer().0, proposal.by.0]).collect();
        let names = store::people::officer_names(&mut office.db.read().await?, &concerned).await?;
        let name = |id| names.get(&id).map_or("?", String::as_str);
        if open.is_empty() {
            say("Không có đề xuất nào chờ xác nhận.");
        }
        for proposal in &open {
            say(format_args!(
                "{}: giao vai “{}” cho {}, {} đề xuất, chờ đến hết {}",
                proposal.id,
                words::role(proposal.change.role()),
                name(proposal.change.officer()),
                name(proposal.by),
                words::date(proposal.lapses_on)
            ));
        }
        Ok(ExitCode::SUCCESS)
    })
}

pub(super) fn confirm(args: &ConfirmArgs) -> Result<ExitCode> {
    acting(&args.acting, async |office, by| match office.confirm_post(&by, args.proposal).await {
        Ok(()) => {
            say("✓ Đã xác nhận.");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => refused(error),
    })
}

pub(super) fn withdraw(args: &WithdrawArgs) -> Result<ExitCode> {
    acting(&args.acting, async |office, by| {
        let which = &args.which;
        let (agency, place) = agency(office, &which.agency).await?;
        let of = officer(office, &which.login).await?;
        match office.end_post(&by, of.id, agency, which.role, &which.decision).await {
            Ok(()) => {
                let role = words::role(which.role);
                say(format_args!("✓ {} thôi vai “{role}” tại {place} từ hôm nay.", of.name));
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refused(error),
        }
    })
}

pub(super) fn lend(args: &LendArgs) -> Result<ExitCode> {
    acting(&args.acting, async |office, by| {
        let which = &args.which;
        let (agency, _) = agency(office, &which.agency).await?;
        let (giver, taker) = (officer(office, &which.login).await?, officer(office, &args.taker).await?);
        let kind = if args.authorise { DelegationKind::Authorisation } else { DelegationKind::Substitution };
        let lending = Lending {
            from: giver.id,
            to: taker.id,
            agency,
            role: which.role,
            procedures: only(&args.procedures),
            valid_from: args.from,
            valid_to: args.to,
            kind,
            decision: which.decision.clone(),
        };
        match office.delegate(&by, &lending).await {
            Ok(lent) => {
                for other in &lent.overlaps {
                    say(format_args!("! Vai này đã giao người khác làm thay trong những ngày ấy: {other}"));
                }
                let done = format!(
                    "{} làm thay {}, vai “{}”, mã {}",
                    taker.name,
                    giver.name,
                    words::role(which.role),
                    lent.delegation
                );
                Ok(told(lent.granted, &done))
            }
            Err(error) => refused(error),
        }
    })
}

pub(super) fn take_back(args: &TakeBackArgs) -> Result<ExitCode> {
    acting(&args.acting, async |office, by| {
        match office.end_delegation(&by, args.delegation, &args.reason).await {
            Ok(()) => {
                say("✓ Đã chấm dứt việc làm thay.");
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refused(error),
        }
    })
}
