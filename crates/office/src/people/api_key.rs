//! Keys for programs: made by their owner, or by an administrator for an account that only a program uses;
//! shown once, looked up by the digest of their secret, ended at once.

use super::delegation::note;
use super::{Device, actor_on, new_token};
use crate::act::By;
use crate::{Error, Office, Refusal};
use jiff::SignedDuration;
use jiff::civil::Time;
use rules::calendar::instant;
use rules::event::Body;
use rules::id::{ApiKeyId, OfficerId};
use rules::people::api_key::{NewKey, TypedKey, admits};
use rules::people::{Actor, Role};
use rules::words;
use store::people::api_key::{self, ApiKey};
use store::people::{self, Officer};
use store::session::SecretHash;
use store::time::new_id;
use store::{Reader, Tx};

/// What every secret of a key begins with.
pub const BEGINS: &str = "mc_";
/// Letters of the secret that stay known.
const N_PREFIX: usize = 11;
/// Keys of one officer that are in use at a time.
const MOST_KEYS: usize = 20;
/// Between two notes that a key is in use.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);
const MAKE: &str = "people.make_api_key";

/// A key that was made.
#[derive(Debug)]
pub struct Made {
    pub id: ApiKeyId,
    /// Told now and never again; none where the same request was answered before.
    pub secret: Option<String>,
}

/// A request that came with a key.
#[derive(Clone, Debug)]
pub struct ByKey {
    pub key: ApiKey,
    pub officer: Officer,
    /// He with the posts of today: the key opens no more than they do.
    pub actor: Actor,
}

/// Why a key opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRefused {
    Unknown,
    Expired,
    Revoked,
    /// The account it belongs to is locked.
    Locked,
    /// The request came from an address the key is not for.
    Elsewhere,
}

impl Office {
    /// The keys of an officer, the newest first: one's own, or those of a program's account one keeps.
    pub async fn api_keys(&self, by: &By, of: OfficerId) -> Result<Vec<ApiKey>, Error> {
        let mut reader = self.db.read().await?;
        self.owner(&mut reader, &by.actor, of).await?;
        Ok(api_key::of_officer(&mut reader, of).await?)
    }

    /// Whether this account is a program's, whose keys its administrators make.
    pub async fn is_of_a_program(&self, actor: &Actor, of: OfficerId) -> Result<bool, Error> {
        let officer = self.kept(&mut self.db.read().await?, actor, of).await?;
        Ok(is_program(&officer))
    }

    /// Makes a key, after whoever makes it has typed his own password: it will act without him.
    pub async fn make_api_key(
        &self,
        by: &By,
        of: OfficerId,
        typed: TypedKey<'_>,
        password: &str,
        device: &Device,
    ) -> Result<Made, Error> {
        let maker = by.actor.officer().ok_or(Error::NotFound)?;
        if let Some(id) = self.answered(by, MAKE).await? {
            return Ok(Made { id, secret: None });
        }
        self.owner(&mut self.db.read().await?, &by.actor, of).await?;
        let new = typed.check(self.clock.today()).map_err(|faults| {
            let told = faults.iter().map(words::api_key::fault);
            let told = told.map(|(field, said)| (field.to_owned(), said)).collect();
            Error::Refused(Refusal::Form(told))
        })?;
        self.must_prove(maker, password, device).await?;
        let secret = format!("{BEGINS}{}", new_token());
        let (new, hash, prefix) = (&new, SecretHash::of(secret.as_bytes()), &secret[..N_PREFIX]);
        let id = self
            .act(by, MAKE, |mut tx, now| async move {
                let tx = &mut tx;
                self.owner(tx, &by.actor, of).await?;
                must_have_room(tx, of, now).await?;
                let NewKey { name, scopes, last_day, ranges } = new.clone();
                let ends = last_day.tomorrow().ok().and_then(|next| instant(next.to_datetime(Time::MIN)));
                let key = ApiKey {
                    id: ApiKeyId(new_id(now)),
                    officer: of,
                    name,
                    prefix: prefix.to_owned(),
                    scopes,
                    ranges,
                    last_day,
                    made_by: maker,
                    made_at: now,
                    expires_at: ends.ok_or(Error::NotFound)?,
                    last_used_at: None,
                    revoked_at: None,
                };
                api_key::add(tx, &key, hash).await?;
                let ApiKey { id, name, scopes, last_day, .. } = key;
                note(tx, by, of, Body::ApiKeyMade { name, scopes, last_day }, now).await?;
                Ok(id)
            })
            .await?;
        Ok(Made { id, secret: Some(secret) })
    }

