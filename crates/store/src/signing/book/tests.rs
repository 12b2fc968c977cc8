//! Books without gaps and doubles, and what became of each number.

use super::{
    add_line, adopt_line, cancel, find, given_on, go_on, issue, lines_before, lines_between, next_number,
    of_agencies,
};
use crate::sample::{Office, office};
use crate::signing::tests::{added, paper};
use crate::testing::Scratch;
use crate::{Db, Error, on_both};
use futures::future::join_all;
use jiff::civil::{Date, date};
use rules::id::{AgencyId, DossierId, ResultId};
use rules::people::Scope;
use rules::signing::book::{Book, NumberLine, NumberStanding};
use std::collections::BTreeSet;
use uuid::Uuid;

const MONDAY: Date = date(2026, 11, 23);
const TUESDAY: Date = date(2026, 11, 24);

fn book(agency: AgencyId) -> Book {
    Book { agency, year: 2026, symbol: "TLKT-UBND".to_owned(), last: 0 }
}

/// Gives the next number to a new paper of a new dossier.
async fn numbered(db: &Db, office: &Office, day: Date) -> NumberLine {
    let paper = paper(office, office.opened(db).await.id);
    added(db, &paper, 0).await;
    let (result, dossier, book) = (paper.id, paper.dossier, &book(office.commune));
    db.act(|mut tx| async move {
        let number = next_number(&mut tx, book.agency, book.year, &book.symbol).await?;
        let line = NumberLine { number, result, dossier, given_on: day, standing: NumberStanding::Given };
        add_line(&mut tx, book, &line).await?;
        Ok::<_, Error>(line)
    })
    .await
    .expect("numbered")
}

async fn cancelled(db: &Db, result: ResultId, reason: &str) -> bool {
    db.act(|mut tx| async move { cancel(&mut tx, result, reason).await }).await.expect("written")
}

/// Fifty seals at once, five of which fail: 45 numbers, no gap, no double.
async fn numbers_of_a_book_have_no_gap_and_no_double(db: Scratch) {
    let office = office(&db).await;
    let agency = office.commune;
    let acts = (0..50).map(|n| {
        let db = Db::clone(&db);
        tokio::spawn(async move {
            db.act(|mut tx| async move {
                let number = next_number(&mut tx, agency, 2026, "TLKT").await?;
                if n % 10 == 0 { Err(Error::Busy) } else { Ok(number) }
            })
            .await
        })
    });
    let given: Vec<i64> =
        join_all(acts).await.into_iter().filter_map(|done| done.expect("no act panics").ok()).collect();
    assert_eq!(given.len(), 45);
    assert_eq!(given.into_iter().collect::<BTreeSet<_>>(), (1..=45).collect());
    for (agency, year, symbol, next) in [
        (agency, 2026, "TLKT", 46),
        (agency, 2027, "TLKT", 1),
        (agency, 2026, "QĐ", 1),
        (office.province, 2026, "TLKT", 1),
    ] {
        let given = db.act(|mut tx| async move { next_number(&mut tx, agency, year, symbol).await }).await;
        assert_eq!(given.expect("given"), next, "{symbol} of {year} is a book of its own");
    }
}

