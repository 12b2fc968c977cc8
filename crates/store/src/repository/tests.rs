//! Entries: filed once under their code, counted by it, superseded once, never deleted.

use super::{add, annul, by_ids, find, n_with_code, of_dossier, of_owner, stem, supersede};
use crate::engine::execute;
use crate::sample::{Office, after, now, office, party, sha256};
use crate::testing::Scratch;
use crate::{Db, Error, on_both, people, time};
use futures::future::join_all;
use jiff::civil::date;
use rules::id::{AgencyId, DossierId, EntryId, RecordId, ResultId};
use rules::people::{AgencyScope, Scope};
use rules::repository::{Entry, Origin};
use rules::scanning::{Blob, Fields};
use std::collections::BTreeSet;
use uuid::Uuid;

fn entry(office: &Office, dossier: DossierId, code: &str) -> Entry {
    Entry {
        id: EntryId(time::new_id(now())),
        owner: office.holder,
        origin: Origin::Record { record: RecordId(time::new_id(now())) },
        dossier,
        scope: AgencyScope {
            receiving: office.commune,
            competent: office.province,
            holding: office.elsewhere,
        },
        code: code.to_owned(),
        paper_type: "TKKT".to_owned(),
        title: "Tờ khai “khai tử”".to_owned(),
        pdf: Blob { sha256: sha256('d'), bytes: 5_000_000_000 },
        fields: Fields {
            paper_type: "TKKT".into(),
            owner_number: "001090000001".parse().expect("a sound number"),
            owner_name: "Nguyễn Văn Ân".into(),
            number: Some("12/TLKT".into()),
            issued_on: Some(date(2024, 2, 29)),
            issuer: Some("UBND xã".into()),
            summary: "Trích lục".into(),
            valid_to: Some(date(2030, 1, 1)),
            scope: "Toàn quốc".into(),
        },
        filed_at: now(),
        superseded_by: None,
        annulled_on: None,
    }
}

async fn filed(db: &Db, entry: &Entry) -> Result<(), Error> {
    db.act(|mut tx| async move { add(&mut tx, entry).await }).await
}

async fn an_entry_comes_back_as_it_was_filed(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let full = entry(&office, dossier, "001090000001.1.000656.TKKT.01");
    let mut bare = entry(&office, dossier, "001090000001.TLKT.12/TLKT");
    bare.origin = Origin::Result { result: ResultId(time::new_id(now())) };
    bare.superseded_by = Some(full.id);
    bare.pdf.bytes = 0;
    bare.fields = Fields { number: None, issued_on: None, issuer: None, valid_to: None, ..bare.fields };
    for entry in [&full, &bare] {
        filed(&db, entry).await.expect("filed");
        let mut reader = db.read().await.expect("a snapshot");
        assert_eq!(find(&mut reader, entry.id).await.expect("read").as_ref(), Some(entry));
    }
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(find(&mut reader, EntryId(Uuid::new_v4())).await.expect("read"), None);
    let twin = Entry { id: EntryId(Uuid::new_v4()), ..full };
    let error = filed(&db, &twin).await.expect_err("its code is given");
    assert!(matches!(&error, Error::Taken(name) if name == "entry_code_key"), "{error}");
}

/// An entry keeps the agencies that made it, and the procedure of its dossier.
async fn papers_are_seen_within_the_limits_of_a_scope(db: Scratch) {
    use crate::people::reading as people;

    let office = office(&db).await;
    let dossier = office.opened(&db).await;
    let entry = &entry(&office, dossier.id, "001090000001.TKKT.1");
    filed(&db, entry).await.expect("filed");
    let whole = |agency| Scope::whole([agency]);
    let received = |agency| Scope { received: [agency].into(), ..Scope::default() };
    let within = |agency: AgencyId, procedure: &str| Scope {
        concerned_in: [(agency, procedure.parse().expect("a code"))].into(),
        ..Scope::default()
    };
    let other = "1.009999";
    for (scope, sees) in [
        (whole(office.elsewhere), true),
        (whole(AgencyId(time::new_id(now()))), false),
        (received(office.commune), true),
        (received(office.province), false),
        (within(office.province, &dossier.procedure.to_string()), true),
        (within(office.province, other), false),
        (Scope::default(), false),
    ] {
        let mut reader = db.read().await.expect("a snapshot");
        let seen = people::visible_entries(&mut reader, &scope, &[entry.id]).await.expect("read");
        assert_eq!(seen, if sees { vec![entry.id] } else { Vec::new() }, "{scope:?}");
    }
}

