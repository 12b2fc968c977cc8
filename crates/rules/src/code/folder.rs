//! The code on the cover of a paper folder: nothing but a name for it, that says nothing of anybody.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::text_code;
use crate::id::FolderId;

/// Letters of the code: no I, L, O or U, which are mistaken for figures or for one another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters without the last, which checks the others.
const N_LETTERS: usize = 12;

/// `7K4Q-9M2X-PTDC-3`: sixty bits of chance and a letter that checks them. Read by a reader or typed, with
/// or without the dashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FolderCode {
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFolderCode {
    #[error("“{text}” không phải mã bìa; mã bìa có dạng 7K4Q-9M2X-PTDC-3")]
    Shape { text: String },
    #[error("có một chữ gõ sai hoặc đọc nhầm; xem lại trên bìa rồi gõ lại")]
    Check,
}

text_code!(FolderCode, BadFolderCode);

impl FolderCode {
    /// The code of a folder: the chance in its id, shown.
    pub fn of(id: FolderId) -> Self {
        let chance = id.0.as_u128();
        let value = |at: usize| usize::try_from((chance >> (5 * at)) & 31).expect("five bits");
        Self::written(&(0..N_LETTERS).map(value).collect::<Vec<_>>())
    }

    fn written(values: &[usize]) -> Self {
        let mut text = String::with_capacity(N_LETTERS + 4);
        for (at, &value) in values.iter().chain(std::iter::once(&check(values))).enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(LETTERS[value]));
        }
        Self { text }
    }
}

impl FromStr for FolderCode {
    type Err = BadFolderCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let values: Option<Vec<usize>> =
            text.chars().filter(|letter| *letter != '-' && !letter.is_whitespace()).map(value_of).collect();
        let values = values
            .filter(|values| values.len() == N_LETTERS + 1)
            .ok_or_else(|| BadFolderCode::Shape { text: text.chars().take(40).collect() })?;
        let (last, values) = values.split_last().expect("thirteen letters");
        if check(values) == *last { Ok(Self::written(values)) } else { Err(BadFolderCode::Check) }
    }
}

/// What a letter stands for; those that are never printed are read as what they are mistaken for.
fn value_of(letter: char) -> Option<usize> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    LETTERS.iter().position(|&known| char::from(known) == letter)
}

/// Each letter times a number of its own in the field of 32 elements: one wrong letter, or two that changed
/// places, always give another check.
fn check(values: &[usize]) -> usize {
    values.iter().rev().fold(0, |sum, &value| times_two(sum ^ value))
}

/// Twice in the field of x⁵ + x² + 1.
fn times_two(value: usize) -> usize {
    let doubled = value << 1;
    if doubled & 32 == 0 { doubled } else { doubled ^ 0b10_0101 }
}

#[cfg(test)]
mod tests {
    use super::{BadFolderCode, FolderCode, LETTERS};
    use crate::id::FolderId;
    use uuid::Uuid;

    fn code() -> FolderCode {
        FolderCode::of(FolderId(Uuid::from_u128(0x0199_0000_0000_7123_9a5c_4d3e_2f10_8877)))
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = code();
        let written = code.to_string();
        assert_eq!(written.len(), 16);
        for typed in
            [written.clone(), written.to_lowercase(), written.replace('-', ""), format!(" {written}\n")]
        {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
        let mistaken = written.replace('0', "o").replace('1', "l");
        assert_eq!(mistaken.parse(), Ok(code));
    }

    #[test]
    fn a_slip_is_noticed() {
        let written = code().to_string().replace('-', "");
        for at in 0..written.len() {
            for letter in LETTERS.iter().map(|&letter| char::from(letter)) {
                let mut slip: Vec<char> = written.chars().collect();
                slip[at] = letter;
                let slip: String = slip.into_iter().collect();
                assert!(
                    slip == written || slip.parse() == Err::<FolderCode, _>(BadFolderCode::Check),
                    "{slip}"
                );
            }
            for other in at + 1..written.len() {
                let mut slip: Vec<char> = written.chars().collect();
                slip.swap(at, other);
                let slip: String = slip.into_iter().collect();
                assert!(
                    slip == written || slip.parse() == Err::<FolderCode, _>(BadFolderCode::Check),
                    "{slip}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_code_is_said_so() {
        for text in ["", "7K4Q", "7K4Q-9M2X-PTDC-33", "H56.15.3-260303-0012", "7U4Q-9M2X-PTDC-3"] {
            assert!(matches!(text.parse::<FolderCode>(), Err(BadFolderCode::Shape { .. })), "{text}");
        }
    }
}
