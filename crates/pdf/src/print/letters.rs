//! What a stranger typed, brought to letters that the faces have: an archival file may not hold a glyph
//! that means "no such letter", so that one name in a foreign script would keep a whole form from print.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use super::world::has_letter;

/// Stands for a letter that cannot be printed, so that whoever reads the sheet sees that one is missing.
const MISSING: char = '□';

/// The same data in NFC, of letters that can be printed.
pub(crate) fn legible(data: &Value) -> Value {
    match data {
        Value::String(text) => Value::String(text.nfc().filter_map(letter).collect()),
        Value::Array(values) => Value::Array(values.iter().map(legible).collect()),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (key.clone(), legible(value))).collect())
        }
        other => other.clone(),
    }
}

fn letter(letter: char) -> Option<char> {
    match letter {
        '\n' | '\t' => Some(letter),
        _ if letter.is_control() => Some(' '),
        // Marks without a body: joiners, directions, byte order.
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => None,
        _ if has_letter(letter) => Some(letter),
        _ => Some(MISSING),
    }
}
