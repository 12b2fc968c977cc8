//! Finding a unit by what it is or was called, and its dossiers.
//!
//! The names are read from the trees and not from the search index: an installation has a thousand units,
//! and a merger would change the entries of everybody that came of it.

use super::agencies;
use crate::{Error, Office};
use rules::id::AgencyId;
use rules::people::{Actor, AgencyScope, NotYours};
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
        let of = uuids(rows::seen_by(&mut reader, &[unit]).await?);
        let seen = uuids(rows::seen_by(&mut reader, &actor.scope()).await?);
        rows::lines_of_unit(&mut reader, &of, &seen, MOST_DOSSIERS).await.map_err(Error::from)
    }
}

/// May this actor see a row of these agencies, by his posts or as one who took over from them? For what
/// is closed; open work goes to its agencies.
pub(crate) async fn may_see_through(
    reader: &mut Reader,
    actor: &Actor,
    scope: &AgencyScope,
) -> Result<(), Error> {
    if actor.may_see(scope).is_ok() {
        return Ok(());
    }
    let seen = rows::seen_by(reader, &actor.scope()).await?;
    if seen.iter().any(|agency| scope.includes(*agency)) { Ok(()) } else { Err(NotYours::OutOfScope.into()) }
}

pub(crate) fn uuids(agencies: Vec<AgencyId>) -> Vec<Uuid> {
    agencies.into_iter().map(|agency| agency.0).collect()
}
