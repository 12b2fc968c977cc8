//! What is still to be collected on a dossier, and the screen before its payer, through the API. The money itself
//! is taken by an act of the dossier.

use super::{Body, Caller, Refusal};
use crate::Web;
use crate::form::query_value;
use crate::page::Place;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use office::counter::paying::{AtSeat, FeeDesk};
use rules::id::DossierId;
use serde::{Deserialize, Serialize};

/// What is to be collected now.
#[derive(Debug, Serialize)]
pub(crate) struct Fee {
    /// In đồng.
    owed: i64,
    transfer: Option<ByTransfer>,
    /// Until when the screen of the counter asked about shows this very fee.
    shown_until: Option<Timestamp>,
}

/// What the payer's bank is told.
#[derive(Debug, Serialize)]
struct ByTransfer {
    holder: String,
    number: String,
    bank: String,
    reference: String,
    /// The VietQR code, as SVG.
    picture: String,
}

pub(crate) async fn owed(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Json<Fee>, Refusal> {
    let actor = &caller.0.present.actor;
    let view = web.office.open_dossier(actor, place.id("id")?).await?;
    let counter = Some(query_value(query.as_deref(), "counter")).filter(|counter| !counter.is_empty());
    let FeeDesk { owed, transfer, screen } = web.office.fee_desk(actor, &view, counter.as_deref()).await?;
    let transfer = transfer.map(|transfer| ByTransfer {
        holder: transfer.account.holder,
        number: transfer.account.number,
        bank: transfer.account.bank,
        reference: transfer.reference,
        picture: transfer.picture,
    });
    let shown_until = match screen {
        AtSeat::ShowsThis(_, until) => Some(until),
        AtSeat::NoSeat | AtSeat::NoScreen(_) | AtSeat::Idle(_) => None,
    };
    Ok(Json(Fee { owed, transfer, shown_until }))
}

/// The screen of a counter, and what it is to do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnScreen {
    counter: String,
    shows: bool,
}

pub(crate) async fn on_screen(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(OnScreen { counter, shows }): Body<OnScreen>,
) -> Result<StatusCode, Refusal> {
    let id: DossierId = place.id("id")?;
    if shows {
        web.office.ask_on_screen(&caller.by(), id, &counter).await?;
    } else {
        web.office.clear_screen(&caller.by(), id, &counter).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
