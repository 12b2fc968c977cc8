//! Procedure revisions. A published revision never changes; a newer one stands beside it.

use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::Error;
use jiff::civil::Date;
use rules::code::ProcedureCode;
use rules::procedure::Procedure;
use sqlx::types::Json;

/// Puts a revision in the catalogue; one that is there already stays as it is.
pub async fn add(tx: &mut Tx, procedure: &Procedure) -> Result<u64, Error> {
    execute!(
        tx,
        "procedure.add",
        "insert into procedure (code, revision, name, field, valid_from, valid_to, body)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (code, revision) do nothing",
        procedure.code.as_str(),
        i64::from(procedure.revision),
        procedure.name.as_str(),
        procedure.field.as_str(),
        procedure.valid_from.to_string(),
        procedure.valid_to.map(|day| day.to_string()),
        Json(procedure),
    )
}

pub async fn find(
    reader: &mut Reader,
    code: &ProcedureCode,
    revision: u32,
) -> Result<Option<Procedure>, Error> {
    let row: Option<(Json<Procedure>,)> = fetch_optional!(
        reader,
        "procedure.find",
        "select body from procedure where code = $1 and revision = $2",
        code.as_str(),
        i64::from(revision),
    )?;
    Ok(row.map(|(Json(procedure),)| procedure))
}

/// The revision in force on a day.
pub async fn in_force(
    reader: &mut Reader,
    code: &ProcedureCode,
    day: Date,
) -> Result<Option<Procedure>, Error> {
    let row: Option<(Json<Procedure>,)> = fetch_optional!(
        reader,
        "procedure.in_force",
        "select body from procedure
         where code = $1 and valid_from <= $2 and (valid_to is null or valid_to >= $2)
         order by revision desc limit 1",
        code.as_str(),
        day.to_string(),
    )?;
    Ok(row.map(|(Json(procedure),)| procedure))
}

/// Every revision in force on a day, by name.
pub async fn all_in_force(reader: &mut Reader, day: Date) -> Result<Vec<Procedure>, Error> {
    let rows: Vec<(Json<Procedure>,)> = fetch_all!(
        reader,
        "procedure.all_in_force",
        "select body from procedure p
         where valid_from <= $1 and (valid_to is null or valid_to >= $1)
           and revision = (select max(q.revision) from procedure q
                           where q.code = p.code and q.valid_from <= $1
                             and (q.valid_to is null or q.valid_to >= $1))
         order by name limit 5000",
        day.to_string(),
    )?;
    Ok(rows.into_iter().map(|(Json(procedure),)| procedure).collect())
}
