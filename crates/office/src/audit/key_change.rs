//! Another key for the audit chain. The new key signs from which checkpoint on it takes over and from
//! whom; the old key signs the same where it is not lost. The sealer meets the change at the row of the
//! key, so that no checkpoint of the old key comes after it.

use crate::act::By;
use crate::{Error, Keys, Office, Refusal};
use jiff::Timestamp;
use pdf::key::Key;
use rules::dossier::Refused;
use rules::event::{Body, NewEvent, Subject, Voucher};
use rules::people::{NotYours, Role};
use sha2::{Digest, Sha256};
use store::audit::{self, Checkpoint, KeyChange};
use store::signing::SoftwareKey;
use store::{Reader, event};

/// What becomes of the key that signed so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldKey {
    /// It signs that another takes its place.
    Vouches,
    /// Nobody can open it any more.
    Lost,
}

/// Where the chain stands before the change.
struct Standing {
    last: Checkpoint,
    n_changes: i64,
    kept: SoftwareKey,
    /// None where it is lost.
    old: Option<Key>,
    /// Of the key that signed, or may sign, so far.
    certificate: Vec<u8>,
}

impl Office {
    /// Lets a new key sign the checkpoints from now on.
    pub async fn change_audit_key(&self, by: &By, reason: &str, old: OldKey) -> Result<KeyChange, Error> {
        if !by.actor.has_role(Role::Admin) {
            return Err(NotYours::NeedsRole(Role::Admin).into());
        }
        let reason = &crate::dossier::typed(reason);
        if reason.is_empty() {
            return Err(Refused::ReasonMissing.into());
        }
        loop {
            let standing = Standing::of(&mut self.db.read().await?, &self.keys, old).await?;
            let now = self.clock.now();
            let (new, drawn) = self.keys.draw_for_audit(now).await?;
            let (change, drawn) = (&standing.change(&new, now)?, &drawn);
            match self.put_audit_key(by, &standing, change, drawn, reason).await {
                // Another checkpoint or another key came in between.
                Err(Error::Stale) => {}
                done => return done.map(|()| change.clone()),
            }
        }
    }

    async fn put_audit_key(
        &self,
        by: &By,
        standing: &Standing,
        change: &KeyChange,
        drawn: &SoftwareKey,
        reason: &str,
    ) -> Result<(), Error> {
        self.act(by, "audit.change_key", |mut tx, now| async move {
            let tx = &mut tx;
            let last = audit::last(tx).await?.map(|last| last.number);
            let kept = store::signing::key(tx, drawn.holder).await?;
            let is_same = kept.is_some_and(|kept| kept.pkcs12 == standing.kept.pkcs12);
            if last != Some(change.after_checkpoint) || !is_same {
                return Err(Error::Stale);
            }
            store::signing::put_key(tx, drawn).await?;
            audit::add_key_change(tx, change).await?;
            let voucher = if change.voucher.is_some() { Voucher::Given } else { Voucher::Missing };
            let body = Body::AuditKeyChanged {
                number: change.number,
                after_checkpoint: change.after_checkpoint,
                certificate: hex::encode(Sha256::digest(&change.to_certificate)),
                voucher,
                reason: reason.to_owned(),
            };
            let subject = Subject::Unit(by.actor.agency());
            event::append(tx, &NewEvent::new(subject, None, &by.actor, now, body), now).await?;
            Ok(())
        })
        .await
    }
}

impl Standing {
    async fn of(reader: &mut Reader, keys: &Keys, old: OldKey) -> Result<Self, Error> {
        let nothing = || Error::Refused(Refusal::NothingSealed);
        let last = audit::last(reader).await?.ok_or_else(nothing)?;
        let latest = audit::key_changes(reader).await?.into_iter().next();
        let kept = store::signing::key(reader, crate::keys::AUDIT).await?.ok_or_else(nothing)?;
        let opened = keys.kept_of_audit(reader).await;
        let old = match (old, opened) {
            (OldKey::Vouches, opened) => Some(opened?.ok_or_else(nothing)?.0),
            (OldKey::Lost, Ok(_)) => return Err(Error::Refused(Refusal::AuditKeyNotLost)),
            (OldKey::Lost, Err(_)) => None,
        };
        let unused = latest.as_ref().filter(|latest| latest.after_checkpoint == last.number);
        let certificate = match (&old, unused) {
            (Some(old), _) => old.certificate().der().to_vec(),
            (None, Some(latest)) => latest.to_certificate.clone(),
            (None, None) => last.certificate.clone(),
        };
        let n_changes = latest.map_or(0, |latest| latest.number);
        Ok(Self { last, n_changes, kept, old, certificate })
    }

    /// The change to `new`, signed by both keys as far as they are there.
    fn change(&self, new: &Key, now: Timestamp) -> Result<KeyChange, Error> {
        let change = KeyChange {
            number: self.n_changes + 1,
            changed_at: now,
            after_checkpoint: self.last.number,
            checkpoint_digest: self.last.digest().into(),
            from_certificate: self.certificate.clone(),
            to_certificate: new.certificate().der().to_vec(),
            signature: Vec::new(),
            voucher: None,
        };
        let statement = change.statement();
        let sign = |key: &Key| key.sign(statement.as_bytes()).map_err(Error::broken);
        let voucher = self.old.as_ref().map(sign).transpose()?;
        Ok(KeyChange { signature: sign(new)?, voucher, ..change })
    }
}
