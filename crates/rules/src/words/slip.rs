//! Provisional slips in words.

use crate::counter::provisional::Doubt;

/// What is odd about the time of a slip, and what is done about it.
pub fn slip_doubt(doubt: Doubt) -> String {
    match doubt {
        Doubt::ClockOff { minutes } => {
            let way = if minutes > 0 { "nhanh" } else { "chậm" };
            format!(
                "Đồng hồ máy quầy {way} {} phút; giờ trên phiếu đã được chỉnh theo máy chủ",
                minutes.abs()
            )
        }
        Doubt::WrittenAfterSent => {
            "Giờ trên phiếu sau giờ gửi phiếu, không tin được; thời hạn tính từ lúc phiếu về máy chủ"
                .to_owned()
        }
        Doubt::TooOld { hours } => {
            format!("Phiếu ghi giờ cách đây {hours} giờ, quá lâu; thời hạn tính từ lúc phiếu về máy chủ")
        }
    }
}
