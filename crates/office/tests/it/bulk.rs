//! One act for many dossiers: at once and by jobs, each judged by itself, each told.

use crate::counter::received;
use crate::house::{House, id_of, keyed};
use office::Error;
use office::dossier::bulk::{AT_ONCE, Deed, Outcome, may_give};
use rules::dossier::State;
use rules::id::DossierId;
use rules::people::{NotYours, Post, Role};
use store::testing::Scratch;

/// The role of the step a dossier waits at.
async fn role_at(house: &House, id: DossierId) -> Role {
    let by = house.officer(Role::Counter).await;
    let view = house.office.dossier_view(&by.actor, id).await.expect("the dossier");
    view.present_step().expect("a step").role
}

fn done(outcome: Outcome) -> Vec<(DossierId, Option<String>)> {
    let Outcome::Done(rows) = outcome else { panic!("{outcome:?}") };
    rows.into_iter().map(|row| (row.dossier, row.why_not)).collect()
}

async fn each_is_done_by_itself_and_told(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let (one, other) = (received(&house, &counter).await, received(&house, &counter).await);
    let role = role_at(&house, one).await;
    let (officer, faster) = (house.officer(role).await, house.officer(role).await);
    house.office.take(&faster, other).await.expect("taken");
    let sent = &keyed(&officer, "mot-khoa-cua-bieu-mau");
    let strange: DossierId = "00000000-0000-0000-0000-0000000000ff".parse().expect("an id");
    let rows =
        done(house.office.do_to_many(sent, &Deed::Take, &[other, one, one, strange]).await.expect("done"));
    assert_eq!(rows.len(), 2, "once each, and nothing of what is not there");
    assert_eq!(rows[1], (one, None));
    assert!(rows[0].0 == other && rows[0].1.as_ref().is_some_and(|why| !why.is_empty()), "{rows:?}");
    assert_eq!(house.dossier(one).await.state.officer(), Some(id_of(&officer.actor)));
    assert_eq!(house.dossier(other).await.state.officer(), Some(id_of(&faster.actor)), "it stays his");
    let n_events = house.events(one).await.len();
    let again = done(house.office.do_to_many(sent, &Deed::Take, &[one]).await.expect("done"));
    assert_eq!(again, [(one, None)], "the form sent twice");
    assert_eq!(house.events(one).await.len(), n_events, "did it once");
    // Nobody elsewhere learns that there is a dossier.
    let away = house.officer_of(house.elsewhere, role).await;
    assert_eq!(done(house.office.do_to_many(&away, &Deed::Take, &[one]).await.expect("done")), []);
}

async fn what_nobody_has_taken_yet_is_given_by_the_head(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let (one, other) = (received(&house, &counter).await, received(&house, &counter).await);
    assert!(matches!(house.dossier(one).await.state, State::Received { .. }));
    let role = role_at(&house, one).await;
    let (head, taker) = (house.officer(Role::Head).await, house.officer(role).await);
    let give = Deed::Give { officer: id_of(&taker.actor), reason: "cân đối việc".to_owned() };
    let dossier = house.dossier(one).await;
    assert!(may_give(&head.actor, &dossier) && !may_give(&taker.actor, &dossier));
    let refused = done(house.office.do_to_many(&taker, &give, &[one]).await.expect("done"));
    assert!(refused[0].1.is_some(), "only the head gives");
    let rows = done(house.office.do_to_many(&head, &give, &[one, other]).await.expect("done"));
    assert_eq!(rows, [(one, None), (other, None)]);
    for id in [one, other] {
        let dossier = house.dossier(id).await;
        assert!(matches!(dossier.state, State::InProcess(_)));
        assert_eq!(dossier.state.officer(), Some(id_of(&taker.actor)));
        assert_eq!(house.events(id).await.last().map(String::as_str), Some("assigned"));
    }
    // What somebody has in hand by now is not taken from him by giving it: that needs a reason.
    let other_taker = id_of(&house.officer(role).await.actor);
    let held = house.office.assign(&head, one, other_taker).await;
    assert!(matches!(held, Err(Error::NotYours(NotYours::HeldBy(_)))), "{held:?}");
    // To somebody who could not do the step, nothing is given.
    let clerk = house.officer_with(Post::new(house.commune, Role::Auditor)).await;
    let wrong = Deed::Give { officer: id_of(&clerk.actor), reason: "thử".to_owned() };
    let rows = done(house.office.do_to_many(&head, &wrong, &[one]).await.expect("done"));
    assert!(rows[0].1.is_some(), "{rows:?}");
}

async fn more_than_some_twenty_are_jobs_and_their_report_fills_up(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let mut ids = Vec::new();
    for _ in 0..=AT_ONCE {
        ids.push(received(&house, &counter).await);
    }
    let role = role_at(&house, ids[0]).await;
    let (officer, faster) = (house.officer(role).await, house.officer(role).await);
    let sent = &keyed(&officer, "mot-khoa-cua-bieu-mau");
    let Outcome::Begun(id) = house.office.do_to_many(sent, &Deed::Take, &ids).await.expect("begun") else {
        panic!("too many at once")
    };
    let again = house.office.do_to_many(sent, &Deed::Take, &ids).await.expect("as before");
    assert_eq!(again, Outcome::Begun(id), "the form sent twice begins once");
    assert!(house.jobs(ids[3]).await.contains(&"do_in_bulk".to_owned()));
    house.office.take(&faster, ids[3]).await.expect("meanwhile");
    let last = house.office.last_bulk(&officer.actor).await.expect("read").expect("begun");
    assert_eq!((last.id, last.n_rows, last.n_done), (id, 21, 0));

    house.office.run_due_jobs().await.expect("run");
    let (deed, _, rows) = house.office.bulk(&officer.actor, id).await.expect("his own");
    assert_eq!(deed, Deed::Take);
    let order: Vec<DossierId> = rows.iter().map(|row| row.dossier).collect();
    assert_eq!(order, ids);
    for (at, row) in rows.iter().enumerate() {
        let why = row.why_not.as_deref().expect("every row is done");
        assert_eq!(why.is_empty(), at != 3, "{at}: {why}");
    }
    let last = house.office.last_bulk(&officer.actor).await.expect("read").expect("done");
    assert_eq!((last.n_done, last.n_refused), (21, 1));
    let theirs = house.office.bulk(&faster.actor, id).await;
    assert!(matches!(theirs, Err(Error::NotFound)), "{theirs:?}");
    let events = house.events(ids[0]).await;
    house.office.run_due_jobs().await.expect("run");
    assert_eq!(house.events(ids[0]).await, events, "nothing is done twice");
}

async fn what_all_allow_is_offered(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let (one, other) = (received(&house, &counter).await, received(&house, &counter).await);
    let role = role_at(&house, one).await;
    let officer = house.officer(role).await;
    let common = async || house.office.common_deeds(&officer.actor, &[one, other]).await.expect("tried");
    assert!(common().await.contains(&Deed::Take), "{:?}", common().await);
    house.office.take(&officer, other).await.expect("taken");
    assert!(!common().await.contains(&Deed::Take), "one of them is in his hands");
    assert_eq!(house.office.common_deeds(&officer.actor, &[]).await.expect("tried"), []);
}

store::on_both!(
    each_is_done_by_itself_and_told,
    what_nobody_has_taken_yet_is_given_by_the_head,
    more_than_some_twenty_are_jobs_and_their_report_fills_up,
    what_all_allow_is_offered,
);
