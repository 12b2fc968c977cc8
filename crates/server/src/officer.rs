//! `motcua officer`: the accounts of an installation with their posts, for who keeps them. What each act
//! means is `office::people`'s.

mod accounts;
mod posts;

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{Context, Result};
use jiff::civil::Date;
use office::Office;
use rules::id::{AgencyId, OfficerId};
use rules::people::delegation::Lent;
use rules::people::{Post, Role, Sensitivity};
use rules::words;
use rules::words::people::{only, span};
use store::people::{Officer, rights};

use crate::acting::in_office;
use crate::config::Place;
use crate::speak::say;

/// Cán bộ: tài khoản, vai, làm thay, khóa và mở đăng nhập
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Liệt kê cán bộ với các vai đang giữ, sắp giữ và đang làm thay
    List(ListArgs),
    /// Lập hai quản trị đầu tiên của hệ thống mới cài; vai quan trọng luôn cần hai người
    Begin(accounts::BeginArgs),
    /// Thêm một cán bộ; mật khẩu đầu tiên chỉ in ra một lần
    Add(accounts::AddArgs),
    /// Giao vai theo quyết định; vai quan trọng chờ quản trị khác xác nhận
    Give(posts::GiveArgs),
    /// Liệt kê các đề xuất giao vai đang chờ xác nhận
    Proposals(posts::ProposalsArgs),
    /// Xác nhận một đề xuất giao vai của quản trị khác
    Confirm(posts::ConfirmArgs),
    /// Cho thôi vai từ hôm nay
    Withdraw(posts::WithdrawArgs),
    /// Giao người khác làm thay trong một số ngày
    Lend(posts::LendArgs),
    /// Chấm dứt việc làm thay từ hôm nay
    TakeBack(posts::TakeBackArgs),
    /// Khóa đăng nhập ngay
    Lock(accounts::LockArgs),
    /// Mở lại đăng nhập
    Unlock(accounts::OfArgs),
    /// Đặt lại mật khẩu; mật khẩu mới chỉ in ra một lần
    Password(accounts::OfArgs),
    /// Gỡ ứng dụng mã xác thực, mã dự phòng và mọi khóa truy cập của người bị mất điện thoại
    ResetSecondFactor(accounts::ResetArgs),
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Chỉ cán bộ của cơ quan này (khóa trong cây đơn vị)
    #[arg(long, value_name = "KHÓA")]
    agency: Option<String>,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    match &args.what {
        What::List(args) => in_office(&args.place, async |office| list(office, args).await),
        What::Begin(args) => accounts::begin(args),
        What::Add(args) => accounts::add(args),
        What::Give(args) => posts::give(args),
        What::Proposals(args) => posts::proposals(args),
        What::Confirm(args) => posts::confirm(args),
        What::Withdraw(args) => posts::withdraw(args),
        What::Lend(args) => posts::lend(args),
        What::TakeBack(args) => posts::take_back(args),
        What::Lock(args) => accounts::lock(args),
        What::Unlock(args) => accounts::unlock(args),
        What::Password(args) => accounts::reset_password(args),
        What::ResetSecondFactor(args) => accounts::reset_second_factor(args),
    }
}

pub(crate) fn role(word: &str) -> Result<Role, String> {
    Role::of_word(word).ok_or_else(|| {
        let words: Vec<&str> = Role::ALL.into_iter().map(Role::word).collect();
        format!("vai phải là một trong: {}", words.join(", "))
    })
}

/// The agency with this key, as it is today.
async fn agency(office: &Office, key: &str) -> Result<(AgencyId, String)> {
    let mut reader = office.db.read().await?;
    let agencies = office::unit::agencies(&mut reader).await?;
    let found = agencies.id(key).and_then(|id| Some((id, agencies.unit(id)?.name.clone())));
    found.with_context(|| format!("không có đơn vị `{key}`"))
}

/// The officer with this login, working or not.
async fn officer(office: &Office, login: &str) -> Result<Officer> {
    let found = store::people::officer_by_login(&mut office.db.read().await?, login).await?;
    found.with_context(|| format!("không có tài khoản `{login}`"))
}

async fn list(office: &Office, args: &ListArgs) -> Result<ExitCode> {
    let wanted = match &args.agency {
        Some(key) => Some(agency(office, key).await?.0),
        None => None,
    };
    let today = office.clock.today();
    let (officers, agencies) = office.officers().await?;
    let names: BTreeMap<OfficerId, &str> =
        officers.iter().map(|officer| (officer.id, officer.name.as_str())).collect();
    let mut reader = office.db.read().await?;
    let mut last = None;
    for officer in officers.iter().filter(|officer| wanted.is_none_or(|wanted| wanted == officer.agency)) {
        if last != Some(officer.agency) {
            say(agencies.get(&officer.agency).map_or("?", String::as_str));
            last = Some(officer.agency);
        }
        let title = if officer.title.is_empty() { String::new() } else { format!(", {}", officer.title) };
        let locked = if officer.active { "" } else { " (đã khóa)" };
        say(format_args!("  {} — {}{title}{locked}", officer.login, officer.name));
        for post in officer.posts.iter().filter(|post| post.valid_to.is_none_or(|last| today <= last)) {
            say(format_args!("    • {}", said(post, officer.agency, &agencies)));
        }
        for lent in rights::lent_to(&mut reader, officer.id, today).await? {
            say(format_args!("    • {}", said_lent(&lent, &names)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A post, with its agency where that is not the officer's own, its days and its limits.
fn said(post: &Post, own: AgencyId, agencies: &BTreeMap<AgencyId, String>) -> String {
    let place = if post.agency == own {
        String::new()
    } else {
        format!(" tại {}", agencies.get(&post.agency).map_or("?", String::as_str))
    };
    let from = |day: Date| format!(" từ {}", words::date(day));
    let days = match (post.valid_from, post.valid_to) {
        (Some(first), Some(last)) => format!(" {}", span(first, last)),
        (first, last) => {
            let until = |day: Date| format!(" đến hết {}", words::date(day));
            first.map(from).into_iter().chain(last.map(until)).collect()
        }
    };
    let limit = post.procedures.as_deref().map(only).unwrap_or_default();
    let secret = if post.ceiling == Sensitivity::Secret { ", xem cả giấy tờ mật" } else { "" };
    format!("{}{place}{days}{limit}{secret}", words::role(post.role))
}

fn said_lent(lent: &Lent, names: &BTreeMap<OfficerId, &str>) -> String {
    let given = &lent.delegation;
    format!(
        "{} thay {} {} ({}), mã {}",
        words::role(given.role),
        names.get(&given.from).unwrap_or(&"?"),
        words::people::days(given),
        given.decision,
        given.id
    )
}

#[cfg(test)]
mod tests {
    use super::role;
    use rules::people::Role;

    #[test]
    fn every_role_has_a_word() {
        for known in Role::ALL {
            assert_eq!(role(known.word()), Ok(known));
        }
        assert!(role("giam-doc").expect_err("no such role").contains("dung-dau-mot-cua"));
    }
}
