//! Passwords: proven at the door, changed by their owner. Failures are counted per login and per address
//! in the store, so that they hold on every node and over a restart.

use super::delegation::note;
use super::{Device, sound};
use crate::act::By;
use crate::{Error, Office, Refusal};
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
use jiff::{SignedDuration, Timestamp};
use rules::event::{Body, NewEvent, Subject};
use rules::people::account::check_password;
use rules::people::{Actor, PeopleFault};
use rules::text::nfc;
use std::fmt;
use store::people::{self, Officer, pending};
use store::session::{self, SecretHash};
use store::{Reader, Tx, event};

/// Failures are counted over this time.
pub(super) const WINDOW: SignedDuration = SignedDuration::from_mins(15);
const MOST_FAILURES_OF_LOGIN: i64 = 5;
const MOST_FAILURES_OF_ADDRESS: i64 = 50;
/// The name of the act.
const CHANGE: &str = "people.change_password";

/// The hash of a password, for the row of an officer. Takes some tens of milliseconds. Keyboards that put
/// a letter and its tone together in different ways type the same password.
pub fn hash_password(password: &str) -> Result<String, Error> {
    Argon2::default()
        .hash_password(nfc(password).as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::broken(std::io::Error::other(error.to_string())))
}

pub(super) async fn hash_beside(password: String) -> Result<String, Error> {
    tokio::task::spawn_blocking(move || hash_password(&password)).await.map_err(Error::broken)?
}

/// Whose account a password opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opens {
    Everyones,
    /// Those who keep the system, for the day the identity server is out of order.
    Administrators,
}

/// What an officer types to change his password.
#[derive(Clone, Copy)]
pub struct NewPassword<'p> {
    pub old: &'p str,
    pub new: &'p str,
    /// The new one once more.
    pub again: &'p str,
}

/// Never printed by accident.
impl fmt::Debug for NewPassword<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

impl Office {
    /// Gives the officer who acts a password of his own choosing; his sessions elsewhere end, this one goes
    /// on. Guesses at the old one are counted as those at the door are.
    pub async fn change_password(
        &self,
        by: &By,
        token: &str,
        typed: NewPassword<'_>,
        device: &Device,
    ) -> Result<(), Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        // Sent twice, it must not hold the new password for a wrong old one.
        if let Some(()) = self.answered(by, CHANGE).await? {
            return Ok(());
        }
        let officer = self.must_prove(id, typed.old, device).await?;
        let mut faults = check_password(typed.new, &officer.login).err().unwrap_or_default();
        if typed.new != typed.again {
            faults.push(PeopleFault::PasswordTypedApart);
        }
        if nfc(typed.new) == nfc(typed.old) {
            faults.push(PeopleFault::PasswordUnchanged);
        }
        sound(faults)?;
        let (login, hash) = (&officer.login, &hash_beside(typed.new.to_owned()).await?);
        self.act(by, CHANGE, |mut tx, now| async move {
            let tx = &mut tx;
            people::set_password(tx, id, hash).await?;
            people::clear_sign_in_failures(tx, login, now - WINDOW).await?;
            session::end_others_of(tx, id.0, SecretHash::of(token.as_bytes())).await?;
            pending::forget_of(tx, id).await?;
            note(tx, by, id, Body::PasswordChanged, now).await
        })
        .await
    }

    /// Whether this password is the officer's; a wrong one is counted, and after too many nothing is
    /// compared for a while.
    pub(crate) async fn proves(
        &self,
        login: &str,
        officer: Option<&Officer>,
        password: &str,
        device: &Device,
    ) -> Result<bool, Error> {
        let now = self.clock.now();
        check_throttle(&mut self.db.read().await?, login, &device.address, now).await?;
        let fits = self.password_fits(officer, password).await?;
        if !fits {
            let address = &device.address;
            self.db
                .act(|mut tx| async move { count_failure(&mut tx, login, address, officer, now).await })
                .await?;
        }
        Ok(fits)
    }

    /// Checks a password beside the runtime's threads; an unknown login takes as long as a known one.
    async fn password_fits(&self, officer: Option<&Officer>, password: &str) -> Result<bool, Error> {
        // The hash of no password, so that the time taken does not tell which logins exist.
        const NOBODY: &str =
            "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlz$3yX3oUwJxO4V1c0M7bKqjvJ1mYj3eWmN5iK0bQ8nq0w";
        let hash = officer
            .filter(|officer| officer.active)
            .map_or_else(|| NOBODY.to_owned(), |officer| officer.password_hash.clone());
        let password = nfc(password);
        tokio::task::spawn_blocking(move || {
            PasswordHash::new(&hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
        .map_err(Error::broken)
    }
}

/// After too many failures nothing is compared for a while: not of this login, nor from this address.
pub(super) async fn check_throttle(
    reader: &mut Reader,
    login: &str,
    address: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let (of_login, of_address) = people::sign_in_failures(reader, login, address, now - WINDOW).await?;
    let too_many =
        (!login.is_empty() && of_login >= MOST_FAILURES_OF_LOGIN) || of_address >= MOST_FAILURES_OF_ADDRESS;
    if too_many { Err(Error::Refused(Refusal::SignInThrottled(WINDOW.as_mins()))) } else { Ok(()) }
}

/// Counts a failure; the officer's, where it is known whose, is an event about him.
pub(super) async fn count_failure(
    tx: &mut Tx,
    login: &str,
    address: &str,
    officer: Option<&Officer>,
    now: Timestamp,
) -> Result<(), Error> {
    people::add_sign_in_failure(tx, login, address, now).await?;
    if let Some(officer) = officer {
        let actor = Actor::System { on_behalf_of: None, agency: officer.agency };
        let event = NewEvent::new(Subject::Officer(officer.id), None, &actor, now, Body::SignInRefused);
        event::append(tx, &event, now).await?;
    }
    Ok(())
}
