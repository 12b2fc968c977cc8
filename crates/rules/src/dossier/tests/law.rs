//! The law's own limits at their borders: supplements, extensions, opinions, originals, corrections, parts.

use super::{
    Custodian, Drafted, Outcome, Procedure, Refused, State, asked, awaiting, awaiting_payment, done, halted,
    handed_over, in_correction, in_parts, items, of_a_whole, onward, part, question, received, submitted,
    working,
};
use crate::calendar::Limit;
use crate::counter::{DossierComponent, Supply};
use crate::dossier::clock::StopCause;
use crate::dossier::{
    Asked, ConsultAnswer, Dossier, Fault, Life, MirrorNews, NextAct, OpinionVerdict, PartEnd, PartOfWhole,
    StoppedFor,
};
use crate::event::{Body, HandOverWay};
use crate::id::{ConsultationId, DossierId};
use crate::people::Role;
use crate::procedure::{ClockEffect, Custody, SystemOfRecord, Verdict};
use crate::sample::{
    BINH, COMMITTEE, CONSULTATION, COUNTER, DOSSIER, PART, RESULT, at, intake, procedure, terms, whole,
};
use jiff::civil::date;
use uuid::Uuid;

const LEADER: Option<&str> = Some("giấy tờ nộp thay đã hết hạn");

fn supplement(dossier: Dossier, exception: Option<&str>, moment: &str) -> Result<Body, Refused> {
    dossier.ask_supplement(&procedure(), items(), exception, terms(), at(moment)).map(|(_, body)| body)
}

fn exception(body: Body) -> Option<String> {
    match body {
        Body::SupplementAsked { exception, .. } | Body::PapersAsked { exception, .. } => exception,
        other => panic!("supplements were asked for: {other:?}"),
    }
}

// law: ND61-2018/19.4
#[test]
fn supplements_are_asked_for_until_the_third_working_day_has_ended() {
    // Received on Wednesday at nine: the third working day is Monday, the whole of it.
    let asks = |moment| supplement(working("ngo", Drafted::No), None, moment);
    assert!(asks("2026-11-23T09:00").is_ok());
    assert!(asks("2026-11-23T16:59").is_ok());
    let late = Refused::SupplementTooLate { last: date(2026, 11, 23) };
    assert_eq!(asks("2026-11-24T07:00"), Err(late.clone()));
    let by_leader = supplement(working("ngo", Drafted::No), LEADER, "2026-11-25T09:00").map(exception);
    assert_eq!(by_leader, Ok(LEADER.map(str::to_owned)));
    // Blanks are no reason, and are not written down as one.
    assert_eq!(supplement(working("ngo", Drafted::No), Some(" "), "2026-11-25T09:00"), Err(late));
    let in_time = supplement(working("ngo", Drafted::No), Some(" "), "2026-11-19T09:00").map(exception);
    assert_eq!(in_time, Ok(None));
    // Sector law may give more time.
    let longer = Procedure { supplement_within: Some(Limit::WorkingDays(5)), ..procedure() };
    let asks =
        working("ngo", Drafted::No).ask_supplement(&longer, items(), None, terms(), at("2026-11-26T16:00"));
    assert!(asks.is_ok());
}

// law: ND61-2018/11.2.c
// law: ND61-2018/15.3
#[test]
fn what_is_missing_is_asked_for_once_before_acceptance_and_once_after() {
    let (waits, _) = submitted().ask_papers(items(), None, terms(), at("2026-11-18T10:00")).expect("once");
    let (back, _) = waits.papers_brought(terms(), at("2026-11-18T11:00")).expect("it waits");
    let again = back.clone().ask_papers(items(), None, terms(), at("2026-11-18T12:00"));
    assert_eq!(again.map(|(_, body)| body), Err(Refused::SupplementAskedBefore));
    let by_leader = back.clone().ask_papers(items(), LEADER, terms(), at("2026-11-18T12:00"));
    let (twice, body) = by_leader.expect("a leader may");
    assert_eq!((twice.life.n_papers_asked, exception(body)), (2, LEADER.map(str::to_owned)));
    // What was asked to be received leaves the request after appraisal, which is limited by itself.
    let accepted = Dossier { life: back.life, ..working("ngo", Drafted::No) };
    let asked = accepted.ask_supplement(&procedure(), items(), None, terms(), at("2026-11-18T15:00"));
    let (waits, _) = asked.expect("the first after acceptance");
    assert_eq!((waits.life.n_papers_asked, waits.life.n_supplements), (1, 1));
    let (back, _) = waits.supplement_received(terms(), at("2026-11-18T16:00")).expect("it waits");
    assert_eq!(supplement(back, None, "2026-11-18T16:30"), Err(Refused::SupplementAskedBefore));
}

