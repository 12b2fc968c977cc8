//! Who took a result at the counter, and the sheet he signed once it was scanned.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::id::{DossierId, OfficerId, ReceiptId, ResultId};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultReceipt {
    pub id: ReceiptId,
    pub dossier: DossierId,
    pub result: ResultId,
    pub name: String,
    /// Of his identity paper; empty where he has none.
    pub number: String,
    /// The paper by which the applicant sent him; empty where he is the applicant.
    pub authorisation: String,
    pub given_by: OfficerId,
    pub given_at: Timestamp,
    pub sheet: Option<Sheet>,
}

/// The sheet with his signature, as it was scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub sha256: String,
    /// `pdf`, `jpeg`, `png` or `tiff`.
    pub kind: String,
    pub by: OfficerId,
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct ReceiptRow {
    id: Uuid,
    dossier: Uuid,
    result: Uuid,
    name: String,
    number: String,
    authorisation: String,
    given_by: Uuid,
    given_at: i64,
    sheet: Option<String>,
    sheet_kind: Option<String>,
    sheet_by: Option<Uuid>,
    sheet_at: Option<i64>,
}

impl TryFrom<ReceiptRow> for ResultReceipt {
    type Error = Error;

    fn try_from(row: ReceiptRow) -> Result<Self, Error> {
        let at = |micros, column| {
            from_micros(micros).map_err(|_| Error::corrupt("result_receipt", column, row.id))
        };
        let sheet = match (row.sheet, row.sheet_kind, row.sheet_by, row.sheet_at) {
            (Some(sha256), Some(kind), Some(by), Some(when)) => {
                Some(Sheet { sha256, kind, by: OfficerId(by), at: at(when, "sheet_at")? })
            }
            _ => None,
        };
        Ok(Self {
            id: ReceiptId(row.id),
            dossier: DossierId(row.dossier),
            result: ResultId(row.result),
            name: row.name,
            number: row.number,
            authorisation: row.authorisation,
            given_by: OfficerId(row.given_by),
            given_at: at(row.given_at, "given_at")?,
            sheet,
        })
    }
}

pub async fn add(tx: &mut Tx, receipt: &ResultReceipt) -> Result<(), Error> {
    execute!(
        tx,
        "result_receipt.add",
        "insert into result_receipt (id, dossier, result, name, number, authorisation, given_by, given_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        receipt.id.0,
        receipt.dossier.0,
        receipt.result.0,
        receipt.name.as_str(),
        receipt.number.as_str(),
        receipt.authorisation.as_str(),
        receipt.given_by.0,
        to_micros(receipt.given_at),
    )
    .map(drop)
}

/// The receipts of a dossier, the first first.
pub async fn of_dossier(reader: &mut Reader, dossier: DossierId) -> Result<Vec<ResultReceipt>, Error> {
    let rows: Vec<ReceiptRow> = fetch_all!(
        reader,
        "result_receipt.of_dossier",
        "select id, dossier, result, name, number, authorisation, given_by, given_at, sheet, sheet_kind,
            sheet_by, sheet_at
         from result_receipt where dossier = $1 order by given_at, id limit 100",
        dossier.0,
    )?;
    rows.into_iter().map(ResultReceipt::try_from).collect()
}

/// Keeps the signed sheet; another one scanned later takes its place, and the file before stays with the event
/// that told of it. [`Error::Stale`] when there is no such receipt.
pub async fn keep_sheet(tx: &mut Tx, id: ReceiptId, sheet: &Sheet) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "result_receipt.keep_sheet",
        "update result_receipt set sheet = $2, sheet_kind = $3, sheet_by = $4, sheet_at = $5 where id = $1",
        id.0,
        sheet.sha256.as_str(),
        sheet.kind.as_str(),
        sheet.by.0,
        to_micros(sheet.at),
    )?;
    if saved == 0 { Err(Error::Stale { table: "result_receipt", row: id.to_string() }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::{ResultReceipt, Sheet, add, keep_sheet, of_dossier};
    use crate::sample::{after, office, sha256};
    use crate::signing::tests::{added, paper};
    use crate::testing::Scratch;
    use crate::{Error, on_both, time};
    use rules::id::ReceiptId;

    async fn a_receipt_keeps_its_signed_sheet(db: Scratch) {
        let office = office(&db).await;
        let dossier = office.opened(&db).await.id;
        let kept = paper(&office, dossier);
        added(&db, &kept, 0).await;
        let result = kept.id;
        let first = &ResultReceipt {
            id: ReceiptId(time::new_id(after(1))),
            dossier,
            result,
            name: "Lê Văn An".to_owned(),
            number: "001200000009".to_owned(),
            authorisation: "Giấy ủy quyền 12/2026".to_owned(),
            given_by: office.counter,
            given_at: after(1),
            sheet: None,
        };
        let sheet = &Sheet { sha256: sha256('a'), kind: "pdf".to_owned(), by: office.counter, at: after(2) };
        let second = &ResultReceipt {
            id: ReceiptId(time::new_id(after(5))),
            number: String::new(),
            authorisation: String::new(),
            given_at: after(5),
            ..first.clone()
        };
        db.act(|mut tx| async move {
            add(&mut tx, second).await?;
            add(&mut tx, first).await?;
            keep_sheet(&mut tx, first.id, sheet).await
        })
        .await
        .expect("kept");
        let nobody = ReceiptId(result.0);
        let stale = db.act(|mut tx| async move { keep_sheet(&mut tx, nobody, sheet).await }).await;
        assert!(matches!(stale, Err(Error::Stale { table: "result_receipt", .. })), "{stale:?}");
        let mut reader = db.read().await.expect("a snapshot");
        let found = of_dossier(&mut reader, dossier).await.expect("read");
        assert_eq!(found, [ResultReceipt { sheet: Some(sheet.clone()), ..first.clone() }, second.clone()]);
        drop(reader);
        let other = office.opened(&db).await.id;
        let mut reader = db.read().await.expect("a snapshot");
        assert_eq!(of_dossier(&mut reader, other).await.expect("read"), []);
    }

    on_both!(a_receipt_keeps_its_signed_sheet);
}
