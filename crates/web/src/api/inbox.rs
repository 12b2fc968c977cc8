//! What waits and what can be received, through the API: dossiers, papers to be compared, procedures.

use super::paging::{Page, Paging};
use super::{Body, Caller, Refusal};
use crate::Web;
use crate::error::{Failure, refused};
use crate::page::Place;
use axum::Json;
use axum::extract::{RawQuery, State};
use jiff::Timestamp;
use office::Refusal as Rule;
use rules::dossier::DueMoment;
use rules::id::{AgencyId, DossierId, EntryId, OfficerId, RecordId};
use rules::scanning::{FieldKey, TypedFields};
use rules::words;
use serde::Serialize;
use std::collections::BTreeMap;

/// Of a list that is read whole, what is paged through at most.
const MOST_WAITING: i64 = 2_000;

/// A dossier that waits in an agency of the caller's.
#[derive(Debug, Serialize)]
pub(crate) struct Waiting {
    id: DossierId,
    code: Option<String>,
    procedure: String,
    holder: String,
    state: &'static str,
    step: Option<String>,
    officer: Option<OfficerId>,
    holding: AgencyId,
    due: Option<DueMoment>,
    /// Whether the caller may do its step.
    mine: bool,
}

/// What waits, the soonest due first.
pub(crate) async fn dossiers(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<Waiting>, Refusal> {
    let actor = &caller.0.present.actor;
    let mut reader = web.office.db.read().await?;
    let lines = store::dossier::lines_waiting(&mut reader, &actor.sight(), MOST_WAITING).await?;
    let revisions = store::procedure::of_lines(&mut reader, &lines).await?;
    drop(reader);
    let told = lines.into_iter().map(|line| {
        let dossier = line.dossier;
        let procedure = revisions.get(&(dossier.procedure.to_string(), dossier.revision));
        let step = procedure.and_then(|procedure| office::dossier::step_of(&dossier, procedure));
        let officer = dossier.state.officer();
        let may = |step| actor.may_do_step(step, dossier.scope.holding, &dossier, officer).is_ok();
        let due_at = dossier.due.map_or(i64::MAX, |due| due.at.as_microsecond());
        let waiting = Waiting {
            id: dossier.id,
            code: dossier.code.as_ref().map(ToString::to_string),
            procedure: dossier.procedure.to_string(),
            holder: line.holder_name,
            state: dossier.state.kind(),
            step: step.map(|step| step.id.clone()),
            officer,
            holding: dossier.scope.holding,
            due: dossier.due,
            mine: step.is_some_and(may),
        };
        (format!("{due_at:020}{}", dossier.id), waiting)
    });
    Ok(paging.page(told))
}

/// A paper that is read, or whose fields are to be compared.
#[derive(Debug, Serialize)]
pub(crate) struct Paper {
    id: RecordId,
    dossier: DossierId,
    code: Option<String>,
    component: String,
    holder: String,
    state: String,
    since: Timestamp,
}

/// The papers under way to the repository, the oldest first.
pub(crate) async fn papers(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<Paper>, Refusal> {
    let sight = caller.0.present.actor.sight();
    let mut reader = web.office.db.read().await?;
    let lines = store::scanning::lines_open(&mut reader, &sight, MOST_WAITING).await?;
    let told = lines.into_iter().map(|line| {
        let paper = Paper {
            id: line.id,
            dossier: line.dossier,
            code: line.dossier_code,
            component: line.component,
            holder: line.holder_name,
            state: line.state,
            since: line.created_at,
        };
        (paper.id.to_string(), paper)
    });
    Ok(paging.page(told))
}

#[derive(Debug, Serialize)]
pub(crate) struct Filed {
    entry: EntryId,
}

/// Confirms the fields of a paper, which is signed and filed; a field that is not named is empty.
pub(crate) async fn confirm(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
    Body(fields): Body<BTreeMap<FieldKey, String>>,
) -> Result<Json<Filed>, Refusal> {
    let id: RecordId = place.id("id")?;
    let mut typed = TypedFields::default();
    for (key, value) in fields {
        typed.set(key, value);
    }
    match web.office.confirm_fields(&caller.by(), id, &typed).await {
        Ok(entry) => Ok(Json(Filed { entry })),
        Err(error) => Err(Refusal(match refused(error)? {
            Rule::Fields(faults) => {
                let said = faults.iter().map(|fault| words::field_problem(fault.key, &fault.fault));
                Failure::refused(&said.collect::<Vec<_>>())
            }
            other => Failure::refused(&other.sentences(ToOwned::to_owned)),
        })),
    }
}

/// A procedure that can be received today.
#[derive(Debug, Serialize)]
pub(crate) struct Offered {
    code: String,
    revision: u32,
    name: String,
    cases: Vec<Case>,
}

#[derive(Debug, Serialize)]
struct Case {
    id: String,
    name: String,
    components: Vec<Component>,
}

#[derive(Debug, Serialize)]
struct Component {
    id: String,
    name: String,
}

/// The procedures of today; `q` finds some by code or words of the name.
pub(crate) async fn procedures(
    State(web): State<Web>,
    _caller: Caller,
    paging: Paging,
    RawQuery(query): RawQuery,
) -> Result<Page<Offered>, Refusal> {
    let wanted = rules::text::fold(&crate::form::query_value(query.as_deref(), "q"));
    let today = web.office.clock.today();
    let all = store::procedure::all_in_force(&mut web.office.db.read().await?, today).await?;
    let found = all.iter().filter(|procedure| {
        rules::text::fold(&procedure.name).contains(&wanted) || procedure.code.to_string().contains(&wanted)
    });
    let told = found.map(|procedure| {
        let cases = procedure.cases.iter().map(|case| Case {
            id: case.id.clone(),
            name: case.name.clone(),
            components: case
                .components
                .iter()
                .map(|component| Component { id: component.id.clone(), name: component.name.clone() })
                .collect(),
        });
        let offered = Offered {
            code: procedure.code.to_string(),
            revision: procedure.revision,
            name: procedure.name.clone(),
            cases: cases.collect(),
        };
        (offered.code.clone(), offered)
    });
    Ok(paging.page(told))
}
