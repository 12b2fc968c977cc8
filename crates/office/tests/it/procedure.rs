//! A procedure goes from file to force: drafted, published by a decision, rolled back, retired; each
//! act with its rows and its one event, and refused to whoever does not keep the catalogue.

use crate::house::{House, keyed};
use jiff::civil::{Date, date};
use office::procedure::dry_run::DryRunOf;
use office::{By, Error, Refusal};
use rules::calendar::Limit;
use rules::event::{Body, NewEvent, Subject};
use rules::id::ProcedureId;
use rules::people::Role;
use rules::procedure::dry_run::{Cause, DryRun, Pace};
use rules::procedure::publishing::{Publication, PublishRefused};
use rules::procedure::testing::random_sound_procedure;
use rules::procedure::{AgencyRule, LinkedPart, Procedure, ProcedureFault};
use store::on_both;
use store::procedure::publishing::{draft, revisions};
use store::testing::Scratch;

fn decided(decision: &str, valid_from: Date) -> Publication {
    Publication { decision: decision.to_owned(), valid_from, valid_to: None }
}

/// Monday 23 November 2026 is today.
fn today() -> Date {
    date(2026, 11, 23)
}

impl House {
    /// The kinds of a procedure's events, in their order; the chain holds.
    async fn events_of(&self, procedure: &Procedure) -> Vec<String> {
        let subject = Subject::Procedure(ProcedureId::of(&procedure.code));
        let mut reader = self.office.db.read().await.expect("a snapshot");
        assert_eq!(store::event::check_chain(&mut reader, subject).await.expect("read"), None);
        let events = store::event::of_subject(&mut reader, subject, 1_000).await.expect("read");
        events.iter().map(|event| event.body.kind()).collect()
    }

    async fn in_force(&self, procedure: &Procedure, day: Date) -> Option<std::sync::Arc<Procedure>> {
        let mut reader = self.office.db.read().await.expect("a snapshot");
        store::procedure::in_force(&mut reader, &procedure.code, day).await.expect("read")
    }

    async fn published(&self, by: &By, procedure: &Procedure, decided: &Publication) -> u32 {
        let seen = self.drafted_at(procedure).await;
        let seen = self.office.draft_procedure(by, procedure, seen).await.expect("drafted");
        self.office.publish_procedure(by, &procedure.code, seen, decided).await.expect("published")
    }

    async fn drafted_at(&self, procedure: &Procedure) -> i64 {
        let mut reader = self.office.db.read().await.expect("a snapshot");
        draft(&mut reader, &procedure.code).await.expect("read").version
    }
}

fn refused(error: Error) -> PublishRefused {
    match error {
        Error::Refused(Refusal::Procedure(refused)) => refused,
        other => panic!("refused for another reason: {other:?}"),
    }
}

async fn a_draft_is_published_by_a_decision_and_takes_over_on_its_day(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Admin).await;
    let first = random_sound_procedure(1);
    assert_eq!(house.published(&by, &first, &decided("1/QĐ-UBND", today())).await, 1);
    let second = Procedure { name: "Tên mới".to_owned(), ..first.clone() };
    let from = date(2027, 1, 1);
    assert_eq!(house.published(&by, &second, &decided(" 2/QĐ-UBND ", from)).await, 2);
    let now = house.in_force(&first, date(2026, 12, 31)).await.expect("in force");
    assert_eq!(
        (now.revision, now.name.as_str(), now.decision.as_str()),
        (1, first.name.as_str(), "1/QĐ-UBND")
    );
    let then = house.in_force(&first, from).await.expect("in force");
    assert_eq!(
        then,
        Procedure {
            revision: 2,
            decision: "2/QĐ-UBND".to_owned(),
            valid_from: from,
            valid_to: None,
            ..second
        }
    );
    assert_eq!(house.in_force(&first, date(2026, 11, 22)).await, None, "not before its day");
    assert_eq!(
        house.events_of(&first).await,
        ["procedure_drafted", "procedure_published", "procedure_drafted", "procedure_published"]
    );
    let again = house.office.publish_procedure(&by, &first.code, 4, &decided("3/QĐ", from)).await;
    assert_eq!(refused(again.expect_err("published already")), PublishRefused::NothingDrafted);
}

async fn what_is_unsound_is_kept_as_a_draft_and_refused_with_all_its_faults(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Admin).await;
    let mut unsound = random_sound_procedure(2);
    unsound.cases[0].channels.clear();
    unsound.results.truncate(1);
    let seen = house.office.draft_procedure(&by, &unsound, 0).await.expect("a draft may have faults");
    let publish = house.office.publish_procedure(&by, &unsound.code, seen, &decided("1/QĐ", today())).await;
    let PublishRefused::Unsound(faults) = refused(publish.expect_err("it has faults")) else {
        panic!("refused for its faults");
    };
    assert_eq!(
        faults,
        [ProcedureFault::NoChannel { case: "Trường hợp 0".to_owned() }, ProcedureFault::NoRefusingResult]
    );
    assert_eq!(house.events_of(&unsound).await, ["procedure_drafted"], "nothing else happened");
    let mut reader = db.read().await.expect("a snapshot");
    let kept = draft(&mut reader, &unsound.code).await.expect("read");
    assert_eq!((kept.version, kept.procedure), (1, Some(unsound)));
}

