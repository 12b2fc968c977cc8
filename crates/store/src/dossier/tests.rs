//! Dossiers in every state, versions, ordinals, and the lists with their order and their scope.

use super::{
    DossierLine, add, find, id_by_code, lines_by_ids, lines_for_post, lines_of_holder, lines_preparing,
    lines_waiting, lock, next_ordinal, save,
};
use crate::engine::execute;
use crate::sample::{Office, after, now, office, party};
use crate::signing::post::{self, PostBundle};
use crate::testing::Scratch;
use crate::{Db, Error, on_both, people, time};
use futures::future::join_all;
use jiff::civil::date;
use rules::calendar::{Counting, Limit};
use rules::counter::{Refusal, RefusalReason};
use rules::dossier::clock::{Clock, Stop, StopCause};
use rules::dossier::{AtStep, Dossier, DossierPeople, DueMoment, Life, Outcome, ReturnWay, State};
use rules::event::{HandOverWay, SupplementItem};
use rules::id::{AgencyId, DossierId, PostBundleId, ResultId};
use rules::people::{AgencyScope, Scope};
use rules::procedure::Channel;
use std::collections::BTreeSet;
use uuid::Uuid;

async fn read(db: &Db, id: DossierId) -> Dossier {
    let mut reader = db.read().await.expect("a snapshot");
    find(&mut reader, id).await.expect("read").expect("it is there")
}

fn clock() -> Clock {
    let mut clock = Clock::start(Limit::WorkingDays(3), Counting::Hours, now());
    for (from, until) in [(10, Some(20)), (30, None)] {
        let stop = Stop::restarting(StopCause::Supplement, after(from));
        clock = clock.stop(Stop { until: until.map(after), ..stop });
    }
    clock
}

fn every_state(office: &Office) -> Vec<State> {
    let result = ResultId(time::new_id(now()));
    let (step, officer) = ("tham-dinh".to_owned(), office.specialist);
    let items = vec![SupplementItem {
        component: "to-khai".into(),
        what: "Tờ khai thiếu chữ ký “người khai”".into(),
    }];
    let refusal = Refusal {
        reason: RefusalReason::NotCompetent,
        explanation: "Thuộc thẩm quyền của tỉnh".into(),
    };
    vec![
        State::Preparing,
        State::Received { step: step.clone() },
        State::NotReceived { refusal },
        State::InProcess(AtStep { step: step.clone(), officer: None, result: None }),
        State::InProcess(AtStep { step: step.clone(), officer: Some(officer), result: Some(result) }),
        State::AwaitingSupplement {
            at_step: AtStep { step: step.clone(), officer: None, result: None },
            items,
            until: None,
        },
        State::Withdrawn { reason: "Đổi ý".into() },
        State::Done { step, result },
        State::HandedOver { result, way: HandOverWay::Post },
    ]
}

async fn every_state_comes_back_added_or_saved(db: Scratch) {
    let office = office(&db).await;
    let other = &party("Lê Thị Bưởi", &[]);
    db.act(|mut tx| async move { people::save_party(&mut tx, other).await }).await.expect("added");
    let outcomes = [None, Some(Outcome::Granted), Some(Outcome::Refused), Some(Outcome::Withdrawn)];
    for (n, state) in every_state(&office).into_iter().enumerate() {
        let ordinal = u32::try_from(n).expect("few states") + 1;
        let code = format!("H99.1.1-261121-{ordinal:04}").parse().expect("a sound code");
        let mut dossier = Dossier {
            code: (n > 0).then_some(code),
            channel: Channel::ALL[n % 3],
            people: DossierPeople {
                authorised: (n % 2 == 0).then_some(other.id),
                ..office.intake(now()).people
            },
            received_at: (n > 0).then(|| after(1)),
            clock: (n > 0).then(clock),
            due: (n % 2 == 1).then(|| DueMoment { at: after(60), on: date(2026, 11, 26) }),
            outcome: outcomes[n % 4],
            state,
            ..office.intake(now())
        };
        office.put(&db, &dossier).await;
        assert_eq!(read(&db, dossier.id).await, dossier, "added as {}", dossier.state.kind());

        dossier.case = "muon".into();
        dossier.scope =
            AgencyScope { receiving: office.commune, competent: office.province, holding: office.elsewhere };
        dossier.clock = dossier.clock.map(|clock| clock.finish(after(90)));
        dossier.due = None;
        office.save(&db, &dossier).await.expect("saved");
        let saved = Dossier { version: 2, ..dossier };
        assert_eq!(read(&db, saved.id).await, saved, "saved as {}", saved.state.kind());
    }
}

