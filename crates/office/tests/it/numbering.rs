//! Codes of dossiers are written as their agency decided, from a day on.

use crate::counter::received;
use crate::house::House;
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use office::numbering::NewFormat;
use office::{Error, Refusal};
use rules::people::Role;
use store::testing::Scratch;

const TODAY: Date = date(2026, 11, 23);
const TOMORROW: Date = date(2026, 11, 24);

fn new(valid_from: Date, reason: &str) -> NewFormat {
    let format = "{agency}-{yyyymmdd}-{ordinal:6}".parse().expect("a format");
    NewFormat { valid_from, format, reason: reason.to_owned() }
}

async fn a_code_is_written_as_decided_from_its_day_on(db: Scratch) {
    let house = House::open(&db).await;
    let (admin, counter) = (house.officer(Role::Admin).await, house.officer(Role::Counter).await);
    let next = async || house.office.numbering(&admin.actor, house.commune).await.expect("read").next_code;
    let code = async |id| house.dossier(id).await.code.expect("received").to_string();
    let promised = next().await;
    assert!(promised.ends_with("-261123-0001"), "{promised}");
    assert_eq!(code(received(&house, &counter).await).await, promised);
    assert!(next().await.ends_with("-261123-0002"));
    house.office.set_code_format(&admin, house.commune, &new(TOMORROW, "9/QĐ")).await.expect("set");
    assert!(next().await.ends_with("-261123-0002"), "not today");
    house.office.clock.advance(SignedDuration::from_hours(24));
    let promised = next().await;
    assert!(promised.ends_with("-20261124-000001"), "{promised}");
    assert_eq!(code(received(&house, &counter).await).await, promised);
    let theirs = house.officer_of(house.elsewhere, Role::Admin).await;
    let theirs = house.office.numbering(&theirs.actor, house.elsewhere).await.expect("read");
    assert!(theirs.next_code.ends_with("-261124-0001") && theirs.since.is_none(), "{theirs:?}");
}

async fn never_for_a_day_that_has_begun_and_only_by_who_keeps_the_agency(db: Scratch) {
    let house = House::open(&db).await;
    let admin = house.officer(Role::Admin).await;
    let refused = house.office.set_code_format(&admin, house.commune, &new(TODAY, " ")).await;
    let Err(Error::Refused(Refusal::Form(faults))) = refused else { panic!("{refused:?}") };
    assert_eq!(faults.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["tu", "ly-do"]);
    let stranger = house.officer_of(house.elsewhere, Role::Admin).await;
    let gone = house.office.set_code_format(&stranger, house.commune, &new(TOMORROW, "9/QĐ")).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
    let clerk = house.officer(Role::Clerk).await;
    let refused = house.office.set_code_format(&clerk, house.commune, &new(TOMORROW, "9/QĐ")).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    assert!(house.office.numbering(&admin.actor, house.commune).await.expect("read").decided.is_empty());
}

store::on_both!(
    a_code_is_written_as_decided_from_its_day_on,
    never_for_a_day_that_has_begun_and_only_by_who_keeps_the_agency,
);
