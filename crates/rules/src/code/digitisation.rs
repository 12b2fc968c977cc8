//! The code a digitised paper gets (mã kết quả số hóa), for results and for components.
//!
//! It carries its owner's number, so it is never used in URLs, logs or file names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{
    BadDocumentNumber, BadOwnerNumber, DocumentNumber, OwnerNumber, PersonalId, ProcedureCode,
    is_capitals_or_figures, is_figures,
};
use crate::text::fold;

/// `{owner}.{result type}.{number and symbol}[.NN]` for a result, and
/// `{owner}.{procedure}.{paper type}.NN` for a component.
// law: TT01-2023-VPCP/7
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DigitisationCode {
    owner: OwnerNumber,
    what: DigitisedWhat,
    copy: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DigitisedWhat {
    Result { result_type: TypeCode, number: DocumentNumber },
    Component { procedure: ProcedureCode, paper_type: TypeCode },
}

/// The code of a kind of paper or of result: the national catalogue's three groups (`KQ.G15.000018`),
/// or one group of our own (`XNTTHN`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TypeCode {
    text: String,
}

super::text_code!(TypeCode, BadDigitisationCode);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadDigitisationCode {
    #[error("mã số hóa gồm số của chủ giấy tờ, mã loại và số hiệu, cách nhau bằng dấu chấm")]
    Shape,
    #[error("số của chủ giấy tờ trong mã số hóa không đúng: {0}")]
    Owner(#[from] BadOwnerNumber),
    #[error("“{text}” không phải mã loại giấy tờ")]
    Type { text: String },
    #[error("số, ký hiệu trong mã số hóa không đúng: {0}")]
    Number(#[from] BadDocumentNumber),
    #[error("số thứ tự cuối mã số hóa không đúng")]
    Copy,
}

const MAX_TYPE_CHARS: usize = 35;

impl FromStr for TypeCode {
    type Err = BadDigitisationCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().to_ascii_uppercase();
        let groups: Vec<&str> = text.split('.').collect();
        let one = |group: &str| is_capitals_or_figures(&group.replace('-', "0"));
        let sound = text.len() <= MAX_TYPE_CHARS
            && match groups.as_slice() {
                [own] => one(own) && own.contains(|c: char| c.is_ascii_uppercase()),
                groups => is_national(groups),
            };
        if sound { Ok(Self { text }) } else { Err(BadDigitisationCode::Type { text: shorten(&text) }) }
    }
}

/// Two capitals, the publishing ministry or province, six figures.
fn is_national(groups: &[&str]) -> bool {
    matches!(groups, [kind, publisher, number]
        if kind.len() == 2 && kind.bytes().all(|b| b.is_ascii_uppercase())
            && publisher.len() == 3 && is_capitals_or_figures(publisher)
            && number.len() == 6 && is_figures(number))
}

fn shorten(text: &str) -> String {
    text.chars().take(MAX_TYPE_CHARS).collect()
}

impl TypeCode {
    /// The code that a text comes to when it is no code yet: capitals and figures without accents,
    /// other characters as one dash. A catalogue's own code stays as it is.
    pub fn spelt(text: &str) -> Self {
        if let Ok(code) = text.parse() {
            return code;
        }
        let folded = fold(text).to_ascii_uppercase();
        let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let mut spelt = String::new();
        for word in words {
            let dash = usize::from(!spelt.is_empty());
            let room = MAX_TYPE_CHARS.saturating_sub(spelt.len() + dash);
            if room > 0 {
                spelt.push_str(&"-"[..dash]);
                spelt.push_str(&word[..word.len().min(room)]);
            }
        }
        if !spelt.contains(|c: char| c.is_ascii_uppercase()) {
            spelt = format!("KHAC-{spelt}").trim_end_matches('-').chars().take(MAX_TYPE_CHARS).collect();
        }
        Self { text: spelt }
    }
}

impl DigitisationCode {
    /// The code of a result. `copy` counts further results with the same number, from 1 to 99.
    ///
    /// A number that itself ends in a dot and two figures always gets a counter, so that the code can
    /// be read back one way only.
    pub fn of_result(
        owner: OwnerNumber,
        result_type: TypeCode,
        number: DocumentNumber,
        copy: Option<u32>,
    ) -> Result<Self, BadDigitisationCode> {
        let looks_counted = split_copy(number.as_str()).1.is_some();
        let copy = copy.or(looks_counted.then_some(1));
        if copy.is_some_and(|copy| !(1..=99).contains(&copy)) {
            return Err(BadDigitisationCode::Copy);
        }
        Ok(Self { owner, what: DigitisedWhat::Result { result_type, number }, copy })
    }

    /// The code of a component; `copy` counts papers of this type, from 1 (0 is taken as 1), and may
    /// grow past 99.
    pub fn of_component(
        owner: OwnerNumber,
        procedure: &ProcedureCode,
        paper_type: TypeCode,
        copy: u32,
    ) -> Self {
        // Without its publisher: the code must not change with the form in which a province prints it.
        let procedure = procedure.to_national();
        Self { owner, what: DigitisedWhat::Component { procedure, paper_type }, copy: Some(copy.max(1)) }
    }

    /// As [`DigitisationCode::of_component`], for a person's paper whose type is known by its text.
    pub fn component(owner: &PersonalId, procedure: &ProcedureCode, paper_type: &str, copy: u32) -> Self {
        Self::of_component(OwnerNumber::Person(owner.clone()), procedure, TypeCode::spelt(paper_type), copy)
    }

    pub fn owner(&self) -> &OwnerNumber {
        &self.owner
    }

    pub fn what(&self) -> &DigitisedWhat {
        &self.what
    }

    pub fn copy(&self) -> Option<u32> {
        self.copy
    }

    /// The same paper's code with the next counter, for a duplicate.
    pub fn next_copy(&self) -> Result<Self, BadDigitisationCode> {
        let copy = self.copy.unwrap_or(0).checked_add(1).ok_or(BadDigitisationCode::Copy)?;
        match &self.what {
            DigitisedWhat::Result { .. } if copy > 99 => Err(BadDigitisationCode::Copy),
            _ => Ok(Self { copy: Some(copy), ..self.clone() }),
        }
    }
}

impl fmt::Display for DigitisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            DigitisedWhat::Result { result_type, number } => {
                write!(f, "{}.{result_type}.{number}", self.owner)?;
            }
            DigitisedWhat::Component { procedure, paper_type } => {
                write!(f, "{}.{procedure}.{paper_type}", self.owner)?;
            }
        }
        self.copy.map_or(Ok(()), |copy| write!(f, ".{copy:02}"))
    }
}

