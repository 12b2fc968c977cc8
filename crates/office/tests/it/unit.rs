//! Two communes become one while their dossiers are open: planned, done in small acts, found by old names.

mod named;

use crate::counter::received;
use crate::house::{House, applicant, id_of};
use office::counter::Opening;
use office::unit::{Change as PlannedChange, EndingPost, Moved, Place, Turn};
use office::{By, Error, Refusal};
use rules::counter::{Mark, Refusal as CounterRefusal, RefusalReason};
use rules::dossier::{AtStep, Consultation, Custodian, Dossier, State, StoppedFor};
use rules::event::{Body, HandOverWay};
use rules::id::{AgencyId, ConsultationId, DossierId, EntryId, ReorganisationId, ResultId};
use rules::people::{AgencyScope, Post, Role};
use rules::procedure::ClockEffect;
use rules::repository::{Entry, Origin};
use rules::reuse;
use rules::scanning::{Blob, Fields};
use rules::unit::{
    Change, Follow, Matter, Predecessor, Reorganisation, ReorganisationFault, Share, Succession, Unit,
};
use std::collections::BTreeSet;
use store::people::Officer;
use store::testing::Scratch;

const COPIES: &str = "2.000815";
const STATUS: &str = "1.004873";
/// The case of it that wants the decree of a divorce.
pub(crate) const DIVORCED: &str = "da-ly-hon";

/// Yên Bình joins Thác Mây, which has a new name; the new unit begins on the day of the tests.
fn decided() -> Reorganisation {
    toml::from_str(
        r#"
        id = "thac-may-2026"
        decision = "Nghị quyết số 05/NQ-HĐND"
        effective_on = "2026-11-23"
        [[units]]
        key = "p-thac-binh-2026"
        name = "Ủy ban nhân dân phường Thác Bình"
        heading = ["ỦY BAN NHÂN DÂN", "PHƯỜNG THÁC BÌNH"]
        level = "commune"
        kind = "peoples_committee"
        code = "H99.131"
        valid_from = "2026-11-23"
        place = "Thác Bình"
        [[changes]]
        change = "merge"
        from = ["xa-yen-binh-2025", "xa-thac-may-2025"]
        into = "p-thac-binh-2026"
        "#,
    )
    .expect("a decision")
}

/// The decision, on the house's two communes standing alone.
async fn standing_alone(db: &Scratch) -> House {
    let house = House::open(db).await;
    for agency in [house.commune, house.elsewhere] {
        let mut reader = house.office.db.read().await.expect("a snapshot");
        let kept = store::unit::unit(&mut reader, agency).await.expect("read").expect("a unit");
        drop(reader);
        let unit = &Unit { parent: None, predecessors: Vec::new(), ..kept.unit };
        db.act(|mut tx| async move { store::unit::put_unit(&mut tx, agency, unit, None).await })
            .await
            .expect("put");
    }
    house
}

/// Puts a dossier in as it is.
async fn put(house: &House, dossier: &Dossier) {
    let actor = rules::people::Actor::System { on_behalf_of: None, agency: house.commune };
    let now = house.office.clock.now();
    let body = Body::CaseChosen { case: dossier.case.clone() };
    let event = &rules::event::NewEvent::of_dossier(dossier.id, &actor, now, body);
    house
        .office
        .db
        .act(|mut tx| async move { store::dossier::add(&mut tx, dossier, None, event, now).await })
        .await
        .expect("added");
}

fn new_id(house: &House) -> uuid::Uuid {
    store::time::new_id(house.office.clock.now())
}

/// How many of [`one_in_every_state`] are open.
const N_OPEN: i64 = 10;

