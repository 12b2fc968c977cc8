//! The queue at the counter: numbers are taken, called, and tied to what comes of them. The calls of
//! tickets are rows of their own and no events: nobody is named in them (decision 9).

use super::slip::slip_of_queue;
use crate::act::By;
use crate::{Error, Office};
use jiff::Timestamp;
use jiff::civil::Date;
use rules::calendar::legal_time;
use rules::counter::queue::setup::{self, QueueRules};
use rules::counter::queue::{
    Call, Lane, PriorityReason, QueueRefused, Ticket, TicketNumber, TicketState, estimate, order,
};
use rules::id::{AgencyId, DossierId, OfficerId, TicketId};
use rules::people::{Actor, NotYours, Role};
use rules::procedure::{Channel, SystemOfRecord};
use rules::unit::Unit;
use std::collections::BTreeSet;
use store::counter::tickets::{self, TurnKind};
use store::session::{self, SecretHash};
use store::time::new_id;
use store::{Reader, Tx};

/// The key of a session's body under which it is said at which counter its officer sits.
const SEAT: &str = "counter";
/// Letters of a counter's number or name.
const MOST_LETTERS: usize = 20;

/// The queue as an officer at a counter sees it.
#[derive(Debug)]
pub struct QueueNow {
    pub rules: QueueRules,
    /// Those who wait, in the order in which they will be called.
    pub waiting: Vec<Ticket>,
    /// Those who are called or being served, the last called first.
    pub calling: Vec<Ticket>,
    /// The ticket the officer called last today.
    pub last: Option<Ticket>,
    /// How many were called today, and how long they had waited on average.
    pub n_called: usize,
    pub average_minutes: Option<i64>,
}

impl QueueNow {
    /// The ticket at the officer's counter.
    pub fn in_hand(&self) -> Option<&Ticket> {
        self.last.as_ref().filter(|ticket| matches!(ticket.state, TicketState::Called(_)))
    }
}

/// A ticket as its owner is told of it.
#[derive(Debug)]
pub struct TicketView {
    pub ticket: Ticket,
    pub agency: Unit,
    pub rules: QueueRules,
    /// How many will be called before him, while he waits.
    pub n_before: Option<usize>,
    /// About how long that will take; none where too little is known.
    pub minutes: Option<i64>,
}

/// The agency at whose counter an officer serves: his own where he has a post there, else the first.
pub fn served_agency(actor: &Actor) -> Result<AgencyId, NotYours> {
    let agencies = actor.agencies_where(|role| role == Role::Counter);
    let own = agencies.get(&actor.agency()).or_else(|| agencies.first());
    own.copied().ok_or(NotYours::NeedsRole(Role::Counter))
}

/// Who serves at a counter, and which.
fn server(actor: &Actor) -> Result<(AgencyId, OfficerId), Error> {
    let officer = actor.officer().ok_or(NotYours::NeedsRole(Role::Counter))?;
    Ok((served_agency(actor)?, officer))
}

/// The ticket at this officer's counter.
async fn in_hand(
    reader: &mut Reader,
    officer: OfficerId,
    today: Date,
) -> Result<Option<Ticket>, store::Error> {
    let last = tickets::last_of(reader, officer, today).await?;
    Ok(last.filter(|ticket| matches!(ticket.state, TicketState::Called(_))))
}

/// Those who wait today, in the order in which they will be called.
pub(super) async fn line(
    reader: &mut Reader,
    agency: AgencyId,
    rules: &QueueRules,
    now: Timestamp,
) -> Result<Vec<Ticket>, store::Error> {
    let today = legal_time(now).date();
    let waiting = tickets::waiting(reader, agency, today).await?;
    let lanes = tickets::lanes_called(reader, agency, today, rules.priority_run).await?;
    let run = lanes.iter().take_while(|lane| **lane != Lane::Ordinary).count();
    let run = u32::try_from(run).unwrap_or(u32::MAX);
    Ok(order(&waiting, run, rules, now).into_iter().cloned().collect())
}

impl Office {
    /// The rules an agency's queue runs by on a day: its own, else the nation's.
    pub(crate) async fn queue_rules(
        &self,
        reader: &mut Reader,
        agency: AgencyId,
        on: Date,
    ) -> Result<QueueRules, Error> {
        if let Some(own) = tickets::rules(reader, agency, on).await? {
            return Ok(own);
        }
        setup::in_force(&self.queues, on).cloned().ok_or(Error::NotFound)
    }

    /// The fields of the procedures that are received at a counter today: what a number is taken for.
    pub async fn queue_subjects(&self) -> Result<Vec<String>, Error> {
        let mut reader = self.db.read().await?;
        let procedures = store::procedure::all_in_force(&mut reader, self.clock.today()).await?;
        let offered = procedures.iter().filter(|procedure| {
            let direct = procedure.cases.iter().any(|case| case.terms(Channel::Direct).is_some());
            direct && !matches!(procedure.system, SystemOfRecord::Ministry(_))
        });
        let fields: BTreeSet<&str> = offered.map(|procedure| procedure.field.as_str()).collect();
        let mut fields: Vec<String> = fields.into_iter().map(ToOwned::to_owned).collect();
        fields.sort_by_cached_key(|field| rules::text::sort_key(field));
        Ok(fields)
    }

