//! What does not fit together: papers that were found, dossiers whose folder is out of sight, and counting
//! the folders of a place.

use super::view::{CustodyNames, FolderSeen, named, seen_by};
use super::{MOST, by_code, keeper_at, keeping_agencies};
use crate::act::By;
use crate::dossier::{load_for, typed};
use crate::{Error, Office, Refusal};
use jiff::SignedDuration;
use rules::custody::stocktaking::{Area, tally};
use rules::event::{Body, NewEvent, Subject};
use rules::id::{FolderId, FoundPaperId, StocktakingId};
use rules::people::Actor;
use store::custody::found::{self, FoundPaper};
use store::custody::stocktaking::{self, Stocktaking};
use store::custody::{self as folders, lists};
use store::time::new_id;
use store::{Tx, event};

/// The most folders one stocktaking counts.
const MOST_COUNTED: usize = 5_000;

/// A found paper as it was typed.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    pub what: &'a str,
    pub place: &'a str,
}

/// What does not fit together in the sight of an officer.
#[derive(Debug)]
pub struct Loose {
    /// Dossiers whose folder is missing, unconfirmed or long unseen.
    pub without_paper: Vec<FolderSeen>,
    /// Folders of dossiers that are over, outside an archive.
    pub without_dossier: Vec<FolderSeen>,
    /// Papers that belong to no dossier yet.
    pub found: Vec<FoundPaper>,
    pub names: CustodyNames,
}

/// A stocktaking with the folders that were met, or what came of it.
#[derive(Debug)]
pub struct Counted {
    pub stocktaking: Stocktaking,
    pub met: Vec<FolderSeen>,
    /// What was met, whether or not its folder may be shown.
    pub n_met: usize,
    pub missing: Vec<FolderSeen>,
    pub surplus: Vec<FolderSeen>,
    pub names: CustodyNames,
}

impl Office {
    /// Everything that does not fit together.
    pub async fn loose(&self, actor: &Actor) -> Result<Loose, Error> {
        let now = self.clock.now();
        let most = i64::try_from(MOST).expect("a small number");
        let unseen = now - SignedDuration::from_hours(24 * i64::from(self.settings.days_unseen));
        let mut reader = self.db.read().await?;
        let reader = &mut reader;
        let sight = actor.sight();
        let without_paper = lists::without_paper(reader, &sight, unseen, now, most).await?;
        let without_dossier = lists::without_dossier(reader, &sight, most).await?;
        let found = found::untied(reader, &keeping_agencies(actor), most).await?;
        let people = without_paper.iter().chain(&without_dossier).flat_map(|line| named(&line.folder));
        let names = CustodyNames::of(reader, people.chain(found.iter().map(|paper| paper.found_by))).await?;
        Ok(Loose {
            without_paper: seen_by(reader, actor, without_paper).await?,
            without_dossier: seen_by(reader, actor, without_dossier).await?,
            found,
            names,
        })
    }

    /// Somebody found a paper.
    pub async fn note_found_paper(&self, by: &By, found: Found<'_>) -> Result<FoundPaperId, Error> {
        let (what, place) = (&typed(found.what), &typed(found.place));
        let mut faults = Vec::new();
        for (field, text, ask) in
            [("giay", what, "Ghi giấy tìm thấy là giấy gì"), ("noi", place, "Ghi tìm thấy ở đâu")]
        {
            match text.chars().count() {
                0 => faults.push((field, ask.to_owned())),
                1..=300 => {}
                _ => faults.push((field, "Ghi trong 300 chữ".to_owned())),
            }
        }
        if !faults.is_empty() {
            return Err(Error::Refused(Refusal::Found(faults)));
        }
        self.act(by, "custody.found", |mut tx, now| async move {
            let tx = &mut tx;
            let keeper = keeper_at(&by.actor, [by.actor.agency()])?;
            let paper = FoundPaper {
                id: FoundPaperId(new_id(now)),
                version: 1,
                agency: keeper.bearer.agency,
                found_by: keeper.bearer.officer,
                found_at: now,
                what: what.clone(),
                place: place.clone(),
                dossier: None,
            };
            found::add(tx, &paper).await?;
            let subject = Subject::Officer(keeper.bearer.officer);
            let body = Body::PaperFound { found: paper.id };
            event::append(tx, &NewEvent::new(subject, None, &by.actor, now, body), now).await?;
            Ok(paper.id)
        })
        .await
    }