/// One dossier in every state, at the house's commune, in the hands of `officer` where one has it.
async fn one_in_every_state(house: &House, counter: &By, officer: &By) -> Vec<DossierId> {
    let model = house.dossier(received(house, counter).await).await;
    let step = model.state.step().expect("a step").to_owned();
    let result = || ResultId(new_id(house));
    let officer = Some(id_of(&officer.actor));
    let at_step = |officer, result| AtStep { step: step.clone(), officer, result };
    let until = model.due.expect("a due moment");
    let items = Vec::new;
    let refusal =
        CounterRefusal { reason: RefusalReason::NotCompetent, explanation: "Nộp nơi khác".to_owned() };
    let states = [
        State::Preparing,
        State::Submitted { answer_by: until },
        State::AwaitingPapers { items: items(), until },
        State::AwaitingParts { step: step.clone() },
        State::InProcess(at_step(officer, None)),
        State::InProcess(at_step(None, Some(result()))),
        State::AwaitingSupplement { at_step: at_step(officer, None), items: items(), until: Some(until) },
        State::Halted { at_step: at_step(officer, None), reason: "Chờ bản án".to_owned(), until },
        State::Done { step: step.clone(), result: result() },
        State::NotReceived { refusal },
        State::Stopped { why: StoppedFor::Decided("Không đủ điều kiện".to_owned()) },
        State::Withdrawn { reason: "Đổi ý".to_owned() },
        State::HandedOver { result: result(), way: HandOverWay::Counter },
    ];
    let mut ids = vec![model.id];
    for state in states {
        let dossier =
            Dossier { id: DossierId(new_id(house)), version: 1, code: None, state, ..model.clone() };
        put(house, &dossier).await;
        ids.push(dossier.id);
    }
    ids
}

async fn unit_id(house: &House, key: &str) -> AgencyId {
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let units = store::unit::units(&mut reader).await.expect("read");
    units.iter().find(|kept| kept.unit.key == key).expect("a unit").id
}

async fn to_the_end(house: &House, id: ReorganisationId) -> i64 {
    for _ in 0..20 {
        if let Turn::Done { n_rerouted } = house.office.reroute_some(id).await.expect("a turn") {
            return n_rerouted;
        }
    }
    panic!("it never ends");
}

async fn a_merger_takes_every_open_dossier_along(db: Scratch) {
    let house = standing_alone(&db).await;
    let admin = house.administrator().await;
    let counter = house.officer(Role::Counter).await;
    let specialist = house.officer(Role::Specialist).await;
    let ids = one_in_every_state(&house, &counter, &specialist).await;
    let mut before = Vec::new();
    for id in &ids {
        before.push(house.dossier(*id).await);
    }

    let plan = house.office.plan_reorganisation(&admin.actor, &decided()).await.expect("a plan");
    assert_eq!((plan.n_dossiers, plan.n_lost), (N_OPEN, 0));
    let (old, new) = ("Ủy ban nhân dân xã Yên Bình", "Ủy ban nhân dân phường Thác Bình");
    let moved = |place| Moved { place, from: old.to_owned(), to: new.to_owned(), n: N_OPEN };
    assert_eq!(plan.moved, [Place::Receiving, Place::Competent, Place::Holding].map(moved));
    assert_eq!(plan.posts.len(), 4);
    assert!(plan.posts.iter().all(|post| post.to.is_none()), "nobody has said where they go");
    assert!(plan.units.contains(&PlannedChange::Founded(new.to_owned())));
    assert_eq!(
        house.events(ids[0]).await.last().map(String::as_str),
        Some("dossier_received"),
        "only planned"
    );

    let begun = house.office.begin_reorganisation(&admin, &decided()).await.expect("begun");
    assert_eq!(to_the_end(&house, begun).await, N_OPEN);
    let agency = unit_id(&house, "p-thac-binh-2026").await;
    let there = AgencyScope { receiving: agency, competent: agency, holding: agency };
    for (id, before) in ids.iter().zip(&before) {
        let after = house.dossier(*id).await;
        let last = house.events(*id).await.last().cloned();
        if before.state.is_open() {
            assert_eq!(after.scope, there, "{:?}", before.state);
            assert_eq!(after.version, before.version + 1);
            assert_eq!(after.state.officer(), None, "who has no post there has it in hand no longer");
            assert_eq!((after.due, &after.clock), (before.due, &before.clock), "no date has changed");
            assert_eq!(after.state.kind(), before.state.kind());
            assert_eq!(last.as_deref(), Some("rerouted"));
        } else {
            assert_eq!(&after, before, "what is closed stays as it was");
        }
    }

    // The officers of before have lost it; those of the new agency find it and may act.
    let open = ids[0];
    assert!(matches!(house.office.dossier_view(&counter.actor, open).await, Err(Error::NotFound)));
    let role = house.office.dossier_view(&house.officer_of(agency, Role::Counter).await.actor, open).await;
    let role = role.expect("seen").present_step().expect("a step").role;
    let officer = house.officer_of(agency, role).await;
    let hits = house.office.search(&officer.actor, "Ngoãn", &["dossier"]).await.expect("found");
    assert!(hits.iter().any(|hit| hit.subject == open.0), "{hits:?}");
    assert!(house.office.search(&counter.actor, "Ngoãn", &["dossier"]).await.expect("asked").is_empty());
    house.office.take(&officer, open).await.expect("taken");
    // Closed ones are in the lists of those who took over.
    let lines = house.office.dossiers_of_unit(&officer.actor, agency).await.expect("a list");
    let closed = ids.last().expect("handed over");
    assert!(lines.iter().any(|line| line.id == *closed));
}

