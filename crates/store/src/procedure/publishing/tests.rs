//! Drafts with their versions, publications, retirements, and the past of a procedure in pages.

use super::{Draft, Published, RevisionLine, draft, latest_revision, publish, retire, revisions, save_draft};
use crate::procedure::past::{PastDossier, received};
use crate::procedure::{add, all_in_force, find, in_force};
use crate::sample::{Office, after, now, office, procedure};
use crate::testing::Scratch;
use crate::{Db, Error, on_both};
use jiff::civil::{Date, date};
use rules::calendar::{Counting, Limit};
use rules::code::ProcedureCode;
use rules::dossier::clock::Clock;
use rules::dossier::{Dossier, State};
use rules::procedure::{Channel, Procedure};

fn code() -> ProcedureCode {
    "1.000656".parse().expect("a code")
}

fn revision(n: u32, from: &str) -> Procedure {
    procedure("1.000656", n, "Đăng ký khai tử", (from, None))
}

async fn saved(db: &Db, office: &Office, seen: &Draft) -> Result<i64, Error> {
    let by = office.counter;
    db.act(|mut tx| async move { save_draft(&mut tx, &code(), seen, by, now()).await }).await
}

async fn a_draft_is_saved_over_the_version_that_was_seen(db: Scratch) {
    let office = office(&db).await;
    let nothing = draft(&mut db.read().await.expect("a snapshot"), &code()).await.expect("read");
    assert_eq!(nothing, Draft { version: 0, procedure: None });
    let first = Draft { version: 0, procedure: Some(revision(2, "2026-01-01")) };
    assert_eq!(saved(&db, &office, &first).await.expect("saved"), 1);
    let stale = saved(&db, &office, &first).await.expect_err("somebody was faster");
    assert!(matches!(stale, Error::Stale { table: "procedure_draft", .. }), "{stale}");
    let read = draft(&mut db.read().await.expect("a snapshot"), &code()).await.expect("read");
    assert_eq!(read, Draft { version: 1, ..first });
    // Published: nothing is drafted, and version 1 never comes again.
    assert_eq!(saved(&db, &office, &Draft { version: 1, procedure: None }).await.expect("saved"), 2);
    let read = draft(&mut db.read().await.expect("a snapshot"), &code()).await.expect("read");
    assert_eq!(read, Draft { version: 2, procedure: None });
    assert!(saved(&db, &office, &Draft { version: 1, procedure: None }).await.is_err());
}

async fn published(db: &Db, office: &Office, procedure: &Procedure, of: Option<u32>) -> Result<(), Error> {
    let by = office.specialist;
    db.act(|mut tx| async move { publish(&mut tx, procedure, of, by, after(5)).await }).await
}

async fn a_revision_is_published_once_with_its_decision(db: Scratch) {
    let office = office(&db).await;
    let (second, third) = (revision(2, "2026-01-01"), revision(3, "2026-06-01"));
    published(&db, &office, &second, None).await.expect("published");
    published(&db, &office, &third, Some(1)).await.expect("published");
    let again = Procedure { name: "Tên khác".to_owned(), ..third.clone() };
    let stale = published(&db, &office, &again, None).await.expect_err("it is there already");
    assert!(matches!(stale, Error::Stale { table: "procedure", .. }), "{stale}");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(find(&mut reader, &code(), 3).await.expect("read"), Some(third.into()));
    assert_eq!(latest_revision(&mut reader, &code()).await.expect("read"), Some(3));
    let other = "1.000894".parse().expect("a code");
    assert_eq!(latest_revision(&mut reader, &other).await.expect("read"), None);
    let line = |revision, from, content_of, is_ours: bool| RevisionLine {
        revision,
        valid_from: from,
        valid_to: None,
        retired_on: None,
        published: is_ours.then(|| Published {
            decision: "1/QĐ-UBND".to_owned(),
            content_of,
            by: office.specialist,
            at: after(5),
        }),
    };
    assert_eq!(
        revisions(&mut reader, &code()).await.expect("read"),
        [
            line(3, date(2026, 6, 1), Some(1), true),
            line(2, date(2026, 1, 1), None, true),
            line(1, date(2025, 7, 1), None, false),
        ]
    );
    assert!(revisions(&mut reader, &other).await.expect("read").is_empty());
}

