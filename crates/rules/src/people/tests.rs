//! Who may see, act and do a step: each role in each relation to a dossier.

use super::delegation::{Delegation, Lent};
use super::explain::explain_view;
use super::{Actor, AgencyScope, Matter, NotYours, Post, Reach, Relation, Right, Role, Sensitivity};
use crate::code::ProcedureCode;
use crate::event::{Body, NewEvent};
use crate::id::AgencyId;
use crate::procedure::{AdmissibleForm, DigitisationClass, Step, StepTask};
use crate::sample::{
    BINH, COMMITTEE, COUNTER, DOSSIER, ELSEWHERE, HOA, at, component, delegation, intake, procedure,
};
use jiff::civil::date;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use uuid::Uuid;

/// Who holds it now, besides those who received and settle it.
const HOLDING: AgencyId = AgencyId(Uuid::from_u128(0xa3));

/// An agency without officers.
const NOWHERE: AgencyId = AgencyId(Uuid::from_u128(0xaf));

const SCOPE: AgencyScope = AgencyScope { receiving: COUNTER, competent: COMMITTEE, holding: HOLDING };

const RELATIONS: [(&str, AgencyId); 4] =
    [("receiving", COUNTER), ("competent", COMMITTEE), ("holding", HOLDING), ("a stranger", ELSEWHERE)];

fn officer(posts: &[(AgencyId, Role)]) -> Actor {
    Actor::Officer {
        id: BINH,
        name: "Lê Bình".to_owned(),
        agency: posts.first().map_or(ELSEWHERE, |(agency, _)| *agency),
        posts: posts.iter().map(|&(agency, role)| Post::new(agency, role)).collect(),
        lent: Vec::new(),
    }
}

/// Bình with a post of his own, or with Hoa's as far as it is lent.
fn with(post: Post, held: Held) -> Actor {
    let (posts, lent) = match held {
        Held::Own => (vec![post], Vec::new()),
        Held::Lent => {
            let (agency, role) = (post.agency, post.role);
            let delegation = Delegation { agency, role, ..delegation() };
            (Vec::new(), delegation.lent(&[post], date(2026, 11, 10)))
        }
    };
    Actor::Officer { id: BINH, name: "Lê Bình".to_owned(), agency: ELSEWHERE, posts, lent }
}

#[derive(Clone, Copy, Debug)]
enum Held {
    Own,
    Lent,
}

fn code(text: &str) -> ProcedureCode {
    text.parse().expect("a code")
}

fn sees(role: Role, agency: AgencyId) -> bool {
    let relation = match RELATIONS.iter().position(|&(_, known)| known == agency) {
        Some(0) => Relation::Receives,
        Some(1) => Relation::Settles,
        Some(2) => Relation::Holds,
        _ => return false,
    };
    role.reach().includes(relation)
}

const SYSTEM: Actor = Actor::System { on_behalf_of: None, agency: COUNTER };

fn step(role: Role) -> Step {
    Step { role, ..procedure().process.steps.remove(0) }
}

