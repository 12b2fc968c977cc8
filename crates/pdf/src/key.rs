//! Private keys. A key gives its certificate and turns attribute bytes into a signature; nobody
//! else in the workspace touches private key material. Room is kept for tokens and remote signing
//! as further variants.

pub mod strange;

use crate::certificate::Certificate;
use crate::error::{Error, Result};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{Id, PKey, Private};
use openssl::sign::Signer;
use openssl::stack::Stack;

/// Where the private key lives.
#[derive(Debug)]
#[non_exhaustive]
pub enum Key {
    /// In this process's memory, out of a PKCS#12 file.
    Software(SoftwareKey),
}

/// A private key with its certificate and the certificates above it.
pub struct SoftwareKey {
    private: PKey<Private>,
    certificate: Certificate,
    chain: Vec<Certificate>,
}

/// How a signature was made; names the algorithm in the signed message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaSha256,
    /// ECDSA with SHA-256 on P-256.
    EcdsaSha256,
}

impl std::fmt::Debug for SoftwareKey {
    /// Never prints the key.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SoftwareKey").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

impl Key {
    /// Opens a PKCS#12 file (`.p12`, `.pfx`).
    ///
    /// Errors when the password is wrong, no private key is inside, or the key is neither RSA of
    /// 2048 bits or more nor P-256.
    pub fn from_p12(bytes: &[u8], password: &str) -> Result<Self> {
        let file = Pkcs12::from_der(bytes).map_err(failed("is not a PKCS#12 file"))?;
        let parts =
            file.parse2(password).map_err(failed("cannot be opened: wrong password or old encryption"))?;
        let private = parts.pkey.ok_or_else(|| Error::key("the PKCS#12 file holds no private key"))?;
        let certificate = parts.cert.ok_or_else(|| Error::key("the PKCS#12 file holds no certificate"))?;
        let chain = parts.ca.into_iter().flatten().map(Certificate::from_x509).collect::<Result<_>>()?;
        Self::software(private, Certificate::from_x509(certificate)?, chain)
    }

    pub(crate) fn software(
        private: PKey<Private>,
        certificate: Certificate,
        chain: Vec<Certificate>,
    ) -> Result<Self> {
        algorithm_of(&private)?;
        let public =
            certificate.x509().public_key().map_err(failed("the certificate has no readable key"))?;
        if !private.public_eq(&public) {
            return Err(Error::key("the private key does not belong to the certificate"));
        }
        Ok(Self::Software(SoftwareKey { private, certificate, chain }))
    }

    /// Packs key and certificates into a PKCS#12 file under PBES2 with AES-256.
    pub fn to_p12(&self, password: &str) -> Result<Vec<u8>> {
        let Self::Software(key) = self;
        let mut chain = Stack::new().map_err(failed("cannot be packed"))?;
        for certificate in &key.chain {
            chain.push(certificate.x509().clone()).map_err(failed("cannot be packed"))?;
        }
        let name = key.certificate.subject_common_name().to_owned();
        Pkcs12::builder()
            .name(&name)
            .pkey(&key.private)
            .cert(key.certificate.x509())
            .ca(chain)
            .key_algorithm(Nid::AES_256_CBC)
            .cert_algorithm(Nid::AES_256_CBC)
            .mac_md(MessageDigest::sha256())
            .build2(password)
            .and_then(|file| file.to_der())
            .map_err(failed("cannot be packed"))
    }

    /// The signer's certificate.
    pub fn certificate(&self) -> &Certificate {
        let Self::Software(key) = self;
        &key.certificate
    }

    /// Certificates above the signer's, as far as known.
    pub fn chain(&self) -> &[Certificate] {
        let Self::Software(key) = self;
        &key.chain
    }

    /// The algorithm that `sign` uses.
    pub fn algorithm(&self) -> Algorithm {
        let Self::Software(key) = self;
        // Checked when the key was opened.
        algorithm_of(&key.private).unwrap_or(Algorithm::RsaSha256)
    }

    /// Signs the DER of the signed attributes; hashes them itself.
    pub fn sign(&self, attributes: &[u8]) -> Result<Vec<u8>> {
        let Self::Software(key) = self;
        Signer::new(MessageDigest::sha256(), &key.private)
            .and_then(|mut signer| signer.sign_oneshot_to_vec(attributes))
            .map_err(failed("refused to sign"))
    }
}

fn algorithm_of(private: &PKey<Private>) -> Result<Algorithm> {
    match private.id() {
        Id::RSA if private.bits() >= 2048 => Ok(Algorithm::RsaSha256),
        Id::EC if private.ec_key().is_ok_and(|ec| ec.group().curve_name() == Some(Nid::X9_62_PRIME256V1)) => {
            Ok(Algorithm::EcdsaSha256)
        }
        _ => Err(Error::key("only RSA of 2048 bits or more and P-256 keys sign")),
    }
}

/// Names what failed and keeps the library's reason.
pub(crate) fn failed(what: &'static str) -> impl Fn(openssl::error::ErrorStack) -> Error {
    move |source| Error::Key { what, source: Some(Box::new(source)) }
}
