//! Keys and the demonstration authority: made, packed, opened again, used.

use crate::samples::{Office, at, judge, keep, now, scan};
use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::BigNum;
use openssl::hash::MessageDigest;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509Name};
use pdf::certificate::{Certificate, DemoAuthority, Holder};
use pdf::key::{Algorithm, Key};
use pdf::sign::{SignRequest, prepare, sign};
use pdf::validate::{Verdict, validate};
use pdf::{Error, Refusal};

#[test]
fn a_packed_key_opens_with_its_password_only() {
    let office = Office::open();
    let file = office.officer.to_p12("mật khẩu").expect("a file");
    let key = Key::from_p12(&file, "mật khẩu").expect("a key");
    assert_eq!(key.certificate(), office.officer.certificate());
    assert_eq!(key.chain(), [office.authority.certificate().clone()]);
    assert_eq!(key.algorithm(), Algorithm::EcdsaSha256);
    assert!(Key::from_p12(&file, "sai").is_err());
    assert!(Key::from_p12(b"nothing", "").is_err());
    let path = keep("officer.p12", &file).to_string_lossy().into_owned();
    let (_, said) =
        judge("openssl", &["pkcs12", "-in", &path, "-info", "-noout", "-passin", "pass:mật khẩu"]);
    assert!(said.contains("PBES2") && said.contains("AES-256-CBC"), "{said}");
}

#[test]
fn a_key_never_prints_itself() {
    let office = Office::open();
    let shown = format!("{:?} {:?}", office.officer, office.authority);
    assert!(shown.contains("Nguyễn Thị Hạnh (DEMO)"));
    assert!(!shown.to_lowercase().contains("private"), "{shown}");
}

#[test]
fn the_authority_says_it_is_for_trying_and_loads_again() {
    let office = Office::open();
    let root = office.authority.certificate();
    assert_eq!(root.subject_common_name(), "Một Cửa DEMO – chỉ để dùng thử, không có giá trị pháp lý");
    assert_eq!(root.issuer_common_name(), root.subject_common_name());
    let private = office.authority.private_pem().expect("a key");
    let again = DemoAuthority::from_pem(&private, &office.authority.root_pem().expect("a root"))
        .expect("an authority");
    let key = again.issue(&Holder::Agency { name: "Sở Tư pháp".to_owned() }, now()).expect("a key");
    assert_eq!(key.certificate().subject_common_name(), "Sở Tư pháp (DEMO)");
    assert!(key.certificate().is_valid_at(now()));
    let file = sign(&scan(), &key, &SignRequest::invisible(now())).expect("a signature");
    assert_eq!(validate(&file, &office.trust()).verdict, Verdict::Intact);
    let pem = root.to_pem().expect("a certificate");
    assert_eq!(Certificate::all_from_pem(&pem).expect("certificates"), std::slice::from_ref(root));
}

#[test]
fn certificates_name_their_use() {
    let office = Office::open();
    let path = keep("leaf.pem", &office.officer.certificate().to_pem().expect("a certificate"));
    let (_, said) =
        judge("openssl", &["x509", "-in", &path.to_string_lossy(), "-noout", "-text", "-nameopt", "utf8"]);
    assert!(said.contains("Digital Signature, Non Repudiation"), "{said}");
    assert!(said.contains("CA:FALSE"), "{said}");
}

/// A self-signed certificate on an RSA key.
fn rsa(bits: u32) -> (PKey<Private>, X509) {
    let key = PKey::from_rsa(Rsa::generate(bits).expect("a key")).expect("a key");
    let mut name = X509Name::builder().expect("a name");
    name.append_entry_by_text("CN", "Khóa RSA").expect("a name");
    let name = name.build();
    let mut builder = X509::builder().expect("a certificate");
    builder.set_version(2).expect("a version");
    let serial = BigNum::from_u32(77).and_then(|n| Asn1Integer::from_bn(&n)).expect("a serial");
    builder.set_serial_number(&serial).expect("a serial");
    builder.set_subject_name(&name).expect("a name");
    builder.set_issuer_name(&name).expect("a name");
    let moment = |seconds: i64| Asn1Time::from_unix(now().as_second() + seconds).expect("a time");
    builder.set_not_before(&moment(-1000)).expect("a time");
    builder.set_not_after(&moment(100_000)).expect("a time");
    builder.set_pubkey(&key).expect("a key");
    builder.sign(&key, MessageDigest::sha256()).expect("a signature");
    (key, builder.build())
}

fn packed(key: &PKey<Private>, certificate: &X509) -> Vec<u8> {
    let mut builder = Pkcs12::builder();
    let file = builder.name("rsa").pkey(key).cert(certificate).build2("x").expect("a file");
    file.to_der().expect("a file")
}

#[test]
fn rsa_keys_sign_and_short_ones_do_not() {
    let (private, x509) = rsa(2048);
    let key = Key::from_p12(&packed(&private, &x509), "x").expect("a key");
    assert_eq!(key.algorithm(), Algorithm::RsaSha256);
    let file = sign(&scan(), &key, &SignRequest::invisible(now())).expect("a signature");
    assert_eq!(validate(&file, &[key.certificate().clone()]).verdict, Verdict::Intact);
    let path = keep("rsa.pdf", &file).to_string_lossy().into_owned();
    let (_, said) = judge("pdfsig", &["-nocert", &path]);
    assert!(said.contains("Signature is Valid"), "{said}");
    let (private, x509) = rsa(1024);
    assert!(Key::from_p12(&packed(&private, &x509), "x").is_err());
}

#[test]
fn a_key_elsewhere_signs_in_two_steps() {
    let office = Office::open();
    let prepared =
        prepare(&scan(), office.agency.certificate(), office.agency.chain(), &SignRequest::invisible(now()))
            .expect("a prepared file");
    let signature = office.agency.sign(prepared.attributes()).expect("a signature");
    let file = prepared.finish(Algorithm::EcdsaSha256, &signature).expect("a signed file");
    assert_eq!(validate(&file, &office.trust()).verdict, Verdict::Intact);
}

#[test]
fn an_expired_certificate_does_not_sign() {
    let office = Office::open();
    let late = SignRequest::invisible(at("2031-01-01T00:00:00Z"));
    let error = sign(&scan(), &office.officer, &late).expect_err("a refusal");
    assert!(matches!(error, Error::Refused(Refusal::CertificateNotValid)), "{error}");
}

#[test]
fn an_authority_out_of_its_time_is_not_trusted() {
    let old = DemoAuthority::create(at("2010-01-01T00:00:00Z")).expect("an authority");
    let key = old.issue(&Holder::Agency { name: "Sở Tư pháp".to_owned() }, now()).expect("a key");
    let file = sign(&scan(), &key, &SignRequest::invisible(now())).expect("a signature");
    let report = validate(&file, &[old.certificate().clone()]);
    assert_eq!(report.verdict, Verdict::IntactSignerUnknown);
}

#[test]
fn a_signature_by_another_key_is_broken() {
    let office = Office::open();
    let prepared = prepare(&scan(), office.agency.certificate(), &[], &SignRequest::invisible(now()))
        .expect("a prepared file");
    let signature = office.officer.sign(prepared.attributes()).expect("a signature");
    let file = prepared.finish(Algorithm::EcdsaSha256, &signature).expect("a file");
    assert_eq!(validate(&file, &office.trust()).verdict, Verdict::Changed);
}
