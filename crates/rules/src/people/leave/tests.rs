//! Leave has days, somebody who goes on, and no second leave in the same days.

use super::{Absence, Cover};
use crate::id::{AbsenceId, DelegationId};
use crate::people::{PeopleFault, Post, Role};
use crate::sample::{BINH, COMMITTEE, COUNTER, HOA};
use jiff::civil::{Date, date};
use uuid::Uuid;

const TODAY: Date = date(2026, 11, 5);

fn substitute() -> Cover {
    Cover::Substitute { officer: BINH, decision: "12/QĐ".to_owned() }
}

fn leave(cover: Cover) -> Absence {
    Absence {
        id: AbsenceId(Uuid::from_u128(1)),
        officer: HOA,
        valid_from: date(2026, 11, 9),
        valid_to: date(2026, 11, 13),
        cover,
    }
}

#[test]
fn a_leave_says_who_goes_on_and_by_what() {
    assert_eq!(leave(substitute()).faults(&[], TODAY), []);
    assert_eq!(leave(Cover::Inbox { reason: "không ai cùng việc".to_owned() }).faults(&[], TODAY), []);
    let silent = leave(Cover::Inbox { reason: " ".to_owned() });
    assert_eq!(silent.faults(&[], TODAY), [PeopleFault::ReasonMissing]);
    let no_paper = leave(Cover::Substitute { officer: BINH, decision: String::new() });
    assert_eq!(no_paper.faults(&[], TODAY), [PeopleFault::DecisionMissing]);
    let himself = leave(Cover::Substitute { officer: HOA, decision: "12/QĐ".to_owned() });
    assert_eq!(himself.faults(&[], TODAY), [PeopleFault::ToHimself]);
}

#[test]
fn its_days_are_ahead_and_in_order() {
    let reversed = Absence { valid_to: date(2026, 11, 8), ..leave(substitute()) };
    assert_eq!(reversed.faults(&[], TODAY), [PeopleFault::DatesReversed]);
    let past = leave(substitute()).faults(&[], date(2026, 11, 14));
    assert_eq!(past, [PeopleFault::Past(date(2026, 11, 13))]);
    let days = [(8, false), (9, true), (13, true), (14, false)];
    assert!(days.iter().all(|&(day, away)| leave(substitute()).is_on(date(2026, 11, day)) == away));
}

#[test]
fn nobody_is_away_twice_nor_takes_over_while_away() {
    let other = |officer, from, to| Absence {
        id: AbsenceId(Uuid::from_u128(2)),
        officer,
        valid_from: date(2026, 11, from),
        valid_to: date(2026, 11, to),
        cover: Cover::Inbox { reason: "nghỉ".to_owned() },
    };
    let faults = |other| leave(substitute()).faults(&[other], TODAY);
    assert_eq!(faults(other(HOA, 13, 20)), [PeopleFault::AwayAlready(date(2026, 11, 20))]);
    assert_eq!(faults(other(BINH, 1, 9)), [PeopleFault::AlsoAway(date(2026, 11, 9))]);
    assert_eq!(faults(other(BINH, 1, 8)), []);
    assert_eq!(faults(other(HOA, 14, 20)), []);
}

#[test]
fn a_substitution_lends_each_post_for_the_days_it_is_held() {
    let posts = [
        Post::new(COUNTER, Role::Counter),
        Post { valid_to: Some(date(2026, 11, 10)), ..Post::new(COMMITTEE, Role::Specialist) },
        Post { valid_from: Some(date(2026, 12, 1)), ..Post::new(COMMITTEE, Role::Head) },
        Post::new(COMMITTEE, Role::Admin),
    ];
    let mut n = 0;
    let lent = leave(substitute()).substitutions(&posts, || {
        n += 1;
        DelegationId(Uuid::from_u128(n))
    });
    let said: Vec<_> = lent.iter().map(|lent| (lent.role, lent.valid_from, lent.valid_to)).collect();
    let first = date(2026, 11, 9);
    let expected =
        [(Role::Counter, first, date(2026, 11, 13)), (Role::Specialist, first, date(2026, 11, 10))];
    assert_eq!(said, expected, "neither one not yet held nor one that is never lent");
    for lent in &lent {
        assert_eq!(lent.faults(&posts, TODAY), [], "each is sound by itself");
    }
    let inbox = leave(Cover::Inbox { reason: "nghỉ".to_owned() });
    assert!(inbox.substitutions(&posts, || DelegationId(Uuid::nil())).is_empty());
}
