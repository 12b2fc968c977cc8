//! The number under which a repository is kept: a person's, an organisation's, or a foreigner's
//! passport.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{OldIdNumber, PersonalId, TaxCode, is_capitals_or_figures, is_figures};

/// Whose repository it is.
// law: TT01-2023-VPCP/24.2
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum OwnerNumber {
    Person(PersonalId),
    /// From papers older than the personal number.
    OldId(OldIdNumber),
    Organisation(TaxCode),
    Passport(Passport),
}

/// A passport number: 6 to 9 capitals and figures, at least one of them a capital (so that it is
/// never mistaken for a number of figures alone).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Passport {
    text: String,
}

impl fmt::Debug for Passport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.text.len().saturating_sub(3);
        write!(f, "Passport(…{})", &self.text[shown..])
    }
}

impl Passport {
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadOwnerNumber {
    #[error("số định danh không đúng: {0}")]
    Person(super::BadPersonalId),
    #[error("mã số thuế không đúng: {0}")]
    Organisation(super::BadTaxCode),
    #[error("đây không phải số định danh, mã số thuế, số chứng minh nhân dân hay số hộ chiếu")]
    Unknown,
}

impl FromStr for OwnerNumber {
    type Err = BadOwnerNumber;

    /// By length: twelve figures are a person, nine an old identity number, ten or thirteen an
    /// organisation.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_ascii_uppercase();
        let figures_and_dash = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        match text.len() {
            12 if is_figures(&text) => text.parse().map(Self::Person).map_err(BadOwnerNumber::Person),
            9 if is_figures(&text) => text.parse().map(Self::OldId).map_err(|_| BadOwnerNumber::Unknown),
            10 | 13 | 14 if figures_and_dash => {
                text.parse().map(Self::Organisation).map_err(BadOwnerNumber::Organisation)
            }
            6..=9 if is_capitals_or_figures(&text) && !is_figures(&text) => {
                Ok(Self::Passport(Passport { text }))
            }
            _ => Err(BadOwnerNumber::Unknown),
        }
    }
}

impl OwnerNumber {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Person(id) => id.as_str(),
            Self::OldId(old) => old.as_str(),
            Self::Organisation(code) => code.as_str(),
            Self::Passport(passport) => passport.as_str(),
        }
    }
}

impl fmt::Display for OwnerNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for OwnerNumber {
    type Error = BadOwnerNumber;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<OwnerNumber> for String {
    fn from(owner: OwnerNumber) -> Self {
        owner.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{BadOwnerNumber, OwnerNumber};

    #[test]
    fn the_length_tells_whose_number_it_is() {
        let owner = |text: &str| text.parse::<OwnerNumber>().expect(text);
        assert!(matches!(owner("001090012345"), OwnerNumber::Person(_)));
        assert!(matches!(owner("012345678"), OwnerNumber::OldId(_)));
        assert!(matches!(owner("0100109106"), OwnerNumber::Organisation(_)));
        assert!(matches!(owner("0100109106-001"), OwnerNumber::Organisation(_)));
        assert!(matches!(owner("c1234567"), OwnerNumber::Passport(_)));
        assert_eq!(owner("0100109106001").to_string(), "0100109106-001");
        assert!(matches!("999090012345".parse::<OwnerNumber>(), Err(BadOwnerNumber::Person(_))));
        assert!(matches!("0100109107".parse::<OwnerNumber>(), Err(BadOwnerNumber::Organisation(_))));
        for text in ["", "12345", "12345678", "03819100462X", "C12 4567", "H56.15", "Đ1234567"] {
            assert_eq!(text.parse::<OwnerNumber>(), Err(BadOwnerNumber::Unknown), "{text}");
        }
    }

    #[test]
    fn debug_tells_no_whole_number() {
        for text in ["001090012345", "012345678", "C1234567"] {
            let owner: OwnerNumber = text.parse().expect(text);
            assert!(!format!("{owner:?}").contains(text));
        }
    }
}
