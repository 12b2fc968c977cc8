//! The `where` clause says what the rule says, in every list; what is in hand and who read are read back.

use super::{asked_about, found_since, in_hand, last_reading, readings_of, visible};
use crate::dossier::{DossierLine, lines_of_holder, lines_preparing, lines_waiting};
use crate::people::rights::{add_delegation, lent_to, posts};
use crate::people::{add_officer, put_unit};
use crate::sample::{self, Office, after, now, office};
use crate::testing::Scratch;
use crate::unit::lines_of_unit;
use crate::{Db, Error, Reader, event, on_both, procedure, time};
use jiff::civil::{Date, date};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rules::code::ProcedureCode;
use rules::dossier::{AtStep, Dossier, State};
use rules::event::{Body, Subject};
use rules::id::{AgencyId, DelegationId, DossierId, EntryId, OfficerId, PartyId};
use rules::people::delegation::{Delegation, DelegationKind};
use rules::people::{Actor, AgencyScope, Post, Role, Scope, Sensitivity};
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
            state: if n % 2 == 0 { State::Preparing } else { State::Received { step: "tham-dinh".into() } },
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
        lists_hold_what_is_seen(&mut reader, &actor, &dossiers, office.holder).await;
        n_seen += by_rule.len();
    }
    assert!(n_seen > 1_000 && n_lent > 20, "the officers are not all strangers: {n_seen}, {n_lent}");
}

/// Each list shows, of the rows it is about, those that the rule lets see.
async fn lists_hold_what_is_seen(reader: &mut Reader, actor: &Actor, dossiers: &[Dossier], holder: PartyId) {
    let sight = actor.sight();
    let seen = |about: &dyn Fn(&Dossier) -> bool| -> BTreeSet<DossierId> {
        let mut seen = BTreeSet::new();
        for dossier in dossiers {
            assert_eq!(sight.includes(dossier), actor.may_see(dossier).is_ok(), "{actor:?}");
            if sight.includes(dossier) && about(dossier) {
                seen.insert(dossier.id);
            }
        }
        seen
    };
    let ids = |lines: Vec<DossierLine>| lines.iter().map(|line| line.dossier.id).collect::<BTreeSet<_>>();
    let (mine, open) = (sight.agencies(), |dossier: &Dossier| dossier.state != State::Preparing);
    let waiting = lines_waiting(reader, &sight, 500).await.expect("read");
    let held = |dossier: &Dossier| open(dossier) && mine.contains(&dossier.scope.holding);
    assert_eq!(ids(waiting), seen(&held), "{actor:?}");
    let preparing = lines_preparing(reader, &sight, 500).await.expect("read");
    let at_counter = |dossier: &Dossier| !open(dossier) && mine.contains(&dossier.scope.receiving);
    assert_eq!(ids(preparing), seen(&at_counter), "{actor:?}");
    let of_holder = lines_of_holder(reader, holder, &sight, 500).await.expect("read");
    assert_eq!(ids(of_holder), seen(&open), "{actor:?}");
    let unit = dossiers[0].scope.receiving;
    let of_unit = lines_of_unit(reader, &[unit.0], &sight, 500).await.expect("read");
    let concerned = |dossier: &Dossier| open(dossier) && dossier.scope.includes(unit);
    assert_eq!(of_unit.iter().map(|line| line.id).collect::<BTreeSet<_>>(), seen(&concerned), "{actor:?}");
}

/// Who settles a part finds the whole, within the limits of his post.
async fn who_settles_a_part_finds_the_whole(db: Scratch) {
    let office = office(&db).await;
    let whole = office.opened(&db).await;
    let scope = AgencyScope { competent: office.elsewhere, ..whole.scope };
    let part = Dossier { part_of: Some(whole.id), scope, ..office.intake(now()) };
    office.put(&db, &part).await;
    let within = |code: &str| Scope {
        concerned_in: [(office.elsewhere, code.parse().expect("a code"))].into(),
        ..Scope::default()
    };
    for (scope, finds) in [
        (Scope::whole([office.elsewhere]), true),
        (within(&whole.procedure.to_string()), true),
        (within("1.009999"), false),
        (Scope::whole([office.province]), false),
    ] {
        let mut reader = db.read().await.expect("a snapshot");
        let found = asked_about(&mut reader, &scope, &[whole.id, part.id]).await.expect("read");
        assert_eq!(found, if finds { vec![whole.id] } else { Vec::new() }, "{scope:?}");
    }
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

    let read = async |reader: &mut Reader, officer, minute| {
        last_reading(reader, officer, dossier.id, "paper_viewed", after(minute)).await.expect("read")
    };
    assert_eq!(read(&mut reader, office.counter, 0).await, Some(after(1)));
    assert_eq!(read(&mut reader, office.counter, 2).await, None, "not since then");
    assert_eq!(read(&mut reader, office.specialist, 0).await, None, "it was another");
}

/// Who only looked is told to the person and not in the timeline.
async fn looking_and_finding_are_told_to_the_person(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await;
    let holder = Subject::Party(office.holder);
    let mut events = Vec::new();
    for (minute, of, body) in [
        (1, Some(dossier.id), Body::DossierViewed),
        (2, None, Body::FoundInSearch { dossiers: 1, papers: 0 }),
        (3, Some(dossier.id), Body::RepositoryListed { found: 1 }),
    ] {
        let event = office.event(holder, of, body).for_purpose("giải quyết hồ sơ");
        events.push(rules::event::NewEvent { happened_at: after(minute), ..event });
    }
    let before = {
        let mut reader = db.read().await.expect("a snapshot");
        event::of_dossier(&mut reader, dossier.id).await.expect("read").len()
    };
    let events = &events;
    db.act(|mut tx| async move {
        for event in events {
            event::append(&mut tx, event, now()).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("events");
    let mut reader = db.read().await.expect("a snapshot");
    let readings = readings_of(&mut reader, office.holder, 50).await.expect("read");
    let kinds: Vec<&str> = readings.iter().map(|read| read.kind.as_str()).collect();
    assert_eq!(kinds, ["repository_listed", "found_in_search", "dossier_viewed"]);
    assert_eq!(readings[2].dossier, Some(dossier.id));
    assert_eq!(event::of_dossier(&mut reader, dossier.id).await.expect("read").len(), before);
    let holder = [office.holder];
    let nobody = BTreeSet::new();
    for (officer, people, minute, found) in [
        (office.counter, &holder[..], 2, &BTreeSet::from(holder)),
        (office.counter, &[], 2, &nobody),
        (office.counter, &holder, 3, &nobody),
        (office.specialist, &holder, 0, &nobody),
    ] {
        let people = people.iter().copied();
        let known = found_since(&mut reader, officer, people, after(minute)).await.expect("read");
        assert_eq!(known, *found, "since minute {minute}");
    }
    for (kind, minute, at) in [("dossier_viewed", 0, Some(after(1))), ("dossier_viewed", 2, None)] {
        let last = last_reading(&mut reader, office.counter, dossier.id, kind, after(minute)).await;
        assert_eq!(last.expect("read"), at, "{kind}");
    }
}

on_both!(
    the_where_clause_says_what_the_rule_says,
    who_settles_a_part_finds_the_whole,
    what_is_in_hand_is_found_whatever_its_state,
    a_person_learns_who_read_his_papers,
    looking_and_finding_are_told_to_the_person,
);
