//! Keys for programs: never more than their owner, for no longer than they say, from nowhere else, and ended
//! at once.

use crate::house::House;
use jiff::SignedDuration;
use jiff::civil::date;
use office::people::Device;
use office::people::api_key::{ByKey, KeyRefused, Made};
use office::{By, Error, Refusal};
use rules::id::OfficerId;
use rules::people::api_key::{Scope, TypedKey};
use rules::people::{Post, Role};
use store::testing::Scratch;

const PASSWORD: &str = "một mật khẩu đủ dài";

fn typed() -> TypedKey<'static> {
    TypedKey {
        name: "cổng tra cứu", scopes: &[Scope::Read], last_day: Some(date(2026, 11, 24)), ranges: ""
    }
}

fn from(address: &str) -> Device {
    Device { address: address.to_owned(), agent: String::new() }
}

/// An officer who knows his password.
async fn with_password(house: &House, post: Post) -> By {
    let by = house.officer_with(post).await;
    let hash = office::people::password::hash_password(PASSWORD).expect("a digest");
    let (id, hash) = (id(&by), &hash);
    let set =
        house.office.db.act(|mut tx| async move { store::people::set_password(&mut tx, id, hash).await });
    set.await.expect("a password");
    by
}

fn id(by: &By) -> OfficerId {
    by.actor.officer().expect("an officer")
}

async fn make(house: &House, by: &By, of: OfficerId, typed: TypedKey<'_>) -> Result<Made, Error> {
    house.office.make_api_key(by, of, typed, PASSWORD, &Device::default()).await
}

async fn present(house: &House, secret: &str, address: &str) -> Result<ByKey, KeyRefused> {
    house.office.present_by_key(secret, &from(address)).await.expect("looked up")
}

async fn a_key_stands_for_its_owner_until_it_is_over(db: Scratch) {
    let house = House::open(&db).await;
    let counter = with_password(&house, Post::new(house.commune, Role::Counter)).await;
    let wrong = house.office.make_api_key(&counter, id(&counter), typed(), "đoán", &Device::default()).await;
    assert!(matches!(wrong, Err(Error::Refused(Refusal::People(_)))), "{wrong:?}");
    let nothing = TypedKey { name: "", ..typed() };
    let refused = make(&house, &counter, id(&counter), nothing).await;
    assert!(
        matches!(&refused, Err(Error::Refused(Refusal::Form(faults))) if faults[0].0 == "ten"),
        "{refused:?}"
    );
    let keyed = By { key: Some("tạo-khóa-lần-này".to_owned()), ..counter.clone() };
    let made = make(&house, &keyed, id(&counter), typed()).await.expect("made");
    let secret = made.secret.expect("told once");
    let again = make(&house, &keyed, id(&counter), typed()).await.expect("answered");
    assert_eq!((again.id, again.secret), (made.id, None));

    let by_key = present(&house, &secret, "203.0.113.9").await.expect("it is good");
    assert_eq!((by_key.actor, by_key.key.scopes), (counter.actor.clone(), vec![Scope::Read]));
    assert_eq!(present(&house, &format!("{secret}0"), "").await.err(), Some(KeyRefused::Unknown));
    let listed = house.office.api_keys(&counter, id(&counter)).await.expect("listed");
    assert_eq!(listed.len(), 1);
    assert!(secret.starts_with(&listed[0].prefix) && listed[0].prefix.len() == 11);
    assert_eq!(listed[0].last_used_at, Some(house.office.clock.now()));
    // It is good to the end of its last day, and not a moment longer.
    house.office.clock.move_to("2026-11-24T16:59:59Z".parse().expect("an instant"));
    assert!(present(&house, &secret, "").await.is_ok());
    house.office.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(present(&house, &secret, "").await.err(), Some(KeyRefused::Expired));
}

async fn a_key_is_ended_at_once_by_its_owner_and_with_his_account(db: Scratch) {
    let house = House::open(&db).await;
    let counter = with_password(&house, Post::new(house.commune, Role::Counter)).await;
    let secret = async |ranges| {
        let made = make(&house, &counter, id(&counter), TypedKey { ranges, ..typed() }).await.expect("made");
        (made.id, made.secret.expect("told once"))
    };
    let ((first, one), (_, two)) = (secret("").await, secret("10.0.0.0/8").await);
    assert!(present(&house, &two, "10.1.2.3").await.is_ok());
    for elsewhere in ["203.0.113.9", "unknown"] {
        assert_eq!(present(&house, &two, elsewhere).await.err(), Some(KeyRefused::Elsewhere));
    }
    let other = house.officer(Role::Counter).await;
    let refused = house.office.revoke_api_key(&other, id(&counter), first).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    let refused = house.office.revoke_api_key(&other, id(&other), first).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    for _ in 0..2 {
        house.office.revoke_api_key(&counter, id(&counter), first).await.expect("revoked");
    }
    assert_eq!(present(&house, &one, "").await.err(), Some(KeyRefused::Revoked));
    let admin = house.officer(Role::Admin).await;
    house.office.lock_sign_in(&admin, id(&counter), "nghỉ hưu").await.expect("locked");
    assert_eq!(present(&house, &two, "10.1.2.3").await.err(), Some(KeyRefused::Locked));
    let mut reader = db.read().await.expect("a snapshot");
    let wanted = store::event::trail::Wanted {
        filter: &rules::event::trail::Filter { officer: Some(id(&counter)), ..Default::default() },
        agencies: &[house.commune],
        after: None,
        limit: 10,
    };
    let mut kinds: Vec<String> = store::event::trail::page(&mut reader, &wanted)
        .await
        .expect("read")
        .into_iter()
        .map(|kept| kept.kind)
        .collect();
    kinds.sort();
    assert_eq!(
        kinds.iter().filter(|kind| kind.starts_with("api_key")).collect::<Vec<_>>(),
        ["api_key_made", "api_key_made", "api_key_revoked"]
    );
}

async fn an_administrator_makes_keys_for_programs_and_for_no_person(db: Scratch) {
    let house = House::open(&db).await;
    let admin = with_password(&house, Post::new(house.commune, Role::Admin)).await;
    let program = house.officer(Role::Gateway).await;
    let person = house.officer(Role::Counter).await;
    let theirs = house.officer_of(house.elsewhere, Role::Gateway).await;
    let made = make(&house, &admin, id(&program), typed()).await.expect("made");
    let by_key = present(&house, &made.secret.expect("told once"), "").await.expect("it is good");
    assert_eq!(by_key.officer.id, id(&program));
    for of in [&person, &theirs] {
        let refused = make(&house, &admin, id(of), typed()).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    }
    let refused = make(&house, &person, id(&program), typed()).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    for n in 1..20 {
        make(&house, &admin, id(&program), typed()).await.unwrap_or_else(|error| panic!("key {n}: {error}"));
    }
    let full = make(&house, &admin, id(&program), typed()).await;
    assert!(matches!(full, Err(Error::Refused(Refusal::Form(_)))), "{full:?}");
}

store::on_both! {
    a_key_stands_for_its_owner_until_it_is_over,
    a_key_is_ended_at_once_by_its_owner_and_with_his_account,
    an_administrator_makes_keys_for_programs_and_for_no_person,
}
