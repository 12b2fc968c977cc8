//! Whose people an administrator keeps: those of his agency and of what stands below it. Others are not there
//! for him.

use crate::accounts::account;
use crate::house::{House, id_of};
use crate::people::faults;
use office::people::delegation::{Granted, Lending};
use office::people::leave::Leave;
use office::people::roster::Wanted;
use office::people::transfer::Transfer;
use office::people::trial::{Tried, Verdict};
use office::{By, Error};
use rules::id::AgencyId;
use rules::people::account::NewAccount;
use rules::people::leave::Cover;
use rules::people::{PeopleFault, Post, Role};
use rules::unit::Unit;
use store::testing::Scratch;

fn is_gone<T: std::fmt::Debug>(done: Result<T, Error>) {
    assert!(matches!(done, Err(Error::NotFound)), "{done:?}");
}

async fn names(house: &House, by: &By, words: &str) -> Vec<String> {
    let wanted = Wanted { words: words.to_owned(), ..Wanted::default() };
    let roster = house.office.roster(&by.actor, &wanted).await.expect("read");
    roster.lines.into_iter().map(|line| line.account.name).collect()
}

async fn another_agencys_officers_are_not_there(db: Scratch) {
    let house = House::open(&db).await;
    let admin = house.officer(Role::Admin).await;
    let (ours, theirs) = (
        id_of(&house.officer(Role::Counter).await.actor),
        id_of(&house.officer_of(house.elsewhere, Role::Specialist).await.actor),
    );
    assert_eq!(names(&house, &admin, "").await, ["Admin", "Counter"]);
    assert_eq!(names(&house, &admin, "specialist").await, [""; 0]);
    house.office.officer_sheet(&admin.actor, ours).await.expect("his own");
    is_gone(house.office.officer_sheet(&admin.actor, theirs).await);
    is_gone(house.office.in_hand_of(&admin.actor, theirs).await);
    let stranger = house.office.try_rights(&admin.actor, &Tried::Login(theirs.to_string()), "").await;
    assert!(matches!(stranger, Err(Error::Refused(_))), "{stranger:?}");
    is_gone(house.office.try_rights(&admin.actor, &Tried::Post(house.elsewhere, Role::Head), "").await);
    is_gone(house.office.lock_sign_in(&admin, theirs, "thử").await);
    is_gone(house.office.unlock_sign_in(&admin, theirs).await);
    is_gone(house.office.reset_password(&admin, theirs).await);
    is_gone(house.office.reset_second_factor(&admin, theirs, "thử").await);
    is_gone(
        house.office.propose_post(&admin, theirs, &Post::new(house.commune, Role::Counter), "1/QĐ").await,
    );
    is_gone(house.office.end_post(&admin, theirs, house.elsewhere, Role::Specialist, "1/QĐ").await);
    let today = house.office.clock.today();
    let cover = Some(Cover::Inbox { reason: "ốm".to_owned() });
    let leave = Leave { officer: theirs, valid_from: today, valid_to: today, cover };
    is_gone(house.office.begin_leave(&admin, &leave).await);
    let transfer = |officer, agency| Transfer {
        officer,
        on: today,
        agency,
        posts: Vec::new(),
        moves: Vec::new(),
        decision: "1/QĐ".to_owned(),
    };
    is_gone(house.office.transfer_officer(&admin, &transfer(theirs, house.commune)).await);

    // Of his own officers he gives nothing away to where he gives no rights.
    let there = Post::new(house.elsewhere, Role::Counter);
    let outside = [PeopleFault::OutsideReach];
    assert_eq!(faults(house.office.propose_post(&admin, ours, &there, "1/QĐ").await), outside);
    assert_eq!(
        faults(house.office.transfer_officer(&admin, &transfer(ours, house.elsewhere)).await),
        outside
    );
    let new = NewAccount { agency: house.elsewhere, ..account(&house, "quay.moi") };
    assert_eq!(faults(house.office.add_officer(&admin, &new).await.map(drop)), outside);
    // And what waits there for a second person is not his to confirm.
    let first = house.officer_of(house.elsewhere, Role::Admin).await;
    let leader = Post::new(house.elsewhere, Role::Leader);
    let granted = house.office.propose_post(&first, theirs, &leader, "2/QĐ").await.expect("proposed");
    let Granted::Waits(proposal) = granted else { panic!("{granted:?}") };
    assert!(house.office.open_proposals(&admin).await.expect("read").is_empty());
    is_gone(house.office.confirm_post(&admin, proposal).await);
}

