//! The savings of a draft: who saved it when, and what it said then.

use super::{Error, Reader};
use crate::engine::{fetch_all, fetch_optional};
use crate::error::{JsonText, open};
use crate::time::from_micros;
use jiff::Timestamp;
use rules::code::ProcedureCode;
use rules::procedure::Procedure;

/// One saving, in the list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saving {
    pub version: i64,
    pub by: String,
    pub at: Timestamp,
}

/// The savings of a code's draft, the latest first.
pub async fn lines_of(reader: &mut Reader, code: &ProcedureCode, limit: i64) -> Result<Vec<Saving>, Error> {
    let rows: Vec<(i64, String, i64)> = fetch_all!(
        reader,
        "procedure.savings",
        "select s.version, o.name, s.saved_at from procedure_draft_saving s
         join officer o on o.id = s.saved_by
         where s.code = $1 order by s.version desc limit $2",
        code.as_str(),
        limit,
    )?;
    rows.into_iter()
        .map(|(version, by, at)| {
            let at = from_micros(at).map_err(|_| {
                Error::corrupt("procedure_draft_saving", "saved_at", format_args!("{code}/{version}"))
            })?;
            Ok(Saving { version, by, at })
        })
        .collect()
}

/// What a draft said at one of its versions.
pub async fn find_saving(
    reader: &mut Reader,
    code: &ProcedureCode,
    version: i64,
) -> Result<Option<Procedure>, Error> {
    let row: Option<(JsonText,)> = fetch_optional!(
        reader,
        "procedure.saving",
        "select body from procedure_draft_saving where code = $1 and version = $2",
        code.as_str(),
        version,
    )?;
    row.map(|(body,)| open(body, "procedure_draft_saving", "body", format_args!("{code}/{version}")))
        .transpose()
}
