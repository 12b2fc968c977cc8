//! Folders as lists show them: what somebody has, what waits for him, what a shelf should hold, and what
//! does not fit together.

use super::FolderRow;
use crate::Error;
use crate::engine::{Reader, fetch_all};
use crate::people::reading::Sight;
use crate::people::role_of;
use crate::time::to_micros;
use jiff::Timestamp;
use jiff::civil::Date;
use rules::custody::Folder;
use rules::custody::stocktaking::Area;
use rules::id::{AgencyId, DossierId, FolderId, OfficerId};
use rules::people::{Role, Scope};
use sqlx::types::Json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A folder with what its dossier is called.
#[derive(Clone, Debug)]
pub struct FolderLine {
    pub folder: Folder,
    pub dossier_code: String,
    pub procedure_name: String,
    /// The word of the dossier's state.
    pub state: String,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    #[sqlx(flatten)]
    folder: FolderRow,
    dossier_code: Option<String>,
    procedure_name: String,
    state: String,
}

/// Fetches lines of the folders `f` and their dossiers `d`.
macro_rules! fetch_lines {
    ($reader:expr, $name:literal, $which:literal $(, $bind:expr)* $(,)?) => {{
        let rows: Vec<LineRow> = fetch_all!(
            $reader,
            $name,
            concat!(
                "select f.id, f.version, f.code, f.dossier, f.since, f.seen_at, f.missed_at, f.body,
                    d.code as dossier_code, r.name as procedure_name, d.state
                 from folder f
                 join dossier d on d.id = f.dossier
                 join procedure r on r.code = d.procedure and r.revision = d.revision ", $which
            )
            $(, $bind)*
        )?;
        rows.into_iter().map(line).collect()
    }};
}

fn line(row: LineRow) -> Result<FolderLine, Error> {
    Ok(FolderLine {
        folder: row.folder.try_into()?,
        dossier_code: row.dossier_code.unwrap_or_default(),
        procedure_name: row.procedure_name,
        state: row.state,
    })
}

pub async fn by_ids(reader: &mut Reader, ids: &[FolderId]) -> Result<Vec<FolderLine>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    fetch_lines!(reader, "folder.lines_by_ids", "where f.id in IDS($1) order by d.code, f.id", Json(&ids))
}

/// What an officer has in hand, the longest first.
pub async fn in_hand(reader: &mut Reader, officer: OfficerId, limit: i64) -> Result<Vec<FolderLine>, Error> {
    fetch_lines!(
        reader,
        "folder.lines_in_hand",
        "where f.officer = $1 and f.place = 'bearer' order by f.since, f.id limit $2",
        officer.0,
        limit,
    )
}

/// What he gave and nobody has confirmed, the longest first.
pub async fn given_by(reader: &mut Reader, officer: OfficerId, limit: i64) -> Result<Vec<FolderLine>, Error> {
    fetch_lines!(
        reader,
        "folder.lines_given_by",
        "where f.officer = $1 and f.place = 'passing' order by f.since, f.id limit $2",
        officer.0,
        limit,
    )
}

/// What waits for his confirmation: given to him, or to whoever of his agencies takes it.
pub async fn given_to(
    reader: &mut Reader,
    officer: OfficerId,
    agencies: &BTreeSet<AgencyId>,
    limit: i64,
) -> Result<Vec<FolderLine>, Error> {
    let agencies: Vec<Uuid> = agencies.iter().map(|agency| agency.0).collect();
    fetch_lines!(
        reader,
        "folder.lines_given_to",
        "where f.to_agency in IDS($1) and coalesce(f.to_officer, $2) = $2 and f.officer <> $2
         order by f.due_at, f.id limit $3",
        Json(&agencies),
        officer.0,
        limit,
    )
}

/// What a stocktaking should meet; at most `limit`.
pub async fn expected(reader: &mut Reader, area: &Area, limit: i64) -> Result<Vec<FolderLine>, Error> {
    match area {
        Area::InHand(bearer) => in_hand_at(reader, bearer.officer, bearer.agency, limit).await,
        Area::Shelf { agency, shelf } => fetch_lines!(
            reader,
            "folder.lines_on_shelf",
            "where f.agency = $1 and f.room = $2 and ($3 = '' or f.rack = $3) and ($4 = '' or f.boxed = $4)
             order by f.rack, f.boxed, f.id limit $5",
            agency.0,
            shelf.room.as_str(),
            shelf.rack.as_str(),
            shelf.boxed.as_str(),
            limit,
        ),
    }
}

