//! Every state of a folder against every act, by the hands that may try it.

use super::contents::{FolderPaper, papers};
use super::offer::FolderAct;
use super::stocktaking::{Area, Tally, tally};
use super::{Bearer, CustodyRefused, Destination, Folder, Holder, Keeper, Keeping, Receiver, Shelf, ceiling};
use crate::counter::{DossierComponent, Supply};
use crate::dossier::State;
use crate::id::{FolderId, OfficerId, PassingId};
use crate::people::{Post, Role, Sensitivity};
use crate::procedure::{AdmissibleForm, Channel, Custody, DigitisationClass};
use crate::sample::{BINH, COMMITTEE, COUNTER, DOSSIER, HOA, at, procedure};
use crate::scanning::Arrangement;
use std::fmt::Write as _;
use uuid::Uuid;

mod walks;

const PASSING: PassingId = PassingId(Uuid::from_u128(0x41));
const GIVER: Bearer = Bearer { officer: HOA, agency: COUNTER };
const RECEIVER: Bearer = Bearer { officer: BINH, agency: COMMITTEE };
/// Works where the giver does.
const COLLEAGUE: Bearer = Bearer { officer: OfficerId(Uuid::from_u128(0xb3)), agency: COUNTER };

fn keeper(bearer: Bearer) -> Keeper {
    Keeper { bearer, ceiling: Sensitivity::Personal }
}

fn cleared(bearer: Bearer) -> Keeper {
    Keeper { bearer, ceiling: Sensitivity::Secret }
}

fn shelf() -> Shelf {
    Shelf::read("1", "B", "07").expect("a place")
}

fn paper(component: &str, sensitivity: Sensitivity) -> FolderPaper {
    FolderPaper { component: component.to_owned(), originals: 1, copies: 0, sensitivity, returned_at: None }
}

fn folder_of(papers: Vec<FolderPaper>, keeping: Keeping) -> Folder {
    let id = FolderId(Uuid::from_u128(0x0199_0000_0000_7123_9a5c_4d3e_2f10_8877));
    Folder { keeping, ..Folder::new(id, DOSSIER, papers, GIVER, at("2026-11-23T08:00")) }
}

fn folder(keeping: Keeping) -> Folder {
    folder_of(vec![paper("to-khai", Sensitivity::Personal)], keeping)
}

fn passing(officer: Option<OfficerId>) -> Keeping {
    let to = Receiver { agency: COMMITTEE, officer };
    Keeping::Passing { from: GIVER, to, passing: PASSING, due_at: at("2026-11-24T08:00") }
}

fn every_keeping() -> Vec<(&'static str, Keeping)> {
    let with = Keeping::With;
    vec![
        ("with the giver", with(Holder::Bearer(GIVER))),
        ("with the receiver", with(Holder::Bearer(RECEIVER))),
        ("on the giver's shelf", with(Holder::Shelf { agency: COUNTER, shelf: shelf() })),
        ("with the post", with(Holder::Post { agency: COUNTER, consignment: "RB1".to_owned() })),
        ("outside", with(Holder::Outside { agency: COUNTER, name: "Thuế".to_owned() })),
        ("with the applicant", with(Holder::Applicant)),
        ("destroyed", with(Holder::Destroyed { record: "4/BB".to_owned() })),
        ("given to the receiver", passing(Some(BINH))),
        ("given to his agency", passing(None)),
    ]
}