async fn who_administers_above_keeps_what_stands_below(db: Scratch) {
    let house = House::open(&db).await;
    put_under(&db, house.elsewhere, house.commune).await;
    let above = house.officer(Role::Admin).await;
    let below = house.officer_of(house.elsewhere, Role::Admin).await;
    house.officer_of(house.elsewhere, Role::Specialist).await;
    assert_eq!(names(&house, &above, "specialist").await, ["Specialist"]);
    assert_eq!(names(&house, &below, "").await, ["Admin", "Specialist"], "he does not see upwards");
}

async fn the_list_asks_as_often_for_many_officers_as_for_few(db: Scratch) {
    let house = House::open(&db).await;
    let admin = house.officer(Role::Admin).await;
    let wanted = Wanted::default();
    let (few, n_few) = store::engine::count::counted(house.office.roster(&admin.actor, &wanted)).await;
    for _ in 0..60 {
        house.officer(Role::Counter).await;
    }
    let (many, n_many) = store::engine::count::counted(house.office.roster(&admin.actor, &wanted)).await;
    let (few, many) = (few.expect("read"), many.expect("read"));
    assert_eq!((few.lines.len(), many.lines.len(), many.n), (1, 50, 61), "a page at a time");
    assert_eq!(n_few, n_many);
    let last = Wanted { page: 7, ..wanted };
    let last = house.office.roster(&admin.actor, &last).await.expect("read");
    assert_eq!((last.page, last.lines.len()), (1, 11), "behind the last page is the last");
}

/// Hangs one unit of the house below another.
async fn put_under(db: &Scratch, unit: AgencyId, parent: AgencyId) {
    let mut reader = db.read().await.expect("a snapshot");
    let above = store::unit::unit(&mut reader, parent).await.expect("read").expect("a unit").unit.key;
    let kept = store::unit::unit(&mut reader, unit).await.expect("read").expect("a unit").unit;
    drop(reader);
    let hung = &Unit { parent: Some(above), ..kept };
    db.act(|mut tx| async move { store::unit::put_unit(&mut tx, unit, hung, Some(parent)).await })
        .await
        .expect("put");
}

async fn a_trial_asks_the_rules_and_tells_only_of_its_own_agencies(db: Scratch) {
    let house = House::open(&db).await;
    let admin = house.officer(Role::Admin).await;
    let counter = house.officer(Role::Counter).await;
    let id = crate::counter::received(&house, &counter).await;
    let code = house.dossier(id).await.code.expect("received").to_string();
    let of = |by: &By| Tried::Login(id_of(&by.actor).to_string());
    let trial = house.office.try_rights(&admin.actor, &of(&counter), &code).await.expect("tried");
    assert_eq!(trial.rights.len(), 1);
    let dossier = trial.dossier.expect("found");
    let verdicts: Vec<bool> =
        dossier.answers.iter().map(|answer| matches!(answer.verdict, Verdict::Yes(_))).collect();
    assert_eq!(verdicts, [true, false, true, false, false], "{:?}", dossier.answers);
    let Verdict::No(why) = &dossier.answers[1].verdict else { panic!("{dossier:?}") };
    assert!(why.contains("Chuyên viên") && why.contains("chưa có ai giữ vai này"), "{why}");
    let head = Tried::Post(house.commune, Role::Head);
    let trial = house.office.try_rights(&admin.actor, &head, &code).await.expect("tried");
    assert!(trial.who.starts_with("Lãnh đạo phòng, "), "{}", trial.who);
    assert!(matches!(trial.dossier.expect("found").answers[3].verdict, Verdict::Yes(_)));

    let theirs = house.officer_of(house.elsewhere, Role::Admin).await;
    let there = Tried::Post(house.elsewhere, Role::Counter);
    let refused = house.office.try_rights(&theirs.actor, &there, &code).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "no dossier of his: {refused:?}");
    assert_eq!(
        house.events(id).await.last().map(String::as_str),
        Some("dossier_received"),
        "nothing was done"
    );
}

