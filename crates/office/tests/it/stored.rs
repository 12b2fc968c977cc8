//! Stored papers at the counter: ticked when a dossier is opened, put back by the officer, never ticked again.

use crate::counter::received;
use crate::house::{House, applicant};
use crate::unit::{DIVORCED, paper};
use bytes::Bytes;
use office::By;
use office::counter::{Opening, SentFile};
use rules::counter::{Mark, Supply};
use rules::id::{DossierId, EntryId};
use rules::people::Role;
use rules::repository::Entry;
use store::testing::Scratch;

const STATUS: &str = "1.004873";
/// What the stored paper stands for.
const DECREE: &str = "ly-hon";
const NEVER_MARRIED: &str = "chua-ket-hon";

struct Desk {
    house: House,
    counter: By,
    entry: Entry,
}

impl Desk {
    /// The repository holds one paper of the applicant.
    async fn open(db: &Scratch) -> Self {
        let house = House::open(db).await;
        let counter = house.officer(Role::Counter).await;
        let earlier = received(&house, &counter).await;
        let entry = paper(&house, earlier).await;
        let desk = Self { house, counter, entry };
        desk.file(&desk.entry).await;
        desk
    }

    async fn file(&self, entry: &Entry) {
        let db = &self.house.office.db;
        db.act(|mut tx| async move { store::repository::add(&mut tx, entry).await }).await.expect("filed");
    }

    async fn intake(&self, case: &str, use_stored: bool) -> DossierId {
        let code = STATUS.parse().expect("a procedure code");
        let opening = Opening { use_stored, ..Opening::at_counter(&code, Some(case)) };
        self.house.office.open_intake(&self.counter, &applicant(), opening).await.expect("an intake")
    }

    async fn supply(&self, id: DossierId) -> Supply {
        let view = self.house.office.dossier_view(&self.counter.actor, id).await.expect("a dossier");
        view.supply(DECREE).clone()
    }

    async fn choose(&self, id: DossierId, case: &str) {
        self.house.office.choose_case(&self.counter, id, case, true).await.expect("chosen");
    }
}

async fn what_the_repository_holds_stands_ticked_and_is_put_back_for_good(db: Scratch) {
    let desk = Desk::open(&db).await;
    let reused = Supply::Reused { entry: desk.entry.id };
    let id = desk.intake(DIVORCED, true).await;
    assert_eq!(desk.supply(id).await, reused);
    assert_eq!(desk.house.events(id).await, ["intake_opened", "paper_reused"]);
    let asked_for = desk.intake(DIVORCED, false).await;
    assert_eq!(desk.supply(asked_for).await, Supply::Missing, "only offered");

    let put_back = desk.house.office.mark_component(&desk.counter, id, DECREE, Mark::Missing).await;
    put_back.expect("put back");
    desk.choose(id, DIVORCED).await;
    assert_eq!(desk.supply(id).await, Supply::Missing, "the officer has decided");
}

async fn another_case_ticks_what_only_it_requires(db: Scratch) {
    let desk = Desk::open(&db).await;
    let id = desk.intake(NEVER_MARRIED, true).await;
    assert_eq!(desk.house.events(id).await, ["intake_opened"]);
    desk.choose(id, DIVORCED).await;
    assert_eq!(desk.supply(id).await, Supply::Reused { entry: desk.entry.id });
    assert_eq!(desk.house.events(id).await, ["intake_opened", "case_chosen", "paper_reused"]);
}

async fn what_was_decided_stays_whatever_case_is_chosen_in_between(db: Scratch) {
    let desk = Desk::open(&db).await;
    let office = &desk.house.office;
    let put_back = desk.intake(DIVORCED, true).await;
    office.mark_component(&desk.counter, put_back, DECREE, Mark::Missing).await.expect("put back");
    let declined = desk.intake(DIVORCED, true).await;
    office.mark_component(&desk.counter, declined, DECREE, Mark::Missing).await.expect("put back");
    let reason = "Bản trong kho mờ, không đọc được";
    office.decline_reuse(&desk.counter, declined, DECREE, desk.entry.id, reason).await.expect("asked for");
    for id in [put_back, declined] {
        desk.choose(id, NEVER_MARRIED).await;
        desk.choose(id, DIVORCED).await;
        assert_eq!(desk.supply(id).await, Supply::Missing, "{:?}", desk.house.events(id).await);
    }
}

async fn a_file_that_is_being_opened_is_not_overtaken(db: Scratch) {
    let desk = Desk::open(&db).await;
    let id = desk.intake(DIVORCED, false).await;
    let file = SentFile { name: "ly-hon.pdf".to_owned(), bytes: Bytes::from_static(b"%PDF-1.4") };
    desk.house.office.add_file(&desk.counter, id, DECREE, file).await.expect("being opened");
    desk.choose(id, DIVORCED).await;
    assert_eq!(desk.supply(id).await, Supply::Missing, "its pages are on their way");
}

async fn between_two_papers_the_officer_chooses(db: Scratch) {
    let desk = Desk::open(&db).await;
    let second = EntryId(store::time::new_id(desk.house.office.clock.now()));
    let code = format!("{}.2", desk.entry.code);
    desk.file(&Entry { id: second, code, ..desk.entry.clone() }).await;
    let id = desk.intake(DIVORCED, true).await;
    assert_eq!(desk.supply(id).await, Supply::Missing);
}

store::on_both!(
    what_the_repository_holds_stands_ticked_and_is_put_back_for_good,
    another_case_ticks_what_only_it_requires,
    what_was_decided_stays_whatever_case_is_chosen_in_between,
    a_file_that_is_being_opened_is_not_overtaken,
    between_two_papers_the_officer_chooses,
);
