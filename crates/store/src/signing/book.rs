//! The books of numbers, and what stands in them.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_one, fetch_optional};
use crate::people::reading::Sight;
use jiff::civil::Date;
use rules::id::{AgencyId, DossierId, ResultId};
use rules::people::Scope;
use rules::signing::book::{Book, NumberLine, NumberStanding};
use sqlx::types::Json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A number as a book shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookLine {
    pub line: NumberLine,
    /// None where whoever asks may not see the dossier, as the holder and the reason of a cancelled
    /// number; the number stands in the book all the same.
    pub dossier_code: Option<String>,
    pub procedure_name: String,
    pub holder_name: Option<String>,
}

/// The next number of a book; a book is there from its first number on.
// law: ND30-2020/15
pub async fn next_number(tx: &mut Tx, agency: AgencyId, year: i16, symbol: &str) -> Result<i64, Error> {
    let (last,): (i64,) = fetch_one!(
        tx,
        "number_book.next",
        "insert into number_book (agency, year, symbol, last) values ($1, $2, $3, 1)
         on conflict (agency, year, symbol) do update set last = number_book.last + 1 returning last",
        agency.0,
        i64::from(year),
        symbol,
    )?;
    Ok(last)
}

/// Writes a number down that was just given.
pub async fn add_line(tx: &mut Tx, book: &Book, line: &NumberLine) -> Result<(), Error> {
    execute!(
        tx,
        "number_line.add",
        "insert into number_line (agency, year, symbol, number, result, dossier, given_on, standing)
         values ($1, $2, $3, $4, $5, $6, $7, 'given')",
        book.agency.0,
        i64::from(book.year),
        book.symbol.as_str(),
        line.number,
        line.result.0,
        line.dossier.0,
        line.given_on.to_string(),
    )?;
    Ok(())
}

/// Writes a number down that was given before the book had lines; a line that is there stays.
pub async fn adopt_line(tx: &mut Tx, book: &Book, line: &NumberLine) -> Result<(), Error> {
    execute!(
        tx,
        "number_line.adopt",
        "insert into number_line (agency, year, symbol, number, result, dossier, given_on, standing)
         values ($1, $2, $3, $4, $5, $6, $7, 'given') on conflict (agency, year, symbol, number) do nothing",
        book.agency.0,
        i64::from(book.year),
        book.symbol.as_str(),
        line.number,
        line.result.0,
        line.dossier.0,
        line.given_on.to_string(),
    )
    .map(drop)
}

/// The day a paper got its number.
pub async fn given_on(reader: &mut Reader, result: ResultId) -> Result<Option<Date>, Error> {
    let row: Option<(String,)> = fetch_optional!(
        reader,
        "number_line.given_on",
        "select given_on from number_line where result = $1",
        result.0,
    )?;
    row.map(|(day,)| day_of(&day, result.0)).transpose()
}

/// The paper of a number bears the seal.
pub async fn issue(tx: &mut Tx, result: ResultId) -> Result<(), Error> {
    execute!(
        tx,
        "number_line.issue",
        "update number_line set standing = 'issued' where result = $1 and standing = 'given'",
        result.0,
    )?;
    Ok(())
}

/// The paper of a number will not be issued; `false` where it was, or is written down already.
pub async fn cancel(tx: &mut Tx, result: ResultId, reason: &str) -> Result<bool, Error> {
    let n_rows = execute!(
        tx,
        "number_line.cancel",
        "update number_line set standing = 'cancelled', reason = $2 where result = $1 and standing = 'given'",
        result.0,
        reason,
    )?;
    Ok(n_rows == 1)
}

/// One book; empty where no number was given yet.
pub async fn find(reader: &mut Reader, agency: AgencyId, year: i16, symbol: &str) -> Result<Book, Error> {
    let row: Option<(i64,)> = fetch_optional!(
        reader,
        "number_book.find",
        "select last from number_book where agency = $1 and year = $2 and symbol = $3",
        agency.0,
        i64::from(year),
        symbol,
    )?;
    let last = row.map_or(0, |(last,)| last);
    Ok(Book { agency, year, symbol: symbol.to_owned(), last })
}

/// Sets the last number of a book forward, if it still stands at `from`.
pub async fn go_on(tx: &mut Tx, from: i64, book: &Book) -> Result<(), Error> {
    let n_rows = execute!(
        tx,
        "number_book.go_on",
        "insert into number_book (agency, year, symbol, last) values ($1, $2, $3, $4)
         on conflict (agency, year, symbol) do update set last = $4 where number_book.last = $5",
        book.agency.0,
        i64::from(book.year),
        book.symbol.as_str(),
        book.last,
        from,
    )?;
    match n_rows {
        0 => Err(Error::Stale { table: "number_book", row: book.symbol.clone() }),
        _ => Ok(()),
    }
}

