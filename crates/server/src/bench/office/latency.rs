//! How long things took, by what they were.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Times of many things of a few kinds.
#[derive(Clone, Debug, Default)]
pub(super) struct Latencies {
    by_kind: BTreeMap<&'static str, Vec<Duration>>,
}

/// The middle and the 95th of a hundred.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quantiles {
    pub(super) n: usize,
    pub(super) p50: Duration,
    pub(super) p95: Duration,
}

impl Latencies {
    /// Waits for `work` and notes how long it took.
    pub(super) async fn time<T>(&mut self, kind: &'static str, work: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let done = work.await;
        self.by_kind.entry(kind).or_default().push(begun.elapsed());
        done
    }

    pub(super) fn take_in(&mut self, other: Self) {
        for (kind, times) in other.by_kind {
            self.by_kind.entry(kind).or_default().extend(times);
        }
    }

    pub(super) fn n(&self) -> usize {
        self.by_kind.values().map(Vec::len).sum()
    }

    pub(super) fn kinds(&self) -> impl Iterator<Item = (&'static str, Quantiles)> {
        self.by_kind.iter().filter_map(|(kind, times)| Some((*kind, quantiles(times.clone())?)))
    }

    pub(super) fn all(&self) -> Option<Quantiles> {
        quantiles(self.by_kind.values().flatten().copied().collect())
    }
}

fn quantiles(mut times: Vec<Duration>) -> Option<Quantiles> {
    times.sort_unstable();
    let at = |percent: usize| times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied();
    Some(Quantiles { n: times.len(), p50: at(50)?, p95: at(95)? })
}

#[cfg(test)]
mod tests {
    use super::{Quantiles, quantiles};
    use std::time::Duration;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let ms = |from: u64, to: u64| (from..=to).map(Duration::from_millis).collect::<Vec<_>>();
        let of = |n, p50, p95| {
            Some(Quantiles { n, p50: Duration::from_millis(p50), p95: Duration::from_millis(p95) })
        };
        assert_eq!(quantiles(ms(1, 100)), of(100, 50, 95));
        assert_eq!(quantiles(ms(7, 7)), of(1, 7, 7));
        assert_eq!(quantiles(Vec::new()), None);
    }
}
