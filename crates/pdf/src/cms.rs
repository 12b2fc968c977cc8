//! The cryptographic message inside a signature: built as PAdES baseline wants it, and read as
//! liberally as foreign signers need. Which algorithms hold is judged in `validate`.

use crate::asn1::{self, INTEGER, OCTETS, OID, SEQUENCE, SET, Tlv, oid, sequence, set_of, tlv};
use crate::error::{Error, Result};
use crate::key::Algorithm;

pub(crate) const DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1];
const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2];
pub(crate) const TIMESTAMP_INFO: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 1, 4];
const CONTENT_TYPE: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3];
const MESSAGE_DIGEST: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 4];
const SIGNING_CERTIFICATE_V2: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 0x2F];
pub(crate) const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
const SHA256_WITH_RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11];
const ECDSA_WITH_SHA256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2];
const NULL: &[u8] = &[5, 0];

/// The attributes to sign, as the DER SET that is hashed: content type, digest of the signed bytes,
/// and the signer's certificate by hash, issuer and serial. No signing time: PAdES takes it from
/// the signature dictionary.
pub(crate) fn attributes(digest: &[u8], certificate: &[u8], certificate_hash: &[u8]) -> Result<Vec<u8>> {
    let (issuer, serial) = issuer_and_serial(certificate)?;
    let general_names = sequence(&[&tlv(0xA4, issuer)]);
    let issuer_serial = sequence(&[&general_names, serial]);
    // SHA-256 is this structure's default and therefore left out in DER.
    let identifier = sequence(&[&tlv(OCTETS, certificate_hash), &issuer_serial]);
    let signing_certificate = sequence(&[&sequence(&[&identifier])]);
    Ok(set_of(vec![
        attribute(CONTENT_TYPE, &oid(DATA)),
        attribute(MESSAGE_DIGEST, &tlv(OCTETS, digest)),
        attribute(SIGNING_CERTIFICATE_V2, &signing_certificate),
    ]))
}

fn attribute(kind: &[u8], value: &[u8]) -> Vec<u8> {
    sequence(&[&oid(kind), &tlv(SET, value)])
}

/// The finished message around signed attributes and their signature.
pub(crate) fn message(
    attributes: &[u8],
    algorithm: Algorithm,
    signature: &[u8],
    certificates: &[&[u8]],
) -> Result<Vec<u8>> {
    let signer = certificates.first().ok_or(Error::Cms("no signer certificate"))?;
    let (issuer, serial) = issuer_and_serial(signer)?;
    let sha256 = sequence(&[&oid(SHA256)]);
    let signature_algorithm = match algorithm {
        Algorithm::RsaSha256 => sequence(&[&oid(SHA256_WITH_RSA), NULL]),
        Algorithm::EcdsaSha256 => sequence(&[&oid(ECDSA_WITH_SHA256)]),
    };
    let mut implicit = attributes.to_vec();
    implicit[0] = 0xA0;
    let signer_info = sequence(&[
        &tlv(INTEGER, &[1]),
        &sequence(&[issuer, serial]),
        &sha256,
        &implicit,
        &signature_algorithm,
        &tlv(OCTETS, signature),
    ]);
    let mut unique: Vec<Vec<u8>> = certificates.iter().map(|der| der.to_vec()).collect();
    unique.sort();
    unique.dedup();
    let signed_data = sequence(&[
        &tlv(INTEGER, &[1]),
        &tlv(SET, &sha256),
        &sequence(&[&oid(DATA)]),
        &tlv(0xA0, &unique.concat()),
        &tlv(SET, &signer_info),
    ]);
    Ok(sequence(&[&oid(SIGNED_DATA), &tlv(0xA0, &signed_data)]))
}

/// Issuer and serial number of a DER certificate, raw.
pub(crate) fn issuer_and_serial(certificate: &[u8]) -> Result<(&[u8], &[u8])> {
    let wrong = Error::Cms("a malformed certificate");
    let whole = asn1::read(certificate)?.0.expect(SEQUENCE, "a malformed certificate")?.children()?;
    let tbs = whole.first().ok_or(wrong)?.children()?;
    let first = usize::from(tbs.first().is_some_and(|version| version.tag == 0xA0));
    match (tbs.get(first), tbs.get(first + 2)) {
        (Some(serial), Some(issuer)) if serial.tag == INTEGER => Ok((issuer.raw, serial.raw)),
        _ => Err(Error::Cms("a malformed certificate")),
    }
}

