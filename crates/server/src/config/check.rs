//! What a configuration may not say, each told by the name of its setting.

use super::{Config, MailTls, SignIn};
use anyhow::{Result, bail, ensure};
use office::counter::slip::SLIPS;

impl Config {
    pub(super) fn check(&self) -> Result<()> {
        let url = &self.store.url;
        ensure!(
            url.is_empty() || url.starts_with("postgres://") || url.starts_with("postgresql://"),
            "store.url phải để trống (SQLite) hoặc bắt đầu bằng postgres://"
        );
        if let Some(form) = self.legal.signed_forms.iter().find(|form| !SLIPS.contains(&form.as_str())) {
            bail!(
                "legal.signed_forms có \"{form}\", không phải mẫu ký số được. Chọn trong: {}",
                SLIPS.join(", ")
            );
        }
        ensure!((1..=90).contains(&self.people.days_to_confirm), "people.days_to_confirm phải từ 1 đến 90");
        self.second_factor()?;
        self.sign_in.check()?;
        self.notice_networks()?;
        self.digest_at()?;
        ensure!(
            self.mail.server.is_empty() || rules::mail::check_address(&self.mail.sender).is_ok(),
            "mail.sender phải là địa chỉ thư, ví dụ motcua@coquan.gov.vn"
        );
        ensure!(
            self.mail.user.is_empty() == self.mail.password_file.as_os_str().is_empty(),
            "mail.user và mail.password_file phải cùng có hoặc cùng để trống"
        );
        ensure!(
            self.mail.user.is_empty() || self.mail.tls != MailTls::None || self.mail.server == "localhost",
            "mail.tls = \"none\" gửi mật khẩu không mã hóa. Dùng \"starttls\" hoặc \"tls\", hoặc bỏ mail.user"
        );
        ensure!(
            (1..=400).contains(&self.custody.hours_to_confirm),
            "custody.hours_to_confirm phải từ 1 đến 400"
        );
        ensure!((1..=400).contains(&self.custody.days_unseen), "custody.days_unseen phải từ 1 đến 400");
        ensure!((1..=120).contains(&self.writing.minutes_held), "writing.minutes_held phải từ 1 đến 120");
        ensure!((1..=24).contains(&self.emergency.hours), "emergency.hours phải từ 1 đến 24");
        ensure!(self.emergency.most_a_day <= 100, "emergency.most_a_day phải từ 0 đến 100");
        ensure!(
            (1..=30).contains(&self.emergency.days_to_review),
            "emergency.days_to_review phải từ 1 đến 30"
        );
        ensure!(
            self.scan.workers <= 256 && self.jobs.at_a_time <= 256,
            "scan.workers và jobs.at_a_time không quá 256"
        );
        ensure!(
            self.scan.memory_mb >= 256,
            "scan.memory_mb phải từ 256: ít hơn thì không nạp được mô hình tiếng Việt"
        );
        ensure!((1..=3_600).contains(&self.scan.page_seconds), "scan.page_seconds phải từ 1 đến 3600");
        ensure!((1..=50).contains(&self.scan.file_mb), "scan.file_mb phải từ 1 đến 50");
        ensure!((1..=2_000).contains(&self.scan.pages), "scan.pages phải từ 1 đến 2000");
        ensure!(
            (1..=1_000).contains(&self.scan.page_megapixels) && (1..=4_096).contains(&self.scan.decoded_mb),
            "scan.page_megapixels phải từ 1 đến 1000, scan.decoded_mb từ 1 đến 4096"
        );
        ensure!(
            (1..=60).contains(&self.audit.seal_every_minutes),
            "audit.seal_every_minutes phải từ 1 đến 60"
        );
        let authority = &self.audit.timestamp_url;
        ensure!(
            authority.is_empty() || authority.starts_with("http://") || authority.starts_with("https://"),
            "audit.timestamp_url phải để trống hoặc bắt đầu bằng http:// hay https://"
        );
        if !self.server.listen.ip().is_loopback() && !self.server.behind_proxy {
            bail!(
                "server.listen = \"{}\" mở cổng ra mạng mà không có TLS: mật khẩu và giấy tờ sẽ đi trần. \
                 Đặt proxy TLS đứng trước rồi ghi server.behind_proxy = true, hoặc dùng 127.0.0.1",
                self.server.listen
            );
        }
        ensure!(
            self.log.level.parse::<tracing_subscriber::EnvFilter>().is_ok(),
            "log.level = \"{}\" không phải mức nhật ký",
            self.log.level
        );
        Ok(())
    }
}

/// Claims that are given to another person later, or that two persons have.
const NOBODYS_OWN: [&str; 9] = [
    "email",
    "name",
    "preferred_username",
    "nickname",
    "given_name",
    "family_name",
    "phone_number",
    "upn",
    "unique_name",
];

impl SignIn {
    pub(super) fn check(&self) -> Result<()> {
        if self.issuer.is_empty() {
            ensure!(
                self.passwords,
                "sign_in.passwords = false cần có sign_in.issuer: nếu không, không ai vào được"
            );
            return Ok(());
        }
        for (value, name) in [(&self.client_id, "client_id"), (&self.name, "name"), (&self.claim, "claim")] {
            ensure!(!value.trim().is_empty(), "sign_in.{name} không được trống khi có sign_in.issuer");
        }
        ensure!(
            !self.secret_file.as_os_str().is_empty(),
            "sign_in.secret_file không được trống khi có sign_in.issuer"
        );
        ensure!(
            !NOBODYS_OWN.contains(&self.claim.as_str()),
            "sign_in.claim = \"{}\" có thể về tay người khác; dùng \"sub\" hoặc mục chứa mã cán bộ",
            self.claim
        );
        ensure!(self.issuer.len() <= 300, "sign_in.issuer dài quá 300 ký tự");
        Ok(())
    }
}
