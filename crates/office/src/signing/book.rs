//! The clerk's books: what numbers were given to, where a book goes on behind numbers given elsewhere, and
//! the register of outgoing documents on paper.

use crate::act::By;
use crate::{Error, Office, Refusal};
use jiff::civil::Date;
use rules::event::{Body, NewEvent, Subject};
use rules::id::{AgencyId, OfficerId};
use rules::people::{Actor, NotYours, Role};
use rules::signing::ResultState;
use rules::signing::book::{Book, NumberStanding};
use rules::words;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::people::KeptUnit;
use store::signing::book::{self, BookLine};
use store::{Reader, event};
use uuid::Uuid;

/// The most lines of a register that are printed at once.
pub const MOST_PRINTED: i64 = 1_000;

/// A book with what the actor may do to it.
#[derive(Clone, Debug)]
pub struct BookView {
    pub book: Book,
    pub agency: String,
    /// He is the clerk who keeps it.
    pub is_keeper: bool,
}

/// A line with who signed its paper.
#[derive(Clone, Debug)]
pub struct BookEntry {
    pub line: BookLine,
    pub signer: Option<String>,
}

/// The books of a year that somebody may read, and the symbols of today's procedures that have no book yet
/// at an agency whose books he keeps.
#[derive(Clone, Debug)]
pub struct Books {
    pub books: Vec<BookView>,
    pub unopened: Vec<(AgencyId, String)>,
}

/// The agencies whose books an officer reads: where he keeps or heads them, or looks over the work.
pub fn reads_books_of(actor: &Actor) -> BTreeSet<AgencyId> {
    actor.agencies_where(|role| {
        matches!(role, Role::Clerk | Role::Head | Role::Leader | Role::CentreHead | Role::Auditor)
    })
}

/// The agencies whose books an officer keeps.
// law: ND30-2020/33
pub fn keeps_books_of(actor: &Actor) -> BTreeSet<AgencyId> {
    actor.agencies_where(|role| role == Role::Clerk)
}

impl Office {
    pub async fn number_books(&self, actor: &Actor, year: i16) -> Result<Books, Error> {
        let (read, kept) = (reads_books_of(actor), keeps_books_of(actor));
        let mut reader = self.db.read().await?;
        let books = book::of_agencies(&mut reader, &read, year).await?;
        let names = store::people::unit_names(&mut reader).await?;
        let symbols = symbols(&mut reader, self.clock.today()).await?;
        let opened: BTreeSet<(AgencyId, &str)> =
            books.iter().map(|book| (book.agency, book.symbol.as_str())).collect();
        let unopened = kept
            .iter()
            .flat_map(|agency| symbols.iter().map(|symbol| (*agency, symbol.clone())))
            .filter(|(agency, symbol)| !opened.contains(&(*agency, symbol)))
            .collect();
        let view = |book: Book| BookView {
            agency: names.get(&book.agency).cloned().unwrap_or_default(),
            is_keeper: kept.contains(&book.agency),
            book,
        };
        Ok(Books { books: books.into_iter().map(view).collect(), unopened })
    }

    /// A book with its numbers below `before`, the newest first.
    pub async fn book_page(
        &self,
        actor: &Actor,
        (agency, year, symbol): (AgencyId, i16, &str),
        before: i64,
        limit: i64,
    ) -> Result<(BookView, Vec<BookEntry>), Error> {
        let mut reader = self.db.read().await?;
        let view = readable(&mut reader, actor, agency, (year, symbol), self.clock.today()).await?;
        let lines = book::lines_before(&mut reader, &actor.sight(), &view.book, before, limit).await?;
        Ok((view, with_signers(&mut reader, lines).await?))
    }

    /// Numbers of a book up to `last` were given elsewhere this year; the next one here follows them.
    // law: ND30-2020/15
    pub async fn set_book(
        &self,
        by: &By,
        agency: AgencyId,
        symbol: &str,
        (was, last): (i64, i64),
    ) -> Result<(), Error> {
        if !keeps_books_of(&by.actor).contains(&agency) {
            return Err(NotYours::NeedsRole(Role::Clerk).into());
        }
        let year = self.clock.today().year();
        self.act(by, "book.set", |mut tx, now| async move {
            let tx = &mut tx;
            let book = readable(tx, &by.actor, agency, (year, symbol), self.clock.today()).await?.book;
            // Somebody else gave a number since it was shown.
            if book.last != was {
                return Err(Error::Stale);
            }
            let ahead = book.go_on_behind(last).map_err(|why| Error::Refused(Refusal::Book(why)))?;
            book::go_on(tx, was, &ahead).await?;
            let body = Body::NumberBookSet { year, symbol: symbol.to_owned(), was, last };
            event::append(tx, &NewEvent::new(Subject::Unit(agency), None, &by.actor, now, body), now).await?;
            Ok(())
        })
        .await
    }

