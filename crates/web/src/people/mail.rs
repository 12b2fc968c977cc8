//! The officer's own address for mail: put in, proven by a code, and the digest of each morning wanted or not.

use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted, new_key};
use crate::page::{Shell, on_to, shell, show_as};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::Error;
use rules::words;

const HERE: &str = "/tai-khoan/thu";

#[derive(Debug, Template)]
#[template(path = "people/mail.html")]
struct MailPage {
    shell: Shell,
    form: FormState,
    keys: [String; 4],
    /// Whether the installation has a mail server at all.
    is_offered: bool,
    address: String,
    /// When the address was proven; nothing where it waits for its code.
    confirmed: String,
    /// When the last code went out; nothing where none did yet.
    sent: String,
    wants: bool,
    hour: String,
}

pub(crate) async fn page(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    render(&web, &visitor, StatusCode::OK, FormState::default()).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let known = web.office.own_mail(&visitor.present.actor).await?;
    let settings = &web.office.settings;
    let page = MailPage {
        shell: shell(web, visitor, "/tai-khoan").await?,
        form,
        keys: std::array::from_fn(|_| new_key()),
        is_offered: settings.mail.is_some(),
        confirmed: known.as_ref().and_then(|known| known.confirmed_at).map(words::moment).unwrap_or_default(),
        sent: known.as_ref().and_then(|known| known.code_sent_at).map(words::moment).unwrap_or_default(),
        wants: known.as_ref().is_some_and(|known| known.digest),
        address: known.map(|known| known.address).unwrap_or_default(),
        hour: settings.digest_at.strftime("%H:%M").to_string(),
    };
    Ok(show_as(web, status, &page))
}

async fn answer(
    web: &Web,
    visitor: &Visitor,
    mut form: FormState,
    done: Result<(), Error>,
    said: &str,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(on_to(web, HERE, said)),
        Err(error) => {
            form.refuse("", &refused(error)?);
            render(web, visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

pub(crate) async fn put(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let done = web.office.put_mail(&posted.by(&visitor), posted.get("dia-chi")).await;
    answer(&web, &visitor, posted.state(), done, "Đang gửi mã tới địa chỉ này. Mở thư rồi gõ mã ở dưới").await
}

pub(crate) async fn confirm(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let done = web.office.confirm_mail(&posted.by(&visitor), posted.get("ma")).await;
    let said = "Đã xác nhận địa chỉ. Thư nhắc việc được gửi mỗi sáng làm việc";
    answer(&web, &visitor, posted.state(), done, said).await
}

pub(crate) async fn want(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let wants = posted.get("nhan") == "1";
    let done = web.office.want_digest(&posted.by(&visitor), wants).await;
    let said = if wants { "Đã bật thư nhắc việc" } else { "Đã tắt thư nhắc việc" };
    answer(&web, &visitor, posted.state(), done, said).await
}

pub(crate) async fn remove(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let done = web.office.remove_mail(&posted.by(&visitor)).await;
    answer(&web, &visitor, posted.state(), done, "Đã bỏ địa chỉ thư. Không thư nào được gửi nữa").await
}
