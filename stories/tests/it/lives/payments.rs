//! A payment to the state is waited for, as long as it may.

use super::consults::LAND_USE;
use super::{COUNTER, DIRECT, Dossier, Office, SPECIALIST, YEN_BINH, act};
use store::Engine;

/// At the step that follows the applicant's payment.
async fn notified(office: &Office) -> Dossier {
    let land = office.agency("vpdkdd-2025").await;
    let dossier = office.open(COUNTER, LAND_USE, DIRECT).await;
    dossier.received().await;
    dossier.examined_by(SPECIALIST).await;
    dossier.does(SPECIALIST, act!(consult_all)).await;
    let asked = dossier.consultation_of(&land).await;
    let answer = act!(answer, consultation: asked, verdict: "notes", opinion: "Trích lục số 15");
    dossier.does("chuyenvien.datdai", answer).await;
    let notice = act!(ask_payment, number: "TB-118/CCT", amount: 46_500_000);
    dossier.cannot(SPECIALIST, notice.clone(), "Quy trình không cho").await;
    dossier.does(SPECIALIST, act!(finish_step, to: "nghia-vu", opinion: "Phù hợp kế hoạch")).await;
    dossier.does(SPECIALIST, act!(take)).await;
    dossier.does(SPECIALIST, notice).await;
    dossier.is("awaiting_payment").await;
    dossier.is_due("never").await;
    dossier
}

pub(crate) async fn the_clock_stands_until_the_state_is_paid(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = notified(&office).await;
    dossier.next("await_payment", "counter", "2026-12-23T17:00").await;
    office.clock("2026-12-02T08:00").await;
    dossier.cannot(COUNTER, act!(payment_received, receipt: ""), "lý do").await;
    dossier.does(COUNTER, act!(payment_received, receipt: "GNT 0045/KBNN")).await;
    dossier.is_due("2026-12-23T08:00").await;
    dossier.does(SPECIALIST, act!(finish_step, to: "du-thao", opinion: "Đã nộp đủ")).await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
    let said = [
        "theo thông báo TB-118/CCT: 46.500.000 đồng",
        "người nộp đã thực hiện nghĩa vụ tài chính (chứng từ GNT 0045/KBNN)",
    ];
    office.ends_well("paid", &dossier, &said).await;
}

pub(crate) async fn who_never_pays_is_not_settled(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let dossier = notified(&office).await;
    office.clock("2026-12-23T17:00").await;
    dossier.is("stopped").await;
    let said = ["8), stopped", "hết thời gian thực hiện nghĩa vụ tài chính; hồ sơ kết thúc"];
    office.ends_well("never-paid", &dossier, &said).await;
}
