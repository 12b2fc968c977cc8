//! How the queue and the appointments of an office run, from a day on: data with validity, of the nation
//! (`queues/`) or decided by the office itself.

use super::PriorityReason;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The figures in force from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueRules {
    pub from: Date,
    /// What they rest on, and how sure that is.
    pub basis: String,
    /// For which reasons somebody goes before others.
    pub reasons: Vec<PriorityReason>,
    // law: LNCT2009/2
    pub elderly_from_age: u32,
    /// After so many preferred calls in a row, one of the ordinary line.
    pub priority_run: u32,
    /// How often somebody may be absent and is called again.
    pub most_absences: u32,
    pub slot_minutes: u32,
    /// Appointments that fit into one slot.
    pub slot_capacity: u32,
    /// How many days ahead one may make an appointment.
    pub days_ahead: u32,
    /// How long after the beginning of the slot the office still waits.
    pub grace_minutes: u32,
}

/// A figure that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    ElderlyFromAge,
    PriorityRun,
    MostAbsences,
    SlotMinutes,
    SlotCapacity,
    DaysAhead,
    GraceMinutes,
}

impl Figure {
    pub const ALL: [Self; 7] = [
        Self::ElderlyFromAge,
        Self::PriorityRun,
        Self::MostAbsences,
        Self::SlotMinutes,
        Self::SlotCapacity,
        Self::DaysAhead,
        Self::GraceMinutes,
    ];

    /// The least and the most it may be.
    pub fn range(self) -> (u32, u32) {
        match self {
            Self::ElderlyFromAge => (60, 90),
            Self::PriorityRun | Self::SlotCapacity => (1, 20),
            Self::MostAbsences => (0, 5),
            Self::SlotMinutes => (10, 240),
            Self::DaysAhead => (0, 90),
            Self::GraceMinutes => (0, 120),
        }
    }
}

impl QueueRules {
    pub fn figure(&self, figure: Figure) -> u32 {
        match figure {
            Figure::ElderlyFromAge => self.elderly_from_age,
            Figure::PriorityRun => self.priority_run,
            Figure::MostAbsences => self.most_absences,
            Figure::SlotMinutes => self.slot_minutes,
            Figure::SlotCapacity => self.slot_capacity,
            Figure::DaysAhead => self.days_ahead,
            Figure::GraceMinutes => self.grace_minutes,
        }
    }

    #[must_use]
    pub fn with_figure(mut self, figure: Figure, value: u32) -> Self {
        let place = match figure {
            Figure::ElderlyFromAge => &mut self.elderly_from_age,
            Figure::PriorityRun => &mut self.priority_run,
            Figure::MostAbsences => &mut self.most_absences,
            Figure::SlotMinutes => &mut self.slot_minutes,
            Figure::SlotCapacity => &mut self.slot_capacity,
            Figure::DaysAhead => &mut self.days_ahead,
            Figure::GraceMinutes => &mut self.grace_minutes,
        };
        *place = value;
        self
    }

    /// The figures that are out of their range, all of them.
    pub fn faults(&self) -> Vec<Figure> {
        Figure::ALL
            .into_iter()
            .filter(|&figure| {
                let (least, most) = figure.range();
                !(least..=most).contains(&self.figure(figure))
            })
            .collect()
    }
}

/// The rules in force on a day: the latest that had begun.
pub fn in_force(all: &[QueueRules], day: Date) -> Option<&QueueRules> {
    all.iter().filter(|rules| rules.from <= day).max_by_key(|rules| rules.from)
}
