//! Appointments at the counter: booked into a slot, turned into a ticket when somebody comes.

use super::queue::{Wanted, add_ticket, served_agency};
use crate::act::By;
use crate::dossier::typed;
use crate::{Error, Office, Refusal};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::calendar::legal_time;
use rules::code::ProcedureCode;
use rules::counter::appointment::{Appointment, AppointmentState, Slot, bookable, free_seat, slots};
use rules::counter::queue::Lane;
use rules::counter::queue::setup::QueueRules;
use rules::id::{AppointmentId, TicketId};
use rules::people::{Actor, NotYours, Role};
use store::Tx;
use store::counter::appointments;
use store::time::new_id;

/// What is wanted of an appointment. Name and telephone may stay empty.
#[derive(Clone, Debug)]
pub struct Booking<'a> {
    pub from: Timestamp,
    pub name: &'a str,
    pub phone: &'a str,
    pub procedure: Option<&'a ProcedureCode>,
}

/// A day of the counter: its slots with how many are taken of each, and who comes.
#[derive(Debug)]
pub struct AppointmentDay {
    pub rules: QueueRules,
    pub slots: Vec<(Slot, usize)>,
    pub appointments: Vec<Appointment>,
}

/// The fields of the form, by which its faults are named.
pub const NAME: &str = "ho-ten";
pub const PHONE: &str = "dien-thoai";

impl Booking<'_> {
    fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        if self.name.chars().count() > 200 {
            faults.push((NAME, "Dài quá 200 chữ".to_owned()));
        }
        let figures = self.phone.chars().filter(char::is_ascii_digit).count();
        let others = self.phone.chars().any(|c| !c.is_ascii_digit() && !" +.-()".contains(c));
        if !self.phone.is_empty() && (others || !(9..=15).contains(&figures)) {
            faults.push((PHONE, "Số điện thoại có 9 đến 15 chữ số, ví dụ 0912 345 678".to_owned()));
        }
        faults
    }
}

impl Office {
    /// The appointments of a day at the officer's counter.
    pub async fn appointment_day(&self, actor: &Actor, on: Date) -> Result<AppointmentDay, Error> {
        let agency = served_agency(actor)?;
        let mut reader = self.db.read().await?;
        let rules = self.queue_rules(&mut reader, agency, on).await?;
        let appointments = appointments::of_day(&mut reader, agency, on).await?;
        let slots = slots(self.calendars.of(agency), &rules, on)?;
        let overlaps = |slot: &Slot, other: &Appointment| {
            other.state != AppointmentState::Cancelled
                && other.slot.from < slot.until
                && other.slot.until > slot.from
        };
        let taken = |slot: &Slot| appointments.iter().filter(|other| overlaps(slot, other)).count();
        let slots = slots.into_iter().map(|slot| (slot, taken(&slot))).collect();
        Ok(AppointmentDay { rules, slots, appointments })
    }

    /// Books a seat in a slot of the officer's counter.
    pub async fn book_appointment(&self, by: &By, booking: &Booking<'_>) -> Result<AppointmentId, Error> {
        let faults = booking.faults();
        if !faults.is_empty() {
            return Err(Error::Refused(Refusal::Applicant(faults)));
        }
        self.act(by, "appointment.book", |mut tx, now| async move {
            let tx = &mut tx;
            let agency = served_agency(&by.actor)?;
            let officer = by.actor.officer().ok_or(NotYours::NeedsRole(Role::Counter))?;
            let on = legal_time(booking.from).date();
            if let Some(code) = booking.procedure
                && store::procedure::in_force(tx, code, on).await?.is_none()
            {
                return Err(Error::Refused(Refusal::NotOffered));
            }
            let rules = self.queue_rules(tx, agency, on).await?;
            let slot = bookable(self.calendars.of(agency), &rules, booking.from, now)?;
            let seat = free_seat(&appointments::seats_taken(tx, agency, slot).await?, &rules)?;
            let appointment = Appointment {
                id: AppointmentId(new_id(now)),
                agency,
                on,
                slot,
                seat,
                name: typed(booking.name),
                phone: typed(booking.phone),
                procedure: booking.procedure.map(ToString::to_string),
                state: AppointmentState::Booked,
            };
            appointments::add(tx, &appointment, officer, now).await?;
            Ok(appointment.id)
        })
        .await
    }

    /// He has come, and has a ticket by which he is called in his slot.
    pub async fn appointment_arrived(&self, by: &By, id: AppointmentId) -> Result<TicketId, Error> {
        self.act(by, "appointment.arrived", |mut tx, now| async move {
            let tx = &mut tx;
            let appointment = load(tx, &by.actor, id).await?;
            let rules = self.queue_rules(tx, appointment.agency, appointment.on).await?;
            appointment.may_arrive(&rules, now)?;
            let subject = match appointment.procedure.as_deref().map(str::parse) {
                Some(Ok(code)) => store::procedure::in_force(tx, &code, appointment.on).await?,
                _ => None,
            };
            let wanted = Wanted {
                lane: Lane::Appointment,
                reason: None,
                subject: subject.map(|procedure| procedure.field.clone()),
                slot_from: Some(appointment.slot.from),
            };
            let ticket = add_ticket(tx, by, wanted, now).await?;
            appointments::arrive(tx, id, ticket).await?;
            Ok(ticket)
        })
        .await
    }

    /// He will not come: the seat is free again.
    pub async fn cancel_appointment(&self, by: &By, id: AppointmentId) -> Result<(), Error> {
        self.act(by, "appointment.cancel", |mut tx, now| async move {
            let tx = &mut tx;
            let appointment = load(tx, &by.actor, id).await?;
            appointment.may_be_cancelled()?;
            let officer = by.actor.officer().ok_or(NotYours::NeedsRole(Role::Counter))?;
            appointments::cancel(tx, id, officer, now).await?;
            Ok(())
        })
        .await
    }

    /// Forgets who had appointments on days that are over: the purpose they were named for has ended.
    // law: LBVDLCN2025/0
    pub async fn forget_appointments(&self) -> Result<u64, Error> {
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let remembers = appointments::remembers(&mut reader, today).await?;
        drop(reader);
        if !remembers {
            return Ok(0);
        }
        let forgotten = self.db.act(|mut tx| async move { appointments::forget(&mut tx, today).await });
        Ok(forgotten.await?)
    }
}

/// An appointment at the officer's own counter.
async fn load(tx: &mut Tx, actor: &Actor, id: AppointmentId) -> Result<Appointment, Error> {
    let agency = served_agency(actor)?;
    let found = appointments::find(tx, id).await?;
    found.filter(|appointment| appointment.agency == agency).ok_or(Error::NotFound)
}
