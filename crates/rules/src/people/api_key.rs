//! Keys for programs: what a key opens, from where, until when. A key never opens more than its owner may
//! do himself, and nothing that asks for a person: signing, rights, keys are not among the scopes.

use crate::text::nfc;
use core::net::IpAddr;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Letters of a key's name, at most.
const LONGEST_NAME: usize = 60;
/// Days from today to the last day of a key, at most.
pub const MOST_DAYS: i32 = 366;
/// Ranges of addresses of one key, at most.
const MOST_RANGES: usize = 20;

/// A kind of work a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Dossiers, their papers and alarms are read.
    Read,
    /// Dossiers are opened, filled, received, given back.
    Receive,
    /// Dossiers are worked on, but not signed.
    Work,
    /// Folders of paper are passed on.
    Custody,
    /// Books are read.
    Books,
    /// Who works where is read.
    People,
}

impl Scope {
    pub const ALL: [Self; 6] =
        [Self::Read, Self::Receive, Self::Work, Self::Custody, Self::Books, Self::People];

    /// Its word in JSON and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Receive => "receive",
            Self::Work => "work",
            Self::Custody => "custody",
            Self::Books => "books",
            Self::People => "people",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

/// Addresses with the same first bits: `203.0.113.0/24`, or a single one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AddressRange {
    first: IpAddr,
    n_bits: u8,
}

/// The text is no address and no range of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an address or a range of addresses")]
pub struct NoRange;

impl AddressRange {
    pub fn contains(self, address: IpAddr) -> bool {
        let (first, n_first) = bits(self.first);
        let (asked, n_asked) = bits(address.to_canonical());
        let shift = u32::from(n_first - self.n_bits);
        n_first == n_asked && first.checked_shr(shift).unwrap_or(0) == asked.checked_shr(shift).unwrap_or(0)
    }
}

/// An address as a number, and how many bits it has.
fn bits(address: IpAddr) -> (u128, u8) {
    match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    }
}

impl FromStr for AddressRange {
    type Err = NoRange;

    fn from_str(text: &str) -> Result<Self, NoRange> {
        let (address, n_bits) = text.split_once('/').map_or((text, None), |(a, n)| (a, Some(n)));
        let first = address.parse::<IpAddr>().map_err(|_| NoRange)?.to_canonical();
        let (_, most) = bits(first);
        let n_bits = n_bits.map_or(Ok(most), str::parse).map_err(|_| NoRange)?;
        if n_bits <= most { Ok(Self { first, n_bits }) } else { Err(NoRange) }
    }
}

impl TryFrom<String> for AddressRange {
    type Error = NoRange;

    fn try_from(text: String) -> Result<Self, NoRange> {
        text.parse()
    }
}

impl From<AddressRange> for String {
    fn from(range: AddressRange) -> Self {
        range.to_string()
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.n_bits)
    }
}

/// May a request from here use a key with these ranges? A key without any is used from anywhere; an address
/// that is not known is in no range.
pub fn admits(ranges: &[AddressRange], from: &str) -> bool {
    ranges.is_empty() || from.parse().is_ok_and(|address| ranges.iter().any(|range| range.contains(address)))
}

/// A key as somebody asks for it.
#[derive(Clone, Copy, Debug)]
pub struct TypedKey<'t> {
    pub name: &'t str,
    pub scopes: &'t [Scope],
    /// The last day; none where what was typed is no day.
    pub last_day: Option<Date>,
    /// One a line, or with commas between.
    pub ranges: &'t str,
}

/// A key that may be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    pub name: String,
    pub scopes: Vec<Scope>,
    pub last_day: Date,
    pub ranges: Vec<AddressRange>,
}

/// What is wrong with what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFault {
    NameMissing,
    NameLong(usize),
    ScopesMissing,
    DayMissing,
    DayPast,
    /// The last day there can be.
    DayTooLate(Date),
    RangeUnreadable(String),
    TooManyRanges(usize),
}

