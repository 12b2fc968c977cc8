//! Posts in time, what is lent on a day, who could act, leave, and proposals that wait.

use super::{
    able, absence, absences_of, absent_on, add_absence, add_delegation, add_post, add_proposal, delegation,
    delegations_by, delegations_to, end_absence, end_delegation, end_post, lent_to, open_proposals, posts,
    proposal, save_proposal,
};
use crate::people::{add_officer, officer, set_agency};
use crate::sample::{self, Office, now, office};
use crate::testing::Scratch;
use crate::{Db, Error, on_both, time};
use jiff::civil::{Date, date};
use rules::id::{AbsenceId, DelegationId, OfficerId, ProposalId};
use rules::people::delegation::{Delegation, DelegationKind};
use rules::people::leave::{Absence, Cover};
use rules::people::proposal::{Change, Proposal};
use rules::people::{Post, Right, Role, Sensitivity};

const TODAY: Date = date(2026, 11, 21);

/// One act of one statement.
macro_rules! written {
    ($db:expr, |$tx:ident| $done:expr) => {
        $db.act(|mut tx| async move {
            let $tx = &mut tx;
            $done.await
        })
        .await
    };
}

fn lends(office: &Office, from: OfficerId, to: OfficerId) -> Delegation {
    Delegation {
        id: DelegationId(time::new_id(now())),
        from,
        to,
        agency: office.commune,
        role: Role::Counter,
        procedures: None,
        valid_from: date(2026, 11, 20),
        valid_to: date(2026, 11, 25),
        kind: DelegationKind::Substitution,
        decision: "12/QĐ-UBND".into(),
    }
}

async fn posts_of(db: &Db, officer: OfficerId) -> Vec<Post> {
    let mut reader = db.read().await.expect("a snapshot");
    posts(&mut reader, officer).await.expect("read")
}

async fn a_post_keeps_its_history(db: Scratch) {
    let office = office(&db).await;
    let limited = &Post {
        procedures: Some(vec![office.procedure.code.clone()]),
        ceiling: Sensitivity::Secret,
        valid_from: Some(date(2026, 12, 1)),
        valid_to: Some(date(2026, 12, 31)),
        ..Post::new(office.commune, Role::Counter)
    };
    let first = &posts_of(&db, office.counter).await[0];
    assert_eq!(first, &Post::new(office.commune, Role::Counter), "since ever, without end");
    written!(db, |tx| end_post(tx, office.counter, first, TODAY)).expect("ended");
    written!(db, |tx| add_post(tx, office.counter, limited)).expect("given again");
    let ended = Post { valid_to: Some(date(2026, 11, 20)), ..first.clone() };
    assert_eq!(posts_of(&db, office.counter).await, [ended.clone(), limited.clone()]);
    let error = written!(db, |tx| add_post(tx, office.counter, limited)).expect_err("twice");
    assert!(matches!(&error, Error::Taken(name) if name == "post_pkey"), "{error}");

    written!(db, |tx| end_post(tx, office.counter, limited, TODAY)).expect("taken away before it began");
    assert_eq!(posts_of(&db, office.counter).await, [ended]);
    let error = written!(db, |tx| end_post(tx, office.counter, limited, TODAY)).expect_err("gone");
    assert!(matches!(error, Error::Stale { table: "post", .. }));
}

async fn an_officer_works_for_another_agency_from_then_on(db: Scratch) {
    let office = office(&db).await;
    written!(db, |tx| set_agency(tx, office.counter, office.elsewhere)).expect("moved");
    let mut reader = db.read().await.expect("a snapshot");
    let moved = officer(&mut reader, office.counter).await.expect("read").expect("he is there");
    assert_eq!(moved.agency, office.elsewhere);
    assert_eq!(moved.posts, [Post::new(office.commune, Role::Counter)], "his posts are another matter");
    drop(reader);
    let nobody = OfficerId(time::new_id(now()));
    let error = written!(db, |tx| set_agency(tx, nobody, office.elsewhere)).expect_err("nobody");
    assert!(matches!(error, Error::Stale { table: "officer", .. }));
}

