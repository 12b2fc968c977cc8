//! What is wrong with an address that is to be told what happens.

use crate::webhook::WebhookFault;

/// The field a fault belongs to, and the sentence.
pub fn fault(fault: WebhookFault) -> (&'static str, String) {
    match fault {
        WebhookFault::NameMissing => {
            ("ten", "Ghi tên nơi nhận, ví dụ “Cổng dịch vụ công của tỉnh”".to_owned())
        }
        WebhookFault::NameLong(most) => ("ten", format!("Tên dài quá {most} chữ. Rút ngắn")),
        WebhookFault::AddressUnusable => {
            ("dia-chi", "Ghi địa chỉ bắt đầu bằng https://, không kèm tên đăng nhập hay mật khẩu".to_owned())
        }
        WebhookFault::GroupsMissing => ("loai", "Chọn ít nhất một loại việc cần báo".to_owned()),
    }
}
