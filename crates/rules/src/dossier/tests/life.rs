//! Whole lives of a dossier, printed day by day as the timeline shows them.

use super::{Body, Dossier, HandOverWay, Procedure, State, items, notice};
use crate::calendar::Limit;
use crate::dossier::{
    ConsultAnswer, Custodian, Fault, Onward, OpinionVerdict, Outcome, PartEnd, PartOfWhole,
};
use crate::id::{ConsultationId, DossierId, ResultId};
use crate::procedure::Verdict;
use crate::sample::{BINH, COMMITTEE, ELSEWHERE, HOA, RESULT, procedure, refusal, shipped, terms, whole};
use told::Life;
use uuid::Uuid;

mod told;

#[test]
fn a_life_with_a_supplement_gets_a_new_date() {
    let procedure = procedure();
    let mut life = Life::new(&procedure);
    life.on("2026-11-18T09:00").receive();
    life.on("2026-11-18T10:00").take();
    life.on("2026-11-19T08:00").ask_supplement(None);
    // Monday; Tuesday the 24th is a day off, so three days more end on Friday.
    life.on("2026-11-23T14:00").supplement_received();
    life.on("2026-11-25T09:00").finish();
    life.on("2026-11-25T10:00").take().finish();
    life.on("2026-11-25T14:00").take();
    life.on("2026-11-25T14:05").act(BINH, |dossier, procedure, now| {
        let onward = Onward { to: "viet", holding: COMMITTEE, officer: None, now };
        dossier.send_back(procedure, onward, "sai cỡ diều".to_owned())
    });
    life.on("2026-11-26T08:00").take().finish();
    life.on("2026-11-27T08:00").take().finish();
    life.on("2026-11-27T14:10").take();
    life.on("2026-11-30T08:00").finish();
    life.on("2026-11-30T09:00").hand_over();
    assert!(matches!(life.dossier.state, State::HandedOver { .. }));
    insta::assert_snapshot!(life.page, @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    10:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    08:00 19/11/2026 Bình yêu cầu người nộp bổ sung: Đơn xin thả diều: ghi rõ cỡ diều. Thời hạn tạm dừng | đồng hồ dừng
    14:00 23/11/2026 Hoa nhận đủ bổ sung; thời hạn tính lại từ đầu, hẹn trả mới 14:00 27/11/2026 | hẹn 14:00 27/11/2026, trong hạn
    09:00 25/11/2026 Bình xong bước “Ngó qua”, chuyển sang “Viết phép”. Ý kiến: Đồng ý | hẹn 14:00 27/11/2026, trong hạn
    10:00 25/11/2026 Bình nhận xử lý ở bước “Viết phép” | hẹn 14:00 27/11/2026, trong hạn
    10:00 25/11/2026 Bình xong bước “Viết phép”, chuyển sang “Duyệt”. Ý kiến: Đồng ý | hẹn 14:00 27/11/2026, trong hạn
    14:00 25/11/2026 Bình nhận xử lý ở bước “Duyệt” | hẹn 14:00 27/11/2026, trong hạn
    14:05 25/11/2026 Bình trả lại từ bước “Duyệt” về “Viết phép”, lý do: sai cỡ diều | hẹn 14:00 27/11/2026, trong hạn
    08:00 26/11/2026 Bình nhận xử lý ở bước “Viết phép” | hẹn 14:00 27/11/2026, sắp đến hạn
    08:00 26/11/2026 Bình xong bước “Viết phép”, chuyển sang “Duyệt”. Ý kiến: Đồng ý | hẹn 14:00 27/11/2026, sắp đến hạn
    08:00 27/11/2026 Bình nhận xử lý ở bước “Duyệt” | hẹn 14:00 27/11/2026, đến hạn hôm nay
    08:00 27/11/2026 Bình phê duyệt và ký số kết quả bằng chứng thư CN=Lê Bình | hẹn 14:00 27/11/2026, đến hạn hôm nay
    14:10 27/11/2026 Bình nhận xử lý ở bước “Vào sổ, đóng dấu” | hẹn 14:00 27/11/2026, quá hạn hôm nay
    08:00 30/11/2026 Bình cấp số 45/UBND-XNTTHN ngày 30/11/2026, đóng dấu cơ quan bằng chữ ký số thứ hai | đã xử lý xong
    09:00 30/11/2026 Hoa trả kết quả tại quầy | đã trả kết quả
    ");
}

#[test]
fn a_shipped_procedure_is_walked_by_its_own_steps() {
    let procedure = shipped();
    let mut life = Life::new(&procedure);
    life.on("2026-11-18T09:00").receive();
    life.settle(RESULT, Verdict::Grants);
    life.on("2026-11-20T09:00").hand_over();
    insta::assert_snapshot!(life.page, @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 15.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Phân công xử lý” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình xong bước “Phân công xử lý”, chuyển sang “Tra cứu sổ hộ tịch, thẩm định hồ sơ”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Tra cứu sổ hộ tịch, thẩm định hồ sơ” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình xong bước “Tra cứu sổ hộ tịch, thẩm định hồ sơ”, chuyển sang “Soạn dự thảo kết quả”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Soạn dự thảo kết quả” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình xong bước “Soạn dự thảo kết quả”, chuyển sang “Lãnh đạo phòng kiểm tra dự thảo”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Lãnh đạo phòng kiểm tra dự thảo” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình xong bước “Lãnh đạo phòng kiểm tra dự thảo”, chuyển sang “Lãnh đạo ký duyệt”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Lãnh đạo ký duyệt” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình phê duyệt và ký số kết quả bằng chứng thư CN=Lê Bình | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Văn thư vào số, ký số cơ quan” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình cấp số 45/UBND-XNTTHN ngày 18/11/2026, đóng dấu cơ quan bằng chữ ký số thứ hai | đã xử lý xong
    09:00 20/11/2026 Hoa trả kết quả tại quầy | đã trả kết quả
    ");
}

#[test]
fn a_refused_intake_never_gets_a_code_or_a_date() {
    let procedure = procedure();
    let mut life = Life::new(&procedure);
    life.act(HOA, |dossier, _, _| dossier.refuse_at_counter(refusal()));
    assert_eq!((&life.dossier.code, life.dossier.due), (&None, None));
    insta::assert_snapshot!(life.page, @"08:30 18/11/2026 Hoa từ chối tiếp nhận: không thuộc thẩm quyền giải quyết. Nộp tại phường Thủy Xuân, nơi thường trú | không được tiếp nhận");
}

#[test]
fn what_is_sent_at_night_and_incomplete_is_answered_in_working_hours() {
    let procedure = procedure();
    let mut life = Life::online(&procedure);
    life.on("2026-11-18T22:15").act(HOA, |dossier, procedure, now| dossier.submit(procedure, terms(), now));
    life.on("2026-11-19T10:00")
        .act(HOA, |dossier, _, now| dossier.ask_papers(items(), None, terms(), now))
        .cannot(HOA, |dossier, _, _| dossier.refuse_at_counter(refusal()));
    life.on("2026-11-20T20:00").act(HOA, |dossier, _, now| dossier.papers_brought(terms(), now));
    life.on("2026-11-23T07:30")
        .cannot(HOA, |dossier, _, now| dossier.ask_papers(items(), None, terms(), now))
        .receive();
    // What came after 15:00 would have gone over the next morning.
    life.on("2026-11-23T08:00").act(HOA, |dossier, _, now| dossier.transfer(COMMITTEE, now));
    life.on("2026-11-23T09:00").act(BINH, |dossier, _, now| dossier.assign(BINH, COMMITTEE, now));
    insta::assert_snapshot!(life.page, @r"
    22:15 18/11/2026 Hoa gửi hồ sơ (trực tuyến); cơ quan trả lời trước 17:00 19/11/2026 | mới đăng ký
    10:00 19/11/2026 Hoa yêu cầu bổ sung để được tiếp nhận, trước 10:00 18/12/2026: Đơn xin thả diều: ghi rõ cỡ diều | chờ bổ sung để tiếp nhận
    10:00 19/11/2026 Hoa ✗ Hồ sơ đang ở trạng thái “Chờ bổ sung để tiếp nhận” nên chưa làm việc này được
    20:00 20/11/2026 Hoa nhận giấy tờ người nộp gửi bổ sung; cơ quan trả lời trước 17:00 23/11/2026 | mới đăng ký
    07:30 23/11/2026 Hoa ✗ Hồ sơ này đã được yêu cầu bổ sung một lần. Luật chỉ cho yêu cầu một lần; yêu cầu lần nữa phải do lãnh đạo quyết định, có lý do
    07:30 23/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 07:30 27/11/2026; phí, lệ phí: 7.000 đồng | hẹn 07:30 27/11/2026, trong hạn
    08:00 23/11/2026 Hoa chuyển hồ sơ cho UBND phường ở bước “Ngó qua” | hẹn 07:30 27/11/2026, trong hạn
    09:00 23/11/2026 Bình phân công bước “Ngó qua” cho Bình | hẹn 07:30 27/11/2026, trong hạn
    ");
}

#[test]
fn what_is_never_completed_is_not_received() {
    let procedure = procedure();
    let mut life = Life::online(&procedure);
    life.on("2026-11-18T10:00").act(HOA, |dossier, procedure, now| dossier.submit(procedure, terms(), now));
    life.on("2026-11-18T11:00").act(HOA, |dossier, _, now| dossier.ask_papers(items(), None, terms(), now));
    life.on("2026-12-17T11:00").expire();
    assert_eq!((life.dossier.state.number(), &life.dossier.code), (Some(3), &None));
    insta::assert_snapshot!(life.page, @r"
    10:00 18/11/2026 Hoa gửi hồ sơ (trực tuyến); cơ quan trả lời trước 10:00 19/11/2026 | mới đăng ký
    11:00 18/11/2026 Hoa yêu cầu bổ sung để được tiếp nhận, trước 11:00 17/12/2026: Đơn xin thả diều: ghi rõ cỡ diều | chờ bổ sung để tiếp nhận
    11:00 17/12/2026 Hệ thống ghi nhận hết thời gian bổ sung hồ sơ; hồ sơ kết thúc | không được tiếp nhận
    ");
}

#[test]
fn a_second_supplement_and_a_late_one_need_a_leaders_reason() {
    let procedure = procedure();
    let mut life = Life::new(&procedure);
    life.on("2026-11-18T09:00").receive().take();
    life.on("2026-11-18T10:00").ask_supplement(None);
    life.on("2026-11-18T14:00").supplement_received().cannot(BINH, |dossier, procedure, now| {
        dossier.ask_supplement(procedure, items(), None, terms(), now)
    });
    life.ask_supplement(Some("giấy tờ nộp thay đã hết hạn"));
    life.on("2026-11-19T09:00").supplement_received();
    let mut late = Life::new(&procedure);
    late.on("2026-11-18T09:00").receive().take();
    late.on("2026-11-25T07:00").cannot(BINH, |dossier, procedure, now| {
        dossier.ask_supplement(procedure, items(), None, terms(), now)
    });
    late.ask_supplement(Some("phát hiện thửa đất đã tách"));
    insta::assert_snapshot!(life.page + &late.page, @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    10:00 18/11/2026 Bình yêu cầu người nộp bổ sung: Đơn xin thả diều: ghi rõ cỡ diều. Thời hạn tạm dừng | đồng hồ dừng
    14:00 18/11/2026 Hoa nhận đủ bổ sung; thời hạn tính lại từ đầu, hẹn trả mới 14:00 23/11/2026 | hẹn 14:00 23/11/2026, trong hạn
    14:00 18/11/2026 Bình ✗ Hồ sơ này đã được yêu cầu bổ sung một lần. Luật chỉ cho yêu cầu một lần; yêu cầu lần nữa phải do lãnh đạo quyết định, có lý do
    14:00 18/11/2026 Bình yêu cầu người nộp bổ sung theo quyết định của lãnh đạo (giấy tờ nộp thay đã hết hạn): Đơn xin thả diều: ghi rõ cỡ diều. Thời hạn tạm dừng | đồng hồ dừng
    09:00 19/11/2026 Hoa nhận đủ bổ sung; thời hạn tính lại từ đầu, hẹn trả mới 09:00 25/11/2026 | hẹn 09:00 25/11/2026, trong hạn
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    07:00 25/11/2026 Bình ✗ Chỉ được yêu cầu bổ sung đến hết ngày 23/11/2026; sau ngày này phải do lãnh đạo quyết định, có lý do
    07:00 25/11/2026 Bình yêu cầu người nộp bổ sung theo quyết định của lãnh đạo (phát hiện thửa đất đã tách): Đơn xin thả diều: ghi rõ cỡ diều. Thời hạn tạm dừng | đồng hồ dừng
    ");
}

#[test]
fn the_clock_stands_while_money_is_owed_to_the_state() {
    let procedure = procedure();
    let mut life = Life::new(&procedure);
    life.on("2026-11-18T09:00").receive().take();
    life.on("2026-11-18T10:00")
        .act(HOA, |dossier, _, _| dossier.collect_fee(20_000, "0001234".to_owned(), None));
    life.on("2026-11-18T15:00").finish().take();
    life.act(BINH, |dossier, procedure, now| dossier.ask_payment(procedure, notice(), terms(), now));
    life.on("2026-11-20T15:00")
        .act(HOA, |dossier, _, now| dossier.payment_received("BL-7712".to_owned(), terms(), now));
    life.settle(RESULT, Verdict::Grants).hand_over();
    insta::assert_snapshot!(life.page, @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    10:00 18/11/2026 Hoa thu phí, lệ phí 20.000 đồng (biên lai 0001234) | hẹn 09:00 23/11/2026, trong hạn
    15:00 18/11/2026 Bình xong bước “Ngó qua”, chuyển sang “Viết phép”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    15:00 18/11/2026 Bình nhận xử lý ở bước “Viết phép” | hẹn 09:00 23/11/2026, trong hạn
    15:00 18/11/2026 Bình yêu cầu người nộp thực hiện nghĩa vụ tài chính theo thông báo TB-0113/CCT: 12.500.000 đồng, trước 17:00 30/11/2026 | đồng hồ dừng
    15:00 20/11/2026 Hoa ghi nhận người nộp đã thực hiện nghĩa vụ tài chính (chứng từ BL-7712); hẹn trả 09:00 26/11/2026 | hẹn 09:00 26/11/2026, trong hạn
    15:00 20/11/2026 Bình xong bước “Viết phép”, chuyển sang “Duyệt”. Ý kiến: Đồng ý | hẹn 09:00 26/11/2026, trong hạn
    15:00 20/11/2026 Bình nhận xử lý ở bước “Duyệt” | hẹn 09:00 26/11/2026, trong hạn
    15:00 20/11/2026 Bình phê duyệt và ký số kết quả bằng chứng thư CN=Lê Bình | hẹn 09:00 26/11/2026, trong hạn
    15:00 20/11/2026 Bình nhận xử lý ở bước “Vào sổ, đóng dấu” | hẹn 09:00 26/11/2026, trong hạn
    15:00 20/11/2026 Bình cấp số 45/UBND-XNTTHN ngày 20/11/2026, đóng dấu cơ quan bằng chữ ký số thứ hai | đã xử lý xong
    15:00 20/11/2026 Hoa trả kết quả tại quầy | đã trả kết quả
    ");
}

#[test]
fn two_agencies_are_asked_at_once_and_one_is_late() {
    let procedure = procedure();
    let mut life = Life::new(&procedure);
    life.on("2026-11-18T09:00").receive().take().act(BINH, |dossier, procedure, now| {
        let onward = Onward { to: "hoi", holding: COMMITTEE, officer: Some(BINH), now };
        dossier.finish_step(procedure, onward, "Cần hỏi ý kiến".to_owned())
    });
    // For the first the clock stands, for the second it runs.
    life.on("2026-11-18T10:00").consult(1, COMMITTEE).consult(2, ELSEWHERE);
    life.cannot(BINH, |dossier, procedure, now| {
        let onward = Onward { to: "viet", holding: COMMITTEE, officer: None, now };
        dossier.finish_step(procedure, onward, "Đủ".to_owned())
    });
    life.on("2026-11-18T15:00").act(HOA, |dossier, _, now| {
        let (verdict, opinion) = (OpinionVerdict::Disagrees, "Vướng đường dây 22 kV".to_owned());
        let answer = ConsultAnswer { at: now, by: HOA, verdict, opinion };
        dossier.answer(ConsultationId(Uuid::from_u128(1)), answer, terms())
    });
    let second = ConsultationId(Uuid::from_u128(2));
    life.cannot(BINH, |dossier, _, now| dossier.lapse(second, terms(), now));
    life.on("2026-11-19T09:00").act(BINH, |dossier, _, now| dossier.lapse(second, terms(), now));
    life.finish();
    insta::assert_snapshot!(life.page, @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình xong bước “Ngó qua”, chuyển sang “Hỏi hàng xóm”, giao Bình. Ý kiến: Cần hỏi ý kiến | hẹn 09:00 23/11/2026, trong hạn
    10:00 18/11/2026 Bình xin ý kiến UBND phường trước 16:00 18/11/2026: Chỗ thả có vướng dây điện không? | đồng hồ dừng
    10:00 18/11/2026 Bình xin ý kiến Công an phường trước 16:00 18/11/2026: Diều có bay vào đường bay không? | đồng hồ dừng
    10:00 18/11/2026 Bình ✗ Còn 2 cơ quan phối hợp chưa có ý kiến. Chờ trả lời, hoặc ghi nhận là quá hạn rồi đi tiếp
    15:00 18/11/2026 Hoa trả lời xin ý kiến: không đồng ý. Vướng đường dây 22 kV | hẹn 14:00 23/11/2026, trong hạn
    15:00 18/11/2026 Bình ✗ Cơ quan phối hợp vẫn còn thời gian trả lời
    09:00 19/11/2026 Bình ghi nhận Công an phường quá hạn cho ý kiến; giải quyết tiếp và báo người đứng đầu Bộ phận Một cửa | hẹn 14:00 23/11/2026, trong hạn
    09:00 19/11/2026 Bình xong bước “Hỏi hàng xóm”, chuyển sang “Viết phép”. Ý kiến: Đồng ý | hẹn 14:00 23/11/2026, trong hạn
    ");
}

#[test]
fn what_is_halted_is_resumed_or_goes_on_by_itself_or_is_stopped() {
    let procedure = procedure();
    let halted = || {
        let mut life = Life::new(&procedure);
        life.on("2026-11-18T09:00").receive().take();
        life.on("2026-11-18T10:00").act(BINH, |dossier, procedure, now| {
            dossier.halt(procedure, "chờ kết luận thanh tra".to_owned(), terms(), now)
        });
        life
    };
    let mut resumed = halted();
    resumed.on("2026-11-19T10:00").act(BINH, |dossier, _, now| dossier.resume(terms(), now));
    let mut expired = halted();
    expired.on("2026-11-26T10:00").expire();
    let mut stopped = halted();
    stopped
        .on("2026-11-20T10:00")
        .act(BINH, |dossier, _, now| dossier.stop("đất đang tranh chấp".to_owned(), now));
    insta::assert_snapshot!(resumed.page + &expired.page + &stopped.page, @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    10:00 18/11/2026 Bình tạm dừng giải quyết đến 10:00 26/11/2026, lý do: chờ kết luận thanh tra | đồng hồ dừng
    10:00 19/11/2026 Bình giải quyết tiếp; hẹn trả 09:00 25/11/2026 | hẹn 09:00 25/11/2026, trong hạn
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    10:00 18/11/2026 Bình tạm dừng giải quyết đến 10:00 26/11/2026, lý do: chờ kết luận thanh tra | đồng hồ dừng
    10:00 26/11/2026 Hệ thống ghi nhận hết thời gian tạm dừng giải quyết; hồ sơ được giải quyết tiếp | hẹn 09:00 01/12/2026, trong hạn
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    10:00 18/11/2026 Bình tạm dừng giải quyết đến 10:00 26/11/2026, lý do: chờ kết luận thanh tra | đồng hồ dừng
    10:00 20/11/2026 Bình dừng giải quyết hồ sơ, lý do: đất đang tranh chấp | dừng xử lý
    ");
}

#[test]
fn the_date_is_put_off_in_time_and_only_once() {
    let procedure = procedure();
    let extend = |dossier: Dossier, now| {
        dossier.extend(Limit::WorkingDays(2), "nhiều hồ sơ cùng lúc".to_owned(), terms(), now)
    };
    let mut life = Life::new(&procedure);
    life.on("2026-11-18T09:00").receive().take();
    life.on("2026-11-20T16:00").act(BINH, |dossier, _, now| extend(dossier, now));
    life.cannot(BINH, |dossier, _, now| extend(dossier, now));
    let mut late = Life::new(&procedure);
    late.on("2026-11-18T09:00").receive().take();
    late.on("2026-11-23T08:00").cannot(BINH, |dossier, _, now| extend(dossier, now));
    insta::assert_snapshot!(life.page + &late.page, @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    16:00 20/11/2026 Bình xin lỗi và hẹn lại ngày trả từ 09:00 23/11/2026 sang 09:00 26/11/2026, lý do: nhiều hồ sơ cùng lúc | hẹn 09:00 26/11/2026, trong hạn
    16:00 20/11/2026 Bình ✗ Hồ sơ này đã được gia hạn một lần. Luật chỉ cho hẹn lại ngày trả một lần
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    08:00 23/11/2026 Bình ✗ Phải xin lỗi và hẹn lại trước ngày hẹn trả ít nhất một ngày; ngày cuối để gia hạn là 22/11/2026
    ");
}

#[test]
fn whoever_withdraws_gets_his_papers_back() {
    let procedure = procedure();
    let mut life = Life::new(&procedure);
    let papers = ["don", "ban-ve"].map(|id| crate::counter::DossierComponent {
        id: id.to_owned(),
        supply: crate::counter::Supply::OnPaper,
    });
    life.on("2026-11-18T09:00").receive().take();
    life.on("2026-11-19T21:00")
        .act(HOA, |dossier, _, now| dossier.ask_withdrawal("không thả nữa".to_owned(), now));
    let withdraw = |custodian| {
        let papers = papers.clone();
        move |dossier: Dossier, procedure: &Procedure, now| {
            dossier.withdraw(procedure, &papers, "không thả nữa".to_owned(), custodian, now)
        }
    };
    life.on("2026-11-20T08:00").cannot(HOA, withdraw(Custodian::Office));
    life.act(HOA, withdraw(Custodian::Applicant));
    insta::assert_snapshot!(life.page, @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    21:00 19/11/2026 Hoa ghi nhận người nộp đề nghị rút hồ sơ: không thả nữa | hẹn 09:00 23/11/2026, trong hạn
    08:00 20/11/2026 Hoa ✗ Còn giữ bản chính của 2 giấy. Trả lại cho người nộp rồi xác nhận đã trả
    08:00 20/11/2026 Hoa rút hồ sơ theo yêu cầu của người nộp: không thả nữa; trả lại bản chính “Đơn xin thả diều”, “Bản vẽ diều” | rút hồ sơ
    ");
}

#[test]
fn a_refusal_after_acceptance_is_a_result_like_any_other() {
    let procedure = procedure();
    let mut life = Life::new(&procedure);
    life.on("2026-11-18T09:00").receive();
    life.on("2026-11-20T09:00").settle(RESULT, Verdict::Refuses).hand_over();
    assert_eq!((life.dossier.state.number(), life.dossier.outcome), (Some(10), Some(Outcome::Refused)));
    insta::assert_snapshot!(life.page, @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 20/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    09:00 20/11/2026 Bình xong bước “Ngó qua”, chuyển sang “Viết phép”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    09:00 20/11/2026 Bình nhận xử lý ở bước “Viết phép” | hẹn 09:00 23/11/2026, trong hạn
    09:00 20/11/2026 Bình xong bước “Viết phép”, chuyển sang “Duyệt”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    09:00 20/11/2026 Bình nhận xử lý ở bước “Duyệt” | hẹn 09:00 23/11/2026, trong hạn
    09:00 20/11/2026 Bình phê duyệt và ký số kết quả bằng chứng thư CN=Lê Bình | hẹn 09:00 23/11/2026, trong hạn
    09:00 20/11/2026 Bình nhận xử lý ở bước “Vào sổ, đóng dấu” | hẹn 09:00 23/11/2026, trong hạn
    09:00 20/11/2026 Bình cấp số 45/UBND-XNTTHN ngày 20/11/2026, đóng dấu cơ quan bằng chữ ký số thứ hai | đã xử lý xong
    09:00 20/11/2026 Hoa trả kết quả tại quầy | đã trả kết quả
    ");
}

#[test]
fn a_wrong_result_is_corrected_and_a_wrongful_one_annulled() {
    let procedure = procedure();
    let mut life = Life::new(&procedure);
    life.on("2026-11-18T09:00").receive().settle(RESULT, Verdict::Grants).hand_over();
    life.on("2026-12-01T09:00").act(HOA, |dossier, procedure, now| {
        let reason = "ghi sai cỡ diều".to_owned();
        dossier.correct(procedure, reason, Fault::Agency, COMMITTEE, terms(), now)
    });
    life.on("2026-12-02T09:00").settle(ResultId(Uuid::from_u128(0xd2)), Verdict::Grants).hand_over();
    life.on("2026-12-20T09:00").act(BINH, |dossier, _, _| {
        dossier.annul("Quyết định 17/QĐ-UBND".to_owned(), "diều của người khác".to_owned())
    });
    insta::assert_snapshot!(life.page, @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình xong bước “Ngó qua”, chuyển sang “Viết phép”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Viết phép” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình xong bước “Viết phép”, chuyển sang “Duyệt”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Duyệt” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình phê duyệt và ký số kết quả bằng chứng thư CN=Lê Bình | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình nhận xử lý ở bước “Vào sổ, đóng dấu” | hẹn 09:00 23/11/2026, trong hạn
    09:00 18/11/2026 Bình cấp số 45/UBND-XNTTHN ngày 18/11/2026, đóng dấu cơ quan bằng chữ ký số thứ hai | đã xử lý xong
    09:00 18/11/2026 Hoa trả kết quả tại quầy | đã trả kết quả
    09:00 01/12/2026 Hoa đính chính kết quả đã trả (do lỗi của cơ quan, người dân không phải trả chi phí), lý do: ghi sai cỡ diều | hẹn 09:00 04/12/2026, trong hạn
    09:00 02/12/2026 Bình nhận xử lý ở bước “Viết phép” | hẹn 09:00 04/12/2026, trong hạn
    09:00 02/12/2026 Bình xong bước “Viết phép”, chuyển sang “Duyệt”. Ý kiến: Đồng ý | hẹn 09:00 04/12/2026, trong hạn
    09:00 02/12/2026 Bình nhận xử lý ở bước “Duyệt” | hẹn 09:00 04/12/2026, trong hạn
    09:00 02/12/2026 Bình phê duyệt và ký số kết quả bằng chứng thư CN=Lê Bình | hẹn 09:00 04/12/2026, trong hạn
    09:00 02/12/2026 Bình nhận xử lý ở bước “Vào sổ, đóng dấu” | hẹn 09:00 04/12/2026, trong hạn
    09:00 02/12/2026 Bình cấp số 45/UBND-XNTTHN ngày 02/12/2026, đóng dấu cơ quan bằng chữ ký số thứ hai | đã xử lý xong
    09:00 02/12/2026 Hoa trả kết quả tại quầy | đã trả kết quả
    09:00 20/12/2026 Bình hủy kết quả đã trả theo Quyết định 17/QĐ-UBND, lý do: diều của người khác. Bản cũ vẫn được giữ | đã trả kết quả
    ");
}

#[test]
fn a_whole_goes_when_its_three_parts_have_ended() {
    let (whole, part) = (whole(), procedure());
    let mut life = Life::new(&whole);
    life.on("2026-11-18T09:00").receive();
    let mut parts: Vec<Life<'_>> = Vec::new();
    for (nth, linked) in (1..).zip(&whole.linked) {
        let id = DossierId(Uuid::from_u128(nth));
        let opened = life.dossier.open_part(linked, id, &part, COMMITTEE, terms(), life.now);
        let (opened, body) = opened.expect("a part is received with its whole");
        life.dossier.life.parts.push(PartOfWhole::opened(&linked.id, id, COMMITTEE));
        let mut part = Life::of(&part, opened.clone());
        part.on("2026-11-18T09:00").tell(Some(HOA), opened, body);
        parts.push(part);
    }
    let tell_whole = |life: &mut Life<'_>, nth: u128| {
        let (part, outcome) = (DossierId(Uuid::from_u128(nth)), Outcome::Granted);
        let dossier = life.dossier.clone().part_ended(part, PartEnd { at: life.now, outcome });
        life.tell(None, dossier, Body::PartEnded { dossier: part, outcome: Some(outcome) });
    };
    parts[0].on("2026-11-19T09:00").settle(RESULT, Verdict::Grants);
    tell_whole(life.on("2026-11-19T09:00"), 1);
    assert_eq!(life.dossier.parts_that_may_begin(&whole), [DossierId(Uuid::from_u128(3))]);
    parts[2]
        .on("2026-11-19T09:00")
        .act(HOA, |dossier, procedure, now| dossier.start_part(procedure, terms(), now));
    life.on("2026-11-19T10:00").settle(RESULT, Verdict::Grants).cannot(HOA, |dossier, procedure, _| {
        dossier.hand_over(procedure, &[], HandOverWay::Counter, Custodian::Applicant)
    });
    for (nth, moment) in [(2, "2026-11-20T09:00"), (3, "2026-11-23T09:00")] {
        parts[nth - 1].on(moment).settle(RESULT, Verdict::Grants);
        tell_whole(life.on(moment), nth as u128);
    }
    life.on("2026-11-23T10:00").hand_over();
    parts[2].on("2026-11-23T10:00").act(HOA, |dossier, _, _| dossier.hand_over_part(HandOverWay::Counter));
    let (page, third) = (life.page, &parts[2].page);
    insta::assert_snapshot!(format!("{page}---\n{third}"), @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 23/11/2026, trong hạn
    09:00 19/11/2026 Hệ thống ghi nhận một phần việc liên thông đã xong | hẹn 09:00 23/11/2026, trong hạn
    10:00 19/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 23/11/2026, trong hạn
    10:00 19/11/2026 Bình xong bước “Ngó qua”, chuyển sang “Viết phép”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    10:00 19/11/2026 Bình nhận xử lý ở bước “Viết phép” | hẹn 09:00 23/11/2026, trong hạn
    10:00 19/11/2026 Bình xong bước “Viết phép”, chuyển sang “Duyệt”. Ý kiến: Đồng ý | hẹn 09:00 23/11/2026, trong hạn
    10:00 19/11/2026 Bình nhận xử lý ở bước “Duyệt” | hẹn 09:00 23/11/2026, trong hạn
    10:00 19/11/2026 Bình phê duyệt và ký số kết quả bằng chứng thư CN=Lê Bình | hẹn 09:00 23/11/2026, trong hạn
    10:00 19/11/2026 Bình nhận xử lý ở bước “Vào sổ, đóng dấu” | hẹn 09:00 23/11/2026, trong hạn
    10:00 19/11/2026 Bình cấp số 45/UBND-XNTTHN ngày 19/11/2026, đóng dấu cơ quan bằng chữ ký số thứ hai | đã xử lý xong
    10:00 19/11/2026 Hoa ✗ Còn 2 phần việc liên thông chưa xong. Trả kết quả khi mọi phần đã xong
    09:00 20/11/2026 Hệ thống ghi nhận một phần việc liên thông đã xong | đã xử lý xong
    09:00 23/11/2026 Hệ thống ghi nhận một phần việc liên thông đã xong | đã xử lý xong
    10:00 23/11/2026 Hoa trả kết quả tại quầy | đã trả kết quả
    ---
    09:00 18/11/2026 Hoa chờ kết quả của phần việc trước rồi mới tính thời hạn | hẹn 09:00 23/11/2026, trong hạn
    09:00 19/11/2026 Hoa tiếp nhận hồ sơ, hẹn trả kết quả 09:00 25/11/2026; phí, lệ phí: 20.000 đồng | hẹn 09:00 25/11/2026, trong hạn
    09:00 23/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 09:00 25/11/2026, trong hạn
    09:00 23/11/2026 Bình xong bước “Ngó qua”, chuyển sang “Viết phép”. Ý kiến: Đồng ý | hẹn 09:00 25/11/2026, trong hạn
    09:00 23/11/2026 Bình nhận xử lý ở bước “Viết phép” | hẹn 09:00 25/11/2026, trong hạn
    09:00 23/11/2026 Bình xong bước “Viết phép”, chuyển sang “Duyệt”. Ý kiến: Đồng ý | hẹn 09:00 25/11/2026, trong hạn
    09:00 23/11/2026 Bình nhận xử lý ở bước “Duyệt” | hẹn 09:00 25/11/2026, trong hạn
    09:00 23/11/2026 Bình phê duyệt và ký số kết quả bằng chứng thư CN=Lê Bình | hẹn 09:00 25/11/2026, trong hạn
    09:00 23/11/2026 Bình nhận xử lý ở bước “Vào sổ, đóng dấu” | hẹn 09:00 25/11/2026, trong hạn
    09:00 23/11/2026 Bình cấp số 45/UBND-XNTTHN ngày 23/11/2026, đóng dấu cơ quan bằng chữ ký số thứ hai | đã xử lý xong
    10:00 23/11/2026 Hoa trả kết quả tại quầy | đã trả kết quả
    ");
}

#[test]
fn what_is_settled_on_the_same_day_is_due_at_closing_or_the_next_day_after_three() {
    let mut procedure = procedure();
    procedure.cases[0].channels[0].limit = Limit::SameDay;
    let mut morning = Life::new(&procedure);
    morning.on("2026-11-18T09:00").receive().settle(RESULT, Verdict::Grants).hand_over();
    let mut afternoon = Life::new(&procedure);
    afternoon.on("2026-11-20T15:01").receive();
    insta::assert_snapshot!(morning.page + &afternoon.page, @r"
    09:00 18/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 17:00 18/11/2026; phí, lệ phí: 20.000 đồng | hẹn 17:00 18/11/2026, đến hạn hôm nay
    09:00 18/11/2026 Bình nhận xử lý ở bước “Ngó qua” | hẹn 17:00 18/11/2026, đến hạn hôm nay
    09:00 18/11/2026 Bình xong bước “Ngó qua”, chuyển sang “Viết phép”. Ý kiến: Đồng ý | hẹn 17:00 18/11/2026, đến hạn hôm nay
    09:00 18/11/2026 Bình nhận xử lý ở bước “Viết phép” | hẹn 17:00 18/11/2026, đến hạn hôm nay
    09:00 18/11/2026 Bình xong bước “Viết phép”, chuyển sang “Duyệt”. Ý kiến: Đồng ý | hẹn 17:00 18/11/2026, đến hạn hôm nay
    09:00 18/11/2026 Bình nhận xử lý ở bước “Duyệt” | hẹn 17:00 18/11/2026, đến hạn hôm nay
    09:00 18/11/2026 Bình phê duyệt và ký số kết quả bằng chứng thư CN=Lê Bình | hẹn 17:00 18/11/2026, đến hạn hôm nay
    09:00 18/11/2026 Bình nhận xử lý ở bước “Vào sổ, đóng dấu” | hẹn 17:00 18/11/2026, đến hạn hôm nay
    09:00 18/11/2026 Bình cấp số 45/UBND-XNTTHN ngày 18/11/2026, đóng dấu cơ quan bằng chữ ký số thứ hai | đã xử lý xong
    09:00 18/11/2026 Hoa trả kết quả tại quầy | đã trả kết quả
    15:01 20/11/2026 Hoa tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 17:00 23/11/2026; phí, lệ phí: 20.000 đồng | hẹn 17:00 23/11/2026, trong hạn
    ");
}