/// Who may not see a dossier sees that its number was given, and not to whom.
async fn a_number_stands_in_its_book_whatever_became_of_its_paper(db: Scratch) {
    let office = office(&db).await;
    let mut given = Vec::new();
    for day in [MONDAY, MONDAY, TUESDAY] {
        given.push(numbered(&db, &office, day).await);
    }
    let [first, second, third] = [0, 1, 2].map(|at: usize| given[at].result);
    db.act(|mut tx| async move { issue(&mut tx, first).await }).await.expect("issued");
    assert!(cancelled(&db, second, "hồ sơ rút").await);
    for (settled, why) in [(second, "it is cancelled already"), (first, "it was issued")] {
        assert!(!cancelled(&db, settled, "lần nữa").await, "{why}");
    }
    let mut reader = db.read().await.expect("a snapshot");
    let book = find(&mut reader, office.commune, 2026, "TLKT-UBND").await.expect("read");
    assert_eq!(book.last, 3);
    let all = Scope::whole([office.commune]);
    let shown = lines_before(&mut reader, &all, &book, i64::MAX, 2).await.expect("read");
    let numbers = |shown: &[super::BookLine]| -> Vec<_> {
        shown.iter().map(|shown| (shown.line.number, shown.line.standing.clone())).collect()
    };
    let reason = "hồ sơ rút".to_owned();
    let was_cancelled = NumberStanding::Cancelled { reason };
    assert_eq!(numbers(&shown), [(3, NumberStanding::Given), (2, was_cancelled.clone())]);
    assert!(shown.iter().all(|shown| shown.holder_name.is_some()));
    let rest = lines_before(&mut reader, &all, &book, 2, 2).await.expect("read");
    assert_eq!(numbers(&rest), [(1, NumberStanding::Issued)]);
    let monday = lines_between(&mut reader, &all, &book, (MONDAY, MONDAY), 10).await.expect("read");
    assert_eq!(numbers(&monday), [(1, NumberStanding::Issued), (2, was_cancelled)]);
    let blind = lines_before(&mut reader, &Scope::default(), &book, i64::MAX, 10).await.expect("read");
    assert_eq!(blind.len(), 3);
    assert!(
        blind.iter().all(|shown| shown.holder_name.is_none() && shown.dossier_code.is_none()),
        "{blind:?}"
    );
    let no_reason = NumberStanding::Cancelled { reason: String::new() };
    assert_eq!(numbers(&blind)[1], (2, no_reason), "why is told to who may see the dossier");
    assert_eq!(given_on(&mut reader, third).await.expect("read"), Some(TUESDAY));
    assert_eq!(given_on(&mut reader, ResultId(Uuid::nil())).await.expect("read"), None);
}

/// A number of the time before books had lines; one that is in the book already stays the older paper's.
async fn a_number_given_before_is_written_down_afterwards(db: Scratch) {
    let office = office(&db).await;
    let first = numbered(&db, &office, MONDAY).await;
    let other = paper(&office, first.dossier);
    added(&db, &other, 1).await;
    let (book, line) =
        (&book(office.commune), NumberLine { result: other.id, given_on: TUESDAY, ..first.clone() });
    for line in [&line, &NumberLine { number: 7, ..line.clone() }] {
        db.act(|mut tx| async move { adopt_line(&mut tx, book, line).await }).await.expect("written");
    }
    let mut reader = db.read().await.expect("a snapshot");
    let all = Scope::whole([office.commune]);
    let lines = lines_before(&mut reader, &all, book, i64::MAX, 10).await.expect("read");
    let papers: Vec<_> = lines.iter().map(|line| (line.line.number, line.line.result)).collect();
    assert_eq!(papers, [(7, other.id), (1, first.result)]);
}

async fn no_paper_has_two_numbers_and_no_number_two_papers(db: Scratch) {
    let office = office(&db).await;
    let line = numbered(&db, &office, MONDAY).await;
    let other = paper(&office, DossierId(line.dossier.0));
    added(&db, &other, 1).await;
    for doubled in [NumberLine { number: 2, ..line.clone() }, NumberLine { result: other.id, ..line.clone() }]
    {
        let (book, doubled) = (&book(office.commune), &doubled);
        let written = db.act(|mut tx| async move { add_line(&mut tx, book, doubled).await }).await;
        assert!(written.is_err(), "{doubled:?}");
    }
}

/// Two who set a book forward at once: the second is told that it moved.
async fn a_book_goes_on_from_where_it_was_read(db: Scratch) {
    let office = office(&db).await;
    let set = async |from: i64, last: i64| {
        let ahead = &Book { last, ..book(office.commune) };
        db.act(|mut tx| async move { go_on(&mut tx, from, ahead).await }).await
    };
    set(0, 143).await.expect("a new book");
    assert!(matches!(set(0, 150).await, Err(Error::Stale { table: "number_book", .. })));
    set(143, 150).await.expect("the book that is there");
    assert_eq!(numbered(&db, &office, MONDAY).await.number, 151);
    let mut reader = db.read().await.expect("a snapshot");
    let agencies = BTreeSet::from([office.commune]);
    let books = of_agencies(&mut reader, &agencies, 2026).await.expect("read");
    assert_eq!(books, [Book { last: 151, ..book(office.commune) }]);
    assert_eq!(of_agencies(&mut reader, &agencies, 2025).await.expect("read"), []);
}

on_both!(
    numbers_of_a_book_have_no_gap_and_no_double,
    a_number_stands_in_its_book_whatever_became_of_its_paper,
    a_number_given_before_is_written_down_afterwards,
    no_paper_has_two_numbers_and_no_number_two_papers,
    a_book_goes_on_from_where_it_was_read,
);
