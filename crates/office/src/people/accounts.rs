//! Accounts: opened with a first password, locked and let in again, given a new password. An account
//! without posts may do nothing, so that one person opens it; what gives rights is in [`super::posts`].

use super::administering::Reach;
use super::delegation::{apply, note};
use super::password::hash_beside;
use super::sound;
use crate::act::{By, Writing};
use crate::dossier::typed;
use crate::{Error, Office};
use jiff::Timestamp;
use rand::Rng;
use rules::event::Body;
use rules::id::{AgencyId, OfficerId};
use rules::people::account::NewAccount;
use rules::people::proposal::Change;
use rules::people::{Actor, PeopleFault, Post, Role};
use std::collections::BTreeMap;
use store::people::{self, Officer, pending};
use store::session;
use store::time::new_id;

/// A password drawn for somebody, to be said once; only its hash is kept.
#[derive(Clone)]
pub struct Drawn(String);

/// Letters nobody mistakes for another, and 16 of them: 79 bits.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
const N_LETTERS: usize = 16;

impl Drawn {
    #[expect(clippy::disallowed_methods, reason = "a password is a secret, drawn here and nowhere else")]
    fn draw() -> Self {
        let mut rng = rand::rng();
        let letter = |at: usize| {
            let hyphen = (at > 0 && at.is_multiple_of(4)).then_some('-');
            (hyphen, char::from(LETTERS[rng.random_range(0..LETTERS.len())]))
        };
        let drawn =
            (0..N_LETTERS).map(letter).flat_map(|(hyphen, letter)| hyphen.into_iter().chain([letter]));
        Self(drawn.collect())
    }

    /// The words to be given to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    async fn hash(&self) -> Result<String, Error> {
        hash_beside(self.0.clone()).await
    }
}

/// Never printed by accident.
impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Drawn(…)")
    }
}

impl Office {
    /// Opens an account with a password drawn for it, which the same form sent twice does not get again.
    pub async fn add_officer(
        &self,
        by: &By,
        account: &NewAccount,
    ) -> Result<(OfficerId, Option<Drawn>), Error> {
        let account = &account.check()?;
        let password = Drawn::draw();
        let (hash, drawing) = (&password.hash().await?, new_id(self.clock.now()));
        let (id, kept) = self
            .act(by, "people.add_officer", |mut tx, now| async move {
                Reach::of(&mut tx, &by.actor).await?.must_give([account.agency])?;
                Ok((self.open_account(&mut tx, by, account, hash, now).await?, drawing))
            })
            .await?;
        Ok((id, (kept == drawing).then_some(password)))
    }

    /// The first two administrators of an installation without officers, by whoever has its machine:
    /// high roles take two persons from the first day on.
    pub async fn begin_administration(
        &self,
        first: &NewAccount,
        second: &NewAccount,
    ) -> Result<[Drawn; 2], Error> {
        let (first, second) = (first.check()?, second.check()?);
        let passwords = [Drawn::draw(), Drawn::draw()];
        let hashes = [passwords[0].hash().await?, passwords[1].hash().await?];
        let (accounts, hashes, today) = (&[first, second], &hashes, self.clock.today());
        let by = &By::new(Actor::System { on_behalf_of: None, agency: accounts[0].agency });
        self.act(by, "people.begin", |mut tx, now| async move {
            let tx = &mut tx;
            if people::n_officers(tx).await? > 0 {
                return Err(vec![PeopleFault::HasAdministrators].into());
            }
            for (account, hash) in accounts.iter().zip(hashes) {
                let officer = self.open_account(tx, by, account, hash, now).await?;
                let post = Post { valid_from: Some(today), ..Post::new(account.agency, Role::Admin) };
                let decision = String::new();
                let change = Change::Post { officer, post: post.clone(), decision: decision.clone() };
                apply(tx, &change).await?;
                note(tx, by, officer, Body::PostGiven { officer, post, decision }, now).await?;
            }
            Ok(())
        })
        .await?;
        Ok(passwords)
    }

