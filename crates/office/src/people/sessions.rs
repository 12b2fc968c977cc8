//! Where an officer is signed in, and signing out elsewhere.

use super::delegation::note;
use super::{DEVICE, Device};
use crate::act::By;
use crate::{Error, Office};
use jiff::Timestamp;
use rules::event::Body;
use serde::Deserialize;
use store::session::{self, SecretHash};

/// One place somebody is signed in at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sitting {
    pub begun_at: Timestamp,
    pub seen_at: Timestamp,
    pub device: Device,
    /// The one this question was asked from.
    pub is_this: bool,
}

impl Office {
    /// Where the officer of a session is signed in, the last seen first.
    pub async fn sittings(&self, by: &By, token: &str) -> Result<Vec<Sitting>, Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        let this = SecretHash::of(token.as_bytes());
        let mut reader = self.db.read().await?;
        let sessions = session::of_holder(&mut reader, id.0, self.clock.now()).await?;
        let sitting = |(secret, session): (SecretHash, session::Session)| Sitting {
            begun_at: session.created_at,
            seen_at: session.seen_at,
            device: session
                .body
                .get(DEVICE)
                .and_then(|kept| Device::deserialize(kept).ok())
                .unwrap_or_default(),
            is_this: secret == this,
        };
        Ok(sessions.into_iter().map(sitting).collect())
    }

    /// Signs the officer out everywhere but here; gives in how many places he was.
    pub async fn sign_out_elsewhere(&self, by: &By, token: &str) -> Result<u32, Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        let this = SecretHash::of(token.as_bytes());
        self.act(by, "people.sign_out_elsewhere", |mut tx, now| async move {
            let tx = &mut tx;
            session::forget_expired(tx, now).await?;
            let sessions = u32::try_from(session::end_others_of(tx, id.0, this).await?).unwrap_or(u32::MAX);
            if sessions > 0 {
                note(tx, by, id, Body::SignedOutElsewhere { sessions }, now).await?;
            }
            Ok(sessions)
        })
        .await
    }
}
