//! Making keys and certificates: what the demonstration authority issues, and what an installation signs
//! for itself.

use super::Certificate;
use crate::error::Result;
use crate::key::{Key, failed};
use jiff::{Timestamp, ToSpan};
use openssl::asn1::{Asn1Integer, Asn1Time};
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{AuthorityKeyIdentifier, BasicConstraints, KeyUsage, SubjectKeyIdentifier};
use openssl::x509::{X509, X509Name, X509NameBuilder};

/// A new P-256 key whose certificate it signed itself: it vouches for nobody, and whoever checks its
/// signatures must know this very certificate.
pub fn self_signed(common_name: &str, years: i64, now: Timestamp) -> Result<Key> {
    let private = new_key().map_err(failed("cannot be made"))?;
    let subject = plain_name(common_name).map_err(failed("cannot be named"))?;
    let by = Signed::ByItself;
    let x509 = certify(&Certified { subject: &subject, key: &private, by, now, years })
        .map_err(failed("cannot be certified"))?;
    Key::software(private, Certificate::from_x509(x509)?, Vec::new())
}

/// The same for somebody who is only to try things: the name says so, as with the demonstration authority.
pub fn self_signed_for_trial(common_name: &str, years: i64, now: Timestamp) -> Result<Key> {
    self_signed(&format!("{} (DÙNG THỬ)", cut(common_name, 52)), years, now)
}

fn plain_name(common_name: &str) -> Result<X509Name, ErrorStack> {
    let mut builder = X509NameBuilder::new()?;
    builder.append_entry_by_nid(Nid::COUNTRYNAME, "VN")?;
    builder.append_entry_by_nid(Nid::COMMONNAME, &cut(common_name, 64))?;
    Ok(builder.build())
}

pub(super) fn cut(text: &str, characters: usize) -> String {
    text.trim().chars().take(characters).collect()
}

pub(super) fn new_key() -> Result<PKey<Private>, ErrorStack> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    PKey::from_ec_key(EcKey::generate(&group)?)
}

/// What a certificate will say.
pub(super) struct Certified<'a> {
    pub(super) subject: &'a X509Name,
    pub(super) key: &'a PKey<Private>,
    pub(super) by: Signed<'a>,
    pub(super) now: Timestamp,
    pub(super) years: i64,
}

/// Whose signature a certificate carries.
pub(super) enum Signed<'a> {
    /// A root, which certifies others.
    ByItselfAsAuthority,
    /// A holder nobody certifies.
    ByItself,
    By {
        authority: &'a Certificate,
        key: &'a PKey<Private>,
    },
}

pub(super) fn certify(certified: &Certified<'_>) -> Result<X509, ErrorStack> {
    let mut serial = BigNum::new()?;
    serial.rand(120, MsbOption::MAYBE_ZERO, false)?;
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    let serial = Asn1Integer::from_bn(&serial)?;
    builder.set_serial_number(&serial)?;
    builder.set_subject_name(certified.subject)?;
    let (issuer, issuer_key) = match &certified.by {
        Signed::By { authority, key } => (Some(authority.x509()), *key),
        Signed::ByItself | Signed::ByItselfAsAuthority => (None, certified.key),
    };
    builder.set_issuer_name(issuer.map_or(certified.subject, |x509| x509.subject_name()))?;
    let start = certified.now.saturating_add((-24).hours()).unwrap_or(certified.now);
    let end = certified.now.saturating_add((certified.years * 365 * 24).hours()).unwrap_or(certified.now);
    let (start, end) = (Asn1Time::from_unix(start.as_second())?, Asn1Time::from_unix(end.as_second())?);
    builder.set_not_before(&start)?;
    builder.set_not_after(&end)?;
    builder.set_pubkey(certified.key)?;
    if let Signed::ByItselfAsAuthority = certified.by {
        builder.append_extension(BasicConstraints::new().critical().ca().pathlen(0).build()?)?;
        builder.append_extension(KeyUsage::new().critical().key_cert_sign().crl_sign().build()?)?;
    } else {
        builder.append_extension(BasicConstraints::new().critical().build()?)?;
        let usage = KeyUsage::new().critical().digital_signature().non_repudiation().build()?;
        builder.append_extension(usage)?;
    }
    let identifier =
        SubjectKeyIdentifier::new().build(&builder.x509v3_context(issuer.map(|x| &**x), None))?;
    builder.append_extension(identifier)?;
    if issuer.is_some() {
        let context = builder.x509v3_context(issuer.map(|x| &**x), None);
        let above = AuthorityKeyIdentifier::new().keyid(true).build(&context)?;
        builder.append_extension(above)?;
    }
    builder.sign(issuer_key, MessageDigest::sha256())?;
    Ok(builder.build())
}

#[cfg(test)]
mod tests {
    use super::self_signed;
    use crate::key::Key;

    #[test]
    fn a_key_of_ones_own_signs_and_only_its_certificate_confirms_it() {
        let now = "2026-11-21T03:00:00Z".parse().expect("a time");
        let make = || self_signed("Khóa niêm phong dấu vết", 20, now).expect("a key");
        let (own, other) = (make(), make());
        let kept = own.to_p12("mật khẩu").and_then(|p12| Key::from_p12(&p12, "mật khẩu")).expect("opened");
        let signature = kept.sign("điểm 1".as_bytes()).expect("signed");
        assert_eq!(kept.certificate(), own.certificate());
        assert_eq!(own.certificate().subject_common_name(), "Khóa niêm phong dấu vết");
        assert!(own.certificate().has_signed("điểm 1".as_bytes(), &signature));
        assert!(!own.certificate().has_signed("điểm 2".as_bytes(), &signature));
        assert!(!other.certificate().has_signed("điểm 1".as_bytes(), &signature));
        assert!(!own.certificate().has_signed("điểm 1".as_bytes(), b"not a signature"));
    }
}