// law: ND61-2018/19.9
#[test]
fn the_date_is_put_off_once_and_a_day_ahead() {
    // Due on Monday the 23rd at nine.
    let extend = |dossier: Dossier, days, moment| {
        let done = dossier.extend(Limit::WorkingDays(days), "nhiều hồ sơ".to_owned(), terms(), at(moment));
        done.map(|(dossier, _)| dossier)
    };
    let put_off = extend(received(), 2, "2026-11-22T23:59").expect("a day ahead");
    assert_eq!(put_off.due.map(|due| due.at), Some(at("2026-11-26T09:00")));
    let too_late = Refused::TooLateToExtend { last: date(2026, 11, 22) };
    assert_eq!(extend(received(), 2, "2026-11-23T00:00"), Err(too_late));
    assert_eq!(extend(put_off, 1, "2026-11-19T09:00"), Err(Refused::ExtendedBefore));
    assert_eq!(extend(received(), 0, "2026-11-19T09:00"), Err(Refused::NoLaterDate));
    let stands = asked(ClockEffect::Pauses);
    assert_eq!(extend(stands, 2, "2026-11-19T09:00"), Err(Refused::ClockStands));
}

fn answer(dossier: Dossier, id: ConsultationId, moment: &str) -> Dossier {
    let (verdict, opinion) = (OpinionVerdict::Agrees, "Không vướng".to_owned());
    let answer = ConsultAnswer { at: at(moment), by: BINH, verdict, opinion };
    dossier.answer(id, answer, terms()).expect("it is asked").0
}

/// At the step whose two consults the process wants, both asked and answered.
fn both_answered() -> Dossier {
    let procedure = procedure();
    let step = procedure.process.step("hoi").expect("a step");
    let mut dossier = working("hoi", Drafted::No);
    dossier.life.at_step_since = Some(at("2026-11-18T10:00"));
    for (nth, wanted) in (1..).zip(&step.consults) {
        let id = ConsultationId(Uuid::from_u128(nth));
        let rule = Some(wanted.id.clone());
        let asked = super::Question { id, rule, ..question(wanted.clock) };
        let asked = dossier.consult(&procedure, asked, BINH, terms(), at("2026-11-18T10:30"));
        dossier = answer(asked.expect("an officer has it").0, id, "2026-11-18T11:00");
    }
    dossier
}

// law: ND61-2018/19.5
#[test]
fn a_step_ends_when_every_opinion_the_process_wants_has_come() {
    let finish = |dossier: Dossier| {
        dossier.finish_step(&procedure(), onward("viet"), "Đủ".to_owned()).map(|(dossier, _)| dossier.state)
    };
    let unasked = working("hoi", Drafted::No);
    assert_eq!(finish(unasked.clone()), Err(Refused::ConsultsOpen { n_open: 2 }));
    assert!(finish(both_answered()).is_ok());
    // What is sent back need not ask anybody first; but what was asked is waited for.
    assert!(unasked.send_back(&procedure(), onward("ngo"), "thiếu bản vẽ".to_owned()).is_ok());
    let waits = asked(ClockEffect::Runs);
    assert_eq!(finish(waits), Err(Refused::ConsultsOpen { n_open: 1 }));
    // A supplement in between does not make the opinions given before it forgotten.
    let asked = both_answered().ask_supplement(&procedure(), items(), None, terms(), at("2026-11-18T14:00"));
    let (back, _) =
        asked.expect("the first").0.supplement_received(terms(), at("2026-11-19T14:00")).expect("so");
    assert!(finish(back.clone()).is_ok());
    // Coming to the step once more does.
    let again =
        Dossier { life: Life { at_step_since: Some(at("2026-11-19T15:00")), ..back.life.clone() }, ..back };
    assert_eq!(finish(again), Err(Refused::ConsultsOpen { n_open: 2 }));
}

