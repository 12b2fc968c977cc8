//! Time stamps by an independent authority (`openssl ts`): one on our own file, one on any bytes.

use crate::samples::{Office, judge, keep, now, scan};
use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::x509::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use openssl::x509::{X509, X509Name};
use pdf::certificate::Certificate;
use pdf::sign::{SignRequest, prepare, sign};
use pdf::timestamp::{Trust, judge as judge_token, query, token};
use pdf::validate::{Changes, Kind, Verdict, validate};
use std::path::Path;

/// Writes an authority's key, certificate and settings for `openssl ts`.
fn authority(folder: &Path) -> Certificate {
    let key = Rsa::generate(2048).and_then(PKey::from_rsa).expect("a key");
    let mut name = X509Name::builder().expect("a name");
    name.append_entry_by_text("CN", "Dau thoi gian DEMO").expect("a name");
    let name = name.build();
    let mut builder = X509::builder().expect("a certificate");
    builder.set_version(2).expect("a version");
    let serial = BigNum::from_u32(5).and_then(|n| Asn1Integer::from_bn(&n)).expect("a serial");
    builder.set_serial_number(&serial).expect("a serial");
    builder.set_subject_name(&name).expect("a name");
    builder.set_issuer_name(&name).expect("a name");
    // The authority takes its time from the machine's clock, so its validity is wide.
    let at = |seconds| Asn1Time::from_unix(seconds).expect("a time");
    builder.set_not_before(&at(1_500_000_000)).expect("a time");
    builder.set_not_after(&at(4_000_000_000)).expect("a time");
    builder.set_pubkey(&key).expect("a key");
    let extensions = [
        BasicConstraints::new().critical().build(),
        KeyUsage::new().critical().digital_signature().build(),
        ExtendedKeyUsage::new().critical().time_stamping().build(),
    ];
    for extension in extensions {
        builder.append_extension(extension.expect("an extension")).expect("an extension");
    }
    builder.sign(&key, MessageDigest::sha256()).expect("a signature");
    let certificate = builder.build();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("a file");
    write("key.pem", &key.private_key_to_pem_pkcs8().expect("a key"));
    write("tsa.pem", &certificate.to_pem().expect("a certificate"));
    write("serial", b"01\n");
    let path = folder.display();
    let settings = format!(
        "[tsa]\ndefault_tsa=t\n[t]\nserial={path}/serial\nsigner_cert={path}/tsa.pem\nsigner_key={path}/key.pem\n\
         signer_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\ness_cert_id_alg=sha256\n"
    );
    write("ts.cnf", settings.as_bytes());
    Certificate::from_der(&certificate.to_der().expect("a certificate")).expect("a certificate")
}

/// Turns a prepared signature into a document time stamp.
fn stamped(file: &[u8], folder: &Path, office: &Office) -> Vec<u8> {
    // The frame of a signature, with the marks of a time stamp in its place.
    let framed =
        prepare(file, office.officer.certificate(), office.officer.chain(), &SignRequest::invisible(now()))
            .and_then(|prepared| prepared.finish(pdf::key::Algorithm::EcdsaSha256, &[0; 64]))
            .expect("a frame");
    let mut out = framed;
    let last =
        |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).rposition(|w| w == text).expect("the text");
    let from = b"/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached";
    let to = b"/Type/DocTimeStamp/Filter/Adobe.PPKMS/SubFilter/ETSI.RFC3161";
    let at = last(&out, from);
    out[at..at + from.len()].copy_from_slice(to);
    let from = last(&out, b"/Contents<") + 9;
    let to = from + out[from..].iter().position(|byte| *byte == b'>').expect("an end") + 1;
    let data = folder.join("data");
    std::fs::write(&data, [&out[..from], &out[to..]].concat()).expect("a file");
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (made, said) = judge(
        "openssl",
        &["ts", "-query", "-data", &path("data"), "-sha256", "-cert", "-out", &path("query")],
    );
    assert!(made, "{said}");
    let (made, said) = judge(
        "openssl",
        &[
            "ts",
            "-reply",
            "-config",
            &path("ts.cnf"),
            "-queryfile",
            &path("query"),
            "-token_out",
            "-out",
            &path("token"),
        ],
    );
    assert!(made, "{said}");
    let token = std::fs::read(path("token")).expect("a token");
    out[from + 1..to - 1].fill(b'0');
    for (index, byte) in token.iter().enumerate() {
        let digits = format!("{byte:02x}");
        out[from + 1 + 2 * index..from + 3 + 2 * index].copy_from_slice(digits.as_bytes());
    }
    out
}

#[test]
fn a_document_time_stamp_is_read_and_checked() {
    let office = Office::open();
    let folder = tempfile::tempdir().expect("a folder");
    let root = authority(folder.path());
    let signed = sign(&scan(), &office.officer, &SignRequest::invisible(now())).expect("a signature");
    let file = stamped(&signed, folder.path(), &office);
    keep("stamped.pdf", &file);
    let trust = [office.authority.certificate().clone(), root];
    let report = validate(&file, &trust);
    assert_eq!(report.verdict, Verdict::Intact, "{:#?}", report.sentences());
    assert_eq!(report.signatures[1].kind, Kind::TimeStamp);
    assert_ne!(report.signatures[1].time, Some(now()), "the time is the authority's, not ours");
    assert!(report.signatures[0].after <= Changes::Signatures);

    let mut bad = file.clone();
    bad[60] ^= 1;
    assert_ne!(validate(&bad, &trust).verdict, Verdict::Intact);
    assert_eq!(validate(&file, &trust[..1]).verdict, Verdict::IntactSignerUnknown);
}

/// The authority's answer to our own query.
fn answer(folder: &Path, query: &[u8]) -> Vec<u8> {
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    std::fs::write(path("query"), query).expect("a file");
    let (made, said) = judge(
        "openssl",
        &["ts", "-reply", "-config", &path("ts.cnf"), "-queryfile", &path("query"), "-out", &path("reply")],
    );
    assert!(made, "{said}");
    std::fs::read(path("reply")).expect("an answer")
}

#[test]
fn our_query_is_answered_and_the_token_holds_for_those_bytes_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = authority(folder.path());
    let other = tempfile::tempdir().expect("a folder");
    let stranger = authority(other.path());
    let token = token(&answer(folder.path(), &query(b"checkpoint 1"))).expect("a token");
    let roots = [root.clone()];
    let stamp = judge_token(&token, b"checkpoint 1", Trust::Roots(&roots)).expect("a sound stamp");
    assert_eq!(stamp.authority, root);
    assert_eq!(judge_token(&token, b"checkpoint 1", Trust::Anybody).expect("a sound stamp"), stamp);
    judge_token(&token, b"checkpoint 2", Trust::Anybody).expect_err("other bytes");
    judge_token(&token, b"checkpoint 1", Trust::Roots(&[stranger])).expect_err("another authority");
    let mut broken = token.clone();
    *broken.last_mut().expect("a byte") ^= 1;
    judge_token(&broken, b"checkpoint 1", Trust::Anybody).expect_err("a broken signature");
}
