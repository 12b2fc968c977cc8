//! `motcua digitise`: good papers come out whole, bad ones are refused in words, and neither stops the
//! others.

use std::path::PathBuf;

use pdf::certificate::{DemoAuthority, Holder};
use pdf::validate::{Verdict, validate};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::program::{bomb, encoded, folder, good_jpeg, locked_pdf, motcua, page_image, png_claiming, write};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}"))
}

#[test]
fn hostile_files_are_refused_in_words_and_the_good_one_is_done() {
    let place = folder();
    let jpeg = good_jpeg();
    let bad = [
        ("rong.jpg", Vec::new(), "empty"),
        ("van-ban.jpg", b"Day la van ban, khong phai anh.".to_vec(), "not_a_picture"),
        ("cut.jpg", jpeg[..jpeg.len() / 3].to_vec(), "truncated"),
        ("mat-khau.pdf", locked_pdf(), "password_pdf"),
        ("khong-lo.png", png_claiming(30_000, 30_000), "too_many_pixels"),
        ("bom.png", bomb(), "too_many_pixels"),
    ];
    let mut files: Vec<PathBuf> =
        bad.iter().map(|(name, bytes, _)| write(place.path(), name, bytes)).collect();
    files.insert(2, write(place.path(), "tot.jpg", &jpeg));
    files.push(place.path().join("khong-co.jpg"));
    let out = place.path().join("ra");

    let mut arguments: Vec<PathBuf> = vec!["digitise".into(), "--json".into(), "--out".into(), out.clone()];
    arguments.extend(files);
    let ran = motcua(&arguments);
    assert_eq!(ran.code, 1, "{}", ran.complained);
    let answer = ran.json();
    assert_eq!((&answer["n_done"], &answer["n_refused"]), (&Value::from(1), &Value::from(7)));
    let refused = |name: &str| {
        let files = answer["files"].as_array().expect("a list of files");
        let found = files.iter().find(|file| file["input"].as_str().is_some_and(|path| path.ends_with(name)));
        found.unwrap_or_else(|| panic!("{name} was not refused: {answer}")).clone()
    };
    for (name, _, code) in bad.iter().map(|(name, bytes, code)| (*name, bytes, *code)) {
        let told = refused(name);
        assert_eq!(text(&told["refused"]), code, "{told}");
        // A sentence for a person: what happened, and what to do now.
        assert!(text(&told["message"]).contains("Hãy"), "{told}");
    }
    assert_eq!(text(&refused("khong-co.jpg")["refused"]), "missing");

    let mut left: Vec<String> = std::fs::read_dir(&out)
        .expect("the folder was made")
        .map(|entry| entry.expect("it can be read").file_name().into_string().expect("UTF-8"))
        .collect();
    left.sort();
    assert_eq!(left, ["tot.json", "tot.pdf"]);
}

#[test]
fn the_report_says_what_came_in_and_what_came_out() {
    let place = folder();
    let jpeg = good_jpeg();
    let input = write(place.path(), "giấy một.jpg", &jpeg);
    let out = place.path().join("ra");
    let ran = motcua(["digitise".as_ref(), input.as_os_str(), "--out".as_ref(), out.as_os_str()]);
    assert_eq!(ran.code, 0, "{}{}", ran.said, ran.complained);
    assert!(ran.said.contains("1 trang") && ran.said.contains("Xong 1 tệp."), "{}", ran.said);

    let pdf = std::fs::read(out.join("giấy một.pdf")).expect("the PDF is there");
    let report = std::fs::read(out.join("giấy một.json")).expect("the report is there");
    let report: Value = serde_json::from_slice(&report).expect("it is JSON");
    assert_eq!(text(&report["input"]["sha256"]), hex::encode(Sha256::digest(&jpeg)));
    assert_eq!(text(&report["output"]["sha256"]), hex::encode(Sha256::digest(&pdf)));
    assert_eq!(text(&report["outcome"]), "digitised");
    let page = &report["pages"][0];
    assert_eq!((&page["number"], &page["width"], &page["height"]), (&1.into(), &583.into(), &827.into()));
    assert!(page["warnings"].as_array().is_some_and(|warnings| {
        warnings.iter().any(|warning| warning["code"] == "low_dpi" && !text(&warning["text"]).is_empty())
    }));
    assert!(report["timings"]["total_ms"].as_u64() >= report["timings"]["read_ms"].as_u64());

    let judged = validate(&pdf, &[]);
    assert_eq!((judged.verdict, judged.pages), (Verdict::NotSigned, Some(1)));
    assert_eq!(judged.pdfa_claim.as_deref(), Some("2B"));
    // The original is in the file as it came, every byte.
    assert!(pdf.windows(jpeg.len()).any(|bytes| bytes == jpeg));
}

#[test]
fn a_second_run_writes_beside_the_first() {
    let place = folder();
    let input = write(place.path(), "giay.png", encoded(page_image(), image::ImageFormat::Png));
    for name in ["giay.pdf", "giay-2.pdf"] {
        let ran =
            motcua(["digitise".as_ref(), input.as_os_str(), "--out".as_ref(), place.path().as_os_str()]);
        assert_eq!(ran.code, 0, "{}{}", ran.said, ran.complained);
        assert!(place.path().join(name).exists());
    }
}

