//! Signing in: the password, then the code of whoever has a second factor on. There is no session before
//! both are right; in between the server remembers five minutes whose password was.

use super::app::App;
use super::password::WINDOW;
use super::{CSRF, DEVICE, Device, MEANS, SESSION, SignedIn, actor_of, new_token};
use crate::{Error, Office, Refusal};
use jiff::{SignedDuration, Timestamp};
use rules::event::{Body, NewEvent, Subject};
use rules::people::PeopleFault;
use rules::people::second_factor::{Means, TypedCode, is_fresh};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::people::pending::{self, Pending};
use store::people::second_factor::{self, CodeDigest, SecondFactor};
use store::people::{self, Officer};
use store::session::{self, SecretHash, Session};
use store::{Reader, Tx, event};
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration};

/// How long the second step is waited for.
pub const WAIT: SignedDuration = SignedDuration::from_mins(5);

/// What a right password led to.
#[derive(Debug)]
pub enum Begun {
    SignedIn(SignedIn),
    NeedsCode(Waiting),
}

/// A sign-in that waits for its second step. No session: it opens nothing.
#[derive(Debug)]
pub struct Waiting {
    /// Goes into a cookie of its own; only its digest is kept.
    pub token: String,
}

/// What is waited for, as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", content = "state", rename_all = "snake_case")]
pub(super) enum Awaited {
    Code,
    /// The same behind an identity server instead of the password.
    CodeAfterServer,
    /// An answer of the identity server: to whoever signs in with it, or to the officer who ties himself.
    Server(super::openid::Asked),
    Passkey(DiscoverableAuthentication),
    NewPasskey {
        name: String,
        state: PasskeyRegistration,
    },
}

impl Awaited {
    pub(super) async fn put(
        &self,
        tx: &mut Tx,
        secret: SecretHash,
        officer: Option<&Officer>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let body = serde_json::to_value(self).map_err(Error::broken)?;
        let officer = officer.map(|officer| officer.id);
        pending::forget_expired(tx, now).await?;
        Ok(pending::put(tx, secret, &Pending { officer, body }, now + WAIT).await?)
    }

    /// What is waited for under this secret, and of whom.
    pub(super) async fn find(
        reader: &mut Reader,
        secret: SecretHash,
        now: Timestamp,
    ) -> Result<Option<(Self, Option<Officer>)>, Error> {
        let Some(waits) = pending::find(reader, secret, now).await? else { return Ok(None) };
        let awaited = serde_json::from_value(waits.body).map_err(Error::broken)?;
        let Some(id) = waits.officer else { return Ok(Some((awaited, None))) };
        let officer = people::officer(reader, id).await?.filter(|officer| officer.active);
        Ok(officer.map(|officer| (awaited, Some(officer))))
    }
}

/// What became of a typed code. Wrong ones are counted, so that the act is committed.
enum Outcome {
    SignedIn,
    Wrong,
    Expired,
}

impl Office {
    /// Signs an officer in by his password alone; refused where he has a second factor on.
    pub async fn sign_in(&self, login: &str, password: &str, device: &Device) -> Result<SignedIn, Error> {
        match self.begin_sign_in(login, password, device).await? {
            Begun::SignedIn(signed_in) => Ok(signed_in),
            Begun::NeedsCode(_) => Err(Error::Refused(Refusal::CodeNeeded)),
        }
    }

    /// Signs an officer in by his password and, if he has a second factor on, this code.
    pub async fn sign_in_with_code(
        &self,
        login: &str,
        password: &str,
        code: &str,
        device: &Device,
    ) -> Result<SignedIn, Error> {
        match self.begin_sign_in(login, password, device).await? {
            Begun::SignedIn(signed_in) => Ok(signed_in),
            Begun::NeedsCode(waiting) => self.enter_code(&waiting.token, code, device).await,
        }
    }

    /// The first step: the password.
    pub async fn begin_sign_in(&self, login: &str, password: &str, device: &Device) -> Result<Begun, Error> {
        let now = self.clock.now();
        let login: String = login.trim().to_lowercase().chars().take(100).collect();
        let mut reader = self.db.read().await?;
        let officer = people::officer_by_login(&mut reader, &login).await?;
        drop(reader);
        if !self.proves(&login, officer.as_ref(), password, device).await? {
            return Err(Error::Refused(Refusal::SignIn));
        }
        let officer = &officer.ok_or(Error::Refused(Refusal::SignIn))?;
        self.must_take_passwords(officer).await?;
        let token = new_token();
        let secret = SecretHash::of(token.as_bytes());
        let asks = self
            .db
            .act(|mut tx| async move {
                let tx = &mut tx;
                let asks = turned_on(tx, officer).await?.is_some();
                if asks {
                    Awaited::Code.put(tx, secret, Some(officer), now).await?;
                } else {
                    start_session(tx, secret, officer, Means::Password, device, now).await?;
                }
                Ok::<_, Error>(asks)
            })
            .await?;
        Ok(if asks { Begun::NeedsCode(Waiting { token }) } else { Begun::SignedIn(SignedIn { token }) })
    }