async fn an_owners_papers_come_newest_first(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let other = &party("Lê Thị Bưởi", &[]);
    db.act(|mut tx| async move { people::save_party(&mut tx, other).await }).await.expect("added");
    let mut all = Vec::new();
    for (n, minute) in [2, 0, 1].into_iter().enumerate() {
        let paper = Entry { filed_at: after(minute), ..entry(&office, dossier, &format!("X.{n}")) };
        filed(&db, &paper).await.expect("filed");
        all.push(paper);
    }
    filed(&db, &Entry { owner: other.id, ..entry(&office, dossier, "Y.1") }).await.expect("filed");
    let mut reader = db.read().await.expect("a snapshot");
    all.sort_by_key(|paper| std::cmp::Reverse(paper.filed_at));
    assert_eq!(of_owner(&mut reader, office.holder).await.expect("read"), all);

    let wanted = [all[2].id.0, Uuid::new_v4(), all[0].id.0, all[2].id.0];
    let found = by_ids(&mut reader, &wanted).await.expect("read");
    let found: BTreeSet<EntryId> = found.into_iter().map(|paper| paper.id).collect();
    assert_eq!(found, BTreeSet::from([all[0].id, all[2].id]));
    assert_eq!(by_ids(&mut reader, &[]).await.expect("read"), []);
    assert_eq!(reader.n_statements(), 3, "one question a list");
}

#[test]
fn the_stem_is_the_code_without_its_counter() {
    for (code, expected) in [
        ("001090000001.1.000656.TKKT.01", "001090000001.1.000656.TKKT"),
        ("001090000001.1.000656.KQ.G15.000018.117", "001090000001.1.000656.KQ.G15.000018"),
        ("001090000001.TLKT.12/TLKT", "001090000001.TLKT.12/TLKT"),
        ("001090000001", "001090000001"),
        ("X.", "X."),
        ("", ""),
    ] {
        assert_eq!(stem(code), expected);
    }
}

async fn codes_are_counted_with_and_without_a_counter(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    for code in ["A.B", "A.B.01", "A.B.02", "A.B.100", "A.B.C", "A.B.C.01", "A.BC.01", "A_B.01", "A.b.01"] {
        filed(&db, &entry(&office, dossier, code)).await.expect("filed");
    }
    let mut reader = db.read().await.expect("a snapshot");
    for (code, n) in [("A.B", 4), ("A.B.C", 2), ("A.B.01", 1), ("A", 0), ("A%", 0), ("A.BC", 1)] {
        assert_eq!(n_with_code(&mut reader, code).await.expect("counted"), n, "{code}");
    }
}

/// Twenty papers of one kind filed at once: each counts the others and gets a code of its own.
async fn counters_taken_at_once_are_all_different(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let acts = (0..20).map(|_| {
        let (db, paper) = (Db::clone(&db), entry(&office, dossier, ""));
        tokio::spawn(async move {
            let paper = &paper;
            db.act(|mut tx| async move {
                let n = n_with_code(&mut tx, "A.B").await?;
                add(&mut tx, &Entry { code: format!("A.B.{:02}", n + 1), ..paper.clone() }).await
            })
            .await
        })
    });
    for done in join_all(acts).await {
        done.expect("no act panics").expect("each is filed");
    }
    let mut reader = db.read().await.expect("a snapshot");
    let papers = of_owner(&mut reader, office.holder).await.expect("read");
    let codes: BTreeSet<String> = papers.into_iter().map(|paper| paper.code).collect();
    assert_eq!(codes, (1..=20).map(|n| format!("A.B.{n:02}")).collect());
}

