//! Keys put in out of files, by one person or by two; keys to try with; and keys that are ended.

use super::Keys;
use super::holders::{Holder, state_of};
use crate::act::By;
use crate::dossier::typed;
use crate::{Error, Office, Refusal};
use jiff::civil::Date;
use pdf::certificate::self_signed_for_trial;
use pdf::key::Key;
use pdf::key::strange::Unopened;
use rules::calendar::legal_time;
use rules::event::{Body, KeyOrigin, NewEvent, Subject};
use rules::id::{AgencyId, KeyProposalId, OfficerId};
use rules::signing::keys::{KeyFault, KeyState, MOST_BYTES, Validity, check_reason, names_holder};
use rules::words;
use serde::{Deserialize, Serialize};
use std::fmt;
use store::signing::keys::{self as rows, Certified, KeyProposal};
use store::signing::{KeyHolder, SoftwareKey};
use store::time::new_id;
use store::{Tx, event};
use uuid::Uuid;

const PUT: &str = "keys.put";
const TRY: &str = "keys.try";
/// A key to try with lasts as long as one of the demonstration's.
const TRIAL_YEARS: i64 = 2;

/// A file as somebody put it into the form.
#[derive(Clone, Copy)]
pub struct KeyFile<'f> {
    pub bytes: &'f [u8],
    pub password: &'f str,
    /// Why the certificate names its holder otherwise.
    pub name_reason: &'f str,
}

/// Never printed by accident.
impl fmt::Debug for KeyFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyFile(…)")
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Put {
    Now,
    /// For a second person.
    Waits,
}

impl From<KeyFault> for Error {
    fn from(fault: KeyFault) -> Self {
        Self::Refused(Refusal::Form(vec![(fault.field().to_owned(), words::keys::fault(&fault))]))
    }
}

fn unopened(why: Unopened) -> KeyFault {
    match why {
        Unopened::NotAKeyFile => KeyFault::NotAKeyFile,
        Unopened::PasswordWrong => KeyFault::PasswordWrong,
        Unopened::NoKeyInside => KeyFault::NoKeyInside,
        Unopened::NoCertificateInside => KeyFault::NoCertificateInside,
        Unopened::Weak => KeyFault::Weak,
        Unopened::TooHard => KeyFault::TooHard,
    }
}

fn last_day(certified: &Certified) -> Date {
    legal_time(certified.last).date()
}

impl Office {
    /// Puts the key of a file in the place of the one there is; where it weighs much, for a second person.
    pub async fn put_key_file(&self, by: &By, id: Uuid, file: KeyFile<'_>) -> Result<Put, Error> {
        if let Some(put) = self.answered(by, PUT).await? {
            return Ok(put);
        }
        let mut reader = self.db.read().await?;
        let holder = self.holder(&mut reader, &by.actor, id).await?;
        let in_use = rows::lines(&mut reader, &[id]).await?.into_iter().next();
        drop(reader);
        let key = self.key_inside(file).await?;
        let certified = Keys::certified(&key);
        self.must_hold(&certified)?;
        let is_same = in_use.is_some_and(|line| {
            state_of(Some(&line), self.clock.now()).signs() && line.certified.as_ref() == Some(&certified)
        });
        if is_same {
            return Err(KeyFault::Same.into());
        }
        let reason = typed(file.name_reason);
        let is_named = names_holder(&certified.label, &holder.name);
        if !is_named {
            match check_reason(&reason) {
                Ok(()) => {}
                Err(KeyFault::ReasonMissing) => {
                    return Err(KeyFault::OtherName(certified.label, holder.name).into());
                }
                Err(long) => return Err(refused_at("ly-do-ten", &long)),
            }
        }
        let name_reason = &(!is_named).then_some(reason);
        let (kept, certified) = (&self.keys.packed(key, &holder).await?, &certified);
        self.act(by, PUT, |mut tx, now| async move {
            let tx = &mut tx;
            let holder = self.holder(tx, &by.actor, id).await?;
            let proposed_by = by.actor.officer().ok_or(Error::NotFound)?;
            if !holder.needs_second_person() {
                let came = (KeyOrigin::File, proposed_by);
                self.install(tx, by, &holder, (kept, certified), came, name_reason.clone()).await?;
                return Ok(Put::Now);
            }
            let today = self.clock.today();
            let n_days = jiff::Span::new().days(i64::from(self.settings.days_to_confirm));
            let proposal = KeyProposal {
                id: KeyProposalId(new_id(now)),
                holder: id,
                holder_kind: holder.kind,
                certified: certified.clone(),
                pkcs12: kept.pkcs12.clone(),
                name_reason: name_reason.clone(),
                proposed_by,
                proposed_at: now,
                lapses_on: today.saturating_add(n_days),
            };
            rows::propose(tx, &proposal).await?;
            let body = Body::KeyProposed {
                serial: certified.serial.clone(),
                issuer: certified.issuer.clone(),
                last_day: last_day(certified),
                name_reason: name_reason.clone(),
            };
            note(tx, by, &holder, body, now).await?;
            Ok(Put::Waits)
        })
        .await
    }

