//! What a key for programs is for, and what is wrong with one.

use super::date;
use crate::people::api_key::{KeyFault, Scope};

pub fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "Đọc hồ sơ",
        Scope::Receive => "Tiếp nhận và trả kết quả",
        Scope::Work => "Giải quyết hồ sơ",
        Scope::Custody => "Bìa hồ sơ giấy",
        Scope::Books => "Xem sổ",
        Scope::People => "Xem cán bộ",
    }
}

/// What a program does with it.
pub fn scope_hint(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "Xem hồ sơ, giấy tờ, quá trình, báo động, việc đang chờ",
        Scope::Receive => "Lập hồ sơ, gửi tệp, tiếp nhận, từ chối, thu phí, trả kết quả",
        Scope::Work => {
            "Nhận việc, chuyển bước, yêu cầu bổ sung, lấy ý kiến, dự thảo; không ký, không đóng dấu"
        }
        Scope::Custody => "Bàn giao, nhận, từ chối bìa hồ sơ giấy",
        Scope::Books => "Sổ theo dõi hồ sơ, sổ văn bản",
        Scope::People => "Danh sách cán bộ của cơ quan",
    }
}

/// The field a fault belongs to, and the sentence.
pub fn fault(fault: &KeyFault) -> (&'static str, String) {
    match fault {
        KeyFault::NameMissing => ("ten", "Ghi tên khóa, ví dụ tên phần mềm sẽ dùng".to_owned()),
        KeyFault::NameLong(most) => ("ten", format!("Tên khóa dài quá {most} chữ. Rút ngắn")),
        KeyFault::ScopesMissing => ("quyen", "Chọn ít nhất một việc khóa này được làm".to_owned()),
        KeyFault::DayMissing => ("het-han", "Ghi ngày hết hạn, ví dụ 31/12/2026".to_owned()),
        KeyFault::DayPast => ("het-han", "Ngày hết hạn phải từ hôm nay trở đi".to_owned()),
        KeyFault::DayTooLate(latest) => {
            ("het-han", format!("Khóa dùng được tối đa một năm: chọn ngày đến hết {}", date(*latest)))
        }
        KeyFault::RangeUnreadable(text) => {
            ("dia-chi", format!("“{text}” không phải địa chỉ mạng. Ghi như 203.0.113.7 hoặc 203.0.113.0/24"))
        }
        KeyFault::TooManyRanges(most) => ("dia-chi", format!("Ghi tối đa {most} địa chỉ hoặc dải địa chỉ")),
    }
}
