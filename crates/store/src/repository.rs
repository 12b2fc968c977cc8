//! Entries of the repository: added, superseded, never deleted.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_one, fetch_optional};
use crate::error::{JsonText, open};
use crate::time::{from_micros, to_micros};
use jiff::civil::Date;
use rules::id::{AgencyId, DossierId, EntryId, PartyId};
use rules::people::AgencyScope;
use rules::repository::Entry;
use rules::scanning::Blob;
use sqlx::types::Json;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: Uuid,
    owner: Uuid,
    dossier: Uuid,
    receiving: Uuid,
    competent: Uuid,
    holding: Uuid,
    code: String,
    paper_type: String,
    title: String,
    sha256: String,
    n_bytes: i64,
    filed_at: i64,
    superseded_by: Option<Uuid>,
    annulled_on: Option<String>,
    origin: JsonText,
    fields: JsonText,
}

impl TryFrom<EntryRow> for Entry {
    type Error = Error;

    fn try_from(row: EntryRow) -> Result<Self, Error> {
        let corrupt = |column: &'static str| Error::Corrupt {
            table: "entry",
            column: column.into(),
            row: row.id.to_string(),
        };
        Ok(Self {
            id: EntryId(row.id),
            owner: PartyId(row.owner),
            origin: open(row.origin, "entry", "origin", row.id)?,
            dossier: DossierId(row.dossier),
            scope: AgencyScope {
                receiving: AgencyId(row.receiving),
                competent: AgencyId(row.competent),
                holding: AgencyId(row.holding),
            },
            filed_at: from_micros(row.filed_at).map_err(|_| corrupt("filed_at"))?,
            pdf: Blob {
                bytes: u64::try_from(row.n_bytes).map_err(|_| corrupt("n_bytes"))?,
                sha256: row.sha256,
            },
            code: row.code,
            paper_type: row.paper_type,
            title: row.title,
            fields: open(row.fields, "entry", "fields", row.id)?,
            superseded_by: row.superseded_by.map(EntryId),
            annulled_on: row
                .annulled_on
                .map(|day| day.parse().map_err(|_| corrupt("annulled_on")))
                .transpose()?,
        })
    }
}

/// Files an entry; [`Error::Taken`] (`entry_code_key`) when its code is given already.
pub async fn add(tx: &mut Tx, entry: &Entry) -> Result<(), Error> {
    execute!(
        tx,
        "entry.add",
        "insert into entry (id, owner, dossier, receiving, competent, holding, code, stem, paper_type,
            title, sha256, n_bytes, issued_on, valid_to, filed_at, superseded_by, origin, fields)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        entry.id.0,
        entry.owner.0,
        entry.dossier.0,
        entry.scope.receiving.0,
        entry.scope.competent.0,
        entry.scope.holding.0,
        entry.code.as_str(),
        stem(&entry.code),
        entry.paper_type.as_str(),
        entry.title.as_str(),
        entry.pdf.sha256.as_str(),
        i64::try_from(entry.pdf.bytes).unwrap_or(i64::MAX),
        entry.fields.issued_on.map(|day| day.to_string()),
        entry.fields.valid_to.map(|day| day.to_string()),
        to_micros(entry.filed_at),
        entry.superseded_by.map(|later| later.0),
        Json(&entry.origin),
        Json(&entry.fields),
    )?;
    Ok(())
}

pub async fn find(reader: &mut Reader, id: EntryId) -> Result<Option<Entry>, Error> {
    let row: Option<EntryRow> = fetch_optional!(
        reader,
        "entry.find",
        "select id, owner, dossier, receiving, competent, holding, code, paper_type, title, sha256,
            n_bytes, filed_at, superseded_by, annulled_on, origin, fields
         from entry where id = $1",
        id.0,
    )?;
    row.map(Entry::try_from).transpose()
}

/// The papers of one owner from all agencies, the newest first: the caller shows those the actor may see.
/// Reuse looks at all of them.
pub async fn of_owner(reader: &mut Reader, owner: PartyId) -> Result<Vec<Entry>, Error> {
    let rows: Vec<EntryRow> = fetch_all!(
        reader,
        "entry.of_owner",
        "select id, owner, dossier, receiving, competent, holding, code, paper_type, title, sha256,
            n_bytes, filed_at, superseded_by, annulled_on, origin, fields
         from entry where owner = $1 order by filed_at desc, id desc limit 1000",
        owner.0,
    )?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// Entries by id, in no particular order.
pub async fn by_ids(reader: &mut Reader, ids: &[Uuid]) -> Result<Vec<Entry>, Error> {
    let rows: Vec<EntryRow> = fetch_all!(
        reader,
        "entry.by_ids",
        "select id, owner, dossier, receiving, competent, holding, code, paper_type, title, sha256,
            n_bytes, filed_at, superseded_by, annulled_on, origin, fields
         from entry where id in IDS($1)",
        Json(ids),
    )?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// The code without the counter behind its last dot; a code without one is its own stem.
fn stem(code: &str) -> &str {
    match code.rsplit_once('.') {
        Some((stem, counter)) if !counter.is_empty() && counter.bytes().all(|b| b.is_ascii_digit()) => stem,
        _ => code,
    }
}

/// How many entries have a code that is `code` or `code` with a counter.
pub async fn n_with_code(reader: &mut Reader, code: &str) -> Result<u32, Error> {
    let (n,): (i64,) = fetch_one!(
        reader,
        "entry.count_with_code",
        "select count(*) from entry where stem = $1 or code = $1",
        code,
    )?;
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

/// A newer paper takes the place of this one, which stays readable.
///
/// # Errors
/// [`Error::Stale`] when another has taken its place already, or it is to take its own.
pub async fn supersede(tx: &mut Tx, old: EntryId, new: EntryId) -> Result<(), Error> {
    let changed = execute!(
        tx,
        "entry.supersede",
        "update entry set superseded_by = $2 where id = $1 and id <> $2 and superseded_by is null",
        old.0,
        new.0,
    )?;
    if changed == 0 {
        return Err(Error::Stale { table: "entry", row: old.to_string() });
    }
    Ok(())
}

/// The entries a dossier brought forth: its digitised papers and its results.
pub async fn of_dossier(reader: &mut Reader, dossier: DossierId) -> Result<Vec<Entry>, Error> {
    let rows: Vec<EntryRow> = fetch_all!(
        reader,
        "entry.of_dossier",
        "select id, owner, dossier, receiving, competent, holding, code, paper_type, title, sha256,
            n_bytes, filed_at, superseded_by, annulled_on, origin, fields
         from entry where dossier = $1 order by filed_at, id limit 1000",
        dossier.0,
    )?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// A decision takes a paper back, which stays readable.
///
/// # Errors
/// [`Error::Stale`] when it was taken back already.
pub async fn annul(tx: &mut Tx, id: EntryId, on: Date) -> Result<(), Error> {
    let changed = execute!(
        tx,
        "entry.annul",
        "update entry set annulled_on = $2 where id = $1 and annulled_on is null",
        id.0,
        on.to_string(),
    )?;
    if changed == 0 {
        return Err(Error::Stale { table: "entry", row: id.to_string() });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
