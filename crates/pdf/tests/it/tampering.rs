//! Files tampered with after signing, each made here from our own signed file: none is accepted.
//! Names follow the literature: USF (universal signature forgery), ISA (incremental saving), SWA
//! (signature wrapping), shadow attacks.

use crate::samples::{Office, judge, keep, now, replaced_last, scan};
use crate::signing::signed_thrice;
use pdf::sign::{SignRequest, sign};
use pdf::validate::{Changes, Covers, Problem, Verdict, Warning, validate};
use std::fmt::Write as _;

fn signed(office: &Office) -> Vec<u8> {
    sign(&scan(), &office.officer, &SignRequest::invisible(now())).expect("a signature")
}

/// Where `text` stands, counted from the end.
fn last(bytes: &[u8], text: &[u8]) -> usize {
    bytes.windows(text.len()).rposition(|window| window == text).expect("the text to be there")
}

/// Appends a revision with the given objects by hand, as an attacker would.
fn appended(file: &[u8], objects: &[(u32, String)]) -> Vec<u8> {
    let mut out = file.to_vec();
    let word = b"startxref\n";
    let at = last(file, word) + word.len();
    let previous: String = file[at..].iter().map(|b| *b as char).take_while(char::is_ascii_digit).collect();
    let mut xref = String::from("xref\n");
    for (number, body) in objects {
        write!(xref, "{number} 1\n{:010} 00000 n\r\n", out.len()).expect("memory");
        out.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }
    let size = objects.iter().map(|(number, _)| number + 1).max().unwrap_or(0).max(200);
    let start = out.len();
    out.extend_from_slice(xref.as_bytes());
    let end = format!("trailer\n<</Size {size}/Root 1 0 R/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n");
    out.extend_from_slice(end.as_bytes());
    out
}

/// The body of an object in the file's last revision that holds it.
fn body(file: &[u8], number: u32) -> String {
    let head = format!("\n{number} 0 obj\n");
    let from = last(file, head.as_bytes()) + head.len();
    let to = from + file[from..].windows(7).position(|window| window == b"\nendobj").expect("an end");
    String::from_utf8_lossy(&file[from..to]).into_owned()
}

fn number_of(file: &[u8], marker: &str) -> u32 {
    let at = last(file, marker.as_bytes());
    let head = last(&file[..at], b" 0 obj");
    let digits: Vec<u8> = file[..head].iter().rev().take_while(|b| b.is_ascii_digit()).copied().collect();
    digits.iter().rev().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
}

#[track_caller]
fn refused(bytes: &[u8], office: &Office) -> pdf::validate::Report {
    let report = validate(bytes, &office.trust());
    let accepted = matches!(report.verdict, Verdict::Intact | Verdict::IntactSignerUnknown);
    assert!(!accepted, "accepted: {:#?}", report.sentences());
    report
}

#[test]
fn untouched_signatures_are_accepted_and_told_apart() {
    let office = Office::open();
    let report = validate(&signed_thrice(&office)[2], &office.trust());
    assert_eq!(report.verdict, Verdict::Intact, "{:#?}", report.sentences());
    assert_eq!(report.pages, Some(2));
    assert_eq!(report.pdfa_claim.as_deref(), Some("2B"));
    let names: Vec<&str> = report
        .signatures
        .iter()
        .filter_map(|s| s.signer.as_ref().map(|signer| signer.name.as_str()))
        .collect();
    assert_eq!(
        names,
        ["Nguyễn Thị Hạnh (DEMO)", "Nguyễn Thị Hạnh (DEMO)", "Ủy ban nhân dân phường Hoàn Kiếm (DEMO)"]
    );
    assert_eq!(
        report.signatures.iter().map(|s| s.after).collect::<Vec<_>>(),
        [Changes::Signatures, Changes::Signatures, Changes::Nothing]
    );
    assert!(matches!(report.signatures[0].covers, Covers::Revision { .. }));
    assert_eq!(report.signatures[2].covers, Covers::WholeFile);
    assert_eq!(report.signatures[0].time, Some(now()));
    assert!(report.signatures.iter().all(|s| s.intact && s.trusted && s.warnings.is_empty()));
}

#[test]
fn an_unknown_authority_is_not_an_accepted_one() {
    let (office, other) = (Office::open(), Office::open());
    let report = validate(&signed(&office), &other.trust());
    assert_eq!(report.verdict, Verdict::IntactSignerUnknown);
    assert_eq!(report.verdict.exit_code(), 3);
}

#[test]
fn an_unsigned_file_says_so() {
    let report = validate(&scan(), &[]);
    assert_eq!(report.verdict, Verdict::NotSigned);
    assert_eq!(validate(b"no pdf", &[]).verdict, Verdict::Unreadable);
}

