//! The work of agencies as those see it who lead them: numbers by unit, officer and procedure, and the
//! dossiers behind each number. Numbers and lists are made of the same conditions, so they agree.

use crate::Error;
use crate::dossier::DossierLine;
use crate::dossier::lists::{LineRow, fetch_lines, lines};
use crate::engine::{Reader, fetch_all};
use crate::time::to_micros;
use jiff::Timestamp;
use rules::code::ProcedureCode;
use rules::id::{AgencyId, OfficerId};
use rules::measure::overview::{DueGroup, Look};
use sqlx::types::Json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The agencies whose work somebody oversees, and those of whose work he oversees some procedures only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overseen {
    pub whole: BTreeSet<AgencyId>,
    pub in_part: BTreeSet<(AgencyId, ProcedureCode)>,
}

/// A part of the work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub unit: Option<AgencyId>,
    pub officer: Option<InHandOf>,
    pub procedure: Option<ProcedureCode>,
}

/// In whose hands dossiers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InHandOf {
    Nobody,
    Officer(OfficerId),
}

/// So many open dossiers are of this kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    pub unit: AgencyId,
    pub officer: Option<OfficerId>,
    pub procedure: String,
    pub procedure_name: String,
    pub group: DueGroup,
    pub n: u64,
}

/// So many dossiers were settled in so many hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The competent one.
    pub unit: AgencyId,
    /// Who drafted the result.
    pub officer: Option<OfficerId>,
    pub procedure: String,
    pub procedure_name: String,
    pub hours: u32,
    pub n: u64,
    pub in_time: u64,
}

/// Which of the settled dossiers a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    All,
    Late,
}

/// As statements bind it.
struct Bound {
    agencies: Vec<Uuid>,
    whole: Vec<Uuid>,
    in_part: Vec<(Uuid, String)>,
    officer_is: i64,
    officer: Uuid,
    procedure_is: i64,
    procedure: String,
}

impl Bound {
    fn of(overseen: &Overseen, part: &Part) -> Self {
        let all = overseen.whole.iter().chain(overseen.in_part.iter().map(|(agency, _)| agency));
        let agencies: BTreeSet<AgencyId> =
            all.copied().filter(|agency| part.unit.is_none_or(|unit| unit == *agency)).collect();
        let (officer_is, officer) = match part.officer {
            None => (0, Uuid::nil()),
            Some(InHandOf::Nobody) => (1, Uuid::nil()),
            Some(InHandOf::Officer(officer)) => (2, officer.0),
        };
        Self {
            agencies: agencies.into_iter().map(|agency| agency.0).collect(),
            whole: overseen.whole.iter().map(|agency| agency.0).collect(),
            in_part: overseen.in_part.iter().map(|(agency, of)| (agency.0, of.to_string())).collect(),
            officer_is,
            officer,
            procedure_is: i64::from(part.procedure.is_some()),
            procedure: part.procedure.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }
}

/// Open dossiers that have a date or wait for one, in the agencies `$1` that are overseen by `$2` and `$3`.
macro_rules! open_and_overseen {
    () => {
        "d.holding in IDS($1) and (d.holding in IDS($2) or (d.holding, d.procedure) in PAIRS($3))
         and d.state in ('received', 'awaiting_parts', 'in_process', 'awaiting_supplement',
            'awaiting_payment', 'halted')"
    };
}

/// [`Look::group`] of a dossier at `$4` on the day `$5`, where `$6` is the last day that is near.
macro_rules! due_group {
    () => {
        "case when d.due_at is null then 4 when d.due_at < $4 then 0 when d.due_on <= $5 then 1
            when d.due_on <= $6 then 2 else 3 end"
    };
}

/// Dossiers whose result was made since `$4`, by the agencies `$1` overseen by `$2` and `$3`.
macro_rules! settled_and_overseen {
    () => {
        "d.competent in IDS($1) and (d.competent in IDS($2) or (d.competent, d.procedure) in PAIRS($3))
         and d.finished_at >= $4 and d.outcome in ('granted', 'refused', 'annulled')
         and d.received_at is not null"
    };
}

/// Who wrote the last draft of a dossier's result.
macro_rules! drafter {
    () => {
        "(select e.actor from event e where e.dossier = d.id and e.kind = 'result_drafted'
          order by e.happened_at desc, e.id desc limit 1)"
    };
}

fn group(number: i64) -> Result<DueGroup, Error> {
    let found = usize::try_from(number).ok().and_then(|nth| DueGroup::ALL.get(nth));
    found.copied().ok_or_else(|| Error::corrupt("dossier", "due_at", number))
}

fn number(group: DueGroup) -> i64 {
    match group {
        DueGroup::Overdue => 0,
        DueGroup::Today => 1,
        DueGroup::Near => 2,
        DueGroup::Later => 3,
        DueGroup::Stopped => 4,
    }
}

fn count(n: i64) -> Result<u64, Error> {
    u64::try_from(n).map_err(|_| Error::corrupt("dossier", "count", n))
}