async fn a_paper_is_superseded_once_and_stays_readable(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let [old, new, newer] = ["A.1", "A.2", "A.3"].map(|code| entry(&office, dossier, code));
    for paper in [&old, &new, &newer] {
        filed(&db, paper).await.expect("filed");
    }
    let replace = async |old: EntryId, new: EntryId| {
        db.act(|mut tx| async move { supersede(&mut tx, old, new).await }).await
    };
    replace(old.id, new.id).await.expect("the first");
    replace(new.id, newer.id).await.expect("the next");
    for (again, with) in [(old.id, newer.id), (newer.id, newer.id), (EntryId(Uuid::new_v4()), new.id)] {
        let error = replace(again, with).await.expect_err("superseded, itself, nothing");
        assert!(matches!(&error, Error::Stale { table: "entry", row } if *row == again.to_string()));
    }
    let mut reader = db.read().await.expect("a snapshot");
    let expected = Entry { superseded_by: Some(new.id), ..old };
    assert_eq!(find(&mut reader, expected.id).await.expect("read"), Some(expected));
    assert_eq!(of_owner(&mut reader, office.holder).await.expect("read").len(), 3);
    drop(reader);
    replace(newer.id, EntryId(Uuid::new_v4())).await.expect_err("by a paper that is not there");
}

async fn a_paper_is_annulled_once_and_stays_with_its_dossier(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let [wrong, other] = ["A.1", "A.2"].map(|code| entry(&office, dossier, code));
    for paper in [&wrong, &other] {
        filed(&db, paper).await.expect("filed");
    }
    let day = date(2026, 11, 25);
    let take_back = async || db.act(|mut tx| async move { annul(&mut tx, wrong.id, day).await }).await;
    take_back().await.expect("the first");
    let error = take_back().await.expect_err("the second");
    assert!(matches!(&error, Error::Stale { table: "entry", row } if *row == wrong.id.to_string()));
    let mut reader = db.read().await.expect("a snapshot");
    let mut kept = of_dossier(&mut reader, dossier).await.expect("read");
    kept.sort_by(|a, b| a.code.cmp(&b.code));
    assert_eq!(kept, [Entry { annulled_on: Some(day), ..wrong }, other]);
}

async fn a_corrupt_entry_is_named(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let kept = entry(&office, dossier, "A.1");
    filed(&db, &kept).await.expect("filed");
    macro_rules! spoilt {
        ($name:literal, $sql:literal) => {{
            db.act(|mut tx| async move { execute!(&mut tx, $name, $sql) }).await.expect("spoilt");
            let mut reader = db.read().await.expect("a snapshot");
            let error = of_owner(&mut reader, office.holder).await.expect_err($name).to_string();
            error.replace(&kept.id.to_string(), "it")
        }};
    }
    let fields = spoilt!("test.spoil_fields", "update entry set fields = '{}'");
    assert_eq!(fields, "`fields` of `it` in `entry` is corrupt");
    let origin = spoilt!("test.spoil_origin", "update entry set origin = '\"found\"'");
    assert_eq!(origin, "`origin` of `it` in `entry` is corrupt");
    let size = spoilt!(
        "test.spoil_size",
        "update entry set n_bytes = -1, origin = '{\"origin\": \"record\", \"record\": \"00000000-0000-0000-0000-000000000000\"}'"
    );
    assert_eq!(size, "`n_bytes` of `it` in `entry` is corrupt");
}

on_both!(
    an_entry_comes_back_as_it_was_filed,
    an_owners_papers_come_newest_first,
    papers_are_seen_within_the_limits_of_a_scope,
    codes_are_counted_with_and_without_a_counter,
    counters_taken_at_once_are_all_different,
    a_paper_is_superseded_once_and_stays_readable,
    a_paper_is_annulled_once_and_stays_with_its_dossier,
    a_corrupt_entry_is_named,
);
