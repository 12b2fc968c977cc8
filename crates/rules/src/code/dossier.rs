//! The code of a dossier: the receiving agency, the day, and the ordinal of that day.

use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{AgencyCode, BadAgencyCode, is_figures, text_code};

/// `000.00.15.H56-230105-0007`, or with the newer agency codes `H56.15.3-260303-0012`.
// law: ND61-2018/26
// law: TT01-2018-VPCP/19
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DossierCode {
    text: String,
}

/// How the code is written. The law's order is agency, day, ordinal; what a circular may change
/// without us is the length of the year and of the ordinal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DossierCodeFormat {
    year_figures: u8,
    ordinal_figures: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadDossierCode {
    #[error("“{text}” không phải mã hồ sơ; mã hồ sơ có dạng mã cơ quan-ngày nhận-số thứ tự")]
    Shape { text: String },
    #[error("mã cơ quan trong mã hồ sơ không đúng: {0}")]
    Agency(#[from] BadAgencyCode),
    #[error("“{text}” trong mã hồ sơ không phải ngày (năm, tháng, ngày, mỗi phần hai chữ số)")]
    Day { text: String },
    #[error("“{text}” trong mã hồ sơ không phải số thứ tự (từ 0001)")]
    Ordinal { text: String },
    #[error("“{text}” không phải mẫu mã hồ sơ; mẫu thường dùng là {usual}", usual = USUAL)]
    Format { text: String },
}

/// Figures an ordinal is written with at least.
const ORDINAL_FIGURES: std::ops::RangeInclusive<u8> = 4..=8;
const USUAL: &str = "{agency}-{yymmdd}-{ordinal:4}";
/// More figures than any day needs; keeps hostile text from growing numbers.
const MAX_ORDINAL_FIGURES: usize = 9;

text_code!(DossierCode, BadDossierCode);

impl FromStr for DossierCode {
    type Err = BadDossierCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_ascii_uppercase();
        let (agency, day, ordinal) =
            split(&text).ok_or_else(|| BadDossierCode::Shape { text: text.chars().take(64).collect() })?;
        agency.parse::<AgencyCode>()?;
        parse_day(day).ok_or_else(|| BadDossierCode::Day { text: day.to_owned() })?;
        let sound = is_figures(ordinal) && (4..=MAX_ORDINAL_FIGURES).contains(&ordinal.len());
        if !sound || ordinal.bytes().all(|b| b == b'0') {
            return Err(BadDossierCode::Ordinal { text: ordinal.to_owned() });
        }
        Ok(Self { text })
    }
}

fn split(text: &str) -> Option<(&str, &str, &str)> {
    let (rest, ordinal) = text.rsplit_once('-')?;
    let (agency, day) = rest.rsplit_once('-')?;
    Some((agency, day, ordinal))
}

fn parse_day(text: &str) -> Option<Date> {
    if !is_figures(text) {
        return None;
    }
    let (year, rest) = match text.len() {
        6 => (2000 + text[..2].parse::<i16>().ok()?, &text[2..]),
        8 => (text[..4].parse().ok()?, &text[4..]),
        _ => return None,
    };
    Date::new(year, rest[..2].parse().ok()?, rest[2..].parse().ok()?).ok()
}

impl DossierCode {
    /// The code of the `ordinal`th dossier that `agency` received on `on`, in the usual format.
    ///
    /// Ordinals are given at reception, one after the other, in the transaction that receives; after
    /// 9999 the code grows.
    pub fn new(agency: &AgencyCode, on: Date, ordinal: u32) -> Result<Self, BadDossierCode> {
        DossierCodeFormat::default().code(agency, on, ordinal)
    }

    /// The agency that received the dossier.
    pub fn agency(&self) -> AgencyCode {
        let (agency, _, _) = split(&self.text).expect("parsed when the code was made");
        agency.parse().expect("parsed when the code was made")
    }

    /// The day it was received.
    pub fn on(&self) -> Date {
        let (_, day, _) = split(&self.text).expect("parsed when the code was made");
        parse_day(day).expect("parsed when the code was made")
    }

    /// The ordinal of that day, from 1.
    pub fn ordinal(&self) -> u32 {
        let (_, _, ordinal) = split(&self.text).expect("parsed when the code was made");
        ordinal.parse().expect("at most nine figures")
    }
}

impl Default for DossierCodeFormat {
    fn default() -> Self {
        Self { year_figures: 2, ordinal_figures: 4 }
    }
}

impl DossierCodeFormat {
    /// Every way of writing a code, the usual one first.
    pub fn all() -> impl Iterator<Item = Self> {
        let of_year =
            |year_figures| ORDINAL_FIGURES.map(move |ordinal_figures| Self { year_figures, ordinal_figures });
        [2, 4].into_iter().flat_map(of_year)
    }

    /// Figures of the day, and the least of the ordinal.
    pub fn figures(self) -> (u8, u8) {
        (self.year_figures + 4, self.ordinal_figures)
    }

