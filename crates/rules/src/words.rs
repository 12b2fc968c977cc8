//! How things are said in Vietnamese. Every enum a person may meet has its words here, by exhaustive
//! match: a variant without words does not compile. Pages, print, mail and API share them.

use crate::calendar::{CalendarError, Limit};
use crate::counter::{Incomplete, Mark, NotAllowed, RefusalReason, Supply};
use crate::dossier::clock::{Kept, StopCause};
use crate::event::{Body, Event, HandOverWay, Signedness};
use crate::id::OfficerId;
use crate::measure::DueMark;
use crate::people::{NotYours, Role};
use crate::procedure::{
    AdmissibleForm, Channel, Component, DigitisationClass, Required, StepTask, Treatment, Validity,
};
use crate::repository::Standing;
use crate::reuse::{DeclineRefused, NotReusable};
use crate::scanning::{BadEdit, Edit, FieldKey, FieldProblem, RecordRefused};
use crate::signing::{ResultRefused, ResultState};
use jiff::Timestamp;
use jiff::civil::Date;

mod amount;
pub mod api_key;
pub mod book;
pub mod calendar;
pub mod custody;
pub mod explanation;
pub mod glass;
pub mod keys;
mod life;
pub mod link;
pub mod mail;
pub mod openid;
pub mod people;
pub mod procedure;
pub mod queue;
mod referral;
mod round;
pub mod sentence;
mod slip;
pub mod trail;
pub mod way_out;
pub mod webhook;
pub mod writing;

pub use amount::money_in_words;
pub use life::{
    alarm_kind, next_act, opinion_verdict, outcome, refused, state, state_kind, wait_exit, wait_kind,
};
pub use referral::referral;
pub use round::{certificate, doubt, round_refused};
pub use slip::slip_doubt;

pub fn role(role: Role) -> &'static str {
    match role {
        Role::Counter => "Công chức tiếp nhận",
        Role::Specialist => "Chuyên viên",
        Role::Head => "Lãnh đạo phòng",
        Role::Leader => "Lãnh đạo ký",
        Role::Clerk => "Văn thư",
        Role::Admin => "Quản trị hệ thống",
        Role::Auditor => "Kiểm soát thủ tục hành chính",
        Role::Gateway => "Hệ thống kết nối",
        Role::CentreHead => "Người đứng đầu Bộ phận Một cửa",
        Role::PostOffice => "Nhân viên bưu chính công ích",
    }
}

/// Why the clock stands.
pub fn stop_cause(cause: StopCause) -> &'static str {
    match cause {
        StopCause::Supplement => "Chờ bổ sung hồ sơ",
        StopCause::Payment => "Chờ thực hiện nghĩa vụ tài chính",
        StopCause::Opinion => "Chờ ý kiến cơ quan phối hợp",
        StopCause::Halt => "Dừng giải quyết hồ sơ",
    }
}

pub fn kept(kept: Kept) -> &'static str {
    match kept {
        Kept::Early => "Trước hạn",
        Kept::InTime => "Đúng hạn",
        Kept::Late => "Quá hạn",
    }
}

pub fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Direct => "Trực tiếp",
        Channel::Online => "Trực tuyến",
        Channel::Post => "Bưu chính công ích",
    }
}

pub fn step_task(task: StepTask) -> &'static str {
    match task {
        StepTask::Assign => "Phân công",
        StepTask::Examine => "Thẩm định",
        StepTask::Verify => "Xác minh",
        StepTask::Draft => "Dự thảo kết quả",
        StepTask::Approve => "Duyệt dự thảo",
        StepTask::Sign => "Phê duyệt, ký số",
        StepTask::Seal => "Cấp số, đóng dấu",
        StepTask::HandOver => "Trả kết quả",
    }
}

pub fn admissible_form(form: AdmissibleForm) -> &'static str {
    match form {
        AdmissibleForm::Original => "bản chính",
        AdmissibleForm::CertifiedCopy => "bản sao chứng thực",
        AdmissibleForm::ElectronicCopy => "bản điện tử",
        AdmissibleForm::Photocopy => "bản photo",
        AdmissibleForm::Shown => "xuất trình",
    }
}

