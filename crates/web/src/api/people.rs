//! Posts and what officers lend one another, through the API: given, lent, confirmed by the second
//! person, ended.

use super::paging::{Page, Paging};
use super::{Body, Caller, Refusal};
use crate::Web;
use crate::page::Place;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use office::people::delegation::{Granted, Lending};
use rules::code::ProcedureCode;
use rules::id::{AgencyId, DelegationId, OfficerId, ProposalId};
use rules::people::delegation::DelegationKind;
use rules::people::{Post, Role};
use serde::{Deserialize, Serialize};

/// Somebody with an account.
#[derive(Debug, Serialize)]
pub(crate) struct Officer {
    id: OfficerId,
    login: String,
    name: String,
    agency: AgencyId,
}

/// The officers of the agencies the caller administers.
pub(crate) async fn officers(
    State(web): State<Web>,
    caller: Caller,
    paging: Paging,
) -> Result<Page<Officer>, Refusal> {
    let kept = web.office.agencies_kept(&caller.0.present.actor).await?;
    let agencies = kept.into_iter().map(|(agency, _)| agency).collect();
    let today = web.office.clock.today();
    let mut reader = web.office.db.read().await?;
    let mut found = store::people::roster::accounts_of(&mut reader, &agencies, today).await?;
    found.sort_by(|one, other| one.login.cmp(&other.login));
    let told = found.into_iter().map(|one| {
        let (id, login, name, agency) = (one.id, one.login, one.name, one.agency);
        (login.clone(), Officer { id, login, name, agency })
    });
    Ok(paging.page(told))
}

/// A post for an officer.
#[derive(Debug, Deserialize)]
pub(crate) struct NewPost {
    officer: OfficerId,
    #[serde(default)]
    decision: String,
    #[serde(flatten)]
    post: Post,
}

/// What became of a right that was asked for.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    /// It waits for a second person, who confirms this.
    proposal: Option<ProposalId>,
    delegation: Option<DelegationId>,
}

fn proposal(granted: Granted) -> Option<ProposalId> {
    match granted {
        Granted::Now => None,
        Granted::Waits(proposal) => Some(proposal),
    }
}

/// Gives an officer a post.
pub(crate) async fn give_post(
    State(web): State<Web>,
    caller: Caller,
    Body(new): Body<NewPost>,
) -> Result<(StatusCode, Json<Answer>), Refusal> {
    let granted = web.office.propose_post(&caller.by(), new.officer, &new.post, &new.decision).await?;
    Ok((StatusCode::CREATED, Json(Answer { proposal: proposal(granted), delegation: None })))
}

/// The post to be ended.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndedPost {
    officer: OfficerId,
    agency: AgencyId,
    role: Role,
    #[serde(default)]
    decision: String,
}

/// Ends a post from today on.
pub(crate) async fn end_post(
    State(web): State<Web>,
    caller: Caller,
    Body(ended): Body<EndedPost>,
) -> Result<StatusCode, Refusal> {
    let EndedPost { officer, agency, role, decision } = ended;
    web.office.end_post(&caller.by(), officer, agency, role, &decision).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A post to be lent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDelegation {
    from: OfficerId,
    to: OfficerId,
    agency: AgencyId,
    role: Role,
    #[serde(default)]
    procedures: Option<Vec<ProcedureCode>>,
    valid_from: Date,
    valid_to: Date,
    kind: DelegationKind,
    decision: String,
}

/// Lends a post for some days.
pub(crate) async fn delegate(
    State(web): State<Web>,
    caller: Caller,
    Body(new): Body<NewDelegation>,
) -> Result<(StatusCode, Json<Answer>), Refusal> {
    let NewDelegation { from, to, agency, role, procedures, valid_from, valid_to, kind, decision } = new;
    let lending = Lending { from, to, agency, role, procedures, valid_from, valid_to, kind, decision };
    let lent = web.office.delegate(&caller.by(), &lending).await?;
    let answer = Answer { proposal: proposal(lent.granted), delegation: Some(lent.delegation) };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The second person agrees.
pub(crate) async fn confirm(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<StatusCode, Refusal> {
    web.office.confirm_post(&caller.by(), place.id("id")?).await?;
    Ok(StatusCode::NO_CONTENT)
}
