//! Signing in with more than a password: an app's codes, recovery codes, passkeys, and roles that may do
//! nothing without. What an authenticator answers is tried in the browser's tests.

use crate::accounts::{account, device};
use crate::house::{House, id_of, keyed};
use crate::people::{events_of, faults};
use jiff::SignedDuration;
use office::people::app::App;
use office::people::sign_in::Begun;
use office::{By, Error, Refusal};
use rules::id::OfficerId;
use rules::people::second_factor::{N_RECOVERY_CODES, RecoveryCode, Standing};
use rules::people::{PeopleFault, Post, Role};
use serde_json::json;
use std::sync::Arc;
use store::testing::Scratch;

const LOGIN: &str = "quay.moi";

/// Somebody with an account, signed in.
struct Somebody {
    id: OfficerId,
    by: By,
    password: String,
    session: String,
}

async fn somebody(house: &House) -> Somebody {
    let admin = house.officer(Role::Admin).await;
    let (id, password) = house.office.add_officer(&admin, &account(house, LOGIN)).await.expect("added");
    let password = password.expect("drawn just now");
    let by = By::new(house.office.actor_of(id).await.expect("an actor"));
    let password = password.reveal().to_owned();
    let session = house.office.sign_in(LOGIN, &password, &device("here")).await.expect("signed in").token;
    Somebody { id, by, password, session }
}

/// The same with the second factor on: his app and his recovery codes.
async fn with_app(house: &House) -> (Somebody, App, Vec<RecoveryCode>) {
    let who = somebody(house).await;
    let app = begun(house, &who).await;
    let code = app.code_at(house.office.clock.now());
    let codes = house.office.turn_on_second_factor(&who.by, &who.session, &code).await.expect("turned on");
    // The code that turned it on has counted: the next one is half a minute away.
    house.office.clock.advance(SignedDuration::from_secs(30));
    (who, app, codes.expect("shown this once"))
}

async fn begun(house: &House, who: &Somebody) -> App {
    house.office.begin_second_factor(&who.by, &who.session).await.expect("begun");
    let shown = house.office.enrolment(&who.by).await.expect("read").expect("it waits for its code");
    assert!(shown.picture.starts_with("<svg"), "a picture");
    App::of_key(&shown.key).expect("a key")
}

/// The token of a sign-in whose password was right.
async fn waiting(house: &House, who: &Somebody) -> String {
    let begun = house.office.begin_sign_in(LOGIN, &who.password, &device("here")).await;
    let Begun::NeedsCode(waiting) = begun.expect("the password is right") else {
        panic!("it asks for a code")
    };
    waiting.token
}

fn refusal<T: std::fmt::Debug>(done: Result<T, Error>) -> Refusal {
    match done {
        Err(Error::Refused(refusal)) => {
            assert!(!refusal.sentences(ToOwned::to_owned).is_empty(), "it is said");
            refusal
        }
        other => panic!("{other:?}"),
    }
}

async fn the_second_factor_counts_from_its_first_code_on(db: Scratch) {
    let house = House::open(&db).await;
    let who = somebody(&house).await;
    let there = house.office.sign_in(LOGIN, &who.password, &device("there")).await.expect("in").token;
    let turn_on =
        async |by: &By, code: &str| house.office.turn_on_second_factor(by, &who.session, code).await;
    assert_eq!(faults(turn_on(&who.by, "123456").await), [PeopleFault::SecondFactorNotBegun]);
    let given_up = begun(&house, &who).await;
    let app = begun(&house, &who).await;
    let now = house.office.clock.now();
    assert_eq!(faults(turn_on(&who.by, "12 34").await), [PeopleFault::CodeUnreadable]);
    let recovery = "0000-0000-0000-0000";
    assert_eq!(faults(turn_on(&who.by, recovery).await), [PeopleFault::CodeUnreadable]);
    assert_eq!(faults(turn_on(&who.by, &given_up.code_at(now)).await), [PeopleFault::CodeWrong]);
    assert_eq!(house.office.second_factor(&who.by).await.expect("read"), None);
    house.office.sign_in(LOGIN, &who.password, &device("here")).await.expect("the password is enough yet");

    let sent = keyed(&who.by, "bieu-mau-1");
    let codes = turn_on(&sent, &app.code_at(now)).await.expect("turned on").expect("shown");
    assert_eq!(codes.len(), N_RECOVERY_CODES);
    assert!(
        turn_on(&sent, &app.code_at(now)).await.expect("the same form").is_none(),
        "nobody sees them again"
    );
    let on = house.office.second_factor(&who.by).await.expect("read").expect("on");
    assert_eq!((on.since, on.recovery_codes_left), (now, 10));
    assert!(house.office.enrolment(&who.by).await.expect("read").is_none(), "nor the key");
    assert_eq!(faults(turn_on(&who.by, "123456").await), [PeopleFault::SecondFactorIsOn]);
    let again = house.office.begin_second_factor(&who.by, &who.session).await;
    assert_eq!(faults(again), [PeopleFault::SecondFactorIsOn]);
    assert!(house.office.present(&there).await.expect("read").is_none(), "signed out elsewhere");
    assert!(house.office.present(&who.session).await.expect("read").is_some());
    let alone = house.office.sign_in(LOGIN, &who.password, &device("here")).await;
    assert_eq!(refusal(alone), Refusal::CodeNeeded);
    let events = events_of(&house, who.id).await;
    assert_eq!(events.last().map(String::as_str), Some("second_factor_on"), "{events:?}");
}