/// What the counter has to do with a component, and why.
pub fn treatment(component: &Component) -> &'static str {
    match component.treatment() {
        Treatment::Digitise(DigitisationClass::EarlierResult) => "Phải số hóa: kết quả của thủ tục trước",
        Treatment::Digitise(DigitisationClass::Management) => "Phải số hóa: cần cho quản lý",
        Treatment::Digitise(DigitisationClass::OnDemand) => "Số hóa theo yêu cầu của người nộp",
        Treatment::Digitise(_) => "Phải số hóa: luật chuyên ngành yêu cầu",
        Treatment::ShowOnly => "Chỉ xuất trình, xem xong trả lại",
        Treatment::DoNotDigitise(DigitisationClass::AlreadyShared) => {
            "Không số hóa: dữ liệu đã có ở cơ sở dữ liệu dùng chung"
        }
        Treatment::DoNotDigitise(DigitisationClass::Secret) => "Không được số hóa: giấy tờ mật",
        Treatment::DoNotDigitise(_) => "Không số hóa: bản photo hoặc bản chứng thực giấy",
    }
}

pub fn required(required: Required) -> &'static str {
    match required {
        Required::Always => "bắt buộc",
        Required::IfAny => "nếu có",
    }
}

pub fn supply(supply: &Supply) -> &'static str {
    match supply {
        Supply::Missing => "Chưa có",
        Supply::Pages { .. } => "Đã có trang",
        Supply::SignedFile { .. } => "Tệp đã ký số, dùng nguyên",
        Supply::Reused { .. } => "Dùng lại từ kho",
        Supply::Shown => "Đã xuất trình",
        Supply::OnPaper => "Đã nhận bản giấy",
        Supply::NotApplicable => "Không có giấy này",
    }
}

pub fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Missing => "Bỏ đánh dấu",
        Mark::Shown => "Đã xem, trả lại",
        Mark::OnPaper => "Đã nhận bản giấy",
        Mark::NotApplicable => "Không có giấy này",
    }
}

pub fn refusal_reason(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::NotCompetent => "Không thuộc thẩm quyền giải quyết",
        RefusalReason::NotEntitled => "Không đủ điều kiện theo quy định",
        RefusalReason::Incomplete => "Hồ sơ không đủ thành phần",
        RefusalReason::Forged => "Giấy tờ có dấu hiệu giả mạo",
        RefusalReason::Other => "Lý do khác",
    }
}

pub fn hand_over_way(way: HandOverWay) -> &'static str {
    match way {
        HandOverWay::Counter => "tại quầy",
        HandOverWay::Post => "qua bưu chính",
        HandOverWay::Electronic => "bản điện tử",
    }
}

pub fn field(key: FieldKey) -> &'static str {
    match key {
        FieldKey::PaperType => "Loại giấy tờ",
        FieldKey::OwnerNumber => "Số định danh chủ giấy tờ",
        FieldKey::OwnerName => "Họ và tên",
        FieldKey::Number => "Số, ký hiệu",
        FieldKey::IssuedOn => "Ngày cấp",
        FieldKey::Issuer => "Cơ quan cấp",
        FieldKey::Abstract => "Trích yếu",
        FieldKey::ValidTo => "Hiệu lực đến",
        FieldKey::Scope => "Phạm vi hiệu lực",
    }
}

pub fn field_problem(key: FieldKey, problem: &FieldProblem) -> String {
    match problem {
        FieldProblem::Empty => format!("Nhập {}", lower_first(field(key))),
        FieldProblem::TooLong(most) => {
            format!("{} dài quá {most} chữ. Chép phần chính", field(key))
        }
        FieldProblem::BadOwnerNumber(why) => why.clone(),
        FieldProblem::OtherOwner => {
            "Số này không phải của chủ hồ sơ. Xem lại giấy: giấy của người khác không vào kho này".to_owned()
        }
        FieldProblem::BadNumber => "Số, ký hiệu có dạng 45/QĐ-UBND. Để trống nếu giấy không có số".to_owned(),
        FieldProblem::BadDate => format!("{} gõ theo mẫu 27/3/2021", field(key)),
        FieldProblem::InTheFuture => {
            format!("{} phải trước hoặc đúng hôm nay, ví dụ 27/3/2021", field(key))
        }
        FieldProblem::EndsBeforeIssue => "Ngày hết hiệu lực phải sau ngày cấp".to_owned(),
    }
}

pub fn record_state(kind: &str) -> &'static str {
    match kind {
        "reading" => "Đang đọc",
        "to_sign" => "Chờ ký số",
        "to_confirm" => "Chờ soát trường",
        "filed" => "Đã vào kho",
        "stuck" => "Chưa đọc được",
        _ => "Không rõ",
    }
}

pub fn result_state(state: &ResultState) -> &'static str {
    match state {
        ResultState::Drafted { .. } => "Dự thảo",
        ResultState::Signed { .. } => "Đã ký, chờ cấp số và đóng dấu",
        ResultState::Sealed { .. } => "Đã ban hành",
    }
}

