//! A certification authority made on the spot, so that a demonstration can sign. Its names say in
//! Vietnamese that nothing it certifies has legal value.

use super::Certificate;
use super::make::{Certified, Signed, certify, cut, new_key};
use crate::error::{Error, Result};
use crate::key::{Key, failed};
use jiff::Timestamp;
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::{X509Name, X509NameBuilder};

const ROOT_NAME: &str = "Một Cửa DEMO – chỉ để dùng thử, không có giá trị pháp lý";

/// The demonstration authority: a root certificate and its key.
pub struct DemoAuthority {
    private: PKey<Private>,
    certificate: Certificate,
}

/// Whom a demonstration certificate names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// An officer, with the agency the officer works for.
    Person { name: String, agency: String },
    /// An agency, for its digital seal.
    Agency { name: String },
}

impl std::fmt::Debug for DemoAuthority {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("DemoAuthority").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

impl DemoAuthority {
    /// Makes a new root, valid from a day before `now` for ten years.
    pub fn create(now: Timestamp) -> Result<Self> {
        let private = new_key().map_err(failed("cannot be made"))?;
        let name = name(ROOT_NAME, None).map_err(failed("cannot be named"))?;
        let by = Signed::ByItselfAsAuthority;
        let x509 = certify(&Certified { subject: &name, key: &private, by, now, years: 10 })
            .map_err(failed("cannot be certified"))?;
        Ok(Self { private, certificate: Certificate::from_x509(x509)? })
    }

    /// Loads a root from its private key and certificate, both PEM.
    pub fn from_pem(private_pem: &[u8], certificate_pem: &[u8]) -> Result<Self> {
        let private =
            PKey::private_key_from_pem(private_pem).map_err(failed("is not a private key in PEM"))?;
        let certificate = Certificate::all_from_pem(certificate_pem)?.swap_remove(0);
        let public =
            certificate.x509().public_key().map_err(failed("the certificate has no readable key"))?;
        if !private.public_eq(&public) {
            return Err(Error::key("the private key does not belong to the certificate"));
        }
        Ok(Self { private, certificate })
    }

    /// The root's private key in PEM, to be kept as secret as the demonstration deserves.
    pub fn private_pem(&self) -> Result<Vec<u8>> {
        self.private.private_key_to_pem_pkcs8().map_err(failed("cannot be encoded"))
    }

    /// The root certificate, to be given to `validate` as trusted.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The root certificate in PEM.
    pub fn root_pem(&self) -> Result<Vec<u8>> {
        self.certificate.to_pem()
    }

    /// Makes a P-256 key and certifies it for the holder, for two years. The common name carries
    /// "(DEMO)".
    pub fn issue(&self, holder: &Holder, now: Timestamp) -> Result<Key> {
        let subject = match holder {
            Holder::Person { name: person, agency } => name(person, Some(agency)),
            Holder::Agency { name: agency } => name(agency, None),
        };
        let subject = subject.map_err(failed("the holder's name is too long or empty"))?;
        let private = new_key().map_err(failed("cannot be made"))?;
        let by = Signed::By { authority: &self.certificate, key: &self.private };
        let x509 = certify(&Certified { subject: &subject, key: &private, by, now, years: 2 })
            .map_err(failed("cannot be certified"))?;
        Key::software(private, Certificate::from_x509(x509)?, vec![self.certificate.clone()])
    }
}

/// X.520 allows 64 characters in a common name; longer names are cut, never refused.
fn name(common: &str, organisation: Option<&str>) -> Result<X509Name, ErrorStack> {
    let mut builder = X509NameBuilder::new()?;
    builder.append_entry_by_nid(Nid::COUNTRYNAME, "VN")?;
    if let Some(organisation) = organisation.filter(|text| !text.trim().is_empty()) {
        builder.append_entry_by_nid(Nid::ORGANIZATIONNAME, &cut(organisation, 64))?;
    }
    let common = if common == ROOT_NAME { common.to_owned() } else { format!("{} (DEMO)", cut(common, 57)) };
    builder.append_entry_by_nid(Nid::COMMONNAME, &common)?;
    Ok(builder.build())
}