// law: ND61-2018/19.5
#[test]
fn a_late_opinion_may_be_gone_on_without_and_stops_the_clock_no_longer() {
    let waits = asked(ClockEffect::Pauses);
    assert_eq!(waits.due, None);
    // Asked at four in the afternoon with four hours' time: until ten the next morning.
    let lapse = |moment| waits.clone().lapse(CONSULTATION, terms(), at(moment)).map(|(dossier, _)| dossier);
    assert_eq!(lapse("2026-11-19T09:59"), Err(Refused::ConsultNotLate));
    let gone_on = lapse("2026-11-19T10:00").expect("it is late");
    // The clock stood for an hour of the one day and three of the other.
    assert_eq!(gone_on.due.map(|due| due.at), Some(at("2026-11-23T15:00")));
    assert_eq!(
        gone_on.clone().lapse(CONSULTATION, terms(), at("2026-11-20T09:00")).map(|(_, body)| body),
        Err(Refused::NoSuchConsultation)
    );
    // It comes all the same: it is kept beside the note that it was late, and moves nothing.
    let opinion = "Vướng hành lang bay".to_owned();
    let late = ConsultAnswer {
        at: at("2026-11-23T08:00"),
        by: BINH,
        verdict: OpinionVerdict::Disagrees,
        opinion: opinion.clone(),
    };
    let (kept, body) = gone_on.clone().answer(CONSULTATION, late.clone(), terms()).expect("it is kept");
    let lapsed_at = Some(at("2026-11-19T10:00"));
    let verdict = OpinionVerdict::Disagrees;
    assert_eq!(body, Body::ConsultAnswered { consultation: CONSULTATION, verdict, opinion, lapsed_at });
    let asked_for = &kept.life.consultations[0];
    assert_eq!((asked_for.answer.as_ref(), asked_for.ended_at()), (Some(&late), lapsed_at));
    assert_eq!((&kept.state, &kept.clock, kept.due), (&gone_on.state, &gone_on.clock, gone_on.due));
    let again = kept.answer(CONSULTATION, late.clone(), terms()).map(|(_, body)| body);
    assert_eq!(again, Err(Refused::NoSuchConsultation), "it is given once");
    let (over, _) = gone_on.stop("đất tranh chấp".to_owned(), at("2026-11-20T09:00")).expect("open");
    let (kept, _) = over.clone().answer(CONSULTATION, late, terms()).expect("nothing that comes is lost");
    assert_eq!((&kept.state, &kept.clock), (&over.state, &over.clock));
    let runs = answer(asked(ClockEffect::Runs), CONSULTATION, "2026-11-19T10:00");
    assert_eq!(runs.due, received().due, "an opinion for which the clock runs moves nothing");
}

#[test]
fn the_clock_stands_until_the_last_opinion_it_stands_for() {
    let second = ConsultationId(Uuid::from_u128(2));
    let more = super::Question { id: second, ..question(ClockEffect::Pauses) };
    let both = asked(ClockEffect::Pauses).consult(&procedure(), more, BINH, terms(), at("2026-11-18T16:30"));
    let first_came = answer(both.expect("asked").0, CONSULTATION, "2026-11-19T08:00");
    assert_eq!(first_came.due, None);
    let all_came = answer(first_came, second, "2026-11-19T09:00");
    assert_eq!(all_came.due.map(|due| due.at), Some(at("2026-11-23T14:00")), "it stood for three hours");
    let opinions = |dossier: &Dossier| {
        let clock = dossier.clock.as_ref().expect("it was received");
        clock.stops.iter().filter(|stop| stop.cause == StopCause::Opinion).count()
    };
    assert_eq!(opinions(&all_came), 1);
}

#[test]
fn what_ends_waits_for_nobodys_opinion() {
    let stopped = asked(ClockEffect::Pauses).stop("đất tranh chấp".to_owned(), at("2026-11-18T16:30"));
    let stopped = stopped.expect("at work").0;
    assert!(stopped.life.consultations.iter().all(|asked| !asked.is_open()));
    let clock = stopped.clock.as_ref().expect("it was received");
    // Nobody was ever told a date that could be late: the clock stood to the end.
    assert_eq!((clock.finished_at, stopped.due), (Some(at("2026-11-18T16:30")), None));
}

