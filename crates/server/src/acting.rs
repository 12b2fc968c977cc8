//! Commands that are one act of an officer, who is named by login.

use std::process::ExitCode;

use anyhow::{Context, Result};
use office::{By, Clock, Error, Office};
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

/// Does one act in the office of this installation.
pub(crate) fn acting(
    acting: &Acting,
    act: impl AsyncFnOnce(&Office, By) -> Result<ExitCode>,
) -> Result<ExitCode> {
    let config = installation::existing(&acting.place)?;
    installation::runtime()?.block_on(async {
        let db = installation::database(&config).await?;
        let office = installation::office(&config, db).await?;
        let done = match by_login(&office, &acting.by).await {
            Ok(by) => act(&office, by).await,
            Err(error) => Err(error),
        };
        office.db.close().await;
        done
    })
}

async fn by_login(office: &Office, login: &str) -> Result<By> {
    let mut reader = office.db.read().await?;
    let officer = store::people::officer_by_login(&mut reader, login)
        .await?
        .filter(|officer| officer.active)
        .with_context(|| format!("không có tài khoản `{login}` đang dùng"))?;
    Ok(By::new(office::people::actor_on(&mut reader, &officer, Clock::System.today()).await?))
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
        error => return Err(error.into()),
    }
    Ok(ExitCode::FAILURE)
}
