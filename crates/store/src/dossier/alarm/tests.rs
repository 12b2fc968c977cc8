//! What the watch finds, and how alarms are raised, listed and ended.

use super::{
    Alarm, Charge, charges, clear, expired_waits, note_next, open, past_next, perhaps_over, raise,
    waiting_for, without_next,
};
use crate::dossier::{add, id_by_foreign_code, lines_consulted, parts_of};
use crate::people::reading::asked_about;
use crate::sample::{Office, after, now, office};
use crate::testing::Scratch;
use crate::{Db, on_both, time};
use jiff::Timestamp;
use jiff::civil::date;
use rules::dossier::{
    AlarmKind, AtStep, ConsultAnswer, Consultation, Dossier, DueMoment, Life, NextAct, OpinionVerdict, Owner,
    PartOfWhole, PaymentNotice, Standing, State,
};
use rules::id::{AgencyId, ConsultationId, DossierId, OfficerId};
use rules::people::{Role, Scope};
use rules::procedure::{ClockEffect, StepTask};
use uuid::Uuid;

const NOBODY_BEFORE: DossierId = DossierId(Uuid::nil());

fn due(minute: i64) -> DueMoment {
    DueMoment { at: after(minute), on: date(2026, 11, 21) }
}

fn standing(agency: AgencyId, role: Role, officer: Option<OfficerId>, minute: i64) -> Standing {
    let owner = Owner { agency, role, officer };
    Standing { owner, next: NextAct::Do(StepTask::Examine), by: due(minute) }
}

async fn put(db: &Db, office: &Office, dossier: &Dossier, standing: Option<&Standing>) {
    let event = &office.opening(dossier);
    db.act(|mut tx| async move { add(&mut tx, dossier, standing, event, now()).await })
        .await
        .expect("the dossier is added");
}

fn at_step(office: &Office, officer: Option<OfficerId>) -> Dossier {
    let at_step = AtStep { step: "tham-dinh".into(), officer, result: None };
    Dossier { received_at: Some(now()), state: State::InProcess(at_step), ..office.intake(now()) }
}

async fn a_dossier_without_a_next_act_is_found_until_it_is_noted(db: Scratch) {
    let office = office(&db).await;
    let silent = at_step(&office, None);
    put(&db, &office, &silent, None).await;
    put(&db, &office, &office.intake(now()), None).await;
    let known = at_step(&office, None);
    put(&db, &office, &known, Some(&standing(office.commune, Role::Specialist, None, 60))).await;
    let found = |after| {
        let db = &db;
        async move {
            let mut reader = db.read().await.expect("a snapshot");
            without_next(&mut reader, after, 10).await.expect("read")
        }
    };
    assert_eq!(found(NOBODY_BEFORE).await, [silent.id], "neither the intake nor the known one");
    assert!(found(silent.id).await.is_empty(), "behind the last there is none");
    let noted = &standing(office.commune, Role::Specialist, None, 30);
    db.act(|mut tx| async move { note_next(&mut tx, silent.id, noted).await }).await.expect("noted");
    assert!(found(NOBODY_BEFORE).await.is_empty());
}

async fn every_charge_is_listed_once_with_those_who_wait_for_it(db: Scratch) {
    let office = office(&db).await;
    let (c, hand) = (office.commune, Some(office.specialist));
    let in_hand = at_step(&office, hand);
    let mut common = [at_step(&office, None), at_step(&office, None)];
    // Two of one moment have their ids in no order.
    common.sort_by_key(|dossier| dossier.id);
    put(&db, &office, &in_hand, Some(&standing(c, Role::Specialist, hand, 10))).await;
    for dossier in &common {
        put(&db, &office, dossier, Some(&standing(c, Role::Specialist, None, 20))).await;
    }
    let mut reader = db.read().await.expect("a snapshot");
    let mut listed = charges(&mut reader).await.expect("read");
    listed.sort_by_key(|charge| charge.officer.is_some());
    let charge = |officer| Charge { agency: c, role: Role::Specialist, officer };
    assert_eq!(listed, [charge(None), charge(hand)]);
    let waiting = waiting_for(&mut reader, &charge(hand), NOBODY_BEFORE, 10).await.expect("read");
    assert_eq!(waiting, [in_hand.id]);
    let waiting = waiting_for(&mut reader, &charge(None), NOBODY_BEFORE, 10).await.expect("read");
    assert_eq!(waiting, common.map(|dossier| dossier.id));
    let behind = waiting_for(&mut reader, &charge(None), waiting[0], 10).await.expect("read");
    assert_eq!(behind, waiting[1..]);
}

