//! The `where` clause says what the rule says; what is in hand and who read are read back.

use super::{has_read, in_hand, readings_of, visible};
use crate::people::rights::{add_delegation, lent_to, posts};
use crate::people::{add_officer, put_unit};
use crate::sample::{self, Office, after, now, office};
use crate::testing::Scratch;
use crate::{Db, Error, event, on_both, procedure, time};
use jiff::civil::{Date, date};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rules::code::ProcedureCode;
use rules::dossier::{AtStep, Dossier, State};
use rules::event::{Body, Subject};
use rules::id::{AgencyId, DelegationId, DossierId, EntryId, OfficerId};
use rules::people::delegation::{Delegation, DelegationKind};
use rules::people::{Actor, AgencyScope, Post, Role, Sensitivity};
use std::collections::BTreeSet;

const TODAY: Date = date(2026, 11, 21);
const OFFICERS: usize = 120;
const DELEGATIONS: usize = 150;

/// Three agencies that take part in dossiers, and one that never does.
async fn agencies(db: &Db, office: &Office) -> [AgencyId; 4] {
    let fourth = AgencyId(time::new_id(now()));
    db.act(|mut tx| async move { put_unit(&mut tx, fourth, &sample::unit("so", "H99.7"), None).await })
        .await
        .expect("a fourth agency");
    [office.commune, office.province, office.elsewhere, fourth]
}

/// A dossier of every procedure in every relation to the first three agencies.
async fn every_dossier(
    db: &Db,
    office: &Office,
    agencies: &[AgencyId; 4],
) -> (Vec<Dossier>, Vec<ProcedureCode>) {
    let codes = ["1.000656", "1.004873", "2.000815"];
    let others = &codes[1..].iter().map(|code| sample::procedure(code, 1, code, ("2025-07-01", None)));
    for other in others.clone() {
        let other = &other;
        db.act(|mut tx| async move { procedure::add(&mut tx, other).await }).await.expect("a procedure");
    }
    let codes: Vec<ProcedureCode> = codes.iter().map(|code| code.parse().expect("a code")).collect();
    let mut dossiers = Vec::new();
    for n in 0..81 {
        let [receiving, competent, holding] =
            [n % 3, n / 3 % 3, n / 9 % 3].map(|place: usize| agencies[place]);
        let dossier = Dossier {
            procedure: codes[n / 27].clone(),
            scope: AgencyScope { receiving, competent, holding },
            ..office.intake(now())
        };
        office.put(db, &dossier).await;
        dossiers.push(dossier);
    }
    (dossiers, codes)
}

struct Chance {
    rng: StdRng,
    agencies: [AgencyId; 4],
    codes: Vec<ProcedureCode>,
}

impl Chance {
    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of.choose(&mut self.rng).expect("not empty").clone()
    }

    fn procedures(&mut self) -> Option<Vec<ProcedureCode>> {
        let n = self.rng.random_range(0..=self.codes.len());
        self.rng.random_bool(0.5).then(|| self.codes[..n].to_vec())
    }

    fn day(&mut self) -> Date {
        date(2026, 11, self.rng.random_range(15..=27))
    }

    fn post(&mut self) -> Post {
        let first = self.day();
        Post {
            procedures: self.procedures(),
            ceiling: self.one(&[Sensitivity::Personal, Sensitivity::Secret]),
            valid_from: self.rng.random_bool(0.3).then_some(first),
            valid_to: self.rng.random_bool(0.3).then_some(date(2026, 11, 27)),
            ..Post::new(self.one(&self.agencies.clone()), self.one(&Role::ALL))
        }
    }

    fn delegation(&mut self, officers: &[OfficerId], posts: &[(OfficerId, Post)]) -> Option<Delegation> {
        let (from, post) = self.one(posts);
        let to = self.one(officers);
        let (one, other) = (self.day(), self.day());
        (from != to).then(|| Delegation {
            id: DelegationId(time::new_id(now())),
            from,
            to,
            agency: post.agency,
            role: post.role,
            procedures: self.procedures(),
            valid_from: one.min(other),
            valid_to: one.max(other),
            kind: DelegationKind::Substitution,
            decision: "12/QĐ".into(),
        })
    }
}

