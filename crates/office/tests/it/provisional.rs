//! Slips written in an outage: each becomes one dossier, at its own time, however often and by whomever it
//! is sent.

use crate::afterwards::{Team, copies};
use crate::house::applicant;
use jiff::SignedDuration;
use office::Refusal;
use office::counter::provisional::Arrived;
use rules::counter::applicant::TypedApplicant;
use rules::counter::provisional::{Doubt, Slip};
use rules::event::Body;
use rules::id::{DossierId, SlipId};
use rules::people::Role;
use store::testing::Scratch;
use uuid::Uuid;

/// A slip written so many minutes ago with all papers of the case.
fn slip(team: &Team, number: u128, minutes_ago: i64) -> Slip {
    let now = team.house.office.clock.now();
    let procedure = copies();
    Slip {
        id: SlipId(Uuid::from_u128(number)),
        number: format!("PT-K7QX-261123-{number:03}"),
        written_at: now - SignedDuration::from_mins(minutes_ago),
        sent_at: now,
        applicant: applicant(),
        procedure: procedure.code.to_string(),
        case: String::new(),
        components: procedure.cases[0].components.iter().map(|component| component.id.clone()).collect(),
    }
}

fn received(arrived: Arrived) -> DossierId {
    let Arrived::Received(id) = arrived else { panic!("it was to be received: {arrived:?}") };
    id
}

async fn a_slip_becomes_one_dossier_at_its_own_time(db: Scratch) {
    let team = Team::open(&db).await;
    let office = &team.house.office;
    let slip = slip(&team, 1, 90);
    let id = received(office.slip_arrives(&team.counter, slip.clone()).await.expect("sent"));
    let dossier = team.house.dossier(id).await;
    assert_eq!(dossier.received_at, Some(slip.written_at), "when the papers were handed over");
    assert!(dossier.code.is_some());
    let again = received(office.slip_arrives(&team.counter, slip.clone()).await.expect("sent twice"));
    let colleague = team.house.officer(Role::Counter).await;
    let by_colleague = received(office.slip_arrives(&colleague, slip).await.expect("sent by another"));
    assert_eq!([again, by_colleague], [id, id]);
    let kinds = team.house.events(id).await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "slip_taken").count(), 1, "{kinds:?}");
    assert_eq!(kinds.iter().filter(|kind| *kind == "dossier_received").count(), 1, "{kinds:?}");
}

async fn what_is_missing_is_said_and_the_time_is_then_when_it_came(db: Scratch) {
    let team = Team::open(&db).await;
    let office = &team.house.office;
    let slip = Slip { components: Vec::new(), ..slip(&team, 1, 90) };
    let arrived = office.slip_arrives(&team.counter, slip).await.expect("sent");
    let Arrived::Opened(id, Refusal::Incomplete(faults)) = arrived else { panic!("{arrived:?}") };
    assert!(!faults.is_empty());
    for component in &copies().cases[0].components {
        for mark in [rules::counter::Mark::OnPaper, rules::counter::Mark::Shown] {
            if rules::counter::mark(component, mark).is_ok() {
                office.mark_component(&team.counter, id, &component.id, mark).await.expect("brought");
            }
        }
    }
    office.receive(&team.counter, id).await.expect("complete now");
    assert_eq!(team.house.dossier(id).await.received_at, Some(office.clock.now()));
}

async fn a_slip_that_cannot_be_opened_is_kept_until_it_is_mended(db: Scratch) {
    let team = Team::open(&db).await;
    let office = &team.house.office;
    let good = slip(&team, 1, 30);
    let applicant = TypedApplicant { number: "12".to_owned(), ..good.applicant.clone() };
    let bad = Slip { applicant, ..good.clone() };
    let arrived = office.slip_arrives(&team.counter, bad).await.expect("kept");
    assert!(matches!(arrived, Arrived::Kept(Refusal::Applicant(_))), "{arrived:?}");
    let listed = office.slips(&team.counter.actor).await.expect("listed");
    let listed: Vec<_> = listed.iter().map(|line| (line.kept.slip.id, line.kept.dossier)).collect();
    assert_eq!(listed, [(good.id, None)]);
    office.clock.advance(SignedDuration::from_mins(20));
    let there = team.house.officer_of(team.house.elsewhere, Role::Counter).await;
    let (typed, procedure) = (&good.applicant, good.procedure.as_str());
    let stranger = office.open_slip(&there, good.id, typed, procedure, None).await;
    assert!(matches!(stranger, Err(office::Error::NotFound)), "{stranger:?}");
    let mended = office.open_slip(&team.counter, good.id, typed, procedure, None).await.expect("mended");
    let id = received(mended);
    assert_eq!(team.house.dossier(id).await.received_at, Some(good.written_at), "its time is kept");
    assert!(office.slip_arrives(&team.specialist, good).await.is_err(), "nobody but the counter");
}

async fn a_clock_that_is_off_is_told(db: Scratch) {
    let team = Team::open(&db).await;
    let office = &team.house.office;
    let plain = slip(&team, 1, 30);
    let hour = SignedDuration::from_hours(1);
    let fast = Slip { written_at: plain.written_at + hour, sent_at: plain.sent_at + hour, ..plain.clone() };
    let id = received(office.slip_arrives(&team.counter, fast).await.expect("sent"));
    assert_eq!(team.house.dossier(id).await.received_at, Some(plain.written_at), "by the server's clock");
    let view = office.dossier_view(&team.counter.actor, id).await.expect("read");
    let doubt = view.events.iter().find_map(|event| match &event.body {
        Body::SlipTaken { doubt, .. } => *doubt,
        _ => None,
    });
    assert_eq!(doubt, Some(Doubt::ClockOff { minutes: 60 }));
}

store::on_both!(
    a_slip_becomes_one_dossier_at_its_own_time,
    what_is_missing_is_said_and_the_time_is_then_when_it_came,
    a_slip_that_cannot_be_opened_is_kept_until_it_is_mended,
    a_clock_that_is_off_is_told,
);