    /// A found paper belongs to the dossier with this code.
    pub async fn tie_found_paper(
        &self,
        by: &By,
        id: FoundPaperId,
        version: i64,
        code: &str,
    ) -> Result<(), Error> {
        let code = &code.trim().to_ascii_uppercase();
        self.act(by, "custody.tie", |mut tx, now| async move {
            let tx = &mut tx;
            let paper = found::find(tx, id).await?.ok_or(Error::NotFound)?;
            if !keeping_agencies(&by.actor).contains(&paper.agency) {
                return Err(Error::NotFound);
            }
            if paper.version != version {
                return Err(Error::Stale);
            }
            let unknown = || {
                let sentence = "Không có hồ sơ nào mang mã này ở cơ quan của bạn. Xem lại mã rồi gõ lại";
                Error::Refused(Refusal::Found(vec![("ma-ho-so", sentence.to_owned())]))
            };
            let dossier = store::dossier::id_by_code(tx, code).await?.ok_or_else(unknown)?;
            let loaded = load_for(tx, &by.actor, dossier).await.map_err(|error| match error {
                Error::NotFound => unknown(),
                error => error,
            })?;
            let keeper = keeper_at(&by.actor, [paper.agency])?;
            found::tie(tx, &paper, dossier, keeper.bearer.officer, now).await?;
            let body = Body::FoundPaperTied { found: id, place: paper.place };
            event::append(tx, &NewEvent::of_dossier(loaded.dossier.id, &by.actor, now, body), now).await?;
            Ok(())
        })
        .await
    }

    /// Begins to count what an officer has in hand, or a shelf of his agency.
    pub async fn begin_stocktaking(
        &self,
        by: &By,
        shelf: Option<&rules::custody::Shelf>,
    ) -> Result<StocktakingId, Error> {
        self.act(by, "custody.count", |mut tx, now| async move {
            let tx = &mut tx;
            let bearer = keeper_at(&by.actor, [by.actor.agency()])?.bearer;
            let area = match shelf {
                None => Area::InHand(bearer),
                Some(shelf) => Area::Shelf { agency: bearer.agency, shelf: shelf.clone() },
            };
            self.expected(tx, &area).await?;
            let counted = Stocktaking {
                id: StocktakingId(new_id(now)),
                version: 1,
                officer: bearer.officer,
                agency: bearer.agency,
                area,
                begun_at: now,
                ended: None,
            };
            stocktaking::add(tx, &counted).await?;
            Ok(counted.id)
        })
        .await
    }

    /// A folder was met; false where it was met before.
    pub async fn meet_folder(&self, by: &By, id: StocktakingId, code: &str) -> Result<bool, Error> {
        self.act(by, "custody.meet", |mut tx, now| async move {
            let tx = &mut tx;
            open_one(tx, &by.actor, id).await?;
            let folder = by_code(tx, code).await?;
            if stocktaking::met(tx, id).await?.len() >= MOST_COUNTED {
                return Err(Error::Refused(Refusal::TooManyFolders(MOST_COUNTED)));
            }
            Ok(stocktaking::meet(tx, id, folder, now).await?)
        })
        .await
    }

