//! A dossier opened in an emergency: read, never acted on, for some hours and with a reason; told to its
//! holder, and reviewed by whoever leads the agency that settles it.

use crate::accounts::device;
use crate::afterwards::Team;
use crate::counter::received;
use crate::custody::{self, secret_procedure};
use crate::house::{House, id_of, keyed};
use jiff::SignedDuration;
use office::people::glass::{Broken, Eyes, GlassTyped};
use office::people::password::hash_password;
use office::{By, Error, Refusal, Settings};
use rules::event::Body;
use rules::id::{AgencyId, DossierId, GlassId, PartyId};
use rules::people::glass::{GlassFault, GlassTerms, GlassVerdict};
use rules::people::{NotYours, PeopleFault, Post, Role, Sensitivity};
use std::sync::Arc;
use store::testing::Scratch;

const PASSWORD: &str = "bốn con trâu trắng";
const REASON: &str = "Lũ cuốn mất giấy tờ, người dân cần xác nhận ngay";
const FITTING: Option<GlassVerdict> = Some(GlassVerdict::Fitting);
const UNFITTING: Option<GlassVerdict> = Some(GlassVerdict::Unfitting);

/// An officer who can prove who he is.
async fn proven(house: &House, agency: AgencyId, role: Role) -> By {
    let by = house.officer_of(agency, role).await;
    let (id, hash) = (id_of(&by.actor), &hash_password(PASSWORD).expect("a hash"));
    let given =
        house.office.db.act(|mut tx| async move { store::people::set_password(&mut tx, id, hash).await });
    given.await.expect("a password");
    by
}

async fn code_of(house: &House, id: DossierId) -> String {
    house.dossier(id).await.code.expect("received").to_string()
}

async fn open(house: &House, by: &By, code: &str) -> Result<Broken, Error> {
    let typed = GlassTyped { code, reason: REASON, password: PASSWORD };
    house.office.break_glass(by, typed, &device("quầy")).await
}

fn faults<T: std::fmt::Debug>(done: Result<T, Error>) -> Vec<GlassFault> {
    match done {
        Err(Error::Refused(Refusal::Glass(faults))) => faults,
        other => panic!("{other:?}"),
    }
}

/// Who looked at the holder's papers and what for, the latest first.
async fn told(house: &House, holder: PartyId) -> Vec<(String, String)> {
    let told = house.office.who_read(holder).await.expect("read");
    told.into_iter().map(|read| (read.who, read.purpose)).collect()
}

/// A dossier of the commune, and a specialist of another who knows its code.
async fn stranger(house: &House) -> (DossierId, String, By) {
    let counter = house.officer(Role::Counter).await;
    let id = received(house, &counter).await;
    (id, code_of(house, id).await, proven(house, house.elsewhere, Role::Specialist).await)
}

async fn he_reads_it_for_some_hours_and_its_holder_is_told(db: Scratch) {
    let house = House::open(&db).await;
    let (id, code, by) = stranger(&house).await;
    let before = house.dossier(id).await;
    assert!(matches!(house.office.open_page(&by.actor, id).await, Err(Error::NotFound)));
    let typed = GlassTyped { code: &code, reason: REASON, password: "đoán" };
    let guessed = house.office.break_glass(&by, typed, &device("quầy")).await;
    let wrong = vec![PeopleFault::PasswordWrong];
    assert!(matches!(&guessed, Err(Error::Refused(Refusal::People(f))) if *f == wrong), "{guessed:?}");

    let broken = open(&house, &by, &format!(" {} ", code.to_lowercase())).await.expect("opened");
    let until = house.office.clock.now() + SignedDuration::from_hours(4);
    assert_eq!((broken.dossier, broken.until), (id, until));
    assert!(house.events(id).await.ends_with(&["glass_broken".to_owned()]));
    assert_eq!(house.dossier(id).await, before, "nothing happened to the dossier");
    let (view, glass) = house.office.open_page(&by.actor, id).await.expect("shown");
    assert_eq!(glass.map(|glass| (glass.id, glass.ends_at)), Some((broken.glass, until)));
    assert!(!view.may_do_step);
    let last = view.events.last().expect("an event");
    assert!(matches!(&last.body, Body::GlassBroken { reason, .. } if reason == REASON), "{last:?}");
    let purpose = format!("mở khẩn cấp hồ sơ {code}, lý do: {REASON}");
    let looked = ("Specialist".to_owned(), purpose);
    let holder = before.people.holder;
    assert_eq!(told(&house, holder).await, [looked.clone(), looked.clone()], "opened, and looked at");
    let explained = house.office.explain(&by.actor, id).await.expect("explained");
    assert!(explained.why[0].starts_with("Bạn đọc được vì đã mở khẩn cấp"), "{:?}", explained.why);
    let desk = house.office.glass_desk(&by.actor).await.expect("read");
    assert_eq!((desk.own.len(), desk.own[0].code.as_str(), desk.n_left), (1, code.as_str(), 4));

    house.office.clock.advance(SignedDuration::from_hours(4));
    assert!(matches!(house.office.open_page(&by.actor, id).await, Err(Error::NotFound)));
    house.office.explain(&by.actor, id).await.expect_err("it is closed");
    assert!(house.office.glass_desk(&by.actor).await.expect("read").own.is_empty());
    assert_eq!(told(&house, holder).await.len(), 2);
}