async fn what_is_lent_comes_and_goes_with_its_days_and_its_giver(db: Scratch) {
    let office = office(&db).await;
    let lent = &lends(&office, office.counter, office.specialist);
    written!(db, |tx| add_delegation(tx, lent)).expect("given");
    let lent_on = async |day| {
        let mut reader = db.read().await.expect("a snapshot");
        lent_to(&mut reader, office.specialist, day).await.expect("read")
    };
    for (day, n) in [(19, 0), (20, 1), (25, 1), (26, 0)] {
        assert_eq!(lent_on(date(2026, 11, day)).await.len(), n, "{day}");
    }
    let arrived = lent_on(TODAY).await;
    assert_eq!(arrived[0].delegation, *lent);
    assert_eq!(arrived[0].post, Post::new(office.commune, Role::Counter));

    let own = &posts_of(&db, office.counter).await[0];
    written!(db, |tx| end_post(tx, office.counter, own, date(2026, 11, 22))).expect("ended");
    assert_eq!(lent_on(TODAY).await.len(), 1);
    assert_eq!(lent_on(date(2026, 11, 22)).await.len(), 0, "what he has no more he lends no more");

    written!(db, |tx| end_delegation(tx, lent, TODAY)).expect("ended");
    let mut reader = db.read().await.expect("a snapshot");
    let kept = delegation(&mut reader, lent.id).await.expect("read").expect("it is kept");
    assert_eq!(kept.valid_to, date(2026, 11, 20));
    assert_eq!(delegations_by(&mut reader, office.counter, TODAY).await.expect("read"), []);
    let known = delegations_by(&mut reader, office.counter, date(2026, 11, 20)).await.expect("read");
    assert_eq!(known, [kept]);
    assert_eq!(
        delegations_to(&mut reader, office.specialist, date(2026, 11, 20)).await.expect("read"),
        known
    );
    assert_eq!(delegations_to(&mut reader, office.specialist, TODAY).await.expect("read"), []);
}

async fn who_is_able_is_there_and_has_the_post_or_its_loan(db: Scratch) {
    let office = office(&db).await;
    let away = &sample::officer("vắng", office.commune, vec![Post::new(office.commune, Role::Counter)]);
    let closed = &crate::people::Officer {
        active: false,
        ..sample::officer("khóa", office.commune, vec![Post::new(office.commune, Role::Counter)])
    };
    let limited = &sample::officer(
        "giới hạn",
        office.commune,
        vec![Post {
            procedures: Some(vec![office.procedure.code.clone()]),
            ..Post::new(office.commune, Role::Counter)
        }],
    );
    for officer in [away, closed, limited] {
        written!(db, |tx| add_officer(tx, officer)).expect("added");
    }
    let absence = &Absence {
        id: AbsenceId(time::new_id(now())),
        officer: away.id,
        valid_from: TODAY,
        valid_to: date(2026, 11, 23),
        cover: Cover::Inbox { reason: "ốm".into() },
    };
    let lent = &lends(&office, away.id, office.specialist);
    written!(db, |tx| add_absence(tx, absence)).expect("away");
    written!(db, |tx| add_delegation(tx, lent)).expect("lent");

    let mut reader = db.read().await.expect("a snapshot");
    let found = able(&mut reader, office.commune, Role::Counter, TODAY).await.expect("read");
    let who: Vec<_> = found.iter().map(|able| (able.officer, able.right)).collect();
    let through = Right { on_behalf_of: Some(away.id), through: Some(lent.id) };
    let own = Right::default();
    let mut expected = vec![(office.counter, own), (limited.id, own)];
    expected.sort_by_key(|(officer, _)| *officer);
    expected.push((office.specialist, through));
    assert_eq!(who, expected, "those who act for themselves first");
    let other = "2.000815".parse().expect("a code");
    for able in &found {
        assert_eq!(able.covers(&other), able.officer != limited.id);
    }
    assert!(found.iter().all(|able| able.covers(&office.procedure.code)));
    let back = able(&mut reader, office.commune, Role::Counter, date(2026, 11, 24)).await.expect("read");
    assert!(back.iter().any(|able| able.officer == away.id), "after his leave");
    assert_eq!(able(&mut reader, office.commune, Role::Leader, TODAY).await.expect("read"), []);
    assert_eq!(able(&mut reader, office.province, Role::Counter, TODAY).await.expect("read"), []);
}

