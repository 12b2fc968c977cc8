//! The events as whoever controls the office reads them: as far as his posts let him, and noted; the chain
//! verified by a job; the events in a signed file.

use crate::counter::received;
use crate::house::House;
use jiff::SignedDuration;
use office::audit::Sealer;
use office::audit::export::{NotOurs, check_export};
use office::audit::trail::{Concerned, Opens, TrailLine};
use office::{By, Error};
use rules::event::trail::{Filter, Group, Telling};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{DossierId, PartyId};
use rules::people::Role;
use std::collections::BTreeSet;
use store::engine::count::counted;
use store::testing::Scratch;
use store::testing::forger::by_hand;

/// A minute passes before each reading, so that the newest event is known.
async fn read(house: &House, by: &By, filter: &Filter) -> Vec<TrailLine> {
    house.office.clock.advance(SignedDuration::from_mins(1));
    house.office.read_trail(by, filter, None).await.expect("a page").lines
}

/// A dossier that was received at the commune, and its holder.
async fn one_dossier(house: &House) -> (DossierId, PartyId) {
    let counter = house.officer(Role::Counter).await;
    let id = received(house, &counter).await;
    (id, house.dossier(id).await.people.holder)
}

async fn an_auditor_reads_who_looked_at_whose_papers(db: Scratch) {
    let house = House::open(&db).await;
    let (dossier, holder) = one_dossier(&house).await;
    let head = house.officer(Role::CentreHead).await;
    house.office.open_dossier(&head.actor, dossier).await.expect("opened");
    let auditor = house.officer(Role::Auditor).await;
    let looks = &Filter { person: Some(holder), group: Some(Group::Looking), ..Filter::default() };
    let lines = read(&house, &auditor, looks).await;
    let told: Vec<(&str, bool)> =
        lines.iter().map(|line| (line.who.as_str(), line.what.starts_with("xem hồ sơ, mục đích"))).collect();
    assert_eq!(told, [("CentreHead", true)]);
    let code = house.dossier(dossier).await.code.expect("received").to_string();
    assert!(lines[0].about.contains(&Concerned::Dossier(dossier, code, Opens::Yes)), "{:?}", lines[0].about);
    assert!(lines[0].about.contains(&Concerned::Person(holder)));
    // That the auditor asked for this person stands with the person.
    let lines = read(&house, &auditor, looks).await;
    assert_eq!(lines.len(), 2);
    assert_eq!(
        lines[0].what,
        "xem nhật ký về một người và giấy tờ của người ấy, loại “Xem, tra cứu giấy tờ”"
    );
    let all = read(&house, &auditor, &Filter { dossier: Some(dossier), ..Filter::default() }).await;
    assert!(all.iter().any(|line| line.what.contains("tiếp nhận hồ sơ, cấp mã")), "{all:?}");
}

async fn an_administrator_reads_of_his_agency_and_no_papers(db: Scratch) {
    let house = House::open(&db).await;
    let (dossier, holder) = one_dossier(&house).await;
    let admin = house.officer(Role::Admin).await;
    let of_dossier = &Filter { dossier: Some(dossier), ..Filter::default() };
    let lines = read(&house, &admin, of_dossier).await;
    assert!(lines.iter().all(|line| line.telling == Telling::NotPapers), "{lines:?}");
    let said: BTreeSet<&str> = lines.iter().map(|line| line.what.as_str()).collect();
    assert!(said.contains("làm một việc về giấy tờ (tiếp nhận hồ sơ, giấy tờ)"), "{said:?}");
    let person = Filter { person: Some(holder), ..Filter::default() };
    let refused = house.office.read_trail(&admin, &person, None).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    let refused = house.office.ask_audit_export(&admin, &person).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    // What was done about accounts is told to him whole.
    let rights = read(&house, &admin, &Filter { group: Some(Group::Looking), ..Filter::default() }).await;
    assert!(rights.iter().any(|line| line.telling == Telling::Whole && line.what.starts_with("xem nhật ký")));
    // Another agency's administrator finds nothing here.
    let theirs = house.officer_of(house.elsewhere, Role::Admin).await;
    assert!(matches!(house.office.read_trail(&theirs, of_dossier, None).await, Err(Error::NotFound)));
    let code = house.dossier(dossier).await.code.expect("received").to_string();
    for (by, found) in [(&admin, Some(dossier)), (&theirs, None)] {
        assert_eq!(house.office.trail_dossier(&by.actor, &code).await.expect("looked up"), found);
    }
    let counter = house.officer(Role::Counter).await;
    let refused = house.office.read_trail(&counter, &Filter::default(), None).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
}

