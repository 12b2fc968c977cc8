//! Fees: where they are paid to, the screen that asks for them, and how they were paid.

use crate::afterwards::Team;
use crate::counter::received;
use crate::house::House;
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use office::counter::fees::NewAccount;
use office::counter::paying::AtSeat;
use office::{By, Error, Refusal};
use rules::counter::vietqr::Account;
use rules::event::{Body, FeePaid};
use rules::id::DossierId;
use rules::people::Role;
use store::testing::Scratch;

const TODAY: Date = date(2026, 11, 23);
const TOMORROW: Date = date(2026, 11, 24);

fn account(number: &str) -> Account {
    Account::read("Kho bạc Nhà nước", "970499", number, "UBND XÃ YÊN BÌNH").expect("sound")
}

fn new(valid_from: Date, number: Option<&str>) -> NewAccount {
    NewAccount { valid_from, account: number.map(account), reason: "9/QĐ-UBND".to_owned() }
}

fn said(done: Result<impl std::fmt::Debug, Error>) -> Vec<String> {
    match done {
        Err(Error::Refused(Refusal::Form(faults))) => faults.into_iter().map(|(field, _)| field).collect(),
        other => panic!("it was to be refused at its fields: {other:?}"),
    }
}

async fn desk(house: &House, by: &By, id: DossierId, seat: Option<&str>) -> office::counter::paying::FeeDesk {
    let view = house.office.open_dossier(&by.actor, id).await.expect("his dossier");
    house.office.fee_desk(&by.actor, &view, seat).await.expect("a fee is owed")
}

async fn an_account_holds_from_its_day_and_for_its_agency(db: Scratch) {
    let house = House::open(&db).await;
    let (office, counter) = (&house.office, house.officer(Role::Counter).await);
    let admin = house.officer(Role::Admin).await;
    let id = received(&house, &counter).await;
    assert!(desk(&house, &counter, id, None).await.transfer.is_none(), "cash alone");
    assert_eq!(
        said(office.set_fee_account(&admin, house.commune, &new(date(2026, 11, 22), Some("1"))).await),
        ["tu"]
    );
    office
        .set_fee_account(&admin, house.commune, &new(TODAY, Some("111")))
        .await
        .expect("the first holds at once");
    // Money is not led elsewhere within the day.
    assert_eq!(said(office.set_fee_account(&admin, house.commune, &new(TODAY, Some("222"))).await), ["tu"]);
    office.set_fee_account(&admin, house.commune, &new(TOMORROW, None)).await.expect("from tomorrow");
    let transfer = desk(&house, &counter, id, None).await.transfer.expect("an account");
    assert_eq!((transfer.account.number.as_str(), transfer.reference.as_str()), ("111", "H991012611230001"));
    assert!(transfer.picture.starts_with("<svg"), "{}", transfer.picture);
    let theirs = house.officer_of(house.elsewhere, Role::Admin).await;
    let stranger = office.set_fee_account(&theirs, house.commune, &new(TOMORROW, Some("666"))).await;
    assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
    let setup = office.fee_setup(&theirs.actor, house.elsewhere).await.expect("their own");
    assert!(setup.account.is_none() && setup.decided.is_empty(), "{setup:?}");
    office.clock.advance(SignedDuration::from_hours(24));
    assert!(desk(&house, &counter, id, None).await.transfer.is_none(), "cash alone again");
    let kept = office.fee_setup(&admin.actor, house.commune).await.expect("kept");
    assert_eq!(kept.decided.len(), 2);
}

