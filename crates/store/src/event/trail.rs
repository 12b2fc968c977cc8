//! The events for whoever controls the office, the newest first, page by page: by agencies, kinds,
//! officer, dossier or person. Ids sort by the time an event was written down, so a page goes on from the
//! id of the last one, and each filter walks an index of its own.

use super::{EventRow, corrupt};
use crate::Error;
use crate::engine::{Reader, fetch_all};
use crate::time::from_micros;
use jiff::Timestamp;
use rules::event::trail::{Filter, Group};
use rules::event::{Body, Event, Subject};
use rules::id::{AgencyId, DossierId, EventId, OfficerId, PartyId};
use sqlx::types::Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A page of events that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    pub filter: &'w Filter,
    /// The agencies whose officers' acts are read, and whose dossiers.
    pub agencies: &'w [AgencyId],
    /// Only what stands behind this one in the list; none from the newest on.
    pub after: Option<EventId>,
    pub limit: i64,
}

/// An event as it is kept; its body may have been disposed of by law.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub id: EventId,
    /// Its place in its subject's chain.
    pub number: i64,
    pub kind: String,
    pub subject: Subject,
    pub dossier: Option<DossierId>,
    pub agency: AgencyId,
    pub actor: Option<OfficerId>,
    pub on_behalf_of: Option<OfficerId>,
    pub purpose: Option<String>,
    pub happened_at: Timestamp,
    pub recorded_at: Timestamp,
    pub body: Option<Body>,
    pub digest: Vec<u8>,
}

impl Kept {
    /// The same as an event; none where the body is gone.
    pub fn event(&self) -> Option<Event> {
        self.clone().into_event()
    }

    pub(crate) fn into_event(self) -> Option<Event> {
        Some(Event {
            id: self.id,
            subject: self.subject,
            dossier: self.dossier,
            agency: self.agency,
            actor: self.actor,
            on_behalf_of: self.on_behalf_of,
            purpose: self.purpose,
            happened_at: self.happened_at,
            recorded_at: self.recorded_at,
            body: self.body?,
        })
    }
}

impl TryFrom<EventRow> for Kept {
    type Error = Error;

    fn try_from(row: EventRow) -> Result<Self, Error> {
        let instant = |micros, column| from_micros(micros).map_err(|_| corrupt(&row, column));
        let body = row.body.as_deref().map(serde_json::from_str).transpose();
        Ok(Self {
            id: EventId(row.id),
            number: row.number,
            subject: Subject::from_parts(&row.subject_kind, row.subject)
                .ok_or_else(|| corrupt(&row, "subject_kind"))?,
            dossier: row.dossier.map(DossierId),
            agency: AgencyId(row.agency),
            actor: row.actor.map(OfficerId),
            on_behalf_of: row.on_behalf_of.map(OfficerId),
            happened_at: instant(row.happened_at, "happened_at")?,
            recorded_at: instant(row.recorded_at, "recorded_at")?,
            body: body.map_err(|_| corrupt(&row, "body"))?,
            kind: row.kind,
            purpose: row.purpose,
            digest: row.digest,
        })
    }
}

/// The smallest id of an event that was written down at `at` or later.
fn first_id(at: Timestamp) -> Uuid {
    let millis = u128::try_from(at.as_millisecond()).unwrap_or(0);
    Uuid::from_u128(millis << 80)
}

/// What limits the ids of a page, as it is bound.
struct Bounds {
    agencies: Vec<Uuid>,
    from: Uuid,
    before: Uuid,
    any_kind: i64,
    kinds: Vec<&'static str>,
    limit: i64,
}

impl Bounds {
    fn of(wanted: &Wanted<'_>) -> Self {
        let (from, until) = wanted.filter.span();
        let until = until.map_or(Uuid::max(), first_id);
        Self {
            agencies: wanted.agencies.iter().map(|agency| agency.0).collect(),
            from: from.map_or(Uuid::nil(), first_id),
            before: wanted.after.map_or(until, |after| after.0.min(until)),
            any_kind: i64::from(wanted.filter.group.is_none()),
            kinds: wanted.filter.group.map_or(&[][..], Group::kinds).to_vec(),
            limit: wanted.limit,
        }
    }
}

