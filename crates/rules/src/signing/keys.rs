//! Keys of officers and agencies as whoever keeps them sees them: how long each still holds, whose a
//! certificate is, and what makes a key unfit to be put in.

use crate::calendar::legal_time;
use crate::people::Role;
use crate::text::{fold, same_words};
use jiff::Timestamp;
use jiff::civil::Date;

/// Days before its end from which a certificate is warned of.
pub const WARNED_DAYS: i32 = 30;
/// The most bytes of a key file; a key with five certificates above it has ten thousand.
pub const MOST_BYTES: usize = 64 * 1024;
/// Letters of a reason, at most.
const LONGEST_REASON: usize = 500;

/// The bounds within which a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    pub first: Timestamp,
    pub last: Timestamp,
    /// The first day on which it signs nothing more, because somebody ended it.
    pub ends_on: Option<Date>,
}

/// How a key stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyState {
    /// Somebody ended it, from this day on.
    Ended(Date),
    /// The last day it was valid on.
    Expired(Date),
    Missing,
    /// It does not open with the password of the installation.
    Unread,
    NotYet(Date),
    /// It ends within [`WARNED_DAYS`]; its last day.
    Ending(Date),
    Valid(Date),
}

impl KeyState {
    /// Does it sign now?
    pub fn signs(self) -> bool {
        matches!(self, Self::Ending(_) | Self::Valid(_))
    }

    /// Must somebody see to it?
    pub fn is_wanting(self) -> bool {
        !matches!(self, Self::Valid(_))
    }
}

impl Validity {
    pub fn state(&self, now: Timestamp) -> KeyState {
        let today = legal_time(now).date();
        let (first, last) = (legal_time(self.first).date(), legal_time(self.last).date());
        // The day before the one from which somebody ended it.
        let ended = self.ends_on.and_then(|day| day.yesterday().ok());
        match self.ends_on {
            Some(day) if day <= today => return KeyState::Ended(day),
            _ if now > self.last => return KeyState::Expired(last),
            _ if now < self.first => return KeyState::NotYet(first),
            _ => {}
        }
        let last = ended.map_or(last, |ended| ended.min(last));
        let warned = last.saturating_sub(jiff::Span::new().days(WARNED_DAYS));
        if warned <= today { KeyState::Ending(last) } else { KeyState::Valid(last) }
    }
}

/// Whether a key of this holder is put in by two persons: an agency's seal, and whoever holds a high role.
pub fn needs_second_person(roles_of_officer: Option<&[Role]>) -> bool {
    roles_of_officer.is_none_or(|roles| roles.iter().any(|role| role.is_high()))
}

/// Roles whose holders sign with a key of their own: who digitises, and who signs results.
// law: TT01-2023-VPCP/8.1
pub const SIGNERS: [Role; 3] = [Role::Counter, Role::Head, Role::Leader];

/// Does a certificate made out to this name belong to a holder of that name? Some authorities write without
/// accents, shorten the words for a committee, or add the workplace behind a dash.
pub fn names_holder(certificate: &str, holder: &str) -> bool {
    let bare = unmarked(certificate);
    let own = bare.split(" - ").next().unwrap_or_default();
    [bare.as_str(), own].into_iter().any(|name| {
        same_words(&shortened(name), &shortened(holder)) || (name.is_ascii() && without_accents(name, holder))
    })
}

fn without_accents(name: &str, holder: &str) -> bool {
    let words = |text: &str| fold(&shortened(&fold(text))).split_whitespace().collect::<Vec<_>>().join(" ");
    words(name) == words(holder)
}

/// Without what a trial certificate adds to the name.
fn unmarked(name: &str) -> String {
    ["(DEMO)", "(DÙNG THỬ)"].into_iter().fold(name.to_owned(), |name, mark| name.replace(mark, ""))
}

fn shortened(name: &str) -> String {
    name.to_lowercase()
        .replace("ủy ban nhân dân", "ubnd")
        .replace("uỷ ban nhân dân", "ubnd")
        .replace("uy ban nhan dan", "ubnd")
}

