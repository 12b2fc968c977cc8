//! The catalogue for the one who keeps it: every procedure of the installation, in force, to come, ended
//! or only drafted, and one procedure with its whole past.

use crate::counter::catalogue::rank;
use crate::{Error, Office};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::code::ProcedureCode;
use rules::id::OfficerId;
use rules::procedure::Procedure;
use rules::text::{fold, nfc, sort_key};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::procedure as procedures;
use store::procedure::catalogue::{DraftLine, RevisionDays, drafts, open_dossiers, revision_days};
use store::procedure::publishing::{Draft, RevisionLine, draft, revisions};
use store::procedure::savings::{Saving, lines_of};

/// One procedure in the list.
#[derive(Clone, Debug)]
pub struct Entry {
    pub code: String,
    pub name: String,
    pub field: String,
    pub standing: Standing,
    /// The content in force today.
    pub in_force: Option<Arc<Procedure>>,
    /// The revision that takes over on a later day.
    pub to_come: Option<RevisionDays>,
    pub draft: Option<DraftLine>,
}

/// What holds today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    InForce(RevisionDays),
    /// Its first revision begins on a later day.
    ToCome,
    Ended {
        last_day: Option<Date>,
    },
    /// Nothing of it was ever published.
    OnlyDrafted,
}

/// One procedure with all that was and is made of it.
#[derive(Clone, Debug)]
pub struct PastOf {
    pub revisions: Vec<RevisionLine>,
    /// Who published, by id.
    pub publishers: BTreeMap<OfficerId, String>,
    pub draft: Draft,
    pub savings: Vec<Saving>,
    /// How many dossiers are open on each revision.
    pub open: BTreeMap<u32, i64>,
    /// The newest revision, or the draft where nothing was published.
    pub newest: Arc<Procedure>,
}

/// The most savings of a draft that are shown.
const SAVINGS: i64 = 20;

impl Office {
    /// Every procedure that fits `text`, the best first; all of them, by name, where it is empty.
    pub async fn procedure_catalogue(&self, text: &str) -> Result<Vec<Entry>, Error> {
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let days = revision_days(&mut reader).await?;
        let drafts = drafts(&mut reader).await?;
        let in_force = procedures::all_in_force(&mut reader, today).await?;
        drop(reader);
        Ok(found(entries(days, drafts, in_force, today), text))
    }

    /// One procedure, whatever day it holds or held on.
    pub async fn procedure_past(&self, code: &ProcedureCode) -> Result<PastOf, Error> {
        let mut reader = self.db.read().await?;
        let revisions = revisions(&mut reader, code).await?;
        let draft = draft(&mut reader, code).await?;
        let newest = match revisions.first() {
            Some(line) => procedures::find(&mut reader, code, line.revision).await?,
            None => draft.procedure.clone().map(Arc::new),
        };
        let newest = newest.ok_or(Error::NotFound)?;
        let published: Vec<_> =
            revisions.iter().filter_map(|line| line.published.as_ref()).map(|by| by.by.0).collect();
        Ok(PastOf {
            publishers: store::people::officer_names(&mut reader, &published).await?,
            savings: lines_of(&mut reader, code, SAVINGS).await?,
            open: open_dossiers(&mut reader, code).await?,
            revisions,
            draft,
            newest,
        })
    }
}

impl PastOf {
    /// Who saved the draft as it is now, and when.
    pub fn last_saving(&self) -> Option<(&str, Timestamp)> {
        let saved = self.savings.iter().find(|saving| saving.version == self.draft.version);
        saved.map(|saving| (saving.by.as_str(), saving.at))
    }
}

/// One entry a code, by name.
fn entries(
    days: Vec<RevisionDays>,
    drafts: Vec<DraftLine>,
    in_force: Vec<Arc<Procedure>>,
    today: Date,
) -> Vec<Entry> {
    let mut in_force: BTreeMap<String, Arc<Procedure>> =
        in_force.into_iter().map(|procedure| (procedure.code.to_string(), procedure)).collect();
    let mut drafts: BTreeMap<String, DraftLine> =
        drafts.into_iter().map(|line| (line.code.clone(), line)).collect();
    let mut by_code: BTreeMap<String, Vec<RevisionDays>> = BTreeMap::new();
    for line in days {
        by_code.entry(line.code.clone()).or_default().push(line);
    }
    for code in drafts.keys() {
        by_code.entry(code.clone()).or_default();
    }
    let mut entries: Vec<Entry> = by_code
        .into_iter()
        .filter_map(|(code, revisions)| {
            let (draft, in_force) = (drafts.remove(&code), in_force.remove(&code));
            entry(code, &revisions, draft, in_force, today)
        })
        .collect();
    entries.sort_by_cached_key(|entry| (sort_key(&entry.name), entry.code.clone()));
    entries
}

fn entry(
    code: String,
    revisions: &[RevisionDays],
    draft: Option<DraftLine>,
    in_force: Option<Arc<Procedure>>,
    today: Date,
) -> Option<Entry> {
    let holding =
        in_force.as_ref().and_then(|now| revisions.iter().find(|line| line.revision == now.revision));
    let standing = match (holding, revisions.last()) {
        (Some(line), _) => Standing::InForce(line.clone()),
        (None, None) => Standing::OnlyDrafted,
        (None, Some(last)) if last.valid_from > today => Standing::ToCome,
        (None, Some(last)) => Standing::Ended { last_day: last.last_day },
    };
    let shown = holding.or(revisions.last()).map(|line| (line.name.clone(), line.field.clone()));
    let drafted = || draft.as_ref().map(|draft| (draft.name.clone(), draft.field.clone()));
    let (name, field) = shown.or_else(drafted)?;
    let to_come = revisions.last().filter(|line| line.valid_from > today).cloned();
    Some(Entry { code, name, field, standing, in_force, to_come, draft })
}

fn found(entries: Vec<Entry>, text: &str) -> Vec<Entry> {
    let typed = nfc(text.trim()).to_lowercase();
    if typed.is_empty() {
        return entries;
    }
    // What is not in force has no common names at hand: its name and its code are looked at.
    let by_name = |entry: &Entry| {
        let name = fold(&entry.name);
        let has_all = fold(&typed).split_whitespace().all(|word| name.contains(word));
        (has_all || entry.code.starts_with(&typed)).then_some(4)
    };
    let rank = |entry: &Entry| match &entry.in_force {
        Some(procedure) => rank(procedure, &typed),
        None => by_name(entry),
    };
    let mut ranked: Vec<(u8, Entry)> =
        entries.into_iter().filter_map(|entry| rank(&entry).map(|rank| (rank, entry))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, entry)| entry).collect()
}
