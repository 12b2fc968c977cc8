//! What an officer does with his own account: a password of his choosing, signing out elsewhere; and what
//! guessing leads to.

use crate::accounts::{account, device, signs_in};
use crate::house::House;
use crate::people::{events_of, faults};
use jiff::SignedDuration;
use office::people::password::NewPassword;
use office::{By, Error, Refusal};
use rules::id::OfficerId;
use rules::people::{PeopleFault, Role};
use store::testing::Scratch;

const NEW: &str = "bốn con trâu trắng";

/// Somebody with a new account: who he is, how he acts, and his first password.
async fn newcomer(house: &House) -> (OfficerId, By, String) {
    let admin = house.officer(Role::Admin).await;
    let (id, password) = house.office.add_officer(&admin, &account(house, "quay.moi")).await.expect("added");
    let password = password.expect("drawn just now");
    let by = By::new(house.office.actor_of(id).await.expect("an actor"));
    (id, by, password.reveal().to_owned())
}

async fn an_officer_chooses_his_own_password(db: Scratch) {
    let house = House::open(&db).await;
    let (id, by, first) = newcomer(&house).await;
    let here = house.office.sign_in("quay.moi", &first, &device("here")).await.expect("signed in").token;
    let there = house.office.sign_in("quay.moi", &first, &device("there")).await.expect("signed in").token;
    let change = async |by: &By, old: &str, new: &str, again: &str| {
        let typed = NewPassword { old, new, again };
        house.office.change_password(by, &here, typed, &device("here")).await
    };
    let wrong = change(&by, "không phải", NEW, NEW).await;
    assert_eq!(faults(wrong), [PeopleFault::PasswordWrong]);
    let short = change(&by, &first, "ngắn", "ngan").await;
    let expected =
        [PeopleFault::PasswordShort(12), PeopleFault::PasswordPlain, PeopleFault::PasswordTypedApart];
    assert_eq!(faults(short), expected);
    assert_eq!(faults(change(&by, &first, &first, &first).await), [PeopleFault::PasswordUnchanged]);
    assert!(house.office.present(&there).await.expect("read").is_some(), "nothing was done so far");

    let sent = By { key: Some("bieu-mau-1".to_owned()), ..by.clone() };
    change(&sent, &first, NEW, NEW).await.expect("changed");
    change(&sent, &first, NEW, NEW).await.expect("the same form again is no wrong guess");
    assert!(house.office.present(&here).await.expect("read").is_some(), "he goes on where he is");
    assert!(house.office.present(&there).await.expect("read").is_none(), "and nowhere else");
    assert!(!signs_in(&house, "quay.moi", &first).await);
    let taken_apart = "bo\u{302}\u{301}n con tra\u{302}u tra\u{306}\u{301}ng";
    assert!(signs_in(&house, "quay.moi", taken_apart).await, "whatever the keyboard sends for a tone");
    let events = events_of(&house, id).await;
    assert_eq!(events.iter().filter(|kind| *kind == "password_changed").count(), 1, "{events:?}");
}

async fn an_officer_sees_where_he_is_signed_in_and_leaves_there(db: Scratch) {
    let house = House::open(&db).await;
    let (id, by, password) = newcomer(&house).await;
    let mut tokens = Vec::new();
    for place in ["quầy", "ở nhà", "phòng họp"] {
        let signed_in = house.office.sign_in("quay.moi", &password, &device(place)).await;
        tokens.push(signed_in.expect("signed in").token);
        house.office.clock.advance(SignedDuration::from_mins(1));
    }
    let sittings = house.office.sittings(&by, &tokens[0]).await.expect("read");
    let seen: Vec<_> =
        sittings.iter().map(|sitting| (sitting.device.address.as_str(), sitting.is_this)).collect();
    assert_eq!(seen, [("phòng họp", false), ("ở nhà", false), ("quầy", true)]);
    assert_eq!(house.office.sign_out_elsewhere(&by, &tokens[0]).await.expect("done"), 2);
    assert_eq!(house.office.sign_out_elsewhere(&by, &tokens[0]).await.expect("done"), 0);
    assert_eq!(house.office.sittings(&by, &tokens[0]).await.expect("read").len(), 1);
    let events = events_of(&house, id).await;
    assert_eq!(events.iter().filter(|kind| *kind == "signed_out_elsewhere").count(), 1, "{events:?}");
}

async fn guessing_is_throttled_by_login_and_says_how_long(db: Scratch) {
    let house = House::open(&db).await;
    let (_, by, password) = newcomer(&house).await;
    let sign_in = async |password: &str, address: &str| {
        house.office.sign_in("quay.moi", password, &device(address)).await.map(drop)
    };
    for _ in 0..4 {
        let refused = sign_in("sai", "192.0.2.7").await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::SignIn))), "{refused:?}");
    }
    let typed = NewPassword { old: "sai", new: NEW, again: NEW };
    let guessed = house.office.change_password(&by, "x", typed, &device("192.0.2.9")).await;
    assert_eq!(faults(guessed), [PeopleFault::PasswordWrong], "the fifth guess, from inside");
    let refused = sign_in(&password, "192.0.2.8").await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::SignInThrottled(15)))), "{refused:?}");
    house.office.clock.advance(SignedDuration::from_mins(16));
    sign_in(&password, "192.0.2.8").await.expect("the right one, later");
}

store::on_both!(
    an_officer_chooses_his_own_password,
    an_officer_sees_where_he_is_signed_in_and_leaves_there,
    guessing_is_throttled_by_login_and_says_how_long,
);
