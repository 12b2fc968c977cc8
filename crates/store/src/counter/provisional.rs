//! Provisional slips as they came from the machines of a counter, and the dossiers they became.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::counter::provisional::Slip;
use rules::id::{AgencyId, DossierId, OfficerId, SlipId};
use sqlx::types::Json;
use uuid::Uuid;

/// A slip that came, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSlip {
    pub slip: Slip,
    pub agency: AgencyId,
    pub officer: OfficerId,
    pub arrived_at: Timestamp,
    /// None while something typed in it must be mended.
    pub dossier: Option<DossierId>,
}

/// A slip with the code of its dossier, where that was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlipLine {
    pub kept: KeptSlip,
    pub code: Option<String>,
}

/// Keeps a slip; one that is there already stays as it came first.
pub async fn add(tx: &mut Tx, kept: &KeptSlip) -> Result<(), Error> {
    execute!(
        tx,
        "provisional_slip.add",
        "insert into provisional_slip (id, number, agency, officer, body, written_at, arrived_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing",
        kept.slip.id.0,
        kept.slip.number.as_str(),
        kept.agency.0,
        kept.officer.0,
        Json(&kept.slip),
        to_micros(kept.slip.written_at),
        to_micros(kept.arrived_at),
    )
    .map(drop)
}

/// Reads a slip to make a dossier of it.
pub async fn lock(tx: &mut Tx, id: SlipId) -> Result<Option<KeptSlip>, Error> {
    let row: Option<Row> = fetch_optional!(
        tx,
        "provisional_slip.lock",
        "select id, agency, officer, body, arrived_at, dossier from provisional_slip where id = $1 for update",
        id.0,
    )?;
    row.map(KeptSlip::try_from).transpose()
}

/// The slip is this dossier now.
pub async fn becomes(tx: &mut Tx, id: SlipId, dossier: DossierId) -> Result<(), Error> {
    let n_rows = execute!(
        tx,
        "provisional_slip.becomes",
        "update provisional_slip set dossier = $2 where id = $1 and dossier is null",
        id.0,
        dossier.0,
    )?;
    if n_rows == 0 { Err(Error::Stale { table: "provisional_slip", row: id.to_string() }) } else { Ok(()) }
}

/// The slips that came to an agency since a moment, the newest first.
pub async fn since(
    reader: &mut Reader,
    agency: AgencyId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<SlipLine>, Error> {
    let rows: Vec<Row> = fetch_all!(
        reader,
        "provisional_slip.since",
        "select s.id, s.agency, s.officer, s.body, s.arrived_at, s.dossier, d.code
         from provisional_slip s left join dossier d on d.id = s.dossier
         where s.agency = $1 and s.arrived_at >= $2 order by s.arrived_at desc, s.number desc limit $3",
        agency.0,
        to_micros(since),
        limit,
    )?;
    let line = |mut row: Row| Ok(SlipLine { code: row.code.take(), kept: row.try_into()? });
    rows.into_iter().map(line).collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    agency: Uuid,
    officer: Uuid,
    body: Json<Slip>,
    arrived_at: i64,
    dossier: Option<Uuid>,
    #[sqlx(default)]
    code: Option<String>,
}

impl TryFrom<Row> for KeptSlip {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let corrupt = |_| Error::corrupt("provisional_slip", "arrived_at", row.id);
        Ok(Self {
            slip: row.body.0,
            agency: AgencyId(row.agency),
            officer: OfficerId(row.officer),
            arrived_at: from_micros(row.arrived_at).map_err(corrupt)?,
            dossier: row.dossier.map(DossierId),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{KeptSlip, SlipLine, add, becomes, lock, since};
    use crate::sample::{after, office};
    use crate::testing::Scratch;
    use crate::time::new_id;
    use crate::{Error, on_both};
    use rules::counter::applicant::TypedApplicant;
    use rules::counter::provisional::Slip;
    use rules::id::SlipId;

    async fn a_slip_is_kept_once_and_becomes_one_dossier(db: Scratch) {
        let office = office(&db).await;
        let dossier = office.opened(&db).await.id;
        let slip = |minute, name: &str| KeptSlip {
            slip: Slip {
                id: SlipId(uuid::Uuid::from_u128(7)),
                number: "PT-K7QX-261123-001".to_owned(),
                written_at: after(minute),
                sent_at: after(minute + 1),
                applicant: TypedApplicant { name: name.to_owned(), ..TypedApplicant::default() },
                procedure: "2.000815".to_owned(),
                case: String::new(),
                components: vec!["ban-chinh".to_owned()],
            },
            agency: office.commune,
            officer: office.counter,
            arrived_at: after(minute + 1),
            dossier: None,
        };
        let first = slip(1, "Lò Thị Ban");
        let later =
            KeptSlip { slip: Slip { id: SlipId(new_id(after(9))), ..first.slip.clone() }, ..slip(9, "") };
        for kept in [&first, &slip(5, "lần hai"), &later] {
            db.act(|mut tx| async move { add(&mut tx, kept).await }).await.expect("kept");
        }
        let read =
            db.act(|mut tx| async move { lock(&mut tx, SlipId(uuid::Uuid::from_u128(7))).await }).await;
        assert_eq!(read.expect("read"), Some(first.clone()), "as it came first");
        let id = first.slip.id;
        db.act(|mut tx| async move { becomes(&mut tx, id, dossier).await }).await.expect("a dossier");
        let again = db.act(|mut tx| async move { becomes(&mut tx, id, dossier).await }).await;
        assert!(matches!(again, Err(Error::Stale { table: "provisional_slip", .. })), "{again:?}");
        let mut reader = db.read().await.expect("a snapshot");
        let found = since(&mut reader, office.commune, after(2), 10).await.expect("read");
        let line = |kept| SlipLine { kept, code: None };
        assert_eq!(found, [line(later), line(KeptSlip { dossier: Some(dossier), ..first })]);
        assert_eq!(since(&mut reader, office.commune, after(11), 10).await.expect("read"), []);
        assert_eq!(since(&mut reader, office.province, after(0), 10).await.expect("read"), []);
    }

    on_both!(a_slip_is_kept_once_and_becomes_one_dossier);
}
