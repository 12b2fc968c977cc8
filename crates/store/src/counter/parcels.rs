//! What postmen brought to the counters of an agency: each handing over, the envelopes in it, and the dossiers
//! that came of each.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_one, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::id::{AgencyId, ArrivalId, DossierId, OfficerId, ParcelId};
use sqlx::types::Json;
use uuid::Uuid;

/// A handing over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub id: ArrivalId,
    pub agency: AgencyId,
    pub post_office: String,
    pub postman: String,
    pub taken_by: OfficerId,
    pub taken_at: Timestamp,
}

/// A handing over in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrivalLine {
    pub arrival: Arrival,
    pub n_parcels: i64,
    pub n_waiting: i64,
}

/// One envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    pub id: ParcelId,
    pub arrival: ArrivalId,
    pub agency: AgencyId,
    /// Its line on the list, from 1.
    pub place: i64,
    pub tracking: String,
    /// Is it still to be opened?
    pub waits: bool,
    /// Said when no dossier came of it.
    pub put_aside: Option<Aside>,
}

/// Why no dossier came of an envelope, and who said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    pub why: String,
    pub by: OfficerId,
    pub at: Timestamp,
}

/// A dossier that came in an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InParcel {
    pub parcel: ParcelId,
    pub dossier: DossierId,
    pub code: Option<String>,
    pub holder: String,
}

#[derive(sqlx::FromRow)]
struct ArrivalRow {
    id: Uuid,
    agency: Uuid,
    post_office: String,
    postman: String,
    taken_by: Uuid,
    taken_at: i64,
    #[sqlx(default)]
    n_parcels: i64,
    #[sqlx(default)]
    n_waiting: i64,
}

impl TryFrom<ArrivalRow> for ArrivalLine {
    type Error = Error;

    fn try_from(row: ArrivalRow) -> Result<Self, Error> {
        let corrupt = |_| Error::corrupt("post_arrival", "taken_at", row.id);
        let arrival = Arrival {
            id: ArrivalId(row.id),
            agency: AgencyId(row.agency),
            post_office: row.post_office,
            postman: row.postman,
            taken_by: OfficerId(row.taken_by),
            taken_at: from_micros(row.taken_at).map_err(corrupt)?,
        };
        Ok(Self { arrival, n_parcels: row.n_parcels, n_waiting: row.n_waiting })
    }
}

#[derive(sqlx::FromRow)]
struct ParcelRow {
    id: Uuid,
    arrival: Uuid,
    agency: Uuid,
    place: i64,
    tracking: String,
    waits: bool,
    put_aside: Option<String>,
    aside_by: Option<Uuid>,
    aside_at: Option<i64>,
}

impl TryFrom<ParcelRow> for Parcel {
    type Error = Error;

    fn try_from(row: ParcelRow) -> Result<Self, Error> {
        let put_aside = match (row.put_aside, row.aside_by, row.aside_at) {
            (Some(why), Some(by), Some(at)) => {
                let at = from_micros(at).map_err(|_| Error::corrupt("parcel", "aside_at", row.id))?;
                Some(Aside { why, by: OfficerId(by), at })
            }
            _ => None,
        };
        Ok(Self {
            id: ParcelId(row.id),
            arrival: ArrivalId(row.arrival),
            agency: AgencyId(row.agency),
            place: row.place,
            tracking: row.tracking,
            waits: row.waits,
            put_aside,
        })
    }
}

pub async fn add_arrival(tx: &mut Tx, arrival: &Arrival) -> Result<(), Error> {
    execute!(
        tx,
        "post_arrival.add",
        "insert into post_arrival (id, agency, post_office, postman, taken_by, taken_at)
         values ($1, $2, $3, $4, $5, $6)",
        arrival.id.0,
        arrival.agency.0,
        arrival.post_office.as_str(),
        arrival.postman.as_str(),
        arrival.taken_by.0,
        to_micros(arrival.taken_at),
    )
    .map(drop)
}

/// An envelope that waits to be opened.
pub async fn add_parcel(tx: &mut Tx, parcel: &Parcel) -> Result<(), Error> {
    execute!(
        tx,
        "parcel.add",
        "insert into parcel (id, arrival, agency, place, tracking, waits) values ($1, $2, $3, $4, $5, $6)",
        parcel.id.0,
        parcel.arrival.0,
        parcel.agency.0,
        parcel.place,
        parcel.tracking.as_str(),
        parcel.waits,
    )
    .map(drop)
}

