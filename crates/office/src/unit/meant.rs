//! Which agency is meant today by a rule of a procedure or by who names one: units end and pass their work
//! on, the procedures and the people that name them stay as they are.

use super::agencies;
use crate::{Error, Refusal};
use jiff::civil::Date;
use rules::code::AgencyCode;
use rules::id::AgencyId;
use rules::people::AgencyScope;
use rules::procedure::{AgencyRule, Procedure};
use rules::unit::{About, NoHeir};
use store::Reader;
use store::unit::{self as rows, KeptUnit};

/// What a dossier under this procedure is about, to ask who is competent for it.
pub(crate) fn about(procedure: &Procedure) -> About<'_> {
    About { procedure: &procedure.code, field: &procedure.field }
}

/// The agency a rule names for a dossier of these agencies; perhaps one that has ended by `day`.
pub(crate) async fn agency_by(
    reader: &mut Reader,
    rule: &AgencyRule,
    scope: &AgencyScope,
    day: Date,
) -> Result<Option<AgencyId>, Error> {
    Ok(match rule {
        AgencyRule::Receiving => Some(scope.receiving),
        AgencyRule::Competent => Some(scope.competent),
        AgencyRule::LevelAbove => agencies(reader).await?.above(scope.competent, day),
        AgencyRule::Named(code) => named(reader, code, day).await?,
        // Named by whoever opens the dossier.
        AgencyRule::OfLevel(_) => None,
    })
}

async fn named(reader: &mut Reader, code: &AgencyCode, day: Date) -> Result<Option<AgencyId>, Error> {
    let has_it = |kept: &KeptUnit| kept.unit.on(day).is_some_and(|face| face.code == code);
    match rows::units_by_code(reader, code).await?.into_iter().find(has_it) {
        Some(kept) => Ok(Some(kept.id)),
        None => Ok(agencies(reader).await?.named(code, day)),
    }
}

/// Who does a step of this rule for an open dossier on `day`. Its own agencies are brought up to date by
/// the reorganisation itself; one that the step names by its code is not among them.
pub(crate) async fn agency_of_step(
    reader: &mut Reader,
    rule: &AgencyRule,
    scope: &AgencyScope,
    about: &About<'_>,
    day: Date,
) -> Result<Option<AgencyId>, Error> {
    match (agency_by(reader, rule, scope, day).await?, rule) {
        (Some(named), AgencyRule::Named(_)) => settling(reader, named, about, day).await.map(Some),
        (agency, _) => Ok(agency),
    }
}

/// Who settles this matter on `day` where `agency` did.
// law: ND61-2018/5.1
pub(crate) async fn settling(
    reader: &mut Reader,
    agency: AgencyId,
    about: &About<'_>,
    day: Date,
) -> Result<AgencyId, Error> {
    let kept = rows::unit(reader, agency).await?.ok_or(Error::NotFound)?;
    if kept.unit.still_settles(about, day) {
        return Ok(agency);
    }
    agencies(reader).await?.competent_heir(agency, about, day).map_err(|why| nobody(agency, &why))
}

/// Who answers on `day` where `agency` is asked for its opinion.
pub(crate) async fn standing_for(
    reader: &mut Reader,
    agency: AgencyId,
    about: &About<'_>,
    day: Date,
) -> Result<AgencyId, Error> {
    let kept = rows::unit(reader, agency).await?.ok_or(Error::NotFound)?;
    if kept.unit.is_valid_on(day) {
        return Ok(agency);
    }
    agencies(reader).await?.heir(agency, about, day).map_err(|why| nobody(agency, &why))
}

fn nobody(agency: AgencyId, why: &NoHeir) -> Error {
    tracing::error!(%agency, ?why, "nobody carries on the work of a unit");
    Error::Refused(Refusal::NobodySettles)
}
