//! Every event is a sentence of the timeline.

use super::is_said;
use crate::event::{Event, Subject};
use crate::id::{AgencyId, EventId, OfficerId};
use crate::sample::{BINH, COUNTER, DOSSIER, ENTRY, HOA, at, bodies};
use crate::scanning::FieldKey;
use crate::words;
use crate::words::sentence::{Names, Sentence, sentence};
use std::fmt::Write as _;
use uuid::Uuid;

struct FixedNames;

impl Names for FixedNames {
    fn officer(&self, id: OfficerId) -> String {
        if id == HOA { "Trần Thị Hoa".to_owned() } else { "Lê Bình".to_owned() }
    }

    fn component(&self, _: &str) -> String {
        "Tờ khai".to_owned()
    }

    fn step(&self, id: &str) -> String {
        let name = match id {
            "chia" => "Phân công",
            "xem" => "Thẩm định",
            "soan" => "Soạn dự thảo",
            _ => "Ký duyệt",
        };
        name.to_owned()
    }

    fn field(&self, name: &str) -> String {
        let key = FieldKey::ALL.into_iter().find(|key| key.name() == name);
        key.map_or_else(|| name.to_owned(), |key| words::lower_first(words::field(key)))
    }

    fn agency(&self, _: AgencyId) -> String {
        "UBND phường An Cựu".to_owned()
    }
}

fn event(body: crate::event::Body) -> Event {
    Event {
        id: EventId(Uuid::from_u128(1)),
        subject: Subject::Dossier(DOSSIER),
        dossier: Some(DOSSIER),
        agency: COUNTER,
        actor: Some(HOA),
        on_behalf_of: None,
        purpose: None,
        happened_at: at("2026-11-21T09:00"),
        recorded_at: at("2026-11-21T09:00"),
        body,
    }
}

