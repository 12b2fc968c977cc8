//! The arithmetic of a signature: digest, signed attributes, signature value, certificate path.
//! Liberal in form (BER, old algorithm names, zero padding), strict in strength.

use super::{Kind, Problem};
use crate::asn1::{self, INTEGER, OCTETS, SEQUENCE};
use crate::certificate::Certificate;
use crate::cms::{self, DATA, Message, SignerId, TIMESTAMP_INFO};
use crate::timestamp::Stamp;
use jiff::Timestamp;
use openssl::error::ErrorStack;
use openssl::hash::{Hasher, MessageDigest};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509StoreContext};

/// Prefix of the NIST hash algorithms; the last byte tells which.
const NIST_HASH: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];
const SHA1: &[u8] = &[0x2B, 0x0E, 3, 2, 0x1A];
const MD5: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 2, 5];
/// Prefix of PKCS#1; the last byte tells which algorithm.
const PKCS1: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1];
const EC_KEY: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];
/// Prefix of ECDSA with a SHA-2 hash; the last byte tells which.
const ECDSA_SHA2: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3];
const ECDSA_SHA1: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 1];

/// What the message in a signature amounts to.
#[derive(Default)]
pub(super) struct Judged {
    pub(super) signer: Option<Certificate>,
    pub(super) others: Vec<Certificate>,
    /// Time that a time stamp states.
    pub(super) stamped: Option<Timestamp>,
    pub(super) problem: Option<Problem>,
}

pub(super) fn judge(contents: &[u8], kind: Kind, ranges: [&[u8]; 2]) -> Judged {
    let mut judged = Judged::default();
    judged.problem = check(contents, kind, ranges, &mut judged).err();
    judged
}

/// The stamp that a token puts on `data`, and the certificates it carries.
pub(crate) fn judge_token(token: &[u8], data: &[u8]) -> Result<(Stamp, Vec<Certificate>), Problem> {
    let mut judged = Judged::default();
    check(token, Kind::TimeStamp, [data, &[]], &mut judged)?;
    match (judged.stamped, judged.signer) {
        (Some(at), Some(authority)) => Ok((Stamp { at, authority }, judged.others)),
        _ => Err(Problem::UnknownFormat),
    }
}

fn check(contents: &[u8], kind: Kind, ranges: [&[u8]; 2], judged: &mut Judged) -> Result<(), Problem> {
    let message = cms::parse(contents).map_err(|error| Problem::BrokenMessage(error.to_string()))?;
    for der in &message.certificates {
        judged.others.extend(Certificate::from_der(der).ok());
    }
    let signer = signer_of(&message, &judged.others).ok_or(Problem::NoSignerCertificate)?;
    judged.signer = Some(signer.clone());
    if !may_sign(signer.x509(), kind) {
        return Err(Problem::WrongCertificate);
    }
    let hash = hash_by(&message.signer.digest_oid)?;
    match kind {
        Kind::Signature => {
            if message.content.is_some() || message.content_type != DATA {
                return Err(Problem::UnknownFormat);
            }
            check_signed(&message, hash, &ranges, &signer)
        }
        Kind::TimeStamp => {
            let info = message.content.as_deref().filter(|_| message.content_type == TIMESTAMP_INFO);
            let info = info.ok_or(Problem::UnknownFormat)?;
            check_signed(&message, hash, &[info], &signer)?;
            judged.stamped = Some(stamped(info, &ranges)?);
            Ok(())
        }
    }
}

