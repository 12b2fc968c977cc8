//! Procedures carried as files: a revision or the draft written out, a file taken as the draft of its code.

use super::editor::code_of;
use super::{Filter, PLACE, list_page, show};
use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{FormState, bounded, check_token};
use crate::page::{Place, attachment, on_to, show_as};
use crate::session::Visitor;
use axum::body::{Body, to_bytes};
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use office::Error;
use rules::procedure::portable::{self, MOST_BYTES, Unread};

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
    let name = format!("{code}-{word}.toml");
    Ok(attachment(portable::write(&procedure), "application/toml; charset=utf-8", &name))
}

/// What was sent: a file, or the text of one.
#[derive(Default)]
struct Sent {
    key: String,
    pasted: String,
    file: Vec<u8>,
}

/// Takes a file as the draft of the code it names. Where that code has a draft already the newer one holds,
/// and the older stays among its savings.
pub(crate) async fn import(
    State(web): State<Web>,
    visitor: Visitor,
    request: Request,
) -> Result<Response, Failure> {
    let read = read(request, &visitor).await?;
    let is_too_long = read.is_none();
    let sent = read.unwrap_or_default();
    let bytes = if sent.file.is_empty() { sent.pasted.as_bytes() } else { &sent.file };
    let again = async |message: String| -> Result<Response, Failure> {
        let mut form = FormState::default().with("noi-dung", sent.pasted.clone());
        form.fault("noi-dung", message);
        let page = list_page(&web, &visitor, &Filter::of(None), form).await?;
        Ok(show_as(&web, StatusCode::UNPROCESSABLE_ENTITY, &page))
    };
    if is_too_long {
        return again(format!("Chưa đọc được thủ tục: {}. Chọn tệp thủ tục (.toml)", Unread::TooLarge)).await;
    }
    if bytes.is_empty() {
        return again("Chọn tệp thủ tục, hoặc dán nội dung tệp vào đây".to_owned()).await;
    }
    let procedure = match portable::read(bytes) {
        Ok(procedure) => procedure,
        Err(why @ Unread::Shape { .. }) => {
            return again(format!("Chưa đọc được thủ tục. Sửa ở {why}, rồi nạp lại")).await;
        }
        Err(why) => return again(format!("Chưa đọc được thủ tục: {why}. Chọn tệp thủ tục (.toml)")).await,
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

/// Reads no more of a request than a procedure can be long, once as a file and once as text; none where
/// more was sent.
async fn read(request: Request, visitor: &Visitor) -> Result<Option<Sent>, Failure> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, 2 * MOST_BYTES).await else { return Ok(None) };
    let request = Request::from_parts(parts, Body::from(body));
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| Failure::form_too_old())?;
    let mut sent = Sent::default();
    let mut is_checked = false;
    while let Some(part) = multipart.next_field().await.map_err(|_| Failure::form_too_large())? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = bounded(part, MOST_BYTES).await?;
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
    if is_checked { Ok(Some(sent)) } else { Err(Failure::form_too_old()) }
}
