//! The buttons of a dossier: each posts one act and comes back to the page.

use super::render;
use crate::deed::Deed;
use crate::error::{Failure, refused};
use axum::http::StatusCode;
use axum::response::Response;
use office::{Error, Refusal};
use rules::dossier::{Custodian, Presented};
use rules::event::HandOverWay;

pub(crate) async fn take(deed: Deed) -> Result<Response, Failure> {
    let done = deed.office().take(&deed.by(), deed.id).await;
    after(&deed, done, "Bạn đã nhận hồ sơ này.").await
}

pub(crate) async fn finish_step(deed: Deed) -> Result<Response, Failure> {
    let done =
        deed.office().finish_step(&deed.by(), deed.id, deed.get("den"), deed.get("y-kien"), None).await;
    after(&deed, done, "Đã chuyển bước.").await
}

pub(crate) async fn send_back(deed: Deed) -> Result<Response, Failure> {
    let done = deed.office().send_back(&deed.by(), deed.id, deed.get("ve"), deed.get("ly-do-tra")).await;
    after(&deed, done, "Đã trả lại bước trước.").await
}

pub(crate) async fn sign(deed: Deed) -> Result<Response, Failure> {
    let done = deed
        .office()
        .sign_result(&deed.by(), deed.id, deed.get("ban-da-doc"), deed.get("den"))
        .await
        .map(drop);
    after(&deed, done, "Đã phê duyệt và ký số.").await
}

pub(crate) async fn seal(deed: Deed) -> Result<Response, Failure> {
    let done = deed.office().seal_result(&deed.by(), deed.id, deed.get("den")).await.map(drop);
    after(&deed, done, "Đã cấp số, đóng dấu. Kết quả đã vào kho của chủ hồ sơ.").await
}

pub(crate) async fn hand_over(deed: Deed) -> Result<Response, Failure> {
    let way = match deed.get("cach-tra") {
        "dien-tu" => HandOverWay::Electronic,
        _ => HandOverWay::Counter,
    };
    let returned: Vec<String> = deed.posted.all("tra-lai").map(ToOwned::to_owned).collect();
    if way == HandOverWay::Counter {
        let presented = Presented {
            name: deed.get("ten-nguoi-nhan").to_owned(),
            number: deed.get("so-giay-to").to_owned(),
            authorisation: deed.get("uy-quyen").to_owned(),
        };
        let done = deed.office().hand_over_to(&deed.by(), deed.id, presented, returned).await;
        return after(&deed, done, "Đã trả kết quả. In giấy biên nhận cho người nhận ký.").await;
    }
    let view = deed.office().open_dossier(&deed.visitor.present.actor, deed.id).await?;
    let lent = deed.office().to_give_back(&view).await?;
    let custodian = if lent.iter().all(|held| returned.contains(held)) {
        Custodian::Applicant
    } else {
        Custodian::Office
    };
    let done = deed.office().hand_over(&deed.by(), deed.id, way, custodian).await;
    after(&deed, done, "Đã trả kết quả.").await
}

/// Back to the dossier; what was refused is said on its page, at the fields that are wrong where some are,
/// with what was typed still there.
pub(super) async fn after(deed: &Deed, done: Result<(), Error>, message: &str) -> Result<Response, Failure> {
    let Err(error) = done else { return Ok(deed.to_dossier(message)) };
    let mut form = deed.posted.state();
    let sentences = match refused(error)? {
        Refusal::Form(faults) => {
            for (field, sentence) in faults {
                form.fault(field, sentence);
            }
            Vec::new()
        }
        refusal => {
            let view = deed.office().open_dossier(&deed.visitor.present.actor, deed.id).await?;
            refusal.sentences_of(&view)
        }
    };
    render(&deed.web, &deed.visitor, deed.id, StatusCode::UNPROCESSABLE_ENTITY, sentences, form).await
}
