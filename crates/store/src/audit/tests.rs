//! The order: every event once, whatever comes in between, and every hand at it seen.

use super::{
    Checkpoint, EventsDigest, Fixed, KeyChange, Placed, add_key_change, checkpoints, fix, key_changes, last,
    n_places_behind, places, waiting, waiting_but_gone,
};
use crate::engine::execute;
use crate::event::{Why, append, read_chain};
use crate::sample::{after, now, office};
use crate::signing::{KeyHolder, SoftwareKey, put_key};
use crate::testing::Scratch;
use crate::{Db, Error, on_both, time};
use futures::future::join_all;
use rules::event::{Body, NewEvent, Subject};
use rules::id::{DossierId, EventId};
use uuid::Uuid;

async fn appended(db: &Db, event: &NewEvent) -> EventId {
    db.act(|mut tx| async move { append(&mut tx, event, now()).await }).await.expect("appended")
}

/// A checkpoint over the first `limit` events that wait, its signature left to the crates above.
async fn next(db: &Db, limit: i64) -> Option<(Checkpoint, Vec<Placed>)> {
    let mut reader = db.read().await.expect("a snapshot");
    let last = last(&mut reader).await.expect("read");
    let last_ordinal = last.as_ref().map_or(0, |last| last.last_ordinal);
    let events = waiting(&mut reader, last_ordinal, limit).await.expect("read");
    let mut digest = EventsDigest::default();
    for placed in &events {
        digest.take_in(placed);
    }
    let checkpoint = Checkpoint {
        number: last.as_ref().map_or(1, |last| last.number + 1),
        sealed_at: after(5),
        first_ordinal: events.first()?.ordinal,
        last_ordinal: events.last()?.ordinal,
        events_digest: digest.finish().into(),
        previous: last.map(|last| last.digest().into()),
        certificate: b"certificate".into(),
        signature: b"signature".into(),
        time_stamp: None,
    };
    Some((checkpoint, events))
}

fn signer() -> SoftwareKey {
    let (holder, holder_kind) = (Uuid::from_u128(3), KeyHolder::Installation);
    SoftwareKey { holder, holder_kind, label: "khóa".to_owned(), pkcs12: b"key".into() }
}

async fn keep(db: &Db, key: &SoftwareKey) {
    db.act(|mut tx| async move { put_key(&mut tx, key).await }).await.expect("kept");
}

async fn sealed(db: &Db) -> Option<Checkpoint> {
    let (checkpoint, events) = next(db, 100).await?;
    assert_eq!(fix(db, &checkpoint, &events, &signer()).await.expect("fixed"), Fixed::Done);
    Some(checkpoint)
}

async fn each_event_gets_its_place_once_and_in_the_order_of_its_chain(db: Scratch) {
    keep(&db, &signer()).await;
    let office = office(&db).await;
    let subjects = [(); 2].map(|()| Subject::Dossier(DossierId(time::new_id(now()))));
    let mut written = Vec::new();
    for n in 0..3 {
        for subject in subjects {
            written.push(
                appended(&db, &office.event(subject, None, Body::RepositoryListed { found: n })).await.0,
            );
        }
    }
    let mut ends = Vec::new();
    while let Some((checkpoint, events)) = next(&db, 4).await {
        assert_eq!(fix(&db, &checkpoint, &events, &signer()).await.expect("fixed"), Fixed::Done);
        ends.push((checkpoint.first_ordinal, checkpoint.last_ordinal));
    }
    assert_eq!(ends, [(1, 4), (5, 6)]);
    let mut reader = db.read().await.expect("a snapshot");
    let looked = places(&mut reader, 0, 6, 100).await.expect("read");
    let order: Vec<(i64, Uuid)> =
        looked.iter().map(|looked| (looked.placed.ordinal, looked.placed.event)).collect();
    assert_eq!(order, (1..).zip(written).collect::<Vec<_>>());
    assert!(looked.iter().all(|looked| looked.today.as_ref() == Some(&looked.placed.digest)));
    assert!(waiting(&mut reader, 0, 1).await.expect("read").is_empty());
    let chain = read_chain(&mut reader, subjects[0]).await.expect("read");
    assert_eq!((chain.n_events, chain.n_unsealed, chain.broken), (3, 0, None));
}

