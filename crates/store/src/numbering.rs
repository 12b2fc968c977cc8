//! How codes of dossiers are written at each agency, from a day on.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::code::DossierCodeFormat;
use rules::id::{AgencyId, OfficerId};
use uuid::Uuid;

/// A way of writing codes as it was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeFormat {
    pub id: Uuid,
    pub agency: AgencyId,
    pub valid_from: Date,
    pub format: DossierCodeFormat,
    pub reason: String,
    pub put_by: OfficerId,
    pub put_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct CodeFormatRow {
    id: Uuid,
    agency: Uuid,
    valid_from: String,
    format: String,
    reason: String,
    put_by: Uuid,
    put_at: i64,
}

impl TryFrom<CodeFormatRow> for CodeFormat {
    type Error = Error;

    fn try_from(row: CodeFormatRow) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("code_format", column, row.id);
        Ok(Self {
            id: row.id,
            agency: AgencyId(row.agency),
            valid_from: row.valid_from.parse().map_err(|_| corrupt("valid_from"))?,
            format: row.format.parse().map_err(|_| corrupt("format"))?,
            put_at: from_micros(row.put_at).map_err(|_| corrupt("put_at"))?,
            reason: row.reason,
            put_by: OfficerId(row.put_by),
        })
    }
}

pub async fn add(tx: &mut Tx, decided: &CodeFormat) -> Result<(), Error> {
    execute!(
        tx,
        "code_format.add",
        "insert into code_format (id, agency, valid_from, format, reason, put_by, put_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        decided.id,
        decided.agency.0,
        decided.valid_from.to_string(),
        String::from(decided.format),
        decided.reason.as_str(),
        decided.put_by.0,
        to_micros(decided.put_at),
    )?;
    Ok(())
}

/// Every decision of an agency, past and to come: the latest first day first, and of two for one day the later
/// decision.
pub async fn of_agency(reader: &mut Reader, agency: AgencyId) -> Result<Vec<CodeFormat>, Error> {
    let rows: Vec<CodeFormatRow> = fetch_all!(
        reader,
        "code_format.of_agency",
        "select id, agency, valid_from, format, reason, put_by, put_at from code_format where agency = $1
         order by valid_from desc, put_at desc, id desc limit 500",
        agency.0,
    )?;
    rows.into_iter().map(CodeFormat::try_from).collect()
}

/// The last ordinal an agency gave on a day, by its code; 0 before the first.
pub async fn last_ordinal(reader: &mut Reader, agency_code: &str, day: Date) -> Result<u32, Error> {
    let row: Option<(i64,)> = fetch_optional!(
        reader,
        "dossier_ordinal.last",
        "select last from dossier_ordinal where agency_code = $1 and day = $2",
        agency_code,
        day.to_string(),
    )?;
    let corrupt =
        |_| Error::Corrupt { table: "dossier_ordinal", column: "last".into(), row: agency_code.to_owned() };
    row.map_or(Ok(0), |(last,)| u32::try_from(last).map_err(corrupt))
}

#[cfg(test)]
mod tests {
    use super::{CodeFormat, add, last_ordinal, of_agency};
    use crate::on_both;
    use crate::sample::{after, office};
    use crate::testing::Scratch;
    use crate::time::new_id;
    use jiff::civil::date;

    async fn decisions_come_back_the_latest_day_first(db: Scratch) {
        let office = office(&db).await;
        let day = |day| date(2026, 12, day);
        let decided = |day, format: &str, minutes| CodeFormat {
            id: new_id(after(minutes)),
            agency: office.commune,
            valid_from: day,
            format: format.parse().expect("a format"),
            reason: "9/QĐ".to_owned(),
            put_by: office.counter,
            put_at: after(minutes),
        };
        let short = "{agency}-{yymmdd}-{ordinal:4}";
        let long = "{agency}-{yyyymmdd}-{ordinal:6}";
        let all = &[decided(day(1), short, 1), decided(day(9), short, 2), decided(day(1), long, 3)];
        db.act(|mut tx| async move {
            for decided in all {
                add(&mut tx, decided).await?;
            }
            crate::dossier::next_ordinal(&mut tx, "H99.101", day(1)).await
        })
        .await
        .expect("added");
        let mut reader = db.read().await.expect("a snapshot");
        let found = of_agency(&mut reader, office.commune).await.expect("read");
        assert_eq!(found, [all[1].clone(), all[2].clone(), all[0].clone()]);
        assert!(of_agency(&mut reader, office.elsewhere).await.expect("read").is_empty());
        assert_eq!(last_ordinal(&mut reader, "H99.101", day(1)).await.expect("read"), 1);
        assert_eq!(last_ordinal(&mut reader, "H99.101", day(2)).await.expect("read"), 0);
    }

    on_both!(decisions_come_back_the_latest_day_first);
}
