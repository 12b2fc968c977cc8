//! Calendars decided here, each version a row, and the dossiers whose dates hang on them.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_one, fetch_optional};
use crate::error::{JsonText, open};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::calendar::CalendarDecision;
use rules::dossier::DueMoment;
use rules::dossier::clock::Clock;
use rules::id::{AgencyId, CalendarId, DossierId, OfficerId};
use sqlx::types::Json;
use uuid::Uuid;

/// A calendar as it was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    pub id: CalendarId,
    /// Counts the decisions on one unit, or on one year.
    pub version: i64,
    pub unit: Option<AgencyId>,
    pub decided_by: OfficerId,
    pub decided_at: Timestamp,
    /// How many dossiers were shown to be moved, and the digest of that list.
    pub n_moved: u32,
    pub impact: String,
    pub decision: CalendarDecision,
}

/// How far the dates were counted again after a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recount {
    pub through: DossierId,
    pub finished_at: Option<Timestamp>,
}

/// A dossier whose date may still move.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenClock {
    pub dossier: DossierId,
    pub code: Option<String>,
    /// The agency by whose calendar it is counted.
    pub competent: AgencyId,
    pub clock: Clock,
    pub due: DueMoment,
}

#[derive(sqlx::FromRow)]
struct DecidedRow {
    id: Uuid,
    version: i64,
    unit: Option<Uuid>,
    decided_by: Uuid,
    decided_at: i64,
    n_moved: i64,
    impact: String,
    body: JsonText,
}

#[derive(sqlx::FromRow)]
struct HistoryRow {
    #[sqlx(flatten)]
    decided: DecidedRow,
    counted_at: Option<i64>,
}

impl TryFrom<DecidedRow> for Decided {
    type Error = Error;

    fn try_from(row: DecidedRow) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("calendar", column, row.id);
        Ok(Self {
            id: CalendarId(row.id),
            version: row.version,
            unit: row.unit.map(AgencyId),
            decided_by: OfficerId(row.decided_by),
            decided_at: from_micros(row.decided_at).map_err(|_| corrupt("decided_at"))?,
            n_moved: u32::try_from(row.n_moved).map_err(|_| corrupt("n_moved"))?,
            impact: row.impact,
            decision: open(row.body, "calendar", "body", row.id)?,
        })
    }
}

impl Decided {
    pub fn into_decision(self) -> CalendarDecision {
        self.decision
    }
}

/// What a decision is about; two decisions with the same scope follow one another.
pub fn scope(decision: &CalendarDecision) -> String {
    match decision {
        CalendarDecision::Year(table) => format!("year:{}", table.year),
        CalendarDecision::Unit(own) => format!("unit:{}", own.unit),
    }
}

/// Keeps a decision, as the next version of its scope.
///
/// # Errors
/// [`Error::Taken`] (`calendar_scope_key`) when somebody decided the same scope meanwhile.
pub async fn add(tx: &mut Tx, decided: &Decided) -> Result<(), Error> {
    let (valid_from, valid_to) = decided.decision.validity();
    execute!(
        tx,
        "calendar.add",
        "insert into calendar (id, scope, version, unit, valid_from, valid_to, decided_by, decided_at,
            n_moved, impact, counted_through, body)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        decided.id.0,
        scope(&decided.decision),
        decided.version,
        decided.unit.map(|unit| unit.0),
        valid_from.to_string(),
        valid_to.map(|day| day.to_string()),
        decided.decided_by.0,
        to_micros(decided.decided_at),
        i64::from(decided.n_moved),
        decided.impact.as_str(),
        Uuid::nil(),
        Json(&decided.decision),
    )?;
    Ok(())
}

/// The version that holds of every scope.
pub async fn all_in_force(reader: &mut Reader) -> Result<Vec<Decided>, Error> {
    let rows: Vec<DecidedRow> = fetch_all!(
        reader,
        "calendar.all_in_force",
        "select id, version, unit, decided_by, decided_at, n_moved, impact, body from calendar c
         where version = (select max(d.version) from calendar d where d.scope = c.scope)
         order by scope limit 20000",
    )?;
    rows.into_iter().map(Decided::try_from).collect()
}