    /// Whether a sign-in still waits for its code.
    pub async fn waits_for_code(&self, waiting: &str) -> Result<bool, Error> {
        let secret = SecretHash::of(waiting.as_bytes());
        let mut reader = self.db.read().await?;
        let found = Awaited::find(&mut reader, secret, self.clock.now()).await?;
        Ok(matches!(found, Some((Awaited::Code | Awaited::CodeAfterServer, Some(_)))))
    }

    /// The second step: a code of the app, or a recovery code. Wrong ones count as wrong passwords do.
    pub async fn enter_code(&self, waiting: &str, typed: &str, device: &Device) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        let typed = &TypedCode::parse(typed).ok_or_else(|| vec![PeopleFault::CodeUnreadable])?;
        let (waiting, token) = (SecretHash::of(waiting.as_bytes()), new_token());
        let secret = SecretHash::of(token.as_bytes());
        let outcome = self
            .db
            .act(|mut tx| async move {
                let tx = &mut tx;
                let (officer, is_after_server) = match Awaited::find(tx, waiting, now).await? {
                    Some((Awaited::Code, Some(officer))) => (officer, false),
                    Some((Awaited::CodeAfterServer, Some(officer))) => (officer, true),
                    _ => return Ok(Outcome::Expired),
                };
                // In the act itself: many guesses at a time are counted one after the other.
                super::password::check_throttle(tx, &officer.login, &device.address, now).await?;
                let Some(means) = self.proven_by(tx, &officer, typed, now).await? else {
                    super::password::count_failure(tx, &officer.login, &device.address, Some(&officer), now)
                        .await?;
                    return Ok(Outcome::Wrong);
                };
                let means = if is_after_server { means.after_server() } else { means };
                pending::take(tx, waiting).await?;
                start_session(tx, secret, &officer, means, device, now).await?;
                Ok::<_, Error>(Outcome::SignedIn)
            })
            .await?;
        match outcome {
            Outcome::SignedIn => Ok(SignedIn { token }),
            Outcome::Wrong => Err(vec![PeopleFault::CodeWrong].into()),
            Outcome::Expired => Err(Error::Refused(Refusal::SignInExpired)),
        }
    }

    /// What a typed code proves; it is used up by that.
    async fn proven_by(
        &self,
        tx: &mut Tx,
        officer: &Officer,
        typed: &TypedCode,
        now: Timestamp,
    ) -> Result<Option<Means>, Error> {
        let Some(factor) = turned_on(tx, officer).await? else { return Ok(None) };
        match typed {
            TypedCode::App(code) => {
                let app = App::unseal(&self.blobs, officer.id, &factor.secret)?;
                let step = app.step_of(code, now).filter(|&step| is_fresh(step, factor.last_step));
                let Some(step) = step else { return Ok(None) };
                second_factor::set_last_step(tx, officer.id, step).await?;
                Ok(Some(Means::AppCode))
            }
            TypedCode::Recovery(code) => {
                let digest = CodeDigest::of(code.letters());
                if !second_factor::use_recovery_code(tx, officer.id, digest).await? {
                    return Ok(None);
                }
                let left = second_factor::n_recovery_codes(tx, officer.id).await?;
                let left = u32::try_from(left).unwrap_or_default();
                note_own(tx, officer, Body::RecoveryCodeUsed { left }, now).await?;
                Ok(Some(Means::RecoveryCode))
            }
        }
    }
}

/// The second factor of an officer, where it is on.
pub(super) async fn turned_on(reader: &mut Reader, officer: &Officer) -> Result<Option<SecondFactor>, Error> {
    let found = second_factor::find(reader, officer.id).await?;
    Ok(found.filter(|factor| factor.confirmed_at.is_some()))
}

/// Begins a session under a secret that is new with it.
pub(super) async fn start_session(
    tx: &mut Tx,
    secret: SecretHash,
    officer: &Officer,
    means: Means,
    device: &Device,
    now: Timestamp,
) -> Result<(), Error> {
    let session = Session {
        holder: officer.id.0,
        body: json!({ CSRF: new_token(), DEVICE: device, MEANS: means }),
        created_at: now,
        seen_at: now,
        expires_at: now + SESSION,
    };
    people::clear_sign_in_failures(tx, &officer.login, now - WINDOW).await?;
    session::forget_expired(tx, now).await?;
    session::start(tx, secret, &session).await?;
    let body = if means == Means::Password { Body::SignedIn } else { Body::SignedInWith { means } };
    note_own(tx, officer, body, now).await
}

/// An event of an officer who is not in yet.
async fn note_own(tx: &mut Tx, officer: &Officer, body: Body, now: Timestamp) -> Result<(), Error> {
    let event = NewEvent::new(Subject::Officer(officer.id), None, &actor_of(officer), now, body);
    event::append(tx, &event, now).await?;
    Ok(())
}
