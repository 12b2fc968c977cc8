//! Results in every state, and the keys held in software.

use super::{KeyHolder, SoftwareKey, add_result, key, put_key, result, results_of_dossier, save_result};
use crate::engine::execute;
use crate::sample::{Office, after, now, office, sha256};
use crate::testing::Scratch;
use crate::{Db, Error, on_both, time};
use jiff::civil::date;
use rules::id::{DossierId, EntryId, ResultId};
use rules::scanning::Blob;
use rules::signing::{Draft, ResultPaper, ResultState, Slot};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(super) fn draft(office: &Office) -> ResultState {
    let slot = |name: &str, page, x| Slot { name: name.into(), page, x, y: 0.1, width: 200.0, height: 33.3 };
    ResultState::Drafted {
        pdf: Blob { sha256: sha256('1'), bytes: 40_000 },
        slots: vec![slot("ky", 1, 70.87), slot("dau", 2, 0.0)],
        answers: BTreeMap::from([("nơi chết".into(), "Xã An Cựu".into())]),
        drafted_by: office.specialist,
    }
}

fn every_state(office: &Office) -> Vec<ResultState> {
    let ResultState::Drafted { pdf, slots, answers, .. } = draft(office) else { unreachable!("a draft") };
    let signed = |number: Option<&str>| ResultState::Signed {
        pdf: pdf.clone(),
        slots: slots.clone(),
        answers: answers.clone(),
        signed_by: office.specialist,
        signed_at: after(7),
        number: number.map(|number| number.parse().expect("a sound number")),
        draft: number.map(|_| Draft { pdf: pdf.clone(), drafted_by: office.specialist }),
    };
    vec![
        draft(office),
        signed(None),
        signed(Some("12/TLKT-UBND")),
        ResultState::Sealed {
            pdf: pdf.clone(),
            number: "12/TLKT-UBND".into(),
            issued_on: date(2026, 11, 21),
            signed_by: office.specialist,
            sealed_by: office.counter,
            seal_of: office.commune,
            entry: EntryId(time::new_id(now())),
        },
    ]
}

pub(super) fn paper(office: &Office, dossier: DossierId) -> ResultPaper {
    ResultPaper {
        id: ResultId(time::new_id(now())),
        version: 1,
        dossier,
        owner: office.holder,
        scope: office.intake(now()).scope,
        result_type: "ket-qua".into(),
        state: draft(office),
    }
}

pub(super) async fn added(db: &Db, paper: &ResultPaper, minute: i64) {
    db.act(|mut tx| async move { add_result(&mut tx, paper, after(minute)).await }).await.expect("added");
}

async fn saved(db: &Db, paper: &ResultPaper) -> Result<(), Error> {
    db.act(|mut tx| async move { save_result(&mut tx, paper).await }).await
}

async fn read(db: &Db, id: ResultId) -> Option<ResultPaper> {
    let mut reader = db.read().await.expect("a snapshot");
    result(&mut reader, id).await.expect("read")
}

async fn every_state_comes_back_added_or_saved(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    for state in every_state(&office) {
        let whole = ResultPaper { state: state.clone(), ..paper(&office, dossier) };
        added(&db, &whole, 0).await;
        assert_eq!(read(&db, whole.id).await.as_ref(), Some(&whole));

        let kept = paper(&office, dossier);
        added(&db, &kept, 0).await;
        let kept = ResultPaper { state, ..kept };
        saved(&db, &kept).await.expect("saved");
        assert_eq!(read(&db, kept.id).await, Some(ResultPaper { version: 2, ..kept }));
    }
    assert_eq!(read(&db, ResultId(Uuid::new_v4())).await, None);
}

async fn the_second_save_of_one_version_is_refused(db: Scratch) {
    let office = office(&db).await;
    let kept = paper(&office, office.opened(&db).await.id);
    added(&db, &kept, 0).await;
    let signed = ResultPaper { state: every_state(&office).remove(1), ..kept.clone() };
    saved(&db, &signed).await.expect("the first");
    let error = saved(&db, &kept).await.expect_err("the second");
    assert!(matches!(&error, Error::Stale { table: "result", row } if *row == kept.id.to_string()));
    assert_eq!(read(&db, kept.id).await, Some(ResultPaper { version: 2, ..signed }));
}

