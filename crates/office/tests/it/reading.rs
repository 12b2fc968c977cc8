//! Whoever looks at a person's papers leaves an event with its purpose, once a sitting; and finds no more
//! than his posts let him see.

use crate::counter::received;
use crate::house::{House, applicant, id_of};
use crate::people::{in_hand, lending, today};
use crate::unit::paper;
use jiff::SignedDuration;
use office::{By, Error, Refusal};
use rules::id::{DossierId, PageId, PartyId, RecordId};
use rules::measure::narrowing::{Hands, Narrowing};
use rules::people::{Post, Role};
use rules::scanning::{ArrangedPage, Record, RecordState, Source};
use store::testing::Scratch;

const COPIES: &str = "2.000815";
const STATUS: &str = "1.004873";

/// Purpose and reader of each reading of somebody's papers, the latest first.
async fn told(house: &House, person: PartyId) -> Vec<(String, String)> {
    let told = house.office.who_read(person).await.expect("read");
    told.into_iter().map(|read| (read.who, read.purpose)).collect()
}

async fn limited(house: &House, role: Role, procedure: &str) -> By {
    let procedures = Some(vec![procedure.parse().expect("a code")]);
    house.officer_with(Post { procedures, ..Post::new(house.commune, role) }).await
}

async fn who_looks_at_a_dossier_is_told_to_its_holder_once_a_sitting(db: Scratch) {
    let house = House::open(&db).await;
    let (id, officer, _) = in_hand(&house).await;
    let holder = house.dossier(id).await.people.holder;
    let events = house.events(id).await;
    house.office.open_dossier(&officer.actor, id).await.expect("seen");
    assert_eq!(told(&house, holder).await, [], "he is at work on it");
    let head = house.officer(Role::Head).await;
    for _ in 0..2 {
        house.office.open_dossier(&head.actor, id).await.expect("seen");
    }
    let code = house.dossier(id).await.code.expect("a code");
    let once = ("Head".to_owned(), format!("giải quyết hồ sơ {code}"));
    assert_eq!(told(&house, holder).await, std::slice::from_ref(&once));
    let stranger = house.officer_of(house.elsewhere, Role::Head).await;
    house.office.open_dossier(&stranger.actor, id).await.expect_err("it does not exist for him");
    house.office.clock.advance(SignedDuration::from_mins(31));
    house.office.open_dossier(&head.actor, id).await.expect("seen");
    assert_eq!(told(&house, holder).await, [once.clone(), once], "another sitting");
    assert_eq!(house.events(id).await, events, "nothing happened to the dossier");
}

async fn who_looks_in_a_post_that_was_lent_is_told_with_its_owner(db: Scratch) {
    let house = House::open(&db).await;
    let (id, ..) = in_hand(&house).await;
    let head = house.officer(Role::Head).await;
    let stranger = house.officer_of(house.elsewhere, Role::Clerk).await;
    let lending = lending(&house, &head, &stranger, Role::Head);
    house.office.delegate(&head, &lending).await.expect("lent");
    let stranger = today(&house, &stranger).await;
    house.office.open_dossier(&stranger.actor, id).await.expect("seen");
    let holder = house.dossier(id).await.people.holder;
    assert_eq!(told(&house, holder).await[0].0, "Clerk, thay mặt Head");
}

async fn what_is_offered_of_the_repository_is_a_look_into_it(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let first = received(&house, &counter).await;
    let holder = house.dossier(first).await.people.holder;
    house.office.open_with_repository(&counter.actor, first).await.expect("seen");
    let looked = || async {
        let told = told(&house, holder).await.into_iter().map(|(_, purpose)| purpose);
        told.filter(|purpose| !purpose.starts_with("giải quyết")).collect::<Vec<_>>()
    };
    assert!(looked().await.is_empty(), "there is nothing to be offered");
    let entry = &paper(&house, first).await;
    db.act(|mut tx| async move { store::repository::add(&mut tx, entry).await }).await.expect("filed");
    let code = COPIES.parse().expect("a code");
    let opening = office::counter::Opening::at_counter(&code, None);
    let next = house.office.open_intake(&counter, &applicant(), opening).await.expect("an intake");
    for _ in 0..3 {
        house.office.open_with_repository(&counter.actor, next).await.expect("seen");
    }
    assert_eq!(looked().await, ["lập hồ sơ tại quầy"], "once, though he is at work");
    assert_eq!(house.events(next).await, ["intake_opened"]);
}