async fn who_works_for_two_agencies_is_kept_by_who_keeps_both(db: Scratch) {
    let house = House::open(&db).await;
    let here = house.officer(Role::Admin).await;
    let there = house.officer_of(house.elsewhere, Role::Admin).await;
    let both = house.administrator().await;
    let theirs = Post::new(house.elsewhere, Role::Specialist);
    let shared = house.officer_in(vec![Post::new(house.commune, Role::Counter), theirs.clone()]).await;
    let id = id_of(&shared.actor);
    let today = house.office.clock.today();
    let cover = Some(Cover::Inbox { reason: "ốm".to_owned() });
    let leave = Leave { officer: id, valid_from: today, valid_to: today, cover };
    let transfer = Transfer {
        officer: id,
        on: today,
        agency: house.commune,
        posts: Vec::new(),
        moves: Vec::new(),
        decision: "1/QĐ".to_owned(),
    };
    let outside = [PeopleFault::OutsideReach];
    assert_eq!(faults(house.office.lock_sign_in(&here, id, "thử").await), outside);
    assert_eq!(faults(house.office.reset_password(&here, id).await), outside);
    assert_eq!(faults(house.office.reset_second_factor(&here, id, "thử").await), outside);
    assert_eq!(faults(house.office.transfer_officer(&here, &transfer).await), outside);
    assert_eq!(faults(house.office.begin_leave(&here, &leave).await), outside);
    is_gone(house.office.lock_sign_in(&there, id, "thử").await);
    let head = house.officer(Role::Head).await;
    let refused = house.office.begin_leave(&head, &leave).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "he leads one of the two: {refused:?}");

    let begun = house.office.begin_leave(&both, &leave).await.expect("begun");
    let leader = Post::new(house.commune, Role::Leader);
    house.office.propose_post(&both, id, &leader, "2/QĐ").await.expect("proposed");
    let sheet = house.office.officer_sheet(&here.actor, id).await.expect("kept here");
    assert_eq!((sheet.absences.len(), sheet.proposals.len(), sheet.officer.posts.len()), (1, 1, 2));
    let sheet = house.office.officer_sheet(&there.actor, id).await.expect("a post is there");
    assert!(!sheet.is_kept && sheet.signing_in.is_none(), "{sheet:?}");
    assert_eq!((sheet.absences.len(), sheet.proposals.len(), sheet.rights.len()), (0, 0, 1));
    assert_eq!(sheet.officer.posts, [theirs]);
    for (admin, waiting) in [(&here, vec![Role::Leader]), (&there, Vec::new())] {
        let roster = house.office.roster(&admin.actor, &Wanted::default()).await.expect("read");
        let line = roster.lines.into_iter().find(|line| line.account.id == id).expect("listed");
        assert_eq!(line.waiting, waiting);
    }
    assert_eq!(faults(house.office.end_leave(&here, begun.absence).await), outside);
    house.office.end_leave(&both, begun.absence).await.expect("back");
}

async fn what_is_lent_elsewhere_is_entered_and_taken_back_there(db: Scratch) {
    let house = House::open(&db).await;
    let here = house.officer(Role::Admin).await;
    let there = house.officer_of(house.elsewhere, Role::Admin).await;
    let giver = house.officer_of(house.elsewhere, Role::Specialist).await;
    let taker = house.officer(Role::Counter).await;
    let lending = Lending {
        agency: house.elsewhere,
        ..crate::people::lending(&house, &giver, &taker, Role::Specialist)
    };
    let outside = [PeopleFault::OutsideReach];
    assert_eq!(faults(house.office.delegate(&here, &lending).await), outside);
    let lent = house.office.delegate(&there, &lending).await.expect("lent");
    is_gone(house.office.end_delegation(&here, lent.delegation, "thử").await);
    house.office.end_delegation(&there, lent.delegation, "thử").await.expect("taken back");
}

store::on_both!(
    who_works_for_two_agencies_is_kept_by_who_keeps_both,
    what_is_lent_elsewhere_is_entered_and_taken_back_there,
    another_agencys_officers_are_not_there,
    who_administers_above_keeps_what_stands_below,
    the_list_asks_as_often_for_many_officers_as_for_few,
    a_trial_asks_the_rules_and_tells_only_of_its_own_agencies,
);