async fn it_lets_read_and_nothing_else(db: Scratch) {
    let house = House::open(&db).await;
    let (id, code, by) = stranger(&house).await;
    open(&house, &by, &code).await.expect("opened");
    let office = &house.office;
    assert!(matches!(office.take(&by, id).await, Err(Error::NotFound)));
    assert!(matches!(office.dossier_view(&by.actor, id).await, Err(Error::NotFound)));
    assert!(matches!(office.open_dossier(&by.actor, id).await, Err(Error::NotFound)));
    let found = office.find(&by.actor, "Ngoãn", &office::repository::KINDS).await.expect("found");
    assert!(found.dossiers.is_empty(), "he finds no more than before");
    let holder = house.dossier(id).await.people.holder;
    let listed = office.list_repository(&by, holder).await.expect("listed");
    assert_eq!((listed.papers.len(), listed.dossiers.len()), (0, 0));
    // It is his alone: not his colleague's.
    let colleague = house.officer_of(house.elsewhere, Role::Specialist).await;
    assert!(matches!(office.open_page(&colleague.actor, id).await, Err(Error::NotFound)));
}

async fn papers_are_read_by_a_person_and_each_look_is_told(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let (house, office) = (&team.house, &team.house.office);
    let id = received(house, &team.counter).await;
    team.draft(id).await;
    let view = office.dossier_view(&team.specialist.actor, id).await.expect("the dossier");
    let paper = view.results[0].id;
    let by = proven(house, house.elsewhere, Role::Counter).await;
    assert!(matches!(office.view_result(&by, paper, Eyes::Person).await, Err(Error::NotFound)));
    let other = received(house, &team.counter).await;
    open(house, &by, &code_of(house, other).await).await.expect("another dossier of the same holder");
    assert!(matches!(office.view_result(&by, paper, Eyes::Person).await, Err(Error::NotFound)));
    open(house, &by, &code_of(house, id).await).await.expect("opened");
    assert!(matches!(office.view_result(&by, paper, Eyes::Program).await, Err(Error::NotFound)));
    let before = told(house, view.holder.id).await.len();
    office.view_result(&by, paper, Eyes::Person).await.expect("read");
    let told = told(house, view.holder.id).await;
    assert_eq!(told.len(), before + 1);
    assert!(told[0].1.starts_with("mở khẩn cấp hồ sơ"), "{told:?}");
    let waits = office.glass_desk(&team.leader.actor).await.expect("read").to_review;
    let (_, looks) = waits.iter().find(|(line, _)| line.glass.dossier == id).expect("it waits");
    assert_eq!(waits.len(), 2);
    assert_eq!(
        looks.iter().map(|looked| (looked.kind.as_str(), looked.n_looks)).collect::<Vec<_>>(),
        [("paper_viewed", 1)]
    );
    office.clock.advance(SignedDuration::from_hours(4));
    assert!(matches!(office.view_result(&by, paper, Eyes::Person).await, Err(Error::NotFound)));
}