/// The owner's number must not get into logs.
impl fmt::Debug for DigitisationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigitisationCode")
            .field("owner", &self.owner)
            .field("what", &self.what)
            .field("copy", &self.copy)
            .finish()
    }
}

impl FromStr for DigitisationCode {
    type Err = BadDigitisationCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (owner, rest) = text.trim().split_once('.').ok_or(BadDigitisationCode::Shape)?;
        let owner: OwnerNumber = owner.parse()?;
        let after_procedure = rest.get(..8).and_then(|code| code.parse::<ProcedureCode>().ok());
        if let Some(procedure) = after_procedure
            && let Some(rest) = rest[8..].strip_prefix('.')
        {
            let (paper_type, copy) = rest.rsplit_once('.').ok_or(BadDigitisationCode::Copy)?;
            let counted = is_figures(copy) && copy.len() >= 2 && (copy.len() == 2 || !copy.starts_with('0'));
            let copy = copy.parse().ok().filter(|copy| counted && *copy > 0);
            let copy = copy.ok_or(BadDigitisationCode::Copy)?;
            return Ok(Self::of_component(owner, &procedure, paper_type.parse()?, copy));
        }
        let (result_type, rest) = split_type(rest)?;
        let (number, copy) = split_copy(rest);
        if copy == Some(0) {
            return Err(BadDigitisationCode::Copy);
        }
        Ok(Self { owner, what: DigitisedWhat::Result { result_type, number: number.parse()? }, copy })
    }
}

/// Three groups where they are a national code, else one.
fn split_type(text: &str) -> Result<(TypeCode, &str), BadDigitisationCode> {
    let dots: Vec<usize> = text.match_indices('.').map(|(at, _)| at).take(3).collect();
    let candidates = [dots.get(2), dots.first()].into_iter().flatten();
    for at in candidates {
        if let Ok(code) = text[..*at].parse::<TypeCode>() {
            return Ok((code, &text[at + 1..]));
        }
    }
    if dots.is_empty() {
        return Err(BadDigitisationCode::Shape);
    }
    Err(BadDigitisationCode::Type { text: shorten(text) })
}

/// A last group of two figures, where something stands before it, is the counter.
fn split_copy(text: &str) -> (&str, Option<u32>) {
    match text.rsplit_once('.') {
        Some((before, last)) if last.len() == 2 && is_figures(last) && !before.is_empty() => {
            (before, last.parse().ok())
        }
        _ => (text, None),
    }
}

