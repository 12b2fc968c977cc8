//! A result goes to whoever may have it, and the sheet he signed stays with the dossier.

use crate::afterwards::Team;
use crate::counter::received;
use bytes::Bytes;
use office::counter::SentFile;
use office::{Error, Refusal};
use rules::dossier::{NextAct, Presented, Receiver, Refused, ReturnWay, State};
use rules::event::{Body, HandOverWay, PostOutcome};
use rules::id::ReceiptId;
use rules::people::Role;
use store::testing::Scratch;
use uuid::Uuid;

fn presented(name: &str, number: &str, authorisation: &str) -> Presented {
    let (name, number, authorisation) = (name.to_owned(), number.to_owned(), authorisation.to_owned());
    Presented { name, number, authorisation }
}

fn sent(bytes: &'static [u8]) -> SentFile {
    SentFile { name: "bien-nhan.pdf".to_owned(), bytes: Bytes::from_static(bytes) }
}

async fn a_result_goes_to_no_stranger(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let office = &team.house.office;
    let id = received(&team.house, &team.counter).await;
    team.seal(id).await;
    let give = async |who: Presented| office.hand_over_to(&team.counter, id, who, Vec::new()).await;
    for (who, field) in [
        (presented("", "", ""), "so-giay-to"),
        (presented("", "1", ""), "so-giay-to"),
        (presented("Lê Văn An", "001200000009", ""), "uy-quyen"),
        (presented("", "001200000009", "Giấy ủy quyền 12/2026"), "ten-nguoi-nhan"),
    ] {
        let refused = give(who).await;
        let Err(Error::Refused(Refusal::Form(faults))) = refused else { panic!("{refused:?}") };
        assert_eq!(faults[0].0, field);
    }
    let dossier = team.house.dossier(id).await;
    assert!(matches!(dossier.state, State::Done { .. }), "{:?}", dossier.state);
    give(presented("Lê Văn An", "001 200 000 009", "Giấy ủy quyền 12/2026")).await.expect("he is sent");
    let view = office.open_dossier(&team.counter.actor, id).await.expect("her dossier");
    let told = view.events.iter().find_map(|event| match &event.body {
        Body::ResultHandedOver { receiver, way, .. } => Some((receiver.clone(), *way)),
        _ => None,
    });
    let (name, authorisation) = ("Lê Văn An".to_owned(), "Giấy ủy quyền 12/2026".to_owned());
    let receiver = Some(Receiver::Authorised { name, authorisation });
    assert_eq!(told, Some((receiver, HandOverWay::Counter)));
    let kept = office.receipts_of(&view).await.expect("read");
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].number.as_str(), kept[0].sheet.is_none()), ("001200000009", true));
}

async fn the_signed_sheet_stays_with_the_dossier(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let (office, by) = (&team.house.office, &team.counter);
    let id = received(&team.house, by).await;
    team.seal(id).await;
    office.hand_over_to(by, id, presented("", "038191004627", ""), Vec::new()).await.expect("the applicant");
    let view = office.open_dossier(&by.actor, id).await.expect("her dossier");
    let kept = office.receipts_of(&view).await.expect("read").remove(0);
    assert_eq!((kept.name.as_str(), kept.authorisation.as_str()), ("Nguyễn Thị Ngoãn", ""));
    let none = office.signed_sheet(&by.actor, id, kept.id).await;
    assert!(matches!(none, Err(Error::NotFound)), "{none:?}");
    for nonsense in [&b""[..], b"MZ\x90\x00 not a picture", b"<html><script>alert(1)</script>"] {
        let refused = office.keep_signed_sheet(by, id, kept.id, sent(nonsense)).await;
        assert!(matches!(refused, Err(Error::Refused(Refusal::Unreadable(_)))), "{refused:?}");
    }
    let nobody = ReceiptId(Uuid::from_u128(1));
    let missing = office.keep_signed_sheet(by, id, nobody, sent(b"%PDF-1.7 one")).await;
    assert!(matches!(missing, Err(Error::NotFound)), "{missing:?}");
    let not_his = office.keep_signed_sheet(&team.specialist, id, kept.id, sent(b"%PDF-1.7 one")).await;
    assert!(matches!(not_his, Err(Error::NotYours(_))), "{not_his:?}");
    office.keep_signed_sheet(by, id, kept.id, sent(b"%PDF-1.7 one")).await.expect("kept");
    office.keep_signed_sheet(by, id, kept.id, sent(b"\xFF\xD8\xFF\xE0 better")).await.expect("scanned again");
    let (bytes, kind) = office.signed_sheet(&by.actor, id, kept.id).await.expect("there");
    assert_eq!((&bytes[..], kind.as_str()), (&b"\xFF\xD8\xFF\xE0 better"[..], "jpeg"));
    let events = team.house.events(id).await;
    assert_eq!(events.iter().filter(|kind| *kind == "signed_sheet_kept").count(), 2, "{events:?}");
}

