//! Who has a key to sign with, as far as an administrator keeps them: officers who sign, the seals of agencies,
//! and what is to be seen to.

use super::{AUDIT, Keys};
use crate::people::administering::{Reach, is_over};
use crate::{Error, Office};
use jiff::{SignedDuration, Timestamp};
use rules::id::{AgencyId, OfficerId};
use rules::people::{Actor, Role};
use rules::signing::keys::{KeyState, SIGNERS, WARNED_DAYS, needs_second_person};
use rules::text::{person_sort_key, sort_key};
use rules::unit::UnitKind;
use std::collections::{BTreeMap, BTreeSet};
use store::Reader;
use store::people::{self, roster};
use store::signing::keys::{self as rows, Certified, KeyLine, KeyProposal};
use store::signing::{KeyHolder, SoftwareKey};
use uuid::Uuid;

/// Holders on one page.
pub const ON_A_PAGE: usize = 50;
/// Keys whose certificates are read at a time.
const DESCRIBED_AT_ONCE: i64 = 200;

/// Whose key it is.
#[derive(Clone, Debug)]
pub struct Holder {
    pub id: Uuid,
    pub kind: KeyHolder,
    pub name: String,
    /// Where an officer works; nothing for an agency.
    pub agency: Option<AgencyId>,
    /// What an officer is today, or will be: he could sign as that with the key he is given now.
    pub roles: Vec<Role>,
}

impl Holder {
    /// Whether a key of his is put in by two persons.
    pub fn needs_second_person(&self) -> bool {
        needs_second_person(self.agency.map(|_| self.roles.as_slice()))
    }
}

/// A holder with the key there is.
#[derive(Clone, Debug)]
pub struct HolderLine {
    pub holder: Holder,
    pub line: Option<KeyLine>,
    pub state: KeyState,
    /// Another waits for its second person.
    pub waits: bool,
}

/// Which holders are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    #[default]
    All,
    /// With a key that does not sign, or soon will not.
    Ending,
    Missing,
    /// With one that waits for its second person.
    Waiting,
}

impl Wanted {
    pub const ALL: [Self; 4] = [Self::All, Self::Ending, Self::Missing, Self::Waiting];

    fn fits(self, line: &HolderLine) -> bool {
        match self {
            Self::All => true,
            Self::Ending => line.state.is_wanting() && line.state != KeyState::Missing,
            Self::Missing => line.state == KeyState::Missing,
            Self::Waiting => line.waits,
        }
    }
}

/// A page of holders.
#[derive(Clone, Debug)]
pub struct KeyRing {
    pub lines: Vec<HolderLine>,
    /// How many there are of each that can be asked for, in the order of [`Wanted::ALL`].
    pub counts: [usize; 4],
    pub n: usize,
    pub page: usize,
    pub agencies: BTreeMap<AgencyId, String>,
    /// The key that seals the events; none before it first did.
    pub audit: Option<(KeyLine, KeyState)>,
}

/// One holder with all that is known of his key.
#[derive(Clone, Debug)]
pub struct KeySheet {
    pub holder: Holder,
    pub agency: String,
    pub line: Option<KeyLine>,
    pub state: KeyState,
    pub put_by: String,
    /// Signatures since it was put in, or ever, counted as far as [`rows::MOST_COUNTED`].
    pub n_signatures: i64,
    pub proposal: Option<KeyProposal>,
    pub proposed_by: String,
    /// Whether a certificate that vouches for nobody may be made here.
    pub may_try: bool,
}

pub(super) fn state_of(line: Option<&KeyLine>, now: Timestamp) -> KeyState {
    match line.map(KeyLine::validity) {
        None => KeyState::Missing,
        Some(None) => KeyState::Unread,
        Some(Some(validity)) => validity.state(now),
    }
}

impl Office {
    /// Writes beside each key what its certificate says, where that is not there yet; gives how many it was.
    pub async fn describe_keys(&self) -> Result<usize, Error> {
        let kept = rows::undescribed(&mut self.db.read().await?, DESCRIBED_AT_ONCE).await?;
        let mut described = Vec::new();
        for key in kept {
            // One that does not open stays as it is: its page says so.
            if let Ok(opened) = self.keys.open(key.clone()).await {
                described.push((key, Keys::certified(&opened)));
            }
        }
        let found = &described;
        if !found.is_empty() {
            self.db
                .act(|mut tx| async move {
                    for (key, certified) in found {
                        rows::describe(&mut tx, key, certified).await?;
                    }
                    Ok::<_, Error>(())
                })
                .await?;
        }
        Ok(described.len())
    }