async fn a_competence_passes_with_the_work_and_the_counter_stays(db: Scratch) {
    let house = standing_alone(&db).await;
    let admin = house.administrator().await;
    let counter = house.officer(Role::Counter).await;
    let id = received(&house, &counter).await;
    let decided = Reorganisation {
        units: Vec::new(),
        changes: vec![Change::PassCompetence {
            matters: vec![Matter::Procedure(COPIES.parse().expect("a procedure code"))],
            from: "xa-yen-binh-2025".to_owned(),
            to: "xa-thac-may-2025".to_owned(),
        }],
        ..decided()
    };
    let plan = house.office.plan_reorganisation(&admin.actor, &decided).await.expect("a plan");
    let name = "Ủy ban nhân dân xã Thác Mây".to_owned();
    assert_eq!(plan.units, [PlannedChange::Given { name, matters: vec![COPIES.to_owned()] }]);
    assert_eq!((plan.n_dossiers, plan.posts.len()), (1, 0));
    let begun = house.office.begin_reorganisation(&admin, &decided).await.expect("begun");
    assert_eq!(to_the_end(&house, begun).await, 1);
    let scope = house.dossier(id).await.scope;
    assert_eq!((scope.receiving, scope.competent), (house.commune, house.elsewhere));
    assert!(house.office.dossier_view(&counter.actor, id).await.is_ok(), "who received it sees it");
}

async fn doing_it_again_or_twice_at_once_changes_nothing(db: Scratch) {
    let house = standing_alone(&db).await;
    let admin = house.administrator().await;
    let counter = house.officer(Role::Counter).await;
    let id = received(&house, &counter).await;
    let begun = house.office.begin_reorganisation(&admin, &decided()).await.expect("begun");
    let (first, second) = futures::join!(house.office.reroute_some(begun), house.office.reroute_some(begun));
    first.and(second).expect("both are well");
    assert_eq!(to_the_end(&house, begun).await, 1);
    // The job it left behind finds nothing to do.
    house.office.run_due_jobs().await.expect("run");
    let rerouted = house.events(id).await.iter().filter(|kind| *kind == "rerouted").count();
    assert_eq!(rerouted, 1);
    assert_eq!(house.office.begin_reorganisation(&admin, &decided()).await.expect("the same"), begun);
    let other = Reorganisation { decision: "Nghị quyết khác".to_owned(), ..decided() };
    let refused = house.office.begin_reorganisation(&admin, &other).await;
    let why = ReorganisationFault::AppliedDifferently("thac-may-2026".to_owned());
    assert!(
        matches!(&refused, Err(Error::Refused(Refusal::Reorganisation(faults))) if *faults == [why]),
        "{refused:?}"
    );
}

