//! The one clock of the office. Everything below takes the time as an argument.

use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex};

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    System,
    /// Stands still until it is moved; for tests and training.
    Set(Arc<Mutex<Timestamp>>),
}

impl Clock {
    /// A clock that stands at `at`.
    pub fn set(at: Timestamp) -> Self {
        Self::Set(Arc::new(Mutex::new(at)))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system's clock")]
    pub fn now(&self) -> Timestamp {
        let now = match self {
            Self::System => Timestamp::now(),
            Self::Set(at) => *at.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        };
        // The stores keep microseconds; a digest made now must be the one recomputed later.
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// Moves a clock that was set; the system's clock is nobody's to move.
    pub fn advance(&self, by: SignedDuration) {
        if let Self::Set(at) = self {
            let mut at = at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *at += by;
        }
    }

    /// Moves a clock that was set to a moment, forward only; false for the system's clock.
    pub fn move_to(&self, to: Timestamp) -> bool {
        let Self::Set(at) = self else { return false };
        let mut at = at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *at = (*at).max(to);
        true
    }

    /// The legal day.
    pub fn today(&self) -> jiff::civil::Date {
        rules::calendar::legal_time(self.now()).date()
    }
}
