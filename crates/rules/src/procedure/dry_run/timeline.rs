//! What really happened to a dossier between reception and seal, cut into pieces: at which step, for how
//! many working minutes, and whether its clock stood.

use super::Past;
use crate::calendar::{CalendarError, WorkingCalendar, legal_time};
use crate::event::Body;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// A piece of the past in which nothing changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) step: String,
    /// Which stay at a step it belongs to; a step that was sent back to is stayed at twice.
    pub(super) visit: usize,
    pub(super) minutes: u32,
    pub(super) stood: bool,
}

/// A stay at a step.
struct Visit {
    step: String,
    from: Timestamp,
    until: Timestamp,
}

/// The pieces up to `end`, in their order; none where no result was sealed.
pub(super) fn pieces(
    past: &Past<'_>,
    end: Timestamp,
    calendar: &WorkingCalendar,
) -> Result<Option<Vec<Piece>>, CalendarError> {
    if !past.events.iter().any(|event| matches!(event.body, Body::ResultSealed { .. })) {
        return Ok(None);
    }
    let stops = &past.clock.stops;
    let borders = stops.iter().flat_map(|stop| [Some(stop.from), stop.until]).flatten();
    let borders: BTreeSet<Timestamp> = borders.collect();
    let mut pieces = Vec::new();
    for (nth, visit) in visits(past, end).into_iter().enumerate() {
        let mut from = visit.from;
        let inside = borders.iter().copied().filter(|at| visit.from < *at && *at < visit.until);
        for until in inside.chain([visit.until]) {
            let stood =
                stops.iter().any(|stop| stop.from <= from && stop.until.is_none_or(|over| until <= over));
            let minutes = calendar.working_minutes_between(legal_time(from), legal_time(until))?;
            pieces.push(Piece { from, until, step: visit.step.clone(), visit: nth, minutes, stood });
            from = until;
        }
    }
    Ok(Some(pieces))
}

/// The stays at steps, read from the events. A signature and a seal do not say where the dossier goes
/// next: it is the proposed way, unless a later event names another step.
fn visits(past: &Past<'_>, end: Timestamp) -> Vec<Visit> {
    let mut visits: Vec<Visit> = Vec::new();
    let mut step = past.process.first().map(|step| step.id.clone()).unwrap_or_default();
    let mut from = past.received_at;
    let happened = past.events.iter().filter(|event| past.received_at <= event.happened_at);
    for event in happened.filter(|event| event.happened_at <= end) {
        let next = match &event.body {
            Body::StepFinished { step: done, next, .. } => {
                step.clone_from(done);
                next.clone()
            }
            Body::SentBack { step: done, to, .. } => {
                step.clone_from(done);
                to.clone()
            }
            Body::ResultSigned { .. } | Body::ResultSealed { .. } => {
                let proposed = past.process.step(&step).and_then(|step| step.next.first());
                proposed.cloned().unwrap_or_default()
            }
            Body::DossierTaken { step: here }
            | Body::Assigned { step: here, .. }
            | Body::Transferred { step: here, .. } => {
                step.clone_from(here);
                continue;
            }
            _ => continue,
        };
        visits.push(Visit { step: std::mem::replace(&mut step, next), from, until: event.happened_at });
        from = event.happened_at;
    }
    if from < end {
        visits.push(Visit { step, from, until: end });
    }
    visits
}
