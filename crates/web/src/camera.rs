//! What the camera of an officer's machine sees, searched for codes. Nothing of it is kept.

use crate::Web;
use crate::counter::papers::read_files;
use crate::error::Failure;
use crate::session::Visitor;
use axum::Json;
use axum::extract::State;
use axum::extract::multipart::Multipart;

/// The texts of the codes in the picture, from top to bottom.
pub(crate) async fn codes(
    State(web): State<Web>,
    visitor: Visitor,
    multipart: Multipart,
) -> Result<Json<Vec<String>>, Failure> {
    let sent = read_files(multipart, &visitor).await?;
    let picture = sent.files.into_iter().next().map(|file| file.bytes.to_vec()).unwrap_or_default();
    Ok(Json(web.office.codes_in(picture).await?))
}
