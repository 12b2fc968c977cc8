//! Records in every state, their versions, and the list of what is still to be digitised.

use super::{add, find, lines_open, of_dossier, save};
use crate::engine::execute;
use crate::sample::{Office, after, now, office, sha256};
use crate::testing::Scratch;
use crate::{Db, Error, on_both, time};
use jiff::civil::date;
use rules::dossier::{Dossier, State};
use rules::id::{DossierId, EntryId, PageId, RecordId, UploadId};
use rules::people::{AgencyScope, Scope};
use rules::scanning::{ArrangedPage, Blob, FieldKey, Fields, Proposal, Reading, Record, RecordState, Source};

fn record(office: &Office, dossier: DossierId, component: &str) -> Record {
    Record {
        id: RecordId(time::new_id(now())),
        version: 1,
        dossier,
        component: component.to_owned(),
        owner: office.holder,
        scope: AgencyScope { receiving: office.commune, competent: office.province, holding: office.commune },
        digitiser: office.counter,
        source: Source::Pages {
            pages: vec![ArrangedPage { page: PageId(time::new_id(now())), quarter_turns: 3 }],
        },
        state: RecordState::Reading,
    }
}

async fn added(db: &Db, record: &Record, minute: i64) {
    db.act(|mut tx| async move { add(&mut tx, record, after(minute)).await }).await.expect("added");
}

async fn saved(db: &Db, record: &Record) -> Result<(), Error> {
    db.act(|mut tx| async move { save(&mut tx, record).await }).await
}

async fn read(db: &Db, id: RecordId) -> Option<Record> {
    let mut reader = db.read().await.expect("a snapshot");
    find(&mut reader, id).await.expect("read")
}

fn every_state(office: &Office) -> Vec<RecordState> {
    let pdf = Blob { sha256: sha256('e'), bytes: 123_456 };
    let reading = Reading {
        words: Blob { sha256: sha256('f'), bytes: 7 },
        n_pages: 2,
        n_words: 310,
        confidence: 0.937,
        proposed: vec![Proposal {
            key: FieldKey::OwnerName,
            value: "Nguyễn Văn Ân".into(),
            confidence: 0.1,
            place: Some((1, [0.5, 10.25, 100.1, 20.0])),
            doubts: vec!["Ân hay Ẩn".into()],
        }],
        warnings: vec!["Trang 2 mờ".into()],
    };
    let fields = Fields {
        paper_type: "TKKT".into(),
        owner_number: "001090000001".parse().expect("a sound number"),
        owner_name: "Nguyễn Văn Ân".into(),
        number: None,
        issued_on: Some(date(2024, 2, 29)),
        issuer: None,
        summary: "Tờ khai".into(),
        valid_to: None,
        scope: "Toàn quốc".into(),
    };
    vec![
        RecordState::Reading,
        RecordState::ToSign { pdf: pdf.clone(), reading: reading.clone() },
        RecordState::ToConfirm { pdf: pdf.clone(), reading: reading.clone(), signed_at: Some(after(5)) },
        RecordState::ToConfirm { pdf: pdf.clone(), reading: reading.clone(), signed_at: None },
        RecordState::Filed {
            pdf,
            reading,
            entry: EntryId(time::new_id(now())),
            fields,
            confirmed_by: office.counter,
        },
        RecordState::Stuck { why: "Tệp không mở được".into() },
    ]
}

async fn every_state_comes_back_added_or_saved(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    for state in every_state(&office) {
        let added_so = Record { state, ..record(&office, dossier, "to-khai") };
        added(&db, &added_so, 0).await;
        assert_eq!(read(&db, added_so.id).await.as_ref(), Some(&added_so));

        let mut kept = record(&office, dossier, "to-khai");
        added(&db, &kept, 0).await;
        kept.state = added_so.state;
        kept.source = Source::SignedFile { upload: UploadId(time::new_id(now())) };
        saved(&db, &kept).await.expect("saved");
        let expected = Record { version: 2, ..kept };
        assert_eq!(read(&db, expected.id).await.as_ref(), Some(&expected));
    }
    assert_eq!(read(&db, RecordId(time::new_id(now()))).await, None);
}

async fn the_second_save_of_one_version_is_refused(db: Scratch) {
    let office = office(&db).await;
    let kept = record(&office, office.opened(&db).await.id, "to-khai");
    added(&db, &kept, 0).await;
    let stuck = Record { state: RecordState::Stuck { why: "hỏng".into() }, ..kept.clone() };
    saved(&db, &stuck).await.expect("the first");
    let error = saved(&db, &kept).await.expect_err("the second");
    assert!(matches!(&error, Error::Stale { table: "record", row } if *row == kept.id.to_string()));
    assert_eq!(read(&db, kept.id).await, Some(Record { version: 2, ..stuck }));
}