async fn a_draft_that_changed_meanwhile_is_not_published_unseen(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Admin).await;
    let procedure = random_sound_procedure(3);
    let seen = house.office.draft_procedure(&by, &procedure, 0).await.expect("drafted");
    let other = house.officer(Role::Admin).await;
    let stale = house.office.draft_procedure(&other, &procedure, 0).await;
    assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
    house.office.draft_procedure(&other, &procedure, seen).await.expect("over the one that was seen");
    let publish = house.office.publish_procedure(&by, &procedure.code, seen, &decided("1/QĐ", today())).await;
    assert!(matches!(publish, Err(Error::Stale)), "{publish:?}");
    assert_eq!(house.in_force(&procedure, today()).await, None);
}

async fn an_older_content_comes_back_as_a_new_revision(db: Scratch) {
    let house = House::open(&db).await;
    let by = keyed(&house.officer(Role::Admin).await, "a");
    let first = random_sound_procedure(4);
    let plain = By { key: None, ..by.clone() };
    house.published(&plain, &first, &decided("1/QĐ", today())).await;
    let second = Procedure { name: "Nhầm".to_owned(), ..first.clone() };
    house.published(&plain, &second, &decided("2/QĐ", today())).await;
    let decision = decided("3/QĐ", today());
    for _ in 0..2 {
        // The same request twice is one revision.
        let back = house.office.roll_back_procedure(&by, &first.code, 1, &decision).await;
        assert_eq!(back.expect("rolled back"), 3);
    }
    let now = house.in_force(&first, today()).await.expect("in force");
    assert_eq!((now.revision, &now.name), (3, &first.name));
    let lines = revisions(&mut db.read().await.expect("a snapshot"), &first.code).await.expect("read");
    let of: Vec<Option<u32>> =
        lines.iter().map(|line| line.published.as_ref().and_then(|published| published.content_of)).collect();
    assert_eq!(of, [Some(1), None, None]);
    let nowhere = house.office.roll_back_procedure(&plain, &first.code, 9, &decision).await;
    assert_eq!(refused(nowhere.expect_err("there is no revision 9")), PublishRefused::NoSuchRevision);
    let silent = house.office.roll_back_procedure(&plain, &first.code, 1, &decided(" ", today())).await;
    assert_eq!(refused(silent.expect_err("no decision")), PublishRefused::DecisionMissing);
    assert_eq!(house.events_of(&first).await.len(), 5);
}

async fn a_retired_procedure_ends_with_its_last_day(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Admin).await;
    let procedure = random_sound_procedure(5);
    let retire =
        |day, decision: &'static str| house.office.retire_procedure(&by, &procedure.code, day, decision);
    let nothing = retire(today(), "9/QĐ").await;
    assert_eq!(refused(nothing.expect_err("nothing is published")), PublishRefused::NoSuchRevision);
    house.published(&by, &procedure, &decided("1/QĐ", today())).await;
    let gone = retire(date(2026, 11, 22), "9/QĐ").await;
    assert_eq!(refused(gone.expect_err("yesterday")), PublishRefused::LastDayGone);
    retire(date(2026, 11, 30), "9/QĐ").await.expect("retired");
    assert!(house.in_force(&procedure, date(2026, 11, 30)).await.is_some());
    assert_eq!(house.in_force(&procedure, date(2026, 12, 1)).await, None);
    assert_eq!(
        house.events_of(&procedure).await,
        ["procedure_drafted", "procedure_published", "procedure_retired"]
    );
}

async fn a_linked_part_must_be_offered_when_the_whole_begins(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Admin).await;
    let part = |case: &str| LinkedPart {
        id: "hon-nhan".to_owned(),
        procedure: "1.004873".parse().expect("a code"),
        case: case.to_owned(),
        agency: AgencyRule::Competent,
        after: Vec::new(),
    };
    let whole = |case| Procedure { linked: vec![part(case)], ..random_sound_procedure(6) };
    let seen = house.office.draft_procedure(&by, &whole("khong-co"), 0).await.expect("drafted");
    let code = whole("").code;
    let publish = house.office.publish_procedure(&by, &code, seen, &decided("1/QĐ", today())).await;
    assert_eq!(
        refused(publish.expect_err("there is no such case")),
        PublishRefused::Unsound(vec![ProcedureFault::PartNotOffered { part: "hon-nhan".to_owned() }])
    );
    house.published(&by, &whole("da-ly-hon"), &decided("1/QĐ", today())).await;
}

