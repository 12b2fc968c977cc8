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

/// Where marks were typed, the hits that have them are looked for among the newest so many.
const N_RANKED: i64 = 2000;
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
    /// Whether every word is there with the marks as typed.
    pub is_exact: bool,
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

/// Finds entries, the latest first; where marks were typed, before them those that have the marks. No
/// closeness is weighed: it would count every entry that has a word, which is most of them for `Nguyễn`.
/// Text without a single word finds nothing.
pub async fn search(reader: &mut Reader, query: &Query<'_>) -> Result<Vec<Hit>, Error> {
    let Some(pattern) = Pattern::parse(query.text) else { return Ok(Vec::new()) };
    let kinds = (!query.kinds.is_empty()).then_some(Json(query.kinds));
    let agencies = match query.scope {
        Scope::Everything => None,
        Scope::Agencies(agencies) => {
            Some(Json(agencies.iter().copied().chain([EVERYBODY]).collect::<Vec<Uuid>>()))
        }
    };
    let engine = reader.engine();
    let limit = i64::from(query.limit.min(N_HITS));
    let n_candidates = if pattern.has_marks { N_RANKED.max(limit) } else { limit };
    // `newest` walks the hits from the latest on and stops when it has enough. On SQLite `cross join`
    // keeps the words outermost, in the order of the index. Marks only count where some were typed:
    // `giay` is no better than `giấy`.
    let rows: Vec<(String, Uuid, bool)> = fetch_all!(
        reader,
        "search.search",
        sqlite: "with newest as materialized (
                select e.n, e.kind, e.subject from search_words w cross join search_entry e on e.n = w.rowid
                where search_words match $1
                  and ($3 is null or e.kind in TEXTS($3))
                  and ($4 is null or exists (
                      select 1 from search_scope s where s.n = e.n and s.agency in IDS($4)))
                order by w.rowid desc limit $5
            ), exact as materialized (
                select rowid as n from search_words
                where search_words match $2 and rowid >= (select min(n) from newest)
            )
            select kind, subject, n in (select n from exact) as is_exact
            from newest
            order by case when $7 then n in (select n from exact) end desc, n desc
            limit $6",
        postgres: "with newest as materialized (
                select e.n, e.kind, e.subject, w.words
                from search_words w join search_entry e on e.n = w.n
                where w.words @@ $1::text::tsquery
                  and ($3::jsonb is null or e.kind in TEXTS($3))
                  and ($4::jsonb is null or exists (
                      select 1 from search_scope s where s.n = e.n and s.agency in IDS($4)))
                order by w.n desc limit $5
            )
            select kind, subject, words @@ $2::text::tsquery as is_exact
            from newest
            order by case when $7 then words @@ $2::text::tsquery end desc nulls last, n desc
            limit $6",
        pattern.found_by(engine),
        pattern.exact_by(engine),
        kinds,
        agencies,
        n_candidates,
        limit,
        pattern.has_marks,
    )?;
    Ok(rows.into_iter().map(|(kind, subject, is_exact)| Hit { kind, subject, is_exact }).collect())
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
