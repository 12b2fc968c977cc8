//! Readings of dossiers and events by person: what an officer has in hand, which dossiers somebody may
//! see, who read whose papers.

use crate::Error;
use crate::engine::{Reader, fetch_all, fetch_optional};
use crate::time::{from_micros, to_micros};
use jiff::Timestamp;
use rules::code::ProcedureCode;
use rules::id::{AgencyId, DossierId, EntryId, OfficerId, PartyId};
use rules::people::Scope;
use serde::Serialize;
use sqlx::types::Json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A dossier an officer has in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InHand {
    pub id: DossierId,
    /// Its code, as people name it.
    pub code: String,
    /// The agency that holds it.
    pub holding: AgencyId,
}

/// Every dossier an officer has in hand, the soonest due first. Closed ones are in nobody's.
pub async fn in_hand(reader: &mut Reader, officer: OfficerId) -> Result<Vec<InHand>, Error> {
    let rows: Vec<(Uuid, Option<String>, Uuid)> = fetch_all!(
        reader,
        "dossier.in_hand",
        "select id, code, holding from dossier where officer = $1 order by due_at, id limit 5000",
        officer.0,
    )?;
    let in_hand = |(id, code, holding): (Uuid, Option<String>, Uuid)| InHand {
        id: DossierId(id),
        code: code.unwrap_or_else(|| id.to_string()),
        holding: AgencyId(holding),
    };
    Ok(rows.into_iter().map(in_hand).collect())
}

/// A [`Scope`] as `SEEN(row, procedure, $n)` of a statement is bound with it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Sight {
    pub(crate) concerned: Vec<Uuid>,
    received: Vec<Uuid>,
    pub(crate) concerned_in: Vec<(Uuid, String)>,
    received_in: Vec<(Uuid, String)>,
    /// All of them: a list first finds the rows of these by an index.
    #[serde(skip)]
    pub(crate) agencies: Vec<Uuid>,
}

impl From<&Scope> for Sight {
    fn from(scope: &Scope) -> Self {
        let agencies = |set: &BTreeSet<AgencyId>| set.iter().map(|id| id.0).collect();
        let pairs = |set: &BTreeSet<(AgencyId, ProcedureCode)>| {
            set.iter().map(|(agency, procedure)| (agency.0, procedure.to_string())).collect()
        };
        Self {
            agencies: agencies(&scope.agencies()),
            concerned: agencies(&scope.concerned),
            received: agencies(&scope.received),
            concerned_in: pairs(&scope.concerned_in),
            received_in: pairs(&scope.received_in),
        }
    }
}

/// Those of `dossiers` that this scope lets see, in no order: what [`rules::people::Actor::may_see`]
/// says of each, as one `where` clause.
pub async fn visible(
    reader: &mut Reader,
    scope: &Scope,
    dossiers: &[DossierId],
) -> Result<Vec<DossierId>, Error> {
    let dossiers: Vec<Uuid> = dossiers.iter().map(|dossier| dossier.0).collect();
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "dossier.visible",
        "select d.id from dossier d where d.id in IDS($1) and SEEN(d, d.procedure, $2)",
        Json(dossiers),
        Json(Sight::from(scope)),
    )?;
    Ok(rows.into_iter().map(|(id,)| DossierId(id)).collect())
}

/// Those of `dossiers` that an agency of this scope was asked about, or settles a part of.
pub async fn asked_about(
    reader: &mut Reader,
    scope: &Scope,
    dossiers: &[DossierId],
) -> Result<Vec<DossierId>, Error> {
    let dossiers: Vec<Uuid> = dossiers.iter().map(|dossier| dossier.0).collect();
    let sight = Sight::from(scope);
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "dossier.asked_about",
        "select d.id from dossier d where d.id in IDS($1) and (
            exists (select 1 from consultation c where c.dossier = d.id
                and (c.agency in IDS($2) or (c.agency, d.procedure) in PAIRS($3)))
            or exists (select 1 from dossier p where p.part_of = d.id
                and (p.competent in IDS($2) or (p.competent, d.procedure) in PAIRS($3))))",
        Json(dossiers),
        Json(sight.concerned),
        Json(sight.concerned_in),
    )?;
    Ok(rows.into_iter().map(|(id,)| DossierId(id)).collect())
}

