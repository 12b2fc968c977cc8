//! What was brought to the counter: the components of a dossier, the files as they were uploaded, and
//! their pages. Those who wait there are in [`tickets`] and [`appointments`].

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::error::{JsonText, open};
use crate::time::to_micros;
use jiff::Timestamp;
use rules::counter::{DossierComponent, Supply};
use rules::id::{DossierId, OfficerId, PageId, UploadId};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use std::collections::BTreeMap;
use uuid::Uuid;

pub mod appointments;
pub mod favourites;
pub mod fees;
pub mod parcels;
pub mod provisional;
pub mod screens;
pub mod tickets;

/// A component with the version its row was read at; 0 before it has a row.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptComponent {
    pub component: DossierComponent,
    pub version: i64,
}

impl KeptComponent {
    /// One that has no row yet.
    pub fn missing(id: &str) -> Self {
        Self { component: DossierComponent { id: id.to_owned(), supply: Supply::Missing }, version: 0 }
    }
}

/// The components of a dossier that have a row.
pub async fn components(reader: &mut Reader, dossier: DossierId) -> Result<Vec<KeptComponent>, Error> {
    let rows: Vec<(String, i64, JsonText)> = fetch_all!(
        reader,
        "component.of_dossier",
        "select component, version, body from dossier_component where dossier = $1 order by component
         limit 500",
        dossier.0,
    )?;
    rows.into_iter().map(|(id, version, body)| kept(dossier, id, version, body)).collect()
}

/// One component; `Missing` at version 0 when it has no row yet.
pub async fn component(reader: &mut Reader, dossier: DossierId, id: &str) -> Result<KeptComponent, Error> {
    let row: Option<(i64, JsonText)> = fetch_optional!(
        reader,
        "component.find",
        "select version, body from dossier_component where dossier = $1 and component = $2",
        dossier.0,
        id,
    )?;
    match row {
        Some((version, body)) => kept(dossier, id.to_owned(), version, body),
        None => Ok(KeptComponent::missing(id)),
    }
}

fn kept(dossier: DossierId, id: String, version: i64, body: JsonText) -> Result<KeptComponent, Error> {
    let supply = open(body, "dossier_component", "body", format_args!("{}/{id}", dossier.0))?;
    Ok(KeptComponent { component: DossierComponent { id, supply }, version })
}

/// Saves a component that was read at `kept.version`.
pub async fn save_component(tx: &mut Tx, dossier: DossierId, kept: &KeptComponent) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "component.save",
        "insert into dossier_component (dossier, component, version, supply, body)
         values ($1, $2, cast($3 as bigint) + 1, $4, $5)
         on conflict (dossier, component) do update set version = dossier_component.version + 1,
            supply = excluded.supply, body = excluded.body
         where dossier_component.version = $3",
        dossier.0,
        kept.component.id.as_str(),
        kept.version,
        kept.component.supply.kind(),
        Json(&kept.component.supply),
    )?;
    if saved == 0 {
        return Err(Error::Stale { table: "dossier_component", row: kept.component.id.clone() });
    }
    Ok(())
}

/// A file as somebody sent it. Its bytes are kept whatever becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub id: UploadId,
    pub dossier: DossierId,
    pub component: String,
    pub file_name: String,
    pub sha256: String,
    pub n_bytes: i64,
    pub state: UploadState,
    pub already_signed: bool,
    pub added_by: OfficerId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadState {
    Opening,
    Opened,
    /// It cannot be used; says why, in words.
    Rejected(String),
}

impl UploadState {
    fn parts(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Opening => ("opening", None),
            Self::Opened => ("opened", None),
            Self::Rejected(why) => ("rejected", Some(why)),
        }
    }
}

#[derive(sqlx::FromRow)]
struct UploadRow {
    id: Uuid,
    dossier: Uuid,
    component: String,
    file_name: String,
    sha256: String,
    n_bytes: i64,
    state: String,
    why: Option<String>,
    already_signed: bool,
    added_by: Uuid,
}

impl TryFrom<UploadRow> for Upload {
    type Error = Error;

    fn try_from(row: UploadRow) -> Result<Self, Error> {
        let state = match (row.state.as_str(), row.why) {
            ("opening", _) => UploadState::Opening,
            ("opened", _) => UploadState::Opened,
            ("rejected", Some(why)) => UploadState::Rejected(why),
            _ => {
                return Err(Error::Corrupt {
                    table: "upload",
                    column: "state".into(),
                    row: row.id.to_string(),
                });
            }
        };
        Ok(Self {
            id: UploadId(row.id),
            dossier: DossierId(row.dossier),
            component: row.component,
            file_name: row.file_name,
            sha256: row.sha256,
            n_bytes: row.n_bytes,
            state,
            already_signed: row.already_signed,
            added_by: OfficerId(row.added_by),
        })
    }
}

pub async fn add_upload(tx: &mut Tx, upload: &Upload, now: Timestamp) -> Result<(), Error> {
    let (state, why) = upload.state.parts();
    execute!(
        tx,
        "upload.add",
        "insert into upload (id, dossier, component, file_name, sha256, n_bytes, state, why,
            already_signed, added_by, added_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        upload.id.0,
        upload.dossier.0,
        upload.component.as_str(),
        upload.file_name.as_str(),
        upload.sha256.as_str(),
        upload.n_bytes,
        state,
        why,
        upload.already_signed,
        upload.added_by.0,
        to_micros(now),
    )?;
    Ok(())
}