    async fn open_account(
        &self,
        tx: &mut Writing,
        by: &By,
        account: &NewAccount,
        hash: &str,
        now: Timestamp,
    ) -> Result<OfficerId, Error> {
        let today = self.clock.today();
        let agency = people::unit(tx, account.agency).await?;
        let mut faults = Vec::new();
        if !agency.is_some_and(|kept| kept.unit.is_valid_on(today)) {
            faults.push(PeopleFault::NoSuchAgency);
        }
        if people::officer_by_login(tx, &account.login).await?.is_some() {
            faults.push(PeopleFault::LoginTaken(account.login.clone()));
        }
        sound(faults)?;
        let NewAccount { login, name, title, agency } = account.clone();
        let id = OfficerId(new_id(now));
        let password_hash = hash.to_owned();
        let officer =
            Officer { id, login, name, title, agency, password_hash, active: true, posts: Vec::new() };
        people::add_officer(tx, &officer).await?;
        note(tx, by, id, Body::OfficerAdded { agency }, now).await?;
        Ok(id)
    }

    /// Lets an officer in no more, from this moment on. What he has in hand stays his until it is given
    /// to somebody: the watch names it.
    pub async fn lock_sign_in(&self, by: &By, officer: OfficerId, reason: &str) -> Result<(), Error> {
        let reason = &typed(reason);
        self.act(by, "people.lock", |mut tx, now| async move {
            let tx = &mut tx;
            let known = self.kept(tx, &by.actor, officer).await?;
            let mut faults = Vec::new();
            if by.actor.officer() == Some(officer) {
                faults.push(PeopleFault::LocksHimself);
            }
            if !known.active {
                faults.push(PeopleFault::AlreadySo);
            }
            if reason.is_empty() {
                faults.push(PeopleFault::ReasonMissing);
            }
            sound(faults)?;
            people::lock_account(tx, officer).await?;
            session::end_all_of(tx, officer.0).await?;
            note(tx, by, officer, Body::SignInLocked { reason: reason.clone() }, now).await
        })
        .await
    }

    /// Lets an officer in again, with the posts he has by then.
    pub async fn unlock_sign_in(&self, by: &By, officer: OfficerId) -> Result<(), Error> {
        self.act(by, "people.unlock", |mut tx, now| async move {
            let tx = &mut tx;
            let known = self.kept(tx, &by.actor, officer).await?;
            sound(if known.active { vec![PeopleFault::AlreadySo] } else { Vec::new() })?;
            people::unlock_account(tx, officer).await?;
            note(tx, by, officer, Body::SignInUnlocked, now).await
        })
        .await
    }

    /// Draws a new password for an officer and ends his sessions. The same form sent twice gets it once.
    pub async fn reset_password(&self, by: &By, officer: OfficerId) -> Result<Option<Drawn>, Error> {
        let password = Drawn::draw();
        let (hash, drawing) = (&password.hash().await?, new_id(self.clock.now()));
        let kept = self
            .act(by, "people.reset_password", |mut tx, now| async move {
                let tx = &mut tx;
                self.kept(tx, &by.actor, officer).await?;
                people::set_password(tx, officer, hash).await?;
                session::end_all_of(tx, officer.0).await?;
                pending::forget_of(tx, officer).await?;
                note(tx, by, officer, Body::PasswordReset, now).await?;
                Ok(drawing)
            })
            .await?;
        Ok((kept == drawing).then_some(password))
    }

    /// Every account, by agency and login, with the names of the agencies.
    pub async fn officers(&self) -> Result<(Vec<Officer>, BTreeMap<AgencyId, String>), Error> {
        let mut reader = self.db.read().await?;
        let officers = people::officers(&mut reader).await?;
        Ok((officers, people::unit_names(&mut reader).await?))
    }
}
