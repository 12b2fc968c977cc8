//! The register: in order, page by page, of one agency, with when each was handed over.

use super::{RegisterLine, lines, ordinals};
use crate::sample::{Office, after, now, office};
use crate::testing::Scratch;
use crate::{Db, event, on_both};
use jiff::civil::{Date, date};
use rules::dossier::{Dossier, State};
use rules::event::{Body, HandOverWay, Subject};
use rules::id::{AgencyId, DossierId, ResultId};
use rules::people::{AgencyScope, Scope};
use uuid::Uuid;

const DAY: i64 = 24 * 60;

/// A dossier that came so many minutes after `now`, by a counter of `receiving`.
async fn received(db: &Db, office: &Office, minutes: i64, receiving: AgencyId) -> DossierId {
    let intake = office.intake(after(minutes));
    let dossier = Dossier {
        state: State::Received { step: "tham-dinh".into() },
        received_at: Some(after(minutes)),
        scope: AgencyScope { receiving, ..intake.scope },
        ..intake
    };
    office.put(db, &dossier).await;
    dossier.id
}

fn ids(found: &[RegisterLine]) -> Vec<DossierId> {
    found.iter().map(|found| found.line.dossier.id).collect()
}

fn legal_day(minutes: i64) -> Date {
    rules::calendar::legal_time(after(minutes)).date()
}

async fn the_register_goes_on_page_by_page(db: Scratch) {
    let office = office(&db).await;
    let mut in_order = Vec::new();
    for minutes in [0, 1, 2, DAY, DAY + 1, 3 * DAY] {
        in_order.push(received(&db, &office, minutes, office.commune).await);
    }
    received(&db, &office, 5, office.province).await;
    office.opened(&db).await;
    let mut reader = db.read().await.expect("a snapshot");
    let scope = Scope::whole([office.commune, office.province]);
    let (first_day, last_day) = (legal_day(0), legal_day(DAY));
    let mut place = None;
    let mut pages = Vec::new();
    loop {
        let page =
            lines(&mut reader, &scope, office.commune, (first_day, last_day), place, 2).await.expect("read");
        let Some(last) = page.last() else { break };
        place = last.line.dossier.received_at.map(|at| (at, last.line.dossier.id));
        pages.push(ids(&page));
    }
    assert_eq!(pages, [&in_order[..2], &in_order[2..4], &in_order[4..5]]);
    let days = (first_day, last_day);
    let counted = ordinals(&mut reader, office.commune, days, &in_order[3..5]).await.expect("read");
    assert_eq!(counted, [(in_order[3], 4), (in_order[4], 5)].into(), "among all, not among those asked for");
}

/// Opened first, received last: what counts is when it came.
async fn the_register_is_in_the_order_of_receipt(db: Scratch) {
    let office = office(&db).await;
    let first_opened = office.intake(after(0));
    let second = received(&db, &office, 10, office.commune).await;
    let late = Dossier {
        state: State::Received { step: "tham-dinh".into() },
        received_at: Some(after(30)),
        ..first_opened
    };
    office.put(&db, &late).await;
    let mut reader = db.read().await.expect("a snapshot");
    let scope = Scope::whole([office.commune]);
    let days = (legal_day(0), legal_day(DAY));
    let found = lines(&mut reader, &scope, office.commune, days, None, 10).await.expect("read");
    assert_eq!(ids(&found), [second, late.id]);
}

async fn only_what_somebody_may_see_stands_in_it(db: Scratch) {
    let office = office(&db).await;
    let seen = received(&db, &office, 0, office.commune).await;
    let mut reader = db.read().await.expect("a snapshot");
    let ask = async |reader: &mut _, scope: &Scope| {
        let days = (date(2000, 1, 1), date(2100, 1, 1));
        ids(&lines(reader, scope, office.commune, days, None, 10).await.expect("read"))
    };
    assert_eq!(ask(&mut reader, &Scope::whole([office.commune])).await, [seen]);
    assert_eq!(ask(&mut reader, &Scope::whole([office.elsewhere])).await, []);
}

async fn it_says_who_and_when_it_was_handed_over(db: Scratch) {
    let office = office(&db).await;
    let id = received(&db, &office, 0, office.commune).await;
    let body = Body::ResultHandedOver {
        result: ResultId(Uuid::from_u128(7)),
        way: HandOverWay::Counter,
        returned: Vec::new(),
        receiver: None,
    };
    let mut handed = office.event(Subject::Dossier(id), Some(id), body);
    handed.happened_at = after(DAY);
    let handed = &handed;
    db.act(|mut tx| async move { event::append(&mut tx, handed, now()).await }).await.expect("written");
    let mut reader = db.read().await.expect("a snapshot");
    let before = reader.n_statements();
    let scope = Scope::whole([office.commune]);
    let days = (legal_day(0), legal_day(0));
    let found = lines(&mut reader, &scope, office.commune, days, None, 10).await.expect("read");
    assert_eq!(reader.n_statements() - before, 2, "however many lines");
    assert_eq!(found[0].handed_over_at, Some(after(DAY)));
    assert_eq!(found[0].line.holder_name, "Nguyễn Văn Ân");
    assert_eq!(found[0].received_on, legal_day(0));
}

on_both!(
    the_register_goes_on_page_by_page,
    the_register_is_in_the_order_of_receipt,
    only_what_somebody_may_see_stands_in_it,
    it_says_who_and_when_it_was_handed_over,
);
