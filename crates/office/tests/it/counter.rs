//! The counter: opened, supplied, received once, refused in words.

use crate::house::{House, applicant, keyed};
use bytes::Bytes;
use office::counter::Opening;
use office::counter::SentFile;
use office::{By, Error, Refusal};
use rules::counter::applicant::TypedApplicant;
use rules::counter::{Incomplete, Mark, Refusal as CounterRefusal, RefusalReason};
use rules::dossier::{Custodian, State};
use rules::id::DossierId;
use rules::people::Role;
use store::testing::Scratch;

/// Certified copies: an original that is shown and a photocopy that stays on paper.
const COPIES: &str = "2.000815";
/// The marital-status certificate, whose request is digitised.
const STATUS: &str = "1.004873";

async fn open(house: &House, by: &By, procedure: &str) -> DossierId {
    let code = procedure.parse().expect("a procedure code");
    house.office.open_intake(by, &applicant(), Opening::at_counter(&code, None)).await.expect("an intake")
}

pub(crate) async fn received(house: &House, by: &By) -> DossierId {
    let id = open(house, by, COPIES).await;
    house.office.mark_component(by, id, "ban-chinh", Mark::Shown).await.expect("shown");
    house.office.mark_component(by, id, "ban-sao", Mark::OnPaper).await.expect("on paper");
    house.office.receive(by, id).await.expect("received");
    id
}

async fn receiving_gives_code_clock_and_event(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Counter).await;
    let id = received(&house, &by).await;

    let dossier = house.dossier(id).await;
    assert_eq!(dossier.code.as_ref().map(ToString::to_string).as_deref(), Some("H99.101-261123-0001"));
    assert!(matches!(dossier.state, State::Received { .. }), "{:?}", dossier.state);
    // Received at 08:00, a same-day procedure is due at the end of that day.
    assert_eq!(dossier.due.map(|due| due.on.to_string()).as_deref(), Some("2026-11-23"));
    assert_eq!(
        house.events(id).await,
        ["intake_opened", "component_marked", "component_marked", "dossier_received"]
    );
    assert!(house.jobs(id).await.is_empty(), "nothing of it is to be digitised");
}

async fn the_same_form_sent_again_is_answered_the_same(db: Scratch) {
    let house = House::open(&db).await;
    let by = &house.officer(Role::Counter).await;
    let once = keyed(by, "0123456789abcdef");
    let code = COPIES.parse().expect("a procedure code");
    let first = house
        .office
        .open_intake(&once, &applicant(), Opening::at_counter(&code, None))
        .await
        .expect("an intake");
    let again = house
        .office
        .open_intake(&once, &applicant(), Opening::at_counter(&code, None))
        .await
        .expect("the same");
    assert_eq!(first, again);
    house.office.mark_component(by, first, "ban-chinh", Mark::Shown).await.expect("shown");
    house.office.mark_component(by, first, "ban-sao", Mark::OnPaper).await.expect("on paper");
    house.office.receive(&once, first).await.expect("received");
    house.office.receive(&once, first).await.expect("answered as before");
    let n_received = house.events(first).await.iter().filter(|kind| *kind == "dossier_received").count();
    assert_eq!(n_received, 1);
    let next = house.dossier(received(&house, by).await).await;
    assert_eq!(next.code.map(|code| code.ordinal()), Some(2), "no ordinal was lost");
}

async fn everything_missing_is_said_at_once(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Counter).await;
    let id = open(&house, &by, COPIES).await;
    let Err(Error::Refused(Refusal::Incomplete(faults))) = house.office.receive(&by, id).await else {
        panic!("an empty dossier was received");
    };
    let missing = |component: &str| Incomplete::Missing { component: component.to_owned() };
    assert_eq!(faults, [missing("ban-chinh"), missing("ban-sao")]);
    assert_eq!(house.events(id).await, ["intake_opened"]);
}

async fn what_is_only_shown_is_not_scanned(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Counter).await;
    let id = open(&house, &by, COPIES).await;
    let file = SentFile { name: "x.jpg".to_owned(), bytes: Bytes::from_static(b"x") };
    let refused = house.office.add_file(&by, id, "ban-chinh", file).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Component(_)))), "{refused:?}");
}