async fn a_checkpoint_comes_back_as_it_was_written(db: Scratch) {
    keep(&db, &signer()).await;
    let office = office(&db).await;
    office.opened(&db).await;
    let (mut checkpoint, events) = next(&db, 100).await.expect("something waits");
    checkpoint.time_stamp = Some(vec![1, 2, 3]);
    fix(&db, &checkpoint, &events, &signer()).await.expect("fixed");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(last(&mut reader).await.expect("read").as_ref(), Some(&checkpoint));
    assert_eq!(checkpoints(&mut reader, 0, 10).await.expect("read"), [checkpoint.clone()]);
    let other = Checkpoint { time_stamp: None, ..checkpoint.clone() };
    assert_eq!(other.statement(), checkpoint.statement());
    assert_ne!(other.digest(), checkpoint.digest(), "the next one covers the time stamp as well");
}

async fn of_two_sealers_one_is_let_in(db: Scratch) {
    keep(&db, &signer()).await;
    let office = office(&db).await;
    office.opened(&db).await;
    let (mine, my_events) = next(&db, 100).await.expect("something waits");
    let late = appended(&db, &office.event(Subject::Officer(office.counter), None, Body::SignedIn)).await;
    let (yours, your_events) = next(&db, 100).await.expect("something waits");
    assert_eq!(fix(&db, &yours, &your_events, &signer()).await.expect("fixed"), Fixed::Done);
    assert_eq!(fix(&db, &mine, &my_events, &signer()).await.expect("answered"), Fixed::MetAnother);
    let mut reader = db.read().await.expect("a snapshot");
    let looked = places(&mut reader, 0, 100, 100).await.expect("read");
    assert_eq!(looked.iter().filter(|looked| looked.placed.event == late.0).count(), 1);
    assert_eq!(n_places_behind(&mut reader, yours.last_ordinal).await.expect("counted"), 0);
}

/// The signature covers what was read; what is written must be the same.
async fn a_checkpoint_over_events_that_do_not_wait_is_not_written(db: Scratch) {
    keep(&db, &signer()).await;
    let office = office(&db).await;
    let first = office.opened(&db).await;
    sealed(&db).await.expect("something waits");
    let event = appended(&db, &office.opening(&first)).await;
    let (checkpoint, mut events) = next(&db, 100).await.expect("something waits");
    events.push(Placed { event: Uuid::new_v4(), ordinal: 99, ..events[0].clone() });
    let error = fix(&db, &checkpoint, &events, &signer()).await.expect_err("one of them is nowhere");
    assert!(matches!(error, Error::Stale { table: "event_unsealed", .. }), "{error}");
    let mut reader = db.read().await.expect("a snapshot");
    let found = waiting(&mut reader, 7, 100).await.expect("read");
    assert_eq!(found.iter().map(|placed| (placed.ordinal, placed.event)).collect::<Vec<_>>(), [(8, event.0)]);
}

/// An act that began before the sealer looked and commits after it.
async fn what_commits_late_comes_into_a_later_stretch(db: Scratch) {
    keep(&db, &signer()).await;
    let office = office(&db).await;
    office.opened(&db).await;
    let (checkpoint, events) = next(&db, 100).await.expect("something waits");
    // Its id and times are older than everything that was just read.
    let early = &office.event(Subject::Officer(office.counter), None, Body::SignedIn);
    let late = db
        .act(|mut tx| async move { append(&mut tx, early, after(-60)).await })
        .await
        .expect("committed after the sealer looked");
    assert!(events.iter().all(|placed| placed.event > late.0));
    fix(&db, &checkpoint, &events, &signer()).await.expect("fixed");
    let second = sealed(&db).await.expect("it waits");
    assert_eq!(second.first_ordinal, checkpoint.last_ordinal + 1);
    let mut reader = db.read().await.expect("a snapshot");
    let looked = places(&mut reader, checkpoint.last_ordinal, second.last_ordinal, 10).await.expect("read");
    assert_eq!(looked.iter().map(|looked| looked.placed.event).collect::<Vec<_>>(), [late.0]);
}

