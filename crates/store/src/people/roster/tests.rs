//! The accounts of some agencies with all a list shows of them.

use super::{accounts_of, last_sign_ins, posts_of, with_second_factor};
use crate::event::append;
use crate::people::rights::end_post;
use crate::people::second_factor;
use crate::sample::{self, Office, after, now, office};
use crate::testing::Scratch;
use crate::{Db, on_both};
use jiff::civil::{Date, date};
use rules::event::{Body, Subject};
use rules::id::{AgencyId, OfficerId};
use rules::people::{Post, Role};
use std::collections::BTreeSet;

const TODAY: Date = date(2026, 11, 21);

async fn found(db: &Db, agency: AgencyId) -> BTreeSet<OfficerId> {
    let mut reader = db.read().await.expect("a snapshot");
    let accounts = accounts_of(&mut reader, &[agency].into(), TODAY).await.expect("read");
    accounts.into_iter().map(|account| account.id).collect()
}

async fn an_agency_has_who_works_there_and_who_has_a_post_there(db: Scratch) {
    let office = office(&db).await;
    let guest = &sample::officer("khách", office.elsewhere, vec![Post::new(office.commune, Role::Head)]);
    db.act(|mut tx| async move { crate::people::add_officer(&mut tx, guest).await }).await.expect("added");
    assert_eq!(found(&db, office.commune).await, [office.counter, guest.id].into());
    assert_eq!(found(&db, office.elsewhere).await, [guest.id].into());
    db.act(|mut tx| async move { end_post(&mut tx, guest.id, &guest.posts[0], TODAY).await })
        .await
        .expect("ended");
    assert_eq!(found(&db, office.commune).await, [office.counter].into(), "his post is over");
    let mut reader = db.read().await.expect("a snapshot");
    let posts = posts_of(&mut reader, &[office.counter, guest.id]).await.expect("read");
    assert_eq!(posts[&office.counter], [Post::new(office.commune, Role::Counter)]);
    assert_eq!(posts[&guest.id][0].valid_to, Some(date(2026, 11, 20)), "the past is told, too");
}

async fn signed_in(db: &Db, office: &Office, officer: OfficerId, minutes: i64, body: Body) {
    let mut event = office.event(Subject::Officer(officer), None, body);
    event.happened_at = after(minutes);
    let event = &event;
    db.act(|mut tx| async move { append(&mut tx, event, now()).await }).await.expect("appended");
}

async fn the_last_sign_in_is_found_behind_what_came_later(db: Scratch) {
    let office = office(&db).await;
    signed_in(&db, &office, office.counter, 1, Body::SignedIn).await;
    signed_in(&db, &office, office.counter, 2, Body::SignedIn).await;
    signed_in(&db, &office, office.counter, 3, Body::SignedOut).await;
    let mut reader = db.read().await.expect("a snapshot");
    let last = last_sign_ins(&mut reader, &[office.counter, office.specialist]).await.expect("read");
    assert_eq!(last, [(office.counter, after(2))].into());
}

async fn a_second_factor_counts_when_it_was_confirmed(db: Scratch) {
    let office = office(&db).await;
    let with = async || {
        let mut reader = db.read().await.expect("a snapshot");
        with_second_factor(&mut reader, &[office.counter, office.specialist]).await.expect("read")
    };
    let counter = office.counter;
    db.act(|mut tx| async move { second_factor::begin(&mut tx, counter, b"sealed", now()).await })
        .await
        .expect("begun");
    assert_eq!(with().await, [].into());
    db.act(|mut tx| async move { second_factor::confirm(&mut tx, counter, 1, now()).await })
        .await
        .expect("confirmed");
    assert_eq!(with().await, [counter].into());
}

on_both!(
    an_agency_has_who_works_there_and_who_has_a_post_there,
    the_last_sign_in_is_found_behind_what_came_later,
    a_second_factor_counts_when_it_was_confirmed,
);
