//! The second factor of an officer: turned on by himself with a first code, turned off with his password,
//! taken away by who keeps the accounts when the telephone is lost.

use super::app::App;
use super::delegation::note;
use super::{Device, MEANS, sound};
use crate::act::By;
use crate::dossier::typed;
use crate::{Error, Office};
use jiff::Timestamp;
use rules::event::Body;
use rules::id::OfficerId;
use rules::people::second_factor::{
    Has, Means, N_RECOVERY_CODES, RecoveryCode, Standing, TypedCode, is_required, standing,
};
use rules::people::{Actor, PeopleFault};
use serde::Deserialize;
use store::people::second_factor::{self, CodeDigest};
use store::people::{self, Officer, passkey, pending};
use store::session::{self, SecretHash, Session};
use store::{Reader, Tx};

/// The name of the act that turns it on.
const TURN_ON: &str = "people.turn_on_second_factor";
/// And of the one that turns it off.
const TURN_OFF: &str = "people.turn_off_second_factor";

/// A second factor that is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnedOn {
    pub since: Timestamp,
    pub recovery_codes_left: i64,
}

/// What an officer puts into his app.
#[derive(Clone)]
pub struct Enrolment {
    /// To be typed, in groups of four letters.
    pub key: String,
    /// To be photographed: a QR code as SVG.
    pub picture: String,
}

/// Never printed by accident.
impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Enrolment(…)")
    }
}