    /// The second person confirms a key.
    pub async fn confirm_key(&self, by: &By, id: Uuid, proposal: KeyProposalId) -> Result<(), Error> {
        let today = self.clock.today();
        self.act(by, "keys.confirm", |mut tx, _| async move {
            let tx = &mut tx;
            let holder = self.holder(tx, &by.actor, id).await?;
            let waiting = rows::proposal_for(tx, id).await?.filter(|waiting| waiting.id == proposal);
            let waiting = waiting.ok_or(Error::NotFound)?;
            let second = by.actor.officer().ok_or(Error::NotFound)?;
            may_confirm(&waiting, second, today)?;
            self.must_hold(&waiting.certified)?;
            let kept = SoftwareKey {
                holder: id,
                holder_kind: waiting.holder_kind,
                label: waiting.certified.label.clone(),
                pkcs12: waiting.pkcs12,
            };
            let came = (KeyOrigin::File, second);
            self.install(tx, by, &holder, (&kept, &waiting.certified), came, waiting.name_reason).await?;
            Ok(())
        })
        .await
    }

    /// A key that waits is not wanted, or is taken back by who proposed it.
    pub async fn decline_key(
        &self,
        by: &By,
        id: Uuid,
        proposal: KeyProposalId,
        reason: &str,
    ) -> Result<(), Error> {
        let reason = &typed(reason);
        check_reason(reason).map_err(|fault| refused_at("khong-ly-do", &fault))?;
        self.act(by, "keys.decline", |mut tx, now| async move {
            let tx = &mut tx;
            let holder = self.holder(tx, &by.actor, id).await?;
            let waiting = rows::proposal_for(tx, id).await?.filter(|waiting| waiting.id == proposal);
            let waiting = waiting.ok_or(Error::NotFound)?;
            rows::forget_proposal(tx, proposal).await?;
            let body = Body::KeyDeclined { serial: waiting.certified.serial, reason: reason.clone() };
            note(tx, by, &holder, body, now).await
        })
        .await
    }

    /// Makes a key whose certificate it signed itself, where nothing is in earnest.
    pub async fn make_trial_key(&self, by: &By, id: Uuid) -> Result<(), Error> {
        if let Some(()) = self.answered(by, TRY).await? {
            return Ok(());
        }
        let sheet = self.key_sheet(&by.actor, id).await?;
        if !sheet.may_try {
            return Err(KeyFault::NotForTrial.into());
        }
        let (name, now) = (sheet.holder.name.clone(), self.clock.now());
        let made = tokio::task::spawn_blocking(move || self_signed_for_trial(&name, TRIAL_YEARS, now));
        let key = made.await.map_err(Error::broken)?.map_err(Error::broken)?;
        let certified = &Keys::certified(&key);
        let kept = &self.keys.packed(key, &sheet.holder).await?;
        self.act(by, TRY, |mut tx, _| async move {
            let tx = &mut tx;
            let holder = self.holder(tx, &by.actor, id).await?;
            let came = (KeyOrigin::Trial, by.actor.officer().ok_or(Error::NotFound)?);
            self.install(tx, by, &holder, (kept, certified), came, None).await
        })
        .await
    }