#[test]
fn a_post_in_an_agency_of_the_row_lets_see_it() {
    for role in Role::ALL {
        for (relation, agency) in RELATIONS {
            let expected = if sees(role, agency) { Ok(()) } else { Err(NotYours::OutOfScope) };
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
                    let expected = if !sees(own, home) || agency == ELSEWHERE {
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
        let home = if role.reach() == Reach::Received { COUNTER } else { COMMITTEE };
        let actor = officer(&[(home, role)]);
        for (holder, expected) in
            [(None, Ok(())), (Some(BINH), Ok(())), (Some(HOA), Err(NotYours::HeldBy(HOA)))]
        {
            let expected = if role.reach() == Reach::Nothing { Err(NotYours::OutOfScope) } else { expected };
            assert_eq!(actor.may_do_step(&step, home, &SCOPE, holder), expected, "{role:?}");
        }
        // The right to the step is asked before who has it: a stranger does not learn that.
        let stranger = officer(&[(ELSEWHERE, role)]);
        assert_eq!(stranger.may_do_step(&step, COMMITTEE, &SCOPE, Some(HOA)), Err(NotYours::OutOfScope));
        let colleague = officer(&[(COUNTER, role)]);
        let needs = match role.reach() {
            Reach::Nothing => Err(NotYours::OutOfScope),
            Reach::Received | Reach::Concerned => Err(NotYours::NeedsRole(role)),
        };
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
    assert_eq!(SYSTEM.sight().agencies(), BTreeSet::from([COUNTER]));
}

#[test]
fn lists_are_of_the_agencies_an_officer_has_a_post_in() {
    let actor = officer(&[(COMMITTEE, Role::Head), (COUNTER, Role::Counter), (COMMITTEE, Role::Leader)]);
    assert_eq!(actor.sight().agencies(), BTreeSet::from([COUNTER, COMMITTEE]));
    assert!(actor.has_role(Role::Leader) && !actor.has_role(Role::Clerk));
    assert_eq!((actor.officer(), actor.agency()), (Some(BINH), COMMITTEE));
    assert_eq!(officer(&[]).sight().agencies(), BTreeSet::new());
    // A list holds what may be seen, row by row.
    for (_, agency) in RELATIONS {
        let alone = AgencyScope { receiving: agency, competent: agency, holding: agency };
        assert_eq!(actor.sight().includes(&alone), actor.may_see(&alone).is_ok());
    }
}

/// Every role, held in every way, towards every dossier: the whole of who may see it and act on it. A
/// cell is about an agency that receives, settles or holds the dossier, or has nothing to do with it;
/// first for its personal papers, then for its secret ones.
#[test]
fn the_whole_matrix_is_the_reviewed_one() {
    let (this, other) = (code("1.004873"), code("2.000815"));
    let limits = [("all", None), ("this", Some(vec![this.clone()])), ("other", Some(vec![other]))];
    let mut table = String::from("role held procedures ceiling | receives settles holds stranger\n");
    for role in Role::ALL {
        for held in [Held::Own, Held::Lent] {
            for (limit, procedures) in &limits {
                for ceiling in [Sensitivity::Personal, Sensitivity::Secret] {
                    let line = format!("{role:?} {held:?} {limit} {ceiling:?} |").to_lowercase();
                    table.push_str(&line);
                    for (_, agency) in RELATIONS {
                        let post =
                            Post { procedures: procedures.clone(), ceiling, ..Post::new(agency, role) };
                        let actor = with(post, held);
                        let may = |sensitivity| {
                            let matter =
                                Matter { procedure: Some(&this), sensitivity, ..Matter::from(&SCOPE) };
                            let seen = actor.may_see(matter).is_ok();
                            assert_eq!(explain_view(&actor, matter).is_empty(), !seen, "a reason for each");
                            // Whoever sees it by a post acts in that post.
                            assert_eq!(actor.may_act(role, agency, matter).is_ok(), seen);
                            seen
                        };
                        let word = match (may(Sensitivity::Personal), may(Sensitivity::Secret)) {
                            (false, false) => "-",
                            (true, false) => "personal",
                            (true, true) => "secret",
                            (false, true) => panic!("secret papers without the others"),
                        };
                        write!(table, " {word}").expect("a string takes everything");
                    }
                    table.push('\n');
                }
            }
        }
    }
    insta::assert_snapshot!("who_may", table);
}

#[test]
fn a_limited_post_needs_to_know_the_procedure() {
    let ours = procedure();
    let dossier = intake(&ours);
    let limited = |codes: &[&ProcedureCode]| {
        let procedures = Some(codes.iter().map(|&code| code.clone()).collect());
        with(Post { procedures, ..Post::new(COUNTER, Role::Counter) }, Held::Own)
    };
    assert_eq!(limited(&[&ours.code]).may_see(&dossier), Ok(()));
    assert_eq!(limited(&[&code("2.000815")]).may_see(&dossier), Err(NotYours::OutOfScope));
    assert_eq!(limited(&[&ours.code]).may_see(&dossier.scope), Err(NotYours::OutOfScope), "bare agencies");
}

#[test]
fn a_secret_paper_is_more_guarded_than_its_dossier() {
    let ours = procedure();
    let dossier = intake(&ours);
    let paper = |class| component("ly-lich", AdmissibleForm::Original, class);
    let (open, secret) = (paper(DigitisationClass::Management), paper(DigitisationClass::Secret));
    let plain = officer(&[(COUNTER, Role::Counter)]);
    assert_eq!(plain.may_see(Matter::of_component(&dossier, &open)), Ok(()));
    assert_eq!(plain.may_see(Matter::of_component(&dossier, &secret)), Err(NotYours::OutOfScope));
    let post = Post { ceiling: Sensitivity::Secret, ..Post::new(COUNTER, Role::Counter) };
    assert_eq!(with(post, Held::Own).may_see(Matter::of_component(&dossier, &secret)), Ok(()));
}

#[test]
fn an_act_through_a_delegation_says_for_whom() {
    let actor = with(Post::new(COUNTER, Role::Counter), Held::Lent);
    let right = actor.right_for(Role::Counter, COUNTER, &SCOPE).expect("a right");
    assert_eq!(right, Right { on_behalf_of: Some(HOA), through: Some(delegation().id) });
    let body = Body::DossierTaken { step: "ngo".to_owned() };
    let event = right.mark(NewEvent::of_dossier(DOSSIER, &actor, at("2026-11-10T09:00"), body));
    assert_eq!((event.actor, event.on_behalf_of), (Some(BINH), Some(HOA)));
    // His own post comes first, whatever else he was lent.
    let Actor::Officer { id, name, agency, lent, .. } = actor else { panic!("an officer") };
    let both = Actor::Officer { id, name, agency, lent, posts: vec![Post::new(COUNTER, Role::Counter)] };
    assert_eq!(both.right_for(Role::Counter, COUNTER, &SCOPE), Ok(Right::default()));
    // And what an absent officer has in hand is worked for him.
    let step = step(Role::Counter);
    let right = both.right_for_step(&step, COUNTER, &SCOPE, Some(HOA)).expect("a right");
    assert_eq!(right.on_behalf_of, Some(HOA));
    let own = both.right_for_step(&step, COUNTER, &SCOPE, Some(BINH)).expect("a right");
    assert_eq!(own, Right::default());
}

#[test]
fn one_of_several_roles_is_enough_and_the_first_is_told() {
    let either = [Role::Counter, Role::PostOffice];
    let post = officer(&[(COUNTER, Role::PostOffice)]);
    assert_eq!(post.right_for_any(&either, COUNTER, &SCOPE), Ok(Right::default()));
    let neither = officer(&[(COUNTER, Role::Clerk)]);
    assert_eq!(neither.right_for_any(&either, COUNTER, &SCOPE), Err(NotYours::NeedsRole(Role::Counter)));
}

#[test]
fn the_post_gives_out_what_the_counter_gives_out_and_does_no_other_step() {
    let post = officer(&[(COUNTER, Role::PostOffice)]);
    let may = |task| post.may_do_step(&Step { task, ..step(Role::Counter) }, COUNTER, &SCOPE, None);
    assert_eq!(may(StepTask::HandOver), Ok(()));
    assert_eq!(may(StepTask::Examine), Err(NotYours::NeedsRole(Role::Counter)));
    let seal = Step { task: StepTask::HandOver, ..step(Role::Clerk) };
    assert_eq!(post.may_do_step(&seal, COUNTER, &SCOPE, None), Err(NotYours::NeedsRole(Role::Clerk)));
}

#[test]
fn lists_know_the_limits_of_each_post() {
    let limited = |agency, role| Post { procedures: Some(vec![code("1.004873")]), ..Post::new(agency, role) };
    let actor = Actor::Officer {
        id: BINH,
        name: String::new(),
        agency: COUNTER,
        posts: vec![
            Post::new(COMMITTEE, Role::Head),
            Post::new(COUNTER, Role::PostOffice),
            Post::new(ELSEWHERE, Role::Admin),
            limited(HOLDING, Role::Specialist),
        ],
        lent: vec![Lent { delegation: delegation(), post: limited(ELSEWHERE, Role::CentreHead) }],
    };
    let sight = actor.sight();
    assert_eq!(sight.concerned, BTreeSet::from([COMMITTEE]));
    assert_eq!(sight.received, BTreeSet::from([COMMITTEE, COUNTER]));
    assert_eq!(sight.concerned_in, BTreeSet::from([(HOLDING, code("1.004873"))]));
    let received_in = [(HOLDING, code("1.004873")), (ELSEWHERE, code("1.004873"))];
    assert_eq!(sight.received_in, BTreeSet::from(received_in));
    assert_eq!(sight.agencies(), BTreeSet::from([COMMITTEE, COUNTER, HOLDING, ELSEWHERE]));
    assert!(!sight.is_whole() && officer(&[(COMMITTEE, Role::Head)]).sight().is_whole());
    assert!(!officer(&[(COUNTER, Role::PostOffice)]).sight().is_whole());
    // Asked about a dossier, an agency sees it through those who have to do with its procedure.
    let asked = |agency| {
        [code("1.004873"), code("1.000656")].map(|procedure| sight.includes_asked(agency, &procedure))
    };
    assert_eq!(asked(COMMITTEE), [true, true]);
    assert_eq!(asked(HOLDING), [true, false]);
    assert_eq!((asked(COUNTER), asked(ELSEWHERE)), ([false; 2], [false; 2]), "received is not asked");
}

/// Whoever takes over from an agency sees its rows as he sees those of his own, and no further.
#[test]
fn what_an_agency_came_from_is_seen_within_the_same_limits() {
    let only = code("1.004873");
    let actor = Actor::Officer {
        id: BINH,
        name: String::new(),
        agency: COUNTER,
        posts: vec![
            Post { procedures: Some(vec![only.clone()]), ..Post::new(COUNTER, Role::Specialist) },
            Post::new(COMMITTEE, Role::CentreHead),
        ],
        lent: Vec::new(),
    };
    let forebears = BTreeMap::from([(COUNTER, vec![HOLDING]), (COMMITTEE, vec![ELSEWHERE])]);
    let sight = actor.sight().with_forebears(&forebears);
    let of = |agency, procedure| Matter {
        procedure,
        ..Matter::from(&AgencyScope { receiving: agency, competent: NOWHERE, holding: NOWHERE })
    };
    let settled = |agency, procedure| Matter {
        procedure,
        ..Matter::from(&AgencyScope { receiving: NOWHERE, competent: agency, holding: NOWHERE })
    };
    let other = code("1.000656");
    assert!(sight.includes(of(HOLDING, Some(&only))) && sight.includes(settled(HOLDING, Some(&only))));
    assert!(!sight.includes(of(HOLDING, Some(&other))) && !sight.includes(of(HOLDING, None)));
    assert!(sight.includes(of(ELSEWHERE, Some(&other))), "received by whom his agency came from");
    assert!(!sight.includes(settled(ELSEWHERE, Some(&other))), "settling it is not receiving it");
    let secret = Matter { sensitivity: Sensitivity::Secret, ..of(HOLDING, Some(&only)) };
    assert!(!sight.includes(secret), "what is secret is asked of the actor");
    assert!(!actor.sight().includes(of(HOLDING, Some(&only))));
}

#[test]
fn a_post_has_its_days() {
    let post = Post {
        valid_from: Some(date(2026, 11, 2)),
        valid_to: Some(date(2026, 11, 30)),
        ..Post::new(COUNTER, Role::Counter)
    };
    let days = [(1, false), (2, true), (30, true)];
    assert!(days.iter().all(|&(day, valid)| post.is_valid_on(date(2026, 11, day)) == valid));
    assert!(!post.is_valid_on(date(2026, 12, 1)));
    assert!(Post::new(COUNTER, Role::Counter).is_valid_on(date(1990, 1, 1)));
}
