//! `motcua serve` and `motcua work`: the pages and the jobs behind them, until the system asks to stop.
//! Then no new request is taken, jobs are handed back, and the database is closed.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use office::Office;
use office::audit::Sealer;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use web::{Entrance, Web};

use crate::config::{Config, Place};
use crate::speak::say;
use crate::{installation, logs, migrate};

/// How long requests under way may go on after the signal.
const GRACE: Duration = Duration::from_secs(10);
/// Bounds of the histogram of request times, in seconds.
const SECONDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Mở trang làm việc và làm các việc nền
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// Cổng, thay cho cổng trong cấu hình; 0 là cổng trống bất kỳ
    #[arg(long, value_name = "CỔNG")]
    port: Option<u16>,
}

/// Chỉ làm các việc nền (khi chạy nhiều máy chung một PostgreSQL)
#[derive(Debug, clap::Args)]
pub(crate) struct WorkArgs {
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let mut config = args.place.load()?;
    if let Some(port) = args.port {
        config.server.listen.set_port(port);
    }
    logs::start(&config.log)?;
    installation::runtime()?.block_on(async {
        let office = ready(&config).await?;
        serve(&config, office, || {}).await
    })
}

pub(crate) fn run_work(args: &WorkArgs) -> Result<ExitCode> {
    let config = args.place.load()?;
    logs::start(&config.log)?;
    installation::runtime()?.block_on(async {
        let office = ready(&config).await?;
        let stop = stop_signal()?;
        let sealing = seal(&config, &office, stop.clone())?;
        tracing::info!(at_a_time = config.jobs_at_a_time(), "working on jobs");
        tokio::join!(office.run_jobs(config.jobs_at_a_time(), stop.clone()), office.watch(stop));
        sealing.await.context("việc niêm phong dừng đột ngột")?;
        office.db.close().await;
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    })
}

/// Opens everything, with schema and catalogue up to date.
async fn ready(config: &Config) -> Result<Office> {
    let db = installation::database(config).await?;
    let news = migrate::bring_up_to_date(&db, office::Clock::System.now()).await?;
    tracing::info!(units = news.n_units, procedures = news.n_procedures, "catalogue up to date");
    installation::office(config, db).await
}

/// Serves until the signal. The address is the first line on standard output, said when the port is
/// open; `then` speaks after it.
pub(crate) async fn serve(config: &Config, office: Office, then: impl FnOnce()) -> Result<ExitCode> {
    let metrics = install_metrics()?;
    let web = Web {
        office: office.clone(),
        rates: Arc::default(),
        metrics: metrics.clone(),
        settings: Arc::new(pages(config)),
    };
    let mut stop = stop_signal()?;
    let listener = TcpListener::bind(config.server.listen).await.with_context(|| {
        format!("không mở được {}: có thể cổng đang dùng; chọn cổng khác bằng --port", config.server.listen)
    })?;
    let address = listener.local_addr().context("the listener has an address")?;
    say(format_args!("http://{address}"));
    then();
    tracing::info!(%address, engine = ?office.db.engine(), version = env!("CARGO_PKG_VERSION"), "serving");

    let jobs = {
        let (office, stop, n) = (office.clone(), stop.clone(), config.jobs_at_a_time());
        tokio::spawn(async move { office.run_jobs(n, stop).await })
    };
    let watch = {
        let (office, stop) = (office.clone(), stop.clone());
        tokio::spawn(async move { office.watch(stop).await })
    };
    let sealing = seal(config, &office, stop.clone())?;
    let upkeep = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            metrics.run_upkeep();
        }
    });
    let service = web::router(web).into_make_service_with_connect_info::<SocketAddr>();
    let mut until = stop.clone();
    let server = axum::serve(listener, service)
        .with_graceful_shutdown(async move { drop(until.wait_for(|stopping| *stopping).await) });
    let mut server = tokio::spawn(server.into_future());

    let ended = tokio::select! {
        ended = &mut server => Some(ended),
        _ = stop.wait_for(|stopping| *stopping) => None,
    };
    if let Some(ended) = ended {
        ended.context("máy chủ dừng đột ngột")?.context("máy chủ dừng đột ngột")?;
    } else {
        tracing::info!("stopping: no new requests, jobs are handed back");
        // A browser may keep a connection open for ever; what it asked for is answered by then.
        if tokio::time::timeout(GRACE, &mut server).await.is_err() {
            tracing::warn!("connections still open are dropped");
            server.abort();
        }
    }
    jobs.await.context("các việc nền dừng đột ngột")?;
    watch.await.context("việc canh hồ sơ dừng đột ngột")?;
    sealing.await.context("việc niêm phong dừng đột ngột")?;
    upkeep.abort();
    office.db.close().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Keeps the audit chain sealed until the signal.
fn seal(config: &Config, office: &Office, stop: watch::Receiver<bool>) -> Result<JoinHandle<()>> {
    let sealer = Sealer { clock: office.clock.clone(), ..installation::sealer(config, office.db.clone())? };
    let every = Duration::from_secs(config.audit.seal_every_minutes * 60);
    Ok(tokio::spawn(async move { sealer.run(every, stop).await }))
}

fn pages(config: &Config) -> web::Settings {
    web::Settings {
        entrance: if config.server.behind_proxy { Entrance::TlsProxy } else { Entrance::Direct },
        helpline: config.server.helpline.clone(),
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// The one recorder of this process.
fn install_metrics() -> Result<PrometheusHandle> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .context("the bounds are not empty")?;
    builder.install_recorder().context("không mở được bộ đếm Prometheus")
}

/// Becomes true at SIGINT or SIGTERM. A second signal ends the process at once.
fn stop_signal() -> Result<watch::Receiver<bool>> {
    let (say_stop, stop) = watch::channel(false);
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        for n_signals in 0.. {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if n_signals > 0 {
                std::process::exit(130);
            }
            say_stop.send_replace(true);
        }
    });
    Ok(stop)
}
