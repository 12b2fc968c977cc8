//! The books of numbers in words.

use crate::signing::book::{BookRefused, NumberStanding};

/// What became of a number.
pub fn number_standing(standing: &NumberStanding) -> String {
    match standing {
        NumberStanding::Given => "Đã cấp số, chờ đóng dấu".to_owned(),
        NumberStanding::Issued => "Đã ban hành".to_owned(),
        NumberStanding::Cancelled { reason } if reason.is_empty() => "Hủy số, không cấp lại".to_owned(),
        NumberStanding::Cancelled { reason } => format!("Hủy số, không cấp lại: {reason}"),
    }
}

/// Why a book does not go on behind a number.
pub fn book_refused(why: BookRefused) -> String {
    match why {
        BookRefused::NotAhead { last } => {
            format!("Sổ đã cấp đến số {last}. Số cuối phải lớn hơn {last}, vì một số không được cấp hai lần")
        }
        BookRefused::TooFarAhead { most } => {
            format!("Số lớn nhất nhập được lúc này là {most}. Xem lại, có thể bạn gõ thừa chữ số")
        }
    }
}
