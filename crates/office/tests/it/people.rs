//! Delegation, leave, transfer, two persons for high roles, and who read whose papers.

use crate::counter::received;
use crate::house::{House, applicant, id_of};
use jiff::civil::{Date, date};
use office::people::delegation::{Granted, Lending};
use office::people::leave::Leave;
use office::people::moves::Move;
use office::people::transfer::{Passed, Transfer};
use office::{By, Error, Refusal};
use rules::event::Subject;
use rules::id::{DossierId, OfficerId, ProposalId};
use rules::people::delegation::DelegationKind;
use rules::people::leave::Cover;
use rules::people::{PeopleFault, Post, Role, Scope};
use store::testing::Scratch;

const TODAY: Date = date(2026, 11, 23);
const FRIDAY: Date = date(2026, 11, 27);

pub(crate) fn faults<T: std::fmt::Debug>(done: Result<T, Error>) -> Vec<PeopleFault> {
    match done {
        Err(Error::Refused(refusal)) => {
            let said = refusal.sentences(ToOwned::to_owned);
            let Refusal::People(faults) = refusal else { panic!("{refusal:?}") };
            assert_eq!(said.len(), faults.len(), "each is said");
            faults
        }
        other => panic!("{other:?}"),
    }
}

/// The kinds of the events about an officer.
pub(crate) async fn events_of(house: &House, officer: OfficerId) -> Vec<String> {
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let subject = Subject::Officer(officer);
    let broken = store::event::check_chain(&mut reader, subject).await.expect("read");
    assert_eq!(broken, None, "the chain holds");
    let events = store::event::of_subject(&mut reader, subject, 100).await.expect("read");
    events.iter().map(|event| event.body.kind()).collect()
}

/// The same person, as he may act today.
pub(crate) async fn today(house: &House, by: &By) -> By {
    By::new(house.office.actor_of(id_of(&by.actor)).await.expect("an actor"))
}

/// A dossier in the hand of an officer of the role its step asks for.
pub(crate) async fn in_hand(house: &House) -> (DossierId, By, Role) {
    let counter = house.officer(Role::Counter).await;
    let id = received(house, &counter).await;
    let view = house.office.dossier_view(&counter.actor, id).await.expect("the dossier");
    let role = view.present_step().expect("a step").role;
    let officer = house.officer(role).await;
    house.office.take(&officer, id).await.expect("taken");
    (id, officer, role)
}

pub(crate) fn lending(house: &House, from: &By, to: &By, role: Role) -> Lending {
    Lending {
        from: id_of(&from.actor),
        to: id_of(&to.actor),
        agency: house.commune,
        role,
        procedures: None,
        valid_from: TODAY,
        valid_to: FRIDAY,
        kind: DelegationKind::Substitution,
        decision: "12/QĐ-UBND".to_owned(),
    }
}

fn leave(officer: &By, cover: Option<Cover>) -> Leave {
    Leave { officer: id_of(&officer.actor), valid_from: TODAY, valid_to: FRIDAY, cover }
}

fn substitute(by: &By) -> Cover {
    Cover::Substitute { officer: id_of(&by.actor), decision: "12/QĐ-UBND".to_owned() }
}

async fn what_is_lent_is_worked_with_until_it_is_taken_back(db: Scratch) {
    let house = House::open(&db).await;
    let (head, clerk) = (house.officer(Role::Head).await, house.officer(Role::Clerk).await);
    let lent = house.office.delegate(&head, &lending(&house, &head, &clerk, Role::Head)).await.expect("lent");
    assert_eq!((lent.granted, lent.overlaps.len()), (Granted::Now, 0));
    assert!(today(&house, &clerk).await.actor.has_role(Role::Head));
    assert_eq!(events_of(&house, id_of(&clerk.actor)).await, ["delegated"]);

    let again =
        house.office.delegate(&head, &lending(&house, &head, &clerk, Role::Head)).await.expect("again");
    assert_eq!(again.overlaps, [lent.delegation], "allowed and told");
    let stranger = house.officer(Role::Specialist).await;
    let refused = house.office.end_delegation(&stranger, lent.delegation, "không cần").await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    let silent = house.office.end_delegation(&head, lent.delegation, " ").await;
    assert_eq!(faults(silent), [PeopleFault::ReasonMissing]);
    for id in [lent.delegation, again.delegation] {
        house.office.end_delegation(&head, id, "đã đi làm lại").await.expect("taken back");
    }
    assert!(!today(&house, &clerk).await.actor.has_role(Role::Head), "at once");
}