fn brought(ids: &[&str], supply: &Supply) -> Vec<DossierComponent> {
    ids.iter().map(|id| DossierComponent { id: (*id).to_owned(), supply: supply.clone() }).collect()
}

// law: ND61-2018/20
#[test]
fn originals_go_back_before_the_dossier_goes() {
    let papers = brought(&["don", "ban-ve"], &Supply::OnPaper);
    let withdraw = |papers: &[DossierComponent], custodian| {
        let done =
            received().withdraw(&procedure(), papers, "thôi".to_owned(), custodian, at("2026-11-18T10:00"));
        done.map(|(_, body)| body)
    };
    let held =
        |ids: &[&str]| Refused::OriginalsHeld { components: ids.iter().map(|id| (*id).to_owned()).collect() };
    assert_eq!(withdraw(&papers, Custodian::Office), Err(held(&["don", "ban-ve"])));
    let Ok(Body::Withdrawn { returned, .. }) = withdraw(&papers, Custodian::Applicant) else {
        panic!("everything went back");
    };
    assert_eq!(returned, ["don", "ban-ve"]);
    assert!(withdraw(&brought(&["don"], &Supply::Missing), Custodian::Office).is_ok(), "nothing is held");
    // With a result only what was lent for the time goes back.
    let hand_over = |custodian| {
        let gone = done().hand_over(&procedure(), &papers, HandOverWay::Post, custodian);
        gone.map(|(_, body)| body)
    };
    assert_eq!(hand_over(Custodian::Office), Err(held(&["ban-ve"])));
    let gone = Body::ResultHandedOver {
        result: RESULT,
        way: HandOverWay::Post,
        returned: vec!["ban-ve".to_owned()],
        receiver: None,
    };
    assert_eq!(hand_over(Custodian::Applicant), Ok(gone));
    // What was given back at once is not here any more.
    let mut shown = procedure();
    for component in &mut shown.cases[0].components {
        component.custody = Custody::Returned;
    }
    let withdrawn =
        received().withdraw(&shown, &papers, "thôi".to_owned(), Custodian::Office, at("2026-11-18T10:00"));
    assert!(withdrawn.is_ok());
}

#[test]
fn sealing_gives_the_outcome_and_keeps_the_date_for_comparison() {
    for (verdict, outcome) in [(Verdict::Grants, Outcome::Granted), (Verdict::Refuses, Outcome::Refused)] {
        let sealed = working("dau", Drafted::Yes).sealed(&procedure(), onward("dua"), verdict);
        let sealed = sealed.expect("drafted");
        assert_eq!(sealed.outcome, Some(outcome));
        assert_eq!(sealed.clock.and_then(|clock| clock.finished_at), Some(at(super::NOW)));
        assert_eq!(sealed.due, received().due);
    }
}

#[test]
fn a_wish_to_withdraw_is_confirmed_or_comes_too_late() {
    let wish = |dossier: Dossier| dossier.ask_withdrawal("thôi".to_owned(), at("2026-11-18T10:00"));
    let (wished, _) = wish(working("dau", Drafted::Yes)).expect("before its result");
    assert!(wish(wished.clone()).is_err(), "asked once");
    let asked = Asked { at: at("2026-11-18T10:00"), reason: "thôi".to_owned() };
    assert_eq!(wished.life.withdrawal_asked, Some(asked));
    let sealed = wished.sealed(&procedure(), onward("dua"), Verdict::Grants).expect("drafted");
    assert_eq!(sealed.life.withdrawal_asked, None, "there is a result now");
}

// law: ND61-2018/21
#[test]
fn a_correction_that_is_given_up_leaves_what_went_out() {
    let out = handed_over();
    let correcting = in_correction();
    assert_eq!((correcting.outcome, correcting.life.correcting), (None, Some(RESULT)));
    assert_ne!(correcting.clock, out.clock, "it has a clock of its own");
    let (stopped, body) =
        correcting.clone().stop("hồ sơ gốc đúng".to_owned(), at("2026-11-19T09:00")).expect("so");
    assert!(matches!(body, Body::DossierStopped { .. }));
    assert_eq!((&stopped.state, stopped.outcome), (&out.state, Some(Outcome::Granted)));
    assert_eq!((&stopped.clock, stopped.due, stopped.life.correcting), (&out.clock, out.due, None));
    let withdraw = correcting.ask_withdrawal("thôi".to_owned(), at("2026-11-19T09:00"));
    assert_eq!(withdraw.map(|(_, body)| body), Err(Refused::NotInThisState("in_process")));
}

