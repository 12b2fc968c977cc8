//! The trees of units for a page: the whole as it stood on a day, and one unit with all it was.

use super::agencies;
use crate::people::administering::Reach;
use crate::{Error, Office};
use jiff::civil::Date;
use rules::id::AgencyId;
use rules::people::Actor;
use rules::unit::{Agencies, Unit};

/// One unit in the tree of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeLine {
    pub id: AgencyId,
    /// How many stand above it.
    pub depth: usize,
    /// As it was called on that day.
    pub name: String,
    pub code: String,
    pub from: Date,
    /// Its last day, where that is known.
    pub to: Option<Date>,
}

/// What a unit was called for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastFace {
    pub name: String,
    pub code: String,
    pub from: Date,
    pub to: Option<Date>,
}

/// A unit with where it came from and who came after.
#[derive(Clone, Debug)]
pub struct UnitSheet {
    pub unit: Unit,
    /// Who stands above it today, the nearest first.
    pub above: Vec<(AgencyId, String)>,
    pub below: Vec<(AgencyId, String)>,
    /// All it was called, the oldest first.
    pub faces: Vec<PastFace>,
    pub predecessors: Vec<(AgencyId, String)>,
    pub heirs: Vec<(AgencyId, String)>,
}

fn named<'u>(agencies: &Agencies, units: impl IntoIterator<Item = &'u Unit>) -> Vec<(AgencyId, String)> {
    units.into_iter().filter_map(|unit| Some((agencies.id(&unit.key)?, unit.name.clone()))).collect()
}

impl Office {
    /// The tree as it stood on a day.
    pub async fn unit_tree(&self, actor: &Actor, day: Date) -> Result<Vec<TreeLine>, Error> {
        let mut reader = self.db.read().await?;
        Reach::of(&mut reader, actor).await?;
        let agencies = agencies(&mut reader).await?;
        let line = |(depth, unit): (usize, &Unit)| {
            let face = unit.on(day)?;
            Some(TreeLine {
                id: agencies.id(&unit.key)?,
                depth,
                name: face.name.to_owned(),
                code: face.code.to_string(),
                from: unit.valid_from,
                to: unit.valid_to,
            })
        };
        Ok(agencies.units.tree(day).into_iter().filter_map(line).collect())
    }

    pub async fn unit_sheet(&self, actor: &Actor, id: AgencyId) -> Result<UnitSheet, Error> {
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        Reach::of(&mut reader, actor).await?;
        let agencies = agencies(&mut reader).await?;
        let unit = agencies.unit(id).ok_or(Error::NotFound)?.clone();
        let day = unit.valid_to.map_or(today, |last| last.min(today));
        let face = |face: rules::unit::Face<'_>| PastFace {
            name: face.name.to_owned(),
            code: face.code.to_string(),
            from: face.from,
            to: face.to,
        };
        Ok(UnitSheet {
            above: named(&agencies, agencies.units.ancestors(&unit.key, day)),
            below: named(&agencies, agencies.units.below(&unit.key, day)),
            faces: unit.faces().into_iter().map(face).collect(),
            predecessors: named(&agencies, agencies.units.predecessors(&unit.key)),
            heirs: named(&agencies, agencies.units.heirs(&unit.key)),
            unit,
        })
    }

    /// The units of today in which this administrator may reorganise, with their keys, by name.
    pub async fn units_kept(&self, actor: &Actor) -> Result<Vec<(String, String)>, Error> {
        let today = self.clock.today();
        let mut reader = self.db.read().await?;
        let reach = Reach::of(&mut reader, actor).await?;
        let agencies = agencies(&mut reader).await?;
        let tree = agencies.units.tree(today).into_iter().map(|(_, unit)| unit);
        let his = tree.filter(|unit| agencies.id(&unit.key).is_some_and(|id| reach.has(id)));
        Ok(his.map(|unit| (unit.key.clone(), unit.name.clone())).collect())
    }
}
