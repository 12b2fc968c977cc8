//! Paper custody: the folder comes with its dossier, goes from hand to hand by two scans, and is looked for
//! when it is out of sight.

use crate::house::{House, applicant, id_of, keyed};
use jiff::SignedDuration;
use office::counter::Opening;
use office::custody::{Found, Gift, Sees};
use office::{By, Error, Refusal};
use rules::counter::Mark;
use rules::custody::offer::FolderAct;
use rules::custody::{CustodyRefused, Destination, Folder, Holder, Keeping, Receiver, Shelf};
use rules::dossier::Custodian;
use rules::id::{DossierId, FolderId};
use rules::people::{Post, Role, Sensitivity};
use rules::procedure::{AdmissibleForm, DigitisationClass, Procedure};
use store::testing::Scratch;

const COPIES: &str = "2.000815";
/// The same with one secret original that is kept on paper.
pub(crate) const SECRET: &str = "9.000815";

pub(crate) fn secret_procedure() -> Procedure {
    let mut procedure: Procedure =
        toml::from_str(include_str!("../../../../procedures/2.000815/1.toml")).expect("a procedure");
    procedure.code = SECRET.parse().expect("a code");
    for component in procedure.cases.iter_mut().flat_map(|case| &mut case.components) {
        if component.id == "ban-sao" {
            component.form = AdmissibleForm::Original;
            component.digitise = DigitisationClass::Secret;
            component.originals = 1;
        }
    }
    procedure
}

pub(crate) async fn received(house: &House, by: &By, procedure: &str) -> DossierId {
    let code = procedure.parse().expect("a procedure code");
    let id = house
        .office
        .open_intake(by, &applicant(), Opening::at_counter(&code, None))
        .await
        .expect("an intake");
    house.office.mark_component(by, id, "ban-chinh", Mark::Shown).await.expect("shown");
    house.office.mark_component(by, id, "ban-sao", Mark::OnPaper).await.expect("on paper");
    house.office.receive(by, id).await.expect("received");
    id
}

async fn folder_of(house: &House, dossier: DossierId) -> Folder {
    house.office.folder_of(dossier).await.expect("read").expect("a folder")
}

fn to(by: &By) -> Receiver {
    Receiver { agency: by.actor.agency(), officer: by.actor.officer() }
}

async fn pass(house: &House, by: &By, folder: FolderId, to: Receiver) -> Result<(), Error> {
    let gift = Gift { folders: vec![folder], to };
    house.office.pass_folders(by, &gift).await.map(drop)
}

fn why<T: std::fmt::Debug>(answer: Result<T, Error>) -> CustodyRefused {
    match answer {
        Err(Error::Refused(Refusal::Custody(refused))) => refused[0].1,
        other => panic!("not refused by custody: {other:?}"),
    }
}

fn is_not_found<T>(answer: &Result<T, Error>) -> bool {
    matches!(answer, Err(Error::NotFound))
}

async fn a_dossier_with_paper_gets_a_folder_with_what_stays(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Counter).await;
    let id = received(&house, &by, COPIES).await;
    let folder = folder_of(&house, id).await;
    let told: Vec<_> =
        folder.papers.iter().map(|paper| (paper.component.as_str(), paper.originals, paper.copies)).collect();
    assert_eq!(told, [("ban-sao", 0, 1)], "what was only shown is not in it");
    assert_eq!(folder.keeping.bearer().map(|bearer| bearer.officer), by.actor.officer());
    let view = house.office.folder_view(&by.actor, folder.id).await.expect("seen");
    assert!(!view.papers[0].0.is_empty() && view.papers[0].0 != "ban-sao", "papers are named");
    assert_eq!(house.office.open_folder(&by, id).await.expect("there is one"), folder.id);
    let told = house.events(id).await;
    assert!(!told.contains(&"folder_opened".to_owned()), "receiving tells it: {told:?}");
}

