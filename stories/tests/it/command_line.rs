//! `motcua digitise` and `motcua verify` with the story's papers: as many pages out as in, signed, with
//! a report; and a changed file is found out.

use crate::installation::{Installation, command, show_the_judges, testdata, trust_too};
use serde_json::Value;
use std::path::{Path, PathBuf};
use store::Engine;

/// The story's papers with their pages.
const PAPERS: [(&str, u64); 6] = [
    ("to-khai-xac-nhan-tinh-trang-hon-nhan.jpg", 1),
    ("quyet-dinh-ly-hon.tiff", 2),
    ("giay-khai-sinh.jpg", 1),
    ("quyet-dinh-tro-cap.pdf", 1),
    ("quyet-dinh-tro-cap-lop-chu-rac.pdf", 1),
    ("giay-chung-nhan-dat.jpg", 1),
];

#[test]
fn papers_are_digitised_and_verified_without_a_server() {
    crate::run(async {
        let mut office = Installation::start(Engine::Sqlite, "").await;
        office.stop().await;
        let (key, password) = key_of_an_officer(&office).await;
        let out = office.folder().join("out");
        let mut arguments: Vec<String> = PAPERS
            .iter()
            .map(|(name, _)| testdata().join("story").join(name).display().to_string())
            .collect();
        arguments.push(testdata().join("hostile/van-ban.jpg").display().to_string());
        let options = ["--out".into(), out.display().to_string(), "--p12".into(), key.display().to_string()];
        arguments.extend(options);
        arguments.extend(["--p12-password-file".into(), password.display().to_string(), "--json".into()]);
        let (code, answer) = json("digitise", &arguments).await;
        assert_eq!(code, Some(1), "one file is refused: {answer}");
        assert_eq!((&answer["n_done"], &answer["n_refused"]), (&6.into(), &1.into()), "{answer}");
        for (name, n_pages) in PAPERS {
            check_report(&office, &out, name, n_pages).await;
        }
    });
}

async fn check_report(office: &Installation, out: &Path, name: &str, n_pages: u64) {
    let stem = name.split('.').next().unwrap_or_default();
    let pdf = out.join(format!("{stem}.pdf"));
    let report = std::fs::read(out.join(format!("{stem}.json"))).expect("the report lies beside the PDF");
    let report: Value = serde_json::from_slice(&report).expect("the report is JSON");
    let n_reported = report["pages"].as_array().map(|pages| pages.len() as u64).or(report["pages"].as_u64());
    assert_eq!(n_reported, Some(n_pages), "{name}: {report}");
    let bytes = std::fs::read(&pdf).expect("the PDF is there");
    show_the_judges(&format!("digitised-{stem}.pdf"), &bytes);
    trust_too(&std::fs::read(office.root()).expect("the root is in the data folder"));

    let (file, root) = (pdf.display().to_string(), office.root().display().to_string());
    let (code, judged) =
        json("verify", &[file.clone(), "--trust".into(), root.clone(), "--json".into()]).await;
    assert_eq!(code, Some(0), "{name}: {judged}");
    assert_eq!(judged[0]["report"]["pages"], n_pages, "{name}: {judged}");
    assert_eq!(judged[0]["report"]["pdfa_claim"], "2B", "{name}: {judged}");
    let (code, judged) = json("verify", &[file, "--json".into()]).await;
    assert_eq!(code, Some(3), "without the root nobody knows the signer: {judged}");
    let mut changed = bytes;
    let at = changed.len() / 2;
    changed[at] ^= 1;
    let spoilt = out.join("changed.pdf");
    std::fs::write(&spoilt, changed).expect("the file can be written");
    let (code, judged) =
        json("verify", &[spoilt.display().to_string(), "--trust".into(), root, "--json".into()]).await;
    assert_eq!(code, Some(1), "{name}: {judged}");
}

async fn json(what: &str, arguments: &[String]) -> (Option<i32>, Value) {
    let arguments: Vec<&str> = std::iter::once(what).chain(arguments.iter().map(String::as_str)).collect();
    let done = command(&arguments).await;
    let said = String::from_utf8_lossy(&done.stdout);
    let value = serde_json::from_str(&said)
        .unwrap_or_else(|error| panic!("{error}: {said}{}", String::from_utf8_lossy(&done.stderr)));
    (done.status.code(), value)
}

/// The key of the counter's officer, as a file, and the file with its password.
async fn key_of_an_officer(office: &Installation) -> (PathBuf, PathBuf) {
    let db = office.database().await;
    let mut reader = db.read().await.expect("the database can be read");
    let officer =
        store::people::officer_by_login(&mut reader, "quay.yenbinh").await.expect("officers are read");
    let officer = officer.expect("the demonstration has a counter");
    let key =
        store::signing::key(&mut reader, officer.id.0).await.expect("keys are read").expect("there is one");
    drop(reader);
    db.close().await;
    let file = office.folder().join("officer.p12");
    std::fs::write(&file, key.pkcs12).expect("the file can be written");
    (file, office.data().join("keys/p12-password"))
}

/// A paper digitised and signed elsewhere.
pub(crate) async fn signed_by_an_officer(office: &Installation, paper: &Path) -> Vec<u8> {
    let (key, password) = key_of_an_officer(office).await;
    let out = office.folder().join("signed");
    let paths = [paper, &out, &key, &password].map(|path| path.display().to_string());
    let [paper, out_name, key, password] = paths.each_ref().map(String::as_str);
    let options = ["--out", out_name, "--p12", key, "--p12-password-file", password];
    let done = command(&[&["digitise", paper], options.as_slice()].concat()).await;
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut files =
        std::fs::read_dir(&out).expect("the output is there").map(|file| file.expect("read").path());
    let pdf = files.find(|file| file.extension().is_some_and(|extension| extension == "pdf"));
    std::fs::read(pdf.expect("a PDF was written")).expect("it is read")
}
