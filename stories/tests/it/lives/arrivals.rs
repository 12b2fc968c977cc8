//! How a dossier comes: over the counter, online, by post, at any centre; accepted, refused, completed
//! first; handed on in time.

use super::{
    ALLOWANCE, BY_POST, CENTRE, COPIES, COUNTER, DIRECT, HEAD, House, ONLINE, Office, SPECIALIST, Wanted,
    YEN_BINH, act,
};
use crate::installation::until;
use crate::walk::request;
use serde_json::json;
use std::time::Duration;
use store::Engine;

const THAC_MAY: House = House {
    specialist: "chuyenvien.thacmay",
    head: "truongphong.thacmay",
    leader: "lanhdao.thacmay",
    clerk: "vanthu.thacmay",
};

/// Cấp bản sao từ sổ gốc: whichever commune keeps the register settles it.
const FROM_THE_REGISTER: Wanted = Wanted { procedure: "2.000908", papers: &[("giay-to-tuy-than", "shown")] };
/// Cấp bản sao trích lục hộ tịch: the request is scanned.
const EXTRACT: Wanted = Wanted { procedure: "2.000635", papers: &[("giay-to-tuy-than", "shown")] };

pub(crate) async fn handed_over_at_the_counter_and_received_at_once(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.cannot(COUNTER, act!(receive), "Còn thiếu").await;
    dossier.papers().await;
    dossier.does(COUNTER, act!(receive)).await;
    dossier.is_due("2026-12-08T08:00").await;
    assert_eq!(dossier.get("receipt").await, "given");
    dossier.does(COUNTER, act!(transfer)).await;
    dossier.next("take", "head", "2026-11-23T10:00").await;
    dossier.works(HEAD, "tham-dinh", "").await;
    dossier.does(SPECIALIST, act!(take)).await;
    dossier.cannot(SPECIALIST, act!(finish_step, to: "du-thao"), "Ghi ý kiến").await;
    dossier.does(SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Đủ điều kiện")).await;
    dossier.settled(YEN_BINH).await;
    dossier.cannot(COUNTER, act!(hand_over, way: "counter"), "Còn giữ bản chính của 1 giấy").await;
    dossier.handed_over("counter").await;
    let said = [
        "Thứ Ba 24/11: nghỉ: Ngày Văn hóa Việt Nam",
        "Hẹn trả 08:00 thứ Ba 08/12/2026.",
        "trả kết quả tại quầy; trả lại bản chính “Giấy xác nhận khuyết tật”",
    ];
    office.ends_well("handed-over-at-the-counter", &dossier, &said).await;
}

pub(crate) async fn sent_online_on_friday_and_accepted_within_eight_hours(engine: Engine) {
    let office = Office::at(engine, "2026-11-20T16:30").await;
    let dossier = office.open(COUNTER, ALLOWANCE, ONLINE).await;
    dossier.papers().await;
    dossier.cannot(COUNTER, act!(receive), "chưa làm việc này được").await;
    dossier.does(COUNTER, act!(submit)).await;
    dossier.next("answer", "counter", "2026-11-23T16:30").await;
    office.clock("2026-11-23T10:00").await;
    dossier.does(COUNTER, act!(receive)).await;
    dossier.does(COUNTER, act!(transfer)).await;
    dossier.granted().await;
    dossier.handed_over("electronic").await;
    let said = ["gửi hồ sơ (trực tuyến); cơ quan trả lời trước 16:30 23/11/2026", "trả kết quả bản điện tử"];
    office.ends_well("sent-online", &dossier, &said).await;
}

pub(crate) async fn sent_online_and_refused_with_the_reason(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, ONLINE).await;
    dossier.does(COUNTER, act!(submit)).await;
    let silent = act!(refuse, reason: "not_entitled", explanation: "");
    dossier.cannot(COUNTER, silent, "lý do").await;
    let explanation = "Người đề nghị đã hưởng trợ cấp ở xã khác.";
    dossier.does(COUNTER, act!(refuse, reason: "not_entitled", explanation: explanation)).await;
    dossier.is("not_received").await;
    dossier.cannot(COUNTER, act!(receive), "Không được tiếp nhận").await;
    let said = ["3), refused", "Hồ sơ không được tiếp nhận nên không có ngày hẹn trả.", explanation];
    office.ends_well("sent-online-and-refused", &dossier, &said).await;
}

