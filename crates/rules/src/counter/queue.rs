//! Who waits at the counter, and who is called next. A ticket says why its owner goes before others and
//! nothing else about him. How an office wants its queue to run is in [`setup`].

use crate::id::{AgencyId, OfficerId, TicketId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

pub mod setup;

use setup::QueueRules;

/// Why somebody goes before others.
// law: ND61-2018/8, LNCT2009/2
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriorityReason {
    Elderly,
    Pregnant,
    SmallChild,
    Disabled,
    /// Người có công với cách mạng.
    Merit,
}

impl PriorityReason {
    pub const ALL: [Self; 5] = [Self::Elderly, Self::Pregnant, Self::SmallChild, Self::Disabled, Self::Merit];

    /// The word kept in columns and sent by forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Elderly => "elderly",
            Self::Pregnant => "pregnant",
            Self::SmallChild => "small_child",
            Self::Disabled => "disabled",
            Self::Merit => "merit",
        }
    }

    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// The line a ticket stands in. Each has a letter and ordinals of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    Ordinary,
    Priority,
    /// Whoever came to an appointment.
    Appointment,
}

impl Lane {
    pub const ALL: [Self; 3] = [Self::Ordinary, Self::Priority, Self::Appointment];

    /// The word kept in columns.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Priority => "priority",
            Self::Appointment => "appointment",
        }
    }

    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.code() == code)
    }

    /// The letter before the ordinal: `U` is ưu tiên, `H` is hẹn.
    pub fn letter(self) -> char {
        match self {
            Self::Ordinary => 'A',
            Self::Priority => 'U',
            Self::Appointment => 'H',
        }
    }
}

/// What is called out: `A-012`. Begins anew every day at every agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TicketNumber {
    pub lane: Lane,
    pub ordinal: u32,
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:03}", self.lane.letter(), self.ordinal)
    }
}

/// A queue ticket of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub id: TicketId,
    pub version: i64,
    pub agency: AgencyId,
    pub on: Date,
    pub number: TicketNumber,
    pub reason: Option<PriorityReason>,
    /// The field of procedures it was taken for.
    pub subject: Option<String>,
    pub taken_at: Timestamp,
    /// From when it counts among those of its lane: when it was taken, or when its owner was last absent.
    pub place_at: Timestamp,
    /// The beginning of the slot, for whoever came to an appointment.
    pub slot_from: Option<Timestamp>,
    pub absences: u32,
    /// When he was first called: the end of his waiting.
    pub first_called_at: Option<Timestamp>,
    pub state: TicketState,
}

/// Where a ticket is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TicketState {
    Waiting,
    Called(Call),
    /// He was at the counter, and has gone.
    Served(Call),
    /// He did not come however often he was called.
    Missed(Call),
}

/// The last time a ticket was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub by: OfficerId,
    /// The counter's number or name as it is called out.
    pub counter: String,
    pub at: Timestamp,
}

/// Why something cannot be done in the queue or to an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueRefused {
    NobodyWaits,
    /// The ticket is not at this officer's counter.
    NotAtYourCounter,
    /// The officer has not said where he sits.
    NoCounterNamed,
    /// The office does not let anybody go first for this reason.
    ReasonNotTaken,
    /// There is no such slot on that day, or it is too far off.
    NoSuchSlot,
    SlotFull,
    SlotOver,
    /// He came later than the office waits, or was told so before.
    Lapsed,
    /// He has come already, or it was cancelled.
    AppointmentSettled,
    NotToday,
    /// Nine procedures have a key; there is no tenth.
    FavouritesFull,
}

impl Ticket {
    /// Has he to be called before those without a reason, at this moment?
    fn is_preferred(&self, now: Timestamp) -> bool {
        match self.number.lane {
            Lane::Ordinary => false,
            Lane::Priority => true,
            Lane::Appointment => self.slot_from.is_none_or(|from| from <= now),
        }
    }

    /// Called to a counter.
    #[must_use]
    pub fn called(self, call: Call) -> Self {
        Self {
            first_called_at: self.first_called_at.or(Some(call.at)),
            state: TicketState::Called(call),
            ..self
        }
    }