async fn there_is_no_session_before_the_code_and_no_code_counts_twice(db: Scratch) {
    let house = House::open(&db).await;
    let (who, app, _) = with_app(&house).await;
    let enter =
        async |waiting: &str, code: &str| house.office.enter_code(waiting, code, &device("here")).await;
    let first = waiting(&house, &who).await;
    assert!(house.office.waits_for_code(&first).await.expect("read"));
    assert!(house.office.present(&first).await.expect("read").is_none(), "it opens nothing");
    assert_eq!(faults(enter(&first, "000000").await), [PeopleFault::CodeWrong]);
    let code = app.code_at(house.office.clock.now());
    let session = enter(&first, &code).await.expect("signed in").token;
    assert_ne!(session, first, "the session is new");
    let present = house.office.present(&session).await.expect("read").expect("in");
    assert_eq!((present.officer.id, present.standing), (who.id, Standing::Free));
    assert_eq!(refusal(enter(&first, &code).await), Refusal::SignInExpired, "used up");

    let second = waiting(&house, &who).await;
    assert_eq!(faults(enter(&second, &code).await), [PeopleFault::CodeWrong], "looked over a shoulder");
    let before = app.code_at(house.office.clock.now() - SignedDuration::from_secs(30));
    assert_eq!(faults(enter(&second, &before).await), [PeopleFault::CodeWrong], "nor an older one");
    house.office.clock.advance(SignedDuration::from_secs(30));
    let next = app.code_at(house.office.clock.now());
    house.office.sign_in_with_code(LOGIN, &who.password, &next, &device("here")).await.expect("the next one");
    assert!(!house.office.waits_for_code("đoán").await.expect("read"));
    assert_eq!(refusal(enter("đoán", &next).await), Refusal::SignInExpired);
    let events = events_of(&house, who.id).await;
    let expected =
        ["sign_in_refused", "signed_in_with", "sign_in_refused", "sign_in_refused", "signed_in_with"];
    assert!(events.ends_with(&expected.map(str::to_owned)), "{events:?}");
}

async fn the_code_is_waited_for_five_minutes_of_an_open_account(db: Scratch) {
    let house = House::open(&db).await;
    let (who, app, _) = with_app(&house).await;
    let enter = async |waiting: &str| {
        let code = app.code_at(house.office.clock.now());
        house.office.enter_code(waiting, &code, &device("here")).await
    };
    let slow = waiting(&house, &who).await;
    house.office.clock.advance(SignedDuration::from_mins(5));
    assert_eq!(refusal(enter(&slow).await), Refusal::SignInExpired);
    let admin = house.officer(Role::Admin).await;
    let locked_out = waiting(&house, &who).await;
    house.office.lock_sign_in(&admin, who.id, "nghỉ hưu").await.expect("locked");
    assert_eq!(refusal(enter(&locked_out).await), Refusal::SignInExpired);
    house.office.unlock_sign_in(&admin, who.id).await.expect("open again");
    let renewed = waiting(&house, &who).await;
    house.office.reset_password(&admin, who.id).await.expect("a new password");
    assert_eq!(refusal(enter(&renewed).await), Refusal::SignInExpired, "the old password was not his");
}