pub fn edit(edit: Edit) -> &'static str {
    match edit {
        Edit::Rotate { .. } => "xoay một trang",
        Edit::MoveUp { .. } => "đưa một trang lên trước",
        Edit::MoveDown { .. } => "đưa một trang xuống sau",
        Edit::Remove { .. } => "bỏ một trang",
    }
}

pub fn bad_edit(bad: BadEdit) -> &'static str {
    match bad {
        BadEdit::NoSuchPage => "Trang này không còn trong danh sách",
        BadEdit::AtTheEdge => "Trang đã ở đầu hoặc cuối danh sách",
        BadEdit::NothingToUndo => "Không còn việc gì để hoàn tác",
    }
}

pub fn not_allowed(why: NotAllowed) -> &'static str {
    match why {
        NotAllowed::IsRequired => "Giấy này bắt buộc phải có, không đánh dấu “không có” được",
        NotAllowed::MustBeDigitised => "Giấy này phải số hóa. Kéo trang quét vào đây",
        NotAllowed::IsOnlyShown => "Giấy này chỉ xuất trình: xem xong trả lại, không quét",
        NotAllowed::IsKeptOnPaper => "Giấy này không được số hóa: nhận bản giấy",
    }
}

/// What keeps an intake from being received; `name` is the component's name.
pub fn incomplete(fault: &Incomplete, name: impl Fn(&str) -> String) -> String {
    match fault {
        Incomplete::Missing { component } => format!("Còn thiếu: {}", name(component)),
        Incomplete::NoPages { component } => {
            format!("{}: mọi trang đã bị bỏ. Hoàn tác hoặc thêm trang", name(component))
        }
        Incomplete::SidesDiffer { component, counted, pages } => format!(
            "{}: bạn đếm {counted} mặt giấy nhưng có {pages} trang. Quét lại mặt thiếu hoặc sửa số mặt",
            name(component)
        ),
        Incomplete::SidesNotCounted { component } => {
            format!("{}: nhập số mặt giấy đã quét", name(component))
        }
        Incomplete::StillOpening { component } => {
            format!("{}: tệp đang mở, chờ vài giây rồi tiếp nhận lại", name(component))
        }
    }
}

pub fn record_refused(refused: &RecordRefused) -> String {
    match refused {
        RecordRefused::NotNow(kind) => format!("Bản số hóa đang ở bước “{}”", record_state(kind)),
        RecordRefused::AlreadyFiled => "Bản số hóa này đã vào kho rồi".to_owned(),
    }
}

pub fn result_refused(refused: &ResultRefused) -> &'static str {
    match refused {
        ResultRefused::NotNow("drafted") => "Kết quả mới là dự thảo, chưa có chữ ký",
        ResultRefused::NotNow("signed") => {
            "Kết quả đã ký, không soạn lại được. Trả lại bước trước để làm bản mới"
        }
        ResultRefused::NotNow(_) => "Kết quả đã ban hành",
        ResultRefused::HasItsNumber => "Kết quả đã được cấp số. Một văn bản chỉ có một số",
        ResultRefused::ChangedSinceRead => "Dự thảo vừa được sửa sau khi bạn mở. Đọc lại bản mới rồi ký",
    }
}

pub fn not_reusable(why: NotReusable) -> String {
    match why {
        NotReusable::OtherOwner => "Giấy này không phải của chủ hồ sơ".to_owned(),
        NotReusable::OtherPaper => "Giấy này không thay được thành phần đang cần".to_owned(),
        NotReusable::NothingToReuse => "Thành phần này không lưu trong kho".to_owned(),
        NotReusable::MadeAnew => "Thành phần này phải lập riêng cho từng hồ sơ".to_owned(),
        NotReusable::NotStanding(at) => standing(at),
    }
}

pub fn standing(standing: Standing) -> String {
    match standing {
        Standing::Valid => "Còn hiệu lực".to_owned(),
        Standing::Expired(day) => format!("Hết hiệu lực từ sau ngày {}", date(day)),
        Standing::Superseded(_) => "Đã có giấy khác thay thế".to_owned(),
        Standing::Annulled(day) => format!("Đã bị hủy ngày {}", date(day)),
        Standing::NotYetIssued(day) => format!("Ghi ngày cấp {}, sau hôm nay", date(day)),
    }
}

pub fn decline_refused(why: DeclineRefused) -> &'static str {
    match why {
        DeclineRefused::NotOffered => "Giấy này không nằm trong các giấy được đề nghị dùng lại",
        DeclineRefused::ReasonMissing => "Ghi lý do vì sao vẫn cần bản mới khi kho đã có giấy này",
    }
}

