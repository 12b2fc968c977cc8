//! The buttons of a dossier: each posts one act and comes back to the page.

use super::render;
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted};
use crate::page::{Place, on_to};
use crate::session::Visitor;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::Error;
use rules::dossier::Custodian;
use rules::event::{HandOverWay, SupplementItem};
use rules::id::DossierId;

pub(crate) async fn take(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let done = web.office.take(&posted.by(&visitor), id).await;
    after(&web, &visitor, id, &posted, done, "Bạn đã nhận hồ sơ này.").await
}

pub(crate) async fn finish_step(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let by = posted.by(&visitor);
    let done = web.office.finish_step(&by, id, posted.get("den"), posted.get("y-kien"), None).await;
    after(&web, &visitor, id, &posted, done, "Đã chuyển bước.").await
}

pub(crate) async fn send_back(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let by = posted.by(&visitor);
    let done = web.office.send_back(&by, id, posted.get("ve"), posted.get("ly-do-tra")).await;
    after(&web, &visitor, id, &posted, done, "Đã trả lại bước trước.").await
}

pub(crate) async fn ask_supplement(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let what = rules::text::nfc(posted.get("can-bo-sung"));
    let items: Vec<SupplementItem> = posted
        .all("giay")
        .map(|component| SupplementItem { component: component.to_owned(), what: what.clone() })
        .collect();
    let done = if items.is_empty() {
        let fault = ("giay".to_owned(), "Chưa chọn giấy nào cần bổ sung".to_owned());
        Err(Error::Refused(office::Refusal::Form(vec![fault])))
    } else {
        web.office.ask_supplement(&posted.by(&visitor), id, items, None).await
    };
    after(&web, &visitor, id, &posted, done, "Đã yêu cầu bổ sung. Thời hạn tạm dừng. In phiếu cho người nộp.")
        .await
}

pub(crate) async fn withdraw(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let by = posted.by(&visitor);
    let done = web.office.withdraw(&by, id, posted.get("ly-do-rut"), custodian(&posted)).await;
    after(&web, &visitor, id, &posted, done, "Đã rút hồ sơ. Trả lại bản chính cho người nộp.").await
}

pub(crate) async fn sign(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let by = posted.by(&visitor);
    let done = web.office.sign_result(&by, id, posted.get("ban-da-doc"), posted.get("den")).await;
    after(&web, &visitor, id, &posted, done, "Đã phê duyệt và ký số.").await
}

pub(crate) async fn seal(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let done = web.office.seal_result(&posted.by(&visitor), id, posted.get("den")).await;
    after(&web, &visitor, id, &posted, done, "Đã cấp số, đóng dấu. Kết quả đã vào kho của chủ hồ sơ.").await
}

pub(crate) async fn hand_over(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id = place.id("id")?;
    let way = match posted.get("cach-tra") {
        "buu-chinh" => HandOverWay::Post,
        "dien-tu" => HandOverWay::Electronic,
        _ => HandOverWay::Counter,
    };
    let done = web.office.hand_over(&posted.by(&visitor), id, way, custodian(&posted)).await;
    after(&web, &visitor, id, &posted, done, "Đã trả kết quả.").await
}

/// Who has the applicant's originals, as the officer ticked it.
fn custodian(posted: &Posted) -> Custodian {
    if posted.get("da-tra-ban-chinh").is_empty() { Custodian::Office } else { Custodian::Applicant }
}

/// Back to the dossier; what a rule refused is said on its page, with what was typed still there.
async fn after(
    web: &Web,
    visitor: &Visitor,
    id: DossierId,
    posted: &Posted,
    done: Result<(), Error>,
    message: &str,
) -> Result<Response, Failure> {
    let Err(error) = done else { return Ok(on_to(web, &format!("/ho-so/{id}"), message)) };
    let refusal = refused(error)?;
    let view = web.office.open_dossier(&visitor.present.actor, id).await?;
    let sentences = refusal.sentences_of(&view);
    let mut form = FormState::default();
    for name in ["y-kien", "ly-do-tra", "can-bo-sung", "ly-do-rut", "da-tra-ban-chinh"] {
        form = form.with(name, posted.get(name));
    }
    render(web, visitor, id, StatusCode::UNPROCESSABLE_ENTITY, sentences, form).await
}
