//! Who came from whom, a reorganisation's rounds, the open dossiers of a unit, its posts.

use super::{
    Progress, Reorganising, advance, begin, end_round, follow, forebears, groups_open, lines_of_posts,
    lines_of_unit, open_page, put_unit, reorganisation, reorganisation_by_key, reorganisations,
    rescope_papers, touched, units_by_code, units_by_ids,
};
use crate::people::officer;
use crate::sample::{self, now, office, uuids};
use crate::testing::Scratch;
use crate::{Db, on_both, time};
use rules::dossier::{Dossier, State};
use rules::id::{AgencyId, DossierId, EntryId, RecordId, ReorganisationId, ResultId};
use rules::people::AgencyScope;
use rules::scanning::{Blob, Fields, Reading, Record, RecordState, Source};
use rules::signing::{ResultPaper, ResultState};
use rules::unit::{Predecessor, Reorganisation, Share};
use std::collections::{BTreeMap, BTreeSet};

async fn put(db: &Db, key: &str, predecessors: &[&str]) -> AgencyId {
    let mut unit = sample::unit(key, "H99.7");
    let link = |unit: &&str| Predecessor { unit: (*unit).to_owned(), share: Share::Whole };
    unit.predecessors = predecessors.iter().map(link).collect();
    let (new, unit) = (AgencyId(time::new_id(now())), &unit);
    db.act(|mut tx| async move { put_unit(&mut tx, new, unit, None).await }).await.expect("put")
}

async fn units_are_read_by_their_ids(db: Scratch) {
    let (a, b) = (put(&db, "xa-a", &[]).await, put(&db, "xa-b", &[]).await);
    let nobody = AgencyId(time::new_id(now()));
    let mut reader = db.read().await.expect("a snapshot");
    let read = units_by_ids(&mut reader, &[b, nobody, a]).await.expect("read");
    let found: BTreeSet<AgencyId> = read.iter().map(|kept| kept.id).collect();
    assert_eq!(found, [a, b].into());
}

async fn units_are_read_by_their_code(db: Scratch) {
    let put = async |key: &str, code: &str| {
        let (new, unit) = (AgencyId(time::new_id(now())), &sample::unit(key, code));
        db.act(|mut tx| async move { put_unit(&mut tx, new, unit, None).await }).await.expect("put")
    };
    let (old, new) = (put("xa-cu", "H99.8").await, put("xa-moi", "H99.8").await);
    put("xa-khac", "H99.81").await;
    let read = async |code: &str| {
        let mut reader = db.read().await.expect("a snapshot");
        let code = code.parse().expect("a code");
        let found = units_by_code(&mut reader, &code).await.expect("read");
        found.into_iter().map(|kept| kept.id).collect::<BTreeSet<_>>()
    };
    assert_eq!(read("H99.8").await, [old, new].into());
    assert_eq!(read("H99.9").await, BTreeSet::new());
}

async fn before(db: &Db, agency: AgencyId) -> Vec<AgencyId> {
    let mut reader = db.read().await.expect("a snapshot");
    let mut found = forebears(&mut reader, [agency]).await.expect("read");
    let before = found.remove(&agency).unwrap_or_default();
    assert!(found.is_empty(), "nobody else's");
    before
}

async fn a_unit_knows_what_it_came_from_in_whatever_order_they_were_put(db: Scratch) {
    let newest = put(&db, "moi-2", &["moi"]).await;
    let new = put(&db, "moi", &["cu-1", "cu-2", "khong-co"]).await;
    let (first, second) = (put(&db, "cu-1", &[]).await, put(&db, "cu-2", &[]).await);
    let sorted = |mut agencies: Vec<AgencyId>| {
        agencies.sort();
        agencies
    };
    assert_eq!(before(&db, newest).await, sorted(vec![new, first, second]));
    assert_eq!(before(&db, first).await, [], "what came after is not before");
    let mut reader = db.read().await.expect("a snapshot");
    let both = forebears(&mut reader, [new, newest, second]).await.expect("read");
    assert_eq!(both.keys().copied().collect::<Vec<_>>(), sorted(vec![new, newest]), "each its own");
    assert_eq!(both[&new], sorted(vec![first, second]));
    drop(reader);
    // Put again with another past, it has that one.
    put(&db, "moi", &["cu-2"]).await;
    assert_eq!(before(&db, new).await, [second]);
}

