//! How instants and ids are written: µs since 1970 UTC in a `bigint`, and UUIDv7 made from the
//! time of the act. Nothing here reads a clock.

use jiff::Timestamp;
use uuid::{NoContext, Uuid};

/// The instant as the database keeps it: µs since 1970 UTC. What is finer than 1 µs is dropped.
pub fn to_micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// The instant kept as `micros` µs since 1970 UTC.
///
/// # Errors
/// When it lies outside the years −9999 to 9999; say it as [`crate::Error::Corrupt`].
pub fn from_micros(micros: i64) -> Result<Timestamp, jiff::Error> {
    Timestamp::from_microsecond(micros)
}

/// A new id (UUIDv7) that sorts by the time of the act.
///
/// The 74 bits beside the time are random, so two ids of the same millisecond differ.
pub fn new_id(now: Timestamp) -> Uuid {
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanos))
}

#[cfg(test)]
mod tests {
    use super::{from_micros, new_id, to_micros};
    use jiff::Timestamp;

    #[test]
    fn an_instant_comes_back_to_the_microsecond() {
        let at: Timestamp = "2026-11-21T07:30:00.123456789Z".parse().expect("a valid instant");
        let kept = from_micros(to_micros(at)).expect("in range");
        assert_eq!(kept.to_string(), "2026-11-21T07:30:00.123456Z");
        from_micros(i64::MAX).expect_err("far beyond the year 9999");
    }

    #[test]
    fn ids_sort_by_the_time_of_the_act() {
        let early: Timestamp = "2026-11-21T07:30:00Z".parse().expect("a valid instant");
        let late: Timestamp = "2026-11-21T07:30:01Z".parse().expect("a valid instant");
        assert!(new_id(early) < new_id(late));
        assert_ne!(new_id(early), new_id(early));
    }
}
