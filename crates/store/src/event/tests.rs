//! Chains: appended by many at once, checked, and broken in every way a hand in the database can.

use super::{
    Break, append, append_to_each, check_chain, count, of_dossier, of_subject, read_chain, subjects,
};
use crate::engine::{execute, fetch_all};
use crate::sample::{Office, after, now, office};
use crate::testing::Scratch;
use crate::{Db, Error, on_both, time};
use futures::future::join_all;
use rules::dossier::Dossier;
use rules::event::{Body, NewEvent, Subject};
use rules::id::{DossierId, EntryId, EventId, OfficerId, PartyId};

async fn appended(db: &Db, event: &NewEvent) -> EventId {
    db.act(|mut tx| async move { append(&mut tx, event, now()).await }).await.expect("appended")
}

async fn broken(db: &Db, subject: Subject) -> Option<i64> {
    let mut reader = db.read().await.expect("a snapshot");
    let found = check_chain(&mut reader, subject).await.expect("checked");
    found.map(|Break { number, .. }| number)
}

/// A dossier with five events.
async fn chain_of_five(db: &Db, office: &Office) -> Dossier {
    let dossier = office.opened(db).await;
    for n in 2..=5 {
        let body = Body::StepFinished {
            step: format!("bước {n}"),
            next: "tra".into(),
            opinion: "Đủ điều kiện “đúng hạn”".into(),
            officer: None,
        };
        appended(db, &office.event(Subject::Dossier(dossier.id), Some(dossier.id), body)).await;
    }
    dossier
}

async fn events_about_many_stand_at_the_end_of_each_chain(db: Scratch) {
    let office = office(&db).await;
    let [old, new] = [(); 2].map(|()| Subject::Party(PartyId(time::new_id(now()))));
    let listed = |subject, found| {
        let written = NewEvent {
            on_behalf_of: Some(office.specialist),
            ..office.event(subject, None, Body::RepositoryListed { found })
        };
        written.for_purpose("tra cứu “Ngoãn”, hồ sơ")
    };
    appended(&db, &listed(old, 1)).await;
    let told = &[listed(old, 2), listed(new, 3)];
    db.act(|mut tx| async move { append_to_each(&mut tx, told, now()).await }).await.expect("appended");
    db.act(|mut tx| async move { append_to_each(&mut tx, &[], now()).await }).await.expect("nothing to do");
    let mut reader = db.read().await.expect("a snapshot");
    for (subject, expected) in [(old, vec![listed(old, 1), listed(old, 2)]), (new, vec![listed(new, 3)])] {
        let read = of_subject(&mut reader, subject, 10).await.expect("read");
        let as_written = |event: &rules::event::Event| {
            (event.body.clone(), event.purpose.clone(), event.actor, event.on_behalf_of, event.happened_at)
        };
        let wanted = expected
            .into_iter()
            .map(|event| (event.body, event.purpose, event.actor, event.on_behalf_of, event.happened_at));
        assert_eq!(read.iter().map(as_written).collect::<Vec<_>>(), wanted.collect::<Vec<_>>());
        assert!(check_chain(&mut reader, subject).await.expect("checked").is_none(), "the chain holds");
    }
    drop(reader);
    let waiting: Vec<(i64,)> =
        db.act(|mut tx| async move {
            fetch_all!(&mut tx, "test.n_unsealed", "select count(*) from event_unsealed")
        })
        .await
        .expect("counted");
    assert_eq!(waiting, [(3,)], "each waits for its place in the order");
}

async fn an_event_comes_back_as_it_was_written(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let entry = EntryId(time::new_id(now()));
    let written = NewEvent {
        actor: None,
        on_behalf_of: Some(office.counter),
        happened_at: after(-3),
        ..office.event(
            Subject::Entry(entry),
            Some(dossier),
            Body::PaperViewed { entry: Some(entry), record: None },
        )
    }
    .for_purpose("giải quyết hồ sơ");
    let id = appended(&db, &written).await;

    let mut reader = db.read().await.expect("a snapshot");
    let events = of_dossier(&mut reader, dossier).await.expect("read");
    assert_eq!(events.len(), 2);
    let of_entry = of_subject(&mut reader, Subject::Entry(entry), 1_000).await.expect("read");
    assert_eq!(of_entry, events[..1], "the other one is the dossier's own");
    let read = &events[0];
    assert_eq!((read.id, read.recorded_at), (id, now()), "what happened earlier comes first");
    let again = NewEvent {
        subject: read.subject,
        dossier: read.dossier,
        agency: read.agency,
        actor: read.actor,
        on_behalf_of: read.on_behalf_of,
        purpose: read.purpose.clone(),
        happened_at: read.happened_at,
        body: read.body.clone(),
    };
    assert_eq!(again, written);
}

