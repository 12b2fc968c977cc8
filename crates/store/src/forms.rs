//! The templates agencies have of their own, each version a row that is never changed.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::id::{AgencyId, FormTextId, OfficerId};
use uuid::Uuid;

/// What an agency prints a paper from, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormText {
    pub id: FormTextId,
    pub agency: AgencyId,
    /// The code of the form.
    pub code: String,
    pub valid_from: Date,
    /// The template; none is the one that came with the program.
    pub source: Option<String>,
    pub reason: String,
    pub put_by: OfficerId,
    pub put_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct FormTextRow {
    id: Uuid,
    agency: Uuid,
    code: String,
    valid_from: String,
    source: Option<String>,
    reason: String,
    put_by: Uuid,
    put_at: i64,
}

impl TryFrom<FormTextRow> for FormText {
    type Error = Error;

    fn try_from(row: FormTextRow) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("form_text", column, row.id);
        Ok(Self {
            id: FormTextId(row.id),
            agency: AgencyId(row.agency),
            valid_from: row.valid_from.parse().map_err(|_| corrupt("valid_from"))?,
            put_at: from_micros(row.put_at).map_err(|_| corrupt("put_at"))?,
            code: row.code,
            source: row.source,
            reason: row.reason,
            put_by: OfficerId(row.put_by),
        })
    }
}

pub async fn add(tx: &mut Tx, text: &FormText) -> Result<(), Error> {
    execute!(
        tx,
        "form_text.add",
        "insert into form_text (id, agency, code, valid_from, source, reason, put_by, put_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        text.id.0,
        text.agency.0,
        text.code.as_str(),
        text.valid_from.to_string(),
        text.source.as_deref(),
        text.reason.as_str(),
        text.put_by.0,
        to_micros(text.put_at),
    )?;
    Ok(())
}

/// What an agency had decided by an instant to print a paper of a day from: the latest first day, and of two
/// for one day the later decision.
pub async fn in_use(
    reader: &mut Reader,
    agency: AgencyId,
    code: &str,
    day: Date,
    by: Timestamp,
) -> Result<Option<FormText>, Error> {
    let row: Option<FormTextRow> = fetch_optional!(
        reader,
        "form_text.in_use",
        "select id, agency, code, valid_from, source, reason, put_by, put_at from form_text
         where agency = $1 and code = $2 and valid_from <= $3 and put_at <= $4
         order by valid_from desc, put_at desc, id desc limit 1",
        agency.0,
        code,
        day.to_string(),
        to_micros(by),
    )?;
    row.map(FormText::try_from).transpose()
}

/// Every version an agency has had of its forms, or of one of them, or will have: the latest first day first.
pub async fn of_agency(
    reader: &mut Reader,
    agency: AgencyId,
    code: Option<&str>,
) -> Result<Vec<FormText>, Error> {
    let rows: Vec<FormTextRow> = fetch_all!(
        reader,
        "form_text.of_agency",
        "select id, agency, code, valid_from, source, reason, put_by, put_at from form_text
         where agency = $1 and code = coalesce($2, code)
         order by code, valid_from desc, put_at desc, id desc limit 500",
        agency.0,
        code,
    )?;
    rows.into_iter().map(FormText::try_from).collect()
}

#[cfg(test)]
mod tests {
    use super::{FormText, add, in_use, of_agency};
    use crate::on_both;
    use crate::sample::{after, now, office};
    use crate::testing::Scratch;
    use crate::time::new_id;
    use jiff::civil::{Date, date};
    use rules::id::FormTextId;

    async fn the_latest_decision_of_a_day_holds_and_older_papers_keep_theirs(db: Scratch) {
        let office = office(&db).await;
        let (monday, friday) = (date(2026, 11, 23), date(2026, 11, 27));
        let text = |source: Option<&str>, valid_from: Date, minutes: i64| FormText {
            id: FormTextId(new_id(after(minutes))),
            agency: office.commune,
            code: "03-tu-choi".to_owned(),
            valid_from,
            source: source.map(ToOwned::to_owned),
            reason: "9/QĐ".to_owned(),
            put_by: office.counter,
            put_at: after(minutes),
        };
        let texts = &[text(Some("a"), monday, 1), text(Some("b"), monday, 5), text(None, friday, 3)];
        db.act(|mut tx| async move {
            for text in texts {
                add(&mut tx, text).await?;
            }
            Ok::<_, crate::Error>(())
        })
        .await
        .expect("added");
        let mut reader = db.read().await.expect("a snapshot");
        let mut used = async |day: Date, minutes: i64| {
            let found = in_use(&mut reader, office.commune, "03-tu-choi", day, after(minutes)).await;
            found.expect("read").map(|text| text.source)
        };
        assert_eq!(used(date(2026, 11, 22), 9).await, None, "before its day");
        assert_eq!(used(monday, 2).await, Some(Some("a".to_owned())), "printed before it was mended");
        assert_eq!(used(monday, 5).await, Some(Some("b".to_owned())));
        assert_eq!(used(friday, 9).await, Some(None), "back to what came with the program");
        assert_eq!(now(), after(0));
        let all = of_agency(&mut reader, office.commune, None).await.expect("read");
        assert_eq!(all, [texts[2].clone(), texts[1].clone(), texts[0].clone()]);
        let one = of_agency(&mut reader, office.commune, Some("04-xin-loi")).await.expect("read");
        assert!(one.is_empty());
    }

    on_both!(the_latest_decision_of_a_day_holds_and_older_papers_keep_theirs);
}
