//! The second factor of a sign-in: what is typed, which code counts, and who must have one. The codes of
//! an app are computed above, where its secret is.

use super::{Actor, Role};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Recovery codes drawn at a time.
pub const N_RECOVERY_CODES: usize = 10;
/// Letters of a passkey's name, at most.
pub const LONGEST_NAME: usize = 60;

/// What proved who signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    #[default]
    Password,
    /// The password, and a code of the officer's app.
    AppCode,
    /// The password, and a code kept for the day the app is lost.
    RecoveryCode,
    /// A key that itself made sure who used it.
    Passkey,
    /// An identity server, which asked for no second factor that we know of.
    Identity,
    /// An identity server which asked for a second factor itself.
    IdentityStrong,
    /// An identity server, and a code of the officer's app.
    IdentityAppCode,
    /// An identity server, and a code kept for the day the app is lost.
    IdentityRecoveryCode,
}

impl Means {
    /// Whether it took more than what somebody could have looked over a shoulder for.
    pub fn is_two_factors(self) -> bool {
        !matches!(self, Self::Password | Self::Identity)
    }

    /// Whether an identity server had a part in it.
    pub fn is_by_server(self) -> bool {
        use Means::{Identity, IdentityAppCode, IdentityRecoveryCode, IdentityStrong};
        matches!(self, Identity | IdentityStrong | IdentityAppCode | IdentityRecoveryCode)
    }

    /// What it is together with a code of ours, where an identity server came before it.
    #[must_use]
    pub fn after_server(self) -> Self {
        match self {
            Self::AppCode => Self::IdentityAppCode,
            Self::RecoveryCode => Self::IdentityRecoveryCode,
            other => other,
        }
    }
}

/// What somebody typed as his second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypedCode {
    /// Six digits.
    App(String),
    Recovery(RecoveryCode),
}

impl TypedCode {
    /// None where it can be neither: that is a slip, and no guess.
    pub fn parse(typed: &str) -> Option<Self> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::App(digits));
        }
        RecoveryCode::parse(typed).map(Self::Recovery)
    }
}

/// A code that stands for the app once: 80 bits in 16 letters.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

/// Crockford's 32: none is taken for another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const N_LETTERS: usize = 16;

impl RecoveryCode {
    /// The code of ten bytes that nobody can guess.
    pub fn of_chance(chance: [u8; 10]) -> Self {
        let whole = chance.iter().fold(0_u128, |whole, &byte| whole << 8 | u128::from(byte));
        let letter = |at: usize| char::from(LETTERS[(whole >> (5 * (N_LETTERS - 1 - at)) & 31) as usize]);
        Self((0..N_LETTERS).map(letter).collect())
    }

    /// As it was written down, with or without hyphens; letters that look like digits are those.
    pub fn parse(typed: &str) -> Option<Self> {
        let meant = |c: char| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        };
        let code: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .take(N_LETTERS + 1)
            .map(meant)
            .collect();
        let is_whole = code.len() == N_LETTERS && code.bytes().all(|byte| LETTERS.contains(&byte));
        is_whole.then_some(Self(code))
    }

    /// `4k7q-9xa2-m0ze-w8fd`, to be written down.
    pub fn reveal(&self) -> String {
        let groups: Vec<&str> =
            (0..N_LETTERS).step_by(4).filter_map(|from| self.0.get(from..from + 4)).collect();
        groups.join("-")
    }

    /// The letters alone, of which only a digest is kept.
    pub fn letters(&self) -> &str {
        &self.0
    }
}

/// Never printed by accident.
impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

/// A code of the app counts once: only of steps after the one that counted last.
pub fn is_fresh(step: i64, last: Option<i64>) -> bool {
    last.is_none_or(|last| step > last)
}

/// What a signed-in officer may do yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Free,
    /// Nothing until he has set up a second factor.
    SetsUp,
    /// Nothing until he has signed in with the passkey he has: else whoever knows his password could set
    /// up a second factor for him.
    OwesPasskey,
}

/// The second factors an officer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Has {
    App,
    PasskeyOnly,
    Neither,
}

/// Must an officer with these posts, his own or lent to him, have a second factor?
pub fn is_required(of: &[Role], actor: &Actor) -> bool {
    of.iter().any(|&role| actor.has_role(role))
}

