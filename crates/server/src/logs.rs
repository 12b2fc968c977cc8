//! Where the running of a server is written down: lines on standard error, as text or JSON.
//! Never a name, a personal number or a text of a paper; what is logged where it happens keeps to that.

use anyhow::Result;
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts the log of this process; called once by commands that run for long.
pub(crate) fn start(log: &Log) -> Result<()> {
    let filter: EnvFilter = log.level.parse()?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => lines.with_ansi(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("không mở được nhật ký: {error}"))
}