/// A checkpoint signed while the key was changed is not written: the old key signs no more.
async fn a_key_that_was_changed_fixes_nothing(db: Scratch) {
    let office = office(&db).await;
    office.opened(&db).await;
    let (checkpoint, events) = next(&db, 100).await.expect("something waits");
    assert_eq!(
        fix(&db, &checkpoint, &events, &signer()).await.expect("answered"),
        Fixed::MetAnother,
        "nobody has it"
    );
    keep(&db, &SoftwareKey { pkcs12: b"the next".into(), ..signer() }).await;
    assert_eq!(fix(&db, &checkpoint, &events, &signer()).await.expect("answered"), Fixed::MetAnother);
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(last(&mut reader).await.expect("read"), None);
    assert_eq!(waiting(&mut reader, 0, 100).await.expect("read"), events, "they wait on");
    drop(reader);
    keep(&db, &signer()).await;
    assert_eq!(fix(&db, &checkpoint, &events, &signer()).await.expect("fixed"), Fixed::Done);
}

async fn changes_of_key_come_back_as_they_were_written_the_latest_first(db: Scratch) {
    let first = KeyChange {
        number: 1,
        changed_at: now(),
        after_checkpoint: 17,
        checkpoint_digest: vec![5; 32],
        from_certificate: b"old".into(),
        to_certificate: b"new".into(),
        signature: b"by the new".into(),
        voucher: Some(b"by the old".into()),
    };
    let second = KeyChange { number: 2, voucher: None, ..first.clone() };
    for change in [&first, &second] {
        db.act(|mut tx| async move { add_key_change(&mut tx, change).await }).await.expect("written");
    }
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(key_changes(&mut reader).await.expect("read"), [second.clone(), first.clone()]);
    assert_ne!(first.statement(), second.statement());
    let unsigned = KeyChange { signature: Vec::new(), voucher: None, ..first.clone() };
    assert_eq!(unsigned.statement(), first.statement(), "what is signed does not cover its signatures");
}

/// Many acts, and two sealers that run all the while.
async fn acts_and_sealers_at_once_place_every_event_once(db: Scratch) {
    keep(&db, &signer()).await;
    const N_ACTORS: usize = 8;
    const N_EACH: u32 = 25;
    let office = office(&db).await;
    let (done, over) = tokio::sync::watch::channel(false);
    let sealers = [(); 2].map(|()| {
        let (db, over) = (Db::clone(&db), over.clone());
        tokio::spawn(async move {
            loop {
                let is_over = *over.borrow();
                match next(&db, 7).await {
                    Some((checkpoint, events)) => {
                        fix(&db, &checkpoint, &events, &signer()).await.expect("fixed or met");
                    }
                    None if is_over => return,
                    None => tokio::task::yield_now().await,
                }
            }
        })
    });
    let shared = Subject::Officer(office.counter);
    let acts = (0..N_ACTORS).map(|_| {
        let db = Db::clone(&db);
        let own = office.event(Subject::Dossier(DossierId(time::new_id(now()))), None, Body::SignedIn);
        let common = office.event(shared, None, Body::SignedIn);
        tokio::spawn(async move {
            for n in 0..N_EACH {
                appended(&db, if n % 5 == 0 { &common } else { &own }).await;
            }
        })
    });
    for acted in join_all(acts).await {
        acted.expect("no act panics");
    }
    done.send(true).expect("the sealers listen");
    for sealer in sealers {
        sealer.await.expect("no sealer panics");
    }

    let n_events = i64::from(N_EACH) * N_ACTORS as i64;
    let mut reader = db.read().await.expect("a snapshot");
    assert!(waiting(&mut reader, 0, 1).await.expect("read").is_empty());
    let looked = places(&mut reader, 0, i64::MAX, 1_000).await.expect("read");
    let ordinals: Vec<i64> = looked.iter().map(|looked| looked.placed.ordinal).collect();
    assert_eq!(ordinals, (1..=n_events).collect::<Vec<_>>(), "each place once, none left out");
    let mut events: Vec<Uuid> = looked.iter().map(|looked| looked.placed.event).collect();
    events.sort_unstable();
    events.dedup();
    assert_eq!(events.len() as i64, n_events, "each event once");
    let numbers =
        looked.iter().filter(|looked| looked.placed.subject == shared.id()).map(|l| l.placed.number);
    assert!(numbers.is_sorted(), "in the order of the chain");
    let chain = checkpoints(&mut reader, 0, 1_000).await.expect("read");
    assert_eq!(chain.last().map(|last| last.last_ordinal), Some(n_events));
    for pair in chain.windows(2) {
        assert_eq!(pair[1].previous.as_deref(), Some(pair[0].digest().as_slice()));
        assert_eq!(pair[1].first_ordinal, pair[0].last_ordinal + 1);
    }
}

