//! What the audit page keeps of its own: each time the chain was verified with what was found, and the
//! files of events that somebody asked for.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::error::{JsonText, open};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::event::trail::{Filter, Lookout};
use rules::id::{AuditCheckId, AuditExportId, OfficerId};
use sqlx::types::Json;
use uuid::Uuid;

/// The chain as it was found once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub id: AuditCheckId,
    /// None where it was its daily turn.
    pub asked_by: Option<OfficerId>,
    pub finished_at: Timestamp,
    pub n_events: u64,
    pub n_checkpoints: u64,
    /// The moment of the newest checkpoint.
    pub sealed_until: Option<Timestamp>,
    pub n_faults: u64,
    /// The first of them, in words.
    pub faults: Vec<String>,
}

/// A file of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    pub id: AuditExportId,
    pub asked_by: OfficerId,
    pub asked_at: Timestamp,
    pub filter: Filter,
    /// None while it is being made.
    pub made: Option<Made>,
    /// The file was let go after its time.
    pub is_dropped: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub at: Timestamp,
    pub n_events: u32,
    pub sha256: String,
    /// The posts with which it was written: who has less today does not get it.
    pub sight: Vec<Lookout>,
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Keeps what a verification found.
pub async fn add_check(tx: &mut Tx, check: &Check) -> Result<(), Error> {
    execute!(
        tx,
        "audit.add_check",
        "insert into audit_check (id, asked_by, finished_at, n_events, n_checkpoints, sealed_until, n_faults,
            faults)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        check.id.0,
        check.asked_by.map(|officer| officer.0),
        to_micros(check.finished_at),
        number(check.n_events),
        number(check.n_checkpoints),
        check.sealed_until.map(to_micros),
        number(check.n_faults),
        Json(&check.faults),
    )
    .map(drop)
}

#[derive(sqlx::FromRow)]
struct CheckRow {
    id: Uuid,
    asked_by: Option<Uuid>,
    finished_at: i64,
    n_events: i64,
    n_checkpoints: i64,
    sealed_until: Option<i64>,
    n_faults: i64,
    faults: JsonText,
}

/// The latest verification that was finished.
pub async fn last_check(reader: &mut Reader) -> Result<Option<Check>, Error> {
    let row: Option<CheckRow> = fetch_optional!(
        reader,
        "audit.last_check",
        "select id, asked_by, finished_at, n_events, n_checkpoints, sealed_until, n_faults, faults
         from audit_check where finished_at > $1 order by finished_at desc, id desc limit 1",
        i64::MIN,
    )?;
    row.map(Check::try_from).transpose()
}

impl TryFrom<CheckRow> for Check {
    type Error = Error;

    fn try_from(row: CheckRow) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("audit_check", column, row.id);
        let sealed_until = row.sealed_until.map(from_micros).transpose();
        Ok(Self {
            id: AuditCheckId(row.id),
            asked_by: row.asked_by.map(OfficerId),
            finished_at: from_micros(row.finished_at).map_err(|_| corrupt("finished_at"))?,
            n_events: row.n_events.unsigned_abs(),
            n_checkpoints: row.n_checkpoints.unsigned_abs(),
            sealed_until: sealed_until.map_err(|_| corrupt("sealed_until"))?,
            n_faults: row.n_faults.unsigned_abs(),
            faults: open(row.faults, "audit_check", "faults", row.id)?,
        })
    }
}

/// Notes that somebody asked for a file.
pub async fn add_export(tx: &mut Tx, export: &Export) -> Result<(), Error> {
    execute!(
        tx,
        "audit.add_export",
        "insert into audit_export (id, asked_by, asked_at, filter) values ($1, $2, $3, $4)",
        export.id.0,
        export.asked_by.0,
        to_micros(export.asked_at),
        Json(&export.filter),
    )
    .map(drop)
}

