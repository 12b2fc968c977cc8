//! What is referred to the leader: only what he could grant, granted exactly as it was referred, once.

use super::{Drafted, asked, awaiting, done, items, onward, received, supplemented, working};
use crate::calendar::Limit;
use crate::dossier::{Dossier, NextAct, Referral, Refused, Unasked, Wish};
use crate::event::Body;
use crate::people::Role;
use crate::procedure::ClockEffect;
use crate::sample::{BINH, COMMITTEE, HOA, at, procedure, terms};

const AT: &str = "2026-11-18T16:30";

fn wish(wish: Wish) -> Referral {
    Referral { by: BINH, at: at(AT), wish, reason: "đo đạc lại".to_owned() }
}

fn put_off(days: u32) -> Referral {
    wish(Wish::PutOff { by: Limit::WorkingDays(days) })
}

fn refer(dossier: Dossier, referral: Referral) -> Result<(Dossier, Body), Refused> {
    dossier.refer(&procedure(), referral, terms(), at(AT))
}

fn grant(dossier: Dossier, read_at: &str, now: &str) -> Result<(Dossier, Body), Refused> {
    dossier.grant_referral(&procedure(), at(read_at), terms(), at(now))
}

fn next(dossier: &Dossier) -> NextAct {
    dossier.standing(&procedure(), terms()).expect("a step").expect("open").next
}

#[test]
fn the_leader_grants_what_was_read_exactly_as_it_was_referred() {
    let before = working("ngo", Drafted::No);
    let (waits, body) = refer(before.clone(), put_off(2)).expect("in time");
    assert_eq!(body, Body::Referred { wish: put_off(2).wish, reason: "đo đạc lại".to_owned() });
    assert!(body.is_internal(), "the applicant hears of what is granted");
    assert_eq!((waits.due, &waits.state), (before.due, &before.state), "nothing but the question");
    let standing = waits.standing(&procedure(), terms()).expect("a step").expect("open");
    assert_eq!((standing.next, standing.owner.role), (NextAct::AnswerReferral, Role::Leader));
    assert_eq!((standing.owner.agency, standing.owner.officer), (COMMITTEE, None));
    // Another one than was read.
    assert_eq!(grant(waits.clone(), "2026-11-18T16:31", "2026-11-19T08:00"), Err(Refused::NoSuchReferral));
    let (granted, body) = grant(waits, AT, "2026-11-19T08:00").expect("still in time");
    let (extended, same) = before
        .extend(Limit::WorkingDays(2), "đo đạc lại".to_owned(), terms(), at("2026-11-19T08:00"))
        .expect("in time");
    assert_eq!((&granted, &body), (&extended, &same), "as if he had put it off himself");
    assert_eq!(granted.referral(), None);
    assert_eq!(grant(granted, AT, "2026-11-19T08:01"), Err(Refused::NoSuchReferral), "once");
}

#[test]
fn papers_are_referred_only_where_they_need_the_leader() {
    let again = || wish(Wish::AskAgain { items: items() });
    assert_eq!(refer(working("ngo", Drafted::No), again()).err(), Some(Refused::NeedsNoLeader));
    let (waits, _) = refer(supplemented(), again()).expect("asked before");
    let (granted, body) = grant(waits, AT, "2026-11-19T08:00").expect("the leader may");
    assert_eq!((granted.state.kind(), granted.life.n_supplements), ("awaiting_supplement", 2));
    let Body::SupplementAsked { exception, items: asked_for, .. } = body else { panic!("{body:?}") };
    assert_eq!((exception.as_deref(), asked_for), (Some("đo đạc lại"), items()));
    assert_eq!(granted.life.referral, None);
}

#[test]
fn what_he_could_not_grant_is_not_referred() {
    let why_not = |dossier, referral| refer(dossier, referral).err();
    assert_eq!(why_not(received(), put_off(2)), Some(Refused::NotInThisState("received")));
    assert_eq!(why_not(awaiting(), put_off(2)), Some(Refused::NotInThisState("awaiting_supplement")));
    assert_eq!(why_not(done(), put_off(2)), Some(Refused::NotInThisState("done")));
    assert_eq!(why_not(working("ngo", Drafted::No), put_off(0)), Some(Refused::NoLaterDate));
    assert_eq!(why_not(asked(ClockEffect::Pauses), put_off(2)), Some(Refused::ClockStands));
    let blank = Referral { reason: " ".to_owned(), ..put_off(2) };
    assert_eq!(why_not(working("ngo", Drafted::No), blank), Some(Refused::ReasonMissing));
    let (waits, _) = refer(working("ngo", Drafted::No), put_off(2)).expect("in time");
    assert_eq!(why_not(waits, put_off(3)), Some(Refused::ReferredBefore));
}

#[test]
fn it_ends_with_the_leaders_reason_or_is_taken_back_by_who_referred_it() {
    let before = working("ngo", Drafted::No);
    let (waits, _) = refer(before.clone(), put_off(2)).expect("in time");
    let end = |how| waits.clone().end_referral(at(AT), how);
    assert_eq!(end(Unasked::Declined(" ")), Err(Refused::ReasonMissing));
    assert_eq!(end(Unasked::TakenBack(HOA)), Err(Refused::NoSuchReferral), "it is another's");
    let (same, body) = end(Unasked::Declined("còn đủ thời gian")).expect("it waits");
    assert_eq!(body, Body::ReferralEnded { by: BINH, declined: Some("còn đủ thời gian".to_owned()) });
    assert_eq!(same, before);
    let (same, body) = end(Unasked::TakenBack(BINH)).expect("it waits");
    assert_eq!((same, body), (before, Body::ReferralEnded { by: BINH, declined: None }));
}

#[test]
fn it_waits_for_nobody_once_the_dossier_waits_for_the_applicant() {
    let (waits, _) = refer(working("ngo", Drafted::No), put_off(2)).expect("in time");
    assert_eq!(next(&waits), NextAct::AnswerReferral);
    let halted = waits.halt(&procedure(), "thanh tra".to_owned(), terms(), at("2026-11-18T16:40"));
    let (halted, _) = halted.expect("the officer goes on meanwhile");
    assert_eq!((halted.referral(), next(&halted)), (None, NextAct::EndHalt));
    let (gone_on, _) = refer(working("ngo", Drafted::No), put_off(2)).expect("in time");
    let (gone_on, _) = gone_on.finish_step(&procedure(), onward("hoi"), "đủ".to_owned()).expect("a way");
    assert_eq!(gone_on.life.referral, None, "it was the wish of that step");
    let (back, _) = halted.resume(terms(), at("2026-11-19T08:00")).expect("halted");
    assert_eq!(next(&back), NextAct::AnswerReferral, "it is still wanted");
}
