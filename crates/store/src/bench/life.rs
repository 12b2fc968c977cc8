//! A life: the rows the acts wrote for one dossier on a scratch database, with places held open for
//! whatever is a dossier's own. Whatever the acts come to write tomorrow is copied without this knowing of
//! it; only what is computed from other rows (digests, search keys, counters) is known by name.

use super::cell::{self, Cell, Cells, failed};
use crate::engine::record::Recorder;
use crate::time::new_id;
use crate::{Db, Error};
use jiff::Timestamp;
use rules::code::FolderCode;
use rules::id::FolderId;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Tables a life writes rows of its own into, each after those it refers to.
pub(super) const OWN: [&str; 18] = [
    "blob",
    "party",
    "party_number",
    "dossier",
    "dossier_component",
    "folder",
    "consultation",
    "upload",
    "page",
    "record",
    "result",
    "number_line",
    "decision_wording",
    "entry",
    "blob_reference",
    "alarm",
    "job",
    "event",
];
/// Tables with a row that counts for many lives, its count in the last column.
pub(super) const COUNTERS: [&str; 2] = ["dossier_ordinal", "number_book"];
/// Tables that are written from the rows above.
const DERIVED: [&str; 3] = ["event_unsealed", "search_entry", "search_scope"];

/// The place of a result's number in [`Names::own`].
const OWN_NUMBER: usize = 4;

/// Columns that hold the size of a result's file.
const SIZES: [&str; 2] = ["n_bytes", "size_bytes"];

/// Who a dossier belongs to, as the acts keep him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub number: String,
    pub name: String,
    pub address: String,
}

/// A life as the acts wrote it, to be written again under other names.
#[derive(Debug)]
pub struct Life {
    pub(super) columns: BTreeMap<&'static str, Vec<String>>,
    /// In the order of [`OWN`]; the events of a subject in the order of their numbers.
    pub(super) rows: Vec<(usize, Vec<Mould>)>,
    pub(super) found: Vec<Found>,
    /// The ids it gave, in the order of its rows.
    pub(super) ids: Vec<Uuid>,
    pub(super) n_events: usize,
    /// The digests of its files, in the order its events tell of them.
    files: Vec<String>,
    /// The size of the newest result's file.
    n_bytes: Option<u64>,
    /// The code of its dossier and the number of its result, if they were given.
    pub(super) given: [Option<String>; 2],
    /// The rows of [`COUNTERS`] they came from, without the count.
    pub(super) counters: [Option<Cells>; 2],
}

/// What is a copy's own beside the code and the number it is given in its turn.
#[derive(Clone, Debug)]
pub struct Names {
    pub person: Person,
    /// As many as the life has, in its order.
    pub ids: Vec<Uuid>,
    /// One for each event.
    pub salts: Vec<[u8; 16]>,
    /// As many digests of files as the life has, in its order.
    pub files: Vec<String>,
    pub n_bytes: Option<u64>,
}

/// A column of a row to be.
#[derive(Debug)]
pub(super) enum Mould {
    Same(Cell),
    Id(usize),
    Text(Pattern),
    /// The code of the folder with this id.
    FolderCode(usize),
    /// The size of the result's file.
    Size,
    /// What stands before the symbol in the number of its result.
    Ordinal,
}

/// A text with gaps.
#[derive(Debug)]
pub(super) struct Pattern(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    Same(String),
    Id(usize),
    Own(usize),
}

/// An entry of the search index to be.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) kind: String,
    pub(super) subject: usize,
    pub(super) at: Timestamp,
    pub(super) agencies: Vec<Uuid>,
    pub(super) titles: Vec<Pattern>,
    pub(super) codes: Vec<Pattern>,
    pub(super) texts: Vec<Pattern>,
}

