//! Folders in every place, their versions, the lists made of them, slips, found papers and stocktakings.

use super::found::{self, FoundPaper};
use super::lists::{self, FolderLine};
use super::passing::{self, Passing, PassingOutcome, Settled};
use super::stocktaking::{self, Stocktaking};
use super::{add, find, id_by_code, lock, of_dossier, save};
use crate::dossier::alarm::{self, Alarm};
use crate::sample::{Office, after, now, office};
use crate::testing::Scratch;
use crate::{Db, Error, on_both, time};
use jiff::Timestamp;
use rules::custody::contents::FolderPaper;
use rules::custody::stocktaking::{Area, Tally};
use rules::custody::{Bearer, Folder, Holder, Keeping, Receiver, Shelf};
use rules::dossier::{AlarmKind, State};
use rules::id::{DossierId, FolderId, FoundPaperId, PassingId, StocktakingId};
use rules::people::{Role, Scope, Sensitivity};
use std::collections::BTreeSet;

const FOR_ALL: i64 = 100;

fn bearer(office: &Office) -> Bearer {
    Bearer { officer: office.counter, agency: office.commune }
}

fn shelf(rack: &str) -> Shelf {
    Shelf { room: "1".to_owned(), rack: rack.to_owned(), boxed: String::new() }
}

fn given(office: &Office, due_at: Timestamp) -> Keeping {
    let to = Receiver { agency: office.province, officer: None };
    let passing = PassingId(time::new_id(now()));
    Keeping::Passing { from: bearer(office), to, passing, due_at }
}

/// A folder of a dossier of its own in `state`.
async fn kept(db: &Db, office: &Office, state: State, keeping: Keeping) -> Folder {
    let mut dossier = office.intake(now());
    dossier.state = state;
    office.put(db, &dossier).await;
    let papers = vec![FolderPaper {
        component: "to-khai".to_owned(),
        originals: 1,
        copies: 0,
        sensitivity: Sensitivity::Secret,
        returned_at: None,
    }];
    let id = FolderId(time::new_id(now()));
    let folder = Folder { keeping, ..Folder::new(id, dossier.id, papers, bearer(office), now()) };
    let added = &folder;
    db.act(|mut tx| async move { add(&mut tx, added).await }).await.expect("added");
    folder
}

fn received() -> State {
    State::Received { step: "tham-dinh".to_owned() }
}

fn over() -> State {
    State::Withdrawn { reason: "đổi ý".to_owned() }
}

fn ids(lines: Vec<FolderLine>) -> Vec<FolderId> {
    lines.into_iter().map(|line| line.folder.id).collect()
}

async fn an_agency_answers_for_the_folders_it_has(db: Scratch) {
    let office = office(&db).await;
    kept(&db, &office, received(), Keeping::With(Holder::Bearer(bearer(&office)))).await;
    kept(&db, &office, received(), Keeping::With(Holder::Applicant)).await;
    let mut reader = db.read().await.expect("a snapshot");
    let n = crate::unit::n_folders(&mut reader, &[office.commune, office.elsewhere]).await.expect("read");
    assert_eq!(n, 1, "what the applicant has back is nobody's");
}

