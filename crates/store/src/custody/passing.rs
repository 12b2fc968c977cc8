//! What one officer gave to somebody at once, and what became of each folder of it.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::custody::{Bearer, Receiver};
use rules::id::{AgencyId, FolderId, OfficerId, PassingId};
use uuid::Uuid;

/// A hand-over slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passing {
    pub id: PassingId,
    pub from: Bearer,
    pub to: Receiver,
    pub given_at: Timestamp,
    pub due_at: Timestamp,
}

/// How a folder's part in it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassingOutcome {
    Confirmed,
    Refused,
    TakenBack,
    Reclaimed,
}

/// One folder of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassingLine {
    pub folder: FolderId,
    /// None while nobody has confirmed.
    pub settled: Option<Settled>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    pub outcome: PassingOutcome,
    pub at: Timestamp,
    pub by: OfficerId,
    pub reason: String,
}

impl PassingOutcome {
    const ALL: [Self; 4] = [Self::Confirmed, Self::Refused, Self::TakenBack, Self::Reclaimed];

    fn text(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::TakenBack => "taken_back",
            Self::Reclaimed => "reclaimed",
        }
    }
}

/// Writes a slip with its folders.
pub async fn add(tx: &mut Tx, passing: &Passing, folders: &[FolderId]) -> Result<(), Error> {
    execute!(
        tx,
        "passing.add",
        "insert into passing (id, giver, from_agency, to_agency, to_officer, given_at, due_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        passing.id.0,
        passing.from.officer.0,
        passing.from.agency.0,
        passing.to.agency.0,
        passing.to.officer.map(|officer| officer.0),
        to_micros(passing.given_at),
        to_micros(passing.due_at),
    )?;
    for folder in folders {
        execute!(
            tx,
            "passing.add_folder",
            "insert into passing_folder (passing, folder) values ($1, $2)",
            passing.id.0,
            folder.0,
        )?;
    }
    Ok(())
}

/// Writes what became of one folder of a slip.
pub async fn settle(tx: &mut Tx, id: PassingId, folder: FolderId, settled: &Settled) -> Result<(), Error> {
    let reason = Some(settled.reason.as_str()).filter(|reason| !reason.is_empty());
    let n_settled = execute!(
        tx,
        "passing.settle",
        "update passing_folder set outcome = $3, settled_at = $4, settled_by = $5, reason = $6
         where passing = $1 and folder = $2 and outcome is null",
        id.0,
        folder.0,
        settled.outcome.text(),
        to_micros(settled.at),
        settled.by.0,
        reason,
    )?;
    if n_settled == 0 {
        return Err(Error::Stale { table: "passing_folder", row: folder.to_string() });
    }
    Ok(())
}

type PassingRow = (Uuid, Uuid, Uuid, Option<Uuid>, i64, i64);

pub async fn find(reader: &mut Reader, id: PassingId) -> Result<Option<Passing>, Error> {
    let row: Option<PassingRow> = fetch_optional!(
        reader,
        "passing.find",
        "select giver, from_agency, to_agency, to_officer, given_at, due_at from passing where id = $1",
        id.0,
    )?;
    let Some((giver, from, to, officer, given_at, due_at)) = row else { return Ok(None) };
    let instant = |micros| from_micros(micros).map_err(|_| Error::corrupt("passing", "given_at", id));
    Ok(Some(Passing {
        id,
        from: Bearer { officer: OfficerId(giver), agency: AgencyId(from) },
        to: Receiver { agency: AgencyId(to), officer: officer.map(OfficerId) },
        given_at: instant(given_at)?,
        due_at: instant(due_at)?,
    }))
}

type LineRow = (Uuid, Option<String>, Option<i64>, Option<Uuid>, Option<String>);

/// The folders of a slip, with what became of each.
pub async fn lines(reader: &mut Reader, id: PassingId) -> Result<Vec<PassingLine>, Error> {
    let rows: Vec<LineRow> = fetch_all!(
        reader,
        "passing.lines",
        "select folder, outcome, settled_at, settled_by, reason from passing_folder where passing = $1
         order by folder limit 1000",
        id.0,
    )?;
    rows.into_iter().map(line).collect()
}

fn line((folder, outcome, at, by, reason): LineRow) -> Result<PassingLine, Error> {
    let corrupt = |column| Error::corrupt("passing_folder", column, folder);
    let settled = match (outcome, at, by) {
        (Some(outcome), Some(at), Some(by)) => Some(Settled {
            outcome: PassingOutcome::ALL
                .into_iter()
                .find(|known| known.text() == outcome)
                .ok_or_else(|| corrupt("outcome"))?,
            at: from_micros(at).map_err(|_| corrupt("settled_at"))?,
            by: OfficerId(by),
            reason: reason.unwrap_or_default(),
        }),
        (None, None, None) => None,
        _ => return Err(corrupt("outcome")),
    };
    Ok(PassingLine { folder: FolderId(folder), settled })
}