impl Pattern {
    /// `text` with gaps where one of these stands in it.
    fn of(text: &str, own: &[(String, usize)], ids: &BTreeMap<String, usize>) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        let (mut from, mut same) = (0, String::new());
        while from < rest.len() {
            let here = &rest[from..];
            let id = here.get(..36).and_then(|id| ids.get(id)).map(|&id| (36, Piece::Id(id)));
            let found = id.or_else(|| {
                let found = own.iter().find(|(text, _)| here.starts_with(text.as_str()));
                found.map(|(text, at)| (text.len(), Piece::Own(*at)))
            });
            match found {
                Some((n_bytes, piece)) => {
                    same.push_str(&rest[..from]);
                    pieces.push(Piece::Same(std::mem::take(&mut same)));
                    pieces.push(piece);
                    rest = &here[n_bytes..];
                    from = 0;
                }
                None => from += here.chars().next().map_or(1, char::len_utf8),
            }
        }
        pieces.push(Piece::Same(rest.to_owned()));
        Self(pieces)
    }

    pub(super) fn filled(&self, ids: &[Uuid], own: &[String]) -> String {
        let mut filled = String::with_capacity(64);
        for piece in &self.0 {
            match piece {
                Piece::Same(text) => filled.push_str(text),
                Piece::Id(at) => filled.push_str(ids[*at].hyphenated().encode_lower(&mut [0; 36])),
                Piece::Own(at) => filled.push_str(&own[*at]),
            }
        }
        filled
    }
}

impl Mould {
    pub(super) fn filled(&self, names: &Names, own: &[String]) -> Cell {
        match self {
            Self::Same(cell) => cell.clone(),
            Self::Id(at) => Cell::Id(names.ids[*at]),
            Self::Text(pattern) => Cell::Text(pattern.filled(&names.ids, own)),
            Self::FolderCode(at) => Cell::Text(FolderCode::of(FolderId(names.ids[*at])).to_string()),
            Self::Size => Cell::Int(i64::try_from(names.n_bytes.unwrap_or(0)).unwrap_or(i64::MAX)),
            Self::Ordinal => {
                let ordinal = own[OWN_NUMBER].split('/').next().and_then(|ordinal| ordinal.parse().ok());
                Cell::Int(ordinal.expect("a life with a line in a book has the number of its result"))
            }
        }
    }
}

impl Names {
    /// Names for one more copy: ids of the same instants, files of the same sizes, drawn anew.
    pub fn draw(life: &Life, person: Person) -> Self {
        let ids = life.ids.iter().map(|id| new_id(instant_of(*id))).collect();
        let salts = (0..life.n_events).map(|_| *Uuid::new_v4().as_bytes()).collect();
        let file = || format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let files = life.files.iter().map(|_| file()).collect();
        Self { person, ids, salts, files, n_bytes: life.n_bytes }
    }

    /// The texts that fill the gaps of a life's patterns, with what the copy was given in its turn; the number
    /// of its result stands at [`OWN_NUMBER`].
    pub(super) fn own(&self, given: [String; 2]) -> Vec<String> {
        let Person { number, name, address } = self.person.clone();
        let size = self.n_bytes.map(size_in_json);
        [number, name, address]
            .into_iter()
            .chain(given)
            .chain(self.files.iter().cloned())
            .chain(size)
            .collect()
    }
}

/// As `rules::scanning::Blob` is written.
fn size_in_json(n_bytes: u64) -> String {
    format!("\"bytes\":{n_bytes}")
}

/// The digests of files that stand in a text.
pub fn files_in(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_digest = |word: &&str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    words.filter(is_digest).map(str::to_owned).collect()
}

/// When an id was given.
fn instant_of(id: Uuid) -> Timestamp {
    let (seconds, nanos) = id.get_timestamp().map_or((0, 0), |at| at.to_unix());
    let micros = i64::try_from(seconds).unwrap_or(0) * 1_000_000 + i64::from(nanos / 1_000);
    Timestamp::from_microsecond(micros).unwrap_or_default()
}

impl Life {
    /// The place of a column in its table.
    pub(super) fn column(&self, table: &'static str, column: &str) -> usize {
        let columns = self.columns.get(table).map(Vec::as_slice).unwrap_or_default();
        columns.iter().position(|name| name == column).expect("the columns of our own tables are known")
    }
}

/// Reads one life after the other from a SQLite database on which one dossier at a time lives.
#[derive(Debug)]
pub struct Scribe {
    db: Db,
    recorder: Recorder,
    known: BTreeMap<String, BTreeSet<Cells>>,
}

