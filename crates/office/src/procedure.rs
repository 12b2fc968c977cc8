//! Procedures on their way into force: a file becomes the draft, a sound draft is published by a
//! decision, an older content comes back as a new revision, a procedure is retired.

pub mod catalogue;
pub mod drafting;
pub mod dry_run;

use crate::act::By;
use crate::{Error, Office};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::code::ProcedureCode;
use rules::event::{Body, NewEvent, Subject};
use rules::id::{OfficerId, ProcedureId};
use rules::people::{NotYours, Role};
use rules::procedure::Procedure;
use rules::procedure::publishing::{Publication, PublishRefused};
use std::collections::BTreeMap;
use store::procedure::publishing::{self as rows, Draft};
use store::{Tx, event, procedure as procedures};

impl Office {
    /// Takes a procedure as the draft of its code, over the draft that was seen at version `seen` (0 for
    /// none); gives the draft's version now. A draft may have faults.
    pub async fn draft_procedure(&self, by: &By, procedure: &Procedure, seen: i64) -> Result<i64, Error> {
        self.act(by, "procedure.draft", |mut tx, now| async move {
            let tx = &mut tx;
            let officer = administrator(by)?;
            let draft = Draft { version: seen, procedure: Some(procedure.clone()) };
            let version = rows::save_draft(tx, &procedure.code, &draft, officer, now).await?;
            let body = Body::ProcedureDrafted { procedure: procedure.code.to_string(), version };
            note(tx, by, &procedure.code, body, now).await?;
            Ok(version)
        })
        .await
    }

    /// Publishes the draft that was seen at version `seen` as the next revision; gives its number.
    // law: TT01-2018-VPCP/8
    pub async fn publish_procedure(
        &self,
        by: &By,
        code: &ProcedureCode,
        seen: i64,
        publication: &Publication,
    ) -> Result<u32, Error> {
        self.act(by, "procedure.publish", |mut tx, now| async move {
            let tx = &mut tx;
            let officer = administrator(by)?;
            let draft = rows::draft(tx, code).await?;
            let content = draft.procedure.ok_or(PublishRefused::NothingDrafted)?;
            let published = publish(tx, by, content, publication, None, now).await?;
            // Saved at the version that was seen: what is published is what was read.
            rows::save_draft(tx, code, &Draft { version: seen, procedure: None }, officer, now).await?;
            Ok(published)
        })
        .await
    }

    /// Publishes the content of an older revision again, as the next one.
    pub async fn roll_back_procedure(
        &self,
        by: &By,
        code: &ProcedureCode,
        to: u32,
        publication: &Publication,
    ) -> Result<u32, Error> {
        self.act(by, "procedure.roll_back", |mut tx, now| async move {
            let tx = &mut tx;
            administrator(by)?;
            let content = procedures::find(tx, code, to).await?.ok_or(PublishRefused::NoSuchRevision)?;
            publish(tx, by, (*content).clone(), publication, Some(to), now).await
        })
        .await
    }

    /// Ends a procedure with a last day; what was received before goes on under its revision.
    pub async fn retire_procedure(
        &self,
        by: &By,
        code: &ProcedureCode,
        last_day: Date,
        decision: &str,
    ) -> Result<(), Error> {
        let today = self.clock.today();
        self.act(by, "procedure.retire", |mut tx, now| async move {
            let tx = &mut tx;
            let officer = administrator(by)?;
            let latest = rows::latest_revision(tx, code).await?.ok_or(PublishRefused::NoSuchRevision)?;
            let procedure =
                procedures::find(tx, code, latest).await?.ok_or(PublishRefused::NoSuchRevision)?;
            let body = procedure.retire(last_day, decision, today)?;
            rows::retire(tx, &procedure, last_day, decision.trim(), officer, now).await?;
            note(tx, by, code, body, now).await
        })
        .await
    }
}

/// Whoever keeps the catalogue; the decision itself is the Chairman's, and is named.
fn administrator(by: &By) -> Result<OfficerId, NotYours> {
    let officer = by.actor.officer().filter(|_| by.actor.has_role(Role::Admin));
    officer.ok_or(NotYours::NeedsRole(Role::Admin))
}

async fn publish(
    tx: &mut Tx,
    by: &By,
    content: Procedure,
    publication: &Publication,
    content_of: Option<u32>,
    now: Timestamp,
) -> Result<u32, Error> {
    let officer = administrator(by)?;
    let latest = rows::latest_revision(tx, &content.code).await?;
    let (procedure, body) = content.publish(latest, publication.clone(), content_of)?;
    let mut offered = BTreeMap::new();
    for part in &procedure.linked {
        if let Some(other) = procedures::in_force(tx, &part.procedure, procedure.valid_from).await? {
            offered.insert(part.procedure.clone(), other);
        }
    }
    let faults = procedure.parts_not_offered(|code| offered.get(code).map(AsRef::as_ref));
    if !faults.is_empty() {
        return Err(PublishRefused::Unsound(faults).into());
    }
    rows::publish(tx, &procedure, content_of, officer, now).await?;
    note(tx, by, &procedure.code, body, now).await?;
    Ok(procedure.revision)
}

/// The one event of an act, along the chain of the procedure.
async fn note(tx: &mut Tx, by: &By, code: &ProcedureCode, body: Body, now: Timestamp) -> Result<(), Error> {
    let subject = Subject::Procedure(ProcedureId::of(code));
    event::append(tx, &NewEvent::new(subject, None, &by.actor, now, body), now).await?;
    Ok(())
}