async fn what_is_not_there_and_what_is_secret_get_one_answer(db: Scratch) {
    let house = House::open(&db).await;
    house.publish(&[secret_procedure()]).await;
    let cleared = Post { ceiling: Sensitivity::Secret, ..Post::new(house.commune, Role::Counter) };
    let counter = house.officer_with(cleared).await;
    let secret = custody::received(&house, &counter, custody::SECRET).await;
    let (id, code, by) = stranger(&house).await;
    let of_secret = code_of(&house, secret).await;
    for nothing in [of_secret.as_str(), "H99.101-261123-0999", "khong phai ma", "'; drop table glass"] {
        assert_eq!(faults(open(&house, &by, nothing).await), [GlassFault::NothingToOpen], "{nothing}");
    }
    assert_eq!(house.events(secret).await.last().map(String::as_str), Some("dossier_received"));
    let short = GlassTyped { code: "", reason: "gấp", password: PASSWORD };
    let short = house.office.break_glass(&by, short, &device("quầy")).await;
    assert_eq!(faults(short), [GlassFault::CodeMissing, GlassFault::ReasonShort]);
    // What he sees anyway, or has open, is told so and not counted.
    let head = proven(&house, house.commune, Role::Head).await;
    assert_eq!(faults(open(&house, &head, &code).await), [GlassFault::SeenAlready(id)]);
    open(&house, &by, &code).await.expect("opened");
    assert_eq!(faults(open(&house, &by, &code).await), [GlassFault::SeenAlready(id)]);
    assert_eq!(house.office.glass_desk(&by.actor).await.expect("read").n_left, 4);
}

async fn who_works_on_no_dossier_opens_none(db: Scratch) {
    let house = House::open(&db).await;
    let (_, code, by) = stranger(&house).await;
    for role in [Role::Admin, Role::Auditor, Role::PostOffice, Role::CentreHead, Role::Gateway] {
        let other = proven(&house, house.elsewhere, role).await;
        let refused = open(&house, &other, &code).await;
        assert!(matches!(refused, Err(Error::NotYours(NotYours::NeedsRole(_)))), "{role:?}: {refused:?}");
    }
    // The same form sent twice opens once.
    let once = keyed(&by, "0123456789abcdef");
    let first = open(&house, &once, &code).await.expect("opened");
    assert_eq!(open(&house, &once, &code).await.expect("the same"), first);
}

async fn so_many_a_day_and_no_more(db: Scratch) {
    let mut house = House::open(&db).await;
    let terms = GlassTerms { most_a_day: 2, ..GlassTerms::default() };
    let settings = Settings { glass: terms, ..(*house.office.settings).clone() };
    house.office.settings = Arc::new(settings);
    let counter = house.officer(Role::Counter).await;
    let by = proven(&house, house.elsewhere, Role::Head).await;
    let mut codes = Vec::new();
    for _ in 0..3 {
        let id = received(&house, &counter).await;
        codes.push(code_of(&house, id).await);
    }
    for code in &codes[..2] {
        open(&house, &by, code).await.expect("opened");
    }
    // Before anything is said of the code.
    for code in [codes[2].as_str(), "H99.101-261123-0999"] {
        assert_eq!(faults(open(&house, &by, code).await), [GlassFault::TooMany(2)]);
    }
    // From 08:00 to past midnight of the legal clock.
    house.office.clock.advance(SignedDuration::from_hours(16));
    open(&house, &by, &codes[2]).await.expect("another day");
}

async fn review(
    house: &House,
    by: &By,
    glass: GlassId,
    verdict: Option<GlassVerdict>,
    said: &str,
) -> Result<(), Error> {
    house.office.review_glass(by, glass, 1, verdict, said).await
}