async fn a_folder_comes_back_from_every_place(db: Scratch) {
    let office = office(&db).await;
    let agency = office.commune;
    let places = [
        Keeping::With(Holder::Bearer(bearer(&office))),
        Keeping::With(Holder::Shelf { agency, shelf: shelf("B") }),
        Keeping::With(Holder::Post { agency, consignment: "RB1".to_owned() }),
        Keeping::With(Holder::Outside { agency, name: "Chi cục Thuế".to_owned() }),
        Keeping::With(Holder::Applicant),
        Keeping::With(Holder::Destroyed { record: "4/BB".to_owned() }),
        given(&office, after(60)),
    ];
    let folder = kept(&db, &office, received(), Keeping::With(Holder::Applicant)).await;
    for (n, keeping) in (1_i64..).zip(places) {
        let next = Folder { version: n, keeping, missed_at: Some(after(n)), ..folder.clone() };
        let saved = &next;
        db.act(|mut tx| async move { save(&mut tx, saved).await }).await.expect("saved");
        let mut reader = db.read().await.expect("a snapshot");
        let read = find(&mut reader, folder.id).await.expect("read").expect("the folder");
        assert_eq!(read, Folder { version: n + 1, ..next });
        let id = folder.id;
        let locked = db.act(|mut tx| async move { lock(&mut tx, id).await }).await.expect("locked");
        assert_eq!(locked.as_ref(), Some(&read));
        assert_eq!(of_dossier(&mut reader, folder.dossier).await.expect("read"), Some(read));
        assert_eq!(id_by_code(&mut reader, &folder.code).await.expect("read"), Some(folder.id));
    }
    let stale = &folder;
    let refused = db.act(|mut tx| async move { save(&mut tx, stale).await }).await;
    assert!(matches!(refused, Err(Error::Stale { table: "folder", .. })), "{refused:?}");
    let twice = Folder { id: FolderId(time::new_id(now())), ..folder };
    let twice = &twice;
    let refused = db.act(|mut tx| async move { add(&mut tx, twice).await }).await;
    assert!(matches!(refused, Err(Error::Taken(_))), "one folder a dossier, one a code: {refused:?}");
}

async fn lists_show_who_has_what_and_what_waits_for_whom(db: Scratch) {
    let office = office(&db).await;
    let mine = kept(&db, &office, received(), Keeping::With(Holder::Bearer(bearer(&office)))).await;
    let sent = kept(&db, &office, received(), given(&office, after(60))).await;
    let on = |rack| Keeping::With(Holder::Shelf { agency: office.commune, shelf: shelf(rack) });
    let b = kept(&db, &office, over(), on("B")).await;
    let c = kept(&db, &office, over(), on("C")).await;
    let mut reader = db.read().await.expect("a snapshot");
    let reader = &mut reader;
    assert_eq!(ids(lists::in_hand(reader, office.counter, FOR_ALL).await.expect("read")), [mine.id]);
    let by = lists::given_by(reader, office.counter, FOR_ALL).await.expect("read");
    assert_eq!((by[0].procedure_name.as_str(), by[0].state.as_str()), ("Đăng ký khai tử", "received"));
    assert_eq!(ids(by), [sent.id]);
    let agencies = |agency| BTreeSet::from([agency]);
    let waits = lists::given_to(reader, office.specialist, &agencies(office.province), FOR_ALL).await;
    assert_eq!(ids(waits.expect("read")), [sent.id]);
    let elsewhere = lists::given_to(reader, office.specialist, &agencies(office.elsewhere), FOR_ALL).await;
    assert!(elsewhere.expect("read").is_empty());
    let giver = lists::given_to(reader, office.counter, &agencies(office.province), FOR_ALL).await;
    assert!(giver.expect("read").is_empty(), "nobody confirms to himself");
    let counted =
        async |reader: &mut _, area: &Area| ids(lists::expected(reader, area, FOR_ALL).await.expect("read"));
    assert_eq!(counted(reader, &Area::InHand(bearer(&office))).await, [mine.id]);
    let area = |rack| Area::Shelf { agency: office.commune, shelf: shelf(rack) };
    assert_eq!(counted(reader, &area("")).await, [b.id, c.id]);
    assert_eq!(counted(reader, &area("C")).await, [c.id]);
    assert_eq!(ids(lists::by_ids(reader, &[b.id, mine.id]).await.expect("read")).len(), 2);
}

