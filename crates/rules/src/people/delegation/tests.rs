//! What may be lent, by whom, for which days, and how much of it arrives.

use super::{Delegation, DelegationKind};
use crate::code::ProcedureCode;
use crate::id::DelegationId;
use crate::people::{PeopleFault, Post, Role, Sensitivity};
use crate::sample::{COMMITTEE, COUNTER, HOA, delegation};
use jiff::civil::{Date, date};
use uuid::Uuid;

const TODAY: Date = date(2026, 11, 5);

/// Codes that are sound.
fn named(codes: &[&str]) -> Vec<ProcedureCode> {
    codes.iter().map(|code| code.parse().expect("a code")).collect()
}

fn own() -> Post {
    Post::new(COUNTER, Role::Counter)
}

#[test]
fn a_sound_delegation_has_no_fault() {
    assert_eq!(delegation().faults(&[own()], TODAY), []);
    let authorisation = Delegation {
        kind: DelegationKind::Authorisation,
        procedures: Some(named(&["1.004873"])),
        ..delegation()
    };
    assert_eq!(authorisation.faults(&[own()], TODAY), []);
    assert_eq!(delegation().faults(&[own()], date(2026, 11, 13)), [], "on its last day");
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let wrong = Delegation {
        to: HOA,
        role: Role::Leader,
        valid_to: date(2026, 11, 1),
        kind: DelegationKind::Authorisation,
        procedures: Some(Vec::new()),
        decision: "  ".to_owned(),
        ..delegation()
    };
    let expected = [
        PeopleFault::ToHimself,
        PeopleFault::NotHisPost(Role::Leader),
        PeopleFault::DatesReversed,
        PeopleFault::ProceduresNotNamed,
        PeopleFault::DecisionMissing,
    ];
    assert_eq!(wrong.faults(&[own()], TODAY), expected);
    assert_eq!(delegation().faults(&[own()], date(2026, 11, 14)), [PeopleFault::Past(date(2026, 11, 13))]);
}

#[test]
fn who_runs_controls_or_connects_lends_nothing() {
    for role in Role::ALL {
        let expected = match role {
            Role::Admin | Role::Auditor | Role::Gateway => vec![PeopleFault::NeverLent(role)],
            _ => Vec::new(),
        };
        let post = Post::new(COUNTER, role);
        let lent = Delegation { role, ..delegation() };
        assert_eq!(lent.faults(std::slice::from_ref(&post), TODAY), expected, "{role:?}");
        assert_eq!(lent.lends(&post, date(2026, 11, 10)).is_some(), expected.is_empty(), "{role:?}");
    }
}

#[test]
fn only_a_post_of_ones_own_is_lent_and_only_as_far_as_it_goes() {
    let not_his = [PeopleFault::NotHisPost(Role::Counter)];
    let elsewhere = Post::new(COMMITTEE, Role::Counter);
    let ending = Post { valid_to: Some(date(2026, 11, 12)), ..own() };
    let some = Post { procedures: Some(named(&["1.004873", "2.000815"])), ..own() };
    for post in [elsewhere, ending, some.clone()] {
        assert_eq!(delegation().faults(std::slice::from_ref(&post), TODAY), not_his, "{post:?}");
    }
    assert_eq!(delegation().faults(&[], TODAY), not_his, "what was lent to him is not among his own");
    let narrow = Delegation { procedures: Some(named(&["2.000815"])), ..delegation() };
    assert_eq!(narrow.faults(&[some], TODAY), []);
}

#[test]
fn it_arrives_on_its_days_and_only_while_its_giver_has_the_post() {
    let lends = |post: &Post, day| delegation().lends(post, date(2026, 11, day)).is_some();
    for (day, valid) in [(8, false), (9, true), (13, true), (14, false)] {
        assert_eq!(lends(&own(), day), valid, "{day}");
    }
    let gone = Post { valid_to: Some(date(2026, 11, 10)), ..own() };
    assert!(lends(&gone, 10) && !lends(&gone, 11), "lost with the post");
    assert!(!lends(&Post::new(COUNTER, Role::Clerk), 10));
}

#[test]
fn it_lends_what_both_limits_leave_and_never_the_sight_of_secrets() {
    let day = date(2026, 11, 10);
    let post = |procedures| Post { procedures, ceiling: Sensitivity::Secret, ..own() };
    let lent = |limit, procedures| {
        let lent = Delegation { procedures: limit, ..delegation() }.lends(&post(procedures), day);
        lent.expect("it is lent")
    };
    assert_eq!(lent(None, None), own(), "personal papers, all procedures");
    assert_eq!(lent(Some(named(&["1.004873"])), None).procedures, Some(named(&["1.004873"])));
    assert_eq!(lent(None, Some(named(&["2.000815"]))).procedures, Some(named(&["2.000815"])));
    let both = lent(Some(named(&["1.004873"])), Some(named(&["2.000815", "1.004873"])));
    assert_eq!(both.procedures, Some(named(&["1.004873"])));
    assert_eq!(
        lent(Some(named(&["1.004873"])), Some(named(&["2.000815"]))).procedures,
        Some(named(&[])),
        "nothing is left"
    );
}

#[test]
fn overlapping_ones_are_found() {
    let other = |change: fn(&mut Delegation)| {
        let mut other = Delegation { id: DelegationId(Uuid::from_u128(0x99)), ..delegation() };
        change(&mut other);
        other
    };
    let overlaps = |other: Delegation| !delegation().overlapping(&[other]).is_empty();
    assert!(overlaps(other(|_| ())));
    assert!(overlaps(other(|other| other.valid_from = date(2026, 11, 13))));
    assert!(!overlaps(other(|other| other.valid_to = date(2026, 11, 8))));
    assert!(!overlaps(other(|other| other.role = Role::Head)));
    assert!(!overlaps(other(|other| other.agency = COMMITTEE)));
    assert!(delegation().overlapping(&[delegation()]).is_empty(), "not with itself");
    let limited = |list: &[&str]| Delegation { procedures: Some(named(list)), ..other(|_| ()) };
    assert!(limited(&["1.004873"]).overlapping(&[delegation()]).len() == 1);
    assert!(
        limited(&["1.004873"])
            .overlapping(&[Delegation { id: DelegationId(Uuid::from_u128(0x98)), ..limited(&["2.000815"]) }])
            .is_empty()
    );
}
