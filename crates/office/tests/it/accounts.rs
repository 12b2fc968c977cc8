//! Accounts: the first two administrators, others after them, locked, let in again, with new passwords.

use crate::house::{House, id_of};
use crate::people::{events_of, faults};
use office::people::Device;
use office::people::delegation::Granted;
use office::{By, Error, Refusal};
use rules::people::account::NewAccount;
use rules::people::{PeopleFault, Post, Role};
use store::testing::Scratch;

pub(crate) fn account(house: &House, login: &str) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        name: "Lò Thị Mây".to_owned(),
        title: "Công chức".to_owned(),
        agency: house.commune,
    }
}

/// A machine at this address.
pub(crate) fn device(address: &str) -> Device {
    Device { address: address.to_owned(), agent: "thử".to_owned() }
}

pub(crate) async fn signs_in(house: &House, login: &str, password: &str) -> bool {
    match house.office.sign_in(login, password, &device("127.0.0.1")).await {
        Ok(_) => true,
        Err(Error::Refused(Refusal::SignIn)) => false,
        Err(other) => panic!("{other:?}"),
    }
}

/// The administrator who signs in with this login.
async fn acting(house: &House, login: &str) -> By {
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let officer =
        store::people::officer_by_login(&mut reader, login).await.expect("read").expect("he is there");
    drop(reader);
    By::new(house.office.actor_of(officer.id).await.expect("an actor"))
}

async fn an_installation_begins_with_two_administrators(db: Scratch) {
    let house = House::open(&db).await;
    let (first, second) = (account(&house, "quantri"), account(&house, "quantri2"));
    let twice = house.office.begin_administration(&first, &first).await;
    assert_eq!(faults(twice), [PeopleFault::LoginTaken("quantri".into())], "nothing was begun");
    let passwords = house.office.begin_administration(&first, &second).await.expect("begun");
    assert_ne!(passwords[0].reveal(), passwords[1].reveal());
    assert_eq!(format!("{passwords:?}"), "[Drawn(…), Drawn(…)]", "not printed by accident");
    for (login, password) in ["quantri", "quantri2"].into_iter().zip(&passwords) {
        assert!(signs_in(&house, login, password.reveal()).await, "{login}");
        assert!(!signs_in(&house, login, "mot-mat-khau-khac").await, "{login}");
    }
    let third = house.office.begin_administration(&account(&house, "a1"), &account(&house, "a2")).await;
    assert_eq!(faults(third), [PeopleFault::HasAdministrators]);
    // They can do what two persons do.
    let (one, other) = (acting(&house, "quantri").await, acting(&house, "quantri2").await);
    let (leader, _) = house.office.add_officer(&one, &account(&house, "lanhdao")).await.expect("added");
    let post = Post::new(house.commune, Role::Leader);
    let granted = house.office.propose_post(&one, leader, &post, "16/QĐ").await.expect("proposed");
    let Granted::Waits(proposal) = granted else { panic!("{granted:?}") };
    house.office.confirm_post(&other, proposal).await.expect("confirmed");
    assert_eq!(events_of(&house, leader).await, ["officer_added", "right_proposed", "right_confirmed"]);
}

async fn an_account_is_opened_without_rights_by_who_keeps_them(db: Scratch) {
    let house = House::open(&db).await;
    let admin = house.officer(Role::Admin).await;
    let (id, password) = house.office.add_officer(&admin, &account(&house, "quay.moi")).await.expect("added");
    let password = password.expect("drawn just now");
    assert!(signs_in(&house, "quay.moi", password.reveal()).await);
    let actor = house.office.actor_of(id).await.expect("an actor");
    assert_eq!(actor.held().count(), 0, "no post came with it");
    let taken = house.office.add_officer(&admin, &account(&house, "quay.moi")).await.map(drop);
    assert_eq!(faults(taken), [PeopleFault::LoginTaken("quay.moi".into())]);
    let nowhere = NewAccount { agency: rules::id::AgencyId(uuid()), ..account(&house, "Quầy") };
    let unusable = house.office.add_officer(&admin, &nowhere).await.map(drop);
    assert_eq!(faults(unusable), [PeopleFault::LoginUnusable("Quầy".into())]);
    let nowhere = NewAccount { login: "quay.khac".into(), ..nowhere };
    let gone = house.office.add_officer(&admin, &nowhere).await.map(drop);
    assert_eq!(faults(gone), [PeopleFault::OutsideReach]);
    let head = house.officer(Role::Head).await;
    let refused = house.office.add_officer(&head, &account(&house, "quay.khac")).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
}

fn uuid() -> uuid::Uuid {
    uuid::Uuid::from_u128(77)
}