impl Scribe {
    /// What is there now belongs to no life.
    pub async fn begin(db: &Db, recorder: &Recorder) -> Result<Self, Error> {
        let mut scribe = Self { db: db.clone(), recorder: recorder.clone(), known: BTreeMap::new() };
        scribe.news().await?;
        scribe.recorder.take_found_by();
        scribe.recorder.take();
        Ok(scribe)
    }

    /// The rows that are new since the last call, by table.
    async fn news(&mut self) -> Result<BTreeMap<String, Vec<Cells>>, Error> {
        let Db::Sqlite(db) = &self.db else { return Err(not_written("a life on SQLite")) };
        let mut connection = db.write.acquire().await.map_err(failed)?;
        let mut news = BTreeMap::new();
        for table in cell::tables(&mut connection).await? {
            let rows = cell::rows(&mut connection, &table).await?;
            let known = self.known.entry(table.clone()).or_default();
            let new: Vec<Cells> = rows.iter().filter(|row| !known.contains(*row)).cloned().collect();
            *known = rows.into_iter().collect();
            if !new.is_empty() {
                news.insert(table, new);
            }
        }
        Ok(news)
    }

    /// The life that `person` and his dossier have lived since the last call.
    pub async fn take(&mut self, person: &Person) -> Result<Life, Error> {
        let mut news = self.news().await?;
        if let Some(stranger) = news.keys().find(|table| !is_known(table)) {
            return Err(not_written(stranger));
        }
        let columns = self.columns().await?;
        let mut life = Life {
            columns,
            rows: Vec::new(),
            found: Vec::new(),
            ids: Vec::new(),
            n_events: 0,
            files: Vec::new(),
            n_bytes: None,
            given: [None, None],
            counters: [None, None],
        };
        let mut rows: Vec<(usize, Cells)> = Vec::new();
        for (at, table) in OWN.into_iter().enumerate() {
            let mut of_table = news.remove(table).unwrap_or_default();
            if table == "event" {
                let (subject, number) = (life.column(table, "subject"), life.column(table, "number"));
                of_table.sort_by_key(|row| (row[subject].clone(), row[number].clone()));
                life.n_events = of_table.len();
            }
            rows.extend(of_table.into_iter().map(|row| (at, row)));
        }
        let has_id = |at: usize| life.columns[OWN[at]].first().is_some_and(|column| column == "id");
        life.ids = rows
            .iter()
            .filter_map(|(at, row)| match row.first() {
                Some(Cell::Id(id)) if has_id(*at) => Some(*id),
                _ => None,
            })
            .collect();
        let body = life.column("event", "body");
        for (_, row) in rows.iter().filter(|(at, _)| OWN[*at] == "event") {
            let text = if let Cell::Text(text) = &row[body] { text } else { "" };
            for file in files_in(text) {
                if !life.files.contains(&file) {
                    life.files.push(file);
                }
            }
        }
        let result = result_in(&life, &rows);
        life.n_bytes = result.pointer("/pdf/bytes").and_then(Value::as_u64);
        let number = result.get("number").and_then(Value::as_str).map(str::to_owned);
        life.given = [text_in(&life, &rows, "dossier", "code"), number];
        for (at, table) in COUNTERS.into_iter().enumerate() {
            let row = news.remove(table).and_then(|mut rows| rows.pop());
            life.counters[at] = row.map(|mut row| {
                row.pop();
                row
            });
        }
        let scopes = self.scopes().await?;
        mould(&mut life, rows, person, self.recorder.take_found_by(), &scopes);
        self.recorder.take();
        Ok(life)
    }

    async fn columns(&self) -> Result<BTreeMap<&'static str, Vec<String>>, Error> {
        let Db::Sqlite(db) = &self.db else { return Err(not_written("a life on SQLite")) };
        let mut connection = db.write.acquire().await.map_err(failed)?;
        let mut columns = BTreeMap::new();
        for table in OWN.into_iter().chain(COUNTERS) {
            columns.insert(table, cell::columns(&mut connection, table).await?);
        }
        Ok(columns)
    }

    /// Whose each entry of the search index is, by its subject.
    async fn scopes(&self) -> Result<BTreeMap<Uuid, Vec<Uuid>>, Error> {
        let Db::Sqlite(db) = &self.db else { return Err(not_written("a life on SQLite")) };
        let rows: Vec<(Uuid, Uuid)> = sqlx::query_as(
            "select e.subject, s.agency from search_entry e join search_scope s on s.n = e.n order by 1, 2",
        )
        .fetch_all(&db.write)
        .await
        .map_err(failed)?;
        let mut scopes: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
        for (subject, agency) in rows {
            scopes.entry(subject).or_default().push(agency);
        }
        Ok(scopes)
    }
}