/// As [`visible`], of entries of the repository, which keep the agencies that made them.
pub async fn visible_entries(
    reader: &mut Reader,
    scope: &Scope,
    entries: &[EntryId],
) -> Result<Vec<EntryId>, Error> {
    let entries: Vec<Uuid> = entries.iter().map(|entry| entry.0).collect();
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "entry.visible",
        "select n.id from entry n join dossier d on d.id = n.dossier
         where n.id in IDS($1) and SEEN(n, d.procedure, $2)",
        Json(entries),
        Json(Sight::from(scope)),
    )?;
    Ok(rows.into_iter().map(|(id,)| EntryId(id)).collect())
}

/// One reading of somebody's papers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperReading {
    pub at: Timestamp,
    pub officer: Option<OfficerId>,
    pub on_behalf_of: Option<OfficerId>,
    pub agency: AgencyId,
    pub dossier: Option<DossierId>,
    pub purpose: Option<String>,
    /// The kind of the event.
    pub kind: String,
}

#[derive(sqlx::FromRow)]
struct ReadingRow {
    id: Uuid,
    kind: String,
    actor: Option<Uuid>,
    on_behalf_of: Option<Uuid>,
    agency: Uuid,
    dossier: Option<Uuid>,
    purpose: Option<String>,
    happened_at: i64,
}

/// Who read the papers of a person, the latest first: in his repository, and in the dossiers he is the
/// holder of.
// law: LBVDLCN2025/0
pub async fn readings_of(
    reader: &mut Reader,
    party: PartyId,
    limit: i64,
) -> Result<Vec<PaperReading>, Error> {
    let rows: Vec<ReadingRow> = fetch_all!(
        reader,
        "event.readings_of_party",
        "select id, kind, actor, on_behalf_of, agency, dossier, purpose, happened_at
         from event where subject_kind = 'party' and subject = $1
           and kind in ('paper_viewed', 'repository_listed', 'dossier_viewed', 'found_in_search')
         union all
         select e.id, e.kind, e.actor, e.on_behalf_of, e.agency, e.dossier, e.purpose, e.happened_at
         from entry n join event e on e.subject_kind = 'entry' and e.subject = n.id
         where n.owner = $1 and e.kind in ('paper_viewed', 'repository_listed')
         union all
         select e.id, e.kind, e.actor, e.on_behalf_of, e.agency, e.dossier, e.purpose, e.happened_at
         from dossier d join event e on e.subject_kind = 'dossier' and e.subject = d.id
         where d.holder = $1 and e.kind in ('paper_viewed', 'repository_listed', 'glass_broken')
         order by happened_at desc, id desc limit $2",
        party.0,
        limit,
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(PaperReading {
                at: from_micros(row.happened_at)
                    .map_err(|_| Error::corrupt("event", "happened_at", row.id))?,
                officer: row.actor.map(OfficerId),
                on_behalf_of: row.on_behalf_of.map(OfficerId),
                agency: AgencyId(row.agency),
                dossier: row.dossier.map(DossierId),
                purpose: row.purpose,
                kind: row.kind,
            })
        })
        .collect()
}

/// When this officer last left an event of this kind about a dossier, if since then.
pub async fn last_reading(
    reader: &mut Reader,
    officer: OfficerId,
    dossier: DossierId,
    kind: &str,
    since: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let row: Option<(i64,)> = fetch_optional!(
        reader,
        "event.last_reading",
        "select happened_at from event
         where dossier = $1 and happened_at >= $2 and kind = $3 and actor = $4
         order by happened_at desc limit 1",
        dossier.0,
        to_micros(since),
        kind,
        officer.0,
    )?;
    row.map(|(at,)| from_micros(at).map_err(|_| Error::corrupt("event", "happened_at", dossier))).transpose()
}

/// Whom of these people searches have shown to this officer since then.
pub async fn found_since(
    reader: &mut Reader,
    officer: OfficerId,
    people: impl IntoIterator<Item = PartyId>,
    since: Timestamp,
) -> Result<BTreeSet<PartyId>, Error> {
    let people: Vec<Uuid> = people.into_iter().map(|person| person.0).collect();
    let rows: Vec<(Uuid,)> = fetch_all!(
        reader,
        "event.found_since",
        "select distinct subject from event
         where kind = 'found_in_search' and actor = $1 and subject in IDS($2) and happened_at >= $3",
        officer.0,
        Json(people),
        to_micros(since),
    )?;
    Ok(rows.into_iter().map(|(id,)| PartyId(id)).collect())
}

#[cfg(test)]
mod tests;
