//! The same work on many things at once, with the results in the order of the things.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Runs `work` on every item, at most `n_at_a_time` at once.
pub(crate) fn map<T: Sync, R: Send>(
    items: &[T],
    n_at_a_time: usize,
    work: impl Fn(usize, &T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(items.len()));
    let run = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return };
            let result = work(index, item);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..n_at_a_time.min(items.len()) {
            scope.spawn(run);
        }
        run();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// How many processors there are.
pub(crate) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn results_keep_the_order_of_the_items() {
        let items: Vec<u64> = (0..200).collect();
        for n_at_a_time in [0, 1, 3, 500] {
            let doubled = map(&items, n_at_a_time, |index, item| {
                assert_eq!(index as u64, *item);
                item * 2
            });
            assert_eq!(doubled, (0..200).map(|item| item * 2).collect::<Vec<u64>>());
        }
        assert_eq!(map(&[] as &[u8], 4, |_, byte| *byte), [0_u8; 0]);
    }
}