    /// The queue of the officer's agency. A fixed number of questions, however many wait.
    pub async fn queue_now(&self, actor: &Actor) -> Result<QueueNow, Error> {
        let (agency, officer) = server(actor)?;
        let (now, today) = (self.clock.now(), self.clock.today());
        let mut reader = self.db.read().await?;
        let rules = self.queue_rules(&mut reader, agency, today).await?;
        let waiting = line(&mut reader, agency, &rules, now).await?;
        let calling = tickets::being_called(&mut reader, agency, today).await?;
        let last = tickets::last_of(&mut reader, officer, today).await?;
        let calls = tickets::first_calls(&mut reader, agency, today).await?;
        let seconds: i64 = calls.iter().map(|(taken, called)| called.duration_since(*taken).as_secs()).sum();
        let n_called = calls.len();
        let average_minutes = i64::try_from(n_called).ok().filter(|n| *n > 0).map(|n| seconds / n / 60);
        Ok(QueueNow { rules, waiting, calling, last, n_called, average_minutes })
    }

    /// The rules of the officer's own counter today, and which agency that is.
    pub async fn queue_rules_here(&self, actor: &Actor) -> Result<(AgencyId, QueueRules), Error> {
        let agency = served_agency(actor)?;
        let mut reader = self.db.read().await?;
        let rules = self.queue_rules(&mut reader, agency, self.clock.today()).await?;
        Ok((agency, rules))
    }

    /// Somebody takes a number: for a field of procedures or for anything, and before others for a reason.
    // law: ND61-2018/13.2
    pub async fn take_number(
        &self,
        by: &By,
        reason: Option<PriorityReason>,
        subject: Option<&str>,
    ) -> Result<TicketId, Error> {
        if let Some(subject) = subject
            && !self.queue_subjects().await?.iter().any(|known| known == subject)
        {
            return Err(Error::NotFound);
        }
        self.act(by, "queue.take", |mut tx, now| async move {
            let tx = &mut tx;
            let (agency, _) = server(&by.actor)?;
            let rules = self.queue_rules(tx, agency, legal_time(now).date()).await?;
            if reason.is_some_and(|reason| !rules.reasons.contains(&reason)) {
                return Err(QueueRefused::ReasonNotTaken.into());
            }
            let lane = if reason.is_some() { Lane::Priority } else { Lane::Ordinary };
            let blank = Wanted { lane, reason, subject: subject.map(ToOwned::to_owned), slot_from: None };
            add_ticket(tx, by, blank, now).await
        })
        .await
    }

    /// A ticket of the officer's agency, as its owner is told of it.
    pub async fn ticket(&self, actor: &Actor, id: TicketId) -> Result<TicketView, Error> {
        let agency = served_agency(actor)?;
        let now = self.clock.now();
        let mut reader = self.db.read().await?;
        let ticket = tickets::find(&mut reader, id).await?.filter(|ticket| ticket.agency == agency);
        let ticket = ticket.ok_or(Error::NotFound)?;
        let rules = self.queue_rules(&mut reader, agency, ticket.on).await?;
        let unit = store::people::unit(&mut reader, agency).await?.ok_or(Error::NotFound)?.unit;
        let waiting = line(&mut reader, agency, &rules, now).await?;
        let n_before = waiting.iter().position(|other| other.id == id);
        let calls = tickets::first_calls(&mut reader, agency, legal_time(now).date()).await?;
        let first_calls: Vec<Timestamp> = calls.into_iter().map(|(_, called)| called).collect();
        let minutes = n_before.and_then(|n_before| estimate(&first_calls, n_before, now));
        Ok(TicketView { ticket, agency: unit, rules, n_before, minutes })
    }

    /// The ticket on paper, for a narrow printer.
    pub async fn ticket_slip(&self, actor: &Actor, id: TicketId) -> Result<Vec<u8>, Error> {
        let view = self.ticket(actor, id).await?;
        slip_of_queue(self, &view).await
    }

    /// At which counter the officer of a session said he sits.
    pub async fn seat(&self, token: &str) -> Result<Option<String>, Error> {
        let mut reader = self.db.read().await?;
        let session = session::find(&mut reader, SecretHash::of(token.as_bytes()), self.clock.now()).await?;
        let seat = session.and_then(|session| Some(session.body.get(SEAT)?.as_str()?.to_owned()));
        Ok(seat.filter(|seat| !seat.is_empty()))
    }

