//! Files of other makes: object streams, linearised files, turned pages, forms that are there
//! already; and those that must not be signed.

use crate::samples::{Office, judge, keep, now, scan};
use pdf::sign::{SignRequest, sign};
use pdf::stamp::VisibleMark;
use pdf::validate::{Changes, Verdict, Warning, validate};
use pdf::{Error, Refusal};
use std::fmt::Write as _;

/// A file rewritten by qpdf.
fn rewritten(name: &str, bytes: &[u8], arguments: &[&str]) -> Vec<u8> {
    let from = keep(&format!("{name}-in.pdf"), bytes).to_string_lossy().into_owned();
    let to = from.replace("-in.pdf", "-out.pdf");
    let all: Vec<&str> = arguments.iter().copied().chain([from.as_str(), to.as_str()]).collect();
    let (passed, said) = judge("qpdf", &all);
    assert!(passed, "{said}");
    std::fs::read(to).expect("qpdf's file")
}

/// A file written by hand: objects from number 1, with their cross-reference table.
fn handmade(objects: &[&str]) -> Vec<u8> {
    let mut out = "%PDF-1.7\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f\r\n", objects.len() + 1);
    for (index, body) in objects.iter().enumerate() {
        write!(table, "{:010} 00000 n\r\n", out.len()).expect("memory");
        write!(out, "{} 0 obj\n{body}\nendobj\n", index + 1).expect("memory");
    }
    let start = out.len();
    let size = objects.len() + 1;
    write!(out, "{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").expect("memory");
    out.into_bytes()
}

fn marked() -> SignRequest {
    SignRequest::marked(now(), VisibleMark::digitiser("Nguyễn Thị Hạnh", now()))
}

#[track_caller]
fn signs_twice(name: &str, original: &[u8]) {
    let office = Office::open();
    let one = sign(original, &office.officer, &marked()).expect("a signature");
    let two = sign(&one, &office.agency, &marked()).expect("a second signature");
    assert!(one.starts_with(original) && two.starts_with(&one));
    let report = validate(&two, &office.trust());
    assert_eq!(report.verdict, Verdict::Intact, "{:#?}\n{:#?}", report.sentences(), report.problems);
    assert_eq!(report.signatures[0].after, Changes::Signatures);
    let path = keep(name, &two).to_string_lossy().into_owned();
    let (passed, said) = judge("qpdf", &["--check", &path]);
    assert!(passed, "{said}");
    let (_, said) = judge("pdfsig", &["-nocert", &path]);
    assert_eq!(said.matches("Signature is Valid").count(), 2, "{said}");
}

#[test]
fn object_streams_are_read_and_continued_in_kind() {
    let file = rewritten("streams", &scan(), &["--object-streams=generate", "--newline-before-endstream"]);
    assert!(file.windows(8).any(|window| window == b"/ObjStm "));
    signs_twice("streams.pdf", &file);
}

#[test]
fn linearised_files_are_signed() {
    signs_twice("linear.pdf", &rewritten("linear", &scan(), &["--linearize"]));
}

#[test]
fn a_file_without_line_end_is_signed() {
    let mut file = scan();
    file.pop();
    signs_twice("no-line-end.pdf", &file);
}

#[test]
fn marks_stand_upright_on_turned_pages() {
    for turn in ["90", "180", "270"] {
        let file = rewritten(&format!("turned{turn}"), &scan(), &[&format!("--rotate={turn}:1")]);
        let office = Office::open();
        let signed = sign(&file, &office.officer, &marked()).expect("a signature");
        let path = keep(&format!("turned{turn}.pdf"), &signed).to_string_lossy().into_owned();
        let (_, said) =
            judge("pdftotext", &["-x", "0", "-y", "0", "-W", "300", "-H", "60", "-l", "1", &path, "-"]);
        assert!(said.contains("Người số hóa: Nguyễn Thị Hạnh"), "turned by {turn}: {said}");
        assert!(said.contains("21/11/2026 10:04:05 +07:00"), "turned by {turn}: {said}");
    }
}

/// A catalogue with a form of its own, written into the catalogue, and annotations as an object.
const FORM: [&str; 6] = [
    "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/DA(/Helv 0 Tf \\351)>>>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[ 0 0 595.32001 841.92004 ]/Annots 5 0 R>>",
    "<</Type/Annot/Subtype/Widget/FT/Tx/T(Ho ten)/V(An)/Rect[10 10 100 30]/F 4>>",
    "[4 0 R]",
    "<</Unused true>>",
];

#[test]
fn a_form_inside_the_catalogue_is_kept() {
    signs_twice("form.pdf", &handmade(&FORM));
    let mut objects = FORM;
    objects[2] = "<</Type/Page/Parent 2 0 R/MediaBox[ 0 0 595.32001 841.92004 ]/Annots[4 0 R]>>";
    let file = handmade(&objects);
    let office = Office::open();
    let signed = sign(&file, &office.officer, &marked()).expect("a signature");
    let added = &signed[file.len()..];
    for kept in ["595.32001 841.92004 ]", "/DA(/Helv 0 Tf \\351)"] {
        assert!(added.windows(kept.len()).any(|window| window == kept.as_bytes()), "{kept} was reprinted");
    }
}

/// Appends a changed copy of an object to a file of ours or of `handmade`.
fn changed(file: &[u8], number: u32, body: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(&file[file.len() - 40..]).into_owned();
    let previous: String = text[text.rfind("startxref\n").expect("a start") + 10..]
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let mut out = file.to_vec();
    let at = out.len();
    out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    let start = out.len();
    let tail = format!(
        "xref\n{number} 1\n{at:010} 00000 n\r\ntrailer\n<</Size 90/Root 1 0 R/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n"
    );
    out.extend_from_slice(tail.as_bytes());
    out
}

