//! Links to other systems in words.

use crate::link::{Cause, Failure, LinkState};

/// How a link stands, in a few words.
pub fn state(state: LinkState) -> &'static str {
    match state {
        LinkState::Off => "Chưa đặt",
        LinkState::Untried => "Chưa gửi lần nào",
        LinkState::Works => "Đang chạy",
        LinkState::Fails(_) => "Đang hỏng",
    }
}

/// Why an attempt failed, and what to do.
pub fn failure(failure: Failure) -> String {
    let said = match failure.cause {
        Cause::Unreachable => "Không tới được nơi nhận. Kiểm tra địa chỉ, mạng và tường lửa",
        Cause::TooSlow => "Nơi nhận không trả lời kịp. Chờ rồi thử lại; kéo dài thì hỏi nơi nhận",
        Cause::Tls => "Không lập được kết nối an toàn. Kiểm tra chứng thư của nơi nhận và cách mã hóa đã đặt",
        Cause::SignIn => "Nơi nhận không chấp nhận tên đăng nhập hoặc mật khẩu. Kiểm tra lại tệp mật khẩu",
        Cause::Refused => "Nơi nhận từ chối. Hỏi người giữ hệ thống đó",
        Cause::Malformed => "Nơi nhận trả lời sai kiểu. Có thể địa chỉ là của chương trình khác",
        Cause::Untrusted => {
            "Câu trả lời không do nơi được tin cậy ký. Kiểm tra địa chỉ và chứng thư gốc đã đặt"
        }
        Cause::Forbidden => {
            "Địa chỉ nằm trong mạng không được phép gửi tới. Sửa địa chỉ, hoặc mở mạng đó trong cấu hình"
        }
        Cause::Broken => "Kho của máy chủ không ghi hoặc không đọc được. Kiểm tra đĩa, quyền và kết nối",
    };
    match failure.status {
        Some(status) => format!("{said} (mã {status})"),
        None => said.to_owned(),
    }
}
