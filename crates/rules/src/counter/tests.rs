//! What the counter does with each component, and when an intake is complete.

use super::{
    DossierComponent, Incomplete, Mark, NotAllowed, Refusal, RefusalReason, Supply, mark, may_take_pages,
    shortcomings,
};
use crate::procedure::{AdmissibleForm, Case, Component, DigitisationClass, Required, Treatment};
use crate::sample::{ENTRY, UPLOAD, component, page};
use crate::scanning::{Arrangement, Edit};

/// The article read once more, in its own order: first what must not, then what must.
// law: TT01-2023-VPCP/4
fn by_the_article(form: AdmissibleForm, class: DigitisationClass) -> Treatment {
    let only_presented = form == AdmissibleForm::Shown;
    let paper_copy = [AdmissibleForm::Photocopy, AdmissibleForm::CertifiedCopy].contains(&form);
    let kept_off = [DigitisationClass::AlreadyShared, DigitisationClass::Secret, DigitisationClass::ByForm];
    if only_presented {
        Treatment::ShowOnly
    } else if paper_copy {
        Treatment::DoNotDigitise(DigitisationClass::ByForm)
    } else if kept_off.contains(&class) {
        Treatment::DoNotDigitise(class)
    } else {
        Treatment::Digitise(class)
    }
}

#[test]
fn form_and_class_decide_the_treatment() {
    let mut digitised = 0;
    for form in AdmissibleForm::ALL {
        for class in DigitisationClass::ALL {
            let treatment = component("giay", form, class).treatment();
            assert_eq!(treatment, by_the_article(form, class), "{form:?} {class:?}");
            digitised += usize::from(matches!(treatment, Treatment::Digitise(_)));
        }
    }
    assert_eq!(digitised, 8, "two forms of four classes, and nothing else, are scanned");
}

#[test]
fn the_electronic_certified_copy_is_digitised_and_the_paper_one_is_not() {
    let class = DigitisationClass::SectorLaw;
    for (form, digitised) in [
        (AdmissibleForm::Original, true),
        (AdmissibleForm::ElectronicCopy, true),
        (AdmissibleForm::CertifiedCopy, false),
        (AdmissibleForm::Photocopy, false),
        (AdmissibleForm::Shown, false),
    ] {
        assert_eq!(may_take_pages(&component("giay", form, class)).is_ok(), digitised, "{form:?}");
    }
}

fn scanned() -> Component {
    component("quet", AdmissibleForm::Original, DigitisationClass::Management)
}

fn shown() -> Component {
    component("xem", AdmissibleForm::Shown, DigitisationClass::ByForm)
}

fn on_paper() -> Component {
    component("chup", AdmissibleForm::Photocopy, DigitisationClass::ByForm)
}

fn secret() -> Component {
    component("mat", AdmissibleForm::Original, DigitisationClass::Secret)
}

#[test]
fn marks_are_allowed_by_the_treatment() {
    use NotAllowed::{IsKeptOnPaper, IsOnlyShown, IsRequired, MustBeDigitised};
    for (component, put, expected) in [
        (scanned(), Mark::Missing, Ok(Supply::Missing)),
        (scanned(), Mark::Shown, Err(MustBeDigitised)),
        (scanned(), Mark::OnPaper, Err(MustBeDigitised)),
        (scanned(), Mark::NotApplicable, Err(IsRequired)),
        (shown(), Mark::Missing, Ok(Supply::Missing)),
        (shown(), Mark::Shown, Ok(Supply::Shown)),
        (shown(), Mark::OnPaper, Err(IsOnlyShown)),
        (shown(), Mark::NotApplicable, Err(IsRequired)),
        (on_paper(), Mark::Missing, Ok(Supply::Missing)),
        (on_paper(), Mark::Shown, Err(IsKeptOnPaper)),
        (on_paper(), Mark::OnPaper, Ok(Supply::OnPaper)),
        (on_paper(), Mark::NotApplicable, Err(IsRequired)),
        (secret(), Mark::OnPaper, Ok(Supply::OnPaper)),
        (secret(), Mark::Shown, Err(IsKeptOnPaper)),
    ] {
        assert_eq!(mark(&component, put), expected, "{put:?} on {}", component.id);
    }
    for component in [scanned(), shown(), on_paper(), secret()] {
        let component = Component { required: Required::IfAny, ..component };
        assert_eq!(mark(&component, Mark::NotApplicable), Ok(Supply::NotApplicable), "{}", component.id);
    }
}

#[test]
fn pages_go_only_where_the_law_lets_them() {
    assert_eq!(may_take_pages(&scanned()), Ok(()));
    assert_eq!(may_take_pages(&shown()), Err(NotAllowed::IsOnlyShown));
    assert_eq!(may_take_pages(&on_paper()), Err(NotAllowed::IsKeptOnPaper));
    assert_eq!(may_take_pages(&secret()), Err(NotAllowed::IsKeptOnPaper));
}

fn pages(count: u128, sides: Option<u32>) -> Supply {
    let arrangement = Arrangement { sides, ..Arrangement::default().with_arrived((0..count).map(page)) };
    Supply::Pages { arrangement }
}

fn case(ids: &[&str]) -> Case {
    let component = |id: &&str| component(id, AdmissibleForm::Original, DigitisationClass::Management);
    Case {
        id: "truong-hop".to_owned(),
        name: "Trường hợp".to_owned(),
        components: ids.iter().map(component).collect(),
        channels: Vec::new(),
        result: "phep".to_owned(),
    }
}

