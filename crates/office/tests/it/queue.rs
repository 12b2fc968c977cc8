//! The queue at the counter: taken, called one by one, tied to dossiers; appointments in their seats; links
//! to screens; the procedures an officer takes most.

use crate::counter::received;
use crate::house::{House, applicant, id_of, keyed};
use futures::future::join_all;
use jiff::SignedDuration;
use jiff::civil::date;
use office::counter::Opening;
use office::counter::appointments::Booking;
use office::counter::favourites::Origin;
use office::forms::Sheet;
use office::{By, Error, Forms, Office, Refusal};
use rules::calendar::instant;
use rules::counter::favourite::FavouriteEdit;
use rules::counter::queue::setup::{Figure, QueueRules};
use rules::counter::queue::{PriorityReason, QueueRefused, TicketState};
use rules::id::TicketId;
use rules::people::Role;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::testing::Scratch;

fn later(house: &House, minutes: i64) {
    house.office.clock.advance(SignedDuration::from_mins(minutes));
}

fn at(hour: i8, minute: i8) -> jiff::Timestamp {
    instant(date(2026, 11, 23).at(hour, minute, 0, 0)).expect("a moment of our time")
}

async fn number(house: &House, by: &By, id: TicketId) -> String {
    house.office.ticket(&by.actor, id).await.expect("the ticket").ticket.number.to_string()
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Error>, why: QueueRefused) {
    assert!(matches!(&answer, Err(Error::Refused(Refusal::Queue(told))) if *told == why), "{answer:?}");
}

async fn numbers_are_called_in_their_order(db: Scratch) {
    let house = House::open(&db).await;
    let by = &house.officer(Role::Counter).await;
    let office = &house.office;
    refused(office.call_next(by, "2").await, QueueRefused::NobodyWaits);
    let first = office.take_number(by, None, Some("Hộ tịch")).await.expect("a number");
    later(&house, 1);
    let elder = office.take_number(by, Some(PriorityReason::Elderly), None).await.expect("a number");
    let told = office.ticket(&by.actor, first).await.expect("the ticket");
    assert_eq!(
        (told.ticket.number.to_string().as_str(), told.n_before, told.minutes),
        ("A-001", Some(1), None)
    );
    let unknown = office.take_number(by, None, Some("Hàng không vũ trụ")).await;
    assert!(matches!(unknown, Err(Error::NotFound)), "{unknown:?}");

    refused(office.call_next(by, " \u{7}").await, QueueRefused::NoCounterNamed);
    later(&house, 1);
    let called = office.call_next(by, "Quầy 2").await.expect("somebody waits");
    assert_eq!(called, elder, "a reason goes first");
    office.call_again(by, elder).await.expect("called again");
    office.not_present(by, elder).await.expect("he did not come");
    refused(office.served(by, elder).await, QueueRefused::NotAtYourCounter);
    later(&house, 1);
    assert_eq!(office.call_next(by, "Quầy 2").await.expect("again"), elder, "still before the others");
    later(&house, 1);
    assert_eq!(
        office.call_next(by, "Quầy 2").await.expect("the next"),
        first,
        "who was there has been served"
    );
    let now = office.queue_now(&by.actor).await.expect("the queue");
    assert_eq!(now.in_hand().map(|ticket| ticket.id), Some(first));
    assert_eq!((now.waiting.len(), now.n_called, now.average_minutes), (0, 2, Some(2)));
    let mut reader = office.db.read().await.expect("a snapshot");
    let turns = store::counter::tickets::turns(&mut reader, elder).await.expect("read");
    assert_eq!(
        turns.iter().map(|(what, _)| what.as_str()).collect::<Vec<_>>(),
        ["taken", "called", "called_again", "absent", "called", "served"]
    );
    assert!(turns.iter().all(|(_, officer)| *officer == id_of(&by.actor)));
    drop(reader);
    office.served(by, first).await.expect("served");
    assert_eq!(office.queue_now(&by.actor).await.expect("the queue").in_hand(), None);
}

async fn whoever_is_never_there_is_given_up(db: Scratch) {
    let house = House::open(&db).await;
    let by = &house.officer(Role::Counter).await;
    let id = house.office.take_number(by, None, None).await.expect("a number");
    for _ in 0..3 {
        later(&house, 5);
        assert_eq!(house.office.call_next(by, "1").await.expect("called"), id);
        house.office.not_present(by, id).await.expect("not there");
    }
    refused(house.office.call_next(by, "1").await, QueueRefused::NobodyWaits);
    let told = house.office.ticket(&by.actor, id).await.expect("the ticket").ticket;
    assert!(matches!(told.state, TicketState::Missed(_)), "{told:?}");
}

