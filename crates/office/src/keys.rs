//! The keys of this installation. Keys held in software lie in the store as PKCS#12; the password that
//! opens them is a file of the installation and never in the database.

use crate::{Error, Refusal};
use pdf::key::Key;
use pdf::sign::SignRequest;
use std::fmt;
use std::sync::Arc;
use store::Reader;
use uuid::Uuid;

/// Opens software keys.
#[derive(Clone)]
pub struct Keys {
    password: Arc<str>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    pub fn new(password: &str) -> Self {
        Self { password: password.into() }
    }

    pub fn password(&self) -> &str {
        &self.password
    }

    /// The key of an officer or an agency.
    pub async fn of(&self, reader: &mut Reader, holder: Uuid) -> Result<Key, Error> {
        let kept = store::signing::key(reader, holder).await?.ok_or(Error::Refused(Refusal::NoKey))?;
        let password = Arc::clone(&self.password);
        tokio::task::spawn_blocking(move || Key::from_p12(&kept.pkcs12, &password))
            .await
            .map_err(Error::broken)?
            .map_err(Error::broken)
    }
}

/// Signs beside the runtime's threads.
pub(crate) async fn sign(original: Vec<u8>, key: Key, request: SignRequest) -> Result<Signed, Error> {
    let certificate = key.certificate().subject_common_name().to_owned();
    let bytes = tokio::task::spawn_blocking(move || pdf::sign::sign(&original, &key, &request))
        .await
        .map_err(Error::broken)?
        .map_err(Error::broken)?;
    Ok(Signed { bytes, certificate })
}

/// A signed file, and whose certificate signed it.
#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) certificate: String,
}
