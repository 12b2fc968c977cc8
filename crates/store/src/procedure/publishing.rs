//! Drafts of procedures, the decisions their revisions were published by, and retirements.

use super::{Error, Reader, Tx, add};
use crate::engine::{execute, fetch_all, fetch_optional};
use crate::error::{JsonText, open};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::code::ProcedureCode;
use rules::id::OfficerId;
use rules::procedure::Procedure;
use sqlx::types::Json;
use uuid::Uuid;

/// What is being drafted for a code.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Counts the savings; 0 before the first.
    pub version: i64,
    /// None where nothing is drafted, or all of it was published.
    pub procedure: Option<Procedure>,
}

/// The draft of a code.
pub async fn draft(reader: &mut Reader, code: &ProcedureCode) -> Result<Draft, Error> {
    let row: Option<(i64, Option<JsonText>)> = fetch_optional!(
        reader,
        "procedure.draft",
        "select version, body from procedure_draft where code = $1",
        code.as_str(),
    )?;
    let Some((version, body)) = row else { return Ok(Draft { version: 0, procedure: None }) };
    let procedure = body.map(|body| open(body, "procedure_draft", "body", code)).transpose()?;
    Ok(Draft { version, procedure })
}

/// Saves what is drafted, seen at `version`; gives the version it has now.
pub async fn save_draft(
    tx: &mut Tx,
    code: &ProcedureCode,
    draft: &Draft,
    by: OfficerId,
    now: Timestamp,
) -> Result<i64, Error> {
    let body = draft.procedure.as_ref().map(Json);
    // The first saving makes the row; any other finds it at the version that was seen.
    let saved = execute!(
        tx,
        "procedure.save_draft",
        "insert into procedure_draft (code, version, body, saved_by, saved_at) values ($1, $6, $3, $4, $5)
         on conflict (code) do update set version = excluded.version, body = excluded.body,
            saved_by = excluded.saved_by, saved_at = excluded.saved_at
         where procedure_draft.version = $2",
        code.as_str(),
        draft.version,
        body,
        by.0,
        to_micros(now),
        draft.version + 1,
    )?;
    if saved == 0 {
        return Err(Error::Stale { table: "procedure_draft", row: code.to_string() });
    }
    if let Some(body) = body {
        execute!(
            tx,
            "procedure.keep_saving",
            "insert into procedure_draft_saving (code, version, body, saved_by, saved_at)
             values ($1, $2, $3, $4, $5)",
            code.as_str(),
            draft.version + 1,
            body,
            by.0,
            to_micros(now),
        )?;
    }
    Ok(draft.version + 1)
}

/// The number of the latest revision, in force or not.
pub async fn latest_revision(reader: &mut Reader, code: &ProcedureCode) -> Result<Option<u32>, Error> {
    let row: Option<(i64,)> = fetch_optional!(
        reader,
        "procedure.latest_revision",
        "select revision from procedure where code = $1 order by revision desc limit 1",
        code.as_str(),
    )?;
    row.map(|(revision,)| number(revision, code)).transpose()
}

/// Puts a revision in the catalogue, with the decision it was published by.
pub async fn publish(
    tx: &mut Tx,
    procedure: &Procedure,
    content_of: Option<u32>,
    by: OfficerId,
    now: Timestamp,
) -> Result<(), Error> {
    if add(tx, procedure).await? == 0 {
        // Published meanwhile by somebody else.
        return Err(Error::Stale { table: "procedure", row: procedure.code.to_string() });
    }
    execute!(
        tx,
        "procedure.publish",
        "insert into procedure_publication (code, revision, decision, content_of, published_by, published_at)
         values ($1, $2, $3, $4, $5, $6)",
        procedure.code.as_str(),
        i64::from(procedure.revision),
        procedure.decision.as_str(),
        content_of.map(i64::from),
        by.0,
        to_micros(now),
    )?;
    Ok(())
}

/// Ends a revision and all before it with a last day; said again, the later decision counts.
pub async fn retire(
    tx: &mut Tx,
    procedure: &Procedure,
    last_day: Date,
    decision: &str,
    by: OfficerId,
    now: Timestamp,
) -> Result<(), Error> {
    execute!(
        tx,
        "procedure.retire",
        "insert into procedure_retirement (code, revision, last_day, decision, retired_by, retired_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (code, revision) do update set last_day = excluded.last_day,
            decision = excluded.decision, retired_by = excluded.retired_by, retired_at = excluded.retired_at",
        procedure.code.as_str(),
        i64::from(procedure.revision),
        last_day.to_string(),
        decision,
        by.0,
        to_micros(now),
    )?;
    Ok(())
}

/// One revision in the history of a procedure.
#[derive(Clone, Debug, PartialEq)]
pub struct RevisionLine {
    pub revision: u32,
    pub valid_from: Date,
    pub valid_to: Option<Date>,
    /// The last day by a retirement.
    pub retired_on: Option<Date>,
    /// None for what came with the program.
    pub published: Option<Published>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    pub decision: String,
    pub content_of: Option<u32>,
    pub by: OfficerId,
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct RevisionRow {
    revision: i64,
    valid_from: String,
    valid_to: Option<String>,
    last_day: Option<String>,
    decision: Option<String>,
    content_of: Option<i64>,
    published_by: Option<Uuid>,
    published_at: Option<i64>,
}

/// Every revision of a procedure, the latest first.
pub async fn revisions(reader: &mut Reader, code: &ProcedureCode) -> Result<Vec<RevisionLine>, Error> {
    let rows: Vec<RevisionRow> = fetch_all!(
        reader,
        "procedure.revisions",
        "select p.revision, p.valid_from, p.valid_to,
            (select min(r.last_day) from procedure_retirement r
             where r.code = p.code and r.revision >= p.revision) as last_day,
            b.decision, b.content_of, b.published_by, b.published_at
         from procedure p left join procedure_publication b on b.code = p.code and b.revision = p.revision
         where p.code = $1 order by p.revision desc limit 1000",
        code.as_str(),
    )?;
    rows.into_iter().map(|row| row.line(code)).collect()
}

impl RevisionRow {
    fn line(self, code: &ProcedureCode) -> Result<RevisionLine, Error> {
        let day = |text: String, column| {
            text.parse::<Date>().map_err(|_| Error::corrupt("procedure", column, code))
        };
        let published = match (self.decision, self.published_by, self.published_at) {
            (Some(decision), Some(by), Some(at)) => Some(Published {
                decision,
                content_of: self.content_of.map(|of| number(of, code)).transpose()?,
                by: OfficerId(by),
                at: from_micros(at)
                    .map_err(|_| Error::corrupt("procedure_publication", "published_at", code))?,
            }),
            _ => None,
        };
        Ok(RevisionLine {
            revision: number(self.revision, code)?,
            valid_from: day(self.valid_from, "valid_from")?,
            valid_to: self.valid_to.map(|text| day(text, "valid_to")).transpose()?,
            retired_on: self.last_day.map(|text| day(text, "last_day")).transpose()?,
            published,
        })
    }
}

fn number(revision: i64, code: &ProcedureCode) -> Result<u32, Error> {
    u32::try_from(revision).map_err(|_| Error::corrupt("procedure", "revision", code))
}

#[cfg(test)]
mod tests;