async fn an_intake_becomes_each_state_by_a_save(db: Scratch) {
    let office = office(&db).await;
    for state in every_state(&office) {
        let dossier = Dossier { state, ..office.opened(&db).await };
        office.save(&db, &dossier).await.expect("saved");
        assert_eq!(read(&db, dossier.id).await.state, dossier.state);
    }
}

async fn the_second_save_of_one_version_is_refused(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await;
    office.save(&db, &Dossier { case: "muon".into(), ..dossier.clone() }).await.expect("the first");
    let error = office.save(&db, &dossier).await.expect_err("the second");
    assert!(matches!(&error, Error::Stale { table: "dossier", row } if *row == dossier.id.to_string()));
    let kept = read(&db, dossier.id).await;
    assert_eq!((kept.version, kept.case.as_str()), (2, "muon"), "nothing of it is written");
    let mut reader = db.read().await.expect("a snapshot");
    let events = crate::event::of_dossier(&mut reader, dossier.id).await.expect("read");
    assert_eq!(events.len(), 2, "a refused save leaves no event");
}

/// Twenty officers change one dossier at once, each having locked it: none is lost.
async fn locked_changes_follow_one_another(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await;
    let (id, event) = (dossier.id, office.opening(&dossier));
    let acts = (0..20).map(|_| {
        let (db, event) = (Db::clone(&db), event.clone());
        tokio::spawn(async move {
            let event = &event;
            db.act(|mut tx| async move {
                let mut dossier = lock(&mut tx, id).await?.expect("it is there");
                dossier.case.push('.');
                save(&mut tx, &dossier, None, event, now()).await
            })
            .await
        })
    });
    for done in join_all(acts).await {
        done.expect("no act panics").expect("each is done");
    }
    let kept = read(&db, id).await;
    assert_eq!((kept.version, kept.case), (21, format!("thuong{}", ".".repeat(20))));
    let nobody = DossierId(time::new_id(now()));
    let none = db.act(|mut tx| async move { lock(&mut tx, nobody).await }).await.expect("asked");
    assert_eq!(none, None);
}

async fn a_code_is_one_dossiers_and_leads_to_it(db: Scratch) {
    let office = office(&db).await;
    let (first, second) = (office.opened(&db).await, office.opened(&db).await);
    let code = Some("H99.1.1-261121-0001".parse().expect("a sound code"));
    let first = Dossier { code, ..first };
    office.save(&db, &first).await.expect("free");
    let second = Dossier { code: first.code.clone(), ..second };
    let error = office.save(&db, &second).await.expect_err("taken");
    assert!(matches!(&error, Error::Taken(name) if name == "dossier_code_key"), "{error}");
    let mut reader = db.read().await.expect("a snapshot");
    let known = id_by_code(&mut reader, "H99.1.1-261121-0001").await.expect("read");
    assert_eq!(known, Some(first.id));
    assert_eq!(id_by_code(&mut reader, "H99.1.1-261121-0002").await.expect("read"), None);
    assert_eq!(find(&mut reader, DossierId(time::new_id(now()))).await.expect("read"), None);
}

async fn a_dossier_of_an_unknown_revision_is_not_added(db: Scratch) {
    let office = office(&db).await;
    let dossier = &Dossier { revision: 2, ..office.intake(now()) };
    let event = &office.opening(dossier);
    let added = db.act(|mut tx| async move { add(&mut tx, dossier, None, event, now()).await }).await;
    assert!(matches!(added, Err(Error::Db { statement: "dossier.add", .. })));
}