// law: ND61-2018/21
#[test]
fn a_corrected_result_takes_the_place_of_the_first() {
    let new = crate::id::ResultId(Uuid::from_u128(0xd2));
    let in_hand =
        |dossier: Dossier| dossier.assign(BINH, COMMITTEE, at("2026-11-19T10:00")).expect("at a step").0;
    let drafted = in_correction().draft(&procedure(), new).expect("it is drafted anew");
    let (to_sign, _) = drafted.finish_step(&procedure(), onward("duyet"), String::new()).expect("drafted");
    let signed = in_hand(to_sign).signed(&procedure(), onward("dau")).expect("signed");
    let sealed = in_hand(signed).sealed(&procedure(), onward("dua"), Verdict::Grants);
    let sealed = sealed.expect("sealed");
    assert_eq!(sealed.life.correcting, Some(RESULT), "whoever files it knows what it replaces");
    let gone =
        sealed.hand_over(&procedure(), &[], HandOverWay::Counter, Custodian::Applicant).expect("done").0;
    assert_eq!((gone.state.result(), gone.life.correcting), (Some(new), None));
    assert_eq!(gone.life.corrections[0].clock, handed_over().clock, "the first count stays");
    // A second correction remembers the second result, and leaves the first as it was remembered.
    let reason = "sai quê quán".to_owned();
    let begun =
        gone.clone().correct(&procedure(), reason, Fault::Agency, COMMITTEE, terms(), at("2026-11-20T09:00"));
    let (again, _) = begun.expect("it went out");
    let superseded: Vec<_> = again.life.corrections.iter().map(|before| before.result).collect();
    assert_eq!(superseded, [RESULT, new]);
    assert_eq!(again.life.corrections[0], gone.life.corrections[0]);
    assert_eq!((&again.life.corrections[1].clock, again.life.correcting), (&gone.clock, Some(new)));
    let (given_up, _) = again.stop("bản hai đúng".to_owned(), at("2026-11-20T10:00")).expect("open");
    assert_eq!((&given_up.state, given_up.outcome), (&gone.state, gone.outcome));
    assert_eq!((given_up.clock, given_up.life.corrections), (gone.clock, gone.life.corrections));
}

// law: ND61-2018/21
#[test]
fn what_was_annulled_stays_as_it_was() {
    let annul = |dossier: Dossier| dossier.annul("Quyết định 17".to_owned(), "cấp sai".to_owned());
    let (annulled, _) = annul(handed_over()).expect("it went out");
    assert_eq!((&annulled.state, annulled.outcome), (&handed_over().state, Some(Outcome::Annulled)));
    assert!(annul(annulled).is_err());
}

#[test]
fn the_fee_is_paid_once_and_by_whoever_gets_something_for_it() {
    let pay = |dossier: Dossier, amount| {
        dossier.collect_fee(amount, "0001234".to_owned(), None).map(|(paid, _)| paid)
    };
    let part = pay(received(), 15_000).expect("a part of it");
    assert_eq!(pay(part.clone(), 5_001), Err(Refused::WrongAmount { due: 5_000 }));
    let paid = pay(part, 5_000).expect("the rest");
    assert_eq!(pay(paid, 1), Err(Refused::WrongAmount { due: 0 }));
    assert_eq!(pay(received(), 0), Err(Refused::WrongAmount { due: 20_000 }));
    // What was owed when it went out is still collected, to the last đồng and no further.
    let gone = pay(handed_over(), 20_000).expect("it is owed");
    assert_eq!(pay(gone, 1), Err(Refused::NothingOwed));
    // What ended without a result owes nothing.
    let (stopped, _) = received().stop("trùng hồ sơ".to_owned(), at("2026-11-18T10:00")).expect("open");
    assert_eq!(pay(stopped, 20_000), Err(Refused::NothingOwed));
    assert_eq!(pay(submitted(), 20_000), Err(Refused::NotInThisState("submitted")));
}

