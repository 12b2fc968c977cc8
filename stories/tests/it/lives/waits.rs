//! The agency stops for a while or for good, and puts a date off with an apology.

use super::{ALLOWANCE, COUNTER, DIRECT, Dossier, LEADER, Office, SPECIALIST, YEN_BINH, act};
use serde_json::json;
use store::Engine;

async fn examined(office: &Office) -> Dossier {
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.received().await;
    dossier.examined_by(SPECIALIST).await;
    dossier
}

async fn finished(dossier: &Dossier) {
    dossier.does(SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Đủ điều kiện")).await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
}

pub(crate) async fn stopped_and_resumed(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = examined(&office).await;
    office.clock("2026-11-25T08:00").await;
    dossier.cannot(SPECIALIST, act!(halt, reason: ""), "lý do").await;
    dossier
        .does(SPECIALIST, act!(halt, reason: "Chờ kết luận của hội đồng xác định mức độ khuyết tật"))
        .await;
    dossier.next("end_halt", "specialist", "2026-12-16T08:00").await;
    dossier.cannot(SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Đủ"), "Tạm dừng giải quyết").await;
    office.clock("2026-12-02T08:00").await;
    dossier.does(SPECIALIST, act!(resume)).await;
    dossier.is_due("2026-12-15T08:00").await;
    finished(&dossier).await;
    let said = ["tạm dừng giải quyết đến 08:00 16/12/2026", "đồng hồ dừng", "giải quyết tiếp; hẹn trả"];
    office.ends_well("stopped-and-resumed", &dossier, &said).await;
}

pub(crate) async fn a_stop_that_has_lasted_long_enough_ends_by_itself(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = examined(&office).await;
    dossier.does(SPECIALIST, act!(halt, reason: "Chờ văn bản hướng dẫn")).await;
    office.clock("2026-12-15T08:00").await;
    dossier.is("in_process").await;
    dossier.is_due("2026-12-29T08:00").await;
    dossier.next("do", "specialist", "2026-12-18T08:00").await;
    finished(&dossier).await;
    let said = ["Hệ thống ghi nhận hết thời gian tạm dừng giải quyết; hồ sơ được giải quyết tiếp"];
    office.ends_well("a-stop-runs-out", &dossier, &said).await;
}

pub(crate) async fn stopped_for_good_by_a_decision(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = examined(&office).await;
    office.clock("2026-11-25T09:00").await;
    dossier.does(SPECIALIST, act!(halt, reason: "Người đề nghị chuyển nơi thường trú")).await;
    let reason = "Hồ sơ chuyển về xã nơi thường trú mới giải quyết";
    dossier.cannot(SPECIALIST, act!(stop, reason: reason), "cần vai “Lãnh đạo ký”").await;
    dossier.does(LEADER, act!(stop, reason: reason)).await;
    dossier.is("stopped").await;
    let said = ["8), stopped", reason];
    office.ends_well("stopped-for-good", &dossier, &said).await;
}

pub(crate) async fn a_date_is_put_off_once_with_an_apology(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = examined(&office).await;
    let by = json!({ "working_days": 3 });
    let apology = act!(extend, by: by, reason: "Hội đồng xét duyệt họp muộn");
    dossier.cannot(SPECIALIST, apology.clone(), "cần vai “Lãnh đạo ký”").await;
    dossier.cannot(LEADER, act!(extend, by: by, reason: ""), "lý do").await;
    // The last day on which it is in time.
    office.clock("2026-12-07T16:00").await;
    dossier.does(LEADER, apology.clone()).await;
    dossier.is_due("2026-12-11T08:00").await;
    dossier.cannot(LEADER, apology, "đã được gia hạn một lần").await;
    finished(&dossier).await;
    let said = [
        "xin lỗi và hẹn lại ngày trả từ 08:00 08/12/2026 sang 08:00 11/12/2026",
        "Gia hạn thêm 03 ngày làm việc (NĐ 61/2018, Điều 19).",
    ];
    office.ends_well("put-off", &dossier, &said).await;
}

pub(crate) async fn an_apology_on_the_day_itself_is_too_late(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = examined(&office).await;
    office.clock("2026-12-08T07:30").await;
    let apology = act!(extend, by: json!({ "working_days": 3 }), reason: "Hội đồng xét duyệt họp muộn");
    dossier.cannot(LEADER, apology, "ngày cuối để gia hạn là 07/12/2026").await;
    dossier.is_due("2026-12-08T08:00").await;
    finished(&dossier).await;
    office.ends_well("too-late-to-put-off", &dossier, &["Hẹn trả 08:00 thứ Ba 08/12/2026."]).await;
}