async fn a_folder_goes_from_hand_to_hand_by_two_scans(db: Scratch) {
    let house = House::open(&db).await;
    let (giver, receiver) = (house.officer(Role::Counter).await, house.officer(Role::Specialist).await);
    let bystander = house.officer(Role::Clerk).await;
    let id = received(&house, &giver, COPIES).await;
    let folder = folder_of(&house, id).await;
    assert_eq!(why(pass(&house, &bystander, folder.id, to(&receiver)).await), CustodyRefused::NotWithYou);
    assert_eq!(why(pass(&house, &giver, folder.id, to(&giver)).await), CustodyRefused::ToYourself);

    let gift = Gift { folders: vec![folder.id, folder.id], to: to(&receiver) };
    let once = keyed(&giver, "0123456789abcdef");
    let slip = house.office.pass_folders(&once, &gift).await.expect("given");
    assert_eq!(house.office.pass_folders(&once, &gift).await.expect("answered the same"), slip);
    let mine = house.office.my_folders(&giver.actor).await.expect("read");
    assert_eq!((mine.in_hand.len(), mine.given.len()), (0, 1));
    let waiting = house.office.my_folders(&receiver.actor).await.expect("read").waiting;
    assert_eq!(waiting[0].line.folder.id, folder.id);

    assert_eq!(why(house.office.confirm_folder(&bystander, folder.id).await), CustodyRefused::NotGivenToYou);
    assert_eq!(why(house.office.confirm_folder(&giver, folder.id).await), CustodyRefused::NotGivenToYou);
    let found = house.office.find_folder(&receiver.actor, &folder.code.to_string().to_lowercase()).await;
    house.office.confirm_folder(&receiver, found.expect("scanned").line.folder.id).await.expect("confirmed");
    assert_eq!(why(house.office.confirm_folder(&receiver, folder.id).await), CustodyRefused::WithYou);

    let kept = folder_of(&house, id).await;
    assert_eq!(kept.keeping.bearer().map(|bearer| bearer.officer), receiver.actor.officer());
    let stale = house.office.take_back_folder(&giver, folder.id, folder.version).await;
    assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
    let view = house.office.passing_view(&giver.actor, slip).await.expect("the slip");
    assert!(view.lines[0].0.settled.is_some(), "the slip says that it was confirmed");
    let events = house.events(id).await;
    assert_eq!(events[events.len() - 2..], ["folder_passed", "folder_confirmed"]);
}

async fn a_receiver_refuses_with_a_reason_and_a_giver_takes_back(db: Scratch) {
    let house = House::open(&db).await;
    let (giver, receiver) = (house.officer(Role::Counter).await, house.officer(Role::Specialist).await);
    let id = received(&house, &giver, COPIES).await;
    let folder = folder_of(&house, id).await.id;
    let version = async || folder_of(&house, id).await.version;
    pass(&house, &giver, folder, to(&receiver)).await.expect("given");
    let silent = house.office.refuse_folder(&receiver, folder, version().await, " ").await;
    assert_eq!(why(silent), CustodyRefused::ReasonMissing);
    house.office.refuse_folder(&receiver, folder, version().await, "thiếu bản sao").await.expect("refused");
    pass(&house, &giver, folder, to(&receiver)).await.expect("given again");
    house.office.take_back_folder(&giver, folder, version().await).await.expect("taken back");
    let kept = folder_of(&house, id).await;
    assert_eq!(kept.keeping.bearer().map(|bearer| bearer.officer), giver.actor.officer());
    let specialist = house.office.reclaim_folder(&receiver, folder, kept.version, "nghỉ ốm").await;
    assert!(matches!(specialist, Err(Error::NotYours(_))), "{specialist:?}");
    let head_elsewhere = house.officer_with(Post::new(house.elsewhere, Role::Head)).await;
    let also_here = &Post::new(house.commune, Role::Specialist);
    let id_of_head = id_of(&head_elsewhere.actor);
    let given = house
        .office
        .db
        .act(|mut tx| async move { store::people::rights::add_post(&mut tx, id_of_head, also_here).await });
    given.await.expect("a second post");
    let both = By::new(house.office.actor_of(id_of_head).await.expect("an actor"));
    let elsewhere = house.office.reclaim_folder(&both, folder, kept.version, "nghỉ ốm").await;
    assert_eq!(why(elsewhere), CustodyRefused::NotWithYou);
    let head = house.officer(Role::Head).await;
    house.office.reclaim_folder(&head, folder, kept.version, "nghỉ ốm").await.expect("taken over");
    let events = house.events(id).await;
    let told = &events[events.len() - 5..];
    assert_eq!(
        told,
        ["folder_passed", "folder_refused", "folder_passed", "folder_taken_back", "folder_reclaimed"]
    );
}