#[test]
fn money_owed_to_the_state_is_more_than_nothing() {
    let notice = super::PaymentNotice { amount: 0, ..super::notice() };
    let owes = working("viet", Drafted::No).ask_payment(&procedure(), notice, terms(), at(super::NOW));
    assert_eq!(owes.map(|(_, body)| body), Err(Refused::WrongAmount { due: 0 }));
}

#[test]
fn a_wait_runs_out_as_the_process_says() {
    let expire = |dossier: Dossier, moment| dossier.expire(&procedure(), terms(), at(moment));
    // Five working days from Wednesday at four; Tuesday is off.
    assert_eq!(expire(halted(), "2026-11-26T15:59").map(|(_, body)| body), Err(Refused::NotExpired));
    let (resumed, _) = expire(halted(), "2026-11-26T16:00").expect("its time is over");
    assert!(matches!(resumed.state, State::InProcess(_)));
    // A second halt is told with a reason and an end of its own: it has its whole limit.
    let again = resumed.halt(&procedure(), "chờ tòa án".to_owned(), terms(), at("2026-11-26T16:00"));
    let until = again.expect("it may be halted").0.state.wait().and_then(|(_, until)| until);
    assert_eq!(until.map(|until| until.at), Some(at("2026-12-03T16:00")));
    let (stopped, _) = expire(awaiting(), "2026-11-26T15:00").expect("its time is over");
    assert_eq!((stopped.state.number(), stopped.outcome), (Some(8), Some(Outcome::Stopped)));
    let (stopped, _) = expire(awaiting_payment(), "2026-11-30T17:00").expect("its time is over");
    assert_eq!(stopped.outcome, Some(Outcome::Stopped));
}

fn with_parts() -> Dossier {
    let known = |nth, part| PartOfWhole::opened(part, DossierId(Uuid::from_u128(nth)), COMMITTEE);
    let parts = vec![known(1, "dieu"), known(2, "day"), known(3, "duoi")];
    Dossier { procedure: whole().code, life: Life { parts, ..Life::default() }, ..received() }
}

fn ends(dossier: Dossier, part: DossierId, outcome: Outcome) -> Dossier {
    dossier.part_ended(part, PartEnd { at: at(super::NOW), outcome })
}

// law: ND61-2018/19.6
#[test]
fn a_part_begins_when_what_it_needs_is_there_and_only_then() {
    let [first, second, third] = [1, 2, 3].map(|nth| DossierId(Uuid::from_u128(nth)));
    let dossier = ends(with_parts(), second, Outcome::Granted);
    assert!(dossier.parts_that_may_begin(&whole()).is_empty(), "nothing waits for it");
    let dossier = ends(dossier, first, Outcome::Granted);
    assert_eq!(dossier.parts_that_may_begin(&whole()), [third]);
    // What is known of its end is what came first.
    assert_eq!(ends(dossier.clone(), first, Outcome::Stopped), dossier);
    let dossier = ends(dossier, third, Outcome::Granted);
    assert!(dossier.parts_that_may_begin(&whole()).is_empty(), "it has ended");
    assert!(dossier.life.parts.iter().all(|part| part.has_ended));
}

#[test]
fn a_part_does_not_begin_where_what_it_needs_was_refused_and_a_leader_decides() {
    let [first, _, third] = [1, 2, 3].map(|nth| DossierId(Uuid::from_u128(nth)));
    let because = || "giấy khai sinh cũ còn giá trị".to_owned();
    for outcome in [Outcome::Refused, Outcome::Stopped] {
        let blocked = ends(with_parts(), first, outcome);
        assert!(blocked.parts_that_may_begin(&whole()).is_empty());
        let standing = blocked.standing(&whole(), terms()).expect("it can be said").expect("it is open");
        assert_eq!((standing.next, standing.owner.agency), (NextAct::DecidePart, COMMITTEE));
        assert_eq!((standing.owner.role, standing.by.at), (Role::Leader, at("2026-11-19T16:00")));
        let decide = |dossier: Dossier, part, reason| {
            dossier.let_part_begin(&whole(), part, reason).map(|(dossier, _)| dossier)
        };
        assert_eq!(decide(blocked.clone(), third, "  ".to_owned()), Err(Refused::ReasonMissing));
        assert_eq!(decide(blocked.clone(), first, because()), Err(Refused::NoPartToDecide));
        let decided = decide(blocked, third, because()).expect("a leader may");
        assert_eq!(decided.parts_that_may_begin(&whole()), [third]);
        assert_eq!(decide(decided.clone(), third, because()), Err(Refused::NoPartToDecide), "once");
        let standing = decided.standing(&whole(), terms()).expect("it can be said").expect("it is open");
        assert_eq!(standing.next, NextAct::Transfer, "the whole goes on as it stands");
    }
    assert_eq!(with_parts().check_part_to_decide(&whole(), third), Err(Refused::NoPartToDecide));
    // Stopping it instead is its end, and what waits for it is decided in turn.
    let (stopped, _) = part("duoi").stop_part(StoppedFor::Decided(because()), at(super::NOW)).expect("open");
    assert_eq!(stopped.outcome, Some(Outcome::Stopped));
    assert!(of_a_whole(done()).stop_part(StoppedFor::Decided(because()), at(super::NOW)).is_err());
}

