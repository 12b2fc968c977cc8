//! What is ordinary goes into a round; each unusual thing alone keeps a paper out of it.

use super::{CertificateState, Doubt, Facts, MOST_PAPERS, Reading, RoundRefused, check_size, doubts};
use crate::calendar::legal_time;
use crate::dossier::{ConsultAnswer, Consultation, Dossier, DueMoment, OpinionVerdict};
use crate::procedure::{ClockEffect, Step, StepTask, Verdict};
use crate::sample::{
    BINH, CONSULTATION, DOSSIER, ELSEWHERE, HOA, HOLDER, RESULT, SCOPE, at, blob, intake, shipped,
};
use crate::signing::{ResultPaper, ResultState};
use crate::words;
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};

fn paper() -> ResultPaper {
    ResultPaper {
        id: RESULT,
        version: 1,
        dossier: DOSSIER,
        owner: HOLDER,
        scope: SCOPE,
        result_type: "xac-nhan".to_owned(),
        state: ResultState::Drafted {
            pdf: blob('a'),
            slots: Vec::new(),
            answers: BTreeMap::new(),
            drafted_by: HOA,
        },
    }
}

fn step(task: StepTask) -> Step {
    let procedure = shipped();
    procedure.process.steps.into_iter().find(|step| step.task == task).expect("it ships with one")
}

fn asked(verdict: OpinionVerdict) -> Consultation {
    Consultation {
        id: CONSULTATION,
        rule: None,
        agency: ELSEWHERE,
        question: "Có tranh chấp không?".to_owned(),
        asked_at: at("2026-11-18T09:00"),
        asked_by: HOA,
        due: DueMoment { at: at("2026-11-20T09:00"), on: date(2026, 11, 20) },
        clock: ClockEffect::Runs,
        answer: Some(ConsultAnswer {
            at: at("2026-11-19T09:00"),
            by: BINH,
            verdict,
            opinion: "Thửa đất đang có tranh chấp".to_owned(),
        }),
        lapsed_at: None,
    }
}

fn facts<'f>(dossier: &'f Dossier, step: &'f Step, paper: &'f ResultPaper) -> Facts<'f> {
    Facts {
        dossier,
        step,
        paper,
        verdict: Verdict::Grants,
        signer: BINH,
        certificate: CertificateState::Valid,
        n_sent_back: 0,
        n_papers_open: 0,
        was_read: false,
        reading: Reading::Trusted,
    }
}

#[test]
fn what_is_ordinary_raises_no_doubt() {
    let (dossier, paper) = (intake(&shipped()), paper());
    for task in [StepTask::Sign, StepTask::Seal] {
        let step = step(task);
        assert_eq!(doubts(&facts(&dossier, &step, &paper)), [], "{task:?}");
        let read = Facts { was_read: true, reading: Reading::Required, ..facts(&dossier, &step, &paper) };
        assert_eq!(doubts(&read), [], "{task:?}");
    }
}

#[test]
fn each_unusual_thing_alone_is_a_doubt_of_the_signer() {
    let (dossier, paper, step) = (intake(&shipped()), paper(), step(StepTask::Sign));
    let plain = facts(&dossier, &step, &paper);
    let mut correcting = dossier.clone();
    correcting.life.correcting = Some(RESULT);
    let mut disputed = dossier.clone();
    disputed.life.consultations = vec![asked(OpinionVerdict::Disagrees)];
    let mut forked = step.clone();
    forked.next.push("tra".to_owned());
    let last = date(2026, 11, 20);
    let cases = [
        (Facts { certificate: CertificateState::Missing, ..plain }, Doubt::NoKey, true),
        (
            Facts { certificate: CertificateState::NotYet(last), ..plain },
            Doubt::CertificateNotYet(last),
            true,
        ),
        (
            Facts { certificate: CertificateState::Expired(last), ..plain },
            Doubt::CertificateExpired(last),
            true,
        ),
        (Facts { certificate: CertificateState::Ended(last), ..plain }, Doubt::KeyEnded(last), true),
        (Facts { step: &forked, ..plain }, Doubt::Ways, true),
        (Facts { dossier: &correcting, ..plain }, Doubt::Corrects, true),
        (Facts { verdict: Verdict::Refuses, ..plain }, Doubt::Refuses, false),
        (Facts { dossier: &disputed, ..plain }, Doubt::Disagreement, false),
        (Facts { n_sent_back: 2, ..plain }, Doubt::SentBack(2), false),
        (Facts { n_papers_open: 1, ..plain }, Doubt::PapersOpen(1), false),
        (Facts { signer: HOA, ..plain }, Doubt::OwnDraft, false),
        (Facts { reading: Reading::Required, ..plain }, Doubt::Unread, false),
    ];
    let said: BTreeSet<String> = cases.iter().map(|(_, doubt, _)| words::doubt(*doubt)).collect();
    assert_eq!(said.len(), cases.len(), "each has words of its own");
    for (facts, doubt, of_the_clerk_too) in cases {
        assert_eq!(doubts(&facts), [doubt]);
        let mut sealing = facts.step.clone();
        sealing.task = StepTask::Seal;
        let expected: &[Doubt] = if of_the_clerk_too { &[doubt] } else { &[] };
        assert_eq!(doubts(&Facts { step: &sealing, ..facts }), expected, "the clerk, {doubt:?}");
    }
}

#[test]
fn an_agency_that_agrees_or_only_remarks_raises_no_doubt() {
    let (mut dossier, paper, step) = (intake(&shipped()), paper(), step(StepTask::Sign));
    dossier.life.consultations = vec![asked(OpinionVerdict::Agrees), asked(OpinionVerdict::Notes)];
    assert_eq!(doubts(&facts(&dossier, &step, &paper)), []);
}

#[test]
fn the_weightiest_doubt_stands_first() {
    let (dossier, paper, step) = (intake(&shipped()), paper(), step(StepTask::Sign));
    let all = Facts {
        signer: HOA,
        n_sent_back: 1,
        verdict: Verdict::Refuses,
        certificate: CertificateState::Missing,
        ..facts(&dossier, &step, &paper)
    };
    assert_eq!(doubts(&all), [Doubt::NoKey, Doubt::Refuses, Doubt::SentBack(1), Doubt::OwnDraft]);
}

#[test]
fn a_certificate_is_good_from_its_first_to_its_last_moment() {
    let (first, last) = (at("2026-01-01T00:00"), at("2026-11-30T23:59"));
    let state = |now: &str| CertificateState::at(at(now), first, last);
    assert_eq!(state("2025-12-31T23:59"), CertificateState::NotYet(date(2026, 1, 1)));
    assert_eq!(state("2026-01-01T00:00"), CertificateState::Valid);
    assert_eq!(state("2026-11-30T23:59"), CertificateState::Valid);
    assert_eq!(state("2026-12-01T00:00"), CertificateState::Expired(legal_time(last).date()));
}

#[test]
fn a_round_is_neither_empty_nor_larger_than_one_proof_answers_for() {
    assert_eq!(check_size(0), Err(RoundRefused::Empty));
    assert_eq!(check_size(1), Ok(()));
    assert_eq!(check_size(MOST_PAPERS), Ok(()));
    let refused = check_size(MOST_PAPERS + 2).expect_err("too many");
    assert_eq!(words::round_refused(refused), "Một đợt có nhiều nhất 50 văn bản. Bạn đang chọn 52, bỏ bớt 2");
}
