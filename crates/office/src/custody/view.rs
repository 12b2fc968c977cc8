//! What pages show of folders: one with its history, and the lists of an officer.

use super::{MOST, by_code, is_at_hand, keeper_of, keeping_agencies};
use crate::dossier::revision_of;
use crate::{Error, Office};
use rules::custody::contents::FolderPaper;
use rules::custody::offer::FolderAct;
use rules::custody::{Folder, Holder, Keeping};
use rules::event::{Body, Event};
use rules::id::{AgencyId, DossierId, FolderId, OfficerId, PassingId};
use rules::people::Actor;
use rules::words::sentence::{Names, Sentence, sentence};
use std::collections::BTreeMap;
use store::custody::lists::{self, FolderLine};
use store::custody::passing::{self, Passing, PassingLine};
use store::{Reader, custody as folders};
use uuid::Uuid;

/// How much of a folder somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sees {
    /// Its dossier, too.
    Dossier,
    /// Only the line of the folder: it is in his hands, or was given to him.
    Line,
}

/// A folder for somebody.
#[derive(Clone, Debug)]
pub struct FolderSeen {
    pub line: FolderLine,
    pub sees: Sees,
}

/// The folders of an officer.
#[derive(Debug)]
pub struct MyFolders {
    pub waiting: Vec<FolderSeen>,
    pub in_hand: Vec<FolderSeen>,
    pub given: Vec<FolderSeen>,
    pub names: CustodyNames,
}

/// One folder with everything that is shown of it.
#[derive(Debug)]
pub struct FolderView {
    pub seen: FolderSeen,
    /// The name of each paper.
    pub papers: Vec<(String, FolderPaper)>,
    pub history: Vec<(Event, Sentence)>,
    pub acts: Vec<FolderAct>,
    pub names: CustodyNames,
}

/// A hand-over slip with its folders.
#[derive(Debug)]
pub struct PassingView {
    pub passing: Passing,
    pub lines: Vec<(PassingLine, FolderLine)>,
    pub names: CustodyNames,
}

/// Names of people, agencies and papers.
#[derive(Debug, Default)]
pub struct CustodyNames {
    officers: BTreeMap<OfficerId, String>,
    agencies: BTreeMap<AgencyId, String>,
    components: BTreeMap<String, String>,
}

impl Names for CustodyNames {
    fn officer(&self, id: OfficerId) -> String {
        self.officers.get(&id).cloned().unwrap_or_else(|| "cán bộ".to_owned())
    }

    fn component(&self, id: &str) -> String {
        self.components.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    fn step(&self, id: &str) -> String {
        id.to_owned()
    }

    fn field(&self, name: &str) -> String {
        name.to_owned()
    }

    fn agency(&self, id: AgencyId) -> String {
        self.agencies.get(&id).cloned().unwrap_or_else(|| "cơ quan khác".to_owned())
    }
}

impl CustodyNames {
    pub(super) async fn of(
        reader: &mut Reader,
        officers: impl IntoIterator<Item = OfficerId>,
    ) -> Result<Self, Error> {
        let mut ids: Vec<Uuid> = officers.into_iter().map(|officer| officer.0).collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(Self {
            officers: store::people::officer_names(reader, &ids).await?,
            agencies: store::people::unit_names(reader).await?,
            components: BTreeMap::new(),
        })
    }
}

/// Everybody a folder's whereabouts name.
pub(super) fn named(folder: &Folder) -> Vec<OfficerId> {
    match &folder.keeping {
        Keeping::With(Holder::Bearer(bearer)) => vec![bearer.officer],
        Keeping::With(_) => Vec::new(),
        Keeping::Passing { from, to, .. } => std::iter::once(from.officer).chain(to.officer).collect(),
    }
}

/// Everybody an event of custody names.
fn named_in(event: &Event) -> Vec<OfficerId> {
    let told = match &event.body {
        Body::FolderPassed { officer, .. } => *officer,
        Body::FolderReclaimed { from, .. } => Some(*from),
        Body::FolderMoved { to: Holder::Bearer(bearer) } => Some(bearer.officer),
        _ => None,
    };
    [event.actor, event.on_behalf_of, told].into_iter().flatten().collect()
}

/// Does the event belong to the history of the folder?
fn is_custody(body: &Body) -> bool {
    match body {
        Body::FolderPassed { .. }
        | Body::FolderConfirmed { .. }
        | Body::FolderRefused { .. }
        | Body::FolderTakenBack { .. }
        | Body::FolderReclaimed { .. }
        | Body::FolderMoved { .. }
        | Body::FolderMissed
        | Body::FolderOpened
        | Body::FoundPaperTied { .. } => true,
        Body::ResultHandedOver { returned, .. } | Body::Withdrawn { returned, .. } => !returned.is_empty(),
        _ => false,
    }
}

/// How much the actor sees of each of these folders; those that do not exist for him are left out.
pub(super) async fn seen_by(
    reader: &mut Reader,
    actor: &Actor,
    lines: Vec<FolderLine>,
) -> Result<Vec<FolderSeen>, Error> {
    let dossiers: Vec<DossierId> = lines.iter().map(|line| line.folder.dossier).collect();
    let visible = store::people::reading::visible(reader, &actor.sight(), &dossiers).await?;
    let sees = |line: &FolderLine| {
        if visible.contains(&line.folder.dossier) {
            Some(Sees::Dossier)
        } else {
            is_at_hand(actor, &line.folder).then_some(Sees::Line)
        }
    };
    Ok(lines.into_iter().filter_map(|line| sees(&line).map(|sees| FolderSeen { line, sees })).collect())
}

impl Office {
    /// What an officer has, what waits for his confirmation, and what nobody has confirmed to him.
    pub async fn my_folders(&self, actor: &Actor) -> Result<MyFolders, Error> {
        let officer = actor.officer().ok_or(Error::NotFound)?;
        let most = i64::try_from(MOST).expect("a small number");
        let mut reader = self.db.read().await?;
        let reader = &mut reader;
        let waiting = lists::given_to(reader, officer, &keeping_agencies(actor), most).await?;
        let in_hand = lists::in_hand(reader, officer, most).await?;
        let given = lists::given_by(reader, officer, most).await?;
        let all = waiting.iter().chain(&in_hand).chain(&given);
        let names = CustodyNames::of(reader, all.flat_map(|line| named(&line.folder))).await?;
        Ok(MyFolders {
            waiting: seen_by(reader, actor, waiting).await?,
            in_hand: seen_by(reader, actor, in_hand).await?,
            given: seen_by(reader, actor, given).await?,
            names,
        })
    }

