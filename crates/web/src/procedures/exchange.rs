//! Procedures carried as files: a revision or the draft written out, a file taken as the draft of its code.

use super::editor::code_of;
use super::{Filter, PLACE, list_page, show};
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{FormState, check_token};
use crate::page::{Place, on_to, show_as};
use crate::session::Visitor;
use axum::extract::State;
use axum::extract::multipart::Multipart;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use office::Error;
use rules::procedure::portable;

/// A revision, or the draft, as the file that ships.
pub(crate) async fn export(
    State(web): State<Web>,
    _visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let code = code_of(&place)?;
    let past = web.office.procedure_past(&code).await?;
    let word = place.text("revision")?;
    let procedure = show::content(&web, &code, &past, word).await?;
    let name = format!("attachment; filename=\"{code}-{word}.toml\"");
    let name = HeaderValue::from_str(&name).map_err(|_| Failure::not_found())?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/toml; charset=utf-8")),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, portable::write(&procedure)).into_response())
}

/// What was sent: a file, or the text of one.
#[derive(Default)]
struct Sent {
    key: String,
    pasted: String,
    file: Bytes,
}

/// Takes a file as the draft of the code it names. Where that code has a draft already the newer one holds,
/// and the older stays among its savings.
pub(crate) async fn import(
    State(web): State<Web>,
    visitor: Visitor,
    multipart: Multipart,
) -> Result<Response, Failure> {
    let sent = read(multipart, &visitor).await?;
    let bytes = if sent.file.is_empty() { sent.pasted.as_bytes() } else { &sent.file };
    let again = async |message: String| -> Result<Response, Failure> {
        let mut form = FormState::default().with("noi-dung", sent.pasted.clone());
        form.fault("noi-dung", message);
        let page = list_page(&web, &visitor, &Filter::of(None), form).await?;
        Ok(show_as(&web, StatusCode::UNPROCESSABLE_ENTITY, &page))
    };
    if bytes.is_empty() {
        return again("Chọn tệp thủ tục, hoặc dán nội dung tệp vào đây".to_owned()).await;
    }
    let procedure = match portable::read(bytes) {
        Ok(procedure) => procedure,
        Err(why) => return again(format!("Không đọc được thủ tục ở {why}. Sửa tệp rồi nạp lại")).await,
    };
    let seen = store::procedure::publishing::draft(&mut web.office.db.read().await?, &procedure.code).await?;
    let by = visitor.by(Some(&sent.key));
    match web.office.draft_procedure(&by, &procedure, seen.version).await {
        Ok(_) => {
            let to = format!("{PLACE}/{}/soan", procedure.code);
            Ok(on_to(&web, &to, &format!("Đã nạp tệp thành bản nháp của thủ tục {}", procedure.code)))
        }
        Err(Error::Stale) => {
            again("Có người vừa lưu bản nháp của thủ tục này. Bấm nạp lần nữa".to_owned()).await
        }
        Err(error) => {
            let refusal = refused(error)?;
            again(refusal.sentences(ToOwned::to_owned).join(". ")).await
        }
    }
}

async fn read(mut multipart: Multipart, visitor: &Visitor) -> Result<Sent, Failure> {
    let mut sent = Sent::default();
    let mut is_checked = false;
    while let Some(part) = multipart.next_field().await.map_err(|_| Failure::form_too_large())? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|_| Failure::form_too_large())?;
        let text = || String::from_utf8_lossy(&bytes).trim().to_owned();
        match name.as_str() {
            "csrf" => {
                check_token(&text(), visitor)?;
                is_checked = true;
            }
            "idempotency_key" => sent.key = text(),
            "noi-dung" => sent.pasted = text(),
            "tep" => sent.file = bytes,
            _ => {}
        }
    }
    if is_checked { Ok(sent) } else { Err(Failure::form_too_old()) }
}
