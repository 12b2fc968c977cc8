//! Queue tickets: who waits, who was called where, and every turn a ticket took.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_one, fetch_optional};
use crate::error::{JsonText, open};
use crate::time::{from_micros, new_id, to_micros};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::counter::queue::setup::QueueRules;
use rules::counter::queue::{Call, Lane, PriorityReason, Ticket, TicketNumber, TicketState};
use rules::id::{AgencyId, DossierId, OfficerId, QueueRulesId, TicketId};
use sqlx::types::Json;
use uuid::Uuid;

/// What happened to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnKind {
    Taken,
    Called,
    CalledAgain,
    Absent,
    Served,
}

impl TurnKind {
    fn code(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Called => "called",
            Self::CalledAgain => "called_again",
            Self::Absent => "absent",
            Self::Served => "served",
        }
    }
}

#[derive(sqlx::FromRow)]
struct TicketRow {
    id: Uuid,
    version: i64,
    agency: Uuid,
    on_day: String,
    lane: String,
    ordinal: i64,
    reason: Option<String>,
    subject: Option<String>,
    taken_at: i64,
    place_at: i64,
    slot_from: Option<i64>,
    absences: i64,
    first_called_at: Option<i64>,
    state: String,
    officer: Option<Uuid>,
    counter: Option<String>,
    called_at: Option<i64>,
}

impl TryFrom<TicketRow> for Ticket {
    type Error = Error;

    fn try_from(row: TicketRow) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("queue_ticket", column, row.id);
        let at = |micros, column| from_micros(micros).map_err(|_| corrupt(column));
        let maybe_at = |micros: Option<i64>, column| micros.map(|micros| at(micros, column)).transpose();
        let call = match (row.officer, row.counter, maybe_at(row.called_at, "called_at")?) {
            (Some(by), Some(counter), Some(at)) => Some(Call { by: OfficerId(by), counter, at }),
            _ => None,
        };
        let state = match (row.state.as_str(), call) {
            ("waiting", _) => TicketState::Waiting,
            ("called", Some(call)) => TicketState::Called(call),
            ("served", Some(call)) => TicketState::Served(call),
            ("missed", Some(call)) => TicketState::Missed(call),
            _ => return Err(corrupt("state")),
        };
        let reason = row.reason.map(|code| PriorityReason::of_code(&code).ok_or_else(|| corrupt("reason")));
        Ok(Self {
            id: TicketId(row.id),
            version: row.version,
            agency: AgencyId(row.agency),
            on: row.on_day.parse().map_err(|_| corrupt("on_day"))?,
            number: TicketNumber {
                lane: Lane::of_code(&row.lane).ok_or_else(|| corrupt("lane"))?,
                ordinal: u32::try_from(row.ordinal).map_err(|_| corrupt("ordinal"))?,
            },
            reason: reason.transpose()?,
            subject: row.subject,
            taken_at: at(row.taken_at, "taken_at")?,
            place_at: at(row.place_at, "place_at")?,
            slot_from: maybe_at(row.slot_from, "slot_from")?,
            absences: u32::try_from(row.absences).map_err(|_| corrupt("absences"))?,
            first_called_at: maybe_at(row.first_called_at, "first_called_at")?,
            state,
        })
    }
}

/// The word of the state, and the call it carries.
fn parts(state: &TicketState) -> (&'static str, Option<&Call>) {
    match state {
        TicketState::Waiting => ("waiting", None),
        TicketState::Called(call) => ("called", Some(call)),
        TicketState::Served(call) => ("served", Some(call)),
        TicketState::Missed(call) => ("missed", Some(call)),
    }
}

/// The next ordinal of a lane at an agency on a day, from 1. It is taken by the ticket that carries it:
/// acts that meet here are run again.
pub async fn next_ordinal(tx: &mut Tx, agency: AgencyId, on: Date, lane: Lane) -> Result<u32, Error> {
    let (last,): (i64,) = fetch_one!(
        tx,
        "queue_ticket.last_ordinal",
        "select coalesce(max(ordinal), 0) from queue_ticket where agency = $1 and on_day = $2 and lane = $3",
        agency.0,
        on.to_string(),
        lane.code(),
    )?;
    u32::try_from(last + 1).map_err(|_| Error::corrupt("queue_ticket", "ordinal", agency))
}

/// Adds a ticket as it was taken by `by`, for whoever stood there.
pub async fn add(tx: &mut Tx, ticket: &Ticket, by: OfficerId) -> Result<(), Error> {
    let (state, _) = parts(&ticket.state);
    let added = execute!(
        tx,
        "queue_ticket.add",
        "insert into queue_ticket (id, version, agency, on_day, lane, ordinal, reason, subject, taken_at,
            taken_by, place_at, slot_from, absences, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        ticket.id.0,
        ticket.version,
        ticket.agency.0,
        ticket.on.to_string(),
        ticket.number.lane.code(),
        i64::from(ticket.number.ordinal),
        ticket.reason.map(PriorityReason::code),
        ticket.subject.as_deref(),
        to_micros(ticket.taken_at),
        by.0,
        to_micros(ticket.place_at),
        ticket.slot_from.map(to_micros),
        i64::from(ticket.absences),
        state,
    );
    match added {
        // Another took this number between our look and our writing.
        Err(Error::Taken(name)) if name == "queue_ticket_number_key" => return Err(tx.met_another()),
        added => added?,
    };
    add_turn(tx, (ticket.id, ticket.version), TurnKind::Taken, by, None, ticket.taken_at).await
}

