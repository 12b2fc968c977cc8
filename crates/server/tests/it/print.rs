//! A template somebody wrote is typeset in a child that is bounded: the good comes out as it would here, the
//! hostile ends alone.

use pdf::print::limited::{Bounds, Printer};
use pdf::print::{Error, Form, Printed, render};
use serde_json::json;

const ABOUT: &str =
    "code = \"thu\"\nname = \"Thử\"\nlegal_basis = []\nvalid_from = \"2026-01-01\"\npaper = \"A4\"\n";

fn printed(source: &str) -> Result<Printed, Error> {
    let bounds = Bounds { memory_bytes: 600 << 20, cpu_seconds: 3, ..Bounds::default() };
    let printer = Printer::Child {
        path: env!("CARGO_BIN_EXE_motcua").into(),
        arguments: vec!["print-worker".into()],
        bounds,
    };
    let form = Form::new(ABOUT, source.to_owned()).expect("a form");
    let at = "2026-11-23T01:00:00Z".parse().expect("an instant");
    let there = printer.render(&form, &json!({ "name": "Nông Văn Dền" }), at);
    if let Ok(there) = &there {
        let here = render(&form, &json!({ "name": "Nông Văn Dền" }), at).expect("it prints");
        assert!(here.pdf == there.pdf && here.slots == there.slots, "the same paper");
    }
    there
}

#[test]
fn a_good_template_prints_as_it_would_here() {
    let good = "#import \"/motcua.typ\": *\n#show: sheet.with(heading: \"Thử\")\nChào #data.name #slot(\"ky\", 40mm, 20mm)";
    let printed = printed(good).expect("it prints");
    assert_eq!((printed.pages, printed.slots[0].name.as_str()), (1, "ky"));
}

#[test]
fn a_fault_comes_back_with_its_line() {
    let Err(Error::Template { line, message, .. }) = printed("Một\n\n#hai") else { panic!("it printed") };
    assert_eq!((line, message.as_str()), (3, "unknown variable: hai"));
}

#[test]
fn a_hostile_template_ends_alone() {
    let endless =
        "#for a in range(9000) { for b in range(9000) { for c in range(9000) { let d = a * b * c } } }";
    assert!(matches!(printed(endless), Err(Error::TooHard { .. })), "time");
    let greedy = "#let a = range(100000)\n#for i in range(14) { a = a + a }\n#a.len()";
    assert!(matches!(printed(greedy), Err(Error::TooHard { .. })), "memory");
    for reads in ["#read(\"/etc/passwd\")", "#image(\"/etc/hostname\")", "#import \"@preview/x:0.1.0\": *"] {
        assert!(matches!(printed(reads), Err(Error::Template { .. })), "{reads}");
    }
}