/// Checks digest, attributes and signature over `content`.
fn check_signed(
    message: &Message,
    hash: MessageDigest,
    content: &[&[u8]],
    signer: &Certificate,
) -> Result<(), Problem> {
    let Some(attributes) = &message.signer.attributes else {
        return check_value(message, content, signer);
    };
    let signed = cms::signed(attributes).map_err(|error| Problem::BrokenMessage(error.to_string()))?;
    if signed.content_type.as_deref() != Some(&message.content_type) {
        return Err(Problem::DigestMismatch);
    }
    let actual = digest(hash, content).map_err(|_| Problem::UnknownAlgorithm)?;
    if signed.digest.as_deref() != Some(&actual) {
        return Err(Problem::DigestMismatch);
    }
    if let Some((algorithm, named)) = &signed.certificate_hash {
        let own = digest(hash_by(algorithm)?, &[signer.der()]).map_err(|_| Problem::UnknownAlgorithm)?;
        if own != *named {
            return Err(Problem::WrongCertificate);
        }
    }
    check_value(message, &[attributes], signer)
}

fn check_value(message: &Message, signed: &[&[u8]], signer: &Certificate) -> Result<(), Problem> {
    let scheme = scheme(message)?;
    match verify(&scheme, signed, &message.signer.signature, signer.x509()) {
        Ok(true) => Ok(()),
        _ => Err(Problem::SignatureMismatch),
    }
}

struct Scheme {
    hash: MessageDigest,
    /// Salt length and mask hash of RSASSA-PSS.
    pss: Option<(i32, MessageDigest)>,
}

fn scheme(message: &Message) -> Result<Scheme, Problem> {
    let oid = message.signer.signature_oid.as_slice();
    let plain = |hash| Ok(Scheme { hash, pss: None });
    match oid.split_last() {
        // The key's name given as the algorithm: the digest algorithm says the rest.
        _ if oid == EC_KEY => plain(hash_by(&message.signer.digest_oid)?),
        Some((1, PKCS1)) => plain(hash_by(&message.signer.digest_oid)?),
        Some((11, PKCS1) | (2, ECDSA_SHA2)) => plain(MessageDigest::sha256()),
        Some((12, PKCS1) | (3, ECDSA_SHA2)) => plain(MessageDigest::sha384()),
        Some((13, PKCS1) | (4, ECDSA_SHA2)) => plain(MessageDigest::sha512()),
        Some((10, PKCS1)) => pss(&message.signer.parameters),
        Some((2..=5, PKCS1)) => Err(Problem::WeakAlgorithm),
        _ if oid == ECDSA_SHA1 => Err(Problem::WeakAlgorithm),
        _ => Err(Problem::UnknownAlgorithm),
    }
}

/// Parameters of RSASSA-PSS; every default among them is SHA-1 and therefore refused.
fn pss(parameters: &[u8]) -> Result<Scheme, Problem> {
    let broken = |_| Problem::UnknownAlgorithm;
    let list = asn1::read(parameters).map_err(broken)?.0.children().map_err(broken)?;
    let (mut hash, mut mask, mut salt) = (None, None, 20_i32);
    for part in list {
        let inner = part.children().map_err(broken)?;
        let inner = inner.first().ok_or(Problem::UnknownAlgorithm)?;
        match part.tag {
            0xA0 => hash = Some(hash_by(first_oid(inner)?)?),
            0xA1 => {
                let parts = inner.children().map_err(broken)?;
                mask = Some(hash_by(first_oid(parts.get(1).ok_or(Problem::UnknownAlgorithm)?)?)?);
            }
            0xA2 if inner.tag == INTEGER && inner.content.len() <= 2 => {
                salt = inner.content.iter().fold(0, |value, byte| value << 8 | i32::from(*byte));
            }
            _ => {}
        }
    }
    match (hash, mask) {
        (Some(hash), Some(mask)) => Ok(Scheme { hash, pss: Some((salt, mask)) }),
        _ => Err(Problem::WeakAlgorithm),
    }
}

fn first_oid<'a>(algorithm: &asn1::Tlv<'a>) -> Result<&'a [u8], Problem> {
    let parts = algorithm.children().map_err(|_| Problem::UnknownAlgorithm)?;
    parts.first().map(|oid| oid.content).ok_or(Problem::UnknownAlgorithm)
}

