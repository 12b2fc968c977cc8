//! The same POST again is answered the same: what was answered is kept under the key the page or
//! the partner sent, in the transaction of the act itself.

use crate::engine::{execute, fetch_optional};
use crate::{Error, Reader, Tx, time};
use jiff::Timestamp;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

/// Who asked for what, and under which key.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    /// As the form or the partner sent it, at most 200 bytes.
    pub key: &'a str,
    pub actor: Uuid,
    /// The route, not the address: no personal data.
    pub route: &'a str,
}

/// What was answered the first time.
pub async fn find(reader: &mut Reader, key: Key<'_>) -> Result<Option<Value>, Error> {
    let row: Option<(Json<Value>,)> = fetch_optional!(
        reader,
        "idempotency.find",
        "select response from idempotency where key = $1 and actor = $2 and route = $3",
        key.key,
        key.actor,
        key.route,
    )?;
    Ok(row.map(|(response,)| response.0))
}

/// Keeps the answer.
///
/// # Errors
/// [`Error::Taken`] (`idempotency_pkey`) when the same was answered already: undo the act, and
/// give the first answer.
pub async fn save(tx: &mut Tx, key: Key<'_>, response: &Value, now: Timestamp) -> Result<(), Error> {
    execute!(
        tx,
        "idempotency.save",
        "insert into idempotency (key, actor, route, response, created_at) values ($1, $2, $3, $4, $5)",
        key.key,
        key.actor,
        key.route,
        Json(response),
        time::to_micros(now),
    )
    .map(drop)
}

/// Forgets what was answered before `before`; gives the number forgotten.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    execute!(
        tx,
        "idempotency.forget",
        "delete from idempotency where created_at < $1",
        time::to_micros(before)
    )
}
