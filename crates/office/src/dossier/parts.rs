//! Linked procedures: the parts of a dossier are opened with it, begin when what they need is there, and
//! go home with it.

use super::{Loaded, load, load_for, typed};
use crate::act::{By, Hand};
use crate::unit::meant::{about, agency_by, settling};
use crate::{Error, Office};
use jiff::Timestamp;
use rules::dossier::{Dossier, DueMoment, PartEnd, PartOfWhole, Refused, State, StoppedFor};
use rules::event::Body;
use rules::id::DossierId;
use rules::people::Role;
use rules::procedure::Procedure;
use std::sync::Arc;
use store::time::new_id;
use store::{Tx, dossier as dossiers, event};

impl Office {
    /// The parts of a dossier that is being received, each as a dossier of its own agency. Gives the
    /// whole with its parts; the caller saves it.
    // law: ND61-2018/19.6
    pub(crate) async fn with_parts(
        &self,
        tx: &mut Tx,
        whole: Dossier,
        procedure: &Procedure,
        now: Timestamp,
    ) -> Result<(Dossier, Vec<(Dossier, Arc<Procedure>, Body)>), Error> {
        let mut opened = Vec::new();
        let mut life = whole.life.clone();
        let today = rules::calendar::legal_time(now).date();
        for linked in &procedure.linked {
            let its = store::procedure::in_force(tx, &linked.procedure, today)
                .await?
                .ok_or(Error::Refused(crate::Refusal::NotOffered))?;
            let named = agency_by(tx, &linked.agency, &whole.scope, today)
                .await?
                .ok_or(Error::Refused(crate::Refusal::NotOffered))?;
            let agency = settling(tx, named, &about(&its), today).await?;
            let id = DossierId(new_id(now));
            let (part, body) = whole.open_part(linked, id, &its, agency, self.terms(agency, now)?, now)?;
            life.parts.push(PartOfWhole::opened(&linked.id, id, agency));
            opened.push((part, its, body));
        }
        Ok((Dossier { life, ..whole }, opened))
    }

    /// Adds the parts of a whole that was just saved.
    pub(crate) async fn add_parts(
        &self,
        tx: &mut Tx,
        hand: Hand<'_>,
        whole: &Dossier,
        opened: Vec<(Dossier, Arc<Procedure>, Body)>,
        now: Timestamp,
    ) -> Result<(), Error> {
        for (part, procedure, body) in opened {
            self.add_dossier(tx, hand, &procedure, &part, body, now).await?;
            let known = whole.life.parts.iter().find(|known| known.dossier == part.id);
            let name = known.map(|known| known.part.clone()).unwrap_or_default();
            let body = Body::PartOpened { part: name, dossier: part.id };
            event::append(tx, &hand.event(whole.id, now, body), now).await?;
            self.index_dossier(tx, &part, &procedure, now).await?;
        }
        Ok(())
    }

    /// Tells the whole that a part has ended, and begins the parts that waited for it.
    // law: ND61-2018/19.7
    pub(super) async fn tell_whole(
        &self,
        tx: &mut Tx,
        hand: Hand<'_>,
        whole: DossierId,
        part: DossierId,
        end: PartEnd,
    ) -> Result<(), Error> {
        let now = end.at;
        let Loaded { dossier, procedure, .. } = load(tx, whole).await?;
        let is_news = dossier.life.parts.iter().any(|known| known.dossier == part && !known.has_ended);
        if !is_news {
            return Ok(());
        }
        let dossier = dossier.part_ended(part, end);
        let standing = self.standing_of(&dossier, &procedure)?;
        let event = hand.event(whole, now, Body::PartEnded { dossier: part, outcome: Some(end.outcome) });
        dossiers::save(tx, &dossier, standing.as_ref(), &event, now).await?;
        self.begin_parts(tx, hand, &dossier, &procedure, now).await
    }

    /// Begins the parts that have waited long enough.
    async fn begin_parts(
        &self,
        tx: &mut Tx,
        hand: Hand<'_>,
        whole: &Dossier,
        procedure: &Procedure,
        now: Timestamp,
    ) -> Result<(), Error> {
        if !whole.state.is_open() {
            return Ok(());
        }
        for waiting in whole.parts_that_may_begin(procedure) {
            let Loaded { dossier, procedure, .. } = load(tx, waiting).await?;
            let terms = self.terms(dossier.scope.competent, now)?;
            let begun = dossier.start_part(&procedure, terms, now);
            // It may have begun before.
            let Ok((dossier, body)) = begun else { continue };
            let standing = self.standing_of(&dossier, &procedure)?;
            let event = hand.event(waiting, now, body);
            dossiers::save(tx, &dossier, standing.as_ref(), &event, now).await?;
        }
        Ok(())
    }

    /// The parts of a whole that was stopped are stopped with it. A part whose result is there already
    /// goes out by itself.
    pub(super) async fn stop_parts(
        &self,
        tx: &mut Tx,
        hand: Hand<'_>,
        whole: &Dossier,
        now: Timestamp,
    ) -> Result<(), Error> {
        let State::Stopped { why } = &whole.state else { return Ok(()) };
        for part in whole.life.parts.iter().filter(|part| !part.has_ended) {
            self.change_part(tx, hand, part.dossier, now, |part| part.stop_part(why.clone(), now)).await?;
        }
        Ok(())
    }

