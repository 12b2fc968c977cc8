//! The queue and its appointments in words.

use crate::counter::appointment::{Appointment, AppointmentState, Slot};
use crate::counter::queue::setup::{Figure, QueueRules};
use crate::counter::queue::{PriorityReason, QueueRefused, TicketState};
use jiff::Timestamp;

/// `07:30` in the legal zone.
pub fn clock(at: Timestamp) -> String {
    let at = crate::calendar::legal_time(at);
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `07:30–08:00`
pub fn slot(slot: Slot) -> String {
    format!("{}–{}", clock(slot.from), clock(slot.until))
}

pub fn priority_reason(reason: PriorityReason, rules: &QueueRules) -> String {
    match reason {
        PriorityReason::Elderly => format!("Người từ {} tuổi", rules.elderly_from_age),
        PriorityReason::Pregnant => "Phụ nữ mang thai".to_owned(),
        PriorityReason::SmallChild => "Có con nhỏ đi cùng".to_owned(),
        PriorityReason::Disabled => "Người khuyết tật".to_owned(),
        PriorityReason::Merit => "Người có công với cách mạng".to_owned(),
    }
}

pub fn ticket_state(state: &TicketState) -> &'static str {
    match state {
        TicketState::Waiting => "Đang chờ",
        TicketState::Called(_) => "Đang gọi",
        TicketState::Served(_) => "Đã xong",
        TicketState::Missed(_) => "Không có mặt",
    }
}

pub fn appointment_state(appointment: &Appointment, rules: &QueueRules, now: Timestamp) -> &'static str {
    match appointment.state {
        AppointmentState::Arrived(_) => "Đã đến",
        AppointmentState::Cancelled => "Đã hủy",
        AppointmentState::Booked if appointment.has_lapsed(rules, now) => "Không đến",
        AppointmentState::Booked => "Đã hẹn",
    }
}

/// What somebody is told of his waiting; nothing is said where too little is known.
pub fn estimate(minutes: Option<i64>) -> String {
    minutes.map(|minutes| format!("Chờ khoảng {minutes} phút, theo nhịp gọi một giờ qua")).unwrap_or_default()
}

pub fn queue_figure(figure: Figure) -> &'static str {
    match figure {
        Figure::ElderlyFromAge => "Người cao tuổi được ưu tiên từ (tuổi)",
        Figure::PriorityRun => "Gọi liền nhiều nhất mấy số ưu tiên rồi đến một số thường",
        Figure::MostAbsences => "Vắng mặt thì gọi lại nhiều nhất mấy lần",
        Figure::SlotMinutes => "Mỗi khung giờ hẹn dài (phút)",
        Figure::SlotCapacity => "Mỗi khung giờ nhận mấy người hẹn",
        Figure::DaysAhead => "Cho hẹn trước nhiều nhất (ngày)",
        Figure::GraceMinutes => "Chờ người hẹn thêm sau giờ hẹn (phút)",
    }
}

pub fn figure_fault(figure: Figure) -> String {
    let (least, most) = figure.range();
    format!("{}: ghi một số từ {least} đến {most}", queue_figure(figure))
}

pub fn queue_refused(refused: QueueRefused) -> &'static str {
    match refused {
        QueueRefused::NobodyWaits => "Chưa có ai chờ",
        QueueRefused::NotAtYourCounter => "Số này không ở quầy của bạn. Tải lại trang để xem số đang gọi",
        QueueRefused::NoCounterNamed => "Ghi bạn ngồi quầy số mấy rồi gọi, để người chờ biết đến đâu",
        QueueRefused::ReasonNotTaken => "Nơi này không ưu tiên theo lý do đó. Chọn lý do khác hoặc số thường",
        QueueRefused::NoSuchSlot => "Không có khung giờ này, hoặc ngày hẹn quá xa. Chọn khung giờ khác",
        QueueRefused::SlotFull => "Khung giờ này đã đủ người. Chọn khung giờ khác",
        QueueRefused::SlotOver => "Khung giờ này đã qua. Chọn khung giờ khác",
        QueueRefused::Lapsed => "Đã quá giờ hẹn. Lấy số thường cho người này, hoặc hẹn lại",
        QueueRefused::AppointmentSettled => "Người này đã đến, hoặc lịch hẹn đã hủy",
        QueueRefused::NotToday => "Lịch hẹn này chưa đến ngày",
        QueueRefused::FavouritesFull => {
            "Đã đủ 9 thủ tục hay dùng, mỗi thủ tục một phím. Bỏ bớt một thủ tục rồi thêm"
        }
    }
}
