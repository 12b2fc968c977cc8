//! The procedures an officer has under Alt+1 to Alt+9.

use super::queue::QueueRefused;

/// As many as there are keys.
pub const MOST: usize = 9;

/// What is done to the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FavouriteEdit {
    /// Behind those that are there.
    Add,
    Remove,
    /// One key nearer to Alt+1.
    Up,
    Down,
}

/// The list after the edit; what is there already is not added twice, and what is not there not moved.
pub fn edited(mut codes: Vec<String>, edit: FavouriteEdit, code: &str) -> Result<Vec<String>, QueueRefused> {
    let at = codes.iter().position(|known| known == code);
    match (edit, at) {
        (FavouriteEdit::Add, None) if codes.len() >= MOST => return Err(QueueRefused::FavouritesFull),
        (FavouriteEdit::Add, None) => codes.push(code.to_owned()),
        (FavouriteEdit::Remove, Some(at)) => drop(codes.remove(at)),
        (FavouriteEdit::Up, Some(at)) if at > 0 => codes.swap(at, at - 1),
        (FavouriteEdit::Down, Some(at)) if at + 1 < codes.len() => codes.swap(at, at + 1),
        _ => {}
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::{FavouriteEdit, MOST, edited};
    use crate::counter::queue::QueueRefused;

    fn list(text: &str) -> Vec<String> {
        text.chars().map(String::from).collect()
    }

    #[test]
    fn a_list_is_edited_one_procedure_at_a_time() {
        use FavouriteEdit::{Add, Down, Remove, Up};
        for (edit, code, expected) in [
            (Add, "d", "abcd"),
            (Add, "b", "abc"),
            (Remove, "b", "ac"),
            (Remove, "x", "abc"),
            (Up, "c", "acb"),
            (Up, "a", "abc"),
            (Down, "a", "bac"),
            (Down, "c", "abc"),
            (Down, "x", "abc"),
        ] {
            assert_eq!(edited(list("abc"), edit, code), Ok(list(expected)), "{edit:?} {code}");
        }
        let full = list("abcdefghi");
        assert_eq!(full.len(), MOST);
        assert_eq!(edited(full.clone(), Add, "k"), Err(QueueRefused::FavouritesFull));
        assert_eq!(edited(full.clone(), Add, "a"), Ok(full));
    }
}
