//! The call screen: numbers and counters in big type, for whoever has the link. No name stands on it.

use crate::Web;
use crate::error::Failure;
use crate::form::query_value;
use crate::page::{Place, html};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use rules::counter::queue::{Ticket, TicketState};
use rules::words;

#[derive(Debug, Template)]
#[template(path = "counter/screen.html")]
struct Screen {
    agency: String,
    at: String,
    here: String,
    calling: Vec<Called>,
    next: Vec<String>,
    more: String,
}

#[derive(Debug)]
struct Called {
    number: String,
    counter: String,
}

/// As many as can be read from the other end of the hall.
const MOST: usize = 6;

impl Called {
    fn of(ticket: &Ticket) -> Option<Self> {
        let TicketState::Called(call) = &ticket.state else { return None };
        // “2” is said as “Quầy 2”; what has a name of its own keeps it.
        let counter = if call.counter.chars().all(|c| c.is_ascii_digit()) {
            format!("Quầy {}", call.counter)
        } else {
            call.counter.clone()
        };
        Some(Self { number: ticket.number.to_string(), counter })
    }
}

pub(crate) async fn show(
    State(web): State<Web>,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let (key, secret) = (place.text("agency")?, query_value(query.as_deref(), "ma"));
    let board = web.office.board(key, &secret).await?;
    let more = board.n_waiting.saturating_sub(board.next.len());
    let page = Screen {
        agency: board.agency,
        at: words::queue::clock(board.at),
        here: format!("/man-hinh-goi/{key}?ma={secret}"),
        calling: board.calling.iter().filter_map(Called::of).take(MOST).collect(),
        next: board.next.iter().map(|ticket| ticket.number.to_string()).collect(),
        more: if more > 0 { format!("và {more} người nữa") } else { String::new() },
    };
    let mut response = html(StatusCode::OK, &page);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The link is a secret: it goes nowhere with a request from here.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}
