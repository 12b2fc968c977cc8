//! Decisions follow one another by scope, the newest holds; and the clocks that hang on them.

use super::{
    Decided, OpenClock, Recount, add, all_in_force, decisions, edition, find, note_recount, open_clocks,
    version,
};
use crate::sample::{Office, after, now, office, sha256, uuids};
use crate::testing::Scratch;
use crate::{Db, Error, on_both, time};
use jiff::civil::date;
use rules::calendar::{
    Basis, CalendarDecision, Counting, DayKind, Limit, Sure, TableDay, UnitCalendar, YearTable,
};
use rules::dossier::clock::Clock;
use rules::dossier::{AtStep, DueMoment, State, StoppedFor};
use rules::id::{AgencyId, CalendarId, DossierId};
use uuid::Uuid;

fn year(number: i16, basis: Basis) -> CalendarDecision {
    let day = TableDay {
        on: date(number, 1, 1),
        is: DayKind::Off,
        reason: "Tết Dương lịch".to_owned(),
        law: "BLLD2019/112.1.a".to_owned(),
        sure: Sure::Read,
        note: None,
    };
    CalendarDecision::Year(YearTable { year: number, basis, note: None, decision: None, days: vec![day] })
}

fn of_unit(key: &str) -> CalendarDecision {
    let (unit, decision) = (key.to_owned(), "QĐ 12/2026".to_owned());
    CalendarDecision::Unit(UnitCalendar { unit, decision, hours: Vec::new(), days: Vec::new() })
}

fn decided(office: &Office, version: i64, unit: Option<AgencyId>, decision: CalendarDecision) -> Decided {
    Decided {
        id: CalendarId(time::new_id(now())),
        version,
        unit,
        decided_by: office.specialist,
        decided_at: now(),
        n_moved: 3,
        impact: sha256('a'),
        decision,
    }
}

async fn added(db: &Db, decided: &Decided) -> Result<(), Error> {
    db.act(|mut tx| async move { add(&mut tx, decided).await }).await
}

async fn the_newest_version_of_every_scope_holds(db: Scratch) {
    let office = office(&db).await;
    let first = decided(&office, 1, None, year(2028, Basis::Proposed));
    let second = decided(&office, 2, None, year(2028, Basis::Issued));
    let other = decided(&office, 1, None, year(2029, Basis::Proposed));
    let own = decided(&office, 1, Some(office.commune), of_unit("xa"));
    for decided in [&first, &second, &other, &own] {
        added(&db, decided).await.expect("kept");
    }
    let mut reader = db.read().await.expect("a snapshot");
    let scopes = ["year:2028", "year:2029", "unit:xa", "unit:khac"];
    for (scope, latest) in scopes.into_iter().zip([2, 1, 1, 0]) {
        assert_eq!(version(&mut reader, scope).await.expect("read"), latest, "{scope}");
    }
    assert_eq!(edition(&mut reader).await.expect("read"), 4);
    let in_force = all_in_force(&mut reader).await.expect("read");
    assert_eq!(in_force, [own, second.clone(), other]);
    drop(reader);
    let again = Decided { id: CalendarId(time::new_id(now())), ..second };
    let taken = added(&db, &again).await;
    assert!(matches!(&taken, Err(Error::Taken(name)) if name == "calendar_scope_key"), "{taken:?}");
}

async fn a_recount_is_noted_and_goes_on(db: Scratch) {
    let office = office(&db).await;
    let kept = decided(&office, 1, None, year(2028, Basis::Issued));
    added(&db, &kept).await.expect("kept");
    let mut reader = db.read().await.expect("a snapshot");
    let (found, recount) = find(&mut reader, kept.id).await.expect("read").expect("it is there");
    assert_eq!(found, kept);
    assert_eq!(recount, Recount { through: DossierId(Uuid::nil()), finished_at: None });
    let other = CalendarId(time::new_id(now()));
    assert_eq!(find(&mut reader, other).await.expect("read"), None);
    drop(reader);
    let further = Recount { through: DossierId(time::new_id(now())), finished_at: Some(after(5)) };
    db.act(|mut tx| async move { note_recount(&mut tx, kept.id, further).await }).await.expect("noted");
    let mut reader = db.read().await.expect("a snapshot");
    let found = find(&mut reader, kept.id).await.expect("read").expect("it is there");
    assert_eq!(found.1, further);
}

/// Two dossiers with a date, one whose clock stands, one that is done.
async fn open_clocks_are_read_in_pages(db: Scratch) {
    let office = office(&db).await;
    let clock = Clock::start(Limit::WorkingDays(3), Counting::Hours, now());
    let due = DueMoment { at: after(600), on: date(2026, 11, 23) };
    let at_step = || AtStep { step: "tham-dinh".to_owned(), officer: None, result: None };
    let mut open = Vec::new();
    for n in 0..4 {
        let mut dossier = office.intake(after(n));
        dossier.clock = Some(clock.clone());
        dossier.due = Some(due).filter(|_| n != 2);
        dossier.state = if n == 3 {
            State::Stopped { why: StoppedFor::Decided("thôi".to_owned()) }
        } else {
            State::InProcess(at_step())
        };
        office.put(&db, &dossier).await;
        if n < 2 {
            open.push(dossier.id);
        }
    }
    open.sort();
    let mut reader = db.read().await.expect("a snapshot");
    let nil = DossierId(Uuid::nil());
    let all = open_clocks(&mut reader, None, nil, 10).await.expect("read");
    assert_eq!(all.iter().map(|clock| clock.dossier).collect::<Vec<_>>(), open);
    let expected = OpenClock { dossier: open[0], code: None, competent: office.commune, clock, due };
    assert_eq!(all[0], expected);
    let second = open_clocks(&mut reader, None, open[0], 10).await.expect("read");
    assert_eq!(second, all[1..]);
    assert_eq!(open_clocks(&mut reader, None, nil, 1).await.expect("read"), all[..1]);
    let mine = uuids([office.commune]);
    assert_eq!(open_clocks(&mut reader, Some(&mine), nil, 10).await.expect("read"), all);
    let others = uuids([office.elsewhere]);
    assert_eq!(open_clocks(&mut reader, Some(&others), nil, 10).await.expect("read"), []);
}

async fn decisions_are_listed_by_scope_the_latest_first(db: Scratch) {
    let office = office(&db).await;
    let first = decided(&office, 1, None, year(2028, Basis::Proposed));
    let second = Decided { decided_at: after(5), ..decided(&office, 2, None, year(2028, Basis::Issued)) };
    let own = Decided { decided_at: after(9), ..decided(&office, 1, Some(office.commune), of_unit("xa")) };
    for decided in [&first, &second, &own] {
        added(&db, decided).await.expect("kept");
    }
    let (id, done) = (first.id, Recount { through: DossierId(Uuid::nil()), finished_at: Some(after(1)) });
    db.act(|mut tx| async move { note_recount(&mut tx, id, done).await }).await.expect("noted");
    let mut reader = db.read().await.expect("a snapshot");
    let listed = decisions(&mut reader, &["year:2028"], 10).await.expect("read");
    let told: Vec<_> = listed.iter().map(|line| (line.decided.version, line.counted_at)).collect();
    assert_eq!(told, [(2, None), (1, Some(after(1)))]);
    let newest = decisions(&mut reader, &["year:2028", "unit:xa"], 1).await.expect("read");
    assert_eq!(newest[0].decided, own);
}

on_both! {
    decisions_are_listed_by_scope_the_latest_first,
    the_newest_version_of_every_scope_holds,
    a_recount_is_noted_and_goes_on,
    open_clocks_are_read_in_pages,
}