/// A page of the events of these agencies, the newest first.
pub async fn page(reader: &mut Reader, wanted: &Wanted<'_>) -> Result<Vec<Kept>, Error> {
    let bounds = Bounds::of(wanted);
    let filter = wanted.filter;
    let found = match (filter.person, filter.dossier, filter.officer) {
        (Some(person), dossier, officer) => about_person(reader, &bounds, person, dossier, officer).await?,
        (None, Some(dossier), officer) => about_dossier(reader, &bounds, dossier, officer).await?,
        (None, None, Some(officer)) => by_officer(reader, &bounds, officer).await?,
        (None, None, None) if bounds.any_kind == 0 => of_kinds(reader, &bounds).await?,
        (None, None, None) => of_agencies(reader, &bounds).await?,
    };
    let ids: Vec<Uuid> = found.into_iter().map(|(id,)| id).collect();
    let rows: Vec<EventRow> = fetch_all!(
        reader,
        "event.trail",
        "select id, kind, version, subject_kind, subject, number, dossier, agency, actor, on_behalf_of,
            purpose, happened_at, recorded_at, body, salt, body_digest, digest, previous
         from event where id in IDS($1) order by id desc limit 1000",
        Json(ids),
    )?;
    rows.into_iter().map(Kept::try_from).collect()
}

/// The newest of each agency, and of those the newest: no agency's events are read further than a page.
async fn of_agencies(reader: &mut Reader, bounds: &Bounds) -> Result<Vec<(Uuid,)>, Error> {
    fetch_all!(
        reader,
        "event.trail_of_agencies",
        sqlite: "select unhex(newest.value) as id from json_each($1) agency, json_each((
            select json_group_array(hex(page.id)) from (
                select id from event where agency = unhex(replace(agency.value, '-', ''))
                  and id >= $2 and id < $3 order by id desc limit $4) page)) newest
         order by id desc limit $4",
        postgres: "select page.id from jsonb_array_elements_text($1) as agency(value), lateral (
            select id from event where event.agency = agency.value::uuid
              and id >= $2 and id < $3 order by id desc limit $4) page
         order by id desc limit $4",
        Json(&bounds.agencies),
        bounds.from,
        bounds.before,
        bounds.limit,
    )
}

/// The same of some kinds.
async fn of_kinds(reader: &mut Reader, bounds: &Bounds) -> Result<Vec<(Uuid,)>, Error> {
    fetch_all!(
        reader,
        "event.trail_of_kinds",
        sqlite: "select unhex(newest.value) as id from json_each($1) agency, json_each($5) sort, json_each((
            select json_group_array(hex(page.id)) from (
                select id from event where agency = unhex(replace(agency.value, '-', ''))
                  and kind = sort.value and id >= $2 and id < $3 order by id desc limit $4) page)) newest
         order by id desc limit $4",
        postgres: "select page.id from jsonb_array_elements_text($1) as agency(value),
            jsonb_array_elements_text($5) as sort(value), lateral (
            select id from event where event.agency = agency.value::uuid and event.kind = sort.value
              and id >= $2 and id < $3 order by id desc limit $4) page
         order by id desc limit $4",
        Json(&bounds.agencies),
        bounds.from,
        bounds.before,
        bounds.limit,
        Json(&bounds.kinds),
    )
}

