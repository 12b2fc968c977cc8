//! A dossier opened in an emergency ("mở khẩn cấp"): an officer who does not see it reads it for some hours,
//! with a reason, and whoever leads the agency that settles it says afterwards whether that was right.
//!
//! It opens pages that are read, through [`Office::open_page`] and [`Office::may_read`], and nothing else:
//! acts, lists and searches ask for his posts as always.

use super::Device;
use crate::act::By;
use crate::dossier::view::DossierView;
use crate::dossier::{may_see, purpose_of, revision_of};
use crate::{Error, Office, Refusal};
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use rules::calendar::{Limit, instant, legal_time};
use rules::counter::Supply;
use rules::dossier::Dossier;
use rules::event::{Body, NewEvent};
use rules::id::{AgencyId, DossierId, EntryId, GlassId, OfficerId};
use rules::people::glass::{
    Glass, GlassAsked, GlassFault, GlassVerdict, answers_for, may_be_opened, may_break, reviewed_by,
    right_to_review,
};
use rules::people::{Actor, Right};
use rules::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use store::people::glass::{self as rows, GlassLine, GlassLooks};
use store::time::new_id;
use store::{Reader, Tx, dossier as dossiers, event};

/// The name of the act.
const BREAK: &str = "people.break_glass";
/// Lines shown at once.
const N_LISTED: i64 = 100;
/// How long what was not right is shown to those who answer for its officer.
const SHOWN_FOR: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Whose eyes something is shown to. An opening is a person's, and no program reads by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eyes {
    Person,
    Program,
}

/// What an officer types to open a dossier.
#[derive(Clone, Copy)]
pub struct GlassTyped<'t> {
    pub code: &'t str,
    pub reason: &'t str,
    pub password: &'t str,
}

/// Never printed by accident.
impl fmt::Debug for GlassTyped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GlassTyped(…)")
    }
}

/// What was opened, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    pub glass: GlassId,
    pub dossier: DossierId,
    pub until: Timestamp,
}

/// By what papers are read: the purpose the reading is written down with, and whether an opening is why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MayRead {
    pub(crate) purpose: String,
    pub(crate) is_by_glass: bool,
}

/// Everything the page of openings shows an officer.
#[derive(Clone, Debug, Default)]
pub struct GlassDesk {
    /// What he has open now.
    pub own: Vec<GlassLine>,
    /// How many he may open yet today.
    pub n_left: i64,
    /// What he is to review, with what was looked at.
    pub to_review: Vec<(GlassLine, Vec<GlassLooks>)>,
    /// What officers he answers for opened and should not have, lately.
    pub unfitting: Vec<GlassLine>,
}

fn refused(faults: impl Into<Vec<GlassFault>>) -> Error {
    Error::Refused(Refusal::Glass(faults.into()))
}

/// When the legal day of an instant began.
fn day_began(now: Timestamp) -> Timestamp {
    instant(legal_time(now).date().to_datetime(Time::MIN)).unwrap_or(now)
}

impl Office {
    /// Opens a dossier to its officer's eyes for some hours, after he proved with his password that it is he.
    // law: LBVDLCN2025/0
    pub async fn break_glass(
        &self,
        by: &By,
        typed: GlassTyped<'_>,
        device: &Device,
    ) -> Result<Broken, Error> {
        if let Some(broken) = self.answered(by, BREAK).await? {
            return Ok(broken);
        }
        may_break(&by.actor)?;
        let officer = by.actor.officer().ok_or(Error::NotFound)?;
        let asked = &GlassAsked::read(typed.code, typed.reason).map_err(refused)?;
        self.must_prove(officer, typed.password, device).await?;
        self.act(by, BREAK, |mut tx, now| async move {
            let tx = &mut tx;
            let dossier = self.to_open(tx, &by.actor, officer, &asked.code, now).await?;
            let glass = Glass {
                id: GlassId(new_id(now)),
                version: 1,
                dossier: dossier.id,
                officer,
                agency: by.actor.agency(),
                reason: asked.reason.clone(),
                opened_at: now,
                ends_at: self.settings.glass.ends_at(now),
                review_by: self.review_by(dossier.scope.competent, now)?,
                review: None,
            };
            rows::add(tx, &glass).await?;
            let Glass { id, reason, ends_at: until, .. } = glass;
            let purpose = words::glass::purpose(&asked.code, &reason);
            let body = Body::GlassBroken { glass: id, reason, until };
            let event = NewEvent::of_dossier(dossier.id, &by.actor, now, body).for_purpose(purpose);
            event::append(tx, &event, now).await?;
            Ok(Broken { glass: id, dossier: dossier.id, until })
        })
        .await
    }

