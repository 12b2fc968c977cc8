//! The steps after the counter: who may take a dossier, what a step must give.

use crate::counter::received;
use crate::house::{House, id_of};
use office::{Error, Refusal};
use rules::dossier::{Custodian, State};
use rules::people::Role;
use store::testing::Scratch;

/// The role of the step the dossier waits at.
async fn role_at(house: &House, id: rules::id::DossierId) -> Role {
    let by = house.officer(Role::Counter).await;
    let view = house.office.dossier_view(&by.actor, id).await.expect("the dossier");
    view.present_step().expect("a step").role
}

async fn one_officer_takes_a_dossier_and_the_next_is_told(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let id = received(&house, &counter).await;
    let role = role_at(&house, id).await;
    let (first, second) = (house.officer(role).await, house.officer(role).await);
    house.office.take(&first, id).await.expect("taken");
    let dossier = house.dossier(id).await;
    assert_eq!(dossier.state.officer(), Some(id_of(&first.actor)));
    let refused = house.office.take(&second, id).await;
    assert!(matches!(refused, Err(Error::NotYours(_))), "{refused:?}");
    assert_eq!(house.events(id).await.last().map(String::as_str), Some("dossier_taken"));
}

async fn a_step_goes_only_where_its_process_says(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let id = received(&house, &counter).await;
    let officer = house.officer(role_at(&house, id).await).await;
    house.office.take(&officer, id).await.expect("taken");
    let before = house.dossier(id).await;
    let refused = house.office.finish_step(&officer, id, "khong-co-buoc-nay", "xong", None).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Dossier(_)))), "{refused:?}");
    assert_eq!(house.dossier(id).await, before, "nothing changed");
}

async fn a_withdrawal_ends_the_dossier_and_its_clock(db: Scratch) {
    let house = House::open(&db).await;
    let counter = house.officer(Role::Counter).await;
    let id = received(&house, &counter).await;
    assert!(
        house.office.withdraw(&counter, id, "  ", Custodian::Applicant).await.is_err(),
        "a reason is needed"
    );
    house.office.withdraw(&counter, id, "Người nộp đổi ý", Custodian::Applicant).await.expect("withdrawn");
    let dossier = house.dossier(id).await;
    assert!(matches!(dossier.state, State::Withdrawn { .. }));
    assert!(dossier.clock.is_some_and(|clock| clock.finished_at.is_some()));
    let officer = house.officer(Role::Head).await;
    assert!(house.office.take(&officer, id).await.is_err());
}

store::on_both!(
    one_officer_takes_a_dossier_and_the_next_is_told,
    a_step_goes_only_where_its_process_says,
    a_withdrawal_ends_the_dossier_and_its_clock,
);
