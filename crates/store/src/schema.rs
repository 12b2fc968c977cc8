//! One schema text for two engines: eight words are replaced, a few lines are for one engine only,
//! and sqlx's migrator does the rest. `schema.sqlite.sql` and `schema.postgres.sql` beside
//! `Cargo.toml` show what comes out of it.
//!
//! | word | SQLite | PostgreSQL | checked |
//! |---|---|---|---|
//! | `ID` | `blob` | `uuid` | 16 bytes |
//! | `INSTANT` | `integer` | `bigint` | µs since 1970 UTC |
//! | `DAY` | `text` | `text` | `YYYY-MM-DD` has ten letters |
//! | `INT` | `integer` | `bigint` | |
//! | `BOOL` | `integer` | `boolean` | 0 or 1 |
//! | `JSON` | `text` | `jsonb` | is JSON |
//! | `BYTES` | `blob` | `bytea` | |
//! | `TABLE` | `strict` | | stands after the last bracket of a table |
//!
//! A word stands right after the name of its column. Lines from `--only sqlite` (or `postgres`)
//! to `--end` are for that engine. A migration once released is never edited.

use crate::engine::Engine;
use sha2::{Digest, Sha256};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

/// Number, name and text of each migration, in order.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "base", include_str!("../migrations/0001_base.sql")),
    (2, "office", include_str!("../migrations/0002_office.sql")),
    (3, "life", include_str!("../migrations/0003_life.sql")),
    (4, "audit", include_str!("../migrations/0004_audit.sql")),
    (5, "units", include_str!("../migrations/0005_units.sql")),
    (6, "people", include_str!("../migrations/0006_people.sql")),
    (7, "procedure", include_str!("../migrations/0007_procedure.sql")),
    (8, "calendar", include_str!("../migrations/0008_calendar.sql")),
    (9, "sign_in", include_str!("../migrations/0009_sign_in.sql")),
    (10, "queue", include_str!("../migrations/0010_queue.sql")),
    (11, "custody", include_str!("../migrations/0011_custody.sql")),
    (12, "rounds", include_str!("../migrations/0012_rounds.sql")),
    (14, "procedure_drafts", include_str!("../migrations/0014_procedure_drafts.sql")),
    (15, "audit_view", include_str!("../migrations/0015_audit_view.sql")),
    (16, "writing", include_str!("../migrations/0016_writing.sql")),
    (17, "books", include_str!("../migrations/0017_books.sql")),
    (18, "by_agency", include_str!("../migrations/0018_by_agency.sql")),
    (19, "api", include_str!("../migrations/0019_api.sql")),
    (20, "oversight", include_str!("../migrations/0020_oversight.sql")),
    (21, "slips", include_str!("../migrations/0021_slips.sql")),
    (22, "training", include_str!("../migrations/0022_training.sql")),
    (23, "way_out", include_str!("../migrations/0023_way_out.sql")),
    (24, "administration", include_str!("../migrations/0024_administration.sql")),
    (25, "identity_and_bulk", include_str!("../migrations/0025_identity_and_bulk.sql")),
    (26, "glass", include_str!("../migrations/0026_glass.sql")),
    (27, "post_in", include_str!("../migrations/0027_post_in.sql")),
    (28, "for_post", include_str!("../migrations/0028_for_post.sql")),
];

pub(crate) fn migrator(engine: Engine) -> Migrator {
    let migrations = MIGRATIONS.iter().map(|&(number, name, text)| {
        let sql = AssertSqlSafe(render(text, engine)).into_sql_str();
        Migration::new(number, name.into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(migrations.collect())
}

/// Changes when any migration does: names the template that test databases are cloned from.
pub(crate) fn fingerprint() -> String {
    let mut digest = Sha256::new();
    for (_, _, text) in MIGRATIONS {
        digest.update(text);
    }
    hex::encode(&digest.finalize()[..8])
}

/// The text as `engine` takes it.
fn render(text: &str, engine: Engine) -> String {
    let mut rendered = String::with_capacity(text.len() * 2);
    let mut only = None;
    for line in text.lines() {
        match line.trim() {
            "--only sqlite" => only = Some(Engine::Sqlite),
            "--only postgres" => only = Some(Engine::Postgres),
            "--end" => only = None,
            _ if only.is_some_and(|only| only != engine) => {}
            _ => {
                rendered.push_str(&render_line(line, engine));
                rendered.push('\n');
            }
        }
    }
    rendered
}

fn render_line(line: &str, engine: Engine) -> String {
    let (code, comment) = line.find("--").map_or((line, ""), |at| line.split_at(at));
    let mut rendered = String::new();
    let mut previous = "";
    let mut rest = code;
    while !rest.is_empty() {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let n_bytes = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if n_bytes == 0 {
            let n_bytes = rest.find(is_word).unwrap_or(rest.len());
            rendered.push_str(&rest[..n_bytes]);
            rest = &rest[n_bytes..];
            continue;
        }
        let (word, after) = rest.split_at(n_bytes);
        match word_of(word, previous, engine) {
            Some(text) => rendered.push_str(&text),
            None => rendered.push_str(word),
        }
        previous = word;
        rest = after;
    }
    rendered.push_str(comment);
    rendered.trim_end().to_owned()
}

fn word_of(word: &str, column: &str, engine: Engine) -> Option<String> {
    let text = match (word, engine) {
        ("ID", Engine::Sqlite) => format!("blob check (length({column}) = 16)"),
        ("ID", Engine::Postgres) => "uuid".into(),
        ("INSTANT" | "INT", Engine::Sqlite) => "integer".into(),
        ("INSTANT" | "INT", Engine::Postgres) => "bigint".into(),
        ("DAY", _) => format!("text check (length({column}) = 10)"),
        ("BOOL", Engine::Sqlite) => format!("integer check ({column} in (0, 1))"),
        ("BOOL", Engine::Postgres) => "boolean".into(),
        ("JSON", Engine::Sqlite) => format!("text check (json_valid({column}))"),
        ("JSON", Engine::Postgres) => "jsonb".into(),
        ("BYTES", Engine::Sqlite) => "blob".into(),
        ("BYTES", Engine::Postgres) => "bytea".into(),
        ("TABLE", Engine::Sqlite) => "strict".into(),
        ("TABLE", Engine::Postgres) => String::new(),
        _ => return None,
    };
    Some(text)
}

#[cfg(test)]
mod tests;