async fn guessed_codes_are_throttled_with_guessed_passwords(db: Scratch) {
    let house = House::open(&db).await;
    let (who, app, codes) = with_app(&house).await;
    let here = device("192.0.2.7");
    // The right password in between takes no guess back.
    for _ in 0..4 {
        let token = waiting(&house, &who).await;
        let slip = house.office.enter_code(&token, "không phải mã", &here).await;
        assert_eq!(faults(slip), [PeopleFault::CodeUnreadable], "a slip is no guess");
        assert_eq!(faults(house.office.enter_code(&token, "000000", &here).await), [PeopleFault::CodeWrong]);
    }
    let token = waiting(&house, &who).await;
    let guessed = house.office.enter_code(&token, "0000-0000-0000-0000", &here).await;
    assert_eq!(faults(guessed), [PeopleFault::CodeWrong], "the fifth");
    let right = app.code_at(house.office.clock.now());
    for typed in [right.as_str(), &codes[0].reveal()] {
        let throttled = house.office.enter_code(&token, typed, &here).await;
        assert_eq!(refusal(throttled), Refusal::SignInThrottled(15));
    }
    let throttled = house.office.begin_sign_in(LOGIN, &who.password, &here).await;
    assert_eq!(refusal(throttled), Refusal::SignInThrottled(15));
    house.office.clock.advance(SignedDuration::from_mins(16));
    let right = app.code_at(house.office.clock.now());
    house.office.sign_in_with_code(LOGIN, &who.password, &right, &here).await.expect("later");
}

async fn a_recovery_code_stands_for_the_app_once(db: Scratch) {
    let house = House::open(&db).await;
    let (who, _, codes) = with_app(&house).await;
    let typed = codes[3].reveal().to_uppercase().replace('-', " ");
    let sign_in =
        async || house.office.sign_in_with_code(LOGIN, &who.password, &typed, &device("here")).await;
    let session = sign_in().await.expect("signed in").token;
    assert!(house.office.present(&session).await.expect("read").is_some());
    assert_eq!(faults(sign_in().await), [PeopleFault::CodeWrong], "used up");
    let on = house.office.second_factor(&who.by).await.expect("read").expect("on");
    assert_eq!(on.recovery_codes_left, 9);
    let events = events_of(&house, who.id).await;
    let expected = ["recovery_code_used", "signed_in_with", "sign_in_refused"];
    assert!(events.ends_with(&expected.map(str::to_owned)), "{events:?}");
}

async fn it_is_turned_off_by_its_officer_with_his_password(db: Scratch) {
    let house = House::open(&db).await;
    let (who, ..) = with_app(&house).await;
    let sent = keyed(&who.by, "bieu-mau-2");
    let off = async |by: &By, password: &str| {
        house.office.turn_off_second_factor(by, password, &device("here")).await
    };
    assert_eq!(faults(off(&sent, "sai").await), [PeopleFault::PasswordWrong]);
    off(&sent, &who.password).await.expect("off");
    off(&sent, "sai").await.expect("the same form again is no wrong guess");
    assert_eq!(faults(off(&who.by, &who.password).await), [PeopleFault::SecondFactorIsOff]);
    assert_eq!(house.office.second_factor(&who.by).await.expect("read"), None);
    house.office.sign_in(LOGIN, &who.password, &device("here")).await.expect("the password is enough");
    let events = events_of(&house, who.id).await;
    assert_eq!(events.iter().filter(|kind| *kind == "second_factor_off").count(), 1, "{events:?}");
}