/// Says what became of a file that was being opened; [`Error::Stale`] when there is no such upload.
pub async fn settle_upload(
    tx: &mut Tx,
    id: UploadId,
    state: &UploadState,
    already_signed: bool,
) -> Result<(), Error> {
    let (state, why) = state.parts();
    let settled = execute!(
        tx,
        "upload.settle",
        "update upload set state = $2, why = $3, already_signed = $4 where id = $1",
        id.0,
        state,
        why,
        already_signed,
    )?;
    if settled == 0 {
        return Err(Error::Stale { table: "upload", row: id.to_string() });
    }
    Ok(())
}

pub async fn upload(reader: &mut Reader, id: UploadId) -> Result<Option<Upload>, Error> {
    let row: Option<UploadRow> = fetch_optional!(
        reader,
        "upload.find",
        "select id, dossier, component, file_name, sha256, n_bytes, state, why, already_signed, added_by
         from upload where id = $1",
        id.0,
    )?;
    row.map(Upload::try_from).transpose()
}

/// The uploads of a dossier in the order they came.
pub async fn uploads(reader: &mut Reader, dossier: DossierId) -> Result<Vec<Upload>, Error> {
    let rows: Vec<UploadRow> = fetch_all!(
        reader,
        "upload.of_dossier",
        "select id, dossier, component, file_name, sha256, n_bytes, state, why, already_signed, added_by
         from upload where dossier = $1 order by added_at, id limit 1000",
        dossier.0,
    )?;
    rows.into_iter().map(Upload::try_from).collect()
}

/// One side of paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub id: PageId,
    pub upload: UploadId,
    /// From 0 within the upload.
    pub number: u32,
    pub sha256: String,
    pub thumbnail: String,
    pub picture: Picture,
}

/// What is known of a page's picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// `image/jpeg` or `image/png`.
    pub media_type: String,
    pub width: u32,
    pub height: u32,
    pub dpi: u32,
    /// `bilevel`, `grey` or `colour`.
    pub ink: String,
    /// Quarter turns clockwise the file itself asks for (EXIF).
    pub quarter_turns: u8,
    pub n_bytes: u64,
}

#[derive(sqlx::FromRow)]
struct PageRow {
    id: Uuid,
    upload: Uuid,
    number: i64,
    sha256: String,
    thumbnail: String,
    body: JsonText,
}

impl TryFrom<PageRow> for Page {
    type Error = Error;

    fn try_from(row: PageRow) -> Result<Self, Error> {
        Ok(Self {
            id: PageId(row.id),
            upload: UploadId(row.upload),
            number: u32::try_from(row.number).map_err(|_| Error::Corrupt {
                table: "page",
                column: "number".into(),
                row: row.id.to_string(),
            })?,
            sha256: row.sha256,
            thumbnail: row.thumbnail,
            picture: open(row.body, "page", "body", row.id)?,
        })
    }
}

/// Adds a page; [`Error::Taken`] (`page_upload_number_key`) when its upload has one of that number.
pub async fn add_page(tx: &mut Tx, page: &Page) -> Result<(), Error> {
    execute!(
        tx,
        "page.add",
        "insert into page (id, upload, number, sha256, thumbnail, body) values ($1, $2, $3, $4, $5, $6)",
        page.id.0,
        page.upload.0,
        i64::from(page.number),
        page.sha256.as_str(),
        page.thumbnail.as_str(),
        Json(&page.picture),
    )?;
    Ok(())
}

/// The pages with these ids, in the order of the ids and each once; ids of no page are left out.
pub async fn pages(reader: &mut Reader, ids: &[PageId]) -> Result<Vec<Page>, Error> {
    let wanted: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<PageRow> = fetch_all!(
        reader,
        "page.by_ids",
        "select id, upload, number, sha256, thumbnail, body from page where id in IDS($1)",
        Json(&wanted),
    )?;
    let mut found = BTreeMap::new();
    for row in rows {
        found.insert(PageId(row.id), Page::try_from(row)?);
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The pages of one upload in their order.
pub async fn pages_of_upload(reader: &mut Reader, upload: UploadId) -> Result<Vec<Page>, Error> {
    let rows: Vec<PageRow> = fetch_all!(
        reader,
        "page.of_upload",
        "select id, upload, number, sha256, thumbnail, body from page where upload = $1 order by number
         limit 5000",
        upload.0,
    )?;
    rows.into_iter().map(Page::try_from).collect()
}

/// A page and the dossier it belongs to, for the one who wants to look at it.
pub async fn page_with_dossier(reader: &mut Reader, id: PageId) -> Result<Option<(Page, DossierId)>, Error> {
    let Some(page) = pages(reader, &[id]).await?.pop() else { return Ok(None) };
    let upload = upload(reader, page.upload).await?.ok_or_else(|| Error::Corrupt {
        table: "page",
        column: "upload".into(),
        row: id.to_string(),
    })?;
    Ok(Some((page, upload.dossier)))
}

#[cfg(test)]
mod tests;