    /// The leader of the whole lets a part begin though what it waited for gave no result.
    pub async fn let_part_begin(
        &self,
        by: &By,
        whole: DossierId,
        part: DossierId,
        reason: &str,
    ) -> Result<(), Error> {
        let reason = &typed(reason);
        self.act(by, "dossier.let_part_begin", |mut tx, now| async move {
            let tx = &mut tx;
            let Loaded { dossier, procedure, right } = load_as_leader(tx, by, whole).await?;
            let (dossier, body) = dossier.let_part_begin(&procedure, part, reason.clone())?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await?;
            self.begin_parts(tx, by.hand(right), &dossier, &procedure, now).await
        })
        .await
    }

    /// The leader of the whole stops a part that will never have what it waits for.
    pub async fn stop_waiting_part(
        &self,
        by: &By,
        whole: DossierId,
        part: DossierId,
        reason: &str,
    ) -> Result<(), Error> {
        let reason = &typed(reason);
        self.act(by, "dossier.stop_part", |mut tx, now| async move {
            let tx = &mut tx;
            let whole = load_as_leader(tx, by, whole).await?;
            whole.dossier.check_part_to_decide(&whole.procedure, part)?;
            let right = whole.right;
            let Loaded { dossier, procedure, .. } = load(tx, part).await?;
            let (dossier, body) = dossier.stop_part(StoppedFor::Decided(reason.clone()), now)?;
            self.save_dossier(tx, by.hand(right), &procedure, &dossier, body, now).await
        })
        .await
    }

    /// Tells the open parts of a whole that was just saved which date they are held to. Those that end
    /// with it in the same act hear nothing of it before.
    pub(super) async fn tell_parts(
        &self,
        tx: &mut Tx,
        hand: Hand<'_>,
        whole: &Dossier,
        procedure: &Procedure,
        body: &Body,
        now: Timestamp,
    ) -> Result<(), Error> {
        if whole.life.parts.is_empty() {
            return Ok(());
        }
        let due = self.due_for_parts(whole, procedure)?;
        for id in dossiers::parts_of(tx, whole.id).await? {
            let Loaded { dossier, procedure, .. } = load(tx, id).await?;
            let is_done = matches!(dossier.state, State::Done { .. });
            // A whole is handed over again without this act where its correction is stopped.
            let goes_along = match body {
                Body::ResultHandedOver { .. } => is_done,
                Body::Withdrawn { .. } => !is_done,
                _ => false,
            };
            let Some((dossier, body)) = dossier.whole_moved(due, now).filter(|_| !goes_along) else {
                continue;
            };
            let standing = self.standing_of(&dossier, &procedure)?;
            dossiers::save(tx, &dossier, standing.as_ref(), &hand.event(id, now, body), now).await?;
        }
        Ok(())
    }

    fn due_for_parts(&self, whole: &Dossier, procedure: &Procedure) -> Result<Option<DueMoment>, Error> {
        Ok(whole.due_for_parts(procedure, self.terms_of(whole)?)?)
    }

    /// The date of the whole a dossier is an open part of.
    pub(super) async fn whole_due(&self, tx: &mut Tx, part: &Dossier) -> Result<Option<DueMoment>, Error> {
        let Some(whole) = part.part_of else { return Ok(None) };
        let Loaded { dossier, procedure, .. } = load(tx, whole).await?;
        self.due_for_parts(&dossier, &procedure)
    }

    /// Is the dossier a part of what is over? Then it is handed over by itself.
    pub(super) async fn outlives_its_whole(&self, tx: &mut Tx, dossier: &Dossier) -> Result<bool, Error> {
        let Some(whole) = dossier.part_of else { return Ok(false) };
        let whole = dossiers::find(tx, whole).await?.ok_or(Error::NotFound)?;
        Ok(!whole.state.is_open())
    }

    /// Changes a part together with its whole, which knows of it already.
    pub(super) async fn change_part(
        &self,
        tx: &mut Tx,
        hand: Hand<'_>,
        part: DossierId,
        now: Timestamp,
        change: impl FnOnce(Dossier) -> Result<(Dossier, Body), Refused>,
    ) -> Result<(), Error> {
        let Loaded { dossier, procedure, .. } = load(tx, part).await?;
        let (dossier, body) = change(dossier)?;
        let standing = self.standing_of(&dossier, &procedure)?;
        let event = hand.event(part, now, body);
        dossiers::save(tx, &dossier, standing.as_ref(), &event, now).await?;
        crate::signing::cancel_numbers(tx, hand, &dossier, &event.body, now).await
    }
}

/// A whole, for the leader of the agency that settles it.
async fn load_as_leader(tx: &mut Tx, by: &By, whole: DossierId) -> Result<Loaded, Error> {
    let mut loaded = load_for(tx, &by.actor, whole).await?;
    loaded.as_role(&by.actor, Role::Leader, loaded.dossier.scope.competent)?;
    Ok(loaded)
}
