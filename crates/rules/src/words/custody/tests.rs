//! Where a folder is and why it does not move, in words.

use super::{area, count, keeping, refused, shelf};
use crate::custody::contents::FolderPaper;
use crate::custody::stocktaking::Area;
use crate::custody::{Bearer, CustodyRefused, Holder, Keeping, Receiver, Shelf};
use crate::id::{AgencyId, OfficerId, PassingId};
use crate::people::Sensitivity;
use crate::sample::{BINH, COMMITTEE, COUNTER, HOA, at};
use crate::words::sentence::Names;
use crate::words::tests::all_differ;
use uuid::Uuid;

struct Fixed;

impl Names for Fixed {
    fn officer(&self, id: OfficerId) -> String {
        if id == HOA { "Trần Thị Hoa".to_owned() } else { "Lê Bình".to_owned() }
    }

    fn component(&self, id: &str) -> String {
        id.to_owned()
    }

    fn step(&self, id: &str) -> String {
        id.to_owned()
    }

    fn field(&self, name: &str) -> String {
        name.to_owned()
    }

    fn agency(&self, id: AgencyId) -> String {
        if id == COUNTER { "Bộ phận Một cửa".to_owned() } else { "Sở Tư pháp".to_owned() }
    }
}

#[test]
fn every_place_is_said() {
    let place = Shelf::read("1", "B", "07").expect("a place");
    let passing = |officer| Keeping::Passing {
        from: Bearer { officer: HOA, agency: COUNTER },
        to: Receiver { agency: COMMITTEE, officer },
        passing: PassingId(Uuid::from_u128(1)),
        due_at: at("2026-11-24T08:00"),
    };
    let said = [
        Keeping::With(Holder::Bearer(Bearer { officer: HOA, agency: COUNTER })),
        Keeping::With(Holder::Shelf { agency: COUNTER, shelf: place.clone() }),
        Keeping::With(Holder::Post { agency: COUNTER, consignment: "RB118VN".to_owned() }),
        Keeping::With(Holder::Outside { agency: COUNTER, name: "Chi cục Thuế".to_owned() }),
        Keeping::With(Holder::Applicant),
        Keeping::With(Holder::Destroyed { record: "Biên bản 4/BB-UBND".to_owned() }),
        passing(Some(BINH)),
        passing(None),
    ]
    .map(|place| keeping(&place, &Fixed));
    all_differ(said.clone());
    insta::assert_snapshot!(said.join("\n"), @r"
    do Trần Thị Hoa giữ (Bộ phận Một cửa)
    ở kho 1, giá B, hộp 07 (Bộ phận Một cửa)
    trên đường bưu chính, số bưu gửi RB118VN
    ở Chi cục Thuế (ngoài hệ thống)
    ở người nộp, đã trả lại
    không còn, đã hủy theo Biên bản 4/BB-UBND
    trên đường từ Trần Thị Hoa đến Lê Bình, chưa xác nhận nhận
    trên đường từ Trần Thị Hoa đến Sở Tư pháp, chưa xác nhận nhận
    ");
    assert_eq!(shelf(&place), "kho 1, giá B, hộp 07");
    let room = Shelf { room: "2".to_owned(), ..Shelf::default() };
    assert_eq!(area(&Area::Shelf { agency: COUNTER, shelf: room }), "kho 2");
    all_differ([area(&Area::InHand(Bearer { officer: HOA, agency: COUNTER }))]);
}

#[test]
fn papers_are_counted_and_refusals_say_what_to_do() {
    let paper = |originals, copies| FolderPaper {
        component: "to-khai".to_owned(),
        originals,
        copies,
        sensitivity: Sensitivity::Personal,
        returned_at: None,
    };
    assert_eq!(count(&paper(2, 1)), "2 bản chính, 1 bản sao");
    assert_eq!(count(&paper(0, 3)), "3 bản sao");
    all_differ(
        [
            CustodyRefused::NotWithYou,
            CustodyRefused::OnItsWay,
            CustodyRefused::NotGivenToYou,
            CustodyRefused::WithYou,
            CustodyRefused::ToYourself,
            CustodyRefused::Gone,
            CustodyRefused::Secret,
            CustodyRefused::SecretNeedsName,
            CustodyRefused::ReasonMissing,
            CustodyRefused::PlaceMissing,
            CustodyRefused::DossierOpen,
            CustodyRefused::NobodyThere,
            CustodyRefused::NoPapers,
        ]
        .map(refused),
    );
}
