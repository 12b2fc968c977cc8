//! Addresses that are told what happens in an agency: what may be told, where to, and when they are given up.

use crate::event::trail::Group;
use crate::text::nfc;
use jiff::{SignedDuration, Timestamp};

/// Letters of a name, at most.
const LONGEST_NAME: usize = 60;
const LONGEST_ADDRESS: usize = 500;
/// Addresses of one agency that are told at a time.
pub const MOST: usize = 10;
/// An address that took nothing for so long is told nothing more.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(3 * 24);

/// What may be told: what happens to dossiers, and not who looked at what or signed in.
pub const GROUPS: [Group; 5] =
    [Group::Receiving, Group::Digitising, Group::Settling, Group::Results, Group::Custody];

/// An address as somebody asks for it.
#[derive(Clone, Copy, Debug)]
pub struct TypedWebhook<'t> {
    pub name: &'t str,
    pub address: &'t str,
    pub groups: &'t [Group],
}

/// One that may be told. Where its name leads is judged when it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWebhook {
    pub name: String,
    pub address: String,
    pub groups: Vec<Group>,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookFault {
    NameMissing,
    NameLong(usize),
    /// Not `https://name/path`.
    AddressUnusable,
    GroupsMissing,
}

impl TypedWebhook<'_> {
    pub fn check(self) -> Result<NewWebhook, Vec<WebhookFault>> {
        let mut faults = Vec::new();
        let (name, address) = (nfc(self.name.trim()), self.address.trim());
        if name.is_empty() {
            faults.push(WebhookFault::NameMissing);
        } else if name.chars().count() > LONGEST_NAME {
            faults.push(WebhookFault::NameLong(LONGEST_NAME));
        }
        if host(address).is_none() {
            faults.push(WebhookFault::AddressUnusable);
        }
        let groups: Vec<Group> = GROUPS.into_iter().filter(|group| self.groups.contains(group)).collect();
        if groups.is_empty() {
            faults.push(WebhookFault::GroupsMissing);
        }
        if faults.is_empty() {
            Ok(NewWebhook { name, address: address.to_owned(), groups })
        } else {
            Err(faults)
        }
    }
}

/// The host of an address that may be told: https, or this very machine; no login before the host.
pub fn host(address: &str) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\');
    if address.len() > LONGEST_ADDRESS || !address.bytes().all(is_plain) || address.contains('#') {
        return None;
    }
    let (scheme, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?']).next()?;
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => authority.split(':').next()?,
    };
    let is_loopback = matches!(host, "localhost" | "127.0.0.1" | "::1");
    let may = scheme == "https" || (scheme == "http" && is_loopback);
    (may && !host.is_empty() && !authority.contains('@')).then_some(host)
}

/// Whether an address that has taken nothing since then is given up.
pub fn is_given_up(failing_since: Timestamp, now: Timestamp) -> bool {
    now.duration_since(failing_since) >= PATIENCE
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, NewWebhook, TypedWebhook, WebhookFault, host, is_given_up};
    use crate::event::trail::Group;

    #[test]
    fn only_https_and_this_machine_are_told() {
        for (address, found) in [
            ("https://cong.tinh.gov.vn/nhan?ma=1", Some("cong.tinh.gov.vn")),
            ("https://cong.tinh.gov.vn:8443", Some("cong.tinh.gov.vn")),
            ("https://[2001:db8::1]:8443/", Some("2001:db8::1")),
            ("http://127.0.0.1:9000/nhan", Some("127.0.0.1")),
            ("http://localhost/nhan", Some("localhost")),
            ("http://cong.tinh.gov.vn/nhan", None),
            ("https://ai:mat-khau@cong.tinh.gov.vn/", None),
            ("https:///nhan", None),
            ("https://cong.tinh.gov.vn/#x", None),
            ("https://cổng.vn/", None),
            ("ftp://cong.tinh.gov.vn/", None),
            ("cong.tinh.gov.vn", None),
        ] {
            assert_eq!(host(address), found, "{address}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_all_at_once() {
        let typed = TypedWebhook {
            name: " Cổng tỉnh ",
            address: "https://cong.vn/",
            groups: &[Group::Results, Group::Looking],
        };
        let (name, address) = ("Cổng tỉnh".to_owned(), "https://cong.vn/".to_owned());
        assert_eq!(typed.check(), Ok(NewWebhook { name, address, groups: vec![Group::Results] }));
        let nothing = TypedWebhook { name: "", address: "", groups: &[Group::SigningIn] };
        let all = [WebhookFault::NameMissing, WebhookFault::AddressUnusable, WebhookFault::GroupsMissing];
        assert_eq!(nothing.check(), Err(all.into()));
        let long = "c".repeat(61);
        assert_eq!(TypedWebhook { name: &long, ..typed }.check(), Err(vec![WebhookFault::NameLong(60)]));
        assert!(!GROUPS.contains(&Group::Looking));
    }

    #[test]
    fn an_address_is_given_up_after_three_days() {
        let since = "2026-11-20T01:00:00Z".parse().expect("an instant");
        for (now, is_over) in [("2026-11-23T00:59:59Z", false), ("2026-11-23T01:00:00Z", true)] {
            assert_eq!(is_given_up(since, now.parse().expect("an instant")), is_over, "{now}");
        }
    }
}
