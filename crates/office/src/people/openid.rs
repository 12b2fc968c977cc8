//! Signing in through an identity server, and tying an account to who its officer is there. Nobody gets an
//! account by signing in: the server says who somebody is, the tie says whose account that is, and each was
//! made by whoever had proved to be the officer, or by who keeps the accounts.

use super::delegation::note;
use super::password::{Opens, check_throttle, count_failure};
use super::sign_in::{Awaited, Waiting, start_session, turned_on};
use super::{Device, SignedIn, actor_on, new_token, sound};
use crate::act::By;
use crate::dossier::typed;
use crate::{Error, Office, Refusal};
pub use connect::openid::Answer;
use connect::openid::{self, Identity, Question, Server};
use jiff::Timestamp;
use rules::event::Body;
use rules::id::OfficerId;
use rules::people::openid::{LONGEST_SUBJECT, OpenIdRefused};
use rules::people::second_factor::Means;
use rules::people::{PeopleFault, Role};
use rules::text::nfc;
use serde::{Deserialize, Serialize};
use store::people::identity::{self, Tie};
use store::people::{self, Officer, pending};
use store::session::{self, SecretHash};
use store::{Reader, Tx};

/// The names of the acts.
const TIE: &str = "people.tie_identity";
const UNTIE: &str = "people.untie_identity";

/// What a browser was sent to the identity server with, as it is kept until it is back.
#[derive(Serialize, Deserialize)]
pub(super) struct Asked {
    state: String,
    nonce: String,
    verifier: String,
    /// The page he was going to.
    back: String,
}

impl Asked {
    fn draw(back: &str) -> Self {
        Self { state: new_token(), nonce: new_token(), verifier: new_token(), back: back.to_owned() }
    }

    fn question(&self) -> Question<'_> {
        Question { state: &self.state, nonce: &self.nonce, verifier: &self.verifier }
    }
}

/// Where a browser goes, and what it is known by when it is back.
#[derive(Debug)]
pub struct Sent {
    pub address: String,
    pub waiting: Waiting,
}

/// What an answer of the identity server led to.
#[derive(Debug)]
pub enum Back {
    SignedIn {
        signed_in: SignedIn,
        back: String,
    },
    /// The server asked for no second factor, and the officer has one here.
    NeedsCode {
        waiting: Waiting,
        back: String,
    },
    /// The account of the officer who was signed in is tied to whom the server named.
    Tied,
}

impl Office {
    fn must_have_server(&self) -> Result<&Server, Error> {
        let server = self.settings.identity_server.as_ref();
        server.ok_or_else(|| Error::Refused(Refusal::IdentityServer(String::new(), OpenIdRefused::Off)))
    }

    fn refused(&self, why: OpenIdRefused) -> Error {
        let name = self
            .settings
            .identity_server
            .as_ref()
            .map_or_else(String::new, |server| server.name().to_owned());
        Error::Refused(Refusal::IdentityServer(name, why))
    }

    fn failed(&self, error: openid::Error) -> Error {
        match error {
            openid::Error::Down(since, _) => self.refused(OpenIdRefused::Down { since }),
            openid::Error::Answer(fault) => {
                tracing::warn!(?fault, "an answer of the identity server was refused");
                self.refused(OpenIdRefused::Answer(fault))
            }
        }
    }

    /// Where passwords open administrators' accounts only, another's opens nothing.
    pub(super) async fn must_take_passwords(&self, officer: &Officer) -> Result<(), Error> {
        if self.settings.passwords == Opens::Everyones {
            return Ok(());
        }
        let actor = actor_on(&mut self.db.read().await?, officer, self.clock.today()).await?;
        if actor.has_role(Role::Admin) { Ok(()) } else { Err(self.refused(OpenIdRefused::PasswordsOff)) }
    }

    /// Sends a browser to the identity server to sign in. Nobody knows yet who it will be.
    pub async fn begin_identity_sign_in(&self, back: &str, device: &Device) -> Result<Sent, Error> {
        let now = self.clock.now();
        check_throttle(&mut self.db.read().await?, "", &device.address, now).await?;
        self.send(Asked::draw(back), None).await
    }

