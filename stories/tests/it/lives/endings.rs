//! How it ends: withdrawn with the originals, refused by a result, and what may still happen to a result
//! that went out.

use super::{ALLOWANCE, COUNTER, DIRECT, Dossier, LEADER, Office, SPECIALIST, YEN_BINH, act};
use rules::id::DossierId;
use rules::repository::{Entry, Standing};
use store::Engine;

impl Office {
    /// The results of a dossier that its owner's repository holds, the oldest first.
    async fn filed(&self, dossier: &Dossier) -> Vec<Entry> {
        let db = self.installation.database().await;
        let mut reader = db.read().await.expect("the database can be read");
        let id = DossierId(dossier.id.parse().expect("an id"));
        let mut filed = store::repository::of_dossier(&mut reader, id).await.expect("entries are listed");
        drop(reader);
        db.close().await;
        filed.sort_by_key(|entry| entry.filed_at);
        filed
    }

    /// A dossier whose result went out over the counter.
    async fn granted(&self) -> Dossier {
        let dossier = self.open(COUNTER, ALLOWANCE, DIRECT).await;
        dossier.received().await;
        dossier.granted().await;
        dossier.handed_over("counter").await;
        dossier
    }
}

pub(crate) async fn withdrawn_with_the_originals_handed_back(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.received().await;
    dossier.examined_by(SPECIALIST).await;
    let reason = "Nộp ở nơi thường trú mới";
    dossier.does(COUNTER, act!(ask_withdrawal, reason: reason)).await;
    dossier.next("confirm_withdrawal", "counter", "2026-11-25T08:00").await;
    dossier.cannot(COUNTER, act!(withdraw, reason: reason), "Còn giữ bản chính của 1 giấy").await;
    office.clock("2026-11-23T10:00").await;
    dossier.does(COUNTER, act!(withdraw, reason: reason, originals_returned: true)).await;
    dossier.is("withdrawn").await;
    dossier.cannot(SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Đủ"), "Rút hồ sơ").await;
    let said = ["7), withdrawn", "trả lại bản chính “Giấy xác nhận khuyết tật”"];
    office.ends_well("withdrawn", &dossier, &said).await;
}

pub(crate) async fn withdrawn_while_a_supplement_is_waited_for(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.received().await;
    dossier.examined_by(SPECIALIST).await;
    let items = serde_json::json!([{ "component": "hoan-canh", "what": "bản sao chứng thực" }]);
    dossier.does(SPECIALIST, act!(ask_supplement, items: items)).await;
    office.clock("2026-11-25T09:00").await;
    let reason = "Không làm được giấy này";
    dossier.does(COUNTER, act!(withdraw, reason: reason, originals_returned: true)).await;
    let said = ["7), withdrawn", "Hồ sơ kết thúc trong lúc đồng hồ dừng từ 08:00 thứ Hai 23/11/2026"];
    office.ends_well("withdrawn-while-waiting", &dossier, &said).await;
}

pub(crate) async fn refused_by_a_result_in_time(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.open(COUNTER, ALLOWANCE, DIRECT).await;
    dossier.received().await;
    dossier.examined_by(SPECIALIST).await;
    dossier.does(SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Đã hưởng ở xã khác")).await;
    dossier.does(SPECIALIST, act!(take)).await;
    dossier.drafted(SPECIALIST, Some("tu-choi")).await;
    dossier.signed_and_sealed(YEN_BINH).await;
    assert_eq!(dossier.get("outcome").await, "refused", "a refusal is a result");
    dossier.handed_over("counter").await;
    let said = ["10), refused", "cấp số 01/TB-UBND", "Hẹn trả 08:00 thứ Ba 08/12/2026."];
    office.ends_well("refused-by-a-result", &dossier, &said).await;
}

pub(crate) async fn a_wrong_result_is_corrected_and_superseded(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.granted().await;
    office.clock("2026-12-01T09:00").await;
    let correction = act!(correct, reason: "Ghi sai năm sinh", fault: "agency");
    dossier.cannot(SPECIALIST, correction.clone(), "cần vai “Lãnh đạo ký”").await;
    dossier.does(LEADER, correction).await;
    dossier.is_due("2026-12-15T09:00").await;
    dossier.settled(YEN_BINH).await;
    // The paper that was lent went back with the wrong result.
    dossier.does(COUNTER, act!(hand_over, way: "counter")).await;
    let filed = office.filed(&dossier).await;
    let [wrong, right] = filed.as_slice() else { panic!("both are kept: {filed:?}") };
    assert_eq!(wrong.superseded_by, Some(right.id));
    assert_eq!(right.superseded_by, None);
    let said = [
        "Đính chính kết quả từ 09:00 thứ Ba 01/12/2026, thời hạn 10 ngày làm việc (NĐ 61/2018, Điều 21).",
        "đính chính kết quả đã trả (do lỗi của cơ quan, người dân không phải trả chi phí)",
        "cấp số 01/QĐ-UBND ngày 23/11/2026",
        "cấp số 02/QĐ-UBND ngày 01/12/2026",
    ];
    office.ends_well("corrected", &dossier, &said).await;
}

pub(crate) async fn a_result_is_annulled_and_stays_readable(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = office.granted().await;
    office.clock("2026-12-01T09:00").await;
    let annulment = act!(annul, decision: "Quyết định 77/QĐ-UBND", reason: "Giấy xác nhận bị làm giả");
    dossier.cannot(COUNTER, annulment.clone(), "cần vai “Lãnh đạo ký”").await;
    dossier.does(LEADER, annulment).await;
    let again = act!(correct, reason: "Ghi sai năm sinh", fault: "agency");
    dossier.cannot(LEADER, again, "chưa làm việc này được").await;
    let filed = office.filed(&dossier).await;
    let [annulled] = filed.as_slice() else { panic!("it is kept: {filed:?}") };
    let day = jiff::civil::date(2026, 12, 1);
    assert_eq!(annulled.standing(day), Standing::Annulled(day));
    let said = ["10), annulled", "hủy kết quả đã trả theo Quyết định 77/QĐ-UBND", "Bản cũ vẫn được giữ"];
    office.ends_well("annulled", &dossier, &said).await;
}
