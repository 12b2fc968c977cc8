//! The dossiers of units: the open ones page by page to be rerouted, counted to be planned, and all of
//! them as the lists of a unit.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all};
use crate::people::reading::Sight;
use rules::code::ProcedureCode;
use rules::id::{AgencyId, DossierId};
use rules::people::{AgencyScope, Scope};
use sqlx::types::Json;
use uuid::Uuid;

/// What decides where an open dossier goes.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenGroup {
    pub scope: AgencyScope,
    pub procedure: ProcedureCode,
    pub revision: u32,
    /// The step it is at; none while it is prepared.
    pub step: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OpenDossier {
    pub id: DossierId,
    pub group: OpenGroup,
    pub asks: Asks,
}

/// Whether an open dossier waits for the opinion of one of the agencies looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    None,
    OneOfThem,
}

#[derive(sqlx::FromRow)]
struct GroupRow {
    receiving: Uuid,
    competent: Uuid,
    holding: Uuid,
    procedure: String,
    revision: i64,
    step: Option<String>,
}

impl GroupRow {
    fn open(self, row: impl ToString) -> Result<OpenGroup, Error> {
        let corrupt = |column: &'static str| Error::corrupt("dossier", column, row.to_string());
        Ok(OpenGroup {
            scope: AgencyScope {
                receiving: AgencyId(self.receiving),
                competent: AgencyId(self.competent),
                holding: AgencyId(self.holding),
            },
            procedure: self.procedure.parse().map_err(|_| corrupt("procedure"))?,
            revision: u32::try_from(self.revision).map_err(|_| corrupt("revision"))?,
            step: self.step,
        })
    }
}

#[derive(sqlx::FromRow)]
struct PageRow {
    id: Uuid,
    #[sqlx(flatten)]
    group: GroupRow,
    n_asked: i64,
}

/// Open dossiers that these agencies have to do with or were asked about, in the order of their ids, behind
/// `after`.
///
/// Walks along the ids, so that all pages together read the table once: through the indexes of agencies
/// each page would sort everything that is left. `coalesce` keeps the engines off them; no agency is null.
pub async fn open_page(
    reader: &mut Reader,
    agencies: &[Uuid],
    after: Option<DossierId>,
    limit: i64,
) -> Result<Vec<OpenDossier>, Error> {
    let rows: Vec<PageRow> = fetch_all!(
        reader,
        "unit.open_page",
        "select id, receiving, competent, holding, procedure, revision, step,
            (select count(*) from consultation c
             where c.dossier = d.id and c.agency in IDS($1) and c.ended_at is null) as n_asked
         from dossier d
         where id > $2 and state not in ('not_received', 'stopped', 'withdrawn', 'handed_over')
           and (coalesce(receiving, id) in IDS($1) or coalesce(competent, id) in IDS($1)
             or coalesce(holding, id) in IDS($1)
             or id in (select dossier from consultation where agency in IDS($1) and ended_at is null))
         order by id limit $3",
        Json(agencies),
        after.map_or(Uuid::nil(), |dossier| dossier.0),
        limit,
    )?;
    rows.into_iter()
        .map(|row| {
            let asks = if row.n_asked > 0 { Asks::OneOfThem } else { Asks::None };
            Ok(OpenDossier { id: DossierId(row.id), group: row.group.open(row.id)?, asks })
        })
        .collect()
}

#[derive(sqlx::FromRow)]
struct CountRow {
    #[sqlx(flatten)]
    group: GroupRow,
    n: i64,
}

/// The same, counted by what decides where they go.
pub async fn groups_open(reader: &mut Reader, agencies: &[Uuid]) -> Result<Vec<(OpenGroup, i64)>, Error> {
    let rows: Vec<CountRow> = fetch_all!(
        reader,
        "unit.groups_open",
        "select receiving, competent, holding, procedure, revision, step, count(*) as n from dossier
         where state not in ('not_received', 'stopped', 'withdrawn', 'handed_over')
           and (receiving in IDS($1) or competent in IDS($1) or holding in IDS($1))
         group by receiving, competent, holding, procedure, revision, step
         order by receiving, competent, holding, procedure, revision, step limit 100000",
        Json(agencies),
    )?;
    rows.into_iter().map(|row| Ok((row.group.open("?")?, row.n))).collect()
}

/// Gives what is still being made of an open dossier its new agencies: records not filed yet, results not
/// sealed yet. Papers that are finished keep those that made them.
pub async fn rescope_papers(tx: &mut Tx, dossier: DossierId, scope: &AgencyScope) -> Result<(), Error> {
    execute!(
        tx,
        "unit.rescope_records",
        "update record set version = version + 1, receiving = $2, competent = $3, holding = $4
         where dossier = $1 and state <> 'filed'",
        dossier.0,
        scope.receiving.0,
        scope.competent.0,
        scope.holding.0,
    )?;
    execute!(
        tx,
        "unit.rescope_results",
        "update result set version = version + 1, receiving = $2, competent = $3, holding = $4
         where dossier = $1 and state in ('drafted', 'signed')",
        dossier.0,
        scope.receiving.0,
        scope.competent.0,
        scope.holding.0,
    )
    .map(drop)
}

/// A dossier in the list of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitDossier {
    pub id: DossierId,
    pub code: Option<String>,
    pub procedure_name: String,
    pub holder_name: String,
    pub state: String,
}

#[derive(sqlx::FromRow)]
struct UnitDossierRow {
    id: Uuid,
    code: Option<String>,
    procedure_name: String,
    holder_name: String,
    state: String,
}

/// The dossiers that any of `units` received, settles or holds, as far as a scope lets see them, the
/// newest first.
pub async fn lines_of_unit(
    reader: &mut Reader,
    units: &[Uuid],
    seen: &Scope,
    limit: i64,
) -> Result<Vec<UnitDossier>, Error> {
    let rows: Vec<UnitDossierRow> = fetch_all!(
        reader,
        "unit.lines_of_unit",
        "select d.id, d.code, r.name as procedure_name, p.name as holder_name, d.state
         from dossier d
         join procedure r on r.code = d.procedure and r.revision = d.revision
         join party p on p.id = d.holder
         where d.state <> 'preparing'
           and d.id in (
               select id from dossier where receiving in IDS($1)
               union select id from dossier where competent in IDS($1)
               union select id from dossier where holding in IDS($1))
           and SEEN(d, d.procedure, $2)
         order by d.id desc limit $3",
        Json(units),
        Json(Sight::from(seen)),
        limit,
    )?;
    Ok(rows
        .into_iter()
        .map(|row| UnitDossier {
            id: DossierId(row.id),
            code: row.code,
            procedure_name: row.procedure_name,
            holder_name: row.holder_name,
            state: row.state,
        })
        .collect())
}