fn field_of(done: Result<impl std::fmt::Debug, Error>) -> String {
    match done {
        Err(Error::Refused(Refusal::Form(faults))) => faults[0].0.clone(),
        other => panic!("it was to be refused: {other:?}"),
    }
}

async fn the_applicant_says_how_he_wants_the_result(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let (office, by) = (&team.house.office, &team.counter);
    let id = received(&team.house, by).await;
    let view = async || office.dossier_view(&by.actor, id).await.expect("her dossier");
    let asked = view().await;
    assert_eq!(asked.return_way(), ReturnWay::Counter, "where nobody asked, he fetches it");
    assert_eq!(asked.registered_at(), asked.receiving.unit.name);
    let post = |address: &str| ReturnWay::Post { address: address.to_owned() };
    let nowhere = office.choose_return_way(by, id, post(" \n")).await;
    assert!(matches!(nowhere, Err(Error::Refused(Refusal::Dossier(Refused::AddressUnfit)))), "{nowhere:?}");
    let not_hers = office.choose_return_way(&team.specialist, id, ReturnWay::Electronic).await;
    assert!(matches!(not_hers, Err(Error::NotYours(_))), "{not_hers:?}");
    let theirs = team.house.officer_of(team.house.elsewhere, Role::Counter).await;
    let unseen = office.choose_return_way(&theirs, id, ReturnWay::Electronic).await;
    assert!(matches!(unseen, Err(Error::NotYours(_) | Error::NotFound)), "{unseen:?}");
    office.choose_return_way(by, id, post("  Thôn Đá Chữ, xã Yên Bình ")).await.expect("chosen");
    assert_eq!(view().await.registered_at(), "Thôn Đá Chữ, xã Yên Bình (gửi qua bưu chính)");

    // The envelope goes to that address, not to the one she lives at.
    team.seal(id).await;
    let bundle = office.begin_post_bundle(by, "Bưu cục Yên Bình").await.expect("begun");
    let code = team.house.dossier(id).await.code.expect("received").to_string();
    let waiting = async || office.results_for_post(&by.actor).await.expect("at her counter").envelopes;
    let envelopes = waiting().await;
    assert_eq!(envelopes.len(), 1, "{envelopes:?}");
    assert_eq!(envelopes[0].line.dossier.id, id);
    assert_eq!(envelopes[0].address, "Thôn Đá Chữ, xã Yên Bình");
    let stranger = team.house.officer_of(team.house.elsewhere, Role::Counter).await;
    assert!(office.results_for_post(&stranger.actor).await.expect("at his own").envelopes.is_empty());
    office.post_result(by, bundle, &code, "EA123456789VN").await.expect("added");
    assert!(waiting().await.is_empty(), "it waits in the bundle now");
    let listed = office.post_bundle(&by.actor, bundle).await.expect("hers");
    assert_eq!(listed.items[0].envelope.address, "Thôn Đá Chữ, xã Yên Bình");
    assert_ne!(asked.holder.address, listed.items[0].envelope.address);
    office.send_post_bundle(by, bundle, "Vàng A Páo").await.expect("sent");
    let late = office.choose_return_way(by, id, ReturnWay::Counter).await;
    assert!(matches!(late, Err(Error::Refused(_))), "it is on its way: {late:?}");
    let events = team.house.events(id).await;
    assert_eq!(events.iter().filter(|kind| *kind == "return_way_chosen").count(), 1, "{events:?}");
}