/// A row that no act wrote is not sealed for want of anybody asking, and not overlooked either.
async fn a_row_that_no_act_wrote_is_named(db: Scratch) {
    keep(&db, &signer()).await;
    let office = office(&db).await;
    let subject = Subject::Officer(office.counter);
    let event = appended(&db, &office.event(subject, None, Body::SignedIn)).await;
    db.act(|mut tx| async move {
        execute!(&mut tx, "test.unqueue", "delete from event_unsealed where event = $1", event.0)
    })
    .await
    .expect("tampered");
    let broken = |db: &Db| {
        let db = db.clone();
        async move {
            let mut reader = db.read().await.expect("a snapshot");
            let chain = read_chain(&mut reader, subject).await.expect("read");
            chain.broken.map(|broken| (broken.event, broken.why))
        }
    };
    assert_eq!(broken(&db).await, Some((event, Why::Unplaced)));

    let other = appended(&db, &office.event(Subject::Officer(office.specialist), None, Body::SignedIn)).await;
    db.act(|mut tx| async move { super::queue(&mut tx, event.0).await }).await.expect("put back");
    sealed(&db).await.expect("both wait");
    assert_eq!(broken(&db).await, None);
    db.act(|mut tx| async move { super::queue(&mut tx, event.0).await }).await.expect("put back again");
    assert_eq!(broken(&db).await, Some((event, Why::PlacedTwice)));
    assert!(next(&db, 100).await.is_none(), "it holds up no sealer");
    let mut reader = db.read().await.expect("a snapshot");
    assert!(waiting_but_gone(&mut reader, 10).await.expect("read").is_empty());
    drop(reader);

    db.act(|mut tx| async move {
        execute!(&mut tx, "test.drop_event", "delete from event where id = $1", other.0)?;
        execute!(&mut tx, "test.drop_waiting", "delete from event where id = $1", event.0)
    })
    .await
    .expect("tampered");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(waiting_but_gone(&mut reader, 10).await.expect("read"), [event.0]);
    let looked = places(&mut reader, 0, 10, 10).await.expect("read");
    assert!(looked.iter().all(|looked| looked.today.is_none()), "the order knows what is gone");
}

on_both!(
    a_key_that_was_changed_fixes_nothing,
    changes_of_key_come_back_as_they_were_written_the_latest_first,
    each_event_gets_its_place_once_and_in_the_order_of_its_chain,
    a_checkpoint_comes_back_as_it_was_written,
    of_two_sealers_one_is_let_in,
    a_checkpoint_over_events_that_do_not_wait_is_not_written,
    what_commits_late_comes_into_a_later_stretch,
    acts_and_sealers_at_once_place_every_event_once,
    a_row_that_no_act_wrote_is_named,
);
