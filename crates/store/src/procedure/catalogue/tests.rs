//! What the catalogue lists, and what the savings of a draft keep.

use super::{DraftLine, RevisionDays, drafts, open_dossiers, revision_days};
use crate::on_both;
use crate::procedure::publishing::{Draft, publish, retire, save_draft};
use crate::procedure::savings::{self, Saving};
use crate::sample::{Office, after, now, office, procedure};
use crate::testing::Scratch;
use jiff::civil::date;
use rules::code::ProcedureCode;
use rules::dossier::{Dossier, State};
use rules::procedure::Procedure;
use std::collections::BTreeMap;

fn code() -> ProcedureCode {
    "1.000656".parse().expect("a code")
}

fn revision(n: u32, from: &str) -> Procedure {
    procedure("1.000656", n, "Đăng ký khai tử", (from, None))
}

async fn published(db: &Scratch, office: &Office, procedure: &Procedure) {
    let by = office.specialist;
    db.act(|mut tx| async move { publish(&mut tx, procedure, None, by, now()).await })
        .await
        .expect("published");
}

async fn every_revision_is_listed_with_its_last_day(db: Scratch) {
    let office = office(&db).await;
    let second = revision(2, "2026-01-01");
    published(&db, &office, &second).await;
    let (by, retired) = (office.counter, &second);
    db.act(|mut tx| async move { retire(&mut tx, retired, date(2026, 9, 30), "9/QĐ", by, now()).await })
        .await
        .expect("retired");
    published(&db, &office, &revision(3, "2027-01-01")).await;
    let days = revision_days(&mut db.read().await.expect("a snapshot")).await.expect("read");
    let line = |n, from: &Procedure, last_day| RevisionDays {
        code: "1.000656".to_owned(),
        revision: n,
        name: "Đăng ký khai tử".to_owned(),
        field: from.field.clone(),
        valid_from: from.valid_from,
        last_day,
    };
    let end = Some(date(2026, 9, 30));
    let expected = [
        line(1, &revision(1, "2025-07-01"), end),
        line(2, &second, end),
        line(3, &revision(3, "2027-01-01"), None),
    ];
    assert_eq!(days, expected);
}

async fn a_draft_is_listed_while_it_is_one_and_its_savings_stay(db: Scratch) {
    let office = office(&db).await;
    let by = office.counter;
    let bodies = [Some(revision(2, "2026-01-01")), Some(revision(2, "2026-02-01")), None];
    for (seen, procedure) in (0..).zip(bodies) {
        let draft = &Draft { version: seen, procedure };
        db.act(|mut tx| async move { save_draft(&mut tx, &code(), draft, by, after(seen)).await })
            .await
            .expect("saved");
        let listed = drafts(&mut db.read().await.expect("a snapshot")).await.expect("read");
        let expected = draft.procedure.as_ref().map(|procedure| DraftLine {
            code: "1.000656".to_owned(),
            name: procedure.name.clone(),
            field: procedure.field.clone(),
            by: listed.first().map(|line| line.by.clone()).unwrap_or_default(),
            at: after(seen),
        });
        assert_eq!(listed, Vec::from_iter(expected), "after saving {}", seen + 1);
    }
    let mut reader = db.read().await.expect("a snapshot");
    let kept = savings::lines_of(&mut reader, &code(), 10).await.expect("read");
    let told: Vec<(i64, jiff::Timestamp)> =
        kept.iter().map(|Saving { version, at, .. }| (*version, *at)).collect();
    assert_eq!(told, [(2, after(1)), (1, after(0))], "the publication itself is no draft");
    assert!(kept.iter().all(|saving| !saving.by.is_empty()));
    let first = savings::find_saving(&mut reader, &code(), 1).await.expect("read");
    assert_eq!(first, Some(revision(2, "2026-01-01")));
    assert_eq!(savings::find_saving(&mut reader, &code(), 3).await.expect("read"), None);
    assert_eq!(savings::lines_of(&mut reader, &code(), 1).await.expect("read").len(), 1);
}

async fn open_dossiers_are_counted_by_revision(db: Scratch) {
    let office = office(&db).await;
    published(&db, &office, &revision(2, "2026-01-01")).await;
    let received = State::Received { step: "tham-dinh".into() };
    for (n, revision, state) in [
        (0, 1, Some(received.clone())),
        (1, 2, Some(received.clone())),
        (2, 2, Some(received)),
        // Still being made at the counter: it may yet be begun anew.
        (3, 2, None),
    ] {
        let dossier = Dossier { revision, ..office.intake(after(n)) };
        office.put(&db, &dossier).await;
        if let Some(state) = state {
            office.save(&db, &Dossier { state, ..dossier }).await.expect("saved");
        }
    }
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(open_dossiers(&mut reader, &code()).await.expect("read"), BTreeMap::from([(1, 1), (2, 2)]));
    let other = "1.000894".parse().expect("a code");
    assert!(open_dossiers(&mut reader, &other).await.expect("read").is_empty());
}

on_both!(
    every_revision_is_listed_with_its_last_day,
    a_draft_is_listed_while_it_is_one_and_its_savings_stay,
    open_dossiers_are_counted_by_revision,
);