async fn an_auditor_of_the_unit_above_reads_all_below(db: Scratch) {
    let house = House::open(&db).await;
    let (dossier, _) = one_dossier(&house).await;
    let above = house.elsewhere;
    let auditor = house.officer_of(above, Role::Auditor).await;
    let of_dossier = &Filter { dossier: Some(dossier), ..Filter::default() };
    assert!(matches!(house.office.read_trail(&auditor, of_dossier, None).await, Err(Error::NotFound)));
    assert_ne!(
        by_hand(&db, "update unit set parent = $1 where key = 'xa-yen-binh-2025'", &[above.0]).await,
        0
    );
    let lines = read(&house, &auditor, of_dossier).await;
    assert!(lines.iter().any(|line| line.what.contains("tiếp nhận hồ sơ")), "{lines:?}");
    let opens = |line: &TrailLine| {
        line.about.iter().any(|about| matches!(about, Concerned::Dossier(_, _, Opens::Yes)))
    };
    assert!(!lines.iter().any(opens), "reading events opens no papers of another agency");
}

async fn each_look_is_an_event_and_an_empty_page_tells_the_nearest(db: Scratch) {
    let house = House::open(&db).await;
    one_dossier(&house).await;
    let auditor = house.officer(Role::Auditor).await;
    let later = Filter { from: Some(jiff::civil::date(2026, 12, 1)), ..Filter::default() };
    let last = house.office.clock.now();
    house.office.clock.advance(SignedDuration::from_mins(1));
    let page = house.office.read_trail(&auditor, &later, None).await.expect("a page");
    assert!(page.lines.is_empty());
    assert_eq!(page.nearest, Some(last));
    house.office.clock.advance(SignedDuration::from_mins(1));
    let page = house.office.read_trail(&auditor, &Filter::default(), None).await.expect("a page");
    assert_eq!(page.lines[0].what, "xem nhật ký từ ngày 01/12/2026");
    assert_eq!((page.lines[0].who.as_str(), page.nearest), ("Auditor", None));
    let officer = auditor.actor.officer().expect("an officer");
    let his = read(&house, &auditor, &Filter { officer: Some(officer), ..Filter::default() }).await;
    assert_eq!(his.len(), 2, "one for each page, not for each line");
    let found = house.office.trail_officers(&auditor.actor, "auditor").await.expect("found");
    assert_eq!(found.iter().map(|line| line.id).collect::<Vec<_>>(), [officer]);
}

