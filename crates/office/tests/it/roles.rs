//! What the post, other systems and posts for some procedures may do, besides the ordinary roles.

use crate::counter::received;
use crate::house::{House, applicant};
use office::counter::Opening;
use office::{By, Error};
use rules::code::ProcedureCode;
use rules::counter::Mark;
use rules::dossier::State;
use rules::id::DossierId;
use rules::people::{NotYours, Post, Role};
use rules::procedure::Channel;
use store::testing::Scratch;

const COPIES: &str = "2.000815";
const STATUS: &str = "1.004873";

fn code(text: &str) -> ProcedureCode {
    text.parse().expect("a code")
}

async fn open(house: &House, by: &By, procedure: &str, channel: Channel) -> Result<DossierId, Error> {
    let procedure = code(procedure);
    let opening = Opening { channel, ..Opening::at_counter(&procedure, None) };
    house.office.open_intake(by, &applicant(), opening).await
}

fn needs(done: Result<(), Error>) -> Role {
    match done {
        Err(Error::NotYours(NotYours::NeedsRole(role))) => role,
        other => panic!("{other:?}"),
    }
}

async fn the_post_receives_and_does_no_step(db: Scratch) {
    let house = House::open(&db).await;
    let post = house.officer(Role::PostOffice).await;
    let id = received(&house, &post).await;
    assert!(house.dossier(id).await.code.is_some());
    assert_eq!(house.office.open_dossier(&post.actor, id).await.expect("what it received").dossier.id, id);
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let waiting = store::dossier::lines_waiting(&mut reader, &post.actor.sight(), 10).await.expect("read");
    assert_eq!(waiting.len(), 1);
    drop(reader);
    let step = house.office.dossier_view(&post.actor, id).await.expect("seen");
    let role = step.present_step().expect("a step").role;
    assert_eq!(needs(house.office.take(&post, id).await), role);
    let elsewhere = house.officer_of(house.elsewhere, Role::PostOffice).await;
    house.office.open_dossier(&elsewhere.actor, id).await.expect_err("received by another");
}

async fn another_system_sends_for_the_applicant_and_receives_nothing(db: Scratch) {
    let house = House::open(&db).await;
    let gateway = house.officer(Role::Gateway).await;
    let id = open(&house, &gateway, STATUS, Channel::Online).await.expect("opened");
    let seen = house.office.mark_component(&gateway, id, "to-khai", Mark::Shown).await;
    assert_eq!(needs(seen), Role::Counter, "what it has not seen");
    house.office.submit(&gateway, id).await.expect("sent");
    assert_eq!(needs(house.office.collect_fee(&gateway, id, 7_000, "1", None).await), Role::Counter);
    assert!(matches!(house.dossier(id).await.state, State::Submitted { .. }));
    assert_eq!(needs(house.office.receive(&gateway, id).await), Role::Counter);
    house.office.ask_withdrawal(&gateway, id, "không còn nhu cầu").await.expect("asked");
    let clerk = house.officer(Role::Clerk).await;
    let refused = open(&house, &clerk, STATUS, Channel::Online).await.map(drop);
    assert_eq!(needs(refused), Role::Counter);
}

async fn a_counter_for_some_procedures_opens_those(db: Scratch) {
    let house = House::open(&db).await;
    let post = Post { procedures: Some(vec![code(COPIES)]), ..Post::new(house.commune, Role::Counter) };
    let by = house.officer_with(post).await;
    let id = open(&house, &by, COPIES, Channel::Direct).await.expect("opened");
    house.office.mark_component(&by, id, "ban-chinh", Mark::Shown).await.expect("shown");
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let open_ones = store::dossier::lines_preparing(&mut reader, &by.actor.sight(), 10).await;
    assert_eq!(open_ones.expect("read").len(), 1, "his own intake is listed");
    drop(reader);
    let other = open(&house, &by, STATUS, Channel::Direct).await;
    assert!(matches!(other, Err(Error::NotFound | Error::NotYours(_))), "{other:?}");
}

store::on_both!(
    the_post_receives_and_does_no_step,
    another_system_sends_for_the_applicant_and_receives_nothing,
    a_counter_for_some_procedures_opens_those,
);