async fn a_screen_shows_a_fee_until_it_is_paid(db: Scratch) {
    let house = House::open(&db).await;
    let (office, counter) = (&house.office, house.officer(Role::Counter).await);
    let admin = house.officer(Role::Admin).await;
    let id = received(&house, &counter).await;
    assert_eq!(said(office.ask_on_screen(&counter, id, "2").await), ["man-hinh"], "no account");
    office.set_fee_account(&admin, house.commune, &new(TODAY, Some("111"))).await.expect("set");
    assert_eq!(said(office.ask_on_screen(&counter, id, "2").await), ["man-hinh"], "no screen");
    let link = office.add_fee_screen(&admin, house.commune, "2").await.expect("made");
    assert_eq!(said(office.add_fee_screen(&admin, house.commune, "2").await), ["quay"], "it has one");
    assert_eq!(desk(&house, &counter, id, None).await.screen, AtSeat::NoSeat);
    assert_eq!(desk(&house, &counter, id, Some("3")).await.screen, AtSeat::NoScreen("3".to_owned()));
    assert_eq!(desk(&house, &counter, id, Some("2")).await.screen, AtSeat::Idle("2".to_owned()));
    let board = async || {
        let board = office.fee_board("xa-yen-binh-2025", &link.secret).await.expect("a board");
        board.asks.map(|asks| (asks.amount, asks.code, asks.transfer.account.number))
    };
    assert_eq!(board().await, None);
    office.ask_on_screen(&counter, id, "2").await.expect("asked");
    let asked = (2_000, "H99.101-261123-0001".to_owned(), "111".to_owned());
    assert_eq!(board().await, Some(asked.clone()));
    assert!(matches!(desk(&house, &counter, id, Some("2")).await.screen, AtSeat::ShowsThis(..)));
    for (key, secret) in [("xa-yen-binh-2025", "guess"), ("xa-thac-may-2025", link.secret.as_str())] {
        let nothing = office.fee_board(key, secret).await;
        assert!(matches!(nothing, Err(Error::NotFound)), "{nothing:?}");
    }
    office.clear_screen(&counter, id, "2").await.expect("cleared");
    assert_eq!(board().await, None);
    office.ask_on_screen(&counter, id, "2").await.expect("asked");
    office.clock.advance(SignedDuration::from_mins(11));
    assert_eq!(board().await, None, "after some minutes");
    office.ask_on_screen(&counter, id, "2").await.expect("asked");
    let paid = Some(FeePaid::Transfer { transaction: " FT26327001 ".to_owned() });
    office.collect_fee(&counter, id, 2_000, "BL-1", paid).await.expect("collected");
    assert_eq!(board().await, None, "paid");
    let view = office.open_dossier(&counter.actor, id).await.expect("his dossier");
    let event = view.fees_collected().next().expect("told").body.clone();
    let paid = Some(FeePaid::Transfer { transaction: "FT26327001".to_owned() });
    assert_eq!(event, Body::FeeCollected { amount: 2_000, receipt: "BL-1".to_owned(), paid });
    let again = office.ask_on_screen(&counter, id, "2").await;
    assert!(matches!(again, Err(Error::Refused(Refusal::Dossier(_)))), "{again:?}");
    office.withdraw_fee_screen(&admin, house.commune, link.id).await.expect("withdrawn");
    let gone = office.fee_board("xa-yen-binh-2025", &link.secret).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
}

async fn fees_are_the_counters_to_collect_and_the_administrators_to_direct(db: Scratch) {
    let team = Team::open(&db).await;
    let (house, office) = (&team.house, &team.house.office);
    let admin = house.officer(Role::Admin).await;
    office.set_fee_account(&admin, house.commune, &new(TODAY, Some("111"))).await.expect("set");
    let id = received(house, &team.counter).await;
    let not_his = office.ask_on_screen(&team.specialist, id, "2").await;
    assert!(matches!(not_his, Err(Error::NotYours(_))), "{not_his:?}");
    let not_hers = office.set_fee_account(&team.counter, house.commune, &new(TOMORROW, Some("222"))).await;
    assert!(matches!(not_hers, Err(Error::NotYours(_))), "{not_hers:?}");
    let not_hers = office.add_fee_screen(&team.counter, house.commune, "2").await;
    assert!(matches!(not_hers, Err(Error::NotYours(_))), "{not_hers:?}");
    let unsaid = Some(FeePaid::Transfer { transaction: " ".to_owned() });
    let refused = office.collect_fee(&team.counter, id, 2_000, "BL-1", unsaid).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Dossier(_)))), "{refused:?}");
}

store::on_both!(
    an_account_holds_from_its_day_and_for_its_agency,
    a_screen_shows_a_fee_until_it_is_paid,
    fees_are_the_counters_to_collect_and_the_administrators_to_direct,
);