async fn who_lost_his_telephone_is_let_in_by_his_password(db: Scratch) {
    let house = House::open(&db).await;
    let (who, app, _) = with_app(&house).await;
    give_passkey(&house, who.id).await;
    let (admin, head) = (house.officer(Role::Admin).await, house.officer(Role::Head).await);
    let not_his = house.office.reset_second_factor(&head, who.id, "mất điện thoại").await;
    assert!(matches!(not_his, Err(Error::NotYours(_))), "{not_his:?}");
    let silent = house.office.reset_second_factor(&admin, who.id, " ").await;
    assert_eq!(faults(silent), [PeopleFault::ReasonMissing]);
    assert!(house.office.second_factor(&who.by).await.expect("read").is_some(), "nothing was done");

    let half_in = waiting(&house, &who).await;
    house.office.reset_second_factor(&admin, who.id, "mất điện thoại").await.expect("reset");
    assert!(house.office.present(&who.session).await.expect("read").is_none(), "signed out");
    let code = app.code_at(house.office.clock.now());
    let with_old = house.office.enter_code(&half_in, &code, &device("here")).await;
    assert_eq!(refusal(with_old), Refusal::SignInExpired);
    assert!(house.office.passkeys(&who.by).await.expect("read").is_empty());
    house.office.sign_in(LOGIN, &who.password, &device("here")).await.expect("the password is enough");
    let nothing = house.office.reset_second_factor(&admin, who.id, "nhầm").await;
    assert_eq!(faults(nothing), [PeopleFault::SecondFactorIsOff]);
    let events = events_of(&house, who.id).await;
    assert!(events.contains(&"second_factor_reset".to_owned()), "{events:?}");
}

/// A passkey as its row is; nobody signs in with it.
async fn give_passkey(house: &House, officer: OfficerId) -> uuid::Uuid {
    let added_at = house.office.clock.now();
    let id = store::time::new_id(added_at);
    let passkey = &store::people::passkey::Passkey {
        id,
        officer,
        name: "Điện thoại".to_owned(),
        credential: id.as_bytes().to_vec(),
        body: json!({}),
        added_at,
        used_at: None,
    };
    let put = house
        .office
        .db
        .act(|mut tx| async move { store::people::passkey::add(&mut tx, passkey).await })
        .await;
    put.expect("a passkey");
    id
}

async fn a_role_may_do_nothing_until_the_second_factor_is_set_up(db: Scratch) {
    let mut house = House::open(&db).await;
    let settings =
        office::Settings { second_factor: vec![Role::Counter], ..(*house.office.settings).clone() };
    house.office.settings = Arc::new(settings);
    let who = somebody(&house).await;
    let standing =
        async |session: &str| house.office.present(session).await.expect("read").expect("in").standing;
    assert_eq!(standing(&who.session).await, Standing::Free, "he has no such role");
    let admin = house.officer(Role::Admin).await;
    let post = Post::new(house.commune, Role::Counter);
    house.office.propose_post(&admin, who.id, &post, "16/QĐ").await.expect("given");
    assert_eq!(standing(&who.session).await, Standing::SetsUp);

    let passkey = give_passkey(&house, who.id).await;
    assert_eq!(standing(&who.session).await, Standing::OwesPasskey);
    let by = By::new(house.office.actor_of(who.id).await.expect("an actor"));
    let who = Somebody { by, ..who };
    let instead = house.office.begin_second_factor(&who.by, &who.session).await;
    assert_eq!(faults(instead), [PeopleFault::OwesPasskey]);
    let code = house.office.turn_on_second_factor(&who.by, &who.session, "123456").await;
    assert_eq!(faults(code), [PeopleFault::OwesPasskey]);
    let here = device("here");
    house.office.remove_passkey(&who.by, passkey, &who.password, &here).await.expect("removed");

    let app = begun(&house, &who).await;
    let code = app.code_at(house.office.clock.now());
    house.office.turn_on_second_factor(&who.by, &who.session, &code).await.expect("turned on");
    assert_eq!(standing(&who.session).await, Standing::Free, "at once");
    house.office.clock.advance(SignedDuration::from_secs(30));
    let code = app.code_at(house.office.clock.now());
    let next = house.office.sign_in_with_code(LOGIN, &who.password, &code, &here).await.expect("in").token;
    assert_eq!(standing(&next).await, Standing::Free);
}

