//! Folders: one row each, saved with its version. What was given to whom is in [`passing`], papers that
//! were found in [`found`], counting in [`stocktaking`], lists for pages in [`lists`].

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_optional};
use crate::error::{JsonText, open};
use crate::time::{from_micros, to_micros};
use rules::code::FolderCode;
use rules::custody::contents::FolderPaper;
use rules::custody::{Folder, Holder, Keeping};
use rules::id::{DossierId, FolderId};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use uuid::Uuid;

pub mod found;
pub mod lists;
pub mod passing;
pub mod stocktaking;

#[derive(sqlx::FromRow)]
struct FolderRow {
    id: Uuid,
    version: i64,
    code: String,
    dossier: Uuid,
    since: i64,
    seen_at: i64,
    missed_at: Option<i64>,
    body: JsonText,
}

/// What only the folder itself knows.
#[derive(Serialize, Deserialize)]
struct Body {
    papers: Vec<FolderPaper>,
    keeping: Keeping,
}

impl TryFrom<FolderRow> for Folder {
    type Error = Error;

    fn try_from(row: FolderRow) -> Result<Self, Error> {
        let id = row.id;
        let corrupt = |column| Error::corrupt("folder", column, id);
        let instant = |micros, column| from_micros(micros).map_err(|_| corrupt(column));
        let Body { papers, keeping } = open(row.body, "folder", "body", id)?;
        Ok(Self {
            id: FolderId(id),
            version: row.version,
            code: row.code.parse().map_err(|_| corrupt("code"))?,
            dossier: DossierId(row.dossier),
            papers,
            keeping,
            since: instant(row.since, "since")?,
            seen_at: instant(row.seen_at, "seen_at")?,
            missed_at: row.missed_at.map(|at| instant(at, "missed_at")).transpose()?,
        })
    }
}

/// The columns that lists are made of, from where the folder is.
struct Columns<'f> {
    officer: Option<Uuid>,
    agency: Option<Uuid>,
    shelf: [Option<&'f str>; 3],
    to_agency: Option<Uuid>,
    to_officer: Option<Uuid>,
    due_at: Option<i64>,
}

impl<'f> Columns<'f> {
    fn of(keeping: &'f Keeping) -> Self {
        let shelf = match keeping {
            Keeping::With(Holder::Shelf { shelf, .. }) => {
                [&shelf.room, &shelf.rack, &shelf.boxed].map(|text| Some(text.as_str()))
            }
            _ => [None; 3],
        };
        let to = match keeping {
            Keeping::Passing { to, .. } => Some(*to),
            Keeping::With(_) => None,
        };
        Self {
            officer: keeping.bearer().map(|bearer| bearer.officer.0),
            agency: keeping.agency().map(|agency| agency.0),
            shelf,
            to_agency: to.map(|to| to.agency.0),
            to_officer: to.and_then(|to| to.officer).map(|officer| officer.0),
            due_at: keeping.due_at().map(to_micros),
        }
    }
}

/// Adds a folder at version 1.
pub async fn add(tx: &mut Tx, folder: &Folder) -> Result<(), Error> {
    let columns = Columns::of(&folder.keeping);
    execute!(
        tx,
        "folder.add",
        "insert into folder (id, version, code, dossier, place, officer, agency, room, rack, boxed,
            to_agency, to_officer, due_at, since, seen_at, missed_at, body)
         values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        folder.id.0,
        folder.code.as_str(),
        folder.dossier.0,
        folder.keeping.kind(),
        columns.officer,
        columns.agency,
        columns.shelf[0],
        columns.shelf[1],
        columns.shelf[2],
        columns.to_agency,
        columns.to_officer,
        columns.due_at,
        to_micros(folder.since),
        to_micros(folder.seen_at),
        folder.missed_at.map(to_micros),
        Json(Body { papers: folder.papers.clone(), keeping: folder.keeping.clone() }),
    )?;
    Ok(())
}

/// Saves a folder that was read at `folder.version`.
pub async fn save(tx: &mut Tx, folder: &Folder) -> Result<(), Error> {
    let columns = Columns::of(&folder.keeping);
    let saved = execute!(
        tx,
        "folder.save",
        "update folder set version = version + 1, place = $3, officer = $4, agency = $5, room = $6,
            rack = $7, boxed = $8, to_agency = $9, to_officer = $10, due_at = $11, since = $12,
            seen_at = $13, missed_at = $14, body = $15
         where id = $1 and version = $2",
        folder.id.0,
        folder.version,
        folder.keeping.kind(),
        columns.officer,
        columns.agency,
        columns.shelf[0],
        columns.shelf[1],
        columns.shelf[2],
        columns.to_agency,
        columns.to_officer,
        columns.due_at,
        to_micros(folder.since),
        to_micros(folder.seen_at),
        folder.missed_at.map(to_micros),
        Json(Body { papers: folder.papers.clone(), keeping: folder.keeping.clone() }),
    )?;
    if saved == 0 {
        return Err(Error::Stale { table: "folder", row: folder.id.to_string() });
    }
    Ok(())
}

pub async fn find(reader: &mut Reader, id: FolderId) -> Result<Option<Folder>, Error> {
    let row: Option<FolderRow> = fetch_optional!(
        reader,
        "folder.find",
        "select id, version, code, dossier, since, seen_at, missed_at, body from folder where id = $1",
        id.0,
    )?;
    row.map(Folder::try_from).transpose()
}

/// Reads a folder to change it; nobody else changes it before this act is over.
pub async fn lock(tx: &mut Tx, id: FolderId) -> Result<Option<Folder>, Error> {
    let row: Option<FolderRow> = fetch_optional!(
        tx,
        "folder.lock",
        "select id, version, code, dossier, since, seen_at, missed_at, body from folder where id = $1
         for update",
        id.0,
    )?;
    row.map(Folder::try_from).transpose()
}

/// The folder with this code on its cover.
pub async fn id_by_code(reader: &mut Reader, code: &FolderCode) -> Result<Option<FolderId>, Error> {
    let row: Option<(Uuid,)> = fetch_optional!(
        reader,
        "folder.id_by_code",
        "select id from folder where code = $1",
        code.as_str(),
    )?;
    Ok(row.map(|(id,)| FolderId(id)))
}

pub async fn of_dossier(reader: &mut Reader, dossier: DossierId) -> Result<Option<Folder>, Error> {
    let row: Option<FolderRow> = fetch_optional!(
        reader,
        "folder.of_dossier",
        "select id, version, code, dossier, since, seen_at, missed_at, body from folder where dossier = $1",
        dossier.0,
    )?;
    row.map(Folder::try_from).transpose()
}

#[cfg(test)]
mod tests;
