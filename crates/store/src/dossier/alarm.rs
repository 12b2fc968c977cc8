//! Dossiers that would go silent: found by what is written beside each, and kept as alarms until somebody
//! has acted.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all};
use crate::people::reading::Sight;
use crate::time::{from_micros, new_id, to_micros};
use jiff::Timestamp;
use rules::dossier::{AlarmKind, Standing};
use rules::id::{AgencyId, DossierId, OfficerId};
use rules::people::{Role, Scope};
use sqlx::types::Json;
use uuid::Uuid;

/// A dossier that needs somebody, and who that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    pub dossier: DossierId,
    pub kind: AlarmKind,
    pub agency: AgencyId,
    pub role: Role,
    pub raised_at: Timestamp,
}

/// Who is said to act next for some open dossiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    pub agency: AgencyId,
    pub role: Role,
    pub officer: Option<OfficerId>,
}

/// Open dossiers of which nobody knows who acts next, or by when; those behind `after`.
pub async fn without_next(
    reader: &mut Reader,
    after: DossierId,
    limit: i64,
) -> Result<Vec<DossierId>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "alarm.without_next",
        "select id from dossier
         where next_by is null and id > $1
           and state in ('submitted', 'awaiting_papers', 'received', 'awaiting_parts', 'in_process',
                'awaiting_supplement', 'awaiting_payment', 'halted', 'done')
         order by id limit $2",
        after.0,
        limit,
    )?;
    Ok(rows.into_iter().map(|(id,)| DossierId(id)).collect())
}

/// Every agency, role and officer that some open dossier waits for.
pub async fn charges(reader: &mut Reader) -> Result<Vec<Charge>, Error> {
    let rows: Vec<(Uuid, String, Option<Uuid>)> = fetch_all!(
        reader,
        "alarm.charges",
        "select distinct next_agency, next_role, next_officer from dossier where next_by is not null
         limit 100000",
    )?;
    rows.into_iter()
        .map(|(agency, role, officer)| {
            Ok(Charge {
                agency: AgencyId(agency),
                role: role_of(&role, agency)?,
                officer: officer.map(OfficerId),
            })
        })
        .collect()
}

fn role_of(text: &str, row: Uuid) -> Result<Role, Error> {
    crate::people::role_of(text).ok_or_else(|| Error::corrupt("dossier", "next_role", row))
}

/// Writes beside a dossier who must act next, where it was not written yet. The dossier itself does not
/// change.
pub async fn note_next(tx: &mut Tx, id: DossierId, standing: &Standing) -> Result<(), Error> {
    execute!(
        tx,
        "alarm.note_next",
        "update dossier set next_act = $2, next_agency = $3, next_role = $4,
            next_officer = $5, next_by = $6
         where id = $1 and next_by is null",
        id.0,
        standing.next.kind(),
        standing.owner.agency.0,
        crate::people::role_text(standing.owner.role),
        standing.owner.officer.map(|officer| officer.0),
        to_micros(standing.by.at),
    )?;
    Ok(())
}

/// The open dossiers that wait for this charge, those behind `after`.
pub async fn waiting_for(
    reader: &mut Reader,
    charge: &Charge,
    after: DossierId,
    limit: i64,
) -> Result<Vec<DossierId>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "alarm.waiting_for",
        "select id from dossier
         where next_agency = $1 and next_role = $2 and next_by is not null
           and coalesce(next_officer, $3) = $3 and (next_officer is null) = ($4 = 1) and id > $5
         order by id limit $6",
        charge.agency.0,
        crate::people::role_text(charge.role),
        charge.officer.map_or(Uuid::nil(), |officer| officer.0),
        i64::from(charge.officer.is_none()),
        after.0,
        limit,
    )?;
    Ok(rows.into_iter().map(|(id,)| DossierId(id)).collect())
}

/// Open dossiers whose next act was due before `now`, the longest first.
pub async fn past_next(reader: &mut Reader, now: Timestamp, limit: i64) -> Result<Vec<DossierId>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "alarm.past_next",
        "select d.id from dossier d
         where d.next_by is not null and d.next_by < $1
           and not exists (select 1 from alarm a
                where a.dossier = d.id and a.kind = 'late' and a.cleared_at is null)
         order by d.next_by limit $2",
        to_micros(now),
        limit,
    )?;
    Ok(rows.into_iter().map(|(id,)| DossierId(id)).collect())
}

