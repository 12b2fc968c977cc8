//! Deciding a calendar: who is moved is shown first, the dates follow with one event each, and doing it
//! again changes nothing.

use crate::counter::received;
use crate::house::House;
use jiff::SignedDuration;
use jiff::civil::date;
use office::calendar::{Impact, MovedLine, NotACalendar, Scope, faults_of, parse, propose};
use office::{Error, Refusal};
use rules::calendar::{
    CalendarDecision, DayKind, DayLook, HoursPeriod, Limit, Sure, TableDay, UnitCalendar, YearTable,
    legal_time,
};
use rules::event::Body;
use rules::id::DossierId;
use rules::people::Role;
use store::testing::Scratch;

/// The commune closes on the day of [`crate::house::MORNING`], and the nation on the day after.
fn closed(unit: &str) -> CalendarDecision {
    let day = TableDay {
        on: date(2026, 11, 23),
        is: DayKind::Off,
        reason: "ngày hội của xã".to_owned(),
        law: "QĐ 12/QĐ-UBND".to_owned(),
        sure: Sure::Read,
        note: None,
    };
    let (unit, decision) = (unit.to_owned(), "QĐ 12/QĐ-UBND".to_owned());
    CalendarDecision::Unit(UnitCalendar { unit, decision, hours: Vec::new(), days: vec![day] })
}

async fn shown(house: &House, decision: &CalendarDecision) -> (Impact, Vec<MovedLine>) {
    let mut lines = Vec::new();
    let impact = house.office.calendar_impact(decision, |line| lines.push(line)).await.expect("a list");
    (impact, lines)
}

async fn moved_events(house: &House, id: DossierId) -> usize {
    house.events(id).await.iter().filter(|kind| *kind == "due_moved").count()
}

async fn a_decided_calendar_moves_the_dossiers_that_were_listed(db: Scratch) {
    let house = House::open(&db).await;
    house.office.refresh_calendars().await.expect("nothing was decided");
    let counter = house.officer(Role::Counter).await;
    let id = received(&house, &counter).await;
    let before = house.dossier(id).await;
    let decision = closed("xa-yen-binh-2025");
    let (impact, lines) = shown(&house, &decision).await;
    let told: Vec<_> = lines.iter().map(|line| (line.dossier, Some(line.old_due))).collect();
    assert_eq!(told, [(id, before.due)]);
    assert_eq!(impact.n_moved, 1);
    assert_eq!(house.dossier(id).await, before, "looking changes nothing");

    let admin = house.officer(Role::Admin).await;
    house.office.decide_calendar(&admin, &decision, &impact.digest).await.expect("decided");
    house.office.run_due_jobs().await.expect("the dates are counted");
    let after = house.dossier(id).await;
    assert_eq!(after.due, Some(lines[0].new_due));
    assert_eq!(after.clock, before.clock, "the ledger is as it was");
    assert_eq!(moved_events(&house, id).await, 1);
    let mut reader = db.read().await.expect("a snapshot");
    let events = store::event::of_dossier(&mut reader, id).await.expect("read");
    let last = events.last().map(|event| event.body.clone());
    let due = lines[0].new_due;
    let was = lines[0].old_due.at;
    let because = "QĐ 12/QĐ-UBND".to_owned();
    assert_eq!(last, Some(Body::DueMoved { was, due_at: due.at, due_on: due.on, decision: because }));
    drop(reader);

    // What is received from now on is counted by it from the beginning.
    let next = received(&house, &counter).await;
    assert_eq!(house.dossier(next).await.due.map(|due| due.on), after.due.map(|due| due.on));
    assert_eq!(moved_events(&house, next).await, 0);
    // The same decision again moves nothing.
    let (again, _) = shown(&house, &decision).await;
    assert_eq!(again.n_moved, 0);
    house.office.decide_calendar(&admin, &decision, &again.digest).await.expect("decided again");
    house.office.run_due_jobs().await.expect("the dates are counted");
    assert_eq!(moved_events(&house, id).await, 1);
}

async fn a_list_that_has_changed_is_refused(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let decision = closed("xa-yen-binh-2025");
    let (empty, _) = shown(&house, &decision).await;
    let id = received(&house, &counter).await;
    let admin = house.officer(Role::Admin).await;
    let refused = house.office.decide_calendar(&admin, &decision, &empty.digest).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::ImpactChanged))), "{refused:?}");
    assert_eq!(house.office.run_due_jobs().await.expect("no jobs of it"), 0);
    assert_eq!(moved_events(&house, id).await, 0);
}