fn brought(id: &str, supply: Supply) -> DossierComponent {
    DossierComponent { id: id.to_owned(), supply }
}

#[test]
fn everything_that_is_missing_is_said_at_once() {
    let case = case(&["thieu", "bo-het", "dem-sai", "chua-dem", "dang-mo", "chua-ghi", "du"]);
    let Supply::Pages { arrangement } = pages(1, Some(1)) else {
        unreachable!("pages are pages");
    };
    let emptied = arrangement.edit(Edit::Remove { page: page(0) }).expect("the page is there");
    let brought = [
        brought("thieu", Supply::Missing),
        brought("bo-het", Supply::Pages { arrangement: emptied }),
        brought("dem-sai", pages(3, Some(4))),
        brought("chua-dem", pages(2, None)),
        brought("dang-mo", Supply::Missing),
        brought("du", pages(2, Some(2))),
    ];
    let of = |id: &str| id.to_owned();
    assert_eq!(
        shortcomings(&case, &brought, |id| id == "dang-mo"),
        [
            Incomplete::Missing { component: of("thieu") },
            Incomplete::NoPages { component: of("bo-het") },
            Incomplete::SidesDiffer { component: of("dem-sai"), counted: 4, pages: 3 },
            Incomplete::SidesNotCounted { component: of("chua-dem") },
            Incomplete::StillOpening { component: of("dang-mo") },
            Incomplete::Missing { component: of("chua-ghi") },
        ]
    );
}

#[test]
fn each_way_of_supplying_completes_a_component() {
    let case = case(&["giay"]);
    for supply in [
        pages(2, Some(2)),
        Supply::SignedFile { upload: UPLOAD },
        Supply::Reused { entry: ENTRY },
        Supply::Shown,
        Supply::OnPaper,
        Supply::NotApplicable,
    ] {
        let kind = supply.kind();
        assert_eq!(shortcomings(&case, &[brought("giay", supply)], |_| false), [], "{kind}");
    }
}

#[test]
fn a_paper_the_applicant_may_not_have_is_not_missed() {
    let mut case = case(&["neu-co"]);
    case.components[0].required = Required::IfAny;
    assert_eq!(shortcomings(&case, &[], |_| false), []);
    // But what was brought of it is counted like all else.
    let wrong = shortcomings(&case, &[brought("neu-co", pages(1, Some(2)))], |_| false);
    assert_eq!(wrong.len(), 1);
}

#[test]
fn sides_are_reconciled_with_the_pages_that_stand() {
    // Three sides counted, three pages arrived; a page taken out is a side that is missing.
    let Supply::Pages { arrangement } = pages(3, Some(3)) else {
        unreachable!("pages are pages");
    };
    let two = arrangement.clone().edit(Edit::Remove { page: page(1) }).expect("the page is there");
    let (again, _) = two.clone().undo().expect("something was done");
    for (arrangement, complete) in [(arrangement, true), (two, false), (again, true)] {
        let faults =
            shortcomings(&case(&["giay"]), &[brought("giay", Supply::Pages { arrangement })], |_| false);
        assert_eq!(faults.is_empty(), complete, "{faults:?}");
    }
}

#[test]
fn supplies_and_refusals_of_the_first_version_still_open() {
    for (text, supply) in [
        (r#"{"supply":"missing"}"#, Supply::Missing),
        (
            r#"{"supply":"pages","arrangement":{"arrived":["00000000-0000-0000-0000-000000001000"],"edits":[{"edit":"rotate","page":"00000000-0000-0000-0000-000000001000"}],"sides":1}}"#,
            Supply::Pages {
                arrangement: Arrangement {
                    arrived: vec![page(0)],
                    edits: vec![Edit::Rotate { page: page(0) }],
                    sides: Some(1),
                },
            },
        ),
        (
            r#"{"supply":"signed_file","upload":"00000000-0000-0000-0000-000000000011"}"#,
            Supply::SignedFile { upload: UPLOAD },
        ),
        (
            r#"{"supply":"reused","entry":"00000000-0000-0000-0000-0000000000e1"}"#,
            Supply::Reused { entry: ENTRY },
        ),
        (r#"{"supply":"shown"}"#, Supply::Shown),
        (r#"{"supply":"on_paper"}"#, Supply::OnPaper),
        (r#"{"supply":"not_applicable"}"#, Supply::NotApplicable),
    ] {
        let opened: Supply = serde_json::from_str(text).expect(text);
        assert_eq!(opened, supply);
        let value: serde_json::Value = serde_json::from_str(text).expect(text);
        assert_eq!(serde_json::to_value(&supply).expect("a supply is written"), value);
        assert_eq!(value["supply"], supply.kind(), "the column and the tag are one word");
    }
    for (word, reason) in [
        ("not_competent", RefusalReason::NotCompetent),
        ("not_entitled", RefusalReason::NotEntitled),
        ("incomplete", RefusalReason::Incomplete),
        ("forged", RefusalReason::Forged),
        ("other", RefusalReason::Other),
    ] {
        let text = format!(r#"{{"reason":"{word}","explanation":"vì"}}"#);
        let opened: Refusal = serde_json::from_str(&text).expect(word);
        assert_eq!(opened, Refusal { reason, explanation: "vì".to_owned() });
        assert!(RefusalReason::ALL.contains(&reason), "{word} can be chosen");
    }
}