fn verify(scheme: &Scheme, signed: &[&[u8]], signature: &[u8], signer: &X509) -> Result<bool, ErrorStack> {
    let public = signer.public_key()?;
    let mut verifier = Verifier::new(scheme.hash, &public)?;
    if let Some((salt, mask)) = scheme.pss {
        verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
        verifier.set_rsa_pss_saltlen(RsaPssSaltlen::custom(salt))?;
        verifier.set_rsa_mgf1_md(mask)?;
    }
    for part in signed {
        verifier.update(part)?;
    }
    verifier.verify(signature)
}

fn digest(hash: MessageDigest, parts: &[&[u8]]) -> Result<Vec<u8>, ErrorStack> {
    let mut hasher = Hasher::new(hash)?;
    for part in parts {
        hasher.update(part)?;
    }
    Ok(hasher.finish()?.to_vec())
}

fn hash_by(oid: &[u8]) -> Result<MessageDigest, Problem> {
    match oid.split_last() {
        Some((1, NIST_HASH)) => Ok(MessageDigest::sha256()),
        Some((2, NIST_HASH)) => Ok(MessageDigest::sha384()),
        Some((3, NIST_HASH)) => Ok(MessageDigest::sha512()),
        _ if oid == SHA1 || oid == MD5 => Err(Problem::WeakAlgorithm),
        _ => Err(Problem::UnknownAlgorithm),
    }
}

fn signer_of(message: &Message, certificates: &[Certificate]) -> Option<Certificate> {
    let matches = |certificate: &&Certificate| match &message.signer.identifier {
        SignerId::IssuerAndSerial { issuer, serial } => {
            cms::issuer_and_serial(certificate.der()).is_ok_and(|(i, s)| i == issuer && s == serial)
        }
        SignerId::KeyIdentifier(wanted) => {
            certificate.x509().subject_key_id().is_some_and(|own| own.as_slice() == wanted)
        }
    };
    certificates.iter().find(matches).cloned()
}

/// A certificate that restricts its use must allow this one.
fn may_sign(certificate: &X509, kind: Kind) -> bool {
    use openssl::x509::X509KeyUsage;
    let signs = X509KeyUsage::DIGITAL_SIGNATURE | X509KeyUsage::NON_REPUDIATION;
    let usage = certificate.key_usage().is_none_or(|usage| usage.intersects(signs));
    let stamps = kind == Kind::Signature
        || certificate
            .extended_key_usage()
            .is_some_and(|usage| usage.contains(openssl::x509::X509ExtendedKeyUsage::TIMESTAMP));
    usage && stamps
}

/// Checks a time stamp's imprint and gives its time.
fn stamped(info: &[u8], ranges: &[&[u8]]) -> Result<Timestamp, Problem> {
    let broken = |error: crate::error::Error| Problem::BrokenMessage(error.to_string());
    let malformed = || Problem::BrokenMessage("a malformed time stamp".to_owned());
    let parts = asn1::read(info).map_err(broken)?.0.expect(SEQUENCE, "no time stamp").map_err(broken)?;
    let parts = parts.children().map_err(broken)?;
    let [_version, _policy, imprint, _serial, time, ..] = &parts[..] else { return Err(malformed()) };
    let imprint = imprint.children().map_err(broken)?;
    let [algorithm, hashed] = imprint[..] else { return Err(malformed()) };
    let actual = digest(hash_by(first_oid(&algorithm)?)?, ranges).map_err(|_| Problem::UnknownAlgorithm)?;
    if hashed.tag != OCTETS || hashed.content != actual {
        return Err(Problem::DigestMismatch);
    }
    let time = String::from_utf8_lossy(time.content);
    let digits: String = time.chars().take_while(char::is_ascii_digit).collect();
    let read = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", &digits).ok();
    read.and_then(|time| jiff::tz::Offset::UTC.to_timestamp(time).ok()).ok_or_else(malformed)
}

