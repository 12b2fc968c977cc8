//! `motcua bench office`: an office with a million dossiers at work. How many acts a second it does on
//! each engine, held against the bare driver saying the very same statements with the same commits; how
//! long a page waits, at a tenth of the dossiers and at all of them; what the loops in the background
//! cost. How the bound is kept fair stands at `store::bench::replay`.

mod filling;
mod house;
mod latency;
mod pages;
mod people;
mod reading;
mod report;
mod stories;
mod working;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use office::Keys;
use office::audit::Sealer;
use store::bench::{Ground, Recorder, Replayed, SaidAct, open_recorded, replay};
use store::{Db, Engine};

use crate::installation;
use crate::speak::{complain, say};
use filling::{Filling, Model, Spread, models};
use house::{House, TODAY};
use latency::Latencies;
use pages::Pages;
use working::{Work, work};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Số hồ sơ có sẵn khi đo; việc đọc đo thêm ở một phần mười
    #[arg(long, value_name = "SỐ", default_value_t = 1_000_000)]
    dossiers: usize,
    /// Đo thêm trên máy chủ PostgreSQL này, trong cơ sở dữ liệu tạm của riêng bài đo
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// Số việc đo; mặc định 8.000
    #[arg(long, value_name = "SỐ", default_value_t = 8_000)]
    acts: usize,
    /// Số cán bộ làm cùng lúc
    #[arg(long, value_name = "SỐ", default_value_t = 16)]
    officers: usize,
    /// Ít mẫu và ít lượt đo hơn: để biết bài đo chạy được, không để lấy số
    #[arg(long)]
    quick: bool,
    /// Chứa các cơ sở dữ liệu tạm; cần chừng 25 GB cho một triệu hồ sơ
    #[arg(long, value_name = "THƯ MỤC")]
    folder: Option<PathBuf>,
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
struct Plan {
    n_dossiers: usize,
    n_acts: usize,
    n_officers: usize,
    n_readings: usize,
    spread: Spread,
    sealing: Duration,
}

/// Acts of one dossier of `working`, on average.
const ACTS_A_DOSSIER: usize = 10;

impl Plan {
    fn of(args: &Args) -> Self {
        let spread = if args.quick {
            Spread { n_communes: 1, n_days: 1 }
        } else {
            Spread { n_communes: usize::MAX, n_days: usize::MAX }
        };
        let (n_readings, sealing) = if args.quick { (20, 1) } else { (500, 10) };
        Self {
            n_dossiers: args.dossiers,
            n_acts: if args.quick { args.acts.min(400) } else { args.acts },
            n_officers: args.officers.max(1),
            n_readings,
            spread,
            sealing: Duration::from_secs(sealing),
        }
    }

    fn work(&self, n_acts: usize, first_person: usize) -> Work {
        let n_dossiers_each = n_acts.div_ceil(self.n_officers * ACTS_A_DOSSIER).max(3);
        Work { n_officers: self.n_officers, n_dossiers_each, first_person }
    }
}

/// What was measured on one engine.
#[derive(Debug)]
struct Measured {
    engine: Engine,
    loads: Vec<Load>,
    /// At a tenth of the dossiers, and at all.
    readings: Vec<(usize, Latencies)>,
    acts: Latencies,
    took: Duration,
    said: Said,
    bound: Replayed,
    watch: Duration,
    sealed: Sealed,
}

#[derive(Clone, Copy, Debug)]
struct Load {
    n_dossiers: usize,
    took: Duration,
    n_bytes: u64,
}

/// What our own acts said to the engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "all of it is counts")]
struct Said {
    n_acts: usize,
    n_commits: usize,
    n_statements: u64,
    n_rows: u64,
}

#[derive(Clone, Copy, Debug)]
struct Sealed {
    n_events: i64,
    took: Duration,
}