fn is_known(table: &str) -> bool {
    OWN.contains(&table) || COUNTERS.contains(&table) || DERIVED.contains(&table)
}

fn not_written(what: &str) -> Error {
    Error::Db {
        statement: "bench.life",
        source: format!("the loader does not know how to write `{what}`").into(),
    }
}

fn text_in(life: &Life, rows: &[(usize, Cells)], table: &'static str, column: &str) -> Option<String> {
    let place = life.column(table, column);
    rows.iter().filter(|(at, _)| OWN[*at] == table).find_map(|(_, row)| match &row[place] {
        Cell::Text(text) => Some(text.clone()),
        _ => None,
    })
}

/// The state of its result; null without one.
fn result_in(life: &Life, rows: &[(usize, Cells)]) -> Value {
    text_in(life, rows, "result", "body")
        .and_then(|body| serde_json::from_str(&body).ok())
        .unwrap_or_default()
}

fn mould(
    life: &mut Life,
    rows: Vec<(usize, Cells)>,
    person: &Person,
    found_by: Vec<crate::engine::record::FoundBy>,
    scopes: &BTreeMap<Uuid, Vec<Uuid>>,
) {
    let places: BTreeMap<Uuid, usize> = life.ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let ids: BTreeMap<String, usize> = places.iter().map(|(id, at)| (id.to_string(), *at)).collect();
    // In the order of `Names::own`.
    let own: Vec<(String, usize)> = [&person.number, &person.name, &person.address]
        .map(|text| Some(text.clone()))
        .into_iter()
        .chain(life.given.clone())
        .chain(life.files.iter().cloned().map(Some))
        .chain([life.n_bytes.map(size_in_json)])
        .enumerate()
        .filter_map(|(at, text)| text.filter(|text| !text.is_empty()).map(|text| (text, at)))
        .collect();
    for (at, row) in rows {
        let columns = &life.columns[OWN[at]];
        let folder = row.first().filter(|_| OWN[at] == "folder").and_then(|id| match id {
            Cell::Id(id) => places.get(id).copied(),
            _ => None,
        });
        let moulds = columns.iter().zip(row).map(|(column, cell)| match (cell, folder) {
            (Cell::Text(_), Some(folder)) if column == "code" => Mould::FolderCode(folder),
            (Cell::Id(id), _) => places.get(&id).map_or(Mould::Same(Cell::Id(id)), |&at| Mould::Id(at)),
            (Cell::Int(_), _) if OWN[at] == "number_line" && column == "number" => Mould::Ordinal,
            (Cell::Int(_), _) if SIZES.contains(&column.as_str()) => Mould::Size,
            (Cell::Text(text), _) => {
                let pattern = Pattern::of(&text, &own, &ids);
                if pattern.0.len() == 1 { Mould::Same(Cell::Text(text)) } else { Mould::Text(pattern) }
            }
            (cell, _) => Mould::Same(cell),
        });
        let moulds = moulds.collect();
        life.rows.push((at, moulds));
    }
    // What was put in again took the place of what was there.
    let last: BTreeMap<Uuid, usize> =
        found_by.iter().enumerate().map(|(at, found)| (found.subject, at)).collect();
    for (at, found) in found_by.iter().enumerate() {
        let (Some(&subject), Some(&newest)) = (places.get(&found.subject), last.get(&found.subject)) else {
            continue;
        };
        if newest != at {
            continue;
        }
        let patterns = |texts: &[String]| texts.iter().map(|text| Pattern::of(text, &own, &ids)).collect();
        life.found.push(Found {
            kind: found.kind.clone(),
            subject,
            at: found.at,
            agencies: scopes.get(&found.subject).cloned().unwrap_or_default(),
            titles: patterns(&found.titles),
            codes: patterns(&found.codes),
            texts: patterns(&found.texts),
        });
    }
}