async fn the_job_alone_takes_them_all(db: Scratch) {
    let house = standing_alone(&db).await;
    let admin = house.administrator().await;
    let counter = house.officer(Role::Counter).await;
    let ids = [received(&house, &counter).await, received(&house, &counter).await];
    let begun = house.office.begin_reorganisation(&admin, &decided()).await.expect("begun");
    // A page, an empty page, and the round that finds nothing.
    house.office.run_due_jobs().await.expect("run");
    assert_eq!(to_the_end(&house, begun).await, 2);
    for id in ids {
        let dossier = house.dossier(id).await;
        assert_eq!(dossier.scope.holding, unit_id(&house, "p-thac-binh-2026").await);
        let event = house.events(id).await;
        assert_eq!(event.last().map(String::as_str), Some("rerouted"));
    }
}

async fn officers_follow_where_the_decision_says_so(db: Scratch) {
    let house = standing_alone(&db).await;
    let counter = house.officer(Role::Counter).await;
    let specialist = house.officer(Role::Specialist).await;
    let id = received(&house, &counter).await;
    let follow = Follow { from: "xa-yen-binh-2025".to_owned(), to: "p-thac-binh-2026".to_owned() };
    let decided = Reorganisation { officers: vec![follow], ..decided() };
    let on_the_machine = By::new(rules::people::Actor::System { on_behalf_of: None, agency: house.commune });
    let plan = house.office.plan_reorganisation(&on_the_machine.actor, &decided).await.expect("a plan");
    let new = "Ủy ban nhân dân phường Thác Bình";
    assert!(plan.posts.iter().all(|EndingPost { to, .. }| to.as_deref() == Some(new)), "{:?}", plan.posts);
    let begun = house.office.begin_reorganisation(&on_the_machine, &decided).await.expect("begun");
    to_the_end(&house, begun).await;
    let agency = unit_id(&house, "p-thac-binh-2026").await;
    let present = |by: &By| {
        let id = id_of(&by.actor);
        let db = house.office.db.clone();
        async move {
            let mut reader = db.read().await.expect("a snapshot");
            store::people::officer(&mut reader, id).await.expect("read").expect("an officer")
        }
    };
    for (by, role) in [(&counter, Role::Counter), (&specialist, Role::Specialist)] {
        let Officer { agency: home, posts, .. } = present(by).await;
        assert_eq!((home, posts), (agency, vec![Post::new(agency, role)]));
    }
    let counter = office::people::actor_of(&present(&counter).await);
    assert!(house.office.dossier_view(&counter, id).await.is_ok(), "he works on where he is now");
}

async fn only_an_administrator_on_or_after_the_day_and_without_faults(db: Scratch) {
    let house = standing_alone(&db).await;
    let admin = house.administrator().await;
    let counter = house.officer(Role::Counter).await;
    let refused = house.office.begin_reorganisation(&counter, &decided()).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    let mut tomorrow = decided();
    tomorrow.effective_on = jiff::civil::date(2026, 11, 24);
    tomorrow.units[0].valid_from = tomorrow.effective_on;
    assert!(house.office.plan_reorganisation(&admin.actor, &tomorrow).await.is_ok(), "it may be looked at");
    let mut wrong = decided();
    wrong.changes =
        vec![Change::Dissolve { unit: "xa-yen-binh-2025".to_owned(), successor: "ai".to_owned() }];
    for (decided, why) in [
        (tomorrow.clone(), ReorganisationFault::NotYet(tomorrow.effective_on)),
        (wrong, ReorganisationFault::UnknownUnit("ai".to_owned())),
    ] {
        let refused = house.office.begin_reorganisation(&admin, &decided).await;
        let Err(Error::Refused(Refusal::Reorganisation(faults))) = refused else { panic!("{refused:?}") };
        assert_eq!(faults, [why]);
    }
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let units = store::unit::units(&mut reader).await.expect("read");
    assert!(units.iter().all(|kept| kept.unit.valid_to.is_none()), "nothing was done");
}