async fn a_locked_account_lets_nobody_in_until_it_is_opened_again(db: Scratch) {
    let house = House::open(&db).await;
    let admin = house.officer(Role::Admin).await;
    let (id, password) = house.office.add_officer(&admin, &account(&house, "quay.moi")).await.expect("added");
    let password = password.expect("drawn just now");
    let session =
        house.office.sign_in("quay.moi", password.reveal(), &device("here")).await.expect("signed in");
    assert!(house.office.present(&session.token).await.expect("read").is_some());
    let silent = house.office.lock_sign_in(&admin, id, " ").await;
    assert_eq!(faults(silent), [PeopleFault::ReasonMissing]);
    house.office.lock_sign_in(&admin, id, "nghỉ hưu").await.expect("locked");
    assert!(house.office.present(&session.token).await.expect("read").is_none(), "at once");
    assert!(!signs_in(&house, "quay.moi", password.reveal()).await);
    assert_eq!(faults(house.office.lock_sign_in(&admin, id, "lại").await), [PeopleFault::AlreadySo]);
    let himself = house.office.lock_sign_in(&admin, id_of(&admin.actor), "nhầm").await;
    assert_eq!(faults(himself), [PeopleFault::LocksHimself]);

    house.office.unlock_sign_in(&admin, id).await.expect("open again");
    assert_eq!(faults(house.office.unlock_sign_in(&admin, id).await), [PeopleFault::AlreadySo]);
    assert!(house.office.present(&session.token).await.expect("read").is_none(), "that session is over");
    let session =
        house.office.sign_in("quay.moi", password.reveal(), &device("here")).await.expect("signed in");

    let new = house.office.reset_password(&admin, id).await.expect("a new one").expect("drawn just now");
    assert!(house.office.present(&session.token).await.expect("read").is_none(), "signed out by it");
    assert!(!signs_in(&house, "quay.moi", password.reveal()).await, "the old one is void");
    assert!(signs_in(&house, "quay.moi", new.reveal()).await);
    let said: Vec<String> = events_of(&house, id).await;
    let about: Vec<&str> =
        said.iter().map(String::as_str).filter(|kind| !kind.starts_with("signed_in")).collect();
    let expected = [
        "officer_added",
        "sign_in_locked",
        "sign_in_refused",
        "sign_in_unlocked",
        "password_reset",
        "sign_in_refused",
    ];
    assert_eq!(about, expected);
    let head = house.officer(Role::Head).await;
    for refused in [
        house.office.lock_sign_in(&head, id, "thử").await,
        house.office.unlock_sign_in(&head, id).await,
        house.office.reset_password(&head, id).await.map(drop),
    ] {
        assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    }
}

async fn a_form_sent_twice_opens_one_account_and_shows_its_password_once(db: Scratch) {
    let house = House::open(&db).await;
    let admin = By { key: Some("mot-lan-thoi".to_owned()), ..house.officer(Role::Admin).await };
    let (id, password) = house.office.add_officer(&admin, &account(&house, "quay.moi")).await.expect("added");
    let password = password.expect("drawn just now");
    let (again, nothing) =
        house.office.add_officer(&admin, &account(&house, "quay.moi")).await.expect("answered");
    assert_eq!((again, nothing.is_none()), (id, true));
    assert!(signs_in(&house, "quay.moi", password.reveal()).await, "what was shown is what counts");
    let new = house.office.reset_password(&admin, id).await.expect("a new one").expect("drawn just now");
    assert!(house.office.reset_password(&admin, id).await.expect("answered").is_none());
    assert!(signs_in(&house, "quay.moi", new.reveal()).await);
}

async fn how_long_a_proposal_waits_is_the_offices_to_say(db: Scratch) {
    let mut house = House::open(&db).await;
    let settings = office::Settings { days_to_confirm: 2, ..(*house.office.settings).clone() };
    house.office.settings = std::sync::Arc::new(settings);
    let (first, second) = (house.officer(Role::Admin).await, house.officer(Role::Admin).await);
    let of = id_of(&house.officer(Role::Counter).await.actor);
    let post = Post::new(house.commune, Role::Leader);
    let granted = house.office.propose_post(&first, of, &post, "16/QĐ").await.expect("proposed");
    let Granted::Waits(proposal) = granted else { panic!("{granted:?}") };
    let lapses_on = house.office.open_proposals(&second).await.expect("read")[0].lapses_on;
    assert_eq!(lapses_on, jiff::civil::date(2026, 11, 25));
    house.office.clock.advance(jiff::SignedDuration::from_hours(3 * 24));
    let late = house.office.confirm_post(&second, proposal).await;
    assert_eq!(faults(late), [PeopleFault::Lapsed(lapses_on)]);
}

store::on_both!(
    an_installation_begins_with_two_administrators,
    an_account_is_opened_without_rights_by_who_keeps_them,
    a_locked_account_lets_nobody_in_until_it_is_opened_again,
    a_form_sent_twice_opens_one_account_and_shows_its_password_once,
    how_long_a_proposal_waits_is_the_offices_to_say,
);