#[test]
fn any_flipped_byte_is_found() {
    let office = Office::open();
    let file = signed(&office);
    let from = last(&file, b"/Contents<") + 10;
    let to = from + file[from..].iter().position(|byte| *byte == b'>').expect("an end");
    for at in (0..from).chain(to..file.len() - 1).step_by(499) {
        let mut bad = file.clone();
        bad[at] ^= 0x01;
        refused(&bad, &office);
    }
    // The value itself also holds what nobody signs, such as a copy of the root certificate; but
    // the signed attributes and the signature stand at its end, before the padding.
    let value = from + file[from..to].windows(64).position(|window| window == [b'0'; 64]).expect("padding");
    for at in (value - 300..value - 4).step_by(3) {
        let mut bad = file.clone();
        bad[at] = if bad[at] == b'5' { b'6' } else { b'5' };
        refused(&bad, &office);
    }
}

#[test]
fn a_byte_range_that_is_missing_or_absurd_is_refused() {
    let office = Office::open();
    let file = signed(&office);
    let at = last(&file, b"/ByteRange[");
    let from = String::from_utf8_lossy(&file[at..at + 46]).into_owned();
    let pad = |text: &str| format!("{text:<46}");
    for to in [
        pad("/ByteRangf[0 1 2 3]"),
        pad("/ByteRange null"),
        pad("/ByteRange[]"),
        pad("/ByteRange[0 0 0 0]"),
        pad("/ByteRange[0 -1 9 9]"),
        pad("/ByteRange[0 10 20 30 40 50]"),
        pad("/ByteRange(0 10 20 30)"),
        pad("/ByteRange[1 10 20 30]"),
        pad("/ByteRange[0 99999999999999999999 1 1]"),
    ] {
        refused(&replaced_last(&file, &from, &to), &office);
    }
}

#[test]
fn contents_that_are_missing_or_empty_are_refused() {
    let office = Office::open();
    let file = signed(&office);
    refused(&replaced_last(&file, "/Contents<", "/Contentz<"), &office);
    let from = last(&file, b"/Contents<") + 10;
    let to = from + file[from..].iter().position(|byte| *byte == b'>').expect("an end");
    for fill in *b"0 " {
        let mut bad = file.clone();
        bad[from..to].fill(fill);
        refused(&bad, &office);
    }
    let mut null = file.clone();
    null[from - 1..=to].fill(b' ');
    null[from..from + 4].copy_from_slice(b"null");
    refused(&null, &office);
}

#[test]
fn an_appended_body_is_a_change() {
    let office = Office::open();
    let file = signed(&office);
    // ISA without cross-reference and trailer.
    let mut bare = file.clone();
    bare.extend_from_slice(b"3 0 obj\n<</Evil true>>\nendobj\n");
    let report = refused(&bare, &office);
    assert!(report.problems.contains(&Problem::TrailingBytes) || report.verdict == Verdict::Unreadable);
    // ISA with both: the page shows other content.
    let page = number_of(&file, "/Type/Page/Parent");
    let text = body(&file, page);
    let other = text.replace("/MediaBox[0 0", "/MediaBox[0 9");
    assert_ne!(text, other);
    let report = refused(&appended(&file, &[(page, other)]), &office);
    assert_eq!(report.verdict, Verdict::Changed);
    assert_eq!(report.signatures[0].after, Changes::Other);
}

#[test]
fn a_revision_that_changes_nothing_is_harmless() {
    let office = Office::open();
    let file = signed(&office);
    let page = number_of(&file, "/Type/Page/Parent");
    let same = appended(&file, &[(page, body(&file, page)), (190, "<</Unused true>>".to_owned())]);
    let report = validate(&same, &office.trust());
    assert_eq!(report.verdict, Verdict::Intact, "{:#?}", report.sentences());
}

#[test]
fn page_text_replaced_after_signing_is_a_change() {
    // Shadow replace: the content stream of the signed page is exchanged.
    let office = Office::open();
    let file = signed(&office);
    let page = number_of(&file, "/Type/Page/Parent");
    let text = body(&file, page);
    let at = text.find("/Contents ").expect("contents") + 10;
    let content: u32 =
        text[at..].chars().take_while(char::is_ascii_digit).collect::<String>().parse().expect("a number");
    let evil = (content, "<</Length 3>>\nstream\n0 g\nendstream".to_owned());
    refused(&appended(&file, &[evil]), &office);
}

