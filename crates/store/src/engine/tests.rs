//! Acts, snapshots and statements on both engines.

use super::{Db, Engine, execute, fetch_all, fetch_one, fetch_optional, statement};
use crate::testing::{Scratch, scratch};
use crate::{Error, Reader, Tx, idempotency, on_both, time};
use futures::future::join_all;
use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::types::Json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

fn now() -> Timestamp {
    "2026-11-21T07:30:00Z".parse().expect("a valid instant")
}

/// Writes one row: the stand-in for whatever an act writes.
async fn note(tx: &mut Tx, key: &str, actor: Uuid) -> Result<(), Error> {
    let key = idempotency::Key { key, actor, route: "test" };
    idempotency::save(tx, key, &json!({ "n": 1 }), now()).await
}

async fn n_notes(reader: &mut Reader, actor: Uuid) -> Result<i64, Error> {
    let sql_row: (i64,) =
        fetch_one!(reader, "test.n_notes", "select count(*) from idempotency where actor = $1", actor)?;
    Ok(sql_row.0)
}

async fn every_statement_prepares(db: Scratch) {
    let n_statements = statement::all().len();
    assert!(n_statements > 30, "the list holds the statements of the whole crate, not {n_statements}");
    assert_eq!(db.statements_refused().await.expect("asked"), []);
}

#[test]
fn statements_have_names_of_their_own() {
    let names: Vec<&str> = statement::all().iter().map(|statement| statement.name).collect();
    for pair in names.windows(2) {
        assert_ne!(pair[0], pair[1], "two statements have one name");
    }
    for name in names {
        let shaped = name.split_once('.').is_some_and(|(noun, verb)| {
            [noun, verb].iter().all(|part| {
                !part.is_empty()
                    && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            })
        });
        assert!(shaped, "`{name}` is not `noun.verb`");
    }
}

async fn values_come_back_as_they_went(db: Scratch) {
    type Row = (Uuid, bool, i64, String, Vec<u8>, Json<Value>, Option<Uuid>, Option<i64>, Option<String>);
    let (id, body) = (Uuid::new_v4(), json!({ "tên": "Nguyễn Thị Đào", "n": [1, 2, null] }));
    let sent = &body;
    let row: Row = db
        .act(|mut tx| async move {
            execute!(
                &mut tx,
                "test.make_table",
                sqlite: "create table v (a blob, b integer, c integer, d text, e blob, f text, g blob, h integer, i text) strict",
                postgres: "create table v (a uuid, b boolean, c bigint, d text, e bytea, f jsonb, g uuid, h bigint, i text)",
            )?;
            // Statements are prepared against the schema, which has no such table: named apart.
            let row = unlisted_round_trip(&mut tx, id, sent).await;
            Ok::<_, Error>(row)
        })
        .await
        .expect("the act is done");
    assert_eq!(row, (id, true, i64::MIN, "Đ".to_owned(), vec![0, 255], Json(body), None, None, None));
}

