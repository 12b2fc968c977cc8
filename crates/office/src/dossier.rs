//! The dossier at its desks: what all its acts share. Each act stands in the file of its part of the
//! life: `steps`, `wait`, `consult`, `ending`, `parts`, `mirror`, `writing`; [`act::Act`] names them all as data.

pub mod act;
pub mod bulk;
mod consult;
mod ending;
mod giving;
pub mod inbox;
mod mirror;
pub mod offer;
pub(crate) mod parts;
pub mod posting;
pub(crate) mod referral;
pub mod register;
mod steps;
pub mod view;
pub mod views;
mod wait;
pub mod writing;

pub use consult::Asking;
pub use mirror::Mirror;
pub(crate) use wait::make_missing;

use crate::act::Hand;
use crate::unit::meant::{about, agency_of_step};
use crate::{Error, Office};
use jiff::Timestamp;
use rules::calendar::legal_time;
use rules::dossier::{Dossier, Onward, PartEnd, Refused, Standing, State, Terms};
use rules::event::Body;
use rules::id::{AgencyId, DossierId, OfficerId};
use rules::people::{Actor, NotYours, Right, Role};
use rules::procedure::{Procedure, Step};
use std::sync::Arc;
use store::search::{self, Fields};
use store::{Reader, Tx, dossier as dossiers};

/// A dossier with the procedure revision it was opened under.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub dossier: Dossier,
    pub procedure: Arc<Procedure>,
    /// The right the actor was found to act by; his own until something else was asked.
    pub right: Right,
}

/// Reads a dossier to change it, if the actor may see it.
pub(crate) async fn load_for(tx: &mut Tx, actor: &Actor, id: DossierId) -> Result<Loaded, Error> {
    let loaded = load(tx, id).await?;
    may_see(actor, &loaded.dossier)?;
    Ok(loaded)
}

/// Reads a dossier to change it, for the system itself.
pub(crate) async fn load(tx: &mut Tx, id: DossierId) -> Result<Loaded, Error> {
    let dossier = dossiers::lock(tx, id).await?.ok_or(Error::NotFound)?;
    let procedure = revision_of(tx, &dossier).await?;
    Ok(Loaded { dossier, procedure, right: Right::default() })
}

/// The revision a dossier was opened under.
pub async fn revision_of(reader: &mut Reader, dossier: &Dossier) -> Result<Arc<Procedure>, Error> {
    store::procedure::find(reader, &dossier.procedure, dossier.revision)
        .await?
        .ok_or(Error::Refused(crate::Refusal::Dossier(Refused::WrongRevision)))
}

/// The step a dossier waits at or is worked at.
pub fn step_of<'p>(dossier: &Dossier, procedure: &'p Procedure) -> Option<&'p Step> {
    dossier.state.step().and_then(|id| procedure.process.step(id))
}

/// May this actor see the dossier: of its three agencies, asked about it, or settling a part of it?
pub fn may_see(actor: &Actor, dossier: &Dossier) -> Result<(), NotYours> {
    actor.may_see(dossier).or_else(|why| {
        let sight = actor.sight();
        let asked = |agency| sight.includes_asked(agency, &dossier.procedure);
        if dossier.also_seen_by().any(asked) { Ok(()) } else { Err(why) }
    })
}

