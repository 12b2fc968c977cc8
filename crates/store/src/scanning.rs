//! Digitised copies: a record for what was brought for a component, saved with its version.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::error::{JsonText, open};
use crate::people::reading::Sight;
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::id::{AgencyId, DossierId, OfficerId, PartyId, RecordId};
use rules::people::{AgencyScope, Scope};
use rules::scanning::Record;
use sqlx::types::Json;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct RecordRow {
    id: Uuid,
    version: i64,
    dossier: Uuid,
    component: String,
    owner: Uuid,
    receiving: Uuid,
    competent: Uuid,
    holding: Uuid,
    digitiser: Uuid,
    source: JsonText,
    body: JsonText,
}

impl TryFrom<RecordRow> for Record {
    type Error = Error;

    fn try_from(row: RecordRow) -> Result<Self, Error> {
        Ok(Self {
            id: RecordId(row.id),
            version: row.version,
            dossier: DossierId(row.dossier),
            component: row.component,
            owner: PartyId(row.owner),
            scope: AgencyScope {
                receiving: AgencyId(row.receiving),
                competent: AgencyId(row.competent),
                holding: AgencyId(row.holding),
            },
            digitiser: OfficerId(row.digitiser),
            source: open(row.source, "record", "source", row.id)?,
            state: open(row.body, "record", "body", row.id)?,
        })
    }
}

/// Adds a record at version 1. A component that is brought again, by a supplement, has another record.
pub async fn add(tx: &mut Tx, record: &Record, now: Timestamp) -> Result<(), Error> {
    execute!(
        tx,
        "record.add",
        "insert into record (id, version, dossier, component, owner, receiving, competent, holding,
            digitiser, state, created_at, source, body)
         values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        record.id.0,
        record.dossier.0,
        record.component.as_str(),
        record.owner.0,
        record.scope.receiving.0,
        record.scope.competent.0,
        record.scope.holding.0,
        record.digitiser.0,
        record.state.kind(),
        to_micros(now),
        Json(&record.source),
        Json(&record.state),
    )?;
    Ok(())
}

/// Saves a record read at `record.version`.
pub async fn save(tx: &mut Tx, record: &Record) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "record.save",
        "update record set version = version + 1, state = $3, source = $4, body = $5
         where id = $1 and version = $2",
        record.id.0,
        record.version,
        record.state.kind(),
        Json(&record.source),
        Json(&record.state),
    )?;
    if saved == 0 {
        return Err(Error::Stale { table: "record", row: record.id.to_string() });
    }
    Ok(())
}

pub async fn find(reader: &mut Reader, id: RecordId) -> Result<Option<Record>, Error> {
    let row: Option<RecordRow> = fetch_optional!(
        reader,
        "record.find",
        "select id, version, dossier, component, owner, receiving, competent, holding, digitiser, source,
            body
         from record where id = $1",
        id.0,
    )?;
    row.map(Record::try_from).transpose()
}

/// The records of a dossier, the oldest first.
pub async fn of_dossier(reader: &mut Reader, dossier: DossierId) -> Result<Vec<Record>, Error> {
    let rows: Vec<RecordRow> = fetch_all!(
        reader,
        "record.of_dossier",
        "select id, version, dossier, component, owner, receiving, competent, holding, digitiser, source,
            body
         from record where dossier = $1 order by created_at, id limit 500",
        dossier.0,
    )?;
    rows.into_iter().map(Record::try_from).collect()
}

/// A record as the digitisation list shows it.
#[derive(Clone, Debug)]
pub struct RecordLine {
    pub id: RecordId,
    pub dossier: DossierId,
    pub dossier_code: Option<String>,
    pub component: String,
    pub procedure_name: String,
    pub holder_name: String,
    pub state: String,
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    id: Uuid,
    dossier: Uuid,
    dossier_code: Option<String>,
    component: String,
    procedure_name: String,
    holder_name: String,
    state: String,
    created_at: i64,
}

/// What is still to be digitised where the agencies of a scope receive, the oldest first.
pub async fn lines_open(reader: &mut Reader, scope: &Scope, limit: i64) -> Result<Vec<RecordLine>, Error> {
    let sight = Sight::from(scope);
    let rows: Vec<LineRow> = fetch_all!(
        reader,
        "record.lines_open",
        "select c.id, c.dossier, d.code as dossier_code, c.component, r.name as procedure_name,
            p.name as holder_name, c.state, c.created_at
         from record c
         join dossier d on d.id = c.dossier
         join procedure r on r.code = d.procedure and r.revision = d.revision
         join party p on p.id = c.owner
         where c.receiving in IDS($1) and c.state <> 'filed' and SEEN(c, d.procedure, $2)
         order by c.created_at, c.id limit $3",
        Json(&sight.agencies),
        Json(&sight),
        limit,
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(RecordLine {
                id: RecordId(row.id),
                dossier: DossierId(row.dossier),
                dossier_code: row.dossier_code,
                component: row.component,
                procedure_name: row.procedure_name,
                holder_name: row.holder_name,
                state: row.state,
                created_at: from_micros(row.created_at).map_err(|_| Error::Corrupt {
                    table: "record",
                    column: "created_at".into(),
                    row: row.id.to_string(),
                })?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