pub(crate) async fn completed_once_before_it_is_accepted(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, ONLINE).await;
    dossier.does(COUNTER, act!(submit)).await;
    let items = json!([{ "component": "xac-nhan-khuyet-tat", "what": "gửi cả mặt sau" }]);
    dossier.does(COUNTER, act!(ask_papers, items: items)).await;
    dossier.next("take_papers", "counter", "2026-12-22T08:00").await;
    office.clock("2026-11-25T09:00").await;
    dossier.does(COUNTER, act!(papers_brought)).await;
    dossier.next("answer", "counter", "2026-11-26T09:00").await;
    dossier.cannot(COUNTER, act!(ask_papers, items: items), "chỉ cho yêu cầu một lần").await;
    dossier.received().await;
    dossier.is_due("2026-12-09T09:00").await;
    dossier.granted().await;
    dossier.handed_over("counter").await;
    let said =
        ["yêu cầu bổ sung để được tiếp nhận, trước 08:00 22/12/2026", "nhận giấy tờ người nộp gửi bổ sung"];
    office.ends_well("completed-before-acceptance", &dossier, &said).await;
}

pub(crate) async fn never_completed_and_so_not_received(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, ONLINE).await;
    dossier.does(COUNTER, act!(submit)).await;
    let items = json!([{ "component": "giay-to-tuy-than", "what": "ảnh chụp bị mờ" }]);
    dossier.does(COUNTER, act!(ask_papers, items: items)).await;
    office.clock("2026-12-22T07:59").await;
    dossier.is("awaiting_papers").await;
    office.clock("2026-12-22T08:00").await;
    dossier.is("not_received").await;
    let said = ["3), refused", "Hệ thống ghi nhận hết thời gian bổ sung hồ sơ; hồ sơ kết thúc"];
    office.ends_well("never-completed", &dossier, &said).await;
}

pub(crate) async fn sent_and_answered_by_post(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T14:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, BY_POST).await;
    dossier.does(COUNTER, act!(submit)).await;
    dossier.next("answer", "counter", "2026-11-25T14:00").await;
    dossier.received().await;
    dossier.granted().await;
    dossier.handed_over("post").await;
    let said = ["gửi hồ sơ (bưu chính công ích)", "trả kết quả qua bưu chính"];
    office.ends_well("sent-by-post", &dossier, &said).await;
}

pub(crate) async fn what_comes_before_three_goes_on_the_same_day(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T15:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.papers().await;
    dossier.does(COUNTER, act!(receive)).await;
    dossier.next("transfer", "counter", "2026-11-23T17:00").await;
    office.clock("2026-11-23T16:50").await;
    dossier.does(COUNTER, act!(transfer)).await;
    dossier.granted().await;
    dossier.handed_over("counter").await;
    assert_eq!(dossier.alarms(COUNTER).await.len(), 0);
    let said = ["chuyển hồ sơ cho Ủy ban nhân dân xã Yên Bình ở bước “Phân công xử lý”"];
    office.ends_well("transferred-the-same-day", &dossier, &said).await;
}

pub(crate) async fn what_comes_after_three_goes_on_when_the_next_day_opens(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T15:01").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.papers().await;
    dossier.does(COUNTER, act!(receive)).await;
    // The next day is a holiday.
    dossier.next("transfer", "counter", "2026-11-25T07:00").await;
    office.clock("2026-11-25T07:00").await;
    dossier.does(COUNTER, act!(transfer)).await;
    dossier.granted().await;
    dossier.handed_over("counter").await;
    office.ends_well("transferred-the-next-day", &dossier, &["2026-11-25T07:00 transferred:"]).await;
}

