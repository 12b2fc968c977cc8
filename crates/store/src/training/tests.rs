//! What a learner did counts from the moment he began, and on the dossier of the exercise alone.

use super::{Counts, Run, begin, counts, runs_of};
use crate::event::append;
use crate::sample::{Office, after, now, office};
use crate::testing::Scratch;
use crate::{Db, on_both};
use rules::dossier::Dossier;
use rules::event::{Body, Subject};
use rules::id::DossierId;

async fn act(db: &Db, office: &Office, dossier: &Dossier, body: Body) {
    let event = &office.event(Subject::Dossier(dossier.id), Some(dossier.id), body);
    db.act(|mut tx| async move { append(&mut tx, event, now()).await }).await.expect("appended");
}

async fn done(db: &Db, office: &Office, dossier: Option<DossierId>) -> Counts {
    counts(&mut db.read().await.expect("a snapshot"), office.counter, dossier).await.expect("read")
}

async fn what_was_done_before_or_elsewhere_does_not_count(db: Scratch) {
    let office = office(&db).await;
    let (ours, other) = (office.opened(&db).await, office.opened(&db).await);
    let taken = || Body::DossierTaken { step: "tham-dinh".to_owned() };
    let begun = async |dossier: Option<DossierId>| Run {
        officer: office.counter,
        exercise: "nhan".to_owned(),
        begun_at: now(),
        before: done(&db, &office, dossier).await,
        dossier,
    };
    let (on_ours, on_any) = (begun(Some(ours.id)).await, begun(None).await);
    assert!(on_ours.kinds(&done(&db, &office, Some(ours.id)).await).is_empty());
    let words = "Đủ điều kiện".to_owned();
    let finished = Body::StepFinished {
        step: "tham-dinh".to_owned(),
        next: "tra".to_owned(),
        opinion: words,
        officer: None,
    };
    act(&db, &office, &ours, finished).await;
    act(&db, &office, &other, taken()).await;
    assert_eq!(on_ours.kinds(&done(&db, &office, Some(ours.id)).await), ["step_finished"]);
    assert_eq!(on_any.kinds(&done(&db, &office, None).await), ["dossier_taken", "step_finished"]);
    let anew = begun(None).await;
    assert!(anew.kinds(&done(&db, &office, None).await).is_empty());
    act(&db, &office, &ours, taken()).await;
    assert_eq!(anew.kinds(&done(&db, &office, None).await), ["dossier_taken"], "once more than before");
}

async fn an_exercise_is_begun_anew_in_its_own_row(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await;
    let first = &Run {
        officer: office.counter,
        exercise: "nhan".to_owned(),
        begun_at: now(),
        before: Counts::new(),
        dossier: None,
    };
    let before = done(&db, &office, Some(dossier.id)).await;
    let again = &Run { begun_at: after(5), before, dossier: Some(dossier.id), ..first.clone() };
    for run in [first, again] {
        db.act(|mut tx| async move { begin(&mut tx, run).await }).await.expect("begun");
    }
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(runs_of(&mut reader, office.counter).await.expect("read"), std::slice::from_ref(again));
    assert_eq!(runs_of(&mut reader, office.specialist).await.expect("read"), []);
}

on_both!(what_was_done_before_or_elsewhere_does_not_count, an_exercise_is_begun_anew_in_its_own_row);
