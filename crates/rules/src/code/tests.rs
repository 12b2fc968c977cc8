//! What holds for every code: no text breaks its parser, and what was read is written and read again as
//! the same value.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use proptest::prelude::{Strategy, prop_oneof, proptest};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{
    AgencyCode, DigitisationCode, DocumentNumber, DossierCode, DossierCodeFormat, FolderCode, OldIdNumber,
    OwnerNumber, PersonalId, ProcedureCode, TaxCode, TypeCode,
};

/// Text of the letters that codes are made of, text like real codes, and any text at all.
fn some_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9A-Z./-]{0,40}",
        "[0-9]{9,14}(-[0-9]{3})?",
        "(0[0-9]{2}[0-3][0-9]{8}|[0-9]{10})[.](KQ[.]G[0-9]{2}[.][0-9]{6}|[A-Z]{2,5}|[1-3][.][0-9]{6}[.]GKS)[.][0-9A-ZĐ/.-]{1,12}",
        "([A-Y][0-9]{2}([.][0-9]{1,3}){0,3}|([0-9]{3}[.][0-9]{2}[.][0-9]{2}[.])H[0-9]{2})-[0-9]{6}-[0-9]{1,6}",
        "[1-3][.][0-9]{6}[.0-9H]{0,14}",
        "[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]",
        "\\PC{0,30}",
    ]
}

fn reads_back<T>(text: &str)
where
    T: FromStr + Display + PartialEq + Debug + Serialize + DeserializeOwned,
    T::Err: Debug,
{
    let Ok(code) = text.parse::<T>() else { return };
    let written = code.to_string();
    assert_eq!(written.parse::<T>().expect("what was written is read"), code, "{text}");
    let json = serde_json::to_string(&code).expect("a code is text");
    assert_eq!(json, serde_json::to_string(&written).expect("text"), "{text}");
    assert_eq!(serde_json::from_str::<T>(&json).expect("a code is read from its text"), code);
}

proptest! {
    #[test]
    fn no_text_breaks_a_parser_and_what_is_read_reads_back(text in some_text()) {
        reads_back::<AgencyCode>(&text);
        reads_back::<DigitisationCode>(&text);
        reads_back::<DocumentNumber>(&text);
        reads_back::<DossierCode>(&text);
        reads_back::<FolderCode>(&text);
        reads_back::<OldIdNumber>(&text);
        reads_back::<OwnerNumber>(&text);
        reads_back::<PersonalId>(&text);
        reads_back::<ProcedureCode>(&text);
        reads_back::<TaxCode>(&text);
        reads_back::<TypeCode>(&text);
        reads_back::<TypeCode>(TypeCode::spelt(&text).as_str());
        assert!(text.parse::<DossierCodeFormat>().is_err());
        // These take the figures out of a code that was read; none may fail.
        if let Ok(code) = text.parse::<DossierCode>() {
            assert_eq!(code.agency().to_string(), code.as_str()[..code.agency().as_str().len()]);
            assert!(code.ordinal() > 0);
            assert!(code.as_str().ends_with(&format!("{:02}-{}", code.on().day(), code.as_str().rsplit('-').next().unwrap_or_default())));
        }
        if let Ok(code) = text.parse::<ProcedureCode>() {
            assert!(code.as_str().starts_with(code.to_national().as_str()));
            let _ = (code.publisher(), code.case_no());
        }
        let _ = crate::card::parse(&text.replace('.', "|"));
    }
}
