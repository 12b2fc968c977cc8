//! Finding a unit by what it is or was called, and its dossiers.
//!
//! The names are read from the trees and not from the search index: an installation has a thousand units,
//! and a merger would change the entries of everybody that came of it.

use super::agencies;
use crate::{Error, Office};
use rules::id::AgencyId;
use rules::people::{Actor, Matter, NotYours, Scope};
use store::Reader;
use store::unit::{self as rows, UnitDossier};
use uuid::Uuid;

/// Units shown for one question.
const MOST_UNITS: usize = 50;
/// Dossiers shown in the list of a unit.
const MOST_DOSSIERS: i64 = 100;

/// A unit of today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundUnit {
    pub id: AgencyId,
    /// Its name, and the former name it was looked for by.
    pub said: String,
}

impl Office {
    /// The units people mean by these words or this code, old or new.
    pub async fn find_units(&self, words: &str) -> Result<Vec<FoundUnit>, Error> {
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let agencies = agencies(&mut reader).await?;
        let found = agencies.units.find(words, today);
        Ok(found
            .into_iter()
            .take(MOST_UNITS)
            .filter_map(|unit| {
                Some(FoundUnit { id: agencies.id(&unit.key)?, said: agencies.units.said(&unit.key, words)? })
            })
            .collect())
    }

    /// The dossiers of a unit and of all it came from, as far as the actor may see them.
    pub async fn dossiers_of_unit(&self, actor: &Actor, unit: AgencyId) -> Result<Vec<UnitDossier>, Error> {
        let mut reader = self.db.read().await?;
        let before = rows::forebears(&mut reader, [unit]).await?;
        let of: Vec<Uuid> = [unit].iter().chain(before.values().flatten()).map(|agency| agency.0).collect();
        let seen = sight_through(&mut reader, actor).await?;
        rows::lines_of_unit(&mut reader, &of, &seen, MOST_DOSSIERS).await.map_err(Error::from)
    }
}

/// The rows this actor may find: those of his posts, and of all that their agencies came from.
pub(crate) async fn sight_through(reader: &mut Reader, actor: &Actor) -> Result<Scope, Error> {
    let sight = actor.sight();
    let forebears = rows::forebears(reader, sight.agencies()).await?;
    Ok(sight.with_forebears(&forebears))
}

/// May this actor see a row, by his posts or as one who took over from its agencies? For what is closed;
/// open work goes to its agencies.
pub(crate) async fn may_see_through(
    reader: &mut Reader,
    actor: &Actor,
    matter: Matter<'_>,
) -> Result<(), Error> {
    if actor.may_see(matter).is_ok() || sight_through(reader, actor).await?.includes(matter) {
        return Ok(());
    }
    Err(NotYours::OutOfScope.into())
}
