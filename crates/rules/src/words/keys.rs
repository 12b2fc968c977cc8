//! Keys and certificates in words.

use super::date;
use crate::event::{Body, KeyOrigin};
use crate::signing::keys::{KeyFault, KeyState, MOST_BYTES};

/// How a key stands, in a few words.
pub fn state(state: KeyState) -> String {
    match state {
        KeyState::Ended(day) => format!("Ngừng dùng từ {}", date(day)),
        KeyState::Expired(day) => format!("Hết hạn {}", date(day)),
        KeyState::Missing => "Chưa có".to_owned(),
        KeyState::Unread => "Không mở được".to_owned(),
        KeyState::NotYet(day) => format!("Có hiệu lực từ {}", date(day)),
        KeyState::Ending(day) => format!("Sắp hết hạn {}", date(day)),
        KeyState::Valid(day) => format!("Còn hạn đến {}", date(day)),
    }
}

/// What happened to a key; none for everything else.
pub(super) fn what(body: &Body) -> Option<String> {
    let named = |reason: &Option<String>| {
        reason.as_ref().map(|reason| format!(", tên trên chứng thư khác vì: {reason}")).unwrap_or_default()
    };
    Some(match body {
        Body::KeyProposed { serial, issuer, last_day, name_reason } => format!(
            "đề nghị gắn khóa ký số {serial} do {issuer} cấp, hạn đến {}, chờ người thứ hai xác nhận{}",
            date(*last_day),
            named(name_reason)
        ),
        Body::KeyInstalled { serial, issuer, last_day, origin, name_reason } => {
            let until = date(*last_day);
            let named = named(name_reason);
            match origin {
                KeyOrigin::File => format!("gắn khóa ký số {serial} do {issuer} cấp, hạn đến {until}{named}"),
                KeyOrigin::Trial => format!("tạo khóa ký số {serial} tự ký để dùng thử, hạn đến {until}"),
                KeyOrigin::Given => format!("lập khóa ký số {serial}, hạn đến {until}"),
            }
        }
        Body::KeyDeclined { serial, reason } => {
            format!("không gắn khóa ký số {serial} đã đề nghị, lý do: {reason}")
        }
        Body::KeyEnded { serial, on, reason } => {
            format!("ngừng dùng khóa ký số {serial} từ {}, lý do: {reason}", date(*on))
        }
        _ => return None,
    })
}

/// Why a key is not put in, or not ended, and what to do.
pub fn fault(fault: &KeyFault) -> String {
    match fault {
        KeyFault::FileMissing => "Chọn tệp khóa (.p12 hoặc .pfx)".to_owned(),
        KeyFault::FileLarge => {
            format!("Tệp lớn hơn {} KB nên không phải tệp khóa. Chọn tệp .p12 hoặc .pfx", MOST_BYTES / 1024)
        }
        KeyFault::NotAKeyFile => {
            "Tệp này không phải tệp khóa PKCS#12, hoặc đã hỏng. Chọn tệp .p12 hoặc .pfx do tổ chức chứng thực cấp"
                .to_owned()
        }
        KeyFault::PasswordWrong => {
            "Mật khẩu không mở được tệp. Gõ lại; nếu chắc là đúng thì tệp được khóa theo kiểu cũ, xuất lại tệp với mã hóa AES-256"
                .to_owned()
        }
        KeyFault::NoKeyInside => {
            "Trong tệp chỉ có chứng thư, không có khóa để ký. Xuất lại tệp kèm khóa bí mật".to_owned()
        }
        KeyFault::NoCertificateInside => {
            "Trong tệp không có chứng thư của khóa. Xuất lại tệp kèm đúng chứng thư đó".to_owned()
        }
        KeyFault::Weak => {
            "Khóa không thuộc loại được nhận: chỉ RSA từ 2048 bit và P-256. Xin cấp khóa mới".to_owned()
        }
        KeyFault::TooHard => {
            "Mở tệp này quá lâu nên đã dừng, có thể tệp cố ý làm nặng máy. Xuất lại tệp từ nơi cấp khóa"
                .to_owned()
        }
        KeyFault::Expired(day) => {
            format!("Chứng thư trong tệp đã hết hạn ngày {}. Gia hạn rồi gắn tệp mới", date(*day))
        }
        KeyFault::NotYet(day) => {
            format!("Chứng thư trong tệp có hiệu lực từ {}. Gắn vào ngày đó hoặc sau đó", date(*day))
        }
        KeyFault::OtherName(certificate, holder) => format!(
            "Chứng thư cấp cho “{certificate}”, còn ở đây là “{holder}”. Đúng là một thì ghi vì sao tên khác; không thì chọn tệp khác"
        ),
        KeyFault::Same => "Khóa này đang được dùng, không cần gắn lại".to_owned(),
        KeyFault::ReasonMissing => "Ghi lý do, hoặc số và ngày của văn bản".to_owned(),
        KeyFault::ReasonLong(most) => format!("Lý do dài quá {most} chữ. Rút ngắn lại"),
        KeyFault::Past(day) => format!("Ngày {} đã qua. Chọn từ hôm nay trở đi", date(*day)),
        KeyFault::NothingToEnd => "Không có khóa nào đang dùng để ngừng".to_owned(),
        KeyFault::NotForTrial => {
            "Chứng thư tự ký chỉ tạo được ở bản dùng thử. Ở đây gắn khóa do tổ chức chứng thực cấp".to_owned()
        }
        KeyFault::SamePerson => {
            "Bạn là người đề nghị khóa này. Một quản trị khác phải xác nhận".to_owned()
        }
        KeyFault::OwnKey => "Đây là khóa của chính bạn. Một quản trị khác phải xác nhận".to_owned(),
        KeyFault::Lapsed(day) => {
            format!("Đề nghị này chỉ xác nhận được đến hết {}. Gắn lại tệp khóa", date(*day))
        }
    }
}
