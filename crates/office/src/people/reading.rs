//! Who read whose papers, and why somebody may see a dossier, in sentences.

use super::glass::MayRead;
use crate::act::By;
use crate::dossier::view::DossierView;
use crate::dossier::{purpose_of, step_of};
use crate::{Error, Office};
use jiff::{SignedDuration, Timestamp};
use rules::dossier::{Dossier, State};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, DossierId, OfficerId, PartyId, RecordId};
use rules::people::Actor;
use rules::people::explain::explain_view;
use rules::scanning::{Record, RecordState};
use rules::words::people::{Directory, Told, reason, way_out};
use std::collections::BTreeMap;
use store::people::{officer_names, reading, rights, units};
use store::{Reader, event};

/// What is looked at within this time is one reading.
pub(crate) const SITTING: SignedDuration = SignedDuration::from_mins(30);
/// The kind of the event that pages were leafed through.
const LEAFED: &str = "paper_viewed";
/// Readings shown at once.
const READINGS: i64 = 200;

/// One reading of somebody's papers, as he is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadBy {
    pub at: Timestamp,
    /// The officer, and for whom he acted.
    pub who: String,
    pub agency: String,
    pub purpose: String,
}

/// Why somebody sees a dossier, and how he could do its step where he may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    pub why: Vec<String>,
    pub way_out: Option<String>,
}

/// The names of officers and agencies.
#[derive(Clone, Debug)]
pub struct Named {
    officers: BTreeMap<OfficerId, String>,
    agencies: BTreeMap<AgencyId, String>,
}

impl Named {
    pub(super) async fn of(
        reader: &mut Reader,
        officers: impl IntoIterator<Item = OfficerId>,
    ) -> Result<Self, Error> {
        let ids: Vec<uuid::Uuid> = officers.into_iter().map(|officer| officer.0).collect();
        let agencies = units(reader).await?.into_iter().map(|kept| (kept.id, kept.unit.name)).collect();
        Ok(Self { officers: officer_names(reader, &ids).await?, agencies })
    }
}

impl Directory for Named {
    fn officer(&self, id: OfficerId) -> String {
        self.officers.get(&id).cloned().unwrap_or_else(|| "cán bộ".to_owned())
    }

    fn agency(&self, id: AgencyId) -> String {
        self.agencies.get(&id).cloned().unwrap_or_else(|| "cơ quan".to_owned())
    }
}

/// Whose pages an officer leafs through because it is his work of the hour: what he does there leaves
/// events of its own.
fn is_at_work(officer: OfficerId, dossier: &Dossier, record: Option<&Record>) -> bool {
    let digitises =
        |record: &Record| record.digitiser == officer && !matches!(record.state, RecordState::Filed { .. });
    match &dossier.state {
        State::Preparing => dossier.opened_by == officer,
        state => state.officer() == Some(officer) || record.is_some_and(digitises),
    }
}

impl Office {
    /// Reads a dossier to show it to somebody. That he looked at it is an event to its holder, once a
    /// sitting; who is at work on it leaves the events of his work.
    // law: LBVDLCN2025/0
    pub async fn open_dossier(&self, actor: &Actor, id: DossierId) -> Result<DossierView, Error> {
        let view = self.dossier_view(actor, id).await?;
        self.note_opening(actor, &view.dossier).await?;
        Ok(view)
    }

    /// The same where the titles in the holder's repository are shown with it, to be used again: that is
    /// a look into the repository, whoever is at work.
    pub async fn open_with_repository(&self, actor: &Actor, id: DossierId) -> Result<DossierView, Error> {
        let view = self.open_dossier(actor, id).await?;
        if let Some(found) = u32::try_from(view.papers.len()).ok().filter(|found| *found > 0) {
            let body = Body::RepositoryListed { found };
            self.note_once(actor, &view.dossier, body, &purpose_of(&view.dossier)).await?;
        }
        Ok(view)
    }

    /// Reads a record with its dossier to show what was read off the paper.
    pub async fn open_record(&self, actor: &Actor, id: RecordId) -> Result<(Record, DossierView), Error> {
        let mut reader = self.db.read().await?;
        let record = store::scanning::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        drop(reader);
        let view = self.dossier_view(actor, record.dossier).await?;
        let by_post = MayRead { purpose: purpose_of(&view.dossier), is_by_glass: false };
        self.note_leafing(actor, &view.dossier, Some(&record), &by_post).await?;
        Ok((record, view))
    }

    async fn note_opening(&self, actor: &Actor, dossier: &Dossier) -> Result<(), Error> {
        match actor.officer() {
            Some(officer) if !is_at_work(officer, dossier, None) => {
                self.note_once(actor, dossier, Body::DossierViewed, &purpose_of(dossier)).await
            }
            _ => Ok(()),
        }
    }

