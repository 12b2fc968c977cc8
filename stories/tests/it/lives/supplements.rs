//! Supplements after acceptance: once and complete, within three working days of reception; the limit is
//! counted again from the start. More, or later, only by a leader who says why.

use super::{ALLOWANCE, COUNTER, DIRECT, LEADER, Office, SPECIALIST, YEN_BINH, act};
use serde_json::{Value, json};
use store::Engine;

fn back_side() -> Value {
    json!([{ "component": "xac-nhan-khuyet-tat", "what": "bản chính có dấu của hội đồng xác định" }])
}

pub(crate) async fn a_supplement_begins_the_limit_anew(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.received().await;
    dossier.examined_by(SPECIALIST).await;
    office.clock("2026-11-25T09:00").await;
    dossier.cannot(SPECIALIST, act!(ask_supplement, items: json!([])), "Ghi ý kiến hoặc lý do").await;
    dossier.does(SPECIALIST, act!(ask_supplement, items: back_side())).await;
    dossier.is_due("never").await;
    dossier.next("await_supplement", "counter", "2026-12-23T09:00").await;
    office.clock("2026-11-30T10:00").await;
    dossier.cannot(COUNTER, act!(supplement_received), "Còn thiếu").await;
    dossier.papers().await;
    dossier.does(COUNTER, act!(supplement_received)).await;
    dossier.is_due("2026-12-14T10:00").await;
    dossier.does(SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Đã đủ giấy tờ")).await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
    let said = [
        "Lần tính này dừng từ 09:00 thứ Tư 25/11/2026 đến 10:00 thứ Hai 30/11/2026.",
        "Từ 10:00 thứ Hai 30/11/2026 tính lại từ đầu 10 ngày làm việc (NĐ 61/2018, Điều 19).",
    ];
    office.ends_well("supplemented", &dossier, &said).await;
}

pub(crate) async fn a_second_supplement_takes_the_leaders_reason(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.received().await;
    dossier.examined_by(SPECIALIST).await;
    dossier.does(SPECIALIST, act!(ask_supplement, items: back_side())).await;
    dossier.papers().await;
    dossier.does(COUNTER, act!(supplement_received)).await;
    dossier.cannot(SPECIALIST, act!(ask_supplement, items: back_side()), "chỉ cho yêu cầu một lần").await;
    let reason = "Luật sửa đổi có hiệu lực từ hôm nay cần thêm một giấy";
    let again = act!(ask_supplement, items: back_side(), exception: reason);
    dossier.cannot(SPECIALIST, again.clone(), "cần vai “Lãnh đạo ký”").await;
    dossier.does(LEADER, again).await;
    office.clock("2026-11-26T14:00").await;
    dossier.papers().await;
    dossier.does(COUNTER, act!(supplement_received)).await;
    dossier.is_due("2026-12-10T14:00").await;
    dossier.does(SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Đã đủ giấy tờ")).await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
    let said = ["theo quyết định của lãnh đạo (Luật sửa đổi có hiệu lực từ hôm nay cần thêm một giấy)"];
    office.ends_well("supplemented-twice", &dossier, &said).await;
}

pub(crate) async fn after_three_working_days_it_is_too_late_to_ask(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.received().await;
    dossier.examined_by(SPECIALIST).await;
    office.clock("2026-11-30T07:00").await;
    let late = act!(ask_supplement, items: back_side());
    dossier.cannot(SPECIALIST, late, "Chỉ được yêu cầu bổ sung đến hết ngày 27/11/2026").await;
    dossier.is_due("2026-12-08T08:00").await;
    dossier.does(SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Tra được trong cơ sở dữ liệu")).await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
    office.ends_well("too-late-for-a-supplement", &dossier, &["Hẹn trả 08:00 thứ Ba 08/12/2026."]).await;
}

pub(crate) async fn a_supplement_that_never_comes_stops_the_dossier(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.received().await;
    dossier.examined_by(SPECIALIST).await;
    dossier.does(SPECIALIST, act!(ask_supplement, items: back_side())).await;
    office.clock("2026-12-22T08:00").await;
    dossier.is("stopped").await;
    dossier.cannot(COUNTER, act!(supplement_received), "Dừng xử lý").await;
    let said = ["8), stopped", "Hệ thống ghi nhận hết thời gian bổ sung hồ sơ; hồ sơ kết thúc"];
    office.ends_well("never-supplemented", &dossier, &said).await;
}