    /// How many certificates have ended, and how many end soon, of the whole installation.
    pub async fn certificates_ending(&self) -> Result<(i64, i64), Error> {
        let now = self.clock.now();
        let soon = now + SignedDuration::from_hours(24 * i64::from(WARNED_DAYS));
        Ok(rows::counts(&mut self.db.read().await?, now, soon).await?)
    }

    /// The holders this administrator keeps: agencies first, then officers by given name.
    pub async fn key_ring(&self, actor: &Actor, wanted: Wanted, page: usize) -> Result<KeyRing, Error> {
        self.describe_keys().await?;
        let (now, today) = (self.clock.now(), self.clock.today());
        let mut reader = self.db.read().await?;
        let reach = Reach::of(&mut reader, actor).await?;
        let units = people::units(&mut reader).await?;
        let accounts = roster::accounts_of(&mut reader, &reach.0, today).await?;
        let ids: Vec<OfficerId> = accounts.iter().map(|account| account.id).collect();
        let posts = roster::posts_of(&mut reader, &ids).await?;
        let holders: Vec<Uuid> =
            ids.iter().map(|id| id.0).chain(reach.0.iter().map(|id| id.0)).chain([AUDIT]).collect();
        let mut kept: BTreeMap<Uuid, KeyLine> =
            rows::lines(&mut reader, &holders).await?.into_iter().map(|line| (line.holder, line)).collect();
        let waiting: BTreeSet<Uuid> = rows::proposed_for(&mut reader, &holders).await?.into_iter().collect();
        drop(reader);
        let audit = kept.remove(&AUDIT).map(|line| {
            let state = state_of(Some(&line), now);
            (line, state)
        });
        let mut line_of = |holder: Holder| {
            let line = kept.remove(&holder.id);
            HolderLine {
                state: state_of(line.as_ref(), now),
                waits: waiting.contains(&holder.id),
                line,
                holder,
            }
        };
        let mut found: Vec<HolderLine> = units
            .iter()
            .filter(|kept| reach.has(kept.id) && kept.unit.is_valid_on(today))
            .map(|kept| {
                let (id, name) = (kept.id.0, kept.unit.name.clone());
                let seals = matches!(kept.unit.kind, UnitKind::PeoplesCommittee | UnitKind::Department);
                (seals, Holder { id, kind: KeyHolder::Agency, name, agency: None, roles: Vec::new() })
            })
            .map(|(seals, holder)| (seals, line_of(holder)))
            .filter(|(seals, line)| *seals || line.line.is_some())
            .map(|(_, line)| line)
            .collect();
        found.sort_by_cached_key(|line| sort_key(&line.holder.name));
        let mut officers: Vec<HolderLine> = accounts
            .into_iter()
            .filter(|account| account.active)
            .map(|account| {
                let roles: Vec<Role> = posts
                    .get(&account.id)
                    .into_iter()
                    .flatten()
                    .filter(|post| !is_over(post, today))
                    .map(|post| post.role)
                    .collect();
                line_of(Holder {
                    id: account.id.0,
                    kind: KeyHolder::Officer,
                    name: account.name,
                    agency: Some(account.agency),
                    roles,
                })
            })
            .filter(|line| line.line.is_some() || line.holder.roles.iter().any(|role| SIGNERS.contains(role)))
            .collect();
        officers.sort_by_cached_key(|line| person_sort_key(&line.holder.name));
        found.extend(officers);
        let counts = Wanted::ALL.map(|wanted| found.iter().filter(|line| wanted.fits(line)).count());
        found.retain(|line| wanted.fits(line));
        let n = found.len();
        let page = page.min(n.saturating_sub(1) / ON_A_PAGE);
        Ok(KeyRing {
            lines: found.into_iter().skip(page * ON_A_PAGE).take(ON_A_PAGE).collect(),
            counts,
            n,
            page,
            agencies: units.into_iter().map(|kept| (kept.id, kept.unit.name)).collect(),
            audit,
        })
    }