/// The books these agencies have opened in a year, by agency and symbol.
pub async fn of_agencies(
    reader: &mut Reader,
    agencies: &BTreeSet<AgencyId>,
    year: i16,
) -> Result<Vec<Book>, Error> {
    let ids: Vec<Uuid> = agencies.iter().map(|agency| agency.0).collect();
    let rows: Vec<(Uuid, String, i64)> = fetch_all!(
        reader,
        "number_book.of_agencies",
        "select agency, symbol, last from number_book where agency in IDS($1) and year = $2
         order by agency, symbol limit 2000",
        Json(ids),
        i64::from(year),
    )?;
    let book = |(agency, symbol, last)| Book { agency: AgencyId(agency), year, symbol, last };
    Ok(rows.into_iter().map(book).collect())
}

#[derive(sqlx::FromRow)]
struct LineRow {
    number: i64,
    result: Uuid,
    dossier: Uuid,
    given_on: String,
    standing: String,
    reason: Option<String>,
    dossier_code: Option<String>,
    procedure_name: String,
    holder_name: String,
    is_seen: i64,
}

impl TryFrom<LineRow> for BookLine {
    type Error = Error;

    fn try_from(row: LineRow) -> Result<Self, Error> {
        // That the number was given stands in the book for everybody who reads it; whose it was does not.
        let is_seen = row.is_seen == 1;
        let reason = row.reason.map(|reason| if is_seen { reason } else { String::new() });
        let standing = match (row.standing.as_str(), reason) {
            ("issued", _) => NumberStanding::Issued,
            ("cancelled", Some(reason)) => NumberStanding::Cancelled { reason },
            ("given", _) => NumberStanding::Given,
            _ => return Err(Error::corrupt("number_line", "standing", row.result)),
        };
        let line = NumberLine {
            number: row.number,
            result: ResultId(row.result),
            dossier: DossierId(row.dossier),
            given_on: day_of(&row.given_on, row.result)?,
            standing,
        };
        Ok(Self {
            line,
            dossier_code: row.dossier_code.filter(|_| is_seen),
            procedure_name: row.procedure_name,
            holder_name: is_seen.then_some(row.holder_name),
        })
    }
}

fn day_of(text: &str, result: Uuid) -> Result<Date, Error> {
    text.parse().map_err(|_| Error::corrupt("number_line", "given_on", result))
}

/// Lines of a book with what they are about: which of them is said last.
macro_rules! fetch_lines {
    ($reader:expr, $name:literal, $scope:expr, $book:expr, $which:literal $(, $bind:expr)* $(,)?) => {{
        let rows: Vec<LineRow> = fetch_all!(
            $reader,
            $name,
            concat!(
                "select l.number, l.result, l.dossier, l.given_on, l.standing, l.reason,
                    d.code as dossier_code, c.name as procedure_name,
                    h.name as holder_name,
                    cast(case when SEEN(d, d.procedure, $1) then 1 else 0 end as bigint) as is_seen
                 from number_line l
                 join dossier d on d.id = l.dossier
                 join party h on h.id = d.holder
                 join procedure c on c.code = d.procedure and c.revision = d.revision
                 where l.agency = $2 and l.year = $3 and l.symbol = $4 ",
                $which
            ),
            Json(Sight::from($scope)),
            $book.agency.0,
            i64::from($book.year),
            $book.symbol.as_str(),
            $($bind),*
        )?;
        rows.into_iter().map(BookLine::try_from).collect()
    }};
}

/// The numbers of a book below `before`, the newest first.
pub async fn lines_before(
    reader: &mut Reader,
    scope: &Scope,
    book: &Book,
    before: i64,
    limit: i64,
) -> Result<Vec<BookLine>, Error> {
    fetch_lines!(
        reader,
        "number_line.before",
        scope,
        book,
        "and l.number < $5 order by l.number desc limit $6",
        before,
        limit,
    )
}

/// The numbers of a book that were given from one day to another, in their order.
pub async fn lines_between(
    reader: &mut Reader,
    scope: &Scope,
    book: &Book,
    (from, to): (Date, Date),
    limit: i64,
) -> Result<Vec<BookLine>, Error> {
    fetch_lines!(
        reader,
        "number_line.between",
        scope,
        book,
        "and l.given_on >= $5 and l.given_on <= $6 order by l.number limit $7",
        from.to_string(),
        to.to_string(),
        limit,
    )
}

#[cfg(test)]
mod tests;