/// Saves a ticket that was read at its version, with the turn it took.
pub async fn save(
    tx: &mut Tx,
    ticket: &Ticket,
    turn: TurnKind,
    by: OfficerId,
    now: Timestamp,
) -> Result<(), Error> {
    let (state, call) = parts(&ticket.state);
    // Whoever waits again keeps the call he did not follow.
    let saved = execute!(
        tx,
        "queue_ticket.save",
        "update queue_ticket set version = version + 1, place_at = $3, absences = $4, first_called_at = $5,
            state = $6, officer = coalesce($7, officer), counter = coalesce($8, counter),
            called_at = coalesce($9, called_at)
         where id = $1 and version = $2",
        ticket.id.0,
        ticket.version,
        to_micros(ticket.place_at),
        i64::from(ticket.absences),
        ticket.first_called_at.map(to_micros),
        state,
        call.map(|call| call.by.0),
        call.map(|call| call.counter.as_str()),
        call.map(|call| to_micros(call.at)),
    )?;
    if saved == 0 {
        return Err(Error::Stale { table: "queue_ticket", row: ticket.id.to_string() });
    }
    let counter = call.map(|call| call.counter.as_str());
    add_turn(tx, (ticket.id, ticket.version + 1), turn, by, counter, now).await
}

async fn add_turn(
    tx: &mut Tx,
    (ticket, number): (TicketId, i64),
    turn: TurnKind,
    by: OfficerId,
    counter: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    execute!(
        tx,
        "queue_turn.add",
        "insert into queue_turn (ticket, number, what, at, officer, counter) values ($1, $2, $3, $4, $5, $6)",
        ticket.0,
        number,
        turn.code(),
        to_micros(now),
        by.0,
        counter,
    )
    .map(drop)
}

/// Tickets: which of them is said last.
macro_rules! tickets {
    ($fetch:ident, $reader:expr, $name:literal, $which:literal, $($bind:expr),+ $(,)?) => {
        $fetch!(
            $reader,
            $name,
            concat!(
                "select id, version, agency, on_day, lane, ordinal, reason, subject, taken_at, place_at,
                    slot_from, absences, first_called_at, state, officer, counter, called_at
                 from queue_ticket ",
                $which
            ),
            $($bind),+
        )
    };
}

pub async fn find(reader: &mut Reader, id: TicketId) -> Result<Option<Ticket>, Error> {
    let row: Option<TicketRow> =
        tickets!(fetch_optional, reader, "queue_ticket.find", "where id = $1", id.0,)?;
    row.map(Ticket::try_from).transpose()
}

/// Those who wait at an agency on a day.
pub async fn waiting(reader: &mut Reader, agency: AgencyId, on: Date) -> Result<Vec<Ticket>, Error> {
    let rows: Vec<TicketRow> = tickets!(
        fetch_all,
        reader,
        "queue_ticket.waiting",
        "where agency = $1 and on_day = $2 and state = 'waiting'
         order by place_at, id limit 5000",
        agency.0,
        on.to_string(),
    )?;
    rows.into_iter().map(Ticket::try_from).collect()
}

/// Those who are at a counter or on their way to it, the last called first.
pub async fn being_called(reader: &mut Reader, agency: AgencyId, on: Date) -> Result<Vec<Ticket>, Error> {
    let rows: Vec<TicketRow> = tickets!(
        fetch_all,
        reader,
        "queue_ticket.being_called",
        "where agency = $1 and on_day = $2 and called_at is not null and state = 'called'
         order by called_at desc, id desc limit 50",
        agency.0,
        on.to_string(),
    )?;
    rows.into_iter().map(Ticket::try_from).collect()
}

/// The ticket this officer called last on a day, whatever became of it; of two called at one instant, who is
/// still at the counter.
pub async fn last_of(reader: &mut Reader, officer: OfficerId, on: Date) -> Result<Option<Ticket>, Error> {
    let row: Option<TicketRow> = tickets!(
        fetch_optional,
        reader,
        "queue_ticket.last_of_officer",
        "where officer = $1 and on_day = $2
         order by called_at desc, case when state = 'called' then 0 else 1 end, id desc limit 1",
        officer.0,
        on.to_string(),
    )?;
    row.map(Ticket::try_from).transpose()
}

/// The lanes of the last `limit` calls of a day, the newest first.
pub async fn lanes_called(
    reader: &mut Reader,
    agency: AgencyId,
    on: Date,
    limit: u32,
) -> Result<Vec<Lane>, Error> {
    let rows: Vec<(String,)> = fetch_all!(
        reader,
        "queue_turn.lanes_called",
        "select t.lane from queue_turn u join queue_ticket t on t.id = u.ticket
         where t.agency = $1 and t.on_day = $2 and u.what = 'called' order by u.at desc, t.id desc limit $3",
        agency.0,
        on.to_string(),
        i64::from(limit),
    )?;
    let lane = |(code,): (String,)| {
        Lane::of_code(&code).ok_or_else(|| Error::corrupt("queue_ticket", "lane", agency))
    };
    rows.into_iter().map(lane).collect()
}