/// Whether the certificate leads to a trusted one, all valid at `time`.
pub(crate) fn is_trusted(
    signer: &Certificate,
    others: &[Certificate],
    trust: &[Certificate],
    time: Timestamp,
) -> bool {
    let path = || -> Result<bool, ErrorStack> {
        let mut parameters = X509VerifyParam::new()?;
        parameters.set_time(time.as_second());
        // An accepted authority is an anchor, whether or not it signed itself.
        parameters.set_flags(X509VerifyFlags::PARTIAL_CHAIN)?;
        parameters.set_depth(8);
        // Level 2 refuses SHA-1 and keys under 112 bits of strength in the path.
        parameters.set_auth_level(2);
        let mut store = X509StoreBuilder::new()?;
        for certificate in trust {
            store.add_cert(certificate.x509().clone())?;
        }
        store.set_param(&parameters)?;
        let mut chain = Stack::new()?;
        for other in others.iter().take(32) {
            chain.push(other.x509().clone())?;
        }
        let mut context = X509StoreContext::new()?;
        context.init(&store.build(), signer.x509(), &chain, |context| context.verify_cert())
    };
    path().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::{hash_by, pss, verify};
    use crate::asn1::{oid, sequence, tlv};
    use crate::cms::SHA256;
    use crate::validate::Problem;
    use openssl::asn1::{Asn1Integer, Asn1Time};
    use openssl::bn::BigNum;
    use openssl::hash::MessageDigest;
    use openssl::pkey::PKey;
    use openssl::rsa::{Padding, Rsa};
    use openssl::sign::{RsaPssSaltlen, Signer};
    use openssl::x509::X509;

    #[test]
    fn pss_signatures_are_checked_with_their_own_parameters() {
        let key = Rsa::generate(2048).and_then(PKey::from_rsa).expect("a key");
        let mut builder = X509::builder().expect("a certificate");
        builder.set_pubkey(&key).expect("a key");
        let serial = BigNum::from_u32(1).and_then(|n| Asn1Integer::from_bn(&n)).expect("a serial");
        builder.set_serial_number(&serial).expect("a serial");
        let now = Asn1Time::from_unix(0).expect("a time");
        builder.set_not_before(&now).expect("a time");
        builder.set_not_after(&now).expect("a time");
        builder.sign(&key, MessageDigest::sha256()).expect("a signature");
        let certificate = builder.build();

        let mut signer = Signer::new(MessageDigest::sha256(), &key).expect("a signer");
        signer.set_rsa_padding(Padding::PKCS1_PSS).expect("a padding");
        signer.set_rsa_pss_saltlen(RsaPssSaltlen::custom(32)).expect("a salt");
        let signature = signer.sign_oneshot_to_vec(b"one two").expect("a signature");

        let sha256 = sequence(&[&oid(SHA256)]);
        let mgf1 = sequence(&[&oid(&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 8]), &sha256]);
        let parameters =
            |salt: u8| sequence(&[&tlv(0xA0, &sha256), &tlv(0xA1, &mgf1), &tlv(0xA2, &tlv(2, &[salt]))]);
        let scheme = |salt| pss(&parameters(salt)).unwrap_or_else(|problem| panic!("{problem:?}"));
        assert_eq!(verify(&scheme(32), &[b"one ", b"two"], &signature, &certificate).ok(), Some(true));
        assert_ne!(verify(&scheme(20), &[b"one ", b"two"], &signature, &certificate).ok(), Some(true));
        assert_ne!(verify(&scheme(32), &[b"one three"], &signature, &certificate).ok(), Some(true));
        // The defaults are SHA-1.
        assert!(matches!(pss(&sequence(&[])), Err(Problem::WeakAlgorithm)));
    }

    #[test]
    fn broken_hashes_are_called_weak() {
        assert!(hash_by(SHA256).is_ok());
        assert!(matches!(hash_by(super::SHA1), Err(Problem::WeakAlgorithm)));
        assert!(matches!(hash_by(super::MD5), Err(Problem::WeakAlgorithm)));
        assert!(matches!(hash_by(&[1, 2, 3]), Err(Problem::UnknownAlgorithm)));
    }
}