async fn another_agency_sees_the_line_of_what_is_given_to_it_and_nothing_else(db: Scratch) {
    let house = House::open(&db).await;
    let giver = house.officer(Role::Counter).await;
    let stranger = house.officer_of(house.elsewhere, Role::Specialist).await;
    let id = received(&house, &giver, COPIES).await;
    let folder = folder_of(&house, id).await;
    let code = folder.code.to_string();
    assert!(is_not_found(&house.office.find_folder(&stranger.actor, &code).await));
    assert!(is_not_found(&house.office.folder_view(&stranger.actor, folder.id).await));
    assert!(is_not_found(&house.office.confirm_folder(&stranger, folder.id).await));

    let whoever = Receiver { agency: house.elsewhere, officer: None };
    pass(&house, &giver, folder.id, whoever).await.expect("given");
    let seen = house.office.find_folder(&stranger.actor, &code).await.expect("given to his agency");
    assert_eq!(seen.sees, Sees::Line);
    assert!(is_not_found(&house.office.open_dossier(&stranger.actor, id).await), "not the dossier");
    house.office.confirm_folder(&stranger, folder.id).await.expect("confirmed");
    assert_eq!(house.office.my_folders(&stranger.actor).await.expect("read").in_hand.len(), 1);
    let colleague = house.officer_of(house.elsewhere, Role::Clerk).await;
    assert!(is_not_found(&house.office.folder_view(&colleague.actor, folder.id).await), "it is in his hands");
    let seen = house.office.find_folder(&giver.actor, &code).await.expect("her dossier");
    assert_eq!(seen.sees, Sees::Dossier, "where the dossier is, its folder is always found");
}

async fn secret_papers_go_only_to_whose_post_admits_them(db: Scratch) {
    let house = House::open(&db).await;
    house.publish(&[secret_procedure()]).await;
    let cleared = |role| Post { ceiling: Sensitivity::Secret, ..Post::new(house.commune, role) };
    let counter = house.officer_with(cleared(Role::Counter)).await;
    let (plain, trusted) =
        (house.officer(Role::Specialist).await, house.officer_with(cleared(Role::Specialist)).await);
    let id = received(&house, &counter, SECRET).await;
    let folder = folder_of(&house, id).await;
    assert_eq!(folder.sensitivity(), Sensitivity::Secret);
    assert_eq!(why(pass(&house, &counter, folder.id, to(&plain)).await), CustodyRefused::Secret);
    let whoever = Receiver { agency: house.commune, officer: None };
    assert_eq!(why(pass(&house, &counter, folder.id, whoever).await), CustodyRefused::SecretNeedsName);
    let by_post = Destination::Post { consignment: "RB1".to_owned() };
    let sent = house.office.place_folder(&counter, folder.id, folder.version, &by_post).await;
    assert_eq!(why(sent), CustodyRefused::Secret);
    let post_office = house.officer(Role::PostOffice).await;
    assert_eq!(why(pass(&house, &counter, folder.id, to(&post_office)).await), CustodyRefused::Secret);
    pass(&house, &counter, folder.id, to(&trusted)).await.expect("his post admits it");
    house.office.confirm_folder(&trusted, folder.id).await.expect("confirmed");
    let admin =
        Receiver { agency: house.commune, officer: Some(id_of(&house.officer(Role::Admin).await.actor)) };
    assert_eq!(why(pass(&house, &trusted, folder.id, admin).await), CustodyRefused::NobodyThere);
}

