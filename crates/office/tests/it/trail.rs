//! The events as whoever controls the office reads them: as far as his posts let him, and noted; the chain
//! verified by a job; the events in a signed file.

use crate::counter::received;
use crate::custody::{self, secret_procedure};
use crate::house::House;
use jiff::SignedDuration;
use office::audit::Sealer;
use office::audit::check::Checking;
use office::audit::export::{NotOurs, check_export};
use office::audit::trail::{Concerned, Opens, TrailLine};
use office::{By, Error};
use rules::event::trail::{Filter, Group, Telling};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, DossierId, PartyId};
use rules::people::{Actor, Post, Role, Sensitivity};
use std::collections::BTreeSet;
use store::engine::count::counted;
use store::queue::lines::State;
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
    let receiving = Filter { group: Some(Group::Receiving), ..Filter::default() };
    let lines = read(&house, &admin, &receiving).await;
    assert!(lines.iter().all(|line| line.telling == Telling::NotPapers), "{lines:?}");
    let said: BTreeSet<&str> = lines.iter().map(|line| line.what.as_str()).collect();
    assert!(said.contains("làm một việc về giấy tờ (tiếp nhận hồ sơ, giấy tờ)"), "{said:?}");
    let of_dossier = &Filter { dossier: Some(dossier), ..Filter::default() };
    let person = Filter { person: Some(holder), ..Filter::default() };
    for papers in [of_dossier, &person] {
        let refused = house.office.read_trail(&admin, papers, None).await;
        assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
        let refused = house.office.ask_audit_export(&admin, papers).await;
        assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    }
    // What was done about accounts is told to him whole.
    let rights = read(&house, &admin, &Filter { group: Some(Group::Looking), ..Filter::default() }).await;
    assert!(rights.iter().any(|line| line.telling == Telling::Whole && line.what.starts_with("xem nhật ký")));
    // Another agency's administrator finds nothing here.
    let theirs = house.officer_of(house.elsewhere, Role::Admin).await;
    assert_eq!(read(&house, &theirs, &receiving).await, []);
    let code = house.dossier(dossier).await.code.expect("received").to_string();
    let auditor = house.officer(Role::Auditor).await;
    for (by, found) in [(&auditor, Some(dossier)), (&admin, None), (&theirs, None)] {
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
    put_below(&house, house.commune, above).await;
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

async fn put_below(house: &House, unit: AgencyId, above: AgencyId) {
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let found = store::unit::units_by_ids(&mut reader, &[unit, above]).await.expect("read");
    drop(reader);
    let named = |id| found.iter().find(|kept| kept.id == id).expect("a unit").unit.clone();
    let lower = &rules::unit::Unit { parent: Some(named(above).key), ..named(unit) };
    let put = house
        .office
        .db
        .act(|mut tx| async move { store::people::put_unit(&mut tx, unit, lower, Some(above)).await });
    put.await.expect("put below");
}

/// A dossier of secret papers: nobody learns even its code but an auditor whose post admits them.
async fn of_a_secret_dossier_no_more_is_told_than_that_something_was_done(db: Scratch) {
    let house = House::open(&db).await;
    house.publish(&[secret_procedure()]).await;
    let cleared = |role| Post { ceiling: Sensitivity::Secret, ..Post::new(house.commune, role) };
    let counter = house.officer_with(cleared(Role::Counter)).await;
    let dossier = custody::received(&house, &counter, custody::SECRET).await;
    let kept = house.dossier(dossier).await;
    let (code, holder) = (kept.code.expect("received").to_string(), kept.people.holder);
    let reads_secrets = house.officer_with(cleared(Role::Auditor)).await;
    let auditor = house.officer(Role::Auditor).await;
    let admin = house.officer(Role::Admin).await;
    let receiving = &Filter { group: Some(Group::Receiving), ..Filter::default() };
    for by in [&auditor, &admin] {
        let lines = read(&house, by, receiving).await;
        assert!(!lines.is_empty());
        assert!(
            lines.iter().all(|line| line.telling == Telling::Secret && line.about.is_empty()),
            "{lines:?}"
        );
        assert_eq!(house.office.trail_dossier(&by.actor, &code).await.expect("looked up"), None);
        // Nor does the file tell more.
        let id = house.office.ask_audit_export(by, receiving).await.expect("asked");
        house.office.run_due_jobs().await.expect("made");
        let file = house.office.audit_export_file(by, id).await.expect("served");
        let text = String::from_utf8(file.bytes.to_vec()).expect("text");
        assert!(text.lines().count() > 3);
        for hidden in [code.clone(), dossier.to_string(), holder.to_string(), "dossier_received".to_owned()] {
            assert!(!text.contains(&hidden), "{hidden} in {text}");
        }
        assert!(!text.contains("\"subject\"") && !text.contains("\"number\""), "{text}");
        assert!(check_export(&house.office.db, &house.office.keys, &text).await.expect("read").is_ok());
    }
    let of_dossier = &Filter { dossier: Some(dossier), ..Filter::default() };
    assert!(matches!(house.office.read_trail(&auditor, of_dossier, None).await, Err(Error::NotFound)));
    let of_person = &Filter { person: Some(holder), ..Filter::default() };
    assert_eq!(read(&house, &auditor, of_person).await, [], "that there is something is told by no line");
    assert!(read(&house, &reads_secrets, of_dossier).await.len() > 1);
    assert_eq!(house.office.trail_dossier(&reads_secrets.actor, &code).await.expect("found"), Some(dossier));
}

async fn somebody_of_elsewhere_is_not_named(db: Scratch) {
    let house = House::open(&db).await;
    let auditor = house.officer(Role::Auditor).await;
    let theirs = house.officer_of(house.elsewhere, Role::Counter).await;
    let of_him = &Filter { officer: theirs.actor.officer(), ..Filter::default() };
    assert!(matches!(house.office.read_trail(&auditor, of_him, None).await, Err(Error::NotFound)));
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
    house.office.ask_audit_check(&auditor).await.expect("asked again");
    assert_eq!(chain().await.checking, Some(Checking::UnderWay));
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(store::queue::lines::n_due(&mut reader, house.office.clock.now()).await.expect("counted"), 1);
    drop(reader);
    house.office.run_due_jobs().await.expect("verified");
    let sound = chain().await;
    let last = sound.last.expect("verified");
    assert_eq!((last.n_faults, last.sealed_until, sound.checking), (0, sound.sealed_until, None));
    assert_eq!(last.asked_by, auditor.actor.officer());

    let gone = "delete from event where dossier = $1 and kind = 'dossier_received'";
    assert_eq!(by_hand(&db, gone, &[dossier.0]).await, 1);
    house.office.clock.advance(SignedDuration::from_mins(1));
    house.office.ask_audit_check(&auditor).await.expect("asked");
    house.office.run_due_jobs().await.expect("verified");
    let last = chain().await.last.expect("verified");
    assert!(last.n_faults >= 1);
    assert!(last.faults.iter().any(|fault| fault.contains(&dossier.to_string())), "{:?}", last.faults);
    house.office.clock.advance(SignedDuration::from_mins(1));
    house.office.ask_audit_check(&auditor).await.expect("asked");
    by_hand(&db, "update job set state = 'dead' where kind = 'verify_audit' and state = 'waiting'", &[])
        .await;
    assert_eq!(chain().await.checking, Some(Checking::Stopped));
    let counter = house.officer(Role::Counter).await;
    assert!(matches!(house.office.ask_audit_check(&counter).await, Err(Error::NotYours(_))));
}

async fn a_file_of_events_is_signed_and_shows_what_was_changed(db: Scratch) {
    let house = House::open(&db).await;
    let (dossier, holder) = one_dossier(&house).await;
    let auditor = house.officer(Role::Auditor).await;
    let filter = &Filter { person: Some(holder), ..Filter::default() };
    let id = house.office.ask_audit_export(&auditor, filter).await.expect("asked");
    assert_eq!(house.office.ask_audit_export(&auditor, filter).await.expect("asked again"), id);
    assert_eq!(house.office.audit_exports(&auditor).await.expect("listed")[0].job, Some(State::Waiting));
    assert!(matches!(house.office.audit_export_file(&auditor, id).await, Err(Error::NotFound)), "not yet");
    house.office.run_due_jobs().await.expect("made");
    let listed = house.office.audit_exports(&auditor).await.expect("listed");
    let made = listed[0].export.made.clone().expect("made");
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
    // The file still says what a hand has changed or taken away.
    let changed = "update event set purpose = 'khác' where dossier = $1 and kind = 'intake_opened'";
    assert_eq!(by_hand(&db, changed, &[dossier.0]).await, 1);
    assert_eq!(checked(&text).await.expect("ours").differing.len(), 1);
    by_hand(&db, "delete from event where dossier = $1 and kind = 'dossier_received'", &[dossier.0]).await;
    assert_eq!(checked(&text).await.expect("ours").differing.len(), 2);
    // Nobody else gets it, and that it was made is an event.
    let other = house.officer(Role::Auditor).await;
    assert!(matches!(house.office.audit_export_file(&other, id).await, Err(Error::NotFound)));
    let looks = Filter { group: Some(Group::Looking), ..filter.clone() };
    let told = read(&house, &auditor, &looks).await;
    assert!(told.iter().any(|line| line.what.starts_with(&format!("xuất {} sự kiện", made.n_events))));
}

/// Who has fewer posts today gets no file that was made with more, and no file waits for ever.
async fn a_file_is_given_out_while_its_officer_may_read_it_and_not_for_ever(db: Scratch) {
    let house = House::open(&db).await;
    one_dossier(&house).await;
    let auditor = house.officer(Role::Auditor).await;
    let filter = &Filter::default();
    let id = house.office.ask_audit_export(&auditor, filter).await.expect("asked");
    house.office.run_due_jobs().await.expect("made");
    assert!(house.office.audit_export_file(&auditor, id).await.is_ok());
    let now_admin = |by: &By| match by.actor.clone() {
        Actor::Officer { id, name, agency, lent, .. } => {
            let posts = vec![Post::new(house.commune, Role::Admin)];
            By::new(Actor::Officer { id, name, agency, posts, lent })
        }
        Actor::System { .. } => unreachable!("an officer"),
    };
    let less = house.office.audit_export_file(&now_admin(&auditor), id).await;
    assert!(matches!(less, Err(Error::NotYours(_))), "{less:?}");
    sealer(&house).seal().await.expect("sealed");
    for (days, is_kept) in [(29, true), (2, false)] {
        house.office.clock.advance(SignedDuration::from_hours(24 * days));
        house.office.ask_audit_check(&auditor).await.expect("asked");
        house.office.run_due_jobs().await.expect("verified");
        assert_eq!(house.office.audit_export_file(&auditor, id).await.is_ok(), is_kept);
    }
    let listed = house.office.audit_exports(&auditor).await.expect("listed");
    assert!(listed[0].export.is_dropped);
    let sha256 = &listed[0].export.made.as_ref().expect("made").sha256;
    let address = sha256.parse().expect("an address");
    assert_eq!(house.office.blobs.size_bytes(address).await.expect("asked"), None);
}

store::on_both! {
    of_a_secret_dossier_no_more_is_told_than_that_something_was_done,
    somebody_of_elsewhere_is_not_named,
    a_file_is_given_out_while_its_officer_may_read_it_and_not_for_ever,
    an_auditor_reads_who_looked_at_whose_papers,
    an_administrator_reads_of_his_agency_and_no_papers,
    an_auditor_of_the_unit_above_reads_all_below,
    each_look_is_an_event_and_an_empty_page_tells_the_nearest,
    pages_go_on_behind_the_last_line,
    the_chain_is_verified_by_a_job_and_what_it_found_is_kept,
    a_file_of_events_is_signed_and_shows_what_was_changed,
}
