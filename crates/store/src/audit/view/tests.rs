//! Verifications and files come back as they were kept.

use super::{
    Check, Export, Made, add_check, add_export, export, exports_of, last_check, made_before, note_dropped,
    note_made,
};
use crate::on_both;
use crate::sample::{after, now, office, sha256};
use crate::testing::Scratch;
use crate::time::new_id;
use rules::event::trail::{Filter, Group, Lookout};
use rules::id::{AuditCheckId, AuditExportId};
use rules::people::{Role, Sensitivity};

async fn the_latest_verification_counts(db: Scratch) {
    let office = office(&db).await;
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(last_check(&mut reader).await.expect("read"), None);
    drop(reader);
    let sound = &Check {
        id: AuditCheckId(new_id(now())),
        asked_by: Some(office.counter),
        finished_at: now(),
        n_events: 40,
        n_checkpoints: 2,
        sealed_until: Some(after(-5)),
        n_faults: 0,
        faults: Vec::new(),
    };
    let faulty = &Check {
        id: AuditCheckId(new_id(now())),
        asked_by: None,
        finished_at: after(10),
        sealed_until: None,
        n_faults: 1,
        faults: vec!["Hồ sơ: sự kiện số 4 đã bị xóa.".to_owned()],
        ..sound.clone()
    };
    for check in [faulty, sound] {
        db.act(|mut tx| async move { add_check(&mut tx, check).await }).await.expect("kept");
    }
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(last_check(&mut reader).await.expect("read").as_ref(), Some(faulty));
}

async fn a_file_is_asked_for_and_made_once(db: Scratch) {
    let office = office(&db).await;
    let filter = Filter { group: Some(Group::Looking), person: Some(office.holder), ..Filter::default() };
    let asked = |minutes| Export {
        id: AuditExportId(new_id(after(minutes))),
        asked_by: office.counter,
        asked_at: after(minutes),
        filter: filter.clone(),
        made: None,
        is_dropped: false,
    };
    let sight = vec![Lookout {
        role: Role::Auditor,
        agencies: [office.commune].into(),
        procedures: None,
        ceiling: Sensitivity::Secret,
    }];
    let [first, second] = &[asked(0), asked(1)];
    let made = |at| Made { at, n_events: 3, sha256: sha256('a'), sight: sight.clone() };
    let (early, late) = (&made(after(2)), &made(after(3)));
    db.act(|mut tx| async move {
        add_export(&mut tx, first).await?;
        add_export(&mut tx, second).await?;
        assert!(note_made(&mut tx, first.id, early).await?);
        assert!(!note_made(&mut tx, first.id, late).await?, "the first stays");
        Ok::<_, crate::Error>(())
    })
    .await
    .expect("kept");
    let mut reader = db.read().await.expect("a snapshot");
    let first_made = Export { made: Some(early.clone()), ..first.clone() };
    assert_eq!(export(&mut reader, first.id).await.expect("read"), Some(first_made.clone()));
    let listed = exports_of(&mut reader, office.counter, 10).await.expect("read");
    assert_eq!(listed, [second.clone(), first_made]);
    assert_eq!(exports_of(&mut reader, office.specialist, 10).await.expect("read"), []);
    let due = async |minutes| {
        let mut reader = db.read().await.expect("a snapshot");
        let due = made_before(&mut reader, after(minutes), 10).await.expect("read");
        due.into_iter().map(|export| export.id).collect::<Vec<_>>()
    };
    assert_eq!((due(2).await, due(3).await), (vec![], vec![first.id]));
    drop(reader);
    db.act(|mut tx| async move { note_dropped(&mut tx, first.id, after(4)).await }).await.expect("dropped");
    assert_eq!(due(3).await, []);
    let kept = export(&mut db.read().await.expect("a snapshot"), first.id).await.expect("read");
    assert!(kept.is_some_and(|export| export.is_dropped && export.made.is_some()));
}

on_both!(the_latest_verification_counts, a_file_is_asked_for_and_made_once);