/// The version of a scope that holds; 0 before the first decision.
pub async fn version(reader: &mut Reader, scope: &str) -> Result<i64, Error> {
    let (version,): (i64,) = fetch_one!(
        reader,
        "calendar.version",
        "select coalesce(max(version), 0) from calendar where scope = $1",
        scope,
    )?;
    Ok(version)
}

/// How many decisions there are, on calendars and on the tree of units they go down: another number is
/// another calendar for somebody.
pub async fn edition(reader: &mut Reader) -> Result<i64, Error> {
    let (n,): (i64,) = fetch_one!(
        reader,
        "calendar.edition",
        "select (select count(*) from calendar) + (select count(*) from reorganisation)",
    )?;
    Ok(n)
}

pub async fn find(reader: &mut Reader, id: CalendarId) -> Result<Option<(Decided, Recount)>, Error> {
    let row: Option<DecidedRow> = fetch_optional!(
        reader,
        "calendar.find",
        "select id, version, unit, decided_by, decided_at, n_moved, impact, body from calendar
         where id = $1",
        id.0,
    )?;
    let Some(row) = row else { return Ok(None) };
    let (through, finished_at): (Uuid, Option<i64>) = fetch_one!(
        reader,
        "calendar.recount",
        "select counted_through, counted_at from calendar where id = $1",
        id.0,
    )?;
    let finished_at = finished_at.map(from_micros).transpose();
    let finished_at = finished_at.map_err(|_| Error::corrupt("calendar", "counted_at", id))?;
    Ok(Some((row.try_into()?, Recount { through: DossierId(through), finished_at })))
}

/// A decision as the list under a calendar shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct DecidedLine {
    pub decided: Decided,
    /// When all dates were counted again.
    pub counted_at: Option<Timestamp>,
}

/// The decisions on these scopes, the latest first.
pub async fn decisions(reader: &mut Reader, scopes: &[&str], limit: i64) -> Result<Vec<DecidedLine>, Error> {
    let rows: Vec<HistoryRow> = fetch_all!(
        reader,
        "calendar.decisions",
        "select id, version, unit, decided_by, decided_at, n_moved, impact, body, counted_at from calendar
         where scope in TEXTS($1) order by decided_at desc, id desc limit $2",
        Json(scopes),
        limit,
    )?;
    rows.into_iter()
        .map(|row| {
            let corrupt = Error::corrupt("calendar", "counted_at", row.decided.id);
            let counted_at = row.counted_at.map(from_micros).transpose().map_err(|_| corrupt)?;
            Ok(DecidedLine { decided: row.decided.try_into()?, counted_at })
        })
        .collect()
}

/// Notes how far the dates were counted again.
pub async fn note_recount(tx: &mut Tx, id: CalendarId, recount: Recount) -> Result<(), Error> {
    execute!(
        tx,
        "calendar.note_recount",
        "update calendar set counted_through = $2, counted_at = $3 where id = $1",
        id.0,
        recount.through.0,
        recount.finished_at.map(to_micros),
    )?;
    Ok(())
}

/// Open dossiers behind `after` that have a date, of these agencies, or of all where none is named.
pub async fn open_clocks(
    reader: &mut Reader,
    agencies: Option<&[Uuid]>,
    after: DossierId,
    limit: i64,
) -> Result<Vec<OpenClock>, Error> {
    type Row = (Uuid, Option<String>, Uuid, i64, String, JsonText);
    let rows: Vec<Row> = fetch_all!(
        reader,
        "calendar.open_clocks",
        "select id, code, competent, due_at, due_on, clock from dossier
         where id > $1 and due_at is not null and clock is not null and ($2 = 1 or competent in IDS($3))
           and state in ('received', 'awaiting_parts', 'in_process', 'awaiting_supplement',
                'awaiting_payment', 'halted')
         order by id limit $4",
        after.0,
        i64::from(agencies.is_none()),
        Json(agencies.unwrap_or_default()),
        limit,
    )?;
    rows.into_iter()
        .map(|(id, code, competent, due_at, due_on, clock)| {
            let corrupt = |column| Error::corrupt("dossier", column, id);
            let at = from_micros(due_at).map_err(|_| corrupt("due_at"))?;
            let on = due_on.parse().map_err(|_| corrupt("due_on"))?;
            Ok(OpenClock {
                dossier: DossierId(id),
                code,
                competent: AgencyId(competent),
                clock: open(clock, "dossier", "clock", id)?,
                due: DueMoment { at, on },
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
