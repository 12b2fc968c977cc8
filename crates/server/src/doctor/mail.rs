//! The mail server, if one is named: whether it answers and believes who we are.

use super::Finding;
use crate::config::{Config, MailTls};
use crate::installation;

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let mailer = match installation::mailer(config) {
        Ok(Some(mailer)) => mailer,
        Ok(None) => return Vec::new(),
        Err(error) => {
            let what = format!("Chưa gửi được thư: {error:#}.");
            return vec![Finding::broken(what, "Sửa mục [mail] của cấu hình (docs/operating/mail.md).")];
        }
    };
    let mut findings = Vec::new();
    findings.push(match mailer.check().await {
        Ok(()) => Finding::well(format!("Máy chủ thư {} trả lời và cho đăng nhập.", mailer.host())),
        Err(error) => {
            let why = rules::words::link::failure(error.failure());
            let what = format!("Máy chủ thư {} chưa dùng được.", mailer.host());
            Finding::broken(what, format!("{why}."))
        }
    });
    if config.mail.tls == MailTls::None {
        findings.push(Finding::note(
            "Thư gửi tới máy chủ thư không mã hóa.",
            "Chỉ dùng mail.tls = \"none\" khi máy chủ thư ở ngay máy này hay trong mạng nội bộ.",
        ));
    }
    findings
}