async fn a_decision_reaches_no_further_than_who_decides(db: Scratch) {
    let house = standing_alone(&db).await;
    let admin = house.officer(Role::Admin).await;
    let (own, theirs) = ("xa-yen-binh-2025".to_owned(), "xa-thac-may-2025".to_owned());
    let renamed = Change::Rename {
        unit: own.clone(),
        name: "Ủy ban nhân dân xã Yên Bình Mới".to_owned(),
        heading: ["ỦY BAN NHÂN DÂN".to_owned(), "XÃ YÊN BÌNH MỚI".to_owned()],
        place: None,
    };
    let within = Reorganisation { units: Vec::new(), changes: vec![renamed], ..decided() };
    house.office.plan_reorganisation(&admin.actor, &within).await.expect("his own");
    let founded = Unit { parent: Some(own.clone()), ..decided().units.remove(0) };
    let follow = |from: &String, to: &String| vec![Follow { from: from.clone(), to: to.clone() }];
    let before = vec![Predecessor { unit: theirs.clone(), share: Share::Whole }];
    let split = Succession { decision: String::new(), allotted: Vec::new(), rest: theirs.clone() };
    for beyond in [
        Reorganisation { officers: follow(&own, &theirs), ..within.clone() },
        Reorganisation { officers: follow(&theirs, &own), ..within.clone() },
        Reorganisation {
            changes: vec![Change::MoveUnder { unit: own.clone(), parent: theirs.clone() }],
            ..within.clone()
        },
        Reorganisation { units: vec![Unit { predecessors: before, ..founded.clone() }], ..within.clone() },
        Reorganisation { units: vec![Unit { succession: Some(split), ..founded.clone() }], ..within.clone() },
    ] {
        let outside = [rules::people::PeopleFault::OutsideReach];
        let planned = house.office.plan_reorganisation(&admin.actor, &beyond).await;
        assert_eq!(crate::people::faults(planned), outside, "{beyond:?}");
        let begun = house.office.begin_reorganisation(&admin, &beyond).await;
        assert_eq!(crate::people::faults(begun), outside, "{beyond:?}");
    }
}

async fn a_file_that_cannot_be_read_is_told_in_vietnamese_with_its_line(db: Scratch) {
    let house = House::open(&db).await;
    let refused = house.office.read_decision("id = \"a\"\ndecision = Nghị quyết\n");
    let Err(Error::Refused(Refusal::Unreadable(why))) = refused else { panic!("{refused:?}") };
    assert!(why.starts_with("Tệp sai ở dòng 2: “decision = Nghị quyết”. Xem lại"), "{why}");
}

async fn an_agency_that_was_asked_is_asked_where_its_work_went(db: Scratch) {
    let house = standing_alone(&db).await;
    let admin = house.administrator().await;
    let counter = house.officer(Role::Counter).await;
    let model = house.dossier(received(&house, &counter).await).await;
    let alone = unit_elsewhere(&house).await;
    let (due, step) = (model.due.expect("a due moment"), model.state.step().expect("a step").to_owned());
    let mut dossier = Dossier {
        id: DossierId(new_id(&house)),
        version: 1,
        code: None,
        scope: AgencyScope { receiving: alone, competent: alone, holding: alone },
        state: State::InProcess(AtStep { step, officer: Some(id_of(&counter.actor)), result: None }),
        ..model
    };
    dossier.life.consultations.push(Consultation {
        id: ConsultationId(new_id(&house)),
        rule: None,
        agency: house.commune,
        question: "Có vướng quy hoạch không?".to_owned(),
        asked_at: house.office.clock.now(),
        asked_by: id_of(&counter.actor),
        due,
        clock: ClockEffect::Runs,
        answer: None,
        lapsed_at: None,
    });
    put(&house, &dossier).await;
    let begun = house.office.begin_reorganisation(&admin, &decided()).await.expect("begun");
    assert_eq!(to_the_end(&house, begun).await, 2);
    let after = house.dossier(dossier.id).await;
    let agency = unit_id(&house, "p-thac-binh-2026").await;
    assert_eq!(after.life.consultations[0].agency, agency);
    assert_eq!((after.scope, after.state), (dossier.scope, dossier.state), "its own agencies are there");
    let asked = house.officer_of(agency, Role::Specialist).await;
    assert!(house.office.dossier_view(&asked.actor, dossier.id).await.is_ok());
}

