//! The wording of signed decisions without the people they are about.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::code::ProcedureCode;
use rules::id::{AgencyId, DossierId, ResultId};
use sqlx::types::Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Which decisions are alike: the same result of the same case of the same procedure, by one agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    pub agency: AgencyId,
    pub procedure: ProcedureCode,
    pub case: String,
    pub result_type: String,
}

/// The masked answers of one signed decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    pub dossier: DossierId,
    pub signed_at: Timestamp,
    pub answers: BTreeMap<String, String>,
}

/// Keeps the wording of a decision; signed again, the newer takes the place of the older.
pub async fn keep(
    tx: &mut Tx,
    result: ResultId,
    likeness: &Likeness,
    wording: &Wording,
) -> Result<(), Error> {
    execute!(
        tx,
        "decision_wording.keep",
        "insert into decision_wording (result, dossier, agency, procedure, case_id, result_type, signed_at,
            body)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (result) do update set signed_at = excluded.signed_at, body = excluded.body",
        result.0,
        wording.dossier.0,
        likeness.agency.0,
        likeness.procedure.as_str(),
        likeness.case.as_str(),
        likeness.result_type.as_str(),
        to_micros(wording.signed_at),
        Json(&wording.answers),
    )
    .map(drop)
}

/// The decision was taken back before it was issued.
pub async fn forget(tx: &mut Tx, result: ResultId) -> Result<(), Error> {
    execute!(tx, "decision_wording.forget", "delete from decision_wording where result = $1", result.0)
        .map(drop)
}

/// The last wordings of a kind but those of one dossier, the newest first.
pub async fn last_alike(
    reader: &mut Reader,
    likeness: &Likeness,
    but: DossierId,
    limit: i64,
) -> Result<Vec<Wording>, Error> {
    type Row = (Uuid, i64, Json<BTreeMap<String, String>>);
    let rows: Vec<Row> = fetch_all!(
        reader,
        "decision_wording.last_alike",
        "select dossier, signed_at, body from decision_wording
         where agency = $1 and procedure = $2 and case_id = $3 and result_type = $4 and dossier <> $5
         order by signed_at desc limit $6",
        likeness.agency.0,
        likeness.procedure.as_str(),
        likeness.case.as_str(),
        likeness.result_type.as_str(),
        but.0,
        limit,
    )?;
    rows.into_iter()
        .map(|(dossier, signed_at, Json(answers))| {
            let corrupt = |_| Error::corrupt("decision_wording", "signed_at", dossier);
            let signed_at = from_micros(signed_at).map_err(corrupt)?;
            Ok(Wording { dossier: DossierId(dossier), signed_at, answers })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Likeness, Wording, forget, keep, last_alike};
    use crate::on_both;
    use crate::sample::{after, office, sha256};
    use crate::signing::add_result;
    use crate::testing::Scratch;
    use crate::time::new_id;
    use rules::id::ResultId;
    use rules::scanning::Blob;
    use rules::signing::{ResultPaper, ResultState};
    use std::collections::BTreeMap;

    async fn the_last_alike_is_found_and_not_ones_own(db: Scratch) {
        let office = office(&db).await;
        let mut kept = Vec::new();
        let mut results = Vec::new();
        for minute in 1..=3 {
            let dossier = office.opened(&db).await;
            let paper = &ResultPaper {
                id: ResultId(new_id(after(minute))),
                version: 1,
                dossier: dossier.id,
                owner: office.holder,
                scope: dossier.scope,
                result_type: "ket-qua".to_owned(),
                state: ResultState::Drafted {
                    pdf: Blob { sha256: sha256('a'), bytes: 3 },
                    slots: Vec::new(),
                    answers: BTreeMap::default(),
                    drafted_by: office.specialist,
                },
            };
            let likeness = &Likeness {
                agency: office.commune,
                procedure: dossier.procedure.clone(),
                // The third is of another case.
                case: if minute == 3 { "muon" } else { "thuong" }.to_owned(),
                result_type: "ket-qua".to_owned(),
            };
            let answers = [("body".to_owned(), format!("cấp cho {{holder_name}} lần {minute}"))].into();
            let wording = &Wording { dossier: dossier.id, signed_at: after(minute), answers };
            db.act(|mut tx| async move {
                add_result(&mut tx, paper, after(minute)).await?;
                keep(&mut tx, paper.id, likeness, wording).await?;
                keep(&mut tx, paper.id, likeness, wording).await
            })
            .await
            .expect("kept, and kept again");
            kept.push((likeness.clone(), wording.clone()));
            results.push(paper.id);
        }
        let mut reader = db.read().await.expect("a snapshot");
        let [(alike, first), (_, second), (other, _)] = kept.try_into().expect("three");
        let found = last_alike(&mut reader, &alike, first.dossier, 5).await.expect("read");
        assert_eq!(found, std::slice::from_ref(&second), "not that of the dossier itself");
        let found = last_alike(&mut reader, &alike, rules::id::DossierId(new_id(after(9))), 1).await;
        assert_eq!(found.expect("read"), [second], "the newest of that case");
        assert_ne!(alike, other);
        drop(reader);
        let taken_back = results[1];
        db.act(|mut tx| async move { forget(&mut tx, taken_back).await }).await.expect("taken back");
        let mut reader = db.read().await.expect("a snapshot");
        assert_eq!(last_alike(&mut reader, &alike, first.dossier, 5).await.expect("read"), []);
    }

    on_both!(the_last_alike_is_found_and_not_ones_own);
}
