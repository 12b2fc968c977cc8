//! The app on an officer's telephone: a secret of twenty bytes that it computes a code from every half
//! minute (RFC 6238). The secret lies in the store sealed, together with whose it is.

use crate::Error;
use jiff::Timestamp;
use rules::id::OfficerId;
use std::fmt;
use std::io;
use store::blobs::Blobs;
use totp_rs::{Builder, Secret, Totp};

const N_BYTES: usize = 20;

/// An app's secret, open.
#[derive(Clone)]
pub struct App([u8; N_BYTES]);

/// Never printed by accident.
impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("App(…)")
    }
}

impl App {
    #[expect(clippy::disallowed_methods, reason = "a secret, drawn here and nowhere else")]
    pub(super) fn draw() -> Self {
        Self(rand::random())
    }

    /// As it is kept. Bound to its officer, so that nobody who writes in the database lends him another's.
    pub(super) fn seal(&self, blobs: &Blobs, officer: OfficerId) -> Vec<u8> {
        blobs.seal(&[officer.0.as_bytes().as_slice(), &self.0].concat())
    }

    pub(super) fn unseal(blobs: &Blobs, officer: OfficerId, kept: &[u8]) -> Result<Self, Error> {
        let opened = blobs.unseal(kept).map_err(Error::broken)?;
        let secret = opened.strip_prefix(officer.0.as_bytes().as_slice()).and_then(|it| it.try_into().ok());
        secret.map(Self).ok_or_else(|| Error::broken(io::Error::other("a second factor is another's")))
    }

    /// The step a code belongs to, of this half minute, the one before or the one after: clocks differ.
    pub(super) fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let seconds = u64::try_from(now.as_second()).ok()?;
        self.totp().check(code, seconds).and_then(|step| i64::try_from(step).ok())
    }

    /// The code of a moment, as the app shows it.
    pub fn code_at(&self, at: Timestamp) -> String {
        self.totp().generate(u64::try_from(at.as_second()).unwrap_or_default()).to_string()
    }

    /// The secret of the key that was shown, typed into an app by hand.
    pub fn of_key(key: &str) -> Option<Self> {
        let letters: String = key.chars().filter(|c| !c.is_whitespace()).collect();
        Secret::try_from_base32(letters).ok()?.as_bytes().try_into().ok().map(Self)
    }

    fn totp(&self) -> Totp {
        Builder::new().with_secret(self.secret()).build().expect("twenty bytes are what the standard asks")
    }

    fn secret(&self) -> Secret {
        Secret::new_stack(self.0)
    }

    /// What is typed into an app that cannot see the picture: `ABCD EFGH …`.
    pub(super) fn key(&self) -> String {
        let letters: Vec<char> = self.secret().to_base32().chars().collect();
        letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
    }

    /// What the picture says: the system's name, whose account it is, and the secret.
    pub(super) fn address(&self, system: &str, login: &str) -> String {
        let (system, login) = (escaped(system), escaped(login));
        format!("otpauth://totp/{system}:{login}?secret={}&issuer={system}", self.secret().to_base32())
    }
}

/// As it stands in an address.
fn escaped(text: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    text.bytes()
        .map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::App;
    use jiff::Timestamp;
    use rules::id::OfficerId;
    use store::blobs::{Blobs, MasterKey, MasterKeys};
    use uuid::Uuid;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).expect("in range")
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, SHA-1; its eight digits end with our six.
        let app = App(*b"12345678901234567890");
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(app.code_at(at(seconds)), code);
            assert_eq!(app.step_of(code, at(seconds)), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_holds_from_the_half_minute_before_to_the_one_after() {
        let app = App(*b"12345678901234567890");
        let code = app.code_at(at(90));
        for (now, holds) in [(59, false), (60, true), (90, true), (149, true), (150, false)] {
            assert_eq!(app.step_of(&code, at(now)), holds.then_some(3), "{now}");
        }
        assert_eq!(app.step_of("000000", at(90)), None);
    }

    #[test]
    fn the_key_is_the_secret_and_the_address_says_whose_it_is() {
        let app = App(*b"12345678901234567890");
        assert_eq!(app.key(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(App::of_key(&app.key()).expect("a key").0, app.0);
        assert!(App::of_key("GEZD").is_none() && App::of_key("khóa").is_none());
        assert_eq!(
            app.address("Một Cửa", "quay.yenbinh"),
            "otpauth://totp/M%E1%BB%99t%20C%E1%BB%ADa:quay.yenbinh\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=M%E1%BB%99t%20C%E1%BB%ADa"
        );
        assert_eq!(format!("{app:?}"), "App(…)");
    }

    #[test]
    fn a_kept_secret_opens_for_its_officer_alone() {
        let blobs = Blobs::memory(MasterKeys::new(MasterKey::from_bytes(&[7; 32]), Vec::new()));
        let (his, another) = (OfficerId(Uuid::from_u128(1)), OfficerId(Uuid::from_u128(2)));
        let app = App::draw();
        let kept = app.seal(&blobs, his);
        assert_eq!(App::unseal(&blobs, his, &kept).expect("opens").0, app.0);
        App::unseal(&blobs, another, &kept).expect_err("it is not his");
        assert_ne!(App::draw().0, app.0);
    }
}