/// What an officer of whom a second factor is required may do, by how he signed in and what he has now.
pub fn standing(means: Means, has: Has) -> Standing {
    match has {
        _ if means.is_two_factors() => Standing::Free,
        Has::App => Standing::Free,
        Has::PasskeyOnly => Standing::OwesPasskey,
        Has::Neither => Standing::SetsUp,
    }
}

#[cfg(test)]
mod tests {
    use super::{Has, Means, RecoveryCode, Standing, TypedCode, is_fresh, is_required, standing};
    use crate::id::OfficerId;
    use crate::people::{Actor, Post, Role};
    use crate::sample::COMMITTEE;
    use uuid::Uuid;

    #[test]
    fn a_recovery_code_is_read_as_it_was_written_down() {
        let code = RecoveryCode::of_chance([0xff, 0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0]);
        assert_eq!(code.reveal(), "zw01-4d2p-f2db-sqqg");
        for typed in ["zw01-4d2p-f2db-sqqg", " ZWO1 4D2P F2DB SQQG ", "zwol4d2pf2dbsqqg"] {
            assert_eq!(RecoveryCode::parse(typed), Some(code.clone()), "{typed}");
        }
        for typed in ["", "zw01-4d2p-f2db-sqq", "zw01-4d2p-f2db-sqqgg", "zw01-4d2p-f2db-sqqu", "mã dự phòng"]
        {
            assert_eq!(RecoveryCode::parse(typed), None, "{typed}");
        }
        assert_eq!(format!("{code:?}"), "RecoveryCode(…)");
    }

    #[test]
    fn different_chance_gives_different_codes() {
        let of_bit = |bit: usize| {
            let mut chance = [0; 10];
            chance[bit / 8] = 1 << (bit % 8);
            RecoveryCode::of_chance(chance).reveal()
        };
        let codes: std::collections::BTreeSet<String> = (0..80).map(of_bit).collect();
        assert_eq!(codes.len(), 80, "every bit counts");
    }

    #[test]
    fn six_digits_are_the_apps() {
        assert_eq!(TypedCode::parse(" 012 345 "), Some(TypedCode::App("012345".to_owned())));
        for slip in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(TypedCode::parse(slip), None, "{slip}");
        }
        assert!(matches!(TypedCode::parse("0000-0000-0000-0000"), Some(TypedCode::Recovery(_))));
    }

    #[test]
    fn a_code_counts_once() {
        assert!(is_fresh(10, None));
        assert!(is_fresh(11, Some(10)));
        assert!(!is_fresh(10, Some(10)), "the same again");
        assert!(!is_fresh(9, Some(10)), "an earlier one, which is still in the window");
    }

    #[test]
    fn who_must_have_a_second_factor_is_held_up_until_he_has() {
        assert_eq!(standing(Means::Password, Has::Neither), Standing::SetsUp);
        assert_eq!(standing(Means::Password, Has::PasskeyOnly), Standing::OwesPasskey);
        assert_eq!(standing(Means::Password, Has::App), Standing::Free, "he has just turned it on");
        assert_eq!(
            standing(Means::Identity, Has::Neither),
            Standing::SetsUp,
            "the server asked for one alone"
        );
        let by_server = [Means::IdentityStrong, Means::IdentityAppCode, Means::IdentityRecoveryCode];
        for means in by_server {
            assert_eq!(standing(means, Has::Neither), Standing::Free, "{means:?}");
            assert!(means.is_by_server());
        }
        assert_eq!([Means::AppCode, Means::RecoveryCode].map(Means::after_server), by_server[1..]);
        for means in [Means::AppCode, Means::RecoveryCode, Means::Passkey] {
            assert!(!means.is_by_server());
            assert_eq!(standing(means, Has::Neither), Standing::Free, "{means:?}");
        }
    }

    #[test]
    fn it_is_asked_of_roles() {
        let officer = |role| Actor::Officer {
            id: OfficerId(Uuid::from_u128(1)),
            name: String::new(),
            agency: COMMITTEE,
            posts: vec![Post::new(COMMITTEE, role)],
            lent: Vec::new(),
        };
        let asked = [Role::Admin, Role::Leader];
        assert!(is_required(&asked, &officer(Role::Leader)));
        assert!(!is_required(&asked, &officer(Role::Counter)));
        assert!(!is_required(&[], &officer(Role::Admin)), "nobody unless the office says so");
    }
}