async fn pages_go_on_behind_the_last_line(db: Scratch) {
    let house = House::open(&db).await;
    let auditor = house.officer(Role::Auditor).await;
    read(&house, &auditor, &Filter::default()).await;
    let (few, n_for_few) = Box::pin(counted(read(&house, &auditor, &Filter::default()))).await;
    let actor = &auditor.actor;
    let subject = Subject::Officer(actor.officer().expect("an officer"));
    let now = house.office.clock.now();
    db.act(|mut tx| async move {
        for _ in 0..120 {
            let event = NewEvent::new(subject, None, actor, now, Body::SignedIn);
            store::event::append(&mut tx, &event, now).await?;
        }
        Ok::<_, store::Error>(())
    })
    .await
    .expect("written");
    let filter = &Filter { group: Some(Group::SigningIn), ..Filter::default() };
    let (mut seen, mut after, mut sizes) = (BTreeSet::new(), None, Vec::new());
    loop {
        let page = house.office.read_trail(&auditor, filter, after).await.expect("a page");
        sizes.push(page.lines.len());
        seen.extend(page.lines.iter().map(|line| line.id));
        after = page.more_after;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((sizes, seen.len()), (vec![50, 50, 20], 120));
    let (many, n_for_many) = Box::pin(counted(read(&house, &auditor, &Filter::default()))).await;
    assert!(few.len() < 3 && many.len() == 50);
    assert_eq!(n_for_many, n_for_few, "as many statements for many lines as for few");
}

fn sealer(house: &House) -> Sealer {
    Sealer {
        db: house.office.db.clone(),
        clock: house.office.clock.clone(),
        keys: house.office.keys.clone(),
        stamping: None,
    }
}

async fn the_chain_is_verified_by_a_job_and_what_it_found_is_kept(db: Scratch) {
    let house = House::open(&db).await;
    let (dossier, _) = one_dossier(&house).await;
    sealer(&house).seal().await.expect("sealed");
    let auditor = house.officer(Role::Auditor).await;
    let chain =
        async || house.office.read_trail(&auditor, &Filter::default(), None).await.expect("a page").chain;
    assert!(chain().await.last.is_none());
    house.office.ask_audit_check(&auditor).await.expect("asked");
    assert!(chain().await.is_checking);
    house.office.run_due_jobs().await.expect("verified");
    let sound = chain().await;
    let last = sound.last.expect("verified");
    assert_eq!((last.n_faults, last.sealed_until, sound.is_checking), (0, sound.sealed_until, false));
    assert_eq!(last.asked_by, auditor.actor.officer());

    let gone = "delete from event where dossier = $1 and kind = 'dossier_received'";
    assert_eq!(by_hand(&db, gone, &[dossier.0]).await, 1);
    house.office.clock.advance(SignedDuration::from_mins(1));
    house.office.ask_audit_check(&auditor).await.expect("asked");
    house.office.run_due_jobs().await.expect("verified");
    let last = chain().await.last.expect("verified");
    assert!(last.n_faults >= 1);
    assert!(last.faults.iter().any(|fault| fault.contains(&dossier.to_string())), "{:?}", last.faults);
    let counter = house.officer(Role::Counter).await;
    assert!(matches!(house.office.ask_audit_check(&counter).await, Err(Error::NotYours(_))));
}

async fn a_file_of_events_is_signed_and_shows_what_was_changed(db: Scratch) {
    let house = House::open(&db).await;
    let (dossier, holder) = one_dossier(&house).await;
    let auditor = house.officer(Role::Auditor).await;
    let filter = &Filter { person: Some(holder), ..Filter::default() };
    let id = house.office.ask_audit_export(&auditor, filter).await.expect("asked");
    assert!(matches!(house.office.audit_export_file(&auditor, id).await, Err(Error::NotFound)), "not yet");
    house.office.run_due_jobs().await.expect("made");
    let listed = house.office.audit_exports(&auditor).await.expect("listed");
    let made = listed[0].made.clone().expect("made");
    let file = house.office.audit_export_file(&auditor, id).await.expect("served");
    let text = String::from_utf8(file.bytes.to_vec()).expect("text");
    assert_eq!(text.lines().count(), made.n_events as usize + 3);
    assert!(text.contains("tiếp nhận hồ sơ, cấp mã"), "{text}");
    let checked =
        async |text: &str| check_export(&house.office.db, &house.office.keys, text).await.expect("read");
    let report = checked(&text).await.expect("ours");
    assert_eq!((report.n_events, report.differing.len()), (made.n_events as usize, 0));
    assert_eq!(checked(&text.replacen("cấp mã", "cấp  mã", 1)).await, Err(NotOurs::Signature));
    assert_eq!(checked("{}\n{}\n").await, Err(NotOurs::Illegible));
    let stranger = pdf::certificate::self_signed("kẻ lạ", 1, house.office.clock.now()).expect("a key");
    let (above, _) = text.trim_end().rsplit_once('\n').expect("lines");
    let signature = hex::encode(stranger.sign(format!("{above}\n").as_bytes()).expect("signed"));
    let certificate = hex::encode(stranger.certificate().der());
    let forged = format!("{above}\n{{\"signature\":\"{signature}\",\"certificate\":\"{certificate}\"}}\n");
    assert_eq!(checked(&forged).await, Err(NotOurs::ForeignKey));
    // The file still says what a hand has taken away.
    by_hand(&db, "delete from event where dossier = $1 and kind = 'dossier_received'", &[dossier.0]).await;
    assert_eq!(checked(&text).await.expect("ours").differing.len(), 1);
    // Nobody else gets it, and that it was made is an event.
    let other = house.officer(Role::Auditor).await;
    assert!(matches!(house.office.audit_export_file(&other, id).await, Err(Error::NotFound)));
    let looks = Filter { group: Some(Group::Looking), ..filter.clone() };
    let told = read(&house, &auditor, &looks).await;
    assert!(told.iter().any(|line| line.what.starts_with(&format!("xuất {} sự kiện", made.n_events))));
}

store::on_both! {
    an_auditor_reads_who_looked_at_whose_papers,
    an_administrator_reads_of_his_agency_and_no_papers,
    an_auditor_of_the_unit_above_reads_all_below,
    each_look_is_an_event_and_an_empty_page_tells_the_nearest,
    pages_go_on_behind_the_last_line,
    the_chain_is_verified_by_a_job_and_what_it_found_is_kept,
    a_file_of_events_is_signed_and_shows_what_was_changed,
}