    /// Ends a stocktaking: what was met is seen, what was not is missing, and its dossier is told.
    pub async fn end_stocktaking(&self, by: &By, id: StocktakingId) -> Result<(), Error> {
        self.act(by, "custody.counted", |mut tx, now| async move {
            let tx = &mut tx;
            let counted = open_one(tx, &by.actor, id).await?;
            let expected = self.expected(tx, &counted.area).await?;
            let met = stocktaking::met(tx, id).await?;
            let tally = tally(&expected, &met);
            for &folder in &tally.seen {
                let folder = folders::lock(tx, folder).await?.ok_or(Error::NotFound)?;
                folders::save(tx, &folder.seen(now)).await?;
            }
            for &folder in &tally.missing {
                let folder = folders::lock(tx, folder).await?.ok_or(Error::NotFound)?;
                let (folder, body) = folder.missed(now);
                self.save_folder(tx, by, &folder, body, now).await?;
            }
            stocktaking::end(tx, &counted, &tally, now).await?;
            let count = |folders: &[FolderId]| u32::try_from(folders.len()).unwrap_or(u32::MAX);
            let body = Body::StocktakingEnded {
                stocktaking: id,
                seen: count(&tally.seen),
                missing: count(&tally.missing),
                surplus: count(&tally.surplus),
            };
            let subject = Subject::Officer(counted.officer);
            event::append(tx, &NewEvent::new(subject, None, &by.actor, now, body), now).await?;
            Ok(())
        })
        .await
    }

    /// A stocktaking of the actor, as far as it has come.
    pub async fn stocktaking(&self, actor: &Actor, id: StocktakingId) -> Result<Counted, Error> {
        let mut reader = self.db.read().await?;
        let reader = &mut reader;
        let counted = stocktaking::find(reader, id).await?.ok_or(Error::NotFound)?;
        if actor.officer() != Some(counted.officer) {
            return Err(Error::NotFound);
        }
        let met = stocktaking::met(reader, id).await?;
        let tally = counted.ended.as_ref().map(|(_, tally)| tally.clone()).unwrap_or_default();
        let shown: Vec<FolderId> = met.iter().take(MOST).copied().collect();
        let lines =
            lists::by_ids(reader, &[shown, tally.missing.clone(), tally.surplus.clone()].concat()).await?;
        let names = CustodyNames::of(reader, lines.iter().flat_map(|line| named(&line.folder))).await?;
        let seen = seen_by(reader, actor, lines).await?;
        let of = |ids: &[FolderId]| -> Vec<FolderSeen> {
            let find = |id: &FolderId| seen.iter().find(|seen| seen.line.folder.id == *id).cloned();
            ids.iter().take(MOST).filter_map(find).collect()
        };
        Ok(Counted {
            n_met: met.len(),
            met: of(&met),
            missing: of(&tally.missing),
            surplus: of(&tally.surplus),
            stocktaking: counted,
            names,
        })
    }

    /// The last stocktakings of the actor.
    pub async fn stocktakings(&self, actor: &Actor) -> Result<Vec<Stocktaking>, Error> {
        let officer = actor.officer().ok_or(Error::NotFound)?;
        let mut reader = self.db.read().await?;
        Ok(stocktaking::of_officer(&mut reader, officer, 10).await?)
    }

    async fn expected(&self, tx: &mut Tx, area: &Area) -> Result<Vec<FolderId>, Error> {
        let most = i64::try_from(MOST_COUNTED).expect("a small number");
        let lines = lists::expected(tx, area, most + 1).await?;
        if lines.len() > MOST_COUNTED {
            return Err(Error::Refused(Refusal::TooManyFolders(MOST_COUNTED)));
        }
        Ok(lines.into_iter().map(|line| line.folder.id).collect())
    }
}

/// A stocktaking of the actor that goes on.
async fn open_one(tx: &mut Tx, actor: &Actor, id: StocktakingId) -> Result<Stocktaking, Error> {
    let counted = stocktaking::find(tx, id).await?.ok_or(Error::NotFound)?;
    if actor.officer() != Some(counted.officer) {
        return Err(Error::NotFound);
    }
    if counted.ended.is_some() { Err(Error::Stale) } else { Ok(counted) }
}
