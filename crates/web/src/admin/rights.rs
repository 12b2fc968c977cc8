//! What gives an officer rights and takes them: posts, leave with who goes on, posts lent and taken back.

use super::officer::{At, again, answer};
use super::read::Reading;
use crate::Web;
use crate::error::Failure;
use crate::form::Posted;
use crate::page::Place;
use crate::session::Visitor;
use axum::extract::State;
use axum::response::Response;
use office::people::delegation::{Granted, Lending, Lent};
use office::people::leave::{Leave, LeaveBegun};
use rules::id::{AbsenceId, DelegationId, OfficerId};
use rules::people::delegation::DelegationKind;
use rules::people::leave::Cover;
use rules::people::{PeopleFault, Post, Sensitivity};

const GIVE: At = At {
    form: "giao",
    field_of: |fault| match fault {
        PeopleFault::DatesReversed => "vai-den",
        PeopleFault::OutsideReach => "vai-co-quan",
        _ => "vai",
    },
};
const END: At = At { form: "thoi", field_of: |_| "thoi-vai" };
const LEAVE: At = At {
    form: "nghi",
    field_of: |fault| match fault {
        PeopleFault::DatesReversed | PeopleFault::Past(_) => "nghi-den",
        PeopleFault::AwayAlready(_) => "nghi-tu",
        PeopleFault::DecisionMissing | PeopleFault::ReasonMissing => "nghi-can-cu",
        _ => "nghi-thay",
    },
};
const LEND: At = At {
    form: "muon",
    field_of: |fault| match fault {
        PeopleFault::DatesReversed | PeopleFault::Past(_) => "muon-den",
        PeopleFault::ProceduresNotNamed => "muon-thu-tuc",
        PeopleFault::DecisionMissing => "muon-quyet-dinh",
        PeopleFault::ToHimself | PeopleFault::Inactive => "muon-nguoi",
        _ => "muon-vai",
    },
};
const TAKE_BACK: At = At {
    form: "lay-lai",
    field_of: |fault| match fault {
        PeopleFault::ReasonMissing => "lay-lai-ly-do",
        _ => "lay-lai",
    },
};

pub(crate) async fn give(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: OfficerId = place.id("id")?;
    let mut reading = Reading::of(&posted);
    let (role, agency) = (reading.role("vai"), reading.chosen("vai-co-quan", "Chọn cơ quan"));
    let (valid_from, valid_to) = (reading.day("vai-tu"), reading.day("vai-den"));
    let decision = reading.decision("vai-quyet-dinh");
    let procedures = reading.procedures("vai-thu-tuc");
    let (Some(role), Some(agency), true) = (role, agency, reading.is_sound()) else {
        return again(&web, &visitor, id, GIVE, reading.form).await;
    };
    let ceiling = if posted.get("vai-mat").is_empty() { Sensitivity::Personal } else { Sensitivity::Secret };
    let post = Post { agency, role, procedures, ceiling, valid_from, valid_to };
    let done = web.office.propose_post(&posted.by(&visitor), id, &post, decision).await;
    answer(&web, &visitor, id, GIVE, reading.form, done.map(granted)).await
}

/// What became of a right that was given.
fn granted(granted: Granted) -> &'static str {
    match granted {
        Granted::Now => "Đã giao vai",
        Granted::Waits(_) => "Đã ghi đề xuất. Vai có hiệu lực khi một quản trị khác xác nhận",
    }
}

pub(crate) async fn end(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: OfficerId = place.id("id")?;
    let mut reading = Reading::of(&posted);
    let post = reading.post("thoi-vai");
    let decision = reading.decision("thoi-quyet-dinh");
    let (Some((agency, role)), true) = (post, reading.is_sound()) else {
        return again(&web, &visitor, id, END, reading.form).await;
    };
    let done = web.office.end_post(&posted.by(&visitor), id, agency, role, decision).await;
    answer(&web, &visitor, id, END, reading.form, done.map(|()| "Đã kết thúc vai từ hôm nay")).await
}

