//! Who opens in an emergency, what is no reason, and who says what of it afterwards.

use super::{
    Glass, GlassAsked, GlassFault, GlassTerms, GlassVerdict, answers_for, may_be_opened, may_break,
    reviewed_by, right_to_review,
};
use crate::event::Body;
use crate::id::{AgencyId, DelegationId, GlassId};
use crate::people::delegation::Delegation;
use crate::people::{Actor, NotYours, Post, Role};
use crate::procedure::DigitisationClass;
use crate::sample::{BINH, COMMITTEE, COUNTER, DOSSIER, ELSEWHERE, HOA, at, delegation, procedure};
use jiff::civil::date;
use std::collections::BTreeSet;
use uuid::Uuid;

fn officer(posts: Vec<Post>) -> Actor {
    Actor::Officer { id: BINH, name: "Lê Bình".to_owned(), agency: COUNTER, posts, lent: Vec::new() }
}

fn with(role: Role) -> Actor {
    officer(vec![Post::new(COMMITTEE, role)])
}

fn glass() -> Glass {
    Glass {
        id: GlassId(Uuid::from_u128(1)),
        version: 1,
        dossier: DOSSIER,
        officer: HOA,
        agency: ELSEWHERE,
        reason: "Lũ cuốn mất giấy tờ, người dân cần số giấy khai sinh ngay".to_owned(),
        opened_at: at("2026-11-23T08:00"),
        ends_at: GlassTerms::default().ends_at(at("2026-11-23T08:00")),
        review_by: at("2026-11-26T08:00"),
        review: None,
    }
}

#[test]
fn who_works_on_dossiers_may_and_nobody_else() {
    for role in Role::ALL {
        let expected =
            if Role::AT_STEPS.contains(&role) { Ok(()) } else { Err(NotYours::NeedsRole(Role::Specialist)) };
        assert_eq!(may_break(&with(role)), expected, "{role:?}");
    }
    let system = Actor::System { on_behalf_of: Some(BINH), agency: COUNTER };
    may_break(&system).expect_err("a job opens nothing in an emergency");
}

#[test]
fn a_dossier_with_a_secret_paper_is_never_opened() {
    let mut case = procedure().cases.remove(0);
    assert!(may_be_opened(Some(&case)));
    case.components[0].digitise = DigitisationClass::Secret;
    assert!(!may_be_opened(Some(&case)));
    assert!(!may_be_opened(None), "of what nobody knows nothing is opened");
}

#[test]
fn a_reason_is_a_sentence_and_every_fault_is_told_at_once() {
    let read = GlassAsked::read;
    let sound = "Người dân mất hết giấy tờ vì lũ,\n cần xác nhận ngay";
    let asked = read(" h56.15.3-261118-0012 ", sound).expect("asked");
    assert_eq!(asked.code, "H56.15.3-261118-0012");
    assert_eq!(asked.reason, "Người dân mất hết giấy tờ vì lũ, cần xác nhận ngay");
    assert_eq!(read("", "gấp"), Err(vec![GlassFault::CodeMissing, GlassFault::ReasonShort]));
    for word in ["a".repeat(60), "rất gấp, cần xem ngay".replace(' ', ""), String::new()] {
        assert_eq!(read("H1", &word), Err(vec![GlassFault::ReasonShort]), "{word}");
    }
    assert_eq!(read("H1", &"cần xem ngay ".repeat(40)), Err(vec![GlassFault::ReasonLong]));
    // Letters typed apart from their marks are the same letters.
    let apart = "Người da\u{302}n mất hết giấy tờ vì lũ";
    assert_eq!(read("H1", apart).expect("asked").reason, "Người dân mất hết giấy tờ vì lũ");
}

#[test]
fn an_opening_ends_by_itself() {
    let glass = glass();
    assert!(!glass.is_open(at("2026-11-23T07:59")));
    assert!(glass.is_open(at("2026-11-23T11:59")));
    assert!(!glass.is_open(at("2026-11-23T12:00")));
    assert!(!glass.is_late(at("2026-11-26T08:00")) && glass.is_late(at("2026-11-26T08:01")));
}

