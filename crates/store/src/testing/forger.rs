//! What somebody could do who has the password of the database and our source, but not our keys. For the
//! tests of what finds it.

use crate::Db;
use crate::Error;
use crate::engine::{Link, execute, fetch_all};
use crate::event::EventRow;
use rules::event::Subject;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// Runs a statement by hand and gives the number of rows it touched.
///
/// # Panics
/// When the engine does not let it happen.
pub async fn by_hand(db: &Db, sql: &str, ids: &[Uuid]) -> u64 {
    let touched = db.act(|mut tx| async move {
        let touched = match &mut tx.link {
            Link::Sqlite(link) => {
                let mut query = sqlx::query::<sqlx::Sqlite>(AssertSqlSafe(sql.to_owned()));
                for id in ids {
                    query = query.bind(id);
                }
                query.execute(&mut **link).await.map(|done| done.rows_affected())
            }
            Link::Postgres(link) => {
                let mut query = sqlx::query::<sqlx::Postgres>(AssertSqlSafe(sql.to_owned()));
                for id in ids {
                    query = query.bind(id);
                }
                query.execute(&mut **link).await.map(|done| done.rows_affected())
            }
        };
        touched.map_err(|error| Error::engine("by hand", error))
    });
    touched.await.expect("the engine lets it happen")
}

/// Writes every digest of a subject's chain anew, so that the chain alone shows nothing.
///
/// # Panics
/// When the engine does not let it happen.
pub async fn rechain(db: &Db, subject: Subject) {
    let forged = db.act(|mut tx| async move {
        let rows: Vec<EventRow> = fetch_all!(
            &mut tx,
            "test.forged_chain",
            "select id, kind, version, subject_kind, subject, number, dossier, agency, actor, on_behalf_of,
                purpose, happened_at, recorded_at, body, salt, body_digest, digest, previous
             from event where subject_kind = $1 and subject = $2 order by number limit 1000",
            subject.kind(),
            subject.id(),
        )?;
        let mut previous = None;
        for mut row in rows {
            row.previous = previous;
            row.body_digest = row.body_digest().map_or(row.body_digest, Vec::from);
            let digest = row.digest().to_vec();
            execute!(
                &mut tx,
                "test.forge",
                "update event set body_digest = $2, digest = $3, previous = $4 where id = $1",
                row.id,
                row.body_digest.as_slice(),
                digest.as_slice(),
                row.previous.as_deref(),
            )?;
            previous = Some(digest);
        }
        Ok::<_, Error>(())
    });
    forged.await.expect("the engine lets it happen");
}

#[cfg(test)]
mod tests {
    use super::{by_hand, rechain};
    use crate::event::{append, check_chain};
    use crate::on_both;
    use crate::sample::{now, office};
    use crate::testing::Scratch;
    use rules::event::{Body, Subject};

    async fn a_chain_written_anew_shows_nothing_by_itself(db: Scratch) {
        let office = office(&db).await;
        let subject = Subject::Officer(office.counter);
        let event = &office.event(subject, None, Body::SignedIn);
        for _ in 0..3 {
            db.act(|mut tx| async move { append(&mut tx, event, now()).await }).await.expect("appended");
        }
        let sql = "update event set actor = null where subject = $1 and number = 2";
        assert_eq!(by_hand(&db, sql, &[subject.id()]).await, 1);
        let broken = async || {
            let mut reader = db.read().await.expect("a snapshot");
            check_chain(&mut reader, subject).await.expect("checked").map(|broken| broken.number)
        };
        assert_eq!(broken().await, Some(2));
        rechain(&db, subject).await;
        assert_eq!(broken().await, None);
    }

    on_both!(a_chain_written_anew_shows_nothing_by_itself);
}