/// Fifty receptions at once, five of which fail: 45 ordinals, no gap, no double.
async fn ordinals_have_no_gap_and_no_double(db: Scratch) {
    let day = date(2026, 11, 21);
    let acts = (0..50).map(|n| {
        let db = Db::clone(&db);
        tokio::spawn(async move {
            db.act(|mut tx| async move {
                let ordinal = next_ordinal(&mut tx, "H99.1.1", day).await?;
                if n % 10 == 0 { Err(Error::Busy) } else { Ok(ordinal) }
            })
            .await
        })
    });
    let given: Vec<u32> =
        join_all(acts).await.into_iter().filter_map(|done| done.expect("no act panics").ok()).collect();
    assert_eq!(given.len(), 45);
    assert_eq!(given.into_iter().collect::<BTreeSet<_>>(), (1..=45).collect());
    for (agency, day, next) in [("H99.1.1", day, 46), ("H99.1.2", day, 1), ("H99.1.1", date(2026, 11, 22), 1)]
    {
        let given = db.act(|mut tx| async move { next_ordinal(&mut tx, agency, day).await }).await;
        assert_eq!(given.expect("given"), next, "{agency} on {day} counts by itself");
    }
}

fn ids(lines: &[DossierLine]) -> Vec<DossierId> {
    lines.iter().map(|line| line.dossier.id).collect()
}

async fn received(db: &Db, office: &Office, due_in: Option<i64>, holding: AgencyId) -> DossierId {
    let dossier = Dossier {
        state: State::Received { step: "tham-dinh".into() },
        due: due_in.map(|minutes| DueMoment { at: after(minutes), on: date(2026, 11, 26) }),
        scope: AgencyScope { holding, ..office.intake(now()).scope },
        ..office.intake(now())
    };
    office.put(db, &dossier).await;
    dossier.id
}

async fn the_soonest_due_waits_first_and_a_stopped_clock_last(db: Scratch) {
    let office = office(&db).await;
    let stopped = received(&db, &office, None, office.commune).await;
    let late = received(&db, &office, Some(500), office.commune).await;
    let overdue = received(&db, &office, Some(-60), office.commune).await;
    let soon = received(&db, &office, Some(5), office.province).await;
    received(&db, &office, Some(1), office.elsewhere).await;
    office.opened(&db).await;

    let mut reader = db.read().await.expect("a snapshot");
    let scope = Scope::whole([office.commune, office.province]);
    let lines = lines_waiting(&mut reader, &scope, 10).await.expect("read");
    assert_eq!(ids(&lines), [overdue, soon, late, stopped]);
    let first = lines_waiting(&mut reader, &scope, 2).await.expect("read");
    assert_eq!(ids(&first), [overdue, soon]);
    let others = (0..40).map(|n| AgencyId(Uuid::from_u128(n)));
    let many = Scope::whole([office.commune, office.province].into_iter().chain(others));
    let of_many = lines_waiting(&mut reader, &many, 3).await.expect("read");
    assert_eq!(ids(&of_many), [overdue, soon, late]);
    assert!(lines_waiting(&mut reader, &Scope::default(), 10).await.expect("read").is_empty());
}

async fn only_open_dossiers_wait(db: Scratch) {
    let office = office(&db).await;
    for state in every_state(&office) {
        office.put(&db, &Dossier { state, ..office.intake(now()) }).await;
    }
    let mut reader = db.read().await.expect("a snapshot");
    let lines = lines_waiting(&mut reader, &Scope::whole([office.commune]), 50).await.expect("read");
    assert_eq!(lines.len(), 5);
    assert!(lines.iter().all(|line| line.dossier.state.is_open()));
    let with_officer: Vec<Option<&str>> = lines
        .iter()
        .filter(|line| line.dossier.state.officer().is_some())
        .map(|line| line.officer_name.as_deref())
        .collect();
    assert_eq!(with_officer, [Some("Trần Thị mai")]);
    assert_eq!(lines[0].procedure_name, "Đăng ký khai tử");
    assert_eq!(lines[0].holder_name, "Nguyễn Văn Ân");
}

