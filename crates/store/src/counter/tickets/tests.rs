//! Tickets come back as they were written, keep their turns, and have numbers of their own.

use super::{
    TurnKind, add, add_rules, being_called, find, first_calls, lanes_called, last_of, next_ordinal,
    of_dossier, rules, rules_version, save, that_went_first, tie, turns, waiting,
};
use crate::sample::{Office, after, now, office};
use crate::testing::Scratch;
use crate::{Db, Error, on_both, time};
use futures::future::join_all;
use jiff::civil::{Date, date};
use rules::counter::queue::setup::QueueRules;
use rules::counter::queue::{Call, Lane, PriorityReason, Ticket, TicketNumber, TicketState};
use rules::id::{AgencyId, TicketId};

const TODAY: Date = date(2026, 11, 21);

fn ticket(agency: AgencyId, lane: Lane, ordinal: u32) -> Ticket {
    Ticket {
        id: TicketId(time::new_id(now())),
        version: 1,
        agency,
        on: TODAY,
        number: TicketNumber { lane, ordinal },
        reason: (lane == Lane::Priority).then_some(PriorityReason::Pregnant),
        subject: Some("Hộ tịch".to_owned()),
        taken_at: now(),
        place_at: now(),
        slot_from: (lane == Lane::Appointment).then(|| after(30)),
        absences: 0,
        first_called_at: None,
        state: TicketState::Waiting,
    }
}

async fn added(db: &Db, office: &Office, ticket: &Ticket) {
    let by = office.counter;
    db.act(|mut tx| async move { add(&mut tx, ticket, by).await }).await.expect("added");
}

async fn saved(db: &Db, office: &Office, ticket: &Ticket, turn: TurnKind, at: i64) -> Result<(), Error> {
    let by = office.counter;
    db.act(|mut tx| async move { save(&mut tx, ticket, turn, by, after(at)).await }).await
}

async fn a_ticket_keeps_what_became_of_it(db: Scratch) {
    let office = office(&db).await;
    let all = Lane::ALL.map(|lane| ticket(office.commune, lane, 1));
    for ticket in &all {
        added(&db, &office, ticket).await;
    }
    added(&db, &office, &ticket(office.elsewhere, Lane::Ordinary, 1)).await;
    let mut reader = db.read().await.expect("a snapshot");
    let mut found = waiting(&mut reader, office.commune, TODAY).await.expect("read");
    found.sort_by_key(|ticket| ticket.number);
    assert_eq!(found, all, "those of another agency stand elsewhere");
    assert!(being_called(&mut reader, office.commune, TODAY).await.expect("read").is_empty());
    drop(reader);

    let call = Call { by: office.counter, counter: "2".to_owned(), at: after(10) };
    let called = all[0].clone().called(call);
    saved(&db, &office, &called, TurnKind::Called, 10).await.expect("called");
    let stale = saved(&db, &office, &called, TurnKind::Called, 11).await;
    assert!(matches!(stale, Err(Error::Stale { table: "queue_ticket", .. })), "{stale:?}");
    let served = Ticket { version: 2, ..called.clone() }.served(office.counter).expect("served");

    let mut reader = db.read().await.expect("a snapshot");
    let kept = Ticket { version: 2, ..called };
    assert_eq!(
        being_called(&mut reader, office.commune, TODAY).await.expect("read"),
        std::slice::from_ref(&kept)
    );
    assert_eq!(last_of(&mut reader, office.counter, TODAY).await.expect("read"), Some(kept));
    assert_eq!(last_of(&mut reader, office.specialist, TODAY).await.expect("read"), None);
    assert_eq!(waiting(&mut reader, office.commune, TODAY).await.expect("read").len(), 2);
    assert_eq!(lanes_called(&mut reader, office.commune, TODAY, 3).await.expect("read"), [Lane::Ordinary]);
    let calls = first_calls(&mut reader, office.commune, TODAY).await.expect("read");
    assert_eq!(calls, [(now(), after(10))]);
    drop(reader);

    saved(&db, &office, &served, TurnKind::Served, 20).await.expect("served");
    let mut reader = db.read().await.expect("a snapshot");
    let turns = turns(&mut reader, served.id).await.expect("read");
    let kinds: Vec<&str> = turns.iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(kinds, ["taken", "called", "served"]);
    let found = find(&mut reader, served.id).await.expect("read").expect("the ticket");
    assert_eq!(found, Ticket { version: 3, ..served });
}

