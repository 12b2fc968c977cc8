//! Units, officers and their posts, failures to sign in, parties and their numbers over time.

use super::{
    NumberKind, Officer, Party, PartyKind, PartyNumber, add_officer, add_sign_in_failure,
    clear_sign_in_failures, leader_of, lock_account, n_officers, officer, officer_by_login, officer_names,
    officers, parties_by_ids, party, party_by_number, put_unit, save_party, set_password, sign_in_failures,
    unit, unit_names, units, units_by_ids, unlock_account,
};
use crate::engine::execute;
use crate::sample::{self, after, now, office};
use crate::testing::Scratch;
use crate::{Db, Error, on_both, time};
use futures::future::join_all;
use jiff::civil::date;
use rules::id::{AgencyId, OfficerId, PartyId};
use rules::people::{Post, Role};
use rules::unit::{Level, Share, Unit, UnitKind};
use uuid::Uuid;

async fn put(db: &Db, new: AgencyId, unit: &Unit, parent: Option<AgencyId>) -> AgencyId {
    db.act(|mut tx| async move { put_unit(&mut tx, new, unit, parent).await }).await.expect("put")
}

fn new_agency() -> AgencyId {
    AgencyId(time::new_id(now()))
}

async fn saved(db: &Db, party: &Party) -> Result<(), Error> {
    db.act(|mut tx| async move { save_party(&mut tx, party).await }).await
}

async fn read_party(db: &Db, id: PartyId) -> Party {
    let mut reader = db.read().await.expect("a snapshot");
    party(&mut reader, id).await.expect("read").expect("it is there")
}

async fn a_unit_put_again_keeps_its_id(db: Scratch) {
    let province = put(&db, new_agency(), &sample::unit("tinh", "H99"), None).await;
    let commune = put(&db, new_agency(), &sample::unit("xa", "H99.1.1"), None).await;
    let mut later = sample::unit("xa", "H99.1.7");
    later.name = "Ủy ban nhân dân xã mới".into();
    later.old_code = Some("000.07.01.H99".parse().expect("a sound code"));
    later.valid_to = Some(date(2030, 12, 31));
    let again = put(&db, new_agency(), &later, Some(province)).await;
    assert_eq!(again, commune);

    let mut reader = db.read().await.expect("a snapshot");
    let kept = unit(&mut reader, commune).await.expect("read").expect("it is there");
    assert_eq!((kept.id, kept.parent, kept.unit), (commune, Some(province), later));
    let all = units(&mut reader).await.expect("read");
    let keys: Vec<&str> = all.iter().map(|kept| kept.unit.key.as_str()).collect();
    assert_eq!(keys, ["tinh", "xa"]);
    let named = units_by_ids(&mut reader, &[commune, new_agency()]).await.expect("read");
    assert_eq!(named.iter().map(|kept| kept.id).collect::<Vec<_>>(), [commune]);
    let names = unit_names(&mut reader).await.expect("read");
    assert_eq!(names[&commune], "Ủy ban nhân dân xã mới");
    assert_eq!(names.len(), 2);
    assert!(unit(&mut reader, new_agency()).await.expect("read").is_none());
}

async fn every_level_and_kind_of_unit_comes_back_in_the_order_of_keys(db: Scratch) {
    let levels = [Level::Province, Level::District, Level::Commune];
    let kinds = [UnitKind::PeoplesCommittee, UnitKind::Department, UnitKind::Counter, UnitKind::Division];
    let mut put_in = Vec::new();
    for (n, (level, kind)) in levels.into_iter().flat_map(|level| kinds.map(|kind| (level, kind))).enumerate()
    {
        let mut unit = sample::unit(&format!("don-vi-{:02}", 11 - n), "H99.1.1");
        (unit.level, unit.kind) = (level, kind);
        unit.predecessors = vec![rules::unit::Predecessor { unit: "cu".into(), share: Share::Part }];
        put(&db, new_agency(), &unit, None).await;
        put_in.insert(0, unit);
    }
    // Where a language's order would put `B` beside `b`, bytes do not.
    put_in.insert(0, sample::unit("B-hoa", "H99.1.1"));
    put(&db, new_agency(), &put_in[0], None).await;
    let mut reader = db.read().await.expect("a snapshot");
    let all: Vec<Unit> = units(&mut reader).await.expect("read").into_iter().map(|kept| kept.unit).collect();
    assert_eq!(all, put_in);
    assert_eq!(reader.n_statements(), 1);
}