    /// Ends a key at once.
    pub async fn revoke_api_key(&self, by: &By, of: OfficerId, id: ApiKeyId) -> Result<(), Error> {
        self.act(by, "people.revoke_api_key", |mut tx, now| async move {
            let tx = &mut tx;
            let by_whom = by.actor.officer().ok_or(Error::NotFound)?;
            self.owner(tx, &by.actor, of).await?;
            let keys = api_key::of_officer(tx, of).await?;
            let key = keys.into_iter().find(|key| key.id == id).ok_or(Error::NotFound)?;
            if api_key::revoke(tx, of, id, by_whom, now).await? {
                note(tx, by, of, Body::ApiKeyRevoked { name: key.name }, now).await?;
            }
            Ok(())
        })
        .await
    }

    /// Whom a key stands for, asked from this address.
    pub async fn present_by_key(
        &self,
        secret: &str,
        device: &Device,
    ) -> Result<Result<ByKey, KeyRefused>, Error> {
        let now = self.clock.now();
        let mut reader = self.db.read().await?;
        let found = api_key::by_secret(&mut reader, SecretHash::of(secret.as_bytes())).await?;
        let Some(key) = found else { return Ok(Err(KeyRefused::Unknown)) };
        if key.revoked_at.is_some() {
            return Ok(Err(KeyRefused::Revoked));
        }
        if key.expires_at <= now {
            return Ok(Err(KeyRefused::Expired));
        }
        if !admits(&key.ranges, &device.address) {
            return Ok(Err(KeyRefused::Elsewhere));
        }
        let today = self.clock.today();
        let officer = people::officer(&mut reader, key.officer).await?;
        let Some(mut officer) = officer.filter(|officer| officer.active) else {
            return Ok(Err(KeyRefused::Locked));
        };
        let actor = actor_on(&mut reader, &officer, today).await?;
        drop(reader);
        officer.posts.retain(|post| post.is_valid_on(today));
        if key.last_used_at.is_none_or(|last| now.duration_since(last) >= NOTED_EVERY) {
            let id = key.id;
            self.db.act(|mut tx| async move { api_key::note_use(&mut tx, id, now).await }).await?;
        }
        Ok(Ok(ByKey { key, officer, actor }))
    }

    /// Whose keys these are, if they are the actor's to make and end.
    async fn owner(&self, reader: &mut Reader, actor: &Actor, of: OfficerId) -> Result<(), Error> {
        if actor.officer() == Some(of) {
            return Ok(());
        }
        let officer = self.kept(reader, actor, of).await?;
        if is_program(&officer) { Ok(()) } else { Err(Error::NotFound) }
    }
}

/// An account that only a program uses: it connects systems and does nothing else.
pub fn is_program(officer: &Officer) -> bool {
    !officer.posts.is_empty() && officer.posts.iter().all(|post| post.role == Role::Gateway)
}

async fn must_have_room(tx: &mut Tx, of: OfficerId, now: jiff::Timestamp) -> Result<(), Error> {
    let keys = api_key::of_officer(tx, of).await?;
    let n_in_use = keys.iter().filter(|key| key.revoked_at.is_none() && key.expires_at > now).count();
    if n_in_use < MOST_KEYS {
        return Ok(());
    }
    let said = format!("Đang có {n_in_use} khóa còn dùng được. Thu hồi khóa không dùng nữa rồi tạo khóa mới");
    Err(Error::Refused(Refusal::Form(vec![(String::new(), said)])))
}
