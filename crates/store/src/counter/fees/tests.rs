//! Accounts by their first day, and screens as their links and what they ask for.

use super::{
    Asking, FeeAccount, FeeScreen, accounts, add_account, add_screen, ask, screen_at, screen_by_secret,
    screens, withdraw_screen,
};
use crate::sample::{after, office};
use crate::session::SecretHash;
use crate::testing::Scratch;
use crate::{Error, on_both, time};
use jiff::civil::date;
use rules::counter::vietqr::Account;
use rules::id::{FeeAccountId, FeeScreenId};

async fn accounts_come_back_the_latest_day_first(db: Scratch) {
    let office = office(&db).await;
    let account = Account {
        bank: "Kho bạc Nhà nước".to_owned(),
        bin: "970499".to_owned(),
        number: "3511012345".to_owned(),
        holder: "UBND XÃ YÊN BÌNH".to_owned(),
    };
    let decided = |day, account: Option<&Account>, minutes| FeeAccount {
        id: FeeAccountId(time::new_id(after(minutes))),
        agency: office.commune,
        valid_from: date(2026, 12, day),
        account: account.cloned(),
        reason: "9/QĐ".to_owned(),
        put_by: office.counter,
        put_at: after(minutes),
    };
    let all = &[decided(1, Some(&account), 1), decided(9, None, 2), decided(1, Some(&account), 3)];
    db.act(|mut tx| async move {
        for decided in all {
            add_account(&mut tx, decided).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("added");
    let mut reader = db.read().await.expect("a snapshot");
    let found = accounts(&mut reader, office.commune).await.expect("read");
    assert_eq!(found, [all[1].clone(), all[2].clone(), all[0].clone()]);
    assert!(accounts(&mut reader, office.elsewhere).await.expect("read").is_empty());
}

async fn a_screen_asks_until_it_is_withdrawn(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await.id;
    let (agency, by) = (office.commune, office.counter);
    let screen = |minutes| FeeScreen {
        id: FeeScreenId(time::new_id(after(minutes))),
        agency,
        counter: "2".to_owned(),
        made_by: by,
        made_at: after(minutes),
        withdrawn_at: None,
        shows: None,
    };
    let (first, second) = (&screen(0), &screen(5));
    let secret = SecretHash::of(b"secret");
    db.act(|mut tx| async move { add_screen(&mut tx, first, secret).await }).await.expect("made");
    let other = SecretHash::of(b"another");
    let twice = db.act(|mut tx| async move { add_screen(&mut tx, second, other).await }).await;
    assert!(matches!(&twice, Err(Error::Taken(name)) if name == "fee_screen_seat_key"), "{twice:?}");

    let asking = Asking { dossier, owed: 15_000, until: after(10) };
    db.act(|mut tx| async move { ask(&mut tx, first.id, Some(asking)).await }).await.expect("asked");
    let shown = FeeScreen { shows: Some(asking), ..first.clone() };
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(screen_by_secret(&mut reader, secret).await.expect("read").as_ref(), Some(&shown));
    assert_eq!(screen_by_secret(&mut reader, SecretHash::of(b"guess")).await.expect("read"), None);
    assert_eq!(screen_at(&mut reader, agency, "2").await.expect("read").as_ref(), Some(&shown));
    assert_eq!(screen_at(&mut reader, agency, "3").await.expect("read"), None);
    assert_eq!(screen_at(&mut reader, office.elsewhere, "2").await.expect("read"), None);
    drop(reader);
    db.act(|mut tx| async move { ask(&mut tx, first.id, None).await }).await.expect("cleared");

    let elsewhere = office.elsewhere;
    let foreign = db
        .act(|mut tx| async move { withdraw_screen(&mut tx, first.id, elsewhere, by, after(1)).await })
        .await;
    assert!(matches!(foreign, Err(Error::Stale { table: "fee_screen", .. })), "{foreign:?}");
    db.act(|mut tx| async move { withdraw_screen(&mut tx, first.id, agency, by, after(1)).await })
        .await
        .expect("withdrawn");
    let late = db.act(|mut tx| async move { ask(&mut tx, first.id, Some(asking)).await }).await;
    assert!(matches!(late, Err(Error::Stale { table: "fee_screen", .. })), "{late:?}");
    db.act(|mut tx| async move { add_screen(&mut tx, second, other).await })
        .await
        .expect("its place is free");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(screen_by_secret(&mut reader, secret).await.expect("read"), None);
    let kept = screens(&mut reader, agency).await.expect("read");
    assert_eq!(kept, [second.clone(), FeeScreen { withdrawn_at: Some(after(1)), ..first.clone() }]);
}

on_both!(accounts_come_back_the_latest_day_first, a_screen_asks_until_it_is_withdrawn);
