//! Paper custody: the folder of a dossier, made when its papers are taken in, and who sees it. What is
//! done with folders is in [`acts`], what does not fit together in [`reconcile`], the pages' readings in
//! [`view`], printed covers and slips in [`slip`].

mod acts;
mod reconcile;
mod slip;
mod view;

pub use acts::Gift;
pub use reconcile::{Counted, Found, Loose};
pub use view::{CustodyNames, FolderSeen, FolderView, MyFolders, PassingView, Sees};

use crate::act::Hand;
use crate::{Error, Refusal};
use jiff::Timestamp;
use rules::code::{BadFolderCode, FolderCode};
use rules::custody::contents::papers;
use rules::custody::{Bearer, Folder, Holder, Keeper, Keeping, ceiling};
use rules::dossier::Dossier;
use rules::event::Body;
use rules::id::{AgencyId, FolderId};
use rules::people::{Actor, NotYours, Role};
use rules::procedure::Procedure;
use std::collections::BTreeSet;
use store::custody as folders;
use store::time::new_id;
use store::{Reader, Tx};

/// The most folders that are given or shown at once.
pub const MOST: usize = 200;

/// Keeps the folder true to what an act did to its dossier: papers taken in go into it, papers that went
/// back are no longer in it. The dossier's own event tells it.
pub(crate) async fn keep_folder(
    tx: &mut Tx,
    hand: Hand<'_>,
    dossier: &Dossier,
    procedure: &Procedure,
    because: &Body,
    now: Timestamp,
) -> Result<(), Error> {
    match because {
        Body::DossierReceived { .. } | Body::SupplementReceived { .. } => {
            fill(tx, hand.actor, dossier, procedure, now).await.map(drop)
        }
        Body::ResultHandedOver { returned, .. } | Body::Withdrawn { returned, .. }
            if !returned.is_empty() =>
        {
            let Some(folder) = folders::of_dossier(tx, dossier.id).await? else { return Ok(()) };
            folders::save(tx, &folder.gave_back(returned, now)).await.map_err(Error::from)
        }
        _ => Ok(()),
    }
}

/// Puts the papers of a dossier into its folder, a new one where it has none; gives none where nothing of
/// it is on paper.
async fn fill(
    tx: &mut Tx,
    actor: &Actor,
    dossier: &Dossier,
    procedure: &Procedure,
    now: Timestamp,
) -> Result<Option<FolderId>, Error> {
    let case = procedure.case(&dossier.case).ok_or(Error::NotFound)?;
    let brought: Vec<_> =
        store::counter::components(tx, dossier.id).await?.into_iter().map(|kept| kept.component).collect();
    let papers = papers(case, &brought, dossier.channel);
    let known = folders::of_dossier(tx, dossier.id).await?;
    let Some(officer) = actor.officer().filter(|_| known.is_some() || !papers.is_empty()) else {
        return Ok(None);
    };
    let by = Bearer { officer, agency: actor.agency() };
    match known {
        Some(folder) => {
            let folder = folder.filled(papers, by, now);
            folders::save(tx, &folder).await?;
            Ok(Some(folder.id))
        }
        None => {
            let folder = Folder::new(FolderId(new_id(now)), dossier.id, papers, by, now);
            folders::add(tx, &folder).await?;
            Ok(Some(folder.id))
        }
    }
}

/// The officer as a keeper of paper at the first of these agencies where he holds a post for it, his own or
/// lent to him.
fn keeper_at(actor: &Actor, agencies: impl IntoIterator<Item = AgencyId>) -> Result<Keeper, Error> {
    let officer = actor.officer().ok_or(NotYours::NeedsRole(Role::Counter))?;
    agencies
        .into_iter()
        .find_map(|agency| {
            let ceiling = ceiling(actor.held().map(|(post, _)| post), agency)?;
            Some(Keeper { bearer: Bearer { officer, agency }, ceiling })
        })
        .ok_or(Error::NotYours(NotYours::NeedsRole(Role::Counter)))
}

/// The officer as he may act on a folder: at the agency it was given to, at the one that answers for it, or
/// where he works.
fn keeper_of(actor: &Actor, folder: &Folder) -> Result<Keeper, Error> {
    let to = match &folder.keeping {
        Keeping::Passing { to, .. } => Some(to.agency),
        Keeping::With(_) => None,
    };
    let giver = folder.keeping.bearer().filter(|bearer| actor.officer() == Some(bearer.officer));
    let agencies = [giver.map(|bearer| bearer.agency), to, folder.keeping.agency(), Some(actor.agency())];
    keeper_at(actor, agencies.into_iter().flatten())
}

/// The agencies where an officer keeps paper.
fn keeping_agencies(actor: &Actor) -> BTreeSet<AgencyId> {
    actor.agencies_where(Role::keeps_paper)
}

/// The agencies an officer heads: there he takes over what lies with somebody who is away.
pub fn headed(actor: &Actor) -> BTreeSet<AgencyId> {
    actor.agencies_where(|role| matches!(role, Role::Head | Role::Leader | Role::CentreHead))
}

/// Does he see a folder without seeing its dossier: because he has it, it was given to him, or it lies in
/// his agency's archive?
fn is_at_hand(actor: &Actor, folder: &Folder) -> bool {
    let agencies = keeping_agencies(actor);
    let is_his = |bearer: &Bearer| Some(bearer.officer) == actor.officer();
    match &folder.keeping {
        Keeping::With(Holder::Bearer(bearer)) => is_his(bearer),
        Keeping::With(_) => folder.keeping.agency().is_some_and(|agency| agencies.contains(&agency)),
        Keeping::Passing { from, to, .. } => {
            let receives =
                |agency| actor.officer().is_some_and(|officer| to.admits(Bearer { officer, agency }));
            is_his(from) || agencies.iter().any(|&agency| receives(agency))
        }
    }
}

/// The folder whose code was read or typed.
async fn by_code(reader: &mut Reader, typed: &str) -> Result<FolderId, Error> {
    let unknown = |why: String| Error::Refused(Refusal::FolderUnknown(why));
    let code: FolderCode =
        typed.parse().map_err(|bad: BadFolderCode| unknown(format!("Chưa đọc được mã bìa: {bad}")))?;
    folders::id_by_code(reader, &code).await?.ok_or_else(|| {
        unknown(format!(
            "Không có bìa nào mang mã {code}. Nếu tìm thấy bìa lạ, ghi nhận ở “Đối chiếu giấy và hồ sơ”"
        ))
    })
}