pub(super) fn run(args: &Args) -> Result<ExitCode> {
    let plan = Plan::of(args);
    ensure!(plan.n_dossiers >= 100, "cần ít nhất 100 hồ sơ");
    let folder = args.folder.clone().unwrap_or_else(std::env::temp_dir);
    installation::runtime()?.block_on(async {
        let house = Arc::new(House::shipped()?);
        complain("Đang sống các câu chuyện mẫu qua nghiệp vụ thật …");
        let models = Arc::new(models(&house, &folder, plan.spread).await?);
        say(report::machine(&plan));
        let sqlite = measure(&house, &models, plan, Ground::sqlite(&folder)?, Engine::Sqlite).await?;
        say(report::of(&sqlite));
        match &args.postgres {
            Some(url) => {
                let ground = Ground::postgres(url).await.context("không dùng được máy chủ ở --postgres")?;
                say(report::of(&measure(&house, &models, plan, ground, Engine::Postgres).await?));
            }
            None => say("PostgreSQL: không đo, vì không có --postgres URL."),
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn measure(
    house: &Arc<House>,
    models: &Arc<Vec<Model>>,
    plan: Plan,
    ground: Ground,
    engine: Engine,
) -> Result<Measured> {
    let today: Timestamp = TODAY.parse()?;
    let db = Db::open(ground.config()).await?;
    house.furnish(&db).await?;
    db.close().await;
    let mut filling = Filling::new(Arc::clone(models), engine);
    let (mut loads, mut readings) = (Vec::new(), Vec::new());
    for n_dossiers in [plan.n_dossiers / 10, plan.n_dossiers] {
        complain(format_args!("{engine:?}: nạp tới {n_dossiers} hồ sơ …"));
        let took = filling.up_to(n_dossiers, &ground).await?;
        ground.settle().await?;
        loads.push(Load { n_dossiers, took, n_bytes: ground.size_bytes().await? });
        complain(format_args!("{engine:?}: đọc ở {n_dossiers} hồ sơ …"));
        let db = Db::open(ground.config()).await?;
        let office = House::office(db.clone(), today)?;
        let (warm, samples) = samples(&filling, plan.n_readings);
        reading::read(&office, house, warm).await?;
        let mut read = reading::read(&office, house, samples).await?;
        let pages = Pages::open(office, house).await?;
        pages.read(warm).await?;
        read.take_in(pages.read(samples).await?);
        readings.push((n_dossiers, read));
        db.close().await;
    }
    complain(format_args!("{engine:?}: làm việc …"));
    let ours = ground.copy().await?;
    let recorder = Recorder::default();
    let db = open_recorded(ours.config(), &recorder).await?;
    let office = House::office(db.clone(), today)?;
    let warming = plan.work(plan.n_acts / 5, plan.n_dossiers);
    let warmed = work(&office, house, warming).await?;
    let warm = recorder.take();
    ensure!(warm.len() == warmed.latencies.n(), "có việc không được ghi lại");
    let worked = work(&office, house, plan.work(plan.n_acts, plan.n_dossiers + warming.n_people())).await?;
    let acts = recorder.take();
    complain(format_args!("{engine:?}: vòng canh hồ sơ và niêm phong …"));
    let watch = watch(&office).await?;
    let sealed = seal(&db, &office.keys, &office.clock, plan.sealing).await?;
    db.close().await;
    drop(ours);
    complain(format_args!("{engine:?}: trình điều khiển trần nói lại các câu lệnh đó …"));
    let said = said(&acts);
    let bound = replay(ground.config(), warm, acts).await?;
    Ok(Measured {
        engine,
        loads,
        readings,
        acts: worked.latencies,
        took: worked.took,
        said,
        bound,
        watch,
        sealed,
    })
}

/// Some to warm up with, and others to measure.
fn samples(filling: &Filling, n: usize) -> (&[filling::Sample], &[filling::Sample]) {
    let n = n.min(filling.samples.len() / 2).max(1);
    let warm = n.div_ceil(5).min(filling.samples.len());
    (&filling.samples[..warm], &filling.samples[filling.samples.len().saturating_sub(n)..])
}

fn said(acts: &[SaidAct]) -> Said {
    let commits = acts.chunk_by(|one, next| one.commit() == next.commit());
    Said {
        n_acts: acts.len(),
        n_commits: commits.count(),
        n_statements: acts.iter().map(SaidAct::n_statements).sum(),
        n_rows: acts.iter().map(SaidAct::n_rows).sum(),
    }
}

/// Rounds of the watch until it finds nothing any more, at most.
const MOST_ROUNDS: usize = 400;

/// How long a round takes when there is nothing to raise: what a loaded database has late was never looked
/// at before, and is raised first.
async fn watch(office: &office::Office) -> Result<Duration> {
    for _ in 0..MOST_ROUNDS {
        let begun = Instant::now();
        if office.watch_once().await? == office::watch::Watched::default() {
            return Ok(begun.elapsed());
        }
    }
    anyhow::bail!("vòng canh hồ sơ không đến lúc yên")
}

/// Seals what waits for as long as this; a checkpoint is there whole or not at all.
async fn seal(db: &Db, keys: &Keys, clock: &office::Clock, at_most: Duration) -> Result<Sealed> {
    let sealer = Sealer { db: db.clone(), clock: clock.clone(), keys: keys.clone(), stamping: None };
    let begun = Instant::now();
    match tokio::time::timeout(at_most, sealer.seal()).await {
        Ok(sealed) => drop(sealed?),
        Err(_) => complain("Niêm phong chưa hết, dừng ở thời gian đo."),
    }
    let took = begun.elapsed();
    let mut reader = db.read().await?;
    let n_events = store::audit::last(&mut reader).await?.map_or(0, |last| last.last_ordinal);
    Ok(Sealed { n_events, took })
}

#[cfg(test)]
mod tests;