async fn by_officer(reader: &mut Reader, bounds: &Bounds, officer: OfficerId) -> Result<Vec<(Uuid,)>, Error> {
    fetch_all!(
        reader,
        "event.trail_by_officer",
        "select id from (select id from event where actor = $1 and agency in IDS($2)
            and id >= $3 and id < $4 and ($5 = 1 or kind in TEXTS($6)) order by id desc limit $7) himself
         union select id from (select id from event where on_behalf_of = $1 and agency in IDS($2)
            and id >= $3 and id < $4 and ($5 = 1 or kind in TEXTS($6)) order by id desc limit $7) for_him
         order by id desc limit $7",
        officer.0,
        Json(&bounds.agencies),
        bounds.from,
        bounds.before,
        bounds.any_kind,
        Json(&bounds.kinds),
        bounds.limit,
    )
}

/// What was done in a dossier by these agencies, or in a dossier of theirs by anybody.
async fn about_dossier(
    reader: &mut Reader,
    bounds: &Bounds,
    dossier: DossierId,
    officer: Option<OfficerId>,
) -> Result<Vec<(Uuid,)>, Error> {
    fetch_all!(
        reader,
        "event.trail_of_dossier",
        "select e.id from event e where e.dossier = $1
           and (e.agency in IDS($2) or exists (select 1 from dossier d where d.id = e.dossier
                and (d.receiving in IDS($2) or d.competent in IDS($2) or d.holding in IDS($2))))
           and e.id >= $3 and e.id < $4 and ($5 = 1 or e.kind in TEXTS($6))
           and ($8 = 1 or e.actor = $9 or e.on_behalf_of = $9)
         order by e.id desc limit $7",
        dossier.0,
        Json(&bounds.agencies),
        bounds.from,
        bounds.before,
        bounds.any_kind,
        Json(&bounds.kinds),
        bounds.limit,
        i64::from(officer.is_none()),
        officer.map_or(Uuid::nil(), |officer| officer.0),
    )
}

/// What happened to a person, to his papers and in his dossiers.
// law: LBVDLCN2025/0
async fn about_person(
    reader: &mut Reader,
    bounds: &Bounds,
    person: PartyId,
    dossier: Option<DossierId>,
    officer: Option<OfficerId>,
) -> Result<Vec<(Uuid,)>, Error> {
    fetch_all!(
        reader,
        "event.trail_of_person",
        "select e.id from event e where e.id in (
            select p.id from event p where p.subject_kind = 'party' and p.subject = $1
            union select f.id from dossier h join event f on f.dossier = h.id where h.holder = $1
            union select g.id from entry n join event g on g.subject_kind = 'entry' and g.subject = n.id
                where n.owner = $1)
           and (e.agency in IDS($2) or exists (select 1 from dossier d where d.id = e.dossier
                and (d.receiving in IDS($2) or d.competent in IDS($2) or d.holding in IDS($2))))
           and e.id >= $3 and e.id < $4 and ($5 = 1 or e.kind in TEXTS($6))
           and ($8 = 1 or e.actor = $9 or e.on_behalf_of = $9) and ($10 = 1 or e.dossier = $11)
         order by e.id desc limit $7",
        person.0,
        Json(&bounds.agencies),
        bounds.from,
        bounds.before,
        bounds.any_kind,
        Json(&bounds.kinds),
        bounds.limit,
        i64::from(officer.is_none()),
        officer.map_or(Uuid::nil(), |officer| officer.0),
        i64::from(dossier.is_none()),
        dossier.map_or(Uuid::nil(), |dossier| dossier.0),
    )
}

/// The digests of those of these events that are there and hold what their digest was made of.
pub async fn digests(reader: &mut Reader, ids: &[EventId]) -> Result<BTreeMap<EventId, Vec<u8>>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<EventRow> = fetch_all!(
        reader,
        "event.digests",
        "select id, kind, version, subject_kind, subject, number, dossier, agency, actor, on_behalf_of,
            purpose, happened_at, recorded_at, body, salt, body_digest, digest, previous
         from event where id in IDS($1) limit 1000",
        Json(ids),
    )?;
    Ok(rows.into_iter().filter(EventRow::holds).map(|row| (EventId(row.id), row.digest)).collect())
}

#[cfg(test)]
mod tests;