async fn what_does_not_fit_together_is_found_in_ones_own_scope(db: Scratch) {
    let office = office(&db).await;
    let on_shelf = || Keeping::With(Holder::Shelf { agency: office.commune, shelf: shelf("B") });
    let in_hand = || Keeping::With(Holder::Bearer(bearer(&office)));
    let well = kept(&db, &office, received(), in_hand()).await;
    let late = kept(&db, &office, received(), given(&office, after(10))).await;
    let mut missed = kept(&db, &office, received(), on_shelf()).await;
    missed.missed_at = Some(after(5));
    let saved = &missed;
    db.act(|mut tx| async move { save(&mut tx, saved).await }).await.expect("saved");
    let loose = kept(&db, &office, over(), in_hand()).await;
    kept(&db, &office, over(), on_shelf()).await;
    let mut reader = db.read().await.expect("a snapshot");
    let reader = &mut reader;
    let (ours, theirs) = (Scope::whole([office.commune]), Scope::whole([office.elsewhere]));
    let found = lists::without_paper(reader, &ours, after(-60), after(20), FOR_ALL).await.expect("read");
    assert_eq!(BTreeSet::from_iter(ids(found)), BTreeSet::from([late.id, missed.id]));
    let unseen = lists::without_paper(reader, &ours, after(1), after(2), FOR_ALL).await.expect("read");
    assert!(ids(unseen).contains(&well.id), "nobody has seen it since");
    let found = lists::without_dossier(reader, &ours, FOR_ALL).await.expect("read");
    assert_eq!(ids(found), [loose.id]);
    let found = lists::without_paper(reader, &theirs, after(1), after(20), FOR_ALL).await.expect("read");
    assert!(found.is_empty());
    assert!(lists::without_dossier(reader, &theirs, FOR_ALL).await.expect("read").is_empty());

    assert_eq!(lists::overdue(reader, after(20), FOR_ALL).await.expect("read"), [late.dossier]);
    assert!(lists::overdue(reader, after(5), FOR_ALL).await.expect("read").is_empty());
    let alarm = &Alarm {
        dossier: late.dossier,
        kind: AlarmKind::Unconfirmed,
        agency: office.commune,
        role: Role::Head,
        raised_at: after(20),
    };
    db.act(|mut tx| async move { alarm::raise(&mut tx, alarm).await }).await.expect("raised");
    let mut reader = db.read().await.expect("a snapshot");
    let told = lists::overdue(&mut reader, after(20), FOR_ALL).await.expect("read");
    assert!(told.is_empty(), "somebody was told");
}

async fn a_slip_says_what_became_of_each_folder(db: Scratch) {
    let office = office(&db).await;
    let mut folders = [
        kept(&db, &office, received(), given(&office, after(60))).await.id,
        kept(&db, &office, received(), given(&office, after(60))).await.id,
    ];
    folders.sort_unstable();
    let slip = &Passing {
        id: PassingId(time::new_id(now())),
        from: bearer(&office),
        to: Receiver { agency: office.province, officer: Some(office.specialist) },
        given_at: now(),
        due_at: after(60),
    };
    let settled = |outcome, reason: &str| Settled {
        outcome,
        at: after(1),
        by: office.specialist,
        reason: reason.to_owned(),
    };
    let (confirmed, refused) =
        (&settled(PassingOutcome::Confirmed, ""), &settled(PassingOutcome::Refused, "thiếu giấy báo tử"));
    db.act(|mut tx| async move {
        passing::add(&mut tx, slip, &folders).await?;
        passing::settle(&mut tx, slip.id, folders[0], confirmed).await?;
        passing::settle(&mut tx, slip.id, folders[1], refused).await
    })
    .await
    .expect("written");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(passing::find(&mut reader, slip.id).await.expect("read").as_ref(), Some(slip));
    let lines = passing::lines(&mut reader, slip.id).await.expect("read");
    let told: Vec<_> = lines.into_iter().map(|line| (line.folder, line.settled)).collect();
    assert_eq!(told, [(folders[0], Some(confirmed.clone())), (folders[1], Some(refused.clone()))]);
    let again =
        db.act(|mut tx| async move { passing::settle(&mut tx, slip.id, folders[0], refused).await }).await;
    assert!(matches!(again, Err(Error::Stale { .. })), "it is settled once: {again:?}");
}

async fn paper_is_given_to_those_who_hold_a_post_for_it_today(db: Scratch) {
    let office = office(&db).await;
    let day = jiff::civil::date(2026, 11, 23);
    let mut reader = db.read().await.expect("a snapshot");
    let keepers = lists::keepers(&mut reader, office.province, day).await.expect("read");
    assert_eq!(keepers, [(office.specialist, "Trần Thị mai".to_owned(), Role::Specialist)]);
    assert!(lists::keepers(&mut reader, office.elsewhere, day).await.expect("read").is_empty());
    let agencies = lists::keeping_agencies(&mut reader, day).await.expect("read");
    let ids: Vec<_> = agencies.into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, [office.province, office.commune], "by name; nobody works elsewhere");
}

