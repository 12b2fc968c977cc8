//! Procedures and people go on naming a unit that has ended: what is opened, passed on or asked from the
//! day on goes to who took over.

use super::{COPIES, decided, new_id, standing_alone, to_the_end, unit_elsewhere, unit_id};
use crate::house::{House, applicant, id_of};
use office::counter::Opening;
use office::dossier::Asking;
use office::{By, Error, Refusal};
use rules::calendar::Limit;
use rules::counter::Mark;
use rules::id::{AgencyId, DossierId};
use rules::people::{Actor, Role};
use rules::unit::{Change, Matter, Reorganisation, Unit};
use store::testing::Scratch;

const SHIPPED: &str = include_str!("../../../../../procedures/2.000815/1.toml");
const SPECIALIST_OF_ITS_OWN: &str = "role = \"specialist\"\nagency = \"competent\"";

/// The shipped procedure under another code, with one of its lines written otherwise.
async fn publish(house: &House, code: &str, from: &str, to: &str) {
    assert!(SHIPPED.contains(from), "{from}");
    let text = SHIPPED.replacen(COPIES, code, 1).replacen(from, to, 1);
    let procedure = &toml::from_str(&text).expect("a procedure");
    house
        .office
        .db
        .act(|mut tx| async move { store::procedure::add(&mut tx, procedure).await })
        .await
        .expect("published");
}

async fn opened(house: &House, by: &By, code: &str, place: Option<AgencyId>) -> Result<DossierId, Error> {
    let code = code.parse().expect("a procedure code");
    let opening = Opening { competent: place, ..Opening::at_counter(&code, None) };
    house.office.open_intake(by, &applicant(), opening).await
}

async fn received(house: &House, by: &By, code: &str) -> DossierId {
    let id = opened(house, by, code, None).await.expect("an intake");
    house.office.mark_component(by, id, "ban-chinh", Mark::Shown).await.expect("shown");
    house.office.mark_component(by, id, "ban-sao", Mark::OnPaper).await.expect("on paper");
    house.office.receive(by, id).await.expect("received");
    id
}

async fn reorganise(house: &House, decided: &Reorganisation) -> i64 {
    let machine = By::new(Actor::System { on_behalf_of: None, agency: house.commune });
    let begun = house.office.begin_reorganisation(&machine, decided).await.expect("begun");
    to_the_end(house, begun).await
}

async fn a_new_dossier_goes_to_who_took_over_the_unit_that_is_named(db: Scratch) {
    let house = standing_alone(&db).await;
    let stranger = unit_elsewhere(&house).await;
    let counter = house.officer_of(stranger, Role::Counter).await;
    publish(&house, "2.000816", "competent = \"receiving\"", "competent = { named = \"H99.101\" }").await;
    publish(&house, "2.000817", "competent = \"receiving\"", "competent = { of_level = \"commune\" }").await;
    let settled_by = async || {
        let mut settled_by = Vec::new();
        for (code, place) in [("2.000816", None), ("2.000817", Some(house.commune))] {
            let id = opened(&house, &counter, code, place).await.expect("an intake");
            let scope = house.dossier(id).await.scope;
            assert_eq!((scope.receiving, scope.holding), (stranger, stranger), "{code}");
            settled_by.push(scope.competent);
        }
        settled_by
    };
    assert_eq!(settled_by().await, [house.commune, house.commune]);
    assert_eq!(reorganise(&house, &decided()).await, 2, "the intakes of before");
    let new = unit_id(&house, "p-thac-binh-2026").await;
    assert_eq!(settled_by().await, [new, new]);
    let refused = opened(&house, &counter, "2.000817", None).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NotOffered))), "nobody was named: {refused:?}");
}

async fn a_new_dossier_goes_to_whom_the_competence_was_passed(db: Scratch) {
    let house = standing_alone(&db).await;
    let counter = house.officer(Role::Counter).await;
    let passed = Reorganisation {
        units: Vec::new(),
        changes: vec![Change::PassCompetence {
            matters: vec![Matter::Procedure(COPIES.parse().expect("a procedure code"))],
            from: "xa-yen-binh-2025".to_owned(),
            to: "xa-thac-may-2025".to_owned(),
        }],
        ..decided()
    };
    reorganise(&house, &passed).await;
    for (code, competent) in [(COPIES, house.elsewhere), (super::STATUS, house.commune)] {
        let id = opened(&house, &counter, code, None).await.expect("an intake");
        let scope = house.dossier(id).await.scope;
        assert_eq!((scope.receiving, scope.competent), (house.commune, competent), "{code}");
    }
}