pub fn not_yours(why: &NotYours) -> String {
    match why {
        NotYours::NeedsRole(needed) => {
            format!("Việc này cần vai “{}”. Quản trị hệ thống của cơ quan cấp quyền", role(*needed))
        }
        NotYours::OutOfScope => "Hồ sơ này không thuộc cơ quan của bạn".to_owned(),
        NotYours::HeldBy(_) => "Người khác đang thụ lý hồ sơ này. Bạn xem được, chưa sửa được".to_owned(),
    }
}

/// Why a date cannot be computed, and what to do.
pub fn calendar_error(error: &CalendarError) -> String {
    match error {
        CalendarError::NoTable { year } => format!(
            "Chưa có lịch nghỉ của năm {year} nên chưa tính được ngày hẹn trả. Quản trị nạp lịch năm {year} rồi làm lại"
        ),
        CalendarError::NoHours { on } => {
            format!("Chưa khai giờ làm việc cho ngày {}. Quản trị khai giờ rồi làm lại", date(*on))
        }
        CalendarError::TwoTables { year } => {
            format!("Có hai lịch nghỉ cho năm {year}. Quản trị bỏ bớt một lịch rồi làm lại")
        }
        CalendarError::StrayDay { on, year } => {
            format!("Lịch nghỉ năm {year} có ngày {} của năm khác. Quản trị sửa lịch rồi làm lại", date(*on))
        }
        CalendarError::TwiceInTable { on } => {
            format!("Lịch nghỉ ghi ngày {} hai lần. Quản trị sửa lịch rồi làm lại", date(*on))
        }
        CalendarError::BadHours { from } => format!(
            "Giờ làm việc áp dụng từ ngày {} bị chồng nhau hoặc sai thứ tự. Quản trị sửa giờ rồi làm lại",
            date(*from)
        ),
        CalendarError::TwoHours { on } => {
            format!("Ngày {} có hai bảng giờ làm việc. Quản trị bỏ bớt một bảng rồi làm lại", date(*on))
        }
        CalendarError::EndOfTime { on } => {
            format!("Không tính được lịch sau ngày {}. Xem lại ngày đã nhập", date(*on))
        }
    }
}

/// A deadline mark in words; late ones say by how much.
pub fn due_mark(mark: DueMark) -> String {
    match mark {
        DueMark::Overdue { days: 0 } => "Quá hạn hôm nay".to_owned(),
        DueMark::Overdue { days } => format!("Quá hạn {days} ngày"),
        DueMark::Today => "Đến hạn hôm nay".to_owned(),
        DueMark::Soon => "Sắp đến hạn".to_owned(),
        DueMark::InTime => "Trong hạn".to_owned(),
        DueMark::Stopped => "Tạm dừng".to_owned(),
    }
}

pub fn validity(validity: Validity) -> String {
    match validity {
        Validity::Indefinite => "Có giá trị không thời hạn".to_owned(),
        Validity::Months(months) => format!("Có giá trị {months:02} tháng kể từ ngày cấp"),
    }
}

/// A time limit: `03 ngày làm việc`.
pub fn limit(limit: Limit) -> String {
    match limit {
        Limit::WorkingHours(hours) => format!("{hours:02} giờ làm việc"),
        Limit::WorkingDays(days) => format!("{days:02} ngày làm việc"),
        Limit::CalendarDays(days) => format!("{days:02} ngày"),
        Limit::SameDay => "trong ngày".to_owned(),
    }
}

/// `21/11/2026`
pub fn date(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
}

/// `10:42 21/11/2026` in the legal zone.
pub fn moment(at: Timestamp) -> String {
    let at = crate::calendar::legal_time(at);
    format!("{:02}:{:02} {}", at.hour(), at.minute(), date(at.date()))
}

/// `1.234.567 đồng`
pub fn money(amount: i64) -> String {
    if amount == 0 {
        return "Không thu".to_owned();
    }
    let digits = amount.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    format!("{}{grouped} đồng", if amount < 0 { "-" } else { "" })
}

fn signedness(signed: Signedness) -> &'static str {
    match signed {
        Signedness::Unsigned => "",
        Signedness::Signed => ", tệp đã có chữ ký số nên được giữ nguyên từng byte",
    }
}

/// `ngày 6 chữ số, số thứ tự ít nhất 4 chữ số`
pub fn code_format(format: crate::code::DossierCodeFormat) -> String {
    let (day, ordinal) = format.figures();
    format!("ngày {day} chữ số, số thứ tự ít nhất {ordinal} chữ số")
}

/// `đã nhận` → `Đã nhận`: words as the beginning of a sentence.
pub fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// For the middle of a sentence; `PDF` and `UBND` stay as they are.
pub(crate) fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    if chars.clone().nth(1).is_some_and(char::is_uppercase) {
        return text.to_owned();
    }
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests;
