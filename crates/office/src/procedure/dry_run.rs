//! The dry run of a draft or of another calendar over what was really settled. Reads page by page and
//! changes nothing.

use crate::{Error, Office, Refusal};
use jiff::civil::Date;
use rules::calendar::{TableDay, WorkingCalendar};
use rules::id::AgencyId;
use rules::procedure::Procedure;
use rules::procedure::dry_run::{DryRun, Pace, Past, Trial, replay};
use rules::words;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use store::procedure::past::{PastDossier, received};
use store::{event, procedure as procedures};

/// Dossiers read at once.
const PAGE: i64 = 200;

/// What is to be tried, on the dossiers received from the first day of a period to the last.
#[derive(Clone, Copy, Debug)]
pub struct DryRunOf<'a> {
    pub draft: &'a Procedure,
    pub period: (Date, Date),
    /// Days laid over the calendar of each agency; none, where only the procedure changes.
    pub days: &'a [TableDay],
    pub pace: Pace,
}

impl Office {
    /// Settles the past of the draft's procedure once more; says who would have been late, and why.
    pub async fn dry_run_procedure(&self, of: DryRunOf<'_>) -> Result<DryRun, Error> {
        // Days that cannot be laid over a calendar are refused before anything is read.
        tried(self.calendars.national(), of.days)?;
        let mut calendars: BTreeMap<AgencyId, WorkingCalendar> = BTreeMap::new();
        let mut revisions: BTreeMap<u32, Option<Arc<Procedure>>> = BTreeMap::new();
        let mut run = DryRun::default();
        let mut after = None;
        loop {
            // A snapshot for each page: one for all would hold the database's log from being cleared.
            let mut reader = self.db.read().await?;
            let page = received(&mut reader, &of.draft.code, of.period, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(run) };
            after = Some(last.id);
            for PastDossier { id, code, revision, case, channel, competent, received_at, clock } in page {
                let then = self.calendars.of(competent);
                if let Entry::Vacant(unknown) = calendars.entry(competent) {
                    unknown.insert(tried(then, of.days)?);
                }
                let under = match revisions.entry(revision) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(unknown) => {
                        let found = procedures::find(&mut reader, &of.draft.code, revision).await?;
                        unknown.insert(found)
                    }
                };
                // A dossier's revision is in the table by its foreign key.
                let Some(under) = under else { continue };
                let events = event::of_dossier(&mut reader, id).await?;
                let past = Past {
                    case: &case,
                    channel,
                    received_at,
                    clock: &clock,
                    events: &events,
                    process: &under.process,
                };
                let calendar = &calendars[&competent];
                let trial = Trial { draft: of.draft, then, calendar, pace: of.pace };
                run.add(&code, replay(&past, &trial));
            }
        }
    }
}

/// The calendar of an agency with the days to be tried; a year that has no table cannot be tried.
fn tried(then: &WorkingCalendar, days: &[TableDay]) -> Result<WorkingCalendar, Error> {
    then.clone()
        .with_days(days.to_vec())
        .map_err(|error| Error::Refused(Refusal::Unreadable(words::calendar_error(&error))))
}