async fn a_found_paper_waits_for_its_dossier(db: Scratch) {
    let office = office(&db).await;
    let dossier: DossierId = office.opened(&db).await.id;
    let paper = &FoundPaper {
        id: FoundPaperId(time::new_id(now())),
        version: 1,
        agency: office.commune,
        found_by: office.counter,
        found_at: now(),
        what: "bản chính giấy khai sinh".to_owned(),
        place: "khay máy quét".to_owned(),
        dossier: None,
    };
    db.act(|mut tx| async move { found::add(&mut tx, paper).await }).await.expect("written");
    let mut reader = db.read().await.expect("a snapshot");
    let untied = async |reader: &mut _, agency| {
        found::untied(reader, &BTreeSet::from([agency]), FOR_ALL).await.expect("read")
    };
    assert_eq!(untied(&mut reader, office.commune).await, std::slice::from_ref(paper));
    assert!(untied(&mut reader, office.elsewhere).await.is_empty());
    drop(reader);
    let by = office.counter;
    let tie = || db.act(|mut tx| async move { found::tie(&mut tx, paper, dossier, by, after(1)).await });
    tie().await.expect("tied");
    assert!(matches!(tie().await, Err(Error::Stale { table: "found_paper", .. })));
    let mut reader = db.read().await.expect("a snapshot");
    assert!(untied(&mut reader, office.commune).await.is_empty());
    let read = found::find(&mut reader, paper.id).await.expect("read").expect("the paper");
    assert_eq!((read.dossier, read.version), (Some(dossier), 2));
}

async fn a_stocktaking_remembers_what_was_met_and_ends_once(db: Scratch) {
    let office = office(&db).await;
    let on = || Keeping::With(Holder::Shelf { agency: office.commune, shelf: shelf("B") });
    let folder = kept(&db, &office, over(), on()).await.id;
    let counted = &Stocktaking {
        id: StocktakingId(time::new_id(now())),
        version: 1,
        officer: office.counter,
        agency: office.commune,
        area: Area::Shelf { agency: office.commune, shelf: shelf("B") },
        begun_at: now(),
        ended: None,
    };
    let met = db
        .act(|mut tx| async move {
            stocktaking::add(&mut tx, counted).await?;
            let first = stocktaking::meet(&mut tx, counted.id, folder, after(1)).await?;
            let again = stocktaking::meet(&mut tx, counted.id, folder, after(2)).await?;
            Ok::<_, Error>((first, again))
        })
        .await
        .expect("written");
    assert_eq!(met, (true, false), "a folder scanned twice counts once");
    let tally = &Tally { seen: vec![folder], ..Tally::default() };
    let end = || db.act(|mut tx| async move { stocktaking::end(&mut tx, counted, tally, after(3)).await });
    end().await.expect("ended");
    assert!(matches!(end().await, Err(Error::Stale { table: "stocktaking", .. })));
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(stocktaking::met(&mut reader, counted.id).await.expect("read"), [folder]);
    let expected = Stocktaking { version: 2, ended: Some((after(3), tally.clone())), ..counted.clone() };
    assert_eq!(stocktaking::find(&mut reader, counted.id).await.expect("read"), Some(expected.clone()));
    let last = stocktaking::of_officer(&mut reader, office.counter, FOR_ALL).await.expect("read");
    assert_eq!(last, [expected]);
}

on_both!(
    an_agency_answers_for_the_folders_it_has,
    a_folder_comes_back_from_every_place,
    lists_show_who_has_what_and_what_waits_for_whom,
    what_does_not_fit_together_is_found_in_ones_own_scope,
    a_slip_says_what_became_of_each_folder,
    paper_is_given_to_those_who_hold_a_post_for_it_today,
    a_found_paper_waits_for_its_dossier,
    a_stocktaking_remembers_what_was_met_and_ends_once,
);