async fn two_who_call_at_once_never_get_the_same(db: Scratch) {
    let house = House::open(&db).await;
    let by = &house.officer(Role::Counter).await;
    for _ in 0..6 {
        house.office.take_number(by, None, None).await.expect("a number");
    }
    let mut officers = Vec::new();
    for _ in 0..6 {
        officers.push(house.officer(Role::Counter).await);
    }
    let calls = officers.into_iter().map(|by| {
        let office = house.office.clone();
        tokio::spawn(async move { office.call_next(&by, "1").await })
    });
    let called: Vec<TicketId> = join_all(calls)
        .await
        .into_iter()
        .map(|called| called.expect("no act panics").expect("each gets somebody"))
        .collect();
    assert_eq!(called.iter().collect::<BTreeSet<_>>().len(), 6, "{called:?}");
}

async fn a_key_pressed_twice_calls_once(db: Scratch) {
    let house = House::open(&db).await;
    let by = &keyed(&house.officer(Role::Counter).await, "0123456789abcdef");
    let first = house.office.take_number(by, None, None).await.expect("a number");
    assert_eq!(house.office.take_number(by, None, None).await.expect("the same"), first);
    let second = By { key: None, ..by.clone() };
    house.office.take_number(&second, None, None).await.expect("another");
    assert_eq!(house.office.call_next(by, "1").await.expect("called"), first);
    assert_eq!(house.office.call_next(by, "1").await.expect("the same"), first);
    assert_eq!(house.office.queue_now(&by.actor).await.expect("the queue").waiting.len(), 1);
}

async fn an_intake_belongs_to_whoever_is_at_the_counter(db: Scratch) {
    let house = House::open(&db).await;
    let by = &house.officer(Role::Counter).await;
    let ticket = house.office.take_number(by, None, None).await.expect("a number");
    let code = "2.000815".parse().expect("a procedure code");
    let open = async || {
        house.office.open_intake(by, &applicant(), Opening::at_counter(&code, None)).await.expect("an intake")
    };
    let before = open().await;
    later(&house, 9);
    house.office.call_next(by, "1").await.expect("called");
    let (one, two) = (open().await, open().await);
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let mut of =
        async |dossier| store::counter::tickets::of_dossier(&mut reader, dossier).await.expect("read");
    assert_eq!(of(before).await, None);
    for dossier in [one, two] {
        let tied = of(dossier).await.expect("the ticket");
        assert_eq!(tied.id, ticket);
        let waited = tied.first_called_at.expect("called").duration_since(tied.taken_at);
        assert_eq!(waited, SignedDuration::from_mins(9));
    }
}

async fn a_ticket_of_another_agency_does_not_exist(db: Scratch) {
    let house = House::open(&db).await;
    let by = &house.officer(Role::Counter).await;
    let id = house.office.take_number(by, None, None).await.expect("a number");
    let stranger = &house.officer_of(house.elsewhere, Role::Counter).await;
    refused(house.office.call_next(stranger, "1").await, QueueRefused::NobodyWaits);
    house.office.call_next(by, "1").await.expect("called");
    for done in [
        house.office.call_again(stranger, id).await,
        house.office.not_present(stranger, id).await,
        house.office.served(stranger, id).await,
        house.office.ticket(&stranger.actor, id).await.map(drop),
    ] {
        assert!(matches!(done, Err(Error::NotFound)), "{done:?}");
    }
    let colleague = &house.officer(Role::Counter).await;
    refused(house.office.served(colleague, id).await, QueueRefused::NotAtYourCounter);
    let specialist = &house.officer(Role::Specialist).await;
    let taken = house.office.take_number(specialist, None, None).await;
    assert!(matches!(taken, Err(Error::NotYours(_))), "{taken:?}");
}

async fn a_number_is_printed_and_names_nobody(db: Scratch) {
    let mut house = House::open(&db).await;
    let about = include_str!("../../../../forms/phieu-lay-so/2018-06-21/form.toml");
    let source = include_str!("../../../../forms/phieu-lay-so/2018-06-21/form.typ");
    let form = pdf::print::Form::new(about, source.to_owned()).expect("the form");
    house.office.forms = Arc::new(Forms::new([Sheet::new(form, None).expect("a sheet")]));
    let by = &house.officer(Role::Counter).await;
    let id =
        house.office.take_number(by, Some(PriorityReason::Merit), Some("Hộ tịch")).await.expect("a number");
    let printed = house.office.ticket_slip(&by.actor, id).await.expect("a slip");
    assert!(printed.starts_with(b"%PDF-"));
    let again = house.office.ticket_slip(&by.actor, id).await.expect("a slip");
    assert!(printed == again, "the same number is the same slip");
}