async fn open_intakes_are_listed_newest_first_at_their_own_counter(db: Scratch) {
    let office = office(&db).await;
    let mut added = Vec::new();
    for minute in 0..3 {
        let dossier = office.intake(after(minute));
        office.put(&db, &dossier).await;
        added.insert(0, dossier.id);
    }
    received(&db, &office, Some(1), office.commune).await;
    let mut reader = db.read().await.expect("a snapshot");
    let lines = lines_preparing(&mut reader, &Scope::whole([office.commune]), 10).await.expect("read");
    assert_eq!(ids(&lines), added);
    assert_eq!(lines[0].officer_name.as_deref(), Some("Trần Thị đào"), "who opened it");
    let newest = lines_preparing(&mut reader, &Scope::whole([office.commune]), 1).await.expect("read");
    assert_eq!(ids(&newest), added[..1]);
    let others = Scope::whole([office.province, office.elsewhere]);
    assert!(lines_preparing(&mut reader, &others, 10).await.expect("read").is_empty());
}

async fn results_for_the_post_wait_until_they_are_in_a_bundle(db: Scratch) {
    let office = office(&db).await;
    let done = every_state(&office)
        .into_iter()
        .find(|state| matches!(state, State::Done { .. }))
        .expect("one of them");
    let by_post = Some(ReturnWay::Post { address: "Thôn Đá Chữ".to_owned() });
    let mut waiting = Vec::new();
    for return_way in [None, by_post.clone(), Some(ReturnWay::Electronic), by_post.clone()] {
        let opened = office.opened(&db).await;
        let life = Life { return_way: return_way.clone(), ..opened.life.clone() };
        let dossier = Dossier { state: done.clone(), life, ..opened };
        office.save(&db, &dossier).await.expect("saved");
        if return_way == by_post {
            waiting.push(dossier.id);
        }
    }
    waiting.sort_unstable();
    let read = async |counter| {
        let mut reader = db.read().await.expect("a snapshot");
        ids(&lines_for_post(&mut reader, counter, 10).await.expect("read"))
    };
    assert_eq!(read(office.commune).await, waiting);
    assert_eq!(read(office.elsewhere).await, []);
    let (bundle, officer, first) = (PostBundleId(time::new_id(now())), office.specialist, waiting.remove(0));
    db.act(|mut tx| async move {
        let tx = &mut tx;
        let post_office = "Bưu cục Yên Bình".to_owned();
        let (agency, made_by) = (office.commune, officer);
        let made = PostBundle { id: bundle, agency, post_office, made_by, made_at: now(), taken: None };
        post::add_bundle(tx, &made).await?;
        post::add_item(tx, bundle, first, "EA123456789VN", now()).await
    })
    .await
    .expect("put in");
    assert_eq!(read(office.commune).await, waiting);
}

async fn a_persons_dossiers_are_seen_by_the_agencies_they_concern(db: Scratch) {
    let office = office(&db).await;
    let other = &party("Lê Thị Bưởi", &[]);
    db.act(|mut tx| async move { people::save_party(&mut tx, other).await }).await.expect("added");
    let base = |minute, receiving, competent, holding| Dossier {
        scope: AgencyScope { receiving, competent, holding },
        state: State::Received { step: "tham-dinh".into() },
        ..office.intake(after(minute))
    };
    let (c, p, e) = (office.commune, office.province, office.elsewhere);
    let seen = [base(3, e, e, c), base(2, e, c, e), base(1, c, e, e)];
    let someone_elses = Dossier {
        people: DossierPeople { submitter: office.holder, holder: other.id, authorised: None },
        ..base(4, c, c, c)
    };
    let unseen = [base(5, e, e, e), base(6, p, e, p), office.intake(after(7)), someone_elses];
    for dossier in seen.iter().chain(&unseen) {
        office.put(&db, dossier).await;
    }
    let mut reader = db.read().await.expect("a snapshot");
    let lines = lines_of_holder(&mut reader, office.holder, &Scope::whole([c]), 10).await.expect("read");
    assert_eq!(ids(&lines), seen.map(|dossier| dossier.id), "the newest first");
    let one = lines_of_holder(&mut reader, office.holder, &Scope::whole([c]), 1).await.expect("read");
    assert_eq!(one.len(), 1);
}

