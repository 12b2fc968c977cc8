//! Appointments at the counter. Two never have the same seat of a slot: the index says so.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::counter::appointment::{Appointment, AppointmentState, Slot};
use rules::id::{AgencyId, AppointmentId, OfficerId, TicketId};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct AppointmentRow {
    id: Uuid,
    agency: Uuid,
    on_day: String,
    slot_from: i64,
    slot_until: i64,
    seat: i64,
    name: String,
    phone: String,
    procedure: Option<String>,
    ticket: Option<Uuid>,
    cancelled_at: Option<i64>,
}

impl TryFrom<AppointmentRow> for Appointment {
    type Error = Error;

    fn try_from(row: AppointmentRow) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("appointment", column, row.id);
        let at = |micros, column| from_micros(micros).map_err(|_| corrupt(column));
        Ok(Self {
            id: AppointmentId(row.id),
            agency: AgencyId(row.agency),
            on: row.on_day.parse().map_err(|_| corrupt("on_day"))?,
            slot: Slot { from: at(row.slot_from, "slot_from")?, until: at(row.slot_until, "slot_until")? },
            seat: u32::try_from(row.seat).map_err(|_| corrupt("seat"))?,
            name: row.name,
            phone: row.phone,
            procedure: row.procedure,
            state: match (row.ticket, row.cancelled_at) {
                (Some(ticket), None) => AppointmentState::Arrived(TicketId(ticket)),
                (None, Some(_)) => AppointmentState::Cancelled,
                (None, None) => AppointmentState::Booked,
                (Some(_), Some(_)) => return Err(corrupt("cancelled_at")),
            },
        })
    }
}

/// The seats that are taken in a slot, or in one that overlaps it since the slots were set anew.
pub async fn seats_taken(reader: &mut Reader, agency: AgencyId, slot: Slot) -> Result<Vec<u32>, Error> {
    let rows: Vec<(i64,)> = fetch_all!(
        reader,
        "appointment.seats_taken",
        "select seat from appointment
         where agency = $1 and slot_from < $3 and slot_until > $2 and cancelled_at is null limit 1000",
        agency.0,
        to_micros(slot.from),
        to_micros(slot.until),
    )?;
    let seat =
        |(seat,): (i64,)| u32::try_from(seat).map_err(|_| Error::corrupt("appointment", "seat", agency));
    rows.into_iter().map(seat).collect()
}

pub async fn add(tx: &mut Tx, appointment: &Appointment, by: OfficerId, now: Timestamp) -> Result<(), Error> {
    let added = execute!(
        tx,
        "appointment.add",
        "insert into appointment (id, agency, on_day, slot_from, slot_until, seat, name, phone, procedure,
            booked_by, booked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        appointment.id.0,
        appointment.agency.0,
        appointment.on.to_string(),
        to_micros(appointment.slot.from),
        to_micros(appointment.slot.until),
        i64::from(appointment.seat),
        appointment.name.as_str(),
        appointment.phone.as_str(),
        appointment.procedure.as_deref(),
        by.0,
        to_micros(now),
    );
    match added {
        // Another took this seat between our look and our writing.
        Err(Error::Taken(name)) if name == "appointment_seat_key" => Err(tx.met_another()),
        added => added.map(drop),
    }
}

pub async fn find(reader: &mut Reader, id: AppointmentId) -> Result<Option<Appointment>, Error> {
    let row: Option<AppointmentRow> = fetch_optional!(
        reader,
        "appointment.find",
        "select id, agency, on_day, slot_from, slot_until, seat, name, phone, procedure, ticket, cancelled_at
         from appointment where id = $1",
        id.0,
    )?;
    row.map(Appointment::try_from).transpose()
}

/// The appointments of a day, by slot and seat.
pub async fn of_day(reader: &mut Reader, agency: AgencyId, on: Date) -> Result<Vec<Appointment>, Error> {
    let rows: Vec<AppointmentRow> = fetch_all!(
        reader,
        "appointment.of_day",
        "select id, agency, on_day, slot_from, slot_until, seat, name, phone, procedure, ticket, cancelled_at
         from appointment where agency = $1 and on_day = $2 order by slot_from, seat, id limit 2000",
        agency.0,
        on.to_string(),
    )?;
    rows.into_iter().map(Appointment::try_from).collect()
}

/// He came: from now on his ticket stands for him. [`Error::Stale`] when he came or cancelled meanwhile.
pub async fn arrive(tx: &mut Tx, id: AppointmentId, ticket: TicketId) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "appointment.arrive",
        "update appointment set ticket = $2 where id = $1 and ticket is null and cancelled_at is null",
        id.0,
        ticket.0,
    )?;
    if saved == 0 { Err(Error::Stale { table: "appointment", row: id.to_string() }) } else { Ok(()) }
}

/// Gives the seat back. [`Error::Stale`] when he came or cancelled meanwhile.
pub async fn cancel(tx: &mut Tx, id: AppointmentId, by: OfficerId, now: Timestamp) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "appointment.cancel",
        "update appointment set cancelled_by = $2, cancelled_at = $3
         where id = $1 and ticket is null and cancelled_at is null",
        id.0,
        by.0,
        to_micros(now),
    )?;
    if saved == 0 { Err(Error::Stale { table: "appointment", row: id.to_string() }) } else { Ok(()) }
}

/// Are there names or telephones of days before `before`?
pub async fn remembers(reader: &mut Reader, before: Date) -> Result<bool, Error> {
    let row: Option<(i64,)> = fetch_optional!(
        reader,
        "appointment.remembers",
        "select seat from appointment where on_day < $1 and (name <> '' or phone <> '') limit 1",
        before.to_string(),
    )?;
    Ok(row.is_some())
}

/// Forgets names and telephones of days before `before`; gives how many.
// law: LBVDLCN2025/0
pub async fn forget(tx: &mut Tx, before: Date) -> Result<u64, Error> {
    execute!(
        tx,
        "appointment.forget",
        "update appointment set name = '', phone = '' where on_day < $1 and (name <> '' or phone <> '')",
        before.to_string(),
    )
}

#[cfg(test)]
mod tests;