    /// The dossier of a code, if this officer may open it now. What is not there and what is secret get one
    /// answer, after everything that depends on the officer alone.
    async fn to_open(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        officer: OfficerId,
        code: &str,
        now: Timestamp,
    ) -> Result<Dossier, Error> {
        let found = match dossiers::id_by_code(tx, code).await? {
            Some(id) => dossiers::find(tx, id).await?,
            None => None,
        };
        if let Some(dossier) = &found
            && (reads(tx, actor, dossier).await?
                || rows::open_for(tx, officer, dossier.id, now).await?.is_some())
        {
            return Err(refused([GlassFault::SeenAlready(dossier.id)]));
        }
        let most = self.settings.glass.most_a_day;
        if rows::n_since(tx, officer, day_began(now)).await? >= i64::from(most) {
            return Err(refused([GlassFault::TooMany(most)]));
        }
        let dossier = found.ok_or_else(|| refused([GlassFault::NothingToOpen]))?;
        let procedure = revision_of(tx, &dossier).await?;
        if may_be_opened(procedure.case(&dossier.case)) {
            Ok(dossier)
        } else {
            Err(refused([GlassFault::NothingToOpen]))
        }
    }

    /// By when an opening that begins now is to be reviewed. An emergency does not wait for next year's
    /// calendar: where there is none, plain days are counted.
    fn review_by(&self, settling: AgencyId, now: Timestamp) -> Result<Timestamp, Error> {
        let days = self.settings.glass.days_to_review;
        let counted = self.terms(settling, now)?.end_of(now, Limit::WorkingDays(u32::from(days)));
        Ok(counted.map_or(now + SignedDuration::from_hours(24 * i64::from(days)), |due| due.at))
    }

    /// By what an actor has a dossier open in an emergency now.
    async fn glass_for(
        &self,
        reader: &mut Reader,
        actor: &Actor,
        dossier: DossierId,
        eyes: Eyes,
    ) -> Result<Option<Glass>, Error> {
        match actor.officer() {
            Some(officer) if eyes == Eyes::Person && may_break(actor).is_ok() => {
                Ok(rows::open_for(reader, officer, dossier, self.clock.now()).await?)
            }
            _ => Ok(None),
        }
    }

    /// May this actor open the papers of a dossier, by his posts or by an opening?
    pub(crate) async fn may_read(
        &self,
        reader: &mut Reader,
        actor: &Actor,
        dossier: &Dossier,
        eyes: Eyes,
    ) -> Result<MayRead, Error> {
        let Err(why) = may_see(actor, dossier) else {
            return Ok(MayRead { purpose: purpose_of(dossier), is_by_glass: false });
        };
        let glass = self.glass_for(reader, actor, dossier.id, eyes).await?.ok_or(why)?;
        Ok(MayRead { purpose: purpose_by(&glass, dossier), is_by_glass: true })
    }

    /// Reads a dossier to show its page to a person, who sees it or has it open in an emergency: then it is
    /// said by what, and shows nothing that its own agencies keep to themselves.
    pub async fn open_page(
        &self,
        actor: &Actor,
        id: DossierId,
    ) -> Result<(DossierView, Option<Glass>), Error> {
        match self.open_dossier(actor, id).await {
            Err(Error::NotFound) => {}
            opened => return opened.map(|view| (view, None)),
        }
        let mut reader = self.db.read().await?;
        let dossier = dossiers::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        let glass = self.glass_for(&mut reader, actor, id, Eyes::Person).await?.ok_or(Error::NotFound)?;
        let mut view = self.view_of(&mut reader, actor, dossier).await?;
        drop(reader);
        view.events.retain(|event| !event.body.is_internal());
        let used = entries_of(&view);
        view.papers.retain(|entry| used.contains(&entry.id) || entry.dossier == id);
        let purpose = purpose_by(&glass, &view.dossier);
        self.note_once(actor, &view.dossier, Body::DossierViewed, &purpose).await?;
        Ok((view, Some(glass)))
    }

    /// Why an actor reads a dossier that he has open in an emergency.
    pub(super) async fn explain_glass(
        &self,
        reader: &mut Reader,
        actor: &Actor,
        dossier: &Dossier,
    ) -> Result<Option<String>, Error> {
        let Some(glass) = self.glass_for(reader, actor, dossier.id, Eyes::Person).await? else {
            return Ok(None);
        };
        let settles = store::people::unit(reader, dossier.scope.competent).await?;
        let agency = settles.map(|kept| kept.unit.name).unwrap_or_default();
        Ok(Some(words::glass::why(glass.ends_at, &agency)))
    }