#[test]
fn a_page_added_after_signing_is_a_change() {
    let office = Office::open();
    let file = signed(&office);
    let tree = number_of(&file, "/Type/Pages");
    let text = body(&file, tree).replace("/Count 2", "/Count 3").replace("]>>", " 180 0 R]>>");
    let page = format!("<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 99 99]>>");
    let report = refused(&appended(&file, &[(tree, text), (180, page)]), &office);
    assert_eq!(report.signatures[0].after, Changes::Other);
}

#[test]
fn hidden_content_revealed_later_is_a_change() {
    // Shadow hide: the signed page refers to an object that is only defined after signing.
    let office = Office::open();
    let plain = scan();
    let page = number_of(&plain, "/Type/Page/Parent");
    let text = body(&plain, page);
    let waiting = text.replace("/XObject<</I ", "/XObject<</J 150 0 R/I ");
    assert_ne!(text, waiting);
    let prepared = appended(&plain, &[(page, waiting)]);
    let file = sign(&prepared, &office.officer, &SignRequest::invisible(now())).expect("a signature");
    assert_eq!(validate(&file, &office.trust()).verdict, Verdict::Intact);
    let form = "<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Length 0>>\nstream\n\nendstream";
    let report = refused(&appended(&file, &[(150, form.to_owned())]), &office);
    assert_eq!(report.signatures[0].after, Changes::Other);
    // The same object under a number that nothing waited for is nobody's content.
    let report = validate(&appended(&file, &[(151, form.to_owned())]), &office.trust());
    assert_eq!(report.verdict, Verdict::Intact);
}

#[test]
fn an_object_freed_after_signing_is_a_change() {
    let office = Office::open();
    let file = signed(&office);
    let page = number_of(&file, "/Type/Page/Parent");
    let mut bad = appended(&file, &[(page, body(&file, page))]);
    let at = last(&bad, b" 00000 n\r\n");
    bad[at + 7] = b'f';
    refused(&bad, &office);
}

#[test]
fn an_annotation_over_the_page_is_a_change() {
    let office = Office::open();
    let file = signed(&office);
    let page = number_of(&file, "/Type/Page/Parent");
    let text = body(&file, page);
    let text = format!("{}/Annots[181 0 R]>>", text.strip_suffix(">>").expect("a dictionary"));
    let note = "<</Type/Annot/Subtype/FreeText/Rect[0 0 500 500]/Contents(Duyet)>>".to_owned();
    refused(&appended(&file, &[(page, text), (181, note)]), &office);
}

#[test]
fn a_second_range_moved_away_is_refused() {
    // SWA: the signed end of the file is moved behind an attacker's revision, the gap padded.
    let office = Office::open();
    let file = signed(&office);
    let from = last(&file, b"/Contents<") + 9;
    let to = from + file[from..].iter().position(|byte| *byte == b'>').expect("an end") + 1;
    let tail = file[to..].to_vec();
    let mut bad = file[..to].to_vec();
    bad.extend_from_slice(b" /Evil 1 ");
    let moved = bad.len();
    bad.extend_from_slice(&tail);
    let at = last(&bad, b"/ByteRange[");
    let range = format!("/ByteRange[0 {:<10} {:<10} {:<10}]", from, moved, tail.len());
    bad[at..at + range.len()].copy_from_slice(range.as_bytes());
    refused(&bad, &office);
}

#[test]
fn one_signature_in_two_fields_is_refused() {
    let office = Office::open();
    let file = signed(&office);
    let field = number_of(&file, "/FT/Sig");
    let form = number_of(&file, "/SigFlags 3");
    let twin = body(&file, field).replace("(ChuKy1)", "(ChuKy2)");
    let fields = body(&file, form).replace(']', " 182 0 R]");
    refused(&appended(&file, &[(182, twin), (form, fields)]), &office);
}

#[test]
fn a_signature_taken_out_of_the_form_is_missed() {
    let office = Office::open();
    let file = signed(&office);
    let form = number_of(&file, "/SigFlags 3");
    let report = refused(&appended(&file, &[(form, "<</Fields[]>>".to_owned())]), &office);
    assert!(report.problems.contains(&Problem::OrphanSignature));
}

#[test]
fn a_large_mark_added_later_is_pointed_out() {
    use pdf::stamp::{Place, VisibleMark};
    let office = Office::open();
    let place = Place::At { page: 1, x: 10.0, y: 10.0, width: 500.0, height: 700.0 };
    let mark = VisibleMark::personal(place, "Trần Văn Quyết", now());
    let file =
        sign(&signed(&office), &office.agency, &SignRequest::marked(now(), mark)).expect("a signature");
    let report = validate(&file, &office.trust());
    assert_eq!(report.verdict, Verdict::Intact);
    assert!(report.signatures[0].warnings.contains(&Warning::LargeMarkAfterwards));
}

