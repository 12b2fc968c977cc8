//! The register of an agency through the API.

use super::paging::{Page, Paging};
use super::{Caller, Refusal};
use crate::Web;
use crate::books::register::{place_of, place_text};
use crate::error::Failure;
use crate::form::query_value;
use crate::page::Place;
use axum::extract::{RawQuery, State};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::dossier::DueMoment;
use rules::id::{AgencyId, DossierId};
use serde::Serialize;

/// A line of sổ theo dõi hồ sơ.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    dossier: DossierId,
    code: Option<String>,
    procedure: String,
    holder: String,
    competent: AgencyId,
    received_on: Date,
    due: Option<DueMoment>,
    handed_over_at: Option<Timestamp>,
    state: &'static str,
}

/// What an agency received from `from` to `to`, both of them within; of this month where nothing is said.
pub(crate) async fn register(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    paging: Paging,
    RawQuery(query): RawQuery,
) -> Result<Page<Line>, Refusal> {
    let today = web.office.clock.today();
    let day = |name: &str, usual: Date| match query_value(query.as_deref(), name).as_str() {
        "" => Ok(usual),
        typed => typed
            .parse()
            .map_err(|_| Failure::not_understood(&format!("`{name}` phải là ngày như 2026-11-23"))),
    };
    let (from, to) = (day("from", today.first_of_month())?, day("to", today)?);
    let after = paging.place().and_then(place_of);
    let (actor, agency) = (&caller.0.present.actor, place.id("agency")?);
    let read = web.office.register_page(actor, agency, (from, to), after, paging.n_wanted()).await?;
    let told = read.lines.into_iter().map(|line| {
        let after = place_text(&line).unwrap_or_default();
        let (received_on, dossier) = (line.received_on, line.line.dossier);
        let told = Line {
            dossier: dossier.id,
            code: dossier.code.as_ref().map(ToString::to_string),
            procedure: dossier.procedure.to_string(),
            holder: line.line.holder_name,
            competent: dossier.scope.competent,
            received_on,
            due: dossier.due,
            handed_over_at: line.handed_over_at,
            state: dossier.state.kind(),
        };
        (after, told)
    });
    Ok(paging.page(told))
}