/// What every act answers in every state, for the giver, his colleague and the receiver.
#[test]
fn every_act_in_every_state_by_every_hand() {
    let now = at("2026-11-23T09:00");
    let to = Receiver { agency: COMMITTEE, officer: Some(BINH) };
    let stop = State::Withdrawn { reason: "đổi ý".to_owned() };
    let mut table = String::new();
    for (name, keeping) in every_keeping() {
        writeln!(table, "{name}").expect("a string takes everything");
        for (who, by) in [("giver", GIVER), ("colleague", COLLEAGUE), ("receiver", RECEIVER)] {
            let by = keeper(by);
            let folder = || folder(keeping.clone());
            let done = [
                ("pass", folder().pass(by, to, Sensitivity::Personal, (PASSING, now), now)),
                ("confirm", folder().confirm(by, now)),
                ("refuse", folder().refuse(by, "thiếu giấy", now)),
                ("take back", folder().take_back(by, now)),
                ("shelve", folder().place(by, Destination::Shelf(shelf()), &stop, now)),
                ("take", folder().take(by, now)),
                ("reclaim", folder().reclaim(by, "nghỉ ốm", now)),
            ];
            let answers = done.map(|(act, done)| match done {
                Ok((folder, body)) => {
                    assert_eq!((folder.since, folder.seen_at), (now, now), "whoever moves it sees it");
                    format!("{act} → {} {}", folder.keeping.kind(), body.kind())
                }
                Err(why) => format!("{act} ✗ {why:?}"),
            });
            writeln!(table, "  {who}: {}", answers.join(", ")).expect("a string takes everything");
        }
    }
    insta::assert_snapshot!(table, @r"
    with the giver
      giver: pass → passing folder_passed, confirm ✗ WithYou, refuse ✗ WithYou, take back ✗ NotWithYou, shelve → shelf folder_moved, take ✗ WithYou, reclaim ✗ WithYou
      colleague: pass ✗ NotWithYou, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ NotWithYou, take ✗ NotWithYou, reclaim → bearer folder_reclaimed
      receiver: pass ✗ NotWithYou, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ NotWithYou, take ✗ NotWithYou, reclaim ✗ NotWithYou
    with the receiver
      giver: pass ✗ NotWithYou, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ NotWithYou, take ✗ NotWithYou, reclaim ✗ NotWithYou
      colleague: pass ✗ NotWithYou, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ NotWithYou, take ✗ NotWithYou, reclaim ✗ NotWithYou
      receiver: pass ✗ ToYourself, confirm ✗ WithYou, refuse ✗ WithYou, take back ✗ NotWithYou, shelve → shelf folder_moved, take ✗ WithYou, reclaim ✗ WithYou
    on the giver's shelf
      giver: pass → passing folder_passed, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve → shelf folder_moved, take → bearer folder_moved, reclaim ✗ NotWithYou
      colleague: pass → passing folder_passed, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve → shelf folder_moved, take → bearer folder_moved, reclaim ✗ NotWithYou
      receiver: pass ✗ NotWithYou, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ NotWithYou, take ✗ NotWithYou, reclaim ✗ NotWithYou
    with the post
      giver: pass → passing folder_passed, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve → shelf folder_moved, take → bearer folder_moved, reclaim ✗ NotWithYou
      colleague: pass → passing folder_passed, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve → shelf folder_moved, take → bearer folder_moved, reclaim ✗ NotWithYou
      receiver: pass ✗ NotWithYou, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ NotWithYou, take ✗ NotWithYou, reclaim ✗ NotWithYou
    outside
      giver: pass → passing folder_passed, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve → shelf folder_moved, take → bearer folder_moved, reclaim ✗ NotWithYou
      colleague: pass → passing folder_passed, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve → shelf folder_moved, take → bearer folder_moved, reclaim ✗ NotWithYou
      receiver: pass ✗ NotWithYou, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ NotWithYou, take ✗ NotWithYou, reclaim ✗ NotWithYou
    with the applicant
      giver: pass ✗ Gone, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ Gone, take ✗ Gone, reclaim ✗ NotWithYou
      colleague: pass ✗ Gone, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ Gone, take ✗ Gone, reclaim ✗ NotWithYou
      receiver: pass ✗ Gone, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ Gone, take ✗ Gone, reclaim ✗ NotWithYou
    destroyed
      giver: pass ✗ Gone, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ Gone, take ✗ Gone, reclaim ✗ NotWithYou
      colleague: pass ✗ Gone, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ Gone, take ✗ Gone, reclaim ✗ NotWithYou
      receiver: pass ✗ Gone, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ Gone, take ✗ Gone, reclaim ✗ NotWithYou
    given to the receiver
      giver: pass ✗ OnItsWay, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back → bearer folder_taken_back, shelve ✗ OnItsWay, take ✗ OnItsWay, reclaim ✗ WithYou
      colleague: pass ✗ OnItsWay, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ OnItsWay, take ✗ OnItsWay, reclaim → bearer folder_reclaimed
      receiver: pass ✗ OnItsWay, confirm → bearer folder_confirmed, refuse → bearer folder_refused, take back ✗ NotWithYou, shelve ✗ OnItsWay, take ✗ OnItsWay, reclaim ✗ NotWithYou
    given to his agency
      giver: pass ✗ OnItsWay, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back → bearer folder_taken_back, shelve ✗ OnItsWay, take ✗ OnItsWay, reclaim ✗ WithYou
      colleague: pass ✗ OnItsWay, confirm ✗ NotGivenToYou, refuse ✗ NotGivenToYou, take back ✗ NotWithYou, shelve ✗ OnItsWay, take ✗ OnItsWay, reclaim → bearer folder_reclaimed
      receiver: pass ✗ OnItsWay, confirm → bearer folder_confirmed, refuse → bearer folder_refused, take back ✗ NotWithYou, shelve ✗ OnItsWay, take ✗ OnItsWay, reclaim ✗ NotWithYou
    ");
}

#[test]
fn what_is_offered_is_what_would_be_let_through() {
    use FolderAct::{
        Confirm, Destroy, GiveOutside, GiveToApplicant, Pass, Refuse, SendByPost, Shelve, Take, TakeBack,
    };
    let open = State::Received { step: "xem".to_owned() };
    let over = State::Withdrawn { reason: "đổi ý".to_owned() };
    let with_giver = || folder(Keeping::With(Holder::Bearer(GIVER)));
    let usual = [Pass, Shelve, SendByPost, GiveOutside];
    assert_eq!(with_giver().offers(keeper(GIVER), &open), usual);
    assert_eq!(with_giver().offers(keeper(GIVER), &over)[4..], [GiveToApplicant, Destroy]);
    assert_eq!(with_giver().offers(keeper(COLLEAGUE), &open), []);
    assert_eq!(folder(passing(None)).offers(keeper(RECEIVER), &open), [Confirm, Refuse]);
    assert_eq!(folder(passing(None)).offers(keeper(GIVER), &open), [TakeBack]);
    let on_shelf = folder(Keeping::With(Holder::Shelf { agency: COUNTER, shelf: shelf() }));
    assert_eq!(on_shelf.offers(keeper(COLLEAGUE), &open)[0], Take);
    let secret = folder_of(vec![paper("mat", Sensitivity::Secret)], Keeping::With(Holder::Bearer(GIVER)));
    assert_eq!(secret.offers(cleared(GIVER), &open), [Pass, Shelve], "nor by post, nor outside");
}

#[test]
fn it_leaves_the_office_for_good_only_when_the_dossier_is_settled() {
    let now = at("2026-11-23T09:00");
    let open = State::Received { step: "xem".to_owned() };
    let over = State::Withdrawn { reason: "đổi ý".to_owned() };
    let with_giver = || folder(Keeping::With(Holder::Bearer(GIVER)));
    let record = || Destination::Destroyed { record: "Biên bản 4/BB-UBND".to_owned() };
    for to in [Destination::Applicant, record()] {
        let refused = with_giver().place(keeper(GIVER), to.clone(), &open, now);
        assert_eq!(refused, Err(CustodyRefused::DossierOpen));
        let (gone, _) = with_giver().place(keeper(GIVER), to, &over, now).expect("settled");
        assert!(gone.keeping.is_gone() && gone.keeping.agency().is_none());
    }
    for to in [
        Destination::Destroyed { record: " ".to_owned() },
        Destination::Post { consignment: String::new() },
        Destination::Outside { name: String::new() },
    ] {
        let refused = with_giver().place(keeper(GIVER), to, &over, now);
        assert_eq!(refused, Err(CustodyRefused::PlaceMissing));
    }
    assert_eq!(Shelf::read(" ", "B", "07"), Err(CustodyRefused::PlaceMissing));
    let refused = folder(passing(Some(BINH))).refuse(keeper(RECEIVER), " ", now);
    assert_eq!(refused, Err(CustodyRefused::ReasonMissing));
}

// law: TT01-2023-VPCP/4
#[test]
fn secret_papers_go_only_to_a_named_officer_whose_post_admits_them() {
    let now = at("2026-11-23T09:00");
    let secret = |keeping| folder_of(vec![paper("mat", Sensitivity::Secret)], keeping);
    let named = Receiver { agency: COMMITTEE, officer: Some(BINH) };
    let whoever = Receiver { agency: COMMITTEE, officer: None };
    let with_giver = || secret(Keeping::With(Holder::Bearer(GIVER)));
    let pass = |to, ceiling| with_giver().pass(cleared(GIVER), to, ceiling, (PASSING, now), now);
    assert_eq!(pass(named, Sensitivity::Personal), Err(CustodyRefused::Secret));
    assert_eq!(pass(whoever, Sensitivity::Secret), Err(CustodyRefused::SecretNeedsName));
    pass(named, Sensitivity::Secret).expect("his post admits it");
    let given = || secret(passing(Some(BINH)));
    assert_eq!(
        given().confirm(keeper(RECEIVER), now),
        Err(CustodyRefused::Secret),
        "the post ended meanwhile"
    );
    given().confirm(cleared(RECEIVER), now).expect("his post admits it");
    given().refuse(keeper(RECEIVER), "không còn vai", now).expect("whoever may not have it gives it back");
    let open = State::Received { step: "xem".to_owned() };
    for to in [
        Destination::Post { consignment: "RB1".to_owned() },
        Destination::Outside { name: "Thuế".to_owned() },
    ] {
        let refused = with_giver().place(cleared(GIVER), to, &open, now);
        assert_eq!(refused, Err(CustodyRefused::Secret), "nobody there was given such a post");
    }
    let on_shelf = || secret(Keeping::With(Holder::Shelf { agency: COUNTER, shelf: shelf() }));
    assert_eq!(on_shelf().take(keeper(COLLEAGUE), now), Err(CustodyRefused::Secret));
    on_shelf().take(cleared(COLLEAGUE), now).expect("his post admits it");
    let gone_back = with_giver().gave_back(&["mat".to_owned()], now);
    assert_eq!(gone_back.sensitivity(), Sensitivity::Personal, "what went home guards nothing");
}

#[test]
fn the_ceiling_is_the_highest_of_the_posts_that_keep_paper_there() {
    let secret = |role| Post { ceiling: Sensitivity::Secret, ..Post::new(COUNTER, role) };
    let posts = [Post::new(COUNTER, Role::Counter), secret(Role::Clerk), secret(Role::Auditor)];
    assert_eq!(ceiling(&posts[..1], COUNTER), Some(Sensitivity::Personal));
    assert_eq!(ceiling(&posts, COUNTER), Some(Sensitivity::Secret));
    assert_eq!(ceiling(&posts[2..], COUNTER), None, "who controls has no paper in hand");
    assert_eq!(ceiling(&posts, COMMITTEE), None);
}

#[test]
fn a_folder_holds_what_came_on_paper_and_stays() {
    let mut case = procedure().cases.remove(0);
    let model = case.components[0].clone();
    let component = |id: &str, form, custody, originals, copies| crate::procedure::Component {
        id: id.to_owned(),
        form,
        custody,
        originals,
        copies,
        digitise: DigitisationClass::Management,
        ..model.clone()
    };
    case.components = vec![
        component("chinh", AdmissibleForm::Original, Custody::Kept, 0, 0),
        component("muon", AdmissibleForm::Original, Custody::ReturnedWithResult, 2, 1),
        component("chup", AdmissibleForm::Photocopy, Custody::Kept, 0, 0),
        component("tra-ngay", AdmissibleForm::Original, Custody::Returned, 1, 0),
        component("xuat-trinh", AdmissibleForm::Shown, Custody::Kept, 0, 0),
    ];
    let pages = || Supply::Pages { arrangement: Arrangement::default() };
    let brought = |supplies: [Supply; 5]| -> Vec<DossierComponent> {
        let ids = case.components.iter().map(|component| component.id.clone());
        ids.zip(supplies).map(|(id, supply)| DossierComponent { id, supply }).collect()
    };
    let told = |papers: Vec<FolderPaper>| -> Vec<(String, u8, u8)> {
        papers.into_iter().map(|paper| (paper.component, paper.originals, paper.copies)).collect()
    };
    let all = brought([pages(), pages(), Supply::OnPaper, pages(), Supply::Shown]);
    let expected = [("chinh", 1, 0), ("muon", 2, 1), ("chup", 0, 1)].map(|(id, n, m)| (id.to_owned(), n, m));
    assert_eq!(told(papers(&case, &all, Channel::Direct)), expected);
    assert_eq!(told(papers(&case, &all, Channel::Post)), expected);
    assert_eq!(told(papers(&case, &all, Channel::Online)), [("chup".to_owned(), 0, 1)], "files are no paper");
}

#[test]
fn what_went_back_is_remembered_and_an_empty_folder_goes_home() {
    let (now, later) = (at("2026-11-23T09:00"), at("2026-11-24T09:00"));
    let two = || vec![paper("to-khai", Sensitivity::Personal), paper("muon", Sensitivity::Personal)];
    let kept = folder_of(two(), Keeping::With(Holder::Bearer(GIVER))).gave_back(&["muon".to_owned()], now);
    assert_eq!(kept.papers_in().map(|paper| paper.component.as_str()).collect::<Vec<_>>(), ["to-khai"]);
    assert_eq!(kept.papers[1].returned_at, Some(now));
    assert_eq!(kept.keeping.bearer(), Some(GIVER), "one paper is still in it");
    let all = ["muon".to_owned(), "to-khai".to_owned()];
    let empty = kept.clone().gave_back(&all, later);
    assert_eq!((empty.papers[1].returned_at, &empty.keeping), (Some(now), &Keeping::With(Holder::Applicant)));
    let on_its_way = folder_of(two(), passing(None)).gave_back(&all, later);
    assert_eq!(on_its_way.keeping.kind(), "passing", "it is confirmed first");
    let filled = empty.filled(vec![paper("moi", Sensitivity::Personal)], COLLEAGUE, later);
    assert_eq!(filled.keeping.bearer(), Some(COLLEAGUE), "what is brought anew is with who took it");
    assert_eq!(filled.papers.len(), 3, "what went home is not forgotten");
}

#[test]
fn a_stocktaking_says_what_is_missing_and_what_is_too_much() {
    let id = |n: u128| FolderId(Uuid::from_u128(n));
    let counted = tally(&[id(1), id(2), id(3)], &[id(3), id(1), id(9), id(1)]);
    let expected = Tally { seen: vec![id(1), id(3)], missing: vec![id(2)], surplus: vec![id(9)] };
    assert_eq!(counted, expected);
    let on = |room: &str, rack: &str, boxed: &str| {
        let shelf = Shelf::read(room, rack, boxed).expect("a place");
        folder(Keeping::With(Holder::Shelf { agency: COUNTER, shelf }))
    };
    let area = |rack: &str| Area::Shelf {
        agency: COUNTER,
        shelf: Shelf { room: "1".to_owned(), rack: rack.to_owned(), boxed: String::new() },
    };
    assert!(area("").expects(&on("1", "B", "07")) && area("B").expects(&on("1", "B", "08")));
    assert!(!area("B").expects(&on("1", "C", "07")) && !area("").expects(&on("2", "", "")));
    let hand = Area::InHand(GIVER);
    assert!(hand.expects(&folder(Keeping::With(Holder::Bearer(GIVER)))));
    assert!(!hand.expects(&folder(passing(None))), "what is on its way lies with neither");
    let now = at("2026-11-23T09:00");
    let (missed, _) = on("1", "B", "07").missed(now);
    assert_eq!(missed.missed_at, Some(now));
    assert_eq!(missed.seen(now).missed_at, None, "seen again");
}
