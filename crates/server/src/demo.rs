//! `motcua demo`: an office to try things in, ready in one command: an invented province, officers of
//! every role, a certificate authority made on the spot and marked as demonstration in every name.
//! Started again it keeps the data.

mod authority;
mod office_people;
mod welcome;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use jiff::civil::DateTime;
use office::{Clock, Office};
use rules::calendar::instant;
use store::{Db, people};

use crate::config::{Config, Place};
use crate::{installation, logs, migrate, serve, shipped};
use authority::Authority;

/// The one password of all accounts of the demonstration.
const PASSWORD: &str = "motcua-demo";

/// Mở một văn phòng mẫu để dùng thử: đủ vai, đủ dữ liệu, chữ ký số DEMO
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Thư mục dữ liệu dùng thử
    #[arg(long, value_name = "THƯ MỤC", default_value = ".data")]
    data: PathBuf,
    /// Cổng trên 127.0.0.1; 0 là cổng trống bất kỳ
    #[arg(long, value_name = "CỔNG", default_value_t = 8686)]
    port: u16,
    /// Cho văn phòng mẫu sống ở một thời điểm khác, đồng hồ đứng yên tới khi được dời (tập huấn, kiểm thử)
    #[arg(long, value_name = "2026-11-23T08:00")]
    at: Option<DateTime>,
    /// Tạo dữ liệu rồi dừng, không mở trang
    #[arg(long)]
    prepare_only: bool,
    /// Tệp cấu hình TOML (xem `motcua config`)
    #[arg(long, value_name = "TỆP")]
    config: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let place = Place { config: args.config.clone(), data: Some(args.data.clone()) };
    let mut config = place.load()?;
    ensure!(
        config.server.listen.ip().is_loopback(),
        "văn phòng mẫu dùng mật khẩu ai cũng biết nên chỉ mở trên máy này: server.listen phải là 127.0.0.1"
    );
    config.server.listen.set_port(args.port);
    // Whoever tries the demonstration reads its welcome, not every request.
    if config.log == crate::config::Log::default() {
        "warn".clone_into(&mut config.log.level);
    }
    logs::start(&config.log)?;
    installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let clock = match args.at {
            None => Clock::System,
            Some(at) => Clock::set(instant(at).context("--at: thời điểm ngoài lịch")?),
        };
        prepare(&config, &db, clock.now()).await?;
        if args.prepare_only {
            db.close().await;
            return Ok(ExitCode::SUCCESS);
        }
        let exercises = shipped::exercises()?.into();
        let office = Office { clock, exercises, ..installation::office(&config, db).await? };
        let papers = config.store.data.join("giay-mau");
        serve::serve(&config, office, || welcome::print(&papers)).await
    })
}

/// Makes what is missing: schema and catalogue, authority, officers with their keys.
async fn prepare(config: &Config, db: &Db, now: Timestamp) -> Result<()> {
    migrate::bring_up_to_date(db, now).await?;
    let mut reader = db.read().await?;
    let n_officers = people::n_officers(&mut reader).await?;
    drop(reader);
    let folder = authority::folder(config);
    ensure!(
        n_officers == 0 || authority::is_there(&folder),
        "thư mục `{}` có dữ liệu của một văn phòng thật; hãy chọn thư mục khác cho bản dùng thử",
        config.store.data.display()
    );
    let authority = Authority::open_or_make(&folder, now)?;
    if n_officers == 0 {
        let password = installation::p12_password(config)?;
        office_people::add(db, &authority, &password, now)
            .await
            .context("không tạo được tài khoản dùng thử")?;
    }
    Ok(())
}