/// Those of the numbers under which an envelope came to the agency before.
pub async fn known(reader: &mut Reader, agency: AgencyId, numbers: &[String]) -> Result<Vec<String>, Error> {
    let rows: Vec<(String,)> = fetch_all!(
        reader,
        "parcel.known",
        "select tracking from parcel where agency = $1 and tracking in TEXTS($2) order by tracking",
        agency.0,
        Json(numbers),
    )?;
    Ok(rows.into_iter().map(|(number,)| number).collect())
}

pub async fn arrival(reader: &mut Reader, id: ArrivalId) -> Result<Option<Arrival>, Error> {
    let row: Option<ArrivalRow> = fetch_optional!(
        reader,
        "post_arrival.find",
        "select id, agency, post_office, postman, taken_by, taken_at from post_arrival where id = $1",
        id.0,
    )?;
    row.map(|row| ArrivalLine::try_from(row).map(|line| line.arrival)).transpose()
}

/// What was handed over to an agency: where something waits to be opened first, then the newest.
pub async fn arrivals(reader: &mut Reader, agency: AgencyId, limit: i64) -> Result<Vec<ArrivalLine>, Error> {
    let rows: Vec<ArrivalRow> = fetch_all!(
        reader,
        "post_arrival.of_agency",
        "select a.id, a.agency, a.post_office, a.postman, a.taken_by, a.taken_at,
            (select count(*) from parcel p where p.arrival = a.id) as n_parcels,
            (select count(*) from parcel p where p.arrival = a.id and p.waits) as n_waiting
         from post_arrival a where a.agency = $1
         order by case when exists (select 1 from parcel p where p.arrival = a.id and p.waits) then 0 else 1 end,
            a.taken_at desc, a.id desc limit $2",
        agency.0,
        limit,
    )?;
    rows.into_iter().map(ArrivalLine::try_from).collect()
}

/// How many envelopes of an agency nobody opened yet.
pub async fn n_waiting(reader: &mut Reader, agency: AgencyId) -> Result<i64, Error> {
    let row: (i64,) = fetch_one!(
        reader,
        "parcel.n_waiting",
        "select count(*) from parcel where agency = $1 and waits",
        agency.0,
    )?;
    Ok(row.0)
}

/// The envelopes of a handing over, in the order of the list.
pub async fn parcels(reader: &mut Reader, arrival: ArrivalId) -> Result<Vec<Parcel>, Error> {
    let rows: Vec<ParcelRow> = fetch_all!(
        reader,
        "parcel.of_arrival",
        "select id, arrival, agency, place, tracking, waits, put_aside, aside_by, aside_at from parcel
         where arrival = $1 order by place limit 500",
        arrival.0,
    )?;
    rows.into_iter().map(Parcel::try_from).collect()
}

/// The dossiers that came in the envelopes of a handing over.
pub async fn dossiers(reader: &mut Reader, arrival: ArrivalId) -> Result<Vec<InParcel>, Error> {
    let rows: Vec<(Uuid, Uuid, Option<String>, String)> = fetch_all!(
        reader,
        "parcel.dossiers",
        "select p.id, d.id, d.code, h.name from parcel p join parcel_dossier i on i.parcel = p.id
         join dossier d on d.id = i.dossier join party h on h.id = d.holder
         where p.arrival = $1 order by d.opened_at, d.id",
        arrival.0,
    )?;
    let row = |(parcel, dossier, code, holder)| InParcel {
        parcel: ParcelId(parcel),
        dossier: DossierId(dossier),
        code,
        holder,
    };
    Ok(rows.into_iter().map(row).collect())
}

pub async fn parcel(reader: &mut Reader, id: ParcelId) -> Result<Option<Parcel>, Error> {
    let row: Option<ParcelRow> = fetch_optional!(
        reader,
        "parcel.find",
        "select id, arrival, agency, place, tracking, waits, put_aside, aside_by, aside_at from parcel
         where id = $1",
        id.0,
    )?;
    row.map(Parcel::try_from).transpose()
}

/// Reads an envelope, to open it or put it aside.
pub async fn lock(tx: &mut Tx, id: ParcelId) -> Result<Option<Parcel>, Error> {
    let row: Option<ParcelRow> = fetch_optional!(
        tx,
        "parcel.lock",
        "select id, arrival, agency, place, tracking, waits, put_aside, aside_by, aside_at from parcel
         where id = $1 for update",
        id.0,
    )?;
    row.map(Parcel::try_from).transpose()
}

/// A dossier came of it.
pub async fn becomes(tx: &mut Tx, id: ParcelId, dossier: DossierId) -> Result<(), Error> {
    execute!(
        tx,
        "parcel.becomes",
        "insert into parcel_dossier (dossier, parcel) values ($1, $2)",
        dossier.0,
        id.0,
    )?;
    execute!(tx, "parcel.opened", "update parcel set waits = $2 where id = $1", id.0, false).map(drop)
}