/// For random officers with random posts, some lent on, the list of what each may see is the same asked
/// row by row of the rule and asked at once of the database.
async fn the_where_clause_says_what_the_rule_says(db: Scratch) {
    let office = office(&db).await;
    let agencies = agencies(&db, &office).await;
    let (dossiers, codes) = every_dossier(&db, &office, &agencies).await;
    let mut chance = Chance { rng: StdRng::seed_from_u64(3), agencies, codes };
    let mut officers = Vec::new();
    let mut held = Vec::new();
    for n in 0..OFFICERS {
        let mut posts: Vec<Post> = (0..chance.rng.random_range(0..3)).map(|_| chance.post()).collect();
        posts.dedup_by_key(|post| (post.agency, post.role, post.valid_from));
        let officer = &sample::officer(&format!("cán bộ {n}"), office.commune, posts);
        db.act(|mut tx| async move { add_officer(&mut tx, officer).await }).await.expect("an officer");
        officers.push(officer.id);
        held.extend(officer.posts.iter().map(|post| (officer.id, post.clone())));
    }
    let delegations: Vec<Delegation> =
        (0..DELEGATIONS).filter_map(|_| chance.delegation(&officers, &held)).collect();
    let given = &delegations;
    db.act(|mut tx| async move {
        for delegation in given {
            add_delegation(&mut tx, delegation).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("delegations");

    let ids: Vec<DossierId> = dossiers.iter().map(|dossier| dossier.id).collect();
    let (mut n_seen, mut n_lent) = (0, 0);
    let mut reader = db.read().await.expect("a snapshot");
    for id in officers {
        let mut own = posts(&mut reader, id).await.expect("read");
        own.retain(|post| post.is_valid_on(TODAY));
        let lent = lent_to(&mut reader, id, TODAY).await.expect("read");
        let mut expected: Vec<_> = delegations
            .iter()
            .filter(|delegation| delegation.to == id)
            .flat_map(|delegation| {
                let of_giver: Vec<Post> = held
                    .iter()
                    .filter(|(giver, _)| *giver == delegation.from)
                    .map(|(_, post)| post.clone())
                    .collect();
                delegation.lent(&of_giver, TODAY)
            })
            .map(|lent| (lent.delegation.id, lent.post.procedures))
            .collect();
        let mut found: Vec<_> =
            lent.iter().map(|lent| (lent.delegation.id, lent.post.procedures.clone())).collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "what is lent is what the rule lends");
        n_lent += lent.len();
        let actor = Actor::Officer { id, name: String::new(), agency: office.commune, posts: own, lent };
        let by_rule: BTreeSet<DossierId> = dossiers
            .iter()
            .filter(|dossier| actor.may_see(*dossier).is_ok())
            .map(|dossier| dossier.id)
            .collect();
        let by_clause: BTreeSet<DossierId> =
            visible(&mut reader, &actor.sight(), &ids).await.expect("read").into_iter().collect();
        assert_eq!(by_clause, by_rule, "{actor:?}");
        n_seen += by_rule.len();
    }
    assert!(n_seen > 1_000 && n_lent > 20, "the officers are not all strangers: {n_seen}, {n_lent}");
}

async fn what_is_in_hand_is_found_whatever_its_state(db: Scratch) {
    let office = office(&db).await;
    let step = || "tham-dinh".to_owned();
    let hand = Some(office.specialist);
    let at = |officer| AtStep { step: step(), officer, result: None };
    let states = [
        State::InProcess(at(hand)),
        State::AwaitingSupplement { at_step: at(hand), items: Vec::new(), until: None },
        State::InProcess(at(None)),
        State::Withdrawn { reason: "đổi ý".into() },
    ];
    let mut put = Vec::new();
    for state in states {
        let dossier = Dossier { state, ..office.intake(now()) };
        office.put(&db, &dossier).await;
        put.push(dossier.id);
    }
    let mut reader = db.read().await.expect("a snapshot");
    let found: BTreeSet<DossierId> =
        in_hand(&mut reader, office.specialist).await.expect("read").iter().map(|held| held.id).collect();
    assert_eq!(found, put[..2].iter().copied().collect());
    assert!(in_hand(&mut reader, office.counter).await.expect("read").is_empty());
}

async fn a_person_learns_who_read_his_papers(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await;
    let stranger = &sample::party("Lê Thị Bưởi", &[]);
    let viewed = || Body::PaperViewed { entry: None, record: None };
    let mut events = Vec::new();
    for (minute, subject, of, body) in [
        (1, Subject::Dossier(dossier.id), Some(dossier.id), viewed()),
        (2, Subject::Party(office.holder), None, Body::RepositoryListed { found: 2 }),
        (3, Subject::Party(stranger.id), None, Body::RepositoryListed { found: 0 }),
        (4, Subject::Entry(EntryId(time::new_id(now()))), None, viewed()),
        (
            5,
            Subject::Dossier(dossier.id),
            Some(dossier.id),
            Body::Withdrawn { reason: "đổi ý".into(), returned: Vec::new() },
        ),
    ] {
        let event = office.event(subject, of, body).for_purpose("giải quyết hồ sơ");
        events.push(rules::event::NewEvent { happened_at: after(minute), ..event });
    }
    let events = &events;
    db.act(|mut tx| async move {
        crate::people::save_party(&mut tx, stranger).await?;
        for event in events {
            event::append(&mut tx, event, now()).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("events");
    let mut reader = db.read().await.expect("a snapshot");
    let readings = readings_of(&mut reader, office.holder, 50).await.expect("read");
    let kinds: Vec<(&str, _)> = readings.iter().map(|read| (read.kind.as_str(), read.at)).collect();
    assert_eq!(kinds, [("repository_listed", after(2)), ("paper_viewed", after(1))], "the latest first");
    assert_eq!(readings[1].dossier, Some(dossier.id));
    assert_eq!(readings[0].officer, Some(office.counter));
    assert_eq!(readings[0].purpose.as_deref(), Some("giải quyết hồ sơ"));
    assert_eq!(readings_of(&mut reader, office.holder, 1).await.expect("read").len(), 1);

    let read = async |reader: &mut crate::Reader, officer, minute| {
        has_read(reader, officer, dossier.id, after(minute)).await.expect("read")
    };
    assert_eq!(read(&mut reader, office.counter, 0).await, Some(after(1)));
    assert_eq!(read(&mut reader, office.counter, 2).await, None, "not since then");
    assert_eq!(read(&mut reader, office.specialist, 0).await, None, "it was another");
}

on_both!(
    the_where_clause_says_what_the_rule_says,
    what_is_in_hand_is_found_whatever_its_state,
    a_person_learns_who_read_his_papers,
);