/// The clock of a training office stands still; ids then say nothing of the order.
async fn of_two_called_at_one_instant_the_one_still_there_is_the_last(db: Scratch) {
    let office = office(&db).await;
    let mut taken = [ticket(office.commune, Lane::Ordinary, 1), ticket(office.commune, Lane::Ordinary, 2)];
    taken.sort_by_key(|ticket| ticket.id);
    let [mut there, mut gone] = taken;
    for ticket in [&mut gone, &mut there] {
        added(&db, &office, ticket).await;
        let call = Call { by: office.counter, counter: "2".to_owned(), at: after(10) };
        *ticket = ticket.clone().called(call);
        saved(&db, &office, ticket, TurnKind::Called, 10).await.expect("called");
        ticket.version += 1;
    }
    let gone = gone.served(office.counter).expect("served");
    saved(&db, &office, &gone, TurnKind::Served, 10).await.expect("served");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(last_of(&mut reader, office.counter, TODAY).await.expect("read"), Some(there));
}

async fn a_dossier_is_tied_to_whoever_was_there(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let ticket = ticket(office.commune, Lane::Ordinary, 1);
    added(&db, &office, &ticket).await;
    db.act(|mut tx| async move { tie(&mut tx, dossier, ticket.id).await }).await.expect("tied");
    let mut reader = db.read().await.expect("a snapshot");
    let found = of_dossier(&mut reader, dossier).await.expect("read").expect("the ticket");
    assert_eq!(found.number.to_string(), "A-001");
    let other = office.opened(&db).await.id;
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(of_dossier(&mut reader, other).await.expect("read"), None);
    drop(reader);
    let (preferred, third) = (self::ticket(office.commune, Lane::Priority, 1), office.opened(&db).await.id);
    added(&db, &office, &preferred).await;
    db.act(|mut tx| async move { tie(&mut tx, third, preferred.id).await }).await.expect("tied");
    let mut reader = db.read().await.expect("a snapshot");
    let all = [dossier.0, other.0, third.0];
    assert_eq!(that_went_first(&mut reader, &all).await.expect("read"), [third.0]);
    assert!(that_went_first(&mut reader, &all[..2]).await.expect("read").is_empty());
}

async fn numbers_taken_at_once_are_all_different(db: Scratch) {
    let office = office(&db).await;
    let takers = (0..8).map(|_| {
        let (db, agency, by) = ((*db).clone(), office.commune, office.counter);
        tokio::spawn(async move {
            db.act(|mut tx| async move {
                let ordinal = next_ordinal(&mut tx, agency, TODAY, Lane::Ordinary).await?;
                add(&mut tx, &ticket(agency, Lane::Ordinary, ordinal), by).await?;
                Ok::<_, Error>(ordinal)
            })
            .await
        })
    });
    let mut ordinals: Vec<u32> = join_all(takers)
        .await
        .into_iter()
        .map(|taken| taken.expect("no act panics").expect("each gets a number"))
        .collect();
    ordinals.sort_unstable();
    assert_eq!(ordinals, (1..=8).collect::<Vec<_>>());
    let next = db
        .act(|mut tx| async move { next_ordinal(&mut tx, office.commune, TODAY, Lane::Priority).await })
        .await;
    assert_eq!(next.expect("read"), 1, "each lane counts for itself");
}

async fn the_newest_rules_that_have_begun_hold(db: Scratch) {
    let office = office(&db).await;
    let (agency, by) = (office.commune, office.counter);
    let decided = |from: Date, priority_run: u32| QueueRules {
        from,
        basis: String::new(),
        reasons: vec![PriorityReason::Merit],
        elderly_from_age: 75,
        priority_run,
        most_absences: 1,
        slot_minutes: 20,
        slot_capacity: 3,
        days_ahead: 7,
        grace_minutes: 10,
    };
    let (first, second) = (&decided(TODAY, 2), &decided(date(2026, 12, 1), 5));
    db.act(|mut tx| async move {
        add_rules(&mut tx, agency, first, 0, by, now()).await?;
        add_rules(&mut tx, agency, second, 1, by, now()).await
    })
    .await
    .expect("decided");
    let stale = db.act(|mut tx| async move { add_rules(&mut tx, agency, first, 1, by, now()).await }).await;
    assert!(matches!(stale, Err(Error::Stale { table: "queue_rules", .. })), "{stale:?}");
    let mut reader = db.read().await.expect("a snapshot");
    for (on, expected) in [
        (date(2026, 11, 20), None),
        (TODAY, Some(first)),
        (date(2026, 11, 30), Some(first)),
        (date(2026, 12, 1), Some(second)),
    ] {
        assert_eq!(rules(&mut reader, agency, on).await.expect("read").as_ref(), expected, "{on}");
    }
    assert_eq!(rules(&mut reader, office.elsewhere, TODAY).await.expect("read"), None);
    assert_eq!(rules_version(&mut reader, agency).await.expect("read"), 2);
}

on_both!(
    a_ticket_keeps_what_became_of_it,
    of_two_called_at_one_instant_the_one_still_there_is_the_last,
    a_dossier_is_tied_to_whoever_was_there,
    numbers_taken_at_once_are_all_different,
    the_newest_rules_that_have_begun_hold,
);
