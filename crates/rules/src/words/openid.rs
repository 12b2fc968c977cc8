//! What is said about an identity server.

use super::moment;
use crate::people::openid::{AnswerFault, OpenIdRefused};

/// Why nobody got in by the identity server of this name, and what to do.
pub fn refused(server: &str, why: OpenIdRefused) -> String {
    match why {
        OpenIdRefused::Off => "Hệ thống này không dùng máy chủ định danh. Đăng nhập bằng mật khẩu".to_owned(),
        OpenIdRefused::Down { since } => {
            format!("Không kết nối được {server} từ {}. Thử lại sau ít phút", moment(since))
        }
        OpenIdRefused::Answer(AnswerFault::Denied) => {
            format!("{server} không cho đăng nhập, hoặc bạn đã chọn không đồng ý. Bấm lại nếu muốn thử tiếp")
        }
        OpenIdRefused::Answer(AnswerFault::CodeRefused) => {
            format!("Lượt đăng nhập ở {server} đã được dùng hoặc đã quá hạn. Bấm lại để đăng nhập từ đầu")
        }
        OpenIdRefused::Answer(fault) => format!(
            "Câu trả lời của {server} không tin được: {}. Chưa ai được đăng nhập. Thử lại, vẫn vậy thì báo quản trị hệ thống",
            fault_words(fault)
        ),
        OpenIdRefused::Stranger => format!(
            "Danh tính của bạn ở {server} chưa gắn với tài khoản cán bộ nào. Đăng nhập bằng mật khẩu rồi gắn ở trang \
             Tài khoản của tôi, hoặc nhờ quản trị hệ thống gắn"
        ),
        OpenIdRefused::NotAsked => format!(
            "Lượt đăng nhập ở {server} đã quá 5 phút, đã dùng rồi, hoặc không bắt đầu từ trình duyệt này. Bấm lại để đăng nhập từ đầu"
        ),
        OpenIdRefused::PasswordsOff => {
            format!("Cơ quan chỉ cho quản trị hệ thống đăng nhập bằng mật khẩu. Hãy đăng nhập bằng {server}")
        }
    }
}

fn fault_words(fault: AnswerFault) -> &'static str {
    match fault {
        AnswerFault::Denied => "bị từ chối",
        AnswerFault::CodeRefused => "mã đăng nhập không dùng được",
        AnswerFault::Malformed => "không đúng khuôn dạng",
        AnswerFault::Algorithm => "không được ký theo cách hệ thống nhận",
        AnswerFault::Key => "được ký bằng khóa mà máy chủ đó không công bố",
        AnswerFault::Signature => "chữ ký sai",
        AnswerFault::Issuer => "do một máy chủ khác cấp",
        AnswerFault::Audience => "cấp cho một hệ thống khác",
        AnswerFault::Nonce => "thuộc về một lượt đăng nhập khác",
        AnswerFault::Time => "đã hết hạn hoặc chưa tới giờ dùng",
        AnswerFault::Nobody => "không nói rõ người đăng nhập là ai",
    }
}

#[cfg(test)]
mod tests {
    use super::refused;
    use crate::people::openid::{AnswerFault, OpenIdRefused};
    use std::collections::BTreeSet;

    #[test]
    fn every_reason_has_words_of_its_own() {
        use AnswerFault::{
            Algorithm, Audience, CodeRefused, Denied, Issuer, Key, Malformed, Nobody, Nonce, Signature, Time,
        };
        let since = "2026-11-23T01:00:00Z".parse().expect("an instant");
        let faults = [
            Denied,
            CodeRefused,
            Malformed,
            Algorithm,
            Key,
            Signature,
            Issuer,
            Audience,
            Nonce,
            Time,
            Nobody,
        ];
        let all: Vec<OpenIdRefused> = faults
            .map(OpenIdRefused::Answer)
            .into_iter()
            .chain([
                OpenIdRefused::Off,
                OpenIdRefused::Down { since },
                OpenIdRefused::Stranger,
                OpenIdRefused::NotAsked,
                OpenIdRefused::PasswordsOff,
            ])
            .collect();
        let said: BTreeSet<String> = all.iter().map(|why| refused("Cổng tỉnh", *why)).collect();
        assert_eq!(said.len(), all.len());
        let down = refused("Cổng tỉnh", OpenIdRefused::Down { since });
        assert!(down.contains("Cổng tỉnh từ 08:00 23/11/2026"), "{down}");
    }
}