    pub fn code(self, agency: &AgencyCode, on: Date, ordinal: u32) -> Result<DossierCode, BadDossierCode> {
        let day = if self.year_figures == 2 {
            format!("{:02}{:02}{:02}", on.year().rem_euclid(100), on.month(), on.day())
        } else {
            format!("{:04}{:02}{:02}", on.year(), on.month(), on.day())
        };
        let width = usize::from(self.ordinal_figures);
        format!("{agency}-{day}-{ordinal:0>width$}").parse()
    }
}

impl FromStr for DossierCodeFormat {
    type Err = BadDossierCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadDossierCode::Format { text: text.chars().take(64).collect() };
        let rest = text.strip_prefix("{agency}-").ok_or_else(bad)?;
        let (day, ordinal) = rest.split_once('-').ok_or_else(bad)?;
        let year_figures = match day {
            "{yymmdd}" => 2,
            "{yyyymmdd}" => 4,
            _ => return Err(bad()),
        };
        let figures = ordinal.strip_prefix("{ordinal:").and_then(|rest| rest.strip_suffix('}'));
        let ordinal_figures = figures.and_then(|n| n.parse().ok()).filter(|n| ORDINAL_FIGURES.contains(n));
        Ok(Self { year_figures, ordinal_figures: ordinal_figures.ok_or_else(bad)? })
    }
}

impl TryFrom<String> for DossierCodeFormat {
    type Error = BadDossierCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DossierCodeFormat> for String {
    fn from(format: DossierCodeFormat) -> Self {
        let day = if format.year_figures == 2 { "{yymmdd}" } else { "{yyyymmdd}" };
        format!("{{agency}}-{day}-{{ordinal:{}}}", format.ordinal_figures)
    }
}

#[cfg(test)]
mod tests {
    use super::{AgencyCode, BadDossierCode, DossierCode, DossierCodeFormat};
    use jiff::civil::date;

    #[test]
    fn codes_are_made_and_read_in_both_agency_orders() {
        for (agency, on, ordinal, text) in [
            ("000.00.15.H56", date(2023, 1, 5), 7, "000.00.15.H56-230105-0007"),
            ("H56.15.3", date(2026, 3, 3), 12, "H56.15.3-260303-0012"),
            ("H56.15.3", date(2026, 3, 3), 9_999, "H56.15.3-260303-9999"),
            ("H56.15.3", date(2026, 3, 3), 10_000, "H56.15.3-260303-10000"),
        ] {
            let agency: AgencyCode = agency.parse().expect("sample");
            let code = DossierCode::new(&agency, on, ordinal).expect("sample");
            assert_eq!(code.as_str(), text);
            let read: DossierCode = text.parse().expect("sample");
            assert_eq!((read.agency(), read.on(), read.ordinal()), (agency, on, ordinal));
        }
    }

    #[test]
    fn every_way_of_writing_comes_back_from_its_text() {
        let all: Vec<DossierCodeFormat> = DossierCodeFormat::all().collect();
        assert_eq!((all.len(), all[0]), (10, DossierCodeFormat::default()));
        for format in all {
            assert_eq!(String::from(format).parse(), Ok(format));
            assert!(matches!(format.figures(), (6 | 8, 4..=8)));
        }
    }

    #[test]
    fn a_wrong_code_says_which_part_is_wrong() {
        let bad = |text: &str| text.parse::<DossierCode>().expect_err(text);
        assert!(matches!(bad("H56.15.3"), BadDossierCode::Shape { .. }));
        assert!(matches!(bad("H56.15.3-0012"), BadDossierCode::Shape { .. }));
        assert!(matches!(bad("15.3-260303-0012"), BadDossierCode::Agency(_)));
        assert!(matches!(bad("H56.15.3-260230-0012"), BadDossierCode::Day { .. }));
        assert!(matches!(bad("H56.15.3-2603-0012"), BadDossierCode::Day { .. }));
        assert!(matches!(bad("H56.15.3-26ăâ3-0012"), BadDossierCode::Day { .. }));
        assert!(matches!(bad("H56.15.3-260303-12"), BadDossierCode::Ordinal { .. }));
        assert!(matches!(bad("H56.15.3-260303-0000"), BadDossierCode::Ordinal { .. }));
        assert!(matches!(bad("H56.15.3-260303-9999999999"), BadDossierCode::Ordinal { .. }));
        let agency: AgencyCode = "H56".parse().expect("sample");
        assert!(DossierCode::new(&agency, date(2026, 3, 3), 0).is_err());
    }

    #[test]
    fn the_format_is_data() {
        let agency: AgencyCode = "H56.15".parse().expect("sample");
        let format: DossierCodeFormat = "{agency}-{yyyymmdd}-{ordinal:6}".parse().expect("sample");
        let code = format.code(&agency, date(2026, 11, 21), 42).expect("sample");
        assert_eq!(code.as_str(), "H56.15-20261121-000042");
        assert_eq!((code.on(), code.ordinal()), (date(2026, 11, 21), 42));
        assert_eq!(String::from(format), "{agency}-{yyyymmdd}-{ordinal:6}");
        for text in [
            "",
            "{agency}",
            "{agency}-{ddmmyy}-{ordinal:4}",
            "{agency}-{yymmdd}-{ordinal:3}",
            "{ordinal:4}-{yymmdd}",
        ] {
            assert!(text.parse::<DossierCodeFormat>().is_err(), "{text}");
        }
    }
}
