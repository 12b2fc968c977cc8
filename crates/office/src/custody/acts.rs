//! What officers do with folders: give and confirm, refuse, take back, put away, take. One event each, of
//! the folder's dossier.

use super::{MOST, fill, headed, is_at_hand, keeper_at, keeper_of};
use crate::act::By;
use crate::dossier::{Loaded, load_for, may_see, typed};
use crate::{Error, Office, Refusal};
use jiff::Timestamp;
use rules::calendar::{Limit, legal_time};
use rules::custody::{CustodyRefused, Destination, Folder, Keeper, Keeping, Receiver, ceiling};
use rules::dossier::Dossier;
use rules::event::Body;
use rules::id::{DossierId, FolderId, OfficerId, PassingId};
use rules::people::{NotYours, Role, Sensitivity};
use store::custody as folders;
use store::custody::passing::{self, Passing, PassingOutcome, Settled};
use store::time::new_id;
use store::{Tx, event};

/// Folders given to somebody.
#[derive(Clone, Debug)]
pub struct Gift {
    pub folders: Vec<FolderId>,
    pub to: Receiver,
}

impl Office {
    /// Gets the papers of a dossier together for a folder, where it has none: it was received before there
    /// were folders.
    pub async fn open_folder(&self, by: &By, id: DossierId) -> Result<FolderId, Error> {
        self.act(by, "folder.open", |mut tx, now| async move {
            let tx = &mut tx;
            let Loaded { dossier, procedure, .. } = load_for(tx, &by.actor, id).await?;
            keeper_at(&by.actor, [by.actor.agency()])?;
            if dossier.received_at.is_none() {
                return Err(CustodyRefused::NoPapers.into());
            }
            if let Some(known) = folders::of_dossier(tx, id).await? {
                return Ok(known.id);
            }
            let opened = fill(tx, &by.actor, &dossier, &procedure, now).await?;
            let opened = opened.ok_or(Error::from(CustodyRefused::NoPapers))?;
            let hand = by.hand(rules::people::Right::default());
            event::append(tx, &hand.event(id, now, Body::FolderOpened), now).await?;
            Ok(opened)
        })
        .await
    }

    /// Gives folders to somebody, all of them or none; what keeps any from being given is said at once.
    pub async fn pass_folders(&self, by: &By, gift: &Gift) -> Result<PassingId, Error> {
        if gift.folders.len() > MOST {
            return Err(Error::Refused(Refusal::TooManyFolders(MOST)));
        }
        self.act(by, "folder.pass", |mut tx, now| async move {
            let tx = &mut tx;
            let to_ceiling = receiver_ceiling(tx, gift.to, now).await?;
            let id = PassingId(new_id(now));
            let mut refused = Vec::new();
            let mut given: Vec<(Folder, Body)> = Vec::new();
            let mut from = None;
            let mut due_at = now;
            let mut ids = gift.folders.clone();
            ids.sort_unstable();
            ids.dedup();
            for &folder in &ids {
                let (folder, keeper) = self.folder_for(tx, by, folder).await?;
                if from.is_none() {
                    let limit = Limit::WorkingHours(u32::from(self.settings.hours_to_confirm_folder));
                    due_at =
                        self.terms(keeper.bearer.agency, now)?.end_of(now, limit).map_err(Error::from)?.at;
                }
                from = from.or(Some(keeper.bearer));
                let code = folder.code.to_string();
                match folder.pass(keeper, gift.to, to_ceiling, (id, due_at), now) {
                    Ok(done) => given.push(done),
                    Err(why) => refused.push((code, why)),
                }
            }
            if !refused.is_empty() {
                return Err(Error::Refused(Refusal::Custody(refused)));
            }
            let from = from.ok_or(Error::NotFound)?;
            let slip = Passing { id, from, to: gift.to, given_at: now, due_at };
            let ids: Vec<FolderId> = given.iter().map(|(folder, _)| folder.id).collect();
            passing::add(tx, &slip, &ids).await?;
            for (folder, body) in given {
                self.save_folder(tx, by, &folder, body, now).await?;
            }
            Ok(id)
        })
        .await
    }

    /// The receiver has a folder: he has read its code. Read again, nothing more happens.
    pub async fn confirm_folder(&self, by: &By, id: FolderId) -> Result<(), Error> {
        self.at_folder(by, "folder.confirm", id, None, |folder, keeper, _, now| folder.confirm(keeper, now))
            .await
    }

    /// The receiver does not take a folder, and says why.
    pub async fn refuse_folder(
        &self,
        by: &By,
        id: FolderId,
        version: i64,
        reason: &str,
    ) -> Result<(), Error> {
        let reason = &typed(reason);
        self.at_folder(by, "folder.refuse", id, Some(version), |folder, keeper, _, now| {
            folder.refuse(keeper, reason, now)
        })
        .await
    }

    /// The giver keeps a folder after all.
    pub async fn take_back_folder(&self, by: &By, id: FolderId, version: i64) -> Result<(), Error> {
        self.at_folder(by, "folder.take_back", id, Some(version), |folder, keeper, _, now| {
            folder.take_back(keeper, now)
        })
        .await
    }

    /// Takes a folder from a shelf, or back from outside.
    pub async fn take_folder(&self, by: &By, id: FolderId, version: i64) -> Result<(), Error> {
        self.at_folder(by, "folder.take", id, Some(version), |folder, keeper, _, now| {
            folder.take(keeper, now)
        })
        .await
    }