/// Nothing for a dossier was in it; [`Error::Stale`] where somebody opened it meanwhile.
pub async fn put_aside(tx: &mut Tx, id: ParcelId, aside: &Aside) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "parcel.put_aside",
        "update parcel set waits = $5, put_aside = $2, aside_by = $3, aside_at = $4 where id = $1 and waits",
        id.0,
        aside.why.as_str(),
        aside.by.0,
        to_micros(aside.at),
        false,
    )?;
    if saved == 0 { Err(Error::Stale { table: "parcel", row: id.to_string() }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::{
        Arrival, ArrivalLine, Aside, Parcel, add_arrival, add_parcel, arrival, arrivals, becomes, dossiers,
        known, lock, n_waiting, parcel as parcel_of, parcels, put_aside,
    };
    use crate::sample::{after, office};
    use crate::testing::Scratch;
    use crate::time::new_id;
    use crate::{Error, on_both};
    use rules::id::{ArrivalId, ParcelId};

    async fn what_a_postman_brought_is_opened_or_put_aside(db: Scratch) {
        let office = office(&db).await;
        let dossier = office.opened(&db).await.id;
        let came = &Arrival {
            id: ArrivalId(new_id(after(1))),
            agency: office.commune,
            post_office: "Bưu cục Yên Bình".to_owned(),
            postman: "Vàng A Páo".to_owned(),
            taken_by: office.counter,
            taken_at: after(1),
        };
        let parcel = |place, tracking: &str| Parcel {
            id: ParcelId(new_id(after(place))),
            arrival: came.id,
            agency: office.commune,
            place,
            tracking: tracking.to_owned(),
            waits: true,
            put_aside: None,
        };
        let (one, other) = (&parcel(1, "EA1VN"), &parcel(2, "EA2VN"));
        db.act(|mut tx| async move {
            add_arrival(&mut tx, came).await?;
            add_parcel(&mut tx, one).await?;
            add_parcel(&mut tx, other).await
        })
        .await
        .expect("it came");
        let twice = &parcel(3, "EA1VN");
        let twice = db.act(|mut tx| async move { add_parcel(&mut tx, twice).await }).await;
        assert!(matches!(twice, Err(Error::Taken(_))), "{twice:?}");
        let mut reader = db.read().await.expect("a snapshot");
        let asked = ["EA2VN", "EA9VN"].map(str::to_owned);
        assert_eq!(known(&mut reader, office.commune, &asked).await.expect("read"), ["EA2VN"]);
        assert_eq!(known(&mut reader, office.elsewhere, &asked).await.expect("read"), [""; 0]);
        assert_eq!(n_waiting(&mut reader, office.commune).await.expect("read"), 2);
        assert_eq!(parcel_of(&mut reader, one.id).await.expect("read").as_ref(), Some(one));
        assert_eq!(arrival(&mut reader, came.id).await.expect("read").as_ref(), Some(came));
        drop(reader);
        let aside = &Aside { why: "Thư quảng cáo".to_owned(), by: office.counter, at: after(5) };
        db.act(|mut tx| async move {
            assert_eq!(lock(&mut tx, one.id).await?.as_ref(), Some(one));
            becomes(&mut tx, one.id, dossier).await?;
            put_aside(&mut tx, other.id, aside).await
        })
        .await
        .expect("opened and put aside");
        let late = db.act(|mut tx| async move { put_aside(&mut tx, one.id, aside).await }).await;
        assert!(matches!(late, Err(Error::Stale { table: "parcel", .. })), "{late:?}");
        let mut reader = db.read().await.expect("a snapshot");
        let opened = Parcel { waits: false, ..one.clone() };
        let aside = Parcel { waits: false, put_aside: Some(aside.clone()), ..other.clone() };
        assert_eq!(parcels(&mut reader, came.id).await.expect("read"), [opened, aside]);
        let inside = dossiers(&mut reader, came.id).await.expect("read");
        assert_eq!(inside.iter().map(|i| (i.parcel, i.dossier)).collect::<Vec<_>>(), [(one.id, dossier)]);
        let line = ArrivalLine { arrival: came.clone(), n_parcels: 2, n_waiting: 0 };
        assert_eq!(arrivals(&mut reader, office.commune, 9).await.expect("read"), [line]);
        assert_eq!(arrivals(&mut reader, office.elsewhere, 9).await.expect("read"), []);
    }

    on_both!(what_a_postman_brought_is_opened_or_put_aside);
}