    /// The folder whose code was read or typed, if it exists for the actor.
    pub async fn find_folder(&self, actor: &Actor, typed: &str) -> Result<FolderSeen, Error> {
        let mut reader = self.db.read().await?;
        let id = by_code(&mut reader, typed).await?;
        let lines = lists::by_ids(&mut reader, &[id]).await?;
        seen_by(&mut reader, actor, lines).await?.pop().ok_or(Error::NotFound)
    }

    /// Folders by their ids, those that exist for the actor.
    pub async fn folders(&self, actor: &Actor, ids: &[FolderId]) -> Result<Vec<FolderSeen>, Error> {
        let mut reader = self.db.read().await?;
        let lines = lists::by_ids(&mut reader, ids).await?;
        seen_by(&mut reader, actor, lines).await
    }

    /// The folder of a dossier that the reader may see; none where it has none.
    pub async fn folder_of(&self, dossier: DossierId) -> Result<Option<Folder>, Error> {
        let mut reader = self.db.read().await?;
        Ok(folders::of_dossier(&mut reader, dossier).await?)
    }

    /// Where these folders are, in names.
    pub async fn names_of(&self, kept: &[Folder]) -> Result<CustodyNames, Error> {
        let mut reader = self.db.read().await?;
        CustodyNames::of(&mut reader, kept.iter().flat_map(named)).await
    }

    /// One folder with its papers, its history and what the actor may do.
    pub async fn folder_view(&self, actor: &Actor, id: FolderId) -> Result<FolderView, Error> {
        let mut reader = self.db.read().await?;
        let reader = &mut reader;
        let lines = lists::by_ids(reader, &[id]).await?;
        let seen = seen_by(reader, actor, lines).await?.pop().ok_or(Error::NotFound)?;
        let folder = &seen.line.folder;
        let dossier = store::dossier::find(reader, folder.dossier).await?.ok_or(Error::NotFound)?;
        let procedure = revision_of(reader, &dossier).await?;
        let events = store::event::of_dossier(reader, dossier.id).await?;
        let events: Vec<Event> = events.into_iter().filter(|event| is_custody(&event.body)).collect();
        let people = named(folder).into_iter().chain(events.iter().flat_map(named_in));
        let mut names = CustodyNames::of(reader, people).await?;
        let case = procedure.case(&dossier.case);
        names.components = case
            .map(|case| case.components.iter().map(|of| (of.id.clone(), of.name.clone())).collect())
            .unwrap_or_default();
        let acts = match keeper_of(actor, folder) {
            Ok(keeper) => folder.offers(keeper, &dossier.state),
            // He may look, and has no post that handles paper.
            Err(Error::NotYours(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(FolderView {
            papers: folder.papers.iter().map(|of| (names.component(&of.component), of.clone())).collect(),
            history: events
                .into_iter()
                .map(|event| {
                    let said = sentence(&event, &names);
                    (event, said)
                })
                .collect(),
            acts,
            names,
            seen,
        })
    }

    /// A hand-over slip, for those of the two agencies.
    pub async fn passing_view(&self, actor: &Actor, id: PassingId) -> Result<PassingView, Error> {
        let mut reader = self.db.read().await?;
        let reader = &mut reader;
        let passing = passing::find(reader, id).await?.ok_or(Error::NotFound)?;
        let agencies = keeping_agencies(actor);
        if ![passing.from.agency, passing.to.agency].iter().any(|agency| agencies.contains(agency)) {
            return Err(Error::NotFound);
        }
        let slip = passing::lines(reader, id).await?;
        let ids: Vec<FolderId> = slip.iter().map(|line| line.folder).collect();
        let known = lists::by_ids(reader, &ids).await?;
        let people: Vec<OfficerId> = [Some(passing.from.officer), passing.to.officer]
            .into_iter()
            .chain(slip.iter().map(|line| line.settled.as_ref().map(|settled| settled.by)))
            .flatten()
            .collect();
        let names = CustodyNames::of(reader, people).await?;
        let lines = slip
            .into_iter()
            .filter_map(|line| {
                let folder = known.iter().find(|known| known.folder.id == line.folder)?.clone();
                Some((line, folder))
            })
            .collect();
        Ok(PassingView { passing, lines, names })
    }
}
