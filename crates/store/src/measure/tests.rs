//! Numbers and the dossiers behind them: of every part and every group, as many as are counted.

use super::{Ended, InHandOf, Overseen, Part, lines_open, lines_settled, open, settled};
use crate::on_both;
use crate::sample::{Office, after, now, office};
use crate::testing::Scratch;
use jiff::SignedDuration;
use jiff::civil::date;
use rules::calendar::{Counting, Limit};
use rules::dossier::clock::Clock;
use rules::dossier::{AtStep, Dossier, DueMoment, Outcome, State};
use rules::id::{AgencyId, OfficerId, ResultId};
use rules::measure::overview::{DueGroup, Look};
use rules::people::AgencyScope;
use std::collections::BTreeSet;

fn look() -> Look {
    Look { now: now(), today: date(2026, 11, 21), near: date(2026, 11, 25) }
}

fn overseen(agencies: &[AgencyId]) -> Overseen {
    Overseen { whole: agencies.iter().copied().collect(), in_part: BTreeSet::new() }
}

/// An open dossier in these hands, due in so many hours; none while its clock stands.
fn held(office: &Office, holding: AgencyId, officer: Option<OfficerId>, due_in: Option<i64>) -> Dossier {
    let due = due_in.map(|hours| {
        let at = after(hours * 60);
        DueMoment { at, on: rules::calendar::legal_time(at).date() }
    });
    let at_step = AtStep { step: "tham-dinh".to_owned(), officer, result: None };
    let scope = AgencyScope { receiving: office.commune, competent: office.commune, holding };
    Dossier { scope, due, state: State::InProcess(at_step), received_at: Some(now()), ..office.intake(now()) }
}

async fn a_number_is_that_of_the_dossiers_behind_it(db: Scratch) {
    let office = office(&db).await;
    let hands = [None, Some(office.counter), Some(office.specialist)];
    for (nth, due_in) in
        [Some(-30), Some(-1), Some(1), Some(50), Some(90), Some(200), None].iter().enumerate()
    {
        for (officer, agency) in hands.iter().zip([office.commune, office.province, office.commune]) {
            office.put(&db, &held(&office, agency, *officer, *due_in)).await;
        }
        office.put(&db, &held(&office, office.elsewhere, None, *due_in)).await;
        if nth == 0 {
            office.opened(&db).await;
        }
    }
    let mut reader = db.read().await.expect("a snapshot");
    let (look, seen) = (look(), overseen(&[office.commune, office.province]));
    let counted = open(&mut reader, &seen, &look).await.expect("counted");
    assert_eq!(counted.iter().map(|row| row.n).sum::<u64>(), 21, "not what others oversee, nor an intake");
    let units = [None, Some(office.commune), Some(office.province), Some(office.elsewhere)];
    let officers = [None, Some(InHandOf::Nobody), Some(InHandOf::Officer(office.specialist))];
    let groups = DueGroup::ALL.into_iter().map(Some).chain([None]);
    for (unit, group) in units.iter().flat_map(|unit| groups.clone().map(move |group| (unit, group))) {
        for officer in officers {
            let of = |row: &&super::Open| {
                unit.is_none_or(|unit| unit == row.unit)
                    && group.is_none_or(|group| group == row.group)
                    && officer.is_none_or(|officer| {
                        officer == row.officer.map_or(InHandOf::Nobody, InHandOf::Officer)
                    })
            };
            let n: u64 = counted.iter().filter(of).map(|row| row.n).sum();
            let part = Part { unit: *unit, officer, procedure: Some(office.procedure.code.clone()) };
            let lines =
                lines_open(&mut reader, &seen, (&part, group), &look, (100, 0)).await.expect("listed");
            assert_eq!(lines.len() as u64, n, "{part:?} {group:?}");
            for line in &lines {
                let own = look.group(line.dossier.due);
                assert!(
                    group.is_none_or(|group| group == own),
                    "SQL and the rule agree: {own:?} in {group:?}"
                );
            }
        }
    }
    let other = Part { procedure: Some("9.000001".parse().expect("a code")), ..Part::default() };
    assert!(
        lines_open(&mut reader, &seen, (&other, None), &look, (100, 0)).await.expect("listed").is_empty()
    );
}

async fn who_oversees_some_procedures_sees_the_numbers_of_those(db: Scratch) {
    let office = office(&db).await;
    office.put(&db, &held(&office, office.commune, None, Some(1))).await;
    let mut reader = db.read().await.expect("a snapshot");
    for (code, n) in [(office.procedure.code.clone(), 1), ("9.000001".parse().expect("a code"), 0)] {
        let seen = Overseen { in_part: BTreeSet::from([(office.commune, code)]), ..Overseen::default() };
        let counted = open(&mut reader, &seen, &look()).await.expect("counted");
        assert_eq!(counted.iter().map(|row| row.n).sum::<u64>(), n);
    }
}

/// Received so many hours ago and settled now, due that much later.
fn done(office: &Office, hours: i64, due_in: i64) -> Dossier {
    let received = now() - SignedDuration::from_hours(hours);
    let at = after(due_in * 60);
    Dossier {
        received_at: Some(received),
        clock: Some(Clock::start(Limit::WorkingDays(3), Counting::Hours, received).finish(now())),
        due: Some(DueMoment { at, on: rules::calendar::legal_time(at).date() }),
        outcome: Some(Outcome::Granted),
        state: State::Done { step: "tra".to_owned(), result: ResultId(crate::time::new_id(now())) },
        ..office.intake(received)
    }
}

async fn what_was_settled_lately_is_counted_with_its_hours(db: Scratch) {
    let office = office(&db).await;
    for (hours, due_in) in [(10, 1), (10, -1), (30, 5)] {
        office.put(&db, &done(&office, hours, due_in)).await;
    }
    let withdrawn = Dossier {
        outcome: Some(Outcome::Withdrawn),
        state: State::Withdrawn { reason: "Đổi ý".to_owned() },
        ..done(&office, 5, 5)
    };
    office.put(&db, &withdrawn).await;
    let mut reader = db.read().await.expect("a snapshot");
    let seen = overseen(&[office.commune]);
    let mut rows = settled(&mut reader, &seen, now()).await.expect("counted");
    rows.sort_by_key(|row| row.hours);
    let told: Vec<_> = rows.iter().map(|row| (row.hours, row.n, row.in_time)).collect();
    assert_eq!(told, [(10, 2, 1), (30, 1, 1)], "a withdrawal is not settled");
    assert!(settled(&mut reader, &seen, after(1)).await.expect("counted").is_empty(), "before that day");
    let nobody = Part { officer: Some(InHandOf::Nobody), ..Part::default() };
    for (which, n) in [(Ended::All, 3), (Ended::Late, 1)] {
        let lines =
            lines_settled(&mut reader, &seen, (&nobody, which), now(), (10, 0)).await.expect("listed");
        assert_eq!(lines.len(), n, "{which:?}");
    }
    let mine = Part { officer: Some(InHandOf::Officer(office.specialist)), ..Part::default() };
    let lines = lines_settled(&mut reader, &seen, (&mine, Ended::All), now(), (10, 0)).await.expect("listed");
    assert!(lines.is_empty(), "nobody drafted a result here");
}

on_both!(
    a_number_is_that_of_the_dossiers_behind_it,
    who_oversees_some_procedures_sees_the_numbers_of_those,
    what_was_settled_lately_is_counted_with_its_hours,
);