async fn what_is_not_confirmed_in_time_is_an_alarm_until_it_is(db: Scratch) {
    let house = House::open(&db).await;
    let (giver, receiver) = (house.officer(Role::Counter).await, house.officer(Role::Specialist).await);
    let id = received(&house, &giver, COPIES).await;
    let folder = folder_of(&house, id).await.id;
    pass(&house, &giver, folder, to(&receiver)).await.expect("given");
    let raised = async || {
        house.office.watch_once().await.expect("a round");
        let told = house.events(id).await;
        let n = |kind| told.iter().filter(|told| *told == kind).count();
        let mut reader = house.office.db.read().await.expect("a snapshot");
        let open = store::dossier::alarm::open(&mut reader, &giver.actor.sight(), 10).await.expect("read");
        (open.iter().filter(|alarm| alarm.kind.kind() == "unconfirmed").count(), n("alarm_raised"))
    };
    assert_eq!(raised().await.0, 0, "eight working hours have not passed");
    house.office.clock.advance(SignedDuration::from_hours(54));
    assert_eq!(raised().await.0, 1);
    let (open, told) = raised().await;
    assert_eq!(open, 1, "raised once");
    let loose = house.office.loose(&giver.actor).await.expect("read");
    assert_eq!(loose.without_paper[0].line.folder.id, folder);
    house.office.confirm_folder(&receiver, folder).await.expect("confirmed");
    assert_eq!(raised().await, (0, told), "it ends by itself");
}

async fn what_went_back_to_the_applicant_is_no_longer_in_the_folder(db: Scratch) {
    let house = House::open(&db).await;
    house.publish(&[secret_procedure()]).await;
    let post = Post { ceiling: Sensitivity::Secret, ..Post::new(house.commune, Role::Counter) };
    let by = house.officer_with(post).await;
    let id = received(&house, &by, SECRET).await;
    let folder = folder_of(&house, id).await;
    let gone = house.office.place_folder(&by, folder.id, folder.version, &Destination::Applicant).await;
    assert_eq!(why(gone), CustodyRefused::DossierOpen);
    house.office.withdraw(&by, id, "đổi ý", Custodian::Applicant).await.expect("withdrawn");
    let empty = folder_of(&house, id).await;
    assert!(empty.papers[0].returned_at.is_some());
    assert_eq!(empty.keeping, Keeping::With(Holder::Applicant), "nothing is left in it");
    assert_eq!(
        house.events(id).await.last().map(String::as_str),
        Some("withdrawn"),
        "the withdrawal tells it"
    );

    let id = received(&house, &by, COPIES).await;
    house.office.withdraw(&by, id, "đổi ý", Custodian::Applicant).await.expect("withdrawn");
    let kept = folder_of(&house, id).await;
    assert!(kept.keeping.bearer().is_some(), "a copy stays, and with whom it was");
    let loose = house.office.loose(&by.actor).await.expect("read").without_dossier;
    assert_eq!(loose[0].line.folder.id, kept.id, "paper without an open dossier, in no archive");
    let view = house.office.folder_view(&by.actor, kept.id).await.expect("seen");
    assert!(view.acts.contains(&FolderAct::GiveToApplicant), "{:?}", view.acts);
    let record = Destination::Destroyed { record: "Biên bản 4/BB-UBND".to_owned() };
    house.office.place_folder(&by, kept.id, kept.version, &record).await.expect("destroyed with a record");
    assert!(house.office.loose(&by.actor).await.expect("read").without_dossier.is_empty());
}