fn decided(agency: AgencyId) -> Reorganising {
    Reorganising {
        id: ReorganisationId(time::new_id(now())),
        reorganisation: Reorganisation {
            id: "thu-2026".to_owned(),
            decision: "Nghị quyết số 9".to_owned(),
            effective_on: jiff::civil::date(2026, 11, 1),
            note: None,
            units: Vec::new(),
            changes: Vec::new(),
            officers: Vec::new(),
        },
        state: Progress::Applying { after: None, n_of_round: 0 },
        n_rerouted: 0,
        started_by: None,
        agency,
    }
}

async fn a_round_that_finds_nothing_is_the_last(db: Scratch) {
    let office = office(&db).await;
    let begun = &decided(office.commune);
    let id = begun.id;
    let last = DossierId(time::new_id(now()));
    db.act(|mut tx| async move { begin(&mut tx, begun, &[office.commune], now()).await })
        .await
        .expect("begun");
    let state = || async {
        let mut reader = db.read().await.expect("a snapshot");
        let kept = reorganisation(&mut reader, id).await.expect("read").expect("it is there");
        (kept.state, kept.n_rerouted)
    };
    assert_eq!(state().await, (begun.state, 0));
    db.act(|mut tx| async move { advance(&mut tx, id, last, 3).await }).await.expect("on");
    assert_eq!(state().await, (Progress::Applying { after: Some(last), n_of_round: 3 }, 3));
    db.act(|mut tx| async move { end_round(&mut tx, id, now()).await }).await.expect("again");
    assert_eq!(state().await, (Progress::Applying { after: None, n_of_round: 0 }, 3));
    db.act(|mut tx| async move { end_round(&mut tx, id, now()).await }).await.expect("done");
    assert_eq!(state().await, (Progress::Done, 3));
    db.act(|mut tx| async move { advance(&mut tx, id, last, 3).await }).await.expect("too late");
    assert_eq!(state().await, (Progress::Done, 3), "what is done stays done");

    let mut reader = db.read().await.expect("a snapshot");
    let by_key = reorganisation_by_key(&mut reader, "thu-2026").await.expect("read").expect("there");
    assert_eq!(reorganisations(&mut reader).await.expect("read"), std::slice::from_ref(&by_key));
    assert_eq!(by_key.reorganisation, begun.reorganisation);
    assert_eq!(touched(&mut reader).await.expect("read").into_iter().collect::<Vec<_>>(), ["xa"]);
}

fn taken(dossier: Dossier, step: &str) -> Dossier {
    Dossier { state: State::Received { step: step.to_owned() }, ..dossier }
}

async fn open_dossiers_come_page_by_page_and_counted(db: Scratch) {
    let office = office(&db).await;
    let mut ids = Vec::new();
    for minute in 0..5 {
        let mut dossier = taken(office.intake(sample::after(minute)), "tham-dinh");
        match minute {
            // Settled elsewhere, and received elsewhere as well.
            3 => dossier.scope.competent = office.province,
            4 => {
                dossier.scope = AgencyScope {
                    receiving: office.elsewhere,
                    competent: office.elsewhere,
                    holding: office.elsewhere,
                }
            }
            _ => {}
        }
        if minute == 2 {
            dossier.state = State::Withdrawn { reason: "đổi ý".to_owned() };
        }
        office.put(&db, &dossier).await;
        ids.push(dossier.id);
    }
    let [commune] = uuids([office.commune]);
    let mut reader = db.read().await.expect("a snapshot");
    let mut pages = Vec::new();
    let mut after = None;
    loop {
        let page = open_page(&mut reader, &[commune], after, 2).await.expect("read");
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        pages.push(page.iter().map(|open| open.id).collect::<Vec<_>>());
    }
    assert_eq!(pages, [vec![ids[0], ids[1]], vec![ids[3]]]);

    let groups = groups_open(&mut reader, &[commune]).await.expect("counted");
    let mut counts: Vec<(bool, i64)> =
        groups.iter().map(|(group, n)| (group.scope.competent == office.commune, *n)).collect();
    counts.sort_unstable();
    assert_eq!(counts, [(false, 1), (true, 2)]);
    assert!(groups.iter().all(|(group, _)| group.step.as_deref() == Some("tham-dinh")));

    let seen = |agency| rules::people::Scope::whole([agency]);
    let listed = lines_of_unit(&mut reader, &[commune], &seen(office.province), 10).await.expect("read");
    assert_eq!(listed.iter().map(|line| line.id).collect::<Vec<_>>(), [ids[3]], "what both have to do with");
    assert!(
        lines_of_unit(&mut reader, &[commune], &seen(office.elsewhere), 10).await.expect("read").is_empty()
    );
}