async fn a_unit_that_does_not_open_is_named(db: Scratch) {
    let office = office(&db).await;
    db.act(|mut tx| async move {
        execute!(&mut tx, "test.spoil_unit", "update unit set body = '{}' where id = $1", office.commune.0)
    })
    .await
    .expect("spoilt");
    let mut reader = db.read().await.expect("a snapshot");
    let error = units(&mut reader).await.expect_err("one does not open");
    assert_eq!(error.to_string(), format!("`body` of `{}` in `unit` is corrupt", office.commune));
}

fn kept(officer: &Officer) -> (OfficerId, &str, &str, &str, AgencyId, &str, bool, &[Post]) {
    (
        officer.id,
        &officer.login,
        &officer.name,
        &officer.title,
        officer.agency,
        &officer.password_hash,
        officer.active,
        &officer.posts,
    )
}

async fn an_officer_comes_back_with_every_post(db: Scratch) {
    let office = office(&db).await;
    let mut posts: Vec<Post> = Role::ALL.map(|role| Post::new(office.commune, role)).into_iter().collect();
    posts.extend(Role::ALL.map(|role| Post::new(office.province, role)));
    let mut all = Officer { active: false, ..sample::officer("tất cả", office.commune, posts) };
    let added = &all;
    db.act(|mut tx| async move { add_officer(&mut tx, added).await }).await.expect("added");

    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(n_officers(&mut reader).await.expect("counted"), 3);
    let by_id = officer(&mut reader, all.id).await.expect("read").expect("he is there");
    let by_login = officer_by_login(&mut reader, "tất cả").await.expect("read").expect("he is there");
    assert_eq!(kept(&by_id), kept(&by_login));
    let mut by_id = by_id;
    let key = |post: &Post| (post.agency, post.role);
    by_id.posts.sort_by_key(key);
    all.posts.sort_by_key(key);
    assert_eq!(kept(&by_id), kept(&all));

    assert!(officer_by_login(&mut reader, "TẤT CẢ").await.expect("read").is_none(), "to the letter");
    assert!(officer(&mut reader, OfficerId(time::new_id(now()))).await.expect("read").is_none());
}

async fn a_login_is_one_officers(db: Scratch) {
    let office = office(&db).await;
    let twin = &sample::officer("mai", office.commune, vec![Post::new(office.commune, Role::Head)]);
    let error = db.act(|mut tx| async move { add_officer(&mut tx, twin).await }).await.expect_err("taken");
    assert!(matches!(&error, Error::Taken(name) if name == "officer_login_key"), "{error}");
    let post = Post::new(office.commune, Role::Head);
    let double = &sample::officer("lan", office.commune, vec![post.clone(), post]);
    let error = db.act(|mut tx| async move { add_officer(&mut tx, double).await }).await.expect_err("twice");
    assert!(matches!(&error, Error::Taken(name) if name == "post_pkey"), "{error}");
    let mut reader = db.read().await.expect("a snapshot");
    assert_eq!(n_officers(&mut reader).await.expect("counted"), 2);
}

async fn names_are_asked_for_together(db: Scratch) {
    let office = office(&db).await;
    let mut reader = db.read().await.expect("a snapshot");
    let ids = [office.counter.0, Uuid::new_v4(), office.specialist.0, office.counter.0];
    let names = officer_names(&mut reader, &ids).await.expect("read");
    assert_eq!(names.len(), 2);
    assert_eq!(names[&office.counter], "Trần Thị đào");
    assert!(officer_names(&mut reader, &[]).await.expect("read").is_empty());
    assert_eq!(reader.n_statements(), 2);
}