impl Loaded {
    /// The step it is at, if this actor may work at it.
    pub(crate) async fn step_for(
        &mut self,
        tx: &mut Tx,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Step, Error> {
        let dossier = &self.dossier;
        let step = step_of(dossier, &self.procedure)
            .ok_or(Error::from(Refused::NotInThisState(dossier.state.kind())))?;
        let agency = self.agency_of(tx, step, now).await?;
        self.right = actor.right_for_step(step, agency, dossier, dossier.state.officer())?;
        Ok(step.clone())
    }

    /// Lets the actor go on in `role` for `agency`, if he may.
    pub(crate) fn as_role(&mut self, actor: &Actor, role: Role, agency: AgencyId) -> Result<(), Error> {
        self.as_any(actor, &[role], agency)
    }

    /// The same in the first of `roles` that he may act in.
    pub(crate) fn as_any(&mut self, actor: &Actor, roles: &[Role], agency: AgencyId) -> Result<(), Error> {
        self.right = actor.right_for_any(roles, agency, &self.dossier)?;
        Ok(())
    }

    /// The agency that holds the dossier at `step`.
    pub(crate) async fn agency_of(
        &self,
        tx: &mut Tx,
        step: &Step,
        now: Timestamp,
    ) -> Result<AgencyId, Error> {
        let day = legal_time(now).date();
        agency_of_step(tx, &step.agency, &self.dossier.scope, &about(&self.procedure), day)
            .await?
            .ok_or(Error::Refused(crate::Refusal::NotOffered))
    }

    /// The step named `to` with the agency that will hold the dossier there.
    pub(crate) async fn destination(&self, tx: &mut Tx, to: &str, now: Timestamp) -> Result<AgencyId, Error> {
        let step = self.procedure.process.step(to).ok_or_else(|| {
            let from = self.dossier.state.step().unwrap_or_default().to_owned();
            Error::from(Refused::NoSuchWay { from, to: to.to_owned() })
        })?;
        self.agency_of(tx, step, now).await
    }

    /// The way on to the step `to`, given to `officer` where one is named.
    pub(crate) async fn onward<'a>(
        &self,
        tx: &mut Tx,
        to: &'a str,
        officer: Option<OfficerId>,
        now: Timestamp,
    ) -> Result<Onward<'a>, Error> {
        let holding = self.destination(tx, to, now).await?;
        if let Some(officer) = officer {
            let step = self.procedure.process.step(to).ok_or(Error::NotFound)?;
            check_post(tx, officer, holding, step, now).await?;
        }
        Ok(Onward { to, holding, officer, now })
    }
}

/// The officer must be there and hold the post that does the step.
async fn check_post(
    tx: &mut Tx,
    officer: OfficerId,
    agency: AgencyId,
    step: &Step,
    now: Timestamp,
) -> Result<(), Error> {
    let day = legal_time(now).date();
    let known = store::people::officer(tx, officer).await?.filter(|officer| officer.active);
    let known = known.ok_or(NotYours::NeedsRole(step.role))?;
    let mut posts = known.posts.iter().filter(|post| post.is_valid_on(day));
    if posts.any(|post| post.agency == agency && post.role == step.role) {
        Ok(())
    } else {
        Err(NotYours::NeedsRole(step.role).into())
    }
}

