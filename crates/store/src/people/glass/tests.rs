//! What is open until when, who is shown what to review, and that one review wins.

use super::{
    GlassLooks, add, find, looks, n_since, n_to_review, open_for, open_of, overdue, review_due, save_review,
    to_review, unfitting_of,
};
use crate::dossier::alarm::{Alarm, raise};
use crate::sample::{Office, after, now, office};
use crate::testing::Scratch;
use crate::{Db, Error, event, on_both, time};
use jiff::SignedDuration;
use rules::dossier::{AlarmKind, Dossier};
use rules::event::{Body, Subject};
use rules::id::{AgencyId, GlassId, OfficerId};
use rules::people::glass::{Glass, GlassVerdict};
use rules::people::{Role, Scope};
use std::collections::BTreeSet;

/// Opened now by the officer of the province, for an hour; to be reviewed within two.
fn glass(office: &Office, dossier: &Dossier) -> Glass {
    Glass {
        id: GlassId(time::new_id(now())),
        version: 1,
        dossier: dossier.id,
        officer: office.specialist,
        agency: office.province,
        reason: "Lũ cuốn mất giấy tờ, người dân cần xác nhận ngay".to_owned(),
        opened_at: now(),
        ends_at: after(60),
        review_by: after(120),
        review: None,
    }
}

async fn put(db: &Db, glass: &Glass) {
    db.act(|mut tx| async move { add(&mut tx, glass).await }).await.expect("added");
}

async fn save(db: &Db, glass: &Glass) -> Result<(), Error> {
    db.act(|mut tx| async move { save_review(&mut tx, glass).await }).await
}

async fn an_opening_is_found_while_it_lasts(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await;
    let opened = glass(&office, &dossier);
    put(&db, &opened).await;
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(find(&mut reader, opened.id).await.expect("read").as_ref(), Some(&opened));
    for (minute, is_open) in [(-1, false), (0, true), (59, true), (60, false)] {
        let at = after(minute);
        let found = open_for(&mut reader, office.specialist, dossier.id, at).await.expect("read");
        assert_eq!(found, is_open.then(|| opened.clone()), "after {minute} minutes");
        let listed = open_of(&mut reader, office.specialist, at, 10).await.expect("read");
        assert_eq!(listed.iter().map(|line| line.glass.id).collect::<Vec<_>>(), found_id(found.as_ref()));
    }
    let others = open_for(&mut reader, office.counter, dossier.id, now()).await.expect("read");
    assert_eq!(others, None, "it is his alone");
    for (officer, since, n) in
        [(office.specialist, now(), 1), (office.specialist, after(1), 0), (office.counter, now(), 0)]
    {
        assert_eq!(n_since(&mut reader, officer, since).await.expect("counted"), n);
    }
}

fn found_id(found: Option<&Glass>) -> Vec<GlassId> {
    found.iter().map(|glass| glass.id).collect()
}

async fn it_waits_for_whoever_settles_the_dossier(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await;
    let (first, second) = (glass(&office, &dossier), glass(&office, &dossier));
    let second = Glass { review_by: after(121), ..second };
    for opened in [&second, &first] {
        put(&db, opened).await;
    }
    let mut reader = db.read().await.expect("a snapshot");
    let limited = |procedure: &str| Scope {
        concerned_in: BTreeSet::from([(office.commune, procedure.parse().expect("a code"))]),
        ..Scope::default()
    };
    let whole = |agency: AgencyId| Scope::whole([agency]);
    let asked: [(Scope, OfficerId, usize); 5] = [
        (whole(office.commune), office.counter, 2),
        (limited("1.000656"), office.counter, 2),
        (limited("2.000815"), office.counter, 0),
        (whole(office.elsewhere), office.counter, 0),
        // Nobody reviews himself.
        (whole(office.commune), office.specialist, 0),
    ];
    for (scope, reviewer, expected) in asked {
        let lines = to_review(&mut reader, &scope, reviewer, 10).await.expect("read");
        let n = n_to_review(&mut reader, &scope, reviewer).await.expect("counted");
        assert_eq!((lines.len(), n), (expected, i64::try_from(expected).expect("few")));
        if let Some(line) = lines.first() {
            assert_eq!(line.glass, first, "the first to be reviewed first");
            assert_eq!(line.officer_name, "Trần Thị mai");
            assert_eq!(line.agency_name, "Ủy ban nhân dân tinh");
        }
    }
}

