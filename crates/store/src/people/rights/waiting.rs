//! Who is away on which days, and which rights wait for their second person.

use super::{corrupt, day};
use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::error::{JsonText, open};
use crate::time::to_micros;
use jiff::Timestamp;
use jiff::civil::Date;
use rules::id::{AbsenceId, OfficerId, ProposalId};
use rules::people::leave::Absence;
use rules::people::proposal::Proposal;
use sqlx::types::Json;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct AbsenceRow {
    id: Uuid,
    officer: Uuid,
    valid_from: String,
    valid_to: String,
    cover: JsonText,
}

impl TryFrom<AbsenceRow> for Absence {
    type Error = Error;

    fn try_from(row: AbsenceRow) -> Result<Self, Error> {
        Ok(Self {
            id: AbsenceId(row.id),
            officer: OfficerId(row.officer),
            valid_from: day(&row.valid_from, "absence", "valid_from", row.id)?,
            valid_to: day(&row.valid_to, "absence", "valid_to", row.id)?,
            cover: open(row.cover, "absence", "cover", row.id)?,
        })
    }
}

pub async fn add_absence(tx: &mut Tx, absence: &Absence) -> Result<(), Error> {
    execute!(
        tx,
        "absence.add",
        "insert into absence (id, officer, valid_from, valid_to, cover) values ($1, $2, $3, $4, $5)",
        absence.id.0,
        absence.officer.0,
        absence.valid_from.to_string(),
        absence.valid_to.to_string(),
        Json(&absence.cover),
    )?;
    Ok(())
}

/// Ends a leave: `on` is the first day he is there again. One that had not begun by then goes as if it
/// had not been; the event keeps it.
pub async fn end_absence(tx: &mut Tx, absence: &Absence, on: Date) -> Result<(), Error> {
    if absence.valid_from < on {
        let last = on.yesterday().map_err(|_| corrupt("absence", "valid_to", absence.id))?;
        execute!(
            tx,
            "absence.end",
            "update absence set valid_to = $2 where id = $1 and valid_to > $2",
            absence.id.0,
            last.to_string(),
        )?;
    } else {
        execute!(tx, "absence.take_away", "delete from absence where id = $1", absence.id.0)?;
    }
    Ok(())
}

pub async fn absence(reader: &mut Reader, id: AbsenceId) -> Result<Option<Absence>, Error> {
    let row: Option<AbsenceRow> = fetch_optional!(
        reader,
        "absence.find",
        "select id, officer, valid_from, valid_to, cover from absence where id = $1",
        id.0,
    )?;
    row.map(Absence::try_from).transpose()
}

/// The leaves of these officers that are not over before `day`.
pub async fn absences_of(
    reader: &mut Reader,
    officers: &[OfficerId],
    day: Date,
) -> Result<Vec<Absence>, Error> {
    let officers: Vec<Uuid> = officers.iter().map(|officer| officer.0).collect();
    let rows: Vec<AbsenceRow> = fetch_all!(
        reader,
        "absence.of_officers",
        "select id, officer, valid_from, valid_to, cover from absence
         where officer in IDS($1) and valid_to >= $2 order by valid_from, id limit 1000",
        Json(officers),
        day.to_string(),
    )?;
    rows.into_iter().map(Absence::try_from).collect()
}

/// Who is away on a day.
pub async fn absent_on(reader: &mut Reader, day: Date) -> Result<Vec<Absence>, Error> {
    let rows: Vec<AbsenceRow> = fetch_all!(
        reader,
        "absence.on_day",
        "select id, officer, valid_from, valid_to, cover from absence
         where valid_to >= $1 and valid_from <= $1 order by valid_to, id limit 5000",
        day.to_string(),
    )?;
    rows.into_iter().map(Absence::try_from).collect()
}

#[derive(sqlx::FromRow)]
struct ProposalRow {
    id: Uuid,
    version: i64,
    proposed_by: Uuid,
    lapses_on: String,
    change: JsonText,
    confirmed_by: Option<Uuid>,
}

impl TryFrom<ProposalRow> for Proposal {
    type Error = Error;

    fn try_from(row: ProposalRow) -> Result<Self, Error> {
        Ok(Self {
            id: ProposalId(row.id),
            version: row.version,
            by: OfficerId(row.proposed_by),
            change: open(row.change, "right_proposal", "change", row.id)?,
            lapses_on: day(&row.lapses_on, "right_proposal", "lapses_on", row.id)?,
            confirmed_by: row.confirmed_by.map(OfficerId),
        })
    }
}

pub async fn add_proposal(tx: &mut Tx, proposal: &Proposal, now: Timestamp) -> Result<(), Error> {
    execute!(
        tx,
        "right_proposal.add",
        "insert into right_proposal (id, version, proposed_by, proposed_at, lapses_on, change, confirmed_by)
         values ($1, 1, $2, $3, $4, $5, $6)",
        proposal.id.0,
        proposal.by.0,
        to_micros(now),
        proposal.lapses_on.to_string(),
        Json(&proposal.change),
        proposal.confirmed_by.map(|officer| officer.0),
    )?;
    Ok(())
}

pub async fn proposal(reader: &mut Reader, id: ProposalId) -> Result<Option<Proposal>, Error> {
    let row: Option<ProposalRow> = fetch_optional!(
        reader,
        "right_proposal.find",
        "select id, version, proposed_by, lapses_on, change, confirmed_by from right_proposal
         where id = $1",
        id.0,
    )?;
    row.map(Proposal::try_from).transpose()
}

/// Saves a proposal read at `proposal.version`.
pub async fn save_proposal(tx: &mut Tx, proposal: &Proposal) -> Result<(), Error> {
    let saved = execute!(
        tx,
        "right_proposal.save",
        "update right_proposal set version = version + 1, confirmed_by = $3
         where id = $1 and version = $2",
        proposal.id.0,
        proposal.version,
        proposal.confirmed_by.map(|officer| officer.0),
    )?;
    if saved == 0 {
        return Err(Error::Stale { table: "right_proposal", row: proposal.id.to_string() });
    }
    Ok(())
}

/// What still waits for its second person on a day, the soonest to lapse first.
pub async fn open_proposals(reader: &mut Reader, day: Date) -> Result<Vec<Proposal>, Error> {
    let rows: Vec<ProposalRow> = fetch_all!(
        reader,
        "right_proposal.open",
        "select id, version, proposed_by, lapses_on, change, confirmed_by from right_proposal
         where confirmed_by is null and lapses_on >= $1 order by lapses_on, id limit 500",
        day.to_string(),
    )?;
    rows.into_iter().map(Proposal::try_from).collect()
}
