//! Tax and enterprise codes (mã số thuế, mã số doanh nghiệp).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{BadPersonalId, PersonalId, is_figures, text_code};

/// `0100109106`, with a dependent unit `0100109106-001`, or a person's own number.
///
/// A household business or a person uses the personal id as tax code since 1 July 2025, so twelve
/// figures stand where ten or thirteen did.
// law: ND168-2025/5
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaxCode {
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTaxCode {
    #[error(
        "mã số thuế có 10 chữ số, 13 chữ số với đơn vị phụ thuộc, 12 chữ số với cá nhân; ở đây có {found}"
    )]
    Length { found: usize },
    #[error("mã số thuế chỉ gồm chữ số, có dấu gạch trước ba chữ số của đơn vị phụ thuộc")]
    NotFigures,
    #[error("mã số thuế không khớp chữ số kiểm tra; có chữ số gõ sai")]
    CheckFigure,
    #[error("đơn vị phụ thuộc được đánh số từ 001")]
    Unit,
    #[error("số định danh dùng làm mã số thuế không đúng: {0}")]
    Personal(#[from] BadPersonalId),
}

text_code!(TaxCode, BadTaxCode);

/// A tax code may be a personal number, so it is not shown whole in logs either.
impl std::fmt::Debug for TaxCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.personal_id() {
            Some(id) => write!(f, "TaxCode({id:?})"),
            None => write!(f, "TaxCode({})", self.text),
        }
    }
}

impl FromStr for TaxCode {
    type Err = BadTaxCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (base, unit) = match text.split_once('-') {
            Some((base, unit)) => (base, Some(unit)),
            None if text.len() == 13 && text.is_ascii() => (&text[..10], Some(&text[10..])),
            None => (text, None),
        };
        if !is_figures(base) || unit.is_some_and(|unit| !is_figures(unit)) {
            return Err(BadTaxCode::NotFigures);
        }
        match (base.len(), unit.map(str::len)) {
            (12, None) => return Ok(Self { text: base.parse::<PersonalId>()?.as_str().to_owned() }),
            (10, None | Some(3)) => {}
            (found, unit) => return Err(BadTaxCode::Length { found: found + unit.unwrap_or(0) }),
        }
        if check_figure(base) != base.bytes().last() {
            return Err(BadTaxCode::CheckFigure);
        }
        match unit {
            Some("000") => Err(BadTaxCode::Unit),
            Some(unit) => Ok(Self { text: format!("{base}-{unit}") }),
            None => Ok(Self { text: base.to_owned() }),
        }
    }
}

/// The tenth figure, from the nine before it; `None` where the sum has no figure, so that no such
/// number was ever given out.
fn check_figure(base: &str) -> Option<u8> {
    const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let sum: u32 = base.bytes().zip(WEIGHTS).map(|(figure, weight)| u32::from(figure - b'0') * weight).sum();
    let figure = 10 - sum % 11;
    u8::try_from(figure).ok().filter(|figure| *figure < 10).map(|figure| figure + b'0')
}

impl TaxCode {
    /// The personal number, where that is the tax code.
    pub fn personal_id(&self) -> Option<PersonalId> {
        (self.text.len() == 12).then(|| self.text.parse().ok())?
    }

    /// The enterprise without its dependent unit.
    pub fn enterprise(&self) -> &str {
        self.text.split('-').next().unwrap_or_default()
    }

    /// The number of the dependent unit, 1 to 999.
    pub fn unit(&self) -> Option<u16> {
        self.text.split_once('-')?.1.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{BadTaxCode, TaxCode};
    use crate::code::BadPersonalId;

    #[test]
    fn the_three_lengths_are_read() {
        for (text, written, unit) in [
            ("0100109106", "0100109106", None),
            (" 0100109106-001 ", "0100109106-001", Some(1)),
            ("0100109106999", "0100109106-999", Some(999)),
            ("001090012345", "001090012345", None),
        ] {
            let code: TaxCode = text.parse().expect(text);
            assert_eq!((code.as_str(), code.unit()), (written, unit));
            assert_eq!(code.personal_id().is_some(), written.len() == 12);
        }
    }

    #[test]
    fn every_single_mistyped_figure_is_found() {
        let right = "0100109106";
        for at in 0..10 {
            for figure in '0'..='9' {
                let mut wrong: Vec<char> = right.chars().collect();
                wrong[at] = figure;
                let wrong: String = wrong.into_iter().collect();
                assert_eq!(wrong.parse::<TaxCode>().is_ok(), wrong == right, "{wrong}");
            }
        }
    }

    #[test]
    fn wrong_codes_say_why() {
        for (text, fault) in [
            ("", BadTaxCode::NotFigures),
            ("010010910", BadTaxCode::Length { found: 9 }),
            ("0100109106-01", BadTaxCode::Length { found: 12 }),
            ("01001O9106", BadTaxCode::NotFigures),
            ("0100109106-000", BadTaxCode::Unit),
            ("0100109107", BadTaxCode::CheckFigure),
            ("999090012345", BadTaxCode::Personal(BadPersonalId::Place { code: 999 })),
        ] {
            assert_eq!(text.parse::<TaxCode>(), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_number_without_a_check_figure_was_never_given_out() {
        for last in 0..10 {
            assert_eq!(format!("000000000{last}").parse::<TaxCode>(), Err(BadTaxCode::CheckFigure));
        }
    }

    #[test]
    fn debug_does_not_tell_a_persons_number() {
        let code: TaxCode = "001090012345".parse().expect("sample");
        assert!(!format!("{code:?}").contains("001090012345"));
    }
}
