//! Units in time: the trees, who came from whom, and reorganisations under way. What they do to dossiers
//! is in `dossiers`, to posts in `posts`.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_one, fetch_optional};
use crate::error::{JsonText, open};
use crate::time::to_micros;
use jiff::Timestamp;
use rules::code::AgencyCode;
use rules::id::{AgencyId, DossierId, OfficerId, ReorganisationId};
use rules::unit::{Level, Reorganisation, Unit, UnitKind};
use sqlx::types::Json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

mod dossiers;
mod posts;

pub use dossiers::{
    Asks, OpenDossier, OpenGroup, UnitDossier, groups_open, lines_of_unit, open_page, rescope_papers,
};
pub use posts::{PostLine, follow, lines_of_posts};

fn level_text(level: Level) -> &'static str {
    match level {
        Level::Province => "province",
        Level::District => "district",
        Level::Commune => "commune",
    }
}

fn kind_text(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::PeoplesCommittee => "peoples_committee",
        UnitKind::Department => "department",
        UnitKind::Counter => "counter",
        UnitKind::Division => "division",
    }
}

/// Puts a unit in the tree, or brings the one with the same key up to date; gives its id.
pub async fn put_unit(
    tx: &mut Tx,
    new: AgencyId,
    unit: &Unit,
    parent: Option<AgencyId>,
) -> Result<AgencyId, Error> {
    let (id,): (Uuid,) = fetch_one!(
        tx,
        "unit.put",
        "insert into unit (id, key, name, level, kind, parent, code, old_code, valid_from, valid_to, body)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (key) do update set name = excluded.name, level = excluded.level,
            kind = excluded.kind, parent = excluded.parent, code = excluded.code,
            old_code = excluded.old_code, valid_from = excluded.valid_from,
            valid_to = excluded.valid_to, body = excluded.body
         returning id",
        new.0,
        unit.key.as_str(),
        unit.name.as_str(),
        level_text(unit.level),
        kind_text(unit.kind),
        parent.map(|parent| parent.0),
        unit.code.as_str(),
        unit.old_code.as_ref().map(AgencyCode::as_str),
        unit.valid_from.to_string(),
        unit.valid_to.map(|day| day.to_string()),
        Json(unit),
    )?;
    execute!(tx, "unit.forget_predecessors", "delete from unit_predecessor where unit = $1", id)?;
    for predecessor in &unit.predecessors {
        execute!(
            tx,
            "unit.add_predecessor",
            "insert into unit_predecessor (unit, predecessor) values ($1, $2)
             on conflict (unit, predecessor) do nothing",
            id,
            predecessor.unit.as_str(),
        )?;
    }
    Ok(AgencyId(id))
}

/// A unit with its place in the tree.
#[derive(Clone, Debug)]
pub struct KeptUnit {
    pub id: AgencyId,
    pub parent: Option<AgencyId>,
    pub unit: Unit,
}

#[derive(sqlx::FromRow)]
struct UnitRow {
    id: Uuid,
    parent: Option<Uuid>,
    body: JsonText,
}

/// Every unit of this installation by its key; a few thousand at most.
pub async fn units(reader: &mut Reader) -> Result<Vec<KeptUnit>, Error> {
    let rows: Vec<UnitRow> =
        fetch_all!(reader, "unit.all", "select id, parent, body from unit order by key limit 20000")?;
    let mut units = rows.into_iter().map(KeptUnit::try_from).collect::<Result<Vec<_>, Error>>()?;
    // The two engines may sort text differently.
    units.sort_by(|a, b| a.unit.key.cmp(&b.unit.key));
    Ok(units)
}

pub async fn unit(reader: &mut Reader, id: AgencyId) -> Result<Option<KeptUnit>, Error> {
    let row: Option<UnitRow> =
        fetch_optional!(reader, "unit.find", "select id, parent, body from unit where id = $1", id.0)?;
    row.map(KeptUnit::try_from).transpose()
}

/// Units by id, in no particular order; ids of none are left out.
pub async fn units_by_ids(reader: &mut Reader, ids: &[AgencyId]) -> Result<Vec<KeptUnit>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<UnitRow> = fetch_all!(
        reader,
        "unit.by_ids",
        "select id, parent, body from unit where id in IDS($1)",
        Json(&ids),
    )?;
    rows.into_iter().map(KeptUnit::try_from).collect()
}