async fn the_fields_of_a_record_are_read_with_a_purpose(db: Scratch) {
    let house = House::open(&db).await;
    let (id, officer, _) = in_hand(&house).await;
    let dossier = house.dossier(id).await;
    let digitiser = house.officer(Role::Counter).await;
    let record = &Record {
        id: RecordId(store::time::new_id(house.office.clock.now())),
        version: 1,
        dossier: id,
        component: "ban-sao".to_owned(),
        owner: dossier.people.holder,
        scope: dossier.scope,
        digitiser: id_of(&digitiser.actor),
        source: Source::Pages {
            pages: vec![ArrangedPage {
                page: PageId(store::time::new_id(house.office.clock.now())),
                quarter_turns: 0,
            }],
        },
        state: RecordState::Reading,
    };
    let now = house.office.clock.now();
    db.act(|mut tx| async move { store::scanning::add(&mut tx, record, now).await }).await.expect("added");
    for by in [&digitiser, &officer] {
        let (shown, _) = house.office.open_record(&by.actor, record.id).await.expect("seen");
        assert_eq!(shown.id, record.id);
    }
    assert_eq!(told(&house, dossier.people.holder).await, [], "both are at work on it");
    let head = house.officer(Role::Head).await;
    for _ in 0..2 {
        house.office.open_record(&head.actor, record.id).await.expect("seen");
    }
    assert_eq!(told(&house, dossier.people.holder).await.len(), 1);
    let stranger = house.officer_of(house.elsewhere, Role::Counter).await;
    house.office.open_record(&stranger.actor, record.id).await.expect_err("not his");
}

async fn who_is_found_is_told_so_once_a_sitting(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let ids = [received(&house, &counter).await, received(&house, &counter).await];
    let holder = house.dossier(ids[0]).await.people.holder;
    let find = |by: &By, text: &'static str| {
        let (actor, house) = (by.actor.clone(), &house);
        async move { house.office.find(&actor, text, &office::repository::KINDS).await.expect("found") }
    };
    let found = find(&counter, "Ngoãn").await;
    assert_eq!(found.people.iter().map(|person| person.id).collect::<Vec<_>>(), [holder]);
    let shown: Vec<DossierId> = found.dossiers.iter().map(|line| line.dossier.id).collect();
    assert_eq!(shown, [ids[1], ids[0]], "the newest first");
    let purpose = "tra cứu người, hồ sơ và giấy tờ".to_owned();
    assert_eq!(told(&house, holder).await, [("Counter".to_owned(), purpose)], "one event a person");
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let about = rules::event::Subject::Party(holder);
    let events = store::event::of_subject(&mut reader, about, 10).await.expect("read");
    let last = &events.last().expect("an event").body;
    assert_eq!(*last, rules::event::Body::FoundInSearch { dossiers: 2, papers: 0 });
    assert_eq!(store::event::check_chain(&mut reader, about).await.expect("read"), None);
    drop(reader);
    find(&counter, "Ngoãn").await;
    assert_eq!(find(&counter, "Không Có Ai").await.people.len(), 0);
    assert_eq!(told(&house, holder).await.len(), 1, "the same sitting");
    // People are found by everybody, dossiers by those who see them; either way it is told.
    let stranger = house.officer_of(house.elsewhere, Role::Specialist).await;
    let found = find(&stranger, "Ngoãn").await;
    assert_eq!((found.people.len(), found.dossiers.len()), (1, 0));
    assert_eq!(told(&house, holder).await.len(), 2);
    house.office.clock.advance(SignedDuration::from_mins(31));
    find(&counter, "Ngoãn").await;
    assert_eq!(told(&house, holder).await.len(), 3, "another sitting");
}

async fn a_post_for_some_procedures_finds_and_lists_those(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let id = received(&house, &counter).await;
    let entry = &paper(&house, id).await;
    db.act(|mut tx| async move { store::repository::add(&mut tx, entry).await }).await.expect("filed");
    let holder = house.dossier(id).await.people.holder;
    for (procedure, n) in [(COPIES, 1), (STATUS, 0)] {
        let officer = limited(&house, Role::Specialist, procedure).await;
        let found = house.office.find(&officer.actor, "Ngoãn", &["dossier"]).await.expect("found");
        assert_eq!(found.dossiers.len(), n, "found: {procedure}");
        let listed = house.office.list_repository(&officer, holder).await.expect("listed");
        assert_eq!((listed.papers.len(), listed.dossiers.len()), (n, n), "listed: {procedure}");
        let of_unit = house.office.dossiers_of_unit(&officer.actor, house.commune).await.expect("a list");
        assert_eq!(of_unit.len(), n, "of the unit: {procedure}");
        let mut reader = house.office.db.read().await.expect("a snapshot");
        let waiting = store::dossier::lines_waiting(&mut reader, &officer.actor.sight(), 10).await;
        assert_eq!(waiting.expect("read").len(), n, "waiting: {procedure}");
    }
}