async fn in_force_on(db: &Db, day: Date) -> Option<u32> {
    let mut reader = db.read().await.expect("a snapshot");
    let found = in_force(&mut reader, &code(), day).await.expect("read").map(|found| found.revision);
    let all = all_in_force(&mut reader, day).await.expect("read");
    let all: Vec<u32> = all.into_iter().map(|found| found.revision).collect();
    assert_eq!(all, Vec::from_iter(found), "both say the same on {day}");
    found
}

async fn retired(db: &Db, office: &Office, procedure: &Procedure, last_day: Date) {
    let by = office.counter;
    db.act(|mut tx| async move { retire(&mut tx, procedure, last_day, "9/QĐ", by, now()).await })
        .await
        .expect("retired");
}

async fn a_retired_procedure_is_in_force_no_more_until_it_is_published_again(db: Scratch) {
    let office = office(&db).await;
    let second = revision(2, "2026-01-01");
    published(&db, &office, &second, None).await.expect("published");
    retired(&db, &office, &second, date(2026, 9, 30)).await;
    retired(&db, &office, &second, date(2026, 10, 31)).await;
    for (day, revision) in [
        (date(2025, 12, 31), Some(1)),
        (date(2026, 10, 31), Some(2)),
        // Revision 1 has no end of its own, and does not come back.
        (date(2026, 11, 1), None),
    ] {
        assert_eq!(in_force_on(&db, day).await, revision, "on {day}");
    }
    let lines = revisions(&mut db.read().await.expect("a snapshot"), &code()).await.expect("read");
    let last_days: Vec<Option<Date>> = lines.iter().map(|line| line.retired_on).collect();
    assert_eq!(last_days, [Some(date(2026, 10, 31)), Some(date(2026, 10, 31))], "the later decision counts");
    published(&db, &office, &revision(3, "2027-01-01"), None).await.expect("published");
    assert_eq!(in_force_on(&db, date(2026, 12, 31)).await, None);
    assert_eq!(in_force_on(&db, date(2027, 1, 1)).await, Some(3));
}

async fn the_past_of_a_procedure_is_read_in_pages(db: Scratch) {
    let office = office(&db).await;
    let other = procedure("1.000894", 1, "Đăng ký kết hôn", ("2025-07-01", None));
    let other_ref = &other;
    db.act(|mut tx| async move { add(&mut tx, other_ref).await }).await.expect("added");
    let mut expected = Vec::new();
    for n in 0..7_i64 {
        let received_at = after(n * 24 * 60);
        let is_other = n == 2;
        let clock = Clock::start(Limit::WorkingDays(3), Counting::Days, received_at);
        let dossier = Dossier {
            procedure: if is_other { other.code.clone() } else { code() },
            channel: if n == 1 { Channel::Post } else { Channel::Direct },
            ..office.intake(after(n))
        };
        office.put(&db, &dossier).await;
        if n == 3 {
            // Never received.
            continue;
        }
        let received = Dossier {
            code: Some(format!("H99.1.1-2611{:02}-0001", 21 + n).parse().expect("a code")),
            received_at: Some(received_at),
            clock: Some(clock.clone()),
            state: State::Received { step: "tham-dinh".into() },
            ..dossier
        };
        office.save(&db, &received).await.expect("saved");
        if !is_other && (1..=5).contains(&n) {
            expected.push(PastDossier {
                id: received.id,
                code: received.code.expect("it has one").to_string(),
                revision: 1,
                case: "thuong".to_owned(),
                channel: received.channel,
                competent: office.commune,
                received_at,
                clock,
            });
        }
    }
    let period = (date(2026, 11, 22), date(2026, 11, 26));
    let mut reader = db.read().await.expect("a snapshot");
    let mut read = Vec::new();
    loop {
        let after = read.last().map(|past: &PastDossier| past.id);
        let page = received(&mut reader, &code(), period, after, 2).await.expect("read");
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 2);
        read.extend(page);
    }
    assert_eq!(expected.len(), 3, "on the 22nd, the 25th and the 26th");
    assert_eq!(read, expected);
}

on_both!(
    a_draft_is_saved_over_the_version_that_was_seen,
    a_revision_is_published_once_with_its_decision,
    a_retired_procedure_is_in_force_no_more_until_it_is_published_again,
    the_past_of_a_procedure_is_read_in_pages,
);