async fn a_dossiers_records_come_oldest_first(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let late = record(&office, dossier, "to-khai");
    let early = record(&office, dossier, "giay-bao-tu");
    let supplement = record(&office, dossier, "to-khai");
    added(&db, &late, 2).await;
    added(&db, &early, 1).await;
    added(&db, &supplement, 3).await;
    added(&db, &record(&office, office.opened(&db).await.id, "to-khai"), 1).await;
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(of_dossier(&mut reader, dossier).await.expect("read"), [early, late, supplement]);
    assert_eq!(reader.n_statements(), 1);
}

async fn what_is_still_to_digitise_is_listed_oldest_first_where_it_was_received(db: Scratch) {
    let office = office(&db).await;
    let code: rules::code::DossierCode = "H99.1.1-261121-0001".parse().expect("a sound code");
    let dossier = Dossier {
        code: Some(code.clone()),
        state: State::Received { step: "tham-dinh".into() },
        ..office.intake(now())
    };
    office.put(&db, &dossier).await;
    let mut open = Vec::new();
    for (n, state) in every_state(&office).into_iter().enumerate() {
        let minute = 10 - i64::try_from(n).expect("few states");
        let record = Record { state, ..record(&office, dossier.id, &format!("c-{n}")) };
        added(&db, &record, minute).await;
        if record.state.kind() != "filed" {
            open.insert(0, (record.id, after(minute), record.state.kind().to_owned()));
        }
    }
    let scope =
        AgencyScope { receiving: office.elsewhere, competent: office.commune, holding: office.commune };
    added(&db, &Record { scope, ..record(&office, dossier.id, "khac") }, 0).await;

    let mut reader = db.read().await.expect("a snapshot");
    let lines = lines_open(&mut reader, &Scope::whole([office.commune]), 100).await.expect("read");
    let listed: Vec<_> = lines.iter().map(|line| (line.id, line.created_at, line.state.clone())).collect();
    assert_eq!(listed, open);
    let line = &lines[0];
    assert_eq!((line.dossier, line.component.as_str()), (dossier.id, "c-5"));
    assert_eq!(line.dossier_code.as_deref(), Some(code.as_str()));
    assert_eq!(line.procedure_name, "Đăng ký khai tử");
    assert_eq!(line.holder_name, "Nguyễn Văn Ân");
    let first = lines_open(&mut reader, &Scope::whole([office.commune]), 1).await.expect("read");
    assert_eq!(first.len(), 1);
    let of_province = lines_open(&mut reader, &Scope::whole([office.province]), 100).await.expect("read");
    assert!(of_province.is_empty(), "competent is not receiving");
    assert_eq!(reader.n_statements(), 3, "one question a list");
}

async fn a_corrupt_record_is_named(db: Scratch) {
    let office = office(&db).await;
    let kept = record(&office, office.opened(&db).await.id, "to-khai");
    added(&db, &kept, 0).await;
    macro_rules! spoilt {
        ($name:literal, $sql:literal) => {{
            db.act(|mut tx| async move { execute!(&mut tx, $name, $sql) }).await.expect("spoilt");
            let mut reader = db.read().await.expect("a snapshot");
            let error = find(&mut reader, kept.id).await.expect_err($name).to_string();
            error.replace(&kept.id.to_string(), "it")
        }};
    }
    let body = spoilt!("test.spoil_record", "update record set body = '{\"state\": \"lost\"}'");
    assert_eq!(body, "`body` of `it` in `record` is corrupt");
    let source = spoilt!("test.spoil_source", "update record set source = '{}'");
    assert_eq!(source, "`source` of `it` in `record` is corrupt");
    db.act(|mut tx| async move {
        execute!(&mut tx, "test.spoil_created", "update record set created_at = 9223372036854775807")
    })
    .await
    .expect("spoilt");
    let mut reader = db.read().await.expect("a snapshot");
    let error =
        lines_open(&mut reader, &Scope::whole([office.commune]), 1).await.expect_err("beyond all years");
    assert_eq!(error.to_string(), format!("`created_at` of `{}` in `record` is corrupt", kept.id));
}

on_both!(
    every_state_comes_back_added_or_saved,
    the_second_save_of_one_version_is_refused,
    a_dossiers_records_come_oldest_first,
    what_is_still_to_digitise_is_listed_oldest_first_where_it_was_received,
    a_corrupt_record_is_named,
);