    /// One holder's key.
    pub async fn key_sheet(&self, actor: &Actor, id: Uuid) -> Result<KeySheet, Error> {
        self.describe_keys().await?;
        let mut reader = self.db.read().await?;
        let holder = self.holder(&mut reader, actor, id).await?;
        let line = rows::lines(&mut reader, &[id]).await?.into_iter().next();
        let proposal = rows::proposal_for(&mut reader, id).await?;
        let since = line.as_ref().and_then(|line| line.put_at).unwrap_or(Timestamp::UNIX_EPOCH);
        let n_signatures = match (&line, holder.kind) {
            (None, _) => 0,
            (_, KeyHolder::Agency) => rows::n_sealed_by(&mut reader, id, since).await?,
            _ => rows::n_signed_by(&mut reader, id, since).await?,
        };
        let put_by = line.as_ref().and_then(|line| line.put_by);
        let proposed_by = proposal.as_ref().map(|proposal| proposal.proposed_by);
        let named: Vec<Uuid> = [put_by, proposed_by].into_iter().flatten().map(|id| id.0).collect();
        let names = people::officer_names(&mut reader, &named).await?;
        let name = |id: Option<OfficerId>| id.and_then(|id| names.get(&id)).cloned().unwrap_or_default();
        let agency = match holder.agency {
            Some(id) => people::unit(&mut reader, id).await?.map(|kept| kept.unit.name).unwrap_or_default(),
            None => String::new(),
        };
        let is_of_trial = |line: &KeyLine| line.origin == rules::event::KeyOrigin::Trial;
        let state = state_of(line.as_ref(), self.clock.now());
        Ok(KeySheet {
            agency,
            state,
            put_by: name(put_by),
            proposed_by: name(proposed_by),
            n_signatures,
            proposal,
            may_try: self.is_for_training() && (!state.signs() || line.as_ref().is_some_and(is_of_trial)),
            line,
            holder,
        })
    }

    /// An officer or an agency whom this administrator keeps.
    pub(super) async fn holder(&self, reader: &mut Reader, actor: &Actor, id: Uuid) -> Result<Holder, Error> {
        let (reach, today) = (Reach::of(reader, actor).await?, self.clock.today());
        if let Some(officer) = people::officer(reader, OfficerId(id)).await? {
            reach.must_keep(&officer, today)?;
            let roles = officer.posts.iter().filter(|post| !is_over(post, today)).map(|post| post.role);
            return Ok(Holder {
                id,
                kind: KeyHolder::Officer,
                roles: roles.collect(),
                name: officer.name,
                agency: Some(officer.agency),
            });
        }
        reach.must_show(AgencyId(id))?;
        let unit = people::unit(reader, AgencyId(id)).await?.ok_or(Error::NotFound)?;
        Ok(Holder { id, kind: KeyHolder::Agency, name: unit.unit.name, agency: None, roles: Vec::new() })
    }

    /// How one's own certificate stands; none where one has none.
    pub async fn own_key(&self, actor: &Actor) -> Result<Option<(String, KeyState)>, Error> {
        let id = actor.officer().ok_or(Error::NotFound)?;
        let mut reader = self.db.read().await?;
        let Some(line) = rows::lines(&mut reader, &[id.0]).await?.into_iter().next() else { return Ok(None) };
        if line.certified.is_some() {
            let state = state_of(Some(&line), self.clock.now());
            return Ok(Some((line.label, state)));
        }
        drop(reader);
        self.describe_keys().await?;
        let line = rows::lines(&mut self.db.read().await?, &[id.0]).await?.into_iter().next();
        Ok(line.map(|line| {
            let state = state_of(Some(&line), self.clock.now());
            (line.label, state)
        }))
    }
}

impl Keys {
    /// What the certificate of a key says.
    pub(super) fn certified(key: &pdf::key::Key) -> Certified {
        let certificate = key.certificate();
        let cut = |text: &str, most| text.chars().take(most).collect::<String>();
        Certified {
            label: cut(certificate.subject_common_name(), 300),
            serial: cut(certificate.serial(), 100),
            issuer: cut(certificate.issuer_common_name(), 300),
            first: certificate.not_before(),
            last: certificate.not_after(),
        }
    }

    /// A key as it is kept here.
    pub(super) async fn packed(&self, key: pdf::key::Key, holder: &Holder) -> Result<SoftwareKey, Error> {
        let password = std::sync::Arc::clone(&self.password);
        let label = Self::certified(&key).label;
        let packed = tokio::task::spawn_blocking(move || key.to_p12(&password));
        let pkcs12 = packed.await.map_err(Error::broken)?.map_err(Error::broken)?;
        Ok(SoftwareKey { holder: holder.id, holder_kind: holder.kind, label, pkcs12 })
    }
}