async fn the_first_active_leader_of_the_agency_is_proposed(db: Scratch) {
    let office = office(&db).await;
    let leads = |agency| vec![Post::new(agency, Role::Leader)];
    let mut gone = sample::officer("đã nghỉ", office.commune, leads(office.commune));
    gone.active = false;
    let elsewhere = sample::officer("nơi khác", office.commune, leads(office.elsewhere));
    let first = sample::officer("thứ nhất", office.province, leads(office.commune));
    let mut second = sample::officer("thứ hai", office.commune, leads(office.commune));
    second.id = OfficerId(time::new_id(after(1)));
    let all = &[gone, elsewhere, second, first];
    db.act(|mut tx| async move {
        for officer in all {
            add_officer(&mut tx, officer).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("added");
    let mut reader = db.read().await.expect("a snapshot");
    let leader = leader_of(&mut reader, office.commune, date(2026, 11, 21)).await.expect("read");
    assert_eq!(leader.map(|(name, _)| name).as_deref(), Some("Trần Thị thứ nhất"));
    assert_eq!(leader_of(&mut reader, office.province, date(2026, 11, 21)).await.expect("read"), None);
}

async fn a_role_nobody_knows_is_named(db: Scratch) {
    let office = office(&db).await;
    let id = office.counter;
    db.act(|mut tx| async move {
        execute!(&mut tx, "test.spoil_role", "update post set role = 'king' where officer = $1", id.0)
    })
    .await
    .expect("spoilt");
    let mut reader = db.read().await.expect("a snapshot");
    let error = officer(&mut reader, id).await.expect_err("it is no role");
    assert_eq!(error.to_string(), format!("`role` of `{id}` in `post` is corrupt"));
}

async fn failed(db: &Db, login: &str, address: &str, minute: i64) {
    db.act(|mut tx| async move { add_sign_in_failure(&mut tx, login, address, after(minute)).await })
        .await
        .expect("noted");
}

async fn failures_count_by_login_and_by_address_until_cleared(db: Scratch) {
    let count = async |login, address, since| {
        let mut reader = db.read().await.expect("a snapshot");
        sign_in_failures(&mut reader, login, address, after(since)).await.expect("counted")
    };
    for minute in [0, 1, 20, 21, 22] {
        failed(&db, "mai", "10.0.0.1", minute).await;
    }
    failed(&db, "lan", "10.0.0.1", 21).await;
    failed(&db, "mai", "10.0.0.2", 21).await;
    assert_eq!(count("mai", "10.0.0.1", 10).await, (4, 4));
    assert_eq!(count("mai", "10.0.0.1", 1).await, (4, 4), "since is not counted itself");
    assert_eq!(count("lan", "10.0.0.2", -1).await, (1, 1));
    assert_eq!(count("đào", "10.0.0.9", -1).await, (0, 0));

    db.act(|mut tx| async move { clear_sign_in_failures(&mut tx, "lan", after(20)).await })
        .await
        .expect("cleared");
    assert_eq!(count("mai", "10.0.0.1", -1).await, (4, 3), "what is old goes with the login's own");
    assert_eq!(count("lan", "10.0.0.1", -1).await, (0, 3));
}

async fn failures_at_once_are_all_counted(db: Scratch) {
    let tries = (0..30).map(|_| {
        let db = Db::clone(&db);
        tokio::spawn(async move { failed(&db, "mai", "10.0.0.1", 1).await })
    });
    for done in join_all(tries).await {
        done.expect("no act panics");
    }
    let mut reader = db.read().await.expect("a snapshot");
    let counted = sign_in_failures(&mut reader, "mai", "10.0.0.1", now()).await.expect("counted");
    assert_eq!(counted, (30, 30));
}

async fn every_kind_of_party_and_number_comes_back(db: Scratch) {
    let numbers = [
        (NumberKind::OldId, "012345678"),
        (NumberKind::Passport, "C1234567"),
        (NumberKind::PersonalId, "001090000002"),
        (NumberKind::TaxCode, "0101234567"),
    ];
    let mut person = sample::party("Lê Thị Bưởi", &numbers);
    person.numbers[1].given_on = Some(date(2020, 2, 29));
    let firm = Party {
        kind: PartyKind::Organisation,
        born_on: None,
        sex: None,
        ..sample::party("Công ty Ánh Dương", &[(NumberKind::TaxCode, "0109876543")])
    };
    for party in [&person, &firm] {
        saved(&db, party).await.expect("added");
        assert_eq!(read_party(&db, party.id).await, Party { version: 1, ..party.clone() });
    }
    let mut reader = db.read().await.expect("a snapshot");
    for (kind, number) in numbers {
        assert_eq!(person.number(kind), Some(number));
        let found = party_by_number(&mut reader, kind, number).await.expect("read");
        assert_eq!(found.map(|party| party.id), Some(person.id));
    }
    let other_kind = party_by_number(&mut reader, NumberKind::OldId, "0101234567").await.expect("read");
    assert_eq!(other_kind, None, "the same figures as another kind of number");
    let nobody = PartyId(Uuid::new_v4());
    assert_eq!(party(&mut reader, nobody).await.expect("read"), None);
    let mut both = parties_by_ids(&mut reader, &[firm.id, nobody, person.id]).await.expect("read");
    both.sort_by_key(|party| party.kind == PartyKind::Organisation);
    assert_eq!(both, [person, firm].map(|party| Party { version: 1, ..party }));
}

async fn a_party_keeps_its_numbers_over_time(db: Scratch) {
    let first = sample::party("Lê Thị Bưởi", &[(NumberKind::OldId, "012345678")]);
    saved(&db, &first).await.expect("added");
    let mut later = read_party(&db, first.id).await;
    later.name = "Lê Thị Bưởi Hồng".into();
    later.born_on = None;
    later.numbers = vec![PartyNumber {
        kind: NumberKind::PersonalId,
        number: "001090000002".into(),
        given_on: Some(date(2021, 7, 1)),
    }];
    saved(&db, &later).await.expect("saved");
    let mut expected = Party { version: 2, ..later };
    expected.numbers.insert(0, first.numbers[0].clone());
    assert_eq!(read_party(&db, first.id).await, expected, "found by the old number still");

    expected.numbers[0].given_on = Some(date(2005, 1, 2));
    saved(&db, &expected).await.expect("a number may be completed");
    assert_eq!(read_party(&db, first.id).await, Party { version: 3, ..expected });
}

async fn a_number_never_moves_to_another_party(db: Scratch) {
    let first = sample::party("Lê Thị Bưởi", &[(NumberKind::PersonalId, "001090000002")]);
    saved(&db, &first).await.expect("added");
    let thief = sample::party("Lê Văn Cam", &[(NumberKind::PersonalId, "001090000002")]);
    let error = saved(&db, &thief).await.expect_err("it is another's");
    assert!(matches!(&error, Error::Taken(name) if name == "party_number_pkey"), "{error}");
    let mut reader = db.read().await.expect("a snapshot");
    let found = party_by_number(&mut reader, NumberKind::PersonalId, "001090000002").await.expect("read");
    assert_eq!(found.map(|party| party.id), Some(first.id));
    assert_eq!(party(&mut reader, thief.id).await.expect("read"), None, "nothing of it is written");
}

async fn the_second_save_of_one_version_is_refused(db: Scratch) {
    let first = sample::party("Lê Thị Bưởi", &[]);
    saved(&db, &first).await.expect("added");
    let error = saved(&db, &first).await.expect_err("added twice");
    assert!(matches!(&error, Error::Stale { table: "party", .. }), "{error}");
    let read = read_party(&db, first.id).await;
    saved(&db, &Party { phone: "0200 1".into(), ..read.clone() }).await.expect("the first");
    let error = saved(&db, &Party { phone: "0200 2".into(), ..read }).await.expect_err("the second");
    assert!(matches!(&error, Error::Stale { row, .. } if *row == first.id.to_string()), "{error}");
    let kept = read_party(&db, first.id).await;
    assert_eq!((kept.version, kept.phone.as_str()), (2, "0200 1"));
}

async fn a_corrupt_party_is_named(db: Scratch) {
    macro_rules! spoilt {
        ($name:literal, $sql:literal) => {{
            let fresh = sample::party("Lê", &[]);
            saved(&db, &fresh).await.expect("added");
            let id = fresh.id;
            db.act(|mut tx| async move { execute!(&mut tx, $name, $sql, id.0) }).await.expect("spoilt");
            let mut reader = db.read().await.expect("a snapshot");
            let error = party(&mut reader, id).await.expect_err($name).to_string();
            error.replace(&id.to_string(), "it")
        }};
    }
    let kind = spoilt!("test.spoil_party_kind", "update party set kind = 'ghost' where id = $1");
    assert_eq!(kind, "`kind` of `it` in `party` is corrupt");
    let born = spoilt!("test.spoil_born_on", "update party set born_on = '1990-02-30' where id = $1");
    assert_eq!(born, "`born_on` of `it` in `party` is corrupt");
    let number = spoilt!(
        "test.spoil_number_kind",
        "insert into party_number (kind, number, party) values ('shoe', '39', $1)"
    );
    assert_eq!(number, "`kind` of `it` in `party_number` is corrupt");
}

/// `doctor` prepares every statement without its values; those who come after bind them all the same.
async fn asking_after_every_statement_spoils_none(db: Scratch) {
    assert_eq!(db.statements_refused().await.expect("asked"), []);
    let party = sample::party("Lê Thị Bưởi", &[]);
    saved(&db, &party).await.expect("added");
    saved(&db, &read_party(&db, party.id).await).await.expect("saved");
}

async fn an_account_is_locked_opened_and_given_a_password(db: Scratch) {
    let office = office(&db).await;
    let id = office.counter;
    let kept = || async {
        let mut reader = db.read().await.expect("a snapshot");
        let all = officers(&mut reader).await.expect("read");
        let kept = all.into_iter().find(|officer| officer.id == id).expect("he is listed");
        assert!(!kept.posts.is_empty(), "with his posts");
        (kept.active, kept.password_hash)
    };
    let (_, before) = kept().await;
    db.act(|mut tx| async move { lock_account(&mut tx, id).await }).await.expect("locked");
    assert_eq!(kept().await, (false, before.clone()));
    db.act(|mut tx| async move { unlock_account(&mut tx, id).await }).await.expect("open");
    db.act(|mut tx| async move { set_password(&mut tx, id, "mới").await }).await.expect("given");
    assert_eq!(kept().await, (true, "mới".to_owned()));
    let nobody = OfficerId(time::new_id(now()));
    let error = db.act(|mut tx| async move { lock_account(&mut tx, nobody).await }).await;
    assert!(matches!(error, Err(Error::Stale { table: "officer", .. })), "{error:?}");
    let error = db.act(|mut tx| async move { set_password(&mut tx, nobody, "x").await }).await;
    assert!(matches!(error, Err(Error::Stale { table: "officer", .. })), "{error:?}");
}

on_both!(
    an_account_is_locked_opened_and_given_a_password,
    a_unit_put_again_keeps_its_id,
    every_level_and_kind_of_unit_comes_back_in_the_order_of_keys,
    a_unit_that_does_not_open_is_named,
    an_officer_comes_back_with_every_post,
    a_login_is_one_officers,
    names_are_asked_for_together,
    the_first_active_leader_of_the_agency_is_proposed,
    a_role_nobody_knows_is_named,
    failures_count_by_login_and_by_address_until_cleared,
    failures_at_once_are_all_counted,
    every_kind_of_party_and_number_comes_back,
    a_party_keeps_its_numbers_over_time,
    a_number_never_moves_to_another_party,
    the_second_save_of_one_version_is_refused,
    a_corrupt_party_is_named,
    asking_after_every_statement_spoils_none,
);
