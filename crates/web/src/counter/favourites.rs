//! The procedures under Alt+1 to Alt+9. Their buttons belong to the form of the counter, so that nothing
//! that was typed is lost when one is pressed.

use crate::Web;
use crate::error::Failure;
use crate::session::Visitor;
use askama::Template;
use office::counter::favourites::{Favourites, Origin};
use rules::counter::favourite::FavouriteEdit;

#[derive(Debug, Template)]
#[template(path = "counter/_favourites.html")]
pub(crate) struct FavouritesPanel {
    is_proposed: bool,
    list: Vec<Favourite>,
}

#[derive(Debug)]
struct Favourite {
    code: String,
    name: String,
    hotkey: String,
    is_first: bool,
    is_last: bool,
}

pub(crate) async fn panel(web: &Web, visitor: &Visitor) -> Result<FavouritesPanel, Failure> {
    let Favourites { procedures, origin } = web.office.favourites(&visitor.present.actor).await?;
    let n = procedures.len();
    let list = procedures
        .iter()
        .zip(1..)
        .map(|(procedure, at)| Favourite {
            code: procedure.code.to_string(),
            name: procedure.name.clone(),
            hotkey: format!("Alt+{at}"),
            is_first: at == 1,
            is_last: at == n,
        })
        .collect();
    Ok(FavouritesPanel { is_proposed: origin == Origin::Proposed, list })
}

/// What a button of the panel asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command<'a> {
    /// Take this procedure.
    Choose(&'a str),
    Edit(FavouriteEdit, &'a str),
}

impl<'a> Command<'a> {
    /// The command of a button's value; `chosen` is the procedure that is ticked.
    pub(crate) fn of(act: &'a str, chosen: &'a str) -> Option<Self> {
        let (verb, code) = act.split_once(':').unwrap_or((act, chosen));
        match verb {
            "chon" => Some(Self::Choose(code)),
            "ghim" => Some(Self::Edit(FavouriteEdit::Add, code)),
            "bo-ghim" => Some(Self::Edit(FavouriteEdit::Remove, code)),
            "len" => Some(Self::Edit(FavouriteEdit::Up, code)),
            "xuong" => Some(Self::Edit(FavouriteEdit::Down, code)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Command;
    use rules::counter::favourite::FavouriteEdit;

    #[test]
    fn a_button_says_what_it_asks_for() {
        assert_eq!(Command::of("chon:1.004873", ""), Some(Command::Choose("1.004873")));
        assert_eq!(Command::of("ghim", "2.000815"), Some(Command::Edit(FavouriteEdit::Add, "2.000815")));
        assert_eq!(Command::of("len:a", "b"), Some(Command::Edit(FavouriteEdit::Up, "a")));
        assert_eq!(Command::of("mo", "b"), None);
    }
}
