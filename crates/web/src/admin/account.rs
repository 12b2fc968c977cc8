//! An officer's account: locked and opened, a new password, a lost second factor, who he is at the identity
//! server.

use super::officer::{At, Drawn, answer};
use crate::Web;
use crate::error::Failure;
use crate::form::Posted;
use crate::page::Place;
use crate::session::Visitor;
use axum::extract::State;
use axum::response::Response;
use rules::id::OfficerId;
use rules::people::PeopleFault;

const LOCK: At = At {
    form: "khoa",
    field_of: |fault| match fault {
        PeopleFault::ReasonMissing => "khoa-ly-do",
        _ => "",
    },
};
const PASSWORD: At = At { form: "mat-khau", field_of: |_| "" };
const SECOND_FACTOR: At = At {
    form: "hai-lop",
    field_of: |fault| match fault {
        PeopleFault::ReasonMissing => "hai-lop-ly-do",
        _ => "",
    },
};

const TIE: At = At { form: "gan", field_of: |_| "gan-ma" };
const UNTIE: At = At {
    form: "go-gan",
    field_of: |fault| match fault {
        PeopleFault::ReasonMissing => "go-gan-ly-do",
        _ => "",
    },
};

pub(crate) async fn lock(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: OfficerId = place.id("id")?;
    let done = web.office.lock_sign_in(&posted.by(&visitor), id, posted.get("khoa-ly-do")).await;
    let said = "Đã khóa tài khoản. Hồ sơ trong tay vẫn ở đó, chuyển cho người khác nếu cần";
    answer(&web, &visitor, id, LOCK, posted.state(), done.map(|()| said)).await
}

pub(crate) async fn unlock(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: OfficerId = place.id("id")?;
    let done = web.office.unlock_sign_in(&posted.by(&visitor), id).await;
    answer(&web, &visitor, id, At::TOP, posted.state(), done.map(|()| "Đã mở khóa tài khoản")).await
}

/// Draws a password and shows it, once.
pub(crate) async fn reset_password(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: OfficerId = place.id("id")?;
    match web.office.reset_password(&posted.by(&visitor), id).await {
        Ok(password) => Drawn::answer(&web, &visitor, id, password, "Mật khẩu mới").await,
        Err(error) => answer(&web, &visitor, id, PASSWORD, posted.state(), Err::<&str, _>(error)).await,
    }
}

pub(crate) async fn reset_second_factor(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: OfficerId = place.id("id")?;
    let done = web.office.reset_second_factor(&posted.by(&visitor), id, posted.get("hai-lop-ly-do")).await;
    let said = "Đã gỡ xác thực hai lớp. Người này đăng nhập bằng mật khẩu rồi bật lại";
    answer(&web, &visitor, id, SECOND_FACTOR, posted.state(), done.map(|()| said)).await
}

pub(crate) async fn tie_identity(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: OfficerId = place.id("id")?;
    let done = web.office.tie_identity(&posted.by(&visitor), id, posted.get("gan-ma")).await;
    answer(&web, &visitor, id, TIE, posted.state(), done.map(|()| "Đã gắn tài khoản với danh tính")).await
}

pub(crate) async fn untie_identity(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: OfficerId = place.id("id")?;
    let done = web.office.untie_identity(&posted.by(&visitor), id, posted.get("go-gan-ly-do")).await;
    let said = "Đã gỡ danh tính. Mọi nơi người này đang đăng nhập đã bị thoát";
    answer(&web, &visitor, id, UNTIE, posted.state(), done.map(|()| said)).await
}
