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

#[cfg(test)]
mod tests {
    use super::counted;
    use crate::engine::{execute, fetch_all};
    use crate::on_both;
    use crate::testing::Scratch;

    async fn statements_of_reads_and_acts_are_counted(db: Scratch) {
        let read = async || {
            let mut reader = db.read().await.expect("a snapshot");
            let rows: Vec<(i64,)> =
                fetch_all!(&mut reader, "test.counted", "select count(*) from event").expect("read");
            assert_eq!(rows, [(0,)]);
        };
        let ((), n_said) = counted(async {
            read().await;
            read().await;
            db.act(
                |mut tx| async move { execute!(&mut tx, "test.counted_act", "delete from event_unsealed") },
            )
            .await
            .expect("nothing to delete");
        })
        .await;
        assert_eq!(n_said, 3);
        assert_eq!(counted(async {}).await.1, 0);
        read().await;
    }

    on_both!(statements_of_reads_and_acts_are_counted);
}
