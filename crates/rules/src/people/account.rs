//! What an account must say before it is opened. What it may do is said by its posts.

use super::PeopleFault;
use crate::id::AgencyId;
use crate::text::{nfc, tidy_name};
use std::collections::BTreeSet;

/// An account that is to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    pub login: String,
    pub name: String,
    /// Chức danh, printed under a signature; may be empty.
    pub title: String,
    /// Where he works; his events carry it.
    pub agency: AgencyId,
}

impl NewAccount {
    /// The account as it is kept, or everything that is wrong with it.
    pub fn check(&self) -> Result<Self, Vec<PeopleFault>> {
        let login = self.login.trim();
        let mut faults = Vec::new();
        let usable = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
        if !(2..=60).contains(&login.len()) || !login.chars().all(usable) {
            faults.push(PeopleFault::LoginUnusable(login.to_owned()));
        }
        let name = tidy_name(&self.name);
        if name.is_empty() {
            faults.push(PeopleFault::NameMissing);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let title = nfc(self.title.trim());
        Ok(Self { login: login.to_owned(), name, title, agency: self.agency })
    }
}

/// Letters of a password, at least: what cannot be tried out where failures are counted.
const SHORTEST: usize = 12;
/// At most: hashing must stay cheap.
const LONGEST: usize = 200;
/// Different letters among them, at least.
const N_DIFFERENT: usize = 6;

/// Everything that is wrong with a password somebody chose himself. Long rather than odd: it need not have
/// digits or signs, and does not run out.
pub fn check_password(password: &str, login: &str) -> Result<(), Vec<PeopleFault>> {
    let password = nfc(password).to_lowercase();
    let n_letters = password.chars().count();
    let n_different = password.chars().collect::<BTreeSet<char>>().len();
    let faults: Vec<PeopleFault> = [
        (n_letters < SHORTEST, PeopleFault::PasswordShort(SHORTEST)),
        (n_letters > LONGEST, PeopleFault::PasswordLong(LONGEST)),
        (n_different < N_DIFFERENT || password.contains(login), PeopleFault::PasswordPlain),
    ]
    .into_iter()
    .filter_map(|(is_wrong, fault)| is_wrong.then_some(fault))
    .collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::{NewAccount, check_password};
    use crate::people::PeopleFault;
    use crate::sample::COMMITTEE;

    fn account(login: &str, name: &str) -> NewAccount {
        NewAccount {
            login: login.to_owned(),
            name: name.to_owned(),
            title: " Chuyên viên ".to_owned(),
            agency: COMMITTEE,
        }
    }

    #[test]
    fn an_account_is_kept_tidy() {
        let kept = account(" quay.yenbinh-2 ", "  Lò  Thị Mây ").check().expect("it can be opened");
        assert_eq!(
            kept,
            NewAccount { title: "Chuyên viên".into(), ..account("quay.yenbinh-2", "Lò Thị Mây") }
        );
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        for login in ["", "a", "Quay", "lò.mây", "quay yenbinh", "quay@xa", &"a".repeat(61)] {
            let unusable = PeopleFault::LoginUnusable(login.to_owned());
            assert_eq!(account(login, "Lò Thị Mây").check(), Err(vec![unusable.clone()]), "{login}");
            assert_eq!(account(login, " ").check(), Err(vec![unusable, PeopleFault::NameMissing]));
        }
        assert_eq!(account("quay", " ").check(), Err(vec![PeopleFault::NameMissing]));
    }

    #[test]
    fn a_password_is_long_and_not_the_login() {
        let faults = |password: &str| check_password(password, "quay.yenbinh").err().unwrap_or_default();
        for good in ["bốn con trâu trắng", "xe đạp ướt mưa", "7fk2-99aq-pl3d-xw8m"] {
            assert_eq!(faults(good), [], "{good}");
        }
        assert_eq!(faults("trâu trắng"), [PeopleFault::PasswordShort(12)]);
        assert_eq!(faults("aaaa"), [PeopleFault::PasswordShort(12), PeopleFault::PasswordPlain]);
        assert_eq!(faults("abababababababab"), [PeopleFault::PasswordPlain]);
        assert_eq!(faults("Quay.YenBinh2026"), [PeopleFault::PasswordPlain]);
        assert_eq!(faults(&"bốn con trâu ".repeat(20)), [PeopleFault::PasswordLong(200)]);
    }
}
