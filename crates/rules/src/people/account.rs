//! What an account must say before it is opened. What it may do is said by its posts.

use super::PeopleFault;
use crate::id::AgencyId;
use crate::text::{nfc, tidy_name};

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

#[cfg(test)]
mod tests {
    use super::NewAccount;
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
}
