//! Notices are written with their events, for whom they are meant.

use super::{
    Attempt, JOB, Notice, Webhook, add, ask_again, find, n_untaken, note_attempt, of_agencies, remove,
    resume, stop, told, untaken,
};
use crate::event::append;
use crate::queue::lines;
use crate::sample::{Office, after, now, office};
use crate::testing::Scratch;
use crate::time::new_id;
use crate::{Db, on_both};
use rules::event::trail::Group;
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, EventId, WebhookId};

fn webhook(office: &Office, agency: AgencyId) -> Webhook {
    Webhook {
        id: WebhookId(new_id(now())),
        agency,
        name: "cổng tỉnh".to_owned(),
        address: "https://cong.tinh.gov.vn/nhan".to_owned(),
        secret: vec![7; 40],
        groups: vec![Group::Receiving],
        made_by: office.counter,
        made_at: now(),
        failing_since: None,
        stopped_at: None,
    }
}

async fn write(db: &Db, event: &NewEvent) -> EventId {
    db.act(|mut tx| async move { append(&mut tx, event, now()).await }).await.expect("appended")
}

async fn waiting(db: &Db, event: EventId) -> Vec<Notice> {
    untaken(&mut db.read().await.expect("a snapshot"), event).await.expect("read")
}

async fn a_notice_is_written_for_whom_it_is_meant(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.intake(now());
    office.put(&db, &dossier).await;
    let (ours, theirs) = (&webhook(&office, office.commune), &webhook(&office, office.elsewhere));
    db.act(|mut tx| async move {
        add(&mut tx, ours).await?;
        add(&mut tx, theirs).await
    })
    .await
    .expect("added");
    let event = office.event(
        Subject::Dossier(dossier.id),
        Some(dossier.id),
        Body::CaseChosen { case: "mac-dinh".to_owned() },
    );
    let told_of = write(&db, &event).await;
    let notices = waiting(&db, told_of).await;
    assert_eq!(notices.iter().map(|notice| notice.webhook).collect::<Vec<_>>(), [ours.id]);
    let mut reader = db.read().await.expect("a snapshot");
    let untaken = n_untaken(&mut reader, &[ours.id, theirs.id]).await.expect("read");
    assert_eq!(untaken, [(ours.id, 1)]);
    drop(reader);
    assert_eq!((notices[0].kind.as_str(), notices[0].dossier), ("case_chosen", dossier.id));
    let jobs = lines::lines_for(&mut db.read().await.expect("a snapshot"), told_of.0).await.expect("read");
    assert_eq!(jobs.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), [JOB]);
    // Of another group, and about no dossier.
    for other in [
        office.event(Subject::Dossier(dossier.id), Some(dossier.id), Body::DossierViewed),
        office.event(Subject::Officer(office.counter), None, Body::SignedIn),
    ] {
        let event = write(&db, &other).await;
        assert_eq!(waiting(&db, event).await, []);
    }
    // Stopped, it is told nothing, and afterwards what happens from then on.
    let stopped =
        async |id| db.act(|mut tx| async move { stop(&mut tx, id, now()).await }).await.expect("done");
    assert_eq!((stopped(ours.id).await, stopped(ours.id).await), (true, false));
    assert_eq!(waiting(&db, told_of).await, []);
    let missed = write(&db, &event).await;
    db.act(|mut tx| async move { resume(&mut tx, ours).await }).await.expect("resumed");
    assert_eq!((waiting(&db, missed).await.len(), waiting(&db, told_of).await.len()), (0, 1));
    let again = write(&db, &event).await;
    assert_eq!(waiting(&db, again).await.len(), 1);
    db.act(|mut tx| async move { remove(&mut tx, ours.id).await }).await.expect("removed");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(find(&mut reader, ours.id).await.expect("read"), None);
    let left = of_agencies(&mut reader, &[office.commune, office.elsewhere]).await.expect("read");
    assert_eq!(left, std::slice::from_ref(theirs));
}

async fn what_came_of_an_attempt_is_noted_with_its_address(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.intake(now());
    office.put(&db, &dossier).await;
    let ours = &webhook(&office, office.commune);
    db.act(|mut tx| async move { add(&mut tx, ours).await }).await.expect("added");
    let event = office.event(
        Subject::Dossier(dossier.id),
        Some(dossier.id),
        Body::CaseChosen { case: "mac-dinh".to_owned() },
    );
    let event = write(&db, &event).await;
    let notice = &waiting(&db, event).await.remove(0);
    let tried = async |attempt: Attempt| {
        let attempt = &attempt;
        db.act(|mut tx| async move { note_attempt(&mut tx, notice, attempt, after(-60)).await })
            .await
            .expect("noted");
        let found = find(&mut db.read().await.expect("a snapshot"), ours.id).await.expect("read");
        found.expect("there").failing_since
    };
    let failed = |minutes| Attempt { at: after(minutes), status: Some(503), error: Some("503".to_owned()) };
    assert_eq!(tried(failed(1)).await, Some(after(1)));
    assert_eq!(tried(failed(2)).await, Some(after(1)), "since the first");
    assert_eq!(tried(Attempt { at: after(3), status: Some(204), error: None }).await, None);
    assert_eq!(waiting(&db, event).await, []);
    let mut reader = db.read().await.expect("a snapshot");
    let log = told(&mut reader, ours.id, 10).await.expect("read");
    let taken = Notice {
        n_attempts: 3,
        last_at: Some(after(3)),
        last_status: Some(204),
        taken_at: Some(after(3)),
        ..notice.clone()
    };
    assert_eq!(log, [taken]);
    drop(reader);
    let id = notice.id;
    let asked = db.act(|mut tx| async move { ask_again(&mut tx, ours.id, id).await }).await.expect("asked");
    assert_eq!(asked, Some(event));
    assert_eq!(waiting(&db, event).await.len(), 1);
    // A month later what was taken is forgotten.
    let taken = &Attempt { at: after(4), status: Some(200), error: None };
    db.act(|mut tx| async move { note_attempt(&mut tx, notice, taken, after(60)).await })
        .await
        .expect("noted");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(told(&mut reader, ours.id, 10).await.expect("read"), []);
}

on_both!(a_notice_is_written_for_whom_it_is_meant, what_came_of_an_attempt_is_noted_with_its_address);
