//! The loader writes what the acts write; and the bench at some hundred dossiers says everything it
//! promises, with a bound that did the same work.

use super::filling::{Spread, all, models};
use super::house::{House, TODAY};
use super::people::person;
use super::{Plan, measure, report};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use store::bench::{Batch, Ground, Loader, Maker, Names, dump, files_in};
use store::testing::Scratch;
use store::{Config, Db};

const SPREAD: Spread = Spread { n_communes: 1, n_days: 1 };

type Dump = BTreeMap<String, Vec<Value>>;

/// What is in `after` and not in `before`, by table.
fn news(before: &Dump, after: &Dump) -> Dump {
    let new = |(table, rows): (&String, &Vec<Value>)| {
        let known: BTreeSet<String> =
            before.get(table).into_iter().flatten().map(ToString::to_string).collect();
        let new = rows.iter().filter(|row| !known.contains(&row.to_string())).cloned().collect();
        (table.clone(), new)
    };
    after.iter().map(new).collect()
}

fn text<'v>(row: &'v Value, column: &str) -> &'v str {
    row[column].as_str().unwrap_or_default()
}

/// The names a life gave on a database, in the order the loader wants them.
fn names(lived: &Dump, person: store::bench::Person) -> Names {
    let mut ids = Vec::new();
    for table in ["party", "dossier", "folder", "consultation", "result", "entry"] {
        let mut of_table: Vec<uuid::Uuid> =
            lived[table].iter().map(|row| text(row, "id").parse().expect("an id")).collect();
        of_table.sort_unstable();
        ids.extend(of_table);
    }
    let mut events = lived["event"].clone();
    events.sort_by_key(|row| (text(row, "subject").to_owned(), row["number"].as_i64()));
    let mut salts = Vec::new();
    let mut files: Vec<String> = Vec::new();
    for event in &events {
        ids.push(text(event, "id").parse().expect("an id"));
        let salt = hex::decode(text(event, "salt").trim_start_matches("\\x")).expect("a salt");
        salts.push(salt.try_into().expect("16 bytes"));
        for file in files_in(text(event, "body")) {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    let n_bytes = lived["result"].first().and_then(|result| {
        // One engine gives the column as JSON, the other as the text of it.
        let body = &result["body"];
        let read = body.as_str().map(|text| serde_json::from_str(text).expect("it is JSON"));
        read.as_ref().unwrap_or(body).pointer("/pdf/bytes").and_then(Value::as_u64)
    });
    Names { person, ids, salts, files, n_bytes }
}

/// The rows of a table in an order of their own. Where an event waits to be sealed is given by the engine.
fn sorted(table: &str, rows: &[Value]) -> Vec<String> {
    let mut rows: Vec<Value> = rows.to_vec();
    if table == "event_unsealed" {
        for row in &mut rows {
            row.as_object_mut().expect("a row").remove("place");
        }
    }
    let mut rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
    rows.sort_unstable();
    rows
}

/// Every story is lived by the acts on one database, and written by the loader on another with the same
/// ids, salts and files: there is no difference in any row of any table.
async fn the_loader_writes_what_the_acts_write(db: Scratch) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let house = House::shipped().expect("the shipped house");
    let models = models(&house, folder.path(), SPREAD).await.expect("every story can be lived");

    house.furnish(&db).await.expect("furnished");
    house.give_keys(&db).await.expect("keys");
    let office = House::office(Db::clone(&db), TODAY.parse().expect("an instant")).expect("an office");
    let ground = ground(&db.config, folder.path()).await;
    let other = Db::open(ground.config()).await.expect("opened");
    house.furnish(&other).await.expect("furnished");
    house.give_keys(&other).await.expect("keys");
    other.close().await;

    let mut maker = Maker::new(db.engine());
    let mut loader = Loader::open(ground.config()).await.expect("a loader");
    let mut batch = Batch::default();
    let mut before = dump(&db).await.expect("dumped");
    for (at, (told, model)) in all(&house, SPREAD).expect("stories").into_iter().zip(&models).enumerate() {
        let person = person(at);
        told.live(&office, &house, &person).await.expect("lived");
        let after = dump(&db).await.expect("dumped");
        maker.add(&mut batch, &model.life, &names(&news(&before, &after), person));
        before = after;
    }
    loader.write(&batch).await.expect("written");
    loader.finish(&maker, &models[0].life).await.expect("finished");

    let other = Db::open(ground.config()).await.expect("opened");
    let loaded = dump(&other).await.expect("dumped");
    assert_eq!(loaded.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    for table in ["dossier", "event", "entry", "consultation", "search_words", "dossier_ordinal"] {
        assert!(!before[table].is_empty(), "the acts wrote into `{table}`");
    }
    for (table, rows) in &before {
        let (acts, loader) = (sorted(table, rows), sorted(table, &loaded[table]));
        let lacking: Vec<&String> = acts.iter().filter(|row| loader.binary_search(row).is_err()).collect();
        let strange: Vec<&String> = loader.iter().filter(|row| acts.binary_search(row).is_err()).collect();
        assert!(
            lacking.is_empty() && strange.is_empty(),
            "`{table}`: the acts wrote\n{lacking:#?}\nand the loader\n{strange:#?}"
        );
        assert_eq!(acts.len(), loader.len(), "rows of `{table}`");
    }
    let mut reader = other.read().await.expect("a snapshot");
    for dossier in &loaded["dossier"] {
        let id = rules::id::DossierId(text(dossier, "id").parse().expect("an id"));
        let broken = store::event::check_chain(&mut reader, rules::event::Subject::Dossier(id)).await;
        assert_eq!(broken.expect("read"), None, "the chain holds");
    }
    drop(reader);
    other.close().await;
}

async fn ground(config: &Config, folder: &std::path::Path) -> Ground {
    match config {
        Config::Sqlite { .. } => Ground::sqlite(folder).expect("a folder"),
        Config::Postgres { url, .. } => Ground::postgres(url).await.expect("a database"),
    }
}

async fn the_bench_tells_everything_and_the_bound_did_the_same_work(db: Scratch) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let house = Arc::new(House::shipped().expect("the shipped house"));
    let models = models(&house, folder.path(), SPREAD).await.expect("every story can be lived");
    let plan = Plan {
        n_dossiers: 2_000,
        n_acts: 100,
        n_officers: 4,
        n_readings: 5,
        spread: SPREAD,
        sealing: Duration::from_millis(100),
    };
    let ground = ground(&db.config, folder.path()).await;
    let measured =
        measure(&house, &Arc::new(models), plan, ground, db.engine()).await.expect("it runs to the end");

    let (said, bound) = (measured.said, measured.bound);
    assert_eq!(said.n_acts, measured.acts.n());
    let bound = (bound.n_acts, bound.n_commits, bound.n_statements, bound.n_rows);
    assert_eq!(bound, (said.n_acts, said.n_commits, said.n_statements, said.n_rows));
    assert!(said.n_statements > 5 * said.n_acts as u64, "{said:?}");

    let told = report::of(&measured);
    for line in [
        "lập hồ sơ",
        "tiếp nhận",
        "nhận việc",
        "xong bước",
        "yêu cầu bổ sung",
        "nhận bổ sung",
        "tạm dừng",
        "tiếp tục",
        "gia hạn",
        "rút hồ sơ",
        "tất cả",
        "mở hồ sơ",
        "danh sách việc",
        "tìm theo mã",
        "tìm theo tên",
        "tìm hai chữ",
        "trang hồ sơ",
        "trang việc",
        "trang tìm theo mã",
        "trang tìm theo tên",
        "trang ký",
        "trang tổng quan",
        "nạp tới 200 hồ sơ",
        "nạp tới 2000 hồ sơ",
        "đạt ",
        "vòng canh",
    ] {
        assert!(told.contains(line), "`{line}` is missing:\n{told}");
    }
    assert!(!told.contains("–"), "nothing is left unmeasured:\n{told}");
}

store::on_both!(
    the_loader_writes_what_the_acts_write,
    the_bench_tells_everything_and_the_bound_did_the_same_work,
);
