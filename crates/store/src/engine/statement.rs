//! The four macros through which every statement goes, and the list they write it on.
//!
//! A statement is one text for both engines. Few words in it are ours:
//! - `IDS($n)`, `TEXTS($n)`: the list bound as `Json<&[Uuid]>` / `Json<&[&str]>`, for `in`;
//! - `PAIRS($n)`: the list bound as `Json<&[(Uuid, &str)]>`, for `(column, column) in`;
//! - `SEEN(row, procedure, $n)`: whether a row with three agencies, which is of that procedure, is in
//!   the scope bound as [`Sight`](crate::people::reading::Sight);
//! - `for update`, `for update skip locked`: row locks, which SQLite with its one writer does not need.
//!
//! Where one text cannot serve (full-text search), `sqlite: "…", postgres: "…"` are given side by
//! side; these are dialect points, to be kept few.

use std::sync::OnceLock;

/// One statement with its name, e.g. `dossier.find`.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    sqlite_rendered: OnceLock<String>,
    postgres_rendered: OnceLock<String>,
}

impl Statement {
    pub(crate) const fn new(name: &'static str, sqlite: &'static str, postgres: &'static str) -> Self {
        Self { name, sqlite, postgres, sqlite_rendered: OnceLock::new(), postgres_rendered: OnceLock::new() }
    }

    pub(crate) fn sqlite(&'static self) -> &'static str {
        self.sqlite_rendered.get_or_init(|| render(self.sqlite, Dialect::Sqlite))
    }

    pub(crate) fn postgres(&'static self) -> &'static str {
        self.postgres_rendered.get_or_init(|| render(self.postgres, Dialect::Postgres))
    }
}

/// What the macros submit, so that no statement can be forgotten by the test that prepares all.
#[derive(Debug)]
pub(crate) struct Listed(pub(crate) &'static Statement);

inventory::collect!(Listed);

/// Every statement of this crate, by name.
pub(crate) fn all() -> Vec<&'static Statement> {
    let mut all: Vec<&'static Statement> =
        inventory::iter::<Listed>.into_iter().map(|listed| listed.0).collect();
    all.sort_by_key(|statement| statement.name);
    all
}

#[derive(Debug, Clone, Copy)]
enum Dialect {
    Sqlite,
    Postgres,
}

fn render(sql: &str, dialect: Dialect) -> String {
    let (ids, texts, pairs) = match dialect {
        Dialect::Sqlite => (
            "(select unhex(replace(value, '-', '')) from json_each($))",
            "(select value from json_each($))",
            "(select unhex(replace(value ->> 0, '-', '')), value ->> 1 from json_each($))",
        ),
        Dialect::Postgres => (
            "(select value::uuid from jsonb_array_elements_text($) as listed(value))",
            "(select value from jsonb_array_elements_text($) as listed(value))",
            "(select (value ->> 0)::uuid, value ->> 1 from jsonb_array_elements($) as listed(value))",
        ),
    };
    let seen = expand_seen(sql, dialect);
    let rendered = expand(&expand(&expand(&seen, "IDS($", ids), "TEXTS($", texts), "PAIRS($", pairs);
    match dialect {
        Dialect::Sqlite => rendered.replace("for update skip locked", "").replace("for update", ""),
        Dialect::Postgres => rendered,
    }
}

/// Puts the clause of what a scope lets see in place of `SEEN(row, procedure, $n)`.
fn expand_seen(sql: &str, dialect: Dialect) -> String {
    let (agencies, pairs) = match dialect {
        Dialect::Sqlite => (
            "(select unhex(replace(value, '-', '')) from json_each(?, '$.@'))",
            "(select unhex(replace(value ->> 0, '-', '')), value ->> 1 from json_each(?, '$.@'))",
        ),
        Dialect::Postgres => (
            "(select value::uuid from jsonb_array_elements_text(?::jsonb -> '@') as listed(value))",
            "(select (value ->> 0)::uuid, value ->> 1
              from jsonb_array_elements(?::jsonb -> '@') as listed(value))",
        ),
    };
    let mut rendered = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once("SEEN(") {
        let Some((inside, after)) = after.split_once(')') else { break };
        let [row, procedure, bound] = inside.split(", ").collect::<Vec<_>>()[..] else { break };
        let list = |template: &str, name| template.replace('?', bound).replace('@', name);
        let (concerned, received) = (list(agencies, "concerned"), list(agencies, "received"));
        let (concerned_in, received_in) = (list(pairs, "concerned_in"), list(pairs, "received_in"));
        let clause = format!(
            "({row}.receiving in {received} or {row}.competent in {concerned} or {row}.holding in {concerned}
              or ({row}.receiving, {procedure}) in {received_in}
              or ({row}.competent, {procedure}) in {concerned_in}
              or ({row}.holding, {procedure}) in {concerned_in})"
        );
        rendered.push_str(before);
        rendered.push_str(&clause);
        rest = after;
    }
    rendered.push_str(rest);
    rendered
}

/// Puts `template` in place of `word` + digits + `)`; the `$` of the template gets the digits.
fn expand(sql: &str, word: &str, template: &str) -> String {
    let mut rendered = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once(word) {
        let Some((digits, after)) = after.split_once(')') else { break };
        rendered.push_str(before);
        rendered.push_str(&template.replace('$', &format!("${digits}")));
        rest = after;
    }
    rendered.push_str(rest);
    rendered
}