impl Office {
    /// What an act on a dossier that `agency` settles, received at `since` (or opened now), is judged by.
    pub(crate) fn terms(&self, agency: AgencyId, since: Timestamp) -> Result<Terms<'_>, Error> {
        let day = legal_time(since).date();
        let limits = rules::limits::in_force(&self.limits, day)
            .ok_or_else(|| Error::broken(std::io::Error::other("no general limits for this day")))?;
        Ok(Terms { calendar: self.calendars.of(agency), counting: self.settings.counting, limits })
    }

    /// The terms a dossier was received under: a law that changes meanwhile does not change them.
    // law: ND61-2018/19.4
    pub(crate) fn terms_of(&self, dossier: &Dossier) -> Result<Terms<'_>, Error> {
        self.terms(dossier.scope.competent, dossier.received_at.unwrap_or(dossier.opened_at))
    }

    /// Who must act next on a dossier. What cannot be said leaves the columns empty, and the watch
    /// raises an alarm.
    pub(crate) fn standing_of(
        &self,
        dossier: &Dossier,
        procedure: &Procedure,
    ) -> Result<Option<Standing>, Error> {
        let terms = self.terms_of(dossier)?;
        Ok(dossier.standing(procedure, terms).unwrap_or_else(|why| {
            tracing::error!(dossier = %dossier.id, ?why, "a dossier without a next act");
            None
        }))
    }

    /// Saves what an act made of a dossier, with the event that says so. A part that has ended is told
    /// to its whole in the same transaction; a whole tells its parts its date, and stops them with it.
    pub(crate) async fn save_dossier(
        &self,
        tx: &mut Tx,
        hand: Hand<'_>,
        procedure: &Procedure,
        dossier: &Dossier,
        body: Body,
        now: Timestamp,
    ) -> Result<(), Error> {
        let standing = self.standing_of(dossier, procedure)?;
        let event = hand.event(dossier.id, now, body);
        dossiers::save(tx, dossier, standing.as_ref(), &event, now).await?;
        crate::signing::cancel_numbers(tx, hand, dossier, &event.body, now).await?;
        crate::custody::keep_folder(tx, hand, dossier, procedure, &event.body, now).await?;
        let scope = &dossier.scope;
        let goes_further = ![scope.receiving, scope.competent].contains(&scope.holding);
        if goes_further || dossier.also_seen_by().next().is_some() {
            search::rescope(tx, "dossier", dossier.id.0, &agencies(dossier)).await?;
        }
        self.stop_parts(tx, hand, dossier, now).await?;
        self.tell_parts(tx, hand, dossier, procedure, &event.body, now).await?;
        match (dossier.part_of, dossier.outcome) {
            (Some(whole), Some(outcome)) => {
                self.tell_whole(tx, hand, whole, dossier.id, PartEnd { at: now, outcome }).await
            }
            _ => Ok(()),
        }
    }

    /// Adds a dossier with its first event.
    pub(crate) async fn add_dossier(
        &self,
        tx: &mut Tx,
        hand: Hand<'_>,
        procedure: &Procedure,
        dossier: &Dossier,
        body: Body,
        now: Timestamp,
    ) -> Result<(), Error> {
        let standing = self.standing_of(dossier, procedure)?;
        let event = hand.event(dossier.id, now, body);
        dossiers::add(tx, dossier, standing.as_ref(), &event, now).await.map_err(Error::from)
    }

    /// Lets a dossier be found by code, procedure and holder.
    pub(crate) async fn index_dossier(
        &self,
        tx: &mut Tx,
        dossier: &Dossier,
        procedure: &Procedure,
        now: Timestamp,
    ) -> Result<(), Error> {
        let holder = store::people::party(tx, dossier.people.holder).await?.ok_or(Error::NotFound)?;
        let code = dossier.code.as_ref().map(ToString::to_string).unwrap_or_default();
        let foreign = dossier.life.foreign_code.as_deref().unwrap_or_default();
        let numbers: Vec<&str> = holder.numbers.iter().map(|number| number.number.as_str()).collect();
        let codes: Vec<&str> = [code.as_str(), foreign].into_iter().chain(numbers).collect();
        search::index(
            tx,
            &search::Entry {
                kind: "dossier",
                subject: dossier.id.0,
                agencies: &agencies(dossier),
                at: now,
                fields: Fields {
                    titles: &[holder.name.as_str(), procedure.name.as_str()],
                    codes: &codes,
                    texts: &[],
                },
            },
        )
        .await
        .map_err(Error::from)
    }
}

/// The agencies that may find a dossier.
pub(crate) fn agencies(dossier: &Dossier) -> Vec<uuid::Uuid> {
    let scope = &dossier.scope;
    let mut agencies = vec![scope.receiving.0, scope.competent.0, scope.holding.0];
    agencies.extend(dossier.also_seen_by().map(|agency| agency.0));
    agencies.sort_unstable();
    agencies.dedup();
    agencies
}

/// What the papers of a dossier are looked at for.
pub(crate) fn purpose_of(dossier: &Dossier) -> String {
    match (&dossier.code, &dossier.state) {
        (Some(code), _) => format!("giải quyết hồ sơ {code}"),
        (None, State::Preparing) => "lập hồ sơ tại quầy".to_owned(),
        (None, _) => "xem hồ sơ".to_owned(),
    }
}

/// What a person typed, trimmed and in one form of Unicode.
pub(crate) fn typed(text: &str) -> String {
    rules::text::nfc(text.trim())
}
