//! Appointments of a day: who comes when, a form to book a slot, and "Đã đến", which makes a ticket of one.

use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key, query_value};
use crate::page::{Place, Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use office::counter::appointments::{AppointmentDay, Booking};
use rules::code::ProcedureCode;
use rules::counter::appointment::{Appointment, AppointmentState};
use rules::id::{AppointmentId, TicketId};
use rules::procedure::Procedure;
use rules::words;
use std::sync::Arc;

#[derive(Debug, Template)]
#[template(path = "counter/appointments.html")]
struct AppointmentsPage {
    shell: Shell,
    day: String,
    before: String,
    after: String,
    day_form: FormState,
    form: FormState,
    slots: Vec<Choice>,
    procedures: Vec<Choice>,
    lines: Vec<Line>,
    idem: String,
}

#[derive(Debug)]
struct Line {
    base: String,
    slot: String,
    name: String,
    phone: String,
    procedure: String,
    tone: &'static str,
    icon: &'static str,
    state: &'static str,
    may_arrive: bool,
    may_cancel: bool,
    ticket: String,
    keys: [String; 2],
}

pub(crate) async fn show(
    State(web): State<Web>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let typed = query_value(query.as_deref(), "ngay");
    let today = web.office.clock.today();
    let day_form = FormState::default().with("ngay", &typed);
    match rules::scanning::day(&typed) {
        Ok(day) => {
            let day = day.unwrap_or(today);
            let day_form = FormState::default().with("ngay", words::date(day));
            render(&web, &visitor, StatusCode::OK, day, day_form, FormState::default()).await
        }
        Err(()) => {
            let mut day_form = day_form;
            day_form.fault("ngay", "Ngày gõ theo mẫu 27/3/2021");
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            render(&web, &visitor, status, today, day_form, FormState::default()).await
        }
    }
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    on: Date,
    day_form: FormState,
    form: FormState,
) -> Result<Response, Failure> {
    let actor = &visitor.present.actor;
    let now = web.office.clock.now();
    let day = web.office.appointment_day(actor, on).await?;
    let mut reader = web.office.db.read().await?;
    let procedures = store::procedure::all_in_force(&mut reader, on).await?;
    drop(reader);
    let neighbour = |day: Result<Date, jiff::Error>| day.map(words::date).unwrap_or_default();
    let page = AppointmentsPage {
        shell: shell(web, visitor, "/quay").await?,
        day: words::date(on),
        before: neighbour(on.yesterday()),
        after: neighbour(on.tomorrow()),
        day_form,
        form,
        slots: open_slots(&day, now),
        procedures: procedures.iter().map(|p| Choice::new(p.code.as_str(), &p.name)).collect(),
        lines: day.appointments.iter().map(|booked| line(booked, &day, &procedures, now)).collect(),
        idem: new_key(),
    };
    Ok(show_as(web, status, &page))
}

/// The slots that still take somebody; their values are instants.
fn open_slots(day: &AppointmentDay, now: Timestamp) -> Vec<Choice> {
    let capacity = usize::try_from(day.rules.slot_capacity).unwrap_or(usize::MAX);
    let open = day.slots.iter().filter(|(slot, taken)| slot.until > now && *taken < capacity);
    open.map(|(slot, taken)| {
        let label = format!("{} (còn {} chỗ)", words::queue::slot(*slot), capacity - taken);
        Choice::new(slot.from.to_string(), label)
    })
    .collect()
}

fn line(booked: &Appointment, day: &AppointmentDay, procedures: &[Arc<Procedure>], now: Timestamp) -> Line {
    let lapsed = booked.has_lapsed(&day.rules, now);
    let (tone, icon) = match booked.state {
        AppointmentState::Arrived(_) => ("ok", "user-check"),
        AppointmentState::Cancelled => ("plain", "x"),
        AppointmentState::Booked if lapsed => ("warn", "clock-alert"),
        AppointmentState::Booked => ("info", "calendar"),
    };
    let procedure = booked.procedure.as_deref().unwrap_or_default();
    let known = procedures.iter().find(|known| known.code.as_str() == procedure);
    Line {
        base: format!("/lich-hen/{}", booked.id),
        slot: words::queue::slot(booked.slot),
        name: booked.name.clone(),
        phone: booked.phone.clone(),
        procedure: known.map_or_else(|| procedure.to_owned(), |known| known.name.clone()),
        tone,
        icon,
        state: words::queue::appointment_state(booked, &day.rules, now),
        may_arrive: booked.may_arrive(&day.rules, now).is_ok(),
        may_cancel: booked.may_be_cancelled().is_ok() && !lapsed,
        ticket: match booked.state {
            AppointmentState::Arrived(ticket) => format!("/lay-so/{ticket}"),
            AppointmentState::Booked | AppointmentState::Cancelled => String::new(),
        },
        keys: [new_key(), new_key()],
    }
}

pub(crate) async fn book(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let mut form = posted.state();
    let on = rules::scanning::day(posted.get("ngay")).ok().flatten();
    let on = on.unwrap_or_else(|| web.office.clock.today());
    let from = posted.get("khung-gio").parse::<Timestamp>();
    let procedure = match posted.get("thu-tuc") {
        "" => None,
        code => Some(code.parse::<ProcedureCode>().map_err(|_| Failure::not_found())?),
    };
    if let Ok(from) = from {
        let booking = Booking {
            from,
            name: posted.get("ho-ten"),
            phone: posted.get("dien-thoai"),
            procedure: procedure.as_ref(),
        };
        match web.office.book_appointment(&posted.by(&visitor), &booking).await {
            Ok(_) => {
                let at = rules::calendar::legal_time(from).date();
                let told = format!("Đã hẹn lúc {} ngày {}", words::queue::clock(from), words::date(at));
                return Ok(on_to(&web, &format!("/lich-hen?ngay={}", words::date(at)), &told));
            }
            Err(error) => form.refuse("khung-gio", &refused(error)?),
        }
    } else {
        form.fault("khung-gio", "Chọn một khung giờ");
    }
    let day_form = FormState::default().with("ngay", words::date(on));
    render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, on, day_form, form).await
}

/// He has come: on to his number.
pub(crate) async fn arrived(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: AppointmentId = place.id("id")?;
    let ticket: TicketId = web.office.appointment_arrived(&posted.by(&visitor), id).await?;
    Ok(on_to(&web, &format!("/lay-so/{ticket}"), ""))
}

pub(crate) async fn cancel(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    web.office.cancel_appointment(&posted.by(&visitor), place.id("id")?).await?;
    let back = rules::scanning::day(posted.get("ngay")).ok().flatten();
    let back = back.unwrap_or_else(|| web.office.clock.today());
    Ok(on_to(&web, &format!("/lich-hen?ngay={}", words::date(back)), "Đã hủy lịch hẹn"))
}
