//! The numbers of the overview through the API, as the leader sees them.

use super::{Caller, Refusal};
use crate::Web;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use office::measure::Line;
use rules::measure::overview::{DueGroup, Tally};
use serde::Serialize;

/// What is open by when it is due, and what was settled of late.
#[derive(Debug, Serialize)]
struct Numbers {
    open: u64,
    overdue: u64,
    today: u64,
    near: u64,
    later: u64,
    stopped: u64,
    settled: u64,
    settled_late: u64,
    median_hours: Option<u32>,
    percent_in_time: Option<u64>,
}

impl Numbers {
    fn of(tally: &Tally) -> Self {
        Self {
            open: tally.n_open(),
            overdue: tally.n(DueGroup::Overdue),
            today: tally.n(DueGroup::Today),
            near: tally.n(DueGroup::Near),
            later: tally.n(DueGroup::Later),
            stopped: tally.n(DueGroup::Stopped),
            settled: tally.n_settled(),
            settled_late: tally.n_late(),
            median_hours: tally.median_hours(),
            percent_in_time: tally.percent_in_time(),
        }
    }
}

/// A part of the work with its numbers.
#[derive(Debug, Serialize)]
struct Part {
    name: String,
    #[serde(flatten)]
    numbers: Numbers,
}

#[derive(Debug, Serialize)]
pub(crate) struct Overview {
    read_at: Timestamp,
    all: Numbers,
    by_unit: Vec<Part>,
    by_officer: Vec<Part>,
    by_procedure: Vec<Part>,
}

pub(crate) async fn overview(State(web): State<Web>, caller: Caller) -> Result<Json<Overview>, Refusal> {
    let read = web.office.overview(&caller.0.present.actor).await?;
    let parts = |lines: &[Line]| {
        lines.iter().map(|line| Part { name: line.name.clone(), numbers: Numbers::of(&line.tally) }).collect()
    };
    Ok(Json(Overview {
        read_at: read.look.now,
        all: Numbers::of(&read.all),
        by_unit: parts(&read.by_unit),
        by_officer: parts(&read.by_officer),
        by_procedure: parts(&read.by_procedure),
    }))
}