/// However many rows, a list is one question.
async fn lists_ask_once(db: Scratch) {
    let office = office(&db).await;
    for n in 0..30 {
        received(&db, &office, Some(n), office.commune).await;
        office.opened(&db).await;
    }
    let mut reader = db.read().await.expect("a snapshot");
    let scope = Scope::whole([office.commune]);
    assert_eq!(lines_waiting(&mut reader, &scope, 100).await.expect("read").len(), 30);
    assert_eq!(lines_preparing(&mut reader, &scope, 100).await.expect("read").len(), 30);
    assert_eq!(lines_of_holder(&mut reader, office.holder, &scope, 100).await.expect("read").len(), 30);
    let shown: Vec<Uuid> = ids(&lines_waiting(&mut reader, &scope, 2).await.expect("read"))
        .into_iter()
        .map(|dossier| dossier.0)
        .collect();
    let again = lines_by_ids(&mut reader, &shown).await.expect("read");
    let again: BTreeSet<Uuid> = again.iter().map(|line| line.dossier.id.0).collect();
    assert_eq!(again, shown.into_iter().collect());
    assert_eq!(reader.n_statements(), 5);
}

/// Runs one edit on a fresh dossier and gives what reading it says then.
macro_rules! spoilt {
    ($db:expr, $office:expr, $name:literal, $sql:literal) => {{
        let id = $office.opened($db).await.id;
        $db.act(|mut tx| async move { execute!(&mut tx, $name, $sql, id.0) }).await.expect("spoilt");
        let mut reader = $db.read().await.expect("a snapshot");
        let error = find(&mut reader, id).await.expect_err($name).to_string();
        let column = error.strip_suffix(&format!("` of `{id}` in `dossier` is corrupt"));
        column.unwrap_or_else(|| panic!("{error}")).trim_start_matches('`').to_owned()
    }};
}

async fn a_corrupt_dossier_is_named_with_its_column(db: Scratch) {
    let (db, office) = (&*db, &office(&db).await);
    for (named, column) in [
        (spoilt!(db, office, "test.spoil_code", "update dossier set code = '?' where id = $1"), "code"),
        (
            spoilt!(db, office, "test.spoil_channel", "update dossier set channel = '?' where id = $1"),
            "channel",
        ),
        (
            spoilt!(db, office, "test.spoil_outcome", "update dossier set outcome = '?' where id = $1"),
            "outcome",
        ),
        (spoilt!(db, office, "test.spoil_due", "update dossier set due_at = 1 where id = $1"), "due_at"),
        (
            spoilt!(
                db,
                office,
                "test.spoil_due_on",
                "update dossier set due_at = 1, due_on = '2026-02-30' where id = $1"
            ),
            "due_on",
        ),
        (
            spoilt!(
                db,
                office,
                "test.spoil_opened",
                "update dossier set opened_at = 9223372036854775807 where id = $1"
            ),
            "opened_at",
        ),
        (spoilt!(db, office, "test.spoil_clock", "update dossier set clock = '{}' where id = $1"), "clock"),
        (
            spoilt!(
                db,
                office,
                "test.spoil_state",
                "update dossier set body = '{\"state\": \"?\"}' where id = $1"
            ),
            "body",
        ),
    ] {
        assert_eq!(named, column);
    }
}

on_both!(
    every_state_comes_back_added_or_saved,
    an_intake_becomes_each_state_by_a_save,
    the_second_save_of_one_version_is_refused,
    locked_changes_follow_one_another,
    a_code_is_one_dossiers_and_leads_to_it,
    a_dossier_of_an_unknown_revision_is_not_added,
    ordinals_have_no_gap_and_no_double,
    the_soonest_due_waits_first_and_a_stopped_clock_last,
    only_open_dossiers_wait,
    open_intakes_are_listed_newest_first_at_their_own_counter,
    results_for_the_post_wait_until_they_are_in_a_bundle,
    a_persons_dossiers_are_seen_by_the_agencies_they_concern,
    lists_ask_once,
    a_corrupt_dossier_is_named_with_its_column,
);
