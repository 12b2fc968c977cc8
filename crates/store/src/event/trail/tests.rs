//! Each filter finds exactly its events, page by page, the newest first.

use super::{Kept, Wanted, digests, page};
use crate::event::append;
use crate::sample::{Office, after, now, office};
use crate::testing::Scratch;
use crate::{Db, on_both, time};
use jiff::civil::date;
use rules::event::trail::{Filter, Group};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, DossierId, EntryId, EventId, OfficerId};

async fn at(db: &Db, minutes: i64, event: NewEvent) -> EventId {
    let event = &event;
    db.act(|mut tx| async move { append(&mut tx, event, after(minutes)).await }).await.expect("appended")
}

async fn found(db: &Db, agencies: &[AgencyId], filter: &Filter) -> Vec<EventId> {
    let mut reader = db.read().await.expect("a snapshot");
    let wanted = Wanted { filter, agencies, after: None, limit: 100 };
    page(&mut reader, &wanted).await.expect("read").into_iter().map(|kept| kept.id).collect()
}

/// What happened in the commune and elsewhere, in the order it was written.
struct Told {
    office: Office,
    dossier: DossierId,
    opened: EventId,
    signed_in: EventId,
    viewed: EventId,
    listed: EventId,
    job: EventId,
    elsewhere: EventId,
}

async fn told(db: &Db) -> Told {
    let office = office(db).await;
    let dossier = office.intake(now());
    office.put(db, &dossier).await;
    let signing_in = Subject::Officer(office.counter);
    let party = Subject::Party(office.holder);
    let by_job = |event: NewEvent| NewEvent { actor: None, on_behalf_of: Some(office.counter), ..event };
    let theirs =
        |event: NewEvent| NewEvent { agency: office.elsewhere, actor: Some(office.specialist), ..event };
    let viewing = Body::DossierViewed;
    let entry = Subject::Entry(EntryId(time::new_id(now())));
    Told {
        dossier: dossier.id,
        opened: found(db, &[office.commune], &Filter::default()).await[0],
        signed_in: at(db, 1, office.event(signing_in, None, Body::SignedIn)).await,
        viewed: at(db, 2, theirs(office.event(party, Some(dossier.id), viewing))).await,
        listed: at(db, 3, office.event(party, None, Body::RepositoryListed { found: 1 })).await,
        job: at(db, 24 * 60, by_job(office.opening(&dossier))).await,
        elsewhere: at(db, 24 * 60 + 1, theirs(office.event(entry, None, Body::SignedOut))).await,
        office,
    }
}

async fn each_filter_finds_its_own(db: Scratch) {
    let told = told(&db).await;
    let Told { office, dossier, opened, signed_in, viewed, listed, job, elsewhere } = &told;
    let (here, both) = ([office.commune], [office.commune, office.elsewhere]);
    let all = Filter::default;
    let cases: Vec<(&[AgencyId], Filter, Vec<EventId>)> = vec![
        (&here, all(), vec![*job, *listed, *signed_in, *opened]),
        (&both, all(), vec![*elsewhere, *job, *listed, *viewed, *signed_in, *opened]),
        (&[], all(), vec![]),
        // What officers of another agency did in a dossier of this one is shown.
        (&here, Filter { dossier: Some(*dossier), ..all() }, vec![*job, *viewed, *opened]),
        (&here, Filter { person: Some(office.holder), ..all() }, vec![*job, *listed, *viewed, *opened]),
        (
            &here,
            Filter { person: Some(office.holder), group: Some(Group::Looking), ..all() },
            vec![*listed, *viewed],
        ),
        (
            &here,
            Filter { person: Some(office.holder), dossier: Some(*dossier), ..all() },
            vec![*job, *viewed, *opened],
        ),
        (
            &here,
            Filter { person: Some(office.holder), officer: Some(office.specialist), ..all() },
            vec![*viewed],
        ),
        // Also what the program did for him.
        (&here, Filter { officer: Some(office.counter), ..all() }, vec![*job, *listed, *signed_in, *opened]),
        (&here, Filter { officer: Some(office.specialist), ..all() }, vec![]),
        (
            &both,
            Filter { officer: Some(office.specialist), group: Some(Group::Looking), ..all() },
            vec![*viewed],
        ),
        (&both, Filter { group: Some(Group::Looking), ..all() }, vec![*listed, *viewed]),
        (&here, Filter { group: Some(Group::SigningIn), ..all() }, vec![*signed_in]),
        // 14:30 of the legal clock is the first; a day later the others.
        (&here, Filter { to: Some(date(2026, 11, 21)), ..all() }, vec![*listed, *signed_in, *opened]),
        (&here, Filter { from: Some(date(2026, 11, 22)), ..all() }, vec![*job]),
        (&both, Filter { from: Some(date(2026, 11, 23)), ..all() }, vec![]),
    ];
    for (agencies, filter, expected) in cases {
        assert_eq!(found(&db, agencies, &filter).await, expected, "{filter:?}");
    }
}

async fn pages_follow_one_another_and_miss_nothing(db: Scratch) {
    let office = office(&db).await;
    let subject = Subject::Officer(OfficerId(time::new_id(now())));
    let mut written = Vec::new();
    for minute in 0..7 {
        written.push(at(&db, minute, office.event(subject, None, Body::SignedIn)).await);
    }
    written.reverse();
    for group in [None, Some(Group::SigningIn)] {
        let filter = &Filter { group, ..Filter::default() };
        let (mut seen, mut after): (Vec<Kept>, _) = (Vec::new(), None);
        let mut reader = db.read().await.expect("a snapshot");
        loop {
            let wanted = Wanted { filter, agencies: &[office.commune], after, limit: 3 };
            let read = page(&mut reader, &wanted).await.expect("read");
            let Some(last) = read.last() else { break };
            after = Some(last.id);
            seen.extend(read);
        }
        assert_eq!(seen.iter().map(|kept| kept.id).collect::<Vec<_>>(), written);
        let numbers: Vec<i64> = seen.iter().map(|kept| kept.number).collect();
        assert_eq!(numbers, [7, 6, 5, 4, 3, 2, 1]);
    }
}

/// A body that was disposed of by law leaves its line.
async fn an_event_without_its_body_is_still_there(db: Scratch) {
    let told = told(&db).await;
    let gone = "update event set body = null, salt = null where id = $1";
    crate::testing::forger::by_hand(&db, gone, &[told.signed_in.0]).await;
    let mut reader = db.read().await.expect("a snapshot");
    let filter = &Filter { group: Some(Group::SigningIn), ..Filter::default() };
    let wanted = Wanted { filter, agencies: &[told.office.commune], after: None, limit: 10 };
    let read = page(&mut reader, &wanted).await.expect("read");
    assert_eq!(read.len(), 1);
    assert_eq!((read[0].kind.as_str(), read[0].body.clone()), ("signed_in", None));
    assert_eq!(read[0].event(), None);
    let nowhere = EventId(time::new_id(now()));
    let known = digests(&mut reader, &[told.signed_in, nowhere]).await.expect("read");
    assert_eq!(known, [(told.signed_in, read[0].digest.clone())].into());
}

on_both!(
    each_filter_finds_its_own,
    pages_follow_one_another_and_miss_nothing,
    an_event_without_its_body_is_still_there,
);
