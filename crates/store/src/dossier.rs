//! Dossiers: one row each, saved with its version, and the lists the inboxes are made of.

use crate::engine::{Reader, Tx, execute, fetch_one, fetch_optional};
use crate::error::{JsonText, open};
use crate::people::role_text;
use crate::time::{from_micros, to_micros};
use crate::{Error, event};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::dossier::{Dossier, DossierPeople, DueMoment, Outcome, Standing};
use rules::event::NewEvent;
use rules::id::{AgencyId, DossierId, EventId, OfficerId, PartyId};
use rules::people::AgencyScope;
use rules::procedure::Channel;
use sqlx::types::Json;
use uuid::Uuid;

pub mod alarm;
pub mod bulk;
pub mod consultation;
pub(crate) mod lists;
pub mod register;
pub mod view;
pub mod writing;

pub use lists::{
    DossierLine, lines_by_ids, lines_consulted, lines_for_post, lines_of_holder, lines_preparing,
    lines_referred, lines_waiting, lines_with_paper, parts_of,
};

#[derive(sqlx::FromRow)]
struct DossierRow {
    id: Uuid,
    version: i64,
    code: Option<String>,
    procedure: String,
    revision: i64,
    case_id: String,
    channel: String,
    submitter: Uuid,
    holder: Uuid,
    authorised: Option<Uuid>,
    receiving: Uuid,
    competent: Uuid,
    holding: Uuid,
    outcome: Option<String>,
    opened_at: i64,
    opened_by: Uuid,
    received_at: Option<i64>,
    due_at: Option<i64>,
    due_on: Option<String>,
    clock: Option<JsonText>,
    body: JsonText,
    life: JsonText,
    part_of: Option<Uuid>,
}

fn corrupt(id: Uuid, column: &'static str) -> Error {
    Error::Corrupt { table: "dossier", column: column.into(), row: id.to_string() }
}

fn channel_text(channel: Channel) -> &'static str {
    match channel {
        Channel::Direct => "direct",
        Channel::Online => "online",
        Channel::Post => "post",
    }
}

const OUTCOMES: [Outcome; 5] =
    [Outcome::Granted, Outcome::Refused, Outcome::Withdrawn, Outcome::Stopped, Outcome::Annulled];

fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Granted => "granted",
        Outcome::Refused => "refused",
        Outcome::Withdrawn => "withdrawn",
        Outcome::Stopped => "stopped",
        Outcome::Annulled => "annulled",
    }
}

impl TryFrom<DossierRow> for Dossier {
    type Error = Error;

    fn try_from(row: DossierRow) -> Result<Self, Error> {
        let id = row.id;
        let instant = |micros, column| from_micros(micros).map_err(|_| corrupt(id, column));
        let channel = Channel::ALL
            .into_iter()
            .find(|&channel| channel_text(channel) == row.channel)
            .ok_or_else(|| corrupt(id, "channel"))?;
        let outcome = row
            .outcome
            .map(|text| {
                OUTCOMES
                    .into_iter()
                    .find(|&outcome| outcome_text(outcome) == text)
                    .ok_or_else(|| corrupt(id, "outcome"))
            })
            .transpose()?;
        let due = match (row.due_at, row.due_on) {
            (Some(at), Some(on)) => Some(DueMoment {
                at: instant(at, "due_at")?,
                on: on.parse::<Date>().map_err(|_| corrupt(id, "due_on"))?,
            }),
            (None, None) => None,
            _ => return Err(corrupt(id, "due_at")),
        };
        Ok(Self {
            id: DossierId(id),
            version: row.version,
            code: row.code.map(|code| code.parse().map_err(|_| corrupt(id, "code"))).transpose()?,
            procedure: row.procedure.parse().map_err(|_| corrupt(id, "procedure"))?,
            revision: u32::try_from(row.revision).map_err(|_| corrupt(id, "revision"))?,
            case: row.case_id,
            channel,
            people: DossierPeople {
                submitter: PartyId(row.submitter),
                holder: PartyId(row.holder),
                authorised: row.authorised.map(PartyId),
            },
            scope: AgencyScope {
                receiving: AgencyId(row.receiving),
                competent: AgencyId(row.competent),
                holding: AgencyId(row.holding),
            },
            opened_at: instant(row.opened_at, "opened_at")?,
            opened_by: OfficerId(row.opened_by),
            received_at: row.received_at.map(|at| instant(at, "received_at")).transpose()?,
            clock: row.clock.map(|clock| open(clock, "dossier", "clock", id)).transpose()?,
            due,
            outcome,
            state: open(row.body, "dossier", "body", id)?,
            part_of: row.part_of.map(DossierId),
            life: open(row.life, "dossier", "life", id)?,
        })
    }
}