async fn posts_end_or_follow(db: Scratch) {
    let office = office(&db).await;
    let [commune, province, elsewhere] = uuids([office.commune, office.province, office.elsewhere]);
    let lines = || async {
        let mut reader = db.read().await.expect("a snapshot");
        lines_of_posts(&mut reader, &[commune, province, elsewhere]).await.expect("read")
    };
    let posts = lines().await;
    assert_eq!(posts.len(), 2);
    let of = |agency| posts.iter().find(|post| post.agency == agency).expect("a post");
    let (counter, specialist) = (of(office.commune), of(office.province));
    for _ in 0..2 {
        db.act(|mut tx| async move {
            follow(&mut tx, counter, Some(office.elsewhere)).await?;
            follow(&mut tx, specialist, None).await
        })
        .await
        .expect("moved");
        let after = lines().await;
        assert_eq!(after.len(), 1, "once or twice");
        let kept = (after[0].officer, after[0].agency, after[0].role);
        assert_eq!(kept, (counter.officer, office.elsewhere, counter.role));
    }
    let mut reader = db.read().await.expect("a snapshot");
    let moved = officer(&mut reader, counter.officer).await.expect("read").expect("he is there");
    assert_eq!(moved.agency, office.elsewhere);
    let left = officer(&mut reader, specialist.officer).await.expect("read").expect("he is there");
    assert_eq!((left.agency, left.posts.len()), (office.province, 0));
}

fn record(office: &sample::Office, dossier: DossierId, state: RecordState) -> Record {
    Record {
        id: RecordId(time::new_id(now())),
        version: 1,
        dossier,
        component: "to-khai".to_owned(),
        owner: office.holder,
        scope: AgencyScope { receiving: office.commune, competent: office.commune, holding: office.commune },
        digitiser: office.counter,
        source: Source::Pages { pages: Vec::new() },
        state,
    }
}

async fn what_is_still_being_made_goes_along_and_what_is_filed_stays(db: Scratch) {
    let office = office(&db).await;
    let dossier = office.opened(&db).await;
    let blob = || Blob { sha256: sample::sha256('e'), bytes: 1 };
    let reading = Reading {
        words: blob(),
        n_pages: 1,
        n_words: 1,
        confidence: 1.0,
        proposed: Vec::new(),
        warnings: Vec::new(),
    };
    let fields = Fields {
        paper_type: "TKKT".to_owned(),
        owner_number: "001090000001".parse().expect("a sound number"),
        owner_name: "Nguyễn Văn Ân".to_owned(),
        number: None,
        issued_on: None,
        issuer: None,
        summary: "Tờ khai".to_owned(),
        valid_to: None,
        scope: "Toàn quốc".to_owned(),
    };
    let filed = RecordState::Filed {
        pdf: blob(),
        reading,
        entry: EntryId(time::new_id(now())),
        fields,
        confirmed_by: office.counter,
    };
    let records = [record(&office, dossier.id, RecordState::Reading), record(&office, dossier.id, filed)];
    let draft = ResultPaper {
        id: ResultId(time::new_id(now())),
        version: 1,
        dossier: dossier.id,
        owner: office.holder,
        scope: dossier.scope,
        result_type: "ket-qua".to_owned(),
        state: ResultState::Drafted {
            pdf: blob(),
            slots: Vec::new(),
            answers: BTreeMap::new(),
            drafted_by: office.specialist,
        },
    };
    let to = AgencyScope { holding: office.elsewhere, ..dossier.scope };
    let (all, result) = (&records, &draft);
    db.act(|mut tx| async move {
        for record in all {
            crate::scanning::add(&mut tx, record, now()).await?;
        }
        crate::signing::add_result(&mut tx, result, now()).await?;
        rescope_papers(&mut tx, dossier.id, &to).await
    })
    .await
    .expect("rescoped");
    let mut reader = db.read().await.expect("a snapshot");
    let mut kept = Vec::new();
    for record in &records {
        let record = crate::scanning::find(&mut reader, record.id).await.expect("read").expect("there");
        kept.push((record.scope, record.version));
    }
    assert_eq!(kept, [(to, 2), (records[1].scope, 1)]);
    let result = crate::signing::result(&mut reader, draft.id).await.expect("read").expect("there");
    assert_eq!((result.scope, result.version), (to, 2));
}

on_both!(
    units_are_read_by_their_ids,
    units_are_read_by_their_code,
    a_unit_knows_what_it_came_from_in_whatever_order_they_were_put,
    a_round_that_finds_nothing_is_the_last,
    open_dossiers_come_page_by_page_and_counted,
    posts_end_or_follow,
    what_is_still_being_made_goes_along_and_what_is_filed_stays,
);
