//! The printed slips of a dossier, as PDF.

use crate::Web;
use crate::counter::papers::read_files;
use crate::error::{Failure, refused};
use crate::form::FormState;
use crate::page::{Place, attachment, file, on_to};
use crate::session::Visitor;
use axum::extract::State;
use axum::extract::multipart::Multipart;
use axum::http::StatusCode;
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

/// The sheets that lie between its papers when they are scanned in one stack.
pub(crate) async fn separators(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let view = view(&web, &visitor, &place).await?;
    Ok(pdf(web.office.separator_sheets(&view).await?, "to-phan-cach.pdf"))
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

pub(crate) async fn fee_receipt(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let view = view(&web, &visitor, &place).await?;
    let nth: usize = place.id("nth")?;
    Ok(pdf(web.office.fee_receipt(&visitor.present.actor, &view, nth).await?, "bien-lai-thu-phi.pdf"))
}

pub(crate) async fn hand_over(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let view = view(&web, &visitor, &place).await?;
    let slip = web.office.hand_over_slip(&visitor.present.actor, &view, place.id("receipt")?).await?;
    Ok(pdf(slip, "giay-bien-nhan-tra-ket-qua.pdf"))
}

/// The same with the receiver's signature, as it was scanned: never shown in the page, for anybody may have
/// made the file.
pub(crate) async fn signed_sheet(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let (id, receipt) = (place.id("id")?, place.id("receipt")?);
    let (bytes, kind) = web.office.signed_sheet(&visitor.present.actor, id, receipt).await?;
    let media_type = if kind == "pdf" { "application/pdf".to_owned() } else { format!("image/{kind}") };
    Ok(attachment(bytes, &media_type, &format!("giay-bien-nhan-da-ky.{kind}")))
}

pub(crate) async fn keep_signed_sheet(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    multipart: Multipart,
) -> Result<Response, Failure> {
    let (id, receipt): (DossierId, _) = (place.id("id")?, place.id("receipt")?);
    let sent = read_files(multipart, &visitor).await?;
    let fault = match sent.files.into_iter().next() {
        Some(file) => {
            let by = visitor.by(Some(&sent.key));
            match web.office.keep_signed_sheet(&by, id, receipt, file).await {
                Ok(()) => None,
                Err(error) => Some(refused(error)?.sentences(ToOwned::to_owned).join(". ")),
            }
        }
        None if sent.cut_short => {
            Some("Tệp nặng quá 50 MB nên chưa nhận. Quét ở 200 dpi rồi gửi lại".to_owned())
        }
        None => Some("Chưa chọn tệp nào. Chọn tệp rồi gửi".to_owned()),
    };
    match fault {
        None => Ok(on_to(&web, &format!("/ho-so/{id}"), "Đã lưu bản đã ký cùng hồ sơ.")),
        Some(fault) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            super::render(&web, &visitor, id, status, vec![fault], FormState::default()).await
        }
    }
}

pub(crate) async fn process(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let view = view(&web, &visitor, &place).await?;
    Ok(pdf(web.office.process_sheet(&visitor.present.actor, &view).await?, "phieu-kiem-soat.pdf"))
}
