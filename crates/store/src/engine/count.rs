//! How many statements a piece of work says: a page whose number grows with its rows is found by it.

use std::cell::Cell;

tokio::task_local! {
    static SAID: Cell<u64>;
}

/// Does `work` and gives how many statements it said to the engine. What it spawns is not counted.
pub async fn counted<F: Future>(work: F) -> (F::Output, u64) {
    SAID.scope(Cell::new(0), async {
        let output = work.await;
        let n_said = SAID.with(Cell::get);
        (output, n_said)
    })
    .await
}

/// A statement was said; who does not count is not bothered.
pub(super) fn said() {
    // An error is that nobody counts here.
    let _ = SAID.try_with(|said| said.set(said.get().saturating_add(1)));
}
