//! The queue at the counter through the API: a ticket machine and a call screen of another make use it, and
//! whoever books appointments elsewhere.

use super::acts::Opened;
use super::paging::{Page, Paging};
use super::{Body, Caller, Refusal};
use crate::Web;
use crate::error::Failure;
use crate::form::query_value;
use crate::page::{Place, file};
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use office::counter::appointments::Booking;
use rules::code::ProcedureCode;
use rules::counter::appointment::AppointmentState;
use rules::counter::favourite::FavouriteEdit;
use rules::counter::queue::{PriorityReason, TicketState};
use rules::id::{AppointmentId, TicketId};
use serde::{Deserialize, Serialize};

/// A ticket of today.
#[derive(Debug, Serialize)]
pub(crate) struct Ticket {
    id: TicketId,
    number: String,
    reason: Option<PriorityReason>,
    subject: Option<String>,
    taken_at: Timestamp,
    /// The beginning of the slot, of who came to an appointment.
    slot_from: Option<Timestamp>,
    state: &'static str,
    /// Where and when it was called last.
    counter: Option<String>,
    called_at: Option<Timestamp>,
}

fn told(ticket: rules::counter::queue::Ticket) -> Ticket {
    let (state, call) = match ticket.state {
        TicketState::Waiting => ("waiting", None),
        TicketState::Called(call) => ("called", Some(call)),
        TicketState::Served(call) => ("served", Some(call)),
        TicketState::Missed(call) => ("missed", Some(call)),
    };
    Ticket {
        id: ticket.id,
        number: ticket.number.to_string(),
        reason: ticket.reason,
        subject: ticket.subject,
        taken_at: ticket.taken_at,
        slot_from: ticket.slot_from,
        state,
        called_at: call.as_ref().map(|call| call.at),
        counter: call.map(|call| call.counter),
    }
}

/// The queue of an office now.
#[derive(Debug, Serialize)]
pub(crate) struct Queue {
    /// In the order in which they will be called.
    waiting: Vec<Ticket>,
    /// The last called first.
    calling: Vec<Ticket>,
    /// The ticket at the caller's own counter.
    in_hand: Option<TicketId>,
    n_called: usize,
    average_minutes: Option<i64>,
    /// What a number may be taken for.
    subjects: Vec<String>,
}

pub(crate) async fn queue(State(web): State<Web>, caller: Caller) -> Result<Json<Queue>, Refusal> {
    let now = web.office.queue_now(&caller.0.present.actor).await?;
    Ok(Json(Queue {
        in_hand: now.in_hand().map(|ticket| ticket.id),
        waiting: now.waiting.into_iter().map(told).collect(),
        calling: now.calling.into_iter().map(told).collect(),
        n_called: now.n_called,
        average_minutes: now.average_minutes,
        subjects: web.office.queue_subjects().await?,
    }))
}

/// A number that is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTicket {
    #[serde(default)]
    reason: Option<PriorityReason>,
    #[serde(default)]
    subject: Option<String>,
}

pub(crate) async fn take_number(
    State(web): State<Web>,
    caller: Caller,
    Body(new): Body<NewTicket>,
) -> Result<(StatusCode, Json<Opened<TicketId>>), Refusal> {
    let id = web.office.take_number(&caller.by(), new.reason, new.subject.as_deref()).await?;
    Ok((StatusCode::CREATED, Json(Opened { id })))
}

/// A ticket with how long its owner will wait.
#[derive(Debug, Serialize)]
pub(crate) struct TicketNow {
    #[serde(flatten)]
    ticket: Ticket,
    /// How many are called before him, while he waits.
    before: Option<usize>,
    minutes: Option<i64>,
}

pub(crate) async fn ticket(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Json<TicketNow>, Refusal> {
    let view = web.office.ticket(&caller.0.present.actor, place.id("id")?).await?;
    Ok(Json(TicketNow { ticket: told(view.ticket), before: view.n_before, minutes: view.minutes }))
}

/// What the machine prints.
pub(crate) async fn ticket_slip(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Response, Refusal> {
    let slip = web.office.ticket_slip(&caller.0.present.actor, place.id("id")?).await?;
    Ok(file(Bytes::from(slip), "application/pdf", "phieu-so.pdf"))
}

/// From which counter the next is called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCall {
    counter: String,
}

pub(crate) async fn call(
    State(web): State<Web>,
    caller: Caller,
    Body(new): Body<NewCall>,
) -> Result<(StatusCode, Json<Opened<TicketId>>), Refusal> {
    let id = web.office.call_next(&caller.by(), &new.counter).await?;
    Ok((StatusCode::CREATED, Json(Opened { id })))
}

/// What becomes of who was called.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum TicketAct {
    CallAgain,
    NotPresent,
    Served,
}

