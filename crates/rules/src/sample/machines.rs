//! What happens with the seal of the events, with keys for programs, with other systems that are told,
//! and with the one that says who somebody is.

use crate::event::{Body, KeyOrigin, Voucher};
use crate::people::api_key::Scope;
use crate::people::second_factor::Means;
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

pub(super) fn bodies_of_keys() -> [Body; 8] {
    let text = |text: &str| text.to_owned();
    let installed = |origin, name_reason| Body::KeyInstalled {
        serial: text("5404AEA1"),
        issuer: text("Public Sector CA"),
        last_day: date(2028, 11, 22),
        origin,
        name_reason,
    };
    [
        Body::KeyProposed {
            serial: text("5404AEA1"),
            issuer: text("Public Sector CA"),
            last_day: date(2028, 11, 22),
            name_reason: None,
        },
        installed(KeyOrigin::File, Some(text("tên cũ của xã"))),
        installed(KeyOrigin::Trial, None),
        installed(KeyOrigin::Given, None),
        Body::KeyDeclined { serial: text("5404AEA1"), reason: text("nhầm tệp") },
        Body::KeyEnded {
            serial: text("5404AEA1"), on: date(2026, 12, 1), reason: text("chuyển công tác")
        },
        Body::MailConfirmed,
        Body::MailRemoved,
    ]
}

pub(super) fn bodies_of_an_identity_server() -> Vec<Body> {
    let (issuer, subject) = ("https://dinhdanh.tinh.gov.vn".to_owned(), "cb-0012".to_owned());
    let untied = |reason: &str| Body::IdentityUntied {
        issuer: issuer.clone(),
        subject: subject.clone(),
        reason: reason.to_owned(),
    };
    vec![
        Body::SignedInWith { means: Means::Identity },
        Body::IdentityTied { issuer: issuer.clone(), subject: subject.clone() },
        untied("cấp nhầm"),
        untied(""),
    ]
}
