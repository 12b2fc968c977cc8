//! Revisions: never changed, in force on their days, found for lists in one reading.

use super::{add, all_in_force, component_names, find, in_force, of_lines};
use crate::engine::execute;
use crate::sample::{Office, after, now, office, procedure};
use crate::testing::Scratch;
use crate::{Db, dossier, on_both, scanning, time};
use jiff::civil::{Date, date};
use rules::dossier::{Dossier, State};
use rules::id::{DossierId, RecordId};
use rules::people::Scope;
use rules::procedure::Procedure;
use rules::scanning::{Record, RecordState, Source};

async fn added(db: &Db, procedure: &Procedure) -> u64 {
    db.act(|mut tx| async move { add(&mut tx, procedure).await }).await.expect("added")
}

async fn a_published_revision_never_changes(db: Scratch) {
    let first = procedure("1.000656", 1, "Đăng ký khai tử", ("2025-07-01", Some("2026-12-31")));
    assert_eq!(added(&db, &first).await, 1);
    let changed = Procedure { name: "Tên khác".into(), ..first.clone() };
    assert_eq!(added(&db, &changed).await, 0, "it is there already");
    let second = procedure("1.000656", 2, "Đăng ký khai tử", ("2026-07-01", None));
    assert_eq!(added(&db, &second).await, 1);
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(find(&mut reader, &first.code, 1).await.expect("read"), Some(first.clone().into()));
    assert_eq!(find(&mut reader, &first.code, 2).await.expect("read"), Some(second.into()));
    assert_eq!(find(&mut reader, &first.code, 3).await.expect("read"), None);
    let other = "1.000894".parse().expect("a sound code");
    assert_eq!(find(&mut reader, &other, 1).await.expect("read"), None);
}

/// Three revisions: 2 takes over from 1 before 1 ends, and 3 comes after a gap.
async fn the_latest_revision_of_the_day_is_in_force(db: Scratch) {
    let name = "Đăng ký khai tử";
    for (revision, from, to) in [
        (1, "2025-07-01", Some("2025-12-31")),
        (2, "2025-12-01", Some("2026-03-31")),
        (3, "2026-05-01", None),
    ] {
        added(&db, &procedure("1.000656", revision, name, (from, to))).await;
    }
    let code = "1.000656".parse().expect("a sound code");
    let mut reader = db.read().await.expect("a snapshot");
    let days: [(Date, Option<u32>); 9] = [
        (date(2025, 6, 30), None),
        (date(2025, 7, 1), Some(1)),
        (date(2025, 11, 30), Some(1)),
        (date(2025, 12, 1), Some(2)),
        (date(2026, 3, 31), Some(2)),
        (date(2026, 4, 1), None),
        (date(2026, 4, 30), None),
        (date(2026, 5, 1), Some(3)),
        (date(2999, 1, 1), Some(3)),
    ];
    for (day, revision) in days {
        let found = in_force(&mut reader, &code, day).await.expect("read");
        assert_eq!(found.map(|procedure| procedure.revision), revision, "on {day}");
        let all = all_in_force(&mut reader, day).await.expect("read");
        let all: Vec<u32> = all.into_iter().map(|procedure| procedure.revision).collect();
        assert_eq!(all, Vec::from_iter(revision), "on {day}");
    }
}

async fn the_catalogue_is_in_the_order_of_the_alphabet(db: Scratch) {
    let names = ["Âm lịch", "Đăng ký", "Dân số", "Ăn uống", "An sinh", "Chứng thực"];
    for (n, name) in names.into_iter().enumerate() {
        added(&db, &procedure(&format!("1.{n:06}"), 1, name, ("2025-07-01", None))).await;
    }
    let mut reader = db.read().await.expect("a snapshot");
    let all = all_in_force(&mut reader, date(2026, 11, 21)).await.expect("read");
    let all: Vec<&str> = all.iter().map(|procedure| procedure.name.as_str()).collect();
    assert_eq!(all, ["An sinh", "Ăn uống", "Âm lịch", "Chứng thực", "Dân số", "Đăng ký"]);
}

