//! Mail to officers: which addresses are taken, the code that proves one, and what a morning's digest tells.

use crate::measure::DueMark;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Letters of an address, at most.
const LONGEST: usize = 254;
/// How long a code can be typed.
pub const CODE_HOLDS: SignedDuration = SignedDuration::from_mins(30);
/// Between two codes to one officer.
pub const CODE_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// Wrong codes before a new one must be asked for.
pub const MOST_TRIES: u32 = 5;
/// Dossiers named in a digest; what is beyond is a number.
pub const MOST_NAMED: usize = 20;
/// A digest that could not be sent for so long after its hour waits for the next day.
pub const MORNING: SignedDuration = SignedDuration::from_hours(5);

/// What is wrong with an address, or with the code typed for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailFault {
    AddressMissing,
    AddressUnusable,
    /// No mail server is configured.
    NoServer,
    /// A code was sent a moment ago.
    TooSoon,
    CodeWrong,
    CodeOld,
    TooManyTries,
    /// There is no address that waits for a code.
    NothingToConfirm,
    /// Nothing is sent to an address before its code was typed.
    NotConfirmed,
}

/// An address as it is kept: one name, one host with a dot, plain letters; nothing that a header or a list of
/// addresses could be made of.
pub fn check_address(typed: &str) -> Result<String, MailFault> {
    let address = typed.trim();
    if address.is_empty() {
        return Err(MailFault::AddressMissing);
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let dots_apart = |part: &str| part.split('.').all(|piece| !piece.is_empty());
    let parts = address.split_once('@').filter(|(name, host)| {
        name.len() <= 64
            && name.chars().all(is_plain)
            && dots_apart(name)
            && host.contains('.')
            && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
            && host.split('.').all(|label| {
                (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
            })
    });
    match parts {
        Some((name, host)) if address.len() <= LONGEST => Ok(format!("{name}@{}", host.to_ascii_lowercase())),
        _ => Err(MailFault::AddressUnusable),
    }
}

/// Whether a code that was sent then may still be typed, after so many wrong ones.
pub fn check_code(sent_at: Option<Timestamp>, n_tries: u32, now: Timestamp) -> Result<(), MailFault> {
    let sent_at = sent_at.ok_or(MailFault::NothingToConfirm)?;
    if n_tries >= MOST_TRIES {
        return Err(MailFault::TooManyTries);
    }
    if now.duration_since(sent_at) > CODE_HOLDS { Err(MailFault::CodeOld) } else { Ok(()) }
}

/// How many of the dossiers that wait for an officer stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub n_overdue: usize,
    pub n_today: usize,
    pub n_soon: usize,
    /// All that wait for him, these among them.
    pub n_mine: usize,
}

impl Counts {
    pub fn of(marks: impl IntoIterator<Item = Option<DueMark>>) -> Self {
        let mut counts = Self::default();
        for mark in marks {
            counts.n_mine += 1;
            match mark {
                Some(DueMark::Overdue { .. }) => counts.n_overdue += 1,
                Some(DueMark::Today) => counts.n_today += 1,
                Some(DueMark::Soon) => counts.n_soon += 1,
                Some(DueMark::InTime | DueMark::Stopped) | None => {}
            }
        }
        counts
    }

    /// A digest of nothing is not sent.
    pub fn is_nothing(&self) -> bool {
        self.n_mine == 0
    }
}

#[cfg(test)]
mod tests {
    use super::{CODE_HOLDS, Counts, MOST_TRIES, MailFault, check_address, check_code};
    use crate::measure::DueMark;
    use jiff::Timestamp;

    #[test]
    fn an_address_is_one_address_and_nothing_else() {
        assert_eq!(check_address(" hoa@YenBinh.gov.vn "), Ok("hoa@yenbinh.gov.vn".to_owned()));
        check_address("a.b+c@x.vn").expect("an address");
        assert_eq!(check_address("  "), Err(MailFault::AddressMissing));
        let long = format!("{}@x.vn", "a".repeat(65));
        for typed in [
            "hoa",
            "hoa@",
            "@x.vn",
            "hoa@xvn",
            "hoa@x.vn,binh@x.vn",
            "hoa@x.vn\r\nBcc: binh@x.vn",
            "\"hoa\"@x.vn",
            "Hoa <hoa@x.vn>",
            "hoa@x@y.vn",
            "hoa..a@x.vn",
            "hoa@-x.vn",
            "hoa@x..vn",
            "hòa@x.vn",
            "hoa @x.vn",
            &long,
        ] {
            assert_eq!(check_address(typed), Err(MailFault::AddressUnusable), "{typed}");
        }
    }

    #[test]
    fn a_code_is_typed_in_time_and_not_guessed() {
        let sent = Timestamp::UNIX_EPOCH;
        assert_eq!(check_code(None, 0, sent), Err(MailFault::NothingToConfirm));
        assert_eq!(check_code(Some(sent), MOST_TRIES - 1, sent + CODE_HOLDS), Ok(()));
        assert_eq!(check_code(Some(sent), MOST_TRIES, sent), Err(MailFault::TooManyTries));
        let late = sent + CODE_HOLDS + jiff::SignedDuration::from_secs(1);
        assert_eq!(check_code(Some(sent), 0, late), Err(MailFault::CodeOld));
    }

    #[test]
    fn what_waits_is_counted_by_its_marks() {
        let marks = [
            Some(DueMark::Overdue { days: 2 }),
            Some(DueMark::Today),
            Some(DueMark::Soon),
            Some(DueMark::Soon),
            Some(DueMark::Stopped),
            None,
        ];
        let counts = Counts::of(marks);
        assert_eq!(counts, Counts { n_overdue: 1, n_today: 1, n_soon: 2, n_mine: 6 });
        assert!(!counts.is_nothing() && Counts::of([]).is_nothing());
    }
}
