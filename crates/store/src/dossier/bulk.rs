//! One act done to many dossiers: what is to be done, and what became of it for each.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::id::{BulkId, BulkRowId, DossierId, OfficerId};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq)]
pub struct Bulk {
    pub id: BulkId,
    pub officer: OfficerId,
    /// What is done to each, decided above.
    pub deed: Value,
    pub begun_at: Timestamp,
}

/// One of its dossiers, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkRow {
    pub id: BulkRowId,
    pub dossier: DossierId,
    pub code: String,
    /// None while it waits; then why it was not done, empty where it was.
    pub why_not: Option<String>,
}

/// How far the last one of an officer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub id: BulkId,
    pub begun_at: Timestamp,
    pub n_rows: i64,
    pub n_done: i64,
    pub n_refused: i64,
}

/// Adds one with its dossiers, all of them waiting.
pub async fn add(tx: &mut Tx, bulk: &Bulk, rows: &[(BulkRowId, DossierId)]) -> Result<(), Error> {
    execute!(
        tx,
        "bulk.add",
        "insert into bulk (id, officer, deed, begun_at) values ($1, $2, $3, $4)",
        bulk.id.0,
        bulk.officer.0,
        Json(&bulk.deed),
        to_micros(bulk.begun_at),
    )?;
    for (number, (id, dossier)) in (1_i64..).zip(rows) {
        execute!(
            tx,
            "bulk.add_row",
            "insert into bulk_row (id, bulk, number, dossier) values ($1, $2, $3, $4)",
            id.0,
            bulk.id.0,
            number,
            dossier.0,
        )?;
    }
    Ok(())
}

pub async fn find(reader: &mut Reader, id: BulkId) -> Result<Option<Bulk>, Error> {
    let row: Option<(Uuid, Uuid, Json<Value>, i64)> = fetch_optional!(
        reader,
        "bulk.find",
        "select id, officer, deed, begun_at from bulk where id = $1",
        id.0,
    )?;
    row.map(bulk_of).transpose()
}

/// What is to be done in a row, and to which dossier.
pub async fn of_row(reader: &mut Reader, id: BulkRowId) -> Result<Option<(Bulk, DossierId)>, Error> {
    let row: Option<(Uuid, Uuid, Json<Value>, i64, Uuid)> = fetch_optional!(
        reader,
        "bulk.of_row",
        "select b.id, b.officer, b.deed, b.begun_at, r.dossier
         from bulk_row r join bulk b on b.id = r.bulk where r.id = $1",
        id.0,
    )?;
    row.map(|(bulk, officer, deed, begun_at, dossier)| {
        Ok((bulk_of((bulk, officer, deed, begun_at))?, DossierId(dossier)))
    })
    .transpose()
}

fn bulk_of((id, officer, deed, begun_at): (Uuid, Uuid, Json<Value>, i64)) -> Result<Bulk, Error> {
    let begun_at = from_micros(begun_at).map_err(|_| Error::corrupt("bulk", "begun_at", id))?;
    Ok(Bulk { id: BulkId(id), officer: OfficerId(officer), deed: deed.0, begun_at })
}

/// A row as it is kept: itself, its dossier and that one's code, when it was done, and why not.
type KeptRow = (Uuid, Uuid, Option<String>, Option<i64>, Option<String>);