#[test]
fn a_key_signs_and_what_is_signed_is_kept_byte_for_byte() {
    let place = folder();
    let now = jiff::Timestamp::from_second(1_795_000_000).expect("an instant of November 2026");
    let authority = DemoAuthority::create(now).expect("an authority is made");
    let holder =
        Holder::Person { name: "Lò Thị Mây".to_owned(), agency: "UBND xã Yên Bình".to_owned() };
    let key = authority.issue(&holder, now).expect("a key is made");
    let p12 = write(place.path(), "key.p12", key.to_p12("mật khẩu").expect("it is packed"));
    let password = write(place.path(), "password", "mật khẩu\n");
    let root = write(place.path(), "root.pem", authority.root_pem().expect("it is encoded"));
    let input = write(place.path(), "giay.jpg", good_jpeg());
    let (once, twice) = (place.path().join("mot"), place.path().join("hai"));

    let sign = |input: &PathBuf, out: &PathBuf| {
        motcua([
            "digitise".as_ref(),
            input.as_os_str(),
            "--json".as_ref(),
            "--out".as_ref(),
            out.as_os_str(),
            "--p12".as_ref(),
            p12.as_os_str(),
            "--p12-password-file".as_ref(),
            password.as_os_str(),
        ])
    };
    let ran = sign(&input, &once);
    assert_eq!(ran.code, 0, "{}{}", ran.said, ran.complained);
    assert_eq!(text(&ran.json()["files"][0]["signed_by"]), "Lò Thị Mây (DEMO)");
    let signed = once.join("giay.pdf");
    let bytes = std::fs::read(&signed).expect("the PDF is there");
    let report = validate(&bytes, std::slice::from_ref(authority.certificate()));
    assert_eq!(report.verdict, Verdict::Intact, "{:?}", report.sentences());

    // Whatever is asked for, a signed file comes out as it went in.
    let again = sign(&signed, &twice);
    assert_eq!(again.code, 0, "{}{}", again.said, again.complained);
    let told = &again.json()["files"][0];
    assert_eq!(text(&told["outcome"]), "kept_signed");
    assert_eq!(told["input"]["sha256"], told["output"]["sha256"]);
    assert_eq!(told["pages"].as_array().map(Vec::len), Some(1), "it was read all the same");
    assert_eq!(std::fs::read(twice.join("giay.pdf")).expect("the PDF is there"), bytes);

    let verified = motcua(["verify".as_ref(), signed.as_os_str(), "--trust".as_ref(), root.as_os_str()]);
    assert_eq!(verified.code, 0, "{}", verified.said);
}

#[test]
fn what_cannot_be_begun_is_a_fault_of_the_call() {
    let place = folder();
    let input = write(place.path(), "giay.jpg", good_jpeg());
    let none = motcua(["digitise", "--out", "ra"]);
    assert_eq!(none.code, 2);
    let missing = place.path().join("khong-co.jpg");
    let out = place.path().join("ra");
    let ran = motcua(["digitise".as_ref(), missing.as_os_str(), "--out".as_ref(), out.as_os_str()]);
    assert_eq!(ran.code, 2);
    let (p12, password) = (write(place.path(), "k.p12", "rác"), write(place.path(), "p", "x"));
    let ran = motcua([
        "digitise".as_ref(),
        input.as_os_str(),
        "--out".as_ref(),
        out.as_os_str(),
        "--p12".as_ref(),
        p12.as_os_str(),
        "--p12-password-file".as_ref(),
        password.as_os_str(),
    ]);
    assert_eq!(ran.code, 2, "a key that does not open is found before any work");
    assert!(ran.complained.contains("khóa") && !out.exists(), "{}", ran.complained);
}

/// Two papers of the story, as the sample papers hold them.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by the environment where the sample papers are"
)]
fn a_real_page_is_read() {
    let Ok(data) = std::env::var("MOTCUA_TESTDATA") else { return };
    let data = PathBuf::from(data);
    let story = if data.join("story").is_dir() { data.join("story") } else { data };
    let input = story.join("dang-ky-ho-kinh-doanh.jpg");
    let place = folder();
    let ran = motcua([
        "digitise".as_ref(),
        input.as_os_str(),
        story.join("quyet-dinh-ly-hon.tiff").as_os_str(),
        "--json".as_ref(),
        "--out".as_ref(),
        place.path().as_os_str(),
    ]);
    assert_eq!(ran.code, 0, "{}{}", ran.said, ran.complained);
    let answer = ran.json();
    let licence = &answer["files"][0];
    assert!(licence["n_words"].as_u64().is_some_and(|n| n > 100), "{}", licence["n_words"]);
    let fields = licence["fields"].as_array().expect("a list of fields");
    let owner = fields.iter().find(|field| field["key"] == "owner_personal_id");
    assert_eq!(owner.map(|field| text(&field["value"])), Some("038191004627"), "{fields:?}");
    assert!(owner.is_some_and(|field| field["box"].as_array().is_some_and(|sides| sides.len() == 4)));
    assert_eq!(answer["files"][1]["pages"].as_array().map(Vec::len), Some(2), "both pages of the decree");
}
