//! Number and symbol of a document (số, ký hiệu): `45/QĐ-UBND`, `01/2023/TT-VPCP`.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{is_figures, text_code};

/// The number and symbol as the law writes it: NFC, capitals, no stray spaces.
///
/// Certificates are numbered in their own ways (`CS 00123`), so a symbol after a slash is not asked
/// for; [`DocumentNumber::number`] is there where there is one.
// law: ND30-2020/PL1
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentNumber {
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadDocumentNumber {
    #[error("chưa có số, ký hiệu văn bản")]
    Empty,
    #[error("số, ký hiệu văn bản dài quá {max} ký tự", max = MAX_CHARS)]
    TooLong,
    #[error("ký tự “{character}” không dùng trong số, ký hiệu văn bản")]
    Character { character: char },
    #[error("số, ký hiệu “{text}” không có chữ số nào")]
    NoFigure { text: String },
    #[error("số, ký hiệu “{text}” có phần trống giữa các dấu gạch chéo")]
    EmptyPart { text: String },
}

const MAX_CHARS: usize = 60;

text_code!(DocumentNumber, BadDocumentNumber);

impl FromStr for DocumentNumber {
    type Err = BadDocumentNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Before any work on the text: a whole page can stand where a number should.
        if text.chars().take(MAX_CHARS * 4 + 1).count() > MAX_CHARS * 4 {
            return Err(BadDocumentNumber::TooLong);
        }
        let text = normalise(text);
        if text.is_empty() {
            return Err(BadDocumentNumber::Empty);
        }
        if text.chars().count() > MAX_CHARS {
            return Err(BadDocumentNumber::TooLong);
        }
        let belongs = |c: &char| c.is_alphanumeric() || matches!(c, '/' | '-' | '.' | ' ' | '(' | ')');
        if let Some(character) = text.chars().find(|c| !belongs(c)) {
            return Err(BadDocumentNumber::Character { character });
        }
        if !text.contains(|c: char| c.is_ascii_digit()) {
            return Err(BadDocumentNumber::NoFigure { text });
        }
        if text.split('/').any(str::is_empty) {
            return Err(BadDocumentNumber::EmptyPart { text });
        }
        Ok(Self { text })
    }
}

/// Capitals, the dashes and the Đ that typists and OCR really produce made the right ones, no space
/// round a slash or dash, no word "Số" before it.
fn normalise(text: &str) -> String {
    let text: String = text.nfc().collect::<String>().trim().to_uppercase();
    let text = text.strip_prefix("SỐ").map_or(text.as_str(), |rest| rest.trim_start_matches([':', '.', ' ']));
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = match c {
            '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
            'Ð' => 'Đ',
            '∕' | '⁄' => '/',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        match c {
            ' ' if out.ends_with([' ', '/', '-']) => {}
            '/' | '-' if out.ends_with(' ') => {
                out.pop();
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.trim_matches([' ', '.', ',', ';', ':']).to_owned()
}

impl DocumentNumber {
    /// The number before the first slash, `None` for numbers of another kind.
    pub fn number(&self) -> Option<u32> {
        let (number, _) = self.text.split_once('/')?;
        if is_figures(number) { number.parse().ok() } else { None }
    }

    /// The year, where it stands between number and symbol as in documents of the state's law.
    pub fn year(&self) -> Option<i16> {
        let mut parts = self.text.split('/');
        let year = parts.nth(1)?;
        let is_year = year.len() == 4 && is_figures(year) && parts.next().is_some();
        if is_year { year.parse().ok() } else { None }
    }

    /// What follows the number and year: `QĐ-UBND`.
    pub fn symbol(&self) -> Option<&str> {
        self.number()?;
        let skip = if self.year().is_some() { 3 } else { 2 };
        self.text.splitn(skip, '/').last()
    }

    /// By this two writings of one number are equal: `05/QĐ-UBND` and `5/QĐ-UBND`.
    pub fn key(&self) -> String {
        match self.text.split_once('/') {
            Some((number, rest)) if is_figures(number) => {
                let bare = number.trim_start_matches('0');
                format!("{}/{rest}", if bare.is_empty() { "0" } else { bare })
            }
            _ => self.text.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BadDocumentNumber, DocumentNumber};

    #[test]
    fn numbers_are_written_one_way() {
        for (text, written, number, year, symbol) in [
            ("45/QĐ-UBND", "45/QĐ-UBND", Some(45), None, Some("QĐ-UBND")),
            ("  Số: 45 / qđ – ubnd ", "45/QĐ-UBND", Some(45), None, Some("QĐ-UBND")),
            ("số 05/UBND-XNTTHN.", "05/UBND-XNTTHN", Some(5), None, Some("UBND-XNTTHN")),
            ("45/QÐ-UBND", "45/QĐ-UBND", Some(45), None, Some("QĐ-UBND")),
            ("01/2023/TT-VPCP", "01/2023/TT-VPCP", Some(1), Some(2023), Some("TT-VPCP")),
            ("12/2025", "12/2025", Some(12), None, Some("2025")),
            ("CS  00123", "CS 00123", None, None, None),
            ("41A8.012345", "41A8.012345", None, None, None),
        ] {
            let parsed: DocumentNumber = text.parse().expect(text);
            assert_eq!(parsed.as_str(), written);
            assert_eq!((parsed.number(), parsed.year(), parsed.symbol()), (number, year, symbol), "{text}");
            assert_eq!(written.parse::<DocumentNumber>(), Ok(parsed), "writing it again changes nothing");
        }
    }

    #[test]
    fn leading_zeros_do_not_make_another_number() {
        let key = |text: &str| text.parse::<DocumentNumber>().expect(text).key();
        assert_eq!(key("05/QĐ-UBND"), key("5/qđ-ubnd"));
        assert_ne!(key("50/QĐ-UBND"), key("5/QĐ-UBND"));
        assert_eq!(key("00/QĐ-UBND"), "0/QĐ-UBND");
    }

    #[test]
    fn what_is_no_number_says_why() {
        for (text, fault) in [
            ("", BadDocumentNumber::Empty),
            ("Số: ", BadDocumentNumber::Empty),
            ("45/<b>", BadDocumentNumber::Character { character: '<' }),
            ("QĐ-UBND", BadDocumentNumber::NoFigure { text: "QĐ-UBND".to_owned() }),
            ("45//QĐ", BadDocumentNumber::EmptyPart { text: "45//QĐ".to_owned() }),
            ("/QĐ1", BadDocumentNumber::EmptyPart { text: "/QĐ1".to_owned() }),
        ] {
            assert_eq!(text.parse::<DocumentNumber>(), Err(fault), "{text}");
        }
        assert_eq!("1".repeat(61).parse::<DocumentNumber>(), Err(BadDocumentNumber::TooLong));
        assert_eq!("1".repeat(1_000_000).parse::<DocumentNumber>(), Err(BadDocumentNumber::TooLong));
    }
}