async fn a_passkey_is_asked_for_with_the_password_and_answered_once(db: Scratch) {
    let house = House::open(&db).await;
    let who = somebody(&house).await;
    let here = device("here");
    let begin = async |name: &str, password: &str| {
        house.office.begin_passkey(&who.by, &who.session, name, password, &here).await
    };
    assert_eq!(faults(begin("Điện thoại", "sai").await), [PeopleFault::PasswordWrong]);
    assert_eq!(faults(begin(" ", &who.password).await), [PeopleFault::PasskeyNameMissing]);
    let long = "x".repeat(61);
    assert_eq!(faults(begin(&long, &who.password).await), [PeopleFault::PasskeyNameLong(60)]);
    let asked = begin("Điện thoại", &who.password).await.expect("asked");
    let asked = &asked["publicKey"];
    assert_eq!(asked["rp"]["id"], "localhost", "a loopback address goes by its name");
    assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
    for answer in ["", "{}", "null"] {
        let refused = house.office.add_passkey(&who.by, &who.session, answer).await;
        assert_eq!(faults(refused), [PeopleFault::PasskeyUnusable], "{answer}");
    }
    let kept = give_passkey(&house, who.id).await;
    let stranger = house.officer(Role::Head).await;
    assert_eq!(house.office.passkeys(&who.by).await.expect("read").len(), 1);
    assert!(house.office.passkeys(&stranger).await.expect("read").is_empty());
    let wrong = house.office.remove_passkey(&who.by, kept, "sai", &here).await;
    assert_eq!(faults(wrong), [PeopleFault::PasswordWrong]);
    let theirs = give_passkey(&house, id_of(&stranger.actor)).await;
    let not_his = house.office.remove_passkey(&who.by, theirs, &who.password, &here).await;
    assert!(matches!(not_his, Err(Error::NotFound)), "{not_his:?}");
    house.office.remove_passkey(&who.by, kept, &who.password, &here).await.expect("removed");
    let events = events_of(&house, who.id).await;
    assert_eq!(events.last().map(String::as_str), Some("passkey_removed"), "{events:?}");
}

async fn a_sign_in_by_passkey_waits_five_minutes_and_believes_nobody(db: Scratch) {
    let mut house = House::open(&db).await;
    let here = device("192.0.2.7");
    let begin = async || house.office.begin_passkey_sign_in(&here).await.expect("asked");
    let (asked, waiting) = begin().await;
    assert_eq!(asked["publicKey"]["userVerification"], "required");
    assert_eq!(asked["publicKey"]["rpId"], "localhost");
    assert!(asked.get("mediation").is_none(), "{asked}");
    assert!(house.office.present(&waiting.token).await.expect("read").is_none(), "it opens nothing");
    let answer =
        async |waiting: &str, answer: &str| house.office.sign_in_with_passkey(waiting, answer, &here).await;
    let made_up = json!({
        "id": "AAAA", "rawId": "AAAA", "type": "public-key",
        "response": { "authenticatorData": "AAAA", "clientDataJSON": "AAAA", "signature": "AAAA",
            "userHandle": "AAAAAAAAAAAAAAAAAAAAAA" },
    })
    .to_string();
    for wrong in ["", "{}", &made_up] {
        assert_eq!(refusal(answer(&waiting.token, wrong).await), Refusal::PasskeyUnknown, "{wrong}");
    }
    assert_eq!(refusal(answer("đoán", &made_up).await), Refusal::SignInExpired);
    house.office.clock.advance(SignedDuration::from_mins(5));
    assert_eq!(refusal(answer(&waiting.token, &made_up).await), Refusal::SignInExpired);

    let (_, waiting) = begin().await;
    for _ in 1..50 {
        assert_eq!(refusal(answer(&waiting.token, &made_up).await), Refusal::PasskeyUnknown);
    }
    let throttled = house.office.begin_passkey_sign_in(&here).await.map(drop);
    assert_eq!(refusal(throttled), Refusal::SignInThrottled(15), "made-up answers are counted");
    let elsewhere = office::Settings {
        lookup_url: "http://motcua.yenbinh.gov.vn".to_owned(),
        ..(*house.office.settings).clone()
    };
    house.office.settings = Arc::new(elsewhere);
    let nowhere = house.office.begin_passkey_sign_in(&device("192.0.2.9")).await.map(drop);
    assert_eq!(faults(nowhere), [PeopleFault::NoPlaceForPasskeys]);
}

store::on_both!(
    the_second_factor_counts_from_its_first_code_on,
    there_is_no_session_before_the_code_and_no_code_counts_twice,
    the_code_is_waited_for_five_minutes_of_an_open_account,
    guessed_codes_are_throttled_with_guessed_passwords,
    a_recovery_code_stands_for_the_app_once,
    it_is_turned_off_by_its_officer_with_his_password,
    who_lost_his_telephone_is_let_in_by_his_password,
    a_role_may_do_nothing_until_the_second_factor_is_set_up,
    a_passkey_is_asked_for_with_the_password_and_answered_once,
    a_sign_in_by_passkey_waits_five_minutes_and_believes_nobody,
);
