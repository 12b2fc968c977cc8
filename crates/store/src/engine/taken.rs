//! The name of the unique constraint that refused a row, equal on both engines.
//!
//! PostgreSQL says the name. SQLite says the columns (`UNIQUE constraint failed: job.dedup_key`),
//! so its indexes are read after opening and after migrating, and constraints without a name get
//! the one PostgreSQL would give. Two partial indexes over the same columns cannot be told apart.

use crate::error::Error;
use sqlx::{Row, SqlitePool};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// From `job.dedup_key` to `job_dedup_key_key`; empty on PostgreSQL.
#[derive(Debug, Clone, Default)]
pub(super) struct UniqueNames {
    by_columns: Arc<RwLock<BTreeMap<String, String>>>,
}

impl UniqueNames {
    pub(super) async fn learn(&self, pool: &SqlitePool) -> Result<(), Error> {
        let rows = sqlx::query(
            "select t.name as table_name, i.name as index_name, i.origin as origin,
                    (select group_concat(t.name || '.' || c.name, ', ' order by c.seqno)
                     from pragma_index_info(i.name) c) as columns,
                    (select group_concat(c.name, '_' order by c.seqno)
                     from pragma_index_info(i.name) c) as joined
             from sqlite_schema t, pragma_index_list(t.name) i
             where t.type = 'table' and i.\"unique\" = 1
             union all
             select t.name, '', 'pk', t.name || '.' || c.name, c.name
             from sqlite_schema t, pragma_table_info(t.name) c
             where t.type = 'table' and c.pk = 1",
        )
        .fetch_all(pool)
        .await
        .map_err(|e| Error::engine("unique_names", e))?;
        let mut names = BTreeMap::new();
        for row in rows {
            let text =
                |column: &str| row.try_get::<Option<String>, _>(column).ok().flatten().unwrap_or_default();
            let table = text("table_name");
            let name = match text("origin").as_str() {
                "pk" => format!("{table}_pkey"),
                "u" => format!("{table}_{}_key", text("joined")),
                _ => text("index_name"),
            };
            names.entry(text("columns")).or_insert(name);
        }
        *self.by_columns.write().unwrap_or_else(PoisonError::into_inner) = names;
        Ok(())
    }

    /// The name of the constraint behind a unique violation.
    pub(super) fn of(&self, error: &sqlx::Error) -> String {
        let Some(database) = error.as_database_error() else { return String::new() };
        if let Some(name) = database.constraint() {
            return name.to_owned();
        }
        let message = database.message();
        let columns = message.rsplit_once("failed: ").map_or(message, |(_, columns)| columns);
        // Over an expression SQLite says: index 'dossier_code_idx'.
        if let Some(index) = columns.strip_prefix("index '") {
            return index.trim_end_matches('\'').to_owned();
        }
        let names = self.by_columns.read().unwrap_or_else(PoisonError::into_inner);
        names.get(columns).cloned().unwrap_or_else(|| columns.to_owned())
    }
}
