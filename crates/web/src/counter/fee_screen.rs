//! The screen turned to whoever pays at a counter: the amount, the code for his bank, and the dossier's code.
//! No name of his stands on it.

use crate::Web;
use crate::error::Failure;
use crate::form::query_value;
use crate::page::{Place, html};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use rules::words;

#[derive(Debug, Template)]
#[template(path = "counter/fee_screen.html")]
struct Screen {
    agency: String,
    counter: String,
    here: String,
    asks: Option<Asks>,
    is_for_training: bool,
}

#[derive(Debug)]
struct Asks {
    amount: String,
    code: String,
    holder: String,
    account: String,
    bank: String,
    reference: String,
    picture: String,
}

pub(crate) async fn show(
    State(web): State<Web>,
    place: Place,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let (key, secret) = (place.text("agency")?, query_value(query.as_deref(), "ma"));
    let board = web.office.fee_board(key, &secret).await?;
    let page = Screen {
        agency: board.agency,
        counter: board.counter,
        here: format!("/man-hinh-phi/{key}?ma={secret}"),
        asks: board.asks.map(|asks| Asks {
            amount: words::money(asks.amount),
            code: asks.code,
            holder: asks.transfer.account.holder,
            account: asks.transfer.account.number,
            bank: asks.transfer.account.bank,
            reference: asks.transfer.reference,
            picture: asks.transfer.picture,
        }),
        is_for_training: web.office.is_for_training(),
    };
    let mut response = html(StatusCode::OK, &page);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The link is a secret: it goes nowhere with a request from here.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}
