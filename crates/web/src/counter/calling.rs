//! Calling at the counter: how many wait, who is next, and the keys by which they are called.

use crate::Web;
use crate::error::{Failure, refused};
use crate::form::{FormState, Posted};
use crate::page::{Place, html, on_to};
use crate::session::Visitor;
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use office::Error;
use office::counter::queue::QueueNow;
use rules::counter::queue::{Lane, Ticket};
use rules::id::TicketId;
use rules::people::Role;
use rules::words;

/// The officer's part of the queue; a fragment that keeps itself fresh.
#[derive(Debug, Template)]
#[template(path = "counter/_calling.html")]
pub(crate) struct Calling {
    csrf: String,
    seat: String,
    form: FormState,
    fault: String,
    in_hand: Option<InHand>,
    waiting: String,
    next: String,
    today: String,
    /// Made from what is shown, so that a page that shows the same sends the same.
    key: String,
}

/// Who is at the counter.
#[derive(Debug)]
struct InHand {
    base: String,
    number: String,
    facts: String,
}

/// The panel, for whoever has a post at a counter of the state; the post office has no queue here.
pub(crate) async fn panel(web: &Web, visitor: &Visitor, fault: &str) -> Result<Option<Calling>, Failure> {
    if !visitor.present.actor.has_role(Role::Counter) {
        return Ok(None);
    }
    let now = web.office.queue_now(&visitor.present.actor).await?;
    let seat = web.office.seat(&visitor.token).await?.unwrap_or_default();
    Ok(Some(Calling {
        csrf: visitor.present.csrf.clone(),
        form: FormState::default().with("quay-so", &seat),
        seat,
        fault: fault.to_owned(),
        in_hand: now.in_hand().map(|ticket| in_hand(ticket, &now)),
        waiting: waiting(&now),
        next: now.waiting.first().map(|ticket| ticket.number.to_string()).unwrap_or_default(),
        today: today(&now),
        key: key(&now, visitor),
    }))
}

fn in_hand(ticket: &Ticket, now: &QueueNow) -> InHand {
    let taken = format!("lấy số {}", words::queue::clock(ticket.taken_at));
    let reason = ticket.reason.map(|reason| words::queue::priority_reason(reason, &now.rules));
    let facts: Vec<String> = reason.into_iter().chain(ticket.subject.clone()).chain([taken]).collect();
    InHand {
        base: format!("/quay/goi/{}", ticket.id),
        number: ticket.number.to_string(),
        facts: facts.join(" · "),
    }
}

fn waiting(now: &QueueNow) -> String {
    let n_preferred = now.waiting.iter().filter(|ticket| ticket.number.lane != Lane::Ordinary).count();
    match (now.waiting.len(), n_preferred) {
        (0, _) => "Chưa có ai chờ".to_owned(),
        (n, 0) => format!("{n} người chờ"),
        (n, preferred) => format!("{n} người chờ, {preferred} ưu tiên hoặc có hẹn"),
    }
}

fn today(now: &QueueNow) -> String {
    match now.average_minutes {
        Some(minutes) => format!("Hôm nay đã gọi {} người, chờ trung bình {minutes} phút", now.n_called),
        None => String::new(),
    }
}

/// Changes with every turn of the officer's last ticket, and with nothing else: pressed twice on one
/// page, a key calls once.
fn key(now: &QueueNow, visitor: &Visitor) -> String {
    match &now.last {
        Some(ticket) => format!("goi-{}-{}", ticket.id, ticket.version),
        None => format!("goi-{}", visitor.present.officer.id),
    }
}

/// The panel again, for the page that shows it.
pub(crate) async fn show(State(web): State<Web>, visitor: Visitor) -> Result<Response, Failure> {
    let panel = panel(&web, &visitor, "").await?.ok_or_else(Failure::not_found)?;
    Ok(html(StatusCode::OK, &panel))
}

/// The officer says where he sits.
pub(crate) async fn take_seat(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    let by = posted.by(&visitor);
    let done = web.office.take_seat(&by, &visitor.token, posted.get("quay-so")).await;
    answer(&web, &visitor, &headers, done).await
}

pub(crate) async fn call_next(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    let seat = web.office.seat(&visitor.token).await?.unwrap_or_default();
    let done = web.office.call_next(&posted.by(&visitor), &seat).await;
    answer(&web, &visitor, &headers, done).await
}

/// What is done to the one who was called: again, not there, served.
pub(crate) async fn turn(
    State(web): State<Web>,
    visitor: Visitor,
    place: Place,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Failure> {
    let (id, by): (TicketId, _) = (place.id("ticket")?, posted.by(&visitor));
    let done = match place.text("turn")? {
        "goi-lai" => web.office.call_again(&by, id).await,
        "khong-co-mat" => web.office.not_present(&by, id).await,
        "xong" => web.office.served(&by, id).await,
        _ => return Err(Failure::not_found()),
    };
    answer(&web, &visitor, &headers, done).await
}

/// The panel where script asked for it, the whole page where not.
async fn answer<T>(
    web: &Web,
    visitor: &Visitor,
    headers: &HeaderMap,
    done: Result<T, Error>,
) -> Result<Response, Failure> {
    let fault = match done {
        Ok(_) => String::new(),
        Err(error) => refused(error)?.sentences(ToOwned::to_owned).join(". "),
    };
    if headers.contains_key("hx-request") {
        let panel = panel(web, visitor, &fault).await?.ok_or_else(Failure::not_found)?;
        return Ok(html(StatusCode::OK, &panel));
    }
    if fault.is_empty() {
        return Ok(on_to(web, "/quay#hang-cho", ""));
    }
    super::show_with_queue_fault(web, visitor, &fault).await
}
