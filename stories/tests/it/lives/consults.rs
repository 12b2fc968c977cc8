//! Agencies are asked for their opinion: several at once, each with its own clock; or one whose answer
//! the dossier's own clock waits for.

use super::{COUNTER, DIRECT, Office, SPECIALIST, Wanted, YEN_BINH, act};
use store::Engine;

/// Cấp giấy phép xây dựng: planning and fire protection are asked at once.
const PERMIT: Wanted = Wanted {
    procedure: "1.013225",
    papers: &[("quyen-su-dung-dat", "on_paper"), ("ban-ve", "on_paper"), ("giay-to-tuy-than", "shown")],
};
/// Chuyển mục đích sử dụng đất: the land office's answer is waited for.
pub(super) const LAND_USE: Wanted =
    Wanted { procedure: "1.013949", papers: &[("gcn-da-cap", "on_paper"), ("giay-to-tuy-than", "shown")] };

pub(crate) async fn of_two_agencies_asked_at_once_one_is_late(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let (planning, police) =
        (office.agency("so-xay-dung-2025").await, office.agency("cong-an-tinh-2025").await);
    let dossier = office.open(COUNTER, PERMIT, DIRECT).await;
    dossier.received().await;
    dossier.does(COUNTER, act!(collect_fee, amount: 75000, receipt: "BL-0001")).await;
    dossier.examined_by(SPECIALIST).await;
    let onward = act!(finish_step, to: "du-thao", opinion: "Phù hợp quy hoạch");
    dossier.cannot(SPECIALIST, onward.clone(), "Còn 2 cơ quan phối hợp chưa có ý kiến").await;
    dossier.does(SPECIALIST, act!(consult_all)).await;
    dossier.cannot(SPECIALIST, act!(consult_all), "Không có yêu cầu cho ý kiến nào").await;
    dossier.next("await_opinions", "specialist", "2026-11-27T17:00").await;
    let (asked, late) = (dossier.consultation_of(&planning).await, dossier.consultation_of(&police).await);
    office.clock("2026-11-25T10:00").await;
    let agrees =
        act!(answer, consultation: asked, verdict: "agrees", opinion: "Phù hợp quy hoạch chi tiết 1/500");
    dossier.cannot("chuyenvien.congan", agrees.clone(), "cần vai").await;
    dossier.does("chuyenvien.xaydung", agrees).await;
    dossier.cannot(SPECIALIST, onward.clone(), "Còn 1 cơ quan phối hợp").await;
    dossier.cannot(SPECIALIST, act!(lapse, consultation: late), "vẫn còn thời gian trả lời").await;
    office.clock("2026-11-27T08:00").await;
    dossier.does(SPECIALIST, act!(lapse, consultation: late)).await;
    dossier.does(SPECIALIST, onward).await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
    let said = [
        "xin ý kiến Sở Xây dựng trước 08:00 26/11/2026",
        "trả lời xin ý kiến: đồng ý. Phù hợp quy hoạch chi tiết 1/500",
        "Công an tỉnh Yên Sơn (cơ quan ngành dọc) quá hạn cho ý kiến",
    ];
    office.ends_well("two-opinions", &dossier, &said).await;
}

pub(crate) async fn an_opinion_may_hold_the_clock(engine: Engine) {
    let office = Office::at(engine, "2026-11-23T08:00").await;
    let land = office.agency("vpdkdd-2025").await;
    let dossier = office.open(COUNTER, LAND_USE, DIRECT).await;
    dossier.received().await;
    dossier.is_due("2026-12-15T08:00").await;
    dossier.examined_by(SPECIALIST).await;
    dossier.does(SPECIALIST, act!(consult_all)).await;
    dossier.is_due("never").await;
    let asked = dossier.consultation_of(&land).await;
    office.clock("2026-11-26T08:00").await;
    let answer = act!(answer, consultation: asked, verdict: "notes", opinion: "Trích lục số 15 kèm theo");
    dossier.does("chuyenvien.datdai", answer).await;
    // Two working days stood: the 24th is a holiday.
    dossier.is_due("2026-12-17T08:00").await;
    dossier.does(SPECIALIST, act!(finish_step, to: "nghia-vu", opinion: "Phù hợp kế hoạch")).await;
    dossier.works(SPECIALIST, "du-thao", "Không phát sinh tiền sử dụng đất").await;
    dossier.settled(YEN_BINH).await;
    dossier.handed_over("counter").await;
    let said = ["chờ ý kiến cơ quan phối hợp", "Hẹn trả 08:00 thứ Năm 17/12/2026."];
    office.ends_well("an-opinion-holds-the-clock", &dossier, &said).await;
}