pub(crate) async fn act_on_ticket(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(act): Body<TicketAct>,
) -> Result<StatusCode, Refusal> {
    let (by, id) = (caller.by(), place.id("id")?);
    match act {
        TicketAct::CallAgain => web.office.call_again(&by, id).await?,
        TicketAct::NotPresent => web.office.not_present(&by, id).await?,
        TicketAct::Served => web.office.served(&by, id).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A day of the counter.
#[derive(Debug, Serialize)]
pub(crate) struct AppointmentDay {
    on: Date,
    slots: Vec<Slot>,
    appointments: Vec<Appointment>,
}

#[derive(Debug, Serialize)]
struct Slot {
    from: Timestamp,
    until: Timestamp,
    taken: usize,
}

#[derive(Debug, Serialize)]
struct Appointment {
    id: AppointmentId,
    from: Timestamp,
    name: String,
    phone: String,
    procedure: Option<String>,
    state: &'static str,
    ticket: Option<TicketId>,
}

/// The day that `on` names; today where it names none.
pub(crate) async fn appointments(
    State(web): State<Web>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<AppointmentDay>, Refusal> {
    let on = match query_value(query.as_deref(), "on").as_str() {
        "" => web.office.clock.today(),
        typed => typed.parse().map_err(|_| Failure::not_understood("`on` phải là ngày như 2026-11-23"))?,
    };
    let day = web.office.appointment_day(&caller.0.present.actor, on).await?;
    let slots =
        day.slots.iter().map(|(slot, taken)| Slot { from: slot.from, until: slot.until, taken: *taken });
    let told = day.appointments.into_iter().map(|kept| {
        let (state, ticket) = match kept.state {
            AppointmentState::Booked => ("booked", None),
            AppointmentState::Arrived(ticket) => ("arrived", Some(ticket)),
            AppointmentState::Cancelled => ("cancelled", None),
        };
        Appointment {
            id: kept.id,
            from: kept.slot.from,
            name: kept.name,
            phone: kept.phone,
            procedure: kept.procedure,
            state,
            ticket,
        }
    });
    Ok(Json(AppointmentDay { on, slots: slots.collect(), appointments: told.collect() }))
}

/// An appointment that is wanted. Name and telephone may stay empty.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAppointment {
    from: Timestamp,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    procedure: Option<ProcedureCode>,
}

pub(crate) async fn book(
    State(web): State<Web>,
    caller: Caller,
    Body(new): Body<NewAppointment>,
) -> Result<(StatusCode, Json<Opened<AppointmentId>>), Refusal> {
    let NewAppointment { from, name, phone, procedure } = &new;
    let booking = Booking { from: *from, name, phone, procedure: procedure.as_ref() };
    let id = web.office.book_appointment(&caller.by(), &booking).await?;
    Ok((StatusCode::CREATED, Json(Opened { id })))
}

pub(crate) async fn arrived(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<(StatusCode, Json<Opened<TicketId>>), Refusal> {
    let id = web.office.appointment_arrived(&caller.by(), place.id("id")?).await?;
    Ok((StatusCode::CREATED, Json(Opened { id })))
}

pub(crate) async fn cancel(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<StatusCode, Refusal> {
    web.office.cancel_appointment(&caller.by(), place.id("id")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A procedure under one of the keys Alt+1 to Alt+9.
#[derive(Debug, Serialize)]
pub(crate) struct Favourite {
    procedure: String,
    name: String,
}

pub(crate) async fn favourites(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<Favourite>, Refusal> {
    let shown = web.office.favourites(&caller.0.present.actor).await?;
    let told = shown.procedures.iter().enumerate().map(|(n, procedure)| {
        let favourite = Favourite { procedure: procedure.code.to_string(), name: procedure.name.clone() };
        (format!("{n:02}"), favourite)
    });
    Ok(paging.page(told))
}

/// What is done to the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EditFavourites {
    edit: EditWord,
    procedure: ProcedureCode,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EditWord {
    Add,
    Remove,
    Up,
    Down,
}

pub(crate) async fn edit_favourites(
    State(web): State<Web>,
    caller: Caller,
    Body(EditFavourites { edit, procedure }): Body<EditFavourites>,
) -> Result<StatusCode, Refusal> {
    let edit = match edit {
        EditWord::Add => FavouriteEdit::Add,
        EditWord::Remove => FavouriteEdit::Remove,
        EditWord::Up => FavouriteEdit::Up,
        EditWord::Down => FavouriteEdit::Down,
    };
    web.office.edit_favourites(&caller.by(), edit, &procedure).await?;
    Ok(StatusCode::NO_CONTENT)
}
