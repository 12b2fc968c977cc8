//! Procedure revisions. A published revision never changes; a newer one stands beside it.

use crate::Error;
use crate::dossier::DossierLine;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::scanning::RecordLine;
use jiff::civil::Date;
use rules::code::ProcedureCode;
use rules::id::DossierId;
use rules::procedure::Procedure;
use sqlx::types::Json;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};
use uuid::Uuid;

pub mod catalogue;
pub mod past;
pub mod publishing;
pub mod savings;

#[derive(sqlx::FromRow)]
struct ProcedureRow {
    code: String,
    revision: i64,
    body: String,
}

/// Revisions by the text they were read from. Every act on a dossier needs one, and it is long: the same
/// text is read once in a process. Forgotten when there are too many.
static READ: LazyLock<RwLock<HashMap<String, Arc<Procedure>>>> = LazyLock::new(RwLock::default);
const MOST_READ: usize = 2_000;

impl TryFrom<ProcedureRow> for Arc<Procedure> {
    type Error = Error;

    fn try_from(row: ProcedureRow) -> Result<Self, Error> {
        if let Some(known) = READ.read().unwrap_or_else(PoisonError::into_inner).get(&row.body) {
            return Ok(Self::clone(known));
        }
        let procedure: Procedure = serde_json::from_str(&row.body).map_err(|error| {
            tracing::error!(code = row.code, revision = row.revision, %error, "corrupt procedure");
            Error::corrupt("procedure", "body", format_args!("{}/{}", row.code, row.revision))
        })?;
        let procedure = Self::new(procedure);
        let mut read = READ.write().unwrap_or_else(PoisonError::into_inner);
        if read.len() >= MOST_READ {
            read.clear();
        }
        read.insert(row.body, Self::clone(&procedure));
        Ok(procedure)
    }
}

/// Puts a revision in the catalogue and gives 1; one that is there already stays as it is, and gives 0.
pub async fn add(tx: &mut Tx, procedure: &Procedure) -> Result<u64, Error> {
    execute!(
        tx,
        "procedure.add",
        "insert into procedure (code, revision, name, field, valid_from, valid_to, body)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (code, revision) do nothing",
        procedure.code.as_str(),
        i64::from(procedure.revision),
        procedure.name.as_str(),
        procedure.field.as_str(),
        procedure.valid_from.to_string(),
        procedure.valid_to.map(|day| day.to_string()),
        Json(procedure),
    )
}

/// One revision, whatever day it is.
pub async fn find(
    reader: &mut Reader,
    code: &ProcedureCode,
    revision: u32,
) -> Result<Option<Arc<Procedure>>, Error> {
    let row: Option<ProcedureRow> = fetch_optional!(
        reader,
        "procedure.find",
        "select code, revision, cast(body as text) as body from procedure where code = $1 and revision = $2",
        code.as_str(),
        i64::from(revision),
    )?;
    row.map(Arc::try_from).transpose()
}

/// The revision in force on a day; the latest, where two are. None after the last day of a retirement.
pub async fn in_force(
    reader: &mut Reader,
    code: &ProcedureCode,
    day: Date,
) -> Result<Option<Arc<Procedure>>, Error> {
    let row: Option<ProcedureRow> = fetch_optional!(
        reader,
        "procedure.in_force",
        "select code, revision, cast(body as text) as body from procedure
         where code = $1 and valid_from <= $2 and (valid_to is null or valid_to >= $2)
           and not exists (select 1 from procedure_retirement r where r.code = procedure.code
                           and r.revision >= procedure.revision and r.last_day < $2)
         order by revision desc limit 1",
        code.as_str(),
        day.to_string(),
    )?;
    row.map(Arc::try_from).transpose()
}

/// Every procedure as it is in force on a day, in the order of the Vietnamese alphabet.
pub async fn all_in_force(reader: &mut Reader, day: Date) -> Result<Vec<Arc<Procedure>>, Error> {
    let rows: Vec<ProcedureRow> = fetch_all!(
        reader,
        "procedure.all_in_force",
        "select code, revision, cast(body as text) as body from procedure p
         where valid_from <= $1 and (valid_to is null or valid_to >= $1)
           and revision = (select max(q.revision) from procedure q
                           where q.code = p.code and q.valid_from <= $1
                             and (q.valid_to is null or q.valid_to >= $1))
           and not exists (select 1 from procedure_retirement r where r.code = p.code
                           and r.revision >= p.revision and r.last_day < $1)
         order by code limit 5000",
        day.to_string(),
    )?;
    let mut procedures =
        rows.into_iter().map(Arc::<Procedure>::try_from).collect::<Result<Vec<_>, Error>>()?;
    procedures
        .sort_by_cached_key(|procedure| (rules::text::sort_key(&procedure.name), procedure.code.to_string()));
    Ok(procedures)
}

/// The revisions that a list of dossiers was opened under, by code and revision, in one reading.
pub async fn of_lines(
    reader: &mut Reader,
    lines: &[DossierLine],
) -> Result<BTreeMap<(String, u32), Arc<Procedure>>, Error> {
    let dossiers: Vec<Uuid> = lines.iter().map(|line| line.dossier.id.0).collect();
    used_by(reader, &dossiers).await
}

/// Each revision once, however many of the dossiers were opened under it.
async fn used_by(
    reader: &mut Reader,
    dossiers: &[Uuid],
) -> Result<BTreeMap<(String, u32), Arc<Procedure>>, Error> {
    let rows: Vec<ProcedureRow> = fetch_all!(
        reader,
        "procedure.used_by",
        "select code, revision, cast(body as text) as body from procedure where (code, revision) in
            (select procedure, revision from dossier where id in IDS($1))",
        Json(dossiers),
    )?;
    rows.into_iter()
        .map(|row| {
            let procedure = Arc::<Procedure>::try_from(row)?;
            Ok(((procedure.code.to_string(), procedure.revision), procedure))
        })
        .collect()
}

/// The names of the components that a list of records is about, by dossier and component. Where two
/// cases of a procedure have the component, the name in the dossier's own case counts.
pub async fn component_names(
    reader: &mut Reader,
    lines: &[RecordLine],
) -> Result<BTreeMap<(DossierId, String), String>, Error> {
    let dossiers: Vec<Uuid> = lines.iter().map(|line| line.dossier.0).collect();
    let cases: Vec<(Uuid, String, i64, String)> = fetch_all!(
        reader,
        "procedure.cases_of_dossiers",
        "select id, procedure, revision, case_id from dossier where id in IDS($1)",
        Json(&dossiers),
    )?;
    let revisions = used_by(reader, &dossiers).await?;
    let mut names = BTreeMap::new();
    for (dossier, code, revision, case) in cases {
        let revision = u32::try_from(revision).map_err(|_| Error::corrupt("dossier", "revision", dossier))?;
        let Some(procedure) = revisions.get(&(code, revision)) else { continue };
        let others = procedure.cases.iter().filter(|other| other.id != case);
        for component in others.chain(procedure.case(&case)).flat_map(|case| &case.components) {
            names.insert((DossierId(dossier), component.id.clone()), component.name.clone());
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests;