/// A message read apart. Byte strings are as they stood.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) content_type: Vec<u8>,
    /// Content carried inside the message, if any.
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) signer: SignerInfo,
}

#[derive(Debug)]
pub(crate) struct SignerInfo {
    pub(crate) identifier: SignerId,
    pub(crate) digest_oid: Vec<u8>,
    /// The signed attributes under a SET tag, as they are hashed; none in the oldest signatures.
    pub(crate) attributes: Option<Vec<u8>>,
    pub(crate) signature_oid: Vec<u8>,
    /// Parameters of the signature algorithm, raw.
    pub(crate) parameters: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

#[derive(Debug)]
pub(crate) enum SignerId {
    IssuerAndSerial { issuer: Vec<u8>, serial: Vec<u8> },
    KeyIdentifier(Vec<u8>),
}

/// What the signed attributes say.
#[derive(Debug, Default)]
pub(crate) struct Signed {
    pub(crate) content_type: Option<Vec<u8>>,
    pub(crate) digest: Option<Vec<u8>>,
    /// Hash algorithm (SHA-256 when left out) and hash of the signer's certificate.
    pub(crate) certificate_hash: Option<(Vec<u8>, Vec<u8>)>,
}

/// Reads a message; zero padding may follow it.
pub(crate) fn parse(bytes: &[u8]) -> Result<Message> {
    let (info, padding) = asn1::read(bytes)?;
    if padding.iter().any(|byte| *byte != 0) {
        return Err(Error::Cms("bytes after the message that are not zero"));
    }
    let info = info.expect(SEQUENCE, "no content info")?.children()?;
    let [kind, wrapped] = info[..] else { return Err(Error::Cms("no content info")) };
    if kind.content != SIGNED_DATA {
        return Err(Error::Cms("no signed data"));
    }
    let data = only(&wrapped, "no signed data")?.children()?;
    let [_version, _digests, content, rest @ ..] = &data[..] else {
        return Err(Error::Cms("truncated signed data"));
    };
    let content = content.children()?;
    let content_type = content.first().ok_or(Error::Cms("no content type"))?.content.to_vec();
    let carried = match content.get(1) {
        Some(explicit) => Some(only(explicit, "malformed content")?.octets()?),
        None => None,
    };
    let mut certificates = Vec::new();
    let mut signers = None;
    for part in rest {
        match part.tag {
            0xA0 => {
                let plain = part.children()?.into_iter().filter(|certificate| certificate.tag == SEQUENCE);
                certificates = plain.map(|certificate| certificate.raw.to_vec()).collect();
            }
            SET => signers = Some(part.children()?),
            _ => {}
        }
    }
    match signers.as_deref() {
        Some([signer]) => {
            let signer = signer_info(signer)?;
            Ok(Message { content_type, content: carried, certificates, signer })
        }
        _ => Err(Error::Cms("not exactly one signer")),
    }
}

fn only<'a>(value: &Tlv<'a>, what: &'static str) -> Result<Tlv<'a>> {
    match value.children()?[..] {
        [one] => Ok(one),
        _ => Err(Error::Cms(what)),
    }
}

fn signer_info(value: &Tlv<'_>) -> Result<SignerInfo> {
    const WRONG: &str = "a malformed signer info";
    let wrong = || Error::Cms(WRONG);
    let parts = value.expect(SEQUENCE, WRONG)?.children()?;
    let [_version, sid, digest, rest @ ..] = &parts[..] else { return Err(wrong()) };
    let identifier = if sid.tag == 0x80 {
        SignerId::KeyIdentifier(sid.content.to_vec())
    } else {
        let [issuer, serial] = sid.expect(SEQUENCE, WRONG)?.children()?[..] else { return Err(wrong()) };
        SignerId::IssuerAndSerial { issuer: issuer.raw.to_vec(), serial: serial.raw.to_vec() }
    };
    let (attributes, rest) = match rest {
        [first, rest @ ..] if first.tag == 0xA0 => {
            if first.indefinite {
                return Err(Error::Cms("signed attributes without length"));
            }
            let mut set = first.raw.to_vec();
            set[0] = SET;
            (Some(set), rest)
        }
        rest => (None, rest),
    };
    let [algorithm, signature, ..] = rest else { return Err(wrong()) };
    let digest = digest.expect(SEQUENCE, WRONG)?.children()?;
    let algorithm = algorithm.expect(SEQUENCE, WRONG)?.children()?;
    let named = |parts: &[Tlv<'_>]| match parts.first() {
        Some(oid) if oid.tag == OID => Ok(oid.content.to_vec()),
        _ => Err(wrong()),
    };
    Ok(SignerInfo {
        identifier,
        digest_oid: named(&digest)?,
        attributes,
        signature_oid: named(&algorithm)?,
        parameters: algorithm.get(1).map(|p| p.raw.to_vec()).unwrap_or_default(),
        signature: signature.octets()?,
    })
}

/// Reads the signed attributes. An attribute given twice is an error: readers would differ.
pub(crate) fn signed(attributes: &[u8]) -> Result<Signed> {
    let mut out = Signed::default();
    for attribute in asn1::read(attributes)?.0.children()? {
        let parts = attribute.children()?;
        let [kind, values] = parts[..] else { return Err(Error::Cms("a malformed attribute")) };
        let twice = match kind.content {
            CONTENT_TYPE => out
                .content_type
                .replace(only(&values, "a malformed content type")?.content.to_vec())
                .is_some(),
            MESSAGE_DIGEST => out.digest.replace(only(&values, "a malformed digest")?.octets()?).is_some(),
            SIGNING_CERTIFICATE_V2 => {
                let value = only(&values, "a malformed signing certificate")?;
                out.certificate_hash.replace(certificate_hash(&value)?).is_some()
            }
            _ => false,
        };
        if twice {
            return Err(Error::Cms("a signed attribute given twice"));
        }
    }
    Ok(out)
}

fn certificate_hash(value: &Tlv<'_>) -> Result<(Vec<u8>, Vec<u8>)> {
    let wrong = || Error::Cms("a malformed signing certificate");
    let list = value.children()?;
    let identifiers = list.first().ok_or_else(wrong)?.children()?;
    let parts = identifiers.first().ok_or_else(wrong)?.children()?;
    match &parts[..] {
        [hash, ..] if hash.tag == OCTETS => Ok((SHA256.to_vec(), hash.content.to_vec())),
        [algorithm, hash, ..] if hash.tag == OCTETS => {
            let kind = algorithm.children()?.first().ok_or_else(wrong)?.content.to_vec();
            Ok((kind, hash.content.to_vec()))
        }
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::{DATA, SHA256, attributes, message, parse, signed};
    use crate::certificate::{DemoAuthority, Holder};
    use crate::key::Algorithm;

    #[test]
    fn a_message_reads_back_as_written() {
        let now = "2026-11-21T03:00:00Z".parse().expect("a time");
        let authority = DemoAuthority::create(now).expect("an authority");
        let holder = Holder::Agency { name: "UBND phường Thử".to_owned() };
        let key = authority.issue(&holder, now).expect("a key");
        let der = key.certificate().der();
        let attributes = attributes(&[1; 32], der, &[2; 32]).expect("attributes");
        let mut bytes = message(&attributes, Algorithm::EcdsaSha256, &[3; 70], &[der]).expect("a message");
        bytes.extend([0; 100]);
        let read = parse(&bytes).expect("a readable message");
        assert_eq!(read.content_type, DATA);
        assert_eq!(read.certificates, [der]);
        assert_eq!(read.signer.signature, [3; 70]);
        assert_eq!(read.signer.attributes.as_deref(), Some(&attributes[..]));
        let signed = signed(&attributes).expect("readable attributes");
        assert_eq!(signed.digest.as_deref(), Some(&[1; 32][..]));
        assert_eq!(signed.certificate_hash, Some((SHA256.to_vec(), vec![2; 32])));
        bytes.push(1);
        assert!(parse(&bytes).is_err(), "padding must be zero");
    }
}