async fn nobody_lends_what_is_not_his(db: Scratch) {
    let house = House::open(&db).await;
    let (head, clerk) = (house.officer(Role::Head).await, house.officer(Role::Clerk).await);
    let not_his = house.office.delegate(&clerk, &lending(&house, &head, &clerk, Role::Head)).await;
    assert!(matches!(not_his, Err(Error::NotYours(_))), "{not_his:?}");
    house.office.delegate(&head, &lending(&house, &head, &clerk, Role::Head)).await.expect("lent");
    let third = house.officer(Role::Specialist).await;
    let clerk = today(&house, &clerk).await;
    let lent_on = house.office.delegate(&clerk, &lending(&house, &clerk, &third, Role::Head)).await;
    assert_eq!(faults(lent_on), [PeopleFault::NotHisPost(Role::Head)]);
    assert!(events_of(&house, id_of(&third.actor)).await.is_empty(), "nothing is written");
}

async fn a_substitute_finds_the_dossiers_where_they_are(db: Scratch) {
    let house = House::open(&db).await;
    let (id, away, role) = in_hand(&house).await;
    let colleague = house.officer(role).await;
    let nobody = faults(house.office.begin_leave(&away, &leave(&away, None)).await);
    let code = house.dossier(id).await.code.expect("received").to_string();
    assert_eq!(nobody, [PeopleFault::NobodyTakesOver { held: 1, codes: vec![code] }]);

    let told = house.office.explain(&colleague.actor, id).await.expect("explained");
    assert!(told.way_out.is_some_and(|way| way.contains("Người đang giữ")), "whom to ask");
    let begun = leave(&away, Some(substitute(&colleague)));
    let begun = house.office.begin_leave(&away, &begun).await.expect("begun");
    assert_eq!((begun.lent.len(), begun.returned.len()), (1, 0));
    assert_eq!(house.dossier(id).await.state.officer(), Some(id_of(&away.actor)), "still in his name");
    let acting = today(&house, &colleague).await;
    let view = house.office.dossier_view(&acting.actor, id).await.expect("seen");
    assert!(view.may_do_step, "the substitute works for him");
    let why = house.office.explain(&acting.actor, id).await.expect("explained");
    assert!(why.way_out.is_none() && why.why.iter().any(|why| why.contains("làm thay")), "{why:?}");

    let twice = house.office.begin_leave(&away, &leave(&away, Some(substitute(&colleague)))).await;
    assert_eq!(faults(twice), [PeopleFault::AwayAlready(FRIDAY)]);
    house.office.end_leave(&away, begun.absence).await.expect("back");
    let acting = today(&house, &colleague).await;
    assert!(!house.office.dossier_view(&acting.actor, id).await.expect("seen").may_do_step);
    assert_eq!(events_of(&house, id_of(&away.actor)).await, ["leave_begun", "leave_ended"]);
}

async fn without_a_substitute_the_dossiers_go_back_to_the_inbox(db: Scratch) {
    let house = House::open(&db).await;
    let (id, away, role) = in_hand(&house).await;
    let cover = Cover::Inbox { reason: "ốm, không có người cùng việc".to_owned() };
    let begun = house.office.begin_leave(&away, &leave(&away, Some(cover))).await.expect("begun");
    assert_eq!(begun.returned, [id]);
    assert_eq!(house.dossier(id).await.state.officer(), None);
    assert_eq!(house.events(id).await.last().map(String::as_str), Some("reassigned"));
    let colleague = house.officer(role).await;
    house.office.take(&colleague, id).await.expect("taken by another");
}

