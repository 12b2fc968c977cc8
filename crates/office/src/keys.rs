//! The keys of this installation. Keys held in software lie in the store as PKCS#12; the password that
//! opens them is a file of the installation and never in the database.

mod holders;
mod putting;

pub use holders::{Holder, HolderLine, KeyRing, KeySheet, ON_A_PAGE, Wanted};
pub use putting::{KeyFile, Put, may_confirm};

use crate::{Error, Refusal};
use jiff::Timestamp;
use pdf::certificate::{Certificate, self_signed};
use pdf::key::Key;
use pdf::key::strange::Opener;
use pdf::sign::SignRequest;
use rules::calendar::legal_time;
use rules::signing::round::CertificateState;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use store::signing::{KeyHolder, SoftwareKey};
use store::{Db, Reader};
use uuid::Uuid;

/// The holder that is the installation's audit chain.
pub const AUDIT: Uuid = Uuid::from_u128(0x6d6f_7463_7561_4000_8000_6175_6469_7400);
const AUDIT_NAME: &str = "Một Cửa – khóa niêm phong dấu vết";
/// The chain outlives its officers; a checkpoint's worth lies in its stamp and in the copies outside.
const AUDIT_YEARS: i64 = 20;

/// Opens software keys.
#[derive(Clone)]
pub struct Keys {
    password: Arc<str>,
    /// Where key files of strangers are opened.
    opener: Opener,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    pub fn new(password: &str) -> Self {
        Self { password: password.into(), opener: Opener::Here }
    }

    /// The same with files of strangers opened somewhere else.
    #[must_use]
    pub fn opening_in(self, opener: Opener) -> Self {
        Self { opener, ..self }
    }

    pub fn password(&self) -> &str {
        &self.password
    }

    /// The key of an officer or an agency, unless somebody has ended it.
    pub async fn of(&self, reader: &mut Reader, holder: Uuid, now: Timestamp) -> Result<Key, Error> {
        let kept = store::signing::key(reader, holder).await?.ok_or(Error::Refused(Refusal::NoKey))?;
        if let Some(state) = ended(reader, holder, now).await? {
            return Err(Error::Refused(Refusal::Certificate(state)));
        }
        self.open(kept).await
    }

    /// What can be said of the certificate of an officer or an agency at a moment.
    pub async fn state(
        &self,
        reader: &mut Reader,
        holder: Uuid,
        now: Timestamp,
    ) -> Result<CertificateState, Error> {
        let Some(kept) = store::signing::key(reader, holder).await? else {
            return Ok(CertificateState::Missing);
        };
        match ended(reader, holder, now).await? {
            Some(state) => Ok(state),
            None => Ok(state_of(self.open(kept).await?.certificate(), now)),
        }
    }

    /// The key with which this installation signs its own audit chain; none before it first did.
    pub async fn of_audit(&self, reader: &mut Reader) -> Result<Option<Key>, Error> {
        Ok(self.kept_of_audit(reader).await?.map(|(key, _)| key))
    }

    /// The same with the row it was opened from.
    pub(crate) async fn kept_of_audit(
        &self,
        reader: &mut Reader,
    ) -> Result<Option<(Key, SoftwareKey)>, Error> {
        match store::signing::key(reader, AUDIT).await? {
            Some(kept) => Ok(Some((self.open(kept.clone()).await?, kept))),
            None => Ok(None),
        }
    }

    /// A new key for the audit chain, not kept yet.
    pub(crate) async fn draw_for_audit(&self, now: Timestamp) -> Result<(Key, SoftwareKey), Error> {
        let password = Arc::clone(&self.password);
        let drawn = tokio::task::spawn_blocking(move || {
            let key = self_signed(AUDIT_NAME, AUDIT_YEARS, now)?;
            let pkcs12 = key.to_p12(&password)?;
            Ok::<_, pdf::Error>((key, pkcs12))
        });
        let (key, pkcs12) = drawn.await.map_err(Error::broken)?.map_err(Error::broken)?;
        let holder_kind = KeyHolder::Installation;
        Ok((key, SoftwareKey { holder: AUDIT, holder_kind, label: AUDIT_NAME.to_owned(), pkcs12 }))
    }

    /// Makes that key, unless somebody else was faster: theirs is kept.
    pub(crate) async fn make_for_audit(&self, db: &Db, now: Timestamp) -> Result<(), Error> {
        let (_, made) = &self.draw_for_audit(now).await?;
        db.act(|mut tx| async move {
            if store::signing::key(&mut tx, AUDIT).await?.is_none() {
                store::signing::put_key(&mut tx, made).await?;
            }
            Ok(())
        })
        .await
    }

    async fn open(&self, kept: SoftwareKey) -> Result<Key, Error> {
        let password = Arc::clone(&self.password);
        tokio::task::spawn_blocking(move || Key::from_p12(&kept.pkcs12, &password))
            .await
            .map_err(Error::broken)?
            .map_err(Error::broken)
    }
}

/// What to say of a key that somebody has ended.
async fn ended(reader: &mut Reader, holder: Uuid, now: Timestamp) -> Result<Option<CertificateState>, Error> {
    let lines = store::signing::keys::lines(reader, &[holder]).await?;
    let ends_on = lines.into_iter().next().and_then(|line| line.ends_on);
    Ok(ends_on.filter(|day| *day <= legal_time(now).date()).map(CertificateState::Ended))
}

/// Signs beside the runtime's threads. A certificate that does not hold at the time of the request signs
/// nothing.
pub(crate) async fn sign(original: Vec<u8>, key: Key, request: SignRequest) -> Result<Signed, Error> {
    let certificate = key.certificate();
    let state = state_of(certificate, request.at);
    if state != CertificateState::Valid {
        return Err(Error::Refused(Refusal::Certificate(state)));
    }
    let with = SignedWith {
        certificate: certificate.subject_common_name().to_owned(),
        serial: certificate.serial().to_owned(),
    };
    let bytes = tokio::task::spawn_blocking(move || pdf::sign::sign(&original, &key, &request))
        .await
        .map_err(Error::broken)?
        .map_err(Error::broken)?;
    Ok(Signed { bytes, with })
}

fn state_of(certificate: &Certificate, at: Timestamp) -> CertificateState {
    CertificateState::at(at, certificate.not_before(), certificate.not_after())
}

/// A signed file, and what signed it.
#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) with: SignedWith,
}

/// The certificate behind a signature: whose it is, and its serial number in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedWith {
    pub certificate: String,
    pub serial: String,
}