    /// Sends the officer who acts and has typed his password to the identity server, to tie his account to
    /// who he is there.
    pub async fn begin_tie(&self, by: &By, password: &str, device: &Device) -> Result<Sent, Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        let issuer = self.must_have_server()?.issuer();
        let known = identity::of_officer(&mut self.db.read().await?, id, issuer).await?;
        sound(if known.is_some() { vec![PeopleFault::HasIdentity] } else { Vec::new() })?;
        let officer = self.must_prove(id, password, device).await?;
        self.send(Asked::draw(""), Some(&officer)).await
    }

    async fn send(&self, asked: Asked, officer: Option<&Officer>) -> Result<Sent, Error> {
        let now = self.clock.now();
        let address = self.must_have_server()?.address(asked.question(), now).await;
        let address = address.map_err(|error| self.failed(error))?;
        let (awaited, token) = (&Awaited::Server(asked), new_token());
        let secret = SecretHash::of(token.as_bytes());
        self.db.act(|mut tx| async move { awaited.put(&mut tx, secret, officer, now).await }).await?;
        Ok(Sent { address, waiting: Waiting { token } })
    }

    /// A browser is back from the identity server with what it says. The question counts once, for the
    /// browser it was asked of; `session` is whose it is, where it ties an account.
    pub async fn identity_answer(
        &self,
        waiting: &str,
        answer: &Answer,
        session: &str,
        device: &Device,
    ) -> Result<Back, Error> {
        let server = self.must_have_server()?;
        let (now, waiting) = (self.clock.now(), SecretHash::of(waiting.as_bytes()));
        let mut reader = self.db.read().await?;
        check_throttle(&mut reader, "", &device.address, now).await?;
        let asked = Awaited::find(&mut reader, waiting, now).await?;
        drop(reader);
        let Some((Awaited::Server(asked), officer)) = asked else {
            return Err(self.refused(OpenIdRefused::NotAsked));
        };
        if answer.state != asked.state {
            return Err(self.refused(OpenIdRefused::NotAsked));
        }
        // Before the server is asked, so that the same answer twice at a time asks it once.
        if !self.db.act(|mut tx| async move { pending::take(&mut tx, waiting).await }).await? {
            return Err(self.refused(OpenIdRefused::NotAsked));
        }
        let identity = match server.identify(answer, asked.question(), now).await {
            Ok(identity) => identity,
            Err(error) => {
                if matches!(error, openid::Error::Answer(_)) {
                    self.count_stranger(device).await?;
                }
                return Err(self.failed(error));
            }
        };
        match officer {
            Some(officer) => self.tie_back(&officer, &identity, session).await,
            None => self.sign_in_as(&identity, asked.back, device).await,
        }
    }

    async fn count_stranger(&self, device: &Device) -> Result<(), Error> {
        let (now, address) = (self.clock.now(), &device.address);
        self.db.act(|mut tx| async move { count_failure(&mut tx, "", address, None, now).await }).await
    }

    async fn sign_in_as(&self, who: &Identity, back: String, device: &Device) -> Result<Back, Error> {
        let (now, issuer) = (self.clock.now(), self.must_have_server()?.issuer());
        let mut reader = self.db.read().await?;
        let tie = identity::by_subject(&mut reader, issuer, &who.subject).await?;
        let officer = match &tie {
            Some(tie) => people::officer(&mut reader, tie.officer).await?.filter(|officer| officer.active),
            None => None,
        };
        drop(reader);
        let (Some(tie), Some(officer)) = (&tie, &officer) else {
            self.count_stranger(device).await?;
            return Err(self.refused(OpenIdRefused::Stranger));
        };
        let token = new_token();
        let secret = SecretHash::of(token.as_bytes());
        let asks = self
            .db
            .act(|mut tx| async move {
                let tx = &mut tx;
                if !identity::note_use(tx, tie, now).await? {
                    return Err(self.refused(OpenIdRefused::Stranger));
                }
                let asks = !who.is_two_factors && turned_on(tx, officer).await?.is_some();
                if asks {
                    Awaited::CodeAfterServer.put(tx, secret, Some(officer), now).await?;
                } else {
                    let means = if who.is_two_factors { Means::IdentityStrong } else { Means::Identity };
                    start_session(tx, secret, officer, means, device, now).await?;
                }
                Ok::<_, Error>(asks)
            })
            .await?;
        Ok(if asks {
            Back::NeedsCode { waiting: Waiting { token }, back }
        } else {
            Back::SignedIn { signed_in: SignedIn { token }, back }
        })
    }

    /// Ties the account of who was sent, if it is still he who sits there.
    async fn tie_back(&self, officer: &Officer, who: &Identity, session: &str) -> Result<Back, Error> {
        let present = self.present(session).await?.filter(|present| present.officer.id == officer.id);
        let present = present.ok_or_else(|| self.refused(OpenIdRefused::NotAsked))?;
        let by = &By::new(present.actor);
        self.act(
            by,
            TIE,
            |mut tx, now| async move { self.tie(&mut tx, by, officer.id, &who.subject, now).await },
        )
        .await?;
        Ok(Back::Tied)
    }

    /// Ties an account to who its officer is at the identity server, as who keeps the accounts knows it.
    pub async fn tie_identity(&self, by: &By, officer: OfficerId, subject: &str) -> Result<(), Error> {
        let subject = &nfc(subject.trim());
        self.act(by, TIE, |mut tx, now| async move {
            self.kept(&mut tx, &by.actor, officer).await?;
            if subject.is_empty() {
                return Err(vec![PeopleFault::IdentityMissing].into());
            }
            if subject.chars().count() > LONGEST_SUBJECT {
                return Err(vec![PeopleFault::IdentityLong(LONGEST_SUBJECT)].into());
            }
            self.tie(&mut tx, by, officer, subject, now).await
        })
        .await
    }

    async fn tie(
        &self,
        tx: &mut Tx,
        by: &By,
        officer: OfficerId,
        subject: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let server = self.settings.identity_server.as_ref();
        let issuer = server.ok_or_else(|| vec![PeopleFault::NoIdentityServer])?.issuer();
        if identity::of_officer(tx, officer, issuer).await?.is_some() {
            return Err(vec![PeopleFault::HasIdentity].into());
        }
        if identity::by_subject(tx, issuer, subject).await?.is_some() {
            return Err(vec![PeopleFault::IdentityTaken].into());
        }
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        let tie = Tie { officer, issuer, subject, tied_at: now, used_at: None };
        identity::tie(tx, &tie).await?;
        note(tx, by, officer, Body::IdentityTied { issuer: tie.issuer, subject: tie.subject }, now).await
    }

    /// Unties the account of the officer who acts and has typed his password.
    pub async fn untie_own_identity(&self, by: &By, password: &str, device: &Device) -> Result<(), Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        if let Some(()) = self.answered(by, UNTIE).await? {
            return Ok(());
        }
        self.must_prove(id, password, device).await?;
        self.act(by, UNTIE, |mut tx, now| async move { self.untie(&mut tx, by, id, "", now).await }).await
    }

    /// Unties an account whose tie was wrong or is over, and ends what was begun by it.
    pub async fn untie_identity(&self, by: &By, officer: OfficerId, reason: &str) -> Result<(), Error> {
        let reason = &typed(reason);
        self.act(by, UNTIE, |mut tx, now| async move {
            let tx = &mut tx;
            self.kept(tx, &by.actor, officer).await?;
            sound(if reason.is_empty() { vec![PeopleFault::ReasonMissing] } else { Vec::new() })?;
            self.untie(tx, by, officer, reason, now).await?;
            pending::forget_of(tx, officer).await?;
            session::end_all_of(tx, officer.0).await?;
            Ok(())
        })
        .await
    }

    async fn untie(
        &self,
        tx: &mut Tx,
        by: &By,
        officer: OfficerId,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let server = self.settings.identity_server.as_ref();
        let issuer = server.ok_or_else(|| vec![PeopleFault::NoIdentityServer])?.issuer();
        let known = identity::of_officer(tx, officer, issuer).await?;
        let Tie { issuer, subject, .. } = known.ok_or_else(|| vec![PeopleFault::HasNoIdentity])?;
        identity::untie(tx, officer, &issuer).await?;
        let body = Body::IdentityUntied { issuer, subject, reason: reason.to_owned() };
        note(tx, by, officer, body, now).await
    }

    /// Who the officer who acts is at the identity server.
    pub async fn own_identity(&self, by: &By) -> Result<Option<Tie>, Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        let Some(server) = &self.settings.identity_server else { return Ok(None) };
        Ok(identity::of_officer(&mut self.db.read().await?, id, server.issuer()).await?)
    }

    /// Who an officer is at the identity server.
    pub(super) async fn subject_of(
        &self,
        reader: &mut Reader,
        officer: OfficerId,
    ) -> Result<Option<String>, Error> {
        let Some(server) = &self.settings.identity_server else { return Ok(None) };
        let tie = identity::of_officer(reader, officer, server.issuer()).await?;
        Ok(tie.map(|tie| tie.subject))
    }
}