async fn old_papers_stay_good_and_old_names_are_found(db: Scratch) {
    let house = standing_alone(&db).await;
    let admin = house.administrator().await;
    let counter = house.officer(Role::Counter).await;
    let closed = received(&house, &counter).await;
    house.office.withdraw(&counter, closed, "Đổi ý", Custodian::Applicant).await.expect("closed");
    let holder = house.dossier(closed).await.people.holder;
    let entry = &paper(&house, closed).await;
    db.act(|mut tx| async move { store::repository::add(&mut tx, entry).await }).await.expect("filed");

    let begun = house.office.begin_reorganisation(&admin, &decided()).await.expect("begun");
    to_the_end(&house, begun).await;
    let agency = unit_id(&house, "p-thac-binh-2026").await;
    let officer = house.officer_of(agency, Role::Counter).await;

    // The paper of the unit that has ended satisfies a component of a dossier of the new one.
    let status = STATUS.parse().expect("a procedure code");
    let intake = house
        .office
        .open_intake(&officer, &applicant(), Opening::at_counter(&status, Some(DIVORCED)))
        .await
        .expect("an intake");
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let papers = store::repository::of_owner(&mut reader, holder).await.expect("read");
    let procedure =
        office::dossier::revision_of(&mut reader, &house.dossier(intake).await).await.expect("a revision");
    drop(reader);
    let component = procedure.case(DIVORCED).and_then(|case| case.component("ly-hon")).expect("a component");
    let offered = reuse::offers(&papers, component, holder, house.office.clock.today());
    assert_eq!(offered.iter().map(|entry| entry.id).collect::<Vec<_>>(), [entry.id]);
    house.office.mark_component(&officer, intake, "ly-hon", Mark::Missing).await.expect("put back");
    house.office.reuse(&officer, intake, "ly-hon", entry.id).await.expect("reused");
    assert_eq!(papers[0].scope.receiving, house.commune, "it stays the paper of who made it");
    let listed = house.office.list_repository(&officer, holder).await.expect("listed");
    assert_eq!(
        (listed.papers.len(), listed.dossiers.iter().filter(|d| d.dossier.id == closed).count()),
        (1, 1)
    );
    assert!(house.office.dossier_view(&officer.actor, closed).await.is_ok(), "seen by who took over");
    let stranger = house.officer_of(unit_elsewhere(&house).await, Role::Counter).await;
    assert!(matches!(house.office.dossier_view(&stranger.actor, closed).await, Err(Error::NotFound)));
    assert!(house.office.list_repository(&stranger, holder).await.expect("listed").papers.is_empty());

    // A new dossier has the code of the new unit.
    let copies = COPIES.parse().expect("a procedure code");
    let opened = house.office.open_intake(&officer, &applicant(), Opening::at_counter(&copies, None)).await;
    let id = opened.expect("an intake");
    house.office.mark_component(&officer, id, "ban-chinh", Mark::Shown).await.expect("shown");
    house.office.mark_component(&officer, id, "ban-sao", Mark::OnPaper).await.expect("on paper");
    house.office.receive(&officer, id).await.expect("received");
    let code = house.dossier(id).await.code.map(|code| code.to_string());
    assert_eq!(code.as_deref(), Some("H99.131-261123-0001"));

    let new = "Ủy ban nhân dân phường Thác Bình";
    for (words, said) in [
        ("phường Thác Bình", new.to_owned()),
        ("xa yen binh", format!("{new} (trước 23/11/2026: Ủy ban nhân dân xã Yên Bình)")),
        ("H99.101", new.to_owned()),
    ] {
        let found = house.office.find_units(words).await.expect("found");
        assert_eq!(found.iter().map(|unit| unit.said.clone()).collect::<Vec<_>>(), [said], "{words}");
        assert_eq!(found[0].id, agency);
    }
    let lines = house.office.dossiers_of_unit(&officer.actor, agency).await.expect("a list");
    let listed: BTreeSet<DossierId> = lines.iter().map(|line| line.id).collect();
    assert_eq!(listed, BTreeSet::from([id, closed]));
}