impl TypedKey<'_> {
    pub fn check(self, today: Date) -> Result<NewKey, Vec<KeyFault>> {
        let mut faults = Vec::new();
        let name = nfc(self.name.trim());
        if name.is_empty() {
            faults.push(KeyFault::NameMissing);
        } else if name.chars().count() > LONGEST_NAME {
            faults.push(KeyFault::NameLong(LONGEST_NAME));
        }
        let mut scopes = self.scopes.to_vec();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            faults.push(KeyFault::ScopesMissing);
        }
        let latest = today.saturating_add(jiff::Span::new().days(MOST_DAYS));
        match self.last_day {
            None => faults.push(KeyFault::DayMissing),
            Some(day) if day < today => faults.push(KeyFault::DayPast),
            Some(day) if day > latest => faults.push(KeyFault::DayTooLate(latest)),
            Some(_) => {}
        }
        let typed = self.ranges.split([',', '\n', ' ', ';']).map(str::trim).filter(|text| !text.is_empty());
        let mut ranges = Vec::new();
        for text in typed {
            match text.parse() {
                Ok(range) => ranges.push(range),
                Err(NoRange) => faults.push(KeyFault::RangeUnreadable(text.to_owned())),
            }
        }
        if ranges.len() > MOST_RANGES {
            faults.push(KeyFault::TooManyRanges(MOST_RANGES));
        }
        match self.last_day {
            Some(last_day) if faults.is_empty() => Ok(NewKey { name, scopes, last_day, ranges }),
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressRange, KeyFault, NewKey, NoRange, Scope, TypedKey, admits};
    use jiff::civil::date;

    fn range(text: &str) -> AddressRange {
        text.parse().expect("a range")
    }

    #[test]
    fn a_range_holds_the_addresses_with_its_first_bits() {
        let office = range("203.0.113.0/25");
        for (address, is_in) in
            [("203.0.113.127", true), ("203.0.113.128", false), ("::ffff:203.0.113.1", true)]
        {
            assert_eq!(office.contains(address.parse().expect("an address")), is_in, "{address}");
        }
        assert!(range("0.0.0.0/0").contains("8.8.8.8".parse().expect("an address")));
        assert!(!range("0.0.0.0/0").contains("2001:db8::1".parse().expect("an address")));
        assert!(range("2001:db8::/32").contains("2001:db8:1::9".parse().expect("an address")));
        assert!(range("::/0").contains("2001:db8:1::9".parse().expect("an address")));
        assert_eq!(range("10.1.2.3").to_string(), "10.1.2.3/32");
        for text in ["", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/-1", "máy chủ"] {
            assert_eq!(text.parse::<AddressRange>(), Err(NoRange), "{text}");
        }
    }

    #[test]
    fn a_key_with_ranges_is_used_from_nowhere_else() {
        assert!(admits(&[], "unknown"));
        let ranges = [range("10.0.0.0/8"), range("127.0.0.1")];
        for (from, may) in [("10.9.8.7", true), ("127.0.0.1", true), ("127.0.0.2", false), ("unknown", false)]
        {
            assert_eq!(admits(&ranges, from), may, "{from}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_key_is_said_all_at_once() {
        let today = date(2026, 11, 23);
        let typed = TypedKey {
            name: " Cổng tra cứu ",
            scopes: &[Scope::Work, Scope::Read, Scope::Work],
            last_day: Some(date(2027, 11, 24)),
            ranges: "10.0.0.0/8, 192.0.2.7\n2001:db8::/32",
        };
        let made = NewKey {
            name: "Cổng tra cứu".to_owned(),
            scopes: vec![Scope::Read, Scope::Work],
            last_day: date(2027, 11, 24),
            ranges: vec![range("10.0.0.0/8"), range("192.0.2.7"), range("2001:db8::/32")],
        };
        assert_eq!(typed.check(today), Ok(made));
        let nothing = TypedKey { name: "", scopes: &[], last_day: None, ranges: "đâu đó" };
        let unreadable = ["đâu", "đó"].map(|text| KeyFault::RangeUnreadable(text.to_owned()));
        let faults = [KeyFault::NameMissing, KeyFault::ScopesMissing, KeyFault::DayMissing];
        assert_eq!(nothing.check(today), Err(faults.into_iter().chain(unreadable).collect()));
        let (long, many) = ("k".repeat(61), "10.0.0.1 ".repeat(21));
        let late = TypedKey { name: &long, last_day: Some(date(2027, 11, 25)), ranges: &many, ..typed };
        let latest = KeyFault::DayTooLate(date(2027, 11, 24));
        assert_eq!(late.check(today), Err(vec![KeyFault::NameLong(60), latest, KeyFault::TooManyRanges(20)]));
        let past = TypedKey { last_day: today.yesterday().ok(), ..typed };
        assert_eq!(past.check(today), Err(vec![KeyFault::DayPast]));
    }

    #[test]
    fn a_scope_is_found_by_its_code() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.code()), Some(scope));
            assert_eq!(serde_json::to_value(scope).expect("JSON"), scope.code());
        }
        assert_eq!(Scope::parse("sign"), None);
    }
}
