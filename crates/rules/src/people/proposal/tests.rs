//! High roles take two persons, neither of whom gains.

use super::{Change, Proposal};
use crate::id::{OfficerId, ProposalId};
use crate::people::delegation::Delegation;
use crate::people::{PeopleFault, Post, Role};
use crate::sample::{BINH, COMMITTEE, HOA, delegation};
use jiff::civil::{Date, date};
use uuid::Uuid;

const TODAY: Date = date(2026, 11, 5);
const LAST: Date = date(2026, 11, 12);
const FIRST_ADMIN: OfficerId = OfficerId(Uuid::from_u128(0xa01));
const SECOND_ADMIN: OfficerId = OfficerId(Uuid::from_u128(0xa02));

fn proposed(change: Change) -> Proposal {
    Proposal::new(ProposalId(Uuid::nil()), FIRST_ADMIN, change, TODAY, 7)
}

fn given(officer: OfficerId, role: Role) -> Change {
    Change::Post { officer, post: Post::new(COMMITTEE, role), decision: String::new() }
}

fn leader() -> Change {
    given(BINH, Role::Leader)
}

#[test]
fn the_high_roles_are_those_that_sign_seal_give_or_read_all() {
    let high = |change: Change| change.needs_second_person();
    for role in Role::ALL {
        let expected = [Role::Admin, Role::Leader, Role::Clerk, Role::Auditor].contains(&role);
        assert_eq!(high(given(BINH, role)), expected);
        let lent = Change::Delegation { delegation: Delegation { role, ..delegation() } };
        assert_eq!(high(lent), expected, "as a delegation, {role:?}");
    }
}

#[test]
fn another_person_confirms_in_time() {
    for day in [TODAY, LAST] {
        let confirmed = proposed(leader()).confirm(SECOND_ADMIN, day).expect("confirmed");
        assert_eq!(confirmed.confirmed_by, Some(SECOND_ADMIN));
    }
    let late = proposed(leader()).confirm(SECOND_ADMIN, date(2026, 11, 13));
    assert_eq!(late, Err(vec![PeopleFault::Lapsed(LAST)]));
    let done = proposed(leader()).confirm(SECOND_ADMIN, TODAY).expect("confirmed");
    assert_eq!(done.confirm(OfficerId(Uuid::from_u128(3)), TODAY), Err(vec![PeopleFault::Settled]));
}

#[test]
fn neither_who_proposed_nor_who_gains_confirms() {
    let refused = |change, by| proposed(change).confirm(by, TODAY);
    assert_eq!(refused(leader(), FIRST_ADMIN), Err(vec![PeopleFault::SamePerson]));
    assert_eq!(refused(leader(), BINH), Err(vec![PeopleFault::GainsHimself]));
    let to_himself = given(FIRST_ADMIN, Role::Admin);
    let both = vec![PeopleFault::SamePerson, PeopleFault::GainsHimself];
    assert_eq!(refused(to_himself, FIRST_ADMIN), Err(both));
    let lent = || Change::Delegation { delegation: Delegation { role: Role::Leader, ..delegation() } };
    for part in [HOA, BINH] {
        assert_eq!(refused(lent(), part), Err(vec![PeopleFault::GainsHimself]), "giver and taker");
    }
    assert!(refused(lent(), SECOND_ADMIN).is_ok());
}

#[test]
fn a_change_is_kept_as_it_was_first_written() {
    let post = r#"{"change":"post","officer":"00000000-0000-0000-0000-0000000000b2","post":{"agency":"00000000-0000-0000-0000-0000000000a2","role":"leader","ceiling":"personal"}}"#;
    assert_eq!(serde_json::to_string(&leader()).expect("written"), post);
    assert_eq!(serde_json::from_str::<Change>(post).expect("read"), leader());
}