fn booking(from: jiff::Timestamp) -> Booking<'static> {
    Booking { from, name: "Nông Văn Dền", phone: "0912 345 678", procedure: None }
}

async fn a_slot_takes_what_fits_even_at_once(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Counter).await;
    let bookings = (0..6).map(|_| {
        let (office, by) = (house.office.clone(), by.clone());
        tokio::spawn(async move { office.book_appointment(&by, &booking(at(9, 0))).await })
    });
    let (mut n_booked, mut n_full) = (0, 0);
    for booked in join_all(bookings).await {
        match booked.expect("no act panics") {
            Ok(_) => n_booked += 1,
            Err(Error::Refused(Refusal::Queue(QueueRefused::SlotFull))) => n_full += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!((n_booked, n_full), (2, 4));
    let day = house.office.appointment_day(&by.actor, date(2026, 11, 23)).await.expect("the day");
    let taken = day.slots.iter().find(|(slot, _)| slot.from == at(9, 0)).map(|(_, n)| *n);
    assert_eq!(taken, Some(2));
    house.office.cancel_appointment(&by, day.appointments[0].id).await.expect("cancelled");
    house.office.book_appointment(&by, &booking(at(9, 0))).await.expect("a seat is free again");
}

async fn whoever_comes_in_time_is_called_in_his_slot(db: Scratch) {
    let house = House::open(&db).await;
    let by = &house.officer(Role::Counter).await;
    let office = &house.office;
    let id = office.book_appointment(by, &booking(at(8, 30))).await.expect("booked");
    let late = office.book_appointment(by, &booking(at(8, 30))).await.expect("booked");
    office.take_number(by, Some(PriorityReason::Pregnant), None).await.expect("a number");
    later(&house, 35);
    let ticket = office.appointment_arrived(by, id).await.expect("he came");
    refused(office.appointment_arrived(by, id).await, QueueRefused::AppointmentSettled);
    refused(office.cancel_appointment(by, id).await, QueueRefused::AppointmentSettled);
    assert_eq!(number(&house, by, ticket).await, "H-001");
    assert_eq!(office.call_next(by, "1").await.expect("called"), ticket);
    later(&house, 15);
    refused(office.appointment_arrived(by, late).await, QueueRefused::Lapsed);
    refused(office.book_appointment(by, &booking(at(8, 0))).await, QueueRefused::SlotOver);
    let wrong = Booking { phone: "0912", ..booking(at(9, 30)) };
    let faults = office.book_appointment(by, &wrong).await;
    assert!(matches!(faults, Err(Error::Refused(Refusal::Applicant(_)))), "{faults:?}");
    let stranger = &house.officer_of(house.elsewhere, Role::Counter).await;
    let foreign = office.cancel_appointment(stranger, late).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");

    assert_eq!(office.forget_appointments().await.expect("looked"), 0, "the day is not over");
    later(&house, 24 * 60);
    office.watch_once().await.expect("a round");
    let day = office.appointment_day(&by.actor, date(2026, 11, 23)).await.expect("the day");
    assert!(day.appointments.iter().all(|a| a.name.is_empty() && a.phone.is_empty()));
    assert_eq!(day.appointments.len(), 2, "that they were there is kept");
}

async fn an_office_decides_how_its_queue_runs(db: Scratch) {
    let house = House::open(&db).await;
    let (head, by) = (&house.officer(Role::Head).await, &house.officer(Role::Counter).await);
    let (office, agency) = (&house.office, house.commune);
    let setup = office.queue_setup(&head.actor, agency).await.expect("the queue");
    assert_eq!((setup.version, setup.rules.elderly_from_age), (0, 60));
    let own = QueueRules { elderly_from_age: 75, reasons: vec![PriorityReason::Elderly], ..setup.rules };
    office.decide_queue_rules(head, agency, &own, 0).await.expect("decided");
    let stale = office.decide_queue_rules(head, agency, &own, 0).await;
    assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
    let wrong = own.clone().with_figure(Figure::SlotMinutes, 1);
    let faults = office.decide_queue_rules(head, agency, &wrong, 1).await;
    assert!(
        matches!(&faults, Err(Error::Refused(Refusal::QueueFigures(figures))) if figures == &[Figure::SlotMinutes]),
        "{faults:?}"
    );
    refused(office.take_number(by, Some(PriorityReason::Merit), None).await, QueueRefused::ReasonNotTaken);
    office.take_number(by, Some(PriorityReason::Elderly), None).await.expect("a number");

    let stranger = &house.officer_of(house.elsewhere, Role::Head).await;
    for done in [
        office.queue_setup(&stranger.actor, agency).await.map(drop),
        office.queue_setup(&by.actor, agency).await.map(drop),
        office.decide_queue_rules(stranger, agency, &own, 1).await,
        office.add_call_screen(stranger, agency, "Sảnh").await.map(drop),
    ] {
        assert!(matches!(done, Err(Error::NotFound)), "{done:?}");
    }
    let of_another = &house.officer_of(house.elsewhere, Role::Admin).await;
    let foreign = office.queue_setup(&of_another.actor, agency).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    let admin = &house.officer_of(agency, Role::Admin).await;
    office.queue_setup(&admin.actor, agency).await.expect("who keeps its people sets up its queue");
}

async fn board(office: &Office, key: &str, secret: &str) -> Option<Vec<String>> {
    match office.board(key, secret).await {
        Ok(board) => Some(board.calling.iter().map(|ticket| ticket.number.to_string()).collect()),
        Err(Error::NotFound) => None,
        Err(error) => panic!("{error:?}"),
    }
}

async fn a_screen_shows_its_own_agency_until_its_link_is_withdrawn(db: Scratch) {
    const KEY: &str = "xa-yen-binh-2025";
    let house = House::open(&db).await;
    let (head, by) = (&house.officer(Role::Head).await, &house.officer(Role::Counter).await);
    let (office, agency) = (&house.office, house.commune);
    let nameless = office.add_call_screen(head, agency, " ").await;
    assert!(matches!(nameless, Err(Error::Refused(Refusal::Form(_)))), "{nameless:?}");
    let once = &keyed(head, "0123456789abcdef");
    let link = office.add_call_screen(once, agency, "Sảnh tầng 1").await.expect("a link");
    let again = office.add_call_screen(once, agency, "Sảnh tầng 1").await;
    assert!(matches!(again, Err(Error::Stale)), "its secret was said once: {again:?}");

    office.take_number(by, None, None).await.expect("a number");
    assert_eq!(board(office, KEY, &link.secret).await, Some(Vec::new()));
    office.call_next(by, "1").await.expect("called");
    assert_eq!(board(office, KEY, &link.secret).await, Some(vec!["A-001".to_owned()]));
    for (key, secret) in [("xa-thac-may-2025", link.secret.as_str()), (KEY, "guess"), (KEY, "")] {
        assert_eq!(board(office, key, secret).await, None);
    }
    office.withdraw_call_screen(head, agency, link.id).await.expect("withdrawn");
    assert_eq!(board(office, KEY, &link.secret).await, None);
}

async fn favourites_are_proposed_until_they_are_chosen(db: Scratch) {
    let house = House::open(&db).await;
    let by = &house.officer(Role::Counter).await;
    let office = &house.office;
    let shown = async || {
        let list = office.favourites(&by.actor).await.expect("the list");
        let codes: Vec<String> = list.procedures.iter().map(|procedure| procedure.code.to_string()).collect();
        (list.origin, codes)
    };
    assert_eq!(shown().await, (Origin::Proposed, Vec::new()), "nothing was received yet");
    received(&house, by).await;
    assert_eq!(shown().await, (Origin::Proposed, vec!["2.000815".to_owned()]));
    let marital = &"1.004873".parse().expect("a procedure code");
    office.edit_favourites(by, FavouriteEdit::Add, marital).await.expect("added");
    office.edit_favourites(by, FavouriteEdit::Up, marital).await.expect("moved");
    let both = vec!["1.004873".to_owned(), "2.000815".to_owned()];
    assert_eq!(shown().await, (Origin::Chosen, both));
    let nothing = &"9.999999".parse().expect("a procedure code");
    let unknown = office.edit_favourites(by, FavouriteEdit::Add, nothing).await;
    assert!(matches!(unknown, Err(Error::NotFound)), "{unknown:?}");
    let colleague = house.officer(Role::Counter).await;
    let list = office.favourites(&colleague.actor).await.expect("the list");
    assert_eq!((list.origin, list.procedures.len()), (Origin::Proposed, 1), "each has his own");
    // What was long ago is proposed no more.
    later(&house, 31 * 24 * 60);
    let list = office.favourites(&colleague.actor).await.expect("the list");
    assert_eq!(list.procedures.len(), 0);
}

store::on_both!(
    numbers_are_called_in_their_order,
    whoever_is_never_there_is_given_up,
    two_who_call_at_once_never_get_the_same,
    a_key_pressed_twice_calls_once,
    an_intake_belongs_to_whoever_is_at_the_counter,
    a_ticket_of_another_agency_does_not_exist,
    a_number_is_printed_and_names_nobody,
    a_slot_takes_what_fits_even_at_once,
    whoever_comes_in_time_is_called_in_his_slot,
    an_office_decides_how_its_queue_runs,
    a_screen_shows_its_own_agency_until_its_link_is_withdrawn,
    favourites_are_proposed_until_they_are_chosen,
);