/// What is wrong with a key that is to be put in, or to be ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFault {
    FileMissing,
    FileLarge,
    /// It is none, or broken.
    NotAKeyFile,
    /// Or the file is locked in a way that is no longer safe.
    PasswordWrong,
    NoKeyInside,
    NoCertificateInside,
    /// Neither RSA of 2048 bits nor P-256.
    Weak,
    /// Opening it takes longer than any honest file.
    TooHard,
    Expired(Date),
    NotYet(Date),
    /// The certificate names somebody else: the name in it, the name here.
    OtherName(String, String),
    /// It is the one in use.
    Same,
    ReasonMissing,
    ReasonLong(usize),
    /// A key is not ended in the past.
    Past(Date),
    /// There is none that could be ended.
    NothingToEnd,
    /// Trial certificates are only made where nothing is in earnest.
    NotForTrial,
    /// Nobody confirms what he proposed himself.
    SamePerson,
    /// Nobody confirms a key of his own.
    OwnKey,
    /// The last day on which it could be confirmed.
    Lapsed(Date),
}

impl KeyFault {
    /// The form field it stands at.
    pub fn field(&self) -> &'static str {
        match self {
            Self::PasswordWrong => "mat-khau",
            Self::OtherName(..) => "ly-do-ten",
            Self::ReasonMissing | Self::ReasonLong(_) => "ly-do",
            Self::Past(_) => "tu",
            Self::NothingToEnd | Self::NotForTrial | Self::SamePerson | Self::OwnKey | Self::Lapsed(_) => "",
            _ => "tep",
        }
    }
}

/// A reason as it may be kept.
pub fn check_reason(reason: &str) -> Result<(), KeyFault> {
    match reason.chars().count() {
        0 => Err(KeyFault::ReasonMissing),
        n if n > LONGEST_REASON => Err(KeyFault::ReasonLong(LONGEST_REASON)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyState, Validity, names_holder, needs_second_person};
    use crate::people::Role;
    use jiff::civil::date;

    #[test]
    fn a_key_is_warned_of_a_month_before_its_end() {
        let at = |text: &str| text.parse().expect("an instant");
        let key =
            Validity { first: at("2026-01-01T00:00:00Z"), last: at("2026-12-31T10:00:00Z"), ends_on: None };
        let last = date(2026, 12, 31);
        for (now, state) in [
            ("2025-12-31T23:59:59Z", KeyState::NotYet(date(2026, 1, 1))),
            ("2026-11-30T10:00:00Z", KeyState::Valid(last)),
            ("2026-11-30T17:00:00Z", KeyState::Ending(last)),
            ("2026-12-31T10:00:00Z", KeyState::Ending(last)),
            ("2026-12-31T10:00:01Z", KeyState::Expired(last)),
        ] {
            assert_eq!(key.state(at(now)), state, "{now}");
        }
        // Ended by somebody: it still signs on the day before.
        let ended = Validity { ends_on: Some(date(2026, 11, 24)), ..key };
        assert_eq!(ended.state(at("2026-11-23T16:59:00Z")), KeyState::Ending(date(2026, 11, 23)));
        assert_eq!(ended.state(at("2026-11-23T17:00:00Z")), KeyState::Ended(date(2026, 11, 24)));
        assert!(!ended.state(at("2027-11-23T17:00:00Z")).signs());
    }

    #[test]
    fn a_certificate_is_its_holders_by_name_however_it_is_written() {
        for (certificate, holder) in [
            ("Nguyễn Văn Hạ", "Nguyễn Văn Hạ"),
            ("NGUYỄN VĂN HẠ", "Nguyễn Văn Hạ"),
            ("NGUYEN VAN HA", "Nguyễn Văn Hạ"),
            ("Nguyễn Văn Hạ - UBND xã Yên Bình", "Nguyễn Văn Hạ"),
            ("Trần Thị Hoà (DEMO)", "Trần Thị Hòa"),
            ("ỦY BAN NHÂN DÂN XÃ YÊN BÌNH", "UBND xã Yên Bình"),
            ("UBND xã Yên Bình", "Uỷ ban nhân dân xã Yên Bình"),
        ] {
            assert!(names_holder(certificate, holder), "{certificate} / {holder}");
        }
        for (certificate, holder) in [
            ("Nguyễn Văn Hà", "Nguyễn Văn Hạ"),
            ("Nguyễn Văn Hạ Long", "Nguyễn Văn Hạ"),
            ("UBND xã Yên Bình", "UBND xã Thác Bà"),
            ("", "Nguyễn Văn Hạ"),
        ] {
            assert!(!names_holder(certificate, holder), "{certificate} / {holder}");
        }
    }

    #[test]
    fn what_weighs_much_is_put_in_by_two() {
        assert!(needs_second_person(None), "a seal");
        assert!(needs_second_person(Some(&[Role::Counter, Role::Leader])));
        assert!(!needs_second_person(Some(&[Role::Counter])));
        assert!(!needs_second_person(Some(&[])));
    }
}
