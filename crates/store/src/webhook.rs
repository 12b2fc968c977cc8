//! Addresses that are told what happens, and what each was told. A notice is written with its event, so that
//! none is lost, and one job an event sends it.

use crate::Error;
use crate::engine::{Reader, Tx, execute, fetch_all, fetch_optional};
use crate::error::{JsonText, open};
use crate::queue::{self, NewJob};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::event::NewEvent;
use rules::event::trail::Group;
use rules::id::{AgencyId, DossierId, EventId, NoticeId, OfficerId, WebhookId};
use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

/// The kind of the job that tells of an event.
pub const JOB: &str = "notify";

/// An address, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    pub id: WebhookId,
    pub agency: AgencyId,
    pub name: String,
    pub address: String,
    /// Sealed.
    pub secret: Vec<u8>,
    pub groups: Vec<Group>,
    pub made_by: OfficerId,
    pub made_at: Timestamp,
    /// Since when it took nothing; none where the last notice was taken.
    pub failing_since: Option<Timestamp>,
    /// It is told nothing since then.
    pub stopped_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct WebhookRow {
    id: Uuid,
    agency: Uuid,
    name: String,
    address: String,
    secret: Vec<u8>,
    groups: JsonText,
    made_by: Uuid,
    made_at: i64,
    failing_since: Option<i64>,
    stopped_at: Option<i64>,
}

impl TryFrom<WebhookRow> for Webhook {
    type Error = Error;

    fn try_from(row: WebhookRow) -> Result<Self, Error> {
        let instant =
            |micros, column| from_micros(micros).map_err(|_| Error::corrupt("webhook", column, row.id));
        Ok(Self {
            id: WebhookId(row.id),
            agency: AgencyId(row.agency),
            made_by: OfficerId(row.made_by),
            made_at: instant(row.made_at, "made_at")?,
            failing_since: row.failing_since.map(|at| instant(at, "failing_since")).transpose()?,
            stopped_at: row.stopped_at.map(|at| instant(at, "stopped_at")).transpose()?,
            groups: open(row.groups, "webhook", "groups", row.id)?,
            name: row.name,
            address: row.address,
            secret: row.secret,
        })
    }
}

/// Keeps a new address and tells it from now on.
pub async fn add(tx: &mut Tx, webhook: &Webhook) -> Result<(), Error> {
    execute!(
        tx,
        "webhook.add",
        "insert into webhook (id, agency, name, address, secret, groups, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        webhook.id.0,
        webhook.agency.0,
        webhook.name.as_str(),
        webhook.address.as_str(),
        webhook.secret.as_slice(),
        Json(&webhook.groups),
        webhook.made_by.0,
        to_micros(webhook.made_at),
    )?;
    listen(tx, webhook).await
}

/// Every kind of event of its groups makes a notice from now on.
async fn listen(tx: &mut Tx, webhook: &Webhook) -> Result<(), Error> {
    for kind in webhook.groups.iter().flat_map(|group| group.kinds()) {
        execute!(
            tx,
            "webhook.listen",
            "insert into webhook_kind (webhook, agency, kind) values ($1, $2, $3) on conflict do nothing",
            webhook.id.0,
            webhook.agency.0,
            *kind,
        )?;
    }
    Ok(())
}

async fn be_silent(tx: &mut Tx, id: WebhookId) -> Result<(), Error> {
    execute!(tx, "webhook.be_silent", "delete from webhook_kind where webhook = $1", id.0).map(drop)
}

/// Tells it nothing more; `false` where it was told nothing already.
pub async fn stop(tx: &mut Tx, id: WebhookId, now: Timestamp) -> Result<bool, Error> {
    be_silent(tx, id).await?;
    let n_rows = execute!(
        tx,
        "webhook.stop",
        "update webhook set stopped_at = $2 where id = $1 and stopped_at is null",
        id.0,
        to_micros(now),
    )?;
    Ok(n_rows == 1)
}

/// Tells it again what happens from now on.
pub async fn resume(tx: &mut Tx, webhook: &Webhook) -> Result<(), Error> {
    execute!(
        tx,
        "webhook.resume",
        "update webhook set stopped_at = null, failing_since = null where id = $1",
        webhook.id.0,
    )?;
    listen(tx, webhook).await
}

