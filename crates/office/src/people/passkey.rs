//! Passkeys: keys on an officer's devices that make sure who uses them, and so are enough alone. What a
//! browser answers is checked before the act, and what it was asked counts once.

use super::delegation::note;
use super::password::{check_throttle, count_failure};
use super::sign_in::{Awaited, Waiting, start_session};
use super::{Device, SignedIn, new_token, sound};
use crate::act::By;
use crate::{Error, Office, Refusal};
use rules::event::Body;
use rules::people::PeopleFault;
use rules::people::second_factor::{LONGEST_NAME, Means};
use rules::text::nfc;
use serde_json::{Value, json};
use std::net::IpAddr;
use store::people::{self, passkey, pending};
use store::session::SecretHash;
use store::time::new_id;
use uuid::Uuid;
use webauthn_rs::prelude::{Passkey, PublicKeyCredential, RegisterPublicKeyCredential, Url};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// The name of the act that keeps one.
const ADD: &str = "people.add_passkey";
/// And of the one that removes one.
const REMOVE: &str = "people.remove_passkey";

/// What passkeys are bound to: the one address at which browsers offer them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The name they carry; none is offered at another.
    host: String,
    origin: Url,
}

impl Site {
    /// The site of the installation's public address. A loopback address goes by the name `localhost`:
    /// passkeys know no numbers. None where browsers offer no passkeys: without TLS, or without a name.
    pub fn of(public: &str) -> Option<Self> {
        let mut origin = Url::parse(public).ok()?;
        let host = origin.host_str()?.trim_matches(['[', ']']).to_owned();
        let is_loopback = match host.parse::<IpAddr>() {
            Ok(address) if !address.is_loopback() => return None,
            Ok(_) => true,
            Err(_) => host == "localhost",
        };
        if is_loopback {
            origin.set_host(Some("localhost")).ok()?;
        } else if origin.scheme() != "https" {
            return None;
        }
        origin.set_path("");
        Some(Self { host: origin.host_str()?.to_owned(), origin })
    }

    /// `https://motcua.tinh.gov.vn`, as it is typed into a browser.
    pub fn address(&self) -> String {
        self.origin.origin().ascii_serialization()
    }

    /// Whether a request for this host was made at the site.
    pub fn is_at(&self, host: &str) -> bool {
        self.address().split_once("://").is_some_and(|(_, at)| at.eq_ignore_ascii_case(host))
    }

    fn webauthn(&self, system: &str) -> Result<Webauthn, Error> {
        WebauthnBuilder::new(&self.host, &self.origin)
            .and_then(|builder| builder.rp_name(system).build())
            .map_err(Error::broken)
    }
}

/// What a browser asks its authenticator, as JSON.
pub type Question = Value;

impl Office {
    /// The site passkeys are bound to here, if there can be any.
    pub fn passkey_site(&self) -> Option<Site> {
        Site::of(&self.settings.lookup_url)
    }

    fn webauthn(&self) -> Result<Webauthn, Error> {
        let site = self.passkey_site().ok_or_else(|| vec![PeopleFault::NoPlaceForPasskeys])?;
        site.webauthn(&self.settings.system_name)
    }

