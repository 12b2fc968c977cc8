//! One checkpoint: the statement that is signed and stamped, and the digest by which the next one and the
//! world outside know it.

use crate::Error;
use crate::engine::{Tx, execute};
use crate::event::cover;
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// A stretch of the order, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// 1 for the first.
    pub number: i64,
    pub sealed_at: Timestamp,
    pub first_ordinal: i64,
    pub last_ordinal: i64,
    pub events_digest: Vec<u8>,
    /// [`Checkpoint::digest`] of the one before; none at the first.
    pub previous: Option<Vec<u8>>,
    /// The signer's, DER.
    pub certificate: Vec<u8>,
    /// Over [`Checkpoint::statement`].
    pub signature: Vec<u8>,
    /// A time stamp token of RFC 3161 over [`Checkpoint::statement`].
    pub time_stamp: Option<Vec<u8>>,
}

impl Checkpoint {
    /// What is signed and stamped: plain text, so that anybody can check it with tools that are not ours.
    pub fn statement(&self) -> String {
        let previous = self.previous.as_ref().map_or_else(|| "none".to_owned(), hex::encode);
        format!(
            "motcua audit checkpoint, form 1\nnumber: {}\nsealed_at: {}\nevents: {}-{}\nevents_sha256: {}\n\
             previous: {previous}\n",
            self.number,
            self.sealed_at,
            self.first_ordinal,
            self.last_ordinal,
            hex::encode(&self.events_digest),
        )
    }

    /// Covers the whole row, and through `previous` everything before it.
    pub fn digest(&self) -> [u8; 32] {
        let mut whole = Sha256::new();
        cover(&mut whole, Some(self.statement().as_bytes()));
        cover(&mut whole, Some(&self.certificate));
        cover(&mut whole, Some(&self.signature));
        cover(&mut whole, self.time_stamp.as_deref());
        whole.finalize().into()
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct CheckpointRow {
    number: i64,
    sealed_at: i64,
    first_ordinal: i64,
    last_ordinal: i64,
    events_digest: Vec<u8>,
    previous: Option<Vec<u8>>,
    certificate: Vec<u8>,
    signature: Vec<u8>,
    time_stamp: Option<Vec<u8>>,
}

impl TryFrom<CheckpointRow> for Checkpoint {
    type Error = Error;

    fn try_from(row: CheckpointRow) -> Result<Self, Error> {
        Ok(Self {
            number: row.number,
            sealed_at: from_micros(row.sealed_at)
                .map_err(|_| Error::corrupt("audit_checkpoint", "sealed_at", row.number))?,
            first_ordinal: row.first_ordinal,
            last_ordinal: row.last_ordinal,
            events_digest: row.events_digest,
            previous: row.previous,
            certificate: row.certificate,
            signature: row.signature,
            time_stamp: row.time_stamp,
        })
    }
}

pub(super) async fn add(tx: &mut Tx, checkpoint: &Checkpoint) -> Result<(), Error> {
    execute!(
        tx,
        "audit.add_checkpoint",
        "insert into audit_checkpoint (number, sealed_at, first_ordinal, last_ordinal, events_digest, previous,
            certificate, signature, time_stamp)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        checkpoint.number,
        to_micros(checkpoint.sealed_at),
        checkpoint.first_ordinal,
        checkpoint.last_ordinal,
        checkpoint.events_digest.as_slice(),
        checkpoint.previous.as_deref(),
        checkpoint.certificate.as_slice(),
        checkpoint.signature.as_slice(),
        checkpoint.time_stamp.as_deref(),
    )
    .map(drop)
}