async fn a_stocktaking_finds_what_is_missing_and_what_is_too_much(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Counter).await;
    let shelf = Shelf::read("1", "B", "").expect("a place");
    let mut kept = Vec::new();
    for n in 0..3 {
        let folder = folder_of(&house, received(&house, &by, COPIES).await).await;
        if n < 2 {
            let to = Destination::Shelf(shelf.clone());
            house.office.place_folder(&by, folder.id, folder.version, &to).await.expect("shelved");
        }
        kept.push(folder);
    }
    let room = Shelf { room: "1".to_owned(), ..Shelf::default() };
    let id = house.office.begin_stocktaking(&by, Some(&room)).await.expect("begun");
    let code = |n: usize| kept[n].code.to_string();
    assert!(house.office.meet_folder(&by, id, &code(0)).await.expect("met"));
    assert!(!house.office.meet_folder(&by, id, &code(0)).await.expect("met before"));
    house.office.meet_folder(&by, id, &code(2)).await.expect("met");
    let slip = house.office.meet_folder(&by, id, "7K4Q-9M2X-PTDC-3").await;
    assert!(matches!(slip, Err(Error::Refused(Refusal::FolderUnknown(_)))), "{slip:?}");
    let stranger = house.officer(Role::Clerk).await;
    assert!(is_not_found(&house.office.stocktaking(&stranger.actor, id).await));
    house.office.end_stocktaking(&by, id).await.expect("ended");
    let counted = house.office.stocktaking(&by.actor, id).await.expect("read");
    let ids = |seen: &[office::custody::FolderSeen]| -> Vec<FolderId> {
        seen.iter().map(|seen| seen.line.folder.id).collect()
    };
    assert_eq!((ids(&counted.missing), ids(&counted.surplus)), (vec![kept[1].id], vec![kept[2].id]));
    let missed = folder_of(&house, kept[1].dossier).await;
    assert!(missed.missed_at.is_some());
    assert_eq!(house.events(kept[1].dossier).await.last().map(String::as_str), Some("folder_missed"));
    let loose = house.office.loose(&by.actor).await.expect("read").without_paper;
    assert_eq!(ids(&loose), [kept[1].id]);
    house.office.take_folder(&by, missed.id, missed.version).await.expect("found again");
    assert!(house.office.loose(&by.actor).await.expect("read").without_paper.is_empty());
    assert!(matches!(house.office.end_stocktaking(&by, id).await, Err(Error::Stale)), "it ends once");
}

async fn a_found_paper_is_tied_to_its_dossier_once(db: Scratch) {
    let house = House::open(&db).await;
    let by = house.officer(Role::Counter).await;
    let dossier = received(&house, &by, COPIES).await;
    let nothing = house.office.note_found_paper(&by, Found { what: " ", place: "" }).await;
    let Err(Error::Refused(Refusal::Found(faults))) = nothing else { panic!("{nothing:?}") };
    assert_eq!(faults.iter().map(|(field, _)| *field).collect::<Vec<_>>(), ["giay", "noi"]);
    let found = Found { what: "bản sao giấy khai sinh", place: "khay máy quét" };
    let id = house.office.note_found_paper(&by, found).await.expect("noted");
    let code = house.dossier(dossier).await.code.expect("a code").to_string();
    let stranger = house.officer_of(house.elsewhere, Role::Counter).await;
    assert!(is_not_found(&house.office.tie_found_paper(&stranger, id, 1, &code).await));
    let foreign = received(&house, &stranger, COPIES).await;
    let foreign = house.dossier(foreign).await.code.expect("a code").to_string();
    let refused = house.office.tie_found_paper(&by, id, 1, &foreign).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::Found(_)))), "{refused:?}");
    house.office.tie_found_paper(&by, id, 1, &code.to_lowercase()).await.expect("tied");
    assert!(matches!(house.office.tie_found_paper(&by, id, 1, &code).await, Err(Error::Stale)));
    assert!(house.office.loose(&by.actor).await.expect("read").found.is_empty());
    assert_eq!(house.events(dossier).await.last().map(String::as_str), Some("found_paper_tied"));
}

store::on_both!(
    a_dossier_with_paper_gets_a_folder_with_what_stays,
    a_folder_goes_from_hand_to_hand_by_two_scans,
    a_receiver_refuses_with_a_reason_and_a_giver_takes_back,
    another_agency_sees_the_line_of_what_is_given_to_it_and_nothing_else,
    secret_papers_go_only_to_whose_post_admits_them,
    what_is_not_confirmed_in_time_is_an_alarm_until_it_is,
    what_went_back_to_the_applicant_is_no_longer_in_the_folder,
    a_stocktaking_finds_what_is_missing_and_what_is_too_much,
    a_found_paper_is_tied_to_its_dossier_once,
);