/// Its dossiers in their order.
pub async fn rows(reader: &mut Reader, id: BulkId) -> Result<Vec<BulkRow>, Error> {
    let rows: Vec<KeptRow> = fetch_all!(
        reader,
        "bulk.rows",
        "select r.id, r.dossier, d.code, r.done_at, r.why_not
         from bulk_row r join dossier d on d.id = r.dossier where r.bulk = $1 order by r.number limit 200",
        id.0,
    )?;
    let row = |(id, dossier, code, done_at, why_not): KeptRow| BulkRow {
        id: BulkRowId(id),
        dossier: DossierId(dossier),
        code: code.unwrap_or_default(),
        why_not: done_at.map(|_| why_not.unwrap_or_default()),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Writes down what became of a dossier; `false` where that was written down before, and stays.
pub async fn settle(
    tx: &mut Tx,
    id: BulkRowId,
    why_not: Option<&str>,
    now: Timestamp,
) -> Result<bool, Error> {
    let saved = execute!(
        tx,
        "bulk.settle",
        "update bulk_row set done_at = $2, why_not = $3 where id = $1 and done_at is null",
        id.0,
        to_micros(now),
        why_not,
    )?;
    Ok(saved == 1)
}

/// How far the last one is that an officer began since then.
pub async fn last_of(
    reader: &mut Reader,
    officer: OfficerId,
    since: Timestamp,
) -> Result<Option<Progress>, Error> {
    let row: Option<(Uuid, i64, i64, i64, i64)> = fetch_optional!(
        reader,
        "bulk.last_of",
        "select b.id, b.begun_at, count(*), count(r.done_at), count(r.why_not)
         from bulk b join bulk_row r on r.bulk = b.id
         where b.id = (select l.id from bulk l where l.officer = $1 and l.begun_at >= $2
                       order by l.begun_at desc, l.id desc limit 1)
         group by b.id, b.begun_at",
        officer.0,
        to_micros(since),
    )?;
    row.map(|(id, begun_at, n_rows, n_done, n_refused)| {
        let begun_at = from_micros(begun_at).map_err(|_| Error::corrupt("bulk", "begun_at", id))?;
        Ok(Progress { id: BulkId(id), begun_at, n_rows, n_done, n_refused })
    })
    .transpose()
}

#[cfg(test)]
mod tests {
    use super::{Bulk, Progress, add, find, last_of, of_row, rows, settle};
    use crate::on_both;
    use crate::sample::{after, now, office};
    use crate::testing::Scratch;
    use crate::time::new_id;
    use rules::id::{BulkId, BulkRowId};
    use serde_json::json;

    async fn what_became_of_each_is_written_once(db: Scratch) {
        let house = office(&db).await;
        let (one, other) = (house.opened(&db).await.id, house.opened(&db).await.id);
        let (first, second) = (BulkRowId(new_id(now())), BulkRowId(new_id(now())));
        let bulk = &Bulk {
            id: BulkId(new_id(now())),
            officer: house.counter,
            deed: json!({ "do": "take" }),
            begun_at: now(),
        };
        let all = &[(first, one), (second, other)];
        db.act(|mut tx| async move { add(&mut tx, bulk, all).await }).await.expect("added");
        let settled = async |id, why: Option<&'static str>| {
            db.act(|mut tx| async move { settle(&mut tx, id, why, after(5)).await }).await.expect("done")
        };
        assert!(settled(first, None).await);
        assert!(!settled(first, Some("khác")).await, "once");
        let mut reader = db.read().await.expect("a snapshot");
        assert_eq!(find(&mut reader, bulk.id).await.expect("read").as_ref(), Some(bulk));
        assert_eq!(of_row(&mut reader, second).await.expect("read"), Some((bulk.clone(), other)));
        let listed = rows(&mut reader, bulk.id).await.expect("read");
        let told: Vec<_> = listed.iter().map(|row| (row.dossier, row.why_not.as_deref())).collect();
        assert_eq!(told, [(one, Some("")), (other, None)]);
        drop(reader);
        assert!(settled(second, Some("đã có người nhận")).await);
        let mut reader = db.read().await.expect("a snapshot");
        let last = last_of(&mut reader, house.counter, now()).await.expect("read");
        let all = Progress { id: bulk.id, begun_at: now(), n_rows: 2, n_done: 2, n_refused: 1 };
        assert_eq!(last, Some(all));
        assert_eq!(last_of(&mut reader, house.counter, after(1)).await.expect("read"), None);
        assert_eq!(last_of(&mut reader, house.specialist, now()).await.expect("read"), None);
    }

    on_both!(what_became_of_each_is_written_once);
}