/// A unit that has nothing to do with the others.
async fn unit_elsewhere(house: &House) -> AgencyId {
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let kept = store::unit::unit(&mut reader, house.commune).await.expect("read").expect("a unit");
    drop(reader);
    let code = "H99.150".parse().expect("a code");
    let (key, name) = ("xa-la".to_owned(), "Ủy ban nhân dân xã Lạ".to_owned());
    let unit = &Unit { key, name, code, valid_to: None, ..kept.unit };
    let new = AgencyId(new_id(house));
    house
        .office
        .db
        .act(|mut tx| async move { store::unit::put_unit(&mut tx, new, unit, None).await })
        .await
        .expect("put")
}

/// A paper of the holder that the commune filed.
pub(crate) async fn paper(house: &House, dossier: DossierId) -> Entry {
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let dossier = store::dossier::find(&mut reader, dossier).await.expect("read").expect("there");
    let procedure = STATUS.parse().expect("a procedure code");
    let today = house.office.clock.today();
    let procedure =
        store::procedure::in_force(&mut reader, &procedure, today).await.expect("read").expect("in force");
    let component = procedure.case(DIVORCED).and_then(|case| case.component("ly-hon"));
    let paper_type = component.expect("a component").paper_type.clone();
    Entry {
        id: EntryId(new_id(house)),
        owner: dossier.people.holder,
        origin: Origin::Result { result: ResultId(new_id(house)) },
        dossier: dossier.id,
        scope: dossier.scope,
        filed_at: house.office.clock.now(),
        pdf: Blob { sha256: "e".repeat(64), bytes: 1 },
        code: "038191004627.TK.1".to_owned(),
        paper_type: paper_type.clone(),
        title: "Giấy xác nhận".to_owned(),
        fields: Fields {
            paper_type,
            owner_number: "038191004627".parse().expect("a number"),
            owner_name: "Nguyễn Thị Ngoãn".to_owned(),
            number: None,
            issued_on: None,
            issuer: Some("Ủy ban nhân dân xã Yên Bình".to_owned()),
            summary: "Xác nhận".to_owned(),
            valid_to: None,
            scope: "Toàn quốc".to_owned(),
        },
        superseded_by: None,
        annulled_on: None,
    }
}

store::on_both!(
    a_decision_reaches_no_further_than_who_decides,
    a_file_that_cannot_be_read_is_told_in_vietnamese_with_its_line,
    a_merger_takes_every_open_dossier_along,
    a_competence_passes_with_the_work_and_the_counter_stays,
    doing_it_again_or_twice_at_once_changes_nothing,
    the_job_alone_takes_them_all,
    officers_follow_where_the_decision_says_so,
    only_an_administrator_on_or_after_the_day_and_without_faults,
    an_agency_that_was_asked_is_asked_where_its_work_went,
    old_papers_stay_good_and_old_names_are_found,
);
