//! Each role, held by oneself or lent, is shown the places that open for it.

use super::{PLACES, first_place, nav, roles};
use crate::access::Access;
use jiff::civil::date;
use rules::id::{AgencyId, DelegationId, OfficerId};
use rules::people::delegation::{Delegation, DelegationKind};
use rules::people::{Actor, Post, Role};
use std::collections::BTreeMap;
use uuid::Uuid;

const AGENCY: AgencyId = AgencyId(Uuid::from_u128(1));

fn officer(own: &[Role], lent: &[Role]) -> Actor {
    let post = |&role: &Role| Post::new(AGENCY, role);
    let day = date(2026, 11, 21);
    let lend = |role: &Role| {
        let delegation = Delegation {
            id: DelegationId(Uuid::from_u128(7)),
            from: OfficerId(Uuid::from_u128(3)),
            to: OfficerId(Uuid::from_u128(2)),
            agency: AGENCY,
            role: *role,
            procedures: None,
            valid_from: day,
            valid_to: day,
            kind: DelegationKind::Substitution,
            decision: "12/QĐ".to_owned(),
        };
        delegation.lent(&[post(role)], day)
    };
    Actor::Officer {
        id: OfficerId(Uuid::from_u128(2)),
        name: "Lê Bình".to_owned(),
        agency: AGENCY,
        posts: own.iter().map(post).collect(),
        lent: lent.iter().flat_map(lend).collect(),
    }
}

fn places(actor: &Actor) -> Vec<&'static str> {
    nav(actor, "").into_iter().map(|item| item.href).collect()
}

#[test]
fn the_navigation_of_each_role_is_the_reviewed_one() {
    let expected: &[(Role, &[&str])] = &[
        (Role::Counter, &["/quay", "/viec", "/so-hoa", "/kho", "/bia", "/so", "/bao-dong", "/mo-khan-cap"]),
        (Role::Specialist, &["/viec", "/kho", "/bia", "/bao-dong", "/mo-khan-cap"]),
        (
            Role::Head,
            &[
                "/viec",
                "/tong-quan",
                "/ky",
                "/kho",
                "/bia",
                "/so",
                "/bao-dong",
                "/mo-khan-cap",
                "/quan-tri/hang-cho",
            ],
        ),
        (Role::Leader, &["/viec", "/tong-quan", "/ky", "/kho", "/bia", "/so", "/bao-dong", "/mo-khan-cap"]),
        (Role::Clerk, &["/viec", "/ky", "/kho", "/bia", "/so", "/bao-dong", "/mo-khan-cap"]),
        (Role::Admin, &["/quan-tri", "/quan-tri/hang-cho", "/quan-tri/nhat-ky"]),
        (Role::Auditor, &["/kho", "/so", "/bao-dong", "/quan-tri/nhat-ky"]),
        (Role::Gateway, &[]),
        (
            Role::CentreHead,
            &["/viec", "/tong-quan", "/kho", "/bia", "/so", "/bao-dong", "/quan-tri/hang-cho"],
        ),
        (Role::PostOffice, &["/quay", "/so-hoa", "/bia"]),
    ];
    assert_eq!(expected.len(), Role::ALL.len());
    for (role, expected) in expected {
        let own = officer(&[*role], &[]);
        assert_eq!(places(&own), *expected, "{role:?}");
        assert_eq!(first_place(&own), expected.first().copied().unwrap_or("/tai-khoan"), "{role:?}");
        let lent = officer(&[], &[*role]);
        let shown: &[&str] = if role.may_be_lent() { expected } else { &[] };
        assert_eq!(places(&lent), shown, "{role:?}, lent");
    }
    assert_eq!(places(&officer(&[], &[])), [""; 0]);
}

/// What the navigation shows opens, and what it does not show is refused.
#[test]
fn the_navigation_and_the_routes_say_the_same() {
    let routes: BTreeMap<&str, Access> = crate::routes::lines()
        .into_iter()
        .filter(|line| line.method == "GET")
        .map(|line| (line.path, line.access))
        .collect();
    for (href, _, _, access) in PLACES {
        assert_eq!(routes.get(href), Some(&access), "{href}");
    }
    for role in Role::ALL {
        for actor in [officer(&[role], &[]), officer(&[], &[role]), officer(&[Role::Specialist], &[role])] {
            let first = routes.get(first_place(&actor)).expect("a route");
            assert!(first.admits(&actor), "{actor:?}");
            let shown = places(&actor);
            for (href, _, _, _) in PLACES {
                assert_eq!(routes[href].admits(&actor), shown.contains(&href), "{href}: {actor:?}");
            }
        }
    }
}

#[test]
fn what_is_lent_is_said_apart() {
    assert_eq!(roles(&officer(&[Role::Specialist, Role::Specialist], &[])), "Chuyên viên");
    assert_eq!(roles(&officer(&[Role::Specialist], &[Role::Head])), "Chuyên viên, Lãnh đạo phòng (làm thay)");
    assert_eq!(roles(&officer(&[], &[])), "");
}