/// Dossiers whose wait for an applicant, or stop, ended before `now`.
pub async fn expired_waits(reader: &mut Reader, now: Timestamp, limit: i64) -> Result<Vec<DossierId>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "alarm.expired_waits",
        "select id from dossier
         where next_by <= $1
           and state in ('awaiting_papers', 'awaiting_supplement', 'awaiting_payment', 'halted')
         order by next_by limit $2",
        to_micros(now),
        limit,
    )?;
    Ok(rows.into_iter().map(|(id,)| DossierId(id)).collect())
}

/// Raises an alarm; false where it is raised already.
pub async fn raise(tx: &mut Tx, alarm: &Alarm) -> Result<bool, Error> {
    let raised = execute!(
        tx,
        "alarm.raise",
        "insert into alarm (id, dossier, kind, agency, role, raised_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (dossier, kind) where cleared_at is null do nothing",
        new_id(alarm.raised_at),
        alarm.dossier.0,
        alarm.kind.kind(),
        alarm.agency.0,
        crate::people::role_text(alarm.role),
        to_micros(alarm.raised_at),
    )?;
    Ok(raised > 0)
}

/// Ends an alarm; false where none was raised.
pub async fn clear(tx: &mut Tx, dossier: DossierId, kind: AlarmKind, now: Timestamp) -> Result<bool, Error> {
    let cleared = execute!(
        tx,
        "alarm.clear",
        "update alarm set cleared_at = $3 where dossier = $1 and kind = $2 and cleared_at is null",
        dossier.0,
        kind.kind(),
        to_micros(now),
    )?;
    Ok(cleared > 0)
}

type AlarmRow = (Uuid, String, Uuid, String, i64);

/// The alarms of the agencies of a scope that are not ended, the oldest first: those that an agency of
/// its own must see to, and those about dossiers it lets see.
pub async fn open(reader: &mut Reader, scope: &Scope, limit: i64) -> Result<Vec<Alarm>, Error> {
    let sight = Sight::from(scope);
    let rows: Vec<AlarmRow> = fetch_all!(
        reader,
        "alarm.open",
        "select a.dossier, a.kind, a.agency, a.role, a.raised_at
         from alarm a join dossier d on d.id = a.dossier
         where a.cleared_at is null and a.agency in IDS($1)
           and (a.agency in IDS($2) or (a.agency, d.procedure) in PAIRS($3) or SEEN(d, d.procedure, $4))
         order by a.raised_at, a.id limit $5",
        Json(&sight.agencies),
        Json(&sight.concerned),
        Json(&sight.concerned_in),
        Json(&sight),
        limit,
    )?;
    rows.into_iter().map(alarm).collect()
}

/// The alarms that are not ended and may have lost their reason: late ones whose dossier has moved on,
/// and all of the other kinds. The oldest first.
pub async fn perhaps_over(reader: &mut Reader, now: Timestamp, limit: i64) -> Result<Vec<Alarm>, Error> {
    let rows: Vec<AlarmRow> = fetch_all!(
        reader,
        "alarm.perhaps_over",
        "select a.dossier, a.kind, a.agency, a.role, a.raised_at
         from alarm a join dossier d on d.id = a.dossier
         where a.cleared_at is null and (a.kind <> 'late' or d.next_by is null or d.next_by >= $1)
         order by a.raised_at, a.id limit $2",
        to_micros(now),
        limit,
    )?;
    rows.into_iter().map(alarm).collect()
}

fn alarm((dossier, kind, agency, role, raised_at): AlarmRow) -> Result<Alarm, Error> {
    Ok(Alarm {
        dossier: DossierId(dossier),
        kind: AlarmKind::ALL
            .into_iter()
            .find(|known| known.kind() == kind)
            .ok_or_else(|| Error::corrupt("alarm", "kind", dossier))?,
        agency: AgencyId(agency),
        role: role_of(&role, dossier)?,
        raised_at: from_micros(raised_at).map_err(|_| Error::corrupt("alarm", "raised_at", dossier))?,
    })
}

#[cfg(test)]
mod tests;
