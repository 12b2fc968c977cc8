//! Certificates as plain values; a key that certifies itself; and a demonstration authority that says in
//! every name that its certificates are for trying only.

mod demo;
mod make;

use crate::error::{Error, Result};
use crate::key::failed;
use jiff::Timestamp;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::sign::Verifier;
use openssl::x509::{X509, X509NameRef};

pub use demo::{DemoAuthority, Holder};
pub use make::{self_signed, self_signed_for_trial};

/// An X.509 certificate with its most used values read out.
#[derive(Clone)]
pub struct Certificate {
    x509: X509,
    der: Vec<u8>,
    subject_common_name: String,
    issuer_common_name: String,
    serial: String,
    not_before: Timestamp,
    not_after: Timestamp,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Certificate")
            .field("subject", &self.subject_common_name)
            .field("issuer", &self.issuer_common_name)
            .field("serial", &self.serial)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl Certificate {
    /// Reads one DER certificate.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        Self::from_x509(X509::from_der(der).map_err(failed("is not a certificate"))?)
    }

    /// Reads every certificate of a PEM file; at least one must be there.
    pub fn all_from_pem(pem: &[u8]) -> Result<Vec<Self>> {
        let stack = X509::stack_from_pem(pem).map_err(failed("is not a PEM file of certificates"))?;
        if stack.is_empty() {
            return Err(Error::key("the PEM file holds no certificate"));
        }
        stack.into_iter().map(Self::from_x509).collect()
    }

    pub(crate) fn from_x509(x509: X509) -> Result<Self> {
        let der = x509.to_der().map_err(failed("a certificate cannot be encoded"))?;
        let serial =
            x509.serial_number().to_bn().and_then(|number| number.to_hex_str().map(|s| s.to_string()));
        Ok(Self {
            subject_common_name: common_name(x509.subject_name()),
            issuer_common_name: common_name(x509.issuer_name()),
            serial: serial.map_err(failed("a certificate has no readable serial number"))?,
            not_before: timestamp(x509.not_before())?,
            not_after: timestamp(x509.not_after())?,
            der,
            x509,
        })
    }

    pub(crate) fn x509(&self) -> &X509 {
        &self.x509
    }

    /// The certificate in DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate in PEM.
    pub fn to_pem(&self) -> Result<Vec<u8>> {
        self.x509.to_pem().map_err(failed("a certificate cannot be encoded"))
    }

    /// Common name of the holder, or the first name there is.
    pub fn subject_common_name(&self) -> &str {
        &self.subject_common_name
    }

    /// Common name of the issuer.
    pub fn issuer_common_name(&self) -> &str {
        &self.issuer_common_name
    }

    /// Serial number in upper-case hexadecimal.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// First moment of validity.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Last moment of validity.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// Whether the key of this certificate signed these bytes, as [`crate::key::Key::sign`] does.
    pub fn has_signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        let check = || {
            let public = self.x509.public_key()?;
            Verifier::new(MessageDigest::sha256(), &public)?.verify_oneshot(signature, bytes)
        };
        // A signature that cannot be read is none.
        check().unwrap_or(false)
    }

    /// Whether `at` lies within the validity.
    pub fn is_valid_at(&self, at: Timestamp) -> bool {
        (self.not_before..=self.not_after).contains(&at)
    }
}

fn common_name(name: &X509NameRef) -> String {
    let named = name.entries_by_nid(Nid::COMMONNAME).last().or_else(|| name.entries().next());
    named
        .and_then(|entry| entry.data().to_string().ok())
        .map_or_else(|| "(không có tên)".to_owned(), |name| name.chars().take(256).collect())
}

fn timestamp(time: &Asn1TimeRef) -> Result<Timestamp> {
    let wrong = "a certificate has no readable validity";
    let epoch = Asn1Time::from_unix(0).map_err(failed(wrong))?;
    let since = epoch.diff(time).map_err(failed(wrong))?;
    let seconds = i64::from(since.days) * 86_400 + i64::from(since.secs);
    Timestamp::from_second(seconds).map_err(|_| Error::key(wrong))
}
