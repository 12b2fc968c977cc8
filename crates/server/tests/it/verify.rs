//! `motcua verify`: each exit code on a file made for it.

use std::path::PathBuf;

use pdf::certificate::{DemoAuthority, Holder};
use pdf::sign::{SignRequest, sign};

use crate::program::{Ran, folder, good_jpeg, motcua, write};

/// A PDF as `digitise` makes it, and the same one signed; with the root to trust.
struct Files {
    _place: tempfile::TempDir,
    plain: PathBuf,
    signed: PathBuf,
    changed: PathBuf,
    garbage: PathBuf,
    root: PathBuf,
}

fn files() -> Files {
    let place = folder();
    let input = write(place.path(), "giay.jpg", good_jpeg());
    let ran = motcua(["digitise".as_ref(), input.as_os_str(), "--out".as_ref(), place.path().as_os_str()]);
    assert_eq!(ran.code, 0, "{}{}", ran.said, ran.complained);
    let plain = place.path().join("giay.pdf");
    let now = jiff::Timestamp::from_second(1_795_000_000).expect("an instant of November 2026");
    let authority = DemoAuthority::create(now).expect("an authority is made");
    let key =
        authority.issue(&Holder::Agency { name: "UBND xã Yên Bình".to_owned() }, now).expect("a key is made");
    let bytes = std::fs::read(&plain).expect("the PDF is there");
    let signed = sign(&bytes, &key, &SignRequest::invisible(now)).expect("it is signed");
    let mut changed = signed.clone();
    // In the middle of the scan, well inside what was signed.
    let middle = bytes.len() / 2;
    changed[middle] ^= 1;
    Files {
        signed: write(place.path(), "ky.pdf", &signed),
        changed: write(place.path(), "doi.pdf", &changed),
        garbage: write(place.path(), "rac.pdf", "không phải PDF"),
        root: write(place.path(), "root.pem", authority.root_pem().expect("it is encoded")),
        plain,
        _place: place,
    }
}

fn verify(files: &[&PathBuf], trust: Option<&PathBuf>) -> Ran {
    let mut arguments: Vec<&std::ffi::OsStr> = vec!["verify".as_ref()];
    arguments.extend(files.iter().map(|file| file.as_os_str()));
    if let Some(root) = trust {
        arguments.extend(["--trust".as_ref(), root.as_os_str()]);
    }
    motcua(arguments)
}

#[test]
fn each_kind_of_file_has_its_code() {
    let files = files();
    let root = Some(&files.root);
    assert_eq!(verify(&[&files.signed], root).code, 0);
    assert_eq!(verify(&[&files.changed], root).code, 1);
    assert_eq!(verify(&[&files.garbage], root).code, 2);
    assert_eq!(verify(&[&files.signed], None).code, 3);
    assert_eq!(verify(&[&files.plain], root).code, 4);
    assert_eq!(verify(&[&files.root.with_extension("khong-co")], root).code, 2);
    // Of several files the worst decides.
    assert_eq!(verify(&[&files.signed, &files.plain], root).code, 4);
    assert_eq!(verify(&[&files.changed, &files.garbage, &files.signed], root).code, 1);
}

#[test]
fn it_speaks_plainly_and_in_json() {
    let files = files();
    let told = verify(&[&files.signed], Some(&files.root)).said;
    assert!(told.contains("nguyên vẹn") && told.contains("UBND xã Yên Bình (DEMO)"), "{told}");
    let ran = motcua(["verify".as_ref(), "--json".as_ref(), files.changed.as_os_str()]);
    assert_eq!(ran.code, 1);
    let answer = ran.json();
    assert_eq!(answer[0]["report"]["verdict"], "changed");
    assert_eq!(answer[0]["exit_code"], 1);
    assert!(answer[0]["sentences"].as_array().is_some_and(|sentences| !sentences.is_empty()));
}
