//! Finding people, dossiers and papers by words, as far as the actor may see them. Whoever is shown to an
//! officer can be told so.

use crate::people::reading::SITTING;
use crate::unit::sight_through;
use crate::{By, Error, Office};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{DossierId, EntryId, PartyId};
use rules::measure::due_mark;
use rules::measure::narrowing::{Came, Narrowing, Papers, Seen};
use rules::people::{Actor, Scope};
use rules::repository::Entry;
use std::collections::{BTreeMap, BTreeSet};
use store::counter::tickets::that_went_first;
use store::dossier::DossierLine;
use store::dossier::view::with_open_records;
use store::people::Party;
use store::people::reading::{asked_about, found_since, visible, visible_entries};
use store::search::{self, Hit, Query};
use store::{Reader, event};
use uuid::Uuid;

/// The kinds of things the search knows.
pub const KINDS: [&str; 3] = ["dossier", "entry", "party"];

/// Hits that are shown.
const N_HITS: u32 = 50;

/// Why people are found who were not looked at otherwise.
const PURPOSE: &str = "tra cứu người, hồ sơ và giấy tờ";

/// What a search shows, the best of each kind first.
#[derive(Debug, Default)]
pub struct Found {
    pub people: Vec<Party>,
    pub dossiers: Vec<DossierLine>,
    pub papers: Vec<Entry>,
}

/// Dossiers read to be narrowed where no words are sought.
pub const MOST_READ: i64 = 1_000;

/// What a narrowing lets through of a search.
#[derive(Debug)]
pub struct Narrowed {
    /// Those that are shown.
    pub dossiers: Vec<DossierLine>,
    /// Those they are of; nobody is shown them.
    pub among: Vec<DossierLine>,
    pub n_fitting: usize,
    pub n_read: usize,
}

impl Office {
    /// Shows an officer what he looks for. Every person who is among it, himself or by a dossier or a
    /// paper of his, has an event of it, once a sitting.
    // law: LBVDLCN2025/0
    pub async fn find(&self, actor: &Actor, text: &str, kinds: &[&str]) -> Result<Found, Error> {
        let hits = self.search(actor, text, kinds).await?;
        let mut reader = self.db.read().await?;
        let found = Found::of(&mut reader, &hits).await?;
        drop(reader);
        self.note_found(actor, &found).await?;
        Ok(found)
    }

    /// What the actor may find, by ids that are shown to nobody yet.
    pub async fn search(&self, actor: &Actor, text: &str, kinds: &[&str]) -> Result<Vec<Hit>, Error> {
        self.search_up_to(actor, text, kinds, N_HITS).await
    }

    async fn search_up_to(
        &self,
        actor: &Actor,
        text: &str,
        kinds: &[&str],
        limit: u32,
    ) -> Result<Vec<Hit>, Error> {
        let mut reader = self.db.read().await?;
        let sight = sight_through(&mut reader, actor).await?;
        let agencies: Vec<Uuid> = sight.agencies().into_iter().map(|agency| agency.0).collect();
        let query = Query {
            text,
            kinds,
            scope: search::Scope::Agencies(&agencies),
            // The index knows agencies only: who sees some of their rows is shown what is left of ten
            // times as many.
            limit: if sight.is_whole() { limit } else { 10 * N_HITS },
        };
        let hits = search::search(&mut reader, &query).await?;
        if sight.is_whole() { Ok(hits) } else { seen(&mut reader, &sight, hits, limit).await }
    }

    /// Shows an officer the dossiers among what he looks for that a narrowing lets through; without words,
    /// of those that are open where he is. Whoever is shown is told so as by [`Office::find`].
    // law: LBVDLCN2025/0
    pub async fn find_narrowed(&self, actor: &Actor, narrowing: &Narrowing) -> Result<Narrowed, Error> {
        let text = narrowing.sought.as_deref().unwrap_or_default().trim();
        let lines = if text.is_empty() {
            let mut reader = self.db.read().await?;
            store::dossier::lines_waiting(&mut reader, &actor.sight(), MOST_READ).await?
        } else {
            let hits = self.search_up_to(actor, text, &["dossier"], 10 * N_HITS).await?;
            Found::of(&mut self.db.read().await?, &hits).await?.dossiers
        };
        let ids: Vec<Uuid> = lines.iter().map(|line| line.dossier.id.0).collect();
        let mut reader = self.db.read().await?;
        let with_papers = with_open_records(&mut reader, &ids).await?;
        let went_first = that_went_first(&mut reader, &ids).await?;
        drop(reader);
        let (now, today) = (self.clock.now(), self.clock.today());
        let admits = |line: &&DossierLine| {
            let (dossier, id) = (&line.dossier, line.dossier.id.0);
            let papers = if with_papers.contains(&id) { Papers::Waiting } else { Papers::Digitised };
            narrowing.admits(&Seen {
                dossier,
                mark: due_mark(dossier, now, today),
                papers,
                came: went_first.contains(&id).then_some(Came::First),
                reader: actor.officer(),
            })
        };
        let fitting: Vec<DossierLine> = lines.iter().filter(admits).cloned().collect();
        let (n_fitting, n_read) = (fitting.len(), lines.len());
        let dossiers = fitting.into_iter().take(N_HITS as usize).collect();
        let found = Found { dossiers, ..Found::default() };
        self.note_found(actor, &found).await?;
        Ok(Narrowed { dossiers: found.dossiers, among: lines, n_fitting, n_read })
    }

