//! What stands in the columns that lists and inboxes are made of, to hold against the dossier they were
//! written from. No act reads them back in this shape.

use crate::Error;
use crate::engine::{Reader, fetch_all, fetch_optional};
use crate::event::EventRow;
use crate::people::role_of;
use crate::time::from_micros;
use jiff::Timestamp;
use rules::event::Event;
use rules::id::{AgencyId, ConsultationId, DossierId, OfficerId};
use rules::people::Role;
use uuid::Uuid;

/// Who must act next, as the columns have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    pub act: String,
    pub agency: AgencyId,
    pub role: Role,
    pub officer: Option<OfficerId>,
    pub by: Timestamp,
}

/// Who must act next on a dossier; none where the columns are empty.
pub async fn next(reader: &mut Reader, id: DossierId) -> Result<Option<Next>, Error> {
    type Row = (Option<String>, Option<Uuid>, Option<String>, Option<Uuid>, Option<i64>);
    let row: Option<Row> = fetch_optional!(
        reader,
        "test.next",
        "select next_act, next_agency, next_role, next_officer, next_by from dossier where id = $1",
        id.0,
    )?;
    let Some((Some(act), Some(agency), Some(role), officer, Some(by))) = row else { return Ok(None) };
    let role = role_of(&role).ok_or_else(|| Error::corrupt("dossier", "next_role", id.0))?;
    let by = from_micros(by).map_err(|_| Error::corrupt("dossier", "next_by", id.0))?;
    Ok(Some(Next { act, agency: AgencyId(agency), role, officer: officer.map(OfficerId), by }))
}

/// One agency that was asked about a dossier, as its row has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub id: ConsultationId,
    pub agency: AgencyId,
    pub asked_at: Timestamp,
    pub due_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// The rows of a dossier's consultations, by their ids.
pub async fn asked(reader: &mut Reader, id: DossierId) -> Result<Vec<Asked>, Error> {
    let rows: Vec<(Uuid, Uuid, i64, i64, Option<i64>)> = fetch_all!(
        reader,
        "test.asked",
        "select id, agency, asked_at, due_at, ended_at from consultation where dossier = $1 order by id
         limit 1000",
        id.0,
    )?;
    let instant = |micros| from_micros(micros).map_err(|_| Error::corrupt("consultation", "asked_at", id.0));
    rows.into_iter()
        .map(|(asked, agency, asked_at, due_at, ended_at)| {
            Ok(Asked {
                id: ConsultationId(asked),
                agency: AgencyId(agency),
                asked_at: instant(asked_at)?,
                due_at: instant(due_at)?,
                ended_at: ended_at.map(instant).transpose()?,
            })
        })
        .collect()
}

/// Every dossier with its version and how many events it has.
pub async fn heads(reader: &mut Reader) -> Result<Vec<(DossierId, i64, i64)>, Error> {
    let rows: Vec<(Uuid, i64, i64)> = fetch_all!(
        reader,
        "test.heads",
        "select id, version,
            (select max(number) from event where subject_kind = 'dossier' and subject = dossier.id)
         from dossier order by id limit 1000000",
    )?;
    Ok(rows.into_iter().map(|(id, version, n_events)| (DossierId(id), version, n_events)).collect())
}

/// The events of a dossier behind its first `n_known`.
pub async fn events_after(reader: &mut Reader, id: DossierId, n_known: i64) -> Result<Vec<Event>, Error> {
    let rows: Vec<EventRow> = fetch_all!(
        reader,
        "test.events_after",
        "select id, kind, version, subject_kind, subject, number, dossier, agency, actor, on_behalf_of,
            purpose, happened_at, recorded_at, body, salt, body_digest, digest, previous
         from event where subject_kind = 'dossier' and subject = $1 and number > $2 order by number
         limit 10000",
        id.0,
        n_known,
    )?;
    rows.into_iter().map(Event::try_from).collect()
}