async fn events_of_one_moment_keep_their_order(db: Scratch) {
    let office = office(&db).await;
    let id = chain_of_five(&db, &office).await.id;
    let mut reader = db.read().await.expect("a snapshot");
    let events = of_dossier(&mut reader, id).await.expect("read");
    let steps: Vec<String> = events
        .into_iter()
        .filter_map(|event| match event.body {
            Body::StepFinished { step, .. } => Some(step),
            _ => None,
        })
        .collect();
    assert_eq!(steps, ["bước 2", "bước 3", "bước 4", "bước 5"]);
}

/// Fifty acts at the end of one chain at once: each finds its place.
async fn acts_at_one_subject_make_one_chain(db: Scratch) {
    let office = office(&db).await;
    let subject = Subject::Dossier(office.opened(&db).await.id);
    let acts = (0..50).map(|n| {
        let (db, event) = (Db::clone(&db), office.event(subject, None, Body::RepositoryListed { found: n }));
        tokio::spawn(async move {
            let event = &event;
            db.act(|mut tx| async move { append(&mut tx, event, now()).await }).await
        })
    });
    for done in join_all(acts).await {
        done.expect("no act panics").expect("each act is done");
    }
    let mut reader = db.read().await.expect("a snapshot");
    let numbers: Vec<(i64,)> = fetch_all!(
        &mut reader,
        "test.numbers",
        "select number from event where subject = $1 order by number",
        subject.id(),
    )
    .expect("read");
    assert_eq!(numbers, (1..=51).map(|n| (n,)).collect::<Vec<_>>());
    let chain = read_chain(&mut reader, subject).await.expect("read");
    assert_eq!((chain.n_events, chain.n_unsealed, chain.broken), (51, 51, None));
}

/// Where the engine lets two acts read the same end, the constraint sends the later one back.
async fn a_taken_place_runs_the_act_again(db: Scratch) {
    let office = office(&db).await;
    let subject = Subject::Officer(office.counter);
    let acts = (0..20).map(|n| {
        let (db, event) = (Db::clone(&db), office.event(subject, None, Body::RepositoryListed { found: n }));
        tokio::spawn(async move {
            let event = &event;
            db.act_on_locked_rows(|mut tx| async move { append(&mut tx, event, now()).await }).await
        })
    });
    for done in join_all(acts).await {
        done.expect("no act panics").expect("each act is done");
    }
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(count(&mut reader).await.expect("counted"), 20);
    assert_eq!(broken(&db, subject).await, None);
}