/// When those of a day who have been called took their number, and when they were first called.
pub async fn first_calls(
    reader: &mut Reader,
    agency: AgencyId,
    on: Date,
) -> Result<Vec<(Timestamp, Timestamp)>, Error> {
    let rows: Vec<(i64, i64)> = fetch_all!(
        reader,
        "queue_ticket.first_calls",
        "select taken_at, first_called_at from queue_ticket
         where agency = $1 and on_day = $2 and called_at is not null and first_called_at is not null
         order by first_called_at limit 5000",
        agency.0,
        on.to_string(),
    )?;
    let at = |micros| from_micros(micros).map_err(|_| Error::corrupt("queue_ticket", "taken_at", agency));
    rows.into_iter().map(|(taken, called)| Ok((at(taken)?, at(called)?))).collect()
}

/// The turns a ticket took, in their order: what, and by whom.
pub async fn turns(reader: &mut Reader, ticket: TicketId) -> Result<Vec<(String, OfficerId)>, Error> {
    let rows: Vec<(String, Uuid)> = fetch_all!(
        reader,
        "queue_turn.of_ticket",
        "select what, officer from queue_turn where ticket = $1 order by number limit 100",
        ticket.0,
    )?;
    Ok(rows.into_iter().map(|(what, officer)| (what, OfficerId(officer))).collect())
}

/// Ties a dossier to whoever was at the counter when it was opened.
pub async fn tie(tx: &mut Tx, dossier: DossierId, ticket: TicketId) -> Result<(), Error> {
    execute!(
        tx,
        "queue_dossier.tie",
        "insert into queue_dossier (dossier, ticket) values ($1, $2)",
        dossier.0,
        ticket.0,
    )
    .map(drop)
}

/// The ticket whose owner a dossier was opened for.
pub async fn of_dossier(reader: &mut Reader, dossier: DossierId) -> Result<Option<Ticket>, Error> {
    let row: Option<TicketRow> = fetch_optional!(
        reader,
        "queue_ticket.of_dossier",
        "select t.id, t.version, t.agency, t.on_day, t.lane, t.ordinal, t.reason, t.subject, t.taken_at,
            t.place_at, t.slot_from, t.absences, t.first_called_at, t.state, t.officer, t.counter, t.called_at
         from queue_ticket t join queue_dossier d on d.ticket = t.id where d.dossier = $1",
        dossier.0,
    )?;
    row.map(Ticket::try_from).transpose()
}

/// Those of some dossiers whose applicant came by a number of the line of those who go first.
pub async fn that_went_first(reader: &mut Reader, dossiers: &[Uuid]) -> Result<Vec<Uuid>, Error> {
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "queue_dossier.that_went_first",
        "select d.dossier from queue_dossier d join queue_ticket t on t.id = d.ticket
         where d.dossier in IDS($1) and t.lane = $2",
        Json(dossiers),
        Lane::Priority.code(),
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The rules an agency decided for itself that hold on a day.
pub async fn rules(reader: &mut Reader, agency: AgencyId, on: Date) -> Result<Option<QueueRules>, Error> {
    let row: Option<(Uuid, JsonText)> = fetch_optional!(
        reader,
        "queue_rules.in_force",
        "select id, body from queue_rules where agency = $1 and valid_from <= $2 order by version desc limit 1",
        agency.0,
        on.to_string(),
    )?;
    row.map(|(id, body)| open(body, "queue_rules", "body", id)).transpose()
}

/// The version of an agency's rules; 0 before the first decision.
pub async fn rules_version(reader: &mut Reader, agency: AgencyId) -> Result<i64, Error> {
    let (version,): (i64,) = fetch_one!(
        reader,
        "queue_rules.version",
        "select coalesce(max(version), 0) from queue_rules where agency = $1",
        agency.0,
    )?;
    Ok(version)
}

/// Keeps a decision; [`Error::Stale`] when somebody decided since version `seen`.
pub async fn add_rules(
    tx: &mut Tx,
    agency: AgencyId,
    rules: &QueueRules,
    seen: i64,
    by: OfficerId,
    now: Timestamp,
) -> Result<(), Error> {
    if rules_version(tx, agency).await? != seen {
        return Err(Error::Stale { table: "queue_rules", row: agency.to_string() });
    }
    execute!(
        tx,
        "queue_rules.add",
        "insert into queue_rules (id, agency, version, valid_from, decided_by, decided_at, body)
         values ($1, $2, $3, $4, $5, $6, $7)",
        QueueRulesId(new_id(now)).0,
        agency.0,
        seen + 1,
        rules.from.to_string(),
        by.0,
        to_micros(now),
        Json(rules),
    )
    .map(drop)
}

#[cfg(test)]
mod tests;
