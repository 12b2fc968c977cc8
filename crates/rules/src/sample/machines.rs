//! What happens with the seal of the events, with keys for programs, and with other systems that are told.

use crate::event::{Body, Voucher};
use crate::people::api_key::Scope;
use jiff::civil::date;

pub(super) fn bodies_of_the_audit() -> [Body; 2] {
    let text = |text: &str| text.to_owned();
    [
        Body::AuditKeyChanged {
            number: 1,
            after_checkpoint: 412,
            certificate: "c0".repeat(32),
            voucher: Voucher::Given,
            reason: text("đổi theo năm"),
        },
        Body::AuditKeyChanged {
            number: 2,
            after_checkpoint: 977,
            certificate: "c1".repeat(32),
            voucher: Voucher::Missing,
            reason: text("mất tệp mật khẩu"),
        },
    ]
}

pub(super) fn bodies_of_programs() -> [Body; 6] {
    let text = |text: &str| text.to_owned();
    [
        Body::ApiKeyMade {
            name: text("cổng tra cứu"),
            scopes: vec![Scope::Read, Scope::Receive],
            last_day: date(2027, 6, 30),
        },
        Body::ApiKeyRevoked { name: text("cổng tra cứu") },
        Body::WebhookAdded { name: text("cổng tỉnh"), host: text("cong.tinh.gov.vn") },
        Body::WebhookRemoved { name: text("cổng tỉnh") },
        Body::WebhookStopped { name: text("cổng tỉnh") },
        Body::WebhookResumed { name: text("cổng tỉnh") },
    ]
}