    /// The passkeys of the officer who acts, the oldest first.
    pub async fn passkeys(&self, by: &By) -> Result<Vec<passkey::Passkey>, Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        Ok(passkey::of_officer(&mut self.db.read().await?, id).await?)
    }

    /// Begins a new passkey for the officer who acts and has typed his password: it will open everything
    /// that he may do.
    pub async fn begin_passkey(
        &self,
        by: &By,
        token: &str,
        name: &str,
        password: &str,
        device: &Device,
    ) -> Result<Question, Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        let webauthn = self.webauthn()?;
        let name = checked_name(name)?;
        let officer = &self.must_prove(id, password, device).await?;
        let known = passkey::of_officer(&mut self.db.read().await?, id).await?;
        let known = known.into_iter().map(|passkey| passkey.credential).collect();
        let (asked, state) = webauthn
            .start_passkey_registration(id.0, &officer.login, &officer.name, Some(known))
            .map_err(Error::broken)?;
        let (awaited, secret) = (&Awaited::NewPasskey { name, state }, beside(token));
        self.act(by, "people.begin_passkey", |mut tx, now| async move {
            self.may_set_up(&mut tx, by, token, now).await?;
            awaited.put(&mut tx, secret, Some(officer), now).await
        })
        .await?;
        let mut question = serde_json::to_value(asked).map_err(Error::broken)?;
        // The key must say by itself whose it is: nobody types a login before it.
        let criteria = &mut question["publicKey"]["authenticatorSelection"];
        criteria["residentKey"] = json!("required");
        criteria["requireResidentKey"] = json!(true);
        Ok(question)
    }

    /// Keeps the passkey the browser has made; gives its name.
    pub async fn add_passkey(&self, by: &By, token: &str, answer: &str) -> Result<String, Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        if let Some(name) = self.answered(by, ADD).await? {
            return Ok(name);
        }
        let (now, secret) = (self.clock.now(), beside(token));
        let unusable = || Error::from(vec![PeopleFault::PasskeyUnusable]);
        let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(|_| unusable())?;
        let asked = Awaited::find(&mut self.db.read().await?, secret, now).await?;
        let Some((Awaited::NewPasskey { name, state }, Some(officer))) = asked else {
            return Err(unusable());
        };
        let made = self.webauthn()?.finish_passkey_registration(&answer, &state).map_err(|error| {
            tracing::info!(%error, "a new passkey was refused");
            unusable()
        })?;
        let passkey = &passkey::Passkey {
            id: new_id(now),
            officer: officer.id,
            name,
            credential: made.cred_id().clone(),
            body: serde_json::to_value(&made).map_err(Error::broken)?,
            added_at: now,
            used_at: None,
        };
        self.act(by, ADD, |mut tx, now| async move {
            let tx = &mut tx;
            let is_known = passkey::by_credential(tx, &passkey.credential).await?.is_some();
            if is_known || passkey.officer != id || !pending::take(tx, secret).await? {
                return Err(vec![PeopleFault::PasskeyUnusable].into());
            }
            passkey::add(tx, passkey).await?;
            note(tx, by, id, Body::PasskeyAdded { name: passkey.name.clone() }, now).await?;
            Ok(passkey.name.clone())
        })
        .await
    }

    /// Removes a passkey of the officer who acts and has typed his password.
    pub async fn remove_passkey(
        &self,
        by: &By,
        passkey: Uuid,
        password: &str,
        device: &Device,
    ) -> Result<(), Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        if let Some(()) = self.answered(by, REMOVE).await? {
            return Ok(());
        }
        self.must_prove(id, password, device).await?;
        self.act(by, REMOVE, |mut tx, now| async move {
            let tx = &mut tx;
            let kept = passkey::of_officer(tx, id).await?;
            let kept = kept.into_iter().find(|kept| kept.id == passkey).ok_or(Error::NotFound)?;
            passkey::remove(tx, id, passkey).await?;
            note(tx, by, id, Body::PasskeyRemoved { name: kept.name }, now).await
        })
        .await
    }

    /// Begins a sign-in by passkey: nobody knows yet whose it will be.
    pub async fn begin_passkey_sign_in(&self, device: &Device) -> Result<(Question, Waiting), Error> {
        let now = self.clock.now();
        check_throttle(&mut self.db.read().await?, "", &device.address, now).await?;
        let (asked, state) = self.webauthn()?.start_discoverable_authentication().map_err(Error::broken)?;
        let (awaited, token) = (&Awaited::Passkey(state), new_token());
        let secret = SecretHash::of(token.as_bytes());
        self.db.act(|mut tx| async move { awaited.put(&mut tx, secret, None, now).await }).await?;
        let mut question = serde_json::to_value(asked).map_err(Error::broken)?;
        // It is asked by a button, and not while somebody types a login.
        if let Some(question) = question.as_object_mut() {
            question.remove("mediation");
        }
        Ok((question, Waiting { token }))
    }

    /// Signs in whoever's passkey has answered what was asked.
    pub async fn sign_in_with_passkey(
        &self,
        waiting: &str,
        answer: &str,
        device: &Device,
    ) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        let waiting = SecretHash::of(waiting.as_bytes());
        let mut reader = self.db.read().await?;
        check_throttle(&mut reader, "", &device.address, now).await?;
        let Some((Awaited::Passkey(asked), None)) = Awaited::find(&mut reader, waiting, now).await? else {
            return Err(Error::Refused(Refusal::SignInExpired));
        };
        drop(reader);
        let unknown = || Error::Refused(Refusal::PasskeyUnknown);
        let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else { return Err(unknown()) };
        let Some((passkey, officer)) = &self.proven_passkey(&answer, asked).await? else {
            let address = &device.address;
            self.db.act(|mut tx| async move { count_failure(&mut tx, "", address, None, now).await }).await?;
            return Err(unknown());
        };
        let token = new_token();
        let secret = SecretHash::of(token.as_bytes());
        self.db
            .act(|mut tx| async move {
                let tx = &mut tx;
                let was_asked = pending::take(tx, waiting).await?;
                if !was_asked || !passkey::note_use(tx, passkey.id, &passkey.body, now).await? {
                    return Err(unknown());
                }
                start_session(tx, secret, officer, Means::Passkey, device, now).await
            })
            .await?;
        Ok(SignedIn { token })
    }

    /// The passkey that gave this answer, with its counter moved on, and whose it is.
    async fn proven_passkey(
        &self,
        answer: &PublicKeyCredential,
        asked: webauthn_rs::prelude::DiscoverableAuthentication,
    ) -> Result<Option<(passkey::Passkey, people::Officer)>, Error> {
        let webauthn = self.webauthn()?;
        let Ok((holder, credential)) = webauthn.identify_discoverable_authentication(answer) else {
            return Ok(None);
        };
        let mut reader = self.db.read().await?;
        let Some(kept) = passkey::by_credential(&mut reader, credential).await? else { return Ok(None) };
        let officer = people::officer(&mut reader, kept.officer).await?;
        let officer = officer.filter(|officer| officer.active && officer.id.0 == holder);
        let Some(officer) = officer else { return Ok(None) };
        let mut key: Passkey = serde_json::from_value(kept.body.clone()).map_err(Error::broken)?;
        let proof = match webauthn.finish_discoverable_authentication_v2(answer, asked, &key) {
            Ok(proof) => proof,
            Err(error) => {
                tracing::info!(%error, "the answer of a passkey was refused");
                return Ok(None);
            }
        };
        key.update_credential(&proof);
        let body = serde_json::to_value(&key).map_err(Error::broken)?;
        Ok(Some((passkey::Passkey { body, ..kept }, officer)))
    }
}