async fn whoever_leads_the_agency_that_settles_it_reviews(db: Scratch) {
    let house = House::open(&db).await;
    let (id, code, by) = stranger(&house).await;
    let glass = open(&house, &by, &code).await.expect("opened").glass;
    let head = house.officer(Role::Head).await;
    let theirs = house.officer_of(house.elsewhere, Role::Head).await;
    let specialist = house.officer(Role::Specialist).await;
    for other in [&theirs, &specialist, &by] {
        assert_eq!(house.office.glass_to_review(&other.actor).await.expect("counted"), 0);
        let done = review(&house, other, glass, FITTING, "").await;
        assert!(matches!(done, Err(Error::NotFound)), "{done:?}");
    }
    assert_eq!(house.office.glass_to_review(&head.actor).await.expect("counted"), 1);
    let waits = house.office.glass_desk(&head.actor).await.expect("read").to_review;
    let (line, looks) = &waits[0];
    assert_eq!((line.glass.reason.as_str(), line.code.as_str()), (REASON, code.as_str()));
    assert_eq!((line.officer_name.as_str(), looks.len()), ("Specialist", 0));
    assert_eq!(faults(review(&house, &head, glass, None, "").await), [GlassFault::VerdictMissing]);
    assert_eq!(faults(review(&house, &head, glass, UNFITTING, " ").await), [GlassFault::WordsMissing]);
    let stale = house.office.review_glass(&head, glass, 7, FITTING, "").await;
    assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");

    let once = keyed(&head, "0123456789abcdef");
    for _ in 0..2 {
        review(&house, &once, glass, UNFITTING, "Hôm đó không có ai đến quầy").await.expect("said");
    }
    let leader = house.officer(Role::Leader).await;
    let again = review(&house, &leader, glass, FITTING, "").await;
    assert_eq!(faults(again), [GlassFault::ReviewedAlready]);
    assert!(matches!(house.office.open_page(&by.actor, id).await, Err(Error::NotFound)), "it ended at once");
    let events = house.events(id).await;
    assert!(events.ends_with(&["glass_broken".to_owned(), "glass_reviewed".to_owned()]), "{events:?}");
    assert_eq!(house.office.glass_to_review(&head.actor).await.expect("counted"), 0);
    // The head of the officer is told, the one who reviewed is not.
    let listed = house.office.glass_desk(&theirs.actor).await.expect("read").unfitting;
    assert_eq!(listed.iter().map(|line| line.glass.id).collect::<Vec<_>>(), [glass]);
    assert_eq!(listed[0].reviewer_name, "Head");
    assert!(house.office.glass_desk(&head.actor).await.expect("read").unfitting.is_empty());
}

async fn what_was_right_goes_on_and_nobody_reviews_himself(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let id = received(&house, &counter).await;
    // He leads here, too, but since the afternoon only: in the morning he saw nothing of it.
    let by = proven(&house, house.elsewhere, Role::Head).await;
    let glass = open(&house, &by, &code_of(&house, id).await).await.expect("opened").glass;
    let mut also = by.clone();
    if let rules::people::Actor::Officer { posts, .. } = &mut also.actor {
        posts.push(Post::new(house.commune, Role::Leader));
    }
    assert_eq!(house.office.glass_to_review(&also.actor).await.expect("counted"), 0);
    assert_eq!(faults(review(&house, &also, glass, FITTING, "").await), [GlassFault::OwnOpening]);
    let head = house.officer(Role::Head).await;
    review(&house, &head, glass, FITTING, "").await.expect("said");
    house.office.open_page(&by.actor, id).await.expect("it goes on");
    let none = house.office.glass_desk(&by.actor).await.expect("read");
    assert!(none.unfitting.is_empty() && none.own.len() == 1);
}

async fn what_nobody_reviews_in_time_is_an_alarm_until_somebody_does(db: Scratch) {
    let house = House::open(&db).await;
    let (id, code, by) = stranger(&house).await;
    let glass = open(&house, &by, &code).await.expect("opened").glass;
    let head = house.officer(Role::Head).await;
    let raised = async || {
        house.office.watch_once().await.expect("a round");
        let mut reader = house.office.db.read().await.expect("a snapshot");
        let open = store::dossier::alarm::open(&mut reader, &head.actor.sight(), 10).await.expect("read");
        open.into_iter().filter(|alarm| alarm.kind.kind() == "unreviewed").collect::<Vec<_>>()
    };
    house.office.clock.advance(SignedDuration::from_hours(48));
    assert_eq!(raised().await, [], "three working days have not passed");
    house.office.clock.advance(SignedDuration::from_hours(72));
    let open = raised().await;
    assert_eq!(
        open.iter().map(|alarm| (alarm.dossier, alarm.agency, alarm.role)).collect::<Vec<_>>(),
        [(id, house.commune, Role::Head)]
    );
    assert_eq!(raised().await.len(), 1, "raised once");
    review(&house, &head, glass, FITTING, "").await.expect("said");
    assert_eq!(raised().await, [], "it ends by itself");
}

store::on_both!(
    he_reads_it_for_some_hours_and_its_holder_is_told,
    it_lets_read_and_nothing_else,
    papers_are_read_by_a_person_and_each_look_is_told,
    what_is_not_there_and_what_is_secret_get_one_answer,
    who_works_on_no_dossier_opens_none,
    so_many_a_day_and_no_more,
    whoever_leads_the_agency_that_settles_it_reviews,
    what_was_right_goes_on_and_nobody_reviews_himself,
    what_nobody_reviews_in_time_is_an_alarm_until_somebody_does,
);