/// `n` received dossiers under each of two procedures, with a record each.
async fn busy(db: &Db, office: &Office, n: i64) {
    let second = procedure("1.000894", 4, "Đăng ký kết hôn", ("2025-07-01", None));
    added(db, &second).await;
    added(db, &Procedure { revision: 5, ..second.clone() }).await;
    for minute in 0..n {
        for (procedure, case) in [(&office.procedure, "thuong"), (&second, "muon")] {
            let dossier = Dossier {
                procedure: procedure.code.clone(),
                revision: procedure.revision,
                case: case.to_owned(),
                state: State::Received { step: "tham-dinh".into() },
                ..office.intake(after(minute))
            };
            office.put(db, &dossier).await;
            let record = &Record {
                id: RecordId(time::new_id(now())),
                version: 1,
                dossier: dossier.id,
                component: "to-khai".into(),
                owner: office.holder,
                scope: dossier.scope,
                digitiser: office.counter,
                source: Source::Pages { pages: Vec::new() },
                state: RecordState::Reading,
            };
            db.act(|mut tx| async move { scanning::add(&mut tx, record, now()).await }).await.expect("added");
        }
    }
}

async fn lists_find_their_revisions_and_names_in_few_readings(db: Scratch) {
    let office = office(&db).await;
    busy(&db, &office, 20).await;
    let scope = Scope::whole([office.commune]);
    let mut reader = db.read().await.expect("a snapshot");
    let lines = dossier::lines_waiting(&mut reader, &scope, 100).await.expect("read");
    assert_eq!(lines.len(), 40);
    let before = reader.n_statements();
    let revisions = of_lines(&mut reader, &lines).await.expect("read");
    let keys: Vec<(&str, u32)> = revisions.keys().map(|(code, n)| (code.as_str(), *n)).collect();
    assert_eq!(keys, [("1.000656", 1), ("1.000894", 4)], "only those the lines were opened under");
    assert_eq!(reader.n_statements() - before, 1);

    let records = scanning::lines_open(&mut reader, &scope, 100).await.expect("read");
    let before = reader.n_statements();
    let names = component_names(&mut reader, &records).await.expect("read");
    assert_eq!(reader.n_statements() - before, 2);
    for line in &records {
        let expected = if line.procedure_name == "Đăng ký kết hôn" {
            "Tờ khai đăng ký muộn"
        } else {
            "Tờ khai"
        };
        let key = (line.dossier, line.component.clone());
        assert_eq!(names[&key], expected, "the name in the case of its own dossier");
    }
    let other_case = (records[0].dossier, "giay-bao-tu".to_owned());
    assert_eq!(names[&other_case], "Giấy báo tử");
    assert!(of_lines(&mut reader, &[]).await.expect("read").is_empty());
    assert!(component_names(&mut reader, &[]).await.expect("read").is_empty());
    assert!(!names.contains_key(&(DossierId(time::new_id(now())), "to-khai".to_owned())));
}

async fn a_revision_that_does_not_open_is_named(db: Scratch) {
    let office = office(&db).await;
    db.act(
        |mut tx| async move { execute!(&mut tx, "test.spoil_procedure", "update procedure set body = '{}'") },
    )
    .await
    .expect("spoilt");
    let mut reader = db.read().await.expect("a snapshot");
    let error = find(&mut reader, &office.procedure.code, 1).await.expect_err("it does not open");
    assert_eq!(error.to_string(), "`body` of `1.000656/1` in `procedure` is corrupt");
}

on_both!(
    a_published_revision_never_changes,
    the_latest_revision_of_the_day_is_in_force,
    the_catalogue_is_in_the_order_of_the_alphabet,
    lists_find_their_revisions_and_names_in_few_readings,
    a_revision_that_does_not_open_is_named,
);
