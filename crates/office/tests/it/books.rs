//! The clerk's books and the register of dossiers: who reads and keeps them, where they go on, and what is
//! written down when they leave on paper.

use crate::afterwards::Team;
use crate::counter::received;
use crate::house::keyed;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use office::forms::Sheet;
use office::{By, Error, Forms, Refusal};
use rules::event::{Body, Subject};
use rules::people::{Actor, NotYours, Post, Role};
use rules::signing::ResultState;
use rules::signing::book::{Book, BookRefused, NumberStanding};
use std::sync::Arc;
use store::signing::book::lines_before;
use store::signing::{KeyHolder, save_result};
use store::testing::Scratch;

const SYMBOL: &str = "SCT-BS";
const TODAY: Date = date(2026, 11, 23);

async fn numbers(team: &Team, by: &By, year: i16) -> Vec<(String, Date, NumberStanding)> {
    let book = (team.house.commune, year, SYMBOL);
    let (view, entries) = team.house.office.book_page(&by.actor, book, i64::MAX, 50).await.expect("a book");
    entries
        .into_iter()
        .map(|entry| entry.line.line)
        .map(|line| (view.book.written(line.number), line.given_on, line.standing))
        .collect()
}

async fn every_number_stands_in_its_book_with_what_became_of_it(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let office = &team.house.office;
    let id = received(&team.house, &team.counter).await;
    team.seal(id).await;
    let book = (team.house.commune, 2026, SYMBOL);
    let (view, entries) = office.book_page(&team.clerk.actor, book, i64::MAX, 50).await.expect("a book");
    assert!(view.is_keeper);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].line.line.standing, NumberStanding::Issued);
    assert_eq!(entries[0].signer.as_deref(), Some("Leader"));
    assert!(entries[0].line.holder_name.is_some() && entries[0].line.dossier_code.is_some());
    let there = team.house.officer_of(team.house.elsewhere, Role::Clerk).await;
    for stranger in [&there, &team.specialist] {
        let refused = office.book_page(&stranger.actor, book, i64::MAX, 50).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    }
    let books = office.number_books(&team.clerk.actor, 2026).await.expect("his books");
    let symbols: Vec<&str> = books.books.iter().map(|view| view.book.symbol.as_str()).collect();
    assert_eq!(symbols, [SYMBOL]);
    assert!(!books.unopened.is_empty() && !books.unopened.iter().any(|(_, symbol)| symbol == SYMBOL));
}

/// The machine that seals stops on New Year's Eve: the number and its day are of the old year.
// law: ND30-2020/15
async fn a_document_bears_the_day_its_number_was_given(db: Scratch) {
    let team = Team::open_without_seal(&db).await;
    let office = &team.house.office;
    let eve: Timestamp = "2026-12-31T08:00:00Z".parse().expect("an instant");
    office.clock.advance(eve.duration_since(office.clock.now()));
    let id = received(&team.house, &team.counter).await;
    team.draft(id).await;
    team.sign(id).await;
    office.seal_result(&team.clerk, id, "tra").await.expect_err("there is no seal");
    office.clock.advance(SignedDuration::from_hours(24));
    team.house.give_key(team.house.commune.0, KeyHolder::Agency).await;
    office.seal_result(&team.clerk, id, "tra").await.expect("sealed");
    let papers = team.papers(id).await;
    let ResultState::Sealed { number, issued_on, .. } = &papers[0].state else { panic!("{papers:?}") };
    assert_eq!((number.as_str(), *issued_on), ("01/SCT-BS", date(2026, 12, 31)));
    let given = numbers(&team, &team.clerk, 2026).await;
    assert_eq!(given, [("01/SCT-BS".to_owned(), date(2026, 12, 31), NumberStanding::Issued)]);
    let of_new_year = office.number_books(&team.clerk.actor, 2027).await.expect("read");
    assert!(of_new_year.books.is_empty(), "{of_new_year:?}");
}