async fn unlisted_round_trip<R>(tx: &mut Tx, id: Uuid, body: &Value) -> R
where
    R: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
        + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
        + Send
        + Unpin,
{
    macro_rules! round_trip {
        ($link:expr) => {{
            sqlx::query("insert into v values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
                .bind(id)
                .bind(true)
                .bind(i64::MIN)
                .bind("Đ")
                .bind(vec![0_u8, 255])
                .bind(Json(body))
                .bind(None::<Uuid>)
                .bind(None::<i64>)
                .bind(None::<String>)
                .execute(&mut **$link)
                .await
                .expect("every type can be bound");
            sqlx::query_as("select * from v").fetch_one(&mut **$link).await.expect("every type can be read")
        }};
    }
    match &mut tx.link {
        super::Link::Sqlite(link) => round_trip!(link),
        super::Link::Postgres(link) => round_trip!(link),
    }
}

async fn lists_serve_for_in(db: Scratch) {
    let (a, b, c) = (Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4());
    for (key, actor) in [("một", a), ("hai", b), ("ba", c)] {
        db.act(|mut tx| async move { note(&mut tx, key, actor).await }).await.expect("noted");
    }
    let mut reader = db.read().await.expect("a snapshot");
    let rows: Vec<(String,)> = fetch_all!(
        &mut reader,
        "test.lists",
        "select key from idempotency where actor in IDS($1) and key in TEXTS($2) order by key",
        Json([a, b]),
        Json(["một", "ba"]),
    )
    .expect("the list is taken");
    assert_eq!(rows, [("một".to_owned(),)]);
}

/// Two hundred officers press at once; one act fails and is undone alone.
async fn a_failing_act_is_undone_alone(db: Scratch) {
    let actor = Uuid::new_v4();
    let acts = (0..200).map(|i| {
        let db = Db::clone(&db);
        tokio::spawn(async move {
            let key = &format!("act-{i}");
            db.act(|mut tx| async move {
                note(&mut tx, key, actor).await?;
                if i == 77 {
                    return Err(Error::Stale { table: "test", row: key.clone() });
                }
                Ok(())
            })
            .await
        })
    });
    for (i, done) in join_all(acts).await.into_iter().enumerate() {
        let done = done.expect("no act panics");
        assert_eq!(done.is_err(), i == 77, "act {i}: {done:?}");
    }
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(n_notes(&mut reader, actor).await.expect("counted"), 199);
    let key = idempotency::Key { key: "act-77", actor, route: "test" };
    assert_eq!(idempotency::find(&mut reader, key).await.expect("read"), None);
}

/// An act may borrow, may be spawned, and may be wrapped by the crates above.
async fn acts_borrow_and_travel(db: Scratch) {
    async fn office_act<T, F>(db: &Db, run: impl Fn(Tx, Timestamp) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        db.act(|tx| run(tx, now())).await
    }
    let shared = Db::clone(&db);
    let done = tokio::spawn(async move {
        let (key, actor) = (&String::from("borrowed"), Uuid::new_v4());
        office_act(&shared, |mut tx, _now| async move {
            note(&mut tx, key, actor).await?;
            n_notes(&mut tx, actor).await
        })
        .await
    });
    assert_eq!(done.await.expect("no panic").expect("done"), 1);
}

async fn an_act_left_in_the_middle_is_undone(db: Scratch) {
    let actor = Uuid::new_v4();
    let left = db.act(|mut tx| async move {
        note(&mut tx, "left", actor).await?;
        std::future::pending::<Result<(), Error>>().await
    });
    tokio::time::timeout(std::time::Duration::from_millis(200), left).await.expect_err("it never ends");
    let shared = Db::clone(&db);
    let panicked = tokio::spawn(async move {
        shared
            .act(|mut tx| async move {
                note(&mut tx, "panicked", actor).await?;
                assert_ne!(actor.get_version_num(), 4, "as a bug would");
                Ok::<_, Error>(())
            })
            .await
    });
    panicked.await.expect_err("the panic reaches the caller alone");
    db.act(|mut tx| async move { note(&mut tx, "after", actor).await }).await.expect("the pen has come back");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(n_notes(&mut reader, actor).await.expect("counted"), 1);
}

/// Ten are allowed. Each act counts before it adds; none may count what another is adding.
async fn what_an_act_has_read_does_not_change_under_it(db: Scratch) {
    let actor = Uuid::new_v4();
    let runs = Arc::new(AtomicU32::new(0));
    let acts = (0..30).map(|i| {
        let (db, runs) = (Db::clone(&db), Arc::clone(&runs));
        tokio::spawn(async move {
            let runs = &runs;
            db.act(|mut tx| async move {
                runs.fetch_add(1, Ordering::Relaxed);
                let n = n_notes(&mut tx, actor).await?;
                if n < 10 {
                    note(&mut tx, &format!("place-{i}"), actor).await?;
                }
                Ok::<_, Error>(n < 10)
            })
            .await
        })
    });
    let done: Vec<bool> = join_all(acts)
        .await
        .into_iter()
        .map(|act| act.expect("no panic").expect("every act gets its turn"))
        .collect();
    assert_eq!(done.iter().filter(|got| **got).count(), 10);
    assert!(runs.load(Ordering::Relaxed) >= 30);
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(n_notes(&mut reader, actor).await.expect("counted"), 10);
}

async fn the_constraint_that_refused_is_named(db: Scratch) {
    let actor = Uuid::new_v4();
    db.act(|mut tx| async move { note(&mut tx, "twice", actor).await }).await.expect("the first");
    let error =
        db.act(|mut tx| async move { note(&mut tx, "twice", actor).await }).await.expect_err("the second");
    assert!(matches!(&error, Error::Taken(name) if name == "idempotency_pkey"), "{error:?}");

    let error = db
        .act(|mut tx| async move {
            for id in [Uuid::new_v4(), Uuid::new_v4()] {
                execute!(
                    &mut tx,
                    "test.same_subject",
                    "insert into search_entry (n, kind, subject) values ($1, 'test', $2)",
                    i64::from(id.as_bytes()[0]) * 256 + i64::from(id.as_bytes()[1]),
                    actor,
                )?;
            }
            Ok::<_, Error>(())
        })
        .await
        .expect_err("one entry a subject");
    assert!(matches!(&error, Error::Taken(name) if name == "search_entry_kind_subject_key"), "{error:?}");
}

async fn a_snapshot_stays_as_it_was(db: Scratch) {
    let actor = Uuid::new_v4();
    let mut early = db.read().await.expect("a snapshot");
    assert_eq!(n_notes(&mut early, actor).await.expect("counted"), 0);
    db.act(|mut tx| async move { note(&mut tx, "later", actor).await }).await.expect("noted");
    assert_eq!(n_notes(&mut early, actor).await.expect("counted"), 0);
    let mut late = db.read().await.expect("a snapshot");
    assert_eq!(n_notes(&mut late, actor).await.expect("counted"), 1);
}

async fn a_snapshot_cannot_write(db: Scratch) {
    let mut reader = db.read().await.expect("a snapshot");
    let wrote: Result<Option<(i64,)>, Error> = fetch_optional!(
        &mut reader,
        "test.write_by_reading",
        "insert into search_entry (n, kind, subject) values (1, 'test', $1) returning n",
        Uuid::new_v4(),
    );
    assert!(matches!(wrote, Err(Error::Db { statement: "test.write_by_reading", .. })), "{wrote:?}");
}

async fn a_row_that_cannot_be_read_is_named(db: Scratch) {
    let mut reader = db.read().await.expect("a snapshot");
    let read: Result<(i64,), Error> = fetch_one!(&mut reader, "test.not_a_number", "select 'abc'");
    assert!(matches!(&read, Err(Error::Corrupt { table: "test.not_a_number", .. })), "{read:?}");
}

async fn answers_are_kept_and_forgotten(db: Scratch) {
    let actor = Uuid::new_v4();
    let key = idempotency::Key { key: "k", actor, route: "test" };
    db.act(|mut tx| async move { idempotency::save(&mut tx, key, &json!({"code": "H56"}), now()).await })
        .await
        .expect("kept");
    let mut reader = db.read().await.expect("a snapshot");
    let found = idempotency::find(&mut reader, key).await.expect("read");
    assert_eq!(found, Some(json!({"code": "H56"})));
    let other = idempotency::Key { actor: Uuid::new_v4(), ..key };
    assert_eq!(idempotency::find(&mut reader, other).await.expect("read"), None, "another's key is not mine");
    drop(reader);
    let forgotten =
        db.act(|mut tx| async move { idempotency::forget(&mut tx, now()).await }).await.expect("done");
    assert_eq!(forgotten, 0);
    let later = time::from_micros(time::to_micros(now()) + 1).expect("in range");
    let forgotten =
        db.act(|mut tx| async move { idempotency::forget(&mut tx, later).await }).await.expect("done");
    assert_eq!(forgotten, 1);
}

/// What was done before stays done; after it nothing is taken any more.
async fn a_closed_database_takes_nothing_and_keeps_everything(db: Scratch) {
    let actor = Uuid::new_v4();
    db.act(|mut tx| async move { note(&mut tx, "một", actor).await }).await.expect("noted");
    db.close().await;
    db.read().await.expect_err("closed");
    db.act(|mut tx| async move { note(&mut tx, "hai", actor).await }).await.expect_err("closed");
    let again = Db::open(&db.config).await.expect("opened again");
    let mut reader = again.read().await.expect("a snapshot");
    assert_eq!(n_notes(&mut reader, actor).await.expect("counted"), 1);
}

on_both!(
    every_statement_prepares,
    values_come_back_as_they_went,
    lists_serve_for_in,
    a_failing_act_is_undone_alone,
    acts_borrow_and_travel,
    an_act_left_in_the_middle_is_undone,
    what_an_act_has_read_does_not_change_under_it,
    the_constraint_that_refused_is_named,
    a_snapshot_stays_as_it_was,
    a_snapshot_cannot_write,
    a_row_that_cannot_be_read_is_named,
    answers_are_kept_and_forgotten,
    a_closed_database_takes_nothing_and_keeps_everything,
);

/// When the common commit fails, each member is tried alone and learns its own fate. A deferred
/// foreign key makes a commit fail without any statement failing.
#[tokio::test]
async fn a_failed_common_commit_is_retried_one_by_one() {
    let db = scratch(Engine::Sqlite).await;
    let Db::Sqlite(sqlite) = &*db else { unreachable!("asked for SQLite") };
    sqlx::raw_sql(
        "create table parent (id integer primary key) strict;
         create table child (id integer primary key,
                             parent integer references parent (id) deferrable initially deferred) strict;",
    )
    .execute(&sqlite.write)
    .await
    .expect("two tables");
    let acts = (0..50_i64).map(|i| {
        let db = Db::clone(&db);
        tokio::spawn(async move {
            db.act(|mut tx| async move {
                let parent = if i == 25 { Some(999_i64) } else { None };
                let super::Link::Sqlite(link) = &mut tx.link else { unreachable!("asked for SQLite") };
                sqlx::query("insert into child (id, parent) values ($1, $2)")
                    .bind(i)
                    .bind(parent)
                    .execute(&mut **link)
                    .await
                    .map_err(|e| Error::engine("test.child", e))
            })
            .await
        })
    });
    for (i, done) in join_all(acts).await.into_iter().enumerate() {
        let done = done.expect("no act panics");
        assert_eq!(done.is_ok(), i != 25, "act {i}: {done:?}");
    }
    let (n,): (i64,) =
        sqlx::query_as("select count(*) from child").fetch_one(&sqlite.write).await.expect("counted");
    assert_eq!(n, 49);
}

#[cfg(unix)]
#[tokio::test]
async fn the_database_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let db = scratch(Engine::Sqlite).await;
    let super::Config::Sqlite { path, .. } = &db.config else { unreachable!("asked for SQLite") };
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{}{suffix}", path.display());
        let mode = std::fs::metadata(&file).expect("the files of a database in use").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_configuration_does_not_print_its_password() {
    let printed = format!("{:?}", super::Config::postgres("postgres://motcua:hunter2@db/motcua"));
    assert!(!printed.contains("hunter2"), "{printed}");
}

/// Statements that walk a whole table or index on purpose. Every other one finds its rows.
const WALKS: &[&str] = &[
    // Reads only the index of open dossiers, once a round of the watch.
    "alarm.charges",
    // Reads only the index of alarms that are not ended.
    "alarm.perhaps_over",
    // A handful of changes in ten years.
    "audit.key_changes",
    // Reads the one row at the end of its index.
    "audit.last",
    // What it walks are the rows it has found.
    "audit.place",
    // What waits there is what was written since the last checkpoint, read as far as a limit.
    "audit.waiting",
    "audit.waiting_but_gone",
    // A handful of decisions in a year.
    "calendar.all_in_force",
    "calendar.edition",
    "event.count",
    // What they walk is a page of each part; the events are found by an index.
    "event.trail_by_officer",
    "event.trail_of_agencies",
    "event.trail_of_kinds",
    // A choice of agencies: a province has some hundreds of units.
    "folder.keeping_agencies",
    // Reads only the index of openings that nobody has reviewed yet.
    "glass.n_to_review",
    "glass.overdue",
    "glass.to_review",
    // Somebody looks over the accounts of the installation.
    "officer.all",
    "officer.count",
    "procedure.all_in_force",
    // The whole catalogue, for the one who keeps it.
    "procedure.drafts",
    "procedure.revision_days",
    "queue.counts",
    // What it walks is what one agency received in one year.
    "register.ordinals",
    // A handful of decisions in ten years.
    "reorganisation.all",
    "reorganisation.touched",
    // What it walks are the signatures it has found, counted as far as a limit.
    "signing_key.n_sealed_by",
    "signing_key.n_signed_by",
    // Reads only the index of keys whose certificates were not read yet.
    "signing_key.undescribed",
    // What it walks are the hits it has found.
    "unit.all",
    // What it walks are the units it has found.
    "unit.forebears",
    "unit.names",
    // Looks for rows that point nowhere; SQLite skips it where no foreign key is broken.
    "unit.put",
];

#[tokio::test]
async fn statements_find_their_rows_by_an_index() {
    let db = scratch(Engine::Sqlite).await;
    let Db::Sqlite(sqlite) = &*db else { unreachable!("asked for SQLite") };
    let mut walks = Vec::new();
    for statement in statement::all() {
        if statement.name.starts_with("test.") {
            continue;
        }
        let explain = sqlx::AssertSqlSafe(format!("explain query plan {}", statement.sqlite()));
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).fetch_all(&sqlite.write).await.expect("a plan");
        for (_, _, _, step) in plan {
            let walked = step.strip_prefix("SCAN ").is_some_and(|table| {
                !table.starts_with("json_each") && !table.contains("VIRTUAL TABLE") && table != "CONSTANT ROW"
            });
            if walked && walks.last() != Some(&statement.name) {
                walks.push(statement.name);
            }
        }
    }
    assert_eq!(walks, WALKS);
}

