//! What the editor does with a draft beside saving it: begins it from a revision, takes an earlier saving
//! back, looks whether linked parts are to be had, and rehearses it.

use super::rows;
use crate::act::By;
use crate::{Error, Office, Refusal};
use jiff::civil::Date;
use rules::code::ProcedureCode;
use rules::id::AgencyId;
use rules::procedure::publishing::PublishRefused;
use rules::procedure::rehearsal::{Rehearsed, Sample, rehearse};
use rules::procedure::{Finding, Procedure, Weight};
use std::collections::BTreeMap;
use store::procedure as procedures;
use store::procedure::savings::find_saving;

impl Office {
    /// Makes the content of a revision the draft, over the draft that was seen at version `seen`.
    pub async fn draft_from_revision(
        &self,
        by: &By,
        code: &ProcedureCode,
        revision: u32,
        seen: i64,
    ) -> Result<i64, Error> {
        let found = procedures::find(&mut self.db.read().await?, code, revision).await?;
        let content = found.ok_or(PublishRefused::NoSuchRevision)?;
        self.draft_procedure(by, &content, seen).await
    }

    /// Makes an earlier saving of the draft the draft again, as its next version.
    pub async fn take_draft_back(
        &self,
        by: &By,
        code: &ProcedureCode,
        version: i64,
        seen: i64,
    ) -> Result<i64, Error> {
        let found = find_saving(&mut self.db.read().await?, code, version).await?;
        self.draft_procedure(by, &found.ok_or(Error::NotFound)?, seen).await
    }

    /// The draft with its version; not found where nothing is drafted.
    pub async fn drafted(&self, code: &ProcedureCode) -> Result<(Procedure, i64), Error> {
        let draft = rows::draft(&mut self.db.read().await?, code).await?;
        Ok((draft.procedure.ok_or(Error::NotFound)?, draft.version))
    }

    /// Everything to look at before a draft is published for these days, whatever days it names itself:
    /// what the proof finds, what is seldom meant, and linked parts that are not in force on the first.
    pub async fn findings_of_draft(
        &self,
        draft: &Procedure,
        (first, last): (Date, Option<Date>),
    ) -> Result<Vec<Finding>, Error> {
        let draft = draft.clone().on_days(first, last);
        let mut findings = draft.findings();
        if draft.linked.is_empty() {
            return Ok(findings);
        }
        let mut offered = BTreeMap::new();
        let mut reader = self.db.read().await?;
        for part in &draft.linked {
            if let Some(other) = procedures::in_force(&mut reader, &part.procedure, first).await? {
                offered.insert(part.procedure.clone(), other);
            }
        }
        let missing = draft.parts_not_offered(|code| offered.get(code).map(AsRef::as_ref));
        findings.extend(missing.into_iter().map(|fault| Finding {
            about: fault.about(),
            sentence: fault.to_string(),
            weight: Weight::Fault,
        }));
        Ok(findings)
    }

    /// Sends a sample dossier through a draft, by the calendar of an agency.
    pub fn rehearse<'p>(
        &self,
        draft: &'p Procedure,
        sample: &Sample<'_>,
        agency: AgencyId,
    ) -> Result<Rehearsed<'p>, Error> {
        rehearse(draft, sample, self.calendars.of(agency), self.settings.counting)
            .map_err(|why| Error::Refused(Refusal::Unreadable(why.to_string())))
    }
}