async fn a_transfer_leaves_nothing_behind(db: Scratch) {
    let house = House::open(&db).await;
    let admin = house.administrator().await;
    let (id, leaving, role) = in_hand(&house).await;
    let (heir, clerk) = (house.officer(role).await, house.officer(Role::Clerk).await);
    let transfer = Transfer {
        officer: id_of(&leaving.actor),
        on: TODAY,
        agency: house.elsewhere,
        posts: vec![Post::new(house.elsewhere, Role::Specialist), Post::new(house.elsewhere, Role::Leader)],
        moves: Vec::new(),
        decision: "15/QĐ-UBND".to_owned(),
    };
    let refused = house.office.transfer_officer(&leaving, &transfer).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    let code = house.dossier(id).await.code.expect("received").to_string();
    let left = faults(house.office.transfer_officer(&admin, &transfer).await);
    assert_eq!(left, [PeopleFault::NotMoved(vec![code.clone()])]);
    let to = |to: &By| vec![Move { dossier: id, to: Some(id_of(&to.actor)) }];
    let wrong = Transfer { moves: to(&clerk), ..transfer.clone() };
    assert_eq!(faults(house.office.transfer_officer(&admin, &wrong).await), [PeopleFault::CannotTake(code)]);

    let transfer = Transfer { moves: to(&heir), ..transfer };
    let done = house.office.transfer_officer(&admin, &transfer).await.expect("transferred");
    assert_eq!(done.waiting.len(), 1, "a leader is confirmed by a second person");
    assert_eq!(
        done.moved,
        [Passed {
            code: house.dossier(id).await.code.expect("received").to_string(),
            to: Some((id_of(&heir.actor), format!("{role:?}"))),
        }]
    );
    assert_eq!(house.dossier(id).await.state.officer(), Some(id_of(&heir.actor)));
    let actor = today(&house, &leaving).await.actor;
    assert_eq!((actor.agency(), actor.sight()), (house.elsewhere, Scope::whole([house.elsewhere])));
    assert!(!actor.has_role(Role::Leader));
    let kept = house.events(id).await;
    assert_eq!(kept.iter().filter(|kind| *kind == "reassigned").count(), 1);
    let about = events_of(&house, id_of(&leaving.actor)).await;
    assert_eq!(about, ["right_proposed", "officer_transferred"]);
}

/// Proposes the post of a leader for somebody.
async fn proposed(house: &House, admin: &By, officer: OfficerId) -> ProposalId {
    let post = Post::new(house.commune, Role::Leader);
    match house.office.propose_post(admin, officer, &post, "16/QĐ").await.expect("proposed") {
        Granted::Waits(proposal) => proposal,
        Granted::Now => panic!("one person made a leader"),
    }
}

async fn a_high_role_takes_two_persons(db: Scratch) {
    let house = House::open(&db).await;
    let (first, second) = (house.officer(Role::Admin).await, house.officer(Role::Admin).await);
    let gains = house.officer(Role::Specialist).await;
    let officer = id_of(&gains.actor);
    let proposal = proposed(&house, &first, officer).await;
    assert_eq!(house.office.open_proposals(&second).await.expect("listed").len(), 1);
    assert!(!today(&house, &gains).await.actor.has_role(Role::Leader), "not yet");
    let alone = house.office.confirm_post(&first, proposal).await;
    assert_eq!(faults(alone), [PeopleFault::SamePerson]);
    let refused = house.office.confirm_post(&gains, proposal).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    house.office.confirm_post(&second, proposal).await.expect("confirmed");
    assert!(today(&house, &gains).await.actor.has_role(Role::Leader));
    assert_eq!(faults(house.office.confirm_post(&second, proposal).await), [PeopleFault::Settled]);
    assert_eq!(events_of(&house, officer).await, ["right_proposed", "right_confirmed"]);

    let himself = proposed(&house, &first, id_of(&second.actor)).await;
    assert_eq!(faults(house.office.confirm_post(&second, himself).await), [PeopleFault::GainsHimself]);
    house.office.clock.advance(jiff::SignedDuration::from_hours(24 * 8));
    let third = house.officer(Role::Admin).await;
    assert_eq!(
        faults(house.office.confirm_post(&third, himself).await),
        [PeopleFault::Lapsed(date(2026, 11, 30))]
    );
}

