//! The books that numbers of documents come from: one a year, an agency and a kind of document. A number
//! is given once, stands in its book for good, and is the paper's whatever becomes of the paper.

use crate::id::{AgencyId, DossierId, ResultId};
use jiff::civil::Date;

/// A book, as far as its numbers are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    pub agency: AgencyId,
    pub year: i16,
    /// What stands behind the number: `GXN-UBND`.
    pub symbol: String,
    /// The last number given, 0 where none is.
    pub last: i64,
}

/// One number of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberLine {
    pub number: i64,
    pub result: ResultId,
    pub dossier: DossierId,
    /// The day of the number is the day of the document.
    pub given_on: Date,
    pub standing: NumberStanding,
}

/// What became of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberStanding {
    /// Its paper waits for the seal.
    Given,
    Issued,
    /// Its paper will not be issued.
    Cancelled {
        reason: String,
    },
}

/// The most numbers a book goes ahead by at once: a slip of the finger is not a gap of a million.
pub const MOST_AHEAD: i64 = 100_000;

/// Why a book does not go on behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookRefused {
    /// The book is there already, or beyond.
    NotAhead {
        last: i64,
    },
    TooFarAhead {
        most: i64,
    },
}

impl Book {
    /// The book after numbers up to `to` were given elsewhere in the same year: on paper, or by the program
    /// that was here before. Its own go on behind them.
    // law: ND30-2020/15
    pub fn go_on_behind(self, to: i64) -> Result<Self, BookRefused> {
        let most = self.last.saturating_add(MOST_AHEAD);
        match to {
            _ if to <= self.last => Err(BookRefused::NotAhead { last: self.last }),
            _ if to > most => Err(BookRefused::TooFarAhead { most }),
            _ => Ok(Self { last: to, ..self }),
        }
    }

    /// As it is written on the document and in the book: at least two digits.
    // law: ND30-2020/PL1
    pub fn written(&self, number: i64) -> String {
        format!("{number:02}/{}", self.symbol)
    }
}

#[cfg(test)]
mod tests {
    use super::{Book, BookRefused, MOST_AHEAD};
    use crate::id::AgencyId;
    use uuid::Uuid;

    fn book(last: i64) -> Book {
        Book { agency: AgencyId(Uuid::nil()), year: 2026, symbol: "GXN-UBND".to_owned(), last }
    }

    #[test]
    fn a_book_goes_on_behind_what_was_given_on_paper() {
        assert_eq!(book(0).go_on_behind(143).map(|book| book.last), Ok(143));
        assert_eq!(book(143).go_on_behind(144).map(|book| book.last), Ok(144));
    }

    #[test]
    fn no_number_is_given_a_second_time() {
        for to in [i64::MIN, -1, 0, 142, 143] {
            assert_eq!(book(143).go_on_behind(to), Err(BookRefused::NotAhead { last: 143 }), "{to}");
        }
    }

    #[test]
    fn a_slip_of_the_finger_makes_no_gap() {
        assert!(book(7).go_on_behind(7 + MOST_AHEAD).is_ok());
        for to in [8 + MOST_AHEAD, i64::MAX] {
            assert_eq!(book(7).go_on_behind(to), Err(BookRefused::TooFarAhead { most: 7 + MOST_AHEAD }));
        }
        assert!(book(i64::MAX).go_on_behind(i64::MAX).is_err());
    }

    #[test]
    fn numbers_have_two_digits_at_least() {
        assert_eq!(book(0).written(7), "07/GXN-UBND");
        assert_eq!(book(0).written(143), "143/GXN-UBND");
    }
}