async fn conditions_narrow_what_is_found_and_only_what_is_shown_is_told(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let ids = [received(&house, &counter).await, received(&house, &counter).await];
    let holder = house.dossier(ids[0]).await.people.holder;
    let role = {
        let view = house.office.dossier_view(&counter.actor, ids[0]).await.expect("the dossier");
        view.present_step().expect("a step").role
    };
    let officer = house.officer(role).await;
    house.office.take(&officer, ids[0]).await.expect("taken");
    let find = async |narrowing: Narrowing| {
        let found = house.office.find_narrowed(&counter.actor, &narrowing).await.expect("found");
        found.dossiers.iter().map(|line| line.dossier.id).collect::<Vec<_>>()
    };
    let words = |text: &str| Narrowing { sought: Some(text.to_owned()), ..Narrowing::default() };
    let nobody = Narrowing { hands: Some(Hands::Nobody), ..words("Ngoãn") };
    let late = Narrowing { received_from: Some(jiff::civil::date(2026, 11, 24)), ..words("Ngoãn") };
    assert_eq!(find(late).await, []);
    assert_eq!(told(&house, holder).await, [], "nobody was shown");
    assert_eq!(find(nobody.clone()).await, [ids[1]]);
    assert_eq!(told(&house, holder).await.len(), 1);
    let state = Narrowing { state: Some("in_process".to_owned()), ..words("") };
    assert_eq!(find(state.clone()).await, [ids[0]], "without words, of the open ones");
    let stranger = house.officer_of(house.elsewhere, Role::Specialist).await;
    for narrowing in [nobody, state] {
        let found = house.office.find_narrowed(&stranger.actor, &narrowing).await.expect("found");
        assert_eq!((found.dossiers.len(), found.among.len()), (0, 0), "only what he may see");
    }
}

async fn a_list_is_kept_under_a_name_and_nothing_too_long_is(db: Scratch) {
    let house = House::open(&db).await;
    let officer = house.officer(Role::Specialist).await;
    let office = &house.office;
    let sought =
        |n_letters: usize| Narrowing { sought: Some("ă".repeat(n_letters)), ..Narrowing::default() };
    for (name, narrowing) in [("", sought(1)), (&*"đ".repeat(61), sought(1)), ("Dài", sought(201))] {
        let refused = office.keep_view(&officer.actor, name, &narrowing, None).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Form(_)))), "{name}: {refused:?}");
    }
    let elsewhere = office.keep_view(&officer.actor, "Chung", &sought(1), Some(house.commune)).await;
    assert!(matches!(elsewhere, Err(Error::NotYours(_))), "{elsewhere:?}");
    for narrowing in [sought(1), sought(200)] {
        office.keep_view(&officer.actor, "Của tôi", &narrowing, None).await.expect("kept");
    }
    let views = office.views(&officer.actor).await.expect("read");
    assert_eq!(views.iter().map(|view| &view.narrowing).collect::<Vec<_>>(), [&sought(200)], "one of a name");
    let colleague = house.officer(Role::Specialist).await;
    let hidden = office.view(&colleague.actor, views[0].id).await;
    assert!(matches!(hidden, Err(Error::NotFound)), "his own: {hidden:?}");
}

store::on_both!(
    a_list_is_kept_under_a_name_and_nothing_too_long_is,
    conditions_narrow_what_is_found_and_only_what_is_shown_is_told,
    who_looks_at_a_dossier_is_told_to_its_holder_once_a_sitting,
    who_looks_in_a_post_that_was_lent_is_told_with_its_owner,
    what_is_offered_of_the_repository_is_a_look_into_it,
    the_fields_of_a_record_are_read_with_a_purpose,
    who_is_found_is_told_so_once_a_sitting,
    a_post_for_some_procedures_finds_and_lists_those,
);