async fn an_alarm_is_raised_once_listed_and_ended(db: Scratch) {
    let office = office(&db).await;
    let late = at_step(&office, None);
    put(&db, &office, &late, Some(&standing(office.commune, Role::Specialist, None, 10))).await;
    let read = |at: Timestamp| {
        let db = &db;
        async move {
            let mut reader = db.read().await.expect("a snapshot");
            let past = past_next(&mut reader, at, 10).await.expect("read");
            let over = perhaps_over(&mut reader, at, 10).await.expect("read");
            let mine = open(&mut reader, &Scope::whole([office.commune]), 10).await.expect("read");
            let others = open(&mut reader, &Scope::whole([office.province]), 10).await.expect("read");
            assert!(others.is_empty(), "an alarm is told to those who must act");
            (past, over, mine)
        }
    };
    assert_eq!(read(after(10)).await, (vec![], vec![], vec![]), "in time to the very minute");
    assert_eq!(read(after(11)).await, (vec![late.id], vec![], vec![]));
    let raise_it = |kind| {
        let db = &db;
        let alarm =
            Alarm { dossier: late.id, kind, agency: office.commune, role: Role::Head, raised_at: after(11) };
        async move {
            let raised = &alarm;
            let is_new = db.act(|mut tx| async move { raise(&mut tx, raised).await }).await.expect("raised");
            (is_new, alarm)
        }
    };
    let (is_new, alarm) = raise_it(AlarmKind::Late).await;
    assert!(is_new && !raise_it(AlarmKind::Late).await.0, "raised once");
    assert_eq!(read(after(12)).await, (vec![], vec![], vec![alarm.clone()]), "and not found again");
    assert_eq!(
        read(after(9)).await.1,
        std::slice::from_ref(&alarm),
        "the date was put off: perhaps it is over"
    );
    let (_, unheld) = raise_it(AlarmKind::Nobody).await;
    assert_eq!(read(after(12)).await.1, [unheld], "other kinds are always looked at again");
    let clear_it = |kind| {
        let db = &db;
        async move {
            db.act(|mut tx| async move { clear(&mut tx, late.id, kind, after(13)).await })
                .await
                .expect("ended")
        }
    };
    assert!(clear_it(AlarmKind::Late).await && !clear_it(AlarmKind::Late).await, "ended once");
    assert_eq!(read(after(14)).await.0, [late.id], "and may be raised anew");
}

async fn waits_that_have_run_out_are_found(db: Scratch) {
    let office = office(&db).await;
    let lying = || AtStep { step: "tham-dinh".into(), officer: None, result: None };
    let notice = PaymentNotice { number: "12/TB".into(), amount: 5_000 };
    let paying = |minute| Dossier {
        state: State::AwaitingPayment { at_step: lying(), notice: notice.clone(), until: due(minute) },
        ..office.intake(now())
    };
    let (ended, running) = (paying(5), paying(50));
    for (dossier, minute) in [(&ended, 5), (&running, 50)] {
        put(&db, &office, dossier, Some(&standing(office.commune, Role::Counter, None, minute))).await;
    }
    let worked = at_step(&office, None);
    put(&db, &office, &worked, Some(&standing(office.commune, Role::Specialist, None, 5))).await;
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(expired_waits(&mut reader, after(5), 10).await.expect("read"), [ended.id]);
}

