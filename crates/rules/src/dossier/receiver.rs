//! Who takes a result out of the office.

use serde::{Deserialize, Serialize};

/// Into whose hands a result went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum Receiver {
    Applicant,
    /// Somebody who showed by what paper the applicant sends him.
    Authorised {
        name: String,
        authorisation: String,
    },
    /// The public post, under the number it goes by there.
    Post {
        tracking: String,
    },
}

/// What whoever stands at the counter says of himself. All three may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presented {
    pub name: String,
    /// Of his identity paper.
    pub number: String,
    /// The paper by which the applicant sends him.
    pub authorisation: String,
}

/// Why a result is not handed to whoever stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTheReceiver {
    /// Nobody looked at his identity paper.
    NumberMissing,
    /// The number is no number of a paper.
    NumberWrong,
    /// He is not the applicant, and nothing says that the applicant sends him.
    NotAuthorised,
    /// He is sent, and nobody wrote down his name.
    NameMissing,
    TooLong,
}

/// The longest name and authorisation.
const LONGEST: usize = 200;

impl Presented {
    /// Whether the result is for him. `holder` has the numbers the applicant is known by; somebody who is known
    /// by none cannot be held against one.
    // law: ND61-2018/6
    pub fn receives(&self, holder: &[&str]) -> Result<Receiver, NotTheReceiver> {
        let plain = |number: &str| -> String {
            number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
        };
        let number = plain(&self.number);
        let (name, authorisation) = (self.name.trim(), self.authorisation.trim());
        if [name, authorisation].iter().any(|text| text.chars().count() > LONGEST) {
            return Err(NotTheReceiver::TooLong);
        }
        if number.is_empty() {
            let nothing_to_hold_against = holder.is_empty() && authorisation.is_empty();
            return if nothing_to_hold_against {
                Ok(Receiver::Applicant)
            } else {
                Err(NotTheReceiver::NumberMissing)
            };
        }
        if !(6..=20).contains(&number.len()) || !number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(NotTheReceiver::NumberWrong);
        }
        if holder.iter().any(|known| plain(known) == number) {
            return Ok(Receiver::Applicant);
        }
        if authorisation.is_empty() {
            return Err(NotTheReceiver::NotAuthorised);
        }
        if name.is_empty() {
            return Err(NotTheReceiver::NameMissing);
        }
        Ok(Receiver::Authorised {
            name: crate::text::nfc(name),
            authorisation: crate::text::nfc(authorisation),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{NotTheReceiver, Presented, Receiver};

    const HOLDER: &[&str] = &["038191000001"];

    fn presented(name: &str, number: &str, authorisation: &str) -> Presented {
        let (name, number, authorisation) = (name.to_owned(), number.to_owned(), authorisation.to_owned());
        Presented { name, number, authorisation }
    }

    #[test]
    fn a_result_goes_to_the_applicant_or_to_whom_he_sends() {
        let sent =
            Receiver::Authorised { name: "Lê Văn An".to_owned(), authorisation: "UQ 12/2026".to_owned() };
        for (who, number, authorisation, holder, expected) in [
            ("", "038191000001", "", HOLDER, Ok(Receiver::Applicant)),
            ("", "038 191 000 001", "", HOLDER, Ok(Receiver::Applicant)),
            ("Lê Văn An", "001200000009", "UQ 12/2026", HOLDER, Ok(sent)),
            ("Lê Văn An", "001200000009", "  ", HOLDER, Err(NotTheReceiver::NotAuthorised)),
            ("", "001200000009", "UQ 12/2026", HOLDER, Err(NotTheReceiver::NameMissing)),
            ("Lê Văn An", "", "UQ 12/2026", HOLDER, Err(NotTheReceiver::NumberMissing)),
            ("", "", "", HOLDER, Err(NotTheReceiver::NumberMissing)),
            ("", "12", "", HOLDER, Err(NotTheReceiver::NumberWrong)),
            ("", "số không rõ", "", HOLDER, Err(NotTheReceiver::NumberWrong)),
            // A holder without a number: nothing to compare with.
            ("", "", "", &[], Ok(Receiver::Applicant)),
            ("", "", "UQ 12/2026", &[], Err(NotTheReceiver::NumberMissing)),
        ] {
            let receives = presented(who, number, authorisation).receives(holder);
            assert_eq!(receives, expected, "{who:?} {number:?} {authorisation:?}");
        }
        let long = presented(&"A".repeat(201), "001200000009", "UQ").receives(HOLDER);
        assert_eq!(long, Err(NotTheReceiver::TooLong));
    }
}