async fn results_go_by_post_together_or_not_at_all(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let (office, by) = (&team.house.office, &team.counter);
    let (one, other) = (received(&team.house, by).await, received(&team.house, by).await);
    let code = async |id| team.house.dossier(id).await.code.expect("received").to_string();
    let (code_of_one, code_of_other) = (code(one).await, code(other).await);
    let bundle = office.begin_post_bundle(by, " Bưu cục Yên Bình ").await.expect("begun");
    assert_eq!(field_of(office.begin_post_bundle(by, " ").await), "buu-cuc");
    let add = async |code: &str, number: &str| office.post_result(by, bundle, code, number).await;
    assert_eq!(field_of(add(&code_of_one, "EA123456789VN").await), "ma-ho-so", "it has no result yet");
    team.seal(one).await;
    team.seal(other).await;
    assert_eq!(field_of(add(&code_of_one, "?").await), "so-hieu");
    assert_eq!(field_of(add("H99.101-261123-9999", "EA123456789VN").await), "ma-ho-so");
    assert_eq!(field_of(office.send_post_bundle(by, bundle, "Vàng A Páo").await), "buu-ta", "it is empty");
    add(&code_of_one, "ea 123 456 789 vn").await.expect("added");
    assert_eq!(field_of(add(&code_of_one, "EA000000000VN").await), "ma-ho-so", "it is in");
    assert_eq!(field_of(add(&code_of_other, "EA123456789VN").await), "so-hieu", "of the other");
    add(&code_of_other, "EA123456790VN").await.expect("added");
    let answered = office.post_answered(by, bundle, one, PostOutcome::Delivered).await;
    assert_eq!(field_of(answered), "", "nobody took it");

    // The other is fetched meanwhile: nothing goes, and it is said which one is in the way.
    office.hand_over_to(by, other, presented("", "038191004627", ""), Vec::new()).await.expect("fetched");
    assert_eq!(field_of(office.send_post_bundle(by, bundle, "Vàng A Páo").await), "buu-ta");
    assert!(matches!(team.house.dossier(one).await.state, State::Done { .. }));
    office.unpost_result(by, bundle, other).await.expect("out");
    office.send_post_bundle(by, bundle, "Vàng A Páo").await.expect("sent");
    let dossier = team.house.dossier(one).await;
    assert!(matches!(dossier.state, State::HandedOver { way: HandOverWay::Post, .. }), "{:?}", dossier.state);
    assert_eq!(field_of(add(&code_of_other, "EA123456790VN").await), "", "it is gone");
    office.post_answered(by, bundle, one, PostOutcome::CameBack).await.expect("said");
    let twice = office.post_answered(by, bundle, one, PostOutcome::Delivered).await;
    assert!(matches!(twice, Err(Error::Stale)), "{twice:?}");
    let events = team.house.events(one).await;
    assert!(events.ends_with(&["result_handed_over".to_owned(), "post_answered".to_owned()]), "{events:?}");
    // It lies at the counter again, and is fetched there.
    let dossier = team.house.dossier(one).await;
    assert!(matches!(dossier.state, State::Done { .. }), "{:?}", dossier.state);
    let standing = office.dossier_view(&by.actor, one).await.expect("the dossier").standing.expect("open");
    assert_eq!((standing.next, standing.owner.role), (NextAct::HandOver, Role::Counter));
    office.hand_over_to(by, one, presented("", "038191004627", ""), Vec::new()).await.expect("fetched");
    let late = office.post_answered(by, bundle, one, PostOutcome::CameBack).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    assert!(matches!(
        team.house.dossier(one).await.state,
        State::HandedOver { way: HandOverWay::Counter, .. }
    ));
    let view = office.post_bundle(&by.actor, bundle).await.expect("hers");
    assert_eq!((view.items.len(), view.items[0].item.tracking.as_str()), (1, "EA123456789VN"));
    let theirs = team.house.officer_of(team.house.elsewhere, Role::Counter).await;
    let gone = office.post_bundle(&theirs.actor, bundle).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
    let gone = office.send_post_bundle(&theirs, bundle, "Vàng A Páo").await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
    assert!(office.post_bundles(&theirs.actor).await.expect("read").is_empty());
}

store::on_both!(
    a_result_goes_to_no_stranger,
    the_signed_sheet_stays_with_the_dossier,
    the_applicant_says_how_he_wants_the_result,
    results_go_by_post_together_or_not_at_all,
);
