//! Full-text search inside the database, written in the transaction of what it finds.
//!
//! SQLite has an FTS5 table without content, PostgreSQL a `tsvector` made by us; both are fed the
//! keys of [`fold`], so both find the same. Everything that touches them stands here, so that an
//! engine of its own can take their place. What may be seen is said by the caller as [`Scope`].

pub mod fold;
mod keys;

use crate::engine::{execute, fetch_all, fetch_optional};
use crate::{Error, Reader, Tx, time};
use jiff::Timestamp;
pub(crate) use keys::Keys;
use keys::Pattern;
use sqlx::types::Json;
use uuid::Uuid;

/// Most hits of one search.
const N_HITS: u32 = 500;

/// What is to be found again.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The sort of thing, e.g. `dossier`.
    pub kind: &'a str,
    pub subject: Uuid,
    /// Who may see it: receiving, competent and holding agency; [`EVERYBODY`] for what all may see.
    pub agencies: &'a [Uuid],
    /// The instant it is sorted by, e.g. when the dossier was received. Kept to about 1 ms.
    pub at: Timestamp,
    pub fields: Fields<'a>,
}

/// The text of an entry, by how it is looked for. Together at most 20,000 words are kept.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fields<'a> {
    /// Found by words and by initials (`dkks`): procedure and component names.
    pub titles: &'a [&'a str],
    /// Found by words, and typed without their separators: dossier codes, document numbers, ids.
    pub codes: &'a [&'a str],
    /// Found by words: names, addresses, recognised text.
    pub texts: &'a [&'a str],
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// As typed. All words must be there; the last may be a beginning.
    pub text: &'a str,
    /// Only these kinds; all when empty.
    pub kinds: &'a [&'a str],
    pub scope: Scope<'a>,
    /// At most 500.
    pub limit: u32,
}

/// The agency of entries that every agency may see, those to come as well.
pub const EVERYBODY: Uuid = Uuid::nil();

/// Whose entries the searcher may see.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'a> {
    Everything,
    /// Entries of at least one of these, and of [`EVERYBODY`].
    Agencies(&'a [Uuid]),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub kind: String,
    pub subject: Uuid,
}

/// Puts an entry in, or in place of the one there is for the same kind and subject.
pub async fn index(tx: &mut Tx, entry: &Entry<'_>) -> Result<(), Error> {
    if let Some(run) = &mut tx.run {
        run.indexed(entry);
    }
    remove(tx, entry.kind, entry.subject).await?;
    let n = insert(tx, entry).await?;
    let keys = Keys::of(&entry.fields);
    let engine = tx.engine();
    execute!(
        tx,
        "search.insert_words",
        sqlite: "insert into search_words (rowid, exact, folded) values ($1, $2, $3)",
        postgres: "insert into search_words (n, words) values ($1, $2::text::tsvector || $3::text::tsvector)",
        n,
        keys.exact_for(engine),
        keys.folded_for(engine),
    )?;
    for agency in entry.agencies {
        execute!(
            tx,
            "search.scope",
            "insert into search_scope (n, agency) values ($1, $2) on conflict (n, agency) do nothing",
            n,
            agency,
        )?;
    }
    Ok(())
}

/// Changes who may see an entry, leaving its words. `false` when there is none.
pub async fn rescope(tx: &mut Tx, kind: &str, subject: Uuid, agencies: &[Uuid]) -> Result<bool, Error> {
    let Some(n) = number_of(tx, kind, subject).await? else { return Ok(false) };
    execute!(tx, "search.unscope", "delete from search_scope where n = $1", n)?;
    for agency in agencies {
        execute!(
            tx,
            "search.scope_again",
            "insert into search_scope (n, agency) values ($1, $2) on conflict (n, agency) do nothing",
            n,
            agency,
        )?;
    }
    Ok(true)
}

/// Takes an entry out; `false` when there is none.
pub async fn remove(tx: &mut Tx, kind: &str, subject: Uuid) -> Result<bool, Error> {
    let Some(n) = number_of(tx, kind, subject).await? else { return Ok(false) };
    execute!(
        tx,
        "search.remove_words",
        sqlite: "delete from search_words where rowid = $1",
        postgres: "delete from search_words where n = $1",
        n,
    )?;
    execute!(tx, "search.remove", "delete from search_entry where n = $1", n)?;
    Ok(true)
}