    /// The officer says at which counter he sits, until he signs out.
    pub async fn take_seat(&self, by: &By, token: &str, counter: &str) -> Result<(), Error> {
        let counter = &counter_name(counter)?;
        let secret = SecretHash::of(token.as_bytes());
        self.act(by, "queue.seat", |mut tx, now| async move {
            let tx = &mut tx;
            server(&by.actor)?;
            let mut session = session::find(tx, secret, now).await?.ok_or(Error::NotFound)?;
            session.body[SEAT] = counter.as_str().into();
            session::save(tx, secret, &session).await?;
            Ok(())
        })
        .await
    }

    /// Calls whoever is next to this counter; whoever was there has been served.
    pub async fn call_next(&self, by: &By, counter: &str) -> Result<TicketId, Error> {
        let counter = &counter_name(counter)?;
        self.act(by, "queue.call_next", |mut tx, now| async move {
            let tx = &mut tx;
            let (agency, officer) = server(&by.actor)?;
            let today = legal_time(now).date();
            if let Some(ticket) = in_hand(tx, officer, today).await? {
                tickets::save(tx, &ticket.served(officer)?, TurnKind::Served, officer, now).await?;
            }
            let rules = self.queue_rules(tx, agency, today).await?;
            let next = line(tx, agency, &rules, now).await?.into_iter().next();
            let next = next.ok_or(QueueRefused::NobodyWaits)?;
            let next = next.called(Call { by: officer, counter: counter.clone(), at: now });
            tickets::save(tx, &next, TurnKind::Called, officer, now).await?;
            Ok(next.id)
        })
        .await
    }

    /// Calls the one who should be at this counter once more.
    pub async fn call_again(&self, by: &By, id: TicketId) -> Result<(), Error> {
        self.turn(by, "queue.call_again", id, TurnKind::CalledAgain, |ticket, officer, _, now| {
            ticket.called_again(officer, now)
        })
        .await
    }

    /// Nobody came: he is called again later, unless that was tried often enough.
    pub async fn not_present(&self, by: &By, id: TicketId) -> Result<(), Error> {
        self.turn(by, "queue.not_present", id, TurnKind::Absent, |ticket, officer, rules, now| {
            ticket.absent(officer, rules, now)
        })
        .await
    }

    /// He has been served, and nobody is called yet.
    pub async fn served(&self, by: &By, id: TicketId) -> Result<(), Error> {
        self.turn(by, "queue.served", id, TurnKind::Served, |ticket, officer, _, _| ticket.served(officer))
            .await
    }

    /// A turn of a ticket of the officer's agency.
    async fn turn(
        &self,
        by: &By,
        name: &'static str,
        id: TicketId,
        kind: TurnKind,
        turned: impl Fn(Ticket, OfficerId, &QueueRules, Timestamp) -> Result<Ticket, QueueRefused>,
    ) -> Result<(), Error> {
        let turned = &turned;
        self.act(by, name, |mut tx, now| async move {
            let tx = &mut tx;
            let (agency, officer) = server(&by.actor)?;
            let ticket = tickets::find(tx, id).await?.filter(|ticket| ticket.agency == agency);
            let ticket = ticket.ok_or(Error::NotFound)?;
            let rules = self.queue_rules(tx, agency, ticket.on).await?;
            let ticket = turned(ticket, officer, &rules, now)?;
            tickets::save(tx, &ticket, kind, officer, now).await?;
            Ok(())
        })
        .await
    }

    /// Notes for whom of the queue a dossier was opened, so that his waiting can be told with it.
    pub(super) async fn tie_to_queue(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        dossier: DossierId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(officer) = actor.officer() else { return Ok(()) };
        if let Some(ticket) = in_hand(tx, officer, legal_time(now).date()).await? {
            tickets::tie(tx, dossier, ticket.id).await?;
        }
        Ok(())
    }
}

/// A ticket that is about to be taken.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) lane: Lane,
    pub(super) reason: Option<PriorityReason>,
    pub(super) subject: Option<String>,
    pub(super) slot_from: Option<Timestamp>,
}

/// Takes the next number of a lane today.
pub(super) async fn add_ticket(
    tx: &mut Tx,
    by: &By,
    wanted: Wanted,
    now: Timestamp,
) -> Result<TicketId, Error> {
    let (agency, officer) = server(&by.actor)?;
    let on = legal_time(now).date();
    let Wanted { lane, reason, subject, slot_from } = wanted;
    let ordinal = tickets::next_ordinal(tx, agency, on, lane).await?;
    let ticket = Ticket {
        id: TicketId(new_id(now)),
        version: 1,
        agency,
        on,
        number: TicketNumber { lane, ordinal },
        reason,
        subject,
        taken_at: now,
        place_at: now,
        slot_from,
        absences: 0,
        first_called_at: None,
        state: TicketState::Waiting,
    };
    tickets::add(tx, &ticket, officer).await?;
    Ok(ticket.id)
}

/// What an officer typed as the number or name of his counter.
pub(super) fn counter_name(typed: &str) -> Result<String, QueueRefused> {
    let name: String = crate::dossier::typed(typed).chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() {
        return Err(QueueRefused::NoCounterNamed);
    }
    Ok(name.chars().take(MOST_LETTERS).collect())
}