/// Forgets an address with what it was told.
pub async fn remove(tx: &mut Tx, id: WebhookId) -> Result<(), Error> {
    be_silent(tx, id).await?;
    execute!(tx, "webhook.forget_notices", "delete from notice where webhook = $1", id.0)?;
    execute!(tx, "webhook.remove", "delete from webhook where id = $1", id.0).map(drop)
}

pub async fn find(reader: &mut Reader, id: WebhookId) -> Result<Option<Webhook>, Error> {
    let row: Option<WebhookRow> = fetch_optional!(
        reader,
        "webhook.find",
        "select id, agency, name, address, secret, groups, made_by, made_at, failing_since, stopped_at
         from webhook where id = $1",
        id.0,
    )?;
    row.map(Webhook::try_from).transpose()
}

/// The addresses of these agencies, the oldest first.
pub async fn of_agencies(reader: &mut Reader, agencies: &[AgencyId]) -> Result<Vec<Webhook>, Error> {
    let agencies: Vec<Uuid> = agencies.iter().map(|agency| agency.0).collect();
    let rows: Vec<WebhookRow> = fetch_all!(
        reader,
        "webhook.of_agencies",
        "select id, agency, name, address, secret, groups, made_by, made_at, failing_since, stopped_at
         from webhook where agency in IDS($1) order by made_at, id limit 1000",
        Json(agencies),
    )?;
    rows.into_iter().map(Webhook::try_from).collect()
}

/// An event as one address is told of it, and what became of that.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub id: NoticeId,
    pub webhook: WebhookId,
    pub event: EventId,
    pub kind: String,
    pub dossier: DossierId,
    pub dossier_code: Option<String>,
    pub happened_at: Timestamp,
    pub n_attempts: u32,
    pub last_at: Option<Timestamp>,
    /// What was answered; none where nobody answered.
    pub last_status: Option<u16>,
    pub last_error: Option<String>,
    pub taken_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct NoticeRow {
    id: Uuid,
    webhook: Uuid,
    event: Uuid,
    kind: String,
    dossier: Uuid,
    dossier_code: Option<String>,
    happened_at: i64,
    attempts: i64,
    last_at: Option<i64>,
    last_status: Option<i64>,
    last_error: Option<String>,
    taken_at: Option<i64>,
}

impl TryFrom<NoticeRow> for Notice {
    type Error = Error;

    fn try_from(row: NoticeRow) -> Result<Self, Error> {
        let corrupt = |column| Error::corrupt("notice", column, row.id);
        let instant = |micros, column| from_micros(micros).map_err(|_| corrupt(column));
        Ok(Self {
            id: NoticeId(row.id),
            webhook: WebhookId(row.webhook),
            event: EventId(row.event),
            dossier: DossierId(row.dossier),
            happened_at: instant(row.happened_at, "happened_at")?,
            n_attempts: u32::try_from(row.attempts).map_err(|_| corrupt("attempts"))?,
            last_at: row.last_at.map(|at| instant(at, "last_at")).transpose()?,
            last_status: row
                .last_status
                .map(u16::try_from)
                .transpose()
                .map_err(|_| corrupt("last_status"))?,
            taken_at: row.taken_at.map(|at| instant(at, "taken_at")).transpose()?,
            kind: row.kind,
            dossier_code: row.dossier_code,
            last_error: row.last_error,
        })
    }
}

/// Writes a notice of an event for every address that is to be told, and the job that sends them.
pub(crate) async fn note(
    tx: &mut Tx,
    event: Uuid,
    kind: &str,
    new: &NewEvent,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(dossier) = new.dossier else { return Ok(()) };
    let n_notices = execute!(
        tx,
        "webhook.note",
        sqlite: "insert into notice (id, webhook, event, kind, dossier, happened_at, attempts)
            select randomblob(16), k.webhook, $1, k.kind, $2, $3, 0 from webhook_kind k
            where k.agency = $4 and k.kind = $5",
        postgres: "insert into notice (id, webhook, event, kind, dossier, happened_at, attempts)
            select gen_random_uuid(), k.webhook, $1, k.kind, $2, $3, 0 from webhook_kind k
            where k.agency = $4 and k.kind = $5",
        event,
        dossier.0,
        to_micros(new.happened_at),
        new.agency.0,
        kind,
    )?;
    if n_notices == 0 {
        return Ok(());
    }
    let (payload, key) = (json!({ "job": JOB, "id": event }), format!("{JOB}:{event}"));
    let job = NewJob { dedup_key: Some(&key), subject: Some(event), ..NewJob::new(JOB, &payload, now) };
    queue::push(tx, &job, now).await?;
    Ok(())
}

