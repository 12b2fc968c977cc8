//! `procedures/`: every revision is publishable, and reuse can be computed across procedures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::civil::date;
use rules::calendar::Limit;
use rules::code::TypeCode;
use rules::procedure::{
    AdmissibleForm, AgencyRule, Channel, Custody, DigitisationClass, Procedure, StepTask, Treatment, bpmn,
    portable,
};
use rules::text::{fold, nfc};

use crate::{folder, read, toml_files};

fn all() -> Vec<(PathBuf, Procedure)> {
    let read_one = |file: &(PathBuf, String)| (file.0.clone(), read::<Procedure>(file));
    toml_files(&folder("procedures")).iter().map(read_one).collect()
}

fn on(code: &str) -> Procedure {
    let today = date(2026, 11, 21);
    let mut found = all().into_iter().map(|(_, procedure)| procedure);
    found
        .find(|procedure| procedure.code.as_str() == code && procedure.is_valid_on(today))
        .unwrap_or_else(|| panic!("procedure {code} is in force"))
}

#[test]
fn every_revision_may_be_published() {
    for (path, procedure) in all() {
        let faults: Vec<String> = procedure.faults().iter().map(ToString::to_string).collect();
        assert!(faults.is_empty(), "{}: {faults:?}", path.display());
        let name = format!("{}/{}.toml", procedure.code, procedure.revision);
        assert!(path.ends_with(&name), "{} holds {name}", path.display());
        assert!(!procedure.notes.is_empty(), "{name} says how sure it is");
    }
}

#[test]
fn every_revision_survives_its_portable_file_and_its_drawing() {
    for (path, procedure) in all() {
        let file = portable::write(&procedure);
        let drawing = bpmn::write(&procedure.name, &procedure.process);
        assert_eq!(bpmn::read(drawing.as_bytes()).as_ref(), Ok(&procedure.process), "{}", path.display());
        assert_eq!(portable::read(file.as_bytes()), Ok(procedure), "{}", path.display());
    }
}

#[test]
fn the_procedures_of_the_issue_are_there() {
    for code in [
        "1.004873", "1.001193", "1.000894", "2.000635", "2.000815", "1.001612", "1.004222", "1.013225",
        "1.012783", "1.012784", "2.000884", "1.001022", "1.004837", "3.000333", "2.001263",
    ] {
        on(code);
    }
}

#[test]
fn revisions_of_one_procedure_do_not_overlap() {
    let mut revisions: BTreeMap<String, Vec<Procedure>> = BTreeMap::new();
    for (_, procedure) in all() {
        revisions.entry(procedure.code.national().to_owned()).or_default().push(procedure);
    }
    for (code, mut revisions) in revisions {
        revisions.sort_by_key(|procedure| procedure.revision);
        for pair in revisions.windows(2) {
            assert!(pair[0].revision < pair[1].revision, "{code}: two revisions with one number");
            let ended = pair[0].valid_to.is_some_and(|last| last < pair[1].valid_from);
            assert!(ended, "{code}: revision {} goes on under the next", pair[0].revision);
        }
    }
}

#[test]
fn what_may_stand_for_a_component_is_the_result_of_a_procedure() {
    let procedures = all();
    let results: BTreeSet<&str> = procedures
        .iter()
        .flat_map(|(_, procedure)| procedure.results.iter().map(|result| result.code.as_str()))
        .collect();
    let mut types = BTreeSet::new();
    for (path, procedure) in &procedures {
        types.extend(procedure.results.iter().map(|result| result.code.as_str()));
        for component in procedure.cases.iter().flat_map(|case| &case.components) {
            types.insert(&component.paper_type);
            for code in &component.replaced_by {
                assert!(results.contains(code.as_str()), "{}: nobody gives `{code}`", path.display());
            }
            if component.digitise == DigitisationClass::EarlierResult {
                let given = component.satisfied_by().any(|code| results.contains(code));
                assert!(given, "{}: `{}` is the result of no procedure", path.display(), component.id);
            }
        }
    }
    for code in types {
        assert!(
            code.parse::<TypeCode>().is_ok_and(|parsed| parsed.as_str() == code),
            "`{code}` is no type code"
        );
    }
}

#[test]
fn one_code_of_a_result_means_one_kind_of_paper() {
    let mut scopes = BTreeMap::new();
    for (path, procedure) in all() {
        for result in procedure.results {
            let before = scopes.entry(result.code.clone()).or_insert((result.validity, result.form.clone()));
            assert_eq!(*before, (result.validity, result.form), "{}: {}", path.display(), result.code);
        }
    }
}

