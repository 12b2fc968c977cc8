//! Rounds come back as they were begun and settled, once each; what is unusual is counted by dossier.

use super::{
    Past, Round, RoundPaper, add, find, lines, note_read, of_officer, paper, pasts, read_by, settle,
};
use crate::dossier::lines_referred;
use crate::sample::{Office, after, now, office, sha256};
use crate::signing::{add_result, results_by_ids};
use crate::testing::Scratch;
use crate::{Db, Error, dossier, event, on_both, time};
use rules::dossier::{AtStep, Dossier, DueMoment, NextAct, Owner, Standing, State};
use rules::event::{Body, Subject};
use rules::id::{DossierId, ResultId, RoundId, RoundPaperId};
use rules::people::{Role, Scope};
use rules::procedure::StepTask;
use rules::scanning::Blob;
use rules::signing::round::Outcome;
use rules::signing::{ResultPaper, ResultState};
use std::collections::BTreeMap;

/// A dossier with a draft in it.
async fn drafted(db: &Db, office: &Office) -> (DossierId, ResultId) {
    let dossier = office.opened(db).await;
    (dossier.id, draft_in(db, office, &dossier).await)
}

async fn draft_in(db: &Db, office: &Office, dossier: &Dossier) -> ResultId {
    let result = &ResultPaper {
        id: ResultId(time::new_id(now())),
        version: 1,
        dossier: dossier.id,
        owner: office.holder,
        scope: dossier.scope,
        result_type: "ket-qua".into(),
        state: ResultState::Drafted {
            pdf: Blob { sha256: sha256('1'), bytes: 40_000 },
            slots: Vec::new(),
            answers: BTreeMap::new(),
            drafted_by: office.specialist,
        },
    };
    db.act(|mut tx| async move { add_result(&mut tx, result, now()).await }).await.expect("added");
    result.id
}

async fn begun(db: &Db, office: &Office, n_papers: i64, minute: i64) -> (Round, Vec<RoundPaper>) {
    let id = RoundId(time::new_id(after(minute)));
    let round = Round { id, officer: office.specialist, begun_at: after(minute) };
    let mut papers = Vec::new();
    for number in 1..=n_papers {
        let (dossier, result) = drafted(db, office).await;
        papers.push(RoundPaper {
            id: RoundPaperId(time::new_id(now())),
            round: id,
            number,
            dossier,
            result,
            task: if number % 2 == 0 { StepTask::Seal } else { StepTask::Sign },
            read_sha256: sha256('1'),
            onward: "dong-dau".to_owned(),
            outcome: Outcome::Waiting,
        });
    }
    let (begin, kept) = (&round, &papers);
    db.act(|mut tx| async move { add(&mut tx, begin, kept).await }).await.expect("begun");
    (round, papers)
}

fn signed() -> Outcome {
    Outcome::Signed { at: after(3), certificate: "Trần Thị mai".to_owned(), serial: "0A1F".to_owned() }
}

async fn settled(db: &Db, id: RoundPaperId, outcome: &Outcome) -> Result<bool, Error> {
    db.act(|mut tx| async move { settle(&mut tx, id, outcome).await }).await
}

async fn a_round_comes_back_with_what_became_of_each_paper(db: Scratch) {
    let office = office(&db).await;
    let (round, papers) = begun(&db, &office, 3, 1).await;
    let refused =
        Outcome::Refused { at: after(4), reason: "Chứng thư số hết hạn 20/11/2026".to_owned() };
    assert!(settled(&db, papers[0].id, &signed()).await.expect("settled"));
    assert!(settled(&db, papers[1].id, &refused).await.expect("settled"));
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(find(&mut reader, round.id).await.expect("read"), Some(round));
    let listed = lines(&mut reader, round.id).await.expect("read");
    let expected: Vec<RoundPaper> = papers
        .iter()
        .zip([signed(), refused, Outcome::Waiting])
        .map(|(paper, outcome)| RoundPaper { outcome, ..paper.clone() })
        .collect();
    assert_eq!(listed.iter().map(|line| line.paper.clone()).collect::<Vec<_>>(), expected);
    assert_eq!(listed[0].holder_name, "Nguyễn Văn Ân");
    assert_eq!(listed[0].procedure_name, "Đăng ký khai tử");
    let one = paper(&mut reader, papers[1].id).await.expect("read");
    assert_eq!(one, Some((expected[1].clone(), office.specialist)));
    assert_eq!(find(&mut reader, RoundId(time::new_id(now()))).await.expect("read"), None);
}

async fn what_became_of_a_paper_is_written_once(db: Scratch) {
    let office = office(&db).await;
    let (round, papers) = begun(&db, &office, 1, 1).await;
    let id = papers[0].id;
    assert!(!settled(&db, id, &Outcome::Waiting).await.expect("nothing to write"));
    assert!(settled(&db, id, &signed()).await.expect("settled"));
    let late = Outcome::Refused { at: after(9), reason: "quá muộn".to_owned() };
    assert!(!settled(&db, id, &late).await.expect("too late"));
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(lines(&mut reader, round.id).await.expect("read")[0].paper.outcome, signed());
}

async fn an_officers_rounds_come_newest_first(db: Scratch) {
    let office = office(&db).await;
    let mut begun_in_turn = Vec::new();
    for minute in 1..=3 {
        begun_in_turn.push(begun(&db, &office, 1, minute).await.0);
    }
    let mut reader = db.read().await.expect("a snapshot");
    let last = of_officer(&mut reader, office.specialist, 2).await.expect("read");
    assert_eq!(last, [begun_in_turn[2], begun_in_turn[1]]);
    assert_eq!(of_officer(&mut reader, office.counter, 2).await.expect("read"), []);
}