async fn a_long_chain_is_checked_to_its_end(db: Scratch) {
    let office = office(&db).await;
    let subject = Subject::Officer(office.counter);
    let event = &office.event(subject, None, Body::SignedIn);
    db.act(|mut tx| async move {
        for _ in 0..1001 {
            append(&mut tx, event, now()).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("appended");
    assert_eq!(broken(&db, subject).await, None);
    db.act(|mut tx| async move {
        execute!(&mut tx, "test.edit_last", "update event set kind = 'signed_out' where number = 1001")
    })
    .await
    .expect("edited");
    assert_eq!(broken(&db, subject).await, Some(1001));
}

/// Runs one edit on the chain of a fresh dossier, and says where the chain breaks then.
macro_rules! tampered {
    ($db:expr, $office:expr, $name:literal, $sql:literal) => {{
        let id = chain_of_five($db, $office).await.id;
        let done: Result<u64, Error> =
            $db.act(|mut tx| async move { execute!(&mut tx, $name, $sql, id.0) }).await;
        assert_eq!(done.expect("the engine lets it happen"), 1, $name);
        broken($db, Subject::Dossier(id)).await
    }};
}

async fn every_edit_of_a_row_is_found(db: Scratch) {
    let (db, office) = (&*db, &office(&db).await);
    for (found, what) in [
        (
            tampered!(
                db,
                office,
                "test.edit_body",
                "update event set body = replace(body, 'bước 3', 'bước 9') where subject = $1 and number = 3"
            ),
            "body",
        ),
        (
            tampered!(
                db,
                office,
                "test.edit_space",
                "update event set body = body || ' ' where subject = $1 and number = 3"
            ),
            "a space behind the body",
        ),
        (
            tampered!(
                db,
                office,
                "test.edit_body_digest",
                "update event set body_digest = digest where subject = $1 and number = 3"
            ),
            "body_digest",
        ),
        (
            tampered!(
                db,
                office,
                "test.edit_kind",
                "update event set kind = 'signed_in' where subject = $1 and number = 3"
            ),
            "kind",
        ),
        (
            tampered!(
                db,
                office,
                "test.edit_version",
                "update event set version = 2 where subject = $1 and number = 3"
            ),
            "version",
        ),
        (
            tampered!(
                db,
                office,
                "test.edit_actor",
                "update event set actor = null where subject = $1 and number = 3"
            ),
            "actor",
        ),
        (
            tampered!(
                db,
                office,
                "test.edit_behalf",
                "update event set on_behalf_of = actor where subject = $1 and number = 3"
            ),
            "on_behalf_of",
        ),
        (
            tampered!(
                db,
                office,
                "test.edit_agency",
                "update event set agency = actor where subject = $1 and number = 3"
            ),
            "agency",
        ),
        (
            tampered!(
                db,
                office,
                "test.edit_dossier",
                "update event set dossier = null where subject = $1 and number = 3"
            ),
            "dossier",
        ),
        (
            tampered!(
                db,
                office,
                "test.edit_purpose",
                "update event set purpose = '' where subject = $1 and number = 3"
            ),
            "nothing made empty",
        ),
        (
            tampered!(
                db,
                office,
                "test.edit_happened",
                "update event set happened_at = happened_at - 1 where subject = $1 and number = 3"
            ),
            "happened_at",
        ),
        (
            tampered!(
                db,
                office,
                "test.edit_recorded",
                "update event set recorded_at = recorded_at + 1 where subject = $1 and number = 3"
            ),
            "recorded_at",
        ),
        (
            tampered!(
                db,
                office,
                "test.edit_digest",
                "update event set digest = body_digest where subject = $1 and number = 3"
            ),
            "digest",
        ),
        (
            tampered!(
                db,
                office,
                "test.edit_previous",
                "update event set previous = digest where subject = $1 and number = 3"
            ),
            "previous",
        ),
    ] {
        assert_eq!(found, Some(3), "an edited {what} is found at its row");
    }
}

async fn rows_taken_out_or_moved_are_found(db: Scratch) {
    let (db, office) = (&*db, &office(&db).await);
    let first =
        tampered!(db, office, "test.drop_first", "delete from event where subject = $1 and number = 1");
    assert_eq!(first, Some(2));
    let middle =
        tampered!(db, office, "test.drop_middle", "delete from event where subject = $1 and number = 3");
    assert_eq!(middle, Some(4));
    let moved = tampered!(
        db,
        office,
        "test.renumber",
        "update event set number = 9 where subject = $1 and number = 3"
    );
    assert_eq!(moved, Some(4), "the place that is empty now");
    let last = tampered!(db, office, "test.drop_last", "delete from event where subject = $1 and number = 5");
    assert_eq!(last, None, "a chain alone does not know its length");
}

/// Two rows swapped, and a row closed up behind one that was taken out.
async fn rows_in_another_order_are_found(db: Scratch) {
    let office = office(&db).await;
    let id = chain_of_five(&db, &office).await.id;
    db.act(|mut tx| async move {
        for (from, to) in [(2, 99), (3, 2), (99, 3)] {
            execute!(
                &mut tx,
                "test.swap",
                "update event set number = $3 where subject = $1 and number = $2",
                id.0,
                from,
                to,
            )?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("swapped");
    assert_eq!(broken(&db, Subject::Dossier(id)).await, Some(2));

    let id = chain_of_five(&db, &office).await.id;
    db.act(|mut tx| async move {
        execute!(&mut tx, "test.take_out", "delete from event where subject = $1 and number = 3", id.0)?;
        for number in [4, 5] {
            execute!(
                &mut tx,
                "test.close_up",
                "update event set number = number - 1 where subject = $1 and number = $2",
                id.0,
                number,
            )?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("closed up");
    assert_eq!(broken(&db, Subject::Dossier(id)).await, Some(3));
}

async fn a_row_put_in_is_found(db: Scratch) {
    let office = office(&db).await;
    let id = chain_of_five(&db, &office).await.id;
    let forged = time::new_id(now());
    db.act(|mut tx| async move {
        for number in [5, 4, 3] {
            execute!(
                &mut tx,
                "test.make_room",
                "update event set number = number + 1 where subject = $1 and number = $2",
                id.0,
                number,
            )?;
        }
        execute!(
            &mut tx,
            "test.put_in",
            "insert into event (id, kind, version, subject_kind, subject, number, dossier, agency,
                happened_at, recorded_at, body, salt, body_digest, digest, previous)
             select $2, kind, version, subject_kind, subject, 3, dossier, agency, happened_at, recorded_at,
                body, salt, body_digest, digest, digest from event where subject = $1 and number = 2",
            id.0,
            forged,
        )
    })
    .await
    .expect("put in");
    assert_eq!(broken(&db, Subject::Dossier(id)).await, Some(3));
}

async fn a_body_disposed_of_by_law_leaves_the_chain_whole(db: Scratch) {
    let (db, office) = (&*db, &office(&db).await);
    let disposed = tampered!(
        db,
        office,
        "test.dispose",
        "update event set body = null, salt = null where subject = $1 and number = 3"
    );
    assert_eq!(disposed, None);
    let mut reader = db.read().await.expect("a snapshot");
    let subject = subjects(&mut reader, None, 1).await.expect("read")[0];
    let events = of_dossier(&mut reader, DossierId(subject.id())).await.expect("read");
    assert_eq!(events.len(), 4, "the others are still told");

    let id = chain_of_five(db, office).await.id;
    let half = db.act(|mut tx| async move {
        execute!(&mut tx, "test.dispose_half", "update event set body = null where subject = $1", id.0)
    });
    half.await.expect_err("a salt without its body tells nothing and is not kept");
}

async fn a_body_that_does_not_open_is_named(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await;
    let (id, body) = (dossier.id, Body::SignedIn);
    let event = appended(&db, &office.event(Subject::Dossier(id), Some(id), body)).await;
    db.act(|mut tx| async move {
        execute!(&mut tx, "test.break_body", "update event set body = '{' where id = $1", event.0)
    })
    .await
    .expect("broken");
    let mut reader = db.read().await.expect("a snapshot");
    let error = of_dossier(&mut reader, id).await.expect_err("it does not open");
    assert_eq!(error.to_string(), format!("`body` of `{event}` in `event` is corrupt"));
    assert_eq!(broken(&db, Subject::Dossier(id)).await, Some(2), "the check goes on without opening it");
}

async fn all_subjects_are_walked_page_by_page(db: Scratch) {
    let office = office(&db).await;
    let new = || time::new_id(now());
    let mut all = vec![Subject::Party(PartyId(new())), Subject::Officer(OfficerId(new()))];
    all.extend((0..5).map(|_| Subject::Dossier(DossierId(new()))));
    all.extend((0..2).map(|_| Subject::Entry(EntryId(new()))));
    for &subject in all.iter().chain(&all) {
        appended(&db, &office.event(subject, None, Body::SignedIn)).await;
    }

    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(count(&mut reader).await.expect("counted"), 18);
    let (mut walked, mut after) = (Vec::new(), None);
    loop {
        let page = subjects(&mut reader, after, 2).await.expect("read");
        assert!(page.len() <= 2);
        let Some(&last) = page.last() else { break };
        walked.extend(page);
        after = Some(last);
    }
    let key = |subject: &Subject| (subject.kind(), subject.id());
    all.sort_by_key(key);
    assert_eq!(walked, all, "each subject once, whatever its number of events");
}

on_both!(
    an_event_comes_back_as_it_was_written,
    events_about_many_stand_at_the_end_of_each_chain,
    events_of_one_moment_keep_their_order,
    acts_at_one_subject_make_one_chain,
    a_taken_place_runs_the_act_again,
    a_long_chain_is_checked_to_its_end,
    every_edit_of_a_row_is_found,
    rows_taken_out_or_moved_are_found,
    rows_in_another_order_are_found,
    a_row_put_in_is_found,
    a_body_disposed_of_by_law_leaves_the_chain_whole,
    a_body_that_does_not_open_is_named,
    all_subjects_are_walked_page_by_page,
);
