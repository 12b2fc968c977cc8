//! A link leads somewhere until it is withdrawn.

use super::{CallScreen, add, by_secret, of_agency, withdraw};
use crate::sample::{after, now, office};
use crate::session::SecretHash;
use crate::testing::Scratch;
use crate::{Error, on_both, time};
use rules::id::CallScreenId;

async fn a_withdrawn_link_leads_nowhere(db: Scratch) {
    let office = office(&db).await;
    let (agency, by) = (office.commune, office.counter);
    let screen = &CallScreen {
        id: CallScreenId(time::new_id(now())),
        agency,
        name: "Sảnh tầng 1".to_owned(),
        made_by: by,
        made_at: now(),
        withdrawn_at: None,
    };
    let secret = SecretHash::of(b"secret");
    db.act(|mut tx| async move { add(&mut tx, screen, secret).await }).await.expect("made");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(by_secret(&mut reader, secret).await.expect("read").as_ref(), Some(screen));
    assert_eq!(by_secret(&mut reader, SecretHash::of(b"guess")).await.expect("read"), None);
    assert_eq!(of_agency(&mut reader, office.elsewhere).await.expect("read"), []);
    drop(reader);

    let elsewhere = office.elsewhere;
    let foreign =
        db.act(|mut tx| async move { withdraw(&mut tx, screen.id, elsewhere, by, after(1)).await }).await;
    assert!(matches!(foreign, Err(Error::Stale { table: "call_screen", .. })), "{foreign:?}");
    db.act(|mut tx| async move { withdraw(&mut tx, screen.id, agency, by, after(1)).await })
        .await
        .expect("withdrawn");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(by_secret(&mut reader, secret).await.expect("read"), None);
    let kept = of_agency(&mut reader, agency).await.expect("read");
    assert_eq!(kept, [CallScreen { withdrawn_at: Some(after(1)), ..screen.clone() }]);
}

on_both!(a_withdrawn_link_leads_nowhere);