async fn what_is_unusual_is_counted_by_dossier(db: Scratch) {
    let office = office(&db).await;
    let [(ordinary, _), (sent_back, _)] = [drafted(&db, &office).await, drafted(&db, &office).await];
    let body = || Body::SentBack { step: "ky".into(), to: "soan".into(), reason: "sai tên".into() };
    let events = &[(); 2].map(|()| office.event(Subject::Dossier(sent_back), Some(sent_back), body()));
    db.act(|mut tx| async move {
        for event in events {
            event::append(&mut tx, event, now()).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("sent back twice");
    let mut reader = db.read().await.expect("a snapshot");
    let found = pasts(&mut reader, &[ordinary, sent_back]).await.expect("read");
    assert_eq!(found, BTreeMap::from([(sent_back, Past { n_sent_back: 2, n_papers_open: 0 })]));
    assert!(pasts(&mut reader, &[]).await.expect("read").is_empty());
}

async fn who_opened_which_draft_is_known_by_its_bytes(db: Scratch) {
    let office = office(&db).await;
    let (_, result) = drafted(&db, &office).await;
    db.act(|mut tx| async move {
        for _ in 0..2 {
            note_read(&mut tx, result, office.specialist, &sha256('1'), now()).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("noted");
    let mut reader = db.read().await.expect("a snapshot");
    let read = read_by(&mut reader, office.specialist, &[result]).await.expect("read");
    assert_eq!(read.into_iter().collect::<Vec<_>>(), [(result, sha256('1'))]);
    assert!(read_by(&mut reader, office.counter, &[result]).await.expect("read").is_empty());
    let papers = results_by_ids(&mut reader, &[result]).await.expect("read");
    assert_eq!(papers.len(), 1);
}

const TO_SIGN: NextAct = NextAct::Take(StepTask::Sign);

/// A dossier that waits for somebody in `role`, so many minutes from now.
async fn waiting_for(db: &Db, office: &Office, role: Role, next: NextAct, minutes: i64) -> Dossier {
    let at_step = AtStep { step: "tham-dinh".to_owned(), officer: None, result: None };
    let dossier = Dossier { state: State::InProcess(at_step), ..office.intake(now()) };
    let owner = Owner { agency: office.commune, role, officer: None };
    let by = DueMoment { at: after(minutes), on: jiff::civil::date(2026, 11, 21) };
    let standing = Standing { owner, next, by };
    let (added, event) = (&dossier, &office.opening(&dossier));
    db.act(|mut tx| async move { dossier::add(&mut tx, added, Some(&standing), event, now()).await })
        .await
        .expect("added");
    dossier
}

async fn papers_that_wait_for_a_role_are_listed_soonest_first(db: Scratch) {
    let office = office(&db).await;
    let mut dossiers = Vec::new();
    for (role, minutes) in [(Role::Leader, 30), (Role::Leader, 20), (Role::Clerk, 10)] {
        let dossier = waiting_for(&db, &office, role, TO_SIGN, minutes).await;
        draft_in(&db, &office, &dossier).await;
        dossiers.push(dossier.id);
    }
    waiting_for(&db, &office, Role::Leader, TO_SIGN, 5).await;
    let mut reader = db.read().await.expect("a snapshot");
    let scope = Scope::whole([office.commune]);
    let mut listed = async |roles: &[Role], limit| -> Vec<DossierId> {
        let found = dossier::lines_with_paper(&mut reader, &scope, roles, limit).await.expect("read");
        found.into_iter().map(|line| line.dossier.id).collect()
    };
    assert_eq!(listed(&[Role::Leader], 9).await, [dossiers[1], dossiers[0]]);
    assert_eq!(listed(&[Role::Leader], 1).await, [dossiers[1]]);
    assert_eq!(listed(&[Role::Clerk, Role::Leader], 9).await, [dossiers[2], dossiers[1], dossiers[0]]);
    let elsewhere = Scope::whole([office.elsewhere]);
    let found = dossier::lines_with_paper(&mut reader, &elsewhere, &[Role::Leader], 9).await.expect("read");
    assert!(found.is_empty(), "another agency's");
}

async fn what_was_referred_to_a_leader_is_listed_soonest_first(db: Scratch) {
    let office = office(&db).await;
    let mut dossiers = Vec::new();
    for minutes in [30, 20] {
        dossiers.push(waiting_for(&db, &office, Role::Leader, NextAct::AnswerReferral, minutes).await.id);
    }
    waiting_for(&db, &office, Role::Leader, TO_SIGN, 5).await;
    let mut reader = db.read().await.expect("a snapshot");
    let mut listed = async |agency, limit| -> Vec<DossierId> {
        let found = lines_referred(&mut reader, &Scope::whole([agency]), limit).await.expect("read");
        found.into_iter().map(|line| line.dossier.id).collect()
    };
    assert_eq!(listed(office.commune, 9).await, [dossiers[1], dossiers[0]]);
    assert_eq!(listed(office.commune, 1).await, [dossiers[1]]);
    assert!(listed(office.elsewhere, 9).await.is_empty(), "another agency's");
}

on_both!(
    a_round_comes_back_with_what_became_of_each_paper,
    what_became_of_a_paper_is_written_once,
    an_officers_rounds_come_newest_first,
    what_is_unusual_is_counted_by_dossier,
    who_opened_which_draft_is_known_by_its_bytes,
    papers_that_wait_for_a_role_are_listed_soonest_first,
    what_was_referred_to_a_leader_is_listed_soonest_first,
);
