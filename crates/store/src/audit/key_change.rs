//! A change of the key that signs checkpoints: the statement that the new key and, where it is not lost,
//! the old one have signed.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// From one key to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChange {
    /// 1 for the first.
    pub number: i64,
    pub changed_at: Timestamp,
    /// The last checkpoint that is not the new key's.
    pub after_checkpoint: i64,
    /// [`crate::audit::Checkpoint::digest`] of that one.
    pub checkpoint_digest: Vec<u8>,
    /// DER, as the two below.
    pub from_certificate: Vec<u8>,
    pub to_certificate: Vec<u8>,
    /// By the new key, over [`KeyChange::statement`].
    pub signature: Vec<u8>,
    /// By the old key, over the same; none where it was lost.
    pub voucher: Option<Vec<u8>>,
}

impl KeyChange {
    /// What both keys sign: plain text, so that anybody can check it with tools that are not ours.
    pub fn statement(&self) -> String {
        format!(
            "motcua audit key change, form 1\nnumber: {}\nchanged_at: {}\nafter_checkpoint: {}\n\
             checkpoint_digest: {}\nfrom_certificate_sha256: {}\nto_certificate_sha256: {}\n",
            self.number,
            self.changed_at,
            self.after_checkpoint,
            hex::encode(&self.checkpoint_digest),
            hex::encode(Sha256::digest(&self.from_certificate)),
            hex::encode(Sha256::digest(&self.to_certificate)),
        )
    }
}

/// Writes a change down; part of the act that puts the new key in the place of the old.
pub async fn add_key_change(tx: &mut Tx, change: &KeyChange) -> Result<(), Error> {
    execute!(
        tx,
        "audit.add_key_change",
        "insert into audit_key_change (number, changed_at, after_checkpoint, checkpoint_digest,
            from_certificate, to_certificate, signature, voucher)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        change.number,
        to_micros(change.changed_at),
        change.after_checkpoint,
        change.checkpoint_digest.as_slice(),
        change.from_certificate.as_slice(),
        change.to_certificate.as_slice(),
        change.signature.as_slice(),
        change.voucher.as_deref(),
    )
    .map(drop)
}

#[derive(sqlx::FromRow)]
struct KeyChangeRow {
    number: i64,
    changed_at: i64,
    after_checkpoint: i64,
    checkpoint_digest: Vec<u8>,
    from_certificate: Vec<u8>,
    to_certificate: Vec<u8>,
    signature: Vec<u8>,
    voucher: Option<Vec<u8>>,
}

/// All changes, the latest first; one a year and not a thousand.
pub async fn key_changes(reader: &mut Reader) -> Result<Vec<KeyChange>, Error> {
    let rows: Vec<KeyChangeRow> = fetch_all!(
        reader,
        "audit.key_changes",
        "select number, changed_at, after_checkpoint, checkpoint_digest, from_certificate, to_certificate,
            signature, voucher
         from audit_key_change order by number desc limit 1000",
    )?;
    rows.into_iter().map(KeyChange::try_from).collect()
}

impl TryFrom<KeyChangeRow> for KeyChange {
    type Error = Error;

    fn try_from(row: KeyChangeRow) -> Result<Self, Error> {
        Ok(Self {
            number: row.number,
            changed_at: from_micros(row.changed_at)
                .map_err(|_| Error::corrupt("audit_key_change", "changed_at", row.number))?,
            after_checkpoint: row.after_checkpoint,
            checkpoint_digest: row.checkpoint_digest,
            from_certificate: row.from_certificate,
            to_certificate: row.to_certificate,
            signature: row.signature,
            voucher: row.voucher,
        })
    }
}
