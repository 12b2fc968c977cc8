//! What a question of right is about: the agencies of a row, its procedure, how sensitive it is.

use super::AgencyScope;
use crate::code::ProcedureCode;
use crate::dossier::Dossier;
use crate::id::AgencyId;
use crate::procedure::{Case, Component, DigitisationClass};
use serde::{Deserialize, Serialize};

/// How guarded a paper is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Papers of persons, as all of a one-stop office are.
    #[default]
    Personal,
    /// Secret papers: only posts that were given that ceiling by name.
    // law: TT01-2023-VPCP/4
    Secret,
}

/// What an agency has to do with a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// It was received there.
    Receives,
    /// It is settled there.
    Settles,
    /// It is there now.
    Holds,
}

impl Relation {
    pub const ALL: [Self; 3] = [Self::Receives, Self::Settles, Self::Holds];
}

/// Which dossiers of its agency a role sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// None: it keeps the system, not the papers.
    Nothing,
    /// Those the agency received.
    Received,
    /// Those the agency has anything to do with.
    Concerned,
}

impl Reach {
    pub fn includes(self, relation: Relation) -> bool {
        match self {
            Self::Nothing => false,
            Self::Received => relation == Relation::Receives,
            Self::Concerned => true,
        }
    }
}

/// A row somebody asks for. Made of a dossier it knows its procedure; made of bare agencies it does not,
/// and is then closed to posts that are limited to some procedures.
#[derive(Clone, Copy, Debug)]
pub struct Matter<'m> {
    pub agencies: AgencyScope,
    pub procedure: Option<&'m ProcedureCode>,
    pub sensitivity: Sensitivity,
}

impl<'m> Matter<'m> {
    /// A component of a dossier, which may be more guarded than the dossier.
    pub fn of_component(dossier: &'m Dossier, component: &Component) -> Self {
        Self { sensitivity: component.sensitivity(), ..Self::from(dossier) }
    }

    /// A row with agencies of its own that came out of a dossier: a record, an entry.
    pub fn of_paper(agencies: &AgencyScope, dossier: &'m Dossier) -> Self {
        Self { procedure: Some(&dossier.procedure), ..Self::from(agencies) }
    }

    pub fn agency(&self, relation: Relation) -> AgencyId {
        match relation {
            Relation::Receives => self.agencies.receiving,
            Relation::Settles => self.agencies.competent,
            Relation::Holds => self.agencies.holding,
        }
    }
}

impl<'m> From<&'m Dossier> for Matter<'m> {
    fn from(dossier: &'m Dossier) -> Self {
        Self { procedure: Some(&dossier.procedure), ..Self::from(&dossier.scope) }
    }
}

impl From<&AgencyScope> for Matter<'_> {
    fn from(agencies: &AgencyScope) -> Self {
        Self { agencies: *agencies, procedure: None, sensitivity: Sensitivity::default() }
    }
}

impl Case {
    /// That of its most guarded paper.
    pub fn sensitivity(&self) -> Sensitivity {
        self.components.iter().map(Component::sensitivity).max().unwrap_or_default()
    }
}

impl Component {
    pub fn sensitivity(&self) -> Sensitivity {
        match self.digitise {
            DigitisationClass::Secret => Sensitivity::Secret,
            DigitisationClass::EarlierResult
            | DigitisationClass::SectorLaw
            | DigitisationClass::Management
            | DigitisationClass::OnDemand
            | DigitisationClass::AlreadyShared
            | DigitisationClass::ByForm => Sensitivity::Personal,
        }
    }
}