    async fn note_found(&self, actor: &Actor, found: &Found) -> Result<(), Error> {
        let Some(officer) = actor.officer() else { return Ok(()) };
        let shown = found.by_person();
        let mut reader = self.db.read().await?;
        let known =
            found_since(&mut reader, officer, shown.keys().copied(), self.clock.now() - SITTING).await?;
        drop(reader);
        if shown.keys().all(|person| known.contains(person)) {
            return Ok(());
        }
        let shown = &shown;
        self.act(&By::new(actor.clone()), "repository.find", |mut tx, now| async move {
            let tx = &mut tx;
            let known = found_since(tx, officer, shown.keys().copied(), now - SITTING).await?;
            let told = shown.iter().filter(|(person, _)| !known.contains(person)).map(|(person, body)| {
                NewEvent::new(Subject::Party(*person), None, actor, now, body.clone()).for_purpose(PURPOSE)
            });
            event::append_to_each(tx, &told.collect::<Vec<_>>(), now).await?;
            Ok(())
        })
        .await
    }
}

impl Found {
    async fn of(reader: &mut Reader, hits: &[Hit]) -> Result<Self, Error> {
        let of_kind = |kind| hits.iter().filter(move |hit| hit.kind == kind).map(|hit| hit.subject);
        let [dossiers, entries]: [Vec<Uuid>; 2] = ["dossier", "entry"].map(|kind| of_kind(kind).collect());
        let place = |id: Uuid| hits.iter().position(|hit| hit.subject == id);
        let people: Vec<PartyId> = of_kind("party").map(PartyId).collect();
        let mut found = Self {
            people: store::people::parties_by_ids(reader, &people).await?,
            dossiers: store::dossier::lines_by_ids(reader, &dossiers).await?,
            papers: store::repository::by_ids(reader, &entries).await?,
        };
        found.people.sort_by_key(|person| place(person.id.0));
        found.dossiers.sort_by_key(|line| place(line.dossier.id.0));
        found.papers.sort_by_key(|entry| place(entry.id.0));
        Ok(found)
    }

    /// What it shows of each person.
    fn by_person(&self) -> BTreeMap<PartyId, Body> {
        let mut counted: BTreeMap<PartyId, (u32, u32)> =
            self.people.iter().map(|person| (person.id, (0, 0))).collect();
        for line in &self.dossiers {
            counted.entry(line.dossier.people.holder).or_default().0 += 1;
        }
        for entry in &self.papers {
            counted.entry(entry.owner).or_default().1 += 1;
        }
        let body = |(person, (dossiers, papers))| (person, Body::FoundInSearch { dossiers, papers });
        counted.into_iter().map(body).collect()
    }
}

/// Those of the hits that a scope lets see. People are found by everybody.
async fn seen(reader: &mut Reader, sight: &Scope, hits: Vec<Hit>, limit: u32) -> Result<Vec<Hit>, Error> {
    let of_kind = |kind| hits.iter().filter(move |hit| hit.kind == kind).map(|hit| hit.subject);
    let dossiers: Vec<DossierId> = of_kind("dossier").map(DossierId).collect();
    let entries: Vec<EntryId> = of_kind("entry").map(EntryId).collect();
    let mut seen: BTreeSet<Uuid> =
        visible(reader, sight, &dossiers).await?.into_iter().map(|dossier| dossier.0).collect();
    seen.extend(asked_about(reader, sight, &dossiers).await?.into_iter().map(|dossier| dossier.0));
    seen.extend(visible_entries(reader, sight, &entries).await?.into_iter().map(|entry| entry.0));
    let shown = hits.into_iter().filter(|hit| hit.kind == "party" || seen.contains(&hit.subject));
    Ok(shown.take(limit as usize).collect())
}
