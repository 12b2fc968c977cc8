//! At the desks: given to an officer, verified on the spot, sent back to an earlier step.

use super::{ALLOWANCE, COUNTER, DIRECT, HEAD, LEADER, Office, SECOND_SPECIALIST, SPECIALIST, YEN_BINH, act};
use store::Engine;

pub(crate) async fn the_head_says_whose_it_is(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.received().await;
    let (second, first) = (office.id_of(SECOND_SPECIALIST).await, office.id_of(SPECIALIST).await);
    let leader = office.id_of(LEADER).await;
    dossier.does(HEAD, act!(take)).await;
    dossier.cannot(HEAD, act!(finish_step, to: "tham-dinh", officer: leader), "cần vai “Chuyên viên”").await;
    dossier.does(HEAD, act!(finish_step, to: "tham-dinh", officer: second)).await;
    assert_eq!(dossier.get("officer").await, second);
    dossier.cannot(SPECIALIST, act!(take), "Người khác đang thụ lý").await;
    dossier.cannot(SPECIALIST, act!(assign, officer: first), "cần vai “Lãnh đạo phòng”").await;
    // What somebody has in hand is not given away as if nobody had it: that takes a reason.
    dossier.cannot(HEAD, act!(assign, officer: first), "Người khác đang thụ lý").await;
    dossier.does(HEAD, act!(reassign, officer: first, reason: "anh Páo đi tập huấn")).await;
    dossier.cannot(SECOND_SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Đủ"), "Người khác").await;
    dossier.does(SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Đủ điều kiện")).await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
    let said = [
        "chuyển sang “Thẩm định hồ sơ”, giao Sầm Văn Páo",
        "chuyển hồ sơ ở bước “Thẩm định hồ sơ” từ Sầm Văn Páo sang Hoàng Văn Tuệ, lý do: anh Páo đi tập huấn",
    ];
    office.ends_well("assigned", &dossier, &said).await;
}

pub(crate) async fn a_specialist_verifies_on_the_spot(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.received().await;
    dossier.examined_by(SPECIALIST).await;
    dossier.does(SPECIALIST, act!(finish_step, to: "xac-minh", opinion: "Cần xác minh nơi ở")).await;
    office.clock("2026-11-25T14:00").await;
    dossier.does(SPECIALIST, act!(take)).await;
    dossier.next("do", "specialist", "2026-11-26T08:00").await;
    dossier.cannot(SPECIALIST, act!(finish_step, to: "du-thao"), "Ghi ý kiến").await;
    let report = "Biên bản ngày 25/11: đang ở tại thôn Đông Hạ, có xác nhận của trưởng thôn";
    dossier.does(SPECIALIST, act!(finish_step, to: "du-thao", opinion: report)).await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
    let said = ["xong bước “Xác minh hoàn cảnh tại thôn”", "Biên bản ngày 25/11"];
    office.ends_well("verified", &dossier, &said).await;
}

pub(crate) async fn a_draft_goes_back_with_a_reason(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.received().await;
    dossier.works(HEAD, "tham-dinh", "").await;
    dossier.works(SPECIALIST, "du-thao", "Đủ điều kiện").await;
    dossier.does(SPECIALIST, act!(take)).await;
    dossier.cannot(SPECIALIST, act!(finish_step, to: "duyet"), "Chưa có dự thảo kết quả").await;
    dossier.drafted(SPECIALIST, None).await;
    dossier.does(SPECIALIST, act!(finish_step, to: "duyet")).await;
    dossier.does(HEAD, act!(take)).await;
    dossier.cannot(HEAD, act!(send_back, to: "du-thao", reason: " "), "lý do").await;
    dossier.cannot(HEAD, act!(send_back, to: "phan-cong", reason: "Làm lại"), "Quy trình không cho").await;
    dossier.does(HEAD, act!(send_back, to: "du-thao", reason: "Sai mức trợ cấp")).await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
    let said = ["trả lại từ bước “Lãnh đạo phòng duyệt dự thảo” về “Soạn dự thảo kết quả”, lý do: Sai mức"];
    office.ends_well("sent-back", &dossier, &said).await;
}