async fn a_leave_is_known_on_its_days_and_ends_early(db: Scratch) {
    let office = office(&db).await;
    let leave = &Absence {
        id: AbsenceId(time::new_id(now())),
        officer: office.counter,
        valid_from: TODAY,
        valid_to: date(2026, 11, 27),
        cover: Cover::Substitute { officer: office.specialist, decision: "12/QĐ".into() },
    };
    written!(db, |tx| add_absence(tx, leave)).expect("added");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(absence(&mut reader, leave.id).await.expect("read").as_ref(), Some(leave));
    assert_eq!(absent_on(&mut reader, TODAY).await.expect("read"), std::slice::from_ref(leave));
    assert_eq!(absent_on(&mut reader, date(2026, 11, 20)).await.expect("read"), []);
    let both = [office.counter, office.specialist];
    assert_eq!(absences_of(&mut reader, &both, TODAY).await.expect("read").len(), 1);
    drop(reader);
    written!(db, |tx| end_absence(tx, leave, date(2026, 11, 24))).expect("back early");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(absent_on(&mut reader, date(2026, 11, 24)).await.expect("read"), []);
    assert_eq!(absent_on(&mut reader, date(2026, 11, 23)).await.expect("read").len(), 1);
    drop(reader);
    written!(db, |tx| end_absence(tx, leave, TODAY)).expect("called off");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(absence(&mut reader, leave.id).await.expect("read"), None);
}

async fn a_proposal_waits_until_it_is_confirmed_or_lapses(db: Scratch) {
    let office = office(&db).await;
    let change = Change::Post {
        officer: office.specialist,
        post: Post::new(office.commune, Role::Leader),
        decision: "16/QĐ".into(),
    };
    let id = ProposalId(time::new_id(now()));
    let proposed = &Proposal::new(id, office.counter, change, TODAY, 7);
    written!(db, |tx| add_proposal(tx, proposed, now())).expect("proposed");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(proposal(&mut reader, id).await.expect("read").as_ref(), Some(proposed));
    let open = open_proposals(&mut reader, date(2026, 11, 28)).await.expect("read");
    assert_eq!(open, std::slice::from_ref(proposed));
    assert_eq!(open_proposals(&mut reader, date(2026, 11, 29)).await.expect("read"), [], "lapsed");
    drop(reader);
    let confirmed = &Proposal { confirmed_by: Some(office.specialist), ..proposed.clone() };
    written!(db, |tx| save_proposal(tx, confirmed)).expect("confirmed");
    let error = written!(db, |tx| save_proposal(tx, confirmed)).expect_err("an old version");
    assert!(matches!(error, Error::Stale { table: "right_proposal", .. }));
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(open_proposals(&mut reader, TODAY).await.expect("read"), []);
    let kept = proposal(&mut reader, id).await.expect("read").expect("it is kept");
    assert_eq!(kept, Proposal { version: 2, ..confirmed.clone() });
}

on_both!(
    a_post_keeps_its_history,
    an_officer_works_for_another_agency_from_then_on,
    what_is_lent_comes_and_goes_with_its_days_and_its_giver,
    who_is_able_is_there_and_has_the_post_or_its_loan,
    a_leave_is_known_on_its_days_and_ends_early,
    a_proposal_waits_until_it_is_confirmed_or_lapses,
);