/// Adds a dossier at version 1, with its first event.
pub async fn add(
    tx: &mut Tx,
    dossier: &Dossier,
    standing: Option<&Standing>,
    event: &NewEvent,
    now: Timestamp,
) -> Result<(), Error> {
    let next = Next::of(standing);
    execute!(
        tx,
        "dossier.add",
        "insert into dossier (id, version, procedure, revision, case_id, channel, submitter, holder,
            authorised, receiving, competent, holding, state, opened_at, opened_by, body, code, step,
            officer, outcome, received_at, received_on, due_at, due_on, clock, life, part_of, next_act,
            next_agency, next_role, next_officer, next_by, foreign_code, finished_at, for_post)
         values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
            $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)",
        dossier.id.0,
        dossier.procedure.as_str(),
        i64::from(dossier.revision),
        dossier.case.as_str(),
        channel_text(dossier.channel),
        dossier.people.submitter.0,
        dossier.people.holder.0,
        dossier.people.authorised.map(|party| party.0),
        dossier.scope.receiving.0,
        dossier.scope.competent.0,
        dossier.scope.holding.0,
        dossier.state.kind(),
        to_micros(dossier.opened_at),
        dossier.opened_by.0,
        Json(&dossier.state),
        dossier.code.as_ref().map(rules::code::DossierCode::as_str),
        dossier.state.step(),
        dossier.state.officer().map(|officer| officer.0),
        dossier.outcome.map(outcome_text),
        dossier.received_at.map(to_micros),
        dossier.received_at.map(received_on),
        dossier.due.map(|due| to_micros(due.at)),
        dossier.due.map(|due| due.on.to_string()),
        dossier.clock.as_ref().map(Json),
        Json(&dossier.life),
        dossier.part_of.map(|whole| whole.0),
        next.act,
        next.agency,
        next.role,
        next.officer,
        next.by,
        dossier.life.foreign_code.as_deref(),
        finished_at(dossier),
        dossier.waits_for_post(),
    )?;
    consultation::keep(tx, dossier).await?;
    event::append(tx, event, now).await.map(drop)
}

/// Who must act next, as columns.
#[derive(Default)]
struct Next {
    act: Option<&'static str>,
    agency: Option<Uuid>,
    role: Option<&'static str>,
    officer: Option<Uuid>,
    by: Option<i64>,
}

impl Next {
    fn of(standing: Option<&Standing>) -> Self {
        standing.map_or_else(Self::default, |standing| Self {
            act: Some(standing.next.kind()),
            agency: Some(standing.owner.agency.0),
            role: Some(role_text(standing.owner.role)),
            officer: standing.owner.officer.map(|officer| officer.0),
            by: Some(to_micros(standing.by.at)),
        })
    }
}

/// When it was settled or ended: what was done lately is found by it.
fn finished_at(dossier: &Dossier) -> Option<i64> {
    dossier.clock.as_ref().and_then(|clock| clock.finished_at).map(to_micros)
}

/// The legal day of the reception, which lists of a day are made by.
fn received_on(at: Timestamp) -> String {
    rules::calendar::legal_time(at).date().to_string()
}