async fn a_calendar_touches_its_unit_and_nobody_else_decides_it(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    received(&house, &counter).await;
    let decision = closed("xa-thac-may-2025");
    let (impact, _) = shown(&house, &decision).await;
    assert_eq!(impact.n_moved, 0, "another commune's calendar");
    for by in [counter, house.officer(Role::Admin).await] {
        let refused = house.office.decide_calendar(&by, &decision, &impact.digest).await;
        assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    }
    let theirs = house.officer_of(house.elsewhere, Role::Admin).await;
    house.office.decide_calendar(&theirs, &decision, &impact.digest).await.expect("decided");
    let day = date(2026, 11, 23);
    let calendars = &house.office.calendars;
    assert_eq!(calendars.of(house.elsewhere).is_working(day), Ok(false));
    assert_eq!(calendars.of(house.commune).is_working(day), Ok(true));
    let nowhere = house.office.calendar_impact(&closed("xa-khong-co"), |_| ()).await;
    assert!(matches!(nowhere, Err(Error::NotFound)), "{nowhere:?}");
}

async fn a_year_whose_notice_came_is_decided_for_everybody(db: Scratch) {
    let house = House::open(&db).await;
    let text = include_str!("../../../../calendars/vn-2027.toml");
    let mut table: YearTable = toml::from_str(text).expect("the year 2027");
    table.basis = rules::calendar::Basis::Issued;
    let decision = CalendarDecision::Year(table);
    let (impact, _) = shown(&house, &decision).await;
    let admin = house.officer(Role::Admin).await;
    house.office.decide_calendar(&admin, &decision, &impact.digest).await.expect("decided");
    let year = (date(2027, 1, 1), date(2027, 12, 31));
    for calendar in [house.office.calendars.national(), house.office.calendars.of(house.elsewhere)] {
        assert_eq!(calendar.is_provisional(year.0, year.1), Ok(false));
    }
}

/// What the page shows before it is decided is what deciding asks for.
async fn what_a_calendar_would_do_is_looked_at_first(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let id = received(&house, &counter).await;
    let admin = house.officer(Role::Admin).await;
    let scope = Scope::Unit("xa-yen-binh-2025".to_owned());
    let now = house.office.calendar_now(&scope, "QĐ 12/QĐ-UBND").await.expect("none of its own");
    let CalendarDecision::Unit(own) = closed("xa-yen-binh-2025") else { unreachable!("of a unit") };
    let decision = now.with_day(own.days[0].clone());
    assert_eq!(decision, closed("xa-yen-binh-2025"));
    let preview = house.office.preview_calendar(&admin.actor, &decision).await.expect("looked at");
    let (impact, lines) = shown(&house, &decision).await;
    assert_eq!((preview.n_moved, &preview.digest, &preview.first), (1, &impact.digest, &lines));
    assert_eq!(preview.first[0].dossier, id);
    let days: Vec<_> = preview.days.iter().map(|day| (day.on, day.was, day.becomes)).collect();
    assert_eq!(days, [(date(2026, 11, 23), Some(DayLook::Working), DayLook::Off)]);
    // The 24th is a day off, too: received on the 23rd, or counted as received on the 25th.
    let today = preview.today[..2].iter().map(|due| (due.limit, due.was, due.becomes));
    let on = |day| Some(date(2026, 11, day));
    assert_eq!(
        today.collect::<Vec<_>>(),
        [(Limit::SameDay, on(23), on(25)), (Limit::WorkingDays(3), on(27), on(30))]
    );
    for by in [&counter, &house.officer_of(house.elsewhere, Role::Admin).await] {
        let refused = house.office.preview_calendar(&by.actor, &decision).await;
        assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    }

    // What was looked at is decided, and nothing that was slipped in instead.
    let CalendarDecision::Unit(mut other) = decision.clone() else { unreachable!("of a unit") };
    "một lý do khác".clone_into(&mut other.days[0].reason);
    let refused = house.office.decide_calendar(&admin, &CalendarDecision::Unit(other), &preview.digest).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::ImpactChanged))), "{refused:?}");
    house.office.decide_calendar(&admin, &decision, &preview.digest).await.expect("decided");
    let refused = house.office.decide_calendar(&admin, &decision, &preview.digest).await;
    assert!(
        matches!(refused, Err(Error::Refused(Refusal::ImpactChanged))),
        "another came between: {refused:?}"
    );
    let year = |key: Option<&'static str>| house.office.calendar_year(&admin.actor, key, 2026);
    let before = year(None).await.expect("his own");
    assert!(before.decisions[0].line.counted_at.is_none() && before.decisions[0].job.is_some());
    house.office.run_due_jobs().await.expect("counted");
    let after = year(Some("xa-yen-binh-2025")).await.expect("the commune's");
    assert!(after.decisions[0].line.counted_at.is_some());
    assert_eq!((after.decisions[0].by.as_str(), after.own.expect("its own").days.len()), ("Admin", 1));
    let looks = after.days.expect("a table");
    let off = looks.iter().find(|day| day.date == date(2026, 11, 23)).map(|day| day.look());
    assert_eq!(off, Some(DayLook::Off));
    assert_eq!(after.units.len(), 1, "no other commune's");
    assert!(matches!(year(Some("xa-thac-may-2025")).await, Err(Error::NotFound)));
    assert!(house.office.calendar_year(&admin.actor, None, 2028).await.expect("a page").days.is_none());
    // Taken out again, the day is as usual.
    let again = house.office.calendar_now(&scope, "QĐ 13/QĐ-UBND").await.expect("its own");
    let usual = again.without_day(date(2026, 11, 23));
    let preview = house.office.preview_calendar(&admin.actor, &usual).await.expect("looked at");
    assert_eq!(preview.days[0].becomes, DayLook::Working);
    // A day of the nation that is taken out is told with the decision it rests on.
    let now = house.office.calendar_now(&Scope::Nation(2026), "TB 5/TB-BNV").await.expect("the nation's");
    assert_eq!(now.without_day(date(2026, 11, 24)).rests_on(), "lịch nghỉ năm 2026 theo TB 5/TB-BNV");
}