impl TryFrom<String> for DigitisationCode {
    type Error = BadDigitisationCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DigitisationCode> for String {
    fn from(code: DigitisationCode) -> Self {
        code.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{BadDigitisationCode, DigitisationCode, DigitisedWhat, TypeCode};

    fn result(
        result_type: &str,
        number: &str,
        copy: Option<u32>,
    ) -> Result<DigitisationCode, BadDigitisationCode> {
        let owner = "001090012345".parse().expect("sample");
        DigitisationCode::of_result(owner, result_type.parse()?, number.parse()?, copy)
    }

    #[test]
    fn results_are_written_and_read_back() {
        for (result_type, number, copy, text) in [
            ("XNTTHN", "45/UBND-XNTTHN", None, "001090012345.XNTTHN.45/UBND-XNTTHN"),
            ("XNTTHN", "45/UBND-XNTTHN", Some(2), "001090012345.XNTTHN.45/UBND-XNTTHN.02"),
            ("KQ.G15.000018", "01/2023/QĐ-UBND", None, "001090012345.KQ.G15.000018.01/2023/QĐ-UBND"),
            ("GCN", "CS.12345", None, "001090012345.GCN.CS.12345"),
            ("GCN", "CS.12", None, "001090012345.GCN.CS.12.01"),
            ("GKS", "45", None, "001090012345.GKS.45"),
        ] {
            let code = result(result_type, number, copy).expect(text);
            assert_eq!(code.to_string(), text);
            assert_eq!(text.parse::<DigitisationCode>(), Ok(code), "{text}");
        }
    }

    #[test]
    fn components_are_written_and_read_back() {
        let owner = "0100109106-001".parse().expect("sample");
        let procedure = "1.004873.H56".parse().expect("sample");
        let paper_type: TypeCode = "QDLH".parse().expect("sample");
        let code = DigitisationCode::of_component(owner, &procedure, paper_type, 1);
        assert_eq!(code.to_string(), "0100109106-001.1.004873.QDLH.01");
        assert_eq!(code.to_string().parse::<DigitisationCode>(), Ok(code.clone()));
        assert!(matches!(code.what(), DigitisedWhat::Component { .. }));
        assert_eq!(code.next_copy().map(|code| code.copy()), Ok(Some(2)));

        let person = "001090012345".parse().expect("sample");
        let many = DigitisationCode::component(&person, &procedure, "Giấy chứng sinh", 100);
        assert_eq!(many.to_string(), "001090012345.1.004873.GIAY-CHUNG-SINH.100");
        assert_eq!(many.to_string().parse::<DigitisationCode>(), Ok(many));
        let national = DigitisationCode::component(&person, &procedure, "TP.G15.000034", 7);
        assert_eq!(national.to_string(), "001090012345.1.004873.TP.G15.000034.07");
        assert_eq!(national.to_string().parse::<DigitisationCode>(), Ok(national));
    }

    #[test]
    fn any_text_comes_to_a_type_that_reads_back() {
        for (text, spelt) in [
            ("XNTTHN", "XNTTHN"),
            ("Giấy chứng sinh", "GIAY-CHUNG-SINH"),
            ("12", "KHAC-12"),
            ("…", "KHAC"),
            ("", "KHAC"),
            ("Một tên giấy tờ rất dài không ai gọi hết", "MOT-TEN-GIAY-TO-RAT-DAI-KHONG-AI-GO"),
            ("1234567890123456789012345678901234567890", "KHAC-123456789012345678901234567890"),
        ] {
            let code = TypeCode::spelt(text);
            assert_eq!(code.as_str(), spelt);
            assert_eq!(spelt.parse::<TypeCode>(), Ok(code));
        }
    }

    #[test]
    fn what_is_no_code_says_which_part_is_wrong() {
        let bad = |text: &str| text.parse::<DigitisationCode>().expect_err(text);
        assert_eq!(bad("001090012345"), BadDigitisationCode::Shape);
        assert_eq!(bad("001090012345.XNTTHN"), BadDigitisationCode::Shape);
        assert!(matches!(bad("999090012345.XNTTHN.45/A"), BadDigitisationCode::Owner(_)));
        assert!(matches!(bad("001090012345.xác nhận.45/A"), BadDigitisationCode::Type { .. }));
        assert!(matches!(bad("001090012345.XNTTHN./A"), BadDigitisationCode::Number(_)));
        assert_eq!(bad("001090012345.1.004873.QDLH"), BadDigitisationCode::Copy);
        for wrong in ["00", "1", "001", "x1", "99999999999"] {
            assert_eq!(
                bad(&format!("001090012345.1.004873.QDLH.{wrong}")),
                BadDigitisationCode::Copy,
                "{wrong}"
            );
        }
        let last = result("XNTTHN", "45/A", Some(99)).expect("sample");
        assert_eq!(last.next_copy(), Err(BadDigitisationCode::Copy));
        assert_eq!(result("XNTTHN", "45/A", Some(100)), Err(BadDigitisationCode::Copy));
    }

    #[test]
    fn debug_does_not_tell_the_owners_number() {
        let code = result("XNTTHN", "45/A", None).expect("sample");
        assert!(!format!("{code:?}").contains("001090012345"));
    }

    #[test]
    fn types_are_one_group_of_ours_or_three_of_the_nation() {
        for (text, is_type) in [
            ("XNTTHN", true),
            ("gks", true),
            ("CT-01", true),
            ("KQ.G15.000018", true),
            ("KQ.G15.18", false),
            ("123", false),
            ("A.B", false),
            ("", false),
        ] {
            assert_eq!(text.parse::<TypeCode>().is_ok(), is_type, "{text}");
        }
    }
}
