//! The ticket machine: a page for a screen that people touch, and the number they took.

use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{Choice, FormState, Posted, new_key};
use crate::page::{Place, file, html, on_to};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use rules::counter::queue::PriorityReason;
use rules::id::TicketId;
use rules::words;

#[derive(Debug, Template)]
#[template(path = "counter/machine.html")]
struct Machine {
    csrf: String,
    idem: String,
    form: FormState,
    waiting: String,
    reasons: Vec<Choice>,
    subjects: Vec<String>,
}

#[derive(Debug, Template)]
#[template(path = "counter/ticket.html")]
struct Taken {
    href: String,
    number: String,
    facts: String,
    before: String,
    estimate: String,
}

/// Until the machine shows its first page again to the next who comes.
const BACK_AFTER: &str = "30; url=/lay-so";

pub(crate) async fn machine(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    render(&web, &visitor, StatusCode::OK, FormState::default()).await
}

async fn render(
    web: &Web,
    visitor: &Visitor,
    status: StatusCode,
    form: FormState,
) -> Result<Response, Failure> {
    let now = web.office.queue_now(&visitor.present.actor).await?;
    let none = Choice::new("", "Không thuộc diện ưu tiên");
    let reasons = now
        .rules
        .reasons
        .iter()
        .map(|&reason| Choice::new(reason.code(), words::queue::priority_reason(reason, &now.rules)));
    let page = Machine {
        csrf: visitor.present.csrf.clone(),
        idem: new_key(),
        form,
        waiting: match now.waiting.len() {
            0 => "Hiện không có ai chờ".to_owned(),
            n => format!("Hiện có {n} người đang chờ"),
        },
        reasons: [none].into_iter().chain(reasons).collect(),
        subjects: web.office.queue_subjects().await?,
    };
    Ok(no_store(html(status, &page)))
}

pub(crate) async fn take(
    State(web): State<Web>,
    visitor: Visitor,
    posted: Posted,
) -> Result<Response, Failure> {
    let subject = Some(posted.get("nhom")).filter(|subject| !subject.is_empty());
    let reason = match posted.get("uu-tien") {
        "" => None,
        code => Some(PriorityReason::of_code(code).ok_or_else(Failure::not_found)?),
    };
    match web.office.take_number(&posted.by(&visitor), reason, subject).await {
        Ok(id) => Ok(on_to(&web, &format!("/lay-so/{id}"), "")),
        Err(error) => {
            let mut form = posted.state();
            form.refuse("uu-tien", &refused(error)?);
            render(&web, &visitor, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

pub(crate) async fn ticket(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let id: TicketId = place.id("id")?;
    let view = web.office.ticket(&visitor.present.actor, id).await?;
    let reason = view.ticket.reason.map(|reason| words::queue::priority_reason(reason, &view.rules));
    let slot = view.ticket.slot_from.map(|from| format!("Hẹn {}", words::queue::clock(from)));
    let facts: Vec<String> = reason.into_iter().chain(slot).chain(view.ticket.subject.clone()).collect();
    let page = Taken {
        href: format!("/lay-so/{id}/phieu"),
        number: view.ticket.number.to_string(),
        facts: facts.join(" · "),
        before: match view.n_before {
            Some(0) => "Bạn là người tiếp theo".to_owned(),
            Some(n) => format!("Trước bạn còn {n} người"),
            None => words::queue::ticket_state(&view.ticket.state).to_owned(),
        },
        estimate: words::queue::estimate(view.minutes),
    };
    let mut response = no_store(html(StatusCode::OK, &page));
    response.headers_mut().insert(header::REFRESH, HeaderValue::from_static(BACK_AFTER));
    Ok(response)
}

pub(crate) async fn slip(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
) -> Result<Response, Failure> {
    let pdf = web.office.ticket_slip(&visitor.present.actor, place.id("id")?).await?;
    Ok(file(Bytes::from(pdf), "application/pdf", "phieu-so.pdf"))
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
