//! Writes copies of lives in bulk: hundreds of rows a statement on SQLite, `copy` on PostgreSQL. A
//! [`Maker`] fills in the gaps and computes what follows from other rows; a [`Loader`] writes what was
//! made. Durability is put off until the end: a load that is cut short is begun anew.

use super::cell::{Cell, Cells, failed};
use super::life::{COUNTERS, Life, Names, OWN};
use crate::engine::{Engine, postgres_options, sqlite_options};
use crate::event::{Sealed, digest_of_body};
use crate::search::{self, Fields, Keys};
use crate::{Config, Error};
use sqlx::sqlite::{SqliteArguments, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Arguments, AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use uuid::Uuid;

/// Rows to be written together, by table.
#[derive(Debug, Default)]
pub struct Batch {
    tables: BTreeMap<usize, Rows>,
    pub n_copies: usize,
}

#[derive(Debug)]
struct Rows {
    table: &'static str,
    columns: Vec<String>,
    cells: Vec<Cells>,
}

/// What a copy came to be called.
#[derive(Clone, Debug)]
pub struct Written {
    /// The subject of its chain.
    pub dossier: Uuid,
    pub code: Option<String>,
}

/// Makes rows of lives, and counts what is counted over all of them.
#[derive(Debug)]
pub struct Maker {
    engine: Engine,
    /// Numbers of the search index that are taken.
    taken: HashSet<i64>,
    counts: BTreeMap<(usize, Cells), i64>,
}

/// Behind the tables of a life's own come those that are derived from them.
const UNSEALED: usize = OWN.len();
const ENTRIES: usize = OWN.len() + 1;
const WORDS: usize = OWN.len() + 2;
const SCOPES: usize = OWN.len() + 3;

impl Maker {
    pub fn new(engine: Engine) -> Self {
        Self { engine, taken: HashSet::new(), counts: BTreeMap::new() }
    }

    /// Adds a copy of `life` to the batch.
    pub fn add(&mut self, batch: &mut Batch, life: &Life, names: &Names) -> Written {
        let [code, number] = [0, 1].map(|at| self.given(life, at));
        let own = names.own([code.clone().unwrap_or_default(), number.unwrap_or_default()]);
        let mut events = Events::of(life);
        let mut salts = names.salts.iter();
        let mut dossier = Uuid::nil();
        for (at, moulds) in &life.rows {
            let mut row: Cells = moulds.iter().map(|mould| mould.filled(names, &own)).collect();
            match OWN[*at] {
                "event" => {
                    let id = events.chain(&mut row, *salts.next().expect("a salt for each event"));
                    let columns = || vec!["event".to_owned()];
                    batch.push(UNSEALED, "event_unsealed", columns, vec![Cell::Id(id)]);
                }
                "dossier" => dossier = id_in(&row, 0).unwrap_or(dossier),
                _ => {}
            }
            batch.push(*at, OWN[*at], || life.columns[OWN[*at]].clone(), row);
        }
        self.index(batch, life, names, &own);
        batch.n_copies += 1;
        Written { dossier, code }
    }

    /// The code or the number of the next copy, if the life had one.
    fn given(&mut self, life: &Life, at: usize) -> Option<String> {
        let (was, key) = (life.given[at].as_ref()?, life.counters[at].clone()?);
        let count = self.counts.entry((at, key)).or_insert(0);
        *count += 1;
        Some(if at == 0 {
            let prefix = was.trim_end_matches(|c: char| c.is_ascii_digit());
            format!("{prefix}{count:0width$}", width = was.len() - prefix.len())
        } else {
            let symbol = was.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{count:0width$}{symbol}", width = was.len() - symbol.len())
        })
    }

    fn index(&mut self, batch: &mut Batch, life: &Life, names: &Names, own: &[String]) {
        for found in &life.found {
            let subject = names.ids[found.subject];
            let free = |n: &i64| self.taken.insert(*n);
            let n = search::numbers(found.at, subject).find(free).expect("two of a million find a number");
            let filled = |patterns: &[super::life::Pattern]| -> Vec<String> {
                patterns.iter().map(|pattern| pattern.filled(&names.ids, own)).collect()
            };
            let (titles, codes, texts) = (filled(&found.titles), filled(&found.codes), filled(&found.texts));
            let [titles, codes, texts]: [Vec<&str>; 3] =
                [&titles, &codes, &texts].map(|texts| texts.iter().map(String::as_str).collect());
            let keys = Keys::of(&Fields { titles: &titles, codes: &codes, texts: &texts });
            let named = |columns: &[&str]| columns.iter().map(|&name| name.to_owned()).collect();
            let entry = vec![Cell::Int(n), Cell::Text(found.kind.clone()), Cell::Id(subject)];
            batch.push(ENTRIES, "search_entry", || named(&["n", "kind", "subject"]), entry);
            let (exact, folded) = (keys.exact_for(self.engine), keys.folded_for(self.engine));
            let words = vec![Cell::Int(n), Cell::Text(exact), Cell::Text(folded)];
            batch.push(WORDS, "search_words", || named(&["rowid", "exact", "folded"]), words);
            for agency in &found.agencies {
                let scope = vec![Cell::Int(n), Cell::Id(*agency)];
                batch.push(SCOPES, "search_scope", || named(&["n", "agency"]), scope);
            }
        }
    }
}

impl Batch {
    fn push(&mut self, at: usize, table: &'static str, columns: impl Fn() -> Vec<String>, row: Cells) {
        let rows =
            self.tables.entry(at).or_insert_with(|| Rows { table, columns: columns(), cells: Vec::new() });
        rows.cells.push(row);
    }
}

fn id_in(row: &Cells, at: usize) -> Option<Uuid> {
    if let Cell::Id(id) = row[at] { Some(id) } else { None }
}

/// The places of an event's columns, and the end of the chain so far.
struct Events {
    columns: [usize; 18],
    last: Option<(Uuid, Vec<u8>)>,
}

const EVENT: [&str; 18] = [
    "id",
    "kind",
    "version",
    "subject_kind",
    "subject",
    "number",
    "dossier",
    "agency",
    "actor",
    "on_behalf_of",
    "purpose",
    "happened_at",
    "recorded_at",
    "body",
    "salt",
    "body_digest",
    "digest",
    "previous",
];

impl Events {
    fn of(life: &Life) -> Self {
        Self { columns: EVENT.map(|column| life.column("event", column)), last: None }
    }

    /// Puts the salt and the digests into a row, behind the last of the same subject; gives its id.
    fn chain(&mut self, row: &mut Cells, salt: [u8; 16]) -> Uuid {
        let at = |column: usize| &row[self.columns[column]];
        let id = |column: usize| if let Cell::Id(id) = at(column) { Some(*id) } else { None };
        let number = |column: usize| if let Cell::Int(number) = at(column) { *number } else { 0 };
        let text = |column: usize| if let Cell::Text(text) = at(column) { Some(text.as_str()) } else { None };
        let subject = id(4).unwrap_or_default();
        let previous = self.last.take().filter(|(of, _)| *of == subject).map(|(_, digest)| digest);
        let body_digest = digest_of_body(&salt, text(13).unwrap_or_default());
        let own_id = id(0).unwrap_or_default();
        let digest = Sealed {
            id: own_id,
            kind: text(1).unwrap_or_default(),
            version: number(2),
            subject_kind: text(3).unwrap_or_default(),
            subject,
            number: number(5),
            dossier: id(6),
            agency: id(7).unwrap_or_default(),
            actor: id(8),
            on_behalf_of: id(9),
            purpose: text(10),
            happened_at: number(11),
            recorded_at: number(12),
            body_digest: &body_digest,
            previous: previous.as_deref(),
        }
        .digest();
        row[self.columns[14]] = Cell::Bytes(salt.to_vec());
        row[self.columns[15]] = Cell::Bytes(body_digest.to_vec());
        row[self.columns[16]] = Cell::Bytes(digest.to_vec());
        row[self.columns[17]] = previous.map_or(Cell::Null, Cell::Bytes);
        self.last = Some((subject, digest.to_vec()));
        own_id
    }
}

/// A connection that writes batches.
#[derive(Debug)]
pub struct Loader {
    link: Link,
}

#[derive(Debug)]
enum Link {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Values in one statement of SQLite, which takes 32,766.
const N_VALUES: usize = 16_000;

impl Loader {
    /// Opens a database that nobody else has open.
    pub async fn open(config: &Config) -> Result<Self, Error> {
        let link = match config {
            Config::Sqlite { path, .. } => {
                let options = sqlite_options(path)
                    .journal_mode(SqliteJournalMode::Off)
                    .synchronous(SqliteSynchronous::Off)
                    .foreign_keys(false)
                    .pragma("locking_mode", "exclusive")
                    .pragma("cache_size", "-800000");
                Link::Sqlite(options.connect().await.map_err(failed)?)
            }
            Config::Postgres { url, .. } => {
                let mut connection = postgres_options(url)?.connect().await.map_err(failed)?;
                let staged = "set synchronous_commit = off;
                     create temporary table staged_words (n bigint, exact text, folded text)";
                sqlx::raw_sql(staged).execute(&mut connection).await.map_err(failed)?;
                Link::Postgres(connection)
            }
        };
        Ok(Self { link })
    }

    /// Writes a batch in one transaction.
    pub async fn write(&mut self, batch: &Batch) -> Result<(), Error> {
        match &mut self.link {
            Link::Sqlite(connection) => {
                let mut tx = connection.begin().await.map_err(failed)?;
                for rows in batch.tables.values() {
                    for some in rows.cells.chunks(N_VALUES / rows.columns.len().max(1)) {
                        insert(&mut tx, rows, some).await?;
                    }
                }
                tx.commit().await.map_err(failed)
            }
            Link::Postgres(connection) => {
                let mut tx = connection.begin().await.map_err(failed)?;
                for rows in batch.tables.values() {
                    copy_in(&mut tx, rows).await?;
                }
                tx.commit().await.map_err(failed)
            }
        }
    }

    /// Writes what was counted over all copies, and closes.
    pub async fn finish(mut self, maker: &Maker, life: &Life) -> Result<(), Error> {
        for ((at, key), count) in &maker.counts {
            let columns = &life.columns[COUNTERS[*at]];
            let (keys, last) = columns.split_at(columns.len() - 1);
            let row: Cells = key.iter().cloned().chain([Cell::Int(*count)]).collect();
            let places: Vec<String> = (1..=columns.len()).map(|column| format!("${column}")).collect();
            let sql = format!(
                "insert into {} ({}) values ({}) on conflict ({}) do update set {last} = excluded.{last}",
                COUNTERS[*at],
                columns.join(", "),
                places.join(", "),
                keys.join(", "),
                last = last[0],
            );
            match &mut self.link {
                Link::Sqlite(connection) => execute(connection, sql, [&row]).await?,
                Link::Postgres(connection) => {
                    let mut query = sqlx::query(AssertSqlSafe(sql));
                    for cell in &row {
                        query = match cell {
                            Cell::Int(number) => query.bind(*number),
                            Cell::Text(text) => query.bind(text.as_str()),
                            Cell::Id(id) => query.bind(*id),
                            Cell::Null | Cell::Bytes(_) => unreachable!("a counter has none of these"),
                        };
                    }
                    query.execute(connection).await.map_err(failed)?;
                }
            }
        }
        match self.link {
            Link::Sqlite(connection) => connection.close().await.map_err(failed),
            Link::Postgres(connection) => connection.close().await.map_err(failed),
        }
    }
}

async fn insert(connection: &mut SqliteConnection, of: &Rows, rows: &[Cells]) -> Result<(), Error> {
    // Without numbers: SQLite looks for each numbered place among all of them.
    let row = format!("({})", vec!["?"; of.columns.len()].join(", "));
    let places = vec![row.as_str(); rows.len()].join(", ");
    let sql = format!("insert into {} ({}) values {places}", of.table, of.columns.join(", "));
    execute(connection, sql, rows).await
}

async fn execute(
    connection: &mut SqliteConnection,
    sql: String,
    rows: impl IntoIterator<Item = &Cells>,
) -> Result<(), Error> {
    let mut values = SqliteArguments::default();
    for cell in rows.into_iter().flatten() {
        let added = match cell {
            Cell::Null => values.add(None::<i64>),
            Cell::Int(number) => values.add(*number),
            Cell::Text(text) => values.add(text.clone()),
            Cell::Id(id) => values.add(*id),
            Cell::Bytes(bytes) => values.add(bytes.clone()),
        };
        added.map_err(|error| failed(sqlx::Error::Encode(error)))?;
    }
    sqlx::query_with(AssertSqlSafe(sql), values).execute(connection).await.map_err(failed)?;
    Ok(())
}

async fn copy_in(connection: &mut PgConnection, rows: &Rows) -> Result<(), Error> {
    let is_words = rows.table == "search_words";
    let command = if is_words {
        "copy staged_words (n, exact, folded) from stdin".to_owned()
    } else {
        format!("copy {} ({}) from stdin", rows.table, rows.columns.join(", "))
    };
    let mut copy = connection.copy_in_raw(&command).await.map_err(failed)?;
    for some in rows.cells.chunks(1_000) {
        copy.send(copied(some).into_bytes()).await.map_err(failed)?;
    }
    copy.finish().await.map_err(failed)?;
    if is_words {
        // As `search::index` puts them together.
        let put = "insert into search_words (n, words)
                   select n, exact::tsvector || folded::tsvector from staged_words;
                   truncate staged_words";
        sqlx::raw_sql(put).execute(connection).await.map_err(failed)?;
    }
    Ok(())
}

/// Rows as PostgreSQL's `copy` reads them.
fn copied(rows: &[Cells]) -> String {
    let mut copied = String::with_capacity(rows.len() * 256);
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                copied.push('\t');
            }
            match cell {
                Cell::Null => copied.push_str("\\N"),
                Cell::Int(number) => write!(copied, "{number}").expect("a string takes it"),
                Cell::Id(id) => copied.push_str(id.hyphenated().encode_lower(&mut [0; 36])),
                Cell::Bytes(bytes) => {
                    copied.push_str("\\\\x");
                    copied.push_str(&hex::encode(bytes));
                }
                Cell::Text(text) => {
                    for c in text.chars() {
                        match c {
                            '\\' => copied.push_str("\\\\"),
                            '\n' => copied.push_str("\\n"),
                            '\r' => copied.push_str("\\r"),
                            '\t' => copied.push_str("\\t"),
                            c => copied.push(c),
                        }
                    }
                }
            }
        }
        copied.push('\n');
    }
    copied
}