impl Office {
    /// The second factor of the officer who acts, if it is on.
    pub async fn second_factor(&self, by: &By) -> Result<Option<TurnedOn>, Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        let mut reader = self.db.read().await?;
        let found = second_factor::find(&mut reader, id).await?;
        let Some(since) = found.and_then(|factor| factor.confirmed_at) else { return Ok(None) };
        let recovery_codes_left = second_factor::n_recovery_codes(&mut reader, id).await?;
        Ok(Some(TurnedOn { since, recovery_codes_left }))
    }

    /// Draws a secret for the app of the officer who acts. It counts when a code of it was typed.
    pub async fn begin_second_factor(&self, by: &By, token: &str) -> Result<(), Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        let sealed = &App::draw().seal(&self.blobs, id);
        self.act(by, "people.begin_second_factor", |mut tx, now| async move {
            let tx = &mut tx;
            self.may_set_up(tx, by, token, now).await?;
            let known = second_factor::find(tx, id).await?;
            if known.is_some_and(|factor| factor.confirmed_at.is_some()) {
                return Err(vec![PeopleFault::SecondFactorIsOn].into());
            }
            Ok(second_factor::begin(tx, id, sealed, now).await?)
        })
        .await
    }

    /// What the officer who acts puts into his app, until he has typed its first code.
    pub async fn enrolment(&self, by: &By) -> Result<Option<Enrolment>, Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        let mut reader = self.db.read().await?;
        let begun = second_factor::find(&mut reader, id).await?;
        let Some(begun) = begun.filter(|factor| factor.confirmed_at.is_none()) else { return Ok(None) };
        let officer = people::officer(&mut reader, id).await?.ok_or(Error::NotFound)?;
        let app = App::unseal(&self.blobs, id, &begun.secret)?;
        let address = app.address(&self.settings.system_name, &officer.login);
        let picture = pdf::print::qr_code(&address).map_err(Error::broken)?;
        Ok(Some(Enrolment { key: app.key(), picture }))
    }

    /// Turns the second factor on by its first code, and gives the recovery codes, which nobody sees
    /// again: none to the same form sent twice. Sessions elsewhere end.
    pub async fn turn_on_second_factor(
        &self,
        by: &By,
        token: &str,
        typed: &str,
    ) -> Result<Option<Vec<RecoveryCode>>, Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        if let Some(()) = self.answered(by, TURN_ON).await? {
            return Ok(None);
        }
        let Some(TypedCode::App(code)) = &TypedCode::parse(typed) else {
            return Err(vec![PeopleFault::CodeUnreadable].into());
        };
        let codes: Vec<RecoveryCode> = (0..N_RECOVERY_CODES).map(|_| draw_recovery_code()).collect();
        let digests: Vec<CodeDigest> = codes.iter().map(|code| CodeDigest::of(code.letters())).collect();
        let digests = &digests;
        self.act(by, TURN_ON, |mut tx, now| async move {
            let tx = &mut tx;
            self.may_set_up(tx, by, token, now).await?;
            let begun = second_factor::find(tx, id).await?;
            let begun = begun.ok_or_else(|| vec![PeopleFault::SecondFactorNotBegun])?;
            if begun.confirmed_at.is_some() {
                return Err(vec![PeopleFault::SecondFactorIsOn].into());
            }
            let step = App::unseal(&self.blobs, id, &begun.secret)?.step_of(code, now);
            let step = step.ok_or_else(|| vec![PeopleFault::CodeWrong])?;
            second_factor::confirm(tx, id, step, now).await?;
            second_factor::add_recovery_codes(tx, id, digests).await?;
            session::end_others_of(tx, id.0, SecretHash::of(token.as_bytes())).await?;
            note(tx, by, id, Body::SecondFactorOn, now).await
        })
        .await?;
        Ok(Some(codes))
    }

    /// Turns it off, by the password: whoever finds an open session does not.
    pub async fn turn_off_second_factor(
        &self,
        by: &By,
        password: &str,
        device: &Device,
    ) -> Result<(), Error> {
        let id = by.actor.officer().ok_or(Error::NotFound)?;
        if let Some(()) = self.answered(by, TURN_OFF).await? {
            return Ok(());
        }
        self.must_prove(id, password, device).await?;
        self.act(by, TURN_OFF, |mut tx, now| async move {
            let tx = &mut tx;
            let known = second_factor::find(tx, id).await?;
            let is_on = known.is_some_and(|factor| factor.confirmed_at.is_some());
            sound(if is_on { Vec::new() } else { vec![PeopleFault::SecondFactorIsOff] })?;
            second_factor::forget(tx, id).await?;
            note(tx, by, id, Body::SecondFactorOff, now).await
        })
        .await
    }

    /// Takes app, recovery codes and passkeys from an officer who lost them, and ends his sessions; his
    /// password alone lets him in again.
    pub async fn reset_second_factor(&self, by: &By, officer: OfficerId, reason: &str) -> Result<(), Error> {
        let reason = &typed(reason);
        self.act(by, "people.reset_second_factor", |mut tx, now| async move {
            let tx = &mut tx;
            self.kept(tx, &by.actor, officer).await?;
            let had_app = second_factor::forget(tx, officer).await?;
            let n_passkeys = passkey::remove_all_of(tx, officer).await?;
            let mut faults = Vec::new();
            if !had_app && n_passkeys == 0 {
                faults.push(PeopleFault::SecondFactorIsOff);
            }
            if reason.is_empty() {
                faults.push(PeopleFault::ReasonMissing);
            }
            sound(faults)?;
            pending::forget_of(tx, officer).await?;
            session::end_all_of(tx, officer.0).await?;
            note(tx, by, officer, Body::SecondFactorReset { reason: reason.clone() }, now).await
        })
        .await
    }

    /// The officer must have typed his password; a wrong one is counted.
    pub(crate) async fn must_prove(
        &self,
        id: OfficerId,
        password: &str,
        device: &Device,
    ) -> Result<Officer, Error> {
        let mut reader = self.db.read().await?;
        let officer = people::officer(&mut reader, id).await?.ok_or(Error::NotFound)?;
        drop(reader);
        if self.proves(&officer.login, Some(&officer), password, device).await? {
            Ok(officer)
        } else {
            Err(vec![PeopleFault::PasswordWrong].into())
        }
    }

    /// What the officer of a session may do yet.
    pub(super) async fn standing(
        &self,
        reader: &mut Reader,
        session: &Session,
        actor: &Actor,
    ) -> Result<Standing, Error> {
        let means = means(session);
        if means.is_two_factors() || !is_required(&self.settings.second_factor, actor) {
            return Ok(Standing::Free);
        }
        Ok(standing(means, has(reader, OfficerId(session.holder)).await?))
    }

    /// Whoever has a passkey he should have signed in with sets nothing up instead.
    pub(super) async fn may_set_up(
        &self,
        tx: &mut Tx,
        by: &By,
        token: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let session = session::find(tx, SecretHash::of(token.as_bytes()), now).await?;
        let session = session.ok_or(Error::NotFound)?;
        match self.standing(tx, &session, &by.actor).await? {
            Standing::OwesPasskey => Err(vec![PeopleFault::OwesPasskey].into()),
            Standing::Free | Standing::SetsUp => Ok(()),
        }
    }
}

/// By what a session was begun.
pub(super) fn means(session: &Session) -> Means {
    session.body.get(MEANS).and_then(|kept| Means::deserialize(kept).ok()).unwrap_or_default()
}

/// The second factors an officer has.
async fn has(reader: &mut Reader, officer: OfficerId) -> Result<Has, Error> {
    let app = second_factor::find(reader, officer).await?;
    if app.is_some_and(|app| app.confirmed_at.is_some()) {
        return Ok(Has::App);
    }
    let passkeys = passkey::of_officer(reader, officer).await?;
    Ok(if passkeys.is_empty() { Has::Neither } else { Has::PasskeyOnly })
}

#[expect(clippy::disallowed_methods, reason = "a secret, drawn here and nowhere else")]
fn draw_recovery_code() -> RecoveryCode {
    RecoveryCode::of_chance(rand::random())
}
