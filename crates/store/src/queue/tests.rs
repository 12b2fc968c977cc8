//! The queue on both engines. Killing workers is in `tests/it`.

use super::lines::{self, State};
use super::{
    Claimed, Fate, NewJob, claim, complete, fail, forget_done, give_up, hand_back, next_due, push, renew,
    retry,
};
use crate::testing::Scratch;
use crate::{Db, Error, on_both, time};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

const LEASE: SignedDuration = SignedDuration::from_secs(60);

fn now() -> Timestamp {
    "2026-11-21T07:30:00Z".parse().expect("a valid instant")
}

fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

async fn pushed(db: &Db, kind: &str, dedup_key: Option<&str>) -> Option<Uuid> {
    let payload = &json!({ "dossier": 1 });
    db.act(|mut tx| async move {
        push(&mut tx, &NewJob { dedup_key, ..NewJob::new(kind, payload, now()) }, now()).await
    })
    .await
    .expect("pushed")
}

async fn claimed(db: &Db, at: Timestamp) -> Vec<Claimed> {
    claim(db, &["a", "b"], 10, LEASE, at).await.expect("claimed")
}

async fn the_one(db: &Db, at: Timestamp) -> Claimed {
    let mut jobs = claimed(db, at).await;
    assert_eq!(jobs.len(), 1, "one job is due");
    jobs.remove(0)
}

async fn line(db: &Db, id: Uuid) -> lines::Line {
    let mut reader = db.read().await.expect("a snapshot");
    lines::find(&mut reader, id).await.expect("read").expect("the job is there")
}

async fn a_job_is_pushed_with_its_act_or_not_at_all(db: Scratch) {
    let undone: Result<(), Error> = db
        .act(|mut tx| async move {
            push(&mut tx, &NewJob::new("a", &Value::Null, now()), now()).await?;
            Err(Error::Busy)
        })
        .await;
    undone.expect_err("as the act said");
    assert_eq!(claimed(&db, now()).await, []);
}

async fn a_second_push_with_the_same_key_does_nothing(db: Scratch) {
    let first = pushed(&db, "a", Some("tell-1")).await;
    assert!(first.is_some());
    assert_eq!(pushed(&db, "a", Some("tell-1")).await, None);
    assert!(pushed(&db, "a", None).await.is_some() && pushed(&db, "a", None).await.is_some());
    assert_eq!(claimed(&db, now()).await.len(), 3);
    assert_eq!(pushed(&db, "a", Some("tell-1")).await, None, "also while it runs");
}

