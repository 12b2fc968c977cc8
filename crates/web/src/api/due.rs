//! "Vì sao là ngày này?": why a result is due when it is, day by day and in sentences.

use super::{Caller, Refusal};
use crate::Web;
use crate::dossier::why::date_told;
use crate::page::Place;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Date;
use rules::calendar::{Counted, Counting, Limit};
use rules::dossier::DueMoment;
use rules::dossier::clock::{CountPart, CountTold, DayTold, Explanation, StopCause};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct DueTold {
    /// None while the clock stands, and where there is none.
    due: Option<DueMoment>,
    sentences: Vec<String>,
    clock: Option<Told>,
}

/// The data behind the sentences.
#[derive(Debug, Serialize)]
struct Told {
    limit: Limit,
    counting: Counting,
    /// Every count there was, the present one last.
    counts: Vec<Count>,
    /// Years whose notices are not out: the date may still move.
    provisional: Vec<i16>,
}

#[derive(Debug, Serialize)]
struct Count {
    started_at: Timestamp,
    days: Vec<Day>,
}

#[derive(Debug, Serialize)]
struct Day {
    on: Date,
    part: CountPart,
    counted: Option<Counted>,
    why: String,
    law: Option<String>,
    stood: Vec<Stood>,
}

#[derive(Debug, Serialize)]
struct Stood {
    minutes: u32,
    cause: StopCause,
}

/// Explains the date of a dossier.
pub(crate) async fn due(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<DueTold>, Refusal> {
    let view = web.office.open_dossier(&caller.0.present.actor, place.id("id")?).await?;
    let (sentences, told) = date_told(&web, &view)?;
    let due = told.as_ref().map_or(view.dossier.due, |told| told.due);
    Ok(Json(DueTold { due, sentences, clock: told.map(data) }))
}

fn data(told: Explanation) -> Told {
    let Explanation { limit, counting, counts, provisional, .. } = told;
    Told { limit, counting, counts: counts.into_iter().map(count).collect(), provisional }
}

fn count(told: CountTold) -> Count {
    Count { started_at: told.started_at, days: told.days.into_iter().map(day).collect() }
}

fn day(told: DayTold) -> Day {
    let stood = told.stood.iter().map(|stood| Stood { minutes: stood.minutes, cause: stood.cause });
    Day {
        on: told.date,
        part: told.part,
        counted: told.counted,
        why: told.why.to_string(),
        law: told.law,
        stood: stood.collect(),
    }
}
