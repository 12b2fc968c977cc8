//! Codes of procedures: the national one, and the longer forms in which provinces publish it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{AgencyCode, is_figures, text_code};

/// `1.004873`, or with the agency that published it `1.012781.H19`, `2.000815.000.00.00.H55`, or with
/// the case of an online service `2.000815.000.00.00.H55.02`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProcedureCode {
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadProcedureCode {
    #[error("“{text}” không phải mã thủ tục; mã thủ tục có dạng 1.004873")]
    National { text: String },
    #[error("phần cuối của mã thủ tục “{text}” không phải mã cơ quan, cũng không phải mã trường hợp")]
    Tail { text: String },
}

text_code!(ProcedureCode, BadProcedureCode);

/// Length of the national part.
const NATIONAL: usize = 8;

impl FromStr for ProcedureCode {
    type Err = BadProcedureCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_ascii_uppercase();
        let shown = || text.chars().take(48).collect::<String>();
        let national = text.get(..NATIONAL).filter(|part| is_national(part));
        if national.is_none() {
            return Err(BadProcedureCode::National { text: shown() });
        }
        match split_tail(&text[NATIONAL..]) {
            Some(_) => Ok(Self { text }),
            None => Err(BadProcedureCode::Tail { text: shown() }),
        }
    }
}

fn is_national(part: &str) -> bool {
    let bytes = part.as_bytes();
    matches!(bytes[0], b'1'..=b'9') && bytes[1] == b'.' && is_figures(&part[2..])
}

/// Publisher and case after the national part. The short form names a ministry or province alone, so
/// a group of two figures after it is a case and not a department.
fn split_tail(tail: &str) -> Option<(Option<&str>, Option<u8>)> {
    if tail.is_empty() {
        return Some((None, None));
    }
    let tail = tail.strip_prefix('.')?;
    let (publisher, case) = match tail.rsplit_once('.') {
        Some((before, last)) if last.len() == 2 && is_figures(last) => (before, Some(last.parse().ok()?)),
        _ => (tail, None),
    };
    publisher.parse::<AgencyCode>().ok()?;
    Some((Some(publisher), case))
}

impl ProcedureCode {
    /// The national code alone, by which two forms are the same procedure.
    pub fn national(&self) -> &str {
        &self.text[..NATIONAL]
    }

    /// The national code as a code of its own.
    #[must_use]
    pub fn to_national(&self) -> Self {
        Self { text: self.national().to_owned() }
    }

    /// The agency that published this form.
    pub fn publisher(&self) -> Option<AgencyCode> {
        let (publisher, _) = split_tail(&self.text[NATIONAL..])?;
        publisher?.parse().ok()
    }

    /// The number of the case, in the codes of online services.
    pub fn case_no(&self) -> Option<u8> {
        split_tail(&self.text[NATIONAL..])?.1
    }

    /// Whether both codes name the same national procedure.
    pub fn is_same_procedure(&self, other: &Self) -> bool {
        self.national() == other.national()
    }
}

#[cfg(test)]
mod tests {
    use super::{BadProcedureCode, ProcedureCode};

    #[test]
    fn every_form_in_live_data_is_read() {
        for (text, national, publisher, case) in [
            ("1.004873", "1.004873", None, None),
            (" 3.000333 ", "3.000333", None, None),
            ("1.012781.H19", "1.012781", Some("H19"), None),
            ("1.012781.h19.02", "1.012781", Some("H19"), Some(2)),
            ("2.000815.000.00.00.H55", "2.000815", Some("000.00.00.H55"), None),
            ("2.000815.000.00.00.H55.02", "2.000815", Some("000.00.00.H55"), Some(2)),
        ] {
            let code: ProcedureCode = text.parse().expect(text);
            assert_eq!(code.national(), national);
            assert_eq!(code.publisher().map(String::from).as_deref(), publisher, "{text}");
            assert_eq!(code.case_no(), case, "{text}");
        }
        let (long, short): (ProcedureCode, ProcedureCode) =
            ("2.000815.000.00.00.H55".parse().expect("sample"), "2.000815".parse().expect("sample"));
        assert!(long.is_same_procedure(&short) && long != short);
    }

    #[test]
    fn what_is_no_procedure_code_says_so() {
        for text in ["", "1004873", "0.004873", "1.04873", "1.00487a", "1,004873", "１.004873"] {
            assert!(
                matches!(text.parse::<ProcedureCode>(), Err(BadProcedureCode::National { .. })),
                "{text}"
            );
        }
        for text in
            ["1.0048731", "1.004873.", "1.004873.19", "1.004873.H1", "1.004873.H19.2", "1.004873..H19"]
        {
            let parsed = text.parse::<ProcedureCode>();
            let is_agency_of_two_levels = text == "1.004873.H19.2";
            assert_eq!(parsed.is_ok(), is_agency_of_two_levels, "{text}");
        }
    }
}