async fn a_dossiers_results_come_oldest_first(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let (late, early) = (paper(&office, dossier), paper(&office, dossier));
    added(&db, &late, 2).await;
    added(&db, &early, 1).await;
    added(&db, &paper(&office, office.opened(&db).await.id), 0).await;
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(results_of_dossier(&mut reader, dossier).await.expect("read"), [early, late]);
    assert_eq!(reader.n_statements(), 1);
}

async fn a_result_that_does_not_open_is_named(db: Scratch) {
    let office = office(&db).await;
    let kept = paper(&office, office.opened(&db).await.id);
    added(&db, &kept, 0).await;
    db.act(|mut tx| async move { execute!(&mut tx, "test.spoil_result", "update result set body = '{}'") })
        .await
        .expect("spoilt");
    let mut reader = db.read().await.expect("a snapshot");
    let error = results_of_dossier(&mut reader, kept.dossier).await.expect_err("it does not open");
    assert_eq!(error.to_string(), format!("`body` of `{}` in `result` is corrupt", kept.id));
}

async fn put(db: &Db, kept: &SoftwareKey) {
    db.act(|mut tx| async move { put_key(&mut tx, kept).await }).await.expect("put");
}

fn parts(key: Option<SoftwareKey>) -> Option<(Uuid, KeyHolder, String, Vec<u8>)> {
    key.map(|key| (key.holder, key.holder_kind, key.label, key.pkcs12))
}

async fn a_key_comes_back_and_a_new_one_takes_its_place(db: Scratch) {
    for holder_kind in [KeyHolder::Officer, KeyHolder::Agency] {
        let old = SoftwareKey {
            holder: Uuid::new_v4(),
            holder_kind,
            label: "CN=Trần Thị Đào".into(),
            pkcs12: vec![0x30, 0x82, 0, 255],
        };
        let new =
            SoftwareKey { label: "CN=Trần Thị Đào 2".into(), pkcs12: vec![1; 5000], ..old.clone() };
        for kept in [old, new] {
            put(&db, &kept).await;
            let mut reader = db.read().await.expect("a snapshot");
            let found = key(&mut reader, kept.holder).await.expect("read");
            assert_eq!(parts(found), parts(Some(kept)));
        }
    }
    let mut reader = db.read().await.expect("a snapshot");
    assert!(key(&mut reader, Uuid::new_v4()).await.expect("read").is_none());
}

async fn a_key_of_nobody_known_is_named_and_never_printed(db: Scratch) {
    let kept = SoftwareKey {
        holder: Uuid::new_v4(),
        holder_kind: KeyHolder::Agency,
        label: "CN=UBND xã".into(),
        pkcs12: b"secret bytes".to_vec(),
    };
    assert_eq!(format!("{kept:?}"), format!("SoftwareKey {{ holder: {:?}, .. }}", kept.holder));
    put(&db, &kept).await;
    db.act(|mut tx| async move {
        execute!(&mut tx, "test.spoil_key", "update signing_key set holder_kind = 'ghost'")
    })
    .await
    .expect("spoilt");
    let mut reader = db.read().await.expect("a snapshot");
    let error = key(&mut reader, kept.holder).await.expect_err("nobody signs with it");
    assert_eq!(error.to_string(), format!("`holder_kind` of `{}` in `signing_key` is corrupt", kept.holder));
}

on_both!(
    every_state_comes_back_added_or_saved,
    the_second_save_of_one_version_is_refused,
    a_dossiers_results_come_oldest_first,
    a_result_that_does_not_open_is_named,
    a_key_comes_back_and_a_new_one_takes_its_place,
    a_key_of_nobody_known_is_named_and_never_printed,
);