/// Units that are kept with this very code today.
pub async fn units_by_code(reader: &mut Reader, code: &AgencyCode) -> Result<Vec<KeptUnit>, Error> {
    let rows: Vec<UnitRow> = fetch_all!(
        reader,
        "unit.by_code",
        "select id, parent, body from unit where code = $1 order by valid_from desc limit 100",
        code.as_str(),
    )?;
    rows.into_iter().map(KeptUnit::try_from).collect()
}

/// What every unit of this installation is called.
pub async fn unit_names(reader: &mut Reader) -> Result<BTreeMap<AgencyId, String>, Error> {
    let rows: Vec<(Uuid, String)> =
        fetch_all!(reader, "unit.names", "select id, name from unit limit 20000")?;
    Ok(rows.into_iter().map(|(id, name)| (AgencyId(id), name)).collect())
}

impl TryFrom<UnitRow> for KeptUnit {
    type Error = Error;

    fn try_from(row: UnitRow) -> Result<Self, Error> {
        let unit = open(row.body, "unit", "body", row.id)?;
        Ok(Self { id: AgencyId(row.id), parent: row.parent.map(AgencyId), unit })
    }
}

/// All that each of these agencies came from; those that came from none are left out.
pub async fn forebears(
    reader: &mut Reader,
    agencies: impl IntoIterator<Item = AgencyId>,
) -> Result<BTreeMap<AgencyId, Vec<AgencyId>>, Error> {
    let agencies: Vec<Uuid> = agencies.into_iter().map(|agency| agency.0).collect();
    let rows: Vec<(Uuid, Uuid)> = fetch_all!(
        reader,
        "unit.forebears",
        "with recursive line (heir, id) as (
            select id, id from unit where id in IDS($1)
            union
            select h.heir, p.id from line h join unit_predecessor l on l.unit = h.id
                join unit p on p.key = l.predecessor
         )
         select heir, id from line where id <> heir order by heir, id limit 20000",
        Json(&agencies),
    )?;
    let mut forebears: BTreeMap<AgencyId, Vec<AgencyId>> = BTreeMap::new();
    for (heir, id) in rows {
        forebears.entry(AgencyId(heir)).or_default().push(AgencyId(id));
    }
    Ok(forebears)
}

/// A reorganisation that was begun, and how far it has got.
#[derive(Clone, Debug, PartialEq)]
pub struct Reorganising {
    pub id: ReorganisationId,
    pub reorganisation: Reorganisation,
    pub state: Progress,
    pub n_rerouted: i64,
    pub started_by: Option<OfficerId>,
    /// For whom it was begun; its events carry it.
    pub agency: AgencyId,
}

/// How far its rounds over the open dossiers have got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Applying { after: Option<DossierId>, n_of_round: i64 },
    Done,
}

#[derive(sqlx::FromRow)]
struct ReorganisationRow {
    id: Uuid,
    state: String,
    after_dossier: Option<Uuid>,
    n_rerouted: i64,
    n_of_round: i64,
    started_by: Option<Uuid>,
    agency: Uuid,
    body: JsonText,
}

impl TryFrom<ReorganisationRow> for Reorganising {
    type Error = Error;

    fn try_from(row: ReorganisationRow) -> Result<Self, Error> {
        let state = match row.state.as_str() {
            "done" => Progress::Done,
            _ => Progress::Applying { after: row.after_dossier.map(DossierId), n_of_round: row.n_of_round },
        };
        Ok(Self {
            id: ReorganisationId(row.id),
            reorganisation: open(row.body, "reorganisation", "body", row.id)?,
            state,
            n_rerouted: row.n_rerouted,
            started_by: row.started_by.map(OfficerId),
            agency: AgencyId(row.agency),
        })
    }
}