#[test]
fn a_field_filled_after_signing_is_pointed_out() {
    let office = Office::open();
    let signed =
        sign(&handmade(&FORM), &office.officer, &SignRequest::invisible(now())).expect("a signature");
    let filled = changed(&signed, 4, &FORM[3].replace("(An)", "(Binh)"));
    let report = validate(&filled, &office.trust());
    assert_eq!(report.verdict, Verdict::Intact);
    assert_eq!(report.signatures[0].after, Changes::FormFilled);
    assert_eq!(report.signatures[0].warnings, [Warning::FormFieldChanged]);
    // Moving the field is more than filling it.
    let moved = changed(&signed, 4, &FORM[3].replace("[10 10", "[10 99"));
    assert_eq!(validate(&moved, &office.trust()).verdict, Verdict::Changed);
}

#[track_caller]
fn refusal(file: &[u8]) -> Refusal {
    let office = Office::open();
    match sign(file, &office.officer, &SignRequest::invisible(now())) {
        Err(Error::Refused(refusal)) => {
            assert!(refusal.sentence().ends_with('.'));
            refusal
        }
        other => panic!("expected a refusal, got {:?}", other.map(|bytes| bytes.len())),
    }
}

#[test]
fn what_cannot_be_signed_is_refused_with_its_reason() {
    let encrypted = rewritten("encrypted", &scan(), &["--encrypt", "a", "b", "256", "--"]);
    assert_eq!(refusal(&encrypted), Refusal::Encrypted);

    let mut trailing = scan();
    trailing.extend_from_slice(b"junk");
    assert_eq!(refusal(&trailing), Refusal::TrailingBytes);

    let mut objects = FORM;
    objects[1] = "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>";
    assert_eq!(refusal(&handmade(&objects)), Refusal::BrokenPages);
    objects[1] = "<</Type/Pages/Kids[3 0 R]/Count 7>>";
    assert_eq!(refusal(&handmade(&objects)), Refusal::BrokenPages);

    let mut objects = FORM;
    objects[0] = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]/XFA(x)>>>>";
    assert_eq!(refusal(&handmade(&objects)), Refusal::Xfa);

    let plain = String::from_utf8(handmade(&FORM)).expect("text");
    let hybrid = plain.replace("/Root 1 0 R", "/Root 1 0 R/XRefStm 9");
    let hybrid = refusal_or_error(hybrid.as_bytes());
    assert!(hybrid, "a hybrid file was signed");
}

fn refusal_or_error(file: &[u8]) -> bool {
    let office = Office::open();
    sign(file, &office.officer, &SignRequest::invisible(now())).is_err()
}

#[test]
fn a_certified_file_that_allows_nothing_is_left_alone() {
    let locked = |reference: &str| {
        let signature = format!(
            "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Reference[{reference}]>>"
        );
        let mut objects = FORM;
        objects[3] = "<</Type/Annot/Subtype/Widget/FT/Sig/T(A)/V 6 0 R/Rect[0 0 0 0]/F 132>>";
        objects[5] = &signature;
        refusal(&handmade(&objects))
    };
    let certified = locked("<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P 1/V/1.2>>>>");
    assert_eq!(certified, Refusal::CertifiedNoChanges);
    let all = locked("<</Type/SigRef/TransformMethod/FieldMDP/TransformParams<</Action/All>>>>");
    assert_eq!(all, Refusal::FieldsLocked);
    let exclude =
        locked("<</Type/SigRef/TransformMethod/FieldMDP/TransformParams<</Action/Exclude/Fields[(B)]>>>>");
    assert_eq!(exclude, Refusal::FieldsLocked);
}

#[test]
fn a_page_that_is_not_there_is_named() {
    use pdf::stamp::Place;
    let office = Office::open();
    let place = Place::At { page: 9, x: 1.0, y: 1.0, width: 100.0, height: 50.0 };
    let request = SignRequest::marked(now(), VisibleMark::personal(place, "An", now()));
    let error = sign(&scan(), &office.officer, &request).expect_err("a refusal");
    assert!(matches!(error, Error::Refused(Refusal::NoSuchPage(9))), "{error}");
    let place = Place::At { page: 1, x: 580.0, y: 1.0, width: 100.0, height: 50.0 };
    let request = SignRequest::marked(now(), VisibleMark::personal(place, "An", now()));
    assert!(matches!(sign(&scan(), &office.officer, &request), Err(Error::Mark(_))));
}

#[test]
fn fonts_added_to_a_form_are_harmless_and_exchanged_ones_are_not() {
    let office = Office::open();
    let mut objects = FORM;
    objects[0] = "<</Type/Catalog/Pages 2 0 R/AcroForm<</DR<</Font<</A 6 0 R>>>>/Fields[4 0 R]>>>>";
    let signed =
        sign(&handmade(&objects), &office.officer, &SignRequest::invisible(now())).expect("a signature");
    let text = String::from_utf8_lossy(&signed).into_owned();
    let from = text.rfind("\n1 0 obj\n").expect("a catalogue") + 9;
    let catalogue = text[from..from + text[from..].find("\nendobj").expect("an end")].to_owned();
    let added = changed(&signed, 1, &catalogue.replace("/A 6 0 R", "/A 6 0 R/B 5 0 R"));
    assert_eq!(validate(&added, &office.trust()).verdict, Verdict::Intact);
    let exchanged = changed(&signed, 1, &catalogue.replace("/A 6 0 R", "/A 5 0 R"));
    assert_eq!(validate(&exchanged, &office.trust()).verdict, Verdict::Changed);
}