    /// Says of an opening whether it was right. What was not ends at once. `version` is the one the reviewer
    /// was shown.
    pub async fn review_glass(
        &self,
        by: &By,
        id: GlassId,
        version: i64,
        verdict: Option<GlassVerdict>,
        said: &str,
    ) -> Result<(), Error> {
        self.act(by, "people.review_glass", |mut tx, now| async move {
            let tx = &mut tx;
            let reviewer = by.actor.officer().ok_or(Error::NotFound)?;
            let glass = rows::find(tx, id).await?.ok_or(Error::NotFound)?;
            let dossier = dossiers::find(tx, glass.dossier).await?.ok_or(Error::NotFound)?;
            let right = reviews(tx, &by.actor, &dossier, glass.officer).await?;
            let verdict = verdict.ok_or_else(|| refused([GlassFault::VerdictMissing]))?;
            let (glass, body) = glass.review(reviewer, verdict, said, now).map_err(refused)?;
            rows::save_review(tx, &Glass { version, ..glass }).await?;
            event::append(tx, &by.hand(right).event(dossier.id, now, body), now).await?;
            Ok(())
        })
        .await
    }

    /// What an officer has open, what he is to review, and what his people should not have opened.
    pub async fn glass_desk(&self, actor: &Actor) -> Result<GlassDesk, Error> {
        let officer = actor.officer().ok_or(Error::NotFound)?;
        let now = self.clock.now();
        let mut reader = self.db.read().await?;
        let reader = &mut reader;
        let n_today = rows::n_since(reader, officer, day_began(now)).await?;
        let mut desk = GlassDesk {
            own: rows::open_of(reader, officer, now, N_LISTED).await?,
            n_left: (i64::from(self.settings.glass.most_a_day) - n_today).max(0),
            ..GlassDesk::default()
        };
        let answers = answers_for(actor);
        if answers.is_empty() {
            return Ok(desk);
        }
        let forebears = store::unit::forebears(reader, answers.iter().copied()).await?;
        let lines =
            rows::to_review(reader, &reviewed_by(actor).with_forebears(&forebears), officer, N_LISTED)
                .await?;
        let looks = rows::looks(reader, lines.iter().map(|line| line.glass.id)).await?;
        let looks_of = |line: &GlassLine| {
            looks.iter().filter(|looked| looked.glass == line.glass.id).cloned().collect::<Vec<_>>()
        };
        desk.to_review = lines.into_iter().map(|line| (line.clone(), looks_of(&line))).collect();
        let of: BTreeSet<AgencyId> = answers.into_iter().chain(forebears.into_values().flatten()).collect();
        desk.unfitting = rows::unfitting_of(reader, &of, now - SHOWN_FOR, N_LISTED).await?;
        // What he himself should not have opened, somebody else speaks to him about.
        desk.unfitting.retain(|line| line.glass.officer != officer);
        Ok(desk)
    }

    /// How many openings wait for this actor's review.
    pub async fn glass_to_review(&self, actor: &Actor) -> Result<usize, Error> {
        let scope = reviewed_by(actor);
        let Some(officer) = actor.officer().filter(|_| !scope.agencies().is_empty()) else { return Ok(0) };
        let mut reader = self.db.read().await?;
        let forebears = store::unit::forebears(&mut reader, scope.agencies()).await?;
        let n = rows::n_to_review(&mut reader, &scope.with_forebears(&forebears), officer).await?;
        Ok(usize::try_from(n).unwrap_or(0))
    }
}

/// The purpose of a look by an opening.
fn purpose_by(glass: &Glass, dossier: &Dossier) -> String {
    let code = dossier.code.as_ref().map(ToString::to_string).unwrap_or_default();
    words::glass::purpose(&code, &glass.reason)
}

/// Does an actor read a dossier without any emergency?
async fn reads(tx: &mut Tx, actor: &Actor, dossier: &Dossier) -> Result<bool, Error> {
    if may_see(actor, dossier).is_ok() {
        return Ok(true);
    }
    if dossier.state.is_open() {
        return Ok(false);
    }
    match crate::unit::may_see_through(tx, actor, dossier.into()).await {
        Ok(()) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The right by which an actor reviews what somebody opened in this dossier.
async fn reviews(
    tx: &mut Tx,
    actor: &Actor,
    dossier: &Dossier,
    opened_by: OfficerId,
) -> Result<Right, Error> {
    let settles = dossier.scope.competent;
    let forebears = store::unit::forebears(tx, answers_for(actor)).await?;
    let heirs = forebears.into_iter().filter(|(_, before)| before.contains(&settles)).map(|(heir, _)| heir);
    let settling: BTreeSet<AgencyId> = heirs.chain([settles]).collect();
    Ok(right_to_review(actor, &settling, &dossier.procedure, opened_by)?)
}

/// The entries of the repository that a dossier uses.
pub(crate) fn entries_used<'s>(supplies: impl IntoIterator<Item = &'s Supply>) -> BTreeSet<EntryId> {
    let entry = |supply: &Supply| match supply {
        Supply::Reused { entry } => Some(*entry),
        _ => None,
    };
    supplies.into_iter().filter_map(entry).collect()
}

fn entries_of(view: &DossierView) -> BTreeSet<EntryId> {
    entries_used(view.components.iter().map(|component| &component.supply))
}
