//! `motcua bench audit`: events appended as acts append them, sealed by the sealer of the house, verified:
//! how many a second, and whether the memory it takes grows with them.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use ::office::audit::{Expected, Sealer, verify};
use ::office::{Clock, Keys};
use anyhow::{Result, ensure};
use jiff::Timestamp;
use nix::sys::resource::{UsageWho, getrusage};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, DossierId};
use store::bench::Ground;
use store::{Db, time};
use uuid::Uuid;

use crate::installation;
use crate::speak::{complain, say};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Số sự kiện; đo thêm ở một phần mười, để thấy bộ nhớ không tăng theo
    #[arg(long, value_name = "SỐ", default_value_t = 1_000_000)]
    events: u64,
    /// Đo trên máy chủ PostgreSQL này thay cho SQLite, trong cơ sở dữ liệu tạm của riêng bài đo
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Chứa cơ sở dữ liệu tạm; cần chừng 2 GB cho một triệu sự kiện
    #[arg(long, value_name = "THƯ MỤC")]
    folder: Option<PathBuf>,
}

/// Events of one dossier.
const N_EACH: u64 = 20;
/// Events appended in one act: the load is not what is measured.
const N_AN_ACT: u64 = 1_000;

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    ensure!(args.events >= 10 * N_AN_ACT, "cần ít nhất {} sự kiện", 10 * N_AN_ACT);
    let folder = args.folder.clone().unwrap_or_else(std::env::temp_dir);
    installation::runtime()?.block_on(async {
        let ground = match &args.postgres {
            Some(url) => Ground::postgres(url).await?,
            None => Ground::sqlite(&folder)?,
        };
        let db = Db::open(ground.config()).await?;
        db.migrate().await?;
        let mut n_events = 0;
        for up_to in [args.events / 10, args.events] {
            complain(format_args!("Ghi tới {up_to} sự kiện …"));
            while n_events < up_to {
                append(&db, Clock::System.now()).await?;
                n_events += N_AN_ACT;
            }
            measure(&db).await?;
        }
        db.close().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// Some dossiers with their events, a step of each in turn.
async fn append(db: &Db, now: Timestamp) -> Result<()> {
    let dossiers: Vec<DossierId> = (0..N_AN_ACT / N_EACH).map(|_| DossierId(time::new_id(now))).collect();
    let (dossiers, agency) = (&dossiers, AgencyId(Uuid::from_u128(1)));
    let appended = db.act(|mut tx| async move {
        for _ in 0..N_EACH {
            for &dossier in dossiers {
                let event = NewEvent {
                    subject: Subject::Dossier(dossier),
                    dossier: Some(dossier),
                    agency,
                    actor: None,
                    on_behalf_of: None,
                    purpose: None,
                    happened_at: now,
                    body: Body::CaseChosen { case: "thuong".to_owned() },
                };
                store::event::append(&mut tx, &event, now).await?;
            }
        }
        Ok::<_, store::Error>(())
    });
    appended.await.map_err(Into::into)
}

async fn measure(db: &Db) -> Result<()> {
    let keys = Keys::new("bài đo");
    let sealer = Sealer { db: db.clone(), clock: Clock::System, keys: keys.clone(), stamping: None };
    let begun = Instant::now();
    let sealed = sealer.seal().await?;
    let sealing = begun.elapsed();
    let key = keys.of_audit(&mut db.read().await?).await?;
    let certificate = key.as_ref().map(|key| key.certificate());
    let begun = Instant::now();
    let report = verify(db, Expected { certificate, roots: &[], anchor: None }).await?;
    let verifying = begun.elapsed();
    ensure!(report.n_faults == 0, "dấu vết của bài đo có {} lỗi", report.n_faults);
    say(format_args!(
        "{} sự kiện, {} chuỗi, {} điểm niêm phong: niêm phong {} sự kiện/giây, kiểm tra {} sự kiện/giây ({:.1} giây), \
         bộ nhớ cao nhất tới đây {} MB",
        report.n_events,
        report.n_chains,
        report.n_checkpoints,
        a_second(sealed.n_events, sealing),
        a_second(report.n_events, verifying),
        verifying.as_secs_f64(),
        getrusage(UsageWho::RUSAGE_SELF)?.max_rss() / 1024,
    ));
    Ok(())
}

fn a_second(n: u64, took: Duration) -> u64 {
    (n as f64 / took.as_secs_f64()) as u64
}