#[test]
fn a_part_still_waits_for_what_has_not_ended_when_a_leader_let_it_begin() {
    let [first, second, third] = [1, 2, 3].map(|nth| DossierId(Uuid::from_u128(nth)));
    let mut needs_both = whole();
    needs_both.linked[2].after.push("day".to_owned());
    let blocked = ends(with_parts(), first, Outcome::Refused);
    let (decided, _) = blocked.let_part_begin(&needs_both, third, "cam kết".to_owned()).expect("blocked");
    assert!(decided.parts_that_may_begin(&needs_both).is_empty());
    let ended = ends(decided, second, Outcome::Refused);
    assert_eq!(ended.parts_that_may_begin(&needs_both), [third], "it was decided for all it needs");
}

#[test]
fn a_part_is_held_to_the_date_of_its_whole() {
    let due = received().due;
    let whole_due = |dossier: &Dossier| dossier.due_for_parts(&procedure(), terms()).expect("it can be said");
    assert_eq!(whole_due(&working("viet", Drafted::Yes)), due);
    // While the clock stands, what must happen to the whole; when it is done, when it must go home.
    assert_eq!(whole_due(&awaiting()).map(|due| due.at), Some(at("2026-11-26T15:00")));
    assert_eq!(whole_due(&in_parts(done(), false)), due);
    assert_eq!(whole_due(&handed_over()), None);

    let now = at("2026-11-18T16:00");
    let waits = part("duoi");
    assert_eq!((waits.due, waits.life.whole_due), (due, due));
    let later = whole_due(&awaiting());
    let (moved, body) = waits.clone().whole_moved(later, now).expect("another date");
    assert_eq!((moved.due, moved.life.whole_due, body), (later, later, Body::WholeMoved { due: later }));
    assert_eq!(moved.whole_moved(later, now), None, "it is told once");
    // A part with a clock of its own keeps its own date; done, it waits for the whole, by the whole's.
    let begun = part("day");
    let (moved, _) = begun.clone().whole_moved(later, now).expect("another date");
    assert_eq!((moved.due, moved.life.whole_due), (begun.due, later));
    let standing = |dossier: &Dossier| {
        let standing = dossier.standing(&procedure(), terms()).expect("it can be said");
        standing.map(|standing| (standing.next, standing.by.at))
    };
    let sealed = of_a_whole(done());
    let waiting = Dossier { life: Life { whole_due: later, ..sealed.life.clone() }, ..sealed };
    assert_eq!(standing(&waiting), Some((NextAct::AwaitWhole, at("2026-11-26T15:00"))));
    // The whole is over: it is handed over by itself, within what that step has from now on.
    let (alone, _) = waiting.whole_moved(None, at("2026-11-26T09:00")).expect("no date any more");
    assert_eq!(standing(&alone), Some((NextAct::HandOver, at("2026-11-26T11:00"))));
}