    /// Called out once more: the board shows it as new.
    pub fn called_again(self, by: OfficerId, now: Timestamp) -> Result<Self, QueueRefused> {
        let call = self.call_of(by)?.clone();
        Ok(Self { state: TicketState::Called(Call { at: now, ..call }), ..self })
    }

    /// He did not come: he stands at the end of his lane, unless he was absent too often.
    pub fn absent(self, by: OfficerId, rules: &QueueRules, now: Timestamp) -> Result<Self, QueueRefused> {
        let call = self.call_of(by)?.clone();
        let absences = self.absences + 1;
        let state =
            if absences > rules.most_absences { TicketState::Missed(call) } else { TicketState::Waiting };
        Ok(Self { absences, place_at: now, state, ..self })
    }

    /// He has been served.
    pub fn served(self, by: OfficerId) -> Result<Self, QueueRefused> {
        let call = self.call_of(by)?.clone();
        Ok(Self { state: TicketState::Served(call), ..self })
    }

    /// The call by which he is at this officer's counter.
    fn call_of(&self, by: OfficerId) -> Result<&Call, QueueRefused> {
        match &self.state {
            TicketState::Called(call) if call.by == by => Ok(call),
            _ => Err(QueueRefused::NotAtYourCounter),
        }
    }
}

/// The order in which those who wait will be called if nobody else comes.
///
/// Appointments whose slot has begun come first, then those with a reason, each by its place; but behind
/// `priority_run` of them in a row comes one of the ordinary line, so that it always moves. Whoever is
/// early for an appointment is called when nobody else waits. `run` is how many preferred calls there have
/// been since the last ordinary one.
pub fn order<'t>(waiting: &'t [Ticket], run: u32, rules: &QueueRules, now: Timestamp) -> Vec<&'t Ticket> {
    let line = |fits: &dyn Fn(&Ticket) -> bool| {
        let mut line: Vec<&Ticket> = waiting.iter().filter(|ticket| fits(ticket)).collect();
        line.sort_by_key(|ticket| {
            let appointed = ticket.number.lane != Lane::Appointment;
            (appointed, ticket.place_at, ticket.number, ticket.id)
        });
        line.into_iter().peekable()
    };
    let mut preferred = line(&|ticket| ticket.is_preferred(now));
    let mut ordinary = line(&|ticket| ticket.number.lane == Lane::Ordinary);
    let mut early: Vec<&Ticket> = waiting
        .iter()
        .filter(|ticket| ticket.number.lane == Lane::Appointment && !ticket.is_preferred(now))
        .collect();
    early.sort_by_key(|ticket| (ticket.slot_from, ticket.place_at, ticket.number, ticket.id));

    let (mut order, mut run) = (Vec::with_capacity(waiting.len()), run);
    loop {
        let turn_of_ordinary = run >= rules.priority_run || preferred.peek().is_none();
        let next = if turn_of_ordinary && ordinary.peek().is_some() {
            run = 0;
            ordinary.next()
        } else {
            run = run.saturating_add(1);
            preferred.next()
        };
        let Some(next) = next else { break };
        order.push(next);
    }
    order.extend(early);
    order
}

/// How many calls have to be known, and how far back they may lie, before anything is said about waiting.
const FEWEST_CALLS: usize = 5;
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(1);
/// Nobody waits to the minute.
const STEP_MINUTES: i64 = 5;

/// About how many minutes somebody with `n_before` people before him will wait, by the pace of the last
/// hour's first calls; none while they are too few to say.
pub fn estimate(first_calls: &[Timestamp], n_before: usize, now: Timestamp) -> Option<i64> {
    let recent: Vec<Timestamp> =
        first_calls.iter().copied().filter(|at| *at <= now && now.duration_since(*at) <= LOOK_BACK).collect();
    let first = recent.iter().min()?;
    let n_gaps = i64::try_from(recent.len().checked_sub(1)?).ok()?;
    if recent.len() < FEWEST_CALLS {
        return None;
    }
    let seconds = now.duration_since(*first).as_secs() / n_gaps * i64::try_from(n_before + 1).ok()?;
    let step = STEP_MINUTES * 60;
    Some(((seconds + step - 1) / step).max(1) * STEP_MINUTES)
}

#[cfg(test)]
pub(crate) mod tests;