async fn a_job_goes_to_one_worker_in_order_of_time(db: Scratch) {
    let subject = Uuid::new_v4();
    let (late, early) = (after(-10), after(-20));
    let payload = &json!({ "id": 7 });
    db.act(|mut tx| async move {
        for (kind, run_after) in [("a", late), ("b", early), ("a", after(1)), ("other", early)] {
            let job = NewJob {
                run_after,
                subject: Some(subject),
                started_by: Some(subject),
                ..NewJob::new(kind, payload, now())
            };
            push(&mut tx, &job, now()).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("pushed");
    let jobs = claimed(&db, now()).await;
    let kinds: Vec<&str> = jobs.iter().map(|job| job.kind.as_str()).collect();
    assert_eq!(kinds, ["b", "a"], "what is due, the earliest first, of the kinds asked for");
    assert_eq!(jobs[0].payload, json!({ "id": 7 }));
    assert_eq!((jobs[0].attempt, jobs[0].subject, jobs[0].started_by), (1, Some(subject), Some(subject)));
    assert_eq!(jobs[0].lease_until, now() + LEASE);
    assert_eq!(claimed(&db, now()).await, [], "taken is taken");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(lines::lines_for(&mut reader, subject).await.expect("read").len(), 4);
    let newest = lines::newest_for(&mut reader, &[subject, Uuid::nil()]).await.expect("read");
    assert_eq!(newest.into_keys().collect::<Vec<_>>(), [subject]);
    assert_eq!(next_due(&mut reader).await.expect("read"), Some(early), "another worker's kind is due");
}

async fn many_workers_share_the_jobs(db: Scratch) {
    for _ in 0..60 {
        pushed(&db, "a", None).await;
    }
    let workers = (0..8).map(|_| {
        let db = Db::clone(&db);
        tokio::spawn(async move {
            let mut ids = Vec::new();
            loop {
                let jobs = claim(&db, &["a"], 3, LEASE, now()).await.expect("claimed");
                if jobs.is_empty() {
                    return ids;
                }
                ids.extend(jobs.iter().map(|job| job.id));
            }
        })
    });
    let mut ids: Vec<Uuid> = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        ids.extend(worker.await.expect("no panic"));
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 60);
}

async fn who_lost_the_lease_changes_nothing(db: Scratch) {
    let id = pushed(&db, "a", None).await.expect("new");
    let slow = &the_one(&db, now()).await;
    let quick = &the_one(&db, after(60)).await;
    assert_eq!((quick.id, quick.attempt), (id, 2));
    let at = after(61);
    let outcomes = [
        db.act(|mut tx| async move { complete(&mut tx, slow, at).await }).await,
        db.act(|mut tx| async move { fail(&mut tx, slow, "x", at).await.map(drop) }).await,
        db.act(|mut tx| async move { give_up(&mut tx, slow, "x", at).await }).await,
        db.act(|mut tx| async move { renew(&mut tx, slow, after(999), at).await }).await,
    ];
    for outcome in outcomes {
        assert!(
            matches!(&outcome, Err(Error::Stale { table: "job", row }) if *row == id.to_string()),
            "{outcome:?}"
        );
    }
    db.act(|mut tx| async move { hand_back(&mut tx, slow, at).await }).await.expect("without effect");
    assert_eq!(line(&db, id).await.state, State::Running);
    db.act(|mut tx| async move { complete(&mut tx, quick, at).await }).await.expect("the lease is held");
    let done = line(&db, id).await;
    assert_eq!((done.state, done.attempts, done.updated_at), (State::Done, 2, at));
    let again = db.act(|mut tx| async move { complete(&mut tx, quick, at).await }).await;
    assert!(matches!(again, Err(Error::Stale { .. })), "done once");
}

async fn a_renewed_lease_is_not_taken_over(db: Scratch) {
    pushed(&db, "a", None).await;
    let job = &the_one(&db, now()).await;
    db.act(|mut tx| async move { renew(&mut tx, job, after(120), after(50)).await }).await.expect("held");
    assert_eq!(claimed(&db, after(60)).await, []);
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(next_due(&mut reader).await.expect("read"), Some(after(120)));
    assert_eq!(claimed(&db, after(120)).await.len(), 1);
}

async fn a_failed_job_waits_longer_each_time_and_dies(db: Scratch) {
    let id = db
        .act(|mut tx| async move {
            push(&mut tx, &NewJob { max_attempts: 4, ..NewJob::new("a", &Value::Null, now()) }, now()).await
        })
        .await
        .expect("pushed")
        .expect("new");
    let mut at = now();
    for expected in [5, 10, 20] {
        let job = &the_one(&db, at).await;
        let failed_at = at;
        let fate = db.act(|mut tx| async move { fail(&mut tx, job, "no answer", failed_at).await }).await;
        let Ok(Fate::Again(again)) = fate else { panic!("{fate:?}") };
        let waited_ms = again.duration_since(at).as_millis();
        assert!(
            (expected * 750..=expected * 1250).contains(&waited_ms),
            "{waited_ms} ms, not {expected} s ± ¼"
        );
        assert_eq!(claimed(&db, again - SignedDuration::from_millis(1)).await, []);
        assert_eq!(line(&db, id).await.last_error.as_deref(), Some("no answer"));
        at = again;
    }
    let job = &the_one(&db, at).await;
    let fate = db.act(|mut tx| async move { fail(&mut tx, job, &"đ\0".repeat(5000), at).await }).await;
    assert_eq!(fate.expect("held"), Fate::Dead);
    let dead = line(&db, id).await;
    assert_eq!((dead.state, dead.attempts), (State::Dead, 4));
    assert_eq!(dead.last_error.map(|error| error.chars().count()), Some(2000));
    assert_eq!(claimed(&db, after(1_000_000)).await, []);

    assert!(db.act(|mut tx| async move { retry(&mut tx, id, at).await }).await.expect("by hand"));
    assert_eq!(the_one(&db, at).await.attempt, 1);
    assert!(!db.act(|mut tx| async move { retry(&mut tx, id, at).await }).await.expect("it runs"));
}

async fn a_job_that_kills_its_workers_dies_too(db: Scratch) {
    let id = db
        .act(|mut tx| async move {
            push(&mut tx, &NewJob { max_attempts: 2, ..NewJob::new("a", &Value::Null, now()) }, now()).await
        })
        .await
        .expect("pushed")
        .expect("new");
    the_one(&db, now()).await;
    the_one(&db, after(60)).await;
    assert_eq!(claimed(&db, after(120)).await, []);
    let dead = line(&db, id).await;
    assert_eq!(dead.state, State::Dead);
    assert!(dead.last_error.is_some());
}

async fn a_job_handed_back_is_free_at_once(db: Scratch) {
    pushed(&db, "a", None).await;
    let job = &the_one(&db, now()).await;
    db.act(|mut tx| async move { hand_back(&mut tx, job, now()).await }).await.expect("held");
    assert_eq!(the_one(&db, now()).await.attempt, 1, "the try did not count");
}

async fn the_admin_page_sees_lines_and_counts(db: Scratch) {
    let dead = pushed(&db, "a", None).await.expect("new");
    let job = &the_one(&db, now()).await;
    db.act(|mut tx| async move { give_up(&mut tx, job, "of no use", after(1)).await }).await.expect("held");
    for _ in 0..3 {
        pushed(&db, "b", None).await;
    }
    let mut reader = db.read().await.expect("a snapshot");
    let lines = lines::lines_in(&mut reader, State::Waiting, 2, 0).await.expect("read");
    let rest = lines::lines_in(&mut reader, State::Waiting, 2, 2).await.expect("read");
    assert_eq!((lines.len(), rest.len()), (2, 1));
    let dead_lines = lines::lines_in(&mut reader, State::Dead, 10, 0).await.expect("read");
    assert_eq!(dead_lines.len(), 1);
    assert_eq!((dead_lines[0].id, dead_lines[0].last_error.as_deref()), (dead, Some("of no use")));
    let counts = lines::counts(&mut reader).await.expect("read");
    let counts: Vec<(&str, State, u64)> =
        counts.iter().map(|count| (count.kind.as_str(), count.state, count.n_jobs)).collect();
    assert_eq!(counts, [("a", State::Dead, 1), ("b", State::Waiting, 3)]);
    assert_eq!(lines::n_due(&mut reader, now()).await.expect("read"), 3);
    assert_eq!(lines::n_due(&mut reader, after(-1)).await.expect("read"), 0);
}

async fn done_jobs_are_forgotten_and_free_their_keys(db: Scratch) {
    pushed(&db, "a", Some("daily")).await;
    let job = &the_one(&db, now()).await;
    db.act(|mut tx| async move { complete(&mut tx, job, after(1)).await }).await.expect("held");
    let forget = async |before: Timestamp| {
        db.act(|mut tx| async move { forget_done(&mut tx, before, 100).await }).await.expect("done")
    };
    assert_eq!(forget(after(1)).await, 0);
    assert_eq!(forget(after(2)).await, 1);
    assert!(pushed(&db, "a", Some("daily")).await.is_some());
}

async fn an_instant_out_of_range_is_corrupt(db: Scratch) {
    let id = pushed(&db, "a", None).await.expect("new");
    db.act(|mut tx| async move {
        crate::engine::execute!(
            &mut tx,
            "test.spoil",
            "update job set run_after = $1 where id = $2",
            i64::MAX,
            id
        )
    })
    .await
    .expect("spoilt");
    let mut reader = db.read().await.expect("a snapshot");
    let read = lines::find(&mut reader, id).await;
    assert!(
        matches!(&read, Err(Error::Corrupt { table: "job", column, row }) if column == "run_after" && *row == id.to_string()),
        "{read:?}"
    );
    assert_eq!(time::to_micros(now()), 1_795_246_200_000_000);
}

on_both!(
    a_job_is_pushed_with_its_act_or_not_at_all,
    a_second_push_with_the_same_key_does_nothing,
    a_job_goes_to_one_worker_in_order_of_time,
    many_workers_share_the_jobs,
    who_lost_the_lease_changes_nothing,
    a_renewed_lease_is_not_taken_over,
    a_failed_job_waits_longer_each_time_and_dies,
    a_job_that_kills_its_workers_dies_too,
    a_job_handed_back_is_free_at_once,
    the_admin_page_sees_lines_and_counts,
    done_jobs_are_forgotten_and_free_their_keys,
    an_instant_out_of_range_is_corrupt,
);