#[test]
fn poppler_calls_a_changed_page_valid_where_we_do_not() {
    // The reason why `pdfsig` is asked for arithmetic only.
    let office = Office::open();
    let file = signed(&office);
    let page = number_of(&file, "/Type/Page/Parent");
    let other = body(&file, page).replace("/MediaBox[0 0", "/MediaBox[0 9");
    let bad = appended(&file, &[(page, other)]);
    let path = keep("changed.pdf", &bad).to_string_lossy().into_owned();
    let (_, said) = judge("pdfsig", &["-nocert", &path]);
    assert!(said.contains("Signature is Valid"), "{said}");
    refused(&bad, &office);
}

#[test]
fn an_object_exchanged_by_reference_only_is_a_change() {
    // Shadow hide-and-replace: both pages lie in the signed bytes; later only the table points to the other.
    let office = Office::open();
    let plain = scan();
    let page = number_of(&plain, "/Type/Page/Parent");
    let text = body(&plain, page);
    let prepared = appended(&plain, &[(page, text.replace("/MediaBox[0 0", "/MediaBox[0 9"))]);
    let hidden = plain.len();
    let prepared = appended(&prepared, &[(page, text)]);
    let file = sign(&prepared, &office.officer, &SignRequest::invisible(now())).expect("a signature");
    assert_eq!(validate(&file, &office.trust()).verdict, Verdict::Intact);
    let mut bad = appended(&file, &[(page, String::new())]);
    let row = last(&bad, b" 00000 n\r\n") - 10;
    bad[row..row + 10].copy_from_slice(format!("{hidden:010}").as_bytes());
    let report = refused(&bad, &office);
    assert_eq!(report.signatures[0].after, Changes::Other);
}

#[test]
fn white_space_after_the_end_is_harmless() {
    let office = Office::open();
    let mut file = signed(&office);
    file.extend_from_slice(b"\r\n \n");
    let report = validate(&file, &office.trust());
    assert_eq!(report.verdict, Verdict::Intact);
    assert_eq!(report.signatures[0].covers, Covers::WholeFile);
}

#[test]
fn a_revision_that_forgets_the_signed_one_is_a_change() {
    // A whole new file behind the signed one, whose table never leads back to it.
    let office = Office::open();
    let file = signed(&office);
    let mut bad = appended(&file, &[(190, "<</Unused true>>".to_owned())]);
    let at = last(&bad, b"/Prev ");
    bad[at..at + 5].copy_from_slice(b"/Prov");
    refused(&bad, &office);
}

#[test]
fn proof_may_be_added_later_and_never_taken_away() {
    let office = Office::open();
    let file = signed(&office);
    let root = body(&file, 1);
    let root = format!("{}/DSS 190 0 R>>", root.strip_suffix(">>").expect("a dictionary"));
    let certificate = "<</Length 2>>\nstream\nAB\nendstream".to_owned();
    let store = "<</Type/DSS/Certs[191 0 R]>>".to_owned();
    let with = appended(&file, &[(1, root.clone()), (190, store), (191, certificate)]);
    let report = validate(&with, &office.trust());
    assert_eq!(report.verdict, Verdict::Intact, "{:#?}", report.sentences());
    assert_eq!(report.signatures[0].after, Changes::Proof);
    let grown = appended(&with, &[(190, "<</Type/DSS/Certs[191 0 R]/CRLs[191 0 R]>>".to_owned())]);
    assert_eq!(validate(&grown, &office.trust()).verdict, Verdict::Intact);
    refused(&appended(&with, &[(190, "<</Type/DSS/Certs[]>>".to_owned())]), &office);
    refused(&appended(&with, &[(191, "<</Length 2>>\nstream\nXY\nendstream".to_owned())]), &office);
    // A catalogue that opens something by itself is more than proof.
    let acting = root.replace("/DSS 190 0 R", "/OpenAction 190 0 R");
    refused(&appended(&file, &[(1, acting)]), &office);
}

#[test]
fn changed_metadata_are_pointed_out() {
    let office = Office::open();
    let file = signed(&office);
    let metadata = number_of(&file, "/Subtype/XML");
    let other = "<</Type/Metadata/Subtype/XML/Length 2>>\nstream\nAB\nendstream".to_owned();
    let report = validate(&appended(&file, &[(metadata, other)]), &office.trust());
    assert_eq!(report.verdict, Verdict::Intact);
    assert!(report.signatures[0].warnings.contains(&Warning::MetadataChanged));
}