async fn one_review_wins_and_what_was_not_right_is_listed(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await;
    let opened = glass(&office, &dossier);
    put(&db, &opened).await;
    let verdict = |verdict| opened.clone().review(office.counter, verdict, "Không ai ở quầy", after(10));
    let (unfitting, _) = verdict(GlassVerdict::Unfitting).expect("reviewed");
    save(&db, &unfitting).await.expect("saved");
    let (late, _) = verdict(GlassVerdict::Fitting).expect("reviewed");
    assert!(matches!(save(&db, &late).await, Err(Error::Stale { .. })), "somebody was faster");
    let mut reader = db.read().await.expect("a snapshot");
    let kept = find(&mut reader, opened.id).await.expect("read").expect("there");
    assert_eq!(kept, Glass { version: 2, ..unfitting });
    let open = open_for(&mut reader, office.specialist, dossier.id, after(10)).await.expect("read");
    assert_eq!(open, None, "it ended at once");
    assert_eq!(
        n_to_review(&mut reader, &Scope::whole([office.commune]), office.counter).await.expect("n"),
        0
    );
    for (agency, since, n) in
        [(office.province, now(), 1), (office.province, after(11), 0), (office.commune, now(), 0)]
    {
        let agencies = BTreeSet::from([agency]);
        let listed = unfitting_of(&mut reader, &agencies, since, 10).await.expect("read");
        assert_eq!(listed.len(), n, "of the agency of who opened");
        assert!(listed.iter().all(|line| line.reviewer_name == "Trần Thị đào"));
    }
}

async fn what_was_looked_at_meanwhile_is_counted(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await;
    let opened = glass(&office, &dossier);
    put(&db, &opened).await;
    let viewed = || Body::PaperViewed { entry: None, record: None };
    let looked = [
        (0, office.specialist, Body::DossierViewed),
        (1, office.specialist, viewed()),
        (2, office.specialist, viewed()),
        // Neither by somebody else, nor after it ended, nor another act.
        (3, office.counter, viewed()),
        (61, office.specialist, viewed()),
        (4, office.specialist, Body::FolderOpened),
    ];
    for (minute, officer, body) in looked {
        let event = office.event(Subject::Dossier(dossier.id), Some(dossier.id), body);
        let event = &rules::event::NewEvent { actor: Some(officer), happened_at: after(minute), ..event };
        db.act(|mut tx| async move { event::append(&mut tx, event, after(minute)).await })
            .await
            .expect("an event");
    }
    let mut reader = db.read().await.expect("a snapshot");
    let of = |kind: &str, n_looks, minute| GlassLooks {
        glass: opened.id,
        kind: kind.to_owned(),
        n_looks,
        last_at: after(minute),
    };
    let counted = looks(&mut reader, [opened.id]).await.expect("read");
    assert_eq!(counted, [of("dossier_viewed", 1, 0), of("paper_viewed", 2, 2)]);
    assert_eq!(looks(&mut reader, []).await.expect("read"), []);
}

async fn who_is_not_reviewed_in_time_is_found_once(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await;
    let opened = glass(&office, &dossier);
    put(&db, &opened).await;
    put(&db, &Glass { id: GlassId(time::new_id(now())), ..opened.clone() }).await;
    let mut reader = db.read().await.expect("a snapshot");
    let late = opened.review_by + SignedDuration::from_secs(1);
    assert_eq!(overdue(&mut reader, opened.review_by, 10).await.expect("read"), []);
    assert_eq!(overdue(&mut reader, late, 10).await.expect("read"), [dossier.id], "a dossier once");
    assert_eq!(review_due(&mut reader, dossier.id).await.expect("read"), Some(opened.review_by));
    drop(reader);
    let alarm = &Alarm {
        dossier: dossier.id,
        kind: AlarmKind::Unreviewed,
        agency: office.commune,
        role: Role::Head,
        raised_at: late,
    };
    db.act(|mut tx| async move { raise(&mut tx, alarm).await }).await.expect("raised");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(overdue(&mut reader, late, 10).await.expect("read"), [], "it is known");
}

on_both!(
    an_opening_is_found_while_it_lasts,
    it_waits_for_whoever_settles_the_dossier,
    one_review_wins_and_what_was_not_right_is_listed,
    what_was_looked_at_meanwhile_is_counted,
    who_is_not_reviewed_in_time_is_found_once,
);
