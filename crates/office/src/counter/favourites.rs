//! The procedures an officer has under Alt+1 to Alt+9: those he chose, or those his counter received most.

use super::queue::served_agency;
use crate::act::By;
use crate::{Error, Office};
use jiff::ToSpan;
use jiff::civil::Date;
use rules::code::ProcedureCode;
use rules::counter::favourite::{FavouriteEdit, MOST, edited};
use rules::people::{Actor, NotYours, Role};
use rules::procedure::Procedure;
use std::sync::Arc;
use store::Reader;
use store::counter::favourites as rows;

/// How far back it is counted what a counter received.
const DAYS_BACK: i64 = 30;

/// The list as it is shown.
#[derive(Debug)]
pub struct Favourites {
    pub procedures: Vec<Arc<Procedure>>,
    pub origin: Origin,
}

/// Where a list comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Chosen,
    /// Nobody chose: what the counter received most.
    Proposed,
}

impl Office {
    pub async fn favourites(&self, actor: &Actor) -> Result<Favourites, Error> {
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let (origin, _, codes) = shown(&mut reader, actor, today).await?;
        let all = store::procedure::all_in_force(&mut reader, today).await?;
        let find = |code: &String| all.iter().find(|procedure| procedure.code.as_str() == code);
        Ok(Favourites { procedures: codes.iter().filter_map(find).cloned().collect(), origin })
    }

    /// Changes the officer's list; whoever has none begins with the one that was proposed to him.
    pub async fn edit_favourites(
        &self,
        by: &By,
        edit: FavouriteEdit,
        code: &ProcedureCode,
    ) -> Result<(), Error> {
        let today = self.clock.today();
        self.act(by, "favourite.edit", |mut tx, now| async move {
            let tx = &mut tx;
            let officer = by.actor.officer().ok_or(NotYours::NeedsRole(Role::Counter))?;
            if edit == FavouriteEdit::Add {
                store::procedure::in_force(tx, code, today).await?.ok_or(Error::NotFound)?;
            }
            let (_, version, codes) = shown(tx, &by.actor, today).await?;
            let codes = edited(codes, edit, code.as_str())?;
            rows::save(tx, officer, version, &codes, now).await?;
            Ok(())
        })
        .await
    }
}

/// The codes of an officer's list, with its version.
async fn shown(reader: &mut Reader, actor: &Actor, today: Date) -> Result<(Origin, i64, Vec<String>), Error> {
    let officer = actor.officer().ok_or(NotYours::NeedsRole(Role::Counter))?;
    let (version, chosen) = rows::chosen(reader, officer).await?;
    if version > 0 {
        return Ok((Origin::Chosen, version, chosen));
    }
    let since = today.checked_sub(DAYS_BACK.days()).map_err(Error::broken)?;
    let agency = served_agency(actor).unwrap_or_else(|_| actor.agency());
    let most = u32::try_from(MOST).map_err(Error::broken)?;
    Ok((Origin::Proposed, version, rows::most_received(reader, agency, since, most).await?))
}