async fn a_number_that_is_not_issued_stays_in_the_book_with_its_reason(db: Scratch) {
    let team = Team::open_without_seal(&db).await;
    let office = &team.house.office;
    let id = received(&team.house, &team.counter).await;
    team.draft(id).await;
    team.sign(id).await;
    office.seal_result(&team.clerk, id, "tra").await.expect_err("there is no seal");
    assert_eq!(numbers(&team, &team.clerk, 2026).await[0].2, NumberStanding::Given);
    office.send_back(&team.clerk, id, "ky", "sai tên").await.expect("sent back");
    let reason = "sai tên".to_owned();
    assert_eq!(numbers(&team, &team.clerk, 2026).await[0].2, NumberStanding::Cancelled { reason });
}

/// A number of the time before books had lines: it is sealed, and stands in the book from then on.
async fn a_number_without_a_line_gets_one_when_it_is_sealed(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let office = &team.house.office;
    let id = received(&team.house, &team.counter).await;
    team.draft(id).await;
    team.sign(id).await;
    let result = team.house.dossier(id).await.state.result();
    let papers = team.papers(id).await;
    let signed = papers.into_iter().find(|paper| Some(paper.id) == result).expect("signed");
    let numbered = &signed.number("07/SCT-BS".parse().expect("a number")).expect("numbered");
    office.db.act(|mut tx| async move { save_result(&mut tx, numbered).await }).await.expect("saved");
    office.seal_result(&team.clerk, id, "tra").await.expect("sealed");
    let mut reader = office.db.read().await.expect("a snapshot");
    let book = Book { agency: team.house.commune, year: 2026, symbol: SYMBOL.to_owned(), last: 7 };
    let scope = team.clerk.actor.sight();
    let lines = lines_before(&mut reader, &scope, &book, i64::MAX, 10).await.expect("read");
    let lines: Vec<_> = lines.into_iter().map(|line| line.line).collect();
    let [line] = lines.as_slice() else { panic!("one line: {lines:?}") };
    assert_eq!((line.number, line.given_on, &line.standing), (7, TODAY, &NumberStanding::Issued));
}

async fn a_clerk_of_two_agencies_opens_the_books_of_each(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let (commune, elsewhere) = (team.house.commune, team.house.elsewhere);
    let here = Post::new(commune, Role::Clerk);
    let mut clerk = team.house.officer_with(here).await;
    let Actor::Officer { posts, .. } = &mut clerk.actor else { panic!("an officer") };
    posts.push(Post::new(elsewhere, Role::Clerk));
    let id = received(&team.house, &team.counter).await;
    team.seal(id).await;
    let books = team.house.office.number_books(&clerk.actor, 2026).await.expect("his books");
    let symbol = SYMBOL.to_owned();
    assert!(books.unopened.contains(&(elsewhere, symbol.clone())), "{:?}", books.unopened);
    assert!(!books.unopened.contains(&(commune, symbol)), "it is opened there");
}

async fn a_book_goes_on_behind_the_numbers_given_on_paper(db: Scratch) {
    let team = Team::open_to_sign(&db).await;
    let (office, commune) = (&team.house.office, team.house.commune);
    let there = team.house.officer_of(team.house.elsewhere, Role::Clerk).await;
    for stranger in [&there, &team.leader] {
        let refused = office.set_book(stranger, commune, SYMBOL, (0, 143)).await;
        assert!(matches!(refused, Err(Error::NotYours(NotYours::NeedsRole(Role::Clerk)))), "{refused:?}");
    }
    let by = &keyed(&team.clerk, "dat-so");
    for _ in 0..2 {
        office.set_book(by, commune, SYMBOL, (0, 143)).await.expect("the same request again does nothing");
    }
    let behind = office.set_book(&team.clerk, commune, SYMBOL, (143, 143)).await;
    let refused = Refusal::Book(BookRefused::NotAhead { last: 143 });
    assert!(matches!(&behind, Err(Error::Refused(why)) if *why == refused), "{behind:?}");
    let stale = office.set_book(&team.clerk, commune, SYMBOL, (0, 150)).await;
    assert!(matches!(stale, Err(Error::Stale)), "he was shown 0: {stale:?}");
    let unknown = office.set_book(&team.clerk, commune, "KHONG-CO", (0, 1)).await;
    assert!(matches!(unknown, Err(Error::NotFound)), "{unknown:?}");

    let id = received(&team.house, &team.counter).await;
    team.seal(id).await;
    assert_eq!(numbers(&team, &team.clerk, 2026).await[0].0, "144/SCT-BS");
    let said = Body::NumberBookSet { year: 2026, symbol: SYMBOL.to_owned(), was: 0, last: 143 };
    assert_eq!(events_of_unit(&team).await, [said]);
}

