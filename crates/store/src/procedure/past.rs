//! The dossiers a procedure has had, for a dry run: what they were received as, and their clocks.

use super::{Error, Reader};
use crate::engine::fetch_all;
use crate::error::{JsonText, open};
use crate::time::from_micros;
use jiff::Timestamp;
use jiff::civil::Date;
use rules::code::ProcedureCode;
use rules::dossier::clock::Clock;
use rules::id::{AgencyId, DossierId};
use rules::procedure::Channel;
use serde_json::Value;
use uuid::Uuid;

/// A dossier that was received, as it stands now.
#[derive(Clone, Debug, PartialEq)]
pub struct PastDossier {
    pub id: DossierId,
    pub code: String,
    pub revision: u32,
    pub case: String,
    pub channel: Channel,
    /// By whose calendar it is counted.
    pub competent: AgencyId,
    pub received_at: Timestamp,
    pub clock: Clock,
}

#[derive(sqlx::FromRow)]
struct PastRow {
    id: Uuid,
    code: String,
    revision: i64,
    case_id: String,
    channel: String,
    competent: Uuid,
    received_at: i64,
    clock: JsonText,
}

/// The dossiers of a procedure received from the first day to the last, page by page: those behind
/// `after`, at most `limit`. The last of a page is the next page's `after`.
pub async fn received(
    reader: &mut Reader,
    code: &ProcedureCode,
    (first, last): (Date, Date),
    after: Option<DossierId>,
    limit: i64,
) -> Result<Vec<PastDossier>, Error> {
    let rows: Vec<PastRow> = fetch_all!(
        reader,
        "procedure.received",
        "select id, code, revision, case_id, channel, competent, received_at, clock from dossier
         where id > $1 and procedure = $2 and received_on between $3 and $4
           and code is not null and received_at is not null and clock is not null
         order by id limit $5",
        after.map_or(Uuid::nil(), |id| id.0),
        code.as_str(),
        first.to_string(),
        last.to_string(),
        limit,
    )?;
    rows.into_iter().map(PastDossier::try_from).collect()
}

impl TryFrom<PastRow> for PastDossier {
    type Error = Error;

    fn try_from(row: PastRow) -> Result<Self, Error> {
        let corrupt = |column: &str| Error::corrupt("dossier", column, row.id);
        Ok(Self {
            id: DossierId(row.id),
            code: row.code,
            revision: u32::try_from(row.revision).map_err(|_| corrupt("revision"))?,
            case: row.case_id,
            channel: serde_json::from_value(Value::String(row.channel)).map_err(|_| corrupt("channel"))?,
            competent: AgencyId(row.competent),
            received_at: from_micros(row.received_at).map_err(|_| corrupt("received_at"))?,
            clock: open(row.clock, "dossier", "clock", row.id)?,
        })
    }
}