async fn only_the_keeper_of_the_catalogue_does_it(db: Scratch) {
    let house = House::open(&db).await;
    let admin = house.officer(Role::Admin).await;
    let procedure = random_sound_procedure(7);
    house.published(&admin, &procedure, &decided("1/QĐ", today())).await;
    let (office, code) = (&house.office, &procedure.code);
    let decision = decided("2/QĐ", today());
    for role in [Role::Counter, Role::Specialist, Role::Head, Role::Leader, Role::Clerk, Role::Auditor] {
        let by = house.officer(role).await;
        let refused = [
            office.draft_procedure(&by, &procedure, 2).await.map(drop),
            office.publish_procedure(&by, code, 2, &decision).await.map(drop),
            office.roll_back_procedure(&by, code, 1, &decision).await.map(drop),
            office.retire_procedure(&by, code, today(), "2/QĐ").await,
        ];
        for done in refused {
            assert!(matches!(done, Err(Error::NotYours(_))), "{role:?}: {done:?}");
        }
    }
    assert_eq!(house.events_of(&procedure).await.len(), 2);
}

/// A dossier of the certified copies that was received now and sealed on Wednesday at 10:00, after a
/// public holiday.
async fn settled_on_wednesday(house: &House) -> rules::dossier::Dossier {
    let counter = house.officer(Role::Counter).await;
    let id = crate::counter::received(house, &counter).await;
    let mut dossier = house.dossier(id).await;
    let instant = |text: &str| text.parse::<jiff::Timestamp>().expect("an instant");
    let text = String::new;
    let result = rules::id::ResultId(store::time::new_id(house.office.clock.now()));
    let drafted = Body::StepFinished {
        step: "du-thao".to_owned(),
        next: "ky".to_owned(),
        opinion: text(),
        officer: None,
    };
    let signed = Body::ResultSigned { result, sha256: text(), certificate: text() };
    let sealed = Body::ResultSealed {
        result,
        number: text(),
        issued_on: date(2026, 11, 25),
        sha256: text(),
        certificate: text(),
    };
    let happened = [
        ("2026-11-23T07:00:00Z", drafted),
        ("2026-11-24T07:00:00Z", signed),
        ("2026-11-25T03:00:00Z", sealed),
    ];
    dossier.clock = dossier.clock.map(|clock| clock.finish(instant("2026-11-25T03:00:00Z")));
    let events: Vec<NewEvent> =
        happened.map(|(at, body)| NewEvent::of_dossier(id, &counter.actor, instant(at), body)).into();
    let (dossier_ref, events) = (&dossier, &events);
    house
        .office
        .db
        .act(|mut tx| async move {
            let now = instant("2026-11-25T03:00:00Z");
            for event in &events[..2] {
                store::event::append(&mut tx, event, now).await?;
            }
            store::dossier::save(&mut tx, dossier_ref, None, &events[2], now).await?;
            Ok::<_, store::Error>(())
        })
        .await
        .expect("settled");
    dossier
}

async fn a_dry_run_says_who_would_have_been_late_and_why(db: Scratch) {
    let house = House::open(&db).await;
    let dossier = settled_on_wednesday(&house).await;
    let code = dossier.code.expect("it was received").to_string();
    let counter = house.officer(Role::Counter).await;
    crate::counter::received(&house, &counter).await;
    let revision = {
        let mut reader = db.read().await.expect("a snapshot");
        store::procedure::find(&mut reader, &dossier.procedure, dossier.revision).await.expect("read")
    };
    let same_day = revision.expect("its revision");
    let mut three_days = same_day.clone();
    for terms in three_days.cases.iter_mut().flat_map(|case| &mut case.channels) {
        terms.limit = Limit::WorkingDays(3);
    }
    let office = &house.office;
    let tried = |draft, period| {
        let of = DryRunOf { draft, period, days: &[], pace: Pace::AsBefore };
        async move { office.dry_run_procedure(of).await.expect("read") }
    };
    let monday = (date(2026, 11, 23), date(2026, 11, 23));
    let before = house.events(dossier.id).await;
    let as_it_was = tried(&same_day, monday).await;
    assert_eq!((as_it_was.n_replayed, as_it_was.n_late_before, as_it_was.n_late_after), (1, 1, 1));
    assert_eq!(as_it_was.n_not_settled, 1, "the other one is still open");
    let (late, replayed) = &as_it_was.late[0];
    assert_eq!(late, &code);
    assert_eq!(replayed.causes[0], Cause::LateBefore);
    assert!(
        matches!(&replayed.causes[1], Cause::Step { step, .. } if step == "Đối chiếu bản chính, ghi lời chứng"),
        "{replayed}"
    );
    let longer = tried(&three_days, monday).await;
    assert_eq!((longer.n_late_before, longer.n_late_after, longer.n_no_longer_late), (1, 0, 1));
    assert_eq!(tried(&three_days, (date(2026, 11, 24), date(2026, 12, 31))).await, DryRun::default());
    assert_eq!(house.events(dossier.id).await, before, "nothing was written");
}

on_both!(
    a_draft_is_published_by_a_decision_and_takes_over_on_its_day,
    what_is_unsound_is_kept_as_a_draft_and_refused_with_all_its_faults,
    a_draft_that_changed_meanwhile_is_not_published_unseen,
    an_older_content_comes_back_as_a_new_revision,
    a_retired_procedure_ends_with_its_last_day,
    a_linked_part_must_be_offered_when_the_whole_begins,
    only_the_keeper_of_the_catalogue_does_it,
    a_dry_run_says_who_would_have_been_late_and_why,
);