async fn events_of_unit(team: &Team) -> Vec<Body> {
    let mut reader = team.house.office.db.read().await.expect("a snapshot");
    let subject = Subject::Unit(team.house.commune);
    let events = store::event::of_subject(&mut reader, subject, 50).await.expect("read");
    let of_books = |body: &Body| matches!(body, Body::NumberBookSet { .. } | Body::RegisterPrinted { .. });
    events.into_iter().map(|event| event.body).filter(of_books).collect()
}

fn sheet(about: &str, source: &str) -> Sheet {
    let form = pdf::print::Form::new(about, source.to_owned()).expect("the form");
    Sheet::new(form, None).expect("a sheet")
}

async fn registers_are_printed_and_that_is_written_down(db: Scratch) {
    let mut team = Team::open_to_sign(&db).await;
    let (first, second) =
        (received(&team.house, &team.counter).await, received(&team.house, &team.counter).await);
    team.seal(first).await;
    team.house.office.forms = Arc::new(Forms::new([
        sheet(
            include_str!("../../../../forms/so-van-ban-di/2020-03-05/form.toml"),
            include_str!("../../../../forms/so-van-ban-di/2020-03-05/form.typ"),
        ),
        sheet(
            include_str!("../../../../forms/07-so-theo-doi/2025-09-15/form.toml"),
            include_str!("../../../../forms/07-so-theo-doi/2025-09-15/form.typ"),
        ),
    ]));
    let (office, commune) = (&team.house.office, team.house.commune);
    let days = (date(2026, 11, 1), date(2026, 11, 30));
    let page = office.register_page(&team.counter.actor, commune, days, None, 50).await;
    let lines = page.expect("the register").lines;
    let shown: Vec<_> = lines.iter().map(|line| (line.line.dossier.id, line.received_on)).collect();
    let mut both = [first, second];
    both.sort();
    assert_eq!(shown, both.map(|id| (id, TODAY)));

    let book = (commune, 2026, SYMBOL);
    let numbers = office.print_book(&team.clerk.actor, book, days).await.expect("printed");
    let dossiers = office.print_dossier_register(&team.clerk.actor, commune, days).await.expect("printed");
    assert!(numbers.starts_with(b"%PDF-") && dossiers.starts_with(b"%PDF-"));
    let (from, to) = days;
    let printed = |symbol: Option<&str>, lines| Body::RegisterPrinted {
        symbol: symbol.map(str::to_owned),
        from,
        to,
        lines,
    };
    assert_eq!(events_of_unit(&team).await, [printed(Some(SYMBOL), 1), printed(None, 2)]);
    let there = team.house.officer_of(team.house.elsewhere, Role::Counter).await;
    let refused = office.print_dossier_register(&there.actor, commune, days).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
}

store::on_both!(
    every_number_stands_in_its_book_with_what_became_of_it,
    a_document_bears_the_day_its_number_was_given,
    a_number_that_is_not_issued_stays_in_the_book_with_its_reason,
    a_number_without_a_line_gets_one_when_it_is_sealed,
    a_clerk_of_two_agencies_opens_the_books_of_each,
    a_book_goes_on_behind_the_numbers_given_on_paper,
    registers_are_printed_and_that_is_written_down,
);