async fn in_hand_at(
    reader: &mut Reader,
    officer: OfficerId,
    agency: AgencyId,
    limit: i64,
) -> Result<Vec<FolderLine>, Error> {
    fetch_lines!(
        reader,
        "folder.lines_in_hand_at",
        "where f.officer = $1 and f.agency = $2 and f.place = 'bearer' order by f.since, f.id limit $3",
        officer.0,
        agency.0,
        limit,
    )
}

/// Dossier without paper: dossiers that are open and whose folder was looked for in vain, was given and not
/// confirmed in time, or was not seen since `unseen_since`. The longest unseen first.
pub async fn without_paper(
    reader: &mut Reader,
    scope: &Scope,
    unseen_since: Timestamp,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<FolderLine>, Error> {
    fetch_lines!(
        reader,
        "folder.lines_without_paper",
        "where f.agency is not null
           and (f.missed_at is not null or f.due_at < $2 or f.seen_at < $1)
           and d.state in ('submitted', 'awaiting_papers', 'received', 'awaiting_parts', 'in_process',
                'awaiting_supplement', 'awaiting_payment', 'halted', 'done')
           and SEEN(d, d.procedure, $3)
         order by f.seen_at, f.id limit $4",
        to_micros(unseen_since),
        to_micros(now),
        Json(Sight::from(scope)),
        limit,
    )
}

/// Paper without dossier: the dossier is over, and its folder is neither in an archive nor gone.
pub async fn without_dossier(
    reader: &mut Reader,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<FolderLine>, Error> {
    fetch_lines!(
        reader,
        "folder.lines_without_dossier",
        "where f.place in ('bearer', 'passing', 'post', 'outside')
           and d.state in ('not_received', 'stopped', 'withdrawn', 'handed_over')
           and SEEN(d, d.procedure, $1)
         order by f.since, f.id limit $2",
        Json(Sight::from(scope)),
        limit,
    )
}

/// Who of an agency can be given paper on a day: id, name and post of each, by name.
pub async fn keepers(
    reader: &mut Reader,
    agency: AgencyId,
    on: Date,
) -> Result<Vec<(OfficerId, String, Role)>, Error> {
    let rows: Vec<(Uuid, String, String)> = fetch_all!(
        reader,
        "folder.keepers",
        "select o.id, o.name, min(p.role) from post p join officer o on o.id = p.officer
         where p.agency = $1 and p.valid_from <= $2 and (p.valid_to is null or p.valid_to >= $2) and o.active
           and p.role not in ('admin', 'auditor', 'gateway')
         group by o.id, o.name order by o.name, o.id limit 2000",
        agency.0,
        on.to_string(),
    )?;
    rows.into_iter()
        .map(|(id, name, role)| {
            let role = role_of(&role).ok_or_else(|| Error::corrupt("post", "role", id))?;
            Ok((OfficerId(id), name, role))
        })
        .collect()
}

/// The agencies where somebody can be given paper on a day, by name.
pub async fn keeping_agencies(reader: &mut Reader, on: Date) -> Result<Vec<(AgencyId, String)>, Error> {
    let rows: Vec<(Uuid, String)> = fetch_all!(
        reader,
        "folder.keeping_agencies",
        "select u.id, u.name from unit u
         where exists (select 1 from post p where p.agency = u.id and p.valid_from <= $1
                and (p.valid_to is null or p.valid_to >= $1) and p.role not in ('admin', 'auditor', 'gateway'))
         order by u.name, u.id limit 2000",
        on.to_string(),
    )?;
    Ok(rows.into_iter().map(|(id, name)| (AgencyId(id), name)).collect())
}

/// Dossiers whose folder was given and should have been confirmed before `now`, and of which nobody has
/// been told yet.
pub async fn overdue(reader: &mut Reader, now: Timestamp, limit: i64) -> Result<Vec<DossierId>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "folder.overdue",
        "select f.dossier from folder f
         where f.due_at < $1
           and not exists (select 1 from alarm a
                where a.dossier = f.dossier and a.kind = 'unconfirmed' and a.cleared_at is null)
         order by f.due_at limit $2",
        to_micros(now),
        limit,
    )?;
    Ok(rows.into_iter().map(|(id,)| DossierId(id)).collect())
}
