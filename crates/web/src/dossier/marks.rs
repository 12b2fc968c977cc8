//! The marks of a draft as pages show them.

use office::signing::marks::{FieldMarks, Marks};
use rules::text::diff::Piece;
use rules::words;

/// What differs in a draft.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) template: Vec<Field>,
    /// When the last decision of its kind was signed; empty where there is none.
    pub(crate) last: String,
    pub(crate) against_last: Vec<Field>,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) label: String,
    pub(crate) pieces: Vec<Word>,
}

/// A stretch of words; kind is `ins`, `del` or empty.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) kind: &'static str,
    pub(crate) text: String,
}

impl From<Marks> for Shown {
    fn from(marks: Marks) -> Self {
        let (last, against_last) = marks.last.map_or_else(Default::default, |(at, fields)| {
            (words::moment(at), fields.into_iter().map(Field::from).collect())
        });
        Self { template: marks.template.into_iter().map(Field::from).collect(), last, against_last }
    }
}

impl From<FieldMarks> for Field {
    fn from(field: FieldMarks) -> Self {
        Self { label: field.label, pieces: pieces(field.pieces) }
    }
}

pub(crate) fn pieces(pieces: Vec<Piece>) -> Vec<Word> {
    let word = |piece| match piece {
        Piece::Same(text) => Word { kind: "", text },
        Piece::Inserted(text) => Word { kind: "ins", text },
        Piece::Deleted(text) => Word { kind: "del", text },
    };
    pieces.into_iter().map(word).collect()
}