    /// Lets a key sign nothing more from a day on. Taking away waits for nobody.
    pub async fn end_key(&self, by: &By, id: Uuid, on: Date, reason: &str) -> Result<(), Error> {
        let (today, reason) = (self.clock.today(), &typed(reason));
        check_reason(reason)?;
        if on < today {
            return Err(KeyFault::Past(on).into());
        }
        // The event names the certificate.
        self.describe_keys().await?;
        self.act(by, "keys.end", |mut tx, now| async move {
            let tx = &mut tx;
            let holder = self.holder(tx, &by.actor, id).await?;
            let line = rows::lines(tx, &[id]).await?.into_iter().next();
            if matches!(
                state_of(line.as_ref(), now),
                KeyState::Missing | KeyState::Ended(_) | KeyState::Expired(_)
            ) {
                return Err(KeyFault::NothingToEnd.into());
            }
            // Who would put an ending off gives back what was taken away.
            if let Some(ends) = line.as_ref().and_then(|line| line.ends_on).filter(|ends| *ends <= on) {
                let said =
                    format!("Khóa đã định ngừng từ {}; chỉ đổi được sang ngày sớm hơn", words::date(ends));
                return Err(Error::Refused(Refusal::Form(vec![("tu".to_owned(), said)])));
            }
            let serial = line.and_then(|line| line.certified).map(|certified| certified.serial);
            rows::end(tx, id, on).await?;
            let serial = serial.unwrap_or_default();
            note(tx, by, &holder, Body::KeyEnded { serial, on, reason: reason.clone() }, now).await
        })
        .await
    }

    /// The key in a file of a stranger.
    async fn key_inside(&self, file: KeyFile<'_>) -> Result<Key, Error> {
        if file.bytes.is_empty() {
            return Err(KeyFault::FileMissing.into());
        }
        if file.bytes.len() > MOST_BYTES {
            return Err(KeyFault::FileLarge.into());
        }
        let (opener, bytes, password) =
            (self.keys.opener.clone(), file.bytes.to_vec(), file.password.to_owned());
        let opened = tokio::task::spawn_blocking(move || opener.open(&bytes, &password));
        opened.await.map_err(Error::broken)?.map_err(|why| unopened(why).into())
    }

    fn must_hold(&self, certified: &Certified) -> Result<(), Error> {
        let validity = Validity { first: certified.first, last: certified.last, ends_on: None };
        match validity.state(self.clock.now()) {
            KeyState::Expired(day) => Err(KeyFault::Expired(day).into()),
            KeyState::NotYet(day) => Err(KeyFault::NotYet(day).into()),
            _ => Ok(()),
        }
    }

    async fn install(
        &self,
        tx: &mut Tx,
        by: &By,
        holder: &Holder,
        (kept, certified): (&SoftwareKey, &Certified),
        came: (KeyOrigin, OfficerId),
        name_reason: Option<String>,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        rows::install(tx, kept, certified, came, now).await?;
        if let Some(waiting) = rows::proposal_for(tx, holder.id).await? {
            rows::forget_proposal(tx, waiting.id).await?;
        }
        let body = Body::KeyInstalled {
            serial: certified.serial.clone(),
            issuer: certified.issuer.clone(),
            last_day: last_day(certified),
            origin: came.0,
            name_reason,
        };
        note(tx, by, holder, body, now).await
    }
}

/// May this officer be the second person?
pub fn may_confirm(waiting: &KeyProposal, second: OfficerId, today: Date) -> Result<(), KeyFault> {
    if waiting.proposed_by == second {
        return Err(KeyFault::SamePerson);
    }
    if waiting.holder == second.0 {
        return Err(KeyFault::OwnKey);
    }
    if waiting.lapses_on < today { Err(KeyFault::Lapsed(waiting.lapses_on)) } else { Ok(()) }
}

fn refused_at(field: &str, fault: &KeyFault) -> Error {
    Error::Refused(Refusal::Form(vec![(field.to_owned(), words::keys::fault(fault))]))
}

async fn note(tx: &mut Tx, by: &By, holder: &Holder, body: Body, now: jiff::Timestamp) -> Result<(), Error> {
    let subject = match holder.kind {
        KeyHolder::Agency => Subject::Unit(AgencyId(holder.id)),
        KeyHolder::Officer | KeyHolder::Installation => Subject::Officer(OfficerId(holder.id)),
    };
    event::append(tx, &NewEvent::new(subject, None, &by.actor, now, body), now).await?;
    Ok(())
}