    /// Sổ đăng ký văn bản đi, of the numbers given from one day to another.
    // law: ND30-2020/16
    pub async fn print_book(
        &self,
        actor: &Actor,
        (agency, year, symbol): (AgencyId, i16, &str),
        days: (Date, Date),
    ) -> Result<Vec<u8>, Error> {
        let mut reader = self.db.read().await?;
        let view = readable(&mut reader, actor, agency, (year, symbol), self.clock.today()).await?;
        let lines =
            book::lines_between(&mut reader, &actor.sight(), &view.book, days, MOST_PRINTED + 1).await?;
        let n_lines = printable(lines.len())?;
        let unit = store::people::unit(&mut reader, agency).await?.ok_or(Error::NotFound)?;
        let entries = with_signers(&mut reader, lines).await?;
        drop(reader);
        let lines: Vec<Value> = entries.iter().map(|entry| line_of(&view.book, entry)).collect();
        let mut data = self.register_head(&unit, days);
        data.insert("symbol".to_owned(), json!(symbol));
        data.insert("year".to_owned(), json!(year.to_string()));
        data.insert("lines".to_owned(), Value::Array(lines));
        let printed = self.print_for(&unit, "so-van-ban-di", data).await?;
        self.note_printed(actor, agency, Some(symbol), days, n_lines).await?;
        Ok(printed)
    }

    /// The head of a register of some days.
    pub(crate) fn register_head(&self, unit: &KeptUnit, (from, to): (Date, Date)) -> Map<String, Value> {
        let mut data = self.head_of(unit);
        data.extend([("from", from), ("to", to)].map(|(key, day)| (key.to_owned(), json!(day.to_string()))));
        data
    }

    /// A register on paper is many people's data outside the system: that it left is written down.
    // law: LBVDLCN2025/0
    pub(crate) async fn note_printed(
        &self,
        actor: &Actor,
        agency: AgencyId,
        symbol: Option<&str>,
        (from, to): (Date, Date),
        lines: u32,
    ) -> Result<(), Error> {
        let symbol = symbol.map(str::to_owned);
        let body = &Body::RegisterPrinted { symbol, from, to, lines };
        self.act(&By::new(actor.clone()), "register.print", |mut tx, now| async move {
            let event = NewEvent::new(Subject::Unit(agency), None, actor, now, body.clone());
            event::append(&mut tx, &event, now).await?;
            Ok(())
        })
        .await
    }
}

/// So many lines are printed at once, or a shorter time is to be chosen.
pub(crate) fn printable(n_lines: usize) -> Result<u32, Error> {
    u32::try_from(n_lines)
        .ok()
        .filter(|&n| i64::from(n) <= MOST_PRINTED)
        .ok_or(Error::Refused(Refusal::RegisterTooLong(MOST_PRINTED)))
}

/// What may stand behind a number: the symbols of the results that procedures give today.
async fn symbols(reader: &mut Reader, today: Date) -> Result<BTreeSet<String>, Error> {
    let procedures = store::procedure::all_in_force(reader, today).await?;
    Ok(procedures.iter().flat_map(|found| &found.results).map(|result| result.symbol.clone()).collect())
}

/// A book is there from its first number on; its keeper opens it before.
async fn readable(
    reader: &mut Reader,
    actor: &Actor,
    agency: AgencyId,
    (year, symbol): (i16, &str),
    today: Date,
) -> Result<BookView, Error> {
    if !reads_books_of(actor).contains(&agency) {
        return Err(Error::NotFound);
    }
    let is_keeper = keeps_books_of(actor).contains(&agency);
    let book = book::find(reader, agency, year, symbol).await?;
    if book.last == 0
        && !(is_keeper && year == today.year() && symbols(reader, today).await?.contains(symbol))
    {
        return Err(Error::NotFound);
    }
    let unit = store::people::unit(reader, agency).await?.ok_or(Error::NotFound)?;
    Ok(BookView { agency: unit.unit.name, is_keeper, book })
}

async fn with_signers(reader: &mut Reader, lines: Vec<BookLine>) -> Result<Vec<BookEntry>, Error> {
    let results: Vec<_> = lines.iter().map(|line| line.line.result).collect();
    let signers: BTreeMap<_, OfficerId> = store::signing::results_by_ids(reader, &results)
        .await?
        .into_iter()
        .filter_map(|paper| match paper.state {
            ResultState::Signed { signed_by, .. } | ResultState::Sealed { signed_by, .. } => {
                Some((paper.id, signed_by))
            }
            ResultState::Drafted { .. } => None,
        })
        .collect();
    let ids: Vec<Uuid> = signers.values().map(|officer| officer.0).collect();
    let names = store::people::officer_names(reader, &ids).await?;
    let entry = |line: BookLine| {
        let signer = signers.get(&line.line.result).and_then(|officer| names.get(officer)).cloned();
        BookEntry { line, signer }
    };
    Ok(lines.into_iter().map(entry).collect())
}

fn line_of(book: &Book, entry: &BookEntry) -> Value {
    let BookLine { line, dossier_code, procedure_name, holder_name } = &entry.line;
    json!({
        "number": book.written(line.number),
        "day": line.given_on.to_string(),
        "title": procedure_name,
        "dossier_code": dossier_code.clone().unwrap_or_default(),
        "signer": entry.signer.clone().unwrap_or_default(),
        "recipient": holder_name.clone().unwrap_or_default(),
        "note": match &line.standing {
            NumberStanding::Issued => String::new(),
            standing => words::book::number_standing(standing),
        },
    })
}