/// Finds entries: those that have the marks as typed before those that do not, whole words before
/// beginnings, each the latest first. A code typed in full finds what bears it, and nothing else. Text
/// without a single word finds nothing.
///
/// Each question walks its hits from the latest on and ends at the limit, so what is common costs no more
/// among millions. The words that begin so, which the engine has to put together first, are asked for last,
/// and only where there is room left; closeness, for which it would have to count every entry that has a
/// word, is not weighed.
pub async fn search(reader: &mut Reader, query: &Query<'_>) -> Result<Vec<Hit>, Error> {
    let Some(pattern) = Pattern::parse(query.text) else { return Ok(Vec::new()) };
    let engine = reader.engine();
    if let Some(code) = pattern.code(engine) {
        let hits = answers(reader, query, code).await?;
        if !hits.is_empty() {
            return Ok(hits);
        }
    }
    let limit = query.limit.min(N_HITS) as usize;
    let mut hits: Vec<Hit> = Vec::new();
    for question in pattern.questions(engine) {
        if hits.len() >= limit {
            break;
        }
        let found = answers(reader, query, question).await?;
        let new: Vec<Hit> = found.into_iter().filter(|hit| !hits.contains(hit)).collect();
        hits.extend(new);
    }
    hits.truncate(limit);
    Ok(hits)
}

/// What one question of a query finds, the latest first.
async fn answers(reader: &mut Reader, query: &Query<'_>, question: String) -> Result<Vec<Hit>, Error> {
    let kinds = (!query.kinds.is_empty()).then_some(Json(query.kinds));
    let agencies = match query.scope {
        Scope::Everything => None,
        Scope::Agencies(agencies) => {
            Some(Json(agencies.iter().copied().chain([EVERYBODY]).collect::<Vec<Uuid>>()))
        }
    };
    // On SQLite `cross join` keeps the words outermost, in the order of the index.
    let rows: Vec<(String, Uuid)> = fetch_all!(
        reader,
        "search.search",
        sqlite: "select e.kind, e.subject from search_words w cross join search_entry e on e.n = w.rowid
            where search_words match $1
              and ($2 is null or e.kind in TEXTS($2))
              and ($3 is null or exists (
                  select 1 from search_scope s where s.n = e.n and s.agency in IDS($3)))
            order by w.rowid desc limit $4",
        postgres: "select e.kind, e.subject from search_words w join search_entry e on e.n = w.n
            where w.words @@ $1::text::tsquery
              and ($2::jsonb is null or e.kind in TEXTS($2))
              and ($3::jsonb is null or exists (
                  select 1 from search_scope s where s.n = e.n and s.agency in IDS($3)))
            order by w.n desc limit $4",
        question,
        kinds,
        agencies,
        i64::from(query.limit.min(N_HITS)),
    )?;
    Ok(rows.into_iter().map(|(kind, subject)| Hit { kind, subject }).collect())
}

async fn number_of(reader: &mut Reader, kind: &str, subject: Uuid) -> Result<Option<i64>, Error> {
    let row: Option<(i64,)> = fetch_optional!(
        reader,
        "search.number_of",
        "select n from search_entry where kind = $1 and subject = $2",
        kind,
        subject,
    )?;
    Ok(row.map(|(n,)| n))
}

/// The entry's row under its instant, or a free number soon after: two dossiers may come in the
/// same µs, and a batch of thousands at one instant. Steps come from the subject's random bits.
async fn insert(tx: &mut Tx, entry: &Entry<'_>) -> Result<i64, Error> {
    for n in numbers(entry.at, entry.subject) {
        let n_rows = execute!(
            tx,
            "search.insert",
            "insert into search_entry (n, kind, subject) values ($1, $2, $3) on conflict (n) do nothing",
            n,
            entry.kind,
            entry.subject,
        )?;
        if n_rows == 1 {
            return Ok(n);
        }
    }
    Err(Error::Busy)
}

/// The numbers an entry may have, in the order they are tried.
pub(crate) fn numbers(at: Timestamp, subject: Uuid) -> impl Iterator<Item = i64> {
    let bits = u64::from_be_bytes(subject.as_bytes()[8..].try_into().expect("a UUID has 16 bytes"));
    let step = move |n_try: u32| {
        let widest = 1_u64 << n_try.min(20);
        1 + i64::try_from(bits.rotate_left(n_try * 7) % widest).expect("at most 2^20")
    };
    (0..48_u32).scan(time::to_micros(at), move |next, n_try| {
        let n = *next;
        *next += step(n_try);
        Some(n)
    })
}

#[cfg(test)]
mod tests;