/// Saves a dossier read at `dossier.version`, with the event that changed it and who must act next. Its
/// procedure, channel and people are those it was opened with.
///
/// # Errors
/// [`Error::Stale`] when somebody else saved it meanwhile; [`Error::Taken`] (`dossier_code_key`) when
/// its code is another's.
pub async fn save(
    tx: &mut Tx,
    dossier: &Dossier,
    standing: Option<&Standing>,
    event: &NewEvent,
    now: Timestamp,
) -> Result<EventId, Error> {
    let next = Next::of(standing);
    let saved = execute!(
        tx,
        "dossier.save",
        "update dossier set version = version + 1, code = $3, case_id = $4, receiving = $5,
            competent = $6, holding = $7, state = $8, step = $9, officer = $10, outcome = $11,
            received_at = $12, received_on = $13, due_at = $14, due_on = $15, clock = $16, body = $17,
            life = $18, next_act = $19, next_agency = $20, next_role = $21, next_officer = $22,
            next_by = $23, finished_at = $24, for_post = $25
         where id = $1 and version = $2",
        dossier.id.0,
        dossier.version,
        dossier.code.as_ref().map(rules::code::DossierCode::as_str),
        dossier.case.as_str(),
        dossier.scope.receiving.0,
        dossier.scope.competent.0,
        dossier.scope.holding.0,
        dossier.state.kind(),
        dossier.state.step(),
        dossier.state.officer().map(|officer| officer.0),
        dossier.outcome.map(outcome_text),
        dossier.received_at.map(to_micros),
        dossier.received_at.map(received_on),
        dossier.due.map(|due| to_micros(due.at)),
        dossier.due.map(|due| due.on.to_string()),
        dossier.clock.as_ref().map(Json),
        Json(&dossier.state),
        Json(&dossier.life),
        next.act,
        next.agency,
        next.role,
        next.officer,
        next.by,
        finished_at(dossier),
        dossier.waits_for_post(),
    )?;
    if saved == 0 {
        return Err(Error::Stale { table: "dossier", row: dossier.id.to_string() });
    }
    consultation::keep(tx, dossier).await?;
    event::append(tx, event, now).await
}

pub async fn find(reader: &mut Reader, id: DossierId) -> Result<Option<Dossier>, Error> {
    let row: Option<DossierRow> = fetch_optional!(
        reader,
        "dossier.find",
        "select id, version, code, procedure, revision, case_id, channel, submitter, holder, authorised,
            receiving, competent, holding, outcome, opened_at, opened_by, received_at, due_at, due_on,
            clock, body, life, part_of
         from dossier where id = $1",
        id.0,
    )?;
    row.map(Dossier::try_from).transpose()
}

/// Reads a dossier to change it; nobody else changes it before this act is over.
pub async fn lock(tx: &mut Tx, id: DossierId) -> Result<Option<Dossier>, Error> {
    let row: Option<DossierRow> = fetch_optional!(
        tx,
        "dossier.lock",
        "select id, version, code, procedure, revision, case_id, channel, submitter, holder, authorised,
            receiving, competent, holding, outcome, opened_at, opened_by, received_at, due_at, due_on,
            clock, body, life, part_of
         from dossier where id = $1 for update",
        id.0,
    )?;
    row.map(Dossier::try_from).transpose()
}

/// The id behind a dossier code.
pub async fn id_by_code(reader: &mut Reader, code: &str) -> Result<Option<DossierId>, Error> {
    let row: Option<(Uuid,)> =
        fetch_optional!(reader, "dossier.id_by_code", "select id from dossier where code = $1", code)?;
    Ok(row.map(|(id,)| DossierId(id)))
}

/// The mirror of a dossier that has this code in its system of record.
pub async fn id_by_foreign_code(reader: &mut Reader, code: &str) -> Result<Option<DossierId>, Error> {
    let row: Option<(Uuid,)> = fetch_optional!(
        reader,
        "dossier.id_by_foreign_code",
        "select id from dossier where foreign_code = $1",
        code,
    )?;
    Ok(row.map(|(id,)| DossierId(id)))
}

/// The next ordinal, from 1, of a day for a receiving agency. Taken in the act of acceptance, so that a number
/// is neither doubled nor lost.
// law: ND61-2018/26
pub async fn next_ordinal(tx: &mut Tx, agency_code: &str, day: Date) -> Result<u32, Error> {
    let (last,): (i64,) = fetch_one!(
        tx,
        "dossier.next_ordinal",
        "insert into dossier_ordinal (agency_code, day, last) values ($1, $2, 1)
         on conflict (agency_code, day) do update set last = dossier_ordinal.last + 1 returning last",
        agency_code,
        day.to_string(),
    )?;
    u32::try_from(last).map_err(|_| Error::Corrupt {
        table: "dossier_ordinal",
        column: "last".into(),
        row: agency_code.to_owned(),
    })
}

#[cfg(test)]
mod tests;
