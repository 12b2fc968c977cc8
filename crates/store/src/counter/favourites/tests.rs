//! What an officer chose, and what his counter received.

use super::{chosen, most_received, save};
use crate::sample::{now, office};
use crate::testing::Scratch;
use crate::{Error, on_both};
use jiff::civil::date;

async fn a_list_is_saved_as_it_was_read(db: Scratch) {
    let office = office(&db).await;
    let by = office.counter;
    let codes = &["1.000656".to_owned(), "2.000815".to_owned()];
    db.act(|mut tx| async move { save(&mut tx, by, 0, codes, now()).await }).await.expect("the first");
    let stale = db.act(|mut tx| async move { save(&mut tx, by, 0, &codes[..1], now()).await }).await;
    assert!(matches!(stale, Err(Error::Stale { table: "favourite", .. })), "{stale:?}");
    db.act(|mut tx| async move { save(&mut tx, by, 1, &codes[1..], now()).await }).await.expect("the next");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(chosen(&mut reader, by).await.expect("read"), (2, codes[1..].to_vec()));
    assert_eq!(chosen(&mut reader, office.specialist).await.expect("read"), (0, Vec::new()));
}

async fn what_was_not_received_is_not_counted(db: Scratch) {
    let office = office(&db).await;
    office.opened(&db).await;
    let mut reader = db.read().await.expect("a snapshot");
    let most = most_received(&mut reader, office.commune, date(2026, 10, 22), 9).await.expect("read");
    assert_eq!(most, Vec::<String>::new(), "an intake that was only begun counts nothing");
}

on_both!(a_list_is_saved_as_it_was_read, what_was_not_received_is_not_counted);