/// The notices of an event that were not taken, of addresses that are told.
pub async fn untaken(reader: &mut Reader, event: EventId) -> Result<Vec<Notice>, Error> {
    let rows: Vec<NoticeRow> = fetch_all!(
        reader,
        "webhook.untaken",
        "select n.id, n.webhook, n.event, n.kind, n.dossier, d.code as dossier_code, n.happened_at, n.attempts,
            n.last_at, n.last_status, n.last_error, n.taken_at
         from notice n join webhook w on w.id = n.webhook join dossier d on d.id = n.dossier
         where n.event = $1 and n.taken_at is null and w.stopped_at is null order by n.id limit 1000",
        event.0,
    )?;
    rows.into_iter().map(Notice::try_from).collect()
}

/// What an address was told last, the newest first.
pub async fn told(reader: &mut Reader, id: WebhookId, limit: i64) -> Result<Vec<Notice>, Error> {
    let rows: Vec<NoticeRow> = fetch_all!(
        reader,
        "webhook.told",
        "select n.id, n.webhook, n.event, n.kind, n.dossier, d.code as dossier_code, n.happened_at, n.attempts,
            n.last_at, n.last_status, n.last_error, n.taken_at
         from notice n join dossier d on d.id = n.dossier
         where n.webhook = $1 order by n.happened_at desc, n.id limit $2",
        id.0,
        limit,
    )?;
    rows.into_iter().map(Notice::try_from).collect()
}

/// How many notices wait to be taken by each of these addresses; one with none is left out.
pub async fn n_untaken(reader: &mut Reader, webhooks: &[WebhookId]) -> Result<Vec<(WebhookId, i64)>, Error> {
    let webhooks: Vec<Uuid> = webhooks.iter().map(|webhook| webhook.0).collect();
    let rows: Vec<(Uuid, i64)> = fetch_all!(
        reader,
        "webhook.n_untaken",
        "select webhook, count(*) from notice where webhook in IDS($1) and taken_at is null
         group by webhook order by webhook limit 10000",
        Json(webhooks),
    )?;
    Ok(rows.into_iter().map(|(webhook, n)| (WebhookId(webhook), n)).collect())
}

/// What came of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub at: Timestamp,
    pub status: Option<u16>,
    /// None where it was taken.
    pub error: Option<String>,
}

/// Notes an attempt at the notice and at its address, and forgets notices of the address that were taken
/// before `kept_since`.
pub async fn note_attempt(
    tx: &mut Tx,
    notice: &Notice,
    attempt: &Attempt,
    kept_since: Timestamp,
) -> Result<(), Error> {
    let is_taken = attempt.error.is_none();
    execute!(
        tx,
        "webhook.note_attempt",
        "update notice set attempts = attempts + 1, last_at = $2, last_status = $3, last_error = $4,
            taken_at = $5
         where id = $1",
        notice.id.0,
        to_micros(attempt.at),
        attempt.status.map(i64::from),
        attempt.error.as_deref(),
        is_taken.then(|| to_micros(attempt.at)),
    )?;
    execute!(
        tx,
        "webhook.note_health",
        "update webhook set failing_since = case when $2 = 1 then null else coalesce(failing_since, $3) end
         where id = $1",
        notice.webhook.0,
        i64::from(is_taken),
        to_micros(attempt.at),
    )?;
    execute!(
        tx,
        "webhook.forget_taken",
        "delete from notice where webhook = $1 and happened_at < $2 and taken_at is not null",
        notice.webhook.0,
        to_micros(kept_since),
    )
    .map(drop)
}

/// Makes a notice wait again, to be sent once more.
pub async fn ask_again(tx: &mut Tx, webhook: WebhookId, id: NoticeId) -> Result<Option<EventId>, Error> {
    let found: Option<(Uuid,)> = fetch_optional!(
        tx,
        "webhook.notice_event",
        "select event from notice where id = $1 and webhook = $2",
        id.0,
        webhook.0,
    )?;
    let Some((event,)) = found else { return Ok(None) };
    execute!(tx, "webhook.ask_again", "update notice set taken_at = null where id = $1", id.0)?;
    Ok(Some(EventId(event)))
}

#[cfg(test)]
mod tests;