/// How much is open, by unit, officer, procedure and date, in one reading.
pub async fn open(reader: &mut Reader, overseen: &Overseen, look: &Look) -> Result<Vec<Open>, Error> {
    let bound = Bound::of(overseen, &Part::default());
    let rows: Vec<(Uuid, Option<Uuid>, String, String, i64, i64)> = fetch_all!(
        reader,
        "measure.open",
        concat!(
            "select holding, officer, procedure, max(name), due_group, count(*) from (
                select d.holding, d.officer, d.procedure, r.name, cast(",
            due_group!(),
            " as bigint) as due_group
                from dossier d join procedure r on r.code = d.procedure and r.revision = d.revision
                where ",
            open_and_overseen!(),
            ") as found group by holding, officer, procedure, due_group limit 200000"
        ),
        Json(&bound.agencies),
        Json(&bound.whole),
        Json(&bound.in_part),
        to_micros(look.now),
        look.today.to_string(),
        look.near.to_string(),
    )?;
    rows.into_iter()
        .map(|(unit, officer, procedure, procedure_name, due_group, n)| {
            Ok(Open {
                unit: AgencyId(unit),
                officer: officer.map(OfficerId),
                procedure,
                procedure_name,
                group: group(due_group)?,
                n: count(n)?,
            })
        })
        .collect()
}

/// How much was settled since a moment and how long it took, in one reading.
pub async fn settled(
    reader: &mut Reader,
    overseen: &Overseen,
    since: Timestamp,
) -> Result<Vec<Settled>, Error> {
    let bound = Bound::of(overseen, &Part::default());
    type SettledRow = (Uuid, Option<Uuid>, String, String, i64, i64, i64);
    let rows: Vec<SettledRow> = fetch_all!(
        reader,
        "measure.settled",
        concat!(
            "select competent, officer, procedure, max(name), hours, count(*), sum(in_time) from (
                select d.competent, ",
            drafter!(),
            " as officer, d.procedure, r.name, (d.finished_at - d.received_at) / 3600000000 as hours,
                case when d.due_at is null or d.finished_at <= d.due_at then 1 else 0 end as in_time
                from dossier d join procedure r on r.code = d.procedure and r.revision = d.revision
                where ",
            settled_and_overseen!(),
            ") as found group by competent, officer, procedure, hours limit 200000"
        ),
        Json(&bound.agencies),
        Json(&bound.whole),
        Json(&bound.in_part),
        to_micros(since),
    )?;
    rows.into_iter()
        .map(|(unit, officer, procedure, procedure_name, hours, n, in_time)| {
            Ok(Settled {
                unit: AgencyId(unit),
                officer: officer.map(OfficerId),
                procedure,
                procedure_name,
                hours: u32::try_from(hours).map_err(|_| Error::corrupt("dossier", "finished_at", hours))?,
                n: count(n)?,
                in_time: count(in_time)?,
            })
        })
        .collect()
}

/// The open dossiers behind a number, the soonest due first; all groups where none is named.
pub async fn lines_open(
    reader: &mut Reader,
    overseen: &Overseen,
    (part, of): (&Part, Option<DueGroup>),
    look: &Look,
    (limit, offset): (i64, i64),
) -> Result<Vec<DossierLine>, Error> {
    let bound = Bound::of(overseen, part);
    fetch_lines!(
        reader,
        "measure.lines_open",
        from "dossier d",
        officer "d.officer",
        concat!(
            "where ",
            open_and_overseen!(),
            " and ($7 = -1 or $7 = ",
            due_group!(),
            ") and ($8 = 0 or ($8 = 1 and d.officer is null) or ($8 = 2 and d.officer = $9))
             and ($10 = 0 or d.procedure = $11)
             order by case when d.due_at is null then 1 else 0 end, d.due_at, d.id limit $12 offset $13"
        ),
        Json(&bound.agencies),
        Json(&bound.whole),
        Json(&bound.in_part),
        to_micros(look.now),
        look.today.to_string(),
        look.near.to_string(),
        of.map_or(-1, number),
        bound.officer_is,
        bound.officer,
        bound.procedure_is,
        bound.procedure.as_str(),
        limit,
        offset,
    )
}

/// The settled dossiers behind a number, the latest first.
pub async fn lines_settled(
    reader: &mut Reader,
    overseen: &Overseen,
    (part, which): (&Part, Ended),
    since: Timestamp,
    (limit, offset): (i64, i64),
) -> Result<Vec<DossierLine>, Error> {
    let bound = Bound::of(overseen, part);
    fetch_lines!(
        reader,
        "measure.lines_settled",
        from "dossier d",
        officer "d.officer",
        concat!(
            "where ",
            settled_and_overseen!(),
            " and ($5 = 0 or d.finished_at > d.due_at)
             and ($6 = 0 or ($6 = 1 and ",
            drafter!(),
            " is null) or ($6 = 2 and ",
            drafter!(),
            " = $7)) and ($8 = 0 or d.procedure = $9)
             order by d.finished_at desc, d.id limit $10 offset $11"
        ),
        Json(&bound.agencies),
        Json(&bound.whole),
        Json(&bound.in_part),
        to_micros(since),
        i64::from(which == Ended::Late),
        bound.officer_is,
        bound.officer,
        bound.procedure_is,
        bound.procedure.as_str(),
        limit,
        offset,
    )
}

#[cfg(test)]
mod tests;
