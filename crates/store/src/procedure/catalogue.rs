//! All procedures of the installation for the one who keeps them: every revision with its days, what is
//! drafted, and how many dossiers stay on each revision.

use super::{Error, Reader};
use crate::engine::fetch_all;
use crate::time::from_micros;
use jiff::Timestamp;
use jiff::civil::Date;
use rules::code::ProcedureCode;
use std::collections::BTreeMap;

/// A revision with the days on which it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionDays {
    pub code: String,
    pub revision: u32,
    pub name: String,
    pub field: String,
    pub valid_from: Date,
    /// The last day, of its own or by a retirement.
    pub last_day: Option<Date>,
}

/// What is being drafted for a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftLine {
    pub code: String,
    /// As the draft names it.
    pub name: String,
    pub field: String,
    pub by: String,
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct DaysRow {
    code: String,
    revision: i64,
    name: String,
    field: String,
    valid_from: String,
    valid_to: Option<String>,
    retired_on: Option<String>,
}

/// The days of every revision, by code and from the first revision on.
pub async fn revision_days(reader: &mut Reader) -> Result<Vec<RevisionDays>, Error> {
    let rows: Vec<DaysRow> = fetch_all!(
        reader,
        "procedure.revision_days",
        "select p.code, p.revision, p.name, p.field, p.valid_from, p.valid_to,
            (select min(r.last_day) from procedure_retirement r
             where r.code = p.code and r.revision >= p.revision) as retired_on
         from procedure p order by p.code, p.revision limit 50000",
    )?;
    rows.into_iter().map(RevisionDays::try_from).collect()
}

impl TryFrom<DaysRow> for RevisionDays {
    type Error = Error;

    fn try_from(row: DaysRow) -> Result<Self, Error> {
        let corrupt =
            |column| Error::corrupt("procedure", column, format_args!("{}/{}", row.code, row.revision));
        let day = |text: &String| text.parse::<Date>().map_err(|_| corrupt("valid_to"));
        let ends = [&row.valid_to, &row.retired_on].into_iter().flatten().map(day);
        Ok(Self {
            revision: u32::try_from(row.revision).map_err(|_| corrupt("revision"))?,
            valid_from: row.valid_from.parse().map_err(|_| corrupt("valid_from"))?,
            last_day: ends.collect::<Result<Vec<_>, _>>()?.into_iter().min(),
            code: row.code,
            name: row.name,
            field: row.field,
        })
    }
}

/// Every draft there is.
pub async fn drafts(reader: &mut Reader) -> Result<Vec<DraftLine>, Error> {
    let rows: Vec<(String, String, String, String, i64)> = fetch_all!(
        reader,
        "procedure.drafts",
        "select d.code, d.body ->> 'name', d.body ->> 'field', o.name, d.saved_at
         from procedure_draft d join officer o on o.id = d.saved_by
         where d.body is not null order by d.code limit 5000",
    )?;
    rows.into_iter()
        .map(|(code, name, field, by, at)| {
            let at = from_micros(at).map_err(|_| Error::corrupt("procedure_draft", "saved_at", &code))?;
            Ok(DraftLine { code, name, field, by, at })
        })
        .collect()
}

/// How many dossiers of a procedure are not ended yet, by the revision they stay on.
pub async fn open_dossiers(reader: &mut Reader, code: &ProcedureCode) -> Result<BTreeMap<u32, i64>, Error> {
    let rows: Vec<(i64, i64)> = fetch_all!(
        reader,
        "procedure.open_dossiers",
        "select revision, count(*) from dossier
         where procedure = $1 and state in ('submitted', 'awaiting_papers', 'received', 'awaiting_parts',
            'in_process', 'awaiting_supplement', 'awaiting_payment', 'halted')
         group by revision order by revision",
        code.as_str(),
    )?;
    rows.into_iter()
        .map(|(revision, n)| {
            let revision = u32::try_from(revision)
                .map_err(|_| Error::corrupt("dossier", "revision", format_args!("{code}/{revision}")))?;
            Ok((revision, n))
        })
        .collect()
}

#[cfg(test)]
mod tests;
