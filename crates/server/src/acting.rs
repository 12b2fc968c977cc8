//! Commands that are one act of an officer, named by login: who he is, the office he acts in, and what he
//! is told when the act was refused.

use std::process::ExitCode;

use anyhow::{Context, Result};
use office::{By, Error, Office};
use rules::words;

use crate::config::Place;
use crate::installation;
use crate::speak::complain;

/// Who does it, and where.
#[derive(Debug, clap::Args)]
pub(crate) struct Acting {
    /// Tên đăng nhập của người làm, có vai quản trị hệ thống
    #[arg(long, value_name = "TÊN")]
    by: String,
    #[command(flatten)]
    pub(crate) place: Place,
}

/// Does something in the office of an installation.
pub(crate) fn in_office(
    place: &Place,
    run: impl AsyncFnOnce(&Office) -> Result<ExitCode>,
) -> Result<ExitCode> {
    let config = installation::existing(place)?;
    installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let office = installation::office(&config, db).await?;
        let done = run(&office).await;
        office.db.close().await;
        done
    })
}

/// Does one act in the office of this installation.
pub(crate) fn acting(
    acting: &Acting,
    act: impl AsyncFnOnce(&Office, By) -> Result<ExitCode>,
) -> Result<ExitCode> {
    in_office(&acting.place, async |office| {
        let by = by_login(office, &acting.by).await?;
        act(office, by).await
    })
}

async fn by_login(office: &Office, login: &str) -> Result<By> {
    let mut reader = office.db.read().await?;
    let officer = store::people::officer_by_login(&mut reader, login)
        .await?
        .filter(|officer| officer.active)
        .with_context(|| format!("không có tài khoản `{login}` đang dùng"))?;
    let today = office.clock.today();
    Ok(By::new(office::people::actor_on(&mut reader, &officer, today).await?))
}

/// Says why an act was not done.
pub(crate) fn refused(error: Error) -> Result<ExitCode> {
    match error {
        Error::Refused(refusal) => {
            for sentence in refusal.sentences(str::to_owned) {
                complain(format_args!("✗ {sentence}"));
            }
        }
        Error::NotYours(why) => complain(format_args!("✗ {}", words::not_yours(&why))),
        Error::NotFound => complain("✗ Không có việc hoặc người này trong cơ sở dữ liệu"),
        Error::Stale => complain("✗ Người khác vừa sửa cùng lúc. Xem lại rồi làm lại"),
        error => return Err(error.into()),
    }
    Ok(ExitCode::FAILURE)
}
