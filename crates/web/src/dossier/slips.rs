//! The printed slips of a dossier, as PDF.

use crate::Web;
use crate::error::Failure;
use crate::page::{Place, file};
use crate::session::Visitor;
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use office::dossier::view::DossierView;
use rules::id::DossierId;

async fn view(web: &Web, visitor: &Visitor, place: &Place) -> Result<DossierView, Failure> {
    let id: DossierId = place.id("id")?;
    Ok(web.office.open_dossier(&visitor.present.actor, id).await?)
}

fn pdf(bytes: Vec<u8>, name: &str) -> Response {
    file(Bytes::from(bytes), "application/pdf", name)
}

pub(crate) async fn receipt(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let view = view(&web, &visitor, &place).await?;
    Ok(pdf(web.office.receipt(&visitor.present.actor, &view).await?, "giay-tiep-nhan.pdf"))
}

pub(crate) async fn refusal(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let view = view(&web, &visitor, &place).await?;
    Ok(pdf(web.office.refusal_slip(&visitor.present.actor, &view).await?, "phieu-tu-choi.pdf"))
}

pub(crate) async fn supplement(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let view = view(&web, &visitor, &place).await?;
    Ok(pdf(web.office.supplement_slip(&visitor.present.actor, &view).await?, "phieu-bo-sung.pdf"))
}

pub(crate) async fn apology(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let view = view(&web, &visitor, &place).await?;
    Ok(pdf(web.office.apology(&visitor.present.actor, &view).await?, "xin-loi-hen-lai.pdf"))
}

pub(crate) async fn stop_notice(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let view = view(&web, &visitor, &place).await?;
    Ok(pdf(web.office.stop_notice(&visitor.present.actor, &view).await?, "thong-bao-dung.pdf"))
}

pub(crate) async fn process(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let view = view(&web, &visitor, &place).await?;
    Ok(pdf(web.office.process_sheet(&visitor.present.actor, &view).await?, "phieu-kiem-soat.pdf"))
}
