//! Who may see, act and do a step: each role in each relation to a dossier.

use super::{Actor, AgencyScope, NotYours, Post, Role};
use crate::id::AgencyId;
use crate::procedure::Step;
use crate::sample::{BINH, COMMITTEE, COUNTER, ELSEWHERE, HOA, procedure};
use uuid::Uuid;

/// Who holds it now, besides those who received and settle it.
const HOLDING: AgencyId = AgencyId(Uuid::from_u128(0xa3));

const SCOPE: AgencyScope = AgencyScope { receiving: COUNTER, competent: COMMITTEE, holding: HOLDING };

const RELATIONS: [(&str, AgencyId); 4] =
    [("receiving", COUNTER), ("competent", COMMITTEE), ("holding", HOLDING), ("a stranger", ELSEWHERE)];

fn officer(posts: &[(AgencyId, Role)]) -> Actor {
    Actor::Officer {
        id: BINH,
        name: "Lê Bình".to_owned(),
        agency: posts.first().map_or(ELSEWHERE, |(agency, _)| *agency),
        posts: posts.iter().map(|&(agency, role)| Post { agency, role }).collect(),
    }
}

const SYSTEM: Actor = Actor::System { on_behalf_of: None, agency: COUNTER };

fn step(role: Role) -> Step {
    Step { role, ..procedure().process.steps.remove(0) }
}

#[test]
fn a_post_in_an_agency_of_the_row_lets_see_it() {
    for role in Role::ALL {
        for (relation, agency) in RELATIONS {
            let expected = if agency == ELSEWHERE { Err(NotYours::OutOfScope) } else { Ok(()) };
            assert_eq!(officer(&[(agency, role)]).may_see(&SCOPE), expected, "{role:?} of {relation}");
        }
    }
    assert_eq!(officer(&[]).may_see(&SCOPE), Err(NotYours::OutOfScope));
    assert_eq!(SYSTEM.may_see(&SCOPE), Ok(()));
}

#[test]
fn an_act_needs_its_role_in_its_agency() {
    for own in Role::ALL {
        for (relation, home) in RELATIONS {
            let actor = officer(&[(home, own)]);
            for needed in Role::ALL {
                for (place, agency) in RELATIONS {
                    let expected = if home == ELSEWHERE || agency == ELSEWHERE {
                        Err(NotYours::OutOfScope)
                    } else if home == agency && own == needed {
                        Ok(())
                    } else {
                        Err(NotYours::NeedsRole(needed))
                    };
                    let answer = actor.may_act(needed, agency, &SCOPE);
                    assert_eq!(answer, expected, "{own:?} of {relation} as {needed:?} for {place}");
                }
            }
        }
    }
}

#[test]
fn a_post_elsewhere_gives_no_right_here() {
    // He may see the row by one post, and is a leader, but of an agency that has nothing to do with it.
    let actor = officer(&[(COUNTER, Role::Counter), (ELSEWHERE, Role::Leader)]);
    assert_eq!(actor.may_act(Role::Counter, COUNTER, &SCOPE), Ok(()));
    assert_eq!(actor.may_act(Role::Leader, COMMITTEE, &SCOPE), Err(NotYours::NeedsRole(Role::Leader)));
    assert_eq!(actor.may_act(Role::Leader, ELSEWHERE, &SCOPE), Err(NotYours::OutOfScope));
}

#[test]
fn a_step_is_done_by_its_role_and_by_whoever_has_it() {
    for role in Role::ALL {
        let step = step(role);
        let actor = officer(&[(COMMITTEE, role)]);
        for (holder, expected) in
            [(None, Ok(())), (Some(BINH), Ok(())), (Some(HOA), Err(NotYours::HeldBy(HOA)))]
        {
            assert_eq!(actor.may_do_step(&step, COMMITTEE, &SCOPE, holder), expected, "{role:?}");
        }
        // The right to the step is asked before who has it: a stranger does not learn that.
        let stranger = officer(&[(ELSEWHERE, role)]);
        assert_eq!(stranger.may_do_step(&step, COMMITTEE, &SCOPE, Some(HOA)), Err(NotYours::OutOfScope));
        let colleague = officer(&[(COUNTER, role)]);
        let needs = Err(NotYours::NeedsRole(role));
        assert_eq!(colleague.may_do_step(&step, COMMITTEE, &SCOPE, Some(HOA)), needs);
    }
}

#[test]
fn the_system_goes_on_by_itself_but_is_nobody() {
    for role in Role::ALL {
        assert_eq!(SYSTEM.may_act(role, COMMITTEE, &SCOPE), Ok(()));
        assert_eq!(SYSTEM.may_do_step(&step(role), COMMITTEE, &SCOPE, Some(HOA)), Ok(()));
        assert!(!SYSTEM.has_role(role));
    }
    assert_eq!((SYSTEM.officer(), SYSTEM.agency()), (None, COUNTER));
    assert_eq!(SYSTEM.scope(), [COUNTER]);
}

#[test]
fn lists_are_of_the_agencies_an_officer_has_a_post_in() {
    let actor = officer(&[(COMMITTEE, Role::Head), (COUNTER, Role::Counter), (COMMITTEE, Role::Leader)]);
    assert_eq!(actor.scope(), [COUNTER, COMMITTEE], "each once, in order");
    assert!(actor.has_role(Role::Leader) && !actor.has_role(Role::Clerk));
    assert_eq!((actor.officer(), actor.agency()), (Some(BINH), COMMITTEE));
    assert_eq!(officer(&[]).scope(), []);
    // A list holds what may be seen, row by row.
    for (_, agency) in RELATIONS {
        let alone = AgencyScope { receiving: agency, competent: agency, holding: agency };
        assert_eq!(actor.scope().contains(&agency), actor.may_see(&alone).is_ok());
    }
}
