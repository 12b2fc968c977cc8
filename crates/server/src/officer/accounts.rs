//! Accounts: the first administrators, others after them, locking, letting in again, new passwords.

use std::process::ExitCode;

use anyhow::Result;
use office::people::accounts::Drawn;
use rules::people::account::NewAccount;

use super::{agency, officer};
use crate::acting::{Acting, acting, in_office, refused};
use crate::config::Place;
use crate::speak::say;

#[derive(Debug, clap::Args)]
pub(super) struct BeginArgs {
    /// Cơ quan hai quản trị làm việc (khóa trong cây đơn vị)
    #[arg(long, value_name = "KHÓA")]
    agency: String,
    /// Quản trị thứ nhất
    #[arg(long, value_name = "TÊN ĐĂNG NHẬP=HỌ TÊN", value_parser = login_and_name)]
    first: (String, String),
    /// Quản trị thứ hai
    #[arg(long, value_name = "TÊN ĐĂNG NHẬP=HỌ TÊN", value_parser = login_and_name)]
    second: (String, String),
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, clap::Args)]
pub(super) struct AddArgs {
    /// Tên đăng nhập: chữ thường không dấu, chữ số, dấu chấm, gạch nối
    #[arg(value_name = "TÊN ĐĂNG NHẬP")]
    login: String,
    /// Họ tên
    #[arg(long, value_name = "HỌ TÊN")]
    name: String,
    /// Chức danh, in dưới chữ ký
    #[arg(long, value_name = "CHỨC DANH", default_value = "")]
    title: String,
    /// Cơ quan nơi làm việc (khóa trong cây đơn vị)
    #[arg(long, value_name = "KHÓA")]
    agency: String,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, clap::Args)]
pub(super) struct OfArgs {
    /// Tên đăng nhập của cán bộ
    #[arg(value_name = "TÊN ĐĂNG NHẬP")]
    login: String,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, clap::Args)]
pub(super) struct LockArgs {
    #[command(flatten)]
    of: OfArgs,
    /// Lý do
    #[arg(long, value_name = "LÝ DO")]
    reason: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct ResetArgs {
    #[command(flatten)]
    of: OfArgs,
    /// Lý do, ví dụ “mất điện thoại”
    #[arg(long, value_name = "LÝ DO")]
    reason: String,
}

fn login_and_name(text: &str) -> Result<(String, String), String> {
    let (login, name) = text.split_once('=').ok_or("viết là tên-đăng-nhập=Họ Tên")?;
    Ok((login.to_owned(), name.to_owned()))
}

/// The one time a password is shown.
fn hand_out(login: &str, password: &Drawn) {
    say(format_args!("  {login}: {}", password.reveal()));
}

pub(super) fn begin(args: &BeginArgs) -> Result<ExitCode> {
    in_office(&args.place, async |office| {
        let (agency, _) = agency(office, &args.agency).await?;
        let account = |(login, name): &(String, String)| NewAccount {
            login: login.clone(),
            name: name.clone(),
            title: "Quản trị hệ thống".to_owned(),
            agency,
        };
        match office.begin_administration(&account(&args.first), &account(&args.second)).await {
            Ok([first, second]) => {
                say("✓ Đã lập hai quản trị. Mật khẩu chỉ in lần này, trao tận tay từng người:");
                hand_out(&args.first.0, &first);
                hand_out(&args.second.0, &second);
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refused(error),
        }
    })
}

/// Why a command is never answered with what it did before.
const NO_KEY: &str = "a command carries no key of a form";

pub(super) fn add(args: &AddArgs) -> Result<ExitCode> {
    acting(&args.acting, async |office, by| {
        let (agency, place) = agency(office, &args.agency).await?;
        let account = NewAccount {
            login: args.login.clone(),
            name: args.name.clone(),
            title: args.title.clone(),
            agency,
        };
        match office.add_officer(&by, &account).await {
            Ok((_, password)) => {
                say(format_args!("✓ Đã thêm {} vào {place}, chưa có vai nào.", args.login));
                say("Mật khẩu chỉ in lần này, trao tận tay:");
                hand_out(&args.login, &password.expect(NO_KEY));
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refused(error),
        }
    })
}

pub(super) fn lock(args: &LockArgs) -> Result<ExitCode> {
    acting(&args.of.acting, async |office, by| {
        let of = officer(office, &args.of.login).await?;
        match office.lock_sign_in(&by, of.id, &args.reason).await {
            Ok(()) => {
                let held = office.in_hand_of(&by.actor, of.id).await?.len();
                say(format_args!("✓ Đã khóa đăng nhập của {}.", of.name));
                if held > 0 {
                    say(format_args!("! {} còn giữ {held} hồ sơ; lãnh đạo phòng cần giao lại", of.name));
                }
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refused(error),
        }
    })
}

pub(super) fn unlock(args: &OfArgs) -> Result<ExitCode> {
    acting(&args.acting, async |office, by| {
        let of = officer(office, &args.login).await?;
        match office.unlock_sign_in(&by, of.id).await {
            Ok(()) => {
                say(format_args!("✓ Đã mở lại đăng nhập của {}.", of.name));
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refused(error),
        }
    })
}

pub(super) fn reset_password(args: &OfArgs) -> Result<ExitCode> {
    acting(&args.acting, async |office, by| {
        let of = officer(office, &args.login).await?;
        match office.reset_password(&by, of.id).await {
            Ok(password) => {
                say(format_args!("✓ Đã đặt lại mật khẩu của {}. Mật khẩu chỉ in lần này:", of.name));
                hand_out(&of.login, &password.expect(NO_KEY));
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refused(error),
        }
    })
}

pub(super) fn reset_second_factor(args: &ResetArgs) -> Result<ExitCode> {
    acting(&args.of.acting, async |office, by| {
        let of = officer(office, &args.of.login).await?;
        match office.reset_second_factor(&by, of.id, &args.reason).await {
            Ok(()) => {
                say(format_args!("✓ Đã đặt lại xác thực hai lớp của {} và đăng xuất ở mọi nơi.", of.name));
                say("Lần tới chỉ cần mật khẩu; nhắc người này bật lại ở trang tài khoản.");
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => refused(error),
        }
    })
}