/// Writes down that a reorganisation has begun, and the units it touches.
pub async fn begin(
    tx: &mut Tx,
    begun: &Reorganising,
    touched: &[AgencyId],
    now: Timestamp,
) -> Result<(), Error> {
    execute!(
        tx,
        "reorganisation.begin",
        "insert into reorganisation (id, key, effective_on, state, n_rerouted, n_of_round, started_by,
            agency, started_at, body)
         values ($1, $2, $3, 'applying', 0, 0, $4, $5, $6, $7)",
        begun.id.0,
        begun.reorganisation.id.as_str(),
        begun.reorganisation.effective_on.to_string(),
        begun.started_by.map(|officer| officer.0),
        begun.agency.0,
        to_micros(now),
        Json(&begun.reorganisation),
    )?;
    for agency in touched {
        execute!(
            tx,
            "reorganisation.touch",
            "insert into reorganisation_unit (reorganisation, unit) values ($1, $2)",
            begun.id.0,
            agency.0,
        )?;
    }
    Ok(())
}

pub async fn reorganisation(
    reader: &mut Reader,
    id: ReorganisationId,
) -> Result<Option<Reorganising>, Error> {
    let row: Option<ReorganisationRow> = fetch_optional!(
        reader,
        "reorganisation.find",
        "select id, state, after_dossier, n_rerouted, n_of_round, started_by, agency, body
         from reorganisation where id = $1",
        id.0,
    )?;
    row.map(Reorganising::try_from).transpose()
}

/// The one with the name its file gives it.
pub async fn reorganisation_by_key(reader: &mut Reader, key: &str) -> Result<Option<Reorganising>, Error> {
    let row: Option<ReorganisationRow> = fetch_optional!(
        reader,
        "reorganisation.by_key",
        "select id, state, after_dossier, n_rerouted, n_of_round, started_by, agency, body
         from reorganisation where key = $1",
        key,
    )?;
    row.map(Reorganising::try_from).transpose()
}

/// Those that were begun, the latest first.
pub async fn reorganisations(reader: &mut Reader) -> Result<Vec<Reorganising>, Error> {
    let rows: Vec<ReorganisationRow> = fetch_all!(
        reader,
        "reorganisation.all",
        "select id, state, after_dossier, n_rerouted, n_of_round, started_by, agency, body
         from reorganisation order by effective_on desc, id desc limit 200",
    )?;
    rows.into_iter().map(Reorganising::try_from).collect()
}

/// How many folders of paper lie with these agencies.
pub async fn n_folders(reader: &mut Reader, agencies: &[AgencyId]) -> Result<i64, Error> {
    let ids: Vec<Uuid> = agencies.iter().map(|agency| agency.0).collect();
    let (n,): (i64,) = fetch_one!(
        reader,
        "folder.count_of_agencies",
        "select count(*) from folder where agency in IDS($1)",
        Json(ids),
    )?;
    Ok(n)
}

/// Dossiers up to `after` were looked at, `n_rerouted` of them went elsewhere.
pub async fn advance(
    tx: &mut Tx,
    id: ReorganisationId,
    after: DossierId,
    n_rerouted: i64,
) -> Result<(), Error> {
    execute!(
        tx,
        "reorganisation.advance",
        "update reorganisation set after_dossier = $2, n_rerouted = n_rerouted + $3,
            n_of_round = n_of_round + $3
         where id = $1 and state = 'applying'",
        id.0,
        after.0,
        n_rerouted,
    )
    .map(drop)
}

/// A round is over. What came in behind its back is found by the next; one that found none is the last.
pub async fn end_round(tx: &mut Tx, id: ReorganisationId, now: Timestamp) -> Result<(), Error> {
    let done = execute!(
        tx,
        "reorganisation.finish",
        "update reorganisation set after_dossier = null, state = 'done', finished_at = $2
         where id = $1 and state = 'applying' and n_of_round = 0",
        id.0,
        to_micros(now),
    )?;
    if done == 0 {
        execute!(
            tx,
            "reorganisation.next_round",
            "update reorganisation set after_dossier = null, n_of_round = 0
             where id = $1 and state = 'applying'",
            id.0,
        )?;
    }
    Ok(())
}

/// The keys of all units that reorganisations have touched.
pub async fn touched(reader: &mut Reader) -> Result<BTreeSet<String>, Error> {
    let rows: Vec<(String,)> = fetch_all!(
        reader,
        "reorganisation.touched",
        "select distinct u.key from reorganisation_unit t join unit u on u.id = t.unit limit 20000",
    )?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

#[cfg(test)]
mod tests;