async fn a_file_is_kept_before_it_is_opened(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Counter).await;
    let id = open(&house, &by, STATUS).await;
    let bytes = Bytes::from_static(b"whatever somebody sends");
    let file = SentFile { name: "..\\../a\u{7}nh.jpg".to_owned(), bytes: bytes.clone() };
    let upload = house.office.add_file(&by, id, "to-khai", file).await.expect("taken");
    assert_eq!(house.jobs(id).await, ["open_upload"]);
    let mut reader = house.office.db.read().await.expect("a snapshot");
    let kept = store::counter::upload(&mut reader, upload).await.expect("read").expect("the upload");
    assert_eq!(kept.file_name, "anh.jpg", "neither folders nor control characters");
    let address = kept.sha256.parse().expect("an address");
    assert_eq!(house.office.blobs.get(address).await.expect("the file"), bytes);
    // Whatever becomes of the file, a dossier is not received over it.
    let refused = house.office.receive(&by, id).await;
    assert!(
        matches!(&refused, Err(Error::Refused(Refusal::Incomplete(faults)))
            if faults.contains(&Incomplete::StillOpening { component: "to-khai".to_owned() })),
        "{refused:?}"
    );
}

async fn a_refusal_needs_its_reason_in_writing(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Counter).await;
    let id = open(&house, &by, COPIES).await;
    let refusal = |explanation: &str| CounterRefusal {
        reason: RefusalReason::NotCompetent,
        explanation: explanation.to_owned(),
    };
    assert!(house.office.refuse_at_counter(&by, id, refusal(" ")).await.is_err());
    house.office.refuse_at_counter(&by, id, refusal("Nộp ở xã Thác Mây")).await.expect("refused");
    let dossier = house.dossier(id).await;
    assert!(matches!(dossier.state, State::NotReceived { .. }));
    assert_eq!(dossier.code, None, "a refused dossier takes no code");
    assert!(house.office.receive(&by, id).await.is_err(), "and is not received afterwards");
}

async fn an_intake_is_given_up_with_its_reason_and_its_originals(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Counter).await;
    let (office, id) = (&house.office, open(&house, &by, COPIES).await);
    office.mark_component(&by, id, "ban-chinh", Mark::Shown).await.expect("shown");
    let stranger = house.officer_of(house.elsewhere, Role::Counter).await;
    assert!(office.withdraw(&stranger, id, "thử", Custodian::Applicant).await.is_err());
    assert!(office.withdraw(&by, id, " ", Custodian::Applicant).await.is_err(), "why is written");
    office.withdraw(&by, id, "người nộp về lấy thêm giấy", Custodian::Applicant).await.expect("given up");
    let dossier = house.dossier(id).await;
    assert!(matches!(dossier.state, State::Withdrawn { .. }), "{:?}", dossier.state);
    assert_eq!((dossier.code, dossier.received_at), (None, None), "it was never received");
    assert_eq!(house.events(id).await, ["intake_opened", "component_marked", "withdrawn"]);
    assert!(office.receive(&by, id).await.is_err(), "and is not received afterwards");
}

async fn a_dossier_of_others_does_not_exist(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Counter).await;
    let id = open(&house, &by, COPIES).await;
    let stranger = house.officer_of(house.elsewhere, Role::Counter).await;
    for done in [
        house.office.receive(&stranger, id).await,
        house.office.mark_component(&stranger, id, "ban-chinh", Mark::Shown).await,
        house.office.dossier_view(&stranger.actor, id).await.map(drop),
    ] {
        assert!(matches!(done, Err(Error::NotFound)), "{done:?}");
    }
    let specialist = house.officer(Role::Specialist).await;
    assert!(matches!(house.office.receive(&specialist, id).await, Err(Error::NotYours(_))));
}

async fn every_fault_of_an_applicant_comes_back(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Counter).await;
    let typed = TypedApplicant { number: "03819100462".to_owned(), name: String::new(), ..applicant() };
    let code = COPIES.parse().expect("a procedure code");
    let refused = house.office.open_intake(&by, &typed, Opening::at_counter(&code, None)).await;
    let Err(Error::Refused(Refusal::Applicant(faults))) = refused else { panic!("{refused:?}") };
    assert_eq!(faults.iter().map(|(field, _)| *field).collect::<Vec<_>>(), ["so-dinh-danh", "ho-ten"]);
}

store::on_both!(
    receiving_gives_code_clock_and_event,
    the_same_form_sent_again_is_answered_the_same,
    everything_missing_is_said_at_once,
    what_is_only_shown_is_not_scanned,
    a_file_is_kept_before_it_is_opened,
    a_refusal_needs_its_reason_in_writing,
    an_intake_is_given_up_with_its_reason_and_its_originals,
    a_dossier_of_others_does_not_exist,
    every_fault_of_an_applicant_comes_back,
);