#[test]
fn a_part_lies_at_the_counter_of_its_whole_and_goes_with_it() {
    let (begun, waits) = (part("day"), part("duoi"));
    assert_eq!((begun.part_of, begun.code.as_ref(), begun.state.number()), (Some(DOSSIER), None, Some(2)));
    assert_eq!((begun.scope.holding, begun.scope.competent), (COUNTER, COMMITTEE));
    assert_eq!((waits.clock.as_ref(), waits.due), (None, received().due));
    let (started, _) = waits.start_part(&procedure(), terms(), at("2026-11-20T09:00")).expect("it waits");
    assert_eq!(started.due.map(|due| due.at), Some(at("2026-11-26T09:00")), "its own clock begins");
    let goes = Err(Refused::GoesWithTheWhole);
    assert_eq!(begun.clone().ask_withdrawal("thôi".to_owned(), at(super::NOW)).map(|_| ()), goes);
    let hand = of_a_whole(done()).hand_over(&procedure(), &[], HandOverWay::Counter, Custodian::Applicant);
    assert_eq!(hand.map(|_| ()), goes);
    // And a whole does not slip through as a part, with the originals still here.
    assert!(done().hand_over_part(HandOverWay::Counter).is_err());
    assert!(received().withdraw_part("thôi".to_owned(), at(super::NOW)).is_err());
    // A part that has its result keeps it when the whole is withdrawn.
    assert!(of_a_whole(done()).withdraw_part("thôi".to_owned(), at(super::NOW)).is_err());
    let open =
        in_parts(done(), false).hand_over(&procedure(), &[], HandOverWay::Counter, Custodian::Applicant);
    assert_eq!(open.map(|_| ()), Err(Refused::PartsNotReady { n_open: 1 }));
    assert_eq!(begun.id, PART);
}

/// The procedure as it is where a ministry's system settles it.
fn ministrys(system: &str) -> Procedure {
    Procedure { system: SystemOfRecord::Ministry(system.to_owned()), ..procedure() }
}

// law: ND224-2026/15
#[test]
fn a_mirror_says_what_the_system_of_record_says() {
    let news = |number| MirrorNews { number, status: "Đang xử lý".to_owned(), due: None };
    let mirror = |dossier: Dossier, system: &str, number| {
        dossier.mirror(&ministrys(system), news(number), at(super::NOW)).map(|(dossier, _)| dossier)
    };
    for (number, outcome, counts) in [
        (1, None, false),
        (3, Some(Outcome::Refused), false),
        (4, None, true),
        (7, Some(Outcome::Withdrawn), true),
        (10, Some(Outcome::Granted), true),
    ] {
        let mirrored = mirror(intake(&procedure()), "Hộ tịch", number).expect("nothing was done to it");
        assert_eq!((mirrored.state.number(), mirrored.outcome), (Some(number), outcome));
        assert_eq!(mirrored.received_at.is_some(), counts, "{number}");
        assert_eq!(mirror(mirrored, "Đất đai", 4), Err(Refused::ReadOnly), "another system");
    }
    for number in [0, 11] {
        assert!(mirror(intake(&procedure()), "Hộ tịch", number).is_err(), "{number}");
    }
    assert!(mirror(received(), "Hộ tịch", 4).is_err());
    let by_post = Dossier { case: procedure().cases[1].id.clone(), ..intake(&procedure()) };
    assert_eq!(mirror(by_post, "Hộ tịch", 4), Err(Refused::ChannelNotOffered));
}

// law: ND224-2026/15
#[test]
fn a_ministrys_procedure_is_mirrored_and_ours_is_received() {
    let elsewhere = || Refused::SettledElsewhere { system: "Hộ tịch".to_owned() };
    let news = MirrorNews { number: 4, status: "Đang xử lý".to_owned(), due: None };
    let (theirs, ours) = (ministrys("Hộ tịch"), procedure());
    let said = |done: Result<(Dossier, Body), Refused>| done.map(|(_, body)| body);
    assert_eq!(said(super::online().submit(&theirs, terms(), at(super::NOW))), Err(elsewhere()));
    let taken = intake(&ours).receive(&theirs, super::acceptance(), at(super::NOW));
    assert_eq!(said(taken), Err(elsewhere()));
    let whole = received();
    let opened =
        whole.open_part(&super::whole().linked[2], PART, &theirs, COMMITTEE, terms(), at(super::NOW));
    assert_eq!(said(opened), Err(elsewhere()), "nor as a part of ours");
    assert_eq!(said(intake(&ours).mirror(&ours, news, at(super::NOW))), Err(Refused::SettledHere));
    // And each only on a channel its case offers: the second comes by post alone.
    let second = Dossier { case: ours.cases[1].id.clone(), ..super::online() };
    assert_eq!(said(second.submit(&ours, terms(), at(super::NOW))), Err(Refused::ChannelNotOffered));
}
