//! How often a key may be used: a bucket of requests for each key that fills again as time goes by. Each
//! process counts for itself.

use rules::id::ApiKeyId;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Requests at once.
pub(crate) const BURST: u32 = 120;
/// Until one more is allowed: ten a second.
const ONE_MORE: Duration = Duration::from_millis(100);

/// The buckets of all keys that were used lately.
#[derive(Debug, Default)]
pub struct Rates {
    buckets: Mutex<HashMap<ApiKeyId, Bucket>>,
}

/// How long to wait until the next request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooOften(pub(crate) Duration);

/// When the bucket will be full again: nothing else has to be known of it.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    full_at: Instant,
}

impl Rates {
    /// Takes one request out of the bucket of a key.
    pub(crate) fn take(&self, key: ApiKeyId, now: Instant) -> Result<(), TooOften> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        // A full bucket is as good as none.
        buckets.retain(|_, bucket| bucket.full_at > now);
        let bucket = buckets.entry(key).or_insert(Bucket { full_at: now });
        let full_at = bucket.full_at.max(now) + ONE_MORE;
        let over = full_at.duration_since(now).saturating_sub(ONE_MORE * BURST);
        if !over.is_zero() {
            return Err(TooOften(over));
        }
        bucket.full_at = full_at;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{BURST, ONE_MORE, Rates, TooOften};
    use rules::id::ApiKeyId;
    use std::time::{Duration, Instant};
    use uuid::Uuid;

    #[test]
    fn a_key_has_a_burst_and_then_ten_a_second() {
        let (rates, begun) = (Rates::default(), Instant::now());
        let [key, other] = [1, 2].map(|n| ApiKeyId(Uuid::from_u128(n)));
        for n in 0..BURST {
            assert_eq!(rates.take(key, begun), Ok(()), "request {n}");
        }
        assert_eq!(rates.take(key, begun), Err(TooOften(ONE_MORE)));
        assert_eq!(rates.take(other, begun), Ok(()), "another key has a bucket of its own");
        let later = begun + Duration::from_millis(250);
        assert_eq!([(); 3].map(|()| rates.take(key, later).is_ok()), [true, true, false]);
        let much_later = begun + Duration::from_mins(5);
        for n in 0..BURST {
            assert_eq!(rates.take(key, much_later), Ok(()), "request {n} after a pause");
        }
        assert!(rates.take(key, much_later).is_err());
        assert_eq!(rates.buckets.lock().expect("whole").len(), 1, "what is full again is forgotten");
    }
}