    /// Tells the holder of a dossier, unless this officer left the same kind of event in this sitting.
    pub(super) async fn note_once(
        &self,
        actor: &Actor,
        dossier: &Dossier,
        body: Body,
        purpose: &str,
    ) -> Result<(), Error> {
        let Some(officer) = actor.officer() else { return Ok(()) };
        let kind = body.kind();
        let mut reader = self.db.read().await?;
        let since = self.clock.now() - SITTING;
        if reading::last_reading(&mut reader, officer, dossier.id, &kind, since).await?.is_some() {
            return Ok(());
        }
        drop(reader);
        let holder = Subject::Party(dossier.people.holder);
        let lent_by = explain_view(actor, dossier).first().and_then(|reason| reason.through.clone());
        let (kind, body) = (&kind, &body);
        let lent_by = lent_by.map(|delegation| delegation.from);
        self.act(&By::new(actor.clone()), "people.open", |mut tx, now| async move {
            let tx = &mut tx;
            if reading::last_reading(tx, officer, dossier.id, kind, now - SITTING).await?.is_none() {
                let event = NewEvent::new(holder, Some(dossier.id), actor, now, body.clone());
                let event = NewEvent { on_behalf_of: lent_by, ..event }.for_purpose(purpose);
                event::append(tx, &event, now).await?;
            }
            Ok(())
        })
        .await
    }

    /// Writes down that an officer leafs through the pages of a dossier, once a sitting.
    pub(crate) async fn note_leafing(
        &self,
        actor: &Actor,
        dossier: &Dossier,
        record: Option<&Record>,
        may_read: &MayRead,
    ) -> Result<(), Error> {
        let Some(officer) = actor.officer() else { return Ok(()) };
        if !may_read.is_by_glass && is_at_work(officer, dossier, record) {
            return Ok(());
        }
        let mut reader = self.db.read().await?;
        let since = self.clock.now() - SITTING;
        if reading::last_reading(&mut reader, officer, dossier.id, LEAFED, since).await?.is_some() {
            return Ok(());
        }
        drop(reader);
        let record = record.map(|record| record.id);
        self.act(&By::new(actor.clone()), "repository.leaf", |mut tx, now| async move {
            let tx = &mut tx;
            // Pictures are asked for many at a time: the first of them has written it.
            if reading::last_reading(tx, officer, dossier.id, LEAFED, now - SITTING).await?.is_none() {
                let body = Body::PaperViewed { entry: None, record };
                let event = NewEvent::of_dossier(dossier.id, actor, now, body);
                event::append(tx, &event.for_purpose(&may_read.purpose), now).await?;
            }
            Ok(())
        })
        .await
    }

    /// Who looked at a person's papers, the latest first. For that person himself: whoever calls it has
    /// made sure of that.
    // law: LBVDLCN2025/0
    pub async fn who_read(&self, party: PartyId) -> Result<Vec<ReadBy>, Error> {
        let mut reader = self.db.read().await?;
        let readings = reading::readings_of(&mut reader, party, READINGS).await?;
        let officers = readings.iter().flat_map(|read| [read.officer, read.on_behalf_of]).flatten();
        let named = Named::of(&mut reader, officers).await?;
        let who = |officer, on_behalf_of: Option<OfficerId>| match (officer, on_behalf_of) {
            (Some(officer), Some(other)) => {
                format!("{}, thay mặt {}", named.officer(officer), named.officer(other))
            }
            (Some(officer), None) => named.officer(officer),
            (None, _) => "Hệ thống".to_owned(),
        };
        let told = readings.into_iter().map(|read| ReadBy {
            at: read.at,
            who: who(read.officer, read.on_behalf_of),
            agency: named.agency(read.agency),
            purpose: read.purpose.unwrap_or_else(|| "không ghi mục đích".to_owned()),
        });
        Ok(told.collect())
    }

    /// Why this actor sees a dossier, and whom he could ask where he may not do its step. What he may
    /// not see does not exist for him.
    pub async fn explain(&self, actor: &Actor, id: DossierId) -> Result<Explained, Error> {
        let mut reader = self.db.read().await?;
        let dossier = store::dossier::find(&mut reader, id).await?.ok_or(Error::NotFound)?;
        if let Err(why) = actor.may_see(&dossier) {
            let by_glass = self.explain_glass(&mut reader, actor, &dossier).await?;
            return Ok(Explained { why: vec![by_glass.ok_or(why)?], way_out: None });
        }
        let reasons = explain_view(actor, &dossier);
        let givers = reasons.iter().filter_map(|found| found.through.as_ref().map(|through| through.from));
        let concerned: Vec<OfficerId> = givers.chain(dossier.state.officer()).collect();
        let named = Named::of(&mut reader, concerned).await?;
        let procedure = crate::dossier::revision_of(&mut reader, &dossier).await?;
        let holding = dossier.scope.holding;
        let refused = step_of(&dossier, &procedure).and_then(|step| {
            let may = actor.may_do_step(step, holding, &dossier, dossier.state.officer());
            may.err().map(|why| (step.role, why))
        });
        let way_out = match refused {
            None => None,
            Some((role, why)) => {
                let able = rights::able(&mut reader, holding, role, self.clock.today()).await?;
                let mut holders: Vec<String> = able
                    .into_iter()
                    .filter(|able| able.right.through.is_none() && able.covers(&dossier.procedure))
                    .map(|able| able.name)
                    .collect();
                holders.sort();
                way_out(&why, &named.agency(holding), &holders, &named)
            }
        };
        Ok(Explained {
            why: reasons.iter().map(|found| reason(found, Told::OfHimself, &named)).collect(),
            way_out,
        })
    }
}
