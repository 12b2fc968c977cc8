//! A seat is one person's, comes back when it is given up, and names are forgotten with their day.

use super::{add, arrive, cancel, find, forget, of_day, remembers, seats_taken};
use crate::counter::tickets;
use crate::sample::{after, now, office};
use crate::testing::Scratch;
use crate::{Error, on_both, time};
use jiff::civil::date;
use rules::counter::appointment::{Appointment, AppointmentState, Slot};
use rules::counter::queue::{Lane, Ticket, TicketNumber, TicketState};
use rules::id::{AgencyId, AppointmentId, TicketId};

fn booked(agency: AgencyId, slot: Slot, seat: u32) -> Appointment {
    Appointment {
        id: AppointmentId(time::new_id(now())),
        agency,
        on: date(2026, 11, 21),
        slot,
        seat,
        name: "Nông Văn Dền".to_owned(),
        phone: "0912345678".to_owned(),
        procedure: Some("1.000656".to_owned()),
        state: AppointmentState::Booked,
    }
}

async fn a_seat_is_taken_until_it_is_given_back(db: Scratch) {
    let office = office(&db).await;
    let (agency, by) = (office.commune, office.counter);
    let slot = Slot { from: after(0), until: after(30) };
    let overlapping = Slot { from: after(20), until: after(40) };
    let next = Slot { from: after(30), until: after(60) };
    let first = &booked(agency, slot, 1);
    let second = &booked(agency, slot, 2);
    db.act(|mut tx| async move {
        add(&mut tx, first, by, now()).await?;
        add(&mut tx, second, by, now()).await
    })
    .await
    .expect("booked");
    let mut reader = db.read().await.expect("a snapshot");
    let mut taken = async |slot| {
        let mut seats = seats_taken(&mut reader, agency, slot).await.expect("read");
        seats.sort_unstable();
        seats
    };
    assert_eq!(
        (taken(slot).await, taken(overlapping).await, taken(next).await),
        (vec![1, 2], vec![1, 2], vec![])
    );
    drop(reader);

    let same = &booked(agency, slot, 2);
    let twice = db.act(|mut tx| async move { add(&mut tx, same, by, now()).await }).await;
    assert!(matches!(twice, Err(Error::Busy)), "{twice:?}");
    db.act(|mut tx| async move { cancel(&mut tx, second.id, by, now()).await }).await.expect("cancelled");
    db.act(|mut tx| async move { add(&mut tx, same, by, now()).await })
        .await
        .expect("the seat is free again");
    let gone = db.act(|mut tx| async move { cancel(&mut tx, second.id, by, now()).await }).await;
    assert!(matches!(gone, Err(Error::Stale { table: "appointment", .. })), "{gone:?}");
}

async fn whoever_came_has_a_ticket_and_is_forgotten_the_next_day(db: Scratch) {
    let office = office(&db).await;
    let (agency, by) = (office.commune, office.counter);
    let first = &booked(agency, Slot { from: after(0), until: after(30) }, 1);
    let ticket = &Ticket {
        id: TicketId(time::new_id(now())),
        version: 1,
        agency,
        on: first.on,
        number: TicketNumber { lane: Lane::Appointment, ordinal: 1 },
        reason: None,
        subject: None,
        taken_at: now(),
        place_at: now(),
        slot_from: Some(first.slot.from),
        absences: 0,
        first_called_at: None,
        state: TicketState::Waiting,
    };
    db.act(|mut tx| async move {
        add(&mut tx, first, by, now()).await?;
        tickets::add(&mut tx, ticket, by).await?;
        arrive(&mut tx, first.id, ticket.id).await
    })
    .await
    .expect("he came");
    let again = db.act(|mut tx| async move { arrive(&mut tx, first.id, ticket.id).await }).await;
    assert!(matches!(again, Err(Error::Stale { table: "appointment", .. })), "{again:?}");
    let mut reader = db.read().await.expect("a snapshot");
    let arrived = Appointment { state: AppointmentState::Arrived(ticket.id), ..first.clone() };
    assert_eq!(of_day(&mut reader, agency, first.on).await.expect("read"), std::slice::from_ref(&arrived));
    assert_eq!(of_day(&mut reader, office.elsewhere, first.on).await.expect("read"), []);
    assert!(!remembers(&mut reader, first.on).await.expect("read"), "the day itself is not over");
    let tomorrow = date(2026, 11, 22);
    assert!(remembers(&mut reader, tomorrow).await.expect("read"));
    drop(reader);
    let forgot = db.act(|mut tx| async move { forget(&mut tx, tomorrow).await }).await;
    assert_eq!(forgot.expect("forgotten"), 1);
    let mut reader = db.read().await.expect("a snapshot");
    assert!(!remembers(&mut reader, tomorrow).await.expect("read"));
    let kept = find(&mut reader, first.id).await.expect("read").expect("the appointment");
    assert_eq!(kept, Appointment { name: String::new(), phone: String::new(), ..arrived });
}

on_both!(a_seat_is_taken_until_it_is_given_back, whoever_came_has_a_ticket_and_is_forgotten_the_next_day);