/// Under what a question to a signed-in browser is remembered: its session, and nobody else's.
fn beside(token: &str) -> SecretHash {
    SecretHash::of(format!("passkey of {token}").as_bytes())
}

fn checked_name(name: &str) -> Result<String, Error> {
    let name = nfc(name.trim());
    sound(if name.is_empty() { vec![PeopleFault::PasskeyNameMissing] } else { Vec::new() })?;
    if name.chars().count() > LONGEST_NAME {
        return Err(vec![PeopleFault::PasskeyNameLong(LONGEST_NAME)].into());
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::Site;

    #[test]
    fn passkeys_are_bound_to_a_name_browsers_offer_them_at() {
        let at = |public: &str| Site::of(public).map(|site| (site.host.clone(), site.address()));
        let site = |host: &str, origin: &str| Some((host.to_owned(), origin.to_owned()));
        assert_eq!(at("http://127.0.0.1:8686"), site("localhost", "http://localhost:8686"));
        assert_eq!(at("http://[::1]:8686"), site("localhost", "http://localhost:8686"));
        assert_eq!(at("http://localhost:8686/"), site("localhost", "http://localhost:8686"));
        assert_eq!(
            at("https://motcua.yenbinh.gov.vn/tra-cuu"),
            site("motcua.yenbinh.gov.vn", "https://motcua.yenbinh.gov.vn")
        );
        for nowhere in ["http://motcua.yenbinh.gov.vn", "https://10.0.0.5", "http://10.0.0.5:8686", "", "xã"]
        {
            assert_eq!(at(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn a_page_opened_elsewhere_is_told_apart() {
        let site = Site::of("http://127.0.0.1:8686").expect("a site");
        assert!(site.is_at("localhost:8686"));
        for elsewhere in ["127.0.0.1:8686", "localhost:8687", "localhost", ""] {
            assert!(!site.is_at(elsewhere), "{elsewhere}");
        }
        assert!(Site::of("https://motcua.gov.vn").expect("a site").is_at("motcua.gov.vn"));
    }
}
