//! A result is drafted, signed, numbered and sealed, in that order, and what is signed stays as it is.

use super::{ResultPaper, ResultRefused, ResultState, Sealing, Slot};
use crate::code::DocumentNumber;
use crate::sample::{BINH, COMMITTEE, DOSSIER, ENTRY, HOA, HOLDER, RESULT, SCOPE, at, blob};
use jiff::civil::date;
use std::collections::BTreeMap;

fn slots() -> Vec<Slot> {
    vec![Slot { name: "chu-ky".to_owned(), page: 1, x: 300.0, y: 120.0, width: 180.0, height: 60.0 }]
}

fn answers() -> BTreeMap<String, String> {
    BTreeMap::from([("muc-dich".to_owned(), "kết hôn".to_owned())])
}

fn drafted() -> ResultPaper {
    ResultPaper {
        id: RESULT,
        version: 1,
        dossier: DOSSIER,
        owner: HOLDER,
        scope: SCOPE,
        result_type: "xac-nhan".to_owned(),
        state: ResultState::Drafted { pdf: blob('a'), slots: slots(), answers: answers(), drafted_by: HOA },
    }
}

fn number(text: &str) -> DocumentNumber {
    text.parse().expect("a number")
}

fn redraft(paper: ResultPaper) -> Result<ResultPaper, ResultRefused> {
    paper.redraft(blob('d'), slots(), BTreeMap::new(), HOA)
}

fn sign(paper: ResultPaper) -> Result<ResultPaper, ResultRefused> {
    paper.sign(&blob('a').sha256, blob('b'), BINH, at("2026-11-23T09:00"))
}

fn seal_as(paper: ResultPaper, text: &str) -> Result<ResultPaper, ResultRefused> {
    paper.seal(Sealing {
        pdf: blob('c'),
        number: number(text),
        issued_on: date(2026, 11, 23),
        by: HOA,
        agency: COMMITTEE,
        entry: ENTRY,
    })
}

fn signed() -> ResultPaper {
    sign(drafted()).expect("drafted, and read as it is")
}

fn numbered() -> ResultPaper {
    signed().number(number("45/UBND-XNTTHN")).expect("signed, without a number")
}

fn sealed() -> ResultPaper {
    seal_as(numbered(), "45/UBND-XNTTHN").expect("numbered")
}

#[test]
fn a_result_goes_from_draft_to_seal() {
    assert_eq!(
        sealed().state,
        ResultState::Sealed {
            pdf: blob('c'),
            number: "45/UBND-XNTTHN".to_owned(),
            issued_on: date(2026, 11, 23),
            signed_by: BINH,
            sealed_by: HOA,
            seal_of: COMMITTEE,
            entry: ENTRY,
        }
    );
}

#[test]
fn the_signer_signs_what_he_read() {
    let changed = redraft(drafted()).expect("a draft may be drafted again");
    assert_eq!(changed.state.pdf(), &blob('d'));
    assert_eq!(sign(changed).map(|paper| paper.state), Err(ResultRefused::ChangedSinceRead));
}

#[test]
fn a_paper_has_one_number_and_keeps_it() {
    let another = numbered().number(number("46/UBND-XNTTHN"));
    assert_eq!(another.map(|paper| paper.state), Err(ResultRefused::HasItsNumber));
    let sealed = seal_as(numbered(), "46/UBND-XNTTHN");
    assert_eq!(sealed.map(|paper| paper.state), Err(ResultRefused::HasItsNumber));
    // Giving the number does not touch the signed file.
    assert_eq!(numbered().state.pdf(), signed().state.pdf());
}

#[test]
fn each_state_refuses_what_is_not_its_turn() {
    let not_now = |kind| Err(ResultRefused::NotNow(kind));
    for (what, done, expected) in [
        ("number a draft", drafted().number(number("45/A")), not_now("drafted")),
        ("seal a draft", seal_as(drafted(), "45/A"), not_now("drafted")),
        ("draft a signed one", redraft(signed()), not_now("signed")),
        ("sign a signed one", sign(signed()), not_now("signed")),
        ("draft a sealed one", redraft(sealed()), not_now("sealed")),
        ("sign a sealed one", sign(sealed()), not_now("sealed")),
        ("number a sealed one", sealed().number(number("45/A")), not_now("sealed")),
        ("seal a sealed one", seal_as(sealed(), "45/UBND-XNTTHN"), not_now("sealed")),
    ] {
        assert_eq!(done.map(|paper| paper.state), expected, "{what}");
    }
}

/// As the first version knew it: what was signed was not kept.
fn without_draft(mut state: ResultState) -> ResultState {
    if let ResultState::Signed { draft, .. } = &mut state {
        *draft = None;
    }
    state
}

#[test]
fn results_of_the_first_version_still_open() {
    let id = "00000000-0000-0000-0000-0000000000";
    let pdf = |letter: &str| format!(r#""pdf":{{"sha256":"{}","bytes":1234}}"#, letter.repeat(64));
    let drawn = r#""slots":[{"name":"chu-ky","page":1,"x":300.0,"y":120.0,"width":180.0,"height":60.0}],
        "answers":{"muc-dich":"kết hôn"}"#;
    let by = format!(r#""signed_by":"{id}b2","signed_at":"2026-11-23T02:00:00Z""#);
    for (text, state) in [
        (format!(r#"{{"state":"drafted",{},{drawn},"drafted_by":"{id}b1"}}"#, pdf("a")), drafted().state),
        (
            format!(r#"{{"state":"signed",{},{drawn},{by},"number":null}}"#, pdf("b")),
            without_draft(signed().state),
        ),
        (
            format!(r#"{{"state":"signed",{},{drawn},{by},"number":"45/UBND-XNTTHN"}}"#, pdf("b")),
            without_draft(numbered().state),
        ),
        (
            format!(
                r#"{{"state":"sealed",{},"number":"45/UBND-XNTTHN","issued_on":"2026-11-23",
                    "signed_by":"{id}b2","sealed_by":"{id}b1","seal_of":"{id}a2","entry":"{id}e1"}}"#,
                pdf("c")
            ),
            sealed().state,
        ),
    ] {
        let opened: ResultState = serde_json::from_str(&text).expect(&text);
        assert_eq!(opened, state);
        let value: serde_json::Value = serde_json::from_str(&text).expect(&text);
        assert_eq!(serde_json::to_value(&state).expect("a state is written"), value);
        assert_eq!(value["state"], state.kind(), "the column and the tag are one word");
    }
}