#[test]
fn what_was_not_right_ends_at_once_and_needs_words() {
    let now = at("2026-11-23T09:00");
    let (kept, body) = glass().review(BINH, GlassVerdict::Fitting, "", now).expect("reviewed");
    assert!(kept.is_open(now) && !kept.is_late(at("2026-12-26T08:00")));
    assert!(matches!(body, Body::GlassReviewed { officer: HOA, verdict: GlassVerdict::Fitting, .. }));
    let without = glass().review(BINH, GlassVerdict::Unfitting, " \n ", now);
    assert_eq!(without, Err(vec![GlassFault::WordsMissing]));
    let (ended, _) =
        glass().review(BINH, GlassVerdict::Unfitting, "Không có ai ở quầy", now).expect("reviewed");
    assert!(!ended.is_open(now));
    // Afterwards an opening that has ended long ago is not moved.
    let later = at("2026-11-24T09:00");
    let (late, _) = glass().review(BINH, GlassVerdict::Unfitting, "Không đúng", later).expect("reviewed");
    assert_eq!(late.ends_at, glass().ends_at);
}

#[test]
fn nobody_reviews_himself_nor_twice_nor_endlessly() {
    let now = at("2026-11-23T09:00");
    assert_eq!(glass().review(HOA, GlassVerdict::Fitting, "", now), Err(vec![GlassFault::OwnOpening]));
    let (once, _) = glass().review(BINH, GlassVerdict::Fitting, "", now).expect("reviewed");
    assert_eq!(
        once.review(BINH, GlassVerdict::Unfitting, &"dài ".repeat(400), now),
        Err(vec![GlassFault::ReviewedAlready, GlassFault::WordsLong])
    );
}

#[test]
fn the_heads_of_who_settles_it_review() {
    let procedure = procedure().code;
    let settling = BTreeSet::from([COMMITTEE]);
    for role in Role::ALL {
        let may = right_to_review(&with(role), &settling, &procedure, HOA);
        assert_eq!(may.is_ok(), matches!(role, Role::Head | Role::Leader), "{role:?}");
        assert_eq!(reviewed_by(&with(role)).includes_asked(COMMITTEE, &procedure), may.is_ok(), "{role:?}");
        assert_eq!(answers_for(&with(role)).contains(&COMMITTEE), may.is_ok(), "{role:?}");
    }
    let elsewhere = officer(vec![Post::new(ELSEWHERE, Role::Head)]);
    assert_eq!(right_to_review(&elsewhere, &settling, &procedure, HOA), Err(NotYours::OutOfScope));
    let other = vec!["9.999999".parse().expect("a code")];
    let limited = officer(vec![Post { procedures: Some(other), ..Post::new(COMMITTEE, Role::Head) }]);
    assert_eq!(right_to_review(&limited, &settling, &procedure, HOA), Err(NotYours::OutOfScope));
    assert!(!reviewed_by(&limited).includes_asked(COMMITTEE, &procedure));
}

#[test]
fn a_post_lent_by_him_who_opened_does_not_review_him() {
    let lend = |agency: AgencyId| {
        let delegation = Delegation {
            id: DelegationId(Uuid::from_u128(9)),
            from: HOA,
            agency,
            role: Role::Head,
            ..delegation()
        };
        let lent = delegation.lent(&[Post::new(agency, Role::Head)], date(2026, 11, 10));
        Actor::Officer { id: BINH, name: "Lê Bình".to_owned(), agency, posts: Vec::new(), lent }
    };
    let (procedure, settling) = (procedure().code, BTreeSet::from([COMMITTEE]));
    let actor = lend(COMMITTEE);
    assert_eq!(right_to_review(&actor, &settling, &procedure, HOA), Err(NotYours::OutOfScope));
    let right = right_to_review(&actor, &settling, &procedure, BINH).expect("of somebody else");
    assert_eq!(right.on_behalf_of, Some(HOA));
}