pub(crate) async fn a_same_day_procedure_prints_no_receipt_unless_asked(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T09:00").await;
    let dossier = office.open(COUNTER, COPIES, DIRECT).await;
    dossier.received().await;
    dossier.is_due("2026-11-23T17:00").await;
    assert_eq!(dossier.get("receipt").await, "on_request");
    let asked = office.api.page(COUNTER, &format!("/ho-so/{}/giay-tiep-nhan", dossier.id)).await;
    assert!(asked.starts_with(b"%PDF"), "who asks gets it");
    dossier.does(COUNTER, act!(collect_fee, amount: 2000, receipt: "BL-0001")).await;
    dossier.cannot(COUNTER, act!(collect_fee, amount: 1, receipt: "BL-0002"), "không thu").await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
    // What comes too late for the day has another day to be told, and is told on paper.
    office.clock("2026-11-23T15:30").await;
    let late = office.open(COUNTER, COPIES, DIRECT).await;
    late.received().await;
    late.is_due("2026-11-25T17:00").await;
    assert_eq!(late.get("receipt").await, "given");
    let said = ["thu phí, lệ phí 2.000 đồng (biên lai BL-0001)", "Hẹn trả 17:00 thứ Hai 23/11/2026."];
    office.ends_well("the-same-day", &dossier, &said).await;
}

pub(crate) async fn received_at_the_provinces_centre_for_a_commune(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T09:00").await;
    let elsewhere = office.agency("so-xay-dung-2025").await;
    let new = json!({
        "applicant": super::applicant(), "procedure": FROM_THE_REGISTER.procedure, "competent": elsewhere,
    });
    let answer = office.api.send(CENTRE, "/dossiers", &new).await;
    assert_eq!(answer.status, 422, "a department keeps no such register");
    let commune = office.agency("xa-thac-may-2025").await;
    let dossier = office.open_for(CENTRE, FROM_THE_REGISTER, DIRECT, commune.clone()).await;
    dossier.received().await;
    assert_eq!(dossier.get("receiving").await, office.agency("ttpvhcc-tinh-2025").await);
    assert_eq!(dossier.get("holding").await, commune);
    dossier.cannot(SPECIALIST, act!(take), "không thuộc cơ quan của bạn").await;
    dossier.settled(THAC_MAY).await;
    // The result comes back to where it was handed in.
    dossier.next("hand_over", "counter", "2026-11-23T10:00").await;
    dossier.handed_over("counter").await;
    let said = ["H99.1.1-261123-0001", "chuyển hồ sơ cho Ủy ban nhân dân xã Thác Mây"];
    office.ends_well("received-anywhere", &dossier, &said).await;
}

pub(crate) async fn a_scanned_page_is_read_and_signed_beside_the_acts(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, EXTRACT, DIRECT).await;
    let file = format!("/dossiers/{}/components/to-khai/file?ten=to-khai.jpg", dossier.id);
    office.api.upload(COUNTER, &file, request().bytes).await;
    let happened = async |kind: &str| {
        until(kind, Duration::from_mins(4), || async { dossier.has_event(kind).await.then_some(()) }).await;
    };
    happened("file_opened").await;
    dossier.papers().await;
    dossier.cannot(COUNTER, act!(receive), "nhập số mặt giấy đã quét").await;
    dossier.does(COUNTER, act!(count_sides, component: "to-khai", sides: 2)).await;
    dossier.cannot(COUNTER, act!(receive), "bạn đếm 2 mặt giấy nhưng có 1 trang").await;
    dossier.does(COUNTER, act!(count_sides, component: "to-khai", sides: 1)).await;
    dossier.does(COUNTER, act!(receive)).await;
    happened("paper_signed").await;
    dossier.does(COUNTER, act!(transfer)).await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
    let said = ["thêm một tệp", "ký số bản số hóa “Tờ khai cấp bản sao trích lục hộ tịch”"];
    office.ends_well("with-a-scanned-page", &dossier, &said).await;
}