#[test]
fn every_event_is_a_sentence_of_the_timeline() {
    let mut page = String::new();
    for body in bodies() {
        let kind = body.kind();
        let Sentence { who, what } = sentence(&event(body), &FixedNames);
        assert_eq!(who, "Trần Thị Hoa");
        // The name on a certificate is written as certificates write it.
        is_said(&what.replace("CN=", ""));
        writeln!(page, "{kind}: {what}").expect("a string takes everything");
    }
    insta::assert_snapshot!(page, @r"
    intake_opened: bắt đầu lập hồ sơ tại quầy
    case_chosen: chọn lại trường hợp của thủ tục
    file_added: thêm một tệp 2,4 MB vào “Tờ khai”
    file_rejected: tệp của “Tờ khai” không dùng được: PDF có mật khẩu. Tệp gốc vẫn được giữ
    file_opened: mở tệp của “Tờ khai”: 2 trang, tệp đã có chữ ký số nên được giữ nguyên từng byte
    pages_arranged: sắp trang của “Tờ khai”: xoay một trang
    arrangement_undone: hoàn tác ở “Tờ khai”: bỏ một trang
    sides_reconciled: đếm 2 mặt giấy của “Tờ khai”
    component_marked: đánh dấu “Tờ khai”: đã xuất trình, trả lại
    paper_reused: dùng lại giấy đã có trong kho cho “Tờ khai”, không phải nộp lại
    reuse_declined: vẫn yêu cầu nộp “Tờ khai” dù kho đã có, lý do: bản cũ ghi sai năm sinh
    dossier_received: tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: 15.000 đồng
    refused_at_counter: từ chối tiếp nhận: không thuộc thẩm quyền giải quyết. Nộp tại phường Thủy Xuân, nơi thường trú
    paper_read: đọc xong “Tờ khai”: 2 trang, 180 chữ, độ tin cậy 88 %
    paper_not_read: chưa đọc được “Tờ khai”: ảnh quá mờ. Trang quét vẫn được giữ
    paper_signed: ký số bản số hóa “Tờ khai” bằng chứng thư CN=Trần Thị Hoa
    fields_confirmed: xác nhận các trường của “Tờ khai”, không phải sửa
    fields_confirmed: xác nhận các trường của “Tờ khai”, đã sửa: họ và tên, ngày cấp
    paper_filed: cấp mã số hóa và đưa “Tờ khai” vào kho của chủ hồ sơ
    dossier_taken: nhận xử lý ở bước “Thẩm định”
    step_finished: xong bước “Phân công”, chuyển sang “Thẩm định”
    step_finished: xong bước “Thẩm định”, chuyển sang “Soạn dự thảo”. Ý kiến: Đủ điều kiện
    sent_back: trả lại từ bước “Ký duyệt” về “Soạn dự thảo”, lý do: sai tên mẹ
    supplement_asked: yêu cầu người nộp bổ sung: Tờ khai: ghi rõ mục đích sử dụng. Thời hạn tạm dừng
    supplement_received: nhận đủ bổ sung; thời hạn tính lại từ đầu, hẹn trả mới 09:00 23/11/2026
    withdrawn: rút hồ sơ theo yêu cầu của người nộp: không còn nhu cầu
    result_drafted: soạn dự thảo kết quả
    result_signed: phê duyệt và ký số kết quả bằng chứng thư CN=Trần Thị Hoa
    result_sealed: cấp số 45/UBND-XNTTHN ngày 23/11/2026, đóng dấu cơ quan bằng chữ ký số thứ hai
    result_filed: đưa kết quả vào kho của chủ hồ sơ
    result_handed_over: trả kết quả tại quầy
    paper_viewed: xem giấy tờ
    repository_listed: tra kho giấy tờ, thấy 3 giấy
    signed_in: đăng nhập
    signed_out: đăng xuất
    sign_in_refused: đăng nhập không thành công
    due_moved: ngày hẹn trả chuyển từ 09:00 23/11/2026 sang 09:00 25/11/2026 vì lịch làm việc thay đổi theo Thông báo số 9441/TB-BNV
    calendar_decided: quyết định lịch làm việc theo Thông báo số 9441/TB-BNV, lần 2, 41 hồ sơ đổi ngày hẹn trả
    rerouted: chuyển hồ sơ theo Nghị quyết số 01/NQ-HĐND: đổi cơ quan giải quyết, nơi đang giữ hồ sơ
    unit_reorganised: sắp xếp đơn vị theo Nghị quyết số 01/NQ-HĐND
    posts_moved: chuyển vị trí công tác sang đơn vị kế thừa theo Nghị quyết số 01/NQ-HĐND
    posts_moved: kết thúc vị trí công tác cùng đơn vị theo Nghị quyết số 01/NQ-HĐND
    procedure_drafted: nạp bản nháp của thủ tục 1.004873, lần 2
    procedure_published: công bố phiên bản 3 của thủ tục 1.004873 theo 12/QĐ-UBND, có hiệu lực từ ngày 01/12/2026
    procedure_published: công bố phiên bản 4 của thủ tục 1.004873 theo 15/QĐ-UBND, có hiệu lực từ ngày 01/01/2027 đến hết ngày 31/12/2027, lấy lại nội dung phiên bản 2
    procedure_retired: bãi bỏ thủ tục 1.004873 theo 20/QĐ-UBND, ngày cuối cùng có hiệu lực 30/06/2027
    dossier_received: tiếp nhận hồ sơ, hẹn trả kết quả 09:00 23/11/2026; phí, lệ phí: không thu
    step_finished: xong bước “Phân công”, chuyển sang “Thẩm định”, giao Lê Bình
    supplement_asked: yêu cầu người nộp bổ sung theo quyết định của lãnh đạo (giấy tờ nộp thay đã hết hạn): Tờ khai: ghi rõ mục đích sử dụng. Thời hạn tạm dừng
    withdrawn: rút hồ sơ theo yêu cầu của người nộp: không còn nhu cầu; trả lại bản chính “Tờ khai”
    result_handed_over: trả kết quả qua bưu chính; trả lại bản chính “Tờ khai”
    submitted: gửi hồ sơ (trực tuyến); cơ quan trả lời trước 09:00 23/11/2026
    papers_asked: yêu cầu bổ sung để được tiếp nhận, trước 17:00 02/12/2026: Tờ khai: ghi rõ mục đích sử dụng
    papers_asked: yêu cầu bổ sung để được tiếp nhận theo quyết định của lãnh đạo (giấy tờ nộp thay đã hết hạn), trước 17:00 02/12/2026: Tờ khai: ghi rõ mục đích sử dụng
    papers_brought: nhận giấy tờ người nộp gửi bổ sung; cơ quan trả lời trước 09:00 23/11/2026
    transferred: chuyển hồ sơ cho UBND phường An Cựu ở bước “Thẩm định”
    assigned: phân công bước “Thẩm định” cho Lê Bình
    consulted: xin ý kiến UBND phường An Cựu trước 09:00 23/11/2026: Thửa đất có vướng quy hoạch không?
    consult_answered: trả lời xin ý kiến: không đồng ý. Nằm trong hành lang đường
    consult_lapsed: ghi nhận UBND phường An Cựu quá hạn cho ý kiến; giải quyết tiếp và báo người đứng đầu Bộ phận Một cửa
    payment_asked: yêu cầu người nộp thực hiện nghĩa vụ tài chính theo thông báo TB-0113/CCT: 12.500.000 đồng, trước 17:00 02/12/2026
    payment_received: ghi nhận người nộp đã thực hiện nghĩa vụ tài chính (chứng từ BL-7712); hẹn trả 09:00 23/11/2026
    fee_collected: thu phí, lệ phí 15.000 đồng (biên lai 0001234)
    halted: tạm dừng giải quyết đến 17:00 02/12/2026, lý do: chờ kết luận thanh tra
    resumed: giải quyết tiếp; hẹn trả 09:00 23/11/2026
    dossier_stopped: dừng giải quyết hồ sơ, lý do: đất đang tranh chấp
    wait_expired: ghi nhận hết thời gian bổ sung hồ sơ; hồ sơ kết thúc
    wait_expired: ghi nhận hết thời gian tạm dừng giải quyết; hồ sơ được giải quyết tiếp
    extended: xin lỗi và hẹn lại ngày trả từ 09:00 23/11/2026 sang 17:00 02/12/2026, lý do: thiếu cán bộ
    withdrawal_asked: ghi nhận người nộp đề nghị rút hồ sơ: không còn nhu cầu
    correction_begun: đính chính kết quả đã trả (do lỗi của cơ quan, người dân không phải trả chi phí), lý do: sai năm sinh
    correction_begun: đính chính kết quả đã trả (theo đề nghị của người nộp), lý do: đổi họ
    result_annulled: hủy kết quả đã trả theo Quyết định 17/QĐ-UBND, lý do: cấp sai đối tượng. Bản cũ vẫn được giữ
    part_opened: mở phần việc liên thông “khai-sinh”
    part_awaits: chờ kết quả của phần việc trước rồi mới tính thời hạn
    part_ended: ghi nhận một phần việc liên thông đã xong
    mirror_updated: cập nhật theo Phần mềm hộ tịch: đang xử lý
    alarm_raised: báo động: hồ sơ không rõ ai phải làm gì tiếp, đến khi nào; nơi phải xử lý: UBND phường An Cựu
    alarm_raised: báo động: không có ai đang giữ vai phải xử lý hồ sơ; nơi phải xử lý: UBND phường An Cựu
    alarm_cleared: hết báo động: việc tiếp theo đã quá hạn
    consult_answered: trả lời xin ý kiến sau khi đã ghi nhận quá hạn lúc 17:00 02/12/2026: đồng ý. Không vướng
    part_ended: ghi nhận một phần việc liên thông kết thúc mà không có kết quả cần (từ chối); phần việc nào chờ kết quả ấy thì lãnh đạo quyết định
    part_may_begin: cho một phần việc bắt đầu dù phần việc trước không có kết quả, lý do: cha mẹ cam kết nộp sau
    whole_moved: đi cùng hồ sơ chung, nay phải xong trước 17:00 02/12/2026
    whole_moved: hồ sơ chung đã kết thúc; phần việc này được trả riêng
    number_cancelled: hủy số 46/UBND-XNTTHN đã cấp mà chưa ban hành; số vẫn nằm trong sổ và không cấp lại, lý do: sai tên mẹ
    reassigned: chuyển hồ sơ ở bước “Thẩm định” từ Trần Thị Hoa sang Lê Bình, lý do: điều chuyển
    reassigned: đưa hồ sơ ở bước “Thẩm định” từ Trần Thị Hoa về hộp chung, lý do: nghỉ ốm
    delegated: làm thay khi vắng mặt: Lê Bình làm việc của Trần Thị Hoa, vai “Công chức tiếp nhận”, từ 09/11/2026 đến hết 13/11/2026 (12/QĐ-UBND ngày 05/11/2026)
    delegated: ủy quyền: Lê Bình làm việc của Trần Thị Hoa, vai “Công chức tiếp nhận”, từ 09/11/2026 đến hết 13/11/2026, chỉ với thủ tục 1.004873 (12/QĐ-UBND ngày 05/11/2026)
    delegation_ended: chấm dứt việc Lê Bình làm thay ở vai “Công chức tiếp nhận”, lý do: đi làm lại sớm
    leave_begun: ghi Trần Thị Hoa nghỉ từ 09/11/2026 đến hết 13/11/2026, Lê Bình làm thay (12/QĐ-UBND ngày 05/11/2026)
    leave_begun: ghi Trần Thị Hoa nghỉ từ 09/11/2026 đến hết 13/11/2026, hồ sơ đang giữ về hộp chung, lý do: không có người cùng việc
    leave_ended: ghi đi làm lại từ ngày 23/11/2026
    officer_transferred: điều chuyển từ ngày 23/11/2026: thôi vai “Công chức tiếp nhận”, chưa nhận vai mới (15/QĐ-UBND)
    right_proposed: đề xuất giao vai “Lãnh đạo ký” cho Lê Bình, chờ người thứ hai xác nhận đến hết ngày 23/11/2026
    right_confirmed: xác nhận giao vai “Lãnh đạo ký” cho Lê Bình
    post_given: giao vai “Chuyên viên” cho Lê Bình
    post_ended: cho Lê Bình thôi vai “Chuyên viên” từ ngày 23/11/2026
    dossier_viewed: xem hồ sơ
    found_in_search: thấy tên khi tra cứu
    found_in_search: thấy khi tra cứu: 2 hồ sơ, 1 giấy tờ
    officer_added: lập tài khoản cán bộ của UBND phường An Cựu
    sign_in_locked: khóa đăng nhập, lý do: nghỉ hưu
    sign_in_unlocked: mở khóa đăng nhập
    password_reset: đặt lại mật khẩu
    password_changed: tự đổi mật khẩu
    signed_out_elsewhere: đăng xuất ở 2 nơi khác
    signed_in_with: đăng nhập bằng khóa truy cập
    second_factor_on: bật xác thực hai lớp
    second_factor_off: tắt xác thực hai lớp
    recovery_code_used: dùng một mã dự phòng để đăng nhập, còn 9 mã
    passkey_added: thêm khóa truy cập “Điện thoại”
    passkey_removed: gỡ khóa truy cập “Điện thoại”
    second_factor_reset: đặt lại xác thực hai lớp và gỡ mọi khóa truy cập, lý do: mất điện thoại
    signing_round_begun: xác nhận bằng mật khẩu để ký số một đợt 40 văn bản
    post_given: giao vai “Chuyên viên” cho Lê Bình (16/QĐ-UBND)
    post_ended: cho Lê Bình thôi vai “Chuyên viên” từ ngày 23/11/2026 (17/QĐ-UBND)
    audit_key_changed: đổi khóa niêm phong dấu vết lần 1, sau điểm niêm phong số 412 (khóa cũ đã ký nhận), lý do: đổi theo năm
    audit_key_changed: đổi khóa niêm phong dấu vết lần 2, sau điểm niêm phong số 977 (khóa cũ đã mất, không ký nhận được), lý do: mất tệp mật khẩu
    folder_passed: giao bìa hồ sơ giấy cho Lê Bình (UBND phường An Cựu), chờ xác nhận nhận
    folder_passed: giao bìa hồ sơ giấy cho UBND phường An Cựu, chờ xác nhận nhận
    folder_confirmed: xác nhận đã nhận bìa hồ sơ giấy
    folder_refused: không nhận bìa hồ sơ giấy, trả về người giao, lý do: thiếu giấy khai sinh
    folder_taken_back: lấy lại bìa hồ sơ giấy đã giao mà chưa được xác nhận
    folder_reclaimed: thu lại bìa hồ sơ giấy từ Trần Thị Hoa, lý do: nghỉ thai sản
    folder_moved: lấy bìa hồ sơ giấy về UBND phường An Cựu
    folder_moved: cất bìa hồ sơ giấy vào kho 1, giá B, hộp 07
    folder_moved: gửi bìa hồ sơ giấy qua bưu chính công ích, số bưu gửi RB118VN
    folder_moved: giao bìa hồ sơ giấy cho cơ quan ngoài hệ thống: Chi cục Thuế khu vực 3
    folder_moved: trả toàn bộ giấy trong bìa hồ sơ cho người nộp
    folder_moved: hủy bìa hồ sơ giấy theo Biên bản 4/BB-UBND
    folder_missed: kiểm kê không thấy bìa hồ sơ giấy ở nơi phải có
    folder_opened: lập bìa hồ sơ giấy
    paper_found: ghi nhận một giấy tìm thấy chưa rõ của hồ sơ nào
    found_paper_tied: ghép vào hồ sơ một giấy đã tìm thấy ở khay máy quét, tầng 2
    stocktaking_ended: kiểm kê bìa hồ sơ: thấy 41, thiếu 1, thừa 2
    number_book_set: đặt số cuối của sổ GXN-UBND năm 2026 từ 0 lên 143, vì các số trước đã cấp ngoài hệ thống
    register_printed: in sổ đăng ký văn bản đi GXN-UBND từ ngày 01/11/2026 đến ngày 30/11/2026, 12 dòng
    register_printed: in sổ theo dõi hồ sơ từ ngày 01/11/2026 đến ngày 30/11/2026, 214 dòng
    audit_viewed: xem nhật ký về một người và giấy tờ của người ấy, loại “Xem, tra cứu giấy tờ”, từ ngày 01/11/2026, đến hết ngày 30/11/2026
    audit_viewed: xem nhật ký
    audit_exported: xuất 41 sự kiện của nhật ký về một người và giấy tờ của người ấy, loại “Xem, tra cứu giấy tờ”, từ ngày 01/11/2026, đến hết ngày 30/11/2026 ra tệp có chữ ký, mã băm 777777777777…
    form_text_set: dùng bản riêng của mẫu “03-tu-choi” từ ngày 01/12/2026, lý do: 9/QĐ-UBND, mã băm 777777777777…
    form_text_set: dùng lại bản gốc của mẫu “03-tu-choi” từ ngày 01/12/2026, lý do: 9/QĐ-UBND
    code_format_set: viết mã hồ sơ theo cách {agency}-{yymmdd}-{ordinal:6} từ ngày 01/12/2026, lý do: 9/QĐ-UBND
    api_key_made: tạo khóa API “cổng tra cứu” dùng đến hết 30/06/2027 (Đọc hồ sơ, Tiếp nhận và trả kết quả)
    api_key_revoked: thu hồi khóa API “cổng tra cứu”
    webhook_added: đặt nơi nhận thông báo tự động “cổng tỉnh” ở cong.tinh.gov.vn
    webhook_removed: bỏ nơi nhận thông báo tự động “cổng tỉnh”
    webhook_stopped: ngừng gửi thông báo tự động đến “cổng tỉnh”
    webhook_resumed: gửi lại thông báo tự động đến “cổng tỉnh”
    note_written: ghi chú nội bộ
    note_written: ghi chú nội bộ, nhắc Trần Thị Hoa, Lê Bình
    note_struck: gạch bỏ một ghi chú nội bộ
    editing_taken_over: cho người khác soạn tiếp dự thảo kết quả mà Trần Thị Hoa đang soạn, lý do: nghỉ đột xuất
    editing_taken_over: cho người khác soạn tiếp yêu cầu bổ sung mà Trần Thị Hoa đang soạn, lý do: nghỉ đột xuất
    editing_taken_over: cho người khác soạn tiếp ý kiến xử lý mà Trần Thị Hoa đang soạn, lý do: nghỉ đột xuất
    editing_taken_over: cho người khác soạn tiếp ghi chú mà Trần Thị Hoa đang soạn, lý do: nghỉ đột xuất
    dossier_received: tiếp nhận hồ sơ, cấp mã H56.15.3-261118-0012, tính từ 08:30 23/11/2026 theo phiếu tạm nhận, hẹn trả kết quả 17:00 26/11/2026; phí, lệ phí: 15.000 đồng
    slip_taken: lập phiếu tạm nhận PT-K7QX-261123-001 lúc 08:30 23/11/2026 khi mất kết nối, đã nhận: Tờ khai
    slip_taken: lập phiếu tạm nhận PT-K7QX-261123-001 lúc 08:30 23/11/2026 khi mất kết nối, đã nhận: Tờ khai. Đồng hồ máy quầy nhanh 30 phút; giờ trên phiếu đã được chỉnh theo máy chủ
    slip_taken: lập phiếu tạm nhận PT-K7QX-261123-001 lúc 08:30 23/11/2026 khi mất kết nối, đã nhận: Tờ khai. Đồng hồ máy quầy chậm 60 phút; giờ trên phiếu đã được chỉnh theo máy chủ
    slip_taken: lập phiếu tạm nhận PT-K7QX-261123-001 lúc 08:30 23/11/2026 khi mất kết nối, đã nhận: Tờ khai. Giờ trên phiếu sau giờ gửi phiếu, không tin được; thời hạn tính từ lúc phiếu về máy chủ
    slip_taken: lập phiếu tạm nhận PT-K7QX-261123-001 lúc 08:30 23/11/2026 khi mất kết nối, đã nhận: Tờ khai. Phiếu ghi giờ cách đây 96 giờ, quá lâu; thời hạn tính từ lúc phiếu về máy chủ
    key_proposed: đề nghị gắn khóa ký số 5404AEA1 do Public Sector CA cấp, hạn đến 22/11/2028, chờ người thứ hai xác nhận
    key_installed: gắn khóa ký số 5404AEA1 do Public Sector CA cấp, hạn đến 22/11/2028, tên trên chứng thư khác vì: tên cũ của xã
    key_installed: tạo khóa ký số 5404AEA1 tự ký để dùng thử, hạn đến 22/11/2028
    key_installed: lập khóa ký số 5404AEA1, hạn đến 22/11/2028
    key_declined: không gắn khóa ký số 5404AEA1 đã đề nghị, lý do: nhầm tệp
    key_ended: ngừng dùng khóa ký số 5404AEA1 từ 01/12/2026, lý do: chuyển công tác
    mail_confirmed: xác nhận địa chỉ thư để nhận thư nhắc việc
    mail_removed: bỏ địa chỉ nhận thư nhắc việc
    signed_in_with: đăng nhập bằng máy chủ định danh
    identity_tied: gắn tài khoản với danh tính “cb-0012” ở máy chủ định danh https://dinhdanh.tinh.gov.vn
    identity_untied: gỡ danh tính “cb-0012” ở máy chủ định danh https://dinhdanh.tinh.gov.vn khỏi tài khoản, lý do: cấp nhầm
    identity_untied: gỡ danh tính “cb-0012” ở máy chủ định danh https://dinhdanh.tinh.gov.vn khỏi tài khoản
    fee_collected: thu phí, lệ phí 15.000 đồng bằng tiền mặt (biên lai 0001234)
    fee_collected: thu phí, lệ phí 15.000 đồng bằng chuyển khoản, ngân hàng ghi số giao dịch GD26327001 (biên lai 0001234)
    fee_account_set: đặt tài khoản thu phí 3511012345 tại Kho bạc Nhà nước, chủ tài khoản UBND XÃ YÊN BÌNH, từ ngày 01/12/2026, lý do: 9/QĐ-UBND
    fee_account_set: thôi thu phí bằng chuyển khoản từ ngày 01/12/2026, lý do: 9/QĐ-UBND
    result_handed_over: trả kết quả tại quầy, chủ hồ sơ nhận; trả lại bản chính “Tờ khai”
    result_handed_over: trả kết quả tại quầy, Lê Văn An nhận thay theo Giấy ủy quyền 12/2026; trả lại bản chính “Tờ khai”
    result_handed_over: trả kết quả qua bưu chính, số hiệu EA123456789VN; trả lại bản chính “Tờ khai”
    signed_sheet_kept: lưu bản quét giấy biên nhận trả kết quả đã ký
    came_by_post: lập từ bưu gửi EA123456788VN, bưu tá giao lúc 08:15 23/11/2026
    return_way_chosen: ghi người nộp nhận kết quả tại quầy
    return_way_chosen: ghi người nộp nhận kết quả qua bưu chính, đến Thôn Đá Chữ, xã Yên Bình
    return_way_chosen: ghi người nộp nhận kết quả bản điện tử
    post_answered: ghi bưu chính đã phát kết quả (số hiệu EA123456789VN)
    post_answered: ghi bưu chính chuyển hoàn kết quả, giấy đã về cơ quan (số hiệu EA123456789VN)
    referred: trình lãnh đạo cho hẹn lại thêm 05 ngày làm việc, lý do: chờ đo đạc lại
    referred: trình lãnh đạo cho yêu cầu bổ sung lần nữa: Tờ khai: ghi rõ mục đích sử dụng; lý do: chờ đo đạc lại
    referral_ended: không duyệt đề nghị của Trần Thị Hoa, lý do: còn đủ thời gian
    referral_ended: rút lại đề nghị đã trình lãnh đạo
    glass_broken: mở khẩn cấp hồ sơ để đọc đến 12:00 23/11/2026, lý do: Lũ cuốn mất giấy tờ, người dân cần xác nhận ngay
    glass_reviewed: xem xét lần mở khẩn cấp của Lê Bình, đúng mục đích
    glass_reviewed: xem xét lần mở khẩn cấp của Lê Bình, không đúng mục đích: Hôm đó không có ai đến quầy
    ");
}

#[test]
fn a_sentence_says_who_and_for_whom_and_what_for() {
    let body = || crate::event::Body::PaperViewed { entry: Some(ENTRY), record: None };
    let who =
        |actor, on_behalf_of| sentence(&Event { actor, on_behalf_of, ..event(body()) }, &FixedNames).who;
    assert_eq!(who(Some(HOA), None), "Trần Thị Hoa");
    assert_eq!(who(None, Some(HOA)), "Hệ thống, tiếp việc của Trần Thị Hoa");
    assert_eq!(who(None, None), "Hệ thống");
    assert_eq!(who(Some(BINH), Some(HOA)), "Lê Bình, thay mặt Trần Thị Hoa");
    let looked = Event { purpose: Some("xác minh hồ sơ".to_owned()), ..event(body()) };
    assert_eq!(sentence(&looked, &FixedNames).what, "xem giấy tờ, mục đích: xác minh hồ sơ");
}