/// Notes that the file is there. Doing it twice keeps the first.
pub async fn note_made(tx: &mut Tx, id: AuditExportId, made: &Made) -> Result<bool, Error> {
    let n_rows = execute!(
        tx,
        "audit.note_made",
        "update audit_export set finished_at = $2, n_events = $3, sha256 = $4, sight = $5
         where id = $1 and finished_at is null",
        id.0,
        to_micros(made.at),
        i64::from(made.n_events),
        made.sha256.as_str(),
        Json(&made.sight),
    )?;
    Ok(n_rows == 1)
}

/// The files made before a moment that are still kept.
pub async fn made_before(reader: &mut Reader, before: Timestamp, limit: i64) -> Result<Vec<Export>, Error> {
    let rows: Vec<ExportRow> = fetch_all!(
        reader,
        "audit.exports_made_before",
        "select id, asked_by, asked_at, filter, finished_at, n_events, sha256, sight, dropped_at
         from audit_export where finished_at < $1 and dropped_at is null order by finished_at limit $2",
        to_micros(before),
        limit,
    )?;
    rows.into_iter().map(Export::try_from).collect()
}

/// Notes that the file is no longer kept; that it was made stays known.
pub async fn note_dropped(tx: &mut Tx, id: AuditExportId, now: Timestamp) -> Result<(), Error> {
    execute!(
        tx,
        "audit.note_dropped",
        "update audit_export set dropped_at = $2 where id = $1",
        id.0,
        to_micros(now),
    )
    .map(drop)
}

#[derive(sqlx::FromRow)]
struct ExportRow {
    id: Uuid,
    asked_by: Uuid,
    asked_at: i64,
    filter: JsonText,
    finished_at: Option<i64>,
    n_events: Option<i64>,
    sha256: Option<String>,
    sight: Option<JsonText>,
    dropped_at: Option<i64>,
}

/// One file.
pub async fn export(reader: &mut Reader, id: AuditExportId) -> Result<Option<Export>, Error> {
    let row: Option<ExportRow> = fetch_optional!(
        reader,
        "audit.export",
        "select id, asked_by, asked_at, filter, finished_at, n_events, sha256, sight, dropped_at
         from audit_export where id = $1",
        id.0,
    )?;
    row.map(Export::try_from).transpose()
}

/// The files an officer asked for, the latest first.
pub async fn exports_of(reader: &mut Reader, officer: OfficerId, limit: i64) -> Result<Vec<Export>, Error> {
    let rows: Vec<ExportRow> = fetch_all!(
        reader,
        "audit.exports_of",
        "select id, asked_by, asked_at, filter, finished_at, n_events, sha256, sight, dropped_at
         from audit_export where asked_by = $1 order by asked_at desc, id desc limit $2",
        officer.0,
        limit,
    )?;
    rows.into_iter().map(Export::try_from).collect()
}

impl TryFrom<ExportRow> for Export {
    type Error = Error;

    fn try_from(row: ExportRow) -> Result<Self, Error> {
        let instant =
            |micros, column| from_micros(micros).map_err(|_| Error::corrupt("audit_export", column, row.id));
        let made = match (row.finished_at, row.n_events, row.sha256, row.sight) {
            (Some(at), Some(n_events), Some(sha256), Some(sight)) => Some(Made {
                sight: open(sight, "audit_export", "sight", row.id)?,
                at: instant(at, "finished_at")?,
                n_events: u32::try_from(n_events)
                    .map_err(|_| Error::corrupt("audit_export", "n_events", row.id))?,
                sha256,
            }),
            _ => None,
        };
        Ok(Self {
            id: AuditExportId(row.id),
            asked_by: OfficerId(row.asked_by),
            asked_at: instant(row.asked_at, "asked_at")?,
            filter: open(row.filter, "audit_export", "filter", row.id)?,
            made,
            is_dropped: row.dropped_at.is_some(),
        })
    }
}

#[cfg(test)]
mod tests;