pub(crate) async fn begin_leave(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let officer: OfficerId = place.id("id")?;
    let mut reading = Reading::of(&posted);
    let (valid_from, valid_to) = (reading.needed_day("nghi-tu"), reading.needed_day("nghi-den"));
    let why = posted.get("nghi-can-cu").to_owned();
    let cover = match posted.get("nghi-thay") {
        "" => Some(Cover::Inbox { reason: why }),
        _ => reading
            .chosen("nghi-thay", "Chọn người làm thay")
            .map(|officer| Cover::Substitute { officer, decision: why }),
    };
    if !reading.is_sound() {
        return again(&web, &visitor, officer, LEAVE, reading.form).await;
    }
    let leave = Leave { officer, valid_from, valid_to, cover };
    let done = web.office.begin_leave(&posted.by(&visitor), &leave).await.map(|begun| leave_said(&begun));
    answer(&web, &visitor, officer, LEAVE, reading.form, done).await
}

fn leave_said(begun: &LeaveBegun) -> String {
    let n_waiting = begun.lent.iter().filter(|lent| lent.granted != Granted::Now).count();
    match (begun.returned.len(), n_waiting) {
        (0, 0) => "Đã ghi nghỉ".to_owned(),
        (0, n) => format!("Đã ghi nghỉ. {n} vai làm thay chờ người thứ hai xác nhận"),
        (n, _) => format!("Đã ghi nghỉ. {n} hồ sơ đã về hộp chung"),
    }
}

pub(crate) async fn end_leave(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: OfficerId = place.id("id")?;
    let absence: AbsenceId = place.id("absence")?;
    let done = web.office.end_leave(&posted.by(&visitor), absence).await;
    let said = "Đã ghi đi làm lại từ hôm nay. Việc làm thay của lần nghỉ này đã kết thúc";
    answer(&web, &visitor, id, At::TOP, posted.state(), done.map(|()| said)).await
}

pub(crate) async fn lend(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let from: OfficerId = place.id("id")?;
    let mut reading = Reading::of(&posted);
    let (post, to) = (reading.post("muon-vai"), reading.chosen("muon-nguoi", "Chọn người"));
    let (valid_from, valid_to) = (reading.needed_day("muon-tu"), reading.needed_day("muon-den"));
    let procedures = reading.procedures("muon-thu-tuc");
    let (Some((agency, role)), Some(to), true) = (post, to, reading.is_sound()) else {
        return again(&web, &visitor, from, LEND, reading.form).await;
    };
    let kind = match posted.get("muon-kieu") {
        "uy-quyen" => DelegationKind::Authorisation,
        _ => DelegationKind::Substitution,
    };
    let decision = posted.get("muon-quyet-dinh").to_owned();
    let lending = Lending { from, to, agency, role, procedures, valid_from, valid_to, kind, decision };
    let done = web.office.delegate(&posted.by(&visitor), &lending).await;
    answer(&web, &visitor, from, LEND, reading.form, done.map(|lent| lent_said(&lent))).await
}

fn lent_said(lent: &Lent) -> &'static str {
    match (lent.granted, lent.overlaps.is_empty()) {
        (Granted::Waits(_), _) => "Đã ghi đề xuất làm thay. Có hiệu lực khi một quản trị khác xác nhận",
        (Granted::Now, true) => "Đã giao làm thay",
        (Granted::Now, false) => {
            "Đã giao làm thay. Vai này còn giao cho người khác trong các ngày trùng nhau"
        }
    }
}

pub(crate) async fn take_back(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    posted: Posted,
) -> Result<Response, Failure> {
    let id: OfficerId = place.id("id")?;
    let mut reading = Reading::of(&posted);
    let Some(lent) = reading.chosen::<DelegationId>("lay-lai", "Chọn việc làm thay") else {
        return again(&web, &visitor, id, TAKE_BACK, reading.form).await;
    };
    let done = web.office.end_delegation(&posted.by(&visitor), lent, posted.get("lay-lai-ly-do")).await;
    answer(&web, &visitor, id, TAKE_BACK, reading.form, done.map(|()| "Đã lấy lại vai từ hôm nay")).await
}