async fn where_nobody_took_over_it_is_said(db: Scratch) {
    let house = standing_alone(&db).await;
    let counter = house.officer_of(house.elsewhere, Role::Counter).await;
    publish(&house, "2.000816", "competent = \"receiving\"", "competent = { named = \"H99.101\" }").await;
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let kept = store::unit::unit(&mut reader, house.commune).await.expect("read").expect("a unit");
    drop(reader);
    // No decision can leave this behind; a tree that was put in by hand can.
    let ended = &Unit { valid_to: Some(jiff::civil::date(2026, 11, 22)), ..kept.unit };
    db.act(|mut tx| async move { store::unit::put_unit(&mut tx, kept.id, ended, None).await })
        .await
        .expect("put");
    let refused = opened(&house, &counter, "2.000816", None).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NobodySettles))), "{refused:?}");
}

async fn a_step_goes_to_who_took_over_the_unit_it_names(db: Scratch) {
    let house = standing_alone(&db).await;
    let stranger = unit_elsewhere(&house).await;
    let counter = house.officer_of(stranger, Role::Counter).await;
    let named = "role = \"specialist\"\nagency = { named = \"H99.101\" }";
    publish(&house, "2.000816", SPECIALIST_OF_ITS_OWN, named).await;
    let [there, waiting] =
        [received(&house, &counter, "2.000816").await, received(&house, &counter, "2.000816").await];
    house.office.transfer(&counter, there).await.expect("passed on");
    assert_eq!(house.dossier(there).await.scope.holding, house.commune);

    assert_eq!(reorganise(&house, &decided()).await, 1, "the other is still at its counter");
    let new = unit_id(&house, "p-thac-binh-2026").await;
    house.office.transfer(&counter, waiting).await.expect("passed on");
    let specialist = house.officer_of(new, Role::Specialist).await;
    for id in [there, waiting] {
        assert_eq!(house.dossier(id).await.scope.holding, new);
        house.office.take(&specialist, id).await.expect("who took over works on");
        assert_eq!(house.dossier(id).await.state.officer(), Some(id_of(&specialist.actor)));
    }
}

async fn a_step_goes_to_whom_its_matter_was_passed(db: Scratch) {
    let house = standing_alone(&db).await;
    let counter = house.officer_of(unit_elsewhere(&house).await, Role::Counter).await;
    let named = "role = \"specialist\"\nagency = { named = \"H99.101\" }";
    publish(&house, "2.000816", SPECIALIST_OF_ITS_OWN, named).await;
    let there = received(&house, &counter, "2.000816").await;
    house.office.transfer(&counter, there).await.expect("passed on");
    let passed = Reorganisation {
        units: Vec::new(),
        changes: vec![Change::PassCompetence {
            matters: vec![Matter::Field("Chứng thực".to_owned())],
            from: "xa-yen-binh-2025".to_owned(),
            to: "xa-thac-may-2025".to_owned(),
        }],
        ..decided()
    };
    assert_eq!(reorganise(&house, &passed).await, 1);
    let specialist = house.officer_of(house.elsewhere, Role::Specialist).await;
    house.office.take(&specialist, there).await.expect("who was given the matter works on");
}

async fn who_took_over_is_asked_in_the_place_of_who_has_ended(db: Scratch) {
    let house = standing_alone(&db).await;
    let stranger = unit_elsewhere(&house).await;
    let counter = house.officer_of(stranger, Role::Counter).await;
    let asks = "next = [\"ky\"]\n[[process.steps.consults]]\nid = \"y-kien\"\n\
                agency = { named = \"H99.101\" }\nquestion = \"Có vướng gì không?\"\n\
                allowance = { working_hours = 2 }\nclock = \"runs\"";
    publish(&house, "2.000816", "next = [\"ky\"]", asks).await;
    let id = received(&house, &counter, "2.000816").await;
    house.office.transfer(&counter, id).await.expect("passed on");
    assert_eq!(reorganise(&house, &decided()).await, 0, "nothing of it is theirs");
    let leads = house.officer_of(stranger, Role::Specialist).await;
    house.office.take(&leads, id).await.expect("taken");
    let asking = |agency| {
        let question = "Có tranh chấp không?".to_owned();
        Asking { agency, question, within: Limit::WorkingHours(2) }
    };
    house.office.consult_all(&leads, id).await.expect("asked by the process");
    house.office.consult(&leads, id, asking(house.elsewhere)).await.expect("asked by the officer");
    let new = unit_id(&house, "p-thac-binh-2026").await;
    let asked: Vec<AgencyId> =
        house.dossier(id).await.life.consultations.iter().map(|asked| asked.agency).collect();
    assert_eq!(asked, [new, new]);
    let refused = house.office.consult(&leads, id, asking(AgencyId(new_id(&house)))).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
}

store::on_both!(
    a_new_dossier_goes_to_who_took_over_the_unit_that_is_named,
    a_new_dossier_goes_to_whom_the_competence_was_passed,
    where_nobody_took_over_it_is_said,
    a_step_goes_to_who_took_over_the_unit_it_names,
    a_step_goes_to_whom_its_matter_was_passed,
    who_took_over_is_asked_in_the_place_of_who_has_ended,
);