    /// Puts a folder where nobody confirms.
    pub async fn place_folder(
        &self,
        by: &By,
        id: FolderId,
        version: i64,
        to: &Destination,
    ) -> Result<(), Error> {
        self.at_folder(by, "folder.place", id, Some(version), |folder, keeper, dossier, now| {
            folder.place(keeper, to.clone(), &dossier.state, now)
        })
        .await
    }

    /// A head takes over a folder of his agency from an officer who cannot give it himself.
    pub async fn reclaim_folder(
        &self,
        by: &By,
        id: FolderId,
        version: i64,
        reason: &str,
    ) -> Result<(), Error> {
        let headed = headed(&by.actor);
        if headed.is_empty() {
            return Err(NotYours::NeedsRole(Role::Head).into());
        }
        let reason = &typed(reason);
        self.at_folder(by, "folder.reclaim", id, Some(version), |folder, keeper, _, now| {
            if !headed.contains(&keeper.bearer.agency) {
                return Err(CustodyRefused::NotWithYou);
            }
            folder.reclaim(keeper, reason, now)
        })
        .await
    }

    /// One folder, changed by a rule. `version` is the one the officer saw; a code that was read speaks of
    /// the folder as it is.
    async fn at_folder(
        &self,
        by: &By,
        name: &'static str,
        id: FolderId,
        version: Option<i64>,
        change: impl Fn(Folder, Keeper, &Dossier, Timestamp) -> Result<(Folder, Body), CustodyRefused>,
    ) -> Result<(), Error> {
        let change = &change;
        self.act(by, name, |mut tx, now| async move {
            let tx = &mut tx;
            let (folder, keeper) = self.folder_for(tx, by, id).await?;
            if version.is_some_and(|seen| seen != folder.version) {
                return Err(Error::Stale);
            }
            let dossier = store::dossier::find(tx, folder.dossier).await?.ok_or(Error::NotFound)?;
            let was = folder.keeping.clone();
            let (folder, body) = change(folder, keeper, &dossier, now)?;
            if let Keeping::Passing { passing: slip, .. } = was
                && let Some((outcome, reason)) = outcome_of(&body)
            {
                let settled = Settled { outcome, at: now, by: keeper.bearer.officer, reason };
                passing::settle(tx, slip, id, &settled).await?;
            }
            self.save_folder(tx, by, &folder, body, now).await
        })
        .await
    }

    /// A folder to be changed, with the officer as its keeper, if it exists for him.
    async fn folder_for(&self, tx: &mut Tx, by: &By, id: FolderId) -> Result<(Folder, Keeper), Error> {
        let folder = folders::lock(tx, id).await?.ok_or(Error::NotFound)?;
        if !is_at_hand(&by.actor, &folder) {
            let dossier = store::dossier::find(tx, folder.dossier).await?.ok_or(Error::NotFound)?;
            may_see(&by.actor, &dossier)?;
        }
        let keeper = keeper_of(&by.actor, &folder)?;
        Ok((folder, keeper))
    }

    pub(super) async fn save_folder(
        &self,
        tx: &mut Tx,
        by: &By,
        folder: &Folder,
        body: Body,
        now: Timestamp,
    ) -> Result<(), Error> {
        folders::save(tx, folder).await?;
        let hand = by.hand(rules::people::Right::default());
        event::append(tx, &hand.event(folder.dossier, now, body), now).await?;
        Ok(())
    }
}

/// What an act made of a slip's line, with the reason that was given.
fn outcome_of(body: &Body) -> Option<(PassingOutcome, String)> {
    Some(match body {
        Body::FolderConfirmed { .. } => (PassingOutcome::Confirmed, String::new()),
        Body::FolderRefused { reason, .. } => (PassingOutcome::Refused, reason.clone()),
        Body::FolderTakenBack { .. } => (PassingOutcome::TakenBack, String::new()),
        Body::FolderReclaimed { reason, .. } => (PassingOutcome::Reclaimed, reason.clone()),
        _ => return None,
    })
}

/// How guarded the papers are that the receiver may have: by his posts of the day, or, where nobody is
/// named, as anybody's.
async fn receiver_ceiling(tx: &mut Tx, to: Receiver, now: Timestamp) -> Result<Sensitivity, Error> {
    let day = legal_time(now).date();
    let nobody = || Error::from(CustodyRefused::NobodyThere);
    match to.officer {
        None => {
            let keepers = folders::lists::keepers(tx, to.agency, day).await?;
            if keepers.is_empty() { Err(nobody()) } else { Ok(Sensitivity::Personal) }
        }
        Some(officer) => ceiling_of(tx, officer, to, now).await?.ok_or_else(nobody),
    }
}

async fn ceiling_of(
    tx: &mut Tx,
    officer: OfficerId,
    to: Receiver,
    now: Timestamp,
) -> Result<Option<Sensitivity>, Error> {
    let day = legal_time(now).date();
    let known = store::people::officer(tx, officer).await?.filter(|officer| officer.active);
    let posts = known.map(|officer| officer.posts).unwrap_or_default();
    Ok(ceiling(posts.iter().filter(|post| post.is_valid_on(day)), to.agency))
}