async fn an_agency_that_was_asked_finds_the_dossier_until_it_has_answered(db: Scratch) {
    let office = office(&db).await;
    let asked = Consultation {
        id: ConsultationId(time::new_id(now())),
        rule: None,
        agency: office.elsewhere,
        question: "Có quy hoạch không?".into(),
        asked_at: now(),
        asked_by: office.specialist,
        due: due(60),
        clock: ClockEffect::Runs,
        answer: None,
        lapsed_at: None,
    };
    let life = Life { consultations: vec![asked.clone()], ..Life::default() };
    let dossier = Dossier { life, ..at_step(&office, None) };
    put(&db, &office, &dossier, Some(&standing(office.commune, Role::Specialist, None, 60))).await;
    let lists = || {
        let db = &db;
        async move {
            let mut reader = db.read().await.expect("a snapshot");
            let theirs =
                lines_consulted(&mut reader, &Scope::whole([office.elsewhere]), 10).await.expect("read");
            assert!(
                lines_consulted(&mut reader, &Scope::whole([office.province]), 10)
                    .await
                    .expect("read")
                    .is_empty()
            );
            theirs.into_iter().map(|line| line.dossier.id).collect::<Vec<_>>()
        }
    };
    assert_eq!(lists().await, [dossier.id]);
    // Who has to do with some procedures only is asked about those.
    let procedure = |code: &str| Scope {
        concerned_in: [(office.elsewhere, code.parse().expect("a code"))].into(),
        received_in: [(office.elsewhere, code.parse().expect("a code"))].into(),
        ..Scope::default()
    };
    for (scope, is_asked) in [
        (Scope::whole([office.elsewhere]), true),
        (procedure(&dossier.procedure.to_string()), true),
        (procedure("1.009999"), false),
        (Scope { received: [office.elsewhere].into(), ..Scope::default() }, false),
    ] {
        let mut reader = db.read().await.expect("a snapshot");
        let listed = lines_consulted(&mut reader, &scope, 10).await.expect("read");
        let asked = asked_about(&mut reader, &scope, &[dossier.id]).await.expect("read");
        assert_eq!((listed.len(), asked.len()), (is_asked.into(), is_asked.into()), "{scope:?}");
    }
    let answer = ConsultAnswer {
        at: after(5),
        by: office.specialist,
        verdict: OpinionVerdict::Agrees,
        opinion: "Không".into(),
    };
    let mut answered = dossier.clone();
    answered.life.consultations = vec![Consultation { answer: Some(answer), ..asked }];
    office.save(&db, &answered).await.expect("saved");
    assert!(lists().await.is_empty());
}

async fn parts_and_mirrors_are_found_by_what_they_belong_to(db: Scratch) {
    let office = office(&db).await;
    let whole = at_step(&office, None);
    let part = Dossier { part_of: Some(whole.id), ..at_step(&office, None) };
    let known = PartOfWhole::opened("thuong-tru", part.id, office.elsewhere);
    let whole = Dossier { life: Life { parts: vec![known], ..Life::default() }, ..whole };
    let system = "Hệ thống của Bộ Công an".to_owned();
    let status = "Đang tra cứu".to_owned();
    let mirror = Dossier {
        state: State::Mirrored { system, number: 4, status, synced_at: now() },
        life: Life { foreign_code: Some("LLTP-26-0007".into()), ..Life::default() },
        ..office.intake(now())
    };
    for dossier in [&whole, &part, &mirror] {
        put(&db, &office, dossier, None).await;
    }
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(parts_of(&mut reader, whole.id).await.expect("read"), [part.id]);
    assert_eq!(id_by_foreign_code(&mut reader, "LLTP-26-0007").await.expect("read"), Some(mirror.id));
    assert_eq!(id_by_foreign_code(&mut reader, "LLTP-26-0008").await.expect("read"), None);
    for dossier in [whole, part, mirror] {
        let kept = crate::dossier::find(&mut reader, dossier.id).await.expect("read");
        assert_eq!(kept, Some(dossier), "what it carries comes back");
    }
}

on_both!(
    a_dossier_without_a_next_act_is_found_until_it_is_noted,
    every_charge_is_listed_once_with_those_who_wait_for_it,
    an_alarm_is_raised_once_listed_and_ended,
    waits_that_have_run_out_are_found,
    an_agency_that_was_asked_finds_the_dossier_until_it_has_answered,
    parts_and_mirrors_are_found_by_what_they_belong_to,
);
