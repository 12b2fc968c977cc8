//! Files through the API: the slips that are printed, what was drafted or given, what is in the repository.
//! The same bytes as behind the pages, and the same event of who looked.

use super::{Caller, Refusal};
use crate::Web;
use crate::dossier::slips;
use crate::error::Failure;
use crate::page::Place;
use crate::repository;
use axum::extract::State;
use axum::response::Response;

pub(crate) async fn result(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Response, Refusal> {
    Ok(repository::result_file(State(web), caller.0, place).await?)
}

/// A paper that was digitised.
pub(crate) async fn record(
    State(web): State<Web>,
    caller: Caller,
    place: Place,
) -> Result<Response, Refusal> {
    Ok(repository::record_file(State(web), caller.0, place).await?)
}

/// A slip of a dossier, by its English name.
pub(crate) async fn slip(State(web): State<Web>, caller: Caller, place: Place) -> Result<Response, Refusal> {
    let (web, visitor) = (State(web), caller.0);
    Ok(match place.text("slip")? {
        "receipt" => slips::receipt(web, visitor, place).await?,
        "refusal" => slips::refusal(web, visitor, place).await?,
        "supplement" => slips::supplement(web, visitor, place).await?,
        "apology" => slips::apology(web, visitor, place).await?,
        "stop" => slips::stop_notice(web, visitor, place).await?,
        "separators" => slips::separators(web, visitor, place).await?,
        "process" => slips::process(web, visitor, place).await?,
        _ => return Err(Refusal(Failure::not_found())),
    })
}