/// Runs a statement in a [`crate::Tx`] and gives the number of rows it touched, as `u64`.
macro_rules! execute {
    ($tx:expr, $name:literal, sqlite: $sqlite:expr, postgres: $postgres:expr $(, $bind:expr)* $(,)?) => {{
        static STATEMENT: $crate::engine::statement::Statement =
            $crate::engine::statement::Statement::new($name, $sqlite, $postgres);
        inventory::submit! { $crate::engine::statement::Listed(&STATEMENT) }
        let tx: &mut $crate::engine::Tx = &mut *$tx;
        let reader: &mut $crate::engine::Reader = &mut *tx;
        let outcome = match &mut reader.link {
            $crate::engine::Link::Sqlite(link) => {
                let mut query = sqlx::query::<sqlx::Sqlite>(STATEMENT.sqlite())$(.bind($bind))*;
                if let Some(run) = &mut reader.run {
                    let values = run.hear_sqlite(&STATEMENT, sqlx::Execute::take_arguments(&mut query));
                    query = sqlx::query_with(STATEMENT.sqlite(), values);
                }
                query.execute(&mut **link).await.map(|done| done.rows_affected())
            }
            $crate::engine::Link::Postgres(link) => {
                let mut query = sqlx::query::<sqlx::Postgres>(STATEMENT.postgres())$(.bind($bind))*;
                if let Some(run) = &mut reader.run {
                    let values = run.hear_postgres(&STATEMENT, sqlx::Execute::take_arguments(&mut query));
                    query = sqlx::query_with(STATEMENT.postgres(), values);
                }
                query.execute(&mut **link).await.map(|done| done.rows_affected())
            }
        };
        if let Some(run) = &mut reader.run {
            run.answered($crate::engine::record::Ask::Execute, outcome.as_ref().ok().copied());
        }
        reader.judge(&STATEMENT, outcome)
    }};
    ($tx:expr, $name:literal, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::engine::execute!($tx, $name, sqlite: $sql, postgres: $sql $(, $bind)*)
    };
}

/// Runs a statement and gives its rows by the `sqlx` method named first; the recorder's word for that
/// method and how many rows its answer holds come behind it.
macro_rules! fetch {
    ($method:ident, $ask:ident, $n_rows:expr, $reader:expr, $name:literal, sqlite: $sqlite:expr, postgres: $postgres:expr $(, $bind:expr)* $(,)?) => {{
        static STATEMENT: $crate::engine::statement::Statement =
            $crate::engine::statement::Statement::new($name, $sqlite, $postgres);
        inventory::submit! { $crate::engine::statement::Listed(&STATEMENT) }
        let reader: &mut $crate::engine::Reader = &mut *$reader;
        let outcome = match &mut reader.link {
            $crate::engine::Link::Sqlite(link) => {
                let mut query = sqlx::query_as::<sqlx::Sqlite, _>(STATEMENT.sqlite())$(.bind($bind))*;
                if let Some(run) = &mut reader.run {
                    let values = run.hear_sqlite(&STATEMENT, sqlx::Execute::take_arguments(&mut query));
                    query = sqlx::query_as_with(STATEMENT.sqlite(), values);
                }
                query.$method(&mut **link).await
            }
            $crate::engine::Link::Postgres(link) => {
                let mut query = sqlx::query_as::<sqlx::Postgres, _>(STATEMENT.postgres())$(.bind($bind))*;
                if let Some(run) = &mut reader.run {
                    let values = run.hear_postgres(&STATEMENT, sqlx::Execute::take_arguments(&mut query));
                    query = sqlx::query_as_with(STATEMENT.postgres(), values);
                }
                query.$method(&mut **link).await
            }
        };
        if let Some(run) = &mut reader.run {
            let n_rows = outcome.as_ref().ok().map($n_rows);
            run.answered($crate::engine::record::Ask::$ask, n_rows);
        }
        reader.judge(&STATEMENT, outcome)
    }};
    ($method:ident, $ask:ident, $n_rows:expr, $reader:expr, $name:literal, $sql:expr $(, $bind:expr)* $(,)?) => {
        $crate::engine::fetch!(
            $method, $ask, $n_rows, $reader, $name, sqlite: $sql, postgres: $sql $(, $bind)*)
    };
}

/// The one row that must be there; none is an error.
macro_rules! fetch_one {
    ($($all:tt)*) => { $crate::engine::fetch!(fetch_one, One, |_| 1, $($all)*) };
}

/// The row, or `None`.
macro_rules! fetch_optional {
    ($($all:tt)*) => { $crate::engine::fetch!(fetch_optional, Optional, |row| u64::from(row.is_some()), $($all)*) };
}

/// All rows, in a `Vec`: the statement itself carries the `limit`.
macro_rules! fetch_all {
    ($($all:tt)*) => { $crate::engine::fetch!(fetch_all, All, |rows| rows.len() as u64, $($all)*) };
}

pub(crate) use {execute, fetch, fetch_all, fetch_one, fetch_optional};