#[test]
fn a_marriage_takes_the_certificate_that_the_counter_gave_before() {
    let certificate = on("1.004873").results[0].code.clone();
    let marriage = on("1.000894");
    let case = marriage.case("noi-khac").expect("the case of an applicant from elsewhere");
    let component = case.component("xac-nhan-hon-nhan").expect("it asks for the certificate");
    assert!(component.satisfied_by().any(|code| code == certificate));
    assert!(matches!(component.treatment(), Treatment::Digitise(DigitisationClass::EarlierResult)));
    // And the same certificate, or the marriage's own result, serves an adoption.
    let adoption = on("2.001263");
    let asked = adoption.cases[0].component("hon-nhan").expect("it asks for the marital status");
    let marriage_certificate = marriage.results[0].code.as_str();
    for code in [certificate.as_str(), marriage_certificate] {
        assert!(asked.satisfied_by().any(|satisfying| satisfying == code), "{code}");
    }
}

#[test]
fn what_the_law_keeps_off_the_scanner_is_marked_so() {
    for (path, procedure) in all() {
        for component in procedure.cases.iter().flat_map(|case| &case.components) {
            let what = format!("{}: {}", path.display(), component.id);
            let paper_copy = matches!(
                component.form,
                AdmissibleForm::Shown | AdmissibleForm::Photocopy | AdmissibleForm::CertifiedCopy
            );
            assert_eq!(paper_copy, component.digitise == DigitisationClass::ByForm, "{what}");
            let brought = component.originals + component.copies;
            assert_eq!(brought == 0, component.form == AdmissibleForm::Shown, "{what}: how many are brought");
            if component.form == AdmissibleForm::Shown {
                assert_eq!(
                    component.custody,
                    Custody::Kept,
                    "{what}: nothing is kept, so nothing is given back"
                );
            }
        }
    }
}

#[test]
fn the_steps_fit_into_the_shortest_limit() {
    for (path, procedure) in all() {
        let main_way: u32 = procedure.process.steps.iter().map(|step| minutes(step.allowance)).sum();
        for case in &procedure.cases {
            for terms in &case.channels {
                let limit = minutes(terms.limit);
                assert!(
                    main_way <= limit,
                    "{}: steps take {main_way} min, {} {:?} promises {limit}",
                    path.display(),
                    case.id,
                    terms.channel
                );
            }
        }
    }
}

/// Working minutes a limit is sure to hold: of ten calendar days, at worst four are weekends.
fn minutes(limit: Limit) -> u32 {
    match limit {
        Limit::WorkingHours(hours) => hours * 60,
        Limit::WorkingDays(days) => days * 480,
        Limit::CalendarDays(days) => (days - days.div_ceil(7) * 2) * 480,
        Limit::SameDay => 480,
    }
}

#[test]
fn every_case_can_be_brought_to_the_counter_and_ends_there() {
    for (path, procedure) in all() {
        for case in &procedure.cases {
            assert!(case.terms(Channel::Direct).is_some(), "{}: {}", path.display(), case.id);
            let free_of_nonsense =
                case.channels.iter().flat_map(|terms| &terms.fees).all(|fee| fee.amount > 0);
            assert!(free_of_nonsense, "{}: a fee of nothing is no fee", path.display());
        }
        let last = procedure.process.steps.last().expect("a procedure without faults has steps");
        assert_eq!(
            (last.task, &last.agency),
            (StepTask::HandOver, &AgencyRule::Receiving),
            "{}",
            path.display()
        );
    }
}

#[test]
fn people_find_a_procedure_by_what_they_call_it() {
    for (words, code) in [
        ("doc than", "1.004873"),
        ("xac nhan tinh trang", "1.004873"),
        ("so do", "1.012783"),
        ("nhap ho khau", "1.004222"),
        ("cong chung", "2.000815"),
        ("mo quan", "1.001612"),
    ] {
        let procedure = on(code);
        let mut names = procedure.synonyms.iter().chain(std::iter::once(&procedure.name));
        assert!(names.any(|name| fold(name).contains(words)), "{words} finds {code}");
    }
}

#[test]
fn texts_are_in_one_normal_form() {
    for (path, text) in toml_files(&folder("procedures")) {
        assert_eq!(nfc(&text), text, "{}", path.display());
    }
}