/// A day of a past year, and hours of the present one.
async fn past_days_and_hours_are_told_before_they_are_decided(db: Scratch) {
    let house = House::open(&db).await;
    house.office.clock.advance(SignedDuration::from_hours(24 * 60));
    let admin = house.officer(Role::Admin).await;
    let decision = closed("xa-yen-binh-2025");
    let preview = house.office.preview_calendar(&admin.actor, &decision).await.expect("looked at");
    assert_eq!(preview.days.iter().map(|day| day.on).collect::<Vec<_>>(), [date(2026, 11, 23)]);
    let CalendarDecision::Unit(own) = decision else { unreachable!("of a unit") };
    let text = "[[hours]]\nfrom = \"2027-06-01\"\nuntil = \"2027-06-01\"\nlaw = \"QĐ 5\"\n[hours.week]\n\
        tuesday = [[\"06:30\", \"11:00\"], [\"13:00\", \"16:30\"]]\n";
    #[derive(serde::Deserialize)]
    struct Hours {
        hours: Vec<HoursPeriod>,
    }
    let hours: Hours = toml::from_str(text).expect("hours");
    let summer = CalendarDecision::Unit(UnitCalendar { hours: hours.hours, days: Vec::new(), ..own });
    let preview = house.office.preview_calendar(&admin.actor, &summer).await.expect("looked at");
    let [day] = preview.days.as_slice() else { panic!("one day: {:?}", preview.days) };
    assert_eq!((day.on, day.was, day.becomes), (date(2027, 6, 1), Some(DayLook::Working), DayLook::Working));
    let said = day.hours.each_ref().map(|spans| rules::words::calendar::hours(spans));
    assert_ne!(said[0], said[1]);
    assert_eq!(said[1], "06:30–11:00, 13:00–16:30");
}

#[test]
fn a_file_that_is_no_calendar_is_named_by_its_line() {
    assert_eq!(parse("year = 2028\nbasis = \"issued\"\nlỗi"), Err(NotACalendar { line: Some(3) }));
    let text = propose(2028).expect("written");
    assert!(matches!(parse(&text), Ok(CalendarDecision::Year(table)) if faults_of(&table).is_empty()));
    let own = "unit = \"xa\"\ndecision = \"QĐ\"\n";
    assert!(matches!(parse(own), Ok(CalendarDecision::Unit(_))));
}

/// Sixty dossiers are more than one act counts.
async fn a_recount_that_was_cut_off_goes_on_and_moves_each_once(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let mut ids = Vec::new();
    for _ in 0..60 {
        ids.push(received(&house, &counter).await);
    }
    let decision = closed("xa-yen-binh-2025");
    let (impact, lines) = shown(&house, &decision).await;
    assert_eq!(lines.len(), 60);
    let admin = house.officer(Role::Admin).await;
    let decided = house.office.decide_calendar(&admin, &decision, &impact.digest).await.expect("decided");
    // As if the first page had been counted and the program had ended.
    let through = lines[49].dossier;
    let recount = store::calendar::Recount { through, finished_at: None };
    db.act(|mut tx| async move { store::calendar::note_recount(&mut tx, decided, recount).await })
        .await
        .expect("noted");
    house.office.run_due_jobs().await.expect("the rest is counted");
    for (n, line) in lines.iter().enumerate() {
        assert_eq!(moved_events(&house, line.dossier).await, usize::from(n >= 50), "number {n}");
    }
    let mut reader = db.read().await.expect("a snapshot");
    let (_, recount) = store::calendar::find(&mut reader, decided).await.expect("read").expect("there");
    assert_eq!(recount.finished_at.map(|at| legal_time(at).date()), Some(date(2026, 11, 23)));
}

store::on_both! {
    a_decided_calendar_moves_the_dossiers_that_were_listed,
    a_list_that_has_changed_is_refused,
    a_calendar_touches_its_unit_and_nobody_else_decides_it,
    a_year_whose_notice_came_is_decided_for_everybody,
    what_a_calendar_would_do_is_looked_at_first,
    past_days_and_hours_are_told_before_they_are_decided,
    a_recount_that_was_cut_off_goes_on_and_moves_each_once,
}