async fn an_ordinary_post_takes_one_and_ends_by_one(db: Scratch) {
    let house = House::open(&db).await;
    let admin = house.administrator().await;
    let (id, officer, role) = in_hand(&house).await;
    let of = id_of(&officer.actor);
    let post = Post::new(house.elsewhere, Role::Counter);
    assert_eq!(house.office.propose_post(&admin, of, &post, "16/QĐ").await.expect("given"), Granted::Now);
    assert!(today(&house, &officer).await.actor.has_role(Role::Counter));
    let twice = house.office.propose_post(&admin, of, &post, "16/QĐ").await;
    assert_eq!(faults(twice), [PeopleFault::HasIt(Role::Counter)]);

    let code = house.dossier(id).await.code.expect("received").to_string();
    let busy = house.office.end_post(&admin, of, house.commune, role, "17/QĐ").await;
    assert_eq!(faults(busy), [PeopleFault::NotMoved(vec![code])]);
    let head = house.officer(Role::Head).await;
    house.office.reassign(&head, id, None, "điều chuyển").await.expect("back to the inbox");
    house.office.end_post(&admin, of, house.commune, role, "17/QĐ").await.expect("ended");
    assert_eq!(today(&house, &officer).await.actor.sight(), Scope::whole([house.elsewhere]));
    let none = house.office.end_post(&admin, of, house.commune, role, "17/QĐ").await;
    assert_eq!(faults(none), [PeopleFault::HasNot(role)]);
    assert_eq!(events_of(&house, of).await, ["post_given", "post_ended"]);
}

async fn a_post_for_other_procedures_sees_nothing_here(db: Scratch) {
    let house = House::open(&db).await;
    let (id, ..) = in_hand(&house).await;
    let procedure = house.dossier(id).await.procedure;
    for (code, seen) in [(procedure.as_str(), true), ("1.004873", false)] {
        let procedures = Some(vec![code.parse().expect("a code")]);
        let post = Post { procedures, ..Post::new(house.commune, Role::Head) };
        let head = house.officer_with(post).await;
        assert_eq!(house.office.explain(&head.actor, id).await.is_ok(), seen, "{code}");
        let moved = house.office.reassign(&head, id, None, "chia lại việc").await;
        assert_eq!(moved.is_ok(), seen, "{moved:?}");
    }
}

async fn a_person_is_told_who_read_his_papers_and_why(db: Scratch) {
    let house = House::open(&db).await;
    let (id, officer, _) = in_hand(&house).await;
    let holder = house.dossier(id).await.people.holder;
    assert!(house.office.who_read(holder).await.expect("read").is_empty(), "{:?}", applicant().name);
    house.office.list_repository(&officer, holder).await.expect("listed");
    let told = house.office.who_read(holder).await.expect("read");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].purpose, "tra cứu kho giấy tờ");
    assert!(told[0].agency.contains("Yên Bình"), "{told:?}");
}

store::on_both!(
    what_is_lent_is_worked_with_until_it_is_taken_back,
    nobody_lends_what_is_not_his,
    a_substitute_finds_the_dossiers_where_they_are,
    without_a_substitute_the_dossiers_go_back_to_the_inbox,
    a_transfer_leaves_nothing_behind,
    a_high_role_takes_two_persons,
    an_ordinary_post_takes_one_and_ends_by_one,
    a_post_for_other_procedures_sees_nothing_here,
    a_person_is_told_who_read_his_papers_and_why,
);
