//! Each link tells how it stands by what came of its attempts, and is really asked when somebody wants to know.

use crate::house::House;
use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use office::audit::Stamping;
use office::links::Link;
use office::{Error, Settings};
use rules::event::trail::Group;
use rules::link::{Cause, Failure, LinkState};
use rules::people::Role;
use rules::webhook::TypedWebhook;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use store::testing::Scratch;

/// A counterpart on a loopback port that answers with this number, and keeps how often it was asked.
async fn counterpart(status: Arc<AtomicU16>) -> String {
    let answer = async move |_: Bytes| {
        let status = StatusCode::from_u16(status.load(Ordering::SeqCst)).expect("a number");
        (status, [("content-type", "application/timestamp-reply")], "not a stamp")
    };
    let router = Router::new().route("/", post(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/")
}

async fn state(house: &House, admin: &office::By, key: &str) -> LinkState {
    house.office.link(&admin.actor, key).await.expect("shown").0.state
}

async fn what_is_not_set_is_off_and_what_is_inside_is_tried(db: Scratch) {
    let house = House::open(&db).await;
    let admin = house.officer(Role::Admin).await;
    for key in ["timestamp", "mail"] {
        assert_eq!(state(&house, &admin, key).await, LinkState::Off);
        let refused = house.office.try_link(&admin, key).await;
        assert!(refused.is_err(), "{key}");
    }
    for key in ["database", "files"] {
        assert_eq!(state(&house, &admin, key).await, LinkState::Untried);
        let tried = house.office.try_link(&admin, key).await.expect("tried");
        assert_eq!((tried.failure, tried.is_test), (None, true));
        assert_eq!(state(&house, &admin, key).await, LinkState::Works);
    }
    assert!(matches!(house.office.try_link(&admin, "nothing").await, Err(Error::NotFound)));
    let counter = house.officer(Role::Counter).await;
    assert!(house.office.try_link(&counter, "files").await.is_err(), "whoever keeps nothing tries nothing");
}

async fn a_time_stamp_authority_is_asked_over_a_nonce(db: Scratch) {
    let mut house = House::open(&db).await;
    let admin = house.officer(Role::Admin).await;
    let status = Arc::new(AtomicU16::new(200));
    let address = counterpart(status.clone()).await;
    let authority = connect::timestamp::Authority::new(&address).expect("a client");
    let stamping = Stamping { authority, roots: Vec::new() };
    let settings = Settings { stamping: Some(stamping), ..(*house.office.settings).clone() };
    house.office.settings = Arc::new(settings);
    let tried = house.office.try_link(&admin, "timestamp").await.expect("tried");
    assert_eq!(tried.failure, Some(Cause::Malformed.into()), "an answer that is no stamp is none");
    status.store(503, Ordering::SeqCst);
    let tried = house.office.try_link(&admin, "timestamp").await.expect("tried");
    assert_eq!(tried.failure, Some(Failure { cause: Cause::Refused, status: Some(503) }));
    let (line, attempts) = house.office.link(&admin.actor, "timestamp").await.expect("shown");
    assert_eq!((attempts.len(), line.n_kept, line.n_failed), (2, 2, 2));
    let Link::Timestamp(host) = line.link else { panic!("{line:?}") };
    assert!(host.starts_with("127.0.0.1:"), "{host}");
}

async fn an_address_that_is_told_has_its_own_link(db: Scratch) {
    let house = House::open(&db).await;
    let admin = house.officer(Role::Admin).await;
    let status = Arc::new(AtomicU16::new(204));
    let address = counterpart(status.clone()).await;
    let typed = TypedWebhook { name: "cổng tỉnh", address: &address, groups: &[Group::Receiving] };
    let id = house.office.add_webhook(&admin, house.commune, typed).await.expect("added").id;
    let key = &format!("webhook:{id}");
    assert_eq!(house.office.try_link(&admin, key).await.expect("tried").failure, None);
    status.store(401, Ordering::SeqCst);
    let counter = house.officer(Role::Counter).await;
    crate::counter::received(&house, &counter).await;
    house.office.run_due_jobs().await.expect("tried");
    let (line, attempts) = house.office.link(&admin.actor, key).await.expect("shown");
    let failure = Failure { cause: Cause::SignIn, status: Some(401) };
    assert_eq!(line.state, LinkState::Fails(failure), "noted where it happens, not only by the button");
    let n_tests = attempts.iter().filter(|attempt| attempt.is_test).count();
    assert!(attempts.len() > 1 && n_tests == 1);
    assert!(line.n_waiting.is_some_and(|n| n > 0) && line.last_ok.is_some());
    house.office.stop_webhook(&admin, id).await.expect("stopped");
    assert_eq!(state(&house, &admin, key).await, LinkState::Off);
    // Another administrator does not see it.
    let theirs = house.officer_of(house.elsewhere, Role::Admin).await;
    assert!(matches!(house.office.link(&theirs.actor, key).await, Err(Error::NotFound)));
}

store::on_both!(
    what_is_not_set_is_off_and_what_is_inside_is_tried,
    a_time_stamp_authority_is_asked_over_a_nonce,
    an_address_that_is_told_has_its_own_link,
);