/// Behind the lists of agencies, kinds and people, each page of events is read along an index that ends
/// with the id, or along the few events of one dossier or person.
#[tokio::test]
async fn no_filter_of_the_audit_page_walks_the_events() {
    let db = scratch(Engine::Sqlite).await;
    let Db::Sqlite(sqlite) = &*db else { unreachable!("asked for SQLite") };
    let mut read = Vec::new();
    for statement in statement::all() {
        let Some(name) = statement.name.strip_prefix("event.trail_") else { continue };
        let explain = sqlx::AssertSqlSafe(format!("explain query plan {}", statement.sqlite()));
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).fetch_all(&sqlite.write).await.expect("a plan");
        for (_, _, _, step) in plan {
            assert!(!step.starts_with("SCAN event") && !step.starts_with("SCAN e "), "{name}: {step}");
            let by_index = step.strip_prefix("SEARCH event USING ").and_then(|by| by.split_once("INDEX "));
            read.extend(by_index.map(|(_, index)| format!("{name}: {index}")));
        }
    }
    assert_eq!(
        read,
        [
            "by_officer: event_actor_idx (actor=? AND id>? AND id<?)",
            "by_officer: event_on_behalf_of_idx (on_behalf_of=? AND id>? AND id<?)",
            "of_agencies: event_agency_idx (agency=? AND id>? AND id<?)",
            "of_kinds: event_kind_idx (agency=? AND kind=? AND id>? AND id<?)",
        ]
    );
}
